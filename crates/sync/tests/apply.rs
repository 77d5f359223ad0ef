//! What a store wrote, applied elsewhere, gives the same rows, in whatever order it comes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use lumbung_domain::ids::{Id, ProductId};
use lumbung_domain::num::UnitPrice;
use lumbung_sync::{
    Catalogue, Committed, Store, StoreConfig, StoreError, Synced, salvage, synced, verify,
};
use proptest::prelude::*;
use support::{HeldSale, KEYS, Product, config, create, ctx, dump, node, product, sale, trade};

/// One action of a shop.
#[derive(Debug, Clone)]
enum Act {
    Product(i64),
    Price(usize, i64),
    Rename(usize, String),
    Archive(usize, bool),
    Sell(usize, i64),
    Hold(u8, String),
    Recall(u8),
    Fail(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let which = 0..4_usize;
    let act = prop_oneof![
        (1..100_000_i64).prop_map(Act::Product),
        (which.clone(), 1..5_i64).prop_map(|(p, price)| Act::Price(p, price)),
        (which.clone(), "[a-c]{0,2}").prop_map(|(p, name)| Act::Rename(p, name)),
        (which.clone(), any::<bool>()).prop_map(|(p, archived)| Act::Archive(p, archived)),
        (which.clone(), 1..4_i64).prop_map(|(p, lines)| Act::Sell(p, lines)),
        (0..3_u8, "[a-c]{0,2}").prop_map(|(key, label)| Act::Hold(key, label)),
        (0..3_u8).prop_map(Act::Recall),
        which.prop_map(Act::Fail),
    ];
    prop::collection::vec(act, 1..25)
}

fn run(store: &Store, acts: &[Act]) {
    let mut products: Vec<ProductId> = Vec::new();
    let pick = |products: &[ProductId], n: usize| products.get(n % products.len().max(1)).copied();
    for act in acts {
        let done = store.transact::<Option<ProductId>, StoreError>(&ctx(), "act", |tx| {
            let none = |done: Result<(), StoreError>| done.map(|()| None);
            match act {
                Act::Product(price) => product(tx, "P", *price).map(Some),
                Act::Hold(key, label) => none(tx.save_draft(&HeldSale {
                    held_sale_id: [*key; 16],
                    label: label.clone(),
                    content: None,
                })),
                Act::Recall(key) => none(tx.drop_draft::<HeldSale, _>([*key; 16])),
                Act::Price(n, _)
                | Act::Rename(n, _)
                | Act::Archive(n, _)
                | Act::Sell(n, _)
                | Act::Fail(n) => {
                    let Some(id) = pick(&products, *n) else { return Ok(None) };
                    match act {
                        Act::Price(_, price) => none(tx.patch(id, Product::PRICING, |p| {
                            p.price = UnitPrice::new(*price).unwrap();
                        })),
                        Act::Rename(_, name) => {
                            none(tx.patch(id, Product::NAMING, |p| p.name = name.clone()))
                        }
                        Act::Archive(_, archived) => {
                            none(tx.patch(id, Product::ARCHIVED, |p| p.archived = *archived))
                        }
                        Act::Sell(_, lines) => none(sale(tx, id, *lines).map(|_| ())),
                        _ => {
                            sale(tx, id, 1)?;
                            Err(StoreError::Cancelled)
                        }
                    }
                }
            }
        });
        match done {
            Ok(Committed { value: Some(id), .. }) => products.push(id),
            Ok(_) => {}
            // A draft that is not there, or the action that was to fail.
            Err(StoreError::NoRow { .. } | StoreError::Cancelled) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

fn assert_clean(store: &Store) {
    let report = verify::chain(store, &mut |_, _| {}, &|| false).unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
}

fn bring_out(dir: &Path) -> std::path::PathBuf {
    salvage::salvage(dir, &KEYS, 1_800_000_000_000, &mut |_| {}, &|| false).unwrap().file
}

/// Everything derived from the commits, besides the synced rows.
fn derived(store: &Store) -> (Vec<String>, Vec<String>) {
    let lines = |sql: &str| {
        store
            .read::<Vec<String>, StoreError>(|db| {
                let mut statement = db.prepare(sql)?;
                let lines = statement.query_map([], |row| row.get(0))?;
                Ok(lines.collect::<rusqlite::Result<_>>()?)
            })
            .unwrap()
    };
    (
        lines(
            "select concat_ws(' ', hex(origin), ctr, at_ms, hex(user), kind, tbl, hex(key), grp,
                before, after) from audit_change order by audit_id",
        ),
        lines("select hex(product_id) || ' ' || qty from sold order by product_id"),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_store_rebuilt_from_its_commits_is_byte_for_byte_the_same(acts in acts()) {
        let dir = tempfile::tempdir().unwrap();
        let store = create(dir.path());
        run(&store, &acts);
        assert_clean(&store);
        let (rows, rest) = (dump(&store), derived(&store));
        drop(store);
        let file = bring_out(dir.path());
        let fresh = tempfile::tempdir().unwrap();
        let rebuilt = create(fresh.path());
        salvage::apply(&rebuilt, &file).unwrap();
        prop_assert_eq!(dump(&rebuilt), rows);
        prop_assert_eq!(derived(&rebuilt), rest);
        assert_clean(&rebuilt);
    }
}

#[test]
fn two_tills_that_changed_the_same_products_agree_once_they_have_met() {
    let first_dir = tempfile::tempdir().unwrap();
    let store = create(first_dir.path());
    let product_id = trade(&store, 1);
    drop(store);
    let second_dir = tempfile::tempdir().unwrap();
    for file in ["lumbung.db", "node.json", "guard"] {
        fs::copy(first_dir.path().join(file), second_dir.path().join(file)).unwrap();
    }
    let price = |store: &Store, price: i64| {
        store
            .transact::<_, StoreError>(&ctx(), "price", |tx| {
                tx.patch(product_id, Product::PRICING, |p| p.price = UnitPrice::new(price).unwrap())
            })
            .unwrap();
    };
    let name = |store: &Store, name: &str| {
        store
            .transact::<_, StoreError>(&ctx(), "name", |tx| {
                tx.patch(product_id, Product::NAMING, |p| p.name = name.to_owned())
            })
            .unwrap();
    };
    let first = support::reopen(first_dir.path());
    let second = support::reopen(second_dir.path());
    assert_ne!(first.head().origin, second.head().origin);
    price(&first, 1);
    name(&second, "second");
    price(&second, 2);
    name(&first, "first");
    trade(&first, 2);
    trade(&second, 2);
    drop((first, second));
    let (of_first, of_second) = (bring_out(first_dir.path()), bring_out(second_dir.path()));
    let first = support::reopen(first_dir.path());
    let second = support::reopen(second_dir.path());
    // The first till is still open under its origin: at the second its commits follow on.
    salvage::apply(&first, &of_second).unwrap();
    salvage::apply(&second, &of_first).unwrap();
    assert_eq!(dump(&first), dump(&second));
    let held = first
        .transact::<Option<Product>, StoreError>(&ctx(), "look", |tx| tx.load(product_id))
        .unwrap();
    let held = held.value.unwrap();
    assert_eq!((held.price.get(), held.name.as_str()), (2, "first"));
    assert_clean(&first);
    assert_clean(&second);
}

synced! {
    /// A table that only a newer version knows.
    pub fact Voucher in "voucher" tag 50 scope company {
        1 voucher_id: [u8; 16],
        2 amount: i64,
    }
}

static NEWER: LazyLock<Catalogue> = LazyLock::new(|| {
    let known: Vec<_> = support::CATALOGUE.decls().chain([Voucher::table()]).collect();
    Catalogue::new(&known).unwrap()
});

fn newer_runner() -> refinery::Runner {
    let mut known = support::runner().get_migrations().clone();
    let sql = "create table voucher (voucher_id blob primary key, amount integer not null,
        scope integer not null, _seq integer not null default 0) strict;";
    known.push(refinery::Migration::unapplied("V03__voucher", sql).unwrap());
    refinery::Runner::new(&known)
}

fn newer(dir: &Path) -> StoreConfig {
    StoreConfig { catalogue: &NEWER, migrations: newer_runner, ..config(dir) }
}

#[test]
fn a_commit_of_a_newer_version_waits_for_the_upgrade_and_stops_nothing() {
    let there = tempfile::tempdir().unwrap();
    let store = Store::create(&newer(there.path()), &node()).unwrap();
    let product_id = trade(&store, 1);
    store
        .transact::<_, StoreError>(&ctx(), "voucher", |tx| {
            tx.insert(&Voucher { voucher_id: tx.new_id(), amount: 50_000 })
        })
        .unwrap();
    store.transact(&ctx(), "pos.complete", |tx| sale(tx, product_id, 1)).unwrap();
    drop(store);
    let file = bring_out(there.path());

    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let applied = salvage::apply(&store, &file).unwrap();
    assert_eq!((applied.added, applied.deferred), (4, 1));
    assert_eq!(support::count(&store, "select count(*) from sale"), 2);
    let report = verify::chain(&store, &mut |_, _| {}, &|| false).unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    assert_eq!(report.deferred, 1);
    drop(store);

    let opened = Store::open(&newer(dir.path())).unwrap();
    assert_eq!(opened.report.migrated, Some((2, 3)));
    assert_eq!(support::count(&opened.store, "select sum(amount) from voucher"), 50_000);
    assert_clean(&opened.store);
    let kept = lumbung_sync::backup::list_of(dir.path()).unwrap();
    assert_eq!(kept.len(), 1, "the data was kept as it was before the migration");
    assert_eq!(kept[0].manifest.schema, 2);
    drop(opened);
    let refused = Store::open(&config(dir.path()));
    assert!(matches!(refused, Err(StoreError::Newer { found: 3, known: 2 })), "{refused:?}");
}

#[test]
fn a_commit_of_an_older_version_leaves_new_columns_at_their_default() {
    let there = tempfile::tempdir().unwrap();
    let store = create(there.path());
    let product_id = trade(&store, 2);
    store
        .transact::<_, StoreError>(&ctx(), "price", |tx| {
            tx.patch(product_id, Product::PRICING, |p| p.price = UnitPrice::new(7).unwrap())
        })
        .unwrap();
    drop(store);
    let file = bring_out(there.path());

    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&wider(dir.path()), &node()).unwrap();
    let applied = salvage::apply(&store, &file).unwrap();
    assert_eq!((applied.added, applied.deferred), (4, 0));
    store.check_catalogue().unwrap();
    let sql = "select count(*) from sale where tip = 0 and cashier is null";
    assert_eq!(support::count(&store, sql), 2);
    let sql = "select count(*) from product where price = 7 and currency = 'IDR'";
    assert_eq!(support::count(&store, sql), 1);
    assert_clean(&store);
}

/// The shop one version later: two tables have more columns.
mod later {
    use super::*;
    use lumbung_domain::ids::SaleId;
    use lumbung_domain::num::Money;

    synced! {
        /// A sale.
        pub fact Sale in "sale" tag 30 scope branch {
            1 sale_id: SaleId,
            2 number: String,
            6 tip: Money,
            3 total: Money,
            4 sold_on: chrono::NaiveDate,
            5 note: Option<String>,
            7 cashier: Option<String>,
        }
    }

    synced! {
        /// A product.
        pub master Product in "product" tag 10 scope company {
            1 product_id: ProductId;
            NAMING 1 { 2 code: String, 3 name: String }
            PRICING 2 { 4 price: UnitPrice, 6 currency: String }
            ARCHIVED 3 { 5 archived: bool }
        }
    }
}

static WIDER: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(&[
        later::Sale::table(),
        support::SaleLine::table(),
        later::Product::table(),
        HeldSale::table(),
    ])
    .unwrap()
});

fn wider_runner() -> refinery::Runner {
    let mut known = support::runner().get_migrations().clone();
    let sql = "alter table sale add column tip integer not null default 0;
        alter table sale add column cashier text;
        alter table product add column currency text not null default 'IDR';";
    known.push(refinery::Migration::unapplied("V03__wider", sql).unwrap());
    refinery::Runner::new(&known)
}

fn wider(dir: &Path) -> StoreConfig {
    StoreConfig { catalogue: &WIDER, migrations: wider_runner, ..config(dir) }
}

#[test]
fn data_of_an_older_version_is_still_clean_after_the_upgrade() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 2);
    drop(store);
    let store = Store::open(&wider(dir.path())).unwrap().store;
    assert_clean(&store);
    store
        .transact::<_, StoreError>(&ctx(), "price", |tx| {
            tx.patch(product_id, later::Product::PRICING, |p| p.currency = "KES".to_owned())
        })
        .unwrap();
    assert_clean(&store);
    assert_eq!(ProductId::from_bytes(product_id.bytes()), product_id);
}
