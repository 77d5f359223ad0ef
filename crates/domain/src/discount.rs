//! Which discounts and prices a cashier may give alone, and which need somebody's approval.
//!
//! **Invariant:** stacking a line discount on a ticket discount never passes a limit which either
//! alone would have broken, and rounding to whole coins never makes an honest discount too high.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::num::{Currency, Money, NumError, Qty, Rate, Rounding, UnitPrice};
use crate::permission::Limits;
use crate::ticket::{Line, LineTotals, Totals};

/// The lowest price of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Floor {
    /// A lowest price in the terms of the price: with tax when the price contains tax.
    Price(UnitPrice),
    /// A cost, which never contains tax.
    Cost(UnitPrice),
}

impl Floor {
    /// The amount of one unit, in its own terms.
    pub const fn unit_price(self) -> UnitPrice {
        match self {
            Self::Price(price) | Self::Cost(price) => price,
        }
    }
}

/// What the person at the till may give without asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DiscountLimits {
    /// The highest discount.
    pub max_discount: Rate,
    /// How far a price may be changed from the list, either way.
    pub max_price_override: Rate,
    /// The floors, by line number; a line which is not named has none.
    pub floors: Vec<(u32, Floor)>,
}

impl DiscountLimits {
    /// The limits of a person, with the floors of the lines.
    pub fn of(limits: &Limits, floors: Vec<(u32, Floor)>) -> Self {
        let Limits { max_discount, max_price_override, .. } = *limits;
        Self { max_discount, max_price_override, floors }
    }
}

/// What has to be approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Approval {
    /// The discount is higher than the person may give.
    DiscountOverLimit {
        /// The discount in money.
        given: Money,
        /// The most the person may give.
        allowed: Money,
    },
    /// The line comes to less than its floor.
    BelowFloor {
        /// What the line comes to, in the terms of the floor.
        comes_to: Money,
        /// The least it may come to.
        floor: Money,
    },
    /// The price is further from the list than the person may set it.
    PriceOverride {
        /// The price of the list.
        list: UnitPrice,
        /// The price asked.
        asked: UnitPrice,
    },
}

impl Approval {
    /// The stable name of what has to be approved.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DiscountOverLimit { .. } => "discount_over_limit",
            Self::BelowFloor { .. } => "below_floor",
            Self::PriceOverride { .. } => "price_override",
        }
    }
}

/// One thing which needs approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NeedsApproval {
    /// The line, or none for the whole ticket.
    pub line_no: Option<u32>,
    /// What has to be approved.
    pub what: Approval,
}

/// Everything on the ticket which the person may not give alone, line by line, then the ticket.
pub fn check_discounts(
    lines: &[Line],
    totals: &Totals,
    limits: &DiscountLimits,
    currency: Currency,
) -> Result<Vec<NeedsApproval>, NumError> {
    let mut needed = Vec::new();
    for (line, sums) in lines.iter().zip(&totals.lines) {
        let mut need = |what| needed.push(NeedsApproval { line_no: Some(line.line_no), what });
        if is_overridden(line, limits.max_price_override) {
            need(Approval::PriceOverride { list: line.list_price, asked: line.unit_price });
        }
        if !sums.line_discount.is_zero() {
            let given = sums.line_discount.plus(sums.ticket_discount_share)?;
            over_limit(given, sums.gross, limits.max_discount)?.map(&mut need);
        }
        let floor = limits.floors.iter().find(|(line_no, _)| *line_no == line.line_no);
        if let Some((_, floor)) = floor {
            below_floor(line.qty, sums, *floor, currency)?.map(&mut need);
        }
    }
    let base = totals.gross.minus(totals.line_discounts)?;
    if let Some(what) = over_limit(totals.ticket_discount, base, limits.max_discount)? {
        needed.push(NeedsApproval { line_no: None, what });
    }
    Ok(needed)
}

/// An item without a list price is priced at the till: there is nothing to override.
fn is_overridden(line: &Line, allowed: Rate) -> bool {
    let (list, asked) = (i128::from(line.list_price.get()), i128::from(line.unit_price.get()));
    let whole = i128::from(Rate::ONE.get());
    list != 0 && (asked - list).abs() * whole > list * i128::from(allowed.get())
}

fn over_limit(given: Money, of: Money, max: Rate) -> Result<Option<Approval>, NumError> {
    let allowed = of.abs().at(max, Rounding::Up)?;
    let given = given.abs();
    Ok((given > allowed).then_some(Approval::DiscountOverLimit { given, allowed }))
}

