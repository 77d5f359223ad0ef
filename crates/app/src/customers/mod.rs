//! Customers: who they are, by which prices they buy, what they owe.
//!
//! **Invariant:** a customer is never deleted, because documents name them; one who owes something
//! cannot be archived.

mod credit;
mod find;
mod groups;
pub mod rows;
pub mod store;

pub use credit::{
    Credit, CustomerRef, Statement, StatementLine, StatementPeriod, StatementQuery, check_credit,
    credit, standing_of, statement, whole_statement,
};
pub use find::{
    CustomerFound, CustomerListed, CustomerPage, CustomerQuery, CustomerSearch, list, search,
};
pub use groups::{CustomerGroup, CustomerGroups, group_price_list, groups, save_groups};

use lumbung_domain::ids::{CustomerId, ImportId, PriceListId};
use lumbung_domain::journal::PostingKey;
use lumbung_domain::num::Money;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::commands::commands;
use crate::company::{check_length, check_text};
use crate::door::{Command, Nothing, Read, Write};
use crate::error::{Refusal, Result, not_found, refuse_field};
use crate::finance;
use rows::CustomerRow;

/// The commands of customers.
pub(crate) fn commands() -> Vec<Command> {
    commands! {
        read "customers.search" => search, needs "customers:read", from [customers];
        read "customers.list" => list, needs "customers:read", from [customers, finance];
        read "customers.get" => get, needs "customers:read", from [customers, finance];
        write "customers.save" => save, needs "customers:edit", touches [customers];
        write "customers.archive" => archive, needs "customers:edit", touches [customers];
        read "customers.credit" => standing_of, needs "customers:read", from [customers, finance];
        read "customers.statement" => statement, needs "customers:read", from [customers, finance];
        read "customers.groups" => groups, needs "customers:read", from [customers];
        write "customers.save_groups" => save_groups,
            needs "customers:edit", touches [customers, catalogue];
    }
}

/// Longest code of a customer.
const CODE_LENGTH_MAX: usize = 40;

/// Longest term of payment.
const TERMS_DAYS_MAX: i64 = 3_650;

/// A customer to be made or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CustomerDetails {
    /// The customer; left out for a new one.
    #[ts(optional = nullable)]
    pub customer_id: Option<CustomerId>,
    /// Their code; left empty to be numbered.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub code: String,
    /// Their name.
    pub name: String,
    /// Telephone.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub phone: String,
    /// E-mail.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub email: String,
    /// Address.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub address: String,
    /// Country, as they write it.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub country: String,
    /// Tax number.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub tax_number: String,
    /// The group they are in; empty for none.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub customer_group: String,
    /// The price list they buy by; left out for that of their group or the branch.
    #[ts(optional = nullable)]
    pub price_list_id: Option<PriceListId>,
    /// How much they may owe, minor units of the base currency; 0 allows no credit.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub credit_limit: Money,
    /// Days until a charge is due.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub terms_days: i64,
    /// No new credit.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub blocked: bool,
    /// What the staff should know.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub note: String,
}

impl CustomerDetails {
    /// A customer with nothing but what they must have.
    pub fn new(code: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            customer_id: None,
            code: code.into(),
            name: name.into(),
            phone: String::new(),
            email: String::new(),
            address: String::new(),
            country: String::new(),
            tax_number: String::new(),
            customer_group: String::new(),
            price_list_id: None,
            credit_limit: Money::ZERO,
            terms_days: 0,
            blocked: false,
            note: String::new(),
        }
    }
}

/// A customer, whole.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CustomerView {
    /// As `customers.save` takes it.
    pub customer: CustomerDetails,
    /// How they stand today.
    pub credit: Credit,
    /// No longer served.
    pub archived: bool,
}

/// `customers.get`: a customer, whole.
pub fn get(read: &Read<'_>, given: CustomerRef) -> Result<CustomerView> {
    let row =
        store::customer(read.db, given.customer_id)?.ok_or_else(|| not_found("The customer"))?;
    let today = finance::local_date(read.now_ms, read.offset_min);
    let credit = credit(read.db, &read.standing, &row, today)?;
    Ok(CustomerView {
        credit,
        archived: row.archived,
        customer: CustomerDetails {
            customer_id: Some(row.customer_id),
            code: row.code,
            name: row.name,
            phone: row.phone,
            email: row.email,
            address: row.address,
            country: row.country,
            tax_number: row.tax_number,
            customer_group: row.customer_group,
            price_list_id: row.price_list_id,
            credit_limit: row.credit_limit,
            terms_days: row.terms_days,
            blocked: row.blocked,
            note: row.note,
        },
    })
}

/// `customers.save`: makes a customer or changes one.
pub fn save(write: &mut Write<'_, '_>, mut given: CustomerDetails) -> Result<CustomerRef> {
    for text in [&mut given.code, &mut given.name, &mut given.customer_group, &mut given.phone] {
        *text = text.trim().to_owned();
    }
    let Some(customer_id) = given.customer_id else {
        if given.code.is_empty() {
            given.code = next_code(write)?;
        }
        let customer_id = create_customer(write, given, None)?;
        return Ok(CustomerRef { customer_id });
    };
    let old = store::customer(write.db(), customer_id)?.ok_or_else(|| not_found("The customer"))?;
    if given.code.is_empty() {
        given.code.clone_from(&old.code);
    }
    check(&given)?;
    check_price_list(write, &given, old.price_list_id)?;
    if given.code != old.code {
        free_code(write.db(), &given.code, Some(customer_id))?;
    }
    change(write, customer_id, given)?;
    Ok(CustomerRef { customer_id })
}

