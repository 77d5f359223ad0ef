//! Importing: look, try, do, remember.
//!
//! An import is one transaction, cut into commits small enough to travel. Whatever stops it, be it
//! a person, a full disk or a power cut, leaves the store as it was.
//!
//! **Invariant:** an import that is listed is whole; there is no half of one.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use lumbung_domain::currency::Currency;
use lumbung_domain::ids::{EventId, ImportId};
use lumbung_domain::say;
use serde::{Deserialize, Serialize};

use super::batch::Batch;
use super::fields::ImportKind;
use super::mapping::{Columns, Mapping, RowError, fingerprint};
use super::options::{ImportFile, ImportOptions};
use super::report::ImportReport;
use super::sales::history::History;
use super::sales::summary::{SalesSummary, summarise};
use super::sales::{self, SalesRules};
use super::source::Source;
use super::{customers, products, store};
use crate::catalogue::rows::ImportRunRow;
use crate::door::{Actor, Write};
use crate::error::{Error, Refusal, Result};
use crate::jobs::Progress;
use crate::{App, finance};

/// The command in whose name imports are written.
pub const COMMAND: &str = "import.start";

/// What is kept of an import, as JSON in its row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// Rows that made something new.
    pub created: u64,
    /// Rows that changed something.
    pub changed: u64,
    /// Rows left out or unchanged.
    pub left_out: u64,
    /// Documents of sales.
    pub documents: u64,
    /// Lines of sales.
    pub lines: u64,
    /// Exact sum of sales.
    pub exact: String,
    /// Stock adjustments with the number of their document in the other program.
    pub stock_documents: Vec<(String, EventId)>,
}

impl Kept {
    /// Reads what is kept of an import.
    pub fn of(run: &ImportRunRow) -> Result<Self> {
        serde_json::from_str(&run.summary)
            .map_err(|error| Error::Broken(format!("the import {}: {error}", run.import_id)))
    }
}

/// The file an import is about, read and mapped.
pub struct Opened {
    /// The file.
    pub source: Source,
    /// Which column is which field.
    pub mapping: Mapping,
}

/// Reads a file and finds its mapping: the given one, else the remembered, else the guessed.
pub fn open(app: &App, file: &ImportFile) -> Result<Opened> {
    let source = Source::open(Path::new(&file.path), file.sheet.as_deref())?;
    let mapping = match &file.mapping {
        Some(mapping) => mapping.clone(),
        None => match remembered(app, file.kind, &source)? {
            Some(mapping) => mapping,
            None => Mapping::guessed(file.kind, &source),
        },
    };
    Ok(Opened { source, mapping })
}

/// The mapping that was used for files with these headings before.
pub fn remembered(app: &App, kind: ImportKind, source: &Source) -> Result<Option<Mapping>> {
    let key = fingerprint(kind, &source.header);
    let kept = app.store()?.read(|db| store::mapping(db, &key))?;
    // A mapping that an older program wrote in another way is only a convenience lost.
    let mapping: Option<Mapping> = kept.and_then(|text| serde_json::from_str(&text).ok());
    Ok(mapping.filter(|mapping| mapping.fits(source)))
}

/// Says what importing a file would do, and does nothing.
pub fn try_out(
    app: &App,
    actor: &Arc<Actor>,
    file: &ImportFile,
    progress: &mut Progress<'_>,
) -> Result<ImportReport> {
    let Opened { source, mapping } = open(app, file)?;
    if file.kind == ImportKind::Sales {
        let rules = file.options.sales.clone().unwrap_or_default();
        let wrong_ones = file.options.leave_out_wrong_rows;
        let planned = plan_sales(app, &source, &mapping, &rules, wrong_ones, progress)?;
        return Ok(planned.report(&source));
    }
    let columns = Columns::of(file.kind, &source, &mapping)?;
    app.read(actor, |read| {
        let (db, standing, options) = (read.db, &read.standing, &file.options);
        Ok(match file.kind {
            ImportKind::Customers => {
                customers::plan(db, standing, &source, &columns, options, progress)?.report
            }
            ImportKind::Products | ImportKind::Sales => {
                products::plan(db, standing, &source, &columns, options, progress)?.report
            }
        })
    })
}

