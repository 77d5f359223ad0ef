//! Receipts as bytes for a printer, read by a printer of our own.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use lumbung_domain::num::{Money, Qty};
use lumbung_paper::{
    CodePage, Cut, DrawerPin, EscposOptions, Language, Layouts, PaperWarning, ReceiptDoc, Width,
    drawer_kick, receipt, receipt_escpos, test_page, z_escpos,
};
use proptest::prelude::*;

use crate::samples::{self, line, sale};
use crate::tools::scan;

/// From one line of text to the next.
const LINE_DOTS: usize = 30;

/// What a printer was told to do.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Did {
    Initialise,
    /// A line of text with the cells each of its bytes took in all.
    Print {
        bytes: Vec<u8>,
        dots: usize,
    },
    Picture {
        width: usize,
        rows: Vec<Vec<u8>>,
    },
    Feed(usize),
    CodePage(u8),
    Inverse(bool),
    Align(u8),
    Kick(u8),
    Cut(u8),
    Bars(Vec<u8>),
    StoreQr(Vec<u8>),
    PrintQr,
}

/// A printer that knows only the commands we mean to send, and stops at any other.
struct Printer {
    did: Vec<Did>,
    line: Vec<u8>,
    /// How far the line reaches.
    dots: usize,
    /// The width of a character, and how often it is taken.
    cell: usize,
    times: usize,
}

fn print(bytes: &[u8]) -> Vec<Did> {
    let mut printer = Printer { did: Vec::new(), line: Vec::new(), dots: 0, cell: 12, times: 1 };
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        let used = match byte {
            0x1b => printer.escape(after),
            0x1d => printer.group(after),
            0x1c if after.starts_with(b".") => 1,
            b'\n' => printer.end_of_line(),
            0x20..=0x7e | 0x80..=0xff => printer.letter(byte),
            _ => panic!("the printer does not know {byte:#x}"),
        };
        rest = &after[used..];
    }
    assert!(printer.line.is_empty(), "text without an end of line");
    printer.did
}

impl Printer {
    fn end_of_line(&mut self) -> usize {
        let bytes = std::mem::take(&mut self.line);
        self.did.push(Did::Print { bytes, dots: std::mem::take(&mut self.dots) });
        0
    }

    fn letter(&mut self, byte: u8) -> usize {
        self.line.push(byte);
        self.dots += self.cell * self.times;
        0
    }

    /// A command after ESC; answers how long it is.
    fn escape(&mut self, after: &[u8]) -> usize {
        let (did, used) = match after {
            [b'@', ..] => (Some(Did::Initialise), 1),
            [b't', page, ..] => (Some(Did::CodePage(*page)), 2),
            [b'M', font @ 0..=1, ..] => {
                self.cell = if *font == 0 { 12 } else { 9 };
                (None, 2)
            }
            [b'E', 0..=1, ..] => (None, 2),
            [b'a', side @ 0..=2, ..] => (Some(Did::Align(*side)), 2),
            [b'J', dots, ..] => (Some(Did::Feed(usize::from(*dots))), 2),
            [b'd', lines, ..] => (Some(Did::Feed(usize::from(*lines) * LINE_DOTS)), 2),
            [b'p', pin @ 0..=1, _, _, ..] => (Some(Did::Kick(*pin)), 4),
            _ => panic!("the printer does not know ESC {:?}", &after[..after.len().min(4)]),
        };
        self.did.extend(did);
        used
    }

