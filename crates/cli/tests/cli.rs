//! The command line: the same door, JSON out, exit codes a script can trust.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs `lumbung` over a data folder whose key lies in a file.
fn lumbung(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lumbung"))
        .arg("--data")
        .arg(data)
        .args(arguments)
        .env("LUMBUNG_KEY_STORE", "file")
        .env_remove("LUMBUNG_PIN")
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

fn with_pin(data: &Path, pin: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lumbung"))
        .arg("--data")
        .arg(data)
        .args(arguments)
        .env("LUMBUNG_KEY_STORE", "file")
        .env("LUMBUNG_PIN", pin)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

#[track_caller]
fn answer(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("standard output is JSON and nothing else")
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn demo() -> tempfile::TempDir {
    let data = tempfile::tempdir().expect("a folder");
    let made = lumbung(data.path(), &["demo", "--json"]);
    assert_eq!(answer(&made)["company"], "Toko Sumber Rejeki");
    data
}

#[test]
fn the_demo_is_made_once_checked_copied_and_restored() {
    let data = demo();
    let again = lumbung(data.path(), &["demo"]);
    assert_eq!(again.status.code(), Some(1), "a company is never overwritten");
    assert!(error(&again).contains("another folder"), "{}", error(&again));

    let report = answer(&lumbung(data.path(), &["verify", "--json"]));
    assert_eq!(report["ok"], true, "{report}");
    let text = lumbung(data.path(), &["verify"]);
    assert!(String::from_utf8_lossy(&text.stdout).ends_with("Everything adds up.\n"));

    let made = answer(&lumbung(data.path(), &["backup", "--json"]));
    let list = answer(&lumbung(data.path(), &["backup", "--list", "--json"]));
    assert_eq!(list[0]["file"], made["file"]);
    let file = made["file"].as_str().expect("a path");
    let restored = answer(&lumbung(data.path(), &["restore", file, "--json"]));
    assert_eq!(restored["commits"], made["commits"]);
    assert_eq!(answer(&lumbung(data.path(), &["verify", "--json"]))["ok"], true);
}

#[test]
fn a_command_is_called_as_the_operator_or_as_a_person() {
    let data = demo();
    let found =
        answer(&lumbung(data.path(), &["call", "catalogue.search", r#"{"text":"roma kelapa"}"#]));
    assert!(found.to_string().contains("Roma Kelapa 300 g"), "{found}");
    let me = answer(&with_pin(data.path(), "1357", &["call", "users.me", "--user", "sari"]));
    assert_eq!(me["me"]["username"], "sari");
    let refused =
        with_pin(data.path(), "1357", &["call", "users.list", "--user", "sari", "--json"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.stdout.is_empty());
    let failure: Value = serde_json::from_str(&error(&refused)).expect("a failure as JSON");
    assert_eq!(failure["code"], "forbidden");
    let wrong = with_pin(data.path(), "0000", &["call", "users.me", "--user", "sari"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(error(&wrong).contains("PIN is wrong"), "{}", error(&wrong));
}

#[test]
fn wrong_usage_is_told_from_a_refusal() {
    let data = tempfile::tempdir().expect("a folder");
    for (arguments, code) in [
        (&["dance"][..], 2),
        (&["call"][..], 2),
        (&["import", "dreams", "x.csv"][..], 2),
        (&["call", "pos.receipts", "{"][..], 1),
        (&["call", "pos.receipts"][..], 1),
        (&["call", "no.such"][..], 1),
        (&["verify"][..], 1),
        (&["backup"][..], 1),
        (&["restore", "none.db"][..], 1),
        (&["salvage"][..], 1),
    ] {
        let output = lumbung(data.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", error(&output));
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?}");
    }
    assert_eq!(fs::read_dir(data.path()).expect("the folder").count(), 0, "nothing was made");
}

#[test]
fn damage_has_an_exit_code_of_its_own_and_salvage_brings_commits_out() {
    let data = demo();
    let copy = answer(&lumbung(data.path(), &["backup", "--json"]));
    let path = data.path().join("lumbung.db");
    let mut bytes = fs::read(&path).expect("the data file");
    let (from, to) = (bytes.len() / 2, bytes.len() / 2 + 40_000);
    bytes[from..to].fill(0x5a);
    fs::write(&path, bytes).expect("written");
    let output = lumbung(data.path(), &["verify"]);
    assert_eq!(output.status.code(), Some(3), "{}", error(&output));
    assert!(error(&output).contains("damaged"), "{}", error(&output));
    let saved = answer(&lumbung(data.path(), &["salvage", "--json"]));
    assert!(saved["found"].as_u64() > Some(0), "{saved}");
    let file = copy["file"].as_str().expect("a path");
    answer(&lumbung(data.path(), &["restore", file, "--json"]));
    let saved = saved["file"].as_str().expect("a path");
    let applied = answer(&lumbung(data.path(), &["salvage", "--apply", saved, "--json"]));
    assert_eq!(applied["added"], 0, "the copy holds everything: {applied}");
    assert_eq!(answer(&lumbung(data.path(), &["verify", "--json"]))["ok"], true);
}

#[test]
fn the_support_file_is_written_and_names_nobody() {
    let data = demo();
    let file = data.path().join("support.json");
    let path = file.to_str().expect("a path");
    answer(&lumbung(data.path(), &["support", path, "--json"]));
    let text = fs::read_to_string(&file).expect("written");
    for word in ["Ratna", "Sumber", "Roma", "1357"] {
        assert!(!text.contains(word), "{word} is in the support file");
    }
}

#[test]
fn a_file_is_tried_then_imported_and_a_wrong_one_changes_nothing() {
    let data = demo();
    let folder = tempfile::tempdir().expect("a folder");
    let good = folder.path().join("new goods.csv");
    fs::write(&good, "code,name,price\nN1,Kopi Bubuk 200 g,24000\nN2,Teh Celup,7500\n")
        .expect("written");
    let bad = folder.path().join("bad.csv");
    fs::write(&bad, "code,name,price\nN3,Gula Aren,dear\n").expect("written");
    let import = |file: &Path, more: &[&str]| {
        let file = file.to_str().expect("a path");
        lumbung(data.path(), &[&["import", "products", file, "--json"], more].concat())
    };
    let known = || {
        let found = lumbung(data.path(), &["call", "catalogue.search", r#"{"text":"kopi bubuk"}"#]);
        answer(&found).to_string().contains("Kopi Bubuk")
    };
    let tried = answer(&import(&good, &["--dry-run"]));
    assert_eq!((&tried["created"], &tried["dry_run"]), (&Value::from(2), &Value::from(true)));
    assert!(!known());
    let wrong = import(&bad, &[]);
    assert_eq!(wrong.status.code(), Some(1), "{}", error(&wrong));
    let looked = import(&bad, &["--dry-run"]);
    assert_eq!(looked.status.code(), Some(3), "{}", error(&looked));
    assert_eq!(answer(&import(&good, &[]))["created"], 2);
    assert!(known());
    assert_eq!(answer(&lumbung(data.path(), &["verify", "--json"]))["ok"], true);
}

#[test]
fn an_empty_folder_becomes_the_shop_of_the_sales_it_is_given() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sales.csv");
    fs::write(
        &file,
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
         536365,85123A,WHITE LANTERN,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n\
         536365,71053,METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom\n\
         C536379,85123A,WHITE LANTERN,-1,2010-12-01 09:41:00,2.55,17850,United Kingdom\n",
    )
    .expect("written");
    let file = file.to_str().expect("a path");
    let import = &["import", "sales", file, "--mapping", "online-retail", "--json"];
    let summary = answer(&lumbung(data.path(), import));
    assert_eq!((&summary["lines"], &summary["exact"]), (&Value::from(3), &Value::from("33.09")));
    assert_eq!(answer(&lumbung(data.path(), &["verify", "--json"]))["ok"], true);
    let again = lumbung(data.path(), import);
    assert_eq!(again.status.code(), Some(1), "the same file does not count twice");
    assert!(error(&again).contains("already_imported"), "{}", error(&again));
}

#[test]
fn sales_that_are_wrong_stop_an_import_unless_they_are_to_be_left_out() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sales.csv");
    fs::write(
        &file,
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
         536365,85123A,WHITE LANTERN,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n\
         536366,71053,METAL LANTERN,six,2010-12-01 08:28:00,3.39,17850,United Kingdom\n",
    )
    .expect("written");
    let file = file.to_str().expect("a path");
    let strict = lumbung(data.path(), &["import", "sales", file, "--mapping", "online-retail"]);
    assert_eq!(strict.status.code(), Some(1), "{}", error(&strict));
    let lenient = lumbung(
        data.path(),
        &[
            "import",
            "sales",
            file,
            "--mapping",
            "online-retail",
            "--leave-out-wrong-rows",
            "--json",
        ],
    );
    assert_eq!(lenient.status.code(), Some(3), "done, and something was found");
    let summary: Value = serde_json::from_slice(&lenient.stdout).expect("JSON");
    assert_eq!((&summary["lines"], &summary["error_count"]), (&Value::from(1), &Value::from(1)));
    assert_eq!(answer(&lumbung(data.path(), &["verify", "--json"]))["ok"], true);
}

#[test]
fn a_refusal_with_an_amount_says_it_in_major_units_with_its_currency() {
    let data = demo();
    let sari = |name: &str, arguments: &str| {
        with_pin(data.path(), "1357", &["call", name, arguments, "--user", "sari"])
    };
    let drawer = r#"{"drawer":"9","counted":[{"denomination":7,"pieces":1}]}"#;
    let refused = sari("pos.open_session", drawer);
    assert_eq!(refused.status.code(), Some(1));
    assert!(error(&refused).contains("IDR 7."), "{}", error(&refused));
}
