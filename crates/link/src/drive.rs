//! Runs the engine over an open store: hands what it wants to the network and the answers back.
//!
//! **Invariant:** between two calls of the engine nothing of the store is held, so a sale never
//! waits for the network.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lumbung_app::sync::store::{self, Centre, Exchange};
use lumbung_app::sync::{LineStatus, SyncPhase};
use lumbung_app::{App, Progress};
use lumbung_sync::access::SnapshotRequest;
use lumbung_sync::engine::{Engine, Input, Link, Output, Replica, Settings, Status, Watch};
use lumbung_sync::protocol::{Entry, PullReply, SyncRequest, SyncResponse};
use lumbung_sync::{Store, StoreReplica};
use tokio::sync::{Notify, watch};

use crate::error::{Line, LineError};
use crate::hints::Hints;
use crate::http::{Http, Speaker, Traffic};
use crate::{pictures, receipts, snapshot};

/// How long a store that failed is left alone.
const REST_MS: i64 = 30_000;
/// An exchange that carried nothing is remembered this often, to know when the centre was there.
const NOTE_EVERY: Duration = Duration::from_secs(300);

/// The ways to reach a line that works.
#[derive(Default)]
pub(crate) struct Calls {
    /// Something was written here.
    pub changed: Notify,
    /// A person asks.
    pub now: Notify,
    /// The line itself is telling the screens: that is no news for it.
    pub telling: AtomicBool,
}

/// Runs one line.
pub(crate) struct Driver<'a> {
    app: &'a App,
    store: &'a Store,
    calls: &'a Calls,
    centre: Centre,
    http: Http,
    engine: Engine,
    status: LineStatus,
    noted: Option<Instant>,
    /// When receipts were compared last.
    compared: Option<Instant>,
    /// A copy of the books of these scopes is wanted.
    fetch: Option<Vec<u32>>,
    /// Receipts or pictures may have something to say to the centre.
    beside: bool,
}

type Inputs = Input<<StoreReplica<'static> as Replica>::Snapshot>;

/// What the engine wants next.
#[derive(Default)]
struct Wants {
    send: Option<Box<SyncRequest>>,
    tick_at: Option<i64>,
}

impl<'a> Driver<'a> {
    /// A line over the open store to its centre.
    pub fn new(app: &'a App, store: &'a Store, calls: &'a Calls, centre: Centre) -> Line<Self> {
        let program = format!("Lumbung {}", env!("CARGO_PKG_VERSION"));
        Ok(Self {
            app,
            store,
            calls,
            http: Http::new(&centre.address)?,
            centre,
            engine: Engine::new(Settings::new(program)),
            status: LineStatus { phase: SyncPhase::Starting, ..LineStatus::default() },
            noted: None,
            compared: None,
            fetch: None,
            beside: true,
        })
    }

    /// Exchanges until it is told to stop.
    pub async fn live(&mut self, stop: &mut watch::Receiver<bool>) {
        self.app.note_line(self.status.clone());
        let mut hints = Hints::new();
        let mut wants = self.take(Input::Tick);
        while !*stop.borrow() {
            wants = tokio::select! {
                biased;
                _ = stop.changed() => return,
                next = self.follow(wants, &mut hints) => next,
            };
        }
    }

    /// Does what the engine wants, or waits for a reason to ask it again.
    async fn follow(&mut self, wants: Wants, hints: &mut Hints) -> Wants {
        if let Some(request) = wants.send {
            return match self.exchange(*request).await {
                Ok(wants) => wants,
                Err(error) => {
                    hints.close();
                    self.failed(&error)
                }
            };
        }
        if let Some(scopes) = self.fetch.take() {
            return match self.fetch(scopes, &mut Progress::silent()).await {
                Ok(wants) => wants,
                Err(error) => self.failed(&error),
            };
        }
        self.beside |= self.compared.is_none_or(|at| millis(at.elapsed()) >= receipts::EVERY_MS);
        if self.beside && self.status.phase == SyncPhase::Online {
            self.beside = self.carry_beside().await;
        }
        let wait = wants.tick_at.unwrap_or(0).saturating_sub(self.app.now_ms()).max(0);
        let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
        let online = self.status.phase == SyncPhase::Online;
        let store = self.store;
        let signer = move |words: &[u8]| signed(store, words);
        let speaker = speaker(store, &signer);
        let input = tokio::select! {
            () = self.calls.now.notified() => Input::Wake { seq: u64::MAX },
            () = self.calls.changed.notified() => Input::Changed,
            seq = hints.next(&self.http, &speaker), if online => Input::Wake { seq },
            () = tokio::time::sleep(wait) => Input::Tick,
        };
        self.take(input)
    }

