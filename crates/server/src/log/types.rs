//! What a log is asked with, and what it tells.
//!
//! **Invariant:** times are UTC milliseconds given by the caller; no log looks at a clock.

use lumbung_sync::authority::KnownOrigin;
use lumbung_sync::protocol::{Carried, Introduction, PushReply};
use lumbung_sync::{Hash, Key, NO_HASH, Origin};

use super::check::Limits;

/// How a company's log is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The public key by which the centre vouches for terminals.
    pub centre: [u8; 32],
    /// The least schema that may read.
    pub min_schema: u32,
    /// The schema of this centre.
    pub cur_schema: u32,
}

/// The end of a company's log, and what goes for all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// Random, of this log for ever.
    pub log_id: Key,
    /// The public key by which the centre vouches for terminals.
    pub centre: [u8; 32],
    /// The last entry; 0 in an empty log.
    pub last_seq: u64,
    /// The hash of the log there.
    pub log_hash: Hash,
    /// The greatest stamp given.
    pub last_stamp: u64,
    /// The last entry in a backup.
    pub backed_seq: u64,
    /// The first entry kept commit by commit; whoever stands before it starts from a snapshot.
    pub kept_from: u64,
    /// The least schema that may read.
    pub min_schema: u32,
    /// The schema of the centre.
    pub cur_schema: u32,
}

impl LogHead {
    /// The end as a point.
    pub fn point(&self) -> LogPoint {
        LogPoint { seq: self.last_seq, hash: self.log_hash }
    }
}

/// A point of a log, and the hash that proves everything up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogPoint {
    /// The entry.
    pub seq: u64,
    /// The hash of the log after it.
    pub hash: Hash,
}

impl LogPoint {
    /// Before the first entry.
    pub const START: LogPoint = LogPoint { seq: 0, hash: NO_HASH };
}

/// A projector's place.
pub type Projector = LogPoint;

/// Who writes as an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginKind {
    /// A terminal, by pushes.
    Terminal,
    /// The centre itself, under a [`super::CompanyLock`]; a push in its name is refused.
    Server,
}

/// An origin, with what the operator wants to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What judging needs.
    pub known: KnownOrigin,
    /// Scopes it may not read any more, but may have written.
    pub past_scopes: Vec<u32>,
    /// The terminal it is an incarnation of.
    pub terminal: Key,
    /// The series of its document numbers, as it was given out.
    pub series: String,
    /// Who writes as it.
    pub kind: OriginKind,
    /// As it was introduced; its series may have been another's.
    pub introduction: Introduction,
    /// What was noted when it last spoke.
    pub seen: Option<Seen>,
    /// When it was shut out.
    pub revoked_ms: Option<i64>,
}

impl Known {
    /// The series it must go on with, where it was introduced with another's.
    pub fn changed_series(&self) -> Option<String> {
        (self.series != self.introduction.series).then(|| self.series.clone())
    }
}

/// What a terminal says of itself with each exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The schema of its store.
    pub schema: u32,
    /// Name and version of its program.
    pub app: String,
    /// How far its clock is ahead of the centre's.
    pub clock_off_ms: i64,
    /// When, by the centre's clock.
    pub at_ms: i64,
}

/// Who pushes, and how much of it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// The terminal of the session: chains of another one are refused. `None` takes any.
    pub terminal: Option<Key>,
    /// The centre's clock.
    pub now_ms: i64,
    /// The most that is taken.
    pub limits: Limits,
}

/// What became of the chains of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// One a chain, in the order they were sent.
    pub replies: Vec<PushReply>,
    /// The last entry that this push appended.
    pub appended_to: Option<u64>,
}

/// Who reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The scopes it may read.
    pub scopes: Vec<u32>,
    /// The schema of its store.
    pub schema: u32,
    /// The most bytes of commits in one page, whatever it asks for.
    pub bytes_max: usize,
}

/// A set of scopes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scopes(Vec<u32>);

impl Scopes {
    /// These scopes, each once.
    pub fn new(scopes: impl IntoIterator<Item = u32>) -> Scopes {
        let mut scopes: Vec<u32> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Scopes(scopes)
    }

