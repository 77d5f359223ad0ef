//! The terminal's side of the protocol, without input or output: what to send, and what an answer
//! means.
//!
//! **Invariant:** no clock, no randomness and no network in here: the terminal, the server's own
//! replica and the simulator run the same code.

mod replica;

pub use replica::{Applied, Chain, Me, Replica};
