//! Backups are proved when they are made and again when they are put back.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use lumbung_sync::backup::{self, BackupPolicy};
use lumbung_sync::{Doubt, KeySource, Store, StoreError, verify};
use support::{KEYS, NOW, config, count, create, ctx, dump, reopen, sale, trade};

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_put_back_and_goes_on_under_another_series() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 3);
    let made = store.backup(&BackupPolicy::default()).unwrap();
    let (then, head) = (dump(&store), store.head());
    assert_eq!(made.backup.manifest.head(), Some(head));
    store.transact(&ctx(), "pos.complete", |tx| sale(tx, product_id, 1)).unwrap();
    drop(store);

    let file = &made.backup.file;
    let restored = backup::restore(dir.path(), file, &KEYS, 1_800_000_000_000).unwrap();
    assert_eq!(restored.manifest, made.backup.manifest);
    assert!(names(&restored.moved_aside).contains(&"lumbung.db".to_owned()));
    let opened = Store::open(&config(dir.path())).unwrap();
    let rekeyed = opened.report.rekeyed.unwrap();
    assert_eq!((rekeyed.doubt, rekeyed.new_series.as_str()), (Doubt::NoGuard, "T1a"));
    assert_eq!(dump(&opened.store), then);
    trade(&opened.store, 1);
    assert_eq!(count(&opened.store, "select count(*) from sale where number like 'T1a-%'"), 1);
    assert!(verify::chain(&opened.store, &mut |_, _| {}, &|| false).unwrap().is_clean());
    drop(opened.store);
    assert_eq!(Store::open(&config(dir.path())).unwrap().report.rekeyed, None);
}

#[test]
fn a_backup_holds_one_moment_while_sales_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 20);
    let head = store.head();
    let made = store
        .backup_watched(
            &BackupPolicy::default(),
            &mut |_, _| {
                store.transact(&ctx(), "pos.complete", |tx| sale(tx, product_id, 1)).unwrap();
            },
            &|| false,
        )
        .unwrap();
    let held = made.backup.manifest.head().unwrap();
    assert!(held.ctr >= head.ctr && held.ctr <= store.head().ctr);
    backup::check(dir.path(), &made.backup.file, &KEYS).unwrap();
    let left = names(&dir.path().join("backups"));
    assert_eq!(left.len(), 3, "a backup, its manifest, and the node file: {left:?}");
}

#[test]
fn a_backup_that_is_stopped_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    // More pages than one step copies.
    for _ in 0..12 {
        store
            .transact::<_, StoreError>(&ctx(), "pos.hold", |tx| {
                tx.save_draft(&support::HeldSale {
                    held_sale_id: tx.new_id(),
                    label: "much".to_owned(),
                    content: Some(vec![7; 1_000_000]),
                })
            })
            .unwrap();
    }
    let stopped = store.backup_watched(&BackupPolicy::default(), &mut |_, _| {}, &|| true);
    assert!(matches!(stopped, Err(StoreError::Cancelled)));
    assert_eq!(names(&dir.path().join("backups")), ["node.json"]);
}

#[test]
fn a_backup_is_copied_to_a_second_folder_and_both_are_thinned_out() {
    let dir = tempfile::tempdir().unwrap();
    let usb = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    trade(&store, 1);
    let policy = BackupPolicy {
        last: 2,
        hourly: 0,
        daily: 0,
        monthly: 0,
        second_folder: Some(usb.path().join("lumbung")),
    };
    let mut removed = 0;
    for _ in 0..4 {
        NOW.fetch_add(60_000, Ordering::Relaxed);
        let made = store.backup(&policy).unwrap();
        made.second.unwrap().unwrap();
        removed += made.removed.len();
    }
    assert_eq!(removed, 4);
    for folder in [dir.path().join("backups"), usb.path().join("lumbung")] {
        let kept = backup::list(&folder).unwrap();
        assert_eq!(kept.len(), 2);
        let files = names(&folder).into_iter().filter(|name| name.starts_with("lumbung-"));
        assert_eq!(files.count(), 4, "two backups with their manifests");
        assert!(kept[0].manifest.made_at_ms > kept[1].manifest.made_at_ms);
        backup::check(dir.path(), &kept[0].file, &KEYS).unwrap();
    }
    let nowhere = BackupPolicy { second_folder: Some("/proc/none".into()), ..policy };
    let made = store.backup(&nowhere).unwrap();
    assert!(matches!(made.second, Some(Err(_))), "the first copy counts, the second is reported");
}

