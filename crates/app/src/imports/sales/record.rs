//! Writing the sales of another program into the books.
//!
//! A sale or return becomes a document of ours with a number of the import series, the number it
//! had in the other program, its lines, its stock movements and a balanced entry. A document that
//! is about stock alone becomes a stock adjustment. How it was paid is not known, so the other
//! side of the money is the opening balance.
//!
//! **Invariant:** every line of a document is written, in the order of the file, and the sum of
//! what is posted is the sum of the rounded lines.

use lumbung_domain::ids::{CustomerId, EventId, ImportId, LineId, SaleId, TenderId};
use lumbung_domain::journal::{self, HistoryFacts, StockChange};
use lumbung_domain::num::{Money, Qty, Rate};
use lumbung_domain::number::DocKind;
use lumbung_domain::stock::{self, Holding, StockStatus};
use lumbung_domain::tender::TenderKind;
use uuid::{NoContext, Timestamp, Uuid};

use super::history::{Document, DocumentKind, History, Line, Word, corrects_debt};
use super::rules::{LineClass, SalesRules};
use crate::catalogue::rows::TaxClassRow;
use crate::door::Write;
use crate::error::{Error, Result, refuse};
use crate::finance;
use crate::imports::batch::Batch;
use crate::imports::store::KnownProduct;
use crate::inventory::rows::StockAdjustmentRow;
use crate::inventory::{self, Move};
use crate::jobs::Progress;
use crate::pos::next_number;
use crate::pos::rows::{SaleLineRow, SaleRow, SaleTenderRow};

/// What a payment of the past says of itself.
pub const PAID_BEFORE: &str = "paid in the earlier system";
/// Where a price of the past comes from.
pub const PRICE_SOURCE: &str = "history";
/// Documents between two reports of progress.
const STEP: usize = 64;
/// The reason of a stock adjustment that takes goods off.
pub const WRITTEN_OFF: &str = "import: written off";
/// The reason of a stock adjustment that adds goods.
const FOUND: &str = "import: found";

/// What was written.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Products made.
    pub products: u64,
    /// Customers made.
    pub customers: u64,
    /// Stock adjustments with the number of their document in the other program.
    pub stock_documents: Vec<(String, EventId)>,
}

/// What stays the same for all documents of one import.
pub(super) struct Recorder<'h> {
    pub(super) import_id: ImportId,
    pub(super) history: &'h History,
    pub(super) rules: &'h SalesRules,
    pub(super) tax: TaxClassRow,
    /// By [`Word`] of the code.
    pub(super) products: Vec<Option<KnownProduct>>,
    /// By [`Word`] of the customer.
    pub(super) customers: Vec<Option<CustomerId>>,
    pub(super) recorded: Recorded,
}

/// Writes the documents that `wanted` lets through, with the products and customers they name.
pub fn record(
    write: &mut Write<'_, '_>,
    batch: &mut Batch,
    import_id: ImportId,
    history: &History,
    rules: &SalesRules,
    wanted: &[bool],
    progress: &mut Progress<'_>,
) -> Result<Recorded> {
    let mut recorder = Recorder {
        import_id,
        history,
        rules,
        tax: untaxed(write)?,
        products: Vec::new(),
        customers: Vec::new(),
        recorded: Recorded::default(),
    };
    let documents =
        || history.documents.iter().zip(wanted).filter(|(_, wanted)| **wanted).map(|(doc, _)| doc);
    recorder.products(write, batch, documents())?;
    recorder.customers(write, batch, documents())?;
    let total: u64 = documents().map(|document| document.lines.len() as u64).sum();
    let mut done = 0;
    for (at, document) in documents().enumerate() {
        if at % STEP == 0 {
            progress.at(done, Some(total), "Writing documents")?;
        }
        match document.kind {
            DocumentKind::Stock => recorder.stock_document(write, batch, document)?,
            DocumentKind::Sale | DocumentKind::Return => {
                recorder.sale_document(write, batch, document)?;
            }
        }
        done += document.lines.len() as u64;
        batch.turn(write)?;
    }
    progress.at(total, Some(total), "Writing documents")?;
    Ok(recorder.recorded)
}

/// The class of what carries no tax: amounts of the past are taken as they were.
fn untaxed(write: &Write<'_, '_>) -> Result<TaxClassRow> {
    let mut free: Vec<&TaxClassRow> = write
        .standing
        .tax_classes
        .values()
        .filter(|class| class.rate.is_zero() && !class.archived)
        .collect();
    free.sort_by(|a, b| a.code.cmp(&b.code));
    free.first().map(|class| (*class).clone()).ok_or_else(|| {
        refuse(
            "no_untaxed_class",
            "Sales of the past are taken over without tax: make a tax class with a rate of 0 \
             first.",
        )
    })
}

impl<'h> Recorder<'h> {
    fn product(&self, line: &Line) -> Result<&KnownProduct> {
        let found = self.products.get(line.code as usize).and_then(Option::as_ref);
        found.ok_or_else(|| Error::Broken("a product of a line was not made".to_owned()))
    }

