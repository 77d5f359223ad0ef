//! Which column of a file is which of our fields, and how its cells are read.
//!
//! **Invariant:** a [`Columns`] names only columns that the file has, and its numbers and dates
//! have one way of writing each, found or chosen.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use lumbung_domain::said::Said;
use lumbung_domain::say;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::dates::{self, DateOrder};
use super::fields::{ImportKind, Reading, guess, plain_name};
use super::numbers::{self, DecimalSign, FromCell, short, spreadsheet_error};
use super::source::{Row, Source};
use super::trouble::{CellError, FileError};
use crate::error::Say;

/// Which column is which field, and how cells are written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Column heading by field.
    pub columns: BTreeMap<String, String>,
    /// The decimal sign, where the file does not show it.
    #[ts(optional = nullable)]
    pub decimal: Option<DecimalSign>,
    /// The order of day and month, where the file does not show it.
    #[ts(optional = nullable)]
    pub dates: Option<DateOrder>,
}

impl Mapping {
    /// What the headings suggest.
    pub fn guessed(kind: ImportKind, source: &Source) -> Self {
        let columns = guess(kind, &source.header)
            .into_iter()
            .map(|(field, at)| (field.to_owned(), source.header[at].clone()))
            .collect();
        Self { columns, ..Self::default() }
    }

    /// Whether every column it names is in the file.
    pub fn fits(&self, source: &Source) -> bool {
        self.columns.values().all(|column| source.header.contains(column))
    }
}

/// A name for files that are laid out alike: their kind and their headings, in order.
pub fn fingerprint(kind: ImportKind, header: &[String]) -> String {
    let plain: Vec<String> = header.iter().map(|heading| plain_name(heading)).collect();
    let whole = format!("{}:{}", kind.as_str(), plain.join(","));
    blake3::hash(whole.as_bytes()).to_hex()[..32].to_owned()
}

/// Where a field is and how it is read.
#[derive(Debug, Clone, Copy)]
struct Column {
    at: usize,
    decimal: DecimalSign,
    dates: DateOrder,
}

/// The mapping as it applies to one file.
#[derive(Debug, Clone)]
pub struct Columns {
    by_field: BTreeMap<&'static str, Column>,
    header: Vec<String>,
}

impl Columns {
    /// Applies a mapping to a file: reads all of it once to see how numbers and dates are written.
    pub fn of(kind: ImportKind, source: &Source, mapping: &Mapping) -> Result<Self, FileError> {
        let has = || source.header.join(", ");
        let mut by_field: BTreeMap<&'static str, Column> = BTreeMap::new();
        for (name, heading) in &mapping.columns {
            let Some(field) = kind.field(name) else {
                let known: Vec<&str> = kind.fields().iter().map(|field| field.name).collect();
                return Err(FileError::UnknownField {
                    field: name.clone(),
                    known: known.join(", "),
                });
            };
            let plain = plain_name(heading);
            let at = source
                .header
                .iter()
                .position(|column| column == heading)
                .or_else(|| source.header.iter().position(|column| plain_name(column) == plain))
                .ok_or_else(|| FileError::NoSuchColumn { column: heading.clone(), has: has() })?;
            let column = Column { at, decimal: DecimalSign::Point, dates: DateOrder::DayFirst };
            by_field.insert(field.name, column);
        }
        for field in kind.fields().iter().filter(|field| field.required) {
            if !by_field.contains_key(field.name) {
                return Err(FileError::MissingColumn { field: field.name.to_owned(), has: has() });
            }
        }
        let mut columns = Self { by_field, header: source.header.clone() };
        columns.find_ways(kind, source, mapping)?;
        Ok(columns)
    }

    /// Finds the decimal sign of every column of numbers and the order of every column of dates.
    fn find_ways(
        &mut self,
        kind: ImportKind,
        source: &Source,
        mapping: &Mapping,
    ) -> Result<(), FileError> {
        let of = |wanted: Reading| -> Vec<(&'static str, usize)> {
            self.by_field
                .iter()
                .filter(|(name, _)| kind.field(name).is_some_and(|f| f.reading == wanted))
                .map(|(name, column)| (*name, column.at))
                .collect()
        };
        let (number_columns, date_columns) = (of(Reading::Number), of(Reading::Date));
        let mut numbers = vec![numbers::Evidence::default(); number_columns.len()];
        let mut dates = vec![dates::Evidence::default(); date_columns.len()];
        let mut rows = source.rows();
        let mut any = false;
        while let Some(row) = rows.next_row()? {
            any = true;
            for (evidence, (_, at)) in numbers.iter_mut().zip(&number_columns) {
                evidence.see(row.line, row.cell(*at));
            }
            for (evidence, (_, at)) in dates.iter_mut().zip(&date_columns) {
                evidence.see(row.line, row.cell(*at));
            }
        }
        if !any {
            return Err(FileError::NoRows { name: source.name.clone() });
        }
        let mut file = mapping.decimal;
        if file.is_none() && source.typed_numbers() {
            file = Some(DecimalSign::Point);
        }
        if file.is_none() {
            let mut shown = Vec::new();
            for (evidence, (_, at)) in numbers.iter().zip(&number_columns) {
                shown.extend(evidence.shown(&self.header[*at])?);
            }
            shown.dedup();
            // Columns that disagree settle nothing for a third one.
            file = if let [one] = shown[..] { Some(one) } else { None };
        }
        for (evidence, (name, at)) in numbers.iter().zip(&number_columns) {
            let sign = match mapping.decimal {
                Some(chosen) => chosen,
                None => evidence.decide(&self.header[*at], file)?,
            };
            if let Some(column) = self.by_field.get_mut(name) {
                column.decimal = sign;
            }
        }
        for (evidence, (name, at)) in dates.iter().zip(&date_columns) {
            let order = match mapping.dates {
                Some(chosen) => chosen,
                None => evidence.decide(&self.header[*at])?,
            };
            if let Some(column) = self.by_field.get_mut(name) {
                column.dates = order;
            }
        }
        Ok(())
    }