#[test]
fn two_backups_of_one_second_have_two_names() {
    let dir = tempfile::tempdir().unwrap();
    let mut cfg = config(dir.path());
    cfg.clock = std::sync::Arc::new(|| 1_800_000_000_000);
    let store = Store::create(&cfg, &support::node()).unwrap();
    let policy = BackupPolicy::default();
    let made = [store.backup(&policy).unwrap(), store.backup(&policy).unwrap()];
    assert_eq!(
        made.map(|made| made.backup.file.file_name().unwrap().to_owned().into_string().unwrap()),
        ["lumbung-20270115T080000Z.db", "lumbung-20270115T080000Z-2.db"]
    );
}

#[test]
fn a_backup_that_was_changed_is_refused_and_the_data_stays() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    trade(&store, 2);
    let made = store.backup(&BackupPolicy::default()).unwrap();
    let then = dump(&store);
    drop(store);
    let file = made.backup.file;
    let (bytes, manifest) = (fs::read(&file).unwrap(), file.with_extension("json"));
    let text = fs::read_to_string(&manifest).unwrap();
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    let cases: [(&str, &[u8], String, &str); 6] = [
        ("a changed bit", &flipped, text.clone(), "not the one that was written"),
        ("a cut", &bytes[..bytes.len() / 2], text.clone(), "not the one that was written"),
        ("nothing", &[], text.clone(), "not the one that was written"),
        ("no manifest", &bytes, String::new(), "a backup manifest"),
        ("another head", &bytes, text.replace("\"ctr\": 3", "\"ctr\": 4"), "does not end where"),
        (
            "another key",
            &bytes,
            text.replace("\"key_id\": \"", "\"key_id\": \"0"),
            "made with another key",
        ),
    ];
    for (what, bytes, manifest_text, expected) in cases {
        fs::write(&file, bytes).unwrap();
        fs::write(&manifest, manifest_text).unwrap();
        let refused = backup::restore(dir.path(), &file, &KEYS, 0).unwrap_err().to_string();
        assert!(refused.contains(expected), "{what}: {refused}");
    }
    let other = KeySource::Memory([1; 32], [1; 32]);
    assert!(matches!(
        backup::restore(dir.path(), &file, &other, 0),
        Err(StoreError::KeyWrong { .. })
    ));
    let store = reopen(dir.path());
    assert_eq!(dump(&store), then);
    assert_eq!(store.report().rekeyed, None);
    let busy = backup::restore(dir.path(), &file, &KEYS, 0);
    assert!(matches!(busy, Err(StoreError::InUse { .. })));
}

#[test]
fn a_backup_reveals_nothing_without_the_key() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    trade(&store, 2);
    let made = store.backup(&BackupPolicy::default()).unwrap();
    drop(store);
    for file in [made.backup.file, dir.path().join("lumbung.db")] {
        let bytes = fs::read(&file).unwrap();
        for word in [&b"SQLite format 3"[..], b"TEA", b"T1-0001", b"sale_line"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word));
        }
    }
}

#[test]
fn no_series_comes_twice_however_old_the_backup() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    trade(&store, 1);
    let oldest = store.backup(&BackupPolicy::default()).unwrap().backup.file;
    drop(store);
    for series in ["T1a", "T1b", "T1c"] {
        backup::restore(dir.path(), &oldest, &KEYS, 1_800_000_000_000).unwrap();
        let opened = Store::open(&config(dir.path())).unwrap();
        assert_eq!(opened.report.rekeyed.unwrap().new_series, series);
        trade(&opened.store, 1);
    }
}
