//! What stock costs: moving average, also when the shelf is empty or below zero.
//!
//! **Invariant:** nothing divides by zero, issuing everything leaves a value of exactly zero, and
//! goods sold before they were received settle their cost when they arrive.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fact::{Facts, facts};
use crate::num::{Currency, Money, NumError, Qty, Rounding, UnitPrice};

/// Whether stock can be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StockStatus {
    /// It can be sold.
    Sellable,
    /// It waits for somebody to look at it.
    Quarantine,
    /// It is thrown away and has no value any more.
    Scrap,
}

impl StockStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Sellable, Self::Quarantine, Self::Scrap];

    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sellable => "sellable",
            Self::Quarantine => "quarantine",
            Self::Scrap => "scrap",
        }
    }

    /// The status named by a word of [`StockStatus::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// Why stock moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// It was sold.
    Sale,
    /// It came back.
    Return,
    /// Its sale was made void.
    Void,
    /// It was there when the books were opened.
    Opening,
    /// It was received.
    Receipt,
    /// A count or a correction.
    Adjustment,
    /// It was broken, expired or lost.
    WriteOff,
}

impl MoveKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Sale,
        Self::Return,
        Self::Void,
        Self::Opening,
        Self::Receipt,
        Self::Adjustment,
        Self::WriteOff,
    ];

    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Return => "return",
            Self::Void => "void",
            Self::Opening => "opening",
            Self::Receipt => "receipt",
            Self::Adjustment => "adjustment",
            Self::WriteOff => "write_off",
        }
    }

    /// The kind named by a word of [`MoveKind::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What the shop does when the till sells more than there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NegativeStock {
    /// Sell: the customer has the goods in hand. It is shown, for somebody to look at.
    #[default]
    Warn,
    /// A manager must allow it.
    Approve,
    /// Do not sell.
    Refuse,
}

/// What an issue does to the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issue {
    /// There is enough.
    Enough,
    /// It takes stock below zero, and the shop sells all the same.
    Below,
    /// It takes stock below zero, and a manager must allow it.
    AskManager,
}

/// Why goods cannot be issued or received.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StockError {
    /// There is not enough.
    #[error("only {on_hand} is left; {asked} cannot be sold")]
    NotEnough {
        /// What is there.
        on_hand: Qty,
        /// What was asked for.
        asked: Qty,
    },
    /// The quantity is not above zero.
    #[error("enter a quantity above zero")]
    BadQty,
    /// The cost is below zero.
    #[error("a cost cannot be below zero")]
    NegativeCost,
    /// A number does not fit.
    #[error(transparent)]
    Number(#[from] NumError),
}

impl StockError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEnough { .. } => "not_enough_stock",
            Self::BadQty => "bad_stock_qty",
            Self::NegativeCost => "negative_cost",
            Self::Number(number) => number.code(),
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::BadQty | Self::NegativeCost => Vec::new(),
            Self::NotEnough { on_hand, asked } => facts![on_hand, asked],
            Self::Number(number) => number.facts(),
        }
    }
}

/// Checks an issue against what is there.
pub fn check_issue(on_hand: Qty, qty: Qty, policy: NegativeStock) -> Result<Issue, StockError> {
    if !qty.is_positive() {
        return Err(StockError::BadQty);
    }
    if qty <= on_hand {
        return Ok(Issue::Enough);
    }
    match policy {
        NegativeStock::Warn => Ok(Issue::Below),
        NegativeStock::Approve => Ok(Issue::AskManager),
        NegativeStock::Refuse => Err(StockError::NotEnough { on_hand, asked: qty }),
    }
}

/// What lies in one place and what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holding {
    /// How much; below zero when more was sold than received.
    pub on_hand: Qty,
    /// What it is worth; below zero when the quantity is.
    pub value: Money,
    /// The cost of one unit when it was last received, for when nothing is left to average.
    pub last_cost: UnitPrice,
}

/// What an issue of this quantity costs.
pub fn issue_cost(holding: &Holding, qty: Qty, currency: Currency) -> Result<Money, StockError> {
    if !qty.is_positive() {
        return Err(StockError::BadQty);
    }
    let at_last_cost = |qty: Qty| holding.last_cost.times(qty, currency, Rounding::HalfUp);
    if !holding.on_hand.is_positive() {
        return Ok(at_last_cost(qty)?);
    }
    if qty < holding.on_hand {
        let part = holding.value.portion(qty.get(), holding.on_hand.get(), Rounding::HalfUp);
        return Ok(part?);
    }
    let beyond = at_last_cost(qty.minus(holding.on_hand)?)?;
    Ok(holding.value.plus(beyond)?)
}

/// The holding after an issue, and its cost.
pub fn issue(
    holding: &Holding,
    qty: Qty,
    currency: Currency,
) -> Result<(Holding, Money), StockError> {
    let cost = issue_cost(holding, qty, currency)?;
    let after = Holding {
        on_hand: holding.on_hand.minus(qty)?,
        value: holding.value.minus(cost)?,
        last_cost: holding.last_cost,
    };
    Ok((after, cost))
}

/// What a receipt does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// The holding afterwards.
    pub holding: Holding,
    /// What goes to the value of the stock.
    pub into_stock: Money,
    /// What goes to the cost of goods already sold: they cost more, or below zero less, than was
    /// thought when they were sold.
    pub variance: Money,
}

