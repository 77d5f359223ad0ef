//! The report of a cash session: X at any time, Z at its close.
//!
//! **Invariant:** while the count is blind, nothing in the cash part tells what is expected.

use lumbung_domain::BusinessDate;
use lumbung_domain::num::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::format::{amount, count, date, money};
use crate::language::{Language, Words};
use crate::layouts::{Layouts, SessionReportLayout, SessionReportSection};
use crate::receipt::TaxLine;
use crate::shop::{Shop, ShopFields, labelled};
use crate::strip::{Strip, Style, Weight};

/// How often, and how much in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How often.
    pub count: u32,
    /// How much.
    pub amount: Money,
}

/// A tally with its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedTally {
    /// The name.
    pub label: String,
    /// The tally.
    pub tally: Tally,
}

/// Notes or coins of one value, as counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denomination {
    /// What one is worth.
    pub value: Money,
    /// How many there are.
    pub pieces: u32,
}

/// The cash of the session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashReport {
    /// What was in the drawer at the beginning.
    pub opening_float: Money,
    /// Taken from customers, change already given.
    pub sales: Money,
    /// Taken for what customers owed.
    pub debts: Money,
    /// Given back to customers, positive.
    pub refunds: Money,
    /// Put in.
    pub cash_in: Money,
    /// Paid out, positive.
    pub cash_out: Money,
    /// Moved to the safe, positive.
    pub drops: Money,
    /// What should be there; `None` while the count is blind.
    pub expected: Option<Money>,
    /// What was counted.
    pub counted: Option<Money>,
    /// Counted less expected.
    pub over_short: Option<Money>,
    /// What was counted, by value.
    pub denominations: Vec<Denomination>,
}

/// What the centre makes of the session's receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CentreWord {
    /// It counts the same.
    Same(Tally),
    /// It was not asked yet, or does not have them all.
    NotYet,
    /// It counts otherwise.
    Different {
        /// What the till counts.
        here: Tally,
        /// What the centre counts.
        there: Tally,
    },
}

/// An X or Z report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZDoc {
    /// Whose session.
    pub shop: Shop,
    /// The number of the Z report; an X report has none.
    pub number: Option<String>,
    /// The session.
    pub session: String,
    /// The till.
    pub terminal: String,
    /// Who was responsible.
    pub cashier: String,
    /// When it was opened, on the clock at the wall.
    pub opened: String,
    /// When it was closed.
    pub closed: Option<String>,
    /// The day in the books.
    pub business_date: BusinessDate,
    /// The currency of every amount.
    pub currency: Currency,
    /// Goods sold.
    pub sales: Tally,
    /// Goods taken back, positive.
    pub returns: Tally,
    /// Sales undone, positive.
    pub voids: Tally,
    /// Discounts given, positive.
    pub discounts: Tally,
    /// Sales less returns and voids.
    pub net_sales: Money,
    /// What cash rounding added or took.
    pub rounding: Money,
    /// What customers paid of what they owed.
    pub debts: Tally,
    /// By kind of payment.
    pub tenders: Vec<NamedTally>,
    /// By tax.
    pub taxes: Vec<TaxLine>,
    /// By category.
    pub categories: Vec<NamedTally>,
    /// The cash.
    pub cash: CashReport,
    /// How often the drawer was opened without a sale.
    pub no_sale: u32,
    /// How many lines were removed before payment.
    pub line_voids: u32,
    /// How many tickets are still parked.
    pub parked: u32,
    /// The first receipt, or nothing.
    pub first_number: String,
    /// The last receipt, or nothing.
    pub last_number: String,
    /// What the centre makes of the receipts; nothing where there is no centre.
    pub centre: Option<CentreWord>,
    /// The how-manyeth reprint it is.
    pub copy: Option<u32>,
    /// A stamp over it all.
    pub stamp: Option<String>,
}

/// Lays an X or Z report out.
pub fn session_report(doc: &ZDoc, layouts: &Layouts, language: Language) -> Strip {
    let title = doc.number.as_deref().unwrap_or(&doc.session);
    let mut strip = Strip::new(title, &layouts.roll);
    strip.dated(doc.business_date);
    let layout = &layouts.session_report;
    let mut writer = Writer { doc, layout, language, words: language.words(), strip: &mut strip };
    for section in &layout.sections {
        writer.section(*section);
    }
    strip
}

