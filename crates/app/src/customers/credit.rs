//! What a customer owes, what is late, and how much more they may take on account.
//!
//! **Invariant:** it comes from the journal lines of the receivable account and nowhere else.

use chrono::{Days, NaiveDate};
use lumbung_domain::credit::{self as rule, Ageing, CreditError, CreditFacts};
use lumbung_domain::ids::{AccountId, CustomerId};
use lumbung_domain::journal::PostingKey;
use lumbung_domain::num::Money;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::rows::CustomerRow;
use super::store::{self, PartnerLine, PartnerPeriod};
use crate::door::Read;
use crate::error::{Refusal, Result, not_found, refuse_field};
use crate::finance;
use crate::standing::Standing;

/// Lines of a statement on one page.
const STATEMENT_PAGE: u32 = 500;

/// Lines of a printed statement.
const STATEMENT_LINES_MAX: u32 = 10_000;

/// How a customer stands, in minor units of the base currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Credit {
    /// How much may be owed; 0 allows no credit.
    pub limit: Money,
    /// What is owed now; negative where the shop owes it.
    pub balance: Money,
    /// The part of it that is past its term.
    pub overdue: Money,
    /// How much more may be taken on account; 0 where it is blocked.
    pub available: Money,
    /// No new credit, by decision.
    pub blocked: bool,
}

/// Names a customer.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CustomerRef {
    /// The customer.
    pub customer_id: CustomerId,
}

/// How a customer stands on a day. Payments settle the oldest charges first.
pub fn credit(
    db: &Connection,
    standing: &Standing,
    customer: &CustomerRow,
    today: NaiveDate,
) -> Result<Credit> {
    let facts = facts(db, standing, customer, today)?;
    Ok(Credit {
        limit: customer.credit_limit,
        balance: facts.balance,
        overdue: facts.overdue,
        available: rule::available(&facts)?,
        blocked: customer.blocked,
    })
}

fn facts(
    db: &Connection,
    standing: &Standing,
    customer: &CustomerRow,
    today: NaiveDate,
) -> Result<CreditFacts> {
    let account = receivable(standing)?;
    Ok(CreditFacts {
        limit: Some(customer.credit_limit).filter(|limit| limit.is_positive()),
        balance: finance::store::partner_balance(db, customer.customer_id, account)?,
        reserved: Money::ZERO,
        overdue: overdue(db, customer, account, today)?,
        blocked: customer.blocked,
    })
}

/// Refuses to charge an amount to a customer who may not owe so much more.
pub fn check_credit(
    db: &Connection,
    standing: &Standing,
    customer: &CustomerRow,
    amount: Money,
    today: NaiveDate,
) -> Result<()> {
    let facts = facts(db, standing, customer, today)?;
    let Err(error) = rule::check_credit(&facts, amount) else { return Ok(()) };
    let name = &customer.name;
    let money = |amount: Money| standing.money(amount);
    let message = match error {
        CreditError::NoCredit => format!("{name} has no credit: take another payment."),
        CreditError::Blocked => format!("The credit of {name} is stopped: ask the office."),
        CreditError::Overdue { overdue } => {
            format!("{name} has {} overdue: it must be paid first, or approved.", money(overdue))
        }
        CreditError::OverLimit { available, limit, asked } => format!(
            "{name} has {} left of a credit limit of {}, not {}.",
            money(available),
            money(limit),
            money(asked)
        ),
        CreditError::BadAmount { .. }
        | CreditError::NothingOwed
        | CreditError::MoreThanOwed { .. }
        | CreditError::NotMoney { .. }
        | CreditError::Number(_) => format!("{error}."),
    };
    let mut refusal = Refusal::new(error.code(), message).fact("customer", name);
    if let CreditError::OverLimit { available, limit, asked } = error {
        refusal = refusal.fact("available", available).fact("limit", limit).fact("asked", asked);
    }
    if let CreditError::Overdue { overdue } = error {
        refusal = refusal.fact("overdue", overdue);
    }
    Err(refusal.into())
}

fn receivable(standing: &Standing) -> Result<AccountId> {
    standing.account(PostingKey::Receivable)
}

fn overdue(
    db: &Connection,
    customer: &CustomerRow,
    account: AccountId,
    today: NaiveDate,
) -> Result<Money> {
    // A charge of day d with n days' term may be paid on d + n; it is late the day after.
    let days = u64::try_from(customer.terms_days).unwrap_or(0) + 1;
    let Some(due_by) = today.checked_sub_days(Days::new(days)) else { return Ok(Money::ZERO) };
    let (charged, paid) = store::charged_and_paid(db, customer.customer_id, account, due_by)?;
    Ok(charged.minus(paid)?.max(Money::ZERO))
}

/// `customers.credit`: how a customer stands today.
pub fn standing_of(read: &Read<'_>, given: CustomerRef) -> Result<Credit> {
    let customer =
        store::customer(read.db, given.customer_id)?.ok_or_else(|| not_found("The customer"))?;
    let today = finance::local_date(read.now_ms, read.offset_min);
    credit(read.db, &read.standing, &customer, today)
}

/// Arguments of `customers.statement`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StatementQuery {
    /// The customer.
    pub customer_id: CustomerId,
    /// First day.
    #[ts(type = "string")]
    pub from: NaiveDate,
    /// Last day.
    #[ts(type = "string")]
    pub to: NaiveDate,
    /// How many lines are left out at the start.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub offset: u32,
}

