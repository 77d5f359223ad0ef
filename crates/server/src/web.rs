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

    /// Features of which a browser is answered nothing but what [`COMMANDS`] names: they belong to
    /// a till, its drawer, its printers, its files, its data folder.
    const TILL: &[&str] = &[
        "approvals",
        "backup",
        "branch",
        "company",
        "import",
        "job",
        "machine",
        "pos",
        "print",
        "roles",
        "settings",
        "start",
        "sync",
        "terminal",
        "users",
        "verify",
    ];

    #[test]
    fn somebody_has_decided_about_every_command() {
        for command in lumbung_app::commands::table() {
            let feature = command.name.split('.').next().unwrap_or_default();
            let decided = FEATURES.contains(&feature) || TILL.contains(&feature);
            assert!(decided, "may a browser use {}? Say so in web.rs", command.name);
        }
    }

    #[test]
    fn what_a_browser_is_answered_exists_and_asks_who_it_is_for() {
        let table = lumbung_app::commands::table();
        for name in COMMANDS {
            assert!(table.iter().any(|command| command.name == *name), "there is no {name}");
        }
        // These answer anybody who stands at a till; what they tell is no secret to a person who
        // has signed in.
        let public = ["company.get", "start.status", "sync.state", "users.me"];
        for command in table.iter().filter(|command| answers(command.name)) {
            let open = command.needs == lumbung_app::door::PUBLIC;
            assert!(!open || public.contains(&command.name), "{} is public", command.name);
        }
    }
}
