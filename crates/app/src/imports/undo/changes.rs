//! Giving products and customers the values back that an import changed.
//!
//! What it changed is in the audit trail, before and after, under the moment of the import.
//!
//! **Invariant:** a value that somebody changed again since the import stays as they made it.

use std::collections::{BTreeMap, BTreeSet};

use lumbung_domain::ids::{CategoryId, CustomerId, Id, PriceId, ProductId};
use lumbung_domain::num::{Money, Qty, UnitPrice};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Undone;
use crate::catalogue::rows::{ImportRunRow, ProductRow};
use crate::catalogue::{self, BarcodeDetails, PriceRef, PriceSet};
use crate::door::Write;
use crate::error::{Error, Result};
use crate::imports::batch::Batch;
use crate::imports::runs::COMMAND;
use crate::imports::store::{self, Changed};
use crate::imports::{customers, products};

/// Columns of one row before and after an import.
#[derive(Default)]
struct Difference {
    before: Map<String, Value>,
    after: Map<String, Value>,
}

/// What an import did to products and customers that were there before it.
#[derive(Default)]
struct Touched {
    products: BTreeMap<ProductId, Difference>,
    customers: BTreeMap<CustomerId, Difference>,
    barcodes: BTreeMap<ProductId, BTreeSet<String>>,
    prices: BTreeMap<ProductId, NewPrice>,
}

/// A price that an import set, and the one it replaced.
#[derive(Default)]
struct NewPrice {
    set: Option<PriceId>,
    ended: Option<PriceId>,
}

impl Touched {
    fn of(write: &Write<'_, '_>, run: &ImportRunRow) -> Result<Self> {
        let changes = store::changes_of(write.db(), run.imported_at, COMMAND)?;
        let created: BTreeSet<[u8; 16]> = changes
            .iter()
            .filter(|change| change.before.is_none())
            .map(|change| change.key)
            .collect();
        let mut touched = Self::default();
        for change in &changes {
            let (before, after) = (columns(&change.before)?, columns(&change.after)?);
            let owner = after.get("product_id").and_then(id_of::<ProductId>);
            let old_owner = owner.filter(|product| !created.contains(&product.bytes()));
            match (change.table.as_str(), change.before.is_some()) {
                ("product", true) if !created.contains(&change.key) => {
                    let id = ProductId::from_bytes(change.key);
                    touched.products.entry(id).or_default().add(before, after);
                }
                ("customer", true) if !created.contains(&change.key) => {
                    let id = CustomerId::from_bytes(change.key);
                    touched.customers.entry(id).or_default().add(before, after);
                }
                ("barcode", false) => {
                    if let (Some(product), Some(Value::String(code))) =
                        (old_owner, after.get("code"))
                    {
                        touched.barcodes.entry(product).or_default().insert(code.clone());
                    }
                }
                ("price", false) => {
                    if let Some(product) = old_owner {
                        let price = touched.prices.entry(product).or_default();
                        price.set = Some(PriceId::from_bytes(change.key));
                    }
                }
                ("price", true) => touched.ended(write, change)?,
                _ => {}
            }
        }
        Ok(touched)
    }

    fn ended(&mut self, write: &Write<'_, '_>, change: &Changed) -> Result<()> {
        let price_id = PriceId::from_bytes(change.key);
        if let Some(price) = catalogue::store::price(write.db(), price_id)? {
            self.prices.entry(price.product_id).or_default().ended = Some(price_id);
        }
        Ok(())
    }
}

impl Difference {
    fn add(&mut self, before: Map<String, Value>, after: Map<String, Value>) {
        for (column, value) in before {
            self.before.entry(column).or_insert(value);
        }
        self.after.extend(after);
    }

    /// The value before, where the column was changed.
    fn text(&self, column: &str, now: &str) -> Restored<String> {
        self.restored(
            column,
            |value| value.as_str() == Some(now),
            |value| value.as_str().map(str::to_owned),
        )
    }

