//! A page to draw on, measured in millimetres from its top left corner, and the PDF made of it.
//!
//! **Invariant:** the same drawing gives the same bytes: no clock, no random name, so a reprint
//! is the same file.

#![expect(clippy::float_arithmetic, reason = "positions on paper are measured, not counted")]

use std::collections::{BTreeMap, BTreeSet};

use lumbung_domain::BusinessDate;
use printpdf::{
    Color, FontId, Greyscale, Mm, OffsetDateTime, Op, PaintMode, PdfDocument, PdfFont,
    PdfFontHandle, PdfPage, PdfSaveOptions, Point, Pt, Rect, TextItem,
};

use crate::error::{PaperError, PaperWarning, Printed};
use crate::fonts::{self, Font, Ink};
use crate::symbol::Symbol;

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Type {
    pub pt: f32,
    pub ink: Ink,
}

impl Type {
    pub(crate) fn regular(pt: f32) -> Self {
        Self { pt, ink: Ink::Regular }
    }

    pub(crate) fn bold(pt: f32) -> Self {
        Self { pt, ink: Ink::Bold }
    }

    /// The width of a text in millimetres.
    pub(crate) fn width(self, text: &str) -> f32 {
        fonts::width_mm(text, self.ink, self.pt)
    }

    /// From one line to the next.
    pub(crate) fn leading(self) -> f32 {
        self.pt * fonts::MM_PER_PT * 1.28
    }

    /// From the top of a line to where its letters stand.
    pub(crate) fn baseline(self) -> f32 {
        self.pt * fonts::MM_PER_PT * 0.99
    }

    /// The height of a capital letter.
    pub(crate) fn capital(self) -> f32 {
        self.pt * fonts::MM_PER_PT * 0.714
    }
}

/// Black, and the shades between it and the paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shade(pub f32);

impl Shade {
    pub(crate) const BLACK: Self = Self(0.0);
    pub(crate) const GREY: Self = Self(0.38);
    pub(crate) const LIGHT: Self = Self(0.78);
    pub(crate) const WHITE: Self = Self(1.0);
}

enum Mark {
    Text { x: f32, y: f32, look: Type, shade: Shade, text: String },
    Fill { x: f32, y: f32, width: f32, height: f32, shade: Shade },
}

/// A page while it is drawn.
#[derive(Default)]
pub(crate) struct Canvas {
    marks: Vec<Mark>,
}

impl Canvas {
    /// Text whose letters stand on `y`, beginning at `x`.
    pub(crate) fn text(&mut self, x: f32, y: f32, look: Type, text: &str) {
        self.shaded(x, y, look, Shade::BLACK, text);
    }

    /// The same in a shade of grey.
    pub(crate) fn shaded(&mut self, x: f32, y: f32, look: Type, shade: Shade, text: &str) {
        if !text.is_empty() {
            self.marks.push(Mark::Text { x, y, look, shade, text: text.to_owned() });
        }
    }

    /// Text ending at `right`.
    pub(crate) fn right(&mut self, right: f32, y: f32, look: Type, text: &str) {
        self.text(right - look.width(text), y, look, text);
    }

    /// Text around `centre`.
    pub(crate) fn centre(&mut self, centre: f32, y: f32, look: Type, text: &str) {
        self.text(centre - look.width(text) / 2.0, y, look, text);
    }

    /// A filled rectangle.
    pub(crate) fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, shade: Shade) {
        self.marks.push(Mark::Fill { x, y, width, height, shade });
    }

    /// A line across, from `x`, `width` long.
    pub(crate) fn rule(&mut self, x: f32, y: f32, width: f32, thick: f32, shade: Shade) {
        self.fill(x, y - thick / 2.0, width, thick, shade);
    }

    /// A code with its top left corner at (x, y).
    pub(crate) fn symbol(&mut self, x: f32, y: f32, module: f32, height: f32, symbol: &Symbol) {
        // A hair of overlap, so that no viewer shows seams between the rows of a QR code.
        let overlap = if symbol.height() > 1 { 0.02 } else { 0.0 };
        let mut top = y;
        for row in symbol.rows() {
            for (start, length) in Symbol::runs(row) {
                let (start, length) = (modules(start), modules(length));
                let (left, width) = (x + start * module, length * module);
                self.fill(left, top, width, height + overlap, Shade::BLACK);
            }
            top += height;
        }
    }
}

