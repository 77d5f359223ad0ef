//! A strip drawn as PDF: one page as long as the receipt.
//!
//! Everything is black: a receipt printer would break grey into dots.
//!
//! **Invariant:** nothing reaches over the printable width, and all figures of a strip end on
//! one line.

#![expect(clippy::float_arithmetic, reason = "positions on paper are measured, not counted")]

use crate::canvas::{Canvas, Pdf, Shade, Type, modules};
use crate::error::{PaperError, PaperWarning, Printed};
use crate::layouts::{RollSize, Width};
use crate::strip::{Align, Edge, Row, Strip, Style, Weight};
use crate::symbol::{self, Symbol};
use crate::text::{column_widths, fits, wrap, wrap_evenly};

/// White space at the top and bottom of the paper.
const MARGIN_MM: f32 = 4.0;
/// Between a text and the figure at its right.
const GUTTER_MM: f32 = 2.0;
/// Between the columns of a table.
const COLUMN_GAP_MM: f32 = 3.2;
const INDENT_MM: f32 = 2.5;
/// PDF viewers accept pages up to 5,080 mm.
const MOST_PAGE_MM: f32 = 4_900.0;
/// Less room than this part of the width for the words of a pair is too little.
const LEAST_LEFT: f32 = 0.3;

/// Draws a strip.
pub(crate) fn pdf(strip: &Strip, width: Width) -> Result<Printed, PaperError> {
    let size = strip.size(width);
    let mut roll = Roll::new(strip, size);
    for row in strip.rows() {
        if roll.y > MOST_PAGE_MM {
            roll.finish_page();
        }
        roll.row(row);
    }
    roll.finish_page();
    let mut warnings = strip.warnings().to_vec();
    warnings.append(&mut roll.warnings);
    roll.pdf.save(warnings)
}

/// Words and a figure with the edges they keep to.
struct Pair<'a> {
    left: &'a str,
    right: &'a str,
    mark: &'a str,
    edge: f32,
    start: f32,
    style: Style,
}

struct Roll<'a> {
    size: &'a RollSize,
    pdf: Pdf,
    canvas: Canvas,
    y: f32,
    left: f32,
    right: f32,
    /// What the tax marks take from the right edge of every figure.
    mark_room: f32,
    warnings: Vec<PaperWarning>,
}

impl<'a> Roll<'a> {
    fn new(strip: &Strip, size: &'a RollSize) -> Self {
        let left = (size.paper_mm - size.printable_mm) / 2.0;
        let body = Type::regular(size.type_pt.body);
        let marks = strip.rows().iter().filter_map(|row| match row {
            Row::Pair { mark, .. } if !mark.is_empty() => Some(body.width(mark) + 1.0),
            _ => None,
        });
        Self {
            size,
            pdf: Pdf::new(strip.title(), "", strip.day()),
            canvas: Canvas::default(),
            y: MARGIN_MM,
            left,
            right: left + size.printable_mm,
            mark_room: marks.fold(0.0, f32::max),
            warnings: Vec::new(),
        }
    }

    fn finish_page(&mut self) {
        let canvas = std::mem::take(&mut self.canvas);
        self.pdf.page(self.size.paper_mm, self.y + MARGIN_MM, canvas);
        self.y = MARGIN_MM;
    }

    fn width(&self) -> f32 {
        self.right - self.left
    }

    fn middle(&self) -> f32 {
        self.left + self.width() / 2.0
    }

    fn look(&self, style: Style) -> Type {
        let sizes = &self.size.type_pt;
        match style {
            Style::Title => Type::bold(sizes.title),
            Style::Heading => Type::bold(sizes.heading),
            Style::Body => Type::regular(sizes.body),
            Style::Strong => Type::bold(sizes.body),
            Style::Fine => Type::regular(sizes.fine),
            Style::Total => Type::bold(sizes.total),
        }
    }

