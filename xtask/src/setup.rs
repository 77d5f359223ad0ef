//! Everything a task needs before its own work.
//!
//! **Invariant:** on a machine that has it all, this says nothing and takes a fraction of a second.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::command::Step;
use crate::packages::{self, Package};
use crate::place;
use crate::report::{self, Outcome, Stop};

/// The oldest Node that Vite works with.
const NODE: (u32, u32) = (20, 19);
/// npm writes its two lock files one after the other; this much apart they are the same writing.
const LOCKS_APART: Duration = Duration::from_secs(2);

/// A tool that cargo installs.
pub struct Tool {
    /// The word after `cargo`.
    command: &'static str,
    package: &'static str,
    /// The version the configuration in this repository is written for.
    version: &'static str,
    why: &'static str,
}

/// Runs the Rust tests.
pub const NEXTEST: Tool = Tool {
    command: "nextest",
    package: "cargo-nextest",
    version: "0.9.143",
    why: "running the Rust tests",
};

/// Checks the licences and sources of dependencies.
pub const DENY: Tool = Tool {
    command: "deny",
    package: "cargo-deny",
    version: "0.20.2",
    why: "checking the licences and sources of dependencies",
};

/// All there is to install.
///
/// # Errors
/// When something cannot be installed.
pub fn everything() -> Outcome {
    system(&[packages::BUILD, packages::DISPLAY, packages::TEST])?;
    rust_components()?;
    interface()?;
    tool(&NEXTEST)?;
    tool(&DENY)?;
    report::say("everything is installed");
    Ok(())
}

/// The packages of the system.
///
/// # Errors
/// When one is missing and cannot be installed.
pub fn system(groups: &[&'static [Package]]) -> Outcome {
    packages::provide(groups)?;
    if cfg!(target_os = "macos") && !Step::new("xcode", "xcode-select", &["-p"]).succeeds() {
        return Err(Stop::new(
            "The command line tools of Xcode are missing. Run `xcode-select --install`, then \
             start again.",
        ));
    }
    if cfg!(windows) && place::on_path("perl").is_none() {
        return Err(Stop::new(
            "Perl is missing; OpenSSL is built with it. Run \
             `winget install StrawberryPerl.StrawberryPerl`, open a new terminal, start again.",
        ));
    }
    Ok(())
}

/// The parts of the Rust toolchain that a minimal one lacks.
///
/// # Errors
/// When one is missing; rustup is the person's own, so it is named and not run.
pub fn rust_components() -> Outcome {
    for component in ["fmt", "clippy"] {
        if !Step::cargo("component", &[component, "--version"]).succeeds() {
            return Err(Stop::new(
                "rustfmt or clippy is missing. Run `rustup component add rustfmt clippy`, then \
                 start again.",
            ));
        }
    }
    Ok(())
}

/// A tool of cargo, installed when it does not answer.
///
/// # Errors
/// When it cannot be built.
pub fn tool(tool: &Tool) -> Outcome {
    if tool.is_there() {
        return Ok(());
    }
    report::say(format_args!(
        "installing {} {} for {} (built from source, some minutes)",
        tool.package, tool.version, tool.why
    ));
    let args = ["install", tool.package, "--locked", "--version", tool.version];
    Step::cargo(tool.package, &args)
        .advice("Is the machine online? `cargo install` can be run by hand, too.")
        .run()?;
    Ok(())
}

impl Tool {
    /// What to do when it is missing.
    pub const ADVICE: &str = "cargo xtask setup";

    /// Whether it answers.
    pub fn is_there(&self) -> bool {
        Step::cargo(self.package, &[self.command, "--version"]).succeeds()
    }

    /// Its name as a package.
    pub fn name(&self) -> &'static str {
        self.package
    }
}

/// Node and the packages of the interface.
///
/// # Errors
/// When Node is missing or too old, or the packages cannot be installed.
pub fn interface() -> Outcome {
    node_is_new_enough(node_version().as_deref())?;
    let ui = place::ui();
    if !ui.join("package-lock.json").is_file() {
        return Err(Stop::new("ui/package-lock.json is missing; this is not a whole clone."));
    }
    let changed = |path: PathBuf| fs::metadata(path).and_then(|about| about.modified()).ok();
    let wanted = changed(ui.join("package-lock.json"));
    let installed = changed(ui.join("node_modules/.package-lock.json"));
    if installed.is_some_and(|at| wanted.is_none_or(|wanted| wanted <= at + LOCKS_APART)) {
        return Ok(());
    }
    Step::npm("npm ci", &["ci", "--no-audit", "--no-fund"])
        .advice("Is the machine online? `npm ci` in ui/ says more.")
        .run()?;
    Ok(())
}

/// The interface, built when something in it is younger than what was built last.
///
/// # Errors
/// When it does not build.
pub fn built_interface() -> Outcome {
    interface()?;
    let ui = place::ui();
    let listed = fs::read_dir(&ui)
        .map_err(|error| Stop::new(format!("Cannot read {}: {error}", ui.display())))?;
    let made = ["node_modules", "dist", "coverage"];
    let sources: Vec<PathBuf> = listed
        .flatten()
        .filter(|entry| made.iter().all(|name| entry.file_name() != *name))
        .map(|entry| entry.path())
        .collect();
    let page = place::youngest(&[ui.join("dist/index.html")]);
    if page.is_some() && place::youngest(&sources) <= page {
        return Ok(());
    }
    Step::npm("building the interface", &["run", "build"]).run()?;
    Ok(())
}

/// What Node calls itself.
pub fn node_version() -> Option<String> {
    let output = std::process::Command::new("node").arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn node_is_new_enough(version: Option<&str>) -> Outcome {
    let (major, minor) = NODE;
    let hint = format!(
        "Install Node {major}.{minor} or newer (https://nodejs.org, or the package manager of \
         your system), then start again."
    );
    let Some(version) = version else {
        return Err(Stop::new(format!("Node is missing; the interface is built with it. {hint}")));
    };
    let mut parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    match (parts.next(), parts.next()) {
        (Some(a), Some(b)) if (a, b) >= NODE => Ok(()),
        _ => Err(Stop::new(format!("Node {version} is too old for the interface. {hint}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_or_missing_node_is_named_with_what_to_do() {
        for (version, fine) in [
            (Some("v20.20.2"), true),
            (Some("v22.1.0"), true),
            (Some("v20.18.9"), false),
            (Some("v18.19.0"), false),
            (Some("nonsense"), false),
            (None, false),
        ] {
            let told = node_is_new_enough(version);
            assert_eq!(told.is_ok(), fine, "{version:?}");
            if let Err(stop) = told {
                assert!(stop.to_string().contains("Install Node 20.19"), "{stop}");
            }
        }
    }
}
