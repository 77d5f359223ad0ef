//! What a session came to.
//!
//! **Invariant:** a closed session's report is stored as it was closed and never computed again.

use lumbung_domain::ids::{CategoryId, Id, TaxClassId};
use lumbung_domain::num::{Money, Rate};
use lumbung_domain::session::{CashMovementKind, Drawer};
use lumbung_domain::tender::TenderKind;
use rusqlite::{Connection, named_params};

use super::rows::{CashSessionRow, SessionCloseRow};
use super::store;
use super::types::{CategorySum, SessionReport, TaxSum, TenderSum};
use crate::error::{Error, Result};
use crate::standing::Standing;

/// The report as it was closed.
pub fn stored(close: &SessionCloseRow) -> Result<SessionReport> {
    serde_json::from_str(&close.report)
        .map_err(|error| Error::Broken(format!("Z report {}: {error}", close.number)))
}

/// Hides what would tell a cashier how much the drawer should hold.
pub fn hide_cash(report: &mut SessionReport) {
    report.expected = None;
    report.account_payments_cash = None;
    for sum in &mut report.tenders {
        if sum.kind == TenderKind::Cash {
            sum.taken = None;
            sum.refunded = None;
        }
    }
}

struct KindSum {
    count: u32,
    discounts: u32,
    total: Money,
    discount: Money,
    net: Money,
    tax: Money,
    rounding: Money,
}

fn kind_sum(db: &Connection, session: [u8; 16], kind: &str) -> Result<KindSum> {
    Ok(db
        .prepare_cached(
            "select count(*) as count, count(nullif(discount, 0)) as discounts,
                    coalesce(sum(total), 0) as total,
                    coalesce(sum(discount), 0) as discount, coalesce(sum(net), 0) as net,
                    coalesce(sum(tax), 0) as tax, coalesce(sum(rounding), 0) as rounding
               from sale where session_id = :session_id and kind = :kind",
        )?
        .query_row(named_params! { ":session_id": session, ":kind": kind }, |row| {
            Ok(KindSum {
                count: row.get("count")?,
                discounts: row.get("discounts")?,
                total: Money::of(row.get("total")?),
                discount: Money::of(row.get("discount")?),
                net: Money::of(row.get("net")?),
                tax: Money::of(row.get("tax")?),
                rounding: Money::of(row.get("rounding")?),
            })
        })?)
}

fn tender_sums(db: &Connection, session: [u8; 16]) -> Result<Vec<TenderSum>> {
    let mut statement = db.prepare_cached(
        "select kind, count(*) as count, sum(max(amount, 0)) as taken,
                sum(min(amount, 0)) as refunded
           from (select t.kind, t.amount
                   from sale s join sale_tender t on t.sale_id = s.sale_id
                  where s.session_id = :session_id
                 union all
                 select t.kind, t.amount from account_payment p
                   join account_payment_tender t on t.payment_id = p.payment_id
                  where p.session_id = :session_id)
          group by kind order by kind",
    )?;
    let mut found = statement.query(named_params! { ":session_id": session })?;
    let mut sums = Vec::new();
    while let Some(row) = found.next()? {
        let kind: String = row.get("kind")?;
        sums.push(TenderSum {
            kind: TenderKind::parse(&kind)
                .ok_or_else(|| Error::Broken(format!("tender {kind}")))?,
            taken: Some(Money::of(row.get("taken")?)),
            refunded: Some(Money::of(row.get("refunded")?)),
            count: row.get("count")?,
        });
    }
    Ok(sums)
}

fn tax_sums(db: &Connection, standing: &Standing, session: [u8; 16]) -> Result<Vec<TaxSum>> {
    let mut statement = db.prepare_cached(
        "select l.tax_class_id, l.tax_code, l.tax_rate, sum(l.net) as base, sum(l.tax) as tax
           from sale s join sale_line l on l.sale_id = s.sale_id
          where s.session_id = :session_id
          group by l.tax_class_id, l.tax_code, l.tax_rate order by l.tax_code",
    )?;
    let mut found = statement.query(named_params! { ":session_id": session })?;
    let mut sums = Vec::new();
    while let Some(row) = found.next()? {
        let tax_class_id = TaxClassId::from_bytes(row.get("tax_class_id")?);
        let class = standing.tax_classes.get(&tax_class_id);
        sums.push(TaxSum {
            tax_class_id,
            code: row.get("tax_code")?,
            name: class.map(|class| class.name.clone()).unwrap_or_default(),
            rate: Rate::of(row.get("tax_rate")?),
            base: Money::of(row.get("base")?),
            tax: Money::of(row.get("tax")?),
        });
    }
    Ok(sums)
}

fn category_sums(db: &Connection, session: [u8; 16]) -> Result<Vec<CategorySum>> {
    let mut statement = db.prepare_cached(
        "select p.category_id, coalesce(c.name, '') as name, count(*) as count,
                sum(l.total) as total
           from sale s join sale_line l on l.sale_id = s.sale_id
           join product p on p.product_id = l.product_id
           left join category c on c.category_id = p.category_id
          where s.session_id = :session_id group by p.category_id order by total desc",
    )?;
    let mut found = statement.query(named_params! { ":session_id": session })?;
    let mut sums = Vec::new();
    while let Some(row) = found.next()? {
        let category_id: Option<[u8; 16]> = row.get("category_id")?;
        sums.push(CategorySum {
            category_id: category_id.map(CategoryId::from_bytes),
            name: row.get("name")?,
            count: row.get("count")?,
            total: Money::of(row.get("total")?),
        });
    }
    Ok(sums)
}

