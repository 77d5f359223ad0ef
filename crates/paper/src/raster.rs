//! Lines no code page can write, drawn as dots.
//!
//! **Invariant:** a drawn line is exactly as wide as the print head, and a figure in it ends where
//! the figures of the lines around it end.

#![expect(clippy::float_arithmetic, reason = "outlines are drawn in fractions of a dot")]

use std::collections::BTreeSet;

use ttf_parser::OutlineBuilder;

use crate::error::PaperError;
use crate::fonts::{self, Ink};
use crate::grid::Span;

/// A picture in black and white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bitmap {
    width: usize,
    rows: Vec<Vec<bool>>,
}

impl Bitmap {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, rows: vec![vec![false; width]; height] }
    }

    pub(crate) fn rows(&self) -> &[Vec<bool>] {
        &self.rows
    }

    /// Makes a rectangle black, as much of it as lies in the picture.
    pub(crate) fn fill(&mut self, x: usize, y: usize, width: usize, height: usize) {
        for row in self.rows.iter_mut().skip(y).take(height) {
            for dot in row.iter_mut().skip(x).take(width) {
                *dot = true;
            }
        }
    }

    /// White on black.
    pub(crate) fn invert(&mut self) {
        for dot in self.rows.iter_mut().flatten() {
            *dot = !*dot;
        }
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pen {
    pub ink: Ink,
    /// The height of the line in dots.
    pub height: usize,
    /// The dots of a column.
    pub column: f32,
}

/// Draws the spans of a line.
pub(crate) fn line(
    spans: &[Span],
    pen: Pen,
    head_dots: usize,
    missing: &mut BTreeSet<char>,
) -> Result<Bitmap, PaperError> {
    let mut bitmap = Bitmap::new(head_dots, pen.height);
    let em = pen.height as f32 * 0.78;
    for (index, span) in spans.iter().enumerate() {
        let cells = span.text.chars().count();
        let natural = fonts::width_em(&span.text, pen.ink) * em;
        let start = span.column as f32 * pen.column;
        let end = match spans.get(index + 1) {
            _ if span.right => start + cells as f32 * pen.column,
            Some(next) => (next.column as f32 - 0.5) * pen.column,
            None => head_dots as f32,
        };
        // Figures may reach a little to the left of their columns; words are squeezed into theirs.
        let room = if span.right { end } else { end - start };
        let squeeze = if natural > room { room / natural } else { 1.0 };
        let x = if span.right { end - natural * squeeze } else { start };
        draw(&mut bitmap, &span.text, pen, (x, em, squeeze), missing)?;
    }
    Ok(bitmap)
}

fn draw(
    bitmap: &mut Bitmap,
    text: &str,
    pen: Pen,
    (mut x, em, squeeze): (f32, f32, f32),
    missing: &mut BTreeSet<char>,
) -> Result<(), PaperError> {
    let baseline = pen.height as f32 * 0.8;
    for run in fonts::runs(text, pen.ink, missing) {
        let face = run.font.face()?;
        let scale = em / f32::from(face.units_per_em());
        for character in run.text.chars() {
            let Some(glyph) = face.glyph_index(character) else { continue };
            let mut outline = Outline::new(x, baseline, scale * squeeze, scale);
            // A space has no outline.
            let _ = face.outline_glyph(glyph, &mut outline);
            outline.fill(bitmap);
            x += f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) * scale * squeeze;
        }
    }
    Ok(())
}

/// The edges of a letter in dots.
struct Outline {
    origin: (f32, f32),
    scale: (f32, f32),
    start: (f32, f32),
    at: (f32, f32),
    edges: Vec<((f32, f32), (f32, f32))>,
}

