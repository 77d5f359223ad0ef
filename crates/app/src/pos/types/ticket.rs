//! The open ticket, its payment, and tickets put aside, as the screen sees them.

use lumbung_domain::ids::{
    CustomerId, HeldTicketId, LineId, ProductId, ProductUnitId, SaleId, TaxClassId,
};
use lumbung_domain::num::{Money, Qty, Rate, UnitPrice};
use lumbung_domain::tender::TenderKind;
use lumbung_domain::ticket::Discount;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A price given by hand, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PriceOverride {
    /// The price of one unit.
    pub unit_price: UnitPrice,
    /// Why.
    pub reason: String,
}

/// One line of an open ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketLine {
    /// The line, made when it was scanned.
    pub line_id: LineId,
    /// What is sold.
    pub product_id: ProductId,
    /// In which unit; `null` is the base unit.
    #[serde(default)]
    pub product_unit_id: Option<ProductUnitId>,
    /// How many.
    pub qty: Qty,
    /// The price printed on its label, where the label carries one.
    #[serde(default)]
    pub label_price: Option<Money>,
    /// A price given by hand.
    #[serde(default)]
    pub price: Option<PriceOverride>,
    /// A discount on this line.
    #[serde(default)]
    pub discount: Option<Discount>,
    /// Serial number.
    #[serde(default)]
    pub serial: String,
    /// The cashier has checked age, licence or prescription.
    #[serde(default)]
    pub checked: bool,
    /// A note, printed.
    #[serde(default)]
    pub note: String,
}

/// A ticket that is not paid yet. Its id becomes the sale's, so it can be sold only once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// The ticket.
    pub ticket_id: SaleId,
    /// Who buys.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
    /// A discount on the whole ticket.
    #[serde(default)]
    pub discount: Option<Discount>,
    /// A note, printed.
    #[serde(default)]
    pub note: String,
    /// What is sold.
    pub lines: Vec<TicketLine>,
}

/// Something about a line that the cashier should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LineMark {
    /// More than is on the shelf.
    LowStock,
    /// Below the lowest price or cost: a manager must allow it.
    BelowFloor,
    /// The discount is above the cashier's limit: a manager must allow it.
    DiscountOverLimit,
    /// The price was given by hand.
    PriceByHand,
    /// Age, licence or prescription must be checked.
    MustCheck,
    /// The serial number of the piece is still to be entered.
    SerialMissing,
    /// A piece of this serial number is sold already, or stands on the ticket twice.
    SerialTaken,
}

/// A line as priced.
#[derive(Debug, Clone, Serialize, TS)]
pub struct QuotedLine {
    /// The line.
    pub line_id: LineId,
    /// Its number on the ticket.
    pub line_no: u32,
    /// Code of the product.
    pub code: String,
    /// Name of the product.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// How many.
    pub qty: Qty,
    /// Price of one.
    pub unit_price: UnitPrice,
    /// Price of one by the list.
    pub list_price: UnitPrice,
    /// Which list or rule gave the price.
    pub price_source: String,
    /// Quantity × price.
    pub gross: Money,
    /// Discount of the line.
    pub line_discount: Money,
    /// Its share of the ticket's discount.
    pub ticket_discount: Money,
    /// Tax in or on it.
    pub tax: Money,
    /// What it comes to.
    pub total: Money,
    /// Mark of its tax class.
    pub tax_code: String,
    /// Whether its price contains the tax.
    pub tax_inclusive: bool,
    /// What is on the shelf, base units.
    pub on_hand: Qty,
    /// What must be checked: age, licence, prescription; empty for nothing.
    pub restriction: String,
    /// Whether every piece of it has a serial number.
    pub serial_tracked: bool,
    /// The serial number given; empty for none.
    pub serial: String,
    /// What the cashier should know.
    pub marks: Vec<LineMark>,
}

/// Tax of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TaxSum {
    /// The class.
    pub tax_class_id: TaxClassId,
    /// Its mark.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its rate.
    pub rate: Rate,
    /// What was taxed.
    pub base: Money,
    /// The tax.
    pub tax: Money,
}

/// A ticket as priced: what the screen shows.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Quote {
    /// Its lines.
    pub lines: Vec<QuotedLine>,
    /// Taxes by class.
    pub taxes: Vec<TaxSum>,
    /// Before discounts.
    pub gross: Money,
    /// All discounts.
    pub discount: Money,
    /// Without tax.
    pub net: Money,
    /// Tax.
    pub tax: Money,
    /// What the customer owes.
    pub total: Money,
    /// What they owe when the rest is paid in cash: rounded.
    pub cash_total: Money,
    /// Banknotes and sums a customer may hand over for it, for quick keys.
    pub quick_cash: Vec<Money>,
    /// Currency.
    pub currency: String,
    /// Number of pieces.
    pub pieces: u32,
    /// Who buys, by name.
    pub customer: Option<String>,
    /// What the customer may still put on account; `null` without a customer.
    pub credit_available: Option<Money>,
}

