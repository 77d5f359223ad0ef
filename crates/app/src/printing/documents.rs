//! Papers made from stored facts: what was sold, closed or moved, as it was recorded.
//!
//! **Invariant:** nothing is computed anew: a copy printed in ten years says what the first said.

use chrono::{DateTime, FixedOffset, NaiveDate};
use lumbung_domain::ids::{CashMovementId, SaleId, TerminalId};
use lumbung_domain::num::{Money, Qty};
use lumbung_domain::session::CashMovementKind;
use lumbung_domain::tender::TenderKind;
use lumbung_domain::words::{Spelling, amount_in_words};
use lumbung_paper::{
    InvoiceDoc, Language, Party, ReceiptDoc, ReceiptKind, ReceiptLine, Shop, TaxLine, TenderLine,
    format,
};
use rusqlite::Connection;

use super::store;
use crate::company::{self, ReceiptTexts};
use crate::customers;
use crate::door::Read;
use crate::error::{Error, Result, not_found};
use crate::pos::rows::SaleLineRow;
use crate::pos::{self, Receipt, SaleKind, TaxSum};
use crate::standing::Standing;

/// The language of papers.
pub fn language(standing: &Standing) -> Language {
    Language::from_code(&standing.company.language).unwrap_or_default()
}

fn spelling(standing: &Standing) -> Spelling {
    match language(standing) {
        Language::English => Spelling::English,
        Language::Indonesian => Spelling::Indonesian,
    }
}

/// Units that mean pieces, which a narrow receipt does not spell out.
const PIECES: [&str; 4] = ["pcs", "pc", "ea", "buah"];

fn without_pieces(mut line: ReceiptLine) -> ReceiptLine {
    if PIECES.contains(&line.unit.to_lowercase().as_str()) {
        line.unit.clear();
    }
    line
}

/// How a payment is called on paper.
pub(super) fn tender_label(kind: TenderKind, language: Language) -> &'static str {
    let (english, indonesian) = match kind {
        TenderKind::Cash => ("Cash", "Tunai"),
        TenderKind::Card => ("Card", "Kartu"),
        TenderKind::Qr => ("QR / e-wallet", "QRIS / dompet digital"),
        TenderKind::Transfer => ("Bank transfer", "Transfer bank"),
        TenderKind::StoreCredit => ("Store credit", "Kredit toko"),
        TenderKind::OnAccount => ("On account", "Bon / piutang"),
    };
    match language {
        Language::English => english,
        Language::Indonesian => indonesian,
    }
}

pub(super) fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The head of every paper.
pub fn shop(standing: &Standing) -> Shop {
    shop_with(standing, &standing.settings.receipt)
}

/// The head of a paper with these texts.
pub fn shop_with(standing: &Standing, texts: &ReceiptTexts) -> Shop {
    let (company, branch) = (&standing.company, &standing.branch);
    let own = |of_branch: &str, of_company: &str| {
        if of_branch.trim().is_empty() { of_company } else { of_branch }.to_owned()
    };
    let mut address_lines = texts.header.clone();
    if branch.name != company.name {
        address_lines.push(branch.name.clone());
    }
    address_lines.extend(lines_of(&own(&branch.address, &company.address)));
    Shop {
        name: company.name.clone(),
        address_lines,
        phone: own(&branch.phone, &company.phone),
        tax_id: company.tax_number.clone(),
        branch_code: branch.tax_number.clone(),
        footer_lines: texts.footer.clone(),
        logo: texts.logo.as_ref().and_then(company::Logo::picture),
    }
}

/// A moment as the clock at the wall showed it: `20 Nov 2026 14:05`.
pub fn moment(at_ms: i64, offset_min: i64, language: Language) -> String {
    let seconds = i32::try_from(offset_min * 60).unwrap_or(0);
    let Some(offset) = FixedOffset::east_opt(seconds) else { return String::new() };
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&offset);
    format!("{} {}", format::date(at.date_naive(), language), at.format("%H:%M"))
}

pub(super) fn day(text: &str) -> Result<NaiveDate> {
    text.parse().map_err(|_| Error::Broken(format!("the business date {text}")))
}

/// Amounts of a return are negative in the books and positive on its paper.
#[derive(Clone, Copy)]
struct Sign(bool);

impl Sign {
    fn of(self, amount: Money) -> Money {
        if self.0 { amount.negated() } else { amount }
    }

    fn qty(self, qty: Qty) -> Qty {
        if self.0 { qty.negated() } else { qty }
    }
}

/// The parts that receipt and invoice of a sale share.
struct Sold {
    receipt: Receipt,
    sign: Sign,
    lines: Vec<ReceiptLine>,
    discount: Money,
    taxes: Vec<TaxLine>,
    customer: Option<Party>,
}

