//! Several machines and one centre: a company is founded at it, tills join, sell while it is away,
//! and agree when it is back.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use lumbung_app::Progress;
use lumbung_app::sync::connect::{self, JoinCentre};
use lumbung_tests::Shop;
use lumbung_tests::centre::TestCentre;
use serde_json::{Value, json};

/// How long anybody would wait for a sale to come.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked again.
const GLANCE: Duration = Duration::from_millis(50);

fn quiet() -> Progress<'static> {
    Progress::silent()
}

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
    let gone = shop.app().exchange(&mut quiet()).expect_err("no centre");
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

/// A second till of the shop, joined with a code, with Dewi at it.
fn second_till(shop: &Shop, centre: &TestCentre) -> Shop {
    let second = shop.beside();
    let code = centre.code_for("JKT", "Till 2");
    connect::join_now(second.app(), &at(centre, code), &mut quiet()).expect("it is let in");
    second.exchange();
    second.sign_in("dewi", "9047");
    second.open_session();
    second
}

#[test]
fn another_till_joins_with_a_code_and_sells_what_the_first_one_knows() {
    let (shop, centre) = founded();
    let second = second_till(&shop, &centre);
    assert_eq!(second.operator("sync.overview", json!({}))["machine"]["series"], "T2");
    let sold = second.sell(&["8991234567893"], 5_000);
    let number = sold["number"].as_str().expect("a number");
    assert!(number.starts_with("JKT-T2-"), "{number}");
    second.exchange();
    shop.exchange();
    let found = shop.ok("pos.find_receipt", json!({ "number": number }));
    assert!(found.to_string().contains(number), "{found}");
    assert_eq!(shop.on_hand("TEA"), "9");
    for till in [&shop, &second] {
        assert_eq!(state(till)["pending"], 0);
        till.verify();
    }
}

#[test]
fn what_head_office_changes_is_sold_at_the_other_till() {
    let (shop, centre) = founded();
    let second = second_till(&shop, &centre);
    shop.product("COFFEE", "8990000000019", "7500", "3");
    shop.exchange();
    second.exchange();
    assert_eq!(second.scan(&["8990000000019"])["quote"]["total"], 7_500);
    let hits = second.ok("catalogue.search", json!({ "text": "coff", "limit": 5 }));
    assert!(hits.to_string().contains("COFFEE"), "{hits}");
}

#[test]
fn both_tills_sell_while_the_centre_is_away_and_meet_when_it_is_back() {
    let (shop, mut centre) = founded();
    let second = second_till(&shop, &centre);
    centre.switch_off();
    for _ in 0..3 {
        shop.sell(&["8991234567893"], 5_000);
        second.sell(&["8991234567893"], 5_000);
    }
    centre.switch_on();
    for _ in 0..2 {
        shop.exchange();
        second.exchange();
    }
    for till in [&shop, &second] {
        assert_eq!(till.on_hand("TEA"), "4");
        let counted = till.operator("sync.overview", json!({}))["reconciled"].clone();
        assert_eq!(counted["agreement"], "same", "{counted}");
        assert_eq!(counted["ours"]["receipts"], 3, "{counted}");
        till.trial_balance();
        till.verify();
    }
}

#[test]
fn a_join_that_is_cut_off_goes_on_without_another_code() {
    let (shop, centre) = founded();
    let second = shop.beside();
    let given = at(&centre, centre.code_for("JKT", "Till 2"));
    let stop = Arc::new(AtomicBool::new(true));
    let mut cut = Progress::cancelled_by(stop, |_, _, _| {});
    let error = connect::join_now(second.app(), &given, &mut cut).expect_err("it was cut off");
    assert_eq!(error.failure().code, "cancelled");
    let joining = second.operator("sync.joining", json!({}));
    assert_eq!(joining["step"], "interrupted", "{joining}");
    let used = connect::join_now(shop.beside().app(), &given, &mut quiet()).expect_err("used");
    assert_eq!(used.failure().code, "code_used");
    connect::join_now(second.app(), &given, &mut quiet()).expect("it goes on");
    assert!(second.operator("sync.joining", json!({})).is_null());
    assert_eq!(state(&second)["phase"], "starting", "nothing was exchanged yet");
    second.verify();
}

#[test]
fn a_counted_session_is_compared_with_the_centre_before_its_z() {
    let (shop, _centre) = founded();
    let session = shop.ok("pos.state", json!({}))["session"]["session_id"].clone();
    shop.sell(&["8991234567893"], 5_000);
    let asked = || shop.ok("sync.session", json!({ "session_id": session }));
    assert_eq!(asked()["agreement"], "not_yet");
    shop.ok(
        "pos.count_drawer",
        json!({ "session_id": session, "counted": [
            { "denomination": 50_000, "pieces": 2 }, { "denomination": 5_000, "pieces": 1 },
        ] }),
    );
    shop.exchange();
    let said = asked();
    assert_eq!(said["agreement"], "same", "{said}");
    assert_eq!(said["ours"]["receipts"], 1, "{said}");
    shop.ok("pos.close_session", json!({ "session_id": session, "reason": "" }));
    let paper =
        shop.ok("print.preview", json!({ "paper": { "kind": "session", "session_id": session } }));
    assert!(paper.to_string().contains("same at the centre"), "{paper}");
}

