//! What an import would do, or did.
//!
//! **Invariant:** a trial and the import itself are made by the same code from the same plan, so
//! what was promised is what happens.

use lumbung_domain::ids::ImportId;
use serde::Serialize;
use ts_rs::TS;

use super::fields::ImportKind;
use super::mapping::RowError;
use super::sales::summary::SalesSummary;

/// Errors, warnings and examples that are shown; all are counted.
pub const SHOWN: usize = 100;
/// Examples that are shown.
const EXAMPLES: usize = 20;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something new.
    Created,
    /// Something that is there, with other values.
    Changed,
    /// Something that is there, just so.
    Unchanged,
    /// Left out, as chosen.
    LeftOut,
}

/// One row as an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Example {
    /// Its line.
    #[ts(type = "number")]
    pub line: u64,
    /// What it is.
    pub name: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What is new, or the code of what is there.
    pub detail: String,
    /// What changes.
    pub changes: Vec<Change>,
}

/// A value that a row changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Change {
    /// Which: a field of the import.
    pub field: String,
    /// What it is now.
    pub from: String,
    /// What the row says.
    pub to: String,
}

/// What an import would do, or did.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ImportReport {
    /// What the file holds.
    pub kind: ImportKind,
    /// The file.
    pub file: String,
    /// Whether this was only a trial.
    pub dry_run: bool,
    /// The import; absent for a trial.
    pub import_id: Option<ImportId>,
    /// Whether it can be imported as it is.
    pub ready: bool,
    /// Rows of the file.
    #[ts(type = "number")]
    pub rows: u64,
    /// Rows that make something new.
    #[ts(type = "number")]
    pub created: u64,
    /// Rows that change something.
    #[ts(type = "number")]
    pub changed: u64,
    /// Rows that say what is there already.
    #[ts(type = "number")]
    pub unchanged: u64,
    /// Rows left out: what is there already, or lines of documents that are.
    #[ts(type = "number")]
    pub left_out: u64,
    /// Categories that are made.
    #[ts(type = "number")]
    pub categories_created: u64,
    /// Rows that are wrong.
    #[ts(type = "number")]
    pub error_count: u64,
    /// The first of them.
    pub errors: Vec<RowError>,
    /// Things to look at that do not stand in the way.
    #[ts(type = "number")]
    pub warning_count: u64,
    /// The first of them.
    pub warnings: Vec<RowError>,
    /// The first rows and what becomes of them.
    pub examples: Vec<Example>,
    /// Columns of the file that are not imported.
    pub unused_columns: Vec<String>,
    /// More about sales.
    pub sales: Option<SalesSummary>,
}

impl ImportReport {
    /// Nothing yet.
    pub fn new(kind: ImportKind, file: &str) -> Self {
        Self {
            kind,
            file: file.to_owned(),
            dry_run: true,
            import_id: None,
            ready: false,
            rows: 0,
            created: 0,
            changed: 0,
            unchanged: 0,
            left_out: 0,
            categories_created: 0,
            error_count: 0,
            errors: Vec::new(),
            warning_count: 0,
            warnings: Vec::new(),
            examples: Vec::new(),
            unused_columns: Vec::new(),
            sales: None,
        }
    }

    /// Notes what becomes of a row.
    pub fn note(&mut self, line: u64, name: &str, outcome: Outcome, detail: String) {
        let changes = Vec::new();
        self.example(Example { line, name: name.to_owned(), outcome, detail, changes });
    }

    /// Notes what a row changes.
    pub fn note_changes(&mut self, line: u64, name: &str, changes: Vec<Change>) {
        let (outcome, detail) = (Outcome::Changed, String::new());
        self.example(Example { line, name: name.to_owned(), outcome, detail, changes });
    }

    fn example(&mut self, example: Example) {
        match example.outcome {
            Outcome::Created => self.created += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::LeftOut => self.left_out += 1,
        }
        if self.examples.len() < EXAMPLES {
            self.examples.push(example);
        }
    }

    /// Notes a wrong row.
    pub fn wrong(&mut self, error: RowError) {
        self.error_count += 1;
        if self.errors.len() < SHOWN {
            self.errors.push(error);
        }
    }

    /// Notes something to look at.
    pub fn warn(&mut self, warning: RowError) {
        self.warning_count += 1;
        if self.warnings.len() < SHOWN {
            self.warnings.push(warning);
        }
    }

    /// The report as text for a terminal.
    pub fn text(&self) -> String {
        if let Some(sales) = &self.sales {
            return sales.text();
        }
        let mut out = Vec::new();
        let done = if self.dry_run { "would be " } else { "" };
        out.push(format!("{}: {} rows", self.file, self.rows));
        for (count, word) in [
            (self.created, "created"),
            (self.changed, "changed"),
            (self.unchanged, "unchanged"),
            (self.left_out, "left out"),
            (self.categories_created, "categories created"),
            (self.error_count, "wrong"),
            (self.warning_count, "to look at"),
        ] {
            if count > 0 {
                out.push(format!("  {count:>9}  {done}{word}"));
            }
        }
        if !self.unused_columns.is_empty() {
            out.push(format!("Columns not imported: {}", self.unused_columns.join(", ")));
        }
        out.extend(self.errors.iter().map(|error| format!("! {}", error.message)));
        out.extend(self.warnings.iter().map(|warning| format!("? {warning}")));
        out.push(String::new());
        out.join("\n")
    }
}
