//! Products from a file: read, compared with what is there, and written.
//!
//! A row is the product with its code, else the product with its barcode, else a new one. Only the
//! fields that the file has and the row fills are compared and changed.
//!
//! **Invariant:** no two rows of a file claim one code or one barcode, and no row takes a barcode
//! from another product; rows that would are errors before anything is written.

mod line;
mod write;

use std::collections::{BTreeSet, HashMap};

use lumbung_domain::barcode::Gtin;
use lumbung_domain::ids::{CategoryId, PriceListId, ProductId, TaxClassId};
use lumbung_domain::num::UnitPrice;
use lumbung_domain::say;
use rusqlite::Connection;

pub use write::{apply, at_line, details_of};

use super::fields::ImportKind;
use super::mapping::{Columns, RowError, Wrong};
use super::options::{Existing, ImportOptions};
use super::report::{Change, ImportReport, Outcome};
use super::source::Source;
use super::store;
use crate::catalogue;
use crate::catalogue::rows::{ProductRow, TaxClassRow};
use crate::error::{Result, refuse, refuse_field};
use crate::jobs::Progress;
use crate::standing::Standing;
use line::{Line, read_line};

/// Rows between two reports of progress.
const STEP: u64 = 256;
/// The unit of what the file gives none.
const USUAL_UNIT: &str = "pcs";

/// What a row does.
enum Step {
    Create(Box<Line>),
    Change { product: Box<ProductRow>, to: Box<Line> },
}

/// Everything an import of products would do.
pub struct Plan {
    steps: Vec<Step>,
    categories: BTreeSet<String>,
    list: Option<PriceListId>,
    default_tax: TaxClassId,
    default_unit: String,
    /// What it comes to.
    pub report: ImportReport,
}

/// What rows are compared with.
struct Known {
    by_code: HashMap<String, ProductRow>,
    by_id: HashMap<ProductId, String>,
    barcodes: HashMap<String, ProductId>,
    categories: HashMap<CategoryId, String>,
    tax_classes: Vec<TaxClassRow>,
    list: Option<PriceListId>,
    /// Code and barcodes that earlier rows of the file have, with their line.
    claimed: HashMap<String, u64>,
}

impl Known {
    fn load(db: &Connection, standing: &Standing) -> Result<Self> {
        const PAGE: u32 = 1_000;
        let (mut by_code, mut by_id) = (HashMap::new(), HashMap::new());
        let mut after = None;
        loop {
            let page = catalogue::store::live_products_after(db, after, PAGE)?;
            after = page.last().map(|product| product.product_id);
            for product in page {
                by_id.insert(product.product_id, product.code.clone());
                by_code.insert(product.code.clone(), product);
            }
            if after.is_none() {
                break;
            }
        }
        let categories = catalogue::store::categories(db)?;
        let list = standing.price_lists.values().find(|list| list.is_default);
        Ok(Self {
            by_code,
            by_id,
            barcodes: store::barcodes(db)?
                .into_iter()
                .map(|(code, product_id)| (spelling(&code), product_id))
                .collect(),
            categories: categories
                .into_iter()
                .filter(|category| !category.archived)
                .map(|category| (category.category_id, category.name))
                .collect(),
            tax_classes: standing
                .tax_classes
                .values()
                .filter(|class| !class.archived)
                .cloned()
                .collect(),
            list: list.map(|list| list.price_list_id),
            claimed: HashMap::new(),
        })
    }

    /// Whose barcode it is, or whose code it is.
    fn owner_of(&self, barcode: &str) -> Option<ProductId> {
        let of_barcode = self.barcodes.get(&spelling(barcode)).copied();
        of_barcode.or_else(|| self.by_code.get(barcode).map(|product| product.product_id))
    }

    fn has_category(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        self.categories.values().any(|category| category.to_lowercase() == lower)
    }
}

