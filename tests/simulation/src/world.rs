//! A company at work: terminals, a centre with two nodes and a backup, a network, and chance.
//!
//! **Invariant:** the same seed, faults and flaws give the same run, to the last byte.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use lumbung_sync::Origin;
use lumbung_sync::engine::{Engine, Input, Output, Settings};
use lumbung_sync::protocol::{Cursor, SyncRequest, SyncResponse, Verdict, decode, encode};

use crate::blind;
use crate::centre::{Centre, Office, enrolment};
use crate::commit::{FactId, Library, NEWER, Number, OLDER, Row};
use crate::faults::{Faults, Rates};
use crate::flaws::Flaws;
use crate::net::{Net, Parcel};
use crate::replica::{Desk, Fuse, Snapshot};
use crate::rng::Rng;
use crate::till::Till;

/// Branches of the company; scope 0 is the company itself.
pub const BRANCHES: u32 = 3;
/// Rows of the one master table, with two groups each.
pub const MASTERS: u8 = 3;
/// The most terminals, with their copies.
const SEATS_MAX: usize = 14;
const BEGIN_MS: i64 = 1_800_000_000_000;
const LIMIT: usize = 16 * 1024 * 1024;
/// After which the host of an engine gives up on a snapshot.
const PATIENCE_MS: i64 = 12_000;

/// The file outside the database.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// The machine it stands on.
    pub machine: u64,
    /// How far every origin had come.
    pub ctr: BTreeMap<Origin, u64>,
}

/// A terminal: its database, what lies beside it, and the program at work.
pub struct Seat {
    /// The database.
    pub till: Till,
    /// The guard file.
    pub guard: Guard,
    /// Its branch.
    pub home: u32,
    /// How far its clock is ahead.
    pub skew_ms: i64,
    /// The schema of its program.
    pub program: u32,
    engine: Engine,
    due_ms: i64,
    fetch_ms: Option<i64>,
    saves: Vec<(Till, Guard)>,
    /// Cursors of scopes that were given up, for the flaw that keeps them.
    left: BTreeMap<u32, Cursor>,
}

/// The whole company.
pub struct World {
    /// Chance.
    pub rng: Rng,
    /// Missing defences.
    pub flaws: Flaws,
    /// What may go wrong.
    pub faults: Faults,
    rates: Rates,
    /// True time.
    pub now_ms: i64,
    /// The terminals.
    pub seats: Vec<Seat>,
    /// The centre.
    pub centre: Centre,
    backup: Centre,
    net: Net,
    library: Library,
    next_fact: u64,
    /// Each fact that was ever told to be saved, with the number printed beside it.
    pub truth: BTreeMap<FactId, Option<Number>>,
    /// Facts that nobody may have any more, and rightly so.
    pub may_lose: BTreeSet<FactId>,
    /// Origins that the guard made a terminal take, after the one they follow.
    pub warned: Vec<(Origin, Origin)>,
    /// What the centre has told a revoked terminal that it keeps, now and in its backup.
    kept_apart: [BTreeSet<FactId>; 2],
    /// What happened, counted.
    pub counts: BTreeMap<&'static str, u64>,
    /// A fact whose holders are printed.
    pub watched: Option<FactId>,
    holders: String,
    is_live: bool,
    is_encoded: bool,
    node_skew_ms: i64,
}

fn settings() -> Settings {
    Settings {
        push_bytes: 2_000,
        pull_bytes: 4_000,
        poll_ms: 400,
        retry_min_ms: 200,
        retry_max_ms: 2_000,
        patience_ms: 8_000,
        ..Settings::new("simulation")
    }
}

impl World {
    /// The world of a seed, before anything has happened.
    pub fn new(seed: u64, faults: Faults, flaws: Flaws) -> World {
        let mut rng = Rng::new(seed);
        let tills = 3 + rng.below(5);
        let net = Net::new(&mut rng);
        let rates = Rates::draw(&faults, &mut rng);
        let is_old = faults.version && rng.coin();
        let schema = if is_old { OLDER } else { NEWER };
        let node_skew_ms = rng.below(400).cast_signed() - 200;
        let mut world = World {
            rng,
            flaws,
            faults,
            rates,
            now_ms: BEGIN_MS,
            seats: Vec::new(),
            centre: Centre::new(schema),
            backup: Centre::new(schema),
            net,
            library: Library::default(),
            next_fact: 100,
            truth: BTreeMap::new(),
            may_lose: BTreeSet::new(),
            warned: Vec::new(),
            kept_apart: [BTreeSet::new(), BTreeSet::new()],
            counts: BTreeMap::new(),
            watched: None,
            holders: String::new(),
            is_live: true,
            is_encoded: seed.is_multiple_of(8),
            node_skew_ms,
        };
        (0..tills).for_each(|at| world.enrol(at));
        world
    }

