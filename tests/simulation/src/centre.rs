//! The centre in memory: a log that takes every decision from `authority`, as the real ones do.
//!
//! **Invariant:** a request is answered from one state of the log, and what it appends is in the
//! log whole or not at all.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use lumbung_sync::authority::{self, Link, OriginState};
use lumbung_sync::protocol::{
    At, Cursor, Entry, Introduction, PROTO, Page, Pull, PullReply, PushChain, PushReply,
    SyncRequest, SyncResponse, Verdict,
};
use lumbung_sync::{Hash, NO_HASH, Origin};

use crate::commit::{COMPANY, Commit, FactId, Library};
use crate::flaws::Flaws;
use crate::replica::Snapshot;
use crate::rng::Rng;
use crate::till::{Tables, next_series, stamp_of};

const START: At = At { ctr: 0, hash: NO_HASH };

/// One commit of the log.
#[derive(Debug)]
pub struct Logged {
    /// The commit.
    pub commit: Rc<Commit>,
    /// The stamp it was given.
    pub stamp: u64,
    /// The hash of the log after it.
    pub log_hash: Hash,
    /// From when readers see it: at once, unless a defence is missing.
    pub visible_ms: i64,
}

/// An origin as the centre knows it.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its terminal.
    pub terminal: [u8; 16],
    /// Its series.
    pub series: String,
    /// Its own series was another's already.
    pub reassigned: bool,
    /// Its standing.
    pub state: OriginState,
    /// Its last commit.
    pub head: At,
}

/// The centre's database.
#[derive(Debug, Clone, Default)]
pub struct Centre {
    /// The log, by place from 1.
    pub log: Vec<Rc<Logged>>,
    /// Whom it knows.
    pub known: BTreeMap<Origin, Known>,
    /// The hash of every commit in the log.
    at: HashMap<(Origin, u64), Hash>,
    /// Every fact in the log or kept apart.
    pub facts: BTreeSet<FactId>,
    /// What revoked origins have sent.
    pub apart: BTreeMap<(Origin, u64, Hash), Rc<Commit>>,
    /// Its schema.
    pub schema: u32,
    /// Readers before this place need a snapshot.
    pub horizon: u64,
    /// Up to where its backup holds each chain.
    backed: BTreeMap<Origin, At>,
}

/// What the centre answers with, beside its database.
pub struct Office<'a> {
    /// Reads commits.
    pub library: &'a Library,
    /// Missing defences.
    pub flaws: Flaws,
    /// Chance, for a missing defence.
    pub rng: &'a mut Rng,
    /// The clock of the node that answers.
    pub now_ms: i64,
    /// The power fails after so many chains.
    pub chains_max: usize,
}

impl Centre {
    /// A centre that knows nobody.
    pub fn new(schema: u32) -> Centre {
        Centre { schema, ..Centre::default() }
    }

    /// The hash of the log at a place.
    pub fn log_hash(&self, seq: u64) -> Option<Hash> {
        match seq {
            0 => Some(NO_HASH),
            _ => self.log.get(seq as usize - 1).map(|logged| logged.log_hash),
        }
    }

    /// Where the log ends, for a scope.
    pub fn end(&self, scope: u32) -> Cursor {
        let seq = self.log.len() as u64;
        Cursor { scope, seq, witness: self.log_hash(seq).unwrap_or(NO_HASH) }
    }

    /// Notes that all there is now is backed up.
    pub fn note_backup(&mut self) {
        self.backed = self.known.iter().map(|(origin, known)| (*origin, known.head)).collect();
    }

    /// Takes an introduction on; whether it is convinced.
    pub fn introduce(&mut self, given: &Introduction) -> bool {
        if self.known.contains_key(&given.origin) {
            return true;
        }
        let voucher = given.by.map(|by| self.known.get(&by).map(|known| known.state));
        let state = match voucher {
            // Who was revoked does not escape under another name.
            Some(Some(OriginState::Revoked)) => OriginState::Revoked,
            None | Some(Some(_)) => OriginState::Active,
            Some(None) => return false,
        };
        let mut series = given.series.clone();
        while self.known.values().any(|known| known.series == series) {
            series = next_series(&series);
        }
        let reassigned = series != given.series;
        let known = Known { terminal: given.terminal, series, reassigned, state, head: START };
        self.known.insert(given.origin, known);
        true
    }