/// Reads a file and works out what importing it would do.
pub fn plan(
    db: &Connection,
    standing: &Standing,
    source: &Source,
    columns: &Columns,
    options: &ImportOptions,
    progress: &mut Progress<'_>,
) -> Result<Plan> {
    let mut known = Known::load(db, standing)?;
    if columns.has("price") && known.list.is_none() {
        return Err(refuse(
            "no_price_list",
            "There is no default price list to put the prices into: choose one first.",
        ));
    }
    let mut report = ImportReport::new(ImportKind::Products, &source.name);
    report.unused_columns = columns.unused();
    source.warnings.iter().for_each(|said| report.warn(RowError::of_file(said.clone())));
    let (mut steps, mut categories) = (Vec::new(), BTreeSet::new());
    let mut rows = source.rows();
    while let Some(row) = rows.next_row()? {
        report.rows += 1;
        if report.rows.is_multiple_of(STEP) {
            progress.at(report.rows, None, "Reading the file")?;
        }
        let read = read_line(columns, &row, &known.tax_classes, &mut report)
            .and_then(|line| claim(&mut known, &line).map(|()| line));
        let line = match read {
            Ok(line) => line,
            Err(wrong) => {
                report.wrong(wrong.at(row.line));
                continue;
            }
        };
        if let Some(step) = decide(db, &known, options, line, &mut report)? {
            let (Step::Create(line) | Step::Change { to: line, .. }) = &step;
            if let Some(category) = &line.category
                && !known.has_category(category)
            {
                categories.insert(category.clone());
            }
            steps.push(step);
        }
    }
    report.categories_created = categories.len() as u64;
    report.ready = report.error_count == 0 || options.leave_out_wrong_rows;
    Ok(Plan {
        steps,
        categories,
        list: known.list,
        default_tax: default_tax(standing, options)?,
        default_unit: options.unit.clone().unwrap_or_else(|| USUAL_UNIT.to_owned()),
        report,
    })
}

/// The class of products for which the file names none: the chosen one, else the one with the
/// highest rate, which is the country's ordinary rate.
fn default_tax(standing: &Standing, options: &ImportOptions) -> Result<TaxClassId> {
    let classes = || standing.tax_classes.values().filter(|class| !class.archived);
    if let Some(chosen) = options.tax_class_id {
        return classes()
            .find(|class| class.tax_class_id == chosen)
            .map(|class| class.tax_class_id)
            .ok_or_else(|| {
                refuse_field!(
                    "tax_class_id",
                    "choose_tax_class",
                    "Choose a tax class that is in use."
                )
            });
    }
    classes()
        .max_by(|a, b| a.rate.cmp(&b.rate).then_with(|| b.code.cmp(&a.code)))
        .map(|class| class.tax_class_id)
        .ok_or_else(|| refuse("no_tax_class", "There is no tax class: make one first."))
}

/// A barcode in the one spelling that a scanner's ways of reading it have in common.
fn spelling(code: &str) -> String {
    Gtin::parse(code).map_or_else(|_| code.to_owned(), |gtin| gtin.as_str().to_owned())
}

/// Takes code and barcodes for this row; an error when an earlier row has them. Codes and barcodes
/// are typed and scanned into one field, so they must differ from each other, too.
fn claim(known: &mut Known, line: &Line) -> Result<(), Wrong> {
    let codes = || std::iter::once(&line.code).chain(line.all_barcodes());
    for code in codes() {
        if let Some(before) = known.claimed.get(&spelling(code)) {
            return Err(Wrong::row(say!(
                "row_code_twice",
                "{code} is in line {before} already",
                code = code,
                before = before
            )));
        }
    }
    let keys: Vec<String> = codes().map(|code| spelling(code)).collect();
    known.claimed.extend(keys.into_iter().map(|key| (key, line.line)));
    Ok(())
}

