//! Products, barcodes, prices and how they are found, through the door.

mod prices;
mod products;
mod scanning;
mod search;
mod units;

use lumbung_tests::Shop;
use serde_json::{Value, json};

/// A shop whose owner sits at the till.
fn shop() -> Shop {
    let shop = Shop::new();
    shop.sign_in("ratna", "4071");
    shop
}

fn id_of(saved: &Value, field: &str) -> String {
    saved[field].as_str().unwrap_or_else(|| panic!("no {field} in {saved}")).to_owned()
}

fn save(shop: &Shop, more: &Value) -> Value {
    let mut details = json!({
        "code": "TEA", "name": "Teh Melati", "base_unit": "pcs",
        "tax_class_id": shop.first_tax_class(),
    });
    let fields = details.as_object_mut().expect("an object");
    fields.extend(more.as_object().cloned().unwrap_or_default());
    details
}

fn make(shop: &Shop, more: &Value) -> String {
    id_of(&shop.ok("catalogue.save", save(shop, more)), "product_id")
}

fn get(shop: &Shop, product_id: &str) -> Value {
    shop.ok("catalogue.get", json!({ "product_id": product_id }))
}

fn found(shop: &Shop, text: &str) -> Vec<String> {
    let result = shop.ok("catalogue.search", json!({ "text": text }));
    let hits = result["hits"].as_array().expect("hits");
    hits.iter().map(|hit| hit["name"].as_str().expect("a name").to_owned()).collect()
}

fn head(shop: &Shop) -> impl PartialEq + std::fmt::Debug {
    shop.app().store().expect("open").head()
}

fn default_list(shop: &Shop) -> Value {
    shop.ok("catalogue.price_lists", json!({}))["price_lists"][0].clone()
}

fn set_price(shop: &Shop, list: &str, product: &str, more: &Value) -> Value {
    let mut given = json!({ "price_list_id": list, "product_id": product });
    let fields = given.as_object_mut().expect("an object");
    fields.extend(more.as_object().cloned().expect("an object"));
    shop.ok("catalogue.set_price", given)
}

fn new_list(shop: &Shop, name: &str, more: &Value) -> String {
    let mut given = json!({ "name": name, "tax_inclusive": true, "is_default": false });
    let fields = given.as_object_mut().expect("an object");
    fields.extend(more.as_object().cloned().expect("an object"));
    id_of(&shop.ok("catalogue.save_price_list", given), "price_list_id")
}

fn boxed_tea() -> Value {
    json!({
        "units": [{ "unit": "box", "factor": "24" }],
        "barcodes": [{ "code": "8991234567891" }, { "code": "18991234567898", "unit": "box" }],
        "prices": [{ "unit_price": "5000" },
                   { "unit_price": "4800", "min_qty": "12" },
                   { "unit": "box", "unit_price": "110000" }],
    })
}
