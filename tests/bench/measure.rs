//! Samples of times, and how they are told.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Times of one thing done many times.
#[derive(Default)]
pub struct Sample {
    wall: Vec<Duration>,
    cpu: Vec<Duration>,
}

/// Processor time of this thread so far, in the program and in the system for it.
pub fn cpu_now() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or(0))
}

fn at(sorted: &[Duration], permille: usize) -> Duration {
    let index = (sorted.len() * permille / 1_000).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}

fn sorted(times: &[Duration]) -> Vec<Duration> {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted
}

fn told(times: &[Duration]) -> String {
    let sorted = sorted(times);
    format!("p50 {}, p99 {}", ms(at(&sorted, 500)), ms(at(&sorted, 990)))
}

impl Sample {
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

    /// Median of processor time.
    pub fn cpu_median(&self) -> Duration {
        at(&sorted(&self.cpu), 500)
    }

    /// The mean of processor time: what all of them took, over their number.
    pub fn cpu_mean(&self) -> Duration {
        let count = u32::try_from(self.cpu.len()).unwrap_or(u32::MAX).max(1);
        self.cpu.iter().sum::<Duration>() / count
    }

    /// Median by the clock on the wall.
    pub fn wall_median(&self) -> Duration {
        at(&sorted(&self.wall), 500)
    }
}

/// Pages of the log that one sale writes, as counted in its write-ahead log.
const PAGES: usize = 30;

/// The disk alone: as many bytes as a sale writes, and one fsync.
pub struct Disk {
    file: File,
    at: u64,
}

impl Disk {
    /// A file of its own.
    pub fn new(path: &Path) -> Self {
        let file = File::create(path).expect("a file");
        Self { file, at: 0 }
    }

    /// Writes, which is not measured, and syncs, which is.
    pub fn sync(&mut self, rounds: usize, sample: &mut Sample) {
        const PAGE: usize = 4_096;
        // As long as SQLite lets its log grow.
        const END: u64 = 1_000 * PAGE as u64;
        for _ in 0..rounds {
            self.file.seek(SeekFrom::Start(self.at)).expect("a place");
            self.file.write_all(&[7; PAGE * PAGES]).expect("written");
            self.at = (self.at + (PAGE * PAGES) as u64) % END;
            sample.take(|| self.file.sync_data().expect("synced"));
        }
    }
}

/// A time in milliseconds, with three digits behind the point.
pub fn ms(time: Duration) -> String {
    let micros = time.as_micros();
    format!("{}.{:03} ms", micros / 1_000, micros % 1_000)
}

/// One time over another, with two digits, rounded up: a limit is kept or it is not.
pub fn ratio(over: Duration, under: Duration) -> String {
    let hundredths = (over.as_nanos() * 100).div_ceil(under.as_nanos().max(1));
    format!("{}.{:02} ×", hundredths / 100, hundredths % 100)
}

/// So many things a second.
pub fn rate(count: usize, took: Duration) -> u128 {
    count as u128 * 1_000_000 / took.as_micros().max(1)
}

/// The most memory this process held, in megabytes.
pub fn peak_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1_024
}
