//! What a product may be called, coded, priced and packed, checked before anything is written.
//!
//! **Invariant:** every refusal points at its field and says what to do.

use chrono::NaiveDate;
use lumbung_domain::ids::{ProductId, ProductUnitId};
use lumbung_domain::num::{Qty, UnitPrice};
use lumbung_domain::ticket::MAX_PRICE;
use rusqlite::Connection;

use super::products::display_name;
use super::rows::ProductRow;
use super::store;
use crate::company::check_length;
use crate::error::{Refusal, Result, not_found_called, refuse_field};

/// Longest code of a product.
const CODE_LENGTH_MAX: usize = 40;

/// Longest barcode: a GS1 element string with all its parts.
const BARCODE_LENGTH_MAX: usize = 90;

/// Longest name.
const NAME_LENGTH_MAX: usize = 200;

/// Longest name of a unit.
const UNIT_LENGTH_MAX: usize = 12;

/// Most units of one product.
const UNITS_MAX: usize = 20;

/// Most barcodes of one product.
const BARCODES_MAX: usize = 50;

/// Most prices of one product in one list.
pub(super) const PRICES_MAX: usize = 100;

/// Refuses a code that cannot be typed or printed.
pub(super) fn check_code(field: &str, code: &str) -> Result<()> {
    if code.trim().is_empty() {
        return Err(refuse_field!(field, "code_empty", "A product needs a code."));
    }
    if code.trim() != code || code.chars().any(char::is_control) {
        return Err(refuse_field!(
            field,
            "code_spaces",
            "A code neither begins nor ends with a space, and has only characters that can be \
             typed."
        ));
    }
    if code.chars().count() > CODE_LENGTH_MAX {
        return Err(refuse_field!(
            field,
            "code_too_long",
            "This code is too long: at most {limit} characters.",
            limit = CODE_LENGTH_MAX
        ));
    }
    Ok(())
}

/// Refuses a name that is empty or does not fit on paper.
pub(super) fn check_name(field: &str, name: &str) -> Result<()> {
    crate::company::check_text(field, name)?;
    if name.chars().count() > NAME_LENGTH_MAX {
        return Err(refuse_field!(
            field,
            "text_too_long",
            "This is too long: at most {limit} characters.",
            limit = NAME_LENGTH_MAX
        ));
    }
    Ok(())
}

/// Refuses the name of a unit that does not fit on a receipt.
pub(super) fn check_unit_name(field: &str, unit: &str) -> Result<()> {
    if unit.trim().is_empty() {
        return Err(refuse_field!(
            field,
            "unit_empty",
            "A unit needs a name, such as pcs, kg or box."
        ));
    }
    if unit.trim() != unit || unit.chars().count() > UNIT_LENGTH_MAX {
        return Err(refuse_field!(
            field,
            "unit_name",
            "The name of a unit has at most {limit} characters and no spaces around it.",
            limit = UNIT_LENGTH_MAX
        ));
    }
    check_length(field, unit)
}

/// Refuses units that contradict each other.
pub(super) fn check_units<'a>(
    base: &str,
    units: impl Iterator<Item = (&'a str, Qty)>,
) -> Result<()> {
    let mut seen = vec![base];
    for (unit, factor) in units {
        check_unit_name("units", unit)?;
        if seen.contains(&unit) {
            return Err(refuse_field!(
                "units",
                "unit_twice",
                "The unit {unit} is there twice.",
                unit = unit
            ));
        }
        if !factor.is_positive() {
            return Err(refuse_field!(
                "units",
                "unit_factor",
                "Say how many {base} are in one {unit}: more than none.",
                base = base,
                unit = unit
            ));
        }
        seen.push(unit);
        if seen.len() > UNITS_MAX {
            return Err(refuse_field!(
                "units",
                "too_many_units",
                "A product has at most {limit} units.",
                limit = UNITS_MAX
            ));
        }
    }
    Ok(())
}

