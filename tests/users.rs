//! Signing in, lock-out, roles and permissions, through the door.

use lumbung_tests::Shop;
use serde_json::json;

#[test]
fn wrong_pins_lock_a_person_out_and_a_restart_gives_no_more_tries() {
    let mut shop = Shop::new();
    let wrong = || json!({ "username": "sari", "pin": "0000" });
    let mut codes = Vec::new();
    for _ in 0..20 {
        let code = shop.refused("users.sign_in", wrong());
        codes.push(code);
        if codes.last().is_some_and(|code| code == "locked_out") {
            break;
        }
    }
    assert_eq!(codes.last().map(String::as_str), Some("locked_out"), "{codes:?}");
    shop.restart();
    let right = json!({ "username": "sari", "pin": "1359" });
    assert_eq!(shop.refused("users.sign_in", right.clone()), "locked_out");
    shop.wait_ms(24 * 3_600_000);
    shop.ok("users.sign_in", right);
}

#[test]
fn an_unknown_user_and_a_wrong_pin_get_the_same_answer() {
    let shop = Shop::new();
    let unknown = shop.failure("users.sign_in", json!({ "username": "nobody", "pin": "1359" }));
    let wrong = shop.failure("users.sign_in", json!({ "username": "sari", "pin": "2468" }));
    assert_eq!(unknown.code, "wrong_pin");
    assert_eq!(unknown.message, wrong.message);
}

#[test]
fn nothing_is_read_or_written_before_somebody_signs_in() {
    let shop = Shop::new();
    for name in ["pos.state", "finance.trial_balance", "users.list", "catalogue.list", "job.status"]
    {
        assert_eq!(shop.refused(name, json!({})), "signed_out", "{name}");
    }
}

#[test]
fn a_cashier_may_sell_but_not_look_at_the_books_or_give_rights() {
    let shop = Shop::open();
    for (name, args) in [
        ("finance.trial_balance", json!({ "from": "2026-01-01", "to": "2026-12-31" })),
        ("users.list", json!({})),
        ("settings.save", json!({ "section": "till", "this_branch": false, "value": {} })),
        ("inventory.adjust", json!({ "kind": "opening", "reason": "x", "lines": [] })),
    ] {
        assert_eq!(shop.refused(name, args), "forbidden", "{name}");
    }
}

#[test]
fn a_locked_till_wants_the_same_persons_pin() {
    let shop = Shop::open();
    shop.ok("users.lock", json!({}));
    assert_eq!(shop.refused("pos.state", json!({})), "locked");
    assert_eq!(shop.refused("users.unlock", json!({ "pin": "9047" })), "wrong_pin");
    shop.ok("users.unlock", json!({ "pin": "1359" }));
    shop.ok("pos.state", json!({}));
}

#[test]
fn a_role_changed_by_the_owner_holds_at_once() {
    let shop = Shop::open();
    let roles = shop.operator("users.list", json!({}));
    let roles = roles["roles"].as_array().expect("roles");
    let mut cashier = roles.iter().find(|role| role["code"] == "cashier").expect("it").clone();
    let patterns = cashier["patterns"].as_array_mut().expect("patterns");
    patterns.push(json!("finance:read"));
    shop.operator("roles.save", cashier.clone());
    shop.ok("finance.chart", json!({}));
    cashier["patterns"] = json!(["pos:fly"]);
    shop.sign_in("ratna", "4071");
    let failure = shop.failure("roles.save", cashier);
    assert!(failure.fields.contains_key("patterns"), "{failure:?}");
}

#[test]
fn somebody_who_can_give_rights_is_always_left() {
    let shop = Shop::new();
    shop.sign_in("ratna", "4071");
    let id = shop.user("ratna");
    let role = shop.role("owner");
    let leave = json!({ "user_id": id, "username": "ratna", "name": "Ratna", "language": "en",
                        "pin": null, "role_ids": [role], "branch_ids": [], "archived": true });
    assert_eq!(shop.refused("users.save", leave), "last_keeper");
}

#[test]
fn somebody_who_left_cannot_sign_in_and_keeps_their_history() {
    let shop = Shop::open();
    shop.product("TEA", "8991234567891", "12500", "20");
    let receipt = shop.sell(&["TEA"], 12_500);
    let left = json!({ "user_id": shop.user("sari"), "username": "sari", "name": "Sari",
                       "language": "en", "pin": null, "role_ids": [shop.role("cashier")],
                       "branch_ids": [], "archived": true });
    shop.operator("users.save", left);
    assert_eq!(shop.refused("pos.state", json!({})), "signed_out");
    let again = json!({ "username": "sari", "pin": "1359" });
    assert_eq!(shop.refused("users.sign_in", again), "wrong_pin");
    shop.sign_in("budi", "8362");
    let number = receipt["number"].clone();
    let found = shop.ok("pos.find_receipt", json!({ "number": number }));
    assert_eq!(found["cashier"], "Sari");
}

#[test]
fn hostile_arguments_are_refused_and_change_nothing() {
    let shop = Shop::open();
    let before = shop.app().store().expect("open").head();
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    let cases = [
        ("pos.complete", json!(null)),
        ("pos.complete", json!([])),
        ("pos.complete", json!("'; drop table sale; --")),
        ("pos.complete", json!({ "ticket": deep })),
        ("pos.find_receipt", json!({ "number": "' or 1=1 --" })),
        ("pos.find_receipt", json!({ "number": "\u{0}\u{202e}" })),
        ("pos.receipts", json!({ "text": "%".repeat(10_000), "before": "not an id" })),
        ("pos.cash_movement", json!({ "kind": "cash_in", "amount": i64::MAX, "reason": "all" })),
        ("pos.cash_movement", json!({ "kind": "cash_in", "amount": 1e300, "reason": "all" })),
        ("pos.hold", json!({ "ticket": {}, "note": "x", "surplus": true })),
        ("no.such", json!({})),
        ("", json!({})),
    ];
    for (name, args) in cases {
        shop.failure(name, args);
    }
    assert_eq!(shop.app().store().expect("open").head(), before);
    shop.verify();
}

#[test]
fn a_person_chooses_the_language_of_their_own_screens_and_keeps_it() {
    let shop = Shop::open();
    shop.ok("users.set_language", json!({ "language": "id" }));
    shop.ok("users.sign_out", json!({}));
    let me = shop.ok("users.sign_in", json!({ "username": "sari", "pin": "1359" }));
    assert_eq!(me["language"], "id");
    let other = shop.ok("users.sign_in", json!({ "username": "dewi", "pin": "9047" }));
    assert_eq!(other["language"], "en", "nobody else's");
    let failure = shop.failure("users.set_language", json!({ "language": "fr" }));
    assert!(failure.fields.contains_key("language"), "{failure:?}");
    shop.ok("users.sign_out", json!({}));
    assert_eq!(shop.refused("users.set_language", json!({ "language": "id" })), "signed_out");
}
