//! The papers of what a customer owes: the slip of a payment and the statement.
//!
//! **Invariant:** a statement's closing balance is its opening balance and its lines, and its ages
//! add up to what is owed on its last day.

use chrono::NaiveDate;
use lumbung_domain::ids::{CustomerId, PaymentId};
use lumbung_domain::num::Money;
use lumbung_paper::{
    Language, Party, ReceiptDoc, ReceiptKind, ReportColumn, ReportDoc, ReportRow, TenderLine,
    format,
};
use rusqlite::Connection;

use super::documents::{day, empty, language, lines_of, moment, tender_label};
use crate::customers::{self, StatementPeriod};
use crate::door::Read;
use crate::error::{Result, refuse};
use crate::pos;
use crate::standing::Standing;

/// The slip of a payment of what a customer owes.
pub(super) fn payment(
    db: &Connection,
    standing: &Standing,
    payment_id: PaymentId,
    copy: Option<u32>,
) -> Result<ReceiptDoc> {
    let paid = pos::account_payment_of(db, payment_id)?;
    let language = language(standing);
    let words = words(language);
    let money = |amount: Money| format::money(amount, standing.currency, language);
    let mut messages = vec![
        format!("{}: {}", words.owed_before, money(paid.owed)),
        format!("{}: {}", words.still_owed, money(paid.left)),
    ];
    messages.extend(Some(paid.note.clone()).filter(|note| !note.is_empty()));
    let tenders = paid.tenders.iter().map(|tender| TenderLine {
        label: tender_label(tender.kind, language).to_owned(),
        amount: tender.tendered,
        reference: tender.reference.clone(),
    });
    Ok(ReceiptDoc {
        number: paid.number.clone(),
        date_time: moment(paid.paid_at, paid.offset_min, language),
        business_date: day(&paid.business_date)?,
        cashier: paid.cashier,
        customer: Some(Party { name: paid.customer, ..Party::default() }),
        total: paid.amount,
        rounding: paid.rounding,
        payable: paid.amount.plus(paid.rounding)?,
        tenders: tenders.collect(),
        change: paid.change,
        barcode: paid.number,
        messages,
        copy,
        ..empty(standing, ReceiptKind::AccountPayment)
    })
}

/// What a statement says in one language.
struct Words {
    title: &'static str,
    owed_before: &'static str,
    still_owed: &'static str,
    opening: &'static str,
    closing: &'static str,
    columns: [&'static str; 5],
    ages: [&'static str; 5],
    age: &'static str,
    late: &'static str,
    documents: [(&'static str, &'static str); 4],
}

fn words(language: Language) -> Words {
    match language {
        Language::English => Words {
            title: "Statement of account",
            owed_before: "Owed before",
            still_owed: "Still owed",
            opening: "Opening balance",
            closing: "Closing balance",
            columns: ["Date", "Document", "Charged", "Paid", "Balance"],
            ages: ["Not due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days"],
            age: "Age of what is owed, by days late",
            late: "Overdue",
            documents: [
                ("sale", "Sale"),
                ("return", "Return"),
                ("void", "Void"),
                ("account_payment", "Payment"),
            ],
        },
        Language::Indonesian => Words {
            title: "Rekening pelanggan",
            owed_before: "Utang sebelumnya",
            still_owed: "Sisa utang",
            opening: "Saldo awal",
            closing: "Saldo akhir",
            columns: ["Tanggal", "Dokumen", "Tagihan", "Bayar", "Saldo"],
            ages: ["Belum jatuh tempo", "1–30 hari", "31–60 hari", "61–90 hari", "Di atas 90 hari"],
            age: "Umur piutang, menurut hari keterlambatan",
            late: "Jatuh tempo",
            documents: [
                ("sale", "Penjualan"),
                ("return", "Retur"),
                ("void", "Pembatalan"),
                ("account_payment", "Pelunasan"),
            ],
        },
    }
}

/// A customer's account from one day to another, as a sheet.
pub(super) fn statement(
    read: &Read<'_>,
    customer_id: CustomerId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<ReportDoc> {
    if !read.actor.may("customers:read", read.standing.branch.branch_id) {
        return Err(refuse("forbidden", "You may not see the accounts of customers."));
    }
    let whole = customers::whole_statement(read, &StatementPeriod { customer_id, from, to })?;
    let standing = &*read.standing;
    let language = language(standing);
    let words = words(language);
    let money = |amount: Money| format::amount(amount, standing.currency, language);
    let date = |day: NaiveDate| format::date(day, language);
    let mut scope = vec![format!("{} · {}", whole.customer.name, whole.customer.code)];
    scope.extend(lines_of(&whole.customer.address));
    scope.push(format!("{} – {} · {}", date(from), date(to), standing.company.currency));
    let mut rows = vec![strong(["", words.opening, "", "", &money(whole.opening)])];
    for line in &whole.lines {
        let kind = words.documents.iter().find(|(kind, _)| *kind == line.doc_kind);
        let kind = kind.map_or(line.doc_kind.as_str(), |(_, name)| *name);
        let some = |amount: Money| if amount.is_zero() { String::new() } else { money(amount) };
        let cells = [
            date(line.date),
            [kind, &line.doc_number, &line.memo].join(" ").trim().to_owned(),
            some(line.charged),
            some(line.paid),
            money(line.balance),
        ];
        let running = Some(money(line.balance));
        rows.push(ReportRow { cells: cells.to_vec(), strong: false, running });
    }
    rows.push(strong(["", words.closing, "", "", &money(whole.closing)]));
    let ages = &whole.ageing;
    let late = Money::sum([ages.to_30, ages.to_60, ages.to_90, ages.over_90])?;
    let sums = [ages.not_due, ages.to_30, ages.to_60, ages.to_90, ages.over_90];
    let mut notes = vec![words.age.to_owned()];
    notes.extend(words.ages.iter().zip(sums).map(|(name, sum)| format!("{name}: {}", money(sum))));
    notes.push(format!("{}: {}", words.late, money(late)));
    Ok(ReportDoc {
        company: standing.company.name.clone(),
        title: words.title.to_owned(),
        scope,
        date: Some(to),
        columns: columns(&words),
        rows,
        notes,
    })
}

fn columns(words: &Words) -> Vec<ReportColumn> {
    const SHARES: [u16; 5] = [14, 40, 15, 15, 16];
    const FIGURES_FROM: usize = 2;
    let columns = words.columns.iter().zip(SHARES).enumerate();
    columns
        .map(|(at, (head, share))| ReportColumn {
            head: (*head).to_owned(),
            share,
            figures: at >= FIGURES_FROM,
        })
        .collect()
}

fn strong(cells: [&str; 5]) -> ReportRow {
    let cells = cells.into_iter().map(str::to_owned).collect();
    ReportRow { cells, strong: true, running: None }
}
