//! Numbers as people and spreadsheets write them: 1,234.50 and 1.234,50 and Rp 12.500.
//!
//! A column has one decimal sign. It is found from the cells that can be read in one way only; a
//! column in which every cell can be read in two ways is a question to the person, never a guess.
//!
//! **Invariant:** digits are only ever taken over, never calculated, so no amount changes by being
//! read.

use std::borrow::Cow;

use lumbung_domain::num::{NumError, Qty, Rate, UnitPrice};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::trouble::{CellError, FileError};

/// Which sign stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DecimalSign {
    /// 1,234.50
    Point,
    /// 1.234,50
    Comma,
}

/// Marks of currencies that may stand before or after an amount.
const CURRENCY_MARKS: &[&str] = &[
    "IDR", "Rp.", "Rp", "GBP", "EUR", "USD", "US$", "INR", "KES", "UGX", "KSh", "Ksh", "USh",
    "Ush", "Rs.", "Rs", "/=", "/-", ",-", "$", "£", "€", "₹",
];

/// What a cell says about its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Digits only, or not a number.
    Silent,
    /// The point is the decimal sign.
    Point,
    /// The comma is the decimal sign.
    Comma,
    /// One sign and three digits after it.
    Either,
}

fn shape(text: &str) -> Shape {
    let Some(core) = core(text) else { return Shape::Silent };
    let core = core.as_ref().trim_start_matches('-');
    let points = core.matches('.').count();
    let commas = core.matches(',').count();
    match (points, commas) {
        (0, 0) => Shape::Silent,
        (1.., 1..) => match core.rfind(['.', ',']).map(|at| core.as_bytes()[at]) {
            Some(b'.') => Shape::Point,
            _ => Shape::Comma,
        },
        (2.., 0) => Shape::Comma,
        (0, 2..) => Shape::Point,
        (1, 0) | (0, 1) => {
            let (before, after) = core.split_once(['.', ',']).unwrap_or((core, ""));
            let grouped = after.len() == 3 && (1..=3).contains(&before.len());
            match (grouped && !before.starts_with('0'), points) {
                (true, _) => Shape::Either,
                (false, 1) => Shape::Point,
                (false, _) => Shape::Comma,
            }
        }
    }
}

/// Sign, digits, points and commas of a cell, without currency marks and spaces; a minus sign in
/// front for (1.50) and 1.50-. `None` when anything else is in it.
fn core(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim();
    let plain = |b: u8| b.is_ascii_digit() || b == b'.' || b == b',';
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(plain) {
        return Some(Cow::Borrowed(text));
    }
    let mut rest = text;
    let mut negative = false;
    if let Some(inner) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (rest, negative) = (inner.trim(), true);
    }
    // A mark may stand outside or inside the sign: "-Rp 5" and "Rp -5".
    for _ in 0..2 {
        for mark in CURRENCY_MARKS {
            rest = rest.strip_prefix(mark).unwrap_or(rest).trim();
            rest = rest.strip_suffix(mark).unwrap_or(rest).trim();
        }
        let unsigned =
            rest.strip_prefix(['-', '\u{2212}']).or_else(|| rest.strip_suffix(['-', '\u{2212}']));
        if let Some(unsigned) = unsigned {
            if negative {
                return None;
            }
            (rest, negative) = (unsigned.trim(), true);
        }
        rest = rest.strip_prefix('+').unwrap_or(rest);
    }
    let mut out = String::with_capacity(rest.len() + 1);
    if negative {
        out.push('-');
    }
    for c in rest.chars() {
        match c {
            '0'..='9' | '.' | ',' => out.push(c),
            // Group signs of some countries: spaces, thin and hard ones too, and apostrophes.
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' => {}
            _ => return None,
        }
    }
    out.bytes().any(|b| b.is_ascii_digit()).then_some(Cow::Owned(out))
}

/// What was seen in a column of numbers.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    point: Option<(u64, String)>,
    comma: Option<(u64, String)>,
    either: Option<(u64, String)>,
}

impl Evidence {
    /// Looks at one more cell.
    pub fn see(&mut self, line: u64, text: &str) {
        let place = match shape(text) {
            Shape::Silent => return,
            Shape::Point => &mut self.point,
            Shape::Comma => &mut self.comma,
            Shape::Either => &mut self.either,
        };
        if place.is_none() {
            *place = Some((line, text.trim().to_owned()));
        }
    }

