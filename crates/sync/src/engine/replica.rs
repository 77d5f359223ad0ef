//! What the engine needs of a store: the terminal's SQLite file and the simulator's memory both
//! give it.
//!
//! **Invariant:** each method is one transaction: after a crash it has happened whole or not at
//! all.

use crate::commit::{Hash, Origin};
use crate::guard::Doubt;
use crate::protocol::{At, Carried, Cursor, Introduction, Page};
use crate::row::Key;

/// Who a replica is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The company.
    pub company: Key,
    /// The terminal.
    pub terminal: Key,
    /// The current origin.
    pub origin: Origin,
    /// The end of its chain.
    pub head: At,
    /// The schema of the store.
    pub schema: u32,
}

/// An origin of this replica that still has commits in the journal, or is the current one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The origin.
    pub origin: Origin,
    /// Whether it is closed: no commit is ever added under it.
    pub closed: bool,
    /// Its last commit that is to be pushed. What was re-issued under another origin is not.
    pub last: At,
    /// Up to which the centre is believed to hold it.
    pub acked: u64,
    /// Up to which the centre's backup is known to hold it.
    pub backed: At,
}

/// What applying a page showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// Whether the page was for the cursors as they are; otherwise nothing was done.
    pub taken: bool,
    /// Whether a stub names a commit that is not in the journal with that hash: nothing was done,
    /// and the page is to be asked for whole.
    pub lacking: bool,
    /// Whether the log holds a commit of the current origin beyond this replica's head: somebody
    /// else goes on as this terminal.
    pub ahead: bool,
    /// Commits applied.
    pub applied: u64,
    /// Commits that this version cannot apply, kept for later.
    pub deferred: u64,
    /// Own commits that came back.
    pub confirmed: u64,
}

/// A replica of a company's books with its journal of own commits.
pub trait Replica {
    /// Why a method failed.
    type Error;
    /// A state of the centre's books to start again from.
    type Snapshot;

    /// Who this is.
    fn me(&self) -> Result<Me, Self::Error>;

    /// Every origin with commits in the journal, closed ones first, the current one last.
    fn chains(&self) -> Result<Vec<Chain>, Self::Error>;

    /// The hash of an own commit: [`crate::NO_HASH`] at 0, `None` where it is not known any more.
    fn hash_at(&self, origin: &Origin, ctr: u64) -> Result<Option<Hash>, Self::Error>;

    /// Own commits after `ctr` and up to the chain's `last`, at least one where there is one, about
    /// `bytes` in all.
    fn commits_after(
        &self,
        origin: &Origin,
        ctr: u64,
        bytes: usize,
    ) -> Result<Vec<Carried>, Self::Error>;

    /// Who the origin is, oldest voucher first.
    fn introductions(&self, origin: &Origin) -> Result<Vec<Introduction>, Self::Error>;

    /// Notes up to which the centre holds a chain; down as well as up.
    fn note_acked(&mut self, origin: &Origin, ctr: u64) -> Result<(), Self::Error>;

    /// Notes up to which the centre's backup holds a chain, and drops from the journal what is
    /// acknowledged, confirmed and backed up.
    fn note_backed(&mut self, origin: &Origin, at: At) -> Result<(), Self::Error>;

    /// Where every scope of this replica stands, ascending by scope.
    fn cursors(&self) -> Result<Vec<Cursor>, Self::Error>;

    /// Applies a page for exactly these cursors; a page with another echo changes nothing.
    fn apply(&mut self, page: &Page) -> Result<Applied, Self::Error>;

    /// Closes the current origin and goes on as `origin`.
    fn rekey(&mut self, why: Doubt, origin: Origin) -> Result<(), Self::Error>;

    /// Writes the commits of `origin` from `at` on again under the current origin, with the same
    /// rows and clocks; the old ones are not pushed any more.
    fn reissue(&mut self, origin: &Origin, at: u64) -> Result<(), Self::Error>;

    /// Goes on under this series of document numbers.
    fn use_series(&mut self, series: &str) -> Result<(), Self::Error>;

    /// Starts again from a snapshot: keeps the journal, writes what the snapshot lacks and the
    /// journal does not hold as salvage commits, takes the snapshot's rows and cursors, and applies
    /// the unconfirmed commits of the journal again.
    fn rebase(&mut self, snapshot: Self::Snapshot) -> Result<(), Self::Error>;
}
