//! The audit trail: who changed what, who came in, who allowed what.

use lumbung_tests::Shop;
use serde_json::{Value, json};

fn entries(page: &Value) -> &Vec<Value> {
    page["entries"].as_array().expect("entries")
}

/// A price that was changed, a discount a manager allowed, a PIN that was wrong.
fn busy_shop() -> (Shop, String) {
    let shop = Shop::open();
    let tea = shop.product("TEA", "8991234567896", "12500", "20");
    shop.wait_ms(60_000);
    shop.sign_in("ratna", "4071");
    let view = shop.ok("users.list", json!({}));
    let users = view["users"].as_array().expect("users");
    let dewi = users.iter().find(|user| user["username"] == "dewi").expect("Dewi");
    shop.ok(
        "users.save",
        json!({ "user_id": dewi["user_id"], "username": "dewi", "name": "Dewi Lestari",
                "language": "id", "pin": "7038", "role_ids": dewi["role_ids"],
                "branch_ids": [], "archived": false }),
    );
    shop.wait_ms(60_000);
    let wrong = json!({ "username": "dewi", "pin": "0001" });
    assert_eq!(shop.refused("users.sign_in", wrong), "wrong_pin");
    (shop, tea)
}

#[test]
fn a_change_is_shown_with_before_and_after_and_without_the_pin() {
    let (shop, _) = busy_shop();
    let page = shop.ok("audit.list", json!({ "table": "user", "limit": 3 }));
    let naming = entries(&page).iter().find(|entry| entry["group"] == "naming");
    let naming = naming.unwrap_or_else(|| panic!("{page}"));
    assert_eq!((&naming["user"], &naming["action"]), (&json!("Ratna"), &json!("users.save")));
    let changes = naming["changes"].as_array().expect("changes");
    assert!(
        changes.contains(&json!({ "field": "name", "before": "Dewi", "after": "Dewi Lestari" }))
    );
    assert!(changes.contains(&json!({ "field": "language", "before": "en", "after": "id" })));
    assert!(!page.to_string().contains("argon2"), "a hash is a secret: {page}");
}

#[test]
fn the_trail_is_read_page_by_page_newest_first_and_every_entry_once() {
    let (shop, _) = busy_shop();
    let whole = shop.ok("audit.list", json!({}));
    assert_eq!(whole["cursor"], Value::Null);
    let times: Vec<_> =
        entries(&whole).iter().map(|entry| entry["at_ms"].as_i64().expect("a time")).collect();
    assert!(times.is_sorted_by(|a, b| a >= b) && times.len() > 20);
    let (mut paged, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let page = shop.ok("audit.list", json!({ "limit": 7, "cursor": cursor }));
        paged.extend(entries(&page).clone());
        cursor = page["cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(&paged, entries(&whole));
    assert_eq!(shop.refused("audit.list", json!({ "cursor": "yesterday" })), "invalid");
}

#[test]
fn the_trail_is_narrowed_by_day_person_and_row() {
    let (shop, tea) = busy_shop();
    let today = json!({ "from": "2026-11-20", "to": "2026-11-20" });
    assert!(!entries(&shop.ok("audit.list", today)).is_empty());
    let tomorrow = json!({ "from": "2026-11-21" });
    assert!(entries(&shop.ok("audit.list", tomorrow)).is_empty());
    let ratna = shop.ok("audit.list", json!({ "user_id": shop.user("ratna") }));
    assert!(entries(&ratna).iter().all(|entry| entry["user"] == "Ratna"), "{ratna}");
    let refused = entries(&shop.ok("audit.list", json!({}))).clone();
    assert!(refused.iter().any(|e| e["source"] == "access" && e["action"] == "refused"));
    let of_tea = shop.ok("audit.of", json!({ "table": "product", "id": tea }));
    assert_eq!(entries(&of_tea).len(), 1, "{of_tea}");
    assert_eq!(entries(&of_tea)[0]["group"], "created");
}

#[test]
fn a_cashier_does_not_read_the_trail() {
    let shop = Shop::open();
    assert_eq!(shop.refused("audit.list", json!({})), "forbidden");
}
