//! Queries of customers, and of what the ledger says of them.

use chrono::NaiveDate;
use lumbung_domain::ids::{AccountId, CustomerGroupId, CustomerId, Id, LineId};
use lumbung_domain::num::Money;
use rusqlite::{Connection, named_params};

use super::rows::{CustomerGroupRow, CustomerRow};
use crate::error::{Error, Result};
use crate::standing::{row, rows};

/// A customer.
pub fn customer(db: &Connection, customer_id: CustomerId) -> Result<Option<CustomerRow>> {
    let sql = format!("select {} from customer where customer_id = :id", CustomerRow::COLUMNS);
    row(db, &sql, named_params! { ":id": customer_id.bytes() })
}

/// The customer with exactly this code, one in use before an archived one.
pub fn customer_by_code(db: &Connection, code: &str) -> Result<Option<CustomerRow>> {
    let sql = format!(
        "select {} from customer where code = :code order by archived, customer_id limit 1",
        CustomerRow::COLUMNS
    );
    row(db, &sql, named_params! { ":code": code })
}

/// Customers in use whose name begins so, by name.
pub fn by_name_prefix(db: &Connection, prefix: &str, limit: u32) -> Result<Vec<CustomerRow>> {
    let sql = format!(
        "select {} from customer
         where name >= :prefix collate nocase
           and name < :prefix || char(1114111) collate nocase and archived = 0
         order by name collate nocase, customer_id limit :limit",
        CustomerRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":prefix": prefix, ":limit": limit })
}

/// Customers in use with this text somewhere in name, code, telephone, e-mail or tax number.
pub fn by_part(db: &Connection, part: &str, limit: u32) -> Result<Vec<CustomerRow>> {
    let digits = digits_of(part);
    let sql = format!(
        "select {} from customer
         where archived = 0 and (instr(lower(name), :part) or instr(lower(code), :part)
               or instr(phone, :part) or instr(lower(email), :part)
               or instr(lower(tax_number), :part)
               or (:digits <> '' and instr(replace(replace(phone, '-', ''), ' ', ''), :digits)))
         order by name collate nocase, customer_id limit :limit",
        CustomerRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":part": part, ":digits": digits, ":limit": limit })
}

/// The digits of what may be a telephone number, without what people write between them.
fn digits_of(text: &str) -> String {
    let separators = [' ', '-', '.', '(', ')', '+'];
    let number = text.chars().all(|c| c.is_ascii_digit() || separators.contains(&c));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if number && digits.len() >= PHONE_DIGITS_MIN { digits } else { String::new() }
}

/// Fewest digits that are looked for in telephone numbers.
const PHONE_DIGITS_MIN: usize = 4;

/// Which customers are listed.
#[derive(Debug, Clone)]
pub struct CustomerFilter<'a> {
    /// Only with this text; empty for all.
    pub text: &'a str,
    /// Only archived ones, or only those in use.
    pub archived: bool,
    /// Only those who owe something on this account.
    pub owing: Option<AccountId>,
    /// How many are left out at the start.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// A page of customers by name.
pub fn customer_page(db: &Connection, filter: &CustomerFilter<'_>) -> Result<Vec<CustomerRow>> {
    let sql = format!(
        "select {} from customer
         where archived = :archived
           and (:text = '' or instr(lower(name), :text) or instr(lower(code), :text)
                or instr(phone, :text) or instr(lower(email), :text)
                or instr(lower(tax_number), :text))
           and (:owing is null or customer_id in
                (select partner_id from partner_balance
                  where account_id = :owing and balance > 0))
         order by name collate nocase, customer_id limit :limit offset :offset",
        CustomerRow::COLUMNS
    );
    let params = named_params! {
        ":archived": filter.archived,
        ":text": filter.text,
        ":owing": filter.owing.map(Id::bytes),
        ":limit": filter.limit,
        ":offset": filter.offset,
    };
    rows(db, &sql, params)
}

/// A group of customers.
pub fn group(db: &Connection, id: CustomerGroupId) -> Result<Option<CustomerGroupRow>> {
    let sql = format!(
        "select {} from customer_group where customer_group_id = :id",
        CustomerGroupRow::COLUMNS
    );
    row(db, &sql, named_params! { ":id": id.bytes() })
}

/// Every group of customers, by name.
pub fn groups(db: &Connection) -> Result<Vec<CustomerGroupRow>> {
    let sql = format!("select {} from customer_group order by name", CustomerGroupRow::COLUMNS);
    rows(db, &sql, [])
}

/// Groups that customers are in, by name.
pub fn groups_in_use(db: &Connection) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(
        "select distinct customer_group from customer
         where customer_group <> '' and archived = 0 order by customer_group",
    )?;
    let found = statement
        .query_map([], |row| row.get("customer_group"))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// What was charged to a partner up to a day, and what was paid at any time.
