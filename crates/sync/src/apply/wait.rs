//! Commits that this version cannot apply: kept whole, tried again after an upgrade.
//!
//! **Invariant:** a commit waits with its place in the log and its stamp, so that applied later it
//! leaves what it would have left at once.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::{Applier, ApplyError, Applying, Place};
use crate::catalogue::Catalogue;
use crate::clk::Stamp;
use crate::commit::{Body, Header, Origin, Sealed, unpack};
use crate::error::StoreError;
use crate::row::Key;

/// A commit that is to wait.
pub(crate) struct Waiting<'a> {
    pub origin: Origin,
    pub ctr: u64,
    pub sealed: &'a Sealed,
    /// Its place in the log, or 0.
    pub seq: u64,
    /// By which its writes are merged.
    pub stamp: u64,
    /// Which of its rows are wanted; all of them when `None`.
    pub scopes: Option<&'a BTreeSet<u32>>,
}

/// Keeps a commit that could not be applied until a version comes that can.
pub(crate) fn defer(
    db: &Connection,
    waiting: &Waiting<'_>,
    reason: &str,
) -> Result<(), StoreError> {
    let Waiting { origin, ctr, sealed, seq, stamp, scopes } = *waiting;
    let at = params![origin, ctr.cast_signed()];
    let before: Option<String> = {
        let sql = "select scopes from sync_deferred where origin = ?1 and ctr = ?2 and seq > 0";
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query(at)?;
        rows.next()?.map(|row| row.get(0)).transpose()?
    };
    // A scope that was joined later brings the same commit again.
    let both: Option<BTreeSet<u32>> = scopes.map(|scopes| {
        let before = before.as_deref().map(parse).unwrap_or_default();
        scopes.iter().copied().chain(before).collect()
    });
    db.prepare_cached(
        "insert into sync_deferred
            (origin, ctr, reason, header, body, hash, sig, seq, stamp, scopes)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         on conflict (origin, ctr) do update set
            seq = max(seq, excluded.seq), stamp = excluded.stamp, scopes = excluded.scopes",
    )?
    .execute(params![
        origin,
        ctr.cast_signed(),
        reason,
        sealed.header,
        sealed.body,
        sealed.hash,
        sealed.sig,
        seq.cast_signed(),
        stamp.cast_signed(),
        both.as_ref().map(text).unwrap_or_default(),
    ])?;
    Ok(())
}

fn text(scopes: &BTreeSet<u32>) -> String {
    let words: Vec<String> = scopes.iter().map(u32::to_string).collect();
    words.join(",")
}

fn parse(text: &str) -> BTreeSet<u32> {
    text.split(',').filter_map(|word| word.parse().ok()).collect()
}

/// No more rows of this scope are wanted.
pub(crate) fn forget_scope(db: &Connection, scope: u32) -> Result<(), StoreError> {
    let mut statement =
        db.prepare("select deferred_id, scopes from sync_deferred where scopes <> ''")?;
    let waiting = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
    for (id, scopes) in waiting {
        let mut scopes = parse(&scopes);
        if !scopes.remove(&scope) {
            continue;
        }
        if scopes.is_empty() {
            db.execute("delete from sync_deferred where deferred_id = ?1", [id])?;
        } else {
            let sql = "update sync_deferred set scopes = ?2 where deferred_id = ?1";
            db.execute(sql, params![id, text(&scopes)])?;
        }
    }
    Ok(())
}

struct Kept {
    id: i64,
    header: Vec<u8>,
    body: Vec<u8>,
    seq: u64,
    stamp: u64,
    scopes: String,
}

/// Tries the commits that waited again, in order, as after an upgrade. Gives the rows that changed.
pub(crate) fn retry_deferred(
    db: &Connection,
    catalogue: &'static Catalogue,
    watched: &[u16],
) -> Result<Vec<(u16, Key)>, StoreError> {
    let mut statement = db.prepare(
        "select deferred_id, header, body, seq, stamp, scopes from sync_deferred
         order by seq, deferred_id",
    )?;
    let kept = statement.query_map([], |row| {
        Ok(Kept {
            id: row.get(0)?,
            header: row.get(1)?,
            body: row.get(2)?,
            seq: row.get::<_, i64>(3)?.cast_unsigned(),
            stamp: row.get::<_, i64>(4)?.cast_unsigned(),
            scopes: row.get(5)?,
        })
    })?;
    let kept = kept.collect::<rusqlite::Result<Vec<Kept>>>()?;
    let mut applier = Applier::new(db, catalogue, watched);
    for kept in kept {
        let Ok(header) = Header::decode(&kept.header) else { continue };
        let plain = unpack(&kept.body)?;
        let Ok(body) = Body::decode(&plain) else { continue };
        let stamp = Stamp { stamp: kept.stamp, origin: header.origin, ctr: header.ctr };
        let scopes = (!kept.scopes.is_empty()).then(|| parse(&kept.scopes));
        let commit = Applying {
            body: &body,
            place: Place { stamp, seq: kept.seq },
            scopes: scopes.as_ref(),
            trail: Some(&header),
        };
        match applier.apply(&commit) {
            Ok(()) => {
                db.execute("delete from sync_deferred where deferred_id = ?1", [kept.id])?;
            }
            Err(ApplyError::Deferred(_)) => {}
            Err(ApplyError::Store(error)) => return Err(error),
        }
    }
    Ok(applier.changed.into_iter().collect())
}
