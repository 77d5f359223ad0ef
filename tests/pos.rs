//! The till through the door: sales, tenders, returns, sessions, overrides.

use lumbung_tests::{Shop, new_id};
use serde_json::{Value, json};

fn shop_with_tea() -> Shop {
    let shop = Shop::open();
    shop.product("TEA", "8991234567891", "12500", "20");
    shop
}

fn line_of(receipt: &Value, at: usize) -> &Value {
    &receipt["lines"][at]
}

#[test]
fn a_sale_gives_a_receipt_moves_stock_and_posts_the_money() {
    let shop = shop_with_tea();
    let receipt = shop.sell(&["8991234567891", "TEA"], 30_000);
    assert_eq!(receipt["number"], "JKT-T1-26-S000001");
    assert_eq!(receipt["total"], 25_000);
    assert_eq!(receipt["change"], 5_000);
    assert_eq!(line_of(&receipt, 0)["qty"], "2");
    assert_eq!(shop.on_hand("TEA"), "18");
    let cost: i64 = shop.trial_balance().iter().map(|(_, amount)| amount.max(&0)).sum();
    assert!(cost > 0);
    shop.verify();
}

#[test]
fn a_double_click_sells_once() {
    let shop = shop_with_tea();
    let added = shop.scan(&["TEA"]);
    let payments = json!([{ "kind": "cash", "amount": 12_500 }]);
    let first = shop.pay(&added, payments.clone()).expect("sold");
    let second = shop.pay(&added, payments).expect("answered");
    assert_eq!(first, second);
    assert_eq!(shop.on_hand("TEA"), "19");
    assert_eq!(shop.ok("pos.receipts", json!({}))["receipts"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_stock_card_shows_every_movement_with_the_balance_after_it_the_newest_first() {
    let shop = shop_with_tea();
    let mate = shop.product("MATE", "8991234567907", "9000", "5");
    shop.sell(&["TEA", "MATE", "TEA"], 40_000);
    shop.sell(&["MATE"], 9_000);
    let give = |status: &str, qty: &str| {
        let lines = json!([{ "product_id": mate, "status": status, "qty": qty }]);
        shop.operator(
            "inventory.adjust",
            json!({ "kind": "correction", "reason": "found", "lines": lines }),
        );
    };
    give("quarantine", "3");
    let card = |before: Value| {
        let page =
            shop.operator("inventory.stock_card", json!({ "product_id": mate, "before": before }));
        page["lines"].as_array().expect("lines").clone()
    };
    let lines = card(Value::Null);
    let told: Vec<_> = lines
        .iter()
        .map(|line| format!("{} {} {}", line["status"], line["qty"], line["balance_qty"]))
        .map(|line| line.replace('"', ""))
        .collect();
    let expected = ["quarantine 3 6", "sellable -1 3", "sellable -1 4", "sellable 5 5"];
    assert_eq!(told, expected);
    // What is asked for before a line is what stands under it.
    assert_eq!(card(lines[1]["stock_move_id"].clone()), lines[2..]);
    shop.verify();
}

#[test]
fn tenders_are_split_and_change_comes_only_from_cash() {
    let shop = shop_with_tea();
    let added = shop.scan(&["TEA", "TEA"]);
    let cases = [
        (json!([{ "kind": "card", "amount": 30_000, "reference": "1" }]), Err("over_tender")),
        (json!([{ "kind": "cash", "amount": 20_000 }]), Err("tender_short")),
        (json!([]), Err("tender_short")),
        (json!([{ "kind": "cash", "amount": -25_000 }]), Err("bad_tender_amount")),
        (
            json!([{ "kind": "qr", "amount": 10_000, "reference": "Q1" },
                   { "kind": "cash", "amount": 20_000 }]),
            Ok(5_000),
        ),
    ];
    for (payments, expected) in cases {
        match (shop.pay(&added, payments.clone()), expected) {
            (Ok(receipt), Ok(change)) => assert_eq!(receipt["change"], change, "{payments}"),
            (Err(failure), Err(code)) => assert_eq!(failure.code, code, "{payments}"),
            (got, _) => panic!("{payments}: {got:?}"),
        }
    }
    shop.verify();
}

#[test]
fn cash_is_rounded_into_an_account_of_its_own_and_cards_pay_exactly() {
    let shop = Shop::open();
    shop.product("NAIL", "8990000000013", "1237", "100");
    let cash = shop.sell(&["NAIL"], 2_000);
    assert_eq!(cash["total"], 1_237);
    assert_eq!(cash["rounding"], -37);
    assert_eq!(cash["change"], 800);
    let added = shop.scan(&["NAIL"]);
    let card = shop
        .pay(&added, json!([{ "kind": "card", "amount": 1_237, "reference": "A1" }]))
        .expect("paid by card");
    assert_eq!(card["rounding"], 0);
    shop.trial_balance();
    shop.verify();
}

#[test]
fn a_total_that_changed_is_shown_again_and_never_charged() {
    let shop = shop_with_tea();
    let added = shop.scan(&["TEA"]);
    let code = shop.refused(
        "pos.complete",
        json!({ "ticket": added["ticket"], "payments": [{ "kind": "cash", "amount": 12_500 }],
                "expected_total": 11_000 }),
    );
    assert_eq!(code, "total_changed");
    assert_eq!(shop.on_hand("TEA"), "20");
}

#[test]
fn impossible_tickets_are_refused_and_change_nothing() {
    let shop = shop_with_tea();
    let added = shop.scan(&["TEA"]);
    let before = shop.app().store().expect("open").head();
    let with = |change: fn(&mut Value)| {
        let mut ticket = added["ticket"].clone();
        change(&mut ticket);
        ticket
    };
    let many = {
        let mut ticket = added["ticket"].clone();
        let line = ticket["lines"][0].clone();
        let lines = (0..2_001).map(|_| {
            let mut line = line.clone();
            line["line_id"] = new_id().into();
            line
        });
        ticket["lines"] = Value::Array(lines.collect());
        ticket
    };
    let cases = [
        (with(|t| t["lines"][0]["qty"] = "0".into()), "zero_qty"),
        (with(|t| t["lines"][0]["qty"] = "-1".into()), "wrong_direction"),
        (with(|t| t["lines"][0]["qty"] = "0.5".into()), "invalid"),
        (with(|t| t["lines"][0]["qty"] = json!(1.5)), "invalid"),
        (with(|t| t["lines"][0]["qty"] = "1e9".into()), "invalid"),
        (with(|t| t["lines"][0]["qty"] = "99999999999999999999".into()), "invalid"),
        (with(|t| t["lines"][0]["product_id"] = new_id().into()), "not_found"),
        (
            with(|t| t["lines"][0]["price"] = json!({ "unit_price": "-1", "reason": "x" })),
            "negative_price",
        ),
        (
            with(|t| t["lines"][0]["discount"] = json!({ "percent": "1.5" })),
            "discount_out_of_range",
        ),
        (with(|t| t["lines"][0]["discount"] = json!({ "amount": 99_999 })), "discount_over_amount"),
        (with(|t| t["lines"] = json!([])), "ticket_empty"),
        (with(|t| t["currency"] = "USD".into()), "invalid"),
        (many, "too_many_lines"),
    ];
    for (ticket, expected) in cases {
        let code = shop.refused(
            "pos.complete",
            json!({ "ticket": ticket, "payments": [{ "kind": "cash", "amount": 12_500 }],
                    "expected_total": 12_500 }),
        );
        assert_eq!(code, expected, "{}", ticket.to_string().chars().take(300).collect::<String>());
    }
    assert_eq!(shop.app().store().expect("open").head(), before);
}

#[test]
fn nobody_sells_without_an_open_session_of_their_own() {
    let shop = Shop::new();
    shop.product("TEA", "8991234567891", "12500", "20");
    shop.sign_in("sari", "1359");
    let added = shop.scan(&["TEA"]);
    let paid = json!([{ "kind": "cash", "amount": 12_500 }]);
    assert_eq!(shop.pay(&added, paid.clone()).expect_err("no session").code, "no_session");
    shop.open_session();
    shop.sign_in("dewi", "9047");
    assert_eq!(shop.pay(&added, paid.clone()).expect_err("not hers").code, "no_session");
    let same_drawer = shop.refused("pos.open_session", json!({ "drawer": "1", "counted": [] }));
    assert_eq!(same_drawer, "drawer_open");
    shop.sign_in("sari", "1359");
    shop.pay(&added, paid).expect("her own session");
}

#[test]
fn a_discount_over_the_limit_needs_a_manager_who_is_not_signed_in_by_it() {
    let shop = shop_with_tea();
    let mut added = shop.scan(&["TEA"]);
    added["ticket"]["discount"] = json!({ "percent": "0.2" });
    let quote = shop.ok("pos.quote", json!({ "ticket": added["ticket"] }));
    let sale = json!({ "ticket": added["ticket"], "expected_total": quote["total"],
                       "payments": [{ "kind": "cash", "amount": 10_000 }] });
    assert_eq!(shop.refused("pos.complete", sale.clone()), "approval_required");
    let signed = |pin: &str, user: &str| {
        let mut args = sale.clone();
        args["approval"] =
            json!({ "user_id": shop.user(user), "pin": pin, "reason": "regular customer" });
        args
    };
    assert_eq!(shop.refused("pos.complete", signed("0000", "budi")), "wrong_pin");
    assert_eq!(shop.refused("pos.complete", signed("1359", "sari")), "self_approval");
    assert_eq!(shop.refused("pos.complete", signed("9047", "dewi")), "approval_required");
    let receipt = shop.ok("pos.complete", signed("8362", "budi"));
    assert_eq!(receipt["total"], 10_000);
    assert_eq!(receipt["cashier"], "Sari");
    let me = shop.ok("users.me", json!({}));
    assert_eq!(me["me"]["username"], "sari");
    let approvals = shop.operator("approvals.list", json!({ "since_ms": 0 }));
    assert_eq!(approvals[0]["approved_by"], shop.user("budi"));
    assert_eq!(approvals[0]["reason"], "regular customer");
}

#[test]
fn a_held_ticket_is_taken_up_once_and_survives_the_close() {
    let shop = shop_with_tea();
    let added = shop.scan(&["TEA"]);
    let held = shop.ok("pos.hold", json!({ "ticket": added["ticket"], "note": "Ibu Ani" }));
    close(&shop, 100_000);
    shop.sign_in("dewi", "9047");
    shop.open_session();
    let list = shop.ok("pos.held", json!({}));
    assert_eq!(list[0]["note"], "Ibu Ani");
    let recalled = shop.ok("pos.recall", json!({ "held_id": held["held_id"] }));
    assert_eq!(recalled["quote"]["total"], 12_500);
    assert_eq!(
        shop.refused("pos.recall", json!({ "held_id": held["held_id"] })),
        "held_already_recalled"
    );
    shop.pay(&recalled, json!([{ "kind": "cash", "amount": 12_500 }])).expect("sold");
    shop.verify();
}

fn give_back(shop: &Shop, receipt: &Value, qty: &str) -> Result<Value, lumbung_app::Failure> {
    shop.call(
        "pos.return",
        json!({ "return_id": new_id(), "sale_id": receipt["sale_id"], "lines": [
            { "line_id": line_of(receipt, 0)["line_id"], "qty": qty,
              "disposition": "sellable", "reason": "changed mind" } ],
            "approval": shop.approval("checked the goods") }),
    )
}

#[test]
fn never_more_comes_back_than_was_sold() {
    let shop = shop_with_tea();
    let receipt = shop.sell(&["TEA", "TEA", "TEA"], 40_000);
    let first = give_back(&shop, &receipt, "2").expect("two come back");
    assert_eq!(first["total"], -25_000);
    assert_eq!(first["kind"], "return");
    let again = give_back(&shop, &receipt, "2").expect_err("only one is left");
    assert_eq!(again.code, "return_more_than_left");
    let last = give_back(&shop, &receipt, "1").expect("the last one");
    assert_eq!(last["total"], -12_500);
    assert_eq!(shop.on_hand("TEA"), "20");
    give_back(&shop, &receipt, "1").expect_err("nothing is left");
    shop.verify();
}

#[test]
fn refunds_of_parts_add_up_to_what_was_paid() {
    let shop = Shop::open();
    shop.product("NAIL", "8990000000013", "1237", "100");
    let receipt = shop.sell(&["NAIL", "NAIL", "NAIL"], 5_000);
    assert_eq!(receipt["total"], 3_711);
    let paid = receipt["tenders"][0]["amount"].as_i64().expect("cash");
    let mut back = 0;
    for _ in 0..3 {
        let part = give_back(&shop, &receipt, "1").expect("comes back");
        back -= part["tenders"][0]["amount"].as_i64().unwrap_or(0);
    }
    assert_eq!(back, paid);
    shop.verify();
}

#[test]
fn returned_goods_go_where_they_belong() {
    for disposition in ["sellable", "quarantine", "scrap"] {
        let shop = shop_with_tea();
        let receipt = shop.sell(&["TEA"], 12_500);
        shop.ok(
            "pos.return",
            json!({ "return_id": new_id(), "sale_id": receipt["sale_id"], "lines": [
                { "line_id": line_of(&receipt, 0)["line_id"], "qty": "1",
                  "disposition": disposition, "reason": "broken" } ],
                "approval": shop.approval("seen") }),
        );
        let page = shop.operator("inventory.on_hand", json!({ "text": "TEA" }));
        let lines = page["lines"].as_array().expect("lines");
        let found = lines.iter().find(|line| line["status"] == disposition).expect(disposition);
        let expected = if disposition == "sellable" { "20" } else { "1" };
        assert_eq!(found["qty"], expected, "{disposition}");
        shop.verify();
    }
}

#[test]
fn a_return_without_a_receipt_is_store_credit_that_can_be_spent_once() {
    let shop = shop_with_tea();
    let mut back = json!({ "return_id": new_id(), "holder": "Ani, KTP 3171", "lines": [
        { "product_id": shop.scan(&["TEA"])["ticket"]["lines"][0]["product_id"], "qty": "2",
          "disposition": "sellable", "reason": "no receipt" } ] });
    assert_eq!(shop.refused("pos.return_without_receipt", back.clone()), "approval_required");
    back["approval"] = shop.approval("known customer");
    let receipt = shop.ok("pos.return_without_receipt", back);
    assert_eq!(receipt["tenders"][0]["kind"], "store_credit");
    let number = receipt["store_credit"]["number"].as_str().expect("a number").to_owned();
    let added = shop.scan(&["TEA", "TEA"]);
    let paid = |amount: i64, number: &str| {
        let credit = json!({ "kind": "store_credit", "amount": amount, "reference": number });
        json!([credit])
    };
    shop.pay(&added, paid(25_000, "K1")).expect_err("an unknown number");
    shop.pay(&added, paid(25_000, &number)).expect("spent");
    let added = shop.scan(&["TEA"]);
    let failure = shop.pay(&added, paid(12_500, &number)).expect_err("spent already");
    assert_eq!(failure.code, "store_credit_short");
    shop.verify();
}

#[test]
fn a_void_takes_a_sale_of_this_session_back_whole() {
    let shop = shop_with_tea();
    let receipt = shop.sell(&["TEA"], 20_000);
    let void = json!({ "void_id": new_id(), "sale_id": receipt["sale_id"],
                       "reason": "wrong customer", "approval": shop.approval("seen") });
    let voided = shop.ok("pos.void", void.clone());
    assert_eq!(voided["kind"], "void");
    assert_eq!(voided["total"], -12_500);
    assert_eq!(voided["number"], "JKT-T1-26-V000001");
    assert_eq!(shop.ok("pos.void", void), voided, "asked twice, done once");
    assert_eq!(shop.on_hand("TEA"), "20");
    let again = json!({ "void_id": new_id(), "sale_id": receipt["sale_id"], "reason": "again",
                        "approval": shop.approval("seen") });
    assert_eq!(shop.refused("pos.void", again), "already_void");
    let other = shop.sell(&["TEA"], 20_000);
    close(&shop, 112_500);
    shop.open_session();
    let late = json!({ "void_id": new_id(), "sale_id": other["sale_id"], "reason": "late",
                       "approval": shop.approval("seen") });
    assert_eq!(shop.refused("pos.void", late), "void_other_session");
    shop.verify();
}

fn close(shop: &Shop, counted: u32) -> Value {
    let session = shop.ok("pos.state", json!({}))["session"]["session_id"].clone();
    let (notes, rest) = (counted / 50_000, counted % 50_000);
    shop.ok(
        "pos.count_drawer",
        json!({ "session_id": session, "counted": [
            { "denomination": 50_000, "pieces": notes },
            { "denomination": 100, "pieces": rest / 100 } ] }),
    );
    shop.ok(
        "pos.close_session",
        json!({ "session_id": session, "reason": "miscounted",
                "approval": shop.approval("counted together") }),
    )
}

#[test]
fn the_close_is_blind_numbered_and_books_what_is_short() {
    let shop = shop_with_tea();
    shop.sell(&["TEA"], 20_000);
    let session = shop.ok("pos.state", json!({}))["session"]["session_id"].clone();
    let x = shop.ok("pos.x_report", json!({ "session_id": session }));
    assert_eq!(x["sales"], 1);
    assert_eq!(x["expected"], Value::Null, "a cashier does not see what should be there");
    let z = close(&shop, 112_000);
    assert_eq!(z["expected"], 112_500);
    assert_eq!(z["over_short"], -500);
    assert_eq!(z["number"], "JKT-T1-26-Z000001");
    let again = shop.ok("pos.z_report", json!({ "session_id": session }));
    assert_eq!(again, z);
    let short: Vec<_> = shop.trial_balance();
    assert!(short.iter().any(|(_, amount)| *amount == 500), "{short:?}");
    shop.verify();
}

#[test]
fn cash_in_out_and_drops_have_slips_and_are_in_the_report() {
    let shop = shop_with_tea();
    for (kind, amount, number) in
        [("cash_in", 5_000, "C000001"), ("cash_out", 2_000, "C000002"), ("drop", 50_000, "C000003")]
    {
        let slip = shop.ok(
            "pos.cash_movement",
            json!({ "kind": kind, "amount": amount, "reason": "change for the day",
                    "approval": shop.approval("ok") }),
        );
        assert!(slip["number"].as_str().expect("a number").ends_with(number), "{slip}");
    }
    let bad = json!({ "kind": "cash_in", "amount": 0, "reason": "nothing",
                      "approval": shop.approval("ok") });
    shop.refused("pos.cash_movement", bad);
    let no_sale = json!({ "reason": "change for a customer", "approval": shop.approval("ok") });
    shop.ok("pos.no_sale", no_sale);
    let z = close(&shop, 53_000);
    assert_eq!(z["over_short"], 0);
    assert_eq!(z["no_sales"], 1);
    assert_eq!(z["cash_drops"], 50_000);
    shop.verify();
}

#[test]
fn the_business_date_holds_past_midnight() {
    let shop = shop_with_tea();
    shop.wait_ms(16 * 3_600_000);
    let receipt = shop.sell(&["TEA"], 12_500);
    assert_eq!(receipt["business_date"], "2026-11-20");
    let state = shop.ok("pos.state", json!({}));
    assert_eq!(state["past_midnight"], true);
    assert_eq!(state["today"], "2026-11-21");
}

#[test]
fn a_clock_that_jumps_needs_a_manager_to_open() {
    let shop = shop_with_tea();
    close(&shop, 100_000);
    shop.wait_ms(-3 * 86_400_000);
    let open = json!({ "drawer": "1", "counted": [] });
    assert_eq!(shop.refused("pos.open_session", open), "approval_required");
}

#[test]
fn line_voids_are_counted_and_too_many_need_a_manager() {
    let shop = shop_with_tea();
    let added = shop.scan(&["TEA"]);
    let void = json!({ "ticket": added["ticket"], "line_id": added["line_id"] });
    for _ in 0..5 {
        let left = shop.ok("pos.void_line", void.clone());
        assert_eq!(left["ticket"], Value::Null);
    }
    assert_eq!(shop.refused("pos.void_line", void), "approval_required");
    let z = close(&shop, 100_000);
    assert_eq!((&z["line_voids"], &z["line_voids_total"]), (&json!(5), &json!(62_500)));
}

#[test]
fn what_a_crash_leaves_is_the_ticket_on_the_screen() {
    let mut shop = shop_with_tea();
    let added = shop.scan(&["TEA"]);
    shop.ok("pos.keep_ticket", json!({ "ticket": added["ticket"] }));
    shop.restart();
    shop.sign_in("sari", "1359");
    assert_eq!(shop.ok("pos.state", json!({}))["ticket"], added["ticket"]);
}

#[test]
fn an_unknown_code_adds_nothing_and_says_so() {
    let shop = shop_with_tea();
    let added = shop.ok("pos.add", json!({ "code": "0000000000000" }));
    assert_eq!(added["outcome"], "unknown");
    assert_eq!(added["ticket"]["lines"], json!([]));
}

#[test]
fn numbers_of_every_kind_run_without_gaps() {
    let shop = shop_with_tea();
    for n in 1..=3 {
        let receipt = shop.sell(&["TEA"], 12_500);
        assert_eq!(receipt["number"], format!("JKT-T1-26-S{n:06}"));
        let added = shop.scan(&["TEA"]);
        shop.pay(&added, json!([])).expect_err("a failure takes no number");
    }
    shop.verify();
}
