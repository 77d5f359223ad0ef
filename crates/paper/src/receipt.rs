//! Receipts, return and void receipts, and the slips of cash movements and store credits.
//!
//! **Invariant:** what is printed adds up: lines less discount plus added taxes is the total,
//! total and rounding are what is payable; if the document says otherwise, a warning does too.

use lumbung_domain::BusinessDate;
use lumbung_domain::num::{Currency, Money, NumError, Qty, UnitPrice};
use serde::{Deserialize, Serialize};

use crate::error::{PaperError, PaperWarning};
use crate::format::{amount, date, money, quantity, unit_price};
use crate::language::{Language, Words};
use crate::layouts::{Layouts, ReceiptLayout, ReceiptSection};
use crate::shop::{Shop, ShopFields, labelled};
use crate::strip::{Strip, Style, Weight};

/// What kind of receipt it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptKind {
    /// Goods sold.
    Sale,
    /// Goods taken back.
    Return,
    /// A sale undone in its session.
    Void,
    /// Cash put into the drawer.
    CashIn,
    /// Cash paid out of the drawer.
    CashOut,
    /// Cash moved from the drawer to the safe.
    Drop,
    /// A credit the shop owes the bearer.
    StoreCredit,
    /// A customer paid what they owed.
    AccountPayment,
}

impl ReceiptKind {
    fn title(self, words: &Words) -> &'static str {
        match self {
            Self::Sale => "",
            Self::Return => words.title_return,
            Self::Void => words.title_void,
            Self::CashIn => words.title_cash_in,
            Self::CashOut => words.title_cash_out,
            Self::Drop => words.title_drop,
            Self::StoreCredit => words.title_store_credit,
            Self::AccountPayment => words.title_account_payment,
        }
    }

    fn total(self, words: &Words) -> &'static str {
        match self {
            Self::Sale | Self::Void => words.total,
            Self::Return => words.returned_total,
            Self::AccountPayment => words.amount_paid,
            Self::CashIn | Self::CashOut | Self::Drop | Self::StoreCredit => words.amount_moved,
        }
    }

    /// A slip which no customer sees.
    fn is_internal(self) -> bool {
        matches!(self, Self::CashIn | Self::CashOut | Self::Drop)
    }

    /// Money that moves without goods, or back, is signed for.
    fn is_signed(self) -> bool {
        self.is_internal() || self == Self::Return
    }
}

/// Who bought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The name.
    pub name: String,
    /// The customer's number, or nothing.
    pub code: String,
    /// The address.
    pub address_lines: Vec<String>,
    /// The tax number, or nothing.
    pub tax_id: String,
}

/// An item sold, on a receipt or on an invoice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptLine {
    /// The item's name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// How much of it.
    pub qty: Qty,
    /// In which unit; nothing for pieces.
    pub unit: String,
    /// The price of one unit.
    pub unit_price: UnitPrice,
    /// The discount on this line, positive.
    pub discount: Money,
    /// What the line comes to after its discount, at the price's kind: with tax where prices
    /// include it, without where it is added below.
    pub total: Money,
    /// The letter that leads to the tax, or nothing.
    pub tax_mark: String,
    /// A remark, or nothing.
    pub note: String,
}

/// A tax of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    /// Its mark on the lines, or nothing.
    pub mark: String,
    /// Its name with the rate.
    pub label: String,
    /// What it is taken from.
    pub base: Money,
    /// The tax.
    pub tax: Money,
    /// The prices of the lines hold it already.
    pub included: bool,
}

/// A payment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderLine {
    /// How it was paid.
    pub label: String,
    /// How much was given.
    pub amount: Money,
    /// The slip of the card machine or of the transfer, or nothing.
    pub reference: String,
}

