//! Measures the company's log: how fast it takes commits, and how fast it is read on from when it
//! is large. Prints Markdown for `docs/benchmarks.md`; progress goes to stderr.
//!
//! **Invariant:** the database syncs to the disk as a real one does, and the log is proved whole
//! after it was pushed to.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use lumbung_server::log::postgres::PgLog;
use lumbung_server::log::sqlite::SqliteLog;
use lumbung_server::log::{CommitLog, Reader};
use lumbung_sync::Key;
use lumbung_sync::protocol::{Cursor, Pull, PullReply, PushChain};
use support::cluster::Cluster;
use support::{SCHEMA, Till, fresh, id, opened, proved, writer};

/// How much is measured.
struct Size {
    /// Tills that push at once.
    tills: usize,
    /// Pushes of each till.
    pushes: usize,
    /// Entries of the large log.
    rows: i64,
    /// Commits pushed again.
    replayed: usize,
    /// Repetitions of each read.
    rounds: usize,
}

const NORMAL: Size = Size { tills: 16, pushes: 60, rows: 200_000, replayed: 20_000, rounds: 200 };
const QUICK: Size = Size { tills: 16, pushes: 10, rows: 10_000, replayed: 1_000, rounds: 20 };
const FULL: Size =
    Size { tills: 16, pushes: 200, rows: 5_000_000, replayed: 1_000_000, rounds: 500 };

/// Companies of a centre that keeps many.
const MANY: usize = 48;
/// Bytes of a commit's one long column: a sale of five lines weighs about as much.
const WEIGHT: usize = 400;
/// Branches of the large log; one entry in fifty goes to everybody.
const BRANCHES: i64 = 20;
/// Commits in one replayed push.
const REPLAY_AT_ONCE: usize = 500;

fn main() {
    let mut size = NORMAL;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => size = QUICK,
            "--full" => size = FULL,
            "--rows" => {
                let rows = words.next().and_then(|number| number.parse().ok());
                size.rows = rows.expect("--rows is followed by a number");
            }
            // What cargo tells every benchmark.
            "--bench" => {}
            other => panic!("sync takes --quick, --full, --rows NUMBER; not {other}"),
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("threads").block_on(measure(&size));
}

async fn measure(size: &Size) {
    let disk = ["fsync=on", "full_page_writes=on", "shared_buffers=256MB"];
    let cluster = Cluster::start_with(&disk);
    let postgres = PgLog::open(&cluster.address("postgres"), 24).await.expect("a database");
    let folder = tempfile::tempdir().expect("a folder");
    let sqlite = SqliteLog::open(&folder.path().join("log.db")).expect("a file");
    println!(
        "{} tills push at once; a push is proved, judged, appended and on the disk when it is \
         answered. The large log has {} entries of {BRANCHES} branches; a terminal reads scope 0 \
         and its branch, {} times each. PostgreSQL and this program share the machine.\n",
        size.tills, size.rows, size.rounds
    );
    println!("| What | Value |\n| --- | --- |");
    for (companies, batch) in [(1, 1), (1, 20), (MANY, 1), (MANY, 20)] {
        let told = append(&postgres, size, companies, batch).await;
        let of = if companies == 1 { "one company" } else { "48 companies" };
        println!("| PostgreSQL, {of}, {batch} commits a push | {told} |");
    }
    for batch in [1, 20] {
        let told = append(&sqlite, size, 1, batch).await;
        println!("| SQLite, one company, {batch} commits a push | {told} |");
    }
    println!("| PostgreSQL, the same commits pushed again | {} |", replay(&postgres, size).await);
    eprintln!("filling a log with {} entries", size.rows);
    fill(&cluster, size.rows).await;
    read(&postgres, size).await;
}

/// What one client pushes, one after the other.
type Lane = Vec<(Key, PushChain)>;

/// Every client pushes as fast as it is answered. With one company each is a till of it, with many
/// each goes round among companies of its own.
async fn append<L: CommitLog>(log: &L, size: &Size, companies: usize, batch: usize) -> String {
    eprintln!("pushing to {companies} companies, {batch} commits at once");
    let first = company_of_a_run(companies, batch);
    let mut tills: Vec<Vec<Till>> = Vec::new();
    for company in 0..companies {
        let opened: [Till; 16] = opened(log, id(first + company as u128)).await;
        tills.push(opened.into());
    }
    let mine = |lane: usize| -> Vec<Till> {
        match tills.as_slice() {
            [only] => only.get(lane).cloned().into_iter().collect(),
            many => many.iter().skip(lane).step_by(size.tills).map(|of| of[0].clone()).collect(),
        }
    };
    let lanes: Vec<Lane> = (0..size.tills).map(|lane| sold(mine(lane), size, batch)).collect();
    let started = Instant::now();
    let mut work = tokio::task::JoinSet::new();
    for lane in lanes {
        let log = log.clone();
        work.spawn(async move {
            for (company, chain) in lane {
                log.push(&company, &writer(), vec![chain]).await.expect("a push");
            }
        });
    }
    while let Some(done) = work.join_next().await {
        done.expect("a till");
    }
    let told = per_second(size.tills * size.pushes, batch, started.elapsed());
    let mut found = 0;
    for company in 0..companies {
        found += proved(log, &id(first + company as u128)).await.len();
    }
    assert_eq!(found, size.tills * size.pushes * batch, "everything is in the log once");
    told
}

