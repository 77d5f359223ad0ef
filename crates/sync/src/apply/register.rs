//! The second register: what the log says of a row that this store has changed meanwhile.
//!
//! The visible row is the confirmed one with this store's waiting edits on top, each by its own
//! clock. While edits wait, the confirmed row is kept beside it: in `sync_register`, or nowhere
//! where it is not there at all.
//!
//! **Invariant:** edits of a row wait only if its place in the log is 0, or the register holds it,
//! or it is a draft that is not there.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension, params};

use super::rows::{self, Place};
use super::{ApplyError, put_values, values_of};
use crate::catalogue::Table;
use crate::clk::Stamp;
use crate::commit::{Body, Origin, RowChange, unpack};
use crate::error::StoreError;
use crate::row::{Class, Key, Value};

pub(crate) fn exists(db: &Connection, table: &Table, key: &Key) -> rusqlite::Result<bool> {
    db.prepare_cached("select 1 from sync_register where tbl = ?1 and row = ?2")?
        .exists(params![table.decl.tag, key])
}

/// Before this store changes a row: keeps it as the confirmed one, if it is.
pub(crate) fn keep(db: &Connection, table: &Table, key: &Key) -> Result<(), StoreError> {
    let confirmed = rows::held(db, table, key)?.is_some_and(|held| held.seq > 0);
    if confirmed && !exists(db, table, key)? { save(db, table, key) } else { Ok(()) }
}

/// Takes the row in the table for the confirmed one.
pub(super) fn save(db: &Connection, table: &Table, key: &Key) -> Result<(), StoreError> {
    let Some(image) = image(db, table, key)? else { return forget(db, table, key) };
    let values = postcard::to_stdvec(&image.columns)
        .map_err(|error| StoreError::codec("a register", error))?;
    db.prepare_cached(
        "insert or replace into sync_register (tbl, row, seq, scope, clk, columns)
         values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        table.decl.tag,
        key,
        image.seq.cast_signed(),
        image.scope,
        image.clock,
        values
    ])?;
    Ok(())
}

/// The row in the table, with everything that belongs to it.
fn image(db: &Connection, table: &Table, key: &Key) -> Result<Option<Kept>, StoreError> {
    image_by(db, table, key, &table.select)
}

/// The same of one of the attached databases.
pub(crate) fn image_in(
    db: &Connection,
    schema: &str,
    table: &Table,
    key: &Key,
) -> Result<Option<Kept>, StoreError> {
    let name = table.decl.name;
    let sql = table.select.replacen(&format!("from {name}"), &format!("from {schema}.{name}"), 1);
    image_by(db, table, key, &sql)
}

fn image_by(
    db: &Connection,
    table: &Table,
    key: &Key,
    select: &str,
) -> Result<Option<Kept>, StoreError> {
    let width = table.decl.columns.len();
    let master = table.decl.class == Class::Master;
    let mut statement = db.prepare_cached(select)?;
    let mut found = statement.query([key])?;
    let Some(row) = found.next()? else { return Ok(None) };
    Ok(Some(Kept {
        seq: row.get::<_, i64>(width + 1 + usize::from(master))?.cast_unsigned(),
        scope: row.get(width)?,
        clock: if master { row.get(width + 1)? } else { None },
        columns: values_of(table, row)?,
    }))
}

/// The row as the log has it, as far as this store has read it.
pub(crate) fn confirmed(
    db: &Connection,
    table: &Table,
    key: &Key,
) -> Result<Option<Kept>, StoreError> {
    match kept(db, table.decl.tag, key)? {
        Some(kept) => Ok(Some(kept)),
        None => Ok(image(db, table, key)?.filter(|image| image.seq > 0)),
    }
}

/// Nothing waits for the row any more.
pub(super) fn forget(db: &Connection, table: &Table, key: &Key) -> Result<(), StoreError> {
    db.prepare_cached("delete from sync_register where tbl = ?1 and row = ?2")?
        .execute(params![table.decl.tag, key])?;
    Ok(())
}

/// A confirmed row that is kept beside the visible one.
pub(crate) struct Kept {
    pub seq: u64,
    pub scope: u32,
    pub clock: Option<Vec<u8>>,
    pub columns: Vec<(u16, Value)>,
}

