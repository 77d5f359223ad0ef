//! Applying a commit that another store made, or this one before it was damaged.
//!
//! Facts are a union: a row that is there already is left alone. Groups of masters go to the
//! greater stamp, in whatever order they come. A commit that cannot be applied, for it speaks of a
//! table or column this version does not know, is kept whole and reported; it never stops the rest.
//!
//! **Invariant:** applying what a store wrote gives, byte for byte, the rows that store has.

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use crate::audit;
use crate::catalogue::{Catalogue, Table, columns_of};
use crate::clk::{Clocks, Stamp};
use crate::commit::{Body, Header, Op, RowChange, Sealed, unpack};
use crate::error::{StoreError, hex};
use crate::row::{Class, ColumnDecl, ValueRef};

/// Why a commit was not applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApplyError {
    /// This version cannot; the commit is to be deferred.
    #[error("{0}")]
    Deferred(String),
    /// The store cannot.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for ApplyError {
    fn from(error: rusqlite::Error) -> ApplyError {
        match error.sqlite_error_code() {
            // The row does not fit the table of this version.
            Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch) => {
                ApplyError::Deferred(error.to_string())
            }
            _ => ApplyError::Store(error.into()),
        }
    }
}

/// Applies the rows of a commit inside a savepoint: all of them or none.
pub(crate) fn apply(
    db: &Connection,
    catalogue: &Catalogue,
    header: &Header,
    body: &Body<'_>,
    stamp: Stamp,
) -> Result<(), ApplyError> {
    db.prepare_cached("savepoint one_commit")?.execute([])?;
    let applied = body.rows.iter().try_for_each(|row| {
        let table = known(catalogue, row)?;
        match row.op {
            Op::Insert => insert(db, table, row, None).map(|_| ())?,
            Op::Create => create(db, table, row, stamp)?,
            Op::Patch => patch(db, table, row, stamp)?,
            Op::Save => save(db, table, row)?,
            Op::Drop => drop_row(db, table, row)?,
        }
        note(db, table, header, stamp, row)
    });
    if applied.is_err() {
        db.prepare_cached("rollback to one_commit")?.execute([])?;
    }
    db.prepare_cached("release one_commit")?.execute([])?;
    applied
}

/// Keeps a commit that could not be applied until a version comes that can.
pub(crate) fn defer(
    db: &Connection,
    header: &Header,
    sealed: &Sealed,
    reason: &str,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or ignore into sync_deferred (origin, ctr, reason, header, body, hash, sig)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        header.origin,
        header.ctr.cast_signed(),
        reason,
        sealed.header,
        sealed.body,
        sealed.hash,
        sealed.sig,
    ])?;
    Ok(())
}

/// Tries the commits that waited again, in order, as after an upgrade. Gives how many applied.
pub(crate) fn retry_deferred(db: &Connection, catalogue: &Catalogue) -> Result<u64, StoreError> {
    let mut waiting: Vec<(i64, Vec<u8>, Vec<u8>)> = Vec::new();
    {
        let mut statement =
            db.prepare("select deferred_id, header, body from sync_deferred order by deferred_id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            waiting.push((row.get(0)?, row.get(1)?, row.get(2)?));
        }
    }
    let mut applied = 0;
    for (id, header, body) in waiting {
        let header = Header::decode(&header)?;
        let plain = unpack(&body)?;
        let Ok(body) = Body::decode(&plain) else { continue };
        let stamp = Stamp { stamp: header.hlc, origin: header.origin, ctr: header.ctr };
        match apply(db, catalogue, &header, &body, stamp) {
            Ok(()) => {
                db.execute("delete from sync_deferred where deferred_id = ?1", [id])?;
                applied += 1;
            }
            Err(ApplyError::Deferred(_)) => {}
            Err(ApplyError::Store(error)) => return Err(error),
        }
    }
    Ok(applied)
}

