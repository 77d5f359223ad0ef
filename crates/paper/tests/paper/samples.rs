//! A shop, what it sells, and its papers, for the tests and for the gallery.

use lumbung_domain::BusinessDate;
use lumbung_domain::num::{Currency, Money, Qty, UnitPrice};
use lumbung_paper::{
    CashReport, Denomination, InvoiceDoc, LabelDoc, NamedTally, Party, ReceiptDoc, ReceiptKind,
    ReceiptLine, ReportColumn, ReportDoc, ReportRow, Shop, Tally, TaxLine, TenderLine, ZDoc,
};

pub fn day() -> BusinessDate {
    BusinessDate::from_ymd_opt(2026, 11, 20).unwrap()
}

pub fn shop() -> Shop {
    Shop {
        name: "Toko Lumbung Jaya".to_owned(),
        address_lines: vec![
            "Jl. Malioboro No. 12, Sosromenduran".to_owned(),
            "Yogyakarta 55271".to_owned(),
        ],
        phone: "0274 555 123".to_owned(),
        tax_id: "01.234.567.8-541.000".to_owned(),
        branch_code: "JKT01".to_owned(),
        footer_lines: vec![
            "Barang yang sudah dibeli dapat ditukar dalam 7 hari dengan struk ini.".to_owned(),
        ],
        logo: None,
    }
}

pub fn line(name: &str, qty: i64, price: i64, discount: i64) -> ReceiptLine {
    ReceiptLine {
        name: name.to_owned(),
        code: String::new(),
        qty: Qty::of(qty * 1_000_000),
        unit: String::new(),
        unit_price: UnitPrice::of(price * 10_000),
        discount: Money::of(discount),
        total: Money::of(qty * price - discount),
        tax_mark: "A".to_owned(),
        note: String::new(),
    }
}

fn tender(label: &str, amount: i64, reference: &str) -> TenderLine {
    TenderLine {
        label: label.to_owned(),
        amount: Money::of(amount),
        reference: reference.to_owned(),
    }
}

/// A sale of five lines, paid by card and cash.
pub fn sale() -> ReceiptDoc {
    let mut rice = line("Beras Pandan Wangi Cap Ayam Jago 5 kg", 2, 78_000, 6_000);
    rice.code = "8992760221028".to_owned();
    let mut eggs = line("Telur ayam", 0, 0, 0);
    eggs.qty = Qty::of(1_250_000);
    eggs.unit = "kg".to_owned();
    eggs.unit_price = UnitPrice::of(284_000_000);
    eggs.total = Money::of(35_500);
    eggs.tax_mark = "B".to_owned();
    let mut coffee = line("Kopi Tubruk Gajah 200 g", 1, 18_500, 0);
    coffee.note = "Giling kasar".to_owned();
    ReceiptDoc {
        shop: shop(),
        kind: ReceiptKind::Sale,
        number: "JKT01-T1-26-S000123".to_owned(),
        date_time: "20 Nov 2026 14:05".to_owned(),
        business_date: day(),
        cashier: "Sari".to_owned(),
        terminal: "T1".to_owned(),
        currency: Currency::IDR,
        customer: None,
        lines: vec![line("Indomie Goreng 85 g", 5, 3_500, 0), rice, eggs, coffee],
        discount: Money::of(1_500),
        net: Money::of(201_766),
        taxes: vec![
            TaxLine {
                mark: "A".to_owned(),
                label: "PPN 11%".to_owned(),
                base: Money::of(166_266),
                tax: Money::of(18_234),
                included: true,
            },
            TaxLine {
                mark: "B".to_owned(),
                label: "Bebas PPN".to_owned(),
                base: Money::of(35_500),
                tax: Money::ZERO,
                included: true,
            },
        ],
        total: Money::of(220_000),
        rounding: Money::ZERO,
        payable: Money::of(220_000),
        tenders: vec![
            tender("Kartu debit BCA", 150_000, "•••• 4417 / 829301"),
            tender("Tunai", 100_000, ""),
        ],
        change: Money::of(30_000),
        copy: None,
        original_number: String::new(),
        reason: String::new(),
        barcode: "JKT01-T1-26-S000123".to_owned(),
        qr: None,
        messages: vec!["Terima kasih, sampai jumpa lagi!".to_owned()],
        stamp: None,
    }
}

