//! Copies of the data: made by themselves and on request, listed, checked, put back; and what a
//! damaged file still holds, saved and brought in again.
//!
//! **Invariant:** nothing here deletes data: what a restore replaces is kept beside it, and a
//! damaged file is only read.

mod automatic;
mod elsewhere;
mod support;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use lumbung_sync::backup::{self as copies, BackupFile};
use lumbung_sync::{Store, StoreError, salvage as salvaging};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::App;
use crate::commands::commands;
use crate::door::{Command, Nothing, Task};
use crate::error::{Error, Refusal, Result, refuse};
use crate::jobs::{JobRef, Progress};

pub use automatic::{at_exit, when_due};
pub use elsewhere::{RecoveryKey, Written, bring, bring_here};
pub use support::{SupportBundle, TableCount, support};

/// How long a restore waits for work under way.
const PATIENCE: Duration = Duration::from_secs(30);

/// The permission for everything here, where anybody can sign in.
const NEEDS: &str = "backup:run";

/// A copy of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BackupView {
    /// The file.
    pub file: String,
    /// When it was made, UTC milliseconds.
    pub made_at: i64,
    /// Its size.
    pub bytes: u64,
    /// Commits it holds of its series.
    pub commits: u64,
    /// The series of document numbers.
    pub series: String,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// The second copy on another disk.
    pub second: Option<String>,
    /// Why there is no second copy, where one was wanted.
    pub second_failed: Option<String>,
}

fn view(backup: &BackupFile) -> BackupView {
    BackupView {
        file: backup.file.display().to_string(),
        made_at: backup.manifest.made_at_ms,
        bytes: backup.manifest.bytes,
        commits: backup.manifest.ctr,
        series: backup.manifest.series.clone(),
        encrypted: backup.manifest.encrypted,
        second: None,
        second_failed: None,
    }
}

/// A file by its path.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FileArg {
    /// The path.
    pub file: String,
}

/// What a restore did.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RestoreView {
    /// Where the data of before is kept.
    pub kept: String,
    /// The copy that is in its place.
    pub made_at: i64,
    /// Commits it holds of its series.
    pub commits: u64,
}

/// What could be saved from a damaged file.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SalvageView {
    /// The file with what was saved.
    pub file: String,
    /// Commits in it.
    pub found: u64,
    /// Commits that were read but are not what their terminal signed.
    pub broken: u64,
    /// Commits that are known to have been there and could not be read.
    pub lost: u64,
}

/// What bringing saved commits in did.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SalvageAppliedView {
    /// Commits that were there already.
    pub known: u64,
    /// Commits added as they were.
    pub added: u64,
    /// Commits repeated, because some before them are lost.
    pub repeated: u64,
    /// Commits that wait for a newer version of the program.
    pub deferred: u64,
}

/// The commands of this feature. They are public because a damaged store lets nobody sign in;
/// over an open store each asks for `backup:run` itself.
pub(crate) fn commands() -> Vec<Command> {
    commands! {
        task "backup.list"    => list,          needs "public", from    [backup];
        task "backup.now"     => now,           needs "public", touches [backup];
        task "backup.check"   => check,         needs "public", from    [backup];
        task "backup.restore" => restore,       needs "public", touches [start, backup];
        task "backup.salvage" => salvage_now,   needs "public", touches [backup];
        task "backup.apply_salvage" => apply_now, needs "public", touches [pos, inventory, finance];
        task "backup.support" => support_file,  needs "public", from    [];
        task "backup.save_support" => save_support, needs "public", from [];
        task "backup.recovery_key" => elsewhere::state, needs "public", from [backup];
        task "backup.make_recovery_key" => elsewhere::make, needs "system:admin",
            touches [backup];
        task "backup.export"  => elsewhere::export_file, needs "system:admin", touches [];
    }
}

/// Lets the owner in; over a store that does not open, whoever sits at the machine.
fn allowed(task: &Task) -> Result<()> {
    if task.app.store().is_err() {
        return Ok(());
    }
    let actor = task.app.actor(&task.caller)?;
    let standing = match task.app.standing() {
        Ok(standing) => standing,
        // A folder without a company has nobody to ask.
        Err(_) => return Ok(()),
    };
    if actor.grants.allows(NEEDS, Some(standing.branch.branch_id)) {
        return Ok(());
    }
    Err(Refusal::new(
        "forbidden",
        format!("{} may not do this: it needs the permission {NEEDS}.", actor.name),
    )
    .fact("permission", NEEDS)
    .into())
}

/// The copies there are, newest first.
pub fn all(app: &App) -> Result<Vec<BackupView>> {
    Ok(copies::list_of(app.dir())?.iter().map(view).collect())
}

/// `backup.list`: the copies there are, newest first.
pub fn list(task: Task, _: Nothing) -> Result<Vec<BackupView>> {
    allowed(&task)?;
    all(&task.app)
}

