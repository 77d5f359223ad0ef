//! The log of a centre without a database server: one SQLite file, one process.
//!
//! **Invariant:** an answered push is on the disk (`synchronous = full`), and no other process has
//! the file open for writing.

mod beside;
mod desk;
mod lock;
mod rows;
mod write;

pub use lock::SqliteLock;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use lumbung_sync::authority::OriginState;
use lumbung_sync::protocol::{Entry, Introduction, Pull, PullReply, PushChain};
use lumbung_sync::{Hash, Key, Origin};
use rusqlite::Connection;
use tokio::sync::RwLock;

use self::desk::{Desk, connect};
use super::types::{
    Blob, Code, CodeUse, Known, Lockout, LogHead, LogPoint, Opening, OriginKind, Projector, Pushed,
    Quarantined, Reader, Rotation, Scopes, Seen, Session, Snapshot, Writer,
};
use super::{Appended, CommitLog, LogError, Told, page, plan};

mod migrations {
    refinery::embed_migrations!("../../migrations/centre");
}

/// The log in one SQLite file.
#[derive(Clone)]
pub struct SqliteLog {
    desk: Arc<Desk>,
    /// Pushes go in together; who holds the company still goes in alone.
    gates: Arc<Mutex<HashMap<Key, Arc<RwLock<()>>>>>,
    // Last, so that the file is free only after the connections are closed.
    _alone: Arc<File>,
}

impl std::fmt::Debug for SqliteLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteLog").finish_non_exhaustive()
    }
}

impl SqliteLog {
    /// Opens or makes the file. Blocks while it is migrated.
    pub fn open(path: &Path) -> Told<SqliteLog> {
        let alone = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.with_extension("lock"))
            .map_err(LogError::unavailable)?;
        alone.try_lock().map_err(|_| LogError::InUse { place: path.display().to_string() })?;
        let mut conn = connect(path, false)?;
        migrate(&mut conn)?;
        let desk = Arc::new(Desk::new(path, conn)?);
        Ok(SqliteLog { desk, gates: Arc::default(), _alone: Arc::new(alone) })
    }

    fn gate(&self, company: &Key) -> Arc<RwLock<()>> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(gates.entry(*company).or_default())
    }

    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Told<T> + Send + 'static,
    ) -> Told<T> {
        self.desk.read(query).await
    }

    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Told<T> + Send + 'static,
    ) -> Told<T> {
        self.desk.write((), job).await
    }

    /// The origins of these chains, after introducing those that bring an introduction.
    async fn introduced(
        &self,
        company: &Key,
        chains: &[PushChain],
    ) -> Told<(LogHead, HashMap<Origin, Known>)> {
        let company = *company;
        let names: Vec<Origin> = chains.iter().map(|chain| chain.origin).collect();
        let find = move |db: &Connection| {
            let head = rows::head(db, &company)?;
            let mut known = HashMap::new();
            for name in &names {
                if let Some(found) = rows::origin(db, &company, name)? {
                    known.insert(*name, found);
                }
            }
            Ok((head, known))
        };
        let (head, mut known) = self.read(find).await?;
        for chain in chains {
            if known.contains_key(&chain.origin) || chain.introductions.is_empty() {
                continue;
            }
            for one in plan::useful(&chain.introductions) {
                let name = one.origin;
                let introduce = move |db: &Connection| {
                    write::introduce(db, &company, &one, OriginKind::Terminal, true)
                };
                match plan::tolerate(self.write(introduce).await)? {
                    Some(found) => known.insert(name, found),
                    None => break,
                };
            }
        }
        Ok((head, known))
    }
}

fn migrate(conn: &mut Connection) -> Told<()> {
    migrations::migrations::runner().run(conn).map(|_| ()).map_err(super::error::migration)
}

impl CommitLog for SqliteLog {
    type Lock = SqliteLock;

    async fn open_company(&self, company: &Key, opening: &Opening) -> Told<LogHead> {
        let (company, opening) = (*company, opening.clone());
        self.write(move |db| write::open_company(db, &company, &opening)).await
    }

    async fn companies(&self) -> Told<Vec<Key>> {
        self.read(rows::companies).await
    }

    async fn head(&self, company: &Key) -> Told<LogHead> {
        let company = *company;
        self.read(move |db| rows::head(db, &company)).await
    }

    async fn introduce(
        &self,
        company: &Key,
        introduction: &Introduction,
        kind: OriginKind,
    ) -> Told<Known> {
        let (company, introduction) = (*company, introduction.clone());
        self.write(move |db| write::introduce(db, &company, &introduction, kind, false)).await
    }

    async fn origin(&self, company: &Key, origin: &Origin) -> Told<Option<Known>> {
        let (company, origin) = (*company, *origin);
        self.read(move |db| rows::origin(db, &company, &origin)).await
    }

