//! The books of one terminal, in memory: everything that its database file would hold.
//!
//! **Invariant:** stock is the sum of the facts that are here, after every change.

use std::collections::BTreeMap;
use std::rc::Rc;

use lumbung_sync::protocol::{At, Cursor, Introduction};
use lumbung_sync::{Hash, Hlc, NO_HASH, Origin, Stamp};

use crate::commit::{COMPANY, Commit, Content, Draft, FactId, GroupId, Number, Row};

/// A fact as it is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// Whose it is.
    pub scope: u32,
    /// What moved.
    pub product: u8,
    /// How much.
    pub qty: i64,
    /// For how much.
    pub cash: i64,
    /// The first place in the log that holds it; 0 while none was seen.
    pub seq: u64,
}

/// The confirmed register of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    /// By whom and when.
    pub stamp: Stamp,
    /// What.
    pub value: u64,
    /// The last place in the log that wrote it.
    pub seq: u64,
}

/// The synced tables: what two replicas of the same scopes agree on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tables {
    /// The facts.
    pub facts: BTreeMap<FactId, Fact>,
    /// What they sum up to, by scope and product.
    pub stock: BTreeMap<(u32, u8), i64>,
    /// The confirmed registers.
    pub confirmed: BTreeMap<GroupId, Confirmed>,
}

impl Tables {
    /// Adds a fact unless it is there. It keeps the first place in the log that holds it, also
    /// where that one was deferred and comes after a later one.
    pub fn put(&mut self, row: &Row, seq: u64) {
        let Row::Fact { id, scope, product, qty, cash, .. } = *row else { return };
        if let Some(fact) = self.facts.get_mut(&id) {
            if fact.seq == 0 || (0 < seq && seq < fact.seq) {
                fact.seq = seq;
            }
            return;
        }
        self.facts.insert(id, Fact { scope, product, qty, cash, seq });
        *self.stock.entry((scope, product)).or_default() += qty;
    }

    /// Writes a group; the greater stamp wins.
    pub fn write(&mut self, group: GroupId, value: u64, stamp: Stamp, seq: u64) {
        let held = self.confirmed.entry(group).or_insert(Confirmed { stamp, value, seq });
        if stamp > held.stamp {
            (held.stamp, held.value) = (stamp, value);
        }
        held.seq = held.seq.max(seq);
    }

    /// Drops the rows of a scope.
    pub fn drop_scope(&mut self, scope: u32) {
        self.facts.retain(|_, fact| fact.scope != scope);
        self.stock.retain(|(of, _), _| *of != scope);
    }

    /// The stock that the facts sum up to.
    pub fn counted(&self) -> BTreeMap<(u32, u8), i64> {
        let mut stock = BTreeMap::new();
        for fact in self.facts.values() {
            *stock.entry((fact.scope, fact.product)).or_default() += fact.qty;
        }
        stock
    }
}

/// An origin of this terminal.
#[derive(Debug, Clone)]
pub struct Own {
    /// Nothing is added any more.
    pub closed: bool,
    /// The last commit that is to be pushed.
    pub last: At,
    /// Up to where the centre is believed to hold it.
    pub acked: u64,
    /// Up to where the backup is known to hold it.
    pub backed: At,
    /// Who vouches for it.
    pub introduction: Introduction,
}

/// Own edits of a group by the commit that made them: their stamps and values.
pub type Edits = BTreeMap<(Origin, u64), (Stamp, u64)>;

/// An own commit in the journal.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The commit.
    pub commit: Rc<Commit>,
    /// It came back.
    pub confirmed: bool,
}

/// The database of a terminal.
#[derive(Debug, Clone)]
pub struct Till {
    /// Which terminal.
    pub terminal: [u8; 16],
    /// The machine it was last opened on.
    pub machine: u64,
    /// The current origin, and those before it.
    pub origins: Vec<Origin>,
    /// What is known of each.
    pub own: BTreeMap<Origin, Own>,
    /// The hybrid clock.
    pub hlc: Hlc,
    /// The schema.
    pub schema: u32,
    /// The series of printed numbers.
    pub series: String,
    /// The last number given in every series that was ever used: one may be given back.
    pub numbers: BTreeMap<String, u64>,
    /// Own commits.
    pub journal: BTreeMap<(Origin, u64), Kept>,
    /// How far every scope was read.
    pub cursors: BTreeMap<u32, Cursor>,
    /// The synced tables.
    pub tables: Tables,
    /// Own edits that did not come back yet.
    pub pending: BTreeMap<GroupId, Edits>,
    /// Commits of a newer version, by their place in the log, with their stamps.
    pub deferred: BTreeMap<u64, (u64, Rc<Commit>)>,
    /// An own edit is written over the confirmed value: see [`crate::flaws::Flaws::one_register`].
    pub one_register: bool,
}

