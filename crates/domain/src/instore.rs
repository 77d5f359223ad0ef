//! In-store codes: what scales print, with a weight or a price in the code, read by rules.
//!
//! **Invariant:** a rule is checked before it exists, so reading a code by it cannot fail for any
//! other reason than the code; and a pattern never reads ordinary codes by accident.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::barcode::{BarcodeError, PatternProblem, all_digits, check_digit, verify};
use crate::num::{NumError, Qty, UnitPrice};

/// The longest pattern of an in-store rule.
pub const MAX_PATTERN: usize = 48;

/// What an in-store code carries besides the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RuleKind {
    /// A weight with this many decimals, or with none a number of pieces.
    Weight {
        /// How many of its digits stand after the point.
        decimals: u8,
    },
    /// A price with this many decimals.
    Price {
        /// How many of its digits stand after the point.
        decimals: u8,
    },
    /// Nothing: the item only.
    Plain,
}

/// A rule for in-store codes, as it is stored: `20PPPPPWWWWWC` and what the W are.
///
/// A digit stands for itself and `?` for any digit; `P` is the item and `W` the weight or price;
/// `V` is the check digit of four or five `W`, and `C` the check digit of the whole code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct RuleSpec {
    /// The pattern.
    pub pattern: String,
    /// What the code carries.
    pub value: RuleKind,
}

/// A rule which has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    spec: RuleSpec,
}

/// What was read from an in-store code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InStore {
    /// The digits of the item.
    pub item_code: String,
    /// What else it carries.
    pub value: InStoreValue,
}

/// The weight or price in an in-store code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InStoreValue {
    /// A quantity.
    Qty(Qty),
    /// What the whole pack costs.
    Price(UnitPrice),
    /// Nothing.
    None,
}

impl Rule {
    /// Checks a rule.
    pub fn new(spec: RuleSpec) -> Result<Self, BarcodeError> {
        match problem_of(&spec) {
            None => Ok(Self { spec }),
            Some(problem) => Err(BarcodeError::BadPattern { pattern: spec.pattern, problem }),
        }
    }

    /// The rule as it is stored.
    pub fn spec(&self) -> &RuleSpec {
        &self.spec
    }

    /// Whether the code has the form of this rule; check digits are not looked at.
    pub fn matches(&self, code: &str) -> bool {
        let pattern = self.spec.pattern.as_bytes();
        let fits = |(letter, digit): (&u8, u8)| !letter.is_ascii_digit() || *letter == digit;
        code.len() == pattern.len()
            && all_digits(code)
            && pattern.iter().zip(code.bytes()).all(fits)
    }

    /// Reads a code which matches.
    fn read(&self, code: &str) -> Result<InStore, BarcodeError> {
        if self.spec.pattern.ends_with('C') {
            verify(code)?;
        }
        let digits = self.field(code, b'W');
        if let Some(found) = self.field(code, b'V').bytes().next() {
            let expected = value_check_digit(&digits).filter(|e| e + b'0' != found);
            if let Some(expected) = expected {
                return Err(BarcodeError::WrongValueDigit { code: code.to_owned(), expected });
            }
        }
        let value = match self.spec.value {
            RuleKind::Plain => InStoreValue::None,
            RuleKind::Weight { decimals } => {
                InStoreValue::Qty(Qty::new(scaled(&digits, decimals, Qty::DECIMALS)?)?)
            }
            RuleKind::Price { decimals } => {
                let parts = scaled(&digits, decimals, UnitPrice::DECIMALS)?;
                InStoreValue::Price(UnitPrice::new(parts)?)
            }
        };
        let nothing = [InStoreValue::Qty(Qty::ZERO), InStoreValue::Price(UnitPrice::ZERO)];
        if nothing.contains(&value) {
            return Err(BarcodeError::NoValue { code: code.to_owned() });
        }
        Ok(InStore { item_code: self.field(code, b'P'), value })
    }

    /// Makes a code for a label: the item and the digits of its weight or price.
    pub fn make(&self, item_code: &str, value: u32) -> Result<String, BarcodeError> {
        let pattern = &self.spec.pattern;
        let count = |letter| pattern.bytes().filter(|of| *of == letter).count();
        let does_not_fit =
            |value: String| BarcodeError::DoesNotFit { value, pattern: pattern.clone() };
        if item_code.len() != count(b'P') || !all_digits(item_code) {
            return Err(does_not_fit(item_code.to_owned()));
        }
        let width = count(b'W');
        let digits = if width == 0 { String::new() } else { format!("{value:0width$}") };
        if digits.len() != width {
            return Err(does_not_fit(value.to_string()));
        }
        let mut code = String::with_capacity(pattern.len());
        let (mut item, mut weight) = (item_code.chars(), digits.chars());
        for letter in pattern.chars() {
            let next = match letter {
                'P' => item.next(),
                'W' => weight.next(),
                'V' => value_check_digit(&digits).map(|digit| char::from(digit + b'0')),
                'C' => check_digit(&code).map(|digit| char::from(digit + b'0')),
                '?' => Some('0'),
                digit => Some(digit),
            };
            code.push(next.ok_or_else(|| does_not_fit(item_code.to_owned()))?);
        }
        Ok(code)
    }

