//! Barcodes: check digits, and one spelling for every code.
//!
//! **Invariant:** whatever a scanner sends is answered with a verdict. A wrong check digit is said
//! to be wrong, and two spellings of one code (UPC-A, EAN-13, GTIN-14) have one key.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fact::{Facts, facts};
use crate::instore::MAX_PATTERN;
use crate::num::NumError;

/// The longest code which is looked at.
pub const MAX_CODE: usize = 128;

/// What is wrong with a barcode or an in-store rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BarcodeError {
    /// The code is not a number of 8, 12, 13 or 14 digits.
    #[error("\"{code}\" is not an EAN, UPC or GTIN; it has 8, 12, 13 or 14 digits")]
    NotAGtin {
        /// The code.
        code: String,
    },
    /// The check digit is wrong.
    #[error("the last digit of {code} should be {expected}; scan it again or type it again")]
    WrongCheckDigit {
        /// The code.
        code: String,
        /// The right digit.
        expected: u8,
    },
    /// The check digit of the weight or price is wrong.
    #[error("the check digit of the weight or price in {code} should be {expected}; scan again")]
    WrongValueDigit {
        /// The code.
        code: String,
        /// The right digit.
        expected: u8,
    },
    /// The code carries a weight or price of zero.
    #[error("{code} carries no weight or price; weigh the goods again")]
    NoValue {
        /// The code.
        code: String,
    },
    /// The pattern of a rule makes no sense.
    #[error("the pattern \"{pattern}\" cannot be used: {problem}")]
    BadPattern {
        /// The pattern.
        pattern: String,
        /// Why.
        problem: PatternProblem,
    },
    /// An item code or value does not fit the pattern.
    #[error("{value} does not fit the pattern \"{pattern}\"")]
    DoesNotFit {
        /// The item code or value.
        value: String,
        /// The pattern.
        pattern: String,
    },
    /// A number does not fit.
    #[error(transparent)]
    Number(#[from] NumError),
}

/// Why the pattern of an in-store rule cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PatternProblem {
    /// It is empty or too long.
    #[error("it has 4 to {MAX_PATTERN} characters")]
    Length,
    /// It has a character which means nothing.
    #[error("it is made of digits, ?, P (item), W (weight or price), V and C (check digits)")]
    Letter,
    /// It has no item.
    #[error("it has no P for the item")]
    NoItem,
    /// The kind and the pattern do not agree about the value.
    #[error("a weight or price needs 1 to 9 W, a plain code has none")]
    Value,
    /// The letters of one field stand apart.
    #[error("all P stand together, and so do all W")]
    Scattered,
    /// A check digit stands where it cannot be.
    #[error("C stands once, at the end; V stands once, and needs 4 or 5 W")]
    CheckDigit,
    /// There are too many decimals.
    #[error("a weight has at most 6 decimals and a price at most 4")]
    Decimals,
    /// It begins with something that matches ordinary codes.
    #[error("it must begin with two digits, so that it does not read ordinary codes")]
    Prefix,
}

impl BarcodeError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAGtin { .. } => "not_a_gtin",
            Self::WrongCheckDigit { .. } => "wrong_check_digit",
            Self::WrongValueDigit { .. } => "wrong_value_digit",
            Self::NoValue { .. } => "barcode_without_value",
            Self::BadPattern { .. } => "bad_barcode_pattern",
            Self::DoesNotFit { .. } => "does_not_fit_pattern",
            Self::Number(number) => number.code(),
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::NotAGtin { code } => facts![code],
            Self::WrongCheckDigit { code, expected } => facts![code, expected],
            Self::WrongValueDigit { code, expected } => facts![code, expected],
            Self::NoValue { code } => facts![code],
            Self::BadPattern { pattern, problem } => {
                let problem = problem.to_string();
                facts![pattern, problem]
            }
            Self::DoesNotFit { value, pattern } => facts![value, pattern],
            Self::Number(number) => number.facts(),
        }
    }
}

