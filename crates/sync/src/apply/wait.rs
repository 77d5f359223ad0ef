//! Commits that cannot be applied yet: kept whole, tried again after an upgrade, or once the row
//! that they change has come.
//!
//! **Invariant:** a commit waits with its place in the log and its stamp, so that applied later it
//! leaves what it would have left at once.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::{Applier, Applying, Place, Reason};
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
    reason: &Reason,
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
            (origin, ctr, reason, header, body, hash, sig, seq, stamp, scopes, lacks)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         on conflict (origin, ctr) do update set
            seq = max(seq, excluded.seq), stamp = excluded.stamp, scopes = excluded.scopes",
    )?
    .execute(params![
        origin,
        ctr.cast_signed(),
        reason.why,
        sealed.header,
        sealed.body,
        sealed.hash,
        sealed.sig,
        seq.cast_signed(),
        stamp.cast_signed(),
        both.as_ref().map(text).unwrap_or_default(),
        reason.lacks_row,
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

/// Of the commits that wait in this table only rows of these scopes are wanted.
pub(crate) fn keep_only_scopes(
    db: &Connection,
    table: &str,
    wanted: &[u32],
) -> Result<(), StoreError> {
    let mut statement =
        db.prepare(&format!("select origin, ctr, scopes from {table} where seq > 0"))?;
    let waiting = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<Vec<(Origin, i64, String)>>>()?;
    for (origin, ctr, scopes) in waiting {
        let mut scopes = parse(&scopes);
        scopes.retain(|scope| wanted.contains(scope));
        let sql = if scopes.is_empty() {
            format!("delete from {table} where origin = ?1 and ctr = ?2")
        } else {
            format!(
                "update {table} set scopes = '{}' where origin = ?1 and ctr = ?2",
                text(&scopes)
            )
        };
        db.execute(&sql, params![origin, ctr])?;
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

/// Tries every commit that waits again, as after an upgrade. Gives the rows that changed.
pub(crate) fn retry_deferred(
    db: &Connection,
    catalogue: &'static Catalogue,
    watched: &[u16],
) -> Result<Vec<(u16, Key)>, StoreError> {
    let mut applier = Applier::new(db, catalogue, watched);
    retry(db, &mut applier, Which::All)?;
    Ok(applier.changed.into_iter().collect())
}

/// Which of the commits that wait are tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// All, as after an upgrade.
    All,
    /// Those that lack a row, once some have come.
    LackingRow,
}

/// Tries commits that wait again, in the order of the log.
pub(crate) fn retry(
    db: &Connection,
    applier: &mut Applier<'_>,
    which: Which,
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "select deferred_id, header, body, seq, stamp, scopes from sync_deferred
         where lacks >= ?1 order by seq, deferred_id",
    )?;
    let kept = statement.query_map([which == Which::LackingRow], |row| {
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
    for kept in kept {
        let Ok(header) = Header::decode(&kept.header) else { continue };
        let plain = unpack(&kept.body)?;
        let Ok(body) = Body::decode(&plain) else { continue };
        let stamp = Stamp { stamp: kept.stamp, origin: header.origin, ctr: header.ctr };
        let scopes = (!kept.scopes.is_empty()).then(|| parse(&kept.scopes));
        // What was made here is in the trail since then.
        let mine = kept.seq > 0
            && db
                .prepare_cached("select 1 from sync_journal where origin = ?1 and ctr = ?2")?
                .exists(params![header.origin, header.ctr.cast_signed()])?;
        let commit = Applying {
            body: &body,
            place: Place { stamp, seq: kept.seq },
            scopes: scopes.as_ref(),
            trail: (!mine).then_some(&header),
        };
        match applier.apply(&commit) {
            Ok(()) => {
                db.execute("delete from sync_deferred where deferred_id = ?1", [kept.id])?;
            }
            Err(error) => drop(error.waits()?),
        }
    }
    Ok(())
}