    /// Whether the file has this field.
    pub fn has(&self, field: &str) -> bool {
        self.by_field.contains_key(field)
    }

    /// The columns that no field takes.
    pub fn unused(&self) -> Vec<String> {
        let used = |at: usize| self.by_field.values().any(|column| column.at == at);
        let unused = self.header.iter().enumerate().filter(|(at, _)| !used(*at));
        unused.map(|(_, heading)| heading.clone()).collect()
    }

    /// The cell of a field as it stands; empty where the file has no such column.
    pub fn raw<'r>(&self, row: &Row<'r>, field: &str) -> &'r str {
        self.by_field.get(field).map_or("", |column| row.cell(column.at))
    }

    /// The text of a field, empty where there is none.
    pub fn text<'r>(&self, row: &Row<'r>, field: &str, longest: usize) -> Result<&'r str, Wrong> {
        let text = unquoted(self.raw(row, field));
        check_text(text, longest).map_err(|error| self.wrong(field, error))?;
        Ok(text)
    }

    /// The text of a field that must have something in it.
    pub fn needed<'r>(&self, row: &Row<'r>, field: &str, longest: usize) -> Result<&'r str, Wrong> {
        match self.text(row, field, longest)? {
            "" => Err(self.wrong(field, CellError::Missing)),
            text => Ok(text),
        }
    }

    /// The number of a field, `None` where the cell is empty.
    pub fn number<T: FromCell>(&self, row: &Row<'_>, field: &str) -> Result<Option<T>, Wrong> {
        let Some(column) = self.by_field.get(field) else { return Ok(None) };
        match row.cell(column.at) {
            "" => Ok(None),
            cell => numbers::number(cell, column.decimal)
                .map(Some)
                .map_err(|error| self.wrong(field, error)),
        }
    }

    /// The number of a field that must have one.
    pub fn needed_number<T: FromCell>(&self, row: &Row<'_>, field: &str) -> Result<T, Wrong> {
        self.number(row, field)?.ok_or_else(|| self.wrong(field, CellError::Missing))
    }

    /// The date and time of a field.
    pub fn date_time(&self, row: &Row<'_>, field: &str) -> Result<NaiveDateTime, Wrong> {
        let Some(column) = self.by_field.get(field) else {
            return Err(self.wrong(field, CellError::Missing));
        };
        dates::date_time(row.cell(column.at), column.dates)
            .map_err(|error| self.wrong(field, error))
    }

    /// An error of a cell with the heading of its column.
    pub fn wrong(&self, field: &str, error: CellError) -> Wrong {
        let column = self.by_field.get(field).map(|column| self.header[column.at].clone());
        Wrong { column: column.unwrap_or_else(|| field.to_owned()), why: error.said() }
    }

    /// Refuses a row with more cells than the heading has: a separator stands in a text.
    pub fn check_width(&self, row: &Row<'_>) -> Result<(), Wrong> {
        if row.cells.len() <= self.header.len() {
            return Ok(());
        }
        let filled = row.cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
        match filled.last().map_or(0, |(at, _)| at + 1) {
            width if width > self.header.len() => Err(Wrong {
                column: String::new(),
                why: say!(
                    "row_too_wide",
                    "the row has {cells} cells and the heading {columns}: a separator stands in \
                     a text without quotation marks",
                    cells = width,
                    columns = self.header.len()
                ),
            }),
            _ => Ok(()),
        }
    }
}

/// What is wrong with a row, before it is known which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The heading of the column; empty for the whole row.
    pub column: String,
    /// The rest of the sentence.
    pub why: Said,
}

impl Wrong {
    /// Something that concerns a whole row.
    pub fn row(why: Said) -> Self {
        Self { column: String::new(), why }
    }

