//! Dates and times as files write them.
//!
//! **Invariant:** a column has one order of day and month. Where every date can be read in two ways
//! the person is asked, never guessed for.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::numbers::short;
use super::trouble::{CellError, FileError};

/// In which order a date is written when the year does not come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 31/12/2026
    DayFirst,
    /// 12/31/2026
    MonthFirst,
}

const YEAR_MIN: i32 = 1970;
const YEAR_MAX: i32 = 2100;

/// Names of months by their first three letters, in the languages our users' files have.
const MONTHS: &[(&str, u32)] = &[
    ("jan", 1),
    ("feb", 2),
    ("fev", 2),
    ("mar", 3),
    ("apr", 4),
    ("avr", 4),
    ("may", 5),
    ("mei", 5),
    ("mai", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("agu", 8),
    ("ags", 8),
    ("aou", 8),
    ("aoû", 8),
    ("sep", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
    ("dec", 12),
    ("des", 12),
    ("déc", 12),
    ("fév", 2),
];

/// The three parts of a date as written, and the time behind them.
struct Parts<'a> {
    parts: [&'a str; 3],
    time: &'a str,
}

fn split(text: &str) -> Option<Parts<'_>> {
    let text = text.trim();
    let mut parts = [""; 3];
    let mut rest = text;
    for (at, part) in parts.iter_mut().enumerate() {
        let end = if at == 2 {
            rest.find([' ', 'T', '\u{a0}']).unwrap_or(rest.len())
        } else {
            rest.find(['-', '/', '.', ' '])?
        };
        *part = &rest[..end];
        rest = if at == 2 { &rest[end..] } else { rest[end..].get(1..)? };
    }
    Some(Parts { parts, time: rest.trim_start_matches(['T', ' ', '\u{a0}']) })
}

fn small(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn month_name(text: &str) -> Option<u32> {
    let lower: String = text.chars().take(3).flat_map(char::to_lowercase).collect();
    let known = text.chars().count() >= 3 && text.chars().all(char::is_alphabetic);
    MONTHS.iter().find(|(name, _)| known && *name == lower).map(|(_, month)| *month)
}

/// What was seen in a column of dates.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    day_first: Option<(u64, String)>,
    month_first: Option<(u64, String)>,
    either: Option<(u64, String)>,
}

impl Evidence {
    /// Looks at one more cell.
    pub fn see(&mut self, line: u64, text: &str) {
        let Some(Parts { parts: [first, second, third], .. }) = split(text) else { return };
        let (Some(first_no), Some(second_no)) = (small(first), small(second)) else { return };
        if first.len() == 4 || third.len() != 4 {
            return;
        }
        let place = match (first_no > 12, second_no > 12) {
            (true, false) => &mut self.day_first,
            (false, true) => &mut self.month_first,
            (false, false) if first_no != second_no => &mut self.either,
            _ => return,
        };
        if place.is_none() {
            *place = Some((line, text.trim().to_owned()));
        }
    }

    /// The order of the column; the person's choice is needed when nothing shows it.
    pub fn decide(&self, column: &str) -> Result<DateOrder, FileError> {
        match (&self.day_first, &self.month_first, &self.either) {
            (Some((one_line, one)), Some((other_line, other)), _) => Err(FileError::MixedDates {
                column: column.to_owned(),
                one: one.clone(),
                one_line: *one_line,
                other: other.clone(),
                other_line: *other_line,
            }),
            (Some(_), None, _) | (None, None, None) => Ok(DateOrder::DayFirst),
            (None, Some(_), _) => Ok(DateOrder::MonthFirst),
            (None, None, Some((line, example))) => Err(FileError::UnclearDates {
                column: column.to_owned(),
                example: example.clone(),
                line: *line,
            }),
        }
    }
}

/// The date and time in a cell; midnight where no time is given.
pub fn date_time(text: &str, order: DateOrder) -> Result<NaiveDateTime, CellError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(CellError::Missing);
    }
    let not_a_date = || CellError::NotADate(short(text));
    let Parts { parts: [first, second, third], time } = split(text).ok_or_else(not_a_date)?;
    let (year, month, day) = if first.len() == 4 {
        (small(first), month(second), small(third))
    } else if month_name(second).is_some() || order == DateOrder::DayFirst {
        (small(third), month(second), small(first))
    } else {
        (small(third), month(first), small(second))
    };
    let year_digits = if first.len() == 4 { first.len() } else { third.len() };
    let (Some(year), Some(month), Some(day)) = (year, month, day) else {
        return Err(not_a_date());
    };
    // 10/11/12 could be any of six days.
    if year_digits != 4 {
        return Err(not_a_date());
    }
    let year = i32::try_from(year).map_err(|_| not_a_date())?;
    let date = NaiveDate::from_ymd_opt(year, month, day).ok_or_else(not_a_date)?;
    if !(YEAR_MIN..=YEAR_MAX).contains(&date.year()) {
        return Err(CellError::FarDate(short(text)));
    }
    Ok(date.and_time(clock(time).ok_or_else(not_a_date)?))
}