fn sold(db: &Connection, standing: &Standing, sale_id: SaleId) -> Result<Sold> {
    let receipt = pos::receipt(db, standing, sale_id)?;
    let sign = Sign(receipt.kind != SaleKind::Sale);
    let rows = pos::store::sale_lines(db, sale_id)?;
    let mut discount = Money::ZERO;
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        discount = discount.plus(sign.of(row.ticket_discount))?;
        lines.push(line(row, sign)?);
    }
    let taxes = receipt.taxes.iter().map(|tax| tax_line(tax, &rows, sign)).collect();
    let customer = match receipt.customer_id {
        None => None,
        Some(customer_id) => customers::store::customer(db, customer_id)?.map(|row| Party {
            name: row.name,
            code: row.code,
            address_lines: lines_of(&row.address),
            tax_id: row.tax_number,
        }),
    };
    Ok(Sold { receipt, sign, lines, discount, taxes, customer })
}

fn line(row: &SaleLineRow, sign: Sign) -> Result<ReceiptLine> {
    let notes = [row.serial.as_str(), row.note.as_str()];
    let notes: Vec<_> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    Ok(ReceiptLine {
        name: row.name.clone(),
        code: row.code.clone(),
        qty: sign.qty(row.qty),
        unit: row.unit.clone(),
        unit_price: row.unit_price,
        discount: sign.of(row.line_discount),
        total: sign.of(row.gross.minus(row.line_discount)?),
        tax_mark: row.tax_code.clone(),
        note: notes.join(" · "),
    })
}

fn tax_line(tax: &TaxSum, rows: &[SaleLineRow], sign: Sign) -> TaxLine {
    let included = rows
        .iter()
        .find(|row| row.tax_class_id == tax.tax_class_id)
        .is_none_or(|row| row.tax_inclusive);
    TaxLine {
        mark: tax.code.clone(),
        label: tax.name.clone(),
        base: sign.of(tax.base),
        tax: sign.of(tax.tax),
        included,
    }
}

/// The receipt of a sale, return or void.
pub fn receipt(
    db: &Connection,
    standing: &Standing,
    sale_id: SaleId,
    copy: Option<u32>,
) -> Result<ReceiptDoc> {
    let sold = sold(db, standing, sale_id)?;
    let language = language(standing);
    let (receipt, sign) = (&sold.receipt, sold.sign);
    let tenders = receipt
        .tenders
        .iter()
        .map(|tender| TenderLine {
            label: tender_label(tender.kind, language).to_owned(),
            amount: sign.of(if sign.0 { tender.amount } else { tender.tendered }),
            reference: tender.reference.clone(),
        })
        .collect();
    let mut messages = Vec::new();
    if !receipt.note.is_empty() {
        messages.push(receipt.note.clone());
    }
    let total = sign.of(receipt.total);
    let rounding = sign.of(receipt.rounding);
    Ok(ReceiptDoc {
        shop: shop(standing),
        kind: match receipt.kind {
            SaleKind::Sale => ReceiptKind::Sale,
            SaleKind::Return => ReceiptKind::Return,
            SaleKind::Void => ReceiptKind::Void,
        },
        number: receipt.number.clone(),
        date_time: moment(receipt.sold_at, receipt.offset_min, language),
        business_date: day(&receipt.business_date)?,
        cashier: receipt.cashier.clone(),
        terminal: till(db, receipt.terminal_id)?,
        currency: standing.currency,
        net: sign.of(receipt.net),
        total,
        rounding,
        payable: total.plus(rounding)?,
        tenders,
        change: receipt.change,
        copy,
        original_number: receipt.original_number.clone().unwrap_or_default(),
        reason: receipt.reason.clone(),
        barcode: receipt.number.clone(),
        qr: standing.settings.receipt.qr.then(|| receipt.number.clone()),
        messages,
        stamp: None,
        lines: sold.lines.into_iter().map(without_pieces).collect(),
        discount: sold.discount,
        taxes: sold.taxes,
        customer: sold.customer,
    })
}

/// A till is called by its series: it is short, and part of every number it gives.
pub(super) fn till(db: &Connection, terminal_id: TerminalId) -> Result<String> {
    let row = company::store::terminal(db, terminal_id)?;
    Ok(row.map(|row| row.series).unwrap_or_default())
}

