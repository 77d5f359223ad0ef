//! Exceptions instead of refusals: what a till could not know offline is found afterwards, told to
//! whoever settles it, and closes itself once the books are right again.
//!
//! The auditor is one per company: the centre's replica, or the only machine of a company that has
//! no centre. What it finds is an ordinary commit and so reaches every node.
//!
//! **Invariant:** finding the same thing twice changes nothing; nothing here ever stops a sale.

mod audit;
mod rows;
mod rules;
mod store;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use lumbung_domain::ids::{BranchId, EventId, UserId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

pub use audit::audit;
pub(crate) use audit::when_due;
pub use rows::ExceptionRow;
pub use rules::Rule;

use crate::commands::commands;
use crate::door::{Command, Nothing, Read, Write};
use crate::error::{Error, Result, not_found, refuse, refuse_field};
use crate::users::check_reason;
use crate::{company, finance};

/// Most exceptions of one page.
const PAGE_MAX: u32 = 200;

/// The commands of this feature.
pub(crate) fn commands() -> Vec<Command> {
    commands! {
        read  "exceptions.list"   => list,   needs "exceptions:read",
            from [exceptions, company, users];
        read  "exceptions.count"  => count,  needs "signed_in", from [exceptions];
        write "exceptions.settle" => settle, needs "exceptions:settle", touches [exceptions];
        write "exceptions.audit"  => audit,  needs "exceptions:audit",  touches [exceptions];
    }
}

/// What became of an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionState {
    /// It waits for somebody.
    Open,
    /// Somebody put it right.
    Settled,
    /// Somebody decided to leave it so.
    Accepted,
    /// The books do not show it any more.
    Gone,
}

impl ExceptionState {
    fn as_str(self) -> &'static str {
        match self {
            ExceptionState::Open => "open",
            ExceptionState::Settled => "settled",
            ExceptionState::Accepted => "accepted",
            ExceptionState::Gone => "gone",
        }
    }

    fn parse(name: &str) -> Result<Self> {
        [Self::Open, Self::Settled, Self::Accepted, Self::Gone]
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or_else(|| Error::Broken(format!("exception {name}")))
    }
}

/// Arguments of `exceptions.list`.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ExceptionQuery {
    /// Those that are closed instead of those that wait.
    #[ts(optional, as = "Option<_>")]
    pub closed: bool,
    /// Only those that my roles settle.
    #[ts(optional, as = "Option<_>")]
    pub mine: bool,
    /// Only of this branch.
    #[ts(optional = nullable)]
    pub branch_id: Option<BranchId>,
    /// How many are left out at the start.
    #[ts(optional, as = "Option<_>")]
    pub offset: u32,
    /// How many at most.
    #[ts(optional = nullable)]
    pub limit: Option<u32>,
}

/// An exception as a list shows it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Exception {
    /// Which one.
    pub exception_id: EventId,
    /// Found by which rule.
    pub rule: Rule,
    /// What it is about, as people know it.
    pub subject: String,
    /// The facts of the sentence: texts, quantities; amounts in minor units.
    pub facts: BTreeMap<String, String>,
    /// Where; empty for the company.
    pub branch: String,
    /// Code of the role that settles it.
    pub owner: String,
    /// When it should be settled.
    #[ts(type = "string")]
    pub due_date: NaiveDate,
    /// Whether that day is over.
    pub overdue: bool,
    /// When it was found, UTC milliseconds.
    pub raised_at: i64,
    /// What became of it.
    pub state: ExceptionState,
    /// Whether it closes by itself once the books are right.
    pub closes_itself: bool,
    /// When it was closed.
    pub closed_at: Option<i64>,
    /// By whom; empty when it closed by itself.
    pub closed_by: String,
    /// What they noted.
    pub note: String,
}

/// A page of exceptions.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ExceptionPage {
    /// Those that wait by due date; those that are closed newest first.
    pub rows: Vec<Exception>,
    /// Where the next page begins; absent on the last one.
    pub next_offset: Option<u32>,
}

/// `exceptions.list`: what waits, or what was closed.
pub fn list(read: &Read<'_>, given: ExceptionQuery) -> Result<ExceptionPage> {
    let limit = given.limit.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX);
    let owners = match (given.mine, read.actor.user_id) {
        (true, Some(user)) => store::role_codes(read.db, user)?,
        _ => Vec::new(),
    };
    let wanted = store::Wanted {
        open: !given.closed,
        branch: given.branch_id,
        owners: &owners,
        offset: given.offset,
        limit: limit + 1,
    };
    let mut found = store::page(read.db, &wanted)?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let branches: HashMap<BranchId, String> = company::store::branches(read.db)?
        .into_iter()
        .map(|branch| (branch.branch_id, branch.name))
        .collect();
    let people: HashMap<UserId, String> = crate::users::store::users(read.db)?
        .into_iter()
        .map(|user| (user.user_id, user.name))
        .collect();
    let today = finance::local_date(read.now_ms, read.offset_min);
    let rows = found
        .into_iter()
        .map(|row| shown(row, &branches, &people, today))
        .collect::<Result<_>>()?;
    Ok(ExceptionPage { rows, next_offset: more.then_some(given.offset + limit) })
}

