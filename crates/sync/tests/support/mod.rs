//! A little shop in a temporary folder.
#![allow(dead_code, reason = "each test file uses its own part")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use lumbung_domain::ids::{Id, ProductId, SaleId};
use lumbung_domain::num::{Money, Qty, UnitPrice};
use lumbung_sync::{
    Catalogue, KeySource, NewNode, Store, StoreConfig, StoreError, Synced, Tx, WriteCtx, synced,
};

synced! {
    /// A sale.
    pub fact Sale in "sale" tag 30 scope branch {
        1 sale_id: SaleId,
        2 number: String,
        3 total: Money,
        4 sold_on: NaiveDate,
        5 note: Option<String>,
    }
}

synced! {
    /// A line of a sale.
    pub fact SaleLine in "sale_line" tag 31 scope branch {
        1 sale_line_id: [u8; 16],
        2 sale_id: SaleId,
        3 product_id: ProductId,
        4 qty: Qty,
    }
}

synced! {
    /// A product.
    pub master Product in "product" tag 10 scope company {
        1 product_id: ProductId;
        NAMING 1 { 2 code: String, 3 name: String }
        PRICING 2 { 4 price: UnitPrice }
        ARCHIVED 3 { 5 archived: bool }
    }
}

synced! {
    /// A held sale.
    pub draft HeldSale in "held_sale" tag 40 scope branch {
        1 held_sale_id: [u8; 16],
        2 label: String,
        3 content: Option<Vec<u8>>,
    }
}

pub static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(&[Sale::table(), SaleLine::table(), Product::table(), HeldSale::table()])
        .unwrap()
});

pub static NOW: AtomicI64 = AtomicI64::new(1_800_000_000_000);

pub fn runner() -> refinery::Runner {
    let file = |name, sql| refinery::Migration::unapplied(name, sql).unwrap();
    refinery::Runner::new(&[
        file("V01__sync", include_str!("../../../../migrations/sqlite/V01__sync.sql")),
        file("V02__shop", include_str!("shop.sql")),
    ])
}

pub const KEYS: KeySource = KeySource::Memory([7; 32], [9; 32]);

pub fn config(dir: &Path) -> StoreConfig {
    StoreConfig {
        dir: dir.to_path_buf(),
        keys: KEYS,
        catalogue: &CATALOGUE,
        migrations: runner,
        clock: Arc::new(|| NOW.fetch_add(1, Ordering::Relaxed)),
        after_apply: |_, _| Ok(()),
        watched: &[],
        rebuild: |db| {
            Ok(db.execute_batch(
                "delete from sold;
                 insert into sold select product_id, sum(qty) from sale_line group by product_id;",
            )?)
        },
        checked: true,
        encrypt: true,
    }
}

pub fn node() -> NewNode {
    NewNode { company: [1; 16], terminal: [2; 16], series: "T1".to_owned() }
}

pub fn create(dir: &Path) -> Store {
    Store::create(&config(dir), &node()).unwrap()
}

pub fn reopen(dir: &Path) -> Store {
    Store::open(&config(dir)).unwrap().store
}

pub fn ctx() -> WriteCtx {
    WriteCtx {
        user: Some([3; 16]),
        business_date: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
        offset_min: 420,
        scope: 5,
        at_ms: 1_800_000_000_000,
        reason: None,
    }
}

pub fn product(tx: &mut Tx<'_>, code: &str, price: i64) -> Result<ProductId, StoreError> {
    let product_id = ProductId::from_bytes(tx.new_id());
    tx.create(&Product {
        product_id,
        code: code.to_owned(),
        name: format!("Product {code}"),
        price: UnitPrice::new(price).unwrap(),
        archived: false,
    })?;
    Ok(product_id)
}

/// A sale of `lines` lines of one product.
pub fn sale(tx: &mut Tx<'_>, product_id: ProductId, lines: i64) -> Result<SaleId, StoreError> {
    let sale_id = SaleId::from_bytes(tx.new_id());
    let number = tx.next_number("sale")?;
    tx.insert(&Sale {
        sale_id,
        number: format!("{}-{number:04}", tx.series()),
        total: Money::new(1_000 * lines).unwrap(),
        sold_on: tx.ctx().business_date,
        note: None,
    })?;
    for _ in 0..lines {
        let line = SaleLine {
            sale_line_id: tx.new_id(),
            sale_id,
            product_id,
            qty: Qty::new(1_000_000).unwrap(),
        };
        tx.insert(&line)?;
    }
    Ok(sale_id)
}

/// A product and `sales` sales of two lines, each its own commit.
pub fn trade(store: &Store, sales: usize) -> ProductId {
    let made =
        store.transact::<_, StoreError>(&ctx(), "product.create", |tx| product(tx, "TEA", 25_000));
    let product_id = made.unwrap().value;
    for _ in 0..sales {
        store
            .transact::<_, StoreError>(&ctx(), "pos.complete", |tx| sale(tx, product_id, 2))
            .unwrap();
    }
    product_id
}

/// One number of a query.
pub fn count(store: &Store, sql: &str) -> i64 {
    store.read::<_, StoreError>(|db| Ok(db.query_row(sql, [], |row| row.get(0))?)).unwrap()
}

/// Every row of every synced table with its hidden columns, as text, to compare two stores.
pub fn dump(store: &Store) -> String {
    store
        .read::<_, StoreError>(|db| {
            let mut text = String::new();
            for decl in store.catalogue().decls() {
                let key = decl.columns[0].name;
                let sql = format!("select * from {} order by {key}", decl.name);
                let mut statement = db.prepare(&sql)?;
                let width = statement.column_count();
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    text.push_str(decl.name);
                    for i in 0..width {
                        text.push_str(&format!(" {:?}", row.get_ref(i)?));
                    }
                    text.push('\n');
                }
            }
            Ok(text)
        })
        .unwrap()
}

/// The database of a closed store, with nobody watching.
pub fn raw(dir: &Path) -> rusqlite::Connection {
    let db = rusqlite::Connection::open(dir.join("lumbung.db")).unwrap();
    let key = "07".repeat(32);
    db.execute_batch(&format!("pragma key = \"x'{key}'\"")).unwrap();
    db
}
