//! What the log has lost and only this store still has, as commits of this store.
//!
//! A fact is inserted again under its own key. An edit of a master is written again with the clock
//! it had, so that it loses to whatever it had lost to.
//!
//! **Invariant:** what is in the journal already is not written again.

use std::collections::BTreeMap;

use chrono::DateTime;
use rusqlite::{Connection, params};

use crate::apply::register::{self, Kept};
use crate::audit;
use crate::catalogue::{Table, columns_of};
use crate::clk::{Clocks, Stamp};
use crate::clock::Hlc;
use crate::commit::{Body, CommitRef, Op, RowChange};
use crate::error::StoreError;
use crate::row::{Key, Value, ValueRef};
use crate::store::Store;
use crate::writer::{About, Open};

/// The kind of these commits.
const KIND: &str = "sys.salvage";

/// A master as the log had it.
pub(super) struct Lost<'a> {
    pub table: &'static Table,
    pub key: Key,
    pub confirmed: &'a Kept,
}

/// One row of a commit to be written.
struct Row {
    table: &'static Table,
    op: Op,
    key: Key,
    scope: u32,
    group: u8,
    columns: Vec<(u16, Value)>,
}

/// Rows to be written, by the clock they had.
#[derive(Default)]
pub(super) struct Salvage {
    rows: BTreeMap<u64, Vec<Row>>,
}

impl Salvage {
    /// A fact that is in the table.
    pub fn fact(
        &mut self,
        db: &Connection,
        table: &'static Table,
        key: &Key,
        hlc: Hlc,
    ) -> Result<(), StoreError> {
        let Some(image) = register::image_in(db, "main", table, key)? else { return Ok(()) };
        let Kept { scope, columns, .. } = image;
        let row = Row { table, op: Op::Insert, key: *key, scope, group: 0, columns };
        self.rows.entry(hlc.bits()).or_default().push(row);
        Ok(())
    }

    /// The groups of a master that were written after what the snapshot says.
    pub fn edits(
        &mut self,
        db: &Connection,
        lost: &Lost<'_>,
        theirs: Option<&Kept>,
    ) -> Result<(), StoreError> {
        let clocks_of = |image: &Kept| Clocks::unpack(image.clock.as_deref().unwrap_or_default());
        let ours = clocks_of(lost.confirmed)?;
        let theirs = theirs.map(clocks_of).transpose()?;
        let mut made = None;
        if theirs.is_none()
            && let Some(created) = ours.of(0)
        {
            made = Some(created);
            if !in_journal(db, &created)? {
                self.put(lost, created, Op::Create, 0, lost.confirmed.columns.clone());
            }
        }
        for group in lost.table.decl.groups {
            let Some(written) = ours.of(group.tag) else { continue };
            let known = theirs.as_ref().and_then(|theirs| theirs.of(group.tag)).max(made);
            if Some(written) <= known || in_journal(db, &written)? {
                continue;
            }
            let members: Vec<u16> =
                columns_of(lost.table.decl, group.tag).map(|column| column.tag).collect();
            let columns = lost.confirmed.columns.iter();
            let columns = columns.filter(|(tag, _)| members.contains(tag)).cloned().collect();
            self.put(lost, written, Op::Patch, group.tag, columns);
        }
        Ok(())
    }

    fn put(
        &mut self,
        lost: &Lost<'_>,
        stamp: Stamp,
        op: Op,
        group: u8,
        columns: Vec<(u16, Value)>,
    ) {
        let (table, key, scope) = (lost.table, lost.key, lost.confirmed.scope);
        let row = Row { table, op, key, scope, group, columns };
        self.rows.entry(stamp.stamp).or_default().push(row);
    }

    /// Writes the commits into the journal, with their trail. Gives the last of them.
    pub fn write(
        self,
        store: &Store,
        open: &mut Open<'_>,
    ) -> Result<Option<CommitRef>, StoreError> {
        let at_ms = (store.clock)();
        let business_date = DateTime::from_timestamp_millis(at_ms).unwrap_or_default().date_naive();
        let about = About {
            kind: KIND,
            schema: store.schema,
            user: None,
            business_date,
            offset_min: 0,
            at_ms,
            reason: None,
            reissue_of: None,
        };
        let mut head = None;
        for (stamp, rows) in &self.rows {
            let changes: Vec<RowChange<'_>> = rows.iter().map(Row::change).collect();
            let mut scopes: Vec<u32> = rows.iter().map(|row| row.scope).collect();
            scopes.sort_unstable();
            scopes.dedup();
            let plain = Body { version: Body::VERSION, rows: changes }.encode()?;
            let hlc = Hlc::from_bits(*stamp);
            let (_, _, made) = open.writer.chain(&about, hlc, scopes, &plain)?;
            open.writer.moved_to(&made);
            for row in rows {
                note(&open.writer.conn, &made, at_ms, row)?;
            }
            head = Some(made);
        }
        Ok(head)
    }
}

impl Row {
    fn change(&self) -> RowChange<'_> {
        RowChange {
            table: self.table.decl.tag,
            op: self.op,
            key: self.key,
            scope: self.scope,
            group: self.group,
            columns: self.columns.iter().map(|(tag, value)| (*tag, value.as_ref())).collect(),
            before: Vec::new(),
        }
    }
}

/// By its trail an edit of a master is found as one that waits.
fn note(db: &Connection, made: &CommitRef, at_ms: i64, row: &Row) -> Result<(), StoreError> {
    if row.op == Op::Insert {
        return Ok(());
    }
    let named = row.columns.iter().filter_map(|(tag, value)| {
        let (i, column) = row.table.column(*tag)?;
        let value: ValueRef<'_> = value.as_ref();
        (i > 0).then_some((column.name, value))
    });
    let of = audit::Of { origin: &made.origin, ctr: made.ctr, at_ms, user: None, kind: KIND };
    let change = audit::Change {
        table: row.table.decl.name,
        key: &row.key,
        group: if row.op == Op::Create { "created" } else { row.table.group_name(row.group) },
        before: None,
        after: Some(audit::json(named)),
    };
    Ok(audit::note(db, &of, &change)?)
}

/// Whether the journal holds this write, so that it will come to the log by itself.
fn in_journal(db: &Connection, stamp: &Stamp) -> Result<bool, StoreError> {
    let mut statement =
        db.prepare_cached("select 1 from sync_journal where origin = ?1 and ctr = ?2")?;
    Ok(statement.exists(params![stamp.origin, stamp.ctr.cast_signed()])?)
}
