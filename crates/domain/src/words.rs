//! An amount of money in words, as invoices say it beside the figure.
//!
//! **Invariant:** the words say exactly the amount: nothing is rounded, and every amount of the
//! till has words in every language of the product.

use crate::num::{Currency, Money};

/// A language in which amounts are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// English.
    English,
    /// Indonesian.
    Indonesian,
}

const ENGLISH_SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const ENGLISH_TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const INDONESIAN_SMALL: [&str; 12] = [
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
    "sepuluh", "sebelas",
];

/// Thousands by their power, from the smallest.
const ENGLISH_POWERS: [&str; 7] =
    ["", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion"];
const INDONESIAN_POWERS: [&str; 7] =
    ["", "ribu", "juta", "miliar", "triliun", "kuadriliun", "kuintiliun"];

/// An amount in words, with the name of its currency: "one hundred rupiah".
pub fn amount_in_words(amount: Money, currency: Currency, spelling: Spelling) -> String {
    let whole = amount.get().unsigned_abs();
    let per_major = u64::try_from(currency.minor_per_major()).unwrap_or(1).max(1);
    let (major, minor) = (whole / per_major, whole % per_major);
    let name = currency_name(currency, spelling);
    let mut words = Vec::new();
    if amount.is_negative() {
        words.push("minus".to_owned());
    }
    words.push(number_in_words(major, spelling));
    words.push(name);
    if minor > 0 {
        words.push(match spelling {
            Spelling::English => "and".to_owned(),
            Spelling::Indonesian => "lebih".to_owned(),
        });
        // The smaller coin has another name in every country: the fraction is plain everywhere.
        words.push(format!("{minor}/{per_major}"));
    }
    words.join(" ")
}

/// A whole number in words.
pub fn number_in_words(number: u64, spelling: Spelling) -> String {
    if number == 0 {
        return small(0, spelling);
    }
    let mut groups = Vec::new();
    let mut rest = number;
    while rest > 0 {
        groups.push(rest % 1_000);
        rest /= 1_000;
    }
    let mut words = Vec::new();
    for (power, &group) in groups.iter().enumerate().rev().filter(|(_, group)| **group > 0) {
        words.push(with_power(group, power, spelling));
    }
    words.join(" ")
}

/// A group of three digits with its power: "two thousand".
fn with_power(group: u64, power: usize, spelling: Spelling) -> String {
    let names = match spelling {
        Spelling::English => &ENGLISH_POWERS,
        Spelling::Indonesian => &INDONESIAN_POWERS,
    };
    match (spelling, group, power) {
        // One thousand is one word, "a thousand"; larger powers say "satu".
        (Spelling::Indonesian, 1, 1) => "seribu".to_owned(),
        (_, _, 0) => below_thousand(group, spelling),
        _ => {
            let name = names.get(power).copied().unwrap_or_default();
            format!("{} {name}", below_thousand(group, spelling))
        }
    }
}

fn below_thousand(number: u64, spelling: Spelling) -> String {
    let (hundreds, rest) = (number / 100, number % 100);
    let mut words = Vec::new();
    if hundreds > 0 {
        words.push(match (spelling, hundreds) {
            (Spelling::English, _) => format!("{} hundred", small(hundreds, spelling)),
            (Spelling::Indonesian, 1) => "seratus".to_owned(),
            (Spelling::Indonesian, _) => format!("{} ratus", small(hundreds, spelling)),
        });
    }
    if rest > 0 {
        words.push(match spelling {
            Spelling::English => english_below_hundred(rest),
            Spelling::Indonesian => indonesian_below_hundred(rest),
        });
    }
    words.join(" ")
}

fn english_below_hundred(number: u64) -> String {
    if number < 20 {
        return small(number, Spelling::English);
    }
    let tens = at(&ENGLISH_TENS, number / 10);
    match number % 10 {
        0 => tens.to_owned(),
        ones => format!("{tens}-{}", small(ones, Spelling::English)),
    }
}

fn indonesian_below_hundred(number: u64) -> String {
    let spelling = Spelling::Indonesian;
    match number {
        0..=11 => small(number, spelling),
        12..=19 => format!("{} belas", small(number - 10, spelling)),
        _ => {
            let tens = format!("{} puluh", small(number / 10, spelling));
            match number % 10 {
                0 => tens,
                ones => format!("{tens} {}", small(ones, spelling)),
            }
        }
    }
}

fn small(number: u64, spelling: Spelling) -> String {
    match spelling {
        Spelling::English => at(&ENGLISH_SMALL, number),
        Spelling::Indonesian => at(&INDONESIAN_SMALL, number),
    }
    .to_owned()
}

fn at<'a>(words: &[&'a str], number: u64) -> &'a str {
    usize::try_from(number).ok().and_then(|number| words.get(number)).copied().unwrap_or_default()
}

