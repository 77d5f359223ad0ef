//! The rules of the style guide that a machine can check.
//!
//! Each rule reads the files of the repository as text and names file, line and what to do.
//!
//! **Invariant:** every rule has a test that shows it catching what it is there for; a rule that
//! catches nothing any more is worse than none.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The longest a file may be, without its tests.
const LINES_MAX: usize = 500;
/// The longest a line of Rust may be.
const COLUMNS_MAX: usize = 100;
/// Folders that are made, not written.
const MADE: &[&str] =
    &[".git", "target", "node_modules", "dist", "gen", "screenshots", "proptest-regressions"];
/// Files that are made by a task and compared by `cargo xtask check`.
const GENERATED: &[&str] =
    &["ui/src/api/bindings.ts", "migrations/sqlite/schema.sql", "ui/package-lock.json"];
/// Who may know whom among our own packages; tests may know everybody.
const ARROWS: &[(&str, &[&str])] = &[
    ("crates/domain", &[]),
    ("crates/sync", &["lumbung-domain"]),
    ("crates/paper", &["lumbung-domain"]),
    ("crates/app", &["lumbung-domain", "lumbung-sync", "lumbung-paper"]),
    ("crates/cli", &["lumbung-app"]),
    (".", &["lumbung-app"]),
    ("tests/simulation", &["lumbung-sync"]),
    ("xtask", &[]),
];
/// What a package must not be able to do, by the dependencies it must not have.
const ABSENT: &[(&str, &[&str])] = &[
    ("crates/domain", &["rusqlite", "tokio", "tauri", "tracing", "getrandom", "reqwest"]),
    ("crates/paper", &["rusqlite", "tokio", "tauri", "reqwest"]),
    ("crates/sync", &["tauri", "axum"]),
    ("crates/app", &["tauri", "tokio", "axum", "reqwest"]),
];

/// A file of the repository.
struct File {
    /// From the root, with forward slashes.
    path: String,
    text: String,
}

impl File {
    fn is(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }

    fn under(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }

    fn is_interface(&self) -> bool {
        self.under("ui/src/") && (self.is("ts") || self.is("tsx") || self.is("css"))
    }

    /// Tests of the interface, and of a module that keeps them in a file of their own.
    fn is_test(&self) -> bool {
        self.path.contains(".test.")
            || self.path.ends_with("_tests.rs")
            || self.under("ui/src/test/")
            || self.under("tests/")
            || self.path.contains("/tests/")
    }

    /// The lines before the tests that stand under the code.
    fn own_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = if self.is("rs") { "#[cfg(test)]" } else { "\0" };
        let mut rest = self.text.lines().enumerate().map(|(at, line)| (at + 1, line)).peekable();
        std::iter::from_fn(move || {
            rest.next_if(|(_, line)| *line != tests || self.path.ends_with("tidy.rs"))
        })
    }

    /// A complaint about each line that has one of these.
    fn each_with(&self, words: &[&str], what: &str) -> Vec<String> {
        let mut complaints = Vec::new();
        for (number, line) in self.text.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                complaints.push(format!("{}:{}: `{word}`: {what}", self.path, number + 1));
            }
        }
        complaints
    }
}

type Rule = fn(&File) -> Vec<String>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every text file of the repository that a person wrote.
fn files() -> Vec<File> {
    let root = root();
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if !MADE.iter().any(|made| entry.file_name() == *made) {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                let path = path.strip_prefix(&root).unwrap_or(&path);
                let path = path.to_string_lossy().replace('\\', "/");
                files.push(File { path, text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 20, "the repository was not found from {}", root.display());
    files
}

fn holds(rule: Rule) {
    let complaints: Vec<String> = files().iter().flat_map(rule).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

// Packages

/// Our own and other packages a manifest names outside its `dev-dependencies`.
fn dependencies(manifest: &str) -> BTreeSet<&str> {
    let mut is_wanted = false;
    let mut found = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_wanted = line.ends_with("dependencies]")
                && !line.contains("dev-")
                && !line.contains("workspace");
        } else if is_wanted && line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            found.extend(line.split(['.', '=', ' ']).next());
        }
    }
    found
}

