//! Receipts, and goods that come back, as the screen sees them.

use chrono::NaiveDate;
use lumbung_domain::ids::{
    CustomerId, LineId, ProductId, ProductUnitId, SaleId, SessionId, TerminalId, UserId,
};
use lumbung_domain::num::{Money, Qty, UnitPrice};
use lumbung_domain::stock::StockStatus;
use lumbung_domain::tender::TenderKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::TaxSum;

/// A payment as applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TenderView {
    /// How.
    pub kind: TenderKind,
    /// Applied to the ticket.
    pub amount: Money,
    /// Handed over.
    pub tendered: Money,
    /// Its reference.
    pub reference: String,
}

/// A line as sold.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReceiptLine {
    /// The line.
    pub line_id: LineId,
    /// Its number.
    pub line_no: u32,
    /// The product.
    pub product_id: ProductId,
    /// Code as printed.
    pub code: String,
    /// Name as printed.
    pub name: String,
    /// Unit as printed.
    pub unit: String,
    /// How many; negative came back.
    pub qty: Qty,
    /// Price of one.
    pub unit_price: UnitPrice,
    /// Discounts, its share of the ticket's included.
    pub discount: Money,
    /// Tax in or on it.
    pub tax: Money,
    /// Mark of its tax class.
    pub tax_code: String,
    /// What it came to.
    pub total: Money,
    /// How many of it can still come back.
    pub returnable: Qty,
    /// Where returned goods went.
    pub disposition: String,
    /// Why it came back.
    pub reason: String,
    /// Note as printed.
    pub note: String,
    /// Serial number.
    pub serial: String,
}

/// What kind of document a receipt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SaleKind {
    /// Goods went out.
    Sale,
    /// Goods came back.
    Return,
    /// A sale of the same session taken back whole.
    Void,
}

impl SaleKind {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Return => "return",
            Self::Void => "void",
        }
    }

    /// As stored.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Sale, Self::Return, Self::Void].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A sale, return or void as posted.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Receipt {
    /// The sale.
    pub sale_id: SaleId,
    /// Its number.
    pub number: String,
    /// Sale, return or void.
    pub kind: SaleKind,
    /// Day in the books.
    pub business_date: String,
    /// When, UTC milliseconds.
    pub sold_at: i64,
    /// Offset of local time then, minutes.
    pub offset_min: i64,
    /// The till.
    pub terminal_id: TerminalId,
    /// The session; `null` for imported history.
    pub session_id: Option<SessionId>,
    /// The cashier.
    pub cashier_id: Option<UserId>,
    /// Their name.
    pub cashier: String,
    /// Who bought.
    pub customer_id: Option<CustomerId>,
    /// Their name.
    pub customer: Option<String>,
    /// Currency.
    pub currency: String,
    /// Lines as sold.
    pub lines: Vec<ReceiptLine>,
    /// Taxes by class.
    pub taxes: Vec<TaxSum>,
    /// Before discounts.
    pub gross: Money,
    /// Discounts.
    pub discount: Money,
    /// Without tax.
    pub net: Money,
    /// Tax.
    pub tax: Money,
    /// What was owed.
    pub total: Money,
    /// Cash rounding.
    pub rounding: Money,
    /// Given back.
    pub change: Money,
    /// Payments as applied.
    pub tenders: Vec<TenderView>,
    /// The sale it takes back.
    pub original_sale_id: Option<SaleId>,
    /// Its number.
    pub original_number: Option<String>,
    /// Returns and voids of it.
    pub returns: Vec<ReturnRef>,
    /// Number in the system it was imported from.
    pub source_number: String,
    /// Why goods came back.
    pub reason: String,
    /// Note as printed.
    pub note: String,
    /// Copies printed after the first.
    pub copies: u32,
    /// Store credit issued with it.
    pub store_credit: Option<StoreCreditView>,
    /// Whether it was given back whole in the same session.
    pub voided: bool,
}

