//! How a result which is not whole becomes whole.
//!
//! **Invariant:** every way is symmetrical about zero, so a return is the exact mirror of its sale.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::num::NumError;

/// How a result which lies between two whole numbers is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest; a half goes away from zero.
    HalfUp,
    /// To the nearest; a half goes to the even neighbour.
    HalfEven,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

/// How a cash amount is rounded to the smallest coin; symmetrical about zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CashRounding {
    /// To the nearest coin; a half goes away from zero.
    Nearest,
    /// To the larger amount.
    Up,
    /// To the smaller amount.
    Down,
}

impl CashRounding {
    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nearest => "nearest",
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// The way named by a word of [`CashRounding::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Nearest, Self::Up, Self::Down].into_iter().find(|way| way.as_str() == word)
    }
}

impl Rounding {
    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HalfUp => "half_up",
            Self::HalfEven => "half_even",
            Self::Down => "down",
            Self::Up => "up",
        }
    }

    /// The way named by a word of [`Rounding::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::HalfUp, Self::HalfEven, Self::Down, Self::Up]
            .into_iter()
            .find(|way| way.as_str() == word)
    }
}

/// Divides exactly and rounds once. The divisor must be positive.
pub(crate) fn divide(number: i128, by: i128, rounding: Rounding) -> Result<i128, NumError> {
    if by <= 0 {
        return Err(NumError::DivideByZero);
    }
    let whole = number / by;
    let rest = (number % by).abs();
    let away = match rounding {
        Rounding::Down => false,
        Rounding::Up => rest > 0,
        Rounding::HalfUp => rest >= by - rest,
        Rounding::HalfEven => rest > by - rest || (rest == by - rest && whole % 2 != 0),
    };
    Ok(if away { whole + number.signum() } else { whole })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_half_goes_where_the_rule_says_on_both_sides_of_zero() {
        // number, by, half up, half even, down, up
        for (number, by, half_up, half_even, down, up) in [
            (5, 2, 3, 2, 2, 3),
            (7, 2, 4, 4, 3, 4),
            (-5, 2, -3, -2, -2, -3),
            (1, 3, 0, 0, 0, 1),
            (2, 3, 1, 1, 0, 1),
            (-1, 2, -1, 0, 0, -1),
            (6, 3, 2, 2, 2, 2),
            (0, 7, 0, 0, 0, 0),
        ] {
            let round = |how| divide(number, by, how).unwrap();
            assert_eq!(round(Rounding::HalfUp), half_up, "{number}/{by} half up");
            assert_eq!(round(Rounding::HalfEven), half_even, "{number}/{by} half even");
            assert_eq!(round(Rounding::Down), down, "{number}/{by} down");
            assert_eq!(round(Rounding::Up), up, "{number}/{by} up");
        }
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        assert_eq!(divide(1, 0, Rounding::Up), Err(NumError::DivideByZero));
        assert_eq!(divide(1, -2, Rounding::Up), Err(NumError::DivideByZero));
    }

    #[test]
    fn every_way_is_found_again_by_its_word() {
        for way in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down, Rounding::Up] {
            assert_eq!(Rounding::parse(way.as_str()), Some(way));
        }
        for way in [CashRounding::Nearest, CashRounding::Up, CashRounding::Down] {
            assert_eq!(CashRounding::parse(way.as_str()), Some(way));
        }
        assert_eq!(Rounding::parse("sideways"), None);
    }
}
