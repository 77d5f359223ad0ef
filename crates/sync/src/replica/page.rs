//! Applying a piece of the log.
//!
//! What a commit says is read and proved before the writer is taken. The page is one transaction,
//! unless somebody waits for the writer: then it is ended early, where the log's hash is known, and
//! continued once they have gone.
//!
//! **Invariant:** cursors and rows move in one transaction, and a cursor always has the hash of the
//! log at its place, so that after a crash the centre proves where to go on.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::scopes;
use crate::apply::{self, Applier, ApplyError, Applying, Place, Reason, Waiting, Which};
use crate::authority::log_hash;
use crate::clk::Stamp;
use crate::clock::Hlc;
use crate::commit::{Body, Hash, Header, Origin, unpack};
use crate::engine::Applied;
use crate::error::StoreError;
use crate::protocol::{Carried, Cursor, Entry, Page};
use crate::row::Key;
use crate::store::Store;
use crate::writer::Node;

const WHAT: &str = "a piece of the log";

/// A commit of the page, proved to be the one it is called.
enum Content<'a> {
    /// It is in the journal here.
    Stub,
    /// A newer version wrote it.
    Unreadable(&'a Carried, Reason),
    /// Its header and its plain body.
    Whole(&'a Carried, Box<Header>, Vec<u8>),
}

impl<'a> Content<'a> {
    fn of(entry: &'a Entry, company: &Key) -> Result<Self, StoreError> {
        let bad = |detail: &str| StoreError::codec(WHAT, detail);
        let Some(carried) = &entry.commit else { return Ok(Content::Stub) };
        if carried.hash() != entry.hash {
            return Err(bad("a commit is not the one that was named"));
        }
        let header = match Header::decode(&carried.header) {
            Ok(header) => header,
            Err(error) => {
                let reason = Reason { why: error.to_string(), lacks_row: false };
                return Ok(Content::Unreadable(carried, reason));
            }
        };
        if (header.origin, header.ctr) != (entry.origin, entry.ctr) {
            return Err(bad("a commit is in another's place"));
        }
        if header.company != *company {
            return Err(bad("a commit is of another company"));
        }
        let plain = unpack(&carried.body)?;
        if *blake3::hash(&plain).as_bytes() != header.body_hash {
            return Err(bad("the content of a commit was changed"));
        }
        Ok(Content::Whole(carried, Box::new(header), plain))
    }
}

/// Applies a page for exactly the cursors this store has; the tables that changed are added to
/// `tables`.
pub(super) fn apply(
    store: &Store,
    page: &Page,
    tables: &mut BTreeSet<u16>,
) -> Result<Applied, StoreError> {
    check_order(page)?;
    let company = store.node().company;
    let contents: Vec<Content<'_>> =
        page.entries.iter().map(|entry| Content::of(entry, &company)).collect::<Result<_, _>>()?;
    let mut run = Run {
        store,
        page,
        contents: &contents,
        at: page.echo.clone(),
        next: 0,
        applied: Applied::default(),
        tables,
    };
    while run.slice()? {}
    Ok(run.applied)
}

fn check_order(page: &Page) -> Result<(), StoreError> {
    let bad = |detail: &str| Err(StoreError::codec(WHAT, detail));
    if !page.entries.is_sorted_by(|a, b| a.seq < b.seq) {
        return bad("its commits are not in order");
    }
    let scopes = |cursors: &[Cursor]| cursors.iter().map(|c| c.scope).collect::<Vec<_>>();
    if scopes(&page.echo) != scopes(&page.next) {
        return bad("it ends with other scopes than were asked");
    }
    let mut ends = page.echo.iter().zip(&page.next);
    if ends.any(|(from, to)| to.seq < from.seq) {
        return bad("it ends before it begins");
    }
    let last = page.entries.last().map_or(0, |entry| entry.seq);
    if page.next.iter().any(|cursor| cursor.seq < last) {
        return bad("it ends before its last commit");
    }
    Ok(())
}

/// A page on its way into the store.
struct Run<'a> {
    store: &'a Store,
    page: &'a Page,
    contents: &'a [Content<'a>],
    /// The cursors as the last transaction left them.
    at: Vec<Cursor>,
    /// The entry to go on with.
    next: usize,
    applied: Applied,
    tables: &'a mut BTreeSet<u16>,
}

