//! Damage is never silent, and what a damaged file still holds is brought back.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::Path;

use lumbung_sync::backup::{self, BackupPolicy};
use lumbung_sync::salvage::{self, SalvageApplied, SalvageReport};
use lumbung_sync::{KeySource, Store, StoreError, verify};
use support::{KEYS, config, count, create, dump, node, raw, trade};

const AT: i64 = 1_800_000_000_000;

fn bring_out(dir: &Path) -> SalvageReport {
    salvage::salvage(dir, &KEYS, AT, &mut |_| {}, &|| false).unwrap()
}

fn assert_clean(store: &Store) {
    let report = verify::chain(store, &mut |_, _| {}, &|| false).unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
}

/// A shop with a backup in the middle of its day; gives the number of commits at the end.
fn shop(dir: &Path, before: usize, after: usize) -> u64 {
    let store = create(dir);
    let product_id = trade(&store, before);
    store.backup(&BackupPolicy::default()).unwrap();
    for _ in 0..after {
        let done =
            store.transact(&support::ctx(), "pos.complete", |tx| support::sale(tx, product_id, 2));
        done.unwrap();
    }
    store.head().ctr
}

fn restore_and_apply(dir: &Path, report: &SalvageReport) -> (Store, SalvageApplied) {
    let newest = backup::list_of(dir).unwrap().remove(0);
    backup::restore(dir, &newest.file, &KEYS, AT).unwrap();
    let store = Store::open(&config(dir)).unwrap().store;
    let applied = salvage::apply(&store, &report.file).unwrap();
    (store, applied)
}

#[test]
fn sales_after_the_last_backup_come_back_from_a_damaged_file() {
    let dir = tempfile::tempdir().unwrap();
    let commits = shop(dir.path(), 10, 10);
    let report = bring_out(dir.path());
    assert_eq!((report.found, report.broken, report.lost), (commits, 0, 0));
    assert_eq!((report.chains[0].from, report.chains[0].to), (1, commits));
    let (store, applied) = restore_and_apply(dir.path(), &report);
    let expected = SalvageApplied { already: 11, added: 10, repeated: 0, deferred: 0 };
    assert_eq!(applied, expected);
    assert_eq!(count(&store, "select count(*) from sale"), 20);
    assert_eq!(count(&store, "select sum(qty) from sold"), 40_000_000);
    assert_clean(&store);
    let then = dump(&store);
    let again = salvage::apply(&store, &report.file).unwrap();
    assert_eq!((again.already, again.added, again.repeated), (commits, 0, 0));
    assert_eq!(dump(&store), then);
    assert_clean(&store);
}

#[test]
fn commits_behind_a_gap_are_repeated_and_only_once() {
    let dir = tempfile::tempdir().unwrap();
    shop(dir.path(), 3, 6);
    raw(dir.path()).execute_batch("delete from sync_journal where ctr in (6, 7)").unwrap();
    let report = bring_out(dir.path());
    assert_eq!((report.found, report.lost), (8, 2));
    assert_eq!(report.chains[0].missing, [(6, 7)]);
    let (store, applied) = restore_and_apply(dir.path(), &report);
    let expected = SalvageApplied { already: 4, added: 1, repeated: 3, deferred: 0 };
    assert_eq!(applied, expected);
    assert_eq!(count(&store, "select count(*) from sale"), 7);
    assert_clean(&store);
    let again = salvage::apply(&store, &report.file).unwrap();
    assert_eq!((again.already, again.added, again.repeated), (8, 0, 0));
    trade(&store, 1);
    drop(store);
    let opened = Store::open(&config(dir.path())).unwrap();
    assert_eq!(opened.report.rekeyed, None);
    assert_clean(&opened.store);
}

#[test]
fn a_commit_that_was_tampered_with_is_not_brought_out() {
    let dir = tempfile::tempdir().unwrap();
    shop(dir.path(), 3, 3);
    let tamper = "update sync_journal set body = x'000100' where ctr = 5;
                  update sync_journal set sig = zeroblob(64) where ctr = 6;";
    raw(dir.path()).execute_batch(tamper).unwrap();
    let report = bring_out(dir.path());
    assert_eq!((report.found, report.broken, report.lost), (5, 2, 2));
}

#[test]
fn what_was_salvaged_makes_a_new_store_of_the_company_whole() {
    let dir = tempfile::tempdir().unwrap();
    let commits = shop(dir.path(), 5, 5);
    let store = Store::open(&config(dir.path())).unwrap().store;
    let then = dump(&store);
    drop(store);
    let report = bring_out(dir.path());

    let fresh = tempfile::tempdir().unwrap();
    let mut cfg = config(fresh.path());
    cfg.keys = KeySource::Memory([5; 32], [6; 32]);
    let store = Store::create(&cfg, &node()).unwrap();
    assert!(salvage::apply(&store, &report.file).is_err(), "it is under another key");
    let applied = salvage::apply_from(&store, &report.file, dir.path(), &KEYS).unwrap();
    assert_eq!(applied.added, commits);
    assert_eq!(dump(&store), then, "applied elsewhere, the rows are byte for byte the same");
    assert_clean(&store);
    assert_eq!(store.info().series, "T1a", "T1 has printed these numbers already");
    trade(&store, 2);
    assert_eq!(count(&store, "select count(*) - count(distinct number) from sale"), 0);
    let applied = salvage::apply_from(&store, &report.file, dir.path(), &KEYS).unwrap();
    assert_eq!((applied.already, applied.added), (commits, 0));
    assert_eq!(store.info().series, "T1a");
    drop(store);
    let opened = Store::open(&cfg).unwrap();
    assert_eq!((opened.report.rekeyed, opened.store.info().series.as_str()), (None, "T1a"));
    assert_clean(&opened.store);

    let elsewhere = tempfile::tempdir().unwrap();
    let mut other = node();
    other.company = [77; 16];
    let store = Store::create(&config(elsewhere.path()), &other).unwrap();
    let refused = salvage::apply(&store, &report.file).unwrap_err().to_string();
    assert!(refused.contains("another company"), "{refused}");
}

