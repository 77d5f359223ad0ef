//! A sale as posted: read back exactly as it was sold, never computed again.
//!
//! **Invariant:** the receipt on the screen, on paper and at the next terminal are the same rows.

use std::collections::BTreeMap;

use lumbung_domain::ids::SaleId;
use lumbung_domain::num::{Money, Qty};
use lumbung_domain::tender::TenderKind;
use rusqlite::Connection;

use super::rows::{SaleLineRow, SaleRow};
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

fn line_view(
    db: &Connection,
    row: SaleLineRow,
    sale: &SaleRow,
    voided: bool,
) -> Result<ReceiptLine> {
    let returnable = if sale.kind == "sale" && !voided {
        row.qty.minus(store::returned(db, row.line_id)?.qty)?
    } else {
        Qty::ZERO
    };
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

fn tender_views(db: &Connection, sale_id: SaleId) -> Result<Vec<TenderView>> {
    store::sale_tenders(db, sale_id)?
        .into_iter()
        .map(|tender| {
            Ok(TenderView {
                kind: TenderKind::parse(&tender.kind)
                    .ok_or_else(|| Error::Broken(format!("tender {}", tender.kind)))?,
                amount: tender.amount,
                tendered: tender.tendered,
                reference: tender.reference,
            })
        })
        .collect()
}

fn store_credit_view(db: &Connection, sale_id: SaleId) -> Result<Option<StoreCreditView>> {
    let Some(credit) = store::store_credit_of(db, sale_id)? else { return Ok(None) };
    let (issued, balance) = store::store_credit_balance(db, credit.store_credit_id)?;
    Ok(Some(StoreCreditView { number: credit.number, holder: credit.holder, issued, balance }))
}

/// A sale, return or void as posted.
pub fn receipt(db: &Connection, standing: &Standing, sale_id: SaleId) -> Result<Receipt> {
    let row = store::sale(db, sale_id)?.ok_or_else(|| not_found("The receipt"))?;
    let kind = kind_of(&row)?;
    let returns = return_refs(db, sale_id)?;
    let voided = returns.iter().any(|back| back.kind == SaleKind::Void);
    let lines = store::sale_lines(db, sale_id)?;
    let original_number = match row.original_sale_id {
        Some(original) => store::sale(db, original)?.map(|original| original.number),
        None => None,
    };
    Ok(Receipt {
        sale_id,
        kind,
        taxes: taxes(standing, &lines)?,
        lines: lines
            .into_iter()
            .map(|line| line_view(db, line, &row, voided))
            .collect::<Result<_>>()?,
        cashier: match row.cashier_id {
            Some(cashier) => store::user_name(db, cashier)?,
            None => String::new(),
        },
        customer: match row.customer_id {
            Some(customer) => store::customer_name(db, customer)?,
            None => None,
        },
        copies: store::copies(db, sale_id)?,
        number: row.number,
        business_date: row.business_date.to_string(),
        sold_at: row.sold_at,
        offset_min: row.offset_min,
        terminal_id: row.terminal_id,
        session_id: row.session_id,
        cashier_id: row.cashier_id,
        customer_id: row.customer_id,
        currency: row.currency,
        gross: row.gross,
        discount: row.discount,
        net: row.net,
        tax: row.tax,
        total: row.total,
        rounding: row.rounding,
        change: row.change,
        tenders: tender_views(db, sale_id)?,
        original_sale_id: row.original_sale_id,
        original_number,
        returns,
        source_number: row.source_number,
        reason: row.reason,
        note: row.note,
        store_credit: store_credit_view(db, sale_id)?,
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
