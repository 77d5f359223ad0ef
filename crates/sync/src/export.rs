//! Another machine: the data and its key in one file under a passphrase, or the key alone beside
//! the backups, for the day the machine is gone.
//!
//! Both are SQLCipher databases. Their key is Argon2id of the passphrase and of the sixteen bytes
//! the file begins with; the table `export_secret` inside holds the store's own key. What is
//! unpacked elsewhere goes on under another origin and series, like a restored backup.
//!
//! **Invariant:** nothing of the data or the key can be read from the file without the passphrase.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::backup::{RECOVERY_KEY, check_with};
use crate::connect::{self, Role, connect};
use crate::error::{StoreError, hex};
use crate::folder::{Folder, random, write_whole};
use crate::keys::{self, Bundle, KeySource, Warning};
use crate::store::Store;

/// The fewest characters of a passphrase.
pub const PASSPHRASE_MIN: usize = 12;

/// Argon2id: 64 MiB, three passes, one lane.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const STEP_PAGES: i32 = 2_000;

/// What a file is opened with: a key, and the salt it begins with.
struct FileKey {
    key: [u8; 32],
    salt: [u8; 16],
}

impl FileKey {
    fn new(passphrase: &str, salt: [u8; 16]) -> Result<FileKey, StoreError> {
        let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32))
            .expect("the parameters are within what Argon2 allows");
        let mut key = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), &salt, &mut key)
            .map_err(|error| StoreError::codec("a passphrase", error))?;
        Ok(FileKey { key, salt })
    }

    /// A fresh one for a passphrase worth the name.
    fn fresh(passphrase: &str) -> Result<FileKey, StoreError> {
        if passphrase.chars().count() < PASSPHRASE_MIN {
            return Err(StoreError::PassphraseShort { least: PASSPHRASE_MIN });
        }
        let mut salt = [0; 16];
        random(&mut salt);
        FileKey::new(passphrase, salt)
    }

    /// The one of an existing file.
    fn of(file: &Path, passphrase: &str) -> Result<FileKey, StoreError> {
        let mut salt = [0; 16];
        let mut open = File::open(file).map_err(StoreError::io("open", file))?;
        open.read_exact(&mut salt).map_err(|_| StoreError::Passphrase)?;
        FileKey::new(passphrase, salt)
    }

    fn connect(&self, file: &Path) -> Result<Connection, StoreError> {
        let conn = Connection::open(file)?;
        let pragma = format!("pragma key = \"x'{}{}'\"", hex(&self.key), hex(&self.salt));
        conn.execute_batch(&pragma)?;
        conn.execute_batch("pragma cipher_log_level = none; pragma temp_store = memory;")?;
        Ok(conn)
    }
}

/// Writes the store and its key to `file`, which must not exist yet.
pub fn export(store: &Store, file: &Path, passphrase: &str) -> Result<(), StoreError> {
    let key = FileKey::fresh(passphrase)?;
    if file.exists() {
        return Err(StoreError::FileExists { path: file.to_path_buf() });
    }
    if !store.encrypted {
        return Err(StoreError::codec("an export", "the data is not encrypted"));
    }
    let written = store.read(|db| {
        connect::schema(db)?;
        let mut target = key.connect(file)?;
        copy_all(db, &mut target)?;
        put_secret(target, &store.bundle)?;
        let synced = File::open(file).and_then(|file| file.sync_all());
        synced.map_err(StoreError::io("write", file))
    });
    written.inspect_err(|_| {
        // Half an export is worse than none.
        let _ = fs::remove_file(file);
    })
}

/// Unpacks an exported file into an empty folder, and puts its key where `keys` says.
pub fn import(
    file: &Path,
    passphrase: &str,
    dir: &Path,
    keys: &KeySource,
) -> Result<Vec<Warning>, StoreError> {
    let folder = Folder::new(dir);
    folder.make()?;
    let _lock = folder.lock()?;
    if folder.exists() {
        return Err(StoreError::Exists { dir: dir.to_path_buf() });
    }
    let source = FileKey::of(file, passphrase)?.connect(file)?;
    let bundle = secret(&source)?;
    let fresh = folder.clear_fresh_db()?;
    let mut target = connect(&fresh, Some(&bundle.db), Role::Copy, true)?;
    copy_all(&source, &mut target)?;
    // The key must not stay beside the data it opens.
    target.execute_batch("drop table export_secret; pragma journal_mode = delete; vacuum;")?;
    connect::quick_check(&target)?;
    connect::check_head(&target)?;
    target.close().map_err(|(_, error)| error)?;
    settle(&folder, keys, bundle, &fresh)
}

/// Puts the key of the store under a passphrase beside its backups; from then on every copy in the
/// second folder has it too. A new passphrase replaces the one before.
pub fn write_recovery_key(store: &Store, passphrase: &str) -> Result<PathBuf, StoreError> {
    let key = FileKey::fresh(passphrase)?;
    let dir = store.folder.backups();
    fs::create_dir_all(&dir).map_err(StoreError::io("make the folder", &dir))?;
    let path = dir.join(RECOVERY_KEY);
    let fresh = dir.join("recovery.lkey.new");
    remove_if_there(&fresh)?;
    put_secret(key.connect(&fresh)?, &store.bundle)?;
    let bytes = fs::read(&fresh).map_err(StoreError::io("read", &fresh))?;
    write_whole(&path, &bytes, true)?;
    remove_if_there(&fresh)?;
    Ok(path)
}

/// Puts a backup into an empty folder of another machine, with the key that lies beside it.
pub fn restore_elsewhere(
    backup: &Path,
    passphrase: &str,
    dir: &Path,
    keys: &KeySource,
) -> Result<Vec<Warning>, StoreError> {
    let folder = Folder::new(dir);
    folder.make()?;
    let _lock = folder.lock()?;
    if folder.exists() {
        return Err(StoreError::Exists { dir: dir.to_path_buf() });
    }
    let recovery = backup.with_file_name(RECOVERY_KEY);
    let bundle = secret(&FileKey::of(&recovery, passphrase)?.connect(&recovery)?)?;
    check_with(&bundle, backup)?;
    let fresh = folder.clear_fresh_db()?;
    fs::copy(backup, &fresh).map_err(StoreError::io("copy to", &fresh))?;
    settle(&folder, keys, bundle, &fresh)
}

/// Puts the key away and the data in place; the next open takes another origin.
fn settle(
    folder: &Folder,
    keys: &KeySource,
    bundle: Bundle,
    fresh: &Path,
) -> Result<Vec<Warning>, StoreError> {
    let (found, node) = keys::put_away(folder, keys, bundle, true)?;
    folder.write_node(&node)?;
    folder.put_db(fresh)?;
    Ok(found.warnings)
}

fn put_secret(target: Connection, bundle: &Bundle) -> Result<(), StoreError> {
    target.execute_batch(
        "pragma journal_mode = delete;
         create table export_secret (words text not null) strict;",
    )?;
    target.execute("insert into export_secret values (?1)", [bundle.to_words()])?;
    target.close().map_err(|(_, error)| error.into())
}

fn secret(source: &Connection) -> Result<Bundle, StoreError> {
    let words: String = source
        .query_row("select words from export_secret", [], |row| row.get(0))
        .map_err(|_| StoreError::Passphrase)?;
    Bundle::from_words(&words).ok_or(StoreError::Passphrase)
}

fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

fn copy_all(source: &Connection, target: &mut Connection) -> Result<(), StoreError> {
    let backup = Backup::new(source, target)?;
    while backup.step(STEP_PAGES)? != StepResult::Done {}
    Ok(())
}
