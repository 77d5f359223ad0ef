//! What may go wrong in a run.
//!
//! **Invariant:** loss, doubling, delay, reordering and being cut off happen in every run.

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