/// Refuses barcodes that cannot be scanned or are given twice.
pub(super) fn check_barcodes<'a>(codes: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen = Vec::new();
    for code in codes {
        let printable = code.chars().all(|c| !c.is_control() && !c.is_whitespace());
        if code.is_empty() || !printable || code.chars().count() > BARCODE_LENGTH_MAX {
            return Err(refuse_field!(
                "barcodes",
                "barcode_letters",
                "A barcode has 1 to {limit} characters and no spaces: \"{code}\".",
                limit = BARCODE_LENGTH_MAX,
                code = code
            ));
        }
        if seen.contains(&code) {
            return Err(refuse_field!(
                "barcodes",
                "barcode_twice",
                "The barcode {code} is there twice.",
                code = code
            ));
        }
        seen.push(code);
        if seen.len() > BARCODES_MAX {
            return Err(refuse_field!(
                "barcodes",
                "too_many_barcodes",
                "A product has at most {limit} barcodes.",
                limit = BARCODES_MAX
            ));
        }
    }
    Ok(())
}

/// Refuses goods that are weighed and have a serial number on every piece.
pub(super) fn check_tracking(weighed: bool, serial_tracked: bool) -> Result<()> {
    if weighed && serial_tracked {
        return Err(refuse_field!(
            "serial_tracked",
            "weighed_and_serial",
            "What is weighed has no serial number on every piece: choose one of the two."
        ));
    }
    Ok(())
}

/// Refuses a price below nothing or beyond what a till can take.
pub(super) fn check_price(field: &str, price: UnitPrice) -> Result<()> {
    if price.is_negative() {
        return Err(refuse_field!(field, "price_negative", "A price cannot be less than nothing."));
    }
    if price > MAX_PRICE {
        return Err(refuse_field!(
            field,
            "price_over_limit",
            "A price is at most {limit}.",
            limit = MAX_PRICE
        ));
    }
    Ok(())
}

/// Refuses a quantity break below nothing.
pub(super) fn check_break(field: &str, min_qty: Qty) -> Result<()> {
    if min_qty.is_negative() {
        return Err(refuse_field!(
            field,
            "price_from_qty",
            "A price holds from a quantity of nothing or more."
        ));
    }
    Ok(())
}

/// Refuses a period that ends before it begins.
pub(super) fn check_period(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<()> {
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(refuse_field!(
            "valid_to",
            "price_ends_early",
            "A price cannot end on {to}, before it begins on {from}.",
            to = to,
            from = from
        ));
    }
    Ok(())
}

/// Refuses a code that another product in use has.
pub(super) fn free_code(db: &Connection, code: &str, own: Option<ProductId>) -> Result<()> {
    match store::product_by_code(db, code)? {
        Some(other) if !other.archived && Some(other.product_id) != own => {
            let name = display_name(&other);
            let message = format!("The code {code} belongs to {name} already.");
            Err(Refusal::new("code_taken", message)
                .at("code")
                .fact("code", code)
                .fact("product", name)
                .into())
        }
        _ => Ok(()),
    }
}

/// Refuses a barcode, as it is kept, that another product in use has.
pub(super) fn free_barcode(db: &Connection, code: &str, own: Option<ProductId>) -> Result<()> {
    let taken = |other: ProductRow| -> Result<()> {
        let name = display_name(&other);
        let message = format!("The barcode {code} belongs to {name} already.");
        Err(Refusal::new("barcode_taken", message)
            .at("barcodes")
            .fact("barcode", code)
            .fact("product", name)
            .into())
    };
    for barcode in store::barcodes_by_code(db, code)? {
        if Some(barcode.product_id) != own
            && let Some(other) = store::product(db, barcode.product_id)?
        {
            return taken(other);
        }
    }
    match store::product_by_code(db, code)? {
        Some(other) if !other.archived && Some(other.product_id) != own => taken(other),
        _ => Ok(()),
    }
}

/// The unit of a name among those of a product; absent for the base unit.
pub(super) fn unit_named(
    units: &[(String, ProductUnitId)],
    base: &str,
    name: Option<&str>,
) -> Result<Option<ProductUnitId>> {
    match name {
        None => Ok(None),
        Some(name) if name == base => Ok(None),
        Some(name) => {
            let found = units.iter().find(|(unit, _)| unit == name);
            found.map(|(_, id)| Some(*id)).ok_or_else(|| not_found_called("The unit", name))
        }
    }
}
