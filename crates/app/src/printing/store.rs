//! Queries of the print queue.

use lumbung_domain::ids::{CashMovementId, Id, PrintJobId, SaleId, SessionId};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::error::Result;
use crate::pos::rows::CashMovementRow;
use crate::standing::row;

/// A paper that waits, was printed, or was given up.
pub struct Job {
    /// The job.
    pub print_job_id: PrintJobId,
    /// What it is, for people.
    pub title: String,
    /// JSON.
    pub destination: String,
    /// What the printer gets.
    pub payload: Vec<u8>,
    /// waiting, printed, failed, cancelled.
    pub state: String,
    /// How often it was tried.
    pub tries: u32,
    /// What went wrong last.
    pub last_error: String,
    /// When it was queued.
    pub created_at: i64,
    /// When it is tried next.
    pub next_try_at: i64,
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    Ok(Job {
        print_job_id: PrintJobId::from_bytes(row.get("print_job_id")?),
        title: row.get("title")?,
        destination: row.get("destination")?,
        payload: row.get("payload")?,
        state: row.get("state")?,
        tries: row.get("tries")?,
        last_error: row.get("last_error")?,
        created_at: row.get("created_at")?,
        next_try_at: row.get("next_try_at")?,
    })
}

/// Queues a paper.
pub fn add(db: &Connection, job: &Job) -> Result<()> {
    db.prepare_cached(
        "insert into print_job (print_job_id, title, destination, payload, state, tries,
                                last_error, created_at, next_try_at)
         values (:id, :title, :destination, :payload, :state, :tries, :last_error, :created_at,
                 :next_try_at)",
    )?
    .execute(named_params! {
        ":id": job.print_job_id.bytes(), ":title": job.title, ":destination": job.destination,
        ":payload": job.payload, ":state": job.state, ":tries": job.tries,
        ":last_error": job.last_error, ":created_at": job.created_at,
        ":next_try_at": job.next_try_at,
    })?;
    Ok(())
}

/// Waiting papers, oldest first.
pub fn waiting(db: &Connection, limit: i64) -> Result<Vec<Job>> {
    let found = db
        .prepare_cached(
            "select print_job_id, title, destination, payload, state, tries, last_error,
                    created_at, next_try_at
             from print_job where state = 'waiting'
             order by created_at, print_job_id limit :limit",
        )?
        .query_map(named_params! { ":limit": limit }, job)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// How many papers wait.
pub fn waiting_count(db: &Connection) -> Result<u32> {
    Ok(db
        .prepare_cached("select count(*) as count from print_job where state = 'waiting'")?
        .query_row([], |row| row.get("count"))?)
}

/// Papers of every state, newest first, without what the printer gets.
pub fn list(db: &Connection, limit: i64) -> Result<Vec<Job>> {
    let found = db
        .prepare_cached(
            "select print_job_id, title, destination, x'' as payload, state, tries, last_error,
                    created_at, next_try_at
             from print_job order by created_at desc, print_job_id desc limit :limit",
        )?
        .query_map(named_params! { ":limit": limit }, job)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The state of a paper.
pub fn state(db: &Connection, id: PrintJobId) -> Result<Option<String>> {
    Ok(db
        .prepare_cached("select state from print_job where print_job_id = :id")?
        .query_row(named_params! { ":id": id.bytes() }, |row| row.get("state"))
        .optional()?)
}

/// Notes how a try ended.
pub fn note(
    db: &Connection,
    id: PrintJobId,
    state: &str,
    tries: u32,
    last_error: &str,
    next_try_at: i64,
) -> Result<()> {
    db.prepare_cached(
        "update print_job set state = :state, tries = :tries, last_error = :last_error,
                next_try_at = :next_try_at
         where print_job_id = :id",
    )?
    .execute(named_params! {
        ":id": id.bytes(), ":state": state, ":tries": tries, ":last_error": last_error,
        ":next_try_at": next_try_at,
    })?;
    Ok(())
}

/// Forgets papers that were done with before a moment.
pub fn forget(db: &Connection, before_ms: i64) -> Result<()> {
    db.prepare_cached(
        "delete from print_job where state in ('printed', 'cancelled') and created_at < :before",
    )?
    .execute(named_params! { ":before": before_ms })?;
    Ok(())
}

/// How often events of a kind with a detail happened to a sale.
pub fn sale_events(db: &Connection, sale_id: SaleId, kind: &str, detail: &str) -> Result<u32> {
    Ok(db
        .prepare_cached(
            "select count(*) as count from pos_event
             where sale_id = :sale_id and kind = :kind and detail = :detail",
        )?
        .query_row(
            named_params! { ":sale_id": sale_id.bytes(), ":kind": kind, ":detail": detail },
            |row| row.get("count"),
        )?)
}

/// How often events of a kind with a detail happened in a session.
pub fn session_events(
    db: &Connection,
    session_id: SessionId,
    kind: &str,
    detail: &str,
) -> Result<u32> {
    Ok(db
        .prepare_cached(
            "select count(*) as count from pos_event
             where session_id = :session_id and kind = :kind and detail = :detail",
        )?
        .query_row(
            named_params! {
                ":session_id": session_id.bytes(), ":kind": kind, ":detail": detail,
            },
            |row| row.get("count"),
        )?)
}

/// Cash put in, paid out or dropped.
pub fn cash_movement(db: &Connection, id: CashMovementId) -> Result<Option<CashMovementRow>> {
    let sql = format!(
        "select {} from cash_movement where cash_movement_id = :id",
        CashMovementRow::COLUMNS
    );
    row(db, &sql, named_params! { ":id": id.bytes() })
}
