//! What a file of sales holds, in numbers that can be checked against its source.
//!
//! **Invariant:** the classes add up to the whole: every line is counted once, and the exact sum is
//! a sum of products, never of rounded amounts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use chrono::{NaiveDate, NaiveDateTime};
use lumbung_domain::currency::Currency;
use lumbung_domain::ids::ImportId;
use lumbung_domain::num::{Money, NumError, Qty};
use lumbung_domain::said::Said;
use lumbung_domain::say;
use serde::Serialize;
use ts_rs::TS;

use super::history::{Document, DocumentKind, History, Line, Word};
use super::rules::LineClass;
use crate::imports::mapping::RowError;

/// Entries of each "best of" list.
const BEST: usize = 10;
/// Decimals of quantity times price.
const EXACT_DECIMALS: usize = 10;

/// An exact amount in the major unit, as a decimal: the sum of quantity times price.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Exact(i128);

impl Exact {
    /// Adds a product of quantity (millionths) and price (ten-thousandths).
    fn add(&mut self, product: i128) {
        // Two million lines of at most 10^26 each stay far below the limit of 10^38.
        self.0 += product;
    }

    fn posted(amount: Money, currency: Currency) -> Self {
        let scale = 10_i128.pow(10 - u32::from(currency.digits()));
        Self(i128::from(amount.get()) * scale)
    }

    fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_u128.pow(10);
        let size = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let decimals = format!("{:0EXACT_DECIMALS$}", size % scale);
        // Two decimals at least: these are amounts of money.
        let shown = decimals.trim_end_matches('0').len().max(2);
        f.pad(&format!("{sign}{}.{}", size / scale, &decimals[..shown]))
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Exact {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Lines of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ClassSum {
    /// The class.
    pub class: LineClass,
    /// Its lines.
    #[ts(type = "number")]
    pub lines: u64,
    /// Documents with such a line.
    #[ts(type = "number")]
    pub documents: u64,
    /// Sum of quantities.
    pub quantity: Qty,
    /// Sum of quantity times price, exact.
    #[ts(type = "string")]
    pub exact: Exact,
    /// What is posted, in minor units.
    pub posted: Money,
}

/// A name with its sums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Ranked {
    /// Country, product code, customer, month or day.
    pub name: String,
    /// What else to say: the name of the product.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Lines.
    #[ts(type = "number")]
    pub lines: u64,
    /// Sum of quantities.
    pub quantity: Qty,
    /// Sum of quantity times price, exact.
    #[ts(type = "string")]
    pub exact: Exact,
}

/// What a file of sales holds and what was done with it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SalesSummary {
    /// The import; absent for a trial.
    pub import_id: Option<ImportId>,
    /// The file.
    pub file: String,
    /// Whether this was only a trial.
    pub dry_run: bool,
    /// The currency of the amounts.
    pub currency: String,
    /// Lines of the file.
    #[ts(type = "number")]
    pub lines_read: u64,
    /// Lines that are, or would be, imported.
    #[ts(type = "number")]
    pub lines: u64,
    /// Documents that are, or would be, imported.
    #[ts(type = "number")]
    pub invoices: u64,
    /// Documents that are here already and were left out.
    #[ts(type = "number")]
    pub skipped_invoices: u64,
    /// Their lines.
    #[ts(type = "number")]
    pub skipped_lines: u64,
    /// Documents whose number is here already with another amount: the first of them, in words.
    pub contradictions: Vec<Said>,
    /// How many there are.
    #[ts(type = "number")]
    pub contradiction_count: u64,
    /// Lines that cannot be understood.
    #[ts(type = "number")]
    pub error_count: u64,
    /// The first of them.
    pub errors: Vec<RowError>,
    /// First and last moment, local time.
    pub first: String,
    /// The last.
    pub last: String,
    /// Days with a document.
    #[ts(type = "number")]
    pub days: u64,
    /// By class.
    pub classes: Vec<ClassSum>,
    /// Sum of quantities of all lines.
    pub quantity: Qty,
    /// Sum of quantity times price of all lines, exact.
    #[ts(type = "string")]
    pub exact: Exact,
    /// What is posted, in minor units: every line rounded to the coin.
    pub posted: Money,
    /// Posted less exact.
    #[ts(type = "string")]
    pub rounding: Exact,
    /// Lines above zero that are no return: quantity and price both positive, corrections too.
    #[ts(type = "string")]
    pub gross_sales: Exact,
    /// Documents that become sales, returns, and stock adjustments.
    #[ts(type = "number")]
    pub sale_documents: u64,
    /// Returns.
    #[ts(type = "number")]
    pub return_documents: u64,
    /// Stock adjustments.
    #[ts(type = "number")]
    pub stock_documents: u64,
    /// Different product codes.
    #[ts(type = "number")]
    pub products: u64,
    /// Of them made by this import.
    #[ts(type = "number")]
    pub products_created: u64,
    /// Different customers.
    #[ts(type = "number")]
    pub customers: u64,
    /// Of them made by this import.
    #[ts(type = "number")]
    pub customers_created: u64,
    /// Lines without a customer.
    #[ts(type = "number")]
    pub lines_without_customer: u64,
    /// Countries.
    #[ts(type = "number")]
    pub countries: u64,
    /// The countries with the largest sums.
    pub top_countries: Vec<Ranked>,
    /// The products with the largest quantities.
    pub best_by_quantity: Vec<Ranked>,
    /// The products with the largest sums.
    pub best_by_revenue: Vec<Ranked>,
    /// The customers with the largest sums.
    pub top_customers: Vec<Ranked>,
    /// Every month.
    pub months: Vec<Ranked>,
    /// The PIN of the owner of a company that this import began: told once, kept nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub owner_pin: Option<String>,
    /// How long reading and writing took, milliseconds.
    #[ts(type = "number")]
    pub took_ms: u64,
}

