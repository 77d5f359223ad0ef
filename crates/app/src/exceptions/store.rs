//! Queries of exceptions.

use lumbung_domain::ids::{BranchId, EventId, Id, UserId};
use rusqlite::{Connection, named_params};

use super::rows::ExceptionRow;
use crate::error::Result;
use crate::standing::{row, rows};

/// An exception.
pub fn exception(db: &Connection, id: EventId) -> Result<Option<ExceptionRow>> {
    let sql = format!("select {} from exception where exception_id = :id", ExceptionRow::COLUMNS);
    row(db, &sql, named_params! { ":id": id.bytes() })
}

/// Everything that waits for somebody.
pub fn open(db: &Connection) -> Result<Vec<ExceptionRow>> {
    let sql = format!("select {} from exception where state = 'open'", ExceptionRow::COLUMNS);
    rows(db, &sql, [])
}

/// How many wait.
pub fn count_open(db: &Connection) -> Result<u32> {
    let mut statement =
        db.prepare_cached("select count(*) as waiting from exception where state = 'open'")?;
    Ok(statement.query_row([], |row| row.get("waiting"))?)
}

/// What is asked for.
pub struct Wanted<'a> {
    /// Those that wait, or those that do not.
    pub open: bool,
    /// Only of this branch.
    pub branch: Option<BranchId>,
    /// Only of these owners; empty for all.
    pub owners: &'a [String],
    /// How many are left out at the start.
    pub offset: u32,
    /// At most so many.
    pub limit: u32,
}

/// A page: what waits by due date, what is closed newest first.
pub fn page(db: &Connection, wanted: &Wanted<'_>) -> Result<Vec<ExceptionRow>> {
    let order = if wanted.open { "due_date, raised_at" } else { "closed_at desc" };
    let sql = format!(
        "select {} from exception
          where (state = 'open') = :open
            and (:branch is null or branch_id = :branch)
            and (:owners = '[]' or owner in (select value from json_each(:owners)))
          order by {order}, exception_id limit :limit offset :offset",
        ExceptionRow::COLUMNS
    );
    let owners = serde_json::Value::from(wanted.owners).to_string();
    rows(
        db,
        &sql,
        named_params! {
            ":open": wanted.open,
            ":branch": wanted.branch.map(Id::bytes),
            ":owners": owners,
            ":limit": wanted.limit,
            ":offset": wanted.offset,
        },
    )
}

/// Codes of the roles a person holds.
pub fn role_codes(db: &Connection, user: UserId) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(
        "select r.code from user u, json_each(u.role_ids) held
           join role r on lower(hex(r.role_id)) = replace(held.value, '-', '')
          where u.user_id = :user",
    )?;
    let found = statement
        .query_map(named_params! { ":user": user.bytes() }, |row| row.get("code"))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}
