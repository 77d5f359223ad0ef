//! A strip as bytes for a receipt printer (ESC/POS).
//!
//! Text is sent in a code page which has all its characters; a line no page can write is sent
//! as a picture.
//!
//! **Invariant:** every byte below 0x20 in the answer is a command this module meant; nothing a
//! customer or product is called can command the printer.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::code_page::{CodePage, plain};
use crate::error::{PaperError, PaperWarning, Printed};
use crate::fonts::Ink;
use crate::grid::{self, Face, Line, SmallPrint, Span};
use crate::layouts::{RollSize, Width};
use crate::raster::{self, Bitmap, Pen};
use crate::strip::Strip;
use crate::symbol::{self, Fitted, Symbol};

/// What happens to the paper at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// The cashier tears it off.
    None,
    /// Cut but for a bridge in the middle.
    Partial,
    /// Cut through.
    Full,
}

/// The pin of the printer's socket to which the drawer is wired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DrawerPin {
    /// The usual one.
    Pin2,
    /// The second drawer.
    Pin5,
}

/// What a receipt printer can do and should do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct EscposOptions {
    /// The code pages the printer knows, the preferred one first.
    pub code_pages: Vec<CodePage>,
    /// How the paper is cut.
    pub cut: Cut,
    /// Opens the drawer before printing.
    pub drawer_kick: Option<DrawerPin>,
    /// The printer draws QR codes itself; otherwise they are sent as a picture.
    pub qr_native: bool,
    /// The printer draws bar codes itself; otherwise they are sent as a picture.
    pub barcode_native: bool,
    /// The printer has a second, smaller font.
    pub small_font: bool,
    /// The printer prints white on black.
    pub inverse: bool,
}

impl Default for EscposOptions {
    fn default() -> Self {
        Self {
            code_pages: vec![CodePage::Pc437, CodePage::Pc858, CodePage::Wpc1252],
            cut: Cut::Partial,
            drawer_kick: None,
            qr_native: false,
            barcode_native: false,
            small_font: true,
            inverse: true,
        }
    }
}

const ESC: u8 = 0x1b;
const GS: u8 = 0x1d;
const LINE_FEED: u8 = 0x0a;
/// `ESC @`, and `FS .`: without it printers made for China read two bytes above 0x7F as one sign.
const INITIALISE: [u8; 4] = [ESC, b'@', 0x1c, b'.'];
/// Rows of a picture sent at once: cheap printers have little memory.
const BAND_ROWS: usize = 64;
/// The height of bars in dots: 11 mm.
const BAR_DOTS: u8 = 88;
/// From the last line to the knife, in dots.
const FEED_TO_CUT: u8 = 24;
/// Lines to feed where the paper is torn.
const LINES_TO_TEAR: u8 = 4;

/// The bytes that open the drawer and print nothing.
pub fn drawer_kick(pin: DrawerPin) -> Vec<u8> {
    let mut bytes = INITIALISE.to_vec();
    bytes.extend(kick(pin));
    bytes
}

/// `ESC p`: a pulse of 100 ms, then 500 ms of rest for the magnet.
fn kick(pin: DrawerPin) -> [u8; 5] {
    let connector = match pin {
        DrawerPin::Pin2 => 0,
        DrawerPin::Pin5 => 1,
    };
    [ESC, b'p', connector, 50, 250]
}

/// Writes a strip.
pub(crate) fn encode(
    strip: &Strip,
    width: Width,
    options: &EscposOptions,
) -> Result<Printed, PaperError> {
    let mut head = Head::new(strip.size(width), options);
    head.bytes.extend(INITIALISE);
    if let Some(pin) = options.drawer_kick {
        head.bytes.extend(kick(pin));
    }
    let small_print = if options.small_font { SmallPrint::Small } else { SmallPrint::Normal };
    for line in grid::lines(strip, width, small_print) {
        head.line(&line)?;
    }
    head.finish();
    let mut warnings = strip.warnings().to_vec();
    warnings.append(&mut head.warnings);
    if !head.missing.is_empty() {
        warnings.push(PaperWarning::MissingCharacters(head.missing.iter().collect()));
    }
    Ok(Printed { bytes: head.bytes, warnings })
}

/// The print head: what has been sent, and the state the printer is in.
struct Head<'a> {
    size: &'a RollSize,
    options: &'a EscposOptions,
    bytes: Vec<u8>,
    face: Face,
    page: Option<CodePage>,
    missing: BTreeSet<char>,
    warnings: Vec<PaperWarning>,
}

impl<'a> Head<'a> {
    fn new(size: &'a RollSize, options: &'a EscposOptions) -> Self {
        Self {
            size,
            options,
            bytes: Vec::new(),
            face: Face::Normal,
            page: None,
            missing: BTreeSet::new(),
            warnings: Vec::new(),
        }
    }

