//! The check finds what was changed behind the back of the program, and only that.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use lumbung_app::jobs::Progress;
use lumbung_app::verify::{self, VerifyReport};
use lumbung_sync::rusqlite::Connection;
use lumbung_tests::Shop;
use serde_json::json;

/// A day at the till: sales, a return, cash documents, a store credit, a close.
fn busy_shop() -> Shop {
    let shop = Shop::open();
    shop.product("TEA", "8991234567891", "12500", "20");
    shop.product("RICE", "8990000000006", "15800", "50");
    shop.sell(&["TEA", "RICE"], 50_000);
    let sold = shop.sell(&["TEA", "TEA"], 25_000);
    shop.ok("pos.cash_movement", json!({ "kind": "cash_out", "amount": 5_000, "reason": "ice" }));
    shop.ok(
        "pos.return",
        json!({
            "return_id": lumbung_tests::new_id(), "sale_id": sold["sale_id"],
            "lines": [{ "line_id": sold["lines"][0]["line_id"], "qty": "1",
                        "disposition": "sellable", "reason": "Wrong item" }],
            "approval": shop.approval("return"),
        }),
    );
    let state = shop.ok("pos.state", json!({}));
    let session = state["session"]["session_id"].clone();
    shop.ok(
        "pos.count_drawer",
        json!({ "session_id": session, "counted": [{ "denomination": 1_000, "pieces": 1 }] }),
    );
    shop.ok(
        "pos.close_session",
        json!({ "session_id": session, "reason": "Counting mistake",
                "approval": shop.approval("over short") }),
    );
    shop
}

fn check(shop: &Shop) -> VerifyReport {
    verify::run(shop.app(), &mut Progress::silent()).unwrap()
}

/// Changes the file as somebody with the key and a tool would.
fn tamper(shop: &mut Shop, sql: &str) {
    shop.close();
    let db = Connection::open(shop.folder().join("lumbung.db")).unwrap();
    let key = "07".repeat(32);
    db.execute_batch(&format!("pragma key = \"x'{key}'\";")).unwrap();
    db.execute_batch(sql).unwrap();
    db.close().unwrap();
    shop.restart();
}

#[test]
fn a_day_at_the_till_adds_up() {
    let shop = busy_shop();
    let report = check(&shop);
    assert!(report.ok, "{report:#?}");
    let count = |name: &str| report.checks.iter().find(|check| check.name == name).unwrap().count;
    assert_eq!(count("receipts"), 3);
    assert_eq!(count("session_closes"), 1);
    assert!(count("series") >= 5 && count("chain") > 10 && count("journal_lines") > 20);
}

#[test]
fn whatever_is_changed_behind_the_back_is_named() {
    let cases = [
        ("update sale set total = total + 1 where number like '%S000001'", "receipts", "S000001"),
        ("update sale_tender set amount = amount - 1", "receipts", "payments"),
        ("delete from sale_line where line_no = 2", "receipts", "parts"),
        ("delete from sale where number like '%S000001'", "receipt_parts", "no receipt"),
        ("delete from sale where number like '%S000001'", "series", "S000001 is missing"),
        ("update sale set number = 'JKT-T1-26-S000002'", "series", "given twice"),
        ("update sale set number = 'bon 7'", "series", "not a document number"),
        ("delete from cash_movement", "series", "none is there"),
        ("update stock_balance set qty = qty + 1", "stock_balance", "Product TEA"),
        ("update stock_move set value = value - 5", "stock_balance", "differs from its moves"),
        ("delete from stock_card_line where line_no = 1", "stock_cards", "does not follow"),
        ("update stock_card_line set before = null", "stock_cards", "does not follow"),
        ("update stock_card_line set stock_move_id = x'00'", "stock_cards", "of no movement"),
        ("update stock_balance set last_line = last_line + 99", "stock_cards", "not its last"),
        ("delete from stock_move", "stock_cards", "0 movements"),
        ("delete from stock_balance", "stock_cards", "has no balance"),
        ("update ledger_balance set debit = debit + 1", "ledger_balance", "debit"),
        ("update journal_line set amount = amount + 1", "journal_entries", "out of balance"),
        ("update journal_line set entry_date = '2026-01-01'", "journal_entries", "another day"),
        ("delete from journal_line", "journal_entries", "no lines"),
        ("delete from journal_entry", "journal_lines", "no entry"),
        ("delete from journal_entry", "posted_receipts", "0 journal entries"),
        (
            "update sale_line set qty = -9000000 where returned_line_id is not null",
            "returns",
            "TEA",
        ),
        ("update session_close set expected = expected + 1", "session_closes", "expected"),
        ("update cash_count set total = 7 where purpose = 'closing'", "session_closes", "counts"),
        ("update sale set note = 'x'", "chain", "sale"),
        ("delete from sync_journal where ctr = 5", "chain", "5"),
        ("update product set name = 'y'", "chain", "product"),
    ];
    let mut shop = busy_shop();
    let clean = shop.folder().join("clean.db");
    shop.close();
    std::fs::copy(shop.folder().join("lumbung.db"), &clean).unwrap();
    for (sql, name, word) in cases {
        // Each on a file of its own, as it was before the others.
        std::fs::copy(&clean, shop.folder().join("lumbung.db")).unwrap();
        tamper(&mut shop, sql);
        let report = check(&shop);
        let found = report.checks.iter().find(|check| check.name == name).unwrap();
        assert!(!report.ok && !found.ok, "{sql}: {name} saw nothing");
        let words: Vec<String> = found.findings.iter().map(ToString::to_string).collect();
        let words = words.join("\n");
        let expected = if name == "returns" { "taken back" } else { word };
        assert!(words.contains(expected), "{sql}: {words}");
    }
}

#[test]
fn the_check_runs_as_a_job_and_needs_the_right_to() {
    let shop = busy_shop();
    assert_eq!(shop.refused("verify.start", json!({})), "forbidden");
    shop.sign_in("budi", "8362");
    let job = shop.ok("verify.start", json!({}));
    let done = loop {
        let status = shop.ok("job.status", json!({ "job_id": job["job_id"] }));
        if status["state"] != "running" {
            break status;
        }
        std::thread::yield_now();
    };
    assert_eq!((&done["state"], &done["result"]["ok"]), (&json!("done"), &json!(true)));
}
