//! The terminal's side of the protocol, without input or output: what to send, and what an answer
//! means.
//!
//! Read in this order: [`Replica`] is what the engine needs of a store, [`Engine::handle`] turns an
//! [`Input`] into [`Output`]s, `ask` makes a request, `push` and `pull` understand its answer,
//! `pace` decides when to ask again, and [`Status`] is what a person is told.
//!
//! **Invariant:** no clock, no randomness and no network in here: the terminal, the server's own
//! replica and the simulator run the same code. What the engine keeps in memory may be lost at any
//! moment: an answer is believed for the hashes in it, never because it was expected.

mod ask;
mod pace;
mod pull;
mod push;
mod replica;
mod status;

use std::collections::BTreeMap;

use crate::commit::Origin;
use crate::protocol::{At, SyncRequest, SyncResponse, Verdict};
use pace::Pace;
pub use replica::{Applied, Chain, Me, Replica};
pub use status::{Link, Status, Watch};

/// How an engine behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Name and version of the program, for the operator's eyes.
    pub app: String,
    /// About how many bytes of commits one request pushes; one commit goes whatever its size.
    pub push_bytes: usize,
    /// About how many bytes of commits one page may have.
    pub pull_bytes: u32,
    /// How often to look for news where nothing says that there are any.
    pub poll_ms: i64,
    /// How long to wait after the first failure; each further one doubles it.
    pub retry_min_ms: i64,
    /// The longest wait after a failure.
    pub retry_max_ms: i64,
    /// After which an exchange that was never answered counts as failed.
    pub patience_ms: i64,
}

