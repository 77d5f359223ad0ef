//! Codes on goods and labels: what a scan means, and whose code it is.

use serde_json::json;

use super::{boxed_tea, found, head, make, save, shop};

#[test]
fn a_code_or_barcode_that_is_taken_is_refused_with_the_name_of_its_product() {
    let shop = shop();
    make(&shop, &boxed_tea());
    let before = head(&shop);
    let code = shop.failure("catalogue.save", save(&shop, &json!({ "name": "Other" })));
    assert_eq!(code.code, "code_taken");
    assert_eq!(code.message, "The code TEA belongs to Teh Melati already.");
    assert!(code.fields.contains_key("code"));
    let given = save(&shop, &json!({ "code": "T2", "barcodes": [{ "code": "8991234567891" }] }));
    let barcode = shop.failure("catalogue.save", given);
    assert_eq!(barcode.code, "barcode_taken");
    assert_eq!(barcode.facts["product"], "Teh Melati");
    // The same number as UPC-A and as EAN-13.
    make(&shop, &json!({ "code": "US", "barcodes": [{ "code": "036000291452" }] }));
    let given = save(&shop, &json!({ "code": "T3", "barcodes": [{ "code": "0036000291452" }] }));
    assert_eq!(shop.refused("catalogue.save", given), "barcode_taken");
    let given = save(&shop, &json!({ "code": "T4", "barcodes": [{ "code": "TEA" }] }));
    assert_eq!(shop.refused("catalogue.save", given), "barcode_taken");
    assert_ne!(head(&shop), before);
    assert!(found(&shop, "Other").is_empty());
}

#[test]
fn codes_that_differ_only_in_capitals_are_two_products() {
    let shop = shop();
    make(&shop, &json!({ "code": "85123A", "name": "White holder" }));
    make(&shop, &json!({ "code": "85123a", "name": "Cream holder" }));
    make(&shop, &json!({ "code": "Mug-1", "name": "Mug" }));
    let tried =
        |code: &str| shop.ok("catalogue.try_barcode", json!({ "code": code }))["products"].clone();
    assert_eq!(tried("85123A"), json!(["White holder"]));
    assert_eq!(tried("85123a"), json!(["Cream holder"]));
    assert_eq!(tried("MUG-1"), json!(["Mug"]));
    assert_eq!(tried("mug"), json!([]));
    make(&shop, &json!({ "code": "aB", "name": "Short" }));
    assert_eq!(tried("AB"), json!([]), "too short to be looked up in other letters");
    assert_eq!(tried("aB"), json!(["Short"]));
    make(&shop, &json!({ "code": "mUG-1", "name": "Other mug" }));
    assert_eq!(tried("MUG-1"), json!(["Mug", "Other mug"]));
}

#[test]
fn a_scan_finds_the_unit_it_names_in_every_spelling_of_its_code() {
    let shop = shop();
    make(&shop, &boxed_tea());
    make(
        &shop,
        &json!({
            "code": "US", "name": "Tissue", "barcodes": [{ "code": "036000291452" }],
            "prices": [{ "unit_price": "100" }],
        }),
    );
    shop.open_session();
    let added = shop.scan(&["18991234567898", "8991234567891", "0036000291452", "036000291452"]);
    let lines = added["quote"]["lines"].as_array().expect("lines");
    let said: Vec<_> = lines
        .iter()
        .map(|line| format!("{} {} at {}", line["qty"], line["unit"], line["unit_price"]))
        .collect();
    assert_eq!(
        said,
        [r#""1" "box" at "110000""#, r#""1" "pcs" at "5000""#, r#""2" "pcs" at "100""#,]
    );
    let wrong = shop.failure("pos.add", json!({ "ticket": null, "code": "8991234567890" }));
    assert_eq!(wrong.code, "wrong_check_digit");
    assert!(wrong.message.contains("should be 1"), "{}", wrong.message);
    let unknown = shop.ok("pos.add", json!({ "ticket": null, "code": "NOTHING" }));
    assert_eq!(unknown["outcome"], "unknown");
}

#[test]
fn labels_of_the_scales_carry_a_weight_or_a_price() {
    let shop = shop();
    make(
        &shop,
        &json!({
            "code": "123", "name": "Daging Sapi", "base_unit": "kg", "weighed": true,
            "prices": [{ "unit_price": "140000" }],
        }),
    );
    shop.ok(
        "catalogue.save_barcode_rule",
        json!({
            "name": "Price 27", "pattern": "27PPPPPWWWWWC",
            "value": { "kind": "price", "decimals": 0 },
        }),
    );
    let tried = |code: &str| shop.ok("catalogue.try_barcode", json!({ "code": code }));
    let weight = tried("2000123012346");
    assert_eq!(weight["products"], json!(["Daging Sapi"]), "{weight}");
    assert_eq!(weight["qty"], "1.234");
    assert_eq!(weight["item_code"], "00123");
    let price = tried("2700123355008");
    assert_eq!(price["line_price"], 35_500, "{price}");
    let wrong = tried("2000123012345");
    assert_eq!(wrong["products"], json!([]));
    let problem = wrong["problem"].as_str().expect("a sentence");
    assert!(problem.contains("should be 6"), "{problem}");
    // An ordinary barcode of the same form is asked first.
    make(
        &shop,
        &json!({
            "code": "PACK", "name": "Kopi", "barcodes": [{ "code": "2000123012346" }],
        }),
    );
    assert_eq!(tried("2000123012346")["products"], json!(["Kopi"]));
}

#[test]
fn a_rule_that_cannot_be_read_or_reads_what_another_reads_is_refused() {
    let shop = shop();
    let rule = |pattern: &str| {
        let value = json!({ "kind": "weight", "decimals": 3 });
        json!({ "name": "Mine", "pattern": pattern, "value": value })
    };
    for pattern in ["", "PPPPPWWWWW", "2XPPPPPWWWWWC", "23WWWWWWC", "23PPPPP"] {
        let failure = shop.failure("catalogue.save_barcode_rule", rule(pattern));
        assert!(failure.fields.contains_key("pattern"), "{pattern}: {failure:?}");
    }
    shop.ok("catalogue.save_barcode_rule", rule("23PPPPPWWWWWC"));
    let twice = shop.failure("catalogue.save_barcode_rule", rule("23PPPPPWWWWWC"));
    assert!(twice.message.contains("reads the same codes"), "{}", twice.message);
}
