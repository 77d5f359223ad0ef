//! Finishing a sale: check it, record it, move the stock, post the money, in one commit.
//!
//! **Invariant:** a ticket becomes a sale at most once: the ticket's id is the sale's id.

use chrono::NaiveDate;
use lumbung_domain::ids::{CustomerId, LineId, SaleId, StoreCreditId};
use lumbung_domain::journal::{self, SaleFacts};
use lumbung_domain::num::Money;
use lumbung_domain::number::DocKind;
use lumbung_domain::stock::StockStatus;
use lumbung_domain::tender::{self, Settlement, TenderKind, Tendered};
use lumbung_domain::ticket::Direction;

use super::checks::{approve, check_credit, check_lines};
use super::receipt::Posted;
use super::rows::{
    CashSessionRow, PosEventRow, SaleLineRow, SaleRow, SaleTenderRow, StoreCreditMoveRow,
};
use super::ticket::{PricedLine, PricedTicket, cash_rule, price_ticket};
use super::types::{Complete, Payment, Receipt, SaleKind, Settle, Settled};
use super::{next_number, receipt, session, store};
use crate::door::{Read, Write};
use crate::error::{Refusal, Result, refuse, refuse_field};
use crate::finance::{self, Document};
use crate::inventory::{self, Move};

/// Payments of one ticket.
const PAYMENTS_MAX: usize = 20;

pub(super) fn tendered(payments: &[Payment]) -> Result<Vec<Tendered>> {
    if payments.len() > PAYMENTS_MAX {
        return Err(refuse_field!(
            "payments",
            "too_many_payments",
            "A ticket is paid with at most {limit} payments.",
            limit = PAYMENTS_MAX
        ));
    }
    Ok(payments
        .iter()
        .map(|payment| Tendered {
            kind: payment.kind,
            amount: payment.amount,
            reference: Some(payment.reference.trim().to_owned()).filter(|text| !text.is_empty()),
        })
        .collect())
}

/// `pos.settle`: how far payments reach, while they are being entered.
pub fn settle(read: &Read<'_>, given: Settle) -> Result<Settled> {
    let rule = cash_rule(&read.standing);
    let paid = tendered(&given.payments)?;
    let left = tender::remaining(given.total, &paid, &rule)?;
    Ok(match tender::settle(given.total, &paid, &rule) {
        Ok(settled) => Settled {
            remaining: left.exact,
            remaining_cash: left.in_cash,
            change: settled.change,
            rounding: settled.rounding,
            complete: true,
        },
        Err(tender::TenderError::Short { .. }) => Settled {
            remaining: left.exact,
            remaining_cash: left.in_cash,
            change: Money::ZERO,
            rounding: Money::ZERO,
            complete: false,
        },
        Err(error) => return Err(error.into()),
    })
}

/// `pos.complete`: finishes a sale. Asked again with the same ticket, it answers with the same
/// receipt and sells nothing twice.
pub fn complete(write: &mut Write<'_, '_>, given: Complete) -> Result<Receipt> {
    let sale_id = given.ticket.ticket_id;
    if store::sale(write.db(), sale_id)?.is_some() {
        return receipt::receipt(write.db(), &write.standing, sale_id);
    }
    let open = session::mine(write)?;
    let date = open.business_date;
    let standing = std::sync::Arc::clone(&write.standing);
    let priced = price_ticket(write.db(), &standing, date, &given.ticket)?;
    if priced.lines.is_empty() {
        return Err(lumbung_domain::ticket::TicketError::Empty.into());
    }
    if priced.totals.total != given.expected_total {
        return Err(Refusal::new(
            "total_changed",
            "Prices changed since the ticket was shown. Look at the new total first.",
        )
        .fact("total", priced.totals.total)
        .into());
    }
    check_lines(write, &priced)?;
    approve(write, &priced)?;
    let paid = tendered(&given.payments)?;
    let settlement = tender::settle(priced.totals.total, &paid, &cash_rule(&standing))?;
    let customer = priced.customer.as_ref().map(|customer| customer.customer_id);
    check_credit(write, &priced, &settlement)?;
    let number = next_number(write, DocKind::Sale)?;
    let head = Head { sale_id, number, open: &open, customer, date };
    let sale = insert_sale(write, &head, &given, &priced, &settlement)?;
    let (cost, rows) = insert_lines(write, &head, &priced)?;
    let tenders = insert_tenders(write, &head, &settlement)?;
    let applied: Vec<_> =
        settlement.tenders.iter().map(|tender| (tender.kind, tender.amount)).collect();
    let lines = journal::sale_lines(&SaleFacts {
        direction: Direction::Sale,
        net: priced.totals.net,
        discount: Money::ZERO,
        tax: priced.totals.tax,
        rounding: settlement.rounding,
        tenders: &applied,
        goods: &[(StockStatus::Sellable, cost)],
    })?;
    let document =
        Document { kind: "sale", id: sale_id.uuid(), number: &head.number, date, memo: "" };
    finance::post(write, &document, &lines, customer)?;
    store::save_open_ticket(write.db(), standing.terminal.terminal_id, None, write.now_ms)?;
    let posted = Posted { sale, lines: rows, tenders };
    let customer = priced.customer.as_ref().map(|customer| customer.name.as_str());
    receipt::fresh(&standing, posted, &write.actor.name, customer)
}

