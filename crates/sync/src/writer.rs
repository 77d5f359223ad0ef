//! The one writer: its connection, where the chain stands, and sealing a commit.
//!
//! **Invariant:** the state in memory moves on only after SQLite has committed; whatever happens
//! before that, the next action starts from the last durable commit.

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use rusqlite::{Connection, params};

use crate::catalogue::{Catalogue, Table};
use crate::clk::Stamp;
use crate::clock::Hlc;
use crate::commit::{BODY_MAX, BodyWriter, CommitRef, Hash, Header, Op, Origin, Packer, Sealed};
use crate::config::WriteCtx;
use crate::error::StoreError;
use crate::gate::{self, Place};
use crate::guard::Guard;
use crate::ids::Ids;
use crate::oracle;
use crate::row::{Key, ValueRef};

/// What `sync_self` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub company: Key,
    pub terminal: Key,
    pub series_base: String,
    pub series: String,
    pub rekeys: u32,
    pub origin: Origin,
    pub ctr: u64,
    pub head: Hash,
    pub hlc: Hlc,
    /// The company's log at the centre; `None` while there is no centre.
    pub log_id: Option<Key>,
}

impl Node {
    pub fn head(&self) -> CommitRef {
        CommitRef { origin: self.origin, ctr: self.ctr, hash: self.head }
    }

    /// Goes on under this series; one of another family is the start of a new family.
    pub fn take_series_of(&mut self, series: &str) {
        if !series.starts_with(&self.series_base) {
            self.series_base = series.to_owned();
        }
        self.series = series.to_owned();
    }

    pub fn load(db: &Connection) -> rusqlite::Result<Option<Node>> {
        let mut statement = db.prepare(
            "select company, terminal, series_base, series, rekeys, origin, ctr, head, hlc,
                log_id
             from sync_self where self_id = 1",
        )?;
        let mut rows = statement.query([])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(Node {
            company: row.get(0)?,
            terminal: row.get(1)?,
            series_base: row.get(2)?,
            series: row.get(3)?,
            rekeys: row.get(4)?,
            origin: row.get(5)?,
            ctr: row.get::<_, i64>(6)?.cast_unsigned(),
            head: row.get(7)?,
            hlc: Hlc::from_bits(row.get::<_, i64>(8)?.cast_unsigned()),
            log_id: row.get(9)?,
        }))
    }

    /// Writes the whole row; the sale path only moves it on.
    pub fn save(&self, db: &Connection) -> rusqlite::Result<()> {
        db.execute(
            "insert or replace into sync_self
                (self_id, company, terminal, series_base, series, rekeys, origin, ctr, head, hlc,
                 log_id)
             values (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                self.company,
                self.terminal,
                self.series_base,
                self.series,
                self.rekeys,
                self.origin,
                self.ctr.cast_signed(),
                self.head,
                self.hlc.bits().cast_signed(),
                self.log_id,
            ],
        )
        .map(|_| ())
    }
}

/// What the open transaction has emitted.
#[derive(Debug, Default)]
pub(crate) struct Emit {
    pub body: BodyWriter,
    scopes: BTreeSet<u32>,
    touched: Vec<usize>,
    /// For the oracle; empty unless checked.
    pub noted: BTreeSet<oracle::Change>,
}

/// One row about to be emitted.
pub(crate) struct Emitted<'a> {
    pub table: &'a Table,
    pub op: Op,
    pub key: &'a Key,
    pub scope: u32,
    pub group: u8,
    pub columns: usize,
}

impl Emit {
    pub fn clear(&mut self) {
        self.body.clear();
        self.scopes.clear();
        self.touched.clear();
        self.noted.clear();
    }

    /// Starts a row in the body.
    pub fn row(&mut self, row: &Emitted<'_>) {
        let Emitted { table, op, key, scope, group, columns } = *row;
        self.body.row(table.decl.tag, op, key, scope, group, columns);
    }

    /// Begins the next commit of the same transaction.
    fn next_commit(&mut self) {
        self.body.clear();
        self.scopes.clear();
        self.noted.clear();
    }

    /// Notes that the row started last took place.
    pub fn done(&mut self, row: &Emitted<'_>, checked: bool) {
        if !self.scopes.contains(&row.scope) {
            self.scopes.insert(row.scope);
        }
        if !self.touched.contains(&row.table.index) {
            self.touched.push(row.table.index);
        }
        if checked {
            self.noted.insert((row.table.decl.tag, *row.key, oracle::word(row.op), row.group));
        }
    }

    pub fn value(&mut self, tag: u16, value: ValueRef<'_>) {
        self.body.value(tag, value);
    }
}

/// What a header takes from the action rather than from the chain.
pub(crate) struct About<'a> {
    pub kind: &'a str,
    pub schema: u32,
    pub user: Option<Key>,
    pub business_date: chrono::NaiveDate,
    pub offset_min: i16,
    pub at_ms: i64,
    pub reason: Option<&'a str>,
    pub reissue_of: Option<(Origin, u64)>,
}

