//! Samples of times, and how they are told.

use std::fmt::Write;
use std::fs;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Times of one thing done many times.
pub struct Sample {
    wall: Vec<Duration>,
    cpu: Vec<Duration>,
}

fn cpu_now() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or(0))
}

fn at(sorted: &[Duration], permille: usize) -> Duration {
    let index = (sorted.len() * permille / 1_000).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}

fn told(times: &[Duration]) -> String {
    let mut sorted = times.to_vec();
    sorted.sort();
    format!("p50 {:.2?}, p99 {:.2?}", at(&sorted, 500), at(&sorted, 990))
}

fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    at(&sorted, 500)
}

impl Sample {
    /// Nothing measured yet.
    pub fn new() -> Self {
        Self { wall: Vec::new(), cpu: Vec::new() }
    }

    /// Does it once and keeps the times.
    pub fn take<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (wall, cpu) = (Instant::now(), cpu_now());
        let result = work();
        self.cpu.push(cpu_now().saturating_sub(cpu));
        self.wall.push(wall.elapsed());
        result
    }

    /// Median and 99th percentile by the clock on the wall.
    pub fn wall(&self) -> String {
        told(&self.wall)
    }

    /// Median and 99th percentile of processor time.
    pub fn cpu(&self) -> String {
        told(&self.cpu)
    }

    /// Median by the clock on the wall.
    pub fn wall_median(&self) -> Duration {
        median(&self.wall)
    }

    /// Median of processor time.
    pub fn cpu_median(&self) -> Duration {
        median(&self.cpu)
    }
}

/// One time over another, with two digits.
pub fn ratio(over: Duration, under: Duration) -> String {
    let hundredths = over.as_nanos() * 100 / under.as_nanos().max(1);
    format!("{}.{:02} ×", hundredths / 100, hundredths % 100)
}

/// A Markdown table.
pub fn table(heading: &str, rows: &[(String, String)]) -> String {
    let mut text = format!("{heading}\n\n| What | Value |\n| --- | --- |\n");
    for (what, value) in rows {
        // Writing to a string does not fail.
        let _ = writeln!(text, "| {what} | {value} |");
    }
    text
}

/// The most memory this process held, in megabytes.
pub fn peak_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1_024
}
