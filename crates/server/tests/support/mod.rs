//! What the tests of the log share: terminals that make commits, logs to try, and the proof that a
//! log is whole.

#![allow(dead_code, reason = "each test uses a part")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

pub mod cluster;

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use ed25519_dalek::{Signer, SigningKey};
use lumbung_server::log::postgres::PgLog;
use lumbung_server::log::sqlite::SqliteLog;
use lumbung_server::log::{
    CommitLog, Known, Limits, LogHead, LogPoint, Opening, OriginKind, Pushed, Reader, Writer,
};
use lumbung_sync::authority::log_hash;
use lumbung_sync::protocol::{
    At, Carried, Cursor, Entry, Introduction, Page, Pull, PullReply, PushChain, PushReply,
};
use lumbung_sync::{
    Body, Header, Hlc, Key, NO_HASH, Op, Origin, Packer, RowChange, Sealed, ValueRef,
};

/// Noon of a day in 2026.
pub const NOW: i64 = 1_795_000_000_000;
/// The schema of the centre.
pub const SCHEMA: u32 = 7;

/// An id that is told by a number.
pub fn id(number: u128) -> Key {
    (number + 1).to_be_bytes()
}

fn key(of: &str, number: u128) -> SigningKey {
    let mut hasher = blake3::Hasher::new();
    hasher.update(of.as_bytes()).update(&number.to_be_bytes());
    SigningKey::from_bytes(hasher.finalize().as_bytes())
}

/// The key by which the centre vouches.
pub fn centre() -> SigningKey {
    key("centre", 0)
}

/// How the company of a test is opened.
pub fn opening() -> Opening {
    Opening { centre: centre().verifying_key().to_bytes(), min_schema: 1, cur_schema: SCHEMA }
}

/// Who pushes, when it is `now_ms`.
pub fn writer_at(now_ms: i64) -> Writer {
    Writer { terminal: None, now_ms, limits: Limits::default() }
}

/// Who pushes.
pub fn writer() -> Writer {
    writer_at(NOW)
}

/// An origin with its chain.
#[derive(Clone)]
pub struct Till {
    pub company: Key,
    pub terminal: Key,
    pub origin: Origin,
    pub key: SigningKey,
    pub series: String,
    pub scopes: Vec<u32>,
    pub commits: Vec<Carried>,
    pub at: Vec<At>,
    /// By how much its clock is ahead.
    pub clock_ms: i64,
}

/// What a commit of a test says; [`Till::sell`] takes the rest for granted.
#[derive(Clone)]
pub struct Said {
    pub scopes: Vec<u32>,
    pub schema: u32,
    pub company: Key,
    pub origin: Origin,
    pub row_scopes: Vec<u32>,
    pub bytes: usize,
    pub kind: &'static str,
}

impl Till {
    /// A till of scopes 0 and 1.
    pub fn new(company: Key, number: u128) -> Till {
        Till {
            company,
            terminal: id(1_000 + number),
            origin: id(2_000 + number),
            key: key("till", number),
            series: format!("T{number}"),
            scopes: vec![0, 1],
            commits: Vec::new(),
            at: vec![At { ctr: 0, hash: NO_HASH }],
            clock_ms: 0,
        }
    }

    /// The same till as another origin.
    pub fn rekeyed(&self, number: u128) -> Till {
        Till {
            origin: id(9_000 + number),
            key: key("rekeyed", number),
            series: format!("{}a", self.series),
            commits: Vec::new(),
            at: vec![At { ctr: 0, hash: NO_HASH }],
            ..self.clone()
        }
    }

    /// The till's introduction by the centre.
    pub fn introduction(&self) -> Introduction {
        self.introduced_by(None, &centre())
    }

    /// The till's introduction by one that came before.
    pub fn introduction_by(&self, by: &Till) -> Introduction {
        self.introduced_by(Some(by.origin), &by.key)
    }

    pub fn introduced_by(&self, by: Option<Origin>, key: &SigningKey) -> Introduction {
        let mut introduction = Introduction {
            company: self.company,
            terminal: self.terminal,
            origin: self.origin,
            pubkey: self.key.verifying_key().to_bytes(),
            series: self.series.clone(),
            scopes: self.scopes.clone(),
            by,
            sig: Vec::new(),
        };
        introduction.sig = key.sign(&introduction.signed_bytes().unwrap()).to_bytes().to_vec();
        introduction
    }

    /// What an honest commit says.
    pub fn said(&self) -> Said {
        Said {
            scopes: vec![1],
            schema: SCHEMA,
            company: self.company,
            origin: self.origin,
            row_scopes: vec![1],
            bytes: 40,
            kind: "pos.complete",
        }
    }

