//! Running a tool.
//!
//! **Invariant:** a tool that runs is never silent for longer than [`SILENCE`], and never ends
//! without its outcome being told.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::place;
use crate::report::{self, Outcome, Stop, Told};

/// The longest a step says nothing where lines cannot be replaced (in CI).
const SILENCE: Duration = Duration::from_secs(60);
/// How often the clock moves for a person who is watching.
const TICK: Duration = Duration::from_secs(1);
/// How many lines of a failed tool are shown; the rest is in the log that is named.
const LINES_SHOWN: usize = 80;

/// A tool, run for one purpose.
pub struct Step {
    /// What is being done, in a few words: also the name of its log.
    name: &'static str,
    command: Command,
    /// What the person can do when it fails.
    advice: &'static str,
}

/// What a tool said.
pub struct Said(pub String);

impl Step {
    /// A tool in the root of the repository.
    pub fn new(name: &'static str, program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Self {
        let mut command = Command::new(program);
        command.args(args).current_dir(place::root()).stdin(Stdio::null());
        Self { name, command, advice: "" }
    }

    /// The cargo that runs this program.
    pub fn cargo(name: &'static str, args: &[&str]) -> Self {
        Self::new(name, cargo(), args)
    }

    /// npm, in the folder of the interface.
    pub fn npm(name: &'static str, args: &[&str]) -> Self {
        let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
        Self::new(name, program, args).within(&place::ui())
    }

    /// With one more word.
    #[must_use]
    pub fn arg(mut self, word: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(word);
        self
    }

    /// In another folder.
    #[must_use]
    pub fn within(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// With a variable set.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// With its complaints and progress on this terminal.
    #[must_use]
    pub fn aloud(mut self) -> Self {
        self.command.stderr(Stdio::inherit());
        self
    }

    /// With what to do when it fails.
    #[must_use]
    pub fn advice(mut self, advice: &'static str) -> Self {
        self.advice = advice;
        self
    }

    /// Runs it with its words in a log, and tells how long it took.
    ///
    /// # Errors
    /// When it cannot start or does not succeed; its last lines are shown then.
    pub fn run(self) -> Told<Said> {
        let name = self.name;
        let started = Instant::now();
        let said = self.quietly()?;
        report::say(format_args!("{name}: {}", report::took(started.elapsed())));
        Ok(said)
    }

    /// Runs it with its words in a log, and says nothing when it succeeds.
    ///
    /// # Errors
    /// As [`Step::run`].
    pub fn quietly(mut self) -> Told<Said> {
        let log = place::logs()?.join(format!("{}.log", self.name.replace(' ', "-")));
        if report::is_verbose() {
            report::say(format_args!("{} …", self.name));
            let status = self.command.status().map_err(|error| self.cannot_start(&error))?;
            return self.judge(status, &log, Said(String::new()));
        }
        let file = File::create(&log).map_err(|error| unwritable(&log, &error))?;
        let copy = file.try_clone().map_err(|error| unwritable(&log, &error))?;
        self.command.stdout(file).stderr(copy);
        let child = self.command.spawn().map_err(|error| self.cannot_start(&error))?;
        let status = self.watch(child)?;
        let words = fs::read(&log).map_err(|error| unwritable(&log, &error))?;
        self.judge(status, &log, Said(String::from_utf8_lossy(&words).into_owned()))
    }

    /// Runs it in the foreground, with this terminal.
    ///
    /// # Errors
    /// When it cannot start or does not succeed.
    pub fn in_foreground(mut self) -> Outcome {
        self.command.stdin(Stdio::inherit());
        let status = self.command.status().map_err(|error| self.cannot_start(&error))?;
        if status.success() { Ok(()) } else { Err(self.failed(status)) }
    }

    /// Starts it beside this program, with this terminal.
    ///
    /// # Errors
    /// When it cannot start.
    pub fn in_background(mut self) -> Told<Child> {
        self.command.spawn().map_err(|error| self.cannot_start(&error))
    }

    /// What it writes to its standard output, when it succeeds.
    ///
    /// # Errors
    /// When it cannot start or does not succeed; what it complained about is part of the reason.
    pub fn output(mut self) -> Told<Vec<u8>> {
        let output = self.command.output().map_err(|error| self.cannot_start(&error))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        report::line(String::from_utf8_lossy(&output.stderr).trim_end());
        Err(self.failed(output.status))
    }

    /// Whether it runs and succeeds, without a word.
    pub fn succeeds(mut self) -> bool {
        self.command.stdout(Stdio::null()).stderr(Stdio::null());
        self.command.status().is_ok_and(|status| status.success())
    }

    fn watch(&self, mut child: Child) -> Told<ExitStatus> {
        let started = Instant::now();
        let (ended, end) = mpsc::channel();
        thread::spawn(move || {
            // The receiver is gone only when this program is ending.
            let _ = ended.send(child.wait());
        });
        let pause = if report::is_live() { TICK } else { SILENCE };
        loop {
            let time = report::took(started.elapsed());
            report::passing(format_args!("{} … {time}", self.name));
            match end.recv_timeout(pause) {
                Ok(status) => {
                    report::wipe();
                    return status.map_err(|error| self.cannot_start(&error));
                }
                Err(RecvTimeoutError::Timeout) if !report::is_live() => {
                    let time = report::took(started.elapsed());
                    report::say(format_args!("{} … {time} so far", self.name));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Stop::new(format!("{} ended without an answer.", self.name)));
                }
            }
        }
    }

    fn judge(&self, status: ExitStatus, log: &Path, said: Said) -> Told<Said> {
        if status.success() {
            return Ok(said);
        }
        for line in said.last(LINES_SHOWN) {
            report::line(line);
        }
        if !said.0.is_empty() {
            report::line(format_args!("(all of it: {})", log.display()));
        }
        Err(self.failed(status))
    }

    fn failed(&self, status: ExitStatus) -> Stop {
        let advice = if self.advice.is_empty() { "" } else { " " };
        Stop::new(format!("{} did not succeed ({status}).{advice}{}", self.name, self.advice))
    }

    fn cannot_start(&self, error: &io::Error) -> Stop {
        let program = self.command.get_program().to_string_lossy();
        Stop::new(format!(
            "{}: {program} cannot be run ({error}). `cargo xtask doctor` lists what is missing.",
            self.name
        ))
    }
}

impl Said {
    /// Its last lines that are not empty.
    pub fn last(&self, count: usize) -> Vec<&str> {
        let lines: Vec<&str> = self.0.lines().filter(|line| !line.trim().is_empty()).collect();
        lines[lines.len().saturating_sub(count)..].to_vec()
    }

    /// The lines in which a runner sums itself up.
    pub fn lines_with<'a>(&'a self, words: &'a [&str]) -> impl Iterator<Item = &'a str> {
        let matches = move |line: &&str| words.iter().any(|word| line.contains(word));
        self.0.lines().map(str::trim_end).filter(matches)
    }
}

/// The cargo that runs this program, so that a chosen toolchain stays chosen.
pub fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

fn unwritable(log: &Path, error: &io::Error) -> Stop {
    Stop::new(format!("Cannot write the log {}: {error}.", log.display()))
}
