//! Connections: how a database file is opened, keyed, tuned, migrated and looked over.
//!
//! **Invariant:** the key is the first thing a connection is told, and a file that cannot be read
//! with the right key is called damaged, not wrongly keyed.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::commit::{CommitRef, Hash, header_hash};
use crate::error::{StoreError, hex};
use crate::writer::Node;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one writer.
    Writer,
    /// One of the readers.
    Reader,
    /// A single look at a file that may be damaged, or a copy.
    Copy,
}

/// How many prepared statements a connection keeps: every statement of a product fits.
const STATEMENTS: usize = 512;

/// Opens a connection. Without a key the file is a plain one.
pub(crate) fn connect(
    path: &Path,
    key: Option<&[u8; 32]>,
    role: Role,
    create: bool,
) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let conn = Connection::open_with_flags(path, flags)?;
    if let Some(key) = key {
        let pragma = format!("pragma key = \"x'{}'\"", hex(key));
        conn.execute_batch(&pragma)?;
        // Damage is reported by us, in our words, not by the library on standard error.
        conn.execute_batch("pragma cipher_log_level = none")?;
    }
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // A statement is planned once, not again for every new value of a parameter.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.execute_batch(
        "pragma busy_timeout = 10000; pragma temp_store = memory; pragma mmap_size = 0;
         pragma foreign_keys = off; pragma trusted_schema = off;",
    )?;
    conn.execute_batch(match role {
        Role::Writer => "pragma cache_size = -65536; pragma synchronous = full;",
        Role::Reader => "pragma cache_size = -16384; pragma query_only = on;",
        Role::Copy => "pragma synchronous = full;",
    })?;
    Ok(conn)
}

/// Brings the schema up to what the program knows. Gives the versions before and after.
pub(crate) fn migrate(
    conn: &mut Connection,
    runner: &refinery::Runner,
) -> Result<(u32, u32), StoreError> {
    let before = schema(conn)?;
    let known = newest(runner);
    if before > known {
        return Err(StoreError::Newer { found: before, known });
    }
    runner.run(conn).map_err(|error| {
        let mut detail = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            detail.push_str(": ");
            detail.push_str(&inner.to_string());
            cause = inner.source();
        }
        StoreError::Migration { detail }
    })?;
    Ok((before, schema(conn)?))
}

/// The newest schema of these migrations.
pub(crate) fn newest(runner: &refinery::Runner) -> u32 {
    let versions = runner.get_migrations().iter();
    versions.filter_map(|migration| u32::try_from(migration.version()).ok()).max().unwrap_or(0)
}

/// The schema of a database; 0 for an empty one.
pub(crate) fn schema(conn: &Connection) -> Result<u32, StoreError> {
    let migrated: bool = conn.query_row(
        "select exists (select 1 from sqlite_schema where name = 'refinery_schema_history')",
        [],
        |row| row.get(0),
    )?;
    if !migrated {
        return Ok(0);
    }
    Ok(conn.query_row(
        "select coalesce(max(version), 0) from refinery_schema_history",
        [],
        |row| row.get(0),
    )?)
}

/// SQLite's check that every page can be read and every row is well formed.
pub(crate) fn quick_check(conn: &Connection) -> Result<(), StoreError> {
    no_complaints(conn, "pragma quick_check(5)")
}

/// The same, and that every index agrees with its table.
pub(crate) fn full_check(conn: &Connection) -> Result<(), StoreError> {
    no_complaints(conn, "pragma integrity_check(5)")
}

fn no_complaints(conn: &Connection, check: &str) -> Result<(), StoreError> {
    let mut statement = conn.prepare(check)?;
    let mut rows = statement.query([])?;
    let mut complaints = Vec::new();
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            complaints.push(line);
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(StoreError::damaged(complaints.join("; "))) }
}

/// Proves that the journal ends where the node says it does.
pub(crate) fn check_head(conn: &Connection) -> Result<Node, StoreError> {
    let node = Node::load(conn)?
        .ok_or_else(|| StoreError::damaged("the data does not say which terminal it is of"))?;
    let last: Option<i64> = conn.query_row(
        "select max(ctr) from sync_journal where origin = ?1",
        [node.origin],
        |row| row.get(0),
    )?;
    let last = last.unwrap_or(0).cast_unsigned();
    if last != node.ctr {
        return Err(StoreError::damaged(format!(
            "the journal ends at entry {last}, but the data says {}",
            node.ctr
        )));
    }
    if hash_at(conn, &node.head())? != Some(node.head) {
        return Err(StoreError::damaged(format!(
            "the last entry of the journal ({last}) is not the one the data was left with"
        )));
    }
    Ok(node)
}

/// The hash of the commit `head.ctr` of the origin, computed from what the journal holds; of
/// counter 0 the hash before the first.
pub(crate) fn hash_at(conn: &Connection, head: &CommitRef) -> Result<Option<Hash>, StoreError> {
    use rusqlite::OptionalExtension;
    if head.ctr == 0 {
        return Ok(Some(crate::commit::NO_HASH));
    }
    let header: Option<Vec<u8>> = conn
        .query_row(
            "select header from sync_journal where origin = ?1 and ctr = ?2",
            rusqlite::params![head.origin, head.ctr.cast_signed()],
            |row| row.get(0),
        )
        .optional()?;
    Ok(header.map(|header| header_hash(&header)))
}
