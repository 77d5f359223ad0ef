//! The store: one writer, readers beside it, and what opens and closes them.
//!
//! **Invariant:** an action is in the file whole, with its commit, or not at all; whoever reads
//! sees one moment.

use std::fs::File;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::backup;
use crate::catalogue::Catalogue;
use crate::commit::CommitRef;
use crate::config::{
    AfterApply, Clock, Committed, Info, Integrity, NewNode, OpenReport, Opened, Pending, Rebuild,
    StoreConfig, WriteCtx,
};
use crate::connect::{self, Role, connect};
use crate::error::StoreError;
use crate::folder::Folder;
use crate::gate::Gate;
use crate::guard::Guard;
use crate::keys::{self, Bundle};
use crate::line::Line;
use crate::oracle;
use crate::snapshot::{self, NewStore};
use crate::tx::Tx;
use crate::writer::{About, Node, Writer};

/// Readers kept open between reads; more are opened when more are wanted at once.
const READERS_KEPT: usize = 4;
/// Up to this size a file is checked whole when it is opened; a larger one by
/// [`Store::check_file`], when there is time.
const CHECK_WHOLE_MAX: u64 = 32 * 1024 * 1024;

/// An open data folder.
pub struct Store {
    pub(crate) folder: Folder,
    pub(crate) catalogue: &'static Catalogue,
    pub(crate) clock: Clock,
    pub(crate) bundle: Bundle,
    pub(crate) encrypted: bool,
    pub(crate) schema: u32,
    pub(crate) after_apply: AfterApply,
    pub(crate) watched: &'static [u16],
    pub(crate) rebuild: Rebuild,
    report: OpenReport,
    pub(crate) gate: OnceLock<Gate>,
    line: Line,
    readers: Mutex<Vec<Connection>>,
    writer: Mutex<Writer>,
    // Last, so that the folder is free only after the connections are closed.
    _lock: File,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("dir", &self.folder.dir()).finish_non_exhaustive()
    }
}

impl Store {
    /// Whether the folder holds a store.
    pub fn exists(dir: &Path) -> bool {
        Folder::new(dir).exists()
    }

    /// Makes a new store.
    pub fn create(cfg: &StoreConfig, new: &NewNode) -> Result<Store, StoreError> {
        NewStore::begin(cfg)?.alone(new)
    }

    /// Opens a store: takes the folder, finds the key, looks the file over, migrates it, and takes
    /// a new origin when the file may be an older copy or a clone.
    pub fn open(cfg: &StoreConfig) -> Result<Opened, StoreError> {
        let folder = Folder::new(&cfg.dir);
        if !folder.exists() {
            return Err(StoreError::Absent { dir: cfg.dir.clone() });
        }
        let lock = folder.lock()?;
        snapshot::forget_leftovers(folder.dir())?;
        let (found, node_file) = keys::find(&folder, &cfg.keys)?;
        let path = folder.db();
        let bytes = std::fs::metadata(&path)
            .map_err(|_| StoreError::damaged(format!("{} is missing", path.display())))?
            .len();
        let key = node_file.encrypted.then_some(&found.bundle.db);
        let mut conn = connect(&path, key, Role::Writer, false)?;
        // Until the file is known to be good, letting go of it must not write to it.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        let integrity = look_over(&conn, bytes)?;
        // A backup that was put in place is a plain file without a log.
        conn.execute_batch("pragma journal_mode = wal")?;
        let runner = (cfg.migrations)();
        if (1..connect::newest(&runner)).contains(&connect::schema(&conn)?) {
            // What is about to be changed for ever is kept as it was.
            let encrypted = node_file.encrypted;
            backup::snapshot(&conn, &folder, &found.bundle, encrypted, (cfg.clock)())?;
        }
        let (before, after) = connect::migrate(&mut conn, &runner)?;
        if before != after {
            let transaction = conn.transaction()?;
            let changed = crate::apply::retry_deferred(&transaction, cfg.catalogue, cfg.watched)?;
            (cfg.after_apply)(&transaction, &changed)?;
            transaction.commit()?;
        }
        let mut node = connect::check_head(&conn)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        let doubt = Guard::doubt(&folder.guard(), &folder.machine(), &node.head(), |ctr| {
            connect::hash_at(&conn, &CommitRef { ctr, ..node.head() })
        })?;
        let rekeyed = match doubt {
            None => None,
            Some(doubt) => {
                let bundle = &found.bundle;
                let origin = *uuid::Uuid::new_v4().as_bytes();
                Some(crate::rekey::rekey(&mut conn, &folder, &mut node, bundle, doubt, origin)?)
            }
        };
        let report = OpenReport {
            key_place: found.place,
            warnings: found.warnings,
            rekeyed,
            integrity,
            migrated: (before != after).then_some((before, after)),
        };
        let encrypted = node_file.encrypted;
        let store =
            Store::start(cfg, folder, lock, conn, node, found.bundle, encrypted, report.clone())?;
        Ok(Opened { store, report })
    }

