//! A company's log in memory, and the plainest way to sync with it.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::collections::BTreeMap;

use ed25519_dalek::{Signature, VerifyingKey};
use lumbung_sync::authority::{Link, judge, log_hash, merge_stamp};
use lumbung_sync::engine::{Applied, Replica};
use lumbung_sync::protocol::{
    At, Carried, Cursor, Entry, Introduction, PROTO, Page, Pull, PullReply, PushChain, PushReply,
    SyncRequest, SyncResponse, Verdict,
};
use lumbung_sync::{Doubt, Hash, Header, Key, NO_HASH, Origin, Store, StoreReplica};

pub const LOG_ID: Key = [8; 16];

#[derive(Clone)]
struct Logged {
    entry: Entry,
    scopes: Vec<u32>,
    log_hash: Hash,
}

/// The log.
#[derive(Clone, Default)]
pub struct Log {
    entries: Vec<Logged>,
    heads: BTreeMap<Origin, At>,
    backed: BTreeMap<Origin, At>,
    backed_len: usize,
    known: BTreeMap<Origin, Introduction>,
    pub now_ms: i64,
    /// Commits in one answer.
    pub page: usize,
}

fn no_origin() -> At {
    At { ctr: 0, hash: NO_HASH }
}

impl Log {
    pub fn new() -> Log {
        Log { now_ms: 1_900_000_000_000, page: 3, ..Log::default() }
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Everything so far is in the backup.
    pub fn back_up(&mut self) {
        self.backed = self.heads.clone();
        self.backed_len = self.entries.len();
    }

    /// The backup is put back. Whom it had enrolled since is forgotten too.
    pub fn restore(&mut self) {
        self.cut(self.backed_len);
        self.known.clear();
    }

    /// Answers as the centre does: who is not known is asked to introduce himself.
    pub fn exchange(&mut self, request: &SyncRequest) -> SyncResponse {
        let mut push = Vec::new();
        for chain in &request.push {
            self.meet(&chain.introductions);
            push.push(if self.known.contains_key(&chain.origin) {
                self.push(chain)
            } else {
                PushReply {
                    origin: chain.origin,
                    verdict: Verdict::Unknown,
                    upto: chain.base,
                    head: no_origin(),
                    backed: no_origin(),
                    series: None,
                }
            });
        }
        SyncResponse {
            proto: PROTO,
            now_ms: self.now_ms,
            min_schema: 1,
            cur_schema: 99,
            push,
            pull: request.pull.as_ref().map_or(PullReply::Nothing, |pull| self.pull(pull)),
        }
    }

    fn meet(&mut self, introductions: &[Introduction]) {
        for introduction in introductions {
            let trusted = match introduction.by.map(|by| self.known.get(&by)) {
                None => true,
                Some(voucher) => {
                    voucher.is_some_and(|by| vouched(&[by.clone(), introduction.clone()]))
                }
            };
            if trusted {
                self.known.insert(introduction.origin, introduction.clone());
            }
        }
    }

    /// Only the first commits are left, as after a restore.
    pub fn cut(&mut self, len: usize) {
        self.entries.truncate(len);
        self.heads.clear();
        for logged in &self.entries {
            let Entry { origin, ctr, hash, .. } = logged.entry;
            self.heads.insert(origin, At { ctr, hash });
        }
    }

    fn hash_at(&self, seq: u64) -> Option<Hash> {
        let Some(before) = seq.checked_sub(1) else { return Some(NO_HASH) };
        Some(self.entries.get(usize::try_from(before).unwrap())?.log_hash)
    }

    pub fn push(&mut self, chain: &PushChain) -> PushReply {
        let head = self.heads.get(&chain.origin).copied().unwrap_or_else(no_origin);
        let headers: Vec<Header> =
            chain.commits.iter().map(|c| Header::decode(&c.header).unwrap()).collect();
        let links: Vec<Link> = headers
            .iter()
            .zip(&chain.commits)
            .map(|(h, c)| Link { ctr: h.ctr, prev: h.prev, hash: c.hash() })
            .collect();
        let held = |ctr| {
            let mut found = self.entries.iter().map(|logged| &logged.entry);
            let found = found.find(|e| (e.origin, e.ctr) == (chain.origin, ctr));
            Ok::<_, ()>(found.map(|entry| entry.hash))
        };
        let judged = judge(head, chain.base, &links, held).unwrap();
        for place in judged.take.clone() {
            self.append(&headers[place], &chain.commits[place]);
        }
        PushReply {
            origin: chain.origin,
            verdict: judged.verdict,
            upto: judged.upto,
            head: self.heads.get(&chain.origin).copied().unwrap_or_else(no_origin),
            backed: self.backed.get(&chain.origin).copied().unwrap_or_else(no_origin),
            series: None,
        }
    }

    fn append(&mut self, header: &Header, carried: &Carried) {
        self.now_ms += 1;
        let seq = self.entries.len() as u64 + 1;
        let last = self.entries.last().map_or(0, |logged| logged.entry.stamp);
        let stamp = merge_stamp(header.hlc, self.now_ms, last);
        let hash = carried.hash();
        let log_hash = log_hash(&self.hash_at(seq - 1).unwrap(), &hash, stamp);
        let (origin, ctr) = (header.origin, header.ctr);
        let entry = Entry { seq, stamp, origin, ctr, commit: Some(carried.clone()), hash };
        self.entries.push(Logged { entry, scopes: header.scopes.clone(), log_hash });
        self.heads.insert(origin, At { ctr, hash });
    }

    pub fn pull(&self, pull: &Pull) -> PullReply {
        if pull.cursors.iter().any(|c| self.hash_at(c.seq) != Some(c.witness)) {
            return PullReply::Diverged;
        }
        let wanted = |logged: &&Logged| {
            pull.cursors
                .iter()
                .any(|c| logged.entry.seq > c.seq && logged.scopes.contains(&c.scope))
        };
        let entries: Vec<Entry> = self
            .entries
            .iter()
            .filter(wanted)
            .take(self.page)
            .map(|logged| {
                let mut entry = logged.entry.clone();
                let have = |(origin, from, to): &(Origin, u64, u64)| {
                    *origin == entry.origin && (*from..=*to).contains(&entry.ctr)
                };
                if pull.have.iter().any(have) {
                    entry.commit = None;
                }
                entry
            })
            .collect();
        let more = entries.len() == self.page;
        let end = self.entries.len() as u64;
        let to = if more { entries.last().map_or(end, |entry| entry.seq) } else { end };
        let next = pull.cursors.iter().map(|cursor| {
            let seq = to.max(cursor.seq);
            Cursor { scope: cursor.scope, seq, witness: self.hash_at(seq).unwrap() }
        });
        let next = next.collect();
        PullReply::Page(Page { echo: pull.cursors.clone(), entries, next, more })
    }
}

/// What the centre says of an origin at enrolment. This centre signs nothing.
pub fn introduction(store: &Store, scopes: &[u32]) -> Introduction {
    let info = store.info();
    Introduction {
        company: info.company,
        terminal: info.terminal,
        origin: info.origin,
        pubkey: store.identity().1,
        series: info.series,
        scopes: scopes.to_vec(),
        by: None,
        sig: Vec::new(),
    }
}

pub fn enrol(store: &Store, scopes: &[u32]) {
    store.enrol(&introduction(store, scopes), LOG_ID, scopes).unwrap();
}

/// Whether the chain of vouchers holds: each signed by the one before.
pub fn vouched(introductions: &[Introduction]) -> bool {
    introductions.windows(2).all(|pair| {
        let key = VerifyingKey::from_bytes(&pair[0].pubkey).unwrap();
        let sig = Signature::from_slice(&pair[1].sig).unwrap();
        pair[1].by == Some(pair[0].origin)
            && key.verify_strict(&pair[1].signed_bytes().unwrap(), &sig).is_ok()
    })
}

/// Pushes one batch of every chain.
pub fn push(store: &Store, log: &mut Log, keep_ms: i64) {
    let mut replica = StoreReplica::keeping(store, keep_ms);
    for chain in replica.chains().unwrap() {
        let base = replica.hash_at(&chain.origin, chain.acked).unwrap().unwrap();
        let reply = log.push(&PushChain {
            origin: chain.origin,
            base: At { ctr: chain.acked, hash: base },
            commits: replica.commits_after(&chain.origin, chain.acked, 2_000).unwrap(),
            introductions: Vec::new(),
        });
        if replica.hash_at(&chain.origin, reply.upto.ctr).unwrap() == Some(reply.upto.hash)
            && !matches!(reply.verdict, Verdict::Gap | Verdict::Mismatch)
        {
            replica.note_acked(&chain.origin, reply.upto.ctr).unwrap();
        }
        replica.note_backed(&chain.origin, reply.backed).unwrap();
        match reply.verdict {
            Verdict::Gap | Verdict::Mismatch => {
                let down = reply.head.ctr.min(chain.backed.ctr);
                replica.note_acked(&chain.origin, down).unwrap();
            }
            Verdict::Fork { at } => {
                if !chain.closed {
                    replica.rekey(Doubt::OtherHistory, fresh_origin()).unwrap();
                }
                replica.reissue(&chain.origin, at).unwrap();
            }
            Verdict::Ok => {}
            other => panic!("{other:?}"),
        }
        let me = replica.me().unwrap();
        if me.origin == chain.origin && reply.head.ctr > me.head.ctr {
            replica.rekey(Doubt::OtherHistory, fresh_origin()).unwrap();
        }
    }
}

fn fresh_origin() -> Origin {
    *uuid::Uuid::new_v4().as_bytes()
}

/// Asks for what is next in the log.
pub fn ask(store: &Store) -> Pull {
    let replica = StoreReplica::new(store);
    let chains = replica.chains().unwrap();
    let have = chains.iter().map(|c| (c.origin, c.backed.ctr + 1, c.last.ctr)).collect();
    Pull { cursors: replica.cursors().unwrap(), have, limit: 1 << 20 }
}

/// Pulls one page. Gives whether there is more; `None` when the log is another one.
pub fn pull(store: &Store, log: &Log) -> Option<bool> {
    let mut replica = StoreReplica::new(store);
    match log.pull(&ask(store)) {
        PullReply::Page(page) => {
            let applied: Applied = replica.apply(&page).unwrap();
            if applied.ahead {
                replica.rekey(Doubt::OtherHistory, fresh_origin()).unwrap();
            }
            Some(page.more)
        }
        PullReply::Diverged => None,
        other => panic!("{other:?}"),
    }
}

/// Exchanges until this store and the log say the same.
pub fn sync(store: &Store, log: &mut Log) {
    for _ in 0..10_000 {
        push(store, log, lumbung_sync::KEEP_MS);
        let more = pull(store, log).expect("the log is the one this store has read");
        if !more && store.pending().unwrap().commits == 0 {
            let behind = log.pull(&ask(store));
            if matches!(&behind, PullReply::Page(page) if page.entries.is_empty()) {
                return;
            }
        }
    }
    panic!("this does not end");
}
