//! What may go wrong in a run.
//!
//! **Invariant:** loss, doubling, delay, reordering and being cut off happen in every run.

use crate::rng::Rng;

/// The kinds of trouble a run has beside the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faults {
    /// Power fails before and after every change.
    pub crash: bool,
    /// Clocks are off by up to years, and are set.
    pub skew: bool,
    /// Terminals are put back.
    pub restore: bool,
    /// Terminals are copied.
    pub clone: bool,
    /// The centre is put back to its backup.
    pub rollback: bool,
    /// Terminals gain and lose branches.
    pub scope: bool,
    /// Terminals are revoked and released.
    pub revoke: bool,
    /// Programs of two versions work together.
    pub version: bool,
    /// Old parts of the log can no longer be read commit by commit.
    pub horizon: bool,
}

impl Faults {
    /// Only the network.
    pub const NONE: Faults = Faults {
        crash: false,
        skew: false,
        restore: false,
        clone: false,
        rollback: false,
        scope: false,
        revoke: false,
        version: false,
        horizon: false,
    };
    /// Everything at once.
    pub const ALL: Faults = Faults {
        crash: true,
        skew: true,
        restore: true,
        clone: true,
        rollback: true,
        scope: true,
        revoke: true,
        version: true,
        horizon: true,
    };

    /// The faults of these words, as `crash,skew`; `all` and `none` are words too.
    pub fn parse(words: &str) -> Option<Faults> {
        let mut faults = Faults::NONE;
        for word in words.split(',') {
            match word {
                "none" => {}
                "all" => faults = Faults::ALL,
                "crash" => faults.crash = true,
                "skew" => faults.skew = true,
                "restore" => faults.restore = true,
                "clone" => faults.clone = true,
                "rollback" => faults.rollback = true,
                "scope" => faults.scope = true,
                "revoke" => faults.revoke = true,
                "version" => faults.version = true,
                "horizon" => faults.horizon = true,
                _ => return None,
            }
        }
        Some(faults)
    }
}

/// How often each kind of trouble comes in one run, in a thousand steps. Every seed draws its own:
/// a run with nothing but crashes finds other things than one with a little of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Of a terminal, or one request of the centre.
    pub crash: u64,
    /// Of setting a clock.
    pub skew: u64,
    /// Of putting a terminal back.
    pub restore: u64,
    /// Of copying a terminal.
    pub clone: u64,
    /// Of putting the centre back.
    pub rollback: u64,
    /// Of changing the scopes of a terminal.
    pub scope: u64,
    /// Of revoking or releasing a terminal.
    pub revoke: u64,
    /// Of upgrading somebody.
    pub version: u64,
    /// Of sealing a part of the log.
    pub horizon: u64,
    /// Of backing up the centre.
    pub backup: u64,
    /// Of saving a terminal's image.
    pub save: u64,
}

impl Rates {
    /// The rates of a run.
    pub fn draw(faults: &Faults, rng: &mut Rng) -> Rates {
        let mut draw = |is_on: bool, usual: u64| {
            let times = [0, 1, 1, 1, 3, 8][rng.place(6)];
            if is_on { usual * times } else { 0 }
        };
        Rates {
            crash: draw(faults.crash, 30),
            skew: draw(faults.skew, 2),
            restore: draw(faults.restore, 3),
            clone: draw(faults.clone, 1),
            rollback: draw(faults.rollback, 1),
            scope: draw(faults.scope, 4),
            revoke: draw(faults.revoke, 2),
            version: draw(faults.version, 2),
            horizon: draw(faults.horizon, 1),
            backup: draw(true, 8) + 2,
            save: draw(true, 20) + 2,
        }
    }
}
