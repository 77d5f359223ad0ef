//! Builds the window: checks `tauri.conf.json`, the capabilities and the icons.
//!
//! **Invariant:** nothing generated lands in a folder that is under version control.

use std::{env, error::Error, fs, path::PathBuf};

/// The commands a capability may name. There is one door, so there is one command.
const COMMANDS: &[&str] = &["call"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src-tauri/build.rs");
    // With a pattern of our own, tauri-build does not watch the folder by itself.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    // `generate_context!` does not compile without the folder, and does not notice files which
    // appear in an empty one.
    fs::create_dir_all("ui/dist")?;
    println!("cargo:rerun-if-changed=ui/dist");

    // Left to itself, tauri-build writes the command permissions to the root of the repository.
    let out = env::var_os("OUT_DIR").ok_or("cargo did not set OUT_DIR")?;
    let permissions = PathBuf::from(out).join("command-permissions");
    if permissions.exists() {
        fs::remove_dir_all(&permissions)?;
    }
    tauri_utils::acl::build::autogenerate_command_permissions(&permissions, COMMANDS, "", false);
    // The attribute wants a `'static` text; a build script lives shorter than the leak matters.
    let pattern: &'static str = format!("{}/*.toml", permissions.display()).leak();

    let manifest = tauri_build::AppManifest::new().permissions_path_pattern(pattern);
    tauri_build::try_build(
        tauri_build::Attributes::new()
            .capabilities_path_pattern("./src-tauri/capabilities/**/*.json")
            .app_manifest(manifest),
    )?;
    Ok(())
}
