//! The arithmetic of a ticket: lines, discounts and tax become totals.
//!
//! **Invariant:** on every line net + tax = total, and the totals are the sums of what is printed
//! on the lines, however tax is rounded and whatever mix of prices with and without tax there is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fact::{Facts, facts};
use crate::num::{Currency, Money, NumError, Qty, Rate, Rounding, UnitPrice};
pub use crate::tax::{TaxRounding, TaxRule, TaxTotals, TaxableShare};
use crate::tax::{tax_by_document, tax_by_line, tax_kinds, tax_totals};

/// The most lines on one ticket.
pub const MAX_LINES: usize = 2_000;
/// The largest quantity on one line: a million units.
pub const MAX_QTY: Qty = Qty::of(1_000_000_000_000);
/// The highest price of one unit: ten thousand million of the major unit.
pub const MAX_PRICE: UnitPrice = UnitPrice::of(100_000_000_000_000);

/// Which way goods and money go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Goods go out: every quantity is above zero.
    Sale,
    /// Goods come back: every quantity is below zero, and so is every amount.
    Return,
}

/// A discount as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// A part of the amount.
    Percent(Rate),
    /// A sum of money, above zero also on a return.
    Amount(Money),
}

/// One line as it was typed or scanned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Line {
    /// Its number on the ticket.
    pub line_no: u32,
    /// How much, below zero on a return.
    pub qty: Qty,
    /// The price asked for one unit.
    pub unit_price: UnitPrice,
    /// The price of the list for one unit.
    pub list_price: UnitPrice,
    /// How it is taxed.
    pub tax: TaxRule,
    /// The discount on this line.
    pub discount: Option<Discount>,
}

/// What holds for the whole ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Terms {
    /// Whether goods go out or come back.
    pub direction: Direction,
    /// The currency of every amount.
    pub currency: Currency,
    /// A discount on everything, shared over the lines by value.
    pub ticket_discount: Option<Discount>,
    /// Where tax is rounded.
    pub tax_rounding: TaxRounding,
    /// How amounts are rounded.
    pub rounding: Rounding,
}

/// What one line comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineTotals {
    /// The number of the line.
    pub line_no: u32,
    /// Price times quantity, in the terms of the price.
    pub gross: Money,
    /// The line's own discount.
    pub line_discount: Money,
    /// Its share of the discount on the ticket.
    pub ticket_discount_share: Money,
    /// What it comes to without tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// What it comes to with tax.
    pub total: Money,
}

/// What a ticket comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Totals {
    /// Every line, in the order given.
    pub lines: Vec<LineTotals>,
    /// Every kind of tax, in order of appearance.
    pub taxes: Vec<TaxTotals>,
    /// The sum of price times quantity.
    pub gross: Money,
    /// The sum of the discounts on lines.
    pub line_discounts: Money,
    /// The discount on the ticket.
    pub ticket_discount: Money,
    /// The sum without tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// What is to be paid, before cash is rounded.
    pub total: Money,
}

/// Why a ticket cannot be totalled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// There is nothing on the ticket.
    #[error("there is nothing on the ticket")]
    Empty,
    /// There are too many lines.
    #[error("a ticket holds at most {limit} lines; this one has {lines}")]
    TooManyLines {
        /// How many there are.
        lines: usize,
        /// How many may be.
        limit: usize,
    },
    /// Two lines have the same number.
    #[error("line {line_no} is on the ticket twice")]
    DuplicateLine {
        /// The number.
        line_no: u32,
    },
    /// The quantity is zero.
    #[error("line {line_no} has no quantity; enter one or remove the line")]
    ZeroQty {
        /// The line.
        line_no: u32,
    },
    /// The quantity goes the wrong way.
    #[error("line {line_no} has the quantity {qty}; goods come back on a return, not on a sale")]
    WrongDirection {
        /// The line.
        line_no: u32,
        /// The quantity.
        qty: Qty,
    },
    /// The quantity is too large.
    #[error("line {line_no} has the quantity {qty}; at most {limit} can be entered")]
    QtyTooLarge {
        /// The line.
        line_no: u32,
        /// The quantity.
        qty: Qty,
        /// The limit.
        limit: Qty,
    },
    /// The price is below zero.
    #[error("line {line_no} has the price {price}; a price cannot be below zero")]
    NegativePrice {
        /// The line.
        line_no: u32,
        /// The price.
        price: UnitPrice,
    },
    /// The price is too high.
    #[error("line {line_no} has the price {price}; at most {limit} can be entered")]
    PriceTooHigh {
        /// The line.
        line_no: u32,
        /// The price.
        price: UnitPrice,
        /// The limit.
        limit: UnitPrice,
    },
    /// The tax rule makes no sense.
    #[error("the tax of line {line_no} is not set up correctly; ask the person who keeps taxes")]
    BadTaxRule {
        /// The line.
        line_no: u32,
    },
    /// A percentage below zero or above a hundred.
    #[error("a discount is between 0 and 100 percent")]
    DiscountOutOfRange {
        /// The line, or none for the discount on the ticket.
        line_no: Option<u32>,
        /// The rate as given.
        rate: Rate,
    },
    /// A sum below zero or above what it is taken from.
    #[error("the discount of {discount} is more than the amount of {amount}")]
    DiscountOverAmount {
        /// The line, or none for the discount on the ticket.
        line_no: Option<u32>,
        /// The discount as given.
        discount: Money,
        /// What it is taken from.
        amount: Money,
    },
    /// A number does not fit.
    #[error(transparent)]
    Number(#[from] NumError),
}

