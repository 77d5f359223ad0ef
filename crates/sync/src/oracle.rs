//! The oracle: proves, in every test, that what changed is what was emitted.
//!
//! Temporary triggers on the writer's connection note every change of a synced table. When a
//! commit is sealed, what they noted must be exactly what `Tx` emitted; a difference is a broken
//! promise of the program and panics, which rolls the action back.
//!
//! **Invariant:** in checked mode no change of a synced table stays without its row in a commit,
//! and no row in a commit stays without its change.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rusqlite::Connection;

use crate::catalogue::{Catalogue, Table, columns_of};
use crate::commit::Op;
use crate::error::hex;
use crate::row::{Class, ColumnDecl, Key};

/// A change of a row: table number, key, what happened, group.
pub(crate) type Change = (u16, Key, &'static str, u8);

/// The word the triggers use for an operation.
pub(crate) fn word(op: Op) -> &'static str {
    match op {
        Op::Insert | Op::Create => "insert",
        Op::Patch => "update",
        Op::Save => "save",
        Op::Drop => "delete",
    }
}

/// Installs the triggers on a writer's connection.
pub(crate) fn install(db: &Connection, catalogue: &Catalogue) -> rusqlite::Result<()> {
    let mut sql =
        String::from("create temp table oracle (tag integer, key blob, op text, grp integer);\n");
    for table in catalogue.tables() {
        triggers(table, &mut sql);
    }
    db.execute_batch(&sql)
}

fn triggers(table: &Table, sql: &mut String) {
    let decl = table.decl;
    let (name, tag, key) = (decl.name, decl.tag, decl.columns[0].name);
    let mut trigger = |suffix: &str, event: &str, row: &str, op: &str, group: u8, when: &str| {
        let _ = writeln!(
            sql,
            "create temp trigger oracle_{name}_{suffix} after {event} on main.{name} {when}
             begin insert into oracle values ({tag}, {row}.{key}, '{op}', {group}); end;"
        );
    };
    let first = if decl.class == Class::Draft { "save" } else { "insert" };
    trigger("insert", "insert", "new", first, 0, "");
    trigger("delete", "delete", "old", "delete", 0, "");
    match decl.class {
        Class::Fact => trigger("update", "update", "new", "update", 0, ""),
        Class::Draft => {
            let when = changed(decl.columns.iter());
            trigger("update", "update", "new", "save", 0, &when);
        }
        Class::Master => {
            let when = changed(decl.columns.iter().take(1));
            trigger("update_key", "update", "new", "update", 0, &when);
            for group in decl.groups {
                let when = changed(columns_of(decl, group.tag));
                let suffix = format!("update_{}", group.tag);
                trigger(&suffix, "update", "new", "update", group.tag, &when);
            }
        }
    }
}

fn changed<'a>(columns: impl Iterator<Item = &'a ColumnDecl>) -> String {
    let differ: Vec<String> =
        columns.map(|column| format!("old.{0} is not new.{0}", column.name)).collect();
    format!("when {}", differ.join(" or "))
}

/// Forgets what was noted.
pub(crate) fn clear(db: &Connection) -> rusqlite::Result<()> {
    db.prepare_cached("delete from temp.oracle")?.execute([]).map(|_| ())
}

/// Panics unless what changed is what was emitted; then forgets both.
pub(crate) fn compare(
    db: &Connection,
    catalogue: &Catalogue,
    emitted: &mut BTreeSet<Change>,
) -> rusqlite::Result<()> {
    let mut changed = BTreeSet::new();
    {
        let mut statement =
            db.prepare_cached("select distinct tag, key, op, grp from temp.oracle")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let op = match row.get_ref(2)?.as_str()? {
                "insert" => "insert",
                "update" => "update",
                "save" => "save",
                _ => "delete",
            };
            changed.insert((row.get(0)?, row.get(1)?, op, row.get(3)?));
        }
    }
    clear(db)?;
    let emitted = std::mem::take(emitted);
    let say = |(tag, key, op, group): &Change| {
        let table = catalogue.by_tag(*tag);
        let name = table.map_or("?", |table| table.decl.name);
        let group = table.map_or("", |table| table.group_name(*group));
        format!("{op} of {name} {group} {}", hex(key))
    };
    let silent: Vec<String> = changed.difference(&emitted).map(say).collect();
    let hollow: Vec<String> = emitted.difference(&changed).map(say).collect();
    assert!(
        silent.is_empty() && hollow.is_empty(),
        "the commit is not what changed.\nchanged but not emitted: {silent:#?}\n\
         emitted but not changed: {hollow:#?}"
    );
    Ok(())
}
