//! The centre's decisions, as functions of what a log holds: every log, in memory, SQLite or
//! PostgreSQL, takes them here.
//!
//! **Invariant:** the log of a company holds each origin's chain as a gap-free prefix, each commit
//! once, in one order that never changes.

use crate::clock::Hlc;
use crate::commit::{Hash, Origin};
use crate::protocol::{At, Verdict};

/// The hash of the log after an entry: it proves everything before it.
pub fn log_hash(prev: &Hash, commit: &Hash, stamp: u64) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(prev).update(commit).update(&stamp.to_be_bytes());
    *hasher.finalize().as_bytes()
}

/// The stamp by which a commit's writes are merged: its clock, but never later than the centre's
/// own time nor than the last stamp where that is later: a clock that is ahead wins nothing.
pub fn merge_stamp(hlc: u64, now_ms: i64, last_stamp: u64) -> u64 {
    hlc.min(Hlc::default().tick(now_ms).bits().max(last_stamp))
}

/// What is to be taken of a pushed chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The answer.
    pub verdict: Verdict,
    /// Up to which the log holds the same, after taking what is to be taken.
    pub upto: At,
    /// Which of the commits sent are new: a range of their places.
    pub take: std::ops::Range<usize>,
}

/// A commit sent, as far as judging needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Its counter.
    pub ctr: u64,
    /// The hash of the one before.
    pub prev: Hash,
    /// Its hash.
    pub hash: Hash,
}

/// Judges a chain that continues from `base`, of an origin whose last commit in the log is `head`.
/// `held` tells the hash of a commit of that origin in the log.
pub fn judge<E>(
    head: At,
    base: At,
    links: &[Link],
    mut held: impl FnMut(u64) -> Result<Option<Hash>, E>,
) -> Result<Judgement, E> {
    let nothing = |verdict| Judgement { verdict, upto: base, take: 0..0 };
    if base.ctr > head.ctr {
        return Ok(nothing(Verdict::Gap));
    }
    if base.ctr > 0 && held(base.ctr)? != Some(base.hash) {
        return Ok(nothing(Verdict::Mismatch));
    }
    let (mut upto, mut end, mut take) = (base, head, 0..0);
    for (place, link) in links.iter().enumerate() {
        let verdict = if link.ctr != upto.ctr + 1 || link.prev != upto.hash {
            Some(Verdict::Refused)
        } else if link.ctr <= end.ctr {
            (held(link.ctr)? != Some(link.hash)).then_some(Verdict::Fork { at: link.ctr })
        } else {
            if take.is_empty() {
                take = place..place;
            }
            take.end = place + 1;
            end = At { ctr: link.ctr, hash: link.hash };
            None
        };
        if let Some(verdict) = verdict {
            return Ok(Judgement { verdict, upto, take });
        }
        upto = At { ctr: link.ctr, hash: link.hash };
    }
    Ok(Judgement { verdict: Verdict::Ok, upto, take })
}

/// The standing of an origin at the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginState {
    /// It may push and read.
    Active,
    /// Another origin of the terminal has taken its place; its journal may still come.
    Closed,
    /// What it pushes is kept apart, and it may not read.
    Revoked,
}

/// An origin as the centre knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOrigin {
    /// The origin.
    pub origin: Origin,
    /// Its last commit in the log.
    pub head: At,
    /// Its last commit in the centre's backup.
    pub backed: At,
    /// Its standing.
    pub state: OriginState,
    /// The scopes it may write and read.
    pub scopes: Vec<u32>,
    /// Its public key.
    pub pubkey: [u8; 32],
}
