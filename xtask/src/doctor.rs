//! What is on this machine.
//!
//! **Invariant:** nothing is changed, and everything missing is named with what to do.

use crate::command::{self, Step};
use crate::packages;
use crate::place;
use crate::report::{self, Outcome, Stop};
use crate::setup::{self, Tool};

/// Says what is there and what is not.
///
/// # Errors
/// When something is missing.
pub fn doctor() -> Outcome {
    let mut missing = 0;
    let mut tell = |name: &str, found: Option<String>, what_to_do: &str| match found {
        Some(found) => report::line(format_args!("ok       {name}: {found}")),
        None => {
            missing += 1;
            report::line(format_args!("MISSING  {name}: {what_to_do}"));
        }
    };
    tell("cargo", version(&command::cargo().to_string_lossy(), &["--version"]), "rustup.rs");
    let components = setup::rust_components().is_ok().then(|| "rustfmt, clippy".to_owned());
    tell("Rust components", components, "rustup component add rustfmt clippy");
    tell("Node", setup::node_version(), "install Node 20.19 or newer");
    let modules = place::ui().join("node_modules/.package-lock.json").is_file();
    tell("npm packages", modules.then(|| "installed".to_owned()), "cargo xtask setup");
    for tool in [&setup::NEXTEST, &setup::DENY] {
        tell(tool.name(), tool.is_there().then(|| "installed".to_owned()), Tool::ADVICE);
    }
    let groups = [packages::BUILD, packages::DISPLAY, packages::TEST];
    for package in packages::missing(&groups) {
        tell(package.name, None, &format!("needed for {}; cargo xtask setup", package.why));
    }
    if missing == 0 {
        return Ok(());
    }
    Err(Stop::new(format!("{missing} missing; `cargo xtask setup` installs what it can.")))
}

fn version(program: &str, args: &[&str]) -> Option<String> {
    let said = Step::new("version", program, args).output().ok()?;
    Some(String::from_utf8_lossy(&said).trim().to_owned())
}
