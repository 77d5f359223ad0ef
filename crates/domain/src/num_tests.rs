#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::*;

#[test]
fn a_number_is_read_strictly_and_a_wrong_one_says_why() {
    let read = |text: &str| match text.parse::<Qty>() {
        Ok(qty) => qty.get().to_string(),
        Err(error) => error.code().to_owned(),
    };
    for (text, expected) in [
        ("1.5", "1500000"),
        ("0", "0"),
        ("-0.000001", "-1"),
        ("12.500000000", "12500000"),
        ("007", "7000000"),
        ("1,5", "number_has_comma"),
        ("1,500.25", "number_has_comma"),
        ("1.0000001", "too_many_decimals"),
        ("1e9", "not_a_number"),
        ("NaN", "not_a_number"),
        ("inf", "not_a_number"),
        ("", "not_a_number"),
        ("-", "not_a_number"),
        (".5", "not_a_number"),
        ("5.", "not_a_number"),
        ("+5", "not_a_number"),
        ("--5", "not_a_number"),
        (" 5", "not_a_number"),
        ("0x10", "not_a_number"),
        ("1.-5", "not_a_number"),
        ("٣", "not_a_number"),
        ("9223372036854.775807", "9223372036854775807"),
        ("9223372036854.775808", "number_too_large"),
        ("99999999999999999999999999", "number_too_large"),
    ] {
        assert_eq!(read(text), expected, "{text:?}");
    }
    let comma = "1,5".parse::<UnitPrice>().unwrap_err().to_string();
    assert_eq!(comma, "\"1,5\" has a comma; write a decimal point and no thousands separators");
}

#[test]
fn a_number_is_written_plainly_and_without_idle_zeros() {
    assert_eq!("2.5500".parse::<UnitPrice>().unwrap().to_string(), "2.55");
    assert_eq!(Qty::of(1_500_000).to_string(), "1.5");
    assert_eq!(Qty::of(-1).to_string(), "-0.000001");
    assert_eq!(Rate::of(110_000).to_string(), "0.11");
    assert_eq!(Money::of(-12_500).to_string(), "-12500");
    assert_eq!(format!("{:>6}", Qty::ONE), "     1");
    assert_eq!(format!("{:?}", Rate::ONE), "Rate(1)");
    assert_eq!(Money::of(1250).to_major(Currency::GBP), "12.50");
    assert_eq!(Money::of(-5).to_major(Currency::GBP), "-0.05");
    assert_eq!(Money::of(12_500).to_major(Currency::IDR), "12500");
    assert_eq!(Money::from_major("12.5", Currency::GBP), Ok(Money::of(1250)));
    assert!(Money::from_major("12.5", Currency::IDR).is_err());
}

#[test]
fn json_holds_money_as_a_whole_number_and_the_rest_as_text() {
    let json = |text: &str| {
        (
            serde_json::from_str::<Money>(text).map(Money::get).ok(),
            serde_json::from_str::<Qty>(text).map(Qty::get).ok(),
        )
    };
    for (text, money, qty) in [
        ("12500", Some(12_500), Some(12_500_000_000)),
        ("\"12500\"", Some(12_500), Some(12_500_000_000)),
        ("\"1.5\"", None, Some(1_500_000)),
        ("1.5", None, None),
        ("1.0", None, None),
        ("1e3", None, None),
        ("null", None, None),
        ("true", None, None),
        ("[1]", None, None),
        ("9007199254740991", Some(9_007_199_254_740_991), None),
        ("9007199254740992", None, None),
        ("-9007199254740992", None, None),
        ("18446744073709551615", None, None),
    ] {
        assert_eq!(json(text), (money, qty), "{text}");
    }
    assert_eq!(serde_json::to_string(&Money::of(-5)).unwrap(), "-5");
    assert_eq!(serde_json::to_string(&UnitPrice::of(25_500)).unwrap(), "\"2.55\"");
}

#[test]
fn a_sum_too_large_is_an_error_and_never_wraps() {
    assert_eq!(Money::MAX.plus(Money::of(1)), Err(NumError::TooLarge));
    assert_eq!(Money::MAX.negated().minus(Money::of(1)), Err(NumError::TooLarge));
    assert_eq!(Qty::MAX.plus(Qty::MAX), Err(NumError::TooLarge));
    assert_eq!(Qty::new(i64::MIN), Err(NumError::TooLarge));
    let back_and_forth = [Money::MAX, Money::of(1), Money::of(-1)];
    assert_eq!(Money::sum(back_and_forth), Ok(Money::MAX), "only the result must fit");
    assert_eq!(
        UnitPrice::MAX.times(Qty::MAX, Currency::IDR, Rounding::HalfUp),
        Err(NumError::TooLarge)
    );
}

#[test]
fn price_times_quantity_is_rounded_once() {
    for (price, qty, currency, expected) in [
        ("3500", "2", Currency::IDR, 7_000),
        ("12999", "0.375", Currency::IDR, 4_875),
        ("2.55", "3", Currency::GBP, 765),
        ("0.001", "5", Currency::GBP, 1),
        ("0.0001", "1", Currency::GBP, 0),
        ("2.55", "-3", Currency::GBP, -765),
        ("0.125", "1", Currency::GBP, 13),
        ("-11062.06", "1", Currency::GBP, -1_106_206),
    ] {
        let price: UnitPrice = price.parse().unwrap();
        let qty: Qty = qty.parse().unwrap();
        let money = price.times(qty, currency, Rounding::HalfUp).unwrap();
        assert_eq!(money.get(), expected, "{price} x {qty}");
    }
    let exact = "0.001".parse::<UnitPrice>().unwrap().exact_times(Qty::of(2_000_000)).unwrap();
    assert_eq!(exact.normalize().to_string(), "0.002");
}

