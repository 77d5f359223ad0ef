//! Customers from a file: read, compared with who is there, and written.
//!
//! A row is the customer with its code. A row without a code is a new customer, unless one in use
//! has the same name and telephone.
//!
//! **Invariant:** no two rows of a file claim one code; only fields that the file has and the row
//! fills are compared and changed.

use std::collections::HashMap;

use lumbung_domain::currency::Currency;
use lumbung_domain::ids::{CustomerId, ImportId};
use lumbung_domain::num::{Money, Qty, Rounding, UnitPrice};
use lumbung_domain::say;
use rusqlite::Connection;

use super::batch::Batch;
use super::fields::ImportKind;
use super::mapping::{Columns, RowError, Wrong};
use super::options::{Existing, ImportOptions};
use super::products::at_line;
use super::report::{Change, ImportReport, Outcome};
use super::source::{Row, Source};
use super::trouble::CellError;
use crate::customers::rows::CustomerRow;
use crate::customers::{self, CustomerDetails};
use crate::door::Write;
use crate::error::Result;
use crate::jobs::Progress;
use crate::standing::Standing;

const CODE_MAX: usize = 40;
const NAME_MAX: usize = 200;
const TEXT_MAX: usize = 500;
const TERMS_MAX: i64 = 3_650;
/// Rows between two reports of progress.
const STEP: u64 = 256;
/// Texts of a row besides code and name.
const TEXTS: [&str; 7] = ["phone", "email", "address", "country", "tax_number", "group", "note"];

/// One row of the file, understood; empty where it says nothing.
#[derive(Debug, Clone)]
struct Line {
    line: u64,
    code: String,
    name: String,
    /// In the order of [`TEXTS`].
    texts: [String; 7],
    credit_limit: Option<Money>,
    terms_days: Option<i64>,
}

/// Everything an import of customers would do.
pub struct Plan {
    steps: Vec<(Line, Option<CustomerRow>)>,
    /// What it comes to.
    pub report: ImportReport,
}

/// Who is there.
struct Known {
    rows: HashMap<CustomerId, CustomerRow>,
    by_code: HashMap<String, CustomerId>,
    by_name: HashMap<(String, String), CustomerId>,
    claimed: HashMap<String, u64>,
}

impl Known {
    fn load(db: &Connection) -> Result<Self> {
        let mut known = Self {
            rows: HashMap::new(),
            by_code: super::store::customers(db)?,
            by_name: HashMap::new(),
            claimed: HashMap::new(),
        };
        for customer_id in known.by_code.values() {
            if let Some(row) = customers::store::customer(db, *customer_id)? {
                let same = (row.name.to_lowercase(), digits(&row.phone));
                known.by_name.insert(same, *customer_id);
                known.rows.insert(*customer_id, row);
            }
        }
        Ok(known)
    }

    fn find(&self, line: &Line) -> Option<&CustomerRow> {
        let customer_id = if line.code.is_empty() {
            self.by_name.get(&(line.name.to_lowercase(), digits(&line.texts[0])))
        } else {
            self.by_code.get(&line.code)
        };
        customer_id.and_then(|customer_id| self.rows.get(customer_id))
    }
}

/// A telephone number as it is compared: digits only.
fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
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
    let mut known = Known::load(db)?;
    let mut report = ImportReport::new(ImportKind::Customers, &source.name);
    report.unused_columns = columns.unused();
    source.warnings.iter().for_each(|said| report.warn(RowError::of_file(said.clone())));
    let mut steps = Vec::new();
    let mut rows = source.rows();
    while let Some(row) = rows.next_row()? {
        report.rows += 1;
        if report.rows.is_multiple_of(STEP) {
            progress.at(report.rows, None, "Reading the file")?;
        }
        let read = read_line(columns, &row, standing.currency)
            .and_then(|line| claim(&mut known, &line).map(|()| line));
        let line = match read {
            Ok(line) => line,
            Err(wrong) => {
                report.wrong(wrong.at(row.line));
                continue;
            }
        };
        let Some(there) = known.find(&line) else {
            report.note(line.line, &line.name, Outcome::Created, line.code.clone());
            steps.push((line, None));
            continue;
        };
        match options.existing {
            Existing::LeaveOut => {
                report.note(line.line, &line.name, Outcome::LeftOut, there.code.clone());
            }
            Existing::Refuse => {
                let why = say!(
                    "row_customer_there",
                    "the customer {code} is there already",
                    code = there.code
                );
                report.wrong(Wrong::row(why).at(line.line));
            }
            Existing::Change => {
                let differs = differences(there, &line, standing.currency);
                if differs.is_empty() {
                    report.note(line.line, &line.name, Outcome::Unchanged, String::new());
                } else {
                    report.note_changes(line.line, &line.name, differs);
                    steps.push((line, Some(there.clone())));
                }
            }
        }
    }
    report.ready = report.error_count == 0 || options.leave_out_wrong_rows;
    Ok(Plan { steps, report })
}

