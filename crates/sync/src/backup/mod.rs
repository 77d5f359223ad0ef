//! Backups: rolling, encrypted with the key of the store, and proved before they count.
//!
//! A backup is one SQLite file made beside a running till (`backups/lumbung-<UTC>.db`) and a
//! manifest that says what it holds. Which ones are kept is decided by [`keep`], which is pure.
//! Putting one back moves the current files aside and never deletes them; the next open notices
//! that the data is older than it was and goes on under another origin and series.
//!
//! **Invariant:** a file is called a backup only after it was opened, checked and found to end at
//! the commit its manifest names.

mod keep;
mod restore;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use chrono::DateTime;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use serde::{Deserialize, Serialize};

use crate::commit::CommitRef;
use crate::connect::{self, Role, connect};
use crate::error::{StoreError, hex, unhex};
use crate::folder::{Folder, sync_folder_of, write_whole};
use crate::keys::Bundle;
use crate::store::Store;

pub use keep::{BackupPolicy, keep};
pub(crate) use restore::check_with;
pub use restore::{Restored, check, restore};

/// The file beside the backups that holds their key under a passphrase, once one was given.
pub const RECOVERY_KEY: &str = "recovery.lkey";

const MANIFEST_VERSION: u32 = 1;
const UNFINISHED: &str = "new";
/// Pages copied between two looks at `cancel`.
const STEP_PAGES: i32 = 2_000;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this layout.
    pub version: u32,
    /// When it was made, in UTC milliseconds.
    pub made_at_ms: i64,
    /// The company, as hexadecimal digits.
    pub company: String,
    /// The terminal, as hexadecimal digits.
    pub terminal: String,
    /// The series of document numbers.
    pub series: String,
    /// The origin, as hexadecimal digits.
    pub origin: String,
    /// The last commit it holds.
    pub ctr: u64,
    /// The hash of that commit, as hexadecimal digits.
    pub head: String,
    /// The schema.
    pub schema: u32,
    /// The size of the file.
    pub bytes: u64,
    /// BLAKE3 of the file, as hexadecimal digits.
    pub blake3: String,
    /// Recognises the key that opens it.
    pub key_id: String,
    /// Whether it is encrypted.
    pub encrypted: bool,
}

impl Manifest {
    /// The end of the chain in the backup.
    pub fn head(&self) -> Option<CommitRef> {
        Some(CommitRef { origin: unhex(&self.origin)?, ctr: self.ctr, hash: unhex(&self.head)? })
    }
}

/// A backup on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFile {
    /// The file.
    pub file: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
}

/// What a backup did.
#[derive(Debug)]
pub struct BackupMade {
    /// The new backup.
    pub backup: BackupFile,
    /// Older ones that the policy no longer keeps, in the data folder and the second one.
    pub removed: Vec<PathBuf>,
    /// The copy in the second folder, or why there is none.
    pub second: Option<Result<PathBuf, StoreError>>,
}

impl Store {
    /// Makes a backup now, proves it, and lets go of those the policy no longer keeps. Sales go on
    /// beside it.
    pub fn backup(&self, policy: &BackupPolicy) -> Result<BackupMade, StoreError> {
        self.backup_watched(policy, &mut |_, _| {}, &|| false)
    }

    /// The same; `progress` is told pages done and in all, `cancel` is asked whether to stop.
    pub fn backup_watched(
        &self,
        policy: &BackupPolicy,
        progress: &mut dyn FnMut(u64, u64),
        cancel: &dyn Fn() -> bool,
    ) -> Result<BackupMade, StoreError> {
        let now = (self.clock)();
        let dir = self.folder.backups();
        let backup = self.read(|db| {
            let of = Of { folder: &self.folder, bundle: &self.bundle, encrypted: self.encrypted };
            of.make(db, now, progress, cancel)
        })?;
        let mut removed = prune(&dir, now, policy)?;
        let second = policy.second_folder.as_ref().map(|folder| {
            let copied = copy_second(&backup, folder)?;
            copy_recovery_key(&dir, folder)?;
            removed.extend(prune(folder, now, policy)?);
            Ok(copied)
        });
        Ok(BackupMade { backup, removed, second })
    }
}

/// Makes a backup of a database that no store has open yet: before a migration changes it.
pub(crate) fn snapshot(
    db: &Connection,
    folder: &Folder,
    bundle: &Bundle,
    encrypted: bool,
    now: i64,
) -> Result<BackupFile, StoreError> {
    Of { folder, bundle, encrypted }.make(db, now, &mut |_, _| {}, &|| false)
}

