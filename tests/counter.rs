//! The ticket on the counter through the door: pieces with serial numbers, other units, less of a
//! line.

use lumbung_tests::{Shop, new_id};
use serde_json::{Value, json};

/// A shop that sells a telephone whose pieces have serial numbers.
fn shop_with_phones() -> Shop {
    let shop = Shop::open();
    shop.product_with(
        "PHONE",
        "8990000000020",
        "1500000",
        "5",
        json!({ "serial_tracked": true, "units": [{ "unit": "box", "factor": "10" }] }),
    );
    shop
}

/// A ticket with serial numbers on its lines, priced again.
fn with_serials(shop: &Shop, added: &Value, serials: &[&str]) -> Value {
    let mut ticket = added["ticket"].clone();
    for (at, serial) in serials.iter().enumerate() {
        ticket["lines"][at]["serial"] = json!(serial);
    }
    let quote = shop.ok("pos.quote", json!({ "ticket": ticket }));
    json!({ "ticket": ticket, "quote": quote })
}

fn sell_phones(shop: &Shop, serials: &[&str]) -> Result<Value, lumbung_app::Failure> {
    let scanned = shop.scan(&vec!["PHONE"; serials.len()]);
    let added = with_serials(shop, &scanned, serials);
    let total = added["quote"]["total"].clone();
    shop.pay(&added, json!([{ "kind": "card", "amount": total, "reference": "1" }]))
}

fn bring_back(shop: &Shop, receipt: &Value, serial: &str) -> Result<Value, lumbung_app::Failure> {
    shop.call(
        "pos.return",
        json!({ "return_id": new_id(), "sale_id": receipt["sale_id"], "lines": [
            { "line_id": receipt["lines"][0]["line_id"], "qty": "1", "serial": serial,
              "disposition": "sellable", "reason": "faulty" } ],
            "approval": shop.approval("checked") }),
    )
}

#[test]
fn each_piece_stands_on_a_line_of_its_own_and_must_be_named() {
    let shop = shop_with_phones();
    let added = shop.scan(&["PHONE", "PHONE"]);
    assert_eq!(added["ticket"]["lines"].as_array().map(Vec::len), Some(2));
    assert_eq!(added["quote"]["lines"][0]["serial_tracked"], true);
    assert_eq!(added["quote"]["lines"][1]["marks"], json!(["serial_missing"]));
    for (serials, expected) in [
        (&["", "B2"][..], "serial_missing"),
        (&["A1", " a1 "], "serial_twice"),
        (&["A1", "A\n2"], "serial_malformed"),
    ] {
        let ticket = {
            let mut ticket = added["ticket"].clone();
            ticket["lines"][0]["serial"] = json!(serials[0]);
            ticket["lines"][1]["serial"] = json!(serials[1]);
            ticket
        };
        let args = json!({ "ticket": ticket, "expected_total": 3_000_000,
                           "payments": [{ "kind": "cash", "amount": 3_000_000 }] });
        assert_eq!(shop.refused("pos.complete", args), expected, "{serials:?}");
    }
    let receipt = sell_phones(&shop, &["a1", "B2"]).expect("sold");
    assert_eq!(receipt["lines"][0]["serial"], "A1");
    assert_eq!(shop.on_hand("PHONE"), "3");
    let many = shop.ok("pos.add", json!({ "code": "PHONE", "qty": "3" }));
    assert_eq!(many["ticket"]["lines"].as_array().map(Vec::len), Some(3));
    shop.verify();
}

#[test]
fn a_piece_is_sold_again_only_after_it_came_back() {
    let shop = shop_with_phones();
    let receipt = sell_phones(&shop, &["A1"]).expect("sold");
    let again = sell_phones(&shop, &["A1"]).expect_err("it is gone");
    assert_eq!(again.code, "serial_sold");
    assert_eq!(again.facts["receipt"], receipt["number"].as_str().expect("a number"));
    let quote = with_serials(&shop, &shop.scan(&["PHONE"]), &["A1"]);
    assert_eq!(quote["quote"]["lines"][0]["marks"], json!(["serial_taken"]));
    let other = bring_back(&shop, &receipt, "A2").expect_err("another piece");
    assert_eq!(other.code, "serial_other_piece");
    let back = bring_back(&shop, &receipt, "a1").expect("the same piece");
    assert_eq!(back["lines"][0]["serial"], "A1");
    sell_phones(&shop, &["A1"]).expect("it came back");
    shop.verify();
}

