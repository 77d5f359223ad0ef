//! The terminal's books as the engine sees them.
//!
//! **Invariant:** each change is whole. Where the run says that the power fails, it fails between
//! two changes: before one, or after it was saved and before anybody heard of it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use lumbung_sync::engine::{Applied, Chain, Me, Replica};
use lumbung_sync::protocol::{At, Carried, Cursor, Introduction, Page};
use lumbung_sync::{Doubt, Hash, Hlc, Origin};

use crate::commit::{COMPANY, Commit, Content, FactId, GroupId, Library, Row};
use crate::flaws::Flaws;
use crate::till::{Confirmed, Fact, Own, Tables, Till, stamp_of};

/// So many facts go into one salvage commit.
const SALVAGE_ROWS: usize = 20;

/// The power failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PowerCut;

/// When the power fails: after so many changes, and whether the last one was saved.
#[derive(Debug, Clone, Copy)]
pub struct Fuse {
    /// Changes until then.
    pub changes: u64,
    /// Whether the change at which it fails is saved.
    pub saved: bool,
}

/// A state of the centre's books for a set of scopes.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The scopes.
    pub scopes: Vec<u32>,
    /// The schema of the centre.
    pub schema: u32,
    /// How far it has read the log.
    pub at: Cursor,
    /// The rows.
    pub tables: Rc<Tables>,
    /// Up to where it holds each chain.
    pub heads: Rc<BTreeMap<Origin, At>>,
}

/// A terminal's books at work.
pub struct Desk<'a> {
    /// The database.
    pub till: &'a mut Till,
    /// Reads commits.
    pub library: &'a Library,
    /// Missing defences.
    pub flaws: Flaws,
    /// The power may fail.
    pub fuse: Option<Fuse>,
    /// What was brought in that the centre had lost.
    pub salvaged: u64,
}

