//! The centre's own copy of a company's books: made from the log, thrown away when in doubt.
//!
//! **Invariant:** the copy is never ahead of the log: what is done here is in the log first.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lumbung_app::{App, AppConfig};
use lumbung_sync::authority::log_hash;
use lumbung_sync::engine::Replica as _;
use lumbung_sync::protocol::{Carried, Cursor, Entry, Introduction, Page};
use lumbung_sync::{
    Gate, Header, Key, KeySource, NO_HASH, NewNode, Place, Sealed, Store, StoreError, StoreReplica,
};
use tokio::runtime::Handle;

use crate::centre::Clock;
use crate::enrol::SCOPES_MAX;
use crate::key::CentreKey;
use crate::log::{CommitLog, CompanyLock, Known, LogError, LogHead, LogPoint, OriginKind};
use crate::office::Office;

/// Bytes of commits that are applied at a time.
const PIECE: usize = 4 * 1024 * 1024;
/// The centre's first series of document numbers.
const SERIES: &str = "C1";

/// Why a replica is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// The log refused or did not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The application refused.
    #[error(transparent)]
    App(#[from] lumbung_app::Error),
    /// Files could not be removed.
    #[error("the old replica could not be removed")]
    Io(#[from] std::io::Error),
    /// The page that was just read did not fit.
    #[error("the replica does not take what the log holds")]
    Stuck,
}

/// What a replica is made with.
#[derive(Clone)]
pub struct Makings<L> {
    /// The log.
    pub log: L,
    /// The centre's key.
    pub key: CentreKey,
    /// The folder of all replicas.
    pub dir: PathBuf,
    /// Tells the time.
    pub clock: Clock,
    /// Compare every change with what was emitted.
    pub checked: bool,
    /// Where the log's methods run.
    pub runtime: Handle,
}

/// A replica that is open. All of it blocks: never call it on a thread of the runtime.
pub struct Replica<L: CommitLog> {
    company: Key,
    app: App,
    makings: Makings<L>,
    /// Up to which entry it was applied.
    applied: AtomicU64,
    /// The last own commit that the log holds.
    logged: AtomicU64,
}

impl<L: CommitLog> Makings<L> {
    /// The folder of a company's replica.
    fn folder(&self, company: &Key) -> PathBuf {
        self.dir.join("replicas").join(crate::words::id(company))
    }

    /// Opens the replica of a company, or makes it again where it is missing or in doubt. Answers
    /// whether it had to be made.
    pub fn open(&self, company: &Key) -> Result<(Arc<Replica<L>>, bool), ReplicaError> {
        let folder = self.folder(company);
        if Store::exists(&folder) {
            match self.open_old(company, &folder) {
                Ok(Some(replica)) => return Ok((self.ready(replica)?, false)),
                Ok(None) => tracing::warn!("a replica is in doubt and is made again"),
                Err(ReplicaError::Log(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(cause = %error, "a replica does not open and is made again");
                }
            }
            std::fs::remove_dir_all(&folder)?;
        }
        let replica = self.make(company, &folder)?;
        Ok((self.ready(replica)?, true))
    }

    fn app(&self, company: &Key, folder: &Path) -> App {
        let secrets = self.key.replica_secrets(company);
        let (log, clock) = (self.log.clone(), Arc::clone(&self.clock));
        let app = App::open(AppConfig {
            keys: KeySource::Memory(secrets.0, secrets.1),
            clock: Arc::clone(&self.clock),
            checked: self.checked,
            ..AppConfig::new(folder)
        });
        app.set_centre(Office::new(log, clock, self.runtime.clone()));
        app
    }

    /// The replica in the folder, if it is exactly what the log says it is.
    fn open_old(&self, company: &Key, folder: &Path) -> Result<Option<Replica<L>>, ReplicaError> {
        let app = self.app(company, folder);
        let store = app.store()?;
        let head = self.runtime.block_on(self.log.head(company))?;
        let (origin, own) = (store.identity().0, store.head());
        let known = self.runtime.block_on(self.log.origin(company, &origin))?;
        let chain = known.is_some_and(|known| {
            known.kind == OriginKind::Server
                && (known.known.head.ctr, known.known.head.hash) == (own.ctr, own.hash)
        });
        let cursor = last_cursor(&store)?;
        let point = self.runtime.block_on(self.log.point(company, cursor.seq))?;
        let reads = point.map_or(NO_HASH, |point| point.hash) == cursor.witness;
        if store.log_id() != Some(head.log_id) || !chain || !reads {
            return Ok(None);
        }
        Ok(Some(self.replica(company, app, own.ctr, cursor.seq)))
    }

    fn make(&self, company: &Key, folder: &Path) -> Result<Replica<L>, ReplicaError> {
        std::fs::create_dir_all(folder)?;
        let app = self.app(company, folder);
        let terminal = centre_terminal(company);
        app.begin_replica(&NewNode { company: *company, terminal, series: SERIES.to_owned() })?;
        let store = app.store()?;
        let (origin, pubkey) = store.identity();
        let introduction = Introduction {
            company: *company,
            terminal,
            origin,
            pubkey,
            series: SERIES.to_owned(),
            // Branches that are still to come are the centre's too.
            scopes: (0..SCOPES_MAX).collect(),
            by: None,
            sig: Vec::new(),
        };
        let known = self.introduce(introduction)?;
        let mut introduction = known.introduction;
        introduction.series = known.series;
        self.key.introduce(&mut introduction)?;
        let head = self.runtime.block_on(self.log.head(company))?;
        store.enrol(&introduction, head.log_id, &[])?;
        Ok(self.replica(company, app, 0, 0))
    }

    fn introduce(&self, mut introduction: Introduction) -> Result<Known, ReplicaError> {
        loop {
            self.key.introduce(&mut introduction)?;
            let company = introduction.company;
            let asked = self.log.introduce(&company, &introduction, OriginKind::Server);
            match self.runtime.block_on(asked) {
                Err(LogError::SeriesTaken { next }) if next != introduction.series => {
                    introduction.series = next;
                }
                answer => return Ok(answer?),
            }
        }
    }

    fn replica(&self, company: &Key, app: App, logged: u64, applied: u64) -> Replica<L> {
        Replica {
            company: *company,
            app,
            makings: self.clone(),
            applied: AtomicU64::new(applied),
            logged: AtomicU64::new(logged),
        }
    }

    /// Brings a replica up to the log and puts the gate before it.
    fn ready(&self, replica: Replica<L>) -> Result<Arc<Replica<L>>, ReplicaError> {
        let replica = Arc::new(replica);
        let weak = Arc::downgrade(&replica);
        let gate: Gate = Arc::new(move |store| match weak.upgrade() {
            Some(replica) => replica.pass(store),
            None => Err(StoreError::Log { detail: "this copy was closed".to_owned() }),
        });
        replica.app.store()?.set_gate(gate);
        replica.catch_up()?;
        replica.settle()?;
        Ok(replica)
    }
}

/// The terminal under which the centre writes in a company's books, on every node the same.
fn centre_terminal(company: &Key) -> Key {
    let hash = blake3::derive_key("lumbung 2026 centre terminal", company);
    let bytes = hash.first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_custom_bytes(bytes).into_uuid().into_bytes()
}

/// The cursor that has read the most: all scopes stand there but new ones, which have no rows yet.
fn last_cursor(store: &Store) -> Result<Cursor, StoreError> {
    let cursors = StoreReplica::new(store).cursors()?;
    let start = Cursor { scope: 0, seq: 0, witness: NO_HASH };
    Ok(cursors.into_iter().max_by_key(|cursor| cursor.seq).unwrap_or(start))
}

impl<L: CommitLog> Replica<L> {
    /// The application over it.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Up to which entry of the log it goes.
    pub fn applied(&self) -> u64 {
        self.applied.load(Ordering::Acquire)
    }

    /// Whether the log holds something of ours that the file lost.
    pub fn is_broken(&self) -> bool {
        let Ok(store) = self.app.store() else { return true };
        // In this order: whoever appends holds the writer until its file has followed.
        let logged = self.logged.load(Ordering::Acquire);
        store.head().ctr < logged
    }

    /// Applies what the log has more. Several at once are harmless: a page that does not fit any
    /// more is dropped.
    pub fn catch_up(&self) -> Result<(), ReplicaError> {
        let store = self.app.store()?;
        let log = &self.makings.log;
        loop {
            let after = last_cursor(&store)?;
            let asked = log.entries(&self.company, after.seq, PIECE);
            let entries = self.makings.runtime.block_on(asked)?;
            if entries.is_empty() {
                self.applied.fetch_max(after.seq, Ordering::AcqRel);
                return Ok(());
            }
            self.apply(&store, after, entries)?;
        }
    }

    fn apply(&self, store: &Store, after: Cursor, entries: Vec<Entry>) -> Result<(), ReplicaError> {
        join_new_scopes(store, &entries)?;
        let mut replica = StoreReplica::new(store);
        let echo = replica.cursors()?;
        let mut witness = after.witness;
        let mut seq = after.seq;
        for entry in &entries {
            witness = log_hash(&witness, &entry.hash, entry.stamp);
            seq = entry.seq;
        }
        let next = echo.iter().map(|cursor| Cursor { scope: cursor.scope, seq, witness }).collect();
        let page = Page { echo, entries, next, more: false };
        let applied = replica.apply(&page)?;
        if applied.ahead {
            // The log holds a commit of ours that the file lost: the copy must be made again.
            self.logged.fetch_max(u64::MAX, Ordering::AcqRel);
            return Err(ReplicaError::Stuck);
        }
        if applied.taken {
            self.applied.fetch_max(seq, Ordering::AcqRel);
            self.app.rows_came();
        }
        Ok(())
    }

    /// Makes the centre one of the company's terminals, once the company is there.
    pub fn settle(&self) -> Result<(), ReplicaError> {
        let series = self.app.store()?.info().series;
        self.app.settle_centre(&series)?;
        Ok(())
    }

    /// The gate: holds the log, brings the file up to its end, and gives the place for commits.
    fn pass(self: &Arc<Self>, store: &Store) -> Result<Place, StoreError> {
        let refused = |error: LogError| StoreError::Log { detail: error.to_string() };
        let runtime = &self.makings.runtime;
        if self.is_broken() {
            let detail = "this copy lost something and is being made again".to_owned();
            return Err(StoreError::Log { detail });
        }
        let lock = runtime.block_on(self.makings.log.lock(&self.company));
        let mut lock = lock.map_err(refused)?;
        loop {
            let after = last_cursor(store)?;
            if after.seq >= lock.head().last_seq {
                break;
            }
            let entries = runtime.block_on(lock.entries(after.seq, PIECE)).map_err(refused)?;
            if entries.is_empty() {
                break;
            }
            self.apply(store, after, entries).map_err(|error| match error {
                ReplicaError::Store(error) => error,
                other => StoreError::Log { detail: other.to_string() },
            })?;
        }
        let replica = Arc::clone(self);
        Ok(Box::new(move |commits| replica.append(lock, commits).map_err(refused)))
    }

    fn append(&self, mut lock: L::Lock, commits: Vec<Sealed>) -> Result<(), LogError> {
        let Some(last) = commits.last().and_then(|last| Header::decode(&last.header).ok()) else {
            return Ok(());
        };
        let carried: Vec<Carried> = commits.into_iter().map(Carried::from).collect();
        let now_ms = (self.makings.clock)();
        let runtime = &self.makings.runtime;
        runtime.block_on(async {
            lock.append(&last.origin, carried, now_ms).await?;
            lock.commit().await
        })?;
        // From here on the file must follow, or it is made again.
        self.logged.store(last.ctr, Ordering::Release);
        Ok(())
    }

    /// Where the log ends.
    pub fn head(&self) -> Result<LogHead, LogError> {
        self.makings.runtime.block_on(self.makings.log.head(&self.company))
    }

    /// Where this copy ends.
    pub fn point(&self) -> Result<LogPoint, ReplicaError> {
        let cursor = last_cursor(&*self.app.store()?)?;
        Ok(LogPoint { seq: cursor.seq, hash: cursor.witness })
    }
}

/// The centre holds every branch: one that is named for the first time is new, so nothing of it
/// was missed.
fn join_new_scopes(store: &Store, entries: &[Entry]) -> Result<(), StoreError> {
    let mut scopes = store.scopes()?;
    let known = scopes.len();
    for carried in entries.iter().filter_map(|entry| entry.commit.as_ref()) {
        let Ok(header) = Header::decode(&carried.header) else { continue };
        for scope in header.scopes {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
    }
    if scopes.len() > known {
        store.set_scopes(&scopes)?;
    }
    Ok(())
}
