//! Imports through the door: a file is looked at, tried, imported whole and taken back, and a
//! broken one changes nothing.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Write as _;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use lumbung_app::{App, AppConfig, Caller, Event, jobs::JobState};
use lumbung_tests::{Shop, real_data, test_keys};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/imports").join(name);
    path.to_string_lossy().into_owned()
}

/// A file made for one test.
fn file(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_string_lossy().into_owned()
}

/// Runs a command that starts a job and waits for the job.
fn job(app: &App, name: &str, args: Value) -> Result<Value, lumbung_app::Failure> {
    let (tell, hear) = mpsc::channel();
    app.subscribe(move |event| {
        if let Event::Progress { job } = event
            && job.state != JobState::Running
        {
            let _ = tell.send(job.clone());
        }
    });
    let started = app.call(&Caller::Operator, name, args)?;
    loop {
        let ended = hear.recv_timeout(Duration::from_secs(120)).expect("the job ends");
        if json!(ended.job_id) == started["job_id"] {
            return match ended.failure {
                Some(failure) => Err(failure),
                None => Ok(ended.result.unwrap_or_default()),
            };
        }
    }
}

#[track_caller]
fn import(shop: &Shop, args: Value) -> Value {
    job(shop.app(), "import.start", args).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn sales_rules() -> Value {
    json!({ "return_prefixes": ["C"], "correction_prefixes": ["A"],
            "service_codes": ["POST", "B"] })
}

fn sales(path: &str) -> Value {
    json!({ "kind": "sales", "path": path, "options": { "sales": sales_rules() } })
}

/// Where the chain stands: unchanged means that nothing was changed.
fn head(shop: &Shop) -> u64 {
    shop.app().store().unwrap().head().ctr
}

#[track_caller]
fn product(shop: &Shop, code: &str) -> Value {
    let page = shop.operator("catalogue.list", json!({ "text": code }));
    let rows = page["rows"].as_array().unwrap();
    rows.iter().find(|row| row["code"] == code).cloned().unwrap_or(Value::Null)
}

#[test]
fn a_price_list_is_recognised_tried_imported_and_taken_back() {
    let shop = Shop::new();
    let path = fixture("daftar_harga.csv");
    let seen = shop.operator("import.inspect", json!({ "kind": "products", "path": path }));
    assert_eq!(seen["format"], "UTF-8, semicolon");
    assert_eq!(
        seen["mapping"]["columns"],
        json!({
            "barcode": "Barcode", "category": "Kategori", "code": "Kode Barang",
            "cost": "Harga Beli", "name": "Nama Barang", "price": "Harga Jual (Rp)",
            "tax": "Pajak", "unit": "Satuan",
        })
    );
    assert_eq!(seen["columns"][1]["samples"][2], "Minyak Goreng; 2 L");

    let before = head(&shop);
    let args = json!({ "kind": "products", "path": path });
    let trial = shop.operator("import.dry_run", args.clone());
    assert_eq!((&trial["created"], &trial["error_count"]), (&json!(3), &json!(0)));
    assert_eq!(trial["categories_created"], 2);
    assert_eq!(head(&shop), before, "a trial changes nothing");

    let done = import(&shop, args.clone());
    assert_eq!((&done["created"], &done["dry_run"]), (&json!(3), &json!(false)));
    let tea = product(&shop, "TH01");
    assert_eq!((&tea["price"], &tea["base_unit"]), (&json!("12500"), &json!("box")));
    assert_eq!(tea["barcode"], "8991002101630");
    assert_eq!(product(&shop, "MY02")["price"], "38900");

    let again = import(&shop, args);
    assert_eq!((&again["created"], &again["unchanged"]), (&json!(0), &json!(3)));

    let undone = job(shop.app(), "import.undo", json!({ "import_id": done["import_id"] })).unwrap();
    assert_eq!(undone["products"], 3);
    assert_eq!(product(&shop, "TH01"), Value::Null);
    let twice = job(shop.app(), "import.undo", json!({ "import_id": done["import_id"] }));
    assert_eq!(twice.unwrap_err().code, "already_undone");
    let list = shop.operator("import.list", json!({}));
    assert_eq!(list["imports"][1]["undone"]["products"], 3);
    shop.verify();
}

#[test]
fn taking_back_a_wrong_price_list_gives_the_old_prices_back() {
    let shop = Shop::new();
    let folder = tempfile::tempdir().unwrap();
    import(&shop, json!({ "kind": "products", "path": fixture("daftar_harga.csv") }));
    shop.wait_ms(60_000);
    let wrong = file(
        folder.path(),
        "wrong.csv",
        b"code,name,price,cost,barcode\nTH01,Teh,1,2,8999909000124\n\
          GL01,Gula Pasir 1 kg,99,,\nNEW,New,5,,\n",
    );
    let done = import(&shop, json!({ "kind": "products", "path": wrong }));
    assert_eq!((&done["created"], &done["changed"]), (&json!(1), &json!(2)));
    assert_eq!(product(&shop, "TH01")["price"], "1");
    assert_eq!(product(&shop, "TH01")["name"], "Teh");

    shop.wait_ms(60_000);
    // Somebody mends one of the prices by hand before the import is taken back.
    let sugar = product(&shop, "GL01")["product_id"].clone();
    let mut details =
        shop.operator("catalogue.get", json!({ "product_id": sugar }))["product"].clone();
    details["prices"] = json!([{ "unit_price": "16500" }]);
    shop.operator("catalogue.save", details);

    shop.wait_ms(60_000);
    let undone = job(shop.app(), "import.undo", json!({ "import_id": done["import_id"] })).unwrap();
    assert_eq!(
        undone,
        json!({ "documents": 0, "products": 1, "products_kept": 0, "customers": 0,
                "customers_kept": 0, "restored": 1, "not_restored": 1 })
    );
    let tea = product(&shop, "TH01");
    assert_eq!((&tea["price"], &tea["name"]), (&json!("12500"), &json!("Teh Melati 25 kantong")));
    assert_eq!(tea["barcode"], "8991002101630");
    assert_eq!(product(&shop, "GL01")["price"], "16500");
    shop.verify();
}

#[test]
fn a_product_that_was_sold_since_stays_when_its_import_is_taken_back() {
    let shop = Shop::open();
    let done = import(&shop, json!({ "kind": "products", "path": fixture("daftar_harga.csv") }));
    shop.sell(&["8991002101630"], 20_000);
    let undone = job(shop.app(), "import.undo", json!({ "import_id": done["import_id"] })).unwrap();
    assert_eq!((&undone["products"], &undone["products_kept"]), (&json!(2), &json!(1)));
    shop.verify();
}

#[test]
fn customers_of_another_country_and_encoding_are_read_right() {
    let shop = Shop::new();
    let args = json!({ "kind": "customers", "path": fixture("clients.csv"),
                       "mapping": { "columns": { "code": "Code client", "name": "Nom",
                           "phone": "Tél.", "address": "Adresse", "country": "Pays",
                           "credit_limit": "Plafond" } } });
    let trial = shop.operator("import.dry_run", args.clone());
    assert_eq!(trial["warning_count"], 1, "Windows-1252 is pointed out: {trial}");
    let done = import(&shop, args.clone());
    assert_eq!(done["created"], 2);
    let found = shop.operator("customers.search", json!({ "text": "Épicerie" }));
    assert_eq!(found[0]["name"], "Épicerie de la Gare");
    let view = shop.operator("customers.get", json!({ "customer_id": found[0]["customer_id"] }));
    assert_eq!(view["customer"]["address"], "12 rue de l'Hôpital, Besançon");
    assert_eq!(view["customer"]["credit_limit"], 1500);
    assert_eq!(import(&shop, args)["unchanged"], 2);
    let undone = job(shop.app(), "import.undo", json!({ "import_id": done["import_id"] })).unwrap();
    assert_eq!(undone["customers"], 2);
}

#[test]
fn the_way_a_file_was_mapped_is_remembered_for_the_next_one_like_it() {
    let shop = Shop::new();
    let folder = tempfile::tempdir().unwrap();
    let first = file(folder.path(), "a.csv", b"A,B,C\nT1,Tea,5\n");
    let mapping = json!({ "columns": { "code": "A", "name": "B", "price": "C" } });
    import(&shop, json!({ "kind": "products", "path": first, "mapping": mapping }));
    let next = file(folder.path(), "b.csv", b"A,B,C\nT2,Milk,6\n");
    let seen = shop.operator("import.inspect", json!({ "kind": "products", "path": next }));
    assert_eq!(seen["mapping_used_before"], true);
    assert_eq!(seen["mapping"]["columns"], mapping["columns"]);
    import(&shop, json!({ "kind": "products", "path": next }));
    assert_eq!(product(&shop, "T2")["price"], "6");
}

#[test]
fn wrong_rows_stop_an_import_unless_they_are_to_be_left_out() {
    let shop = Shop::new();
    let folder = tempfile::tempdir().unwrap();
    let path = file(
        folder.path(),
        "list.csv",
        b"code,name,price,barcode,tax\n\
          A,Tea,5.5,8991002101630,\n\
          B,Milk,abc,,\n\
          A,Tea again,5.5,,\n\
          C,Coffee,6.5,8991002101630,\n\
          D,,7.5,,\n\
          E,Huge,1000000000000,,\n\
          F,Minus,-1.5,,\n\
          G,Taxed,1.5,,VAT99\n\
          H,=SUM(A1),1.5,,\n\
          I,Wrong digit,1.5,8991002101631,\n",
    );
    let args = json!({ "kind": "products", "path": path });
    let trial = shop.operator("import.dry_run", args.clone());
    assert_eq!(trial["ready"], false);
    let messages: Vec<&str> = trial["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["message"].as_str().unwrap())
        .collect();
    assert_eq!(
        messages[..7],
        [
            "Line 3, price: \"abc\" is not a number.",
            "Line 4: A is in line 2 already.",
            "Line 5: 8991002101630 is in line 2 already.",
            "Line 6, name: is empty.",
            "Line 7, price: \"1000000000000\" is larger than any real value.",
            "Line 8, price: \"-1.5\" is below zero.",
            messages[6],
        ]
    );
    assert!(messages[6].starts_with("Line 9, tax: \"VAT99\" is not one of: "), "{}", messages[6]);
    assert_eq!(messages[7], "Line 10, name: \"=SUM(A1)\" is a formula: put its value there.");
    assert_eq!(
        trial["warnings"][0],
        json!({
            "line": 11, "column": "barcode",
            "message": "Line 11, barcode: \"8991002101631\" has a wrong check digit.",
            "why": {
                "code": "cell_check_digit",
                "message": "\"8991002101631\" has a wrong check digit",
                "facts": { "cell": "8991002101631" },
            },
        })
    );

    let before = head(&shop);
    let refused = job(shop.app(), "import.start", args).unwrap_err();
    assert_eq!(refused.code, "import_wrong_rows");
    assert_eq!(head(&shop), before);

    let done = import(
        &shop,
        json!({ "kind": "products", "path": path, "options": { "leave_out_wrong_rows": true } }),
    );
    assert_eq!((&done["created"], &done["error_count"]), (&json!(2), &json!(8)));
}

#[test]
fn a_workbook_is_imported_like_any_table() {
    let shop = Shop::new();
    let folder = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in ["Kode", "Nama", "Barcode", "Harga"].iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), *heading).unwrap();
    }
    sheet.write(1, 0, "T1").unwrap();
    sheet.write(1, 1, "Teh").unwrap();
    sheet.write(1, 2, 8_991_002_101_630_i64).unwrap();
    sheet.write(1, 3, 12_500).unwrap();
    let path = file(folder.path(), "list.xlsx", &book.save_to_buffer().unwrap());
    import(&shop, json!({ "kind": "products", "path": path }));
    let tea = product(&shop, "T1");
    assert_eq!((&tea["price"], &tea["barcode"]), (&json!("12500"), &json!("8991002101630")));
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Files that somebody may well have, and none of which can be imported.
fn broken_files() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let text = |text: &str| text.as_bytes().to_vec();
    let mut open_quote = text("code,name,price\nA,\"Tea,5.5\n");
    open_quote.extend(b"B,Milk,6.5\n".repeat(300));
    let mut far = Workbook::new();
    let sheet = far.add_worksheet();
    sheet.write(0, 0, "code").unwrap();
    sheet.write(1_048_575, 16_383, "far").unwrap();
    let mut cut_book = Workbook::new();
    cut_book.add_worksheet().write(0, 0, "code").unwrap();
    let mut cut_book = cut_book.save_to_buffer().unwrap();
    cut_book.truncate(cut_book.len() / 2);
    let mut cut_gzip = packed(b"code,name,price\nA,Tea,5.5\n");
    cut_gzip.truncate(cut_gzip.len() - 9);
    let utf16_binary = [0xff, 0xfe, 0x00, 0xd8].repeat(64);
    vec![
        ("empty.csv", Vec::new(), "import_empty"),
        ("blank.csv", text("\n\n\n"), "import_empty"),
        ("heading.csv", text("code,name,price\n"), "import_empty"),
        ("no_name.csv", text("code,price\nA,5.5\n"), "import_missing_column"),
        ("mixed.csv", text("code;name;price\nA;Tea;1,5\nB;Milk;1.5\n"), "import_mixed_decimals"),
        ("unclear.csv", text("code;name;price\nA;Tea;1.500\n"), "import_unclear_decimals"),
        ("quote.csv", open_quote, "import_open_quote"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "import_not_a_table"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "import_not_a_table"),
        ("bill.pdf", b"%PDF-1.7".to_vec(), "import_not_a_table"),
        ("zeros.csv", b"code,name\nA,\0\0\0\n".to_vec(), "import_not_a_table"),
        ("half_utf16.csv", utf16_binary, "import_empty"),
        ("bad_utf8.csv", b"\xef\xbb\xbfcode,name\nA,Th\xe9\n".to_vec(), "import_broken_text"),
        ("wide.csv", vec!["x"; 600].join(",").repeat(2).into_bytes(), "import_too_many_columns"),
        ("cut.csv.gz", cut_gzip, "import_damaged"),
        ("cut.xlsx", cut_book, "import_damaged"),
        ("far.xlsx", far.save_to_buffer().unwrap(), "import_too_many_columns"),
        // 64 gzip members of 16 MB each, one behind the other: one line of 1 GB.
        ("line.csv.gz", packed(&vec![b'x'; 1 << 24]).repeat(64), "import_long_line"),
        ("digits.csv", text("code,name,price\nA,Tea,8.99E+12\n"), "import_wrong_rows"),
        ("trillion.csv", text("code,name,price\nA,Tea,1000000000000\n"), "import_wrong_rows"),
        (
            "twice.csv",
            text("code,name,barcode\nA,Tea,8991002101630\nB,Milk,8991002101630\n"),
            "import_wrong_rows",
        ),
        ("formula.csv", text("code,name,price\nA,=1+1,5.5\n"), "import_wrong_rows"),
        ("ref.csv", text("code,name,price\nA,Tea,#REF!\n"), "import_wrong_rows"),
        ("comma.csv", text("code,name,price\nA,Tea, green,5.5\n"), "import_wrong_rows"),
        ("control.csv", text("code,name,price\nA,Tea\u{1b}[2J,5.5\n"), "import_wrong_rows"),
    ]
}