fn change(
    write: &mut Write<'_, '_>,
    customer_id: CustomerId,
    given: CustomerDetails,
) -> Result<()> {
    write.tx.patch(customer_id, CustomerRow::NAMING, |row| {
        row.code = given.code;
        row.name = given.name;
        row.customer_group = given.customer_group;
        row.note = given.note;
    })?;
    write.tx.patch(customer_id, CustomerRow::CONTACT, |row| {
        row.phone = given.phone;
        row.email = given.email;
        row.address = given.address;
        row.country = given.country;
        row.tax_number = given.tax_number;
    })?;
    write.tx.patch(customer_id, CustomerRow::TERMS, |row| {
        row.price_list_id = given.price_list_id;
        row.credit_limit = given.credit_limit;
        row.terms_days = given.terms_days;
        row.blocked = given.blocked;
    })?;
    Ok(())
}

/// Makes a customer: by hand, by an import, or by history that names them for the first time.
pub fn create_customer(
    write: &mut Write<'_, '_>,
    new: CustomerDetails,
    import_id: Option<ImportId>,
) -> Result<CustomerId> {
    check(&new)?;
    check_price_list(write, &new, None)?;
    free_code(write.db(), &new.code, None)?;
    let customer_id = write.id();
    write.tx.create(&CustomerRow {
        customer_id,
        code: new.code,
        name: new.name,
        customer_group: new.customer_group,
        note: new.note,
        phone: new.phone,
        email: new.email,
        address: new.address,
        country: new.country,
        tax_number: new.tax_number,
        price_list_id: new.price_list_id,
        credit_limit: new.credit_limit,
        terms_days: new.terms_days,
        blocked: new.blocked,
        archived: false,
        import_id,
    })?;
    Ok(customer_id)
}

fn next_code(write: &mut Write<'_, '_>) -> Result<String> {
    loop {
        let series = write.tx.series().to_owned();
        let number = write.tx.next_number(&format!("customer code {series}"))?;
        let code = format!("{series}-C{number:04}");
        if store::customer_by_code(write.db(), &code)?.is_none() {
            return Ok(code);
        }
    }
}

fn check(given: &CustomerDetails) -> Result<()> {
    check_text("code", &given.code)?;
    if given.code.chars().count() > CODE_LENGTH_MAX {
        return Err(refuse_field!(
            "code",
            "code_too_long",
            "This code is too long: at most {limit} characters.",
            limit = CODE_LENGTH_MAX
        ));
    }
    check_text("name", &given.name)?;
    let others = [
        ("phone", &given.phone),
        ("email", &given.email),
        ("address", &given.address),
        ("country", &given.country),
        ("tax_number", &given.tax_number),
        ("customer_group", &given.customer_group),
        ("note", &given.note),
    ];
    for (field, text) in others {
        check_length(field, text)?;
    }
    if given.credit_limit.is_negative() {
        return Err(refuse_field!(
            "credit_limit",
            "credit_limit_negative",
            "A credit limit is nothing or more."
        ));
    }
    if !(0..=TERMS_DAYS_MAX).contains(&given.terms_days) {
        return Err(refuse_field!(
            "terms_days",
            "terms_range",
            "A term of payment is from 0 to {limit} days.",
            limit = TERMS_DAYS_MAX
        ));
    }
    Ok(())
}

/// Refuses a price list that is not in use, unless the customer had it before it was archived.
fn check_price_list(
    write: &Write<'_, '_>,
    given: &CustomerDetails,
    had: Option<PriceListId>,
) -> Result<()> {
    match given.price_list_id {
        Some(id) if had != Some(id) && !write.standing.price_lists.contains_key(&id) => {
            Err(refuse_field!(
                "price_list_id",
                "choose_price_list",
                "Choose a price list that is in use."
            ))
        }
        _ => Ok(()),
    }
}

fn free_code(db: &Connection, code: &str, own: Option<CustomerId>) -> Result<()> {
    match store::customer_by_code(db, code)? {
        Some(other) if !other.archived && Some(other.customer_id) != own => {
            let message = format!("The code {code} belongs to {} already.", other.name);
            Err(Refusal::new("code_taken", message)
                .at("code")
                .fact("code", code)
                .fact("customer", other.name)
                .into())
        }
        _ => Ok(()),
    }
}

/// Arguments of `customers.archive`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ArchiveCustomer {
    /// The customer.
    pub customer_id: CustomerId,
    /// True takes them off the list, false brings them back.
    pub archived: bool,
}

/// `customers.archive`: takes a customer off the list, or brings them back.
pub fn archive(write: &mut Write<'_, '_>, given: ArchiveCustomer) -> Result<Nothing> {
    let customer =
        store::customer(write.db(), given.customer_id)?.ok_or_else(|| not_found("The customer"))?;
    if given.archived {
        let account = write.standing.account(PostingKey::Receivable)?;
        let balance = finance::store::partner_balance(write.db(), customer.customer_id, account)?;
        if !balance.is_zero() {
            let owed = write.standing.money(balance);
            let message =
                format!("{} still has {owed} open on account: settle it first.", customer.name);
            return Err(Refusal::new("customer_owes", message)
                .fact("customer", &customer.name)
                .fact("balance", balance)
                .into());
        }
    } else {
        free_code(write.db(), &customer.code, Some(customer.customer_id))?;
    }
    write.tx.patch(customer.customer_id, CustomerRow::ARCHIVED, |row| {
        row.archived = given.archived;
    })?;
    Ok(Nothing {})
}
