//! The ledger: every document posts a balanced entry by mapping data, in its own commit.
//!
//! **Invariant:** an entry that does not balance cannot be written; posted entries are reversed,
//! never edited.

pub mod rows;
pub mod store;

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, NaiveDate};
use lumbung_domain::ids::{AccountId, CustomerId, Id, LineId};
use lumbung_domain::journal::{Lines, PostingKey};
use lumbung_domain::num::Money;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::company::check_text;
use crate::door::{Nothing, Read, Write};
use crate::error::{Error, Result, not_found, refuse_field};
use rows::{AccountRow, JournalEntryRow, JournalLineRow, PostingAccountRow};

/// Lines of a ledger shown at once.
const LEDGER_PAGE: i64 = 500;

/// Kinds of account.
const KINDS: [&str; 5] = ["asset", "liability", "equity", "income", "expense"];

/// The date a device shows at a moment.
pub fn local_date(now_ms: i64, offset_min: i16) -> NaiveDate {
    let offset = FixedOffset::east_opt(i32::from(offset_min) * 60);
    let offset = offset.unwrap_or_else(|| FixedOffset::east_opt(0).expect("zero is an offset"));
    DateTime::from_timestamp_millis(now_ms).unwrap_or_default().with_timezone(&offset).date_naive()
}

/// Which account each kind of posting goes to.
pub fn postings(db: &Connection) -> Result<HashMap<PostingKey, AccountId>> {
    let rows = store::posting_accounts(db)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((PostingKey::parse(&row.posting_key)?, row.account_id)))
        .collect())
}

/// The document an entry is made for.
pub struct Document<'a> {
    /// Its kind: sale, return, cash_movement …
    pub kind: &'a str,
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: &'a str,
    /// Its day in the books.
    pub date: NaiveDate,
    /// What it is for.
    pub memo: &'a str,
}

/// Posts one balanced entry for a document; nothing where no money moves.
pub fn post(
    write: &mut Write<'_, '_>,
    document: &Document<'_>,
    lines: &Lines,
    partner: Option<CustomerId>,
) -> Result<()> {
    let standing = std::sync::Arc::clone(&write.standing);
    let account = |key| standing.postings.get(&key).copied();
    let Some(entry) = lines.entry(account, partner)? else { return Ok(()) };
    let entry_id = write.id();
    write.tx.insert(&JournalEntryRow {
        entry_id,
        entry_date: document.date,
        doc_kind: document.kind.to_owned(),
        doc_id: document.id,
        doc_number: document.number.to_owned(),
        memo: document.memo.to_owned(),
        currency: standing.company.currency.clone(),
        posted_at: write.now_ms,
    })?;
    for posting in entry.postings() {
        let line_id = write.id();
        write.tx.insert(&JournalLineRow {
            line_id,
            entry_id,
            account_id: posting.account,
            entry_date: document.date,
            amount: posting.amount,
            partner_id: posting.partner,
        })?;
    }
    Ok(())
}

/// An account as screens show it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The account; left out for a new one.
    pub account_id: Option<AccountId>,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// asset, liability, equity, income or expense.
    pub kind: String,
    /// Kept by documents; not posted by hand.
    pub control: bool,
    /// Out of use.
    pub archived: bool,
}

/// Which account a kind of posting goes to.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PostingMapping {
    /// The kind of posting.
    pub posting_key: String,
    /// The account.
    pub account_id: AccountId,
}

/// The chart of accounts and the mapping.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Chart {
    /// Accounts by code.
    pub accounts: Vec<Account>,
    /// The mapping by key.
    pub mapping: Vec<PostingMapping>,
}

fn account_view(row: AccountRow) -> Account {
    Account {
        account_id: Some(row.account_id),
        code: row.code,
        name: row.name,
        kind: row.kind,
        control: row.control,
        archived: row.archived,
    }
}

