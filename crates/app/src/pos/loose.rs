//! Goods that come back without a receipt.
//!
//! **Invariant:** a manager, a name, the lowest price of late, store credit only.

use std::sync::Arc;

use chrono::NaiveDate;
use lumbung_domain::ids::LineId;
use lumbung_domain::num::{Money, Qty, Rounding};
use lumbung_domain::number::DocKind;
use lumbung_domain::returns::{self, Amounts, NoReceiptReturn, NoReceiptRule};
use lumbung_domain::serial::{self, Piece};
use lumbung_domain::tender::{self, RefundRounding, TenderKind, Tendered};
use lumbung_domain::ticket::{self, Direction, Line};

use super::post_back::{Back, Header, post_back};
use super::rows::SaleLineRow;
use super::ticket::{cash_rule, in_base, tax_rule, terms};
use super::types::{LooseReturn, Receipt, SaleKind};
use super::{next_number, receipt, serials, session, store};
use crate::catalogue::{self, Sellable};
use crate::company::check_text;
use crate::customers;
use crate::door::Write;
use crate::error::{Refusal, Result, not_found, refuse_field};
use crate::users::check_reason;

/// `pos.return_without_receipt`: the stricter rule. A manager, a name, the lowest price of late,
/// store credit only.
pub fn take_back_loose(write: &mut Write<'_, '_>, given: LooseReturn) -> Result<Receipt> {
    if store::sale(write.db(), given.return_id)?.is_some() {
        return receipt::receipt(write.db(), &write.standing, given.return_id);
    }
    let open = session::mine(write)?;
    let standing = Arc::clone(&write.standing);
    check_text("holder", &given.holder)?;
    if given.lines.is_empty() {
        return Err(refuse_field!("lines", "choose_returned", "Choose what comes back."));
    }
    write.permit(
        "pos:return_no_receipt",
        "return_without_receipt",
        "a return without a receipt",
    )?;
    if let Some(customer_id) = given.customer_id {
        customers::store::customer(write.db(), customer_id)?
            .ok_or_else(|| not_found("The customer"))?;
    }
    let (lines, sum) = loose_lines(write, &given, open.business_date)?;
    let facts = NoReceiptReturn {
        approved: true,
        customer_named: true,
        amount: sum.total,
        prices: &[],
        tenders: &[TenderKind::StoreCredit],
    };
    let days = standing.settings.till.lowest_price_days;
    returns::check_without_receipt(&facts, &NoReceiptRule { days, limit: None })?;
    let credit =
        Tendered { kind: TenderKind::StoreCredit, amount: sum.total.negated(), reference: None };
    let rule = RefundRounding::ByRule(cash_rule(&standing));
    let settlement = tender::settle_refund(sum.total.negated(), &[credit], &rule)?;
    let number = next_number(write, DocKind::Return)?;
    let head = Header {
        sale_id: given.return_id,
        kind: SaleKind::Return,
        number,
        open: &open,
        original: None,
        customer: given.customer_id,
        reason: given.lines.first().map_or("", |line| line.reason.as_str()),
        holder: given.holder.trim(),
    };
    post_back(write, &head, &lines, &sum, &settlement)?;
    receipt::receipt(write.db(), &standing, given.return_id)
}

/// The lines as the rules see them, at the lowest price of late.
fn rule_lines(
    write: &Write<'_, '_>,
    given: &LooseReturn,
    date: NaiveDate,
) -> Result<Vec<(Line, Sellable)>> {
    let standing = &write.standing;
    let days = standing.settings.till.lowest_price_days;
    let since = date - chrono::Days::new(u64::from(days));
    let inclusive = catalogue::default_tax_inclusive(standing);
    let mut lines = Vec::with_capacity(given.lines.len());
    for (line_no, line) in (1..).zip(&given.lines) {
        check_reason("reason", &line.reason)?;
        if !line.qty.is_positive() {
            return Err(refuse_field!("qty", "returned_qty", "Enter how many come back."));
        }
        let (product_id, unit_id) = (line.product_id, line.product_unit_id);
        let sellable = catalogue::sellable(write.db(), standing, product_id, unit_id)?;
        let lowest = catalogue::lowest_price(write.db(), standing, &sellable, since, date)?
            .ok_or_else(|| {
                let name = &sellable.product.name;
                Refusal::new("no_price", format!("{name} has no price to be refunded by."))
                    .fact("product", name)
            })?;
        let rule = Line {
            line_no,
            qty: line.qty.negated(),
            unit_price: lowest,
            list_price: lowest,
            tax: tax_rule(&sellable, inclusive),
            discount: None,
        };
        lines.push((rule, sellable));
    }
    check_pieces(write, given, &lines)?;
    Ok(lines)
}

