//! What can go wrong with the store, in sentences a shopkeeper can act on.
//!
//! **Invariant:** a damaged file, a full disk and a missing key are told apart here, once, so that
//! no caller has to look at an SQLite result code.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Everything the store can refuse.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder holds no store.
    #[error("There is no Lumbung data in {}.", .dir.display())]
    Absent {
        /// The folder looked in.
        dir: PathBuf,
    },
    /// A store exists where a new one was to be made.
    #[error("{} already holds Lumbung data; it was left as it is.", .dir.display())]
    Exists {
        /// The folder that is taken.
        dir: PathBuf,
    },
    /// Another process has the store open.
    #[error("The data in {} is open in another Lumbung window or command. Close that one first.",
        .dir.display())]
    InUse {
        /// The folder that is in use.
        dir: PathBuf,
    },
    /// The key of the data cannot be found.
    #[error(
        "The key of this data is missing from {place}. Without it the data cannot be read: \
        bring the key back, or restore a backup exported with a passphrase."
    )]
    KeyMissing {
        /// Where the key was looked for.
        place: String,
    },
    /// A key was found, but it belongs to other data.
    #[error("The key found in {place} belongs to other data, so this data cannot be read with it.")]
    KeyWrong {
        /// Where the key was found.
        place: String,
    },
    /// The key store of the operating system refused.
    #[error("The key store of this computer refused: {detail}")]
    KeyStore {
        /// What it answered.
        detail: String,
    },
    /// The company's log, which must hold a change first, did not take it.
    #[error("The centre could not write this down, so nothing was changed. Try again: {detail}")]
    Log {
        /// What it answered.
        detail: String,
    },
    /// The passphrase does not open the exported file.
    #[error("This passphrase does not open the file, or the file is damaged.")]
    Passphrase,
    /// The passphrase is too short to protect anything.
    #[error("A passphrase has at least {least} characters.")]
    PassphraseShort {
        /// The fewest characters.
        least: usize,
    },
    /// A file that was to be made exists.
    #[error("{} exists already; it was left as it is.", .path.display())]
    FileExists {
        /// The file.
        path: PathBuf,
    },
    /// The database file cannot be trusted.
    #[error(
        "The data file is damaged: {detail}. Nothing was changed. Restore a backup, then \
        bring back what the damaged file still holds."
    )]
    Damaged {
        /// What was found.
        detail: String,
    },
    /// The data was written by a newer program.
    #[error(
        "This data was written by a newer version of Lumbung (schema {found}; this program \
        knows {known}). Install the newer version."
    )]
    Newer {
        /// The schema of the data.
        found: u32,
        /// The newest schema this program knows.
        known: u32,
    },
    /// A migration failed.
    #[error("The data could not be brought to this version: {detail}")]
    Migration {
        /// What refinery or SQLite answered.
        detail: String,
    },
    /// The disk is full.
    #[error("The disk is full. Nothing of this action was saved; free some space and try again.")]
    DiskFull,
    /// SQLite gave the action up by itself, and the action went on all the same.
    #[error("The database gave this action up: nothing of it was saved. Try again.")]
    GivenUp,
    /// A file could not be read or written.
    #[error("Could not {action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A row with this key is there already.
    #[error("{table} already holds a row with the key {key}.")]
    Duplicate {
        /// The table.
        table: &'static str,
        /// The key as hexadecimal digits.
        key: String,
    },
    /// The row to change is not there.
    #[error("{table} holds no row with the key {key}.")]
    NoRow {
        /// The table.
        table: &'static str,
        /// The key as hexadecimal digits.
        key: String,
    },
    /// A table was used that the catalogue of this store does not declare.
    #[error("the table {table} is not declared in the catalogue of this store")]
    Undeclared {
        /// The table.
        table: &'static str,
    },
    /// One action made more changes than one commit may hold.
    #[error(
        "One action may record at most {limit} bytes of changes; this one has {found}. \
        Split it."
    )]
    TooLarge {
        /// The size of the body.
        found: usize,
        /// The most a commit may hold.
        limit: usize,
    },
    /// Bytes that should be a commit, a body, a guard or a salvage file are not.
    #[error("These bytes cannot be read as {what}: {detail}")]
    Codec {
        /// What they should have been.
        what: &'static str,
        /// Why they are not.
        detail: String,
    },
    /// The declarations contradict each other or the database.
    #[error(transparent)]
    Catalogue(#[from] crate::CatalogueError),
    /// A backup could not be made or used.
    #[error("The backup {} cannot be used: {detail}", .file.display())]
    Backup {
        /// The backup file.
        file: PathBuf,
        /// Why not.
        detail: String,
    },
    /// What is derived from the rows could not be brought up to date.
    #[error("What is derived from the data could not be brought up to date: {detail}")]
    Derived {
        /// Why not.
        detail: String,
    },
    /// The caller asked to stop.
    #[error("Stopped as asked.")]
    Cancelled,
    /// SQLite refused for another reason.
    #[error("The database refused: {0}")]
    Sqlite(rusqlite::Error),
}

impl StoreError {
    /// An I/O error with what was tried and on which file.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
        let path = path.to_path_buf();
        move |source| {
            if source.kind() == io::ErrorKind::StorageFull {
                return StoreError::DiskFull;
            }
            StoreError::Io { action, path, source }
        }
    }

    /// A codec error.
    pub(crate) fn codec(what: &'static str, detail: impl ToString) -> StoreError {
        StoreError::Codec { what, detail: detail.to_string() }
    }

    /// A finding of damage.
    pub(crate) fn damaged(detail: impl Into<String>) -> StoreError {
        StoreError::Damaged { detail: detail.into() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StoreError::damaged(error.to_string())
            }
            Some(ErrorCode::DiskFull) => StoreError::DiskFull,
            _ => StoreError::Sqlite(error),
        }
    }
}

/// Bytes as lower-case hexadecimal digits, for messages and file names.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The reverse of [`hex`].
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.trim();
    if text.len() != N * 2 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; N];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(i * 2..i * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
