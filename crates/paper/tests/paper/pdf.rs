//! Receipts and labels as PDF.

#![expect(clippy::float_arithmetic, reason = "the test measures paper")]

use std::collections::BTreeSet;

use lumbung_domain::num::{Currency, Money};
use lumbung_paper::{
    LabelDoc, Language, Layouts, PaperError, PaperWarning, ReceiptDoc, ReceiptKind, Shop, Width,
    label_strip, labels, labels_pdf, receipt, receipt_pdf, test_page, z_pdf,
};

use crate::samples::{self, label, line, sale};
use crate::tools::{pdf_codes, pdf_info, pdf_places, pdf_text, pdf_words};

const WIDTHS: [(Width, f64, f64); 2] = [(Width::Mm58, 58.0, 48.0), (Width::Mm80, 80.0, 72.0)];

fn points(mm: f64) -> f64 {
    mm * 72.0 / 25.4
}

fn pdf(doc: &ReceiptDoc, width: Width) -> Vec<u8> {
    let printed = receipt_pdf(doc, width, Language::Indonesian).unwrap();
    assert_eq!(printed.warnings, []);
    printed.bytes
}

#[test]
fn everything_on_a_receipt_can_be_read_back() {
    for (width, paper, _) in WIDTHS {
        let bytes = pdf(&sale(), width);
        let words = pdf_words(&bytes);
        for part in [
            "Toko Lumbung Jaya",
            "Yogyakarta 55271",
            "NPWP 01.234.567.8-541.000",
            "JKT01-T1-26-S000123",
            "20 Nov 2026 14:05",
            "Kasir Sari",
            "5 × 3.500",
            "17.500",
            "1,25 kg × 28.400",
            "-6.000",
            "Giling kasar",
            "Rp220.000",
            "•••• 4417",
            "Kembali",
            "30.000",
            "166.266",
            "Terima kasih, sampai jumpa lagi!",
        ] {
            assert!(words.contains(part), "{part} is missing at {paper} mm: {words}");
        }
    }
}

#[test]
fn the_page_is_as_wide_as_the_roll_and_nothing_leaves_the_print_head() {
    let mut long = sale();
    long.lines.push(line(&"panjangsekali".repeat(12), 3, 1_234_567, 0));
    long.shop.name = "Koperasi Serba Usaha Karyawan Pabrik Gula Madukismo".to_owned();
    long.cashier = "Raden Mas Ngabehi Sosrokartono Adiningrat".to_owned();
    long.total = Money::of(220_000 + 3_703_701);
    long.payable = long.total;
    for (width, paper, printable) in WIDTHS {
        for doc in [sale(), samples::goods_back(), samples::drop_slip(), long.clone()] {
            let bytes = pdf(&doc, width);
            let size = format!("Page size:       {:.3}", points(paper));
            let info = pdf_info(&bytes);
            assert!(info.contains(size.trim_end_matches('0')), "{size}: {info}");
            let (left, right) =
                (points((paper - printable) / 2.0), points((paper + printable) / 2.0));
            for word in pdf_places(&bytes) {
                assert!(word.left > left - 0.3 && word.right < right + 0.3, "{word:?} at {paper}");
            }
        }
    }
}

#[test]
fn all_figures_of_a_receipt_end_at_one_edge() {
    for (width, ..) in WIDTHS {
        let figures = ["17.500", "156.000", "-6.000", "18.500", "221.500", "150.000", "30.000"];
        let places = pdf_places(&pdf(&sale(), width));
        let ends: BTreeSet<i64> = places
            .iter()
            .filter(|word| figures.contains(&word.text.as_str()))
            .filter(|word| word.left > points(20.0))
            .map(|word| (word.right * 10.0).round() as i64)
            .collect();
        let spread = ends.last().unwrap() - ends.first().unwrap();
        assert!(spread <= 1, "the figures end at {ends:?} tenths of a point");
    }
}

#[test]
fn a_long_name_wraps_and_loses_no_word() {
    let mut doc = sale();
    let name = "Susu UHT rasa cokelat kemasan keluarga ekonomis isi satu liter bonus gelas cantik";
    doc.lines = vec![line(name, 1, 23_900, 0)];
    doc.discount = Money::ZERO;
    doc.total = Money::of(23_900);
    doc.payable = doc.total;
    for (width, ..) in WIDTHS {
        let words = pdf_words(&pdf(&doc, width));
        for word in name.split(' ') {
            assert!(words.contains(word), "{word}: {words}");
        }
        assert!(words.contains("23.900"));
    }
}

