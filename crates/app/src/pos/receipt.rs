//! A sale as posted: shown exactly as it was sold, never computed again.
//!
//! **Invariant:** the receipt on the screen, on paper and at the next terminal are the same rows.

use std::collections::BTreeMap;

use lumbung_domain::ids::{LineId, SaleId};
use lumbung_domain::num::{Money, Qty};
use lumbung_domain::tender::TenderKind;
use rusqlite::Connection;

use super::rows::{SaleLineRow, SaleRow, SaleTenderRow};
use super::store;
use super::types::{
    NumberArg, Receipt, ReceiptLine, ReceiptPage, ReceiptQuery, ReceiptSummary, ReturnRef,
    SaleKind, SaleRef, StoreCreditView, TaxSum, TenderView,
};
use crate::door::Read;
use crate::error::{Error, Result, not_found};
use crate::standing::Standing;

/// Receipts shown at once.
const PAGE: i64 = 100;

pub(super) fn kind_of(row: &SaleRow) -> Result<SaleKind> {
    SaleKind::parse(&row.kind).ok_or_else(|| Error::Broken(format!("sale kind {}", row.kind)))
}

fn taxes(standing: &Standing, lines: &[SaleLineRow]) -> Result<Vec<TaxSum>> {
    let mut sums: BTreeMap<_, TaxSum> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry((line.tax_code.clone(), line.tax_rate)).or_insert_with(|| TaxSum {
            tax_class_id: line.tax_class_id,
            code: line.tax_code.clone(),
            name: standing
                .tax_classes
                .get(&line.tax_class_id)
                .map(|class| class.name.clone())
                .unwrap_or_default(),
            rate: line.tax_rate,
            base: Money::ZERO,
            tax: Money::ZERO,
        });
        sum.base = sum.base.plus(line.net)?;
        sum.tax = sum.tax.plus(line.tax)?;
    }
    Ok(sums.into_values().collect())
}

/// A document as it is posted, once and for ever.
pub(super) struct Posted {
    /// Its head.
    pub sale: SaleRow,
    /// Its lines, in order.
    pub lines: Vec<SaleLineRow>,
    /// Its payments, in order.
    pub tenders: Vec<SaleTenderRow>,
}

/// What a document does not say itself: names, and what came after it.
#[derive(Default)]
struct Around {
    cashier: String,
    customer: Option<String>,
    original_number: Option<String>,
    returns: Vec<ReturnRef>,
    /// What came back of the lines that something came back of.
    returned: BTreeMap<LineId, Qty>,
    store_credit: Option<StoreCreditView>,
    copies: u32,
}

fn line_view(row: SaleLineRow, returnable: Qty) -> Result<ReceiptLine> {
    Ok(ReceiptLine {
        line_id: row.line_id,
        line_no: u32::try_from(row.line_no).unwrap_or(0),
        product_id: row.product_id,
        code: row.code,
        name: row.name,
        unit: row.unit,
        qty: row.qty,
        unit_price: row.unit_price,
        discount: row.line_discount.plus(row.ticket_discount)?,
        tax: row.tax,
        tax_code: row.tax_code,
        total: row.total,
        returnable,
        disposition: row.disposition,
        reason: row.reason,
        note: row.note,
        serial: row.serial,
    })
}

fn return_refs(db: &Connection, sale_id: SaleId) -> Result<Vec<ReturnRef>> {
    store::returns_of(db, sale_id)?
        .into_iter()
        .map(|back| {
            let (kind, total) = (kind_of(&back)?, back.total);
            Ok(ReturnRef { sale_id: back.sale_id, kind, number: back.number, total })
        })
        .collect()
}

fn tender_view(tender: SaleTenderRow) -> Result<TenderView> {
    Ok(TenderView {
        kind: TenderKind::parse(&tender.kind)
            .ok_or_else(|| Error::Broken(format!("tender {}", tender.kind)))?,
        amount: tender.amount,
        tendered: tender.tendered,
        reference: tender.reference,
    })
}

fn store_credit_view(db: &Connection, sale_id: SaleId) -> Result<Option<StoreCreditView>> {
    let Some(credit) = store::store_credit_of(db, sale_id)? else { return Ok(None) };
    let (issued, balance) = store::store_credit_balance(db, credit.store_credit_id)?;
    Ok(Some(StoreCreditView { number: credit.number, holder: credit.holder, issued, balance }))
}

/// A sale, return or void as posted.
pub fn receipt(db: &Connection, standing: &Standing, sale_id: SaleId) -> Result<Receipt> {
    let sale = store::sale(db, sale_id)?.ok_or_else(|| not_found("The receipt"))?;
    let lines = store::sale_lines(db, sale_id)?;
    let mut returned = BTreeMap::new();
    for line in lines.iter().filter(|_| sale.kind == SaleKind::Sale.as_str()) {
        returned.insert(line.line_id, store::returned(db, line.line_id)?.qty);
    }
    let around = Around {
        cashier: match sale.cashier_id {
            Some(cashier) => store::user_name(db, cashier)?,
            None => String::new(),
        },
        customer: match sale.customer_id {
            Some(customer) => store::customer_name(db, customer)?,
            None => None,
        },
        original_number: match sale.original_sale_id {
            Some(original) => store::sale(db, original)?.map(|original| original.number),
            None => None,
        },
        returns: return_refs(db, sale_id)?,
        returned,
        store_credit: store_credit_view(db, sale_id)?,
        copies: store::copies(db, sale_id)?,
    };
    let tenders = store::sale_tenders(db, sale_id)?;
    show(standing, Posted { sale, lines, tenders }, around)
}

