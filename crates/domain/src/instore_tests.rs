#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::*;

fn rule(pattern: &str, value: RuleKind) -> Rule {
    Rule::new(RuleSpec { pattern: pattern.to_owned(), value }).unwrap()
}

#[test]
fn an_in_store_code_carries_a_weight_or_a_price() {
    let rules: Vec<Rule> =
        default_rules().into_iter().map(|spec| Rule::new(spec).unwrap()).collect();
    let weighed = rules[0].make("12345", 1_250).unwrap();
    assert_eq!(weighed, "2012345012509");
    let read = apply(&rules, &weighed).unwrap().unwrap();
    assert_eq!(read.item_code, "12345");
    assert_eq!(read.value, InStoreValue::Qty("1.25".parse().unwrap()));
    let priced = apply(&rules, &rules[2].make("00007", 25_500).unwrap()).unwrap().unwrap();
    assert_eq!(priced.value, InStoreValue::Price("25500".parse().unwrap()));
    let plain = apply(&rules, &rules[3].make("0000000042", 0).unwrap()).unwrap().unwrap();
    assert_eq!((plain.item_code.as_str(), plain.value), ("0000000042", InStoreValue::None));
    assert_eq!(apply(&rules, "7622300442477"), Ok(None));
    assert_eq!(apply(&rules, "2012345"), Ok(None));
    let torn = apply(&rules, "2012345012505").unwrap_err();
    assert_eq!(torn, BarcodeError::WrongCheckDigit { code: "2012345012505".into(), expected: 9 });
    let empty = rules[0].make("12345", 0).unwrap();
    assert_eq!(apply(&rules, &empty).unwrap_err().code(), "barcode_without_value");
    assert_eq!(rules[0].make("1234", 5).unwrap_err().code(), "does_not_fit_pattern");
    assert_eq!(rules[0].make("12345", 100_000).unwrap_err().code(), "does_not_fit_pattern");
}

#[test]
fn the_check_digit_of_a_price_is_the_one_of_gs1() {
    for (digits, expected) in [("2875", 9), ("14685", 6), ("0000", 0), ("00000", 0)] {
        assert_eq!(value_check_digit(digits), Some(expected), "{digits}");
    }
    let rule = rule("02PPPPPVWWWWC", RuleKind::Price { decimals: 2 });
    let code = rule.make("00123", 2_875).unwrap();
    assert_eq!(&code[7..12], "92875");
    let rules = [rule];
    let read = apply(&rules, &code).unwrap().unwrap();
    assert_eq!(read.value, InStoreValue::Price("28.75".parse().unwrap()));
    let body = "020012382875";
    let torn = format!("{body}{}", check_digit(body).unwrap());
    assert_eq!(apply(&rules, &torn).unwrap_err().code(), "wrong_value_digit");
}

#[test]
fn a_pattern_which_makes_no_sense_is_refused_with_its_reason() {
    use PatternProblem::*;
    let weight = |decimals| RuleKind::Weight { decimals };
    for (pattern, value, problem) in [
        ("20P", weight(0), Length),
        ("20PPPPPXXXXXC", weight(3), Letter),
        ("20ppppwwwwwwc", weight(3), Letter),
        ("20WWWWWWWWWWC", weight(3), Value),
        ("2012345WWWWWC", weight(3), NoItem),
        ("20PPPPPPPPPPC", weight(3), Value),
        ("20PPPPPWWWWWC", RuleKind::Plain, Value),
        ("20PWPWPWPWPWC", weight(3), Scattered),
        ("20PPPPCPWWWWW", weight(3), Scattered),
        ("20PPPPPCWWWWW", weight(3), CheckDigit),
        ("20PPPPVWWWWWWC", weight(3), CheckDigit),
        ("20PPPPPWWWWWC", weight(7), Decimals),
        ("20PPPPPWWWWWC", RuleKind::Price { decimals: 5 }, Decimals),
        ("??PPPPPWWWWWC", weight(3), Prefix),
    ] {
        let error = Rule::new(RuleSpec { pattern: pattern.to_owned(), value }).unwrap_err();
        let expected = if pattern == "20WWWWWWWWWWC" { NoItem } else { problem };
        assert!(
            matches!(&error, BarcodeError::BadPattern { problem, .. } if *problem == expected),
            "{pattern}: {error}"
        );
    }
}

proptest! {
    #[test]
    fn whatever_a_scanner_sends_is_read_or_refused(raw in "\\PC{0,50}", code in "2[0-9]{12}") {
        let rules: Vec<Rule> =
            default_rules().into_iter().map(|spec| Rule::new(spec).unwrap()).collect();
        let _ = apply(&rules, &raw);
        let _ = apply(&rules, &code);
    }

    #[test]
    fn any_pattern_is_a_rule_or_refused(pattern in "\\PC{0,20}", decimals in any::<u8>()) {
        let _ = Rule::new(RuleSpec { pattern, value: RuleKind::Weight { decimals } });
    }

    #[test]
    fn a_label_is_read_back(item in "[0-9]{5}", grams in 1_u32..100_000) {
        let rules = [rule("20PPPPPWWWWWC", RuleKind::Weight { decimals: 3 })];
        let code = rules[0].make(&item, grams).unwrap();
        let read = apply(&rules, &code).unwrap().unwrap();
        prop_assert_eq!(read.item_code, item);
        prop_assert_eq!(read.value, InStoreValue::Qty(Qty::of(i64::from(grams) * 1_000)));
    }
}