#[derive(Default, Clone, Copy)]
struct Sum {
    lines: u64,
    quantity: i128,
    exact: Exact,
}

impl Sum {
    fn add(&mut self, quantity: Qty, exact: i128) {
        self.lines += 1;
        self.quantity += i128::from(quantity.get());
        self.exact.add(exact);
    }

    fn ranked(self, name: &str, detail: &str) -> Result<Ranked, NumError> {
        Ok(Ranked {
            name: name.to_owned(),
            detail: detail.to_owned(),
            lines: self.lines,
            quantity: quantity(self.quantity)?,
            exact: self.exact,
        })
    }
}

fn quantity(millionths: i128) -> Result<Qty, NumError> {
    Qty::new(i64::try_from(millionths).map_err(|_| NumError::TooLarge)?)
}

/// The largest entries, and where two are as large the one that came first.
fn best<K: Copy + Ord>(
    sums: &HashMap<K, Sum>,
    by: impl Fn(&Sum) -> i128,
    ranked: impl Fn(K, Sum) -> Result<Ranked, NumError>,
) -> Result<Vec<Ranked>, NumError> {
    let mut all: Vec<(K, Sum)> = sums.iter().map(|(key, sum)| (*key, *sum)).collect();
    all.sort_by_key(|(key, sum)| (Reverse(by(sum)), *key));
    all.into_iter().take(BEST).map(|(key, sum)| ranked(key, sum)).collect()
}

/// Sums that grow line by line.
struct Tally<'h> {
    history: &'h History,
    classes: BTreeMap<LineClass, ClassTally>,
    codes: HashMap<Word, Sum>,
    countries: HashMap<Word, Sum>,
    customers: HashMap<Word, Sum>,
    months: BTreeMap<String, Sum>,
    /// What a product was first called on a sale.
    names: HashMap<Word, Word>,
    all: Sum,
    gross: Exact,
    lines_without_customer: u64,
    documents: BTreeMap<DocumentKind, u64>,
    skipped_lines: u64,
    days: BTreeSet<NaiveDate>,
    first: Option<NaiveDateTime>,
    last: Option<NaiveDateTime>,
}

/// Sums of one class.
#[derive(Default)]
struct ClassTally {
    sum: Sum,
    posted: Money,
    documents: u64,
}

impl<'h> Tally<'h> {
    fn new(history: &'h History) -> Self {
        Self {
            history,
            classes: LineClass::ALL.map(|class| (class, ClassTally::default())).into(),
            codes: HashMap::new(),
            countries: HashMap::new(),
            customers: HashMap::new(),
            months: BTreeMap::new(),
            names: HashMap::new(),
            all: Sum::default(),
            gross: Exact::default(),
            lines_without_customer: 0,
            documents: BTreeMap::new(),
            skipped_lines: 0,
            days: BTreeSet::new(),
            first: None,
            last: None,
        }
    }

    fn document(&mut self, document: &Document) -> Result<(), NumError> {
        *self.documents.entry(document.kind).or_default() += 1;
        self.days.insert(document.at.date());
        self.first = Some(self.first.map_or(document.at, |at| at.min(document.at)));
        self.last = Some(self.last.map_or(document.at, |at| at.max(document.at)));
        let mut seen = BTreeSet::new();
        for line in self.history.lines_of(document) {
            self.line(document, line)?;
            if seen.insert(line.class) {
                self.classes.entry(line.class).or_default().documents += 1;
            }
        }
        Ok(())
    }

