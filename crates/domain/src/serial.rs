//! Serial numbers: which single piece was sold, and which one comes back.
//!
//! **Invariant:** a piece with a serial number leaves the shop once; it is sold again only after it
//! came back, and only the piece that was sold comes back for its line.

use crate::fact::{Facts, facts};
use crate::ids::ProductId;
use crate::num::Qty;

/// The longest serial number.
pub const MAX_SERIAL: usize = 60;

/// Why a piece is not sold or taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SerialError {
    /// The serial number is not given.
    #[error("enter the serial number of {product}")]
    Missing {
        /// The product.
        product: String,
    },
    /// More or less than one piece on a line.
    #[error("{product} has a serial number on every piece: one piece on each line")]
    NotOne {
        /// The product.
        product: String,
    },
    /// The text cannot be a serial number.
    #[error("a serial number has at most {limit} letters, digits and signs")]
    Malformed {
        /// The limit.
        limit: usize,
    },
    /// The same piece stands on the document twice.
    #[error("serial number {serial} is on this document twice")]
    Twice {
        /// The serial number.
        serial: String,
    },
    /// The piece was sold and has not come back.
    #[error("serial number {serial} was sold on receipt {receipt} and has not come back")]
    Sold {
        /// The serial number.
        serial: String,
        /// The receipt it was sold on.
        receipt: String,
    },
    /// Another piece was sold on this line.
    #[error("line {line_no} was sold with serial number {serial}; this is another piece")]
    OtherPiece {
        /// The line of the receipt.
        line_no: u32,
        /// The serial number that was sold.
        serial: String,
    },
    /// The piece has a receipt here.
    #[error("serial number {serial} was sold on receipt {receipt}; take it back with that receipt")]
    HasReceipt {
        /// The serial number.
        serial: String,
        /// The receipt it was sold on.
        receipt: String,
    },
    /// The piece never left, or came back already.
    #[error("serial number {serial} is in the shop by the books; it cannot come back")]
    NotOut {
        /// The serial number.
        serial: String,
    },
}

impl SerialError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "serial_missing",
            Self::NotOne { .. } => "serial_one_each",
            Self::Malformed { .. } => "serial_malformed",
            Self::Twice { .. } => "serial_twice",
            Self::Sold { .. } => "serial_sold",
            Self::OtherPiece { .. } => "serial_other_piece",
            Self::HasReceipt { .. } => "serial_has_receipt",
            Self::NotOut { .. } => "serial_not_out",
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::Missing { product } | Self::NotOne { product } => facts![product],
            Self::Malformed { limit } => facts![limit],
            Self::Twice { serial } | Self::NotOut { serial } => facts![serial],
            Self::Sold { serial, receipt } | Self::HasReceipt { serial, receipt } => {
                facts![serial, receipt]
            }
            Self::OtherPiece { line_no, serial } => facts![line_no, serial],
        }
    }
}

/// Where a piece is, by the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whereabouts {
    /// It was never seen here.
    Unknown,
    /// It was sold on this receipt and has not come back.
    Sold(String),
    /// It came back, or was taken in.
    Here,
}

/// One line of a document, as far as serial numbers go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product: &'a str,
    /// The serial number as normalised; empty when it is not given.
    pub serial: &'a str,
    /// Where that piece is.
    pub at: Whereabouts,
}

/// A serial number as it is kept: without space around it and in capitals, because scanners and
/// people do not agree on either. Empty text stays empty.
pub fn normal(text: &str) -> Result<String, SerialError> {
    let serial = text.trim().to_uppercase();
    if serial.chars().count() > MAX_SERIAL || serial.chars().any(char::is_control) {
        return Err(SerialError::Malformed { limit: MAX_SERIAL });
    }
    Ok(serial)
}

/// Refuses a line of more or less than one piece, in base units.
pub fn check_one(product: &str, base_qty: Qty) -> Result<(), SerialError> {
    if base_qty == Qty::ONE {
        return Ok(());
    }
    Err(SerialError::NotOne { product: product.to_owned() })
}

/// Refuses to sell a piece whose number is missing, given before, or of a piece that is gone.
/// `before` are the lines above this one.
pub fn check_sale(piece: &Piece<'_>, before: &[Piece<'_>]) -> Result<(), SerialError> {
    check_named(piece, before)?;
    match &piece.at {
        Whereabouts::Sold(receipt) => {
            Err(SerialError::Sold { serial: piece.serial.to_owned(), receipt: receipt.clone() })
        }
        Whereabouts::Unknown | Whereabouts::Here => Ok(()),
    }
}

