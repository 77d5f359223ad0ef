//! Queries of places, moves and what is on hand.

use lumbung_domain::ids::{BranchId, Id, LocationId, ProductId, StockMoveId};
use lumbung_domain::num::{Money, Qty};
use rusqlite::{Connection, OptionalExtension, named_params};

use super::rows::{LocationRow, StockMoveRow};
use uuid::Uuid;

use crate::error::Result;
use crate::standing::{row, rows};

/// The place a branch sells from: its first.
pub fn default_location(db: &Connection, branch_id: BranchId) -> Result<Option<LocationRow>> {
    let sql = format!(
        "select {} from location where branch_id = :branch_id and archived = 0
         order by location_id limit 1",
        LocationRow::COLUMNS
    );
    row(db, &sql, named_params! { ":branch_id": branch_id.bytes() })
}

/// Quantity and value on hand of a product at a place in a status.
pub fn on_hand(
    db: &Connection,
    product_id: ProductId,
    location_id: LocationId,
    status: &str,
) -> Result<(Qty, Money)> {
    let found: Option<(i64, i64)> = db
        .prepare_cached(
            "select qty, value from stock_balance
              where product_id = :product_id and location_id = :location_id and status = :status",
        )?
        .query_row(
            named_params! {
                ":product_id": product_id.bytes(), ":location_id": location_id.bytes(),
                ":status": status,
            },
            |row| Ok((row.get("qty")?, row.get("value")?)),
        )
        .optional()?;
    let (qty, value) = found.unwrap_or((0, 0));
    Ok((Qty::of(qty), Money::of(value)))
}

/// One product at one place in one status.
pub struct Balance {
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
    /// sellable, quarantine, scrap.
    pub status: String,
    /// Quantity.
    pub qty: Qty,
    /// Value at cost.
    pub value: Money,
}

/// What is on hand, by product code after a code.
pub fn balances(
    db: &Connection,
    text: &str,
    negative_only: bool,
    after: &str,
    limit: i64,
) -> Result<Vec<Balance>> {
    let mut statement = db.prepare_cached(
        "select p.product_id, p.code, trim(p.name || ' ' || p.variant) as name,
                p.base_unit, l.name as location, b.status, b.qty,
                b.value
           from stock_balance b
           join product p on p.product_id = b.product_id
           join location l on l.location_id = b.location_id
          where p.code > :after
            and (:text = '' or instr(lower(p.name), :text) > 0 or instr(lower(p.code), :text) > 0)
            and (not :negative_only or b.qty < 0)
            and (b.qty <> 0 or b.value <> 0)
          order by p.code, l.name, b.status limit :limit",
    )?;
    let mut found = statement.query(named_params! {
        ":after": after, ":text": text.to_lowercase(), ":negative_only": negative_only,
        ":limit": limit,
    })?;
    let mut balances = Vec::new();
    while let Some(row) = found.next()? {
        balances.push(Balance {
            product_id: ProductId::from_bytes(row.get("product_id")?),
            code: row.get("code")?,
            name: row.get("name")?,
            unit: row.get("base_unit")?,
            location: row.get("location")?,
            status: row.get("status")?,
            qty: Qty::of(row.get("qty")?),
            value: Money::of(row.get("value")?),
        });
    }
    Ok(balances)
}

/// Quantity and value of everything on hand.
pub fn total_value(db: &Connection) -> Result<Money> {
    let value = db
        .prepare_cached("select coalesce(sum(value), 0) as value from stock_balance")?
        .query_row([], |row| row.get("value"))?;
    Ok(Money::of(value))
}

/// Moves of a product, newest first, before a move.
pub fn moves(
    db: &Connection,
    product_id: ProductId,
    before: Option<StockMoveId>,
    limit: i64,
) -> Result<Vec<StockMoveRow>> {
    let sql = format!(
        "with recursive card (stock_move_id, before) as (
             select line.stock_move_id, line.before
             from stock_balance b join stock_card_line line on line.line_no = b.last_line
             where b.product_id = :product_id
             union all
             select line.stock_move_id, line.before
             from card join stock_card_line line on line.line_no = card.before)
         select {} from stock_move
         where stock_move_id in (
             select stock_move_id from card where stock_move_id < :before
             order by stock_move_id desc limit :limit)
         order by stock_move_id desc",
        StockMoveRow::COLUMNS
    );
    rows(
        db,
        &sql,
        named_params! {
            ":product_id": product_id.bytes(), ":before": before.map_or([0xff; 16], Id::bytes),
            ":limit": limit,
        },
    )
}

/// The number of the document behind a movement.
pub fn doc_number(db: &Connection, doc_id: Uuid) -> Result<String> {
    let found: Option<String> = db
        .prepare_cached(
            "select number from sale where sale_id = :doc_id
             union all
             select number from stock_adjustment where adjustment_id = :doc_id limit 1",
        )?
        .query_row(named_params! { ":doc_id": doc_id.into_bytes() }, |row| row.get("number"))
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Quantity and value of a product up to a move: what is on hand, without the moves after it.
pub fn balance_at(
    db: &Connection,
    product_id: ProductId,
    upto: StockMoveId,
) -> Result<(Qty, Money)> {
    let (qty, value) = db.prepare_cached(include_str!("balance_at.sql"))?.query_row(
        named_params! { ":product_id": product_id.bytes(), ":upto": upto.bytes() },
        |row| Ok((row.get("qty")?, row.get("value")?)),
    )?;
    Ok((Qty::of(qty), Money::of(value)))
}

/// Makes the stock cards and stock on hand again from the moves, in the order they were made.
pub fn rebuild_balances(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(include_str!("rebuild.sql"))
}