    /// As a sentence about a line.
    pub fn at(self, line: u64) -> RowError {
        let message = match self.column.as_str() {
            "" => format!("Line {line}: {}.", self.why),
            column => format!("Line {line}, {column}: {}.", self.why),
        };
        RowError { line, column: self.column, message, why: self.why }
    }
}

/// What is wrong with one row, or to look at in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowError {
    /// The line of the file, or the row of the sheet; 0 for the file as a whole.
    #[ts(type = "number")]
    pub line: u64,
    /// The heading of the column; empty for the whole row.
    pub column: String,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What is wrong, without the place.
    pub why: Said,
}

impl RowError {
    /// Something to know of the file as a whole.
    pub fn of_file(why: Said) -> Self {
        Self { line: 0, column: String::new(), message: why.message.clone(), why }
    }
}

impl std::fmt::Display for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.message.fmt(f)
    }
}

/// The way spreadsheets keep digits as text: ="0012".
fn unquoted(text: &str) -> &str {
    text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text)
}

fn check_text(text: &str, longest: usize) -> Result<(), CellError> {
    if let Some(word) = spreadsheet_error(text) {
        return Err(CellError::SpreadsheetError(word.to_owned()));
    }
    if text.starts_with('=') {
        return Err(CellError::Formula(short(text)));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(CellError::Unprintable);
    }
    // Bytes are never fewer than characters, so most texts are not counted.
    if text.len() > longest && text.chars().count() > longest {
        return Err(CellError::TooLong(longest));
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use lumbung_domain::num::UnitPrice;

    use super::*;

    fn source(text: &str) -> Source {
        Source::from_bytes("list.csv", text.as_bytes().to_vec(), None).unwrap()
    }

    fn prices(text: &str, mapping: Option<Mapping>) -> String {
        let source = source(text);
        let mapping = mapping.unwrap_or_else(|| Mapping::guessed(ImportKind::Products, &source));
        let columns = match Columns::of(ImportKind::Products, &source, &mapping) {
            Ok(columns) => columns,
            Err(error) => return error.code().to_owned(),
        };
        let mut rows = source.rows();
        let mut out = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            let line = row.line;
            out.push(match columns.number::<UnitPrice>(&row, "price") {
                Ok(None) => "none".to_owned(),
                Ok(Some(price)) => price.to_string(),
                Err(wrong) => wrong.at(line).message,
            });
        }
        out.join(" ")
    }

    #[test]
    fn each_column_of_numbers_has_its_own_decimal_sign() {
        assert_eq!(prices("name,price\nTea,2.55\nMilk,1\nSalt,\n", None), "2.55 1 none");
        assert_eq!(prices("name;price\nTea;2,55\nMilk;1.000\n", None), "2.55 1000");
        assert_eq!(prices("name;price;cost\nTea;12.500;0,5\n", None), "12500");
        assert_eq!(prices("name;price\nTea;12.500\n", None), "import_unclear_decimals");
        assert_eq!(prices("name;price\nTea;1,5\nMilk;1.5\n", None), "import_mixed_decimals");
    }

    #[test]
    fn the_person_settles_what_the_file_leaves_open() {
        let text = "name;price\nTea;12.500\n";
        let mut mapping = Mapping::guessed(ImportKind::Products, &source(text));
        mapping.decimal = Some(DecimalSign::Comma);
        assert_eq!(prices(text, Some(mapping.clone())), "12500");
        mapping.decimal = Some(DecimalSign::Point);
        assert_eq!(prices(text, Some(mapping)), "12.5");
    }

    #[test]
    fn a_wrong_cell_is_named_by_line_and_column() {
        assert_eq!(
            prices("name,Price\nTea,abc\n", None),
            "Line 2, Price: \"abc\" is not a number."
        );
    }

    #[test]
    fn columns_that_are_not_there_are_named_with_those_that_are() {
        let code = |columns: &[(&str, &str)]| {
            let mut mapping = Mapping::default();
            for (field, column) in columns {
                mapping.columns.insert((*field).to_owned(), (*column).to_owned());
            }
            prices("name,price\nTea,1\n", Some(mapping))
        };
        assert_eq!(code(&[("price", "price")]), "import_missing_column");
        assert_eq!(code(&[("name", "title")]), "import_no_such_column");
        assert_eq!(code(&[("name", "name"), ("colour", "name")]), "import_unknown_field");
        assert_eq!(code(&[("name", "Name"), ("price", "PRICE")]), "1");
    }

    #[test]
    fn files_laid_out_alike_have_one_fingerprint() {
        let of = |names: [&str; 2]| fingerprint(ImportKind::Products, &names.map(str::to_owned));
        assert_eq!(of(["Nama Barang", "Harga"]), of(["nama_barang", "HARGA"]));
        assert_ne!(of(["Nama Barang", "Harga"]), of(["Harga", "Nama Barang"]));
    }
}
