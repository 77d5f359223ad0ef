//! Goods that come back: how much may, what is refunded, and how.
//!
//! **Invariant:** never more comes back than was sold, and the refunds of the parts of a line add
//! up to exactly what was paid for the whole line.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::BusinessDate;
use crate::fact::{Facts, facts};
use crate::num::{Money, NumError, Qty, Rounding, UnitPrice};
use crate::tender::{CashRule, RefundRounding, TenderKind};
use crate::ticket::LineTotals;

/// Why goods or money cannot go back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReturnError {
    /// Nothing, or less, is to come back.
    #[error("enter how much comes back of line {line_no}")]
    NoQty {
        /// The line of the receipt.
        line_no: u32,
    },
    /// More is to come back than is left.
    #[error(
        "only {left} of line {line_no} can come back: {sold} sold, {returned} already returned"
    )]
    MoreThanLeft {
        /// The line of the receipt.
        line_no: u32,
        /// What was sold.
        sold: Qty,
        /// What has come back.
        returned: Qty,
        /// What may still come back.
        left: Qty,
    },
    /// More money is to go back than was paid.
    #[error("only {left} of this receipt has not been refunded")]
    MoreThanPaid {
        /// What may still be refunded.
        left: Money,
    },
    /// The amount is below zero.
    #[error("a refund is not below zero; this one is {amount}")]
    BadAmount {
        /// The amount.
        amount: Money,
    },
    /// A manager has to approve.
    #[error("a return without a receipt needs a manager")]
    NeedsManager,
    /// The customer has to be known.
    #[error("a return without a receipt needs the customer's name and identity")]
    NeedsCustomer,
    /// Money may not be given back.
    #[error("a return without a receipt is paid in store credit only, not by {kind}")]
    OnlyStoreCredit {
        /// The way that was asked for.
        kind: TenderKind,
    },
    /// The item was not sold lately.
    #[error("this item was not sold here in the last {days} days; it cannot come back")]
    NotSoldLately {
        /// How many days were looked at.
        days: u32,
    },
    /// The price is higher than the lowest of late.
    #[error("without a receipt at most {lowest} is refunded for one of this item")]
    PriceTooHigh {
        /// The lowest price of late.
        lowest: UnitPrice,
    },
    /// The amount is higher than is refunded without a receipt.
    #[error("without a receipt at most {limit} is refunded")]
    OverLimit {
        /// The limit.
        limit: Money,
    },
    /// The receipt is too old.
    #[error("this receipt is from {sold_on}; goods come back within {days} days")]
    TooLate {
        /// The business date of the sale.
        sold_on: BusinessDate,
        /// How many days are allowed.
        days: u32,
    },
    /// A number does not fit.
    #[error(transparent)]
    Number(#[from] NumError),
}

impl ReturnError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoQty { .. } => "return_no_qty",
            Self::MoreThanLeft { .. } => "return_more_than_left",
            Self::MoreThanPaid { .. } => "return_more_than_paid",
            Self::BadAmount { .. } => "bad_refund_amount",
            Self::NeedsManager => "return_needs_manager",
            Self::NeedsCustomer => "return_needs_customer",
            Self::OnlyStoreCredit { .. } => "return_only_store_credit",
            Self::NotSoldLately { .. } => "return_not_sold_lately",
            Self::PriceTooHigh { .. } => "return_price_too_high",
            Self::OverLimit { .. } => "return_over_limit",
            Self::TooLate { .. } => "return_too_late",
            Self::Number(number) => number.code(),
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::NeedsManager | Self::NeedsCustomer => Vec::new(),
            Self::NoQty { line_no } => facts![line_no],
            Self::MoreThanLeft { line_no, sold, returned, left } => {
                facts![line_no, sold, returned, left]
            }
            Self::MoreThanPaid { left } => facts![left],
            Self::BadAmount { amount } => facts![amount],
            Self::OnlyStoreCredit { kind } => {
                let kind = kind.as_str();
                facts![kind]
            }
            Self::NotSoldLately { days } => facts![days],
            Self::PriceTooHigh { lowest } => facts![lowest],
            Self::OverLimit { limit } => facts![limit],
            Self::TooLate { sold_on, days } => facts![sold_on, days],
            Self::Number(number) => number.facts(),
        }
    }
}

/// How much of a sold line may come back. Both quantities are above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Returnable {
    /// The line of the receipt.
    pub line_no: u32,
    /// What was sold.
    pub sold: Qty,
    /// What has come back, at any till.
    pub already_returned: Qty,
}

impl Returnable {
    /// What may still come back; never below zero.
    pub fn left(&self) -> Result<Qty, NumError> {
        Ok(self.sold.minus(self.already_returned)?.max(Qty::ZERO))
    }
}