/// `finance.chart`: accounts and mapping.
pub fn chart(read: &Read<'_>, _: Nothing) -> Result<Chart> {
    let mapping = store::posting_accounts(read.db)?
        .into_iter()
        .map(|row| PostingMapping { posting_key: row.posting_key, account_id: row.account_id })
        .collect();
    Ok(Chart {
        accounts: store::accounts(read.db)?.into_iter().map(account_view).collect(),
        mapping,
    })
}

/// Names an account.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct AccountSaved {
    /// The account.
    pub account_id: AccountId,
}

/// `finance.save_account`: a new account, or changes to one.
pub fn save_account(write: &mut Write<'_, '_>, given: Account) -> Result<AccountSaved> {
    check_text("code", &given.code)?;
    check_text("name", &given.name)?;
    if !KINDS.contains(&given.kind.as_str()) {
        return Err(refuse_field!(
            "kind",
            "account_kind",
            "An account is an asset, liability, equity, income or expense."
        ));
    }
    let taken = store::accounts(write.db())?
        .into_iter()
        .any(|row| row.code == given.code && Some(row.account_id) != given.account_id);
    if taken {
        return Err(refuse_field!("code", "account_code_taken", "Another account has this code."));
    }
    let Some(account_id) = given.account_id else {
        let account_id = write.id();
        write.tx.create(&AccountRow {
            account_id,
            code: given.code,
            name: given.name,
            kind: given.kind,
            control: given.control,
            archived: false,
        })?;
        return Ok(AccountSaved { account_id });
    };
    let old = store::account(write.db(), account_id)?.ok_or_else(|| not_found("The account"))?;
    let used = write.standing.postings.values().any(|mapped| *mapped == account_id);
    if used && given.archived {
        return Err(refuse_field!(
            "archived",
            "account_posted_to",
            "Postings go to this account: map them to another one first."
        ));
    }
    if old.kind != given.kind && used {
        return Err(refuse_field!(
            "kind",
            "account_kind_fixed",
            "Postings go to this account: its kind stays."
        ));
    }
    write.tx.patch(account_id.bytes(), AccountRow::NAMING, |row| {
        row.code = given.code;
        row.name = given.name;
        row.kind = given.kind;
        row.control = given.control;
    })?;
    let archived = given.archived;
    write.tx.patch(account_id.bytes(), AccountRow::ARCHIVED, |row| row.archived = archived)?;
    Ok(AccountSaved { account_id })
}

/// `finance.save_mapping`: sends a kind of posting to another account from now on.
pub fn save_mapping(write: &mut Write<'_, '_>, given: PostingMapping) -> Result<Nothing> {
    if PostingKey::parse(&given.posting_key).is_none() {
        return Err(refuse_field!(
            "posting_key",
            "posting_unknown",
            "There is no posting \"{key}\".",
            key = given.posting_key
        ));
    }
    let account = store::account(write.db(), given.account_id)?
        .filter(|account| !account.archived)
        .ok_or_else(|| {
            refuse_field!("account_id", "account_unused", "This account is not in use.")
        })?;
    let old = store::posting_accounts(write.db())?
        .into_iter()
        .find(|row| row.posting_key == given.posting_key);
    match old {
        Some(row) => {
            write.tx.patch(row.posting_account_id.bytes(), PostingAccountRow::MAPPING, |row| {
                row.account_id = account.account_id;
            })?;
        }
        None => {
            let posting_account_id = write.id();
            write.tx.create(&PostingAccountRow {
                posting_account_id,
                posting_key: given.posting_key,
                account_id: account.account_id,
            })?;
        }
    }
    Ok(Nothing {})
}

/// A period and perhaps one branch.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    #[ts(type = "string")]
    pub from: NaiveDate,
    /// Last day.
    #[ts(type = "string")]
    pub to: NaiveDate,
    /// Only this terminal's branch.
    #[serde(default)]
    pub this_branch: bool,
}

