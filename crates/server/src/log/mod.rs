//! The log of a company: every commit of every terminal, once, in one order that never changes.
//!
//! Two logs keep [`CommitLog`]: [`sqlite::SqliteLog`] in one file for a shop that has no database
//! server, and [`postgres::PgLog`] for any number of companies and server processes. One suite of
//! tests holds them to the same behaviour, and both take their decisions in
//! [`lumbung_sync::authority`].
//!
//! Locks are taken in one order: origins (ascending), then the company. A server's own strict write
//! takes the company first and then its own origin, which no push may ever name.
//!
//! **Invariant:** an entry that a reader can see is never preceded by one that becomes visible
//! later, and never changes.

mod check;
mod error;
mod page;
mod plan;
pub mod postgres;
pub mod sqlite;
mod types;
mod vouch;

pub use check::Limits;
pub use error::LogError;
pub use types::{
    Appended, Blob, Code, CodeUse, Known, Lockout, LogHead, LogPoint, Opening, OriginKind,
    Projector, Pushed, Quarantined, Reader, Rotation, Scopes, Seen, Session, Snapshot, Writer,
};

use std::future::Future;

use lumbung_sync::Key;
use lumbung_sync::authority::OriginState;
use lumbung_sync::protocol::{Carried, Entry, Introduction, Pull, PullReply, PushChain};
use lumbung_sync::{Hash, Origin};

/// What a method of a log gives.
pub type Told<T> = Result<T, LogError>;

