//! Verification: walks every chain and holds every row against the commit that wrote it.
//!
//! Found are: a commit that is missing, changed, moved or not signed by its terminal; a fact that
//! was changed, deleted or inserted behind the back of [`Tx`](crate::Tx); a group of a master or a
//! draft that is not what was written last. What other stores wrote is not in the journal: of those
//! rows only the centre can say whether they are right; see [`Store::fingerprint`].
//!
//! **Invariant:** it only reads, and what it says names the table, the key and the commit.

mod finding;
mod tables;
mod values;

use std::collections::{BTreeSet, HashMap};

use ed25519_dalek::VerifyingKey;
use lumbung_domain::said::Said;
use lumbung_domain::say;
use rusqlite::{Connection, params};

use crate::catalogue::{Catalogue, Table};
use crate::clk::Stamp;
use crate::commit::{Body, CommitRef, Hash, Header, NO_HASH, Op, Origin, RowChange, Sealed};
use crate::error::StoreError;
use crate::row::{Key, ValueRef};
use crate::store::Store;
use crate::writer::Node;
pub use finding::Finding;
use finding::{finding, said_of};
use values::written;

/// The most findings that are named; the rest are counted.
pub const FINDINGS_MAX: usize = 1_000;
/// How many commits lie between two calls of `progress` and `cancel`.
const STRIDE: u64 = 256;

/// One chain that was walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainOf {
    /// The end of the chain.
    pub head: CommitRef,
    /// Its series of document numbers.
    pub series: String,
    /// Whether it is closed.
    pub closed: bool,
}

/// What verification found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChainReport {
    /// The chains, the current one last.
    pub chains: Vec<ChainOf>,
    /// How many commits were checked.
    pub commits: u64,
    /// How many rows of commits were held against the tables.
    pub rows: u64,
    /// What is wrong; empty when all is well.
    pub findings: Vec<Finding>,
    /// How much more is wrong than is named.
    pub more: u64,
    /// Commits that wait for a newer version of the program.
    pub deferred: u64,
}

impl ChainReport {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }

    fn find(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }
}

/// Walks every chain of the store. `progress` is told commits done and in all; `cancel` is asked
/// whether to stop.
pub fn chain(
    store: &Store,
    progress: &mut dyn FnMut(u64, u64),
    cancel: &dyn Fn() -> bool,
) -> Result<ChainReport, StoreError> {
    store.read(|db| {
        let total =
            db.query_row("select count(*) from sync_journal", [], |row| row.get::<_, i64>(0))?;
        let node = Node::load(db)?.ok_or_else(|| StoreError::damaged("sync_self is empty"))?;
        let mut walk = Walk {
            db,
            catalogue: store.catalogue(),
            report: ChainReport::default(),
            facts: HashMap::new(),
            groups: HashMap::new(),
            drafts: HashMap::new(),
            scopes: scopes_of(db, &node)?,
            ends: HashMap::new(),
            total: total.cast_unsigned(),
        };
        for chain in walk.origins(store, &node)? {
            walk.chain(&chain, progress, cancel)?;
        }
        walk.strays()?;
        walk.tables(cancel)?;
        progress(walk.report.commits, walk.total);
        Ok(walk.report)
    })
}

struct Chain {
    of: ChainOf,
    key: VerifyingKey,
    /// Up to which the journal has let it go.
    pruned: CommitRef,
}

/// The scopes a store holds; `None` where it lives alone and so holds everything.
fn scopes_of(db: &Connection, node: &Node) -> Result<Option<BTreeSet<u32>>, StoreError> {
    if node.log_id.is_none() {
        return Ok(None);
    }
    let mut statement = db.prepare("select scope from sync_scope")?;
    let scopes = statement.query_map([], |row| row.get(0))?;
    Ok(Some(scopes.collect::<rusqlite::Result<_>>()?))
}

