//! Stock: on hand is the sum of moves, and every move has a document, a reason and a cost.
//!
//! **Invariant:** stock changes by signed moves only, each posted to the ledger in the same commit,
//! so the stock account equals the value of stock at any time.

pub mod rows;
pub mod store;

use chrono::NaiveDate;
use lumbung_domain::ids::{LineId, LocationId, ProductId, StockMoveId};
use lumbung_domain::journal::{self, StockChange};
use lumbung_domain::num::{Money, Qty, Rounding, UnitPrice};
use lumbung_domain::number::DocKind;
use lumbung_domain::stock::{self, Holding, StockStatus};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::catalogue;
use crate::door::{Read, Write};
use crate::error::{Result, not_found, refuse_field};
use crate::finance::{self, Document};
use crate::pos::next_number;
use crate::users::check_reason;
use rows::{StockAdjustmentRow, StockMoveRow};

/// Rows of a list shown at once.
const PAGE: i64 = 500;

/// Lines of one adjustment.
const ADJUSTMENT_LINES_MAX: usize = 1_000;

/// A movement to be recorded.
pub struct Move<'a> {
    /// What moves.
    pub product_id: ProductId,
    /// Where.
    pub location_id: LocationId,
    /// In which status.
    pub status: StockStatus,
    /// Base units, signed.
    pub qty: Qty,
    /// At cost, signed.
    pub value: Money,
    /// The document behind it.
    pub doc_kind: &'a str,
    /// The document.
    pub doc_id: Uuid,
    /// Its line.
    pub doc_line_id: Option<LineId>,
    /// Why.
    pub reason: &'a str,
    /// Day in the books.
    pub date: NaiveDate,
}

/// Records a movement.
pub fn record(write: &mut Write<'_, '_>, given: &Move<'_>) -> Result<()> {
    let stock_move_id = write.id();
    write.tx.insert(&StockMoveRow {
        stock_move_id,
        product_id: given.product_id,
        location_id: given.location_id,
        status: given.status.as_str().to_owned(),
        qty: given.qty,
        value: given.value,
        doc_kind: given.doc_kind.to_owned(),
        doc_id: given.doc_id,
        doc_line_id: given.doc_line_id,
        reason: given.reason.to_owned(),
        business_date: given.date,
        moved_at: write.now_ms,
        moved_by: write.actor.user_id,
    })?;
    Ok(())
}

/// What `qty` base units leaving the shelf are worth now: moving average, or the last cost where
/// stock gives none.
pub fn issue_cost(
    write: &Write<'_, '_>,
    product_id: ProductId,
    last_cost: UnitPrice,
    qty: Qty,
) -> Result<Money> {
    let location = write.standing.location.location_id;
    let status = StockStatus::Sellable.as_str();
    let (on_hand, value) = store::on_hand(write.db(), product_id, location, status)?;
    let holding = Holding { on_hand, value, last_cost };
    Ok(stock::issue_cost(&holding, qty, write.standing.currency)?)
}

/// What goes into the value of the shelf when `qty` base units come back at a cost: less than the
/// cost where they were sold before they were there.
pub fn receipt_value(
    write: &Write<'_, '_>,
    product_id: ProductId,
    status: StockStatus,
    qty: Qty,
    cost: Money,
) -> Result<Money> {
    // What comes back to be thrown away is worth nothing.
    if status == StockStatus::Scrap {
        return Ok(Money::ZERO);
    }
    let location = write.standing.location.location_id;
    let (on_hand, value) = store::on_hand(write.db(), product_id, location, status.as_str())?;
    let holding = Holding { on_hand, value, last_cost: UnitPrice::ZERO };
    Ok(stock::receive(&holding, qty, cost, write.standing.currency)?.into_stock)
}

/// What is on the shelf of this branch.
pub fn sellable(write: &Write<'_, '_>, product_id: ProductId) -> Result<Qty> {
    let location = write.standing.location.location_id;
    Ok(store::on_hand(write.db(), product_id, location, StockStatus::Sellable.as_str())?.0)
}

