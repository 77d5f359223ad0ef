//! Bringing a salvage file into a good store.
//!
//! **Invariant:** every commit is proved again before it is applied, and none is applied twice.

use std::path::Path;

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, OptionalExtension, params};

use super::SalvageApplied;
use super::scan::Entry;
use crate::apply::{self, Applier, ApplyError, Applying, Place as At, Waiting};
use crate::clk::Stamp;
use crate::clock::Hlc;
use crate::commit::{Body, CommitRef, Hash, Header, NO_HASH, Origin, Sealed};
use crate::connect::{Role, connect};
use crate::error::StoreError;
use crate::folder::Folder;
use crate::keys::{self, KeySource};
use crate::rekey;
use crate::store::Store;
use crate::writer::{self, About, Writer};

/// How many commits of a salvage file share one transaction.
const BATCH: usize = 500;

/// Brings a salvage file into a store with the same key. Where it holds numbers of the series this
/// store was going to use, the store goes on under another one; see [`Store::info`].
pub fn apply(store: &Store, file: &Path) -> Result<SalvageApplied, StoreError> {
    let key = store.bundle.db;
    apply_with(store, file, &key)
}

/// Brings a salvage file of the folder `from` into a store with another key.
pub fn apply_from(
    store: &Store,
    file: &Path,
    from: &Path,
    keys: &KeySource,
) -> Result<SalvageApplied, StoreError> {
    let (found, _) = keys::find(&Folder::new(from), keys)?;
    apply_with(store, file, &found.bundle.db)
}

fn apply_with(store: &Store, file: &Path, key: &[u8; 32]) -> Result<SalvageApplied, StoreError> {
    let salvaged = connect(file, Some(key), Role::Reader, false)?;
    let mut applied = SalvageApplied::default();
    let mut statement = salvaged.prepare("select origin, series, pubkey from salvage_origin")?;
    let origins = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<Vec<(Origin, String, [u8; 32])>>>()?;
    for (origin, series, pubkey) in origins {
        let key = VerifyingKey::from_bytes(&pubkey)
            .map_err(|error| StoreError::codec("a salvage file", error))?;
        let mut into = Into { store, origin, series, key, applied: &mut applied };
        let mut after = 0;
        loop {
            let batch = into.batch(&salvaged, after)?;
            let Some(last) = batch.last() else { break };
            after = last.0.ctr;
            into.apply(&batch)?;
        }
    }
    let mut writer = store.writer();
    let Writer { conn, node, .. } = &mut *writer;
    rekey::leave_used_series(conn, &store.folder, node)?;
    if node.log_id.is_some() {
        // The centre may never have heard of the chains that came in.
        rekey::introduce_closed(conn, node, &store.bundle)?;
    }
    Ok(applied)
}

/// A commit proved again: header, plain body and as it is stored.
type Proved = (Header, Vec<u8>, Sealed);

/// Where a commit belongs.
enum Place {
    Already,
    Next,
    Elsewhere,
}

struct Into<'a> {
    store: &'a Store,
    origin: Origin,
    series: String,
    key: VerifyingKey,
    applied: &'a mut SalvageApplied,
}

