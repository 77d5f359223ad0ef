//! The check: chain and signatures, every balance, every journal entry, every document series.
//!
//! **Invariant:** it only reads. What it reports is recomputed from facts, never taken from the
//! balance it is about to judge.

mod balances;
mod cards;
mod documents;
mod series;

use std::cell::Cell;

use lumbung_domain::ids::Id;
use lumbung_domain::journal::PostingKey;
use lumbung_domain::said::Said;
use lumbung_sync::StoreError;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::App;
use crate::commands::commands;
use crate::door::{Command, Nothing, Task};
use crate::error::{Error, Result, Say};
use crate::jobs::{JobRef, Progress};
use crate::standing::Standing;

/// Findings that one check puts into words; more are counted.
const FINDINGS_SHOWN: usize = 100;

/// The commands of this feature.
pub(crate) fn commands() -> Vec<Command> {
    commands! {
        task "verify.start" => start, needs "backup:run", from [];
    }
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Check {
    /// Its name, for programs.
    pub name: String,
    /// What it makes sure of, for people.
    pub title: String,
    /// Whether all is well.
    pub ok: bool,
    /// Things it looked at.
    pub count: u64,
    /// Contradictions in all.
    pub found: u64,
    /// The first of them in words.
    pub findings: Vec<Said>,
}

impl Check {
    fn new(name: &str, title: &str) -> Self {
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            ok: true,
            count: 0,
            found: 0,
            findings: Vec::new(),
        }
    }

    /// Counts a contradiction, and puts it into words while there are few.
    fn find(&mut self, words: impl FnOnce() -> Result<Said>) -> Result<()> {
        self.ok = false;
        self.found += 1;
        if self.findings.len() < FINDINGS_SHOWN {
            self.findings.push(words()?);
        }
        Ok(())
    }
}

/// What the whole check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VerifyReport {
    /// Whether every check is well.
    pub ok: bool,
    /// When, UTC milliseconds.
    pub checked_at: i64,
    /// Each check.
    pub checks: Vec<Check>,
}

/// Checks everything.
pub fn run(app: &App, progress: &mut Progress<'_>) -> Result<VerifyReport> {
    let store = app.store()?;
    let standing = app.standing()?;
    let mut checks = vec![file(&store)?, chain(&store, progress)?];
    checks.extend(store.read(|db| books(db, &standing, &store.info().series, progress))?);
    Ok(VerifyReport { ok: checks.iter().all(|check| check.ok), checked_at: app.now_ms(), checks })
}

/// The file itself: every page decrypts and every index agrees with its table.
fn file(store: &lumbung_sync::Store) -> Result<Check> {
    let mut check = Check::new("file", "The data file is whole");
    check.count = 1;
    if let Err(error) = store.check_file() {
        check.find(|| Ok(error.said()))?;
    }
    Ok(check)
}

/// The chain of commits: links, hashes, signatures, and every row against the commit that wrote it.
fn chain(store: &lumbung_sync::Store, progress: &mut Progress<'_>) -> Result<Check> {
    let title = "Commits are complete, signed and in order, and every row is as it was written";
    let mut check = Check::new("chain", title);
    let stopped = Cell::new(false);
    let report = lumbung_sync::verify::chain(
        store,
        &mut |done, total| stopped.set(progress.at(done, Some(total), "chain").is_err()),
        &|| stopped.get(),
    );
    let report = match report {
        Err(StoreError::Cancelled) => return Err(Error::Cancelled),
        other => other?,
    };
    check.count = report.commits;
    for finding in &report.findings {
        check.find(|| Ok(finding.said()))?;
    }
    check.found += report.more;
    Ok(check)
}

fn books(
    db: &Connection,
    standing: &Standing,
    series: &str,
    progress: &mut Progress<'_>,
) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    for balance in [&balances::STOCK, &balances::LEDGER, &balances::PARTNERS] {
        checks.push(balances::check(db, balance, progress)?);
    }
    checks.push(cards::check(db, progress)?);
    for comparison in documents::COMPARISONS {
        progress.at(0, None, comparison.name)?;
        checks.push(documents::compare(db, comparison)?);
    }
    checks.push(documents::receipts(db, progress)?);
    let inventory = standing.account(PostingKey::Inventory)?;
    checks.push(documents::stock_account(db, inventory.bytes())?);
    checks.push(series::check(db, series, progress)?);
    Ok(checks)
}

/// `verify.start`: checks everything, as a job.
pub fn start(task: Task, _: Nothing) -> Result<JobRef> {
    let job_id = task.app.start_job("verify.start", run);
    Ok(JobRef { job_id })
}