    fn row(&mut self, row: &Row) {
        match row {
            Row::Text { text, align, style } => self.words(text, *align, *style),
            Row::Pair { left, right, mark, edge, indented, style } => self.pair(&Pair {
                left,
                right,
                mark,
                edge: match edge {
                    Edge::Paper => self.right,
                    Edge::Figures => self.right - self.mark_room,
                },
                start: self.left + if *indented { INDENT_MM } else { 0.0 },
                style: *style,
            }),
            Row::Table { head, rows, style } => self.table(head, rows, *style),
            Row::Rule(weight) => self.rule(*weight),
            Row::Gap => self.y += 1.8,
            Row::Stamp(text) => self.stamp(text),
            Row::Bars(text) => self.bars(text),
            Row::Qr { text, caption } => self.qr(text, caption),
            Row::Picture(picture) => self.picture(picture),
            Row::Signature(label) => self.signature(label),
        }
    }

    fn words(&mut self, text: &str, align: Align, style: Style) {
        let look = self.look(style);
        let wrapped = match align {
            Align::Left => wrap,
            Align::Centre => wrap_evenly,
        };
        for line in wrapped(text, self.width(), &|text| look.width(text)) {
            if self.y > MOST_PAGE_MM {
                self.finish_page();
            }
            let base = self.y + look.baseline();
            match align {
                Align::Left => self.canvas.text(self.left, base, look, &line),
                Align::Centre => self.canvas.centre(self.middle(), base, look, &line),
            }
            self.y += look.leading();
        }
        if style == Style::Title {
            self.y += 0.6;
        }
    }

    /// The type of a pair: large figures shrink rather than break their words.
    fn pair_look(&self, pair: &Pair<'_>) -> Type {
        let mut look = self.look(pair.style);
        let room = pair.edge - pair.start - GUTTER_MM;
        while pair.style == Style::Total
            && look.pt > self.size.type_pt.heading
            && look.width(pair.left) + look.width(pair.right) > room
        {
            look.pt -= 0.5;
        }
        look
    }

    fn pair(&mut self, pair: &Pair<'_>) {
        let Pair { left, right, mark, edge, start, .. } = *pair;
        let look = self.pair_look(pair);
        let measure = |text: &str| look.width(text);
        let taken = if right.is_empty() { 0.0 } else { look.width(right) + GUTTER_MM };
        let room = edge - start - taken;
        let beside = room >= self.width() * LEAST_LEFT && fits(left, room, &measure);
        let words = wrap(left, if beside { room } else { edge - start }, &measure);
        let mut base = self.y + look.baseline();
        for (index, line) in words.iter().enumerate() {
            if index > 0 {
                base += look.leading();
            }
            self.canvas.text(start, base, look, line);
        }
        let mut bottom = base;
        let mut figure = if beside { self.y + look.baseline() } else { base };
        if !beside && !words.is_empty() {
            figure += look.leading();
        }
        for line in wrap(right, edge - start, &measure) {
            self.canvas.right(edge, figure, look, &line);
            if !mark.is_empty() {
                let body = self.look(Style::Body);
                self.canvas.right(self.right, figure, body, mark);
            }
            bottom = bottom.max(figure);
            figure += look.leading();
        }
        self.y = bottom - look.baseline() + look.leading();
    }

    fn table(&mut self, head: &[String], rows: &[Vec<String>], style: Style) {
        let look = self.look(style);
        let all: Vec<&[String]> = std::iter::once(head)
            .chain(rows.iter().map(Vec::as_slice))
            .filter(|row| !row.is_empty())
            .collect();
        let measure = |text: &str| look.width(text);
        let edge = self.right - self.mark_room;
        let Some(widths) = column_widths(&all, edge - self.left, COLUMN_GAP_MM, &measure) else {
            return self.stacked(head, rows, style);
        };
        if !head.is_empty() {
            self.table_row(head, &widths, look);
        }
        for row in rows {
            self.table_row(row, &widths, look);
        }
    }

