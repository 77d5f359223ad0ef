//! How a commit travels: its body plain, so that the message is compressed as a whole, and without
//! what the receiver computes: the hash of the body, and in a chain whose commit it is and what it
//! follows.
//!
//! **Invariant:** the header that arrives is, byte for byte, the one that was hashed and signed.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::fold::{fold, unfold};
use super::{At, Carried, Cursor, Entry, Introduction, Page, PushChain};
use crate::commit::{Hash, Header, Origin, put_varint, unpack};

/// The codec byte of a plain stored body.
const PLAIN: u8 = 0;
/// A header ends with the hash of the body.
const BODY_HASH: usize = 32;
/// A header begins with its version and its company; the origin, the counter and the hash before
/// follow.
const LEAD_FROM: usize = 17;

const CUT_BODY_HASH: u8 = 1;
const CUT_LEAD: u8 = 2;
const FOLDED: u8 = 4;

/// Bytes that are written and read at once, not one by one.
struct Bytes(Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Bytes;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }
        from.deserialize_bytes(Read)
    }
}

/// A commit without what the receiver computes.
#[derive(Serialize, Deserialize)]
struct Cut {
    flags: u8,
    header: Bytes,
    body: Bytes,
    sig: Bytes,
}

/// What the header of an origin's commit says after its company, where it follows `after`.
fn lead(origin: &Origin, after: &At) -> Vec<u8> {
    let mut lead = origin.to_vec();
    put_varint(&mut lead, after.ctr.saturating_add(1));
    lead.extend_from_slice(&after.hash);
    lead
}

impl Cut {
    /// `lead` is what the receiver expects of the header.
    fn of(commit: &Carried, lead: Option<&[u8]>) -> Self {
        // A body that was blanked, or that this version cannot unpack, goes as it is.
        let Ok(plain) = unpack(&commit.body) else {
            let [header, body, sig] = [&commit.header, &commit.body, &commit.sig].map(Vec::clone);
            return Self { flags: 0, header: Bytes(header), body: Bytes(body), sig: Bytes(sig) };
        };
        let mut flags = 0;
        let mut header = commit.header.clone();
        let told = header.last_chunk::<BODY_HASH>();
        if told.is_some_and(|told| told == blake3::hash(&plain).as_bytes()) {
            flags |= CUT_BODY_HASH;
            header.truncate(header.len() - BODY_HASH);
        }
        if let (Some(lead), Some((_, rest))) = (lead, header.split_at_checked(LEAD_FROM))
            && rest.starts_with(lead)
        {
            flags |= CUT_LEAD;
            header.drain(LEAD_FROM..LEAD_FROM + lead.len());
        }
        let body = if let Some(folded) = fold(&plain) {
            flags |= FOLDED;
            folded
        } else {
            [&[PLAIN], plain.as_slice()].concat()
        };
        Self { flags, header: Bytes(header), body: Bytes(body), sig: Bytes(commit.sig.clone()) }
    }

    fn whole(self, lead: Option<&[u8]>) -> Result<Carried, &'static str> {
        let Self { flags, header: Bytes(mut header), body: Bytes(mut body), sig: Bytes(sig) } =
            self;
        if flags & !(CUT_BODY_HASH | CUT_LEAD | FOLDED) != 0 {
            return Err("a commit is cut in an unknown way");
        }
        if flags & FOLDED != 0 {
            body = unfold(&body).ok_or("a folded body cannot be unfolded")?;
            body.insert(0, PLAIN);
        }
        if flags & CUT_LEAD != 0 {
            let lead = lead.ok_or("a header is cut, but nothing is before it")?;
            if header.len() < LEAD_FROM {
                return Err("a header is cut, but too short");
            }
            header.splice(LEAD_FROM..LEAD_FROM, lead.iter().copied());
        }
        if flags & CUT_BODY_HASH != 0 {
            let Some((&PLAIN, plain)) = body.split_first() else {
                return Err("a header is cut, but its body is not plain");
            };
            header.extend_from_slice(blake3::hash(plain).as_bytes());
        }
        Ok(Carried { header, body, sig })
    }
}

impl Serialize for Carried {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Cut::of(self, None).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Carried {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Cut::deserialize(from)?.whole(None).map_err(de::Error::custom)
    }
}

/// A chain whose commits each follow the one before them, the first one `base`.
#[derive(Serialize, Deserialize)]
pub(super) struct CutChain {
    origin: Origin,
    base: At,
    commits: Vec<Cut>,
    introductions: Vec<Introduction>,
}