/// The A4 invoice of a sale.
pub fn invoice(
    db: &Connection,
    standing: &Standing,
    sale_id: SaleId,
    copy: Option<u32>,
) -> Result<InvoiceDoc> {
    let sold = sold(db, standing, sale_id)?;
    let (receipt, sign) = (&sold.receipt, sold.sign);
    let date = day(&receipt.business_date)?;
    let total = sign.of(receipt.total);
    let rounding = sign.of(receipt.rounding);
    let payable_in_all = total.plus(rounding)?;
    let open = Money::sum(
        receipt
            .tenders
            .iter()
            .filter(|tender| tender.kind == TenderKind::OnAccount)
            .map(|tender| sign.of(tender.amount)),
    )?;
    let terms_days = match receipt.customer_id {
        Some(customer_id) if !open.is_zero() => {
            customers::store::customer(db, customer_id)?.map(|row| row.terms_days)
        }
        _ => None,
    };
    let due_date = terms_days
        .and_then(|days| u64::try_from(days).ok())
        .and_then(|days| date.checked_add_days(chrono::Days::new(days)));
    Ok(InvoiceDoc {
        seller: shop(standing),
        buyer: sold.customer.unwrap_or_default(),
        number: receipt.number.clone(),
        date,
        due_date,
        reference: receipt.original_number.clone().unwrap_or_default(),
        currency: standing.currency,
        lines: sold.lines,
        discount: sold.discount,
        net: sign.of(receipt.net),
        taxes: sold.taxes,
        total,
        rounding,
        paid: payable_in_all.minus(open)?,
        payable: open,
        in_words: amount_in_words(payable_in_all, standing.currency, spelling(standing)),
        terms: Vec::new(),
        notes: if receipt.note.is_empty() { Vec::new() } else { vec![receipt.note.clone()] },
        copy,
        stamp: None,
        qr: None,
    })
}

/// The slip of cash put in, paid out or dropped.
pub fn cash_slip(read: &Read<'_>, id: CashMovementId, copy: Option<u32>) -> Result<ReceiptDoc> {
    let (db, standing) = (read.db, &*read.standing);
    let row = store::cash_movement(db, id)?.ok_or_else(|| not_found("The cash document"))?;
    let session = pos::store::session(db, row.session_id)?
        .ok_or_else(|| Error::Broken("a cash document without its session".to_owned()))?;
    let messages = if row.note.is_empty() { Vec::new() } else { vec![row.note.clone()] };
    Ok(ReceiptDoc {
        kind: match CashMovementKind::parse(&row.kind) {
            Some(CashMovementKind::CashIn) => ReceiptKind::CashIn,
            Some(CashMovementKind::CashOut) => ReceiptKind::CashOut,
            Some(CashMovementKind::Drop) => ReceiptKind::Drop,
            None => return Err(Error::Broken(format!("cash movement {}", row.kind))),
        },
        number: row.number.clone(),
        date_time: moment(row.moved_at, i64::from(read.offset_min), language(standing)),
        business_date: session.business_date,
        cashier: pos::store::user_name(db, row.moved_by)?,
        total: row.amount,
        payable: row.amount,
        reason: row.reason,
        barcode: row.number,
        messages,
        copy,
        ..empty(standing, ReceiptKind::CashIn)
    })
}

/// The slip of a store credit that was issued with a return.
pub fn store_credit(
    db: &Connection,
    standing: &Standing,
    sale_id: SaleId,
    copy: Option<u32>,
) -> Result<ReceiptDoc> {
    let receipt = pos::receipt(db, standing, sale_id)?;
    let credit = receipt.store_credit.ok_or_else(|| not_found("The store credit"))?;
    Ok(ReceiptDoc {
        number: credit.number.clone(),
        date_time: moment(receipt.sold_at, receipt.offset_min, language(standing)),
        business_date: day(&receipt.business_date)?,
        cashier: receipt.cashier,
        customer: Some(Party { name: credit.holder, ..Party::default() }),
        total: credit.issued,
        payable: credit.issued,
        original_number: receipt.number,
        barcode: credit.number,
        copy,
        ..empty(standing, ReceiptKind::StoreCredit)
    })
}

/// A slip with its head and nothing else.
pub(super) fn empty(standing: &Standing, kind: ReceiptKind) -> ReceiptDoc {
    ReceiptDoc {
        shop: shop(standing),
        kind,
        number: String::new(),
        date_time: String::new(),
        business_date: NaiveDate::default(),
        cashier: String::new(),
        terminal: standing.terminal.series.clone(),
        currency: standing.currency,
        customer: None,
        lines: Vec::new(),
        discount: Money::ZERO,
        net: Money::ZERO,
        taxes: Vec::new(),
        total: Money::ZERO,
        rounding: Money::ZERO,
        payable: Money::ZERO,
        tenders: Vec::new(),
        change: Money::ZERO,
        copy: None,
        original_number: String::new(),
        reason: String::new(),
        barcode: String::new(),
        qr: None,
        messages: Vec::new(),
        stamp: None,
    }
}
