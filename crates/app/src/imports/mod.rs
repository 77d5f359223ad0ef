//! Bringing in what other programs and spreadsheets hold: products, customers, sales of the past.
//!
//! A file is looked at ([`inspect`]), tried ([`dry_run`]), imported as a whole ([`start`]) and can
//! be taken back ([`undo`]).
//!
//! **Invariant:** nothing is half imported: an import is in the books whole, or it never was.

mod batch;
mod customers;
mod dates;
mod delimited;
mod fields;
mod mapping;
mod numbers;
mod options;
mod products;
mod report;
mod runs;
pub mod sales;
mod source;
mod store;
mod trouble;
mod undo;
mod workbook;

use std::path::Path;
use std::sync::Arc;

use lumbung_domain::ids::{ImportId, UserId};
use lumbung_domain::said::Said;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use dates::DateOrder;
pub use fields::{ImportKind, Reading};
pub use mapping::{Mapping, RowError};
pub use numbers::DecimalSign;
pub use options::{Existing, ImportFile, ImportOptions};
pub use report::{Example, ImportReport, Outcome};
pub use trouble::{CellError, FileError};
pub use undo::Undone;

use crate::App;
use crate::commands::commands;
use crate::door::{Actor, Command, Read, Task};
use crate::error::Result;
use crate::jobs::{JobRef, Progress};
use runs::Kept;
use source::Source;

/// Imports listed at once.
const PAGE: u32 = 100;

/// The commands of imports.
pub(crate) fn commands() -> Vec<Command> {
    commands! {
        task "import.inspect" => inspect, needs "catalogue:import", from [];
        task "import.dry_run" => dry_run, needs "catalogue:import", from [];
        task "import.start"   => start,   needs "catalogue:import", touches [];
        task "import.undo"    => undo_import, needs "catalogue:import", touches [];
        read "import.list"    => list,    needs "catalogue:import", from [imports];
    }
}

/// What changes when an import is done or taken back.
const TOUCHED: &[&str] = &["imports", "catalogue", "customers", "pos", "inventory", "finance"];

/// A file to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct InspectFile {
    /// What it holds.
    pub kind: ImportKind,
    /// Where it lies on this computer.
    pub path: String,
    /// The sheet of a workbook; the first where left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub sheet: Option<String>,
}

/// A field that a file may have.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ImportField {
    /// Its name in mappings.
    pub name: String,
    /// Whether there is no import without it.
    pub required: bool,
    /// How its cells are read.
    pub reading: Reading,
}

/// A column of a file.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FileColumn {
    /// Its heading.
    pub name: String,
    /// Its first cells.
    pub samples: Vec<String>,
}

/// What a file looks like.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Inspection {
    /// Its name, without the folder.
    pub file: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// How it is written: "UTF-8, comma".
    pub format: String,
    /// The sheets of a workbook; empty for text.
    pub sheets: Vec<String>,
    /// Its columns.
    pub columns: Vec<FileColumn>,
    /// What can be imported from a file of this kind.
    pub fields: Vec<ImportField>,
    /// Which column is which field, as recognised or as chosen before.
    pub mapping: Mapping,
    /// Whether the mapping is the one that was used for such a file before.
    pub mapping_used_before: bool,
    /// What the person should know.
    pub warnings: Vec<Said>,
}

/// `import.inspect`: what a file looks like and which column is probably which field.
pub fn inspect(task: Task, given: InspectFile) -> Result<Inspection> {
    let source = Source::open(Path::new(&given.path), given.sheet.as_deref())?;
    let before = runs::remembered(&task.app, given.kind, &source)?;
    let mapping_used_before = before.is_some();
    let samples = source.samples()?;
    let columns = source.header.iter().enumerate().map(|(at, name)| FileColumn {
        name: name.clone(),
        samples: samples.iter().map(|row| row[at].clone()).collect(),
    });
    let fields = given.kind.fields().iter().map(|field| ImportField {
        name: field.name.to_owned(),
        required: field.required,
        reading: field.reading,
    });
    Ok(Inspection {
        file: source.name.clone(),
        size: source.size,
        format: source.described.clone(),
        sheets: source.sheets.clone(),
        columns: columns.collect(),
        fields: fields.collect(),
        mapping: before.unwrap_or_else(|| Mapping::guessed(given.kind, &source)),
        mapping_used_before,
        warnings: source.warnings.clone(),
    })
}

