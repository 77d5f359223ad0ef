//! Queries of people and roles.

use lumbung_domain::ids::{Id, RoleId, UserId};
use rusqlite::{Connection, OptionalExtension, named_params};

use super::rows::{ApprovalRow, RoleRow, UserRow};
use crate::error::Result;
use crate::standing::{row, rows};

/// Everybody, by name.
pub fn users(db: &Connection) -> Result<Vec<UserRow>> {
    rows(db, &format!("select {} from user order by name", UserRow::COLUMNS), [])
}

/// A person.
pub fn user(db: &Connection, user_id: UserId) -> Result<Option<UserRow>> {
    let sql = format!("select {} from user where user_id = :id", UserRow::COLUMNS);
    row(db, &sql, named_params! { ":id": user_id.bytes() })
}

/// Every role, by name.
pub fn roles(db: &Connection) -> Result<Vec<RoleRow>> {
    rows(db, &format!("select {} from role order by name", RoleRow::COLUMNS), [])
}

/// A role.
pub fn role(db: &Connection, role_id: RoleId) -> Result<Option<RoleRow>> {
    let sql = format!("select {} from role where role_id = :id", RoleRow::COLUMNS);
    row(db, &sql, named_params! { ":id": role_id.bytes() })
}

/// Overrides from a moment on, newest first.
pub fn approvals(db: &Connection, since_ms: i64, limit: i64) -> Result<Vec<ApprovalRow>> {
    let sql = format!(
        "select {} from approval where approved_at >= :since
         order by approved_at desc limit :limit",
        ApprovalRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":since": since_ms, ":limit": limit })
}

/// Wrong PINs in a row and until when the person is locked out.
pub fn attempts(db: &Connection, user_id: UserId) -> Result<(u32, i64)> {
    let found = db
        .prepare_cached(
            "select failed, locked_until from sign_in_attempt where user_id = :user_id",
        )?
        .query_row(named_params! { ":user_id": user_id.bytes() }, |row| {
            Ok((row.get("failed")?, row.get("locked_until")?))
        })
        .optional()?;
    Ok(found.unwrap_or((0, 0)))
}

/// Keeps the count of wrong PINs.
pub fn save_attempts(
    db: &Connection,
    user_id: UserId,
    failed: u32,
    locked_until: i64,
) -> Result<()> {
    db.prepare_cached(
        "insert into sign_in_attempt (user_id, failed, locked_until)
         values (:user_id, :failed, :locked_until)
         on conflict do update set failed = excluded.failed, locked_until = excluded.locked_until",
    )?
    .execute(named_params! {
        ":user_id": user_id.bytes(), ":failed": failed, ":locked_until": locked_until,
    })?;
    Ok(())
}