    /// Exchanges until nothing is left to push or to read.
    pub async fn until_quiet(&mut self, progress: &mut Progress<'_>) -> Line<()> {
        let mut wants = self.take(Input::Wake { seq: u64::MAX });
        let mut exchanges = 0;
        loop {
            wants = if let Some(request) = wants.send {
                exchanges += 1;
                progress.at(exchanges, None, "exchange")?;
                self.exchange(*request).await?
            } else if let Some(scopes) = self.fetch.take() {
                self.fetch(scopes, progress).await?
            } else if wants.tick_at.is_some_and(|at| at <= self.app.now_ms()) {
                self.take(Input::Tick)
            } else {
                while self.status.phase == SyncPhase::Online && self.carry_beside().await {}
                return Ok(());
            };
        }
    }

    /// One turn of the engine.
    fn take(&mut self, input: Inputs) -> Wants {
        let mut replica = StoreReplica::new(self.store);
        let now_ms = self.app.now_ms();
        let mut random = || *uuid::Uuid::new_v4().as_bytes();
        let mut wants = Wants::default();
        let outputs = match self.engine.handle(&mut replica, input, now_ms, &mut random) {
            Ok(outputs) => outputs,
            Err(error) => {
                tracing::error!(cause = ?error, "the store could not take part in an exchange");
                self.engine =
                    Engine::new(Settings::new(format!("Lumbung {}", env!("CARGO_PKG_VERSION"))));
                self.remember(Exchange {
                    began_at: now_ms,
                    outcome: "failed",
                    problem: error.to_string(),
                    ..Exchange::default()
                });
                wants.tick_at = Some(now_ms + REST_MS);
                return wants;
            }
        };
        for output in outputs {
            match output {
                Output::Send(request) => wants.send = Some(request),
                Output::FetchSnapshot { scopes } => self.fetch = Some(scopes),
                Output::TickAt(at) => wants.tick_at = Some(at),
                Output::State(status) => self.show(&status),
                Output::Rekeyed { .. } => {
                    self.http.forget();
                    self.rows_came();
                }
            }
        }
        wants
    }

    async fn exchange(&mut self, request: SyncRequest) -> Line<Wants> {
        let (began, began_at) = (Instant::now(), self.app.now_ms());
        let store = self.store;
        let signer = move |words: &[u8]| signed(store, words);
        let speaker = Speaker { origin: request.origin, ..speaker(store, &signer) };
        let (response, traffic): (SyncResponse, Traffic) =
            self.http.ask(&speaker, "sync", &request).await?;
        self.status.problem = String::new();
        let deferred = self.deferred();
        let (pushed, applied) = carried(&request, &response);
        let wants =
            self.take(Input::Response { request: Box::new(request), response: Box::new(response) });
        self.beside |= pushed + applied > 0;
        self.remember(Exchange {
            began_at,
            took_ms: millis(began.elapsed()),
            outcome: "done",
            pushed,
            applied,
            deferred: self.deferred().saturating_sub(deferred),
            bytes_out: traffic.out,
            bytes_in: traffic.back,
            problem: String::new(),
        });
        if applied > 0 {
            self.rows_came();
        }
        Ok(wants)
    }

    /// Fetches a copy of the books and starts again from it.
    async fn fetch(&mut self, scopes: Vec<u32>, progress: &mut Progress<'_>) -> Line<Wants> {
        let store = self.store;
        let signer = move |words: &[u8]| signed(store, words);
        let speaker = speaker(store, &signer);
        let asked = SnapshotRequest { scopes, schema: store.info().schema };
        let file = self.app.dir().join("rebase.part");
        snapshot::fetch(&self.http, &speaker, &asked, &file, progress).await?;
        let wants = self.take(Input::Snapshot(file.clone()));
        for left in [file.with_extension("of"), file] {
            if let Err(error) = std::fs::remove_file(&left) {
                tracing::warn!(cause = ?error, path = ?left, "a used copy was left");
            }
        }
        self.beside = true;
        self.rows_came();
        Ok(wants)
    }

    /// Nobody answered, or not as a centre does.
    fn failed(&mut self, error: &LineError) -> Wants {
        tracing::info!(cause = ?error, "no exchange");
        self.status.problem = error.words();
        self.remember(Exchange {
            began_at: self.app.now_ms(),
            outcome: error.outcome(),
            problem: error.words(),
            ..Exchange::default()
        });
        let wants = self.take(Input::Failed);
        // The engine says only that it is down; why, it does not know.
        self.app.note_line(self.status.clone());
        wants
    }