    /// The name printed on a line: as it was then, else the product's.
    fn printed(&self, line: &Line) -> Result<String> {
        let then = self.history.descriptions.text(line.description);
        Ok(if then.is_empty() { self.product(line)?.name.clone() } else { then.to_owned() })
    }

    fn sale_document(
        &mut self,
        write: &mut Write<'_, '_>,
        batch: &mut Batch,
        document: &Document,
    ) -> Result<()> {
        let sale_id = id_at(local_ms(document, write.offset_min));
        let number = next_number(write, DocKind::History)?;
        let kind = if document.kind == DocumentKind::Return { "return" } else { "sale" };
        let customer_id = document.customer.and_then(|customer| self.customers[customer as usize]);
        write.tx.insert(&self.sale_row(write, document, sale_id, &number, kind, customer_id))?;
        let mut facts = HistoryFacts::default();
        let lines = self.history.lines_of(document);
        for (at, line) in lines.iter().enumerate() {
            let line_id: LineId = write.id();
            let line_cost =
                self.move_stock(write, batch, document, sale_id, line_id, kind, line)?;
            facts.cost = facts.cost.plus(line_cost)?;
            let row = self.line_row(sale_id, line_id, at + 1, line, line_cost)?;
            write.tx.insert(&row)?;
            self.add(&mut facts, document, line)?;
            batch.count(1);
        }
        if !document.total.is_zero() {
            let tender_id: TenderId = write.id();
            write.tx.insert(&SaleTenderRow {
                tender_id,
                sale_id,
                kind: TenderKind::Transfer.as_str().to_owned(),
                amount: document.total,
                tendered: document.total,
                reference: PAID_BEFORE.to_owned(),
                store_credit_id: None,
            })?;
        }
        let posted = finance::Document {
            kind,
            id: sale_id.uuid(),
            number: &number,
            date: document.at.date(),
            memo: self.history.numbers.text(document.number),
        };
        finance::post(write, &posted, &journal::history_lines(&facts)?, None)?;
        batch.count(7);
        Ok(())
    }

    /// Adds a line to what its document posts.
    fn add(&self, facts: &mut HistoryFacts, document: &Document, line: &Line) -> Result<()> {
        let number = self.history.numbers.text(document.number);
        let sum = match line.class {
            LineClass::Return => &mut facts.returns,
            _ if corrects_debt(self.rules, number, line) => &mut facts.debts,
            _ => &mut facts.sales,
        };
        *sum = sum.plus(line.posted)?;
        Ok(())
    }

    fn sale_row(
        &self,
        write: &Write<'_, '_>,
        document: &Document,
        sale_id: SaleId,
        number: &str,
        kind: &str,
        customer_id: Option<CustomerId>,
    ) -> SaleRow {
        let corrects = document.kind == DocumentKind::Return
            || self.history.lines_of(document).iter().any(|line| line.price.is_negative());
        let reason = match (kind, corrects) {
            ("return", _) => "import: return",
            (_, true) => "import: correction",
            _ => "",
        };
        SaleRow {
            sale_id,
            number: number.to_owned(),
            kind: kind.to_owned(),
            session_id: None,
            terminal_id: write.standing.terminal.terminal_id,
            cashier_id: None,
            customer_id,
            business_date: document.at.date(),
            sold_at: local_ms(document, write.offset_min),
            offset_min: i64::from(write.offset_min),
            currency: write.standing.company.currency.clone(),
            gross: document.total,
            discount: Money::ZERO,
            net: document.total,
            tax: Money::ZERO,
            total: document.total,
            rounding: Money::ZERO,
            change: Money::ZERO,
            original_sale_id: None,
            source_number: self.history.numbers.text(document.number).to_owned(),
            reason: reason.to_owned(),
            note: self.history.countries.text(document.country).to_owned(),
            import_id: Some(self.import_id),
        }
    }

    fn line_row(
        &self,
        sale_id: SaleId,
        line_id: LineId,
        line_no: usize,
        line: &Line,
        cost: Money,
    ) -> Result<SaleLineRow> {
        let product = self.product(line)?;
        let reason = match line.class {
            LineClass::Sale => "",
            LineClass::Return | LineClass::StockWriteOff | LineClass::Adjustment => {
                line.class.as_str()
            }
        };
        let back = line.qty.is_negative() && line.class == LineClass::Return && product.goods;
        Ok(SaleLineRow {
            line_id,
            sale_id,
            line_no: i64::try_from(line_no).unwrap_or(i64::MAX),
            product_id: product.product_id,
            product_unit_id: None,
            code: self.history.codes.text(line.code).to_owned(),
            name: self.printed(line)?,
            unit: product.unit.clone(),
            qty: line.qty,
            base_qty: line.qty,
            unit_price: line.price,
            list_price: line.price,
            price_source: PRICE_SOURCE.to_owned(),
            gross: line.posted,
            line_discount: Money::ZERO,
            ticket_discount: Money::ZERO,
            net: line.posted,
            tax: Money::ZERO,
            total: line.posted,
            tax_class_id: self.tax.tax_class_id,
            tax_code: self.tax.code.clone(),
            tax_rate: Rate::ZERO,
            tax_inclusive: true,
            cost,
            returned_line_id: None,
            disposition: if back { StockStatus::Sellable.as_str() } else { "" }.to_owned(),
            serial: String::new(),
            reason: reason.to_owned(),
            note: String::new(),
        })
    }

