//! Price lists and the prices in them, as the back office keeps them.
//!
//! **Invariant:** there is one default list of the whole company in its own currency, and a price
//! that was replaced stays as history.

use chrono::NaiveDate;
use lumbung_domain::ids::{BranchId, PriceId, PriceListId, ProductId, ProductUnitId};
use lumbung_domain::num::{Qty, UnitPrice};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::checks::{check_break, check_name, check_period, check_price};
use super::products::display_name;
use super::rows::{PriceListRow, PriceRow};
use super::slots::{Slot, end_price};
use super::store;
use crate::company;
use crate::door::{Nothing, Read, Write};
use crate::error::{Refusal, Result, not_found, refuse_field};

/// Most price lists.
const LISTS_MAX: usize = 200;

/// Largest number a list can be ranked by.
const PRIORITY_MAX: i64 = 10_000;

/// Prices of a list on one page.
const PRICES_PAGE: u32 = 500;

/// A price list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PriceList {
    /// The list; left out for a new one.
    #[ts(optional = nullable)]
    pub price_list_id: Option<PriceListId>,
    /// Its name.
    pub name: String,
    /// Whether tax is in its prices.
    pub tax_inclusive: bool,
    /// Of two lists of the same standing the one with the smaller number wins.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub priority: i64,
    /// Holds for everybody; without it only for customers and groups that were given it.
    pub is_default: bool,
    /// Only in this branch; left out for all.
    #[ts(optional = nullable)]
    pub branch_id: Option<BranchId>,
    /// No longer used.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub archived: bool,
}

/// Every price list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PriceLists {
    /// The default ones first, then by priority and name.
    pub price_lists: Vec<PriceList>,
    /// The currency of all of them.
    pub currency: String,
}

/// Names a price list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PriceListRef {
    /// The list.
    pub price_list_id: PriceListId,
}

/// `catalogue.price_lists`: every price list.
pub fn price_lists(read: &Read<'_>, _: Nothing) -> Result<PriceLists> {
    let price_lists = store::price_lists(read.db)?
        .into_iter()
        .map(|row| PriceList {
            price_list_id: Some(row.price_list_id),
            name: row.name,
            tax_inclusive: row.tax_inclusive,
            priority: row.priority,
            is_default: row.is_default,
            branch_id: row.branch_id,
            archived: row.archived,
        })
        .collect();
    Ok(PriceLists { price_lists, currency: read.standing.company.currency.clone() })
}

/// `catalogue.save_price_list`: a new price list, or changes to one.
pub fn save_price_list(write: &mut Write<'_, '_>, given: PriceList) -> Result<PriceListRef> {
    let name = given.name.trim().to_owned();
    check_name("name", &name)?;
    let all = store::price_lists(write.db())?;
    check_list(write.db(), &all, &given, &name)?;
    let row = PriceListRow {
        price_list_id: given.price_list_id.unwrap_or_else(|| write.id()),
        name,
        currency: write.standing.company.currency.clone(),
        tax_inclusive: given.tax_inclusive,
        priority: given.priority,
        is_default: given.is_default,
        branch_id: given.branch_id,
        archived: given.archived,
    };
    let price_list_id = row.price_list_id;
    if given.price_list_id.is_none() {
        write.tx.create(&row)?;
        return Ok(PriceListRef { price_list_id });
    }
    if !all.iter().any(|row| row.price_list_id == price_list_id) {
        return Err(not_found("The price list"));
    }
    write.tx.patch(price_list_id, PriceListRow::TERMS, |old| {
        *old = PriceListRow { archived: old.archived, currency: old.currency.clone(), ..row };
    })?;
    write.tx.patch(price_list_id, PriceListRow::ARCHIVED, |old| old.archived = given.archived)?;
    Ok(PriceListRef { price_list_id })
}

/// Refuses a list of a taken name or a missing branch, and one that would leave no default.
fn check_list(db: &Connection, all: &[PriceListRow], given: &PriceList, name: &str) -> Result<()> {
    if given.price_list_id.is_none() && all.len() >= LISTS_MAX {
        return Err(refuse_field!(
            "name",
            "too_many_price_lists",
            "There are {limit} price lists already.",
            limit = LISTS_MAX
        ));
    }
    if !(0..=PRIORITY_MAX).contains(&given.priority) {
        return Err(refuse_field!(
            "priority",
            "priority_range",
            "A priority is a number from 0 to {limit}.",
            limit = PRIORITY_MAX
        ));
    }
    if let Some(branch_id) = given.branch_id {
        match company::store::branch(db, branch_id)? {
            Some(branch) if !branch.archived => {}
            _ => {
                return Err(refuse_field!(
                    "branch_id",
                    "choose_branch",
                    "Choose a branch that is in use."
                ));
            }
        }
    }
    let others =
        || all.iter().filter(|row| !row.archived && Some(row.price_list_id) != given.price_list_id);
    if !given.archived && others().any(|row| row.name.to_lowercase() == name.to_lowercase()) {
        return Err(refuse_field!(
            "name",
            "price_list_twice",
            "There is a price list {name} already.",
            name = name
        ));
    }
    let holds_everywhere = given.is_default && given.branch_id.is_none() && !given.archived;
    if holds_everywhere {
        if let Some(other) = others().find(|row| row.is_default && row.branch_id.is_none()) {
            return Err(refuse_field!(
                "is_default",
                "default_list_taken",
                "{name} is the default list of the company already: there is only one.",
                name = other.name
            ));
        }
    } else if !others().any(|row| row.is_default && row.branch_id.is_none()) {
        return Err(refuse_field!(
            "is_default",
            "default_list_needed",
            "The company needs a default price list that holds in every branch."
        ));
    }
    Ok(())
}