/// Imports a file: all of it, or nothing.
pub fn import(
    app: &App,
    actor: &Arc<Actor>,
    file: &ImportFile,
    progress: &mut Progress<'_>,
) -> Result<ImportReport> {
    let Opened { source, mapping } = open(app, file)?;
    let report = if file.kind == ImportKind::Sales {
        let rules = file.options.sales.clone().unwrap_or_default();
        let wrong_ones = file.options.leave_out_wrong_rows;
        import_sales(app, actor, &source, &mapping, &rules, wrong_ones, progress)?
    } else {
        import_masters(app, actor, file.kind, &source, &mapping, &file.options, progress)?
    };
    remember(app, file.kind, &source, &mapping)?;
    Ok(report)
}

fn remember(app: &App, kind: ImportKind, source: &Source, mapping: &Mapping) -> Result<()> {
    let key = fingerprint(kind, &source.header);
    let text = json(mapping)?;
    app.store()?.local(|db| store::save_mapping(db, &key, &text))
}

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Broken(error.to_string()))
}

fn import_masters(
    app: &App,
    actor: &Arc<Actor>,
    kind: ImportKind,
    source: &Source,
    mapping: &Mapping,
    options: &ImportOptions,
    progress: &mut Progress<'_>,
) -> Result<ImportReport> {
    let columns = Columns::of(kind, source, mapping)?;
    app.write(actor, None, COMMAND, |write| {
        let import_id: ImportId = write.id();
        let mut batch = Batch::default();
        let standing = Arc::clone(&write.standing);
        let mut report = if kind == ImportKind::Customers {
            let plan = customers::plan(write.db(), &standing, source, &columns, options, progress)?;
            check_rows(&plan.report)?;
            customers::apply(write, &mut batch, import_id, &plan, progress)?;
            plan.report
        } else {
            let plan = products::plan(write.db(), &standing, source, &columns, options, progress)?;
            check_rows(&plan.report)?;
            products::apply(write, &mut batch, import_id, &plan, progress)?;
            plan.report
        };
        let kept = Kept {
            created: report.created,
            changed: report.changed,
            left_out: report.left_out + report.unchanged,
            documents: 0,
            lines: 0,
            exact: String::new(),
            stock_documents: Vec::new(),
        };
        finish(write, import_id, kind, source, mapping, report.rows, &kept)?;
        report.dry_run = false;
        report.import_id = Some(import_id);
        Ok(report)
    })
}

/// The row of an import, its last act.
fn finish(
    write: &mut Write<'_, '_>,
    import_id: ImportId,
    kind: ImportKind,
    source: &Source,
    mapping: &Mapping,
    rows: u64,
    kept: &Kept,
) -> Result<()> {
    write.tx.insert(&ImportRunRow {
        import_id,
        kind: kind.as_str().to_owned(),
        file_name: source.name.clone(),
        file_hash: source.hash.clone(),
        mapping: json(mapping)?,
        summary: json(kept)?,
        rows_read: i64::try_from(rows).unwrap_or(i64::MAX),
        imported_by: write.actor.user_id,
        imported_at: write.now_ms,
    })?;
    Ok(())
}

/// Refuses a file with wrong rows, unless they are to be left out.
fn check_rows(report: &ImportReport) -> Result<()> {
    if report.ready {
        return Ok(());
    }
    Err(wrong_rows(report.error_count, report.errors.first()).into())
}

fn wrong_rows(count: u64, first: Option<&RowError>) -> Refusal {
    let (line, first) = first.map_or((0, ""), |error| (error.line, error.message.as_str()));
    let rows = if count == 1 { "row is" } else { "rows are" };
    let message = format!(
        "{count} {rows} wrong, so nothing was imported. Mend the file, or choose to leave such \
         rows out. {first}"
    );
    Refusal::new("import_wrong_rows", message).fact("count", count).fact("first", line)
}

/// A file of sales, understood and compared with what is here.
pub struct PlannedSales {
    history: History,
    wanted: Vec<bool>,
    /// What it comes to.
    pub summary: SalesSummary,
    unused_columns: Vec<String>,
}

impl PlannedSales {
    fn report(self, source: &Source) -> ImportReport {
        let mut report = ImportReport::new(ImportKind::Sales, &source.name);
        let summary = self.summary;
        report.rows = summary.lines_read;
        report.created = summary.lines;
        report.left_out = summary.skipped_lines;
        report.error_count = summary.error_count;
        report.errors.clone_from(&summary.errors);
        source.warnings.iter().for_each(|said| report.warn(RowError::of_file(said.clone())));
        let differing = summary.contradictions.iter();
        differing.for_each(|said| report.warn(RowError::of_file(said.clone())));
        report.unused_columns = self.unused_columns;
        report.dry_run = summary.dry_run;
        report.import_id = summary.import_id;
        report.ready = true;
        report.sales = Some(summary);
        report
    }
}

