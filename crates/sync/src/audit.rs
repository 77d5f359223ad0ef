//! The audit trail: who changed what, from what, to what.
//!
//! **Invariant:** it says nothing the commits do not say; the same commits give the same trail on
//! every store.

use rusqlite::{Connection, params};
use serde_json::{Map, Value as Json};

use crate::commit::Origin;
use crate::error::hex;
use crate::row::{Key, ValueRef};

/// Which commit a change belongs to.
pub(crate) struct Of<'a> {
    pub origin: &'a Origin,
    pub ctr: u64,
    pub at_ms: i64,
    pub user: Option<&'a Key>,
    pub kind: &'a str,
}

/// One change, as it is noted.
pub(crate) struct Change<'a> {
    pub table: &'static str,
    pub key: &'a Key,
    /// The group, or `created`, `saved`, `dropped`.
    pub group: &'a str,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Notes one change.
pub(crate) fn note(db: &Connection, of: &Of<'_>, change: &Change<'_>) -> rusqlite::Result<()> {
    db.prepare_cached(
        "insert into audit_change
            (origin, ctr, at_ms, user, kind, tbl, key, grp, before, after)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        of.origin,
        of.ctr.cast_signed(),
        of.at_ms,
        of.user,
        of.kind,
        change.table,
        change.key,
        change.group,
        change.before,
        change.after,
    ])?;
    Ok(())
}

/// Columns as a JSON object; bytes as hexadecimal digits.
pub(crate) fn json<'a>(columns: impl Iterator<Item = (&'a str, ValueRef<'a>)>) -> String {
    let object: Map<String, Json> = columns
        .map(|(name, value)| {
            let value = match value {
                ValueRef::Null => Json::Null,
                ValueRef::Int(number) => Json::from(number),
                ValueRef::Text(text) => Json::from(text),
                ValueRef::Blob(bytes) => Json::from(hex(bytes)),
            };
            (name.to_owned(), value)
        })
        .collect();
    Json::Object(object).to_string()
}