impl Into<'_> {
    fn batch(&self, salvaged: &Connection, after: u64) -> Result<Vec<Proved>, StoreError> {
        let mut statement = salvaged.prepare_cached(
            "select origin, ctr, header, body, hash, sig from salvage_commit
             where origin = ?1 and ctr > ?2 order by ctr limit ?3",
        )?;
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let entries =
            statement.query_map(params![self.origin, after.cast_signed(), limit], Entry::read)?;
        let company = self.store.info().company;
        let mut batch = Vec::new();
        for entry in entries {
            let sealed = entry?.sealed;
            let (header, plain) = sealed
                .open(&self.key)
                .map_err(|broken| StoreError::codec("a salvage file", broken))?;
            if header.company != company {
                return Err(StoreError::codec("a salvage file", "it is of another company"));
            }
            batch.push((header, plain, sealed));
        }
        Ok(batch)
    }

    fn apply(&mut self, batch: &[Proved]) -> Result<(), StoreError> {
        let mut left = batch;
        while !left.is_empty() {
            let done = self.follow(left)?;
            left = &left[done..];
            if let Some((first, rest)) = left.split_first() {
                self.repeat(first)?;
                left = rest;
            }
        }
        Ok(())
    }

    /// Adds commits to their closed chain as long as each follows on the one before. Gives how
    /// many were dealt with.
    fn follow(&mut self, batch: &[Proved]) -> Result<usize, StoreError> {
        let mut writer = self.store.writer();
        let open = writer.begin()?;
        let writer = &*open.writer;
        let (mut end, closed) = self.end(writer)?;
        let mut hlc = writer.node.hlc;
        let mut dealt = 0;
        for (header, plain, sealed) in batch {
            match self.place(&writer.conn, header, sealed, &end, closed)? {
                Place::Already => self.applied.already += 1,
                Place::Next => {
                    writer::journal(&writer.conn, header, sealed)?;
                    self.apply_rows(&writer.conn, header, plain, sealed)?;
                    end = CommitRef { origin: self.origin, ctr: header.ctr, hash: sealed.hash };
                    hlc = hlc.observe(Hlc::from_bits(header.hlc));
                    self.applied.added += 1;
                }
                Place::Elsewhere => break,
            }
            dealt += 1;
        }
        if closed {
            writer.conn.execute(
                "update sync_origin set last_ctr = ?2, last_hash = ?3 where origin = ?1",
                params![self.origin, end.ctr.cast_signed(), end.hash],
            )?;
        }
        open.commit_applied(hlc)?;
        Ok(dealt)
    }

    /// Where the chain ends in this store, listing it if it is new, and whether it is closed.
    fn end(&self, writer: &Writer) -> Result<(CommitRef, bool), StoreError> {
        if self.origin == writer.node.origin {
            return Ok((writer.node.head(), false));
        }
        let held: Option<([u8; 32], i64, Hash)> = writer
            .conn
            .query_row(
                "select pubkey, last_ctr, last_hash from sync_origin where origin = ?1",
                [self.origin],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        let Some((pubkey, ctr, hash)) = held else {
            writer.conn.execute(
                "insert into sync_origin (origin, series, pubkey, closed, last_ctr, last_hash)
                 values (?1, ?2, ?3, 1, 0, ?4)",
                params![self.origin, self.series, self.key.as_bytes(), NO_HASH],
            )?;
            return Ok((CommitRef { origin: self.origin, ctr: 0, hash: NO_HASH }, true));
        };
        if &pubkey != self.key.as_bytes() {
            let detail = "its terminal signs with another key here";
            return Err(StoreError::codec("a salvage file", detail));
        }
        Ok((CommitRef { origin: self.origin, ctr: ctr.cast_unsigned(), hash }, true))
    }

    fn place(
        &self,
        db: &Connection,
        header: &Header,
        sealed: &Sealed,
        end: &CommitRef,
        closed: bool,
    ) -> Result<Place, StoreError> {
        let at = params![header.origin, header.ctr.cast_signed()];
        let held: Option<Hash> = db
            .prepare_cached("select hash from sync_journal where origin = ?1 and ctr = ?2")?
            .query_row(at, |row| row.get(0))
            .optional()?;
        let repeated = db
            .prepare_cached("select 1 from sync_reissue where origin = ?1 and ctr = ?2")?
            .exists(at)?;
        let let_go = db
            .prepare_cached("select 1 from sync_origin where origin = ?1 and pruned_ctr >= ?2")?
            .exists(at)?;
        Ok(if held == Some(sealed.hash) || repeated || let_go {
            Place::Already
        } else if closed && header.ctr == end.ctr + 1 && header.prev == end.hash {
            Place::Next
        } else {
            Place::Elsewhere
        })
    }

    /// Applies the rows; a commit this version cannot apply waits.
    fn apply_rows(
        &mut self,
        db: &Connection,
        header: &Header,
        plain: &[u8],
        sealed: &Sealed,
    ) -> Result<(), StoreError> {
        let stamp = Stamp { stamp: header.hlc, origin: header.origin, ctr: header.ctr };
        let applied = match Body::decode(plain) {
            Ok(body) => {
                let place = At { stamp, seq: 0 };
                let commit = Applying { body: &body, place, scopes: None, trail: Some(header) };
                Applier::new(db, self.store.catalogue, &[]).apply(&commit)
            }
            Err(error) => Err(ApplyError::Deferred(error.to_string())),
        };
        match applied {
            Ok(()) => Ok(()),
            Err(error) => {
                let reason = error.waits()?;
                self.applied.deferred += 1;
                let (origin, ctr, stamp) = (header.origin, header.ctr, header.hlc);
                let waiting = Waiting { origin, ctr, sealed, seq: 0, stamp, scopes: None };
                apply::defer(db, &waiting, &reason)
            }
        }
    }

    /// Repeats a commit behind a gap under the store's own origin: same rows, same clock.
    fn repeat(&mut self, (old, plain, _): &Proved) -> Result<(), StoreError> {
        let mut writer = self.store.writer();
        let open = writer.begin()?;
        let about = About {
            kind: &old.kind,
            schema: old.schema,
            user: old.user,
            business_date: old.business_date,
            offset_min: old.offset_min,
            at_ms: old.at_ms,
            reason: old.reason.as_deref(),
            reissue_of: Some((old.origin, old.ctr)),
        };
        let hlc = Hlc::from_bits(old.hlc);
        let (header, sealed, head) = open.writer.chain(&about, hlc, old.scopes.clone(), plain)?;
        self.apply_rows(&open.writer.conn, &header, plain, &sealed)?;
        open.writer.conn.execute(
            "insert into sync_reissue (origin, ctr, by_origin, by_ctr) values (?1, ?2, ?3, ?4)",
            params![old.origin, old.ctr.cast_signed(), header.origin, header.ctr.cast_signed()],
        )?;
        open.commit_chained(&head, hlc)?;
        self.applied.repeated += 1;
        Ok(())
    }
}