    /// The decimal sign the column itself shows; an error when it shows both.
    pub fn shown(&self, column: &str) -> Result<Option<DecimalSign>, FileError> {
        match (&self.point, &self.comma) {
            (Some((point_line, point)), Some((comma_line, comma))) => {
                Err(FileError::MixedDecimals {
                    column: column.to_owned(),
                    point: point.clone(),
                    point_line: *point_line,
                    comma: comma.clone(),
                    comma_line: *comma_line,
                })
            }
            (Some(_), None) => Ok(Some(DecimalSign::Point)),
            (None, Some(_)) => Ok(Some(DecimalSign::Comma)),
            (None, None) => Ok(None),
        }
    }

    /// The column's decimal sign: what it shows, else what its file shows, else the person's
    /// choice is needed.
    pub fn decide(
        &self,
        column: &str,
        file: Option<DecimalSign>,
    ) -> Result<DecimalSign, FileError> {
        if let Some(sign) = self.shown(column)?.or(file) {
            return Ok(sign);
        }
        match &self.either {
            None => Ok(DecimalSign::Point),
            Some((line, example)) => Err(FileError::UnclearDecimals {
                column: column.to_owned(),
                example: example.clone(),
                line: *line,
            }),
        }
    }
}

/// The number in a cell as a plain decimal: `-1234.5`.
pub fn plain(text: &str, sign: DecimalSign) -> Result<Cow<'_, str>, CellError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(CellError::Missing);
    }
    if let Some(word) = spreadsheet_error(text) {
        return Err(CellError::SpreadsheetError(word.to_owned()));
    }
    if text.starts_with('=') {
        return Err(CellError::Formula(short(text)));
    }
    let Some(core) = core(text) else {
        return Err(if scientific(text) {
            CellError::Scientific(short(text))
        } else {
            CellError::NotANumber(short(text))
        });
    };
    let (decimal, group) = match sign {
        DecimalSign::Point => ('.', ','),
        DecimalSign::Comma => (',', '.'),
    };
    let unsigned = core.trim_start_matches('-');
    let (whole, fraction) = unsigned.split_once(decimal).unwrap_or((unsigned, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(CellError::NotANumber(short(text)));
    }
    if fraction.contains([decimal, group]) || !well_grouped(whole, group) {
        return Err(CellError::Grouping(short(text)));
    }
    if decimal == '.' && !whole.is_empty() && !whole.contains(group) && !unsigned.ends_with('.') {
        return Ok(core);
    }
    let mut out = String::with_capacity(core.len() + 1);
    if core.starts_with('-') {
        out.push('-');
    }
    out.extend(whole.chars().filter(|&c| c != group));
    if whole.is_empty() {
        out.push('0');
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    Ok(Cow::Owned(out))
}

/// Groups of three, or of two and a last one of three as in India; or no groups at all.
fn well_grouped(whole: &str, group: char) -> bool {
    if !whole.contains(group) {
        return true;
    }
    let parts: Vec<&str> = whole.split(group).collect();
    let last = parts.len() - 1;
    parts.iter().enumerate().all(|(at, part)| match at {
        0 => (1..=3).contains(&part.len()),
        _ if at == last => part.len() == 3,
        _ => (2..=3).contains(&part.len()),
    })
}

fn scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let exponent = exponent.trim_start_matches(['+', '-']);
    let digits = |part: &str| {
        part.bytes().any(|b| b.is_ascii_digit())
            && part.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-'))
    };
    digits(mantissa) && digits(exponent)
}

/// Whether a cell is one of the errors that spreadsheets leave behind.
pub fn spreadsheet_error(text: &str) -> Option<&str> {
    const WORDS: &[&str] =
        &["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#####", "#SPILL!"];
    WORDS.contains(&text).then_some(text)
}

