//! Holding a company of the file still.
//!
//! What is appended under the lock waits in memory and is written when the lock is committed, so
//! that other companies go on meanwhile.
//!
//! **Invariant:** what is written at the end continues the head that was read at the beginning.

use std::collections::HashMap;
use std::sync::Arc;

use lumbung_sync::protocol::{At, Carried, Entry};
use lumbung_sync::{Key, Origin};
use tokio::sync::OwnedRwLockWriteGuard;

use super::desk::Desk;
use super::rows;
use crate::log::plan::{self, Row};
use crate::log::types::{Appended, Known, LogHead, OriginKind};
use crate::log::{CompanyLock, LogError, Told};

/// A company of a [`super::SqliteLog`] held still.
pub struct SqliteLock {
    pub(super) desk: Arc<Desk>,
    pub(super) company: Key,
    /// As it was when the company was locked.
    pub(super) before: LogHead,
    pub(super) head: LogHead,
    pub(super) ends: HashMap<Origin, Known>,
    pub(super) new: Vec<(i64, Row)>,
    pub(super) gate: OwnedRwLockWriteGuard<()>,
}

impl SqliteLock {
    async fn known(&self, origin: &Origin) -> Told<Known> {
        if let Some(known) = self.ends.get(origin) {
            return Ok(known.clone());
        }
        let (company, origin) = (self.company, *origin);
        let found = self.desk.read(move |db| rows::origin(db, &company, &origin)).await?;
        found.ok_or(LogError::UnknownOrigin)
    }

    fn waiting_after(&self, after: u64) -> impl Iterator<Item = Entry> + '_ {
        let rows = self.new.iter().map(|(_, row)| row).filter(move |row| row.at.seq > after);
        rows.map(|row| Entry {
            seq: row.at.seq,
            stamp: row.at.stamp,
            origin: row.at.origin,
            ctr: row.at.ctr,
            commit: Some(row.proven.commit.clone()),
            hash: row.hash,
        })
    }
}

impl CompanyLock for SqliteLock {
    fn head(&self) -> &LogHead {
        &self.head
    }

    async fn entries(&mut self, after: u64, bytes: usize) -> Told<Vec<Entry>> {
        if after >= self.before.last_seq {
            return Ok(self.waiting_after(after).collect());
        }
        let (company, last) = (self.company, self.before.last_seq);
        self.desk.read(move |db| rows::entries(db, &company, after, last, bytes)).await
    }

    async fn append(
        &mut self,
        origin: &Origin,
        commits: Vec<Carried>,
        now_ms: i64,
    ) -> Told<Vec<Appended>> {
        let mut known = self.known(origin).await?;
        if known.kind != OriginKind::Server {
            return Err(LogError::BadCommit { detail: "it is not of the centre itself" });
        }
        let proved = plan::proved_next(&self.company, self.head.cur_schema, &known, commits)?;
        let new = plan::number(&mut self.head, *origin, proved, now_ms);
        if let Some(last) = new.last() {
            known.known.head = At { ctr: last.at.ctr, hash: last.hash };
        }
        self.ends.insert(*origin, known);
        let appended = new.iter().map(|row| row.at).collect();
        self.new.extend(new.into_iter().map(|row| (now_ms, row)));
        Ok(appended)
    }

    async fn commit(self) -> Told<LogHead> {
        let SqliteLock { desk, company, before, head, new, gate, .. } = self;
        if new.is_empty() {
            return Ok(head);
        }
        let write = move |db: &rusqlite::Connection| {
            if rows::head(db, &company)?.point() != before.point() {
                return Err(LogError::damaged("the log moved on while it was held still"));
            }
            let (now_ms, rows): (Vec<i64>, Vec<Row>) = new.into_iter().unzip();
            let now_ms = now_ms.last().copied().unwrap_or_default();
            rows::append(db, &company, &head, &rows, now_ms)?;
            Ok(head)
        };
        desk.write(gate, write).await
    }

    async fn rollback(self) -> Told<()> {
        Ok(())
    }
}
