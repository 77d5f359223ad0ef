//! The four numbers of the business: money, unit prices, quantities and rates.
//!
//! **Invariant:** every number is a whole number inside, arithmetic is exact or says how it rounds,
//! and a number too large is an error. There are no operators: every sum is checked.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ts_rs::TS;

pub use crate::currency::{Currency, CurrencyError};
use crate::fact::{Facts, facts};
use crate::rounding::divide;
pub use crate::rounding::{CashRounding, Rounding};

/// What can be wrong with a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumError {
    /// The text is not a plain decimal number.
    #[error("\"{text}\" is not a number")]
    NotANumber {
        /// The text as it was given.
        text: String,
    },
    /// The text has a comma.
    #[error("\"{text}\" has a comma; write a decimal point and no thousands separators")]
    Comma {
        /// The text as it was given.
        text: String,
    },
    /// The text has more decimals than are kept.
    #[error("\"{text}\" has more than {allowed} decimals")]
    TooManyDecimals {
        /// The text as it was given.
        text: String,
        /// How many decimals are kept.
        allowed: u32,
    },
    /// The number or the result of a calculation is too large to be kept.
    #[error("the number is too large")]
    TooLarge,
    /// A division by zero, or shares which add up to nothing.
    #[error("the number cannot be divided by zero")]
    DivideByZero,
}

impl NumError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotANumber { .. } => "not_a_number",
            Self::Comma { .. } => "number_has_comma",
            Self::TooManyDecimals { .. } => "too_many_decimals",
            Self::TooLarge => "number_too_large",
            Self::DivideByZero => "divide_by_zero",
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::TooLarge | Self::DivideByZero => Vec::new(),
            Self::NotANumber { text } => facts![text],
            Self::Comma { text } => facts![text],
            Self::TooManyDecimals { text, allowed } => facts![text, allowed],
        }
    }
}

/// Ten to the power of a small number of decimals.
pub(crate) const fn power_of_ten(digits: u32) -> i64 {
    10_i64.pow(digits)
}

/// Reads a plain decimal number as a whole number of `10^-digits`.
pub(crate) fn parse_scaled(text: &str, digits: u32) -> Result<i64, NumError> {
    let not_a_number = || NumError::NotANumber { text: text.to_owned() };
    if text.contains(',') {
        return Err(NumError::Comma { text: text.to_owned() });
    }
    let (negative, plain) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return Err(not_a_number());
    }
    let fraction = fraction.trim_end_matches('0');
    let kept = u32::try_from(fraction.len()).map_err(|_| NumError::TooLarge)?;
    if kept > digits {
        return Err(NumError::TooManyDecimals { text: text.to_owned(), allowed: digits });
    }
    let mut value: i64 = 0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i64::from(byte - b'0')))
            .ok_or(NumError::TooLarge)?;
    }
    let value = value.checked_mul(power_of_ten(digits - kept)).ok_or(NumError::TooLarge)?;
    Ok(if negative { -value } else { value })
}

