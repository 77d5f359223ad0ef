//! How nodes agree: the local store, commits and their chain, clocks, keys, verification, backup
//! and salvage.
//!
//! Read in this order: [`row`](Synced) says what a synced row is, [`synced!`] declares one,
//! [`Store::transact`] and [`Tx`] change it, [`Header`] and [`Body`] are what a change leaves.
//!
//! **Invariant:** this crate knows no feature. A row of a synced table changes only through [`Tx`]
//! or the apply of a commit, and the journal holds, in one SQLite transaction with the rows,
//! everything that was changed.

#![deny(missing_docs)]

pub mod access;
mod apply;
mod audit;
pub mod authority;
pub mod backup;
mod catalogue;
mod clk;
mod clock;
mod column;
mod commit;
mod config;
mod connect;
mod declare;
pub mod engine;
mod error;
pub mod export;
mod fingerprint;
mod folder;
mod gate;
mod guard;
mod identity;
mod ids;
mod keys;
mod line;
mod oracle;
pub mod protocol;
mod rekey;
mod replica;
mod row;
pub mod salvage;
mod snapshot;
mod store;
mod tx;
pub mod verify;
mod writer;

pub use catalogue::{Catalogue, CatalogueError};
pub use clk::{Clocks, Stamp};
pub use clock::Hlc;
pub use column::{ById, Column, ColumnError, Maybe, Parsed, Plain, bind, get};
pub use commit::{
    BODY_MAX, Body, BodyWriter, Broken, CommitRef, Hash, Header, NO_HASH, Op, Origin, Packer,
    RowChange, Sealed, header_hash, unpack,
};
pub use config::{
    AfterApply, Clock, Committed, Info, Integrity, NewNode, OpenReport, Opened, Pending, Rebuild,
    Rekeyed, StoreConfig, WriteCtx,
};
#[doc(hidden)]
pub use declare::{__ascii, __key_bytes, __lower};
pub use error::StoreError;
pub use gate::{Gate, Place};
pub use guard::{Doubt, RESERVE};
pub use keys::{KEY_STORE_VAR, KeyPlace, KeySource, Warning};
pub use replica::{KEEP_MS, StoreReplica};
pub use row::{
    Class, ColumnDecl, Draft, Fact, Group, GroupDecl, Key, Master, ScopeRule, Synced, TableDecl,
    Value, ValueRef,
};
pub use rusqlite;
pub use snapshot::{NewStore, SnapshotManifest};
pub use store::Store;
pub use tx::{RowKey, Tx};
pub use verify::{ChainReport, Finding};