/// Which product a row is about, and what it does to it.
fn decide(
    db: &Connection,
    known: &Known,
    options: &ImportOptions,
    line: Line,
    report: &mut ImportReport,
) -> Result<Option<Step>> {
    let by_barcode = line.barcodes.iter().find_map(|code| known.owner_of(code));
    let product = match (known.by_code.get(&line.code), by_barcode) {
        (Some(product), _) => Some(product),
        (None, Some(id)) => known.by_id.get(&id).and_then(|code| known.by_code.get(code)),
        (None, None) => None,
    };
    let own = product.map(|product| product.product_id);
    for code in line.all_barcodes() {
        if let Some(other) = known.owner_of(code)
            && Some(other) != own
        {
            let owner = known.by_id.get(&other).map_or("another", String::as_str);
            let why = say!(
                "row_barcode_taken",
                "the barcode {code} belongs to the product {owner} already",
                code = code,
                owner = owner
            );
            report.wrong(Wrong::row(why).at(line.line));
            return Ok(None);
        }
    }
    let Some(product) = product else {
        report.note(line.line, &line.name, Outcome::Created, detail_of(&line));
        return Ok(Some(Step::Create(Box::new(line))));
    };
    match options.existing {
        Existing::LeaveOut => {
            report.note(line.line, &line.name, Outcome::LeftOut, product.code.clone());
            return Ok(None);
        }
        Existing::Refuse => {
            let why = say!(
                "row_product_there",
                "the product {code} is there already",
                code = product.code
            );
            report.wrong(Wrong::row(why).at(line.line));
            return Ok(None);
        }
        Existing::Change => {}
    }
    let differs = differences(db, known, product, &line)?;
    if differs.is_empty() {
        report.note(line.line, &line.name, Outcome::Unchanged, String::new());
        return Ok(None);
    }
    if line.unit.as_ref().is_some_and(|unit| *unit != product.base_unit) {
        let why = say!(
            "row_unit_stays",
            "{code} is kept in {unit} and stays so",
            code = product.code,
            unit = product.base_unit
        );
        report.warn(Wrong::row(why).at(line.line));
    }
    if let Some(pack) = &line.pack {
        let units = catalogue::store::units(db, product.product_id)?;
        if !units.iter().any(|unit| unit.unit == pack.unit && !unit.archived) {
            let why = say!(
                "row_unit_missing",
                "{code} has no unit {unit} yet; add it on the page of the product",
                code = product.code,
                unit = pack.unit
            );
            report.warn(Wrong::row(why).at(line.line));
        }
    }
    report.note_changes(line.line, &line.name, differs);
    Ok(Some(Step::Change { product: Box::new(product.clone()), to: Box::new(line) }))
}

fn detail_of(line: &Line) -> String {
    let price = line.price.map(|price| price.to_string());
    let parts: Vec<String> =
        [Some(line.code.clone()), line.category.clone(), price].into_iter().flatten().collect();
    parts.join(", ")
}

/// What a row would change.
fn differences(
    db: &Connection,
    known: &Known,
    product: &ProductRow,
    line: &Line,
) -> Result<Vec<Change>> {
    let mut differs = Vec::new();
    let mut differ = |field: &str, from: String, to: Option<String>| {
        if let Some(to) = to
            && to != from
        {
            differs.push(Change { field: field.to_owned(), from, to });
        }
    };
    differ("name", product.name.clone(), Some(line.name.clone()));
    differ("description", product.description.clone(), line.description.clone());
    let category = product.category_id.and_then(|id| known.categories.get(&id));
    let same_category = |name: &String| {
        category.is_some_and(|category| category.to_lowercase() == name.to_lowercase())
    };
    let wanted = line.category.clone().filter(|name| !same_category(name));
    differ("category", category.cloned().unwrap_or_default(), wanted);
    differ("cost", product.last_cost.to_string(), line.cost.map(|cost| cost.to_string()));
    let floor = product.price_floor.map(|floor| floor.to_string()).unwrap_or_default();
    differ("price_floor", floor, line.floor.map(|floor| floor.to_string()));
    let tax = |id: TaxClassId| {
        let class = known.tax_classes.iter().find(|class| class.tax_class_id == id);
        class.map(|class| class.code.clone()).unwrap_or_default()
    };
    differ("tax", tax(product.tax_class_id), line.tax.map(tax));
    let yes = |on: bool| if on { "yes" } else { "no" }.to_owned();
    differ("weighed", yes(product.weighed), line.weighed.map(yes));
    differ("serial numbers", yes(product.serial_tracked), line.serial.map(yes));
    if let Some(price) = line.price {
        let current = current_price(db, known.list, product.product_id)?;
        let from = current.map(|current| current.to_string()).unwrap_or_default();
        differ("price", from, Some(price.to_string()));
    }
    for code in &line.barcodes {
        if !known.barcodes.contains_key(&spelling(code)) {
            let field = "barcode".to_owned();
            differs.push(Change { field, from: String::new(), to: code.clone() });
        }
    }
    Ok(differs)
}

/// What a product costs by the default list, for one of its base unit.
fn current_price(
    db: &Connection,
    list: Option<PriceListId>,
    product_id: ProductId,
) -> Result<Option<UnitPrice>> {
    let prices = catalogue::store::live_prices(db, product_id)?;
    let current = prices.into_iter().rfind(|price| {
        Some(price.price_list_id) == list
            && price.product_unit_id.is_none()
            && price.min_qty.is_zero()
            && price.valid_from.is_none()
            && price.valid_to.is_none()
    });
    Ok(current.map(|price| price.unit_price))
}
