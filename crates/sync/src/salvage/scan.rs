//! Reading a damaged database as far as it goes.
//!
//! The schema, the roots and the inner pages of the tables may all be gone, so nothing is looked up
//! through them: every page is read, and the rows that matter are recognised by their columns.
//!
//! **Invariant:** a commit is found when the page it is on and those its end is on can be read,
//! whatever else is broken; the damaged files are never written to, and the search always ends.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Row;

use super::cells::{Cell, Tree, Value, cells};
use super::pages::Pages;
use crate::commit::{CommitRef, Origin, Sealed};
use crate::error::StoreError;

/// The columns of `sync_journal` up to the signature.
const JOURNAL: [&str; 10] = ["n", "16", "i", "i", "i", "t", "b", "b", "32", "64"];
/// The columns of `sync_self` up to the clock.
const NODE: [&str; 10] = ["n", "16", "16", "t", "t", "i", "16", "i", "32", "i"];
/// The columns of `sync_origin` up to the last hash, and the place of `pruned_ctr`.
const ORIGIN: [&str; 6] = ["16", "t", "32", "i", "i", "32"];
const ORIGIN_PRUNED: usize = 10;
/// After so many pages it is asked whether to stop.
const PATIENCE: u32 = 256;

/// What the damaged store knows of a chain.
pub(super) struct Known {
    pub series: String,
    pub pubkey: [u8; 32],
    last_ctr: u64,
    /// Up to which the centre and its backup have it, and the journal has let it go.
    pub pruned_ctr: u64,
}

/// One commit as a journal holds it.
pub(super) struct Entry {
    pub origin: Origin,
    pub ctr: u64,
    pub sealed: Sealed,
}

impl Entry {
    /// Reads `origin, ctr, header, body, hash, sig` of a salvage file.
    pub fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
        Ok(Entry {
            origin: row.get(0)?,
            ctr: row.get::<_, i64>(1)?.cast_unsigned(),
            sealed: Sealed {
                header: row.get(2)?,
                body: row.get(3)?,
                hash: row.get(4)?,
                sig: row.get(5)?,
            },
        })
    }

    fn of(values: &[Value<'_>]) -> Option<Entry> {
        let [_, origin, ctr, _, _, _, header, body, hash, sig, ..] = values else { return None };
        let sealed = Sealed {
            header: blob(header)?.to_vec(),
            body: blob(body)?.to_vec(),
            hash: sized(hash)?,
            sig: sized(sig)?,
        };
        Some(Entry { origin: sized(origin)?, ctr: count(ctr)?, sealed })
    }
}

/// A damaged database that was looked through once.
pub(super) struct Scan {
    pages: Pages,
    /// The pages with rows of the journal.
    journal: Vec<u32>,
    pub known: BTreeMap<Origin, Known>,
    /// The last commit of the store's own chain.
    own: BTreeMap<Origin, u64>,
}

impl Scan {
    /// Looks through the database for what it says about its chains.
    pub fn new(
        path: &Path,
        key: Option<&[u8; 32]>,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Scan, StoreError> {
        let pages = Pages::new(path, key);
        let (journal, known, own) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let mut scan = Scan { pages, journal, known, own };
        for number in scan.pages.numbers() {
            if number % PATIENCE == 0 && cancel() {
                return Err(StoreError::Cancelled);
            }
            let Some(page) = scan.pages.read(number) else { continue };
            let mut entries = false;
            for cell in cells(&scan.pages, &page) {
                entries |= is_entry(&cell);
                scan.note(&cell, page.whole);
            }
            if entries {
                scan.journal.push(number);
            }
        }
        Ok(scan)
    }

    /// Notes what a row says of a chain. A broken page is believed no number, for nothing proves
    /// it; a key is proved by what it signed.
    fn note(&mut self, cell: &Cell<'_>, whole: bool) {
        let node = cell.tree == Tree::Table && whole && cell.is(&NODE);
        let origin = cell.tree == Tree::Index && cell.is(&ORIGIN);
        if !node && !origin {
            return;
        }
        let Some(bytes) = cell.bytes(&self.pages) else { return };
        let Some(values) = cell.values(&bytes) else { return };
        if node {
            let (Some(origin), Some(ctr)) = (sized(&values[6]), count(&values[7])) else { return };
            let head = self.own.entry(origin).or_default();
            *head = ctr.max(*head);
            return;
        }
        let (Some(origin), Some(pubkey)) = (sized(&values[0]), sized(&values[2])) else { return };
        let Value::Text(series) = values[1] else { return };
        let series = series.to_owned();
        let empty = Known { series: String::new(), pubkey, last_ctr: 0, pruned_ctr: 0 };
        let known = self.known.entry(origin).or_insert(empty);
        if known.series.is_empty() || whole {
            (known.series, known.pubkey) = (series, pubkey);
        }
        if whole {
            let pruned = values.get(ORIGIN_PRUNED).and_then(count).unwrap_or(0);
            known.last_ctr = known.last_ctr.max(count(&values[4]).unwrap_or(0));
            known.pruned_ctr = known.pruned_ctr.max(pruned);
        }
    }

    /// The last commit each chain is known to have had.
    pub fn heads(&self, expected: Option<CommitRef>) -> BTreeMap<Origin, u64> {
        let mut heads = self.own.clone();
        let closed = self.known.iter().map(|(origin, known)| (*origin, known.last_ctr));
        let noted = expected.map(|head| (head.origin, head.ctr));
        for (origin, ctr) in closed.chain(noted) {
            let head = heads.entry(origin).or_default();
            *head = ctr.max(*head);
        }
        heads
    }

    /// Hands every readable entry of the journal to `take`. A page that was given up may still
    /// hold an entry that another one holds too.
    pub fn every(
        &self,
        take: &mut dyn FnMut(Entry) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        for &number in &self.journal {
            let Some(page) = self.pages.read(number) else { continue };
            for cell in cells(&self.pages, &page).iter().filter(|cell| is_entry(cell)) {
                let Some(bytes) = cell.bytes(&self.pages) else { continue };
                if let Some(entry) = cell.values(&bytes).and_then(|it| Entry::of(&it)) {
                    take(entry)?;
                }
            }
        }
        Ok(())
    }
}

fn is_entry(cell: &Cell<'_>) -> bool {
    cell.tree == Tree::Table && cell.is(&JOURNAL)
}

fn blob<'a>(value: &Value<'a>) -> Option<&'a [u8]> {
    if let Value::Blob(bytes) = value { Some(bytes) } else { None }
}

fn sized<const N: usize>(value: &Value<'_>) -> Option<[u8; N]> {
    blob(value)?.try_into().ok()
}

fn count(value: &Value<'_>) -> Option<u64> {
    if let Value::Int(number) = value { u64::try_from(*number).ok() } else { None }
}
