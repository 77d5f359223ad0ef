#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::ids::TaxClassId;

/// Tax of 11 % as Indonesia takes it: 12 % on 11/12 of the price.
pub(crate) fn ppn(inclusive: bool) -> TaxRule {
    TaxRule {
        tax_class: TaxClassId::new(Uuid::from_u128(11)),
        rate: Rate::of(120_000),
        taxable_share: TaxableShare::ELEVEN_TWELFTHS,
        inclusive,
    }
}

/// A line of a shop whose prices contain tax.
pub(crate) fn shop_line(line_no: u32, qty: &str, price: &str) -> Line {
    let price: UnitPrice = price.parse().unwrap();
    Line {
        line_no,
        qty: qty.parse().unwrap(),
        unit_price: price,
        list_price: price,
        tax: ppn(true),
        discount: None,
    }
}

/// A sale in rupiah, taxed line by line.
pub(crate) fn sale_terms() -> Terms {
    Terms {
        direction: Direction::Sale,
        currency: Currency::IDR,
        ticket_discount: None,
        tax_rounding: TaxRounding::Line,
        rounding: Rounding::HalfUp,
    }
}

fn vat(percent: i64, inclusive: bool) -> TaxRule {
    TaxRule {
        tax_class: TaxClassId::new(Uuid::from_u128(20)),
        rate: Rate::percent(percent).unwrap(),
        taxable_share: TaxableShare::WHOLE,
        inclusive,
    }
}

fn taxed(mut line: Line, tax: TaxRule) -> Line {
    line.tax = tax;
    line
}

fn discounted(mut line: Line, discount: Discount) -> Line {
    line.discount = Some(discount);
    line
}

fn percent(percent: i64) -> Discount {
    Discount::Percent(Rate::percent(percent).unwrap())
}

fn amount(minor: i64) -> Discount {
    Discount::Amount(Money::of(minor))
}

/// "net + tax = total", or why not.
fn check(lines: &[Line], terms: &Terms, expected: &str) {
    let found = match total(lines, terms) {
        Ok(totals) => format!("{} + {} = {}", totals.net, totals.tax, totals.total),
        Err(error) => error.to_string(),
    };
    assert_eq!(found, expected, "{lines:?}");
}

#[test]
fn a_ticket_is_added_up_with_and_without_tax_in_the_price() {
    let terms = sale_terms();
    check(&[], &terms, "0 + 0 = 0");
    check(&[shop_line(1, "1", "11100")], &terms, "10000 + 1100 = 11100");
    check(&[shop_line(1, "2", "3500")], &terms, "6306 + 694 = 7000");
    check(&[taxed(shop_line(1, "2", "3500"), ppn(false))], &terms, "7000 + 770 = 7770");
    check(&[taxed(shop_line(1, "1", "9999"), vat(0, true))], &terms, "9999 + 0 = 9999");
    let mixed = [shop_line(1, "1", "11100"), taxed(shop_line(2, "1", "10000"), ppn(false))];
    check(&mixed, &terms, "20000 + 2200 = 22200");
    check(&[shop_line(1, "0.375", "12999")], &terms, "4392 + 483 = 4875");
    check(&[shop_line(1, "1", "0")], &terms, "0 + 0 = 0");
}

#[test]
fn discounts_come_off_before_tax() {
    let terms = sale_terms();
    let line = || shop_line(1, "1", "22200");
    check(&[discounted(line(), percent(50))], &terms, "10000 + 1100 = 11100");
    check(&[discounted(line(), amount(11_100))], &terms, "10000 + 1100 = 11100");
    check(&[discounted(line(), percent(100))], &terms, "0 + 0 = 0");
    let halved = Terms { ticket_discount: Some(percent(50)), ..terms };
    check(&[line()], &halved, "10000 + 1100 = 11100");
    check(&[discounted(line(), percent(50))], &halved, "5000 + 550 = 5550");
    let less = Terms { ticket_discount: Some(amount(22_200)), ..terms };
    check(&[line(), shop_line(2, "1", "11100")], &less, "10000 + 1100 = 11100");
}