fn dependency_arrows(file: &File) -> Vec<String> {
    let Some(folder) = file.path.strip_suffix("Cargo.toml") else { return vec![] };
    let folder = if folder.is_empty() { "." } else { folder.trim_end_matches('/') };
    let named = dependencies(&file.text);
    let mut complaints = Vec::new();
    if let Some((_, allowed)) = ARROWS.iter().find(|(package, _)| *package == folder) {
        let ours = named.iter().filter(|name| name.starts_with("lumbung-"));
        for name in ours.filter(|name| !allowed.contains(*name)) {
            complaints.push(format!("{}: {name}: the arrow points the other way", file.path));
        }
    }
    if let Some((_, absent)) = ABSENT.iter().find(|(package, _)| *package == folder) {
        for name in named.iter().filter(|name| absent.contains(*name)) {
            complaints.push(format!("{}: {name}: this package exists to do without", file.path));
        }
    }
    complaints
}

fn rules_are_pure(file: &File) -> Vec<String> {
    if !file.is("rs") || !file.under("crates/domain/") {
        return vec![];
    }
    let words = ["SystemTime", "Utc::now", "Local::now", "Uuid::now", "std::fs", "async fn"];
    file.each_with(&words, "a rule gets what it needs as an argument")
}

// Store

/// The names of the tables that travel to other nodes, and the text of each declaration.
fn synced_tables(migration: &str) -> Vec<(&str, String)> {
    let mut tables = Vec::new();
    for table in migration.split("create table ").skip(1) {
        let Some((name, rest)) = table.split_once(" (") else { continue };
        let body = rest.split("\n)").next().unwrap_or(rest);
        let body = without_comments(body);
        if body.contains("_seq") {
            tables.push((name.trim(), body));
        }
    }
    tables
}

fn without_comments(sql: &str) -> String {
    let code = sql.lines().map(|line| line.split("--").next().unwrap_or(line));
    code.collect::<Vec<_>>().join("\n").to_lowercase()
}

fn is_migration(file: &File) -> bool {
    file.under("migrations/") && file.is("sql") && !GENERATED.contains(&file.path.as_str())
}

fn migrations_explain_themselves(file: &File) -> Vec<String> {
    if !is_migration(file) || file.text.starts_with("-- ") {
        return vec![];
    }
    vec![format!("{}:1: begin with a sentence on why these tables exist", file.path)]
}

fn apply_never_fails(file: &File) -> Vec<String> {
    if !is_migration(file) {
        return vec![];
    }
    let mut complaints = Vec::new();
    let code = without_comments(&file.text);
    for (table, body) in synced_tables(&file.text) {
        let forbidden = ["unique", "check", "references", "foreign key", "generated"];
        let mut words = body.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        if let Some(word) = words.find(|word| forbidden.contains(word)) {
            complaints.push(format!(
                "{}: {table}: `{word}` on a synced table: the use case refuses, apply never fails",
                file.path
            ));
        }
        let indexes = code.split("create unique index").skip(1);
        let on = format!(" on {table} ");
        if indexes.filter_map(|index| index.split(';').next()).any(|index| index.contains(&on)) {
            complaints.push(format!("{}: {table}: a unique index on a synced table", file.path));
        }
    }
    complaints
}

/// A complaint for each statement that writes one of these tables.
fn writes_to(tables: &BTreeSet<String>, file: &File) -> Vec<String> {
    let mut complaints = Vec::new();
    let is_code = file.is("rs") || file.is("sql");
    let is_product =
        (file.under("crates/") && !file.under("crates/sync/")) || file.under("src-tauri/");
    if !is_code || !is_product {
        return complaints;
    }
    for (number, line) in file.own_lines() {
        let line = line.to_lowercase();
        for verb in
            ["insert into ", "replace into ", "insert or ignore into ", "update ", "delete from "]
        {
            for (at, _) in line.match_indices(verb) {
                let rest = &line[at + verb.len()..];
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                let table = &rest[..end.unwrap_or(rest.len())];
                let is_sentence =
                    verb == "update " && !rest.contains(" set") && !rest.ends_with(table);
                if tables.contains(table) && !is_sentence {
                    complaints.push(format!(
                        "{}:{number}: {verb}{table}: facts leave only through Tx",
                        file.path
                    ));
                }
            }
        }
    }
    complaints
}

// Code

