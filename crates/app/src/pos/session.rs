//! The cash session: opened with a counted float, closed with a blind count and a Z report.
//!
//! **Invariant:** closing is a local event over local facts: it needs no server and never fails
//! for one document. The business date is chosen when the session opens and holds past midnight.

use std::sync::Arc;

use chrono::NaiveDate;
use lumbung_domain::ids::{EventId, SessionId};
use lumbung_domain::journal;
use lumbung_domain::num::Money;
use lumbung_domain::number::DocKind;
use lumbung_domain::session::{self as rules, CashMovementKind, CountLine};
use rusqlite::Connection;

use super::report;
use super::rows::{CashCountRow, CashMovementRow, CashSessionRow, PosEventRow, SessionCloseRow};
use super::types::{
    CashMovement, CashSlip, CloseSession, CountDrawer, CountTotal, Counting, DrawerCount, NoSale,
    OpenSession, OpenTicket, Session, SessionReport, Ticket, TillState,
};
use super::{next_number, store};
use crate::company::check_text;
use crate::door::{Nothing, Read, Write};
use crate::error::{Error, Refusal, Result, not_found, refuse};
use crate::finance::{self, Document};
use crate::printing;
use crate::standing::Standing;
use crate::users::check_reason;

/// Sessions shown at once.
const SESSIONS_MAX: i64 = 200;

/// Banknotes and coins to count, largest first.
pub fn denominations(standing: &Standing) -> Vec<Money> {
    rules::denominations(standing.currency).iter().map(|&minor| Money::of(minor)).collect()
}

/// The open session of the person who acts; it must be theirs.
pub fn mine(write: &Write<'_, '_>) -> Result<CashSessionRow> {
    let person = write.actor.person()?;
    let terminal = write.standing.terminal.terminal_id;
    let open = store::open_sessions(write.db(), terminal)?;
    if let Some(found) = open.iter().find(|session| session.cashier_id == person) {
        if closing_count(write.db(), found.session_id)?.is_some() {
            return Err(rules::SessionError::AlreadyCounted.into());
        }
        return Ok(found.clone());
    }
    Err(match open.first() {
        Some(other) => {
            let name = store::user_name(write.db(), other.cashier_id)?;
            Refusal::new(
                "no_session",
                format!("The open session is {name}'s. Open a session of your own first."),
            )
            .fact("cashier", name)
            .into()
        }
        None => refuse("no_session", "Open a session first: count the float."),
    })
}

/// The date the ticket on the screen will be booked on.
pub(super) fn date_of(read: &Read<'_>) -> Result<NaiveDate> {
    let open = store::open_sessions(read.db, read.standing.terminal.terminal_id)?;
    let mine = open.iter().find(|session| Some(session.cashier_id) == read.actor.user_id);
    let today = finance::local_date(read.now_ms, read.offset_min);
    Ok(mine.or(open.first()).map_or(today, |session| session.business_date))
}

fn count_json(lines: &[CountLine]) -> Result<String> {
    serde_json::to_string(lines).map_err(|error| Error::Broken(error.to_string()))
}

/// Refuses to open where the drawer or the cashier has an open session, or the date is odd.
fn check_open(write: &mut Write<'_, '_>, given: &OpenSession) -> Result<NaiveDate> {
    check_text("drawer", &given.drawer)?;
    let person = write.actor.person()?;
    let terminal = write.standing.terminal.terminal_id;
    for open in store::open_sessions(write.db(), terminal)? {
        let name = store::user_name(write.db(), open.cashier_id)?;
        if open.drawer == given.drawer {
            let message = format!("Drawer {} is open already: {name} must close it.", open.drawer);
            return Err(Refusal::new("drawer_open", message).fact("cashier", name).into());
        }
        if open.cashier_id == person {
            return Err(refuse(
                "session_open",
                "You have an open session already: close it first.",
            ));
        }
    }
    let today = finance::local_date(write.now_ms, write.offset_min);
    let date = given.business_date.unwrap_or(today);
    let last = store::last_session(write.db(), terminal)?;
    let last_date = last.as_ref().map(|last| last.business_date);
    if let Err(error) = rules::check_business_date(date, today, last_date, false) {
        write.permit("pos:approve", "business_date", &error.to_string())?;
    }
    if let Some(last) = last {
        // A clock that went back is seen here: sessions follow each other in time.
        if write.now_ms < last.opened_at {
            let detail = "a session while the clock stands before the last session".to_owned();
            write.permit("pos:approve", "clock", &detail)?;
        }
    }
    Ok(date)
}

