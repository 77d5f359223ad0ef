//! The data is older than it was: what the end of a damaged file cost, and who has seen it.
//!
//! A file whose end cannot be read opens as the state before. That is no failure of the program,
//! and selling can go on; but entries are missing, and somebody must know.
//!
//! **Invariant:** the notice stays until a person who answers for the data has taken note of it.

use lumbung_sync::{Doubt, Rekeyed, Store};
use rusqlite::{Connection, OptionalExtension, named_params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::App;
use crate::company::store::{local_setting, save_local_setting};
use crate::door::{Nothing, Task};
use crate::error::{Error, Result};
use crate::users;

/// Where the notice waits.
pub(crate) const KEY: &str = "older_state";

/// An older state that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OlderState {
    /// When the last entry that is there was made, UTC milliseconds.
    pub last_at: Option<i64>,
    /// Entries that are missing, at least.
    pub missing: u64,
    /// The series of document numbers until now.
    pub old_series: String,
    /// The series they go on with.
    pub new_series: String,
    /// When it was found, UTC milliseconds.
    pub found_at: i64,
}

/// Remembers that an older state was opened. Called once, when the store is opened.
pub(crate) fn remember(store: &Store, rekeyed: &Rekeyed, now_ms: i64) -> Result<()> {
    let Doubt::Older { found, expected } = rekeyed.doubt else { return Ok(()) };
    store.local(|db| {
        let older = OlderState {
            last_at: last_commit(db)?,
            missing: expected.saturating_sub(found),
            old_series: rekeyed.old_series.clone(),
            new_series: rekeyed.new_series.clone(),
            found_at: now_ms,
        };
        let text = serde_json::to_string(&older).map_err(|e| Error::Broken(e.to_string()))?;
        save_local_setting(db, KEY, &text)
    })
}

fn last_commit(db: &Connection) -> Result<Option<i64>> {
    Ok(db.query_row("select max(at_ms) from sync_journal", [], |row| row.get(0))?)
}

/// The older state that nobody has taken note of yet.
pub(crate) fn pending(db: &Connection) -> Result<Option<OlderState>> {
    Ok(local_setting(db, KEY)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn forget(db: &Connection) -> Result<bool> {
    let there = db
        .query_row(
            "select 1 from local_setting where key = :key",
            named_params! { ":key": KEY },
            |_| Ok(()),
        )
        .optional()?;
    db.execute("delete from local_setting where key = :key", named_params! { ":key": KEY })?;
    Ok(there.is_some())
}

/// `start.take_note`: a person who answers for the data has seen that it is older than it was.
pub fn take_note(task: Task, _: Nothing) -> Result<Nothing> {
    let store = task.app.store()?;
    let Some(older) = store.read(pending)? else { return Ok(Nothing {}) };
    let detail = format!("{} → {}, -{}", older.old_series, older.new_series, older.missing);
    if store.local(forget)? {
        users::note(&task.app, &task.actor, "older_state", &detail)?;
    }
    Ok(Nothing {})
}

/// Remembers it, or at least says it in the log: a notice that cannot be kept must not keep the
/// shop closed.
pub(crate) fn note_opening(app: &App, store: &Store, rekeyed: Option<&Rekeyed>) {
    let Some(rekeyed) = rekeyed else { return };
    if let Err(error) = remember(store, rekeyed, app.now_ms()) {
        tracing::error!(cause = ?error, "an older state was opened and could not be noted");
    }
}
