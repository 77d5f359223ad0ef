//! The log of a centre on PostgreSQL, for any number of companies and server processes.
//!
//! The row lock of `company_head` gives the next `seq` and is held to the end of the transaction:
//! an entry becomes visible before its successor exists. No sequence, no `notify`, no trigger.
//!
//! **Invariant:** a statement, a lock or a transaction never spans two companies.

mod beside;
mod lock;
mod rows;
mod sql;
mod together;
mod write;

pub use lock::PgLock;

use std::collections::HashMap;
use std::str::FromStr;
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, Object, Pool, Runtime};
use lumbung_sync::authority::OriginState;
use lumbung_sync::protocol::{Entry, Introduction, Pull, PullReply, PushChain};
use lumbung_sync::{Hash, Key, Origin};
use tokio_postgres::{Config, NoTls};

use self::sql::id;
use self::together::Together;
use super::types::{
    Blob, Code, CodeUse, Known, Lockout, LogHead, LogPoint, Opening, OriginKind, Projector, Pushed,
    Quarantined, Reader, Rotation, Scopes, Seen, Session, Snapshot, Writer,
};
use super::{Appended, CommitLog, LogError, Told, page, plan};

mod migrations {
    refinery::embed_migrations!("../../migrations/postgres");
}

/// How long a connection, or a place among the connections, is waited for.
const WAIT: Duration = Duration::from_secs(10);

/// What every connection is told, whatever the database is set to: a commit that was answered is on
/// the disk, a lock is seen at once, and nothing hangs for ever.
const MANNERS: &str = "
    select set_config('synchronous_commit', 'on', false)
    where current_setting('synchronous_commit') in ('off', 'local');
    set default_transaction_isolation = 'read committed';
    set lock_timeout = '15s';
    set statement_timeout = '60s';
    set idle_in_transaction_session_timeout = '60s';";

/// The number by which servers that start together migrate one after the other.
const MIGRATION_LOCK: i64 = 0x006c_756d_6275_6e67;

/// The log in a PostgreSQL database.
#[derive(Clone)]
pub struct PgLog {
    pool: Pool,
    together: Together,
}

impl std::fmt::Debug for PgLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PgLog").finish_non_exhaustive()
    }
}

impl PgLog {
    /// Connects to the database of this address and migrates it. `connections` is the most that are
    /// open at once.
    pub async fn open(address: &str, connections: usize) -> Told<PgLog> {
        let mut config = Config::from_str(address)?;
        config.application_name("lumbung-server").connect_timeout(WAIT);
        let manners = Hook::async_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
            Box::pin(async move { client.batch_execute(MANNERS).await.map_err(HookError::Backend) })
        });
        let pool = Pool::builder(Manager::new(config, NoTls))
            .max_size(connections.max(2))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .recycle_timeout(Some(WAIT))
            .post_create(manners)
            .build()
            .map_err(LogError::unavailable)?;
        let log = PgLog { pool, together: Together::default() };
        log.migrate().await?;
        Ok(log)
    }

    async fn client(&self) -> Told<Object> {
        Ok(self.pool.get().await?)
    }

    async fn migrate(&self) -> Told<()> {
        // Closed afterwards, which lets go of the lock however this ends.
        let mut client = Object::take(self.client().await?);
        client.batch_execute("set lock_timeout = 0; set statement_timeout = 0").await?;
        client.execute("select pg_advisory_lock($1)", &[&MIGRATION_LOCK]).await?;
        let run = migrations::migrations::runner().run_async(&mut *client).await;
        run.map(|_| ()).map_err(super::error::migration)
    }

    /// The origins of these chains, after introducing those that bring an introduction.
    async fn introduced(
        &self,
        client: &mut Object,
        company: &Key,
        chains: &[PushChain],
    ) -> Told<(LogHead, HashMap<Origin, Known>)> {
        let names: Vec<Origin> = chains.iter().map(|chain| chain.origin).collect();
        let head = rows::head(client, company).await?;
        let mut known = rows::origins_of(client, company, &names).await?;
        for chain in chains {
            if known.contains_key(&chain.origin) {
                continue;
            }
            for one in plan::useful(&chain.introductions) {
                let introduced =
                    write::introduce(client, company, &one, OriginKind::Terminal, true).await;
                match plan::tolerate(introduced)? {
                    Some(found) => known.insert(one.origin, found),
                    None => break,
                };
            }
        }
        Ok((head, known))
    }
}

