//! The text of each document, letter by letter.

use lumbung_paper::{
    Language, Layouts, PreviewLine, PreviewStyle, ReceiptDoc, ReceiptKind, Width, receipt,
    receipt_preview, session_report, test_page, z_preview,
};

use crate::samples;

fn text(doc: &ReceiptDoc, width: Width, language: Language) -> String {
    receipt(doc, &Layouts::default(), language).unwrap().text(width)
}

/// Compares two texts line by line, so that a difference can be seen.
fn same(found: &str, expected: &str) {
    let expected = expected.trim_start_matches('\n');
    if found.trim_end() != expected.trim_end() {
        panic!("the paper reads:\n{found}\nbut should read:\n{expected}");
    }
}

#[test]
fn a_sale_reads_well_on_the_wide_roll() {
    same(
        &text(&samples::sale(), Width::Mm80, Language::Indonesian),
        r"
              Toko Lumbung Jaya
      Jl. Malioboro No. 12, Sosromenduran
                Yogyakarta 55271
               Telp. 0274 555 123
           NPWP 01.234.567.8-541.000
                  Cabang JKT01
────────────────────────────────────────────────
JKT01-T1-26-S000123                      Kasa T1
20 Nov 2026 14:05                     Kasir Sari
────────────────────────────────────────────────
Indomie Goreng 85 g
  5 × 3.500                             17.500 A
Beras Pandan Wangi Cap Ayam Jago 5 kg
  2 × 78.000                           156.000 A
  Diskon                                -6.000 A
Telur ayam
  1,25 kg × 28.400                      35.500 B
Kopi Tubruk Gajah 200 g                 18.500 A
Giling kasar
────────────────────────────────────────────────
Subtotal                               221.500
Diskon                                  -1.500
════════════════════════════════════════════════
TOTAL                                Rp220.000
Jumlah barang: 4
────────────────────────────────────────────────
Kartu debit BCA                        150.000
Referensi •••• 4417 / 829301
Tunai                                  100.000
Kembali                                 30.000
────────────────────────────────────────────────
Termasuk                           DPP   Pajak
A PPN 11%                      166.266  18.234
B Bebas PPN                     35.500       0
Total                          201.766  18.234
────────────────────────────────────────────────
        Terima kasih, sampai jumpa lagi!

[bar code JKT01-T1-26-S000123]

     Barang yang sudah dibeli dapat ditukar
         dalam 7 hari dengan struk ini.
",
    );
}

#[test]
fn a_sale_reads_well_on_the_narrow_roll() {
    same(
        &text(&samples::sale(), Width::Mm58, Language::Indonesian),
        r"
       Toko Lumbung Jaya
       Jl. Malioboro No.
       12, Sosromenduran
        Yogyakarta 55271
       Telp. 0274 555 123
   NPWP 01.234.567.8-541.000
          Cabang JKT01
────────────────────────────────
JKT01-T1-26-S000123      Kasa T1
20 Nov 2026 14:05     Kasir Sari
────────────────────────────────
Indomie Goreng 85 g
  5 × 3.500             17.500 A
Beras Pandan Wangi Cap Ayam Jago
5 kg
  2 × 78.000           156.000 A
  Diskon                -6.000 A
Telur ayam
  1,25 kg × 28.400      35.500 B
Kopi Tubruk Gajah 200 g 18.500 A
Giling kasar
────────────────────────────────
Subtotal               221.500
Diskon                  -1.500
════════════════════════════════
TOTAL                Rp220.000
Jumlah barang: 4
────────────────────────────────
Kartu debit BCA        150.000
Referensi •••• 4417 / 829301
Tunai                  100.000
Kembali                 30.000
────────────────────────────────
Termasuk           DPP   Pajak
A PPN 11%      166.266  18.234
B Bebas PPN     35.500       0
Total          201.766  18.234
────────────────────────────────
Terima kasih, sampai jumpa lagi!

[bar code JKT01-T1-26-S000123]

    Barang yang sudah dibeli
     dapat ditukar dalam 7
     hari dengan struk ini.
",
    );
}

#[test]
fn a_return_names_the_receipt_the_reason_and_the_rounding() {
    same(
        &text(&samples::goods_back(), Width::Mm58, Language::Indonesian),
        r"
       Toko Lumbung Jaya
       Jl. Malioboro No.
       12, Sosromenduran
        Yogyakarta 55271
       Telp. 0274 555 123
   NPWP 01.234.567.8-541.000
          Cabang JKT01

             RETUR
────────────────────────────────
JKT01-T1-26-R000007      Kasa T1
21 Nov 2026 00:40     Kasir Sari
Tanggal buku         20 Nov 2026
Untuk struk  JKT01-T1-26-S000123
Pelanggan
        Ibu Ratna Kusumawardhani
Kode P-00412
────────────────────────────────
Kopi Tubruk Gajah 200 g 18.530 A
────────────────────────────────
Total                   18.530
Pembulatan                 -30
════════════════════════════════
DIKEMBALIKAN          Rp18.500
Jumlah barang: 1
────────────────────────────────
Tunai                   18.500
────────────────────────────────
Termasuk            DPP  Pajak
A PPN 11%        16.694  1.836
────────────────────────────────
Alasan             Kemasan rusak

[bar code JKT01-T1-26-R000007]

___________________
Tanda tangan

    Barang yang sudah dibeli
     dapat ditukar dalam 7
     hari dengan struk ini.
",
    );
}

