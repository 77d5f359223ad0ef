//! How a ticket is paid: any mix of tenders, change only from cash, cash rounded to the coin.
//!
//! **Invariant:** the sum of what each tender settles is the total plus the rounding, on sales and
//! on refunds, so the drawer, the card terminal and the books agree to the last coin.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fact::{Facts, facts};
use crate::num::{CashRounding, Currency, Money, NumError};

/// The most tenders on one ticket.
pub const MAX_TENDERS: usize = 50;
/// The longest reference, such as the number on a card slip.
pub const MAX_REFERENCE: usize = 100;

/// A way to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    /// Notes and coins.
    Cash,
    /// A debit or credit card.
    Card,
    /// A QR code or e-wallet.
    Qr,
    /// A bank transfer.
    Transfer,
    /// What the shop owes the customer.
    StoreCredit,
    /// The customer pays later.
    OnAccount,
}

impl TenderKind {
    /// Every way to pay.
    pub const ALL: [Self; 6] =
        [Self::Cash, Self::Card, Self::Qr, Self::Transfer, Self::StoreCredit, Self::OnAccount];

    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Card => "card",
            Self::Qr => "qr",
            Self::Transfer => "transfer",
            Self::StoreCredit => "store_credit",
            Self::OnAccount => "on_account",
        }
    }

    /// The way named by a word of [`TenderKind::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether a customer must be named to pay this way.
    pub const fn needs_customer(self) -> bool {
        matches!(self, Self::OnAccount)
    }
}

impl std::fmt::Display for TenderKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Cash => "cash",
            Self::Card => "card",
            Self::Qr => "QR",
            Self::Transfer => "transfer",
            Self::StoreCredit => "store credit",
            Self::OnAccount => "on account",
        })
    }
}

/// How cash is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct CashRule {
    /// The smallest coin in use, in minor units; 1 when nothing is rounded.
    pub step: i64,
    /// Which way.
    pub rounding: CashRounding,
}

impl CashRule {
    /// Cash is exact.
    pub const EXACT: Self = Self { step: 1, rounding: CashRounding::Nearest };

    /// What is usual where the currency is used. A company may choose otherwise.
    pub fn usual(currency: Currency) -> Self {
        let step = match currency {
            Currency::IDR | Currency::UGX | Currency::INR | Currency::KES => 100,
            _ => 1,
        };
        Self { step, rounding: CashRounding::Nearest }
    }

    fn round(&self, amount: Money) -> Result<Money, TenderError> {
        if self.step <= 0 {
            return Err(TenderError::BadCashRule);
        }
        Ok(amount.round_to(self.step, self.rounding)?)
    }
}

/// What was handed over in one way; below zero when money is given back on a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Tendered {
    /// The way.
    pub kind: TenderKind,
    /// How much.
    pub amount: Money,
    /// The number on the slip.
    #[serde(default)]
    pub reference: Option<String>,
}

/// What one tender settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Applied {
    /// The way.
    pub kind: TenderKind,
    /// What was handed over.
    pub tendered: Money,
    /// What it settled: what was handed over less the change.
    pub amount: Money,
    /// The number on the slip.
    pub reference: Option<String>,
}

/// A ticket which is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Settlement {
    /// What each tender settled; all cash is one line and stands last.
    pub tenders: Vec<Applied>,
    /// What the customer gets back, from the cash.
    pub change: Money,
    /// What cash rounding added to the total, or took from it.
    pub rounding: Money,
    /// What was to be paid: the total plus the rounding.
    pub due: Money,
}

/// What is still to be paid while the customer is paying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Remaining {
    /// To the last minor unit: by card, QR, transfer or credit.
    pub exact: Money,
    /// In cash: rounded to the coin.
    pub in_cash: Money,
}

