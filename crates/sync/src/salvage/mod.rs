//! Salvage: bringing what a damaged file still holds into a good one.
//!
//! [`salvage`] reads a damaged store page by page, however broken, and copies every commit whose
//! hash and signature hold into `salvage-<UTC>.lsv`. [`apply`] brings such a file into a store that
//! was restored from a backup, or a new one of the same company: commits it has already are passed
//! over, commits that follow on the closed chain are added to it as they are, and those behind a
//! gap are repeated under the store's own origin with the same rows.
//!
//! A salvage file is an SQLCipher database under the key of the store it came from, with two
//! tables: `salvage_origin` (origin, series, pubkey) and `salvage_commit` (origin, ctr, header,
//! body, hash, sig).
//!
//! **Invariant:** the damaged files are only read; applying a salvage file twice changes nothing.

mod bring_in;
mod cells;
mod pages;
mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, params};

pub use bring_in::{apply, apply_from};
use scan::{Entry, Known, Scan};

use crate::backup;
use crate::commit::{Origin, Sealed};
use crate::connect::{Role, connect};
use crate::error::StoreError;
use crate::folder::Folder;
use crate::guard::Guard;
use crate::keys::{self, Bundle, KeySource};

/// What one chain gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalvagedChain {
    /// The chain.
    pub origin: Origin,
    /// How many of its commits are in the file.
    pub found: u64,
    /// The first of them, or 0.
    pub from: u64,
    /// The last of them, or 0.
    pub to: u64,
    /// The commits between the first ever and the last known that are not, as ranges.
    pub missing: Vec<(u64, u64)>,
}

/// What salvage brought out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalvageReport {
    /// The salvage file.
    pub file: PathBuf,
    /// How many commits are in it.
    pub found: u64,
    /// How many were read but are not what their terminal signed; they are not in the file.
    pub broken: u64,
    /// How many are known to have been there and could not be brought out.
    pub lost: u64,
    /// Per chain.
    pub chains: Vec<SalvagedChain>,
}

/// What applying a salvage file did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SalvageApplied {
    /// Commits the store had already.
    pub already: u64,
    /// Commits added to their chain as they were.
    pub added: u64,
    /// Commits repeated under the store's own origin, because some before them are lost.
    pub repeated: u64,
    /// Of these, commits that wait for a newer version of the program.
    pub deferred: u64,
}

/// Reads the journal of the damaged store in `dir` and writes what holds to a salvage file there.
/// `progress` is told how many commits were read; `cancel` is asked whether to stop.
pub fn salvage(
    dir: &Path,
    keys: &KeySource,
    now_ms: i64,
    progress: &mut dyn FnMut(u64),
    cancel: &dyn Fn() -> bool,
) -> Result<SalvageReport, StoreError> {
    let folder = Folder::new(dir);
    if !folder.exists() {
        return Err(StoreError::Absent { dir: dir.to_path_buf() });
    }
    let _lock = folder.lock()?;
    let (found, node) = keys::find(&folder, keys)?;
    let key = node.encrypted.then_some(found.bundle.db);
    let scan = Scan::new(&folder.db(), key.as_ref(), cancel)?;
    let expected = Guard::expected(&folder.guard());
    let file = free_file(dir, now_ms);
    let mut target = SalvageFile::make(&file, &found.bundle)?;
    let mut read = 0;
    scan.every(&mut |entry| {
        read += 1;
        if read % 256 == 0 {
            if cancel() {
                return Err(StoreError::Cancelled);
            }
            progress(read);
        }
        target.take(entry, &scan.known)
    })
    .inspect_err(|_| {
        // Half a salvage file would look like a whole one.
        let _ = std::fs::remove_file(&file);
    })?;
    progress(read);
    target.finish(file, &scan.heads(expected), &scan.known)
}

fn free_file(dir: &Path, now_ms: i64) -> PathBuf {
    let stem = format!("salvage-{}", backup::stamp(now_ms));
    let names = std::iter::once(format!("{stem}.lsv"));
    let mut names = names.chain((2..).map(|n| format!("{stem}-{n}.lsv"))).map(|n| dir.join(n));
    names.find(|file| !file.exists()).expect("the names do not end")
}

/// A salvage file being written.
struct SalvageFile {
    conn: Connection,
    bundle: Bundle,
    taken: BTreeMap<Origin, BTreeSet<u64>>,
    broken: BTreeSet<(Origin, u64)>,
}

