//! Looking the books over: what is found becomes exceptions, what is right again closes them.
//!
//! **Invariant:** it is worked out from the books before anything is written, so an audit that
//! finds nothing new takes no turn from the till and makes no commit.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::Days;
use lumbung_domain::ids::{EventId, Id};
use rusqlite::Connection;
use uuid::Uuid;

use super::rows::ExceptionRow;
use super::rules::{self, Found, When};
use super::{Audit, Audited, ExceptionState, Report, store};
use crate::door::{Actor, Write};
use crate::error::Result;
use crate::standing::Standing;
use crate::{App, Event, company, finance, sync};

/// The machine's note of the day when everything was looked over.
const THOROUGH: &str = "exceptions_thorough";

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
        // A subject is told of once by each rule, however many causes it has.
        let mut shown: HashSet<(&str, Uuid)> = HashSet::new();
        found.retain(|found| shown.insert((found.rule.as_str(), found.subject)));
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

impl App {
    /// Notes one thing that a node knows and the books do not show.
    pub fn report_exception(&self, report: Report) -> Result<()> {
        let actor = Arc::new(Actor::operator());
        let found = Found::from(report);
        self.write(&actor, None, "exceptions.report", |write| {
            let mut plan = Plan::default();
            let waits = store::open(write.db())?
                .iter()
                .any(|row| row.rule == found.rule.as_str() && row.subject == found.subject);
            if !waits {
                plan.decide(write.db(), &found)?;
            }
            plan.carry_out(write)
        })?;
        self.tell(&Event::changed(&["exceptions"]));
        Ok(())
    }
}

/// Looks the books over, as a machine does that has no centre; everything once a day.
pub(crate) fn when_due(app: &App) -> Result<()> {
    let store = app.store()?;
    if store.read(sync::store::centre)?.is_some() {
        return Ok(()); // The centre does it, who sees what every till did.
    }
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