/// `pos.open_session`: opens a drawer with a counted float.
pub fn open(write: &mut Write<'_, '_>, given: OpenSession) -> Result<Session> {
    let business_date = check_open(write, &given)?;
    let total = rules::count_total(&given.counted, write.standing.currency)?;
    let person = write.actor.person()?;
    let session_id: SessionId = write.id();
    let row = CashSessionRow {
        session_id,
        terminal_id: write.standing.terminal.terminal_id,
        drawer: given.drawer.trim().to_owned(),
        cashier_id: person,
        business_date,
        currency: write.standing.company.currency.clone(),
        opening_float: total,
        opened_at: write.now_ms,
    };
    write.tx.insert(&row)?;
    insert_count(write, session_id, "opening", &given.counted, total)?;
    let document = Document {
        kind: "cash_session",
        id: session_id.uuid(),
        number: "",
        date: business_date,
        memo: "float",
    };
    finance::post(write, &document, &journal::float_lines(total)?, None)?;
    view(write.db(), &write.standing, row)
}

fn insert_count(
    write: &mut Write<'_, '_>,
    session_id: SessionId,
    purpose: &str,
    lines: &[CountLine],
    total: Money,
) -> Result<()> {
    let count_id: EventId = write.id();
    let row = CashCountRow {
        count_id,
        session_id,
        purpose: purpose.to_owned(),
        total,
        counted_by: write.actor.person()?,
        counted_at: write.now_ms,
        lines: count_json(lines)?,
    };
    write.tx.insert(&row)?;
    Ok(())
}

fn view(db: &Connection, standing: &Standing, row: CashSessionRow) -> Result<Session> {
    let close = store::close(db, row.session_id)?;
    let counted = match closing_count(db, row.session_id)? {
        Some(count) => Some(drawer_count(db, &row, count.total)?),
        None => None,
    };
    let terminal = crate::company::store::terminal(db, row.terminal_id)?;
    Ok(Session {
        session_id: row.session_id,
        terminal: terminal.map_or_else(|| standing.terminal.name.clone(), |found| found.name),
        drawer: row.drawer,
        cashier_id: row.cashier_id,
        cashier: store::user_name(db, row.cashier_id)?,
        business_date: row.business_date.to_string(),
        opening_float: row.opening_float,
        opened_at: row.opened_at,
        counted,
        closed_at: close.as_ref().map(|close| close.closed_at),
        z_number: close.as_ref().map(|close| close.number.clone()),
        over_short: close.as_ref().map(|close| close.over_short),
    })
}

/// `pos.count_total`: what a count comes to while it is being entered.
pub fn count_total(read: &Read<'_>, given: Counting) -> Result<CountTotal> {
    Ok(CountTotal { total: rules::count_total(&given.counted, read.standing.currency)? })
}

/// `pos.sessions`: sessions, newest first.
pub fn list(read: &Read<'_>, _: Nothing) -> Result<Vec<Session>> {
    store::sessions(read.db, SESSIONS_MAX)?
        .into_iter()
        .map(|row| view(read.db, &read.standing, row))
        .collect()
}

/// `pos.state`: the till's open session, its ticket and what waits.
pub fn state(read: &Read<'_>, _: Nothing) -> Result<TillState> {
    let terminal = read.standing.terminal.terminal_id;
    let (mut session, mut others) = (None, Vec::new());
    for row in store::open_sessions(read.db, terminal)? {
        let own = Some(row.cashier_id) == read.actor.user_id;
        let shown = view(read.db, &read.standing, row)?;
        if own && session.is_none() {
            session = Some(shown);
        } else {
            others.push(shown);
        }
    }
    let ticket = store::open_ticket(read.db, terminal)?;
    // A ticket kept by an older version that no longer reads is not worth a till that stands still.
    let ticket = ticket.and_then(|text| serde_json::from_str::<Ticket>(&text).ok());
    let today = finance::local_date(read.now_ms, read.offset_min).to_string();
    let past_midnight = session.as_ref().is_some_and(|open| open.business_date != today);
    Ok(TillState {
        session,
        others,
        ticket,
        held: u32::try_from(store::held(read.db)?.len()).unwrap_or(u32::MAX),
        denominations: denominations(&read.standing),
        today,
        past_midnight,
    })
}

