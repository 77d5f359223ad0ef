//! Standing data: what every command needs and hardly ever changes, read once and kept.
//!
//! **Invariant:** it is a copy of the store; whenever one of its tables changes it is thrown away.

use std::collections::HashMap;
use std::sync::Arc;

use lumbung_domain::currency::Currency;
use lumbung_domain::ids::{AccountId, Id, PriceListId, TaxClassId, TerminalId, UserId};
use lumbung_domain::journal::{JournalError, PostingKey};
use lumbung_domain::num::Money;
use lumbung_sync::Synced;
use rusqlite::Connection;

use crate::catalogue::rows::{BarcodeRuleRow, PriceListRow, TaxClassRow};
use crate::company::rows::{BranchRow, CompanyRow, TerminalRow};
use crate::company::{self, Settings};
use crate::door::Actor;
use crate::error::{Error, Result, refuse};
use crate::inventory::rows::LocationRow;
use crate::{catalogue, finance, inventory, users};

/// The tables this is a copy of.
const TABLES: &[&str] = &[
    "company",
    "branch",
    "terminal",
    "setting",
    "role",
    "user",
    "tax_class",
    "barcode_rule",
    "price_list",
    "account",
    "posting_account",
    "location",
];

/// What every command needs.
#[derive(Debug)]
pub struct Standing {
    /// The company.
    pub company: CompanyRow,
    /// Its base currency.
    pub currency: Currency,
    /// The branch of this terminal.
    pub branch: BranchRow,
    /// This terminal.
    pub terminal: TerminalRow,
    /// Where this branch's stock lies.
    pub location: LocationRow,
    /// Settings of the company and this branch.
    pub settings: Settings,
    /// Sections of the settings that this branch has of its own.
    pub own_sections: Vec<&'static str>,
    /// Tax classes, archived ones too: old lines name them.
    pub tax_classes: HashMap<TaxClassId, TaxClassRow>,
    /// Price lists in use.
    pub price_lists: HashMap<PriceListId, PriceListRow>,
    /// Rules of in-store barcodes.
    pub barcode_rules: Vec<BarcodeRuleRow>,
    /// Which account each kind of posting goes to.
    pub postings: HashMap<PostingKey, AccountId>,
    actors: HashMap<UserId, Arc<Actor>>,
}

impl Standing {
    /// Whether one of these tables is copied here.
    pub fn depends_on(tables: &[&'static str]) -> bool {
        tables.iter().any(|table| TABLES.contains(table))
    }

    /// An amount as sentences say it: major units with their currency.
    pub fn money(&self, amount: Money) -> String {
        format!("{} {}", self.currency.code(), amount.to_major(self.currency))
    }

    /// Reads it for the terminal this store belongs to.
    pub fn load(db: &Connection, terminal: [u8; 16]) -> Result<Self> {
        let company = company::store::company(db)?
            .ok_or_else(|| refuse("no_company", "There is no company in this data folder yet."))?;
        let currency = company
            .currency
            .parse::<Currency>()
            .map_err(|_| Error::Broken(format!("currency {}", company.currency)))?;
        let terminal_id = TerminalId::from_bytes(terminal);
        let terminal = company::store::terminal(db, terminal_id)?
            .ok_or_else(|| Error::Broken("this terminal is not in its own store".to_owned()))?;
        let branch = company::store::branch(db, terminal.branch_id)?
            .ok_or_else(|| Error::Broken("this terminal's branch is missing".to_owned()))?;
        let location = inventory::store::default_location(db, branch.branch_id)?
            .ok_or_else(|| Error::Broken("this branch has no stock location".to_owned()))?;
        let branch_id = branch.branch_id;
        let settings = Settings::load(db, branch_id)?;
        Ok(Self {
            tax_classes: catalogue::store::tax_classes(db)?
                .into_iter()
                .map(|row| (row.tax_class_id, row))
                .collect(),
            price_lists: catalogue::store::price_lists(db)?
                .into_iter()
                .filter(|row| !row.archived)
                .map(|row| (row.price_list_id, row))
                .collect(),
            barcode_rules: catalogue::store::barcode_rules(db)?
                .into_iter()
                .filter(|row| !row.archived)
                .collect(),
            postings: finance::postings(db)?,
            actors: users::actors(db)?,
            company,
            currency,
            branch,
            terminal,
            location,
            settings,
            own_sections: Settings::own_sections(db, branch_id)?,
        })
    }

    /// A person who may sign in, with what they may do.
    pub fn actor(&self, user_id: UserId) -> Option<Arc<Actor>> {
        self.actors.get(&user_id).map(Arc::clone)
    }

    /// The account a kind of posting goes to.
    pub fn account(&self, key: PostingKey) -> Result<AccountId> {
        self.postings.get(&key).copied().ok_or_else(|| JournalError::NotMapped { key }.into())
    }
}

/// Every row of a query as rows of a synced table.
pub(crate) fn rows<T: Synced>(
    db: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let found = statement.query_map(params, T::from_row)?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The only row of a query, if there is one.
pub(crate) fn row<T: Synced>(
    db: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Option<T>> {
    use rusqlite::OptionalExtension;
    let mut statement = db.prepare_cached(sql)?;
    Ok(statement.query_row(params, T::from_row).optional()?)
}
