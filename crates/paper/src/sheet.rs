//! A4 documents: one small paginator under all of them.
//!
//! **Invariant:** every line of the table is on exactly one page under a head, every page says
//! which of how many it is, and what a page carries forward the next one brings forward.

#![expect(clippy::float_arithmetic, reason = "positions on paper are measured, not counted")]

use lumbung_domain::BusinessDate;

use crate::canvas::{Canvas, Pdf, Shade, Type, modules};
use crate::error::{PaperError, Printed};
use crate::language::Words;
use crate::layouts::SheetLayout;
use crate::text::{clean, wrap};

/// The gap between columns.
const GUTTER_MM: f32 = 3.0;
/// The room of the page number.
const FOOTER_MM: f32 = 8.0;
/// White space above and below the text of a row.
const ROW_PADDING_MM: f32 = 0.9;
/// The smallest type a table is set in before its columns overlap.
const LEAST_PT: f32 = 5.5;

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub head: String,
    /// Its part of the width, in proportion to the others.
    pub share: f32,
    /// A column of figures, which end at its right edge and never wrap.
    pub figures: bool,
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    pub cells: Vec<String>,
    /// In grey under the first text column.
    pub note: String,
    pub strong: bool,
    /// The sum up to and including this row, carried over a page break.
    pub running: Option<String>,
}

/// A document while its pages fill.
pub(crate) struct Sheet<'a> {
    layout: &'a SheetLayout,
    words: &'static Words,
    pages: Vec<Canvas>,
    /// What later pages say at their head.
    heading: String,
    pub y: f32,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(layout: &'a SheetLayout, words: &'static Words, heading: &str) -> Self {
        Self {
            layout,
            words,
            pages: vec![Canvas::default()],
            heading: clean(heading),
            y: layout.margin_mm[1],
        }
    }

    pub(crate) fn left(&self) -> f32 {
        self.layout.margin_mm[0]
    }

    pub(crate) fn right(&self) -> f32 {
        self.layout.page_mm[0] - self.layout.margin_mm[0]
    }

    pub(crate) fn width(&self) -> f32 {
        self.right() - self.left()
    }

    fn bottom(&self) -> f32 {
        self.layout.page_mm[1] - self.layout.margin_mm[1] - FOOTER_MM
    }

    pub(crate) fn body(&self) -> Type {
        Type::regular(self.layout.body_pt)
    }

    pub(crate) fn strong(&self) -> Type {
        Type::bold(self.layout.body_pt)
    }

    pub(crate) fn fine(&self) -> Type {
        Type::regular(self.layout.body_pt * 0.84)
    }

    /// The page being filled.
    pub(crate) fn canvas(&mut self) -> &mut Canvas {
        if self.pages.is_empty() {
            self.pages.push(Canvas::default());
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    fn break_page(&mut self) {
        self.pages.push(Canvas::default());
        self.y = self.layout.margin_mm[1];
        let (look, heading) = (self.fine(), self.heading.clone());
        let (left, base) = (self.left(), self.y + look.baseline());
        self.canvas().shaded(left, base, look, Shade::GREY, &heading);
        self.y += look.leading() + 3.0;
    }

    /// Begins a new page unless this one has so much room.
    pub(crate) fn need(&mut self, height: f32) {
        let fresh = self.layout.margin_mm[1] + 12.0;
        if self.y + height > self.bottom() && self.y > fresh {
            self.break_page();
        }
    }

    /// A paragraph between two edges, over pages if it must.
    pub(crate) fn paragraph(&mut self, x: f32, width: f32, look: Type, shade: Shade, text: &str) {
        for line in wrap(&clean(text), width, &|text| look.width(text)) {
            self.need(look.leading());
            let base = self.y + look.baseline();
            self.canvas().shaded(x, base, look, shade, &line);
            self.y += look.leading();
        }
    }

    /// A table over as many pages as it needs.
    pub(crate) fn table(&mut self, columns: &[Column], lines: &[Line]) {
        let table = Table::fit(self, columns, lines);
        self.need(table.head_height() + table.look.leading() * 2.0);
        table.head(self);
        let mut carried: Option<&str> = None;
        for line in lines {
            let cells = table.cells(line);
            let room = if line.running.is_some() { table.row_height(1) } else { 0.0 };
            let height = table.row_height(cells.height());
            // A row longer than a page is broken where the page ends.
            let breakable = height > self.bottom() - self.layout.margin_mm[1] - 30.0;
            if self.y + height + room > self.bottom() && !breakable {
                table.turn(self, carried);
            }
            table.draw(self, &cells, carried);
            carried = line.running.as_deref();
        }
    }

    /// The file: every page with its number.
    pub(crate) fn save(
        mut self,
        title: &str,
        author: &str,
        day: Option<BusinessDate>,
    ) -> Result<Printed, PaperError> {
        let [width, height] = self.layout.page_mm;
        let mut pdf = Pdf::new(&clean(title), &clean(author), day);
        let (look, words, count) = (self.fine(), self.words, self.pages.len());
        let base = height - self.layout.margin_mm[1];
        let (left, right) = (self.left(), self.right());
        for (index, mut canvas) in std::mem::take(&mut self.pages).into_iter().enumerate() {
            let number = index + 1;
            let text = format!("{} {number} {} {count}", words.page, words.page_of);
            canvas.rule(left, base - look.leading(), right - left, 0.15, Shade::LIGHT);
            canvas.shaded(left, base, look, Shade::GREY, &self.heading);
            canvas.shaded(right - look.width(&text), base, look, Shade::GREY, &text);
            pdf.page(width, height, canvas);
        }
        pdf.save(Vec::new())
    }
}

/// A table fitted to the page.
struct Table<'a> {
    columns: &'a [Column],
    /// The left edge and the width of each column.
    places: Vec<(f32, f32)>,
    look: Type,
    note: Type,
}