impl Till {
    /// An empty database of an enrolled terminal.
    pub fn new(introduction: Introduction, machine: u64, schema: u32) -> Till {
        let cursors = introduction.scopes.iter();
        let mut till = Till {
            terminal: introduction.terminal,
            machine,
            origins: Vec::new(),
            own: BTreeMap::new(),
            hlc: Hlc::default(),
            schema,
            series: introduction.series.clone(),
            numbers: BTreeMap::new(),
            journal: BTreeMap::new(),
            cursors: cursors.map(|scope| (*scope, unread(*scope))).collect(),
            tables: Tables::default(),
            pending: BTreeMap::new(),
            deferred: BTreeMap::new(),
            one_register: false,
        };
        till.begin(introduction);
        till
    }

    fn begin(&mut self, introduction: Introduction) {
        let start = At { ctr: 0, hash: NO_HASH };
        let origin = introduction.origin;
        self.origins.push(origin);
        let own = Own { closed: false, last: start, acked: 0, backed: start, introduction };
        self.own.insert(origin, own);
    }

    /// The current origin.
    pub fn origin(&self) -> Origin {
        *self.origins.last().expect("a terminal has an origin")
    }

    /// The end of the current chain.
    pub fn head(&self) -> At {
        self.own[&self.origin()].last
    }

    /// Its scopes.
    pub fn scopes(&self) -> Vec<u32> {
        self.cursors.keys().copied().collect()
    }

    /// Whether rows of this scope are held.
    pub fn has(&self, scope: u32) -> bool {
        self.cursors.contains_key(&scope)
    }

    /// The value a person sees.
    pub fn visible(&self, group: GroupId) -> Option<u64> {
        let confirmed = self.tables.confirmed.get(&group).map(|held| (held.stamp, held.value));
        let pending = self.pending.get(&group).and_then(|edits| edits.values().max().copied());
        confirmed.max(pending).map(|(_, value)| value)
    }

    /// How many own commits the centre is not known to hold.
    pub fn waiting(&self) -> u64 {
        self.own.values().map(|own| own.last.ctr.saturating_sub(own.acked)).sum()
    }

