//! Queries of accounts, entries and their sums.

use chrono::NaiveDate;
use lumbung_domain::ids::{AccountId, CustomerId, Id, LineId};
use lumbung_domain::num::Money;
use rusqlite::{Connection, named_params};
use uuid::Uuid;

use super::rows::{AccountRow, JournalEntryRow, JournalLineRow, PostingAccountRow};
use crate::error::{Error, Result};
use crate::standing::{row, rows};

/// Every account, by code.
pub fn accounts(db: &Connection) -> Result<Vec<AccountRow>> {
    rows(db, &format!("select {} from account order by code", AccountRow::COLUMNS), [])
}

/// An account.
pub fn account(db: &Connection, account_id: AccountId) -> Result<Option<AccountRow>> {
    let sql = format!("select {} from account where account_id = :id", AccountRow::COLUMNS);
    row(db, &sql, named_params! { ":id": account_id.bytes() })
}

/// Which account each kind of posting goes to.
pub fn posting_accounts(db: &Connection) -> Result<Vec<PostingAccountRow>> {
    let sql =
        format!("select {} from posting_account order by posting_key", PostingAccountRow::COLUMNS);
    rows(db, &sql, [])
}

/// Debit and credit of an account in a period.
pub struct AccountSum {
    /// The account.
    pub account_id: AccountId,
    /// Before the period, debit positive.
    pub opening: Money,
    /// Debits in the period.
    pub debit: Money,
    /// Credits in the period.
    pub credit: Money,
}

/// Sums of every account that was ever posted to. `scope` 0 takes every branch.
pub fn sums(
    db: &Connection,
    from: NaiveDate,
    to: NaiveDate,
    scope: u32,
) -> Result<Vec<AccountSum>> {
    let mut statement = db.prepare_cached(
        "select account_id,
                sum(case when entry_date < :from then debit - credit else 0 end) as opening,
                sum(case when entry_date >= :from then debit else 0 end) as debit,
                sum(case when entry_date >= :from then credit else 0 end) as credit
           from ledger_balance
          where entry_date <= :to and (:scope = 0 or scope = :scope)
          group by account_id",
    )?;
    let params = named_params! {
        ":from": from.to_string(), ":to": to.to_string(), ":scope": scope,
    };
    let mut found = statement.query(params)?;
    let mut sums = Vec::new();
    while let Some(row) = found.next()? {
        sums.push(AccountSum {
            account_id: AccountId::from_bytes(row.get("account_id")?),
            opening: Money::of(row.get("opening")?),
            debit: Money::of(row.get("debit")?),
            credit: Money::of(row.get("credit")?),
        });
    }
    Ok(sums)
}

/// One line of an account's ledger.
#[derive(Debug, Clone)]
pub struct LedgerLine {
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
    /// Debit positive.
    pub amount: Money,
}

/// Lines of an account between two days, oldest first, after a line.
pub fn ledger(
    db: &Connection,
    account_id: AccountId,
    from: NaiveDate,
    to: NaiveDate,
    after: Option<LineId>,
    limit: i64,
) -> Result<Vec<LedgerLine>> {
    let mut statement = db.prepare_cached(
        "select e.entry_date, e.doc_kind, e.doc_number, e.memo, l.amount, l.line_id
           from journal_line l join journal_entry e on e.entry_id = l.entry_id
          where l.account_id = :account_id and l.entry_date between :from and :to
            and l.line_id > :after
          order by l.line_id limit :limit",
    )?;
    let mut found = statement.query(named_params! {
        ":account_id": account_id.bytes(), ":from": from.to_string(), ":to": to.to_string(),
        ":after": after.map_or([0; 16], Id::bytes), ":limit": limit,
    })?;
    let mut lines = Vec::new();
    while let Some(row) = found.next()? {
        let day: String = row.get("entry_date")?;
        lines.push(LedgerLine {
            line_id: LineId::from_bytes(row.get("line_id")?),
            entry_date: day.parse().map_err(|_| Error::Broken(format!("entry date {day}")))?,
            doc_kind: row.get("doc_kind")?,
            doc_number: row.get("doc_number")?,
            memo: row.get("memo")?,
            amount: Money::of(row.get("amount")?),
        });
    }
    Ok(lines)
}

/// What a partner owes on an account; negative is owed to them.
pub fn partner_balance(
    db: &Connection,
    partner_id: CustomerId,
    account_id: AccountId,
) -> Result<Money> {
    use rusqlite::OptionalExtension;
    let found: Option<i64> = db
        .prepare_cached(
            "select balance from partner_balance
              where partner_id = :partner_id and account_id = :account_id",
        )?
        .query_row(
            named_params! {
                ":partner_id": partner_id.bytes(), ":account_id": account_id.bytes(),
            },
            |row| row.get("balance"),
        )
        .optional()?;
    Ok(Money::of(found.unwrap_or(0)))
}

/// The entries of a document with their lines.
pub fn entries_of(
    db: &Connection,
    doc_id: Uuid,
) -> Result<Vec<(JournalEntryRow, Vec<JournalLineRow>)>> {
    let sql = format!(
        "select {} from journal_entry where doc_id = :doc_id order by entry_id",
        JournalEntryRow::COLUMNS
    );
    let entries: Vec<JournalEntryRow> =
        rows(db, &sql, named_params! { ":doc_id": doc_id.into_bytes() })?;
    let sql = format!(
        "select {} from journal_line where entry_id = :entry_id order by line_id",
        JournalLineRow::COLUMNS
    );
    entries
        .into_iter()
        .map(|entry| {
            let lines = rows(db, &sql, named_params! { ":entry_id": entry.entry_id.bytes() })?;
            Ok((entry, lines))
        })
        .collect()
}

/// Makes the sums of accounts and partners again from the journal.
pub fn rebuild_balances(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "delete from ledger_balance;
         insert into ledger_balance (account_id, scope, entry_date, debit, credit)
         select account_id, scope, entry_date, sum(max(amount, 0)), sum(max(-amount, 0))
         from journal_line group by account_id, scope, entry_date;
         delete from partner_balance;
         insert into partner_balance (partner_id, account_id, balance)
         select partner_id, account_id, sum(amount) from journal_line
         where partner_id is not null group by partner_id, account_id;",
    )
}
