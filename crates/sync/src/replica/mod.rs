//! The store as a replica of the company's books: what the engine needs of it.
//!
//! Read in this order: `page` applies a piece of the log, `chains` gives what is to be pushed and
//! takes what was acknowledged, `origin` changes who this store is, `scopes` what it holds.
//!
//! **Invariant:** every method takes the writer for short transactions only and lets those who act
//! go first; after a crash, calling it again finishes what was begun.

mod chains;
mod origin;
mod page;
mod scopes;

use std::collections::BTreeSet;
use std::path::PathBuf;

pub(crate) use scopes::{cursors, move_cursor};

use crate::commit::{Hash, Origin};
use crate::engine::{Applied, Chain, Me, Replica};
use crate::error::StoreError;
use crate::guard::Doubt;
use crate::protocol::{At, Carried, Cursor, Introduction, Page};
use crate::store::Store;

/// How long a commit stays in the journal at least, in milliseconds: 90 days.
pub const KEEP_MS: i64 = 90 * 24 * 60 * 60 * 1_000;

/// A store as the engine sees it.
#[derive(Debug)]
pub struct StoreReplica<'a> {
    store: &'a Store,
    keep_ms: i64,
    tables: BTreeSet<u16>,
}

impl<'a> StoreReplica<'a> {
    /// The store as a replica that keeps its commits for [`KEEP_MS`].
    pub fn new(store: &'a Store) -> Self {
        Self::keeping(store, KEEP_MS)
    }

    /// The same, which keeps what is backed up for `keep_ms` milliseconds.
    pub fn keeping(store: &'a Store, keep_ms: i64) -> Self {
        Self { store, keep_ms, tables: BTreeSet::new() }
    }

    /// The tables that pages have changed since this was asked last.
    pub fn take_changed(&mut self) -> Vec<&'static str> {
        let tags = std::mem::take(&mut self.tables);
        let tables = tags.into_iter().filter_map(|tag| self.store.catalogue.by_tag(tag));
        tables.map(|table| table.decl.name).collect()
    }
}

impl Replica for StoreReplica<'_> {
    type Error = StoreError;
    /// The file of a snapshot; see [`Store::snapshot_for`].
    type Snapshot = PathBuf;

    fn me(&self) -> Result<Me, StoreError> {
        let node = self.store.node();
        Ok(Me {
            company: node.company,
            terminal: node.terminal,
            origin: node.origin,
            head: At { ctr: node.ctr, hash: node.head },
            schema: self.store.schema,
        })
    }

    fn chains(&self) -> Result<Vec<Chain>, StoreError> {
        chains::chains(self.store)
    }

    fn hash_at(&self, origin: &Origin, ctr: u64) -> Result<Option<Hash>, StoreError> {
        self.store.read(|db| chains::hash_at(db, origin, ctr))
    }

    fn commits_after(
        &self,
        origin: &Origin,
        ctr: u64,
        bytes: usize,
    ) -> Result<Vec<Carried>, StoreError> {
        chains::commits_after(self.store, origin, ctr, bytes)
    }

    fn introductions(&self, origin: &Origin) -> Result<Vec<Introduction>, StoreError> {
        chains::introductions(self.store, origin)
    }

    fn note_acked(&mut self, origin: &Origin, ctr: u64) -> Result<(), StoreError> {
        chains::note_acked(self.store, origin, ctr)?;
        chains::prune(self.store, origin, self.keep_ms)
    }

    fn note_backed(&mut self, origin: &Origin, at: At) -> Result<(), StoreError> {
        chains::note_backed(self.store, origin, at)?;
        chains::prune(self.store, origin, self.keep_ms)
    }

    fn cursors(&self) -> Result<Vec<Cursor>, StoreError> {
        self.store.read(scopes::cursors)
    }

    fn apply(&mut self, page: &Page) -> Result<Applied, StoreError> {
        page::apply(self.store, page, &mut self.tables)
    }

    fn rekey(&mut self, why: Doubt, origin: Origin) -> Result<(), StoreError> {
        origin::rekey(self.store, why, origin)
    }

    fn reissue(&mut self, origin: &Origin, at: u64) -> Result<(), StoreError> {
        origin::reissue(self.store, origin, at)
    }

    fn use_series(&mut self, series: &str) -> Result<(), StoreError> {
        origin::use_series(self.store, series)
    }

    fn rebase(&mut self, snapshot: PathBuf) -> Result<(), StoreError> {
        crate::snapshot::rebase(self.store, &snapshot)
    }
}
