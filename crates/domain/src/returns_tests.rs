#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::TenderKind::*;
use super::*;
use crate::num::CashRounding;
use crate::tender::CashRule;
use crate::ticket::tests::{sale_terms, shop_line};
use crate::ticket::{Discount, TaxRule, total};

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn sold_line(qty: &str, price: &str, inclusive: bool) -> SoldLine {
    let mut line = shop_line(1, qty, price);
    line.tax = TaxRule { inclusive, ..line.tax };
    line.discount = Some(Discount::Amount(Money::of(7)));
    let mut terms = sale_terms();
    terms.ticket_discount = Some(Discount::Amount(Money::of(5)));
    let totals = total(&[line], &terms).unwrap();
    SoldLine {
        qty: Returnable { line_no: 1, sold: qty.parse().unwrap(), already_returned: Qty::ZERO },
        inclusive,
        paid: Amounts::from(&totals.lines[0]),
        refunded: Amounts::default(),
    }
}

#[test]
fn never_more_comes_back_than_was_sold() {
    let check = |returned: &str, qty: &str, expected: &str| {
        let line = Returnable {
            line_no: 4,
            sold: "3".parse().unwrap(),
            already_returned: returned.parse().unwrap(),
        };
        let found = match check_return(&line, qty.parse().unwrap()) {
            Ok(()) => "taken back".to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{qty} after {returned}");
    };
    check("0", "3", "taken back");
    check("1", "2", "taken back");
    check("1", "0.5", "taken back");
    check("0", "0", "enter how much comes back of line 4");
    check("0", "-1", "enter how much comes back of line 4");
    check("2", "1.5", "only 1 of line 4 can come back: 3 sold, 2 already returned");
    check("3", "1", "only 0 of line 4 can come back: 3 sold, 3 already returned");
}

#[test]
fn three_refunds_of_a_third_are_exactly_the_whole() {
    let mut line = sold_line("3", "3337", true);
    let mut totals = Vec::new();
    for _ in 0..3 {
        let part = refund_part(&line, Qty::ONE).unwrap();
        totals.push(part.total.get());
        line.refunded = line.refunded.plus(&part).unwrap();
        line.qty.already_returned = line.qty.already_returned.plus(Qty::ONE).unwrap();
    }
    assert_eq!(line.refunded, line.paid);
    assert_eq!(totals, [3333, 3333, 3333]);
    assert!(refund_part(&line, Qty::ONE).is_err());
}

#[test]
fn an_old_receipt_is_refused_where_the_shop_says_so() {
    let sold_on = day("2026-11-01");
    assert_eq!(check_age(sold_on, day("2026-11-15"), Some(14)), Ok(()));
    assert_eq!(check_age(sold_on, day("2030-01-01"), None), Ok(()));
    let late = check_age(sold_on, day("2026-11-16"), Some(14)).unwrap_err();
    assert_eq!(late.to_string(), "this receipt is from 2026-11-01; goods come back within 14 days");
}

#[test]
fn money_goes_back_the_way_it_came() {
    let check = |original: &[(TenderKind, i64)],
                 refunded: &[(TenderKind, i64)],
                 amount: i64,
                 cash_limit: Option<i64>,
                 expected: &str| {
        let money = |parts: &[(TenderKind, i64)]| -> Vec<(TenderKind, Money)> {
            parts.iter().map(|&(kind, amount)| (kind, Money::of(amount))).collect()
        };
        let policy =
            RefundPolicy { cash_limit: cash_limit.map(Money::of), ..RefundPolicy::default() };
        let back = refund_tenders(&money(original), &money(refunded), Money::of(amount), &policy);
        let found = match back {
            Ok(parts) => parts
                .iter()
                .map(|(kind, amount)| format!("{kind} {amount}"))
                .collect::<Vec<_>>()
                .join(", "),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{amount} of {original:?} after {refunded:?}");
    };
    check(&[(Cash, 100)], &[], 60, None, "cash 60");
    check(&[(Cash, 100)], &[(Cash, 60)], 40, None, "cash 40");
    check(&[(Cash, 100)], &[], 60, Some(50), "cash 50, store credit 10");
    check(&[(Card, 100)], &[], 60, None, "card 60");
    check(&[(Card, 70), (Cash, 30)], &[], 100, None, "card 70, cash 30");
    check(&[(Card, 70), (Cash, 30)], &[(Card, 70)], 20, None, "cash 20");
    check(&[(Cash, 30), (OnAccount, 70)], &[], 80, None, "on account 70, cash 10");
    check(&[(Qr, 100)], &[], 60, None, "store credit 60");
    check(&[(StoreCredit, 20), (Qr, 80)], &[], 60, None, "store credit 60");
    check(&[(Cash, 100)], &[(StoreCredit, 60)], 40, None, "cash 40");
    check(&[(Cash, 100)], &[(Cash, 60)], 41, None, "only 40 of this receipt has not been refunded");
    check(&[(Cash, 100)], &[], 0, None, "");
    check(&[(Cash, 100)], &[], -1, None, "a refund is not below zero; this one is -1");
}

#[test]
fn the_rounding_of_a_sale_goes_back_with_its_last_part() {
    let rule = CashRule { step: 100, rounding: CashRounding::Nearest };
    let sold = (Money::of(12_350), Money::of(50));
    let nothing = (Money::ZERO, Money::ZERO);
    let rounding = |refunded, part| refund_rounding(sold, refunded, Money::of(part), rule).unwrap();
    assert_eq!(rounding(nothing, 12_350), RefundRounding::Exactly(Money::of(-50)));
    assert_eq!(rounding(nothing, 6_000), RefundRounding::ByRule(rule));
    let some = (Money::of(6_175), Money::of(25));
    assert_eq!(rounding(some, 6_175), RefundRounding::Exactly(Money::of(-25)));
}

#[test]
fn without_a_receipt_the_stricter_rule_holds() {
    let price = |text: &str| text.parse::<UnitPrice>().unwrap();
    let rule = NoReceiptRule { days: 30, limit: Some(Money::of(50_000)) };
    let sold = [
        (day("2026-10-01"), price("8000")),
        (day("2026-11-01"), price("9500")),
        (day("2026-11-18"), price("10000")),
        (day("2026-11-25"), price("1")),
    ];
    assert_eq!(lowest_price(&sold, day("2026-11-20"), &rule), Ok(price("9500")));
    assert_eq!(
        lowest_price(&sold[..1], day("2026-11-20"), &rule),
        Err(ReturnError::NotSoldLately { days: 30 })
    );
    let good = NoReceiptReturn {
        approved: true,
        customer_named: true,
        amount: Money::of(9_500),
        prices: &[(price("9500"), price("9500"))],
        tenders: &[StoreCredit],
    };
    let code = |facts: NoReceiptReturn<'_>| {
        check_without_receipt(&facts, &rule).map_err(|error| error.code())
    };
    assert_eq!(code(good), Ok(()));
    for (facts, expected) in [
        (NoReceiptReturn { approved: false, ..good }, "return_needs_manager"),
        (NoReceiptReturn { customer_named: false, ..good }, "return_needs_customer"),
        (NoReceiptReturn { tenders: &[StoreCredit, Cash], ..good }, "return_only_store_credit"),
        (NoReceiptReturn { amount: Money::of(50_001), ..good }, "return_over_limit"),
        (
            NoReceiptReturn { prices: &[(price("9501"), price("9500"))], ..good },
            "return_price_too_high",
        ),
    ] {
        assert_eq!(code(facts), Err(expected));
    }
}

#[test]
fn small_returns_in_cash_never_draw_more_than_was_paid() {
    // Five at 50, paid 300 for 250; a refund of 50 in cash is 100 each time.
    let rule = CashRule { step: 100, rounding: CashRounding::Nearest };
    let sold = (Money::of(250), Money::of(50));
    let mut refunded = (Money::ZERO, Money::ZERO);
    let mut due = Vec::new();
    for _ in 0..5 {
        let part = Money::of(50);
        let rounding = refund_rounding(sold, refunded, part, rule).unwrap();
        due.push(paid_back(part, &rounding));
        refunded.0 = refunded.0.plus(part).unwrap();
        refunded.1 = refunded.1.plus(Money::of(due[due.len() - 1] - 50)).unwrap();
    }
    assert_eq!(due, [100, 100, 100, 0, 0]);
}

/// What goes over the counter for a part, all of it in cash.
fn paid_back(part: Money, rounding: &RefundRounding) -> i64 {
    match rounding {
        RefundRounding::ByRule(rule) => part.round_to(rule.step, rule.rounding).unwrap().get(),
        RefundRounding::Exactly(exactly) => part.minus(*exactly).unwrap().get(),
    }
}

proptest! {
    #[test]
    fn the_refunds_of_a_receipt_are_what_was_paid_for_it(
        parts in prop::collection::vec(1_i64..2_000, 1..10),
        step in prop::sample::select(vec![1_i64, 100, 500]),
        way in prop::sample::select(vec![
            CashRounding::Nearest, CashRounding::Up, CashRounding::Down,
        ]),
    ) {
        let rule = CashRule { step, rounding: way };
        let total = Money::of(parts.iter().sum());
        let paid = total.round_to(step, way).unwrap();
        let sold = (total, paid.minus(total).unwrap());
        let mut refunded = (Money::ZERO, Money::ZERO);
        let mut back = 0;
        for part in parts.into_iter().map(Money::of) {
            let rounding = refund_rounding(sold, refunded, part, rule).unwrap();
            let due = paid_back(part, &rounding);
            prop_assert!(due >= 0);
            back += due;
            prop_assert!(back <= paid.get());
            refunded.0 = refunded.0.plus(part).unwrap();
            refunded.1 = refunded.1.plus(Money::of(due - part.get())).unwrap();
        }
        prop_assert_eq!(back, paid.get());
    }

    #[test]
    fn the_parts_of_a_line_are_refunded_to_the_last_coin(
        price in 13_i64..100_000,
        parts in prop::collection::vec(1_i64..5_000_000, 1..8),
        inclusive in any::<bool>(),
    ) {
        let whole = Qty::of(parts.iter().sum::<i64>().max(1_000_000)).to_string();
        let mut line = sold_line(&whole, &price.to_string(), inclusive);
        for part in parts {
            let qty = Qty::of(part).min(line.qty.left().unwrap());
            let amounts = refund_part(&line, qty).unwrap();
            prop_assert_eq!(amounts.net.plus(amounts.tax).unwrap(), amounts.total);
            prop_assert!(!amounts.total.is_negative() && !amounts.net.is_negative());
            line.refunded = line.refunded.plus(&amounts).unwrap();
            line.qty.already_returned = line.qty.already_returned.plus(qty).unwrap();
        }
        let left = line.qty.left().unwrap();
        if left.is_positive() {
            let last = refund_part(&line, left).unwrap();
            line.refunded = line.refunded.plus(&last).unwrap();
        }
        prop_assert_eq!(line.refunded, line.paid);
    }
}
