//! Which commands of the product a browser may use: those that need no till and no files of this
//! machine.
//!
//! **Invariant:** a command is answered only if it is named here; a new one is not, until somebody
//! decides (a test asks).

/// Features whose every command works in a browser.
const FEATURES: &[&str] =
    &["catalogue", "customers", "finance", "inventory", "audit", "exceptions", "centre"];

/// Commands of other features that work in a browser.
const COMMANDS: &[&str] = &[
    "approvals.list",
    "branch.list",
    "branch.save",
    "company.get",
    "company.save",
    "job.cancel",
    "job.status",
    "pos.find_receipt",
    "pos.receipt",
    "pos.receipts",
    "pos.sessions",
    "pos.state",
    "pos.z_report",
    "print.preview",
    "roles.save",
    "settings.save",
    "start.status",
    "sync.overview",
    "sync.session",
    "sync.state",
    "terminal.add",
    "terminal.save",
    "users.change_pin",
    "users.list",
    "users.me",
    "users.save",
];

/// Commands that belong to a till: its drawer, its printers, its files, its data folder.
#[cfg(test)]
const TILL_ONLY: &[&str] =
    &["backup", "import", "machine", "pos", "print", "start", "sync", "users", "verify"];

/// Whether a browser may use this command.
pub fn answers(name: &str) -> bool {
    let feature = name.split('.').next().unwrap_or_default();
    FEATURES.contains(&feature) || COMMANDS.contains(&name)
}
