//! The defences of the protocol, each with a switch that takes it away.
//!
//! **Invariant:** without any one of them a run finds something broken within a thousand seeds; a
//! defence whose absence nobody notices is either not needed or not tested.

/// Which defences are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flaws {
    /// The centre skips a commit whose counter it has, whatever its hash.
    pub conflict_ignored: bool,
    /// A terminal believes an acknowledgement for its number.
    pub ack_by_number: bool,
    /// A terminal believes a backup point for its number.
    pub backed_by_number: bool,
    /// The centre does not send a terminal its own commits.
    pub own_left_out: bool,
    /// The centre does not compare the hashes of cursors.
    pub no_witness: bool,
    /// Numbers of the log become visible out of order, as those of a sequence do.
    pub late_visibility: bool,
    /// A commit's own clock decides, however far ahead.
    pub no_clamp: bool,
    /// The journal keeps a commit only until it is acknowledged.
    pub prune_on_ack: bool,
    /// What the centre has lost is not brought in by those who still hold it.
    pub no_salvage: bool,
    /// Chains of closed origins are not asked about once they were acknowledged.
    pub closed_forgotten: bool,
    /// A probe does not say what the terminal takes the centre to hold.
    pub no_base: bool,
    /// A page is applied whatever it answers.
    pub no_echo: bool,
    /// An own edit overwrites the confirmed value at once.
    pub one_register: bool,
    /// Nobody tells a centre that was put back whom it had enrolled.
    pub no_introductions: bool,
    /// A stub is taken for the own commit with that number.
    pub stub_by_number: bool,
    /// A snapshot does not say how far it holds each chain.
    pub snapshot_without_heads: bool,
    /// The commits of a forked chain are dropped, not written again.
    pub no_reissue: bool,
    /// A commit of a newer version is skipped, not deferred.
    pub no_deferral: bool,
    /// A terminal that has lost a scope keeps its cursor for when it is given back.
    pub cursor_kept: bool,
    /// What a revoked terminal sends is dropped, not kept apart.
    pub no_quarantine: bool,
    /// A restored terminal's numbers go on under its old series.
    pub series_kept: bool,
}

/// A switch with its name.
pub type Mutant = (&'static str, fn(&mut Flaws));

/// Every defence, by the name of its absence.
pub const MUTANTS: &[Mutant] = &[
    ("conflict_ignored", |f| f.conflict_ignored = true),
    ("ack_by_number", |f| f.ack_by_number = true),
    ("backed_by_number", |f| f.backed_by_number = true),
    ("own_left_out", |f| f.own_left_out = true),
    ("no_witness", |f| f.no_witness = true),
    ("late_visibility", |f| f.late_visibility = true),
    ("no_clamp", |f| f.no_clamp = true),
    ("prune_on_ack", |f| f.prune_on_ack = true),
    ("no_salvage", |f| f.no_salvage = true),
    ("closed_forgotten", |f| f.closed_forgotten = true),
    ("no_base", |f| f.no_base = true),
    ("no_echo", |f| f.no_echo = true),
    ("one_register", |f| f.one_register = true),
    ("no_introductions", |f| f.no_introductions = true),
    ("stub_by_number", |f| f.stub_by_number = true),
    ("snapshot_without_heads", |f| f.snapshot_without_heads = true),
    ("no_reissue", |f| f.no_reissue = true),
    ("no_deferral", |f| f.no_deferral = true),
    ("cursor_kept", |f| f.cursor_kept = true),
    ("no_quarantine", |f| f.no_quarantine = true),
    ("series_kept", |f| f.series_kept = true),
];
