//! Declarations: what a table is said to be is what it must be.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use chrono::NaiveDate;
use lumbung_domain::ids::{Id, ProductId};
use lumbung_domain::num::{CashRounding, Money, Qty, Rate, UnitPrice};
use lumbung_sync::{
    Catalogue, CatalogueError, Class, ColumnDecl, ScopeRule, Store, Synced, TableDecl, Value, bind,
    get, synced, text_enum_column,
};
use rusqlite::Connection;
use support::{CATALOGUE, HeldSale, Product, Sale};

// An enum of another crate needs no newtype.
text_enum_column!(CashRounding);

synced! {
    /// A row of every type.
    pub fact Everything in "everything" tag 60 scope company {
        1 everything_id: ProductId,
        2 rounding: CashRounding,
        3 money: Money,
        4 qty: Qty,
        5 price: UnitPrice,
        6 rate: Option<Rate>,
        7 day: NaiveDate,
        8 yes: bool,
        9 small: i16,
        10 bytes: Vec<u8>,
        11 hash: [u8; 32],
        12 other: Option<ProductId>,
        13 maybe_rounding: Option<CashRounding>,
    }
}

fn everything() -> Everything {
    Everything {
        everything_id: ProductId::from_bytes([1; 16]),
        rounding: CashRounding::parse("up").or(CashRounding::parse("nearest")).unwrap(),
        money: Money::new(-5).unwrap(),
        qty: Qty::new(1_500_000).unwrap(),
        price: UnitPrice::new(25_500).unwrap(),
        rate: Some(Rate::new(110_000).unwrap()),
        day: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
        yes: true,
        small: -3,
        bytes: vec![1, 2, 3],
        hash: [4; 32],
        other: None,
        maybe_rounding: None,
    }
}

#[test]
fn a_row_of_every_type_comes_back_from_the_database() {
    let db = Connection::open_in_memory().unwrap();
    let decl = Everything::table();
    let columns: Vec<String> = decl
        .columns
        .iter()
        .map(|c| format!("{} {}{}", c.name, c.sql, if c.nullable { "" } else { " not null" }))
        .collect();
    db.execute_batch(&format!("create table everything ({}) strict", columns.join(", "))).unwrap();
    let row = everything();
    let holes = vec!["?"; decl.columns.len()].join(", ");
    let sql = format!("insert into everything ({}) values ({holes})", Everything::COLUMNS);
    db.execute(&sql, rusqlite::params_from_iter(row.values())).unwrap();
    let sql = format!("select {}, 7 from everything", Everything::COLUMNS);
    let (back, day) = db
        .query_row(&sql, [], |found| {
            Ok((Everything::from_row(found)?, get::<NaiveDate, _>(found, "day")?))
        })
        .unwrap();
    assert_eq!((back, day), (row.clone(), row.day));
    assert_eq!(row.key(), [1; 16]);
    assert_eq!(bind(&row.day), Value::from("2026-11-20"));
    db.execute("update everything set yes = 2", []).unwrap();
    let wrong = db.query_row(&sql, [], Everything::from_row).unwrap_err().to_string();
    assert!(wrong.contains("2 is not yes or no"), "{wrong}");
}

#[test]
fn the_declaration_is_the_table_of_contents_of_a_table() {
    let decl = Product::table();
    assert_eq!((decl.name, decl.tag, decl.class), ("product", 10, Class::Master));
    assert_eq!((decl.scope, Sale::table().scope), (ScopeRule::Company, ScopeRule::Branch));
    let groups: Vec<_> = decl.groups.iter().map(|group| (group.tag, group.name)).collect();
    assert_eq!(groups, [(1, "naming"), (2, "pricing"), (3, "archived")]);
    assert_eq!(Product::COLUMNS, "product_id, code, name, price, archived");
    assert_eq!(Product::PRICING.decl().tag, 2);
    assert_eq!(HeldSale::table().class, Class::Draft);
}

const KEY: ColumnDecl = ColumnDecl { tag: 1, name: "key", sql: "blob", nullable: false, group: 0 };

fn table(name: &'static str, tag: u16, columns: &'static [ColumnDecl]) -> &'static TableDecl {
    Box::leak(Box::new(TableDecl {
        name,
        tag,
        class: Class::Fact,
        scope: ScopeRule::Company,
        columns,
        groups: &[],
    }))
}

#[test]
fn declarations_that_contradict_each_other_are_refused() {
    const SAME_TAG: &[ColumnDecl] = &[KEY, ColumnDecl { name: "other", ..KEY }];
    const SAME_NAME: &[ColumnDecl] = &[KEY, ColumnDecl { tag: 2, ..KEY }];
    const NULL_KEY: &[ColumnDecl] = &[ColumnDecl { nullable: true, ..KEY }];
    const HIDDEN: &[ColumnDecl] = &[KEY, ColumnDecl { tag: 2, name: "_seq", ..KEY }];
    let one = || table("one", 1, &[KEY]);
    let cases = [
        (vec![one(), table("two", 1, &[KEY])], "two: the table number 1 is used twice"),
        (vec![one(), table("one", 2, &[KEY])], "one: the table name is used twice"),
        (vec![table("one", 1, SAME_TAG)], "one: the column number 1 is used twice"),
        (vec![table("one", 1, SAME_NAME)], "one: the column key is used twice"),
        (vec![table("one", 1, NULL_KEY)], "one: the key must be a blob that is never null"),
        (vec![table("one", 1, HIDDEN)], "one: scope, _seq and _clk are the store's own columns"),
        (vec![table("one", 1, &[])], "one: a table needs a key column"),
    ];
    for (decls, expected) in cases {
        assert_eq!(Catalogue::new(&decls).unwrap_err().to_string(), expected);
    }
}

#[test]
fn a_migration_that_disagrees_with_its_declaration_is_named() {
    let shop = include_str!("support/shop.sql");
    let cases: [(&str, &str, &[&str]); 8] = [
        ("", "", &[]),
        ("note    text,\n", "", &["sale.note: is declared but not in the database"]),
        ("note    text,", "note integer,", &["sale.note: is integer but declared text"]),
        ("note    text,", "note text not null,", &["sale.note: is not null"]),
        ("total   integer not null,", "total integer,", &["sale.total: may be null"]),
        (
            "note    text,",
            "note text, extra text,",
            &["sale.extra: is in the database but not declared"],
        ),
        (
            "    _clk       blob    not null\n",
            "    clk text\n",
            &[
                "product._clk: is declared but not in the database",
                "product.clk: is in the database but not declared",
            ],
        ),
        (
            "sale_id blob    primary key",
            "sale_id blob not null",
            &["sale.sale_id: must be the primary key"],
        ),
    ];
    for (from, to, expected) in cases {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(&shop.replacen(from, to, 1)).unwrap();
        let differences = match CATALOGUE.check(&db) {
            Ok(()) => vec![],
            Err(CatalogueError::Differs { differences }) => differences,
            Err(other) => panic!("{other}"),
        };
        assert_eq!(differences, expected, "{from} -> {to}");
    }
}

#[test]
fn a_store_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Store>();
}