#[test]
fn a_return_is_the_mirror_of_its_sale() {
    let back = Terms { direction: Direction::Return, ..sale_terms() };
    check(&[shop_line(1, "-2", "3500")], &back, "-6306 + -694 = -7000");
    let line = discounted(shop_line(1, "-1", "22200"), amount(11_100));
    check(&[line], &back, "-10000 + -1100 = -11100");
}

#[test]
fn tax_rounded_on_the_document_still_adds_up_on_the_lines() {
    // Three lines of 0.33 with 20 % added: 0.066 each is 0.07 by line, 0.198 by document.
    let lines: Vec<Line> =
        (1..=3).map(|no| taxed(shop_line(no, "1", "0.33"), vat(20, false))).collect();
    let by_line = Terms { currency: Currency::GBP, ..sale_terms() };
    let by_document = Terms { tax_rounding: TaxRounding::Document, ..by_line };
    check(&lines, &by_line, "99 + 21 = 120");
    check(&lines, &by_document, "99 + 20 = 119");
    let totals = total(&lines, &by_document).unwrap();
    let taxes: Vec<i64> = totals.lines.iter().map(|line| line.tax.get()).collect();
    assert_eq!(taxes, [7, 7, 6]);
}

#[test]
fn the_taxable_part_is_shown_where_the_law_wants_it() {
    let totals = total(&[shop_line(1, "1", "133200")], &sale_terms()).unwrap();
    let tax = &totals.taxes[0];
    assert_eq!((tax.base.get(), tax.taxable.get(), tax.tax.get()), (120_000, 110_000, 13_200));
}

#[test]
fn taxes_are_listed_by_class_rate_and_kind_of_price() {
    let lines = [
        shop_line(1, "1", "11100"),
        taxed(shop_line(2, "1", "500"), vat(0, true)),
        shop_line(3, "1", "22200"),
        taxed(shop_line(4, "1", "1000"), ppn(false)),
    ];
    let totals = total(&lines, &sale_terms()).unwrap();
    let seen: Vec<_> =
        totals.taxes.iter().map(|t| (t.inclusive, t.base.get(), t.tax.get())).collect();
    assert_eq!(seen, [(true, 30_000, 3_300), (true, 500, 0), (false, 1_000, 110)]);
}

#[test]
fn an_impossible_ticket_is_refused_in_words() {
    let terms = sale_terms();
    let line = || shop_line(1, "1", "1000");
    let check_one = |line: Line, expected: &str| check(&[line], &terms, expected);
    check_one(shop_line(1, "0", "5"), "line 1 has no quantity; enter one or remove the line");
    check_one(
        shop_line(1, "-1", "5"),
        "line 1 has the quantity -1; goods come back on a return, not on a sale",
    );
    check_one(
        shop_line(1, "1000000.1", "5"),
        "line 1 has the quantity 1000000.1; at most 1000000 can be entered",
    );
    check_one(shop_line(1, "1", "-5"), "line 1 has the price -5; a price cannot be below zero");
    check_one(
        shop_line(1, "1", "1000000000000"),
        "line 1 has the price 1000000000000; at most 10000000000 can be entered",
    );
    check_one(discounted(line(), percent(101)), "a discount is between 0 and 100 percent");
    check_one(discounted(line(), percent(-1)), "a discount is between 0 and 100 percent");
    check_one(
        discounted(line(), amount(1_001)),
        "the discount of 1001 is more than the amount of 1000",
    );
    let mut bad = line();
    bad.tax.taxable_share = TaxableShare { part: 12, whole: 11 };
    check_one(bad, "the tax of line 1 is not set up correctly; ask the person who keeps taxes");
    check(&[line(), line()], &terms, "line 1 is on the ticket twice");
    let over = Terms { ticket_discount: Some(amount(1_001)), ..terms };
    check(&[line()], &over, "the discount of 1001 is more than the amount of 1000");
    check(&[shop_line(1, "1000000", "10000000000")], &terms, "the number is too large");
    let many: Vec<Line> = (1..=2_001).map(|no| shop_line(no, "1", "1")).collect();
    check(&many, &terms, "a ticket holds at most 2000 lines; this one has 2001");
    assert_eq!(check_not_empty(&[]), Err(TicketError::Empty));
    let error = total(&[shop_line(7, "0", "5")], &terms).unwrap_err();
    assert_eq!((error.code(), error.line_no()), ("zero_qty", Some(7)));
}

