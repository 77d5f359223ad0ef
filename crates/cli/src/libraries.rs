//! Whose work the product is made of: every library in the program and the screens, with its
//! licence, out of what cargo and npm locked.
//!
//! **Invariant:** what is only needed to build or to test is not listed; what ships is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use lumbung_app::{Error, Result};
use serde_json::Value;

/// What cargo and npm do not know of: fonts, and C code inside of crates.
const OTHERS: [[&str; 4]; 4] = [
    ["fonts", "Noto Sans", "", "OFL-1.1"],
    ["program", "OpenSSL", "", "Apache-2.0"],
    ["program", "SQLCipher", "", "BSD-3-Clause"],
    ["program", "SQLite", "", "blessing"],
];

/// Packages of ours that are no part of the product.
const TOOLS: [&str; 2] = ["tests/", "xtask/"];

type Row = (String, String, String, String);

/// The file, one library a line.
pub fn text(root: &Path) -> Result<String> {
    let mut rows: BTreeSet<Row> = BTreeSet::new();
    rows.extend(OTHERS.map(|[part, name, version, licence]| row(part, name, version, licence)));
    rows.extend(crates(root)?);
    rows.extend(packages(root)?);
    let mut text = String::from("[\n");
    for (at, row) in rows.iter().enumerate() {
        let line = serde_json::to_string(row).map_err(broken)?;
        let comma = if at + 1 < rows.len() { "," } else { "" };
        let _ = writeln!(text, "  {line}{comma}");
    }
    text.push_str("]\n");
    Ok(text)
}

fn row(part: &str, name: &str, version: &str, licence: &str) -> Row {
    (part.to_owned(), name.to_owned(), version.to_owned(), licence.to_owned())
}

fn broken(error: impl ToString) -> Error {
    Error::Broken(error.to_string())
}

fn str_of<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn list_of<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// Crates that our packages need to run, of every system they are built for.
fn crates(root: &Path) -> Result<Vec<Row>> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let answer = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .map_err(broken)?;
    if !answer.status.success() {
        return Err(broken(String::from_utf8_lossy(&answer.stderr)));
    }
    let all: Value = serde_json::from_slice(&answer.stdout).map_err(broken)?;
    let by_id = |key: &str| -> BTreeMap<String, Value> {
        let list = if key == "nodes" { &all["resolve"] } else { &all };
        let entry = |value: &Value| (str_of(value, "id").to_owned(), value.clone());
        list_of(list, key).iter().map(entry).collect()
    };
    let (packages, nodes) = (by_id("packages"), by_id("nodes"));
    let is_ours = |id: &&Value| {
        let manifest = id.as_str().and_then(|id| packages.get(id));
        let path = manifest.map_or("", |package| str_of(package, "manifest_path"));
        let inside = Path::new(path).strip_prefix(root).unwrap_or(Path::new(path));
        !TOOLS.iter().any(|tool| inside.starts_with(tool))
    };
    let ours = list_of(&all, "workspace_members").iter().filter(is_ours);
    let mut waiting: Vec<&str> = ours.filter_map(Value::as_str).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let Some(node) = nodes.get(id).filter(|_| seen.insert(id)) else { continue };
        let runs =
            |needed: &&Value| list_of(needed, "dep_kinds").iter().any(|k| k["kind"].is_null());
        let needed = list_of(node, "deps").iter().filter(runs);
        waiting.extend(needed.map(|needed| str_of(needed, "pkg")));
    }
    let theirs = seen.into_iter().filter_map(|id| packages.get(id));
    Ok(theirs
        .filter(|package| !package["source"].is_null())
        .map(|package| {
            let of = |key| str_of(package, key);
            row("program", of("name"), of("version"), of("license"))
        })
        .collect())
}

/// Packages of the screens that reach the window.
fn packages(root: &Path) -> Result<Vec<Row>> {
    let text = fs::read_to_string(root.join("ui/package-lock.json")).map_err(broken)?;
    let lock: Value = serde_json::from_str(&text).map_err(broken)?;
    let all = lock["packages"].as_object().into_iter().flatten();
    Ok(all
        .filter(|(path, package)| !path.is_empty() && package["dev"].as_bool() != Some(true))
        .map(|(path, package)| {
            let name = path.rsplit("node_modules/").next().unwrap_or(path);
            row("screens", name, str_of(package, "version"), str_of(package, "license"))
        })
        .collect())
}