    fn enrol(&mut self, at: u64) {
        let home = 1 + (at % u64::from(BRANCHES)) as u32;
        let mut terminal = [0; 16];
        terminal[0] = at as u8 + 1;
        let origin = self.rng.bytes();
        let given = enrolment(terminal, origin, format!("T{at}"), vec![0, home]);
        self.centre.introduce(&given);
        let skew_ms = self.skew();
        let program = if self.faults.version && self.rng.coin() { OLDER } else { NEWER };
        let guard = Guard { machine: at + 1, ctr: BTreeMap::new() };
        let mut till = Till::new(given, at + 1, program);
        till.one_register = self.flaws.one_register;
        self.seat(till, guard, home, skew_ms, program);
    }

    fn seat(&mut self, till: Till, guard: Guard, home: u32, skew_ms: i64, program: u32) {
        self.seats.push(Seat {
            till,
            guard,
            home,
            skew_ms,
            program,
            engine: Engine::new(settings()),
            due_ms: self.now_ms,
            fetch_ms: None,
            saves: Vec::new(),
            left: BTreeMap::new(),
        });
    }

    fn skew(&mut self) -> i64 {
        if !self.faults.skew {
            return 0;
        }
        match self.rng.below(7) {
            0 => -200_000,
            1 => 200_000,
            2 => 3 * 365 * 86_400_000,
            3 => -2 * 365 * 86_400_000,
            _ => self.rng.below(100).cast_signed() - 50,
        }
    }

    /// Counts something.
    pub fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Says who holds the watched fact, if that has changed.
    pub fn look(&mut self, when: &str) {
        let Some(fact) = self.watched else { return };
        let mut holders = String::new();
        if self.centre.facts.contains(&fact) {
            holders.push_str(" centre");
        }
        if self.backup.facts.contains(&fact) {
            holders.push_str(" backup");
        }
        for (at, seat) in self.seats.iter().enumerate() {
            if let Some(held) = seat.till.tables.facts.get(&fact) {
                holders.push_str(&format!(" till {at} (seq {})", held.seq));
            }
            for ((origin, ctr), kept) in &seat.till.journal {
                if kept.commit.facts().any(|held| held == fact) {
                    let own = &seat.till.own[origin];
                    holders.push_str(&format!(
                        " journal {at} ({:02x} {ctr} acked {} backed {} last {} confirmed {})",
                        origin[0], own.acked, own.backed.ctr, own.last.ctr, kept.confirmed
                    ));
                }
            }
        }
        if holders != self.holders {
            println!("{} {when}:{holders}", self.now_ms);
            self.holders = holders;
        }
    }

    /// Lets some time pass, in which parcels arrive and engines tick.
    pub fn pass(&mut self) {
        self.now_ms += 50 + self.rng.below(100).cast_signed();
        while let Some((till, parcel)) = self.net.arrived(self.now_ms) {
            let what = parcel.name();
            self.arrive(till, parcel);
            self.look(&format!("{what} {till}"));
        }
        for at in 0..self.seats.len() {
            if self.seats[at].fetch_ms.is_some_and(|since| self.now_ms - since > PATIENCE_MS) {
                self.seats[at].fetch_ms = None;
                self.hand_in(at, Input::Failed);
            } else if self.now_ms >= self.seats[at].due_ms {
                self.hand_in(at, Input::Tick);
            }
        }
    }

    fn arrive(&mut self, till: usize, parcel: Parcel) {
        match parcel {
            Parcel::Ask(request) => self.serve(till, request),
            Parcel::WantSnapshot(scopes) => {
                let snapshot = Parcel::Snapshot(Rc::new(self.centre.snapshot(&scopes)));
                self.net.send(&mut self.rng, self.now_ms, till, snapshot);
            }
            Parcel::Answer(request, response) => {
                let mut response = Box::new(Rc::unwrap_or_clone(response));
                blind::answer(&self.flaws, &self.seats[till].till, &mut response);
                let request = Box::new(Rc::unwrap_or_clone(request));
                self.hand_in(till, Input::Response { request, response });
            }
            Parcel::Snapshot(snapshot) => {
                self.seats[till].fetch_ms = None;
                // A program too old for the centre's snapshot is upgraded before it is taken.
                if snapshot.schema > self.seats[till].till.schema {
                    self.upgrade(till);
                }
                self.hand_in(till, Input::Snapshot(snapshot));
            }
        }
    }

