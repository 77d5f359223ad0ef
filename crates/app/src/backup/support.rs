//! What a supporter needs to know: versions, sizes, counts, and which checks failed.
//!
//! **Invariant:** no names, amounts, codes, texts of documents, keys or PINs: a shop can send it
//! to anybody.

use serde::Serialize;
use ts_rs::TS;

use super::Written;
use crate::App;
use crate::app::io_error;
use crate::error::{Error, Result};
use crate::jobs::Progress;
use crate::{schema, start, verify};

/// Rows of a table.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TableCount {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
}

/// A check and how it ended.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CheckOutcome {
    /// The check.
    pub name: String,
    /// Whether all was well.
    pub ok: bool,
    /// Contradictions found.
    pub found: u64,
}

/// The support file.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SupportBundle {
    /// Version of the program.
    pub version: String,
    /// Operating system.
    pub system: String,
    /// Kind of processor.
    pub machine: String,
    /// State of the data folder.
    pub state: start::StartState,
    /// Schema of the database.
    pub schema: u32,
    /// Size of the database.
    pub bytes: u64,
    /// Commits of the current series.
    pub commits: u64,
    /// Whether the key lies in a file instead of the key store.
    pub key_in_file: bool,
    /// Whether the data was restored or copied since it was made.
    pub rekeyed: bool,
    /// Copies there are.
    pub backups: u64,
    /// Rows by table.
    pub tables: Vec<TableCount>,
    /// Papers that wait for a printer.
    pub papers_waiting: u64,
    /// What the checks found.
    pub checks: Vec<CheckOutcome>,
}

/// Writes it into the data folder.
pub fn save(app: &App) -> Result<Written> {
    let bundle = support(app, &mut Progress::silent())?;
    let text =
        serde_json::to_string_pretty(&bundle).map_err(|error| Error::Broken(error.to_string()))?;
    let folder = app.dir().join("support");
    std::fs::create_dir_all(&folder)
        .map_err(io_error(format!("{} could not be made", folder.display())))?;
    let path = folder.join(format!("lumbung-support-{}.json", app.now_ms()));
    std::fs::write(&path, &text)
        .map_err(io_error(format!("{} could not be written", path.display())))?;
    Ok(Written { file: path.display().to_string(), bytes: text.len() as u64 })
}

/// Collects it. Over a store that does not open it says that and little more.
pub fn support(app: &App, progress: &mut Progress<'_>) -> Result<SupportBundle> {
    let status = start::status_of(app);
    let mut bundle = SupportBundle {
        version: status.version,
        system: std::env::consts::OS.to_owned(),
        machine: std::env::consts::ARCH.to_owned(),
        state: status.state,
        schema: 0,
        bytes: 0,
        commits: 0,
        key_in_file: false,
        rekeyed: false,
        backups: lumbung_sync::backup::list_of(app.dir()).map_or(0, |all| all.len() as u64),
        tables: Vec::new(),
        papers_waiting: 0,
        checks: Vec::new(),
    };
    if status.state != start::StartState::Ready {
        return Ok(bundle);
    }
    let store = app.store()?;
    let info = store.info();
    bundle.schema = info.schema;
    bundle.bytes = info.bytes;
    bundle.commits = info.head.ctr;
    bundle.key_in_file = info.key_place == lumbung_sync::KeyPlace::KeyFile;
    bundle.rekeyed = store.report().rekeyed.is_some();
    store.read(|db| -> Result<()> {
        for table in schema::catalogue().decls() {
            // Names come from the program's own declarations, never from outside.
            let sql = format!("select count(*) from {}", table.name);
            let rows: i64 = db.prepare(&sql)?.query_row([], |row| row.get(0))?;
            bundle
                .tables
                .push(TableCount { table: table.name.to_owned(), rows: rows.unsigned_abs() });
        }
        let sql = "select count(*) from print_job where state = 'waiting'";
        let waiting: i64 = db.prepare(sql)?.query_row([], |row| row.get(0))?;
        bundle.papers_waiting = waiting.unsigned_abs();
        Ok(())
    })?;
    bundle.checks = verify::run(app, progress)?
        .checks
        .into_iter()
        .map(|check| CheckOutcome { name: check.name, ok: check.ok, found: check.found })
        .collect();
    Ok(bundle)
}
