//! Copies of the data, putting them back, and what a damaged file still gives.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::PathBuf;

use lumbung_app::jobs::Progress;
use lumbung_app::{App, AppConfig, Caller, Failure, backup};
use lumbung_sync::KeySource;
use lumbung_tests::Shop;
use serde_json::{Value, json};

const HOUR_MS: i64 = 3_600_000;

fn shop_with_tea() -> Shop {
    let shop = Shop::open();
    shop.product("TEA", "8991234567891", "12500", "20");
    shop
}

fn copy(shop: &Shop) -> PathBuf {
    let made = backup::make(shop.app(), None, &mut Progress::silent()).unwrap();
    PathBuf::from(made.file)
}

fn receipts(shop: &Shop) -> usize {
    let page = shop.operator("pos.receipts", json!({}));
    page["receipts"].as_array().unwrap().len()
}

fn state(shop: &Shop) -> Value {
    shop.ok("start.status", json!({}))["state"].clone()
}

#[test]
fn a_copy_brings_the_shop_back_to_its_moment_under_a_new_series() {
    let shop = shop_with_tea();
    shop.sell(&["TEA"], 12_500);
    let file = copy(&shop);
    shop.sell(&["TEA"], 12_500);
    assert_eq!(receipts(&shop), 2);
    shop.sign_in("ratna", "4071");
    let restored = shop.ok("backup.restore", json!({ "file": file }));
    let kept = PathBuf::from(restored["kept"].as_str().unwrap());
    assert!(kept.join("lumbung.db").is_file(), "what was there is kept");
    assert_eq!(shop.refused("pos.receipts", json!({})), "signed_out");
    assert_eq!(receipts(&shop), 1);
    let warnings = shop.ok("start.status", json!({}))["warnings"].to_string();
    assert!(warnings.contains("T1a"), "{warnings}");
    // The number of the lost receipt is on paper somewhere: it must not come twice.
    shop.sign_in("sari", "1359");
    let sold = shop.sell(&["TEA"], 12_500);
    assert_eq!(sold["number"], "JKT-T1a-26-S000001");
    shop.verify();
}

#[test]
fn a_copy_that_is_not_whole_is_refused_and_the_shop_goes_on() {
    let shop = shop_with_tea();
    shop.sell(&["TEA"], 12_500);
    let file = copy(&shop);
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    shop.sign_in("ratna", "4071");
    assert_eq!(shop.refused("backup.check", json!({ "file": file })), "store_backup");
    assert_eq!(shop.refused("backup.restore", json!({ "file": file })), "store_backup");
    let absent = shop.folder().join("backups/none.db");
    assert_eq!(shop.refused("backup.restore", json!({ "file": absent })), "store_backup");
    shop.sign_in("sari", "1359");
    shop.sell(&["TEA"], 12_500);
    assert_eq!(receipts(&shop), 2);
}

#[test]
fn only_those_who_may_make_copies_see_them() {
    let shop = shop_with_tea();
    for command in ["backup.list", "backup.now", "backup.salvage", "backup.support"] {
        assert_eq!(shop.refused(command, json!({})), "forbidden", "{command}");
    }
    shop.sign_in("budi", "8362");
    copy(&shop);
    let list = shop.ok("backup.list", json!({}));
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["encrypted"], true);
    let checked = shop.ok("backup.check", json!({ "file": list[0]["file"] }));
    assert_eq!(checked["commits"], list[0]["commits"]);
    shop.ok("users.sign_out", json!({}));
    assert_eq!(shop.refused("backup.list", json!({})), "signed_out");
}

#[test]
fn a_copy_is_made_every_hour_and_after_a_close_when_something_happened() {
    let shop = shop_with_tea();
    let due = || backup::when_due(shop.app()).unwrap();
    assert!(due(), "there is none yet");
    assert!(!due(), "nothing happened since");
    shop.sell(&["TEA"], 12_500);
    assert!(!due(), "the last one is young");
    shop.wait_ms(HOUR_MS);
    assert!(due());
    shop.wait_ms(60_000);
    let state = shop.ok("pos.state", json!({}));
    let session = &state["session"]["session_id"];
    let counted = json!([{ "denomination": 500, "pieces": 225 }]);
    shop.ok("pos.count_drawer", json!({ "session_id": session, "counted": counted }));
    shop.ok("pos.close_session", json!({ "session_id": session, "reason": "" }));
    assert!(due(), "a session was closed");
    assert!(!backup::at_exit(shop.app()).unwrap(), "the last one holds everything");
}