    /// Moves the stock of a line; answers with the value that left, below zero where it came back.
    #[expect(clippy::too_many_arguments, reason = "the parts of one movement")]
    fn move_stock(
        &mut self,
        write: &mut Write<'_, '_>,
        batch: &mut Batch,
        document: &Document,
        sale_id: SaleId,
        line_id: LineId,
        kind: &str,
        line: &Line,
    ) -> Result<Money> {
        let corrects = corrects_debt(self.rules, self.history.numbers.text(document.number), line);
        if !self.rules.moves_stock || corrects || !self.product(line)?.goods {
            return Ok(Money::ZERO);
        }
        // A write-off says by how much stock changes; everything else says how much went out.
        let change =
            if line.class == LineClass::StockWriteOff { line.qty } else { line.qty.negated() };
        let value = self.value_of(write, line.code, change)?;
        inventory::record(
            write,
            &Move {
                product_id: self.product(line)?.product_id,
                location_id: write.standing.location.location_id,
                status: StockStatus::Sellable,
                qty: change,
                value,
                doc_kind: kind,
                doc_id: sale_id.uuid(),
                doc_line_id: Some(line_id),
                reason: "",
                date: document.at.date(),
            },
        )?;
        batch.count(1);
        Ok(value.negated())
    }

    /// What a change of stock is worth at moving average, which moves on with it.
    fn value_of(&mut self, write: &Write<'_, '_>, code: Word, change: Qty) -> Result<Money> {
        let currency = write.standing.currency;
        let Some(product) = self.products.get_mut(code as usize).and_then(Option::as_mut) else {
            return Err(Error::Broken("a product of a line was not made".to_owned()));
        };
        let value = if product.value.is_zero() && product.last_cost.is_zero() {
            Money::ZERO
        } else {
            let holding = Holding {
                on_hand: product.qty,
                value: product.value,
                last_cost: product.last_cost,
            };
            let cost = stock::issue_cost(&holding, change.abs(), currency)?;
            if change.is_negative() { cost.negated() } else { cost }
        };
        product.qty = product.qty.plus(change)?;
        product.value = product.value.plus(value)?;
        Ok(value)
    }

    fn stock_document(
        &mut self,
        write: &mut Write<'_, '_>,
        batch: &mut Batch,
        document: &Document,
    ) -> Result<()> {
        let adjustment_id: EventId = write.id();
        let number = next_number(write, DocKind::StockAdjustment)?;
        let source = self.history.numbers.text(document.number).to_owned();
        let lines = self.history.lines_of(document);
        let written_off = lines.iter().any(|line| line.class == LineClass::StockWriteOff);
        let reason = if written_off { WRITTEN_OFF } else { FOUND };
        let location_id = write.standing.location.location_id;
        write.tx.insert(&StockAdjustmentRow {
            adjustment_id,
            number: number.clone(),
            location_id,
            reason: reason.to_owned(),
            note: source.clone(),
            business_date: document.at.date(),
            adjusted_at: local_ms(document, write.offset_min),
            adjusted_by: write.actor.user_id,
        })?;
        let mut total = Money::ZERO;
        for line in lines {
            let value = self.value_of(write, line.code, line.qty)?;
            total = total.plus(value)?;
            let said = self.history.descriptions.text(line.description).trim();
            inventory::record(
                write,
                &Move {
                    product_id: self.product(line)?.product_id,
                    location_id,
                    status: StockStatus::Sellable,
                    qty: line.qty,
                    value,
                    doc_kind: "stock_adjustment",
                    doc_id: adjustment_id.uuid(),
                    doc_line_id: None,
                    reason: &format!("import: {said}"),
                    date: document.at.date(),
                },
            )?;
            batch.count(1);
        }
        let change = if written_off { StockChange::WriteOff } else { StockChange::Adjustment };
        let posted = finance::Document {
            kind: "stock_adjustment",
            id: adjustment_id.uuid(),
            number: &number,
            date: document.at.date(),
            memo: &source,
        };
        finance::post(write, &posted, &journal::stock_lines(change, total)?, None)?;
        batch.count(4);
        self.recorded.stock_documents.push((source, adjustment_id));
        Ok(())
    }
}

/// The id of a document of the past: lists go by id, and it belongs where it was then.
fn id_at(at_ms: i64) -> SaleId {
    let at_ms = at_ms.max(0).unsigned_abs();
    let nanos = u32::try_from(at_ms % 1_000).unwrap_or(0) * 1_000_000;
    SaleId::new(Uuid::new_v7(Timestamp::from_unix(NoContext, at_ms / 1_000, nanos)))
}

/// The moment of a document as the clocks of the shop showed it.
fn local_ms(document: &Document, offset_min: i16) -> i64 {
    document.at.and_utc().timestamp_millis() - i64::from(offset_min) * 60_000
}
