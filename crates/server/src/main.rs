//! The program of the centre.
//!
//! **Invariant:** nothing is served before the log is open.

#![deny(missing_docs)]

fn main() {}
