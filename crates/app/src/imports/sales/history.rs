//! A file of sales, read and understood, before anything is written.
//!
//! Words that come again, such as codes and descriptions, are kept once, so that millions of lines
//! fit into memory and the writing needs no look-ups.
//!
//! **Invariant:** every line of the file is in [`History::lines`] or in [`History::errors`], and
//! the lines of a document lie side by side even where the file has others in between.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use lumbung_domain::currency::Currency;
use lumbung_domain::num::{Money, Qty, Rounding, UnitPrice};
use lumbung_domain::say;
use lumbung_domain::ticket::{MAX_PRICE, MAX_QTY};

use super::rules::{LineClass, Named, SalesRules, classify};
use crate::error::Result;
use crate::imports::mapping::{Columns, RowError, Wrong};
use crate::imports::source::{Row, Source};
use crate::imports::trouble::CellError;
use crate::jobs::Progress;

/// The longest code of a product.
const CODE_MAX: usize = 40;
/// The longest document number of another program.
const INVOICE_MAX: usize = 40;
/// The longest description of a line.
const DESCRIPTION_MAX: usize = 200;
/// The longest code of a customer.
const CUSTOMER_MAX: usize = 40;
/// The longest name of a country.
const COUNTRY_MAX: usize = 60;
/// Document numbers of ours name the year from here on.
const YEAR_MIN: i32 = 2000;
/// Errors that are kept; all are counted.
pub const ERRORS_KEPT: usize = 100;
/// Lines between two reports of progress.
const STEP: u64 = 8_192;

/// A word by its place in [`Words`].
pub type Word = u32;

/// Words, each kept once.
#[derive(Debug, Default)]
pub struct Words {
    by_text: HashMap<Box<str>, Word>,
    texts: Vec<Box<str>>,
}

impl Words {
    fn put(&mut self, text: &str) -> Word {
        if let Some(word) = self.by_text.get(text) {
            return *word;
        }
        // The limit on rows keeps this far below the limit of a word.
        let word = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.by_text.insert(text.into(), word);
        word
    }

    /// The text of a word.
    pub fn text(&self, word: Word) -> &str {
        self.texts.get(word as usize).map_or("", AsRef::as_ref)
    }

    /// All of them, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(AsRef::as_ref)
    }
}

/// One line of the file.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Its document.
    pub document: u32,
    /// Code of the product.
    pub code: Word,
    /// As printed then.
    pub description: Word,
    /// Country of the line.
    pub country: Word,
    /// Its day.
    pub date: NaiveDate,
    /// Its class.
    pub class: LineClass,
    /// As in the file.
    pub qty: Qty,
    /// As in the file.
    pub price: UnitPrice,
    /// Quantity times price, rounded to the coin: what is posted.
    pub posted: Money,
}

impl Line {
    /// Quantity times price in hundred-millionths of a hundredth: exact.
    pub fn exact(&self) -> i128 {
        i128::from(self.qty.get()) * i128::from(self.price.get())
    }
}

/// What a document becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentKind {
    /// A sale.
    Sale,
    /// A return.
    Return,
    /// Stock written off or found: no buyer and no money.
    Stock,
}

/// One document of the file.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its number in the other program.
    pub number: Word,
    /// What it becomes.
    pub kind: DocumentKind,
    /// When it was made, local time.
    pub at: NaiveDateTime,
    /// Code of the customer; none where the file has none.
    pub customer: Option<Word>,
    /// Country.
    pub country: Word,
    /// Its lines in [`History::lines`].
    pub lines: Range<usize>,
    /// Sum of the posted lines.
    pub total: Money,
}

/// A file of sales.
#[derive(Debug, Default)]
pub struct History {
    /// Lines, side by side by document.
    pub lines: Vec<Line>,
    /// Documents, in the order of the file.
    pub documents: Vec<Document>,
    /// Codes of products.
    pub codes: Words,
    /// Descriptions.
    pub descriptions: Words,
    /// Countries.
    pub countries: Words,
    /// Codes of customers.
    pub customers: Words,
    /// Document numbers.
    pub numbers: Words,
    /// Lines read, good and bad.
    pub lines_read: u64,
    /// What is wrong, the first of it.
    pub errors: Vec<RowError>,
    /// How many lines are wrong.
    pub error_count: u64,
}

impl History {
    /// Reads and understands a file.
    pub fn read(
        source: &Source,
        columns: &Columns,
        rules: &SalesRules,
        currency: Currency,
        progress: &mut Progress<'_>,
    ) -> Result<Self> {
        let mut history = Self::default();
        let mut by_number: HashMap<Word, u32> = HashMap::new();
        let mut rows = source.rows();
        while let Some(row) = rows.next_row()? {
            history.lines_read += 1;
            if history.lines_read.is_multiple_of(STEP) {
                progress.at(history.lines_read, None, "Reading the file")?;
            }
            if let Err(wrong) = history.take(columns, rules, currency, &row, &mut by_number) {
                history.error_count += 1;
                if history.errors.len() < ERRORS_KEPT {
                    history.errors.push(wrong.at(row.line));
                }
            }
        }
        history.group()?;
        Ok(history)
    }

