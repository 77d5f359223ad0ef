//! Exceptions instead of refusals: what a till could not know offline is found afterwards, told to
//! whoever settles it, and closes itself once the books are right again.
//!
//! The auditor is one per company: the centre's replica, or the only machine of a company that has
//! no centre. What it finds is an ordinary commit and so reaches every node.
//!
//! **Invariant:** finding the same thing twice changes nothing; nothing here ever stops a sale.

mod rows;
mod rules;
mod store;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use lumbung_domain::ids::{BranchId, EventId, Id, UserId};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

pub use rows::ExceptionRow;
pub use rules::Rule;

use crate::commands::commands;
use crate::door::{Actor, Command, Nothing, Read, Write};
use crate::error::{Error, Result, not_found, refuse, refuse_field};
use crate::standing::Standing;
use crate::users::check_reason;
use crate::{App, Event, company, finance};
use rules::{Found, When};

/// The machine's note of the day when everything was looked over.
const THOROUGH: &str = "exceptions_thorough";

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

/// `exceptions.audit`: looks the books over and notes what needs a person.
pub fn audit(write: &mut Write<'_, '_>, given: Audit) -> Result<Audited> {
    let plan = Plan::make(write.db(), write.when(), given)?;
    let (raised, gone) = (plan.raised(), u32::try_from(plan.gone.len()).unwrap_or(u32::MAX));
    plan.carry_out(write)?;
    Ok(Audited { raised, gone, open: store::count_open(write.db())? })
}

/// What an audit would change.
#[derive(Default)]
struct Plan {
    create: Vec<(EventId, Found)>,
    reopen: Vec<EventId>,
    retell: Vec<(EventId, Found)>,
    gone: Vec<EventId>,
}

impl Plan {
    fn make(db: &Connection, when: When, given: Audit) -> Result<Plan> {
        let (mut asked, mut found) = rules::find(db, when, given.thorough)?;
        asked.extend(given.complete);
        found.extend(given.reports.into_iter().map(Found::from));
        let waiting = store::open(db)?;
        let by_subject: HashMap<(&str, Uuid), &ExceptionRow> =
            waiting.iter().map(|row| ((row.rule.as_str(), row.subject), row)).collect();
        let shown: HashSet<(&str, Uuid)> =
            found.iter().map(|found| (found.rule.as_str(), found.subject)).collect();
        let closes =
            |rule: &str| asked.iter().any(|asked| asked.as_str() == rule && asked.closes_itself());
        let mut plan = Plan::default();
        for row in &waiting {
            if closes(&row.rule) && !shown.contains(&(row.rule.as_str(), row.subject)) {
                plan.gone.push(row.exception_id);
            }
        }
        for found in &found {
            match by_subject.get(&(found.rule.as_str(), found.subject)) {
                // The same trouble, perhaps further on.
                Some(row) if row.facts == found.facts_text() => {}
                Some(row) => plan.retell.push((row.exception_id, found.clone())),
                None => plan.decide(db, found)?,
            }
        }
        Ok(plan)
    }

    fn decide(&mut self, db: &Connection, found: &Found) -> Result<()> {
        let exception_id = EventId::from_bytes(found.id());
        match store::exception(db, exception_id)? {
            None => self.create.push((exception_id, found.clone())),
            Some(row) if row.state == ExceptionState::Gone.as_str() => {
                self.reopen.push(exception_id);
            }
            Some(_) => {} // Somebody has decided about this very case.
        }
        Ok(())
    }

    fn raised(&self) -> u32 {
        u32::try_from(self.create.len() + self.reopen.len()).unwrap_or(u32::MAX)
    }

    fn is_empty(&self) -> bool {
        self.raised() == 0 && self.retell.is_empty() && self.gone.is_empty()
    }

    fn carry_out(self, write: &mut Write<'_, '_>) -> Result<()> {
        let now = write.now_ms;
        for (exception_id, found) in self.create {
            create(write, exception_id, &found)?;
        }
        for (exception_id, found) in self.retell {
            write.tx.patch(exception_id, ExceptionRow::RAISED, |row| {
                row.facts = found.facts_text();
                row.subject_name = found.name;
            })?;
        }
        for (ids, state) in [(self.reopen, ExceptionState::Open), (self.gone, ExceptionState::Gone)]
        {
            for exception_id in ids {
                write.tx.patch(exception_id, ExceptionRow::STANDING, |row| {
                    row.state = state.as_str().to_owned();
                    row.closed_at = (state == ExceptionState::Gone).then_some(now);
                })?;
            }
        }
        Ok(())
    }
}

fn create(write: &mut Write<'_, '_>, exception_id: EventId, found: &Found) -> Result<()> {
    let today = write.when().today;
    write.tx.scope(found.branch.map_or(0, |(_, scope)| scope));
    write.tx.create(&ExceptionRow {
        exception_id,
        rule: found.rule.as_str().to_owned(),
        subject: found.subject,
        subject_name: found.name.clone(),
        facts: found.facts_text(),
        branch_id: found.branch.map(|(branch, _)| branch),
        owner: found.rule.owner().to_owned(),
        due_date: today.checked_add_days(Days::new(found.rule.days())).unwrap_or(today),
        raised_at: write.now_ms,
        state: ExceptionState::Open.as_str().to_owned(),
        closed_at: None,
        closed_by: None,
        note: String::new(),
    })?;
    Ok(())
}

impl Write<'_, '_> {
    fn when(&self) -> When {
        when(&self.standing, self.now_ms, self.offset_min)
    }
}

fn when(standing: &Standing, now_ms: i64, offset_min: i16) -> When {
    When {
        today: finance::local_date(now_ms, offset_min),
        held_days: i64::from(standing.settings.till.held_days),
    }
}

impl From<Report> for Found {
    fn from(report: Report) -> Self {
        Self {
            rule: report.rule,
            subject: report.subject,
            cause: report.cause,
            name: report.name,
            facts: report.facts,
            branch: None,
        }
    }
}

impl App {
    /// Looks the books over on behalf of the machine: what the centre does after an exchange, and a
    /// machine without a centre by itself. It looks beside the till, and asks for the till's turn
    /// only when there is something to write.
    pub fn audit_books(&self, given: Audit) -> Result<Audited> {
        let actor = Arc::new(Actor::operator());
        let (plan, open) = self.read(&actor, |read| {
            let when = when(&read.standing, read.now_ms, read.offset_min);
            Ok((Plan::make(read.db, when, given.clone())?, store::count_open(read.db)?))
        })?;
        if plan.is_empty() {
            return Ok(Audited { raised: 0, gone: 0, open });
        }
        let done = self.write(&actor, None, "exceptions.audit", |write| audit(write, given))?;
        self.tell(&Event::changed(&["exceptions"]));
        Ok(done)
    }
}

/// Looks the books over, as a machine does that has no centre; everything once a day.
pub(crate) fn when_due(app: &App) -> Result<()> {
    let store = app.store()?;
    let today = finance::local_date(app.now_ms(), app.offset_min()).to_string();
    let today = serde_json::Value::from(today).to_string();
    let last = store.read(|db| company::store::local_setting(db, THOROUGH))?;
    let thorough = last.as_deref() != Some(today.as_str());
    app.audit_books(Audit { thorough, ..Audit::default() })?;
    if thorough {
        store.local(|db| company::store::save_local_setting(db, THOROUGH, &today))?;
    }
    Ok(())
}
