//! PINs: which are too easy, how long wrong ones lock, and when an idle till locks itself.
//!
//! **Invariant:** the lock depends on the number of wrong attempts and a stored time only, so it
//! survives a restart, and setting the clock back does not open it.

use crate::fact::{Facts, facts};

/// The fewest digits of a PIN.
pub const MIN_DIGITS: usize = 4;
/// The most digits of a PIN.
pub const MAX_DIGITS: usize = 12;
/// How many wrong attempts are free.
pub const FREE_ATTEMPTS: u32 = 3;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;

/// How long each wrong attempt after the free ones locks; the last holds for all that follow.
const LOCK_STEPS: [i64; 6] =
    [30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE];

/// PINs which many people choose.
const COMMON: &[&str] = &[
    "1212", "1122", "1313", "2580", "0852", "1004", "6969", "4200", "1010", "2020", "5683",
    "112233", "121212", "123123", "123321", "159753", "147258", "258456", "102030",
];

/// Why a PIN is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// It is too short or too long.
    #[error("a PIN has {MIN_DIGITS} to {MAX_DIGITS} digits")]
    Length,
    /// It is not made of digits.
    #[error("a PIN is made of the digits 0 to 9")]
    NotDigits,
    /// It is easy to guess.
    #[error("this PIN is easy to guess; choose one without a pattern")]
    TooEasy,
    /// There have been too many wrong attempts.
    #[error("too many wrong PINs; try again in {} s", seconds_left(*until_ms, *now_ms))]
    Locked {
        /// When it opens, in UTC milliseconds.
        until_ms: i64,
        /// What the clock said, in UTC milliseconds.
        now_ms: i64,
    },
}

fn seconds_left(until_ms: i64, now_ms: i64) -> i64 {
    until_ms.saturating_sub(now_ms).max(0) / SECOND + 1
}

impl PinError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length => "pin_length",
            Self::NotDigits => "pin_not_digits",
            Self::TooEasy => "pin_too_easy",
            Self::Locked { .. } => "pin_locked",
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::Length | Self::NotDigits | Self::TooEasy => Vec::new(),
            Self::Locked { until_ms, now_ms } => {
                let seconds = seconds_left(*until_ms, *now_ms);
                facts![until_ms, seconds]
            }
        }
    }
}

/// Checks a new PIN.
pub fn check_new_pin(pin: &str) -> Result<(), PinError> {
    if !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PinError::NotDigits);
    }
    if !(MIN_DIGITS..=MAX_DIGITS).contains(&pin.len()) {
        return Err(PinError::Length);
    }
    let digits: Vec<u8> = pin.bytes().map(|byte| byte - b'0').collect();
    let steps_by = |step: u8| digits.windows(2).all(|two| (two[0] + step) % 10 == two[1]);
    // The same digit, upwards or downwards.
    if [0, 1, 9].into_iter().any(steps_by) || COMMON.contains(&pin) {
        return Err(PinError::TooEasy);
    }
    Ok(())
}

/// Until when a person is locked out after this many wrong attempts in a row, the last of them at
/// this time; none when the next attempt is free.
pub fn locked_until(wrong_attempts: u32, last_wrong_at_ms: i64) -> Option<i64> {
    let over = wrong_attempts.checked_sub(FREE_ATTEMPTS)?;
    let step = usize::try_from(over).unwrap_or(usize::MAX).min(LOCK_STEPS.len() - 1);
    Some(last_wrong_at_ms.saturating_add(LOCK_STEPS[step]))
}

/// Refuses an attempt while the person is locked out.
pub fn check_not_locked(
    wrong_attempts: u32,
    last_wrong_at_ms: i64,
    now_ms: i64,
) -> Result<(), PinError> {
    match locked_until(wrong_attempts, last_wrong_at_ms) {
        Some(until_ms) if now_ms < until_ms => Err(PinError::Locked { until_ms, now_ms }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_easy_pin_is_refused() {
        for (pin, expected) in [
            ("4071", Ok(())),
            ("905218", Ok(())),
            ("123", Err("pin_length")),
            ("", Err("pin_length")),
            ("4071407140719", Err("pin_length")),
            ("12a4", Err("pin_not_digits")),
            ("١٢٣٤", Err("pin_not_digits")),
            ("0000", Err("pin_too_easy")),
            ("777777", Err("pin_too_easy")),
            ("1234", Err("pin_too_easy")),
            ("7890", Err("pin_too_easy")),
            ("4321", Err("pin_too_easy")),
            ("2580", Err("pin_too_easy")),
            ("123123", Err("pin_too_easy")),
        ] {
            assert_eq!(check_new_pin(pin).map_err(|error| error.code()), expected, "{pin}");
        }
    }

    #[test]
    fn wrong_pins_lock_longer_and_longer() {
        let seconds = |attempts| locked_until(attempts, 0).map(|until| until / SECOND);
        let found: Vec<_> = (0..=9).map(seconds).collect();
        let some = |list: [i64; 7]| list.map(Some);
        assert_eq!(found[..3], [None, None, None]);
        assert_eq!(found[3..], some([30, 60, 300, 900, 1_800, 3_600, 3_600]));
        assert_eq!(seconds(u32::MAX), Some(3_600));
    }

    #[test]
    fn a_locked_person_is_told_how_long_and_a_clock_set_back_does_not_help() {
        assert_eq!(check_not_locked(2, 1_000, 1_000), Ok(()));
        let locked = check_not_locked(3, 1_000, 2_000).map_err(|error| error.to_string());
        assert_eq!(locked, Err("too many wrong PINs; try again in 30 s".to_owned()));
        assert!(check_not_locked(3, 100_000, 5).is_err());
        assert_eq!(check_not_locked(3, 0, 30_000), Ok(()));
    }
}