    fn take(
        &mut self,
        columns: &Columns,
        rules: &SalesRules,
        currency: Currency,
        row: &Row<'_>,
        by_number: &mut HashMap<Word, u32>,
    ) -> Result<(), Wrong> {
        columns.check_width(row)?;
        let invoice = columns.needed(row, "invoice", INVOICE_MAX)?;
        let code = columns.needed(row, "code", CODE_MAX)?;
        let description = columns.text(row, "description", DESCRIPTION_MAX)?;
        let qty: Qty = columns.needed_number(row, "quantity")?;
        let price: UnitPrice = columns.needed_number(row, "price")?;
        let at = columns.date_time(row, "date")?;
        let customer = customer_code(columns.text(row, "customer", CUSTOMER_MAX)?);
        let country = columns.text(row, "country", COUNTRY_MAX)?;
        if qty.is_zero() {
            return Err(columns.wrong("quantity", CellError::Zero));
        }
        if qty.abs() > MAX_QTY {
            return Err(columns.wrong("quantity", CellError::TooLarge(qty.to_string())));
        }
        if price.abs() > MAX_PRICE {
            return Err(columns.wrong("price", CellError::TooLarge(price.to_string())));
        }
        if at.year() < YEAR_MIN {
            return Err(columns.wrong("date", CellError::FarDate(at.date().to_string())));
        }
        let posted = price.times(qty, currency, Rounding::HalfUp).map_err(|_| {
            Wrong::row(say!(
                "row_amount_too_large",
                "quantity times price is larger than any real amount"
            ))
        })?;
        let class = classify(rules.named(invoice), qty, price);
        let country = self.countries.put(country);
        let customer = (!customer.is_empty()).then(|| self.customers.put(customer));
        let number = self.numbers.put(invoice);
        let document = *by_number.entry(number).or_insert_with(|| {
            self.documents.push(Document {
                number,
                kind: DocumentKind::Sale,
                at,
                customer,
                country,
                lines: 0..0,
                total: Money::ZERO,
            });
            u32::try_from(self.documents.len() - 1).unwrap_or(u32::MAX)
        });
        // Some lines of a document may leave the customer out.
        let known = &mut self.documents[document as usize].customer;
        match (*known, customer) {
            (Some(one), Some(other)) if one != other => {
                let why = say!(
                    "row_two_customers",
                    "document {number} has lines of two customers",
                    number = invoice
                );
                return Err(Wrong { why, ..columns.wrong("customer", CellError::Missing) });
            }
            (None, Some(_)) => *known = customer,
            _ => {}
        }
        self.lines.push(Line {
            document,
            code: self.codes.put(code),
            description: self.descriptions.put(description),
            country,
            date: at.date(),
            class,
            qty,
            price,
            posted,
        });
        Ok(())
    }

    /// Lays the lines of each document side by side and says what the documents are.
    fn group(&mut self) -> Result<()> {
        // Stable: lines of one document stay in the order of the file.
        self.lines.sort_by_key(|line| line.document);
        let mut from = 0;
        for (at, document) in self.documents.iter_mut().enumerate() {
            let rest = &self.lines[from..];
            let count = rest.partition_point(|line| line.document as usize <= at);
            let lines = &rest[..count];
            document.lines = from..from + count;
            document.total = Money::sum(lines.iter().map(|line| line.posted))?;
            document.kind = kind_of(document, lines);
            from += count;
        }
        self.documents.retain(|document| !document.lines.is_empty());
        Ok(())
    }

    /// The lines of a document.
    pub fn lines_of(&self, document: &Document) -> &[Line] {
        &self.lines[document.lines.clone()]
    }
}

/// A document without money and without a buyer is about stock; one whose lines or whose sum go
/// back is a return.
fn kind_of(document: &Document, lines: &[Line]) -> DocumentKind {
    let free = lines.iter().all(|line| line.price.is_zero() && line.class != LineClass::Return);
    if free && document.customer.is_none() {
        DocumentKind::Stock
    } else if document.total.is_negative()
        || lines.iter().all(|line| line.class == LineClass::Return)
    {
        DocumentKind::Return
    } else {
        DocumentKind::Sale
    }
}

/// Spreadsheets turn the customer 17850 into the number 17850.0.
fn customer_code(text: &str) -> &str {
    match text.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => text,
    }
}