    /// Every fact that would be gone with this database.
    pub fn holds(&self) -> impl Iterator<Item = FactId> + '_ {
        let journal = self.journal.values().flat_map(|kept| kept.commit.facts());
        let deferred = self.deferred.values().flat_map(|(_, commit)| &commit.content.rows);
        let deferred = deferred.filter_map(|row| match row {
            Row::Fact { id, scope, .. } if self.has(*scope) => Some(*id),
            _ => None,
        });
        self.tables.facts.keys().copied().chain(journal).chain(deferred)
    }

    /// One business action: the rows and their commit, together.
    pub fn transact(&mut self, now_ms: i64, kind: &'static str, rows: Vec<Row>) -> Rc<Commit> {
        self.hlc = self.hlc.tick(now_ms);
        let number = (kind == "sale").then(|| self.next_document());
        self.record(self.hlc, kind, Content { number, rows }, None)
    }

    fn next_document(&mut self) -> Number {
        let last = self.numbers.entry(self.series.clone()).or_default();
        *last += 1;
        (self.series.clone(), *last)
    }

    /// Writes a commit and its rows.
    pub fn record(
        &mut self,
        hlc: Hlc,
        kind: &'static str,
        content: Content,
        reissue_of: Option<(Origin, u64)>,
    ) -> Rc<Commit> {
        let (origin, after, schema) = (self.origin(), self.head(), self.schema);
        let commit = Draft { origin, after, hlc, schema, kind, reissue_of, content }.seal();
        if let Some(own) = self.own.get_mut(&origin) {
            own.last = commit.at();
        }
        self.show(&commit);
        let kept = Kept { commit: Rc::clone(&commit), confirmed: false };
        self.journal.insert(commit.id(), kept);
        commit
    }

    /// Shows the rows of an own commit that has not come back.
    pub fn show(&mut self, commit: &Commit) {
        let (origin, ctr) = commit.id();
        for row in &commit.content.rows {
            match row {
                Row::Fact { scope, .. } if self.has(*scope) => self.tables.put(row, 0),
                Row::Fact { .. } => {}
                Row::Set { group, value } => {
                    let stamp = Stamp { stamp: commit.header.hlc, origin, ctr };
                    if self.one_register {
                        self.tables.write(*group, *value, stamp, 0);
                        continue;
                    }
                    let edits = self.pending.entry(*group).or_default();
                    edits.insert((origin, ctr), (stamp, *value));
                }
            }
        }
    }

    /// Forgets that a commit's edits are pending.
    pub fn settle(&mut self, commit: &Commit) {
        for row in &commit.content.rows {
            if let Row::Set { group, .. } = row
                && let Some(edits) = self.pending.get_mut(group)
            {
                edits.remove(&commit.id());
                if edits.is_empty() {
                    self.pending.remove(group);
                }
            }
        }
    }

    /// The hash of an own commit, as far as it is known.
    pub fn hash_at(&self, origin: &Origin, ctr: u64) -> Option<Hash> {
        let own = self.own.get(origin)?;
        if ctr == 0 {
            return Some(NO_HASH);
        }
        let kept = self.journal.get(&(*origin, ctr)).map(|kept| kept.commit.hash);
        let point = [own.last, own.backed].into_iter().find(|at| at.ctr == ctr);
        kept.or(point.map(|at| at.hash))
    }

    /// Goes on as another origin, for which the old one vouches.
    pub fn rekey(&mut self, origin: Origin, keep_series: bool) {
        let old = self.origin();
        if let Some(own) = self.own.get_mut(&old) {
            own.closed = true;
        }
        if !keep_series {
            // Also where no number of it is known here: what was lost may have given some.
            self.series = next_series(&self.series);
            while self.numbers.contains_key(&self.series) {
                self.series = next_series(&self.series);
            }
        }
        let introduction = Introduction {
            company: COMPANY,
            terminal: self.terminal,
            origin,
            pubkey: [0; 32],
            series: self.series.clone(),
            scopes: self.scopes(),
            by: Some(old),
            sig: Vec::new(),
        };
        self.begin(introduction);
    }

    /// Takes a scope on: its rows come from the beginning of the log.
    pub fn join(&mut self, scope: u32, from: Cursor) {
        self.cursors.insert(scope, from);
        for kept in self.journal.values() {
            for row in kept.commit.content.rows.iter().filter(|row| row.scope() == scope) {
                self.tables.put(row, 0);
            }
        }
    }

    /// Gives a scope up, and answers where it had been read to.
    pub fn leave(&mut self, scope: u32) -> Option<Cursor> {
        self.tables.drop_scope(scope);
        self.cursors.remove(&scope)
    }

    /// Opens the database with a newer program: what could not be applied is tried again.
    pub fn upgrade(&mut self, schema: u32) {
        self.schema = self.schema.max(schema);
        for (seq, (stamp, commit)) in std::mem::take(&mut self.deferred) {
            if commit.is_known_to(self.schema) {
                let stamp = stamp_of(&commit, stamp);
                self.apply(&commit, stamp, seq, |_| true);
            } else {
                self.deferred.insert(seq, (stamp, commit));
            }
        }
    }

    /// Applies the rows of a commit of the log, of those scopes that are held and wanted.
    pub fn apply(
        &mut self,
        commit: &Commit,
        stamp: Stamp,
        seq: u64,
        is_wanted: impl Fn(u32) -> bool,
    ) {
        for row in &commit.content.rows {
            if !self.has(row.scope()) || !is_wanted(row.scope()) {
                continue;
            }
            match row {
                Row::Fact { .. } => self.tables.put(row, seq),
                Row::Set { group, value } => self.tables.write(*group, *value, stamp, seq),
            }
        }
    }
}

/// The place of a commit's writes in the order in which the last writer wins.
pub fn stamp_of(commit: &Commit, stamp: u64) -> Stamp {
    Stamp { stamp, origin: commit.header.origin, ctr: commit.header.ctr }
}

/// A scope of which nothing was read.
pub fn unread(scope: u32) -> Cursor {
    Cursor { scope, seq: 0, witness: NO_HASH }
}

/// T1, T1a, T1b, ... T1z, T1za.
pub fn next_series(series: &str) -> String {
    match series.chars().last() {
        Some(letter @ 'a'..='y') => {
            let stem = &series[..series.len() - 1];
            let next = char::from_u32(u32::from(letter) + 1).unwrap_or('z');
            format!("{stem}{next}")
        }
        _ => format!("{series}a"),
    }
}