struct Writer<'a> {
    doc: &'a ZDoc,
    layout: &'a SessionReportLayout,
    language: Language,
    words: &'static Words,
    strip: &'a mut Strip,
}

impl Writer<'_> {
    fn section(&mut self, section: SessionReportSection) {
        let (doc, words) = (self.doc, self.words);
        match section {
            SessionReportSection::Shop => self.shop(),
            SessionReportSection::Stamp => self.stamps(),
            SessionReportSection::Title => self.title(),
            SessionReportSection::Session => self.session(),
            SessionReportSection::Sales => self.sales(),
            SessionReportSection::Tenders => self.tallies(words.by_tender, &doc.tenders),
            SessionReportSection::Taxes => self.taxes(),
            SessionReportSection::Categories => self.tallies(words.by_category, &doc.categories),
            SessionReportSection::Cash => self.cash(),
            SessionReportSection::Count => self.count(),
            SessionReportSection::Controls => self.controls(),
            SessionReportSection::Numbers => self.numbers(),
            SessionReportSection::Centre => self.centre(),
            SessionReportSection::Signature => self.signature(),
        }
    }

    fn amount(&self, value: Money) -> String {
        amount(value, self.doc.currency, self.language)
    }

    fn times(&self, number: u32) -> String {
        count(u64::from(number), self.language)
    }

    fn heading(&mut self, text: &str) {
        self.strip.rule(Weight::Thin);
        self.strip.left(Style::Heading, text);
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
        let title = match self.doc.number {
            Some(_) => self.words.title_z,
            None => self.words.title_x,
        };
        self.strip.gap();
        self.strip.centre(Style::Heading, title);
        self.strip.centre(Style::Strong, self.doc.number.as_deref().unwrap_or_default());
    }

    fn session(&mut self) {
        let (doc, words) = (self.doc, self.words);
        self.strip.rule(Weight::Thin);
        self.strip.field(words.business_date, &date(doc.business_date, self.language));
        self.strip.field(words.session, &doc.session);
        self.strip.field(words.terminal, &doc.terminal);
        self.strip.field(words.cashier, &doc.cashier);
        self.strip.field(words.opened, &doc.opened);
        self.strip.field(words.closed, doc.closed.as_deref().unwrap_or_default());
    }

    fn sales(&mut self) {
        let (doc, words) = (self.doc, self.words);
        self.strip.rule(Weight::Thin);
        let row = |label: &str, tally: Tally, amount: Money| {
            vec![label.to_owned(), self.times(tally.count), self.amount(amount)]
        };
        let rows = vec![
            row(words.sales, doc.sales, doc.sales.amount),
            row(words.returns, doc.returns, doc.returns.amount.negated()),
            row(words.voids, doc.voids, doc.voids.amount.negated()),
        ];
        self.strip.table(Style::Body, &[], rows);
        self.strip.rule(Weight::Heavy);
        let net = money(doc.net_sales, doc.currency, self.language);
        self.strip.pair(Style::Total, words.net_sales, &net);
        if doc.discounts.count > 0 {
            let label = format!("{} ({})", words.discounts, self.times(doc.discounts.count));
            let discounts = self.amount(doc.discounts.amount);
            self.strip.pair(Style::Body, &label, &discounts);
        }
        if !doc.rounding.is_zero() {
            let rounding = self.amount(doc.rounding);
            self.strip.pair(Style::Body, words.rounding, &rounding);
        }
        if doc.debts.count > 0 {
            let label = format!("{} ({})", words.debts_paid, self.times(doc.debts.count));
            let debts = self.amount(doc.debts.amount);
            self.strip.pair(Style::Body, &label, &debts);
        }
    }

    fn tallies(&mut self, heading: &str, tallies: &[NamedTally]) {
        if tallies.is_empty() {
            return;
        }
        self.heading(heading);
        let row = |named: &NamedTally| {
            let Tally { count, amount } = named.tally;
            vec![named.label.clone(), self.times(count), self.amount(amount)]
        };
        let rows = tallies.iter().map(row).collect();
        self.strip.table(Style::Body, &[], rows);
    }

    fn taxes(&mut self) {
        let words = self.words;
        if self.doc.taxes.is_empty() {
            return;
        }
        self.heading(words.taxes);
        let row =
            |tax: &TaxLine| vec![tax.label.clone(), self.amount(tax.base), self.amount(tax.tax)];
        let rows = self.doc.taxes.iter().map(row).collect();
        self.strip.table(Style::Body, &["", words.base, words.tax], rows);
    }

    fn cash(&mut self) {
        let (cash, words) = (&self.doc.cash, self.words);
        self.heading(words.cash_drawer);
        let mut rows = vec![
            (words.opening_float, cash.opening_float),
            (words.cash_in, cash.cash_in),
            (words.cash_out, cash.cash_out.negated()),
            (words.cash_drops, cash.drops.negated()),
        ];
        if cash.expected.is_some() {
            rows.insert(1, (words.cash_sales, cash.sales));
            rows.insert(2, (words.debts_paid, cash.debts));
            rows.insert(3, (words.cash_refunds, cash.refunds.negated()));
        }
        let mut shown: Vec<(&str, String)> = rows
            .into_iter()
            .enumerate()
            .filter(|(index, (_, amount))| *index == 0 || !amount.is_zero())
            .map(|(_, (label, amount))| (label, self.amount(amount)))
            .collect();
        shown.extend(cash.expected.map(|expected| (words.expected, self.amount(expected))));
        let counted = match cash.counted {
            Some(counted) => self.amount(counted),
            None => words.not_counted.to_owned(),
        };
        shown.push((words.counted, counted));
        for (label, amount) in shown {
            self.strip.pair(Style::Body, label, &amount);
        }
        if let Some(difference) = cash.over_short.filter(|_| cash.expected.is_some()) {
            let amount = self.amount(difference);
            let signed = if difference.is_positive() { format!("+{amount}") } else { amount };
            self.strip.pair(Style::Strong, words.difference, &signed);
        }
    }

    fn count(&mut self) {
        let words = self.words;
        if !self.layout.show.denominations || self.doc.cash.denominations.is_empty() {
            return;
        }
        self.heading(words.cash_count);
        for counted in &self.doc.cash.denominations {
            // A product too large to be money is shown as the factors it has.
            let product = counted.value.get().checked_mul(i64::from(counted.pieces));
            let product = product.and_then(|product| Money::new(product).ok());
            let amount = product.map(|amount| self.amount(amount)).unwrap_or_default();
            let pieces = self.times(counted.pieces);
            let label = format!("{} × {pieces}", self.amount(counted.value));
            self.strip.pair(Style::Body, &label, &amount);
        }
    }

    fn controls(&mut self) {
        let (doc, words) = (self.doc, self.words);
        self.heading(words.controls);
        let counts = [
            (words.no_sale, doc.no_sale),
            (words.line_voids, doc.line_voids),
            (words.parked, doc.parked),
        ];
        for (label, number) in counts {
            let number = self.times(number);
            self.strip.pair(Style::Body, label, &number);
        }
    }

    fn numbers(&mut self) {
        let (doc, words) = (self.doc, self.words);
        if doc.first_number.is_empty() && doc.last_number.is_empty() {
            return;
        }
        self.heading(words.numbers);
        self.strip.field(words.numbers_first, &doc.first_number);
        self.strip.field(words.numbers_last, &doc.last_number);
    }

    fn centre(&mut self) {
        let words = self.words;
        let said = |tally: Tally| {
            let receipts = format!("{} {}", self.times(tally.count), words.receipts);
            format!("{receipts}, {}", money(tally.amount, self.doc.currency, self.language))
        };
        let (style, line) = match self.doc.centre {
            None => return,
            Some(CentreWord::Same(tally)) => {
                (Style::Body, format!("{}, {}", said(tally), words.centre_same))
            }
            Some(CentreWord::NotYet) => (Style::Body, words.centre_not_yet.to_owned()),
            Some(CentreWord::Different { here, there }) => {
                let (here, there) = (said(here), said(there));
                (Style::Strong, format!("{}: {here} / {there}", words.centre_different))
            }
        };
        self.heading(words.centre);
        self.strip.left(style, &line);
    }

    fn signature(&mut self) {
        if self.doc.number.is_some() {
            self.strip.signature(&labelled(self.words.cashier, &self.doc.cashier));
        }
    }
}