    /// Pictures and receipts, a few at a time. Gives whether there may be more.
    async fn carry_beside(&mut self) -> bool {
        let store = self.store;
        let signer = move |words: &[u8]| signed(store, words);
        let speaker = speaker(store, &signer);
        self.compared = Some(Instant::now());
        let asked = receipts::compare(self.app, &self.http, &speaker, &self.centre).await;
        let asked = quietly("receipts were not compared", asked);
        if asked {
            self.app.note_line(self.status.clone());
            self.app.tell_sync();
        }
        quietly("pictures were not carried", pictures::carry(self.app, &self.http, &speaker).await)
    }

    /// Others wrote into the store: screens are told, the line itself is not woken by it.
    fn rows_came(&self) {
        self.calls.telling.store(true, Ordering::Release);
        self.app.note_applied();
        self.calls.telling.store(false, Ordering::Release);
    }

    fn show(&mut self, status: &Status) {
        self.status =
            LineStatus { problem: std::mem::take(&mut self.status.problem), ..shown(status) };
        self.app.note_line(self.status.clone());
    }

    /// Remembers an exchange, unless it is one more that carried nothing.
    fn remember(&mut self, exchange: Exchange) {
        let recent = self.noted.is_some_and(|noted| noted.elapsed() < NOTE_EVERY);
        if exchange.is_empty() && exchange.outcome == "done" && recent {
            return;
        }
        self.noted = (exchange.outcome == "done").then(Instant::now);
        if let Err(error) = self.store.local(|db| store::add_exchange(db, &exchange)) {
            tracing::warn!(cause = ?error, "an exchange was not remembered");
        }
    }

    fn deferred(&self) -> u64 {
        self.store.read(store::deferred_count).unwrap_or(0)
    }
}

/// Signs for the store's current origin.
fn signed(store: &Store, words: &[u8]) -> lumbung_app::Result<Vec<u8>> {
    let signature = store.sign(words).map(|signature| signature.to_vec());
    signature.ok_or_else(|| lumbung_app::Error::Broken("the line cannot sign".to_owned()))
}

/// Who speaks for an open store.
fn speaker<'s>(store: &Store, sign: lumbung_app::sync::Sign<'s>) -> Speaker<'s> {
    let info = store.info();
    let introductions = StoreReplica::new(store).introductions(&info.origin).unwrap_or_default();
    Speaker { company: info.company, origin: info.origin, introductions, sign }
}

fn quietly(what: &'static str, done: Line<bool>) -> bool {
    done.unwrap_or_else(|error| {
        tracing::info!(cause = ?error, what);
        false
    })
}

/// Own commits the centre took, and commits of others that came.
fn carried(request: &SyncRequest, response: &SyncResponse) -> (u64, u64) {
    let asked = |origin| request.push.iter().find(|chain| chain.origin == origin);
    let pushed = response
        .push
        .iter()
        .filter_map(|reply| Some(reply.upto.ctr.saturating_sub(asked(reply.origin)?.base.ctr)));
    let applied = match &response.pull {
        PullReply::Page(page) => {
            let own = |entry: &&Entry| asked(entry.origin).is_none();
            page.entries.iter().filter(own).count() as u64
        }
        _ => 0,
    };
    (pushed.sum(), applied)
}

fn shown(status: &Status) -> LineStatus {
    let (clock_off_ms, date_in_doubt) = match status.clock {
        Watch::Right => (None, false),
        Watch::Off { fast_ms } => (Some(fast_ms), false),
        Watch::Wrong { fast_ms } => (Some(fast_ms), true),
    };
    let mut since_ms = None;
    let phase = match status.link {
        Link::Starting => SyncPhase::Starting,
        Link::Online => SyncPhase::Online,
        Link::Offline { since_ms: since } => {
            since_ms = Some(since);
            SyncPhase::Offline
        }
        Link::NeedsUpgrade { .. } => SyncPhase::NeedsUpgrade,
        Link::CentreTooOld { .. } => SyncPhase::CentreTooOld,
        Link::Revoked => SyncPhase::Revoked,
        Link::NotKnown => SyncPhase::NotKnown,
        Link::Refused => SyncPhase::Refused,
        Link::Diverged => SyncPhase::Salvaging,
        Link::CatchingUp => SyncPhase::CatchingUp,
    };
    let waiting = status.waiting;
    LineStatus { phase, since_ms, clock_off_ms, date_in_doubt, waiting, problem: String::new() }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