impl CommitLog for PgLog {
    type Lock = PgLock;

    async fn open_company(&self, company: &Key, opening: &Opening) -> Told<LogHead> {
        write::open_company(&self.client().await?, company, opening).await
    }

    async fn companies(&self) -> Told<Vec<Key>> {
        let sql = "select company from company_head order by company";
        let rows = sql::all(&self.client().await?, sql, &[]).await?;
        rows.iter().map(|row| sql::key(row, "company")).collect()
    }

    async fn head(&self, company: &Key) -> Told<LogHead> {
        rows::head(&self.client().await?, company).await
    }

    async fn introduce(
        &self,
        company: &Key,
        introduction: &Introduction,
        kind: OriginKind,
    ) -> Told<Known> {
        write::introduce(&mut self.client().await?, company, introduction, kind, false).await
    }

    async fn origin(&self, company: &Key, origin: &Origin) -> Told<Option<Known>> {
        rows::origin(&self.client().await?, company, origin).await
    }

    async fn origins(&self, company: &Key) -> Told<Vec<Known>> {
        rows::origins(&self.client().await?, company).await
    }

    async fn set_state(
        &self,
        company: &Key,
        origin: &Origin,
        state: OriginState,
        now_ms: i64,
    ) -> Told<()> {
        let revoked_ms = (state == OriginState::Revoked).then_some(now_ms);
        let changed = sql::write(
            &self.client().await?,
            "update origin_head set state = $3, revoked_ms = $4
             where company = $1 and origin = $2",
            &[&id(company), &id(origin), &plan::state_number(state), &revoked_ms],
        )
        .await?;
        if changed == 0 { Err(LogError::UnknownOrigin) } else { Ok(()) }
    }

    async fn set_scopes(&self, company: &Key, origin: &Origin, scopes: &Scopes) -> Told<()> {
        write::set_scopes(&mut self.client().await?, company, origin, scopes).await
    }

    async fn seen(&self, company: &Key, origin: &Origin, seen: &Seen) -> Told<()> {
        // Not worth waiting for the disk: what a crash forgets, the next exchange says again.
        let changed = sql::write(
            &self.client().await?,
            "update origin_head set schema = $3, app = $4, clock_off_ms = $5, seen_ms = $6,
                 state = case state when 1 then 0 else state end
             where company = $1 and origin = $2
               and set_config('synchronous_commit', 'off', true) is not null",
            &[
                &id(company),
                &id(origin),
                &sql::small(seen.schema)?,
                &sql::text(&seen.app),
                &seen.clock_off_ms,
                &seen.at_ms,
            ],
        )
        .await?;
        if changed == 0 { Err(LogError::UnknownOrigin) } else { Ok(()) }
    }

    async fn push(&self, company: &Key, writer: &Writer, chains: Vec<PushChain>) -> Told<Pushed> {
        let mut client = self.client().await?;
        let (head, known) = self.introduced(&mut client, company, &chains).await?;
        // Nobody holds a connection while waiting for another.
        drop(client);
        let proving = plan::intake_aside(*company, head.cur_schema, writer.clone(), chains, known);
        let intake = proving.await?;
        if intake.iter().all(|one| matches!(one, plan::Intake::Answered(_))) {
            return Ok(plan::answered(intake));
        }
        self.together.push(&self.pool, *company, writer.clone(), intake).await
    }

    async fn pull(&self, company: &Key, reader: &Reader, pull: &Pull) -> Told<PullReply> {
        let client = self.client().await?;
        // The head first: whatever it names can be seen by what is read after it.
        let head = rows::head(&client, company).await?;
        if let Some(reply) = page::refused(reader, &head, pull) {
            return Ok(reply);
        }
        let hashes = rows::points(&client, company, page::places(pull)).await?;
        if let Some(reply) = page::doubted(&head, pull, &hashes) {
            return Ok(reply);
        }
        let found = rows::found(&client, company, pull, head.last_seq).await?;
        let cut = page::cut(reader, &head, pull, &found);
        let commits = rows::commits(&client, company, &cut.wanted).await?;
        Ok(cut.filled(commits))
    }

    async fn entries(&self, company: &Key, after: u64, bytes: usize) -> Told<Vec<Entry>> {
        let client = self.client().await?;
        let last = rows::head(&client, company).await?.last_seq;
        rows::entries(&client, company, after, last, bytes).await
    }

