//! Products on their page: variants, categories, pictures, who may change them.

use serde_json::json;

use super::{boxed_tea, found, get, head, id_of, make, save, shop};

#[test]
fn a_product_comes_back_as_it_was_given_and_saving_it_again_changes_nothing() {
    let shop = shop();
    let id = make(&shop, &boxed_tea());
    let seen = get(&shop, &id);
    let product = &seen["product"];
    assert_eq!(product["code"], "TEA");
    assert_eq!(product["units"][0]["factor"], "24");
    assert_eq!(product["barcodes"].as_array().map(Vec::len), Some(2));
    assert_eq!(product["barcodes"][1]["unit"], "box");
    let prices: Vec<_> = product["prices"]
        .as_array()
        .expect("prices")
        .iter()
        .map(|price| {
            let text = |field: &str| price[field].as_str().unwrap_or("base").to_owned();
            format!("{} {} {}", text("unit"), text("min_qty"), text("unit_price"))
        })
        .collect();
    assert_eq!(prices, ["base 0 5000", "base 12 4800", "box 0 110000"]);
    let before = head(&shop);
    shop.ok("catalogue.save", product.clone());
    assert_eq!(head(&shop), before, "an unchanged form made a commit");
    shop.verify();
}

#[test]
fn variants_share_what_they_have_in_common_and_one_of_them_is_chosen() {
    let shop = shop();
    let id = make(
        &shop,
        &json!({
            "code": "SHIRT", "name": "Kaos", "prices": [{ "unit_price": "50000" }],
            "barcodes": [{ "code": "8990000000013" }],
            "variants": [
                { "code": "SHIRT-R", "variant": "Merah",
                  "barcodes": [{ "code": "8990000000020" }] },
                { "code": "SHIRT-XL", "variant": "Merah XL", "unit_price": "55000" },
            ],
        }),
    );
    let seen = get(&shop, &id)["product"].clone();
    assert_eq!(seen["variants"].as_array().map(Vec::len), Some(2));
    let before = head(&shop);
    shop.ok("catalogue.save", seen.clone());
    assert_eq!(head(&shop), before);
    shop.open_session();
    let choose = shop.ok("pos.add", json!({ "ticket": null, "code": "8990000000013" }));
    assert_eq!(choose["outcome"], "choose");
    assert_eq!(choose["choices"].as_array().map(Vec::len), Some(2));
    let refused = shop.failure("pos.add", json!({ "ticket": null, "product_id": id }));
    assert_eq!(refused.code, "choose_variant");
    let added = shop.scan(&["8990000000020", "SHIRT-XL"]);
    assert_eq!(added["quote"]["lines"][0]["unit_price"], "50000", "the shirt's price");
    assert_eq!(added["quote"]["lines"][1]["unit_price"], "55000");
    assert_eq!(added["quote"]["lines"][1]["name"], "Kaos Merah XL");
    assert_eq!(found(&shop, "kaos xl"), ["Kaos Merah XL"]);
    // The name of all changes in one place; a variant left out is no longer sold.
    let mut changed = seen.clone();
    changed["name"] = "Kaos Polos".into();
    changed["variants"] = json!([seen["variants"][0]]);
    shop.ok("catalogue.save", changed);
    assert_eq!(found(&shop, "polos"), ["Kaos Polos", "Kaos Polos Merah"]);
    assert_eq!(get(&shop, &id)["product"]["variants"].as_array().map(Vec::len), Some(1));
    let twice = json!([{ "variant": "A" }, { "variant": "A" }]);
    let given = save(&shop, &json!({ "code": "X", "variants": twice }));
    assert_eq!(shop.refused("catalogue.save", given), "invalid");
    shop.verify();
}

#[test]
fn a_product_without_a_code_gets_the_next_of_its_terminal() {
    let shop = shop();
    make(&shop, &json!({ "code": "T1-00002" }));
    let code = |id: &str| get(&shop, id)["product"]["code"].clone();
    let first = make(&shop, &json!({ "code": "" }));
    let second = make(&shop, &json!({ "code": " " }));
    assert_eq!((code(&first), code(&second)), ("T1-00001".into(), "T1-00003".into()));
}