impl TicketError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "ticket_empty",
            Self::TooManyLines { .. } => "too_many_lines",
            Self::DuplicateLine { .. } => "duplicate_line",
            Self::ZeroQty { .. } => "zero_qty",
            Self::WrongDirection { .. } => "wrong_direction",
            Self::QtyTooLarge { .. } => "qty_too_large",
            Self::NegativePrice { .. } => "negative_price",
            Self::PriceTooHigh { .. } => "price_too_high",
            Self::BadTaxRule { .. } => "bad_tax_rule",
            Self::DiscountOutOfRange { .. } => "discount_out_of_range",
            Self::DiscountOverAmount { .. } => "discount_over_amount",
            Self::Number(number) => number.code(),
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::Empty => Vec::new(),
            Self::TooManyLines { lines, limit } => facts![lines, limit],
            Self::DuplicateLine { line_no } => facts![line_no],
            Self::ZeroQty { line_no } => facts![line_no],
            Self::WrongDirection { line_no, qty } => facts![line_no, qty],
            Self::QtyTooLarge { line_no, qty, limit } => facts![line_no, qty, limit],
            Self::NegativePrice { line_no, price } => facts![line_no, price],
            Self::PriceTooHigh { line_no, price, limit } => facts![line_no, price, limit],
            Self::BadTaxRule { line_no } => facts![line_no],
            Self::DiscountOutOfRange { rate, .. } => facts![rate],
            Self::DiscountOverAmount { discount, amount, .. } => facts![discount, amount],
            Self::Number(number) => number.facts(),
        }
    }

    /// The line to be put right, when it is one line.
    pub fn line_no(&self) -> Option<u32> {
        match self {
            Self::Empty | Self::TooManyLines { .. } | Self::Number(_) => None,
            Self::DuplicateLine { line_no }
            | Self::ZeroQty { line_no }
            | Self::WrongDirection { line_no, .. }
            | Self::QtyTooLarge { line_no, .. }
            | Self::NegativePrice { line_no, .. }
            | Self::PriceTooHigh { line_no, .. }
            | Self::BadTaxRule { line_no } => Some(*line_no),
            Self::DiscountOutOfRange { line_no, .. } | Self::DiscountOverAmount { line_no, .. } => {
                *line_no
            }
        }
    }
}

/// Refuses to finish a ticket which has nothing on it. An open ticket may be empty.
pub fn check_not_empty(lines: &[Line]) -> Result<(), TicketError> {
    if lines.is_empty() { Err(TicketError::Empty) } else { Ok(()) }
}

/// What a ticket comes to. A ticket without lines comes to zero.
pub fn total(lines: &[Line], terms: &Terms) -> Result<Totals, TicketError> {
    check_lines(lines, terms.direction)?;
    let priced = lines.iter().map(|line| price(line, terms)).collect::<Result<Vec<_>, _>>()?;
    let shares = share_ticket_discount(&priced, terms)?;
    let amounts = priced
        .iter()
        .zip(&shares)
        .map(|(one, share)| one.after_own_discount()?.minus(*share))
        .collect::<Result<Vec<_>, _>>()?;
    let kinds = tax_kinds(lines);
    let taxes = match terms.tax_rounding {
        TaxRounding::Line => tax_by_line(lines, &amounts, terms.rounding)?,
        TaxRounding::Document => tax_by_document(lines, &amounts, &kinds, terms.rounding)?,
    };
    let mut totals = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let (amount, tax) = (amounts[at], taxes[at]);
        let (net, total) = if line.tax.inclusive {
            (amount.minus(tax)?, amount)
        } else {
            (amount, amount.plus(tax)?)
        };
        totals.push(LineTotals {
            line_no: line.line_no,
            gross: priced[at].gross,
            line_discount: priced[at].discount,
            ticket_discount_share: shares[at],
            net,
            tax,
            total,
        });
    }
    let taxes = tax_totals(&totals, &kinds, terms.rounding)?;
    Ok(add_up(totals, taxes)?)
}