struct Head<'a> {
    sale_id: SaleId,
    number: String,
    open: &'a CashSessionRow,
    customer: Option<CustomerId>,
    date: NaiveDate,
}

fn insert_sale(
    write: &mut Write<'_, '_>,
    head: &Head<'_>,
    given: &Complete,
    priced: &PricedTicket,
    settlement: &Settlement,
) -> Result<SaleRow> {
    let totals = &priced.totals;
    let row = SaleRow {
        sale_id: head.sale_id,
        number: head.number.clone(),
        kind: SaleKind::Sale.as_str().to_owned(),
        session_id: Some(head.open.session_id),
        terminal_id: write.standing.terminal.terminal_id,
        cashier_id: write.actor.user_id,
        customer_id: head.customer,
        business_date: head.date,
        sold_at: write.now_ms,
        offset_min: i64::from(write.offset_min),
        currency: write.standing.company.currency.clone(),
        gross: totals.gross,
        discount: totals.line_discounts.plus(totals.ticket_discount)?,
        net: totals.net,
        tax: totals.tax,
        total: totals.total,
        rounding: settlement.rounding,
        change: settlement.change,
        original_sale_id: None,
        source_number: String::new(),
        reason: String::new(),
        note: given.ticket.note.clone(),
        import_id: None,
    };
    write.tx.insert(&row)?;
    Ok(row)
}

/// Inserts the lines and their stock moves; answers with the cost of what left, and the lines.
fn insert_lines(
    write: &mut Write<'_, '_>,
    head: &Head<'_>,
    priced: &PricedTicket,
) -> Result<(Money, Vec<SaleLineRow>)> {
    let mut cost = Money::ZERO;
    let mut rows = Vec::with_capacity(priced.lines.len());
    for (line, sums) in priced.lines.iter().zip(&priced.totals.lines) {
        let product = &line.sellable.product;
        let goods = product.kind == "goods";
        let worth = if goods {
            inventory::issue_cost(write, product.product_id, product.last_cost, line.base_qty)?
        } else {
            Money::ZERO
        };
        let line_id: LineId = line.line.line_id;
        let row = line_row(head.sale_id, line, sums, worth);
        write.tx.insert(&row)?;
        rows.push(row);
        log_line(write, head, line, sums)?;
        if goods {
            cost = cost.plus(worth)?;
            let location_id = write.standing.location.location_id;
            inventory::record(
                write,
                &Move {
                    product_id: product.product_id,
                    location_id,
                    status: StockStatus::Sellable,
                    qty: line.base_qty.negated(),
                    value: worth.negated(),
                    doc_kind: "sale",
                    doc_id: head.sale_id.uuid(),
                    doc_line_id: Some(line_id),
                    reason: "",
                    date: head.date,
                },
            )?;
        }
    }
    Ok((cost, rows))
}

