//! The tables against what the journal accounts for.
//!
//! **Invariant:** every row is there because a commit wrote it, and is what was written last.

use std::collections::{BTreeMap, HashSet};

use lumbung_domain::say;

use super::{Walk, Written, hash_values};
use crate::catalogue::Table;
use crate::clk::Clocks;
use crate::commit::{Body, Hash};
use crate::error::StoreError;
use crate::row::{Class, Key, ValueRef};

impl Walk<'_> {
    /// Holds the tables against what the journal accounts for.
    pub fn tables(&mut self, cancel: &dyn Fn() -> bool) -> Result<(), StoreError> {
        for table in self.catalogue.tables() {
            if cancel() {
                return Err(StoreError::Cancelled);
            }
            match table.decl.class {
                Class::Fact => self.facts_of(table)?,
                Class::Master => self.masters_of(table)?,
                Class::Draft => self.drafts_of(table)?,
            }
        }
        Ok(())
    }

    fn facts_of(&mut self, table: &'static Table) -> Result<(), StoreError> {
        let sql = format!("select count(*) from {}", table.decl.name);
        let held: i64 = self.db.query_row(&sql, [], |row| row.get(0))?;
        let accounted = self.facts.get(&table.decl.tag).copied().unwrap_or(0);
        if held.cast_unsigned() == accounted {
            return Ok(());
        }
        // Every row of a commit was looked up already; what is left to find is a row of no commit.
        let known = self.fact_keys(table.decl.tag)?;
        let key = table.decl.columns[0].name;
        let mut statement =
            self.db.prepare(&format!("select {key} from {} order by {key}", table.decl.name))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(0)?.as_blob().unwrap_or_default();
            let key = Key::try_from(bytes).unwrap_or_default();
            if !known.contains(&key) {
                self.row_finding(
                    table,
                    key,
                    None,
                    say!("row_of_no_commit", "no commit wrote this row"),
                );
            }
        }
        Ok(())
    }

    fn fact_keys(&self, tag: u16) -> Result<HashSet<Key>, StoreError> {
        let mut statement = self.db.prepare("select body from sync_journal")?;
        let mut rows = statement.query([])?;
        let mut keys = HashSet::new();
        while let Some(row) = rows.next()? {
            let Ok(plain) = crate::commit::unpack(row.get_ref(0)?.as_blob().unwrap_or_default())
            else {
                continue; // Named already, when its chain was walked.
            };
            if let Ok(body) = Body::decode(&plain) {
                keys.extend(body.rows.iter().filter(|row| row.table == tag).map(|row| row.key));
            }
        }
        Ok(keys)
    }

    fn masters_of(&mut self, table: &'static Table) -> Result<(), StoreError> {
        let names: Vec<&str> = table.decl.columns.iter().map(|column| column.name).collect();
        let sql = format!("select {}, _clk from {}", names.join(", "), table.decl.name);
        let mut statement = self.db.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut held = HashSet::new();
        while let Some(row) = rows.next()? {
            let key: Key = row.get(0)?;
            held.insert(key);
            let Ok(clocks) = Clocks::unpack(row.get_ref(names.len())?.as_blob().unwrap_or(&[]))
            else {
                self.row_finding(table, key, None, say!("row_clocks", "its clocks cannot be read"));
                continue;
            };
            for group in table.decl.groups {
                let found = self.groups.get(&(table.decl.tag, key, group.tag)).copied();
                let Some(last) = found else {
                    let what = say!(
                        "group_of_no_commit",
                        "no commit wrote its {group}",
                        group = group.name
                    );
                    self.row_finding(table, key, None, what);
                    continue;
                };
                if clocks.of(group.tag) != Some(last.stamp) {
                    let what = say!(
                        "group_clock",
                        "the clock of its {group} was changed",
                        group = group.name
                    );
                    self.row_finding(table, key, last.at(), what);
                } else if hash_row(table, row, last.columns)? != last.hash {
                    let what = say!(
                        "group_changed",
                        "its {group} is not what was written last",
                        group = group.name
                    );
                    self.row_finding(table, key, last.at(), what);
                }
            }
        }
        let gone = self
            .groups
            .iter()
            .filter(|((tag, key, _), _)| *tag == table.decl.tag && !held.contains(key));
        let gone: BTreeMap<Key, Written> = gone.map(|((_, key, _), last)| (*key, *last)).collect();
        for (key, last) in gone {
            self.row_finding(table, key, last.at(), say!("row_deleted", "the row was deleted"));
        }
        Ok(())
    }

    fn drafts_of(&mut self, table: &'static Table) -> Result<(), StoreError> {
        let names: Vec<&str> = table.decl.columns.iter().map(|column| column.name).collect();
        let sql = format!("select {} from {}", names.join(", "), table.decl.name);
        let mut statement = self.db.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key: Key = row.get(0)?;
            match self.drafts.remove(&(table.decl.tag, key)).flatten() {
                None => self.row_finding(
                    table,
                    key,
                    None,
                    say!("draft_of_no_commit", "no commit left this draft open"),
                ),
                Some(last) if hash_row(table, row, last.columns)? != last.hash => {
                    self.row_finding(
                        table,
                        key,
                        last.at(),
                        say!("draft_changed", "the draft is not what was saved last"),
                    );
                }
                Some(_) => {}
            }
        }
        let gone = self.drafts.iter().filter(|((tag, _), _)| *tag == table.decl.tag);
        let gone: BTreeMap<Key, Written> =
            gone.filter_map(|((_, key), last)| Some((*key, (*last)?))).collect();
        for (key, last) in gone {
            self.row_finding(table, key, last.at(), say!("draft_deleted", "the draft was deleted"));
        }
        Ok(())
    }
}

/// The same hash of what the table holds in these columns.
fn hash_row(table: &Table, row: &rusqlite::Row<'_>, columns: u128) -> Result<Hash, StoreError> {
    let mut values = Vec::with_capacity(table.decl.columns.len());
    for (i, column) in table.decl.columns.iter().enumerate() {
        if columns & (1 << i) != 0 {
            let value = ValueRef::try_from(row.get_ref(i)?)
                .map_err(|error| StoreError::codec("a stored value", error))?;
            values.push((column.tag, value));
        }
    }
    Ok(hash_values(values))
}
