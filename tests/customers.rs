//! Customers, what they owe and how much more they may, through the door.

use lumbung_tests::Shop;
use serde_json::{Value, json};

const DAY_MS: i64 = 24 * 3_600_000;

/// A shop whose owner sits at the till.
fn shop() -> Shop {
    let shop = Shop::new();
    shop.sign_in("ratna", "4071");
    shop
}

/// A shop with tea, where Sari sells.
fn selling() -> Shop {
    let shop = Shop::open();
    shop.product("TEA", "8991234567891", "10000", "100");
    shop
}

fn save(shop: &Shop, given: Value) -> String {
    let saved = shop.operator("customers.save", given);
    saved["customer_id"].as_str().expect("an id").to_owned()
}

/// A customer who may owe Rp50.000 for seven days.
fn ani(shop: &Shop) -> String {
    save(
        shop,
        json!({ "code": "ANI", "name": "Bu Ani", "phone": "0812-555-0001",
                       "credit_limit": 50_000, "terms_days": 7 }),
    )
}

fn credit(shop: &Shop, customer: &str) -> Value {
    shop.ok("customers.credit", json!({ "customer_id": customer }))
}

/// Sells tea on account.
fn charge(shop: &Shop, customer: &str, teas: usize) -> Result<Value, lumbung_app::Failure> {
    let codes = vec!["TEA"; teas];
    let mut added = shop.scan(&codes);
    added["ticket"]["customer_id"] = customer.into();
    let total = added["quote"]["total"].clone();
    shop.pay(&added, json!([{ "kind": "on_account", "amount": total }]))
}

#[test]
fn a_customer_comes_back_as_given_and_saving_again_changes_nothing() {
    let shop = shop();
    let id = ani(&shop);
    let seen = shop.ok("customers.get", json!({ "customer_id": id }));
    assert_eq!(seen["customer"]["name"], "Bu Ani");
    assert_eq!(
        seen["credit"],
        json!({ "limit": 50_000, "balance": 0, "overdue": 0,
                                       "available": 50_000, "blocked": false })
    );
    let head = || shop.app().store().expect("open").head();
    let before = head();
    shop.ok("customers.save", seen["customer"].clone());
    assert_eq!(head(), before);
    let mut changed = seen["customer"].clone();
    changed["phone"] = "0812-555-0002".into();
    shop.ok("customers.save", changed);
    assert_ne!(head(), before);
    shop.verify();
}

#[test]
fn a_taken_code_is_refused_and_a_missing_one_is_numbered() {
    let shop = shop();
    ani(&shop);
    let failure = shop.failure("customers.save", json!({ "code": "ANI", "name": "Other" }));
    assert_eq!(failure.message, "The code ANI belongs to Bu Ani already.");
    let id = save(&shop, json!({ "name": "Walk-in" }));
    let seen = shop.ok("customers.get", json!({ "customer_id": id }));
    assert_eq!(seen["customer"]["code"], "T1-C0001");
}

#[test]
fn customers_are_found_by_any_part_of_what_is_known_of_them() {
    let shop = shop();
    ani(&shop);
    save(&shop, json!({ "code": "EKO", "name": "Pak Eko Ani", "email": "eko@example.org" }));
    for (text, names) in [
        ("bu", &["Bu Ani"][..]),
        ("ani", &["Bu Ani", "Pak Eko Ani"]),
        ("555-0001", &["Bu Ani"]),
        ("0812 5550001", &["Bu Ani"]),
        ("EKO@EXAMPLE", &["Pak Eko Ani"]),
        ("EKO", &["Pak Eko Ani"]),
        ("100%", &[]),
        ("' or 1=1 --", &[]),
        ("", &[]),
    ] {
        let found = shop.ok("customers.search", json!({ "text": text }));
        let found = found.as_array().expect("customers");
        let found: Vec<_> = found.iter().map(|one| one["name"].as_str().expect("one")).collect();
        assert_eq!(found, names, "{text}");
    }
    let page = shop.ok("customers.list", json!({ "limit": 1 }));
    assert_eq!(page["next_offset"], 1);
    let page = shop.ok("customers.list", json!({ "limit": 1, "offset": 1 }));
    assert_eq!(page["next_offset"], Value::Null);
    assert_eq!(page["rows"][0]["name"], "Pak Eko Ani");
}