fn below_floor(
    qty: Qty,
    sums: &LineTotals,
    floor: Floor,
    currency: Currency,
) -> Result<Option<Approval>, NumError> {
    let comes_to = match floor {
        Floor::Cost(_) => sums.net,
        Floor::Price(_) => {
            sums.gross.minus(sums.line_discount)?.minus(sums.ticket_discount_share)?
        }
    };
    let (comes_to, qty) = (comes_to.abs(), qty.abs());
    let floor = floor.unit_price().times(qty, currency, Rounding::Down)?;
    Ok((comes_to < floor).then_some(Approval::BelowFloor { comes_to, floor }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::ticket::tests::{sale_terms, shop_line};
    use crate::ticket::{Discount, total};

    fn limits(max_discount: &str, floor: Option<Floor>) -> DiscountLimits {
        DiscountLimits {
            max_discount: max_discount.parse().unwrap(),
            max_price_override: "0.05".parse().unwrap(),
            floors: floor.map(|floor| (1, floor)).into_iter().collect(),
        }
    }

    /// One line of 2 at 10,000 with tax of 11 % included.
    fn check(
        asked: &str,
        line: Option<Discount>,
        ticket: Option<Discount>,
        limits: &DiscountLimits,
        expected: &[&str],
    ) {
        let mut only = shop_line(1, "2", asked);
        only.list_price = "10000".parse().unwrap();
        only.discount = line;
        let mut terms = sale_terms();
        terms.ticket_discount = ticket;
        let lines = [only];
        let totals = total(&lines, &terms).unwrap();
        let found: Vec<String> = check_discounts(&lines, &totals, limits, terms.currency)
            .unwrap()
            .iter()
            .map(|need| match need.line_no {
                Some(line_no) => format!("{line_no} {}", need.what.code()),
                None => format!("ticket {}", need.what.code()),
            })
            .collect();
        assert_eq!(found, expected, "{asked} {line:?} {ticket:?}");
    }

    #[test]
    fn a_cashier_gives_what_the_limits_allow_and_asks_for_more() {
        let percent = |percent| Some(Discount::Percent(Rate::percent(percent).unwrap()));
        let ten = limits("0.1", None);
        check("10000", None, None, &ten, &[]);
        check("10000", percent(10), None, &ten, &[]);
        check("10000", percent(11), None, &ten, &["1 discount_over_limit"]);
        check("10000", None, percent(10), &ten, &[]);
        check("10000", None, percent(11), &ten, &["ticket discount_over_limit"]);
        check("10000", percent(6), percent(6), &ten, &["1 discount_over_limit"]);
        check("10000", Some(Discount::Amount(Money::of(2_000))), None, &ten, &[]);
        let over = Some(Discount::Amount(Money::of(2_001)));
        check("10000", over, None, &ten, &["1 discount_over_limit"]);
        check("9500", None, None, &ten, &[]);
        check("9499", None, None, &ten, &["1 price_override"]);
        check("10501", None, None, &ten, &["1 price_override"]);
    }

    #[test]
    fn a_line_below_its_floor_needs_approval_also_when_the_discount_is_allowed() {
        let percent = |percent| Some(Discount::Percent(Rate::percent(percent).unwrap()));
        let price = |text: &str| limits("1", Some(Floor::Price(text.parse().unwrap())));
        let cost = |text: &str| limits("1", Some(Floor::Cost(text.parse().unwrap())));
        check("10000", percent(10), None, &price("9000"), &[]);
        check("10000", percent(11), None, &price("9000"), &["1 below_floor"]);
        check("10000", None, percent(11), &price("9000"), &["1 below_floor"]);
        // Without tax 10,000 is 9,009.
        check("10000", None, None, &cost("9009"), &[]);
        check("10000", None, None, &cost("9010"), &["1 below_floor"]);
    }

    #[test]
    fn rounding_to_whole_coins_does_not_make_an_honest_discount_too_high() {
        // 10 % of 5 is half a rupiah, which becomes one.
        let mut line = shop_line(1, "1", "5");
        line.discount = Some(Discount::Percent(Rate::percent(10).unwrap()));
        let totals = total(std::slice::from_ref(&line), &sale_terms()).unwrap();
        let found = check_discounts(&[line], &totals, &limits("0.1", None), Currency::IDR);
        assert_eq!(found, Ok(vec![]));
    }
}
