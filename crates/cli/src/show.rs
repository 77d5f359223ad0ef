//! Answers as text or JSON, progress on standard error.
//!
//! **Invariant:** standard output carries the answer and nothing else, so a script can read it.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use lumbung_app::jobs::Progress;
use lumbung_app::verify::VerifyReport;
use lumbung_app::{Failure, Result};
use serde::Serialize;

/// What a verb ended with.
pub enum Outcome {
    /// Done.
    Done,
    /// Done, and something was found.
    Findings,
}

impl Outcome {
    /// Its exit code.
    pub fn exit(&self) -> ExitCode {
        match self {
            Self::Done => ExitCode::SUCCESS,
            Self::Findings => ExitCode::from(3),
        }
    }
}

/// Shows causes on standard error when asked to.
pub fn log(verbose: bool) {
    if verbose {
        tracing_subscriber::fmt().with_writer(std::io::stderr).without_time().init();
    }
}

/// Progress on standard error: one line that renews itself, or nothing where nobody watches.
pub fn progress() -> Progress<'static> {
    if !std::io::stderr().is_terminal() {
        return Progress::silent();
    }
    Progress::heard_by(|done, total, note| {
        let note = note.replace('_', " ");
        let of = total.map_or_else(String::new, |total| format!(" of {total}"));
        let mut stderr = std::io::stderr().lock();
        // Progress that cannot be shown is no reason to stop the work.
        let _ = write!(stderr, "\r\x1b[K{note} {done}{of}");
        if Some(done) == total {
            let _ = write!(stderr, "\r\x1b[K");
        }
        let _ = stderr.flush();
    })
}

/// Prints a line of the answer. A reader that went away ends the program quietly.
pub fn line(text: &str) {
    let mut stdout = std::io::stdout().lock();
    if writeln!(stdout, "{text}").is_err() {
        std::process::exit(0);
    }
}

/// Prints a value as JSON.
pub fn json<T: Serialize>(value: &T) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| lumbung_app::Error::Broken(error.to_string()))?;
    line(&text);
    Ok(())
}

/// Prints what the check found.
pub fn report(report: &VerifyReport) {
    for check in &report.checks {
        let verdict = if check.ok { "ok" } else { "WRONG" };
        line(&format!("{verdict:5}  {} ({})", check.title, check.count));
        for finding in &check.findings {
            line(&format!("       - {finding}"));
        }
        let more = check.found.saturating_sub(check.findings.len() as u64);
        if more > 0 {
            line(&format!("       … and {more} more"));
        }
    }
    let verdict = if report.ok { "Everything adds up." } else { "Something is wrong: see above." };
    line(verdict);
}

/// Prints a failure and answers with its exit code.
pub fn failure(failure: &Failure, json: bool) -> ExitCode {
    let mut stderr = std::io::stderr().lock();
    // Where not even standard error can be written to, the exit code still tells.
    let _ = if json {
        let text = serde_json::to_string(failure).unwrap_or_else(|_| failure.message.clone());
        writeln!(stderr, "{text}")
    } else {
        writeln!(stderr, "{}", failure.message)
    };
    let code = if failure.code == "damaged" { 3 } else { 1 };
    ExitCode::from(code)
}
