//! The company's other machines: how this one is connected to the centre, what waits for it, and
//! whether both count the same.
//!
//! **Invariant:** no action of a cashier ever waits for what is done here.

mod address;
pub mod connect;
pub mod line;
pub mod office;
pub mod reconcile;
pub mod store;
pub mod view;

pub use address::CentreAddress;
pub use line::{Line, LineStatus, Sign, SnapshotWanted, SyncPhase};
pub use office::Centre;

use crate::commands::commands;
use crate::door::{Command, Nothing, Task};
use crate::error::Result;

/// The commands of this feature.
pub(crate) fn commands() -> Vec<Command> {
    commands! {
        read "sync.state"    => view::state,    needs "public",       from [pos, sync];
        read "sync.overview" => view::overview, needs "sync:read",    from [pos, sync, company];
        read "sync.reconcile" => reconcile::answer, needs "sync:read", from [pos, sync];
        read "sync.session"  => view::session,  needs "pos:read",     from [pos, sync];
        task "sync.now"      => now,            needs "sync:read",    touches [sync];
        task "sync.join"     => connect::join,  needs "public",       touches [start];
        task "sync.joining"  => connect::joining, needs "public",     from [start];
        task "sync.go_on"    => connect::go_on, needs "public",       touches [start];
        task "sync.give_up"  => connect::give_up, needs "public",     touches [start];
        task "sync.found"    => connect::found, needs "sync:connect", touches [sync];
        task "sync.move"     => connect::move_to, needs "sync:connect", touches [sync];
        task "centre.overview" => office::overview, needs "sync:read",  from [sync, company];
        task "centre.issue"    => office::issue,  needs "sync:connect", touches [sync];
        task "centre.revoke"   => office::revoke, needs "sync:connect", touches [sync];
        task "centre.restore"  => office::restore, needs "sync:connect", touches [sync];
        task "centre.parked"   => office::parked, needs "sync:read",    from [sync];
        task "centre.release"  => office::release, needs "sync:connect", touches [sync];
    }
}

/// `sync.now`: tries at once instead of at the next turn.
pub fn now(task: Task, _: Nothing) -> Result<Nothing> {
    task.app.line()?.wake();
    Ok(Nothing {})
}

impl crate::App {
    /// Exchanges with the centre until nothing is left to push or to read, on this thread.
    pub fn exchange(&self, progress: &mut crate::Progress<'_>) -> Result<()> {
        self.line()?.exchange(self, progress)
    }
}
