//! The first commit of a company: all that must exist before the first sale.
//!
//! **Invariant:** one commit; a store in which it exists can sell, a store without it is empty.

use lumbung_domain::accounts::{DEFAULT_CHART, default_account};
use lumbung_domain::ids::{
    BarcodeRuleId, BranchId, CompanyId, Id, LocationId, PriceListId, ReasonId, RoleId, TaxClassId,
    TerminalId,
};
use lumbung_domain::instore::{RuleKind, default_rules};
use lumbung_domain::journal::PostingKey;
use lumbung_domain::permission;
use lumbung_sync::Tx;
use rusqlite::Connection;
use serde::Serialize;

use super::country::{self, Country, country};
use super::{Beginning, setting_uuid};
use crate::catalogue::rows::{BarcodeRuleRow, PriceListRow, ReasonRow, TaxClassRow};
use crate::company::rows::{BranchRow, CompanyRow, SettingRow, TerminalRow};
use crate::company::{ReceiptTexts, TillPolicy};
use crate::error::{Error, Result};
use crate::finance::rows::{AccountRow, PostingAccountRow};
use crate::inventory::rows::LocationRow;
use crate::users::hash_pin;
use crate::users::rows::{RoleRow, UserRow};

/// The scope of the first branch's rows.
pub const FIRST_SCOPE: u32 = 1;

/// Writes it.
pub fn write(
    tx: &mut Tx<'_>,
    beginning: &Beginning,
    company_id: CompanyId,
    terminal_id: TerminalId,
) -> Result<()> {
    let proposal = country(&beginning.given.company.country);
    company(tx, beginning, company_id)?;
    place(tx, beginning, terminal_id)?;
    let owner = roles(tx, beginning)?;
    person(tx, beginning, owner)?;
    accounts(tx, beginning)?;
    catalogue(tx, beginning, proposal)?;
    settings(tx, beginning)
}

fn id<T: Id>(tx: &mut Tx<'_>) -> T {
    T::from_bytes(tx.new_id())
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Broken(error.to_string()))
}

fn company(tx: &mut Tx<'_>, beginning: &Beginning, company_id: CompanyId) -> Result<()> {
    let given = &beginning.given.company;
    let trimmed = |text: &String| text.trim().to_owned();
    tx.create(&CompanyRow {
        company_id,
        name: trimmed(&given.name),
        legal_name: trimmed(&given.legal_name),
        tax_number: trimmed(&given.tax_number),
        address: trimmed(&given.address),
        phone: trimmed(&given.phone),
        email: trimmed(&given.email),
        country: given.country.clone(),
        currency: beginning.currency.code().to_owned(),
        language: beginning.language.clone(),
        time_zone: beginning.time_zone.clone(),
    })?;
    Ok(())
}

fn place(tx: &mut Tx<'_>, beginning: &Beginning, terminal_id: TerminalId) -> Result<()> {
    let given = &beginning.given;
    let branch_id: BranchId = id(tx);
    tx.create(&BranchRow {
        branch_id,
        scope_no: FIRST_SCOPE,
        code: given.branch.code.clone(),
        name: given.branch.name.trim().to_owned(),
        address: given.company.address.trim().to_owned(),
        phone: given.company.phone.trim().to_owned(),
        tax_number: String::new(),
        archived: false,
    })?;
    tx.create(&TerminalRow {
        terminal_id,
        branch_id,
        series: given.terminal.series.clone(),
        name: given.terminal.name.trim().to_owned(),
        archived: false,
    })?;
    let location_id: LocationId = id(tx);
    tx.create(&LocationRow {
        location_id,
        branch_id,
        code: "MAIN".to_owned(),
        name: given.branch.name.trim().to_owned(),
        archived: false,
    })?;
    Ok(())
}

/// The roles; answers with the owner's.
fn roles(tx: &mut Tx<'_>, beginning: &Beginning) -> Result<RoleId> {
    let indonesian = beginning.language == "id";
    let mut owner = None;
    for role in permission::default_roles(beginning.currency) {
        let role_id: RoleId = id(tx);
        if role.key == "owner" {
            owner = Some(role_id);
        }
        let name = if indonesian { role.id } else { role.en };
        tx.create(&RoleRow {
            role_id,
            code: role.key.to_owned(),
            name: name.to_owned(),
            patterns: json(&role.patterns)?,
            limits: json(&role.limits)?,
            archived: false,
        })?;
    }
    owner.ok_or_else(|| Error::Broken("there is no role of an owner".to_owned()))
}

