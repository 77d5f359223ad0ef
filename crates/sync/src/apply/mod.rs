//! Applying a commit that another store made, or this one before it was damaged, or this one once
//! the log has given it its place.
//!
//! Facts are a union: a row that is there already only learns its place in the log. Groups of
//! masters go to the greater stamp, in whatever order they come. A commit that cannot be applied,
//! for it speaks of a table or column this version does not know, is kept whole and reported; it
//! never stops the rest.
//!
//! **Invariant:** applying what a store wrote gives, byte for byte, the rows that store has.

pub(crate) mod register;
mod rows;
mod wait;

use std::collections::BTreeSet;

use rusqlite::{Connection, ErrorCode};

pub(crate) use rows::{Place, put_values, values_of};
pub(crate) use wait::{Waiting, Which, defer, keep_only_scopes, retry, retry_deferred};

use crate::audit;
use crate::catalogue::{Catalogue, Table};
use crate::commit::{Body, Header, Op, RowChange};
use crate::error::StoreError;
use crate::row::{Class, Key, ValueRef};
use register::Pending;

/// Why a commit was not applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApplyError {
    /// This version cannot; the commit is to be deferred.
    #[error("{0}")]
    Deferred(String),
    /// It changes a row that is not here: the log has lost it, and somebody will bring it back.
    #[error("{0}")]
    Lacks(String),
    /// The store cannot.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ApplyError {
    /// Why the commit is to wait, unless the store itself has failed.
    pub fn waits(self) -> Result<Reason, StoreError> {
        match self {
            ApplyError::Deferred(why) => Ok(Reason { why, lacks_row: false }),
            ApplyError::Lacks(why) => Ok(Reason { why, lacks_row: true }),
            ApplyError::Store(error) => Err(error),
        }
    }

    /// The error where nothing can wait.
    pub fn refused(self, what: &'static str) -> StoreError {
        self.waits().map_or_else(|error| error, |reason| StoreError::codec(what, reason.why))
    }
}

/// Why a commit waits.
pub(crate) struct Reason {
    pub why: String,
    /// For a row, rather than for a newer version.
    pub lacks_row: bool,
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

/// A commit as it is applied.
pub(crate) struct Applying<'a> {
    pub body: &'a Body<'a>,
    /// Its place in the log and the stamp by which its writes are merged.
    pub place: Place,
    /// The scopes whose rows are wanted; all of them when `None`.
    pub scopes: Option<&'a BTreeSet<u32>>,
    /// What the audit trail is to say of it; `None` where it was made here and the trail has it.
    pub trail: Option<&'a Header>,
}

/// Applies commits within one transaction.
pub(crate) struct Applier<'a> {
    db: &'a Connection,
    catalogue: &'static Catalogue,
    watched: &'a [u16],
    pending: Pending,
    /// Masters that changed and watched facts that came, by table number and key.
    pub changed: BTreeSet<(u16, Key)>,
    /// The numbers of all tables that changed.
    pub tables: BTreeSet<u16>,
    /// Whether a master was made, for which commits may have waited.
    pub made: bool,
}

impl<'a> Applier<'a> {
    /// Facts of the tables in `watched` are noted in `changed`, like every master.
    pub fn new(db: &'a Connection, catalogue: &'static Catalogue, watched: &'a [u16]) -> Self {
        let (pending, changed, tables) = (Pending::default(), BTreeSet::new(), BTreeSet::new());
        Self { db, catalogue, watched, pending, changed, tables, made: false }
    }

    /// Applies the rows of a commit inside a savepoint: all that are wanted or none.
    pub fn apply(&mut self, commit: &Applying<'_>) -> Result<(), ApplyError> {
        self.db.prepare_cached("savepoint one_commit")?.execute([])?;
        let wanted = |row: &&RowChange<'_>| commit.scopes.is_none_or(|s| s.contains(&row.scope));
        let mut rows = commit.body.rows.iter().filter(wanted);
        let applied = rows.try_for_each(|row| self.row(commit, row));
        if applied.is_err() {
            self.db.prepare_cached("rollback to one_commit")?.execute([])?;
        }
        self.db.prepare_cached("release one_commit")?.execute([])?;
        applied
    }

