//! The document of goods coming back: rows, stock, money, store credit.
//!
//! **Invariant:** it mirrors what was sold, and is posted whole with its number.

use lumbung_domain::ids::{CustomerId, SaleId, StoreCreditId};
use lumbung_domain::journal::{self, SaleFacts};
use lumbung_domain::num::{Money, Qty};
use lumbung_domain::number::DocKind;
use lumbung_domain::returns::Amounts;
use lumbung_domain::stock::StockStatus;
use lumbung_domain::tender::{Applied, Settlement, TenderKind};
use lumbung_domain::ticket::Direction;

use super::rows::{
    CashSessionRow, SaleLineRow, SaleRow, SaleTenderRow, StoreCreditMoveRow, StoreCreditRow,
};
use super::types::SaleKind;
use super::{next_number, store};
use crate::catalogue;
use crate::door::Write;
use crate::error::{Result, not_found};
use crate::finance::{self, Document};
use crate::inventory::{self, Move};

/// One line of a return, worked out.
pub(super) struct Back {
    pub sold: SaleLineRow,
    pub qty: Qty,
    pub base_qty: Qty,
    pub amounts: Amounts,
    pub cost: Money,
    pub disposition: StockStatus,
    pub reason: String,
}

/// What a document of goods coming back is made of.
pub(super) struct Header<'a> {
    pub sale_id: SaleId,
    pub kind: SaleKind,
    pub number: String,
    pub open: &'a CashSessionRow,
    pub original: Option<&'a SaleRow>,
    pub customer: Option<CustomerId>,
    pub reason: &'a str,
    pub holder: &'a str,
}

/// Posts a document of goods coming back: rows, stock, money.
pub(super) fn post_back(
    write: &mut Write<'_, '_>,
    head: &Header<'_>,
    lines: &[Back],
    sum: &Amounts,
    settlement: &Settlement,
) -> Result<()> {
    insert_header(write, head, sum, settlement)?;
    let mut goods = Vec::new();
    for (line_no, back) in (1..).zip(lines) {
        insert_line(write, head, line_no, back)?;
        let product_id = back.sold.product_id;
        let product = catalogue::store::product(write.db(), product_id)?
            .ok_or_else(|| not_found("The product"))?;
        if product.kind != "goods" {
            continue;
        }
        let (status, qty) = (back.disposition, back.base_qty);
        let value = inventory::receipt_value(write, product_id, status, qty, back.cost)?;
        let posted = if status == StockStatus::Scrap { back.cost } else { value };
        goods.push((status, posted.negated()));
        let location_id = write.standing.location.location_id;
        inventory::record(
            write,
            &Move {
                product_id,
                location_id,
                status,
                qty,
                value,
                doc_kind: head.kind.as_str(),
                doc_id: head.sale_id.uuid(),
                doc_line_id: None,
                reason: &back.reason,
                date: head.open.business_date,
            },
        )?;
    }
    for tender in &settlement.tenders {
        insert_tender(write, head, tender)?;
    }
    post_money(write, head, sum, settlement, &goods)
}

/// A void takes the sale's own posting back; a return has an account of its own.
fn post_money(
    write: &mut Write<'_, '_>,
    head: &Header<'_>,
    sum: &Amounts,
    settlement: &Settlement,
    goods: &[(StockStatus, Money)],
) -> Result<()> {
    let applied: Vec<_> =
        settlement.tenders.iter().map(|tender| (tender.kind, tender.amount)).collect();
    let direction = match head.kind {
        SaleKind::Void => Direction::Sale,
        SaleKind::Sale | SaleKind::Return => Direction::Return,
    };
    let lines = journal::sale_lines(&SaleFacts {
        direction,
        net: sum.net.negated(),
        discount: Money::ZERO,
        tax: sum.tax.negated(),
        rounding: settlement.rounding,
        tenders: &applied,
        goods,
    })?;
    let document = Document {
        kind: head.kind.as_str(),
        id: head.sale_id.uuid(),
        number: &head.number,
        date: head.open.business_date,
        memo: head.reason,
    };
    finance::post(write, &document, &lines, head.customer)
}

