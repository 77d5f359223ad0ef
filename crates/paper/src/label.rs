//! Shelf and product labels.
//!
//! **Invariant:** a label's text stays inside its label; what had to be shortened is reported.

#![expect(clippy::float_arithmetic, reason = "positions on paper are measured, not counted")]

use serde::{Deserialize, Serialize};

use crate::canvas::{Canvas, Pdf, Type, modules};
use crate::error::{PaperError, PaperWarning, Printed};
use crate::fonts::MM_PER_PT;
use crate::layouts::{LabelStock, Layouts};
use crate::strip::{Strip, Style};
use crate::symbol::{self, Symbol};
use crate::text::{clean, wrap};

/// A label.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelDoc {
    /// What it is.
    pub name: String,
    /// The price as it is to be read.
    pub price_text: String,
    /// For how much: "per kg".
    pub unit_text: String,
    /// The bar code: EAN-13, UPC-A, EAN-8, or any other text as Code 128.
    pub barcode: String,
    /// The item's own code.
    pub code: String,
    /// Since when the price holds, or nothing.
    pub date: String,
}

/// The most labels printed at once.
const MOST_LABELS: usize = 5_000;
/// A dot of a label printer.
const DOT_MM: f32 = 0.125;
/// Names are set in at most so many lines.
const MOST_NAME_LINES: usize = 2;
/// No letter of a label is smaller.
const LEAST_PT: f32 = 5.0;
/// The digits under the bars.
const DIGITS_PT: f32 = 6.0;
/// Code and date beside the digits.
const SIDE_PT: f32 = 5.0;
/// The part of the width the small print beside the price may take.
const MOST_NOTES: f32 = 0.45;
/// The size of the small print beside the price, at least.
const LEAST_NOTE_PT: f32 = 4.5;

/// Draws labels, from the top left corner of the first page on.
pub fn labels(labels: &[LabelDoc], stock: &LabelStock) -> Result<Printed, PaperError> {
    match labels.len() {
        0 => return Err(PaperError::Nothing),
        lines if lines > MOST_LABELS => {
            return Err(PaperError::TooLong { lines, most: MOST_LABELS });
        }
        _ => {}
    }
    let title = labels.first().map(|label| clean(&label.name)).unwrap_or_default();
    let mut pdf = Pdf::new(&title, "", None);
    let mut warnings = Vec::new();
    for page in labels.chunks(stock.per_page().max(1)) {
        let mut canvas = Canvas::default();
        for (index, label) in page.iter().enumerate() {
            let area = stock.area(index);
            draw(&mut canvas, label, stock, area, &mut warnings);
        }
        pdf.page(stock.page_mm[0], stock.page_mm[1], canvas);
    }
    warnings.sort();
    warnings.dedup();
    pdf.save(warnings)
}

/// Lays a label out for a receipt printer, for shops without a label printer.
pub fn label_strip(label: &LabelDoc, layouts: &Layouts) -> Strip {
    let mut strip = Strip::new(&label.name, &layouts.roll);
    strip.centre(Style::Strong, &label.name);
    strip.centre(Style::Title, &label.price_text);
    strip.centre(Style::Fine, &label.unit_text);
    strip.gap();
    strip.bars(&label.barcode);
    strip.sides(Style::Fine, &label.code, &label.date);
    strip
}

/// The white area of a label: left, top, width, height.
#[derive(Clone, Copy)]
struct Area {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl LabelStock {
    /// Width and height of one label.
    pub(crate) fn label_mm(&self) -> [f32; 2] {
        let side = |page: f32, margin: f32, gap: f32, count: u16| {
            let count = f32::from(count.max(1));
            (page - 2.0 * margin - gap * (count - 1.0)) / count
        };
        [
            side(self.page_mm[0], self.margin_mm[0], self.gap_mm[0], self.columns),
            side(self.page_mm[1], self.margin_mm[1], self.gap_mm[1], self.rows),
        ]
    }

