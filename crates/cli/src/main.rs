//! The same door from a shell: call a command, bring data in, check it, copy it, restore it.
//!
//! **Invariant:** every change goes through the application; this crate parses arguments, shows
//! progress and turns answers into text and exit codes.

mod args;
mod centre;
mod data_folder;
mod dev;
mod import;
mod libraries;
mod run;
mod show;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let given = args::Args::parse();
    show::log(given.verbose);
    match run::run(&given) {
        Ok(outcome) => outcome.exit(),
        Err(failure) => show::failure(&failure, given.json),
    }
}
