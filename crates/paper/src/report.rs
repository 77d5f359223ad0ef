//! Any table as an A4 document: trial balance, stock card, lists.
//!
//! **Invariant:** every row is printed, under a head, on a page with its number.

use lumbung_domain::BusinessDate;
use serde::{Deserialize, Serialize};

use crate::canvas::{Shade, Type};
use crate::error::{PaperError, Printed};
use crate::language::Language;
use crate::layouts::Layouts;
use crate::sheet::{Column, Line, Sheet};

/// A column of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportColumn {
    /// Its head.
    pub head: String,
    /// Its part of the width, in proportion to the others.
    pub share: u16,
    /// A column of figures, which end at its right edge.
    pub figures: bool,
}

/// A row of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    /// Its cells.
    pub cells: Vec<String>,
    /// A sum.
    pub strong: bool,
    /// The sum up to and including this row, carried over a page break.
    pub running: Option<String>,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportDoc {
    /// Whose it is.
    pub company: String,
    /// What it is called.
    pub title: String,
    /// Its scope: branch, period, as of when.
    pub scope: Vec<String>,
    /// The day it speaks of.
    pub date: Option<BusinessDate>,
    /// Its columns.
    pub columns: Vec<ReportColumn>,
    /// Its rows.
    pub rows: Vec<ReportRow>,
    /// What stands below the table.
    pub notes: Vec<String>,
}

/// The most rows a report may have on paper.
const MOST_ROWS: usize = 20_000;

/// Draws a report on as many pages as it needs.
pub fn report(
    doc: &ReportDoc,
    layouts: &Layouts,
    language: Language,
) -> Result<Printed, PaperError> {
    if doc.columns.is_empty() {
        return Err(PaperError::Nothing);
    }
    if doc.rows.len() > MOST_ROWS {
        return Err(PaperError::TooLong { lines: doc.rows.len(), most: MOST_ROWS });
    }
    let heading = format!("{} · {}", doc.title, doc.company);
    let mut sheet = Sheet::new(&layouts.sheet, language.words(), &heading);
    let (left, width, fine) = (sheet.left(), sheet.width(), sheet.fine());
    let strong = sheet.strong();
    sheet.paragraph(left, width, strong, Shade::GREY, &doc.company);
    sheet.paragraph(left, width, Type::bold(16.0), Shade::BLACK, &doc.title);
    for line in &doc.scope {
        sheet.paragraph(left, width, fine, Shade::GREY, line);
    }
    space(&mut sheet);
    let columns: Vec<Column> = doc.columns.iter().map(column).collect();
    let lines: Vec<Line> = doc.rows.iter().map(line).collect();
    sheet.table(&columns, &lines);
    space(&mut sheet);
    for note in &doc.notes {
        sheet.paragraph(left, width, fine, Shade::GREY, note);
    }
    sheet.save(&doc.title, &doc.company, doc.date)
}

#[expect(clippy::float_arithmetic, reason = "positions on paper are measured, not counted")]
fn space(sheet: &mut Sheet<'_>) {
    sheet.y += 4.0;
}

fn column(column: &ReportColumn) -> Column {
    Column {
        head: column.head.clone(),
        share: f32::from(column.share.max(1)),
        figures: column.figures,
    }
}

fn line(row: &ReportRow) -> Line {
    Line {
        cells: row.cells.clone(),
        note: String::new(),
        strong: row.strong,
        running: row.running.clone(),
    }
}