#[test]
fn a_price_is_found_back_from_an_amount() {
    let per = |amount: i64, qty: &str, currency| {
        let qty: Qty = qty.parse().unwrap();
        UnitPrice::per_unit(Money::of(amount), qty, currency, Rounding::HalfUp)
            .map(|price| price.to_string())
    };
    assert_eq!(per(7_000, "2", Currency::IDR).unwrap(), "3500");
    assert_eq!(per(100, "3", Currency::GBP).unwrap(), "0.3333");
    assert_eq!(per(-100, "-3", Currency::GBP).unwrap(), "0.3333");
    assert_eq!(per(1, "0", Currency::IDR), Err(NumError::DivideByZero));
    assert_eq!(UnitPrice::from_money(Money::of(255), Currency::GBP), Ok(UnitPrice::of(25_500)));
}

#[test]
fn boxes_become_pieces() {
    let boxes: Qty = "2.5".parse().unwrap();
    assert_eq!(boxes.in_base(Qty::whole(24).unwrap()), Qty::whole(60));
    assert!(Qty::whole(60).unwrap().is_whole());
    assert!(!boxes.is_whole());
    assert_eq!(Rate::percent(11), Ok(Rate::of(110_000)));
}

#[test]
fn a_cash_amount_is_rounded_to_the_coin() {
    for (amount, step, way, expected) in [
        (12_349, 100, CashRounding::Nearest, 12_300),
        (12_350, 100, CashRounding::Nearest, 12_400),
        (-12_350, 100, CashRounding::Nearest, -12_400),
        (12_301, 100, CashRounding::Up, 12_400),
        (12_399, 100, CashRounding::Down, 12_300),
        (12_300, 100, CashRounding::Up, 12_300),
        (1_003, 5, CashRounding::Nearest, 1_005),
    ] {
        let rounded = Money::of(amount).round_to(step, way).unwrap();
        assert_eq!(rounded.get(), expected, "{amount} by {step} {way:?}");
    }
    assert!(Money::of(1).round_to(0, CashRounding::Up).is_err());
}

#[test]
fn what_is_left_of_a_split_goes_to_the_largest_remainders() {
    let split = |amount: i64, weights: &[i64]| {
        Money::of(amount)
            .split(weights)
            .map(|all| all.into_iter().map(Money::get).collect::<Vec<_>>())
    };
    assert_eq!(split(100, &[1, 1, 1]).unwrap(), [34, 33, 33]);
    assert_eq!(split(-100, &[1, 1, 1]).unwrap(), [-34, -33, -33]);
    assert_eq!(split(10, &[0, 1, 2]).unwrap(), [0, 3, 7]);
    assert_eq!(split(0, &[5]).unwrap(), [0]);
    for none in [&[][..], &[0, 0], &[3, -1]] {
        assert_eq!(split(10, none), Err(NumError::DivideByZero), "{none:?}");
    }
}

proptest! {
    #[test]
    fn shares_add_up_and_none_is_a_unit_away_from_exact(
        amount in -9_007_199_254_740_991_i64..=9_007_199_254_740_991,
        weights in prop::collection::vec(0_i64..=i64::MAX, 1..60),
    ) {
        let whole: i128 = weights.iter().map(|&w| i128::from(w)).sum();
        prop_assume!(whole > 0);
        let shares = Money::of(amount).split(&weights).unwrap();
        prop_assert_eq!(Money::sum(shares.iter().copied()), Ok(Money::of(amount)));
        for (share, &weight) in shares.iter().zip(&weights) {
            let exact = i128::from(amount) * i128::from(weight);
            prop_assert!((i128::from(share.get()) * whole - exact).abs() < whole);
        }
    }

    #[test]
    fn text_and_back_is_the_same_number(parts in -i64::MAX..=i64::MAX) {
        let qty = Qty::of(parts);
        prop_assert_eq!(qty.to_string().parse::<Qty>(), Ok(qty));
        let json = serde_json::to_string(&qty).unwrap();
        prop_assert_eq!(serde_json::from_str::<Qty>(&json).unwrap(), qty);
    }

    #[test]
    fn any_text_is_read_or_refused_but_never_panics(text in "\\PC*") {
        let _ = text.parse::<Money>();
        let _ = text.parse::<UnitPrice>();
    }

    #[test]
    fn a_product_is_the_nearest_whole_to_the_exact_one(
        price in 0_i64..1_000_000_000_000,
        qty in -1_000_000_000_i64..1_000_000_000,
    ) {
        let (price, qty) = (UnitPrice::of(price), Qty::of(qty));
        let money = price.times(qty, Currency::GBP, Rounding::HalfUp).unwrap();
        let exact = i128::from(price.get()) * i128::from(qty.get());
        prop_assert!((i128::from(money.get()) * 100_000_000 - exact).abs() <= 50_000_000);
        let mirrored = price.times(qty.negated(), Currency::GBP, Rounding::HalfUp).unwrap();
        prop_assert_eq!(mirrored, money.negated());
    }
}