/// Refuses a quantity which is not above zero or is more than is left.
pub fn check_return(line: &Returnable, qty: Qty) -> Result<(), ReturnError> {
    let line_no = line.line_no;
    if !qty.is_positive() {
        return Err(ReturnError::NoQty { line_no });
    }
    let left = line.left()?;
    if qty > left {
        let (sold, returned) = (line.sold, line.already_returned);
        return Err(ReturnError::MoreThanLeft { line_no, sold, returned, left });
    }
    Ok(())
}

/// Refuses a receipt which is older than the shop takes goods back. No limit is no days.
pub fn check_age(
    sold_on: BusinessDate,
    today: BusinessDate,
    days: Option<u32>,
) -> Result<(), ReturnError> {
    match days {
        Some(days) if (today - sold_on).num_days() > i64::from(days) => {
            Err(ReturnError::TooLate { sold_on, days })
        }
        _ => Ok(()),
    }
}

/// The amounts of a line, or of a part of it. They are above zero, also for what came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Amounts {
    /// Price times quantity.
    pub gross: Money,
    /// The line's own discount.
    pub line_discount: Money,
    /// Its share of the discount on the ticket.
    pub ticket_discount_share: Money,
    /// Without tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// With tax.
    pub total: Money,
}

impl From<&LineTotals> for Amounts {
    fn from(line: &LineTotals) -> Self {
        Self {
            gross: line.gross,
            line_discount: line.line_discount,
            ticket_discount_share: line.ticket_discount_share,
            net: line.net,
            tax: line.tax,
            total: line.total,
        }
    }
}

impl Amounts {
    /// The sum of two.
    pub fn plus(&self, other: &Self) -> Result<Self, NumError> {
        self.each(other, Money::plus)
    }

    /// The difference of two.
    pub fn minus(&self, other: &Self) -> Result<Self, NumError> {
        self.each(other, Money::minus)
    }

    /// The same with the other sign: how a return writes them.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self {
            gross: self.gross.negated(),
            line_discount: self.line_discount.negated(),
            ticket_discount_share: self.ticket_discount_share.negated(),
            net: self.net.negated(),
            tax: self.tax.negated(),
            total: self.total.negated(),
        }
    }

    fn each(
        &self,
        other: &Self,
        with: fn(Money, Money) -> Result<Money, NumError>,
    ) -> Result<Self, NumError> {
        Ok(Self {
            gross: with(self.gross, other.gross)?,
            line_discount: with(self.line_discount, other.line_discount)?,
            ticket_discount_share: with(self.ticket_discount_share, other.ticket_discount_share)?,
            net: with(self.net, other.net)?,
            tax: with(self.tax, other.tax)?,
            total: with(self.total, other.total)?,
        })
    }
}

/// A sold line, and what of it has come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoldLine {
    /// How much was sold and has come back.
    pub qty: Returnable,
    /// Whether the price contained the tax.
    pub inclusive: bool,
    /// What was paid for the line.
    pub paid: Amounts,
    /// The sum of what was refunded for it.
    pub refunded: Amounts,
}

/// What is refunded for a part of a line: the same part of what is left of every amount, so the
/// last part gets the rest.
pub fn refund_part(line: &SoldLine, qty: Qty) -> Result<Amounts, ReturnError> {
    check_return(&line.qty, qty)?;
    let left_qty = line.qty.left()?;
    let left = line.paid.minus(&line.refunded)?;
    if qty == left_qty {
        return Ok(left);
    }
    let part = |amount: Money| amount.portion(qty.get(), left_qty.get(), Rounding::HalfUp);
    let line_discount = part(left.line_discount)?;
    let ticket_discount_share = part(left.ticket_discount_share)?;
    let tax = part(left.tax)?;
    let (net, total) = if line.inclusive {
        let total = part(left.total)?;
        (total.minus(tax)?, total)
    } else {
        let net = part(left.net)?;
        (net, net.plus(tax)?)
    };
    let after_discounts = if line.inclusive { total } else { net };
    let gross = after_discounts.plus(line_discount)?.plus(ticket_discount_share)?;
    Ok(Amounts { gross, line_discount, ticket_discount_share, net, tax, total })
}

/// How the refund of a part of a receipt is rounded. `sold` and `refunded` are totals before
/// rounding and roundings with the sign they had on the sale.
///
/// The last of a receipt gets what is left of the money that was really paid, and no part gets
/// more than that, so many small returns in cash cannot draw more than the sale brought in. The
/// refund may then be nothing.
pub fn refund_rounding(
    sold: (Money, Money),
    refunded: (Money, Money),
    part: Money,
    rule: CashRule,
) -> Result<RefundRounding, NumError> {
    let left = sold.0.minus(refunded.0)?;
    let left_paid = left.plus(sold.1)?.minus(refunded.1)?;
    let due = if part == left {
        left_paid
    } else if part.plus(Money::new(rule.step)?)? <= left_paid {
        return Ok(RefundRounding::ByRule(rule));
    } else {
        part.round_to(rule.step, rule.rounding)?.min(left_paid)
    };
    Ok(RefundRounding::Exactly(part.minus(due)?))
}

