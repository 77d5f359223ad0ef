//! A commit: everything one business action changed, with its place in the chain of its origin.
//!
//! The header and the body are postcard bytes that are written once and never written again from
//! their parts: hashes are over the bytes. The body is stored behind one codec byte, plain or
//! compressed; its hash, which the header holds, is over the plain bytes, so a body can be blanked
//! by law without breaking the chain. The commit's hash is BLAKE3 over the header; the Ed25519
//! signature is over that hash.
//!
//! **Invariant:** what a released version wrote decodes for ever; the golden files in `tests/`
//! hold it to that.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::row::{Key, ValueRef};

/// A store's incarnation: re-minted whenever the store may have been restored or copied.
pub type Origin = [u8; 16];
/// A BLAKE3 hash.
pub type Hash = [u8; 32];

/// The hash before the first commit of an origin.
pub const NO_HASH: Hash = [0; 32];
/// The most bytes the plain body of one commit may have.
pub const BODY_MAX: usize = 4 * 1024 * 1024;

const HEADER_VERSION: u8 = 1;
const BODY_VERSION: u8 = 1;
const PLAIN: u8 = 0;
const ZSTD: u8 = 1;
/// Below this size compressing costs more than it saves.
const COMPRESS_FROM: usize = 96;
const COMPRESS_LEVEL: i32 = 1;
/// The compressor's table has 2^12 places: a sale has no more bytes than that, and the processor
/// need not make room for the default of 64 KB at every one.
const COMPRESS_TABLE_LOG: u32 = 12;

/// Which commit: counter and hash, of which origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitRef {
    /// The origin that made it.
    pub origin: Origin,
    /// Its place in the origin's chain, from 1; 0 is "before the first".
    pub ctr: u64,
    /// Its hash.
    pub hash: Hash,
}

/// What a commit says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of this layout.
    pub version: u8,
    /// The company whose books these are.
    pub company: Key,
    /// The origin that made the commit.
    pub origin: Origin,
    /// Its place in the origin's chain, from 1.
    pub ctr: u64,
    /// The hash of the commit before it, or [`NO_HASH`].
    pub prev: Hash,
    /// The hybrid clock when it was made.
    pub hlc: u64,
    /// What was done, such as `pos.complete`.
    pub kind: String,
    /// The schema of the store that made it.
    pub schema: u32,
    /// The scopes of its rows, ascending.
    pub scopes: Vec<u32>,
    /// Who did it.
    pub user: Option<Key>,
    /// The business date, in days of the common era.
    #[serde(with = "date")]
    pub business_date: NaiveDate,
    /// Offset of local time from UTC, in minutes.
    pub offset_min: i16,
    /// When, in UTC milliseconds.
    pub at_ms: i64,
    /// Why, where a reason was asked for.
    pub reason: Option<String>,
    /// The commit of a closed origin that this one repeats.
    pub reissue_of: Option<(Origin, u64)>,
    /// The hash of the plain body.
    pub body_hash: Hash,
}

mod date {
    use super::{Datelike, NaiveDate};
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(date: &NaiveDate, to: S) -> Result<S::Ok, S::Error> {
        date.num_days_from_ce().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
        let days = i32::deserialize(from)?;
        NaiveDate::from_num_days_from_ce_opt(days).ok_or_else(|| D::Error::custom("no such day"))
    }
}

impl Header {
    /// The version every new header has.
    pub const VERSION: u8 = HEADER_VERSION;

    /// The canonical bytes.
    pub fn encode(&self) -> Result<Vec<u8>, StoreError> {
        postcard::to_stdvec(self).map_err(|error| StoreError::codec("a commit header", error))
    }

    /// The header of these bytes, all of them.
    pub fn decode(bytes: &[u8]) -> Result<Header, StoreError> {
        decode("a commit header", HEADER_VERSION, bytes)
    }
}

/// The hash of a commit whose header has these bytes.
pub fn header_hash(header: &[u8]) -> Hash {
    *blake3::hash(header).as_bytes()
}

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Op {
    /// A fact was inserted.
    Insert,
    /// A master was made, all groups at once.
    Create,
    /// One group of a master changed.
    Patch,
    /// A draft was saved.
    Save,
    /// A draft was dropped.
    Drop,
}