/// A count of modules as a length.
pub(crate) fn modules(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// A PDF while it is drawn.
pub(crate) struct Pdf {
    document: PdfDocument,
    dated: bool,
    pages: Vec<PdfPage>,
    used: BTreeMap<&'static str, &'static Font>,
    missing: BTreeSet<char>,
}

impl Pdf {
    pub(crate) fn new(title: &str, author: &str, day: Option<BusinessDate>) -> Self {
        let mut document = PdfDocument::new(title);
        let info = &mut document.metadata.info;
        author.clone_into(&mut info.author);
        "Lumbung".clone_into(&mut info.creator);
        "Lumbung".clone_into(&mut info.producer);
        let midnight = day.and_then(|day| day.and_hms_opt(0, 0, 0));
        let date = midnight
            .and_then(|time| OffsetDateTime::from_unix_timestamp(time.and_utc().timestamp()).ok());
        if let Some(date) = date {
            info.creation_date = date;
            info.modification_date = date;
            info.metadata_date = date;
        }
        Self {
            document,
            dated: date.is_some(),
            pages: Vec::new(),
            used: BTreeMap::new(),
            missing: BTreeSet::new(),
        }
    }

    /// Adds a finished page.
    pub(crate) fn page(&mut self, width: f32, height: f32, canvas: Canvas) {
        let mut ops = Vec::with_capacity(canvas.marks.len() * 6);
        let mut shade = None;
        for mark in canvas.marks {
            let wanted = match &mark {
                Mark::Text { shade, .. } | Mark::Fill { shade, .. } => *shade,
            };
            if shade != Some(wanted) {
                let grey = Greyscale { percent: wanted.0, icc_profile: None };
                ops.push(Op::SetFillColor { col: Color::Greyscale(grey) });
                shade = Some(wanted);
            }
            match mark {
                Mark::Text { x, y, look, text, .. } => {
                    self.text_ops(&mut ops, x, height - y, look, &text);
                }
                Mark::Fill { x, y, width: wide, height: high, .. } => {
                    let rectangle = Rect {
                        x: Mm(x).into(),
                        y: Mm(height - y - high).into(),
                        width: Mm(wide).into(),
                        height: Mm(high).into(),
                        mode: Some(PaintMode::Fill),
                        winding_order: None,
                    };
                    ops.push(Op::DrawRectangle { rectangle });
                }
            }
        }
        self.pages.push(PdfPage::new(Mm(width), Mm(height), ops));
    }

    fn text_ops(&mut self, ops: &mut Vec<Op>, x: f32, y: f32, look: Type, text: &str) {
        ops.push(Op::StartTextSection);
        ops.push(Op::SetTextCursor { pos: Point::new(Mm(x), Mm(y)) });
        for run in fonts::runs(text, look.ink, &mut self.missing) {
            self.used.insert(run.font.name, run.font);
            let font = PdfFontHandle::External(FontId(run.font.name.to_owned()));
            ops.push(Op::SetFont { font, size: Pt(look.pt) });
            ops.push(Op::ShowText { items: vec![TextItem::Text(run.text)] });
        }
        ops.push(Op::EndTextSection);
    }

    /// The file.
    pub(crate) fn save(mut self, mut warnings: Vec<PaperWarning>) -> Result<Printed, PaperError> {
        for (name, font) in &self.used {
            let font = PdfFont::new(font.for_pdf()?.clone());
            self.document.resources.fonts.map.insert(FontId((*name).to_owned()), font);
        }
        if !self.missing.is_empty() {
            warnings.push(PaperWarning::MissingCharacters(self.missing.iter().collect()));
        }
        self.document.with_pages(self.pages);
        let options = PdfSaveOptions::default();
        let mut file = self.document.to_lopdf_document(&options, &mut Vec::new());
        // The writer makes up a name for the file; without it equal documents are equal files.
        file.trailer.remove(b"ID");
        let info = file.trailer.get(b"Info").and_then(|info| info.as_reference());
        if let Ok(info) = info.and_then(|id| file.get_dictionary_mut(id))
            && !self.dated
        {
            info.remove(b"CreationDate");
            info.remove(b"ModDate");
        }
        file.compress();
        let mut bytes = Vec::new();
        file.save_to(&mut bytes).map_err(PaperError::Write)?;
        Ok(Printed { bytes, warnings })
    }
}