fn modules_say_what_they_are_for(file: &File) -> Vec<String> {
    if !file.is("rs") || file.is_test() || file.text.starts_with("//! ") {
        return vec![];
    }
    vec![format!("{}:1: begin with `//!` and a sentence on what this is for", file.path)]
}

fn files_fit_in_a_head(file: &File) -> Vec<String> {
    let is_code = file.is("rs") || file.is_interface();
    let is_exempt =
        GENERATED.contains(&file.path.as_str()) || file.is_test() || file.under("tests/");
    let lines = file.own_lines().count();
    if !is_code || is_exempt || lines <= LINES_MAX {
        return vec![];
    }
    vec![format!("{}: {lines} lines: split it by use case, never by layer", file.path)]
}

fn lines_fit_on_a_screen(file: &File) -> Vec<String> {
    let lines = file.text.lines().enumerate();
    lines
        .filter(|(_, line)| file.is("rs") && line.chars().count() > COLUMNS_MAX)
        .map(|(number, _)| {
            format!("{}:{}: longer than {COLUMNS_MAX} columns", file.path, number + 1)
        })
        .collect()
}

fn nothing_is_left_for_later(file: &File) -> Vec<String> {
    if file.path == "tests/tidy.rs" || file.path == "clippy.toml" || !file.path.contains('.') {
        return vec![];
    }
    if file.is("rs") {
        let words = ["#[ignore", "todo!(", "dbg!(", "unimplemented!(", "// TODO", "// FIXME"];
        let mut complaints = file.each_with(&words, "finish it, or make it an issue");
        if file.is_test() {
            // Elsewhere clippy asks for the reason.
            complaints.extend(file.each_with(&["sleep("], "wait for the thing itself"));
        }
        return complaints;
    }
    if file.is_interface() {
        let words =
            [".only(", ".skip(", ".todo(", "// TODO", "// FIXME", "debugger;", "@ts-ignore"];
        return file.each_with(&words, "finish it, or make it an issue");
    }
    vec![]
}

/// Spelled in halves, so that this file does not complain about itself.
const WORKPLACE: &[&str] =
    &[concat!("/wo", "rk/main"), concat!("/wo", "rk/shared"), concat!("/tmp/", "brief")];

fn no_workplace_is_named(file: &File) -> Vec<String> {
    file.each_with(WORKPLACE, "a path that exists on one machine only")
}

// Interface

fn one_file_knows_the_other_side(file: &File) -> Vec<String> {
    let is_transport = file.path == "ui/src/api/transport.ts";
    if !file.is_interface() || is_transport || file.is_test() {
        return vec![];
    }
    let words = ["from \"@tauri-apps/", "import(\"@tauri-apps/", "__TAURI"];
    file.each_with(&words, "only ui/src/api/transport.ts knows the window")
}

fn colours_have_names(file: &File) -> Vec<String> {
    if !file.is_interface() || file.path == "ui/src/styles/tokens.css" || file.is_test() {
        return vec![];
    }
    let mut complaints =
        file.each_with(&["rgb(", "rgba(", "hsl(", "hsla(", "oklch("], "use a token of tokens.css");
    for (number, line) in file.text.lines().enumerate() {
        if line.split('#').skip(1).any(is_colour_code) {
            complaints.push(format!("{}:{}: use a token of tokens.css", file.path, number + 1));
        }
    }
    complaints
}

/// Whether what follows a `#` is a colour: exactly 3, 4, 6 or 8 hexadecimal digits with a digit
/// among them, or the shorthand in a style sheet.
fn is_colour_code(rest: &str) -> bool {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    let word = &rest[..end.unwrap_or(rest.len())];
    matches!(word.len(), 3 | 4 | 6 | 8) && word.chars().all(|c| c.is_ascii_hexdigit())
}

fn components_know_no_feature(file: &File) -> Vec<String> {
    if !file.under("ui/src/components/") {
        return vec![];
    }
    file.each_with(&["/features/"], "a component knows no feature")
}

