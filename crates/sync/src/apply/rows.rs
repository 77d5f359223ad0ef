//! Writing one row that comes from a commit.
//!
//! **Invariant:** the place in the log that a row has does not depend on the order in which commits
//! came: of a fact it is the first commit that holds it, of a master or draft the last.

use rusqlite::{Connection, OptionalExtension, params};

use super::ApplyError;
use crate::catalogue::{Table, columns_of, put_sql, update_sql};
use crate::clk::{Clocks, Stamp};
use crate::commit::{Op, RowChange};
use crate::error::{StoreError, hex};
use crate::row::{Class, ColumnDecl, Key, Value, ValueRef};

/// Where a commit stands: the stamp by which its writes are merged, and its place in the log, 0
/// while it has none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub stamp: Stamp,
    pub seq: u64,
}

/// What a table holds of a row beside its columns.
pub(super) struct Held {
    pub seq: u64,
    clocks: Option<Vec<u8>>,
}

pub(super) fn held(db: &Connection, table: &Table, key: &Key) -> rusqlite::Result<Option<Held>> {
    db.prepare_cached(&table.held)?
        .query_row([key], |row| {
            Ok(Held { seq: row.get::<_, i64>(0)?.cast_unsigned(), clocks: row.get(1)? })
        })
        .optional()
}

/// Writes one row as its commit says.
pub(super) fn write(
    db: &Connection,
    table: &Table,
    row: &RowChange<'_>,
    place: Place,
) -> Result<(), ApplyError> {
    match row.op {
        Op::Insert => put(db, table, &row.columns, row.scope, None, place.seq).map(|_| ()),
        Op::Create => create(db, table, row, place),
        Op::Patch => patch(db, table, row, place),
        Op::Save => save(db, table, row, place),
        Op::Drop => drop_row(db, table, row, place),
    }
}

