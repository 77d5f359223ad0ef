//! The files that are made from the code: the types of the interface, the sum of the migrations,
//! the libraries and their licences.
//!
//! **Invariant:** the program itself makes them; this only writes them down or compares.

use crate::command::Step;
use crate::place;
use crate::report::{self, Outcome, Stop};

/// Whether a file is written or only compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write the file when it differs.
    Write,
    /// Say whether it differs, and change nothing.
    Compare,
}

impl Mode {
    /// From the words after the task.
    ///
    /// # Errors
    /// When they are anything but `--check`.
    pub fn parse(args: &[String]) -> Result<Self, Stop> {
        match args {
            [] => Ok(Self::Write),
            [check] if check == "--check" => Ok(Self::Compare),
            _ => Err(Stop::new("This task takes only --check.")),
        }
    }
}

/// The types of every command, for the interface.
///
/// # Errors
/// When they cannot be made, or differ and were only to be compared.
pub fn bindings(mode: Mode) -> Outcome {
    make("bindings", "ui/src/api/bindings.ts", mode)
}

/// The sum of the migrations, for the reader.
///
/// # Errors
/// When it cannot be made, or differs and was only to be compared.
pub fn schema(mode: Mode) -> Outcome {
    make("schema", "migrations/sqlite/schema.sql", mode)
}

/// The libraries of the product and their licences, for the page about it.
///
/// # Errors
/// When they cannot be listed, or differ and were only to be compared.
pub fn libraries(mode: Mode) -> Outcome {
    make("libraries", "ui/src/features/about/libraries.json", mode)
}

fn make(what: &'static str, file: &str, mode: Mode) -> Outcome {
    let args = ["build", "--quiet", "--workspace", "--bin", "lumbung"];
    Step::cargo("building the command line", &args).quietly()?;
    let program = place::program(&place::built()?, "lumbung");
    let words: &[&str] = match mode {
        Mode::Write => &["dev", what],
        Mode::Compare => &["dev", what, "--check"],
    };
    // The program itself writes the file, or says in which line it differs.
    Step::new(what, program, words)
        .advice("Write it with `cargo xtask bindings`, `schema` or `libraries`, and commit it.")
        .quietly()?;
    if mode == Mode::Compare {
        report::say(format_args!("{file} is up to date"));
        return Ok(());
    }
    report::say(format_args!("{file} is written"));
    Ok(())
}
