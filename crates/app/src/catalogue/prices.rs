//! The price that holds for a customer, a quantity and a day, and why it does.
//!
//! **Invariant:** every terminal that holds the same rows answers with the same price and says
//! which list it is from.

use chrono::NaiveDate;
use lumbung_domain::ids::{CustomerGroupId, PriceListId, ProductUnitId};
use lumbung_domain::num::{NumError, Qty, UnitPrice};
use lumbung_domain::pricing::{Chosen, Offer, PriceQuery, PriceScope, choose};
use rusqlite::Connection;
use uuid::Uuid;

use super::rows::{PriceListRow, PriceRow};
use super::sellable::Sellable;
use super::store;
use crate::customers;
use crate::customers::rows::CustomerRow;
use crate::error::{Result, refuse};
use crate::standing::Standing;

/// The unit of offers for the base unit, which has no row of its own.
const BASE: ProductUnitId = ProductUnitId::new(Uuid::nil());

/// The one group a question about a price is asked for: a customer is in one group at most.
const GROUP: CustomerGroupId = CustomerGroupId::new(Uuid::nil());

/// The price of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// For one of the unit.
    pub unit_price: UnitPrice,
    /// Whether tax is in it.
    pub tax_inclusive: bool,
    /// Why it is this price: for whom its list holds, and its name.
    pub source: String,
}

/// The list of the company that holds where no other does.
pub(super) fn default_list(standing: &Standing) -> Result<&PriceListRow> {
    standing
        .price_lists
        .values()
        .filter(|list| list.is_default && list.branch_id.is_none())
        .min_by_key(|list| (list.priority, list.price_list_id))
        .ok_or_else(|| {
            refuse("no_price_list", "There is no default price list: choose one under Settings.")
        })
}

/// Whether tax is in prices that are given by hand.
pub fn default_tax_inclusive(standing: &Standing) -> bool {
    default_list(standing).is_ok_and(|list| list.tax_inclusive)
}

/// A list a customer may buy by, and why.
struct Applicable<'a> {
    list: &'a PriceListRow,
    scope: PriceScope,
}

/// The lists a customer may buy by in this branch, the one that counts most first.
fn applicable<'a>(
    db: &Connection,
    standing: &'a Standing,
    customer: Option<&CustomerRow>,
) -> Result<Vec<Applicable<'a>>> {
    let own = customer.and_then(|customer| customer.price_list_id);
    let group = match customer {
        Some(customer) => customers::group_price_list(db, &customer.customer_group)?,
        None => None,
    };
    let branch = standing.branch.branch_id;
    let scope_of = |list: &PriceListRow| -> Option<PriceScope> {
        let id = Some(list.price_list_id);
        match customer {
            Some(customer) if id == own => Some(PriceScope::Customer(customer.customer_id)),
            Some(_) if id == group => Some(PriceScope::Group(GROUP)),
            _ if list.is_default && list.branch_id == Some(branch) => {
                Some(PriceScope::Branch(branch))
            }
            _ if list.is_default && list.branch_id.is_none() => Some(PriceScope::Everyone),
            _ => None,
        }
    };
    let mut lists: Vec<Applicable<'a>> = standing
        .price_lists
        .values()
        .filter(|list| list.currency == standing.company.currency)
        .filter_map(|list| Some(Applicable { list, scope: scope_of(list)? }))
        .collect();
    lists.sort_by_key(|one| (rank(&one.scope), one.list.priority, one.list.price_list_id));
    Ok(lists)
}

fn rank(scope: &PriceScope) -> u8 {
    match scope {
        PriceScope::Customer(_) => 0,
        PriceScope::Group(_) => 1,
        PriceScope::Branch(_) => 2,
        PriceScope::Everyone => 3,
    }
}

fn offers(prices: &[PriceRow], list: PriceListId, scope: PriceScope) -> Vec<Offer> {
    prices
        .iter()
        .filter(|row| row.price_list_id == list)
        .map(|row| Offer {
            price_id: row.price_id,
            price_list_id: list,
            scope,
            unit: row.product_unit_id.unwrap_or(BASE),
            min_qty: row.min_qty,
            from: row.valid_from,
            until: row.valid_to,
            unit_price: row.unit_price,
        })
        .collect()
}

