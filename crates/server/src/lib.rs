//! The centre: the company's log, and what is served from it.
//!
//! **Invariant:** the log is the only truth the centre keeps. Replicas, snapshots and every table
//! beside the log can be made again from it.

#![deny(missing_docs)]

pub mod log;
