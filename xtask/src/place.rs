//! Where things are.
//!
//! **Invariant:** every task works from any folder of the repository, and finds programs where
//! cargo put this one, whatever the target folder is called.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::report::{Stop, Told};

/// The root of the repository.
pub fn root() -> &'static Path {
    // The manifest of this crate lies in `xtask/`, one below the root.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// The interface.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// Where the pictures go that a person asked for; not under version control.
pub fn screenshots() -> PathBuf {
    root().join("screenshots")
}

/// The folder of development builds: the one this program was built into.
pub fn built() -> Told<PathBuf> {
    let here = env::current_exe()
        .map_err(|error| Stop::new(format!("This program cannot find itself: {error}")))?;
    let dir = here.parent().map(Path::to_path_buf);
    dir.ok_or_else(|| Stop::new("This program lies in no folder; run it by `cargo xtask`."))
}

/// The folder of optimised builds.
pub fn released() -> Told<PathBuf> {
    Ok(built()?.with_file_name("release"))
}

/// A program of this workspace, as cargo built it.
pub fn program(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// The logs of the quiet steps.
pub fn logs() -> Told<PathBuf> {
    let dir = built()?.with_file_name("xtask");
    fs::create_dir_all(&dir)
        .map_err(|error| Stop::new(format!("Cannot make {}: {error}", dir.display())))?;
    Ok(dir)
}

/// The usual folder of the demo company of this user.
pub fn demo_dir() -> Told<PathBuf> {
    let home = || env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).map(PathBuf::from);
    let base = if cfg!(windows) {
        env::var_os("LOCALAPPDATA").map(PathBuf::from)
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library/Application Support"))
    } else {
        let named = env::var_os("XDG_DATA_HOME").filter(|dir| !dir.is_empty());
        named.map(PathBuf::from).or_else(|| home().map(|home| home.join(".local/share")))
    };
    let base = base
        .ok_or_else(|| Stop::new("This user has no home folder; name a folder with --data DIR."))?;
    Ok(base.join("lumbung-demo"))
}

/// The full path of a program on PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths)
        .map(|dir| dir.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|path| path.is_file())
}

/// The moment the youngest of these files and folders changed. A folder's own time is part of it:
/// that is where a removed file shows.
pub fn youngest(paths: &[PathBuf]) -> Option<SystemTime> {
    let mut youngest = None;
    let mut waiting: Vec<PathBuf> = paths.to_vec();
    while let Some(path) = waiting.pop() {
        let Ok(about) = fs::metadata(&path) else {
            continue;
        };
        youngest = youngest.max(about.modified().ok());
        if about.is_dir() {
            let inside = fs::read_dir(&path).into_iter().flatten().flatten();
            waiting.extend(inside.map(|entry| entry.path()));
        }
    }
    youngest
}