    /// Makes an honest commit in these scopes.
    pub fn sell_in(&mut self, scopes: &[u32]) -> At {
        let said = Said { scopes: scopes.to_vec(), row_scopes: scopes.to_vec(), ..self.said() };
        self.say(&said)
    }

    /// Makes honest commits.
    pub fn sell(&mut self, count: usize) -> &mut Till {
        for _ in 0..count {
            self.sell_in(&[1]);
        }
        self
    }

    /// Makes a commit.
    pub fn say(&mut self, said: &Said) -> At {
        let end = *self.at.last().unwrap();
        let ctr = end.ctr + 1;
        let text = "x".repeat(said.bytes);
        let rows = said.row_scopes.iter().map(|scope| RowChange {
            table: 9,
            op: Op::Insert,
            key: blake3::hash(&[&end.hash[..], &scope.to_be_bytes(), &self.origin].concat())
                .as_bytes()[..16]
                .try_into()
                .unwrap(),
            scope: *scope,
            group: 0,
            columns: vec![(1, ValueRef::Int(ctr as i64)), (2, ValueRef::Text(&text))],
            before: vec![],
        });
        let plain = Body { version: 1, rows: rows.collect() }.encode().unwrap();
        let header = Header {
            version: Header::VERSION,
            company: said.company,
            origin: said.origin,
            ctr,
            prev: end.hash,
            hlc: Hlc::default().tick(NOW + self.clock_ms + ctr as i64).bits(),
            kind: said.kind.to_owned(),
            schema: said.schema,
            scopes: said.scopes.clone(),
            user: None,
            business_date: NaiveDate::from_ymd_opt(2026, 11, 18).unwrap(),
            offset_min: 420,
            at_ms: NOW,
            reason: None,
            reissue_of: None,
            body_hash: *blake3::hash(&plain).as_bytes(),
        };
        let body = Packer::new().unwrap().pack(&plain).unwrap();
        let sealed = Sealed::new(&header, body, &self.key).unwrap();
        let at = At { ctr, hash: sealed.hash };
        self.commits.push(sealed.into());
        self.at.push(at);
        at
    }

    /// Everything after `base`.
    pub fn from(&self, base: u64) -> PushChain {
        self.part(base, self.commits.len())
    }

    /// The commits after `base` up to `end`.
    pub fn part(&self, base: u64, end: usize) -> PushChain {
        let start = base as usize;
        PushChain {
            origin: self.origin,
            base: self.at[start],
            commits: self.commits[start..end].to_vec(),
            introductions: vec![],
        }
    }

    pub fn end(&self) -> At {
        *self.at.last().unwrap()
    }
}

/// Opens a company and introduces tills to it.
pub async fn opened<L: CommitLog, const N: usize>(log: &L, company: Key) -> [Till; N] {
    log.open_company(&company, &opening()).await.unwrap();
    let tills = std::array::from_fn(|number| Till::new(company, number as u128));
    for till in &tills {
        introduced(log, till).await;
    }
    tills
}

pub async fn introduced<L: CommitLog>(log: &L, till: &Till) -> Known {
    log.introduce(&till.company, &till.introduction(), OriginKind::Terminal).await.unwrap()
}

/// Pushes one chain.
pub async fn push<L: CommitLog>(log: &L, till: &Till, chain: PushChain) -> PushReply {
    pushed(log, till, vec![chain]).await.replies.remove(0)
}

/// Pushes chains.
pub async fn pushed<L: CommitLog>(log: &L, till: &Till, chains: Vec<PushChain>) -> Pushed {
    log.push(&till.company, &writer(), chains).await.unwrap()
}

/// A reader of scopes.
pub fn reader(scopes: &[u32]) -> Reader {
    Reader { scopes: scopes.to_vec(), schema: SCHEMA, bytes_max: 1 << 20 }
}

/// The cursors of one that has read nothing.
pub fn fresh(scopes: &[u32]) -> Vec<Cursor> {
    scopes.iter().map(|scope| Cursor { scope: *scope, seq: 0, witness: NO_HASH }).collect()
}

/// One page.
pub async fn pull<L: CommitLog>(
    log: &L,
    company: &Key,
    cursors: &[Cursor],
    limit: u32,
) -> PullReply {
    let scopes: Vec<u32> = cursors.iter().map(|cursor| cursor.scope).collect();
    let wish = Pull { cursors: cursors.to_vec(), have: vec![], limit };
    log.pull(company, &reader(&scopes), &wish).await.unwrap()
}

