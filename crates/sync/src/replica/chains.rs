//! What is to be pushed, and what the centre has of it.
//!
//! **Invariant:** a commit leaves the journal only once the centre has it, its backup has it, and
//! it has come back; what is left of a chain has no gap.

use rusqlite::{Connection, OptionalExtension, params};

use crate::commit::{Hash, Header, NO_HASH, Origin};
use crate::engine::Chain;
use crate::error::StoreError;
use crate::protocol::{At, Carried, Introduction};
use crate::rekey;
use crate::store::Store;

/// How many commits are let go in one transaction.
const PRUNE_AT_ONCE: usize = 500;

const CHAINS: &str = "
    with chain as (
        select o.origin, o.origin <> s.origin as closed,
            iif(o.origin = s.origin, s.ctr, coalesce(o.end_ctr, o.last_ctr)) as last,
            o.acked_ctr, o.backed_ctr, o.backed_hash
        from sync_origin o cross join sync_self s)
    select origin, closed, last, acked_ctr, backed_ctr, backed_hash,
        (select min(journal_id) from sync_journal j
            where j.origin = chain.origin and j.ctr <= chain.last) as first
    from chain where not closed or first is not null
    order by closed desc, first";

/// Every chain with commits in the journal, closed ones first, the current one last.
pub(super) fn chains(store: &Store) -> Result<Vec<Chain>, StoreError> {
    store.read(|db| {
        let mut statement = db.prepare_cached(CHAINS)?;
        let mut rows = statement.query([])?;
        let mut chains = Vec::new();
        while let Some(row) = rows.next()? {
            let origin: Origin = row.get(0)?;
            let to = row.get::<_, i64>(2)?.cast_unsigned();
            let hash = hash_at(db, &origin, to)?.ok_or_else(|| {
                StoreError::damaged(format!("the journal lacks entry {to}, where a chain ends"))
            })?;
            let backed = At {
                ctr: row.get::<_, i64>(4)?.cast_unsigned(),
                hash: row.get::<_, Option<Hash>>(5)?.unwrap_or(NO_HASH),
            };
            chains.push(Chain {
                origin,
                closed: row.get(1)?,
                last: At { ctr: to, hash },
                acked: row.get::<_, i64>(3)?.cast_unsigned(),
                backed,
            });
        }
        Ok(chains)
    })
}

