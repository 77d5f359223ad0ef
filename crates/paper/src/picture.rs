//! A picture in black and white: the shop's logo.
//!
//! **Invariant:** a picture has as many bits as its size says, and fits on the narrowest roll dot
//! by dot, so every printer draws the same picture.

use serde::{Deserialize, Serialize};

use crate::symbol::Symbol;

/// A black and white picture of dots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    width: u16,
    height: u16,
    bits: Vec<u8>,
}

impl Picture {
    /// The most dots across: the head of a 58 mm printer.
    pub const WIDTH_MAX: u16 = 384;
    /// The most dots down.
    pub const HEIGHT_MAX: u16 = 200;

    /// The picture of these rows, eight dots in a byte, the first dot in the highest bit, each row
    /// in bytes of its own; a bit that is set is black. `None` when size and bits do not agree.
    pub fn new(width: u16, height: u16, bits: Vec<u8>) -> Option<Self> {
        let fits = (1..=Self::WIDTH_MAX).contains(&width)
            && (1..=Self::HEIGHT_MAX).contains(&height)
            && bits.len() == row_bytes(width) * usize::from(height);
        fits.then_some(Self { width, height, bits })
    }

    /// The dots, row by row.
    pub(crate) fn symbol(&self) -> Symbol {
        let black = |row: &[u8], x: u16| {
            let byte = row.get(usize::from(x / 8)).copied().unwrap_or(0);
            byte & (0x80 >> (x % 8)) != 0
        };
        let rows = self.bits.chunks(row_bytes(self.width));
        let dots = |row: &[u8]| (0..self.width).map(|x| black(row, x)).collect();
        Symbol::of_rows(rows.map(dots).collect())
    }
}

fn row_bytes(width: u16) -> usize {
    usize::from(width).div_ceil(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_as_many_bits_as_its_size_says() {
        for (width, height, bytes, good) in [
            (8, 2, 2, true),
            (9, 2, 4, true),
            (9, 2, 2, false),
            (0, 2, 0, false),
            (8, 0, 0, false),
            (384, 200, 9_600, true),
            (385, 1, 49, false),
            (8, 201, 201, false),
        ] {
            let made = Picture::new(width, height, vec![0; bytes]);
            assert_eq!(made.is_some(), good, "{width} × {height}, {bytes} bytes");
        }
    }

    #[test]
    fn the_first_dot_is_the_highest_bit() {
        let picture = Picture::new(10, 2, vec![0b1000_0000, 0b0100_0000, 0, 0b1000_0000]);
        let bits = picture.map(|picture| picture.symbol().bits());
        let expected = ["1000000001", "0000000010"].map(str::to_owned).to_vec();
        assert_eq!(bits, Some(expected));
    }
}
