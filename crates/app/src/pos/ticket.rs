//! The open ticket: adding to it and pricing it. Nothing here writes.
//!
//! **Invariant:** every figure on the screen and on paper comes from [`price_ticket`]; the
//! interface adds nothing up.

use chrono::NaiveDate;
use lumbung_domain::discount::{self, DiscountLimits, Floor, NeedsApproval};
use lumbung_domain::ids::{LineId, SaleId};
use lumbung_domain::num::{CashRounding, Money, Qty, Rounding, UnitPrice};
use lumbung_domain::tender::CashRule;
use lumbung_domain::ticket::{self, Direction, Line, TaxRounding, TaxRule, TaxableShare, Terms};
use rusqlite::Connection;
use uuid::Uuid;

use super::types::{
    Add, AddOutcome, Added, LineMark, Quote, QuotedLine, TaxSum, Ticket, TicketArg, TicketLine,
};
use crate::catalogue::{self, Resolved, Sellable};
use crate::company::{CashRoundingChoice, TaxRoundingChoice};
use crate::customers::rows::CustomerRow;
use crate::door::{Actor, Read};
use crate::error::{Refusal, Result, not_found, refuse, refuse_field};
use crate::standing::Standing;
use crate::{customers, inventory};

/// A ticket priced, with everything a sale is made of.
pub struct PricedTicket {
    /// Its lines, in order.
    pub lines: Vec<PricedLine>,
    /// Its sums.
    pub totals: ticket::Totals,
    /// Who buys.
    pub customer: Option<CustomerRow>,
    /// The day it is priced on.
    pub date: NaiveDate,
    /// Lines as the rules see them.
    pub rule_lines: Vec<Line>,
}

/// A line priced.
pub struct PricedLine {
    /// As scanned.
    pub line: TicketLine,
    /// What is sold, in its unit.
    pub sellable: Sellable,
    /// How many units.
    pub qty: Qty,
    /// How many base units.
    pub base_qty: Qty,
    /// Price of one unit.
    pub unit_price: UnitPrice,
    /// Price of one unit by the list.
    pub list_price: UnitPrice,
    /// Where the price came from.
    pub price_source: String,
    /// Whether it contains the tax.
    pub tax_inclusive: bool,
    /// Lowest price without approval.
    pub floor: Option<Floor>,
}

/// How cash is rounded here.
pub fn cash_rule(standing: &Standing) -> CashRule {
    let till = &standing.settings.till;
    let rounding = match till.cash_rounding {
        CashRoundingChoice::Nearest => CashRounding::Nearest,
        CashRoundingChoice::Up => CashRounding::Up,
        CashRoundingChoice::Down => CashRounding::Down,
    };
    CashRule { step: till.cash_step.get(), rounding }
}

/// How tickets are added up here.
pub fn terms(standing: &Standing, direction: Direction) -> Terms {
    let tax_rounding = match standing.settings.till.tax_rounding {
        TaxRoundingChoice::Line => TaxRounding::Line,
        TaxRoundingChoice::Document => TaxRounding::Document,
    };
    Terms {
        direction,
        currency: standing.currency,
        ticket_discount: None,
        tax_rounding,
        rounding: Rounding::HalfUp,
    }
}

/// The tax rule of a class.
pub fn tax_rule(sellable: &Sellable, inclusive: bool) -> TaxRule {
    let small = |value: i64| i32::try_from(value).unwrap_or(0);
    TaxRule {
        tax_class: sellable.tax.tax_class_id,
        rate: sellable.tax.rate,
        taxable_share: TaxableShare {
            part: small(sellable.tax.share_num),
            whole: small(sellable.tax.share_den),
        },
        inclusive,
    }
}

/// A quantity of a unit in base units.
pub fn in_base(qty: Qty, factor: Qty) -> Result<Qty> {
    const MILLIONTHS: i128 = 1_000_000;
    let exact = i128::from(qty.get()) * i128::from(factor.get());
    if exact % MILLIONTHS != 0 {
        return Err(refuse_field!(
            "qty",
            "qty_too_fine",
            "This quantity is finer than the stock unit can be."
        ));
    }
    let base = i64::try_from(exact / MILLIONTHS)
        .map_err(|_| refuse_field!("qty", "qty_over_limit", "This quantity is too large."))?;
    Ok(Qty::new(base)?)
}

