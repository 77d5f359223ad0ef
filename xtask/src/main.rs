//! The tasks of this repository: `cargo xtask run`, `cargo xtask test` and their parts.
//!
//! **Invariant:** a task works on a fresh machine. What is missing is installed, or named in a
//! sentence that says what to do; nothing is skipped in silence.

mod bench;
mod check;
mod command;
mod dev;
mod doctor;
mod generated;
mod packages;
mod place;
mod report;
mod run;
mod setup;
mod simulate;
mod test;
mod window;

use std::process::ExitCode;

use crate::report::{Outcome, Stop};

const USAGE: &str = "\
cargo xtask <task>

  run          install what is missing, build, and open the window on a demo company
               --data DIR   the folder of the company (or LUMBUNG_DATA)
               --release    an optimised build
               --keep       without a display: leave the window running until Ctrl+C
  test         everything that has to hold: check, Rust tests, interface tests, real window
  check        format, clippy, interface types and lint, generated files, licences
  window-test  only the tests in the real window; words after it choose tests by name
  screens      a picture of every screen, light and dark, in two sizes, into screenshots/
  dev          the interface reloads as you type, the window runs beside it
  bindings     write ui/src/api/bindings.ts from the command table   (--check: compare)
  schema       write migrations/sqlite/schema.sql from the migrations (--check: compare)
  bench        measure in release and write docs/benchmarks.md        (--quick: only a look)
  simulate     the sync protocol in a storm            (--from SEED --seeds N; --mutants:
               every defence taken away in turn; --faults, --without, --watch: see its source)
  setup        install what the other tasks need, and do nothing else
  doctor       say what is on this machine and what is missing; change nothing

Every task takes --verbose: the tools talk for themselves.
";

fn main() -> ExitCode {
    report::begin();
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = args.iter().position(|arg| arg == "--verbose") {
        args.remove(at);
        report::be_verbose();
    }
    let task = if args.is_empty() { "help".to_owned() } else { args.remove(0) };
    match perform(&task, &args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            report::stopped(&stop);
            ExitCode::FAILURE
        }
    }
}

/// One arm for each task of the usage text.
fn perform(task: &str, args: &[String]) -> Outcome {
    match task {
        "run" => run::run(&run::Options::parse(args)?),
        "test" => none(args).and_then(|()| test::test()),
        "check" => none(args).and_then(|()| check::check()),
        "window-test" => window::test(args),
        "screens" => none(args).and_then(|()| window::screens()),
        "dev" => none(args).and_then(|()| dev::dev()),
        "bindings" => generated::bindings(generated::Mode::parse(args)?),
        "schema" => generated::schema(generated::Mode::parse(args)?),
        "bench" => bench::bench(args),
        "simulate" => simulate::simulate(args),
        "setup" => none(args).and_then(|()| setup::everything()),
        "doctor" => none(args).and_then(|()| doctor::doctor()),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        other => Err(Stop::new(format!("There is no task \"{other}\".\n\n{USAGE}"))),
    }
}

/// For tasks that take nothing: a word that would be ignored is a mistake worth telling.
fn none(args: &[String]) -> Outcome {
    match args.first() {
        None => Ok(()),
        Some(extra) => Err(Stop::new(format!(
            "This task takes no \"{extra}\". `cargo xtask help` lists what there is."
        ))),
    }
}
