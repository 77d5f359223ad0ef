//! What a store is opened with, what an action is given, and what both are told in return.
//!
//! **Invariant:** plain values: nothing here opens, reads or writes anything.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::Connection;

use crate::catalogue::Catalogue;
use crate::commit::{CommitRef, Origin};
use crate::error::StoreError;
use crate::guard::Doubt;
use crate::keys::{KeyPlace, KeySource, Warning};
use crate::row::Key;
use crate::store::Store;

/// Tells the time: UTC milliseconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Called with what others changed, in the transaction that applied it: the numbers of the tables
/// and the keys of the rows.
pub type AfterApply = fn(&Connection, &[(u16, Key)]) -> Result<(), StoreError>;

/// Makes the derived tables again from the synced ones.
pub type Rebuild = fn(&Connection) -> Result<(), StoreError>;

/// How a store is opened.
#[derive(Clone)]
pub struct StoreConfig {
    /// The data folder.
    pub dir: PathBuf,
    /// Where the key is kept.
    pub keys: KeySource,
    /// Every synced table.
    pub catalogue: &'static Catalogue,
    /// The embedded migrations.
    pub migrations: fn() -> refinery::Runner,
    /// Tells the time.
    pub clock: Clock,
    /// Keeps what is derived from masters, such as a search index. A row may be gone by then.
    pub after_apply: AfterApply,
    /// The numbers of the tables of facts of which `after_apply` is told every new row too.
    pub watched: &'static [u16],
    /// Makes what triggers keep again, after rows of a scope were let go.
    pub rebuild: Rebuild,
    /// Whether the oracle watches; on in every test.
    pub checked: bool,
    /// Whether the file is encrypted; off only to measure what that costs.
    pub encrypt: bool,
}

/// What a new store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNode {
    /// The company.
    pub company: Key,
    /// The terminal.
    pub terminal: Key,
    /// The terminal's series for document numbers, such as `T1`.
    pub series: String,
}

/// What a store was found to be when it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReport {
    /// Where the key is kept.
    pub key_place: KeyPlace,
    /// What the owner should know.
    pub warnings: Vec<Warning>,
    /// Whether the store took a new origin, and why.
    pub rekeyed: Option<Rekeyed>,
    /// How much of the file was checked.
    pub integrity: Integrity,
    /// The schema before and after, when migrations ran.
    pub migrated: Option<(u32, u32)>,
}

/// A store that may be an older copy or a clone goes on as a new origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rekeyed {
    /// Why.
    pub doubt: Doubt,
    /// The series of document numbers until now.
    pub old_series: String,
    /// The series from now on.
    pub new_series: String,
}

/// How much of the file was checked when it was opened. What was not is still proved page by page
/// as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integrity {
    /// All of it, and the end of the chain.
    Whole,
    /// The end of the chain; the file is large: call [`Store::check_file`] when there is time.
    Head,
}

/// An opened store and what it was found to be.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// What it was found to be.
    pub report: OpenReport,
}

/// What an action is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteCtx {
    /// Who acts.
    pub user: Option<Key>,
    /// The business date of the open session.
    pub business_date: NaiveDate,
    /// Offset of local time from UTC, in minutes.
    pub offset_min: i16,
    /// The scope of rows of branch tables.
    pub scope: u32,
    /// When, in UTC milliseconds.
    pub at_ms: i64,
    /// Why, where a reason was asked for.
    pub reason: Option<String>,
}

/// What an action left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed<T> {
    /// What the action answered.
    pub value: T,
    /// The commit, if any synced row changed.
    pub commit: Option<CommitRef>,
    /// The synced tables that changed.
    pub tables: Vec<&'static str>,
}

/// What waits for a centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// How many commits.
    pub commits: u64,
    /// When the oldest of them was made, in UTC milliseconds.
    pub oldest_at_ms: Option<i64>,
}

/// What a store says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// The data folder.
    pub dir: PathBuf,
    /// The company.
    pub company: Key,
    /// The terminal.
    pub terminal: Key,
    /// The series of document numbers.
    pub series: String,
    /// The current origin.
    pub origin: Origin,
    /// The end of its chain.
    pub head: CommitRef,
    /// The schema of the database.
    pub schema: u32,
    /// The size of the database file.
    pub bytes: u64,
    /// Where the key is kept.
    pub key_place: KeyPlace,
    /// Whether the file is encrypted.
    pub encrypted: bool,
}
