//! Holding a company still: a transaction that has its row.
//!
//! **Invariant:** a connection goes back to the others only after its transaction has ended; one
//! that was dropped within is closed, which rolls it back.

use deadpool_postgres::Object;
use lumbung_sync::protocol::{Carried, Entry};
use lumbung_sync::{Key, Origin};

use super::rows;
use crate::log::plan;
use crate::log::types::{Appended, LogHead, OriginKind};
use crate::log::{CompanyLock, LogError, Told};

/// A company of a [`super::PgLog`] held still.
pub struct PgLock {
    client: Option<Object>,
    company: Key,
    head: LogHead,
}

impl std::fmt::Debug for PgLock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PgLock").field("head", &self.head).finish_non_exhaustive()
    }
}

impl PgLock {
    pub(super) async fn take(client: Object, company: &Key) -> Told<PgLock> {
        let head = rows::head(&client, company).await?;
        // From here on the connection is closed unless the transaction ends well.
        let mut lock = PgLock { client: Some(client), company: *company, head };
        lock.client()?.batch_execute("begin").await?;
        lock.head = rows::lock_head(lock.client()?, company).await?;
        Ok(lock)
    }

    fn client(&self) -> Told<&Object> {
        self.client.as_ref().ok_or_else(|| LogError::unavailable("the lock has ended"))
    }

    /// A transaction that met an error of the database can only be given up: PostgreSQL would
    /// answer a commit of it with a quiet rollback.
    fn watched<T>(&mut self, told: Told<T>) -> Told<T> {
        if matches!(told, Err(LogError::Unavailable(_))) {
            self.close();
        }
        told
    }

    fn close(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }

    async fn numbered(
        &self,
        origin: &Origin,
        commits: Vec<Carried>,
        now_ms: i64,
    ) -> Told<(LogHead, Vec<Appended>)> {
        let client = self.client()?;
        let known = rows::lock_origins(client, &self.company, &[*origin]).await?.remove(origin);
        let known = known.ok_or(LogError::UnknownOrigin)?;
        if known.kind != OriginKind::Server {
            return Err(LogError::BadCommit { detail: "it is not of the centre itself" });
        }
        let proved = plan::proved_next(&self.company, self.head.cur_schema, &known, commits)?;
        let mut head = self.head.clone();
        let new = plan::number(&mut head, *origin, proved, now_ms);
        if !new.is_empty() {
            rows::append(client, &self.company, &head, &new, now_ms).await?;
        }
        Ok((head, new.iter().map(|row| row.at).collect()))
    }

    async fn end(mut self, word: &str) -> Told<LogHead> {
        self.client()?.batch_execute(word).await?;
        self.client = None;
        Ok(self.head.clone())
    }
}

impl CompanyLock for PgLock {
    fn head(&self) -> &LogHead {
        &self.head
    }

    async fn entries(&mut self, after: u64, bytes: usize) -> Told<Vec<Entry>> {
        let last = self.head.last_seq;
        let read = rows::entries(self.client()?, &self.company, after, last, bytes).await;
        self.watched(read)
    }

    async fn append(
        &mut self,
        origin: &Origin,
        commits: Vec<Carried>,
        now_ms: i64,
    ) -> Told<Vec<Appended>> {
        let numbered = self.numbered(origin, commits, now_ms).await;
        let (head, appended) = self.watched(numbered)?;
        self.head = head;
        Ok(appended)
    }

    async fn commit(self) -> Told<LogHead> {
        self.end("commit").await
    }

    async fn rollback(self) -> Told<()> {
        self.end("rollback").await.map(|_| ())
    }
}

impl Drop for PgLock {
    fn drop(&mut self) {
        self.close();
    }
}
