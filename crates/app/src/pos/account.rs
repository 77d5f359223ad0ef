//! A customer pays what they owe at the till, in part or whole.
//!
//! **Invariant:** a payment never takes more off a debt than there is, and is posted whole with its
//! number; the payment's id makes it happen once.

use lumbung_domain::credit;
use lumbung_domain::ids::{CustomerId, PaymentId};
use lumbung_domain::journal;
use lumbung_domain::num::Money;
use lumbung_domain::number::DocKind;
use lumbung_domain::tender::{self, Settlement, TenderKind};
use rusqlite::Connection;

use super::complete::tendered;
use super::rows::{AccountPaymentRow, AccountPaymentTenderRow, CashSessionRow};
use super::ticket::cash_rule;
use super::types::{AccountPayment, AccountPaymentRef, PayAccount, TenderView};
use super::{next_number, session, store};
use crate::company::check_text;
use crate::customers;
use crate::door::{Read, Write};
use crate::error::{Error, Result, not_found};
use crate::finance::{self, Document};
use crate::printing;

/// `pos.pay_account`: takes money for what a customer owes. Asked again, it answers with the same
/// document and takes nothing twice.
pub fn pay_account(write: &mut Write<'_, '_>, given: PayAccount) -> Result<AccountPayment> {
    if store::account_payment(write.db(), given.payment_id)?.is_some() {
        return view(write.db(), given.payment_id);
    }
    let open = session::mine(write)?;
    let standing = std::sync::Arc::clone(&write.standing);
    if !given.note.is_empty() {
        check_text("note", &given.note)?;
    }
    let customer = customers::store::customer(write.db(), given.customer_id)?
        .ok_or_else(|| not_found("The customer"))?;
    let owed = customers::credit(write.db(), &standing, &customer, open.business_date)?.balance;
    let kinds: Vec<TenderKind> = given.payments.iter().map(|payment| payment.kind).collect();
    credit::check_payment(owed, given.amount, &kinds)?;
    let paid = tendered(&given.payments)?;
    let settlement = tender::settle(given.amount, &paid, &cash_rule(&standing))?;
    let number = next_number(write, DocKind::AccountPayment)?;
    insert(write, &given, &open, &number, owed, &settlement)?;
    post(write, &given, &open, &number, &settlement)?;
    if settlement.tenders.iter().any(|tender| tender.kind == TenderKind::Cash) {
        printing::open_drawer(write)?;
    }
    view(write.db(), given.payment_id)
}

fn insert(
    write: &mut Write<'_, '_>,
    given: &PayAccount,
    open: &CashSessionRow,
    number: &str,
    owed: Money,
    settlement: &Settlement,
) -> Result<()> {
    let row = AccountPaymentRow {
        payment_id: given.payment_id,
        number: number.to_owned(),
        session_id: open.session_id,
        terminal_id: write.standing.terminal.terminal_id,
        cashier_id: open.cashier_id,
        customer_id: given.customer_id,
        business_date: open.business_date,
        paid_at: write.now_ms,
        offset_min: i64::from(write.offset_min),
        currency: write.standing.company.currency.clone(),
        owed,
        amount: given.amount,
        rounding: settlement.rounding,
        change: settlement.change,
        note: given.note.trim().to_owned(),
    };
    write.tx.insert(&row)?;
    for tender in &settlement.tenders {
        let tender_id = write.id();
        write.tx.insert(&AccountPaymentTenderRow {
            tender_id,
            payment_id: given.payment_id,
            kind: tender.kind.as_str().to_owned(),
            amount: tender.amount,
            tendered: tender.tendered,
            reference: tender.reference.clone().unwrap_or_default(),
        })?;
    }
    Ok(())
}

fn post(
    write: &mut Write<'_, '_>,
    given: &PayAccount,
    open: &CashSessionRow,
    number: &str,
    settlement: &Settlement,
) -> Result<()> {
    let applied: Vec<_> =
        settlement.tenders.iter().map(|tender| (tender.kind, tender.amount)).collect();
    let lines = journal::account_payment_lines(given.amount, settlement.rounding, &applied)?;
    let document = Document {
        kind: "account_payment",
        id: given.payment_id.uuid(),
        number,
        date: open.business_date,
        memo: given.note.trim(),
    };
    finance::post(write, &document, &lines, Some(given.customer_id))
}

/// A payment on account as posted.
pub fn view(db: &Connection, payment_id: PaymentId) -> Result<AccountPayment> {
    let row = store::account_payment(db, payment_id)?.ok_or_else(|| not_found("The payment"))?;
    let tenders = store::account_payment_tenders(db, payment_id)?
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
        .collect::<Result<_>>()?;
    Ok(AccountPayment {
        payment_id,
        number: row.number,
        customer_id: row.customer_id,
        customer: customer_name(db, row.customer_id)?,
        cashier: store::user_name(db, row.cashier_id)?,
        business_date: row.business_date.to_string(),
        paid_at: row.paid_at,
        offset_min: row.offset_min,
        currency: row.currency,
        owed: row.owed,
        amount: row.amount,
        left: row.owed.minus(row.amount)?,
        rounding: row.rounding,
        change: row.change,
        tenders,
        note: row.note,
    })
}

fn customer_name(db: &Connection, customer_id: CustomerId) -> Result<String> {
    Ok(store::customer_name(db, customer_id)?.unwrap_or_default())
}

/// `pos.account_payment`: a payment on account by its id.
pub fn account_payment(read: &Read<'_>, given: AccountPaymentRef) -> Result<AccountPayment> {
    view(read.db, given.payment_id)
}
