//! Starting again from a snapshot, when the log is not the one this store has read.
//!
//! The rows are not replaced but brought to what the snapshot says, a few at a time, while sales go
//! on. What the log has lost and nobody's journal here holds is written as commits of this store.
//! Own commits that the snapshot lacks wait again.
//!
//! **Invariant:** a row that is here is never lost: it is in the snapshot, in the journal, or in a
//! commit that was written in the transaction in which it ceased to be confirmed. The cursors move
//! last, so that after a crash the centre says once more that the log is another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};

use super::Unpacked;
use super::make::WAITING;
use super::salvage::{Lost, Salvage};
use crate::apply::{Applier, ApplyError, put_values, register};
use crate::catalogue::Table;
use crate::clock::Hlc;
use crate::commit::{Body, unpack};
use crate::connect::{Role, connect};
use crate::error::StoreError;
use crate::fingerprint::in_scopes;
use crate::replica::{cursors, move_cursor};
use crate::row::{Class, Key};
use crate::store::Store;
use crate::writer::Writer;

const PUT_WAITING: &str = "
    insert or replace into sync_deferred
        (origin, ctr, reason, header, body, hash, sig, seq, stamp, scopes, lacks)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

/// Rows that are brought to what the snapshot says in one transaction.
const AT_ONCE: usize = 500;

/// Brings the store to what the snapshot says.
pub(crate) fn rebase(store: &Store, file: &Path) -> Result<(), StoreError> {
    let snapshot = Unpacked::open(file, store.folder.dir(), store.catalogue)?;
    let node = store.node();
    let refuse = || StoreError::codec(super::WHAT, "there is no centre yet");
    snapshot.belongs(&node.company, &node.log_id.ok_or_else(refuse)?, store.schema)?;
    let held: Vec<u32> = store.scopes()?;
    if held != snapshot.scopes() {
        // Made for other scopes than are held now: the next exchange asks for another.
        return Ok(());
    }
    let db = connect(&store.folder.db(), store.key(), Role::Copy, false)?;
    snapshot.attach(&db)?;
    let run = Run { store, db: &db, snapshot: &snapshot };
    run.recall()?;
    let differences = run.differences()?;
    for (tag, keys) in &differences.theirs {
        let Some(table) = store.catalogue.by_tag(*tag) else { continue };
        for keys in keys.chunks(AT_ONCE) {
            run.bring(table, keys)?;
        }
    }
    for (tag, keys) in &differences.lost {
        let Some(table) = store.catalogue.by_tag(*tag) else { continue };
        let keys: Vec<&(Key, bool)> = keys.iter().collect();
        for keys in keys.chunks(AT_ONCE) {
            run.keep_lost(table, keys)?;
        }
    }
    run.finish()
}

/// What is not the same here and in the snapshot, by table.
#[derive(Default)]
struct Differences {
    /// Rows of the snapshot that are not here or not so, and masters and drafts that only are here.
    theirs: BTreeMap<u16, Vec<Key>>,
    /// Facts that only are here, and whether the journal holds them.
    lost: BTreeMap<u16, Vec<(Key, bool)>>,
}

struct Run<'a> {
    store: &'a Store,
    /// Reads this store as `main` and the snapshot as `snap`.
    db: &'a Connection,
    snapshot: &'a Unpacked,
}

