//! Document series: every number once, none left out, up to the last one the terminal gave.
//!
//! **Invariant:** memory grows by one bit a document, so millions of documents fit.

use std::collections::BTreeMap;

use lumbung_domain::number::{DocumentNumber, Running, Series};
use lumbung_domain::say;
use rusqlite::Connection;

use super::Check;
use crate::error::Result;
use crate::jobs::Progress;

/// Rows between two reports of progress.
const STEP: u64 = 4_096;

/// Documents that carry a number of a series.
const NUMBERED: &str = "select number from sale
    union all select number from session_close
    union all select number from cash_movement
    union all select number from store_credit
    union all select number from stock_adjustment
    union all select number from account_payment";

/// What this terminal gave out last, by series.
const COUNTERS: &str = "select series_key, last from number_series";

/// A number in the words of its series, where the running number has one.
fn number(series: &Series, running: u32) -> String {
    series.number(running).map_or_else(|_| running.to_string(), |number| number.to_string())
}

/// Checks every series. Only the counters of `current`, the terminal's own series, still count:
/// after a restore an older one may have gone on in commits that were brought back later.
pub fn check(db: &Connection, current: &str, progress: &mut Progress<'_>) -> Result<Check> {
    let title = "Every document series is continuous";
    let mut check = Check::new("series", title);
    let mut all: BTreeMap<Series, Running> = BTreeMap::new();
    let mut statement = db.prepare(NUMBERED)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let text = row.get_ref(0)?.as_str().unwrap_or_default();
        match text.parse::<DocumentNumber>() {
            Ok(number) => all.entry(number.series().clone()).or_default().note(number.running()),
            Err(_) => check.find(|| {
                Ok(say!("found_no_number", "\"{text}\" is not a document number.", text = text))
            })?,
        }
        check.count += 1;
        if check.count.is_multiple_of(STEP) {
            progress.at(check.count, None, &check.name)?;
        }
    }
    let mut counters = counters(db)?;
    for (series, seen) in &all {
        for running in seen.twice() {
            let number = number(series, *running);
            check.find(|| {
                Ok(say!("found_number_twice", "{number} was given twice.", number = number))
            })?;
        }
        // What was given out after the last document that is there is missing, too.
        let given = counters.remove(&series.key()).unwrap_or(seen.last());
        if given < seen.last() && series.terminal() == current {
            let last = number(series, seen.last());
            check.find(|| {
                Ok(say!(
                    "found_number_ahead",
                    "{last} exists, but only {given} numbers were given.",
                    last = last,
                    given = given
                ))
            })?;
        }
        for gap in seen.gaps(given.max(seen.last())) {
            let (from, to) = (number(series, *gap.start()), number(series, *gap.end()));
            check.find(|| {
                Ok(if from == to {
                    say!("found_number_missing", "{number} is missing.", number = from)
                } else {
                    say!(
                        "found_numbers_missing",
                        "{from} to {to} are missing.",
                        from = from,
                        to = to
                    )
                })
            })?;
        }
    }
    for (key, given) in counters.into_iter().filter(|(_, given)| *given > 0) {
        check.find(|| {
            Ok(say!(
                "found_series_empty",
                "{given} numbers of series {series} were given; none is there.",
                given = given,
                series = key
            ))
        })?;
    }
    Ok(check)
}

/// Counters that belong to documents: others, such as a running number inside, are left out.
fn counters(db: &Connection) -> Result<BTreeMap<String, u32>> {
    let mut counters = BTreeMap::new();
    let mut statement = db.prepare(COUNTERS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (key, last): (String, u32) = (row.get("series_key")?, row.get("last")?);
        if format!("{key}{last:06}").parse::<DocumentNumber>().is_ok() {
            counters.insert(key, last);
        }
    }
    Ok(counters)
}
