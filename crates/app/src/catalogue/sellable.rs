//! A product as it stands on a ticket: in one unit, with its tax.
//!
//! **Invariant:** nothing that is archived, and no product that has variants, is ever sold.

use lumbung_domain::ids::{ProductId, ProductUnitId};
use lumbung_domain::num::Qty;
use rusqlite::Connection;

use super::products::display_name;
use super::rows::{ProductRow, TaxClassRow};
use super::store;
use crate::error::{Error, Refusal, Result, not_found};
use crate::standing::Standing;

/// A product in the unit it is sold in.
#[derive(Debug, Clone, PartialEq)]
pub struct Sellable {
    /// The product, under its full name: what tells a variant apart is part of it.
    pub product: ProductRow,
    /// The unit; absent for the base unit.
    pub product_unit_id: Option<ProductUnitId>,
    /// The name of the unit.
    pub unit: String,
    /// Base units in one of it.
    pub factor: Qty,
    /// How it is taxed.
    pub tax: TaxClassRow,
}

/// A product that may be sold now, in one of its units.
pub fn sellable(
    db: &Connection,
    standing: &Standing,
    product_id: ProductId,
    product_unit_id: Option<ProductUnitId>,
) -> Result<Sellable> {
    let product = store::product(db, product_id)?.ok_or_else(|| not_found("The product"))?;
    let name = display_name(&product);
    if product.archived {
        return Err(Refusal::new("product_archived", format!("{name} is no longer sold."))
            .fact("product", name)
            .into());
    }
    if !store::live_variants(db, product_id)?.is_empty() {
        let message = format!("{name} comes in several kinds: choose one of them.");
        return Err(Refusal::new("choose_variant", message).fact("product", name).into());
    }
    let (sellable, archived) = with_unit(db, standing, product, product_unit_id)?;
    if archived {
        let unit = &sellable.unit;
        let message = format!("{name} is no longer sold by the {unit}: choose another unit.");
        return Err(Refusal::new("unit_archived", message)
            .fact("product", name)
            .fact("unit", unit)
            .into());
    }
    Ok(sellable)
}

/// A product in one of its units, whether or not it may be sold: for lists and labels.
pub(super) fn in_unit(
    db: &Connection,
    standing: &Standing,
    product: ProductRow,
    product_unit_id: Option<ProductUnitId>,
) -> Result<Sellable> {
    Ok(with_unit(db, standing, product, product_unit_id)?.0)
}

/// The product in a unit, and whether that unit is archived.
fn with_unit(
    db: &Connection,
    standing: &Standing,
    mut product: ProductRow,
    product_unit_id: Option<ProductUnitId>,
) -> Result<(Sellable, bool)> {
    product.name = display_name(&product);
    product.variant.clear();
    let tax = standing
        .tax_classes
        .get(&product.tax_class_id)
        .cloned()
        .ok_or_else(|| Error::Broken(format!("tax class of product {}", product.code)))?;
    let Some(unit_id) = product_unit_id else {
        let unit = product.base_unit.clone();
        let sellable = Sellable { product, product_unit_id: None, unit, factor: Qty::ONE, tax };
        return Ok((sellable, false));
    };
    let row = store::unit(db, unit_id)?
        .filter(|row| row.product_id == product.product_id)
        .ok_or_else(|| not_found("The unit"))?;
    let sellable = Sellable { product, product_unit_id, unit: row.unit, factor: row.factor, tax };
    Ok((sellable, row.archived))
}