/// `import.dry_run`: what importing a file would do; it does nothing.
pub fn dry_run(task: Task, file: ImportFile) -> Result<ImportReport> {
    runs::try_out(&task.app, &task.actor, &file, &mut Progress::silent())
}

/// `import.start`: imports a file as a whole, as a job whose result is the report.
pub fn start(task: Task, file: ImportFile) -> Result<JobRef> {
    let actor = Arc::clone(&task.actor);
    let job_id = task.app.start_job(runs::COMMAND, move |app, progress| {
        let report = runs::import(app, &actor, &file, progress)?;
        app.tell(&crate::Event::changed(TOUCHED));
        Ok(report)
    });
    Ok(JobRef { job_id })
}

/// Names an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImportRef {
    /// The import.
    pub import_id: ImportId,
}

/// `import.undo`: takes an import back, as a job whose result says what was done.
pub fn undo_import(task: Task, given: ImportRef) -> Result<JobRef> {
    let actor = Arc::clone(&task.actor);
    let job_id = task.app.start_job("import.undo", move |app, progress| {
        let undone = take_back(app, &actor, given.import_id, progress)?;
        app.tell(&crate::Event::changed(TOUCHED));
        Ok(undone)
    });
    Ok(JobRef { job_id })
}

/// Says what importing a file would do, and does nothing.
pub fn try_file(
    app: &App,
    actor: &Arc<Actor>,
    file: &ImportFile,
    progress: &mut Progress<'_>,
) -> Result<ImportReport> {
    runs::try_out(app, actor, file, progress)
}

/// Imports a file: all of it, or nothing.
pub fn import_file(
    app: &App,
    actor: &Arc<Actor>,
    file: &ImportFile,
    progress: &mut Progress<'_>,
) -> Result<ImportReport> {
    runs::import(app, actor, file, progress)
}

/// Takes an import back.
pub fn take_back(
    app: &App,
    actor: &Arc<Actor>,
    import_id: ImportId,
    progress: &mut Progress<'_>,
) -> Result<Undone> {
    app.write(actor, None, "import.undo", |write| undo::undo(write, import_id, progress))
}

/// Which imports to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ImportsBefore {
    /// Before this one, for the next page.
    #[ts(optional = nullable)]
    pub before: Option<ImportId>,
}

/// An import of the past.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ImportListed {
    /// The import.
    pub import_id: ImportId,
    /// What the file held: products, customers, sales.
    pub kind: String,
    /// The file.
    pub file: String,
    /// Rows of the file.
    pub rows: i64,
    /// Rows that made something new.
    #[ts(type = "number")]
    pub created: u64,
    /// Rows that changed something.
    #[ts(type = "number")]
    pub changed: u64,
    /// Rows left out or unchanged.
    #[ts(type = "number")]
    pub left_out: u64,
    /// Who did it.
    pub imported_by: Option<UserId>,
    /// When, UTC milliseconds.
    pub imported_at: i64,
    /// When it was taken back, UTC milliseconds.
    pub undone_at: Option<i64>,
    /// What taking it back did.
    pub undone: Option<Undone>,
}

/// A page of imports.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ImportPage {
    /// The newest first.
    pub imports: Vec<ImportListed>,
    /// Ask with this for the next page.
    pub next: Option<ImportId>,
}

/// `import.list`: imports of the past, also those taken back.
pub fn list(read: &Read<'_>, given: ImportsBefore) -> Result<ImportPage> {
    let runs = store::runs(read.db, given.before, PAGE)?;
    let full = u32::try_from(runs.len()) == Ok(PAGE);
    let next = runs.last().filter(|_| full).map(|run| run.import_id);
    let mut imports = Vec::with_capacity(runs.len());
    for run in runs {
        let kept = Kept::of(&run)?;
        let undo = store::undo_of(read.db, run.import_id)?;
        imports.push(ImportListed {
            import_id: run.import_id,
            kind: run.kind,
            file: run.file_name,
            rows: run.rows_read,
            created: kept.created,
            changed: kept.changed,
            left_out: kept.left_out,
            imported_by: run.imported_by,
            imported_at: run.imported_at,
            undone_at: undo.as_ref().map(|undo| undo.undone_at),
            undone: undo.and_then(|undo| serde_json::from_str(&undo.summary).ok()),
        });
    }
    Ok(ImportPage { imports, next })
}