/// The check digit of GS1: weights 3 and 1 from the right.
pub fn check_digit(digits_before: &str) -> Option<u8> {
    let mut sum = 0_u32;
    for (at, byte) in digits_before.bytes().rev().enumerate() {
        let digit = u32::from(byte.checked_sub(b'0').filter(|digit| *digit < 10)?);
        sum += if at % 2 == 0 { digit * 3 } else { digit };
    }
    u8::try_from((10 - sum % 10) % 10).ok()
}

pub(crate) fn verify(code: &str) -> Result<(), BarcodeError> {
    let not_digits = || BarcodeError::NotAGtin { code: code.to_owned() };
    let (before, last) =
        code.split_at_checked(code.len().wrapping_sub(1)).ok_or_else(not_digits)?;
    let expected = check_digit(before).ok_or_else(not_digits)?;
    let found = last.bytes().next().ok_or_else(not_digits)?.wrapping_sub(b'0');
    if found == expected {
        Ok(())
    } else {
        Err(BarcodeError::WrongCheckDigit { code: code.to_owned(), expected })
    }
}

/// A global trade item number with a right check digit, in its one spelling: 8 digits for a
/// GTIN-8, 14 for a case, 13 for all others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(String);

impl Gtin {
    /// Reads an EAN-8, UPC-A, EAN-13 or GTIN-14 of digits only.
    pub fn parse(code: &str) -> Result<Self, BarcodeError> {
        let sound = matches!(code.len(), 8 | 12 | 13 | 14) && all_digits(code);
        if !sound {
            return Err(BarcodeError::NotAGtin { code: code.to_owned() });
        }
        verify(code)?;
        Ok(Self(one_spelling(code)))
    }

    /// Reads a UPC-E of 8 digits and expands it.
    pub fn parse_upc_e(code: &str) -> Result<Self, BarcodeError> {
        let not = || BarcodeError::NotAGtin { code: code.to_owned() };
        let upc_a = expand_upc_e(code).ok_or_else(not)?;
        verify(&upc_a)?;
        Ok(Self(one_spelling(&upc_a)))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Gtin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

pub(crate) fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// 12 digits become 13; 14 which begin with a zero become 13, or 8 when it was an EAN-8.
fn one_spelling(code: &str) -> String {
    match code.len() {
        12 => format!("0{code}"),
        14 => match code.strip_prefix("000000").or_else(|| code.strip_prefix('0')) {
            Some(shorter) => shorter.to_owned(),
            None => code.to_owned(),
        },
        _ => code.to_owned(),
    }
}

/// The UPC-A of a UPC-E of 8 digits: number system, six digits, check digit.
fn expand_upc_e(code: &str) -> Option<String> {
    if code.len() != 8 || !all_digits(code) || !matches!(&code[..1], "0" | "1") {
        return None;
    }
    let (system, six, check) = (&code[..1], &code[1..7], &code[7..]);
    let body = match &six[5..] {
        "0" | "1" | "2" => format!("{}{}0000{}", &six[..2], &six[5..], &six[2..5]),
        "3" => format!("{}00000{}", &six[..3], &six[3..5]),
        "4" => format!("{}00000{}", &six[..4], &six[4..5]),
        last => format!("{}0000{last}", &six[..5]),
    };
    Some(format!("{system}{body}{check}"))
}

/// How a scanner is set up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct ScannerSettings {
    /// What it sends before a code.
    pub prefix: String,
    /// What it sends after a code, besides Enter or Tab.
    pub suffix: String,
}

/// What kind of code was scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// EAN-8.
    Ean8,
    /// EAN-13.
    Ean13,
    /// UPC-A.
    UpcA,
    /// UPC-E, expanded.
    UpcE,
    /// GTIN-14: a case.
    Gtin14,
    /// A GS1 element string which begins with a GTIN.
    Gs1,
    /// Anything else, such as a code of the shop's own.
    Other,
}

/// Whether the check digit is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckVerdict {
    /// It is right.
    Right,
    /// It is wrong; this would be right.
    Wrong(u8),
    /// This kind of code has none.
    None,
}