/// Companies that no other run has.
fn company_of_a_run(companies: usize, batch: usize) -> u128 {
    1_000_000 * (companies as u128) + 1_000 * (batch as u128)
}

/// The pushes of a client with these tills, who take turns.
fn sold(mut tills: Vec<Till>, size: &Size, batch: usize) -> Lane {
    let turns = tills.len();
    let one = |push: usize| {
        let till = &mut tills[push % turns];
        let base = till.end().ctr;
        let said = support::Said { bytes: WEIGHT, ..till.said() };
        for _ in 0..batch {
            till.say(&said);
        }
        (till.company, till.from(base))
    };
    (0..size.pushes).map(one).collect()
}

fn per_second(pushes: usize, batch: usize, took: Duration) -> String {
    let ms = took.as_millis().max(1);
    let pushed = pushes as u128 * 1_000 / ms;
    format!("{pushed} pushes/s, {} commits/s", pushed * batch as u128)
}

/// A till whose answers are lost pushes the same again and again.
async fn replay<L: CommitLog>(log: &L, size: &Size) -> String {
    eprintln!("pushing {} commits again", size.replayed);
    let [mut till] = opened(log, id(7_000_000)).await;
    till.sell(REPLAY_AT_ONCE);
    let push = async || {
        let told = log.push(&till.company, &writer(), vec![till.from(0)]).await;
        told.expect("a push").appended_to
    };
    assert_eq!(push().await, Some(REPLAY_AT_ONCE as u64));
    let rounds = size.replayed / REPLAY_AT_ONCE;
    let started = Instant::now();
    for _ in 0..rounds {
        assert_eq!(push().await, None, "nothing is taken twice");
    }
    let took = started.elapsed();
    assert_eq!(proved(log, &till.company).await.len(), REPLAY_AT_ONCE);
    let commits = rounds * REPLAY_AT_ONCE;
    let each = commits as u128 * 1_000 / took.as_millis().max(1);
    format!("{commits} commits, none taken twice, {each} commits/s")
}

/// The company of the large log.
const LARGE: u128 = 9_000_000;

/// Fills a log with entries made by the database: as large as real ones, with hashes that only the
/// cursors below are asked about.
async fn fill(cluster: &Cluster, rows: i64) {
    let (client, work) =
        tokio_postgres::connect(&cluster.address("postgres"), tokio_postgres::NoTls)
            .await
            .expect("a connection");
    tokio::spawn(work);
    let company = uuid::Uuid::from_bytes(id(LARGE));
    let statements = format!(
        "insert into company_head values ('{company}', '{company}', '\\x{centre}', {rows},
             sha256('{rows}'), 1, 0, 1, 1, {SCHEMA});
         insert into commit_log (company, seq, origin, ctr, hash, stamp, log_hash, scopes, schema,
             kind, bytes, header, body, sig, received_ms)
         select '{company}', n, '{company}', n, sha256(n::text::bytea), n, sha256(n::text::bytea),
             array[case when n % 50 = 0 then 0 else 1 + n % {BRANCHES} end], {SCHEMA},
             'pos.complete', 1500, decode(repeat(md5(n::text), 10), 'hex'),
             decode(repeat(md5(n::text), 32), 'hex'), decode(repeat(md5(n::text), 4), 'hex'), 1
         from generate_series(1, {rows}) n;
         insert into log_scope (company, scope, seq)
         select '{company}', case when n % 50 = 0 then 0 else 1 + n % {BRANCHES} end, n
         from generate_series(1, {rows}) n;
         analyze",
        centre = "00".repeat(32),
    );
    client.batch_execute(&statements).await.expect("a filled log");
}

/// Reads of the large log from different places.
async fn read(log: &PgLog, size: &Size) {
    let company = id(LARGE);
    let last = size.rows.unsigned_abs();
    for (what, behind) in [
        ("Nothing new", 0),
        ("100 entries behind", 100),
        ("10,000 entries behind, first page", 10_000),
        ("From the beginning, first page", last),
    ] {
        let mut times = Vec::new();
        let mut entries = 0;
        for round in 0..size.rounds {
            let branch = 1 + u32::try_from(round).unwrap_or(0) % 20;
            let cursors = at(log, &company, branch, last.saturating_sub(behind)).await;
            let wish = Pull { cursors, have: vec![], limit: 512 * 1024 };
            let reader = Reader { scopes: vec![0, branch], schema: SCHEMA, bytes_max: 1 << 20 };
            let started = Instant::now();
            let told = log.pull(&company, &reader, &wish).await.expect("a page");
            times.push(started.elapsed());
            let PullReply::Page(page) = told else { panic!("no page but {told:?}") };
            entries = entries.max(page.entries.len());
        }
        println!("| Pull of a large log: {what} | {}, {entries} entries at most |", told(times));
    }
}

async fn at(log: &PgLog, company: &Key, branch: u32, seq: u64) -> Vec<Cursor> {
    let point = log.point(company, seq).await.expect("a point").expect("a point of the log");
    let mut cursors = fresh(&[0, branch]);
    for cursor in &mut cursors {
        (cursor.seq, cursor.witness) = (point.seq, point.hash);
    }
    cursors
}

fn told(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let part = |permille: usize| times[(times.len() * permille / 1_000).min(times.len() - 1)];
    format!("p50 {:.2?}, p99 {:.2?}", part(500), part(990))
}
