//! The rules of the auditor: what may be true of books that many tills keep offline, and still
//! needs a person.
//!
//! A till that is offline cannot know what others do, so it is never refused for it. What comes of
//! it is found here once the commits meet: stock sold twice, credit given twice, a code used twice.
//!
//! **Invariant:** a rule reads the books and nothing else: two nodes with the same books find the
//! same, under the same ids.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use lumbung_domain::ids::{BranchId, Id};
use rusqlite::{Connection, Row, named_params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::error::Result;

/// A rule of the auditor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// More left a shelf than was there.
    NegativeStock,
    /// A customer owes more than was agreed.
    OverCredit,
    /// More was spent of a store credit than it held.
    StoreCreditOverspent,
    /// More of a line came back than was sold.
    OverReturned,
    /// A held ticket was taken up at two tills.
    HeldTwice,
    /// A held ticket was left lying.
    HeldForgotten,
    /// Two products have one code.
    DuplicateCode,
    /// Two products have one barcode.
    DuplicateBarcode,
    /// Two receipts have one number.
    DuplicateNumber,
    /// Somebody sold after they were archived.
    ArchivedSeller,
    /// The clock of a terminal is wrong.
    ClockOff,
    /// The data of a terminal was put back or copied, and it went on under a new series.
    Rekeyed,
    /// Rows the centre had lost came back from a terminal.
    Salvaged,
    /// Commits wait for a newer version of the program.
    Deferred,
    /// A terminal that was shut out tried to send.
    RevokedPush,
    /// A terminal's receipts are not those of the centre.
    ReceiptsDiffer,
}

impl Rule {
    /// Every rule that reads the books, whether it is thorough, and so not asked after each
    /// exchange, and how it looks.
    const BOOKS: [(Rule, bool, Look); 10] = [
        (Rule::NegativeStock, false, negative_stock),
        (Rule::OverCredit, false, over_credit),
        (Rule::StoreCreditOverspent, false, store_credit_overspent),
        (Rule::OverReturned, true, over_returned),
        (Rule::HeldTwice, false, held_twice),
        (Rule::HeldForgotten, false, held_forgotten),
        (Rule::DuplicateCode, false, duplicate_code),
        (Rule::DuplicateBarcode, false, duplicate_barcode),
        (Rule::DuplicateNumber, true, duplicate_number),
        (Rule::ArchivedSeller, false, archived_seller),
    ];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Rule::NegativeStock => "negative_stock",
            Rule::OverCredit => "over_credit",
            Rule::StoreCreditOverspent => "store_credit_overspent",
            Rule::OverReturned => "over_returned",
            Rule::HeldTwice => "held_twice",
            Rule::HeldForgotten => "held_forgotten",
            Rule::DuplicateCode => "duplicate_code",
            Rule::DuplicateBarcode => "duplicate_barcode",
            Rule::DuplicateNumber => "duplicate_number",
            Rule::ArchivedSeller => "archived_seller",
            Rule::ClockOff => "clock_off",
            Rule::Rekeyed => "rekeyed",
            Rule::Salvaged => "salvaged",
            Rule::Deferred => "deferred",
            Rule::RevokedPush => "revoked_push",
            Rule::ReceiptsDiffer => "receipts_differ",
        }
    }

    /// The rule of this name.
    pub fn parse(name: &str) -> Option<Rule> {
        serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
    }

    /// Code of the role that settles it.
    pub fn owner(self) -> &'static str {
        match self {
            Rule::NegativeStock | Rule::HeldForgotten => "storekeeper",
            Rule::OverCredit | Rule::StoreCreditOverspent | Rule::DuplicateNumber => "accountant",
            Rule::OverReturned
            | Rule::HeldTwice
            | Rule::DuplicateCode
            | Rule::DuplicateBarcode
            | Rule::ArchivedSeller => "manager",
            Rule::ClockOff
            | Rule::Rekeyed
            | Rule::Salvaged
            | Rule::Deferred
            | Rule::RevokedPush
            | Rule::ReceiptsDiffer => "owner",
        }
    }

    /// Days until it should be settled.
    pub fn days(self) -> u64 {
        match self {
            Rule::RevokedPush | Rule::ReceiptsDiffer | Rule::ArchivedSeller => 0,
            Rule::DuplicateNumber | Rule::Salvaged | Rule::Rekeyed | Rule::ClockOff => 1,
            _ => 3,
        }
    }

    /// Whether the exception closes by itself once the books do not show it any more.
    pub fn closes_itself(self) -> bool {
        matches!(
            self,
            Rule::NegativeStock
                | Rule::OverCredit
                | Rule::HeldForgotten
                | Rule::DuplicateCode
                | Rule::DuplicateBarcode
                | Rule::ClockOff
                | Rule::Deferred
        )
    }
}

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// By which rule.
    pub rule: Rule,
    /// What it is about.
    pub subject: Uuid,
    /// What made it so: the same subject can be found again for another cause.
    pub cause: Uuid,
    /// The subject as people know it.
    pub name: String,
    /// The facts of the sentence.
    pub facts: BTreeMap<String, String>,
    /// The branch, and its scope; the company's where there is none.
    pub branch: Option<(BranchId, u32)>,
}

