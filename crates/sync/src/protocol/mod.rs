//! What terminals and the centre say to each other: the messages and their bytes.
//!
//! One round trip pushes and pulls. A message is one version byte, then postcard compressed with
//! zstd; bodies of commits travel plain inside it, so that the whole message is compressed at once.
//! Every acknowledgement, base, backup point and cursor carries the hash it speaks of.
//!
//! **Invariant:** decoding never takes more memory than its limit says, whatever the bytes.

mod carried;
mod codec;
mod fold;

use serde::{Deserialize, Serialize};

pub use codec::{MESSAGE_MAX, decode, encode};

use carried::{CutChain, CutPage};

use crate::commit::{Hash, Origin, Sealed, header_hash};
use crate::error::StoreError;
use crate::row::Key;

/// The version of the protocol. A centre answers every older one.
pub const PROTO: u16 = 1;

/// A point in an origin's chain: the commit `ctr`, and the hash it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At {
    /// The counter; 0 is before the first commit, with [`crate::NO_HASH`].
    pub ctr: u64,
    /// The commit's hash.
    pub hash: Hash,
}

/// How far a replica has read the log in one scope. The log is read by `seq > cursor.seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor {
    /// The scope: 0 company, 1.. branches.
    pub scope: u32,
    /// The last sequence number read.
    pub seq: u64,
    /// The log's hash at `seq`; [`crate::NO_HASH`] at 0.
    pub witness: Hash,
}

/// A commit as it travels: its hash is that of its header, and is never trusted from the wire. A
/// body arrives in its plain stored form, however the sender kept it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The canonical header.
    pub header: Vec<u8>,
    /// The stored form of the body: a codec byte, then the bytes.
    pub body: Vec<u8>,
    /// The origin's signature of the hash, 64 bytes.
    pub sig: Vec<u8>,
}

/// Who an origin is, signed by whoever vouches for it: the centre at enrolment, or an earlier
/// origin of the same terminal after a re-key. A centre that was put back to an older state learns
/// from these whom it had enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// The company.
    pub company: Key,
    /// The terminal.
    pub terminal: Key,
    /// The origin introduced.
    pub origin: Origin,
    /// Its Ed25519 public key.
    pub pubkey: [u8; 32],
    /// The series of its document numbers.
    pub series: String,
    /// The scopes its commits may have and it may read.
    pub scopes: Vec<u32>,
    /// The origin that vouches; `None` for the centre.
    pub by: Option<Origin>,
    /// Its signature over [`Introduction::signed_bytes`], 64 bytes.
    pub sig: Vec<u8>,
}

/// Commits of one origin, continuing from `base`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "CutChain", try_from = "CutChain")]
pub struct PushChain {
    /// The origin.
    pub origin: Origin,
    /// What the terminal believes the centre holds of it.
    pub base: At,
    /// The commits after `base`, without a gap; empty asks only whether `base` is still there.
    pub commits: Vec<Carried>,
    /// Oldest first; sent once the centre has answered [`Verdict::Unknown`].
    pub introductions: Vec<Introduction>,
}

/// A wish to read the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pull {
    /// Every scope of the replica with its cursor.
    pub cursors: Vec<Cursor>,
    /// Own commits held in the journal, as origin, from, to: these may come as stubs.
    pub have: Vec<(Origin, u64, u64)>,
    /// The most bytes of commits in the answer; one commit comes whatever its size.
    pub limit: u32,
}

/// A terminal speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// [`PROTO`] of the terminal.
    pub proto: u16,
    /// The schema of its store.
    pub schema: u32,
    /// Name and version of the program, for the operator's eyes.
    pub app: String,
    /// The company.
    pub company: Key,
    /// Its current origin.
    pub origin: Origin,
    /// Its wall clock, UTC milliseconds.
    pub now_ms: i64,
    /// Every origin with something to push or to prove.
    pub push: Vec<PushChain>,
    /// What it wants to read.
    pub pull: Option<Pull>,
}