fn line_row(
    sale_id: SaleId,
    line: &PricedLine,
    sums: &lumbung_domain::ticket::LineTotals,
    cost: Money,
) -> SaleLineRow {
    let sellable = &line.sellable;
    SaleLineRow {
        line_id: line.line.line_id,
        sale_id,
        line_no: i64::from(sums.line_no),
        product_id: sellable.product.product_id,
        product_unit_id: sellable.product_unit_id,
        code: sellable.product.code.clone(),
        name: sellable.product.name.clone(),
        unit: sellable.unit.clone(),
        qty: line.qty,
        base_qty: line.base_qty,
        unit_price: line.unit_price,
        list_price: line.list_price,
        price_source: line.price_source.clone(),
        gross: sums.gross,
        line_discount: sums.line_discount,
        ticket_discount: sums.ticket_discount_share,
        net: sums.net,
        tax: sums.tax,
        total: sums.total,
        tax_class_id: sellable.tax.tax_class_id,
        tax_code: sellable.tax.code.clone(),
        tax_rate: sellable.tax.rate,
        tax_inclusive: line.tax_inclusive,
        cost,
        returned_line_id: None,
        disposition: String::new(),
        serial: line.line.serial.clone(),
        reason: line.line.price.as_ref().map(|price| price.reason.clone()).unwrap_or_default(),
        note: line.line.note.clone(),
    }
}

/// Overrides and checks of restricted goods leave a trace of their own.
fn log_line(
    write: &mut Write<'_, '_>,
    head: &Head<'_>,
    line: &PricedLine,
    sums: &lumbung_domain::ticket::LineTotals,
) -> Result<()> {
    let mut events = Vec::new();
    if let Some(price) = &line.line.price {
        let detail = format!("{} instead of {}", line.unit_price, line.list_price);
        events.push(("price_override", price.reason.clone(), detail));
    }
    let restriction = &line.sellable.product.restriction;
    if !restriction.is_empty() {
        events.push(("restricted", restriction.clone(), line.sellable.product.name.clone()));
    }
    for (kind, reason, detail) in events {
        let event_id = write.id();
        write.tx.insert(&PosEventRow {
            event_id,
            session_id: Some(head.open.session_id),
            kind: kind.to_owned(),
            sale_id: Some(head.sale_id),
            product_id: Some(line.sellable.product.product_id),
            qty: line.qty,
            amount: sums.total,
            reason,
            detail,
            user_id: write.actor.user_id,
            happened_at: write.now_ms,
        })?;
    }
    Ok(())
}

fn insert_tenders(
    write: &mut Write<'_, '_>,
    head: &Head<'_>,
    settlement: &Settlement,
) -> Result<Vec<SaleTenderRow>> {
    let mut rows = Vec::with_capacity(settlement.tenders.len());
    for tender in &settlement.tenders {
        let store_credit_id = match tender.kind {
            TenderKind::StoreCredit => {
                let number = tender.reference.as_deref().unwrap_or_default();
                Some(spend_credit(write, head.sale_id, number, tender.amount)?)
            }
            _ => None,
        };
        let tender_id = write.id();
        let row = SaleTenderRow {
            tender_id,
            sale_id: head.sale_id,
            kind: tender.kind.as_str().to_owned(),
            amount: tender.amount,
            tendered: tender.tendered,
            reference: tender.reference.clone().unwrap_or_default(),
            store_credit_id,
        };
        write.tx.insert(&row)?;
        rows.push(row);
    }
    Ok(rows)
}

/// Takes money off a store credit, never more than is on it.
fn spend_credit(
    write: &mut Write<'_, '_>,
    sale_id: SaleId,
    number: &str,
    amount: Money,
) -> Result<StoreCreditId> {
    let credit = store::store_credit(write.db(), number.trim())?.ok_or_else(|| {
        refuse("no_store_credit", format!("There is no store credit \"{number}\" here."))
    })?;
    let (_, balance) = store::store_credit_balance(write.db(), credit.store_credit_id)?;
    if amount > balance {
        let left = write.standing.money(balance);
        return Err(Refusal::new(
            "store_credit_short",
            format!("Only {left} is left on store credit {number}."),
        )
        .fact("number", number)
        .fact("left", balance)
        .into());
    }
    let move_id = write.id();
    write.tx.insert(&StoreCreditMoveRow {
        move_id,
        store_credit_id: credit.store_credit_id,
        sale_id,
        amount: amount.negated(),
    })?;
    Ok(credit.store_credit_id)
}
