//! The guard: a small file beside the database that remembers how far the database had come.
//!
//! A database file put back from an older copy would use its counters again, and commits of two
//! histories would carry one name. The guard notices before the first write: it reserves counters
//! ahead (synced to disk once in [`RESERVE`] commits) and notes the exact head after every commit
//! (not synced: that note survives a killed process, and a lost one only makes the guard milder).
//!
//! **Invariant:** no commit becomes durable with a counter beyond the reserved one, and the exact
//! note is never ahead of the database, so a database behind either is an older one.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::commit::{CommitRef, Hash, Origin};
use crate::error::StoreError;

/// How many counters are reserved ahead.
pub const RESERVE: u64 = 64;

const MAGIC: &[u8; 8] = b"LBGUARD1";
const SLOT: u64 = 512;
const RECORD: usize = 8 + 16 + 8 + 8 + 32 + 32 + 32;
/// Two places for the reservation, so that a torn write leaves the other; one for the exact note.
const RESERVED_AT: [u64; 2] = [0, SLOT];
const EXACT_AT: u64 = 2 * SLOT;

/// Why a store must take a new origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The guard is not there: a restore, or a copied database.
    NoGuard,
    /// The database has fewer commits than it had.
    Older {
        /// The last commit in the database.
        found: u64,
        /// The least it must have had.
        expected: u64,
    },
    /// The database continues another history.
    OtherHistory,
    /// The folder was copied or moved to another place or machine.
    OtherPlace,
}

impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Doubt::NoGuard => write!(f, "a backup was put in place, or the guard file is missing"),
            Doubt::Older { found, expected } => write!(
                f,
                "the data ends at entry {found}, but it had reached at least {expected}: an older \
                 copy was put in place"
            ),
            Doubt::OtherHistory => write!(f, "the data continues another history"),
            Doubt::OtherPlace => write!(f, "the data was copied or moved to another place"),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Record {
    origin: Origin,
    ctr: u64,
    reserved: u64,
    head: Hash,
    machine: [u8; 32],
}

impl Record {
    fn encode(&self) -> [u8; RECORD] {
        let mut bytes = [0; RECORD];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..24].copy_from_slice(&self.origin);
        bytes[24..32].copy_from_slice(&self.ctr.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.reserved.to_le_bytes());
        bytes[40..72].copy_from_slice(&self.head);
        bytes[72..104].copy_from_slice(&self.machine);
        let sum = blake3::hash(&bytes[..104]);
        bytes[104..].copy_from_slice(sum.as_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Record> {
        let (fields, rest) = bytes.split_at_checked(104)?;
        if rest.get(..32)? != blake3::hash(fields).as_bytes() {
            return None;
        }
        let (magic, fields) = fields.split_first_chunk::<8>()?;
        let (origin, fields) = fields.split_first_chunk::<16>()?;
        let (ctr, fields) = fields.split_first_chunk::<8>()?;
        let (reserved, fields) = fields.split_first_chunk::<8>()?;
        let (head, fields) = fields.split_first_chunk::<32>()?;
        let (machine, _) = fields.split_first_chunk::<32>()?;
        (magic == MAGIC).then_some(Record {
            origin: *origin,
            ctr: u64::from_le_bytes(*ctr),
            reserved: u64::from_le_bytes(*reserved),
            head: *head,
            machine: *machine,
        })
    }
}

/// The reservation and the exact note of a guard file, as far as they are whole.
fn read(path: &Path) -> Result<(Option<Record>, Option<Record>), StoreError> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => {
            let mut whole = file.take(4 * SLOT);
            whole.read_to_end(&mut bytes).map_err(StoreError::io("read", path))?;
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((None, None)),
        Err(error) => return Err(StoreError::io("read", path)(error)),
    }
    let at = |offset: u64| Record::decode(bytes.get(usize::try_from(offset).ok()?..)?);
    let reserved = RESERVED_AT.iter().filter_map(|&offset| at(offset));
    Ok((reserved.max_by_key(|record| record.reserved), at(EXACT_AT)))
}