    async fn lock(&self, company: &Key) -> Told<PgLock> {
        PgLock::take(self.client().await?, company).await
    }

    async fn point(&self, company: &Key, seq: u64) -> Told<Option<LogPoint>> {
        let hashes = rows::points(&self.client().await?, company, [seq]).await?;
        Ok(hashes.get(&seq).map(|hash| LogPoint { seq, hash: *hash }))
    }

    async fn best_checkpoint(&self, company: &Key, points: &[LogPoint]) -> Told<Option<LogPoint>> {
        write::best_checkpoint(&self.client().await?, company, points).await
    }

    async fn set_backed(&self, company: &Key, point: &LogPoint) -> Told<LogHead> {
        write::set_backed(&self.client().await?, company, point).await
    }

    async fn quarantine(&self, company: &Key) -> Told<Vec<Quarantined>> {
        beside::quarantine(&self.client().await?, company).await
    }

    async fn release(&self, company: &Key, commit: &Hash, now_ms: i64) -> Told<Appended> {
        write::release(&mut self.client().await?, company, commit, now_ms).await
    }

    async fn put_snapshot(&self, company: &Key, snapshot: &Snapshot) -> Told<()> {
        beside::put_snapshot(&self.client().await?, company, snapshot).await
    }

    async fn snapshot(
        &self,
        company: &Key,
        scopes: &Scopes,
        schema: u32,
    ) -> Told<Option<Snapshot>> {
        beside::snapshot(&self.client().await?, company, scopes, schema).await
    }

    async fn snapshot_file(&self, company: &Key, file: &Hash) -> Told<Option<Snapshot>> {
        beside::snapshot_file(&self.client().await?, company, file).await
    }

    async fn prune_snapshots(&self, company: &Key, keep: u32) -> Told<Vec<Hash>> {
        beside::prune_snapshots(&mut self.client().await?, company, keep).await
    }

    async fn put_blob(&self, company: &Key, blob: &Blob) -> Told<()> {
        beside::put_blob(&self.client().await?, company, blob).await
    }

    async fn blob(&self, company: &Key, hash: &Hash) -> Told<Option<Blob>> {
        beside::blob(&self.client().await?, company, hash).await
    }

    async fn put_code(&self, company: &Key, code: &Code) -> Told<()> {
        beside::put_code(&self.client().await?, company, code).await
    }

    async fn use_code(
        &self,
        company: &Key,
        code: &Hash,
        by: &Origin,
        now_ms: i64,
    ) -> Told<CodeUse> {
        beside::use_code(&mut self.client().await?, company, code, by, now_ms).await
    }

    async fn start_session(&self, company: &Key, session: &Session) -> Told<()> {
        beside::start_session(&self.client().await?, company, session).await
    }

    async fn rotate_session(
        &self,
        company: &Key,
        session: &Key,
        old: &Hash,
        new: &Hash,
        now_ms: i64,
    ) -> Told<Rotation> {
        beside::rotate_session(&mut self.client().await?, company, session, (old, new), now_ms)
            .await
    }

    async fn session(&self, company: &Key, session: &Key, now_ms: i64) -> Told<Option<Session>> {
        beside::session(&self.client().await?, company, session, now_ms).await
    }

    async fn end_session(&self, company: &Key, session: &Key, now_ms: i64) -> Told<()> {
        beside::end_session(&self.client().await?, company, session, now_ms).await
    }

    async fn end_sessions_of(&self, company: &Key, person: &Key, now_ms: i64) -> Told<()> {
        beside::end_sessions_of(&self.client().await?, company, person, now_ms).await
    }

    async fn note_failure(&self, company: &Key, subject: &str, now_ms: i64) -> Told<Lockout> {
        beside::note_failure(&mut self.client().await?, company, subject, now_ms).await
    }

    async fn lockout(&self, company: &Key, subject: &str) -> Told<Lockout> {
        beside::lockout(&self.client().await?, company, subject).await
    }

    async fn clear_failures(&self, company: &Key, subject: &str) -> Told<()> {
        beside::clear_failures(&self.client().await?, company, subject).await
    }

    async fn projector(&self, company: &Key, name: &str) -> Told<Projector> {
        beside::projector(&self.client().await?, company, name).await
    }

    async fn set_projector(&self, company: &Key, name: &str, at: &LogPoint) -> Told<()> {
        beside::set_projector(&self.client().await?, company, name, at).await
    }
}
