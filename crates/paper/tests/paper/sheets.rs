//! A4 documents, over one page and over many.

use lumbung_domain::num::{Money, Qty};
use lumbung_paper::{
    InvoiceDoc, Language, Layouts, PaperError, ReportColumn, invoice, invoice_pdf, report_pdf,
};

use crate::samples::{self, invoice as sample};
use crate::tools::{pdf_codes, pdf_places, pdf_text, pdf_words};

fn pages(doc: &InvoiceDoc) -> Vec<String> {
    let printed = invoice_pdf(doc, Language::English).unwrap();
    assert_eq!(printed.warnings, []);
    let text = pdf_text(&printed.bytes);
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

#[test]
fn a_short_invoice_is_one_page_with_everything_on_it() {
    let pages = pages(&sample(5));
    let [page] = pages.as_slice() else { panic!("{} pages", pages.len()) };
    for part in [
        "INVOICE",
        "JKT01-T1-26-I000019",
        "PT Warung Makmur Sentosa",
        "20 Dec 2026",
        "PO 4500127",
        "SKU-0005",
        "AMOUNT DUE",
        "Rp277,577",
        "Transfer ke BCA",
        "Page 1 of 1",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Discount"), "a column nobody uses is left out: {page}");
}

#[test]
fn five_hundred_lines_are_each_printed_once_under_a_head() {
    let doc = sample(500);
    let pages = pages(&doc);
    assert!(pages.len() > 10);
    let all = pages.concat();
    for number in 1..=500 {
        assert_eq!(all.matches(&format!("SKU-{number:04}")).count(), 1, "{number}");
    }
    for (index, page) in pages.iter().enumerate() {
        let number = index + 1;
        let of = pages.len();
        assert!(page.contains(&format!("Page {number} of {of}")), "{number}: {page}");
        assert!(page.contains("JKT01-T1-26-I000019"), "{number}: {page}");
        if page.contains("SKU-") {
            assert!(page.contains("Description"), "{number} has no head: {page}");
        }
    }
    assert_eq!(all.matches("AMOUNT DUE").count(), 1);
}

#[test]
fn what_a_page_carries_forward_the_next_brings_forward() {
    let doc = sample(120);
    let pages = pages(&doc);
    let sum = |page: &String, label: &str| {
        let line = page.lines().find(|line| line.contains(label))?;
        line.split_whitespace().last().map(str::to_owned)
    };
    let mut printed = 0;
    let mut total = 0_i64;
    // The sums may stand alone on the last page; then nothing is carried there.
    for pair in pages.windows(2).filter(|pair| pair[1].contains("SKU-")) {
        let count = pair[0].matches("SKU-").count();
        let lines = &doc.lines[printed..printed + count];
        printed += count;
        total += lines.iter().map(|line| line.total.get()).sum::<i64>();
        let forward = sum(&pair[0], "Carried forward").unwrap();
        assert_eq!(forward.replace(',', ""), total.to_string());
        assert_eq!(sum(&pair[1], "Brought forward"), Some(forward));
    }
    assert!(printed > 90, "{printed} of 120 lines came before the last page");
}

#[test]
fn figures_do_not_overlap_even_when_they_are_enormous() {
    let mut doc = sample(3);
    for line in &mut doc.lines {
        line.total = Money::of(9_007_199_254_740_991 / 4);
        line.unit_price = lumbung_domain::num::UnitPrice::of(9_007_199_254_740_991);
        line.qty = Qty::of(999_999_999_999);
        line.discount = Money::of(999_999_999_999);
        line.unit = "karton".to_owned();
    }
    doc.total = Money::of(9_007_199_254_740_991 / 4 * 3);
    let printed = invoice_pdf(&doc, Language::English).unwrap();
    let words = pdf_words(&printed.bytes);
    assert_eq!(words.matches("2,251,799,813,685,247").count(), 3, "{words}");
    assert_eq!(words.matches("999,999.999999 karton").count(), 3, "{words}");
    for word in pdf_places(&printed.bytes) {
        assert!(word.left > 50.0 && word.right < 545.5, "{word:?}");
    }
}

#[test]
fn a_line_longer_than_a_page_goes_on_on_the_next() {
    let mut doc = sample(2);
    let name: Vec<String> = (0..4_000).map(|number| format!("kata{number}")).collect();
    doc.lines[0].name = name.join(" ");
    let pages = pages(&doc);
    assert!(pages.len() > 2);
    let all = pages.concat();
    for word in [&name[0], &name[1_999], &name[3_999]] {
        assert!(all.contains(word.as_str()), "{word}");
    }
}

#[test]
fn an_invoice_without_lines_buyer_or_terms_is_still_an_invoice() {
    let mut doc = sample(0);
    doc.buyer = lumbung_paper::Party::default();
    doc.terms.clear();
    doc.notes.clear();
    doc.copy = Some(2);
    doc.stamp = Some("VOID".to_owned());
    doc.qr = Some("https://example.org/i/19".to_owned());
    let printed = invoice_pdf(&doc, Language::Indonesian).unwrap();
    let words = pdf_words(&printed.bytes);
    for part in ["FAKTUR", "SALINAN 2", "VOID", "JUMLAH DIBAYAR", "Rp0", "Halaman 1 dari 1"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert_eq!(pdf_codes(&printed.bytes, 150), ["QR-Code:https://example.org/i/19"]);
}

#[test]
fn a_discount_rounding_and_payment_are_shown_where_there_are_any() {
    let mut doc = sample(2);
    doc.lines[0].discount = Money::of(1_000);
    doc.discount = Money::of(500);
    doc.rounding = Money::of(-7);
    doc.paid = Money::of(10_000);
    let page = pages(&doc).concat();
    for part in ["Discount", "-1,000", "-500", "Rounding", "-7", "Paid", "-10,000"] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn a_shop_chooses_the_columns_of_its_invoice() {
    let layouts = Layouts::with_settings(
        r#"{ "sheet": { "invoice_columns": [
            { "field": "name", "share": 60 },
            { "field": "tax", "share": 10 },
            { "field": "amount", "share": 30 }
        ] } }"#,
    )
    .unwrap();
    let printed = invoice(&sample(2), &layouts, Language::English).unwrap();
    let text = pdf_text(&printed.bytes);
    assert!(text.contains("Tax") && !text.contains("SKU-0001"), "{text}");
}

#[test]
fn an_invoice_of_ten_thousand_lines_is_printed_and_a_longer_one_refused() {
    let mut doc = sample(1);
    doc.lines = vec![doc.lines[0].clone(); 10_001];
    let error = invoice_pdf(&doc, Language::English).unwrap_err();
    assert!(matches!(error, PaperError::TooLong { lines: 10_001, most: 10_000 }));
}

#[test]
fn any_table_can_be_printed() {
    let printed = report_pdf(&samples::trial_balance(), Language::Indonesian).unwrap();
    let text = pdf_text(&printed.bytes);
    for part in ["Neraca saldo", "Kas di laci", "3.334.000", "Kredit", "Halaman 1 dari 1"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let ends: Vec<i64> = pdf_places(&printed.bytes)
        .iter()
        .filter(|word| word.text == "44.554.000")
        .map(|word| (word.right * 10.0).round() as i64)
        .collect();
    assert_eq!(ends.len(), 3);
    let mut nothing = samples::trial_balance();
    nothing.columns.clear();
    assert!(matches!(report_pdf(&nothing, Language::English), Err(PaperError::Nothing)));
    nothing.columns = vec![ReportColumn { head: "Kosong".to_owned(), share: 0, figures: false }];
    assert!(report_pdf(&nothing, Language::English).is_ok());
}