#[test]
fn a_second_folder_gets_a_copy_and_a_missing_one_does_not_stop_the_first() {
    let shop = shop_with_tea();
    let second = tempfile::tempdir().unwrap();
    let made = backup::make(shop.app(), Some(second.path()), &mut Progress::silent()).unwrap();
    assert!(PathBuf::from(made.second.unwrap()).is_file());
    shop.sell(&["TEA"], 12_500);
    let blocked = second.path().join("not a folder");
    fs::write(&blocked, "a file").unwrap();
    let made = backup::make(shop.app(), Some(&blocked), &mut Progress::silent()).unwrap();
    assert!(PathBuf::from(made.file).is_file());
    assert!(made.second.is_none() && made.second_failed.is_some());
}

/// Destroys pages in the middle of the file.
fn damage(shop: &mut Shop) {
    shop.close();
    let path = shop.folder().join("lumbung.db");
    let mut bytes = fs::read(&path).unwrap();
    let (from, to) = (bytes.len() / 3, bytes.len() / 3 + 40_000);
    bytes[from..to].fill(0xa5);
    fs::write(&path, bytes).unwrap();
    shop.restart();
}

#[test]
fn a_damaged_file_is_said_to_be_and_its_sales_are_brought_back() {
    let mut shop = shop_with_tea();
    shop.sell(&["TEA"], 12_500);
    let file = copy(&shop);
    shop.sell(&["TEA", "TEA"], 25_000);
    damage(&mut shop);
    assert_eq!(state(&shop), "damaged");
    assert_eq!(shop.refused("pos.state", json!({})), "signed_out");
    assert_eq!(
        shop.refused("users.sign_in", json!({ "username": "sari", "pin": "1359" })),
        "store_closed"
    );
    // Nobody can sign in, so whoever sits at the machine may mend it.
    assert_eq!(shop.ok("backup.list", json!({})).as_array().unwrap().len(), 1);
    let saved = shop.ok("backup.salvage", json!({}));
    assert!(saved["found"].as_u64().unwrap() > 0, "{saved}");
    shop.ok("backup.restore", json!({ "file": file }));
    assert_eq!(state(&shop), "ready");
    assert_eq!(receipts(&shop), 1);
    shop.sign_in("ratna", "4071");
    let applied = shop.ok("backup.apply_salvage", json!({ "file": saved["file"] }));
    let back = applied["added"].as_u64().unwrap() + applied["repeated"].as_u64().unwrap();
    if saved["lost"] == 0 {
        assert_eq!((receipts(&shop), back), (2, 1), "{applied}");
    }
    let again = shop.ok("backup.apply_salvage", json!({ "file": saved["file"] }));
    assert_eq!((&again["added"], &again["repeated"]), (&json!(0), &json!(0)));
    shop.verify();
}

#[test]
fn a_file_cut_short_is_damaged_and_never_opened_as_if_whole() {
    for part in [0, 1, 4_096, 100_000] {
        let mut shop = shop_with_tea();
        shop.sell(&["TEA"], 12_500);
        shop.close();
        let path = shop.folder().join("lumbung.db");
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..part.min(bytes.len() / 2)]).unwrap();
        let _ = fs::remove_file(shop.folder().join("lumbung.db-wal"));
        shop.restart();
        assert_eq!(state(&shop), "damaged", "{part} bytes left");
    }
}

#[test]
fn the_support_file_names_nobody() {
    let shop = shop_with_tea();
    shop.sell(&["TEA"], 12_500);
    shop.sign_in("ratna", "4071");
    let bundle = shop.ok("backup.support", json!({}));
    assert_eq!(bundle["state"], "ready");
    assert!(bundle["checks"].as_array().unwrap().iter().all(|check| check["ok"] == true));
    let text = bundle.to_string();
    for secret in ["Toko Uji", "Sari", "ratna", "TEA", "12500", "argon2", "0707"] {
        assert!(!text.contains(secret), "{secret} is in the support file");
    }
}

