//! Finding customers: as a cashier types, and page by page in the back office.
//!
//! **Invariant:** every answer has a limit, and the archived are found only when asked for.

use lumbung_domain::ids::CustomerId;
use lumbung_domain::journal::PostingKey;
use lumbung_domain::num::Money;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::rows::CustomerRow;
use super::store::{self, CustomerFilter};
use crate::door::Read;
use crate::error::Result;
use crate::finance;

/// Customers a search answers with when it does not say how many.
const SEARCH_LIMIT_DEFAULT: u32 = 20;

/// Most customers a search answers with.
const SEARCH_LIMIT_MAX: u32 = 50;

/// Letters of a search that count.
const SEARCH_LENGTH_MAX: usize = 80;

/// Customers on a page when the call does not say how many.
const PAGE_DEFAULT: u32 = 100;

/// Most customers on a page.
const PAGE_MAX: u32 = 500;

/// One customer of a search or page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CustomerListed {
    /// The customer.
    pub customer_id: CustomerId,
    /// Their code.
    pub code: String,
    /// Their name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// The group they are in.
    pub customer_group: String,
    /// What they owe now.
    pub balance: Money,
    /// How much they may owe.
    pub credit_limit: Money,
    /// No new credit.
    pub blocked: bool,
    /// No longer served.
    pub archived: bool,
}

/// Arguments of `customers.search`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CustomerSearch {
    /// What was typed: a part of name, code, telephone, e-mail or tax number.
    pub text: String,
    /// Most hits.
    #[ts(optional = nullable)]
    pub limit: Option<u32>,
}

/// Arguments of `customers.list`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CustomerQuery {
    /// Only with this text.
    #[ts(optional = nullable)]
    pub text: Option<String>,
    /// Only archived ones; without it only those in use.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub archived: bool,
    /// Only those who owe something.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub owing: bool,
    /// How many are left out at the start.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub offset: u32,
    /// How many at most.
    #[ts(optional = nullable)]
    pub limit: Option<u32>,
}

/// A customer a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CustomerFound {
    /// The customer.
    pub customer_id: CustomerId,
    /// Their code.
    pub code: String,
    /// Their name.
    pub name: String,
    /// Telephone.
    pub phone: String,
}

/// A page of customers.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CustomerPage {
    /// By name.
    pub rows: Vec<CustomerListed>,
    /// Where the next page begins; absent on the last one.
    pub next_offset: Option<u32>,
}

fn listed(read: &Read<'_>, row: CustomerRow) -> Result<CustomerListed> {
    let account = read.standing.account(PostingKey::Receivable)?;
    let balance = finance::store::partner_balance(read.db, row.customer_id, account)?;
    Ok(CustomerListed {
        customer_id: row.customer_id,
        code: row.code,
        name: row.name,
        phone: row.phone,
        email: row.email,
        customer_group: row.customer_group,
        balance,
        credit_limit: row.credit_limit,
        blocked: row.blocked,
        archived: row.archived,
    })
}

/// `customers.search`: customers as a cashier types, the best first.
pub fn search(read: &Read<'_>, given: CustomerSearch) -> Result<Vec<CustomerFound>> {
    let limit = given.limit.unwrap_or(SEARCH_LIMIT_DEFAULT).clamp(1, SEARCH_LIMIT_MAX);
    let text: String = given.text.trim().chars().take(SEARCH_LENGTH_MAX).collect();
    let mut found = Vec::new();
    if !text.is_empty() {
        found.extend(store::customer_by_code(read.db, &text)?.filter(|row| !row.archived));
        let mut add = |rows: Vec<CustomerRow>| {
            for row in rows {
                if !found.iter().any(|other| other.customer_id == row.customer_id) {
                    found.push(row);
                }
            }
            found.len()
        };
        if add(store::by_name_prefix(read.db, &text, limit)?) < limit as usize {
            add(store::by_part(read.db, &text.to_lowercase(), limit)?);
        }
    }
    found.truncate(limit as usize);
    let found = found.into_iter().map(|row| CustomerFound {
        customer_id: row.customer_id,
        code: row.code,
        name: row.name,
        phone: row.phone,
    });
    Ok(found.collect())
}

/// `customers.list`: customers page by page.
pub fn list(read: &Read<'_>, given: CustomerQuery) -> Result<CustomerPage> {
    let limit = given.limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let text = given.text.as_deref().unwrap_or("").trim().to_lowercase();
    let owing = match given.owing {
        true => Some(read.standing.account(PostingKey::Receivable)?),
        false => None,
    };
    let filter = CustomerFilter {
        text: &text,
        archived: given.archived,
        owing,
        offset: given.offset,
        limit: limit + 1,
    };
    let mut found = store::customer_page(read.db, &filter)?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let rows = found.into_iter().map(|row| listed(read, row)).collect::<Result<_>>()?;
    Ok(CustomerPage { rows, next_offset: more.then(|| given.offset.saturating_add(limit)) })
}
