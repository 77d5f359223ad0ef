//! The window on a demo company.
//!
//! **Invariant:** a person sees the till: in a window where there is a display, in a picture where
//! there is none, and is told which.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::command::Step;
use crate::packages;
use crate::place;
use crate::report::{self, Outcome, Stop, Told};
use crate::setup;
use crate::window;

/// How to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    dir: Option<PathBuf>,
    release: bool,
    keep: bool,
}

impl Options {
    /// From the words after the task.
    ///
    /// # Errors
    /// When a word is not known.
    pub fn parse(args: &[String]) -> Told<Self> {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--data" => {
                    let dir = args.next().ok_or_else(|| Stop::new("--data wants a folder."))?;
                    options.dir = Some(PathBuf::from(dir));
                }
                "--release" => options.release = true,
                "--keep" => options.keep = true,
                other => {
                    return Err(Stop::new(format!(
                        "run takes --data DIR, --release and --keep, not \"{other}\"."
                    )));
                }
            }
        }
        Ok(options)
    }
}

/// Builds the window and opens it.
///
/// # Errors
/// When something cannot be installed, does not build, or the till does not appear.
pub fn run(options: &Options) -> Outcome {
    let seen = has_display();
    if seen {
        setup::system(&[packages::BUILD])?;
    } else {
        report::say("there is no display here: the window opens on a virtual one");
        setup::system(&[packages::BUILD, packages::DISPLAY])?;
    }
    setup::built_interface()?;
    let (window, tool) = build(options.release, seen)?;
    let dir = data_dir(options)?;
    report::say(format_args!("the demo company is in {}", dir.display()));
    match tool {
        None => in_sight(&window, &dir),
        Some(tool) => in_a_picture(&window, &tool, &dir, options.keep),
    }
}

/// Whether a window could be seen.
fn has_display() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// The window, and what drives it where nobody can see it.
fn build(release: bool, seen: bool) -> Told<(PathBuf, Option<PathBuf>)> {
    if release {
        let args = ["build", "--quiet", "--release", "--workspace", "--bin", "lumbung-desktop"];
        Step::cargo("building the window, optimised", &args).run()?;
        let window = place::program(&place::released()?, "lumbung-desktop");
        let tool = if seen { None } else { Some(window::build(["screens"])?) };
        return Ok((window, tool.map(|[tool]| tool)));
    }
    if seen {
        let [window] = window::build(["lumbung-desktop"])?;
        return Ok((window, None));
    }
    let [window, tool] = window::build(["lumbung-desktop", "screens"])?;
    Ok((window, Some(tool)))
}

fn data_dir(options: &Options) -> Told<PathBuf> {
    let named = options
        .dir
        .clone()
        .or_else(|| env::var_os("LUMBUNG_DATA").filter(|dir| !dir.is_empty()).map(PathBuf::from));
    let dir = match named {
        Some(dir) => dir,
        None => place::demo_dir()?,
    };
    let cannot = |error| Stop::new(format!("Cannot use the folder {}: {error}", dir.display()));
    fs::create_dir_all(&dir).map_err(cannot)?;
    dir.canonicalize().map_err(cannot)
}

fn in_sight(window: &Path, dir: &Path) -> Outcome {
    report::say("the window is opening; close it to stop");
    Step::new("the window", window, &["--demo", "--data"]).arg(dir).in_foreground()
}

fn in_a_picture(window: &Path, tool: &Path, dir: &Path, keep: bool) -> Outcome {
    let picture = window::pictures()?.join("till.png");
    let mut step = Step::new("the window", tool, &["till"])
        .env(window::WINDOW_VARIABLE, window)
        .env("LUMBUNG_DATA", dir)
        .env("LUMBUNG_SCREENSHOTS", window::pictures()?);
    if keep {
        step = step.arg("--keep");
    }
    step.in_foreground()?;
    report::say(format_args!("the till, as it looks: {}", picture.display()));
    report::line(
        "        Open that file with any picture viewer, or fetch it with scp. Where there",
    );
    report::line("        is a display, `cargo xtask run` opens the window itself.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_not_known_is_refused() {
        let parse = |words: &[&str]| {
            Options::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
        };
        assert!(parse(&["--release", "--keep", "--data", "shop"]).is_ok());
        assert!(parse(&["--data"]).is_err());
        assert!(parse(&["--fast"]).is_err());
    }
}
