//! The figures: told as they are measured, so that a run that is stopped has told what it knew.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Where figures go: to standard output, and to a file besides where one was asked for.
pub struct Figures {
    file: Option<File>,
}

impl Figures {
    /// Begins anew.
    pub fn new(kept: Option<&Path>) -> Self {
        let file = kept.map(|path| {
            let mut options = OpenOptions::new();
            let file = options.write(true).create(true).truncate(true).open(path);
            file.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        });
        Self { file }
    }

    fn line(&mut self, text: &str) {
        println!("{text}");
        if let Some(file) = &mut self.file {
            writeln!(file, "{text}").expect("the figures are kept");
        }
    }

    /// A paragraph.
    pub fn text(&mut self, text: &str) {
        self.line(text);
        self.line("");
    }

    /// Begins a table of its own.
    pub fn table(&mut self, title: &str, what: &str) {
        self.line("");
        self.text(&format!("### {title}"));
        self.line(&format!("| {what} | Value |"));
        self.line("| --- | --- |");
    }

    /// One figure of the table that was begun.
    pub fn row(&mut self, what: &str, value: &str) {
        self.line(&format!("| {what} | {value} |"));
    }
}

/// Says how far it is.
pub fn say(text: &str) {
    eprintln!("bench: {text}");
}