/// A receipt or slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptDoc {
    /// Who sells.
    pub shop: Shop,
    /// What kind it is.
    pub kind: ReceiptKind,
    /// Its number.
    pub number: String,
    /// When, on the clock at the wall.
    pub date_time: String,
    /// The day in the books. Printed where `date_time` does not hold it.
    pub business_date: BusinessDate,
    /// Who served.
    pub cashier: String,
    /// At which till.
    pub terminal: String,
    /// The currency of every amount.
    pub currency: Currency,
    /// Who bought, if known.
    pub customer: Option<Party>,
    /// What was sold.
    pub lines: Vec<ReceiptLine>,
    /// The discount on the whole ticket beside the lines' own, positive.
    pub discount: Money,
    /// The total without taxes.
    pub net: Money,
    /// The taxes.
    pub taxes: Vec<TaxLine>,
    /// The total with taxes.
    pub total: Money,
    /// What cash rounding adds or takes.
    pub rounding: Money,
    /// Total and rounding.
    pub payable: Money,
    /// How it was paid.
    pub tenders: Vec<TenderLine>,
    /// What was given back.
    pub change: Money,
    /// The how-manyeth reprint it is.
    pub copy: Option<u32>,
    /// The receipt this one is about, or nothing.
    pub original_number: String,
    /// Why, or nothing.
    pub reason: String,
    /// What the bar code says, or nothing.
    pub barcode: String,
    /// What the QR code says.
    pub qr: Option<String>,
    /// Messages to the customer.
    pub messages: Vec<String>,
    /// A stamp over it all: TRAINING, VOID.
    pub stamp: Option<String>,
}

/// The most lines a receipt may have.
const MOST_LINES: usize = 2_000;

/// Lays a receipt out.
pub fn receipt(
    doc: &ReceiptDoc,
    layouts: &Layouts,
    language: Language,
) -> Result<Strip, PaperError> {
    if doc.lines.len() > MOST_LINES {
        return Err(PaperError::TooLong { lines: doc.lines.len(), most: MOST_LINES });
    }
    let mut strip = Strip::new(&doc.number, &layouts.roll);
    strip.dated(doc.business_date);
    let layout = &layouts.receipt;
    let mut writer = Writer { doc, layout, language, words: language.words(), strip: &mut strip };
    for section in &layout.sections {
        writer.section(*section)?;
    }
    writer.check()?;
    Ok(strip)
}

struct Writer<'a> {
    doc: &'a ReceiptDoc,
    layout: &'a ReceiptLayout,
    language: Language,
    words: &'static Words,
    strip: &'a mut Strip,
}

