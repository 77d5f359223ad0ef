//! What people see of the line: how it stands, what waits, what was said, what is kept for later.
//!
//! **Invariant:** looking never waits for the network and never holds the writer.

use lumbung_domain::ids::{Id, SessionId, UserId};
use lumbung_sync::{Body, Header, ValueRef, unpack};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::line::{LineStatus, SyncPhase};
use super::reconcile::{self, Tally};
use super::store::{self, Reconciled, StoredCommit};
use crate::door::{Nothing, Read};
use crate::error::{Error, Result};
use crate::{pos, schema};

/// A clock that is off by more is said to be off.
const CLOCK_OFF_MS: i64 = 2 * 60_000;

/// Exchanges on the screen.
const EXCHANGES_SHOWN: u32 = 30;

/// Entries that wait or are kept for later, on the screen.
const ENTRIES_SHOWN: u32 = 100;

/// How this machine stands with its centre: always in sight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SyncState {
    /// How it stands.
    pub phase: SyncPhase,
    /// Since when, UTC milliseconds: of offline, when the centre answered last.
    pub since_ms: Option<i64>,
    /// Entries of this machine that the centre does not have.
    pub pending: u64,
    /// When the oldest of them was made, UTC milliseconds.
    pub oldest_ms: Option<i64>,
    /// By how much this machine's clock is ahead, milliseconds; null while it is right or unknown.
    pub clock_off_ms: Option<i64>,
    /// Whether the clock is so far off that the date must be looked at before selling.
    pub date_in_doubt: bool,
    /// Entries of others that this version does not understand yet.
    pub deferred: u64,
    /// Whether the centre counts other receipts of this till than the till itself.
    pub differs: bool,
    /// Why the centre did not answer, in words.
    pub problem: String,
}

impl SyncState {
    /// What is written at the centre is in its log before anybody is told that it is done.
    fn at_the_centre() -> Self {
        Self {
            phase: SyncPhase::Centre,
            since_ms: None,
            pending: 0,
            oldest_ms: None,
            clock_off_ms: None,
            date_in_doubt: false,
            deferred: 0,
            differs: false,
            problem: String::new(),
        }
    }
}

/// `sync.state`: how this machine stands with its centre.
pub fn state(read: &Read<'_>, _: Nothing) -> Result<SyncState> {
    state_of(read, read.app.line_status())
}

fn state_of(read: &Read<'_>, line: LineStatus) -> Result<SyncState> {
    if read.app.is_centre() {
        return Ok(SyncState::at_the_centre());
    }
    let pending = read.app.store()?.pending()?;
    let connected = store::centre(read.db)?.is_some();
    // Before the line has said anything, a machine with a centre counts as offline.
    let phase = match (line.phase, connected) {
        (SyncPhase::NotConnected | SyncPhase::Starting, true) if !read.app.has_line() => {
            SyncPhase::Offline
        }
        (SyncPhase::NotConnected, true) => SyncPhase::Starting,
        (phase, _) => phase,
    };
    let since_ms = match (line.since_ms, phase) {
        (None, SyncPhase::Offline) => store::last_answer(read.db)?,
        (since, _) => since,
    };
    let differs = store::reconciled(read.db, None)?.is_some_and(|said| !said.same);
    Ok(SyncState {
        phase,
        since_ms,
        pending: pending.commits,
        oldest_ms: pending.oldest_at_ms,
        clock_off_ms: line.clock_off_ms.filter(|off| off.abs() > CLOCK_OFF_MS),
        date_in_doubt: line.date_in_doubt,
        deferred: store::deferred_count(read.db)?,
        differs,
        problem: line.problem,
    })
}

/// One exchange with the centre.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ExchangeView {
    /// Which one.
    #[ts(type = "number")]
    pub exchange_id: i64,
    /// When it began, UTC milliseconds.
    pub began_at: i64,
    /// How long it took, milliseconds.
    pub took_ms: i64,
    /// How it ended: done, offline, refused, failed.
    pub outcome: String,
    /// Own entries the centre took.
    pub pushed: u64,
    /// Entries of others.
    pub applied: u64,
    /// Of these, not understood yet.
    pub deferred: u64,
    /// Bytes sent.
    pub bytes_out: u64,
    /// Bytes received.
    pub bytes_in: u64,
    /// Why it did not succeed.
    pub problem: String,
}

