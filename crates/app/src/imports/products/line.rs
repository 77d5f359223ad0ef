//! One row of a file of products, understood.
//!
//! **Invariant:** what a row says is checked by itself here; what it says beside other rows and
//! beside the catalogue is the plan's.

use lumbung_domain::barcode::Gtin;
use lumbung_domain::ids::TaxClassId;
use lumbung_domain::num::{Qty, UnitPrice};
use lumbung_domain::say;
use lumbung_domain::ticket::MAX_PRICE;

use crate::catalogue::rows::TaxClassRow;
use crate::imports::mapping::{Columns, Wrong};
use crate::imports::report::ImportReport;
use crate::imports::source::Row;
use crate::imports::trouble::CellError;

const CODE_MAX: usize = 40;
const NAME_MAX: usize = 200;
const DESCRIPTION_MAX: usize = 500;
const BARCODE_MAX: usize = 90;
const UNIT_MAX: usize = 12;

/// One row of the file, understood.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its line in the file.
    pub line: u64,
    /// Its code; the first barcode where the file gives none.
    pub code: String,
    /// Its name.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// Its barcodes, in the order of the file.
    pub barcodes: Vec<String>,
    /// The name of its category.
    pub category: Option<String>,
    /// The unit stock is kept in.
    pub unit: Option<String>,
    /// What one costs.
    pub price: Option<UnitPrice>,
    /// What one cost.
    pub cost: Option<UnitPrice>,
    /// The lowest price without approval.
    pub floor: Option<UnitPrice>,
    /// How it is taxed.
    pub tax: Option<TaxClassId>,
    /// Whether it is weighed.
    pub weighed: Option<bool>,
    /// Whether every piece has a serial number.
    pub serial: Option<bool>,
    /// Whether it is no goods.
    pub service: Option<bool>,
    /// A unit with more than one in it.
    pub pack: Option<Pack>,
}

/// A unit with more than one in it: a box of 24.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Its name.
    pub unit: String,
    /// How many are in it.
    pub size: Qty,
    /// Its barcode.
    pub barcode: Option<String>,
    /// What it costs.
    pub price: Option<UnitPrice>,
}