/// What the log has told of a commit of the journal.
#[derive(Clone, Copy)]
struct Told {
    /// By which its writes were merged; 0 where it came back in a snapshot, which does not say.
    stamp: Option<u64>,
    /// Its place in the log.
    seq: Option<u64>,
}

/// What the journal says a group or draft was written as last.
#[derive(Clone, Copy)]
struct Written {
    stamp: Stamp,
    told: Told,
    /// Whether a write of the same group has a stamp that is not known here.
    vague: bool,
    scope: u32,
    /// Which columns it wrote: an older version may have known fewer than the table has now.
    columns: u128,
    /// A hash of their values.
    hash: Hash,
}

impl Written {
    fn at(&self) -> Option<(Origin, u64)> {
        Some((self.stamp.origin, self.stamp.ctr))
    }
}

struct Walk<'a> {
    db: &'a Connection,
    catalogue: &'static Catalogue,
    report: ChainReport,
    /// Facts of commits that are in the table and not in the log, per table number.
    facts: HashMap<u16, u64>,
    groups: HashMap<(u16, Key, u8), Written>,
    /// Drafts that are open, with the commit that saved them last; `None` once dropped.
    drafts: HashMap<(u16, Key), Option<Written>>,
    scopes: Option<BTreeSet<u32>>,
    /// Between which commits of each chain the journal says all that was written.
    ends: HashMap<Origin, (u64, u64)>,
    total: u64,
}