/// Why a ticket is not paid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TenderError {
    /// Not enough was handed over.
    #[error("{missing} is still to be paid")]
    Short {
        /// What is missing.
        missing: Money,
    },
    /// More than the rest was paid in a way which gives no change.
    #[error("{over} too much: change is given only from cash")]
    OverTender {
        /// By how much.
        over: Money,
    },
    /// Not enough is given back.
    #[error("{missing} is still to be given back")]
    RefundShort {
        /// What is missing.
        missing: Money,
    },
    /// More is given back than is due.
    #[error("{over} more than is to be given back")]
    OverRefund {
        /// By how much.
        over: Money,
    },
    /// The rest is already paid.
    #[error("nothing is left to be paid in cash; remove the cash")]
    CashNotNeeded,
    /// Nothing is to be paid at all.
    #[error("nothing is to be paid; remove the payment")]
    NothingToPay,
    /// A payment of nothing, or in the wrong direction.
    #[error("{amount} is not an amount that can be paid by {kind} here")]
    BadAmount {
        /// The way.
        kind: TenderKind,
        /// The amount.
        amount: Money,
    },
    /// Too many tenders.
    #[error("a ticket is paid in at most {limit} parts")]
    TooManyTenders {
        /// The limit.
        limit: usize,
    },
    /// The reference is too long.
    #[error("a payment reference has at most {limit} characters")]
    ReferenceTooLong {
        /// The limit.
        limit: usize,
    },
    /// The smallest coin is set to zero or less.
    #[error("the smallest coin is not set up correctly; ask the person who keeps settings")]
    BadCashRule,
    /// A number does not fit.
    #[error(transparent)]
    Number(#[from] NumError),
}

impl TenderError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Short { .. } => "tender_short",
            Self::OverTender { .. } => "over_tender",
            Self::RefundShort { .. } => "refund_short",
            Self::OverRefund { .. } => "over_refund",
            Self::CashNotNeeded => "cash_not_needed",
            Self::NothingToPay => "nothing_to_pay",
            Self::BadAmount { .. } => "bad_tender_amount",
            Self::TooManyTenders { .. } => "too_many_tenders",
            Self::ReferenceTooLong { .. } => "reference_too_long",
            Self::BadCashRule => "bad_cash_rule",
            Self::Number(number) => number.code(),
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::CashNotNeeded | Self::NothingToPay | Self::BadCashRule => Vec::new(),
            Self::Short { missing } => facts![missing],
            Self::OverTender { over } => facts![over],
            Self::RefundShort { missing } => facts![missing],
            Self::OverRefund { over } => facts![over],
            Self::BadAmount { kind, amount } => {
                let kind = kind.as_str();
                facts![kind, amount]
            }
            Self::TooManyTenders { limit } => facts![limit],
            Self::ReferenceTooLong { limit } => facts![limit],
            Self::Number(number) => number.facts(),
        }
    }
}

/// Settles a ticket. Below zero it is a refund: tenders are below zero too, cash is rounded as on
/// a sale and there is no change.
pub fn settle(
    total: Money,
    tenders: &[Tendered],
    cash: &CashRule,
) -> Result<Settlement, TenderError> {
    if total.is_negative() {
        return settle_refund(total, tenders, &RefundRounding::ByRule(*cash));
    }
    check_tenders(tenders)?;
    let (paid, given) = non_cash_and_cash(tenders)?;
    let rest = total.minus(paid)?;
    if rest.is_negative() {
        return Err(TenderError::OverTender { over: rest.negated() });
    }
    let Some(given) = given else {
        return if rest.is_zero() {
            settled(total, tenders, None, Money::ZERO)
        } else {
            Err(TenderError::Short { missing: rest })
        };
    };
    if rest.is_zero() && given.is_positive() {
        let nothing = total.is_zero();
        return Err(if nothing { TenderError::NothingToPay } else { TenderError::CashNotNeeded });
    }
    let cash_due = cash.round(rest)?;
    let change = given.minus(cash_due)?;
    if change.is_negative() {
        return Err(TenderError::Short { missing: change.negated() });
    }
    settled(cash_due.plus(paid)?, tenders, Some((given, change)), cash_due.minus(rest)?)
}

/// What rounding a refund carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundRounding {
    /// The cash part is rounded by the rule.
    ByRule(CashRule),
    /// The refund carries exactly this rounding, however it is paid: what is left of the rounding
    /// of the sale when the last of it comes back. The customer gets what was really paid.
    Exactly(Money),
}

