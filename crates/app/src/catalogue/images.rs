//! Pictures of products, kept on this machine by their content.
//!
//! **Invariant:** what is kept is a picture of a kind the window can show, and no larger than it
//! needs to be.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::store::{self, Image};
use crate::door::{Read, Write};
use crate::error::{Result, not_found, refuse_field};

/// Largest picture, in bytes.
pub const IMAGE_BYTES_MAX: usize = 1 << 20;

/// A picture to keep.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImagePut {
    /// The file, in base 64.
    pub data: String,
}

/// Names a picture.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImageRef {
    /// Its content, in short.
    pub image_hash: String,
}

/// A picture.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ImageData {
    /// Its media type.
    pub mime: String,
    /// The file, in base 64.
    pub data: String,
}

/// What kind of picture these bytes begin like.
pub fn picture_kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else {
        None
    }
}

/// `catalogue.put_image`: keeps a picture and answers with its name.
pub fn put_image(write: &mut Write<'_, '_>, given: ImagePut) -> Result<ImageRef> {
    let too_large = || {
        let kilobytes = IMAGE_BYTES_MAX / 1024;
        refuse_field("data", format!("A picture has at most {kilobytes} kB: make it smaller."))
    };
    // Four letters carry three bytes: what is longer is refused before it is decoded.
    if given.data.len() > IMAGE_BYTES_MAX.div_ceil(3) * 4 {
        return Err(too_large());
    }
    let bytes = BASE64
        .decode(given.data.trim())
        .map_err(|_| refuse_field("data", "The picture did not arrive whole: send it again."))?;
    if bytes.len() > IMAGE_BYTES_MAX {
        return Err(too_large());
    }
    let Some(mime) = picture_kind(&bytes) else {
        return Err(refuse_field("data", "A picture is a PNG, JPEG or WebP file."));
    };
    let image_hash = blake3::hash(&bytes).to_hex().to_string();
    store::save_image(write.db(), &image_hash, &Image { mime: mime.to_owned(), bytes })?;
    Ok(ImageRef { image_hash })
}

/// `catalogue.image`: a picture by its name.
pub fn get_image(read: &Read<'_>, given: ImageRef) -> Result<ImageData> {
    let image =
        store::image(read.db, &given.image_hash)?.ok_or_else(|| not_found("The picture"))?;
    Ok(ImageData { mime: image.mime, data: BASE64.encode(image.bytes) })
}

#[cfg(test)]
mod tests {
    use super::picture_kind;

    #[test]
    fn a_picture_is_known_by_its_first_bytes_and_not_by_its_name() {
        for (bytes, mime) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0rest", Some("image/jpeg")),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"RIFF\x10\0\0\0WAVE", None),
            (b"<svg onload=alert(1)>", None),
            (b"", None),
        ] {
            assert_eq!(picture_kind(bytes), mime);
        }
    }
}
