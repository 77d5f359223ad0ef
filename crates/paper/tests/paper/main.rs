//! Every document on every kind of paper, read back with the tools a stranger would use.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod golden;
mod pdf;
mod printer;
mod samples;
mod sheets;
mod tools;
mod transport;
