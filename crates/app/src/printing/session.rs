//! The paper of a cash session.
//!
//! **Invariant:** a closed session's paper is made from the report as it was closed. Only the
//! centre's word on it is the newest there is.

use lumbung_domain::ids::SessionId;
use lumbung_domain::num::Money;
use lumbung_domain::tender::TenderKind;
use lumbung_paper::{
    CashReport, CentreWord, Denomination, Language, NamedTally, Tally, TaxLine, ZDoc,
};

use super::documents::{day, language, moment, shop, tender_label, till};
use crate::door::Read;
use crate::error::{Result, not_found};
use crate::pos::{self, SessionRef, SessionReport};
use crate::sync::{self, view::Agreement};

/// The report of a session: X while it is open, Z once it is closed.
pub(super) fn session(read: &Read<'_>, session_id: SessionId, copy: Option<u32>) -> Result<ZDoc> {
    let standing = &read.standing;
    let row = pos::store::session(read.db, session_id)?.ok_or_else(|| not_found("The session"))?;
    let report = pos::x_report(read, SessionRef { session_id })?;
    let language = language(standing);
    let tally = |count, amount| Tally { count, amount };
    Ok(ZDoc {
        shop: shop(standing),
        number: report.number.clone(),
        session: report.drawer.clone(),
        terminal: till(read.db, row.terminal_id)?,
        cashier: report.cashier.clone(),
        opened: moment(report.opened_at, report.offset_min, language),
        closed: report.closed_at.map(|at| moment(at, report.offset_min, language)),
        business_date: day(&report.business_date)?,
        currency: standing.currency,
        sales: tally(report.sales, report.sales_total),
        returns: tally(report.returns, report.returns_total.abs()),
        voids: tally(report.voids, report.voids_total.abs()),
        discounts: tally(report.discounts, report.discount),
        net_sales: report.total,
        rounding: report.rounding,
        debts: tally(report.account_payments, report.account_payments_total),
        tenders: tenders(&report, language)?,
        taxes: report
            .taxes
            .iter()
            .map(|tax| TaxLine {
                mark: tax.code.clone(),
                label: tax.name.clone(),
                base: tax.base,
                tax: tax.tax,
                included: true,
            })
            .collect(),
        categories: report
            .categories
            .iter()
            .map(|category| NamedTally {
                label: category.name.clone(),
                tally: tally(category.count, category.total),
            })
            .collect(),
        cash: cash(&report)?,
        no_sale: report.no_sales,
        line_voids: report.line_voids,
        parked: report.held,
        first_number: report.first_number.clone().unwrap_or_default(),
        last_number: report.last_number.clone().unwrap_or_default(),
        centre: centre_word(read, session_id, &report)?,
        copy,
        stamp: None,
    })
}

/// What the centre says of a closed session's receipts, as far as it was asked.
fn centre_word(
    read: &Read<'_>,
    session_id: SessionId,
    report: &SessionReport,
) -> Result<Option<CentreWord>> {
    if report.number.is_none() || sync::store::centre(read.db)?.is_none() {
        return Ok(None);
    }
    let said = sync::view::of_session(read.db, session_id)?;
    // A session has one currency; what comes to nothing has none.
    let tally = |counted: &sync::reconcile::Tally| Tally {
        count: u32::try_from(counted.receipts).unwrap_or(u32::MAX),
        amount: counted.totals.first().map_or(Money::ZERO, |sum| sum.total),
    };
    Ok(Some(match (said.agreement, &said.ours, &said.theirs) {
        (Agreement::Same, Some(ours), _) => CentreWord::Same(tally(ours)),
        (Agreement::Different, Some(ours), Some(theirs)) => {
            CentreWord::Different { here: tally(ours), there: tally(theirs) }
        }
        _ => CentreWord::NotYet,
    }))
}

fn tenders(report: &SessionReport, language: Language) -> Result<Vec<NamedTally>> {
    let mut tallies = Vec::new();
    for tender in &report.tenders {
        // Hidden while the count is blind.
        let Some(taken) = tender.taken else { continue };
        let amount = taken.plus(tender.refunded.unwrap_or(Money::ZERO))?;
        tallies.push(NamedTally {
            label: tender_label(tender.kind, language).to_owned(),
            tally: Tally { count: tender.count, amount },
        });
    }
    Ok(tallies)
}

fn cash(report: &SessionReport) -> Result<CashReport> {
    let cash = report.tenders.iter().find(|tender| tender.kind == TenderKind::Cash);
    let known = |amount: Option<Money>| amount.unwrap_or(Money::ZERO);
    let mut denominations = Vec::new();
    for line in &report.count {
        denominations.push(Denomination { value: line.denomination, pieces: line.pieces });
    }
    let debts = known(report.account_payments_cash);
    Ok(CashReport {
        opening_float: report.opening_float,
        sales: known(cash.and_then(|cash| cash.taken)).minus(debts)?,
        debts,
        refunds: known(cash.and_then(|cash| cash.refunded)).abs(),
        cash_in: report.cash_in,
        cash_out: report.cash_out,
        drops: report.cash_drops,
        expected: report.expected,
        counted: report.counted,
        over_short: report.over_short,
        denominations,
    })
}