impl Found {
    /// The facts as they are stored.
    pub fn facts_text(&self) -> String {
        serde_json::to_string(&self.facts).expect("texts by name are JSON")
    }

    /// The id of its exception.
    pub fn id(&self) -> [u8; 16] {
        derive(&[self.rule.as_str().as_bytes(), self.subject.as_bytes(), self.cause.as_bytes()])
    }
}

/// When the auditor looks.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// Today.
    pub today: NaiveDate,
    /// Days a held ticket may lie.
    pub held_days: i64,
}

type Look = fn(&Connection, When) -> Result<Vec<Found>>;

/// What every rule finds; the thorough ones only when asked for. Answers the rules asked, too.
pub fn find(db: &Connection, when: When, thorough: bool) -> Result<(Vec<Rule>, Vec<Found>)> {
    let (mut asked, mut found) = (Vec::new(), Vec::new());
    for (rule, is_thorough, look) in Rule::BOOKS {
        if thorough || !is_thorough {
            asked.push(rule);
            found.extend(look(db, when)?);
        }
    }
    Ok((asked, found))
}

/// An id made of what it names.
fn derive(parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}

fn derived(parts: &[&[u8]]) -> Uuid {
    Uuid::from_bytes(derive(parts))
}

fn uuid(row: &Row<'_>, column: &str) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get(column)?))
}

fn facts<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect()
}

fn branch(row: &Row<'_>) -> rusqlite::Result<Option<(BranchId, u32)>> {
    let id: Option<[u8; 16]> = row.get("branch_id")?;
    let scope: Option<u32> = row.get("scope_no")?;
    Ok(id.map(BranchId::from_bytes).zip(scope))
}

