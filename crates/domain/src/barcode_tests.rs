#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::*;

fn scan(raw: &str) -> Scan {
    normalise(raw, &ScannerSettings::default())
}

#[test]
fn a_code_has_one_key_however_it_is_spelled() {
    for (raw, kind, key) in [
        ("7622300442477", CodeKind::Ean13, "7622300442477"),
        ("8992760221028", CodeKind::Ean13, "8992760221028"),
        ("96385074", CodeKind::Ean8, "96385074"),
        ("036000291452", CodeKind::UpcA, "0036000291452"),
        ("0036000291452", CodeKind::Ean13, "0036000291452"),
        ("00036000291452", CodeKind::Gtin14, "0036000291452"),
        ("00000096385074", CodeKind::Gtin14, "96385074"),
        ("10614141000415", CodeKind::Gtin14, "10614141000415"),
        ("04252614", CodeKind::UpcE, "0042100005264"),
        ("]E07622300442477", CodeKind::Ean13, "7622300442477"),
        ("]d20107622300442477", CodeKind::Gs1, "7622300442477"),
        ("]C10110614141000415102024", CodeKind::Gs1, "10614141000415"),
        ("(01)10614141000415(10)A1", CodeKind::Gs1, "10614141000415"),
        ("  7622300442477\r\n", CodeKind::Ean13, "7622300442477"),
    ] {
        let scan = scan(raw);
        let found = (scan.kind, scan.check, scan.keys[0].as_str());
        assert_eq!(found, (kind, CheckVerdict::Right, key), "{raw}");
    }
    assert_eq!(key_of("036000291452"), "0036000291452");
    assert_eq!(key_of("SHOP-17"), "SHOP-17");
}

#[test]
fn a_upc_e_of_every_form_is_expanded() {
    for (upc_e, upc_a) in [
        ("01234505", "012000003455"),
        ("01234514", "012100003454"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234558", "012345000058"),
        ("01234590", "012345000096"),
    ] {
        let body = &expand_upc_e(upc_e).unwrap()[..11];
        assert_eq!(body, &upc_a[..11], "{upc_e}");
    }
    assert_eq!(expand_upc_e("21234505"), None, "only number systems 0 and 1 have a short form");
}

#[test]
fn eight_digits_which_are_both_ean_and_upc_are_looked_up_as_both() {
    // Right as EAN-8, and right as UPC-E for another product.
    let both = (0_u32..10_000_000)
        .map(|n| format!("{n:07}"))
        .filter_map(|body| check_digit(&body).map(|check| format!("{body}{check}")))
        .find(|code| Gtin::parse_upc_e(code).is_ok())
        .unwrap();
    let scan = scan(&both);
    assert_eq!((scan.kind, scan.keys.len()), (CodeKind::Ean8, 2));
    assert_eq!(normalise(&format!("]E4{both}"), &ScannerSettings::default()).keys.len(), 1);
}

#[test]
fn a_wrong_check_digit_is_a_verdict() {
    let wrong = scan("7622300442478");
    assert_eq!((wrong.kind, wrong.check), (CodeKind::Ean13, CheckVerdict::Wrong(7)));
    assert_eq!(wrong.keys, ["7622300442478"]);
    assert_eq!(
        Gtin::parse("7622300442478").unwrap_err().to_string(),
        "the last digit of 7622300442478 should be 7; scan it again or type it again"
    );
    for code in ["", "1", "abc", "12345678901", "123456789012345", "762230044247x", "７６２"] {
        assert_eq!(Gtin::parse(code).unwrap_err().code(), "not_a_gtin", "{code}");
    }
}

#[test]
fn what_the_scanner_adds_is_taken_off() {
    let settings = ScannerSettings { prefix: "~".to_owned(), suffix: "#".to_owned() };
    assert_eq!(normalise("~96385074#\n", &settings).code, "96385074");
    assert_eq!(normalise("96385074", &settings).code, "96385074");
    let own = scan("SHOP-17");
    assert_eq!((own.kind, own.check), (CodeKind::Other, CheckVerdict::None));
}

proptest! {
    #[test]
    fn whatever_a_scanner_sends_is_answered(raw in "\\PC{0,200}", digits in "[0-9]{0,20}") {
        prop_assert!(!scan(&raw).keys.is_empty());
        prop_assert!(!scan(&digits).keys.is_empty());
    }

    #[test]
    fn one_wrong_digit_is_always_noticed(body in "[0-9]{12}", at in 0_usize..13, add in 1_u8..10) {
        let code = format!("{body}{}", check_digit(&body).unwrap());
        prop_assert!(Gtin::parse(&code).is_ok());
        let mut bytes = code.into_bytes();
        bytes[at] = b'0' + (bytes[at] - b'0' + add) % 10;
        let torn = String::from_utf8(bytes).unwrap();
        prop_assert!(Gtin::parse(&torn).is_err());
    }
}