/// Settles a refund: the total and every tender are below zero.
pub fn settle_refund(
    total: Money,
    tenders: &[Tendered],
    rounding: &RefundRounding,
) -> Result<Settlement, TenderError> {
    let given_back: Vec<Tendered> = tenders
        .iter()
        .map(|one| Tendered { amount: one.amount.negated(), ..one.clone() })
        .collect();
    let misdirected = |error| match error {
        TenderError::BadAmount { kind, amount } => {
            TenderError::BadAmount { kind, amount: amount.negated() }
        }
        other => other,
    };
    check_tenders(&given_back).map_err(misdirected)?;
    let (paid, cash) = non_cash_and_cash(&given_back)?;
    let total = total.negated();
    let due = match rounding {
        RefundRounding::Exactly(rounding) => total.minus(*rounding)?,
        RefundRounding::ByRule(rule) if cash.is_some() => {
            let rest = total.minus(paid)?;
            if rest.is_negative() { total } else { paid.plus(rule.round(rest)?)? }
        }
        RefundRounding::ByRule(_) => total,
    };
    let left = due.minus(paid)?.minus(cash.unwrap_or_default())?;
    if left.is_positive() {
        return Err(TenderError::RefundShort { missing: left });
    }
    if left.is_negative() {
        return Err(TenderError::OverRefund { over: left.negated() });
    }
    let cash = cash.map(|given| (given, Money::ZERO));
    let mirror = settled(due, &given_back, cash, due.minus(total)?)?;
    let tenders = mirror.tenders.into_iter().map(|one| Applied {
        tendered: one.tendered.negated(),
        amount: one.amount.negated(),
        ..one
    });
    Ok(Settlement {
        tenders: tenders.collect(),
        change: Money::ZERO,
        rounding: mirror.rounding.negated(),
        due: mirror.due.negated(),
    })
}

/// What is still to be paid when these tenders have been taken; zero when enough has been.
pub fn remaining(
    total: Money,
    tenders: &[Tendered],
    cash: &CashRule,
) -> Result<Remaining, TenderError> {
    let (paid, given) = non_cash_and_cash(tenders)?;
    let given = given.unwrap_or_default();
    let rest = total.minus(paid)?;
    let left = |due: Money| -> Result<Money, TenderError> {
        let left = due.minus(given)?;
        let overpaid = left.is_negative() != total.is_negative();
        Ok(if overpaid { Money::ZERO } else { left })
    };
    let in_cash = left(cash.round(rest)?)?;
    // Once cash has paid its rounded part, nothing is left to be paid exactly either.
    let exact = if given.is_zero() || !in_cash.is_zero() { left(rest)? } else { Money::ZERO };
    Ok(Remaining { exact, in_cash })
}

fn check_tenders(tenders: &[Tendered]) -> Result<(), TenderError> {
    if tenders.len() > MAX_TENDERS {
        return Err(TenderError::TooManyTenders { limit: MAX_TENDERS });
    }
    for one in tenders {
        // Cash of nothing is how a rest smaller than half the smallest coin is paid.
        let of_nothing = one.amount.is_zero() && one.kind != TenderKind::Cash;
        if one.amount.is_negative() || of_nothing {
            return Err(TenderError::BadAmount { kind: one.kind, amount: one.amount });
        }
        let length = one.reference.as_ref().map_or(0, |text| text.chars().count());
        if length > MAX_REFERENCE {
            return Err(TenderError::ReferenceTooLong { limit: MAX_REFERENCE });
        }
    }
    Ok(())
}

/// The sum which is not cash, and the sum of the cash when there is any.
fn non_cash_and_cash(tenders: &[Tendered]) -> Result<(Money, Option<Money>), NumError> {
    let is_cash = |one: &&Tendered| one.kind == TenderKind::Cash;
    let paid = Money::sum(tenders.iter().filter(|one| !is_cash(one)).map(|one| one.amount))?;
    let any_cash = tenders.iter().any(|one| is_cash(&one));
    let cash = Money::sum(tenders.iter().filter(is_cash).map(|one| one.amount))?;
    Ok((paid, any_cash.then_some(cash)))
}