impl Writer<'_> {
    fn section(&mut self, section: ReceiptSection) -> Result<(), PaperError> {
        match section {
            ReceiptSection::Shop => self.shop(),
            ReceiptSection::Stamp => self.stamps(),
            ReceiptSection::Title => self.title(),
            ReceiptSection::Number => self.number(),
            ReceiptSection::Customer => self.customer(),
            ReceiptSection::Lines => self.lines()?,
            ReceiptSection::Totals => self.totals()?,
            ReceiptSection::Tenders => self.tenders(),
            ReceiptSection::Taxes => self.taxes()?,
            ReceiptSection::Reason => self.reason(),
            ReceiptSection::Messages => self.messages(),
            ReceiptSection::Codes => self.codes(),
            ReceiptSection::Signature => self.signature(),
            ReceiptSection::Footer => self.footer(),
        }
        Ok(())
    }

    fn amount(&self, value: Money) -> String {
        amount(value, self.doc.currency, self.language)
    }

    fn shop(&mut self) {
        let show = &self.layout.show;
        let fields =
            ShopFields { phone: show.phone, tax_id: show.tax_id, branch_code: show.branch_code };
        self.doc.shop.head(self.strip, self.words, &fields);
    }

    fn stamps(&mut self) {
        if let Some(stamp) = &self.doc.stamp {
            self.strip.stamp(stamp);
        }
        if let Some(copy) = self.doc.copy {
            self.strip.stamp(&format!("{} {copy}", self.words.copy));
        }
    }

    fn title(&mut self) {
        let title = self.doc.kind.title(self.words);
        if !title.is_empty() {
            self.strip.gap();
            self.strip.centre(Style::Heading, title);
        }
    }

    fn number(&mut self) {
        let (doc, words) = (self.doc, self.words);
        self.strip.rule(Weight::Thin);
        self.strip.sides(Style::Strong, &doc.number, &labelled(words.terminal, &doc.terminal));
        self.strip.sides(Style::Body, &doc.date_time, &labelled(words.cashier, &doc.cashier));
        let day = date(doc.business_date, self.language);
        let iso = doc.business_date.to_string();
        let known = doc.date_time.contains(&day) || doc.date_time.contains(&iso);
        if self.layout.show.business_date && !known {
            self.strip.field(words.business_date, &day);
        }
        self.strip.field(words.for_receipt, &doc.original_number);
    }

    fn customer(&mut self) {
        let Some(customer) = &self.doc.customer else { return };
        self.strip.field(self.words.customer, &customer.name);
        self.strip.left(Style::Fine, &labelled(self.words.code, &customer.code));
        for line in &customer.address_lines {
            self.strip.left(Style::Fine, line);
        }
        self.strip.left(Style::Fine, &labelled(self.words.tax_id, &customer.tax_id));
    }

    fn lines(&mut self) -> Result<(), PaperError> {
        if self.doc.lines.is_empty() {
            return Ok(());
        }
        self.strip.rule(Weight::Thin);
        for line in &self.doc.lines {
            self.line(line)?;
        }
        Ok(())
    }

    fn line(&mut self, line: &ReceiptLine) -> Result<(), PaperError> {
        let (show, language) = (&self.layout.show, self.language);
        let mark = if show.tax_marks { line.tax_mark.as_str() } else { "" };
        let gross = self.amount(line.total.plus(line.discount)?);
        let single = line.qty == Qty::ONE && line.unit.is_empty() && line.discount.is_zero();
        if single && show.short_items {
            self.strip.marked(Style::Body, &line.name, &gross, mark);
        } else {
            let qty = quantity(line.qty, language);
            let price = unit_price(line.unit_price, self.doc.currency, language);
            let unit = labelled("", &line.unit);
            self.strip.left(Style::Body, &line.name);
            self.strip.indented(&format!("{qty}{unit} × {price}"), &gross, mark);
        }
        if !line.discount.is_zero() {
            let discount = self.amount(line.discount.negated());
            self.strip.indented(self.words.discount, &discount, mark);
        }
        if show.item_code {
            self.strip.left(Style::Fine, &line.code);
        }
        if show.item_note {
            self.strip.left(Style::Fine, &line.note);
        }
        Ok(())
    }

    fn totals(&mut self) -> Result<(), PaperError> {
        let (doc, words) = (self.doc, self.words);
        let added: Vec<&TaxLine> = doc.taxes.iter().filter(|tax| !tax.included).collect();
        let plain = doc.discount.is_zero() && added.is_empty();
        if !plain {
            self.strip.rule(Weight::Thin);
            let subtotal = self.amount(subtotal(doc)?);
            self.strip.pair(Style::Body, words.subtotal, &subtotal);
        }
        if !doc.discount.is_zero() {
            let discount = self.amount(doc.discount.negated());
            self.strip.pair(Style::Body, words.discount, &discount);
        }
        for tax in added {
            let amount = self.amount(tax.tax);
            self.strip.pair(Style::Body, &tax.label, &amount);
        }
        if !doc.rounding.is_zero() {
            self.strip.rule(Weight::Thin);
            let (total, rounding) = (self.amount(doc.total), self.amount(doc.rounding));
            self.strip.pair(Style::Body, words.sum, &total);
            self.strip.pair(Style::Body, words.rounding, &rounding);
        }
        self.strip.rule(Weight::Heavy);
        let payable = money(doc.payable, doc.currency, self.language);
        self.strip.pair(Style::Total, doc.kind.total(words), &payable);
        if self.layout.show.item_count && !doc.lines.is_empty() {
            let items = format!("{}: {}", words.items, doc.lines.len());
            self.strip.left(Style::Fine, &items);
        }
        Ok(())
    }

    fn tenders(&mut self) {
        if self.doc.tenders.is_empty() {
            return;
        }
        self.strip.rule(Weight::Thin);
        for tender in &self.doc.tenders {
            let amount = self.amount(tender.amount);
            self.strip.pair(Style::Body, &tender.label, &amount);
            let reference = labelled(self.words.reference, &tender.reference);
            self.strip.left(Style::Fine, &reference);
        }
        if !self.doc.change.is_zero() {
            let change = self.amount(self.doc.change);
            self.strip.pair(Style::Strong, self.words.change, &change);
        }
    }

    fn taxes(&mut self) -> Result<(), PaperError> {
        let (doc, words) = (self.doc, self.words);
        if doc.taxes.is_empty() {
            return Ok(());
        }
        self.strip.rule(Weight::Thin);
        let marks = self.layout.show.tax_marks;
        let row = |tax: &TaxLine| {
            let mark = if marks && !tax.mark.is_empty() {
                format!("{} ", tax.mark)
            } else {
                String::new()
            };
            vec![format!("{mark}{}", tax.label), self.amount(tax.base), self.amount(tax.tax)]
        };
        let mut rows: Vec<Vec<String>> = doc.taxes.iter().map(row).collect();
        if doc.taxes.len() > 1 {
            let tax = Money::sum(doc.taxes.iter().map(|tax| tax.tax))?;
            rows.push(vec![words.sum.to_owned(), self.amount(doc.net), self.amount(tax)]);
        }
        let head = if doc.taxes.iter().all(|tax| tax.included) { words.includes } else { "" };
        self.strip.table(Style::Fine, &[head, words.base, words.tax], rows);
        Ok(())
    }

    fn reason(&mut self) {
        if !self.doc.reason.trim().is_empty() {
            self.strip.rule(Weight::Thin);
            self.strip.field(self.words.reason, &self.doc.reason);
        }
    }

    fn messages(&mut self) {
        if self.doc.messages.is_empty() {
            return;
        }
        self.strip.rule(Weight::Thin);
        for message in &self.doc.messages {
            self.strip.centre(Style::Body, message);
        }
    }

    fn codes(&mut self) {
        let show = &self.layout.show;
        if show.barcode {
            self.strip.gap();
            self.strip.bars(&self.doc.barcode);
        }
        if let Some(qr) = self.doc.qr.as_ref().filter(|_| show.qr) {
            self.strip.gap();
            self.strip.qr(qr, "");
        }
    }

    fn signature(&mut self) {
        if self.doc.kind.is_signed() {
            self.strip.signature(self.words.signature);
        }
    }

    /// The shop's words to its customers, which are no customers' business on a cash slip.
    fn footer(&mut self) {
        if self.doc.kind.is_internal() {
            return;
        }
        self.strip.gap();
        for line in &self.doc.shop.footer_lines {
            self.strip.centre(Style::Fine, line);
        }
    }

    fn check(&mut self) -> Result<(), PaperError> {
        let doc = self.doc;
        let mut sums = Vec::new();
        if !doc.lines.is_empty() {
            let added = doc.taxes.iter().filter(|tax| !tax.included).map(|tax| tax.tax);
            let printed = Money::sum(added)?.plus(subtotal(doc)?)?.minus(doc.discount)?;
            sums.push((printed, doc.total));
        }
        sums.push((doc.total.plus(doc.rounding)?, doc.payable));
        for (printed, total) in sums.into_iter().filter(|(printed, total)| printed != total) {
            let (printed, total) = (self.amount(printed), self.amount(total));
            self.strip.warn(PaperWarning::DoesNotAddUp { printed, total });
        }
        Ok(())
    }
}

fn subtotal(doc: &ReceiptDoc) -> Result<Money, NumError> {
    Money::sum(doc.lines.iter().map(|line| line.total))
}
