//! Reading a damaged database as far as it goes.
//!
//! **Invariant:** the damaged files are never written to, and the search always ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::commit::{CommitRef, Origin, Sealed};
use crate::connect::{Role, connect};
use crate::error::StoreError;

/// So many unreadable entries are tried one by one before the search takes longer steps.
const PATIENCE: i64 = 32;
const STRIDE_MAX: i64 = 1_024;
/// How far beyond the last readable entry one is looked for when the end is unknown.
const BEYOND: i64 = 10_000;

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
    pub journal_id: i64,
    pub origin: Origin,
    pub ctr: u64,
    pub sealed: Sealed,
}

impl Entry {
    pub fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
        Ok(Entry {
            journal_id: row.get(0)?,
            origin: row.get(1)?,
            ctr: row.get::<_, i64>(2)?.cast_unsigned(),
            sealed: Sealed {
                header: row.get(3)?,
                body: row.get(4)?,
                hash: row.get(5)?,
                sig: row.get(6)?,
            },
        })
    }
}

/// Reads a damaged database. After one unreadable page SQLCipher refuses everything else on that
/// connection, so every failure costs a new one.
pub(super) struct Scan {
    path: PathBuf,
    key: Option<[u8; 32]>,
    conn: Option<Connection>,
}

/// How a run through the journal ended.
enum Run {
    End,
    Unreadable { after: i64 },
}

impl Scan {
    pub fn new(path: PathBuf, key: Option<[u8; 32]>) -> Scan {
        Scan { path, key, conn: None }
    }

    /// Asks the damaged database; nothing when it cannot answer.
    fn ask<T>(&mut self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Option<T> {
        if self.conn.is_none() {
            self.conn = open_damaged(&self.path, self.key.as_ref()).ok();
        }
        let answer = query(self.conn.as_ref()?);
        match answer {
            Ok(answer) => Some(answer),
            Err(error) => {
                tracing::debug!(%error, "a part of the damaged file cannot be read");
                self.conn = None;
                None
            }
        }
    }

    pub fn origins(&mut self) -> BTreeMap<Origin, Known> {
        let rows = self.ask(|db| {
            let mut statement =
                db.prepare("select origin, series, pubkey, last_ctr, pruned_ctr from sync_origin")?;
            let rows = statement.query_map([], |row| {
                let last_ctr = row.get::<_, i64>(3)?.cast_unsigned();
                let pruned_ctr = row.get::<_, i64>(4)?.cast_unsigned();
                let (series, pubkey) = (row.get(1)?, row.get(2)?);
                Ok((row.get(0)?, Known { series, pubkey, last_ctr, pruned_ctr }))
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        });
        rows.unwrap_or_default().into_iter().collect()
    }

    /// The last commit each chain is known to have had.
    pub fn heads(
        &mut self,
        known: &BTreeMap<Origin, Known>,
        expected: Option<CommitRef>,
    ) -> BTreeMap<Origin, u64> {
        let mut heads: BTreeMap<Origin, u64> =
            known.iter().map(|(origin, known)| (*origin, known.last_ctr)).collect();
        let own = self.ask(|db| {
            db.query_row("select origin, ctr from sync_self", [], |row| {
                Ok((row.get::<_, Origin>(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
            })
        });
        let noted = expected.map(|head| (head.origin, head.ctr));
        for (origin, ctr) in own.into_iter().chain(noted) {
            let head = heads.entry(origin).or_default();
            *head = ctr.max(*head);
        }
        heads
    }

    /// Hands every readable entry of the journal to `take`, in order.
    pub fn every(
        &mut self,
        expected: &Option<CommitRef>,
        take: &mut dyn FnMut(Entry) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let last = self.ask(|db| {
            db.query_row("select max(journal_id) from sync_journal", [], |row| {
                row.get::<_, Option<i64>>(0)
            })
        });
        let noted = expected.map_or(0, |head| head.ctr.cast_signed());
        let mut at = 0;
        loop {
            match self.run(at, take)? {
                Run::End => return Ok(()),
                Run::Unreadable { after } => {
                    let end = match last {
                        Some(last) => last.unwrap_or(0),
                        None => after.max(noted) + BEYOND,
                    };
                    match self.beyond(after, end, take)? {
                        Some(next) => at = next,
                        None => return Ok(()),
                    }
                }
            }
        }
    }

    /// Reads on from the entry `at` until the end or an unreadable one.
    fn run(
        &mut self,
        at: i64,
        take: &mut dyn FnMut(Entry) -> Result<(), StoreError>,
    ) -> Result<Run, StoreError> {
        let mut after = at;
        let mut refused = Ok(());
        let ended = self.ask(|db| {
            let mut statement = db.prepare(
                "select journal_id, origin, ctr, header, body, hash, sig from sync_journal
                 where journal_id > ?1 order by journal_id",
            )?;
            let mut rows = statement.query([at])?;
            while let Some(row) = rows.next()? {
                let id = row.get(0)?;
                // An entry of the wrong shape is passed over like a broken one.
                if let Ok(entry) = Entry::read(row) {
                    refused = take(entry);
                }
                after = id;
                if refused.is_err() {
                    break;
                }
            }
            Ok(())
        });
        refused?;
        Ok(if ended.is_some() { Run::End } else { Run::Unreadable { after } })
    }

    /// Looks for the next readable place behind an unreadable one: entry by entry at first, then
    /// in longer steps, and from where it is found back to where it is not.
    fn beyond(
        &mut self,
        after: i64,
        end: i64,
        take: &mut dyn FnMut(Entry) -> Result<(), StoreError>,
    ) -> Result<Option<i64>, StoreError> {
        let (mut tried, mut step) = (after, 1);
        while tried < end {
            let id = (tried + step).min(end);
            if let Some(found) = self.entry(id) {
                let mut back = Vec::from_iter(found);
                for id in (tried + 1..id).rev() {
                    let Some(found) = self.entry(id) else { break };
                    back.extend(found);
                }
                back.into_iter().rev().try_for_each(take)?;
                return Ok(Some(id));
            }
            tried = id;
            if tried - after >= PATIENCE {
                step = (step * 2).min(STRIDE_MAX);
            }
        }
        Ok(None)
    }

    /// One entry: nothing when its place cannot be read, `Some(None)` when there is none.
    fn entry(&mut self, id: i64) -> Option<Option<Entry>> {
        self.ask(|db| {
            db.query_row(
                "select journal_id, origin, ctr, header, body, hash, sig from sync_journal
                 where journal_id = ?1",
                [id],
                Entry::read,
            )
            .optional()
        })
    }
}

/// Opens a database that may lack pages, without ever writing to it.
fn open_damaged(path: &Path, key: Option<&[u8; 32]>) -> Result<Connection, StoreError> {
    let conn = connect(path, key, Role::Reader, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // A file that is shorter than its first page says is read as far as it goes.
    conn.execute_batch("pragma writable_schema = on")?;
    Ok(conn)
}