    /// One of the two nodes answers; its power may fail before, between or after.
    fn serve(&mut self, till: usize, request: Rc<SyncRequest>) {
        let request = self.wire(blind::request(&self.flaws, request));
        let is_cut = self.is_live && self.rng.permille(self.rates.crash);
        let chains_max = if is_cut { self.rng.place(3) } else { usize::MAX };
        let node_ms = if self.rng.coin() { self.node_skew_ms } else { 0 };
        let mut office = Office {
            library: &self.library,
            flaws: self.flaws,
            rng: &mut self.rng,
            now_ms: self.now_ms + node_ms,
            chains_max,
        };
        let response: SyncResponse = self.centre.answer(&request, &mut office);
        if is_cut {
            self.count("centre cut");
            return;
        }
        for (chain, _) in request
            .push
            .iter()
            .zip(&response.push)
            .filter(|(_, reply)| reply.verdict == Verdict::Revoked)
        {
            let told = chain.commits.iter().map(|carried| self.library.read(carried));
            self.kept_apart[0].extend(told.flat_map(|commit| commit.facts().collect::<Vec<_>>()));
        }
        let response = self.wire(Rc::new(response));
        let answer = Parcel::Answer(request, response);
        self.net.send(&mut self.rng, self.now_ms, till, answer);
    }

    /// What comes out at the other end of the wire.
    fn wire<T>(&self, message: Rc<T>) -> Rc<T>
    where
        T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
    {
        if !self.is_encoded {
            return message;
        }
        let bytes = encode(&*message).expect("a message has bytes");
        let read: T = decode(&bytes, LIMIT).expect("a message comes back");
        assert_eq!(read, *message);
        Rc::new(read)
    }

    /// Hands something in to the engine of a terminal, whose power may fail meanwhile.
    pub fn hand_in(&mut self, at: usize, input: Input<Rc<Snapshot>>) {
        let is_cut = self.is_live && self.rng.permille(self.rates.crash);
        let fuse = is_cut.then(|| Fuse { changes: self.rng.below(4), saved: self.rng.coin() });
        let seat = &mut self.seats[at];
        let mut desk = Desk {
            till: &mut seat.till,
            library: &self.library,
            flaws: self.flaws,
            fuse,
            salvaged: 0,
        };
        let now_ms = self.now_ms + seat.skew_ms;
        let rng = &mut self.rng;
        let told = seat.engine.handle(&mut desk, input, now_ms, &mut || rng.bytes());
        let salvaged = desk.salvaged;
        *self.counts.entry("rows salvaged").or_default() += salvaged;
        seat.note_guard();
        match told {
            Ok(outputs) => outputs.into_iter().for_each(|output| self.perform(at, now_ms, output)),
            Err(_) => {
                self.count("till cut");
                self.start(at);
            }
        }
    }

    fn perform(&mut self, at: usize, now_ms: i64, output: Output) {
        match output {
            Output::Send(request) => {
                let parcel = Parcel::Ask(Rc::new(*request));
                self.net.send(&mut self.rng, self.now_ms, at, parcel);
            }
            Output::FetchSnapshot { scopes } => {
                self.count("snapshots");
                self.seats[at].fetch_ms = Some(self.now_ms);
                let parcel = Parcel::WantSnapshot(scopes);
                self.net.send(&mut self.rng, self.now_ms, at, parcel);
            }
            Output::Rekeyed { .. } => self.count("rekeyed by an answer"),
            Output::State(_) => {}
            Output::TickAt(tick_ms) => self.seats[at].due_ms = self.now_ms + (tick_ms - now_ms),
        }
    }

    /// Starts the program of a terminal: what it remembered is gone, and the database is checked
    /// against the guard before anything is written.
    fn start(&mut self, at: usize) {
        let origin = self.rng.bytes();
        let seat = &mut self.seats[at];
        seat.engine = Engine::new(settings());
        (seat.due_ms, seat.fetch_ms) = (self.now_ms, None);
        seat.till.upgrade(seat.program);
        let expected = seat.guard.ctr.get(&seat.till.origin()).copied().unwrap_or(0);
        if seat.guard.machine != seat.till.machine || expected > seat.till.head().ctr {
            self.warned.push((seat.till.origin(), origin));
            seat.till.rekey(origin, self.flaws.series_kept);
            seat.till.machine = seat.guard.machine;
            self.count("rekeyed by the guard");
        }
    }

    fn upgrade(&mut self, at: usize) {
        self.seats[at].program = NEWER;
        self.start(at);
    }

