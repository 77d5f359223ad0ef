//! The company, its branches and terminals, and the settings they share.
//!
//! **Invariant:** codes of branches and series of terminals are never used twice: document numbers
//! are made of them.

mod machine;
pub mod rows;
mod settings;
pub mod store;
mod terminals;

pub use machine::{LocalSetting, LocalSettingKey, local_setting, save_local_setting};
pub use settings::{
    BackupPolicy, CashRoundingChoice, Logo, NegativeStock, PrintReceipt, ReceiptTexts, Settings,
    TaxRoundingChoice, TillPolicy, setting_id,
};

pub use terminals::{NewTerminal, TerminalAdded, add_terminal};

use lumbung_domain::ids::{BranchId, Id, TerminalId};
use lumbung_paper::Picture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use uuid::Uuid;

use crate::door::{Nothing, Read, Write};
use crate::error::{Result, not_found, refuse_field};
use crate::inventory::rows::LocationRow;
use crate::standing::Standing;
use rows::{BranchRow, CompanyRow, SettingRow, TerminalRow};

/// Longest code of a branch or series of a terminal.
const CODE_LENGTH_MAX: usize = 8;

/// Longest text of one field.
const TEXT_LENGTH_MAX: usize = 500;

/// The company as people see it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CompanyDetails {
    /// The name on the sign.
    pub name: String,
    /// The name in the register.
    pub legal_name: String,
    /// Tax number.
    pub tax_number: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Language of papers: en or id.
    pub language: String,
    /// Time zone, IANA name.
    pub time_zone: String,
}

/// A branch.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// The branch; left out for a new one.
    pub branch_id: Option<BranchId>,
    /// First part of document numbers.
    pub code: String,
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Place-of-business number where the law knows one.
    pub tax_number: String,
    /// Closed for good.
    pub archived: bool,
}

/// A terminal.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Terminal {
    /// The terminal.
    pub terminal_id: TerminalId,
    /// Its branch.
    pub branch_id: BranchId,
    /// Second part of document numbers.
    pub series: String,
    /// Name.
    pub name: String,
    /// Out of use.
    pub archived: bool,
}

/// What the shell shows of where it is.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CompanyView {
    /// The company.
    pub company: CompanyDetails,
    /// Country, ISO 3166.
    pub country: String,
    /// Base currency, ISO 4217.
    pub currency: String,
    /// Digits after the point of its amounts.
    pub currency_digits: u32,
    /// This branch.
    pub branch: Branch,
    /// This terminal.
    pub terminal: Terminal,
    /// Settings that hold here.
    pub settings: Settings,
    /// Sections of the settings that this branch has of its own.
    pub own_sections: Vec<String>,
}

fn details(row: &CompanyRow) -> CompanyDetails {
    CompanyDetails {
        name: row.name.clone(),
        legal_name: row.legal_name.clone(),
        tax_number: row.tax_number.clone(),
        address: row.address.clone(),
        phone: row.phone.clone(),
        email: row.email.clone(),
        language: row.language.clone(),
        time_zone: row.time_zone.clone(),
    }
}

fn branch_view(row: BranchRow) -> Branch {
    Branch {
        branch_id: Some(row.branch_id),
        code: row.code,
        name: row.name,
        address: row.address,
        phone: row.phone,
        tax_number: row.tax_number,
        archived: row.archived,
    }
}

fn terminal_view(row: TerminalRow) -> Terminal {
    Terminal {
        terminal_id: row.terminal_id,
        branch_id: row.branch_id,
        series: row.series,
        name: row.name,
        archived: row.archived,
    }
}

/// What the shell shows of where it is, from the standing data.
pub fn view(standing: &Standing) -> CompanyView {
    CompanyView {
        company: details(&standing.company),
        country: standing.company.country.clone(),
        currency: standing.company.currency.clone(),
        currency_digits: u32::from(standing.currency.digits()),
        branch: branch_view(standing.branch.clone()),
        terminal: terminal_view(standing.terminal.clone()),
        settings: standing.settings.clone(),
        own_sections: standing.own_sections.iter().map(ToString::to_string).collect(),
    }
}

/// `company.get`: the company, this branch, this terminal and their settings.
pub fn get(read: &Read<'_>, _: Nothing) -> Result<CompanyView> {
    Ok(view(&read.standing))
}

/// Refuses empty and endless text at a field.
pub(crate) fn check_text(field: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(refuse_field!(field, "field_empty", "This must not be empty."));
    }
    check_length(field, text)
}