/// A row broken into the lines of its cells.
struct Cells {
    lines: Vec<Vec<String>>,
    note: Vec<String>,
    strong: bool,
}

impl Cells {
    fn text_height(&self) -> usize {
        self.lines.iter().map(Vec::len).max().unwrap_or(0).max(1)
    }

    fn height(&self) -> usize {
        self.text_height() + self.note.len()
    }
}

impl<'a> Table<'a> {
    /// The largest type, up to the body's, in which the figures do not crowd out the words.
    fn fit(sheet: &Sheet<'_>, columns: &'a [Column], lines: &[Line]) -> Self {
        let mut pt = sheet.body().pt;
        loop {
            let look = Type::regular(pt);
            let widths = Self::widths(sheet, columns, lines, pt);
            if let Some(widths) =
                widths.or_else(|| (pt <= LEAST_PT).then(|| Self::shares(sheet, columns)))
            {
                let mut x = sheet.left();
                let place = |width: f32| {
                    let place = (x, width);
                    x += width + GUTTER_MM;
                    place
                };
                let places = widths.into_iter().map(place).collect();
                return Self { columns, places, look, note: Type::regular(pt * 0.84) };
            }
            pt -= 0.5;
        }
    }

    fn shares(sheet: &Sheet<'_>, columns: &[Column]) -> Vec<f32> {
        let gaps = GUTTER_MM * modules(columns.len().saturating_sub(1));
        let all: f32 = columns.iter().map(|column| column.share).sum();
        let room = sheet.width() - gaps;
        columns.iter().map(|column| room * column.share / all.max(0.001)).collect()
    }

    /// The shares, widened where a figure needs it at the cost of the columns of words.
    fn widths(sheet: &Sheet<'_>, columns: &[Column], lines: &[Line], pt: f32) -> Option<Vec<f32>> {
        const LEAST_WORDS: f32 = 0.6;
        let shares = Self::shares(sheet, columns);
        let (look, bold) = (Type::regular(pt), Type::bold(pt));
        let needed = |index: usize| {
            let cells = lines.iter().filter_map(|line| line.cells.get(index));
            let sums = lines.iter().filter_map(|line| line.running.as_ref());
            let last = index + 1 == columns.len();
            cells.chain(sums.filter(|_| last)).map(|cell| bold.width(cell)).fold(0.0, f32::max)
        };
        let mut widths = Vec::with_capacity(columns.len());
        for (index, (column, share)) in columns.iter().zip(&shares).enumerate() {
            let head = look.width(&column.head);
            let least = if column.figures { needed(index).max(head) } else { 0.0 };
            widths.push(least.max(*share));
        }
        let excess = widths.iter().sum::<f32>() - shares.iter().sum::<f32>();
        let words = |index: &usize| columns.get(*index).is_some_and(|column| !column.figures);
        let room: f32 = (0..columns.len()).filter(words).filter_map(|i| shares.get(i)).sum();
        if excess > room * (1.0 - LEAST_WORDS) {
            return None;
        }
        for index in (0..columns.len()).filter(words) {
            if let Some(width) = widths.get_mut(index) {
                *width -= *width / room * excess;
            }
        }
        Some(widths)
    }