/// Reads a file of sales and works out what importing it would do.
fn plan_sales(
    app: &App,
    source: &Source,
    mapping: &Mapping,
    rules: &SalesRules,
    leave_out_wrong_rows: bool,
    progress: &mut Progress<'_>,
) -> Result<PlannedSales> {
    let currency = app.standing()?.currency;
    let known = app.store()?.read(|db| -> Result<_> {
        refuse_again(db, source, app.offset_min())?;
        sales::known(db)
    })?;
    let mut planned =
        plan_history(source, mapping, rules, currency, leave_out_wrong_rows, progress)?;
    if known.is_empty() {
        return Ok(planned);
    }
    let PlannedSales { history, wanted, summary, .. } = &mut planned;
    for (document, wanted) in history.documents.iter().zip(wanted.iter_mut()) {
        *wanted = !known.contains_key(history.numbers.text(document.number));
    }
    *summary = summarise(history, currency, &source.name, wanted)?;
    for document in &history.documents {
        let number = history.numbers.text(document.number);
        if let Some(total) = known.get(number)
            && *total != document.total
        {
            summary.contradict(number, *total, document.total, currency);
        }
    }
    Ok(planned)
}

/// Reads a file of sales as if nothing of it were here.
pub fn plan_history(
    source: &Source,
    mapping: &Mapping,
    rules: &SalesRules,
    currency: Currency,
    leave_out_wrong_rows: bool,
    progress: &mut Progress<'_>,
) -> Result<PlannedSales> {
    let columns = Columns::of(ImportKind::Sales, source, mapping)?;
    let history = History::read(source, &columns, rules, currency, progress)?;
    if history.error_count > 0 && !leave_out_wrong_rows {
        return Err(wrong_rows(history.error_count, history.errors.first()).into());
    }
    let wanted = vec![true; history.documents.len()];
    let summary = summarise(&history, currency, &source.name, &wanted)?;
    Ok(PlannedSales { history, wanted, summary, unused_columns: columns.unused() })
}

/// Refuses a file that was imported before and not taken back.
fn refuse_again(db: &rusqlite::Connection, source: &Source, offset_min: i16) -> Result<()> {
    let runs = store::standing_runs(db, ImportKind::Sales.as_str())?;
    match runs.iter().find(|run| run.file_hash == source.hash) {
        None => Ok(()),
        Some(run) => {
            let day = finance::local_date(run.imported_at, offset_min);
            let message = format!(
                "This file was imported on {day} already, as {}: its sales are here.",
                run.file_name
            );
            Err(Refusal::new("already_imported", message)
                .fact("date", day)
                .fact("file", &run.file_name)
                .into())
        }
    }
}

fn import_sales(
    app: &App,
    actor: &Arc<Actor>,
    source: &Source,
    mapping: &Mapping,
    rules: &SalesRules,
    leave_out_wrong_rows: bool,
    progress: &mut Progress<'_>,
) -> Result<ImportReport> {
    let began = Instant::now();
    let mut planned = plan_sales(app, source, mapping, rules, leave_out_wrong_rows, progress)?;
    if planned.summary.invoices == 0 {
        return Err(Refusal::from(say!(
            "nothing_new",
            "All {count} documents of {file} are here already.",
            count = planned.summary.skipped_invoices,
            file = source.name
        ))
        .into());
    }
    let PlannedSales { history, wanted, summary, .. } = &mut planned;
    let (import_id, recorded) = app.write(actor, None, COMMAND, |write| {
        let import_id: ImportId = write.id();
        let mut batch = Batch::default();
        let recorded =
            sales::record::record(write, &mut batch, import_id, history, rules, wanted, progress)?;
        let kept = Kept {
            created: summary.lines,
            changed: 0,
            left_out: summary.skipped_lines,
            documents: summary.invoices,
            lines: summary.lines,
            exact: summary.exact.to_string(),
            stock_documents: recorded.stock_documents.clone(),
        };
        finish(write, import_id, ImportKind::Sales, source, mapping, summary.lines_read, &kept)?;
        Ok((import_id, recorded))
    })?;
    summary.import_id = Some(import_id);
    summary.dry_run = false;
    summary.products_created = recorded.products;
    summary.customers_created = recorded.customers;
    summary.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(planned.report(source))
}