fn read_line(columns: &Columns, row: &Row<'_>, currency: Currency) -> Result<Line, Wrong> {
    columns.check_width(row)?;
    let mut texts: [String; 7] = Default::default();
    for (text, field) in texts.iter_mut().zip(TEXTS) {
        columns.text(row, field, TEXT_MAX)?.clone_into(text);
    }
    let limit: Option<UnitPrice> = columns.number(row, "credit_limit")?;
    let credit_limit = match limit {
        None => None,
        Some(limit) if limit.is_negative() => {
            return Err(columns.wrong("credit_limit", CellError::Negative(limit.to_string())));
        }
        Some(limit) => {
            Some(limit.times(Qty::ONE, currency, Rounding::HalfUp).map_err(|_| {
                columns.wrong("credit_limit", CellError::TooLarge(limit.to_string()))
            })?)
        }
    };
    let terms: Option<Qty> = columns.number(row, "terms_days")?;
    let whole_days = |terms: Qty| {
        let one = Qty::ONE.get();
        let days = terms.get() / one;
        (terms.get() % one == 0 && (0..=TERMS_MAX).contains(&days)).then_some(days)
    };
    let terms_days = match terms {
        None => None,
        Some(terms) => Some(whole_days(terms).ok_or_else(|| {
            let words = format!("0 to {TERMS_MAX} whole days");
            columns.wrong("terms_days", CellError::NotOneOf(terms.to_string(), words))
        })?),
    };
    Ok(Line {
        line: row.line,
        code: columns.text(row, "code", CODE_MAX)?.to_owned(),
        name: columns.needed(row, "name", NAME_MAX)?.replace(['\n', '\t'], " "),
        texts,
        credit_limit,
        terms_days,
    })
}

/// Takes the code, or name and telephone, for this row; an error when an earlier row has them.
fn claim(known: &mut Known, line: &Line) -> Result<(), Wrong> {
    let nameless = line.code.is_empty();
    let key = if nameless {
        format!("name {}\n{}", line.name.to_lowercase(), digits(&line.texts[0]))
    } else {
        format!("code {}", line.code)
    };
    let Some(before) = known.claimed.insert(key, line.line) else { return Ok(()) };
    Err(Wrong::row(if nameless {
        say!(
            "row_customer_twice",
            "{name} with this telephone number is in line {before} already",
            name = line.name,
            before = before
        )
    } else {
        say!(
            "row_code_twice",
            "{code} is in line {before} already",
            code = line.code,
            before = before
        )
    }))
}

fn texts_of(row: &CustomerRow) -> [&String; 7] {
    [
        &row.phone,
        &row.email,
        &row.address,
        &row.country,
        &row.tax_number,
        &row.customer_group,
        &row.note,
    ]
}

/// What a row would change.
fn differences(row: &CustomerRow, line: &Line, currency: Currency) -> Vec<Change> {
    let mut differs = Vec::new();
    let mut differ = |field: &str, from: &str, to: &str| {
        if !to.is_empty() && to != from {
            let (field, from, to) = (field.to_owned(), from.to_owned(), to.to_owned());
            differs.push(Change { field, from, to });
        }
    };
    differ("name", &row.name, &line.name);
    for ((what, from), to) in TEXTS.into_iter().zip(texts_of(row)).zip(&line.texts) {
        differ(what, from, to);
    }
    if let Some(limit) = line.credit_limit {
        differ("credit_limit", &row.credit_limit.to_major(currency), &limit.to_major(currency));
    }
    if let Some(days) = line.terms_days {
        differ("terms_days", &row.terms_days.to_string(), &days.to_string());
    }
    differs
}

/// Writes what was planned.
pub fn apply(
    write: &mut Write<'_, '_>,
    batch: &mut Batch,
    import_id: ImportId,
    plan: &Plan,
    progress: &mut Progress<'_>,
) -> Result<()> {
    let total = plan.steps.len() as u64;
    for (done, (line, there)) in (0..).zip(&plan.steps) {
        progress.at(done, Some(total), "Writing customers")?;
        let written = match there {
            None => create(write, import_id, line),
            Some(row) => customers::save(write, filled(details_of(row), line)).map(|_| ()),
        };
        written.map_err(|error| at_line(error, line.line))?;
        batch.count(1);
        batch.turn(write)?;
    }
    progress.at(total, Some(total), "Writing customers")
}

/// Makes a customer; one without a code gets the next one of this terminal.
fn create(write: &mut Write<'_, '_>, import_id: ImportId, line: &Line) -> Result<()> {
    let details = filled(CustomerDetails::new(line.code.clone(), line.name.clone()), line);
    if !line.code.is_empty() {
        customers::create_customer(write, details, Some(import_id))?;
        return Ok(());
    }
    let made = customers::save(write, details)?;
    write.tx.patch(made.customer_id, CustomerRow::ORIGIN, |row| {
        row.import_id = Some(import_id);
    })?;
    Ok(())
}

/// A customer as `customers.save` takes them.
pub fn details_of(row: &CustomerRow) -> CustomerDetails {
    CustomerDetails {
        customer_id: Some(row.customer_id),
        code: row.code.clone(),
        name: row.name.clone(),
        phone: row.phone.clone(),
        email: row.email.clone(),
        address: row.address.clone(),
        country: row.country.clone(),
        tax_number: row.tax_number.clone(),
        customer_group: row.customer_group.clone(),
        price_list_id: row.price_list_id,
        credit_limit: row.credit_limit,
        terms_days: row.terms_days,
        blocked: row.blocked,
        note: row.note.clone(),
    }
}

/// The details with what the row says.
fn filled(mut details: CustomerDetails, line: &Line) -> CustomerDetails {
    details.name.clone_from(&line.name);
    let [phone, email, address, country, tax_number, group, note] = &line.texts;
    for (text, said) in [
        (&mut details.phone, phone),
        (&mut details.email, email),
        (&mut details.address, address),
        (&mut details.country, country),
        (&mut details.tax_number, tax_number),
        (&mut details.customer_group, group),
        (&mut details.note, note),
    ] {
        if !said.is_empty() {
            text.clone_from(said);
        }
    }
    details.credit_limit = line.credit_limit.unwrap_or(details.credit_limit);
    details.terms_days = line.terms_days.unwrap_or(details.terms_days);
    details
}
