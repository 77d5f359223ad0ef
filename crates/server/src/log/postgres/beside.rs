//! What the centre keeps beside the log: quarantine, snapshots, blobs, codes, sessions, lock-outs
//! and projectors.
//!
//! **Invariant:** nothing in here is needed to read the log.

use deadpool_postgres::{GenericClient, Object};
use lumbung_sync::{Hash, Key, Origin};
use tokio_postgres::Row;

use super::sql::{self, id, int};
use crate::log::types::{
    Blob, Code, CodeUse, Lockout, LogPoint, Quarantined, Rotation, Scopes, Session, Snapshot,
};
use crate::log::{LogError, Told};

pub(super) async fn quarantine(db: &Object, company: &Key) -> Told<Vec<Quarantined>> {
    let rows = sql::all(
        db,
        "select q.origin, q.ctr, q.hash, q.header, q.body, q.sig, q.received_ms from quarantine q
         where q.company = $1 and not exists (
             select 1 from commit_log l
             where l.company = q.company and l.origin = q.origin and l.ctr = q.ctr
               and l.hash = q.hash)
         order by q.origin, q.ctr, q.hash",
        &[&id(company)],
    )
    .await?;
    let one = |row: &Row| {
        Ok(Quarantined {
            origin: sql::key(row, "origin")?,
            ctr: sql::long(row, "ctr")?,
            hash: sql::hash(row, "hash")?,
            commit: sql::carried(row)?,
            received_ms: row.try_get("received_ms")?,
        })
    };
    rows.iter().map(one).collect()
}

pub(super) async fn put_snapshot(db: &Object, company: &Key, one: &Snapshot) -> Told<()> {
    sql::write(
        db,
        "insert into snapshot (company, scope_key, schema, seq, log_hash, file, bytes, made_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (company, scope_key, schema, seq) do update
         set log_hash = excluded.log_hash, file = excluded.file, bytes = excluded.bytes,
             made_ms = excluded.made_ms",
        &[
            &id(company),
            &one.scopes.key(),
            &sql::small(one.schema)?,
            &int(one.at.seq)?,
            &one.at.hash.as_slice(),
            &one.file.as_slice(),
            &int(one.bytes)?,
            &one.made_ms,
        ],
    )
    .await?;
    Ok(())
}

const SNAPSHOT: &str =
    "select scope_key, schema, seq, log_hash, file, bytes, made_ms from snapshot";

fn snapshot_of(row: &Row) -> Told<Snapshot> {
    let scopes = Scopes::parse(row.try_get("scope_key")?);
    Ok(Snapshot {
        scopes: scopes.ok_or_else(|| LogError::damaged("a set of scopes"))?,
        schema: sql::short(row, "schema")?,
        at: LogPoint { seq: sql::long(row, "seq")?, hash: sql::hash(row, "log_hash")? },
        file: sql::hash(row, "file")?,
        bytes: sql::long(row, "bytes")?,
        made_ms: row.try_get("made_ms")?,
    })
}

pub(super) async fn snapshot(
    db: &Object,
    company: &Key,
    of: &Scopes,
    schema: u32,
) -> Told<Option<Snapshot>> {
    let sql = format!(
        "{SNAPSHOT} where company = $1 and scope_key = $2 and schema = $3
         order by seq desc limit 1"
    );
    let row = sql::one(db, &sql, &[&id(company), &of.key(), &sql::small(schema)?]).await?;
    row.as_ref().map(snapshot_of).transpose()
}

pub(super) async fn snapshot_file(
    db: &Object,
    company: &Key,
    file: &Hash,
) -> Told<Option<Snapshot>> {
    let sql = format!("{SNAPSHOT} where company = $1 and file = $2 order by seq desc limit 1");
    let row = sql::one(db, &sql, &[&id(company), &file.as_slice()]).await?;
    row.as_ref().map(snapshot_of).transpose()
}

pub(super) async fn prune_snapshots(db: &mut Object, company: &Key, keep: u32) -> Told<Vec<Hash>> {
    let work = db.transaction().await?;
    let rows = sql::all(
        &work,
        "delete from snapshot s using (
             select scope_key, schema, seq, row_number() over (
                 partition by scope_key, schema order by seq desc) as place
             from snapshot where company = $1) old
         where s.company = $1 and s.scope_key = old.scope_key and s.schema = old.schema
           and s.seq = old.seq and old.place > $2
         returning s.file",
        &[&id(company), &i64::from(keep)],
    )
    .await?;
    let mut files: Vec<Hash> =
        rows.iter().map(|row| sql::hash(row, "file")).collect::<Told<_>>()?;
    files.sort_unstable();
    files.dedup();
    let mut unnamed = Vec::new();
    for file in files {
        let sql = "select 1 from snapshot where company = $1 and file = $2 limit 1";
        if sql::one(&work, sql, &[&id(company), &file.as_slice()]).await?.is_none() {
            unnamed.push(file);
        }
    }
    work.commit().await?;
    Ok(unnamed)
}