/// What a backup is made of.
struct Of<'a> {
    folder: &'a Folder,
    bundle: &'a Bundle,
    encrypted: bool,
}

impl Of<'_> {
    fn make(
        &self,
        db: &Connection,
        now: i64,
        progress: &mut dyn FnMut(u64, u64),
        cancel: &dyn Fn() -> bool,
    ) -> Result<BackupFile, StoreError> {
        let dir = self.folder.backups();
        fs::create_dir_all(&dir).map_err(StoreError::io("make the folder", &dir))?;
        remove_unfinished(&dir)?;
        self.folder.copy_node()?;
        let file = free_name(&dir, now);
        let fresh = file.with_extension(UNFINISHED);
        let made = copy(db, &fresh, self.key(), progress, cancel).and_then(|()| {
            let manifest = self.prove(&fresh, now)?;
            // The manifest first: a file without one is no backup, a manifest alone is nothing.
            write_manifest(&file, &manifest)?;
            fs::rename(&fresh, &file).map_err(StoreError::io("put in place", &file))?;
            sync_folder_of(&file)?;
            Ok(BackupFile { file: file.clone(), manifest })
        });
        made.inspect_err(|_| {
            // What is not proved is no backup; leaving it would only fill the disk.
            let _ = fs::remove_file(&fresh);
        })
    }

    fn key(&self) -> Option<&[u8; 32]> {
        self.encrypted.then_some(&self.bundle.db)
    }

    /// Opens the copy as a restore would and says what it holds.
    fn prove(&self, file: &Path, now: i64) -> Result<Manifest, StoreError> {
        let conn = connect(file, self.key(), Role::Copy, false)?;
        connect::quick_check(&conn)?;
        let node = connect::check_head(&conn)?;
        let schema = connect::schema(&conn)?;
        conn.close().map_err(|(_, error)| error)?;
        let (bytes, blake3) = fingerprint(file)?;
        Ok(Manifest {
            version: MANIFEST_VERSION,
            made_at_ms: now,
            company: hex(&node.company),
            terminal: hex(&node.terminal),
            series: node.series,
            origin: hex(&node.origin),
            ctr: node.ctr,
            head: hex(&node.head),
            schema,
            bytes,
            blake3,
            key_id: self.bundle.id(),
            encrypted: self.encrypted,
        })
    }
}

/// Removes what a backup that was cut short has left.
fn remove_unfinished(dir: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(dir).map_err(StoreError::io("read", dir))? {
        let path = entry.map_err(StoreError::io("read", dir))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let ours = name.starts_with("lumbung-");
        if ours && (name.ends_with(".new") || name.ends_with(".new-journal")) {
            fs::remove_file(&path).map_err(StoreError::io("remove", &path))?;
        }
    }
    Ok(())
}

/// Copies the moment that `db` reads into a new file that needs no log beside it.
pub(crate) fn copy(
    db: &Connection,
    file: &Path,
    key: Option<&[u8; 32]>,
    progress: &mut dyn FnMut(u64, u64),
    cancel: &dyn Fn() -> bool,
) -> Result<(), StoreError> {
    // Reading once holds the moment: without it a sale between two steps would start all over.
    connect::schema(db)?;
    let mut target = connect(file, key, Role::Copy, true)?;
    {
        let backup = Backup::new(db, &mut target)?;
        while backup.step(STEP_PAGES)? != StepResult::Done {
            if cancel() {
                return Err(StoreError::Cancelled);
            }
            let at = backup.progress();
            let total = u64::try_from(at.pagecount).unwrap_or(0);
            progress(total - u64::try_from(at.remaining).unwrap_or(0).min(total), total);
        }
    }
    target.execute_batch("pragma journal_mode = delete")?;
    target.close().map_err(|(_, error)| error)?;
    let copied = File::open(file).and_then(|file| file.sync_all());
    copied.map_err(StoreError::io("write", file))
}

/// `lumbung-20261120T083000Z.db`, or `-2`, `-3` … when that second has one.
fn free_name(dir: &Path, at_ms: i64) -> PathBuf {
    let stem = format!("lumbung-{}", stamp(at_ms));
    let mut n = 1;
    loop {
        let name = if n == 1 { format!("{stem}.db") } else { format!("{stem}-{n}.db") };
        let file = dir.join(name);
        if !file.exists() {
            return file;
        }
        n += 1;
    }
}

