//! Print layouts as data: which parts a document has, in which order, on which paper.
//!
//! The layouts of the program are the files in `assets/print`; a shop's settings may replace any
//! part of them.
//!
//! **Invariant:** a layout that exists can be printed: sizes are sane, every section is known.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::PaperError;

/// How wide the paper roll is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Width {
    /// 58 mm, of which 48 can be printed on.
    Mm58,
    /// 80 mm, of which 72 can be printed on.
    Mm80,
}

/// Every layout there is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layouts {
    /// The paper rolls.
    pub(crate) roll: RollLayout,
    /// Receipts and slips.
    pub(crate) receipt: ReceiptLayout,
    /// X and Z reports.
    pub(crate) session_report: SessionReportLayout,
    /// A4 documents.
    pub(crate) sheet: SheetLayout,
    /// Label stocks by name.
    pub(crate) labels: BTreeMap<String, LabelStock>,
}

/// The measures of both rolls.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RollLayout {
    /// The narrow one.
    pub(crate) mm58: RollSize,
    /// The wide one.
    pub(crate) mm80: RollSize,
}

/// The measures of a roll and of the print head over it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RollSize {
    /// The width of the paper.
    pub(crate) paper_mm: f32,
    /// The width the head reaches.
    pub(crate) printable_mm: f32,
    /// The dots of the head.
    pub(crate) dots: u16,
    /// Characters of the normal font in a line.
    pub(crate) columns: u16,
    /// Characters of the small font in a line.
    pub(crate) small_columns: u16,
    /// Type sizes of the PDF.
    pub(crate) type_pt: TypeSizes,
}

/// Type sizes in points.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypeSizes {
    /// The shop's name.
    pub(crate) title: f32,
    /// The name of the document or of a part.
    pub(crate) heading: f32,
    /// Everything else.
    pub(crate) body: f32,
    /// The small print.
    pub(crate) fine: f32,
    /// The total.
    pub(crate) total: f32,
}

/// The parts of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReceiptSection {
    Shop,
    Stamp,
    Title,
    Number,
    Customer,
    Lines,
    Totals,
    Tenders,
    Taxes,
    Reason,
    Messages,
    Codes,
    Signature,
    Footer,
}

/// What a receipt shows, in order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceiptLayout {
    /// The parts in order.
    pub(crate) sections: Vec<ReceiptSection>,
    /// The fields in them.
    pub(crate) show: ReceiptShow,
}

/// Which fields of a receipt are shown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceiptShow {
    /// The shop's telephone.
    pub(crate) phone: bool,
    /// The shop's tax number.
    pub(crate) tax_id: bool,
    /// The branch code of the tax office.
    pub(crate) branch_code: bool,
    /// The business date where it differs from the clock's.
    pub(crate) business_date: bool,
    /// The code under the name of an item.
    pub(crate) item_code: bool,
    /// The note under an item.
    pub(crate) item_note: bool,
    /// A single piece without discount on one line.
    pub(crate) short_items: bool,
    /// How many items there are.
    pub(crate) item_count: bool,
    /// The tax mark beside each amount.
    pub(crate) tax_marks: bool,
    /// The number as a bar code.
    pub(crate) barcode: bool,
    /// The QR code, if there is one.
    pub(crate) qr: bool,
}

/// The parts of an X or Z report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SessionReportSection {
    Shop,
    Stamp,
    Title,
    Session,
    Sales,
    Tenders,
    Taxes,
    Categories,
    Cash,
    Count,
    Controls,
    Numbers,
    Centre,
    Signature,
}

/// What an X or Z report shows, in order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionReportLayout {
    /// The parts in order.
    pub(crate) sections: Vec<SessionReportSection>,
    /// The fields in them.
    pub(crate) show: SessionReportShow,
}

/// Which fields of an X or Z report are shown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionReportShow {
    /// The shop's telephone.
    pub(crate) phone: bool,
    /// The shop's tax number.
    pub(crate) tax_id: bool,
    /// The branch code of the tax office.
    pub(crate) branch_code: bool,
    /// The counted notes and coins.
    pub(crate) denominations: bool,
}

