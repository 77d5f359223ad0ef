//! Products as the back office sees them: whole, with units, barcodes, prices and variants.
//!
//! **Invariant:** what is seen can be saved again unchanged, and then nothing changes.

use chrono::NaiveDate;
use lumbung_domain::barcode::key_of;
use lumbung_domain::ids::{PriceListId, ProductId, ProductUnitId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::change;
use super::checks;
use super::codes::wrong_check_digit;
use super::create::{
    NewBarcode, NewPrice, NewProduct, NewUnit, ProductKind, Restriction, create_product,
};
use super::details::{
    BarcodeDetails, BarcodeView, PriceDetails, PriceView, ProductDetails, ProductView, UnitDetails,
    VariantDetails,
};
use super::index::index_product;
use super::prices::default_list;
use super::rows::{BarcodeRow, ProductRow, ProductUnitRow};
use super::slots;
use super::store;
use crate::audit::{self, AuditEntry, AuditOf};
use crate::door::{Nothing, Read, Write};
use crate::error::{Result, not_found, refuse_field};

/// Most variants of one product.
const VARIANTS_MAX: usize = 200;

/// Most changes of a product that are shown.
const HISTORY_MAX: usize = 500;

/// A product's name with what tells the variant apart.
pub fn display_name(product: &ProductRow) -> String {
    if product.variant.is_empty() {
        product.name.clone()
    } else {
        format!("{} {}", product.name, product.variant)
    }
}

/// Names a product.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProductRef {
    /// The product.
    pub product_id: ProductId,
}

/// `catalogue.get`: a product, whole.
pub fn get(read: &Read<'_>, given: ProductRef) -> Result<ProductView> {
    let db = read.db;
    let product = store::product(db, given.product_id)?.ok_or_else(|| not_found("The product"))?;
    let units = store::units(db, product.product_id)?;
    let barcodes = live_barcodes(store::barcodes(db, product.product_id)?);
    let today = crate::finance::local_date(read.now_ms, read.offset_min);
    let list = default_list(&read.standing).map(|list| list.price_list_id).ok();
    let current = match list {
        Some(list) => slots::shown_prices(db, product.product_id, list, today)?,
        None => Vec::new(),
    };
    let current = current
        .iter()
        .map(|row| PriceDetails {
            unit: row.product_unit_id.map(|id| unit_name(&units, &product, Some(id))),
            min_qty: row.min_qty,
            unit_price: row.unit_price,
        })
        .collect();
    let live = store::live_prices(db, product.product_id)?;
    let mut prices = Vec::with_capacity(live.len());
    for row in &live {
        let Some(list) = read.standing.price_lists.get(&row.price_list_id) else { continue };
        prices.push(PriceView {
            price_id: row.price_id,
            price_list_id: row.price_list_id,
            price_list: list.name.clone(),
            unit: unit_name(&units, &product, row.product_unit_id),
            min_qty: row.min_qty,
            unit_price: row.unit_price,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        });
    }
    let branch = read.standing.branch.branch_id;
    let sees_cost =
        read.actor.may("catalogue:edit", branch) || read.actor.may("inventory:read", branch);
    let mut variants = Vec::new();
    for variant in store::variants(db, product.product_id)?.iter().filter(|row| !row.archived) {
        variants.push(variant_details(read, variant, list, today)?);
    }
    Ok(ProductView {
        display_name: display_name(&product),
        variant_of: product.variant_of,
        barcodes: barcodes
            .iter()
            .map(|row| BarcodeView {
                barcode_id: row.barcode_id,
                code: row.code.clone(),
                unit: unit_name(&units, &product, row.product_unit_id),
                wrong_check_digit: wrong_check_digit(&row.code),
            })
            .collect(),
        prices,
        base_unit_free: !change::moved(db, product.product_id)?,
        archived: product.archived,
        product: details(product, &units, &barcodes, current, variants, sees_cost),
    })
}

fn live_barcodes(rows: Vec<BarcodeRow>) -> Vec<BarcodeRow> {
    rows.into_iter().filter(|row| !row.archived).collect()
}

fn unit_name(
    units: &[ProductUnitRow],
    product: &ProductRow,
    unit_id: Option<ProductUnitId>,
) -> String {
    let named = units.iter().find(|row| Some(row.product_unit_id) == unit_id);
    named.map_or_else(|| product.base_unit.clone(), |row| row.unit.clone())
}

fn barcode_details(
    units: &[ProductUnitRow],
    product: &ProductRow,
    row: &BarcodeRow,
) -> BarcodeDetails {
    let unit = row.product_unit_id.map(|id| unit_name(units, product, Some(id)));
    BarcodeDetails { code: row.code.clone(), unit }
}

