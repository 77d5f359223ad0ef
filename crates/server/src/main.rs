//! The program of the centre.
//!
//! **Invariant:** what goes wrong is one sentence on standard error and an exit code, never a
//! panic.

#![deny(missing_docs)]

use std::process::ExitCode;

use clap::Parser;
use lumbung_server::args::Args;
use tracing_subscriber::EnvFilter;

/// Which lines of the program's log are written: `info`, `lumbung_server=debug`.
const LOG_VAR: &str = "LUMBUNG_LOG";

fn main() -> ExitCode {
    let args = Args::parse();
    let filter = EnvFilter::try_from_env(LOG_VAR).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match args.log_json {
        true => lines.json().with_current_span(true).init(),
        false => lines.init(),
    }
    match lumbung_server::run::run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
