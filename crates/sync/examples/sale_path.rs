//! Measures the store alone: one sale of 19 rows, and many rows in one commit, against the same
//! inserts in bare SQLite. `cargo run --release -p lumbung-sync --example sale_path`
#![expect(clippy::unwrap_used, reason = "a measurement may panic")]
#![expect(clippy::float_arithmetic, reason = "rates are for reading, not for books")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use lumbung_domain::ids::{Id, ProductId, SaleId};
use lumbung_domain::num::{Money, Qty};
use lumbung_sync::{Store, StoreError, Tx, WriteCtx};
use support::{Sale, SaleLine, config, ctx, node};

const SALES: usize = 2_000;
const BULK_COMMITS: usize = 40;
const BULK_SALES: usize = 200;

fn sale(tx: &mut Tx<'_>, lines: usize) -> Result<(), StoreError> {
    let sale_id = SaleId::from_bytes(tx.new_id());
    let number = tx.next_number("sale")?;
    tx.insert(&Sale {
        sale_id,
        number: format!("{}-{number:06}", tx.series()),
        total: Money::new(125_000).unwrap(),
        sold_on: tx.ctx().business_date,
        note: None,
    })?;
    for n in 0..lines {
        tx.insert(&SaleLine {
            sale_line_id: tx.new_id(),
            sale_id,
            product_id: ProductId::from_bytes([n as u8; 16]),
            qty: Qty::new(1_000_000).unwrap(),
        })?;
    }
    Ok(())
}

fn cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: u64 = text
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

fn measure(encrypt: bool) {
    let dir = tempfile::tempdir().unwrap();
    let mut cfg = config(dir.path());
    (cfg.checked, cfg.encrypt) = (false, encrypt);
    let store = Store::create(&cfg, &node()).unwrap();
    let ctx: WriteCtx = ctx();
    let (start, before) = (Instant::now(), cpu());
    for _ in 0..SALES {
        store.transact::<_, StoreError>(&ctx, "pos.complete", |tx| sale(tx, 18)).unwrap();
    }
    println!(
        "encrypted {encrypt}: sale of 19 rows: {:?} wall, {:?} cpu",
        start.elapsed() / SALES as u32,
        (cpu() - before) / SALES as u32
    );
    let start = Instant::now();
    for _ in 0..BULK_COMMITS {
        store
            .transact::<_, StoreError>(&ctx, "import", |tx| {
                (0..BULK_SALES).try_for_each(|_| sale(tx, 18))
            })
            .unwrap();
    }
    let rows = (BULK_COMMITS * BULK_SALES * 19) as f64;
    println!("encrypted {encrypt}: bulk: {:.0} rows/s", rows / start.elapsed().as_secs_f64());
    bare(&dir, encrypt);
}

/// The same rows by hand, in the same database settings.
fn bare(dir: &tempfile::TempDir, encrypt: bool) {
    let db = rusqlite::Connection::open(dir.path().join("bare.db")).unwrap();
    if encrypt {
        db.execute_batch(&format!("pragma key = \"x'{}'\"", "07".repeat(32))).unwrap();
    }
    db.execute_batch("pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-65536;")
        .unwrap();
    db.execute_batch(include_str!("../tests/support/shop.sql")).unwrap();
    let mut key: u128 = 1 << 100;
    let mut next = || {
        key += 1 << 32;
        key.to_be_bytes()
    };
    let mut run = |sales: usize, per: usize| {
        let start = Instant::now();
        for _ in 0..sales {
            db.prepare_cached("begin immediate").unwrap().execute([]).unwrap();
            for _ in 0..per {
                let sale = next();
                db.prepare_cached(
                    "insert into sale values (?1, 'T1-000001', 1, '2026-11-20', null, 5, 0)",
                )
                .unwrap()
                .execute([sale])
                .unwrap();
                for n in 0..18_u8 {
                    db.prepare_cached("insert into sale_line values (?1, ?2, ?3, 1000000, 5, 0)")
                        .unwrap()
                        .execute((next(), sale, [n; 16]))
                        .unwrap();
                }
            }
            db.prepare_cached("commit").unwrap().execute([]).unwrap();
        }
        start.elapsed()
    };
    let before = cpu();
    let wall = run(SALES, 1) / SALES as u32;
    let spent = (cpu() - before) / SALES as u32;
    println!("encrypted {encrypt}: bare sale: {wall:?} wall, {spent:?} cpu");
    let rows = (BULK_COMMITS * BULK_SALES * 19) as f64;
    let spent = run(BULK_COMMITS, BULK_SALES).as_secs_f64();
    println!("encrypted {encrypt}: bare bulk: {:.0} rows/s", rows / spent);
}

fn main() {
    measure(true);
    measure(false);
}
