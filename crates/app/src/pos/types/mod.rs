//! What the till is told and what it answers.
//!
//! **Invariant:** amounts are Rust's; a screen shows them and sends back only what a person chose.

mod account;
mod drawer;
mod receipt;
mod ticket;

pub use account::*;
pub use drawer::*;
pub use receipt::*;
pub use ticket::*;