fn any_discount() -> impl Strategy<Value = Option<Discount>> {
    prop_oneof![
        3 => Just(None),
        2 => (0_i64..=1_000_000).prop_map(|rate| Some(Discount::Percent(Rate::of(rate)))),
        1 => (0_i64..=50).prop_map(|minor| Some(Discount::Amount(Money::of(minor)))),
    ]
}

fn any_tax() -> impl Strategy<Value = TaxRule> {
    (0_usize..5, any::<bool>()).prop_map(|(which, inclusive)| match which {
        0 => vat(0, inclusive),
        1 => vat(5, inclusive),
        2 => vat(20, inclusive),
        3 => TaxRule { rate: Rate::of(182_500), ..vat(0, inclusive) },
        _ => ppn(inclusive),
    })
}

fn any_lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (1_i64..=9_000_000, 0_i64..=9_000_000_000, any_tax(), any_discount());
    prop::collection::vec(line, 0..40).prop_map(|all| {
        let numbered = all.into_iter().zip(1..);
        numbered
            .map(|((qty, price, tax, discount), line_no)| Line {
                line_no,
                qty: Qty::of(qty),
                unit_price: UnitPrice::of(price),
                list_price: UnitPrice::of(price),
                tax,
                discount,
            })
            .collect()
    })
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let rounding = prop::sample::select(vec![
        Rounding::HalfUp,
        Rounding::HalfEven,
        Rounding::Down,
        Rounding::Up,
    ]);
    let place = prop::sample::select(vec![TaxRounding::Line, TaxRounding::Document]);
    let currency = prop::sample::select(vec![Currency::IDR, Currency::GBP]);
    (any_discount(), place, rounding, currency).prop_map(|(discount, place, rounding, currency)| {
        Terms {
            direction: Direction::Sale,
            currency,
            ticket_discount: discount,
            tax_rounding: place,
            rounding,
        }
    })
}

fn sum(all: impl Iterator<Item = Money>) -> Money {
    Money::sum(all).unwrap()
}

proptest! {
    #[test]
    fn what_is_printed_adds_up(lines in any_lines(), terms in any_terms()) {
        let Ok(t) = total(&lines, &terms) else { return Ok(()) };
        for (line, sums) in lines.iter().zip(&t.lines) {
            prop_assert_eq!(sums.net.plus(sums.tax).unwrap(), sums.total);
            let after = sums.gross.minus(sums.line_discount).unwrap()
                .minus(sums.ticket_discount_share).unwrap();
            prop_assert_eq!(if line.tax.inclusive { sums.total } else { sums.net }, after);
            prop_assert!(!after.is_negative() && !sums.tax.is_negative());
            prop_assert!(!sums.net.is_negative());
        }
        prop_assert_eq!(t.total, sum(t.lines.iter().map(|line| line.total)));
        prop_assert_eq!(t.tax, sum(t.taxes.iter().map(|tax| tax.tax)));
        prop_assert_eq!(t.net, sum(t.taxes.iter().map(|tax| tax.base)));
        prop_assert_eq!(t.net.plus(t.tax).unwrap(), t.total);
    }

    #[test]
    fn a_price_with_tax_in_it_is_what_the_customer_pays(
        mut lines in any_lines(), terms in any_terms(), rate in 0_i64..300_000,
    ) {
        for line in &mut lines {
            line.tax = TaxRule { rate: Rate::of(rate), ..vat(0, true) };
        }
        let taxed_total = total(&lines, &terms).map(|t| t.total);
        for line in &mut lines {
            line.tax = vat(0, true);
        }
        prop_assert_eq!(taxed_total, total(&lines, &terms).map(|t| t.total));
    }

    #[test]
    fn every_return_of_a_whole_ticket_mirrors_it(lines in any_lines(), terms in any_terms()) {
        let Ok(sold) = total(&lines, &terms) else { return Ok(()) };
        let back: Vec<Line> = lines
            .iter()
            .map(|line| Line { qty: line.qty.negated(), ..line.clone() })
            .collect();
        let terms = Terms { direction: Direction::Return, ..terms };
        let returned = total(&back, &terms).unwrap();
        prop_assert_eq!(returned.total, sold.total.negated());
        prop_assert_eq!(returned.tax, sold.tax.negated());
    }
}
