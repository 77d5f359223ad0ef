//! Price lists, and the price that counts.

use serde_json::{Value, json};

use super::{boxed_tea, default_list, get, id_of, make, new_list, set_price, shop};

#[test]
fn the_price_is_the_customers_then_the_groups_then_the_branchs_then_everyones() {
    let shop = shop();
    let id = make(&shop, &boxed_tea());
    let branch = shop.ok("company.get", json!({}))["branch"]["branch_id"].clone();
    let own = new_list(&shop, "Own", &json!({}));
    let group = new_list(&shop, "Wholesale", &json!({}));
    let local = new_list(
        &shop,
        "Jakarta",
        &json!({ "is_default": true, "branch_id": branch, "tax_inclusive": false }),
    );
    shop.ok(
        "customers.save_groups",
        json!({ "groups": [
        { "name": "Resellers", "price_list_id": group } ] }),
    );
    let customer = |name: &str, more: Value| {
        let mut given = json!({ "name": name });
        given.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("one"));
        id_of(&shop.ok("customers.save", given), "customer_id")
    };
    let member = customer("Bu Ani", json!({ "customer_group": "Resellers" }));
    let special =
        customer("Pak Eko", json!({ "customer_group": "Resellers", "price_list_id": own }));
    let asked = |customer: Option<&str>| {
        let query = json!({ "text": "TEA", "customer_id": customer });
        let hit = shop.ok("catalogue.search", query)["hits"][0].clone();
        format!("{} {}", hit["price"].as_str().expect("a price"), hit["tax_inclusive"])
    };
    assert_eq!(asked(Some(&special)), "5000 true", "only the default list has a price yet");
    set_price(&shop, &local, &id, &json!({ "unit_price": "5100" }));
    assert_eq!(asked(None), "5100 false");
    set_price(&shop, &group, &id, &json!({ "unit_price": "4700" }));
    assert_eq!((asked(Some(&member)), asked(None)), ("4700 true".into(), "5100 false".into()));
    set_price(&shop, &own, &id, &json!({ "unit_price": "4600" }));
    assert_eq!(asked(Some(&special)), "4600 true");
    assert_eq!(asked(Some(&member)), "4700 true");
}

#[test]
fn a_price_holds_from_its_quantity_and_on_its_days() {
    let shop = shop();
    let id = make(&shop, &boxed_tea());
    let list = id_of(&default_list(&shop), "price_list_id");
    set_price(
        &shop,
        &list,
        &id,
        &json!({
        "unit_price": "4500", "valid_from": "2026-11-20", "valid_to": "2026-11-20" }),
    );
    set_price(&shop, &list, &id, &json!({ "unit_price": "6000", "valid_from": "2026-11-21" }));
    shop.open_session();
    let price = |qty: &str| {
        let added = shop.ok("pos.add", json!({ "ticket": null, "code": "TEA", "qty": qty }));
        added["quote"]["lines"][0]["unit_price"].clone()
    };
    assert_eq!(price("1"), "4500", "today's own price");
    assert_eq!(price("12"), "4500", "a price that began later replaces older breaks");
    shop.wait_ms(24 * 3_600_000);
    assert_eq!(price("1"), "4500", "the session's business date counts, not the clock");
}

#[test]
fn a_new_price_counts_at_once_and_the_old_one_stays_as_history() {
    let shop = shop();
    let id = make(&shop, &json!({ "prices": [{ "unit_price": "9000" }] }));
    let change = |price: &str| {
        let mut product = get(&shop, &id)["product"].clone();
        product["prices"] = json!([{ "unit_price": price }]);
        shop.ok("catalogue.save", product);
    };
    change("7000");
    shop.wait_ms(10 * 24 * 3_600_000);
    change("8000");
    let product = get(&shop, &id);
    assert_eq!(
        product["product"]["prices"],
        json!([
        { "unit": null, "min_qty": "0", "unit_price": "8000" } ])
    );
    assert_eq!(product["prices"].as_array().map(Vec::len), Some(1));
    let history = shop.ok("catalogue.history", json!({ "product_id": id }));
    let entries = history["entries"].as_array().expect("entries");
    assert!(entries.len() >= 5, "{history}");
    assert_eq!(entries[0]["user"], "Ratna");
    let ended = entries.iter().any(|entry| {
        entry["table"] == "price" && entry["changes"].to_string().contains("2026-11-20")
    });
    assert!(ended, "{history}");
}

#[test]
fn a_return_without_a_receipt_is_paid_by_the_lowest_price_of_late() {
    for (days, refund) in [(0, -7_000), (29, -7_000), (40, -8_000)] {
        let shop = shop();
        let id = make(&shop, &json!({ "prices": [{ "unit_price": "9000" }] }));
        for price in ["7000", "8000"] {
            let mut product = get(&shop, &id)["product"].clone();
            product["prices"] = json!([{ "unit_price": price }]);
            shop.ok("catalogue.save", product);
        }
        shop.wait_ms(days * 24 * 3_600_000);
        shop.open_session();
        let receipt = shop.ok(
            "pos.return_without_receipt",
            json!({ "return_id": lumbung_tests::new_id(), "holder": "Ani, KTP 3171", "lines": [
                { "product_id": id, "qty": "1", "disposition": "sellable", "reason": "gift" } ] }),
        );
        assert_eq!(receipt["total"], refund, "after {days} days");
    }
}

#[test]
fn a_tax_class_or_price_list_in_use_cannot_be_taken_away() {
    let shop = shop();
    make(&shop, &json!({}));
    let mut class = shop.ok("catalogue.tax_classes", json!({}))["tax_classes"][0].clone();
    class["archived"] = true.into();
    assert_eq!(shop.refused("catalogue.save_tax_class", class.clone()), "in_use");
    class["archived"] = false.into();
    for (field, value) in [
        ("rate", json!("-0.1")),
        ("rate", json!("11")),
        ("share_num", json!(13)),
        ("code", json!("")),
    ] {
        let mut wrong = class.clone();
        wrong["share_den"] = 12.into();
        wrong[field] = value;
        let failure = shop.failure("catalogue.save_tax_class", wrong);
        assert!(failure.fields.contains_key(field), "{failure:?}");
    }
    let mut list = default_list(&shop);
    list["archived"] = true.into();
    let failure = shop.failure("catalogue.save_price_list", list.clone());
    assert_eq!(
        failure.message,
        "The company needs a default price list that holds in every branch."
    );
    let second = json!({ "name": "Second", "tax_inclusive": true, "is_default": true });
    let failure = shop.failure("catalogue.save_price_list", second);
    assert!(failure.fields.contains_key("is_default"), "{failure:?}");
}

#[test]
fn a_label_shows_the_price_of_its_unit_and_its_own_barcode() {
    let shop = shop();
    let id = make(&shop, &boxed_tea());
    let unit = get(&shop, &id)["product"]["units"][0]["product_unit_id"].clone();
    let labels = shop.ok(
        "catalogue.labels",
        json!({ "products": [
        { "product_id": id }, { "product_id": id, "product_unit_id": unit } ] }),
    );
    let of = |at: usize| {
        let label = &labels["labels"][at];
        format!("{} {} {}", label["unit"], label["price"], label["barcode"])
    };
    assert_eq!(of(0), r#""pcs" "5000" "8991234567891""#);
    assert_eq!(of(1), r#""box" "110000" "18991234567898""#);
}