impl Run<'_> {
    /// Own commits wait again unless the snapshot has them.
    fn recall(&self) -> Result<(), StoreError> {
        let mut statement = self.db.prepare("select origin, ctr from snap.snapshot_seen")?;
        let seen = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<BTreeMap<[u8; 16], i64>>>()?;
        let mut statement = self.db.prepare("select origin from sync_origin")?;
        let own = statement
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<[u8; 16]>>>()?;
        let mut writer = self.store.writer_politely();
        let open = writer.begin()?;
        for origin in own {
            let last = seen.get(&origin).copied().unwrap_or(0);
            let db = &open.writer.conn;
            db.execute(
                "update sync_journal set stamp = null, seq = null
                 where origin = ?1 and ctr > ?2 and stamp is not null",
                params![origin, last],
            )?;
            db.execute(
                "update sync_journal set stamp = 0
                 where origin = ?1 and ctr <= ?2 and stamp is null",
                params![origin, last],
            )?;
        }
        // No clock in the snapshot is later than this one.
        let hlc = open.writer.node.hlc.observe(Hlc::from_bits(self.snapshot.hlc));
        open.commit_applied(hlc)
    }

    fn differences(&self) -> Result<Differences, StoreError> {
        let mut differences = Differences::default();
        let mut lost: BTreeSet<(u16, Key)> = BTreeSet::new();
        for table in self.store.catalogue.tables() {
            let (theirs, only_here) = self.compare(table)?;
            let tag = table.decl.tag;
            if table.decl.class == Class::Fact {
                lost.extend(only_here.into_iter().map(|key| (tag, key)));
                differences.theirs.insert(tag, theirs);
            } else {
                let mut keys: BTreeSet<Key> = theirs.into_iter().chain(only_here).collect();
                keys.extend(self.registered(tag)?);
                differences.theirs.insert(tag, keys.into_iter().collect());
            }
        }
        let own = if lost.is_empty() { BTreeSet::new() } else { self.in_journal(&lost)? };
        for (tag, key) in lost {
            let row = (key, own.contains(&(tag, key)));
            differences.lost.entry(tag).or_default().push(row);
        }
        Ok(differences)
    }

    /// The rows that the snapshot has and this store has not, or not so; and those that the log of
    /// this store had and the snapshot has not.
    fn compare(&self, table: &Table) -> Result<(Vec<Key>, Vec<Key>), StoreError> {
        let (name, key) = (table.decl.name, table.decl.columns[0].name);
        let mut compared = vec!["_seq", "scope"];
        match table.decl.class {
            Class::Fact => {}
            Class::Master => compared.push("_clk"),
            Class::Draft => compared.extend(table.decl.columns.iter().map(|column| column.name)),
        }
        let differ: Vec<String> =
            compared.iter().map(|column| format!("m.{column} is not s.{column}")).collect();
        let theirs = self.keys(&format!(
            "select s.{key} from snap.{name} s left join main.{name} m on m.{key} = s.{key}
             where {} order by 1",
            differ.join(" or ")
        ))?;
        let here = self.keys(&format!(
            "select m.{key} from main.{name} m where m._seq > 0 and m.{}
             and not exists (select 1 from snap.{name} s where s.{key} = m.{key}) order by 1",
            in_scopes(&self.snapshot.scopes())
        ))?;
        Ok((theirs, here))
    }

    fn keys(&self, sql: &str) -> Result<Vec<Key>, StoreError> {
        let mut statement = self.db.prepare(sql)?;
        let keys = statement.query_map([], |row| row.get(0))?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    }

    fn registered(&self, tag: u16) -> Result<Vec<Key>, StoreError> {
        let mut statement = self.db.prepare("select row from sync_register where tbl = ?1")?;
        let keys = statement.query_map([tag], |row| row.get(0))?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    }

    /// Which of these facts the journal holds: it will bring them back to the log.
    fn in_journal(&self, facts: &BTreeSet<(u16, Key)>) -> Result<BTreeSet<(u16, Key)>, StoreError> {
        let mut own = BTreeSet::new();
        let mut statement = self.db.prepare("select body from sync_journal where stamp is null")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let plain = unpack(&row.get::<_, Vec<u8>>(0)?)?;
            let body = Body::decode(&plain)?;
            let keys = body.rows.iter().map(|row| (row.table, row.key));
            own.extend(keys.filter(|key| facts.contains(key)));
        }
        Ok(own)
    }

    /// A row of the snapshot, with everything that belongs to it.
    fn theirs(&self, table: &Table, key: &Key) -> Result<Option<register::Kept>, StoreError> {
        register::image_in(self.db, "snap", table, key)
    }

    /// Brings some rows to what the snapshot says.
    fn bring(&self, table: &'static Table, keys: &[Key]) -> Result<(), StoreError> {
        let store = self.store;
        let mut writer = store.writer_politely();
        let mut open = writer.begin()?;
        let hlc = open.writer.node.hlc;
        let mut salvage = Salvage::default();
        let mut images = Vec::with_capacity(keys.len());
        for key in keys {
            let theirs = self.theirs(table, key)?;
            if table.decl.class == Class::Master {
                let confirmed = register::confirmed(&open.writer.conn, table, key)?;
                if let Some(confirmed) = confirmed {
                    let lost = Lost { table, key: *key, confirmed: &confirmed };
                    salvage.edits(&open.writer.conn, &lost, theirs.as_ref())?;
                }
            }
            images.push((key, theirs));
        }
        let head = salvage.write(store, &mut open)?;
        let db = &open.writer.conn;
        let mut applier = Applier::new(db, store.catalogue, store.watched);
        for (key, image) in images {
            match image {
                Some(image) if table.decl.class == Class::Fact => {
                    take_fact(db, table, key, &image)?
                }
                image => applier
                    .replace(table, key, |db| put_image(db, table, image.as_ref()))
                    .map_err(as_store_error)?,
            }
        }
        tell(store, &applier, db)?;
        if table.decl.class != Class::Fact {
            for key in keys {
                self.take_trail(db, table, key)?;
            }
        }
        drop(applier);
        match head {
            Some(head) => open.commit_chained(&head, hlc),
            None => open.commit_applied(hlc),
        }
    }

    /// Adds what the audit trail of a row lacks of the one in the snapshot.
    fn take_trail(&self, db: &Connection, table: &Table, key: &Key) -> Result<(), StoreError> {
        let mut statement = self.db.prepare_cached(
            "select origin, ctr, at_ms, user, kind, tbl, key, grp, before, after
             from snap.snapshot_audit where tbl = ?1 and key = ?2 order by audit_id",
        )?;
        let width = statement.column_count();
        let rows = statement.query_map(params![table.decl.name, key], |row| {
            (0..width).map(|i| row.get(i)).collect::<rusqlite::Result<Vec<Sql>>>()
        })?;
        for row in rows {
            db.prepare_cached(
                "insert into audit_change
                    (origin, ctr, at_ms, user, kind, tbl, key, grp, before, after)
                 select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 where not exists
                    (select 1 from audit_change
                     where tbl = ?6 and key = ?7 and origin = ?1 and ctr = ?2 and grp = ?8)",
            )?
            .execute(params_from_iter(row?))?;
        }
        Ok(())
    }

    /// Facts that the log has lost wait again, or are written again where no journal holds them.
    fn keep_lost(&self, table: &'static Table, keys: &[&(Key, bool)]) -> Result<(), StoreError> {
        let mut writer = self.store.writer_politely();
        let mut open = writer.begin()?;
        let hlc = open.writer.node.hlc.tick((self.store.clock)());
        let mut salvage = Salvage::default();
        let Writer { conn, .. } = &mut *open.writer;
        for (key, is_own) in keys {
            let name = table.decl.name;
            let sql = format!(
                "update {name} set _seq = 0 where {} = ?1 and _seq > 0",
                table.decl.columns[0].name
            );
            let was_confirmed = conn.prepare_cached(&sql)?.execute([key])? > 0;
            if was_confirmed && !is_own {
                salvage.fact(conn, table, key, hlc)?;
            }
        }
        match salvage.write(self.store, &mut open)? {
            Some(head) => open.commit_chained(&head, hlc),
            None => open.commit_applied(hlc),
        }
    }

    /// The commits of the log that lack a row also in the snapshot.
    fn waiting(&self) -> Result<Vec<Vec<Sql>>, StoreError> {
        let mut statement =
            self.db.prepare(&format!("select {WAITING} from snap.snapshot_deferred"))?;
        let width = statement.column_count();
        let rows = statement.query_map([], |row| (0..width).map(|i| row.get(i)).collect())?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Everything is as the snapshot says: from here the log is read on.
    fn finish(&self) -> Result<(), StoreError> {
        let mut statement = self.db.prepare("select origin, ctr from snap.snapshot_seen")?;
        let seen = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<([u8; 16], i64)>>>()?;
        let mut writer = self.store.writer_politely();
        let open = writer.begin()?;
        let db = &open.writer.conn;
        if cursors(db)?.iter().map(|c| c.scope).ne(self.snapshot.scopes()) {
            return Ok(());
        }
        for cursor in &self.snapshot.cursors {
            move_cursor(db, cursor)?;
        }
        db.execute("delete from sync_deferred where seq > 0", [])?;
        for waiting in self.waiting()? {
            db.execute(PUT_WAITING, params_from_iter(waiting))?;
        }
        db.execute("delete from sync_seen", [])?;
        for (origin, ctr) in seen {
            db.execute(
                "insert into sync_seen (origin, ctr) values (?1, ?2)",
                params![origin, ctr],
            )?;
        }
        let hlc = open.writer.node.hlc;
        open.commit_applied(hlc)
    }
}

fn take_fact(
    db: &Connection,
    table: &Table,
    key: &Key,
    image: &register::Kept,
) -> Result<(), StoreError> {
    put_image(db, table, Some(image)).map_err(as_store_error)?;
    let (name, column) = (table.decl.name, table.decl.columns[0].name);
    db.prepare_cached(&format!("update {name} set _seq = ?2 where {column} = ?1"))?
        .execute(params![key, image.seq.cast_signed()])?;
    Ok(())
}

fn put_image(
    db: &Connection,
    table: &Table,
    image: Option<&register::Kept>,
) -> Result<(), ApplyError> {
    let Some(image) = image else { return Ok(()) };
    let clock = image.clock.as_deref();
    put_values(db, table, &image.columns, image.scope, clock, image.seq).map(|_| ())
}

fn tell(store: &Store, applier: &Applier<'_>, db: &Connection) -> Result<(), StoreError> {
    let changed: Vec<_> = applier.changed.iter().copied().collect();
    (store.after_apply)(db, &changed)
}

fn as_store_error(error: ApplyError) -> StoreError {
    error.refused(super::WHAT)
}
