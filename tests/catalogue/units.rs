//! Units and pack sizes.

use serde_json::{Value, json};

use super::{boxed_tea, get, make, shop};

#[test]
fn a_unit_keeps_its_factor_and_stock_keeps_its_unit() {
    let shop = shop();
    let id = make(&shop, &boxed_tea());
    let change = |edit: &dyn Fn(&mut Value)| {
        let mut product = get(&shop, &id)["product"].clone();
        edit(&mut product);
        shop.call("catalogue.save", product)
    };
    let failure = change(&|product| product["units"][0]["factor"] = "12".into());
    let failure = failure.expect_err("fixed");
    assert_eq!(failure.code, "factor_fixed");
    assert_eq!(
        failure.message,
        "One box stays 24: past documents count in it. Add a unit of another name instead."
    );
    change(&|product| product["units"][0]["unit"] = "carton".into()).expect_err("barcode of box");
    change(&|product| {
        product["units"][0]["unit"] = "carton".into();
        product["barcodes"][1]["unit"] = "carton".into();
        product["prices"][2]["unit"] = "carton".into();
    })
    .expect("renamed");
    change(&|product| product["base_unit"] = "sachet".into()).expect("nothing moved yet");
    assert_eq!(get(&shop, &id)["base_unit_free"], true);
    shop.ok(
        "inventory.adjust",
        json!({ "kind": "opening", "reason": "opening", "lines": [
        { "product_id": id, "status": "sellable", "qty": "10", "unit_cost": "1000" } ] }),
    );
    assert_eq!(get(&shop, &id)["base_unit_free"], false);
    let failure = change(&|product| product["base_unit"] = "kg".into()).expect_err("moved");
    assert!(failure.fields.contains_key("base_unit"), "{failure:?}");
}

#[test]
fn a_unit_that_is_taken_away_is_no_longer_sold_and_can_come_back() {
    let shop = shop();
    let id = make(&shop, &boxed_tea());
    let unit = get(&shop, &id)["product"]["units"][0]["product_unit_id"].clone();
    let mut product = get(&shop, &id)["product"].clone();
    product["units"] = json!([]);
    product["barcodes"] = json!([{ "code": "8991234567891" }]);
    product["prices"] = json!([{ "unit_price": "5000" }]);
    shop.ok("catalogue.save", product.clone());
    shop.open_session();
    let add = json!({ "ticket": null, "product_id": id, "product_unit_id": unit });
    let failure = shop.failure("pos.add", add.clone());
    assert_eq!(failure.code, "unit_archived");
    product["units"] = json!([{ "unit": "box", "factor": "24" }]);
    shop.ok("catalogue.save", product);
    assert_eq!(get(&shop, &id)["product"]["units"][0]["product_unit_id"], unit);
    let added = shop.ok("pos.add", add);
    assert_eq!(added["quote"]["lines"][0]["unit_price"], "120000", "24 at 5000");
}

#[test]
fn what_belongs_to_a_unit_goes_with_it() {
    let shop = shop();
    let id = make(&shop, &boxed_tea());
    let mut product = get(&shop, &id)["product"].clone();
    product["units"] = json!([]);
    product["barcodes"] = Value::Null;
    product["prices"] = Value::Null;
    shop.ok("catalogue.save", product);
    let seen = get(&shop, &id)["product"].clone();
    assert_eq!(seen["barcodes"], json!([{ "code": "8991234567891", "unit": null }]));
    assert_eq!(seen["prices"].as_array().map(Vec::len), Some(2));
    shop.ok("catalogue.save", seen);
    // Its barcode is free for another product.
    make(&shop, &json!({ "code": "CASE", "barcodes": [{ "code": "18991234567898" }] }));
    shop.verify();
}