#[test]
fn three_hundred_lines_are_one_long_receipt() {
    let mut doc = sale();
    doc.lines = (1..=300).map(|n| line(&format!("Barang nomor {n:03}"), 2, 1_000, 0)).collect();
    doc.discount = Money::ZERO;
    doc.total = Money::of(600_000);
    doc.payable = doc.total;
    for (width, ..) in WIDTHS {
        let bytes = pdf(&doc, width);
        let words = pdf_words(&bytes);
        for number in 1..=300 {
            assert!(words.contains(&format!("Barang nomor {number:03}")), "{number}");
        }
        assert!(pdf_info(&bytes).contains("Pages:           1"));
    }
}

#[test]
fn the_longest_receipt_goes_on_on_a_second_page_and_a_longer_one_is_refused() {
    let mut doc = sale();
    doc.lines = vec![line("Satu barang dari banyak", 2, 1_000, 500); 2_000];
    doc.discount = Money::ZERO;
    doc.total = Money::of(2_000 * 1_500);
    doc.payable = doc.total;
    let bytes = pdf(&doc, Width::Mm80);
    let text = pdf_words(&bytes);
    assert_eq!(text.matches("Satu barang dari banyak").count(), 2_000);
    assert!(!pdf_info(&bytes).contains("Pages:           1\n"));
    doc.lines.push(line("Satu lagi", 1, 1, 0));
    let error = receipt_pdf(&doc, Width::Mm80, Language::English).unwrap_err();
    assert!(matches!(error, PaperError::TooLong { lines: 2_001, most: 2_000 }));
}

#[test]
fn the_codes_on_a_receipt_can_be_scanned() {
    let mut doc = samples::english_sale();
    doc.lines.truncate(1);
    let english = |width| receipt_pdf(&doc, width, Language::English).unwrap().bytes;
    let qr = "QR-Code:https://example.org/r/JKT01-T1-26-S000123";
    // At the resolution of the printer itself.
    assert_eq!(pdf_codes(&english(Width::Mm80), 203), ["CODE-128:JKT01-T1-26-S000123", qr]);
    // The narrow roll has no room for the bars, so the number is a QR code too.
    assert_eq!(pdf_codes(&english(Width::Mm58), 203), ["QR-Code:JKT01-T1-26-S000123", qr]);
}

#[test]
fn a_text_no_code_can_carry_is_printed_as_text_and_reported() {
    let mut doc = sale();
    let long = "x".repeat(1_300);
    doc.qr = Some(long.clone());
    let printed = receipt_pdf(&doc, Width::Mm80, Language::English).unwrap();
    assert_eq!(printed.warnings, [PaperWarning::NotACode(long)]);
    assert!(pdf_words(&printed.bytes).matches('x').count() >= 1_300);
}

#[test]
fn a_character_no_font_has_is_a_question_mark_and_reported() {
    let mut doc = sale();
    doc.lines[0].name = "茶 Teh ☃ чай चाय".to_owned();
    let printed = receipt_pdf(&doc, Width::Mm80, Language::English).unwrap();
    assert_eq!(printed.warnings, [PaperWarning::MissingCharacters("☃茶".to_owned())]);
    let words = pdf_words(&printed.bytes);
    assert!(words.contains("? Teh ? чай"), "{words}");
    assert!(words.contains("च"), "Devanagari comes from the second font: {words}");
}

#[test]
fn control_characters_do_not_reach_the_page() {
    let mut doc = sale();
    doc.lines[0].name = "Mie\u{1b}@\u{0}\u{7f} goreng\n) Tj (x\u{202e}".to_owned();
    let printed = receipt_pdf(&doc, Width::Mm80, Language::English).unwrap();
    assert_eq!(printed.warnings, []);
    assert!(pdf_words(&printed.bytes).contains("Mie@ goreng ) Tj (x"));
}

