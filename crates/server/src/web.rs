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

/// Whether a browser may use this command.
pub fn answers(name: &str) -> bool {
    let feature = name.split('.').next().unwrap_or_default();
    FEATURES.contains(&feature) || COMMANDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Features of a till: its drawer, its printers, its files, its data folder.
    const TILL_ONLY: &[&str] = &["backup", "import", "machine", "pos", "print", "start", "verify"];

    #[test]
    fn a_browser_is_answered_what_there_is_and_nothing_of_a_till() {
        let all: Vec<&str> =
            lumbung_app::commands::table().iter().map(|command| command.name).collect();
        for name in COMMANDS {
            assert!(all.contains(name), "there is no command {name}");
        }
        let feature = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        for known in FEATURES {
            assert!(all.iter().any(|name| feature(name) == *known), "no feature {known}");
            assert!(!TILL_ONLY.contains(known), "{known} belongs to a till");
        }
        let named = |name: &&&str| !COMMANDS.contains(name);
        for name in all.iter().filter(named) {
            assert!(!(TILL_ONLY.contains(&feature(name).as_str()) && answers(name)), "{name}");
        }
    }
}