/// The keys of a file of words, with how deep each lies: every name or text before a colon that is
/// not inside a text itself.
fn keys(words: &str) -> Vec<(usize, String)> {
    let mut keys = Vec::new();
    let (mut depth, mut last) = (0_usize, String::new());
    let is_comment = |line: &&str| ["//", "/*", "*"].iter().any(|c| line.trim().starts_with(c));
    let code: String = words.lines().filter(|line| !is_comment(line)).collect();
    let mut rest = code.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' | '\'' | '`' => last = text_until(character, &mut rest),
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth > 0 && !last.is_empty() => keys.push((depth, std::mem::take(&mut last))),
            ',' | ';' | '=' => last.clear(),
            name if name.is_ascii_alphanumeric() || name == '_' => {
                last = name.to_string();
                while let Some(more) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    last.push(more);
                }
            }
            _ => {}
        }
    }
    keys
}

/// A text up to its closing quote.
fn text_until(quote: char, rest: &mut impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    while let Some(character) = rest.next() {
        match character {
            '\\' => text.extend(rest.next()),
            end if end == quote => break,
            other => text.push(other),
        }
    }
    text
}

#[test]
fn the_arrows_between_packages_point_one_way() {
    holds(dependency_arrows);
}

#[test]
fn rules_have_no_clock_no_files_and_no_threads() {
    holds(rules_are_pure);
}

#[test]
fn every_migration_begins_with_why() {
    holds(migrations_explain_themselves);
}

#[test]
fn a_synced_table_refuses_nothing() {
    holds(apply_never_fails);
}

#[test]
fn synced_tables_are_written_only_through_tx() {
    let files = files();
    let migrations = files.iter().filter(|file| is_migration(file));
    let tables: BTreeSet<String> = migrations
        .flat_map(|file| synced_tables(&file.text))
        .map(|(table, _)| table.to_owned())
        .collect();
    assert!(tables.contains("sale"), "the migrations declare no sales any more: {tables:?}");
    let complaints: Vec<String> = files.iter().flat_map(|file| writes_to(&tables, file)).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    holds(modules_say_what_they_are_for);
}

#[test]
fn every_file_fits_in_a_head_and_every_line_on_a_screen() {
    holds(files_fit_in_a_head);
    holds(lines_fit_on_a_screen);
}

#[test]
fn nothing_is_skipped_or_left_for_later() {
    holds(nothing_is_left_for_later);
}

#[test]
fn no_path_of_one_machine_is_in_a_file() {
    holds(no_workplace_is_named);
}

#[test]
fn one_file_of_the_interface_knows_the_window() {
    holds(one_file_knows_the_other_side);
}

#[test]
fn every_colour_is_a_token() {
    holds(colours_have_names);
}

#[test]
fn a_component_knows_no_feature() {
    holds(components_know_no_feature);
}

#[test]
fn english_and_indonesian_have_the_same_words() {
    let files = files();
    let of = |path: &str| files.iter().find(|file| file.path == path);
    let mut compared = 0;
    for english in files.iter().filter(|file| file.under("ui/src/text/en/")) {
        let path = english.path.replace("/en/", "/id/");
        let indonesian = of(&path).unwrap_or_else(|| panic!("{path} is missing"));
        let (ours, theirs) = (keys(&english.text), keys(&indonesian.text));
        let at = ours.iter().zip(&theirs).position(|(ours, theirs)| ours != theirs);
        let at = at.unwrap_or(ours.len().min(theirs.len()));
        assert_eq!(ours.get(at), theirs.get(at), "{path}: the first key that differs");
        compared += 1;
    }
    let others = files.iter().filter(|file| file.under("ui/src/text/id/")).count();
    assert!(compared > 0 && compared == others, "{compared} files in English, {others} not");
}

#[test]
fn every_font_and_picture_lies_beside_its_licence_or_source() {
    let mut folders = BTreeSet::new();
    let mut waiting = vec![root().join("assets"), root().join("ui/src"), root().join("ui/public")];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
            if path.is_dir() {
                waiting.push(path);
            } else if matches!(extension.as_str(), "ttf" | "otf" | "woff" | "woff2" | "csv") {
                folders.insert(folder.clone());
            }
        }
    }
    for folder in folders {
        let names = fs::read_dir(&folder).into_iter().flatten().flatten();
        let stated =
            names.map(|entry| entry.file_name().to_string_lossy().into_owned()).any(|name| {
                ["LICENSE", "LICENCE", "OFL", "README"].iter().any(|word| name.starts_with(word))
            });
        assert!(stated, "{} has no licence or README beside its files", folder.display());
    }
}

