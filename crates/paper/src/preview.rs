//! A strip for the screen: the same rows as on paper, as data the interface draws.
//!
//! **Invariant:** every row of the strip is in the preview, in its order, with its text complete.

use serde::Serialize;
use ts_rs::TS;

use crate::strip::{Align, Edge, Row, Strip, Style, Weight};
use crate::symbol;

/// What a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PreviewStyle {
    /// The shop's name.
    Title,
    /// The name of the document or of a part.
    Heading,
    /// Plain text.
    Body,
    /// Plain text that matters.
    Strong,
    /// The small print.
    Fine,
    /// The amount to pay.
    Total,
}

/// A line of a document on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PreviewLine {
    /// Words from edge to edge.
    Text {
        /// The words.
        text: String,
        /// In the middle rather than at the left.
        centred: bool,
        /// What they are for.
        style: PreviewStyle,
    },
    /// Words at the left, a figure at the right, a tax mark after it.
    Pair {
        /// The words.
        left: String,
        /// The figure.
        right: String,
        /// The tax mark, or nothing.
        mark: String,
        /// The right text ends where all figures end, before the marks; else at the edge.
        figure: bool,
        /// One step in.
        indented: bool,
        /// What they are for.
        style: PreviewStyle,
    },
    /// A table: the first column at the left, the others at the right.
    Table {
        /// The heads of the columns, or nothing.
        head: Vec<String>,
        /// The cells, row by row.
        rows: Vec<Vec<String>>,
        /// What they are for.
        style: PreviewStyle,
    },
    /// A line across.
    Rule {
        /// A strong one.
        heavy: bool,
    },
    /// A little white space.
    Gap,
    /// A warning nobody overlooks.
    Stamp {
        /// Its words.
        text: String,
    },
    /// A bar code or QR code, as rows of `0` (white) and `1` (black).
    Code {
        /// What it says.
        text: String,
        /// What stands under it.
        caption: String,
        /// A bar code, whose only row is drawn high.
        bars: bool,
        /// The modules.
        modules: Vec<String>,
    },
    /// A picture, as rows of `0` (white) and `1` (black).
    Picture {
        /// The dots.
        modules: Vec<String>,
    },
    /// A line to sign on.
    Signature {
        /// What stands under it.
        label: String,
    },
}

/// The rows of a strip.
pub(crate) fn lines(strip: &Strip) -> Vec<PreviewLine> {
    strip.rows().iter().map(line).collect()
}

fn line(row: &Row) -> PreviewLine {
    match row.clone() {
        Row::Text { text, align, style } => {
            PreviewLine::Text { text, centred: align == Align::Centre, style: style.into() }
        }
        Row::Pair { left, right, mark, edge, indented, style } => PreviewLine::Pair {
            left,
            right,
            mark,
            figure: edge == Edge::Figures,
            indented,
            style: style.into(),
        },
        Row::Table { head, rows, style } => PreviewLine::Table { head, rows, style: style.into() },
        Row::Rule(weight) => PreviewLine::Rule { heavy: weight == Weight::Heavy },
        Row::Gap => PreviewLine::Gap,
        Row::Stamp(text) => PreviewLine::Stamp { text },
        Row::Bars(text) => match symbol::code128(&text) {
            Some(symbol) => PreviewLine::Code {
                caption: text.clone(),
                text,
                bars: true,
                modules: symbol.bits(),
            },
            None => qr(text.clone(), text),
        },
        Row::Qr { text, caption } => qr(text, caption),
        Row::Picture(picture) => PreviewLine::Picture { modules: picture.bits() },
        Row::Signature(label) => PreviewLine::Signature { label },
    }
}

fn qr(text: String, caption: String) -> PreviewLine {
    match symbol::qr(&text) {
        Some(symbol) => PreviewLine::Code { text, caption, bars: false, modules: symbol.bits() },
        None => PreviewLine::Text { text, centred: true, style: PreviewStyle::Body },
    }
}

impl From<Style> for PreviewStyle {
    fn from(style: Style) -> Self {
        match style {
            Style::Title => Self::Title,
            Style::Heading => Self::Heading,
            Style::Body => Self::Body,
            Style::Strong => Self::Strong,
            Style::Fine => Self::Fine,
            Style::Total => Self::Total,
        }
    }
}
