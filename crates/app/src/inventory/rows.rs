//! Stock and its moves. Rows as every node keeps them.
//!
//! **Invariant:** tags of tables and columns are never reused: old commits name them for ever.

use chrono::NaiveDate;
use lumbung_domain::ids::{BranchId, EventId, LineId, LocationId, ProductId, StockMoveId, UserId};
use lumbung_domain::num::{Money, Qty};
use lumbung_sync::synced;
use uuid::Uuid;

synced! {
    /// A place where stock lies.
    pub master LocationRow in "location" tag 60 scope company {
        1 location_id: LocationId;
        NAMING 1 {
            2 branch_id: BranchId,
            3 code: String,
            4 name: String,
        }
        ARCHIVED 2 {
            5 archived: bool,
        }
    }
}

synced! {
    /// One movement of stock at cost.
    pub fact StockMoveRow in "stock_move" tag 61 scope branch {
        1 stock_move_id: StockMoveId,
        2 product_id: ProductId,
        3 location_id: LocationId,
        /// Sellable, quarantine, scrap.
        4 status: String,
        /// Base units, millionths, signed.
        5 qty: Qty,
        /// Minor units, signed: what left or came at cost.
        6 value: Money,
        7 doc_kind: String,
        8 doc_id: Uuid,
        9 doc_line_id: Option<LineId>,
        10 reason: String,
        11 business_date: NaiveDate,
        12 moved_at: i64,
        13 moved_by: Option<UserId>,
    }
}

synced! {
    /// A correction, receipt or opening by hand, with its reason.
    pub fact StockAdjustmentRow in "stock_adjustment" tag 62 scope branch {
        1 adjustment_id: EventId,
        2 number: String,
        3 location_id: LocationId,
        4 reason: String,
        5 note: String,
        6 business_date: NaiveDate,
        7 adjusted_at: i64,
        8 adjusted_by: Option<UserId>,
    }
}
