//! Goods that come back: with their receipt, without one, and a sale voided whole.
//!
//! **Invariant:** never more comes back than was sold less what came back before, and never more
//! money than was paid; each return is a document of its own.

use std::sync::Arc;

use chrono::NaiveDate;
use lumbung_domain::ids::{Id, LineId, SaleId, SessionId};
use lumbung_domain::num::{Money, Qty};
use lumbung_domain::number::DocKind;
use lumbung_domain::returns::{self, Amounts, RefundPolicy, Returnable, SoldLine};
use lumbung_domain::serial;
use lumbung_domain::stock::StockStatus;
use lumbung_domain::tender::{self, CashRule, RefundRounding, Settlement, TenderKind, Tendered};
use lumbung_domain::void::{VoidFacts, check_void};
use rusqlite::Connection;

use super::post_back::{Back, Header, post_back};
use super::rows::{SaleLineRow, SaleRow, SaleTenderRow};
use super::ticket::cash_rule;
use super::types::{Receipt, Return, ReturnQuote, SaleKind, TenderView, VoidSale};
use super::{next_number, receipt, session, store};
use crate::door::{Read, Write};
use crate::error::{Error, Result, not_found, refuse, refuse_field};
use crate::standing::Standing;
use crate::users::check_reason;

/// A return, worked out: amounts positive.
struct Worked {
    sale: SaleRow,
    lines: Vec<Back>,
    sum: Amounts,
    settlement: Settlement,
}

fn sold_line(row: &SaleLineRow, back: &store::Returned) -> SoldLine {
    SoldLine {
        qty: Returnable {
            line_no: u32::try_from(row.line_no).unwrap_or(0),
            sold: row.qty,
            already_returned: back.qty,
        },
        inclusive: row.tax_inclusive,
        paid: Amounts {
            gross: row.gross,
            line_discount: row.line_discount,
            ticket_discount_share: row.ticket_discount,
            net: row.net,
            tax: row.tax,
            total: row.total,
        },
        refunded: back.amounts,
    }
}

fn work_out_line(
    db: &Connection,
    rows: &[SaleLineRow],
    asked: &super::types::ReturnLine,
) -> Result<Back> {
    let sold = rows.iter().find(|row| row.line_id == asked.line_id).ok_or_else(|| {
        refuse_field!("lines", "line_not_sold", "One of these lines is not on the receipt.")
    })?;
    let line_no = u32::try_from(sold.line_no).unwrap_or(0);
    serial::check_return(line_no, &sold.serial, &asked.serial)?;
    let before = store::returned(db, sold.line_id)?;
    let line = sold_line(sold, &before);
    let amounts = returns::refund_part(&line, asked.qty)?;
    let last = asked.qty == line.qty.left()?;
    // Cost and base quantity follow the goods; the last part gets the rest.
    let part = |whole: i64, gone: i64| -> Result<i64> {
        if last {
            return Ok(whole - gone);
        }
        let share = i128::from(whole) * i128::from(asked.qty.get()) / i128::from(sold.qty.get());
        i64::try_from(share).map_err(|_| Error::Broken("a share of a line".to_owned()))
    };
    Ok(Back {
        qty: asked.qty,
        base_qty: Qty::new(part(sold.base_qty.get(), before.base_qty.get())?)?,
        cost: Money::new(part(sold.cost.get(), before.cost.get())?)?,
        amounts,
        disposition: asked.disposition,
        reason: asked.reason.trim().to_owned(),
        sold: sold.clone(),
    })
}

fn kinds(rows: &[SaleTenderRow], sign: i64) -> Result<Vec<(TenderKind, Money)>> {
    rows.iter()
        .map(|row| {
            let kind = TenderKind::parse(&row.kind)
                .ok_or_else(|| Error::Broken(format!("tender {}", row.kind)))?;
            Ok((kind, Money::new(row.amount.get() * sign)?))
        })
        .collect()
}

