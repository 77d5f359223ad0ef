//! One hash over the synced rows of a store: two stores with the same scopes that have read the log
//! to the same place, and have nothing waiting, have the same one.
//!
//! **Invariant:** it covers every column, the place in the log and the clocks, in an order that
//! does not depend on how the rows came.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::catalogue::{Catalogue, Table};
use crate::commit::Hash;
use crate::error::StoreError;
use crate::row::Class;
use crate::store::Store;

impl Store {
    /// The hash of the company's rows and those of these scopes.
    pub fn fingerprint(&self, scopes: &[u32]) -> Result<Hash, StoreError> {
        self.read(|db| of(db, "main", self.catalogue, scopes))
    }
}

/// The hash of the company's rows and those of these scopes in one of the attached databases.
pub(crate) fn of(
    db: &Connection,
    schema: &str,
    catalogue: &Catalogue,
    scopes: &[u32],
) -> Result<Hash, StoreError> {
    let mut tables: Vec<&Table> = catalogue.tables().iter().collect();
    tables.sort_by_key(|table| table.decl.tag);
    let mut hasher = blake3::Hasher::new_derive_key("lumbung 2026 table fingerprint");
    for table in tables {
        hash_table(db, schema, table, scopes, &mut hasher)?;
    }
    Ok(*hasher.finalize().as_bytes())
}

fn hash_table(
    db: &Connection,
    schema: &str,
    table: &Table,
    scopes: &[u32],
    hasher: &mut blake3::Hasher,
) -> Result<(), StoreError> {
    let mut columns: Vec<_> = table.decl.columns.iter().collect();
    columns.sort_by_key(|column| column.tag);
    let mut names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    names.extend(["scope", "_seq"]);
    if table.decl.class == Class::Master {
        names.push("_clk");
    }
    let key = table.decl.columns[0].name;
    let sql = format!(
        "select {} from {schema}.{} where {} order by {key}",
        names.join(", "),
        table.decl.name,
        in_scopes(scopes),
    );
    hasher.update(&table.decl.tag.to_le_bytes());
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut line = Vec::new();
    let mut count = 0_u64;
    while let Some(row) = rows.next()? {
        line.clear();
        for i in 0..names.len() {
            put_value(&mut line, row.get_ref(i)?);
        }
        hasher.update(&line);
        count += 1;
    }
    hasher.update(&count.to_le_bytes());
    Ok(())
}

/// The condition on rows of the company and of these scopes.
pub(crate) fn in_scopes(scopes: &[u32]) -> String {
    let numbers: Vec<String> = scopes.iter().map(u32::to_string).collect();
    format!("scope in (0{}{})", if numbers.is_empty() { "" } else { ", " }, numbers.join(", "))
}

fn put_value(line: &mut Vec<u8>, value: ValueRef<'_>) {
    let mut put = |kind: u8, bytes: &[u8]| {
        line.push(kind);
        line.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        line.extend_from_slice(bytes);
    };
    match value {
        ValueRef::Null => put(b'n', &[]),
        ValueRef::Integer(number) => put(b'i', &number.to_le_bytes()),
        ValueRef::Real(number) => put(b'r', &number.to_bits().to_le_bytes()),
        ValueRef::Text(text) => put(b't', text),
        ValueRef::Blob(bytes) => put(b'b', bytes),
    }
}
