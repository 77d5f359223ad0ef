//! Which backups are kept.
//!
//! **Invariant:** pure: the moments, the policy and now are all that counts.

use std::path::PathBuf;

use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use serde::{Deserialize, Serialize};

/// Which backups are kept, and where a second copy goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPolicy {
    /// The newest so many are always kept.
    pub last: usize,
    /// One an hour is kept for so many hours.
    pub hourly: u32,
    /// One a day is kept for so many days.
    pub daily: u32,
    /// One a month is kept for so many months.
    pub monthly: u32,
    /// A folder on another disk that gets a copy of each.
    pub second_folder: Option<PathBuf>,
}

impl Default for BackupPolicy {
    fn default() -> BackupPolicy {
        BackupPolicy { last: 5, hourly: 24, daily: 14, monthly: 12, second_folder: None }
    }
}

/// Which of the backups made at these moments (newest first) are kept: the last few, and the
/// newest of each hour, day and month as far back as the policy goes.
pub fn keep(made: &[i64], now: i64, policy: &BackupPolicy) -> Vec<bool> {
    let mut kept: Vec<bool> = (0..made.len()).map(|i| i < policy.last).collect();
    type SlotOf = fn(i64) -> Option<Slot>;
    let spans: [(u32, SlotOf); 3] =
        [(policy.hourly, hour), (policy.daily, day), (policy.monthly, month)];
    for (reach, slot) in spans {
        let Some(this) = slot(now) else { continue };
        let mut last = None;
        for (i, at) in made.iter().enumerate() {
            let Some(its) = slot(*at) else { continue };
            // A backup from a clock that was ahead counts as made now.
            let near = this.number - its.number < i64::from(reach);
            if near && last != Some(its) {
                kept[i] = true;
                last = Some(its);
            }
        }
    }
    kept
}

/// An hour, a day or a month, counted.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Slot {
    number: i64,
}

fn moment(at_ms: i64) -> Option<(NaiveDate, i64)> {
    let at = DateTime::from_timestamp_millis(at_ms)?.naive_utc();
    Some((at.date(), i64::from(at.hour())))
}

fn hour(at_ms: i64) -> Option<Slot> {
    let (date, hour) = moment(at_ms)?;
    Some(Slot { number: i64::from(date.num_days_from_ce()) * 24 + hour })
}

fn day(at_ms: i64) -> Option<Slot> {
    let (date, _) = moment(at_ms)?;
    Some(Slot { number: i64::from(date.num_days_from_ce()) })
}

fn month(at_ms: i64) -> Option<Slot> {
    let (date, _) = moment(at_ms)?;
    Some(Slot { number: i64::from(date.year()) * 12 + i64::from(date.month0()) })
}

#[cfg(test)]
mod tests {
    use super::{BackupPolicy, keep};

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    /// 2026-11-20 08:30 UTC.
    const NOW: i64 = 1_795_163_400_000;

    fn kept(ages: &[i64], policy: &BackupPolicy) -> Vec<i64> {
        let made: Vec<i64> = ages.iter().map(|age| NOW - age).collect();
        let flags = keep(&made, NOW, policy);
        ages.iter().zip(flags).filter_map(|(age, kept)| kept.then_some(*age)).collect()
    }

    #[test]
    fn backups_thin_out_with_age() {
        let policy = BackupPolicy { last: 2, hourly: 3, daily: 3, monthly: 2, second_folder: None };
        let minute = HOUR / 60;
        let cases: [(&str, &[i64], &[i64]); 7] = [
            ("nothing", &[], &[]),
            ("the newest few stay", &[0, minute, 2 * minute], &[0, minute]),
            ("one an hour", &[0, 1, HOUR, HOUR + minute, 2 * HOUR], &[0, 1, HOUR, 2 * HOUR]),
            ("one a day", &[0, 1, DAY, DAY + HOUR, 2 * DAY], &[0, 1, DAY, 2 * DAY]),
            ("one a month", &[0, 1, 25 * DAY, 26 * DAY, 70 * DAY], &[0, 1, 25 * DAY]),
            ("a clock that was ahead", &[-DAY, 0, 1, 2], &[-DAY, 0]),
            ("older than all", &[0, 1, 400 * DAY], &[0, 1]),
        ];
        for (what, ages, expected) in cases {
            assert_eq!(kept(ages, &policy), expected, "{what}");
        }
    }

    #[test]
    fn a_year_of_hourly_backups_leaves_a_few_dozen() {
        let ages: Vec<i64> = (0..365 * 24).map(|hour| hour * HOUR).collect();
        let left = kept(&ages, &BackupPolicy::default());
        // 24 hours reach into yesterday, so 12 more days and 11 more months are left.
        assert_eq!(left.len(), 24 + 12 + 11);
    }
}