/// Whether these are exactly the columns, in order: then the ready statement fits.
fn is_whole<'a>(
    values: &[(u16, ValueRef<'_>)],
    mut columns: impl Iterator<Item = &'a ColumnDecl>,
) -> bool {
    values.iter().all(|(tag, _)| columns.next().is_some_and(|column| column.tag == *tag))
        && columns.next().is_none()
}

/// Takes a row with [`put_sql`]. Gives whether anything changed.
fn put(
    db: &Connection,
    table: &Table,
    columns: &[(u16, ValueRef<'_>)],
    scope: u32,
    clock: Option<&[u8]>,
    seq: u64,
) -> Result<bool, ApplyError> {
    let made;
    let sql = if is_whole(columns, table.decl.columns.iter()) {
        &table.put
    } else {
        // An older version wrote it: the columns it did not know take their defaults.
        let known = columns.iter().filter_map(|(tag, _)| table.column(*tag));
        let names: Vec<&str> = known.map(|(_, column)| column.name).collect();
        made = put_sql(table.decl, &names);
        &made
    };
    let mut statement = db.prepare_cached(sql)?;
    let mut n = 0;
    let known = columns.iter().filter(|(tag, _)| table.column(*tag).is_some());
    for (_, value) in known {
        n += 1;
        statement.raw_bind_parameter(n, value)?;
    }
    statement.raw_bind_parameter(n + 1, scope)?;
    if let Some(clock) = clock {
        n += 1;
        statement.raw_bind_parameter(n + 1, clock)?;
    }
    statement.raw_bind_parameter(n + 2, seq.cast_signed())?;
    Ok(statement.raw_execute()? > 0)
}

/// Takes a row of owned values with everything that belongs to it.
pub(crate) fn put_values(
    db: &Connection,
    table: &Table,
    columns: &[(u16, Value)],
    scope: u32,
    clock: Option<&[u8]>,
    seq: u64,
) -> Result<bool, ApplyError> {
    let columns: Vec<_> = columns.iter().map(|(tag, value)| (*tag, value.as_ref())).collect();
    put(db, table, &columns, scope, clock, seq)
}

/// The numbered values of a row of a query that begins with the columns of the table.
pub(crate) fn values_of(
    table: &Table,
    row: &rusqlite::Row<'_>,
) -> Result<Vec<(u16, Value)>, StoreError> {
    let mut values = Vec::with_capacity(table.decl.columns.len());
    for (i, column) in table.decl.columns.iter().enumerate() {
        let value = ValueRef::try_from(row.get_ref(i)?)
            .map_err(|error| StoreError::codec("a stored value", error))?;
        values.push((column.tag, value.to_value()));
    }
    Ok(values)
}

fn clocks(db: &Connection, table: &Table, key: &Key) -> Result<Clocks, ApplyError> {
    let Some(held) = held(db, table, key)? else {
        let why = format!("{} holds no row {}", table.decl.name, hex(key));
        return Err(ApplyError::Lacks(why));
    };
    Ok(Clocks::unpack(&held.clocks.unwrap_or_default())?)
}

fn create(
    db: &Connection,
    table: &Table,
    row: &RowChange<'_>,
    place: Place,
) -> Result<(), ApplyError> {
    let created = Clocks::created(place.stamp);
    if put(db, table, &row.columns, row.scope, Some(&created.pack()), place.seq)? {
        return Ok(());
    }
    let held = clocks(db, table, &row.key)?;
    let merged = held.merge(&created);
    for group in table.decl.groups {
        if held.of(group.tag) > Some(place.stamp) {
            continue;
        }
        let members: Vec<u16> = columns_of(table.decl, group.tag).map(|c| c.tag).collect();
        let of_group: Vec<_> =
            row.columns.iter().filter(|(tag, _)| members.contains(tag)).copied().collect();
        update(db, table, row, group.tag, &of_group, &merged)?;
    }
    touch(db, table, &row.key, place.seq)
}

fn patch(
    db: &Connection,
    table: &Table,
    row: &RowChange<'_>,
    place: Place,
) -> Result<(), ApplyError> {
    let mut clocks = clocks(db, table, &row.key)?;
    if clocks.write(row.group, place.stamp) {
        update(db, table, row, row.group, &row.columns, &clocks)?;
    }
    touch(db, table, &row.key, place.seq)
}

fn update(
    db: &Connection,
    table: &Table,
    row: &RowChange<'_>,
    group: u8,
    columns: &[(u16, ValueRef<'_>)],
    clocks: &Clocks,
) -> Result<(), ApplyError> {
    let made;
    let sql = match table.update_group.get(&group) {
        Some(sql) if is_whole(columns, columns_of(table.decl, group)) => sql,
        _ => {
            let known = columns.iter().filter_map(|(tag, _)| table.column(*tag));
            let names: Vec<&str> = known.map(|(_, column)| column.name).collect();
            made = update_sql(table.decl, &names);
            &made
        }
    };
    let mut statement = db.prepare_cached(sql)?;
    statement.raw_bind_parameter(1, row.key)?;
    statement.raw_bind_parameter(2, clocks.pack())?;
    statement.raw_bind_parameter(3, 0)?;
    for (n, (_, value)) in columns.iter().enumerate() {
        statement.raw_bind_parameter(n + 4, value)?;
    }
    statement.raw_execute()?;
    Ok(())
}

/// Also a write that lost has touched the row.
fn touch(db: &Connection, table: &Table, key: &Key, seq: u64) -> Result<(), ApplyError> {
    if seq > 0 {
        db.prepare_cached(&table.touch)?.execute(params![key, seq.cast_signed()])?;
    }
    Ok(())
}

/// Whether the row already says what comes later in the log.
fn is_past(held: Option<&Held>, place: Place) -> bool {
    place.seq > 0 && held.is_some_and(|held| held.seq >= place.seq)
}

fn save(
    db: &Connection,
    table: &Table,
    row: &RowChange<'_>,
    place: Place,
) -> Result<(), ApplyError> {
    let held = held(db, table, &row.key)?;
    if is_past(held.as_ref(), place) {
        return Ok(());
    }
    let seq = held.map_or(0, |held| held.seq).max(place.seq);
    if !is_whole(&row.columns, table.decl.columns.iter()) {
        db.prepare_cached(&table.delete)?.execute([row.key])?;
    }
    put(db, table, &row.columns, row.scope, None, seq).map(|_| ())
}

fn drop_row(
    db: &Connection,
    table: &Table,
    row: &RowChange<'_>,
    place: Place,
) -> Result<(), ApplyError> {
    debug_assert_eq!(table.decl.class, Class::Draft);
    if !is_past(held(db, table, &row.key)?.as_ref(), place) {
        db.prepare_cached(&table.delete)?.execute([row.key])?;
    }
    Ok(())
}
