//! Tax: how a line is taxed, and how tax is rounded on lines or on the whole document.
//!
//! **Invariant:** the tax of the lines adds up to the tax of the document, for every kind of tax.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::TaxClassId;
use crate::num::{Money, NumError, Rate, Rounding};
use crate::rounding::divide;
use crate::ticket::{Line, LineTotals};

/// The highest tax rate: 1,000 %.
pub const MAX_TAX_RATE: Rate = Rate::of(10_000_000);

/// The part of a price on which tax is due, kept as a fraction: Indonesia taxes 11/12 of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct TaxableShare {
    /// The numerator.
    pub part: i32,
    /// The denominator.
    pub whole: i32,
}

impl TaxableShare {
    /// Tax is due on the whole price.
    pub const WHOLE: Self = Self { part: 1, whole: 1 };
    /// Tax is due on 11/12 of the price: Indonesia's "other value" since 2025.
    pub const ELEVEN_TWELFTHS: Self = Self { part: 11, whole: 12 };

    fn is_sound(self) -> bool {
        0 <= self.part && self.part <= self.whole && self.whole > 0
    }
}

impl Default for TaxableShare {
    fn default() -> Self {
        Self::WHOLE
    }
}

/// How a line is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct TaxRule {
    /// The tax class the rule comes from.
    pub tax_class: TaxClassId,
    /// The rate of the law, such as 0.12.
    pub rate: Rate,
    /// The part of the price on which it is due.
    pub taxable_share: TaxableShare,
    /// Whether the price already contains the tax.
    pub inclusive: bool,
}

impl TaxRule {
    pub(crate) fn is_sound(&self) -> bool {
        !self.rate.is_negative() && self.rate <= MAX_TAX_RATE && self.taxable_share.is_sound()
    }

    /// The tax in an amount as an exact fraction of it: numerator and denominator.
    fn fraction(&self) -> (i128, i128) {
        let due = i128::from(self.rate.get()) * i128::from(self.taxable_share.part);
        let whole = i128::from(Rate::ONE.get()) * i128::from(self.taxable_share.whole);
        if self.inclusive { (due, whole + due) } else { (due, whole) }
    }

    /// The tax in an amount which is in the terms of the price.
    fn tax(&self, amount: Money, rounding: Rounding) -> Result<Money, NumError> {
        let (part, whole) = self.fraction();
        Money::fit(divide(i128::from(amount.get()) * part, whole, rounding)?)
    }
}

/// Where tax is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaxRounding {
    /// On every line.
    Line,
    /// Once for each rate of the document; the lines share it by largest remainder.
    Document,
}

impl TaxRounding {
    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Document => "document",
        }
    }

    /// The place named by a word of [`TaxRounding::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Line, Self::Document].into_iter().find(|place| place.as_str() == word)
    }
}

/// What one kind of tax comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TaxTotals {
    /// The tax class.
    pub tax_class: TaxClassId,
    /// The rate of the law.
    pub rate: Rate,
    /// The part of the price on which it is due.
    pub taxable_share: TaxableShare,
    /// Whether the prices contained it.
    pub inclusive: bool,
    /// What the lines come to without tax.
    pub base: Money,
    /// The part of the base on which the rate is due, to be printed where the law wants it.
    pub taxable: Money,
    /// The tax: the sum of the tax of the lines.
    pub tax: Money,
}

/// The place of every line's kind of tax in the list of kinds, and the first line of each kind.
pub(crate) struct TaxKinds {
    kind_of_line: Vec<usize>,
    rules: Vec<TaxRule>,
}

pub(crate) fn tax_kinds(lines: &[Line]) -> TaxKinds {
    let mut rules: Vec<TaxRule> = Vec::new();
    let kind_of_line = lines
        .iter()
        .map(|line| {
            rules.iter().position(|rule| *rule == line.tax).unwrap_or_else(|| {
                rules.push(line.tax);
                rules.len() - 1
            })
        })
        .collect();
    TaxKinds { kind_of_line, rules }
}

impl TaxKinds {
    fn lines_of(&self, kind: usize) -> impl Iterator<Item = usize> {
        let places = self.kind_of_line.iter().enumerate();
        places.filter(move |(_, of)| **of == kind).map(|(line, _)| line)
    }
}

pub(crate) fn tax_by_line(
    lines: &[Line],
    amounts: &[Money],
    rounding: Rounding,
) -> Result<Vec<Money>, NumError> {
    lines.iter().zip(amounts).map(|(line, amount)| line.tax.tax(*amount, rounding)).collect()
}

pub(crate) fn tax_by_document(
    lines: &[Line],
    amounts: &[Money],
    kinds: &TaxKinds,
    rounding: Rounding,
) -> Result<Vec<Money>, NumError> {
    let mut taxes = vec![Money::ZERO; lines.len()];
    for (kind, rule) in kinds.rules.iter().enumerate() {
        let places: Vec<usize> = kinds.lines_of(kind).collect();
        let whole = Money::sum(places.iter().map(|&at| amounts[at]))?;
        let tax = rule.tax(whole, rounding)?;
        if tax.is_zero() {
            continue;
        }
        let weights: Vec<i64> = places.iter().map(|&at| amounts[at].get().abs()).collect();
        for (&at, share) in places.iter().zip(tax.split(&weights)?) {
            taxes[at] = share;
        }
    }
    Ok(taxes)
}

pub(crate) fn tax_totals(
    totals: &[LineTotals],
    kinds: &TaxKinds,
    rounding: Rounding,
) -> Result<Vec<TaxTotals>, NumError> {
    let kind_totals = kinds.rules.iter().enumerate().map(|(kind, rule)| {
        let base = Money::sum(kinds.lines_of(kind).map(|at| totals[at].net))?;
        let share = rule.taxable_share;
        Ok(TaxTotals {
            tax_class: rule.tax_class,
            rate: rule.rate,
            taxable_share: share,
            inclusive: rule.inclusive,
            base,
            taxable: base.portion(i64::from(share.part), i64::from(share.whole), rounding)?,
            tax: Money::sum(kinds.lines_of(kind).map(|at| totals[at].tax))?,
        })
    });
    kind_totals.collect()
}
