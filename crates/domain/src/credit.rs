//! Sales on account: how much a customer may still owe.
//!
//! **Invariant:** what other terminals may be selling at this moment counts as owed, so the limit
//! holds offline too.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fact::{Facts, facts};
use crate::num::{Money, NumError};

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
            Self::BadAmount { .. } => "bad_credit_amount",
            Self::Number(number) => number.code(),
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::NoCredit | Self::Blocked => Vec::new(),
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
}
