//! The A4 invoice.
//!
//! **Invariant:** the sums in the box are the document's own, never recomputed here, and the box
//! is never torn over two pages.

#![expect(clippy::float_arithmetic, reason = "positions on paper are measured, not counted")]

use lumbung_domain::BusinessDate;
use lumbung_domain::num::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::canvas::{Shade, Type, modules};
use crate::error::{PaperError, Printed};
use crate::format::{amount, date, money, quantity, unit_price};
use crate::language::{Language, Words};
use crate::layouts::{InvoiceColumn, InvoiceField, Layouts};
use crate::receipt::{Party, ReceiptLine, TaxLine};
use crate::sheet::{Column, Line, Sheet};
use crate::shop::{Shop, labelled};
use crate::symbol::{self, Symbol};
use crate::text::clean;

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceDoc {
    /// Who sells.
    pub seller: Shop,
    /// Who buys.
    pub buyer: Party,
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: BusinessDate,
    /// By when it is to be paid.
    pub due_date: Option<BusinessDate>,
    /// The buyer's order or the receipt it belongs to, or nothing.
    pub reference: String,
    /// The currency of every amount.
    pub currency: Currency,
    /// What was sold.
    pub lines: Vec<ReceiptLine>,
    /// The discount on the whole, beside the lines' own, positive.
    pub discount: Money,
    /// The total without taxes.
    pub net: Money,
    /// The taxes.
    pub taxes: Vec<TaxLine>,
    /// The total with taxes.
    pub total: Money,
    /// What rounding adds or takes.
    pub rounding: Money,
    /// What was paid already.
    pub paid: Money,
    /// What is still to be paid.
    pub payable: Money,
    /// The total in words, or nothing.
    pub in_words: String,
    /// The terms of payment: bank, account, days.
    pub terms: Vec<String>,
    /// Notes to the buyer.
    pub notes: Vec<String>,
    /// The how-manyeth reprint it is.
    pub copy: Option<u32>,
    /// A stamp over it all: VOID.
    pub stamp: Option<String>,
    /// What a QR code says.
    pub qr: Option<String>,
}

/// The most lines an invoice may have.
const MOST_LINES: usize = 10_000;

/// Draws an invoice on as many pages as it needs.
pub fn invoice(
    doc: &InvoiceDoc,
    layouts: &Layouts,
    language: Language,
) -> Result<Printed, PaperError> {
    if doc.lines.len() > MOST_LINES {
        return Err(PaperError::TooLong { lines: doc.lines.len(), most: MOST_LINES });
    }
    let words = language.words();
    let heading = format!("{} {} · {}", words.invoice, doc.number, doc.seller.name);
    let mut sheet = Sheet::new(&layouts.sheet, words, &heading);
    let writer = Writer { doc, language, words };
    writer.head(&mut sheet);
    writer.parties(&mut sheet);
    let shown: Vec<&InvoiceColumn> =
        layouts.sheet.invoice_columns.iter().filter(|column| writer.has(column.field)).collect();
    let columns: Vec<Column> =
        shown.iter().map(|column| writer.column(column.field, column.share)).collect();
    let lines = writer.lines(&shown)?;
    sheet.table(&columns, &lines);
    writer.totals(&mut sheet)?;
    writer.terms(&mut sheet);
    sheet.save(&format!("{} {}", words.invoice, doc.number), &doc.seller.name, Some(doc.date))
}

struct Writer<'a> {
    doc: &'a InvoiceDoc,
    language: Language,
    words: &'static Words,
}

