//! Cutting a large import into commits that can travel, all in one transaction.
//!
//! **Invariant:** a cut is made between documents only, so no document is in two commits.

use crate::door::Write;
use crate::error::Result;

/// Rows of one commit: a few hundred kilobytes, far below the limit of what a commit may hold.
const ROWS_PER_COMMIT: usize = 1_000;

/// Counts rows and cuts when there are enough.
#[derive(Debug, Default)]
pub struct Batch {
    rows: usize,
}

impl Batch {
    /// Notes rows about to be, or just, written.
    pub fn count(&mut self, rows: usize) {
        self.rows += rows;
    }

    /// Between two documents: begins a new commit when the current one has enough rows.
    pub fn turn(&mut self, write: &mut Write<'_, '_>) -> Result<()> {
        if self.rows >= ROWS_PER_COMMIT {
            write.tx.cut()?;
            self.rows = 0;
        }
        Ok(())
    }
}