    fn number(&self, column: &str, now: Option<i64>) -> Restored<Option<i64>> {
        self.restored(column, |value| value.as_i64() == now, |value| Some(value.as_i64()))
    }

    fn id<T: Id + PartialEq>(&self, column: &str, now: Option<T>) -> Restored<Option<T>> {
        self.restored(column, |value| id_of::<T>(value) == now, |value| Some(id_of::<T>(value)))
    }

    fn restored<T>(
        &self,
        column: &str,
        stands: impl Fn(&Value) -> bool,
        old: impl Fn(&Value) -> Option<T>,
    ) -> Restored<T> {
        let (Some(before), Some(after)) = (self.before.get(column), self.after.get(column)) else {
            return Restored::Same;
        };
        if before == after {
            return Restored::Same;
        }
        match old(before) {
            Some(old) if stands(after) => Restored::To(old),
            _ => Restored::ChangedAgain,
        }
    }
}

/// What becomes of one column.
enum Restored<T> {
    /// The import did not change it.
    Same,
    /// It goes back to this.
    To(T),
    /// Somebody changed it since.
    ChangedAgain,
}

impl<T> Restored<T> {
    /// Puts the old value in place; notes where it cannot.
    fn into(self, place: &mut T, again: &mut bool) {
        match self {
            Self::Same => {}
            Self::To(old) => *place = old,
            Self::ChangedAgain => *again = true,
        }
    }
}

fn columns(json: &Option<String>) -> Result<Map<String, Value>> {
    match json {
        None => Ok(Map::new()),
        Some(text) => serde_json::from_str(text)
            .map_err(|error| Error::Broken(format!("the audit trail: {error}"))),
    }
}

fn id_of<T: Id>(value: &Value) -> Option<T> {
    let uuid = Uuid::parse_str(value.as_str()?).ok()?;
    Some(T::from_bytes(uuid.into_bytes()))
}

/// Gives products and customers their old values back.
pub fn changes(
    write: &mut Write<'_, '_>,
    batch: &mut Batch,
    run: &ImportRunRow,
    undone: &mut Undone,
) -> Result<()> {
    let touched = Touched::of(write, run)?;
    let ids: BTreeSet<ProductId> = touched
        .products
        .keys()
        .chain(touched.barcodes.keys())
        .chain(touched.prices.keys())
        .copied()
        .collect();
    for product_id in ids {
        let again = restore_product(write, &touched, product_id)?;
        if again {
            undone.not_restored += 1
        } else {
            undone.restored += 1
        }
        batch.count(6);
        batch.turn(write)?;
    }
    for (customer_id, difference) in &touched.customers {
        let again = restore_customer(write, *customer_id, difference)?;
        if again {
            undone.not_restored += 1
        } else {
            undone.restored += 1
        }
        batch.count(3);
        batch.turn(write)?;
    }
    Ok(())
}

/// Answers whether something stays because it was changed again.
fn restore_product(
    write: &mut Write<'_, '_>,
    touched: &Touched,
    product_id: ProductId,
) -> Result<bool> {
    let product = catalogue::store::product(write.db(), product_id)?
        .ok_or_else(|| Error::Broken("a changed product is missing".to_owned()))?;
    if product.archived {
        return Ok(true);
    }
    let mut again = false;
    let mut details = products::details_of(&product);
    if let Some(difference) = touched.products.get(&product_id) {
        difference.text("name", &product.name).into(&mut details.name, &mut again);
        let description = difference.text("description", &product.description);
        description.into(&mut details.description, &mut again);
        let category = difference.id::<CategoryId>("category_id", product.category_id);
        category.into(&mut details.category_id, &mut again);
        let mut tax = Some(product.tax_class_id);
        difference.id("tax_class_id", tax).into(&mut tax, &mut again);
        details.tax_class_id = tax.unwrap_or(product.tax_class_id);
        let mut floor = product.price_floor.map(UnitPrice::get);
        difference.number("price_floor", floor).into(&mut floor, &mut again);
        details.price_floor = floor.map(UnitPrice::new).transpose()?;
        let mut weighed = Some(i64::from(product.weighed));
        difference.number("weighed", weighed).into(&mut weighed, &mut again);
        details.weighed = weighed == Some(1);
        let mut tracked = Some(i64::from(product.serial_tracked));
        difference.number("serial_tracked", tracked).into(&mut tracked, &mut again);
        details.serial_tracked = tracked == Some(1);
        let mut cost = Some(product.last_cost.get());
        difference.number("last_cost", cost).into(&mut cost, &mut again);
        details.last_cost = cost.map(UnitPrice::new).transpose()?;
    }
    if let Some(codes) = touched.barcodes.get(&product_id) {
        details.barcodes = Some(barcodes_without(write, &product, codes)?);
    }
    catalogue::save(write, details)?;
    if let Some(price) = touched.prices.get(&product_id) {
        again |= restore_price(write, product_id, price)?;
    }
    Ok(again)
}