/// Writes a whole number of `10^-digits` as a plain decimal with at least `shown` decimals.
fn write_scaled(f: &mut impl fmt::Write, value: i64, digits: u32, shown: usize) -> fmt::Result {
    let scale = power_of_ten(digits).unsigned_abs();
    let magnitude = value.unsigned_abs();
    if value < 0 {
        f.write_char('-')?;
    }
    write!(f, "{}", magnitude / scale)?;
    if digits == 0 {
        return Ok(());
    }
    let width = digits as usize;
    let fraction = format!("{:0width$}", magnitude % scale);
    let trimmed = fraction.trim_end_matches('0').len().max(shown.min(width));
    if trimmed == 0 { Ok(()) } else { write!(f, ".{}", &fraction[..trimmed]) }
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $max:expr, $decimals:expr, $ts:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, TS)]
        #[ts(type = $ts)]
        pub struct $name(i64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);
            /// The largest number of this kind.
            pub const MAX: Self = Self($max);
            /// How many decimals its text has.
            pub const DECIMALS: u32 = $decimals;

            /// The number made of this many of its smallest parts; too large is an error.
            pub const fn new(parts: i64) -> Result<Self, NumError> {
                if parts > $max || parts < -$max {
                    Err(NumError::TooLarge)
                } else {
                    Ok(Self(parts))
                }
            }

            /// The number made of a constant known to fit.
            ///
            /// # Panics
            /// When the constant does not fit; for what comes from outside use `new`.
            pub const fn of(parts: i64) -> Self {
                assert!(parts <= $max && parts >= -$max, "the constant fits");
                Self(parts)
            }

            /// How many of the smallest parts it is.
            pub const fn get(self) -> i64 {
                self.0
            }

            /// Whether it is exactly zero.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// Whether it is below zero.
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }

            /// Whether it is above zero.
            pub const fn is_positive(self) -> bool {
                self.0 > 0
            }

            /// The sum of two.
            pub fn plus(self, other: Self) -> Result<Self, NumError> {
                Self::fit(i128::from(self.0) + i128::from(other.0))
            }

            /// The difference of two.
            pub fn minus(self, other: Self) -> Result<Self, NumError> {
                Self::fit(i128::from(self.0) - i128::from(other.0))
            }

            /// The same with the other sign.
            #[must_use]
            pub const fn negated(self) -> Self {
                Self(-self.0)
            }

            /// The same without a sign.
            #[must_use]
            pub const fn abs(self) -> Self {
                Self(self.0.abs())
            }

            /// The sum of all.
            pub fn sum(all: impl IntoIterator<Item = Self>) -> Result<Self, NumError> {
                let mut sum = 0_i128;
                for one in all {
                    sum = sum.checked_add(i128::from(one.0)).ok_or(NumError::TooLarge)?;
                }
                Self::fit(sum)
            }

            /// The number made of this many parts, when it fits.
            pub(crate) fn fit(parts: i128) -> Result<Self, NumError> {
                Self::new(i64::try_from(parts).map_err(|_| NumError::TooLarge)?)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut text = String::new();
                write_scaled(&mut text, self.0, Self::DECIMALS, 0)?;
                f.pad(&text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = NumError;

            fn from_str(text: &str) -> Result<Self, NumError> {
                Self::new(parse_scaled(text, Self::DECIMALS)?)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                if !from.is_human_readable() {
                    return Self::new(i64::deserialize(from)?).map_err(de::Error::custom);
                }
                from.deserialize_any(Plain::<$name>(std::marker::PhantomData))
            }
        }

        impl FromWhole for $name {
            fn from_whole(whole: i128) -> Result<Self, NumError> {
                Self::fit(whole.saturating_mul(i128::from(power_of_ten($decimals))))
            }
        }
    };
}

/// A number which a whole JSON number may stand for.
trait FromWhole: FromStr<Err = NumError> {
    fn from_whole(whole: i128) -> Result<Self, NumError>;
}

/// Reads a number from a string or a whole JSON number, and refuses a float.
struct Plain<T>(std::marker::PhantomData<T>);

impl<T: FromWhole> de::Visitor<'_> for Plain<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number in a string, or a whole number")
    }

    fn visit_i64<E: de::Error>(self, whole: i64) -> Result<T, E> {
        T::from_whole(i128::from(whole)).map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, whole: u64) -> Result<T, E> {
        T::from_whole(i128::from(whole)).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// The largest amount: what a JSON number holds exactly in every program.
const MONEY_MAX: i64 = (1 << 53) - 1;

number!(
    /// An amount in whole minor units of its currency: rupiah, paise, cents.
    Money, MONEY_MAX, 0, "number"
);

number!(
    /// A price or cost of one unit, in ten-thousandths of the major unit of its currency.
    UnitPrice, i64::MAX, 4, "string"
);

number!(
    /// A quantity, in millionths of its unit of measure.
    Qty, i64::MAX, 6, "string"
);

number!(
    /// A rate in millionths: `0.11` is 11 %.
    Rate, i64::MAX, 6, "string"
);

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(self.0)
    }
}

macro_rules! serialized_as_text {
    ($($name:ident),+) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                if to.is_human_readable() { to.collect_str(self) } else { to.serialize_i64(self.0) }
            }
        }
    )+};
}

serialized_as_text!(UnitPrice, Qty, Rate);

impl Money {
    /// The amount written in major units with the currency's decimals, such as `12.50`.
    pub fn to_major(self, currency: Currency) -> String {
        let mut text = String::new();
        let digits = u32::from(currency.digits());
        // Writing to a string cannot fail.
        let _ = write_scaled(&mut text, self.0, digits, digits as usize);
        text
    }

    /// The amount read from major units, such as `12.50`; more decimals than the currency has
    /// are refused.
    pub fn from_major(text: &str, currency: Currency) -> Result<Self, NumError> {
        Self::new(parse_scaled(text, u32::from(currency.digits()))?)
    }

    /// This amount times a rate.
    pub fn at(self, rate: Rate, rounding: Rounding) -> Result<Self, NumError> {
        self.portion(rate.0, power_of_ten(Rate::DECIMALS), rounding)
    }

    /// This amount times `part / whole`. The whole must be positive.
    pub fn portion(self, part: i64, whole: i64, rounding: Rounding) -> Result<Self, NumError> {
        Self::fit(divide(i128::from(self.0) * i128::from(part), i128::from(whole), rounding)?)
    }

