//! The print queue: papers wait on disk until their printer has taken them.
//!
//! **Invariant:** papers for one printer come out in the order they were queued; a printer that is
//! off, or a program that is closed, loses none of them.

use std::time::Duration;

use lumbung_domain::ids::{Id, PrintJobId};
use lumbung_domain::said::Said;
use lumbung_paper::transport::{self, Destination};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::printers::Printer;
use super::store::{self, Job};
use crate::App;
use crate::door::{Nothing, Read, Write};
use crate::error::{Error, Refusal, Result, not_found};

/// How long one try may take.
const TIMEOUT: Duration = Duration::from_secs(8);

/// The wait after the first failure; it doubles up to [`WAIT_MAX_MS`].
const WAIT_MS: i64 = 2_000;

/// The longest wait between two tries.
const WAIT_MAX_MS: i64 = 120_000;

/// A paper that nobody could print for so long is given up, so that it does not surprise anybody
/// the next day; a person can still send it again.
const GIVE_UP_AFTER_MS: i64 = 12 * 60 * 60 * 1_000;

/// How long printed papers are remembered.
const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// Papers looked at in one round, and shown at once.
const BATCH: i64 = 200;

/// Most papers that wait.
const WAITING_MAX: u32 = 2_000;

/// Where a paper goes, as kept with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Way {
    printer: String,
    destination: Destination,
    fallback: Option<Destination>,
}

/// Names a paper in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PrintJobRef {
    /// The paper.
    pub print_job_id: PrintJobId,
}

/// A paper in the queue.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PrintJob {
    /// The paper.
    pub print_job_id: PrintJobId,
    /// What it is.
    pub title: String,
    /// For which printer.
    pub printer: String,
    /// waiting, printed, failed or cancelled.
    pub state: String,
    /// How often it was tried.
    pub tries: u32,
    /// What went wrong last; two when the printer and its stand-in both failed.
    pub problems: Vec<Said>,
    /// When it was queued, UTC milliseconds.
    pub created_at: i64,
    /// When it is tried next.
    pub next_try_at: i64,
}

/// Puts a paper into the queue of a printer.
pub fn add(
    db: &Connection,
    printer: &Printer,
    title: &str,
    payload: Vec<u8>,
    now_ms: i64,
) -> Result<PrintJobRef> {
    store::forget(db, now_ms - KEPT_MS)?;
    if store::waiting_count(db)? >= WAITING_MAX {
        return Err(Refusal::new(
            "queue_full",
            format!("{WAITING_MAX} papers wait already: see to the printer first."),
        )
        .into());
    }
    let way = Way {
        printer: printer.name.clone(),
        destination: printer.destination.clone(),
        fallback: printer.fallback.clone(),
    };
    let print_job_id = PrintJobId::from_bytes(Uuid::now_v7().into_bytes());
    let destination =
        serde_json::to_string(&way).map_err(|error| Error::Broken(error.to_string()))?;
    store::add(
        db,
        &Job {
            print_job_id,
            title: title.to_owned(),
            destination,
            payload,
            state: "waiting".to_owned(),
            tries: 0,
            last_error: String::new(),
            created_at: now_ms,
            next_try_at: now_ms,
        },
    )?;
    Ok(PrintJobRef { print_job_id })
}

fn way(job: &Job) -> Result<Way> {
    serde_json::from_str(&job.destination).map_err(|error| Error::Broken(error.to_string()))
}

/// How long to wait after so many failures.
fn wait_ms(tries: u32) -> i64 {
    WAIT_MS.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(WAIT_MAX_MS)
}

