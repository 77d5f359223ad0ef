//! Every sentence of the program has words in every language of the interface.
//!
//! **Invariant:** what a person may be told is found here in the source itself, so a sentence that
//! nobody translated cannot be forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Files of words that translate what the program says.
const FILES: [&str; 5] = ["failure", "fields", "rows", "found", "machine"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A sentence in the source.
#[derive(Debug, PartialEq, Eq)]
struct Sentence {
    code: String,
    /// Its English words, where they stand beside the code.
    words: Option<String>,
}

/// A text from its opening quote on, as Rust and TypeScript write it, and what follows it.
fn text_at(source: &str) -> Option<(String, &str)> {
    let quote = source.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let mut letters = source[1..].char_indices();
    let mut text = String::new();
    while let Some((at, letter)) = letters.next() {
        match letter {
            end if end == quote => return Some((text, &source[at + 2..])),
            '\\' => match letters.next()?.1 {
                // A line that goes on: the spaces before the next word are none of the text.
                '\n' => {
                    while letters.as_str().starts_with([' ', '\n']) {
                        letters.next();
                    }
                }
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}

/// What follows every place where the source has `begin`.
fn after<'s>(source: &'s str, begin: &str) -> impl Iterator<Item = &'s str> {
    source.match_indices(begin).map(|(at, begin)| source[at + begin.len()..].trim_start())
}

/// The sentences of a source file.
fn sentences(source: &str) -> Vec<Sentence> {
    let mut all = Vec::new();
    let worded = |rest: &str| {
        let (code, rest) = text_at(rest)?;
        let (words, _) = text_at(rest.trim_start_matches(',').trim_start())?;
        Some(Sentence { code, words: Some(words) })
    };
    all.extend(after(source, "say!(").filter_map(worded));
    // The field comes before the name.
    let field = |rest: &str| worded(rest.split_once(',')?.1.trim_start());
    all.extend(after(source, "refuse_field!(").filter_map(field));
    let is_name = |code: &String| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let named = |rest: &str| {
        Some(Sentence { code: text_at(rest)?.0, words: None }).filter(|s| is_name(&s.code))
    };
    for begin in [" refuse(", "(refuse(", "Refusal::new(", "Said::new(", " said("] {
        all.extend(after(source, begin).filter_map(named));
    }
    for body in after(source, "fn code(&self) -> &'static str {") {
        let body = body.split("\n    }").next().unwrap_or_default();
        all.extend(after(body, "=> ").filter_map(named));
    }
    all
}

/// Rust sources of the product, without their tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut sources = Vec::new();
    let crates = ["domain", "sync", "paper", "app"];
    let mut waiting: Vec<PathBuf> =
        crates.iter().map(|name| repository().join("crates").join(name).join("src")).collect();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap_or_default();
                let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                let is_code = |line: &&str| !line.trim_start().starts_with("//");
                let code: String = code.split_inclusive('\n').filter(is_code).collect();
                sources.push((path, code));
            }
        }
    }
    sources
}

/// What the program says: where it stands, by code.
fn said() -> BTreeMap<String, Vec<(PathBuf, Option<String>)>> {
    let mut all: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (path, source) in sources() {
        for Sentence { code, words } in sentences(&source) {
            all.entry(code).or_default().push((path.clone(), words));
        }
    }
    all
}

/// The words of a language by code; a code that two files have is a mistake.
fn words(language: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for file in FILES {
        let path = repository().join("ui/src/text").join(language).join(format!("{file}.ts"));
        let text = fs::read_to_string(&path).unwrap_or_default();
        let begin = format!("export const {file} = {{");
        let body = text.split(&begin).nth(1).unwrap_or_default();
        let body = body.split("\n};").next().unwrap_or_default();
        for (code, words) in pairs(body) {
            let before = all.insert(code.clone(), words);
            assert_eq!(before, None, "{}: {code} is there twice", path.display());
        }
    }
    assert!(all.len() > 200, "{language}: only {} words were found", all.len());
    all
}

/// `name: "words",` of an object.
fn pairs(body: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = body;
    while let Some((name, after)) = rest.split_once(':') {
        let name = name.trim_start_matches(',').trim().trim_matches('"').to_owned();
        let Some((words, next)) = text_at(after.trim_start()) else { break };
        found.push((name, words));
        rest = next;
    }
    found
}

/// The names between the braces.
fn gaps(words: &str) -> BTreeSet<&str> {
    let inside = words.split('{').skip(1).filter_map(|part| part.split('}').next());
    let names = inside.map(|name| name.split(',').next().unwrap_or(name).trim());
    names.filter(|name| !name.is_empty()).collect()
}

/// The program's words as the interface writes them.
fn as_written(words: &str) -> String {
    words.replace('{', "{{").replace('}', "}}")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(repository()).unwrap_or(path).display().to_string()
}

#[test]
fn every_sentence_of_the_program_has_words_in_every_language() {
    let said = said();
    assert!(said.len() > 250, "only {} sentences were found", said.len());
    for language in ["en", "id"] {
        let words = words(language);
        let missing: Vec<String> = said
            .iter()
            .filter(|(code, _)| !words.contains_key(*code))
            .map(|(code, places)| format!("{code} ({})", shown(&places[0].0)))
            .collect();
        assert!(missing.is_empty(), "{language} has no words for:\n{}", missing.join("\n"));
    }
}

#[test]
fn a_sentence_says_the_same_wherever_it_is_said() {
    let words = words("en");
    let mut others = Vec::new();
    for (code, places) in said() {
        let english = words.get(&code).map(|words| words.replace(" ({{place}})", ""));
        for (path, said) in places {
            let Some(said) = said.map(|said| as_written(&said)) else { continue };
            if english.as_ref() != Some(&said) {
                others.push(format!("{code} in {}: {said:?}, not {english:?}", shown(&path)));
            }
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

#[test]
fn a_translation_names_only_facts_that_there_are() {
    let (english, indonesian) = (words("en"), words("id"));
    for (code, words) in &indonesian {
        let known = english.get(code).map(|words| gaps(words)).unwrap_or_default();
        let unknown: Vec<&str> = gaps(words).difference(&known).copied().collect();
        assert!(unknown.is_empty(), "{code}: {unknown:?} is not among {known:?}");
    }
}

#[test]
fn a_sentence_is_found_however_it_is_written() {
    let source = "say!(\n  \"unit_twice\",\n  \"The unit \\\n     {unit} \\\"is\\\" here.\",\n)\n\
                  refuse_field!(\"name\", \"name_taken\", \"Taken.\") \
                  Err(refuse(\"busy\", \"Wait\"))\n\
                  fn code(&self) -> &'static str {\n match self { A => \"a_code\",\n }\n    }";
    let found: Vec<String> = sentences(source)
        .into_iter()
        .map(|said| format!("{}: {}", said.code, said.words.unwrap_or_default()))
        .collect();
    let expected =
        ["unit_twice: The unit {unit} \"is\" here.", "name_taken: Taken.", "busy: ", "a_code: "];
    assert_eq!(found, expected);
    assert_eq!(
        pairs("\n  a: \"A {{b, money}}\",\n  \"c.d\":\n    \"C: d\",\n"),
        [("a".into(), "A {{b, money}}".into()), ("c.d".into(), "C: d".into())]
    );
    assert_eq!(gaps("A {{b, money}} {c}").into_iter().collect::<Vec<_>>(), ["b", "c"]);
}
