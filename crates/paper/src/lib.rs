//! Documents in, paper out: receipts, session reports, labels, invoices and lists as PDF, as
//! bytes for a receipt printer, and as rows for the screen.
//!
//! A document for a roll is laid out once, as a [`Strip`]; three renderers draw it. So what the
//! screen shows is what the printer prints. Documents for sheets share one paginator. The
//! layouts are data ([`Layouts`]); a shop's settings may replace any part of them.
//!
//! **Invariant:** the same document gives the same bytes: no database, no clock, no randomness.
//! Only [`transport`] talks to the world.

#![deny(missing_docs)]

mod canvas;
mod code_page;
mod error;
mod escpos;
mod fonts;
pub mod format;
mod grid;
mod invoice;
mod label;
mod language;
mod layouts;
mod picture;
mod preview;
mod raster;
mod receipt;
mod report;
mod roll;
mod session_report;
mod sheet;
mod shop;
mod strip;
mod symbol;
mod test_page;
mod text;
pub mod transport;

pub use code_page::CodePage;
pub use error::{PaperError, PaperWarning, Printed};
pub use escpos::{Cut, DrawerPin, EscposOptions, drawer_kick};
pub use format::money;
pub use invoice::{InvoiceDoc, invoice};
pub use label::{LabelDoc, label_strip, labels};
pub use language::Language;
pub use layouts::{LabelStock, Layouts, Width};
pub use picture::Picture;
pub use preview::{PreviewLine, PreviewStyle};
pub use receipt::{Party, ReceiptDoc, ReceiptKind, ReceiptLine, TaxLine, TenderLine, receipt};
pub use report::{ReportColumn, ReportDoc, ReportRow, report};
pub use session_report::{
    CashReport, CentreWord, Denomination, NamedTally, Tally, ZDoc, session_report,
};
pub use shop::Shop;
pub use strip::Strip;
pub use test_page::test_page;
pub use transport::{Destination, PrintError, send};

/// A receipt as PDF, in the built-in layout.
pub fn receipt_pdf(
    doc: &ReceiptDoc,
    width: Width,
    language: Language,
) -> Result<Printed, PaperError> {
    receipt(doc, &Layouts::default(), language)?.pdf(width)
}

/// A receipt for a receipt printer, in the built-in layout.
pub fn receipt_escpos(
    doc: &ReceiptDoc,
    width: Width,
    language: Language,
    options: &EscposOptions,
) -> Result<Printed, PaperError> {
    receipt(doc, &Layouts::default(), language)?.escpos(width, options)
}

/// A receipt for the screen, in the built-in layout.
pub fn receipt_preview(
    doc: &ReceiptDoc,
    language: Language,
) -> Result<Vec<PreviewLine>, PaperError> {
    Ok(receipt(doc, &Layouts::default(), language)?.preview())
}

/// An X or Z report as PDF, in the built-in layout.
pub fn z_pdf(doc: &ZDoc, width: Width, language: Language) -> Result<Printed, PaperError> {
    session_report(doc, &Layouts::default(), language).pdf(width)
}

/// An X or Z report for a receipt printer, in the built-in layout.
pub fn z_escpos(
    doc: &ZDoc,
    width: Width,
    language: Language,
    options: &EscposOptions,
) -> Result<Printed, PaperError> {
    session_report(doc, &Layouts::default(), language).escpos(width, options)
}

/// An X or Z report for the screen, in the built-in layout.
pub fn z_preview(doc: &ZDoc, language: Language) -> Vec<PreviewLine> {
    session_report(doc, &Layouts::default(), language).preview()
}

/// Labels as PDF on the stock with this name.
pub fn labels_pdf(docs: &[LabelDoc], stock: &str) -> Result<Printed, PaperError> {
    labels(docs, Layouts::default().stock(stock)?)
}

/// An invoice as PDF, in the built-in layout.
pub fn invoice_pdf(doc: &InvoiceDoc, language: Language) -> Result<Printed, PaperError> {
    invoice(doc, &Layouts::default(), language)
}

/// A report as PDF, in the built-in layout.
pub fn report_pdf(doc: &ReportDoc, language: Language) -> Result<Printed, PaperError> {
    report(doc, &Layouts::default(), language)
}
