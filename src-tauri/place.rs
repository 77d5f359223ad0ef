//! Where the company of this window lives.
//!
//! **Invariant:** a folder that was named is used as it is; only an unnamed one is looked up.

use std::{env, ffi::OsString, path::PathBuf};

use tauri::{AppHandle, Manager, Runtime};

/// The folder and the kind of company, as the start of the program said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    dir: Option<PathBuf>,
    demo: bool,
}

impl Place {
    /// From `--data DIR` and `--demo`, or `LUMBUNG_DATA` and `LUMBUNG_DEMO`. Anything else on the
    /// command line is for the toolkit and left alone.
    pub fn from_environment(args: impl IntoIterator<Item = OsString>) -> Self {
        let mut place = Self {
            dir: env::var_os("LUMBUNG_DATA").filter(|dir| !dir.is_empty()).map(PathBuf::from),
            demo: env::var_os("LUMBUNG_DEMO").is_some_and(|value| value == "1"),
        };
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            if arg == "--data" {
                place.dir = args.next().map(PathBuf::from).or(place.dir);
            } else if arg == "--demo" {
                place.demo = true;
            }
        }
        place
    }

    /// Whether the folder was named, rather than being the usual one of this user.
    pub fn is_explicit(&self) -> bool {
        self.dir.is_some()
    }

    /// Whether an empty folder becomes the demo company.
    pub fn is_demo(&self) -> bool {
        self.demo
    }

    /// The folder of the company.
    ///
    /// # Errors
    /// When none was named and the system does not say where programs keep their data.
    pub fn data_dir<R: Runtime>(&self, app: &AppHandle<R>) -> tauri::Result<PathBuf> {
        match &self.dir {
            Some(dir) => Ok(dir.clone()),
            None => app.path().app_data_dir(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(args: &[&str]) -> Place {
        Place::from_environment(args.iter().map(OsString::from))
    }

    #[test]
    fn a_folder_named_on_the_command_line_is_used_as_it_is() {
        let named = place(&["--data", "shop two", "--demo"]);
        assert_eq!(named.dir, Some(PathBuf::from("shop two")));
        assert!(named.is_explicit() && named.is_demo());
    }

    #[test]
    fn words_for_the_toolkit_are_left_alone() {
        assert!(!place(&["--gtk-debug", "all"]).is_demo());
    }
}