fn variant_details(
    read: &Read<'_>,
    variant: &ProductRow,
    list: Option<PriceListId>,
    today: NaiveDate,
) -> Result<VariantDetails> {
    let units = store::units(read.db, variant.product_id)?;
    let barcodes = live_barcodes(store::barcodes(read.db, variant.product_id)?);
    let prices = match list {
        Some(list) => slots::shown_prices(read.db, variant.product_id, list, today)?,
        None => Vec::new(),
    };
    let base = prices.iter().find(|row| row.product_unit_id.is_none() && row.min_qty.is_zero());
    Ok(VariantDetails {
        product_id: Some(variant.product_id),
        code: variant.code.clone(),
        variant: variant.variant.clone(),
        barcodes: Some(barcodes.iter().map(|row| barcode_details(&units, variant, row)).collect()),
        unit_price: base.map(|row| row.unit_price),
    })
}

fn details(
    product: ProductRow,
    units: &[ProductUnitRow],
    barcodes: &[BarcodeRow],
    prices: Vec<PriceDetails>,
    variants: Vec<VariantDetails>,
    sees_cost: bool,
) -> ProductDetails {
    let barcodes = barcodes.iter().map(|row| barcode_details(units, &product, row)).collect();
    let units = units
        .iter()
        .filter(|row| !row.archived)
        .map(|row| UnitDetails {
            product_unit_id: Some(row.product_unit_id),
            unit: row.unit.clone(),
            factor: row.factor,
        })
        .collect();
    ProductDetails {
        product_id: Some(product.product_id),
        code: product.code,
        name: product.name,
        description: product.description,
        variant: product.variant,
        category_id: product.category_id,
        tax_class_id: product.tax_class_id,
        kind: ProductKind::parse(&product.kind),
        base_unit: product.base_unit,
        weighed: product.weighed,
        serial_tracked: product.serial_tracked,
        restriction: Restriction::parse(&product.restriction),
        price_floor: product.price_floor,
        last_cost: sees_cost.then_some(product.last_cost),
        image_hash: product.image_hash,
        units: Some(units),
        barcodes: Some(barcodes),
        prices: Some(prices),
        variants: Some(variants),
    }
}

/// `catalogue.save`: makes a product or changes one, with everything that belongs to it.
pub fn save(write: &mut Write<'_, '_>, given: ProductDetails) -> Result<ProductRef> {
    let given = trimmed(given);
    check_refers(write, &given)?;
    let variants = given.variants.clone();
    if variants.as_ref().is_some_and(|variants| variants.len() > VARIANTS_MAX) {
        return Err(refuse_field!(
            "variants",
            "too_many_variants",
            "A product has at most {limit} variants.",
            limit = VARIANTS_MAX
        ));
    }
    let product_id = match given.product_id {
        Some(product_id) => {
            change::change(write, product_id, &given)?;
            product_id
        }
        None => make(write, given, None)?,
    };
    if let Some(variants) = variants {
        change::variants(write, product_id, variants)?;
    }
    Ok(ProductRef { product_id })
}

fn trimmed(mut given: ProductDetails) -> ProductDetails {
    for text in [&mut given.code, &mut given.name, &mut given.variant, &mut given.base_unit] {
        *text = text.trim().to_owned();
    }
    for barcode in given.barcodes.iter_mut().flatten() {
        barcode.code = key_of(barcode.code.trim());
    }
    for unit in given.units.iter_mut().flatten() {
        unit.unit = unit.unit.trim().to_owned();
    }
    for variant in given.variants.iter_mut().flatten() {
        variant.code = variant.code.trim().to_owned();
        variant.variant = variant.variant.trim().to_owned();
        for barcode in variant.barcodes.iter_mut().flatten() {
            barcode.code = key_of(barcode.code.trim());
        }
    }
    given
}

/// Refuses a tax class, category, picture or floor that does not exist or makes no sense.
fn check_refers(write: &Write<'_, '_>, given: &ProductDetails) -> Result<()> {
    match write.standing.tax_classes.get(&given.tax_class_id) {
        Some(class) if !class.archived => {}
        _ => {
            return Err(refuse_field!(
                "tax_class_id",
                "choose_product_tax",
                "Choose how this product is taxed."
            ));
        }
    }
    if let Some(category_id) = given.category_id {
        match store::category(write.db(), category_id)? {
            Some(category) if !category.archived => {}
            _ => {
                return Err(refuse_field!(
                    "category_id",
                    "choose_category",
                    "Choose a category that is in use."
                ));
            }
        }
    }
    if let Some(hash) = &given.image_hash
        && blake3::Hash::from_hex(hash).is_err()
    {
        return Err(refuse_field!(
            "image_hash",
            "picture_unknown",
            "This is not a picture of this shop."
        ));
    }
    let base = given.prices.iter().flatten().find(|price| {
        price.min_qty.is_zero() && price.unit.as_ref().is_none_or(|unit| *unit == given.base_unit)
    });
    if let (Some(floor), Some(base)) = (given.price_floor, base)
        && floor > base.unit_price
    {
        return Err(refuse_field!(
            "price_floor",
            "floor_above_price",
            "The lowest price {floor} is above the price {price}: every sale would need a manager.",
            floor = floor,
            price = base.unit_price
        ));
    }
    Ok(())
}

