//! What needs a person: found after the fact, told to whoever settles it, gone when it is right.

use chrono::NaiveDate;
use lumbung_app::catalogue::rows::ProductRow;
use lumbung_domain::ids::{Id, ProductId};
use lumbung_sync::WriteCtx;
use lumbung_tests::Shop;
use serde_json::{Value, json};

fn waiting(shop: &Shop) -> Vec<Value> {
    let page = shop.operator("exceptions.list", json!({}));
    page["rows"].as_array().expect("rows").clone()
}

fn audit(shop: &Shop) -> Value {
    shop.operator("exceptions.audit", json!({ "thorough": true }))
}

/// Changes a product as an older or offline node may have: past the rules of the door.
fn recode(shop: &Shop, product: &str, code: &str) {
    let store = shop.app().store().expect("a store");
    let at_ms = shop.now_ms();
    let ctx = WriteCtx {
        user: None,
        business_date: NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day"),
        offset_min: 420,
        scope: 0,
        at_ms,
        reason: None,
    };
    let id = ProductId::from_bytes(product.parse::<uuid::Uuid>().expect("an id").into_bytes());
    store
        .transact(&ctx, "test.recode", |tx| {
            tx.patch(id, ProductRow::NAMING, |row| row.code = code.to_owned())
        })
        .expect("recoded");
}

#[test]
fn stock_sold_twice_is_told_once_and_closes_itself_when_it_is_counted() {
    let shop = Shop::open();
    let tea = shop.product("TEA", "8991234567896", "12500", "1");
    shop.sell(&["8991234567896", "8991234567896", "8991234567896"], 50_000);
    assert_eq!(audit(&shop), json!({ "raised": 1, "gone": 0, "open": 1 }));
    let found = waiting(&shop);
    assert_eq!(
        (&found[0]["rule"], &found[0]["owner"]),
        (&json!("negative_stock"), &json!("storekeeper"))
    );
    assert_eq!(found[0]["facts"]["qty"], "-2");
    assert_eq!(found[0]["branch"], "Jakarta");

    let head = shop.app().store().expect("a store").head();
    assert_eq!(audit(&shop), json!({ "raised": 0, "gone": 0, "open": 1 }));
    let again = shop.app().store().expect("a store").head();
    assert_eq!(head, again, "finding the same thing again changes nothing");

    shop.operator(
        "inventory.adjust",
        json!({ "kind": "correction", "reason": "counted", "lines": [
            { "product_id": tea, "status": "sellable", "qty": "5", "unit_cost": "1000" } ] }),
    );
    assert_eq!(audit(&shop), json!({ "raised": 0, "gone": 1, "open": 0 }));
    let closed = shop.operator("exceptions.list", json!({ "closed": true }));
    assert_eq!(
        (&closed["rows"][0]["state"], &closed["rows"][0]["closed_by"]),
        (&json!("gone"), &json!(""))
    );
    shop.verify();
}

#[test]
fn the_same_shelf_below_zero_a_second_time_is_a_new_exception() {
    let shop = Shop::open();
    let tea = shop.product("TEA", "8991234567896", "12500", "1");
    let count = json!({ "kind": "correction", "reason": "counted", "lines": [
        { "product_id": tea, "status": "sellable", "qty": "1", "unit_cost": "1000" } ] });
    shop.sell(&["8991234567896", "8991234567896"], 50_000);
    audit(&shop);
    shop.wait_ms(1_000);
    shop.operator("inventory.adjust", count);
    audit(&shop);
    shop.wait_ms(1_000);
    shop.sell(&["8991234567896"], 50_000);
    assert_eq!(audit(&shop)["raised"], 1);
    let all = shop.operator("exceptions.list", json!({ "closed": true }));
    assert_eq!((waiting(&shop).len(), all["rows"].as_array().expect("rows").len()), (1, 1));
}

#[test]
fn two_products_with_one_code_are_found_and_an_accepted_pair_stays_accepted() {
    let shop = Shop::open();
    let tea = shop.product("TEA", "8991234567896", "12500", "0");
    shop.product("COFFEE", "8991234567803", "15000", "0");
    recode(&shop, &tea, "COFFEE");
    assert_eq!(audit(&shop)["raised"], 1);
    let found = waiting(&shop);
    assert_eq!(
        (&found[0]["rule"], &found[0]["subject"]),
        (&json!("duplicate_code"), &json!("COFFEE"))
    );
    assert!(found[0]["facts"]["products"].as_str().expect("names").contains("Product TEA"));

    shop.sign_in("budi", "8362");
    let id = &found[0]["exception_id"];
    let settle =
        |state: &str, note: &str| json!({ "exception_id": id, "state": state, "note": note });
    assert_eq!(
        shop.refused("exceptions.settle", settle("settled", "done")),
        "exception_closes_itself"
    );
    let bare = shop.failure("exceptions.settle", settle("accepted", " "));
    assert!(bare.fields.contains_key("note"), "{bare:?}");
    shop.ok("exceptions.settle", settle("accepted", "one is a gift pack"));
    assert_eq!(shop.refused("exceptions.settle", settle("accepted", "again")), "exception_closed");
    assert_eq!(audit(&shop), json!({ "raised": 0, "gone": 0, "open": 0 }));
    let closed = shop.ok("exceptions.list", json!({ "closed": true }));
    assert_eq!(closed["rows"][0]["closed_by"], "Budi");
    shop.verify();
}

