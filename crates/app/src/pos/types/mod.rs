//! What the till is told and what it answers.
//!
//! **Invariant:** amounts are Rust's; a screen shows them and sends back only what a person chose.

mod drawer;
mod receipt;
mod ticket;

pub use drawer::*;
pub use receipt::*;
pub use ticket::*;
