//! The company, its branches and the settings that hold in them.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use lumbung_tests::Shop;
use serde_json::{Value, json};

fn save(shop: &Shop, section: &str, this_branch: bool, value: &Value) {
    let given = json!({ "section": section, "this_branch": this_branch, "value": value });
    shop.ok("settings.save", given);
}

#[test]
fn a_branch_may_differ_from_the_company_and_follow_it_again() {
    let shop = Shop::new();
    shop.sign_in("ratna", "4071");
    let held_days = || shop.ok("company.get", json!({}))["settings"]["till"]["held_days"].clone();
    let own = || shop.ok("company.get", json!({}))["own_sections"].clone();
    save(&shop, "till", false, &json!({ "held_days": 3 }));
    assert_eq!((held_days(), own()), (json!(3), json!([])));
    save(&shop, "till", true, &json!({ "held_days": 9 }));
    assert_eq!((held_days(), own()), (json!(9), json!(["till"])));
    // What the company changes meanwhile is found again afterwards.
    save(&shop, "till", false, &json!({ "held_days": 4 }));
    assert_eq!(held_days(), 9);
    shop.ok("settings.follow_company", json!({ "section": "till" }));
    shop.ok("settings.follow_company", json!({ "section": "till" }));
    assert_eq!((held_days(), own()), (json!(4), json!([])));
    save(&shop, "till", true, &json!({ "held_days": 8 }));
    assert_eq!((held_days(), own()), (json!(8), json!(["till"])));
    shop.verify();
}

fn texts(preview: &Value) -> Vec<&str> {
    let lines = preview["lines"].as_array().unwrap();
    lines.iter().filter_map(|line| line["text"].as_str()).collect()
}

#[test]
fn a_receipt_is_shown_as_it_would_be_printed_before_anything_is_saved() {
    let shop = Shop::new();
    shop.sign_in("ratna", "4071");
    let sample = |receipt: Value| shop.ok("print.sample", json!({ "receipt": receipt }));
    let plain = sample(json!({}));
    assert_eq!(plain["warnings"], json!([]), "its lines add up");
    let codes = |preview: &Value| {
        let lines = preview["lines"].as_array().unwrap();
        lines.iter().filter(|line| line["kind"] == "code").count()
    };
    assert_eq!(codes(&plain), 2);
    let bare = json!({ "qr": false, "show": { "barcode": false }, "footer": ["Terima kasih"] });
    let bare = sample(bare);
    assert_eq!(codes(&bare), 0);
    assert!(texts(&bare).contains(&"Terima kasih"), "{bare}");
    let settings = shop.ok("company.get", json!({}))["settings"]["receipt"].clone();
    assert_eq!(settings["qr"], true, "nothing was saved");
    assert_ne!(settings["footer"], json!(["Terima kasih"]));
}

#[test]
fn what_is_switched_off_in_the_settings_is_not_on_the_next_receipt() {
    let shop = Shop::open();
    shop.product("TEA", "8991234567891", "12500", "20");
    let sold = shop.sell(&["TEA"], 12_500);
    let paper = json!({ "paper": { "kind": "receipt", "sale_id": sold["sale_id"] } });
    let shown = || shop.ok("print.preview", paper.clone()).to_string();
    assert!(!shown().contains("\"TEA\""), "the code of an item is not printed");
    shop.sign_in("ratna", "4071");
    save(&shop, "receipt", false, &json!({ "show": { "item_code": true } }));
    assert!(shown().contains("TEA"), "{}", shown());
}
