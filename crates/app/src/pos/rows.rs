//! The till. Rows as every node keeps them.
//!
//! **Invariant:** tags of tables and columns are never reused: old commits name them for ever.

use chrono::NaiveDate;
use lumbung_domain::ids::{
    CashMovementId, CustomerId, EventId, HeldTicketId, ImportId, LineId, PaymentId, ProductId,
    ProductUnitId, SaleId, SessionId, StoreCreditId, TaxClassId, TenderId, TerminalId, UserId,
};
use lumbung_domain::num::{Money, Qty, Rate, UnitPrice};
use lumbung_sync::synced;

synced! {
    /// A cashier opens a drawer with a counted float.
    pub fact CashSessionRow in "cash_session" tag 70 scope branch {
        1 session_id: SessionId,
        2 terminal_id: TerminalId,
        3 drawer: String,
        4 cashier_id: UserId,
        /// Chosen when the session opens; holds past midnight.
        5 business_date: NaiveDate,
        6 currency: String,
        7 opening_float: Money,
        8 opened_at: i64,
    }
}

synced! {
    /// A drawer counted by denomination.
    pub fact CashCountRow in "cash_count" tag 71 scope branch {
        1 count_id: EventId,
        2 session_id: SessionId,
        /// Opening, closing.
        3 purpose: String,
        4 total: Money,
        5 counted_by: UserId,
        6 counted_at: i64,
        /// JSON: denomination and pieces.
        7 lines: String,
    }
}

synced! {
    /// A session closes once, with its Z report.
    pub fact SessionCloseRow in "session_close" tag 72 scope branch {
        /// The session's id: a session closes once.
        1 close_id: SessionId,
        2 number: String,
        3 closed_at: i64,
        4 closed_by: UserId,
        5 expected: Money,
        6 counted: Money,
        7 over_short: Money,
        8 reason: String,
        /// The Z report as closed, JSON; never recomputed.
        9 report: String,
    }
}

synced! {
    /// Cash put in, paid out or dropped into the safe.
    pub fact CashMovementRow in "cash_movement" tag 73 scope branch {
        1 cash_movement_id: CashMovementId,
        2 session_id: SessionId,
        3 number: String,
        /// In, out, drop.
        4 kind: String,
        5 amount: Money,
        6 reason: String,
        7 note: String,
        8 moved_by: UserId,
        9 moved_at: i64,
    }
}

synced! {
    /// A sale, a return or a void: posted once, never edited.
    pub fact SaleRow in "sale" tag 74 scope branch {
        1 sale_id: SaleId,
        2 number: String,
        /// Sale, return, void.
        3 kind: String,
        /// Null for imported history.
        4 session_id: Option<SessionId>,
        5 terminal_id: TerminalId,
        6 cashier_id: Option<UserId>,
        7 customer_id: Option<CustomerId>,
        8 business_date: NaiveDate,
        9 sold_at: i64,
        10 offset_min: i64,
        11 currency: String,
        12 gross: Money,
        13 discount: Money,
        14 net: Money,
        15 tax: Money,
        16 total: Money,
        17 rounding: Money,
        18 change: Money,
        19 original_sale_id: Option<SaleId>,
        /// Number in the system it was imported from.
        20 source_number: String,
        21 reason: String,
        22 note: String,
        23 import_id: Option<ImportId>,
    }
}

synced! {
    /// One line as sold and as printed.
    pub fact SaleLineRow in "sale_line" tag 75 scope branch {
        1 line_id: LineId,
        2 sale_id: SaleId,
        3 line_no: i64,
        4 product_id: ProductId,
        5 product_unit_id: Option<ProductUnitId>,
        /// Code, name and unit as printed.
        6 code: String,
        7 name: String,
        8 unit: String,
        /// Of the unit sold.
        9 qty: Qty,
        /// Of the base unit.
        10 base_qty: Qty,
        11 unit_price: UnitPrice,
        12 list_price: UnitPrice,
        13 price_source: String,
        14 gross: Money,
        15 line_discount: Money,
        16 ticket_discount: Money,
        17 net: Money,
        18 tax: Money,
        19 total: Money,
        20 tax_class_id: TaxClassId,
        21 tax_code: String,
        22 tax_rate: Rate,
        23 tax_inclusive: bool,
        /// Value that left stock, minor units, signed like qty.
        24 cost: Money,
        /// The line this one takes back.
        25 returned_line_id: Option<LineId>,
        /// Where returned goods went.
        26 disposition: String,
        27 serial: String,
        28 reason: String,
        29 note: String,
    }
}

