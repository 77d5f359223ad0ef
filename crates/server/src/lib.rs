//! The centre: the company's log, and what is served from it.
//!
//! Read in this order: [`log`] keeps the truth, [`replica`] makes books of it, [`http`] has the
//! doors, [`enrol`] and [`sessions`] let terminals and people in, [`run`] puts it together.
//!
//! **Invariant:** the log is the only truth the centre keeps. Replicas, snapshots and every table
//! beside the log can be made again from it.

#![deny(missing_docs)]

pub mod args;
pub mod auditor;
pub mod backup;
pub mod blobs;
pub mod centre;
pub mod companies;
pub mod enrol;
pub mod http;
pub mod jwt;
pub mod key;
pub mod log;
pub mod metrics;
pub mod office;
pub mod operator;
pub mod proof;
pub mod rate;
pub mod replica;
pub mod run;
pub mod sessions;
pub mod shell;
pub mod snapshots;
pub mod web;
pub mod words;
