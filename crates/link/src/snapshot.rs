//! Fetching a copy of the centre's books: it may take hours on a poor line, and be cut off often.
//!
//! **Invariant:** the file is given on only when its hash is the one the centre named; what was
//! fetched before a cut is kept as long as the copy is the same.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use lumbung_app::Progress;
use lumbung_sync::access::{SnapshotAnswer, SnapshotRequest};
use reqwest::StatusCode;

use crate::error::{Line, LineError};
use crate::http::{Http, Speaker};

/// The most bytes of a copy.
const BYTES_MAX: u64 = 64 * 1024 * 1024 * 1024;
/// Cuts in a row without a single byte between them, before it is left for later.
const CUTS_MAX: u32 = 5;

/// Fetches a copy of the books of these scopes.
pub(crate) async fn fetch(
    http: &Http,
    speaker: &Speaker<'_>,
    asked: &SnapshotRequest,
    into: &Path,
    progress: &mut Progress<'_>,
) -> Line<SnapshotAnswer> {
    let (copy, _): (SnapshotAnswer, _) = http.ask(speaker, "snapshot", asked).await?;
    if copy.bytes == 0 || copy.bytes > BYTES_MAX {
        return Err(LineError::strange(format!("a copy of {} bytes", copy.bytes)));
    }
    let name = hex(&copy.hash);
    let named = into.with_extension("of");
    if fs::read_to_string(&named).ok().as_deref() != Some(name.as_str()) {
        // Another copy than the one that was begun.
        remove(into)?;
        fs::write(&named, &name).map_err(disk)?;
    }
    let mut cuts = 0;
    loop {
        let before = length(into)?;
        if before >= copy.bytes {
            break;
        }
        progress.at(before, Some(copy.bytes), "snapshot")?;
        match more(http, speaker, &name, copy.bytes, into, progress).await {
            Ok(()) => {}
            Err(LineError::Unreachable { detail }) if cuts + 1 < CUTS_MAX => {
                cuts = if length(into)? > before { 0 } else { cuts + 1 };
                tracing::info!(detail, "the copy was cut off; going on");
            }
            Err(error) => return Err(error),
        }
    }
    progress.at(copy.bytes, Some(copy.bytes), "snapshot")?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(into).map_err(disk)?).map_err(disk)?;
    if hasher.finalize().as_bytes() != &copy.hash {
        remove(into)?;
        return Err(LineError::strange("the copy is not what the centre named"));
    }
    Ok(copy)
}

/// Fetches from where the file ends.
async fn more(
    http: &Http,
    speaker: &Speaker<'_>,
    name: &str,
    bytes: u64,
    into: &Path,
    progress: &mut Progress<'_>,
) -> Line<()> {
    let mut at = length(into)?;
    let mut response = http.open(speaker, &format!("snapshot/{name}"), at).await?;
    if at > 0 && response.status() != StatusCode::PARTIAL_CONTENT {
        // It came from the beginning after all.
        remove(into)?;
        at = 0;
    }
    let mut file = OpenOptions::new().create(true).append(true).open(into).map_err(disk)?;
    while let Some(piece) = response.chunk().await? {
        at += piece.len() as u64;
        if at > bytes {
            remove(into)?;
            return Err(LineError::strange("the copy is longer than the centre said"));
        }
        file.write_all(&piece).map_err(disk)?;
        progress.at(at, Some(bytes), "snapshot")?;
    }
    file.sync_all().map_err(disk)
}

fn length(path: &Path) -> Line<u64> {
    match fs::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(disk(error)),
    }
}

fn remove(path: &Path) -> Line<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(disk(error)),
        _ => Ok(()),
    }
}

fn disk(source: std::io::Error) -> LineError {
    let what = format!("the copy of the books could not be written: {source}");
    LineError::Own(lumbung_app::Error::Io { what, source })
}

/// A hash as it stands in an address.
pub(crate) fn hex(hash: &[u8; 32]) -> String {
    blake3::Hash::from_bytes(*hash).to_hex().to_string()
}