/// The page of every A4 document.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SheetLayout {
    /// Width and height of the page.
    pub(crate) page_mm: [f32; 2],
    /// Margins at the sides and at top and bottom.
    pub(crate) margin_mm: [f32; 2],
    /// The size of the text.
    pub(crate) body_pt: f32,
    /// The columns of an invoice, in order.
    pub(crate) invoice_columns: Vec<InvoiceColumn>,
}

/// A column of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvoiceColumn {
    /// What stands in it.
    pub(crate) field: InvoiceField,
    /// Its part of the page's width, in proportion to the others.
    pub(crate) share: u16,
}

/// What a column of an invoice can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InvoiceField {
    LineNo,
    Code,
    Name,
    Quantity,
    UnitPrice,
    Discount,
    Tax,
    Amount,
}

/// A kind of label paper: one label to a page, or a grid of them on a sheet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelStock {
    /// Width and height of the page.
    pub(crate) page_mm: [f32; 2],
    /// Labels across.
    pub(crate) columns: u16,
    /// Labels down.
    pub(crate) rows: u16,
    /// Margin at the left and at the top.
    pub(crate) margin_mm: [f32; 2],
    /// The gap between labels across and down.
    pub(crate) gap_mm: [f32; 2],
    /// What stays white inside the edge of a label.
    pub(crate) padding_mm: f32,
    /// The height of the bars.
    pub(crate) barcode_mm: f32,
    /// The size of the name.
    pub(crate) name_pt: f32,
    /// The size of the price.
    pub(crate) price_pt: f32,
}

impl LabelStock {
    /// How many labels a page has.
    pub fn per_page(&self) -> usize {
        usize::from(self.columns) * usize::from(self.rows)
    }
}

static BUILT_IN: LazyLock<Value> = LazyLock::new(|| {
    let parts = [
        ("roll", include_str!("../../../assets/print/roll.json")),
        ("receipt", include_str!("../../../assets/print/receipt.json")),
        ("session_report", include_str!("../../../assets/print/session_report.json")),
        ("sheet", include_str!("../../../assets/print/sheet.json")),
        ("labels", include_str!("../../../assets/print/labels.json")),
    ];
    let parsed = parts.map(|(name, text)| {
        let value = serde_json::from_str(text).expect("the built-in layouts are valid JSON");
        (name.to_owned(), value)
    });
    Value::Object(Map::from_iter(parsed))
});

impl Default for Layouts {
    fn default() -> Self {
        Self::deserialize(&*BUILT_IN).expect("the built-in layouts are complete")
    }
}

impl Layouts {
    /// The built-in layouts with parts replaced by a shop's settings, given as JSON of the same
    /// shape: objects are merged, everything else is replaced.
    pub fn with_settings(json: &str) -> Result<Self, PaperError> {
        let settings: Value = serde_json::from_str(json).map_err(refused)?;
        let mut merged = BUILT_IN.clone();
        merge(&mut merged, settings);
        let layouts = Self::deserialize(merged).map_err(refused)?;
        layouts.check()?;
        Ok(layouts)
    }

    /// The names of the label stocks.
    pub fn stock_names(&self) -> impl Iterator<Item = &str> {
        self.labels.keys().map(String::as_str)
    }

    /// The label stock with this name.
    pub fn stock(&self, name: &str) -> Result<&LabelStock, PaperError> {
        self.labels.get(name).ok_or_else(|| PaperError::UnknownStock {
            name: name.to_owned(),
            known: self.stock_names().collect::<Vec<_>>().join(", "),
        })
    }

