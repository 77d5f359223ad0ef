//! Making a product: by hand, by an import, or by history that names it for the first time.
//!
//! **Invariant:** no two products in use share a code or a barcode, and a new product can be found
//! by searching as soon as it is made.

use chrono::NaiveDate;
use lumbung_domain::barcode::key_of;
use lumbung_domain::ids::{
    BarcodeId, CategoryId, ImportId, PriceId, PriceListId, ProductId, ProductUnitId, TaxClassId,
};
use lumbung_domain::num::{Qty, UnitPrice};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::checks::{
    PRICES_MAX, check_barcodes, check_break, check_code, check_name, check_period, check_price,
    check_tracking, check_unit_name, check_units, free_barcode, free_code, unit_named,
};
use super::index::{self, Searchable};
use super::rows::{BarcodeRow, PriceRow, ProductRow, ProductUnitRow};
use crate::company::check_length;
use crate::door::Write;
use crate::error::{Result, refuse_field};

/// What a product is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProductKind {
    /// Kept in stock.
    #[default]
    Goods,
    /// Never in stock.
    Service,
}

impl ProductKind {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Service => "service",
        }
    }

    /// The kind named by a word of the database; an unknown word of a newer version is goods.
    pub fn parse(word: &str) -> Self {
        if word == "service" { Self::Service } else { Self::Goods }
    }
}

/// What must be asked when a product is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Restriction {
    /// How old the buyer is.
    Age,
    /// The buyer's licence.
    Licence,
    /// A prescription.
    Prescription,
}

impl Restriction {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Licence => "licence",
            Self::Prescription => "prescription",
        }
    }

    /// The restriction named by a word of the database.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Age, Self::Licence, Self::Prescription]
            .into_iter()
            .find(|restriction| restriction.as_str() == word)
    }
}

/// A unit a new product is sold in besides its base unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUnit {
    /// Its name: box.
    pub unit: String,
    /// Base units in one of it.
    pub factor: Qty,
}

/// A barcode of a new product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBarcode {
    /// The code.
    pub code: String,
    /// The name of the unit it means; absent for the base unit.
    pub unit: Option<String>,
}

/// A price of a new product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrice {
    /// In which list.
    pub price_list_id: PriceListId,
    /// The name of the unit it is for; absent for the base unit.
    pub unit: Option<String>,
    /// From which quantity on.
    pub min_qty: Qty,
    /// The price of one.
    pub unit_price: UnitPrice,
    /// First day it holds.
    pub valid_from: Option<NaiveDate>,
    /// Last day it holds.
    pub valid_to: Option<NaiveDate>,
}

/// A product to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProduct {
    /// Its code, unique among products in use.
    pub code: String,
    /// Its name.
    pub name: String,
    /// More about it.
    pub description: String,
    /// The product whose variant it is.
    pub variant_of: Option<ProductId>,
    /// What tells it from its siblings: "Red, XL".
    pub variant: String,
    /// Its category.
    pub category_id: Option<CategoryId>,
    /// How it is taxed.
    pub tax_class_id: TaxClassId,
    /// What it is.
    pub kind: ProductKind,
    /// The unit stock is kept in.
    pub base_unit: String,
    /// Whether it is weighed at the till.
    pub weighed: bool,
    /// Whether every piece has a serial number.
    pub serial_tracked: bool,
    /// What must be asked when it is sold.
    pub restriction: Option<Restriction>,
    /// Lowest unit price without approval.
    pub price_floor: Option<UnitPrice>,
    /// Unit cost while stock gives no average.
    pub last_cost: UnitPrice,
    /// Its picture.
    pub image_hash: Option<String>,
    /// The import that made it.
    pub import_id: Option<ImportId>,
    /// Units besides the base unit.
    pub units: Vec<NewUnit>,
    /// Its barcodes.
    pub barcodes: Vec<NewBarcode>,
    /// Its prices.
    pub prices: Vec<NewPrice>,
}

impl NewProduct {
    /// A product with nothing but what it must have.
    pub fn new(
        code: impl Into<String>,
        name: impl Into<String>,
        base_unit: impl Into<String>,
        tax_class_id: TaxClassId,
    ) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
            description: String::new(),
            variant_of: None,
            variant: String::new(),
            category_id: None,
            tax_class_id,
            kind: ProductKind::Goods,
            base_unit: base_unit.into(),
            weighed: false,
            serial_tracked: false,
            restriction: None,
            price_floor: None,
            last_cost: UnitPrice::ZERO,
            image_hash: None,
            import_id: None,
            units: Vec::new(),
            barcodes: Vec::new(),
            prices: Vec::new(),
        }
    }
}

