//! Several machines and one centre: a company is founded at it, tills join, sell while it is away,
//! and agree when it is back.

use lumbung_app::sync::connect::{self, JoinCentre};
use lumbung_tests::Shop;
use lumbung_tests::centre::TestCentre;
use serde_json::{Value, json};

fn at(centre: &TestCentre, code: String) -> JoinCentre {
    JoinCentre { address: centre.address(), code, plain_allowed: false }
}

/// A shop that founded its company at a centre; Sari has opened her drawer, goods are there.
fn founded() -> (Shop, TestCentre) {
    let shop = Shop::open();
    shop.give_line();
    shop.product("TEA", "8991234567893", "5000", "10");
    let centre = TestCentre::new(shop.clock());
    let code = centre.founding_code();
    connect::found_now(shop.app(), &at(&centre, code)).expect("the company is founded");
    shop.exchange();
    (shop, centre)
}

fn state(shop: &Shop) -> Value {
    shop.operator("sync.state", json!({}))
}

#[test]
fn a_company_that_lived_alone_brings_everything_it_has_to_the_centre() {
    let (shop, centre) = founded();
    let said = state(&shop);
    assert_eq!(said["phase"], "online", "{said}");
    assert_eq!(said["pending"], 0, "{said}");
    assert!(centre.last_seq() > 5, "{}", centre.last_seq());
    shop.verify();
}

#[test]
fn a_till_sells_on_while_the_centre_is_away_and_both_count_the_same_when_it_is_back() {
    let (shop, mut centre) = founded();
    centre.switch_off();
    let sold = shop.sell(&["8991234567893"], 5_000);
    let gone = shop.app().exchange(&mut lumbung_app::Progress::silent()).expect_err("no centre");
    assert_eq!(gone.failure().code, "centre_unreachable");
    assert!(state(&shop)["pending"].as_u64().expect("a count") >= 1);
    let shown = shop.operator("sync.overview", json!({}));
    let waiting = shown["waiting"].as_array().expect("entries");
    let sale = waiting.iter().find(|entry| entry["kind"] == "pos.complete").expect("the sale");
    assert_eq!((&sale["number"], &sale["who"]), (&sold["number"], &json!("Sari")));
    centre.switch_on();
    shop.exchange();
    let said = state(&shop);
    assert_eq!((&said["phase"], &said["pending"]), (&json!("online"), &json!(0)), "{said}");
    let shown = shop.operator("sync.overview", json!({}));
    let counted = &shown["reconciled"];
    assert_eq!(counted["agreement"], "same", "{counted}");
    assert_eq!(counted["theirs"]["receipts"], 1, "{counted}");
    assert_eq!(counted["theirs"]["totals"][0]["total"], 5_000, "{counted}");
    let outcomes: Vec<&Value> = shown["exchanges"]
        .as_array()
        .expect("exchanges")
        .iter()
        .map(|one| &one["outcome"])
        .collect();
    assert!(outcomes.contains(&&json!("done")), "{outcomes:?}");
}

#[test]
fn a_wrong_code_is_refused_in_words_and_changes_nothing() {
    let shop = Shop::new();
    shop.give_line();
    let centre = TestCentre::new(shop.clock());
    let refused = connect::found_now(shop.app(), &at(&centre, "AAAA-BBBB-CCCC".to_owned()));
    assert_eq!(refused.expect_err("a wrong code").failure().code, "wrong_code");
    assert_eq!(state(&shop)["phase"], "not_connected");
    let nobody = JoinCentre {
        address: "http://127.0.0.1:9".to_owned(),
        code: "AAAABBBBCCCC".to_owned(),
        plain_allowed: false,
    };
    let refused = connect::found_now(shop.app(), &nobody);
    assert_eq!(refused.expect_err("nobody there").failure().code, "centre_unreachable");
}
