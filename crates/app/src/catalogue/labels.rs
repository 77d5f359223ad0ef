//! What stands on shelf and product labels.
//!
//! **Invariant:** a label shows the price that the till asks on the day it is printed.

use lumbung_domain::ids::{ProductId, ProductUnitId};
use lumbung_domain::num::{Qty, UnitPrice};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::prices::price;
use super::sellable::sellable;
use super::store;
use crate::door::Read;
use crate::error::{Result, refuse_field};
use crate::finance;
use crate::standing::Standing;

/// Most products of one print of labels.
const LABELS_MAX: usize = 2_000;

/// One product whose label is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LabelOf {
    /// The product.
    pub product_id: ProductId,
    /// The unit; left out for the base unit.
    #[ts(optional = nullable)]
    pub product_unit_id: Option<ProductUnitId>,
}

/// Arguments of `catalogue.labels`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LabelQuery {
    /// The products.
    pub products: Vec<LabelOf>,
}

/// What stands on one label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LabelData {
    /// The product.
    pub product_id: ProductId,
    /// Its name, with what tells a variant apart.
    pub name: String,
    /// Its code.
    pub code: String,
    /// The unit the price is for.
    pub unit: String,
    /// The price of one; absent where it has none.
    pub price: Option<UnitPrice>,
    /// Whether tax is in it.
    pub tax_inclusive: bool,
    /// The barcode of this unit, or the code where it has none.
    pub barcode: String,
    /// The day the price was looked up.
    pub date: String,
}

/// Labels to be printed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LabelsData {
    /// In the order they were asked for.
    pub labels: Vec<LabelData>,
}

/// `catalogue.labels`: what stands on the labels of some products today.
pub fn labels(read: &Read<'_>, given: LabelQuery) -> Result<LabelsData> {
    if given.products.len() > LABELS_MAX {
        return Err(refuse_field!(
            "products",
            "too_many_labels",
            "Print at most {limit} labels at once.",
            limit = LABELS_MAX
        ));
    }
    let today = finance::local_date(read.now_ms, read.offset_min);
    let labels = given
        .products
        .iter()
        .map(|of| label(read.db, &read.standing, of.product_id, of.product_unit_id, today))
        .collect::<Result<_>>()?;
    Ok(LabelsData { labels })
}

/// What stands on the label of a product in a unit on a day.
pub fn label(
    db: &Connection,
    standing: &Standing,
    product_id: ProductId,
    product_unit_id: Option<ProductUnitId>,
    date: chrono::NaiveDate,
) -> Result<LabelData> {
    let sellable = sellable(db, standing, product_id, product_unit_id)?;
    let priced = price(db, standing, &sellable, None, Qty::ONE, date)?;
    let barcode = store::barcodes(db, product_id)?
        .into_iter()
        .find(|row| !row.archived && row.product_unit_id == product_unit_id)
        .map(|row| row.code);
    Ok(LabelData {
        product_id,
        name: sellable.product.name,
        unit: sellable.unit,
        price: priced.as_ref().map(|priced| priced.unit_price),
        tax_inclusive: priced.is_some_and(|priced| priced.tax_inclusive),
        barcode: barcode.unwrap_or_else(|| sellable.product.code.clone()),
        code: sellable.product.code,
        date: date.to_string(),
    })
}