/// `pos.keep_ticket`: keeps the ticket on the screen, so that a power cut loses nothing scanned.
pub fn keep_ticket(write: &mut Write<'_, '_>, given: OpenTicket) -> Result<Nothing> {
    let terminal = write.standing.terminal.terminal_id;
    let content = match &given.ticket {
        Some(ticket) => {
            Some(serde_json::to_string(ticket).map_err(|error| Error::Broken(error.to_string()))?)
        }
        None => None,
    };
    store::save_open_ticket(write.db(), terminal, content.as_deref(), write.now_ms)?;
    Ok(Nothing {})
}

/// `pos.x_report`: what the session came to so far. What the drawer should hold stays hidden from
/// who is going to count it.
pub fn x_report(read: &Read<'_>, given: super::types::SessionRef) -> Result<SessionReport> {
    let row = store::session(read.db, given.session_id)?.ok_or_else(|| not_found("The session"))?;
    if let Some(close) = store::close(read.db, given.session_id)? {
        return report::stored(&close);
    }
    let mut made = report::make(read.db, &read.standing, &row, i64::from(read.offset_min))?;
    if !read.actor.may("pos:approve", read.standing.branch.branch_id) {
        report::hide_cash(&mut made);
    }
    Ok(made)
}

/// `pos.z_report`: the report of a closed session, as it was closed.
pub fn z_report(read: &Read<'_>, given: super::types::SessionRef) -> Result<SessionReport> {
    let close = store::close(read.db, given.session_id)?.ok_or_else(|| {
        refuse("session_open", "This session is still open: it has no Z report yet.")
    })?;
    report::stored(&close)
}

/// The session to be counted or closed, by its cashier or with a manager's permission.
fn to_close(write: &mut Write<'_, '_>, session_id: SessionId) -> Result<CashSessionRow> {
    let row = store::session(write.db(), session_id)?.ok_or_else(|| not_found("The session"))?;
    let person = write.actor.person()?;
    if row.cashier_id != person {
        let name = store::user_name(write.db(), row.cashier_id)?;
        write.permit("pos:approve", "close_other", &format!("closing the session of {name}"))?;
    }
    Ok(row)
}

fn closing_count(db: &Connection, session_id: SessionId) -> Result<Option<CashCountRow>> {
    Ok(store::counts(db, session_id)?.into_iter().find(|count| count.purpose == "closing"))
}

fn drawer_count(db: &Connection, row: &CashSessionRow, counted: Money) -> Result<DrawerCount> {
    let expected = report::drawer(db, row)?.expected()?;
    let over_short = rules::over_short(expected, counted)?;
    let needs_reason = !over_short.is_zero();
    Ok(DrawerCount { expected, counted, over_short, needs_reason })
}

/// `pos.count_drawer`: commits the blind count. What was expected is shown only now, and the count
/// can no longer be changed; nothing more is sold in this session.
pub fn count_drawer(write: &mut Write<'_, '_>, given: CountDrawer) -> Result<DrawerCount> {
    let row = to_close(write, given.session_id)?;
    if let Some(count) = closing_count(write.db(), row.session_id)? {
        return drawer_count(write.db(), &row, count.total);
    }
    let counted = rules::count_total(&given.counted, write.standing.currency)?;
    insert_count(write, row.session_id, "closing", &given.counted, counted)?;
    drawer_count(write.db(), &row, counted)
}