/// Makes a product with its units, barcodes and prices, and makes it searchable.
pub fn create_product(write: &mut Write<'_, '_>, mut new: NewProduct) -> Result<ProductId> {
    for barcode in &mut new.barcodes {
        barcode.code = key_of(&barcode.code);
    }
    check_product(&new)?;
    free_code(write.db(), &new.code, None)?;
    for barcode in &new.barcodes {
        free_barcode(write.db(), &barcode.code, None)?;
    }
    let product_id: ProductId = write.id();
    create_belongings(write, product_id, &new)?;
    let codes: Vec<_> = new.barcodes.iter().map(|barcode| barcode.code.as_str()).collect();
    index::add(
        write.db(),
        &Searchable {
            product_id,
            name: &new.name,
            variant: &new.variant,
            code: &new.code,
            barcodes: &codes,
        },
    )?;
    write.tx.create(&ProductRow {
        product_id,
        code: new.code,
        name: new.name,
        description: new.description,
        variant_of: new.variant_of,
        variant: new.variant,
        category_id: new.category_id,
        kind: new.kind.as_str().to_owned(),
        base_unit: new.base_unit,
        weighed: new.weighed,
        restriction: new.restriction.map_or("", Restriction::as_str).to_owned(),
        tax_class_id: new.tax_class_id,
        price_floor: new.price_floor,
        last_cost: new.last_cost,
        image_hash: new.image_hash,
        archived: false,
        import_id: new.import_id,
        serial_tracked: new.serial_tracked,
    })?;
    Ok(product_id)
}

/// The units, barcodes and prices of a new product.
fn create_belongings(
    write: &mut Write<'_, '_>,
    product_id: ProductId,
    new: &NewProduct,
) -> Result<()> {
    let mut units: Vec<(String, ProductUnitId)> = Vec::with_capacity(new.units.len());
    for unit in &new.units {
        let product_unit_id = write.id();
        write.tx.create(&ProductUnitRow {
            product_unit_id,
            product_id,
            unit: unit.unit.clone(),
            factor: unit.factor,
            archived: false,
        })?;
        units.push((unit.unit.clone(), product_unit_id));
    }
    for barcode in &new.barcodes {
        let barcode_id: BarcodeId = write.id();
        write.tx.create(&BarcodeRow {
            barcode_id,
            product_id,
            product_unit_id: unit_named(&units, &new.base_unit, barcode.unit.as_deref())?,
            code: barcode.code.clone(),
            archived: false,
        })?;
    }
    for price in &new.prices {
        let price_id: PriceId = write.id();
        write.tx.create(&PriceRow {
            price_id,
            price_list_id: price.price_list_id,
            product_id,
            product_unit_id: unit_named(&units, &new.base_unit, price.unit.as_deref())?,
            min_qty: price.min_qty,
            unit_price: price.unit_price,
            valid_from: price.valid_from,
            valid_to: price.valid_to,
            archived: false,
            import_id: new.import_id,
        })?;
    }
    Ok(())
}

/// Everything about a new product that can be judged without looking at others.
fn check_product(new: &NewProduct) -> Result<()> {
    check_code("code", &new.code)?;
    check_name("name", &new.name)?;
    check_name("base_unit", &new.base_unit)?;
    check_unit_name("base_unit", &new.base_unit)?;
    check_length("description", &new.description)?;
    check_length("variant", &new.variant)?;
    if new.variant_of.is_some() && new.variant.trim().is_empty() {
        return Err(refuse_field!(
            "variant",
            "variant_unnamed",
            "Say what tells this variant from the others."
        ));
    }
    check_tracking(new.weighed, new.serial_tracked)?;
    check_price("last_cost", new.last_cost)?;
    if let Some(floor) = new.price_floor {
        check_price("price_floor", floor)?;
    }
    check_units(&new.base_unit, new.units.iter().map(|unit| (unit.unit.as_str(), unit.factor)))?;
    check_barcodes(new.barcodes.iter().map(|barcode| barcode.code.as_str()))?;
    if new.prices.len() > PRICES_MAX {
        return Err(refuse_field!(
            "prices",
            "too_many_prices",
            "A product has at most {limit} prices in one list.",
            limit = PRICES_MAX
        ));
    }
    for price in &new.prices {
        check_price("prices", price.unit_price)?;
        check_break("prices", price.min_qty)?;
        check_period(price.valid_from, price.valid_to)?;
    }
    Ok(())
}
