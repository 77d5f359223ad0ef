//! Bringing files in: sales, products, customers.
//!
//! **Invariant:** a mapping is a name the program knows, a file of JSON, or what the headings say;
//! a file with rows that are wrong is not imported unless they are to be left out.

use std::path::Path;
use std::sync::Arc;

use lumbung_app::imports::sales::{self, ImportedShop, SalesMapping};
use lumbung_app::imports::{self, ImportFile, ImportKind, ImportOptions, ImportReport, Mapping};
use lumbung_app::{Actor, App, Error, Failure};
use serde::de::DeserializeOwned;

use crate::args::ImportKind as Given;
use crate::run::{face, own};
use crate::show::{self, Outcome};

/// The mapping that goes by the headings.
const AUTO: &str = "auto";

/// What is wanted.
pub struct Wanted<'a> {
    /// What the file holds.
    pub kind: Given,
    /// The file.
    pub file: &'a Path,
    /// A name, a file or `auto`.
    pub mapping: &'a str,
    /// Change nothing.
    pub dry_run: bool,
    /// Leave out rows that are wrong.
    pub leave_out_wrong_rows: bool,
    /// Currency, country and name of the company that an empty data folder becomes.
    pub currency: Option<&'a str>,
    /// Its country.
    pub country: Option<&'a str>,
    /// Its name.
    pub company: Option<&'a str>,
}

/// Does it.
pub fn run(app: &App, wanted: &Wanted<'_>, json: bool) -> Result<Outcome, Failure> {
    match wanted.kind {
        Given::Sales => of_sales(app, wanted, json),
        Given::Products => of_masters(app, wanted, ImportKind::Products, json),
        Given::Customers => of_masters(app, wanted, ImportKind::Customers, json),
    }
}

fn of_sales(app: &App, wanted: &Wanted<'_>, json: bool) -> Result<Outcome, Failure> {
    let mut mapping = match SalesMapping::named(wanted.mapping) {
        Some(mapping) => mapping,
        None if wanted.mapping == AUTO => SalesMapping::default(),
        None => from_file(wanted.mapping)?,
    };
    if wanted.currency.is_some() || wanted.country.is_some() || wanted.company.is_some() {
        let known = mapping.shop.take();
        let part = |given: Option<&str>, of: fn(&ImportedShop) -> &String, otherwise: &str| {
            let known = known.as_ref().map(|shop| of(shop).as_str());
            given.or(known).unwrap_or(otherwise).to_owned()
        };
        mapping.shop = Some(ImportedShop {
            name: part(wanted.company, |shop| &shop.name, "Imported sales"),
            country: part(wanted.country, |shop| &shop.country, "GB"),
            currency: part(wanted.currency, |shop| &shop.currency, "GBP"),
        });
    }
    // A mapping may say so itself; the flag says it for this run.
    mapping.leave_out_wrong_rows |= wanted.leave_out_wrong_rows;
    let mut progress = show::progress();
    let import = if wanted.dry_run { sales::try_file } else { sales::import_file };
    let summary = import(app, wanted.file, &mapping, &mut progress).map_err(|e| face(&e))?;
    drop(progress);
    if json {
        show::json(&summary).map_err(|error| face(&error))?;
    } else {
        show::line(summary.text().trim_end());
    }
    Ok(if summary.error_count == 0 { Outcome::Done } else { Outcome::Findings })
}

fn of_masters(
    app: &App,
    wanted: &Wanted<'_>,
    kind: ImportKind,
    json: bool,
) -> Result<Outcome, Failure> {
    let mapping: Option<Mapping> = match wanted.mapping {
        AUTO => None,
        file => Some(from_file(file)?),
    };
    let file = ImportFile {
        kind,
        path: wanted.file.to_string_lossy().into_owned(),
        sheet: None,
        mapping,
        options: ImportOptions {
            leave_out_wrong_rows: wanted.leave_out_wrong_rows,
            ..ImportOptions::default()
        },
    };
    let mut progress = show::progress();
    let actor = Arc::new(Actor::operator());
    let import = if wanted.dry_run { imports::try_file } else { imports::import_file };
    let report = import(app, &actor, &file, &mut progress).map_err(|error| face(&error))?;
    drop(progress);
    if json {
        show::json(&report).map_err(|error| face(&error))?;
    } else {
        tell(&report);
    }
    Ok(if report.error_count == 0 { Outcome::Done } else { Outcome::Findings })
}

fn tell(report: &ImportReport) {
    for error in &report.errors {
        show::line(&error.message);
    }
    for warning in &report.warnings {
        show::line(&format!("note: {warning}"));
    }
    let would = if report.dry_run { "would be " } else { "" };
    show::line(&format!(
        "{} rows of {}: {} {would}created, {} {would}changed, {} as they are, {} left out, {} \
         wrong.",
        report.rows,
        report.file,
        report.created,
        report.changed,
        report.unchanged,
        report.left_out,
        report.error_count
    ));
}

fn from_file<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| own("io", &format!("The mapping {path} could not be read: {error}.")))?;
    serde_json::from_str(&text).map_err(|error| {
        let wrong: Error = lumbung_app::Refusal::new(
            "invalid",
            format!("The mapping {path} cannot be understood: {error}."),
        )
        .into();
        face(&wrong)
    })
}