#[test]
fn every_file_of_tests_is_run() {
    let manifest = fs::read_to_string(root().join("tests/Cargo.toml")).unwrap_or_default();
    for entry in fs::read_dir(root().join("tests")).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_named = manifest.contains(&format!("path = \"{name}\""));
        assert!(
            !name.ends_with(".rs") || is_named,
            "tests/{name} is not named in tests/Cargo.toml, so nobody runs it"
        );
    }
}

// The rules themselves

/// What a rule says of a file with this text: how many complaints.
fn check(rule: Rule, path: &str, text: &str, complaints: usize) {
    let file = File { path: path.to_owned(), text: text.to_owned() };
    let said = rule(&file);
    assert_eq!(said.len(), complaints, "{path}: {text}: {said:?}");
}

#[test]
fn each_rule_catches_what_it_is_there_for() {
    let manifest = "[dependencies]\nlumbung-app.workspace = true\nserde = \"1\"\n";
    check(dependency_arrows, "crates/domain/Cargo.toml", manifest, 1);
    check(dependency_arrows, "crates/cli/Cargo.toml", manifest, 0);
    check(dependency_arrows, "crates/app/Cargo.toml", "[dependencies]\ntauri = \"2\"", 1);
    check(rules_are_pure, "crates/domain/src/tax.rs", "let at = Utc::now();", 1);
    check(migrations_explain_themselves, "migrations/sqlite/V10__x.sql", "create table x", 1);
    let synced = "create table sale (\n  number text unique,\n  _seq integer\n) strict;";
    check(apply_never_fails, "migrations/sqlite/V10__x.sql", synced, 1);
    let local = "create table print_job (\n  number text unique\n) strict;";
    check(apply_never_fails, "migrations/sqlite/V10__x.sql", local, 0);
    let index = "create table sale (\n  _seq integer\n);\ncreate unique index a on sale (b);";
    check(apply_never_fails, "migrations/sqlite/V10__x.sql", index, 1);
    check(modules_say_what_they_are_for, "crates/app/src/x.rs", "use std::fs;", 1);
    check(files_fit_in_a_head, "crates/app/src/x.rs", &"\n".repeat(LINES_MAX + 1), 1);
    check(lines_fit_on_a_screen, "crates/app/src/x.rs", &"x".repeat(COLUMNS_MAX + 1), 1);
    check(nothing_is_left_for_later, "tests/pos.rs", "thread::sleep(a)", 1);
    check(nothing_is_left_for_later, "ui/src/a.test.ts", "it.skip(1)", 1);
    check(no_workplace_is_named, "README.md", WORKPLACE[0], 1);
    check(one_file_knows_the_other_side, "ui/src/a.ts", "from \"@tauri-apps/api\"", 1);
    check(colours_have_names, "ui/src/a.css", "color: #a0b1c2;", 1);
    check(colours_have_names, "ui/src/a.tsx", "href=\"#/add\" id=\"#\"", 0);
    check(components_know_no_feature, "ui/src/components/A.tsx", "from \"../features/till\"", 1);
}

#[test]
fn a_write_past_the_journal_is_caught_and_a_sentence_is_not() {
    let tables = BTreeSet::from(["sale".to_owned(), "product".to_owned()]);
    for (line, caught) in [
        ("db.execute(\"insert into sale (a) values (1)\")", 1),
        ("\"update product set name = :name\"", 1),
        ("\"DELETE FROM sale\"", 1),
        ("\"insert into product_word (a) values (1)\"", 0),
        ("// An update sale by sale would be slow.", 0),
        ("\"select * from sale\"", 0),
    ] {
        let path = "crates/app/src/pos/store.rs".to_owned();
        let file = File { path, text: line.to_owned() };
        assert_eq!(writes_to(&tables, &file).len(), caught, "{line}");
    }
}

#[test]
fn words_are_compared_by_key() {
    let english = "/** It's: words. */\nexport const till = {\n  pay: \"Pay\",\n\
                   hold: { note:\n \"Note: why\", \"7\": \"Week\" },\n};";
    let found: Vec<String> = keys(english).into_iter().map(|(_, key)| key).collect();
    assert_eq!(found, ["pay", "hold", "note", "7"]);
}