#[test]
fn credit_ends_at_its_limit_and_the_statement_says_how_it_came_there() {
    let shop = selling();
    let id = ani(&shop);
    charge(&shop, &id, 3).expect("30.000 on account");
    assert_eq!(credit(&shop, &id)["available"], 20_000);
    charge(&shop, &id, 2).expect("the rest");
    let failure = charge(&shop, &id, 1).expect_err("nothing left");
    assert_eq!(failure.code, "approval_required", "{failure:?}");
    assert!(failure.message.contains("IDR 0 left of a credit limit of IDR 50000"), "{failure:?}");
    let statement = shop.ok(
        "customers.statement",
        json!({
        "customer_id": id, "from": "2026-11-20", "to": "2026-11-20" }),
    );
    assert_eq!(statement["opening"], 0);
    assert_eq!(statement["closing"], 50_000);
    let lines = statement["lines"].as_array().expect("lines");
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["charged"], 30_000);
    assert_eq!(lines[0]["doc_number"], "JKT-T1-26-S000001");
    assert_eq!(lines[1]["balance"], 50_000);
    let later = shop.ok(
        "customers.statement",
        json!({
        "customer_id": id, "from": "2026-11-21", "to": "2026-12-31" }),
    );
    assert_eq!((&later["opening"], &later["lines"]), (&json!(50_000), &json!([])));
    let owing = shop.ok("customers.list", json!({ "owing": true }));
    assert_eq!(owing["rows"][0]["balance"], 50_000);
    shop.verify();
}

#[test]
fn what_is_past_its_term_stops_further_credit() {
    let shop = selling();
    let id = ani(&shop);
    charge(&shop, &id, 1).expect("on account");
    shop.wait_ms(7 * DAY_MS);
    assert_eq!(credit(&shop, &id)["overdue"], 0, "the last day of the term");
    shop.wait_ms(DAY_MS);
    assert_eq!(credit(&shop, &id)["overdue"], 10_000);
}

#[test]
fn blocked_customers_and_those_without_a_limit_pay_at_once() {
    let shop = selling();
    let blocked = save(
        &shop,
        json!({ "name": "Blocked", "credit_limit": 100_000,
                                      "blocked": true }),
    );
    let cash = save(&shop, json!({ "name": "Cash only" }));
    for (customer, code) in [(&blocked, "credit_blocked"), (&cash, "no_credit")] {
        assert_eq!(credit(&shop, customer)["available"], 0);
        assert_eq!(charge(&shop, customer, 1).expect_err("no credit").code, code);
    }
}

#[test]
fn a_customer_who_owes_something_cannot_be_archived() {
    let shop = selling();
    let id = ani(&shop);
    charge(&shop, &id, 1).expect("on account");
    shop.sign_in("ratna", "4071");
    let archive = json!({ "customer_id": id, "archived": true });
    let failure = shop.failure("customers.archive", archive);
    assert_eq!(failure.message, "Bu Ani still has IDR 10000 open on account: settle it first.");
    let other = save(&shop, json!({ "code": "X", "name": "Gone" }));
    let archive = |archived: bool| json!({ "customer_id": other, "archived": archived });
    shop.ok("customers.archive", archive(true));
    assert_eq!(shop.ok("customers.search", json!({ "text": "gone" })), json!([]));
    save(&shop, json!({ "code": "X", "name": "New" }));
    assert_eq!(shop.refused("customers.archive", archive(false)), "code_taken");
}

#[test]
fn nonsense_is_refused_at_its_field() {
    let shop = shop();
    for (field, more) in [
        ("name", json!({ "name": "" })),
        ("name", json!({ "name": "x".repeat(501) })),
        ("code", json!({ "code": "x".repeat(41) })),
        ("credit_limit", json!({ "credit_limit": -1 })),
        ("terms_days", json!({ "terms_days": 99_999 })),
        ("terms_days", json!({ "terms_days": -1 })),
        ("price_list_id", json!({ "price_list_id": lumbung_tests::new_id() })),
        ("note", json!({ "note": "bell \u{7}" })),
    ] {
        let mut given = json!({ "name": "Somebody" });
        given.as_object_mut().expect("one").extend(more.as_object().cloned().expect("one"));
        let failure = shop.failure("customers.save", given);
        assert!(failure.fields.contains_key(field), "{field}: {failure:?}");
    }
    for limit in [json!(1.5), json!("12,50"), json!(9_007_199_254_740_992_i64)] {
        shop.failure("customers.save", json!({ "name": "Somebody", "credit_limit": limit }));
    }
}

#[test]
fn groups_are_saved_whole_and_those_only_named_are_shown_too() {
    let shop = shop();
    save(&shop, json!({ "name": "Bu Ani", "customer_group": "Neighbours" }));
    shop.ok("customers.save_groups", json!({ "groups": [{ "name": " Staff " }] }));
    let groups = shop.ok("customers.groups", json!({}));
    assert_eq!(
        groups,
        json!({ "groups": [
        { "name": "Neighbours", "price_list_id": null },
        { "name": "Staff", "price_list_id": null } ] })
    );
    let twice = json!({ "groups": [{ "name": "A" }, { "name": "A" }] });
    shop.failure("customers.save_groups", twice);
    let unknown = json!({ "groups": [{ "name": "A", "price_list_id": lumbung_tests::new_id() }] });
    shop.failure("customers.save_groups", unknown);
}

/// Sari takes money for what somebody owes.
fn pay_debt(
    shop: &Shop,
    customer: &str,
    amount: i64,
    payments: Value,
) -> Result<Value, lumbung_app::Failure> {
    shop.call(
        "pos.pay_account",
        json!({ "payment_id": lumbung_tests::new_id(), "customer_id": customer, "amount": amount,
                "payments": payments }),
    )
}

