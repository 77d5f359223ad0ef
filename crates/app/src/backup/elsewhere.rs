//! The day the machine is gone: the key of the data under a passphrase, and a backup brought to
//! another machine with it.
//!
//! **Invariant:** a passphrase is used and forgotten: it is in no commit, no log and no answer.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use lumbung_sync::backup::{RECOVERY_KEY, list};
use lumbung_sync::export;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::App;
use crate::door::{Nothing, Task};
use crate::error::{Refusal, Result, refuse_at, refuse_field};
use crate::start::{self, StartStatus};
use crate::users;

/// The recovery key of this data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecoveryKey {
    /// The file, once there is one.
    pub file: Option<String>,
    /// When it was made, UTC milliseconds.
    pub made_at: Option<i64>,
    /// The fewest characters of a passphrase.
    pub passphrase_min: u32,
}

/// A passphrase that is to protect something; without `Debug`, so that no log can show it.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Passphrase {
    /// What the owner will remember.
    pub passphrase: String,
}

/// A file and the passphrase that protects it.
#[derive(Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Protected {
    /// The path.
    pub file: String,
    /// What the owner remembers.
    pub passphrase: String,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Written {
    /// The path.
    pub file: String,
    /// Its size.
    pub bytes: u64,
}

/// The recovery key there is, if any.
pub fn recovery_key(app: &App) -> RecoveryKey {
    let file = app.dir().join("backups").join(RECOVERY_KEY);
    let made = fs::metadata(&file).and_then(|data| data.modified()).ok();
    let made = made.and_then(|made| made.duration_since(UNIX_EPOCH).ok());
    RecoveryKey {
        file: made.map(|_| file.display().to_string()),
        made_at: made.and_then(|made| i64::try_from(made.as_millis()).ok()),
        passphrase_min: u32::try_from(export::PASSPHRASE_MIN).unwrap_or(u32::MAX),
    }
}

/// `backup.recovery_key`: the recovery key there is.
pub fn state(task: Task, _: Nothing) -> Result<RecoveryKey> {
    super::allowed(&task)?;
    Ok(recovery_key(&task.app))
}

/// `backup.make_recovery_key`: puts the key of the data under a passphrase beside the backups. The
/// passphrase of before no longer opens it.
pub fn make(task: Task, given: Passphrase) -> Result<RecoveryKey> {
    let store = task.app.store()?;
    export::write_recovery_key(&store, &given.passphrase).map_err(at_passphrase)?;
    users::note(&task.app, &task.actor, "recovery_key", "")?;
    Ok(recovery_key(&task.app))
}

/// `backup.export`: writes the data and its key into one file under a passphrase, for another
/// machine.
pub fn export_file(task: Task, given: Protected) -> Result<Written> {
    let store = task.app.store()?;
    export::export(&store, Path::new(&given.file), &given.passphrase).map_err(at_passphrase)?;
    users::note(&task.app, &task.actor, "data_exported", &given.file)?;
    let bytes = fs::metadata(&given.file).map_or(0, |data| data.len());
    Ok(Written { file: given.file, bytes })
}

/// Brings a company into an empty data folder: from a backup with its recovery key beside it, or
/// from an exported file.
pub fn bring(app: &App, file: &Path, passphrase: &str) -> Result<()> {
    start::must_be_empty(app)?;
    if !file.is_file() {
        let shown = file.display();
        return Err(refuse_field!(
            "file",
            "no_such_file",
            "There is no file {file}.",
            file = shown
        ));
    }
    let is_backup = file
        .parent()
        .and_then(|folder| list(folder).ok())
        .is_some_and(|all| all.iter().any(|backup| backup.file == file));
    let has_key = file.with_file_name(RECOVERY_KEY).is_file();
    if is_backup && !has_key {
        return Err(refuse_field!(
            "file",
            "recovery_key_missing",
            "The file {key} is missing beside this backup. Copy it into the same folder: without \
             it the backup cannot be read.",
            key = RECOVERY_KEY
        ));
    }
    if has_key && !is_backup && file.extension().is_some_and(|extension| extension == "db") {
        let manifest = file.with_extension("json");
        return Err(refuse_field!(
            "file",
            "manifest_missing",
            "The file {manifest} is missing beside this backup. Copy it into the same folder.",
            manifest = manifest.file_name().unwrap_or_default().to_string_lossy()
        ));
    }
    let (dir, keys) = (app.dir(), app.store_config().keys);
    let brought = if is_backup {
        export::restore_elsewhere(file, passphrase, dir, &keys)
    } else {
        export::import(file, passphrase, dir, &keys)
    };
    brought.map_err(at_passphrase)?;
    app.reopen();
    match app.trouble() {
        None => Ok(()),
        Some(trouble) => Err(Refusal::new("store_closed", trouble.to_string()).into()),
    }
}

/// `start.bring`: brings a company from a backup or an exported file to this machine.
pub fn bring_here(task: Task, given: Protected) -> Result<StartStatus> {
    bring(&task.app, &PathBuf::from(given.file), &given.passphrase)?;
    Ok(start::status_of(&task.app))
}

/// A refusal of a passphrase or a file, at the field that mends it.
fn at_passphrase(error: lumbung_sync::StoreError) -> crate::error::Error {
    use lumbung_sync::StoreError::{Backup, FileExists, Passphrase, PassphraseShort};

    use crate::error::Say;
    match error {
        Passphrase | PassphraseShort { .. } => refuse_at("passphrase", error.said()),
        FileExists { .. } | Backup { .. } => refuse_at("file", error.said()),
        other => other.into(),
    }
}