    /// Somebody works at a terminal.
    pub fn work(&mut self, at: usize) {
        let now_ms = self.now_ms + self.seats[at].skew_ms;
        let (home, program) = (self.seats[at].home, self.seats[at].till.schema);
        let kind = match self.rng.below(10) {
            0..6 => "sale",
            6 => "transfer",
            _ => "edit",
        };
        let mut rows = Vec::new();
        match kind {
            "sale" => {
                let since = if program >= NEWER && self.rng.permille(150) { NEWER } else { OLDER };
                for _ in 0..1 + self.rng.below(3) {
                    let qty = -1 - self.rng.below(3).cast_signed();
                    rows.push(self.fact(home, qty, since));
                }
            }
            "transfer" => {
                let other = 1 + self.rng.below(u64::from(BRANCHES)) as u32;
                rows.push(self.fact(home, -5, OLDER));
                rows.push(self.fact(other, 5, OLDER));
            }
            _ => {
                let group = (self.rng.below(u64::from(MASTERS)) as u8, self.rng.below(2) as u8);
                rows.push(Row::Set { group, value: self.rng.number() });
            }
        }
        self.commit(at, now_ms, kind, rows);
        if self.rng.coin() {
            self.hand_in(at, Input::Changed);
        }
    }

    /// Commits at a terminal, and notes what was promised to the person there.
    pub fn commit(&mut self, at: usize, now_ms: i64, kind: &'static str, rows: Vec<Row>) {
        let commit = self.seats[at].till.transact(now_ms, kind, rows);
        self.seats[at].note_guard();
        self.library.keep(&commit);
        for fact in commit.facts() {
            self.truth.insert(fact, commit.content.number.clone());
        }
        self.count("commits");
    }

    fn fact(&mut self, scope: u32, qty: i64, since: u32) -> Row {
        self.next_fact += 1;
        let product = self.rng.below(4) as u8;
        let cash = self.rng.below(100).cast_signed();
        Row::Fact { id: self.next_fact, scope, product, qty, cash, since }
    }

    /// Something may go wrong, or be administered.
    pub fn befall(&mut self) {
        self.look("work");
        self.go_wrong();
        self.look("befallen");
    }

    fn go_wrong(&mut self) {
        let at = self.rng.place(self.seats.len());
        if self.rng.permille(8) {
            self.net.is_cut[at] = !self.net.is_cut[at];
        }
        if self.rng.permille(self.rates.save) {
            let seat = &mut self.seats[at];
            seat.saves.push((seat.till.clone(), seat.guard.clone()));
            if seat.saves.len() > 4 {
                seat.saves.remove(0);
            }
        }
        if self.rng.permille(self.rates.backup) {
            self.back_up();
        }
        if self.rng.permille(self.rates.restore) {
            self.restore(at);
        }
        if self.rng.permille(self.rates.clone) && self.seats.len() < SEATS_MAX {
            self.clone_seat(at);
        }
        if self.rng.permille(self.rates.rollback) {
            self.roll_back();
        }
        if self.rng.permille(self.rates.scope) {
            self.change_scope(at);
        }
        if self.rng.permille(self.rates.revoke) {
            let terminal = self.seats[at].till.terminal;
            match self.rng.coin() {
                true => self.centre.revoke(terminal),
                false => self.release(at),
            }
            self.count("revoked or released");
        }
        if self.rng.permille(self.rates.version) {
            match self.rng.below(4) {
                0 => self.centre.schema = NEWER,
                _ => self.upgrade(at),
            }
        }
        if self.rng.permille(self.rates.skew) {
            self.seats[at].skew_ms = self.skew();
            self.count("clocks set");
        }
        if self.rng.permille(self.rates.horizon) {
            let end = self.centre.log.len() as u64;
            self.centre.horizon = self.centre.horizon.max(self.rng.below(end + 1));
        }
    }

    fn back_up(&mut self) {
        self.look("before backup");
        self.centre.note_backup();
        self.backup = self.centre.clone();
        self.kept_apart[1] = self.kept_apart[0].clone();
    }

    fn release(&mut self, at: usize) {
        let terminal = self.seats[at].till.terminal;
        let mut office = Office {
            library: &self.library,
            flaws: self.flaws,
            rng: &mut self.rng,
            now_ms: self.now_ms,
            chains_max: usize::MAX,
        };
        self.centre.release(terminal, &mut office);
    }