fn all(
    db: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    found: impl FnMut(&Row<'_>) -> rusqlite::Result<Found>,
) -> Result<Vec<Found>> {
    let mut statement = db.prepare_cached(sql)?;
    Ok(statement.query_map(params, found)?.collect::<rusqlite::Result<_>>()?)
}

fn quantity(millionths: i64) -> String {
    lumbung_domain::num::Qty::of(millionths).to_string()
}

/// The cause is the last move: the shelf may be mended and go wrong again.
fn negative_stock(db: &Connection, _: When) -> Result<Vec<Found>> {
    let sql = "select b.product_id, b.location_id, b.qty, p.code, p.name, p.base_unit,
                      l.name as location, r.branch_id, r.scope_no,
                      line.stock_move_id as cause
                 from stock_balance b
                 join stock_card_line line on line.line_no = b.last_line
                 join product p on p.product_id = b.product_id
                 join location l on l.location_id = b.location_id
                 left join branch r on r.branch_id = l.branch_id
                where b.status = 'sellable' and b.qty < 0";
    all(db, sql, [], |row| {
        let (product, location) = (uuid(row, "product_id")?, uuid(row, "location_id")?);
        Ok(Found {
            rule: Rule::NegativeStock,
            subject: derived(&[product.as_bytes(), location.as_bytes()]),
            cause: uuid(row, "cause")?,
            name: row.get("name")?,
            facts: facts([
                ("code", row.get("code")?),
                ("qty", quantity(row.get("qty")?)),
                ("unit", row.get("base_unit")?),
                ("location", row.get("location")?),
                ("product_id", product.to_string()),
            ]),
            branch: branch(row)?,
        })
    })
}

fn over_credit(db: &Connection, _: When) -> Result<Vec<Found>> {
    let sql = "select c.customer_id, c.code, c.name, c.credit_limit, sum(b.balance) as owed
                 from partner_balance b
                 join posting_account a on a.account_id = b.account_id
                  and a.posting_key = 'receivable'
                 join customer c on c.customer_id = b.partner_id
                group by c.customer_id
               having owed > c.credit_limit and owed > 0";
    all(db, sql, [], |row| {
        let customer = uuid(row, "customer_id")?;
        let (owed, limit): (i64, i64) = (row.get("owed")?, row.get("credit_limit")?);
        Ok(Found {
            rule: Rule::OverCredit,
            subject: customer,
            cause: derived(&[&owed.to_be_bytes(), &limit.to_be_bytes()]),
            name: row.get("name")?,
            facts: facts([
                ("code", row.get("code")?),
                ("owed", owed.to_string()),
                ("limit", limit.to_string()),
                ("customer_id", customer.to_string()),
            ]),
            branch: None,
        })
    })
}

fn store_credit_overspent(db: &Connection, _: When) -> Result<Vec<Found>> {
    let sql = "select c.store_credit_id, c.number, sum(m.amount) as balance
                 from store_credit_move m
                 join store_credit c on c.store_credit_id = m.store_credit_id
                group by c.store_credit_id
               having balance < 0";
    all(db, sql, [], |row| {
        let (credit, balance) = (uuid(row, "store_credit_id")?, row.get::<_, i64>("balance")?);
        Ok(Found {
            rule: Rule::StoreCreditOverspent,
            subject: credit,
            cause: derived(&[&balance.to_be_bytes()]),
            name: row.get("number")?,
            facts: facts([("balance", balance.to_string())]),
            branch: None,
        })
    })
}

fn over_returned(db: &Connection, _: When) -> Result<Vec<Found>> {
    let sql = "select s.line_id, s.name, s.base_qty, h.number, h.sale_id,
                      -sum(t.base_qty) as returned, r.branch_id, r.scope_no
                 from sale_line t
                 join sale_line s on s.line_id = t.returned_line_id
                 join sale h on h.sale_id = s.sale_id
                 left join branch r on r.scope_no = s.scope
                where t.returned_line_id is not null
                group by s.line_id
               having returned > s.base_qty";
    all(db, sql, [], |row| {
        let returned: i64 = row.get("returned")?;
        Ok(Found {
            rule: Rule::OverReturned,
            subject: uuid(row, "line_id")?,
            cause: derived(&[&returned.to_be_bytes()]),
            name: row.get("number")?,
            facts: facts([
                ("product", row.get("name")?),
                ("sold", quantity(row.get("base_qty")?)),
                ("returned", quantity(returned)),
                ("sale_id", uuid(row, "sale_id")?.to_string()),
            ]),
            branch: branch(row)?,
        })
    })
}

fn held_twice(db: &Connection, _: When) -> Result<Vec<Found>> {
    let sql = "select e.held_id, h.note, h.held_at, count(*) as times, r.branch_id, r.scope_no
                 from held_ticket_end e
                 join held_ticket h on h.held_id = e.held_id
                 left join branch r on r.scope_no = h.scope
                where e.kind = 'recalled'
                group by e.held_id
               having times > 1";
    all(db, sql, [], |row| {
        let times: i64 = row.get("times")?;
        Ok(Found {
            rule: Rule::HeldTwice,
            subject: uuid(row, "held_id")?,
            cause: derived(&[&times.to_be_bytes()]),
            name: row.get("note")?,
            facts: facts([("times", times.to_string()), ("held_at", text(row, "held_at")?)]),
            branch: branch(row)?,
        })
    })
}

fn text(row: &Row<'_>, column: &str) -> rusqlite::Result<String> {
    Ok(row.get::<_, i64>(column)?.to_string())
}

fn held_forgotten(db: &Connection, when: When) -> Result<Vec<Found>> {
    let days = chrono::Days::new(u64::try_from(when.held_days).unwrap_or(0) + 1);
    let before = when.today.checked_sub_days(days).unwrap_or(when.today);
    let sql = "select h.held_id, h.note, h.total, h.held_at, r.branch_id, r.scope_no
                 from held_ticket h
                 left join branch r on r.scope_no = h.scope
                where h.business_date < :before
                  and not exists (select 1 from held_ticket_end e where e.held_id = h.held_id)";
    all(db, sql, named_params! { ":before": before.to_string() }, |row| {
        let held = uuid(row, "held_id")?;
        Ok(Found {
            rule: Rule::HeldForgotten,
            subject: held,
            cause: held,
            name: row.get("note")?,
            facts: facts([("total", text(row, "total")?), ("held_at", text(row, "held_at")?)]),
            branch: branch(row)?,
        })
    })
}

fn duplicate(rule: Rule, fact: &'static str) -> impl FnMut(&Row<'_>) -> rusqlite::Result<Found> {
    move |row| {
        let code: String = row.get("code")?;
        let names: String = row.get("names")?;
        Ok(Found {
            rule,
            subject: derived(&[code.as_bytes()]),
            cause: derived(&[row.get::<_, String>("ids")?.as_bytes()]),
            name: code,
            facts: facts([(fact, names), ("times", text(row, "times")?)]),
            branch: None,
        })
    }
}

fn duplicate_code(db: &Connection, _: When) -> Result<Vec<Found>> {
    let sql = "select code, count(*) as times, group_concat(name, '; ') as names,
                      group_concat(hex(product_id), ' ') as ids
                 from (select code, name, product_id from product indexed by product_by_code
                        where code in (select code from product group by code
                                        having count(*) > 1)
                          and not archived
                        order by code, product_id)
                group by code
               having times > 1";
    all(db, sql, [], duplicate(Rule::DuplicateCode, "products"))
}

fn duplicate_barcode(db: &Connection, _: When) -> Result<Vec<Found>> {
    let sql = "select code, count(*) as times, group_concat(name, '; ') as names,
                      group_concat(hex(product_id), ' ') as ids
                 from (select distinct b.code, p.name, p.product_id
                         from barcode b join product p on p.product_id = b.product_id
                        where b.code in (select code from barcode group by code
                                          having count(*) > 1)
                          and not b.archived and not p.archived
                        order by b.code, p.product_id)
                group by code
               having times > 1";
    all(db, sql, [], duplicate(Rule::DuplicateBarcode, "products"))
}

fn duplicate_number(db: &Connection, _: When) -> Result<Vec<Found>> {
    let sql = "select number as code, count(*) as times,
                      group_concat(terminal, '; ') as names,
                      group_concat(hex(sale_id), ' ') as ids
                 from (select s.number, coalesce(t.name, '') as terminal, s.sale_id
                         from sale s left join terminal t on t.terminal_id = s.terminal_id
                        where s.number in (select number from sale group by number
                                            having count(*) > 1)
                        order by s.number, s.sale_id)
                group by number";
    all(db, sql, [], duplicate(Rule::DuplicateNumber, "terminals"))
}

fn archived_seller(db: &Connection, when: When) -> Result<Vec<Found>> {
    let from = when.today.checked_sub_days(chrono::Days::new(31)).unwrap_or(when.today);
    let sql = "select u.user_id, u.name, s.number, s.sale_id, s.sold_at, r.branch_id, r.scope_no
                 from user u
                 join sale s on s.cashier_id = u.user_id and s.business_date >= :from
                 left join branch r on r.scope_no = s.scope
                where u.archived
                  and s.sold_at > (select max(a.at_ms) from audit_change a
                                    where a.tbl = 'user' and a.key = u.user_id
                                      and a.grp = 'archived')";
    all(db, sql, named_params! { ":from": from.to_string() }, |row| {
        let sale = uuid(row, "sale_id")?;
        Ok(Found {
            rule: Rule::ArchivedSeller,
            subject: sale,
            cause: uuid(row, "user_id")?,
            name: row.get("number")?,
            facts: facts([
                ("user", row.get("name")?),
                ("sold_at", text(row, "sold_at")?),
                ("sale_id", sale.to_string()),
            ]),
            branch: branch(row)?,
        })
    })
}