fn insert_header(
    write: &mut Write<'_, '_>,
    head: &Header<'_>,
    sum: &Amounts,
    settlement: &Settlement,
) -> Result<()> {
    let row = SaleRow {
        sale_id: head.sale_id,
        number: head.number.clone(),
        kind: head.kind.as_str().to_owned(),
        session_id: Some(head.open.session_id),
        terminal_id: write.standing.terminal.terminal_id,
        cashier_id: write.actor.user_id,
        customer_id: head.customer,
        business_date: head.open.business_date,
        sold_at: write.now_ms,
        offset_min: i64::from(write.offset_min),
        currency: write.standing.company.currency.clone(),
        gross: sum.gross.negated(),
        discount: sum.line_discount.plus(sum.ticket_discount_share)?.negated(),
        net: sum.net.negated(),
        tax: sum.tax.negated(),
        total: sum.total.negated(),
        rounding: settlement.rounding,
        change: Money::ZERO,
        original_sale_id: head.original.map(|sale| sale.sale_id),
        source_number: String::new(),
        reason: head.reason.to_owned(),
        note: String::new(),
        import_id: None,
    };
    write.tx.insert(&row)?;
    Ok(())
}

fn insert_line(
    write: &mut Write<'_, '_>,
    head: &Header<'_>,
    line_no: i64,
    back: &Back,
) -> Result<()> {
    let line_id = write.id();
    let amounts = &back.amounts;
    let row = SaleLineRow {
        line_id,
        sale_id: head.sale_id,
        line_no,
        qty: back.qty.negated(),
        base_qty: back.base_qty.negated(),
        gross: amounts.gross.negated(),
        line_discount: amounts.line_discount.negated(),
        ticket_discount: amounts.ticket_discount_share.negated(),
        net: amounts.net.negated(),
        tax: amounts.tax.negated(),
        total: amounts.total.negated(),
        cost: back.cost.negated(),
        returned_line_id: head.original.map(|_| back.sold.line_id),
        disposition: back.disposition.as_str().to_owned(),
        reason: back.reason.clone(),
        note: String::new(),
        ..back.sold.clone()
    };
    write.tx.insert(&row)?;
    Ok(())
}

fn insert_tender(write: &mut Write<'_, '_>, head: &Header<'_>, tender: &Applied) -> Result<()> {
    let mut reference = tender.reference.clone().unwrap_or_default();
    let store_credit_id = match tender.kind {
        TenderKind::StoreCredit => {
            let (id, number) = issue_credit(write, head, tender.amount.negated())?;
            reference = number;
            Some(id)
        }
        _ => None,
    };
    let tender_id = write.id();
    write.tx.insert(&SaleTenderRow {
        tender_id,
        sale_id: head.sale_id,
        kind: tender.kind.as_str().to_owned(),
        amount: tender.amount,
        tendered: tender.tendered,
        reference,
        store_credit_id,
    })?;
    Ok(())
}

/// A new slip worth money in the shop.
fn issue_credit(
    write: &mut Write<'_, '_>,
    head: &Header<'_>,
    amount: Money,
) -> Result<(StoreCreditId, String)> {
    let number = next_number(write, DocKind::StoreCredit)?;
    let store_credit_id: StoreCreditId = write.id();
    let holder = match head.customer {
        Some(customer) if head.holder.is_empty() => {
            store::customer_name(write.db(), customer)?.unwrap_or_default()
        }
        _ => head.holder.to_owned(),
    };
    write.tx.insert(&StoreCreditRow {
        store_credit_id,
        number: number.clone(),
        customer_id: head.customer,
        holder,
        sale_id: head.sale_id,
        issued_at: write.now_ms,
    })?;
    let move_id = write.id();
    let sale_id = head.sale_id;
    write.tx.insert(&StoreCreditMoveRow { move_id, store_credit_id, sale_id, amount })?;
    Ok((store_credit_id, number))
}