impl Settings {
    /// What every terminal uses.
    pub fn new(app: impl Into<String>) -> Settings {
        Settings {
            app: app.into(),
            push_bytes: 512 * 1024,
            pull_bytes: 1024 * 1024,
            poll_ms: 30_000,
            retry_min_ms: 1_000,
            retry_max_ms: 60_000,
            patience_ms: 120_000,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<S> {
    /// It may be time to exchange: see [`Output::TickAt`].
    Tick,
    /// Something was committed here.
    Changed,
    /// The centre hints that its log has reached `seq`.
    Wake {
        /// The last sequence number there is.
        seq: u64,
    },
    /// The centre answered.
    Response {
        /// What had been asked.
        request: Box<SyncRequest>,
        /// The answer.
        response: Box<SyncResponse>,
    },
    /// No answer came, to a request or to the wish for a snapshot.
    Failed,
    /// The snapshot that was asked for.
    Snapshot(S),
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Send this to the centre, and hand in the answer together with it, or that there was none.
    Send(Box<SyncRequest>),
    /// Fetch a snapshot of these scopes.
    FetchSnapshot {
        /// The scopes, ascending.
        scopes: Vec<u32>,
    },
    /// The replica goes on under a new origin: everything signed in the name of the old one, such
    /// as a token, is to be renewed.
    Rekeyed {
        /// The origin that was closed.
        old: Origin,
        /// The current one.
        new: Origin,
    },
    /// What people see has changed.
    State(Status),
    /// Hand in a [`Input::Tick`] at this time; the last one counts. A time that has come means at
    /// once: there is more to push or to pull.
    TickAt(i64),
}

/// What is remembered about a chain between two exchanges.
#[derive(Debug, Clone, Default)]
struct Standing {
    /// The centre was seen to hold all of it since this engine began or last had doubts.
    proven: bool,
    /// The centre did not know the origin.
    introduce: bool,
    /// While the origin is revoked: up to where the centre keeps it apart.
    apart: Option<At>,
    /// The last answer.
    verdict: Option<Verdict>,
    /// Who vouches for the origin did not convince the centre.
    is_stranger: bool,
}

/// The engine of one replica.
#[derive(Debug)]
pub struct Engine {
    settings: Settings,
    pace: Pace,
    standings: BTreeMap<Origin, Standing>,
    /// Why a snapshot is being fetched, if one is.
    fetching: Option<Link>,
    /// The last page left something out that this replica does not hold.
    whole: bool,
    status: Status,
    told: Option<Status>,
    out: Vec<Output>,
}

impl Engine {
    /// An engine that knows nothing yet, as after every start of the program.
    pub fn new(settings: Settings) -> Engine {
        Engine {
            settings,
            pace: Pace::default(),
            standings: BTreeMap::new(),
            fetching: None,
            whole: false,
            status: Status::default(),
            told: None,
            out: Vec::new(),
        }
    }

    /// What people are told.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Takes in what happened and says what is to be done. After an error of the replica the engine
    /// is to be thrown away and begun anew.
    pub fn handle<R: Replica>(
        &mut self,
        replica: &mut R,
        input: Input<R::Snapshot>,
        now_ms: i64,
        rng: &mut impl FnMut() -> [u8; 16],
    ) -> Result<Vec<Output>, R::Error> {
        match input {
            Input::Tick => {}
            Input::Changed => self.pace.hurry(now_ms),
            Input::Wake { seq } => {
                if replica.cursors()?.iter().any(|cursor| cursor.seq < seq) {
                    self.pace.reset(now_ms);
                }
            }
            Input::Response { request, response } => {
                self.answered(replica, &request, &response, now_ms, rng)?;
            }
            Input::Failed => self.failed(now_ms, rng),
            Input::Snapshot(snapshot) => {
                // One that nobody waits for any more is older than what is here.
                if self.fetching.take().is_some() {
                    replica.rebase(snapshot)?;
                    self.doubt_everything();
                    self.pace.reset(now_ms);
                }
            }
        }
        if self.pace.overdue(now_ms, self.settings.patience_ms) {
            self.failed(now_ms, rng);
        }
        if self.pace.is_due(now_ms, &self.settings) {
            let request = self.ask(replica, now_ms)?;
            self.pace.sent(now_ms);
            self.out.push(Output::Send(Box::new(request)));
        }
        Ok(self.told(now_ms))
    }

    fn answered<R: Replica>(
        &mut self,
        replica: &mut R,
        request: &SyncRequest,
        response: &SyncResponse,
        now_ms: i64,
        rng: &mut impl FnMut() -> [u8; 16],
    ) -> Result<(), R::Error> {
        let is_late = !self.pace.is_under_way(request.now_ms);
        let mut turn = Turn { is_late, ..Turn::default() };
        for reply in &response.push {
            self.replied(replica, request, reply, &mut turn, rng)?;
        }
        self.pulled(replica, &response.pull, &mut turn, rng)?;
        self.count_waiting(replica)?;
        if is_late {
            return Ok(());
        }
        self.status.clock = Watch::of(request.now_ms, response.now_ms, now_ms);
        self.status.link = self.link(response);
        self.pace.answered(&turn, &self.settings, now_ms, rng);
        Ok(())
    }

    fn failed(&mut self, now_ms: i64, rng: &mut impl FnMut() -> [u8; 16]) {
        self.fetching = None;
        self.doubt_everything();
        if !matches!(self.status.link, Link::Offline { .. }) {
            self.status.link = Link::Offline { since_ms: now_ms };
        }
        self.pace.failed(&self.settings, now_ms, rng);
    }

    /// What was proven may be so no more: another centre may answer next, or an older state of it.
    fn doubt_everything(&mut self) {
        self.standings.values_mut().for_each(|standing| standing.proven = false);
    }

    /// The outputs so far, with what people see and the next time.
    fn told(&mut self, now_ms: i64) -> Vec<Output> {
        if self.told.as_ref() != Some(&self.status) {
            self.told = Some(self.status.clone());
            self.out.push(Output::State(self.status.clone()));
        }
        let next = self.pace.next(now_ms, self.settings.patience_ms);
        self.out.push(Output::TickAt(next));
        std::mem::take(&mut self.out)
    }
}

/// What came of one answer, for the pace of the next exchange.
#[derive(Debug, Clone, Copy, Default)]
struct Turn {
    /// It answers an exchange that was given up, or comes again: what it says of the past is true,
    /// but nothing is to be done about it that costs anything.
    is_late: bool,
    /// There is more to push or to pull, or something to try again in another way.
    again: bool,
    /// What was believed of the centre was wrong.
    setback: bool,
    /// Only a person, or time, can help.
    stuck: bool,
}