/// Damages the file, then proves: opening it says so or finds every row as it was; salvage brings
/// out only what was signed; a restored backup takes it in and is clean.
fn damage(what: &str, harm: impl Fn(&mut Vec<u8>)) -> u64 {
    let dir = tempfile::tempdir().unwrap();
    let commits = shop(dir.path(), 4, 12);
    let whole = Store::open(&config(dir.path())).unwrap().store;
    let then = dump(&whole);
    drop(whole);
    let path = dir.path().join("lumbung.db");
    let mut bytes = fs::read(&path).unwrap();
    let before = bytes.clone();
    harm(&mut bytes);
    assert_ne!(bytes, before, "{what}");
    fs::write(&path, &bytes).unwrap();
    match Store::open(&config(dir.path())) {
        Err(StoreError::Damaged { .. }) => {}
        Err(other) => panic!("{what}: {other}"),
        Ok(opened) => {
            assert_eq!(dump(&opened.store), then, "{what}: opened as if nothing had happened");
            assert_clean(&opened.store);
        }
    }
    let report = bring_out(dir.path());
    assert_eq!(report.found + report.lost, commits, "{what}: {report:?}");
    let (store, applied) = restore_and_apply(dir.path(), &report);
    assert_eq!(applied.already + applied.added + applied.repeated, report.found, "{what}");
    assert_eq!(applied.deferred, 0, "{what}");
    assert_clean(&store);
    report.found
}

#[test]
fn a_flipped_bit_anywhere_is_noticed_and_most_of_the_journal_survives() {
    let pages = {
        let dir = tempfile::tempdir().unwrap();
        shop(dir.path(), 4, 12);
        fs::metadata(dir.path().join("lumbung.db")).unwrap().len() as usize / 4096
    };
    assert!(pages > 20, "{pages}");
    let mut survived = Vec::new();
    for page in 0..pages {
        let offset = page * 4096 + (page * 997 + 13) % 4096;
        survived.push(damage(&format!("bit in page {page}"), |bytes| bytes[offset] ^= 4));
    }
    let whole = survived.iter().filter(|found| **found == 17).count();
    assert!(whole * 2 > pages, "most pages do not hold the journal: {survived:?}");
}

#[test]
fn a_cut_file_is_noticed_and_salvaged_as_far_as_it_goes() {
    for percent in [0, 1, 10, 25, 50, 75, 90, 99] {
        damage(&format!("cut at {percent} %"), |bytes| {
            bytes.truncate(bytes.len() * percent / 100);
        });
    }
}

#[test]
fn a_file_with_holes_is_noticed_and_salvaged() {
    for start in [1, 3, 7] {
        damage(&format!("holes from page {start}"), |bytes| {
            for page in (start..bytes.len() / 4096).step_by(5) {
                bytes[page * 4096..(page + 1) * 4096].fill(0);
            }
        });
    }
    damage("scribbled over", |bytes| bytes.fill(0x5a));
}

#[test]
fn a_missing_database_is_named() {
    let dir = tempfile::tempdir().unwrap();
    shop(dir.path(), 1, 1);
    fs::remove_file(dir.path().join("lumbung.db")).unwrap();
    let refused = Store::open(&config(dir.path())).unwrap_err().to_string();
    assert!(refused.contains("lumbung.db is missing"), "{refused}");
}

#[test]
fn the_note_on_the_key_is_kept_twice_and_missed_when_both_are_gone() {
    let dir = tempfile::tempdir().unwrap();
    shop(dir.path(), 1, 1);
    fs::write(dir.path().join("node.json"), b"scribble").unwrap();
    drop(Store::open(&config(dir.path())).unwrap());
    fs::remove_file(dir.path().join("node.json")).unwrap();
    drop(Store::open(&config(dir.path())).unwrap());
    fs::remove_file(dir.path().join("backups/node.json")).unwrap();
    let refused = |expected: &str| {
        let refused = Store::open(&config(dir.path())).unwrap_err();
        assert!(matches!(refused, StoreError::Damaged { .. }), "{refused}");
        assert!(refused.to_string().contains(expected), "{refused}");
    };
    refused("node.json is missing");
    fs::write(dir.path().join("node.json"), b"scribble").unwrap();
    refused("node.json: expected value");
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(Store::open(&config(empty.path())), Err(StoreError::Absent { .. })));
}