    fn area(&self, index: usize) -> Area {
        let [width, height] = self.label_mm();
        let columns = usize::from(self.columns.max(1));
        let (across, down) = (modules(index % columns), modules(index / columns));
        Area {
            x: self.margin_mm[0] + across * (width + self.gap_mm[0]) + self.padding_mm,
            y: self.margin_mm[1] + down * (height + self.gap_mm[1]) + self.padding_mm,
            width: width - 2.0 * self.padding_mm,
            height: height - 2.0 * self.padding_mm,
        }
    }
}

fn draw(
    canvas: &mut Canvas,
    label: &LabelDoc,
    stock: &LabelStock,
    area: Area,
    warnings: &mut Vec<PaperWarning>,
) {
    let code = Code::new(label, area.width);
    let top = draw_name(canvas, &clean(&label.name), stock, area, warnings);
    let bottom = match &code.bars {
        _ if code.text.is_empty() => area.y + area.height,
        Some((symbol, module)) => draw_bars(canvas, &code, symbol, *module, stock, area),
        None => draw_square(canvas, &code, stock, area, warnings),
    };
    let middle = Area { y: top, height: bottom - top, ..area };
    draw_price(canvas, label, &code, stock, middle, warnings);
}

/// What stands in the lower part of a label.
struct Code {
    text: String,
    /// The bars and the width of a module, when they fit.
    bars: Option<(Symbol, f32)>,
    /// The item's own code and the date, each maybe nothing.
    sides: [String; 2],
    /// Code and date have room beside the digits; otherwise they stand beside the price.
    has_room: bool,
}

impl Code {
    fn new(label: &LabelDoc, width: f32) -> Self {
        const AIR_MM: f32 = 0.8;
        let text = clean(&label.barcode);
        let own = if label.code == label.barcode { String::new() } else { clean(&label.code) };
        let sides = [own, clean(&label.date)];
        let bars = if text.is_empty() { None } else { fitted(&text, width) };
        let (digits, side) = (Type::regular(DIGITS_PT), Type::regular(SIDE_PT));
        let widest = sides.iter().map(|text| side.width(text)).fold(0.0, f32::max);
        let needed = digits.width(&text) + 2.0 * (widest + AIR_MM);
        // Beside a QR code there is always room for them.
        let has_room = !text.is_empty() && (bars.is_none() || needed <= width);
        Self { text, bars, sides, has_room }
    }
}

/// The name at the top; answers where it ends.
fn draw_name(
    canvas: &mut Canvas,
    name: &str,
    stock: &LabelStock,
    area: Area,
    warnings: &mut Vec<PaperWarning>,
) -> f32 {
    let mut look = Type::bold(stock.name_pt);
    let mut lines = wrap(name, area.width, &|text| look.width(text));
    while lines.len() > MOST_NAME_LINES && look.pt > LEAST_PT {
        look = Type::bold((look.pt - 0.5).max(LEAST_PT));
        lines = wrap(name, area.width, &|text| look.width(text));
    }
    if lines.len() > MOST_NAME_LINES {
        warnings.push(PaperWarning::Shortened(name.to_owned()));
        lines.truncate(MOST_NAME_LINES);
        if let Some(last) = lines.last_mut() {
            *last = ellipsis(last, look, area.width);
        }
    }
    let mut y = area.y;
    for line in &lines {
        canvas.text(area.x, y + look.capital() * 1.15, look, line);
        y += look.leading() * 0.93;
    }
    y
}

/// As much of a text as fits before an ellipsis.
fn ellipsis(text: &str, look: Type, width: f32) -> String {
    let mut short = text.to_owned();
    while look.width(&format!("{short}…")) > width && short.pop().is_some() {}
    short.push('…');
    short
}

/// The bars at the bottom with their digits; answers where they begin.
fn draw_bars(
    canvas: &mut Canvas,
    code: &Code,
    symbol: &Symbol,
    module: f32,
    stock: &LabelStock,
    area: Area,
) -> f32 {
    let digits = Type::regular(DIGITS_PT);
    let base = area.y + area.height - 0.3;
    let top = base - digits.capital() - 0.7 - stock.barcode_mm;
    let x = area.x + (area.width - module * modules(symbol.width())) / 2.0;
    canvas.symbol(x, top, module, stock.barcode_mm, symbol);
    canvas.centre(area.x + area.width / 2.0, base, digits, &code.text);
    if code.has_room {
        let (side, [own, date]) = (Type::regular(SIDE_PT), &code.sides);
        canvas.text(area.x, base, side, own);
        canvas.right(area.x + area.width, base, side, date);
    }
    top - 0.6
}

/// A code too long for bars as QR code, its text beside it.
fn draw_square(
    canvas: &mut Canvas,
    code: &Code,
    stock: &LabelStock,
    area: Area,
    warnings: &mut Vec<PaperWarning>,
) -> f32 {
    let digits = Type::regular(DIGITS_PT);
    let end = area.y + area.height;
    let side = stock.barcode_mm + digits.leading();
    let top = end - side;
    let mut x = area.x;
    match symbol::qr(&code.text) {
        Some(symbol) => {
            let module = side / modules(symbol.width());
            canvas.symbol(x, top, module, module, &symbol);
            x += side + 1.5;
        }
        None => warnings.push(PaperWarning::NotACode(code.text.clone())),
    }
    let mut base = top + digits.capital();
    for text in std::iter::once(&code.text).chain(&code.sides) {
        for line in wrap(text, area.x + area.width - x, &|text| digits.width(text)) {
            if base > end {
                warnings.push(PaperWarning::Shortened(text.clone()));
                break;
            }
            canvas.text(x, base, digits, &line);
            base += digits.leading();
        }
    }
    top - 0.6
}

/// The bars in whole dots of a label printer, as wide as the label allows.
fn fitted(code: &str, width: f32) -> Option<(Symbol, f32)> {
    const LEAST_MM: f32 = 2.0 * DOT_MM;
    const MOST_MM: f32 = 3.0 * DOT_MM;
    // The white edge of the label is part of the quiet zone.
    const QUIET: f32 = 14.0;
    let symbol = symbol::product(code)?;
    let module = (width / (modules(symbol.width()) + QUIET) / DOT_MM).floor() * DOT_MM;
    (module >= LEAST_MM).then_some((symbol, module.min(MOST_MM)))
}

/// The price at the right of the room between name and bars, small print at its left.
fn draw_price(
    canvas: &mut Canvas,
    label: &LabelDoc,
    code: &Code,
    stock: &LabelStock,
    area: Area,
    warnings: &mut Vec<PaperWarning>,
) {
    let mut notes = vec![clean(&label.unit_text)];
    if !code.has_room {
        notes.extend(code.sides.iter().cloned());
    }
    notes.retain(|text| !text.is_empty());
    let least_line = LEAST_NOTE_PT * MM_PER_PT * 1.15;
    while notes.len() > 1 && modules(notes.len()) * least_line > area.height {
        warnings.extend(notes.pop().map(PaperWarning::Shortened));
    }
    let lines = modules(notes.len().max(1));
    let tallest_note = area.height / lines / (MM_PER_PT * 1.2);
    let wished = (stock.name_pt * 0.75).min(9.0);
    let fine = Type::regular(wished.min(tallest_note).max(LEAST_NOTE_PT));
    for note in notes.iter_mut().filter(|note| fine.width(note) > area.width * MOST_NOTES) {
        let short = ellipsis(note, fine, area.width * MOST_NOTES);
        warnings.push(PaperWarning::Shortened(std::mem::replace(note, short)));
    }
    let beside = notes.iter().map(|text| fine.width(text)).fold(0.0, f32::max);
    let price = clean(&label.price_text);
    let room = area.width - if beside > 0.0 { beside + 1.5 } else { 0.0 };
    let natural = Type::bold(1.0).width(&price).max(0.01);
    // A capital letter above the line, a tail below it, and some air.
    let (capital, tail, air) = (Type::bold(1.0).capital(), 0.2 * MM_PER_PT, 0.08 * MM_PER_PT);
    let tallest = area.height / (capital + tail + air);
    let look = Type::bold(stock.price_pt.min(room / natural).min(tallest).max(LEAST_PT));
    let base = area.y + (area.height + look.pt * (capital - tail)) / 2.0;
    if look.width(&price) <= room {
        canvas.right(area.x + area.width, base, look, &price);
    } else {
        // Half a price would be a wrong price.
        warnings.push(PaperWarning::Shortened(price));
    }
    let step = fine.pt * MM_PER_PT * 1.2;
    let mut y = base - step * (lines - 1.0);
    for note in &notes {
        canvas.text(area.x, y, fine, note);
        y += step;
    }
}
