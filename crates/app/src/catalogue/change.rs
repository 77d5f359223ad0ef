//! Changing a product: what a form gives is compared with what is there, and only the difference
//! is written.
//!
//! **Invariant:** nothing is deleted. A unit keeps its factor for ever, because past documents
//! count in it; a price that was replaced stays, with the last day it held.

use lumbung_domain::ids::{ProductId, ProductUnitId};
use lumbung_domain::num::Qty;
use rusqlite::Connection;

use super::checks::{
    check_barcodes, check_code, check_name, check_price, check_tracking, check_unit_name,
    check_units, free_barcode, free_code, unit_named,
};
use super::create::{ProductKind, Restriction};
use super::details::{BarcodeDetails, PriceDetails, ProductDetails, UnitDetails, VariantDetails};
use super::index::index_product;
use super::prices::default_list;
use super::products::{make, next_code, set_archived};
use super::rows::{BarcodeRow, ProductRow, ProductUnitRow};
use super::slots::{Slot, change_prices, check_prices, end_price, set_price};
use super::store;
use crate::company::check_length;
use crate::door::Write;
use crate::error::{Error, Refusal, Result, not_found, not_found_called, refuse, refuse_field};
use crate::inventory;

/// Whether stock of a product ever moved.
pub(super) fn moved(db: &Connection, product_id: ProductId) -> Result<bool> {
    Ok(!inventory::store::moves(db, product_id, None, 1)?.is_empty())
}

/// Changes a product to what a form gives.
pub(super) fn change(
    write: &mut Write<'_, '_>,
    product_id: ProductId,
    given: &ProductDetails,
) -> Result<()> {
    let product =
        store::product(write.db(), product_id)?.ok_or_else(|| not_found("The product"))?;
    check(write.db(), &product, given)?;
    let code = if given.code.is_empty() { product.code.clone() } else { given.code.clone() };
    if code != product.code {
        free_code(write.db(), &code, Some(product_id))?;
    }
    patch_product(write, product_id, given, &code)?;
    if let Some(units) = &given.units {
        change_units(write, product_id, units)?;
    }
    if let Some(barcodes) = &given.barcodes {
        change_barcodes(write, product_id, &given.base_unit, barcodes)?;
    }
    if let Some(prices) = &given.prices {
        change_prices(write, product_id, &given.base_unit, prices)?;
    }
    index_product(write.db(), product_id)?;
    for variant in store::variants(write.db(), product_id)? {
        follow(write, &variant, given)?;
    }
    Ok(())
}

/// Everything about a change that can be judged before anything is written.
fn check(db: &Connection, product: &ProductRow, given: &ProductDetails) -> Result<()> {
    if product.archived {
        return Err(refuse(
            "product_archived",
            "This product is archived: bring it back before changing it.",
        ));
    }
    if !given.code.is_empty() {
        check_code("code", &given.code)?;
    }
    check_name("name", &given.name)?;
    check_unit_name("base_unit", &given.base_unit)?;
    check_length("description", &given.description)?;
    check_length("variant", &given.variant)?;
    if product.variant_of.is_some() && given.variant.is_empty() {
        return Err(refuse_field!(
            "variant",
            "variant_unnamed",
            "Say what tells this variant from the others."
        ));
    }
    if product.variant_of.is_some() && given.variants.as_ref().is_some_and(|v| !v.is_empty()) {
        return Err(refuse_field!(
            "variants",
            "variant_of_variant",
            "A variant has no variants of its own."
        ));
    }
    if given.base_unit != product.base_unit && moved(db, product.product_id)? {
        return Err(refuse_field!(
            "base_unit",
            "stock_unit_fixed",
            "Stock is counted in {unit}: this cannot change once stock has moved. Make a new \
             product.",
            unit = product.base_unit
        ));
    }
    check_tracking(given.weighed, given.serial_tracked)?;
    for (field, price) in [("price_floor", given.price_floor), ("last_cost", given.last_cost)] {
        if let Some(price) = price {
            check_price(field, price)?;
        }
    }
    let kept;
    let units: Vec<(&str, Qty)> = match &given.units {
        Some(units) => units.iter().map(|unit| (unit.unit.as_str(), unit.factor)).collect(),
        None => {
            kept = store::units(db, product.product_id)?;
            let live = kept.iter().filter(|row| !row.archived);
            live.map(|row| (row.unit.as_str(), row.factor)).collect()
        }
    };
    check_units(&given.base_unit, units.into_iter())?;
    check_barcodes(given.barcodes.iter().flatten().map(|barcode| barcode.code.as_str()))?;
    check_prices(&given.base_unit, given.prices.iter().flatten())
}

fn patch_product(
    write: &mut Write<'_, '_>,
    product_id: ProductId,
    given: &ProductDetails,
    code: &str,
) -> Result<()> {
    write.tx.patch(product_id, ProductRow::NAMING, |row| {
        code.clone_into(&mut row.code);
        row.name.clone_from(&given.name);
        row.description.clone_from(&given.description);
        row.variant.clone_from(&given.variant);
    })?;
    patch_sorting(write, product_id, given)?;
    write.tx.patch(product_id, ProductRow::FLOOR, |row| row.price_floor = given.price_floor)?;
    if let Some(cost) = given.last_cost {
        write.tx.patch(product_id, ProductRow::COST, |row| row.last_cost = cost)?;
    }
    write.tx.patch(product_id, ProductRow::IMAGE, |row| {
        row.image_hash.clone_from(&given.image_hash);
    })?;
    Ok(())
}