fn price_line(
    db: &Connection,
    standing: &Standing,
    customer: Option<&CustomerRow>,
    date: NaiveDate,
    line: &TicketLine,
) -> Result<PricedLine> {
    let sellable = catalogue::sellable(db, standing, line.product_id, line.product_unit_id)?;
    let priced = catalogue::price(db, standing, &sellable, customer, line.qty, date)?;
    let (list_price, tax_inclusive, mut price_source) = match priced {
        Some(priced) => (priced.unit_price, priced.tax_inclusive, priced.source),
        None if line.price.is_some() => {
            let inclusive = catalogue::default_tax_inclusive(standing);
            (UnitPrice::of(0), inclusive, "no price".to_owned())
        }
        None => {
            return Err(Refusal::new(
                "no_price",
                format!("{} has no price. Give one by hand or set it up.", sellable.product.name),
            )
            .fact("product", &sellable.product.name)
            .into());
        }
    };
    let (mut unit_price, mut qty) = (list_price, line.qty);
    if let Some(label) = line.label_price {
        (unit_price, qty) = by_label(standing, label, list_price)?;
        "label".clone_into(&mut price_source);
    }
    if let Some(by_hand) = &line.price {
        if by_hand.reason.trim().is_empty() {
            return Err(refuse_field!("reason", "price_reason", "Say why the price is changed."));
        }
        unit_price = by_hand.unit_price;
        "by hand".clone_into(&mut price_source);
    }
    if !sellable.product.weighed && qty.get() % 1_000_000 != 0 && line.label_price.is_none() {
        return Err(refuse_field!(
            "qty",
            "whole_pieces",
            "{product} is sold by the piece: whole numbers only.",
            product = sellable.product.name
        ));
    }
    let base_qty = in_base(qty, sellable.factor)?;
    let floor = floor_of(&sellable)?;
    let line = line.clone();
    Ok(PricedLine {
        line,
        sellable,
        qty,
        base_qty,
        unit_price,
        list_price,
        price_source,
        tax_inclusive,
        floor,
    })
}

/// The quantity that, at the list price, comes to what the label says.
fn by_label(standing: &Standing, label: Money, list: UnitPrice) -> Result<(UnitPrice, Qty)> {
    let scale = 10_000 / i128::from(standing.currency.minor_per_major()).max(1);
    let wanted = i128::from(label.get()) * scale * 1_000_000;
    if list.is_positive() {
        let per = i128::from(list.get());
        if let Ok(qty) = i64::try_from((wanted + per / 2) / per) {
            let qty = Qty::new(qty)?;
            if list.times(qty, standing.currency, Rounding::HalfUp)? == label && !qty.is_zero() {
                return Ok((list, qty));
            }
        }
    }
    Ok((UnitPrice::from_money(label, standing.currency)?, Qty::of(1_000_000)))
}

fn floor_of(sellable: &Sellable) -> Result<Option<Floor>> {
    let per_unit = |price: UnitPrice| price.in_base_units(sellable.factor);
    if let Some(price) = sellable.product.price_floor {
        return Ok(Some(Floor::Price(per_unit(price)?)));
    }
    let cost = sellable.product.last_cost;
    Ok(if cost.is_positive() { Some(Floor::Cost(per_unit(cost)?)) } else { None })
}

trait PerUnit {
    fn in_base_units(self, factor: Qty) -> Result<UnitPrice>;
}

impl PerUnit for UnitPrice {
    /// The price of a unit from the price of one base unit.
    fn in_base_units(self, factor: Qty) -> Result<UnitPrice> {
        let exact = i128::from(self.get()) * i128::from(factor.get()) / 1_000_000;
        let value =
            i64::try_from(exact).map_err(|_| refuse("too_large", "A price is too large."))?;
        Ok(UnitPrice::new(value)?)
    }
}

/// Prices a ticket on a date: list, customer, label, override, discounts, taxes.
pub fn price_ticket(
    db: &Connection,
    standing: &Standing,
    date: NaiveDate,
    given: &Ticket,
) -> Result<PricedTicket> {
    if given.lines.len() > ticket::MAX_LINES {
        return Err(ticket::TicketError::TooManyLines {
            lines: given.lines.len(),
            limit: ticket::MAX_LINES,
        }
        .into());
    }
    let customer = match given.customer_id {
        None => None,
        Some(id) => Some(
            customers::store::customer(db, id)?
                .filter(|row| !row.archived)
                .ok_or_else(|| not_found("The customer"))?,
        ),
    };
    let mut lines = Vec::with_capacity(given.lines.len());
    let mut rule_lines = Vec::with_capacity(given.lines.len());
    for (line_no, line) in (1..).zip(&given.lines) {
        let priced = price_line(db, standing, customer.as_ref(), date, line)?;
        rule_lines.push(Line {
            line_no,
            qty: priced.qty,
            unit_price: priced.unit_price,
            list_price: priced.list_price,
            tax: tax_rule(&priced.sellable, priced.tax_inclusive),
            discount: line.discount,
        });
        lines.push(priced);
    }
    let terms = Terms { ticket_discount: given.discount, ..terms(standing, Direction::Sale) };
    let totals = ticket::total(&rule_lines, &terms)?;
    Ok(PricedTicket { lines, totals, customer, date, rule_lines })
}