/// One row of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange<'a> {
    /// The table's number.
    pub table: u16,
    /// What happened.
    pub op: Op,
    /// Which row.
    pub key: Key,
    /// The row's scope.
    pub scope: u32,
    /// The group of a patch, else 0.
    pub group: u8,
    /// Column numbers and new values.
    #[serde(borrow)]
    pub columns: Vec<(u16, ValueRef<'a>)>,
    /// Column numbers and the values before, of a patch, save or drop.
    #[serde(borrow)]
    pub before: Vec<(u16, ValueRef<'a>)>,
}

/// The rows of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body<'a> {
    /// The version of this layout.
    pub version: u8,
    /// In the order they were written.
    #[serde(borrow)]
    pub rows: Vec<RowChange<'a>>,
}

impl<'a> Body<'a> {
    /// The version every new body has.
    pub const VERSION: u8 = BODY_VERSION;

    /// The rows of these plain bytes, all of them.
    pub fn decode(bytes: &'a [u8]) -> Result<Body<'a>, StoreError> {
        decode("a commit body", BODY_VERSION, bytes)
    }

    /// Where in these plain bytes each row is: its table, its key and the bytes.
    pub(crate) fn places(plain: &[u8]) -> Result<Vec<(u16, Key, Range<usize>)>, StoreError> {
        const WHAT: &str = "a commit body";
        let bad = |error: postcard::Error| StoreError::codec(WHAT, error);
        let mut places = Vec::with_capacity(Body::decode(plain)?.rows.len());
        let rest = plain.get(1..).unwrap_or_default();
        let (count, mut rest) = postcard::take_from_bytes::<u64>(rest).map_err(bad)?;
        for _ in 0..count {
            let from = plain.len() - rest.len();
            let (row, after) = postcard::take_from_bytes::<RowChange<'_>>(rest).map_err(bad)?;
            places.push((row.table, row.key, from..plain.len() - after.len()));
            rest = after;
        }
        Ok(places)
    }

    /// The canonical bytes; the store writes the same ones with [`BodyWriter`].
    pub fn encode(&self) -> Result<Vec<u8>, StoreError> {
        postcard::to_stdvec(self).map_err(|error| StoreError::codec("a commit body", error))
    }
}

fn decode<'a, T: Deserialize<'a>>(
    what: &'static str,
    version: u8,
    bytes: &'a [u8],
) -> Result<T, StoreError> {
    match bytes.first() {
        None => return Err(StoreError::codec(what, "no bytes")),
        Some(found) if *found != version => {
            return Err(StoreError::codec(what, format!("version {found} is not known here")));
        }
        Some(_) => {}
    }
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(StoreError::codec(what, format!("{} bytes too many", rest.len()))),
        Err(error) => Err(StoreError::codec(what, error)),
    }
}

/// Writes the rows of a body straight into one buffer: the sale path makes no copy of a row.
///
/// The bytes are those of [`Body::encode`]; a test holds the two together.
#[derive(Debug, Default)]
pub struct BodyWriter {
    rows: Vec<u8>,
    count: u64,
}

impl BodyWriter {
    /// How many rows there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Where the buffer ends now, for [`BodyWriter::rewind`].
    pub(crate) fn mark(&self) -> (usize, u64) {
        (self.rows.len(), self.count)
    }

    /// Takes back everything since `mark`.
    pub(crate) fn rewind(&mut self, mark: (usize, u64)) {
        self.rows.truncate(mark.0);
        self.count = mark.1;
    }

    /// Starts a row; exactly `columns` calls of [`BodyWriter::value`] follow, then
    /// [`BodyWriter::before`] and its values.
    pub fn row(&mut self, table: u16, op: Op, key: &Key, scope: u32, group: u8, columns: usize) {
        self.varint(u64::from(table));
        self.rows.push(op as u8);
        self.rows.extend_from_slice(key);
        self.varint(u64::from(scope));
        self.rows.push(group);
        self.varint(columns as u64);
        self.count += 1;
    }

    /// One column.
    pub fn value(&mut self, tag: u16, value: ValueRef<'_>) {
        self.varint(u64::from(tag));
        match value {
            ValueRef::Null => self.rows.push(0),
            ValueRef::Int(number) => {
                self.rows.push(1);
                self.varint(zigzag(number));
            }
            ValueRef::Text(text) => {
                self.rows.push(2);
                self.varint(text.len() as u64);
                self.rows.extend_from_slice(text.as_bytes());
            }
            ValueRef::Blob(bytes) => {
                self.rows.push(3);
                self.varint(bytes.len() as u64);
                self.rows.extend_from_slice(bytes);
            }
        }
    }

    /// Starts the values before; exactly `columns` calls of [`BodyWriter::value`] follow.
    pub fn before(&mut self, columns: usize) {
        self.varint(columns as u64);
    }

