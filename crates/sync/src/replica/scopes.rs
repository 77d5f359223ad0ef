//! Which scopes a store holds, and how far it has read the log in each.
//!
//! **Invariant:** a row of a scope is here only if the scope is, or if this store wrote it.

use rusqlite::{Connection, params};

use crate::apply;
use crate::commit::{NO_HASH, Origin};
use crate::error::StoreError;
use crate::protocol::{Cursor, Introduction};
use crate::rekey;
use crate::row::Key;
use crate::store::Store;
use crate::writer::Writer;

/// Where every scope stands, ascending.
pub(crate) fn cursors(db: &Connection) -> Result<Vec<Cursor>, StoreError> {
    let mut statement =
        db.prepare_cached("select scope, cursor, witness from sync_scope order by scope")?;
    let cursors = statement.query_map([], |row| {
        let seq = row.get::<_, i64>(1)?.cast_unsigned();
        Ok(Cursor { scope: row.get(0)?, seq, witness: row.get(2)? })
    })?;
    Ok(cursors.collect::<rusqlite::Result<_>>()?)
}

/// Notes how far a scope was read.
pub(crate) fn move_cursor(db: &Connection, cursor: &Cursor) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into sync_scope (scope, cursor, witness) values (?1, ?2, ?3)
         on conflict (scope) do update set cursor = excluded.cursor, witness = excluded.witness",
    )?
    .execute(params![cursor.scope, cursor.seq.cast_signed(), cursor.witness])?;
    Ok(())
}

/// Notes up to which commit of an origin the log was read.
pub(crate) fn see(db: &Connection, origin: &Origin, ctr: u64) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into sync_seen (origin, ctr) values (?1, ?2)
         on conflict (origin) do update set ctr = max(ctr, excluded.ctr)",
    )?
    .execute(params![origin, ctr.cast_signed()])?;
    Ok(())
}

impl Store {
    /// The scopes this store holds; none while there is no centre.
    pub fn scopes(&self) -> Result<Vec<u32>, StoreError> {
        Ok(self.read(cursors)?.into_iter().map(|cursor| cursor.scope).collect())
    }

    /// The company's log, once there is a centre.
    pub fn log_id(&self) -> Option<Key> {
        self.node().log_id
    }

    /// Turns a store that lived alone into one with a centre: everything it did will be pushed.
    /// The centre vouches for the current origin, and that one for those before it.
    pub fn enrol(
        &self,
        introduction: &Introduction,
        log_id: Key,
        scopes: &[u32],
    ) -> Result<(), StoreError> {
        let refuse = |detail: &str| Err(StoreError::codec("an introduction", detail));
        let mut writer = self.writer();
        let Writer { conn, node, .. } = &mut *writer;
        let key = self.bundle.signing_key(&node.origin).verifying_key();
        if (introduction.company, introduction.terminal) != (node.company, node.terminal) {
            return refuse("it is of another company or terminal");
        }
        if introduction.origin != node.origin || introduction.pubkey != *key.as_bytes() {
            return refuse("it is not of the origin that goes on here");
        }
        if node.log_id.is_some_and(|known| known != log_id) {
            return refuse("this store belongs to another centre already");
        }
        let mut next = node.clone();
        next.log_id = Some(log_id);
        next.take_series_of(&introduction.series);
        let transaction = conn.transaction()?;
        next.save(&transaction)?;
        transaction.execute(
            "update sync_origin set series = ?2 where origin = ?1",
            params![next.origin, next.series],
        )?;
        for scope in std::iter::once(0).chain(scopes.iter().copied()) {
            join(&transaction, scope)?;
        }
        rekey::put_introduction(&transaction, introduction)?;
        rekey::introduce_closed(&transaction, &next, &self.bundle)?;
        transaction.commit()?;
        *node = next;
        Ok(())
    }

    /// Sets which scopes this store holds beside the company's. A scope that is new is read from
    /// the beginning of the log; the rows of one that is not held any more are let go, while what
    /// this store did in it stays in the journal.
    pub fn set_scopes(&self, scopes: &[u32]) -> Result<(), StoreError> {
        let mut writer = self.writer_politely();
        let open = writer.begin()?;
        let db = &open.writer.conn;
        let held: Vec<u32> = cursors(db)?.into_iter().map(|cursor| cursor.scope).collect();
        for &scope in scopes.iter().filter(|scope| !held.contains(scope)) {
            join(db, scope)?;
        }
        let mut gone = Vec::new();
        for &scope in held.iter().filter(|scope| **scope != 0 && !scopes.contains(scope)) {
            leave(self, db, scope, &mut gone)?;
        }
        let left: Vec<u32> = cursors(db)?.into_iter().map(|cursor| cursor.scope).collect();
        apply::keep_only_scopes(db, "sync_deferred", &left)?;
        if !gone.is_empty() {
            (self.rebuild)(db)?;
            (self.after_apply)(db, &gone)?;
        }
        let hlc = open.writer.node.hlc;
        open.commit_applied(hlc)
    }
}

fn join(db: &Connection, scope: u32) -> Result<(), StoreError> {
    db.execute(
        "insert or ignore into sync_scope (scope, cursor, witness) values (?1, 0, ?2)",
        params![scope, NO_HASH],
    )?;
    Ok(())
}

/// Lets go of every row of a scope.
fn leave(
    store: &Store,
    db: &Connection,
    scope: u32,
    gone: &mut Vec<(u16, Key)>,
) -> Result<(), StoreError> {
    for table in store.catalogue.tables() {
        let (name, tag, key) = (table.decl.name, table.decl.tag, table.decl.columns[0].name);
        let sql = format!("delete from {name} where scope = ?1 returning {key}");
        let mut statement = db.prepare(&sql)?;
        let keys = statement.query_map([scope], |row| row.get(0))?;
        for key in keys {
            gone.push((tag, key?));
        }
    }
    db.execute("delete from sync_register where scope = ?1", [scope])?;
    db.execute("delete from sync_scope where scope = ?1", [scope])?;
    Ok(())
}
