//! Lumbung in its real window: what a shop does from the first customer to the counted drawer.
//!
//! **Invariant:** a test does what a person at the till does and looks at what they see; only a
//! printed paper is read from its file.

#![cfg(target_os = "linux")]

mod centre;
mod day;
mod goods;
#[expect(dead_code, reason = "the pictures use the rest")]
mod harness;
mod office;
mod recovery;
mod selling;