#[test]
fn every_broken_file_is_refused_in_words_and_changes_nothing() {
    let shop = Shop::new();
    let folder = tempfile::tempdir().unwrap();
    let before = head(&shop);
    for (name, bytes, code) in broken_files() {
        let path = file(folder.path(), name, &bytes);
        let failure = job(shop.app(), "import.start", json!({ "kind": "products", "path": path }))
            .unwrap_err();
        assert_eq!(failure.code, code, "{name}: {}", failure.message);
        assert!(failure.message.ends_with('.'), "{name}: {}", failure.message);
        assert!(!failure.message.contains(&*folder.path().to_string_lossy()), "{name}");
    }
    assert_eq!(head(&shop), before);
    for path in ["/nowhere/at/all.csv", ""] {
        let failure = job(shop.app(), "import.start", json!({ "kind": "products", "path": path }))
            .unwrap_err();
        assert_eq!(failure.code, "import_unreadable", "{path}");
    }
    let folder = json!({ "kind": "products", "path": folder.path() });
    assert_eq!(job(shop.app(), "import.start", folder).unwrap_err().code, "import_unreadable");
}

#[test]
fn only_people_with_the_permission_import() {
    let shop = Shop::new();
    shop.sign_in("sari", "1359");
    let args = json!({ "kind": "products", "path": fixture("daftar_harga.csv") });
    assert_eq!(shop.refused("import.start", args.clone()), "forbidden");
    assert_eq!(shop.refused("import.dry_run", args), "forbidden");
}

