//! Currencies: the codes of ISO 4217 and how many decimals an amount in each has.
//!
//! **Invariant:** only a code of the table exists, so the decimals of an amount are never guessed.
//! The rupiah has none here although ISO gives it two: no shop has used sen for decades.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ts_rs::TS;

use crate::fact::{Facts, facts};

/// A currency: its code and its decimals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(type = "string")]
pub struct Currency {
    code: [u8; 3],
    digits: u8,
}

/// Text which is not the code of a currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{code}\" is not a currency; use a three-letter code such as IDR")]
pub struct CurrencyError {
    /// The code as it was given.
    pub code: String,
}

impl CurrencyError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        "unknown_currency"
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        let Self { code } = self;
        facts![code]
    }
}

/// Codes with no decimals: ISO's, and the rupiah by decision.
const NO_DECIMALS: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "IDR", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
    "VND", "VUV", "XAF", "XOF", "XPF",
];

/// Codes with two decimals.
const TWO_DECIMALS: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BMD",
    "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF",
    "CHW", "CNY", "COP", "COU", "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN",
    "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL",
    "HTG", "HUF", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK",
    "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB",
    "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG",
    "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS",
    "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "USN", "UYU", "UZS", "VED", "VES",
    "WST", "XAD", "XCD", "XCG", "YER", "ZAR", "ZMW", "ZWG",
];

/// Codes with three decimals.
const THREE_DECIMALS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// Codes with four decimals.
const FOUR_DECIMALS: &[&str] = &["CLF", "UYW"];

const TABLE: &[(u8, &[&str])] =
    &[(0, NO_DECIMALS), (2, TWO_DECIMALS), (3, THREE_DECIMALS), (4, FOUR_DECIMALS)];

impl Currency {
    /// Indonesian rupiah.
    pub const IDR: Self = Self { code: *b"IDR", digits: 0 };
    /// Indian rupee.
    pub const INR: Self = Self { code: *b"INR", digits: 2 };
    /// Kenyan shilling.
    pub const KES: Self = Self { code: *b"KES", digits: 2 };
    /// Ugandan shilling.
    pub const UGX: Self = Self { code: *b"UGX", digits: 0 };
    /// Pound sterling.
    pub const GBP: Self = Self { code: *b"GBP", digits: 2 };
    /// Euro.
    pub const EUR: Self = Self { code: *b"EUR", digits: 2 };
    /// United States dollar.
    pub const USD: Self = Self { code: *b"USD", digits: 2 };

    /// The three letters.
    pub fn code(&self) -> &str {
        // The table holds ASCII letters only.
        std::str::from_utf8(&self.code).unwrap_or("XXX")
    }

    /// How many decimals an amount has.
    pub const fn digits(self) -> u8 {
        self.digits
    }

    /// How many minor units make one major unit.
    pub const fn minor_per_major(self) -> i64 {
        10_i64.pow(self.digits as u32)
    }

    /// Every currency, by decimals and code.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE
            .iter()
            .flat_map(|&(digits, codes)| codes.iter().map(move |code| (digits, code)))
            .filter_map(|(digits, code)| {
                Some(Self { code: code.as_bytes().try_into().ok()?, digits })
            })
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(code: &str) -> Result<Self, CurrencyError> {
        Self::all()
            .find(|currency| currency.code() == code)
            .ok_or_else(|| CurrencyError { code: code.to_owned() })
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_currency_knows_its_decimals() {
        for (code, digits) in
            [("IDR", 0), ("UGX", 0), ("JPY", 0), ("INR", 2), ("KES", 2), ("GBP", 2), ("KWD", 3)]
        {
            assert_eq!(code.parse::<Currency>().unwrap().digits(), digits, "{code}");
        }
        assert_eq!("IDR".parse::<Currency>().unwrap(), Currency::IDR);
        assert_eq!(Currency::EUR.minor_per_major(), 100);
    }

    #[test]
    fn every_code_is_three_capitals_and_stands_once() {
        let all: Vec<Currency> = Currency::all().collect();
        let codes: std::collections::BTreeSet<&str> = all.iter().map(|c| c.code()).collect();
        assert_eq!(codes.len(), all.len());
        assert!(codes.iter().all(|code| code.len() == 3));
        assert!(codes.iter().all(|code| code.bytes().all(|b| b.is_ascii_uppercase())));
        let rows: usize = TABLE.iter().map(|(_, codes)| codes.len()).sum();
        assert_eq!(rows, all.len(), "no row of the table was dropped");
    }

    #[test]
    fn a_code_nobody_knows_is_refused() {
        for code in ["", "rp", "idr", "RPH", "IDRX"] {
            assert!(code.parse::<Currency>().is_err(), "{code}");
        }
    }
}