impl<'a> About<'a> {
    /// What an action of this kind says of its commits.
    pub fn of(ctx: &'a WriteCtx, kind: &'a str, schema: u32) -> Self {
        Self {
            kind,
            schema,
            user: ctx.user,
            business_date: ctx.business_date,
            offset_min: ctx.offset_min,
            at_ms: ctx.at_ms,
            reason: ctx.reason.as_deref(),
            reissue_of: None,
        }
    }
}

/// The writer of an open store.
pub(crate) struct Writer {
    pub conn: Connection,
    pub node: Node,
    pub emit: Emit,
    pub guard: Guard,
    pub signing: SigningKey,
    pub ids: Ids,
    pub checked: bool,
    /// Whether the database refused a write of the open transaction: then it must not commit.
    pub doomed: bool,
    packer: Packer,
    plain: Vec<u8>,
}

impl Writer {
    pub fn new(
        conn: Connection,
        node: Node,
        guard: Guard,
        signing: SigningKey,
        checked: bool,
    ) -> Result<Writer, StoreError> {
        Ok(Writer {
            conn,
            node,
            emit: Emit::default(),
            guard,
            signing,
            ids: Ids::default(),
            checked,
            doomed: false,
            packer: Packer::new()?,
            plain: Vec::new(),
        })
    }

    /// Opens the one transaction.
    pub fn begin(&mut self) -> Result<Open<'_>, StoreError> {
        if !self.conn.is_autocommit() {
            // Left behind by a transaction whose roll-back failed.
            self.conn.execute_batch("rollback")?;
        }
        self.emit.clear();
        self.doomed = false;
        self.conn.prepare_cached("begin immediate")?.execute([])?;
        Ok(Open {
            durable: self.node.head(),
            durable_hlc: self.node.hlc,
            writer: self,
            done: false,
        })
    }

    /// The stamp of rows written by the next commit at `hlc`.
    pub fn stamp(&self, hlc: Hlc) -> Stamp {
        Stamp { stamp: hlc.bits(), origin: self.node.origin, ctr: self.node.ctr + 1 }
    }

    /// Turns what was emitted into the next commit of the chain and writes it to the journal.
    /// Gives nothing when nothing was emitted.
    fn seal(
        &mut self,
        catalogue: &Catalogue,
        about: &About<'_>,
        hlc: Hlc,
    ) -> Result<Option<CommitRef>, StoreError> {
        if self.doomed || self.conn.is_autocommit() {
            return Err(StoreError::GivenUp);
        }
        if self.checked {
            oracle::compare(&self.conn, catalogue, &mut self.emit.noted)?;
        }
        if self.emit.body.count() == 0 {
            return Ok(None);
        }
        let mut plain = std::mem::take(&mut self.plain);
        self.emit.body.finish(&mut plain);
        let scopes = self.emit.scopes.iter().copied().collect();
        let chained = self.chain(about, hlc, scopes, &plain);
        self.plain = plain;
        chained.map(|(_, _, head)| Some(head))
    }

    /// Seals what was emitted so far and goes on with the next commit of the same transaction. All
    /// of them become durable together or not at all. Answers whether there was anything to seal.
    pub fn cut(
        &mut self,
        catalogue: &Catalogue,
        about: &About<'_>,
        hlc: Hlc,
    ) -> Result<bool, StoreError> {
        let Some(head) = self.seal(catalogue, about, hlc)? else { return Ok(false) };
        self.moved_to(&head);
        self.node.hlc = self.node.hlc.observe(hlc);
        self.emit.next_commit();
        Ok(true)
    }

    /// Goes on from a commit that [`Writer::chain`] put into the journal, in the same transaction.
    pub fn moved_to(&mut self, head: &CommitRef) {
        self.node.ctr = head.ctr;
        self.node.head = head.hash;
    }

    /// Puts a body into the journal as the next commit of the chain.
    pub fn chain(
        &mut self,
        about: &About<'_>,
        hlc: Hlc,
        scopes: Vec<u32>,
        plain: &[u8],
    ) -> Result<(Header, Sealed, CommitRef), StoreError> {
        if plain.len() > BODY_MAX {
            return Err(StoreError::TooLarge { found: plain.len(), limit: BODY_MAX });
        }
        let header = Header {
            version: Header::VERSION,
            company: self.node.company,
            origin: self.node.origin,
            ctr: self.node.ctr + 1,
            prev: self.node.head,
            hlc: hlc.bits(),
            kind: about.kind.to_owned(),
            schema: about.schema,
            scopes,
            user: about.user,
            business_date: about.business_date,
            offset_min: about.offset_min,
            at_ms: about.at_ms,
            reason: about.reason.map(str::to_owned),
            reissue_of: about.reissue_of,
            body_hash: *blake3::hash(plain).as_bytes(),
        };
        let body = self.packer.pack(plain)?;
        let sealed = Sealed::new(&header, body, &self.signing)?;
        journal(&self.conn, &header, &sealed)?;
        self.conn
            .prepare_cached(
                "update sync_self set ctr = ?1, head = ?2, hlc = max(hlc, ?3) where self_id = 1",
            )?
            .execute(params![header.ctr.cast_signed(), sealed.hash, header.hlc.cast_signed()])?;
        let head = CommitRef { origin: header.origin, ctr: header.ctr, hash: sealed.hash };
        Ok((header, sealed, head))
    }
}

