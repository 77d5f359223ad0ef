//! How a commit travels: its body plain, so that the message is compressed as a whole, and without
//! the hash of the body, which the receiver computes.
//!
//! **Invariant:** the header that arrives is, byte for byte, the one that was hashed and signed.

use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Carried;
use crate::commit::unpack;

/// The codec byte of a plain stored body.
const PLAIN: u8 = 0;
/// A header ends with the hash of the body.
const BODY_HASH: usize = 32;
const FIELDS: usize = 4;

/// Bytes that are written and read at once, not one by one.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(self.0)
    }
}

struct Owned(Vec<u8>);

impl<'de> Deserialize<'de> for Owned {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Owned;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Owned, E> {
                Ok(Owned(bytes.to_vec()))
            }
        }
        from.deserialize_bytes(Read)
    }
}

impl Serialize for Carried {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // A body that was blanked, or that this version cannot unpack, goes as it is.
        let plain = match unpack(&self.body) {
            Ok(plain) => [&[PLAIN], plain.as_slice()].concat(),
            Err(_) => self.body.clone(),
        };
        let hash = plain.split_first().map(|(_, bytes)| *blake3::hash(bytes).as_bytes());
        let cut = match (self.header.split_last_chunk::<BODY_HASH>(), hash) {
            (Some((rest, told)), Some(hash)) if *told == hash && plain[0] == PLAIN => Some(rest),
            _ => None,
        };
        let mut fields = to.serialize_tuple(FIELDS)?;
        fields.serialize_element(&cut.is_some())?;
        fields.serialize_element(&Bytes(cut.unwrap_or(&self.header)))?;
        fields.serialize_element(&Bytes(&plain))?;
        fields.serialize_element(&Bytes(&self.sig))?;
        fields.end()
    }
}

impl<'de> Deserialize<'de> for Carried {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Carried;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a commit")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Carried, A::Error> {
                let short = || de::Error::custom("a field of a commit is missing");
                let cut: bool = seq.next_element()?.ok_or_else(short)?;
                let Owned(mut header) = seq.next_element()?.ok_or_else(short)?;
                let Owned(body) = seq.next_element()?.ok_or_else(short)?;
                let Owned(sig) = seq.next_element()?.ok_or_else(short)?;
                if cut {
                    let Some((&PLAIN, plain)) = body.split_first() else {
                        return Err(de::Error::custom(
                            "a header is cut, but its body is not plain",
                        ));
                    };
                    header.extend_from_slice(blake3::hash(plain).as_bytes());
                }
                Ok(Carried { header, body, sig })
            }
        }
        from.deserialize_tuple(FIELDS, Read)
    }
}
