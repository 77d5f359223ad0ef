//! The prices of one product by what they are for: setting one, replacing one, ending one.
//!
//! **Invariant:** a price that was replaced or ended stays, with the last day it held.

use chrono::NaiveDate;
use lumbung_domain::ids::{PriceListId, ProductId, ProductUnitId};
use lumbung_domain::num::{Qty, UnitPrice};
use rusqlite::Connection;

use super::change::named_units;
use super::checks::{PRICES_MAX, check_break, check_price, unit_named};
use super::details::PriceDetails;
use super::prices::default_list;
use super::rows::PriceRow;
use super::store;
use crate::door::Write;
use crate::error::{Result, refuse_field};

/// What a price is for: one list, one unit, from one quantity on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// The list.
    pub list: PriceListId,
    /// The unit; absent for the base unit.
    pub unit: Option<ProductUnitId>,
    /// From which quantity on.
    pub min_qty: Qty,
}

impl Slot {
    /// What a price is for.
    pub fn of(price: &PriceRow) -> Self {
        Self { list: price.price_list_id, unit: price.product_unit_id, min_qty: price.min_qty }
    }
}

/// Prices that hold today and have no end: those a product form shows.
fn standing_prices(
    db: &Connection,
    product_id: ProductId,
    list: PriceListId,
    today: NaiveDate,
) -> Result<Vec<PriceRow>> {
    let mut rows = store::live_prices(db, product_id)?;
    rows.retain(|row| row.price_list_id == list && row.valid_to.is_none() && holds(row, today));
    // Two terminals may have set one while apart, and one with a first day follows one without:
    // the last is the one that counts.
    rows.sort_by_key(|row| (row.valid_from, row.price_id));
    Ok(rows)
}

/// The one price of each slot that a product form shows.
pub(super) fn shown_prices(
    db: &Connection,
    product_id: ProductId,
    list: PriceListId,
    today: NaiveDate,
) -> Result<Vec<PriceRow>> {
    let mut shown: Vec<PriceRow> = Vec::new();
    for row in standing_prices(db, product_id, list, today)? {
        shown.retain(|other| Slot::of(other) != Slot::of(&row));
        shown.push(row);
    }
    shown.sort_by_key(|row| (row.product_unit_id, row.min_qty));
    Ok(shown)
}

/// Brings the prices of a product in the default list in line with a form.
pub(super) fn change_prices(
    write: &mut Write<'_, '_>,
    product_id: ProductId,
    base: &str,
    wanted: &[PriceDetails],
) -> Result<()> {
    let list = match default_list(&write.standing) {
        Ok(list) => list.price_list_id,
        Err(_) if wanted.is_empty() => return Ok(()),
        Err(error) => return Err(error),
    };
    let units = named_units(write.db(), product_id)?;
    let mut slots = Vec::with_capacity(wanted.len());
    for price in wanted {
        let unit = unit_named(&units, base, price.unit.as_deref())?;
        let slot = Slot { list, unit, min_qty: price.min_qty };
        set_price(write, product_id, &slot, price.unit_price)?;
        slots.push(slot);
    }
    let today = write.business_date;
    for row in standing_prices(write.db(), product_id, list, today)? {
        if !slots.contains(&Slot::of(&row)) {
            end_price(write, &row)?;
        }
    }
    Ok(())
}

/// Makes a price hold from now on, in place of what held for the same slot.
///
/// It has no first day: a till whose business date is still yesterday's takes it at once too.
pub(super) fn set_price(
    write: &mut Write<'_, '_>,
    product_id: ProductId,
    slot: &Slot,
    unit_price: UnitPrice,
) -> Result<()> {
    let today = write.business_date;
    let mut rows = standing_prices(write.db(), product_id, slot.list, today)?;
    rows.retain(|row| Slot::of(row) == *slot);
    if rows.last().is_some_and(|current| current.unit_price == unit_price) {
        return Ok(());
    }
    for row in rows {
        end_price(write, &row)?;
    }
    let price_id = write.id();
    write.tx.create(&PriceRow {
        price_id,
        price_list_id: slot.list,
        product_id,
        product_unit_id: slot.unit,
        min_qty: slot.min_qty,
        unit_price,
        valid_from: None,
        valid_to: None,
        archived: false,
        import_id: None,
    })?;
    Ok(())
}

/// Ends a price today. It stays as history: what it was is what a return without a receipt asks.
/// One that never began ends before its first day.
pub(super) fn end_price(write: &mut Write<'_, '_>, price: &PriceRow) -> Result<()> {
    let today = write.business_date;
    write.tx.patch(price.price_id, PriceRow::TERMS, |row| {
        row.valid_to = Some(row.valid_to.map_or(today, |to| to.min(today)));
    })?;
    write.tx.patch(price.price_id, PriceRow::ARCHIVED, |row| row.archived = true)?;
    Ok(())
}

/// Whether a price holds on a day.
fn holds(price: &PriceRow, day: NaiveDate) -> bool {
    price.valid_from.is_none_or(|from| from <= day) && price.valid_to.is_none_or(|to| day <= to)
}

/// Refuses prices that no till can take, or two for the same thing.
pub(super) fn check_prices<'a>(
    base: &str,
    prices: impl Iterator<Item = &'a PriceDetails>,
) -> Result<()> {
    let mut seen = Vec::new();
    for price in prices {
        check_price("prices", price.unit_price)?;
        check_break("prices", price.min_qty)?;
        let unit = price.unit.as_deref().unwrap_or(base);
        if seen.contains(&(unit, price.min_qty)) {
            return Err(refuse_field!(
                "prices",
                "price_twice",
                "There are two prices for the {unit} from {qty} on.",
                unit = unit,
                qty = price.min_qty
            ));
        }
        seen.push((unit, price.min_qty));
        if seen.len() > PRICES_MAX {
            return Err(refuse_field!(
                "prices",
                "too_many_prices",
                "A product has at most {limit} prices in one list.",
                limit = PRICES_MAX
            ));
        }
    }
    Ok(())
}
