//! Messages as bytes: one version byte, then postcard compressed with zstd and a dictionary of what
//! sales look like.
//!
//! **Invariant:** any bytes are decoded or refused. Decoding unpacks at most `limit` bytes, and
//! takes memory in proportion to them, whatever the bytes claim.

use std::io::{Cursor, Read};
use std::sync::LazyLock;

use serde::Serialize;
use serde::de::DeserializeOwned;
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::error::StoreError;

/// The most bytes one message may unpack to.
pub const MESSAGE_MAX: usize = 16 * 1024 * 1024;

const WHAT: &str = "a message";
/// Postcard in zstd with the first dictionary.
const VERSION: u8 = 1;
/// What every frame of zstd begins with: the version byte says it already.
const MAGIC: [u8; 4] = zstd::zstd_safe::MAGICNUMBER.to_le_bytes();
/// A message up to so many bytes is worth every effort: it is a sale or two.
const SMALL_MAX: usize = 64 * 1024;
const SMALL_LEVEL: i32 = 19;
const LEVEL: i32 = 3;
/// What a decoder may keep of the past: as much as [`LEVEL`] ever asks for.
const WINDOW_LOG_MAX: u32 = 21;

/// Trained on the messages of real sales: see `assets/README.md`. It is part of [`VERSION`]: a new
/// one is a new version beside it.
static DICTIONARY: &[u8] = include_bytes!("../../assets/messages-1.dict");
static ENCODER: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static SMALL_ENCODER: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, SMALL_LEVEL));
static DECODER: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

/// The bytes of a message.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, StoreError> {
    let plain = postcard::to_stdvec(message).map_err(|error| StoreError::codec(WHAT, error))?;
    let broken = |error| StoreError::codec(WHAT, error);
    let mut out = vec![VERSION];
    let dictionary = if plain.len() <= SMALL_MAX { &SMALL_ENCODER } else { &ENCODER };
    let mut encoder = zstd::stream::write::Encoder::with_prepared_dictionary(&mut out, dictionary)
        .map_err(broken)?;
    encoder.set_pledged_src_size(Some(plain.len() as u64)).map_err(broken)?;
    encoder.include_contentsize(false).map_err(broken)?;
    encoder.include_dictid(false).map_err(broken)?;
    std::io::Write::write_all(&mut encoder, &plain).map_err(broken)?;
    encoder.finish().map_err(broken)?;
    out.drain(1..=MAGIC.len());
    Ok(out)
}

/// The message of these bytes, all of them; at most `limit` bytes are unpacked.
pub fn decode<T: DeserializeOwned>(bytes: &[u8], limit: usize) -> Result<T, StoreError> {
    let plain = unpacked(bytes, limit)?;
    match postcard::take_from_bytes(&plain) {
        Ok((message, [])) => Ok(message),
        Ok((_, rest)) => Err(StoreError::codec(WHAT, format!("{} bytes too many", rest.len()))),
        Err(error) => Err(StoreError::codec(WHAT, error)),
    }
}

fn unpacked(bytes: &[u8], limit: usize) -> Result<Vec<u8>, StoreError> {
    let refused = |detail: &str| StoreError::codec(WHAT, detail);
    let broken = |error| StoreError::codec(WHAT, error);
    let packed = match bytes.split_first() {
        Some((&VERSION, packed)) => packed,
        Some((version, _)) => {
            return Err(StoreError::codec(WHAT, format!("version {version} is not known here")));
        }
        None => return Err(refused("no bytes")),
    };
    let frame = [&MAGIC, packed].concat();
    let mut decoder =
        zstd::stream::read::Decoder::with_prepared_dictionary(Cursor::new(&frame), &DECODER)
            .map_err(broken)?
            .single_frame();
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(broken)?;
    let mut plain = Vec::new();
    let room = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    decoder.by_ref().take(room).read_to_end(&mut plain).map_err(broken)?;
    if plain.len() > limit {
        return Err(refused("it unpacks to more than it may"));
    }
    let rest = decoder.finish();
    if rest.position() != frame.len() as u64 {
        return Err(refused("something follows it"));
    }
    Ok(plain)
}
