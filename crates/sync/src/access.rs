//! How a terminal comes to speak with its centre: enrolment, tokens, snapshots, reconciliation.
//!
//! Each request is a POST whose body and answer are [`crate::protocol`] messages; whatever is not
//! a success is a JSON object with `code`, `message`, `fields` and `facts`.
//!
//! | Address | Request | Answer | Authority |
//! |---|---|---|---|
//! | `/enrol` | [`EnrolRequest`] | [`EnrolAnswer`] | the one-time code |
//! | `/s/{company}/token` | [`TokenRequest`] | [`TokenAnswer`] | the origin's signature |
//! | `/s/{company}/sync` | [`crate::protocol::SyncRequest`] | its response | token |
//! | `/s/{company}/snapshot` | [`SnapshotRequest`] | [`SnapshotAnswer`] | token |
//! | `/s/{company}/checkpoints` | [`CheckpointsRequest`] | [`CheckpointsAnswer`] | token |
//! | `/s/{company}/reconcile` | [`ReconcileRequest`] | [`ReconcileAnswer`] | token |
//!
//! `GET /s/{company}/snapshot/{hash}`, `GET` and `PUT /s/{company}/blob/{hash}` carry files as
//! they are; `GET /s/{company}/events` is a stream of server-sent events, each the newest `seq`.
//! `{company}` is the id as a UUID, `{hash}` 64 hexadecimal digits.
//!
//! **Invariant:** what is signed says what it is for, so that no signature of one kind passes for
//! another.

use serde::{Deserialize, Serialize};

use crate::commit::{Hash, Origin};
use crate::error::StoreError;
use crate::protocol::Introduction;
use crate::row::Key;

/// A terminal asks to be let in with a one-time code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The code, as the person typed it.
    pub code: String,
    /// The origin it will write under, chosen by the terminal.
    pub origin: Origin,
    /// The origin's Ed25519 public key.
    pub pubkey: [u8; 32],
    /// The name of the machine, for the operator's eyes.
    pub machine: String,
    /// Name and version of the program, for the operator's eyes.
    pub app: String,
    /// The schema of the program.
    pub schema: u32,
    /// What the terminal brings with it when it lived alone until now.
    pub founding: Option<Founding>,
    /// The origin's signature over [`EnrolRequest::signed_bytes`], 64 bytes.
    pub proof: Vec<u8>,
}

/// A company that lived on one terminal and gets a centre now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Founding {
    /// The company.
    pub company: Key,
    /// Its name, for the operator's eyes.
    pub name: String,
    /// The terminal.
    pub terminal: Key,
    /// The terminal's series of document numbers.
    pub series: String,
    /// Every scope there is: 0 and the number of each branch.
    pub scopes: Vec<u32>,
}

/// The terminal is let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// Who the terminal is now, signed by the centre.
    pub introduction: Introduction,
    /// The log it speaks with.
    pub log_id: [u8; 16],
    /// The centre's Ed25519 public key, with which it signs introductions and reconciliations.
    pub centre: [u8; 32],
    /// The first token.
    pub token: Token,
}

/// What opens the other doors for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Sent as `Authorization: Bearer …`.
    pub bearer: String,
    /// For how long from now, in seconds.
    pub seconds: u32,
}

/// An origin asks for a token: first without, then with the challenge it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRequest {
    /// The origin.
    pub origin: Origin,
    /// Who vouches for it, oldest first; needed once after a re-key.
    pub introductions: Vec<Introduction>,
    /// The challenge, and the origin's signature over [`challenge_bytes`], 64 bytes.
    pub answer: Option<(Vec<u8>, Vec<u8>)>,
}

/// The centre's answer to a [`TokenRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenAnswer {
    /// To be signed within a minute.
    Challenge(Vec<u8>),
    /// The signature is right.
    Token(Token),
}

/// A terminal wants to begin from a copy of the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRequest {
    /// Which scopes.
    pub scopes: Vec<u32>,
    /// The schema of its program.
    pub schema: u32,
}

/// Where the copy is, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotAnswer {
    /// BLAKE3 of the file, which is also its name.
    pub hash: Hash,
    /// Its size.
    pub bytes: u64,
    /// Up to which entry of the log it goes.
    pub seq: u64,
    /// The log's hash there.
    pub witness: Hash,
}

/// A terminal that has diverged asks where the log was still the one it knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointsRequest {
    /// Entries it has seen, with the log's hash there.
    pub points: Vec<(u64, Hash)>,
}

/// The centre's answer to a [`CheckpointsRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointsAnswer {
    /// The newest that the log still holds; `None` where it holds none of them.
    pub best: Option<(u64, Hash)>,
}

/// A terminal asks what the centre makes of its receipts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconcileRequest {
    /// The terminal whose receipts.
    pub terminal: Key,
    /// The question as the function that answers it understands it: JSON.
    pub question: String,
}

/// The centre's answer to a [`ReconcileRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconcileAnswer {
    /// Up to which entry of the log the centre had looked.
    pub seq: u64,
    /// The answer as the same function of the terminal would give it: JSON.
    pub answer: String,
    /// The centre's signature over [`ReconcileAnswer::signed_bytes`], 64 bytes.
    pub sig: Vec<u8>,
}

impl EnrolRequest {
    /// What is signed: everything but the signature.
    pub fn signed_bytes(&self) -> Result<Vec<u8>, StoreError> {
        let unsigned = Self { proof: Vec::new(), ..self.clone() };
        tagged(b"lumbung enrolment 1\0", "an enrolment", &unsigned)
    }
}

impl ReconcileAnswer {
    /// What is signed: the question, and everything but the signature.
    pub fn signed_bytes(&self, asked: &ReconcileRequest) -> Result<Vec<u8>, StoreError> {
        let unsigned = Self { sig: Vec::new(), ..self.clone() };
        tagged(b"lumbung reconciliation 1\0", "a reconciliation", &(asked, unsigned))
    }
}

/// What an origin signs to get a token.
pub fn challenge_bytes(company: &Key, origin: &Origin, challenge: &[u8]) -> Vec<u8> {
    let mut bytes = b"lumbung token 1\0".to_vec();
    bytes.extend_from_slice(company);
    bytes.extend_from_slice(origin);
    bytes.extend_from_slice(challenge);
    bytes
}

fn tagged<T: Serialize>(tag: &[u8], what: &'static str, value: &T) -> Result<Vec<u8>, StoreError> {
    let mut bytes = tag.to_vec();
    let plain = postcard::to_stdvec(value).map_err(|error| StoreError::codec(what, error))?;
    bytes.extend_from_slice(&plain);
    Ok(bytes)
}