/// Arguments of `catalogue.prices`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PricesQuery {
    /// The list.
    pub price_list_id: PriceListId,
    /// Where the last page ended.
    #[ts(optional = nullable)]
    pub after: Option<PriceId>,
}

/// One price of a list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ListedPrice {
    /// The price.
    pub price_id: PriceId,
    /// The product.
    pub product_id: ProductId,
    /// Its code.
    pub code: String,
    /// Its name, with what tells a variant apart.
    pub name: String,
    /// The unit; absent for the base unit.
    pub product_unit_id: Option<ProductUnitId>,
    /// The name of the unit.
    pub unit: String,
    /// From which quantity on.
    pub min_qty: Qty,
    /// For one.
    pub unit_price: UnitPrice,
    /// First day it holds.
    #[ts(type = "string | null")]
    pub valid_from: Option<NaiveDate>,
    /// Last day it holds.
    #[ts(type = "string | null")]
    pub valid_to: Option<NaiveDate>,
}

/// A page of prices.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PricePage {
    /// In the order they were made.
    pub prices: Vec<ListedPrice>,
    /// Ask with this for the next page; absent on the last one.
    pub next: Option<PriceId>,
}

/// `catalogue.prices`: the prices in a list.
pub fn prices(read: &Read<'_>, given: PricesQuery) -> Result<PricePage> {
    let limit = PRICES_PAGE + 1;
    let mut found = store::prices_in_list(read.db, given.price_list_id, given.after, limit)?;
    let more = found.len() > PRICES_PAGE as usize;
    found.truncate(PRICES_PAGE as usize);
    let next = found.last().filter(|_| more).map(|row| row.price_id);
    let mut prices = Vec::with_capacity(found.len());
    for row in found {
        let Some(product) = store::product(read.db, row.product_id)? else { continue };
        let unit = match row.product_unit_id {
            Some(id) => store::unit(read.db, id)?.map(|unit| unit.unit),
            None => None,
        };
        prices.push(ListedPrice {
            price_id: row.price_id,
            product_id: row.product_id,
            name: display_name(&product),
            code: product.code,
            product_unit_id: row.product_unit_id,
            unit: unit.unwrap_or(product.base_unit),
            min_qty: row.min_qty,
            unit_price: row.unit_price,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        });
    }
    Ok(PricePage { prices, next })
}

/// A price to be set, from now on or for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PriceSet {
    /// The list.
    pub price_list_id: PriceListId,
    /// The product.
    pub product_id: ProductId,
    /// The unit; left out for the base unit.
    #[ts(optional = nullable)]
    pub product_unit_id: Option<ProductUnitId>,
    /// From which quantity on; left out for every quantity.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub min_qty: Qty,
    /// For one.
    pub unit_price: UnitPrice,
    /// First day it holds; left out for at once.
    #[ts(optional = nullable, type = "string | null")]
    pub valid_from: Option<NaiveDate>,
    /// Last day it holds; left out for as long as it is not replaced.
    #[ts(optional = nullable, type = "string | null")]
    pub valid_to: Option<NaiveDate>,
}

/// Names a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PriceRef {
    /// The price.
    pub price_id: PriceId,
}

/// `catalogue.set_price`: sets a price in any list. It takes the place of one for the same product,
/// unit, quantity and period.
pub fn set_price(write: &mut Write<'_, '_>, given: PriceSet) -> Result<PriceRef> {
    check_price("unit_price", given.unit_price)?;
    check_break("min_qty", given.min_qty)?;
    check_period(given.valid_from, given.valid_to)?;
    if !write.standing.price_lists.contains_key(&given.price_list_id) {
        return Err(refuse_field!(
            "price_list_id",
            "choose_price_list",
            "Choose a price list that is in use."
        ));
    }
    let product = store::product(write.db(), given.product_id)?
        .filter(|product| !product.archived)
        .ok_or_else(|| not_found("The product"))?;
    if let Some(unit_id) = given.product_unit_id {
        store::unit(write.db(), unit_id)?
            .filter(|unit| unit.product_id == product.product_id && !unit.archived)
            .ok_or_else(|| not_found("The unit"))?;
    }
    let slot =
        Slot { list: given.price_list_id, unit: given.product_unit_id, min_qty: given.min_qty };
    for row in store::live_prices(write.db(), given.product_id)? {
        let same_period = row.valid_from == given.valid_from && row.valid_to == given.valid_to;
        if Slot::of(&row) != slot || !same_period {
            continue;
        }
        if row.unit_price == given.unit_price {
            return Ok(PriceRef { price_id: row.price_id });
        }
        end_price(write, &row)?;
    }
    let price_id = write.id();
    write.tx.create(&PriceRow {
        price_id,
        price_list_id: given.price_list_id,
        product_id: given.product_id,
        product_unit_id: given.product_unit_id,
        min_qty: given.min_qty,
        unit_price: given.unit_price,
        valid_from: given.valid_from,
        valid_to: given.valid_to,
        archived: false,
        import_id: None,
    })?;
    Ok(PriceRef { price_id })
}

/// `catalogue.end_price`: ends a price today.
pub fn end(write: &mut Write<'_, '_>, given: PriceRef) -> Result<Nothing> {
    let price = store::price(write.db(), given.price_id)?.ok_or_else(|| not_found("The price"))?;
    if price.archived {
        return Err(Refusal::new("already_ended", "This price has ended already.").into());
    }
    end_price(write, &price)?;
    Ok(Nothing {})
}
