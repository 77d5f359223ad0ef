//! What the person at the terminal is told.
//!
//! **Invariant:** one line for each step with the time it took; the words of a tool are shown when
//! it fails, or when they were asked for.

use std::fmt::{self, Display};
use std::io::{IsTerminal, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Why a task stopped: a sentence that says what to do.
#[derive(Debug)]
pub struct Stop(String);

impl Stop {
    /// A reason, in the words of the person at the terminal.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl Display for Stop {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A value, or the reason why there is none.
pub type Told<T> = Result<T, Stop>;
/// Done, or the reason why not.
pub type Outcome = Told<()>;

static VERBOSE: AtomicBool = AtomicBool::new(false);
static START: OnceLock<Instant> = OnceLock::new();

/// The clock starts.
pub fn begin() {
    START.get_or_init(Instant::now);
}

/// From here on the tools talk for themselves.
pub fn be_verbose() {
    VERBOSE.store(true, Ordering::Relaxed);
}

/// Whether the tools talk for themselves.
pub fn is_verbose() -> bool {
    VERBOSE.load(Ordering::Relaxed)
}

/// Whether a line can be written over by the next.
pub fn is_live() -> bool {
    std::io::stdout().is_terminal() && !is_verbose()
}

/// A sentence on a line of its own, after the time since the start.
pub fn say(sentence: impl Display) {
    let start = *START.get_or_init(Instant::now);
    line(format_args!("[{}] {sentence}", clock(start.elapsed())));
}

/// A line as it is: the words of a tool, a path, a table.
pub fn line(text: impl Display) {
    let mut out = std::io::stdout().lock();
    // A reader that went away (a closed pipe) is no reason to stop the work.
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// A line that the next one replaces; only for a person who is watching.
pub fn passing(text: impl Display) {
    if is_live() {
        let start = *START.get_or_init(Instant::now);
        let mut out = std::io::stdout().lock();
        let _ = write!(out, "\r\x1b[2K[{}] {text}", clock(start.elapsed()));
        let _ = out.flush();
    }
}

/// Removes the passing line.
pub fn wipe() {
    if is_live() {
        let mut out = std::io::stdout().lock();
        let _ = write!(out, "\r\x1b[2K");
        let _ = out.flush();
    }
}

/// The last words of a task that did not end well.
pub fn stopped(stop: &Stop) {
    wipe();
    eprintln!("\nxtask: {stop}");
}

/// Minutes and seconds, as on a stopwatch.
pub fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{:>2}:{:02}", seconds / 60, seconds % 60)
}

/// A duration in the unit a person would choose.
pub fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 => format!("{} ms", time.as_millis()),
        1..=9 => format!("{seconds}.{} s", time.subsec_millis() / 100),
        10..=119 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_told_in_the_unit_a_person_would_choose() {
        for (millis, told) in
            [(250, "250 ms"), (1_250, "1.2 s"), (41_900, "41 s"), (125_000, "2 min 05 s")]
        {
            assert_eq!(took(Duration::from_millis(millis)), told);
        }
    }
}
