//! Papers: originals and copies, the queue, and what the customer holds in their hand.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use lumbung_app::{Event, printing};
use lumbung_tests::Shop;
use serde_json::{Value, json};

fn shop_with_tea() -> Shop {
    let shop = Shop::open();
    shop.product("TEA", "8991234567891", "12500", "20");
    shop
}

/// Prints receipts into a folder.
fn folder_printer(shop: &Shop, folder: &Path, speech: &str) {
    if !folder.exists() {
        fs::create_dir(folder).unwrap();
    }
    shop.operator(
        "print.save_printers",
        json!({ "receipt": {
            "name": "Till printer", "destination": { "kind": "folder", "path": folder },
            "speech": speech, "width_mm": 80, "drawer": "pin2",
        } }),
    );
}

fn receipt(sale: &Value) -> Value {
    json!({ "kind": "receipt", "sale_id": sale["sale_id"] })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    };
    files.sort();
    files
}

/// The text of a PDF, read back by poppler.
fn text_of(pdf: &str) -> String {
    let read = Command::new("pdftotext").args(["-layout", pdf, "-"]).output();
    let read = read.expect("this test needs pdftotext: install poppler-utils");
    assert!(read.status.success(), "{read:?}");
    String::from_utf8(read.stdout).unwrap()
}

fn queue(shop: &Shop) -> Vec<Value> {
    shop.operator("print.queue", json!({})).as_array().unwrap().clone()
}

#[test]
fn the_first_paper_is_the_original_and_every_further_one_says_copy() {
    let shop = shop_with_tea();
    let sale = shop.sell(&["TEA", "TEA"], 30_000);
    let preview = shop.ok("print.preview", json!({ "paper": receipt(&sale) }));
    assert_eq!((&preview["title"], &preview["copy"]), (&sale["number"], &Value::Null));
    assert_eq!(preview["warnings"], json!([]));
    for copy in [Value::Null, json!(1), json!(2)] {
        let saved = shop.ok("print.pdf", json!({ "paper": receipt(&sale) }));
        assert_eq!(saved["copy"], copy);
        let text = text_of(saved["path"].as_str().unwrap());
        for word in ["Toko Uji", "JKT-T1-26-S000001", "Product TEA", "25,000", "30,000", "5,000"] {
            assert!(text.contains(word), "{word} is not in\n{text}");
        }
        assert_eq!(text.contains("COPY"), !copy.is_null(), "{text}");
    }
    let found = shop.ok("pos.receipt", json!({ "sale_id": sale["sale_id"] }));
    assert_eq!(found["copies"], 2);
    shop.verify();
}

#[test]
fn a_return_prints_what_was_given_back_as_a_positive_amount() {
    let shop = shop_with_tea();
    let sale = shop.sell(&["TEA", "TEA"], 25_000);
    let back = shop.ok(
        "pos.return",
        json!({
            "return_id": lumbung_tests::new_id(), "sale_id": sale["sale_id"],
            "lines": [{ "line_id": sale["lines"][0]["line_id"], "qty": "1",
                        "disposition": "sellable", "reason": "Damaged or faulty" }],
            "approval": shop.approval("return"),
        }),
    );
    let saved = shop.ok("print.pdf", json!({ "paper": receipt(&back) }));
    assert_eq!(saved["warnings"], json!([]));
    let text = text_of(saved["path"].as_str().unwrap());
    for word in ["RETURN", "JKT-T1-26-S000001", "12,500", "Signature"] {
        assert!(text.contains(word), "{word} is not in\n{text}");
    }
    assert!(!text.contains("-12,500") && !text.contains("-Rp"), "{text}");
}

