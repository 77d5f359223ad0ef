//! Writing planned products.
//!
//! **Invariant:** everything goes through the use cases of the catalogue, so an import can do
//! nothing that a person could not.

use std::collections::HashMap;

use lumbung_domain::ids::{CategoryId, ImportId};
use lumbung_domain::num::{Qty, UnitPrice};
use rusqlite::Connection;

use super::line::Line;
use super::{Plan, Step, spelling};
use crate::catalogue::rows::ProductRow;
use crate::catalogue::{
    self, BarcodeDetails, Category, NewBarcode, NewPrice, NewProduct, NewUnit, PriceSet,
    ProductDetails, ProductKind, Restriction,
};
use crate::door::Write;
use crate::error::{Error, Result};
use crate::imports::batch::Batch;
use crate::jobs::Progress;

/// Writes what was planned.
pub fn apply(
    write: &mut Write<'_, '_>,
    batch: &mut Batch,
    import_id: ImportId,
    plan: &Plan,
    progress: &mut Progress<'_>,
) -> Result<()> {
    let categories = categories(write, batch, plan)?;
    let total = plan.steps.len() as u64;
    for (done, step) in (0..).zip(&plan.steps) {
        progress.at(done, Some(total), "Writing products")?;
        let (Step::Create(line) | Step::Change { to: line, .. }) = step;
        let category_id = match &line.category {
            None => None,
            Some(name) => Some(
                *categories
                    .get(&name.to_lowercase())
                    .ok_or_else(|| Error::Broken(format!("the category {name} was not made")))?,
            ),
        };
        let made = match step {
            Step::Create(line) => create(write, plan, import_id, category_id, line),
            Step::Change { product, to } => change(write, plan, category_id, product, to),
        };
        made.map_err(|error| at_line(error, line.line))?;
        batch.count(3 + line.barcodes.len());
        batch.turn(write)?;
    }
    progress.at(total, Some(total), "Writing products")
}

/// A refusal with the line of the file it is about.
pub fn at_line(error: Error, line: u64) -> Error {
    match error {
        Error::Refused(mut refusal) => {
            refusal.0.message = format!("Line {line}: {}", refusal.0.message);
            Error::Refused(refusal)
        }
        other => other,
    }
}

/// Categories by lower-case name, with the new ones made.
fn categories(
    write: &mut Write<'_, '_>,
    batch: &mut Batch,
    plan: &Plan,
) -> Result<HashMap<String, CategoryId>> {
    let mut all: HashMap<String, CategoryId> = catalogue::store::categories(write.db())?
        .into_iter()
        .filter(|category| !category.archived)
        .map(|category| (category.name.to_lowercase(), category.category_id))
        .collect();
    for name in &plan.categories {
        if all.contains_key(&name.to_lowercase()) {
            continue;
        }
        let new =
            Category { category_id: None, name: name.clone(), parent_id: None, archived: false };
        let made = catalogue::save_category(write, new)?;
        all.insert(name.to_lowercase(), made.category_id);
        batch.count(1);
    }
    Ok(all)
}

fn create(
    write: &mut Write<'_, '_>,
    plan: &Plan,
    import_id: ImportId,
    category_id: Option<CategoryId>,
    line: &Line,
) -> Result<()> {
    let unit = line.unit.as_deref().unwrap_or(&plan.default_unit);
    let tax = line.tax.unwrap_or(plan.default_tax);
    let price = |unit: Option<String>, price: Option<UnitPrice>| {
        plan.list.zip(price).map(|(price_list_id, unit_price)| NewPrice {
            price_list_id,
            unit,
            min_qty: Qty::ZERO,
            unit_price,
            valid_from: None,
            valid_to: None,
        })
    };
    let pack = line.pack.as_ref();
    let pack_unit = pack.map(|pack| pack.unit.clone());
    let barcodes = line.barcodes.iter().map(|code| NewBarcode { code: code.clone(), unit: None });
    let of_pack = pack.and_then(|pack| pack.barcode.clone());
    let of_pack = of_pack.map(|code| NewBarcode { code, unit: pack_unit.clone() });
    let prices = price(None, line.price)
        .into_iter()
        .chain(price(pack_unit, pack.and_then(|pack| pack.price)));
    let service = line.service.unwrap_or(false);
    let new = NewProduct {
        description: line.description.clone().unwrap_or_default(),
        category_id,
        kind: if service { ProductKind::Service } else { ProductKind::Goods },
        weighed: line.weighed.unwrap_or(false),
        serial_tracked: line.serial.unwrap_or(false),
        price_floor: line.floor,
        last_cost: line.cost.unwrap_or(UnitPrice::ZERO),
        import_id: Some(import_id),
        units: pack
            .map(|pack| NewUnit { unit: pack.unit.clone(), factor: pack.size })
            .into_iter()
            .collect(),
        barcodes: barcodes.chain(of_pack).collect(),
        prices: prices.collect(),
        ..NewProduct::new(&line.code, &line.name, unit, tax)
    };
    catalogue::create_product(write, new)?;
    Ok(())
}

