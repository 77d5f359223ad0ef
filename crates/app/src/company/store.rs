//! Queries of company, branches, terminals and settings.

use lumbung_domain::ids::{BranchId, Id, TerminalId};
use rusqlite::{Connection, OptionalExtension, named_params};

use super::rows::{BranchRow, CompanyRow, SettingRow, TerminalRow};
use crate::error::Result;
use crate::standing::{row, rows};

/// The company of this store.
pub fn company(db: &Connection) -> Result<Option<CompanyRow>> {
    row(db, &format!("select {} from company limit 1", CompanyRow::COLUMNS), [])
}

/// A branch.
pub fn branch(db: &Connection, branch_id: BranchId) -> Result<Option<BranchRow>> {
    let sql = format!("select {} from branch where branch_id = :id", BranchRow::COLUMNS);
    row(db, &sql, named_params! { ":id": branch_id.bytes() })
}

/// Every branch, by code.
pub fn branches(db: &Connection) -> Result<Vec<BranchRow>> {
    rows(db, &format!("select {} from branch order by code", BranchRow::COLUMNS), [])
}

/// A terminal.
pub fn terminal(db: &Connection, terminal_id: TerminalId) -> Result<Option<TerminalRow>> {
    let sql = format!("select {} from terminal where terminal_id = :id", TerminalRow::COLUMNS);
    row(db, &sql, named_params! { ":id": terminal_id.bytes() })
}

/// Every terminal, by series.
pub fn terminals(db: &Connection) -> Result<Vec<TerminalRow>> {
    rows(db, &format!("select {} from terminal order by series", TerminalRow::COLUMNS), [])
}

/// The setting rows of a key.
pub fn setting(db: &Connection, setting_id: [u8; 16]) -> Result<Option<SettingRow>> {
    let sql = format!("select {} from setting where setting_id = :id", SettingRow::COLUMNS);
    row(db, &sql, named_params! { ":id": setting_id })
}

/// A setting of this machine, JSON.
pub fn local_setting(db: &Connection, key: &str) -> Result<Option<String>> {
    let found = db
        .prepare_cached("select value from local_setting where key = :key")?
        .query_row(named_params! { ":key": key }, |row| row.get("value"))
        .optional()?;
    Ok(found)
}

/// Keeps a setting of this machine.
pub fn save_local_setting(db: &Connection, key: &str, value: &str) -> Result<()> {
    db.prepare_cached(
        "insert into local_setting (key, value) values (:key, :value)
         on conflict do update set value = excluded.value",
    )?
    .execute(named_params! { ":key": key, ":value": value })?;
    Ok(())
}