const PASSPHRASE: &str = "kopi susu tanpa gula";

/// Another machine: an empty folder with keys of its own.
fn machine(folder: &std::path::Path) -> App {
    App::open(AppConfig { keys: KeySource::File, ..AppConfig::new(folder) })
}

fn bring(app: &App, file: &std::path::Path, passphrase: &str) -> Result<Value, Failure> {
    let given = json!({ "file": file, "passphrase": passphrase });
    app.call(&Caller::Operator, "start.bring", given)
}

/// A shop with one sale, its recovery key, and a backup in a folder that outlives the machine.
fn stick(shop: &Shop) -> (tempfile::TempDir, PathBuf) {
    shop.sell(&["TEA"], 12_500);
    shop.sign_in("ratna", "4071");
    shop.ok("backup.make_recovery_key", json!({ "passphrase": PASSPHRASE }));
    let stick = tempfile::tempdir().unwrap();
    let made =
        backup::make(shop.app(), Some(stick.path()), &mut Progress::silent()).unwrap().second;
    (stick, PathBuf::from(made.unwrap()))
}

#[test]
fn a_shop_whose_machine_is_gone_goes_on_from_a_backup_and_a_passphrase() {
    let shop = shop_with_tea();
    let (_stick, file) = stick(&shop);
    drop(shop);
    let folder = tempfile::tempdir().unwrap();
    let there = machine(folder.path());
    let status = bring(&there, &file, PASSPHRASE).unwrap();
    assert_eq!((&status["state"], &status["company"]), (&json!("ready"), &json!("Toko Uji")));
    assert!(status["warnings"].to_string().contains("T1a"), "numbers go on: {status}");
    let page = there.call(&Caller::Operator, "pos.receipts", json!({})).unwrap();
    assert_eq!(page["receipts"].as_array().unwrap().len(), 1);
    let seat = Caller::Seat("till".to_owned());
    let who = json!({ "username": "ratna", "pin": "4071" });
    there.call(&seat, "users.sign_in", who).unwrap();
    let report = lumbung_app::verify::run(&there, &mut Progress::silent()).unwrap();
    assert!(report.ok, "{report:?}");
    // A company is there now: a second one must not come over it.
    assert_eq!(bring(&there, &file, PASSPHRASE).unwrap_err().code, "company_exists");
}

#[test]
fn what_is_wrong_with_a_backup_from_elsewhere_is_said_and_the_folder_stays_empty() {
    let shop = shop_with_tea();
    let (stick, file) = stick(&shop);
    let folder = tempfile::tempdir().unwrap();
    let there = machine(folder.path());
    let refused = |file: &std::path::Path, passphrase: &str, field: &str| {
        let failure = bring(&there, file, passphrase).unwrap_err();
        let status = there.call(&Caller::Operator, "start.status", json!({})).unwrap();
        assert_eq!(status["state"], "empty", "after {failure:?}");
        failure.fields.get(field).map(|said| said.code.clone()).unwrap_or(failure.code)
    };
    assert_eq!(refused(&file, "kopi susu dengan gula", "passphrase"), "store_passphrase");
    assert_eq!(refused(&stick.path().join("none.db"), PASSPHRASE, "file"), "no_such_file");
    let key = file.with_file_name("recovery.lkey");
    let kept = fs::read(&key).unwrap();
    fs::write(&key, &kept[..kept.len() / 2]).unwrap();
    assert_eq!(refused(&file, PASSPHRASE, "passphrase"), "store_passphrase");
    let (manifest, aside) = (file.with_extension("json"), stick.path().join("aside"));
    fs::rename(&manifest, &aside).unwrap();
    assert_eq!(refused(&file, PASSPHRASE, "file"), "manifest_missing");
    fs::rename(&aside, &manifest).unwrap();
    fs::remove_file(&key).unwrap();
    assert_eq!(refused(&file, PASSPHRASE, "file"), "recovery_key_missing");
    fs::write(&key, &kept).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    assert_eq!(refused(&file, PASSPHRASE, "file"), "store_backup");
}

