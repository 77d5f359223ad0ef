//! The rows of the log as values: heads, origins, entries.
//!
//! **Invariant:** each statement is in one function, and every one names the company.

use std::collections::{HashMap, HashSet};

use deadpool_postgres::GenericClient;
use lumbung_sync::authority::KnownOrigin;
use lumbung_sync::protocol::{Carried, Entry, Pull};
use lumbung_sync::{Hash, Key, Origin};
use tokio_postgres::Row;

use super::sql::{self, id, int};
use crate::log::page::{ENTRIES_MAX, Found};
use crate::log::plan;
use crate::log::types::{Known, LogHead, LogPoint, Scopes, Seen};
use crate::log::{LogError, Told};

const HEAD: &str = "select log_id, centre, last_seq, log_hash, last_stamp, backed_seq, kept_from,
    min_schema, cur_schema from company_head where company = $1";

pub(super) async fn head<C: GenericClient>(db: &C, company: &Key) -> Told<LogHead> {
    let row = sql::one(db, HEAD, &[&id(company)]).await?;
    head_of(&row.ok_or(LogError::NoCompany)?)
}

/// The head, held until the transaction ends: nobody else appends meanwhile.
pub(super) async fn lock_head<C: GenericClient>(db: &C, company: &Key) -> Told<LogHead> {
    let row = sql::one(db, &format!("{HEAD} for update"), &[&id(company)]).await?;
    head_of(&row.ok_or(LogError::NoCompany)?)
}

fn head_of(row: &Row) -> Told<LogHead> {
    Ok(LogHead {
        log_id: sql::key(row, "log_id")?,
        centre: sql::hash(row, "centre")?,
        last_seq: sql::long(row, "last_seq")?,
        log_hash: sql::hash(row, "log_hash")?,
        last_stamp: sql::long(row, "last_stamp")?,
        backed_seq: sql::long(row, "backed_seq")?,
        kept_from: sql::long(row, "kept_from")?,
        min_schema: sql::short(row, "min_schema")?,
        cur_schema: sql::short(row, "cur_schema")?,
    })
}

const ORIGIN: &str = "select origin, terminal, kind, state, ctr, hash, backed_ctr, backed_hash,
    pubkey, series, scopes, past_scopes, introduction, schema, app, clock_off_ms, seen_ms,
    revoked_ms from origin_head where company = $1";

pub(super) async fn origin<C: GenericClient>(
    db: &C,
    company: &Key,
    origin: &Origin,
) -> Told<Option<Known>> {
    let found = origins_of(db, company, std::slice::from_ref(origin)).await?;
    Ok(found.into_values().next())
}

pub(super) async fn origins_of<C: GenericClient>(
    db: &C,
    company: &Key,
    origins: &[Origin],
) -> Told<HashMap<Origin, Known>> {
    let sql = format!("{ORIGIN} and origin = any($2)");
    let rows = sql::all(db, &sql, &[&id(company), &sql::ids(origins)]).await?;
    rows.iter().map(|row| known(row).map(|known| (known.known.origin, known))).collect()
}

/// Origins, held until the transaction ends, in the one order in which everybody takes them.
pub(super) async fn lock_origins<C: GenericClient>(
    db: &C,
    company: &Key,
    origins: &[Origin],
) -> Told<HashMap<Origin, Known>> {
    let sql = format!("{ORIGIN} and origin = any($2) order by origin for update");
    let rows = sql::all(db, &sql, &[&id(company), &sql::ids(origins)]).await?;
    rows.iter().map(|row| known(row).map(|known| (known.known.origin, known))).collect()
}

pub(super) async fn origins<C: GenericClient>(db: &C, company: &Key) -> Told<Vec<Known>> {
    let sql = format!("{ORIGIN} order by terminal, series collate \"C\", origin");
    let rows = sql::all(db, &sql, &[&id(company)]).await?;
    rows.iter().map(known).collect()
}

