//! What the simulated terminals sell: rows small enough to run millions of them, in commits with
//! real headers, hashes and chains.
//!
//! **Invariant:** a commit is read from its bytes as they arrived; nothing reaches another node
//! beside them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use chrono::NaiveDate;
use lumbung_sync::protocol::{At, Carried};
use lumbung_sync::{Hash, Header, Hlc, Origin};
use serde::{Deserialize, Serialize};

/// The company of every run.
pub const COMPANY: [u8; 16] = [1; 16];
/// The first schema; facts since [`NEWER`] are not known to it.
pub const OLDER: u32 = 1;
/// The schema that brought a further table.
pub const NEWER: u32 = 2;

/// The name of a fact.
pub type FactId = u64;
/// A group of a master row, the unit that the last writer wins.
pub type GroupId = (u8, u8);
/// A printed document number: its series and its place in it.
pub type Number = (String, u64);

/// One row of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Row {
    /// A fact: goods moved, cash taken.
    Fact {
        /// Its key.
        id: FactId,
        /// Whose it is.
        scope: u32,
        /// What moved.
        product: u8,
        /// How much.
        qty: i64,
        /// For how much.
        cash: i64,
        /// The schema that brought its table.
        since: u32,
    },
    /// A group of a company-wide master row was written.
    Set {
        /// Which.
        group: GroupId,
        /// The new value.
        value: u64,
    },
}

/// The content of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Content {
    /// The number printed on the paper, where there is one.
    pub number: Option<Number>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A commit, read.
#[derive(Debug)]
pub struct Commit {
    /// As it travels.
    pub carried: Carried,
    /// Its hash.
    pub hash: Hash,
    /// Its header.
    pub header: Header,
    /// What it holds.
    pub content: Content,
}

/// What a new commit says of itself.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Who makes it.
    pub origin: Origin,
    /// The commit before it.
    pub after: At,
    /// Its clock.
    pub hlc: Hlc,
    /// The schema of the store.
    pub schema: u32,
    /// What was done.
    pub kind: &'static str,
    /// The commit it repeats.
    pub reissue_of: Option<(Origin, u64)>,
    /// What it holds.
    pub content: Content,
}

impl Commit {
    /// Whose it is, and its place there.
    pub fn id(&self) -> (Origin, u64) {
        (self.header.origin, self.header.ctr)
    }

    /// Its place and hash.
    pub fn at(&self) -> At {
        At { ctr: self.header.ctr, hash: self.hash }
    }

    /// The facts in it.
    pub fn facts(&self) -> impl Iterator<Item = FactId> + '_ {
        self.content.rows.iter().filter_map(|row| match row {
            Row::Fact { id, .. } => Some(*id),
            Row::Set { .. } => None,
        })
    }

    /// Whether a store of this schema can apply it.
    pub fn is_known_to(&self, schema: u32) -> bool {
        self.content.rows.iter().all(|row| match row {
            Row::Fact { since, .. } => *since <= schema,
            Row::Set { .. } => true,
        })
    }
}

impl Draft {
    /// The commit of this draft.
    pub fn seal(self) -> Rc<Commit> {
        let plain = postcard::to_stdvec(&self.content).expect("rows are plain numbers");
        let mut scopes: Vec<u32> = self.content.rows.iter().map(Row::scope).collect();
        scopes.sort_unstable();
        scopes.dedup();
        let header = Header {
            version: Header::VERSION,
            company: COMPANY,
            origin: self.origin,
            ctr: self.after.ctr + 1,
            prev: self.after.hash,
            hlc: self.hlc.bits(),
            kind: self.kind.to_owned(),
            schema: self.schema,
            scopes,
            user: None,
            business_date: NaiveDate::default(),
            offset_min: 0,
            at_ms: self.hlc.ms(),
            reason: None,
            reissue_of: self.reissue_of,
            body_hash: *blake3::hash(&plain).as_bytes(),
        };
        let bytes = postcard::to_stdvec(&header).expect("a header has plain fields");
        let hash = lumbung_sync::header_hash(&bytes);
        let body = [&[0], plain.as_slice()].concat();
        let carried = Carried { header: bytes, body, sig: Vec::new() };
        Rc::new(Commit { carried, hash, header, content: self.content })
    }
}

impl Row {
    /// Whose it is.
    pub fn scope(&self) -> u32 {
        match self {
            Row::Fact { scope, .. } => *scope,
            Row::Set { .. } => 0,
        }
    }
}

/// Every commit that was ever read, so that each is read once.
#[derive(Debug, Default)]
pub struct Library(RefCell<HashMap<Hash, Rc<Commit>>>);

impl Library {
    /// The commit of these bytes.
    ///
    /// # Panics
    /// When they are not a commit, or not whole: nothing in the simulation changes bytes.
    pub fn read(&self, carried: &Carried) -> Rc<Commit> {
        let hash = carried.hash();
        if let Some(commit) = self.0.borrow().get(&hash) {
            return Rc::clone(commit);
        }
        let header: Header = postcard::from_bytes(&carried.header).expect("a header");
        let (_, plain) = carried.body.split_first().expect("a stored body");
        assert_eq!(*blake3::hash(plain).as_bytes(), header.body_hash, "the body was changed");
        let content = postcard::from_bytes(plain).expect("rows");
        let commit = Rc::new(Commit { carried: carried.clone(), hash, header, content });
        self.0.borrow_mut().insert(hash, Rc::clone(&commit));
        commit
    }

    /// Keeps a commit that was made here.
    pub fn keep(&self, commit: &Rc<Commit>) {
        self.0.borrow_mut().insert(commit.hash, Rc::clone(commit));
    }
}