/// Pieces with serial numbers: named, one on a line, and not known to be here or to have a receipt.
fn check_pieces(
    write: &Write<'_, '_>,
    given: &LooseReturn,
    lines: &[(Line, Sellable)],
) -> Result<()> {
    let named: Vec<String> =
        given.lines.iter().map(|line| serial::normal(&line.serial)).collect::<Result<_, _>>()?;
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for ((line, (_, sellable)), serial) in given.lines.iter().zip(lines).zip(&named) {
        let product = &sellable.product;
        if !product.serial_tracked {
            continue;
        }
        serial::check_one(&product.name, in_base(line.qty, sellable.factor)?)?;
        let at = serials::whereabouts(write.db(), product.product_id, serial)?;
        let piece = Piece { product_id: product.product_id, product: &product.name, serial, at };
        serial::check_loose(&piece, &pieces)?;
        pieces.push(piece);
    }
    Ok(())
}

/// What comes back, worked out: amounts positive.
fn loose_lines(
    write: &mut Write<'_, '_>,
    given: &LooseReturn,
    date: NaiveDate,
) -> Result<(Vec<Back>, Amounts)> {
    let standing = Arc::clone(&write.standing);
    let (rules, sellables): (Vec<_>, Vec<_>) = rule_lines(write, given, date)?.into_iter().unzip();
    let totals = ticket::total(&rules, &terms(&standing, Direction::Return))?;
    let mut lines = Vec::with_capacity(rules.len());
    let mut sum = Amounts::default();
    for (((asked, sellable), rule), sums) in
        given.lines.iter().zip(&sellables).zip(&rules).zip(&totals.lines)
    {
        let amounts = Amounts {
            gross: sums.gross.negated(),
            line_discount: Money::ZERO,
            ticket_discount_share: Money::ZERO,
            net: sums.net.negated(),
            tax: sums.tax.negated(),
            total: sums.total.negated(),
        };
        sum = sum.plus(&amounts)?;
        let base_qty = in_base(asked.qty, sellable.factor)?;
        let unit_cost = sellable.product.last_cost;
        let cost = unit_cost.times(base_qty, standing.currency, Rounding::HalfUp)?;
        let line_id = write.id();
        lines.push(Back {
            sold: SaleLineRow {
                serial: serial::normal(&asked.serial)?,
                ..as_sold(given, line_id, rule, sellable, &amounts, base_qty, cost)
            },
            qty: asked.qty,
            base_qty,
            amounts,
            cost,
            disposition: asked.disposition,
            reason: asked.reason.trim().to_owned(),
        });
    }
    Ok((lines, sum))
}

/// The sale line this would have been.
fn as_sold(
    given: &LooseReturn,
    line_id: LineId,
    rule: &Line,
    sellable: &Sellable,
    amounts: &Amounts,
    base_qty: Qty,
    cost: Money,
) -> SaleLineRow {
    SaleLineRow {
        line_id,
        sale_id: given.return_id,
        line_no: i64::from(rule.line_no),
        product_id: sellable.product.product_id,
        product_unit_id: sellable.product_unit_id,
        code: sellable.product.code.clone(),
        name: sellable.product.name.clone(),
        unit: sellable.unit.clone(),
        qty: rule.qty.negated(),
        base_qty,
        unit_price: rule.unit_price,
        list_price: rule.list_price,
        price_source: "lowest".to_owned(),
        gross: amounts.gross,
        line_discount: Money::ZERO,
        ticket_discount: Money::ZERO,
        net: amounts.net,
        tax: amounts.tax,
        total: amounts.total,
        tax_class_id: sellable.tax.tax_class_id,
        tax_code: sellable.tax.code.clone(),
        tax_rate: sellable.tax.rate,
        tax_inclusive: rule.tax.inclusive,
        cost,
        returned_line_id: None,
        disposition: String::new(),
        serial: String::new(),
        reason: String::new(),
        note: String::new(),
    }
}