fn barcodes_without(
    write: &Write<'_, '_>,
    product: &ProductRow,
    codes: &BTreeSet<String>,
) -> Result<Vec<BarcodeDetails>> {
    let mut left = Vec::new();
    for barcode in catalogue::store::barcodes(write.db(), product.product_id)? {
        if barcode.archived || codes.contains(&barcode.code) {
            continue;
        }
        let unit = match barcode.product_unit_id {
            None => None,
            Some(id) => catalogue::store::unit(write.db(), id)?.map(|unit| unit.unit),
        };
        left.push(BarcodeDetails { code: barcode.code, unit });
    }
    Ok(left)
}

fn restore_price(
    write: &mut Write<'_, '_>,
    product_id: ProductId,
    price: &NewPrice,
) -> Result<bool> {
    let Some(set) = price.set else { return Ok(false) };
    let current = catalogue::store::price(write.db(), set)?
        .ok_or_else(|| Error::Broken("an imported price is missing".to_owned()))?;
    if current.archived {
        return Ok(true);
    }
    let old = match price.ended {
        None => None,
        Some(ended) => catalogue::store::price(write.db(), ended)?,
    };
    match old {
        None => {
            catalogue::end_price(write, PriceRef { price_id: set })?;
        }
        Some(old) => {
            catalogue::set_price(
                write,
                PriceSet {
                    price_list_id: current.price_list_id,
                    product_id,
                    product_unit_id: None,
                    min_qty: Qty::ZERO,
                    unit_price: old.unit_price,
                    valid_from: None,
                    valid_to: None,
                },
            )?;
        }
    }
    Ok(false)
}

fn restore_customer(
    write: &mut Write<'_, '_>,
    customer_id: CustomerId,
    difference: &Difference,
) -> Result<bool> {
    let row = crate::customers::store::customer(write.db(), customer_id)?
        .ok_or_else(|| Error::Broken("a changed customer is missing".to_owned()))?;
    let mut again = row.archived;
    let mut details = customers::details_of(&row);
    for (column, now, place) in [
        ("name", &row.name, &mut details.name),
        ("phone", &row.phone, &mut details.phone),
        ("email", &row.email, &mut details.email),
        ("address", &row.address, &mut details.address),
        ("country", &row.country, &mut details.country),
        ("tax_number", &row.tax_number, &mut details.tax_number),
        ("customer_group", &row.customer_group, &mut details.customer_group),
        ("note", &row.note, &mut details.note),
    ] {
        difference.text(column, now).into(place, &mut again);
    }
    let mut limit = Some(row.credit_limit.get());
    difference.number("credit_limit", limit).into(&mut limit, &mut again);
    details.credit_limit = Money::new(limit.unwrap_or(0))?;
    let mut days = Some(row.terms_days);
    difference.number("terms_days", days).into(&mut days, &mut again);
    details.terms_days = days.unwrap_or(0);
    if !row.archived {
        crate::customers::save(write, details)?;
    }
    Ok(again)
}