/// Whether a line corrects what is owed, rather than giving something away.
pub fn corrects_debt(rules: &SalesRules, number: &str, line: &Line) -> bool {
    line.class == LineClass::Adjustment
        && (line.price.is_negative() || rules.named(number) == Named::Correction)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::imports::fields::ImportKind;
    use crate::imports::mapping::Mapping;
    use crate::imports::sales::rules::SalesMapping;

    const HEADING: &str =
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    fn read(lines: &str) -> History {
        let bytes = format!("{HEADING}{lines}").into_bytes();
        let source = Source::from_bytes("sales.csv", bytes, None).unwrap();
        let mapping = Mapping::guessed(ImportKind::Sales, &source);
        let columns = Columns::of(ImportKind::Sales, &source, &mapping).unwrap();
        let rules = SalesMapping::online_retail().rules;
        let pounds = "GBP".parse().unwrap();
        History::read(&source, &columns, &rules, pounds, &mut Progress::silent()).unwrap()
    }

    fn kinds(lines: &str) -> String {
        let history = read(lines);
        let kinds: Vec<String> = history
            .documents
            .iter()
            .map(|document| {
                let number = history.numbers.text(document.number);
                format!("{number} {:?} {}", document.kind, document.lines.len())
            })
            .collect();
        kinds.join(", ")
    }

    #[test]
    fn lines_of_one_document_are_found_also_where_others_lie_between() {
        let lines = "1,A,Tea,1,2011-02-01 11:19:00,2.00,12836,United Kingdom\n\
                     2,A,Tea,1,2011-02-01 11:20:00,2.00,12836,United Kingdom\n\
                     1,B,Milk,1,2011-02-01 11:20:00,3.00,12836,United Kingdom\n";
        assert_eq!(kinds(lines), "1 Sale 2, 2 Sale 1");
    }

    #[test]
    fn a_document_is_a_sale_a_return_or_about_stock() {
        assert_eq!(kinds("1,A,Tea,1,2011-02-01,2.00,,UK\n"), "1 Sale 1");
        assert_eq!(kinds("C1,A,Tea,-1,2011-02-01,2.00,,UK\n"), "C1 Return 1");
        assert_eq!(kinds("1,A,broken,-1,2011-02-01,0.00,,UK\n"), "1 Stock 1");
        assert_eq!(kinds("1,A,found,5,2011-02-01,0.0,,UK\n"), "1 Stock 1");
        assert_eq!(kinds("1,A,gift,1,2011-02-01,0.0,12836,UK\n"), "1 Sale 1");
        assert_eq!(kinds("A1,B,debt,1,2011-02-01,-11062.06,,UK\n"), "A1 Return 1");
        let mixed = "1,A,Tea,1,2011-02-01,2.00,,UK\n1,B,gift,1,2011-02-01,0.00,,UK\n";
        assert_eq!(kinds(mixed), "1 Sale 2");
    }

    #[test]
    fn codes_that_differ_in_case_are_two_products() {
        let history = read("1,85123A,Tea,1,2011-02-01,2.00,,UK\n1,85123a,Tea,1,2011-02-01,2,,UK\n");
        assert_eq!(history.codes.iter().count(), 2);
    }

    #[test]
    fn a_customer_number_that_became_a_decimal_is_the_same_customer() {
        let history = read("1,A,T,1,2011-02-01,2,17850.0,UK\n2,A,T,1,2011-02-01,2,17850,UK\n");
        assert_eq!(history.customers.iter().collect::<Vec<_>>(), ["17850"]);
    }

    #[test]
    fn what_is_posted_is_rounded_and_what_is_exact_is_kept() {
        let history = read("1,A,Tea,3,2011-02-01,1.045,,UK\n1,A,Tea,1,2011-02-01,2.5,,UK\n");
        let line = history.lines[0];
        assert_eq!(line.posted.get(), 314);
        assert_eq!(line.exact(), 31_350 * 1_000_000);
    }

    #[test]
    fn wrong_lines_are_counted_and_named() {
        let history = read(
            "1,A,Tea,0,2011-02-01,2.00,,UK\n\
             1,A,Tea,x,2011-02-01,2.00,,UK\n\
             1,A,Tea,1,someday,2.00,,UK\n\
             ,A,Tea,1,2011-02-01,2.00,,UK\n\
             1,A,Tea,1,2011-02-01,9999999999999,,UK\n\
             1,A,Tea,1,2011-02-01,2.00,1,UK\n\
             1,A,Tea,1,2011-02-01,2.00,2,UK\n\
             1,A,Tea, green,1,2011-02-01,2.00,2,UK\n",
        );
        assert_eq!((history.lines_read, history.error_count), (8, 7));
        let messages: Vec<&str> =
            history.errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "Line 2, Quantity: is zero.",
                "Line 3, Quantity: \"x\" is not a number.",
                "Line 4, InvoiceDate: \"someday\" is not a date.",
                "Line 5, InvoiceNo: is empty.",
                "Line 6, UnitPrice: \"9999999999999\" is larger than any real value.",
                "Line 8, CustomerID: document 1 has lines of two customers.",
                "Line 9: the row has 9 cells and the heading 8: a separator stands in a text \
                 without quotation marks.",
            ]
        );
    }
}