/// A sale that is being posted: the very rows that were inserted, and nothing came after them yet.
pub(super) fn fresh(
    standing: &Standing,
    posted: Posted,
    cashier: &str,
    customer: Option<&str>,
) -> Result<Receipt> {
    let customer = customer.map(str::to_owned);
    show(standing, posted, Around { cashier: cashier.to_owned(), customer, ..Around::default() })
}

fn show(standing: &Standing, posted: Posted, around: Around) -> Result<Receipt> {
    let Posted { sale, lines, tenders } = posted;
    let kind = kind_of(&sale)?;
    let voided = around.returns.iter().any(|back| back.kind == SaleKind::Void);
    let returnable = |line: &SaleLineRow| {
        if kind != SaleKind::Sale || voided {
            return Ok(Qty::ZERO);
        }
        let returned = around.returned.get(&line.line_id).copied().unwrap_or(Qty::ZERO);
        line.qty.minus(returned)
    };
    Ok(Receipt {
        sale_id: sale.sale_id,
        kind,
        taxes: taxes(standing, &lines)?,
        lines: lines
            .into_iter()
            .map(|line| {
                let returnable = returnable(&line)?;
                line_view(line, returnable)
            })
            .collect::<Result<_>>()?,
        cashier: around.cashier,
        customer: around.customer,
        copies: around.copies,
        number: sale.number,
        business_date: sale.business_date.to_string(),
        sold_at: sale.sold_at,
        offset_min: sale.offset_min,
        terminal_id: sale.terminal_id,
        session_id: sale.session_id,
        cashier_id: sale.cashier_id,
        customer_id: sale.customer_id,
        currency: sale.currency,
        gross: sale.gross,
        discount: sale.discount,
        net: sale.net,
        tax: sale.tax,
        total: sale.total,
        rounding: sale.rounding,
        change: sale.change,
        tenders: tenders.into_iter().map(tender_view).collect::<Result<_>>()?,
        original_sale_id: sale.original_sale_id,
        original_number: around.original_number,
        returns: around.returns,
        source_number: sale.source_number,
        reason: sale.reason,
        note: sale.note,
        store_credit: around.store_credit,
        voided,
    })
}

/// `pos.receipt`: a receipt by its id.
pub fn get(read: &Read<'_>, given: SaleRef) -> Result<Receipt> {
    receipt(read.db, &read.standing, given.sale_id)
}

/// `pos.find_receipt`: a receipt by the number printed on it, or by the serial number of a piece.
pub fn find(read: &Read<'_>, given: NumberArg) -> Result<Receipt> {
    let number = given.number.trim().to_uppercase();
    let by_number = store::sale_by_number(read.db, &number)?;
    let found = match by_number {
        None => store::sale_by_serial(read.db, &number)?,
        found => found,
    };
    let row = found.ok_or_else(|| {
        crate::error::Refusal::new("not_found", format!("There is no receipt {number} here."))
            .fact("what", &number)
            .at("number")
    })?;
    receipt(read.db, &read.standing, row.sale_id)
}

/// `pos.receipts`: receipts, newest first.
pub fn list(read: &Read<'_>, query: ReceiptQuery) -> Result<ReceiptPage> {
    let found = store::sales(read.db, &query, PAGE)?;
    let full = i64::try_from(found.len()) == Ok(PAGE);
    let next = found.last().filter(|_| full).map(|row| row.sale_id);
    let mut receipts = Vec::with_capacity(found.len());
    for row in found {
        receipts.push(ReceiptSummary {
            sale_id: row.sale_id,
            kind: kind_of(&row)?,
            cashier: match row.cashier_id {
                Some(cashier) => store::user_name(read.db, cashier)?,
                None => String::new(),
            },
            customer: match row.customer_id {
                Some(customer) => store::customer_name(read.db, customer)?,
                None => None,
            },
            number: row.number,
            business_date: row.business_date.to_string(),
            sold_at: row.sold_at,
            total: row.total,
        });
    }
    Ok(ReceiptPage { receipts, next })
}

/// `pos.store_credit`: what is left on a store credit.
pub fn store_credit(read: &Read<'_>, given: NumberArg) -> Result<StoreCreditView> {
    let number = given.number.trim().to_uppercase();
    let credit =
        store::store_credit(read.db, &number)?.ok_or_else(|| not_found("The store credit"))?;
    let (issued, balance) = store::store_credit_balance(read.db, credit.store_credit_id)?;
    Ok(StoreCreditView { number: credit.number, holder: credit.holder, issued, balance })
}