    /// A terminal is put back: its database alone, or the machine's whole image.
    fn restore(&mut self, at: usize) {
        let seat = &mut self.seats[at];
        if seat.saves.is_empty() {
            return;
        }
        let place = self.rng.place(seat.saves.len());
        let (till, guard) = seat.saves[place].clone();
        seat.saves.truncate(place + 1);
        let old = std::mem::replace(&mut seat.till, till);
        let is_image = self.rng.coin();
        if is_image {
            seat.guard = guard;
        }
        self.count(if is_image { "images restored" } else { "databases restored" });
        let kept: BTreeSet<FactId> = self.seats[at].till.holds().collect();
        self.gone(old.holds().filter(|fact| !kept.contains(fact)).collect());
        self.start(at);
    }

    /// A copy of a terminal is started beside it, on the same machine or on another.
    fn clone_seat(&mut self, at: usize) {
        let seat = &self.seats[at];
        let (till, mut guard) = (seat.till.clone(), seat.guard.clone());
        let (home, skew_ms, program) = (seat.home, seat.skew_ms, seat.program);
        if self.rng.coin() {
            guard.machine = 1_000 + self.seats.len() as u64;
        }
        self.seat(till, guard, home, skew_ms, program);
        self.start(self.seats.len() - 1);
        self.count("clones");
    }

    fn roll_back(&mut self) {
        let schema = self.centre.schema;
        let old = std::mem::replace(&mut self.centre, self.backup.clone());
        self.centre.schema = schema;
        self.kept_apart[0] = self.kept_apart[1].clone();
        self.count("centre rolled back");
        self.gone(old.facts.difference(&self.centre.facts).copied().collect());
    }

    /// Facts that a node has lost: whoever still holds one has to bring it back.
    fn gone(&mut self, facts: BTreeSet<FactId>) {
        let mut gone: BTreeSet<_> = facts.difference(&self.centre.facts).copied().collect();
        gone.retain(|fact| !self.kept_apart[0].contains(fact));
        for seat in &self.seats {
            if gone.is_empty() {
                return;
            }
            for fact in seat.till.holds() {
                gone.remove(&fact);
            }
        }
        self.may_lose.append(&mut gone);
    }

    fn change_scope(&mut self, at: usize) {
        let seat = &mut self.seats[at];
        let scope = 1 + self.rng.below(u64::from(BRANCHES)) as u32;
        if scope == seat.home {
            return;
        }
        if seat.till.has(scope) {
            let before: BTreeSet<FactId> = seat.till.holds().collect();
            if let Some(cursor) = seat.till.leave(scope) {
                seat.left.insert(scope, cursor);
            }
            let kept: BTreeSet<FactId> = seat.till.holds().collect();
            self.gone(before.difference(&kept).copied().collect());
        } else {
            let kept = seat.left.remove(&scope).filter(|_| self.flaws.cursor_kept);
            seat.till.join(scope, kept.unwrap_or(crate::till::unread(scope)));
        }
        self.count("scopes changed");
    }

    /// Cuts one terminal off, or all but it are as they were.
    pub fn cut(&mut self, at: usize, is_cut: bool) {
        self.net.is_cut[at] = is_cut;
    }

    /// All faults end: what was broken is mended, who was revoked is released, and everybody has
    /// the newest program.
    pub fn heal(&mut self) {
        self.is_live = false;
        self.net.heal();
        self.centre.schema = NEWER;
        for at in 0..self.seats.len() {
            self.release(at);
            self.upgrade(at);
        }
    }

    /// Whether everybody has pushed and read everything.
    pub fn is_settled(&self) -> bool {
        (0..self.seats.len()).all(|at| self.why_restless(at).is_none())
    }

    /// What keeps a terminal from having pushed and read everything.
    pub fn why_restless(&self, at: usize) -> Option<String> {
        let (seat, end) = (&self.seats[at], self.centre.end(0));
        let till = &seat.till;
        let is_read = |cursor: &Cursor| (cursor.seq, cursor.witness) == (end.seq, end.witness);
        let why = if till.waiting() > 0 {
            format!("{} wait", till.waiting())
        } else if !till.pending.is_empty() {
            format!("edits pend: {:?}", till.pending)
        } else if !till.deferred.is_empty() {
            "commits are deferred".to_owned()
        } else if !till.cursors.values().all(is_read) {
            "not all is read".to_owned()
        } else {
            return None;
        };
        let chains: Vec<_> = till.own.iter().filter(|(_, own)| own.acked < own.last.ctr).collect();
        Some(format!("{why}, {:?}, {chains:?}", seat.engine.status().link))
    }
}

impl Seat {
    /// The guard follows the database.
    fn note_guard(&mut self) {
        let ctr = self.guard.ctr.entry(self.till.origin()).or_default();
        *ctr = (*ctr).max(self.till.head().ctr);
    }
}