#[test]
fn a_machine_that_was_locked_out_sells_on_and_is_told() {
    let (shop, centre) = founded();
    let second = second_till(&shop, &centre);
    centre.operator("revoke", json!({ "terminal": "T2" }));
    second.sell(&["8991234567893"], 5_000);
    // What comes of it is the centre's to say; the till keeps its entry and shows the state.
    let _ = second.app().exchange(&mut quiet());
    let said = state(&second);
    assert_eq!(said["phase"], "revoked", "{said}");
    assert_ne!(said["pending"], 0, "{said}");
    second.verify();
}

#[test]
fn another_machine_takes_the_place_of_a_till_under_a_letter_of_its_own() {
    let (shop, centre) = founded();
    let second = second_till(&shop, &centre);
    second.sell(&["8991234567893"], 5_000);
    second.exchange();
    let code = centre.operator("enrol-code", json!({ "replace": "T2" }));
    let code = code["code"].as_str().expect("a code").to_owned();
    let third = shop.beside();
    connect::join_now(third.app(), &at(&centre, code), &mut quiet()).expect("it is let in");
    third.exchange();
    third.sign_in("dewi", "9047");
    let machine = third.operator("sync.overview", json!({}))["machine"].clone();
    assert_eq!((&machine["terminal"], &machine["series"]), (&json!("Till 2"), &json!("T2a")));
    // The session of the old machine is still open there in the books.
    let others = third.ok("pos.state", json!({}));
    assert!(!others["session"].is_null() || !others["others"].is_null(), "{others}");
    third.verify();
}

#[test]
fn a_till_says_where_machines_are_looked_after() {
    let (shop, centre) = founded();
    let refused = shop.app().call(&lumbung_app::Caller::Operator, "centre.overview", json!({}));
    let refused = refused.expect_err("this is not the centre");
    assert_eq!(refused.code, "not_the_centre");
    assert_eq!(refused.facts["address"], centre.address());
}

#[test]
fn a_till_may_ask_only_for_its_own_receipts() {
    let (shop, _centre) = founded();
    let (own, other) = (lumbung_tests::new_id(), lumbung_tests::new_id());
    let asked = json!({ "terminal_id": own, "question": { "terminal_id": other, "seq": 9 } });
    let refused = shop.app().call(&lumbung_app::Caller::Operator, "sync.reconcile", asked);
    assert_eq!(refused.expect_err("another's receipts").code, "forbidden");
}

#[test]
fn a_sale_appears_at_the_other_till_by_itself_and_the_line_lets_go_of_the_store() {
    let (shop, centre) = founded();
    let mut second = second_till(&shop, &centre);
    let (told, hears) = mpsc::channel();
    second.app().subscribe(move |_| {
        // Nobody listens any more once the test is over.
        let _ = told.send(());
    });
    let lines = [shop.app().start_background(), second.app().start_background()];
    for _ in 0..3 {
        let sold = shop.sell(&["8991234567893"], 5_000);
        let began = Instant::now();
        while second.call("pos.find_receipt", json!({ "number": sold["number"] })).is_err() {
            let waited = began.elapsed();
            assert!(waited < PATIENCE, "nothing came: {}", state(&second));
            // A word that was missed while looking is made up for by looking again.
            let _ = hears.recv_timeout(GLANCE);
        }
        eprintln!("a sale was at the other till after {:?}", began.elapsed());
    }
    assert_eq!(state(&second)["phase"], "online");
    drop(lines);
    // The folder is free again: nothing holds the store any more.
    second.restart();
    second.verify();
}

#[test]
fn stock_sold_at_two_tills_that_could_not_see_each_other_is_told_to_both_and_gone_when_counted() {
    let (shop, mut centre) = founded();
    shop.product("LAST", "8991234567008", "9000", "1");
    shop.exchange();
    let second = second_till(&shop, &centre);
    centre.switch_off();
    shop.sell(&["8991234567008"], 9_000);
    second.sell(&["8991234567008"], 9_000);
    centre.switch_on();
    shop.exchange();
    second.exchange();
    centre.audit();
    let waiting = |shop: &Shop| {
        shop.exchange();
        shop.operator("exceptions.list", json!({}))["rows"].as_array().expect("rows").clone()
    };
    for till in [&shop, &second] {
        let found = waiting(till);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0]["rule"], "negative_stock");
        assert_eq!(found[0]["facts"]["qty"], "-1");
    }
    let product = waiting(&shop)[0]["facts"]["product_id"].clone();
    shop.operator(
        "inventory.adjust",
        json!({ "kind": "correction", "reason": "counted", "lines": [
            { "product_id": product, "status": "sellable", "qty": "1", "unit_cost": "1000" } ] }),
    );
    shop.exchange();
    centre.audit();
    assert!(waiting(&second).is_empty() && waiting(&shop).is_empty());
    shop.verify();
    second.verify();
}