#[test]
fn an_empty_receipt_is_printed_as_what_it_is() {
    let doc = ReceiptDoc {
        shop: Shop::default(),
        kind: ReceiptKind::Sale,
        number: String::new(),
        date_time: String::new(),
        cashier: String::new(),
        terminal: String::new(),
        lines: Vec::new(),
        discount: Money::ZERO,
        net: Money::ZERO,
        taxes: Vec::new(),
        total: Money::ZERO,
        payable: Money::ZERO,
        tenders: Vec::new(),
        change: Money::ZERO,
        barcode: String::new(),
        messages: Vec::new(),
        ..sale()
    };
    for (width, ..) in WIDTHS {
        let words = pdf_words(&pdf(&doc, width));
        assert!(words.contains("TOTAL") && words.contains("Rp0"), "{words}");
    }
    let nothing = Layouts::with_settings(r#"{ "receipt": { "sections": [] } }"#).unwrap();
    let strip = receipt(&doc, &nothing, Language::English).unwrap();
    assert!(matches!(strip.pdf(Width::Mm58), Err(PaperError::Nothing)));
}

#[test]
fn a_receipt_whose_lines_do_not_add_up_says_so() {
    let mut doc = sale();
    doc.total = Money::of(220_500);
    let printed = receipt_pdf(&doc, Width::Mm80, Language::English).unwrap();
    let differs = |printed: &str, total: &str| PaperWarning::DoesNotAddUp {
        printed: printed.to_owned(),
        total: total.to_owned(),
    };
    assert_eq!(printed.warnings, [differs("220,000", "220,500"), differs("220,500", "220,000")]);
}

#[test]
fn amounts_too_large_for_money_are_an_error_and_no_panic() {
    let mut doc = sale();
    doc.lines = vec![line("Emas", 1, 1, 0), line("Permata", 1, 1, 0)];
    for line in &mut doc.lines {
        line.total = Money::MAX;
    }
    let error = receipt_pdf(&doc, Width::Mm80, Language::English).unwrap_err();
    assert!(matches!(error, PaperError::Amount(_)), "{error}");
}

#[test]
fn the_largest_amounts_still_fit_the_narrowest_paper() {
    let mut doc = sale();
    doc.currency = Currency::INR;
    doc.lines = vec![line("Emas", 1, 1, 0)];
    doc.lines[0].total = Money::MAX;
    doc.discount = Money::ZERO;
    doc.total = Money::MAX;
    doc.payable = Money::MAX;
    let printed = receipt_pdf(&doc, Width::Mm58, Language::English).unwrap();
    assert!(pdf_words(&printed.bytes).contains("₹9,00,71,99,25,47,409.91"));
    for word in pdf_places(&printed.bytes) {
        assert!(word.right < points(53.0) + 0.3, "{word:?}");
    }
}

#[test]
fn the_same_document_is_the_same_file() {
    let first = pdf(&sale(), Width::Mm80);
    let z = z_pdf(&samples::z_report(), Width::Mm58, Language::English).unwrap();
    assert_eq!(pdf(&sale(), Width::Mm80), first);
    assert_eq!(z_pdf(&samples::z_report(), Width::Mm58, Language::English).unwrap(), z);
    assert!(first.len() < 60_000, "{} bytes: the fonts are not subset", first.len());
    assert!(pdf_info(&first).contains("Nov 20"));
}

#[test]
fn a_z_report_can_be_read_back_and_a_blind_one_tells_nothing() {
    let mut z = samples::z_report();
    for (width, ..) in WIDTHS {
        let words = pdf_words(&z_pdf(&z, width, Language::English).unwrap().bytes);
        for part in ["Z REPORT", "Rp14,291,470", "JKT01-T1-26-Z000041", "3,336,000", "-2,000"] {
            assert!(words.contains(part), "{part}: {words}");
        }
    }
    z.number = None;
    z.cash.expected = None;
    z.cash.counted = None;
    z.copy = Some(3);
    let words = pdf_words(&z_pdf(&z, Width::Mm80, Language::English).unwrap().bytes);
    for part in ["X REPORT", "COPY 3", "not counted yet"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    for secret in ["3,336,000", "-2,000", "8,948,030", "Over / short", "Expected"] {
        assert!(!words.contains(secret), "{secret}: {words}");
    }
}

#[test]
fn labels_fill_their_sheets_and_their_codes_can_be_scanned() {
    let goods = [
        label("Beras Pandan Wangi Cap Ayam Jago 5 kg", "Rp78.000", "8992760221028"),
        label("Indomie Goreng 85 g", "Rp3.500", "96385074"),
        label("Kopi Tubruk Gajah 200 g", "Rp18.500", "KOPI-GAJAH-200"),
        label("Cereal bar", "Rp9.900", "036000291452"),
    ];
    let layouts = Layouts::default();
    for stock in layouts.stock_names() {
        let per_page = layouts.stock(stock).unwrap().per_page();
        let printed = labels_pdf(&goods, stock).unwrap();
        assert_eq!(printed.warnings, [], "{stock}");
        let pages = goods.len().div_ceil(per_page);
        let info = pdf_info(&printed.bytes);
        assert!(info.contains(&format!("Pages:           {pages}")), "{stock}: {info}");
        // On rolls each label is a page of its own.
        let sheets: Vec<&[LabelDoc]> = goods.chunks(per_page).collect();
        let codes: Vec<String> = sheets
            .into_iter()
            .flat_map(|sheet| pdf_codes(&labels_pdf(sheet, stock).unwrap().bytes, 305))
            .collect();
        for one in &goods {
            let found = codes.iter().any(|code| code.ends_with(&one.barcode));
            assert!(found, "{stock}: {} in {codes:?}", one.barcode);
        }
    }
}

#[test]
fn everything_on_a_label_is_on_it_or_reported() {
    let mut item = label("Teh", "Rp1.000", "8992760221028");
    item.unit_text = "per 100 g".to_owned();
    for stock in Layouts::default().stock_names() {
        let printed = labels_pdf(&[item.clone()], stock).unwrap();
        let words = pdf_words(&printed.bytes);
        for part in ["Teh", "Rp1.000", "per 100 g", "SKU-1042", "20/11/26"] {
            let reported = printed.warnings.contains(&PaperWarning::Shortened(part.to_owned()));
            assert!(words.contains(part) || reported, "{stock} {part}: {words}");
        }
    }
    let long = "Nama yang amat sangat panjang sekali ".repeat(8);
    let printed = labels_pdf(&[label(&long, "Rp1", "8992760221028")], "product-38x25").unwrap();
    assert_eq!(printed.warnings, [PaperWarning::Shortened(long.trim().to_owned())]);
}

#[test]
fn nothing_on_a_label_leaves_it() {
    let mut item = label("Kata", &"Rp1.000.000".repeat(9), "8992760221028");
    item.unit_text = "per karton isi dua lusin botol".to_owned();
    item.code = "KODE-YANG-PANJANG-SEKALI-UNTUK-LABEL".to_owned();
    let layouts = Layouts::default();
    for stock in ["shelf-50x30", "product-38x25", "shelf-70x38"] {
        let width = f64::from(match stock {
            "shelf-50x30" => 50,
            "product-38x25" => 38,
            _ => 70,
        });
        for doc in [item.clone(), LabelDoc { price_text: "Rp5".to_owned(), ..item.clone() }] {
            let printed = labels(&[doc], layouts.stock(stock).unwrap()).unwrap();
            assert!(!printed.warnings.is_empty());
            for word in pdf_places(&printed.bytes) {
                assert!(word.left > 0.0 && word.right < points(width), "{stock} {word:?}");
            }
        }
    }
}

#[test]
fn a_message_as_long_as_a_book_is_printed_whole() {
    let mut doc = sale();
    doc.messages = vec!["kata ".repeat(20_000)];
    let printed = receipt_pdf(&doc, Width::Mm58, Language::English).unwrap();
    assert_eq!(pdf_words(&printed.bytes).matches("kata").count(), 20_000);
}

#[test]
fn no_labels_too_many_and_unknown_stock_are_refused() {
    assert!(matches!(labels_pdf(&[], "a4-3x8"), Err(PaperError::Nothing)));
    let many = vec![label("x", "1", ""); 5_001];
    assert!(matches!(labels_pdf(&many, "a4-3x8"), Err(PaperError::TooLong { .. })));
    assert!(matches!(labels_pdf(&many, "a5"), Err(PaperError::UnknownStock { .. })));
}

#[test]
fn a_label_can_be_printed_on_the_receipt_roll() {
    let item = label("Gula pasir 1 kg", "Rp17.500", "8992760221028");
    let printed = label_strip(&item, &Layouts::default()).pdf(Width::Mm58).unwrap();
    let words = pdf_words(&printed.bytes);
    assert!(words.contains("Gula pasir 1 kg") && words.contains("Rp17.500"), "{words}");
    assert_eq!(pdf_codes(&printed.bytes, 203), ["CODE-128:8992760221028"]);
}

#[test]
fn the_test_page_shows_that_both_codes_work() {
    let strip = test_page("EPSON TM-T20", &Layouts::default(), Language::English);
    for (width, ..) in WIDTHS {
        let printed = strip.pdf(width).unwrap();
        assert_eq!(printed.warnings, []);
        assert!(pdf_text(&printed.bytes).contains("EPSON TM-T20"));
        assert_eq!(
            pdf_codes(&printed.bytes, 203),
            ["CODE-128:TEST-0123456789", "QR-Code:TEST-0123456789"]
        );
    }
}
