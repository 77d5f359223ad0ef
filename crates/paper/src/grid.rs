//! A strip on a grid of characters, as a receipt printer sees it.
//!
//! **Invariant:** no line is wider than the printer's, and all figures of a strip end in one
//! column.

use crate::layouts::{RollSize, Width};
use crate::strip::{Align, Edge, Row, Strip, Style, Weight};
use crate::symbol::Symbol;
use crate::text::{column_widths, fits, wrap, wrap_evenly};

/// How the printer draws a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Normal,
    Bold,
    /// The printer's second, smaller font.
    Small,
    /// Twice as high.
    Tall,
    /// Twice as high and twice as wide.
    Wide,
    /// White on black.
    Inverse,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// Its first column.
    pub column: usize,
    pub text: String,
    /// Whether its end is where it must be.
    pub right: bool,
}

/// A row of the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    Text {
        face: Face,
        spans: Vec<Span>,
    },
    /// White space of so many dots.
    Feed(u8),
    Bars(String),
    Picture(Symbol),
    Qr {
        text: String,
        caption: String,
    },
}

/// Columns between words and a figure.
const GUTTER: usize = 1;
const INDENT: usize = 2;

/// Whether the small print has a font of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SmallPrint {
    Small,
    Normal,
}

/// The strip as printer rows.
pub(crate) fn lines(strip: &Strip, width: Width, small_print: SmallPrint) -> Vec<Line> {
    let size = strip.size(width);
    let marks = strip.rows().iter().map(|row| match row {
        Row::Pair { mark, .. } if !mark.is_empty() => count(mark) + 1,
        _ => 0,
    });
    let marks = marks.max().unwrap_or(0);
    let mut grid = Grid { size, marks, small_print, lines: Vec::new() };
    for row in strip.rows() {
        grid.row(row);
    }
    grid.lines
}

/// How many characters fit in a line of this face.
pub(crate) fn columns(size: &RollSize, face: Face) -> usize {
    match face {
        Face::Small => usize::from(size.small_columns),
        Face::Wide => usize::from(size.columns) / 2,
        Face::Normal | Face::Bold | Face::Tall | Face::Inverse => usize::from(size.columns),
    }
}

/// The strip as text, codes in words.
pub(crate) fn plain_text(strip: &Strip, width: Width) -> String {
    let mut text = String::new();
    for line in lines(strip, width, SmallPrint::Normal) {
        match line {
            Line::Text { face: Face::Wide, spans } => {
                text.push_str(flat(&spread(spans)).trim_end());
            }
            Line::Text { spans, .. } => text.push_str(flat(&spans).trim_end()),
            Line::Feed(_) => {}
            Line::Picture(_) => text.push_str("[logo]"),
            Line::Bars(code) => text.push_str(&format!("[bar code {code}]")),
            Line::Qr { text: code, caption } => {
                text.push_str(&format!("[QR code {code}]"));
                if !caption.is_empty() && caption != code {
                    text.push_str(&format!("\n{caption}"));
                }
            }
        }
        text.push('\n');
    }
    text
}

/// The spans of a line of double width at their places among normal characters.
fn spread(mut spans: Vec<Span>) -> Vec<Span> {
    for span in &mut spans {
        let length = count(&span.text);
        span.column = span.column * 2 + if span.right { length } else { 0 };
        if !span.right && span.column > 0 {
            span.column += length / 2;
        }
    }
    spans
}

/// The spans of a line as one text.
pub(crate) fn flat(spans: &[Span]) -> String {
    let mut text = String::new();
    let mut at = 0;
    for span in spans {
        while at < span.column {
            text.push(' ');
            at += 1;
        }
        text.push_str(&span.text);
        at += count(&span.text);
    }
    text
}

fn count(text: &str) -> usize {
    text.chars().count()
}

fn measured(text: &str) -> f32 {
    cells(count(text))
}

fn cells(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// A measured width back in characters.
fn whole(width: f32, most: usize) -> usize {
    (0..=most).rev().find(|columns| cells(*columns) <= width).unwrap_or(0)
}

struct Pair<'a> {
    left: &'a str,
    right: &'a str,
    mark: &'a str,
    edge: Edge,
    indented: bool,
    style: Style,
}

struct Grid<'a> {
    size: &'a RollSize,
    /// Normal characters the tax marks take from the right edge of every figure.
    marks: usize,
    small_print: SmallPrint,
    lines: Vec<Line>,
}

