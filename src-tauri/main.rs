//! The program a shopkeeper starts.
//!
//! **Invariant:** nothing is decided here; see `lumbung_desktop`.

// No console window behind the real one on Windows; in a debug build it is where logs are read.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match lumbung_desktop::run() {
        Ok(code) => ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)),
        Err(error) => {
            eprintln!("Lumbung could not open its window: {error}");
            ExitCode::FAILURE
        }
    }
}