#[test]
fn a_serial_number_finds_its_receipt() {
    let shop = shop_with_phones();
    let first = sell_phones(&shop, &["A1"]).expect("sold");
    let found =
        |serial: &str| shop.ok("pos.find_receipt", json!({ "number": serial }))["number"].clone();
    assert_eq!(found("a1"), first["number"]);
    bring_back(&shop, &first, "A1").expect("comes back");
    let second = sell_phones(&shop, &["A1"]).expect("sold again");
    assert_eq!(found("A1"), second["number"]);
    assert_eq!(shop.refused("pos.find_receipt", json!({ "number": "A9" })), "not_found");
}

#[test]
fn without_a_receipt_only_a_piece_nobody_knows_comes_back() {
    let shop = shop_with_phones();
    sell_phones(&shop, &["A1"]).expect("sold");
    let product = shop.scan(&["PHONE"])["ticket"]["lines"][0]["product_id"].clone();
    let loose = |serial: &str, qty: &str| {
        shop.call(
            "pos.return_without_receipt",
            json!({ "return_id": new_id(), "holder": "Ani, KTP 3171",
                    "approval": shop.approval("known"), "lines": [
                { "product_id": product, "qty": qty, "serial": serial,
                  "disposition": "sellable", "reason": "no receipt" } ] }),
        )
    };
    for (serial, qty, expected) in [
        ("", "1", "serial_missing"),
        ("A1", "1", "serial_has_receipt"),
        ("OLD-7", "2", "serial_one_each"),
    ] {
        assert_eq!(loose(serial, qty).expect_err(expected).code, expected);
    }
    let back = loose("old-7", "1").expect("sold before serial numbers were kept");
    assert_eq!(back["lines"][0]["serial"], "OLD-7");
    assert_eq!(loose("OLD-7", "1").expect_err("it is here").code, "serial_not_out");
    sell_phones(&shop, &["OLD-7"]).expect("sold");
    shop.verify();
}

#[test]
fn a_piece_is_never_sold_by_the_box_or_by_weight() {
    let shop = shop_with_phones();
    let added = shop.scan(&["PHONE"]);
    let line = added["line_id"].clone();
    let units = shop.ok("pos.units", json!({ "ticket": added["ticket"], "line_id": line }));
    let change = json!({ "ticket": added["ticket"], "line_id": line, "qty": "2",
                         "product_unit_id": units[0]["product_unit_id"] });
    assert_eq!(shop.refused("pos.change_line", change), "serial_one_each");
    let mut details = json!({ "code": "FISH", "name": "Fish", "base_unit": "kg",
        "tax_class_id": shop.first_tax_class(), "weighed": true, "serial_tracked": true });
    shop.sign_in("ratna", "4071");
    let failure = shop.failure("catalogue.save", details.clone());
    assert!(failure.fields.contains_key("serial_tracked"), "{failure:?}");
    details["weighed"] = json!(false);
    let saved = shop.ok("catalogue.save", details);
    let view = shop.ok("catalogue.get", json!({ "product_id": saved["product_id"] }));
    assert_eq!(view["product"]["serial_tracked"], true);
}

/// Noodles by the piece and by the box of 40, the box cheaper.
fn shop_with_boxes() -> Shop {
    let shop = Shop::open();
    shop.product_with(
        "NOODLE",
        "8990000000037",
        "3500",
        "100",
        json!({ "units": [{ "unit": "box", "factor": "40" }],
                "prices": [{ "unit_price": "3500" },
                           { "unit": "box", "unit_price": "132000" }] }),
    );
    shop
}

fn voids(shop: &Shop) -> (Value, Value) {
    let session = shop.ok("pos.state", json!({}))["session"]["session_id"].clone();
    let x = shop.ok("pos.x_report", json!({ "session_id": session }));
    (x["line_voids"].clone(), x["line_voids_total"].clone())
}