/// One line of a statement.
#[derive(Debug, Clone, Serialize, TS)]
pub struct StatementLine {
    /// Day in the books.
    #[ts(type = "string")]
    pub date: NaiveDate,
    /// Kind of the document.
    pub doc_kind: String,
    /// Its number.
    pub doc_number: String,
    /// What it was for.
    pub memo: String,
    /// Charged, or zero.
    pub charged: Money,
    /// Paid or given back, or zero.
    pub paid: Money,
    /// What was owed after it.
    pub balance: Money,
}

/// A customer's account in a period.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Statement {
    /// The customer's code.
    pub code: String,
    /// Their name.
    pub name: String,
    /// The currency of every amount.
    pub currency: String,
    /// What was owed before the first line of this page.
    pub opening: Money,
    /// Lines, oldest first.
    pub lines: Vec<StatementLine>,
    /// What was owed after the last line of this page.
    pub closing: Money,
    /// Where the next page begins; absent on the last one.
    pub next_offset: Option<u32>,
    /// How the customer stands today.
    pub credit: Credit,
}

/// `customers.statement`: what was charged and paid, and what is owed.
pub fn statement(read: &Read<'_>, given: StatementQuery) -> Result<Statement> {
    if given.to < given.from {
        return Err(refuse_field!("to", "last_day_first", "The last day is before the first."));
    }
    let customer =
        store::customer(read.db, given.customer_id)?.ok_or_else(|| not_found("The customer"))?;
    let account = receivable(&read.standing)?;
    let before = store::owed_before(read.db, given.customer_id, account, given.from)?;
    let mut period = PartnerPeriod {
        customer_id: given.customer_id,
        account_id: account,
        from: given.from,
        to: given.to,
        offset: 0,
        limit: given.offset,
    };
    let earlier = store::partner_lines(read.db, &period)?;
    let opening = before.plus(Money::sum(earlier.iter().map(|line| line.amount))?)?;
    period.offset = given.offset;
    period.limit = STATEMENT_PAGE + 1;
    let mut found = store::partner_lines(read.db, &period)?;
    let more = found.len() > STATEMENT_PAGE as usize;
    found.truncate(STATEMENT_PAGE as usize);
    let mut balance = opening;
    let mut lines = Vec::with_capacity(found.len());
    for line in found {
        balance = balance.plus(line.amount)?;
        lines.push(statement_line(line, balance));
    }
    let today = finance::local_date(read.now_ms, read.offset_min);
    Ok(Statement {
        code: customer.code.clone(),
        name: customer.name.clone(),
        currency: read.standing.company.currency.clone(),
        opening,
        lines,
        closing: balance,
        next_offset: more.then(|| given.offset.saturating_add(STATEMENT_PAGE)),
        credit: credit(read.db, &read.standing, &customer, today)?,
    })
}

/// A customer's account between two days.
#[derive(Debug, Clone, Copy)]
pub struct StatementPeriod {
    /// Whose.
    pub customer_id: CustomerId,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// A customer's account in a period, whole, with the age of what is owed on its last day.
pub struct WholeStatement {
    /// The customer.
    pub customer: CustomerRow,
    /// What was owed before the first line.
    pub opening: Money,
    /// Lines, oldest first.
    pub lines: Vec<StatementLine>,
    /// What was owed after the last line.
    pub closing: Money,
    /// How old the closing balance is.
    pub ageing: Ageing,
}

/// Everything a printed statement says.
pub fn whole_statement(read: &Read<'_>, period: &StatementPeriod) -> Result<WholeStatement> {
    let &StatementPeriod { customer_id, from, to } = period;
    if to < from {
        return Err(refuse_field!("to", "last_day_first", "The last day is before the first."));
    }
    let customer =
        store::customer(read.db, customer_id)?.ok_or_else(|| not_found("The customer"))?;
    let account_id = receivable(&read.standing)?;
    let opening = store::owed_before(read.db, customer_id, account_id, from)?;
    let limit = STATEMENT_LINES_MAX + 1;
    let of = PartnerPeriod { customer_id, account_id, from, to, offset: 0, limit };
    let found = store::partner_lines(read.db, &of)?;
    if found.len() > STATEMENT_LINES_MAX as usize {
        return Err(refuse_field!(
            "from",
            "too_many_entries",
            "This is too much for one paper: choose fewer days."
        ));
    }
    let mut closing = opening;
    let lines = found
        .into_iter()
        .map(|line| {
            closing = closing.plus(line.amount)?;
            Ok(statement_line(line, closing))
        })
        .collect::<Result<_>>()?;
    let (charges, paid) = store::charges_until(read.db, customer_id, account_id, to)?;
    let terms_days = u32::try_from(customer.terms_days).unwrap_or(0);
    let ageing = rule::ageing(&charges, paid, terms_days, to)?;
    Ok(WholeStatement { customer, opening, lines, closing, ageing })
}

fn statement_line(line: PartnerLine, balance: Money) -> StatementLine {
    StatementLine {
        date: line.entry_date,
        doc_kind: line.doc_kind,
        doc_number: line.doc_number,
        memo: line.memo,
        charged: line.amount.max(Money::ZERO),
        paid: line.amount.negated().max(Money::ZERO),
        balance,
    }
}