    fn head_height(&self) -> f32 {
        self.look.leading() + 2.0 * ROW_PADDING_MM + 0.6
    }

    fn row_height(&self, lines: usize) -> f32 {
        self.look.leading() * modules(lines) + 2.0 * ROW_PADDING_MM
    }

    fn head(&self, sheet: &mut Sheet<'_>) {
        let look = self.note;
        let base = sheet.y + ROW_PADDING_MM + look.baseline();
        for (column, (x, width)) in self.columns.iter().zip(&self.places) {
            let left = if column.figures { x + width - look.width(&column.head) } else { *x };
            sheet.canvas().shaded(left, base, look, Shade::GREY, &column.head);
        }
        sheet.y += self.head_height();
        let (left, width, y) = (sheet.left(), sheet.width(), sheet.y - 0.3);
        sheet.canvas().rule(left, y, width, 0.35, Shade::BLACK);
    }

    fn cells(&self, line: &Line) -> Cells {
        let bold = Type::bold(self.look.pt);
        let look = if line.strong { bold } else { self.look };
        let places = self.columns.iter().zip(&self.places);
        let lines = line
            .cells
            .iter()
            .zip(places)
            .map(|(cell, (column, (_, width)))| {
                let cell = clean(cell);
                if column.figures {
                    return vec![cell];
                }
                wrap(&cell, *width, &|text| look.width(text))
            })
            .collect();
        let (_, width) = self.words_place();
        let note = wrap(&clean(&line.note), width, &|text| self.note.width(text));
        Cells { lines, note, strong: line.strong }
    }

    /// Where notes and sums carried over stand: the widest column of words.
    fn words_place(&self) -> (f32, f32) {
        self.columns
            .iter()
            .zip(&self.places)
            .filter(|(column, _)| !column.figures)
            .map(|(_, place)| *place)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((0.0, 0.0))
    }

    /// Closes a page and opens the next.
    fn turn(&self, sheet: &mut Sheet<'_>, carried: Option<&str>) {
        let words = sheet.words;
        self.sum_row(sheet, words.carried_forward, carried);
        sheet.break_page();
        self.head(sheet);
        self.sum_row(sheet, words.brought_forward, carried);
    }

    fn sum_row(&self, sheet: &mut Sheet<'_>, label: &str, sum: Option<&str>) {
        let Some(sum) = sum else { return };
        let look = Type::bold(self.look.pt);
        let base = sheet.y + ROW_PADDING_MM + look.baseline();
        let (x, _) = self.words_place();
        let right = sheet.right();
        sheet.canvas().text(x, base, look, label);
        sheet.canvas().right(right, base, look, sum);
        sheet.y += self.row_height(1);
    }

    /// Draws a row; one that is longer than a page goes on on the next.
    fn draw(&self, sheet: &mut Sheet<'_>, cells: &Cells, carried: Option<&str>) {
        let look = if cells.strong { Type::bold(self.look.pt) } else { self.look };
        sheet.y += ROW_PADDING_MM;
        for index in 0..cells.text_height() {
            self.room_for_line(sheet, carried);
            let base = sheet.y + look.baseline();
            let places = self.columns.iter().zip(&self.places);
            for (lines, (column, (x, width))) in cells.lines.iter().zip(places) {
                let Some(text) = lines.get(index) else { continue };
                let left = if column.figures { x + width - look.width(text) } else { *x };
                sheet.canvas().text(left, base, look, text);
            }
            sheet.y += look.leading();
        }
        let (x, _) = self.words_place();
        for text in &cells.note {
            self.room_for_line(sheet, carried);
            let base = sheet.y + self.note.baseline();
            sheet.canvas().shaded(x, base, self.note, Shade::GREY, text);
            sheet.y += look.leading();
        }
        sheet.y += ROW_PADDING_MM;
        let (left, width, y) = (sheet.left(), sheet.width(), sheet.y);
        sheet.canvas().rule(left, y, width, 0.1, Shade::LIGHT);
    }

    fn room_for_line(&self, sheet: &mut Sheet<'_>, carried: Option<&str>) {
        let room = if carried.is_some() { self.row_height(1) } else { 0.0 };
        if sheet.y + self.look.leading() + room > sheet.bottom() {
            self.turn(sheet, carried);
        }
    }
}
