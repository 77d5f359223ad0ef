//! The real window: its tests and its pictures.
//!
//! **Invariant:** the window that is tested is the one a plain build makes, with the page inside.

use std::fs;
use std::path::PathBuf;

use crate::command::Step;
use crate::packages;
use crate::place;
use crate::report::{self, Outcome, Stop, Told};
use crate::setup;
use crate::test;

/// Tells the harness which window to drive.
pub const WINDOW_VARIABLE: &str = "LUMBUNG_DESKTOP_BIN";

/// Installs what is missing, then runs the tests in the real window.
///
/// # Errors
/// When one does not pass.
pub fn test(filters: &[String]) -> Outcome {
    prepare()?;
    setup::tool(&setup::NEXTEST)?;
    for line in suite(filters)? {
        report::line(line);
    }
    Ok(())
}

/// The tests in the real window; everything they need is there.
///
/// # Errors
/// When one does not pass.
pub fn suite(filters: &[String]) -> Told<Vec<String>> {
    if !cfg!(target_os = "linux") {
        return Err(Stop::new(
            "The tests in the real window need WebKitGTK's driver, which only Linux has. \
             Run them on Linux, in a virtual machine or in CI.",
        ));
    }
    let [window] = build(["lumbung-desktop"])?;
    let mut args = vec!["nextest", "run", "--workspace", "--test", "window"];
    args.extend(["--profile", "window"]);
    args.extend(filters.iter().map(String::as_str));
    let said = Step::cargo("window tests", &args)
        .env(WINDOW_VARIABLE, window)
        .advice("target/window/ has a picture of each window that failed.")
        .run()?;
    Ok(test::closing_lines("window tests", &said, &["Summary ["]))
}

/// A picture of every screen.
///
/// # Errors
/// When a screen does not appear.
pub fn screens() -> Outcome {
    prepare()?;
    let [window, tool] = build(["lumbung-desktop", "screens"])?;
    let out = pictures()?;
    Step::new("screens", tool, &["all"])
        .env(WINDOW_VARIABLE, window)
        .env("LUMBUNG_SCREENSHOTS", &out)
        .in_foreground()?;
    report::say(format_args!("the pictures are in {}", out.display()));
    Ok(())
}

/// Everything between a fresh clone and a window that can be driven.
pub fn prepare() -> Outcome {
    setup::system(&[packages::BUILD, packages::DISPLAY, packages::TEST])?;
    setup::built_interface()
}

/// Builds programs of the workspace and says where they are.
///
/// # Errors
/// When one does not build.
pub fn build<const N: usize>(names: [&str; N]) -> Told<[PathBuf; N]> {
    // The whole workspace is named, so that every task resolves the same features of the same
    // dependencies and nothing is built twice.
    let mut step = Step::cargo("building the window", &["build", "--quiet", "--workspace"]);
    for name in names {
        step = step.arg(format!("--bin={name}"));
    }
    step.run()?;
    let dir = place::built()?;
    Ok(names.map(|name| place::program(&dir, name)))
}

/// The folder for pictures, made when it is not there.
pub fn pictures() -> Told<PathBuf> {
    let dir = place::screenshots();
    fs::create_dir_all(&dir)
        .map_err(|error| Stop::new(format!("Cannot make {}: {error}", dir.display())))?;
    Ok(dir)
}