/// What one transaction has come to.
struct Slice<'a> {
    applier: Applier<'a>,
    applied: Applied,
    hlc: Hlc,
    seen: BTreeMap<Origin, u64>,
    /// Where the log stands, as long as no commit was left out before it.
    log: Option<(u64, Hash)>,
}

impl Run<'_> {
    /// Applies what one transaction can take. Gives whether there is more.
    fn slice(&mut self) -> Result<bool, StoreError> {
        let mut writer = self.store.writer_politely();
        let open = writer.begin()?;
        let (db, node) = (&open.writer.conn, &open.writer.node);
        if scopes::cursors(db)? != self.at {
            // Of another question; or the scopes were changed between two transactions.
            return Ok(false);
        }
        let own = own_origins(db)?;
        let mut slice = Slice {
            applier: Applier::new(db, self.store.catalogue, self.store.watched),
            applied: Applied { taken: true, ..self.applied },
            hlc: node.hlc,
            seen: BTreeMap::new(),
            log: same_place(&self.at),
        };
        let mut next = self.next;
        while let (Some(entry), Some(content)) =
            (self.page.entries.get(next), self.contents.get(next))
        {
            if !self.entry(&mut slice, db, node, &own, (entry, content))? {
                self.applied.lacking = true;
                return Ok(false);
            }
            next += 1;
            if next < self.contents.len() && slice.log.is_some() && self.store.is_wanted() {
                break;
            }
        }
        if slice.applier.made {
            apply::retry(db, &mut slice.applier, Which::LackingRow)?;
        }
        let at = self.end_of(&slice, next)?;
        slice.note(db, &at)?;
        let changed: Vec<_> = slice.applier.changed.iter().copied().collect();
        (self.store.after_apply)(db, &changed)?;
        let Slice { applier, applied, hlc, .. } = slice;
        let tables = applier.tables;
        open.commit_applied(hlc)?;
        self.tables.extend(tables);
        (self.applied, self.at, self.next) = (applied, at, next);
        Ok(next < self.contents.len())
    }

    /// The cursors after the entries before `next`.
    fn end_of(&self, slice: &Slice<'_>, next: usize) -> Result<Vec<Cursor>, StoreError> {
        if next < self.contents.len() {
            let (seq, witness) = slice.log.expect("a page is only ended early at a known place");
            let scopes = self.at.iter().map(|cursor| cursor.scope);
            return Ok(scopes.map(|scope| Cursor { scope, seq, witness }).collect());
        }
        if let Some((seq, hash)) = slice.log {
            let mut ends = self.page.next.iter().filter(|cursor| cursor.seq == seq);
            if ends.any(|cursor| cursor.witness != hash) {
                return Err(StoreError::codec(WHAT, "the log is not what the centre says"));
            }
        }
        Ok(self.page.next.clone())
    }

    /// Applies one commit. Gives false where it is a stub of one that is not in the journal.
    fn entry(
        &self,
        slice: &mut Slice<'_>,
        db: &Connection,
        node: &Node,
        own: &BTreeSet<Origin>,
        (entry, content): (&Entry, &Content<'_>),
    ) -> Result<bool, StoreError> {
        slice.see(entry);
        let scopes: BTreeSet<u32> =
            self.at.iter().filter(|c| c.seq < entry.seq).map(|c| c.scope).collect();
        if own.contains(&entry.origin) {
            match own_body(db, entry)? {
                Some(body) => {
                    let plain = unpack(&body)?;
                    slice.confirm(db, entry, &plain, &scopes)?;
                    return Ok(true);
                }
                None => slice.applied.ahead |= entry.origin == node.origin && entry.ctr > node.ctr,
            }
        }
        match content {
            Content::Stub => Ok(false),
            Content::Unreadable(carried, why) => {
                slice.defer(db, entry, carried, &scopes, why)?;
                Ok(true)
            }
            Content::Whole(carried, header, plain) => {
                slice.take(db, entry, carried, (header, plain), &scopes)?;
                Ok(true)
            }
        }
    }
}