    /// Answers a request.
    pub fn answer(&mut self, request: &SyncRequest, office: &mut Office<'_>) -> SyncResponse {
        let chains = request.push.iter().take(office.chains_max);
        let push = chains.map(|chain| self.push(chain, request.schema, office)).collect();
        let pull = match &request.pull {
            Some(pull) => self.pull(request.origin, pull, office),
            None => PullReply::Nothing,
        };
        SyncResponse {
            proto: PROTO,
            now_ms: office.now_ms,
            min_schema: 1,
            cur_schema: self.schema,
            push,
            pull,
        }
    }

    fn push(&mut self, chain: &PushChain, schema: u32, office: &mut Office<'_>) -> PushReply {
        let is_known = chain.introductions.iter().all(|given| self.introduce(given));
        let origin = chain.origin;
        let reply = |verdict, upto, known: Option<&Known>, backed: Option<&At>| PushReply {
            origin,
            verdict,
            upto,
            head: known.map_or(START, |known| known.head),
            backed: backed.copied().unwrap_or(START),
            series: known.filter(|known| known.reassigned).map(|known| known.series.clone()),
        };
        let (Some(known), true) = (self.known.get(&origin), is_known) else {
            return reply(Verdict::Unknown, chain.base, None, None);
        };
        let commits: Vec<_> = chain.commits.iter().map(|c| office.library.read(c)).collect();
        if known.state == OriginState::Revoked {
            for commit in commits.into_iter().filter(|_| !office.flaws.no_quarantine) {
                self.facts.extend(commit.facts());
                self.apart.insert((origin, commit.header.ctr, commit.hash), commit);
            }
            return reply(Verdict::Revoked, chain.base, self.known.get(&origin), None);
        }
        let backed = self.backed.get(&origin);
        if schema > self.schema && commits.iter().any(|c| c.header.schema > self.schema) {
            return reply(Verdict::TooNew, chain.base, self.known.get(&origin), backed);
        }
        let (verdict, upto) = self.take(origin, chain.base, &commits, office);
        reply(verdict, upto, self.known.get(&origin), self.backed.get(&origin))
    }

    /// Judges commits of a chain and appends what is new.
    fn take(
        &mut self,
        origin: Origin,
        base: At,
        commits: &[Rc<Commit>],
        office: &mut Office<'_>,
    ) -> (Verdict, At) {
        let head = self.known.get(&origin).map_or(START, |known| known.head);
        let links: Vec<Link> = commits
            .iter()
            .map(|c| Link { ctr: c.header.ctr, prev: c.header.prev, hash: c.hash })
            .collect();
        let asked = |ctr: u64| links.iter().find(|link| link.ctr == ctr).map(|link| link.hash);
        let held = |ctr: u64| match self.at.get(&(origin, ctr)) {
            Some(_) if office.flaws.conflict_ignored => {
                let told = if ctr == base.ctr { Some(base.hash) } else { asked(ctr) };
                Ok::<_, std::convert::Infallible>(told)
            }
            held => Ok(held.copied()),
        };
        let Ok(judged) = authority::judge(head, base, &links, held);
        for commit in commits.get(judged.take).into_iter().flatten() {
            self.append(commit, office);
        }
        (judged.verdict, judged.upto)
    }

    fn append(&mut self, commit: &Rc<Commit>, office: &mut Office<'_>) {
        let last = self.log.last();
        let last_stamp = last.map_or(0, |logged| logged.stamp);
        let stamp = if office.flaws.no_clamp {
            commit.header.hlc
        } else {
            authority::merge_stamp(commit.header.hlc, office.now_ms, last_stamp)
        };
        let before = last.map_or(NO_HASH, |logged| logged.log_hash);
        let log_hash = authority::log_hash(&before, &commit.hash, stamp);
        let is_late = office.flaws.late_visibility && office.rng.permille(100);
        let late = if is_late { office.rng.below(4_000).cast_signed() } else { 0 };
        let visible_ms = office.now_ms + late;
        self.log.push(Rc::new(Logged { commit: Rc::clone(commit), stamp, log_hash, visible_ms }));
        self.at.insert(commit.id(), commit.hash);
        self.facts.extend(commit.facts());
        if let Some(known) = self.known.get_mut(&commit.header.origin) {
            known.head = commit.at();
        }
    }

    fn pull(&self, reader: Origin, pull: &Pull, office: &Office<'_>) -> PullReply {
        let standing = self.known.get(&reader).map(|known| known.state);
        if standing.is_none_or(|state| state == OriginState::Revoked) {
            return PullReply::Nothing;
        }
        let is_right = |cursor: &Cursor| {
            office.flaws.no_witness || self.log_hash(cursor.seq) == Some(cursor.witness)
        };
        if !pull.cursors.iter().all(is_right) {
            return PullReply::Diverged;
        }
        if pull.cursors.iter().any(|cursor| cursor.seq < self.horizon) {
            return PullReply::NeedSnapshot;
        }
        PullReply::Page(self.page(reader, pull, office))
    }