/// A return or void of a sale.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReturnRef {
    /// The document.
    pub sale_id: SaleId,
    /// Its number.
    pub number: String,
    /// Return or void.
    pub kind: SaleKind,
    /// What it came to.
    pub total: Money,
}

/// A slip worth money in the shop.
#[derive(Debug, Clone, Serialize, TS)]
pub struct StoreCreditView {
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub holder: String,
    /// What was put on it.
    pub issued: Money,
    /// What is left.
    pub balance: Money,
}

/// A number on paper.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NumberArg {
    /// As printed or scanned.
    pub number: String,
}

/// Names a sale.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaleRef {
    /// The sale.
    pub sale_id: SaleId,
}

/// Which receipts to list.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReceiptQuery {
    /// Part of a number.
    #[serde(default)]
    pub text: String,
    /// First business date.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub from: Option<NaiveDate>,
    /// Last business date.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub to: Option<NaiveDate>,
    /// Only this customer's.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
    /// Before this sale, for the next page.
    #[serde(default)]
    pub before: Option<SaleId>,
}

/// A receipt in a list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReceiptSummary {
    /// The sale.
    pub sale_id: SaleId,
    /// Its number.
    pub number: String,
    /// Sale, return or void.
    pub kind: SaleKind,
    /// Day in the books.
    pub business_date: String,
    /// When, UTC milliseconds.
    pub sold_at: i64,
    /// The cashier's name.
    pub cashier: String,
    /// The customer's name.
    pub customer: Option<String>,
    /// What it came to.
    pub total: Money,
}

/// A page of receipts.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReceiptPage {
    /// Newest first.
    pub receipts: Vec<ReceiptSummary>,
    /// Ask with this for the next page.
    pub next: Option<SaleId>,
}

/// One line that comes back.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReturnLine {
    /// The line of the receipt.
    pub line_id: LineId,
    /// How many, positive.
    pub qty: Qty,
    /// The serial number of the piece, where the line was sold with one.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub serial: String,
    /// Where the goods go: sellable, quarantine or scrap.
    pub disposition: StockStatus,
    /// Why.
    pub reason: String,
}

/// Goods that come back with their receipt.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// Made by the screen, so that it happens once.
    pub return_id: SaleId,
    /// The receipt.
    pub sale_id: SaleId,
    /// What comes back.
    pub lines: Vec<ReturnLine>,
    /// The refund the cashier saw; left out to ask what it would be.
    #[serde(default)]
    pub expected_total: Option<Money>,
}

/// What a return would pay back.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReturnQuote {
    /// To pay back, positive.
    pub total: Money,
    /// Tax in it.
    pub tax: Money,
    /// Cash rounding.
    pub rounding: Money,
    /// How it is paid back.
    pub tenders: Vec<TenderView>,
    /// What each line is worth, in the order asked.
    pub lines: Vec<Money>,
    /// What a manager would have to allow.
    pub needs_approval: Vec<String>,
}

/// One product that comes back without a receipt.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LooseReturnLine {
    /// The product.
    pub product_id: ProductId,
    /// In which unit.
    #[serde(default)]
    pub product_unit_id: Option<ProductUnitId>,
    /// How many, positive.
    pub qty: Qty,
    /// The serial number of the piece, where the product has serial numbers.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub serial: String,
    /// Where the goods go.
    pub disposition: StockStatus,
    /// Why.
    pub reason: String,
}

/// Goods that come back without a receipt: store credit at the lowest price of late, with a
/// manager's permission and the name of who brought them.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LooseReturn {
    /// Made by the screen, so that it happens once.
    pub return_id: SaleId,
    /// The customer, if known.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
    /// Name and identity document of who brought them.
    pub holder: String,
    /// What comes back.
    pub lines: Vec<LooseReturnLine>,
}

/// A sale to be taken back whole.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VoidSale {
    /// Made by the screen, so that it happens once.
    pub void_id: SaleId,
    /// The sale.
    pub sale_id: SaleId,
    /// Why.
    pub reason: String,
}