pub fn charged_and_paid(
    db: &Connection,
    customer_id: CustomerId,
    account_id: AccountId,
    due_by: NaiveDate,
) -> Result<(Money, Money)> {
    let (charged, paid): (i64, i64) = db
        .prepare_cached(
            "select coalesce(sum(case when amount > 0 and entry_date <= :due_by
                                      then amount else 0 end), 0) as charged,
                    coalesce(sum(case when amount < 0 then -amount else 0 end), 0) as paid
             from journal_line where partner_id = :partner and account_id = :account",
        )?
        .query_row(
            named_params! {
                ":partner": customer_id.bytes(),
                ":account": account_id.bytes(),
                ":due_by": due_by.to_string(),
            },
            |row| Ok((row.get("charged")?, row.get("paid")?)),
        )?;
    Ok((Money::new(charged)?, Money::new(paid)?))
}

/// What was charged to a partner up to a day, oldest first, and what was paid by then.
pub fn charges_until(
    db: &Connection,
    customer_id: CustomerId,
    account_id: AccountId,
    day: NaiveDate,
) -> Result<(Vec<(NaiveDate, Money)>, Money)> {
    let mut statement = db.prepare_cached(
        "select entry_date, sum(max(amount, 0)) as charged, sum(min(amount, 0)) as paid
         from journal_line
         where partner_id = :partner and account_id = :account and entry_date <= :day
         group by entry_date order by entry_date",
    )?;
    let mut found = statement.query(named_params! {
        ":partner": customer_id.bytes(),
        ":account": account_id.bytes(),
        ":day": day.to_string(),
    })?;
    let (mut charges, mut paid) = (Vec::new(), Money::ZERO);
    while let Some(row) = found.next()? {
        let day: String = row.get("entry_date")?;
        let day = day.parse().map_err(|_| Error::Broken(format!("entry date {day}")))?;
        charges.push((day, Money::new(row.get("charged")?)?));
        paid = paid.minus(Money::new(row.get("paid")?)?)?;
    }
    Ok((charges, paid))
}

/// What a partner owed before a day.
pub fn owed_before(
    db: &Connection,
    customer_id: CustomerId,
    account_id: AccountId,
    day: NaiveDate,
) -> Result<Money> {
    let owed = db
        .prepare_cached(
            "select coalesce(sum(amount), 0) as owed from journal_line
             where partner_id = :partner and account_id = :account and entry_date < :day",
        )?
        .query_row(
            named_params! {
                ":partner": customer_id.bytes(),
                ":account": account_id.bytes(),
                ":day": day.to_string(),
            },
            |row| row.get("owed"),
        )?;
    Ok(Money::new(owed)?)
}

/// One line of a partner's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerLine {
    /// The line.
    pub line_id: LineId,
    /// Day in the books.
    pub entry_date: NaiveDate,
    /// Kind of the document behind it.
    pub doc_kind: String,
    /// Number of that document.
    pub doc_number: String,
    /// What it was for.
    pub memo: String,
    /// Charged positive, paid negative.
    pub amount: Money,
}

/// Which lines of a partner's account are asked for.
#[derive(Debug, Clone, Copy)]
pub struct PartnerPeriod {
    /// The partner.
    pub customer_id: CustomerId,
    /// The account.
    pub account_id: AccountId,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// How many are left out at the start.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}

/// Lines of a partner's account between two days, oldest first.
pub fn partner_lines(db: &Connection, period: &PartnerPeriod) -> Result<Vec<PartnerLine>> {
    let mut statement = db.prepare_cached(
        "select line.line_id, line.entry_date, entry.doc_kind, entry.doc_number, entry.memo,
                line.amount
         from journal_line line join journal_entry entry on entry.entry_id = line.entry_id
         where line.partner_id = :partner and line.account_id = :account
           and line.entry_date between :from and :to
         order by line.entry_date, line.line_id limit :limit offset :offset",
    )?;
    let mut found = statement.query(named_params! {
        ":partner": period.customer_id.bytes(),
        ":account": period.account_id.bytes(),
        ":from": period.from.to_string(),
        ":to": period.to.to_string(),
        ":limit": period.limit,
        ":offset": period.offset,
    })?;
    let mut lines = Vec::new();
    while let Some(row) = found.next()? {
        let day: String = row.get("entry_date")?;
        lines.push(PartnerLine {
            line_id: LineId::from_bytes(row.get("line_id")?),
            entry_date: day.parse().map_err(|_| Error::Broken(format!("entry date {day}")))?,
            doc_kind: row.get("doc_kind")?,
            doc_number: row.get("doc_number")?,
            memo: row.get("memo")?,
            amount: Money::new(row.get("amount")?)?,
        });
    }
    Ok(lines)
}
