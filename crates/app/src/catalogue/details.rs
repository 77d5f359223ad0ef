//! A product as forms show it and send it back.
//!
//! **Invariant:** what `catalogue.get` answers with is what `catalogue.save` takes.

use chrono::NaiveDate;
use lumbung_domain::ids::{
    BarcodeId, CategoryId, PriceId, PriceListId, ProductId, ProductUnitId, TaxClassId,
};
use lumbung_domain::num::{Qty, UnitPrice};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::create::{ProductKind, Restriction};

/// A unit of a product besides its base unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UnitDetails {
    /// The unit; left out for a new one.
    #[ts(optional = nullable)]
    pub product_unit_id: Option<ProductUnitId>,
    /// Its name: box.
    pub unit: String,
    /// Base units in one of it; never changes.
    pub factor: Qty,
}

/// A barcode of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BarcodeDetails {
    /// The code.
    pub code: String,
    /// The name of the unit it means; left out for the base unit.
    #[ts(optional = nullable)]
    pub unit: Option<String>,
}

/// A price of a product in the default list, as long as it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PriceDetails {
    /// The name of the unit it is for; left out for the base unit.
    #[ts(optional = nullable)]
    pub unit: Option<String>,
    /// From which quantity on; left out for every quantity.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub min_qty: Qty,
    /// The price of one.
    pub unit_price: UnitPrice,
}

/// A variant of a product: what it does not have from the product it is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VariantDetails {
    /// The variant; left out for a new one.
    #[ts(optional = nullable)]
    pub product_id: Option<ProductId>,
    /// Its code; left empty to be numbered.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub code: String,
    /// What tells it from its siblings: "Red, XL".
    pub variant: String,
    /// Its barcodes; left out to keep those it has.
    #[ts(optional = nullable)]
    pub barcodes: Option<Vec<BarcodeDetails>>,
    /// Price of its base unit; left out to keep what it has.
    #[ts(optional = nullable)]
    pub unit_price: Option<UnitPrice>,
}

/// A product to be made or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProductDetails {
    /// The product; left out for a new one.
    #[ts(optional = nullable)]
    pub product_id: Option<ProductId>,
    /// Its code; left empty to be numbered.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub code: String,
    /// Its name.
    pub name: String,
    /// More about it.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub description: String,
    /// What tells it from its siblings, where it is a variant.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub variant: String,
    /// Its category.
    #[ts(optional = nullable)]
    pub category_id: Option<CategoryId>,
    /// How it is taxed.
    pub tax_class_id: TaxClassId,
    /// What it is.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub kind: ProductKind,
    /// The unit stock is kept in.
    pub base_unit: String,
    /// Whether it is weighed at the till.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub weighed: bool,
    /// Whether every piece has a serial number, asked for at the till.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub serial_tracked: bool,
    /// What must be asked when it is sold.
    #[ts(optional = nullable)]
    pub restriction: Option<Restriction>,
    /// Lowest unit price without approval.
    #[ts(optional = nullable)]
    pub price_floor: Option<UnitPrice>,
    /// Unit cost while stock gives no average; left out to keep what it has.
    #[ts(optional = nullable)]
    pub last_cost: Option<UnitPrice>,
    /// Its picture, by the answer of `catalogue.put_image`.
    #[ts(optional = nullable)]
    pub image_hash: Option<String>,
    /// Its units besides the base unit, all of them; left out to keep those it has.
    #[ts(optional = nullable)]
    pub units: Option<Vec<UnitDetails>>,
    /// Its barcodes, all of them; left out to keep those it has.
    #[ts(optional = nullable)]
    pub barcodes: Option<Vec<BarcodeDetails>>,
    /// Its prices in the default list, all that hold; left out to keep those it has.
    #[ts(optional = nullable)]
    pub prices: Option<Vec<PriceDetails>>,
    /// Its variants, all of them; left out to keep those it has.
    #[ts(optional = nullable)]
    pub variants: Option<Vec<VariantDetails>>,
}

/// One price of a product in any list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PriceView {
    /// The price.
    pub price_id: PriceId,
    /// The list.
    pub price_list_id: PriceListId,
    /// Its name.
    pub price_list: String,
    /// The name of the unit.
    pub unit: String,
    /// From which quantity on.
    pub min_qty: Qty,
    /// The price of one.
    pub unit_price: UnitPrice,
    /// First day it holds.
    #[ts(type = "string | null")]
    pub valid_from: Option<NaiveDate>,
    /// Last day it holds.
    #[ts(type = "string | null")]
    pub valid_to: Option<NaiveDate>,
}

/// A barcode as it was read.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BarcodeView {
    /// The barcode.
    pub barcode_id: BarcodeId,
    /// The code.
    pub code: String,
    /// The name of the unit it means.
    pub unit: String,
    /// Whether it looks like an article number and its last digit is wrong.
    pub wrong_check_digit: bool,
}

/// A product, whole.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProductView {
    /// As `catalogue.save` takes it. The cost is left out for those who may not see it.
    pub product: ProductDetails,
    /// Its name, with what tells a variant apart.
    pub display_name: String,
    /// The product whose variant it is.
    pub variant_of: Option<ProductId>,
    /// Its barcodes.
    pub barcodes: Vec<BarcodeView>,
    /// Its prices in all lists.
    pub prices: Vec<PriceView>,
    /// Whether the base unit may still change: stock has never moved.
    pub base_unit_free: bool,
    /// No longer sold.
    pub archived: bool,
}
