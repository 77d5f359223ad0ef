//! Head office: codes that let machines in, the machines there are, and who may no longer speak.
//!
//! **Invariant:** only the centre itself knows and decides this; where the program is not the
//! centre, it says where to go.

use std::sync::{Arc, PoisonError, RwLock};

use lumbung_domain::ids::{Id, TerminalId};
use lumbung_sync::Origin;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::store;
use crate::App;
use crate::company;
use crate::door::{Nothing, Read, Task};
use crate::error::{Refusal, Result, not_found, refuse_field};

/// For how long a code lets a machine in, minutes.
const CODE_MINUTES: u32 = 60;

/// The longest a code may live, minutes.
const CODE_MINUTES_MAX: u32 = 7 * 24 * 60;

/// What a code is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeWanted {
    /// The terminal: a new one, or the one whose machine is replaced.
    pub terminal: [u8; 16],
    /// The series of its document numbers.
    pub series: String,
    /// The scopes it may write and read.
    pub scopes: Vec<u32>,
    /// For how long, minutes.
    pub minutes: u32,
}

/// A machine as the centre knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownMachine {
    /// Its origin.
    pub origin: Origin,
    /// Its terminal.
    pub terminal: [u8; 16],
    /// The series it writes under.
    pub series: String,
    /// active, closed, revoked.
    pub state: MachineState,
    /// When it was heard of last, UTC milliseconds.
    pub seen_at: Option<i64>,
    /// Its clock less the centre's, milliseconds.
    pub clock_off_ms: Option<i64>,
    /// Name and version of its program.
    pub app: String,
    /// Entries of it in the log.
    pub entries: u64,
    /// Entries of it that are kept apart.
    pub parked: u64,
}

/// The standing of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MachineState {
    /// It may push and read.
    Active,
    /// Another has taken its place.
    Closed,
    /// What it pushes is kept apart.
    Revoked,
}

/// An entry of a revoked machine that is kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedEntry {
    /// Whose.
    pub origin: Origin,
    /// Its counter.
    pub ctr: u64,
    /// When it came, UTC milliseconds.
    pub received_at: i64,
    /// The header of the commit.
    pub header: Vec<u8>,
    /// The packed body.
    pub body: Vec<u8>,
}

/// The centre, where this program is it. The server gives one to its application.
pub trait Centre: Send + Sync {
    /// Makes a one-time code. The machine that uses it takes the place of the one there is.
    fn issue(&self, company: [u8; 16], wanted: &CodeWanted) -> Result<String>;

    /// Every machine.
    fn machines(&self, company: [u8; 16]) -> Result<Vec<KnownMachine>>;

    /// A machine may speak, or may not.
    fn set_state(&self, company: [u8; 16], origin: &Origin, state: MachineState) -> Result<()>;

    /// What is kept apart.
    fn parked(&self, company: [u8; 16]) -> Result<Vec<ParkedEntry>>;

    /// Takes an entry that was kept apart into the log after all.
    fn release(&self, company: [u8; 16], origin: &Origin, ctr: u64) -> Result<()>;
}

/// The centre of an application, if it is one.
#[derive(Default)]
pub(crate) struct CentreSlot(RwLock<Option<Arc<dyn Centre>>>);

impl App {
    /// Makes this application the centre's own.
    pub fn set_centre(&self, centre: Arc<dyn Centre>) {
        *self.centre_slot().0.write().unwrap_or_else(PoisonError::into_inner) = Some(centre);
    }

    /// Whether this program is the centre.
    pub(crate) fn is_centre(&self) -> bool {
        let slot = self.centre_slot().0.read().unwrap_or_else(PoisonError::into_inner);
        slot.is_some()
    }

    fn centre(&self) -> Result<Arc<dyn Centre>> {
        let slot = self.centre_slot().0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(centre) = slot.clone() {
            return Ok(centre);
        }
        drop(slot);
        let at = self.store()?.read(store::centre)?;
        Err(match at {
            Some(centre) => Refusal::new(
                "not_the_centre",
                format!("Machines are looked after at the centre: open {}.", centre.address),
            )
            .fact("address", centre.address)
            .into(),
            None => crate::error::refuse(
                "no_centre",
                "This company has no centre yet: connect it to one under Settings.",
            ),
        })
    }
}

/// A machine, as shown.
#[derive(Debug, Clone, Serialize, TS)]
pub struct MachineRow {
    /// Its origin.
    pub origin: String,
    /// The till.
    pub terminal_id: TerminalId,
    /// Its name.
    pub terminal: String,
    /// Its branch.
    pub branch: String,
    /// The series it writes under.
    pub series: String,
    /// Its standing.
    pub state: MachineState,
    /// When it was heard of last, UTC milliseconds.
    pub seen_at: Option<i64>,
    /// Its clock less the centre's, milliseconds.
    pub clock_off_ms: Option<i64>,
    /// Its program.
    pub app: String,
    /// Entries of it in the log.
    pub entries: u64,
    /// Entries of it that are kept apart.
    pub parked: u64,
}

/// The machines of the company.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CentreOverview {
    /// Machines: those heard of last come first.
    pub machines: Vec<MachineRow>,
}

