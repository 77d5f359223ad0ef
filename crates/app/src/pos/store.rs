//! Queries of the till.

use chrono::NaiveDate;
use lumbung_domain::ids::{
    HeldTicketId, Id, LineId, PaymentId, ProductId, SaleId, SessionId, StoreCreditId, TerminalId,
    UserId,
};
use lumbung_domain::num::{Money, Qty};
use lumbung_domain::returns::Amounts;
use rusqlite::{Connection, OptionalExtension, named_params};

use super::rows::{
    AccountPaymentRow, AccountPaymentTenderRow, CashCountRow, CashMovementRow, CashSessionRow,
    HeldTicketRow, SaleLineRow, SaleRow, SaleTenderRow, SessionCloseRow, StoreCreditRow,
};
use crate::error::Result;
use crate::standing::{row, rows};

/// A sale.
pub fn sale(db: &Connection, sale_id: SaleId) -> Result<Option<SaleRow>> {
    let sql = format!("select {} from sale where sale_id = :id", SaleRow::COLUMNS);
    row(db, &sql, named_params! { ":id": sale_id.bytes() })
}

/// The sale of a number.
pub fn sale_by_number(db: &Connection, number: &str) -> Result<Option<SaleRow>> {
    let sql = format!("select {} from sale where number = :number limit 1", SaleRow::COLUMNS);
    row(db, &sql, named_params! { ":number": number })
}

