//! Tokens: JSON web tokens signed with Ed25519, for terminals and for people.
//!
//! Written here because one fixed header is all we accept: there is no algorithm to choose, so
//! there is none to confuse.
//!
//! **Invariant:** a token opens only the company and the kind of door it was made for, until its
//! time; a byte more or less makes it worthless.

use ed25519_dalek::{Signature, Signer};
use lumbung_sync::Key;
use serde::{Deserialize, Serialize};

use crate::key::CentreKey;
use crate::words::{b64, id, unb64, unid};

const HEADER: &str = r#"{"alg":"EdDSA","typ":"JWT"}"#;
/// A longer one was not made here.
const LENGTH_MAX: usize = 1024;

/// What kind of door a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Those of terminals.
    Device,
    /// Those of people.
    Person,
    /// Those of the administrator of this machine.
    Operator,
}

/// Who holds a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// What kind of door it opens.
    pub audience: Audience,
    /// Of which company.
    pub company: Key,
    /// The origin, or the person.
    pub subject: Key,
    /// A person's session; the subject again for a terminal.
    pub session: Key,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    aud: Audience,
    co: String,
    sub: String,
    sid: String,
    exp: i64,
}

/// Makes a token that ends `seconds` after `now_ms`.
pub fn make(key: &CentreKey, holder: &Holder, now_ms: i64, seconds: u32) -> String {
    let claims = Claims {
        aud: holder.audience,
        co: id(&holder.company),
        sub: id(&holder.subject),
        sid: id(&holder.session),
        exp: now_ms / 1000 + i64::from(seconds),
    };
    let claims = serde_json::to_vec(&claims).expect("claims are plain words and a number");
    let signed = format!("{}.{}", b64(HEADER.as_bytes()), b64(&claims));
    let signature = key.tokens().sign(signed.as_bytes()).to_bytes();
    format!("{signed}.{}", b64(&signature))
}

/// Who holds this token, if it is one of ours and its time is not over.
pub fn read(key: &CentreKey, token: &str, audience: Audience, now_ms: i64) -> Option<Holder> {
    if token.len() > LENGTH_MAX {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    if header != b64(HEADER.as_bytes()) {
        return None;
    }
    let signature = <[u8; 64]>::try_from(unb64(signature)?).ok()?;
    let signature = Signature::from_bytes(&signature);
    key.tokens_public().verify_strict(signed.as_bytes(), &signature).ok()?;
    let claims: Claims = serde_json::from_slice(&unb64(claims)?).ok()?;
    let good = claims.aud == audience && now_ms / 1000 < claims.exp;
    good.then_some(Holder {
        audience,
        company: unid(&claims.co)?,
        subject: unid(&claims.sub)?,
        session: unid(&claims.sid)?,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    const HOLDER: Holder =
        Holder { audience: Audience::Device, company: [1; 16], subject: [2; 16], session: [2; 16] };

    #[test]
    fn a_token_opens_its_own_doors_until_its_time() {
        let key = CentreKey::of_seed(&[7; 32]);
        let token = make(&key, &HOLDER, 1_000_000, 60);
        assert_eq!(read(&key, &token, Audience::Device, 1_059_000), Some(HOLDER));
        assert_eq!(read(&key, &token, Audience::Device, 1_060_000), None, "its time is over");
        assert_eq!(read(&key, &token, Audience::Person, 1_000_000), None, "another door");
        let other = CentreKey::of_seed(&[8; 32]);
        assert_eq!(read(&other, &token, Audience::Device, 1_000_000), None, "another centre");
    }

    #[test]
    fn a_token_that_was_touched_opens_nothing() {
        let key = CentreKey::of_seed(&[7; 32]);
        let token = make(&key, &HOLDER, 1_000_000, 60);
        for place in 0..token.len() {
            let mut touched = token.clone().into_bytes();
            touched[place] = if touched[place] == b'A' { b'B' } else { b'A' };
            let touched = String::from_utf8(touched).unwrap();
            assert_eq!(read(&key, &touched, Audience::Device, 1_000_000), None, "at {place}");
        }
        let none = b64(br#"{"alg":"none","typ":"JWT"}"#);
        let claims = token.split('.').nth(1).unwrap();
        for forged in [format!("{none}.{claims}."), format!("{none}.{claims}"), String::new()] {
            assert_eq!(read(&key, &forged, Audience::Device, 1_000_000), None, "{forged}");
        }
    }
}