impl Walk<'_> {
    fn origins(&mut self, store: &Store, node: &Node) -> Result<Vec<Chain>, StoreError> {
        let mut statement = self.db.prepare(
            "select origin, series, pubkey, closed, last_ctr, last_hash, pruned_ctr, pruned_hash,
                end_ctr
             from sync_origin order by closed desc, origin",
        )?;
        let mut rows = statement.query([])?;
        let mut chains = Vec::new();
        while let Some(row) = rows.next()? {
            let origin: Origin = row.get(0)?;
            let closed: bool = row.get(3)?;
            let head = if closed {
                let ctr = row.get::<_, i64>(4)?.cast_unsigned();
                CommitRef { origin, ctr, hash: row.get(5)? }
            } else {
                node.head()
            };
            let pruned = CommitRef {
                origin,
                ctr: row.get::<_, i64>(6)?.cast_unsigned(),
                hash: row.get::<_, Option<Hash>>(7)?.unwrap_or(NO_HASH),
            };
            let end = row.get::<_, Option<i64>>(8)?.map_or(head.ctr, i64::cast_unsigned);
            self.ends.insert(origin, (pruned.ctr, end));
            let pubkey: [u8; 32] = row.get(2)?;
            let own = store.bundle.signing_key(&origin).verifying_key();
            if origin == node.origin && own.as_bytes() != &pubkey {
                let what =
                    say!("chain_key_replaced", "the key of this terminal's commits was replaced");
                self.report.find(finding(what, Some((origin, 0))));
            }
            let key = match VerifyingKey::from_bytes(&pubkey) {
                Ok(key) => key,
                Err(_) => {
                    let what =
                        say!("chain_key_unreadable", "the key of its commits cannot be read");
                    self.report.find(finding(what, Some((origin, 0))));
                    own
                }
            };
            if !closed && origin != node.origin {
                let what =
                    say!("chain_foreign_open", "a chain that is not this terminal's is still open");
                self.report.find(finding(what, Some((origin, 0))));
                continue;
            }
            let of = ChainOf { head, series: row.get(1)?, closed };
            chains.push(Chain { of, key, pruned });
        }
        if !chains.iter().any(|chain| chain.of.head.origin == node.origin) {
            let what = say!("chain_unlisted", "the current chain is not listed");
            self.report.find(finding(what, Some((node.origin, node.ctr))));
        }
        Ok(chains)
    }

    fn chain(
        &mut self,
        chain: &Chain,
        progress: &mut dyn FnMut(u64, u64),
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), StoreError> {
        let origin = chain.of.head.origin;
        let mut statement = self.db.prepare(
            "select ctr, header, body, hash, sig, kind, at_ms, hlc, stamp, seq
             from sync_journal where origin = ?1 order by ctr",
        )?;
        let mut rows = statement.query([origin])?;
        let mut last = chain.pruned;
        while let Some(row) = rows.next()? {
            if self.report.commits.is_multiple_of(STRIDE) {
                if cancel() {
                    return Err(StoreError::Cancelled);
                }
                progress(self.report.commits, self.total);
            }
            self.report.commits += 1;
            let ctr = row.get::<_, i64>(0)?.cast_unsigned();
            let at = Some((origin, ctr));
            if ctr != last.ctr + 1 {
                let what = say!(
                    "chain_gap",
                    "commits {from} to {to} are missing",
                    from = last.ctr + 1,
                    to = ctr - 1
                );
                self.report.find(finding(what, at));
            }
            let sealed = Sealed {
                header: row.get(1)?,
                body: row.get(2)?,
                hash: row.get(3)?,
                sig: row.get(4)?,
            };
            let copies = (row.get::<_, String>(5)?, row.get::<_, i64>(6)?, row.get::<_, i64>(7)?);
            match sealed.open(&chain.key) {
                Err(broken) => self.report.find(finding(said_of(&broken), at)),
                Ok((header, plain)) => {
                    let told = (header.kind.clone(), header.at_ms, header.hlc.cast_signed());
                    if (header.origin, header.ctr) != (origin, ctr) {
                        let what = say!("chain_misplaced", "it is in another's place");
                        self.report.find(finding(what, at));
                    }
                    if ctr == last.ctr + 1 && header.prev != last.hash {
                        let what = say!("chain_broken", "it does not follow the commit before it");
                        self.report.find(finding(what, at));
                    }
                    if copies != told {
                        let what =
                            say!("chain_mislisted", "the journal lists it as something else");
                        self.report.find(finding(what, at));
                    }
                    let told = Told {
                        stamp: row.get::<_, Option<i64>>(8)?.map(i64::cast_unsigned),
                        seq: row.get::<_, Option<i64>>(9)?.map(i64::cast_unsigned),
                    };
                    self.rows(&header, told, &plain)?;
                }
            }
            last = CommitRef { origin, ctr, hash: sealed.hash };
        }
        if last != chain.of.head {
            let what = say!(
                "chain_end",
                "the chain ends at commit {last}, but the data says {head}",
                last = last.ctr,
                head = chain.of.head.ctr
            );
            self.report.find(finding(what, Some((origin, last.ctr))));
        }
        self.report.chains.push(chain.of.clone());
        Ok(())
    }

    /// Holds the rows of one commit against the tables.
    fn rows(&mut self, header: &Header, told: Told, plain: &[u8]) -> Result<(), StoreError> {
        let at = Some((header.origin, header.ctr));
        let body = match Body::decode(plain) {
            Ok(body) => body,
            Err(error) => {
                let what = say!("commit_unreadable", "it cannot be read: {detail}", detail = error);
                self.report.find(finding(what, at));
                return Ok(());
            }
        };
        if self.is_deferred(header)? {
            return Ok(());
        }
        let repeated = self.is_repeated(header)?;
        let stamp = told.stamp.filter(|stamp| *stamp > 0).unwrap_or(header.hlc);
        let stamp = Stamp { stamp, origin: header.origin, ctr: header.ctr };
        let written = |table: &Table, row: &RowChange<'_>, group| {
            let (columns, hash) = written(table, row, group);
            let vague = told.stamp == Some(0);
            Written { stamp, told, vague, scope: row.scope, columns, hash }
        };
        for row in &body.rows {
            self.report.rows += 1;
            let Some(table) = self.catalogue.by_tag(row.table) else {
                let what = say!(
                    "commit_unknown_table",
                    "it writes table number {table}, which is not known",
                    table = row.table
                );
                self.report.find(finding(what, at));
                continue;
            };
            match row.op {
                Op::Insert => {
                    self.fact(table, row, at)?;
                }
                // What counts is the commit that repeats it.
                _ if repeated => {}
                Op::Create => {
                    for group in table.decl.groups {
                        let written = written(table, row, Some(group.tag));
                        self.wrote((row.table, row.key, group.tag), written);
                    }
                }
                Op::Patch => {
                    let written = written(table, row, Some(row.group));
                    self.wrote((row.table, row.key, row.group), written);
                }
                Op::Save => {
                    let written = written(table, row, None);
                    self.drafts.insert((row.table, row.key), Some(written));
                }
                Op::Drop => {
                    self.drafts.insert((row.table, row.key), None);
                }
            }
        }
        Ok(())
    }

    fn is_deferred(&self, header: &Header) -> Result<bool, StoreError> {
        let mut statement =
            self.db.prepare_cached("select 1 from sync_deferred where origin = ?1 and ctr = ?2")?;
        Ok(statement.exists(params![header.origin, header.ctr.cast_signed()])?)
    }

    fn is_repeated(&self, header: &Header) -> Result<bool, StoreError> {
        let mut statement =
            self.db.prepare_cached("select 1 from sync_reissue where origin = ?1 and ctr = ?2")?;
        Ok(statement.exists(params![header.origin, header.ctr.cast_signed()])?)
    }

    /// Whether rows of this scope are here.
    fn holds(&self, scope: u32) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&scope))
    }

    fn wrote(&mut self, group: (u16, Key, u8), written: Written) {
        let held = self.groups.entry(group).or_insert(written);
        let vague = held.vague || written.vague;
        if written.stamp >= held.stamp {
            *held = written;
        }
        held.vague = vague;
    }

    fn fact(
        &mut self,
        table: &'static Table,
        row: &RowChange<'_>,
        at: Option<(Origin, u64)>,
    ) -> Result<(), StoreError> {
        let mut statement = self.db.prepare_cached(&table.select)?;
        let mut found = statement.query([row.key])?;
        let Some(held) = found.next()? else {
            if !self.holds(row.scope) {
                return Ok(());
            }
            self.row_finding(table, row.key, at, say!("row_deleted", "the row was deleted"));
            return Ok(());
        };
        let width = table.decl.columns.len();
        if held.get::<_, i64>(width + 1)? == 0 && self.holds(row.scope) {
            *self.facts.entry(row.table).or_default() += 1;
        }
        for (tag, value) in &row.columns {
            let Some((i, column)) = table.column(*tag) else { continue };
            if ValueRef::try_from(held.get_ref(i)?).ok() != Some(*value) {
                let what = say!("row_changed", "{column} was changed", column = column.name);
                self.row_finding(table, row.key, at, what);
            }
        }
        if held.get::<_, u32>(width)? != row.scope {
            let what = say!("row_moved", "it was moved to another branch");
            self.row_finding(table, row.key, at, what);
        }
        Ok(())
    }

    /// Commits of chains that are not listed, and commits that wait.
    fn strays(&mut self) -> Result<(), StoreError> {
        let mut statement = self.db.prepare(
            "select origin, min(ctr) from sync_journal
             where origin not in (select origin from sync_origin) group by origin",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let at = Some((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()));
            let what = say!("chain_stray", "it is of a chain that is not listed");
            self.report.find(finding(what, at));
        }
        let deferred: i64 =
            self.db.query_row("select count(*) from sync_deferred", [], |row| row.get(0))?;
        self.report.deferred = deferred.cast_unsigned();
        Ok(())
    }

    fn row_finding(
        &mut self,
        table: &'static Table,
        key: Key,
        commit: Option<(Origin, u64)>,
        what: Said,
    ) {
        let table = Some(table.decl.name);
        self.report.find(Finding { what, table, key: Some(key), commit });
    }
}
