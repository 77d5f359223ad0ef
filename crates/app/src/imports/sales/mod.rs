//! Sales of the past, from the files of another program.
//!
//! **Invariant:** a document of another program is here once, however often it is in files.

pub mod history;
mod named;
mod print;
pub mod record;
pub mod rules;
pub mod summary;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use lumbung_domain::num::Money;
use lumbung_domain::say;
use rusqlite::Connection;

use super::fields::ImportKind;
use super::mapping::Mapping;
use super::options::{ImportFile, ImportOptions};
use super::runs::{self, Kept};
use super::source::Source;
use super::store;
use crate::App;
use crate::door::Actor;
use crate::error::{Error, Refusal, Result, refuse_field};
use crate::jobs::Progress;
use crate::start::{self, NewCompany};

pub use rules::{ImportedShop, LineClass, SalesMapping, SalesRules};
pub use summary::{ClassSum, Exact, Ranked, SalesSummary};

/// Documents of other programs that are here, by their number there, with their total.
pub fn known(db: &Connection) -> Result<HashMap<String, Money>> {
    let mut known = store::known_documents(db)?;
    for run in store::standing_runs(db, ImportKind::Sales.as_str())? {
        let stock = Kept::of(&run)?.stock_documents;
        known.extend(stock.into_iter().map(|(number, _)| (number, Money::ZERO)));
    }
    Ok(known)
}

/// Imports a file of sales. An empty data folder becomes the shop of the mapping first.
pub fn import_file(
    app: &App,
    path: &Path,
    mapping: &SalesMapping,
    progress: &mut Progress<'_>,
) -> Result<SalesSummary> {
    run(app, path, mapping, false, progress)
}

/// Says what [`import_file`] would do. An empty data folder becomes the shop of the mapping, too:
/// without a company there is no currency to count in.
pub fn try_file(
    app: &App,
    path: &Path,
    mapping: &SalesMapping,
    progress: &mut Progress<'_>,
) -> Result<SalesSummary> {
    run(app, path, mapping, true, progress)
}

fn run(
    app: &App,
    path: &Path,
    sales: &SalesMapping,
    dry_run: bool,
    progress: &mut Progress<'_>,
) -> Result<SalesSummary> {
    // A file that cannot be understood must not leave a company behind.
    let source = Source::open(path, None)?;
    let columns: Mapping = sales.columns_of(&source);
    let mut pin = None;
    if let Some(shop) = shop_to_begin(app, sales)? {
        let currency = shop.currency.parse().map_err(|_| {
            refuse_field!(
                "currency",
                "currency_unknown",
                "There is no currency {currency}.",
                currency = shop.currency
            )
        })?;
        let lenient = sales.leave_out_wrong_rows;
        let planned =
            runs::plan_history(&source, &columns, &sales.rules, currency, lenient, progress)?;
        if dry_run {
            return Ok(planned.summary);
        }
        pin = Some(begin(app, shop)?);
    }
    let file = ImportFile {
        kind: ImportKind::Sales,
        path: path.to_string_lossy().into_owned(),
        sheet: None,
        mapping: Some(columns),
        options: ImportOptions {
            sales: Some(sales.rules.clone()),
            leave_out_wrong_rows: sales.leave_out_wrong_rows,
            ..ImportOptions::default()
        },
    };
    let actor = Arc::new(Actor::operator());
    let report = if dry_run {
        runs::try_out(app, &actor, &file, progress)?
    } else {
        runs::import(app, &actor, &file, progress)?
    };
    let mut summary = report
        .sales
        .ok_or_else(|| Error::Broken("an import of sales without a summary".to_owned()))?;
    summary.owner_pin = pin;
    Ok(summary)
}

/// The shop to make, where the data folder is empty.
fn shop_to_begin<'s>(app: &App, sales: &'s SalesMapping) -> Result<Option<&'s ImportedShop>> {
    match app.standing() {
        Ok(standing) => match &sales.shop {
            Some(shop) if shop.currency != standing.company.currency => Err(Refusal::from(say!(
                "wrong_currency",
                "The file is in {currency} and the books are in {books}: it cannot be imported \
                 here.",
                currency = shop.currency,
                books = standing.company.currency
            ))
            .into()),
            _ => Ok(None),
        },
        Err(error) if error.failure().code == "no_company" => match &sales.shop {
            Some(shop) => Ok(Some(shop)),
            None => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// Makes the shop; answers with the PIN of its owner, which is told once.
fn begin(app: &App, shop: &ImportedShop) -> Result<String> {
    let pin = new_pin()?;
    let company = NewCompany::for_import(&shop.name, &shop.country, &shop.currency, &pin);
    start::create_company(app, company)?;
    Ok(pin)
}

/// A PIN that nobody guesses: eight random digits.
fn new_pin() -> Result<String> {
    const TRIES: usize = 100;
    for _ in 0..TRIES {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(|error| Error::Broken(error.to_string()))?;
        // 250 and above would make some digits likelier than others.
        if bytes.iter().any(|byte| *byte >= 250) {
            continue;
        }
        let pin: String = bytes.iter().map(|byte| char::from(b'0' + byte % 10)).collect();
        if lumbung_domain::pin::check_new_pin(&pin).is_ok() {
            return Ok(pin);
        }
    }
    Err(Error::Broken("no PIN could be made".to_owned()))
}