impl From<PushChain> for CutChain {
    fn from(chain: PushChain) -> Self {
        let PushChain { origin, base, commits, introductions } = chain;
        let mut after = base;
        let cut = |commit: &Carried| {
            let cut = Cut::of(commit, Some(&lead(&origin, &after)));
            after = At { ctr: after.ctr.saturating_add(1), hash: commit.hash() };
            cut
        };
        Self { origin, base, commits: commits.iter().map(cut).collect(), introductions }
    }
}

impl TryFrom<CutChain> for PushChain {
    type Error = &'static str;

    fn try_from(chain: CutChain) -> Result<Self, Self::Error> {
        let CutChain { origin, base, commits, introductions } = chain;
        let mut after = base;
        let whole = |cut: Cut| {
            let commit = cut.whole(Some(&lead(&origin, &after)))?;
            after = At { ctr: after.ctr.saturating_add(1), hash: commit.hash() };
            Ok(commit)
        };
        let commits = commits.into_iter().map(whole).collect::<Result<_, Self::Error>>()?;
        Ok(Self { origin, base, commits, introductions })
    }
}

/// An entry of the log without what its commit says itself.
#[derive(Serialize, Deserialize)]
enum CutEntry {
    Stub {
        seq: u64,
        stamp: u64,
        origin: Origin,
        ctr: u64,
        hash: Hash,
    },
    Whole {
        seq: u64,
        stamp: u64,
        commit: Cut,
    },
    /// A commit that says something else than its entry: the reader is to see it.
    Told {
        seq: u64,
        stamp: u64,
        origin: Origin,
        ctr: u64,
        commit: Cut,
        hash: Hash,
    },
}

/// A page; a commit that follows the entry before it in its origin's chain does not say so again.
#[derive(Serialize, Deserialize)]
pub(super) struct CutPage {
    echo: Vec<Cursor>,
    entries: Vec<CutEntry>,
    next: Vec<Cursor>,
    more: bool,
}

/// Whether an entry says only what its commit says.
fn says_itself(entry: &Entry, commit: &Carried) -> bool {
    let says = |header: Header| (header.origin, header.ctr) == (entry.origin, entry.ctr);
    entry.hash == commit.hash() && Header::decode(&commit.header).is_ok_and(says)
}

impl From<Page> for CutPage {
    fn from(page: Page) -> Self {
        let Page { echo, entries, next, more } = page;
        let mut last: Option<(Origin, At)> = None;
        let cut = |entry: Entry| {
            let lead = last.as_ref().map(|(origin, at)| lead(origin, at));
            let Entry { seq, stamp, origin, ctr, hash, .. } = entry;
            last = Some((origin, At { ctr, hash }));
            match &entry.commit {
                None => CutEntry::Stub { seq, stamp, origin, ctr, hash },
                Some(commit) if says_itself(&entry, commit) => {
                    CutEntry::Whole { seq, stamp, commit: Cut::of(commit, lead.as_deref()) }
                }
                Some(commit) => {
                    let commit = Cut::of(commit, None);
                    CutEntry::Told { seq, stamp, origin, ctr, commit, hash }
                }
            }
        };
        Self { entries: entries.into_iter().map(cut).collect(), echo, next, more }
    }
}

impl TryFrom<CutPage> for Page {
    type Error = &'static str;

    fn try_from(page: CutPage) -> Result<Self, Self::Error> {
        let CutPage { echo, entries, next, more } = page;
        let mut last: Option<(Origin, At)> = None;
        let whole = |cut: CutEntry| {
            let entry = match cut {
                CutEntry::Stub { seq, stamp, origin, ctr, hash } => {
                    Entry { seq, stamp, origin, ctr, commit: None, hash }
                }
                CutEntry::Whole { seq, stamp, commit } => {
                    let lead = last.as_ref().map(|(origin, at)| lead(origin, at));
                    let commit = commit.whole(lead.as_deref())?;
                    let header = Header::decode(&commit.header)
                        .map_err(|_| "a commit's header cannot be read")?;
                    let Header { origin, ctr, .. } = header;
                    Entry { seq, stamp, origin, ctr, hash: commit.hash(), commit: Some(commit) }
                }
                CutEntry::Told { seq, stamp, origin, ctr, commit, hash } => {
                    let commit = Some(commit.whole(None)?);
                    Entry { seq, stamp, origin, ctr, commit, hash }
                }
            };
            last = Some((entry.origin, At { ctr: entry.ctr, hash: entry.hash }));
            Ok(entry)
        };
        let entries = entries.into_iter().map(whole).collect::<Result<_, Self::Error>>()?;
        Ok(Self { echo, entries, next, more })
    }
}