#[test]
fn every_line_of_past_sales_finds_its_class_and_its_place() {
    let shop = Shop::new();
    let done = import(&shop, sales(&fixture("sales_day_1.csv")));
    let summary = &done["sales"];
    assert_eq!(
        (&summary["lines"], &summary["invoices"], &summary["error_count"]),
        (&json!(9), &json!(7), &json!(0))
    );
    let classes: Vec<String> = summary["classes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|class| {
            format!("{} {} {}", class["class"], class["lines"], class["exact"]).replace('"', "")
        })
        .collect();
    assert_eq!(
        classes,
        ["sale 4 42.335", "return 1 -5.10", "stock_write_off 1 0.00", "adjustment 3 -110.06"]
    );
    assert_eq!(summary["exact"], "-72.825");
    // Rupiah have no decimals: 15.30 + 3.135 + 18.00, 5.90, -5.10 and -110.06 are rounded by line.
    assert_eq!(summary["posted"], 15 + 3 + 18 + 6 - 5 - 110);
    assert_eq!(summary["products_created"], 5);
    assert_eq!(
        (&summary["sale_documents"], &summary["return_documents"], &summary["stock_documents"]),
        (&json!(3), &json!(2), &json!(2))
    );
    // Sold 6, written off 10, found 4, taken back 2.
    assert_eq!(shop.on_hand("85123A"), "-10");
    // Sold 3, given away 1.
    assert_eq!(shop.on_hand("71053"), "-4");
    assert_eq!(shop.on_hand("85123a"), "-2");
    assert_eq!(shop.on_hand("POST"), "0");
    let receipts = shop.operator("pos.receipts", json!({}));
    let kinds: Vec<String> = receipts["receipts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|receipt| format!("{} {}", receipt["kind"], receipt["total"]).replace('"', ""))
        .collect();
    // Newest first, by their own time.
    assert_eq!(kinds, ["return -110", "return -5", "sale 0", "sale 6", "sale 36"]);
    let first = receipts["receipts"][4]["sale_id"].clone();
    let receipt = shop.operator("pos.receipt", json!({ "sale_id": first }));
    assert_eq!(receipt["lines"].as_array().map(Vec::len), Some(3), "{receipt}");
    shop.trial_balance();
    shop.verify();
}

