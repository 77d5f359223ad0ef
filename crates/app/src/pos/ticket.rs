//! Pricing the open ticket. Nothing here writes.
//!
//! **Invariant:** every figure on the screen and on paper comes from [`price_ticket`]; the
//! interface adds nothing up.

use chrono::NaiveDate;
use lumbung_domain::discount::{self, DiscountLimits, Floor, NeedsApproval};
use lumbung_domain::num::{CashRounding, Money, Qty, Rounding, UnitPrice};
use lumbung_domain::serial;
use lumbung_domain::tender::CashRule;
use lumbung_domain::ticket::{self, Direction, Line, TaxRounding, TaxRule, TaxableShare, Terms};
use rusqlite::Connection;

use super::types::{Ticket, TicketLine};
use crate::catalogue::{self, Sellable};
use crate::company::{CashRoundingChoice, TaxRoundingChoice};
use crate::customers;
use crate::customers::rows::CustomerRow;
use crate::door::Actor;
use crate::error::{Refusal, Result, not_found, refuse, refuse_field};
use crate::standing::Standing;

/// A ticket priced, with everything a sale is made of.
pub struct PricedTicket {
    /// Its lines, in order.
    pub lines: Vec<PricedLine>,
    /// Its sums.
    pub totals: ticket::Totals,
    /// Who buys.
    pub customer: Option<CustomerRow>,
    /// The day it is priced on.
    pub date: NaiveDate,
    /// Lines as the rules see them.
    pub rule_lines: Vec<Line>,
}

/// A line priced.
pub struct PricedLine {
    /// As scanned.
    pub line: TicketLine,
    /// What is sold, in its unit.
    pub sellable: Sellable,
    /// How many units.
    pub qty: Qty,
    /// How many base units.
    pub base_qty: Qty,
    /// Price of one unit.
    pub unit_price: UnitPrice,
    /// Price of one unit by the list.
    pub list_price: UnitPrice,
    /// Where the price came from.
    pub price_source: String,
    /// Whether it contains the tax.
    pub tax_inclusive: bool,
    /// Lowest price without approval.
    pub floor: Option<Floor>,
}

/// How cash is rounded here.
pub fn cash_rule(standing: &Standing) -> CashRule {
    let till = &standing.settings.till;
    let rounding = match till.cash_rounding {
        CashRoundingChoice::Nearest => CashRounding::Nearest,
        CashRoundingChoice::Up => CashRounding::Up,
        CashRoundingChoice::Down => CashRounding::Down,
    };
    CashRule { step: till.cash_step.get(), rounding }
}

/// How tickets are added up here.
pub fn terms(standing: &Standing, direction: Direction) -> Terms {
    let tax_rounding = match standing.settings.till.tax_rounding {
        TaxRoundingChoice::Line => TaxRounding::Line,
        TaxRoundingChoice::Document => TaxRounding::Document,
    };
    Terms {
        direction,
        currency: standing.currency,
        ticket_discount: None,
        tax_rounding,
        rounding: Rounding::HalfUp,
    }
}

/// The tax rule of a class.
pub fn tax_rule(sellable: &Sellable, inclusive: bool) -> TaxRule {
    let small = |value: i64| i32::try_from(value).unwrap_or(0);
    TaxRule {
        tax_class: sellable.tax.tax_class_id,
        rate: sellable.tax.rate,
        taxable_share: TaxableShare {
            part: small(sellable.tax.share_num),
            whole: small(sellable.tax.share_den),
        },
        inclusive,
    }
}

/// A quantity of a unit in base units.
pub fn in_base(qty: Qty, factor: Qty) -> Result<Qty> {
    const MILLIONTHS: i128 = 1_000_000;
    let exact = i128::from(qty.get()) * i128::from(factor.get());
    if exact % MILLIONTHS != 0 {
        return Err(refuse_field!(
            "qty",
            "qty_too_fine",
            "This quantity is finer than the stock unit can be."
        ));
    }
    let base = i64::try_from(exact / MILLIONTHS)
        .map_err(|_| refuse_field!("qty", "qty_over_limit", "This quantity is too large."))?;
    Ok(Qty::new(base)?)
}