#[test]
fn a_debt_is_paid_at_the_till_in_part_and_then_whole() {
    let shop = selling();
    let ani = ani(&shop);
    charge(&shop, &ani, 3).expect("on account");
    let args = json!({ "payment_id": lumbung_tests::new_id(), "customer_id": ani, "amount": 12_000,
                       "payments": [{ "kind": "cash", "amount": 20_000 }] });
    let paid = shop.ok("pos.pay_account", args.clone());
    assert_eq!(paid["number"], "JKT-T1-26-P000001");
    assert_eq!((&paid["owed"], &paid["left"]), (&json!(30_000), &json!(18_000)));
    assert_eq!(paid["change"], 8_000);
    assert_eq!(shop.ok("pos.pay_account", args), paid, "asked twice, paid once");
    assert_eq!(credit(&shop, &ani)["balance"], 18_000);
    let split = json!([{ "kind": "transfer", "amount": 8_000, "reference": "BCA 1" },
                       { "kind": "cash", "amount": 10_000 }]);
    let rest = pay_debt(&shop, &ani, 18_000, split).expect("the rest");
    assert_eq!(rest["left"], 0);
    assert_eq!(credit(&shop, &ani)["balance"], 0);
    shop.trial_balance();
    shop.verify();
}

#[test]
fn a_payment_on_account_is_money_and_never_more_than_the_debt() {
    let shop = selling();
    let ani = ani(&shop);
    let cash = |amount: i64| json!([{ "kind": "cash", "amount": amount }]);
    let code = |amount, payments| pay_debt(&shop, &ani, amount, payments).expect_err("no").code;
    assert_eq!(code(1_000, cash(1_000)), "nothing_owed");
    charge(&shop, &ani, 1).expect("on account");
    let before = shop.app().store().expect("open").head();
    for (amount, payments, expected) in [
        (10_001, cash(10_001), "more_than_owed"),
        (0, json!([]), "bad_credit_amount"),
        (-5, cash(5), "bad_credit_amount"),
        (10_000, cash(9_000), "tender_short"),
        (10_000, json!([{ "kind": "card", "amount": 11_000, "reference": "1" }]), "over_tender"),
        (10_000, json!([{ "kind": "on_account", "amount": 10_000 }]), "debt_not_money"),
        (
            10_000,
            json!([{ "kind": "store_credit", "amount": 10_000, "reference": "K1" }]),
            "debt_not_money",
        ),
    ] {
        assert_eq!(code(amount, payments), expected, "{amount}");
    }
    assert_eq!(shop.app().store().expect("open").head(), before);
}

#[test]
fn paid_debts_are_in_the_drawer_and_in_the_z_report() {
    let shop = selling();
    let ani = ani(&shop);
    charge(&shop, &ani, 2).expect("on account");
    pay_debt(&shop, &ani, 7_000, json!([{ "kind": "cash", "amount": 7_000 }])).expect("paid");
    pay_debt(&shop, &ani, 5_000, json!([{ "kind": "card", "amount": 5_000, "reference": "1" }]))
        .expect("paid");
    let session = shop.ok("pos.state", json!({}))["session"]["session_id"].clone();
    let x = shop.ok("pos.x_report", json!({ "session_id": session }));
    assert_eq!(x["account_payments_cash"], Value::Null, "hidden while the count is blind");
    shop.ok(
        "pos.count_drawer",
        json!({ "session_id": session, "counted": [{ "denomination": 50_000, "pieces": 2 },
                                                   { "denomination": 1_000, "pieces": 7 }] }),
    );
    let z = shop.ok("pos.close_session", json!({ "session_id": session }));
    assert_eq!(z["expected"], 107_000);
    assert_eq!(z["over_short"], 0);
    assert_eq!((&z["account_payments"], &z["account_payments_total"]), (&json!(2), &json!(12_000)));
    assert_eq!(z["account_payments_cash"], 7_000);
    let cash = z["tenders"].as_array().expect("tenders").iter().find(|sum| sum["kind"] == "cash");
    assert_eq!(cash.expect("cash")["taken"], 7_000);
    assert_eq!(z["total"], 20_000, "sales are not more for it");
    shop.verify();
}

#[test]
fn a_statement_shows_the_payment_after_the_charge() {
    let shop = selling();
    let ani = ani(&shop);
    charge(&shop, &ani, 2).expect("on account");
    shop.wait_ms(DAY_MS);
    pay_debt(&shop, &ani, 5_000, json!([{ "kind": "cash", "amount": 5_000 }])).expect("paid");
    let period = json!({ "customer_id": ani, "from": "2026-11-01", "to": "2026-11-30" });
    let statement = shop.ok("customers.statement", period);
    let kinds: Vec<_> = statement["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| (line["doc_kind"].clone(), line["balance"].clone()))
        .collect();
    assert_eq!(kinds, [(json!("sale"), json!(20_000)), (json!("account_payment"), json!(15_000))]);
}