    fn line(&mut self, document: &Document, line: &Line) -> Result<(), NumError> {
        let exact = line.exact();
        self.all.add(line.qty, exact);
        let class = self.classes.entry(line.class).or_default();
        class.sum.add(line.qty, exact);
        class.posted = class.posted.plus(line.posted)?;
        let above_zero = line.qty.is_positive() && line.price.is_positive();
        if above_zero && line.class != LineClass::Return {
            self.gross.add(exact);
        }
        self.codes.entry(line.code).or_default().add(line.qty, exact);
        self.countries.entry(line.country).or_default().add(line.qty, exact);
        let month = line.date.format("%Y-%m").to_string();
        self.months.entry(month).or_default().add(line.qty, exact);
        let described = !self.history.descriptions.text(line.description).is_empty();
        if line.class == LineClass::Sale && described {
            self.names.entry(line.code).or_insert(line.description);
        }
        match document.customer {
            Some(customer) => self.customers.entry(customer).or_default().add(line.qty, exact),
            None => self.lines_without_customer += 1,
        }
        Ok(())
    }

    fn classes(&self) -> Result<Vec<ClassSum>, NumError> {
        let classes = self.classes.iter().map(|(class, tally)| {
            Ok(ClassSum {
                class: *class,
                lines: tally.sum.lines,
                documents: tally.documents,
                quantity: quantity(tally.sum.quantity)?,
                exact: tally.sum.exact,
                posted: tally.posted,
            })
        });
        classes.collect()
    }

    fn product(&self, code: Word, sum: Sum) -> Result<Ranked, NumError> {
        let name = self.names.get(&code).map_or("", |name| self.history.descriptions.text(*name));
        sum.ranked(self.history.codes.text(code), name)
    }

    fn of_kind(&self, kind: DocumentKind) -> u64 {
        self.documents.get(&kind).copied().unwrap_or(0)
    }
}

fn moment(at: Option<NaiveDateTime>) -> String {
    at.map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
}

/// Adds up the documents that are wanted.
pub fn summarise(
    history: &History,
    currency: Currency,
    file: &str,
    wanted: &[bool],
) -> Result<SalesSummary, NumError> {
    let mut tally = Tally::new(history);
    for (document, wanted) in history.documents.iter().zip(wanted) {
        if *wanted {
            tally.document(document)?;
        } else {
            tally.skipped_lines += document.lines.len() as u64;
        }
    }
    let invoices: u64 = tally.documents.values().sum();
    let posted = Money::sum(tally.classes.values().map(|class| class.posted))?;
    let by_exact = |sum: &Sum| sum.exact.0;
    let product = |code, sum| tally.product(code, sum);
    let months = tally.months.iter().map(|(month, sum)| sum.ranked(month, ""));
    Ok(SalesSummary {
        import_id: None,
        file: file.to_owned(),
        dry_run: true,
        currency: currency.code().to_string(),
        lines_read: history.lines_read,
        lines: tally.all.lines,
        invoices,
        skipped_invoices: history.documents.len() as u64 - invoices,
        skipped_lines: tally.skipped_lines,
        contradictions: Vec::new(),
        contradiction_count: 0,
        error_count: history.error_count,
        errors: history.errors.clone(),
        first: moment(tally.first),
        last: moment(tally.last),
        days: tally.days.len() as u64,
        classes: tally.classes()?,
        quantity: quantity(tally.all.quantity)?,
        exact: tally.all.exact,
        posted,
        rounding: Exact::posted(posted, currency).minus(tally.all.exact),
        gross_sales: tally.gross,
        sale_documents: tally.of_kind(DocumentKind::Sale),
        return_documents: tally.of_kind(DocumentKind::Return),
        stock_documents: tally.of_kind(DocumentKind::Stock),
        products: tally.codes.len() as u64,
        products_created: 0,
        customers: tally.customers.len() as u64,
        customers_created: 0,
        lines_without_customer: tally.lines_without_customer,
        countries: tally.countries.len() as u64,
        top_countries: best(&tally.countries, by_exact, |country, sum| {
            sum.ranked(history.countries.text(country), "")
        })?,
        best_by_quantity: best(&tally.codes, |sum| sum.quantity, product)?,
        best_by_revenue: best(&tally.codes, by_exact, product)?,
        top_customers: best(&tally.customers, by_exact, |customer, sum| {
            sum.ranked(history.customers.text(customer), "")
        })?,
        months: months.collect::<Result<_, _>>()?,
        owner_pin: None,
        took_ms: 0,
    })
}

/// Contradictions that are named.
const CONTRADICTIONS: usize = 20;

impl SalesSummary {
    /// Notes a document that is here with another amount.
    pub fn contradict(&mut self, number: &str, here: Money, there: Money, currency: Currency) {
        self.contradiction_count += 1;
        if self.contradictions.len() < CONTRADICTIONS {
            self.contradictions.push(say!(
                "document_differs",
                "Document {number} is here with {here} and in this file with {there}; it was left \
                 as it is.",
                number = number,
                here = here.to_major(currency),
                there = there.to_major(currency)
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_amounts_are_written_without_rounding() {
        for (parts, expect) in [
            (0, "0.00"),
            (57_619_313_820_000_000, "5761931.382"),
            (-110_620_600_000_000, "-11062.06"),
            (10_000_000_000, "1.00"),
            (1, "0.0000000001"),
        ] {
            assert_eq!(Exact(parts).to_string(), expect);
        }
    }
}