/// What a scanner sent, cleaned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Scan {
    /// The code without prefix, suffix and symbology mark.
    pub code: String,
    /// What kind of code it is.
    pub kind: CodeKind,
    /// Whether its check digit is right.
    pub check: CheckVerdict,
    /// The keys under which a product may be found, the likeliest first.
    pub keys: Vec<String>,
}

/// The key under which a barcode of a product is kept: the one spelling of a GTIN, and any other
/// code as it is.
pub fn key_of(code: &str) -> String {
    match Gtin::parse(code) {
        Ok(gtin) => gtin.0,
        Err(_) => code.to_owned(),
    }
}

/// Cleans what a scanner or a person typed and says what it is. Never fails.
pub fn normalise(raw: &str, settings: &ScannerSettings) -> Scan {
    let text = raw.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let text = text.strip_prefix(settings.prefix.as_str()).unwrap_or(text);
    let text = text.strip_suffix(settings.suffix.as_str()).unwrap_or(text);
    let (mark, text) = split_mark(text);
    let code: String = text.trim().chars().take(MAX_CODE).collect();
    if let Some(gtin) = gs1_gtin(mark, &code) {
        return judge(gtin, CodeKind::Gs1);
    }
    if !all_digits(&code) {
        return Scan {
            keys: vec![code.clone()],
            code,
            kind: CodeKind::Other,
            check: CheckVerdict::None,
        };
    }
    match code.len() {
        8 => eight_digits(&code, mark),
        12 => judge(&code, CodeKind::UpcA),
        13 => judge(&code, CodeKind::Ean13),
        14 => judge(&code, CodeKind::Gtin14),
        _ => Scan {
            keys: vec![code.clone()],
            code,
            kind: CodeKind::Other,
            check: CheckVerdict::None,
        },
    }
}

/// Splits off the symbology mark of ISO/IEC 15424: `]`, a letter, a digit.
fn split_mark(text: &str) -> (Option<&str>, &str) {
    let bytes = text.as_bytes();
    let marked = bytes.len() > 3
        && bytes[0] == b']'
        && bytes[1].is_ascii_alphabetic()
        && bytes[2].is_ascii_alphanumeric();
    if marked { (Some(&text[..3]), &text[3..]) } else { (None, text) }
}

/// The GTIN at the beginning of a GS1 element string: marked as one, or in brackets.
fn gs1_gtin<'a>(mark: Option<&str>, code: &'a str) -> Option<&'a str> {
    let rest = match mark {
        Some("]C1" | "]d2" | "]Q3" | "]e0" | "]J1") => code.strip_prefix("01")?,
        _ => code.strip_prefix("(01)")?,
    };
    rest.get(..14).filter(|digits| all_digits(digits))
}

fn judge(code: &str, kind: CodeKind) -> Scan {
    let (check, key) = match Gtin::parse(code) {
        Ok(gtin) => (CheckVerdict::Right, gtin.0),
        Err(BarcodeError::WrongCheckDigit { expected, .. }) => {
            (CheckVerdict::Wrong(expected), code.to_owned())
        }
        Err(_) => (CheckVerdict::None, code.to_owned()),
    };
    let mut keys = vec![key];
    if keys[0] != code {
        keys.push(code.to_owned());
    }
    Scan { code: code.to_owned(), kind, check, keys }
}

/// Eight digits are an EAN-8 or a UPC-E; sometimes they are both.
fn eight_digits(code: &str, mark: Option<&str>) -> Scan {
    let as_ean = judge(code, CodeKind::Ean8);
    let Ok(expanded) = Gtin::parse_upc_e(code) else { return as_ean };
    if mark == Some("]E4") {
        return as_ean;
    }
    if as_ean.check == CheckVerdict::Right {
        let keys = vec![code.to_owned(), expanded.0];
        return Scan { keys, ..as_ean };
    }
    let keys = vec![expanded.0, code.to_owned()];
    Scan { code: code.to_owned(), kind: CodeKind::UpcE, check: CheckVerdict::Right, keys }
}

#[cfg(test)]
#[path = "barcode_tests.rs"]
mod tests;