/// One product of an adjustment.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentLine {
    /// The product.
    pub product_id: ProductId,
    /// sellable, quarantine or scrap.
    pub status: StockStatus,
    /// Base units to add; negative to take away.
    pub qty: Qty,
    /// Cost of one base unit coming in; what goes out leaves at its moving average.
    pub unit_cost: Option<UnitPrice>,
}

/// Why stock is adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentKind {
    /// Stock at the start.
    Opening,
    /// A difference found.
    Correction,
    /// Broken, expired, stolen.
    WriteOff,
}

/// An adjustment by hand.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Why.
    pub kind: AdjustmentKind,
    /// In words.
    pub reason: String,
    /// More words.
    #[serde(default)]
    pub note: String,
    /// What.
    pub lines: Vec<AdjustmentLine>,
}

/// An adjustment as recorded.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Adjusted {
    /// Its number.
    pub number: String,
    /// Value added to stock; negative was taken.
    pub value: Money,
}

/// `inventory.adjust`: corrects stock by hand, with a reason and a journal entry.
pub fn adjust(write: &mut Write<'_, '_>, given: Adjustment) -> Result<Adjusted> {
    check_reason("reason", &given.reason)?;
    if given.lines.is_empty() || given.lines.len() > ADJUSTMENT_LINES_MAX {
        return Err(refuse_field!(
            "lines",
            "adjustment_lines",
            "An adjustment has 1 to {limit} lines.",
            limit = ADJUSTMENT_LINES_MAX
        ));
    }
    let number = next_number(write, DocKind::StockAdjustment)?;
    let adjustment_id: lumbung_domain::ids::EventId = write.id();
    let doc_id = adjustment_id.uuid();
    let (location_id, date) = (write.standing.location.location_id, write.business_date);
    write.tx.insert(&StockAdjustmentRow {
        adjustment_id,
        number: number.clone(),
        location_id,
        reason: given.reason.clone(),
        note: given.note.clone(),
        business_date: date,
        adjusted_at: write.now_ms,
        adjusted_by: write.actor.user_id,
    })?;
    let mut total = Money::ZERO;
    for line in &given.lines {
        let value = adjusted_value(write, line)?;
        total = total.plus(value)?;
        record(
            write,
            &Move {
                product_id: line.product_id,
                location_id,
                status: line.status,
                qty: line.qty,
                value,
                doc_kind: "stock_adjustment",
                doc_id,
                doc_line_id: None,
                reason: &given.reason,
                date,
            },
        )?;
    }
    let change = match given.kind {
        AdjustmentKind::Opening => StockChange::Opening,
        AdjustmentKind::Correction => StockChange::Adjustment,
        AdjustmentKind::WriteOff => StockChange::WriteOff,
    };
    let document = Document {
        kind: "stock_adjustment",
        id: doc_id,
        number: &number,
        date,
        memo: &given.reason,
    };
    finance::post(write, &document, &journal::stock_lines(change, total)?, None)?;
    Ok(Adjusted { number, value: total })
}

fn adjusted_value(write: &Write<'_, '_>, line: &AdjustmentLine) -> Result<Money> {
    if line.qty.is_zero() {
        return Err(refuse_field!(
            "lines",
            "adjustment_zero",
            "A quantity is zero: leave the line out."
        ));
    }
    let product = catalogue::store::product(write.db(), line.product_id)?
        .ok_or_else(|| not_found("The product"))?;
    let currency = write.standing.currency;
    if line.qty.is_negative() {
        let location = write.standing.location.location_id;
        let status = line.status.as_str();
        let (on_hand, value) = store::on_hand(write.db(), line.product_id, location, status)?;
        let holding = Holding { on_hand, value, last_cost: product.last_cost };
        return Ok(stock::issue_cost(&holding, line.qty.negated(), currency)?.negated());
    }
    let cost = line.unit_cost.unwrap_or(product.last_cost);
    if cost.is_negative() {
        return Err(refuse_field!("unit_cost", "cost_negative", "A cost is not negative."));
    }
    Ok(cost.times(line.qty, currency, Rounding::HalfUp)?)
}

/// What to list.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OnHandQuery {
    /// Part of a name or code.
    #[serde(default)]
    pub text: String,
    /// Only what is below zero.
    #[serde(default)]
    pub negative_only: bool,
    /// After this product code, for the next page.
    #[serde(default)]
    pub after: String,
}

