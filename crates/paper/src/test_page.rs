//! What a printer prints to show that it works.
//!
//! **Invariant:** it uses everything a receipt uses: every style, a rule, figures, both codes.

use crate::language::Language;
use crate::layouts::Layouts;
use crate::strip::{Strip, Style, Weight};

/// Lays out a test page for the printer with this name.
pub fn test_page(printer: &str, layouts: &Layouts, language: Language) -> Strip {
    let words = language.words();
    let mut strip = Strip::new(words.test_page, &layouts.roll);
    strip.centre(Style::Title, "Lumbung");
    strip.centre(Style::Heading, words.test_page);
    strip.centre(Style::Body, printer);
    strip.rule(Weight::Thin);
    strip.left(Style::Body, words.test_reads);
    strip.left(Style::Body, "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789");
    strip.left(Style::Strong, "àéîõü ÄÖÜß çñ £ € Ω Я");
    strip.left(Style::Fine, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
    strip.rule(Weight::Thin);
    strip.pair(Style::Body, words.subtotal, "12.500");
    strip.rule(Weight::Heavy);
    strip.pair(Style::Total, words.total, "12.500");
    strip.rule(Weight::Thin);
    strip.centre(Style::Fine, words.printed_code_test);
    strip.bars("TEST-0123456789");
    strip.gap();
    strip.qr("TEST-0123456789", "TEST-0123456789");
    strip.stamp(words.test_page);
    strip
}