fn known(row: &Row) -> Told<Known> {
    let introduction: &[u8] = row.try_get("introduction")?;
    let seen = match row.try_get::<_, Option<i64>>("seen_ms")? {
        None => None,
        Some(at_ms) => Some(Seen {
            schema: sql::short(row, "schema")?,
            app: row.try_get("app")?,
            clock_off_ms: row.try_get("clock_off_ms")?,
            at_ms,
        }),
    };
    Ok(Known {
        known: KnownOrigin {
            origin: sql::key(row, "origin")?,
            head: sql::at(row, "ctr", "hash")?,
            backed: sql::at(row, "backed_ctr", "backed_hash")?,
            state: plan::state_of(i64::from(row.try_get::<_, i16>("state")?))?,
            scopes: sql::shorts(row, "scopes")?,
            pubkey: sql::hash(row, "pubkey")?,
        },
        past_scopes: sql::shorts(row, "past_scopes")?,
        terminal: sql::key(row, "terminal")?,
        series: row.try_get("series")?,
        kind: plan::kind_of(i64::from(row.try_get::<_, i16>("kind")?))?,
        introduction: postcard::from_bytes(introduction).map_err(LogError::damaged)?,
        seen,
        revoked_ms: row.try_get("revoked_ms")?,
    })
}

pub(super) async fn series_used<C: GenericClient>(db: &C, company: &Key) -> Told<HashSet<String>> {
    let sql = "select series from origin_head where company = $1";
    let rows = sql::all(db, sql, &[&id(company)]).await?;
    rows.iter().map(|row| Ok(row.try_get("series")?)).collect()
}

pub(super) async fn insert_origin<C: GenericClient>(
    db: &C,
    company: &Key,
    known: &Known,
) -> Told<()> {
    let introduction = postcard::to_stdvec(&known.introduction).map_err(LogError::unavailable)?;
    let one = &known.known;
    sql::write(
        db,
        "insert into origin_head (company, origin, terminal, kind, state, ctr, hash, backed_ctr,
             backed_hash, pubkey, series, scopes, past_scopes, introduction)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &[
            &id(company),
            &id(&one.origin),
            &id(&known.terminal),
            &plan::kind_number(known.kind),
            &plan::state_number(one.state),
            &int(one.head.ctr)?,
            &one.head.hash.as_slice(),
            &int(one.backed.ctr)?,
            &one.backed.hash.as_slice(),
            &one.pubkey.as_slice(),
            &known.series,
            &sql::smalls(Scopes::new(one.scopes.iter().copied()).as_slice())?,
            &sql::smalls(Scopes::new(known.past_scopes.iter().copied()).as_slice())?,
            &introduction,
        ],
    )
    .await?;
    Ok(())
}

/// The hashes of an origin's commits with these counters.
pub(super) async fn held<C: GenericClient>(
    db: &C,
    company: &Key,
    origin: &Origin,
    range: Option<(u64, u64)>,
) -> Told<HashMap<u64, Hash>> {
    let Some((from, to)) = range else { return Ok(HashMap::new()) };
    let rows = sql::all(
        db,
        "select ctr, hash from commit_log
         where company = $1 and origin = $2 and ctr between $3 and $4",
        &[&id(company), &id(origin), &int(from)?, &int(to)?],
    )
    .await?;
    rows.iter().map(|row| Ok((sql::long(row, "ctr")?, sql::hash(row, "hash")?))).collect()
}

/// The hashes of the log at these places; what is beyond its end is left out.
pub(super) async fn points<C: GenericClient>(
    db: &C,
    company: &Key,
    places: impl IntoIterator<Item = u64>,
) -> Told<HashMap<u64, Hash>> {
    let places: Vec<i64> = places.into_iter().filter_map(|seq| i64::try_from(seq).ok()).collect();
    let mut hashes = HashMap::from([(0, LogPoint::START.hash)]);
    if places.iter().all(|seq| *seq == 0) {
        return Ok(hashes);
    }
    let sql = "select seq, log_hash from commit_log where company = $1 and seq = any($2)";
    for row in sql::all(db, sql, &[&id(company), &places]).await? {
        hashes.insert(sql::long(&row, "seq")?, sql::hash(&row, "log_hash")?);
    }
    Ok(hashes)
}