    async fn origins(&self, company: &Key) -> Told<Vec<Known>> {
        let company = *company;
        self.read(move |db| rows::origins(db, &company)).await
    }

    async fn set_state(
        &self,
        company: &Key,
        origin: &Origin,
        state: OriginState,
        now_ms: i64,
    ) -> Told<()> {
        let (company, origin) = (*company, *origin);
        self.write(move |db| write::set_state(db, &company, &origin, state, now_ms)).await
    }

    async fn set_scopes(&self, company: &Key, origin: &Origin, scopes: &Scopes) -> Told<()> {
        let (company, origin, scopes) = (*company, *origin, scopes.clone());
        self.write(move |db| write::set_scopes(db, &company, &origin, &scopes)).await
    }

    async fn seen(&self, company: &Key, origin: &Origin, seen: &Seen) -> Told<()> {
        let (company, origin, seen) = (*company, *origin, seen.clone());
        self.write(move |db| write::seen(db, &company, &origin, &seen)).await
    }

    async fn push(&self, company: &Key, writer: &Writer, chains: Vec<PushChain>) -> Told<Pushed> {
        let (head, known) = self.introduced(company, &chains).await?;
        let (company, writer) = (*company, writer.clone());
        let intake = plan::intake_aside(company, head.cur_schema, writer.clone(), chains, known);
        let intake = intake.await?;
        if intake.iter().all(|one| matches!(one, plan::Intake::Answered(_))) {
            return Ok(plan::answered(intake));
        }
        let gate = self.gate(&company).read_owned().await;
        self.desk.write(gate, move |db| write::push(db, &company, &writer, intake)).await
    }

    async fn pull(&self, company: &Key, reader: &Reader, pull: &Pull) -> Told<PullReply> {
        let (company, reader, pull) = (*company, reader.clone(), pull.clone());
        self.read(move |db| page_of(db, &company, &reader, &pull)).await
    }

    async fn entries(&self, company: &Key, after: u64, bytes: usize) -> Told<Vec<Entry>> {
        let company = *company;
        let read = move |db: &Connection| {
            let last = rows::head(db, &company)?.last_seq;
            rows::entries(db, &company, after, last, bytes)
        };
        self.read(read).await
    }

    async fn lock(&self, company: &Key) -> Told<SqliteLock> {
        let gate = self.gate(company).write_owned().await;
        let head = self.head(company).await?;
        Ok(SqliteLock {
            desk: Arc::clone(&self.desk),
            company: *company,
            before: head.clone(),
            head,
            ends: HashMap::new(),
            new: Vec::new(),
            gate,
        })
    }

    async fn point(&self, company: &Key, seq: u64) -> Told<Option<LogPoint>> {
        let company = *company;
        self.read(move |db| rows::point(db, &company, seq)).await
    }

    async fn best_checkpoint(&self, company: &Key, points: &[LogPoint]) -> Told<Option<LogPoint>> {
        let (company, points) = (*company, plan::newest_first(points));
        let find = move |db: &Connection| {
            for point in points {
                if rows::point(db, &company, point.seq)? == Some(point) {
                    return Ok(Some(point));
                }
            }
            Ok(None)
        };
        self.read(find).await
    }

    async fn set_backed(&self, company: &Key, point: &LogPoint) -> Told<LogHead> {
        let (company, point) = (*company, *point);
        self.write(move |db| write::set_backed(db, &company, &point)).await
    }

    async fn quarantine(&self, company: &Key) -> Told<Vec<Quarantined>> {
        let company = *company;
        self.read(move |db| beside::quarantine(db, &company)).await
    }

    async fn release(&self, company: &Key, commit: &Hash, now_ms: i64) -> Told<Appended> {
        let (company, commit) = (*company, *commit);
        let gate = self.gate(&company).read_owned().await;
        self.desk.write(gate, move |db| write::release(db, &company, &commit, now_ms)).await
    }

    async fn put_snapshot(&self, company: &Key, snapshot: &Snapshot) -> Told<()> {
        let (company, snapshot) = (*company, snapshot.clone());
        self.write(move |db| beside::put_snapshot(db, &company, &snapshot)).await
    }

    async fn snapshot(
        &self,
        company: &Key,
        scopes: &Scopes,
        schema: u32,
    ) -> Told<Option<Snapshot>> {
        let (company, scopes) = (*company, scopes.clone());
        self.read(move |db| beside::snapshot(db, &company, &scopes, schema)).await
    }

    async fn snapshot_file(&self, company: &Key, file: &Hash) -> Told<Option<Snapshot>> {
        let (company, file) = (*company, *file);
        self.read(move |db| beside::snapshot_file(db, &company, &file)).await
    }