/// The table of a row, if this version knows it, its columns and what was done to it.
fn known<'a>(catalogue: &'a Catalogue, row: &RowChange<'_>) -> Result<&'a Table, ApplyError> {
    let Some(table) = catalogue.by_tag(row.table) else {
        return Err(ApplyError::Deferred(format!("table number {} is not known", row.table)));
    };
    let name = table.decl.name;
    let fits = matches!(
        (table.decl.class, row.op),
        (Class::Fact, Op::Insert)
            | (Class::Master, Op::Create | Op::Patch)
            | (Class::Draft, Op::Save | Op::Drop)
    );
    if !fits {
        return Err(ApplyError::Deferred(format!("{:?} is not possible in {name}", row.op)));
    }
    for (tag, _) in &row.columns {
        let Some((i, column)) = table.column(*tag) else {
            return Err(ApplyError::Deferred(format!("{name} has no column number {tag}")));
        };
        if row.op == Op::Patch && (i == 0 || column.group != row.group) {
            let why = format!("{name}.{} is not of group {}", column.name, row.group);
            return Err(ApplyError::Deferred(why));
        }
    }
    if row.op == Op::Patch && !table.update_group.contains_key(&row.group) {
        return Err(ApplyError::Deferred(format!("{name} has no group number {}", row.group)));
    }
    Ok(table)
}

/// Whether the row has exactly these columns, in order: then the ready statement fits.
fn is_whole<'a>(row: &RowChange<'_>, mut columns: impl Iterator<Item = &'a ColumnDecl>) -> bool {
    row.columns.iter().all(|(tag, _)| columns.next().is_some_and(|column| column.tag == *tag))
        && columns.next().is_none()
}

/// Inserts unless the key is there. Gives whether it did.
fn insert(
    db: &Connection,
    table: &Table,
    row: &RowChange<'_>,
    clock: Option<&[u8]>,
) -> Result<bool, ApplyError> {
    let made;
    let sql = if is_whole(row, table.decl.columns.iter()) {
        &table.insert_or_ignore
    } else {
        // An older version wrote it: the columns it did not know take their defaults.
        made = insert_some(table, row);
        &made
    };
    let mut statement = db.prepare_cached(sql)?;
    for (n, (_, value)) in row.columns.iter().enumerate() {
        statement.raw_bind_parameter(n + 1, value)?;
    }
    let n = row.columns.len();
    statement.raw_bind_parameter(n + 1, row.scope)?;
    if let Some(clock) = clock {
        statement.raw_bind_parameter(n + 2, clock)?;
    }
    Ok(statement.raw_execute()? > 0)
}

fn insert_some(table: &Table, row: &RowChange<'_>) -> String {
    let key = table.decl.columns[0].name;
    let columns = row.columns.iter().filter_map(|(tag, _)| table.column(*tag));
    let mut names: Vec<&str> = columns.map(|(_, column)| column.name).collect();
    names.push("scope");
    if table.decl.class == Class::Master {
        names.push("_clk");
    }
    let holes: Vec<String> = (1..=names.len()).map(|n| format!("?{n}")).collect();
    format!(
        "insert into {} ({}) values ({}) on conflict({key}) do nothing",
        table.decl.name,
        names.join(", "),
        holes.join(", ")
    )
}

fn clocks(db: &Connection, table: &Table, row: &RowChange<'_>) -> Result<Clocks, ApplyError> {
    let at = table.decl.columns.len() + 1;
    let packed: Option<Vec<u8>> =
        db.prepare_cached(&table.select)?.query_row([row.key], |found| found.get(at)).optional()?;
    let Some(packed) = packed else {
        let why = format!("{} holds no row {}", table.decl.name, hex(&row.key));
        return Err(ApplyError::Deferred(why));
    };
    Ok(Clocks::unpack(&packed)?)
}

fn create(
    db: &Connection,
    table: &Table,
    row: &RowChange<'_>,
    stamp: Stamp,
) -> Result<(), ApplyError> {
    let created = Clocks::created(stamp);
    if insert(db, table, row, Some(&created.pack()))? {
        return Ok(());
    }
    let held = clocks(db, table, row)?;
    let merged = held.merge(&created);
    for group in table.decl.groups {
        if held.of(group.tag) > Some(stamp) {
            continue;
        }
        let members: Vec<u16> = columns_of(table.decl, group.tag).map(|c| c.tag).collect();
        let of_group: Vec<_> =
            row.columns.iter().filter(|(tag, _)| members.contains(tag)).copied().collect();
        update(db, table, row, group.tag, &of_group, &merged)?;
    }
    Ok(())
}