fn numbers(db: &Connection, session: [u8; 16]) -> Result<(Option<String>, Option<String>)> {
    Ok(db
        .prepare_cached(
            "select (select number from sale where session_id = :session_id
                      order by sale_id limit 1) as first,
                    (select number from sale where session_id = :session_id
                      order by sale_id desc limit 1) as last",
        )?
        .query_row(named_params! { ":session_id": session }, |row| {
            Ok((row.get("first")?, row.get("last")?))
        })?)
}

fn overrides(db: &Connection, row: &CashSessionRow) -> Result<u32> {
    Ok(db
        .prepare_cached(
            "select count(*) as count from approval
              where terminal_id = :terminal_id and approved_at >= :since",
        )?
        .query_row(
            named_params! { ":terminal_id": row.terminal_id.bytes(), ":since": row.opened_at },
            |found| found.get("count"),
        )?)
}

/// What customers paid of what they owed.
struct Debts {
    count: u32,
    total: Money,
    rounding: Money,
    cash: Money,
}

fn debts(db: &Connection, session: [u8; 16]) -> Result<Debts> {
    Ok(db
        .prepare_cached(
            "select count(*) as count, coalesce(sum(amount), 0) as total,
                    coalesce(sum(rounding), 0) as rounding,
                    coalesce(sum((select sum(t.amount) from account_payment_tender t
                        where t.payment_id = p.payment_id and t.kind = 'cash')), 0) as cash
               from account_payment p where session_id = :session_id",
        )?
        .query_row(named_params! { ":session_id": session }, |row| {
            Ok(Debts {
                count: row.get("count")?,
                total: Money::of(row.get("total")?),
                rounding: Money::of(row.get("rounding")?),
                cash: Money::of(row.get("cash")?),
            })
        })?)
}

/// What went into and out of a session's drawer.
pub fn drawer(db: &Connection, row: &CashSessionRow) -> Result<Drawer> {
    let mut drawer = Drawer { opening: row.opening_float, ..Drawer::default() };
    for movement in store::cash_movements(db, row.session_id)? {
        let kind = CashMovementKind::parse(&movement.kind)
            .ok_or_else(|| Error::Broken(format!("cash movement {}", movement.kind)))?;
        let sum = match kind {
            CashMovementKind::CashIn => &mut drawer.cash_in,
            CashMovementKind::CashOut => &mut drawer.cash_out,
            CashMovementKind::Drop => &mut drawer.drops,
        };
        *sum = sum.plus(movement.amount)?;
    }
    let tenders = tender_sums(db, row.session_id.bytes())?;
    if let Some(cash) = tenders.iter().find(|sum| sum.kind == TenderKind::Cash) {
        drawer.debts = debts(db, row.session_id.bytes())?.cash;
        drawer.sales = cash.taken.unwrap_or_default().minus(drawer.debts)?;
        drawer.refunds = cash.refunded.unwrap_or_default().abs();
    }
    Ok(drawer)
}

/// Adds up a session from its facts.
pub fn make(
    db: &Connection,
    standing: &Standing,
    row: &CashSessionRow,
    offset_min: i64,
) -> Result<SessionReport> {
    let session = row.session_id.bytes();
    let sales = kind_sum(db, session, "sale")?;
    let returns = kind_sum(db, session, "return")?;
    let voids = kind_sum(db, session, "void")?;
    let add = |of: fn(&KindSum) -> Money| Money::sum([of(&sales), of(&returns), of(&voids)]);
    let tenders = tender_sums(db, session)?;
    let debts = debts(db, session)?;
    let drawer = drawer(db, row)?;
    let expected = drawer.expected()?;
    let Drawer { cash_in, cash_out, drops: cash_drops, .. } = drawer;
    let (line_voids, line_voids_total) = store::events(db, row.session_id, "line_void")?;
    let (first_number, last_number) = numbers(db, session)?;
    let terminal = crate::company::store::terminal(db, row.terminal_id)?;
    Ok(SessionReport {
        number: None,
        session_id: row.session_id,
        branch: standing.branch.name.clone(),
        terminal: terminal.map(|terminal| terminal.name).unwrap_or_default(),
        drawer: row.drawer.clone(),
        cashier: store::user_name(db, row.cashier_id)?,
        business_date: row.business_date.to_string(),
        opened_at: row.opened_at,
        closed_at: None,
        offset_min,
        currency: row.currency.clone(),
        sales: sales.count,
        sales_total: sales.total,
        returns: returns.count,
        returns_total: returns.total,
        voids: voids.count,
        voids_total: voids.total,
        discounts: sales.discounts,
        discount: add(|sum| sum.discount)?,
        net: add(|sum| sum.net)?,
        tax: add(|sum| sum.tax)?,
        total: add(|sum| sum.total)?,
        rounding: add(|sum| sum.rounding)?.plus(debts.rounding)?,
        account_payments: debts.count,
        account_payments_total: debts.total,
        account_payments_cash: Some(debts.cash),
        tenders,
        taxes: tax_sums(db, standing, session)?,
        categories: category_sums(db, session)?,
        opening_float: row.opening_float,
        cash_in,
        cash_out,
        cash_drops,
        expected: Some(expected),
        counted: None,
        over_short: None,
        count: Vec::new(),
        no_sales: store::events(db, row.session_id, "no_sale")?.0,
        line_voids,
        line_voids_total,
        ticket_voids: store::events(db, row.session_id, "ticket_void")?.0,
        reprints: store::events(db, row.session_id, "reprint")?.0,
        overrides: overrides(db, row)?,
        held: u32::try_from(store::held(db)?.len()).unwrap_or(u32::MAX),
        first_number,
        last_number,
        reason: String::new(),
    })
}