fn shown(
    row: ExceptionRow,
    branches: &HashMap<BranchId, String>,
    people: &HashMap<UserId, String>,
    today: NaiveDate,
) -> Result<Exception> {
    let rule = Rule::parse(&row.rule)
        .ok_or_else(|| Error::Broken(format!("exception rule {}", row.rule)))?;
    let state = ExceptionState::parse(&row.state)?;
    let facts = serde_json::from_str(&row.facts)
        .map_err(|error| Error::Broken(format!("exception facts: {error}")))?;
    let branch = row.branch_id.and_then(|id| branches.get(&id).cloned()).unwrap_or_default();
    let closed_by = row.closed_by.and_then(|id| people.get(&id).cloned()).unwrap_or_default();
    Ok(Exception {
        exception_id: row.exception_id,
        rule,
        subject: row.subject_name,
        facts,
        branch,
        owner: row.owner,
        overdue: state == ExceptionState::Open && row.due_date < today,
        due_date: row.due_date,
        raised_at: row.raised_at,
        state,
        closes_itself: rule.closes_itself(),
        closed_at: row.closed_at,
        closed_by,
        note: row.note,
    })
}

/// How many exceptions wait.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ExceptionCount {
    /// How many.
    pub open: u32,
}

/// `exceptions.count`: for the mark beside the name of the page.
pub fn count(read: &Read<'_>, _: Nothing) -> Result<ExceptionCount> {
    Ok(ExceptionCount { open: store::count_open(read.db)? })
}

/// How an exception is closed.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExceptionSettlement {
    /// Which one.
    pub exception_id: EventId,
    /// Settled or accepted.
    pub state: ExceptionState,
    /// What was done, or why it may stay so.
    pub note: String,
}

/// `exceptions.settle`: somebody put it right, or decided to leave it so.
pub fn settle(write: &mut Write<'_, '_>, given: ExceptionSettlement) -> Result<Nothing> {
    let row = store::exception(write.db(), given.exception_id)?
        .ok_or_else(|| not_found("The exception"))?;
    if row.state != ExceptionState::Open.as_str() {
        return Err(refuse("exception_closed", "This exception is closed already."));
    }
    if !matches!(given.state, ExceptionState::Settled | ExceptionState::Accepted) {
        return Err(refuse_field!(
            "state",
            "settled_or_accepted",
            "Say whether it is settled or accepted."
        ));
    }
    let closes_itself = Rule::parse(&row.rule).is_some_and(Rule::closes_itself);
    if given.state == ExceptionState::Settled && closes_itself {
        return Err(refuse(
            "exception_closes_itself",
            "The books still show this: put it right and it closes by itself, or accept it.",
        ));
    }
    check_reason("note", &given.note)?;
    let (now, user) = (write.now_ms, write.actor.user_id);
    write.tx.patch(row.exception_id, ExceptionRow::STANDING, |row| {
        row.state = given.state.as_str().to_owned();
        row.closed_at = Some(now);
        row.closed_by = user;
        row.note = given.note.trim().to_owned();
    })?;
    Ok(Nothing {})
}

/// Something the books do not show and a node knows: a wrong clock, a terminal put back.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// By which rule.
    pub rule: Rule,
    /// What it is about.
    #[ts(type = "string")]
    pub subject: Uuid,
    /// What made it so.
    #[ts(type = "string")]
    pub cause: Uuid,
    /// The subject as people know it.
    pub name: String,
    /// The facts of the sentence.
    pub facts: BTreeMap<String, String>,
}

/// Arguments of `exceptions.audit`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct Audit {
    /// Ask the rules that read everything, too.
    #[ts(optional, as = "Option<_>")]
    pub thorough: bool,
    /// What else is known.
    #[ts(optional, as = "Option<_>")]
    pub reports: Vec<Report>,
    /// Rules whose every case is among the reports: those not reported any more are gone.
    #[ts(optional, as = "Option<_>")]
    pub complete: Vec<Rule>,
}

/// What an audit changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Audited {
    /// Exceptions found for the first time, or again.
    pub raised: u32,
    /// Exceptions that are gone.
    pub gone: u32,
    /// How many wait now.
    pub open: u32,
}
