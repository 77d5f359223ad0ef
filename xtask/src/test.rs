//! Everything that has to hold before a change is sent.
//!
//! **Invariant:** the summary is made of the runners' own closing lines, so it cannot claim more
//! than they did.

use std::time::Instant;

use crate::check;
use crate::command::{Said, Step};
use crate::packages;
use crate::report::{self, Outcome, Told};
use crate::setup;
use crate::window;

/// Installs what is missing, then runs every check and every test.
///
/// # Errors
/// When one of them does not hold.
pub fn test() -> Outcome {
    let started = Instant::now();
    setup::system(&[packages::BUILD, packages::DISPLAY, packages::TEST])?;
    setup::rust_components()?;
    setup::tool(&setup::NEXTEST)?;
    setup::built_interface()?;

    let mut outcomes = check::static_checks();
    let mut closing = Vec::new();
    for told in [rust_tests(), interface_tests(), window::suite(&[])] {
        outcomes.push(told.map(|lines| closing.extend(lines)));
    }
    report::line("");
    for line in closing {
        report::line(line);
    }
    report::say(format_args!("in all: {}", report::took(started.elapsed())));
    check::all_hold(outcomes)
}

fn rust_tests() -> Told<Vec<String>> {
    let profile = if std::env::var_os("CI").is_some() { "ci" } else { "default" };
    let args = ["nextest", "run", "--workspace", "--profile", profile];
    let said = Step::cargo("Rust tests", &args).run()?;
    Ok(closing_lines("Rust tests", &said, &["Summary ["]))
}

fn interface_tests() -> Told<Vec<String>> {
    let said = Step::npm("interface tests", &["test"]).env("NO_COLOR", "1").run()?;
    Ok(closing_lines("interface tests", &said, &["Test Files  ", "     Tests  "]))
}

/// The lines in which a runner sums itself up, after its name.
pub fn closing_lines(name: &str, said: &Said, words: &[&str]) -> Vec<String> {
    said.lines_with(words).map(|line| format!("{name}: {}", line.trim())).collect()
}