    /// A command after GS; answers how long it is.
    fn group(&mut self, after: &[u8]) -> usize {
        let (did, used) = match after {
            [b'!', size, ..] => {
                self.times = usize::from(size >> 4) + 1;
                (None, 2)
            }
            [b'B', on @ 0..=1, ..] => (Some(Did::Inverse(*on == 1)), 2),
            [b'V', kind @ 65..=66, _, ..] => (Some(Did::Cut(*kind)), 3),
            [b'h' | b'w' | b'H', _, ..] => (None, 2),
            [b'k', 73, length, data @ ..] => {
                let length = usize::from(*length);
                (Some(Did::Bars(data[..length].to_vec())), 3 + length)
            }
            [b'(', b'k', low, high, data @ ..] => {
                let length = usize::from(u16::from_le_bytes([*low, *high]));
                let did = match &data[..length] {
                    [49, 80, 48, text @ ..] => Some(Did::StoreQr(text.to_vec())),
                    [49, 81, 48] => Some(Did::PrintQr),
                    [49, 65 | 67 | 69, ..] => None,
                    other => panic!("unknown function {other:?}"),
                };
                (did, 4 + length)
            }
            [b'v', b'0', 0, xl, xh, yl, yh, data @ ..] => {
                let width = usize::from(u16::from_le_bytes([*xl, *xh]));
                let height = usize::from(u16::from_le_bytes([*yl, *yh]));
                let rows = data[..width * height].chunks(width).map(<[u8]>::to_vec).collect();
                (Some(Did::Picture { width: width * 8, rows }), 7 + width * height)
            }
            _ => panic!("the printer does not know GS {:?}", &after[..after.len().min(4)]),
        };
        self.did.extend(did);
        used
    }
}

fn printed(doc: &ReceiptDoc, width: Width, options: &EscposOptions) -> Vec<Did> {
    let printed = receipt_escpos(doc, width, Language::Indonesian, options).unwrap();
    print(&printed.bytes)
}

/// The text lines in plain letters, other bytes as `?`.
fn text(did: &[Did]) -> String {
    let mut text = String::new();
    for one in did {
        if let Did::Print { bytes, .. } = one {
            let letter = |b: &u8| if b.is_ascii() { char::from(*b) } else { '?' };
            text.extend(bytes.iter().map(letter));
            text.push('\n');
        }
    }
    text
}

