//! Pictures and documents beside the rows, kept under the hash of their bytes.
//!
//! A file arrives in one piece or in several; what has come stays until the rest follows.
//!
//! **Invariant:** a file stands under its name only when it is whole and its hash is its name.

use std::io::SeekFrom;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use axum::http::{HeaderName, StatusCode};
use futures_util::{Stream, StreamExt};
use lumbung_sync::{Hash, Key};
use tokio::fs;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use crate::http::failure::{Answer, Refused};
use crate::words::{hex, id};

/// The largest file that is taken.
pub const BLOB_MAX: u64 = 20 * 1024 * 1024;
const READ_AT_ONCE: usize = 256 * 1024;

/// Kinds that are given back as what they are; others are only bytes.
const KINDS: [&str; 4] = ["image/png", "image/jpeg", "image/webp", "application/pdf"];

/// Where a file of a company is.
pub fn path(dir: &Path, company: &Key, hash: &Hash) -> PathBuf {
    let name = hex(hash);
    dir.join("blobs").join(id(company)).join(&name[..2]).join(name)
}

fn part_path(dir: &Path, company: &Key, hash: &Hash) -> PathBuf {
    path(dir, company, hash).with_extension("part")
}

/// The kind of a file, as far as it is known here.
pub fn kind(said: &str) -> &'static str {
    KINDS.into_iter().find(|kind| *kind == said).unwrap_or("application/octet-stream")
}

/// A piece of a file: from here, up to there, of so many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    from: u64,
    to: u64,
    total: u64,
}

impl Part {
    /// All of a file of so many bytes.
    pub fn whole(total: u64) -> Option<Self> {
        Some(Self { from: 0, to: total, total })
    }

    /// A `Content-Range`: `bytes 0-99/1000`.
    pub fn parse(range: &str) -> Option<Self> {
        let (ends, total) = range.strip_prefix("bytes ")?.split_once('/')?;
        let (from, last) = ends.split_once('-')?;
        let to = last.parse::<u64>().ok()?.checked_add(1)?;
        let part = Self { from: from.parse().ok()?, to, total: total.parse().ok()? };
        (part.from < part.to && part.to <= part.total).then_some(part)
    }
}

/// What became of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// More is wanted from here on.
    Part {
        /// Where the next piece begins.
        offset: u64,
    },
    /// The file is in its place.
    Whole {
        /// Its size.
        bytes: u64,
    },
}

/// How much of a file that is not whole has come.
pub async fn come_so_far(dir: &Path, company: &Key, hash: &Hash) -> u64 {
    fs::metadata(part_path(dir, company, hash)).await.map_or(0, |file| file.len())
}

/// Takes a piece.
pub async fn take(
    dir: &Path,
    company: &Key,
    hash: &Hash,
    part: Part,
    mut pieces: impl Stream<Item = std::io::Result<Bytes>> + Unpin,
) -> Answer<Kept> {
    if part.total > BLOB_MAX {
        return Err(Refused::too_large(BLOB_MAX as usize));
    }
    let place = part_path(dir, company, hash);
    let mut file = open(&place).await.map_err(|error| broken(&error))?;
    let come = file.seek(SeekFrom::End(0)).await.map_err(|error| broken(&error))?;
    if part.from == 0 && come > 0 {
        file.set_len(0).await.map_err(|error| broken(&error))?;
        file.seek(SeekFrom::Start(0)).await.map_err(|error| broken(&error))?;
    } else if part.from != come {
        let sentence = "The file has come to another place: go on from there.";
        let offset = HeaderName::from_static("x-upload-offset");
        return Err(Refused::new(StatusCode::CONFLICT, "offset", sentence)
            .header(offset, &come.to_string()));
    }
    let mut at = part.from;
    while let Some(piece) = pieces.next().await {
        // What came until the line broke is kept: the terminal goes on from there.
        let Ok(piece) = piece else { break };
        at += piece.len() as u64;
        if at > part.to {
            drop(file);
            fs::remove_file(&place).await.map_err(|error| broken(&error))?;
            return Err(Refused::malformed("There were more bytes than were announced."));
        }
        file.write_all(&piece).await.map_err(|error| broken(&error))?;
    }
    file.sync_all().await.map_err(|error| broken(&error))?;
    drop(file);
    if at < part.total {
        return Ok(Kept::Part { offset: at });
    }
    finish(&place, &path(dir, company, hash), hash, at).await
}

async fn open(place: &Path) -> std::io::Result<fs::File> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).await?;
    }
    fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(place).await
}

async fn finish(place: &Path, whole: &Path, hash: &Hash, bytes: u64) -> Answer<Kept> {
    let found = hash_of(place).await.map_err(|error| broken(&error))?;
    if found != *hash {
        tracing::warn!("a file came whose hash is not its name");
        fs::remove_file(place).await.map_err(|error| broken(&error))?;
        let sentence = "The file is not what its name says. Send it again from its beginning.";
        return Err(Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_hash", sentence));
    }
    fs::rename(place, whole).await.map_err(|error| broken(&error))?;
    Ok(Kept::Whole { bytes })
}

/// The BLAKE3 hash of a file.
pub async fn hash_of(path: &Path) -> std::io::Result<Hash> {
    let mut file = fs::File::open(path).await?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; READ_AT_ONCE];
    loop {
        match file.read(&mut buffer).await? {
            0 => return Ok(*hasher.finalize().as_bytes()),
            count => hasher.update(&buffer[..count]),
        };
    }
}

fn broken(error: &std::io::Error) -> Refused {
    Refused::internal("keeping a file", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_says_where_it_belongs() {
        for (range, expected) in [
            ("bytes 0-99/1000", Some((0, 100, 1000))),
            ("bytes 900-999/1000", Some((900, 1000, 1000))),
            ("bytes 900-1000/1000", None),
            ("bytes 9-1/1000", None),
            ("bytes 0-18446744073709551615/1", None),
            ("bytes */1000", None),
            ("0-99/1000", None),
        ] {
            let found = Part::parse(range).map(|part| (part.from, part.to, part.total));
            assert_eq!(found, expected, "{range}");
        }
    }
}