/// An entry that waits, or is kept for later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EntryView {
    /// What was done: the name of the command.
    pub kind: String,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// Who; empty for the machine itself.
    pub who: String,
    /// The number of the document, where it made one.
    pub number: Option<String>,
    /// Why it is kept for later; empty for one that only waits.
    pub reason: String,
}

/// Who this machine is to the centre.
#[derive(Debug, Clone, Serialize, TS)]
pub struct MachineView {
    /// Where the centre is; null where there is none.
    pub centre: Option<String>,
    /// Whether the way there is not encrypted.
    pub plain: bool,
    /// Since when it is connected, UTC milliseconds.
    pub connected_at: Option<i64>,
    /// The branch.
    pub branch: String,
    /// The till.
    pub terminal: String,
    /// The series of its document numbers, with the letter after a restore.
    pub series: String,
    /// The first digits of what names this incarnation of its data.
    pub origin: String,
    /// Entries made under it.
    pub entries: u64,
    /// The schema of its data.
    pub schema: u32,
}

/// Whether the centre counts the same receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Every receipt is at the centre, to the last unit of money.
    Same,
    /// The centre has not been asked since the last receipt, or does not have it yet.
    NotYet,
    /// The centre counts other receipts.
    Different,
}

/// What this till and the centre count.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReconciledView {
    /// Whether it is the same.
    pub agreement: Agreement,
    /// When the centre was asked, UTC milliseconds; null when never.
    pub asked_at: Option<i64>,
    /// What this till counts.
    pub ours: Option<Tally>,
    /// What the centre counts.
    pub theirs: Option<Tally>,
    /// The first digits of the centre's signature, to compare by telephone.
    pub signature: String,
}

/// The screen of the line.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SyncOverview {
    /// How it stands.
    pub state: SyncState,
    /// Who this machine is.
    pub machine: MachineView,
    /// The last exchanges, newest first.
    pub exchanges: Vec<ExchangeView>,
    /// Own entries that wait, oldest first; at most a hundred.
    pub waiting: Vec<EntryView>,
    /// Entries of others that are kept for later, oldest first; at most a hundred.
    pub deferred: Vec<EntryView>,
    /// What this till and the centre count, of all receipts.
    pub reconciled: ReconciledView,
}

/// `sync.overview`: the screen of the line.
pub fn overview(read: &Read<'_>, _: Nothing) -> Result<SyncOverview> {
    let entry = |stored: &StoredCommit| entry_of(read.db, stored);
    let exchanges = store::exchanges(read.db, EXCHANGES_SHOWN)?;
    Ok(SyncOverview {
        state: state_of(read, read.app.line_status())?,
        machine: machine(read)?,
        exchanges: exchanges.into_iter().map(exchange_view).collect(),
        waiting: match read.app.is_centre() {
            true => Vec::new(),
            false => {
                store::waiting(read.db, ENTRIES_SHOWN)?.iter().map(entry).collect::<Result<_>>()?
            }
        },
        deferred: store::deferred(read.db, ENTRIES_SHOWN)?
            .iter()
            .map(entry)
            .collect::<Result<_>>()?,
        reconciled: reconciled_all(read)?,
    })
}

fn exchange_view(remembered: store::Remembered) -> ExchangeView {
    let store::Remembered { exchange_id, outcome, exchange } = remembered;
    ExchangeView {
        exchange_id,
        began_at: exchange.began_at,
        took_ms: exchange.took_ms,
        outcome,
        pushed: exchange.pushed,
        applied: exchange.applied,
        deferred: exchange.deferred,
        bytes_out: exchange.bytes_out,
        bytes_in: exchange.bytes_in,
        problem: exchange.problem,
    }
}