/// What the centre made of a pushed chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Everything sent is in the log.
    Ok,
    /// The centre holds another commit than `base` says.
    Mismatch,
    /// The centre holds another commit with this counter: the chain was continued twice.
    Fork {
        /// The first counter that differs.
        at: u64,
    },
    /// The centre has less than `base` says.
    Gap,
    /// The origin may not push any more; what was sent is kept apart for the operator.
    Revoked,
    /// The commits need a newer centre; keep them.
    TooNew,
    /// The centre does not know the origin: introduce it.
    Unknown,
    /// A signature, hash or size is wrong, or a scope is not the origin's; nothing was taken.
    Refused,
}

/// The centre's answer about one chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushReply {
    /// The origin.
    pub origin: Origin,
    /// What became of it.
    pub verdict: Verdict,
    /// Up to which of the commits *that were sent* (or `base`) the log holds the same.
    pub upto: At,
    /// The last commit of the origin in the log.
    pub head: At,
    /// The last one in the centre's backup.
    pub backed: At,
    /// The series the terminal must go on with, where its own is another's already.
    pub series: Option<String>,
}

/// One commit of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the log, from 1.
    pub seq: u64,
    /// The stamp by which its writes are merged.
    pub stamp: u64,
    /// Whose commit.
    pub origin: Origin,
    /// Its counter.
    pub ctr: u64,
    /// The commit itself; `None` where the reader said that it has it.
    pub commit: Option<Carried>,
    /// Its hash.
    pub hash: Hash,
}

/// A piece of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "CutPage", try_from = "CutPage")]
pub struct Page {
    /// The cursors that were asked from: a page of another question is not applied.
    pub echo: Vec<Cursor>,
    /// Ascending by `seq`; entries without a row in the asked scopes are left out.
    pub entries: Vec<Entry>,
    /// Where every asked scope stands after it.
    pub next: Vec<Cursor>,
    /// Whether there is more already.
    pub more: bool,
}

/// The answer to a [`Pull`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PullReply {
    /// Nothing was asked, or the terminal may not read.
    Nothing,
    /// A piece of the log.
    Page(Page),
    /// The log is another than the cursors have seen: start again from a snapshot.
    Diverged,
    /// The terminal's program is too old to read on; pushing still works.
    NeedUpgrade {
        /// The least schema that may read.
        min_schema: u32,
    },
    /// The cursor is before what is kept commit by commit: start from a snapshot.
    NeedSnapshot,
}

/// The centre speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncResponse {
    /// [`PROTO`] of the centre.
    pub proto: u16,
    /// Its wall clock, UTC milliseconds.
    pub now_ms: i64,
    /// The least schema that may read.
    pub min_schema: u32,
    /// The schema of the centre.
    pub cur_schema: u32,
    /// One answer a chain, in the order they were sent.
    pub push: Vec<PushReply>,
    /// The answer to the wish to read.
    pub pull: PullReply,
}

impl Carried {
    /// The hash of the commit.
    pub fn hash(&self) -> Hash {
        header_hash(&self.header)
    }

    /// The commit as the store keeps it. Proves nothing: see [`Sealed::open`].
    pub fn sealed(&self) -> Result<Sealed, StoreError> {
        let sig = <[u8; 64]>::try_from(self.sig.as_slice()).map_err(|_| {
            StoreError::codec("a carried commit", "the signature has a wrong length")
        })?;
        Ok(Sealed { header: self.header.clone(), body: self.body.clone(), hash: self.hash(), sig })
    }
}

impl From<Sealed> for Carried {
    fn from(sealed: Sealed) -> Self {
        Self { header: sealed.header, body: sealed.body, sig: sealed.sig.to_vec() }
    }
}

impl Introduction {
    /// What is signed: everything but the signature.
    pub fn signed_bytes(&self) -> Result<Vec<u8>, StoreError> {
        let unsigned = Self { sig: Vec::new(), ..self.clone() };
        let mut bytes = b"lumbung introduction 1\0".to_vec();
        let plain = postcard::to_stdvec(&unsigned)
            .map_err(|error| StoreError::codec("an introduction", error))?;
        bytes.extend_from_slice(&plain);
        Ok(bytes)
    }
}
