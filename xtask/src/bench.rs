//! Measuring, in release, on this machine.
//!
//! **Invariant:** the table says machine and method; a number without them is not written.

use std::fmt::Write;
use std::fs;

use crate::command::{Said, Step};
use crate::packages;
use crate::place;
use crate::report::{self, Outcome, Stop, Told};
use crate::setup;
use crate::window;

/// Where the numbers are kept.
const TABLE: &str = "docs/benchmarks.md";
const METHOD: &str = "\
Written by `cargo xtask bench` on the machine below, with nothing else running on it. Programs are
built in release; each measurement says how often it was repeated and which of the times is shown.
The store is measured by the program in `tests/bench/` on data folders of its own, the window by
starting it under WebKit's driver on a virtual display: its time includes the start of both.
";

/// Builds in release, measures and writes the table. `bench sync` only measures the centre's log
/// and shows it; its further words are those of the program. Other arguments go to the program that
/// measures the store, see `tests/bench/plan.rs`; with any, nothing is written.
///
/// # Errors
/// When it does not build, or a measurement fails.
pub fn bench(args: &[String]) -> Outcome {
    if let [word, rest @ ..] = args
        && word == "sync"
    {
        setup::system(&[packages::BUILD, packages::TEST])?;
        report::line(&sync(rest)?);
        return Ok(());
    }
    setup::system(&[packages::BUILD, packages::DISPLAY, packages::TEST])?;
    setup::built_interface()?;
    // Other sizes than the full ones are for looking: nothing is written then.
    let full = args.is_empty();
    let build = ["build", "--quiet", "--release", "--workspace"];
    Step::cargo("building, optimised", &build)
        .arg("--bin=bench")
        .arg("--bin=lumbung-desktop")
        .run()?;
    let release = place::released()?;
    report::say("measuring the store");
    let kept = release.join("bench.md");
    let mut store = Step::new("measuring the store", place::program(&release, "bench"), &[]);
    for word in args {
        store = store.arg(word);
    }
    // Every figure is shown as it is measured, and is in the file should the run be stopped.
    report::say(format_args!("figures are kept in {}", kept.display()));
    store.arg("--keep").arg(&kept).in_foreground()?;
    let store = fs::read_to_string(&kept)
        .map_err(|error| Stop::new(format!("Cannot read {}: {error}", kept.display())))?;
    report::say("measuring the window");
    let [tool] = window::build(["screens"])?;
    let screens = Step::new("measuring the window", tool, &["measure"])
        .env(window::WINDOW_VARIABLE, place::program(&release, "lumbung-desktop"));
    let shown = text(screens.aloud().output()?)?;
    let log = if full { sync(&[])? } else { sync(&["--quick".to_owned()])? };

    let page = format!(
        "# Benchmarks\n\n{METHOD}\n{}\n## Store\n\n{}\n\n## Window\n\n\
         | What | Value |\n| --- | --- |\n{}\n\n## The centre's log\n\n{}\n",
        machine(),
        store.trim(),
        shown.trim(),
        log.trim()
    );
    report::line(&page);
    if !full {
        return Ok(());
    }
    let path = place::root().join(TABLE);
    fs::write(&path, page)
        .map_err(|error| Stop::new(format!("Cannot write {}: {error}", path.display())))?;
    report::say(format_args!("{TABLE} is written"));
    Ok(())
}

/// The centre's log, on a PostgreSQL of its own and in a file.
fn sync(args: &[String]) -> Told<String> {
    report::say("measuring the centre's log");
    let bench = ["bench", "--quiet", "--package", "lumbung-server", "--bench", "sync", "--"];
    let mut program = Step::cargo("measuring the centre's log", &bench);
    for word in args {
        program = program.arg(word);
    }
    text(program.aloud().output()?)
}

fn text(bytes: Vec<u8>) -> Told<String> {
    String::from_utf8(bytes).map_err(|_| Stop::new("A measurement was not told in text."))
}

/// What the numbers were measured on.
fn machine() -> String {
    let read = |path: &str| Said(fs::read_to_string(path).unwrap_or_default());
    let value = |said: &Said, key: &str| {
        let line = said.lines_with(&[key]).next().unwrap_or("").to_owned();
        line.split_once(':').map_or_else(|| "unknown".to_owned(), |(_, v)| v.trim().to_owned())
    };
    let processors = read("/proc/cpuinfo");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rust = Step::cargo("rustc", &["--version"]).output().unwrap_or_default();
    let mut table = String::from("## Machine\n\n| | |\n| --- | --- |\n");
    for (name, value) in [
        ("Processor", format!("{} ({cores} cores)", value(&processors, "model name"))),
        ("Memory", value(&read("/proc/meminfo"), "MemTotal")),
        (
            "System",
            format!("{} {}", std::env::consts::OS, read("/proc/sys/kernel/osrelease").0.trim()),
        ),
        ("Rust", String::from_utf8_lossy(&rust).trim().to_owned()),
    ] {
        // Writing to a string does not fail.
        let _ = writeln!(table, "| {name} | {value} |");
    }
    table
}
