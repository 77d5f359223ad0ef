//! The rows of the log as values: heads, origins, entries.
//!
//! **Invariant:** each statement is in one function, and a number that the log cannot hold is an
//! error, never cut off.

use std::collections::{BTreeSet, HashMap};

use lumbung_sync::authority::KnownOrigin;
use lumbung_sync::protocol::{At, Carried, Entry, Introduction};
use lumbung_sync::{Hash, Key, Origin};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use crate::log::page::{ENTRIES_MAX, Found};
use crate::log::plan;
use crate::log::types::{Known, LogHead, Scopes, Seen};
use crate::log::{LogError, LogPoint, Told};

/// As SQLite keeps it.
pub(super) fn int(number: u64) -> Told<i64> {
    i64::try_from(number).map_err(|_| LogError::damaged(format!("{number} is too large")))
}

fn unsigned(row: &Row<'_>, column: &str) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, number))
}

pub(super) fn head(db: &Connection, company: &Key) -> Told<LogHead> {
    find_head(db, company)?.ok_or(LogError::NoCompany)
}

pub(super) fn find_head(db: &Connection, company: &Key) -> Told<Option<LogHead>> {
    let mut statement = db.prepare_cached(
        "select log_id, centre, last_seq, log_hash, last_stamp, backed_seq, kept_from, min_schema,
                cur_schema
         from company_head where company = ?1",
    )?;
    let head = statement.query_row([company], |row| {
        Ok(LogHead {
            log_id: row.get("log_id")?,
            centre: row.get("centre")?,
            last_seq: unsigned(row, "last_seq")?,
            log_hash: row.get("log_hash")?,
            last_stamp: unsigned(row, "last_stamp")?,
            backed_seq: unsigned(row, "backed_seq")?,
            kept_from: unsigned(row, "kept_from")?,
            min_schema: row.get("min_schema")?,
            cur_schema: row.get("cur_schema")?,
        })
    });
    Ok(head.optional()?)
}