    /// Forgets every row but keeps the room.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.count = 0;
    }

    /// The plain body, into `out`.
    pub fn finish(&self, out: &mut Vec<u8>) {
        out.clear();
        out.push(BODY_VERSION);
        put_varint(out, self.count);
        out.extend_from_slice(&self.rows);
    }

    fn varint(&mut self, number: u64) {
        put_varint(&mut self.rows, number);
    }
}

pub(crate) fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

pub(crate) fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Compresses bodies, keeping the compressor's tables between commits.
pub struct Packer {
    zstd: zstd::bulk::Compressor<'static>,
}

impl Packer {
    /// A packer of its own buffers.
    pub fn new() -> Result<Packer, StoreError> {
        let table = zstd::zstd_safe::CParameter::HashLog(COMPRESS_TABLE_LOG);
        let zstd = zstd::bulk::Compressor::new(COMPRESS_LEVEL)
            .and_then(|mut zstd| zstd.set_parameter(table).map(|()| zstd))
            .map_err(|error| StoreError::codec("a compressed body", error))?;
        Ok(Packer { zstd })
    }

    /// The stored form of a plain body: a codec byte and the bytes.
    pub fn pack(&mut self, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        if plain.len() >= COMPRESS_FROM {
            let packed = self
                .zstd
                .compress(plain)
                .map_err(|error| StoreError::codec("a compressed body", error))?;
            if packed.len() < plain.len() {
                return Ok(prefixed(ZSTD, &packed));
            }
        }
        Ok(prefixed(PLAIN, plain))
    }
}

fn prefixed(codec: u8, bytes: &[u8]) -> Vec<u8> {
    let mut stored = Vec::with_capacity(bytes.len() + 1);
    stored.push(codec);
    stored.extend_from_slice(bytes);
    stored
}

/// The plain body of its stored form.
pub fn unpack(stored: &[u8]) -> Result<Vec<u8>, StoreError> {
    const WHAT: &str = "a stored commit body";
    match stored.split_first() {
        Some((&PLAIN, plain)) if plain.len() <= BODY_MAX => Ok(plain.to_vec()),
        Some((&ZSTD, packed)) => {
            zstd::bulk::decompress(packed, BODY_MAX).map_err(|error| StoreError::codec(WHAT, error))
        }
        Some((&PLAIN, _)) => Err(StoreError::codec(WHAT, "it is too large")),
        Some((codec, _)) => Err(StoreError::codec(WHAT, format!("unknown codec {codec}"))),
        None => Err(StoreError::codec(WHAT, "no bytes")),
    }
}

/// A commit as it is stored and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The canonical header.
    pub header: Vec<u8>,
    /// The stored body.
    pub body: Vec<u8>,
    /// The hash of the header.
    pub hash: Hash,
    /// The origin's signature of the hash.
    pub sig: [u8; 64],
}

impl Sealed {
    /// Seals a header over its stored body with the key of its origin.
    pub fn new(header: &Header, body: Vec<u8>, key: &SigningKey) -> Result<Sealed, StoreError> {
        let header = header.encode()?;
        let hash = header_hash(&header);
        let sig = key.sign(&hash).to_bytes();
        Ok(Sealed { header, body, hash, sig })
    }

    /// Proves hash, signature and body, and gives the header and the plain body.
    pub fn open(&self, key: &VerifyingKey) -> Result<(Header, Vec<u8>), Broken> {
        if header_hash(&self.header) != self.hash {
            return Err(Broken::Header);
        }
        key.verify_strict(&self.hash, &Signature::from_bytes(&self.sig))
            .map_err(|_| Broken::Signature)?;
        let header = Header::decode(&self.header)
            .map_err(|error| Broken::Unreadable { detail: error.to_string() })?;
        let plain =
            unpack(&self.body).map_err(|error| Broken::Unreadable { detail: error.to_string() })?;
        if *blake3::hash(&plain).as_bytes() != header.body_hash {
            return Err(Broken::Body);
        }
        Ok((header, plain))
    }
}

/// What is wrong with a sealed commit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The header is not the one that was hashed.
    #[error("its header was changed")]
    Header,
    /// The signature is not the origin's.
    #[error("its signature is not the one of the terminal that made it")]
    Signature,
    /// The body is not the one that was hashed.
    #[error("its content was changed")]
    Body,
    /// The bytes are right but cannot be read here.
    #[error("it cannot be read: {detail}")]
    Unreadable {
        /// Why.
        detail: String,
    },
}