fn machine(read: &Read<'_>) -> Result<MachineView> {
    let info = read.app.store()?.info();
    let centre = store::centre(read.db)?;
    let origin = uuid::Uuid::from_bytes(info.origin).simple().to_string();
    Ok(MachineView {
        centre: centre.as_ref().map(|centre| centre.address.to_string()),
        plain: centre.as_ref().is_some_and(|centre| centre.address.is_plain()),
        connected_at: centre.map(|centre| centre.connected_at),
        branch: read.standing.branch.name.clone(),
        terminal: read.standing.terminal.name.clone(),
        series: info.series,
        origin: origin.chars().take(8).collect(),
        entries: info.head.ctr,
        schema: info.schema,
    })
}

pub(super) fn entry_of(db: &Connection, stored: &StoredCommit) -> Result<EntryView> {
    let header = Header::decode(&stored.header)?;
    let who = match header.user {
        Some(user) => pos::store::user_name(db, UserId::from_bytes(user))?,
        None => String::new(),
    };
    Ok(EntryView {
        kind: header.kind,
        at_ms: header.at_ms,
        who,
        number: number_in(&stored.body),
        reason: stored.reason.clone(),
    })
}

/// The number of the first document in a commit. A commit of a newer version may have none that is
/// understood here.
fn number_in(body: &[u8]) -> Option<String> {
    let plain = unpack(body).ok()?;
    let body = Body::decode(&plain).ok()?;
    body.rows.iter().find_map(|row| {
        let decls = schema::catalogue().decls();
        let decl = decls.into_iter().find(|decl| decl.tag == row.table)?;
        let column = decl.columns.iter().find(|column| column.name == "number")?;
        row.columns.iter().find_map(|(tag, value)| match value {
            ValueRef::Text(number) if *tag == column.tag && !number.is_empty() => {
                Some((*number).to_owned())
            }
            _ => None,
        })
    })
}

fn reconciled_all(read: &Read<'_>) -> Result<ReconciledView> {
    let terminal = read.standing.terminal.terminal_id.bytes();
    let said = store::reconciled(read.db, None)?;
    let seq = said.as_ref().map_or(0, |said| said.seq);
    let since = reconcile::recent(read.now_ms, read.offset_min);
    // Receipts that came after the centre was asked do not make its word untrue, but old.
    let (_, newer) = store::receipts_after(read.db, terminal, since, seq)?;
    reconciled_view(said, newer == 0)
}

fn reconciled_view(said: Option<Reconciled>, fresh: bool) -> Result<ReconciledView> {
    let Some(said) = said else {
        return Ok(ReconciledView {
            agreement: Agreement::NotYet,
            asked_at: None,
            ours: None,
            theirs: None,
            signature: String::new(),
        });
    };
    let tally = |text: &str| -> Result<Tally> {
        serde_json::from_str(text).map_err(|error| Error::Broken(error.to_string()))
    };
    let agreement = match (said.same, fresh) {
        (false, _) => Agreement::Different,
        (true, true) => Agreement::Same,
        (true, false) => Agreement::NotYet,
    };
    let signature = said.signature.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    Ok(ReconciledView {
        agreement,
        asked_at: Some(said.asked_at),
        ours: Some(tally(&said.ours)?),
        theirs: Some(tally(&said.theirs)?),
        signature,
    })
}

/// Names a session.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OfSession {
    /// The session.
    pub session_id: SessionId,
}

/// `sync.session`: whether the centre has every receipt of a session.
pub fn session(read: &Read<'_>, given: OfSession) -> Result<ReconciledView> {
    of_session(read.db, given.session_id)
}

/// Whether the centre has every receipt of a session, for the screen and for its Z report.
pub fn of_session(db: &Connection, session_id: SessionId) -> Result<ReconciledView> {
    let said = store::reconciled(db, Some(session_id))?;
    let (all, placed) = store::session_receipts(db, session_id)?;
    let mut view = reconciled_view(said, all == placed)?;
    // A receipt that came after the question is not in the answer.
    if view.ours.as_ref().is_some_and(|ours| ours.receipts != all)
        && view.agreement == Agreement::Same
    {
        view.agreement = Agreement::NotYet;
    }
    Ok(view)
}