    /// Shares the amount in the proportion of the weights. The shares add up to it exactly: what
    /// is left after cutting goes to the largest remainders, the earlier share first.
    pub fn split(self, weights: &[i64]) -> Result<Vec<Self>, NumError> {
        let whole: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
        if whole <= 0 || weights.iter().any(|&weight| weight < 0) {
            return Err(NumError::DivideByZero);
        }
        let amount = i128::from(self.0.abs());
        let exact = |weight: i64| amount * i128::from(weight);
        let mut shares: Vec<i128> = weights.iter().map(|&weight| exact(weight) / whole).collect();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|&at| std::cmp::Reverse(exact(weights[at]) % whole));
        let left = amount - shares.iter().sum::<i128>();
        let left = usize::try_from(left).map_err(|_| NumError::TooLarge)?;
        for &at in order.iter().take(left) {
            shares[at] += 1;
        }
        let sign = i128::from(self.0.signum());
        shares.into_iter().map(|share| Self::fit(share * sign)).collect()
    }

    /// The amount rounded to a multiple of the step, which is the smallest coin.
    pub fn round_to(self, step: i64, way: CashRounding) -> Result<Self, NumError> {
        let rounding = match way {
            CashRounding::Nearest => Rounding::HalfUp,
            CashRounding::Up => Rounding::Up,
            CashRounding::Down => Rounding::Down,
        };
        let step = i128::from(step);
        Self::fit(divide(i128::from(self.0), step, rounding)? * step)
    }
}

/// A price has ten-thousandths and a quantity millionths, so their product has this many decimals.
const PRODUCT_DECIMALS: u32 = UnitPrice::DECIMALS + Qty::DECIMALS;

impl UnitPrice {
    /// Price times quantity in minor units, rounded once.
    pub fn times(self, qty: Qty, currency: Currency, how: Rounding) -> Result<Money, NumError> {
        let exact = i128::from(self.0) * i128::from(qty.0);
        let scale = power_of_ten(PRODUCT_DECIMALS - u32::from(currency.digits()));
        Money::fit(divide(exact, i128::from(scale), how)?)
    }

    /// Price times quantity in major units, not rounded.
    pub fn exact_times(self, qty: Qty) -> Result<Decimal, NumError> {
        let exact = i128::from(self.0) * i128::from(qty.0);
        Decimal::try_from_i128_with_scale(exact, PRODUCT_DECIMALS).map_err(|_| NumError::TooLarge)
    }

    /// The price of one unit when this quantity came to this amount.
    pub fn per_unit(
        amount: Money,
        qty: Qty,
        currency: Currency,
        how: Rounding,
    ) -> Result<Self, NumError> {
        let sign = i128::from(qty.0.signum());
        let scale = power_of_ten(PRODUCT_DECIMALS - u32::from(currency.digits()));
        let exact = (i128::from(amount.0) * sign)
            .checked_mul(i128::from(scale))
            .ok_or(NumError::TooLarge)?;
        Self::fit(divide(exact, i128::from(qty.0).abs(), how)?)
    }

    /// The price of an amount of money in this currency.
    pub fn from_money(amount: Money, currency: Currency) -> Result<Self, NumError> {
        let scale = power_of_ten(Self::DECIMALS - u32::from(currency.digits()));
        Self::fit(i128::from(amount.0) * i128::from(scale))
    }
}

impl Qty {
    /// One whole unit.
    pub const ONE: Self = Self(1_000_000);

    /// This many whole units.
    pub fn whole(units: i64) -> Result<Self, NumError> {
        Self::from_whole(i128::from(units))
    }

    /// Whether it is a whole number of units.
    pub const fn is_whole(self) -> bool {
        self.0 % Self::ONE.0 == 0
    }

    /// This quantity of a larger unit in base units: 2 boxes of 24 are 48 pieces. A result which
    /// has more than six decimals is rounded to the nearest.
    pub fn in_base(self, base_per_unit: Qty) -> Result<Self, NumError> {
        let exact = i128::from(self.0) * i128::from(base_per_unit.0);
        Self::fit(divide(exact, i128::from(Self::ONE.0), Rounding::HalfUp)?)
    }
}

impl Rate {
    /// The whole: 100 %.
    pub const ONE: Self = Self(1_000_000);

    /// This many whole percent.
    pub fn percent(percent: i64) -> Result<Self, NumError> {
        Self::fit(i128::from(percent) * 10_000)
    }
}

#[cfg(test)]
#[path = "num_tests.rs"]
mod tests;
