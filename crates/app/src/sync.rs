//! What waits for the centre. There is none yet: everything made here waits.
//!
//! **Invariant:** no action of a cashier ever waits for what is shown here.

use serde::Serialize;
use ts_rs::TS;

use crate::door::{Nothing, Read};
use crate::error::Result;

/// How far this till is ahead of the centre.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SyncState {
    /// Commits that wait.
    pub pending: u64,
    /// When the oldest of them was made, UTC milliseconds.
    pub oldest_ms: Option<i64>,
}

/// `sync.state`: what waits.
pub fn state(read: &Read<'_>, _: Nothing) -> Result<SyncState> {
    let pending = read.app.store()?.pending()?;
    Ok(SyncState { pending: pending.commits, oldest_ms: pending.oldest_at_ms })
}
