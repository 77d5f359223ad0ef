//! The embedded fonts: which one has a character, and how wide a text is.
//!
//! Noto Sans covers Latin, Greek and Cyrillic, Noto Sans Devanagari stands behind it. Devanagari
//! is set letter by letter, without the joining of a text engine.
//!
//! **Invariant:** every character of a text ends in exactly one run: in a font which has it, or
//! as a question mark with the character reported.

#![expect(clippy::float_arithmetic, reason = "widths on paper are measured, not counted")]

use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use ttf_parser::{Face, GlyphId};

use crate::error::PaperError;

/// Millimetres to a point.
pub(crate) const MM_PER_PT: f32 = 25.4 / 72.0;

/// How thick the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Regular,
    Bold,
}

/// One of the embedded fonts.
pub(crate) struct Font {
    pub name: &'static str,
    bytes: &'static [u8],
    face: Option<Face<'static>>,
    for_pdf: OnceLock<Option<printpdf::ParsedFont>>,
}

impl Font {
    fn new(name: &'static str, bytes: &'static [u8]) -> Self {
        Self { name, bytes, face: Face::parse(bytes, 0).ok(), for_pdf: OnceLock::new() }
    }

    /// The font as the PDF writer wants it. Reading it takes a millisecond, so it is kept.
    pub(crate) fn for_pdf(&self) -> Result<&printpdf::ParsedFont, PaperError> {
        let read = || printpdf::ParsedFont::from_bytes(self.bytes, 0, &mut Vec::new());
        self.for_pdf.get_or_init(read).as_ref().ok_or(PaperError::Font { name: self.name })
    }

    pub(crate) fn face(&self) -> Result<&Face<'static>, PaperError> {
        self.face.as_ref().ok_or(PaperError::Font { name: self.name })
    }

    fn glyph(&self, character: char) -> Option<GlyphId> {
        self.face.as_ref()?.glyph_index(character).filter(|glyph| glyph.0 != 0)
    }

    /// The width of a character in ems.
    fn advance(&self, character: char) -> Option<f32> {
        let face = self.face.as_ref()?;
        let units = face.glyph_hor_advance(self.glyph(character)?)?;
        Some(f32::from(units) / f32::from(face.units_per_em()))
    }
}

macro_rules! embedded {
    ($name:literal) => {
        Font::new($name, include_bytes!(concat!("../../../assets/fonts/", $name, ".ttf")))
    };
}

static REGULAR: LazyLock<[Font; 2]> =
    LazyLock::new(|| [embedded!("NotoSans-Regular"), embedded!("NotoSansDevanagari-Regular")]);
static BOLD: LazyLock<[Font; 2]> =
    LazyLock::new(|| [embedded!("NotoSans-Bold"), embedded!("NotoSansDevanagari-Bold")]);

/// The fonts to try, in order.
fn chain(ink: Ink) -> &'static [Font; 2] {
    match ink {
        Ink::Regular => &REGULAR,
        Ink::Bold => &BOLD,
    }
}

/// A piece of text in one font.
pub(crate) struct Run {
    pub font: &'static Font,
    pub text: String,
}

/// The stand-in for a character no font has.
const MISSING: char = '?';

fn font_of(character: char, ink: Ink) -> Option<&'static Font> {
    chain(ink).iter().find(|font| font.glyph(character).is_some())
}

/// The text in runs of one font each; characters no font has are added to `missing`.
pub(crate) fn runs(text: &str, ink: Ink, missing: &mut BTreeSet<char>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let [main, _] = chain(ink);
    for wanted in text.chars() {
        let (font, character) = match font_of(wanted, ink) {
            Some(font) => (font, wanted),
            None => {
                missing.insert(wanted);
                (main, MISSING)
            }
        };
        match runs.last_mut() {
            // A space never breaks a run: every font has it.
            Some(run)
                if std::ptr::eq(run.font, font)
                    || (character == ' ' && run.font.glyph(' ').is_some()) =>
            {
                run.text.push(character);
            }
            _ => runs.push(Run { font, text: character.to_string() }),
        }
    }
    runs
}

/// The width of a text in millimetres.
pub(crate) fn width_mm(text: &str, ink: Ink, size_pt: f32) -> f32 {
    width_em(text, ink) * size_pt * MM_PER_PT
}

/// The width of a text in ems.
pub(crate) fn width_em(text: &str, ink: Ink) -> f32 {
    let [main, _] = chain(ink);
    let advance = |character| match font_of(character, ink) {
        Some(font) => font.advance(character),
        None => main.advance(MISSING),
    };
    text.chars().map(|character| advance(character).unwrap_or(0.0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fonts_of(text: &str) -> (Vec<(&'static str, String)>, String) {
        let mut missing = BTreeSet::new();
        let runs = runs(text, Ink::Regular, &mut missing);
        let runs = runs.into_iter().map(|run| (run.font.name, run.text)).collect();
        (runs, missing.into_iter().collect())
    }

    #[test]
    fn a_character_comes_from_the_first_font_that_has_it() {
        let (runs, missing) = fonts_of("Chai चाय ☃");
        assert_eq!(
            runs,
            [
                ("NotoSans-Regular", "Chai ".to_owned()),
                ("NotoSansDevanagari-Regular", "चाय ".to_owned()),
                ("NotoSans-Regular", "?".to_owned()),
            ]
        );
        assert_eq!(missing, "☃");
    }

    #[test]
    fn the_languages_of_the_till_need_no_stand_in() {
        let texts = [
            "Rp12.500 × 3 – „Kaffee“ … €£¥₹ ½ №",
            "Ελληνικός καφές",
            "Кофе молотый",
            "Crème brûlée, žluťoučký kůň, İstanbul, ọ̀",
            "चावल",
        ];
        for text in texts {
            assert_eq!(fonts_of(text).1, "", "{text}");
        }
    }

    #[test]
    fn digits_are_equally_wide_so_columns_of_prices_line_up() {
        for ink in [Ink::Regular, Ink::Bold] {
            let zero = width_em("0", ink);
            for digit in "123456789".chars() {
                assert!((width_em(&digit.to_string(), ink) - zero).abs() < 1e-6);
            }
        }
    }
}