/// The codes in the pictures a printer was sent, as a scanner reads them.
fn scanned(did: &[Did]) -> Vec<String> {
    let width = did.iter().find_map(|one| match one {
        Did::Picture { width, .. } => Some(*width),
        _ => None,
    });
    let width = width.unwrap_or(8);
    let white = vec![0_u8; width / 8];
    let mut rows: Vec<&[u8]> = Vec::new();
    for one in did {
        match one {
            Did::Picture { rows: more, .. } => rows.extend(more.iter().map(Vec::as_slice)),
            Did::Feed(dots) => rows.extend(std::iter::repeat_n(white.as_slice(), *dots)),
            Did::Print { .. } => {
                rows.extend(std::iter::repeat_n(white.as_slice(), LINE_DOTS));
            }
            _ => {}
        }
    }
    // Two dots for one, as a camera sees more than a head prints.
    let mut picture = format!("P1\n{} {}\n", width * 2, rows.len() * 2);
    for row in rows {
        let mut text = String::new();
        for bit in row.iter().flat_map(|byte| (0..8).map(move |at| byte >> (7 - at) & 1)) {
            write!(text, "{bit} {bit} ").unwrap();
        }
        writeln!(picture, "{text}\n{text}").unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codes.pbm");
    std::fs::write(&path, picture).unwrap();
    scan(&path)
}

const WIDTHS: [(Width, usize); 2] = [(Width::Mm58, 384), (Width::Mm80, 576)];

#[test]
fn a_receipt_prints_in_lines_no_wider_than_the_head() {
    let docs = [sale(), samples::goods_back(), samples::drop_slip(), samples::english_sale()];
    for (width, head) in WIDTHS {
        for doc in &docs {
            let did = printed(doc, width, &EscposOptions::default());
            assert_eq!(did.first(), Some(&Did::Initialise));
            for one in &did {
                match one {
                    Did::Print { bytes, dots } => {
                        assert!(*dots <= head, "{dots}: {}", String::from_utf8_lossy(bytes));
                    }
                    Did::Picture { width, .. } => assert_eq!(*width, head),
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn the_total_and_all_figures_end_in_one_column() {
    for (width, head) in WIDTHS {
        let did = printed(&sale(), width, &EscposOptions::default());
        let ends: BTreeSet<usize> = did
            .iter()
            .filter_map(|one| match one {
                Did::Print { bytes, dots } => {
                    let text = String::from_utf8_lossy(bytes).into_owned();
                    let money = ["221.500", "Rp220.000", "150.000", "30.000"];
                    money.iter().any(|figure| text.ends_with(figure)).then_some(*dots)
                }
                _ => None,
            })
            .collect();
        assert_eq!(ends, BTreeSet::from([head - 24]));
    }
}

#[test]
fn nothing_a_product_is_called_can_command_the_printer() {
    let attacks = [
        "\u{1b}@\u{1d}V\u{0}",
        "\u{10}\u{14}\u{1}\u{0}\u{5}",
        "Kopi\u{1b}p\u{0}\u{19}\u{fa}",
        "\u{1c}p\u{1}\u{0}",
        "\u{9b}31m\u{7f}\u{0}\r\n\u{c}\u{85}",
        "\u{202e}00001\u{202c}",
        "\u{ffff}\u{fffd}\u{feff}",
    ];
    let native = EscposOptions { qr_native: true, barcode_native: true, ..Default::default() };
    for attack in attacks {
        let mut doc = sale();
        doc.lines[0].name = format!("Mie {attack} goreng");
        doc.lines[0].unit = attack.to_owned();
        doc.lines[0].note = attack.to_owned();
        doc.lines[0].tax_mark = attack.to_owned();
        doc.shop.name = attack.to_owned();
        doc.shop.footer_lines = vec![attack.to_owned()];
        doc.cashier = attack.to_owned();
        doc.reason = attack.to_owned();
        doc.stamp = Some(attack.to_owned());
        doc.barcode = format!("A{attack}B");
        doc.qr = Some(format!("Q{attack}R"));
        doc.messages = vec![attack.to_owned()];
        doc.tenders[0].label = attack.to_owned();
        for options in [EscposOptions::default(), native.clone()] {
            for (width, _) in WIDTHS {
                let did = printed(&doc, width, &options);
                assert!(!did.iter().any(|one| matches!(one, Did::Kick(_))), "{attack:?}");
                let starts = did.iter().filter(|one| **one == Did::Initialise).count();
                let cuts = did.iter().filter(|one| matches!(one, Did::Cut(_))).count();
                assert_eq!((starts, cuts), (1, 1), "{attack:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..Default::default()
    })]

    /// Whatever people type, the printer understands every byte, and no line leaves the paper.
    #[test]
    fn any_text_at_all_is_printed_without_a_foreign_command(
        words in proptest::collection::vec("\\PC{0,40}|[\\x00-\\x7f]{0,80}|.{0,20}", 12),
        qty in 1_i64..=1_000_000_000_000,
        total in 0_i64..=1_000_000_000_000,
        narrow in any::<bool>(),
    ) {
        let mut doc = sale();
        let [name, unit, note, mark, shop, cashier, reason, stamp, code, qr, label, message] =
            words.as_slice() else { panic!("twelve words") };
        doc.lines[0].name.clone_from(name);
        doc.lines[0].unit.clone_from(unit);
        doc.lines[0].note.clone_from(note);
        doc.lines[0].qty = Qty::of(qty);
        doc.lines[0].total = Money::of(total);
        doc.lines[0].tax_mark.clone_from(mark);
        doc.shop.name.clone_from(shop);
        doc.cashier.clone_from(cashier);
        doc.reason.clone_from(reason);
        doc.stamp = Some(stamp.clone());
        doc.barcode.clone_from(code);
        doc.qr = Some(qr.clone());
        doc.tenders[0].label.clone_from(label);
        doc.messages = vec![message.clone()];
        let (width, head) = WIDTHS[usize::from(!narrow)];
        let strip = receipt(&doc, &Layouts::default(), Language::English).unwrap();
        let sent = strip.escpos(width, &EscposOptions::default()).unwrap();
        for one in print(&sent.bytes) {
            if let Did::Print { dots, .. } = one {
                prop_assert!(dots <= head);
            }
        }
        prop_assert_eq!(strip.preview().len() > 10, true);
        prop_assert!(!strip.text(width).chars().any(|c| c.is_control() && c != '\n'));
    }
}

#[test]
fn drawer_and_knife_do_what_the_settings_say() {
    let cases = [
        (Cut::None, None, None, None),
        (Cut::Partial, Some(DrawerPin::Pin2), Some(66), Some(0)),
        (Cut::Full, Some(DrawerPin::Pin5), Some(65), Some(1)),
    ];
    for (cut, drawer_kick, knife, pin) in cases {
        let options = EscposOptions { cut, drawer_kick, ..EscposOptions::default() };
        let did = printed(&sale(), Width::Mm80, &options);
        let cuts: Vec<u8> =
            did.iter().filter_map(|d| if let Did::Cut(k) = d { Some(*k) } else { None }).collect();
        let kicks: Vec<u8> =
            did.iter().filter_map(|d| if let Did::Kick(p) = d { Some(*p) } else { None }).collect();
        assert_eq!(cuts, Vec::from_iter(knife));
        assert_eq!(kicks, Vec::from_iter(pin));
        if let Some(pin) = pin {
            assert_eq!(did.get(1), Some(&Did::Kick(pin)), "the drawer opens first");
        }
    }
    assert_eq!(print(&drawer_kick(DrawerPin::Pin5)), [Did::Initialise, Did::Kick(1)]);
}

#[test]
fn the_code_page_follows_the_text_and_stays_while_it_can() {
    let mut doc = sale();
    doc.messages =
        vec!["Café à 5 €".to_owned(), "Crème – ‚très‘ bien".to_owned(), "biasa".to_owned()];
    doc.barcode.clear();
    let did = printed(&doc, Width::Mm80, &EscposOptions::default());
    let pages: Vec<u8> =
        did.iter().filter_map(|d| if let Did::CodePage(n) = d { Some(*n) } else { None }).collect();
    // 437 until the euro, then 858, which writes the rest as well.
    assert_eq!(pages, [0, 19]);
    assert!(!did.iter().any(|one| matches!(one, Did::Picture { .. })));
}

#[test]
fn a_line_no_page_can_write_is_drawn() {
    let mut doc = sale();
    doc.barcode.clear();
    doc.lines[0].name = "Кофе молотый".to_owned();
    let pictures = |options: &EscposOptions| {
        let did = printed(&doc, Width::Mm80, options);
        did.iter().filter(|one| matches!(one, Did::Picture { .. })).count()
    };
    assert_eq!(pictures(&EscposOptions::default()), 1);
    let cyrillic = EscposOptions {
        code_pages: vec![CodePage::Pc437, CodePage::Pc866],
        ..EscposOptions::default()
    };
    assert_eq!(pictures(&cyrillic), 0);
    let none = EscposOptions { code_pages: Vec::new(), ..EscposOptions::default() };
    let did = printed(&doc, Width::Mm58, &none);
    assert_eq!(text(&did), "", "without a page everything is drawn");
}

#[test]
fn a_character_no_font_has_is_reported() {
    let mut doc = sale();
    doc.lines[0].name = "茶".to_owned();
    let options = EscposOptions::default();
    let printed = receipt_escpos(&doc, Width::Mm58, Language::English, &options).unwrap();
    assert_eq!(printed.warnings, [PaperWarning::MissingCharacters("茶".to_owned())]);
}

#[test]
fn a_printer_without_a_small_font_or_inverse_print_still_prints_all() {
    let mut doc = sale();
    doc.copy = Some(2);
    let plain = EscposOptions { small_font: false, inverse: false, ..EscposOptions::default() };
    let did = printed(&doc, Width::Mm58, &plain);
    assert!(text(&did).contains("NPWP 01.234.567.8-541.000"), "{}", text(&did));
    assert!(!did.contains(&Did::Inverse(true)));
    let stamp = did.iter().find_map(|one| match one {
        Did::Picture { rows, .. } => Some(rows),
        _ => None,
    });
    let black = stamp.unwrap().iter().flatten().map(|byte| byte.count_ones()).sum::<u32>();
    assert!(black > 384 * 30 / 2, "the stamp is a black band");
    let inverse = printed(&doc, Width::Mm58, &EscposOptions::default());
    assert!(inverse.contains(&Did::Inverse(true)));
    assert!(text(&inverse).contains("SALINAN 2"));
}

#[test]
fn codes_are_sent_as_pictures_which_can_be_scanned() {
    let qr = "QR-Code:https://example.org/r/JKT01-T1-26-S000123";
    let options = EscposOptions::default();
    let doc = samples::english_sale();
    let did = printed(&doc, Width::Mm80, &options);
    assert_eq!(scanned(&did), ["CODE-128:JKT01-T1-26-S000123", qr]);
    let did = printed(&doc, Width::Mm58, &options);
    assert_eq!(scanned(&did), ["QR-Code:JKT01-T1-26-S000123", qr]);
}

#[test]
fn a_printer_that_draws_codes_itself_is_told_what_they_say() {
    let options =
        EscposOptions { qr_native: true, barcode_native: true, ..EscposOptions::default() };
    let mut doc = samples::english_sale();
    doc.barcode = "A{B-7".to_owned();
    let did = printed(&doc, Width::Mm80, &options);
    assert!(did.contains(&Did::Bars(b"{BA{{B-7".to_vec())), "a brace is written twice");
    let qr = b"https://example.org/r/JKT01-T1-26-S000123".to_vec();
    let at = did.iter().position(|one| *one == Did::StoreQr(qr.clone())).unwrap();
    assert_eq!(did.get(at + 1), Some(&Did::PrintQr));
    assert!(!did.iter().any(|one| matches!(one, Did::Picture { .. })));
    let middle = did.iter().filter(|one| **one == Did::Align(1)).count();
    let left = did.iter().filter(|one| **one == Did::Align(0)).count();
    assert_eq!((middle, left), (2, 2), "the paper is left as it was found");
}

#[test]
fn three_hundred_lines_are_all_printed() {
    let mut doc = sale();
    doc.lines = (1..=300).map(|n| line(&format!("Barang nomor {n:03}"), 2, 1_000, 0)).collect();
    for (width, _) in WIDTHS {
        let text = text(&printed(&doc, width, &EscposOptions::default()));
        for number in 1..=300 {
            assert!(text.contains(&format!("Barang nomor {number:03}")), "{number}");
        }
    }
}

#[test]
fn a_z_report_and_a_test_page_print_as_well() {
    let options = EscposOptions::default();
    for (width, head) in WIDTHS {
        let z = z_escpos(&samples::z_report(), width, Language::English, &options).unwrap();
        let did = print(&z.bytes);
        assert!(text(&did).contains("JKT01-T1-26-Z000041"));
        for one in &did {
            if let Did::Print { dots, .. } = one {
                assert!(*dots <= head);
            }
        }
        let test = test_page("USB", &Layouts::default(), Language::English);
        let did = print(&test.escpos(width, &options).unwrap().bytes);
        assert_eq!(
            scanned(&did).iter().filter(|code| code.ends_with("TEST-0123456789")).count(),
            2
        );
    }
}

#[test]
fn the_same_receipt_is_the_same_bytes() {
    let once = || {
        let options = EscposOptions::default();
        receipt_escpos(&sale(), Width::Mm80, Language::English, &options).unwrap()
    };
    assert_eq!(once(), once());
}

#[test]
fn the_logo_is_the_first_picture_in_the_middle_of_the_head() {
    let mut doc = sale();
    doc.shop.logo = lumbung_paper::Picture::new(8, 2, vec![0xff, 0x81]);
    let done = printed(&doc, Width::Mm80, &EscposOptions::default());
    let picture = done.into_iter().find_map(|done| match done {
        Did::Picture { width, rows } => Some((width, rows)),
        _ => None,
    });
    let (width, rows) = picture.expect("a logo");
    assert_eq!(rows.len(), 2, "two rows of dots");
    assert_eq!(width % 8, 0);
    let black = |row: &[u8]| row.iter().map(|byte| byte.count_ones()).sum::<u32>();
    assert_eq!(rows.iter().map(|row| black(row)).collect::<Vec<_>>(), [8, 2]);
}
