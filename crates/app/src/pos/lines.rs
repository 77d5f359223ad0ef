//! A line that is on the ticket changes: its quantity, its unit, or all of it goes.
//!
//! **Invariant:** goods leave a ticket only on record. Whatever makes a line less is a void of the
//! difference, logged and kept in the step that changes the ticket, under one limit.

use lumbung_domain::ids::LineId;
use lumbung_domain::num::{Money, Qty};
use lumbung_domain::void::{self, LineVoidPolicy, check_line_void};

use super::quote::quote_of;
use super::session::{Logged, date_of, log, mine};
use super::store;
use super::ticket::{PricedTicket, price_ticket};
use super::types::{LineChange, LineChanged, LineOf, LineVoid, Ticket, TicketLine, UnitChoice};
use crate::catalogue;
use crate::customers;
use crate::door::{Read, Write};
use crate::error::{Error, Result, not_found, refuse};

fn line_of(ticket: &Ticket, line_id: LineId) -> Result<&TicketLine> {
    let found = ticket.lines.iter().find(|line| line.line_id == line_id);
    found.ok_or_else(|| not_found("The line"))
}

/// What one line of a priced ticket holds and comes to.
fn standing_of(priced: &PricedTicket, line_id: LineId) -> (Qty, Money) {
    let lines = priced.lines.iter().zip(&priced.totals.lines);
    let mut of = lines.filter(|(line, _)| line.line.line_id == line_id);
    of.next().map_or((Qty::ZERO, Money::ZERO), |(line, sums)| (line.base_qty, sums.total))
}

/// Logs what was taken off a ticket; after so many in a session a manager must allow each.
fn log_void(write: &mut Write<'_, '_>, what: &Logged) -> Result<()> {
    let open = mine(write)?;
    let (so_far, _) = store::events(write.db(), open.session_id, "line_void")?;
    let policy = LineVoidPolicy { free: write.standing.settings.till.free_line_voids };
    if check_line_void(so_far, policy, false).is_err() {
        let detail = format!("line void number {} in this session", so_far + 1);
        write.permit("pos:approve", "line_void", &detail)?;
    }
    log(write, open.session_id, "line_void", what)
}

/// Keeps the changed ticket, as the screen will show it.
fn keep(write: &Write<'_, '_>, ticket: Option<&Ticket>) -> Result<()> {
    let content = ticket
        .map(serde_json::to_string)
        .transpose()
        .map_err(|error| Error::Broken(error.to_string()))?;
    let terminal = write.standing.terminal.terminal_id;
    store::save_open_ticket(write.db(), terminal, content.as_deref(), write.now_ms)
}

/// `pos.change_line`: another quantity or unit for a line, priced again. Less of it than before is
/// a void of the difference.
pub fn change_line(write: &mut Write<'_, '_>, given: LineChange) -> Result<LineChanged> {
    let date = mine(write)?.business_date;
    let standing = std::sync::Arc::clone(&write.standing);
    let line = line_of(&given.ticket, given.line_id)?;
    if line.label_price.is_some() {
        return Err(refuse(
            "label_price_fixed",
            "The label of this article says quantity and price: take it off and scan it again.",
        ));
    }
    let other_unit = line.product_unit_id != given.product_unit_id;
    let mut ticket = given.ticket.clone();
    for line in ticket.lines.iter_mut().filter(|line| line.line_id == given.line_id) {
        line.qty = given.qty;
        line.product_unit_id = given.product_unit_id;
        if other_unit {
            // A price by hand was said of one of the other unit.
            line.price = None;
        }
    }
    let after = price_ticket(write.db(), &standing, date, &ticket)?;
    let (now_qty, now_total) = standing_of(&after, given.line_id);
    let before = price_ticket(write.db(), &standing, date, &given.ticket)?;
    let (was_qty, was_total) = standing_of(&before, given.line_id);
    if let Some(gone) = void::taken_off(was_qty, now_qty)? {
        let what = Logged {
            product_id: Some(line.product_id),
            qty: gone,
            amount: was_total.minus(now_total)?,
            detail: "less of it".to_owned(),
            ..Logged::default()
        };
        log_void(write, &what)?;
    }
    keep(write, Some(&ticket))?;
    let quote = quote_of(write.db(), &standing, &write.actor, &after)?;
    Ok(LineChanged { ticket: Some(ticket), quote: Some(quote) })
}

/// `pos.void_line`: a line taken off before payment, with what it would have come to.
pub fn void_line(write: &mut Write<'_, '_>, given: LineVoid) -> Result<LineChanged> {
    let date = mine(write)?.business_date;
    let standing = std::sync::Arc::clone(&write.standing);
    let line = line_of(&given.ticket, given.line_id)?;
    // A ticket that can no longer be priced must still let go of the line that is wrong.
    let before = priced_if_possible(price_ticket(write.db(), &standing, date, &given.ticket))?;
    let (qty, amount) = match &before {
        Some(priced) => standing_of(priced, given.line_id),
        None => (line.qty, Money::ZERO),
    };
    let what = Logged {
        product_id: Some(line.product_id),
        qty,
        amount,
        reason: given.reason,
        detail: String::new(),
    };
    log_void(write, &what)?;
    let mut ticket = given.ticket;
    ticket.lines.retain(|line| line.line_id != given.line_id);
    // A ticket for a named customer stays open; without lines and name it is no ticket.
    let ticket = Some(ticket).filter(|left| !left.lines.is_empty() || left.customer_id.is_some());
    keep(write, ticket.as_ref())?;
    let left = ticket.as_ref().filter(|ticket| !ticket.lines.is_empty());
    let quote = match left {
        None => None,
        Some(left) => {
            let priced = priced_if_possible(price_ticket(write.db(), &standing, date, left))?;
            priced
                .map(|priced| quote_of(write.db(), &standing, &write.actor, &priced))
                .transpose()?
        }
    };
    Ok(LineChanged { ticket, quote })
}

fn priced_if_possible(priced: Result<PricedTicket>) -> Result<Option<PricedTicket>> {
    match priced {
        Ok(priced) => Ok(Some(priced)),
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `pos.units`: the units in which a line could be sold, with what one costs this customer.
pub fn units(read: &Read<'_>, given: LineOf) -> Result<Vec<UnitChoice>> {
    let line = line_of(&given.ticket, given.line_id)?;
    let (db, standing) = (read.db, &*read.standing);
    let date = date_of(read)?;
    let customer = match given.ticket.customer_id {
        Some(customer_id) => customers::store::customer(db, customer_id)?,
        None => None,
    };
    let live =
        catalogue::store::units(db, line.product_id)?.into_iter().filter(|row| !row.archived);
    let ids = std::iter::once(None).chain(live.map(|row| Some(row.product_unit_id)));
    let mut choices = Vec::new();
    for product_unit_id in ids {
        let sellable = catalogue::sellable(db, standing, line.product_id, product_unit_id)?;
        let price = catalogue::price(db, standing, &sellable, customer.as_ref(), line.qty, date)?;
        choices.push(UnitChoice {
            product_unit_id,
            unit: sellable.unit,
            factor: sellable.factor,
            unit_price: price.map(|price| price.unit_price),
            current: product_unit_id == line.product_unit_id,
        });
    }
    Ok(choices)
}
