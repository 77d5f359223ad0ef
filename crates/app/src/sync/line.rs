//! The line to the centre as the application sees it: what it may be asked, and how it stands.
//!
//! The line itself lives in `lumbung-link`, which knows HTTP; this crate knows neither.
//!
//! **Invariant:** the line never holds the store's writer while it waits for the network, and the
//! till never waits for the line.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use lumbung_sync::Origin;
use lumbung_sync::access::{EnrolAnswer, EnrolRequest};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CentreAddress;
use crate::error::{Result, refuse};
use crate::jobs::Progress;
use crate::{App, Event};

/// A clock that differs less than this from the centre's is called right.
const CLOCK_NOISE_MS: i64 = 5_000;

/// How this machine stands with its centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    /// It lives alone: there is no centre.
    #[default]
    NotConnected,
    /// This program is the centre.
    Centre,
    /// The line was just started: nothing was heard yet.
    Starting,
    /// The centre answered last time.
    Online,
    /// The centre did not answer last time.
    Offline,
    /// A copy of the centre's books is on its way, for there is too much to catch up piece by
    /// piece.
    CatchingUp,
    /// The centre was put back to an older state: this machine starts again from a copy of its
    /// books and brings in what it has lost.
    Salvaging,
    /// What is made here reaches the centre, but this program is too old for what others make.
    NeedsUpgrade,
    /// The centre's program is older than this one: entries wait until it is upgraded.
    CentreTooOld,
    /// The centre does not let this machine speak; what it sends is kept apart.
    Revoked,
    /// The centre does not know this machine.
    NotKnown,
    /// The centre does not take an entry made here.
    Refused,
}

/// How the line stands: told by the line, shown by `sync.state`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineStatus {
    /// How this machine stands.
    pub phase: SyncPhase,
    /// Since when, UTC milliseconds, where the line knows it.
    pub since_ms: Option<i64>,
    /// This machine's clock less the centre's, milliseconds; `None` before the first answer.
    pub clock_off_ms: Option<i64>,
    /// Whether the clock is so far off that the date must be confirmed.
    pub date_in_doubt: bool,
    /// Entries that wait, as the line counted them last.
    pub waiting: u64,
    /// Why the centre did not answer, in words.
    pub problem: String,
}

impl LineStatus {
    /// Whether a person would see a difference.
    fn looks_like(&self, other: &Self) -> bool {
        let clock = |status: &Self| status.clock_off_ms.unwrap_or(0) / CLOCK_NOISE_MS;
        let clocks = clock(self) == clock(other);
        clocks
            && Self { clock_off_ms: None, ..self.clone() }
                == Self { clock_off_ms: None, ..other.clone() }
    }
}

/// A copy of the centre's books to begin from.
#[derive(Debug, Clone)]
pub struct SnapshotWanted {
    /// Where the centre is.
    pub address: CentreAddress,
    /// What the centre said when it let this machine in.
    pub answer: EnrolAnswer,
    /// The schema of this program.
    pub schema: u32,
}

/// Signs what an origin says; the line never sees a key.
pub type Sign<'a> = &'a (dyn Fn(&[u8]) -> Result<Vec<u8>> + Sync);

/// The line to a centre.
pub trait Line: Send + Sync {
    /// Starts to exchange over the open store, or starts again over another one.
    fn start(&self, app: &App);

    /// Stops; when it returns, the line holds the store no more.
    fn stop(&self);

    /// Exchanges soon: something was written, or a person asks.
    fn wake(&self);

    /// Exchanges over the open store until nothing is left to push or read, on this thread.
    fn exchange(&self, app: &App, progress: &mut Progress<'_>) -> Result<()>;

    /// Asks to be let in with a one-time code.
    fn enrol(&self, at: &CentreAddress, asked: &EnrolRequest) -> Result<EnrolAnswer>;

    /// Fetches a copy of the centre's books into a file, going on where an earlier attempt ended.
    fn snapshot(
        &self,
        wanted: &SnapshotWanted,
        origin: &Origin,
        sign: Sign<'_>,
        into: &Path,
        progress: &mut Progress<'_>,
    ) -> Result<()>;
}

/// The line of an application, and what is known of it.
#[derive(Default)]
pub(crate) struct LineSlot {
    line: RwLock<Option<Arc<dyn Line>>>,
    running: RwLock<bool>,
    status: RwLock<LineStatus>,
}

fn copy<T: Clone>(lock: &RwLock<T>) -> T {
    lock.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn put<T>(lock: &RwLock<T>, value: T) {
    *lock.write().unwrap_or_else(PoisonError::into_inner) = value;
}

impl App {
    /// Gives the application its line. It is started by [`App::start_background`].
    pub fn set_line(&self, line: Arc<dyn Line>) {
        put(&self.line_slot().line, Some(line));
    }

    /// The line, where this program has one.
    pub(crate) fn line(&self) -> Result<Arc<dyn Line>> {
        copy(&self.line_slot().line).ok_or_else(|| {
            refuse("no_line", "This program cannot speak to a centre: use Lumbung's window.")
        })
    }

    /// Whether this program has a line.
    pub(crate) fn has_line(&self) -> bool {
        copy(&self.line_slot().line).is_some()
    }

    /// Starts the line beside the till.
    pub(crate) fn start_line(&self) {
        put(&self.line_slot().running, true);
        self.follow_store();
    }

    /// Ends the line, for good.
    pub(crate) fn end_line(&self) {
        put(&self.line_slot().running, false);
        self.let_go();
    }

    /// The line lets go of the store.
    pub(crate) fn let_go(&self) {
        if let Some(line) = copy(&self.line_slot().line) {
            line.stop();
        }
        put(&self.line_slot().status, LineStatus::default());
    }

    /// The line goes on over the store that is open now.
    pub(crate) fn follow_store(&self) {
        let line = copy(&self.line_slot().line);
        if let Some(line) = line.filter(|_| copy(&self.line_slot().running)) {
            line.start(self);
        }
    }

    /// How the line stands.
    pub fn line_status(&self) -> LineStatus {
        copy(&self.line_slot().status)
    }

    /// The line says how it stands; screens hear of it when it looks different.
    pub fn note_line(&self, status: LineStatus) {
        let before = self.line_status();
        let same = before.looks_like(&status);
        put(&self.line_slot().status, status);
        if !same {
            self.tell(&Event::changed(&["sync"]));
        }
    }

    /// Something on the screen of the line is different.
    pub fn tell_sync(&self) {
        self.tell(&Event::changed(&["sync"]));
    }

    /// Others wrote into the store: screens ask again.
    pub fn note_applied(&self) {
        self.rows_came();
        self.tell_sync();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_trembles_looks_the_same_and_one_that_jumps_does_not() {
        let at = |off| LineStatus { clock_off_ms: Some(off), ..LineStatus::default() };
        assert!(at(100).looks_like(&at(4_000)));
        assert!(!at(100).looks_like(&at(190_000)));
        let online = LineStatus { phase: SyncPhase::Online, ..at(100) };
        assert!(!online.looks_like(&at(100)));
    }
}
