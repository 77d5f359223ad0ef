//! What is scanned or chosen comes onto the ticket.
//!
//! **Invariant:** pieces with serial numbers stand on lines of their own; other goods that are the
//! same but for their quantity are counted up.

use lumbung_domain::ids::{LineId, SaleId};
use lumbung_domain::num::Qty;
use uuid::Uuid;

use super::quote::quote;
use super::types::{Add, AddOutcome, Added, Ticket, TicketArg, TicketLine};
use crate::catalogue::{self, Resolved};
use crate::door::Read;
use crate::error::{Result, refuse_field};

/// Pieces with serial numbers that are added at once.
const PIECES_MAX: i64 = 100;

/// The bits of an id below its variant.
const LOW_BITS: u64 = (1 << 62) - 1;

/// A small random step from the ticket's last id: the lines of a sale then share nearly all the
/// bytes of their ids, and the sale is little on the wire.
fn next_line(ticket: &Ticket) -> LineId {
    let lines = ticket.lines.iter().map(|line| line.line_id.uuid());
    let (high, low) = lines.fold(ticket.ticket_id.uuid(), Ord::max).as_u64_pair();
    let [.., step] = Uuid::now_v7().into_bytes();
    let next = (low & LOW_BITS).wrapping_add(u64::from(step) + 1) & LOW_BITS;
    LineId::new(Uuid::from_u64_pair(high, low & !LOW_BITS | next))
}

fn new_line(id: LineId, given: &Add, found: catalogue::Found) -> TicketLine {
    let qty = found.qty.or(given.qty).unwrap_or(Qty::of(1_000_000));
    TicketLine {
        line_id: id,
        product_id: found.product_id,
        product_unit_id: found.product_unit_id.or(given.product_unit_id),
        qty,
        label_price: found.line_price,
        price: None,
        discount: None,
        serial: String::new(),
        checked: false,
        note: String::new(),
    }
}

/// Counts up the line that is the same but for its quantity, or adds one at the end.
fn put(ticket: &mut Ticket, line: TicketLine, merge: bool) -> Result<LineId> {
    let same = |other: &&mut TicketLine| {
        let TicketLine { product_id, product_unit_id, .. } = line;
        other.product_id == product_id
            && other.product_unit_id == product_unit_id
            && other.label_price.is_none()
            && other.price.is_none()
            && other.discount.is_none()
            && other.serial.is_empty()
    };
    if merge && let Some(found) = ticket.lines.iter_mut().find(same) {
        found.qty = found.qty.plus(line.qty)?;
        return Ok(found.line_id);
    }
    let line_id = line.line_id;
    ticket.lines.push(line);
    Ok(line_id)
}

/// One line for each piece, so that each can have its serial number; answers with the first.
fn put_pieces(ticket: &mut Ticket, line: &TicketLine) -> Result<LineId> {
    let pieces = line.qty.get() / Qty::ONE.get();
    let whole = line.qty.get() % Qty::ONE.get() == 0 && (1..=PIECES_MAX).contains(&pieces);
    if !whole {
        return Err(refuse_field!(
            "qty",
            "pieces_at_a_time",
            "Pieces with serial numbers are added 1 to {limit} at a time.",
            limit = PIECES_MAX
        ));
    }
    for at in 0..pieces {
        let line_id = if at == 0 { line.line_id } else { next_line(ticket) };
        ticket.lines.push(TicketLine { line_id, qty: Qty::ONE, ..line.clone() });
    }
    Ok(line.line_id)
}

/// `pos.add`: adds what was scanned or chosen, and prices the ticket.
pub fn add(read: &Read<'_>, given: Add) -> Result<Added> {
    let mut ticket = given.ticket.clone().unwrap_or_else(|| Ticket {
        ticket_id: SaleId::new(Uuid::now_v7()),
        customer_id: None,
        discount: None,
        note: String::new(),
        lines: Vec::new(),
    });
    let resolved = match (&given.code, given.product_id) {
        (Some(code), None) => catalogue::resolve(read.db, &read.standing, code)?,
        (None, Some(product_id)) => Resolved::One(catalogue::Found {
            product_id,
            product_unit_id: given.product_unit_id,
            qty: None,
            line_price: None,
        }),
        _ => {
            return Err(refuse_field!("code", "code_or_product", "Give a code or a product."));
        }
    };
    let (outcome, line_id, choices) = match resolved {
        Resolved::Unknown => (AddOutcome::Unknown, None, Vec::new()),
        Resolved::Many(choices) => (AddOutcome::Choose, None, choices),
        Resolved::One(found) => {
            let from_label = found.qty.is_some() || found.line_price.is_some();
            let product = catalogue::store::product(read.db, found.product_id)?;
            let line = new_line(next_line(&ticket), &given, found);
            let line_id = if product.is_some_and(|product| product.serial_tracked) {
                put_pieces(&mut ticket, &line)?
            } else {
                put(&mut ticket, line, !from_label)?
            };
            (AddOutcome::Added, Some(line_id), Vec::new())
        }
    };
    let quote = quote(read, TicketArg { ticket: ticket.clone() })?;
    Ok(Added { outcome, line_id, choices, ticket, quote })
}
