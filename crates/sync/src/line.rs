//! The line at the writer: those who act go before those who bring the store up to date.
//!
//! **Invariant:** whoever is polite waits at most [`PATIENCE`], so that nobody waits for ever.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The longest that bringing up to date stands back at once.
const PATIENCE: Duration = Duration::from_millis(200);

/// How many wait for the writer.
#[derive(Debug, Default)]
pub(crate) struct Line {
    waiting: Mutex<usize>,
    moved: Condvar,
}

impl Line {
    pub fn enter(&self) {
        *self.count() += 1;
    }

    pub fn leave(&self) {
        *self.count() -= 1;
        self.moved.notify_all();
    }

    pub fn is_waiting(&self) -> bool {
        *self.count() > 0
    }

    /// Returns when nobody is waiting, or when patience is at its end.
    pub fn let_go_first(&self) {
        let waited = self.moved.wait_timeout_while(self.count(), PATIENCE, |count| *count > 0);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn count(&self) -> MutexGuard<'_, usize> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
