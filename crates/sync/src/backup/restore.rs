//! Proving a backup and putting it back.
//!
//! **Invariant:** nothing is moved before the backup is proved, and nothing is ever deleted.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::{MANIFEST_VERSION, Manifest, fingerprint, read_manifest, stamp};
use crate::connect::{self, Role, connect};
use crate::error::StoreError;
use crate::folder::{Folder, sync_folder_of};
use crate::keys::{self, Bundle, KeySource};

/// What putting a backup back did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where the files of before are now.
    pub moved_aside: PathBuf,
    /// What was put in place.
    pub manifest: Manifest,
}

/// Proves a backup without putting it anywhere: its file is whole, opens with the key of the
/// folder, and ends at the commit its manifest names.
pub fn check(dir: &Path, file: &Path, keys: &KeySource) -> Result<Manifest, StoreError> {
    let (found, _) = keys::find(&Folder::new(dir), keys)?;
    check_with(&found.bundle, file)
}

/// The same with the key at hand.
pub(crate) fn check_with(bundle: &Bundle, file: &Path) -> Result<Manifest, StoreError> {
    let refuse = |detail: String| StoreError::Backup { file: file.to_path_buf(), detail };
    let manifest = read_manifest(file).map_err(|error| refuse(error.to_string()))?;
    if manifest.version != MANIFEST_VERSION {
        return Err(refuse(format!("manifest version {} is not known", manifest.version)));
    }
    if manifest.key_id != bundle.id() {
        return Err(refuse("it was made with another key".to_owned()));
    }
    let (bytes, blake3) = fingerprint(file)?;
    if (bytes, &blake3) != (manifest.bytes, &manifest.blake3) {
        return Err(refuse("the file is not the one that was written".to_owned()));
    }
    let key = manifest.encrypted.then_some(&bundle.db);
    let node = connect(file, key, Role::Copy, false)
        .and_then(|conn| {
            connect::quick_check(&conn)?;
            connect::check_head(&conn)
        })
        .map_err(|error| refuse(error.to_string()))?;
    if Some(node.head()) != manifest.head() {
        return Err(refuse("it does not end where its manifest says".to_owned()));
    }
    Ok(manifest)
}

/// Puts a backup in place of the current data. What was there is moved aside, never deleted; the
/// next open goes on under another origin and series.
pub fn restore(
    dir: &Path,
    file: &Path,
    keys: &KeySource,
    now_ms: i64,
) -> Result<Restored, StoreError> {
    let folder = Folder::new(dir);
    if !folder.exists() {
        return Err(StoreError::Absent { dir: dir.to_path_buf() });
    }
    let _lock = folder.lock()?;
    let manifest = check(dir, file, keys)?;
    let fresh = dir.join("lumbung.db.restore");
    fs::copy(file, &fresh).map_err(StoreError::io("copy to", &fresh))?;
    let synced = File::open(&fresh).and_then(|file| file.sync_all());
    synced.map_err(StoreError::io("write", &fresh))?;
    if fingerprint(&fresh)?.1 != manifest.blake3 {
        let detail = "the copy is not what was copied".to_owned();
        return Err(StoreError::Backup { file: fresh, detail });
    }
    // Without its guard the data goes on under another origin, whatever happens from here on.
    move_away(&folder.guard(), None)?;
    let aside = aside_name(dir, now_ms);
    fs::create_dir_all(&aside).map_err(StoreError::io("make the folder", &aside))?;
    // The log first: beside a database it does not belong to it would do harm.
    for suffix in ["-wal", "-shm", ""] {
        let path = dir.join(format!("lumbung.db{suffix}"));
        move_away(&path, Some(&aside))?;
    }
    fs::rename(&fresh, folder.db()).map_err(StoreError::io("put in place", &folder.db()))?;
    sync_folder_of(&folder.db())?;
    Ok(Restored { moved_aside: aside, manifest })
}

fn aside_name(dir: &Path, now_ms: i64) -> PathBuf {
    let stem = format!("replaced-{}", stamp(now_ms));
    let mut n = 1;
    loop {
        let path = dir.join(if n == 1 { stem.clone() } else { format!("{stem}-{n}") });
        if !path.exists() {
            return path;
        }
        n += 1;
    }
}

/// Moves a file into a folder, or removes it; one that is not there is fine.
fn move_away(path: &Path, into: Option<&Path>) -> Result<(), StoreError> {
    let moved = match into {
        Some(folder) => fs::rename(path, folder.join(path.file_name().unwrap_or_default())),
        None => fs::remove_file(path),
    };
    match moved {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("move aside", path)(error))
        }
        _ => Ok(()),
    }
}