/// The settlement, when everything has been checked. `cash` is what was given and the change.
fn settled(
    due: Money,
    tenders: &[Tendered],
    cash: Option<(Money, Money)>,
    rounding: Money,
) -> Result<Settlement, TenderError> {
    let mut applied: Vec<Applied> = tenders
        .iter()
        .filter(|one| one.kind != TenderKind::Cash)
        .map(|one| Applied {
            kind: one.kind,
            tendered: one.amount,
            amount: one.amount,
            reference: one.reference.clone(),
        })
        .collect();
    let mut change = Money::ZERO;
    if let Some((given, back)) = cash {
        change = back;
        let amount = given.minus(back)?;
        if !given.is_zero() {
            let kind = TenderKind::Cash;
            applied.push(Applied { kind, tendered: given, amount, reference: None });
        }
    }
    Ok(Settlement { tenders: applied, change, rounding, due })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use proptest::prelude::*;

    use super::TenderKind::*;
    use super::*;

    const RUPIAH: CashRule = CashRule { step: 100, rounding: CashRounding::Nearest };

    fn tendered(parts: &[(TenderKind, i64)]) -> Vec<Tendered> {
        let one = |&(kind, amount): &(TenderKind, i64)| Tendered {
            kind,
            amount: Money::of(amount),
            reference: None,
        };
        parts.iter().map(one).collect()
    }

    fn told(result: Result<Settlement, TenderError>) -> String {
        match result {
            Ok(paid) => {
                format!("due {} rounding {} change {}", paid.due, paid.rounding, paid.change)
            }
            Err(error) => error.to_string(),
        }
    }

    fn check(total: i64, parts: &[(TenderKind, i64)], expected: &str) {
        let found = told(settle(Money::of(total), &tendered(parts), &RUPIAH));
        assert_eq!(found, expected, "{total} by {parts:?}");
    }

    #[test]
    fn a_ticket_is_paid_in_any_mix_and_change_comes_only_from_cash() {
        check(12_345, &[(Cash, 20_000)], "due 12300 rounding -45 change 7700");
        check(12_345, &[(Cash, 12_300)], "due 12300 rounding -45 change 0");
        check(12_350, &[(Cash, 10_000), (Cash, 5_000)], "due 12400 rounding 50 change 2600");
        check(12_345, &[(Card, 12_345)], "due 12345 rounding 0 change 0");
        check(12_345, &[(Card, 10_000), (Cash, 5_000)], "due 12300 rounding -45 change 2700");
        check(12_345, &[(Qr, 2_345), (Cash, 10_000)], "due 12345 rounding 0 change 0");
        check(
            12_345,
            &[(OnAccount, 10_000), (StoreCredit, 2_345)],
            "due 12345 rounding 0 change 0",
        );
        check(12_345, &[(Card, 12_300)], "45 is still to be paid");
        check(12_345, &[(Cash, 12_000)], "300 is still to be paid");
        check(12_345, &[], "12345 is still to be paid");
        check(12_345, &[(Card, 12_346)], "1 too much: change is given only from cash");
        check(
            12_345,
            &[(Card, 12_345), (Cash, 1)],
            "nothing is left to be paid in cash; remove the cash",
        );
        check(
            12_345,
            &[(Card, 0), (Cash, 20_000)],
            "0 is not an amount that can be paid by card here",
        );
        check(12_345, &[(Cash, -5)], "-5 is not an amount that can be paid by cash here");
    }

    #[test]
    fn a_ticket_of_nothing_is_paid_with_nothing() {
        check(0, &[], "due 0 rounding 0 change 0");
        check(0, &[(Cash, 1_000)], "nothing is to be paid; remove the payment");
        check(0, &[(Card, 1_000)], "1000 too much: change is given only from cash");
        // Less than half the smallest coin, in cash.
        check(40, &[(Cash, 0)], "due 0 rounding -40 change 0");
        check(40, &[(Cash, 1_000)], "due 0 rounding -40 change 1000");
        check(40, &[], "40 is still to be paid");
    }

    #[test]
    fn a_refund_mirrors_the_sale() {
        check(-12_345, &[(Cash, -12_300)], "due -12300 rounding 45 change 0");
        check(-12_350, &[(Cash, -12_400)], "due -12400 rounding -50 change 0");
        check(-12_345, &[(Card, -12_345)], "due -12345 rounding 0 change 0");
        check(-12_345, &[(Card, -10_000), (Cash, -2_300)], "due -12300 rounding 45 change 0");
        check(-12_345, &[(Cash, -12_345)], "45 more than is to be given back");
        check(-12_345, &[(Cash, -10_000)], "2300 is still to be given back");
        check(-12_345, &[(Card, 12_345)], "12345 is not an amount that can be paid by card here");
        check(-12_345, &[(StoreCredit, -20_000)], "7655 more than is to be given back");
    }

    #[test]
    fn the_last_of_a_sale_is_refunded_as_it_was_really_paid() {
        // Sold for 12,350, paid 12,400 in cash; the coin has been 500 since.
        let rounding = RefundRounding::Exactly(Money::of(-50));
        let refund = |parts| told(settle_refund(Money::of(-12_350), &tendered(parts), &rounding));
        assert_eq!(refund(&[(Cash, -12_400)]), "due -12400 rounding -50 change 0");
        assert_eq!(refund(&[(StoreCredit, -12_400)]), "due -12400 rounding -50 change 0");
        assert_eq!(refund(&[(Cash, -12_350)]), "50 is still to be given back");
    }

    #[test]
    fn the_till_shows_what_is_still_to_be_paid_exactly_and_in_cash() {
        let left = |total, parts| {
            let left = remaining(Money::of(total), &tendered(parts), &RUPIAH).unwrap();
            (left.exact.get(), left.in_cash.get())
        };
        assert_eq!(left(12_345, &[]), (12_345, 12_300));
        assert_eq!(left(12_345, &[(Card, 2_000)]), (10_345, 10_300));
        assert_eq!(left(12_345, &[(Cash, 2_000)]), (10_345, 10_300));
        assert_eq!(left(12_345, &[(Cash, 12_300)]), (0, 0));
        assert_eq!(left(12_345, &[(Cash, 50_000)]), (0, 0));
        assert_eq!(left(-12_345, &[(Card, -2_000)]), (-10_345, -10_300));
        assert_eq!(left(0, &[]), (0, 0));
    }

    #[test]
    fn limits_and_settings_are_checked() {
        let many = vec![(Card, 1); MAX_TENDERS + 1];
        check(51, &many, "a ticket is paid in at most 50 parts");
        let mut slip = tendered(&[(Card, 5)]);
        slip[0].reference = Some("x".repeat(MAX_REFERENCE + 1));
        let long = settle(Money::of(5), &slip, &RUPIAH).unwrap_err();
        assert_eq!(long.code(), "reference_too_long");
        let wrong = CashRule { step: 0, rounding: CashRounding::Up };
        let error = settle(Money::of(5), &tendered(&[(Cash, 5)]), &wrong).unwrap_err();
        assert_eq!(error.code(), "bad_cash_rule");
    }

    #[test]
    fn every_tender_is_found_again_by_its_word() {
        for kind in TenderKind::ALL {
            assert_eq!(TenderKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(TenderKind::parse("cheque"), None);
    }

    fn any_rule() -> impl Strategy<Value = CashRule> {
        let ways = vec![CashRounding::Nearest, CashRounding::Up, CashRounding::Down];
        (prop::sample::select(vec![1_i64, 5, 100, 500]), prop::sample::select(ways))
            .prop_map(|(step, rounding)| CashRule { step, rounding })
    }

    proptest! {
        #[test]
        fn what_is_settled_is_the_total_and_its_rounding(
            total in -100_000_i64..100_000,
            parts in prop::collection::vec((0_usize..6, -50_000_i64..50_000), 0..6),
            rule in any_rule(),
        ) {
            let parts: Vec<_> =
                parts.into_iter().map(|(kind, amount)| (TenderKind::ALL[kind], amount)).collect();
            let tenders = tendered(&parts);
            let Ok(paid) = settle(Money::of(total), &tenders, &rule) else { return Ok(()) };
            let applied = Money::sum(paid.tenders.iter().map(|one| one.amount)).unwrap();
            prop_assert_eq!(applied, paid.due);
            prop_assert_eq!(paid.due.get(), total + paid.rounding.get());
            prop_assert!(paid.rounding.get().abs() < rule.step);
            let given = Money::sum(tenders.iter().map(|one| one.amount)).unwrap();
            prop_assert_eq!(given.minus(paid.change).unwrap(), paid.due);
            prop_assert!(!paid.change.is_negative());
        }

        #[test]
        fn paying_what_the_till_asks_for_always_settles(
            total in -100_000_i64..100_000,
            card in 0_i64..100_000,
            rule in any_rule(),
            by_cash in any::<bool>(),
        ) {
            let total = Money::of(total);
            let card = card.min(total.get().abs()) * total.get().signum();
            let parts = [(Card, card)];
            let mut tenders = tendered(if card == 0 { &parts[..0] } else { &parts });
            let left = remaining(total, &tenders, &rule).unwrap();
            let (kind, amount) = if by_cash { (Cash, left.in_cash) } else { (Qr, left.exact) };
            if !left.exact.is_zero() {
                tenders.push(Tendered { kind, amount, reference: None });
            }
            let paid = settle(total, &tenders, &rule).unwrap();
            prop_assert_eq!(paid.change, Money::ZERO);
        }
    }
}
