//! The stock cards: every movement is a line of the card it belongs to.
//!
//! **Invariant:** the lines are read once, in order; memory grows with the number of cards, not
//! with the number of movements.

use std::collections::HashMap;

use lumbung_domain::say;
use rusqlite::Connection;

use super::Check;
use crate::error::Result;
use crate::jobs::Progress;

/// Lines between two reports of progress.
const STEP: u64 = 4_096;

/// What a card is of: product, place and status.
type Card = ([u8; 16], [u8; 16], String);

/// Follows every card from its first line to the one its balance names.
pub fn check(db: &Connection, progress: &mut Progress<'_>) -> Result<Check> {
    let title = "Every movement of stock is on its card, and no line of a card is missing";
    let mut check = Check::new("stock_cards", title);
    let mut ends = HashMap::<Card, i64>::new();
    let mut lines = db.prepare(
        "select line.line_no, line.before, m.product_id, m.location_id, m.status
         from stock_card_line line left join stock_move m using (stock_move_id)
         order by line.line_no",
    )?;
    let mut found = lines.query([])?;
    while let Some(row) = found.next()? {
        let (line_no, before): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
        let product: Option<[u8; 16]> = row.get(2)?;
        match product {
            None => check.find(|| {
                Ok(say!(
                    "found_card_of_none",
                    "Line {line_no} is of no movement.",
                    line_no = line_no
                ))
            })?,
            Some(product) => {
                let card = (product, row.get(3)?, row.get(4)?);
                if ends.insert(card, line_no) != before {
                    check.find(|| {
                        Ok(say!(
                            "found_card_order",
                            "Line {line_no} does not follow the line before it.",
                            line_no = line_no
                        ))
                    })?;
                }
            }
        }
        check.count += 1;
        if check.count.is_multiple_of(STEP) {
            progress.at(check.count, None, title)?;
        }
    }
    let moves: i64 =
        db.query_row("select count(*) as count from stock_move", [], |row| row.get("count"))?;
    if moves.unsigned_abs() != check.count {
        let lines = check.count;
        check.find(|| {
            Ok(say!(
                "found_card_count",
                "There are {moves} movements and {lines} lines.",
                moves = moves,
                lines = lines
            ))
        })?;
    }
    ends_agree(db, ends, &mut check)?;
    Ok(check)
}

/// Every balance names the last line of its card, and every card has a balance.
fn ends_agree(db: &Connection, mut ends: HashMap<Card, i64>, check: &mut Check) -> Result<()> {
    let mut balances =
        db.prepare("select product_id, location_id, status, last_line from stock_balance")?;
    let mut found = balances.query([])?;
    while let Some(row) = found.next()? {
        let card: Card = (row.get(0)?, row.get(1)?, row.get(2)?);
        let last_line: i64 = row.get(3)?;
        if ends.remove(&card) != Some(last_line) {
            check.find(|| {
                Ok(say!(
                    "found_card_end",
                    "A balance names line {last_line}, not its last one.",
                    last_line = last_line
                ))
            })?;
        }
    }
    for line_no in ends.into_values() {
        check.find(|| {
            Ok(say!(
                "found_card_alone",
                "The card that ends at line {line_no} has no balance.",
                line_no = line_no
            ))
        })?;
    }
    Ok(())
}
