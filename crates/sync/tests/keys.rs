//! Where the key is, what is said about it, and what happens when it is gone.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;

use lumbung_sync::backup::{self, BackupPolicy, RECOVERY_KEY};
use lumbung_sync::export::{export, import, restore_elsewhere, write_recovery_key};
use lumbung_sync::{KeyPlace, KeySource, Store, StoreError, Warning, verify};
use support::{config, create, dump, node, trade};

#[test]
fn a_key_file_is_the_owners_alone_and_every_open_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut cfg = config(dir.path());
    cfg.keys = KeySource::File;
    let store = Store::create(&cfg, &node()).unwrap();
    let warned = |warnings: &[Warning]| {
        let [Warning::KeyInFile { path, .. }] = warnings else { panic!("{warnings:?}") };
        assert!(path.ends_with("lumbung.key"));
    };
    warned(&store.report().warnings);
    assert_eq!(store.report().key_place, KeyPlace::KeyFile);
    trade(&store, 1);
    drop(store);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(dir.path().join("lumbung.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let opened = Store::open(&cfg).unwrap();
    warned(&opened.report.warnings);
    drop(opened);
    // The folder knows where its key is: the caller need not.
    cfg.keys = KeySource::Os;
    assert_eq!(Store::open(&cfg).unwrap().report.key_place, KeyPlace::KeyFile);
}

#[test]
fn a_lost_or_foreign_key_is_named_and_never_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let mut cfg = config(dir.path());
    cfg.keys = KeySource::File;
    drop(Store::create(&cfg, &node()).unwrap());
    let path = dir.path().join("lumbung.key");
    let words = fs::read_to_string(&path).unwrap();

    fs::remove_file(&path).unwrap();
    let lost = Store::open(&cfg).unwrap_err();
    assert!(matches!(lost, StoreError::KeyMissing { .. }), "{lost}");
    assert!(!path.exists());

    for wrong in ["", "scribble", &words.to_uppercase(), &words[..40]] {
        fs::write(&path, wrong).unwrap();
        let refused = Store::open(&cfg);
        assert!(matches!(refused, Err(StoreError::KeyWrong { .. })), "{wrong}: {refused:?}");
    }
    fs::write(&path, &words).unwrap();
    Store::open(&cfg).unwrap();

    let other = tempfile::tempdir().unwrap();
    let mut second = config(other.path());
    second.keys = KeySource::File;
    drop(Store::create(&second, &node()).unwrap());
    fs::copy(other.path().join("lumbung.key"), &path).unwrap();
    assert!(matches!(Store::open(&cfg), Err(StoreError::KeyWrong { .. })));
}

#[test]
fn a_making_that_was_cut_short_is_made_again() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("lumbung.db.new"), b"half").unwrap();
    fs::write(dir.path().join("node.json"), b"{}").unwrap();
    assert!(!Store::exists(dir.path()));
    assert!(matches!(Store::open(&config(dir.path())), Err(StoreError::Absent { .. })));
    let store = create(dir.path());
    trade(&store, 1);
    drop(store);
    assert!(Store::exists(dir.path()));
    fs::remove_file(dir.path().join("lumbung.db")).unwrap();
    assert!(Store::exists(dir.path()), "what lived is missing, not absent");
    assert!(matches!(Store::open(&config(dir.path())), Err(StoreError::Damaged { .. })));
    assert!(matches!(Store::create(&config(dir.path()), &node()), Err(StoreError::Exists { .. })));
}

#[test]
fn an_export_moves_to_another_machine_with_its_passphrase() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    trade(&store, 3);
    let file = dir.path().join("shop.lumbung");
    let short = export(&store, &file, "kopi susu");
    assert!(matches!(short, Err(StoreError::PassphraseShort { .. })));
    let passphrase = "kopi susu tanpa gula";
    export(&store, &file, passphrase).unwrap();
    assert!(matches!(export(&store, &file, passphrase), Err(StoreError::FileExists { .. })));
    let then = dump(&store);
    let bytes = fs::read(&file).unwrap();
    for word in [&b"TEA"[..], b"lumbung1", b"export_secret", b"0707"] {
        assert!(!bytes.windows(word.len()).any(|window| window == word));
    }

    let there = tempfile::tempdir().unwrap();
    let wrong = import(&file, "kopi susu dengan gula", there.path(), &KeySource::File);
    assert!(matches!(wrong, Err(StoreError::Passphrase)), "{wrong:?}");
    assert!(!Store::exists(there.path()));
    let warnings = import(&file, passphrase, there.path(), &KeySource::File).unwrap();
    assert_eq!(warnings.len(), 1);
    let mut cfg = config(there.path());
    cfg.keys = KeySource::File;
    let opened = Store::open(&cfg).unwrap();
    assert_eq!(opened.report.rekeyed.unwrap().new_series, "T1a");
    assert_eq!(dump(&opened.store), then);
    opened.store.check_catalogue().unwrap();
    assert!(verify::chain(&opened.store, &mut |_, _| {}, &|| false).unwrap().is_clean());
    let secrets = opened.store.read::<i64, StoreError>(|db| {
        let sql = "select count(*) from sqlite_schema where name = 'export_secret'";
        Ok(db.query_row(sql, [], |row| row.get(0))?)
    });
    assert_eq!(secrets.unwrap(), 0);
    let again = import(&file, passphrase, there.path(), &KeySource::File);
    assert!(matches!(again, Err(StoreError::InUse { .. })));
}

#[test]
fn a_backup_on_a_stick_is_enough_when_the_machine_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let stick = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    trade(&store, 3);
    let passphrase = "kopi susu tanpa gula";
    assert!(matches!(
        write_recovery_key(&store, "pendek"),
        Err(StoreError::PassphraseShort { .. })
    ));
    write_recovery_key(&store, "yang lama dan diganti").unwrap();
    let key = write_recovery_key(&store, passphrase).unwrap();
    assert_eq!(key, dir.path().join("backups").join(RECOVERY_KEY));
    let second_folder = Some(stick.path().to_path_buf());
    store.backup(&BackupPolicy { second_folder, ..BackupPolicy::default() }).unwrap();
    let then = dump(&store);
    drop(store);
    drop(dir);

    let there = tempfile::tempdir().unwrap();
    let newest = backup::list(stick.path()).unwrap().remove(0).file;
    for wrong in ["yang lama dan diganti", ""] {
        let refused = restore_elsewhere(&newest, wrong, there.path(), &KeySource::File);
        assert!(matches!(refused, Err(StoreError::Passphrase)), "{refused:?}");
    }
    restore_elsewhere(&newest, passphrase, there.path(), &KeySource::File).unwrap();
    let mut cfg = config(there.path());
    cfg.keys = KeySource::File;
    let opened = Store::open(&cfg).unwrap();
    assert_eq!(opened.report.rekeyed.unwrap().new_series, "T1a");
    assert_eq!(dump(&opened.store), then);
}
