//! A shop with a past: products and sales in bulk, through the same rows and commits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use lumbung_app::catalogue::{NewBarcode, NewPrice, NewProduct, create_product};
use lumbung_app::door::Write;
use lumbung_app::finance::rows::{JournalEntryRow, JournalLineRow};
use lumbung_app::inventory::rows::StockMoveRow;
use lumbung_app::pos::rows::{SaleLineRow, SaleRow, SaleTenderRow};
use lumbung_app::standing::Standing;
use lumbung_app::{Actor, App, Result};
use lumbung_domain::ids::{ProductId, SaleId};
use lumbung_domain::journal::PostingKey;
use lumbung_domain::num::{Money, Qty, Rate, UnitPrice};

use crate::figures::say;
use crate::measure::cpu_now;

/// Rows of one commit in bulk.
const BATCH: usize = 500;

/// A small generator with a seed, so that a run can be run again.
pub struct Random(u64);

impl Random {
    /// Starts at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

const FIRST: [&str; 20] = [
    "Kopi", "Teh", "Gula", "Beras", "Minyak", "Sabun", "Sampo", "Susu", "Roti", "Mie", "Kecap",
    "Sambal", "Tepung", "Garam", "Telur", "Keju", "Biskuit", "Permen", "Cokelat", "Sirup",
];
const SECOND: [&str; 20] = [
    "hitam", "putih", "manis", "pedas", "asli", "murni", "segar", "instan", "super", "mini",
    "jumbo", "keluarga", "hemat", "premium", "kampung", "merah", "hijau", "biru", "emas", "perak",
];

/// The name of the n-th product.
pub fn name_of(n: usize) -> String {
    let (first, second) = (FIRST[n % 20], SECOND[n / 20 % 20]);
    format!("{first} {second} {} gr", 10 + n / 400)
}

/// The barcode of the n-th product, with its check digit.
pub fn barcode_of(n: usize) -> String {
    let body = format!("899{n:09}");
    let sum: u32 = body
        .bytes()
        .enumerate()
        .map(|(at, digit)| u32::from(digit - b'0') * if at % 2 == 0 { 1 } else { 3 })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Makes products in bulk.
pub fn products(app: &App, count: usize) {
    let operator = Arc::new(Actor::operator());
    let standing = app.standing().expect("a company");
    let tax = standing.tax_classes.keys().min().copied().expect("a tax class");
    let list = standing.price_lists.keys().min().copied().expect("a price list");
    for from in (0..count).step_by(BATCH) {
        let made = app.write(&operator, None, "bench.products", |write| {
            for n in from..count.min(from + BATCH) {
                let mut new = NewProduct::new(format!("P{n:06}"), name_of(n), "pcs", tax);
                new.last_cost = UnitPrice::of(50_000_000);
                new.barcodes = vec![NewBarcode { code: barcode_of(n), unit: None }];
                new.prices = vec![NewPrice {
                    price_list_id: list,
                    unit: None,
                    min_qty: Qty::ZERO,
                    unit_price: UnitPrice::of(70_000_000 + 1_000_000 * (n as i64 % 90)),
                    valid_from: None,
                    valid_to: None,
                }];
                create_product(write, new)?;
            }
            Ok(())
        });
        made.expect("products");
    }
}

/// How many sales are made between two figures of how fast it goes.
const STRETCH: usize = 100_000;

/// Makes sales of five lines in bulk: the same rows as `pos.complete` writes.
pub struct Past {
    ids: Vec<ProductId>,
    random: Random,
    made: usize,
}

impl Past {
    /// Nothing yet, of a shop with products.
    pub fn new(app: &App) -> Self {
        let ids = app
            .store()
            .expect("open")
            .read(|db| lumbung_app::catalogue::store::live_products_after(db, None, u32::MAX))
            .expect("products")
            .into_iter()
            .map(|row| row.product_id)
            .collect();
        Self { ids, random: Random::new(5), made: 0 }
    }

    /// Goes on until so many sales are made; tells of every stretch how long it took.
    pub fn grow(
        &mut self,
        app: &App,
        sales: usize,
        mut told: impl FnMut(usize, usize, Duration, Duration),
    ) {
        let operator = Arc::new(Actor::operator());
        let standing = app.standing().expect("a company");
        while self.made < sales {
            let (wall, cpu, from) = (Instant::now(), cpu_now(), self.made);
            let end = sales.min(from + STRETCH);
            while self.made < end {
                let to = end.min(self.made + BATCH);
                let done = app.write(&operator, None, "bench.sales", |write| {
                    for n in self.made..to {
                        sale(write, &standing, &self.ids, &mut self.random, n)?;
                    }
                    Ok(())
                });
                done.expect("sales");
                self.made = to;
            }
            let took = wall.elapsed();
            say(&format!("{end} sales, the last {} in {took:.1?}", end - from));
            told(from, end, took, cpu_now().saturating_sub(cpu));
        }
    }
}

fn sale(
    write: &mut Write<'_, '_>,
    standing: &Standing,
    ids: &[ProductId],
    random: &mut Random,
    n: usize,
) -> Result<()> {
    let sale_id: SaleId = write.id();
    let date = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date")
        + chrono::Days::new(u64::try_from(n / 1_500).unwrap_or(0));
    let (price, total) = (UnitPrice::of(70_000_000), Money::of(35_000));
    write.tx.insert(&SaleRow {
        sale_id,
        number: format!("JKT-T9-24-S{n:06}"),
        kind: "sale".to_owned(),
        session_id: None,
        terminal_id: standing.terminal.terminal_id,
        cashier_id: None,
        customer_id: None,
        business_date: date,
        sold_at: write.now_ms,
        offset_min: 420,
        currency: "IDR".to_owned(),
        gross: total,
        discount: Money::ZERO,
        net: Money::of(31_532),
        tax: Money::of(3_468),
        total,
        rounding: Money::ZERO,
        change: Money::ZERO,
        original_sale_id: None,
        source_number: String::new(),
        reason: String::new(),
        note: String::new(),
        import_id: None,
    })?;
    for line_no in 1..=5 {
        let product_id = ids[random.below(ids.len())];
        line(write, standing, sale_id, line_no, product_id, price, date)?;
    }
    let tender_id = write.id();
    write.tx.insert(&SaleTenderRow {
        tender_id,
        sale_id,
        kind: "card".to_owned(),
        amount: total,
        tendered: total,
        reference: "1".to_owned(),
        store_credit_id: None,
    })?;
    entry(write, standing, sale_id, date, n)
}

fn entry(
    write: &mut Write<'_, '_>,
    standing: &Standing,
    sale_id: SaleId,
    date: NaiveDate,
    n: usize,
) -> Result<()> {
    let entry_id = write.id();
    write.tx.insert(&JournalEntryRow {
        entry_id,
        entry_date: date,
        doc_kind: "sale".to_owned(),
        doc_id: sale_id.uuid(),
        doc_number: format!("JKT-T9-24-S{n:06}"),
        memo: String::new(),
        currency: "IDR".to_owned(),
        posted_at: write.now_ms,
    })?;
    for (key, amount) in [
        (PostingKey::CardClearing, 35_000),
        (PostingKey::Revenue, -31_532),
        (PostingKey::TaxOutput, -3_468),
        (PostingKey::CostOfGoods, 25_000),
        (PostingKey::Inventory, -25_000),
    ] {
        let line_id = write.id();
        write.tx.insert(&JournalLineRow {
            line_id,
            entry_id,
            account_id: standing.account(key)?,
            entry_date: date,
            amount: Money::of(amount),
            partner_id: None,
        })?;
    }
    Ok(())
}

fn line(
    write: &mut Write<'_, '_>,
    standing: &Standing,
    sale_id: SaleId,
    line_no: i64,
    product_id: ProductId,
    price: UnitPrice,
    date: NaiveDate,
) -> Result<()> {
    let line_id = write.id();
    let tax_class_id = *standing.tax_classes.keys().min().expect("a tax class");
    write.tx.insert(&SaleLineRow {
        line_id,
        sale_id,
        line_no,
        product_id,
        product_unit_id: None,
        code: "P000001".to_owned(),
        name: "Kopi hitam 10 gr".to_owned(),
        unit: "pcs".to_owned(),
        qty: Qty::ONE,
        base_qty: Qty::ONE,
        unit_price: price,
        list_price: price,
        price_source: "default".to_owned(),
        gross: Money::of(7_000),
        line_discount: Money::ZERO,
        ticket_discount: Money::ZERO,
        net: Money::of(6_306),
        tax: Money::of(694),
        total: Money::of(7_000),
        tax_class_id,
        tax_code: "A".to_owned(),
        tax_rate: Rate::of(110_000),
        tax_inclusive: true,
        cost: Money::of(5_000),
        returned_line_id: None,
        disposition: String::new(),
        serial: String::new(),
        reason: String::new(),
        note: String::new(),
    })?;
    let stock_move_id = write.id();
    write.tx.insert(&StockMoveRow {
        stock_move_id,
        product_id,
        location_id: standing.location.location_id,
        status: "sellable".to_owned(),
        qty: Qty::of(-1_000_000),
        value: Money::of(-5_000),
        doc_kind: "sale".to_owned(),
        doc_id: sale_id.uuid(),
        doc_line_id: Some(line_id),
        reason: String::new(),
        business_date: date,
        moved_at: write.now_ms,
        moved_by: None,
    })?;
    Ok(())
}