/// Prints what is due; answers when the next try is, if anything still waits. Sending happens
/// outside every transaction: a slow printer never stops a sale.
pub fn run(app: &App) -> Result<Option<i64>> {
    let kept = app.store()?;
    let waiting = kept.read(|db| store::waiting(db, BATCH))?;
    // A shop has a handful of printers.
    let mut blocked: Vec<Destination> = Vec::new();
    let mut next: Option<i64> = None;
    let mut at = |time: i64| next = Some(next.map_or(time, |other| other.min(time)));
    for job in waiting {
        let way = way(&job)?;
        if blocked.contains(&way.destination) {
            continue;
        }
        if job.next_try_at > app.now_ms() {
            at(job.next_try_at);
            blocked.push(way.destination);
            continue;
        }
        // It may have been cancelled while the papers before it were printed.
        let state = kept.read(|db| store::state(db, job.print_job_id))?;
        if state.as_deref() != Some("waiting") {
            continue;
        }
        let sent = send(&way, &job.payload);
        let (id, now_ms) = (job.print_job_id, app.now_ms());
        let tries = job.tries.saturating_add(1);
        let again = now_ms + wait_ms(tries);
        let given_up = now_ms - job.created_at > GIVE_UP_AFTER_MS;
        kept.local(|db| match &sent {
            Ok(()) => store::note(db, id, "printed", tries, "", now_ms),
            Err(said) => {
                let words = kept_as(said);
                let state = if given_up { "failed" } else { "waiting" };
                store::note(db, id, state, tries, &words, again)
            }
        })?;
        if let Err(said) = sent {
            let words = said.iter().map(Said::to_string).collect::<Vec<_>>().join(" ");
            tracing::warn!(printer = way.printer, words, "not printed");
            // The others behind it would only wait for the same silence.
            at(again);
            blocked.push(way.destination);
        }
        app.tell(&crate::Event::changed(&["print_queue"]));
    }
    Ok(next)
}

fn send(way: &Way, payload: &[u8]) -> Result<(), Vec<Said>> {
    let first = transport::send(&way.destination, payload, TIMEOUT);
    let Err(error) = first else { return Ok(()) };
    let Some(fallback) = &way.fallback else { return Err(vec![error.said()]) };
    transport::send(fallback, payload, TIMEOUT).map_err(|other| vec![error.said(), other.said()])
}

/// How problems lie in the queue: by name and facts, so that every reader has their own words.
fn kept_as(problems: &[Said]) -> String {
    serde_json::to_string(problems).unwrap_or_default()
}

/// The problems of a paper; a queue of an older program kept one English sentence.
fn problems(kept: &str) -> Vec<Said> {
    match serde_json::from_str(kept) {
        Ok(problems) => problems,
        Err(_) if kept.is_empty() => Vec::new(),
        Err(_) => vec![Said::new("printer_failed_before", kept).fact("words", kept)],
    }
}

/// `print.queue`: papers that wait, were printed or given up, newest first.
pub fn list(read: &Read<'_>, _: Nothing) -> Result<Vec<PrintJob>> {
    store::list(read.db, BATCH)?
        .into_iter()
        .map(|job| {
            Ok(PrintJob {
                printer: way(&job)?.printer,
                print_job_id: job.print_job_id,
                title: job.title,
                state: job.state,
                tries: job.tries,
                problems: problems(&job.last_error),
                created_at: job.created_at,
                next_try_at: job.next_try_at,
            })
        })
        .collect()
}

/// `print.retry`: tries a paper again now.
pub fn retry(write: &mut Write<'_, '_>, given: PrintJobRef) -> Result<Nothing> {
    let id = given.print_job_id;
    let state = store::state(write.db(), id)?.ok_or_else(|| not_found("The paper"))?;
    if state == "printed" {
        return Err(Refusal::new(
            "printed",
            "This paper is printed: print the document again instead, it will say COPY.",
        )
        .into());
    }
    store::note(write.db(), id, "waiting", 0, "", write.now_ms)?;
    Ok(Nothing {})
}

/// `print.cancel`: takes a paper out of the queue.
pub fn cancel(write: &mut Write<'_, '_>, given: PrintJobRef) -> Result<Nothing> {
    let id = given.print_job_id;
    let state = store::state(write.db(), id)?.ok_or_else(|| not_found("The paper"))?;
    if state != "waiting" && state != "failed" {
        return Err(Refusal::new("not_waiting", "This paper does not wait any more.").into());
    }
    store::note(write.db(), id, "cancelled", 0, "", write.now_ms)?;
    Ok(Nothing {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printer_that_is_off_is_asked_less_and_less_often() {
        let waits: Vec<_> = [1, 2, 3, 6, 7, 100].into_iter().map(wait_ms).collect();
        assert_eq!(waits, [2_000, 4_000, 8_000, 64_000, 120_000, 120_000]);
    }

    #[test]
    fn a_problem_is_kept_by_name_and_an_old_one_as_it_was_said() {
        let problem = Said::new("printer_missing", "There is none.").fact("place", "lp0");
        assert_eq!(problems(&kept_as(std::slice::from_ref(&problem))), [problem]);
        assert_eq!(problems(""), []);
        assert_eq!(problems("There is none.")[0].message, "There is none.");
    }
}