/// What variants share with the product they are of.
fn patch_sorting(
    write: &mut Write<'_, '_>,
    product_id: ProductId,
    given: &ProductDetails,
) -> Result<()> {
    write.tx.patch(product_id, ProductRow::SORTING, |row| {
        row.category_id = given.category_id;
        given.kind.as_str().clone_into(&mut row.kind);
        row.base_unit.clone_from(&given.base_unit);
        row.weighed = given.weighed;
        given
            .restriction
            .map_or("", |restriction| restriction.as_str())
            .clone_into(&mut row.restriction);
    })?;
    write.tx.patch(product_id, ProductRow::TRACKING, |row| {
        row.serial_tracked = given.serial_tracked;
    })?;
    write.tx.patch(product_id, ProductRow::TAX, |row| row.tax_class_id = given.tax_class_id)?;
    Ok(())
}

/// Brings a variant in line with the product it is of.
fn follow(write: &mut Write<'_, '_>, variant: &ProductRow, parent: &ProductDetails) -> Result<()> {
    if variant.base_unit != parent.base_unit && moved(write.db(), variant.product_id)? {
        return Err(refuse_field!(
            "base_unit",
            "variant_unit_fixed",
            "Stock of {variant} is counted in {unit}: this cannot change once stock has moved.",
            variant = variant.variant,
            unit = variant.base_unit
        ));
    }
    write.tx.patch(variant.product_id, ProductRow::NAMING, |row| {
        row.name.clone_from(&parent.name);
        row.description.clone_from(&parent.description);
    })?;
    patch_sorting(write, variant.product_id, parent)?;
    index_product(write.db(), variant.product_id)
}

/// Brings the variants of a product in line with a form: new ones, changed ones, gone ones.
pub(super) fn variants(
    write: &mut Write<'_, '_>,
    parent_id: ProductId,
    wanted: Vec<VariantDetails>,
) -> Result<()> {
    let parent = store::product(write.db(), parent_id)?.ok_or_else(|| not_found("The product"))?;
    let mut names: Vec<&str> = wanted.iter().map(|variant| variant.variant.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(refuse_field!(
            "variants",
            "variant_twice",
            "There are two variants called {variant}.",
            variant = twice[0]
        ));
    }
    let kept: Vec<_> = wanted.iter().filter_map(|variant| variant.product_id).collect();
    for variant in store::live_variants(write.db(), parent_id)? {
        if !kept.contains(&variant) {
            set_archived(write, variant, true)?;
        }
    }
    for variant in wanted {
        check_name("variants", &variant.variant)?;
        match variant.product_id {
            None => {
                make(write, variant_of(&parent, variant), Some(parent_id))?;
            }
            Some(product_id) => change_variant(write, parent_id, product_id, variant)?,
        }
    }
    Ok(())
}

/// A new variant as a product of its own.
fn variant_of(parent: &ProductRow, variant: VariantDetails) -> ProductDetails {
    let price = |unit_price| vec![PriceDetails { unit: None, min_qty: Qty::ZERO, unit_price }];
    ProductDetails {
        product_id: None,
        code: variant.code,
        name: parent.name.clone(),
        description: parent.description.clone(),
        variant: variant.variant,
        category_id: parent.category_id,
        tax_class_id: parent.tax_class_id,
        kind: ProductKind::parse(&parent.kind),
        base_unit: parent.base_unit.clone(),
        weighed: parent.weighed,
        serial_tracked: parent.serial_tracked,
        restriction: Restriction::parse(&parent.restriction),
        price_floor: parent.price_floor,
        last_cost: Some(parent.last_cost),
        image_hash: parent.image_hash.clone(),
        units: None,
        barcodes: variant.barcodes,
        prices: variant.unit_price.map(price),
        variants: None,
    }
}

fn change_variant(
    write: &mut Write<'_, '_>,
    parent_id: ProductId,
    product_id: ProductId,
    given: VariantDetails,
) -> Result<()> {
    let row = store::product(write.db(), product_id)?
        .filter(|row| row.variant_of == Some(parent_id))
        .ok_or_else(|| not_found_called("The variant", &given.variant))?;
    let code = match given.code.as_str() {
        "" if row.code.is_empty() => next_code(write)?,
        "" => row.code.clone(),
        code => code.to_owned(),
    };
    check_code("variants", &code)?;
    if code != row.code || row.archived {
        free_code(write.db(), &code, Some(product_id))?;
    }
    write.tx.patch(product_id, ProductRow::NAMING, |row| {
        row.code = code;
        row.variant = given.variant;
    })?;
    if let Some(barcodes) = &given.barcodes {
        check_barcodes(barcodes.iter().map(|barcode| barcode.code.as_str()))?;
        change_barcodes(write, product_id, &row.base_unit, barcodes)?;
    }
    if let Some(unit_price) = given.unit_price {
        check_price("variants", unit_price)?;
        let list = default_list(&write.standing)?.price_list_id;
        set_price(write, product_id, &Slot { list, unit: None, min_qty: Qty::ZERO }, unit_price)?;
    }
    set_archived(write, product_id, false)
}

