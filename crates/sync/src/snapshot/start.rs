//! A new store: alone, or of a company that has a centre, from a snapshot or from the beginning.
//!
//! The origin and its key are there before the store is, so that the centre can vouch for them.
//!
//! **Invariant:** until the finished database is put in place the folder is as good as empty.

use std::fs::File;
use std::path::Path;

use ed25519_dalek::Signer;
use rusqlite::{Connection, params};

use super::make::{WAITING, column_names};
use super::{Unpacked, WHAT};
use crate::catalogue::Table;
use crate::clock::Hlc;
use crate::commit::{NO_HASH, Origin};
use crate::config::{Integrity, NewNode, OpenReport, StoreConfig};
use crate::connect::{self, Role, connect};
use crate::error::StoreError;
use crate::folder::{Folder, Node as NodeFile};
use crate::guard::Guard;
use crate::keys::{self, Found};
use crate::protocol::{Cursor, Introduction};
use crate::rekey;
use crate::replica;
use crate::row::{Class, Key};
use crate::store::Store;
use crate::writer::Node;

/// Rows of which the application is told at once.
const TELL_AT_ONCE: usize = 1_000;

/// A store about to be made: its folder is taken and its keys are put away.
pub struct NewStore {
    cfg: StoreConfig,
    folder: Folder,
    lock: File,
    found: Found,
    node_file: NodeFile,
    origin: Origin,
}

impl std::fmt::Debug for NewStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewStore").field("dir", &self.folder.dir()).finish_non_exhaustive()
    }
}

impl NewStore {
    /// Takes an empty folder, and puts new keys away.
    pub fn begin(cfg: &StoreConfig) -> Result<NewStore, StoreError> {
        let origin = *uuid::Uuid::new_v4().as_bytes();
        let (folder, lock) = take(cfg)?;
        let (found, node_file) =
            keys::put_away(&folder, &cfg.keys, keys::make(&cfg.keys), cfg.encrypt)?;
        Ok(NewStore { cfg: cfg.clone(), folder, lock, found, node_file, origin })
    }

    /// The same where the data may come much later, perhaps after the program was closed: notes
    /// in the folder where the keys are. With the origin that the centre has vouched for, it goes
    /// on with the keys that an earlier attempt put away.
    pub fn expect(cfg: &StoreConfig, vouched: Option<Origin>) -> Result<NewStore, StoreError> {
        let origin = vouched.unwrap_or_else(|| *uuid::Uuid::new_v4().as_bytes());
        let (folder, lock) = take(cfg)?;
        let (found, node_file) = if folder.node().is_file() {
            keys::find(&folder, &cfg.keys)?
        } else {
            let made = keys::put_away(&folder, &cfg.keys, keys::make(&cfg.keys), cfg.encrypt)?;
            folder.write_node(&made.1)?;
            made
        };
        Ok(NewStore { cfg: cfg.clone(), folder, lock, found, node_file, origin })
    }

    /// The origin the store will have.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Its public key.
    pub fn pubkey(&self) -> [u8; 32] {
        *self.found.bundle.signing_key(&self.origin).verifying_key().as_bytes()
    }

    /// The origin's signature of an enrolment or a challenge. A hash of a commit is 32 bytes, so
    /// nothing that short is signed.
    pub fn sign(&self, words: &[u8]) -> Option<[u8; 64]> {
        let key = self.found.bundle.signing_key(&self.origin);
        (words.len() > 32).then(|| key.sign(words).to_bytes())
    }

    /// Makes the store of a company without a centre.
    pub fn alone(self, new: &NewNode) -> Result<Store, StoreError> {
        let node = self.node(new, None);
        self.finish(&node, None, |_| Ok(()))
    }

    /// Makes the store of a terminal that the centre vouches for, with the rows of a snapshot, or
    /// with none, to read the log from its beginning.
    pub fn enrolled(
        self,
        introduction: &Introduction,
        log_id: Key,
        snapshot: Option<&Path>,
    ) -> Result<Store, StoreError> {
        if (introduction.origin, introduction.pubkey) != (self.origin, self.pubkey()) {
            return Err(StoreError::codec("an introduction", "it is of another origin"));
        }
        let Introduction { company, terminal, .. } = *introduction;
        let series = introduction.series.clone();
        let node = self.node(&NewNode { company, terminal, series }, Some(log_id));
        let (dir, catalogue) = (self.folder.dir(), self.cfg.catalogue);
        let snapshot = snapshot.map(|file| Unpacked::open(file, dir, catalogue)).transpose()?;
        let (watched, after_apply) = (self.cfg.watched, self.cfg.after_apply);
        self.finish(&node, snapshot.as_ref(), |db| {
            rekey::put_introduction(db, introduction)?;
            for scope in std::iter::once(0).chain(introduction.scopes.iter().copied()) {
                replica::move_cursor(db, &Cursor { scope, seq: 0, witness: NO_HASH })?;
            }
            let Some(snapshot) = &snapshot else { return Ok(()) };
            take_meta(db, snapshot, &introduction.scopes)?;
            for table in catalogue.tables() {
                take_table(db, table)?;
                if table.decl.class == Class::Master || watched.contains(&table.decl.tag) {
                    tell(db, table, after_apply)?;
                }
            }
            Ok(())
        })
    }

    fn node(&self, new: &NewNode, log_id: Option<Key>) -> Node {
        Node {
            company: new.company,
            terminal: new.terminal,
            series_base: new.series.clone(),
            series: new.series.clone(),
            rekeys: 0,
            origin: self.origin,
            ctr: 0,
            head: NO_HASH,
            hlc: Hlc::default(),
            log_id,
        }
    }

