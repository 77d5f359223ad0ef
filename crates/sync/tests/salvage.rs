//! Damage is never silent, and what a damaged file still holds is brought back.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::BTreeSet;
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

/// Which pages each commit lies on, as SQLite itself tells of the whole file.
fn pages_of_commits(dir: &Path) -> Vec<Vec<usize>> {
    let db = raw(dir);
    let list = "select path, pageno, ncell from dbstat
                where name = 'sync_journal' and pagetype = ?1 order by path";
    let pages = |kind: &str| {
        let mut statement = db.prepare(list).unwrap();
        let rows = statement.query_map([kind], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)? as usize, row.get(2)?))
        });
        rows.unwrap().collect::<Result<Vec<(String, usize, i64)>, _>>().unwrap()
    };
    let overflow = pages("overflow");
    let mut commits = Vec::new();
    for (path, page, cells) in pages("leaf") {
        for cell in 0..cells {
            let start = format!("{path}{cell:03x}+");
            let rest = overflow.iter().filter(|(path, ..)| path.starts_with(&start));
            commits.push([page].into_iter().chain(rest.map(|(_, page, _)| *page)).collect());
        }
    }
    assert!(!overflow.is_empty() && !pages("internal").is_empty(), "the journal is too small");
    commits
}

/// A shop whose journal has inner pages, and sales that do not fit on one.
fn long_shop(dir: &Path) -> Vec<Vec<usize>> {
    let store = create(dir);
    let product_id = trade(&store, 60);
    for lines in [1_000, 2, 2_500, 2, 2] {
        let done = store
            .transact(&support::ctx(), "pos.complete", |tx| support::sale(tx, product_id, lines));
        done.unwrap();
    }
    let commits = store.head().ctr as usize;
    drop(store);
    let pages = pages_of_commits(dir);
    assert_eq!(pages.len(), commits);
    pages
}

#[test]
fn every_commit_on_whole_pages_is_brought_out_wherever_the_damage_lies() {
    let dir = tempfile::tempdir().unwrap();
    let commits = long_shop(dir.path());
    let path = dir.path().join("lumbung.db");
    let whole = fs::read(&path).unwrap();
    let count = whole.len() / 4096;
    let journal: BTreeSet<usize> = commits.iter().flatten().copied().collect();
    assert!(journal.len() * 2 < count, "{} of {count}", journal.len());
    let check = |what: &str, broken: &dyn Fn(usize) -> bool| {
        let mut bytes = whole.clone();
        // The first page is spared: it holds the salt, and it is the subject of another test.
        for page in (2..=count).filter(|page| broken(*page)) {
            bytes[(page - 1) * 4096..page * 4096].fill(0x5a);
        }
        fs::write(&path, bytes).unwrap();
        let report = bring_out(dir.path());
        fs::remove_file(&report.file).unwrap();
        let lost = |pages: &&Vec<usize>| pages.iter().any(|page| *page > 1 && broken(*page));
        let lost = commits.iter().filter(lost).count();
        let found = commits.len() - lost;
        assert_eq!((report.found, report.lost), (found as u64, lost as u64), "{what}: {report:?}");
        lost
    };
    check("nothing", &|_| false);
    let third = count / 3;
    for start in (2..=count - third).step_by(third / 6) {
        check(&format!("a third from page {start}"), &|page| {
            (start..start + third).contains(&page)
        });
    }
    for rest in 0..3 {
        check(&format!("every third page, {rest}"), &|page| page % 3 == rest);
    }
    for seed in 0..12_u8 {
        let broken = |page: usize| lot(seed, page) < 86;
        check(&format!("a third by lot {seed}"), &broken);
    }
    let lost = check("all that is not the journal", &|page| !journal.contains(&page));
    assert_eq!(lost, 0);
    let lost = check("all of the journal", &|page| journal.contains(&page));
    assert_eq!(lost, commits.len());
}

/// An even byte for a page: the damage of one seed is always the same.
fn lot(seed: u8, page: usize) -> u8 {
    let mut mixed = (u64::from(seed) << 32 | page as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^= mixed >> 29;
    (mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 56) as u8
}

#[test]
fn without_its_first_page_the_whole_journal_is_brought_out() {
    let dir = tempfile::tempdir().unwrap();
    let commits = long_shop(dir.path()).len() as u64;
    let path = dir.path().join("lumbung.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[..4096].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    let report = bring_out(dir.path());
    assert_eq!((report.found, report.broken, report.lost), (commits, 0, 0));
}

#[test]
fn what_is_only_in_the_write_ahead_log_is_brought_out_and_a_broken_frame_costs_only_itself() {
    let dir = tempfile::tempdir().unwrap();
    let crashed = tempfile::tempdir().unwrap();
    let commits = shop(dir.path(), 1, 1);
    let store = Store::open(&config(dir.path())).unwrap().store;
    let before = fs::read(dir.path().join("lumbung.db")).unwrap();
    trade(&store, 20);
    for entry in fs::read_dir(dir.path()).unwrap() {
        let from = entry.unwrap().path();
        if from.is_file() {
            fs::copy(&from, crashed.path().join(from.file_name().unwrap())).unwrap();
        }
    }
    let copy = crashed.path();
    assert_eq!(fs::read(copy.join("lumbung.db")).unwrap(), before, "nothing is in the file yet");
    let all = commits + 21;
    let report = bring_out(copy);
    assert_eq!((report.found, report.broken, report.lost), (all, 0, 0));
    let log = fs::read(copy.join("lumbung.db-wal")).unwrap();
    let mut broken = log.clone();
    broken[..32].fill(0);
    // The second frame was written again by every transaction after it.
    broken[32 + 4120 + 24..32 + 2 * 4120].fill(0x5a);
    fs::write(copy.join("lumbung.db-wal"), broken).unwrap();
    let report = bring_out(copy);
    assert_eq!((report.found, report.broken, report.lost), (all, 0, 0));
    // A transaction that was not finished never was.
    fs::write(copy.join("lumbung.db-wal"), &log[..log.len() - 1]).unwrap();
    assert_eq!(bring_out(copy).found, all - 1);
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