pub(super) fn companies(db: &Connection) -> Told<Vec<Key>> {
    let mut statement = db.prepare_cached("select company from company_head order by company")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const ORIGIN: &str = "select origin, terminal, kind, state, ctr, hash, backed_ctr, backed_hash,
    pubkey, series, scopes, past_scopes, introduction, schema, app, clock_off_ms, seen_ms,
    revoked_ms from origin_head where company = ?1";

pub(super) fn origin(db: &Connection, company: &Key, origin: &Origin) -> Told<Option<Known>> {
    let mut statement = db.prepare_cached(&format!("{ORIGIN} and origin = ?2"))?;
    let found = statement.query_row(params![company, origin], |row| Ok(known(row))).optional()?;
    found.transpose()
}

pub(super) fn origins(db: &Connection, company: &Key) -> Told<Vec<Known>> {
    let mut statement =
        db.prepare_cached(&format!("{ORIGIN} order by terminal, series, origin"))?;
    let rows = statement.query_map([company], |row| Ok(known(row)))?;
    rows.map(|row| row?).collect()
}

pub(super) fn series_used(
    db: &Connection,
    company: &Key,
) -> Told<std::collections::HashSet<String>> {
    let mut statement = db.prepare_cached("select series from origin_head where company = ?1")?;
    let rows = statement.query_map([company], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn known(row: &Row<'_>) -> Told<Known> {
    let scopes = |column: &str| -> Told<Vec<u32>> {
        let text: String = row.get(column)?;
        let scopes =
            Scopes::parse(&text).ok_or_else(|| LogError::damaged("scopes of an origin"))?;
        Ok(scopes.as_slice().to_vec())
    };
    let introduction: Vec<u8> = row.get("introduction")?;
    let seen = match row.get::<_, Option<i64>>("seen_ms")? {
        None => None,
        Some(at_ms) => Some(Seen {
            schema: row.get("schema")?,
            app: row.get("app")?,
            clock_off_ms: row.get("clock_off_ms")?,
            at_ms,
        }),
    };
    Ok(Known {
        known: KnownOrigin {
            origin: row.get("origin")?,
            head: At { ctr: unsigned(row, "ctr")?, hash: row.get("hash")? },
            backed: At { ctr: unsigned(row, "backed_ctr")?, hash: row.get("backed_hash")? },
            state: plan::state_of(row.get("state")?)?,
            scopes: scopes("scopes")?,
            pubkey: row.get("pubkey")?,
        },
        past_scopes: scopes("past_scopes")?,
        terminal: row.get("terminal")?,
        series: row.get("series")?,
        kind: plan::kind_of(row.get("kind")?)?,
        introduction: introduction_of(&introduction)?,
        seen,
        revoked_ms: row.get("revoked_ms")?,
    })
}

fn introduction_of(bytes: &[u8]) -> Told<Introduction> {
    postcard::from_bytes(bytes).map_err(LogError::damaged)
}

pub(super) fn insert_origin(db: &Connection, company: &Key, known: &Known) -> Told<()> {
    let introduction = postcard::to_stdvec(&known.introduction).map_err(LogError::unavailable)?;
    let mut statement = db.prepare_cached(
        "insert into origin_head (company, origin, terminal, kind, state, ctr, hash, backed_ctr,
             backed_hash, pubkey, series, scopes, past_scopes, introduction)
         values (:company, :origin, :terminal, :kind, :state, :ctr, :hash, :backed_ctr,
             :backed_hash, :pubkey, :series, :scopes, :past_scopes, :introduction)",
    )?;
    statement.execute(named_params! {
        ":company": company,
        ":origin": known.known.origin,
        ":terminal": known.terminal,
        ":kind": plan::kind_number(known.kind),
        ":state": plan::state_number(known.known.state),
        ":ctr": int(known.known.head.ctr)?,
        ":hash": known.known.head.hash,
        ":backed_ctr": int(known.known.backed.ctr)?,
        ":backed_hash": known.known.backed.hash,
        ":pubkey": known.known.pubkey,
        ":series": known.series,
        ":scopes": Scopes::new(known.known.scopes.iter().copied()).key(),
        ":past_scopes": Scopes::new(known.past_scopes.iter().copied()).key(),
        ":introduction": introduction,
    })?;
    Ok(())
}

/// The hashes of an origin's commits with these counters.
pub(super) fn held(
    db: &Connection,
    company: &Key,
    origin: &Origin,
    range: Option<(u64, u64)>,
) -> Told<HashMap<u64, Hash>> {
    let Some((from, to)) = range else { return Ok(HashMap::new()) };
    let mut statement = db.prepare_cached(
        "select ctr, hash from commit_log
         where company = ?1 and origin = ?2 and ctr between ?3 and ?4",
    )?;
    let rows = statement.query_map(params![company, origin, int(from)?, int(to)?], |row| {
        Ok((unsigned(row, "ctr")?, row.get("hash")?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The hash of the log at `seq`.
pub(super) fn point(db: &Connection, company: &Key, seq: u64) -> Told<Option<LogPoint>> {
    if seq == 0 {
        return Ok(Some(LogPoint::START));
    }
    let Ok(place) = i64::try_from(seq) else { return Ok(None) };
    let mut statement =
        db.prepare_cached("select log_hash from commit_log where company = ?1 and seq = ?2")?;
    let hash = statement.query_row(params![company, place], |row| row.get(0)).optional()?;
    Ok(hash.map(|hash| LogPoint { seq, hash }))
}

/// The places of the next entries of a scope.
pub(super) fn scope_after(
    db: &Connection,
    company: &Key,
    scope: u32,
    after: u64,
    last: u64,
) -> Told<BTreeSet<u64>> {
    let mut statement = db.prepare_cached(
        "select seq from log_scope where company = ?1 and scope = ?2 and seq > ?3 and seq <= ?4
         order by seq limit ?5",
    )?;
    let most = int(ENTRIES_MAX as u64 + 1)?;
    let values = params![company, scope, int(after)?, int(last)?, most];
    let rows = statement.query_map(values, |row| unsigned(row, "seq"))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An entry without its bytes.
pub(super) fn found(db: &Connection, company: &Key, seq: u64) -> Told<Found> {
    let mut statement = db.prepare_cached(
        "select stamp, origin, ctr, hash, log_hash, bytes from commit_log
         where company = ?1 and seq = ?2",
    )?;
    let found = statement.query_row(params![company, int(seq)?], |row| {
        Ok(Found {
            seq,
            stamp: unsigned(row, "stamp")?,
            origin: row.get("origin")?,
            ctr: unsigned(row, "ctr")?,
            hash: row.get("hash")?,
            log_hash: row.get("log_hash")?,
            bytes: row.get::<_, u32>("bytes")? as usize,
        })
    });
    let found = found.optional()?;
    found.ok_or_else(|| LogError::damaged(format!("entry {seq} is missing")))
}

fn carried(row: &Row<'_>) -> rusqlite::Result<Carried> {
    Ok(Carried { header: row.get("header")?, body: row.get("body")?, sig: row.get("sig")? })
}

/// The bytes of an entry.
pub(super) fn commit(db: &Connection, company: &Key, seq: u64) -> Told<Carried> {
    let mut statement = db.prepare_cached(
        "select header, body, sig from commit_log where company = ?1 and seq = ?2",
    )?;
    Ok(statement.query_row(params![company, int(seq)?], carried)?)
}

/// Entries after `after` up to `last`, at least one, about `bytes` in all.
pub(super) fn entries(
    db: &Connection,
    company: &Key,
    after: u64,
    last: u64,
    bytes: usize,
) -> Told<Vec<Entry>> {
    let mut statement = db.prepare_cached(
        "select seq, stamp, origin, ctr, hash, bytes, header, body, sig from commit_log
         where company = ?1 and seq > ?2 and seq <= ?3 order by seq limit ?4",
    )?;
    let most = int(ENTRIES_MAX as u64)?;
    let mut rows = statement.query(params![company, int(after)?, int(last)?, most])?;
    let (mut spent, mut entries) = (0_usize, Vec::new());
    while let Some(row) = rows.next()? {
        spent = spent.saturating_add(row.get::<_, u32>("bytes")? as usize);
        if spent > bytes && !entries.is_empty() {
            break;
        }
        entries.push(Entry {
            seq: unsigned(row, "seq")?,
            stamp: unsigned(row, "stamp")?,
            origin: row.get("origin")?,
            ctr: unsigned(row, "ctr")?,
            commit: Some(carried(row)?),
            hash: row.get("hash")?,
        });
    }
    Ok(entries)
}

/// Writes rows of the log with the ends of the chains and of the log itself.
pub(super) fn append(
    db: &Connection,
    company: &Key,
    head: &LogHead,
    rows: &[plan::Row],
    now_ms: i64,
) -> Told<()> {
    let mut log = db.prepare_cached(
        "insert into commit_log (company, seq, origin, ctr, hash, stamp, log_hash, scopes, schema,
             kind, bytes, header, body, sig, received_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    let mut scope =
        db.prepare_cached("insert into log_scope (company, scope, seq) values (?1, ?2, ?3)")?;
    let mut chain = db.prepare_cached(
        "update origin_head set ctr = ?3, hash = ?4 where company = ?1 and origin = ?2",
    )?;
    for (place, plan::Row { at, hash, proven }) in rows.iter().enumerate() {
        let Carried { header, body, sig } = &proven.commit;
        log.execute(params![
            company,
            int(at.seq)?,
            at.origin,
            int(at.ctr)?,
            hash,
            int(at.stamp)?,
            at.log_hash,
            Scopes::new(proven.scopes.iter().copied()).key(),
            proven.schema,
            proven.kind,
            int(proven.bytes as u64)?,
            header,
            body,
            sig,
            now_ms,
        ])?;
        for number in &proven.scopes {
            scope.execute(params![company, number, int(at.seq)?])?;
        }
        if rows.get(place + 1).is_none_or(|next| next.at.origin != at.origin) {
            chain.execute(params![company, at.origin, int(at.ctr)?, hash])?;
        }
    }
    db.prepare_cached(
        "update company_head set last_seq = ?2, log_hash = ?3, last_stamp = ?4 where company = ?1",
    )?
    .execute(params![company, int(head.last_seq)?, head.log_hash, int(head.last_stamp)?])?;
    Ok(())
}