    /// Ascending.
    pub fn as_slice(&self) -> &[u32] {
        &self.0
    }

    /// As text: equal sets have equal texts.
    pub fn key(&self) -> String {
        self.0.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
    }

    /// The set of a [`Scopes::key`].
    pub fn parse(key: &str) -> Option<Scopes> {
        if key.is_empty() {
            return Some(Scopes(Vec::new()));
        }
        key.split(',').map(|scope| scope.parse().ok()).collect::<Option<Vec<_>>>().map(Scopes::new)
    }
}

/// Where a commit went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Its origin.
    pub origin: Origin,
    /// Its counter.
    pub ctr: u64,
    /// Its place in the log.
    pub seq: u64,
    /// The stamp it was given.
    pub stamp: u64,
    /// The log's hash after it.
    pub log_hash: Hash,
}

/// A commit of a revoked origin, waiting for somebody to look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// Whose.
    pub origin: Origin,
    /// Its counter.
    pub ctr: u64,
    /// Its hash.
    pub hash: Hash,
    /// The commit.
    pub commit: Carried,
    /// When it came.
    pub received_ms: i64,
}

/// A state of the books that a terminal can start from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The scopes whose rows it has.
    pub scopes: Scopes,
    /// The schema of its database.
    pub schema: u32,
    /// Where in the log it was taken.
    pub at: LogPoint,
    /// The hash of the file, which is its name.
    pub file: Hash,
    /// Its size.
    pub bytes: u64,
    /// When it was made.
    pub made_ms: i64,
}

/// A picture or document beside the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// The hash of its bytes, which is its name.
    pub hash: Hash,
    /// Its size.
    pub bytes: u64,
    /// What it is.
    pub mime: String,
}

/// A one-time code by which a terminal enrols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The hash of the code; the code itself is not kept.
    pub hash: Hash,
    /// The terminal to be, or none where the terminal brings its own (it lived alone before).
    pub terminal: Option<Key>,
    /// Its series, likewise.
    pub series: Option<String>,
    /// The scopes it is given.
    pub scopes: Vec<u32>,
    /// When it was made.
    pub made_ms: i64,
    /// When it ends.
    pub ends_ms: i64,
}

/// What became of a one-time code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeUse {
    /// It is used now, by the origin that asked.
    Granted(Code),
    /// There is no such code.
    Unknown,
    /// It has ended.
    Ended,
    /// Another origin has used it.
    Used,
}

/// A person's session in a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub session: Key,
    /// Whose.
    pub person: Key,
    /// The hash of the refresh secret that is good now.
    pub secret: Hash,
    /// When it was started.
    pub started_ms: i64,
    /// When it ends at the latest.
    pub ends_ms: i64,
}

/// What became of a refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// The new secret is good now.
    Rotated(Session),
    /// The secret was exchanged before: somebody has a copy. The session was ended.
    Reused,
    /// There is no such session, or it has ended.
    Gone,
}

/// How a subject of sign-ins stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lockout {
    /// Failures since it last signed in.
    pub failures: u32,
    /// Until when it is locked out.
    pub until_ms: Option<i64>,
}

impl Lockout {
    /// Failures that cost nothing.
    const FREE: u32 = 4;
    /// The first wait; each further failure doubles it.
    const FIRST_MS: i64 = 30_000;
    /// The longest wait.
    const LONGEST_MS: i64 = 60 * 60 * 1000;

    /// After one more failure.
    #[must_use]
    pub fn failed(self, now_ms: i64) -> Lockout {
        let failures = self.failures.saturating_add(1);
        let until_ms = failures.checked_sub(Self::FREE + 1).map(|over| {
            let wait = Self::FIRST_MS.saturating_mul(1_i64 << over.min(20));
            now_ms.saturating_add(wait.min(Self::LONGEST_MS))
        });
        Lockout { failures, until_ms }
    }

    /// Whether nobody may try now.
    pub fn is_locked(&self, now_ms: i64) -> bool {
        self.until_ms.is_some_and(|until| now_ms < until)
    }
}