/// Receives a quantity at a cost for all of it.
pub fn receive(
    holding: &Holding,
    qty: Qty,
    cost: Money,
    currency: Currency,
) -> Result<Received, StockError> {
    if !qty.is_positive() {
        return Err(StockError::BadQty);
    }
    if cost.is_negative() {
        return Err(StockError::NegativeCost);
    }
    let owed = holding.on_hand.negated().max(Qty::ZERO).min(qty);
    let variance = if owed.is_zero() {
        Money::ZERO
    } else {
        let really = cost.portion(owed.get(), qty.get(), Rounding::HalfUp)?;
        let thought = if owed == holding.on_hand.negated() {
            holding.value.negated()
        } else {
            let whole = holding.on_hand.negated().get();
            holding.value.negated().portion(owed.get(), whole, Rounding::HalfUp)?
        };
        really.minus(thought)?
    };
    let into_stock = cost.minus(variance)?;
    let holding = Holding {
        on_hand: holding.on_hand.plus(qty)?,
        value: holding.value.plus(into_stock)?,
        last_cost: UnitPrice::per_unit(cost, qty, currency, Rounding::HalfUp)?,
    };
    Ok(Received { holding, into_stock, variance })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const IDR: Currency = Currency::IDR;

    fn holding(on_hand: &str, value: i64, last_cost: &str) -> Holding {
        Holding {
            on_hand: on_hand.parse().unwrap(),
            value: Money::of(value),
            last_cost: last_cost.parse().unwrap(),
        }
    }

    #[test]
    fn an_issue_costs_the_average_and_the_last_one_takes_the_rest() {
        let check = |at: Holding, qty: &str, cost: i64, value_left: i64| {
            let (after, found) = issue(&at, qty.parse().unwrap(), IDR).unwrap();
            assert_eq!((found.get(), after.value.get()), (cost, value_left), "{at:?} {qty}");
        };
        check(holding("10", 1_000, "120"), "4", 400, 600);
        check(holding("3", 100, "33"), "1", 33, 67);
        check(holding("3", 100, "33"), "3", 100, 0);
        check(holding("0", 0, "120"), "2", 240, -240);
        check(holding("-1", -120, "120"), "2", 240, -360);
        check(holding("2", 100, "120"), "5", 460, -360);
        check(holding("0", 0, "0"), "5", 0, 0);
        assert_eq!(issue(&holding("1", 1, "1"), Qty::ZERO, IDR), Err(StockError::BadQty));
    }

    #[test]
    fn goods_sold_before_they_arrived_settle_their_cost_on_arrival() {
        let check = |at: Holding, qty: &str, cost: i64, expected: (&str, i64, i64)| {
            let got = receive(&at, qty.parse().unwrap(), Money::of(cost), IDR).unwrap();
            let (on_hand, value, variance) = expected;
            assert_eq!(got.holding.on_hand.to_string(), on_hand);
            assert_eq!((got.holding.value.get(), got.variance.get()), (value, variance));
        };
        check(holding("5", 500, "100"), "5", 600, ("10", 1_100, 0));
        // Five sold at a cost thought to be 10; they come at 12.
        check(holding("-5", -50, "10"), "10", 120, ("5", 60, 10));
        check(holding("-5", -50, "10"), "5", 60, ("0", 0, 10));
        check(holding("-5", -50, "10"), "2", 16, ("-3", -30, -4));
        check(holding("0", 0, "0"), "4", 7, ("4", 7, 0));
        let bad = receive(&holding("0", 0, "0"), Qty::ONE, Money::of(-1), IDR);
        assert_eq!(bad, Err(StockError::NegativeCost));
    }

    #[test]
    fn selling_more_than_there_is_warns_or_is_refused() {
        let sell = |on_hand: &str, qty: &str, policy| {
            check_issue(on_hand.parse().unwrap(), qty.parse().unwrap(), policy)
                .map_err(|error| error.to_string())
        };
        assert_eq!(sell("2", "2", NegativeStock::Refuse), Ok(Issue::Enough));
        assert_eq!(sell("2", "3", NegativeStock::Warn), Ok(Issue::Below));
        assert_eq!(sell("2", "3", NegativeStock::Approve), Ok(Issue::AskManager));
        assert_eq!(
            sell("2", "3", NegativeStock::Refuse),
            Err("only 2 is left; 3 cannot be sold".to_owned())
        );
        assert!(sell("2", "0", NegativeStock::Warn).is_err());
    }

    #[test]
    fn every_word_is_found_again() {
        for status in StockStatus::ALL {
            assert_eq!(StockStatus::parse(status.as_str()), Some(status));
        }
        for kind in MoveKind::ALL {
            assert_eq!(MoveKind::parse(kind.as_str()), Some(kind));
        }
    }

    proptest! {
        #[test]
        fn what_went_in_less_what_went_out_is_what_is_there(
            moves in prop::collection::vec(
                (1_i64..50_000_000, 0_i64..100_000, any::<bool>()), 1..40,
            ),
        ) {
            let mut at = Holding::default();
            let (mut into, mut out) = (Money::ZERO, Money::ZERO);
            for (qty, cost, is_receipt) in moves {
                let qty = Qty::of(qty);
                if is_receipt {
                    let got = receive(&at, qty, Money::of(cost), IDR).unwrap();
                    at = got.holding;
                    into = into.plus(got.into_stock).unwrap();
                    prop_assert_eq!(got.into_stock.plus(got.variance).unwrap().get(), cost);
                } else {
                    let (after, cost) = issue(&at, qty, IDR).unwrap();
                    at = after;
                    out = out.plus(cost).unwrap();
                }
                prop_assert_eq!(into.minus(out).unwrap(), at.value);
                prop_assert!(!at.on_hand.is_zero() || at.value.is_zero());
                prop_assert!(!at.on_hand.is_positive() || !at.value.is_negative());
            }
            if at.on_hand.is_positive() {
                prop_assert_eq!(issue(&at, at.on_hand, IDR).unwrap().0.value, Money::ZERO);
            }
        }
    }
}