/// How the refund is paid: as it was paid where that is allowed, else as store credit.
fn refund(db: &Connection, standing: &Standing, sale: &SaleRow, part: Money) -> Result<Settlement> {
    let rule = cash_rule(standing);
    let original = kinds(&store::sale_tenders(db, sale.sale_id)?, 1)?;
    let (mut given, mut refunded) = (Vec::new(), (Money::ZERO, Money::ZERO));
    for back in store::returns_of(db, sale.sale_id)? {
        given.extend(kinds(&store::sale_tenders(db, back.sale_id)?, -1)?);
        refunded.0 = refunded.0.minus(back.total)?;
        refunded.1 = refunded.1.minus(back.rounding)?;
    }
    let rounding = returns::refund_rounding((sale.total, sale.rounding), refunded, part, rule)?;
    let due = match rounding {
        RefundRounding::Exactly(exactly) => part.minus(exactly)?,
        RefundRounding::ByRule(_) => part,
    };
    let till = &standing.settings.till;
    let policy = RefundPolicy { cash_limit: till.cash_refund_limit, ..RefundPolicy::default() };
    if !due.is_positive() {
        return Ok(tender::settle_refund(part.negated(), &[], &rounding)?);
    }
    let ways = returns::refund_tenders(&original, &given, due, &policy)?;
    let tenders = ways
        .into_iter()
        .map(|(kind, amount)| {
            let amount = match (kind, &rounding) {
                (TenderKind::Cash, RefundRounding::ByRule(rule)) => rounded(amount, rule)?,
                _ => amount,
            };
            Ok(Tendered { kind, amount: amount.negated(), reference: None })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(tender::settle_refund(part.negated(), &tenders, &rounding)?)
}

fn rounded(amount: Money, rule: &CashRule) -> Result<Money> {
    Ok(amount.round_to(rule.step, rule.rounding)?)
}

fn returnable_sale(db: &Connection, sale_id: SaleId) -> Result<SaleRow> {
    let sale = store::sale(db, sale_id)?.ok_or_else(|| not_found("The receipt"))?;
    if sale.kind != SaleKind::Sale.as_str() {
        return Err(refuse("not_a_sale", "This receipt is a return: nothing of it can come back."));
    }
    if store::returns_of(db, sale_id)?.iter().any(|back| back.kind == "void") {
        return Err(refuse("voided", "This sale was voided: nothing of it can come back."));
    }
    Ok(sale)
}

fn work_out(db: &Connection, standing: &Standing, given: &Return) -> Result<Worked> {
    let sale = returnable_sale(db, given.sale_id)?;
    if given.lines.is_empty() {
        return Err(refuse_field!("lines", "choose_returned", "Choose what comes back."));
    }
    let rows = store::sale_lines(db, sale.sale_id)?;
    let mut lines = Vec::with_capacity(given.lines.len());
    let mut seen: Vec<LineId> = Vec::new();
    let mut sum = Amounts::default();
    for asked in &given.lines {
        if seen.contains(&asked.line_id) {
            return Err(refuse_field!("lines", "line_twice", "A line is there twice."));
        }
        seen.push(asked.line_id);
        let back = work_out_line(db, &rows, asked)?;
        sum = sum.plus(&back.amounts)?;
        lines.push(back);
    }
    let settlement = refund(db, standing, &sale, sum.total)?;
    Ok(Worked { sale, lines, sum, settlement })
}

fn too_old(standing: &Standing, sale: &SaleRow, today: NaiveDate) -> Option<String> {
    let days = standing.settings.till.return_days;
    returns::check_age(sale.business_date, today, Some(days)).err().map(|error| error.to_string())
}

/// `pos.return_quote`: what a return would pay back, and how.
pub fn quote(read: &Read<'_>, given: Return) -> Result<ReturnQuote> {
    let worked = work_out(read.db, &read.standing, &given)?;
    let date = session::date_of(read)?;
    Ok(ReturnQuote {
        total: worked.sum.total,
        tax: worked.sum.tax,
        rounding: worked.settlement.rounding,
        tenders: tender_views(&worked.settlement),
        lines: worked.lines.iter().map(|back| back.amounts.total).collect(),
        needs_approval: too_old(&read.standing, &worked.sale, date).into_iter().collect(),
    })
}

fn tender_views(settlement: &Settlement) -> Vec<TenderView> {
    settlement
        .tenders
        .iter()
        .map(|tender| TenderView {
            kind: tender.kind,
            amount: tender.amount,
            tendered: tender.tendered,
            reference: tender.reference.clone().unwrap_or_default(),
        })
        .collect()
}

/// `pos.return`: takes goods back against their receipt. Asked again, it answers with the same
/// document and pays nothing twice.
pub fn take_back(write: &mut Write<'_, '_>, given: Return) -> Result<Receipt> {
    if store::sale(write.db(), given.return_id)?.is_some() {
        return receipt::receipt(write.db(), &write.standing, given.return_id);
    }
    let open = session::mine(write)?;
    for line in &given.lines {
        check_reason("reason", &line.reason)?;
    }
    let standing = Arc::clone(&write.standing);
    let worked = work_out(write.db(), &standing, &given)?;
    if given.expected_total.is_some_and(|expected| expected != worked.sum.total) {
        return Err(refuse("total_changed", "The refund changed: look at it again first."));
    }
    if let Some(detail) = too_old(&standing, &worked.sale, open.business_date) {
        write.permit("pos:approve", "late_return", &detail)?;
    }
    let branch = standing.branch.branch_id;
    let total = worked.sum.total;
    let detail = format!("a refund of {}", standing.money(total));
    write.sign_off("refund_over_limit", &detail, |person| {
        total <= person.grants.limits("pos:return", Some(branch)).max_refund
    })?;
    let number = next_number(write, DocKind::Return)?;
    let head = Header {
        sale_id: given.return_id,
        kind: SaleKind::Return,
        number,
        open: &open,
        original: Some(&worked.sale),
        customer: worked.sale.customer_id,
        reason: given.lines.first().map_or("", |line| line.reason.as_str()),
        holder: "",
    };
    post_back(write, &head, &worked.lines, &worked.sum, &worked.settlement)?;
    receipt::receipt(write.db(), &standing, given.return_id)
}

/// `pos.void`: takes a sale of this session back whole, as if it had not been.
pub fn void(write: &mut Write<'_, '_>, given: VoidSale) -> Result<Receipt> {
    if store::sale(write.db(), given.void_id)?.is_some() {
        return receipt::receipt(write.db(), &write.standing, given.void_id);
    }
    let open = session::mine(write)?;
    let standing = Arc::clone(&write.standing);
    let sale = store::sale(write.db(), given.sale_id)?.ok_or_else(|| not_found("The receipt"))?;
    let back = store::returns_of(write.db(), sale.sale_id)?;
    check_void(&VoidFacts {
        sold_in: sale.session_id.unwrap_or(SessionId::from_bytes([0; 16])),
        session: open.session_id,
        is_sale: sale.kind == SaleKind::Sale.as_str(),
        is_void: back.iter().any(|back| back.kind == SaleKind::Void.as_str()),
        has_returns: !back.is_empty(),
        reason: &given.reason,
    })?;
    let mut lines = Vec::new();
    let mut sum = Amounts::default();
    for sold in store::sale_lines(write.db(), sale.sale_id)? {
        let paid = sold_line(&sold, &store::Returned::default()).paid;
        sum = sum.plus(&paid)?;
        lines.push(Back {
            qty: sold.qty,
            base_qty: sold.base_qty,
            cost: sold.cost,
            amounts: paid,
            disposition: StockStatus::Sellable,
            reason: given.reason.clone(),
            sold,
        });
    }
    // Every tender goes back the way it came.
    let tenders: Vec<Tendered> = kinds(&store::sale_tenders(write.db(), sale.sale_id)?, -1)?
        .into_iter()
        .map(|(kind, amount)| Tendered { kind, amount, reference: None })
        .collect();
    let exactly = RefundRounding::Exactly(sale.rounding.negated());
    let settlement = tender::settle_refund(sum.total.negated(), &tenders, &exactly)?;
    let number = next_number(write, DocKind::Void)?;
    let head = Header {
        sale_id: given.void_id,
        kind: SaleKind::Void,
        number,
        open: &open,
        original: Some(&sale),
        customer: sale.customer_id,
        reason: &given.reason,
        holder: "",
    };
    post_back(write, &head, &lines, &sum, &settlement)?;
    receipt::receipt(write.db(), &standing, given.void_id)
}
