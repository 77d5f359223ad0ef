//! People in browsers: signing in, going on, signing out.
//!
//! A browser holds two things: a token that is good for minutes and lives in the page, and a
//! refresh secret in a cookie that no script can read and no other site sends.
//!
//! **Invariant:** a refresh secret is good once. When one comes a second time somebody has a copy,
//! and the session ends for both.

use axum::http::StatusCode;
use lumbung_app::Caller;
use lumbung_sync::Key;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::centre::{Centre, Shared};
use crate::http::failure::{Answer, Refused};
use crate::jwt::{self, Audience, Holder};
use crate::log::{CommitLog, Rotation, Session};
use crate::metrics::Counter;
use crate::words::{b64, id, random, unb64, unid};
use std::net::IpAddr;

/// How long a person's token is good.
pub const TOKEN_SECONDS: u32 = 10 * 60;
/// How long a session lasts at the most.
pub const SESSION_MS: i64 = 14 * 24 * 60 * 60 * 1000;
/// The longest name or PIN that is looked at.
const WORDS_MAX: usize = 80;

/// Who wants to sign in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The company; left out where the centre has one.
    #[serde(default)]
    pub company: Option<String>,
    /// User name.
    pub username: String,
    /// PIN.
    pub pin: String,
}

/// Who is signed in, and what opens the doors.
#[derive(Debug, Serialize)]
pub struct SignedIn {
    /// As `users.me` says it.
    pub me: Value,
    /// Sent as `Authorization: Bearer …`.
    pub token: String,
    /// For how long, in seconds.
    pub seconds: u32,
    /// What goes into the cookie.
    #[serde(skip)]
    pub cookie: String,
}

/// The seat of a session at the company's door.
pub fn seat(session: &Key) -> Caller {
    Caller::Seat(format!("web {}", id(session)))
}

/// Signs a person in.
pub async fn sign_in<L: CommitLog>(
    centre: &Shared<L>,
    from: IpAddr,
    given: SignIn,
) -> Answer<SignedIn> {
    let company = company(centre, given.company.as_deref()).await?;
    if given.username.len() > WORDS_MAX || given.pin.len() > WORDS_MAX {
        return Err(Refused::malformed("A name or PIN is too long."));
    }
    let subjects = [format!("name {}", given.username.to_lowercase()), format!("address {from}")];
    let now_ms = centre.now_ms();
    for subject in &subjects {
        let lockout = centre.log.lockout(&company, subject).await?;
        if let Some(until) = lockout.until_ms.filter(|_| lockout.is_locked(now_ms)) {
            centre.metrics.add(Counter::Refused, "locked_out", 1);
            let seconds = u32::try_from((until - now_ms) / 1000 + 1).unwrap_or(u32::MAX);
            return Err(locked_out(seconds));
        }
    }
    let session: Key = *uuid::Uuid::now_v7().as_bytes();
    let args = json!({ "username": given.username, "pin": given.pin });
    let app = centre.companies.app(&company).await?;
    let me = match app.call(seat(&session), "users.sign_in", args).await {
        Ok(me) => me,
        Err(failure) => {
            if failure.code == "wrong_pin" {
                for subject in &subjects {
                    centre.log.note_failure(&company, subject, now_ms).await?;
                }
                tracing::warn!(%from, "a wrong name or PIN");
            }
            return Err(failure.into());
        }
    };
    for subject in &subjects {
        centre.log.clear_failures(&company, subject).await?;
    }
    let person = me.get("user_id").and_then(Value::as_str).and_then(unid);
    let person = person.ok_or_else(Refused::no_authority)?;
    let secret: [u8; 32] = random().map_err(|e| Refused::internal("a secret", &e))?;
    let kept = Session {
        session,
        person,
        secret: *blake3::hash(&secret).as_bytes(),
        started_ms: now_ms,
        ends_ms: now_ms + SESSION_MS,
    };
    centre.log.start_session(&company, &kept).await?;
    Ok(signed_in(centre, &company, &kept, me, &secret))
}

/// Exchanges the refresh secret for a new one and a new token.
pub async fn refresh<L: CommitLog>(centre: &Shared<L>, cookie: &str) -> Answer<SignedIn> {
    let (company, session, old) = read_cookie(cookie).ok_or_else(Refused::no_authority)?;
    let new: [u8; 32] = random().map_err(|e| Refused::internal("a secret", &e))?;
    let [old, new_hash] = [old, new].map(|secret| *blake3::hash(&secret).as_bytes());
    let now_ms = centre.now_ms();
    let rotated = centre.log.rotate_session(&company, &session, &old, &new_hash, now_ms).await?;
    match rotated {
        Rotation::Rotated(kept) => {
            let me = centre.companies.app(&company).await?.sit(&kept).await?;
            Ok(signed_in(centre, &company, &kept, me, &new))
        }
        Rotation::Reused => {
            centre.metrics.add(Counter::Refused, "reused_secret", 1);
            tracing::warn!(session = id(&session), "a refresh secret came twice: session ended");
            centre.companies.app(&company).await?.leave(&session).await;
            Err(Refused::no_authority())
        }
        Rotation::Gone => Err(Refused::no_authority()),
    }
}

/// Ends a session.
pub async fn sign_out<L: CommitLog>(centre: &Shared<L>, cookie: &str) -> Answer<()> {
    let Some((company, session, secret)) = read_cookie(cookie) else { return Ok(()) };
    let kept = centre.log.session(&company, &session, centre.now_ms()).await?;
    let hash = blake3::hash(&secret);
    if kept.is_some_and(|kept| hash == kept.secret) {
        centre.log.end_session(&company, &session, centre.now_ms()).await?;
        centre.companies.app(&company).await?.leave(&session).await;
    }
    Ok(())
}

fn signed_in<L: CommitLog>(
    centre: &Centre<L>,
    company: &Key,
    session: &Session,
    me: Value,
    secret: &[u8; 32],
) -> SignedIn {
    let holder = Holder {
        audience: Audience::Person,
        company: *company,
        subject: session.person,
        session: session.session,
    };
    SignedIn {
        me,
        token: jwt::make(&centre.key, &holder, centre.now_ms(), TOKEN_SECONDS),
        seconds: TOKEN_SECONDS,
        cookie: format!("{}.{}.{}", id(company), id(&session.session), b64(secret)),
    }
}

fn read_cookie(cookie: &str) -> Option<(Key, Key, [u8; 32])> {
    let mut parts = cookie.split('.');
    let (company, session) = (unid(parts.next()?)?, unid(parts.next()?)?);
    let secret = unb64(parts.next()?)?.try_into().ok()?;
    parts.next().is_none().then_some((company, session, secret))
}

/// The company a person names, or the only one.
pub async fn company<L: CommitLog>(centre: &Centre<L>, named: Option<&str>) -> Answer<Key> {
    let companies = centre.log.companies().await?;
    let found = match named {
        Some(named) => unid(named).filter(|company| companies.contains(company)),
        None => match companies.as_slice() {
            [only] => Some(*only),
            _ => None,
        },
    };
    found.ok_or_else(|| {
        let sentence = "Say which company: this centre keeps none, or the books of several.";
        Refused::new(StatusCode::NOT_FOUND, "no_company", sentence)
    })
}

fn locked_out(seconds: u32) -> Refused {
    Refused::too_often(seconds)
}