pub fn page(reply: PullReply) -> Page {
    match reply {
        PullReply::Page(page) => page,
        other => panic!("no page but {other:?}"),
    }
}

/// Reads on until there is no more, page by page of about `limit` bytes.
pub async fn read_on<L: CommitLog>(
    log: &L,
    company: &Key,
    cursors: &mut Vec<Cursor>,
    limit: u32,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    loop {
        let page = page(pull(log, company, cursors, limit).await);
        assert_eq!(page.echo, *cursors);
        entries.extend(page.entries);
        cursors.clone_from(&page.next);
        if !page.more {
            return entries;
        }
    }
}

/// Proves that the log is whole: no gap, every hash, every chain, every head; gives its entries.
pub async fn proved<L: CommitLog>(log: &L, company: &Key) -> Vec<Entry> {
    let head = log.head(company).await.unwrap();
    let mut entries: Vec<Entry> = Vec::new();
    while (entries.len() as u64) < head.last_seq {
        let more = log.entries(company, entries.len() as u64, 100_000).await.unwrap();
        assert!(!more.is_empty(), "the log ends early");
        entries.extend(more);
    }
    let mut at = LogPoint::START;
    let mut chains: HashMap<Origin, At> = HashMap::new();
    for entry in &entries {
        at = LogPoint { seq: at.seq + 1, hash: log_hash(&at.hash, &entry.hash, entry.stamp) };
        assert_eq!(entry.seq, at.seq, "the log has a gap");
        let commit = entry.commit.as_ref().unwrap();
        assert_eq!(commit.hash(), entry.hash);
        let header = Header::decode(&commit.header).unwrap();
        let end = chains.entry(entry.origin).or_insert(At { ctr: 0, hash: NO_HASH });
        assert_eq!((header.ctr, header.prev), (end.ctr + 1, end.hash), "a chain has a gap");
        *end = At { ctr: entry.ctr, hash: entry.hash };
        assert_eq!(log.point(company, at.seq).await.unwrap(), Some(at));
    }
    let LogHead { last_seq, log_hash, .. } = head;
    assert_eq!(LogPoint { seq: last_seq, hash: log_hash }, at);
    for known in log.origins(company).await.unwrap() {
        let end = chains.get(&known.known.origin);
        assert_eq!(Some(&known.known.head), end.or(Some(&At { ctr: 0, hash: NO_HASH })));
    }
    entries
}

/// A place where a log lives, that can be copied as a backup copies it.
pub trait Place: Sized {
    type Log: CommitLog;

    fn new() -> impl Future<Output = Self>;

    /// Opens it; on PostgreSQL as another server process would.
    fn open(&self) -> impl Future<Output = Self::Log>;

    /// A copy of it as it is now. Nobody may have it open.
    fn copy(&self) -> impl Future<Output = Self::Log>;
}

/// A log in a file.
pub struct InFile {
    folder: tempfile::TempDir,
}

impl InFile {
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("log.db")
    }
}

impl Place for InFile {
    type Log = SqliteLog;

    async fn new() -> InFile {
        InFile { folder: tempfile::tempdir().unwrap() }
    }

    async fn open(&self) -> SqliteLog {
        SqliteLog::open(&self.path()).unwrap()
    }

    async fn copy(&self) -> SqliteLog {
        let copy = self.folder.path().join("copy.db");
        std::fs::copy(self.path(), &copy).unwrap();
        SqliteLog::open(&copy).unwrap()
    }
}

/// A log in a PostgreSQL.
pub struct InPostgres {
    pub cluster: cluster::Cluster,
}

impl InPostgres {
    /// A connection of one's own.
    pub async fn client(&self, database: &str) -> tokio_postgres::Client {
        let address = self.cluster.address(database);
        let (client, work) =
            tokio_postgres::connect(&address, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(work);
        client
    }
}

impl Place for InPostgres {
    type Log = PgLog;

    async fn new() -> InPostgres {
        InPostgres { cluster: cluster::Cluster::start() }
    }

    async fn open(&self) -> PgLog {
        PgLog::open(&self.cluster.address("postgres"), 20).await.unwrap()
    }

    async fn copy(&self) -> PgLog {
        let client = self.client("template1").await;
        let copy = "create database copy template postgres";
        // A connection that was closed a moment ago may still be counted.
        let mut tries = tokio::time::interval(std::time::Duration::from_millis(50));
        for _ in 0..200 {
            tries.tick().await;
            if client.batch_execute(copy).await.is_ok() {
                return PgLog::open(&self.cluster.address("copy"), 4).await.unwrap();
            }
        }
        panic!("the database cannot be copied");
    }
}