    async fn prune_snapshots(&self, company: &Key, keep: u32) -> Told<Vec<Hash>> {
        let company = *company;
        self.write(move |db| beside::prune_snapshots(db, &company, keep)).await
    }

    async fn put_blob(&self, company: &Key, blob: &Blob) -> Told<()> {
        let (company, blob) = (*company, blob.clone());
        self.write(move |db| beside::put_blob(db, &company, &blob)).await
    }

    async fn blob(&self, company: &Key, hash: &Hash) -> Told<Option<Blob>> {
        let (company, hash) = (*company, *hash);
        self.read(move |db| beside::blob(db, &company, &hash)).await
    }

    async fn put_code(&self, company: &Key, code: &Code) -> Told<()> {
        let (company, code) = (*company, code.clone());
        self.write(move |db| beside::put_code(db, &company, &code)).await
    }

    async fn use_code(
        &self,
        company: &Key,
        code: &Hash,
        by: &Origin,
        now_ms: i64,
    ) -> Told<CodeUse> {
        let (company, code, by) = (*company, *code, *by);
        self.write(move |db| beside::use_code(db, &company, &code, &by, now_ms)).await
    }

    async fn start_session(&self, company: &Key, session: &Session) -> Told<()> {
        let (company, session) = (*company, session.clone());
        self.write(move |db| beside::start_session(db, &company, &session)).await
    }

    async fn rotate_session(
        &self,
        company: &Key,
        session: &Key,
        old: &Hash,
        new: &Hash,
        now_ms: i64,
    ) -> Told<Rotation> {
        let (company, session, old, new) = (*company, *session, *old, *new);
        let rotate = move |db: &Connection| {
            beside::rotate_session(db, &company, &session, (&old, &new), now_ms)
        };
        self.write(rotate).await
    }

    async fn session(&self, company: &Key, session: &Key, now_ms: i64) -> Told<Option<Session>> {
        let (company, session) = (*company, *session);
        self.read(move |db| beside::session(db, &company, &session, now_ms)).await
    }

    async fn end_session(&self, company: &Key, session: &Key, now_ms: i64) -> Told<()> {
        let (company, session) = (*company, *session);
        self.write(move |db| beside::end_session(db, &company, &session, now_ms)).await
    }

    async fn end_sessions_of(&self, company: &Key, person: &Key, now_ms: i64) -> Told<()> {
        let (company, person) = (*company, *person);
        self.write(move |db| beside::end_sessions_of(db, &company, &person, now_ms)).await
    }

    async fn note_failure(&self, company: &Key, subject: &str, now_ms: i64) -> Told<Lockout> {
        let (company, subject) = (*company, subject.to_owned());
        self.write(move |db| beside::note_failure(db, &company, &subject, now_ms)).await
    }

    async fn lockout(&self, company: &Key, subject: &str) -> Told<Lockout> {
        let (company, subject) = (*company, subject.to_owned());
        self.read(move |db| beside::lockout(db, &company, &subject)).await
    }

    async fn clear_failures(&self, company: &Key, subject: &str) -> Told<()> {
        let (company, subject) = (*company, subject.to_owned());
        self.write(move |db| beside::clear_failures(db, &company, &subject)).await
    }

    async fn projector(&self, company: &Key, name: &str) -> Told<Projector> {
        let (company, name) = (*company, name.to_owned());
        self.read(move |db| beside::projector(db, &company, &name)).await
    }

    async fn set_projector(&self, company: &Key, name: &str, at: &LogPoint) -> Told<()> {
        let (company, name, at) = (*company, name.to_owned(), *at);
        self.write(move |db| beside::set_projector(db, &company, &name, &at)).await
    }
}

fn page_of(db: &Connection, company: &Key, reader: &Reader, pull: &Pull) -> Told<PullReply> {
    let head = rows::head(db, company)?;
    if let Some(reply) = page::refused(reader, &head, pull) {
        return Ok(reply);
    }
    let mut hashes = HashMap::new();
    for seq in page::places(pull) {
        if let Some(point) = rows::point(db, company, seq)? {
            hashes.insert(seq, point.hash);
        }
    }
    if let Some(reply) = page::doubted(&head, pull, &hashes) {
        return Ok(reply);
    }
    let mut seqs = std::collections::BTreeSet::new();
    for cursor in &pull.cursors {
        seqs.extend(rows::scope_after(db, company, cursor.scope, cursor.seq, head.last_seq)?);
    }
    let found: Vec<page::Found> = seqs
        .into_iter()
        .take(page::ENTRIES_MAX + 1)
        .map(|seq| rows::found(db, company, seq))
        .collect::<Told<_>>()?;
    let cut = page::cut(reader, &head, pull, &found);
    let mut commits = HashMap::new();
    for seq in &cut.wanted {
        commits.insert(*seq, rows::commit(db, company, *seq)?);
    }
    Ok(cut.filled(commits))
}
