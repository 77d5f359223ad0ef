//! Sales on account: how much a customer may still owe.
//!
//! **Invariant:** what other terminals may be selling at this moment counts as owed, so the limit
//! holds offline too.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::BusinessDate;
use crate::fact::{Facts, facts};
use crate::num::{Money, NumError};
use crate::tender::TenderKind;

/// What is known about a customer's credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct CreditFacts {
    /// The most the customer may owe; none when nothing is sold to them on account.
    pub limit: Option<Money>,
    /// What the customer owes.
    pub balance: Money,
    /// What is not in the balance yet, or kept for other terminals.
    pub reserved: Money,
    /// The part of the balance which should have been paid.
    pub overdue: Money,
    /// Whether somebody has stopped the customer's credit.
    pub blocked: bool,
}

/// Why nothing is sold on account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreditError {
    /// The customer pays at once.
    #[error("this customer has no credit; take another payment")]
    NoCredit,
    /// Somebody has stopped the credit.
    #[error("the credit of this customer is stopped; ask the office")]
    Blocked,
    /// Something is overdue.
    #[error("{overdue} is overdue; it has to be paid first, or approved")]
    Overdue {
        /// How much.
        overdue: Money,
    },
    /// The limit would be passed.
    #[error("only {available} of the credit limit of {limit} is left, not {asked}")]
    OverLimit {
        /// What may still be sold on account; never below zero.
        available: Money,
        /// The limit.
        limit: Money,
        /// What was asked for.
        asked: Money,
    },
    /// The customer owes nothing.
    #[error("this customer owes nothing")]
    NothingOwed,
    /// More is to be paid than is owed.
    #[error("only {owed} is owed, not {asked}")]
    MoreThanOwed {
        /// What is owed.
        owed: Money,
        /// What was to be paid.
        asked: Money,
    },
    /// A debt cannot be paid this way.
    #[error("a debt is paid with money, not with {kind}")]
    NotMoney {
        /// The way that was asked for.
        kind: TenderKind,
    },
    /// The amount is not above zero.
    #[error("an amount on account is above zero; this one is {amount}")]
    BadAmount {
        /// The amount.
        amount: Money,
    },
    /// A number does not fit.
    #[error(transparent)]
    Number(#[from] NumError),
}

impl CreditError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCredit => "no_credit",
            Self::Blocked => "credit_blocked",
            Self::Overdue { .. } => "credit_overdue",
            Self::OverLimit { .. } => "credit_over_limit",
            Self::NothingOwed => "nothing_owed",
            Self::MoreThanOwed { .. } => "more_than_owed",
            Self::NotMoney { .. } => "debt_not_money",
            Self::BadAmount { .. } => "bad_credit_amount",
            Self::Number(number) => number.code(),
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::NoCredit | Self::Blocked | Self::NothingOwed => Vec::new(),
            Self::MoreThanOwed { owed, asked } => facts![owed, asked],
            Self::NotMoney { kind } => {
                let kind = kind.as_str();
                facts![kind]
            }
            Self::Overdue { overdue } => facts![overdue],
            Self::OverLimit { available, limit, asked } => facts![available, limit, asked],
            Self::BadAmount { amount } => facts![amount],
            Self::Number(number) => number.facts(),
        }
    }

    /// Whether somebody with the permission may allow it all the same.
    pub fn can_be_approved(&self) -> bool {
        matches!(self, Self::Overdue { .. } | Self::OverLimit { .. })
    }
}

/// What may still be sold on account; never below zero.
pub fn available(facts: &CreditFacts) -> Result<Money, NumError> {
    let Some(limit) = facts.limit.filter(|_| !facts.blocked) else { return Ok(Money::ZERO) };
    let left = limit.minus(facts.balance)?.minus(facts.reserved)?;
    Ok(left.max(Money::ZERO))
}

/// Checks a sale on account.
pub fn check_credit(facts: &CreditFacts, amount: Money) -> Result<(), CreditError> {
    if !amount.is_positive() {
        return Err(CreditError::BadAmount { amount });
    }
    if facts.blocked {
        return Err(CreditError::Blocked);
    }
    let limit = facts.limit.ok_or(CreditError::NoCredit)?;
    if facts.overdue.is_positive() {
        return Err(CreditError::Overdue { overdue: facts.overdue });
    }
    let available = available(facts)?;
    if amount > available {
        return Err(CreditError::OverLimit { available, limit, asked: amount });
    }
    Ok(())
}

/// Checks a payment of what is owed: never more than the debt, and with money. Credit slips and
/// new debts pay no debt.
pub fn check_payment(owed: Money, amount: Money, kinds: &[TenderKind]) -> Result<(), CreditError> {
    if !owed.is_positive() {
        return Err(CreditError::NothingOwed);
    }
    if !amount.is_positive() {
        return Err(CreditError::BadAmount { amount });
    }
    if amount > owed {
        return Err(CreditError::MoreThanOwed { owed, asked: amount });
    }
    for &kind in kinds {
        match kind {
            TenderKind::Cash | TenderKind::Card | TenderKind::Qr | TenderKind::Transfer => {}
            TenderKind::StoreCredit | TenderKind::OnAccount => {
                return Err(CreditError::NotMoney { kind });
            }
        }
    }
    Ok(())
}