    #[expect(clippy::too_many_arguments, reason = "the two ways in give the same eight parts")]
    pub(crate) fn start(
        cfg: &StoreConfig,
        folder: Folder,
        lock: File,
        conn: Connection,
        node: Node,
        bundle: Bundle,
        encrypted: bool,
        report: OpenReport,
    ) -> Result<Store, StoreError> {
        let guard = Guard::start(&folder.guard(), folder.machine(), &node.head())?;
        let schema = connect::schema(&conn)?;
        if cfg.checked {
            oracle::install(&conn, cfg.catalogue)?;
        }
        let signing = bundle.signing_key(&node.origin);
        Ok(Store {
            folder,
            catalogue: cfg.catalogue,
            clock: cfg.clock.clone(),
            bundle,
            encrypted,
            schema,
            after_apply: cfg.after_apply,
            watched: cfg.watched,
            rebuild: cfg.rebuild,
            report,
            gate: OnceLock::new(),
            line: Line::default(),
            readers: Mutex::new(Vec::new()),
            writer: Mutex::new(Writer::new(conn, node, guard, signing, cfg.checked)?),
            _lock: lock,
        })
    }

    /// Does one business action: all of it and its commit, or nothing.
    ///
    /// An error or a panic of `action` rolls everything back. An action that emits nothing makes
    /// no commit, but what it wrote to local tables stays. There is one writer: an action must not
    /// start another one, it would wait for itself; [`Store::read`] within it sees what was before.
    pub fn transact<T, E>(
        &self,
        ctx: &WriteCtx,
        kind: &str,
        action: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<Committed<T>, E>
    where
        E: From<StoreError>,
    {
        let place = self.pass_gate()?;
        let mut writer = self.writer();
        let open = writer.begin()?;
        let hlc = open.writer.node.hlc.tick((self.clock)());
        let mut tx = Tx {
            writer: &mut *open.writer,
            catalogue: self.catalogue,
            ctx,
            kind,
            schema: self.schema,
            hlc,
            scope: ctx.scope,
        };
        let value = action(&mut tx)?;
        let hlc = tx.hlc;
        let about = About::of(ctx, kind, self.schema);
        let done = open.commit(self.catalogue, &about, hlc, place)?;
        Ok(Committed { value, commit: done.commit, tables: done.tables })
    }

    /// Reads; everything `query` sees is of one moment.
    pub fn read<T, E>(&self, query: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let reader = self.reader()?;
        let answer = query(reader.conn())?;
        reader.finish()?;
        Ok(answer)
    }

    /// Writes to local tables, which belong to no commit.
    pub fn local<T, E>(&self, action: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let mut writer = self.writer();
        let open = writer.begin()?;
        let value = action(&open.writer.conn)?;
        open.commit_local(self.catalogue)?;
        Ok(value)
    }

    /// The end of the chain.
    pub fn head(&self) -> CommitRef {
        self.writer().node.head()
    }

    /// What waits for the centre: every commit it has not acknowledged; until there is one, all.
    pub fn pending(&self) -> Result<Pending, StoreError> {
        self.read(|db| {
            // The chains have no gaps, so their ends count them; the journal itself may be long.
            let mut statement = db.prepare_cached(
                "with chain as (
                    select o.origin, o.acked_ctr as acked,
                        iif(o.closed, coalesce(o.end_ctr, o.last_ctr), s.ctr) as last
                    from sync_origin o cross join sync_self s)
                 select coalesce(sum(c.last - c.acked), 0), min(j.at_ms)
                 from chain c
                 left join sync_journal j on j.origin = c.origin and j.ctr = c.acked + 1
                 where c.last > c.acked",
            )?;
            let pending = statement.query_row([], |row| {
                let commits = row.get::<_, i64>(0)?.cast_unsigned();
                Ok(Pending { commits, oldest_at_ms: row.get(1)? })
            })?;
            Ok(pending)
        })
    }