/// How refunds are paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RefundPolicy {
    /// The most that is given back in cash for one return; none is no limit.
    pub cash_limit: Option<Money>,
    /// The ways in which money goes back as it came, in this order. Any other way, and cash over
    /// its limit, becomes store credit.
    pub same_way: Vec<TenderKind>,
}

impl Default for RefundPolicy {
    fn default() -> Self {
        // What was never paid is forgiven first, so nobody gets cash for goods on account.
        let same_way = vec![
            TenderKind::OnAccount,
            TenderKind::StoreCredit,
            TenderKind::Card,
            TenderKind::Cash,
        ];
        Self { cash_limit: None, same_way }
    }
}

/// In which ways an amount goes back. All amounts are above zero; nothing goes back in no way.
pub fn refund_tenders(
    original: &[(TenderKind, Money)],
    already_refunded: &[(TenderKind, Money)],
    amount: Money,
    policy: &RefundPolicy,
) -> Result<Vec<(TenderKind, Money)>, ReturnError> {
    if amount.is_negative() {
        return Err(ReturnError::BadAmount { amount });
    }
    let sum = |of: &[(TenderKind, Money)]| Money::sum(of.iter().map(|(_, money)| *money));
    let left = sum(original)?.minus(sum(already_refunded)?)?;
    if amount > left {
        return Err(ReturnError::MoreThanPaid { left: left.max(Money::ZERO) });
    }
    let of_kind = |of: &[(TenderKind, Money)], kind| {
        Money::sum(of.iter().filter(|(of, _)| *of == kind).map(|(_, money)| *money))
    };
    let mut rest = amount;
    let mut back: Vec<(TenderKind, Money)> = Vec::new();
    for &kind in &policy.same_way {
        if back.iter().any(|(seen, _)| *seen == kind) {
            continue;
        }
        let mut open = of_kind(original, kind)?.minus(of_kind(already_refunded, kind)?)?;
        if kind == TenderKind::Cash {
            open = open.min(policy.cash_limit.unwrap_or(Money::MAX));
        }
        let part = open.min(rest);
        if part.is_positive() {
            back.push((kind, part));
            rest = rest.minus(part)?;
        }
    }
    if rest.is_positive() {
        match back.iter_mut().find(|(kind, _)| *kind == TenderKind::StoreCredit) {
            Some((_, credit)) => *credit = credit.plus(rest)?,
            None => back.push((TenderKind::StoreCredit, rest)),
        }
    }
    Ok(back)
}

/// The rule for a return without a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoReceiptRule {
    /// How many days back the lowest price is looked for.
    pub days: u32,
    /// The most that is refunded at once; none is no limit.
    pub limit: Option<Money>,
}

impl Default for NoReceiptRule {
    fn default() -> Self {
        Self { days: 30, limit: None }
    }
}

/// The lowest price of an item in the days before today, which is what is refunded for it.
pub fn lowest_price(
    sold: &[(BusinessDate, UnitPrice)],
    today: BusinessDate,
    rule: &NoReceiptRule,
) -> Result<UnitPrice, ReturnError> {
    let lately = |on: BusinessDate| (0..=i64::from(rule.days)).contains(&(today - on).num_days());
    sold.iter()
        .filter(|(on, _)| lately(*on))
        .map(|(_, price)| *price)
        .min()
        .ok_or(ReturnError::NotSoldLately { days: rule.days })
}

/// What is known about a return without a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoReceiptReturn<'a> {
    /// Whether a manager has approved.
    pub approved: bool,
    /// Whether the customer is named.
    pub customer_named: bool,
    /// What is refunded, above zero.
    pub amount: Money,
    /// The price of one unit and the lowest of late, for every line.
    pub prices: &'a [(UnitPrice, UnitPrice)],
    /// In which ways the refund is paid.
    pub tenders: &'a [TenderKind],
}

/// Refuses a return without a receipt which breaks the stricter rule.
pub fn check_without_receipt(
    facts: &NoReceiptReturn<'_>,
    rule: &NoReceiptRule,
) -> Result<(), ReturnError> {
    if !facts.customer_named {
        return Err(ReturnError::NeedsCustomer);
    }
    if let Some(&kind) = facts.tenders.iter().find(|kind| **kind != TenderKind::StoreCredit) {
        return Err(ReturnError::OnlyStoreCredit { kind });
    }
    if let Some(&(_, lowest)) = facts.prices.iter().find(|(price, lowest)| price > lowest) {
        return Err(ReturnError::PriceTooHigh { lowest });
    }
    match rule.limit {
        Some(limit) if facts.amount > limit => return Err(ReturnError::OverLimit { limit }),
        _ => {}
    }
    if facts.approved { Ok(()) } else { Err(ReturnError::NeedsManager) }
}

#[cfg(test)]
#[path = "returns_tests.rs"]
mod tests;