/// Part of the sale taken back, in cash.
pub fn goods_back() -> ReceiptDoc {
    ReceiptDoc {
        kind: ReceiptKind::Return,
        number: "JKT01-T1-26-R000007".to_owned(),
        barcode: "JKT01-T1-26-R000007".to_owned(),
        date_time: "21 Nov 2026 00:40".to_owned(),
        customer: Some(Party {
            name: "Ibu Ratna Kusumawardhani".to_owned(),
            code: "P-00412".to_owned(),
            ..Party::default()
        }),
        lines: vec![line("Kopi Tubruk Gajah 200 g", 1, 18_530, 0)],
        discount: Money::ZERO,
        net: Money::of(16_694),
        taxes: vec![TaxLine {
            mark: "A".to_owned(),
            label: "PPN 11%".to_owned(),
            base: Money::of(16_694),
            tax: Money::of(1_836),
            included: true,
        }],
        total: Money::of(18_530),
        rounding: Money::of(-30),
        payable: Money::of(18_500),
        tenders: vec![tender("Tunai", 18_500, "")],
        change: Money::ZERO,
        original_number: "JKT01-T1-26-S000123".to_owned(),
        reason: "Kemasan rusak".to_owned(),
        messages: Vec::new(),
        ..sale()
    }
}

/// Cash carried from the drawer to the safe.
pub fn drop_slip() -> ReceiptDoc {
    ReceiptDoc {
        kind: ReceiptKind::Drop,
        number: "JKT01-T1-26-C000004".to_owned(),
        barcode: String::new(),
        lines: Vec::new(),
        discount: Money::ZERO,
        net: Money::ZERO,
        taxes: Vec::new(),
        total: Money::of(2_000_000),
        payable: Money::of(2_000_000),
        tenders: Vec::new(),
        change: Money::ZERO,
        reason: "Setoran siang".to_owned(),
        messages: Vec::new(),
        ..sale()
    }
}

/// A sale in pounds with the tax added below, and a QR code.
pub fn english_sale() -> ReceiptDoc {
    let mut tea = line("Builder's tea, 80 bags", 2, 0, 0);
    tea.unit_price = UnitPrice::of(34_950);
    tea.total = Money::of(699);
    tea.tax_mark = String::new();
    ReceiptDoc {
        shop: Shop {
            name: "The Corner Shop".to_owned(),
            address_lines: vec!["3 Harbour Street, Whitstable".to_owned()],
            footer_lines: vec!["Thank you — see you soon".to_owned()],
            logo: None,
            ..Shop::default()
        },
        currency: Currency::GBP,
        lines: vec![tea],
        discount: Money::ZERO,
        net: Money::of(699),
        taxes: vec![TaxLine {
            mark: String::new(),
            label: "VAT 20%".to_owned(),
            base: Money::of(699),
            tax: Money::of(140),
            included: false,
        }],
        total: Money::of(839),
        payable: Money::of(839),
        tenders: vec![tender("Contactless", 839, "")],
        change: Money::ZERO,
        qr: Some("https://example.org/r/JKT01-T1-26-S000123".to_owned()),
        messages: Vec::new(),
        ..sale()
    }
}

fn tally(label: &str, count: u32, amount: i64) -> NamedTally {
    NamedTally { label: label.to_owned(), tally: Tally { count, amount: Money::of(amount) } }
}

/// The close of a day.
pub fn z_report() -> ZDoc {
    ZDoc {
        shop: shop(),
        number: Some("JKT01-T1-26-Z000041".to_owned()),
        session: "S-0041".to_owned(),
        terminal: "T1".to_owned(),
        cashier: "Sari".to_owned(),
        opened: "20 Nov 2026 07:58".to_owned(),
        closed: Some("20 Nov 2026 16:12".to_owned()),
        business_date: day(),
        currency: Currency::IDR,
        sales: Tally { count: 187, amount: Money::of(14_382_500) },
        returns: Tally { count: 2, amount: Money::of(37_030) },
        voids: Tally { count: 1, amount: Money::of(54_000) },
        discounts: Tally { count: 23, amount: Money::of(186_500) },
        net_sales: Money::of(14_291_470),
        rounding: Money::of(-470),
        debts: Tally::default(),
        tenders: vec![
            tally("Tunai", 141, 8_911_000),
            tally("Kartu debit", 31, 3_420_000),
            tally("QRIS", 18, 1_960_000),
        ],
        taxes: vec![TaxLine {
            mark: "A".to_owned(),
            label: "PPN 11%".to_owned(),
            base: Money::of(12_000_000),
            tax: Money::of(1_320_000),
            included: true,
        }],
        categories: vec![
            tally("Makanan ringan", 402, 4_120_500),
            tally("Sembako", 133, 7_290_970),
            tally("Minuman", 271, 2_880_000),
        ],
        cash: CashReport {
            opening_float: Money::of(500_000),
            sales: Money::of(8_948_030),
            debts: Money::ZERO,
            refunds: Money::of(37_030),
            cash_in: Money::ZERO,
            cash_out: Money::of(75_000),
            drops: Money::of(6_000_000),
            expected: Some(Money::of(3_336_000)),
            counted: Some(Money::of(3_334_000)),
            over_short: Some(Money::of(-2_000)),
            denominations: vec![
                Denomination { value: Money::of(100_000), pieces: 28 },
                Denomination { value: Money::of(50_000), pieces: 9 },
                Denomination { value: Money::of(2_000), pieces: 42 },
            ],
        },
        no_sale: 3,
        line_voids: 5,
        parked: 1,
        first_number: "JKT01-T1-26-S000001".to_owned(),
        last_number: "JKT01-T1-26-S000187".to_owned(),
        centre: None,
        copy: None,
        stamp: None,
    }
}