#[test]
fn a_company_moves_to_another_machine_in_one_file() {
    let shop = shop_with_tea();
    shop.sell(&["TEA"], 12_500);
    shop.sign_in("ratna", "4071");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("toko.lumbung");
    let given = json!({ "file": file, "passphrase": PASSPHRASE });
    shop.ok("backup.export", given.clone());
    let twice = shop.failure("backup.export", given);
    assert_eq!(twice.fields["file"].code, "store_file_exists");
    let there = machine(&folder.path().join("there"));
    assert!(bring(&there, &file, "not the passphrase").is_err());
    assert_eq!(bring(&there, &file, PASSPHRASE).unwrap()["company"], "Toko Uji");
}

#[test]
fn only_the_owner_makes_a_recovery_key_and_it_is_on_record_without_its_passphrase() {
    let shop = shop_with_tea();
    for (person, pin) in [("sari", "1359"), ("budi", "8362")] {
        shop.sign_in(person, pin);
        let given = json!({ "passphrase": PASSPHRASE });
        assert_eq!(shop.refused("backup.make_recovery_key", given.clone()), "forbidden");
    }
    shop.sign_in("ratna", "4071");
    assert_eq!(shop.ok("backup.recovery_key", json!({}))["made_at"], Value::Null);
    let short = shop.failure("backup.make_recovery_key", json!({ "passphrase": "pendek" }));
    assert_eq!(short.fields["passphrase"].code, "store_passphrase_short");
    shop.wait_ms(1_000);
    shop.ok("backup.make_recovery_key", json!({ "passphrase": PASSPHRASE }));
    assert_ne!(shop.ok("backup.recovery_key", json!({}))["made_at"], Value::Null);
    let trail = shop.ok("audit.list", json!({}));
    assert_eq!(trail["entries"][0]["action"], "recovery_key");
    assert_eq!(trail["entries"][0]["user"], "Ratna");
    assert!(!trail.to_string().contains(PASSPHRASE));
}

#[test]
fn data_that_lost_its_end_opens_with_a_notice_until_the_owner_takes_note_of_it() {
    let mut shop = shop_with_tea();
    shop.sell(&["TEA"], 12_500);
    let log = shop.folder().join("lumbung.db-wal");
    let (now_ms, whole) = (shop.now_ms(), fs::read(&log).unwrap());
    shop.wait_ms(HOUR_MS);
    shop.sell(&["TEA"], 12_500);
    shop.sell(&["TEA"], 12_500);
    // The disk loses the middle of the log: SQLite reads it up to there and no further.
    let mut bytes = fs::read(&log).unwrap();
    let database = fs::read(shop.folder().join("lumbung.db")).unwrap();
    assert!(bytes.len() > whole.len(), "the log grew");
    bytes[whole.len() + 100] ^= 1;
    shop.close();
    fs::write(&log, bytes).unwrap();
    fs::write(shop.folder().join("lumbung.db"), database).unwrap();
    shop.restart();
    let older = || shop.ok("start.status", json!({}))["older"].clone();
    assert_eq!((&older()["last_at"], &older()["missing"]), (&json!(now_ms), &json!(2)));
    assert_eq!((&older()["old_series"], &older()["new_series"]), (&json!("T1"), &json!("T1a")));
    shop.sign_in("sari", "1359");
    assert_eq!(shop.refused("start.take_note", json!({})), "forbidden");
    shop.sign_in("ratna", "4071");
    shop.wait_ms(1_000);
    shop.ok("start.take_note", json!({}));
    assert_eq!(older(), Value::Null);
    let trail = shop.ok("audit.list", json!({}));
    assert_eq!(trail["entries"][0]["action"], "older_state");
    shop.verify();
}

#[test]
fn a_support_file_is_put_where_it_can_be_sent_from() {
    let shop = shop_with_tea();
    shop.sign_in("ratna", "4071");
    let saved = shop.ok("backup.save_support", json!({}));
    let text = fs::read_to_string(saved["file"].as_str().unwrap()).unwrap();
    assert_eq!(text.len() as u64, saved["bytes"]);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["state"], "ready");
}