    fn row(&mut self, commit: &Applying<'_>, row: &RowChange<'_>) -> Result<(), ApplyError> {
        let table = known(self.catalogue, row)?;
        let place = commit.place;
        match table.decl.class {
            Class::Fact => {
                if self.watched.contains(&row.table)
                    && rows::held(self.db, table, &row.key)?.is_none()
                {
                    self.changed.insert((row.table, row.key));
                }
                rows::write(self.db, table, row, place)?;
            }
            Class::Master | Class::Draft if place.seq == 0 => {
                register::keep(self.db, table, &row.key)?;
                rows::write(self.db, table, row, place)?;
                self.changed.insert((row.table, row.key));
            }
            Class::Master | Class::Draft => {
                self.confirm(table, row, place)?;
                self.changed.insert((row.table, row.key));
            }
        }
        self.tables.insert(row.table);
        self.made |= row.op == Op::Create;
        commit.trail.map_or(Ok(()), |header| note(self.db, table, header, row))
    }

    /// Merges what the log says into the confirmed row, and shows it with the edits of this store
    /// that the log does not say yet on top.
    fn confirm(
        &mut self,
        table: &'static Table,
        row: &RowChange<'_>,
        place: Place,
    ) -> Result<(), ApplyError> {
        let held = rows::held(self.db, table, &row.key)?;
        let registered = register::exists(self.db, table, &row.key)?;
        let untouched = match &held {
            Some(held) => held.seq > 0 && !registered,
            // A master is never deleted; a draft may have been dropped here.
            None => {
                table.decl.class == Class::Master
                    || (!registered && self.pending.none(self.db, table, &row.key)?)
            }
        };
        if untouched {
            return rows::write(self.db, table, row, place);
        }
        register::put_back(self.db, table, &row.key)?;
        rows::write(self.db, table, row, place)?;
        self.settle(table, &row.key)
    }

    /// The row in the table is the confirmed one: puts what waits for the log on top of it.
    fn settle(&mut self, table: &'static Table, key: &Key) -> Result<(), ApplyError> {
        let edits = self.pending.of(self.db, table, key)?;
        if edits.is_empty() {
            return Ok(register::forget(self.db, table, key)?);
        }
        register::save(self.db, table, key)?;
        for edit in &edits {
            edit.each(table.decl.tag, key, &mut |row, place| {
                match rows::write(self.db, table, row, place) {
                    Err(ApplyError::Deferred(why) | ApplyError::Lacks(why)) => {
                        // Nothing of the row is left to change; the commit itself is safe.
                        tracing::warn!(table = table.decl.name, why, "an edit changes nothing");
                        Ok(())
                    }
                    done => done,
                }
            })?;
        }
        Ok(())
    }

    /// Shows a row again as the confirmed one with the waiting edits on top.
    pub fn show(&mut self, table: &'static Table, key: &Key) -> Result<(), ApplyError> {
        register::put_back(self.db, table, key)?;
        self.settle(table, key)
    }

    /// Takes `put` for the confirmed row, and puts the waiting edits on top.
    pub fn replace(
        &mut self,
        table: &'static Table,
        key: &Key,
        put: impl FnOnce(&Connection) -> Result<(), ApplyError>,
    ) -> Result<(), ApplyError> {
        self.db.prepare_cached(&table.delete)?.execute([key])?;
        put(self.db)?;
        self.changed.insert((table.decl.tag, *key));
        self.settle(table, key)
    }
}

/// The table of a row, if this version knows it, its columns and what was done to it.
fn known(catalogue: &'static Catalogue, row: &RowChange<'_>) -> Result<&'static Table, ApplyError> {
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

/// The audit trail of a change, as the store that made it noted it.
fn note(
    db: &Connection,
    table: &Table,
    header: &Header,
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
        origin: &header.origin,
        ctr: header.ctr,
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