/// Lines of a sale, in order.
pub fn sale_lines(db: &Connection, sale_id: SaleId) -> Result<Vec<SaleLineRow>> {
    let sql = format!(
        "select {} from sale_line where sale_id = :id order by line_no",
        SaleLineRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": sale_id.bytes() })
}

/// Payments of a sale, in order.
pub fn sale_tenders(db: &Connection, sale_id: SaleId) -> Result<Vec<SaleTenderRow>> {
    let sql = format!(
        "select {} from sale_tender where sale_id = :id order by tender_id",
        SaleTenderRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": sale_id.bytes() })
}

/// A payment on account.
pub fn account_payment(
    db: &Connection,
    payment_id: PaymentId,
) -> Result<Option<AccountPaymentRow>> {
    let sql = format!(
        "select {} from account_payment where payment_id = :id",
        AccountPaymentRow::COLUMNS
    );
    row(db, &sql, named_params! { ":id": payment_id.bytes() })
}

/// How a payment on account was paid, in order.
pub fn account_payment_tenders(
    db: &Connection,
    payment_id: PaymentId,
) -> Result<Vec<AccountPaymentTenderRow>> {
    let sql = format!(
        "select {} from account_payment_tender where payment_id = :id order by tender_id",
        AccountPaymentTenderRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": payment_id.bytes() })
}

/// Returns and voids of a sale.
pub fn returns_of(db: &Connection, sale_id: SaleId) -> Result<Vec<SaleRow>> {
    let sql = format!(
        "select {} from sale where original_sale_id = :id order by sale_id",
        SaleRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": sale_id.bytes() })
}

/// What of a line has come back so far, positive.
#[derive(Debug, Clone, Default)]
pub struct Returned {
    /// Units.
    pub qty: Qty,
    /// Base units.
    pub base_qty: Qty,
    /// Its cost.
    pub cost: Money,
    /// What was paid back for it.
    pub amounts: Amounts,
}

/// What of a line has come back so far.
pub fn returned(db: &Connection, line_id: LineId) -> Result<Returned> {
    let found = db
        .prepare_cached(
            "select coalesce(-sum(qty), 0) as qty, coalesce(-sum(base_qty), 0) as base_qty,
                    coalesce(-sum(cost), 0) as cost, coalesce(-sum(gross), 0) as gross,
                    coalesce(-sum(line_discount), 0) as line_discount,
                    coalesce(-sum(ticket_discount), 0) as ticket_discount,
                    coalesce(-sum(net), 0) as net, coalesce(-sum(tax), 0) as tax,
                    coalesce(-sum(total), 0) as total
               from sale_line where returned_line_id = :line_id",
        )?
        .query_row(named_params! { ":line_id": line_id.bytes() }, |row| {
            let money = |name: &str| row.get(name).map(Money::of);
            Ok(Returned {
                qty: Qty::of(row.get("qty")?),
                base_qty: Qty::of(row.get("base_qty")?),
                cost: money("cost")?,
                amounts: Amounts {
                    gross: money("gross")?,
                    line_discount: money("line_discount")?,
                    ticket_discount_share: money("ticket_discount")?,
                    net: money("net")?,
                    tax: money("tax")?,
                    total: money("total")?,
                },
            })
        })?;
    Ok(found)
}

/// A page of sales, newest first.
pub fn sales(
    db: &Connection,
    query: &super::types::ReceiptQuery,
    limit: i64,
) -> Result<Vec<SaleRow>> {
    let sql = format!(
        "select {} from sale
          where sale_id < :before
            and (:text = '' or instr(number, :text) > 0 or instr(source_number, :text) > 0)
            and (:from is null or business_date >= :from)
            and (:to is null or business_date <= :to)
            and (:customer_id is null or customer_id = :customer_id)
          order by sale_id desc limit :limit",
        SaleRow::COLUMNS
    );
    let day = |date: Option<NaiveDate>| date.map(|date| date.to_string());
    rows(
        db,
        &sql,
        named_params! {
            ":before": query.before.map_or([0xff; 16], Id::bytes),
            ":text": query.text.trim().to_uppercase(),
            ":from": day(query.from), ":to": day(query.to),
            ":customer_id": query.customer_id.map(Id::bytes), ":limit": limit,
        },
    )
}

/// A session.
pub fn session(db: &Connection, session_id: SessionId) -> Result<Option<CashSessionRow>> {
    let sql =
        format!("select {} from cash_session where session_id = :id", CashSessionRow::COLUMNS);
    row(db, &sql, named_params! { ":id": session_id.bytes() })
}

/// Open sessions of a till.
pub fn open_sessions(db: &Connection, terminal_id: TerminalId) -> Result<Vec<CashSessionRow>> {
    // The newest sessions are looked at first; an open one is never older than the policy allows.
    let sql = format!(
        "select {} from cash_session s
          where s.terminal_id = :terminal_id
            and not exists (select 1 from session_close c where c.close_id = s.session_id)
          order by s.opened_at desc",
        CashSessionRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":terminal_id": terminal_id.bytes() })
}

/// The newest sessions of a till.
pub fn last_session(db: &Connection, terminal_id: TerminalId) -> Result<Option<CashSessionRow>> {
    let sql = format!(
        "select {} from cash_session where terminal_id = :terminal_id
         order by opened_at desc limit 1",
        CashSessionRow::COLUMNS
    );
    row(db, &sql, named_params! { ":terminal_id": terminal_id.bytes() })
}

/// Sessions of every till here, newest first.
pub fn sessions(db: &Connection, limit: i64) -> Result<Vec<CashSessionRow>> {
    let sql = format!(
        "select {} from cash_session order by session_id desc limit :limit",
        CashSessionRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":limit": limit })
}

/// The close of a session.
pub fn close(db: &Connection, session_id: SessionId) -> Result<Option<SessionCloseRow>> {
    let sql =
        format!("select {} from session_close where close_id = :id", SessionCloseRow::COLUMNS);
    row(db, &sql, named_params! { ":id": session_id.bytes() })
}

/// The close of a number.
pub fn close_by_number(db: &Connection, number: &str) -> Result<Option<SessionCloseRow>> {
    let sql =
        format!("select {} from session_close where number = :number", SessionCloseRow::COLUMNS);
    row(db, &sql, named_params! { ":number": number })
}

/// Counts of a session's drawer.
pub fn counts(db: &Connection, session_id: SessionId) -> Result<Vec<CashCountRow>> {
    let sql = format!(
        "select {} from cash_count where session_id = :id order by count_id",
        CashCountRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": session_id.bytes() })
}

/// Cash put in, paid out and dropped in a session.
pub fn cash_movements(db: &Connection, session_id: SessionId) -> Result<Vec<CashMovementRow>> {
    let sql = format!(
        "select {} from cash_movement where session_id = :id order by cash_movement_id",
        CashMovementRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": session_id.bytes() })
}

/// Number of events of a kind in a session, and what they come to.
pub fn events(db: &Connection, session_id: SessionId, kind: &str) -> Result<(u32, Money)> {
    let (count, amount) = db
        .prepare_cached(
            "select count(*) as count, coalesce(sum(amount), 0) as amount
               from pos_event where session_id = :session_id and kind = :kind",
        )?
        .query_row(named_params! { ":session_id": session_id.bytes(), ":kind": kind }, |row| {
            Ok((row.get("count")?, row.get("amount")?))
        })?;
    Ok((count, Money::of(amount)))
}

/// Copies printed of a sale after the first.
pub fn copies(db: &Connection, sale_id: SaleId) -> Result<u32> {
    Ok(db
        .prepare_cached(
            "select count(*) as count from pos_event where sale_id = :sale_id and kind = 'reprint'",
        )?
        .query_row(named_params! { ":sale_id": sale_id.bytes() }, |row| row.get("count"))?)
}

/// Held tickets that nobody has taken up, oldest first.
pub fn held(db: &Connection) -> Result<Vec<HeldTicketRow>> {
    let sql = format!(
        "select {} from held_ticket h
          where not exists (select 1 from held_ticket_end e where e.held_id = h.held_id)
          order by h.held_id",
        HeldTicketRow::COLUMNS
    );
    rows(db, &sql, [])
}

/// A held ticket.
pub fn held_ticket(db: &Connection, held_id: HeldTicketId) -> Result<Option<HeldTicketRow>> {
    let sql = format!("select {} from held_ticket where held_id = :id", HeldTicketRow::COLUMNS);
    row(db, &sql, named_params! { ":id": held_id.bytes() })
}

/// How a held ticket ended, if it did.
pub fn held_end(db: &Connection, held_id: HeldTicketId) -> Result<Option<String>> {
    Ok(db
        .prepare_cached("select kind from held_ticket_end where held_id = :id limit 1")?
        .query_row(named_params! { ":id": held_id.bytes() }, |row| row.get("kind"))
        .optional()?)
}

/// A store credit by its number.
pub fn store_credit(db: &Connection, number: &str) -> Result<Option<StoreCreditRow>> {
    let sql = format!(
        "select {} from store_credit where number = :number limit 1",
        StoreCreditRow::COLUMNS
    );
    row(db, &sql, named_params! { ":number": number })
}

/// The store credit issued with a sale.
pub fn store_credit_of(db: &Connection, sale_id: SaleId) -> Result<Option<StoreCreditRow>> {
    let sql = format!(
        "select {} from store_credit c where c.store_credit_id in
            (select t.store_credit_id from sale_tender t
              where t.sale_id = :sale_id and t.amount < 0 and t.store_credit_id is not null)
          limit 1",
        StoreCreditRow::COLUMNS
    );
    row(db, &sql, named_params! { ":sale_id": sale_id.bytes() })
}

/// What was put on a store credit and what is left.
pub fn store_credit_balance(db: &Connection, id: StoreCreditId) -> Result<(Money, Money)> {
    let (issued, balance) = db
        .prepare_cached(
            "select coalesce(sum(max(amount, 0)), 0) as issued, coalesce(sum(amount), 0) as balance
               from store_credit_move where store_credit_id = :id",
        )?
        .query_row(named_params! { ":id": id.bytes() }, |row| {
            Ok((row.get("issued")?, row.get("balance")?))
        })?;
    Ok((Money::of(issued), Money::of(balance)))
}

/// The ticket that was on the screen of a till.
pub fn open_ticket(db: &Connection, terminal_id: TerminalId) -> Result<Option<String>> {
    Ok(db
        .prepare_cached("select content from open_ticket where terminal_id = :id")?
        .query_row(named_params! { ":id": terminal_id.bytes() }, |row| row.get("content"))
        .optional()?)
}

/// Keeps the ticket on the screen of a till, or forgets it.
pub fn save_open_ticket(
    db: &Connection,
    terminal_id: TerminalId,
    content: Option<&str>,
    now_ms: i64,
) -> Result<()> {
    match content {
        Some(content) => db
            .prepare_cached(
                "insert into open_ticket (terminal_id, content, saved_at)
                 values (:id, :content, :now)
                 on conflict do update
                    set content = excluded.content, saved_at = excluded.saved_at",
            )?
            .execute(named_params! {
                ":id": terminal_id.bytes(), ":content": content, ":now": now_ms,
            })?,
        None => db
            .prepare_cached("delete from open_ticket where terminal_id = :id")?
            .execute(named_params! { ":id": terminal_id.bytes() })?,
    };
    Ok(())
}

/// The receipt a piece was sold on, while it has not come back.
pub fn serial_out(db: &Connection, product_id: ProductId, serial: &str) -> Result<Option<String>> {
    Ok(db
        .prepare_cached(
            "select s.number from sale_line l join sale s on s.sale_id = l.sale_id
              where l.serial = :serial and l.serial <> '' and l.product_id = :product_id
                and l.qty > 0
                and not exists (select 1 from sale_line b where b.returned_line_id = l.line_id)
              limit 1",
        )?
        .query_row(named_params! { ":serial": serial, ":product_id": product_id.bytes() }, |row| {
            row.get("number")
        })
        .optional()?)
}

/// Whether a piece was ever on a document.
pub fn serial_known(db: &Connection, product_id: ProductId, serial: &str) -> Result<bool> {
    Ok(db
        .prepare_cached(
            "select 1 from sale_line
              where serial = :serial and serial <> '' and product_id = :product_id limit 1",
        )?
        .exists(named_params! { ":serial": serial, ":product_id": product_id.bytes() })?)
}

/// The sale of a piece: the one it has not come back from, else the newest.
pub fn sale_by_serial(db: &Connection, serial: &str) -> Result<Option<SaleRow>> {
    let sql = format!(
        "select {} from sale where sale_id = (
            select s.sale_id from sale_line l join sale s on s.sale_id = l.sale_id
             where l.serial = :serial and l.serial <> '' and l.qty > 0
             order by exists (select 1 from sale_line b where b.returned_line_id = l.line_id),
                      s.sold_at desc
             limit 1)",
        SaleRow::COLUMNS
    );
    row(db, &sql, named_params! { ":serial": serial })
}

/// A person's name.
pub fn user_name(db: &Connection, user_id: UserId) -> Result<String> {
    let name: Option<String> = db
        .prepare_cached("select name from user where user_id = :id")?
        .query_row(named_params! { ":id": user_id.bytes() }, |row| row.get("name"))
        .optional()?;
    Ok(name.unwrap_or_default())
}

/// A customer's name.
pub fn customer_name(
    db: &Connection,
    customer_id: lumbung_domain::ids::CustomerId,
) -> Result<Option<String>> {
    Ok(db
        .prepare_cached("select name from customer where customer_id = :id")?
        .query_row(named_params! { ":id": customer_id.bytes() }, |row| row.get("name"))
        .optional()?)
}