/// The name of a currency after a number; its code where it has none here.
fn currency_name(currency: Currency, spelling: Spelling) -> String {
    let names = [
        (Currency::IDR, "rupiah", "rupiah"),
        (Currency::INR, "Indian rupees", "rupee India"),
        (Currency::KES, "Kenyan shillings", "shilling Kenya"),
        (Currency::UGX, "Ugandan shillings", "shilling Uganda"),
        (Currency::GBP, "pounds sterling", "pound sterling"),
        (Currency::EUR, "euros", "euro"),
        (Currency::USD, "US dollars", "dolar Amerika Serikat"),
    ];
    let found = names.into_iter().find(|(of, ..)| *of == currency);
    match (found, spelling) {
        (Some((_, english, _)), Spelling::English) => english,
        (Some((.., indonesian)), Spelling::Indonesian) => indonesian,
        (None, _) => currency.code(),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_spelled_as_people_say_it() {
        for (number, english, indonesian) in [
            (0, "zero", "nol"),
            (1, "one", "satu"),
            (10, "ten", "sepuluh"),
            (11, "eleven", "sebelas"),
            (15, "fifteen", "lima belas"),
            (20, "twenty", "dua puluh"),
            (21, "twenty-one", "dua puluh satu"),
            (100, "one hundred", "seratus"),
            (111, "one hundred eleven", "seratus sebelas"),
            (250, "two hundred fifty", "dua ratus lima puluh"),
            (1_000, "one thousand", "seribu"),
            (1_100, "one thousand one hundred", "seribu seratus"),
            (2_001, "two thousand one", "dua ribu satu"),
            (11_000, "eleven thousand", "sebelas ribu"),
            (101_000, "one hundred one thousand", "seratus satu ribu"),
            (1_000_000, "one million", "satu juta"),
            (1_001_000, "one million one thousand", "satu juta seribu"),
            (
                12_345_678,
                "twelve million three hundred forty-five thousand six hundred seventy-eight",
                "dua belas juta tiga ratus empat puluh lima ribu enam ratus tujuh puluh delapan",
            ),
            (5_000_000_000, "five billion", "lima miliar"),
            (2_000_000_000_000, "two trillion", "dua triliun"),
        ] {
            assert_eq!(number_in_words(number, Spelling::English), english);
            assert_eq!(number_in_words(number, Spelling::Indonesian), indonesian);
        }
    }

    #[test]
    fn an_amount_names_its_currency_and_its_smaller_part() {
        for (amount, currency, english, indonesian) in [
            (
                94_500,
                Currency::IDR,
                "ninety-four thousand five hundred rupiah",
                "sembilan puluh empat ribu lima ratus rupiah",
            ),
            (0, Currency::IDR, "zero rupiah", "nol rupiah"),
            (
                12_05,
                Currency::USD,
                "twelve US dollars and 5/100",
                "dua belas dolar Amerika Serikat lebih 5/100",
            ),
            (-1_000, Currency::IDR, "minus one thousand rupiah", "minus seribu rupiah"),
            (
                99,
                Currency::GBP,
                "zero pounds sterling and 99/100",
                "nol pound sterling lebih 99/100",
            ),
        ] {
            let amount = Money::of(amount);
            assert_eq!(amount_in_words(amount, currency, Spelling::English), english);
            assert_eq!(amount_in_words(amount, currency, Spelling::Indonesian), indonesian);
        }
    }

    #[test]
    fn the_largest_amount_has_words_too() {
        for spelling in [Spelling::English, Spelling::Indonesian] {
            let words = number_in_words(u64::MAX, spelling);
            assert!(words.split(' ').all(|word| !word.is_empty()), "{words}");
        }
    }
}
