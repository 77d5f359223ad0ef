//! Who asks: an address, a terminal's origin, a person, the operator of this machine.
//!
//! **Invariant:** a handler that names one of these in its arguments does not run without it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use lumbung_sync::{Key, Origin};

use super::failure::{Answer, Refused};
use crate::centre::Shared;
use crate::jwt::{self, Audience, Holder};
use crate::log::CommitLog;
use crate::metrics::Counter;
use crate::words::unid;

/// A browser's script sends this header with every change; another site's form cannot.
pub const CLIENT_HEADER: &str = "x-lumbung-client";

/// The address that asks.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

impl<L: CommitLog> FromRequestParts<Shared<L>> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        centre: &Shared<L>,
    ) -> Result<Self, Self::Rejection> {
        Ok(Self(address(parts, centre.behind_proxy)))
    }
}

/// The address of a request. Only a proxy that we were told of may say that it asks for another.
pub fn address(parts: &Parts, behind_proxy: bool) -> IpAddr {
    let forwarded = behind_proxy.then(|| {
        let last = parts.headers.get_all("x-forwarded-for").iter().next_back()?;
        last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    });
    let direct = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    forwarded.flatten().or_else(direct).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

/// A terminal, speaking as one of its origins, of the company in the address.
#[derive(Debug, Clone, Copy)]
pub struct Device {
    /// The company.
    pub company: Key,
    /// The origin.
    pub origin: Origin,
}

impl<L: CommitLog> FromRequestParts<Shared<L>> for Device {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, centre: &Shared<L>) -> Answer<Self> {
        let holder = holder(parts, centre, Audience::Device)?;
        let Company(named) = Company::from_request_parts(parts, centre).await?;
        if named != holder.company {
            return Err(refuse(centre, parts, "another company's token"));
        }
        Ok(Self { company: holder.company, origin: holder.subject })
    }
}

/// A person in a browser.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// The company.
    pub company: Key,
    /// The person.
    pub person: Key,
    /// The session.
    pub session: Key,
}

impl<L: CommitLog> FromRequestParts<Shared<L>> for Person {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, centre: &Shared<L>) -> Answer<Self> {
        let holder = holder(parts, centre, Audience::Person)?;
        if !same_site(&parts.headers) {
            return Err(refuse(centre, parts, "asked from another site"));
        }
        Ok(Self { company: holder.company, person: holder.subject, session: holder.session })
    }
}

/// Whoever can read the centre's key: the administrator of this machine.
#[derive(Debug, Clone, Copy)]
pub struct Operator;

impl<L: CommitLog> FromRequestParts<Shared<L>> for Operator {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, centre: &Shared<L>) -> Answer<Self> {
        holder(parts, centre, Audience::Operator).map(|_| Self)
    }
}

/// The company that an address names. Proves nothing about who asks.
#[derive(Debug, Clone, Copy)]
pub struct Company(pub Key);

impl<L: CommitLog> FromRequestParts<Shared<L>> for Company {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, centre: &Shared<L>) -> Answer<Self> {
        let params = RawPathParams::from_request_parts(parts, centre).await;
        let params = params.map_err(|_| Refused::not_found())?;
        let named = params.iter().find(|(name, _)| *name == "company");
        named.and_then(|(_, id)| unid(id)).map(Self).ok_or_else(Refused::not_found)
    }
}

/// Whether a request comes from a script of our own pages, as far as a browser tells.
pub fn same_site(headers: &HeaderMap) -> bool {
    let from = headers.get("sec-fetch-site").map(|value| value.as_bytes());
    headers.contains_key(CLIENT_HEADER)
        && from.is_none_or(|from| from == b"same-origin" || from == b"none")
}

fn holder<L: CommitLog>(parts: &Parts, centre: &Shared<L>, audience: Audience) -> Answer<Holder> {
    let given = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = given.and_then(|words| words.strip_prefix("Bearer "));
    let Some(token) = token else { return Err(refuse(centre, parts, "no token")) };
    let Some(holder) = jwt::read(&centre.key, token, audience, centre.now_ms()) else {
        return Err(refuse(centre, parts, "a token that is not good"));
    };
    centre.ask_as(holder.subject).map_err(|seconds| {
        centre.metrics.add(Counter::Refused, "rate", 1);
        Refused::too_often(seconds)
    })?;
    Ok(holder)
}

fn refuse<L: CommitLog>(centre: &Shared<L>, parts: &Parts, why: &'static str) -> Refused {
    centre.metrics.add(Counter::Refused, "authority", 1);
    let from = address(parts, centre.behind_proxy);
    tracing::warn!(%from, path = parts.uri.path(), why, "refused");
    Refused::no_authority()
}
