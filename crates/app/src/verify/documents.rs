//! Documents: receipts add up, nothing is taken back twice, sessions close as counted.
//!
//! **Invariant:** each check is one pass over its tables in key order, whatever their size.

use lumbung_domain::said::Said;
use lumbung_domain::say;
use rusqlite::{Connection, Row};

use super::Check;
use crate::error::Result;
use crate::jobs::Progress;

/// Rows between two reports of progress.
const STEP: u64 = 4_096;

/// A comparison that one statement makes, one contradiction a row.
pub struct Comparison {
    /// Name of the check.
    pub name: &'static str,
    /// What it makes sure of.
    pub title: &'static str,
    /// How many things it looks at.
    pub count: &'static str,
    /// The contradictions.
    pub contradictions: &'static str,
    /// A contradiction in words.
    pub words: fn(&Row<'_>) -> rusqlite::Result<Said>,
}

/// Everything that one statement can compare.
pub const COMPARISONS: &[Comparison] = &[
    Comparison {
        name: "journal_entries",
        title: "Every journal entry has lines of its day that add up to zero",
        count: "select count(*) from journal_entry",
        contradictions: "select number, line_count, out_by from (
                select e.doc_number as number, count(l.line_id) as line_count,
                       coalesce(sum(l.amount), 0) as out_by,
                       coalesce(sum(l.entry_date <> e.entry_date), 0) as other_days
                from journal_entry e left join journal_line l on l.entry_id = e.entry_id
                group by e.entry_id
            ) where line_count = 0 or out_by <> 0 or other_days > 0",
        words: |row| {
            let number: String = row.get("number")?;
            let (lines, out_by): (i64, i64) = (row.get("line_count")?, row.get("out_by")?);
            Ok(match (lines, out_by) {
                (0, _) => say!(
                    "found_entry_empty",
                    "The journal entry of {number} has no lines.",
                    number = number
                ),
                (_, 0) => say!(
                    "found_entry_day",
                    "Lines of the journal entry of {number} carry another day.",
                    number = number
                ),
                _ => say!(
                    "found_entry_unbalanced",
                    "The journal entry of {number} is out of balance by {amount}.",
                    number = number,
                    amount = out_by
                ),
            })
        },
    },
    Comparison {
        name: "journal_lines",
        title: "Every journal line belongs to an entry and an account",
        count: "select count(*) from journal_line",
        contradictions: "select lower(hex(l.line_id)) as line, l.amount as amount
            from journal_line l
            where not exists (select 1 from journal_entry e where e.entry_id = l.entry_id)
               or not exists (select 1 from account a where a.account_id = l.account_id)",
        words: |row| {
            let (line, amount): (String, i64) = (row.get("line")?, row.get("amount")?);
            Ok(say!(
                "found_line_alone",
                "The journal line {line} of {amount} has no entry or no account.",
                line = line,
                amount = amount
            ))
        },
    },
    Comparison {
        name: "receipt_parts",
        title: "Every line and payment belongs to a receipt",
        count: "select (select count(*) from sale_line) + (select count(*) from sale_tender)",
        contradictions: "select 'line' as kind, lower(hex(line_id)) as row_id from sale_line l
            where not exists (select 1 from sale s where s.sale_id = l.sale_id)
            union all
            select 'payment', lower(hex(tender_id)) from sale_tender t
            where not exists (select 1 from sale s where s.sale_id = t.sale_id)",
        words: |row| {
            let (kind, id): (String, String) = (row.get("kind")?, row.get("row_id")?);
            Ok(if kind == "line" {
                say!("found_part_line", "The line {id} belongs to no receipt.", id = id)
            } else {
                say!("found_part_payment", "The payment {id} belongs to no receipt.", id = id)
            })
        },
    },
    Comparison {
        name: "posted_receipts",
        title: "Every receipt with an amount is in the journal, once",
        count: "select count(*) from sale",
        contradictions: "select number, entries from (
                select s.number as number, (select count(*) from journal_entry e
                    where e.doc_id = s.sale_id) as entries
                from sale s where s.total <> 0
            ) where entries <> 1",
        words: |row| {
            let (number, entries): (String, i64) = (row.get("number")?, row.get("entries")?);
            Ok(say!(
                "found_receipt_posted",
                "Receipt {number} has {entries} journal entries instead of one.",
                number = number,
                entries = entries
            ))
        },
    },
    Comparison {
        name: "returns",
        title: "Nothing is taken back more than it was sold",
        count: "select count(*) from sale_line where returned_line_id is not null",
        contradictions: include_str!("returns.sql"),
        words: |row| {
            let (number, line): (String, i64) = (row.get("number")?, row.get("line_no")?);
            let (sold, back): (i64, i64) = (row.get("sold")?, row.get("returned")?);
            Ok(say!(
                "found_returned_more",
                "Line {line} of {number}: {sold} millionths were sold and {back} taken back.",
                line = line,
                number = number,
                sold = sold,
                back = back
            ))
        },
    },
    Comparison {
        name: "store_credit",
        title: "No store credit is spent beyond its worth",
        count: "select count(*) from store_credit",
        contradictions: "select c.number as number, sum(m.amount) as amount
            from store_credit c
            join store_credit_move m on m.store_credit_id = c.store_credit_id
            group by c.store_credit_id having sum(m.amount) < 0",
        words: |row| {
            let (number, amount): (String, i64) = (row.get("number")?, row.get("amount")?);
            Ok(say!(
                "found_store_credit",
                "Store credit {number} stands at {amount}.",
                number = number,
                amount = amount
            ))
        },
    },
    Comparison {
        name: "account_payments",
        title: "Every payment on account equals its parts and is in the journal, once",
        count: "select count(*) from account_payment",
        contradictions: include_str!("account_payment.sql"),
        words: |row| {
            let number: String = row.get("number")?;
            let (says, paid): (i64, i64) = (row.get("says")?, row.get("paid")?);
            let entries: i64 = row.get("entries")?;
            Ok(say!(
                "found_payment",
                "Payment {number} says {says}, its parts {paid}; it has {entries} journal entries.",
                number = number,
                says = says,
                paid = paid,
                entries = entries
            ))
        },
    },
    Comparison {
        name: "session_closes",
        title: "Every Z report says what its receipts and counts say",
        count: "select count(*) from session_close",
        contradictions: include_str!("session_close.sql"),
        words: |row| {
            let number: String = row.get("number")?;
            let (expected, counted): (i64, i64) = (row.get("expected")?, row.get("counted")?);
            let (summed, pieces): (i64, i64) = (row.get("summed")?, row.get("counted_sum")?);
            Ok(say!(
                "found_close",
                "Close {number} says {expected} expected and {counted} counted; its receipts \
                 and counts say {summed} and {pieces}.",
                number = number,
                expected = expected,
                counted = counted,
                summed = summed,
                pieces = pieces
            ))
        },
    },
];

