//! Hints that there is something to read: only how far the log goes, never what is in it.
//!
//! **Invariant:** losing a hint costs time and nothing else; whoever hears one asks in the usual
//! way, with their usual authority.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use tokio::sync::watch;
use tokio::time::Instant;

use super::authority::{Device, Person};
use super::failure::{Answer, Refused};
use super::sync::reader;
use crate::centre::Shared;
use crate::companies::Listener;
use crate::log::CommitLog;

/// The least time between two hints to one listener.
const GAP: Duration = Duration::from_millis(100);
/// A listener comes back with a fresh token after this.
const LISTEN_MAX: Duration = Duration::from_secs(15 * 60);
/// How often a line without meaning keeps the connection open.
const ALIVE: Duration = Duration::from_secs(15);

/// `GET /s/{company}/events`
pub async fn for_device<L: CommitLog>(
    State(centre): State<Shared<L>>,
    device: Device,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    reader(&centre, device).await?;
    let seq = centre.log.head(&device.company).await?.last_seq;
    let listener = centre.companies.listen(device.company, seq).ok_or_else(busy)?;
    Ok(stream(listener))
}

/// `GET /events`
pub async fn for_person<L: CommitLog>(
    State(centre): State<Shared<L>>,
    person: Person,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    centre.companies.app(&person.company).await?.seated(&centre, person).await?;
    let seq = centre.log.head(&person.company).await?.last_seq;
    let listener = centre.companies.listen(person.company, seq).ok_or_else(busy)?;
    Ok(stream(listener))
}

fn busy() -> Refused {
    let status = axum::http::StatusCode::SERVICE_UNAVAILABLE;
    Refused::new(status, "centre_busy", "Too many listen already: ask from time to time instead.")
}

struct Hints {
    listener: Listener,
    said: Option<u64>,
    until: Instant,
}

fn stream(listener: Listener) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let hints = Hints { listener, said: None, until: Instant::now() + LISTEN_MAX };
    let events = futures_util::stream::unfold(hints, |mut hints| async move {
        let seq = next(&mut hints).await?;
        hints.said = Some(seq);
        Some((Ok(Event::default().event("seq").data(seq.to_string())), hints))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE))
}

/// The newest entry, as soon as it is another than was said; nothing when it is time to go.
async fn next(hints: &mut Hints) -> Option<u64> {
    let Hints { listener, said, until } = hints;
    let seqs: &mut watch::Receiver<u64> = &mut listener.seqs;
    if said.is_some() {
        tokio::time::sleep(GAP).await;
    }
    let changed = seqs.wait_for(|seq| Some(*seq) != *said);
    match tokio::time::timeout_at(*until, changed).await {
        Ok(Ok(seq)) => Some(*seq),
        // The time is over, or the centre is going down.
        Err(_) | Ok(Err(_)) => None,
    }
}