fn price_line(
    db: &Connection,
    standing: &Standing,
    customer: Option<&CustomerRow>,
    date: NaiveDate,
    line: &TicketLine,
) -> Result<PricedLine> {
    let sellable = catalogue::sellable(db, standing, line.product_id, line.product_unit_id)?;
    let priced = catalogue::price(db, standing, &sellable, customer, line.qty, date)?;
    let (list_price, tax_inclusive, mut price_source) = match priced {
        Some(priced) => (priced.unit_price, priced.tax_inclusive, priced.source),
        None if line.price.is_some() => {
            let inclusive = catalogue::default_tax_inclusive(standing);
            (UnitPrice::of(0), inclusive, "no price".to_owned())
        }
        None => {
            return Err(Refusal::new(
                "no_price",
                format!("{} has no price. Give one by hand or set it up.", sellable.product.name),
            )
            .fact("product", &sellable.product.name)
            .into());
        }
    };
    let (mut unit_price, mut qty) = (list_price, line.qty);
    if let Some(label) = line.label_price {
        (unit_price, qty) = by_label(standing, label, list_price)?;
        "label".clone_into(&mut price_source);
    }
    if let Some(by_hand) = &line.price {
        if by_hand.reason.trim().is_empty() {
            return Err(refuse_field!("reason", "price_reason", "Say why the price is changed."));
        }
        unit_price = by_hand.unit_price;
        "by hand".clone_into(&mut price_source);
    }
    if !sellable.product.weighed && qty.get() % 1_000_000 != 0 && line.label_price.is_none() {
        return Err(refuse_field!(
            "qty",
            "whole_pieces",
            "{product} is sold by the piece: whole numbers only.",
            product = sellable.product.name
        ));
    }
    let base_qty = in_base(qty, sellable.factor)?;
    let line = TicketLine { serial: serial::normal(&line.serial)?, ..line.clone() };
    if sellable.product.serial_tracked {
        serial::check_one(&sellable.product.name, base_qty)?;
    }
    let floor = floor_of(&sellable)?;
    Ok(PricedLine {
        line,
        sellable,
        qty,
        base_qty,
        unit_price,
        list_price,
        price_source,
        tax_inclusive,
        floor,
    })
}

/// The quantity that, at the list price, comes to what the label says.
fn by_label(standing: &Standing, label: Money, list: UnitPrice) -> Result<(UnitPrice, Qty)> {
    let scale = 10_000 / i128::from(standing.currency.minor_per_major()).max(1);
    let wanted = i128::from(label.get()) * scale * 1_000_000;
    if list.is_positive() {
        let per = i128::from(list.get());
        if let Ok(qty) = i64::try_from((wanted + per / 2) / per) {
            let qty = Qty::new(qty)?;
            if list.times(qty, standing.currency, Rounding::HalfUp)? == label && !qty.is_zero() {
                return Ok((list, qty));
            }
        }
    }
    Ok((UnitPrice::from_money(label, standing.currency)?, Qty::of(1_000_000)))
}

fn floor_of(sellable: &Sellable) -> Result<Option<Floor>> {
    let per_unit = |price: UnitPrice| price.in_base_units(sellable.factor);
    if let Some(price) = sellable.product.price_floor {
        return Ok(Some(Floor::Price(per_unit(price)?)));
    }
    let cost = sellable.product.last_cost;
    Ok(if cost.is_positive() { Some(Floor::Cost(per_unit(cost)?)) } else { None })
}

trait PerUnit {
    fn in_base_units(self, factor: Qty) -> Result<UnitPrice>;
}

impl PerUnit for UnitPrice {
    /// The price of a unit from the price of one base unit.
    fn in_base_units(self, factor: Qty) -> Result<UnitPrice> {
        let exact = i128::from(self.get()) * i128::from(factor.get()) / 1_000_000;
        let value =
            i64::try_from(exact).map_err(|_| refuse("too_large", "A price is too large."))?;
        Ok(UnitPrice::new(value)?)
    }
}

/// Prices a ticket on a date: list, customer, label, override, discounts, taxes.
pub fn price_ticket(
    db: &Connection,
    standing: &Standing,
    date: NaiveDate,
    given: &Ticket,
) -> Result<PricedTicket> {
    if given.lines.len() > ticket::MAX_LINES {
        return Err(ticket::TicketError::TooManyLines {
            lines: given.lines.len(),
            limit: ticket::MAX_LINES,
        }
        .into());
    }
    let customer = match given.customer_id {
        None => None,
        Some(id) => Some(
            customers::store::customer(db, id)?
                .filter(|row| !row.archived)
                .ok_or_else(|| not_found("The customer"))?,
        ),
    };
    let mut lines = Vec::with_capacity(given.lines.len());
    let mut rule_lines = Vec::with_capacity(given.lines.len());
    for (line_no, line) in (1..).zip(&given.lines) {
        let priced = price_line(db, standing, customer.as_ref(), date, line)?;
        rule_lines.push(Line {
            line_no,
            qty: priced.qty,
            unit_price: priced.unit_price,
            list_price: priced.list_price,
            tax: tax_rule(&priced.sellable, priced.tax_inclusive),
            discount: line.discount,
        });
        lines.push(priced);
    }
    let terms = Terms { ticket_discount: given.discount, ..terms(standing, Direction::Sale) };
    let totals = ticket::total(&rule_lines, &terms)?;
    Ok(PricedTicket { lines, totals, customer, date, rule_lines })
}

/// What a manager would have to allow on this ticket for this person.
pub fn needs_approval(
    standing: &Standing,
    actor: &Actor,
    priced: &PricedTicket,
) -> Result<Vec<NeedsApproval>> {
    let limits = actor.grants.limits("pos:discount", Some(standing.branch.branch_id));
    let by_hand = actor.grants.limits("pos:override_price", Some(standing.branch.branch_id));
    let floors = (1..)
        .zip(&priced.lines)
        .filter_map(|(line_no, line)| line.floor.map(|floor| (line_no, floor)))
        .collect();
    let limits = DiscountLimits {
        max_discount: limits.max_discount,
        max_price_override: by_hand.max_price_override,
        floors,
    };
    let currency = standing.currency;
    Ok(discount::check_discounts(&priced.rule_lines, &priced.totals, &limits, currency)?)
}
