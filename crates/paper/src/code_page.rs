//! The code pages of receipt printers: which byte is which letter.
//!
//! **Invariant:** an encoded text holds no byte below 0x20 and no 0x7F, so text is never a command.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A code page, which a printer knows by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodePage {
    /// The original one: Western Europe, line drawing.
    Pc437,
    /// Western Europe with the euro sign.
    Pc858,
    /// Windows Western Europe.
    Wpc1252,
    /// Central Europe.
    Pc852,
    /// Cyrillic.
    Pc866,
}

/// What stands where a page has no letter.
const NONE: char = '\u{fffd}';

impl CodePage {
    /// The number of the page in `ESC t`.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Pc437 => 0,
            Self::Pc858 => 19,
            Self::Wpc1252 => 16,
            Self::Pc852 => 18,
            Self::Pc866 => 17,
        }
    }

    /// The letters of the bytes from 0x80 on.
    fn upper_half(self) -> &'static str {
        match self {
            Self::Pc437 => PC437,
            Self::Pc858 => PC858,
            Self::Wpc1252 => WPC1252,
            Self::Pc852 => PC852,
            Self::Pc866 => PC866,
        }
    }

    /// The byte of a character on this page.
    fn byte(self, character: char) -> Option<u8> {
        match character {
            ' '..='~' => u8::try_from(character).ok(),
            NONE => None,
            _ => {
                let index = self.upper_half().chars().position(|known| known == character)?;
                u8::try_from(0x80 + index).ok()
            }
        }
    }

    /// The text in the bytes of this page; `None` if a character is not on it.
    pub(crate) fn encode(self, text: &str) -> Option<Vec<u8>> {
        text.chars().map(|character| self.byte(character)).collect()
    }
}

/// The same text with plain characters for typographic ones that mean the same.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => plain.push(' '),
            '×' => plain.push('x'),
            '‐' | '‑' | '‒' | '–' | '—' | '−' | '─' => plain.push('-'),
            '═' => plain.push('='),
            '‘' | '’' | '‚' | '′' => plain.push('\''),
            '“' | '”' | '„' | '″' => plain.push('"'),
            '…' => plain.push_str("..."),
            '•' | '·' => plain.push('*'),
            other => plain.push(other),
        }
    }
    plain
}

const PC437: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ\
    áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}\
";

const PC858: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ\
    áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{fffd}±‗¾¶§÷¸°¨·¹³²■\u{a0}\
";

const WPC1252: &str = "\
    €\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ\
    \u{a0}¡¢£¤¥¦§¨©ª«¬\u{fffd}®¯°±²³´µ¶·¸¹º»¼½¾¿\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\
    àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ\
";

const PC852: &str = "\
    ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×č\
    áíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐\
    └┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀\
    ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{fffd}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}\
";

const PC866: &str = "\
    АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ\
    абвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u{a0}\
";

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    const ALL: [CodePage; 5] =
        [CodePage::Pc437, CodePage::Pc858, CodePage::Wpc1252, CodePage::Pc852, CodePage::Pc866];

    #[test]
    fn every_page_has_128_letters_above_ascii() {
        for page in ALL {
            assert_eq!(page.upper_half().chars().count(), 128, "{page:?}");
        }
    }

    #[test]
    fn letters_have_the_bytes_the_printer_expects() {
        let cases = [
            (CodePage::Pc437, 'é', 0x82),
            (CodePage::Pc437, '─', 0xc4),
            (CodePage::Pc437, '═', 0xcd),
            (CodePage::Pc858, '€', 0xd5),
            (CodePage::Pc858, '×', 0x9e),
            (CodePage::Wpc1252, '€', 0x80),
            (CodePage::Wpc1252, '–', 0x96),
            (CodePage::Pc852, 'ž', 0xa7),
            (CodePage::Pc866, 'Я', 0x9f),
        ];
        for (page, letter, byte) in cases {
            assert_eq!(page.encode(&letter.to_string()), Some(vec![byte]), "{letter}");
        }
        assert_eq!(CodePage::Pc437.encode("€"), None);
        assert_eq!(CodePage::Pc858.encode("Я"), None);
    }

    #[test]
    fn no_text_encodes_to_a_command() {
        for page in ALL {
            for character in (0..0x3000_u32).filter_map(char::from_u32) {
                if let Some(bytes) = page.encode(&character.to_string()) {
                    let byte = bytes.first().copied().unwrap();
                    assert!(byte >= 0x20 && byte != 0x7f, "{page:?} {character:?} {byte:#x}");
                }
            }
        }
    }

    #[test]
    fn typographic_characters_have_plain_ones() {
        assert_eq!(plain("3 × “Rp\u{a0}12” – ─═…"), "3 x \"Rp 12\" - -=...");
    }
}