/// The guard of an open store.
#[derive(Debug)]
pub(crate) struct Guard {
    file: File,
    path: PathBuf,
    machine: [u8; 32],
    reserved: u64,
    turn: usize,
}

impl Guard {
    /// What speaks against going on under the origin of `head`, if anything does. `hash_at` gives
    /// the hash of a commit of that origin which the database holds.
    pub fn doubt(
        path: &Path,
        machine: &[u8; 32],
        head: &CommitRef,
        hash_at: impl FnOnce(u64) -> Result<Option<Hash>, StoreError>,
    ) -> Result<Option<Doubt>, StoreError> {
        let (reserved, exact) = read(path)?;
        let Some(reserved) = reserved else {
            return Ok(Some(Doubt::NoGuard));
        };
        if reserved.origin != head.origin {
            return Ok(Some(Doubt::OtherHistory));
        }
        if reserved.machine != *machine {
            return Ok(Some(Doubt::OtherPlace));
        }
        let least = reserved.ctr;
        let exact = exact.filter(|record| record.origin == head.origin);
        let expected = exact.map_or(least, |record| record.ctr.max(least));
        if head.ctr < expected {
            return Ok(Some(Doubt::Older { found: head.ctr, expected }));
        }
        if head.ctr > reserved.reserved {
            return Ok(Some(Doubt::OtherHistory));
        }
        if let Some(record) = exact
            && record.ctr > 0
            && hash_at(record.ctr)? != Some(record.head)
        {
            return Ok(Some(Doubt::OtherHistory));
        }
        Ok(None)
    }

    /// The least that the database must hold, as far as the guard can say.
    pub fn expected(path: &Path) -> Option<CommitRef> {
        let (reserved, exact) = read(path).ok()?;
        let record = exact.or(reserved)?;
        Some(CommitRef { origin: record.origin, ctr: record.ctr, hash: record.head })
    }

    /// Starts guarding from `head` on.
    pub fn start(path: &Path, machine: [u8; 32], head: &CommitRef) -> Result<Guard, StoreError> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)
            .map_err(StoreError::io("open", path))?;
        let mut guard = Guard { file, path: path.to_path_buf(), machine, reserved: 0, turn: 0 };
        // Both places, so that no reservation of another origin is left; the second write also
        // leaves the first intact should it be torn.
        guard.reserve(head, head.ctr + 1)?;
        guard.reserve(head, head.ctr + 1)?;
        guard.note(head)?;
        crate::folder::sync_folder_of(path)?;
        Ok(guard)
    }

    /// Makes sure that the counters up to `last` are reserved; `head` is what is durable now.
    pub fn before_commit(&mut self, head: &CommitRef, last: u64) -> Result<(), StoreError> {
        if last <= self.reserved {
            return Ok(());
        }
        self.reserve(head, last)
    }

    fn reserve(&mut self, head: &CommitRef, last: u64) -> Result<(), StoreError> {
        let reserved = last + RESERVE - 1;
        self.put(RESERVED_AT[self.turn % 2], head, reserved)?;
        self.file.sync_data().map_err(StoreError::io("write", &self.path))?;
        self.turn += 1;
        self.reserved = reserved;
        Ok(())
    }

    /// Notes the head that is durable now.
    pub fn note(&mut self, head: &CommitRef) -> Result<(), StoreError> {
        self.put(EXACT_AT, head, self.reserved)
    }

    fn put(&mut self, at: u64, head: &CommitRef, reserved: u64) -> Result<(), StoreError> {
        let record = Record {
            origin: head.origin,
            ctr: head.ctr,
            reserved,
            head: head.hash,
            machine: self.machine,
        };
        self.file
            .seek(SeekFrom::Start(at))
            .and_then(|_| self.file.write_all(&record.encode()))
            .map_err(StoreError::io("write", &self.path))
    }
}
