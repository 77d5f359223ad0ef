//! The gate of a replica that stands beside the log: what is done there is in the log first.
//!
//! A till commits to its own file and pushes later. The centre's replica does not: before an
//! action it holds the company's log and brings itself up to its end, so that what must be unique
//! can be checked strictly; after it, it appends the commits to the log, and only then commits its
//! own file. A crash between the two leaves the replica behind the log, which brings it up again.
//!
//! **Invariant:** with a gate, no commit is in the file that is not in the log.

use std::sync::Arc;

use rusqlite::{Connection, params};

use crate::commit::{CommitRef, Sealed};
use crate::error::StoreError;
use crate::store::Store;

/// Holds the log and brings the store up to its end; gives the place where the commits of one
/// action are to go. Dropping the place lets go of the log.
pub type Gate = Arc<dyn Fn(&Store) -> Result<Place, StoreError> + Send + Sync>;

/// Appends the commits of one action to the log that is held.
pub type Place = Box<dyn FnOnce(Vec<Sealed>) -> Result<(), StoreError>>;

impl Store {
    /// Puts a gate before every action from now on. There is one at the most.
    pub fn set_gate(&self, gate: Gate) {
        // The second one would stand before the same log.
        let _ = self.gate.set(gate);
    }

    /// Waits at the gate, where there is one.
    pub(crate) fn pass_gate(&self) -> Result<Option<Place>, StoreError> {
        self.gate.get().map(|gate| gate(self)).transpose()
    }
}

/// Gives the commits of the open transaction to the log.
pub(crate) fn append(db: &Connection, durable: &CommitRef, place: Place) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "select header, body, hash, sig from sync_journal
         where origin = ?1 and ctr > ?2 order by ctr",
    )?;
    let rows = statement.query_map(params![durable.origin, durable.ctr.cast_signed()], |row| {
        Ok(Sealed { header: row.get(0)?, body: row.get(1)?, hash: row.get(2)?, sig: row.get(3)? })
    })?;
    place(rows.collect::<rusqlite::Result<_>>()?)
}