    /// What the store says of itself.
    pub fn info(&self) -> Info {
        let node = self.writer().node.clone();
        Info {
            dir: self.folder.dir().to_path_buf(),
            company: node.company,
            terminal: node.terminal,
            head: node.head(),
            series: node.series,
            origin: node.origin,
            schema: self.schema,
            bytes: std::fs::metadata(self.folder.db()).map_or(0, |file| file.len()),
            key_place: self.report.key_place,
            encrypted: self.encrypted,
        }
    }

    /// What the store was found to be when it was opened.
    pub fn report(&self) -> &OpenReport {
        &self.report
    }

    /// The catalogue it was opened with.
    pub fn catalogue(&self) -> &'static Catalogue {
        self.catalogue
    }

    /// Proves that the database is what the catalogue declares.
    pub fn check_catalogue(&self) -> Result<(), StoreError> {
        self.read(|db| Ok(self.catalogue.check(db)?))
    }

    /// SQLite's check of the whole file, however large, and of every index. Sales go on beside it.
    pub fn check_file(&self) -> Result<(), StoreError> {
        // On a connection of its own: a full-text index is checked against what the connection
        // remembers of it, and one that was used may remember it as it was before a change.
        let db = connect(&self.folder.db(), self.key(), Role::Reader, false)?;
        db.execute_batch("begin")?;
        connect::full_check(&db)?;
        connect::check_head(&db).map(|_| ())
    }

    /// Moves the write-ahead log into the file. Call it when nobody is waiting: it takes the
    /// stalls out of the sale path.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        let writer = self.writer();
        let mut statement = writer.conn.prepare_cached("pragma wal_checkpoint(passive)")?;
        statement.query_row([], |_| Ok(()))?;
        Ok(())
    }

    pub(crate) fn key(&self) -> Option<&[u8; 32]> {
        self.encrypted.then_some(&self.bundle.db)
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.line.enter();
        let writer = self.lock_writer();
        self.line.leave();
        writer
    }

    /// The writer, once nobody who acts is waiting for it.
    pub(crate) fn writer_politely(&self) -> MutexGuard<'_, Writer> {
        self.line.let_go_first();
        self.lock_writer()
    }

    /// Whether somebody waits for the writer.
    pub(crate) fn is_wanted(&self) -> bool {
        self.line.is_waiting()
    }

    fn lock_writer(&self) -> MutexGuard<'_, Writer> {
        // A panic under the lock rolled its transaction back; the writer is whole.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who this store is and where its chain ends.
    pub(crate) fn node(&self) -> Node {
        self.writer().node.clone()
    }

    fn reader(&self) -> Result<Reader<'_>, StoreError> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match kept {
            Some(conn) => conn,
            None => connect(&self.folder.db(), self.key(), Role::Reader, false)?,
        };
        conn.prepare_cached("begin")?.execute([])?;
        Ok(Reader { store: self, conn: Some(conn) })
    }
}

/// A reading connection lent for one read.
struct Reader<'a> {
    store: &'a Store,
    conn: Option<Connection>,
}

impl Reader<'_> {
    fn conn(&self) -> &Connection {
        self.conn.as_ref().expect("a reader has its connection until it is dropped")
    }

    fn finish(&self) -> Result<(), StoreError> {
        self.conn().prepare_cached("commit")?.execute([])?;
        Ok(())
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        if !conn.is_autocommit() && conn.execute_batch("rollback").is_err() {
            return; // A connection that cannot end its read is not lent again.
        }
        let mut readers = self.store.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_KEPT {
            readers.push(conn);
        }
    }
}

/// The check on opening: the schema always, the whole file when it is small enough not to wait for.
fn look_over(conn: &Connection, bytes: u64) -> Result<Integrity, StoreError> {
    connect::schema(conn)?;
    if bytes > CHECK_WHOLE_MAX {
        return Ok(Integrity::Head);
    }
    connect::quick_check(conn)?;
    Ok(Integrity::Whole)
}
