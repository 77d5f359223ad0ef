//! Making a snapshot of what a store has read from the log.
//!
//! **Invariant:** what waits for the log here is not in it: the confirmed rows are.

use std::fs::File;
use std::path::Path;

use rusqlite::{Connection, params, params_from_iter};

use super::{LEVEL, Plain, SnapshotManifest, VERSION, WHAT, attach};
use crate::apply::{self, register};
use crate::catalogue::Table;
use crate::commit::Hash;
use crate::connect::{self, Role, connect};
use crate::error::StoreError;
use crate::fingerprint::{self, in_scopes};
use crate::protocol::Cursor;
use crate::replica::cursors;
use crate::row::{Class, Key, Value};
use crate::store::Store;
use crate::writer::Node;

impl Store {
    /// Writes the rows of the company and of these scopes, as the log has them, to `file`. Sales go
    /// on beside it.
    pub fn snapshot_for(
        &self,
        scopes: &[u32],
        file: &Path,
    ) -> Result<SnapshotManifest, StoreError> {
        let dir = file.parent().filter(|dir| !dir.as_os_str().is_empty());
        let plain = Plain::in_folder(dir.unwrap_or(Path::new(".")))?;
        let db = connect(&self.folder.db(), self.key(), Role::Copy, false)?;
        attach(&db, &plain.path)?;
        db.execute_batch("pragma snap.journal_mode = off; pragma snap.synchronous = off; begin")?;
        let mut manifest = self.fill(&db, scopes)?;
        db.execute_batch("commit; detach database snap")?;
        (manifest.bytes, manifest.blake3) = pack(&plain.path, file)?;
        Ok(manifest)
    }

    fn fill(&self, db: &Connection, scopes: &[u32]) -> Result<SnapshotManifest, StoreError> {
        let node = Node::load(db)?.ok_or_else(|| StoreError::damaged("sync_self is empty"))?;
        let refuse = |detail: &str| StoreError::codec(WHAT, detail);
        let log_id = node.log_id.ok_or_else(|| refuse("there is no centre yet"))?;
        let waits = "select exists (select 1 from sync_deferred where seq > 0 and not lacks)";
        if db.query_row(waits, [], |row| row.get(0))? {
            return Err(refuse("some commits of the log wait for a newer version"));
        }
        let wanted = |cursor: &Cursor| cursor.scope == 0 || scopes.contains(&cursor.scope);
        let cursors: Vec<Cursor> = cursors(db)?.into_iter().filter(wanted).collect();
        if scopes.iter().any(|scope| cursors.iter().all(|cursor| cursor.scope != *scope)) {
            return Err(refuse("a scope that is not held here was asked for"));
        }
        let scopes: Vec<u32> = cursors.iter().map(|cursor| cursor.scope).collect();
        db.execute_batch(ABOUT)?;
        let mut rows = 0;
        for table in self.catalogue.tables() {
            rows += copy_table(db, table, &scopes)?;
        }
        db.execute_batch(
            "insert into snap.snapshot_seen select origin, ctr from sync_seen;
             create index snap.snapshot_audit_by_row on snapshot_audit (tbl, key);",
        )?;
        db.execute_batch(&format!(
            "insert into snap.snapshot_deferred ({WAITING}) select {WAITING}
             from main.sync_deferred where seq > 0;"
        ))?;
        apply::keep_only_scopes(db, "snap.snapshot_deferred", &scopes)?;
        for cursor in &cursors {
            let Cursor { scope, seq, witness } = cursor;
            db.execute(
                "insert into snap.snapshot_cursor values (?1, ?2, ?3)",
                params![scope, seq.cast_signed(), witness],
            )?;
        }
        let hash = fingerprint::of(db, "snap", self.catalogue, &scopes)?;
        let schema = connect::schema(db)?;
        db.execute(
            "insert into snap.snapshot_about values (?1, ?2, ?3, ?4, ?5, ?6)",
            params![VERSION, node.company, log_id, schema, node.hlc.bits().cast_signed(), hash],
        )?;
        let (company, bytes, blake3) = (node.company, 0, Hash::default());
        Ok(SnapshotManifest {
            version: VERSION,
            company,
            log_id,
            schema,
            cursors,
            rows,
            hash,
            bytes,
            blake3,
        })
    }
}

/// The columns of a commit that lacks a row, in this order.
pub(super) const WAITING: &str =
    "origin, ctr, reason, header, body, hash, sig, seq, stamp, scopes, lacks";

