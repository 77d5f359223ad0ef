//! Payments of what a customer owes, as the screen sees them.

use lumbung_domain::ids::{CustomerId, PaymentId};
use lumbung_domain::num::Money;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Payment, TenderView};

/// Taking money for what a customer owes.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PayAccount {
    /// Made by the screen, so that it happens once.
    pub payment_id: PaymentId,
    /// Whose debt.
    pub customer_id: CustomerId,
    /// How much of it is paid.
    pub amount: Money,
    /// How: cash, card, QR or transfer.
    pub payments: Vec<Payment>,
    /// A note, printed and on the statement.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub note: String,
}

/// Names a payment on account.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AccountPaymentRef {
    /// The payment.
    pub payment_id: PaymentId,
}

/// A payment on account as posted.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AccountPayment {
    /// The payment.
    pub payment_id: PaymentId,
    /// Its number.
    pub number: String,
    /// Whose debt.
    pub customer_id: CustomerId,
    /// Their name.
    pub customer: String,
    /// Who took it.
    pub cashier: String,
    /// Day in the books.
    pub business_date: String,
    /// When, UTC milliseconds.
    pub paid_at: i64,
    /// Offset of local time then, minutes.
    pub offset_min: i64,
    /// Currency.
    pub currency: String,
    /// Owed before it.
    pub owed: Money,
    /// Paid of it.
    pub amount: Money,
    /// Still owed after it.
    pub left: Money,
    /// Cash rounding.
    pub rounding: Money,
    /// Given back.
    pub change: Money,
    /// Payments as applied.
    pub tenders: Vec<TenderView>,
    /// Note.
    pub note: String,
}