#[test]
fn the_same_sales_are_never_imported_twice() {
    let shop = Shop::new();
    import(&shop, sales(&fixture("sales_day_1.csv")));
    let before = head(&shop);
    let again = job(shop.app(), "import.start", sales(&fixture("sales_day_1.csv")));
    assert_eq!(again.unwrap_err().code, "already_imported");
    assert_eq!(head(&shop), before);

    let next = import(&shop, sales(&fixture("sales_day_2.csv")));
    let summary = &next["sales"];
    assert_eq!((&summary["invoices"], &summary["skipped_invoices"]), (&json!(2), &json!(2)));
    assert_eq!(
        (&summary["products_created"], &summary["customers_created"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(summary["contradiction_count"], 0);
    assert_eq!(shop.on_hand("85123A"), "-11");

    let folder = tempfile::tempdir().unwrap();
    let changed = std::fs::read_to_string(fixture("sales_day_1.csv")).unwrap();
    let changed =
        changed.replace(",-110.06,", ",-120.06,") + "1010,71053,X,1,2010-12-03,2.50,,UK\n";
    let path = file(folder.path(), "changed.csv", changed.as_bytes());
    let summary = import(&shop, sales(&path))["sales"].clone();
    assert_eq!((&summary["invoices"], &summary["contradiction_count"]), (&json!(1), &json!(1)));
    assert_eq!(
        summary["contradictions"][0]["message"],
        "Document A1007 is here with -110 and in this file with -120; it was left as it is."
    );
    shop.verify();
}

#[test]
fn sales_that_are_taken_back_leave_no_trace_in_stock_and_books_and_can_come_again() {
    let shop = Shop::new();
    let done = import(&shop, sales(&fixture("sales_day_1.csv")));
    let undone = job(shop.app(), "import.undo", json!({ "import_id": done["import_id"] })).unwrap();
    assert_eq!(undone["documents"], 7);
    assert_eq!((&undone["products"], &undone["products_kept"]), (&json!(5), &json!(0)));
    assert_eq!((&undone["customers"], &undone["customers_kept"]), (&json!(1), &json!(0)));
    for (account, balance) in shop.trial_balance() {
        assert_eq!(balance, 0, "{account}");
    }
    shop.verify();
    let again = import(&shop, sales(&fixture("sales_day_1.csv")));
    assert_eq!(again["sales"]["invoices"], 7);
    shop.verify();
}

#[test]
fn an_import_that_is_cancelled_half_way_changes_nothing() {
    let shop = Shop::new();
    let folder = tempfile::tempdir().unwrap();
    let mut text =
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
            .to_owned();
    for number in 0..4_000 {
        text.push_str(&format!("{number},T{},Tea,1,2011-01-05 10:00:00,2.50,,UK\n", number % 50));
    }
    let path = file(folder.path(), "long.csv", text.as_bytes());
    let before = head(&shop);
    let app = shop.app().clone();
    shop.app().subscribe(move |event| {
        if let Event::Progress { job } = event
            && job.state == JobState::Running
            && job.note == "Writing documents"
        {
            let _ = app.call(&Caller::Operator, "job.cancel", json!({ "job_id": job.job_id }));
        }
    });
    let cancelled = job(shop.app(), "import.start", sales(&path)).unwrap_err();
    assert_eq!(cancelled.code, "cancelled");
    assert_eq!(head(&shop), before);
    assert_eq!(product(&shop, "T1"), Value::Null);
    assert_eq!(shop.operator("import.list", json!({}))["imports"], json!([]));
    shop.verify();
}

/// A company without the oracle, which would make thousands of rows slow.
fn fast_company(folder: &Path) -> App {
    let app = App::open(AppConfig { keys: test_keys(), checked: false, ..AppConfig::new(folder) });
    app.call(
        &Caller::Operator,
        "start.create",
        json!({
            "company": { "name": "Real", "country": "ID", "currency": "IDR", "language": "en" },
            "branch": { "code": "JKT", "name": "Jakarta" },
            "terminal": { "series": "T1", "name": "Till 1" },
            "owner": { "username": "ratna", "name": "Ratna", "pin": "4071" },
        }),
    )
    .unwrap();
    app
}

#[test]
fn the_minimarket_with_its_real_barcodes_is_imported_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let app = fast_company(folder.path());
    let Some(path) = real_data("retail_barcodes", Some("indonesia_minimarket.csv")) else { return };
    let done = job(&app, "import.start", json!({ "kind": "products", "path": path })).unwrap();
    assert_eq!((&done["created"], &done["error_count"]), (&json!(138), &json!(0)));
    assert_eq!(done["warning_count"], 0, "every check digit is right: {}", done["warnings"]);
}

#[test]
fn every_french_medicine_pack_is_imported() {
    let folder = tempfile::tempdir().unwrap();
    let app = fast_company(folder.path());
    let Some(path) = real_data("pharma_bdpm", Some("packs.csv.gz")) else { return };
    let args = json!({ "kind": "products", "path": path });
    let refused = job(&app, "import.start", args).unwrap_err();
    assert_eq!(refused.facts["first"], "10014");
    assert!(refused.message.ends_with("Line 10014, name: is empty."), "{}", refused.message);
    let args = json!({ "kind": "products", "path": path,
                       "options": { "leave_out_wrong_rows": true } });
    let done = job(&app, "import.start", args).unwrap();
    // Three packs of the register have no name.
    assert_eq!(
        (&done["rows"], &done["created"], &done["error_count"]),
        (&json!(16_777), &json!(16_774), &json!(3))
    );
    let page =
        app.call(&Caller::Operator, "catalogue.list", json!({ "text": "3400930260494" })).unwrap();
    assert_eq!(page["rows"][0]["price"], "66597.27");
}
