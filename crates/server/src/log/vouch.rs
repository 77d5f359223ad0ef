//! Who may become an origin: introductions and series.
//!
//! **Invariant:** every origin was vouched for by the centre's key, directly or through earlier
//! origins of the same terminal, and no two origins print numbers of one series.

use std::collections::HashSet;

use ed25519_dalek::{Signature, VerifyingKey};
use lumbung_sync::Key;
use lumbung_sync::authority::{KnownOrigin, OriginState};
use lumbung_sync::protocol::Introduction;

use super::LogError;
use super::plan::START;
use super::types::{Known, OriginKind};

const SERIES_MAX: usize = 16;
const SCOPES_MAX: usize = 4_096;

/// Proves an introduction and gives the origin to be. `by` is the origin that vouches, where it is
/// one.
pub(crate) fn vouched(
    company: &Key,
    centre: &[u8; 32],
    introduction: &Introduction,
    kind: OriginKind,
    by: Option<&Known>,
) -> Result<Known, LogError> {
    let bad = |detail| Err(LogError::BadIntroduction { detail });
    if introduction.company != *company {
        return bad("it is for another company");
    }
    if !is_series(&introduction.series) {
        return bad("its series is not one");
    }
    let is_small = |scope: &u32| i32::try_from(*scope).is_ok();
    let scopes = &introduction.scopes;
    if scopes.is_empty() || scopes.len() > SCOPES_MAX || !scopes.iter().all(is_small) {
        return bad("its scopes are not any");
    }
    if !VerifyingKey::from_bytes(&introduction.pubkey).is_ok_and(|key| !key.is_weak()) {
        return bad("its key is not one");
    }
    let (signer, state, now, past) = match (introduction.by, by) {
        (None, _) => (centre, OriginState::Active, scopes.clone(), Vec::new()),
        (Some(name), Some(by)) if by.known.origin == name => {
            if kind == OriginKind::Server || by.kind == OriginKind::Server {
                return bad("only the centre vouches for itself");
            }
            if by.terminal != introduction.terminal || introduction.origin == name {
                return bad("it is for another terminal than the one that vouches");
            }
            let (now, past): (Vec<_>, Vec<_>) =
                scopes.iter().partition(|scope| by.known.scopes.contains(scope));
            if !past.iter().all(|scope| by.past_scopes.contains(scope)) {
                return bad("it has a scope that the one that vouches never had");
            }
            let state = match by.known.state {
                OriginState::Active | OriginState::Closed => OriginState::Active,
                OriginState::Revoked => OriginState::Revoked,
            };
            (&by.known.pubkey, state, now, past)
        }
        (Some(_), _) => return Err(LogError::UnknownOrigin),
    };
    if !is_signed(introduction, signer) {
        return bad("its signature is not of the one that vouches");
    }
    Ok(Known {
        known: KnownOrigin {
            origin: introduction.origin,
            head: START,
            backed: START,
            state,
            scopes: now,
            pubkey: introduction.pubkey,
        },
        past_scopes: past,
        terminal: introduction.terminal,
        series: introduction.series.clone(),
        kind,
        introduction: introduction.clone(),
        seen: None,
        revoked_ms: None,
    })
}

fn is_signed(introduction: &Introduction, signer: &[u8; 32]) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(signer) else { return false };
    let Ok(sig) = <[u8; 64]>::try_from(introduction.sig.as_slice()) else { return false };
    let Ok(bytes) = introduction.signed_bytes() else { return false };
    key.verify_strict(&bytes, &Signature::from_bytes(&sig)).is_ok()
}

fn is_series(series: &str) -> bool {
    let is_fine = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    !series.is_empty() && series.chars().count() <= SERIES_MAX && series.chars().all(is_fine)
}

/// The series itself where it is free, else the next that is: `T3`, `T3a`, … `T3z`, `T3aa`, ….
pub(crate) fn free_series(wanted: &str, used: &HashSet<String>) -> String {
    if !used.contains(wanted) {
        return wanted.to_owned();
    }
    let stem = wanted.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let stem = if stem.is_empty() { wanted } else { stem };
    let named = |count: u32| format!("{stem}{}", letters(count));
    // One of more candidates than there are used ones is free.
    (1..).map(named).find(|series| !used.contains(series)).unwrap_or_default()
}

/// a, b, … z, aa, ab, … for 1, 2, … 26, 27, 28, …
fn letters(mut count: u32) -> String {
    let mut letters = Vec::new();
    while count > 0 {
        count -= 1;
        letters.push(char::from(b'a' + (count % 26) as u8));
        count /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{free_series, is_series};

    #[test]
    fn a_series_that_is_used_goes_on_with_the_next_letter() {
        for (wanted, used, given) in [
            ("T3", "", "T3"),
            ("T3", "T3", "T3a"),
            ("T3", "T3 T3a T3b", "T3c"),
            ("T3a", "T3 T3a", "T3b"),
            ("T3b", "T3b", "T3a"),
            ("kasir", "kasir", "kasira"),
        ] {
            let used: HashSet<String> = used.split_whitespace().map(str::to_owned).collect();
            assert_eq!(free_series(wanted, &used), given, "{wanted} {used:?}");
        }
        let all: HashSet<String> =
            ('a'..='z').map(|c| format!("T3{c}")).chain(["T3".to_owned()]).collect();
        assert_eq!(free_series("T3", &all), "T3aa");
    }

    #[test]
    fn a_series_is_a_short_word() {
        for (series, fine) in
            [("T3", true), ("Jakarta-2", true), ("", false), ("a b", false), ("'; --", false)]
        {
            assert_eq!(is_series(series), fine, "{series}");
        }
        assert!(!is_series(&"x".repeat(17)));
    }
}