/// The price of one of a unit, made of the price of the base unit.
fn for_unit(base: UnitPrice, factor: Qty) -> Result<UnitPrice, NumError> {
    const ONE: i128 = Qty::ONE.get() as i128;
    let exact = i128::from(base.get()) * i128::from(factor.get());
    // To the nearest ten-thousandth; a price and a factor are never negative.
    let rounded = (exact + ONE / 2) / ONE;
    UnitPrice::new(i64::try_from(rounded).map_err(|_| NumError::TooLarge)?)
}

/// The price of a product for a customer, a quantity and a day.
///
/// Lists are asked in the order customer, group, branch, everyone. Of each list the price of the
/// unit counts; where it has none, that of the base unit times the factor; where a variant has
/// none, that of the product it is of.
pub fn price(
    db: &Connection,
    standing: &Standing,
    sellable: &Sellable,
    customer: Option<&CustomerRow>,
    qty: Qty,
    date: NaiveDate,
) -> Result<Option<Priced>> {
    let own = store::live_prices(db, sellable.product.product_id)?;
    let parents = match sellable.product.variant_of {
        Some(parent) => store::live_prices(db, parent)?,
        None => Vec::new(),
    };
    if own.is_empty() && parents.is_empty() {
        return Ok(None);
    }
    let base_qty = qty.in_base(sellable.factor)?;
    let groups = [GROUP];
    let question = |unit, qty| PriceQuery {
        customer: customer.map(|customer| customer.customer_id),
        groups: &groups,
        branch: standing.branch.branch_id,
        date,
        unit,
        qty,
    };
    for Applicable { list, scope } in applicable(db, standing, customer)? {
        let answer = |chosen: &Chosen<'_>, unit_price| Priced {
            unit_price,
            tax_inclusive: list.tax_inclusive,
            source: format!("{}: {}", chosen.source.as_str(), list.name),
        };
        let own = offers(&own, list.price_list_id, scope);
        if let Some(unit) = sellable.product_unit_id
            && let Some(chosen) = choose(&own, &question(unit, qty))
        {
            return Ok(Some(answer(&chosen, chosen.offer.unit_price)));
        }
        let parents = offers(&parents, list.price_list_id, scope);
        let at_base = question(BASE, base_qty);
        if let Some(chosen) = choose(&own, &at_base).or_else(|| choose(&parents, &at_base)) {
            let unit_price = for_unit(chosen.offer.unit_price, sellable.factor)?;
            return Ok(Some(answer(&chosen, unit_price)));
        }
    }
    Ok(None)
}

/// The lowest price anybody could have paid for one of a product between two days: what is
/// refunded without a receipt. Prices that were replaced since count as long as they held.
pub fn lowest_price(
    db: &Connection,
    standing: &Standing,
    sellable: &Sellable,
    since: NaiveDate,
    until: NaiveDate,
) -> Result<Option<UnitPrice>> {
    let mut prices = store::prices(db, sellable.product.product_id)?;
    if let Some(parent) = sellable.product.variant_of {
        let parents = store::prices(db, parent)?;
        // A unit of the parent is not a unit of the variant.
        prices.extend(parents.into_iter().filter(|row| row.product_unit_id.is_none()));
    }
    let mut lowest = None;
    for Applicable { list, .. } in applicable(db, standing, None)? {
        for row in prices.iter().filter(|row| row.price_list_id == list.price_list_id) {
            if !held(row, since, until) {
                continue;
            }
            let unit_price = match row.product_unit_id {
                None => for_unit(row.unit_price, sellable.factor)?,
                unit if unit == sellable.product_unit_id => row.unit_price,
                Some(_) => continue,
            };
            lowest = Some(lowest.map_or(unit_price, |lowest: UnitPrice| lowest.min(unit_price)));
        }
    }
    Ok(lowest)
}

/// Whether a price held on some day between two.
fn held(price: &PriceRow, since: NaiveDate, until: NaiveDate) -> bool {
    // What was taken back without a last day, an import undone, never held.
    if price.archived && price.valid_to.is_none() {
        return false;
    }
    let from = price.valid_from.unwrap_or(NaiveDate::MIN);
    let to = price.valid_to.unwrap_or(NaiveDate::MAX);
    from <= to && from <= until && since <= to
}