    fn line(&mut self, line: &Line) -> Result<(), PaperError> {
        match line {
            Line::Text { face, spans } => self.text(*face, spans),
            Line::Feed(dots) => {
                self.bytes.extend([ESC, b'J', *dots]);
                Ok(())
            }
            Line::Picture(picture) => {
                self.symbol(&Fitted { symbol: picture.clone(), dots: 1 }, 1);
                Ok(())
            }
            Line::Bars(text) => self.bars(text),
            Line::Qr { text, caption } => self.qr(text, caption),
        }
    }

    fn text(&mut self, face: Face, spans: &[Span]) -> Result<(), PaperError> {
        let drawn = face == Face::Inverse && !self.options.inverse;
        let text = grid::flat(spans);
        // The white on black of a stamp runs to the edge.
        let text = if face == Face::Inverse { text.as_str() } else { text.trim_end() };
        let encoded = if drawn { None } else { self.encoded(text) };
        match encoded {
            Some((page, bytes)) => {
                self.set_page(page);
                self.set_face(face);
                self.bytes.extend(bytes);
                self.bytes.push(LINE_FEED);
                Ok(())
            }
            None => self.drawn(face, spans),
        }
    }

    /// The text in a page that has all of it: as it is if the page in use or the preferred one
    /// can, in plainer characters before another page is chosen.
    fn encoded(&self, text: &str) -> Option<(CodePage, Vec<u8>)> {
        let pages = self.options.code_pages.iter().copied();
        let first = self.page.or_else(|| self.options.code_pages.first().copied());
        let plainer = plain(text);
        first
            .into_iter()
            .flat_map(|page| [(page, text), (page, plainer.as_str())])
            .chain(pages.clone().map(|page| (page, text)))
            .chain(pages.map(|page| (page, plainer.as_str())))
            .find_map(|(page, text)| Some((page, page.encode(text)?)))
    }

    fn set_page(&mut self, page: CodePage) {
        if self.page != Some(page) {
            self.bytes.extend([ESC, b't', page.number()]);
            self.page = Some(page);
        }
    }

    fn set_face(&mut self, face: Face) {
        if self.face == face {
            return;
        }
        let (font, bold, size, inverse) = match face {
            Face::Normal => (0, 0, 0x00, 0),
            Face::Bold => (0, 1, 0x00, 0),
            Face::Small => (1, 0, 0x00, 0),
            Face::Tall => (0, 1, 0x01, 0),
            Face::Wide => (0, 1, 0x11, 0),
            Face::Inverse => (0, 1, 0x00, 1),
        };
        let commands =
            [[ESC, b'M', font], [ESC, b'E', bold], [GS, b'!', size], [GS, b'B', inverse]];
        self.bytes.extend(commands.iter().flatten());
        self.face = face;
    }

    /// A line as a picture.
    fn drawn(&mut self, face: Face, spans: &[Span]) -> Result<(), PaperError> {
        let dots = usize::from(self.size.dots);
        let column = column_dots(self.size, face);
        let (ink, height) = match face {
            Face::Normal => (Ink::Regular, 30),
            Face::Small => (Ink::Regular, 22),
            Face::Bold | Face::Inverse => (Ink::Bold, 30),
            Face::Tall | Face::Wide => (Ink::Bold, 56),
        };
        let pen = Pen { ink, height, column };
        let mut bitmap = raster::line(spans, pen, dots, &mut self.missing)?;
        if face == Face::Inverse {
            bitmap.invert();
        }
        self.picture(&bitmap);
        Ok(())
    }

    /// `GS v 0`, band by band.
    fn picture(&mut self, bitmap: &Bitmap) {
        for band in bitmap.rows().chunks(BAND_ROWS) {
            let packed: Vec<Vec<u8>> = band.iter().map(|row| pack(row)).collect();
            let width = packed.first().map_or(0, Vec::len);
            let (width, height) = (little_endian(width), little_endian(packed.len()));
            self.bytes.extend([GS, b'v', b'0', 0]);
            self.bytes.extend(width);
            self.bytes.extend(height);
            self.bytes.extend(packed.into_iter().flatten());
        }
    }

    fn bars(&mut self, text: &str) -> Result<(), PaperError> {
        let Some(fitted) = symbol::fit_code128(text, usize::from(self.size.dots)) else {
            return self.qr(text, text);
        };
        self.bytes.extend([ESC, b'J', 12]);
        if self.options.barcode_native {
            self.native_bars(text, fitted.dots);
        } else {
            self.symbol(&fitted, usize::from(BAR_DOTS));
        }
        self.caption(text)
    }