/// What the register holds of a row.
pub(crate) fn kept(db: &Connection, tag: u16, key: &Key) -> Result<Option<Kept>, StoreError> {
    let found = db
        .prepare_cached(
            "select seq, scope, clk, columns from sync_register where tbl = ?1 and row = ?2",
        )?
        .query_row(params![tag, key], |row| {
            let seq = row.get::<_, i64>(0)?.cast_unsigned();
            Ok((seq, row.get(1)?, row.get(2)?, row.get::<_, Vec<u8>>(3)?))
        })
        .optional()?;
    let Some((seq, scope, clock, columns)) = found else { return Ok(None) };
    let columns =
        postcard::from_bytes(&columns).map_err(|error| StoreError::codec("a register", error))?;
    Ok(Some(Kept { seq, scope, clock, columns }))
}

/// Makes the row in the table the confirmed one.
pub(super) fn put_back(db: &Connection, table: &Table, key: &Key) -> Result<(), ApplyError> {
    match kept(db, table.decl.tag, key)? {
        Some(kept) => {
            db.prepare_cached(&table.delete)?.execute([key])?;
            let clock = kept.clock.as_deref();
            put_values(db, table, &kept.columns, kept.scope, clock, kept.seq)?;
        }
        None => {
            if rows::held(db, table, key)?.is_some_and(|held| held.seq == 0) {
                db.prepare_cached(&table.delete)?.execute([key])?;
            }
        }
    }
    Ok(())
}

/// The waiting edits, with the bodies they are in.
#[derive(Default)]
pub(super) struct Pending {
    bodies: HashMap<(Origin, u64), Rc<Rows>>,
}

/// A body, and where each row is in it: a commit of thousands of rows is read once.
struct Rows {
    plain: Vec<u8>,
    at: HashMap<(u16, Key), Vec<Range<usize>>>,
}

/// What one waiting commit does to a row.
pub(super) struct Edit {
    rows: Rc<Rows>,
    stamp: Stamp,
}

impl Edit {
    /// Hands each change of the row to `f`, in order.
    pub fn each(
        &self,
        tag: u16,
        key: &Key,
        f: &mut dyn FnMut(&RowChange<'_>, Place) -> Result<(), ApplyError>,
    ) -> Result<(), ApplyError> {
        for range in self.rows.at.get(&(tag, *key)).into_iter().flatten() {
            let bytes = self.rows.plain.get(range.clone()).unwrap_or_default();
            let change: RowChange<'_> = postcard::from_bytes(bytes)
                .map_err(|error| StoreError::codec("a waiting change", error))?;
            f(&change, Place { stamp: self.stamp, seq: 0 })?;
        }
        Ok(())
    }
}

const WAITING: &str = "
    select j.origin, j.ctr, j.hlc
    from (select distinct origin, ctr from audit_change where tbl = ?1 and key = ?2) a
    cross join sync_journal j on j.origin = a.origin and j.ctr = a.ctr
    where j.stamp is null and not exists
        (select 1 from sync_reissue r where r.origin = j.origin and r.ctr = j.ctr)
    order by j.hlc, j.journal_id";

impl Pending {
    /// Whether nothing waits for the row.
    pub fn none(&self, db: &Connection, table: &Table, key: &Key) -> rusqlite::Result<bool> {
        Ok(!db.prepare_cached(WAITING)?.exists(params![table.decl.name, key])?)
    }

    /// What waits for the row, in the order it was done.
    pub fn of(
        &mut self,
        db: &Connection,
        table: &Table,
        key: &Key,
    ) -> Result<Vec<Edit>, StoreError> {
        let mut statement = db.prepare_cached(WAITING)?;
        let mut found = statement.query(params![table.decl.name, key])?;
        let mut edits = Vec::new();
        while let Some(row) = found.next()? {
            let (origin, ctr) = (row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned());
            let stamp = Stamp { stamp: row.get::<_, i64>(2)?.cast_unsigned(), origin, ctr };
            edits.push(Edit { rows: self.body(db, origin, ctr)?, stamp });
        }
        Ok(edits)
    }

    fn body(&mut self, db: &Connection, origin: Origin, ctr: u64) -> Result<Rc<Rows>, StoreError> {
        if let Some(rows) = self.bodies.get(&(origin, ctr)) {
            return Ok(Rc::clone(rows));
        }
        let stored: Vec<u8> = db
            .prepare_cached("select body from sync_journal where origin = ?1 and ctr = ?2")?
            .query_row(params![origin, ctr.cast_signed()], |row| row.get(0))?;
        let plain = unpack(&stored)?;
        let mut at: HashMap<_, Vec<_>> = HashMap::new();
        for (tag, key, range) in Body::places(&plain)? {
            at.entry((tag, key)).or_default().push(range);
        }
        let rows = Rc::new(Rows { plain, at });
        self.bodies.insert((origin, ctr), Rc::clone(&rows));
        Ok(rows)
    }
}
