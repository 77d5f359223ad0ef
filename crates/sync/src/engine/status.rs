//! What a person at the terminal is told of the exchange with the centre.
//!
//! **Invariant:** every state says something a person can understand or do; while none of them is
//! shown as wrong, every commit made here is at the centre or counted as waiting.

use crate::commit::Header;
use crate::engine::{Engine, Replica, Standing};
use crate::protocol::{PullReply, SyncResponse, Verdict};

/// A clock this far off is worth telling.
const CLOCK_OFF_MS: u64 = 2 * 60 * 1_000;
/// A clock this far off has the wrong date: somebody has to confirm it.
const CLOCK_WRONG_MS: u64 = 24 * 60 * 60 * 1_000;

/// How it stands with the centre.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Link {
    /// Nothing was heard yet.
    #[default]
    Starting,
    /// The centre answers.
    Online,
    /// The centre does not answer.
    Offline {
        /// Since when.
        since_ms: i64,
    },
    /// This program is too old to read on; what is made here still reaches the centre.
    NeedsUpgrade {
        /// The least schema that may read.
        min_schema: u32,
    },
    /// The centre is too old for what is made here; it waits here until the centre is upgraded.
    CentreTooOld {
        /// The schema of the centre.
        cur_schema: u32,
    },
    /// The centre keeps apart what this terminal sends until its owner decides.
    Revoked,
    /// The centre does not know this terminal, and what vouches for it did not convince it.
    NotKnown,
    /// The centre does not take something made here; it waits here.
    Refused,
    /// The centre was put back to an older state, or this replica comes from another one: it
    /// begins again from a snapshot, and brings in what the centre has lost.
    Diverged,
    /// This replica is too far behind to catch up commit by commit: a snapshot is on its way.
    CatchingUp,
}

/// How the clock of this machine stands to the centre's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Watch {
    /// As far as is known.
    #[default]
    Right,
    /// More than two minutes off.
    Off {
        /// By how much it is fast; negative where it is slow.
        fast_ms: i64,
    },
    /// More than a day off: the date has to be confirmed.
    Wrong {
        /// By how much it is fast; negative where it is slow.
        fast_ms: i64,
    },
}

/// What a person is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// How it stands with the centre.
    pub link: Link,
    /// How many commits made here the centre does not have yet.
    pub waiting: u64,
    /// When the oldest of them was made.
    pub oldest_ms: Option<i64>,
    /// How the clock stands.
    pub clock: Watch,
}

impl Watch {
    /// The centre said `theirs` between `sent` and `received`; halfway is the best guess.
    pub(super) fn of(sent: i64, theirs: i64, received: i64) -> Watch {
        let halfway = sent.saturating_add(received.saturating_sub(sent) / 2);
        let fast_ms = halfway.saturating_sub(theirs);
        match fast_ms.unsigned_abs() {
            off if off > CLOCK_WRONG_MS => Watch::Wrong { fast_ms },
            off if off > CLOCK_OFF_MS => Watch::Off { fast_ms },
            _ => Watch::Right,
        }
    }
}

impl Engine {
    /// What an answer shows: the worst of it.
    pub(super) fn link(&self, response: &SyncResponse) -> Link {
        let said = |verdict| {
            let mut standings = self.standings.values();
            standings.any(|standing: &Standing| standing.verdict == Some(verdict))
        };
        if said(Verdict::Revoked) {
            return Link::Revoked;
        }
        if self.standings.values().any(|standing| standing.is_stranger) {
            return Link::NotKnown;
        }
        if said(Verdict::Refused) {
            return Link::Refused;
        }
        if let Some(why) = &self.fetching {
            return why.clone();
        }
        if said(Verdict::TooNew) {
            return Link::CentreTooOld { cur_schema: response.cur_schema };
        }
        match response.pull {
            PullReply::NeedUpgrade { min_schema } => Link::NeedsUpgrade { min_schema },
            _ => Link::Online,
        }
    }

    /// Counts what waits.
    pub(super) fn count_waiting<R: Replica>(&mut self, replica: &R) -> Result<(), R::Error> {
        (self.status.waiting, self.status.oldest_ms) = (0, None);
        for chain in replica.chains()? {
            let waiting = chain.last.ctr.saturating_sub(chain.acked);
            if waiting == 0 {
                continue;
            }
            self.status.waiting += waiting;
            let first = replica.commits_after(&chain.origin, chain.acked, 1)?;
            let header = first.first().and_then(|commit| Header::decode(&commit.header).ok());
            if let Some(header) = header {
                let oldest = self.status.oldest_ms.unwrap_or(i64::MAX);
                self.status.oldest_ms = Some(oldest.min(header.at_ms));
            }
        }
        Ok(())
    }
}