/// Refuses endless text and control characters at a field.
pub(crate) fn check_length(field: &str, text: &str) -> Result<()> {
    if text.chars().count() > TEXT_LENGTH_MAX {
        return Err(refuse_field!(
            field,
            "text_too_long",
            "This is too long: at most {limit} characters.",
            limit = TEXT_LENGTH_MAX
        ));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(refuse_field!(
            field,
            "text_unprintable",
            "This has characters that cannot be printed."
        ));
    }
    Ok(())
}

/// `company.save`: changes how the company presents itself.
pub fn save(write: &mut Write<'_, '_>, given: CompanyDetails) -> Result<Nothing> {
    check_text("name", &given.name)?;
    let others = [
        ("legal_name", &given.legal_name),
        ("tax_number", &given.tax_number),
        ("address", &given.address),
        ("phone", &given.phone),
        ("email", &given.email),
        ("time_zone", &given.time_zone),
    ];
    for (field, text) in others {
        check_length(field, text)?;
    }
    if !["en", "id"].contains(&given.language.as_str()) {
        return Err(refuse_field!("language", "paper_language", "Papers are printed in en or id."));
    }
    let key = write.standing.company.company_id.bytes();
    write.tx.patch(key, CompanyRow::DETAILS, |row| {
        row.name = given.name.trim().to_owned();
        row.legal_name = given.legal_name.trim().to_owned();
        row.tax_number = given.tax_number.trim().to_owned();
        row.address = given.address.trim().to_owned();
        row.phone = given.phone.trim().to_owned();
        row.email = given.email.trim().to_owned();
    })?;
    write.tx.patch(key, CompanyRow::LOCALE, |row| {
        row.language = given.language;
        row.time_zone = given.time_zone;
    })?;
    Ok(Nothing {})
}

/// Branches and terminals.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Places {
    /// Branches by code.
    pub branches: Vec<Branch>,
    /// Terminals by series.
    pub terminals: Vec<Terminal>,
}

/// `branch.list`: every branch and terminal.
pub fn places(read: &Read<'_>, _: Nothing) -> Result<Places> {
    Ok(Places {
        branches: store::branches(read.db)?.into_iter().map(branch_view).collect(),
        terminals: store::terminals(read.db)?.into_iter().map(terminal_view).collect(),
    })
}

/// Refuses what cannot be part of a document number.
pub(crate) fn check_code(field: &str, code: &str) -> Result<()> {
    let fits = (1..=CODE_LENGTH_MAX).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if fits {
        return Ok(());
    }

    Err(refuse_field!(
        field,
        "code_letters",
        "Use 1 to {limit} capital letters and digits.",
        limit = CODE_LENGTH_MAX
    ))
}

/// Names a branch.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct BranchSaved {
    /// The branch.
    pub branch_id: BranchId,
}

/// `branch.save`: a new branch, or changes to one. Its code stays once documents carry it.
pub fn save_branch(write: &mut Write<'_, '_>, given: Branch) -> Result<BranchSaved> {
    check_code("code", &given.code)?;
    check_text("name", &given.name)?;
    let all = store::branches(write.db())?;
    let taken =
        all.iter().any(|row| row.code == given.code && Some(row.branch_id) != given.branch_id);
    if taken {
        return Err(refuse_field!("code", "branch_code_taken", "Another branch has this code."));
    }
    let Some(branch_id) = given.branch_id else { return new_branch(write, given, &all) };
    let old = store::branch(write.db(), branch_id)?.ok_or_else(|| not_found("The branch"))?;
    if old.code != given.code {
        return Err(refuse_field!(
            "code",
            "branch_code_fixed",
            "The code stays: document numbers carry it."
        ));
    }
    if given.archived && branch_id == write.standing.branch.branch_id {
        return Err(refuse_field!(
            "archived",
            "branch_in_use",
            "This terminal belongs to this branch."
        ));
    }
    write.tx.patch(branch_id.bytes(), BranchRow::DETAILS, |row| {
        row.name = given.name.trim().to_owned();
        row.address = given.address;
        row.phone = given.phone;
        row.tax_number = given.tax_number;
    })?;
    write.tx.patch(branch_id.bytes(), BranchRow::ARCHIVED, |row| row.archived = given.archived)?;
    Ok(BranchSaved { branch_id })
}

