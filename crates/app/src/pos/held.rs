//! Tickets put aside and taken up again, and tickets given up before payment.
//!
//! **Invariant:** a held ticket is a fact of the branch: it survives the close, and taking it up
//! or giving it up is another fact.

use lumbung_domain::held::{self, HeldEvent, HeldState};
use lumbung_domain::ids::{HeldTicketId, SaleId};
use uuid::Uuid;

use super::quote::quote_of;
use super::rows::{HeldTicketEndRow, HeldTicketRow};
use super::session::{Logged, log, mine};
use super::store;
use super::ticket::price_ticket;
use super::types::{Held, HeldDiscard, HeldRef, Hold, Recalled, Ticket, TicketVoid};
use crate::company::check_text;
use crate::door::{Nothing, Read, Write};
use crate::error::{Error, Result, not_found};
use crate::finance;
use crate::users::check_reason;

/// `pos.hold`: puts a ticket aside under a note.
pub fn hold(write: &mut Write<'_, '_>, given: Hold) -> Result<HeldRef> {
    check_text("note", &given.note)?;
    held::check_note(&given.note)?;
    let open = mine(write)?;
    let standing = std::sync::Arc::clone(&write.standing);
    let priced = price_ticket(write.db(), &standing, open.business_date, &given.ticket)?;
    if priced.lines.is_empty() {
        return Err(lumbung_domain::ticket::TicketError::Empty.into());
    }
    // The held ticket has the ticket's id, so that a double click holds it once.
    let held_id = HeldTicketId::new(given.ticket.ticket_id.uuid());
    if store::held_ticket(write.db(), held_id)?.is_some() {
        return Ok(HeldRef { held_id });
    }
    let content =
        serde_json::to_string(&given.ticket).map_err(|error| Error::Broken(error.to_string()))?;
    write.tx.insert(&HeldTicketRow {
        held_id,
        session_id: open.session_id,
        terminal_id: standing.terminal.terminal_id,
        cashier_id: open.cashier_id,
        note: given.note.trim().to_owned(),
        total: priced.totals.total,
        line_count: i64::try_from(priced.lines.len()).unwrap_or(0),
        content,
        business_date: open.business_date,
        held_at: write.now_ms,
    })?;
    store::save_open_ticket(write.db(), standing.terminal.terminal_id, None, write.now_ms)?;
    Ok(HeldRef { held_id })
}

/// `pos.held`: tickets held in this branch.
pub fn list(read: &Read<'_>, _: Nothing) -> Result<Vec<Held>> {
    let days = Some(read.standing.settings.till.held_days);
    let today = finance::local_date(read.now_ms, read.offset_min);
    store::held(read.db)?
        .into_iter()
        .map(|row| {
            let terminal = crate::company::store::terminal(read.db, row.terminal_id)?;
            Ok(Held {
                held_id: row.held_id,
                note: row.note,
                cashier: store::user_name(read.db, row.cashier_id)?,
                terminal: terminal.map(|terminal| terminal.name).unwrap_or_default(),
                total: row.total,
                line_count: row.line_count,
                held_at: row.held_at,
                expired: held::has_expired(row.business_date, today, days),
            })
        })
        .collect()
}

fn end(
    write: &mut Write<'_, '_>,
    row: &HeldTicketRow,
    event: HeldEvent,
    reason: &str,
) -> Result<()> {
    let state = match store::held_end(write.db(), row.held_id)? {
        Some(kind) => {
            HeldState::parse(&kind).ok_or_else(|| Error::Broken(format!("held ticket {kind}")))?
        }
        None => HeldState::Held,
    };
    let kind = held::next(state, event)?.as_str();
    let end_id = write.id();
    write.tx.insert(&HeldTicketEndRow {
        end_id,
        held_id: row.held_id,
        kind: kind.to_owned(),
        reason: reason.to_owned(),
        ended_by: write.actor.user_id,
        terminal_id: write.standing.terminal.terminal_id,
        ended_at: write.now_ms,
    })?;
    Ok(())
}

/// `pos.recall`: takes up a held ticket, at today's prices. It becomes a new ticket, so it can be
/// held again.
pub fn recall(write: &mut Write<'_, '_>, given: HeldRef) -> Result<Recalled> {
    let open = mine(write)?;
    let row = store::held_ticket(write.db(), given.held_id)?
        .ok_or_else(|| not_found("The held ticket"))?;
    end(write, &row, HeldEvent::Recall, "")?;
    let mut ticket: Ticket = serde_json::from_str(&row.content)
        .map_err(|error| Error::Broken(format!("held ticket: {error}")))?;
    ticket.ticket_id = SaleId::new(Uuid::from_bytes(write.tx.new_id()));
    let standing = std::sync::Arc::clone(&write.standing);
    let priced = price_ticket(write.db(), &standing, open.business_date, &ticket)?;
    let quote = quote_of(write.db(), &standing, &write.actor, &priced)?;
    Ok(Recalled { ticket, note: row.note, quote })
}

/// `pos.discard_held`: gives up a held ticket, with a reason.
pub fn discard(write: &mut Write<'_, '_>, given: HeldDiscard) -> Result<Nothing> {
    held::check_discard(&given.reason)?;
    let row = store::held_ticket(write.db(), given.held_id)?
        .ok_or_else(|| not_found("The held ticket"))?;
    let days = Some(write.standing.settings.till.held_days);
    let expired = held::has_expired(row.business_date, write.business_date, days);
    let event = if expired { HeldEvent::Expire } else { HeldEvent::Discard };
    end(write, &row, event, &given.reason)?;
    Ok(Nothing {})
}

/// `pos.void_ticket`: a ticket given up before payment, with a reason.
pub fn void_ticket(write: &mut Write<'_, '_>, given: TicketVoid) -> Result<Nothing> {
    check_reason("reason", &given.reason)?;
    let open = mine(write)?;
    let standing = std::sync::Arc::clone(&write.standing);
    let priced = price_ticket(write.db(), &standing, open.business_date, &given.ticket)?;
    let what = Logged {
        amount: priced.totals.total,
        reason: given.reason,
        detail: format!("{} lines", priced.lines.len()),
        ..Logged::default()
    };
    log(write, open.session_id, "ticket_void", &what)?;
    store::save_open_ticket(write.db(), standing.terminal.terminal_id, None, write.now_ms)?;
    Ok(Nothing {})
}