/// One product at one place in one status.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OnHand {
    /// The product.
    pub product_id: ProductId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The unit stock is kept in.
    pub unit: String,
    /// Where.
    pub location: String,
    /// sellable, quarantine or scrap.
    pub status: String,
    /// Quantity.
    pub qty: Qty,
    /// Value at cost.
    pub value: Money,
}

/// A page of what is on hand.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OnHandPage {
    /// By product code.
    pub lines: Vec<OnHand>,
    /// Value of all stock, also of what is not on this page.
    pub total_value: Money,
    /// Ask with this for the next page.
    pub next: Option<String>,
}

/// `inventory.on_hand`: what is on hand and what it is worth.
pub fn on_hand(read: &Read<'_>, query: OnHandQuery) -> Result<OnHandPage> {
    let mut found = store::balances(read.db, &query.text, query.negative_only, &query.after, PAGE)?;
    let full = i64::try_from(found.len()) == Ok(PAGE);
    // A product that may go on after the cut is left whole to the next page.
    if let Some(last) = found.last().filter(|_| full).map(|line| line.code.clone())
        && found.iter().any(|line| line.code != last)
    {
        found.retain(|line| line.code != last);
    }
    let next = found.last().filter(|_| full).map(|line| line.code.clone());
    let lines = found
        .into_iter()
        .map(|line| OnHand {
            product_id: line.product_id,
            code: line.code,
            name: line.name,
            unit: line.unit,
            location: line.location,
            status: line.status,
            qty: line.qty,
            value: line.value,
        })
        .collect();
    Ok(OnHandPage { lines, total_value: store::total_value(read.db)?, next })
}

/// Which stock card.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StockCardQuery {
    /// The product.
    pub product_id: ProductId,
    /// Before this move, for the next page.
    pub before: Option<StockMoveId>,
}

/// One movement with the balance after it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct StockCardLine {
    /// The movement.
    pub stock_move_id: StockMoveId,
    /// Day in the books.
    pub business_date: String,
    /// When, UTC milliseconds.
    pub moved_at: i64,
    /// Kind of the document.
    pub doc_kind: String,
    /// The document.
    #[ts(type = "string")]
    pub doc_id: Uuid,
    /// Its number.
    pub doc_number: String,
    /// sellable, quarantine or scrap.
    pub status: String,
    /// Why.
    pub reason: String,
    /// Base units, signed.
    pub qty: Qty,
    /// At cost, signed.
    pub value: Money,
    /// Quantity after it.
    pub balance_qty: Qty,
    /// Value after it.
    pub balance_value: Money,
}

/// A page of a stock card.
#[derive(Debug, Clone, Serialize, TS)]
pub struct StockCard {
    /// Newest first.
    pub lines: Vec<StockCardLine>,
    /// Ask with this for the next page.
    pub next: Option<StockMoveId>,
}

/// `inventory.stock_card`: every movement of a product with the balance after it.
pub fn stock_card(read: &Read<'_>, query: StockCardQuery) -> Result<StockCard> {
    let moves = store::moves(read.db, query.product_id, query.before, PAGE)?;
    let full = i64::try_from(moves.len()) == Ok(PAGE);
    let next = moves.last().filter(|_| full).map(|row| row.stock_move_id);
    let Some(newest) = moves.first() else { return Ok(StockCard { lines: vec![], next: None }) };
    let (mut qty, mut value) = store::balance_at(read.db, query.product_id, newest.stock_move_id)?;
    let mut lines = Vec::with_capacity(moves.len());
    for row in moves {
        let (before_qty, before_value) = (qty.minus(row.qty)?, value.minus(row.value)?);
        lines.push(StockCardLine {
            stock_move_id: row.stock_move_id,
            business_date: row.business_date.to_string(),
            moved_at: row.moved_at,
            doc_kind: row.doc_kind,
            doc_id: row.doc_id,
            doc_number: store::doc_number(read.db, row.doc_id)?,
            status: row.status,
            reason: row.reason,
            qty: row.qty,
            value: row.value,
            balance_qty: qty,
            balance_value: value,
        });
        (qty, value) = (before_qty, before_value);
    }
    Ok(StockCard { lines, next })
}