/// The next entries that have a row in any scope asked for, without their bytes.
pub(super) async fn found<C: GenericClient>(
    db: &C,
    company: &Key,
    pull: &Pull,
    last: u64,
) -> Told<Vec<Found>> {
    let (mut scopes, mut after) = (Vec::new(), Vec::new());
    for cursor in pull.cursors.iter().filter(|cursor| cursor.seq < last) {
        scopes.push(sql::small(cursor.scope)?);
        after.push(int(cursor.seq)?);
    }
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    let most = int(ENTRIES_MAX as u64 + 1)?;
    let rows = sql::all(
        db,
        "select l.seq, l.stamp, l.origin, l.ctr, l.hash, l.log_hash, l.bytes
         from (
             select distinct next.seq
             from unnest($2::integer[], $3::bigint[]) as asked (scope, after)
             cross join lateral (
                 select s.seq from log_scope s
                 where s.company = $1 and s.scope = asked.scope
                   and s.seq > asked.after and s.seq <= $4
                 order by s.seq limit $5
             ) next
             order by next.seq limit $5
         ) page
         join commit_log l on l.company = $1 and l.seq = page.seq
         order by l.seq",
        &[&id(company), &scopes, &after, &int(last)?, &most],
    )
    .await?;
    let one = |row: &Row| {
        Ok(Found {
            seq: sql::long(row, "seq")?,
            stamp: sql::long(row, "stamp")?,
            origin: sql::key(row, "origin")?,
            ctr: sql::long(row, "ctr")?,
            hash: sql::hash(row, "hash")?,
            log_hash: sql::hash(row, "log_hash")?,
            bytes: sql::short(row, "bytes")? as usize,
        })
    };
    rows.iter().map(one).collect()
}

/// The bytes of entries.
pub(super) async fn commits<C: GenericClient>(
    db: &C,
    company: &Key,
    seqs: &[u64],
) -> Told<HashMap<u64, Carried>> {
    if seqs.is_empty() {
        return Ok(HashMap::new());
    }
    let seqs: Vec<i64> = seqs.iter().map(|seq| int(*seq)).collect::<Told<_>>()?;
    let sql = "select seq, header, body, sig from commit_log
        where company = $1 and seq = any($2)";
    let rows = sql::all(db, sql, &[&id(company), &seqs]).await?;
    if rows.len() < seqs.len() {
        return Err(LogError::damaged("an entry is missing"));
    }
    rows.iter().map(|row| Ok((sql::long(row, "seq")?, sql::carried(row)?))).collect()
}

/// Entries after `after` up to `last`, at least one, about `bytes` in all.
pub(super) async fn entries<C: GenericClient>(
    db: &C,
    company: &Key,
    after: u64,
    last: u64,
    bytes: usize,
) -> Told<Vec<Entry>> {
    let rows = sql::all(
        db,
        "select seq, stamp, origin, ctr, hash, header, body, sig
         from (
             select l.*, sum(l.bytes) over (order by l.seq) as spent,
                 row_number() over (order by l.seq) as place
             from (
                 select * from commit_log
                 where company = $1 and seq > $2 and seq <= $3 order by seq limit $4
             ) l
         ) page
         where place = 1 or spent <= $5
         order by seq",
        &[
            &id(company),
            &int(after)?,
            &int(last)?,
            &int(ENTRIES_MAX as u64)?,
            &i64::try_from(bytes).unwrap_or(i64::MAX),
        ],
    )
    .await?;
    let one = |row: &Row| {
        Ok(Entry {
            seq: sql::long(row, "seq")?,
            stamp: sql::long(row, "stamp")?,
            origin: sql::key(row, "origin")?,
            ctr: sql::long(row, "ctr")?,
            commit: Some(sql::carried(row)?),
            hash: sql::hash(row, "hash")?,
        })
    };
    rows.iter().map(one).collect()
}

