//! Shelf and product labels.
//!
//! **Invariant:** a label shows the price that the till asks on the day it is printed.

use lumbung_domain::ids::{ProductId, ProductUnitId};
use lumbung_domain::said::Said;
use lumbung_paper::{LabelDoc, Layouts, PaperWarning, Printed, format, label_strip};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    PaperKind, PrintJobRef, PrinterSpeech, Printers, as_read, documents, queue, save, words,
};
use crate::catalogue::{self, LabelData};
use crate::door::{Nothing, Read, Write};
use crate::error::{Result, refuse_field};
use crate::finance;

/// Most labels of one print.
const LABELS_MAX: u32 = 2_000;

/// A product and how many labels it gets.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LabelItem {
    /// The product.
    pub product_id: ProductId,
    /// The unit; left out for the base unit.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub product_unit_id: Option<ProductUnitId>,
    /// How many labels.
    pub pieces: u32,
}

/// Labels to be printed.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// What for.
    pub items: Vec<LabelItem>,
    /// On which stock.
    pub stock: String,
    /// Saved as a file instead of printed.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub as_pdf: bool,
}

/// Labels as printed or saved.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LabelsPrinted {
    /// How many.
    pub labels: u32,
    /// In the queue of the printer, where they are printed.
    pub job: Option<PrintJobRef>,
    /// The file, where they are saved.
    pub path: Option<String>,
    /// What could not be drawn as asked.
    pub warnings: Vec<Said>,
}

/// Stock that labels can be printed on.
#[derive(Debug, Clone, Serialize, TS)]
pub struct StockList {
    /// Their names.
    pub stocks: Vec<String>,
}

/// `print.label_stocks`: stock that labels can be printed on.
pub fn stocks(_: &Read<'_>, _: Nothing) -> Result<StockList> {
    Ok(StockList { stocks: Layouts::default().stock_names().map(str::to_owned).collect() })
}

/// `print.labels`: prints or saves labels with today's prices.
pub fn labels(write: &mut Write<'_, '_>, given: Labels) -> Result<LabelsPrinted> {
    let pieces: u64 = given.items.iter().map(|item| u64::from(item.pieces)).sum();
    let Some(count) = u32::try_from(pieces).ok().filter(|n| (1..=LABELS_MAX).contains(n)) else {
        return Err(refuse_field!(
            "items",
            "label_count",
            "Print 1 to {limit} labels at once.",
            limit = LABELS_MAX
        ));
    };
    let layouts = Layouts::default();
    let stock = layouts.stock(&given.stock)?;
    let docs = docs(&as_read(write), &given.items)?;
    if given.as_pdf {
        let printed = lumbung_paper::labels(&docs, stock)?;
        let name = format!("labels {}", write.now_ms);
        let path = save(write.app, &name, &printed.bytes)?.display().to_string();
        let warnings = words(&printed.warnings);
        return Ok(LabelsPrinted { labels: count, job: None, path: Some(path), warnings });
    }
    let printers = Printers::load(write.db())?;
    let printer = printers.of(PaperKind::Label)?;
    let printed = match printer.speech {
        PrinterSpeech::Pdf => lumbung_paper::labels(&docs, stock)?,
        PrinterSpeech::Escpos => {
            let mut all = Printed { bytes: Vec::new(), warnings: Vec::<PaperWarning>::new() };
            for doc in &docs {
                let strip = label_strip(doc, &layouts);
                let one = strip.escpos(printer.width(), &printer.options(false))?;
                all.bytes.extend(one.bytes);
                all.warnings.extend(one.warnings);
            }
            all
        }
    };
    let warnings = words(&printed.warnings);
    let job = queue::add(write.db(), printer, "labels", printed.bytes, write.now_ms)?;
    Ok(LabelsPrinted { labels: count, job: Some(job), path: None, warnings })
}

fn docs(read: &Read<'_>, items: &[LabelItem]) -> Result<Vec<LabelDoc>> {
    let today = finance::local_date(read.now_ms, read.offset_min);
    let mut docs = Vec::new();
    for item in items {
        let data = catalogue::label(
            read.db,
            &read.standing,
            item.product_id,
            item.product_unit_id,
            today,
        )?;
        let doc = doc(read, data);
        docs.extend((0..item.pieces).map(|_| doc.clone()));
    }
    Ok(docs)
}

fn doc(read: &Read<'_>, data: LabelData) -> LabelDoc {
    let language = documents::language(&read.standing);
    let currency = read.standing.currency;
    let today = finance::local_date(read.now_ms, read.offset_min);
    let price = data.price.map(|price| format::unit_price(price, currency, language));
    LabelDoc {
        name: data.name,
        price_text: price.unwrap_or_default(),
        unit_text: format!("/ {}", data.unit),
        barcode: data.barcode,
        code: data.code,
        date: format::date(today, language),
    }
}