/// `pos.close_session`: books over or short and makes the Z report. Asked again, it answers with
/// the same report.
pub fn close(write: &mut Write<'_, '_>, given: CloseSession) -> Result<SessionReport> {
    if let Some(close) = store::close(write.db(), given.session_id)? {
        return report::stored(&close);
    }
    let row = to_close(write, given.session_id)?;
    let count =
        closing_count(write.db(), row.session_id)?.ok_or(rules::SessionError::NotCounting)?;
    let standing = Arc::clone(&write.standing);
    let drawer = drawer_count(write.db(), &row, count.total)?;
    if drawer.needs_reason {
        check_reason("reason", &given.reason)?;
        let over_short = drawer.over_short;
        let detail = format!("the drawer is {} off", standing.money(over_short.abs()));
        let branch = Some(standing.branch.branch_id);
        write.sign_off("over_short", &detail, |person| {
            let limits = person.grants.limits("pos:close_session", branch);
            let threshold = limits.over_short_threshold;
            rules::check_over_short(over_short, &given.reason, threshold, false).is_ok()
        })?;
    }
    let mut made = report::make(write.db(), &standing, &row, i64::from(write.offset_min))?;
    let number = next_number(write, DocKind::Session)?;
    made.number = Some(number.clone());
    made.closed_at = Some(write.now_ms);
    made.counted = Some(count.total);
    made.over_short = Some(drawer.over_short);
    made.count = serde_json::from_str(&count.lines)
        .map_err(|error| Error::Broken(format!("count: {error}")))?;
    made.reason.clone_from(&given.reason);
    let text = serde_json::to_string(&made).map_err(|error| Error::Broken(error.to_string()))?;
    let closed_by = write.actor.person()?;
    write.tx.insert(&SessionCloseRow {
        close_id: row.session_id,
        number: number.clone(),
        closed_at: write.now_ms,
        closed_by,
        expected: drawer.expected,
        counted: count.total,
        over_short: drawer.over_short,
        reason: given.reason,
        report: text,
    })?;
    let document = Document {
        kind: "session_close",
        id: row.session_id.uuid(),
        number: &number,
        date: row.business_date,
        memo: "close",
    };
    finance::post(write, &document, &journal::over_short_lines(drawer.over_short)?, None)?;
    // What was counted leaves the drawer for the safe.
    let to_safe = journal::cash_movement_lines(CashMovementKind::Drop, count.total)?;
    finance::post(write, &document, &to_safe, None)?;
    Ok(made)
}

/// `pos.cash_movement`: cash put in, paid out or dropped into the safe, with a slip.
pub fn cash_movement(write: &mut Write<'_, '_>, given: CashMovement) -> Result<CashSlip> {
    let open = mine(write)?;
    let drawer = report::drawer(write.db(), &open)?;
    rules::check_cash_movement(given.kind, given.amount, &given.reason, &drawer)?;
    let number = next_number(write, DocKind::CashMovement)?;
    let row = CashMovementRow {
        cash_movement_id: write.id(),
        session_id: open.session_id,
        number: number.clone(),
        kind: given.kind.as_str().to_owned(),
        amount: given.amount,
        reason: given.reason.clone(),
        note: given.note.clone(),
        moved_by: write.actor.person()?,
        moved_at: write.now_ms,
    };
    write.tx.insert(&row)?;
    let document = Document {
        kind: "cash_movement",
        id: row.cash_movement_id.uuid(),
        number: &number,
        date: open.business_date,
        memo: &given.reason,
    };
    let lines = journal::cash_movement_lines(given.kind, given.amount)?;
    finance::post(write, &document, &lines, None)?;
    Ok(CashSlip {
        cash_movement_id: row.cash_movement_id,
        number,
        kind: row.kind,
        amount: row.amount,
        reason: row.reason,
        note: row.note,
        by: write.actor.name.clone(),
        moved_at: row.moved_at,
    })
}

/// `pos.no_sale`: opens the drawer without a sale; it is counted and reported.
pub fn no_sale(write: &mut Write<'_, '_>, given: NoSale) -> Result<Nothing> {
    check_reason("reason", &given.reason)?;
    let open = mine(write)?;
    log(write, open.session_id, "no_sale", &Logged { reason: given.reason, ..Logged::default() })?;
    printing::open_drawer(write)?;
    Ok(Nothing {})
}

/// Something the Z report counts.
#[derive(Default)]
pub(super) struct Logged {
    pub product_id: Option<lumbung_domain::ids::ProductId>,
    pub qty: lumbung_domain::num::Qty,
    pub amount: Money,
    pub reason: String,
    pub detail: String,
}

/// Records something the Z report counts.
pub(super) fn log(
    write: &mut Write<'_, '_>,
    session_id: SessionId,
    kind: &str,
    what: &Logged,
) -> Result<()> {
    let event_id = write.id();
    write.tx.insert(&PosEventRow {
        event_id,
        session_id: Some(session_id),
        kind: kind.to_owned(),
        sale_id: None,
        product_id: what.product_id,
        qty: what.qty,
        amount: what.amount,
        reason: what.reason.clone(),
        detail: what.detail.clone(),
        user_id: write.actor.user_id,
        happened_at: write.now_ms,
    })?;
    Ok(())
}

/// The business date of a person's open session at a till.
pub fn business_date(
    db: &Connection,
    terminal: lumbung_domain::ids::TerminalId,
    person: lumbung_domain::ids::UserId,
) -> Result<Option<NaiveDate>> {
    let open = store::open_sessions(db, terminal)?;
    Ok(open.into_iter().find(|row| row.cashier_id == person).map(|row| row.business_date))
}