fn patch(
    db: &Connection,
    table: &Table,
    row: &RowChange<'_>,
    stamp: Stamp,
) -> Result<(), ApplyError> {
    let mut clocks = clocks(db, table, row)?;
    if clocks.write(row.group, stamp) {
        update(db, table, row, row.group, &row.columns, &clocks)?;
    }
    Ok(())
}

fn update(
    db: &Connection,
    table: &Table,
    row: &RowChange<'_>,
    group: u8,
    columns: &[(u16, ValueRef<'_>)],
    clocks: &Clocks,
) -> Result<(), ApplyError> {
    let whole = columns_of(table.decl, group).map(|column| column.tag);
    let made;
    let sql = match table.update_group.get(&group) {
        Some(sql) if whole.eq(columns.iter().map(|(tag, _)| *tag)) => sql,
        _ => {
            made = update_some(table, columns);
            &made
        }
    };
    let mut statement = db.prepare_cached(sql)?;
    statement.raw_bind_parameter(1, row.key)?;
    statement.raw_bind_parameter(2, clocks.pack())?;
    for (n, (_, value)) in columns.iter().enumerate() {
        statement.raw_bind_parameter(n + 3, value)?;
    }
    statement.raw_execute()?;
    Ok(())
}

fn update_some(table: &Table, columns: &[(u16, ValueRef<'_>)]) -> String {
    let mut sets = vec!["_clk = ?2".to_owned()];
    let known = columns.iter().filter_map(|(tag, _)| table.column(*tag));
    sets.extend(known.enumerate().map(|(n, (_, column))| format!("{} = ?{}", column.name, n + 3)));
    let key = table.decl.columns[0].name;
    format!("update {} set {} where {key} = ?1", table.decl.name, sets.join(", "))
}

fn save(db: &Connection, table: &Table, row: &RowChange<'_>) -> Result<(), ApplyError> {
    if !is_whole(row, table.decl.columns.iter()) {
        db.prepare_cached(&table.delete)?.execute([row.key])?;
        insert(db, table, row, None)?;
        return Ok(());
    }
    let mut statement = db.prepare_cached(&table.upsert)?;
    for (n, (_, value)) in row.columns.iter().enumerate() {
        statement.raw_bind_parameter(n + 1, value)?;
    }
    statement.raw_bind_parameter(row.columns.len() + 1, row.scope)?;
    statement.raw_execute()?;
    Ok(())
}

fn drop_row(db: &Connection, table: &Table, row: &RowChange<'_>) -> Result<(), ApplyError> {
    db.prepare_cached(&table.delete)?.execute(params![row.key])?;
    Ok(())
}

/// The audit trail of a change, as the store that made it noted it.
fn note(
    db: &Connection,
    table: &Table,
    header: &Header,
    stamp: Stamp,
    row: &RowChange<'_>,
) -> Result<(), ApplyError> {
    let group = match row.op {
        Op::Insert => return Ok(()),
        Op::Create => "created",
        Op::Patch => table.group_name(row.group),
        Op::Save => "saved",
        Op::Drop => "dropped",
    };
    let json = |columns: &[(u16, ValueRef<'_>)]| {
        let named = columns.iter().filter_map(|(tag, value)| {
            let (i, column) = table.column(*tag)?;
            (i > 0).then_some((column.name, *value))
        });
        (!columns.is_empty()).then(|| audit::json(named))
    };
    let of = audit::Of {
        origin: &stamp.origin,
        ctr: stamp.ctr,
        at_ms: header.at_ms,
        user: header.user.as_ref(),
        kind: &header.kind,
    };
    let change = audit::Change {
        table: table.decl.name,
        key: &row.key,
        group,
        before: json(&row.before),
        after: json(&row.columns),
    };
    Ok(audit::note(db, &of, &change)?)
}