/// The hash of an own commit, as far as it is still known.
pub(super) fn hash_at(
    db: &Connection,
    origin: &Origin,
    ctr: u64,
) -> Result<Option<Hash>, StoreError> {
    if ctr == 0 {
        return Ok(Some(NO_HASH));
    }
    let found = db
        .prepare_cached(
            "select hash from sync_journal where origin = ?1 and ctr = ?2
             union all select backed_hash from sync_origin where origin = ?1 and backed_ctr = ?2
             union all select pruned_hash from sync_origin where origin = ?1 and pruned_ctr = ?2
             limit 1",
        )?
        .query_row(params![origin, ctr.cast_signed()], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// Commits after `ctr`, about `bytes` of them.
pub(super) fn commits_after(
    store: &Store,
    origin: &Origin,
    ctr: u64,
    bytes: usize,
) -> Result<Vec<Carried>, StoreError> {
    store.read(|db| {
        let mut statement = db.prepare_cached(
            "select j.header, j.body, j.sig from sync_journal j
             join sync_origin o on o.origin = j.origin
             where j.origin = ?1 and j.ctr > ?2 and j.ctr <= coalesce(o.end_ctr, j.ctr)
             order by j.ctr",
        )?;
        let mut rows = statement.query(params![origin, ctr.cast_signed()])?;
        let (mut commits, mut size) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let carried = Carried { header: row.get(0)?, body: row.get(1)?, sig: row.get(2)? };
            size += carried.header.len() + carried.body.len() + carried.sig.len();
            if size > bytes && !commits.is_empty() {
                break;
            }
            commits.push(carried);
        }
        Ok(commits)
    })
}

/// Who an origin is, oldest voucher first.
pub(super) fn introductions(
    store: &Store,
    origin: &Origin,
) -> Result<Vec<Introduction>, StoreError> {
    store.read(|db| {
        let mut found: Vec<Introduction> = Vec::new();
        let mut next = Some(*origin);
        while let Some(origin) = next {
            let Some(introduction) = rekey::introduction(db, &origin)? else { break };
            next = introduction.by.filter(|by| found.iter().all(|known| known.origin != *by));
            found.push(introduction);
        }
        found.reverse();
        Ok(found)
    })
}

/// Notes up to which the centre holds a chain.
pub(super) fn note_acked(store: &Store, origin: &Origin, ctr: u64) -> Result<(), StoreError> {
    let sql = "select acked_ctr from sync_origin where origin = ?1";
    let held: Option<i64> = store
        .read(|db| Ok::<_, StoreError>(db.query_row(sql, [origin], |r| r.get(0)).optional()?))?;
    if held == Some(ctr.cast_signed()) {
        return Ok(());
    }
    store.local(|db| {
        db.execute(
            "update sync_origin set acked_ctr = ?2 where origin = ?1",
            params![origin, ctr.cast_signed()],
        )?;
        Ok(())
    })
}

/// Notes up to which the centre's backup holds a chain, if it is this chain.
pub(super) fn note_backed(store: &Store, origin: &Origin, at: At) -> Result<(), StoreError> {
    let sql = "select backed_ctr from sync_origin where origin = ?1";
    let news = store.read(|db| {
        let held: Option<i64> = db.query_row(sql, [origin], |row| row.get(0)).optional()?;
        let further = held.is_some_and(|held| held.cast_unsigned() < at.ctr);
        Ok::<_, StoreError>(further && hash_at(db, origin, at.ctr)? == Some(at.hash))
    })?;
    if !news {
        return Ok(());
    }
    store.local(|db| {
        db.execute(
            "update sync_origin set backed_ctr = ?2, backed_hash = ?3 where origin = ?1",
            params![origin, at.ctr.cast_signed(), at.hash],
        )?;
        Ok(())
    })
}

/// Lets go of the commits at the beginning of a chain that nobody will ask this store for.
pub(super) fn prune(store: &Store, origin: &Origin, keep_ms: i64) -> Result<(), StoreError> {
    let before = (store.clock)().saturating_sub(keep_ms);
    loop {
        let (done, ripe) = store.read(|db| ripe(db, origin, before))?;
        let Some(last) = ripe else { return Ok(()) };
        store.local(|db| {
            db.execute(
                "delete from sync_journal where origin = ?1 and ctr <= ?2",
                params![origin, last.ctr.cast_signed()],
            )?;
            db.execute(
                "update sync_origin set pruned_ctr = ?2, pruned_hash = ?3 where origin = ?1",
                params![origin, last.ctr.cast_signed(), last.hash],
            )?;
            Ok::<_, StoreError>(())
        })?;
        if done {
            return Ok(());
        }
    }
}

/// The last commit up to which a chain can be let go now, and whether no more will follow.
fn ripe(db: &Connection, origin: &Origin, before: i64) -> Result<(bool, Option<At>), StoreError> {
    let scopes: Vec<u32> = super::scopes::cursors(db)?.iter().map(|cursor| cursor.scope).collect();
    // The end of the current chain stays: by it an older copy of the data is told.
    let mut statement = db.prepare_cached(
        "select j.ctr, j.at_ms, j.stamp is not null, j.header, j.hash
         from sync_journal j join sync_origin o on o.origin = j.origin cross join sync_self s
         where j.origin = ?1 and j.ctr <= min(o.acked_ctr, o.backed_ctr)
            and (j.origin <> s.origin or j.ctr < s.ctr)
         order by j.ctr limit ?2",
    )?;
    let most = i64::try_from(PRUNE_AT_ONCE).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![origin, most])?;
    let (mut last, mut count) = (None, 0);
    while let Some(row) = rows.next()? {
        let old = row.get::<_, i64>(1)? <= before;
        // A commit of none of the scopes held here never comes back.
        let back = row.get::<_, bool>(2)? || {
            let header = Header::decode(&row.get::<_, Vec<u8>>(3)?)?;
            header.scopes.iter().all(|scope| !scopes.contains(scope))
        };
        if !(old && back) {
            return Ok((true, last));
        }
        last = Some(At { ctr: row.get::<_, i64>(0)?.cast_unsigned(), hash: row.get(4)? });
        count += 1;
    }
    Ok((count < PRUNE_AT_ONCE, last))
}
