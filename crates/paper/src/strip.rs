//! The one model between a document and paper: a strip of rows, which the PDF, the receipt
//! printer and the screen each draw in their own way.
//!
//! **Invariant:** every text of a strip has passed through [`crate::text::clean`].

use lumbung_domain::BusinessDate;

use crate::error::{PaperError, PaperWarning, Printed};
use crate::escpos::{self, EscposOptions};
use crate::grid;
use crate::layouts::{RollLayout, RollSize, Width};
use crate::picture::Picture;
use crate::preview::{self, PreviewLine};
use crate::roll;
use crate::symbol::Symbol;
use crate::text::{clean, clean_lines};

/// What a text is for. Each renderer knows what that looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// The shop's name.
    Title,
    /// The name of the document or of a part.
    Heading,
    Body,
    /// Body text that matters.
    Strong,
    /// The small print.
    Fine,
    /// The amount to pay.
    Total,
}

/// Where a text stands between the edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
}

/// Where the right text of a pair ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// At the edge of the paper.
    Paper,
    /// Where all figures end, before the tax marks.
    Figures,
}

/// How strong a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Thin,
    Heavy,
}

/// A row of a strip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Row {
    /// Words, wrapped.
    Text { text: String, align: Align, style: Style },
    /// Words at the left which wrap, a figure at the right which does not, and a tax mark after
    /// the figure.
    Pair { left: String, right: String, mark: String, edge: Edge, indented: bool, style: Style },
    /// Columns: the first at the left, the others at the right.
    Table { head: Vec<String>, rows: Vec<Vec<String>>, style: Style },
    /// A line across.
    Rule(Weight),
    /// A little white space.
    Gap,
    /// A warning nobody overlooks: COPY 2, TRAINING.
    Stamp(String),
    /// A Code 128 with its text under it.
    Bars(String),
    /// A QR code with a caption under it.
    Qr { text: String, caption: String },
    /// A picture in the middle, dot by dot.
    Picture(Symbol),
    /// A line to sign on.
    Signature(String),
}

/// A document for a paper roll, laid out but not yet drawn.
#[derive(Debug, Clone)]
pub struct Strip {
    title: String,
    day: Option<BusinessDate>,
    layout: RollLayout,
    rows: Vec<Row>,
    warnings: Vec<PaperWarning>,
}

impl Strip {
    /// The most rows a strip may have; beyond it is not a receipt but a mistake.
    pub(crate) const MOST_ROWS: usize = 20_000;
    /// The most letters of a tax mark; the room they take is lost to every figure.
    const LONGEST_MARK: usize = 4;