fn change_units(
    write: &mut Write<'_, '_>,
    product_id: ProductId,
    wanted: &[UnitDetails],
) -> Result<()> {
    let mut rows = store::units(write.db(), product_id)?;
    // Of two rows of the same name the one in use is meant.
    rows.sort_by_key(|row| row.archived);
    let mut kept = Vec::with_capacity(wanted.len());
    for unit in wanted {
        let found = match unit.product_unit_id {
            Some(id) => rows.iter().find(|row| row.product_unit_id == id),
            None => rows
                .iter()
                .find(|row| row.unit == unit.unit && (!row.archived || row.factor == unit.factor)),
        };
        let Some(row) = found else {
            if unit.product_unit_id.is_some() {
                return Err(not_found_called("The unit", &unit.unit));
            }
            kept.push(new_unit(write, product_id, unit)?);
            continue;
        };
        if row.factor != unit.factor {
            return Err(factor_fixed(row));
        }
        write.tx.patch(row.product_unit_id, ProductUnitRow::UNIT, |row| {
            row.unit.clone_from(&unit.unit);
        })?;
        write.tx.patch(row.product_unit_id, ProductUnitRow::ARCHIVED, |row| {
            row.archived = false;
        })?;
        kept.push(row.product_unit_id);
    }
    for row in rows.iter().filter(|row| !row.archived && !kept.contains(&row.product_unit_id)) {
        take_away(write, row)?;
    }
    Ok(())
}

/// Takes a unit away, with the barcodes that mean it and the prices that are for it.
fn take_away(write: &mut Write<'_, '_>, unit: &ProductUnitRow) -> Result<()> {
    let unit_id = Some(unit.product_unit_id);
    for row in store::barcodes(write.db(), unit.product_id)? {
        if row.product_unit_id == unit_id {
            write.tx.patch(row.barcode_id, BarcodeRow::ARCHIVED, |row| row.archived = true)?;
        }
    }
    for row in store::live_prices(write.db(), unit.product_id)? {
        if row.product_unit_id == unit_id {
            end_price(write, &row)?;
        }
    }
    write.tx.patch(unit.product_unit_id, ProductUnitRow::ARCHIVED, |row| row.archived = true)?;
    Ok(())
}

fn new_unit(
    write: &mut Write<'_, '_>,
    product_id: ProductId,
    unit: &UnitDetails,
) -> Result<ProductUnitId> {
    let product_unit_id = write.id();
    write.tx.create(&ProductUnitRow {
        product_unit_id,
        product_id,
        unit: unit.unit.clone(),
        factor: unit.factor,
        archived: false,
    })?;
    Ok(product_unit_id)
}

fn factor_fixed(row: &ProductUnitRow) -> Error {
    let message = format!(
        "One {} stays {}: past documents count in it. Add a unit of another name instead.",
        row.unit, row.factor
    );
    Refusal::new("factor_fixed", message)
        .at("units")
        .fact("unit", &row.unit)
        .fact("factor", row.factor)
        .into()
}

/// The units of a product in use, by name.
pub(super) fn named_units(
    db: &Connection,
    product_id: ProductId,
) -> Result<Vec<(String, ProductUnitId)>> {
    let rows = store::units(db, product_id)?.into_iter().filter(|row| !row.archived);
    Ok(rows.map(|row| (row.unit, row.product_unit_id)).collect())
}

fn change_barcodes(
    write: &mut Write<'_, '_>,
    product_id: ProductId,
    base: &str,
    wanted: &[BarcodeDetails],
) -> Result<()> {
    let units = named_units(write.db(), product_id)?;
    let mut rows = store::barcodes(write.db(), product_id)?;
    rows.sort_by_key(|row| row.archived);
    for barcode in wanted {
        let unit = unit_named(&units, base, barcode.unit.as_deref())?;
        let found = rows.iter().find(|row| row.code == barcode.code);
        if found.is_none_or(|row| row.archived) {
            free_barcode(write.db(), &barcode.code, Some(product_id))?;
        }
        let Some(row) = found else {
            let barcode_id = write.id();
            write.tx.create(&BarcodeRow {
                barcode_id,
                product_id,
                product_unit_id: unit,
                code: barcode.code.clone(),
                archived: false,
            })?;
            continue;
        };
        write.tx.patch(row.barcode_id, BarcodeRow::CODE, |row| row.product_unit_id = unit)?;
        write.tx.patch(row.barcode_id, BarcodeRow::ARCHIVED, |row| row.archived = false)?;
    }
    let gone = rows
        .iter()
        .filter(|row| !row.archived && !wanted.iter().any(|barcode| barcode.code == row.code));
    for row in gone {
        write.tx.patch(row.barcode_id, BarcodeRow::ARCHIVED, |row| row.archived = true)?;
    }
    Ok(())
}