    fn table_row(&mut self, row: &[String], widths: &[f32], look: Type) {
        let base = self.y + look.baseline();
        let mut x = self.left;
        let mut lines = 1_usize;
        for (index, (cell, width)) in row.iter().zip(widths).enumerate() {
            if index == 0 {
                let words = wrap(cell, *width, &|text| look.width(text));
                for (line, text) in words.iter().enumerate() {
                    let y = base + look.leading() * modules(line);
                    self.canvas.text(x, y, look, text);
                }
                lines = words.len().max(1);
                x += width;
            } else {
                x += COLUMN_GAP_MM + width;
                self.canvas.right(x, base, look, cell);
            }
        }
        self.y += look.leading() * modules(lines);
    }

    /// A table on paper too narrow for it: each cell beside the head of its column.
    fn stacked(&mut self, head: &[String], rows: &[Vec<String>], style: Style) {
        for row in rows {
            for (index, cell) in row.iter().enumerate() {
                let label = if index == 0 { "" } else { head.get(index).map_or("", |h| h) };
                match index {
                    0 => self.words(cell, Align::Left, style),
                    _ => self.pair(&Pair {
                        left: label,
                        right: cell,
                        mark: "",
                        edge: self.right - self.mark_room,
                        start: self.left + INDENT_MM,
                        style,
                    }),
                }
            }
        }
    }

    fn rule(&mut self, weight: Weight) {
        let thick = match weight {
            Weight::Thin => 0.18,
            Weight::Heavy => 0.5,
        };
        self.y += 1.5;
        self.canvas.rule(self.left, self.y, self.width(), thick, Shade::BLACK);
        self.y += 1.3;
    }

    fn stamp(&mut self, text: &str) {
        const PADDING_MM: f32 = 1.2;
        let look = self.look(Style::Heading);
        let lines = wrap(text, self.width() - 4.0, &|text| look.width(text));
        self.y += 1.0;
        let height = look.leading() * modules(lines.len()) + PADDING_MM;
        self.canvas.fill(self.left, self.y, self.width(), height, Shade::BLACK);
        let mut base = self.y + (PADDING_MM + look.leading() + look.capital()) / 2.0;
        for line in &lines {
            let x = self.middle() - look.width(line) / 2.0;
            self.canvas.shaded(x, base, look, Shade::WHITE, line);
            base += look.leading();
        }
        self.y += height + 1.0;
    }

    fn bars(&mut self, text: &str) {
        let dots = usize::from(self.size.dots);
        let Some(fitted) = symbol::fit_code128(text, dots) else {
            return self.qr(text, text);
        };
        let module = self.size.printable_mm / modules(dots) * modules(fitted.dots);
        let width = module * modules(fitted.symbol.width());
        self.y += 1.5;
        let x = self.middle() - width / 2.0;
        self.canvas.symbol(x, self.y, module, 11.0, &fitted.symbol);
        self.y += 11.5;
        self.words(text, Align::Centre, Style::Fine);
    }

    fn qr(&mut self, text: &str, caption: &str) {
        let dots = usize::from(self.size.dots);
        let Some(fitted) = symbol::fit_qr(text, dots) else {
            self.warnings.push(PaperWarning::NotACode(text.to_owned()));
            return self.words(text, Align::Centre, Style::Body);
        };
        let module = self.size.printable_mm / modules(dots) * modules(fitted.dots);
        let side = module * modules(fitted.symbol.width());
        let quiet = module * modules(symbol::QUIET_QR);
        self.y += quiet;
        let x = self.middle() - side / 2.0;
        self.canvas.symbol(x, self.y, module, module, &fitted.symbol);
        self.y += side + quiet;
        self.words(caption, Align::Centre, Style::Fine);
    }

    /// A picture as large as the printer's dots make it.
    fn picture(&mut self, picture: &Symbol) {
        let module = self.size.printable_mm / modules(usize::from(self.size.dots));
        let x = self.middle() - module * modules(picture.width()) / 2.0;
        self.canvas.symbol(x, self.y, module, module, picture);
        self.y += module * modules(picture.height());
    }

    fn signature(&mut self, label: &str) {
        self.y += 11.0;
        self.canvas.rule(self.left, self.y, self.width() * 0.62, 0.15, Shade::BLACK);
        self.y += 0.6;
        self.words(label, Align::Left, Style::Fine);
    }
}