/// Refuses to take back without a receipt what has one here, or what never left.
pub fn check_loose(piece: &Piece<'_>, before: &[Piece<'_>]) -> Result<(), SerialError> {
    check_named(piece, before)?;
    let serial = piece.serial.to_owned();
    match &piece.at {
        Whereabouts::Unknown => Ok(()),
        Whereabouts::Sold(receipt) => {
            Err(SerialError::HasReceipt { serial, receipt: receipt.clone() })
        }
        Whereabouts::Here => Err(SerialError::NotOut { serial }),
    }
}

fn check_named(piece: &Piece<'_>, before: &[Piece<'_>]) -> Result<(), SerialError> {
    if piece.serial.is_empty() {
        return Err(SerialError::Missing { product: piece.product.to_owned() });
    }
    let same =
        |other: &Piece<'_>| other.product_id == piece.product_id && other.serial == piece.serial;
    if before.iter().any(same) {
        return Err(SerialError::Twice { serial: piece.serial.to_owned() });
    }
    Ok(())
}

/// Refuses a piece that is not the one that was sold. A line sold without a serial number takes
/// anything.
pub fn check_return(line_no: u32, sold: &str, given: &str) -> Result<(), SerialError> {
    if sold.is_empty() || normal(given)? == sold {
        return Ok(());
    }
    Err(SerialError::OtherPiece { line_no, serial: sold.to_owned() })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn piece(product: u128, serial: &str, at: Whereabouts) -> Piece<'_> {
        let product_id = ProductId::new(Uuid::from_u128(product));
        Piece { product_id, product: "phone", serial, at }
    }

    fn sold() -> Whereabouts {
        Whereabouts::Sold("S1".to_owned())
    }

    #[test]
    fn a_piece_is_sold_once_until_it_comes_back() {
        let above = [piece(1, "A1", Whereabouts::Unknown)];
        let code = |piece: &Piece<'_>| check_sale(piece, &above).map_err(|error| error.code());
        for (piece, expected) in [
            (piece(1, "A2", Whereabouts::Unknown), Ok(())),
            (piece(1, "A2", Whereabouts::Here), Ok(())),
            (piece(1, "A2", sold()), Err("serial_sold")),
            (piece(1, "A1", Whereabouts::Unknown), Err("serial_twice")),
            (piece(2, "A1", Whereabouts::Unknown), Ok(())),
            (piece(1, "", Whereabouts::Unknown), Err("serial_missing")),
        ] {
            assert_eq!(code(&piece), expected, "{piece:?}");
        }
    }

    #[test]
    fn without_a_receipt_only_a_piece_nobody_knows_comes_back() {
        let code = |piece: &Piece<'_>| check_loose(piece, &[]).map_err(|error| error.code());
        assert_eq!(code(&piece(1, "A1", Whereabouts::Unknown)), Ok(()));
        assert_eq!(code(&piece(1, "A1", sold())), Err("serial_has_receipt"));
        assert_eq!(code(&piece(1, "A1", Whereabouts::Here)), Err("serial_not_out"));
        assert_eq!(code(&piece(1, "", Whereabouts::Unknown)), Err("serial_missing"));
    }

    #[test]
    fn only_the_piece_that_was_sold_comes_back_for_its_line() {
        let code = |sold, given| check_return(1, sold, given).map_err(|error| error.code());
        assert_eq!(code("SN-1", " sn-1 "), Ok(()));
        assert_eq!(code("", "whatever"), Ok(()));
        assert_eq!(code("SN-1", "SN-2"), Err("serial_other_piece"));
        assert_eq!(code("SN-1", ""), Err("serial_other_piece"));
    }

    #[test]
    fn a_serial_number_is_kept_in_capitals_and_one_piece_stands_on_a_line() {
        assert_eq!(normal("  imei 35-1a\t").unwrap(), "IMEI 35-1A");
        assert_eq!(normal("").unwrap(), "");
        assert_eq!(normal(&"9".repeat(61)).unwrap_err().code(), "serial_malformed");
        assert_eq!(normal("a\nb").unwrap_err().code(), "serial_malformed");
        assert_eq!(check_one("phone", Qty::ONE), Ok(()));
        let two = check_one("phone", "2".parse().unwrap()).unwrap_err();
        assert_eq!(two.code(), "serial_one_each");
    }
}