impl SalvageFile {
    fn make(file: &Path, bundle: &Bundle) -> Result<SalvageFile, StoreError> {
        let conn = connect(file, Some(&bundle.db), Role::Copy, true)?;
        conn.execute_batch(
            "create table salvage_origin (origin blob primary key, series text, pubkey blob);
             create table salvage_commit (origin blob, ctr integer, header blob, body blob,
                hash blob, sig blob, primary key (origin, ctr));
             begin;",
        )?;
        let (bundle, taken) = (bundle.clone(), BTreeMap::new());
        Ok(SalvageFile { conn, bundle, taken, broken: BTreeSet::new() })
    }

    /// Takes a commit if it is what its terminal signed.
    fn take(&mut self, entry: Entry, known: &BTreeMap<Origin, Known>) -> Result<(), StoreError> {
        let Entry { origin, ctr, sealed } = entry;
        if self.taken.get(&origin).is_some_and(|taken| taken.contains(&ctr)) {
            return Ok(());
        }
        let listed = known.get(&origin);
        let own = self.bundle.signing_key(&origin).verifying_key();
        let other = listed.and_then(|known| VerifyingKey::from_bytes(&known.pubkey).ok());
        let signed = |key: &VerifyingKey| {
            sealed.open(key).is_ok_and(|(header, _)| (header.origin, header.ctr) == (origin, ctr))
        };
        // The list may be damaged too, and the store's own keys are known without it.
        let Some(key) = other.into_iter().chain([own]).find(signed) else {
            tracing::debug!(ctr, "a commit is not what was signed");
            self.broken.insert((origin, ctr));
            return Ok(());
        };
        if !self.taken.contains_key(&origin) {
            let series = listed.map_or("", |known| known.series.as_str());
            self.conn.execute(
                "insert into salvage_origin (origin, series, pubkey) values (?1, ?2, ?3)",
                params![origin, series, key.as_bytes()],
            )?;
        }
        self.taken.entry(origin).or_default().insert(ctr);
        let Sealed { header, body, hash, sig } = sealed;
        self.conn
            .prepare_cached(
                "insert into salvage_commit (origin, ctr, header, body, hash, sig)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![origin, ctr.cast_signed(), header, body, hash, sig])?;
        Ok(())
    }

    fn finish(
        self,
        file: PathBuf,
        heads: &BTreeMap<Origin, u64>,
        known: &BTreeMap<Origin, Known>,
    ) -> Result<SalvageReport, StoreError> {
        self.conn.execute_batch("commit")?;
        self.conn.close().map_err(|(_, error)| error)?;
        let origins: BTreeSet<Origin> = self.taken.keys().chain(heads.keys()).copied().collect();
        let none = BTreeSet::new();
        let taken = |origin: &Origin| self.taken.get(origin).unwrap_or(&none);
        let broken = self.broken.iter().filter(|(origin, ctr)| !taken(origin).contains(ctr));
        let broken = broken.count() as u64;
        let mut report = SalvageReport { file, found: 0, broken, lost: 0, chains: Vec::new() };
        for origin in origins {
            let taken = taken(&origin);
            let to = taken.last().copied().unwrap_or(0);
            let last = heads.get(&origin).copied().unwrap_or(0).max(to);
            let pruned = known.get(&origin).map_or(0, |known| known.pruned_ctr);
            let missing = gaps(taken, pruned, last);
            report.found += taken.len() as u64;
            report.lost += missing.iter().map(|(from, to)| to - from + 1).sum::<u64>();
            report.chains.push(SalvagedChain {
                origin,
                found: taken.len() as u64,
                from: taken.first().copied().unwrap_or(0),
                to,
                missing,
            });
        }
        Ok(report)
    }
}

/// The ranges after `pruned` and up to `last` that are not in the set.
fn gaps(taken: &BTreeSet<u64>, pruned: u64, last: u64) -> Vec<(u64, u64)> {
    let mut gaps = Vec::new();
    let mut next = pruned + 1;
    for &ctr in taken.range(next..) {
        if ctr > next {
            gaps.push((next, ctr - 1));
        }
        next = ctr + 1;
    }
    if next <= last {
        gaps.push((next, last));
    }
    gaps
}