#[test]
fn a_cashier_sees_the_count_and_may_not_settle() {
    let shop = Shop::open();
    shop.product("TEA", "8991234567896", "12500", "1");
    shop.sell(&["8991234567896", "8991234567896"], 50_000);
    audit(&shop);
    let found = waiting(&shop);
    assert_eq!(shop.ok("exceptions.count", json!({})), json!({ "open": 1 }));
    assert_eq!(shop.refused("exceptions.list", json!({})), "forbidden");
    assert_eq!(shop.refused("exceptions.audit", json!({})), "forbidden");
    let settle = json!({ "exception_id": found[0]["exception_id"], "state": "accepted",
                         "note": "no matter" });
    assert_eq!(shop.refused("exceptions.settle", settle), "forbidden");
}

#[test]
fn only_what_my_roles_settle_is_shown_when_asked_for() {
    let shop = Shop::open();
    let tea = shop.product("TEA", "8991234567896", "12500", "0");
    shop.product("COFFEE", "8991234567803", "15000", "0");
    recode(&shop, &tea, "COFFEE");
    audit(&shop);
    shop.sign_in("budi", "8362");
    let mine = shop.ok("exceptions.list", json!({ "mine": true }));
    assert_eq!(mine["rows"].as_array().expect("rows").len(), 1, "a manager settles codes");
    shop.sign_in("ratna", "4071");
    let mine = shop.ok("exceptions.list", json!({ "mine": true }));
    assert_eq!(mine["rows"].as_array().expect("rows").len(), 0, "the owner settles other things");
}

#[test]
fn what_a_node_reports_is_open_until_it_is_reported_no_more() {
    let shop = Shop::open();
    let report = json!({ "rule": "clock_off", "subject": uuid::Uuid::from_u128(1),
        "cause": uuid::Uuid::from_u128(2), "name": "Till 1", "facts": { "minutes": "190" } });
    let told = json!({ "reports": [report], "complete": ["clock_off"] });
    assert_eq!(shop.operator("exceptions.audit", told.clone())["raised"], 1);
    assert_eq!(shop.operator("exceptions.audit", told.clone())["raised"], 0);
    let silent = json!({ "complete": ["clock_off"] });
    assert_eq!(shop.operator("exceptions.audit", silent)["gone"], 1);
    assert_eq!(shop.operator("exceptions.audit", told)["raised"], 1, "it is open again");
    assert_eq!(waiting(&shop).len(), 1);
}

#[test]
fn one_subject_with_two_causes_is_told_once_and_told_again_changes_nothing() {
    let shop = Shop::open();
    let report = |cause: u128, series: &str| {
        json!({ "rule": "rekeyed", "subject": uuid::Uuid::from_u128(1),
                "cause": uuid::Uuid::from_u128(cause), "name": "T1",
                "facts": { "series": series } })
    };
    let told = json!({ "reports": [report(2, "T1a"), report(3, "T1b")] });
    assert_eq!(shop.operator("exceptions.audit", told.clone())["raised"], 1);
    let head = || shop.app().store().expect("a store").head();
    let before = head();
    assert_eq!(shop.operator("exceptions.audit", told)["raised"], 0);
    assert_eq!(head(), before);
}

#[test]
fn broken_arguments_are_refused_and_change_nothing() {
    let shop = Shop::open();
    let head = || shop.app().store().expect("a store").head();
    let before = head();
    for args in [
        json!({ "reports": [{ "rule": "no_such_rule" }] }),
        json!({ "reports": 7 }),
        json!({ "complete": ["'; drop table exception; --"] }),
    ] {
        let failure = shop.app().call(&lumbung_app::Caller::Operator, "exceptions.audit", args);
        assert_eq!(failure.expect_err("refused").code, "invalid");
    }
    assert_eq!(head(), before);
    let unknown = json!({ "exception_id": uuid::Uuid::nil(), "state": "accepted", "note": "why" });
    shop.sign_in("ratna", "4071");
    assert_eq!(shop.refused("exceptions.settle", unknown), "not_found");
}