const ABOUT: &str = "
    create table snap.snapshot_about (version integer, company blob, log_id blob, schema integer,
        hlc integer, hash blob) strict;
    create table snap.snapshot_cursor (scope integer primary key, seq integer, witness blob) strict;
    create table snap.snapshot_seen (origin blob primary key, ctr integer) strict, without rowid;
    create table snap.snapshot_deferred (origin blob, ctr integer, reason text, header blob,
        body blob, hash blob, sig blob, seq integer, stamp integer, scopes text, lacks integer,
        primary key (origin, ctr)) strict;
    create table snap.snapshot_audit (audit_id integer primary key, origin blob, ctr integer,
        at_ms integer, user blob, kind text, tbl text, key blob, grp text, before text, after text)
        strict;";

/// The names of the columns of a table, with those the store keeps itself.
pub(super) fn column_names(table: &Table) -> Vec<&'static str> {
    let mut names: Vec<&str> = table.decl.columns.iter().map(|column| column.name).collect();
    names.extend(["scope", "_seq"]);
    if table.decl.class == Class::Master {
        names.push("_clk");
    }
    names
}

/// Copies the confirmed rows of one table and their audit trail. Gives how many rows.
fn copy_table(db: &Connection, table: &Table, scopes: &[u32]) -> Result<u64, StoreError> {
    let (name, key) = (table.decl.name, table.decl.columns[0].name);
    let mut columns: Vec<String> = Vec::new();
    for column in table.decl.columns {
        columns.push(format!("{} {}", column.name, column.sql));
    }
    columns.extend(["scope integer".to_owned(), "_seq integer".to_owned()]);
    if table.decl.class == Class::Master {
        columns.push("_clk blob".to_owned());
    }
    let (columns, names) = (columns.join(", "), column_names(table).join(", "));
    db.execute_batch(&format!(
        "create table snap.{name} ({columns}, primary key ({key})) strict, without rowid;
         insert into snap.{name} ({names}) select {names} from main.{name}
         where _seq > 0 and {} order by {key};",
        in_scopes(scopes)
    ))?;
    if table.decl.class != Class::Fact {
        confirm(db, table, scopes)?;
        db.execute(
            &format!(
                "insert into snap.snapshot_audit
                 select audit_id, origin, ctr, at_ms, user, kind, tbl, key, grp, before, after
                 from main.audit_change a
                 where tbl = ?1 and exists (select 1 from snap.{name} s where s.{key} = a.key)
                    and not exists (select 1 from sync_journal j
                        where j.origin = a.origin and j.ctr = a.ctr and j.stamp is null)"
            ),
            [name],
        )?;
    }
    let count = format!("select count(*) from snap.{name}");
    Ok(db.query_row(&count, [], |row| row.get::<_, i64>(0))?.cast_unsigned())
}

/// Puts the confirmed image in place of every row that was changed here since.
fn confirm(db: &Connection, table: &Table, scopes: &[u32]) -> Result<(), StoreError> {
    let (name, tag, key) = (table.decl.name, table.decl.tag, table.decl.columns[0].name);
    let mut statement = db.prepare("select row, scope from sync_register where tbl = ?1")?;
    let rows = statement
        .query_map([tag], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(Key, u32)>>>()?;
    for (row, scope) in rows {
        db.execute(&format!("delete from snap.{name} where {key} = ?1"), [row])?;
        let kept = register::kept(db, tag, &row)?.filter(|_| scopes.contains(&scope));
        let Some(kept) = kept else { continue };
        let known = kept.columns.iter().filter_map(|(tag, _)| table.column(*tag));
        let mut names: Vec<&str> = known.map(|(_, column)| column.name).collect();
        names.extend(["scope", "_seq"]);
        names.extend(kept.clock.as_ref().map(|_| "_clk"));
        let holes: Vec<String> = (1..=names.len()).map(|n| format!("?{n}")).collect();
        let (names, holes) = (names.join(", "), holes.join(", "));
        let mut values: Vec<Value> =
            kept.columns.into_iter().filter_map(|(tag, v)| table.column(tag).map(|_| v)).collect();
        values.push(Value::Int(kept.scope.into()));
        values.push(Value::Int(kept.seq.cast_signed()));
        values.extend(kept.clock.map(Value::Blob));
        let sql = format!("insert into snap.{name} ({names}) values ({holes})");
        db.execute(&sql, params_from_iter(values))?;
    }
    Ok(())
}

fn pack(plain: &Path, file: &Path) -> Result<(u64, Hash), StoreError> {
    let mut from = File::open(plain).map_err(StoreError::io("open", plain))?;
    let mut to = File::create(file).map_err(StoreError::io("make", file))?;
    zstd::stream::copy_encode(&mut from, &mut to, LEVEL).map_err(StoreError::io("write", file))?;
    to.sync_all().map_err(StoreError::io("write", file))?;
    let mut hasher = blake3::Hasher::new();
    let mut packed = File::open(file).map_err(StoreError::io("read", file))?;
    hasher.update_reader(&mut packed).map_err(StoreError::io("read", file))?;
    Ok((hasher.count(), *hasher.finalize().as_bytes()))
}