/// A cell as it may stand in a message.
pub fn short(text: &str) -> String {
    const SHOWN: usize = 40;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

/// A number type that a cell can be read as.
pub trait FromCell: Sized {
    /// Reads the plain decimal.
    fn from_plain(plain: &str) -> Result<Self, NumError>;
}

macro_rules! from_cell {
    ($($name:ty),+) => {$(
        impl FromCell for $name {
            fn from_plain(plain: &str) -> Result<Self, NumError> {
                plain.parse()
            }
        }
    )+};
}
from_cell!(Qty, UnitPrice, Rate);

/// The number in a cell.
pub fn number<T: FromCell>(text: &str, sign: DecimalSign) -> Result<T, CellError> {
    let plain = plain(text, sign)?;
    T::from_plain(&plain).map_err(|error| match error {
        NumError::TooManyDecimals { allowed, .. } => CellError::Decimals(short(text), allowed),
        NumError::TooLarge => CellError::TooLarge(short(text)),
        NumError::NotANumber { .. } | NumError::Comma { .. } | NumError::DivideByZero => {
            CellError::NotANumber(short(text))
        }
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn check(text: &str, sign: DecimalSign, expect: &str) {
        let found = match plain(text, sign) {
            Ok(plain) => plain.into_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expect, "{text:?} with {sign:?}");
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        use DecimalSign::{Comma, Point};
        check("2.55", Point, "2.55");
        check("-74215", Point, "-74215");
        check("1,234.50", Point, "1234.50");
        check("1.234,50", Comma, "1234.50");
        check("12.500", Comma, "12500");
        check("12.500", Point, "12.500");
        check("Rp 12.500", Comma, "12500");
        check("Rp. 12.500,-", Comma, "12500");
        check("(3.10)", Point, "-3.10");
        check("3.10-", Point, "-3.10");
        check("-£3.10", Point, "-3.10");
        check("£ -3.10", Point, "-3.10");
        check("1 234,50", Comma, "1234.50");
        check("1\u{202f}234,50", Comma, "1234.50");
        check("1'234.50", Point, "1234.50");
        check("12,34,567.00", Point, "1234567.00");
        check(".5", Point, "0.5");
        check("5.", Point, "5");
        check("0.0", Point, "0.0");
    }

    #[test]
    fn what_is_no_number_is_refused_in_words() {
        use DecimalSign::{Comma, Point};
        check("", Point, "is empty");
        check("abc", Point, "\"abc\" is not a number");
        check("12 pcs", Point, "\"12 pcs\" is not a number");
        check("--5", Point, "\"--5\" is not a number");
        check(".", Point, "\".\" is not a number");
        check("NaN", Point, "\"NaN\" is not a number");
        check("#REF!", Point, "is the spreadsheet error #REF!");
        check("=A1*2", Point, "\"=A1*2\" is a formula: put its value there");
        check(
            "8.99E+12",
            Point,
            "\"8.99E+12\" is in scientific notation, so the spreadsheet has dropped digits: \
             format the column as text and enter it again",
        );
        check("1,5", Point, "\"1,5\" has its commas and points at places where no number has them");
        check("1.5", Comma, "\"1.5\" has its commas and points at places where no number has them");
    }

    #[test]
    fn amounts_beyond_what_is_kept_are_refused() {
        let too_fine = number::<UnitPrice>("1.00001", DecimalSign::Point).unwrap_err();
        assert_eq!(too_fine.to_string(), "\"1.00001\" has more than 4 decimals");
        let huge = number::<UnitPrice>("99999999999999999999", DecimalSign::Point).unwrap_err();
        assert_eq!(huge.to_string(), "\"99999999999999999999\" is larger than any real value");
        assert_eq!(number::<UnitPrice>("0.001", DecimalSign::Point).unwrap().get(), 10);
    }

    fn decide(cells: &[&str]) -> String {
        let mut evidence = Evidence::default();
        for (at, cell) in cells.iter().enumerate() {
            evidence.see(at as u64 + 2, cell);
        }
        match evidence.decide("Price", None) {
            Ok(sign) => format!("{sign:?}"),
            Err(error) => error.code().to_owned(),
        }
    }

    #[test]
    fn a_column_shows_its_own_decimal_sign() {
        assert_eq!(decide(&["1", "2.55"]), "Point");
        assert_eq!(decide(&["1,5", "1.000"]), "Comma");
        assert_eq!(decide(&["1.000", "2.000.000"]), "Comma");
        assert_eq!(decide(&["12,500.00"]), "Point");
        assert_eq!(decide(&["0.500"]), "Point");
        assert_eq!(decide(&["12", "300"]), "Point");
    }

    #[test]
    fn a_column_that_can_be_read_in_two_ways_is_asked_about() {
        assert_eq!(decide(&["12.500", "9.000"]), "import_unclear_decimals");
        assert_eq!(decide(&["1,5", "1.5"]), "import_mixed_decimals");
    }

    #[test]
    fn other_columns_of_the_file_settle_an_unclear_one() {
        let mut evidence = Evidence::default();
        evidence.see(2, "1,000");
        let sign = evidence.decide("Qty", Some(DecimalSign::Point)).unwrap();
        assert_eq!(plain("1,000", sign).unwrap(), "1000");
    }
}
