//! Amounts, quantities and dates as people of the country write them.
//!
//! **Invariant:** formatting is exact: no digit of a number is rounded away or invented.

use chrono::Datelike;
use lumbung_domain::BusinessDate;
use lumbung_domain::num::{Currency, Money, Qty, Rate, UnitPrice};

use crate::language::Language;

/// Keeps a currency code and its amount on one line.
const NO_BREAK: char = '\u{a0}';

/// Currencies whose amounts are grouped as 12,34,567 (lakh and crore).
const LAKH: &[&str] = &["INR", "BDT", "NPR"];

/// Signs people know better than the code.
const SIGNS: &[(&str, &str)] = &[
    ("IDR", "Rp"),
    ("INR", "₹"),
    ("KES", "KSh\u{a0}"),
    ("UGX", "USh\u{a0}"),
    ("GBP", "£"),
    ("EUR", "€"),
    ("USD", "$"),
    ("JPY", "¥"),
    ("MYR", "RM"),
    ("SGD", "S$"),
    ("AUD", "A$"),
];

/// An amount with its currency: `Rp12.500`, `₹1,23,456.50`, `KSh 1,250.00`.
pub fn money(amount: Money, currency: Currency, language: Language) -> String {
    let digits = self::amount(amount.abs(), currency, language);
    let code = currency.code();
    let sign = if amount.is_negative() { "-" } else { "" };
    match SIGNS.iter().find(|(known, _)| *known == code) {
        Some((_, symbol)) => format!("{sign}{symbol}{digits}"),
        None => format!("{sign}{code}{NO_BREAK}{digits}"),
    }
}

/// An amount without its currency, for columns: `12.500`.
pub fn amount(amount: Money, currency: Currency, language: Language) -> String {
    let digits = u32::from(currency.digits());
    let lakh = LAKH.contains(&currency.code());
    decimal(amount.get(), digits, digits, Marks::of(language, lakh))
}

/// A unit price with at least the decimals of its currency: `2.50`, `0.0125`.
pub fn unit_price(price: UnitPrice, currency: Currency, language: Language) -> String {
    let least = u32::from(currency.digits()).min(UnitPrice::DECIMALS);
    let lakh = LAKH.contains(&currency.code());
    decimal(price.get(), UnitPrice::DECIMALS, least, Marks::of(language, lakh))
}

/// A quantity: `3`, `1,25`.
pub fn quantity(qty: Qty, language: Language) -> String {
    decimal(qty.get(), Qty::DECIMALS, 0, Marks::of(language, false))
}

/// A rate in per cent: `11%`, `7,5%`.
pub fn percent(rate: Rate, language: Language) -> String {
    // Two decimals fewer are the same number in per cent.
    let percent = decimal(rate.get(), Rate::DECIMALS - 2, 0, Marks::of(language, false));
    format!("{percent}%")
}

/// A day: `20 Nov 2026`.
pub fn date(day: BusinessDate, language: Language) -> String {
    let month = usize::try_from(day.month0())
        .ok()
        .and_then(|index| language.words().months.get(index))
        .copied()
        .unwrap_or("?");
    format!("{} {month} {}", day.day(), day.year())
}

/// A whole number with its thousands marked.
pub fn count(number: u64, language: Language) -> String {
    let marks = Marks::of(language, false);
    grouped(&number.to_string(), marks)
}

#[derive(Clone, Copy)]
struct Marks {
    group: char,
    point: char,
    lakh: bool,
}

impl Marks {
    fn of(language: Language, lakh: bool) -> Self {
        match language {
            Language::English => Self { group: ',', point: '.', lakh },
            Language::Indonesian => Self { group: '.', point: ',', lakh },
        }
    }
}

/// A number of `decimals` decimals, the zeros at its end left out down to `least`.
fn decimal(parts: i64, decimals: u32, least: u32, marks: Marks) -> String {
    let one = 10_u64.pow(decimals);
    let size = parts.unsigned_abs();
    let whole = grouped(&(size / one).to_string(), marks);
    let mut text = if parts < 0 { format!("-{whole}") } else { whole };
    if decimals > 0 {
        let width = decimals as usize;
        let mut fraction = format!("{:0width$}", size % one);
        while fraction.len() > least as usize && fraction.ends_with('0') {
            fraction.pop();
        }
        if !fraction.is_empty() {
            text.push(marks.point);
            text.push_str(&fraction);
        }
    }
    text
}

fn grouped(digits: &str, marks: Marks) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 2);
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        let boundary = if marks.lakh {
            left == 3 || (left > 3 && (left - 3).is_multiple_of(2))
        } else {
            left.is_multiple_of(3)
        };
        if index > 0 && boundary {
            text.push(marks.group);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use Language::{English, Indonesian};

    #[test]
    fn money_is_written_as_the_country_writes_it() {
        let cases = [
            (12_500, "IDR", Indonesian, "Rp12.500"),
            (12_500, "IDR", English, "Rp12,500"),
            (-12_500, "IDR", Indonesian, "-Rp12.500"),
            (0, "IDR", Indonesian, "Rp0"),
            (999, "IDR", Indonesian, "Rp999"),
            (1_234_567_890, "IDR", Indonesian, "Rp1.234.567.890"),
            (12_345_650, "INR", English, "₹1,23,456.50"),
            (99_999_999_900, "INR", English, "₹99,99,99,999.00"),
            (100_000, "INR", English, "₹1,000.00"),
            (125_000, "KES", English, "KSh\u{a0}1,250.00"),
            (5, "GBP", English, "£0.05"),
            (-5, "EUR", Indonesian, "-€0,05"),
            (1_234, "KWD", English, "KWD\u{a0}1.234"),
            (9_007_199_254_740_991, "IDR", English, "Rp9,007,199,254,740,991"),
        ];
        for (minor, currency, language, text) in cases {
            let currency = currency.parse().unwrap();
            assert_eq!(money(Money::of(minor), currency, language), text);
        }
    }

    #[test]
    fn a_unit_price_keeps_every_decimal_it_has() {
        let cases = [
            (35_000_000, Currency::IDR, Indonesian, "3.500"),
            (125, Currency::IDR, Indonesian, "0,0125"),
            (25_500, Currency::GBP, English, "2.55"),
            (25_000, Currency::GBP, English, "2.50"),
            (25_505, Currency::GBP, English, "2.5505"),
            (-25_000, Currency::GBP, English, "-2.50"),
        ];
        for (parts, currency, language, text) in cases {
            assert_eq!(unit_price(UnitPrice::of(parts), currency, language), text);
        }
    }

    #[test]
    fn quantities_and_rates_have_no_needless_zeros() {
        assert_eq!(quantity(Qty::of(3_000_000), Indonesian), "3");
        assert_eq!(quantity(Qty::of(1_250_000), Indonesian), "1,25");
        assert_eq!(quantity(Qty::of(-1), English), "-0.000001");
        assert_eq!(quantity(Qty::of(12_000_000_000), English), "12,000");
        assert_eq!(percent(Rate::of(110_000), English), "11%");
        assert_eq!(percent(Rate::of(75_000), Indonesian), "7,5%");
        assert_eq!(count(1_234_567, Indonesian), "1.234.567");
    }

    #[test]
    fn a_day_has_its_month_in_words() {
        let day = BusinessDate::from_ymd_opt(2026, 8, 7).unwrap();
        assert_eq!(date(day, English), "7 Aug 2026");
        assert_eq!(date(day, Indonesian), "7 Agu 2026");
    }
}
