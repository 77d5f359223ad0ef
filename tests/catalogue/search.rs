//! Finding products as a cashier types, and page by page in the office.

use serde_json::{Value, json};

use super::{boxed_tea, found, head, make, shop};

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
