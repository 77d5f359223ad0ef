//! What the centre keeps beside the log: quarantine, snapshots, blobs, codes, sessions, lock-outs
//! and projectors.
//!
//! **Invariant:** nothing in here is needed to read the log.

use lumbung_sync::protocol::Carried;
use lumbung_sync::{Hash, Key, Origin};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::rows::int;
use crate::log::types::{
    Blob, Code, CodeUse, Lockout, LogPoint, Quarantined, Rotation, Scopes, Session, Snapshot,
};
use crate::log::{LogError, Told};

fn unsigned(row: &Row<'_>, column: &str) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}

fn scopes(key: &str) -> Told<Scopes> {
    Scopes::parse(key).ok_or_else(|| LogError::damaged("a set of scopes"))
}

pub(super) fn quarantine(db: &Connection, company: &Key) -> Told<Vec<Quarantined>> {
    let mut statement = db.prepare_cached(
        "select q.origin, q.ctr, q.hash, q.header, q.body, q.sig, q.received_ms from quarantine q
         where q.company = ?1 and not exists (
             select 1 from commit_log l
             where l.company = q.company and l.origin = q.origin and l.ctr = q.ctr
               and l.hash = q.hash)
         order by q.origin, q.ctr, q.hash",
    )?;
    let rows = statement.query_map([company], |row| {
        Ok(Quarantined {
            origin: row.get("origin")?,
            ctr: unsigned(row, "ctr")?,
            hash: row.get("hash")?,
            commit: Carried {
                header: row.get("header")?,
                body: row.get("body")?,
                sig: row.get("sig")?,
            },
            received_ms: row.get("received_ms")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn put_snapshot(db: &Connection, company: &Key, one: &Snapshot) -> Told<()> {
    db.prepare_cached(
        "insert into snapshot (company, scope_key, schema, seq, log_hash, file, bytes, made_ms)
         values (:company, :scope_key, :schema, :seq, :log_hash, :file, :bytes, :made_ms)
         on conflict (company, scope_key, schema, seq) do update
         set log_hash = excluded.log_hash, file = excluded.file, bytes = excluded.bytes,
             made_ms = excluded.made_ms",
    )?
    .execute(named_params! {
        ":company": company,
        ":scope_key": one.scopes.key(),
        ":schema": one.schema,
        ":seq": int(one.at.seq)?,
        ":log_hash": one.at.hash,
        ":file": one.file,
        ":bytes": int(one.bytes)?,
        ":made_ms": one.made_ms,
    })?;
    Ok(())
}

const SNAPSHOT: &str =
    "select scope_key, schema, seq, log_hash, file, bytes, made_ms from snapshot";

fn snapshot_row(row: &Row<'_>) -> rusqlite::Result<(String, Snapshot)> {
    let snapshot = Snapshot {
        scopes: Scopes::new([]),
        schema: row.get("schema")?,
        at: LogPoint { seq: unsigned(row, "seq")?, hash: row.get("log_hash")? },
        file: row.get("file")?,
        bytes: unsigned(row, "bytes")?,
        made_ms: row.get("made_ms")?,
    };
    Ok((row.get("scope_key")?, snapshot))
}

fn with_scopes(found: Option<(String, Snapshot)>) -> Told<Option<Snapshot>> {
    let Some((key, snapshot)) = found else { return Ok(None) };
    Ok(Some(Snapshot { scopes: scopes(&key)?, ..snapshot }))
}

pub(super) fn snapshot(
    db: &Connection,
    company: &Key,
    of: &Scopes,
    schema: u32,
) -> Told<Option<Snapshot>> {
    let sql = format!(
        "{SNAPSHOT} where company = ?1 and scope_key = ?2 and schema = ?3
         order by seq desc limit 1"
    );
    let mut statement = db.prepare_cached(&sql)?;
    with_scopes(statement.query_row(params![company, of.key(), schema], snapshot_row).optional()?)
}

pub(super) fn snapshot_file(db: &Connection, company: &Key, file: &Hash) -> Told<Option<Snapshot>> {
    let sql = format!("{SNAPSHOT} where company = ?1 and file = ?2 order by seq desc limit 1");
    let mut statement = db.prepare_cached(&sql)?;
    with_scopes(statement.query_row(params![company, file], snapshot_row).optional()?)
}

pub(super) fn prune_snapshots(db: &Connection, company: &Key, keep: u32) -> Told<Vec<Hash>> {
    let mut statement = db.prepare_cached(
        "delete from snapshot where company = ?1 and (scope_key, schema, seq) in (
             select scope_key, schema, seq from (
                 select scope_key, schema, seq, row_number() over (
                     partition by scope_key, schema order by seq desc) as place
                 from snapshot where company = ?1)
             where place > ?2)
         returning file",
    )?;
    let rows = statement.query_map(params![company, keep], |row| row.get(0))?;
    let mut files = rows.collect::<rusqlite::Result<Vec<Hash>>>()?;
    let mut named = db.prepare_cached(
        "select exists (select 1 from snapshot where company = ?1 and file = ?2)",
    )?;
    let mut unnamed = Vec::new();
    files.sort_unstable();
    files.dedup();
    for file in files {
        if !named.query_row(params![company, file], |row| row.get::<_, bool>(0))? {
            unnamed.push(file);
        }
    }
    Ok(unnamed)
}

pub(super) fn put_blob(db: &Connection, company: &Key, blob: &Blob) -> Told<()> {
    db.prepare_cached(
        "insert into blob (company, hash, bytes, mime) values (?1, ?2, ?3, ?4)
         on conflict (company, hash) do nothing",
    )?
    .execute(params![company, blob.hash, int(blob.bytes)?, blob.mime])?;
    Ok(())
}

pub(super) fn blob(db: &Connection, company: &Key, hash: &Hash) -> Told<Option<Blob>> {
    let mut statement =
        db.prepare_cached("select bytes, mime from blob where company = ?1 and hash = ?2")?;
    let found = statement.query_row(params![company, hash], |row| {
        Ok(Blob { hash: *hash, bytes: unsigned(row, "bytes")?, mime: row.get("mime")? })
    });
    Ok(found.optional()?)
}

pub(super) fn put_code(db: &Connection, company: &Key, code: &Code) -> Told<()> {
    db.prepare_cached(
        "insert into enrol_code (company, hash, terminal, series, scopes, made_ms, ends_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        company,
        code.hash,
        code.terminal,
        code.series,
        Scopes::new(code.scopes.iter().copied()).key(),
        code.made_ms,
        code.ends_ms,
    ])?;
    Ok(())
}

pub(super) fn use_code(
    db: &Connection,
    company: &Key,
    hash: &Hash,
    by: &Origin,
    now_ms: i64,
) -> Told<CodeUse> {
    let mut statement = db.prepare_cached(
        "select terminal, series, scopes, made_ms, ends_ms, used_by from enrol_code
         where company = ?1 and hash = ?2",
    )?;
    let found = statement.query_row(params![company, hash], |row| {
        let code = Code {
            hash: *hash,
            terminal: row.get("terminal")?,
            series: row.get("series")?,
            scopes: Vec::new(),
            made_ms: row.get("made_ms")?,
            ends_ms: row.get("ends_ms")?,
        };
        Ok((code, row.get::<_, String>("scopes")?, row.get::<_, Option<Origin>>("used_by")?))
    });
    let Some((code, key, used_by)) = found.optional()? else { return Ok(CodeUse::Unknown) };
    let code = Code { scopes: scopes(&key)?.as_slice().to_vec(), ..code };
    if used_by.is_some_and(|used_by| used_by != *by) {
        return Ok(CodeUse::Used);
    }
    if now_ms >= code.ends_ms {
        return Ok(CodeUse::Ended);
    }
    db.prepare_cached(
        "update enrol_code set used_by = ?3, used_ms = ?4 where company = ?1 and hash = ?2",
    )?
    .execute(params![company, hash, by, now_ms])?;
    Ok(CodeUse::Granted(code))
}

pub(super) fn start_session(db: &Connection, company: &Key, one: &Session) -> Told<()> {
    db.prepare_cached(
        "insert into person_session (company, session, person, secret, started_ms, ends_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        company,
        one.session,
        one.person,
        one.secret,
        one.started_ms,
        one.ends_ms
    ])?;
    Ok(())
}

pub(super) fn session(
    db: &Connection,
    company: &Key,
    session: &Key,
    now_ms: i64,
) -> Told<Option<Session>> {
    let mut statement = db.prepare_cached(
        "select person, secret, started_ms, ends_ms from person_session
         where company = ?1 and session = ?2 and ended_ms is null and ends_ms > ?3",
    )?;
    let found = statement.query_row(params![company, session, now_ms], |row| {
        Ok(Session {
            session: *session,
            person: row.get("person")?,
            secret: row.get("secret")?,
            started_ms: row.get("started_ms")?,
            ends_ms: row.get("ends_ms")?,
        })
    });
    Ok(found.optional()?)
}

pub(super) fn rotate_session(
    db: &Connection,
    company: &Key,
    key: &Key,
    secrets: (&Hash, &Hash),
    now_ms: i64,
) -> Told<Rotation> {
    let Some(found) = session(db, company, key, now_ms)? else { return Ok(Rotation::Gone) };
    let (old, new) = secrets;
    if found.secret != *old {
        end_session(db, company, key, now_ms)?;
        return Ok(Rotation::Reused);
    }
    db.prepare_cached("update person_session set secret = ?3 where company = ?1 and session = ?2")?
        .execute(params![company, key, new])?;
    Ok(Rotation::Rotated(Session { secret: *new, ..found }))
}

pub(super) fn end_session(db: &Connection, company: &Key, key: &Key, now_ms: i64) -> Told<()> {
    db.prepare_cached(
        "update person_session set ended_ms = ?3
         where company = ?1 and session = ?2 and ended_ms is null",
    )?
    .execute(params![company, key, now_ms])?;
    Ok(())
}

pub(super) fn end_sessions_of(
    db: &Connection,
    company: &Key,
    person: &Key,
    now_ms: i64,
) -> Told<()> {
    db.prepare_cached(
        "update person_session set ended_ms = ?3
         where company = ?1 and person = ?2 and ended_ms is null",
    )?
    .execute(params![company, person, now_ms])?;
    Ok(())
}

pub(super) fn lockout(db: &Connection, company: &Key, subject: &str) -> Told<Lockout> {
    let mut statement = db.prepare_cached(
        "select failures, until_ms from sign_in_failure where company = ?1 and subject = ?2",
    )?;
    let found = statement.query_row(params![company, subject], |row| {
        Ok(Lockout { failures: row.get("failures")?, until_ms: row.get("until_ms")? })
    });
    Ok(found.optional()?.unwrap_or_default())
}

pub(super) fn note_failure(
    db: &Connection,
    company: &Key,
    subject: &str,
    now_ms: i64,
) -> Told<Lockout> {
    let now = lockout(db, company, subject)?.failed(now_ms);
    db.prepare_cached(
        "insert into sign_in_failure (company, subject, failures, until_ms)
         values (?1, ?2, ?3, ?4)
         on conflict (company, subject) do update
         set failures = excluded.failures, until_ms = excluded.until_ms",
    )?
    .execute(params![company, subject, now.failures, now.until_ms])?;
    Ok(now)
}

pub(super) fn clear_failures(db: &Connection, company: &Key, subject: &str) -> Told<()> {
    db.prepare_cached("delete from sign_in_failure where company = ?1 and subject = ?2")?
        .execute(params![company, subject])?;
    Ok(())
}

pub(super) fn projector(db: &Connection, company: &Key, name: &str) -> Told<LogPoint> {
    let mut statement =
        db.prepare_cached("select seq, log_hash from projector where company = ?1 and name = ?2")?;
    let found = statement.query_row(params![company, name], |row| {
        Ok(LogPoint { seq: unsigned(row, "seq")?, hash: row.get("log_hash")? })
    });
    Ok(found.optional()?.unwrap_or(LogPoint::START))
}

pub(super) fn set_projector(db: &Connection, company: &Key, name: &str, at: &LogPoint) -> Told<()> {
    db.prepare_cached(
        "insert into projector (company, name, seq, log_hash) values (?1, ?2, ?3, ?4)
         on conflict (company, name) do update
         set seq = excluded.seq, log_hash = excluded.log_hash where excluded.seq > projector.seq",
    )?
    .execute(params![company, name, int(at.seq)?, at.hash])?;
    Ok(())
}