impl Line {
    /// Its barcodes, those of its pack too.
    pub fn all_barcodes(&self) -> impl Iterator<Item = &String> {
        self.barcodes.iter().chain(self.pack.iter().filter_map(|pack| pack.barcode.as_ref()))
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Reads a row.
pub fn read_line(
    columns: &Columns,
    row: &Row<'_>,
    tax_classes: &[TaxClassRow],
    report: &mut ImportReport,
) -> Result<Line, Wrong> {
    columns.check_width(row)?;
    let mut barcodes = Vec::new();
    for code in columns.text(row, "barcode", 10 * BARCODE_MAX)?.split([';', '|', ',', '\n']) {
        let code = barcode(columns, "barcode", code, row.line, report)?;
        if let Some(code) = code
            && !barcodes.contains(&code)
        {
            barcodes.push(code);
        }
    }
    let code = match columns.text(row, "code", CODE_MAX)? {
        "" => barcodes.first().cloned().unwrap_or_default(),
        code => code.to_owned(),
    };
    if code.is_empty() {
        return Err(Wrong::row(say!("row_nameless", "the row has neither a code nor a barcode")));
    }
    let full = columns.needed(row, "name", DESCRIPTION_MAX)?.replace(['\n', '\t'], " ");
    let mut description = some(columns.text(row, "description", DESCRIPTION_MAX)?);
    let name = shortened(&full);
    if name != full {
        let why = say!(
            "row_name_shortened",
            "the name of {code} is shortened to \"{name}\"",
            code = code,
            name = name
        );
        report.warn(Wrong::row(why).at(row.line));
        description.get_or_insert(full);
    }
    let tax = match columns.text(row, "tax", NAME_MAX)? {
        "" => None,
        tax => Some(tax_class(columns, tax_classes, tax)?),
    };
    Ok(Line {
        line: row.line,
        name,
        description,
        category: some(columns.text(row, "category", NAME_MAX)?),
        unit: some(columns.text(row, "unit", UNIT_MAX)?),
        price: amount(columns, row, "price")?,
        cost: amount(columns, row, "cost")?,
        floor: amount(columns, row, "price_floor")?,
        weighed: yes_no(columns, row, "weighed")?,
        serial: yes_no(columns, row, "serial_tracked")?,
        service: yes_no(columns, row, "service")?,
        pack: pack(columns, row, report)?,
        code,
        barcodes,
        tax,
    })
}

/// A name as long as fits on paper, the whole where it does.
fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME_MAX {
        return name.to_owned();
    }
    let cut: String = name.chars().take(NAME_MAX - 1).collect();
    format!("{}…", cut.trim_end())
}

fn barcode(
    columns: &Columns,
    field: &str,
    code: &str,
    line: u64,
    report: &mut ImportReport,
) -> Result<Option<String>, Wrong> {
    let code: String = code.trim().chars().filter(|c| !matches!(c, ' ' | '\u{a0}')).collect();
    if code.is_empty() {
        return Ok(None);
    }
    if code.len() > BARCODE_MAX {
        return Err(columns.wrong(field, CellError::TooLong(BARCODE_MAX)));
    }
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    let scientific = code.contains(['e', 'E']) && code.contains('+');
    if scientific && code.bytes().all(|b| b.is_ascii_digit() || b"eE+.,".contains(&b)) {
        return Err(columns.wrong(field, CellError::Scientific(code)));
    }
    if digits && matches!(code.len(), 8 | 12 | 13 | 14) && Gtin::parse(&code).is_err() {
        let error = columns.wrong(field, CellError::CheckDigit(code.clone())).at(line);
        report.warn(error);
    }
    Ok(Some(code))
}

/// A price or cost: not below zero, not beyond what a till can take.
fn amount(columns: &Columns, row: &Row<'_>, field: &str) -> Result<Option<UnitPrice>, Wrong> {
    let amount: Option<UnitPrice> = columns.number(row, field)?;
    match amount {
        Some(amount) if amount.is_negative() => {
            Err(columns.wrong(field, CellError::Negative(amount.to_string())))
        }
        Some(amount) if amount > MAX_PRICE => {
            Err(columns.wrong(field, CellError::TooLarge(amount.to_string())))
        }
        amount => Ok(amount),
    }
}

fn pack_size(columns: &Columns, row: &Row<'_>) -> Result<Qty, Wrong> {
    let size: Qty = columns.needed_number(row, "pack_size")?;
    if size.is_positive() {
        return Ok(size);
    }
    let wrong =
        if size.is_zero() { CellError::Zero } else { CellError::Negative(size.to_string()) };
    Err(columns.wrong("pack_size", wrong))
}

fn yes_no(columns: &Columns, row: &Row<'_>, field: &str) -> Result<Option<bool>, Wrong> {
    const YES: &[&str] = &["1", "y", "yes", "true", "x", "ya", "oui", "vrai"];
    const NO: &[&str] = &["0", "n", "no", "false", "tidak", "non", "faux", "-"];
    let text = columns.text(row, field, NAME_MAX)?.to_lowercase();
    match text.as_str() {
        "" => Ok(None),
        text if YES.contains(&text) => Ok(Some(true)),
        text if NO.contains(&text) => Ok(Some(false)),
        _ => Err(columns.wrong(field, CellError::NotOneOf(text, "yes, no".to_owned()))),
    }
}

fn tax_class(columns: &Columns, classes: &[TaxClassRow], text: &str) -> Result<TaxClassId, Wrong> {
    let lower = text.to_lowercase();
    let same = |class: &&TaxClassRow| {
        class.code.to_lowercase() == lower || class.name.to_lowercase() == lower
    };
    classes.iter().find(same).map(|class| class.tax_class_id).ok_or_else(|| {
        let mut codes: Vec<&str> = classes.iter().map(|class| class.code.as_str()).collect();
        codes.sort_unstable();
        columns.wrong("tax", CellError::NotOneOf(text.to_owned(), codes.join(", ")))
    })
}

fn pack(
    columns: &Columns,
    row: &Row<'_>,
    report: &mut ImportReport,
) -> Result<Option<Pack>, Wrong> {
    let unit = columns.text(row, "pack_unit", UNIT_MAX)?;
    if unit.is_empty() {
        return Ok(None);
    }
    let code = columns.text(row, "pack_barcode", BARCODE_MAX)?;
    Ok(Some(Pack {
        unit: unit.to_owned(),
        size: pack_size(columns, row)?,
        barcode: barcode(columns, "pack_barcode", code, row.line, report)?,
        price: amount(columns, row, "pack_price")?,
    }))
}
