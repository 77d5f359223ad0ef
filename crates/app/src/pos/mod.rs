//! The till: tickets, sales, returns, sessions.
//!
//! **Invariant:** a receipt exists only for a durably stored sale; a posted sale is never edited,
//! only returned or voided by a document of its own.

mod account;
mod add;
mod checks;
mod complete;
mod held;
mod lines;
mod loose;
mod post_back;
mod quote;
mod receipt;
pub mod report;
mod returns;
pub mod rows;
mod serials;
mod session;
pub mod store;
mod ticket;
mod types;

pub use account::{account_payment, pay_account, view as account_payment_of};
pub use add::add;
pub use complete::{complete, settle};
pub use held::{discard, hold, list as held, recall, void_ticket};
pub use lines::{change_line, units, void_line};
pub use loose::take_back_loose;
pub use quote::quote;
pub use receipt::{find, get, list as receipts, receipt, store_credit};
pub use returns::{quote as return_quote, take_back, void};
pub use session::{
    business_date, cash_movement, close, count_drawer, count_total, keep_ticket, list as sessions,
    no_sale, open, state, x_report, z_report,
};
pub use ticket::price_ticket;
pub use types::*;

use chrono::Datelike;
use lumbung_domain::number::{DocKind, Series};

use crate::door::Write;
use crate::error::{Error, Result};

/// The next number of a series of this terminal. It is taken in the transaction that uses it, so
/// a failure leaves no gap.
pub fn next_number(write: &mut Write<'_, '_>, kind: DocKind) -> Result<String> {
    let year = write.business_date.year();
    let branch = write.standing.branch.code.clone();
    let terminal = write.tx.series().to_owned();
    let series = Series::new(&branch, &terminal, year, kind)?;
    let running = write.tx.next_number(&series.key())?;
    let running = u32::try_from(running)
        .map_err(|_| Error::Broken(format!("the series {series} is used up")))?;
    Ok(series.number(running)?.to_string())
}