    fn field(&self, code: &str, letter: u8) -> String {
        let pairs = self.spec.pattern.bytes().zip(code.chars());
        pairs.filter(|(of, _)| *of == letter).map(|(_, digit)| digit).collect()
    }
}

/// Reads an in-store code by the first rule whose form it has. `None` when it has no such form; a
/// wrong check digit is an error, so the cashier scans again.
pub fn apply(rules: &[Rule], code: &str) -> Result<Option<InStore>, BarcodeError> {
    match rules.iter().find(|rule| rule.matches(code)) {
        Some(rule) => rule.read(code).map(Some),
        None => Ok(None),
    }
}

/// The rules of a new shop: scales print weights under 20 and 21, prices under 22, and 29 is the
/// shop's own numbering.
pub fn default_rules() -> Vec<RuleSpec> {
    let spec = |pattern: &str, value| RuleSpec { pattern: pattern.to_owned(), value };
    vec![
        spec("20PPPPPWWWWWC", RuleKind::Weight { decimals: 3 }),
        spec("21PPPPPWWWWWC", RuleKind::Weight { decimals: 3 }),
        spec("22PPPPPWWWWWC", RuleKind::Price { decimals: 0 }),
        spec("29PPPPPPPPPPC", RuleKind::Plain),
    ]
}

/// A number with `decimals` digits after the point in parts of `10^-kept`.
fn scaled(digits: &str, decimals: u8, kept: u32) -> Result<i64, NumError> {
    let value: i64 = digits.parse().map_err(|_| NumError::TooLarge)?;
    let more = kept.checked_sub(u32::from(decimals)).ok_or(NumError::TooLarge)?;
    value.checked_mul(crate::num::power_of_ten(more)).ok_or(NumError::TooLarge)
}

fn problem_of(spec: &RuleSpec) -> Option<PatternProblem> {
    let pattern = spec.pattern.as_bytes();
    let count = |letter: u8| pattern.iter().filter(|of| **of == letter).count();
    let together = |letter: u8| {
        let first = pattern.iter().position(|of| *of == letter);
        let last = pattern.iter().rposition(|of| *of == letter);
        first.zip(last).is_none_or(|(first, last)| last - first + 1 == count(letter))
    };
    let (values, checks, inner) = (count(b'W'), count(b'C'), count(b'V'));
    let (has_value, decimals_fit) = match spec.value {
        RuleKind::Plain => (false, true),
        RuleKind::Weight { decimals } => (true, u32::from(decimals) <= Qty::DECIMALS),
        RuleKind::Price { decimals } => (true, u32::from(decimals) <= UnitPrice::DECIMALS),
    };
    let known = |of: &u8| of.is_ascii_digit() || b"?PWVC".contains(of);
    let check_is_last = checks == 0 || (checks == 1 && pattern.last() == Some(&b'C'));
    let inner_fits = inner == 0 || (inner == 1 && matches!(values, 4 | 5));
    let rules = [
        ((4..=MAX_PATTERN).contains(&pattern.len()), PatternProblem::Length),
        (pattern.iter().all(known), PatternProblem::Letter),
        (count(b'P') > 0, PatternProblem::NoItem),
        (has_value == (values > 0) && values <= 9, PatternProblem::Value),
        (together(b'P') && together(b'W'), PatternProblem::Scattered),
        (check_is_last && inner_fits, PatternProblem::CheckDigit),
        (decimals_fit, PatternProblem::Decimals),
        (pattern.iter().take(2).all(u8::is_ascii_digit), PatternProblem::Prefix),
    ];
    rules.into_iter().find(|(holds, _)| !holds).map(|(_, problem)| problem)
}

/// The check digit of a price or weight of four or five digits, as GS1 defines it.
fn value_check_digit(digits: &str) -> Option<u8> {
    // Products of a digit with 2 and 5, less or plus the tens that were carried, and with 3.
    const TWO_LESS: [u8; 10] = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
    const THREE: [u8; 10] = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
    const FIVE_PLUS: [u8; 10] = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
    const FIVE_LESS: [u8; 10] = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];
    let weigh = |tables: &[&[u8; 10]]| -> u8 {
        let pairs = digits.bytes().zip(tables);
        pairs.map(|(digit, table)| table[usize::from((digit - b'0') % 10)]).sum()
    };
    if !all_digits(digits) {
        return None;
    }
    match digits.len() {
        4 => Some(weigh(&[&TWO_LESS, &TWO_LESS, &THREE, &FIVE_LESS]) * 3 % 10),
        5 => {
            let sum = weigh(&[&FIVE_PLUS, &TWO_LESS, &FIVE_LESS, &FIVE_PLUS, &TWO_LESS]);
            let wanted = (10 - sum % 10) % 10;
            let at = FIVE_LESS.iter().position(|product| *product == wanted)?;
            u8::try_from(at).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "instore_tests.rs"]
mod tests;
