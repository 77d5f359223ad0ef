//! Cash sessions, counts and reports, as the screen sees them.

use chrono::NaiveDate;
use lumbung_domain::ids::{CashMovementId, CategoryId, SessionId, UserId};
use lumbung_domain::num::Money;
use lumbung_domain::session::{CashMovementKind, CountLine};
use lumbung_domain::tender::TenderKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{TaxSum, Ticket};

/// Opening a drawer.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenSession {
    /// Which drawer.
    pub drawer: String,
    /// The day in the books; the device's date where left out.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub business_date: Option<NaiveDate>,
    /// The float, counted.
    pub counted: Vec<CountLine>,
}

/// A session.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Session {
    /// The session.
    pub session_id: SessionId,
    /// The till.
    pub terminal: String,
    /// The drawer.
    pub drawer: String,
    /// Whose it is.
    pub cashier_id: UserId,
    /// Their name.
    pub cashier: String,
    /// Day in the books.
    pub business_date: String,
    /// Float.
    pub opening_float: Money,
    /// When opened, UTC milliseconds.
    pub opened_at: i64,
    /// Its drawer is counted: nothing is sold any more, it only has to be closed.
    pub counted: Option<DrawerCount>,
    /// When closed.
    pub closed_at: Option<i64>,
    /// Number of its Z report.
    pub z_number: Option<String>,
    /// Over (positive) or short.
    pub over_short: Option<Money>,
}

/// A drawer counted before anybody sees what is expected. Once committed, a count stays.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CountDrawer {
    /// The session.
    pub session_id: SessionId,
    /// The drawer, counted.
    pub counted: Vec<CountLine>,
}

/// A count that is being entered.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// Notes and coins so far.
    pub counted: Vec<CountLine>,
}

/// What a count comes to.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct CountTotal {
    /// The sum.
    pub total: Money,
}

/// What a committed count came to.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DrawerCount {
    /// Cash that should be there.
    pub expected: Money,
    /// Cash counted.
    pub counted: Money,
    /// Over (positive) or short.
    pub over_short: Money,
    /// Whether a reason must be given.
    pub needs_reason: bool,
}

/// Closing a session whose drawer is counted.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CloseSession {
    /// The session.
    pub session_id: SessionId,
    /// Why it is over or short.
    #[serde(default)]
    pub reason: String,
}

/// Names a session.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SessionRef {
    /// The session.
    pub session_id: SessionId,
}

/// Cash put in, paid out or dropped.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CashMovement {
    /// Which.
    pub kind: CashMovementKind,
    /// How much, positive.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// More words.
    #[serde(default)]
    pub note: String,
}

/// A slip for cash outside a sale.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CashSlip {
    /// The movement.
    pub cash_movement_id: CashMovementId,
    /// Its number.
    pub number: String,
    /// In, out or drop.
    pub kind: String,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// More words.
    pub note: String,
    /// By whom.
    pub by: String,
    /// When, UTC milliseconds.
    pub moved_at: i64,
}

/// Why the drawer was opened without a sale.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoSale {
    /// Why.
    pub reason: String,
}

/// Money of one kind of tender in a session.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct TenderSum {
    /// The kind.
    pub kind: TenderKind,
    /// Taken; hidden while the drawer is to be counted blind.
    pub taken: Option<Money>,
    /// Paid back; hidden likewise.
    pub refunded: Option<Money>,
    /// Payments.
    pub count: u32,
}

/// Sales of one category in a session.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CategorySum {
    /// The category; `null` for none.
    pub category_id: Option<CategoryId>,
    /// Its name.
    pub name: String,
    /// Lines of it.
    #[serde(default)]
    pub count: u32,
    /// What was sold less what came back.
    pub total: Money,
}

/// What a session came to: an X report while it is open, the Z report once closed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SessionReport {
    /// Number of the Z report; `null` for an X report.
    pub number: Option<String>,
    /// The session.
    pub session_id: SessionId,
    /// Branch.
    pub branch: String,
    /// Till.
    pub terminal: String,
    /// Drawer.
    pub drawer: String,
    /// Cashier.
    pub cashier: String,
    /// Day in the books.
    pub business_date: String,
    /// When opened, UTC milliseconds.
    pub opened_at: i64,
    /// When closed.
    pub closed_at: Option<i64>,
    /// Offset of local time, minutes.
    pub offset_min: i64,
    /// Currency.
    pub currency: String,
    /// Sales.
    pub sales: u32,
    /// What they came to.
    pub sales_total: Money,
    /// Returns.
    pub returns: u32,
    /// What they came to, negative.
    pub returns_total: Money,
    /// Voided sales.
    pub voids: u32,
    /// What they came to, negative.
    pub voids_total: Money,
    /// Documents with a discount.
    #[serde(default)]
    pub discounts: u32,
    /// Discounts given.
    pub discount: Money,
    /// Without tax.
    pub net: Money,
    /// Tax.
    pub tax: Money,
    /// Sales less returns and voids.
    pub total: Money,
    /// Cash rounding.
    pub rounding: Money,
    /// Payments of what customers owed.
    #[serde(default)]
    pub account_payments: u32,
    /// What they took off the debts.
    #[serde(default)]
    pub account_payments_total: Money,
    /// What of it was cash; hidden while the drawer is to be counted blind.
    #[serde(default)]
    pub account_payments_cash: Option<Money>,
    /// By kind of tender.
    pub tenders: Vec<TenderSum>,
    /// By tax class.
    pub taxes: Vec<TaxSum>,
    /// By category.
    pub categories: Vec<CategorySum>,
    /// Float.
    pub opening_float: Money,
    /// Put in.
    pub cash_in: Money,
    /// Paid out.
    pub cash_out: Money,
    /// Dropped.
    pub cash_drops: Money,
    /// Cash that should be there; hidden until the count is committed.
    pub expected: Option<Money>,
    /// Cash counted.
    pub counted: Option<Money>,
    /// Over (positive) or short.
    pub over_short: Option<Money>,
    /// The count by denomination.
    pub count: Vec<CountLine>,
    /// Drawer openings without a sale.
    pub no_sales: u32,
    /// Lines taken off tickets before payment.
    pub line_voids: u32,
    /// What they would have come to.
    pub line_voids_total: Money,
    /// Tickets given up before payment.
    pub ticket_voids: u32,
    /// Receipts printed again.
    pub reprints: u32,
    /// Things a manager allowed.
    pub overrides: u32,
    /// Tickets still held in this branch.
    pub held: u32,
    /// First receipt.
    pub first_number: Option<String>,
    /// Last receipt.
    pub last_number: Option<String>,
    /// Why it was over or short.
    pub reason: String,
}

/// What the till knows about itself.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TillState {
    /// The cashier's open session.
    pub session: Option<Session>,
    /// Other open sessions of this till: their cashiers must close them.
    pub others: Vec<Session>,
    /// The ticket that was on the screen.
    pub ticket: Option<Ticket>,
    /// Tickets held in this branch.
    pub held: u32,
    /// Denominations to count, largest first.
    pub denominations: Vec<Money>,
    /// Device's date now.
    pub today: String,
    /// Whether the till is open past midnight of its business date.
    pub past_midnight: bool,
}