    pub(crate) fn new(title: &str, layout: &RollLayout) -> Self {
        Self {
            title: clean(title),
            day: None,
            layout: layout.clone(),
            rows: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The strip as a PDF of one long page.
    pub fn pdf(&self, width: Width) -> Result<Printed, PaperError> {
        self.check()?;
        roll::pdf(self, width)
    }

    /// The strip as bytes for a receipt printer.
    pub fn escpos(&self, width: Width, options: &EscposOptions) -> Result<Printed, PaperError> {
        self.check()?;
        escpos::encode(self, width, options)
    }

    /// The strip for the screen.
    pub fn preview(&self) -> Vec<PreviewLine> {
        preview::lines(self)
    }

    /// The strip as plain text, as wide as the printer's line.
    pub fn text(&self, width: Width) -> String {
        grid::plain_text(self, width)
    }

    /// What the layout itself found wrong.
    pub fn warnings(&self) -> &[PaperWarning] {
        &self.warnings
    }

    fn check(&self) -> Result<(), PaperError> {
        match self.rows.len() {
            0 => Err(PaperError::Nothing),
            lines if lines > Self::MOST_ROWS => {
                Err(PaperError::TooLong { lines, most: Self::MOST_ROWS })
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    pub(crate) fn day(&self) -> Option<BusinessDate> {
        self.day
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn size(&self, width: Width) -> &RollSize {
        match width {
            Width::Mm58 => &self.layout.mm58,
            Width::Mm80 => &self.layout.mm80,
        }
    }

    pub(crate) fn dated(&mut self, day: BusinessDate) {
        self.day = Some(day);
    }

    pub(crate) fn warn(&mut self, warning: PaperWarning) {
        self.warnings.push(warning);
    }

    /// Words at the left, a row for each line of the text; nothing for an empty text.
    pub(crate) fn left(&mut self, style: Style, text: &str) {
        self.words(Align::Left, style, text);
    }

    /// Words in the middle.
    pub(crate) fn centre(&mut self, style: Style, text: &str) {
        self.words(Align::Centre, style, text);
    }

    fn words(&mut self, align: Align, style: Style, text: &str) {
        let lines = clean_lines(text).into_iter();
        self.rows.extend(lines.map(|text| Row::Text { text, align, style }));
    }

    /// A label and what belongs to it; nothing when there is nothing to show.
    pub(crate) fn field(&mut self, label: &str, value: &str) {
        if !clean(value).is_empty() {
            self.sides(Style::Body, label, value);
        }
    }

    /// Words at both edges of the paper.
    pub(crate) fn sides(&mut self, style: Style, left: &str, right: &str) {
        self.push_pair(style, left, right, "", Edge::Paper);
    }

    /// Words at the left and a figure at the right.
    pub(crate) fn pair(&mut self, style: Style, left: &str, right: &str) {
        self.marked(style, left, right, "");
    }

    /// Words, a figure and the figure's tax mark.
    pub(crate) fn marked(&mut self, style: Style, left: &str, right: &str, mark: &str) {
        self.push_pair(style, left, right, mark, Edge::Figures);
    }

    /// The same one step in, for what belongs to the row above.
    pub(crate) fn indented(&mut self, left: &str, right: &str, mark: &str) {
        self.push_pair(Style::Body, left, right, mark, Edge::Figures);
        if let Some(Row::Pair { indented, .. }) = self.rows.last_mut() {
            *indented = true;
        }
    }

    fn push_pair(&mut self, style: Style, left: &str, right: &str, mark: &str, edge: Edge) {
        let (mut left, mut mark) = (clean(left), clean(mark));
        if mark.chars().count() > Self::LONGEST_MARK {
            // No letter but a word: it belongs to the words.
            left = format!("{left} {}", std::mem::take(&mut mark));
        }
        self.rows.push(Row::Pair { left, right: clean(right), mark, edge, indented: false, style });
    }

    /// Columns under their heads; nothing without rows.
    pub(crate) fn table(&mut self, style: Style, head: &[&str], rows: Vec<Vec<String>>) {
        if rows.is_empty() {
            return;
        }
        let rows =
            rows.into_iter().map(|row| row.iter().map(|cell| clean(cell)).collect()).collect();
        let head = head.iter().map(|cell| clean(cell)).collect();
        self.rows.push(Row::Table { head, rows, style });
    }

    /// A line across, which opens a new part. Two in a row are one.
    pub(crate) fn rule(&mut self, weight: Weight) {
        if !self.rows.is_empty() && !matches!(self.rows.last(), Some(Row::Rule(_))) {
            self.rows.push(Row::Rule(weight));
        }
    }

    /// A little white space. Two in a row are one.
    pub(crate) fn gap(&mut self) {
        if !self.rows.is_empty() && !matches!(self.rows.last(), Some(Row::Gap | Row::Rule(_))) {
            self.rows.push(Row::Gap);
        }
    }

    pub(crate) fn stamp(&mut self, text: &str) {
        let text = clean(text);
        if !text.is_empty() {
            self.rows.push(Row::Stamp(text));
        }
    }

    pub(crate) fn bars(&mut self, text: &str) {
        let text = clean(text);
        if !text.is_empty() {
            self.rows.push(Row::Bars(text));
        }
    }

    pub(crate) fn qr(&mut self, text: &str, caption: &str) {
        let text = clean(text);
        if !text.is_empty() {
            self.rows.push(Row::Qr { text, caption: clean(caption) });
        }
    }

    pub(crate) fn picture(&mut self, picture: &Picture) {
        self.rows.push(Row::Picture(picture.symbol()));
    }

    pub(crate) fn signature(&mut self, label: &str) {
        self.rows.push(Row::Signature(clean(label)));
    }
}