/// The sums over the lines.
fn add_up(lines: Vec<LineTotals>, taxes: Vec<TaxTotals>) -> Result<Totals, NumError> {
    let sum = |of: fn(&LineTotals) -> Money| Money::sum(lines.iter().map(of));
    Ok(Totals {
        gross: sum(|line| line.gross)?,
        line_discounts: sum(|line| line.line_discount)?,
        ticket_discount: sum(|line| line.ticket_discount_share)?,
        net: sum(|line| line.net)?,
        tax: sum(|line| line.tax)?,
        total: sum(|line| line.total)?,
        lines,
        taxes,
    })
}

/// A line's price times quantity and its own discount.
struct Priced {
    gross: Money,
    discount: Money,
}

impl Priced {
    fn after_own_discount(&self) -> Result<Money, NumError> {
        self.gross.minus(self.discount)
    }
}

fn price(line: &Line, terms: &Terms) -> Result<Priced, TicketError> {
    let gross = line.unit_price.times(line.qty, terms.currency, terms.rounding)?;
    let discount = match line.discount {
        Some(discount) => discount_of(discount, gross, Some(line.line_no), terms.rounding)?,
        None => Money::ZERO,
    };
    Ok(Priced { gross, discount })
}

/// A discount in money, with the sign of the amount it is taken from.
fn discount_of(
    discount: Discount,
    amount: Money,
    line_no: Option<u32>,
    rounding: Rounding,
) -> Result<Money, TicketError> {
    match discount {
        Discount::Percent(rate) if rate.is_negative() || rate > Rate::ONE => {
            Err(TicketError::DiscountOutOfRange { line_no, rate })
        }
        Discount::Percent(rate) => Ok(amount.at(rate, rounding)?),
        Discount::Amount(sum) if sum.is_negative() || sum > amount.abs() => {
            Err(TicketError::DiscountOverAmount { line_no, discount: sum, amount: amount.abs() })
        }
        Discount::Amount(sum) if amount.is_negative() => Ok(sum.negated()),
        Discount::Amount(sum) => Ok(sum),
    }
}

fn share_ticket_discount(priced: &[Priced], terms: &Terms) -> Result<Vec<Money>, TicketError> {
    let Some(discount) = terms.ticket_discount else {
        return Ok(vec![Money::ZERO; priced.len()]);
    };
    let amounts = priced.iter().map(Priced::after_own_discount).collect::<Result<Vec<_>, _>>()?;
    let whole = Money::sum(amounts.iter().copied())?;
    let discount = discount_of(discount, whole, None, terms.rounding)?;
    if discount.is_zero() {
        return Ok(vec![Money::ZERO; priced.len()]);
    }
    let weights: Vec<i64> = amounts.iter().map(|amount| amount.get().abs()).collect();
    Ok(discount.split(&weights)?)
}

fn check_lines(lines: &[Line], direction: Direction) -> Result<(), TicketError> {
    if lines.len() > MAX_LINES {
        return Err(TicketError::TooManyLines { lines: lines.len(), limit: MAX_LINES });
    }
    let mut seen = std::collections::HashSet::with_capacity(lines.len());
    for line in lines {
        if !seen.insert(line.line_no) {
            return Err(TicketError::DuplicateLine { line_no: line.line_no });
        }
        check_line(line, direction)?;
    }
    Ok(())
}

fn check_line(line: &Line, direction: Direction) -> Result<(), TicketError> {
    let (line_no, qty, price) = (line.line_no, line.qty, line.unit_price);
    if qty.is_zero() {
        return Err(TicketError::ZeroQty { line_no });
    }
    if qty.is_negative() != (direction == Direction::Return) {
        return Err(TicketError::WrongDirection { line_no, qty });
    }
    if qty.abs() > MAX_QTY {
        return Err(TicketError::QtyTooLarge { line_no, qty, limit: MAX_QTY });
    }
    for price in [price, line.list_price] {
        if price.is_negative() {
            return Err(TicketError::NegativePrice { line_no, price });
        }
        if price > MAX_PRICE {
            return Err(TicketError::PriceTooHigh { line_no, price, limit: MAX_PRICE });
        }
    }
    if line.tax.is_sound() { Ok(()) } else { Err(TicketError::BadTaxRule { line_no }) }
}

#[cfg(test)]
#[path = "ticket_tests.rs"]
pub(crate) mod tests;