#[test]
fn a_cash_drop_is_a_slip_to_sign() {
    same(
        &text(&samples::drop_slip(), Width::Mm80, Language::English),
        r"
              Toko Lumbung Jaya
      Jl. Malioboro No. 12, Sosromenduran
                Yogyakarta 55271
               Tel. 0274 555 123
          Tax ID 01.234.567.8-541.000
                  Branch JKT01

                   CASH DROP
────────────────────────────────────────────────
JKT01-T1-26-C000004                      Till T1
20 Nov 2026 14:05                   Cashier Sari
════════════════════════════════════════════════
AMOUNT                               Rp2,000,000
────────────────────────────────────────────────
Reason                             Setoran siang


____________________________
Signature
",
    );
}

#[test]
fn a_tax_on_top_is_added_before_the_eyes_of_the_customer() {
    same(
        &text(&samples::english_sale(), Width::Mm58, Language::English),
        r"
The Corner Shop
  3 Harbour Street, Whitstable
────────────────────────────────
JKT01-T1-26-S000123      Till T1
20 Nov 2026 14:05   Cashier Sari
────────────────────────────────
Builder's tea, 80 bags
  2 × 3.495                 6.99
────────────────────────────────
Subtotal                    6.99
VAT 20%                     1.40
════════════════════════════════
TOTAL                      £8.39
Items: 1
────────────────────────────────
Contactless                 8.39
────────────────────────────────
                      Base   Tax
VAT 20%               6.99  1.40

[bar code JKT01-T1-26-S000123]

[QR code https://example.org/r/JKT01-T1-26-S000123]

    Thank you — see you soon
",
    );
}

#[test]
fn a_z_report_has_every_figure_of_the_day() {
    same(
        &session_report(&samples::z_report(), &Layouts::default(), Language::Indonesian)
            .text(Width::Mm58),
        r"
       Toko Lumbung Jaya
       Jl. Malioboro No.
       12, Sosromenduran
        Yogyakarta 55271
   NPWP 01.234.567.8-541.000
          Cabang JKT01

           LAPORAN Z
      JKT01-T1-26-Z000041
────────────────────────────────
Tanggal buku         20 Nov 2026
Sesi                      S-0041
Kasa                          T1
Kasir                       Sari
Buka           20 Nov 2026 07:58
Tutup          20 Nov 2026 16:12
────────────────────────────────
Penjualan        187  14.382.500
Retur              2     -37.030
Pembatalan         1     -54.000
════════════════════════════════
Penjualan bersih    Rp14.291.470
Diskon (23)              186.500
Pembulatan                  -470
────────────────────────────────
Pembayaran
Tunai             141  8.911.000
Kartu debit        31  3.420.000
QRIS               18  1.960.000
────────────────────────────────
Pajak
                  DPP      Pajak
PPN 11%    12.000.000  1.320.000
────────────────────────────────
Per kategori
Makanan ringan    402  4.120.500
Sembako           133  7.290.970
Minuman           271  2.880.000
────────────────────────────────
Laci kas
Modal awal               500.000
Penjualan tunai        8.948.030
Pengembalian tunai       -37.030
Kas keluar               -75.000
Setoran ke brankas    -6.000.000
Seharusnya             3.336.000
Dihitung               3.334.000
Selisih                   -2.000
────────────────────────────────
Hitung kas
100.000 × 28           2.800.000
50.000 × 9               450.000
2.000 × 42                84.000
────────────────────────────────
Pengawasan
Laci dibuka tanpa jual         3
Baris dihapus                  5
Struk ditahan                  1
────────────────────────────────
Nomor struk
Pertama      JKT01-T1-26-S000001
Terakhir     JKT01-T1-26-S000187

___________________
Kasir Sari
",
    );
}

#[test]
fn a_z_report_of_an_x_kind_has_no_number_and_no_signature() {
    let mut doc = samples::z_report();
    doc.number = None;
    doc.cash.counted = None;
    doc.cash.expected = None;
    let text = session_report(&doc, &Layouts::default(), Language::English).text(Width::Mm80);
    assert!(text.contains("X REPORT") && text.contains("not counted yet"), "{text}");
    assert!(!text.contains("Z000041") && !text.contains("___"), "{text}");
}

#[test]
fn a_reprint_a_training_receipt_and_a_void_are_marked() {
    let mut doc = samples::sale();
    doc.copy = Some(2);
    doc.stamp = Some("LATIHAN".to_owned());
    doc.kind = ReceiptKind::Void;
    let indonesian = text(&doc, Width::Mm58, Language::Indonesian);
    for mark in ["SALINAN 2", "LATIHAN", "PENJUALAN BATAL"] {
        assert!(indonesian.contains(mark), "{indonesian}");
    }
    let english = text(&doc, Width::Mm80, Language::English);
    assert!(english.contains("COPY 2") && english.contains("VOIDED SALE"), "{english}");
}

#[test]
fn every_kind_of_slip_says_what_it_is() {
    let cases = [
        (ReceiptKind::CashIn, "CASH IN"),
        (ReceiptKind::CashOut, "CASH OUT"),
        (ReceiptKind::Drop, "CASH DROP"),
        (ReceiptKind::StoreCredit, "STORE CREDIT"),
    ];
    for (kind, title) in cases {
        let doc = ReceiptDoc { kind, ..samples::drop_slip() };
        let text = text(&doc, Width::Mm58, Language::English);
        assert!(text.contains(title) && text.contains("Rp2,000,000"), "{text}");
    }
}

#[test]
fn a_shop_may_show_codes_and_hide_what_it_does_not_want() {
    let layouts = Layouts::with_settings(
        r#"{ "receipt": { "sections": ["lines", "totals"],
             "show": { "item_code": true, "item_note": false, "tax_marks": false,
                       "item_count": false, "short_items": false } } }"#,
    )
    .unwrap();
    let text = receipt(&samples::sale(), &layouts, Language::Indonesian).unwrap().text(Width::Mm58);
    assert!(text.starts_with("Indomie Goreng 85 g\n"), "{text}");
    assert!(text.contains("8992760221028") && text.contains("1 × 18.500"), "{text}");
    for hidden in ["Giling kasar", " A\n", "Jumlah barang", "Kasir"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
}

