//! A priced ticket as the screen shows it.
//!
//! **Invariant:** the interface adds nothing up: every figure it shows is in a quote.

use lumbung_domain::discount::{self, NeedsApproval};
use lumbung_domain::num::{CashRounding, Money, Qty};
use lumbung_domain::serial::SerialError;
use lumbung_domain::ticket;
use rusqlite::Connection;

use super::serials;
use super::ticket::{PricedLine, PricedTicket, cash_rule, needs_approval, price_ticket};
use super::types::{LineMark, Quote, QuotedLine, TaxSum, TicketArg};
use crate::door::{Actor, Read};
use crate::error::Result;
use crate::standing::Standing;
use crate::{customers, inventory};

/// Taxes of a ticket by class, with the words of the class.
pub fn tax_sums(standing: &Standing, totals: &ticket::Totals) -> Vec<TaxSum> {
    totals
        .taxes
        .iter()
        .map(|tax| {
            let class = standing.tax_classes.get(&tax.tax_class);
            TaxSum {
                tax_class_id: tax.tax_class,
                code: class.map(|class| class.code.clone()).unwrap_or_default(),
                name: class.map(|class| class.name.clone()).unwrap_or_default(),
                rate: tax.rate,
                base: tax.base,
                tax: tax.tax,
            }
        })
        .collect()
}

/// What the cashier should know about a line.
fn marks<'n>(
    line: &PricedLine,
    on_hand: Qty,
    wrong: Option<&SerialError>,
    needed: impl Iterator<Item = &'n NeedsApproval>,
) -> Vec<LineMark> {
    let product = &line.sellable.product;
    let mut marks = Vec::new();
    if product.kind == "goods" && on_hand < line.base_qty {
        marks.push(LineMark::LowStock);
    }
    if line.line.price.is_some() {
        marks.push(LineMark::PriceByHand);
    }
    if !product.restriction.is_empty() && !line.line.checked {
        marks.push(LineMark::MustCheck);
    }
    marks.extend(wrong.map(|wrong| match wrong {
        SerialError::Missing { .. } => LineMark::SerialMissing,
        _ => LineMark::SerialTaken,
    }));
    marks.extend(needed.map(|need| match need.what {
        discount::Approval::BelowFloor { .. } => LineMark::BelowFloor,
        _ => LineMark::DiscountOverLimit,
    }));
    marks
}

/// Shows a priced ticket.
pub fn quote_of(
    db: &Connection,
    standing: &Standing,
    actor: &Actor,
    priced: &PricedTicket,
) -> Result<Quote> {
    let needed = needs_approval(standing, actor, priced)?;
    let serials = serials::problems(db, &priced.lines)?;
    let location = standing.location.location_id;
    let mut lines = Vec::with_capacity(priced.lines.len());
    for ((line, sums), wrong) in priced.lines.iter().zip(&priced.totals.lines).zip(serials) {
        let product = &line.sellable.product;
        let (on_hand, _) = inventory::store::on_hand(db, product.product_id, location, "sellable")?;
        let of_line = |need: &&NeedsApproval| need.line_no == Some(sums.line_no);
        let needed = needed.iter().filter(of_line);
        let marks = marks(line, on_hand, wrong.as_ref(), needed);
        lines.push(QuotedLine {
            line_id: line.line.line_id,
            line_no: sums.line_no,
            code: product.code.clone(),
            name: product.name.clone(),
            unit: line.sellable.unit.clone(),
            qty: line.qty,
            unit_price: line.unit_price,
            list_price: line.list_price,
            price_source: line.price_source.clone(),
            gross: sums.gross,
            line_discount: sums.line_discount,
            ticket_discount: sums.ticket_discount_share,
            tax: sums.tax,
            total: sums.total,
            tax_code: line.sellable.tax.code.clone(),
            tax_inclusive: line.tax_inclusive,
            on_hand,
            restriction: product.restriction.clone(),
            serial_tracked: product.serial_tracked,
            serial: line.line.serial.clone(),
            marks,
        });
    }
    let totals = &priced.totals;
    let rule = cash_rule(standing);
    let cash_total = totals.total.round_to(rule.step, rule.rounding)?;
    let credit_available = match &priced.customer {
        None => None,
        Some(customer) => Some(customers::credit(db, standing, customer, priced.date)?.available),
    };
    Ok(Quote {
        pieces: pieces(priced),
        lines,
        taxes: tax_sums(standing, totals),
        gross: totals.gross,
        discount: totals.line_discounts.plus(totals.ticket_discount)?,
        net: totals.net,
        tax: totals.tax,
        total: totals.total,
        cash_total,
        quick_cash: quick_cash(standing, cash_total)?,
        currency: standing.company.currency.clone(),
        customer: priced.customer.as_ref().map(|customer| customer.name.clone()),
        credit_available,
    })
}

/// Weighed goods count as one piece a line.
fn pieces(priced: &PricedTicket) -> u32 {
    let of = |line: &PricedLine| {
        let whole = line.qty.get() / 1_000_000;
        if line.sellable.product.weighed { 1 } else { u32::try_from(whole).unwrap_or(u32::MAX) }
    };
    priced.lines.iter().map(of).fold(0, u32::saturating_add)
}

/// Sums a customer is likely to hand over: the next multiples of each denomination.
fn quick_cash(standing: &Standing, total: Money) -> Result<Vec<Money>> {
    const KEYS: usize = 5;
    if !total.is_positive() {
        return Ok(Vec::new());
    }
    let mut sums = vec![total];
    for denomination in super::session::denominations(standing) {
        let step = denomination.get();
        let above = total.round_to(step, CashRounding::Up)?;
        if above.get() - total.get() < step && step * 20 >= total.get() {
            sums.push(above);
        }
    }
    sums.sort();
    sums.dedup();
    sums.truncate(KEYS);
    Ok(sums)
}

/// `pos.quote`: prices a ticket.
pub fn quote(read: &Read<'_>, given: TicketArg) -> Result<Quote> {
    let date = super::session::date_of(read)?;
    let priced = price_ticket(read.db, &read.standing, date, &given.ticket)?;
    quote_of(read.db, &read.standing, &read.actor, &priced)
}