fn month(text: &str) -> Option<u32> {
    small(text).or_else(|| month_name(text))
}

/// 8:26, 08:26:00, 08:26:00.000Z, 8:26 PM.
fn clock(text: &str) -> Option<NaiveTime> {
    let text = text.trim_end_matches('Z').trim();
    if text.is_empty() {
        return Some(NaiveTime::MIN);
    }
    let lower = text.to_ascii_lowercase();
    let (digits, half) = match (lower.strip_suffix("pm"), lower.strip_suffix("am")) {
        (Some(rest), _) => (rest.trim(), Some(12)),
        (_, Some(rest)) => (rest.trim(), Some(0)),
        _ => (lower.as_str(), None),
    };
    let mut parts = digits.split(':');
    let hour = small(parts.next()?)?;
    let minute = small(parts.next()?)?;
    let second = match parts.next() {
        None => 0,
        Some(second) => small(second.split(['.', ',']).next()?)?,
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + half,
    };
    if parts.next().is_some() {
        return None;
    }
    NaiveTime::from_hms_opt(hour, minute, second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, order: DateOrder, expect: &str) {
        let found = match date_time(text, order) {
            Ok(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expect, "{text:?}");
    }

    #[test]
    fn dates_are_read_as_files_write_them() {
        use DateOrder::{DayFirst, MonthFirst};
        check("2010-12-01 08:26:00", DayFirst, "2010-12-01 08:26:00");
        check("2010-12-01T08:26:00Z", DayFirst, "2010-12-01 08:26:00");
        check("2010/12/01", DayFirst, "2010-12-01 00:00:00");
        check("01/12/2010 08:26", DayFirst, "2010-12-01 08:26:00");
        check("12/1/2010 8:26", MonthFirst, "2010-12-01 08:26:00");
        check("12/1/2010 8:26 PM", MonthFirst, "2010-12-01 20:26:00");
        check("12/1/2010 12:05 AM", MonthFirst, "2010-12-01 00:05:00");
        check("1.12.2010", DayFirst, "2010-12-01 00:00:00");
        check("1 Des 2010", MonthFirst, "2010-12-01 00:00:00");
        check("17-Agustus-2026 10:00", DayFirst, "2026-08-17 10:00:00");
    }

    #[test]
    fn what_is_no_date_is_refused_in_words() {
        use DateOrder::DayFirst;
        check("", DayFirst, "is empty");
        check("yesterday", DayFirst, "\"yesterday\" is not a date");
        check("31/02/2026", DayFirst, "\"31/02/2026\" is not a date");
        check("10/11/12", DayFirst, "\"10/11/12\" is not a date");
        check("2026-01-01 25:00", DayFirst, "\"2026-01-01 25:00\" is not a date");
        check("40513", DayFirst, "\"40513\" is not a date");
        check("0001-01-01", DayFirst, "\"0001-01-01\" lies outside the years 1970 to 2100");
    }

    fn decide(cells: &[&str]) -> String {
        let mut evidence = Evidence::default();
        for (at, cell) in cells.iter().enumerate() {
            evidence.see(at as u64 + 2, cell);
        }
        match evidence.decide("Date") {
            Ok(order) => format!("{order:?}"),
            Err(error) => error.code().to_owned(),
        }
    }

    #[test]
    fn a_column_shows_whether_day_or_month_comes_first() {
        assert_eq!(decide(&["2010-12-01"]), "DayFirst");
        assert_eq!(decide(&["1/2/2010", "13/2/2010"]), "DayFirst");
        assert_eq!(decide(&["12/1/2010 8:26", "12/13/2010 9:00"]), "MonthFirst");
        assert_eq!(decide(&["3/3/2010"]), "DayFirst");
        assert_eq!(decide(&["1/2/2010", "3/4/2010"]), "import_unclear_dates");
        assert_eq!(decide(&["13/2/2010", "2/13/2010"]), "import_mixed_dates");
    }
}