/// How old a debt is: what is not due yet, and what is late by so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Ageing {
    /// Not due yet.
    pub not_due: Money,
    /// 1 to 30 days late.
    pub to_30: Money,
    /// 31 to 60 days late.
    pub to_60: Money,
    /// 61 to 90 days late.
    pub to_90: Money,
    /// More than 90 days late.
    pub over_90: Money,
}

/// The age of a debt on a day. `charges` are in order of their days; payments settle the oldest
/// first. What was paid beyond the charges stands below zero under what is not due.
pub fn ageing(
    charges: &[(BusinessDate, Money)],
    paid: Money,
    terms_days: u32,
    on: BusinessDate,
) -> Result<Ageing, NumError> {
    let mut ageing = Ageing::default();
    let mut left = paid;
    for &(day, charge) in charges {
        let settled = charge.min(left).max(Money::ZERO);
        left = left.minus(settled)?;
        let open = charge.minus(settled)?;
        let late = (on - day).num_days() - i64::from(terms_days);
        let sum = match late {
            ..=0 => &mut ageing.not_due,
            1..=30 => &mut ageing.to_30,
            31..=60 => &mut ageing.to_60,
            61..=90 => &mut ageing.to_90,
            _ => &mut ageing.over_90,
        };
        *sum = sum.plus(open)?;
    }
    ageing.not_due = ageing.not_due.minus(left)?;
    Ok(ageing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_owes_no_more_than_the_limit() {
        let good = CreditFacts {
            limit: Some(Money::of(1_000_000)),
            balance: Money::of(600_000),
            reserved: Money::of(100_000),
            overdue: Money::ZERO,
            blocked: false,
        };
        let check = |facts: CreditFacts, amount: i64, expected: &str| {
            let found = match check_credit(&facts, Money::of(amount)) {
                Ok(()) => "on account".to_owned(),
                Err(error) => error.to_string(),
            };
            assert_eq!(found, expected, "{facts:?} {amount}");
        };
        check(good, 300_000, "on account");
        check(good, 300_001, "only 300000 of the credit limit of 1000000 is left, not 300001");
        check(good, 0, "an amount on account is above zero; this one is 0");
        let overdue = CreditFacts { overdue: Money::of(5), ..good };
        check(overdue, 1, "5 is overdue; it has to be paid first, or approved");
        let blocked = CreditFacts { blocked: true, ..good };
        check(blocked, 1, "the credit of this customer is stopped; ask the office");
        check(
            CreditFacts { limit: None, ..good },
            1,
            "this customer has no credit; take another payment",
        );
        let far_over = CreditFacts { balance: Money::of(5_000_000), ..good };
        check(far_over, 1, "only 0 of the credit limit of 1000000 is left, not 1");
        assert_eq!(available(&blocked), Ok(Money::ZERO));
    }

    #[test]
    fn a_manager_may_allow_more_but_not_to_a_stopped_customer() {
        let overdue = CreditError::Overdue { overdue: Money::of(1) };
        assert!(overdue.can_be_approved());
        assert!(!CreditError::Blocked.can_be_approved());
        assert!(!CreditError::NoCredit.can_be_approved());
    }

    #[test]
    fn a_debt_is_paid_with_money_and_never_beyond_it() {
        let pay = |owed, amount, kinds: &[TenderKind]| {
            check_payment(Money::of(owed), Money::of(amount), kinds).map_err(|error| error.code())
        };
        for (owed, amount, kind, expected) in [
            (5_000, 5_000, TenderKind::Cash, Ok(())),
            (5_000, 1, TenderKind::Transfer, Ok(())),
            (5_000, 5_001, TenderKind::Cash, Err("more_than_owed")),
            (5_000, 0, TenderKind::Card, Err("bad_credit_amount")),
            (0, 100, TenderKind::Qr, Err("nothing_owed")),
            (-100, 100, TenderKind::Cash, Err("nothing_owed")),
            (5_000, 100, TenderKind::OnAccount, Err("debt_not_money")),
            (5_000, 100, TenderKind::StoreCredit, Err("debt_not_money")),
        ] {
            assert_eq!(pay(owed, amount, &[kind]), expected, "{owed} {amount} {kind}");
        }
    }

    #[test]
    fn payments_settle_the_oldest_charge_and_what_is_left_has_an_age() {
        let day = |days: u64| {
            BusinessDate::from_ymd_opt(2026, 11, 20)
                .and_then(|on| on.checked_sub_days(chrono::Days::new(days)))
                .expect("a day")
        };
        let check = |charges: &[(u64, i64)], paid: i64, expected: [i64; 5]| {
            let charges: Vec<_> =
                charges.iter().map(|&(days, sum)| (day(days), Money::of(sum))).collect();
            let got = ageing(&charges, Money::of(paid), 14, day(0)).expect("small numbers");
            let sums = [got.not_due, got.to_30, got.to_60, got.to_90, got.over_90];
            assert_eq!(sums.map(Money::get), expected, "{charges:?} less {paid}");
        };
        check(&[], 0, [0; 5]);
        check(&[(14, 100), (0, 50)], 0, [150, 0, 0, 0, 0]);
        check(&[(105, 1), (104, 2), (74, 4), (44, 8), (15, 16)], 0, [0, 24, 4, 2, 1]);
        check(&[(105, 100), (40, 100), (1, 100)], 150, [100, 50, 0, 0, 0]);
        check(&[(105, 100)], 130, [-30, 0, 0, 0, 0]);
    }
}
