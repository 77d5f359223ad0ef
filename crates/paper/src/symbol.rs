//! Bar codes and QR codes as black and white modules.
//!
//! **Invariant:** a module is never drawn narrower than [`LEAST_BAR_DOTS`] dots of a receipt
//! printer, so what is printed can be scanned.

use rxing::common::BitMatrix;
use rxing::oned::{Code128Writer, EAN8Writer, EAN13Writer, OneDimensionalCodeWriter};
use rxing::qrcode::QRCodeWriter;
use rxing::{BarcodeFormat, EncodeHints, Writer};

/// The narrowest bar a cheap scanner reads from thermal paper: 0.25 mm.
pub(crate) const LEAST_BAR_DOTS: usize = 2;
/// The white space a bar code needs at each side, in modules.
pub(crate) const QUIET_BARS: usize = 10;
/// The white space a QR code needs around it, in modules.
pub(crate) const QUIET_QR: usize = 4;
/// The longest text a Code 128 can carry and still be read.
const MOST_CODE128: usize = 80;
/// The longest text of a QR code on a receipt.
const MOST_QR: usize = 1_200;

/// The modules of a code, row by row; a bar code has one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Symbol {
    rows: Vec<Vec<bool>>,
}

impl Symbol {
    pub(crate) fn of_rows(rows: Vec<Vec<bool>>) -> Self {
        Self { rows }
    }

    pub(crate) fn width(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    pub(crate) fn height(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn rows(&self) -> &[Vec<bool>] {
        &self.rows
    }

    /// The black runs of a row as (start, length).
    pub(crate) fn runs(row: &[bool]) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (index, _) in row.iter().enumerate().filter(|(_, black)| **black) {
            match runs.last_mut() {
                Some((start, length)) if *start + *length == index => *length += 1,
                _ => runs.push((index, 1)),
            }
        }
        runs
    }

    /// The rows as text, `1` for black, for the screen.
    pub(crate) fn bits(&self) -> Vec<String> {
        let text = |row: &Vec<bool>| row.iter().map(|on| if *on { '1' } else { '0' }).collect();
        self.rows.iter().map(text).collect()
    }
}

/// Whether a Code 128 can carry this text.
fn is_code128(text: &str) -> bool {
    (1..=MOST_CODE128).contains(&text.len()) && text.bytes().all(|b| (0x20..0x7f).contains(&b))
}

/// The text as Code 128, as short as it can be; `None` if it cannot be one.
pub(crate) fn code128(text: &str) -> Option<Symbol> {
    if !is_code128(text) {
        return None;
    }
    let hints = EncodeHints { Code128Compact: Some(true), ..EncodeHints::default() };
    let bars = Code128Writer.encode_oned_with_hints(text, &hints).ok()?;
    Some(Symbol { rows: vec![bars] })
}

/// A product's bar code: EAN-13 or EAN-8 when the digits are one, UPC-A as the EAN-13 it is,
/// else Code 128. `None` if it cannot be drawn at all.
pub(crate) fn product(code: &str) -> Option<Symbol> {
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    let ean = match code.len() {
        13 if digits => EAN13Writer.encode_oned(code).ok(),
        12 if digits => EAN13Writer.encode_oned(&format!("0{code}")).ok(),
        8 if digits => EAN8Writer.encode_oned(code).ok(),
        _ => None,
    };
    ean.map(|bars| Symbol { rows: vec![bars] }).or_else(|| code128(code))
}

/// The text as QR code with medium correction; `None` if it is too long.
pub(crate) fn qr(text: &str) -> Option<Symbol> {
    if text.is_empty() || text.len() > MOST_QR {
        return None;
    }
    let hints = EncodeHints {
        ErrorCorrection: Some("M".to_owned()),
        Margin: Some("0".to_owned()),
        // Plain ASCII needs no mark of its character set, which some scanners stumble over.
        CharacterSet: (!text.is_ascii()).then(|| "UTF-8".to_owned()),
        ..EncodeHints::default()
    };
    let matrix =
        QRCodeWriter.encode_with_hints(text, &BarcodeFormat::QR_CODE, 0, 0, &hints).ok()?;
    Some(Symbol { rows: modules(&matrix) })
}

fn modules(matrix: &BitMatrix) -> Vec<Vec<bool>> {
    (0..matrix.getHeight())
        .map(|y| (0..matrix.getWidth()).map(|x| matrix.get(x, y)).collect())
        .collect()
}

/// A code as it fits on a roll: how many dots a module is wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fitted {
    pub symbol: Symbol,
    pub dots: usize,
}

/// The text as bars on a head of so many dots; `None` when the paper is too narrow for them.
pub(crate) fn fit_code128(text: &str, head_dots: usize) -> Option<Fitted> {
    const MOST_BAR_DOTS: usize = 3;
    let symbol = code128(text)?;
    let dots = (head_dots / (symbol.width() + 2 * QUIET_BARS)).min(MOST_BAR_DOTS);
    (dots >= LEAST_BAR_DOTS).then_some(Fitted { symbol, dots })
}

/// The text as QR code of a pleasant size on a head of so many dots.
pub(crate) fn fit_qr(text: &str, head_dots: usize) -> Option<Fitted> {
    const PLEASANT_DOTS: usize = 190;
    let symbol = qr(text)?;
    let most = head_dots / (symbol.width() + 2 * QUIET_QR);
    let dots = (PLEASANT_DOTS / symbol.width()).clamp(3, 8).min(most);
    (dots >= LEAST_BAR_DOTS).then_some(Fitted { symbol, dots })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_product_code_becomes_the_symbol_it_is_meant_to_be() {
        let cases = [
            ("8991234567890", 95, "check digit wrong: not an EAN"),
            ("8992760221028", 95, "EAN-13"),
            ("036000291452", 95, "UPC-A"),
            ("96385074", 67, "EAN-8"),
        ];
        for (code, modules, what) in cases {
            let width = product(code).unwrap().width();
            assert_eq!(width == modules, !what.contains("wrong"), "{code} {what} {width}");
        }
        assert!(product("SKU-17/b").is_some());
        assert_eq!(product("béras"), None);
        assert_eq!(product(""), None);
    }

    #[test]
    fn a_receipt_number_is_bars_on_wide_paper_and_too_wide_for_narrow() {
        assert_eq!(fit_code128("JKT01-T1-26-S000123", 576).unwrap().dots, 2);
        assert_eq!(fit_code128("JKT01-T1-26-S000123", 384), None);
        assert_eq!(fit_code128("S000123", 384).unwrap().dots, 3);
        assert!(fit_qr("JKT01-T1-26-S000123", 384).unwrap().dots >= 6);
    }

    #[test]
    fn what_no_code_can_carry_is_not_a_code() {
        assert_eq!(code128(""), None);
        assert_eq!(code128("a\u{1b}b"), None);
        assert_eq!(code128(&"9".repeat(81)), None);
        assert_eq!(qr(&"x".repeat(1_201)), None);
        assert!(qr("Terima kasih — ✓").is_some());
    }

    #[test]
    fn runs_cover_exactly_the_black_modules() {
        let row = [true, true, false, true, false, false, true];
        assert_eq!(Symbol::runs(&row), [(0, 2), (3, 1), (6, 1)]);
        assert_eq!(Symbol::runs(&[]), []);
    }
}