#[test]
fn the_example_beside_the_layouts_works() {
    let readme = include_str!("../../../../assets/print/README.md");
    let (_, example) = readme.split_once("```json").unwrap();
    let layouts = Layouts::with_settings(example.split_once("```").unwrap().0).unwrap();
    let text = receipt(&samples::sale(), &layouts, Language::English).unwrap().text(Width::Mm80);
    assert!(text.contains("8992760221028") && !text.contains("Tel."), "{text}");
    assert!(text.find("PPN 11%") < text.find("Kartu debit"), "{text}");
}

#[test]
fn a_printer_of_42_columns_is_a_setting() {
    let roll = r#"{ "roll": { "mm80": { "dots": 512, "columns": 42, "small_columns": 56 } } }"#;
    let layouts = Layouts::with_settings(roll).unwrap();
    let text = receipt(&samples::sale(), &layouts, Language::English).unwrap().text(Width::Mm80);
    let widest = text.lines().filter(|line| !line.starts_with('[')).map(|l| l.chars().count());
    assert_eq!(widest.max(), Some(42));
}

#[test]
fn the_screen_shows_every_row_of_the_paper() {
    let preview = receipt_preview(&samples::english_sale(), Language::English).unwrap();
    let json = serde_json::to_value(&preview).unwrap();
    let kinds: Vec<&str> =
        json.as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "code").count(), 2);
    assert_eq!(json[0]["style"], "title");
    assert_eq!(json[0]["text"], "The Corner Shop");
    let total = preview.iter().find_map(|line| match line {
        PreviewLine::Pair { left, right, style: PreviewStyle::Total, figure: true, .. } => {
            Some((left.as_str(), right.as_str()))
        }
        _ => None,
    });
    assert_eq!(total, Some(("TOTAL", "£8.39")));
    let codes: Vec<(bool, usize, usize)> = preview
        .iter()
        .filter_map(|line| match line {
            PreviewLine::Code { bars, modules, .. } => {
                Some((*bars, modules.len(), modules[0].len()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(codes[0].1, 1, "a bar code is one row");
    assert_eq!(codes[1].1, codes[1].2, "a QR code is square");
}

#[test]
fn a_z_report_is_on_the_screen_what_it_is_on_paper() {
    let strip = session_report(&samples::z_report(), &Layouts::default(), Language::English);
    assert_eq!(z_preview(&samples::z_report(), Language::English), strip.preview());
    let json = serde_json::to_string(&strip.preview()).unwrap();
    for part in ["Z REPORT", "14,291,470", "Kartu debit", r#""kind":"table""#, "signature"] {
        assert!(json.contains(part), "{part}: {json}");
    }
}

#[test]
fn a_test_page_has_the_printers_name() {
    let text = test_page("Kasir depan", &Layouts::default(), Language::Indonesian);
    assert!(text.text(Width::Mm58).contains("Kasir depan"));
}