/// A moment as it stands in file names.
pub(crate) fn stamp(at_ms: i64) -> String {
    DateTime::from_timestamp_millis(at_ms)
        .map_or_else(|| at_ms.to_string(), |at| at.format("%Y%m%dT%H%M%SZ").to_string())
}

fn fingerprint(file: &Path) -> Result<(u64, String), StoreError> {
    let mut hasher = blake3::Hasher::new();
    let mut open = File::open(file).map_err(StoreError::io("read", file))?;
    hasher.update_reader(&mut open).map_err(StoreError::io("read", file))?;
    Ok((hasher.count(), hasher.finalize().to_hex().to_string()))
}

fn write_manifest(file: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    let text = serde_json::to_vec_pretty(manifest)
        .map_err(|error| StoreError::codec("a backup manifest", error))?;
    write_whole(&file.with_extension("json"), &text, false)
}

fn copy_second(backup: &BackupFile, folder: &Path) -> Result<PathBuf, StoreError> {
    fs::create_dir_all(folder).map_err(StoreError::io("make the folder", folder))?;
    remove_unfinished(folder)?;
    let name = backup.file.file_name().unwrap_or_default();
    let target = folder.join(name);
    let fresh = target.with_extension(UNFINISHED);
    fs::copy(&backup.file, &fresh).map_err(StoreError::io("copy to", &fresh))?;
    let synced = File::open(&fresh).and_then(|file| file.sync_all());
    synced.map_err(StoreError::io("write", &fresh))?;
    if fingerprint(&fresh)?.1 != backup.manifest.blake3 {
        let detail = "the copy is not what was copied".to_owned();
        return Err(StoreError::Backup { file: fresh, detail });
    }
    write_manifest(&target, &backup.manifest)?;
    fs::rename(&fresh, &target).map_err(StoreError::io("put in place", &target))?;
    sync_folder_of(&target)?;
    Ok(target)
}

/// The wrapped key goes where the backups go: without it they are of no use when the machine is
/// gone.
fn copy_recovery_key(from: &Path, to: &Path) -> Result<(), StoreError> {
    let key = from.join(RECOVERY_KEY);
    match fs::read(&key) {
        Ok(bytes) => write_whole(&to.join(RECOVERY_KEY), &bytes, true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(StoreError::io("read", &key)(error)),
    }
}

/// The backups in a folder, newest first. A file without a readable manifest is not one.
pub fn list(dir: &Path) -> Result<Vec<BackupFile>, StoreError> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(StoreError::io("read", dir)(error)),
    };
    for entry in entries {
        let file = entry.map_err(StoreError::io("read", dir))?.path();
        if file.extension().is_some_and(|ending| ending == "db")
            && let Ok(manifest) = read_manifest(&file)
        {
            found.push(BackupFile { file, manifest });
        }
    }
    found.sort_by(|a, b| (b.manifest.made_at_ms, &b.file).cmp(&(a.manifest.made_at_ms, &a.file)));
    Ok(found)
}

/// The backups of a data folder, newest first.
pub fn list_of(dir: &Path) -> Result<Vec<BackupFile>, StoreError> {
    list(&Folder::new(dir).backups())
}

fn read_manifest(file: &Path) -> Result<Manifest, StoreError> {
    let path = file.with_extension("json");
    let text = fs::read(&path).map_err(StoreError::io("read", &path))?;
    serde_json::from_slice(&text).map_err(|error| StoreError::codec("a backup manifest", error))
}

fn prune(dir: &Path, now: i64, policy: &BackupPolicy) -> Result<Vec<PathBuf>, StoreError> {
    let backups = list(dir)?;
    let made: Vec<i64> = backups.iter().map(|backup| backup.manifest.made_at_ms).collect();
    let mut removed = Vec::new();
    for (backup, kept) in backups.iter().zip(keep(&made, now, policy)) {
        if kept {
            continue;
        }
        let manifest = backup.file.with_extension("json");
        fs::remove_file(&backup.file).map_err(StoreError::io("remove", &backup.file))?;
        fs::remove_file(&manifest).map_err(StoreError::io("remove", &manifest))?;
        removed.push(backup.file.clone());
    }
    Ok(removed)
}
