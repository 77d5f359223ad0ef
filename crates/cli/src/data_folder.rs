//! Where the data is, when nobody says.
//!
//! **Invariant:** it is the folder that the window uses.

use std::env;
use std::path::PathBuf;

const WINDOW: &str = "app.lumbung.desktop";

/// The folder that was named, or LUMBUNG_DATA, or the window's own.
pub fn choose(named: Option<&PathBuf>) -> Option<PathBuf> {
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    named
        .cloned()
        .or_else(|| variable("LUMBUNG_DATA").map(PathBuf::from))
        .or_else(|| users_data().map(|dir| dir.join(WINDOW)))
}

#[cfg(target_os = "windows")]
fn users_data() -> Option<PathBuf> {
    env::var_os("APPDATA").map(PathBuf::from)
}

#[cfg(target_os = "macos")]
fn users_data() -> Option<PathBuf> {
    env::var_os("HOME").map(|home| PathBuf::from(home).join("Library/Application Support"))
}

#[cfg(not(any(target_os = "windows", target_os = "macos")))]
fn users_data() -> Option<PathBuf> {
    let named = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    named.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_was_named_wins() {
        let named = PathBuf::from("/shop/data");
        assert_eq!(choose(Some(&named)), Some(named));
    }
}