    /// `GS k` 73 in code set B.
    fn native_bars(&mut self, text: &str, dots: usize) {
        // In the printer's own notation a brace opens a code set, so it is written twice.
        let text = text.replace('{', "{{");
        let length = u8::try_from(text.len() + 2).unwrap_or(u8::MAX);
        let dots = u8::try_from(dots).unwrap_or(2);
        self.set_face(Face::Normal);
        self.bytes.extend([ESC, b'a', 1, GS, b'h', BAR_DOTS, GS, b'w', dots, GS, b'H', 0]);
        self.bytes.extend([GS, b'k', 73, length]);
        self.bytes.extend(b"{B");
        self.bytes.extend(text.as_bytes());
        self.bytes.extend([ESC, b'a', 0]);
    }

    fn qr(&mut self, text: &str, caption: &str) -> Result<(), PaperError> {
        let Some(fitted) = symbol::fit_qr(text, usize::from(self.size.dots)) else {
            self.warnings.push(PaperWarning::NotACode(text.to_owned()));
            return self.caption(text);
        };
        let quiet = u8::try_from(symbol::QUIET_QR * fitted.dots).unwrap_or(u8::MAX);
        self.bytes.extend([ESC, b'J', quiet]);
        if self.options.qr_native {
            self.native_qr(text, fitted.dots);
        } else {
            let module = fitted.dots;
            self.symbol(&fitted, module);
        }
        self.bytes.extend([ESC, b'J', quiet]);
        self.caption(caption)
    }

    /// `GS ( k` functions 165, 167, 169, 180 and 181.
    fn native_qr(&mut self, text: &str, dots: usize) {
        let dots = u8::try_from(dots).unwrap_or(4);
        self.set_face(Face::Normal);
        self.bytes.extend([ESC, b'a', 1]);
        self.bytes.extend([GS, b'(', b'k', 4, 0, 49, 65, 50, 0]);
        self.bytes.extend([GS, b'(', b'k', 3, 0, 49, 67, dots]);
        self.bytes.extend([GS, b'(', b'k', 3, 0, 49, 69, 49]);
        self.bytes.extend([GS, b'(', b'k']);
        self.bytes.extend(little_endian(text.len() + 3));
        self.bytes.extend([49, 80, 48]);
        self.bytes.extend(text.as_bytes());
        self.bytes.extend([GS, b'(', b'k', 3, 0, 49, 81, 48]);
        self.bytes.extend([ESC, b'a', 0]);
    }

    /// A code as a picture in the middle of the paper.
    fn symbol(&mut self, fitted: &Fitted, row_dots: usize) {
        let (symbol, module) = (&fitted.symbol, fitted.dots);
        let head = usize::from(self.size.dots);
        let left = head.saturating_sub(symbol.width() * module) / 2;
        let mut bitmap = Bitmap::new(head, symbol.height() * row_dots);
        for (index, row) in symbol.rows().iter().enumerate() {
            for (start, length) in Symbol::runs(row) {
                let (x, y) = (left + start * module, index * row_dots);
                bitmap.fill(x, y, length * module, row_dots);
            }
        }
        self.picture(&bitmap);
    }

    /// Text in the middle under a code.
    fn caption(&mut self, text: &str) -> Result<(), PaperError> {
        let width = usize::from(self.size.columns);
        let characters: Vec<char> = text.chars().collect();
        for line in characters.chunks(width) {
            let column = (width - line.len()) / 2;
            let span = Span { column, text: line.iter().collect(), right: false };
            self.text(Face::Normal, &[span])?;
        }
        Ok(())
    }

    fn finish(&mut self) {
        self.set_face(Face::Normal);
        let end: &[u8] = match self.options.cut {
            Cut::None => &[ESC, b'd', LINES_TO_TEAR],
            Cut::Partial => &[GS, b'V', 66, FEED_TO_CUT],
            Cut::Full => &[GS, b'V', 65, FEED_TO_CUT],
        };
        self.bytes.extend(end);
    }
}

/// The width of a column in dots.
#[expect(clippy::float_arithmetic, reason = "a column of the small font is no whole dots wide")]
fn column_dots(size: &RollSize, face: Face) -> f32 {
    let columns = u16::try_from(grid::columns(size, face)).unwrap_or(u16::MAX);
    f32::from(size.dots) / f32::from(columns.max(1))
}

/// Eight dots to a byte, the first in the highest bit.
fn pack(row: &[bool]) -> Vec<u8> {
    let byte = |dots: &[bool]| {
        dots.iter().enumerate().fold(
            0_u8,
            |byte, (index, black)| {
                if *black { byte | (0x80 >> index) } else { byte }
            },
        )
    };
    row.chunks(8).map(byte).collect()
}

fn little_endian(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}