/// Makes a product of what a form gives.
pub(super) fn make(
    write: &mut Write<'_, '_>,
    given: ProductDetails,
    variant_of: Option<ProductId>,
) -> Result<ProductId> {
    let code = if given.code.is_empty() { next_code(write)? } else { given.code };
    let list = match &given.prices {
        Some(prices) if !prices.is_empty() => Some(default_list(&write.standing)?.price_list_id),
        _ => None,
    };
    let prices = list.into_iter().flat_map(|price_list_id| {
        given.prices.iter().flatten().map(move |price| NewPrice {
            price_list_id,
            unit: price.unit.clone(),
            min_qty: price.min_qty,
            unit_price: price.unit_price,
            valid_from: None,
            valid_to: None,
        })
    });
    let prices: Vec<_> = prices.collect();
    slots::check_prices(&given.base_unit, given.prices.iter().flatten())?;
    create_product(
        write,
        NewProduct {
            description: given.description,
            variant_of,
            variant: given.variant,
            category_id: given.category_id,
            kind: given.kind,
            weighed: given.weighed,
            serial_tracked: given.serial_tracked,
            restriction: given.restriction,
            price_floor: given.price_floor,
            last_cost: given.last_cost.unwrap_or_default(),
            image_hash: given.image_hash,
            units: given
                .units
                .into_iter()
                .flatten()
                .map(|unit| NewUnit { unit: unit.unit, factor: unit.factor })
                .collect(),
            barcodes: given
                .barcodes
                .into_iter()
                .flatten()
                .map(|barcode| NewBarcode { code: barcode.code, unit: barcode.unit })
                .collect(),
            prices,
            ..NewProduct::new(code, given.name, given.base_unit, given.tax_class_id)
        },
    )
}

/// The next code of this terminal that no product in use has.
pub(super) fn next_code(write: &mut Write<'_, '_>) -> Result<String> {
    loop {
        let series = write.tx.series().to_owned();
        let number = write.tx.next_number(&format!("product code {series}"))?;
        let code = format!("{series}-{number:05}");
        if checks::free_code(write.db(), &code, None).is_ok() {
            return Ok(code);
        }
    }
}

/// Arguments of `catalogue.archive`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ArchiveProduct {
    /// The product.
    pub product_id: ProductId,
    /// True takes it and its variants off sale, false brings it back.
    pub archived: bool,
}

/// `catalogue.archive`: takes a product off sale, or brings it back.
pub fn archive(write: &mut Write<'_, '_>, given: ArchiveProduct) -> Result<Nothing> {
    let product =
        store::product(write.db(), given.product_id)?.ok_or_else(|| not_found("The product"))?;
    if given.archived {
        for variant in store::live_variants(write.db(), product.product_id)? {
            set_archived(write, variant, true)?;
        }
    } else {
        checks::free_code(write.db(), &product.code, Some(product.product_id))?;
        for barcode in live_barcodes(store::barcodes(write.db(), product.product_id)?) {
            checks::free_barcode(write.db(), &barcode.code, Some(product.product_id))?;
        }
    }
    set_archived(write, product.product_id, given.archived)?;
    Ok(Nothing {})
}

/// Takes one product off sale or brings it back, and keeps the search tables right.
pub(super) fn set_archived(
    write: &mut Write<'_, '_>,
    product_id: ProductId,
    archived: bool,
) -> Result<()> {
    write.tx.patch(product_id, ProductRow::ARCHIVED, |row| row.archived = archived)?;
    index_product(write.db(), product_id)
}

/// What happened to a product, newest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProductHistory {
    /// Changes of the product, its units, barcodes and prices.
    pub entries: Vec<AuditEntry>,
}

/// `catalogue.history`: who changed what of a product, and when.
pub fn history(read: &Read<'_>, given: ProductRef) -> Result<ProductHistory> {
    let id = given.product_id;
    let mut keys = vec![("product", id.uuid())];
    keys.extend(
        store::units(read.db, id)?.iter().map(|row| ("product_unit", row.product_unit_id.uuid())),
    );
    keys.extend(store::barcodes(read.db, id)?.iter().map(|row| ("barcode", row.barcode_id.uuid())));
    keys.extend(store::prices(read.db, id)?.iter().map(|row| ("price", row.price_id.uuid())));
    let mut entries = Vec::new();
    for (table, id) in keys {
        entries.extend(audit::of(read, AuditOf { table: table.to_owned(), id })?.entries);
    }
    entries.sort_by(|a, b| (b.at_ms, &b.reference).cmp(&(a.at_ms, &a.reference)));
    entries.truncate(HISTORY_MAX);
    Ok(ProductHistory { entries })
}