/// One account in the trial balance.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TrialBalanceLine {
    /// The account.
    pub account: Account,
    /// Before the period, debit positive.
    pub opening: Money,
    /// Debits of the period.
    pub debit: Money,
    /// Credits of the period.
    pub credit: Money,
    /// At the end, debit positive.
    pub closing: Money,
}

/// The trial balance: what was posted, account by account. Its sums are equal, or the books are
/// wrong.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TrialBalance {
    /// Its currency.
    pub currency: String,
    /// Accounts by code.
    pub lines: Vec<TrialBalanceLine>,
    /// All debits.
    pub debit: Money,
    /// All credits.
    pub credit: Money,
    /// Sum of closing balances: always zero.
    pub difference: Money,
    /// Last commit this was made from.
    pub as_of_commit: u64,
}

/// `finance.trial_balance`.
pub fn trial_balance(read: &Read<'_>, period: Period) -> Result<TrialBalance> {
    if period.from > period.to {
        return Err(refuse_field!("from", "first_day_last", "The first day is after the last."));
    }
    let scope = if period.this_branch { read.standing.branch.scope_no } else { 0 };
    let accounts: HashMap<_, _> =
        store::accounts(read.db)?.into_iter().map(|row| (row.account_id, row)).collect();
    let (mut debit, mut credit, mut difference) = (Money::ZERO, Money::ZERO, Money::ZERO);
    let mut lines = Vec::new();
    for sum in store::sums(read.db, period.from, period.to, scope)? {
        let account = accounts
            .get(&sum.account_id)
            .ok_or_else(|| Error::Broken("a posting to an unknown account".to_owned()))?;
        let closing = sum.opening.plus(sum.debit)?.minus(sum.credit)?;
        debit = debit.plus(sum.debit)?;
        credit = credit.plus(sum.credit)?;
        difference = difference.plus(closing)?;
        lines.push(TrialBalanceLine {
            account: account_view(account.clone()),
            opening: sum.opening,
            debit: sum.debit,
            credit: sum.credit,
            closing,
        });
    }
    lines.sort_by(|a, b| a.account.code.cmp(&b.account.code));
    Ok(TrialBalance {
        currency: read.standing.company.currency.clone(),
        lines,
        debit,
        credit,
        difference,
        as_of_commit: read.app.store()?.head().ctr,
    })
}

/// Which ledger, from where on.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LedgerQuery {
    /// The account.
    pub account_id: AccountId,
    /// First day.
    #[ts(type = "string")]
    pub from: NaiveDate,
    /// Last day.
    #[ts(type = "string")]
    pub to: NaiveDate,
    /// After this line, for the next page.
    pub after: Option<LineId>,
}

/// One line of a ledger.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LedgerLine {
    /// The line.
    pub line_id: LineId,
    /// Day in the books.
    pub entry_date: String,
    /// Kind of the document behind it.
    pub doc_kind: String,
    /// Its number.
    pub doc_number: String,
    /// What it was for.
    pub memo: String,
    /// Debit positive.
    pub amount: Money,
}

/// A page of a ledger.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LedgerPage {
    /// Lines, oldest first.
    pub lines: Vec<LedgerLine>,
    /// Ask with this for the next page.
    pub next: Option<LineId>,
}

/// `finance.ledger`: what was posted to an account.
pub fn ledger(read: &Read<'_>, query: LedgerQuery) -> Result<LedgerPage> {
    let LedgerQuery { account_id, from, to, after } = query;
    let found = store::ledger(read.db, account_id, from, to, after, LEDGER_PAGE)?;
    let full = i64::try_from(found.len()) == Ok(LEDGER_PAGE);
    let next = found.last().filter(|_| full).map(|line| line.line_id);
    let lines = found
        .into_iter()
        .map(|line| LedgerLine {
            line_id: line.line_id,
            entry_date: line.entry_date.to_string(),
            doc_kind: line.doc_kind,
            doc_number: line.doc_number,
            memo: line.memo,
            amount: line.amount,
        })
        .collect();
    Ok(LedgerPage { lines, next })
}