fn new_branch(write: &mut Write<'_, '_>, given: Branch, all: &[BranchRow]) -> Result<BranchSaved> {
    let branch_id: BranchId = write.id();
    let scope_no = all.iter().map(|row| row.scope_no).max().unwrap_or(0) + 1;
    write.tx.create(&BranchRow {
        branch_id,
        scope_no,
        code: given.code,
        name: given.name.trim().to_owned(),
        address: given.address,
        phone: given.phone,
        tax_number: given.tax_number,
        archived: false,
    })?;
    let location_id = write.id();
    write.tx.create(&LocationRow {
        location_id,
        branch_id,
        code: "MAIN".to_owned(),
        name: given.name.trim().to_owned(),
        archived: false,
    })?;
    Ok(BranchSaved { branch_id })
}

/// A new name for a terminal.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TerminalName {
    /// The terminal.
    pub terminal_id: TerminalId,
    /// Its name.
    pub name: String,
}

/// `terminal.save`: names a terminal. Its series stays: document numbers carry it.
pub fn save_terminal(write: &mut Write<'_, '_>, given: TerminalName) -> Result<Nothing> {
    check_text("name", &given.name)?;
    store::terminal(write.db(), given.terminal_id)?.ok_or_else(|| not_found("The terminal"))?;
    write.tx.patch(given.terminal_id.bytes(), TerminalRow::DETAILS, |row| {
        row.name = given.name.trim().to_owned();
    })?;
    Ok(Nothing {})
}

/// A section of the settings to be saved.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SettingChange {
    /// Its name: till, receipt, backup.
    pub section: String,
    /// Only for this branch, instead of the company.
    pub this_branch: bool,
    /// The section, whole.
    #[ts(type = "unknown")]
    pub value: Value,
}

/// `settings.save`: saves one section, checked as this version understands it.
pub fn save_settings(write: &mut Write<'_, '_>, given: SettingChange) -> Result<Nothing> {
    let unclear = |error: serde_json::Error| {
        refuse_field!(
            "value",
            "settings_unclear",
            "These settings cannot be understood: {detail}.",
            detail = error
        )
    };
    match given.section.as_str() {
        "till" => check_till(&serde_json::from_value(given.value.clone()).map_err(unclear)?)?,
        "receipt" => {
            let texts: ReceiptTexts =
                serde_json::from_value(given.value.clone()).map_err(unclear)?;
            if ![58, 80].contains(&texts.width_mm) {
                return Err(refuse_field!(
                    "width_mm",
                    "paper_width",
                    "Receipt paper is 58 or 80 mm wide."
                ));
            }
            if texts.logo.as_ref().is_some_and(|logo| logo.picture().is_none()) {
                let (across, down) = (Picture::WIDTH_MAX, Picture::HEIGHT_MAX);
                return Err(refuse_field!(
                    "logo",
                    "logo_size",
                    "A logo has at most {across} by {down} dots.",
                    across = across,
                    down = down
                ));
            }
            for line in texts.header.iter().chain(&texts.footer) {
                check_length("footer", line)?;
            }
        }
        "backup" => {
            serde_json::from_value::<BackupPolicy>(given.value.clone()).map_err(unclear)?;
        }
        other => {
            return Err(refuse_field!(
                "section",
                "settings_unknown",
                "There are no settings \"{section}\".",
                section = other
            ));
        }
    }
    let branch = given.this_branch.then_some(write.standing.branch.branch_id);
    put_setting(write, &given.section, branch, given.value.to_string())?;
    Ok(Nothing {})
}

/// Names a section of the settings.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SectionName {
    /// till, receipt or backup.
    pub section: String,
}

/// `settings.follow_company`: this branch gives its own settings of a section up, and the company's
/// hold here again.
pub fn follow_company(write: &mut Write<'_, '_>, given: SectionName) -> Result<Nothing> {
    let own = write.standing.own_sections.iter().any(|section| **section == given.section);
    if own {
        let branch = Some(write.standing.branch.branch_id);
        put_setting(write, &given.section, branch, settings::FOLLOWS.to_owned())?;
    }
    Ok(Nothing {})
}

/// Keeps a section, creating its row the first time.
pub(crate) fn put_setting(
    write: &mut Write<'_, '_>,
    key: &str,
    branch: Option<BranchId>,
    value: String,
) -> Result<()> {
    let id = setting_id(key, branch);
    if store::setting(write.db(), id)?.is_some() {
        write.tx.patch(id, SettingRow::CONTENT, |row| row.value = value)?;
    } else {
        let key = key.to_owned();
        write.tx.create(&SettingRow { setting_id: Uuid::from_bytes(id), key, value })?;
    }
    Ok(())
}

fn check_till(policy: &TillPolicy) -> Result<()> {
    if policy.cash_step.get() < 1 {
        return Err(refuse_field!(
            "cash_step",
            "cash_step",
            "The smallest cash amount is at least 1."
        ));
    }
    Ok(())
}