fn person(tx: &mut Tx<'_>, beginning: &Beginning, role: RoleId) -> Result<()> {
    let given = &beginning.given.owner;
    let user_id = id(tx);
    tx.create(&UserRow {
        user_id,
        username: given.username.clone(),
        name: given.name.trim().to_owned(),
        language: beginning.language.clone(),
        pin_hash: hash_pin(&given.pin)?,
        role_ids: json(&[role])?,
        branch_ids: "[]".to_owned(),
        archived: false,
    })?;
    Ok(())
}

fn accounts(tx: &mut Tx<'_>, beginning: &Beginning) -> Result<()> {
    let indonesian = beginning.language == "id";
    for account in DEFAULT_CHART {
        let account_id = id(tx);
        let name = if indonesian { account.id } else { account.en };
        tx.create(&AccountRow {
            account_id,
            code: account.code.to_owned(),
            name: name.to_owned(),
            kind: account.kind.as_str().to_owned(),
            control: account.control,
            archived: false,
        })?;
        for key in PostingKey::ALL.iter().filter(|key| default_account(**key) == account.code) {
            let posting_account_id = id(tx);
            tx.create(&PostingAccountRow {
                posting_account_id,
                posting_key: key.as_str().to_owned(),
                account_id,
            })?;
        }
    }
    Ok(())
}

fn catalogue(tx: &mut Tx<'_>, beginning: &Beginning, proposal: &Country) -> Result<()> {
    let indonesian = beginning.language == "id";
    let word = |english: &str, in_indonesian: &str| {
        if indonesian { in_indonesian.to_owned() } else { english.to_owned() }
    };
    for tax in proposal.taxes {
        let tax_class_id: TaxClassId = id(tx);
        tx.create(&TaxClassRow {
            tax_class_id,
            code: tax.code.to_owned(),
            name: tax.name.to_owned(),
            rate: tax.rate,
            share_num: tax.share.0,
            share_den: tax.share.1,
            archived: false,
        })?;
    }
    let price_list_id: PriceListId = id(tx);
    tx.create(&PriceListRow {
        price_list_id,
        name: word("Shelf prices", "Harga rak"),
        currency: beginning.currency.code().to_owned(),
        tax_inclusive: proposal.tax_inclusive,
        priority: 100,
        is_default: true,
        branch_id: None,
        archived: false,
    })?;
    for rule in default_rules() {
        let barcode_rule_id: BarcodeRuleId = id(tx);
        let kind = match rule.value {
            RuleKind::Weight { .. } => word("Weight", "Berat"),
            RuleKind::Price { .. } => word("Price", "Harga"),
            RuleKind::Plain => word("Own numbers", "Nomor sendiri"),
        };
        let prefix: String = rule.pattern.chars().take_while(char::is_ascii_digit).collect();
        tx.create(&BarcodeRuleRow {
            barcode_rule_id,
            name: format!("{kind} {prefix}"),
            pattern: json(&rule)?,
            archived: false,
        })?;
    }
    for (kind, english, in_indonesian) in country::REASONS {
        let reason_id: ReasonId = id(tx);
        tx.create(&ReasonRow {
            reason_id,
            kind: (*kind).to_owned(),
            name: word(english, in_indonesian),
            archived: false,
        })?;
    }
    Ok(())
}

fn settings(tx: &mut Tx<'_>, beginning: &Beginning) -> Result<()> {
    let step = country::cash_step(beginning.currency.code());
    let till = TillPolicy { cash_step: step, ..TillPolicy::default() };
    let thanks = if beginning.language == "id" {
        "Terima kasih. Barang dapat dikembalikan dengan struk ini."
    } else {
        "Thank you. Goods can be returned with this receipt."
    };
    let receipt = ReceiptTexts { footer: vec![thanks.to_owned()], ..ReceiptTexts::default() };
    for (key, value) in [("till", json(&till)?), ("receipt", json(&receipt)?)] {
        let key = key.to_owned();
        tx.create(&SettingRow { setting_id: setting_uuid(&key), key, value })?;
    }
    Ok(())
}

/// The tax class of this mark.
pub(crate) fn first_tax_class(db: &Connection, code: &str) -> Result<Option<TaxClassId>> {
    let classes = crate::catalogue::store::tax_classes(db)?;
    Ok(classes
        .into_iter()
        .find(|class| class.code == code && !class.archived)
        .map(|class| class.tax_class_id))
}
