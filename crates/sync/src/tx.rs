//! `Tx`: one business action while it happens.
//!
//! Every change of a synced table goes through here and is emitted into the commit in the same
//! breath. Facts are inserted, masters made and patched by group, drafts saved and dropped; there
//! is nothing else.
//!
//! **Invariant:** a change that was refused left nothing in the commit.

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use crate::apply::register;
use crate::audit;
use crate::catalogue::{Catalogue, Table};
use crate::clk::Clocks;
use crate::clock::Hlc;
use crate::column::{ById, Plain};
use crate::commit::{Op, Origin};
use crate::config::WriteCtx;
use crate::error::{StoreError, hex};
use crate::row::{
    Class, Draft, Fact, Group, Key, Master, ScopeRule, Synced, TableDecl, Value, ValueRef,
};
use crate::writer::{About, Emitted, Writer};

/// What names a row: an id or sixteen bytes. `Kind` is found by the compiler.
pub trait RowKey<Kind> {
    /// The sixteen bytes.
    fn row_key(self) -> Key;
}

impl RowKey<Plain> for Key {
    fn row_key(self) -> Key {
        self
    }
}

impl<T: lumbung_domain::ids::Id> RowKey<ById> for T {
    fn row_key(self) -> Key {
        self.bytes()
    }
}

/// A row with what the store keeps beside it.
struct Loaded<T> {
    row: T,
    scope: u32,
    /// The clocks of a master.
    clock: Vec<u8>,
    /// Whether the log has told of it.
    in_log: bool,
}

/// One business action while it happens.
pub struct Tx<'a> {
    pub(crate) writer: &'a mut Writer,
    pub(crate) catalogue: &'static Catalogue,
    pub(crate) ctx: &'a WriteCtx,
    pub(crate) kind: &'a str,
    pub(crate) schema: u32,
    pub(crate) hlc: Hlc,
    pub(crate) scope: u32,
}