synced! {
    /// One payment applied to a ticket.
    pub fact SaleTenderRow in "sale_tender" tag 76 scope branch {
        1 tender_id: TenderId,
        2 sale_id: SaleId,
        /// Cash, card, qr, transfer, store_credit, on_account.
        3 kind: String,
        /// Applied to the ticket, signed; cash net of change.
        4 amount: Money,
        /// Handed over.
        5 tendered: Money,
        6 reference: String,
        7 store_credit_id: Option<StoreCreditId>,
    }
}

synced! {
    /// A customer pays what they owe: posted once, never edited.
    pub fact AccountPaymentRow in "account_payment" tag 82 scope branch {
        1 payment_id: PaymentId,
        2 number: String,
        3 session_id: SessionId,
        4 terminal_id: TerminalId,
        5 cashier_id: UserId,
        6 customer_id: CustomerId,
        7 business_date: NaiveDate,
        8 paid_at: i64,
        9 offset_min: i64,
        10 currency: String,
        /// Before it, as this terminal knew it.
        11 owed: Money,
        /// What it took off the debt.
        12 amount: Money,
        /// What cash rounding added.
        13 rounding: Money,
        14 change: Money,
        15 note: String,
    }
}

synced! {
    /// One payment applied to a debt.
    pub fact AccountPaymentTenderRow in "account_payment_tender" tag 83 scope branch {
        1 tender_id: TenderId,
        2 payment_id: PaymentId,
        /// Cash, card, qr, transfer.
        3 kind: String,
        /// Applied to the debt and its rounding; cash net of change.
        4 amount: Money,
        /// Handed over.
        5 tendered: Money,
        6 reference: String,
    }
}

synced! {
    /// A slip worth money in the shop.
    pub fact StoreCreditRow in "store_credit" tag 77 scope branch {
        1 store_credit_id: StoreCreditId,
        2 number: String,
        3 customer_id: Option<CustomerId>,
        /// Name or identity document shown, where no customer is known.
        4 holder: String,
        5 sale_id: SaleId,
        6 issued_at: i64,
    }
}

synced! {
    /// Credit issued (positive) or spent (negative).
    pub fact StoreCreditMoveRow in "store_credit_move" tag 78 scope branch {
        1 move_id: EventId,
        2 store_credit_id: StoreCreditId,
        3 sale_id: SaleId,
        4 amount: Money,
    }
}

synced! {
    /// Held sales are durable and belong to the branch; taking one up or giving it up is a fact
    /// of its own.
    pub fact HeldTicketRow in "held_ticket" tag 79 scope branch {
        1 held_id: HeldTicketId,
        2 session_id: SessionId,
        3 terminal_id: TerminalId,
        4 cashier_id: UserId,
        5 note: String,
        6 total: Money,
        7 line_count: i64,
        /// The ticket, JSON.
        8 content: String,
        9 business_date: NaiveDate,
        10 held_at: i64,
    }
}

synced! {
    /// A held ticket taken up, given up or expired.
    pub fact HeldTicketEndRow in "held_ticket_end" tag 80 scope branch {
        1 end_id: EventId,
        2 held_id: HeldTicketId,
        /// Recalled, discarded, expired.
        3 kind: String,
        4 reason: String,
        5 ended_by: Option<UserId>,
        6 terminal_id: TerminalId,
        7 ended_at: i64,
    }
}

synced! {
    /// What the Z report counts besides money: line voids, ticket voids, no-sale, reprints,
    /// overrides, checks.
    pub fact PosEventRow in "pos_event" tag 81 scope branch {
        1 event_id: EventId,
        2 session_id: Option<SessionId>,
        3 kind: String,
        4 sale_id: Option<SaleId>,
        5 product_id: Option<ProductId>,
        6 qty: Qty,
        7 amount: Money,
        8 reason: String,
        9 detail: String,
        10 user_id: Option<UserId>,
        11 happened_at: i64,
    }
}