impl Desk<'_> {
    /// Makes a change, unless the power fails.
    fn change<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Result<T, PowerCut> {
        match &mut self.fuse {
            Some(fuse) if fuse.changes == 0 => {
                if fuse.saved {
                    make(self);
                }
                Err(PowerCut)
            }
            Some(fuse) => {
                fuse.changes -= 1;
                Ok(make(self))
            }
            None => Ok(make(self)),
        }
    }

    /// Drops from the journal what nobody needs any more.
    fn prune(&mut self, origin: &Origin) {
        let Some(own) = self.till.own.get(origin) else { return };
        let to = if self.flaws.prune_on_ack { own.acked } else { own.backed.ctr.min(own.acked) };
        let range = (*origin, 0)..=(*origin, to);
        let done: Vec<_> = self
            .till
            .journal
            .range(range)
            .take_while(|(_, kept)| kept.confirmed)
            .map(|(id, _)| *id)
            .collect();
        for id in done {
            self.till.journal.remove(&id);
        }
    }

    /// Whether a stub of the page names a commit that is not in the journal.
    fn is_lacking(&self, page: &Page) -> bool {
        let mut stubs = page.entries.iter().filter(|entry| entry.commit.is_none());
        stubs.any(|stub| {
            let kept = self.till.journal.get(&(stub.origin, stub.ctr));
            let is_right = |hash| hash == stub.hash || self.flaws.stub_by_number;
            !kept.is_some_and(|kept| is_right(kept.commit.hash))
        })
    }

    fn take(&mut self, page: &Page) -> Applied {
        let before = self.till.cursors.clone();
        let mut applied = Applied { taken: true, ..Applied::default() };
        for entry in &page.entries {
            let id = (entry.origin, entry.ctr);
            let kept = self.till.journal.get(&id).map(|kept| Rc::clone(&kept.commit));
            let by_number = self.flaws.stub_by_number && entry.commit.is_none();
            let own = kept.filter(|kept| kept.hash == entry.hash || by_number);
            let commit = match (&entry.commit, &own) {
                (Some(carried), _) => self.library.read(carried),
                (None, Some(own)) => Rc::clone(own),
                (None, None) => continue,
            };
            let current = self.till.origin();
            applied.ahead |= entry.origin == current && entry.ctr > self.till.head().ctr;
            self.till.hlc = self.till.hlc.observe(Hlc::from_bits(entry.stamp));
            if own.is_some() {
                self.confirm(&commit);
                applied.confirmed += 1;
            }
            let is_new = |scope: u32| before.get(&scope).is_some_and(|c| entry.seq > c.seq);
            if !commit.is_known_to(self.till.schema) {
                applied.deferred += 1;
                if !self.flaws.no_deferral {
                    self.till.deferred.insert(entry.seq, (entry.stamp, commit));
                }
                continue;
            }
            let stamp = stamp_of(&commit, entry.stamp);
            self.till.apply(&commit, stamp, entry.seq, is_new);
            applied.applied += 1;
        }
        for cursor in &page.next {
            self.till.cursors.insert(cursor.scope, *cursor);
        }
        let origins = self.till.origins.clone();
        origins.iter().for_each(|origin| self.prune(origin));
        applied
    }

    fn confirm(&mut self, commit: &Rc<Commit>) {
        if let Some(kept) = self.till.journal.get_mut(&commit.id()) {
            kept.confirmed = true;
        }
        self.till.settle(commit);
    }

    fn write_again(&mut self, origin: &Origin, at: u64) {
        let range = (*origin, at)..=(*origin, u64::MAX);
        let tail: Vec<_> =
            self.till.journal.range(range).map(|(_, kept)| Rc::clone(&kept.commit)).collect();
        for commit in &tail {
            self.till.settle(commit);
            if !self.flaws.no_reissue {
                let hlc = Hlc::from_bits(commit.header.hlc);
                let content = commit.content.clone();
                self.till.record(hlc, "again", content, Some(commit.id()));
            }
        }
        let end = self.till.hash_at(origin, at - 1);
        for commit in tail {
            self.till.journal.remove(&commit.id());
        }
        if let (Some(own), Some(hash)) = (self.till.own.get_mut(origin), end) {
            own.last = At { ctr: at - 1, hash };
            own.acked = own.acked.min(at - 1);
        }
    }

    fn begin_again(&mut self, snapshot: &Snapshot) {
        let (facts, edits) = self.lost(snapshot);
        let till = &mut *self.till;
        till.tables = (*snapshot.tables).clone();
        till.deferred.clear();
        till.pending.clear();
        for cursor in till.cursors.values_mut() {
            *cursor = Cursor { scope: cursor.scope, ..snapshot.at };
        }
        for group in till.tables.confirmed.values() {
            till.hlc = till.hlc.observe(Hlc::from_bits(group.stamp.stamp));
        }
        let journal: Vec<_> = till.journal.values().map(|kept| Rc::clone(&kept.commit)).collect();
        for commit in journal {
            let (origin, ctr) = commit.id();
            let head = snapshot.heads.get(&origin).map_or(0, |head| head.ctr);
            let is_in = ctr <= head && !self.flaws.snapshot_without_heads;
            if let Some(kept) = self.till.journal.get_mut(&(origin, ctr)) {
                kept.confirmed = is_in;
            }
            self.till.show(&commit);
            if is_in {
                self.till.settle(&commit);
            }
        }
        if !self.flaws.no_salvage {
            self.salvage(facts, edits);
        }
    }

    /// What is here and in nobody else's hands: not in the snapshot, and not in the own journal.
    fn lost(&self, snapshot: &Snapshot) -> (Vec<Row>, Vec<(GroupId, Confirmed)>) {
        let till = &*self.till;
        let journal = || till.journal.values().map(|kept| &kept.commit);
        let own: BTreeSet<FactId> = journal().flat_map(|commit| commit.facts()).collect();
        let is_lost = |id: &FactId| !snapshot.tables.facts.contains_key(id) && !own.contains(id);
        let facts = till.tables.facts.iter().filter(|(id, _)| is_lost(id));
        let facts = facts.map(|(id, fact)| row_of(*id, fact)).collect();
        let theirs = &snapshot.tables.confirmed;
        let edits = till.tables.confirmed.iter().filter(|(group, held)| {
            let is_mine = till.journal.contains_key(&(held.stamp.origin, held.stamp.ctr));
            !is_mine && theirs.get(group).is_none_or(|other| other.stamp < held.stamp)
        });
        (facts, edits.map(|(group, held)| (*group, *held)).collect())
    }

    fn salvage(&mut self, facts: Vec<Row>, edits: Vec<(GroupId, Confirmed)>) {
        self.salvaged += (facts.len() + edits.len()) as u64;
        for rows in facts.chunks(SALVAGE_ROWS) {
            let content = Content { number: None, rows: rows.to_vec() };
            self.till.record(self.till.hlc, "sys.salvage", content, None);
        }
        // An edit keeps the stamp it had, so that it loses to whatever it had lost to.
        for (group, held) in edits {
            let rows = vec![Row::Set { group, value: held.value }];
            let content = Content { number: None, rows };
            self.till.record(Hlc::from_bits(held.stamp.stamp), "sys.salvage", content, None);
        }
    }
}

