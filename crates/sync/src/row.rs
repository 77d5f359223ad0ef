//! What a synced row is: values, columns, tables and the three classes of rows.
//!
//! A table is declared once, with [`synced!`](crate::synced); the declaration drives the write, the
//! apply on another node, the audit trail and the check against the migrated database.
//!
//! **Invariant:** a value is null, an integer, text or bytes; there is no fraction a machine could
//! round.

use std::marker::PhantomData;

use rusqlite::Row;
use rusqlite::types::{ToSql, ToSqlOutput};
use serde::{Deserialize, Serialize};

use crate::column::ColumnError;

/// The key of a synced row.
pub type Key = [u8; 16];

/// One value of one column.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// A [`Value`] that borrows its text or bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValueRef<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl Value {
    /// The same value, borrowed.
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Int(*number),
            Value::Text(text) => ValueRef::Text(text),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }
    }
}

impl ValueRef<'_> {
    /// The same value, owned.
    pub fn to_value(self) -> Value {
        match self {
            ValueRef::Null => Value::Null,
            ValueRef::Int(number) => Value::Int(number),
            ValueRef::Text(text) => Value::Text(text.to_owned()),
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        }
    }

    pub(crate) fn kind(self) -> &'static str {
        match self {
            ValueRef::Null => "null",
            ValueRef::Int(_) => "integer",
            ValueRef::Text(_) => "text",
            ValueRef::Blob(_) => "blob",
        }
    }
}

impl<'a> TryFrom<rusqlite::types::ValueRef<'a>> for ValueRef<'a> {
    type Error = ColumnError;

    fn try_from(value: rusqlite::types::ValueRef<'a>) -> Result<Self, ColumnError> {
        use rusqlite::types::ValueRef as Sql;
        Ok(match value {
            Sql::Null => ValueRef::Null,
            Sql::Integer(number) => ValueRef::Int(number),
            Sql::Text(text) => ValueRef::Text(str::from_utf8(text).map_err(|_| {
                ColumnError::Invalid { what: "UTF-8 text", found: format!("{text:?}") }
            })?),
            Sql::Blob(bytes) => ValueRef::Blob(bytes),
            Sql::Real(_) => {
                return Err(ColumnError::Type { expected: "integer, text or blob", found: "real" });
            }
        })
    }
}

impl ToSql for ValueRef<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::ValueRef as Sql;
        Ok(ToSqlOutput::Borrowed(match *self {
            ValueRef::Null => Sql::Null,
            ValueRef::Int(number) => Sql::Integer(number),
            ValueRef::Text(text) => Sql::Text(text.as_bytes()),
            ValueRef::Blob(bytes) => Sql::Blob(bytes),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::ValueRef as Sql;
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => Sql::Null,
            Value::Int(number) => Sql::Integer(*number),
            Value::Text(text) => Sql::Text(text.as_bytes()),
            Value::Blob(bytes) => Sql::Blob(bytes),
        }))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        Value::Blob(bytes)
    }
}

/// What may happen to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Inserted once, never changed: sales, moves, payments, decisions.
    Fact,
    /// Changed by groups of columns, last writer wins: products, partners, prices.
    Master,
    /// Of one writer until posted: a held sale, an open count.
    Draft,
}

/// Which branch a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeRule {
    /// The whole company: scope 0.
    Company,
    /// The branch of the writing context.
    Branch,
}

/// One declared column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnDecl {
    /// Its number in commits; never reused.
    pub tag: u16,
    /// Its name in the database.
    pub name: &'static str,
    /// Its storage class.
    pub sql: &'static str,
    /// Whether it may be null.
    pub nullable: bool,
    /// Its group; 0 for the key and for facts and drafts.
    pub group: u8,
}

/// One declared group of columns that change together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupDecl {
    /// Its number in commits; never reused.
    pub tag: u8,
    /// Its name in the audit trail.
    pub name: &'static str,
}

/// One declared table. The first column is the key.
#[derive(Debug, PartialEq, Eq)]
pub struct TableDecl {
    /// Its name in the database.
    pub name: &'static str,
    /// Its number in commits; never reused.
    pub tag: u16,
    /// What may happen to its rows.
    pub class: Class,
    /// Which branch its rows belong to.
    pub scope: ScopeRule,
    /// Its columns; the first is the key.
    pub columns: &'static [ColumnDecl],
    /// Its groups, if it is a master.
    pub groups: &'static [GroupDecl],
}

/// A row of a declared table.
pub trait Synced: Sized {
    /// The declaration.
    fn table() -> &'static TableDecl;

    /// The key of this row.
    fn key(&self) -> Key;

    /// Hands every value to `f`, in the order of the declaration.
    fn each(&self, f: &mut dyn FnMut(usize, ValueRef<'_>));

    /// A row of a query whose columns from `offset` on are `Self::COLUMNS`.
    fn from_row_at(row: &Row<'_>, offset: usize) -> rusqlite::Result<Self>;

    /// A row of a query that begins with `Self::COLUMNS`.
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Self::from_row_at(row, 0)
    }

    /// Every value, in the order of the declaration.
    fn values(&self) -> Vec<Value> {
        let mut values = Vec::with_capacity(Self::table().columns.len());
        self.each(&mut |_, value| values.push(value.to_value()));
        values
    }
}

/// A row that is inserted once and never changes.
pub trait Fact: Synced {}

/// A row that changes by groups of columns.
pub trait Master: Synced {}

/// A row of one writer, until it is posted.
pub trait Draft: Synced {}

/// A group of columns of the master `M`, as [`Tx::patch`](crate::Tx::patch) takes it.
pub struct Group<M> {
    decl: GroupDecl,
    master: PhantomData<fn() -> M>,
}

impl<M> Group<M> {
    /// Used by [`synced!`](crate::synced).
    pub const fn new(tag: u8, name: &'static str) -> Group<M> {
        Group { decl: GroupDecl { tag, name }, master: PhantomData }
    }

    /// Its declaration.
    pub const fn decl(&self) -> GroupDecl {
        self.decl
    }
}

impl<M> Clone for Group<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Group<M> {}
