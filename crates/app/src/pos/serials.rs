//! Pieces with a serial number, on tickets and on goods that come back.
//!
//! **Invariant:** where a piece is, is read from the lines of posted documents, never kept apart.

use lumbung_domain::serial::{self, Piece, SerialError, Whereabouts};
use rusqlite::Connection;

use super::store;
use super::ticket::PricedLine;
use crate::error::Result;

/// Whether each line of a ticket may leave as the piece it names: `None` where the product has no
/// serial numbers, or nothing is wrong.
pub(super) fn problems(db: &Connection, lines: &[PricedLine]) -> Result<Vec<Option<SerialError>>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut problems = Vec::with_capacity(lines.len());
    for line in lines {
        let product = &line.sellable.product;
        if !product.serial_tracked {
            problems.push(None);
            continue;
        }
        let piece = Piece {
            product_id: product.product_id,
            product: &product.name,
            serial: &line.line.serial,
            at: whereabouts(db, product.product_id, &line.line.serial)?,
        };
        problems.push(serial::check_sale(&piece, &pieces).err());
        pieces.push(piece);
    }
    Ok(problems)
}

/// Where a piece is, by the books.
pub(super) fn whereabouts(
    db: &Connection,
    product_id: lumbung_domain::ids::ProductId,
    serial: &str,
) -> Result<Whereabouts> {
    if serial.is_empty() {
        return Ok(Whereabouts::Unknown);
    }
    Ok(match store::serial_out(db, product_id, serial)? {
        Some(receipt) => Whereabouts::Sold(receipt),
        None if store::serial_known(db, product_id, serial)? => Whereabouts::Here,
        None => Whereabouts::Unknown,
    })
}
