//! Products, barcodes, prices and how they are found, through the door.

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

#[test]
fn products_are_found_by_beginnings_of_words_by_code_and_by_parts() {
    let shop = shop();
    make(
        &shop,
        &json!({ "code": "IM-01", "name": "Indomie Goreng Café",
                         "barcodes": [{ "code": "8998866200578" }] }),
    );
    make(
        &shop,
        &json!({ "code": "IM-02", "name": "Indomie Soto",
                         "barcodes": [{ "code": "8998866200325" }] }),
    );
    make(&shop, &json!({ "code": "GO", "name": "Minyak Goreng" }));
    for (text, names) in [
        ("indo", &["Indomie Goreng Café", "Indomie Soto"][..]),
        ("gor indo", &["Indomie Goreng Café"]),
        ("cafe", &["Indomie Goreng Café"]),
        ("CAFÉ", &["Indomie Goreng Café"]),
        ("domie so", &["Indomie Soto"]),
        ("im-02", &["Indomie Soto"]),
        ("IM", &["Indomie Goreng Café", "Indomie Soto"]),
        ("8998866200578", &["Indomie Goreng Café"]),
        ("66200", &["Indomie Goreng Café", "Indomie Soto"]),
        ("89988662003", &["Indomie Soto"]),
        ("soto 66200", &["Indomie Soto"]),
        ("go", &["Minyak Goreng", "Indomie Goreng Café"]),
        ("zzz", &[]),
        ("", &[]),
    ] {
        assert_eq!(found(&shop, text), names, "{text}");
    }
}

#[test]
fn what_is_typed_into_the_search_is_never_a_query() {
    let shop = shop();
    make(&shop, &json!({ "name": "Teh \"Hijau\" 50%" }));
    for text in [
        "\"",
        "\"\"",
        "'",
        "*",
        "teh OR kopi",
        "NEAR(teh",
        "teh*",
        "words:teh",
        "-teh",
        "^teh",
        "teh AND",
        "(",
        ")",
        "%",
        "_",
        "\\",
        "\u{0}",
        "{",
        "col : x",
        "a\"b\"c",
        "𝔘𝔫𝔦",
        "\u{301}",
    ] {
        shop.ok("catalogue.search", json!({ "text": text }));
        shop.ok("catalogue.list", json!({ "text": text }));
        shop.ok("catalogue.try_barcode", json!({ "code": text }));
    }
    assert_eq!(found(&shop, "\"hijau\""), ["Teh \"Hijau\" 50%"]);
    let long = "x".repeat(10_000);
    assert!(found(&shop, &long).is_empty());
}

#[test]
fn what_is_archived_is_neither_found_nor_sold_until_it_is_brought_back() {
    let shop = shop();
    let id = make(&shop, &boxed_tea());
    let archive = |archived: bool| {
        shop.call("catalogue.archive", json!({ "product_id": id, "archived": archived }))
    };
    archive(true).expect("archived");
    assert!(found(&shop, "teh").is_empty());
    shop.open_session();
    let failure = shop.failure("pos.add", json!({ "ticket": null, "product_id": id }));
    assert_eq!(failure.message, "Teh Melati is no longer sold.");
    let listed = |archived: bool| {
        let query = json!({ "archived": archived, "text": "melati" });
        let page = shop.ok("catalogue.list", query);
        page["rows"].as_array().map(Vec::len)
    };
    assert_eq!((listed(false), listed(true)), (Some(0), Some(1)));
    // Its code may be used again; then it cannot come back under it.
    let other = make(&shop, &json!({ "name": "Teh Baru" }));
    let taken = archive(false).expect_err("taken");
    assert_eq!(taken.code, "code_taken");
    shop.ok("catalogue.archive", json!({ "product_id": other, "archived": true }));
    archive(false).expect("back");
    assert_eq!(found(&shop, "teh"), ["Teh Melati"]);
    shop.verify();
}

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
fn pages_of_products_follow_each_other_without_a_gap() {
    let shop = shop();
    for n in 0..7 {
        make(&shop, &json!({ "code": format!("P{n}"), "name": format!("Item {}", 9 - n) }));
    }
    for (sort, first) in [("name", "P6"), ("code", "P0"), ("newest", "P6")] {
        for text in [None, Some("item")] {
            let mut codes = Vec::new();
            let mut offset = json!(0);
            while !offset.is_null() {
                let query = json!({ "sort": sort, "offset": offset, "limit": 3, "text": text });
                let page = shop.ok("catalogue.list", query);
                let rows = page["rows"].as_array().expect("rows").clone();
                codes.extend(rows.iter().map(|row| row["code"].clone()));
                offset = page["next_offset"].clone();
            }
            assert_eq!(codes.len(), 7, "{sort} {text:?}");
            assert_eq!(codes[0], first, "{sort} {text:?}");
            codes.sort_by_key(Value::to_string);
            codes.dedup();
            assert_eq!(codes.len(), 7, "{sort} {text:?}");
        }
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

#[test]
fn the_search_tables_can_be_made_again() {
    let shop = shop();
    make(&shop, &boxed_tea());
    make(&shop, &json!({ "code": "RICE", "name": "Beras" }));
    let before = head(&shop);
    shop.ok("catalogue.reindex", json!({}));
    assert_eq!(head(&shop), before, "what is derived is not committed");
    assert_eq!(found(&shop, "mel"), ["Teh Melati"]);
    assert_eq!(found(&shop, "erasxx"), Vec::<String>::new());
    assert_eq!(found(&shop, "eras"), ["Beras"]);
}
