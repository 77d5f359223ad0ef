//! A store that may be an older copy or a clone goes on as another origin, before its first write.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::Path;

use lumbung_sync::{Doubt, OpenReport, Store, verify};
use support::{config, count, create, ctx, reopen, sale, trade};

const DATA: [&str; 4] = ["lumbung.db", "lumbung.db-wal", "lumbung.db-shm", "guard"];

/// The files of a folder as they are now, also while the store is open.
fn photograph(dir: &Path, names: &[&'static str]) -> Vec<(&'static str, Option<Vec<u8>>)> {
    names.iter().map(|name| (*name, fs::read(dir.join(name)).ok())).collect()
}

fn put_back(dir: &Path, files: &[(&'static str, Option<Vec<u8>>)]) {
    for (name, bytes) in files {
        match bytes {
            Some(bytes) => fs::write(dir.join(name), bytes).unwrap(),
            None => drop(fs::remove_file(dir.join(name))),
        }
    }
}

fn open(dir: &Path) -> (Store, OpenReport) {
    let opened = Store::open(&config(dir)).unwrap();
    (opened.store, opened.report)
}

fn assert_clean(store: &Store) {
    let report = verify::chain(store, &mut |_, _| {}, &|| false).unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
}

#[test]
fn an_older_file_put_back_takes_another_origin_and_series() {
    for (before, after) in [(0, 1), (1, 1), (3, 5), (3, 100), (70, 1), (64, 63)] {
        let dir = tempfile::tempdir().unwrap();
        let store = create(dir.path());
        let product_id = trade(&store, before);
        drop(store);
        let older = photograph(dir.path(), &DATA[..3]);
        let store = reopen(dir.path());
        for _ in 0..after {
            let done = store.transact(&ctx(), "pos.complete", |tx| sale(tx, product_id, 1));
            done.unwrap();
        }
        let newest = store.head();
        drop(store);
        put_back(dir.path(), &older);

        let (store, report) = open(dir.path());
        let rekeyed = report.rekeyed.unwrap();
        let (found, expected) = (before as u64 + 1, newest.ctr);
        assert_eq!(rekeyed.doubt, Doubt::Older { found, expected });
        assert_eq!((rekeyed.old_series.as_str(), rekeyed.new_series.as_str()), ("T1", "T1a"));
        assert_ne!(store.head().origin, newest.origin);
        assert_eq!(store.head().ctr, 0);
        store.transact(&ctx(), "pos.complete", |tx| sale(tx, product_id, 1)).unwrap();
        assert_eq!(count(&store, "select count(*) from sale where number like 'T1a-%'"), 1);
        assert_eq!(store.pending().unwrap().commits, before as u64 + 2);
        assert_clean(&store);
        drop(store);
        assert_eq!(open(dir.path()).1.rekeyed, None, "once is enough");
    }
}

#[test]
fn a_killed_process_keeps_its_origin() {
    for sales in [0, 1, 62, 63, 64, 65, 130] {
        let dir = tempfile::tempdir().unwrap();
        let store = create(dir.path());
        trade(&store, sales);
        // What is on disk now is what a kill would leave.
        let left = photograph(dir.path(), &DATA);
        let head = store.head();
        drop(store);
        put_back(dir.path(), &left);
        let (store, report) = open(dir.path());
        assert_eq!(report.rekeyed, None, "{sales}");
        assert_eq!(store.head(), head);
    }
}

#[test]
fn a_lost_note_of_the_exact_head_does_no_harm() {
    for cut in [1024, 1030, 1100] {
        let dir = tempfile::tempdir().unwrap();
        let store = create(dir.path());
        trade(&store, 5);
        drop(store);
        let path = dir.path().join("guard");
        let mut bytes = fs::read(&path).unwrap();
        bytes.truncate(cut);
        fs::write(&path, bytes).unwrap();
        assert_eq!(open(dir.path()).1.rekeyed, None);
    }
}

#[test]
fn a_torn_reservation_leaves_the_other() {
    for at in [3, 515] {
        let dir = tempfile::tempdir().unwrap();
        let store = create(dir.path());
        trade(&store, 5);
        drop(store);
        let path = dir.path().join("guard");
        let mut bytes = fs::read(&path).unwrap();
        bytes[at] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert_eq!(open(dir.path()).1.rekeyed, None);
    }
}

#[test]
fn a_store_without_its_guard_is_doubted() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    trade(&store, 2);
    drop(store);
    for series in ["T1a", "T1b", "T1c"] {
        fs::write(dir.path().join("guard"), b"scribble").unwrap();
        let (store, report) = open(dir.path());
        let rekeyed = report.rekeyed.unwrap();
        assert_eq!(rekeyed.doubt, Doubt::NoGuard);
        assert_eq!(rekeyed.new_series, series);
        assert_clean(&store);
    }
}

#[test]
fn a_copied_folder_is_another_origin() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    trade(&store, 2);
    let head = store.head();
    drop(store);
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(dir.path()).unwrap() {
        let file = entry.unwrap().path();
        fs::copy(&file, copy.path().join(file.file_name().unwrap())).unwrap();
    }
    let (clone, report) = open(copy.path());
    assert_eq!(report.rekeyed.unwrap().doubt, Doubt::OtherPlace);
    let (store, report) = open(dir.path());
    assert_eq!(report.rekeyed, None);
    trade(&store, 1);
    trade(&clone, 1);
    assert_eq!(store.head().origin, head.origin);
    assert_ne!(clone.head().origin, head.origin);
}

#[test]
fn another_history_of_the_same_length_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    trade(&store, 2);
    drop(store);
    let fork = photograph(dir.path(), &DATA);
    let store = reopen(dir.path());
    trade(&store, 1);
    drop(store);
    let guard = photograph(dir.path(), &DATA[3..]);
    put_back(dir.path(), &fork);
    let store = reopen(dir.path());
    trade(&store, 2);
    drop(store);
    put_back(dir.path(), &guard);
    let rekeyed = open(dir.path()).1.rekeyed.unwrap();
    assert_eq!(rekeyed.doubt, Doubt::OtherHistory);
}
