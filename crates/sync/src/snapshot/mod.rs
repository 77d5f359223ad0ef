//! A snapshot: the rows of some scopes as the log had them at one place, in one file to start from.
//!
//! The file is a plain SQLite database compressed with zstd. It holds every synced row of its
//! scopes with its place in the log and its clocks, the audit trail of masters, how far each origin
//! was read, and what it is: `snapshot_about`, `snapshot_cursor`. What is derived is not in it; the
//! triggers and the application make it where the rows go in.
//!
//! **Invariant:** a snapshot is used only after its rows were found to have the hash it names.

mod make;
mod rebase;
mod salvage;
mod start;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

pub(crate) use rebase::rebase;
pub use start::NewStore;

use crate::catalogue::Catalogue;
use crate::commit::Hash;
use crate::connect::{self, Role, connect};
use crate::error::StoreError;
use crate::fingerprint;
use crate::folder::random;
use crate::protocol::Cursor;
use crate::row::Key;

const VERSION: u32 = 1;
const LEVEL: i32 = 3;
const WHAT: &str = "a snapshot";

/// What a snapshot holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotManifest {
    /// The version of this layout.
    pub version: u32,
    /// The company.
    pub company: Key,
    /// The company's log.
    pub log_id: Key,
    /// The schema of its tables.
    pub schema: u32,
    /// Its scopes, and where the log stands in each.
    pub cursors: Vec<Cursor>,
    /// How many synced rows it has.
    pub rows: u64,
    /// The fingerprint of the rows: see [`crate::Store::fingerprint`].
    pub hash: Hash,
    /// The size of the file.
    pub bytes: u64,
    /// The BLAKE3 hash of the file.
    pub blake3: Hash,
}

/// A file that is gone when this is: the rows lie in it without encryption.
struct Plain {
    path: PathBuf,
}

impl Plain {
    fn in_folder(dir: &Path) -> Result<Plain, StoreError> {
        forget_leftovers(dir)?;
        let mut name = [0; 6];
        random(&mut name);
        let name = crate::error::hex(&name);
        let path = dir.join(format!("{LEFTOVER}{name}.db"));
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).map_err(StoreError::io("make", &path))?;
        Ok(Plain { path })
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::error!(%error, path = %self.path.display(), "a plain snapshot stays");
        }
    }
}

const LEFTOVER: &str = "snapshot-plain-";

/// Removes what a snapshot that was cut short has left.
pub(crate) fn forget_leftovers(dir: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(dir).map_err(StoreError::io("read", dir))? {
        let path = entry.map_err(StoreError::io("read", dir))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(LEFTOVER) {
            fs::remove_file(&path).map_err(StoreError::io("remove", &path))?;
        }
    }
    Ok(())
}

/// A snapshot that was unpacked and proved.
struct Unpacked {
    plain: Plain,
    company: Key,
    log_id: Key,
    schema: u32,
    hlc: u64,
    cursors: Vec<Cursor>,
}

impl Unpacked {
    /// Unpacks a snapshot into the folder and proves that it is whole.
    fn open(file: &Path, dir: &Path, catalogue: &Catalogue) -> Result<Unpacked, StoreError> {
        let plain = Plain::in_folder(dir)?;
        let packed = File::open(file).map_err(StoreError::io("open", file))?;
        let mut out = File::options()
            .write(true)
            .open(&plain.path)
            .map_err(StoreError::io("open", &plain.path))?;
        zstd::stream::copy_decode(packed, &mut out).map_err(StoreError::io("unpack", file))?;
        drop(out);
        let db = connect(&plain.path, None, Role::Copy, false)?;
        connect::quick_check(&db)?;
        let (version, company, log_id, schema, hlc, hash) = db.query_row(
            "select version, company, log_id, schema, hlc, hash from snapshot_about",
            [],
            |row| {
                let hlc = row.get::<_, i64>(4)?.cast_unsigned();
                Ok((row.get::<_, u32>(0)?, row.get(1)?, row.get(2)?, row.get(3)?, hlc, row.get(5)?))
            },
        )?;
        if version != VERSION {
            return Err(StoreError::Newer { found: version, known: VERSION });
        }
        let mut statement =
            db.prepare("select scope, seq, witness from snapshot_cursor order by scope")?;
        let cursors = statement.query_map([], |row| {
            let seq = row.get::<_, i64>(1)?.cast_unsigned();
            Ok(Cursor { scope: row.get(0)?, seq, witness: row.get(2)? })
        })?;
        let cursors = cursors.collect::<rusqlite::Result<Vec<Cursor>>>()?;
        let unpacked = Unpacked { plain, company, log_id, schema, hlc, cursors };
        unpacked.prove(&db, catalogue, &hash)?;
        Ok(unpacked)
    }

    fn prove(&self, db: &Connection, known: &Catalogue, hash: &Hash) -> Result<(), StoreError> {
        let found = fingerprint::of(db, "main", known, &self.scopes()).map_err(|error| {
            StoreError::codec(WHAT, format!("its tables are not those of this version: {error}"))
        })?;
        if found == *hash {
            return Ok(());
        }
        Err(StoreError::codec(WHAT, "its rows are not those it was made of"))
    }

    fn scopes(&self) -> Vec<u32> {
        self.cursors.iter().map(|cursor| cursor.scope).collect()
    }

    /// Refuses a snapshot of other books or of another version: a newer one may hold rows that this
    /// version would lose.
    fn belongs(&self, company: &Key, log_id: &Key, schema: u32) -> Result<(), StoreError> {
        if self.schema > schema {
            return Err(StoreError::Newer { found: self.schema, known: schema });
        }
        if (&self.company, &self.log_id) != (company, log_id) {
            return Err(StoreError::codec(WHAT, "it is of another company or log"));
        }
        Ok(())
    }

    /// Makes the tables of the snapshot readable as `snap` on this connection.
    fn attach(&self, db: &Connection) -> Result<(), StoreError> {
        attach(db, &self.plain.path)
    }
}

fn attach(db: &Connection, path: &Path) -> Result<(), StoreError> {
    db.execute("attach database ?1 as snap key ''", [path.to_string_lossy()])?;
    Ok(())
}
