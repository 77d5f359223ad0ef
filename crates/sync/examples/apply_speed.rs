//! How fast a store takes in what others sold.
//!
//! `cargo run --release -p lumbung-sync --example apply_speed -- 20000` makes so many sales of 17
//! rows, and applies them by pages at another store.
#![expect(clippy::unwrap_used, reason = "it measures, and stops at the first surprise")]
#![expect(clippy::float_arithmetic, reason = "rates are for people to read")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Instant;

use lumbung_sync::authority::log_hash;
use lumbung_sync::engine::Replica;
use lumbung_sync::protocol::{Cursor, Entry, Introduction, Page};
use lumbung_sync::{Header, NO_HASH, NewStore, Store, StoreConfig, StoreError, StoreReplica};
use support::{config, ctx, product, sale};

/// One sale and its lines.
const ROWS: usize = 17;
const PAGE: usize = 500;

fn enrolled(dir: &std::path::Path, number: u8) -> Store {
    let new = NewStore::begin(&StoreConfig { checked: false, ..config(dir) }).unwrap();
    let introduction = Introduction {
        company: [1; 16],
        terminal: [number; 16],
        origin: new.origin(),
        pubkey: new.pubkey(),
        series: format!("T{number}"),
        scopes: vec![5],
        by: None,
        sig: Vec::new(),
    };
    new.enrolled(&introduction, [8; 16], None).unwrap()
}

fn pages(store: &Store) -> Vec<Page> {
    let replica = StoreReplica::new(store);
    let origin = replica.me().unwrap().origin;
    let commits = replica.commits_after(&origin, 0, usize::MAX).unwrap();
    let (mut pages, mut seq, mut witness) = (Vec::new(), 0, NO_HASH);
    let cursors = |seq, witness| [0, 5].map(|scope| Cursor { scope, seq, witness }).to_vec();
    for commits in commits.chunks(PAGE) {
        let echo = cursors(seq, witness);
        let mut entries = Vec::new();
        for carried in commits {
            let header = Header::decode(&carried.header).unwrap();
            let (hash, stamp, ctr) = (carried.hash(), header.hlc, header.ctr);
            seq += 1;
            witness = log_hash(&witness, &hash, stamp);
            entries.push(Entry { seq, stamp, origin, ctr, commit: Some(carried.clone()), hash });
        }
        pages.push(Page { echo, entries, next: cursors(seq, witness), more: true });
    }
    pages
}

fn main() {
    let sales: usize = std::env::args().nth(1).map_or(5_000, |words| words.parse().unwrap());
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one = enrolled(here.path(), 1);
    let id = one.transact::<_, StoreError>(&ctx(), "p", |tx| product(tx, "P", 1)).unwrap().value;
    // Many sales share a transaction, so that making them is not what takes the time.
    for _ in 0..sales.div_ceil(PAGE) {
        one.transact::<_, StoreError>(&ctx(), "pos.complete", |tx| {
            for _ in 0..PAGE {
                sale(tx, id, i64::try_from(ROWS).unwrap() - 1)?;
                tx.cut()?;
            }
            Ok(())
        })
        .unwrap();
    }
    let pages = pages(&one);
    let commits: usize = pages.iter().map(|page| page.entries.len()).sum();
    let rate = |what: &str, of: usize, start: Instant| {
        let seconds = start.elapsed().as_secs_f64();
        println!("{what}: {commits} commits, {:.0} rows/s in {seconds:.2} s", of as f64 / seconds);
    };
    let two = enrolled(there.path(), 2);
    let mut replica = StoreReplica::new(&two);
    let start = Instant::now();
    for page in &pages {
        assert!(replica.apply(page).unwrap().taken);
    }
    rate("applied what another store sold", commits * ROWS, start);
    let mut replica = StoreReplica::new(&one);
    let start = Instant::now();
    for page in &pages {
        assert_eq!(replica.apply(page).unwrap().confirmed, page.entries.len() as u64);
    }
    rate("confirmed what this store sold", commits * ROWS, start);
    let start = Instant::now();
    assert!(one.fingerprint(&[5]).unwrap() == two.fingerprint(&[5]).unwrap());
    rate("two fingerprints", 2 * commits * ROWS, start);
    let file = there.path().join("snapshot");
    let start = Instant::now();
    let manifest = two.snapshot_for(&[5], &file).unwrap();
    rate(&format!("a snapshot of {} bytes", manifest.bytes), commits * ROWS, start);
    let third = tempfile::tempdir().unwrap();
    let new = NewStore::begin(&StoreConfig { checked: false, ..config(third.path()) }).unwrap();
    let introduction = Introduction {
        company: [1; 16],
        terminal: [3; 16],
        origin: new.origin(),
        pubkey: new.pubkey(),
        series: "T3".to_owned(),
        scopes: vec![5],
        by: None,
        sig: Vec::new(),
    };
    let start = Instant::now();
    new.enrolled(&introduction, [8; 16], Some(&file)).unwrap();
    rate("a new store from it", commits * ROWS, start);
}