#[test]
fn nonsense_is_refused_at_its_field_and_changes_nothing() {
    let shop = shop();
    let before = head(&shop);
    let long = "x".repeat(10_000);
    for (field, more) in [
        ("name", json!({ "name": " " })),
        ("name", json!({ "name": long })),
        ("code", json!({ "code": "x".repeat(41) })),
        ("code", json!({ "code": "A\u{7}" })),
        ("base_unit", json!({ "base_unit": "" })),
        ("base_unit", json!({ "base_unit": "x".repeat(13) })),
        ("tax_class_id", json!({ "tax_class_id": lumbung_tests::new_id() })),
        ("category_id", json!({ "category_id": lumbung_tests::new_id() })),
        ("prices", json!({ "prices": [{ "unit_price": "-1" }] })),
        ("prices", json!({ "prices": [{ "unit_price": "100000000000000" }] })),
        ("prices", json!({ "prices": [{ "unit_price": "1" }, { "unit_price": "2" }] })),
        ("prices", json!({ "prices": [{ "unit_price": "1", "min_qty": "-1" }] })),
        ("price_floor", json!({ "prices": [{ "unit_price": "1" }], "price_floor": "2" })),
        ("last_cost", json!({ "last_cost": "-5" })),
        ("units", json!({ "units": [{ "unit": "box", "factor": "0" }] })),
        ("units", json!({ "units": [{ "unit": "pcs", "factor": "2" }] })),
        ("barcodes", json!({ "barcodes": [{ "code": "a b" }] })),
        ("barcodes", json!({ "barcodes": [{ "code": "" }] })),
        ("barcodes", json!({ "barcodes": [{ "code": "1" }, { "code": "1" }] })),
        ("barcodes", json!({ "barcodes": vec![json!({ "code": "1" }); 51] })),
        ("image_hash", json!({ "image_hash": "../../etc/passwd" })),
    ] {
        let failure = shop.failure("catalogue.save", save(&shop, &more));
        assert!(failure.fields.contains_key(field), "{field}: {failure:?}");
    }
    for more in [
        json!({ "prices": [{ "unit_price": 1.5 }] }),
        json!({ "prices": [{ "unit_price": "1,5" }] }),
        json!({ "surprise": true }),
        json!({ "barcodes": [{ "code": "1", "unit": "no such unit" }] }),
    ] {
        shop.failure("catalogue.save", save(&shop, &more));
    }
    assert_eq!(head(&shop), before);
    assert!(found(&shop, "teh").is_empty());
}

#[test]
fn a_category_is_never_inside_itself_and_lists_what_is_inside_it() {
    let shop = shop();
    let category = |name: &str, parent: Option<&str>, own: Option<&str>| {
        let given = json!({ "name": name, "parent_id": parent, "category_id": own });
        shop.call("catalogue.save_category", given)
    };
    let drinks = id_of(&category("Drinks", None, None).expect("saved"), "category_id");
    let tea = id_of(&category("Tea", Some(&drinks), None).expect("saved"), "category_id");
    let failure = category("Drinks", Some(&tea), Some(&drinks)).expect_err("a circle");
    assert!(failure.fields.contains_key("parent_id"));
    category("Drinks", Some(&drinks), Some(&drinks)).expect_err("inside itself");
    category("drinks", None, None).expect_err("twice");
    make(&shop, &json!({ "category_id": tea }));
    make(&shop, &json!({ "code": "RICE", "name": "Beras" }));
    let page = shop.ok("catalogue.list", json!({ "category_id": drinks }));
    assert_eq!(page["rows"].as_array().map(Vec::len), Some(1));
    let page = shop.ok("catalogue.list", json!({ "category_id": drinks, "text": "beras" }));
    assert_eq!(page["rows"], json!([]));
}

#[test]
fn a_picture_is_kept_by_its_content_and_only_if_it_is_one() {
    let shop = shop();
    let png = concat!(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9aw",
        "AAAABJRU5ErkJggg=="
    );
    let put = shop.ok("catalogue.put_image", json!({ "data": png }));
    let hash = put["image_hash"].as_str().expect("a name");
    make(&shop, &json!({ "image_hash": hash }));
    let image = shop.ok("catalogue.image", json!({ "image_hash": hash }));
    assert_eq!((image["mime"].as_str(), image["data"].as_str()), (Some("image/png"), Some(png)));
    for data in ["", "not base64!", "PHN2Zz48L3N2Zz4=", &"A".repeat(2 << 20)] {
        let failure = shop.failure("catalogue.put_image", json!({ "data": data }));
        assert!(failure.fields.contains_key("data"));
    }
    assert_eq!(shop.refused("catalogue.image", json!({ "image_hash": "none" })), "not_found");
}

#[test]
fn a_cashier_sees_products_without_their_cost_and_changes_none() {
    let shop = shop();
    let id = make(&shop, &json!({ "last_cost": "3000", "prices": [{ "unit_price": "5000" }] }));
    assert_eq!(get(&shop, &id)["product"]["last_cost"], "3000");
    shop.ok("users.sign_out", json!({}));
    shop.sign_in("sari", "1359");
    assert_eq!(found(&shop, "teh"), ["Teh Melati"]);
    for (name, args) in [
        ("catalogue.save", save(&shop, &json!({ "code": "NEW" }))),
        ("catalogue.archive", json!({ "product_id": id, "archived": true })),
        ("catalogue.save_category", json!({ "name": "Mine" })),
        ("catalogue.save_reason", json!({ "kind": "void", "name": "Mine" })),
    ] {
        assert_eq!(shop.refused(name, args), "forbidden", "{name}");
    }
}

#[test]
fn reasons_are_offered_by_kind() {
    let shop = shop();
    let offered = |kind: &str| {
        let list = shop.ok("catalogue.reasons", json!({ "kind": kind }));
        list.as_array().map_or(0, Vec::len)
    };
    assert!(offered("return") > 1 && offered("cash") > 2);
    assert_eq!(offered("nonsense"), 0);
    let before = offered("void");
    let given = json!({ "kind": "void", "name": "Power cut" });
    let saved = shop.ok("catalogue.save_reason", given.clone());
    shop.failure("catalogue.save_reason", given);
    assert_eq!(offered("void"), before + 1);
    shop.ok(
        "catalogue.save_reason",
        json!({
        "reason_id": saved["reason_id"], "kind": "void", "name": "Power cut", "archived": true }),
    );
    assert_eq!(offered("void"), before);
    shop.failure("catalogue.save_reason", json!({ "kind": "whim", "name": "Why not" }));
}