/// Runs a comparison.
pub fn compare(db: &Connection, comparison: &Comparison) -> Result<Check> {
    let mut check = Check::new(comparison.name, comparison.title);
    let count: i64 = db.prepare(comparison.count)?.query_row([], |row| row.get(0))?;
    check.count = count.unsigned_abs();
    let mut statement = db.prepare(comparison.contradictions)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        check.find(|| Ok((comparison.words)(row)?))?;
    }
    Ok(check)
}

const SALES: &str = "select sale_id, number, gross, discount, net, tax, total, total + rounding
    from sale order by sale_id";

const LINES: &str = "select sale_id, gross, line_discount + ticket_discount, net, tax, total
    from sale_line order by sale_id";

const TENDERS: &str = "select sale_id, amount from sale_tender order by sale_id";

/// What a receipt says of each amount, in the order of [`SALES`].
const AMOUNTS: [&str; 6] = ["gross", "discount", "net", "tax", "total", "payments"];

/// Rows of one table in the order of receipts.
struct InOrder<'s, const N: usize> {
    rows: rusqlite::Rows<'s>,
    next: Option<([u8; 16], [i64; N])>,
}

impl<'s, const N: usize> InOrder<'s, N> {
    fn new(rows: rusqlite::Rows<'s>) -> Result<Self> {
        let mut ordered = Self { rows, next: None };
        ordered.advance()?;
        Ok(ordered)
    }

    fn advance(&mut self) -> Result<()> {
        self.next = match self.rows.next()? {
            None => None,
            Some(row) => {
                let mut amounts = [0; N];
                for (column, amount) in amounts.iter_mut().enumerate() {
                    *amount = row.get(column + 1)?;
                }
                Some((row.get(0)?, amounts))
            }
        };
        Ok(())
    }

    /// The sums of a receipt's rows; rows of receipts that do not exist are passed over.
    fn sums_of(&mut self, sale: &[u8; 16]) -> Result<[i64; N]> {
        let mut sums = [0_i64; N];
        while let Some((id, amounts)) = &self.next {
            if id > sale {
                break;
            }
            if id == sale {
                for (sum, amount) in sums.iter_mut().zip(amounts) {
                    *sum = sum.saturating_add(*amount);
                }
            }
            self.advance()?;
        }
        Ok(sums)
    }
}

/// Every receipt equals its lines and its payments.
pub fn receipts(db: &Connection, progress: &mut Progress<'_>) -> Result<Check> {
    let title = "Every receipt equals its lines, and its payments equal its total";
    let mut check = Check::new("receipts", title);
    let (mut lines, mut tenders) = (db.prepare(LINES)?, db.prepare(TENDERS)?);
    let mut lines = InOrder::<5>::new(lines.query([])?)?;
    let mut tenders = InOrder::<1>::new(tenders.query([])?)?;
    let mut sales = db.prepare(SALES)?;
    let mut sales = sales.query([])?;
    while let Some(row) = sales.next()? {
        let sale: [u8; 16] = row.get(0)?;
        let of_lines = lines.sums_of(&sale)?;
        let [paid] = tenders.sums_of(&sale)?;
        for (at, name) in AMOUNTS.iter().enumerate() {
            let says: i64 = row.get(at + 2)?;
            let is = of_lines.get(at).copied().unwrap_or(paid);
            if says != is {
                let number: String = row.get(1)?;
                check.find(|| {
                    Ok(say!(
                        "found_receipt",
                        "Receipt {number}: {amount} {says}, its parts {is}.",
                        number = number,
                        amount = name,
                        says = says,
                        is = is
                    ))
                })?;
            }
        }
        check.count += 1;
        if check.count.is_multiple_of(STEP) {
            progress.at(check.count, None, &check.name)?;
        }
    }
    Ok(check)
}

/// The value of stock is what the stock account holds.
pub fn stock_account(db: &Connection, account_id: [u8; 16]) -> Result<Check> {
    let mut check = Check::new("stock_account", "The value of stock is in the stock account");
    let value: i64 = db
        .prepare("select coalesce(sum(value), 0) from stock_balance")?
        .query_row([], |row| row.get(0))?;
    let balance: i64 = db
        .prepare(
            "select coalesce(sum(debit - credit), 0) from ledger_balance
             where account_id = :account_id",
        )?
        .query_row(rusqlite::named_params! { ":account_id": account_id }, |row| row.get(0))?;
    check.count = 1;
    if value != balance {
        check.find(|| {
            Ok(say!(
                "found_stock_account",
                "Stock is worth {value} by its moves; the account holds {balance}.",
                value = value,
                balance = balance
            ))
        })?;
    }
    Ok(check)
}
