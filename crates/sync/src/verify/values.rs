//! What was written, as hashes: verification keeps no values.
//!
//! **Invariant:** the same values give the same hash, whatever order their columns are declared in.

use crate::catalogue::Table;
use crate::commit::{Hash, RowChange};
use crate::row::ValueRef;

/// What a row of a commit wrote: one group of it, or everything but the key.
/// Gives which columns and a hash of their values.
pub(super) fn written(table: &Table, row: &RowChange<'_>, group: Option<u8>) -> (u128, Hash) {
    let mut columns = 0;
    let mut values = Vec::with_capacity(row.columns.len());
    for (tag, value) in &row.columns {
        let Some((i, column)) = table.column(*tag) else { continue };
        if i > 0 && group.is_none_or(|group| group == column.group) {
            columns |= 1 << i;
            values.push((*tag, *value));
        }
    }
    (columns, hash_values(values))
}

/// A hash of numbered values, whatever order they are declared in.
pub(super) fn hash_values(mut values: Vec<(u16, ValueRef<'_>)>) -> Hash {
    values.sort_by_key(|(tag, _)| *tag);
    let mut hasher = blake3::Hasher::new();
    for (tag, value) in values {
        let (kind, number);
        let bytes = match value {
            ValueRef::Null => {
                kind = b'n';
                &[][..]
            }
            ValueRef::Int(int) => {
                kind = b'i';
                number = int.to_le_bytes();
                &number[..]
            }
            ValueRef::Text(text) => {
                kind = b't';
                text.as_bytes()
            }
            ValueRef::Blob(bytes) => {
                kind = b'b';
                bytes
            }
        };
        hasher.update(&tag.to_le_bytes());
        hasher.update(&[kind]);
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
    *hasher.finalize().as_bytes()
}
