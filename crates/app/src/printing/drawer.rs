//! Opening the cash drawer.
//!
//! **Invariant:** the drawer opens for cash that is on record, once, or for a reason that is.

use lumbung_domain::ids::SaleId;
use lumbung_domain::num::{Money, Qty};
use lumbung_paper::drawer_kick;
use serde::Deserialize;
use ts_rs::TS;

use super::printers::{PrinterSpeech, Printers};
use super::{PaperRef, my_session, queue, store, takes_cash};
use crate::door::{Nothing, Write};
use crate::error::{Result, refuse};
use crate::pos;
use crate::pos::rows::PosEventRow;

/// Opens the cash drawer, where the receipt printer has one. Whoever calls it has recorded why.
pub fn open_drawer(write: &mut Write<'_, '_>) -> Result<bool> {
    let printers = Printers::load(write.db())?;
    let Some(printer) = &printers.receipt else { return Ok(false) };
    let (Some(pin), PrinterSpeech::Escpos) = (printer.drawer, printer.speech) else {
        return Ok(false);
    };
    queue::add(write.db(), printer, "drawer", drawer_kick(pin), write.now_ms)?;
    Ok(true)
}

/// A sale whose drawer opens.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DrawerFor {
    /// The sale.
    pub sale_id: SaleId,
}

/// `print.drawer`: opens the drawer for a cash sale that is not printed, once.
pub fn drawer_for(write: &mut Write<'_, '_>, given: DrawerFor) -> Result<Nothing> {
    const KIND: &str = "drawer";
    let session_id = my_session(write)?;
    let sale = pos::store::sale(write.db(), given.sale_id)?
        .filter(|sale| session_id.is_some() && sale.session_id == session_id);
    let paper = PaperRef::Receipt { sale_id: given.sale_id };
    let opened = store::sale_events(write.db(), given.sale_id, KIND, "")?;
    if sale.is_none() || opened > 0 || !takes_cash(write, paper)? {
        return Err(refuse(
            "no_cash_sale",
            "The drawer opens for a cash sale of this session, once. Use \"no sale\" otherwise.",
        ));
    }
    let event_id = write.id();
    write.tx.insert(&PosEventRow {
        event_id,
        session_id,
        kind: KIND.to_owned(),
        sale_id: Some(given.sale_id),
        product_id: None,
        qty: Qty::ZERO,
        amount: Money::ZERO,
        reason: String::new(),
        detail: String::new(),
        user_id: write.actor.user_id,
        happened_at: write.now_ms,
    })?;
    open_drawer(write)?;
    Ok(Nothing {})
}
