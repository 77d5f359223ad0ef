//! What a ticket must pass before it becomes a sale: goods, prices, credit.
//!
//! **Invariant:** a limit is passed only with the signature of somebody whose own limits allow it.

use lumbung_domain::discount::{Approval, NeedsApproval};
use lumbung_domain::num::Money;
use lumbung_domain::stock::{self, Issue, NegativeStock, StockError};
use lumbung_domain::tender::{Settlement, TenderKind};

use super::serials;
use super::ticket::{PricedLine, PricedTicket, needs_approval};
use crate::customers;
use crate::door::{Actor, Write};
use crate::error::{Refusal, Result, refuse_field};
use crate::inventory;

/// Restricted goods are checked, and stock is there or the policy lets it go.
pub(super) fn check_lines(write: &mut Write<'_, '_>, priced: &PricedTicket) -> Result<()> {
    let policy = write.standing.settings.till.negative_stock;
    if let Some(wrong) = serials::problems(write.db(), &priced.lines)?.into_iter().flatten().next()
    {
        return Err(wrong.into());
    }
    for line in &priced.lines {
        let product = &line.sellable.product;
        if !product.restriction.is_empty() && !line.line.checked {
            return Err(Refusal::new(
                "must_check",
                format!("{} is restricted: check {} first.", product.name, product.restriction),
            )
            .fact("product", &product.name)
            .fact("restriction", &product.restriction)
            .into());
        }
        if product.kind == "goods" {
            check_stock(write, line, policy)?;
        }
    }
    Ok(())
}

fn check_stock(write: &mut Write<'_, '_>, line: &PricedLine, policy: NegativeStock) -> Result<()> {
    let product = &line.sellable.product;
    if policy == NegativeStock::Warn {
        return Ok(());
    }
    let on_hand = inventory::sellable(write, product.product_id)?;
    match stock::check_issue(on_hand, line.base_qty, policy) {
        Ok(Issue::Enough | Issue::Below) => Ok(()),
        Ok(Issue::AskManager) => {
            let detail = format!("only {on_hand} {} of {} left", product.base_unit, product.name);
            write.permit("pos:approve", "negative_stock", &detail)
        }
        Err(StockError::NotEnough { .. }) => {
            let left = format!("only {on_hand} {} of {} left", product.base_unit, product.name);
            Err(Refusal::new("not_enough_stock", format!("There is {left}."))
                .fact("product", &product.name)
                .fact("available", on_hand)
                .into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Discounts, overrides and floors: within the cashier's limits, or signed for.
pub(super) fn approve(write: &mut Write<'_, '_>, priced: &PricedTicket) -> Result<()> {
    let branch = write.standing.branch.branch_id;
    let discounted =
        !priced.totals.line_discounts.is_zero() || !priced.totals.ticket_discount.is_zero();
    if discounted {
        write.permit("pos:discount", "discount", "a discount")?;
    }
    if let Some(line) = priced.lines.iter().find(|line| line.line.price.is_some()) {
        let detail = format!("{} at {} by hand", line.sellable.product.name, line.unit_price);
        write.permit("pos:override_price", "price_override", &detail)?;
    }
    let standing = std::sync::Arc::clone(&write.standing);
    let needed = needs_approval(&standing, &write.actor, priced)?;
    for need in needed {
        let detail = detail_of(&need, &standing);
        let what = need.what.code();
        // The signature counts only from somebody whose own limits allow it.
        let approver_fits = |person: &Actor| {
            let still = needs_approval(&standing, person, priced).unwrap_or_default();
            person.may("pos:approve", branch)
                && (matches!(need.what, Approval::BelowFloor { .. })
                    || !still
                        .iter()
                        .any(|other| other.line_no == need.line_no && other.what.code() == what))
        };
        write.sign_off(what, &detail, approver_fits)?;
    }
    Ok(())
}

fn detail_of(need: &NeedsApproval, standing: &crate::standing::Standing) -> String {
    let line = need.line_no.map(|no| format!(" on line {no}")).unwrap_or_default();
    let money = |amount: Money| standing.money(amount);
    match &need.what {
        Approval::DiscountOverLimit { given, allowed } => {
            let (given, allowed) = (money(*given), money(*allowed));
            format!("a discount of {given}{line}, above the limit of {allowed}")
        }
        Approval::BelowFloor { .. } => format!("a price below the lowest{line}"),
        Approval::PriceOverride { list, asked } => {
            format!("a price of {asked} instead of {list}{line}")
        }
    }
}

/// Selling on account: to a named customer, within what was agreed, or signed for.
pub(super) fn check_credit(
    write: &mut Write<'_, '_>,
    priced: &PricedTicket,
    settlement: &Settlement,
) -> Result<()> {
    let on_account = Money::sum(
        settlement
            .tenders
            .iter()
            .filter(|tender| tender.kind == TenderKind::OnAccount)
            .map(|tender| tender.amount),
    )?;
    if on_account.is_zero() {
        return Ok(());
    }
    let Some(customer) = &priced.customer else {
        return Err(refuse_field!(
            "customer_id",
            "choose_customer",
            "Choose a customer to sell on account."
        ));
    };
    let standing = std::sync::Arc::clone(&write.standing);
    let (db, date) = (write.db(), priced.date);
    let refused = customers::check_credit(db, &standing, customer, on_account, date);
    if let Err(error) = refused {
        // Credit that was never given, or was stopped, is not a manager's to give at the till.
        if !["credit_overdue", "credit_over_limit"].contains(&error.failure().code.as_str()) {
            return Err(error);
        }
        let detail = format!("{} on account: {error}", customer.name);
        write.permit("pos:approve", "credit_limit", &detail)?;
    }
    Ok(())
}