/// Makes a copy now and proves it; `to` is a second folder besides the one in the settings.
pub fn make(app: &App, to: Option<&Path>, progress: &mut Progress<'_>) -> Result<BackupView> {
    let store = app.store()?;
    let configured = match app.standing() {
        Ok(standing) => standing.settings.backup.second_folder.clone().map(PathBuf::from),
        Err(_) => None,
    };
    let policy = copies::BackupPolicy {
        second_folder: to.map(Path::to_path_buf).or(configured),
        ..copies::BackupPolicy::default()
    };
    let stopped = Cell::new(false);
    let made = store.backup_watched(
        &policy,
        &mut |done, total| stopped.set(progress.at(done, Some(total), "Backup").is_err()),
        &|| stopped.get(),
    );
    let made = match made {
        Err(StoreError::Cancelled) => return Err(Error::Cancelled),
        other => other?,
    };
    let (second, second_failed) = match made.second {
        None => (None, None),
        Some(Ok(path)) => (Some(path.display().to_string()), None),
        Some(Err(error)) => {
            tracing::warn!(cause = ?error, "the second copy was not made");
            (None, Some(error.to_string()))
        }
    };
    Ok(BackupView { second, second_failed, ..view(&made.backup) })
}

/// `backup.now`: makes a copy, as a job.
pub fn now(task: Task, _: Nothing) -> Result<JobRef> {
    allowed(&task)?;
    task.app.store()?;
    let job_id = task.app.start_job("backup.now", |app, progress| make(app, None, progress));
    Ok(JobRef { job_id })
}

/// `backup.check`: proves a copy without putting it anywhere.
pub fn check(task: Task, given: FileArg) -> Result<BackupView> {
    allowed(&task)?;
    let file = PathBuf::from(given.file);
    let manifest = copies::check(task.app.dir(), &file, &task.app.store_config().keys)?;
    Ok(view(&BackupFile { file, manifest }))
}

/// Refuses where there is no data at all: that is not damage.
fn exists(app: &App) -> Result<()> {
    if Store::exists(app.dir()) {
        return Ok(());
    }
    Err(StoreError::Absent { dir: app.dir().to_path_buf() }.into())
}

/// Waits until nothing uses the store any more, and lets go of it.
fn release(app: &App) -> Result<()> {
    let Ok(store) = app.store() else {
        app.close();
        return Ok(());
    };
    let last = Arc::downgrade(&store);
    drop(store);
    app.close();
    let deadline = Instant::now() + PATIENCE;
    while last.strong_count() > 0 {
        if Instant::now() > deadline {
            app.reopen();
            return Err(refuse(
                "busy",
                "Something is still being done with the data. Wait for it, then try again.",
            ));
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    Ok(())
}

/// Puts a copy in the place of the data and opens it.
pub fn restore_file(app: &App, file: &Path) -> Result<RestoreView> {
    let config = app.store_config();
    exists(app)?;
    // Proved before anything is closed: a wrong file must not stop the shop.
    copies::check(app.dir(), file, &config.keys)?;
    release(app)?;
    let restored = copies::restore(app.dir(), file, &config.keys, app.now_ms());
    app.reopen();
    let restored = restored?;
    if let Some(trouble) = app.trouble() {
        return Err(Refusal::new("store_closed", trouble.to_string()).into());
    }
    Ok(RestoreView {
        kept: restored.moved_aside.display().to_string(),
        made_at: restored.manifest.made_at_ms,
        commits: restored.manifest.ctr,
    })
}

/// `backup.restore`: puts a copy in the place of the data; everybody signs in again.
pub fn restore(task: Task, given: FileArg) -> Result<RestoreView> {
    allowed(&task)?;
    restore_file(&task.app, Path::new(&given.file))
}

/// Saves every commit that can still be read from the data file as it lies there.
pub fn salvage(app: &App, progress: &mut Progress<'_>) -> Result<SalvageView> {
    exists(app)?;
    release(app)?;
    let config = app.store_config();
    let stopped = Cell::new(false);
    let saved = salvaging::salvage(
        app.dir(),
        &config.keys,
        app.now_ms(),
        &mut |read| stopped.set(progress.at(read, None, "Salvage").is_err()),
        &|| stopped.get(),
    );
    app.reopen();
    let saved = match saved {
        Err(StoreError::Cancelled) => return Err(Error::Cancelled),
        other => other?,
    };
    Ok(SalvageView {
        file: saved.file.display().to_string(),
        found: saved.found,
        broken: saved.broken,
        lost: saved.lost,
    })
}

/// `backup.salvage`: saves what a damaged file still holds.
pub fn salvage_now(task: Task, _: Nothing) -> Result<SalvageView> {
    allowed(&task)?;
    salvage(&task.app, &mut Progress::silent())
}

/// Brings saved commits into the open store.
pub fn apply_salvage(app: &App, file: &Path) -> Result<SalvageAppliedView> {
    let store = app.store()?;
    let applied = salvaging::apply(&store, file)?;
    // Rows of every feature may have come in.
    store.local(crate::catalogue::rebuild_index)?;
    app.forget_standing();
    Ok(SalvageAppliedView {
        known: applied.already,
        added: applied.added,
        repeated: applied.repeated,
        deferred: applied.deferred,
    })
}

/// `backup.apply_salvage`: brings saved commits in.
pub fn apply_now(task: Task, given: FileArg) -> Result<SalvageAppliedView> {
    allowed(&task)?;
    apply_salvage(&task.app, Path::new(&given.file))
}

/// `backup.support`: what a supporter needs to know, without names, amounts or secrets.
pub fn support_file(task: Task, _: Nothing) -> Result<SupportBundle> {
    allowed(&task)?;
    support(&task.app, &mut Progress::silent())
}

/// `backup.save_support`: the same as a file in the data folder, to be sent.
pub fn save_support(task: Task, _: Nothing) -> Result<Written> {
    allowed(&task)?;
    support::save(&task.app)
}
