//! The tables against what the journal accounts for.
//!
//! **Invariant:** every row is there because a commit wrote it, and is what was written last.

use std::collections::{BTreeMap, HashSet};

use super::values::hash_values;
use super::{Walk, Written};
use crate::catalogue::Table;
use crate::clk::{Clocks, Stamp};
use crate::commit::{Body, Hash};
use crate::error::StoreError;
use crate::fingerprint::in_scopes;
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
        // What is in the log came from there; the centre can say whether it is right.
        let here = self.here();
        let sql = format!("select count(*) from {} where _seq = 0 and {here}", table.decl.name);
        let held: i64 = self.db.query_row(&sql, [], |row| row.get(0))?;
        let accounted = self.facts.get(&table.decl.tag).copied().unwrap_or(0);
        if held.cast_unsigned() == accounted {
            return Ok(());
        }
        // Every row of a commit was looked up already; what is left to find is a row of no commit.
        let known = self.fact_keys(table.decl.tag)?;
        let key = table.decl.columns[0].name;
        let mut statement = self.db.prepare(&format!(
            "select {key} from {} where _seq = 0 and {here} order by {key}",
            table.decl.name
        ))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(0)?.as_blob().unwrap_or_default();
            let key = Key::try_from(bytes).unwrap_or_default();
            if !known.contains(&key) {
                self.row_finding(table, key, None, "no commit wrote this row");
            }
        }
        Ok(())
    }

    /// The condition on rows whose scope is held here.
    fn here(&self) -> String {
        let Some(scopes) = &self.scopes else { return "true".to_owned() };
        in_scopes(&scopes.iter().copied().collect::<Vec<_>>())
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
        let sql = format!(
            "select {}, _clk, _seq from {} where {}",
            names.join(", "),
            table.decl.name,
            self.here()
        );
        let mut statement = self.db.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut held = HashSet::new();
        while let Some(row) = rows.next()? {
            let key: Key = row.get(0)?;
            held.insert(key);
            let Ok(clocks) = Clocks::unpack(row.get_ref(names.len())?.as_blob().unwrap_or(&[]))
            else {
                self.row_finding(table, key, None, "its clocks cannot be read");
                continue;
            };
            let in_log = row.get::<_, i64>(names.len() + 1)? > 0;
            for group in table.decl.groups {
                let found = self.groups.get(&(table.decl.tag, key, group.tag)).copied();
                let clock = clocks.of(group.tag);
                let theirs = in_log && clock.is_some_and(|clock| !self.is_here(&clock));
                let Some(last) = found else {
                    if !theirs {
                        let what = format!("no commit wrote its {}", group.name);
                        self.row_finding(table, key, None, &what);
                    }
                    continue;
                };
                if theirs && (last.vague || clock > Some(last.stamp)) {
                    continue; // Written by another store after that.
                }
                if last.vague && clock.map(|clock| (clock.origin, clock.ctr)) != last.at() {
                    continue;
                }
                if clock != Some(last.stamp) && !last.vague {
                    let what = format!("the clock of its {} was changed", group.name);
                    self.row_finding(table, key, last.at(), &what);
                } else if hash_row(table, row, last.columns)? != last.hash {
                    let what = format!("its {} is not what was written last", group.name);
                    self.row_finding(table, key, last.at(), &what);
                }
            }
        }
        let gone = self.groups.iter().filter(|((tag, key, _), last)| {
            *tag == table.decl.tag && !held.contains(key) && self.holds(last.scope)
        });
        let gone: BTreeMap<Key, Written> = gone.map(|((_, key, _), last)| (*key, *last)).collect();
        for (key, last) in gone {
            self.row_finding(table, key, last.at(), "the row was deleted");
        }
        Ok(())
    }

    fn drafts_of(&mut self, table: &'static Table) -> Result<(), StoreError> {
        let names: Vec<&str> = table.decl.columns.iter().map(|column| column.name).collect();
        let sql = format!(
            "select {}, _seq from {} where {}",
            names.join(", "),
            table.decl.name,
            self.here()
        );
        let mut statement = self.db.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key: Key = row.get(0)?;
            let seq = row.get::<_, i64>(names.len())?.cast_unsigned();
            match self.drafts.remove(&(table.decl.tag, key)).flatten() {
                None if seq > 0 => {}
                // Saved by another store after that.
                Some(last) if last.told.stamp.is_some() && last.told.seq != Some(seq) => {}
                None => self.row_finding(table, key, None, "no commit left this draft open"),
                Some(last) if hash_row(table, row, last.columns)? != last.hash => {
                    self.row_finding(table, key, last.at(), "the draft is not what was saved last");
                }
                Some(_) => {}
            }
        }
        let gone = self.drafts.iter().filter(|((tag, _), _)| *tag == table.decl.tag);
        let gone: BTreeMap<Key, Written> = gone
            .filter_map(|((_, key), last)| Some((*key, (*last)?)))
            // Once it is in the log another store may drop it.
            .filter(|(_, last)| last.told.stamp.is_none() && self.holds(last.scope))
            .collect();
        for (key, last) in gone {
            self.row_finding(table, key, last.at(), "the draft was deleted");
        }
        Ok(())
    }
}

impl Walk<'_> {
    /// Whether the journal here holds the commit that this clock names.
    fn is_here(&self, clock: &Stamp) -> bool {
        let ends = self.ends.get(&clock.origin);
        ends.is_some_and(|(pruned, end)| (pruned + 1..=*end).contains(&clock.ctr))
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