impl Tx<'_> {
    /// Inserts a fact.
    pub fn insert<F: Fact>(&mut self, row: &F) -> Result<(), StoreError> {
        let table = self.table(F::table())?;
        let done = self.insert_row(table, row, Op::Insert, None);
        self.judge(done)
    }

    /// Makes a master, all groups at once.
    pub fn create<M: Master>(&mut self, row: &M) -> Result<(), StoreError> {
        let table = self.table(M::table())?;
        let clock = Clocks::created(self.writer.stamp(self.hlc)).pack();
        let done = self.insert_row(table, row, Op::Create, Some(&clock)).and_then(|()| {
            let after = json_of(table, &row.values(), |_| true);
            self.note_change(table, &row.key(), "created", None, Some(after))
        });
        self.judge(done)
    }

    /// Changes one group of a master. Nothing is written or emitted when nothing differs.
    ///
    /// # Panics
    /// When `change` touches a column outside the group, which is a mistake in the program.
    pub fn patch<M: Master, K>(
        &mut self,
        key: impl RowKey<K>,
        group: Group<M>,
        change: impl FnOnce(&mut M),
    ) -> Result<(), StoreError> {
        let table = self.table(M::table())?;
        let done = self.patch_row(table, key.row_key(), group.decl().tag, change);
        self.judge(done)
    }

    fn patch_row<M: Master>(
        &mut self,
        table: &'static Table,
        key: Key,
        group: u8,
        change: impl FnOnce(&mut M),
    ) -> Result<(), StoreError> {
        let Some(loaded) = self.load_as::<M>(table, &key)? else {
            return Err(StoreError::NoRow { table: table.decl.name, key: hex(&key) });
        };
        let Loaded { mut row, scope, clock, in_log } = loaded;
        let before = row.values();
        change(&mut row);
        let after = row.values();
        let in_group = |i: usize| table.decl.columns[i].group == group && i > 0;
        let mut differs = false;
        for i in (0..before.len()).filter(|&i| before[i] != after[i]) {
            let column = table.decl.columns[i].name;
            let name = table.group_name(group);
            assert!(in_group(i), "a patch of {name} changed {column}, which is not of that group");
            differs = true;
        }
        if !differs {
            return Ok(());
        }
        let mut clocks = Clocks::unpack(&clock)?;
        let wins = clocks.write(group, self.writer.stamp(self.hlc));
        assert!(wins, "the hybrid clock is ahead of every stamp this store holds");
        if in_log {
            register::keep(&self.writer.conn, table, &key)?;
        }
        let members: Vec<usize> = (0..before.len()).filter(|&i| in_group(i)).collect();
        self.update_group(table, &key, group, &clocks, &members, &after)?;
        let emitted =
            Emitted { table, op: Op::Patch, key: &key, scope, group, columns: members.len() };
        self.emit_values(&emitted, &members, &after, &members, &before);
        let before = json_of(table, &before, in_group);
        let after = json_of(table, &after, in_group);
        self.note_change(table, &key, table.group_name(group), Some(before), Some(after))
    }

    /// Saves a draft, new or again. Nothing is emitted when it is saved as it was.
    pub fn save_draft<D: Draft>(&mut self, row: &D) -> Result<(), StoreError> {
        let table = self.table(D::table())?;
        let done = self.save_row(table, row);
        self.judge(done)
    }

    fn save_row<D: Draft>(&mut self, table: &'static Table, row: &D) -> Result<(), StoreError> {
        let key = row.key();
        let before = self.load_as::<D>(table, &key)?;
        let scope = before.as_ref().map_or_else(|| self.scope_of(table), |before| before.scope);
        let in_log = before.as_ref().is_some_and(|before| before.in_log);
        let before = before.map(|before| before.row.values());
        let after = row.values();
        if before.as_ref() == Some(&after) {
            return Ok(());
        }
        if in_log {
            register::keep(&self.writer.conn, table, &key)?;
        }
        {
            let mut statement = self.writer.conn.prepare_cached(&table.put)?;
            for (i, value) in after.iter().enumerate() {
                statement.raw_bind_parameter(i + 1, value)?;
            }
            statement.raw_bind_parameter(after.len() + 1, scope)?;
            statement.raw_bind_parameter(after.len() + 2, 0)?;
            statement.raw_execute()?;
        }
        let all: Vec<usize> = (0..after.len()).collect();
        let emitted =
            Emitted { table, op: Op::Save, key: &key, scope, group: 0, columns: all.len() };
        let old: &[usize] = if before.is_some() { &all } else { &[] };
        self.emit_values(&emitted, &all, &after, old, before.as_deref().unwrap_or(&[]));
        let before = before.map(|values| json_of(table, &values, |_| true));
        let after = json_of(table, &after, |_| true);
        self.note_change(table, &key, "saved", before, Some(after))
    }

    /// Drops a draft.
    pub fn drop_draft<D: Draft, K>(&mut self, key: impl RowKey<K>) -> Result<(), StoreError> {
        let table = self.table(D::table())?;
        let done = self.drop_row::<D>(table, key.row_key());
        self.judge(done)
    }

    fn drop_row<D: Draft>(&mut self, table: &'static Table, key: Key) -> Result<(), StoreError> {
        let Some(loaded) = self.load_as::<D>(table, &key)? else {
            return Err(StoreError::NoRow { table: table.decl.name, key: hex(&key) });
        };
        let Loaded { row, scope, in_log, .. } = loaded;
        if in_log {
            register::keep(&self.writer.conn, table, &key)?;
        }
        self.writer.conn.prepare_cached(&table.delete)?.execute([key])?;
        let before = row.values();
        let all: Vec<usize> = (0..before.len()).collect();
        let emitted = Emitted { table, op: Op::Drop, key: &key, scope, group: 0, columns: 0 };
        self.emit_values(&emitted, &[], &[], &all, &before);
        let before = json_of(table, &before, |_| true);
        self.note_change(table, &key, "dropped", Some(before), None)
    }

    /// Ends this commit and begins the next one of the same action, in the same transaction: for
    /// actions with more rows than one commit may carry. They are durable together or not at all.
    pub fn cut(&mut self) -> Result<(), StoreError> {
        let about = About::of(self.ctx, self.kind, self.schema);
        if self.writer.cut(self.catalogue, &about, self.hlc)? {
            self.hlc = self.hlc.tick(self.ctx.at_ms);
        }
        Ok(())
    }

    /// A row by its key.
    pub fn load<T: Synced, K>(&self, key: impl RowKey<K>) -> Result<Option<T>, StoreError> {
        let table = self.table(T::table())?;
        Ok(self.load_as::<T>(table, &key.row_key())?.map(|loaded| loaded.row))
    }

    /// The connection: for reads in this transaction, and writes to local and derived tables.
    pub fn db(&self) -> &Connection {
        &self.writer.conn
    }

    /// A new id for a row made now.
    pub fn new_id(&self) -> Key {
        self.writer.ids.next(self.ctx.at_ms)
    }

    /// When this action takes place, in UTC milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.ctx.at_ms
    }

    /// The hybrid clock of this action.
    pub fn hlc(&self) -> Hlc {
        self.hlc
    }

    /// What the action was given.
    pub fn ctx(&self) -> &WriteCtx {
        self.ctx
    }

    /// The next number of a series, from 1, without gaps. Put [`Tx::series`] into the key of
    /// anything printed: it is another one after a restore, so no printed number comes twice.
    pub fn next_number(&self, series_key: &str) -> Result<i64, StoreError> {
        let mut statement = self.writer.conn.prepare_cached(
            "insert into number_series (series_key, last) values (?1, 1)
             on conflict (series_key) do update set last = last + 1
             returning last",
        )?;
        Ok(statement.query_row([series_key], |row| row.get(0))?)
    }

    /// Sets the scope of the rows of branch tables from here on.
    pub fn scope(&mut self, scope: u32) {
        self.scope = scope;
    }

    /// The origin this action is committed under.
    pub fn origin(&self) -> Origin {
        self.writer.node.origin
    }

    /// The company.
    pub fn company(&self) -> Key {
        self.writer.node.company
    }

    /// The terminal.
    pub fn terminal(&self) -> Key {
        self.writer.node.terminal
    }

    /// The terminal's series for document numbers, such as `T1` or, after a restore, `T1a`.
    pub fn series(&self) -> &str {
        &self.writer.node.series
    }

    /// The catalogue's entry of a declaration, while the transaction still stands: after a full
    /// disk SQLite rolls back by itself, and a write after that would be no part of any action.
    fn table(&self, decl: &'static TableDecl) -> Result<&'static Table, StoreError> {
        if self.writer.conn.is_autocommit() {
            return Err(StoreError::GivenUp);
        }
        let table = self.catalogue.by_tag(decl.tag).filter(|table| std::ptr::eq(table.decl, decl));
        table.ok_or(StoreError::Undeclared { table: decl.name })
    }

    /// A refusal of the database, unlike one of the rules, is the end of the action: should the
    /// action not listen, what it wrote so far is not committed either.
    fn judge(&mut self, done: Result<(), StoreError>) -> Result<(), StoreError> {
        match &done {
            Ok(()) | Err(StoreError::Duplicate { .. } | StoreError::NoRow { .. }) => {}
            Err(_) => self.writer.doomed = true,
        }
        done
    }

    fn scope_of(&self, table: &Table) -> u32 {
        match table.decl.scope {
            ScopeRule::Company => 0,
            ScopeRule::Branch => self.scope,
        }
    }

    /// Inserts and emits in one pass over the values, without an owned copy of any of them.
    fn insert_row<T: Synced>(
        &mut self,
        table: &'static Table,
        row: &T,
        op: Op,
        clock: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        let key = row.key();
        let scope = self.scope_of(table);
        let columns = table.decl.columns;
        let Writer { conn, emit, checked, .. } = &mut *self.writer;
        let mark = emit.body.mark();
        let emitted = Emitted { table, op, key: &key, scope, group: 0, columns: columns.len() };
        emit.row(&emitted);
        let inserted = (|| {
            let mut statement = conn.prepare_cached(&table.insert)?;
            let mut bound = Ok(());
            row.each(&mut |i, value| {
                if bound.is_ok() {
                    bound = statement.raw_bind_parameter(i + 1, value);
                }
                emit.value(columns[i].tag, value);
            });
            bound?;
            statement.raw_bind_parameter(columns.len() + 1, scope)?;
            if let Some(clock) = clock {
                statement.raw_bind_parameter(columns.len() + 2, clock)?;
            }
            statement.raw_execute()
        })();
        if let Err(error) = inserted {
            emit.body.rewind(mark);
            return Err(match error.sqlite_error_code() {
                Some(ErrorCode::ConstraintViolation) if has(conn, table, &key)? => {
                    StoreError::Duplicate { table: table.decl.name, key: hex(&key) }
                }
                _ => error.into(),
            });
        }
        emit.body.before(0);
        emit.done(&emitted, *checked);
        Ok(())
    }

    fn update_group(
        &self,
        table: &Table,
        key: &Key,
        group: u8,
        clocks: &Clocks,
        members: &[usize],
        values: &[Value],
    ) -> Result<(), StoreError> {
        let sql = table
            .update_group
            .get(&group)
            .ok_or(StoreError::Undeclared { table: table.decl.name })?;
        let mut statement = self.writer.conn.prepare_cached(sql)?;
        statement.raw_bind_parameter(1, key)?;
        statement.raw_bind_parameter(2, clocks.pack())?;
        statement.raw_bind_parameter(3, 0)?;
        for (n, &i) in members.iter().enumerate() {
            statement.raw_bind_parameter(n + 4, &values[i])?;
        }
        statement.raw_execute()?;
        Ok(())
    }

    fn emit_values(
        &mut self,
        emitted: &Emitted<'_>,
        new: &[usize],
        after: &[Value],
        old: &[usize],
        before: &[Value],
    ) {
        let columns = emitted.table.decl.columns;
        let checked = self.writer.checked;
        let emit = &mut self.writer.emit;
        emit.row(emitted);
        for &i in new {
            emit.value(columns[i].tag, after[i].as_ref());
        }
        emit.body.before(old.len());
        for &i in old {
            emit.value(columns[i].tag, before[i].as_ref());
        }
        emit.done(emitted, checked);
    }

    fn load_as<T: Synced>(
        &self,
        table: &Table,
        key: &Key,
    ) -> Result<Option<Loaded<T>>, StoreError> {
        let columns = table.decl.columns.len();
        let master = table.decl.class == Class::Master;
        let mut statement = self.writer.conn.prepare_cached(&table.select)?;
        let found = statement.query_row([key], |row| {
            Ok(Loaded {
                row: T::from_row(row)?,
                scope: row.get(columns)?,
                clock: if master { row.get(columns + 1)? } else { Vec::new() },
                in_log: row.get::<_, i64>(columns + 1 + usize::from(master))? > 0,
            })
        });
        Ok(found.optional()?)
    }

    fn note_change(
        &self,
        table: &Table,
        key: &Key,
        group: &str,
        before: Option<String>,
        after: Option<String>,
    ) -> Result<(), StoreError> {
        let node = &self.writer.node;
        let of = audit::Of {
            origin: &node.origin,
            ctr: node.ctr + 1,
            at_ms: self.ctx.at_ms,
            user: self.ctx.user.as_ref(),
            kind: self.kind,
        };
        let change = audit::Change { table: table.decl.name, key, group, before, after };
        Ok(audit::note(&self.writer.conn, &of, &change)?)
    }
}

fn has(db: &Connection, table: &Table, key: &Key) -> Result<bool, StoreError> {
    Ok(db.prepare_cached(&table.select)?.exists(params![key])?)
}

/// Some columns of a row as the audit trail shows them; the key is beside them already.
fn json_of(table: &Table, values: &[Value], which: impl Fn(usize) -> bool) -> String {
    let columns = table.decl.columns.iter().zip(values).enumerate().skip(1);
    audit::json(columns.filter(|(i, _)| which(*i)).map(|(_, (column, value))| {
        let value: ValueRef<'_> = value.as_ref();
        (column.name, value)
    }))
}
