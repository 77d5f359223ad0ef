//! The first page: an empty folder, a new company, the demo, and folders that do not open.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use lumbung_app::{App, AppConfig, Caller};
use lumbung_sync::KeySource;
use lumbung_tests::{Shop, test_keys};
use serde_json::{Value, json};

fn new_company() -> Value {
    json!({
        "company": { "name": "Duka la Mama", "country": "KE", "tax_number": "P051234567X" },
        "branch": { "code": "NBO", "name": "Nairobi" },
        "terminal": { "series": "T1", "name": "Till 1" },
        "owner": { "username": "wanjiru", "name": "Wanjiru", "pin": "8246" },
    })
}

fn state(shop: &Shop) -> Value {
    shop.ok("start.status", json!({}))["state"].clone()
}

#[test]
fn an_empty_folder_becomes_a_shop_that_can_sell() {
    let shop = Shop::empty();
    assert_eq!(state(&shop), "empty");
    assert_eq!(shop.refused("pos.state", json!({})), "signed_out");
    let status = shop.ok("start.create", new_company());
    assert_eq!(status["state"], "ready");
    assert_eq!(status["company"], "Duka la Mama");
    assert_eq!(status["language"], "en");
    shop.sign_in("wanjiru", "8246");
    let me = shop.ok("users.me", json!({}));
    assert_eq!(me["me"]["place"]["currency"], "KES");
    assert!(me["me"]["permissions"].to_string().contains("users:edit"));
    // One shilling is the smallest coin people give as change.
    assert_eq!(me["me"]["place"]["settings"]["till"]["cash_step"], 100);
    shop.product("MAZIWA", "6161100000015", "65", "10");
    let counted = json!([{ "denomination": 100_000, "pieces": 1 }]);
    shop.ok("pos.open_session", json!({ "drawer": "1", "counted": counted }));
    let receipt = shop.sell(&["MAZIWA"], 10_000);
    assert_eq!(receipt["number"], "NBO-T1-26-S000001");
    // 65.00 with 16 % inside.
    assert_eq!((receipt["total"].as_i64(), receipt["tax"].as_i64()), (Some(6_500), Some(897)));
    shop.verify();
}

#[test]
fn a_folder_that_holds_a_company_is_never_started_again() {
    let shop = Shop::new();
    assert_eq!(shop.refused("start.create", new_company()), "company_exists");
    assert_eq!(shop.refused("start.demo", json!({})), "company_exists");
    assert_eq!(shop.ok("start.status", json!({}))["company"], "Toko Uji");
}