/// What a manager would have to allow on this ticket for this person.
pub fn needs_approval(
    standing: &Standing,
    actor: &Actor,
    priced: &PricedTicket,
) -> Result<Vec<NeedsApproval>> {
    let limits = actor.grants.limits("pos:discount", Some(standing.branch.branch_id));
    let by_hand = actor.grants.limits("pos:override_price", Some(standing.branch.branch_id));
    let floors = (1..)
        .zip(&priced.lines)
        .filter_map(|(line_no, line)| line.floor.map(|floor| (line_no, floor)))
        .collect();
    let limits = DiscountLimits {
        max_discount: limits.max_discount,
        max_price_override: by_hand.max_price_override,
        floors,
    };
    let currency = standing.currency;
    Ok(discount::check_discounts(&priced.rule_lines, &priced.totals, &limits, currency)?)
}

/// Taxes of a ticket by class, with the words of the class.
pub fn tax_sums(standing: &Standing, totals: &ticket::Totals) -> Vec<TaxSum> {
    totals
        .taxes
        .iter()
        .map(|tax| {
            let class = standing.tax_classes.get(&tax.tax_class);
            TaxSum {
                tax_class_id: tax.tax_class,
                code: class.map(|class| class.code.clone()).unwrap_or_default(),
                name: class.map(|class| class.name.clone()).unwrap_or_default(),
                rate: tax.rate,
                base: tax.base,
                tax: tax.tax,
            }
        })
        .collect()
}

/// Shows a priced ticket.
pub fn quote_of(
    db: &Connection,
    standing: &Standing,
    actor: &Actor,
    priced: &PricedTicket,
) -> Result<Quote> {
    let needed = needs_approval(standing, actor, priced)?;
    let location = standing.location.location_id;
    let mut lines = Vec::with_capacity(priced.lines.len());
    for (line, sums) in priced.lines.iter().zip(&priced.totals.lines) {
        let product = &line.sellable.product;
        let (on_hand, _) = inventory::store::on_hand(db, product.product_id, location, "sellable")?;
        let mut marks = Vec::new();
        if product.kind == "goods" && on_hand < line.base_qty {
            marks.push(LineMark::LowStock);
        }
        if line.line.price.is_some() {
            marks.push(LineMark::PriceByHand);
        }
        if !product.restriction.is_empty() && !line.line.checked {
            marks.push(LineMark::MustCheck);
        }
        for need in needed.iter().filter(|need| need.line_no == Some(sums.line_no)) {
            marks.push(match need.what {
                discount::Approval::BelowFloor { .. } => LineMark::BelowFloor,
                _ => LineMark::DiscountOverLimit,
            });
        }
        lines.push(QuotedLine {
            line_id: line.line.line_id,
            line_no: sums.line_no,
            code: product.code.clone(),
            name: product.name.clone(),
            unit: line.sellable.unit.clone(),
            qty: line.qty,
            unit_price: line.unit_price,
            list_price: line.list_price,
            price_source: line.price_source.clone(),
            gross: sums.gross,
            line_discount: sums.line_discount,
            ticket_discount: sums.ticket_discount_share,
            tax: sums.tax,
            total: sums.total,
            tax_code: line.sellable.tax.code.clone(),
            tax_inclusive: line.tax_inclusive,
            on_hand,
            restriction: product.restriction.clone(),
            marks,
        });
    }
    let totals = &priced.totals;
    let rule = cash_rule(standing);
    let cash_total = totals.total.round_to(rule.step, rule.rounding)?;
    let credit_available = match &priced.customer {
        None => None,
        Some(customer) => Some(customers::credit(db, standing, customer, priced.date)?.available),
    };
    Ok(Quote {
        pieces: pieces(priced),
        lines,
        taxes: tax_sums(standing, totals),
        gross: totals.gross,
        discount: totals.line_discounts.plus(totals.ticket_discount)?,
        net: totals.net,
        tax: totals.tax,
        total: totals.total,
        cash_total,
        quick_cash: quick_cash(standing, cash_total)?,
        currency: standing.company.currency.clone(),
        customer: priced.customer.as_ref().map(|customer| customer.name.clone()),
        credit_available,
    })
}