/// Writes a commit to the journal.
pub(crate) fn journal(db: &Connection, header: &Header, sealed: &Sealed) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert into sync_journal (origin, ctr, hlc, at_ms, kind, header, body, hash, sig)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        header.origin,
        header.ctr.cast_signed(),
        header.hlc.cast_signed(),
        header.at_ms,
        header.kind,
        sealed.header,
        sealed.body,
        sealed.hash,
        sealed.sig,
    ])?;
    Ok(())
}

/// The open transaction; rolled back when dropped, also by a panic.
pub(crate) struct Open<'a> {
    pub writer: &'a mut Writer,
    /// Where the chain stands on the disk: [`Writer::cut`] moves on in memory before that.
    durable: CommitRef,
    durable_hlc: Hlc,
    done: bool,
}

/// What a committed transaction leaves.
pub(crate) struct Done {
    pub commit: Option<CommitRef>,
    pub tables: Vec<&'static str>,
}

impl Open<'_> {
    /// Seals, appends to the log where one is held, commits, and moves the state in memory on.
    pub fn commit(
        mut self,
        catalogue: &Catalogue,
        about: &About<'_>,
        hlc: Hlc,
        place: Option<Place>,
    ) -> Result<Done, StoreError> {
        let sealed = self.writer.seal(catalogue, about, hlc)?;
        let head = self.writer.node.head();
        let commit = sealed.or_else(|| (head.ctr > self.durable.ctr).then_some(head));
        match commit {
            None => self.writer.conn.prepare_cached("commit").and_then(|mut s| s.execute([]))?,
            Some(head) => {
                if let Some(place) = place {
                    gate::append(&self.writer.conn, &self.durable, place)?;
                }
                self.make_durable(&head, hlc)?
            }
        };
        self.done = true;
        let writer = &mut *self.writer;
        let tables = writer
            .emit
            .touched
            .iter()
            .filter_map(|&index| catalogue.tables().get(index))
            .map(|table| table.decl.name)
            .collect();
        writer.emit.clear();
        Ok(Done { commit, tables })
    }

    /// Commits what [`Writer::chain`] put into the journal.
    pub fn commit_chained(mut self, head: &CommitRef, hlc: Hlc) -> Result<(), StoreError> {
        if self.writer.checked {
            oracle::clear(&self.writer.conn)?;
        }
        self.make_durable(head, hlc)?;
        self.done = true;
        Ok(())
    }

    fn make_durable(&mut self, head: &CommitRef, hlc: Hlc) -> Result<usize, StoreError> {
        let durable = self.durable;
        let writer = &mut *self.writer;
        writer.guard.before_commit(&durable, head.ctr)?;
        let done = writer.conn.prepare_cached("commit")?.execute([])?;
        writer.node.ctr = head.ctr;
        writer.node.head = head.hash;
        writer.node.hlc = writer.node.hlc.observe(hlc);
        if let Err(error) = writer.guard.note(head) {
            // The commit is durable; a guard that lags is only milder.
            tracing::warn!(%error, "the guard file could not be written");
        }
        Ok(done)
    }

    /// Commits what was applied from other chains: `hlc` is the clock after it has seen them.
    pub fn commit_applied(mut self, hlc: Hlc) -> Result<(), StoreError> {
        let writer = &mut *self.writer;
        if writer.checked {
            oracle::clear(&writer.conn)?;
        }
        writer
            .conn
            .prepare_cached("update sync_self set hlc = ?1 where self_id = 1")?
            .execute([hlc.bits().cast_signed()])?;
        writer.conn.prepare_cached("commit")?.execute([])?;
        self.done = true;
        writer.node.hlc = hlc;
        Ok(())
    }

    /// Commits local changes that belong to no commit.
    pub fn commit_local(mut self, catalogue: &Catalogue) -> Result<(), StoreError> {
        let writer = &mut *self.writer;
        if writer.checked {
            oracle::compare(&writer.conn, catalogue, &mut writer.emit.noted)?;
        }
        writer.conn.prepare_cached("commit")?.execute([])?;
        self.done = true;
        Ok(())
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        self.writer.emit.clear();
        self.writer.node.ctr = self.durable.ctr;
        self.writer.node.head = self.durable.hash;
        self.writer.node.hlc = self.durable_hlc;
        if self.writer.conn.is_autocommit() {
            return; // SQLite has rolled back by itself, as it does when the disk is full.
        }
        if let Err(error) = self.writer.conn.execute_batch("rollback") {
            tracing::error!(%error, "a transaction could not be rolled back; the next will try");
        }
    }
}
