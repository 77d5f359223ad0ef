//! The receipt of a sale that never was, to show what the settings of papers do.
//!
//! **Invariant:** it is laid out by the same code as every other receipt, from the same settings.

use lumbung_domain::num::{Money, Qty, UnitPrice};
use lumbung_paper::{Language, Layouts, ReceiptDoc, ReceiptKind, ReceiptLine, TaxLine, TenderLine};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use super::documents::{self, moment};
use super::{PaperPreview, words};
use crate::company::ReceiptTexts;
use crate::door::Read;
use crate::error::Result;
use crate::finance;
use crate::standing::Standing;

/// Settings of papers that are tried out.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// What would stand on papers.
    pub receipt: ReceiptTexts,
}

/// How papers are laid out with these settings.
pub fn layouts(texts: &ReceiptTexts) -> Result<Layouts> {
    let show = json!({ "receipt": { "show": texts.show } });
    Ok(Layouts::with_settings(&show.to_string())?)
}

/// `print.sample`: a receipt as it would look with these settings.
pub fn sample(read: &Read<'_>, given: Sample) -> Result<PaperPreview> {
    let doc = doc(read, &given.receipt)?;
    let language = documents::language(&read.standing);
    let strip = lumbung_paper::receipt(&doc, &layouts(&given.receipt)?, language)?;
    let warnings = words(strip.warnings());
    Ok(PaperPreview { title: doc.number, lines: strip.preview(), copy: None, warnings })
}

/// An amount that reads like one of the shop's own: 15 is 15 pounds or 15,000 rupiah.
struct Amounts {
    minor: i64,
    major: i64,
}

impl Amounts {
    fn of(standing: &Standing) -> Self {
        let major = 10_i64.pow(u32::from(standing.currency.digits()));
        Self { minor: if major == 1 { 1_000 } else { major }, major }
    }

    /// So many tenths of the amount.
    fn money(&self, tenths: i64) -> Money {
        Money::of(tenths * self.minor / 10)
    }

    fn price(&self, tenths: i64) -> Result<UnitPrice> {
        Ok(UnitPrice::new(tenths * self.minor * 1_000 / self.major)?)
    }
}

fn doc(read: &Read<'_>, texts: &ReceiptTexts) -> Result<ReceiptDoc> {
    let standing = &*read.standing;
    let language = documents::language(standing);
    let amounts = Amounts::of(standing);
    let (goods, tax, cash) = match language {
        Language::English => (["Rice 1 kg", "Ground coffee 165 g"], "Tax 11%", "Cash"),
        Language::Indonesian => (["Beras 1 kg", "Kopi bubuk 165 g"], "PPN 11%", "Tunai"),
    };
    let line = |name: &str, code: &str, pieces: i64, tenths: i64| -> Result<ReceiptLine> {
        Ok(ReceiptLine {
            name: name.to_owned(),
            code: code.to_owned(),
            qty: Qty::new(pieces * Qty::ONE.get())?,
            unit_price: amounts.price(tenths)?,
            total: amounts.money(pieces * tenths),
            tax_mark: "A".to_owned(),
            ..ReceiptLine::default()
        })
    };
    let number = format!("{}-{}-00-S000123", standing.branch.code, standing.terminal.series);
    Ok(ReceiptDoc {
        shop: documents::shop_with(standing, texts),
        kind: ReceiptKind::Sale,
        number: number.clone(),
        date_time: moment(read.now_ms, i64::from(read.offset_min), language),
        business_date: finance::local_date(read.now_ms, read.offset_min),
        cashier: read.actor.name.clone(),
        terminal: standing.terminal.series.clone(),
        currency: standing.currency,
        customer: None,
        lines: vec![line(goods[0], "8990001", 2, 150)?, line(goods[1], "8990002", 1, 255)?],
        discount: Money::ZERO,
        net: amounts.money(500),
        taxes: vec![TaxLine {
            mark: "A".to_owned(),
            label: tax.to_owned(),
            base: amounts.money(500),
            tax: amounts.money(55),
            included: true,
        }],
        total: amounts.money(555),
        rounding: Money::ZERO,
        payable: amounts.money(555),
        tenders: vec![TenderLine {
            label: cash.to_owned(),
            amount: amounts.money(1_000),
            reference: String::new(),
        }],
        change: amounts.money(445),
        copy: None,
        original_number: String::new(),
        reason: String::new(),
        barcode: number.clone(),
        qr: texts.qr.then_some(number),
        messages: Vec::new(),
        stamp: None,
    })
}