fn change(
    write: &mut Write<'_, '_>,
    plan: &Plan,
    category_id: Option<CategoryId>,
    product: &ProductRow,
    line: &Line,
) -> Result<()> {
    let mut details = details_of(product);
    details.name.clone_from(&line.name);
    if let Some(description) = &line.description {
        details.description.clone_from(description);
    }
    details.category_id = category_id.or(details.category_id);
    details.tax_class_id = line.tax.unwrap_or(details.tax_class_id);
    details.price_floor = line.floor.or(details.price_floor);
    details.last_cost = line.cost;
    details.weighed = line.weighed.unwrap_or(details.weighed);
    details.serial_tracked = line.serial.unwrap_or(details.serial_tracked);
    details.barcodes = with_barcodes(write.db(), product, &line.barcodes)?;
    catalogue::save(write, details)?;
    if let Some((price_list_id, unit_price)) = plan.list.zip(line.price) {
        catalogue::set_price(
            write,
            PriceSet {
                price_list_id,
                product_id: product.product_id,
                product_unit_id: None,
                min_qty: Qty::ZERO,
                unit_price,
                valid_from: None,
                valid_to: None,
            },
        )?;
    }
    Ok(())
}

/// A product as `catalogue.save` takes it; everything that is left out stays as it is.
pub fn details_of(product: &ProductRow) -> ProductDetails {
    ProductDetails {
        product_id: Some(product.product_id),
        code: product.code.clone(),
        name: product.name.clone(),
        description: product.description.clone(),
        variant: product.variant.clone(),
        category_id: product.category_id,
        tax_class_id: product.tax_class_id,
        kind: ProductKind::parse(&product.kind),
        base_unit: product.base_unit.clone(),
        weighed: product.weighed,
        serial_tracked: product.serial_tracked,
        restriction: Restriction::parse(&product.restriction),
        price_floor: product.price_floor,
        last_cost: None,
        image_hash: product.image_hash.clone(),
        units: None,
        barcodes: None,
        prices: None,
        variants: None,
    }
}

/// The barcodes a product has, and new ones; `None` where there is no new one.
fn with_barcodes(
    db: &Connection,
    product: &ProductRow,
    new: &[String],
) -> Result<Option<Vec<BarcodeDetails>>> {
    let has = catalogue::store::barcodes(db, product.product_id)?;
    let has: Vec<_> = has.into_iter().filter(|barcode| !barcode.archived).collect();
    let known: Vec<String> = has.iter().map(|barcode| spelling(&barcode.code)).collect();
    let new: Vec<&String> = new.iter().filter(|code| !known.contains(&spelling(code))).collect();
    if new.is_empty() {
        return Ok(None);
    }
    let mut all = Vec::with_capacity(has.len() + new.len());
    for barcode in has {
        let unit = match barcode.product_unit_id {
            None => None,
            Some(id) => catalogue::store::unit(db, id)?.map(|unit| unit.unit),
        };
        all.push(BarcodeDetails { code: barcode.code, unit });
    }
    all.extend(new.into_iter().map(|code| BarcodeDetails { code: code.clone(), unit: None }));
    Ok(Some(all))
}
