//! What is proved of a pushed chain before any lock is taken: signatures, hashes, sizes, company,
//! scopes and schema.
//!
//! **Invariant:** a commit that passes is what its origin signed, touches only rows of scopes the
//! origin may write, and can be read by every replica of this schema.

use ed25519_dalek::{Signature, VerifyingKey};
use lumbung_sync::authority::Link;
use lumbung_sync::protocol::{At, Carried, PushChain};
use lumbung_sync::{BODY_MAX, Body, Hash, Header, Key, Origin, Packer, unpack};

use super::LogError;

/// The most that is taken at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Chains in one request; further ones are refused.
    pub chains: usize,
    /// Commits of one chain in one request.
    pub commits: usize,
    /// Bytes of one header.
    pub header: usize,
    /// Bytes kept in quarantine for one origin; what comes beyond stays at the terminal.
    pub quarantine: u64,
}

/// Bytes of the word that says what was done.
const KIND_MAX: usize = 100;

impl Default for Limits {
    fn default() -> Self {
        Self { chains: 64, commits: 5_000, header: 4 * 1024, quarantine: 64 * 1024 * 1024 }
    }
}

/// A commit that passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proven {
    pub link: Link,
    pub hlc: u64,
    pub schema: u32,
    pub kind: String,
    pub scopes: Vec<u32>,
    /// Bytes it costs in a message.
    pub bytes: usize,
    /// With its body as the log keeps it.
    pub commit: Carried,
}

/// What a chain was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Checked {
    /// Something in it is wrong: nothing of it is taken.
    Refused(&'static str),
    /// These may be judged.
    Good {
        /// In order.
        commits: Vec<Proven>,
        /// Whether further ones need a newer centre.
        too_new: bool,
    },
}

/// Who may have made the commits, and what of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    pub company: Key,
    pub origin: Origin,
    pub pubkey: [u8; 32],
    /// Every scope it may write, or could once.
    pub scopes: Vec<u32>,
    pub schema: u32,
}

/// Proves a chain. Takes about a tenth of a millisecond a commit.
pub(crate) fn check(terms: &Terms, limits: &Limits, chain: PushChain) -> Checked {
    if chain.commits.len() > limits.commits {
        return Checked::Refused("more commits than are taken at once");
    }
    let Ok(key) = VerifyingKey::from_bytes(&terms.pubkey) else {
        return Checked::Refused("the origin has no usable key");
    };
    let Ok(mut packer) = Packer::new() else {
        return Checked::Refused("bodies cannot be compressed");
    };
    let mut end = chain.base;
    let mut commits = Vec::with_capacity(chain.commits.len());
    for carried in chain.commits {
        match one(terms, limits, &key, &mut packer, end, carried) {
            Ok(proven) => {
                end = At { ctr: proven.link.ctr, hash: proven.link.hash };
                commits.push(proven);
            }
            Err(Wrong::TooNew) => return Checked::Good { commits, too_new: true },
            Err(Wrong::Refused(why)) => return Checked::Refused(why),
        }
    }
    Checked::Good { commits, too_new: false }
}

enum Wrong {
    TooNew,
    Refused(&'static str),
}

fn one(
    terms: &Terms,
    limits: &Limits,
    key: &VerifyingKey,
    packer: &mut Packer,
    end: At,
    carried: Carried,
) -> Result<Proven, Wrong> {
    use Wrong::Refused;
    if carried.header.len() > limits.header || carried.body.len() > BODY_MAX + 1 {
        return Err(Refused("a commit is larger than any may be"));
    }
    let hash: Hash = carried.hash();
    let sig = <[u8; 64]>::try_from(carried.sig.as_slice())
        .map_err(|_| Refused("a signature has a wrong length"))?;
    key.verify_strict(&hash, &Signature::from_bytes(&sig))
        .map_err(|_| Refused("a signature is not the origin's"))?;
    // Signed by the terminal itself: a layout this version cannot read comes from a newer one.
    let header = Header::decode(&carried.header).map_err(|_| Wrong::TooNew)?;
    if header.company != terms.company || header.origin != terms.origin {
        return Err(Refused("a commit is of another company or origin"));
    }
    let next = end.ctr.checked_add(1);
    if next != Some(header.ctr) || header.prev != end.hash || i64::try_from(header.ctr).is_err() {
        return Err(Refused("the commits are not a chain"));
    }
    if header.schema > terms.schema {
        return Err(Wrong::TooNew);
    }
    let is_ascending = header.scopes.windows(2).all(|pair| pair[0] < pair[1]);
    let is_theirs = header.scopes.iter().all(|scope| terms.scopes.contains(scope));
    if header.scopes.is_empty() || !is_ascending || !is_theirs {
        return Err(Refused("a commit is of a scope that is not the origin's"));
    }
    if header.kind.len() > KIND_MAX || header.kind.chars().any(char::is_control) {
        return Err(Refused("what a commit says it is cannot be kept"));
    }
    let plain = unpack(&carried.body).map_err(|_| Refused("a body cannot be read"))?;
    if *blake3::hash(&plain).as_bytes() != header.body_hash {
        return Err(Refused("a body is not the one that was signed"));
    }
    let body = Body::decode(&plain).map_err(|_| Refused("a body cannot be read"))?;
    if body.rows.iter().any(|row| !header.scopes.contains(&row.scope)) {
        return Err(Refused("a row is of a scope that its commit does not name"));
    }
    let bytes = carried.header.len() + plain.len() + sig.len();
    let body = packer.pack(&plain).map_err(|_| Refused("a body cannot be compressed"))?;
    Ok(Proven {
        link: Link { ctr: header.ctr, prev: header.prev, hash },
        hlc: header.hlc,
        schema: header.schema,
        kind: header.kind,
        scopes: header.scopes,
        bytes,
        commit: Carried { header: carried.header, body, sig: carried.sig },
    })
}

/// Proves commits that must be right: the server's own, or those somebody let out of quarantine.
pub(crate) fn must_pass(terms: &Terms, chain: PushChain) -> Result<Vec<Proven>, LogError> {
    let limits = Limits { commits: usize::MAX, ..Limits::default() };
    match check(terms, &limits, chain) {
        Checked::Good { commits, too_new: false } => Ok(commits),
        Checked::Good { .. } => Err(LogError::BadCommit { detail: "its schema is newer" }),
        Checked::Refused(detail) => Err(LogError::BadCommit { detail }),
    }
}
