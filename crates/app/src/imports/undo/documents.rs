//! Reversing the documents of an import.
//!
//! **Invariant:** the reversing document has the day of the one it reverses, so the books of every
//! day are as if that one had never come.

use lumbung_domain::ids::{EventId, LineId, SaleId, TenderId};
use lumbung_domain::journal::{self, HistoryFacts, StockChange};
use lumbung_domain::num::Money;
use lumbung_domain::number::DocKind;
use lumbung_domain::stock::StockStatus;
use uuid::Uuid;

use super::{REASON, Undone};
use crate::catalogue::rows::ImportRunRow;
use crate::door::Write;
use crate::error::{Error, Result};
use crate::finance;
use crate::imports::batch::Batch;
use crate::imports::runs::Kept;
use crate::imports::sales::record::WRITTEN_OFF;
use crate::imports::store::{self, Moved};
use crate::inventory::rows::StockAdjustmentRow;
use crate::inventory::{self, Move};
use crate::jobs::Progress;
use crate::pos::next_number;
use crate::pos::rows::{SaleLineRow, SaleRow, SaleTenderRow};

/// Documents read at once.
const PAGE: u32 = 500;

/// Reverses the documents of an import.
pub fn sales(
    write: &mut Write<'_, '_>,
    batch: &mut Batch,
    run: &ImportRunRow,
    undone: &mut Undone,
    progress: &mut Progress<'_>,
) -> Result<()> {
    let kept = Kept::of(run)?;
    let mut after = String::new();
    loop {
        let page = store::sales_of(write.db(), run.import_id, &after, PAGE)?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.number);
        for sale in page {
            progress.at(undone.documents, Some(kept.documents), "Reversing documents")?;
            reverse_sale(write, batch, &sale)?;
            undone.documents += 1;
            batch.turn(write)?;
        }
    }
    for (_, adjustment_id) in &kept.stock_documents {
        progress.at(undone.documents, Some(kept.documents), "Reversing documents")?;
        reverse_adjustment(write, batch, *adjustment_id)?;
        undone.documents += 1;
        batch.turn(write)?;
    }
    Ok(())
}

fn reverse_sale(write: &mut Write<'_, '_>, batch: &mut Batch, sale: &SaleRow) -> Result<()> {
    let lines = store::lines_of(write.db(), sale)?;
    let tenders = store::tenders_of(write.db(), sale)?;
    let sale_id: SaleId = write.id();
    let number = next_number(write, DocKind::History)?;
    write.tx.insert(&SaleRow {
        sale_id,
        number: number.clone(),
        kind: "void".to_owned(),
        cashier_id: write.actor.user_id,
        gross: sale.gross.negated(),
        discount: sale.discount.negated(),
        net: sale.net.negated(),
        tax: sale.tax.negated(),
        total: sale.total.negated(),
        rounding: sale.rounding.negated(),
        change: Money::ZERO,
        original_sale_id: Some(sale.sale_id),
        source_number: String::new(),
        reason: REASON.to_owned(),
        import_id: None,
        ..sale.clone()
    })?;
    let moves = store::moves_of(write.db(), sale.sale_id.uuid())?;
    reverse_moves(write, &moves, "void", sale_id.uuid(), sale.business_date)?;
    let mut facts = HistoryFacts::default();
    for line in &lines {
        take_off(&mut facts, line)?;
        let line_id: LineId = write.id();
        write.tx.insert(&SaleLineRow {
            line_id,
            sale_id,
            qty: line.qty.negated(),
            base_qty: line.base_qty.negated(),
            gross: line.gross.negated(),
            net: line.net.negated(),
            total: line.total.negated(),
            cost: line.cost.negated(),
            returned_line_id: Some(line.line_id),
            reason: REASON.to_owned(),
            ..line.clone()
        })?;
    }
    for tender in tenders {
        let tender_id: TenderId = write.id();
        write.tx.insert(&SaleTenderRow {
            tender_id,
            sale_id,
            amount: tender.amount.negated(),
            tendered: tender.tendered.negated(),
            ..tender
        })?;
    }
    let document = finance::Document {
        kind: "void",
        id: sale_id.uuid(),
        number: &number,
        date: sale.business_date,
        memo: REASON,
    };
    finance::post(write, &document, &journal::history_lines(&facts)?, None)?;
    batch.count(8 + lines.len() + moves.len());
    Ok(())
}

/// Takes a line off what its document posts.
fn take_off(facts: &mut HistoryFacts, line: &SaleLineRow) -> Result<()> {
    // The reason of an imported line is its class; what was given away has no amount.
    let sum = match line.reason.as_str() {
        "return" => &mut facts.returns,
        "adjustment" => &mut facts.debts,
        _ => &mut facts.sales,
    };
    *sum = sum.minus(line.total)?;
    facts.cost = facts.cost.minus(line.cost)?;
    Ok(())
}

fn reverse_moves(
    write: &mut Write<'_, '_>,
    moves: &[Moved],
    doc_kind: &str,
    doc_id: Uuid,
    date: chrono::NaiveDate,
) -> Result<()> {
    let location_id = write.standing.location.location_id;
    for moved in moves {
        inventory::record(
            write,
            &Move {
                product_id: moved.product_id,
                location_id,
                status: StockStatus::Sellable,
                qty: moved.qty.negated(),
                value: moved.value.negated(),
                doc_kind,
                doc_id,
                doc_line_id: None,
                reason: REASON,
                date,
            },
        )?;
    }
    Ok(())
}

fn reverse_adjustment(
    write: &mut Write<'_, '_>,
    batch: &mut Batch,
    adjustment_id: EventId,
) -> Result<()> {
    let old = store::adjustment(write.db(), adjustment_id)?
        .ok_or_else(|| Error::Broken("an imported stock adjustment is missing".to_owned()))?;
    let moves = store::moves_of(write.db(), adjustment_id.uuid())?;
    let new_id: EventId = write.id();
    let number = next_number(write, DocKind::StockAdjustment)?;
    write.tx.insert(&StockAdjustmentRow {
        adjustment_id: new_id,
        number: number.clone(),
        reason: REASON.to_owned(),
        note: old.number.clone(),
        adjusted_by: write.actor.user_id,
        ..old.clone()
    })?;
    reverse_moves(write, &moves, "stock_adjustment", new_id.uuid(), old.business_date)?;
    let value = Money::sum(moves.iter().map(|moved| moved.value))?;
    let written_off = old.reason == WRITTEN_OFF;
    let change = if written_off { StockChange::WriteOff } else { StockChange::Adjustment };
    let document = finance::Document {
        kind: "stock_adjustment",
        id: new_id.uuid(),
        number: &number,
        date: old.business_date,
        memo: REASON,
    };
    finance::post(write, &document, &journal::stock_lines(change, value.negated())?, None)?;
    batch.count(4 + moves.len());
    Ok(())
}