    fn page(&self, reader: Origin, pull: &Pull, office: &Office<'_>) -> Page {
        let end = self.log.len() as u64;
        let start = pull.cursors.iter().map(|cursor| cursor.seq).min().unwrap_or(end);
        let (mut entries, mut size, mut last) = (Vec::new(), 0, end);
        for seq in start + 1..=end {
            let logged = &self.log[seq as usize - 1];
            let commit = &logged.commit;
            let is_asked = |scope: &u32| {
                pull.cursors.iter().any(|cursor| cursor.scope == *scope && seq > cursor.seq)
            };
            let is_echo = office.flaws.own_left_out && commit.header.origin == reader;
            if logged.visible_ms > office.now_ms && office.flaws.late_visibility
                || is_echo
                || !commit.header.scopes.iter().any(is_asked)
            {
                continue;
            }
            let (origin, ctr) = commit.id();
            let is_stub = pull
                .have
                .iter()
                .any(|(of, from, to)| *of == origin && (*from..=*to).contains(&ctr));
            let carried = (!is_stub).then(|| commit.carried.clone());
            size += carried.as_ref().map_or(0, |c| c.header.len() + c.body.len());
            entries.push(Entry {
                seq,
                stamp: logged.stamp,
                origin,
                ctr,
                commit: carried,
                hash: commit.hash,
            });
            if size > pull.limit as usize {
                last = seq;
                break;
            }
        }
        let witness = self.log_hash(last).unwrap_or(NO_HASH);
        let next = |cursor: &Cursor| match cursor.seq < last {
            true => Cursor { scope: cursor.scope, seq: last, witness },
            false => *cursor,
        };
        Page {
            echo: pull.cursors.clone(),
            entries,
            next: pull.cursors.iter().map(next).collect(),
            more: last < end,
        }
    }

    /// The rows that the log comes to, for these scopes.
    pub fn tables(&self, scopes: &[u32]) -> Tables {
        let mut tables = Tables::default();
        for (place, logged) in self.log.iter().enumerate() {
            let (seq, stamp) = (place as u64 + 1, stamp_of(&logged.commit, logged.stamp));
            for row in &logged.commit.content.rows {
                if !scopes.contains(&row.scope()) {
                    continue;
                }
                match row {
                    crate::commit::Row::Fact { .. } => tables.put(row, seq),
                    crate::commit::Row::Set { group, value } => {
                        tables.write(*group, *value, stamp, seq);
                    }
                }
            }
        }
        tables
    }

    /// A snapshot for these scopes.
    pub fn snapshot(&self, scopes: &[u32]) -> Snapshot {
        let heads = self.known.iter().map(|(origin, known)| (*origin, known.head));
        Snapshot {
            scopes: scopes.to_vec(),
            schema: self.schema,
            at: self.end(0),
            tables: Rc::new(self.tables(scopes)),
            heads: Rc::new(heads.collect()),
        }
    }

    /// Revokes every origin of a terminal.
    pub fn revoke(&mut self, terminal: [u8; 16]) {
        self.of(terminal).for_each(|known| known.state = OriginState::Revoked);
    }

    /// Lets a terminal in again, and takes what was kept apart of it. What does not continue its
    /// chain, for the terminal was put back meanwhile, stays apart for a person to decide on.
    pub fn release(&mut self, terminal: [u8; 16], office: &mut Office<'_>) {
        self.of(terminal).for_each(|known| known.state = OriginState::Active);
        for ((origin, ctr, hash), commit) in std::mem::take(&mut self.apart) {
            let known = self.known.get(&origin);
            if known.is_some_and(|known| known.terminal == terminal) {
                let base = At { ctr: ctr - 1, hash: commit.header.prev };
                let (verdict, _) = self.take(origin, base, &[Rc::clone(&commit)], office);
                if verdict == Verdict::Ok {
                    continue;
                }
            }
            self.apart.insert((origin, ctr, hash), commit);
        }
    }

    fn of(&mut self, terminal: [u8; 16]) -> impl Iterator<Item = &mut Known> {
        self.known.values_mut().filter(move |known| known.terminal == terminal)
    }
}

/// What the centre signs at enrolment.
pub fn enrolment(
    terminal: [u8; 16],
    origin: Origin,
    series: String,
    scopes: Vec<u32>,
) -> Introduction {
    Introduction {
        company: COMPANY,
        terminal,
        origin,
        pubkey: [0; 32],
        series,
        scopes,
        by: None,
        sig: Vec::new(),
    }
}