pub fn label(name: &str, price: &str, barcode: &str) -> LabelDoc {
    LabelDoc {
        name: name.to_owned(),
        price_text: price.to_owned(),
        unit_text: "per pcs".to_owned(),
        barcode: barcode.to_owned(),
        code: "SKU-1042".to_owned(),
        date: "20/11/26".to_owned(),
    }
}

/// An invoice of so many lines.
pub fn invoice(lines: i64) -> InvoiceDoc {
    let goods = [
        "Beras Pandan Wangi 5 kg",
        "Minyak goreng sawit kemasan 2 liter, isi 6 botol per karton, merek pilihan gudang",
        "Gula pasir 1 kg",
    ];
    let lines: Vec<ReceiptLine> = (1..=lines)
        .map(|number| {
            let name = goods[usize::try_from(number).unwrap() % goods.len()];
            let mut line = line(name, number % 7 + 1, 12_500 + number, 0);
            line.code = format!("SKU-{number:04}");
            line.unit = "pcs".to_owned();
            if number % 9 == 0 {
                line.note = "Kirim bersama pesanan berikutnya".to_owned();
            }
            line
        })
        .collect();
    let net: i64 = lines.iter().map(|line| line.total.get()).sum();
    let tax = net * 11 / 100;
    InvoiceDoc {
        seller: shop(),
        buyer: Party {
            name: "PT Warung Makmur Sentosa".to_owned(),
            code: "C-0031".to_owned(),
            address_lines: vec![
                "Jl. Kaliurang KM 5,6 Gg. Pandega Duta III No. 9".to_owned(),
                "Sleman 55281".to_owned(),
            ],
            tax_id: "02.111.222.3-542.000".to_owned(),
        },
        number: "JKT01-T1-26-I000019".to_owned(),
        date: day(),
        due_date: BusinessDate::from_ymd_opt(2026, 12, 20),
        reference: "PO 4500127".to_owned(),
        currency: Currency::IDR,
        lines,
        discount: Money::ZERO,
        net: Money::of(net),
        taxes: vec![TaxLine {
            mark: "A".to_owned(),
            label: "PPN 11%".to_owned(),
            base: Money::of(net),
            tax: Money::of(tax),
            included: false,
        }],
        total: Money::of(net + tax),
        rounding: Money::ZERO,
        paid: Money::ZERO,
        payable: Money::of(net + tax),
        in_words: String::new(),
        terms: vec!["Transfer ke BCA 037-1234567 a.n. Toko Lumbung Jaya, 30 hari.".to_owned()],
        notes: vec!["Harga sudah termasuk ongkos kirim dalam kota.".to_owned()],
        copy: None,
        stamp: None,
        qr: None,
    }
}

/// A small trial balance.
pub fn trial_balance() -> ReportDoc {
    let column =
        |head: &str, share, figures| ReportColumn { head: head.to_owned(), share, figures };
    let row = |cells: [&str; 4], strong| ReportRow {
        cells: cells.map(str::to_owned).to_vec(),
        strong,
        running: None,
    };
    ReportDoc {
        company: "Toko Lumbung Jaya".to_owned(),
        title: "Neraca saldo".to_owned(),
        scope: vec!["Semua cabang · November 2026".to_owned()],
        date: Some(day()),
        columns: vec![
            column("Kode", 10, false),
            column("Akun", 40, false),
            column("Debit", 20, true),
            column("Kredit", 20, true),
        ],
        rows: vec![
            row(["1101", "Kas di laci", "3.334.000", ""], false),
            row(["1301", "Persediaan", "41.220.000", ""], false),
            row(["4101", "Penjualan", "", "44.554.000"], false),
            row(["", "Jumlah", "44.554.000", "44.554.000"], true),
        ],
        notes: vec!["Per 20 Nov 2026 16:12, terminal T1.".to_owned()],
    }
}