fn row_of(id: FactId, fact: &Fact) -> Row {
    let Fact { scope, product, qty, cash, .. } = *fact;
    Row::Fact { id, scope, product, qty, cash, since: 0 }
}

impl Replica for Desk<'_> {
    type Error = PowerCut;
    type Snapshot = Rc<Snapshot>;

    fn me(&self) -> Result<Me, PowerCut> {
        let (origin, head) = (self.till.origin(), self.till.head());
        let schema = self.till.schema;
        Ok(Me { company: COMPANY, terminal: self.till.terminal, origin, head, schema })
    }

    fn chains(&self) -> Result<Vec<Chain>, PowerCut> {
        let mut chains = Vec::new();
        for origin in &self.till.origins {
            let own = &self.till.own[origin];
            let range = (*origin, 0)..=(*origin, u64::MAX);
            let is_held = self.till.journal.range(range).next().is_some();
            let is_forgotten = self.flaws.closed_forgotten && own.acked >= own.last.ctr;
            if !own.closed || (is_held && !is_forgotten) {
                let Own { closed, last, acked, backed, .. } = own.clone();
                chains.push(Chain { origin: *origin, closed, last, acked, backed });
            }
        }
        Ok(chains)
    }

    fn hash_at(&self, origin: &Origin, ctr: u64) -> Result<Option<Hash>, PowerCut> {
        Ok(self.till.hash_at(origin, ctr))
    }

    fn commits_after(
        &self,
        origin: &Origin,
        ctr: u64,
        bytes: usize,
    ) -> Result<Vec<Carried>, PowerCut> {
        let Some(own) = self.till.own.get(origin) else { return Ok(Vec::new()) };
        let (mut size, mut commits) = (0, Vec::new());
        if ctr >= own.last.ctr {
            return Ok(commits);
        }
        for (_, kept) in self.till.journal.range((*origin, ctr + 1)..=(*origin, own.last.ctr)) {
            let carried = &kept.commit.carried;
            size += carried.header.len() + carried.body.len();
            if !commits.is_empty() && size > bytes {
                break;
            }
            commits.push(carried.clone());
        }
        Ok(commits)
    }

    fn introductions(&self, origin: &Origin) -> Result<Vec<Introduction>, PowerCut> {
        if self.flaws.no_introductions {
            return Ok(Vec::new());
        }
        let mut line = Vec::new();
        let mut next = Some(*origin);
        while let Some(own) = next.and_then(|origin| self.till.own.get(&origin)) {
            line.push(own.introduction.clone());
            next = own.introduction.by;
        }
        line.reverse();
        Ok(line)
    }

    fn note_acked(&mut self, origin: &Origin, ctr: u64) -> Result<(), PowerCut> {
        self.change(|desk| {
            if let Some(own) = desk.till.own.get_mut(origin) {
                own.acked = ctr;
            }
            desk.prune(origin);
        })
    }

    fn note_backed(&mut self, origin: &Origin, at: At) -> Result<(), PowerCut> {
        self.change(|desk| {
            if let Some(own) = desk.till.own.get_mut(origin) {
                own.backed = at;
            }
            desk.prune(origin);
        })
    }

    fn cursors(&self) -> Result<Vec<Cursor>, PowerCut> {
        Ok(self.till.cursors.values().copied().collect())
    }

    fn apply(&mut self, page: &Page) -> Result<Applied, PowerCut> {
        if self.cursors()? != page.echo {
            return Ok(Applied::default());
        }
        if self.is_lacking(page) {
            return Ok(Applied { lacking: true, ..Applied::default() });
        }
        self.change(|desk| desk.take(page))
    }

    fn rekey(&mut self, _: Doubt, origin: Origin) -> Result<(), PowerCut> {
        self.change(|desk| desk.till.rekey(origin, desk.flaws.series_kept))
    }

    fn reissue(&mut self, origin: &Origin, at: u64) -> Result<(), PowerCut> {
        self.change(|desk| desk.write_again(origin, at))
    }

    fn use_series(&mut self, series: &str) -> Result<(), PowerCut> {
        if self.till.series == series {
            return Ok(());
        }
        self.change(|desk| series.clone_into(&mut desk.till.series))
    }

    fn rebase(&mut self, snapshot: Rc<Snapshot>) -> Result<(), PowerCut> {
        // Made for other scopes than are held now: the engine will find that out and ask again.
        if self.till.scopes() != snapshot.scopes {
            return Ok(());
        }
        self.change(|desk| desk.begin_again(&snapshot))
    }
}
