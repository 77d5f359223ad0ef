//! How the log speaks to PostgreSQL: prepared statements, and columns as our own types.
//!
//! **Invariant:** every statement is text of ours; values travel as parameters only.

use deadpool_postgres::GenericClient;
use lumbung_sync::protocol::{At, Carried};
use lumbung_sync::{Hash, Key};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::log::{LogError, Told};

pub(super) type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

pub(super) async fn all<C: GenericClient>(db: &C, sql: &str, values: Values<'_>) -> Told<Vec<Row>> {
    let statement = db.prepare_cached(sql).await?;
    Ok(db.query(&statement, values).await?)
}

pub(super) async fn one<C: GenericClient>(
    db: &C,
    sql: &str,
    values: Values<'_>,
) -> Told<Option<Row>> {
    let statement = db.prepare_cached(sql).await?;
    Ok(db.query_opt(&statement, values).await?)
}

/// How many rows were written.
pub(super) async fn write<C: GenericClient>(db: &C, sql: &str, values: Values<'_>) -> Told<u64> {
    let statement = db.prepare_cached(sql).await?;
    Ok(db.execute(&statement, values).await?)
}

/// As PostgreSQL keeps it.
pub(super) fn int(number: u64) -> Told<i64> {
    i64::try_from(number).map_err(|_| LogError::damaged(format!("{number} is too large")))
}

pub(super) fn small(number: u32) -> Told<i32> {
    i32::try_from(number).map_err(|_| LogError::damaged(format!("{number} is too large")))
}

pub(super) fn smalls(numbers: &[u32]) -> Told<Vec<i32>> {
    numbers.iter().map(|number| small(*number)).collect()
}

/// As PostgreSQL keeps text: it knows no zero character.
pub(super) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

pub(super) fn id(key: &Key) -> Uuid {
    Uuid::from_bytes(*key)
}

pub(super) fn ids(keys: &[Key]) -> Vec<Uuid> {
    keys.iter().map(id).collect()
}

pub(super) fn key(row: &Row, column: &str) -> Told<Key> {
    Ok(row.try_get::<_, Uuid>(column)?.into_bytes())
}

pub(super) fn maybe_key(row: &Row, column: &str) -> Told<Option<Key>> {
    Ok(row.try_get::<_, Option<Uuid>>(column)?.map(Uuid::into_bytes))
}

pub(super) fn hash(row: &Row, column: &str) -> Told<Hash> {
    let bytes: &[u8] = row.try_get(column)?;
    Hash::try_from(bytes).map_err(|_| LogError::damaged(format!("{column} is no hash")))
}

pub(super) fn long(row: &Row, column: &str) -> Told<u64> {
    let number: i64 = row.try_get(column)?;
    u64::try_from(number).map_err(|_| LogError::damaged(format!("{column} is {number}")))
}

pub(super) fn short(row: &Row, column: &str) -> Told<u32> {
    let number: i32 = row.try_get(column)?;
    u32::try_from(number).map_err(|_| LogError::damaged(format!("{column} is {number}")))
}

pub(super) fn shorts(row: &Row, column: &str) -> Told<Vec<u32>> {
    let numbers: Vec<i32> = row.try_get(column)?;
    let number = |number: i32| {
        u32::try_from(number).map_err(|_| LogError::damaged(format!("{column} has {number}")))
    };
    numbers.into_iter().map(number).collect()
}

pub(super) fn at(row: &Row, ctr: &str, of: &str) -> Told<At> {
    Ok(At { ctr: long(row, ctr)?, hash: hash(row, of)? })
}

pub(super) fn carried(row: &Row) -> Told<Carried> {
    Ok(Carried {
        header: row.try_get("header")?,
        body: row.try_get("body")?,
        sig: row.try_get("sig")?,
    })
}