    /// Makes the database, with what `fill` puts into it, and puts it in place.
    fn finish(
        self,
        node: &Node,
        snapshot: Option<&Unpacked>,
        fill: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<Store, StoreError> {
        let NewStore { cfg, folder, lock, found, node_file, .. } = self;
        let key = cfg.encrypt.then_some(&found.bundle.db);
        // The database comes last: until it is in place the folder is as good as empty.
        let fresh = folder.clear_fresh_db()?;
        let mut conn = connect(&fresh, key, Role::Writer, true)?;
        connect::migrate(&mut conn, &(cfg.migrations)())?;
        if let (Some(snapshot), Some(log_id)) = (snapshot, &node.log_id) {
            snapshot.belongs(&node.company, log_id, connect::schema(&conn)?)?;
            snapshot.attach(&conn)?;
        }
        let transaction = conn.transaction()?;
        node.save(&transaction)?;
        rekey::add_origin(&transaction, node, &found.bundle)?;
        fill(&transaction)?;
        transaction.commit()?;
        conn.close().map_err(|(_, error)| error)?;
        Guard::start(&folder.guard(), folder.machine(), &node.head())?;
        folder.write_node(&node_file)?;
        folder.put_db(&fresh)?;
        let conn = connect(&folder.db(), key, Role::Writer, false)?;
        conn.execute_batch("pragma journal_mode = wal")?;
        let node = Node::load(&conn)?.ok_or_else(|| StoreError::damaged("sync_self is empty"))?;
        let report = OpenReport {
            key_place: found.place,
            warnings: found.warnings,
            rekeyed: None,
            integrity: Integrity::Whole,
            migrated: None,
        };
        Store::start(&cfg, folder, lock, conn, node, found.bundle, cfg.encrypt, report)
    }
}

/// Takes a folder that has no data.
fn take(cfg: &StoreConfig) -> Result<(Folder, File), StoreError> {
    let folder = Folder::new(&cfg.dir);
    folder.make()?;
    let lock = folder.lock()?;
    if folder.exists() {
        return Err(StoreError::Exists { dir: cfg.dir.clone() });
    }
    Ok((folder, lock))
}

/// Takes what belongs to the snapshot as a whole.
fn take_meta(db: &Connection, snapshot: &Unpacked, scopes: &[u32]) -> Result<(), StoreError> {
    if snapshot.cursors.iter().any(|c| c.scope != 0 && !scopes.contains(&c.scope)) {
        return Err(StoreError::codec(WHAT, "it has rows this terminal may not see"));
    }
    for cursor in &snapshot.cursors {
        replica::move_cursor(db, cursor)?;
    }
    db.execute_batch(
        "delete from sync_seen;
         insert into sync_seen (origin, ctr) select origin, ctr from snap.snapshot_seen;
         insert into audit_change (origin, ctr, at_ms, user, kind, tbl, key, grp, before, after)
         select origin, ctr, at_ms, user, kind, tbl, key, grp, before, after
         from snap.snapshot_audit order by audit_id;",
    )?;
    db.execute_batch(&format!(
        "insert into sync_deferred ({WAITING}) select {WAITING} from snap.snapshot_deferred
         order by seq"
    ))?;
    db.execute(
        "update sync_self set hlc = max(hlc, ?1) where self_id = 1",
        params![snapshot.hlc.cast_signed()],
    )?;
    Ok(())
}

fn take_table(db: &Connection, table: &Table) -> Result<(), StoreError> {
    let (name, key) = (table.decl.name, table.decl.columns[0].name);
    let names = column_names(table).join(", ");
    db.execute_batch(&format!(
        "insert into main.{name} ({names}) select {names} from snap.{name} order by {key}"
    ))
    .map_err(|error| StoreError::codec(WHAT, format!("{name}: {error}")))
}

/// Tells the application of every row of a table.
fn tell(db: &Connection, table: &Table, after_apply: crate::AfterApply) -> Result<(), StoreError> {
    let (name, tag, key) = (table.decl.name, table.decl.tag, table.decl.columns[0].name);
    let mut statement = db.prepare(&format!("select {key} from main.{name} order by {key}"))?;
    let keys = statement.query_map([], |row| row.get(0))?;
    let keys = keys.collect::<rusqlite::Result<Vec<Key>>>()?;
    for some in keys.chunks(TELL_AT_ONCE) {
        let rows: Vec<(u16, Key)> = some.iter().map(|key| (tag, *key)).collect();
        after_apply(db, &rows)?;
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::sync::{Arc, LazyLock};

    use super::*;
    use crate::catalogue::Catalogue;
    use crate::keys::KeySource;

    #[test]
    fn a_machine_that_was_cut_off_while_it_joined_goes_on_with_the_same_key() {
        static NONE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&[]).unwrap());
        let dir = tempfile::tempdir().unwrap();
        let cfg = StoreConfig {
            dir: dir.path().to_path_buf(),
            keys: KeySource::File,
            catalogue: &NONE,
            migrations: || refinery::Runner::new(&[]),
            clock: Arc::new(|| 0),
            after_apply: |_, _| Ok(()),
            watched: &[],
            rebuild: |_| Ok(()),
            checked: true,
            encrypt: true,
        };
        let first = NewStore::expect(&cfg, None).unwrap();
        let (origin, pubkey) = (first.origin(), first.pubkey());
        let beside = NewStore::expect(&cfg, Some(origin));
        assert!(matches!(beside, Err(StoreError::InUse { .. })));
        drop(first);
        let again = NewStore::expect(&cfg, Some(origin)).unwrap();
        assert_eq!((again.origin(), again.pubkey()), (origin, pubkey));
    }
}
