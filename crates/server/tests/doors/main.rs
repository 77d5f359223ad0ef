//! The centre through its doors: the real routes over a real log file, with a real till.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod exchange;
mod files;
mod hostile;
mod people;
#[cfg(unix)]
mod program;
mod routes;
mod shop;
