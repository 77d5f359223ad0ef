//! Queries of the audit trail: changes of masters, events of access, approvals.

use lumbung_domain::ids::UserId;
use rusqlite::{Connection, Row, named_params};

use crate::error::Result;

/// What is asked for. Empty parts ask for everything.
pub struct Wanted<'a> {
    /// From when, UTC milliseconds.
    pub from_ms: i64,
    /// Until before when.
    pub to_ms: i64,
    /// Only this table; then only changes.
    pub table: Option<&'a str>,
    /// Only by this person.
    pub user: Option<[u8; 16]>,
    /// Only older than this entry.
    pub before: Option<(i64, &'a str)>,
    /// At most so many.
    pub limit: i64,
}

/// An entry as stored.
pub struct Stored {
    /// Change, access, approval.
    pub source: String,
    /// Which one, within the millisecond.
    pub reference: String,
    /// When.
    pub at_ms: i64,
    /// Who.
    pub user: Option<UserId>,
    /// What was done: the command, or the kind of event.
    pub action: String,
    /// The table changed.
    pub table: Option<String>,
    /// The row changed.
    pub key: Option<[u8; 16]>,
    /// The group changed.
    pub group: String,
    /// JSON before.
    pub before: Option<String>,
    /// JSON after.
    pub after: Option<String>,
    /// More, in words.
    pub detail: String,
    /// Why.
    pub reason: String,
    /// Who signed for it.
    pub approved_by: Option<UserId>,
}

fn id(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<UserId>> {
    let bytes: Option<[u8; 16]> = row.get(column)?;
    Ok(bytes.map(lumbung_domain::ids::Id::from_bytes))
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        source: row.get("source")?,
        reference: row.get("reference")?,
        at_ms: row.get("at_ms")?,
        user: id(row, "user")?,
        action: row.get("action")?,
        table: row.get("tbl")?,
        key: row.get("key")?,
        group: row.get("grp")?,
        before: row.get("before")?,
        after: row.get("after")?,
        detail: row.get("detail")?,
        reason: row.get("reason")?,
        approved_by: id(row, "approved_by")?,
    })
}

/// Entries of all sources, newest first.
pub fn list(db: &Connection, wanted: &Wanted<'_>) -> Result<Vec<Stored>> {
    let (before_ms, before) = wanted.before.unwrap_or((i64::MAX, ""));
    let mut statement = db.prepare_cached(include_str!("list.sql"))?;
    let rows = statement.query_map(
        named_params! {
            ":from_ms": wanted.from_ms,
            ":to_ms": wanted.to_ms,
            ":tbl": wanted.table,
            ":user": wanted.user,
            ":before_ms": before_ms,
            ":before": before,
            ":limit": wanted.limit,
        },
        stored,
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Changes of one row, newest first.
pub fn of(db: &Connection, table: &str, key: [u8; 16], limit: i64) -> Result<Vec<Stored>> {
    let mut statement = db.prepare_cached(
        "select 'change' as source, printf('c%016d', audit_id) as reference, at_ms, user,
                kind as action, tbl, key, grp, before, after, '' as detail, '' as reason,
                null as approved_by
         from audit_change where tbl = :tbl and key = :key
         order by audit_id desc limit :limit",
    )?;
    let rows = statement
        .query_map(named_params! { ":tbl": table, ":key": key, ":limit": limit }, stored)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
