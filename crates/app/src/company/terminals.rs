//! Terminals that are to be: a row with a series, before any machine has it.
//!
//! **Invariant:** a series is given once in a company, however many terminals come and go.

use lumbung_domain::ids::{BranchId, TerminalId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::rows::TerminalRow;
use super::{check_code, check_text, store};
use crate::door::Write;
use crate::error::{Result, not_found, refuse_field};

/// A terminal to be.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewTerminal {
    /// Its branch.
    pub branch_id: BranchId,
    /// Its name.
    pub name: String,
    /// Second part of its document numbers; left out for the next free one.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub series: Option<String>,
}

/// The terminal that was made.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TerminalAdded {
    /// The terminal.
    pub terminal_id: TerminalId,
    /// Its series.
    pub series: String,
    /// The number by which rows of its branch are scoped.
    pub scope_no: u32,
}

/// `terminal.add`: a terminal of a branch, for a machine that is still to be connected.
pub fn add_terminal(write: &mut Write<'_, '_>, given: NewTerminal) -> Result<TerminalAdded> {
    check_text("name", &given.name)?;
    let branch = store::branch(write.db(), given.branch_id)?
        .filter(|branch| !branch.archived)
        .ok_or_else(|| not_found("The branch"))?;
    let taken: Vec<String> =
        store::terminals(write.db())?.into_iter().map(|row| row.series).collect();
    let series = match given.series {
        Some(series) => {
            check_code("series", &series)?;
            if taken.contains(&series) {
                return Err(refuse_field!(
                    "series",
                    "series_taken",
                    "Another terminal has this series."
                ));
            }
            series
        }
        None => next_free(&taken),
    };
    let terminal_id: TerminalId = write.id();
    write.tx.create(&TerminalRow {
        terminal_id,
        branch_id: branch.branch_id,
        series: series.clone(),
        name: given.name.trim().to_owned(),
        archived: false,
    })?;
    Ok(TerminalAdded { terminal_id, series, scope_no: branch.scope_no })
}

/// T1, T2, … : the first that nobody has.
fn next_free(taken: &[String]) -> String {
    let candidates = (1..=u32::MAX).map(|number| format!("T{number}"));
    let mut free = candidates.filter(|series| !taken.contains(series));
    free.next().expect("a company has fewer terminals than there are numbers")
}