    fn check(&self) -> Result<(), PaperError> {
        for (name, size) in [("mm58", &self.roll.mm58), ("mm80", &self.roll.mm80)] {
            let sizes = &size.type_pt;
            let types = [sizes.title, sizes.heading, sizes.body, sizes.fine, sizes.total];
            demand(
                (20.0..=200.0).contains(&size.paper_mm)
                    && (20.0..=size.paper_mm).contains(&size.printable_mm),
                || format!("roll.{name}: the paper must be 20 to 200 mm wide"),
            )?;
            demand(
                (128..=2048).contains(&size.dots)
                    && (16..=128).contains(&size.columns)
                    && (16..=160).contains(&size.small_columns),
                || format!("roll.{name}: dots must be 128 to 2048 and columns 16 to 128"),
            )?;
            demand(types.iter().all(|pt| (4.0..=40.0).contains(pt)), || {
                format!("roll.{name}: type sizes must be 4 to 40 pt")
            })?;
        }
        let page = self.sheet.page_mm;
        demand(
            page.iter().all(|mm| (100.0..=500.0).contains(mm))
                && self.sheet.margin_mm.iter().all(|mm| (0.0..=40.0).contains(mm))
                && (5.0..=16.0).contains(&self.sheet.body_pt),
            || "sheet: the page must be 100 to 500 mm with margins up to 40".to_owned(),
        )?;
        let columns = &self.sheet.invoice_columns;
        demand(
            !columns.is_empty() && columns.iter().all(|c| (1..=1000).contains(&c.share)),
            || "sheet: an invoice needs columns, each with a share of 1 to 1000".to_owned(),
        )?;
        for (name, stock) in &self.labels {
            demand(stock.is_sane(), || format!("labels.{name}: the measures are impossible"))?;
        }
        Ok(())
    }
}

impl LabelStock {
    fn is_sane(&self) -> bool {
        self.page_mm.iter().all(|mm| (10.0..=1000.0).contains(mm))
            && (1..=50).contains(&self.columns)
            && (1..=100).contains(&self.rows)
            && self.margin_mm.iter().chain(&self.gap_mm).all(|mm| (0.0..=50.0).contains(mm))
            && (0.0..=10.0).contains(&self.padding_mm)
            && (3.0..=60.0).contains(&self.barcode_mm)
            && [self.name_pt, self.price_pt].iter().all(|pt| (4.0..=120.0).contains(pt))
            && self.label_mm().iter().all(|mm| *mm >= 10.0)
    }
}

fn demand(holds: bool, reason: impl FnOnce() -> String) -> Result<(), PaperError> {
    if holds { Ok(()) } else { Err(PaperError::Settings { reason: reason() }) }
}

fn refused(error: serde_json::Error) -> PaperError {
    PaperError::Settings { reason: error.to_string() }
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_layouts_can_be_printed() {
        Layouts::default().check().unwrap();
        assert!(Layouts::default().stock("shelf-50x30").is_ok());
    }

    #[test]
    fn a_shop_replaces_only_what_it_names() {
        let layouts = Layouts::with_settings(
            r#"{ "receipt": { "sections": ["shop", "lines"], "show": { "item_code": true } } }"#,
        )
        .unwrap();
        assert_eq!(layouts.receipt.sections, [ReceiptSection::Shop, ReceiptSection::Lines]);
        assert!(layouts.receipt.show.item_code && layouts.receipt.show.phone);
        assert_eq!(layouts.roll, Layouts::default().roll);
    }

    #[test]
    fn settings_nobody_understands_are_refused_with_their_reason() {
        let cases = [
            ("{", "EOF"),
            (r#"{ "receipt": { "sections": ["advertising"] } }"#, "advertising"),
            (r#"{ "recipt": {} }"#, "recipt"),
            (r#"{ "roll": { "mm58": { "columns": 2 } } }"#, "roll.mm58"),
            (r#"{ "roll": { "mm80": { "printable_mm": 90 } } }"#, "roll.mm80"),
            (r#"{ "sheet": { "invoice_columns": [] } }"#, "columns"),
            (r#"{ "labels": { "a4-3x8": { "columns": 40 } } }"#, "a4-3x8"),
        ];
        for (json, reason) in cases {
            let error = Layouts::with_settings(json).unwrap_err().to_string();
            assert!(error.contains(reason), "{json}: {error}");
        }
    }

    #[test]
    fn an_unknown_label_stock_names_the_known_ones() {
        let error = Layouts::default().stock("zweckform").unwrap_err().to_string();
        assert!(error.contains("zweckform") && error.contains("shelf-50x30"), "{error}");
    }
}