/// Weighed goods count as one piece a line.
fn pieces(priced: &PricedTicket) -> u32 {
    let of = |line: &PricedLine| {
        let whole = line.qty.get() / 1_000_000;
        if line.sellable.product.weighed { 1 } else { u32::try_from(whole).unwrap_or(u32::MAX) }
    };
    priced.lines.iter().map(of).fold(0, u32::saturating_add)
}

/// Sums a customer is likely to hand over: the next multiples of each denomination.
fn quick_cash(standing: &Standing, total: Money) -> Result<Vec<Money>> {
    const KEYS: usize = 5;
    if !total.is_positive() {
        return Ok(Vec::new());
    }
    let mut sums = vec![total];
    for denomination in super::session::denominations(standing) {
        let step = denomination.get();
        let above = total.round_to(step, CashRounding::Up)?;
        if above.get() - total.get() < step && step * 20 >= total.get() {
            sums.push(above);
        }
    }
    sums.sort();
    sums.dedup();
    sums.truncate(KEYS);
    Ok(sums)
}

/// `pos.quote`: prices a ticket.
pub fn quote(read: &Read<'_>, given: TicketArg) -> Result<Quote> {
    let date = super::session::date_of(read)?;
    let priced = price_ticket(read.db, &read.standing, date, &given.ticket)?;
    quote_of(read.db, &read.standing, &read.actor, &priced)
}

fn new_line(id: LineId, given: &Add, found: catalogue::Found) -> TicketLine {
    let qty = found.qty.or(given.qty).unwrap_or(Qty::of(1_000_000));
    TicketLine {
        line_id: id,
        product_id: found.product_id,
        product_unit_id: found.product_unit_id.or(given.product_unit_id),
        qty,
        label_price: found.line_price,
        price: None,
        discount: None,
        serial: String::new(),
        checked: false,
        note: String::new(),
    }
}

/// Counts up the line that is the same but for its quantity, or adds one at the end.
fn put(ticket: &mut Ticket, line: TicketLine, merge: bool) -> Result<LineId> {
    let same = |other: &&mut TicketLine| {
        let TicketLine { product_id, product_unit_id, .. } = line;
        other.product_id == product_id
            && other.product_unit_id == product_unit_id
            && other.label_price.is_none()
            && other.price.is_none()
            && other.discount.is_none()
            && other.serial.is_empty()
    };
    if merge && let Some(found) = ticket.lines.iter_mut().find(same) {
        found.qty = found.qty.plus(line.qty)?;
        return Ok(found.line_id);
    }
    let line_id = line.line_id;
    ticket.lines.push(line);
    Ok(line_id)
}

/// `pos.add`: adds what was scanned or chosen, and prices the ticket.
pub fn add(read: &Read<'_>, given: Add) -> Result<Added> {
    let mut ticket = given.ticket.clone().unwrap_or_else(|| Ticket {
        ticket_id: SaleId::new(Uuid::now_v7()),
        customer_id: None,
        discount: None,
        note: String::new(),
        lines: Vec::new(),
    });
    let resolved = match (&given.code, given.product_id) {
        (Some(code), None) => catalogue::resolve(read.db, &read.standing, code)?,
        (None, Some(product_id)) => Resolved::One(catalogue::Found {
            product_id,
            product_unit_id: given.product_unit_id,
            qty: None,
            line_price: None,
        }),
        _ => {
            return Err(refuse_field!("code", "code_or_product", "Give a code or a product."));
        }
    };
    let (outcome, line_id, choices) = match resolved {
        Resolved::Unknown => (AddOutcome::Unknown, None, Vec::new()),
        Resolved::Many(choices) => (AddOutcome::Choose, None, choices),
        Resolved::One(found) => {
            let from_label = found.qty.is_some() || found.line_price.is_some();
            let line = new_line(LineId::new(Uuid::now_v7()), &given, found);
            let line_id = put(&mut ticket, line, !from_label)?;
            (AddOutcome::Added, Some(line_id), Vec::new())
        }
    };
    let quote = quote(read, TicketArg { ticket: ticket.clone() })?;
    Ok(Added { outcome, line_id, choices, ticket, quote })
}