/// Names of tills and branches.
fn names(read: &Read<'_>, terminal: [u8; 16]) -> Result<(String, String)> {
    let terminal_id = TerminalId::from_bytes(terminal);
    let Some(terminal) = company::store::terminal(read.db, terminal_id)? else {
        return Ok((String::new(), String::new()));
    };
    let branch = company::store::branch(read.db, terminal.branch_id)?;
    Ok((terminal.name, branch.map(|branch| branch.name).unwrap_or_default()))
}

fn hex(bytes: &[u8; 16]) -> String {
    Uuid::from_bytes(*bytes).to_string()
}

/// `centre.overview`: the machines there are.
pub fn overview(task: Task, _: Nothing) -> Result<CentreOverview> {
    let centre = task.app.centre()?;
    let mut machines = centre.machines(task.app.store()?.info().company)?;
    machines.sort_by_key(|machine| std::cmp::Reverse(machine.seen_at));
    task.app.read(&task.actor, |read| {
        let row = |machine: KnownMachine| -> Result<MachineRow> {
            let (terminal, branch) = names(read, machine.terminal)?;
            Ok(MachineRow {
                origin: hex(&machine.origin),
                terminal_id: TerminalId::from_bytes(machine.terminal),
                terminal,
                branch,
                series: machine.series,
                state: machine.state,
                seen_at: machine.seen_at,
                clock_off_ms: machine.clock_off_ms,
                app: machine.app,
                entries: machine.entries,
                parked: machine.parked,
            })
        };
        Ok(CentreOverview { machines: machines.into_iter().map(row).collect::<Result<_>>()? })
    })
}

/// For which till a code is wanted.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct IssueCode {
    /// The till.
    pub terminal_id: TerminalId,
    /// For how many minutes; left out for an hour.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub minutes: Option<u32>,
}

/// A code, shown once.
#[derive(Debug, Clone, Serialize, TS)]
pub struct IssuedCode {
    /// What is typed at the machine.
    pub code: String,
    /// Until when, UTC milliseconds.
    pub expires_at: i64,
}

/// `centre.issue`: a one-time code for a till. A new till is made by `terminal.add` first.
pub fn issue(task: Task, given: IssueCode) -> Result<IssuedCode> {
    let centre = task.app.centre()?;
    let IssueCode { terminal_id, minutes } = given;
    let minutes = minutes.unwrap_or(CODE_MINUTES);
    if !(1..=CODE_MINUTES_MAX).contains(&minutes) {
        return Err(refuse_field("minutes", "A code lives from a minute to a week."));
    }
    let wanted = task.app.read(&task.actor, |read| {
        let terminal =
            company::store::terminal(read.db, terminal_id)?.ok_or_else(|| not_found("The till"))?;
        let branch = company::store::branch(read.db, terminal.branch_id)?
            .ok_or_else(|| not_found("The branch"))?;
        Ok(CodeWanted {
            terminal: terminal_id.bytes(),
            series: terminal.series,
            scopes: vec![0, branch.scope_no],
            minutes,
        })
    })?;
    let code = centre.issue(task.app.store()?.info().company, &wanted)?;
    let expires_at = task.app.now_ms() + i64::from(minutes) * 60_000;
    Ok(IssuedCode { code, expires_at })
}

/// Names a machine.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MachineRef {
    /// Its origin.
    #[ts(type = "string")]
    pub origin: Uuid,
}

fn set_state(task: &Task, given: &MachineRef, state: MachineState) -> Result<Nothing> {
    let company = task.app.store()?.info().company;
    task.app.centre()?.set_state(company, &given.origin.into_bytes(), state)?;
    Ok(Nothing {})
}

/// `centre.revoke`: a machine may no longer speak; what it sends is kept apart.
pub fn revoke(task: Task, given: MachineRef) -> Result<Nothing> {
    set_state(&task, &given, MachineState::Revoked)
}

/// `centre.restore`: a machine may speak again.
pub fn restore(task: Task, given: MachineRef) -> Result<Nothing> {
    set_state(&task, &given, MachineState::Active)
}

/// An entry that is kept apart, as shown.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ParkedView {
    /// Whose origin.
    pub origin: String,
    /// Its counter.
    pub ctr: u64,
    /// When it came, UTC milliseconds.
    pub received_at: i64,
    /// What it is.
    pub entry: super::view::EntryView,
}

/// `centre.parked`: entries of machines that were locked out, kept apart.
pub fn parked(task: Task, _: Nothing) -> Result<Vec<ParkedView>> {
    let company = task.app.store()?.info().company;
    let entries = task.app.centre()?.parked(company)?;
    task.app.read(&task.actor, |read| {
        let view = |entry: ParkedEntry| -> Result<ParkedView> {
            let ParkedEntry { origin, ctr, received_at, header, body } = entry;
            let stored = store::StoredCommit { header, body, reason: String::new() };
            let entry = super::view::entry_of(read.db, &stored)?;
            Ok(ParkedView { origin: hex(&origin), ctr, received_at, entry })
        };
        entries.into_iter().map(view).collect()
    })
}

/// Names an entry that is kept apart.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ParkedRef {
    /// Whose origin.
    #[ts(type = "string")]
    pub origin: Uuid,
    /// Its counter.
    pub ctr: u64,
}

/// `centre.release`: takes an entry into the books after all.
pub fn release(task: Task, given: ParkedRef) -> Result<Nothing> {
    let company = task.app.store()?.info().company;
    task.app.centre()?.release(company, &given.origin.into_bytes(), given.ctr)?;
    Ok(Nothing {})
}
