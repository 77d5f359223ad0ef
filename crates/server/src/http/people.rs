//! The doors of people in browsers: signing in and out, and the commands of the product.
//!
//! **Invariant:** a change needs a token that no other site can send, and a header that no other
//! site's form can set.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::authority::{Peer, Person, same_site};
use super::failure::{Answer, Refused};
use super::sync::attempt;
use crate::centre::{Centre, Shared};
use crate::log::CommitLog;
use crate::sessions::{self, SESSION_MS, SignIn, SignedIn};
use crate::web;

const COOKIE: &str = "lumbung_refresh";

/// `POST /auth/sign-in`
pub async fn sign_in<L: CommitLog>(
    State(centre): State<Shared<L>>,
    Peer(from): Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Response> {
    ours(&headers)?;
    attempt(&centre, from)?;
    let given: SignIn = serde_json::from_slice(&body)
        .map_err(|_| Refused::malformed("A user name and a PIN are needed."))?;
    let signed_in = sessions::sign_in(&centre, from, given).await?;
    Ok(with_cookie(&centre, signed_in))
}

/// `POST /auth/refresh`
pub async fn refresh<L: CommitLog>(
    State(centre): State<Shared<L>>,
    Peer(from): Peer,
    headers: HeaderMap,
) -> Answer<Response> {
    ours(&headers)?;
    let cookie = cookie(&headers).ok_or_else(Refused::no_authority)?;
    match sessions::refresh(&centre, cookie).await {
        Ok(signed_in) => Ok(with_cookie(&centre, signed_in)),
        Err(refused) => {
            attempt(&centre, from)?;
            Err(refused)
        }
    }
}

/// `POST /auth/sign-out`
pub async fn sign_out<L: CommitLog>(
    State(centre): State<Shared<L>>,
    headers: HeaderMap,
) -> Answer<Response> {
    ours(&headers)?;
    let cookie = cookie(&headers).ok_or_else(Refused::no_authority)?;
    sessions::sign_out(&centre, cookie).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&centre, &mut response, "", 0);
    Ok(response)
}

/// `POST /rpc/{name}`
pub async fn rpc<L: CommitLog>(
    State(centre): State<Shared<L>>,
    Path(name): Path<String>,
    person: Person,
    body: Bytes,
) -> Answer<Json<Value>> {
    if !web::answers(&name) {
        let sentence = "This is done at a till, not in a browser.";
        return Err(Refused::new(StatusCode::FORBIDDEN, "till_only", sentence));
    }
    let args = match body.is_empty() {
        true => json!({}),
        false => serde_json::from_slice(&body)
            .map_err(|_| Refused::malformed("The arguments are not JSON."))?,
    };
    let company = centre.companies.app(&person.company).await?;
    company.seated(&centre, person).await?;
    company.fresh().await?;
    Ok(Json(company.call(sessions::seat(&person.session), &name, args).await?))
}

fn ours(headers: &HeaderMap) -> Answer<()> {
    match same_site(headers) {
        true => Ok(()),
        false => Err(Refused::forbidden("This was asked from another site.")),
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == COOKIE).map(|(_, value)| value.trim())
}

fn with_cookie<L: CommitLog>(centre: &Centre<L>, signed_in: SignedIn) -> Response {
    let cookie = signed_in.cookie.clone();
    let mut response = Json(signed_in).into_response();
    set_cookie(centre, &mut response, &cookie, SESSION_MS / 1000);
    response
}

fn set_cookie<L: CommitLog>(
    centre: &Centre<L>,
    response: &mut Response,
    value: &str,
    seconds: i64,
) {
    let secure = if centre.secure { "; Secure" } else { "" };
    let cookie = format!(
        "{COOKIE}={value}; Path=/auth; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"
    );
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
}