impl Writer<'_> {
    fn amount(&self, value: Money) -> String {
        amount(value, self.doc.currency, self.language)
    }

    /// The seller at the left, the word INVOICE at the right.
    fn head(&self, sheet: &mut Sheet<'_>) {
        let (left, right) = (sheet.left(), sheet.right());
        let (name, fine) = (Type::bold(14.0), sheet.fine());
        let title = Type::bold(22.0);
        let top = sheet.y;
        let word = self.words.invoice.to_uppercase();
        sheet.canvas().right(right, top + title.baseline(), title, &word);
        let room = sheet.width() - title.width(&word) - 8.0;
        if let Some(logo) = &self.doc.seller.logo {
            self.logo(sheet, &logo.symbol());
        }
        sheet.paragraph(left, room, name, Shade::BLACK, &self.doc.seller.name);
        sheet.y += 1.0;
        let seller = &self.doc.seller;
        let mut lines = seller.address_lines.clone();
        lines.push(labelled(self.words.phone, &seller.phone));
        lines.push(labelled(self.words.tax_id, &seller.tax_id));
        lines.push(labelled(self.words.branch, &seller.branch_code));
        for line in &lines {
            sheet.paragraph(left, room, fine, Shade::GREY, line);
        }
        sheet.y = sheet.y.max(top + title.leading()) + 3.0;
        let copy = self.doc.copy.map(|copy| format!("{} {copy}", self.words.copy));
        for stamp in self.doc.stamp.iter().chain(&copy) {
            self.stamp(sheet, stamp);
        }
        let (y, width) = (sheet.y, sheet.width());
        sheet.canvas().rule(left, y, width, 0.5, Shade::BLACK);
        sheet.y += 5.0;
    }

    /// The logo above the seller's name, never larger than a letterhead has it.
    fn logo(&self, sheet: &mut Sheet<'_>, logo: &Symbol) {
        const WIDTH_MM: f32 = 48.0;
        const HEIGHT_MM: f32 = 20.0;
        let (across, down) = (modules(logo.width()), modules(logo.height()));
        let module = (WIDTH_MM / across).min(HEIGHT_MM / down);
        let (left, y) = (sheet.left(), sheet.y);
        sheet.canvas().symbol(left, y, module, module, logo);
        sheet.y += module * down + 2.0;
    }

    fn stamp(&self, sheet: &mut Sheet<'_>, text: &str) {
        let (look, text) = (Type::bold(11.0), clean(text));
        let (left, y, width) = (sheet.left(), sheet.y, sheet.width());
        let height = look.leading() + 2.0;
        sheet.canvas().fill(left, y, width, height, Shade::BLACK);
        let base = y + (height + look.capital()) / 2.0;
        let x = left + (width - look.width(&text)) / 2.0;
        sheet.canvas().shaded(x, base, look, Shade::WHITE, &text);
        sheet.y += height + 2.0;
    }

    /// The buyer at the left, number and dates at the right.
    fn parties(&self, sheet: &mut Sheet<'_>) {
        let (doc, words) = (self.doc, self.words);
        let (left, right, top) = (sheet.left(), sheet.right(), sheet.y);
        let (body, strong, fine) = (sheet.body(), sheet.strong(), sheet.fine());
        let half = sheet.width() * 0.5;
        sheet.paragraph(left, half, fine, Shade::GREY, words.bill_to);
        sheet.paragraph(left, half, strong, Shade::BLACK, &doc.buyer.name);
        for line in &doc.buyer.address_lines {
            sheet.paragraph(left, half, body, Shade::BLACK, line);
        }
        let code = labelled(words.code, &doc.buyer.code);
        let tax_id = labelled(words.tax_id, &doc.buyer.tax_id);
        sheet.paragraph(left, half, fine, Shade::GREY, &code);
        sheet.paragraph(left, half, fine, Shade::GREY, &tax_id);
        let bottom = sheet.y;

        let day = |day: BusinessDate| date(day, self.language);
        let facts = [
            (words.number, doc.number.clone()),
            (words.date, day(doc.date)),
            (words.due_date, doc.due_date.map(day).unwrap_or_default()),
            (words.reference, doc.reference.clone()),
        ];
        let mut y = top;
        let column = left + sheet.width() * 0.58;
        for (label, value) in facts.iter().filter(|(_, value)| !value.trim().is_empty()) {
            let base = y + body.baseline();
            sheet.canvas().shaded(column, base, body, Shade::GREY, label);
            sheet.canvas().right(right, base, strong, &clean(value));
            y += body.leading() + 0.6;
        }
        sheet.y = bottom.max(y) + 7.0;
    }

    /// Whether any line has something for this column.
    fn has(&self, field: InvoiceField) -> bool {
        let lines = &self.doc.lines;
        match field {
            InvoiceField::Code => lines.iter().any(|line| !line.code.is_empty()),
            InvoiceField::Discount => lines.iter().any(|line| !line.discount.is_zero()),
            InvoiceField::Tax => lines.iter().any(|line| !line.tax_mark.is_empty()),
            InvoiceField::LineNo
            | InvoiceField::Name
            | InvoiceField::Quantity
            | InvoiceField::UnitPrice
            | InvoiceField::Amount => true,
        }
    }

    fn column(&self, field: InvoiceField, share: u16) -> Column {
        let words = self.words;
        let (head, figures) = match field {
            InvoiceField::LineNo => ("#", true),
            InvoiceField::Code => (words.code, false),
            InvoiceField::Name => (words.description, false),
            InvoiceField::Quantity => (words.quantity, true),
            InvoiceField::UnitPrice => (words.unit_price, true),
            InvoiceField::Discount => (words.discount, true),
            InvoiceField::Tax => (words.tax, false),
            InvoiceField::Amount => (words.amount, true),
        };
        Column { head: head.to_owned(), share: f32::from(share), figures }
    }

    fn lines(&self, columns: &[&InvoiceColumn]) -> Result<Vec<Line>, PaperError> {
        let mut running = Money::ZERO;
        let mut lines = Vec::with_capacity(self.doc.lines.len());
        for (index, line) in self.doc.lines.iter().enumerate() {
            running = running.plus(line.total)?;
            lines.push(Line {
                cells: columns.iter().map(|c| self.cell(c.field, index + 1, line)).collect(),
                note: line.note.clone(),
                strong: false,
                running: Some(self.amount(running)),
            });
        }
        Ok(lines)
    }

    fn cell(&self, field: InvoiceField, number: usize, line: &ReceiptLine) -> String {
        match field {
            InvoiceField::LineNo => number.to_string(),
            InvoiceField::Code => line.code.clone(),
            InvoiceField::Name => line.name.clone(),
            InvoiceField::Quantity => {
                let unit = labelled("", &line.unit);
                format!("{}{unit}", quantity(line.qty, self.language))
            }
            InvoiceField::UnitPrice => {
                unit_price(line.unit_price, self.doc.currency, self.language)
            }
            InvoiceField::Discount if line.discount.is_zero() => String::new(),
            InvoiceField::Discount => self.amount(line.discount.negated()),
            InvoiceField::Tax => line.tax_mark.clone(),
            InvoiceField::Amount => self.amount(line.total),
        }
    }

    /// Label and amount of each sum.
    fn sums(&self) -> Result<Vec<(String, String)>, PaperError> {
        let (doc, words) = (self.doc, self.words);
        let subtotal = Money::sum(doc.lines.iter().map(|line| line.total))?;
        let mut sums = Vec::new();
        if subtotal != doc.total {
            sums.push((words.subtotal.to_owned(), self.amount(subtotal)));
        }
        if !doc.discount.is_zero() {
            sums.push((words.discount.to_owned(), self.amount(doc.discount.negated())));
        }
        for tax in doc.taxes.iter().filter(|tax| !tax.included) {
            sums.push((self.tax_label(tax), self.amount(tax.tax)));
        }
        sums.push((words.sum.to_owned(), self.amount(doc.total)));
        for tax in doc.taxes.iter().filter(|tax| tax.included) {
            let label = format!("{} {}", words.includes, self.tax_label(tax));
            sums.push((label, self.amount(tax.tax)));
        }
        if !doc.rounding.is_zero() {
            sums.push((words.rounding.to_owned(), self.amount(doc.rounding)));
        }
        if !doc.paid.is_zero() {
            sums.push((words.tendered.to_owned(), self.amount(doc.paid.negated())));
        }
        Ok(sums)
    }

    fn tax_label(&self, tax: &TaxLine) -> String {
        format!("{} ({} {})", tax.label, self.words.base, self.amount(tax.base))
    }

    fn totals(&self, sheet: &mut Sheet<'_>) -> Result<(), PaperError> {
        let sums = self.sums()?;
        let (body, due) = (sheet.body(), Type::bold(13.0));
        let line = body.leading() + 0.8;
        let rows = f32::from(u16::try_from(sums.len()).unwrap_or(u16::MAX));
        sheet.y += 3.0;
        sheet.need(rows * line + due.leading() + 8.0);
        let (left, right) = (sheet.left() + sheet.width() * 0.42, sheet.right());
        for (label, amount) in &sums {
            let base = sheet.y + body.baseline();
            sheet.canvas().shaded(left, base, body, Shade::GREY, &clean(label));
            sheet.canvas().right(right, base, body, amount);
            sheet.y += line;
        }
        sheet.y += 1.5;
        let y = sheet.y;
        sheet.canvas().rule(left, y, right - left, 0.5, Shade::BLACK);
        sheet.y += 1.5;
        let base = sheet.y + due.baseline();
        let payable = money(self.doc.payable, self.doc.currency, self.language);
        sheet.canvas().text(left, base, Type::bold(10.0), self.words.amount_due);
        sheet.canvas().right(right, base, due, &payable);
        sheet.y += due.leading() + 6.0;
        self.in_words(sheet);
        Ok(())
    }

    /// The total in words: a figure that was changed by hand no longer agrees with it.
    fn in_words(&self, sheet: &mut Sheet<'_>) {
        let text = labelled(&format!("{}:", self.words.amount_in_words), &self.doc.in_words);
        if text.is_empty() {
            return;
        }
        let (left, width, body) = (sheet.left(), sheet.width(), sheet.body());
        sheet.need(body.leading() * 2.0);
        sheet.paragraph(left, width, body, Shade::BLACK, &text);
        sheet.y += 4.0;
    }

    fn terms(&self, sheet: &mut Sheet<'_>) {
        let parts = [(self.words.terms, &self.doc.terms), (self.words.notes, &self.doc.notes)];
        let (left, width) = (sheet.left(), sheet.width() * 0.75);
        let (strong, body) = (sheet.strong(), sheet.body());
        for (label, lines) in parts.into_iter().filter(|(_, lines)| !lines.is_empty()) {
            sheet.need(strong.leading() + body.leading());
            sheet.paragraph(left, width, strong, Shade::BLACK, label);
            for line in lines {
                sheet.paragraph(left, width, body, Shade::BLACK, line);
            }
            sheet.y += 3.0;
        }
        if let Some(symbol) = self.doc.qr.as_deref().and_then(|text| symbol::qr(&clean(text))) {
            const SIDE_MM: f32 = 26.0;
            sheet.need(SIDE_MM + 4.0);
            let module = SIDE_MM / modules(symbol.width());
            let (x, y) = (sheet.left(), sheet.y);
            sheet.canvas().symbol(x, y, module, module, &symbol);
            sheet.y += SIDE_MM + 4.0;
        }
    }
}