/// The log of many companies. A clone is another handle of the same log.
pub trait CommitLog: Clone + Send + Sync + 'static {
    /// What holds a company still for a write of the server itself.
    type Lock: CompanyLock;

    /// Makes the log of a company where there is none; otherwise takes over key and schemas of
    /// `opening`. The `log_id` is random and never changes.
    fn open_company(
        &self,
        company: &Key,
        opening: &Opening,
    ) -> impl Future<Output = Told<LogHead>> + Send;

    /// Every company that has a log here.
    fn companies(&self) -> impl Future<Output = Told<Vec<Key>>> + Send;

    /// Where the log of a company ends.
    fn head(&self, company: &Key) -> impl Future<Output = Told<LogHead>> + Send;

    /// Takes up an origin, vouched for by the centre's key or by an earlier origin of the same
    /// terminal, which is closed by it. An origin that is known stays as it is; one that a revoked
    /// origin vouches for is revoked from the start, so that what it pushes is kept apart.
    ///
    /// [`LogError::SeriesTaken`] names the next free series when this one is another's.
    fn introduce(
        &self,
        company: &Key,
        introduction: &Introduction,
        kind: OriginKind,
    ) -> impl Future<Output = Told<Known>> + Send;

    /// An origin.
    fn origin(
        &self,
        company: &Key,
        origin: &Origin,
    ) -> impl Future<Output = Told<Option<Known>>> + Send;

    /// Every origin, by terminal and series.
    fn origins(&self, company: &Key) -> impl Future<Output = Told<Vec<Known>>> + Send;

    /// Changes the standing of an origin.
    fn set_state(
        &self,
        company: &Key,
        origin: &Origin,
        state: OriginState,
        now_ms: i64,
    ) -> impl Future<Output = Told<()>> + Send;

    /// Changes the scopes an origin reads and writes. What it wrote in a scope it has left is
    /// still taken.
    fn set_scopes(
        &self,
        company: &Key,
        origin: &Origin,
        scopes: &Scopes,
    ) -> impl Future<Output = Told<()>> + Send;

    /// Notes that a terminal spoke as this origin. One that was closed is active again: it is the
    /// twin that did not take another name.
    fn seen(
        &self,
        company: &Key,
        origin: &Origin,
        seen: &Seen,
    ) -> impl Future<Output = Told<()>> + Send;

    /// Takes what is new of the chains of one request, all in one transaction, introducing origins
    /// that bring an introduction. One reply a chain, in their order.
    fn push(
        &self,
        company: &Key,
        writer: &Writer,
        chains: Vec<PushChain>,
    ) -> impl Future<Output = Told<Pushed>> + Send;

    /// Reads a piece of the log.
    fn pull(
        &self,
        company: &Key,
        reader: &Reader,
        pull: &Pull,
    ) -> impl Future<Output = Told<PullReply>> + Send;

    /// Every entry after `after`, whatever its scope, about `bytes` in all and at least one where
    /// there is one: for the server's own replica and for projectors.
    fn entries(
        &self,
        company: &Key,
        after: u64,
        bytes: usize,
    ) -> impl Future<Output = Told<Vec<Entry>>> + Send;

    /// Holds the company: nobody appends until the lock is committed, rolled back or dropped.
    fn lock(&self, company: &Key) -> impl Future<Output = Told<Self::Lock>> + Send;

    /// The point of the log at `seq`, or `None` beyond its end.
    fn point(&self, company: &Key, seq: u64)
    -> impl Future<Output = Told<Option<LogPoint>>> + Send;

    /// The greatest of these points that the log holds, so that a replica that diverged learns
    /// from where.
    fn best_checkpoint(
        &self,
        company: &Key,
        points: &[LogPoint],
    ) -> impl Future<Output = Told<Option<LogPoint>>> + Send;

    /// Notes that a backup holds the log up to `point`, and with it the end of each origin's chain
    /// there. Never goes back; a point that the log does not hold is [`LogError::NotInLog`].
    fn set_backed(
        &self,
        company: &Key,
        point: &LogPoint,
    ) -> impl Future<Output = Told<LogHead>> + Send;

    /// What revoked origins pushed and nobody has let in yet, by origin and counter.
    fn quarantine(&self, company: &Key) -> impl Future<Output = Told<Vec<Quarantined>>> + Send;

    /// Lets one commit out of quarantine into the log: the next of its origin's chain, or
    /// [`LogError::NotNext`].
    fn release(
        &self,
        company: &Key,
        commit: &Hash,
        now_ms: i64,
    ) -> impl Future<Output = Told<Appended>> + Send;

    /// Registers a snapshot file.
    fn put_snapshot(
        &self,
        company: &Key,
        snapshot: &Snapshot,
    ) -> impl Future<Output = Told<()>> + Send;

    /// The newest snapshot of exactly these scopes and this schema.
    fn snapshot(
        &self,
        company: &Key,
        scopes: &Scopes,
        schema: u32,
    ) -> impl Future<Output = Told<Option<Snapshot>>> + Send;

    /// The snapshot whose file has this hash.
    fn snapshot_file(
        &self,
        company: &Key,
        file: &Hash,
    ) -> impl Future<Output = Told<Option<Snapshot>>> + Send;

    /// Forgets snapshots older than the newest `keep` of each scope set and schema, and gives the
    /// files that no snapshot names any more.
    fn prune_snapshots(
        &self,
        company: &Key,
        keep: u32,
    ) -> impl Future<Output = Told<Vec<Hash>>> + Send;

    /// Registers a blob whose bytes are in place.
    fn put_blob(&self, company: &Key, blob: &Blob) -> impl Future<Output = Told<()>> + Send;

    /// A blob.
    fn blob(&self, company: &Key, hash: &Hash) -> impl Future<Output = Told<Option<Blob>>> + Send;

    /// Keeps a one-time code.
    fn put_code(&self, company: &Key, code: &Code) -> impl Future<Output = Told<()>> + Send;

    /// Uses a one-time code, once and before it ends. `by` is the origin that uses it: the same one
    /// may ask again, for its answer may have been lost.
    fn use_code(
        &self,
        company: &Key,
        code: &Hash,
        by: &Origin,
        now_ms: i64,
    ) -> impl Future<Output = Told<CodeUse>> + Send;

    /// Starts a person's session.
    fn start_session(
        &self,
        company: &Key,
        session: &Session,
    ) -> impl Future<Output = Told<()>> + Send;

    /// Exchanges a session's refresh secret. A secret that was exchanged before ends the session.
    fn rotate_session(
        &self,
        company: &Key,
        session: &Key,
        old: &Hash,
        new: &Hash,
        now_ms: i64,
    ) -> impl Future<Output = Told<Rotation>> + Send;

    /// A session that has not ended.
    fn session(
        &self,
        company: &Key,
        session: &Key,
        now_ms: i64,
    ) -> impl Future<Output = Told<Option<Session>>> + Send;

    /// Ends one session.
    fn end_session(
        &self,
        company: &Key,
        session: &Key,
        now_ms: i64,
    ) -> impl Future<Output = Told<()>> + Send;

    /// Ends every session of a person.
    fn end_sessions_of(
        &self,
        company: &Key,
        person: &Key,
        now_ms: i64,
    ) -> impl Future<Output = Told<()>> + Send;

    /// Counts a failed sign-in of `subject` (a person, an address) and tells until when it is
    /// locked out.
    fn note_failure(
        &self,
        company: &Key,
        subject: &str,
        now_ms: i64,
    ) -> impl Future<Output = Told<Lockout>> + Send;

    /// How a subject stands.
    fn lockout(&self, company: &Key, subject: &str) -> impl Future<Output = Told<Lockout>> + Send;

    /// Forgets the failures of a subject: it has signed in.
    fn clear_failures(&self, company: &Key, subject: &str)
    -> impl Future<Output = Told<()>> + Send;

    /// How far a projector has read, at 0 before it has started.
    fn projector(&self, company: &Key, name: &str) -> impl Future<Output = Told<Projector>> + Send;

    /// Notes how far a projector has read; never back.
    fn set_projector(
        &self,
        company: &Key,
        name: &str,
        at: &LogPoint,
    ) -> impl Future<Output = Told<()>> + Send;
}

/// A company held still. Dropping it rolls back.
pub trait CompanyLock: Send {
    /// Where the log ends, with what was appended under this lock.
    fn head(&self) -> &LogHead;

    /// Entries after `after`, as [`CommitLog::entries`], but of the log as it was locked.
    fn entries(
        &mut self,
        after: u64,
        bytes: usize,
    ) -> impl Future<Output = Told<Vec<Entry>>> + Send;

    /// Appends commits of a server origin, which continue its chain.
    fn append(
        &mut self,
        origin: &Origin,
        commits: Vec<Carried>,
        now_ms: i64,
    ) -> impl Future<Output = Told<Vec<Appended>>> + Send;

    /// Makes what was appended last.
    fn commit(self) -> impl Future<Output = Told<LogHead>> + Send;

    /// Forgets what was appended.
    fn rollback(self) -> impl Future<Output = Told<()>> + Send;
}
