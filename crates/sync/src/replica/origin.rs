//! Going on as another origin, and repeating under it what the old one cannot push any more.
//!
//! **Invariant:** a commit is repeated once at most, with the same rows and the same clock; what
//! was printed stays what it is.

use rusqlite::{Connection, params};

use super::scopes::cursors;
use crate::apply::Applier;
use crate::clock::Hlc;
use crate::commit::{Body, CommitRef, Header, Op, Origin, unpack};
use crate::error::StoreError;
use crate::guard::{Doubt, Guard};
use crate::rekey;
use crate::store::Store;
use crate::writer::{About, Open, Writer};

/// How many commits are repeated in one transaction.
const REPEAT_AT_ONCE: i64 = 100;

/// Closes the current origin and goes on as `origin`.
pub(super) fn rekey(store: &Store, why: Doubt, origin: Origin) -> Result<(), StoreError> {
    let mut writer = store.writer();
    let Writer { conn, node, signing, guard, .. } = &mut *writer;
    if node.origin == origin {
        return Ok(());
    }
    let folder = &store.folder;
    let rekeyed = rekey::rekey(conn, folder, node, &store.bundle, why, origin)?;
    *signing = store.bundle.signing_key(&node.origin);
    // Should this fail, the guard speaks of the old origin and the next open takes another one.
    *guard = Guard::start(&folder.guard(), folder.machine(), &node.head())?;
    tracing::warn!(why = %rekeyed.doubt, series = rekeyed.new_series, "goes on as another origin");
    Ok(())
}

/// Goes on under this series of document numbers.
pub(super) fn use_series(store: &Store, series: &str) -> Result<(), StoreError> {
    let mut writer = store.writer();
    let Writer { conn, node, .. } = &mut *writer;
    if node.series == series {
        return Ok(());
    }
    let mut next = node.clone();
    next.take_series_of(series);
    let transaction = conn.transaction()?;
    transaction.execute(
        "update sync_origin set series = ?2 where origin = ?1",
        params![next.origin, next.series],
    )?;
    next.save(&transaction)?;
    // Whoever learns of this origin from the one before it learns of the series it has now.
    if let Some(by) = rekey::introduction(&transaction, &next.origin)?.and_then(|known| known.by) {
        rekey::introduce(&transaction, &next, &store.bundle, &by, &next.origin)?;
    }
    transaction.commit()?;
    *node = next;
    Ok(())
}

/// Repeats the commits of a closed origin from `at` on under the current one.
pub(super) fn reissue(store: &Store, origin: &Origin, at: u64) -> Result<(), StoreError> {
    if *origin == store.node().origin {
        return Err(StoreError::codec("a chain to repeat", "it is the one that goes on"));
    }
    while repeat_some(store, origin, at)? {}
    // Only now: until then the chain still offers what was not repeated, and so leads here again.
    store.local(|db| {
        db.execute(
            "update sync_origin set end_ctr = min(coalesce(end_ctr, last_ctr), ?2),
                acked_ctr = min(acked_ctr, ?2)
             where origin = ?1",
            params![origin, at.saturating_sub(1).cast_signed()],
        )?;
        Ok(())
    })
}

struct Old {
    header: Header,
    plain: Vec<u8>,
}

/// Gives whether there may be more.
fn repeat_some(store: &Store, origin: &Origin, at: u64) -> Result<bool, StoreError> {
    let mut writer = store.writer_politely();
    let mut open = writer.begin()?;
    let batch = to_repeat(&open.writer.conn, origin, at)?;
    let Some(last) = batch.last() else { return Ok(false) };
    let hlc = Hlc::from_bits(last.header.hlc);
    let mut head = open.writer.node.head();
    for old in &batch {
        head = repeat(store, &mut open, old)?;
    }
    open.commit_chained(&head, hlc)?;
    Ok(true)
}

fn to_repeat(db: &Connection, origin: &Origin, at: u64) -> Result<Vec<Old>, StoreError> {
    let mut statement = db.prepare_cached(
        "select header, body from sync_journal j
         where origin = ?1 and ctr >= ?2 and not exists
            (select 1 from sync_reissue r where r.origin = j.origin and r.ctr = j.ctr)
         order by ctr limit ?3",
    )?;
    let mut rows = statement.query(params![origin, at.cast_signed(), REPEAT_AT_ONCE])?;
    let mut batch = Vec::new();
    while let Some(row) = rows.next()? {
        let header = Header::decode(&row.get::<_, Vec<u8>>(0)?)?;
        batch.push(Old { header, plain: unpack(&row.get::<_, Vec<u8>>(1)?)? });
    }
    Ok(batch)
}

fn repeat(store: &Store, open: &mut Open<'_>, old: &Old) -> Result<CommitRef, StoreError> {
    let Old { header: old, plain } = old;
    let about = About {
        kind: &old.kind,
        schema: old.schema,
        user: old.user,
        business_date: old.business_date,
        offset_min: old.offset_min,
        at_ms: old.at_ms,
        reason: old.reason.as_deref(),
        reissue_of: Some((old.origin, old.ctr)),
    };
    let hlc = Hlc::from_bits(old.hlc);
    let (_, _, head) = open.writer.chain(&about, hlc, old.scopes.clone(), plain)?;
    open.writer.moved_to(&head);
    let db = &open.writer.conn;
    let (was, is) = (old.ctr.cast_signed(), head.ctr.cast_signed());
    db.prepare_cached(
        "insert into sync_reissue (origin, ctr, by_origin, by_ctr) values (?1, ?2, ?3, ?4)",
    )?
    .execute(params![old.origin, was, head.origin, is])?;
    let body = Body::decode(plain)?;
    let scopes = cursors(db)?;
    let here = |scope| scopes.is_empty() || scopes.iter().any(|cursor| cursor.scope == scope);
    let mut applier = Applier::new(db, store.catalogue, &[]);
    for row in body.rows.iter().filter(|row| row.op != Op::Insert) {
        let Some(table) = store.catalogue.by_tag(row.table) else { continue };
        db.prepare_cached(
            "update audit_change set origin = ?5, ctr = ?6
             where tbl = ?1 and key = ?2 and origin = ?3 and ctr = ?4",
        )?
        .execute(params![table.decl.name, row.key, old.origin, was, head.origin, is])?;
        if !here(row.scope) {
            continue;
        }
        applier.show(table, &row.key).map_err(|error| error.refused("a repeated commit"))?;
    }
    Ok(head)
}