impl Outline {
    fn new(x: f32, baseline: f32, across: f32, down: f32) -> Self {
        Self {
            origin: (x, baseline),
            scale: (across, down),
            start: (0.0, 0.0),
            at: (0.0, 0.0),
            edges: Vec::new(),
        }
    }

    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (self.origin.0 + x * self.scale.0, self.origin.1 - y * self.scale.1)
    }

    fn edge(&mut self, to: (f32, f32)) {
        self.edges.push((self.at, to));
        self.at = to;
    }

    fn curve(&mut self, point: impl Fn(f32) -> (f32, f32)) {
        const PIECES: u8 = 6;
        for piece in 1..=PIECES {
            self.edge(point(f32::from(piece) / f32::from(PIECES)));
        }
    }

    /// Blackens every dot whose centre lies inside, by the non-zero winding rule.
    fn fill(&self, bitmap: &mut Bitmap) {
        for (y, row) in bitmap.rows.iter_mut().enumerate() {
            let level = y as f32 + 0.5;
            let mut crossings: Vec<(f32, i32)> = Vec::new();
            for &((x0, y0), (x1, y1)) in &self.edges {
                let turn = match (y0 <= level, y1 <= level) {
                    (true, false) => 1,
                    (false, true) => -1,
                    _ => continue,
                };
                crossings.push((x0 + (level - y0) / (y1 - y0) * (x1 - x0), turn));
            }
            crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut winding = 0;
            for pair in crossings.windows(2) {
                let [(from, turn), (to, _)] = pair else { continue };
                winding += turn;
                if winding != 0 {
                    let from = (from - 0.5).ceil().clamp(0.0, bitmap.width as f32) as usize;
                    let to = (to - 0.5).ceil().clamp(0.0, bitmap.width as f32) as usize;
                    for dot in row.iter_mut().take(to).skip(from) {
                        *dot = true;
                    }
                }
            }
        }
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.place(x, y);
        self.start = self.at;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        self.edge(to);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (a, b, c) = (self.at, self.place(x1, y1), self.place(x, y));
        let mix = |t: f32, a: f32, b: f32, c: f32| {
            (1.0 - t) * (1.0 - t) * a + 2.0 * (1.0 - t) * t * b + t * t * c
        };
        self.curve(|t| (mix(t, a.0, b.0, c.0), mix(t, a.1, b.1, c.1)));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (a, b) = (self.at, self.place(x1, y1));
        let (c, d) = (self.place(x2, y2), self.place(x, y));
        let mix = |t: f32, a: f32, b: f32, c: f32, d: f32| {
            let u = 1.0 - t;
            u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d
        };
        self.curve(|t| (mix(t, a.0, b.0, c.0, d.0), mix(t, a.1, b.1, c.1, d.1)));
    }

    fn close(&mut self) {
        let start = self.start;
        self.edge(start);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn drawn(spans: &[(usize, &str, bool)]) -> (Bitmap, String) {
        let spans: Vec<Span> = spans
            .iter()
            .map(|(column, text, right)| Span {
                column: *column,
                text: (*text).to_owned(),
                right: *right,
            })
            .collect();
        let mut missing = BTreeSet::new();
        let pen = Pen { ink: Ink::Regular, height: 30, column: 12.0 };
        let bitmap = line(&spans, pen, 384, &mut missing).unwrap();
        (bitmap, missing.into_iter().collect())
    }

    fn black_columns(bitmap: &Bitmap) -> (usize, usize) {
        let black = |x: &usize| bitmap.rows().iter().any(|row| *row.get(*x).unwrap());
        let all: Vec<usize> = (0..384).filter(black).collect();
        (*all.first().unwrap(), *all.last().unwrap())
    }

    #[test]
    fn a_letter_is_black_inside_and_white_in_its_hole() {
        let (bitmap, _) = drawn(&[(0, "O", false)]);
        let (from, to) = black_columns(&bitmap);
        let middle = (from + to) / 2;
        let column: Vec<bool> = bitmap.rows().iter().map(|row| *row.get(middle).unwrap()).collect();
        let changes = column.windows(2).filter(|pair| pair.first() != pair.last()).count();
        assert_eq!(changes, 4, "white, top stroke, hole, bottom stroke, white");
    }

    #[test]
    fn words_begin_at_the_left_and_figures_end_in_their_column() {
        let (bitmap, missing) = drawn(&[(0, "Чай", false), (26, "12.500", true)]);
        let (from, to) = black_columns(&bitmap);
        assert!(from < 4, "{from}");
        assert!((380..384).contains(&to), "{to}");
        assert_eq!(missing, "");
    }

    #[test]
    fn a_line_too_long_for_the_head_is_squeezed_not_cut() {
        let long = "Щ".repeat(32);
        let (bitmap, _) = drawn(&[(0, &long, false)]);
        let (_, to) = black_columns(&bitmap);
        assert!((376..384).contains(&to), "{to}");
    }

    #[test]
    fn a_character_no_font_has_is_reported() {
        assert_eq!(drawn(&[(0, "茶 tea", false)]).1, "茶");
    }
}
