//! What another store of the company did is there as if it had been done here: found by search,
//! counted in stock and in the books.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use lumbung_sync::authority::log_hash;
use lumbung_sync::engine::Replica;
use lumbung_sync::protocol::{Cursor, Entry, Introduction, Page};
use lumbung_sync::{Header, NO_HASH, NewStore, Store, StoreReplica};
use lumbung_tests::Shop;
use serde_json::json;

const LOG_ID: [u8; 16] = [8; 16];

/// What a store did, as a log that has nothing else.
fn log_of(store: &Store) -> (Vec<Entry>, Vec<u32>) {
    let replica = StoreReplica::new(store);
    let (mut entries, mut scopes) = (Vec::new(), vec![0]);
    for chain in replica.chains().unwrap() {
        for carried in replica.commits_after(&chain.origin, 0, usize::MAX).unwrap() {
            let header = Header::decode(&carried.header).unwrap();
            scopes.extend(header.scopes.iter().copied());
            let (hash, seq) = (carried.hash(), entries.len() as u64 + 1);
            let (origin, ctr, stamp) = (header.origin, header.ctr, header.hlc);
            entries.push(Entry { seq, stamp, origin, ctr, commit: Some(carried), hash });
        }
    }
    scopes.sort_unstable();
    scopes.dedup();
    (entries, scopes)
}

/// Applies the log to a store, `size` commits at a time.
fn apply(store: &Store, entries: &[Entry], size: usize) {
    let mut replica = StoreReplica::new(store);
    let mut witness = NO_HASH;
    for entries in entries.chunks(size) {
        for entry in entries {
            witness = log_hash(&witness, &entry.hash, entry.stamp);
        }
        let seq = entries.last().unwrap().seq;
        let echo = replica.cursors().unwrap();
        let next = echo.iter().map(|c| Cursor { scope: c.scope, seq, witness }).collect();
        let page = Page { echo, entries: entries.to_vec(), next, more: false };
        let applied = replica.apply(&page).unwrap();
        assert!(applied.taken);
        assert_eq!(applied.deferred, 0);
    }
}

fn introduction(store: &Store, new: &NewStore, scopes: &[u32]) -> Introduction {
    let info = store.info();
    Introduction {
        company: info.company,
        terminal: info.terminal,
        origin: new.origin(),
        pubkey: new.pubkey(),
        series: format!("{}x", info.series),
        scopes: scopes.to_vec(),
        by: None,
        sig: Vec::new(),
    }
}

fn found(shop: &Shop, text: &str) -> usize {
    let result = shop.ok("catalogue.search", json!({ "text": text }));
    result["hits"].as_array().unwrap().len()
}

/// A morning at a shop: goods, stock, a rename, a sale.
fn morning() -> Shop {
    let shop = Shop::new();
    shop.sign_in("ratna", "4071");
    shop.product("TEA", "8991234567890", "25000", "10");
    shop.product("COF", "8990000000001", "40000", "5");
    shop.open_session();
    shop.sell(&["TEA", "TEA"], 50_000);
    shop
}

#[test]
fn a_product_made_at_one_store_is_found_by_search_at_the_other() {
    let shop = morning();
    let store = shop.app().store().unwrap();
    let (entries, scopes) = log_of(&store);
    let mut other = Shop::empty();
    let new = NewStore::begin(&other.app().store_config()).unwrap();
    let introduction = introduction(&store, &new, &scopes);
    let there = new.enrolled(&introduction, LOG_ID, None).unwrap();
    apply(&there, &entries, 3);
    drop(there);
    other.restart();
    other.sign_in("ratna", "4071");
    for text in ["tea", "8991234567890", "0000001"] {
        assert_eq!(found(&other, text), found(&shop, text), "{text}");
        assert!(found(&other, text) > 0, "{text}");
    }
    assert_eq!(other.on_hand("TEA"), shop.on_hand("TEA"));
    assert_eq!(other.trial_balance(), shop.trial_balance());
    other.verify();
}

#[test]
fn a_store_from_a_snapshot_is_ready_to_search_and_to_count() {
    let shop = morning();
    let store = shop.app().store().unwrap();
    let (entries, scopes) = log_of(&store);
    let centre = Shop::empty();
    let new = NewStore::begin(&centre.app().store_config()).unwrap();
    let known = introduction(&store, &new, &scopes);
    let middle = new.enrolled(&known, LOG_ID, None).unwrap();
    apply(&middle, &entries, 500);
    let files = tempfile::tempdir().unwrap();
    let file = files.path().join("snapshot");
    middle.snapshot_for(&scopes, &file).unwrap();

    let mut other = Shop::empty();
    let new = NewStore::begin(&other.app().store_config()).unwrap();
    let known = introduction(&store, &new, &scopes);
    let there = new.enrolled(&known, LOG_ID, Some(&file)).unwrap();
    assert_eq!(there.fingerprint(&scopes).unwrap(), middle.fingerprint(&scopes).unwrap());
    drop(there);
    other.restart();
    other.sign_in("ratna", "4071");
    assert_eq!(found(&other, "8991234567890"), 1);
    assert_eq!(other.on_hand("TEA"), shop.on_hand("TEA"));
    assert_eq!(other.trial_balance(), shop.trial_balance());
    other.verify();
    // Rows of a branch that is let go leave nothing in what is derived.
    let store = other.app().store().unwrap();
    store.set_scopes(&[]).unwrap();
    assert_eq!(other.trial_balance().iter().map(|(_, sum)| sum.abs()).sum::<i64>(), 0);
}