impl Grid<'_> {
    fn row(&mut self, row: &Row) {
        match row {
            Row::Text { text, align, style } => self.words(text, *align, *style),
            Row::Pair { left, right, mark, edge, indented, style } => self.pair(&Pair {
                left,
                right,
                mark,
                edge: *edge,
                indented: *indented,
                style: *style,
            }),
            Row::Table { head, rows, style } => self.table(head, rows, *style),
            Row::Rule(weight) => self.rule(*weight),
            Row::Gap => self.lines.push(Line::Feed(12)),
            Row::Stamp(text) => self.stamp(text),
            Row::Bars(text) => self.lines.push(Line::Bars(text.clone())),
            Row::Picture(picture) => self.lines.push(Line::Picture(picture.clone())),
            Row::Qr { text, caption } => {
                let (text, caption) = (text.clone(), caption.clone());
                self.lines.push(Line::Qr { text, caption });
            }
            Row::Signature(label) => {
                let line = "_".repeat(usize::from(self.size.columns) * 3 / 5);
                self.lines.push(Line::Feed(72));
                self.push(Face::Normal, vec![Span { column: 0, text: line, right: false }]);
                self.words(label, Align::Left, Style::Fine);
            }
        }
    }

    fn push(&mut self, face: Face, spans: Vec<Span>) {
        self.lines.push(Line::Text { face, spans });
    }

    fn face(&self, style: Style) -> Face {
        match style {
            Style::Title | Style::Total => Face::Wide,
            Style::Heading | Style::Strong => Face::Bold,
            Style::Body => Face::Normal,
            Style::Fine => match self.small_print {
                SmallPrint::Small => Face::Small,
                SmallPrint::Normal => Face::Normal,
            },
        }
    }

    /// The column every figure of this face ends before.
    fn edge(&self, face: Face) -> usize {
        let all = columns(self.size, face);
        let taken = (self.marks * all).div_ceil(usize::from(self.size.columns));
        all.saturating_sub(taken)
    }

    fn words(&mut self, text: &str, align: Align, style: Style) {
        let mut face = self.face(style);
        let wrapped = match align {
            Align::Left => wrap,
            Align::Centre => wrap_evenly,
        };
        let mut lines = wrapped(text, cells(columns(self.size, face)), &measured);
        // A name on one line reads better than a wider one on two.
        if face == Face::Wide && lines.len() > 1 {
            face = Face::Tall;
            lines = wrapped(text, cells(columns(self.size, face)), &measured);
        }
        let width = columns(self.size, face);
        for text in lines {
            let column = match align {
                Align::Left => 0,
                Align::Centre => width.saturating_sub(count(&text)) / 2,
            };
            self.push(face, vec![Span { column, text, right: false }]);
        }
    }

    fn pair(&mut self, pair: &Pair<'_>) {
        let Pair { left, right, mark, .. } = *pair;
        let edge_of = |grid: &Self, face| match pair.edge {
            Edge::Paper => columns(grid.size, face),
            Edge::Figures => grid.edge(face),
        };
        let mut face = self.face(pair.style);
        if face == Face::Wide && count(left) + GUTTER + count(right) > edge_of(self, face) {
            face = Face::Tall;
        }
        let indent = if pair.indented { INDENT } else { 0 };
        let edge = edge_of(self, face);
        let taken = if right.is_empty() { 0 } else { count(right) + GUTTER };
        let room = edge.saturating_sub(indent + taken);
        let beside = room * 10 >= edge * 3 && fits(left, cells(room), &measured);
        let words = wrap(left, cells(if beside { room } else { edge - indent }), &measured);
        let figures = wrap(right, cells(edge - indent), &measured);
        let mut lines: Vec<Vec<Span>> = words
            .into_iter()
            .map(|text| vec![Span { column: indent, text, right: false }])
            .collect();
        let first = if beside { 0 } else { lines.len() };
        for (index, text) in figures.into_iter().enumerate() {
            let column = edge - count(&text);
            let mut spans = vec![Span { column, text, right: true }];
            if !mark.is_empty() {
                let column = columns(self.size, face) - count(mark);
                spans.push(Span { column, text: mark.to_owned(), right: true });
            }
            match lines.get_mut(first + index) {
                Some(line) => line.extend(spans),
                None => lines.push(spans),
            }
        }
        for spans in lines {
            self.push(face, spans);
        }
    }

    fn table(&mut self, head: &[String], rows: &[Vec<String>], style: Style) {
        let face = self.face(style);
        let edge = self.edge(face);
        let all: Vec<&[String]> = std::iter::once(head)
            .chain(rows.iter().map(Vec::as_slice))
            .filter(|row| !row.is_empty())
            .collect();
        let Some(widths) = column_widths(&all, cells(edge), cells(GUTTER + 1), &measured) else {
            return self.stacked(head, rows, style);
        };
        let widths: Vec<usize> = widths.iter().map(|width| whole(*width, edge)).collect();
        for row in all {
            self.table_row(face, row, &widths);
        }
    }

    fn table_row(&mut self, face: Face, row: &[String], widths: &[usize]) {
        let mut lines: Vec<Vec<Span>> = Vec::new();
        let mut end = 0;
        for (index, (cell, width)) in row.iter().zip(widths).enumerate() {
            if index == 0 {
                let words = wrap(cell, cells(*width), &measured).into_iter();
                lines.extend(words.map(|text| vec![Span { column: 0, text, right: false }]));
                lines.resize_with(lines.len().max(1), Vec::new);
                end = *width;
            } else {
                end += GUTTER + 1 + width;
                let column = end.saturating_sub(count(cell));
                if let Some(first) = lines.first_mut() {
                    first.push(Span { column, text: cell.clone(), right: true });
                }
            }
        }
        for spans in lines {
            self.push(face, spans);
        }
    }

    fn stacked(&mut self, head: &[String], rows: &[Vec<String>], style: Style) {
        for row in rows {
            for (index, cell) in row.iter().enumerate() {
                match index {
                    0 => self.words(cell, Align::Left, style),
                    _ => {
                        let label = head.get(index).map_or("", |h| h);
                        self.pair(&Pair {
                            left: label,
                            right: cell,
                            mark: "",
                            edge: Edge::Figures,
                            indented: true,
                            style,
                        });
                    }
                }
            }
        }
    }

    fn rule(&mut self, weight: Weight) {
        let line = match weight {
            Weight::Thin => "─",
            Weight::Heavy => "═",
        };
        let text = line.repeat(usize::from(self.size.columns));
        self.push(Face::Normal, vec![Span { column: 0, text, right: false }]);
    }

    fn stamp(&mut self, text: &str) {
        let width = columns(self.size, Face::Inverse);
        for line in wrap(text, cells(width - 2), &measured) {
            // The black band runs from edge to edge.
            let text = format!("{line:^width$}");
            self.push(Face::Inverse, vec![Span { column: 0, text, right: false }]);
        }
    }
}