#[test]
fn a_line_on_the_ticket_changes_its_unit_and_is_priced_again() {
    let shop = shop_with_boxes();
    let mut added = shop.scan(&["NOODLE"]);
    let line = added["line_id"].clone();
    let units = shop.ok("pos.units", json!({ "ticket": added["ticket"], "line_id": line }));
    assert_eq!((&units[0]["unit"], &units[0]["current"]), (&json!("pcs"), &json!(true)));
    assert_eq!((&units[1]["unit"], &units[1]["unit_price"]), (&json!("box"), &json!("132000")));
    added["ticket"]["lines"][0]["price"] = json!({ "unit_price": "3000", "reason": "dented" });
    let boxed = shop.ok(
        "pos.change_line",
        json!({ "ticket": added["ticket"], "line_id": line, "qty": "1",
                "product_unit_id": units[1]["product_unit_id"] }),
    );
    assert_eq!(boxed["quote"]["lines"][0]["unit"], "box");
    assert_eq!(boxed["quote"]["total"], 132_000, "a price by hand was for the other unit");
    assert_eq!(voids(&shop), (json!(0), json!(0)), "more of it is no void");
    assert_eq!(shop.ok("pos.state", json!({}))["ticket"], boxed["ticket"]);
    let pieces = shop
        .ok("pos.change_line", json!({ "ticket": boxed["ticket"], "line_id": line, "qty": "1" }));
    assert_eq!(pieces["quote"]["total"], 3_500);
    assert_eq!(voids(&shop), (json!(1), json!(128_500)), "39 pieces less");
    let paid = json!([{ "kind": "cash", "amount": 3_500 }]);
    shop.pay(&pieces, paid).expect("sold");
    assert_eq!(shop.on_hand("NOODLE"), "99");
    shop.verify();
}

#[test]
fn less_of_a_line_is_logged_as_a_void_of_the_difference() {
    let shop = shop_with_boxes();
    let added = shop.scan(&["NOODLE", "NOODLE", "NOODLE", "NOODLE"]);
    let line = added["line_id"].clone();
    let to = |ticket: &Value, qty: &str| {
        shop.call("pos.change_line", json!({ "ticket": ticket, "line_id": line, "qty": qty }))
    };
    let three = to(&added["ticket"], "3").expect("one less");
    assert_eq!(three["quote"]["total"], 10_500);
    let one = to(&three["ticket"], "1").expect("two less");
    assert_eq!(voids(&shop), (json!(2), json!(10_500)));
    to(&one["ticket"], "9").expect("more is no void");
    assert_eq!(voids(&shop), (json!(2), json!(10_500)));
    assert_eq!(to(&one["ticket"], "0").expect_err("not a quantity").code, "zero_qty");
    for qty in ["8", "7", "6"] {
        to(&json!(set_qty(&one["ticket"], "9")), qty).expect("within the limit");
    }
    let more = to(&json!(set_qty(&one["ticket"], "9")), "1").expect_err("too many");
    assert_eq!(more.code, "approval_required");
    assert_eq!(voids(&shop).0, 5);
}

fn set_qty(ticket: &Value, qty: &str) -> Value {
    let mut ticket = ticket.clone();
    ticket["lines"][0]["qty"] = json!(qty);
    ticket
}

#[test]
fn a_line_that_can_no_longer_be_priced_can_still_be_taken_off() {
    let shop = shop_with_boxes();
    shop.product("TEA", "8991234567891", "12500", "20");
    let added = shop.scan(&["NOODLE", "TEA"]);
    let product = added["ticket"]["lines"][0]["product_id"].clone();
    shop.operator("catalogue.archive", json!({ "product_id": product, "archived": true }));
    let line = added["ticket"]["lines"][0]["line_id"].clone();
    let quoted = shop.refused("pos.quote", json!({ "ticket": added["ticket"] }));
    assert_eq!(quoted, "product_archived");
    let left = shop.ok("pos.void_line", json!({ "ticket": added["ticket"], "line_id": line }));
    assert_eq!(left["quote"]["total"], 12_500);
}