/// What to add to a ticket.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Add {
    /// The ticket so far; left out to begin one.
    #[serde(default)]
    pub ticket: Option<Ticket>,
    /// A scanned or typed code, or …
    #[serde(default)]
    pub code: Option<String>,
    /// … a product that was chosen.
    #[serde(default)]
    pub product_id: Option<ProductId>,
    /// In which unit.
    #[serde(default)]
    pub product_unit_id: Option<ProductUnitId>,
    /// How many; one where left out.
    #[serde(default)]
    pub qty: Option<Qty>,
}

/// How adding went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AddOutcome {
    /// The line is on the ticket.
    Added,
    /// Several products carry this code: one must be chosen.
    Choose,
    /// Nothing carries this code.
    Unknown,
}

/// The ticket after something was added.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Added {
    /// How it went.
    pub outcome: AddOutcome,
    /// The line that was added or counted up.
    pub line_id: Option<LineId>,
    /// Products to choose from.
    pub choices: Vec<ProductId>,
    /// The ticket.
    pub ticket: Ticket,
    /// Priced.
    pub quote: Quote,
}

/// A ticket.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketArg {
    /// The ticket.
    pub ticket: Ticket,
}

/// A ticket or none.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenTicket {
    /// The ticket on the screen; `null` when there is none.
    pub ticket: Option<Ticket>,
}

/// One payment.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    /// How.
    pub kind: TenderKind,
    /// How much was handed over.
    pub amount: Money,
    /// Approval code, transfer reference, number of the store credit.
    #[serde(default)]
    pub reference: String,
}

/// Finishing a sale.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Complete {
    /// The ticket.
    pub ticket: Ticket,
    /// How it is paid.
    pub payments: Vec<Payment>,
    /// The total the cashier saw: a different one is refused, never charged.
    pub expected_total: Money,
}

/// What remains to be paid while tenders are being entered.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// What the ticket comes to.
    pub total: Money,
    /// Payments so far.
    pub payments: Vec<Payment>,
}

/// How far payments reach.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Settled {
    /// Still to pay, by anything but cash.
    pub remaining: Money,
    /// Still to pay in cash: rounded.
    pub remaining_cash: Money,
    /// To give back.
    pub change: Money,
    /// Rounding of the cash part.
    pub rounding: Money,
    /// Whether the sale can be finished.
    pub complete: bool,
}

/// A line taken off a ticket before payment.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LineVoid {
    /// The ticket.
    pub ticket: Ticket,
    /// The line.
    pub line_id: LineId,
    /// Why.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub reason: String,
}

/// Another quantity or unit for a line that is on the ticket.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LineChange {
    /// The ticket.
    pub ticket: Ticket,
    /// The line.
    pub line_id: LineId,
    /// How many from now on.
    pub qty: Qty,
    /// In which unit from now on; `null` is the base unit.
    #[serde(default)]
    pub product_unit_id: Option<ProductUnitId>,
}

/// A ticket after one of its lines changed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LineChanged {
    /// The ticket; `null` when nothing is left of it.
    pub ticket: Option<Ticket>,
    /// Priced; `null` when no line is left, or one of those left cannot be priced.
    pub quote: Option<Quote>,
}

/// Names a line of a ticket.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LineOf {
    /// The ticket.
    pub ticket: Ticket,
    /// The line.
    pub line_id: LineId,
}

/// A unit in which a line could be sold.
#[derive(Debug, Clone, Serialize, TS)]
pub struct UnitChoice {
    /// The unit; `null` is the base unit.
    pub product_unit_id: Option<ProductUnitId>,
    /// Its name.
    pub unit: String,
    /// Base units in one of it.
    pub factor: Qty,
    /// What one of it costs this customer; `null` where it has no price.
    pub unit_price: Option<UnitPrice>,
    /// Whether the line is sold in it now.
    pub current: bool,
}

/// A ticket given up before payment.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketVoid {
    /// The ticket.
    pub ticket: Ticket,
    /// Why.
    pub reason: String,
}

/// A ticket put aside.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// The ticket.
    pub ticket: Ticket,
    /// A name or note to find it by.
    pub note: String,
}

/// Names a held ticket.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HeldRef {
    /// The held ticket.
    pub held_id: HeldTicketId,
}

/// A held ticket to be given up.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HeldDiscard {
    /// The held ticket.
    pub held_id: HeldTicketId,
    /// Why.
    pub reason: String,
}

/// A held ticket in the list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Held {
    /// The held ticket.
    pub held_id: HeldTicketId,
    /// Its note.
    pub note: String,
    /// Who held it.
    pub cashier: String,
    /// At which till.
    pub terminal: String,
    /// What it came to then.
    pub total: Money,
    /// Its lines.
    pub line_count: i64,
    /// When, UTC milliseconds.
    pub held_at: i64,
    /// Whether it is past its days.
    pub expired: bool,
}

/// The ticket of a held sale, priced anew.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Recalled {
    /// The ticket.
    pub ticket: Ticket,
    /// Its note.
    pub note: String,
    /// Priced.
    pub quote: Quote,
}