#[test]
fn what_a_company_cannot_begin_with_is_refused_at_its_field_and_leaves_the_folder_empty() {
    let shop = Shop::empty();
    let cases = [
        ("/company/name", json!(" "), "name"),
        ("/company/country", json!("Kenya"), "country"),
        ("/company/country", json!("ke"), "country"),
        ("/branch/code", json!("N-1"), "branch_code"),
        ("/branch/code", json!(""), "branch_code"),
        ("/terminal/series", json!("TILL NO 1"), "series"),
        ("/terminal/name", json!(""), "terminal_name"),
        ("/owner/username", json!("mama wanjiru"), "username"),
        ("/owner/name", json!(""), "owner_name"),
        ("/owner/pin", json!("1234"), "pin"),
        ("/owner/pin", json!("82"), "pin"),
        ("/owner/pin", json!("82a6"), "pin"),
        ("/chart", json!("galactic"), ""),
    ];
    for (place, value, field) in cases {
        let mut given = new_company();
        match given.pointer_mut(place) {
            Some(found) => *found = value.clone(),
            None => given["chart"] = value.clone(),
        }
        let failure = shop.failure("start.create", given);
        assert_eq!(failure.code, "invalid", "{place} {value}");
        if !field.is_empty() {
            assert!(failure.fields.contains_key(field), "{place} {value}: {failure:?}");
        }
    }
    for (field, value) in [("currency", "ZZZ"), ("language", "sw")] {
        let mut given = new_company();
        given["company"][field] = json!(value);
        assert!(shop.failure("start.create", given).fields.contains_key(field));
    }
    assert_eq!(state(&shop), "empty");
    let left: Vec<_> = std::fs::read_dir(shop.folder()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn every_country_begins_with_its_own_money_taxes_and_words() {
    let cases = [
        ("ID", "IDR", 1, "A", "Harga rak"),
        ("IN", "INR", 100, "A", "Shelf prices"),
        ("UG", "UGX", 1, "A", "Shelf prices"),
        ("GB", "GBP", 100, "A", "Shelf prices"),
        ("NZ", "USD", 100, "N", "Shelf prices"),
    ];
    for (country, currency, minor, tax, list) in cases {
        let shop = Shop::empty();
        let mut given = new_company();
        given["company"]["country"] = json!(country);
        shop.ok("start.create", given);
        let view = shop.ok("company.get", json!({}));
        assert_eq!(view["currency"], currency, "{country}");
        assert_eq!(10_i64.pow(view["currency_digits"].as_u64().unwrap() as u32), minor);
        shop.tax_class(tax);
        let lists = shop.operator("catalogue.price_lists", json!({}));
        assert!(lists.to_string().contains(list), "{country}: {lists}");
        let chart = shop.operator("finance.chart", json!({}));
        let mapped = chart["mapping"].as_array().unwrap().len();
        assert_eq!(mapped, lumbung_domain::journal::PostingKey::ALL.len(), "{country}");
        shop.verify();
    }
}

#[test]
fn a_second_window_over_the_same_folder_is_told_to_wait() {
    let shop = Shop::new();
    let config = AppConfig { keys: test_keys(), ..AppConfig::new(shop.folder()) };
    let second = App::open(config);
    let status = second.call(&Caller::Operator, "start.status", json!({})).unwrap();
    assert_eq!(status["state"], "in_use");
    let failure = second.call(&Caller::Operator, "pos.receipts", json!({})).unwrap_err();
    assert_eq!(failure.code, "store_closed");
    assert_eq!(state(&shop), "ready");
}

#[test]
fn a_key_in_a_file_is_said_aloud_and_a_lost_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let config = AppConfig { keys: KeySource::File, ..AppConfig::new(folder.path()) };
    let app = App::open(config.clone());
    let status = app.call(&Caller::Operator, "start.create", new_company()).unwrap();
    let warning = status["warnings"][0]["message"].as_str().unwrap();
    assert!(warning.contains("lumbung.key"), "{warning}");
    drop(app);
    std::fs::remove_file(folder.path().join("lumbung.key")).unwrap();
    let app = App::open(config);
    let status = app.call(&Caller::Operator, "start.status", json!({})).unwrap();
    assert_eq!(status["state"], "key_missing");
    assert!(status["message"]["message"].as_str().unwrap().contains("key"), "{status}");
    // Beginning anew must not bury data whose key may come back.
    let failure = app.call(&Caller::Operator, "start.create", new_company()).unwrap_err();
    assert_eq!(failure.code, "store_closed");
}

#[test]
fn the_demo_company_sells_by_scan_by_box_and_by_weight() {
    let shop = Shop::empty();
    let status = shop.ok("start.demo", json!({}));
    assert_eq!(status["company"], "Toko Sumber Rejeki");
    let people = status["demo_users"].as_array().unwrap();
    assert_eq!(people.len(), 6);
    for person in people {
        shop.ok("users.sign_in", json!({ "username": person["username"], "pin": person["pin"] }));
    }
    shop.sign_in("sari", "1357");
    shop.open_session();
    let added = shop.scan(&["8996001301142", "8996001301142", "2020103012500"]);
    let lines = added["quote"]["lines"].as_array().unwrap();
    assert_eq!(lines[0]["name"], "Roma Kelapa 300 g");
    assert_eq!((lines[0]["qty"].as_str(), lines[0]["total"].as_i64()), (Some("2"), Some(16_000)));
    assert_eq!(lines[1]["name"], "Pisang Cavendish");
    assert_eq!(lines[1]["qty"], "1.25");
    shop.pay(&added, json!([{ "kind": "cash", "amount": 100_000 }])).unwrap();
    shop.verify();
    let page = shop.operator("catalogue.list", json!({ "limit": 500 }));
    assert_eq!(page["rows"].as_array().map(Vec::len), Some(152), "138 with a barcode, 14 without");
}

#[test]
fn every_bar_code_of_the_demo_is_found() {
    let shop = Shop::empty();
    shop.ok("start.demo", json!({}));
    shop.sign_in("dewi", "7531");
    shop.open_session();
    let text = include_str!("../assets/demo/products.csv");
    let codes: Vec<_> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(1))
        .filter(|code| !code.is_empty())
        .collect();
    assert_eq!(codes.len(), 138);
    for code in codes {
        let added = shop.ok("pos.add", json!({ "code": code }));
        assert_eq!(added["outcome"], "added", "{code}");
        assert_eq!(lumbung_domain::barcode::Gtin::parse(code).map(|_| ()), Ok(()), "{code}");
    }
}