#[test]
fn papers_wait_for_a_printer_that_is_off_and_come_out_in_order() {
    let mut shop = shop_with_tea();
    let folder = shop.folder().join("till printer");
    // A file where the printer's folder should be: the printer does not answer.
    fs::write(&folder, "off").unwrap();
    folder_printer(&shop, &folder, "escpos");
    for _ in 0..3 {
        let sale = shop.sell(&["TEA"], 12_500);
        shop.ok("print.document", json!({ "paper": receipt(&sale) }));
    }
    let next = printing::run_queue(shop.app()).unwrap().expect("papers wait");
    assert!(next > shop.now_ms());
    let waiting = queue(&shop);
    assert!(waiting.iter().all(|job| job["state"] == "waiting"), "{waiting:?}");
    let tried: Vec<_> = waiting.iter().map(|job| job["tries"].as_u64().unwrap()).collect();
    assert_eq!(tried, [0, 0, 1], "newest first: only the oldest was tried");
    assert!(!waiting[2]["problems"].as_array().unwrap().is_empty());
    // The program ends and starts again; the printer is switched on.
    shop.restart();
    fs::remove_file(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    assert!(printing::run_queue(shop.app()).unwrap().is_some(), "it is not time yet");
    assert!(files(&folder).is_empty());
    shop.wait_ms(2_000);
    assert_eq!(printing::run_queue(shop.app()).unwrap(), None);
    let printed = files(&folder);
    assert_eq!(printed.len(), 3);
    for (at, file) in printed.iter().enumerate() {
        let bytes = fs::read(file).unwrap();
        let number = format!("S00000{}", at + 1);
        let found = bytes.windows(number.len()).any(|part| part == number.as_bytes());
        assert!(found, "{} is not receipt {number}", file.display());
    }
    assert!(queue(&shop).iter().all(|job| job["state"] == "printed"));
}

#[test]
fn a_paper_can_be_cancelled_and_a_printed_one_is_not_printed_again() {
    let shop = shop_with_tea();
    let folder = shop.folder().join("printer");
    folder_printer(&shop, &folder, "pdf");
    let sale = shop.sell(&["TEA"], 12_500);
    let first = shop.ok("print.document", json!({ "paper": receipt(&sale) }));
    let second = shop.ok("print.document", json!({ "paper": receipt(&sale) }));
    assert_eq!((&first["copy"], &second["copy"]), (&Value::Null, &json!(1)));
    shop.ok("print.cancel", json!({ "print_job_id": second["print_job_id"] }));
    assert_eq!(printing::run_queue(shop.app()).unwrap(), None);
    assert_eq!(files(&folder).len(), 1);
    let args = json!({ "print_job_id": first["print_job_id"] });
    assert_eq!(shop.refused("print.retry", args.clone()), "printed");
    assert_eq!(shop.refused("print.cancel", args), "not_waiting");
    shop.ok("print.retry", json!({ "print_job_id": second["print_job_id"] }));
    assert_eq!(printing::run_queue(shop.app()).unwrap(), None);
    assert_eq!(files(&folder).len(), 2);
    let unknown = json!({ "print_job_id": lumbung_tests::new_id() });
    assert_eq!(shop.refused("print.cancel", unknown), "not_found");
}

#[test]
fn without_a_printer_nothing_is_on_record() {
    let shop = shop_with_tea();
    let sale = shop.sell(&["TEA"], 12_500);
    let failure = shop.failure("print.document", json!({ "paper": receipt(&sale) }));
    assert_eq!(failure.code, "no_printer");
    let preview = shop.ok("print.preview", json!({ "paper": receipt(&sale) }));
    assert_eq!(preview["copy"], Value::Null, "the original is still to come");
}

#[test]
fn the_drawer_opens_with_the_original_of_a_cash_receipt_only() {
    const KICK: [u8; 3] = [0x1b, b'p', 0];
    let shop = shop_with_tea();
    let folder = shop.folder().join("printer");
    folder_printer(&shop, &folder, "escpos");
    let cash = shop.sell(&["TEA"], 12_500);
    let added = shop.scan(&["TEA"]);
    let card =
        shop.pay(&added, json!([{ "kind": "card", "amount": 12_500, "reference": "77" }])).unwrap();
    let cases = [(&cash, true), (&cash, false), (&card, false)];
    for (sale, opens) in cases {
        shop.ok("print.document", json!({ "paper": receipt(sale), "open_drawer": true }));
        printing::run_queue(shop.app()).unwrap();
        let last = files(&folder).pop().unwrap();
        let bytes = fs::read(&last).unwrap();
        assert_eq!(bytes.windows(3).any(|part| part == KICK), opens, "{}", sale["number"]);
        fs::remove_file(last).unwrap();
    }
    // Without paper: once for a cash sale, never for a card.
    let sold = shop.sell(&["TEA"], 12_500);
    shop.ok("print.drawer", json!({ "sale_id": sold["sale_id"] }));
    for sale in [&sold, &card] {
        let args = json!({ "sale_id": sale["sale_id"] });
        assert_eq!(shop.refused("print.drawer", args), "no_cash_sale");
    }
}

#[test]
fn x_and_z_reports_and_cash_slips_are_papers_too() {
    let shop = shop_with_tea();
    shop.sell(&["TEA"], 12_500);
    let slip = shop.ok(
        "pos.cash_movement",
        json!({ "kind": "cash_out", "amount": 5_000, "reason": "Shop expenses", "note": "ice" }),
    );
    let paper = json!({ "kind": "cash_movement", "cash_movement_id": slip["cash_movement_id"] });
    let saved = shop.ok("print.pdf", json!({ "paper": paper }));
    let text = text_of(saved["path"].as_str().unwrap());
    for word in ["CASH OUT", "5,000", "Shop expenses", "ice", "Sari"] {
        assert!(text.contains(word), "{word} is not in\n{text}");
    }
    let state = shop.ok("pos.state", json!({}));
    let session = json!({ "kind": "session", "session_id": state["session"]["session_id"] });
    let args = json!({ "paper": session });
    let blind = shop.ok("print.preview", args.clone());
    assert!(blind["title"].as_str().unwrap().starts_with("X "), "{blind}");
    assert!(!blind.to_string().contains("107,500"), "the count is blind: {blind}");
    shop.operator(
        "users.save",
        json!({ "username": "lina", "name": "Lina", "language": "en", "pin": "6284",
                "role_ids": [shop.role("accountant")], "branch_ids": [], "archived": false }),
    );
    shop.sign_in("lina", "6284");
    assert_eq!(shop.refused("print.preview", args.clone()), "forbidden");
    assert_eq!(shop.refused("print.pdf", args.clone()), "approval_required");
    shop.sign_in("sari", "1359");
    let session = &state["session"]["session_id"];
    let counted = json!([{ "denomination": 500, "pieces": 215 }]);
    shop.ok("pos.count_drawer", json!({ "session_id": session, "counted": counted }));
    shop.ok("pos.close_session", json!({ "session_id": session, "reason": "" }));
    for copy in [Value::Null, json!(1)] {
        let saved = shop.ok("print.pdf", args.clone());
        assert_eq!(saved["copy"], copy);
        let text = text_of(saved["path"].as_str().unwrap());
        for word in ["Z REPORT", "JKT-T1-26-Z000001", "107,500", "Sari"] {
            assert!(text.contains(word), "{word} is not in\n{text}");
        }
    }
    shop.verify();
}

#[test]
fn an_invoice_is_a_sheet_with_its_buyer_and_what_is_open() {
    let shop = shop_with_tea();
    let customer = shop.operator(
        "customers.save",
        json!({ "name": "Warung Bu Tini", "address": "Jl. Kenanga 4", "credit_limit": 100_000,
                "terms_days": 14 }),
    );
    let mut added = shop.scan(&["TEA", "TEA"]);
    added["ticket"]["customer_id"] = customer["customer_id"].clone();
    let sale = shop
        .pay(&added, json!([{ "kind": "on_account", "amount": 25_000 }]))
        .unwrap_or_else(|failure| panic!("{failure:?}"));
    let paper = json!({ "kind": "invoice", "sale_id": sale["sale_id"] });
    let saved = shop.ok("print.pdf", json!({ "paper": paper }));
    assert_eq!(saved["copy"], Value::Null);
    let text = text_of(saved["path"].as_str().unwrap());
    for word in [
        "INVOICE",
        "Warung Bu Tini",
        "Jl. Kenanga 4",
        "25,000",
        "4 Dec 2026",
        "In words: twenty-five thousand rupiah",
    ] {
        assert!(text.contains(word), "{word} is not in\n{text}");
    }
    // The receipt of the same sale is a paper of its own.
    let saved = shop.ok("print.pdf", json!({ "paper": receipt(&sale) }));
    assert_eq!(saved["copy"], Value::Null);
}

#[test]
fn labels_carry_todays_price() {
    let shop = shop_with_tea();
    let hit = shop.operator("catalogue.search", json!({ "text": "TEA" }));
    let product = hit.pointer("/hits/0/product_id").cloned().unwrap_or_else(|| panic!("{hit}"));
    let stocks = shop.ok("print.label_stocks", json!({}));
    assert!(stocks["stocks"].as_array().unwrap().len() >= 3);
    let saved = shop.ok(
        "print.labels",
        json!({ "items": [{ "product_id": product, "pieces": 3 }],
                "stock": stocks["stocks"][0], "as_pdf": true }),
    );
    assert_eq!(saved["labels"], 3);
    let text = text_of(saved["path"].as_str().unwrap());
    assert_eq!(text.matches("12,500").count(), 3, "{text}");
    let none = json!({ "items": [], "stock": stocks["stocks"][0], "as_pdf": true });
    assert_eq!(shop.refused("print.labels", none), "invalid");
    let odd = json!({ "items": [{ "product_id": product, "pieces": 1 }], "stock": "napkin" });
    assert_eq!(shop.refused("print.labels", odd), "unknown_label_stock");
}

#[test]
fn a_printer_is_checked_before_it_is_kept_and_can_be_tried() {
    let shop = shop_with_tea();
    let printer = |name: &str, width: u32| {
        json!({ "receipt": { "name": name, "width_mm": width,
                "destination": { "kind": "network", "host": "127.0.0.1", "port": 9 } } })
    };
    assert_eq!(shop.refused("print.save_printers", printer("Till", 80)), "forbidden");
    shop.sign_in("ratna", "4071");
    assert_eq!(shop.refused("print.save_printers", printer("", 80)), "invalid");
    assert_eq!(shop.refused("print.save_printers", printer("Till", 76)), "invalid");
    shop.ok("print.save_printers", printer("Till", 58));
    assert_eq!(shop.ok("print.printers", json!({}))["receipt"]["name"], "Till");
    shop.ok("print.test", json!({ "paper": "receipt" }));
    printing::run_queue(shop.app()).unwrap();
    let words = queue(&shop)[0]["problems"].to_string();
    assert!(words.contains("127.0.0.1:9"), "{words}");
}

#[test]
fn beside_the_till_papers_are_printed_and_the_data_is_copied() {
    let shop = shop_with_tea();
    let folder = shop.folder().join("printer");
    folder_printer(&shop, &folder, "escpos");
    let background = shop.app().start_background();
    let (told, heard) = mpsc::channel();
    shop.app().subscribe(move |event| {
        let Event::Changed { tags } = event else { return };
        if tags.iter().any(|tag| tag == "print_queue") {
            let _ = told.send(());
        }
    });
    let sale = shop.sell(&["TEA"], 12_500);
    shop.ok("print.document", json!({ "paper": receipt(&sale) }));
    heard.recv_timeout(Duration::from_secs(60)).expect("the paper was printed");
    assert_eq!(files(&folder).len(), 1);
    shop.wait_ms(1_000);
    background.finish();
    let copies = shop.operator("backup.list", json!({}));
    let newest = copies[0]["commits"].as_u64().expect("a copy");
    assert_eq!(newest, shop.app().store().unwrap().head().ctr, "nothing is left uncopied");
}

/// A customer who bought two teas on account in October and paid some of it in November.
fn with_debt(shop: &Shop) -> (String, Value) {
    let saved = shop.operator(
        "customers.save",
        json!({ "code": "ANI", "name": "Bu Ani", "address": "Jl. Melati 8",
                "credit_limit": 100_000, "terms_days": 7 }),
    );
    let ani = saved["customer_id"].as_str().unwrap().to_owned();
    let mut added = shop.scan(&["TEA", "TEA"]);
    added["ticket"]["customer_id"] = ani.clone().into();
    shop.pay(&added, json!([{ "kind": "on_account", "amount": 25_000 }])).unwrap();
    let paid = shop.ok(
        "pos.pay_account",
        json!({ "payment_id": lumbung_tests::new_id(), "customer_id": ani, "amount": 10_000,
                "note": "first part", "payments": [{ "kind": "cash", "amount": 20_000 }] }),
    );
    (ani, paid)
}

#[test]
fn a_payment_of_a_debt_has_a_slip_that_says_what_is_still_owed() {
    let shop = shop_with_tea();
    let (_, paid) = with_debt(&shop);
    let paper = json!({ "kind": "account_payment", "payment_id": paid["payment_id"] });
    for copy in [Value::Null, json!(1)] {
        let saved = shop.ok("print.pdf", json!({ "paper": paper }));
        assert_eq!(saved["copy"], copy);
        assert_eq!(saved["warnings"], json!([]));
        let text = text_of(saved["path"].as_str().unwrap());
        for word in ["PAYMENT ON ACCOUNT", "Bu Ani", "P000001", "10,000", "15,000", "first part"] {
            assert!(text.contains(word), "{word} is not in\n{text}");
        }
    }
}

#[test]
fn a_statement_is_a_sheet_with_what_was_owed_and_how_old_it_is() {
    let shop = shop_with_tea();
    let (ani, _) = with_debt(&shop);
    let paper = json!({ "kind": "statement", "customer_id": ani,
                        "from": "2026-11-01", "to": "2026-12-10" });
    let saved = shop.ok("print.pdf", json!({ "paper": paper }));
    assert_eq!(saved["copy"], Value::Null);
    let text = text_of(saved["path"].as_str().unwrap());
    for word in [
        "Statement of account",
        "Bu Ani",
        "Jl. Melati 8",
        "Opening balance",
        "S000001",
        "25,000",
        "P000001",
        "Closing balance",
        "15,000",
        "1–30 days: 15,000",
        "Overdue: 15,000",
    ] {
        assert!(text.contains(word), "{word} is not in\n{text}");
    }
    let wrong = json!({ "kind": "statement", "customer_id": ani,
                        "from": "2026-12-01", "to": "2026-11-10" });
    let failure = shop.failure("print.pdf", json!({ "paper": wrong }));
    assert!(failure.fields.contains_key("to"), "{failure:?}");
}

#[test]
fn the_logo_stands_above_the_name_on_every_paper() {
    let shop = shop_with_tea();
    let texts = |logo: Value| {
        json!({ "section": "receipt", "this_branch": false,
                "value": { "width_mm": 80, "logo": logo } })
    };
    shop.operator("settings.save", texts(json!({ "width": 16, "height": 2, "bits": "/wAA/w==" })));
    let sale = shop.sell(&["TEA"], 12_500);
    let preview = shop.ok("print.preview", json!({ "paper": receipt(&sale) }));
    let rows = json!(["1111111100000000", "0000000011111111"]);
    assert_eq!(preview["lines"][0], json!({ "kind": "picture", "modules": rows }));
    for kind in ["receipt", "invoice"] {
        let paper = json!({ "kind": kind, "sale_id": sale["sale_id"] });
        let saved = shop.ok("print.pdf", json!({ "paper": paper }));
        assert_eq!(saved["warnings"], json!([]), "{kind}");
    }
    shop.sign_in("ratna", "4071");
    for logo in [
        json!({ "width": 16, "height": 3, "bits": "/wAA/w==" }),
        json!({ "width": 4000, "height": 2, "bits": "/wAA/w==" }),
        json!({ "width": 16, "height": 2, "bits": "no base 64" }),
    ] {
        let failure = shop.failure("settings.save", texts(logo));
        assert!(failure.fields.contains_key("logo"), "{failure:?}");
    }
}