impl Slice<'_> {
    fn see(&mut self, entry: &Entry) {
        self.log = match self.log {
            Some((seq, hash)) if entry.seq == seq + 1 => {
                Some((entry.seq, log_hash(&hash, &entry.hash, entry.stamp)))
            }
            _ => None,
        };
        self.hlc = self.hlc.observe(Hlc::from_bits(entry.stamp));
        let seen = self.seen.entry(entry.origin).or_default();
        *seen = entry.ctr.max(*seen);
    }

    /// A commit of this store came back: its writes have their place now.
    fn confirm(
        &mut self,
        db: &Connection,
        entry: &Entry,
        plain: &[u8],
        scopes: &BTreeSet<u32>,
    ) -> Result<(), StoreError> {
        db.prepare_cached(
            "update sync_journal set stamp = ?3, seq = ?4 where origin = ?1 and ctr = ?2",
        )?
        .execute(params![
            entry.origin,
            entry.ctr.cast_signed(),
            entry.stamp.cast_signed(),
            entry.seq.cast_signed()
        ])?;
        self.applied.confirmed += 1;
        let body = Body::decode(plain)?;
        match self.applier.apply(&applying(entry, &body, scopes, None)) {
            Ok(()) => Ok(()),
            Err(error) => {
                let reason = error.waits()?;
                let carried = own_commit(db, entry)?;
                self.defer(db, entry, &carried, scopes, &reason)
            }
        }
    }

    /// Applies a commit of another store, or one that this store has lost.
    fn take(
        &mut self,
        db: &Connection,
        entry: &Entry,
        carried: &Carried,
        (header, plain): (&Header, &[u8]),
        scopes: &BTreeSet<u32>,
    ) -> Result<(), StoreError> {
        let applied = match Body::decode(plain) {
            Ok(body) => self.applier.apply(&applying(entry, &body, scopes, Some(header))),
            Err(error) => Err(ApplyError::Deferred(error.to_string())),
        };
        match applied {
            Ok(()) => {
                self.applied.applied += 1;
                Ok(())
            }
            Err(error) => self.defer(db, entry, carried, scopes, &error.waits()?),
        }
    }

    fn defer(
        &mut self,
        db: &Connection,
        entry: &Entry,
        carried: &Carried,
        scopes: &BTreeSet<u32>,
        reason: &Reason,
    ) -> Result<(), StoreError> {
        self.applied.deferred += 1;
        let waiting = Waiting {
            origin: entry.origin,
            ctr: entry.ctr,
            sealed: &carried.sealed()?,
            seq: entry.seq,
            stamp: entry.stamp,
            scopes: Some(scopes),
        };
        apply::defer(db, &waiting, reason)
    }

    /// Notes how far the log was read.
    fn note(&self, db: &Connection, at: &[Cursor]) -> Result<(), StoreError> {
        for cursor in at {
            scopes::move_cursor(db, cursor)?;
        }
        for (origin, ctr) in &self.seen {
            scopes::see(db, origin, *ctr)?;
        }
        Ok(())
    }
}

fn applying<'a>(
    entry: &Entry,
    body: &'a Body<'a>,
    scopes: &'a BTreeSet<u32>,
    trail: Option<&'a Header>,
) -> Applying<'a> {
    let stamp = Stamp { stamp: entry.stamp, origin: entry.origin, ctr: entry.ctr };
    Applying { body, place: Place { stamp, seq: entry.seq }, scopes: Some(scopes), trail }
}

/// The one place that all cursors have, if they have one.
fn same_place(cursors: &[Cursor]) -> Option<(u64, Hash)> {
    let first = cursors.first()?;
    let same = cursors.iter().all(|c| (c.seq, c.witness) == (first.seq, first.witness));
    same.then_some((first.seq, first.witness))
}

fn own_origins(db: &Connection) -> Result<BTreeSet<Origin>, StoreError> {
    let mut statement = db.prepare_cached("select origin from sync_origin")?;
    let origins = statement.query_map([], |row| row.get(0))?;
    Ok(origins.collect::<rusqlite::Result<_>>()?)
}

/// The stored body of a commit, where the journal holds exactly this one.
fn own_body(db: &Connection, entry: &Entry) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(db
        .prepare_cached(
            "select body from sync_journal where origin = ?1 and ctr = ?2 and hash = ?3",
        )?
        .query_row(params![entry.origin, entry.ctr.cast_signed(), entry.hash], |row| row.get(0))
        .optional()?)
}

fn own_commit(db: &Connection, entry: &Entry) -> Result<Carried, StoreError> {
    Ok(db
        .prepare_cached(
            "select header, body, sig from sync_journal where origin = ?1 and ctr = ?2",
        )?
        .query_row(params![entry.origin, entry.ctr.cast_signed()], |row| {
            Ok(Carried { header: row.get(0)?, body: row.get(1)?, sig: row.get(2)? })
        })?)
}
