//! Whether the centre has every receipt of this till, to the last unit of money.
//!
//! Both sides run this one function over what the log gave a place up to a certain entry; the
//! centre signs its answer.
//!
//! **Invariant:** two replicas that hold the same receipts up to an entry give the same answer,
//! and one receipt more, less or other gives a different one.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use lumbung_domain::currency::Currency;
use lumbung_domain::ids::{Id, SessionId, TerminalId};
use lumbung_domain::num::Money;
use rusqlite::{Connection, named_params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::door::Read;
use crate::error::{Result, refuse};
use crate::finance;

/// Business days that are compared again and again, besides each session at its Z.
const RECENT_DAYS: u64 = 7;

/// The first business day that is compared again and again.
pub fn recent(now_ms: i64, offset_min: i16) -> NaiveDate {
    let today = finance::local_date(now_ms, offset_min);
    today.checked_sub_days(Days::new(RECENT_DAYS)).unwrap_or(today)
}

/// Which receipts are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Of which till.
    pub terminal_id: TerminalId,
    /// Only of this session; otherwise all.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub session_id: Option<SessionId>,
    /// Only of this business day and later ones; otherwise all.
    #[serde(default)]
    #[ts(optional = nullable, type = "string | null")]
    pub since: Option<NaiveDate>,
    /// Up to which entry of the log.
    pub seq: u64,
}

/// What a currency came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CurrencyTotal {
    /// ISO 4217.
    pub currency: String,
    /// Digits after the point of its amounts.
    pub digits: u32,
    /// The sum of the receipts' totals, minor units.
    pub total: Money,
}

/// What the receipts come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Tally {
    /// How many receipts: sales, returns and voids.
    #[ts(type = "number")]
    pub receipts: u64,
    /// What they come to, by currency.
    pub totals: Vec<CurrencyTotal>,
    /// BLAKE3 over number, currency and total of each, in the order of the log: 64 digits.
    pub hash: String,
}

/// Counts the receipts a question asks for.
pub fn tally(db: &Connection, question: &Question) -> Result<Tally> {
    // Each form has the index it needs: of a session, and of some days.
    let which =
        if question.session_id.is_some() { "session_id = :session" } else { ":session is null" };
    let mut statement = db.prepare_cached(&format!(
        "select number, currency, total from sale
         where {which} and business_date >= :since
           and terminal_id = :terminal and _seq between 1 and :seq
         order by _seq, number, sale_id"
    ))?;
    let mut rows = statement.query(named_params! {
        ":session": question.session_id.map(Id::bytes),
        ":since": question.since.map(|day| day.to_string()).unwrap_or_default(),
        ":terminal": question.terminal_id.bytes(),
        ":seq": i64::try_from(question.seq).unwrap_or(i64::MAX),
    })?;
    let mut hasher = blake3::Hasher::new();
    let mut receipts = 0_u64;
    let mut sums: BTreeMap<String, Money> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (number, currency): (String, String) = (row.get("number")?, row.get("currency")?);
        let total: i64 = row.get("total")?;
        // Lengths first, so that no two lists of receipts read the same.
        hasher.update(&(number.len() as u64).to_be_bytes()).update(number.as_bytes());
        hasher.update(&(currency.len() as u64).to_be_bytes()).update(currency.as_bytes());
        hasher.update(&total.to_be_bytes());
        receipts += 1;
        let sum = sums.entry(currency).or_insert(Money::ZERO);
        *sum = sum.plus(Money::of(total))?;
    }
    let totals = sums.into_iter().map(of_currency).collect();
    Ok(Tally { receipts, totals, hash: hasher.finalize().to_hex().to_string() })
}

fn of_currency((currency, total): (String, Money)) -> CurrencyTotal {
    // A currency that this version does not know is shown in its smallest unit.
    let digits = currency.parse::<Currency>().map_or(0, |known| u32::from(known.digits()));
    CurrencyTotal { currency, digits, total }
}

/// A till asks the centre.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The till that asks.
    pub terminal_id: TerminalId,
    /// What it asks.
    pub question: Question,
}

/// `sync.reconcile`: the centre's side. A till is told only of its own receipts.
pub fn answer(read: &Read<'_>, asked: Asked) -> Result<Tally> {
    if asked.question.terminal_id != asked.terminal_id {
        return Err(refuse("forbidden", "A till may ask only for its own receipts."));
    }
    tally(read.db, &asked.question)
}
