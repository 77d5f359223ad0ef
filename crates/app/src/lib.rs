//! What the product does: features over one store, behind one table of commands.
//!
//! **Invariant:** every change enters by [`App::call`] and leaves as one commit; no Tauri, no HTTP
//! and no second door.

#![deny(missing_docs)]

mod actor;
mod app;
pub mod audit;
pub mod backup;
pub mod bindings;
pub mod catalogue;
pub mod centre;
pub mod commands;
pub mod company;
pub mod customers;
pub mod demo;
mod derived;
pub mod door;
mod error;
pub mod exceptions;
pub mod finance;
pub mod imports;
pub mod inventory;
pub mod jobs;
pub mod pos;
pub mod printing;
pub mod schema;
pub mod standing;
pub mod start;
pub mod sync;
pub mod users;
pub mod verify;

pub use app::{App, AppConfig, Event};
pub use door::{Actor, Caller, Command};
pub use error::{Error, Failure, Refusal, Result};
pub use jobs::Progress;
