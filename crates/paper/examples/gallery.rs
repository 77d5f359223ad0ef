//! Writes one of each document into a folder, to look at: `gallery DIR`.

#![expect(clippy::unwrap_used, reason = "an example may stop where it fails")]

#[path = "../tests/paper/samples.rs"]
mod samples;

use std::path::PathBuf;

use lumbung_paper::{
    EscposOptions, Language, Layouts, Printed, ReceiptDoc, Width, invoice_pdf, labels_pdf, receipt,
    receipt_escpos, receipt_pdf, report_pdf, test_page, z_pdf,
};

fn main() {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("gallery"), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, printed: Printed| {
        for warning in &printed.warnings {
            eprintln!("{name}: {warning}");
        }
        std::fs::write(folder.join(name), printed.bytes).unwrap();
    };
    let language = Language::Indonesian;
    let mut copy: ReceiptDoc = samples::sale();
    copy.copy = Some(2);
    let mut foreign: ReceiptDoc = samples::sale();
    foreign.lines[0].name = "Кофе молотый «Утро», 250 г".to_owned();
    foreign.lines[1].name = "Ελληνικός καφές / žluťoučký kůň".to_owned();
    foreign.lines[2].name = "चाय पत्ती".to_owned();
    let receipts = [
        ("foreign", foreign, Language::English),
        ("sale", samples::sale(), Language::Indonesian),
        ("copy", copy, Language::English),
        ("return", samples::goods_back(), Language::Indonesian),
        ("drop", samples::drop_slip(), Language::Indonesian),
        ("english", samples::english_sale(), Language::English),
    ];
    for (name, doc, language) in receipts {
        for (width, mm) in [(Width::Mm58, 58), (Width::Mm80, 80)] {
            let options = EscposOptions::default();
            let file = |kind: &str| format!("{name}-{mm}.{kind}");
            write(&file("pdf"), receipt_pdf(&doc, width, language).unwrap());
            write(&file("escpos"), receipt_escpos(&doc, width, language, &options).unwrap());
            let text = receipt(&doc, &Layouts::default(), language).unwrap().text(width);
            std::fs::write(folder.join(file("txt")), text).unwrap();
        }
    }
    let z = samples::z_report();
    write("z-58.pdf", z_pdf(&z, Width::Mm58, language).unwrap());
    write("z-80.pdf", z_pdf(&z, Width::Mm80, language).unwrap());
    let test = test_page("EPSON TM-T20", &Layouts::default(), language);
    write("test-80.pdf", test.pdf(Width::Mm80).unwrap());
    let labels = [
        samples::label("Beras Pandan Wangi Cap Ayam Jago 5 kg", "Rp78.000", "8992760221028"),
        samples::label("Indomie Goreng 85 g", "Rp3.500", "96385074"),
        samples::label("Kopi Tubruk Gajah 200 g", "Rp18.500", "KOPI-GAJAH-200"),
    ];
    for stock in Layouts::default().stock_names() {
        let repeated: Vec<_> = labels.iter().cycle().take(30).cloned().collect();
        write(&format!("labels-{stock}.pdf"), labels_pdf(&repeated, stock).unwrap());
    }
    write("invoice.pdf", invoice_pdf(&samples::invoice(60), language).unwrap());
    write("invoice-short.pdf", invoice_pdf(&samples::invoice(5), Language::English).unwrap());
    write("report.pdf", report_pdf(&samples::trial_balance(), language).unwrap());
}