/// One statement writes rows of the log with the ends of the chains and of the log itself.
const APPEND: &str = "with
    log as (
        insert into commit_log (company, seq, origin, ctr, hash, stamp, log_hash, scopes, schema,
            kind, bytes, header, body, sig, received_ms)
        select $1, n.seq, n.origin, n.ctr, n.hash, n.stamp, n.log_hash,
            string_to_array(n.scopes, ',')::integer[], n.schema, n.kind, n.bytes, n.header,
            n.body, n.sig, $2
        from unnest($3::bigint[], $4::uuid[], $5::bigint[], $6::bytea[], $7::bigint[],
            $8::bytea[], $9::text[], $10::integer[], $11::text[], $12::integer[], $13::bytea[],
            $14::bytea[], $15::bytea[])
            as n (seq, origin, ctr, hash, stamp, log_hash, scopes, schema, kind, bytes, header,
                body, sig)
    ),
    scope as (
        insert into log_scope (company, scope, seq)
        select $1, n.scope, n.seq from unnest($16::integer[], $17::bigint[]) as n (scope, seq)
    ),
    chain as (
        update origin_head o set ctr = n.ctr, hash = n.hash
        from unnest($18::uuid[], $19::bigint[], $20::bytea[]) as n (origin, ctr, hash)
        where o.company = $1 and o.origin = n.origin
    )
    update company_head set last_seq = $21, log_hash = $22, last_stamp = $23 where company = $1";

/// Appends; the head must be held.
pub(super) async fn append<C: GenericClient>(
    db: &C,
    company: &Key,
    head: &LogHead,
    rows: &[plan::Row],
    now_ms: i64,
) -> Told<()> {
    let mut scopes: (Vec<i32>, Vec<i64>) = Default::default();
    let mut ends: HashMap<Origin, (i64, &[u8])> = HashMap::new();
    for row in rows {
        for scope in &row.proven.scopes {
            scopes.0.push(sql::small(*scope)?);
            scopes.1.push(int(row.at.seq)?);
        }
        ends.insert(row.at.origin, (int(row.at.ctr)?, &row.hash));
    }
    let (names, ends): (Vec<_>, Vec<_>) = ends.iter().map(|(name, end)| (id(name), *end)).unzip();
    let (end_ctrs, end_hashes): (Vec<i64>, Vec<&[u8]>) = ends.into_iter().unzip();
    let longs = |of: fn(&plan::Row) -> u64| -> Told<Vec<i64>> {
        rows.iter().map(|row| int(of(row))).collect()
    };
    let shorts = |of: fn(&plan::Row) -> u32| -> Told<Vec<i32>> {
        rows.iter().map(|row| sql::small(of(row))).collect()
    };
    fn bytes<'a>(rows: &'a [plan::Row], of: fn(&'a plan::Row) -> &'a [u8]) -> Vec<&'a [u8]> {
        rows.iter().map(of).collect()
    }
    let scope_key = |row: &plan::Row| Scopes::new(row.proven.scopes.iter().copied()).key();
    sql::write(
        db,
        APPEND,
        &[
            &id(company),
            &now_ms,
            &longs(|row| row.at.seq)?,
            &rows.iter().map(|row| id(&row.at.origin)).collect::<Vec<_>>(),
            &longs(|row| row.at.ctr)?,
            &bytes(rows, |row| &row.hash),
            &longs(|row| row.at.stamp)?,
            &bytes(rows, |row| &row.at.log_hash),
            &rows.iter().map(scope_key).collect::<Vec<String>>(),
            &shorts(|row| row.proven.schema)?,
            &rows.iter().map(|row| row.proven.kind.as_str()).collect::<Vec<_>>(),
            &shorts(|row| u32::try_from(row.proven.bytes).unwrap_or(u32::MAX))?,
            &bytes(rows, |row| &row.proven.commit.header),
            &bytes(rows, |row| &row.proven.commit.body),
            &bytes(rows, |row| &row.proven.commit.sig),
            &scopes.0,
            &scopes.1,
            &names,
            &end_ctrs,
            &end_hashes,
            &int(head.last_seq)?,
            &head.log_hash.as_slice(),
            &int(head.last_stamp)?,
        ],
    )
    .await?;
    Ok(())
}