pub(super) async fn put_blob(db: &Object, company: &Key, blob: &Blob) -> Told<()> {
    sql::write(
        db,
        "insert into blob (company, hash, bytes, mime) values ($1, $2, $3, $4)
         on conflict (company, hash) do nothing",
        &[&id(company), &blob.hash.as_slice(), &int(blob.bytes)?, &sql::text(&blob.mime)],
    )
    .await?;
    Ok(())
}

pub(super) async fn blob(db: &Object, company: &Key, hash: &Hash) -> Told<Option<Blob>> {
    let sql = "select bytes, mime from blob where company = $1 and hash = $2";
    let row = sql::one(db, sql, &[&id(company), &hash.as_slice()]).await?;
    let one = |row: Row| {
        Ok(Blob { hash: *hash, bytes: sql::long(&row, "bytes")?, mime: row.try_get("mime")? })
    };
    row.map(one).transpose()
}

pub(super) async fn put_code(db: &Object, company: &Key, code: &Code) -> Told<()> {
    sql::write(
        db,
        "insert into enrol_code (company, hash, terminal, series, scopes, made_ms, ends_ms)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            &id(company),
            &code.hash.as_slice(),
            &code.terminal.as_ref().map(id),
            &code.series.as_deref().map(sql::text),
            &sql::smalls(Scopes::new(code.scopes.iter().copied()).as_slice())?,
            &code.made_ms,
            &code.ends_ms,
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn use_code(
    db: &mut Object,
    company: &Key,
    hash: &Hash,
    by: &Origin,
    now_ms: i64,
) -> Told<CodeUse> {
    let work = db.transaction().await?;
    let sql = "select terminal, series, scopes, made_ms, ends_ms, used_by from enrol_code
        where company = $1 and hash = $2 for update";
    let Some(row) = sql::one(&work, sql, &[&id(company), &hash.as_slice()]).await? else {
        return Ok(CodeUse::Unknown);
    };
    let code = Code {
        hash: *hash,
        terminal: sql::maybe_key(&row, "terminal")?,
        series: row.try_get("series")?,
        scopes: sql::shorts(&row, "scopes")?,
        made_ms: row.try_get("made_ms")?,
        ends_ms: row.try_get("ends_ms")?,
    };
    if sql::maybe_key(&row, "used_by")?.is_some_and(|used_by| used_by != *by) {
        return Ok(CodeUse::Used);
    }
    if now_ms >= code.ends_ms {
        return Ok(CodeUse::Ended);
    }
    let sql = "update enrol_code set used_by = $3, used_ms = $4 where company = $1 and hash = $2";
    sql::write(&work, sql, &[&id(company), &hash.as_slice(), &id(by), &now_ms]).await?;
    work.commit().await?;
    Ok(CodeUse::Granted(code))
}

pub(super) async fn start_session(db: &Object, company: &Key, one: &Session) -> Told<()> {
    sql::write(
        db,
        "insert into person_session (company, session, person, secret, started_ms, ends_ms)
         values ($1, $2, $3, $4, $5, $6)",
        &[
            &id(company),
            &id(&one.session),
            &id(&one.person),
            &one.secret.as_slice(),
            &one.started_ms,
            &one.ends_ms,
        ],
    )
    .await?;
    Ok(())
}

const SESSION: &str = "select person, secret, started_ms, ends_ms from person_session
    where company = $1 and session = $2 and ended_ms is null and ends_ms > $3";

fn session_of(session: &Key, row: &Row) -> Told<Session> {
    Ok(Session {
        session: *session,
        person: sql::key(row, "person")?,
        secret: sql::hash(row, "secret")?,
        started_ms: row.try_get("started_ms")?,
        ends_ms: row.try_get("ends_ms")?,
    })
}

pub(super) async fn session(
    db: &Object,
    company: &Key,
    session: &Key,
    now_ms: i64,
) -> Told<Option<Session>> {
    let row = sql::one(db, SESSION, &[&id(company), &id(session), &now_ms]).await?;
    row.map(|row| session_of(session, &row)).transpose()
}

pub(super) async fn rotate_session(
    db: &mut Object,
    company: &Key,
    session: &Key,
    secrets: (&Hash, &Hash),
    now_ms: i64,
) -> Told<Rotation> {
    let work = db.transaction().await?;
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
        [&id(company), &id(session), &now_ms];
    let Some(row) = sql::one(&work, &format!("{SESSION} for update"), &values).await? else {
        return Ok(Rotation::Gone);
    };
    let found = session_of(session, &row)?;
    let (old, new) = secrets;
    let rotation = if found.secret == *old {
        let sql = "update person_session set secret = $3 where company = $1 and session = $2";
        sql::write(&work, sql, &[&id(company), &id(session), &new.as_slice()]).await?;
        Rotation::Rotated(Session { secret: *new, ..found })
    } else {
        end_session(&work, company, session, now_ms).await?;
        Rotation::Reused
    };
    work.commit().await?;
    Ok(rotation)
}

pub(super) async fn end_session<C: GenericClient>(
    db: &C,
    company: &Key,
    session: &Key,
    now_ms: i64,
) -> Told<()> {
    let sql = "update person_session set ended_ms = $3
        where company = $1 and session = $2 and ended_ms is null";
    sql::write(db, sql, &[&id(company), &id(session), &now_ms]).await?;
    Ok(())
}

pub(super) async fn end_sessions_of(
    db: &Object,
    company: &Key,
    person: &Key,
    now_ms: i64,
) -> Told<()> {
    let sql = "update person_session set ended_ms = $3
        where company = $1 and person = $2 and ended_ms is null";
    sql::write(db, sql, &[&id(company), &id(person), &now_ms]).await?;
    Ok(())
}

const LOCKOUT: &str =
    "select failures, until_ms from sign_in_failure where company = $1 and subject = $2";

fn lockout_of(row: &Row) -> Told<Lockout> {
    Ok(Lockout { failures: sql::short(row, "failures")?, until_ms: row.try_get("until_ms")? })
}

pub(super) async fn lockout(db: &Object, company: &Key, subject: &str) -> Told<Lockout> {
    let row = sql::one(db, LOCKOUT, &[&id(company), &sql::text(subject)]).await?;
    row.map_or(Ok(Lockout::default()), |row| lockout_of(&row))
}

pub(super) async fn note_failure(
    db: &mut Object,
    company: &Key,
    subject: &str,
    now_ms: i64,
) -> Told<Lockout> {
    let work = db.transaction().await?;
    // The row is there before it is read, so that two failures at once are counted as two.
    let sql = "insert into sign_in_failure (company, subject, failures) values ($1, $2, 0)
        on conflict (company, subject) do nothing";
    sql::write(&work, sql, &[&id(company), &sql::text(subject)]).await?;
    let row =
        sql::one(&work, &format!("{LOCKOUT} for update"), &[&id(company), &sql::text(subject)])
            .await?;
    let before = row.map_or(Ok(Lockout::default()), |row| lockout_of(&row))?;
    let now = before.failed(now_ms);
    sql::write(
        &work,
        "update sign_in_failure set failures = $3, until_ms = $4
         where company = $1 and subject = $2",
        &[&id(company), &sql::text(subject), &sql::small(now.failures)?, &now.until_ms],
    )
    .await?;
    work.commit().await?;
    Ok(now)
}

pub(super) async fn clear_failures(db: &Object, company: &Key, subject: &str) -> Told<()> {
    let sql = "delete from sign_in_failure where company = $1 and subject = $2";
    sql::write(db, sql, &[&id(company), &sql::text(subject)]).await?;
    Ok(())
}

pub(super) async fn projector(db: &Object, company: &Key, name: &str) -> Told<LogPoint> {
    let sql = "select seq, log_hash from projector where company = $1 and name = $2";
    let Some(row) = sql::one(db, sql, &[&id(company), &sql::text(name)]).await? else {
        return Ok(LogPoint::START);
    };
    Ok(LogPoint { seq: sql::long(&row, "seq")?, hash: sql::hash(&row, "log_hash")? })
}

pub(super) async fn set_projector(
    db: &Object,
    company: &Key,
    name: &str,
    at: &LogPoint,
) -> Told<()> {
    sql::write(
        db,
        "insert into projector (company, name, seq, log_hash) values ($1, $2, $3, $4)
         on conflict (company, name) do update
         set seq = excluded.seq, log_hash = excluded.log_hash where excluded.seq > projector.seq",
        &[&id(company), &sql::text(name), &int(at.seq)?, &at.hash.as_slice()],
    )
    .await?;
    Ok(())
}
