//! Taking a new origin: what a store does when it may be an older copy or a clone of itself.
//!
//! **Invariant:** under one origin there is one chain. The old origin is closed where it stands,
//! its journal stays, and document numbers go on under another series.

use rusqlite::{Connection, params};

use crate::commit::NO_HASH;
use crate::config::Rekeyed;
use crate::error::StoreError;
use crate::folder::Folder;
use crate::guard::Doubt;
use crate::keys::Bundle;
use crate::writer::Node;

/// Notes the node's current origin with the key that proves its commits.
pub(crate) fn add_origin(db: &Connection, node: &Node, bundle: &Bundle) -> rusqlite::Result<()> {
    let key = bundle.signing_key(&node.origin).verifying_key();
    db.execute(
        "insert into sync_origin (origin, series, pubkey, closed, last_ctr, last_hash)
         values (?1, ?2, ?3, 0, 0, ?4)",
        params![node.origin, node.series, key.as_bytes(), NO_HASH],
    )
    .map(|_| ())
}

/// Closes the current origin and starts another.
pub(crate) fn rekey(
    conn: &mut Connection,
    folder: &Folder,
    node: &mut Node,
    bundle: &Bundle,
    doubt: Doubt,
) -> Result<Rekeyed, StoreError> {
    let mut next = node.clone();
    take_series(conn, folder, &mut next)?;
    next.origin = *uuid::Uuid::new_v4().as_bytes();
    next.ctr = 0;
    next.head = NO_HASH;
    let transaction = conn.transaction()?;
    transaction.execute(
        "update sync_origin set closed = 1, last_ctr = ?2, last_hash = ?3 where origin = ?1",
        params![node.origin, node.ctr.cast_signed(), node.head],
    )?;
    next.save(&transaction)?;
    add_origin(&transaction, &next, bundle)?;
    transaction.commit()?;
    let rekeyed =
        Rekeyed { doubt, old_series: node.series.clone(), new_series: next.series.clone() };
    *node = next;
    Ok(rekeyed)
}

/// Goes on under another series when another chain that was brought in used this one: its printed
/// numbers must not come twice.
pub(crate) fn leave_used_series(
    conn: &mut Connection,
    folder: &Folder,
    node: &mut Node,
) -> Result<(), StoreError> {
    let used: bool = conn.query_row(
        "select exists (select 1 from sync_origin where series = ?1 and origin <> ?2)",
        params![node.series, node.origin],
        |row| row.get(0),
    )?;
    if !used {
        return Ok(());
    }
    let mut next = node.clone();
    take_series(conn, folder, &mut next)?;
    let transaction = conn.transaction()?;
    transaction.execute(
        "update sync_origin set series = ?2 where origin = ?1",
        params![next.origin, next.series],
    )?;
    next.save(&transaction)?;
    transaction.commit()?;
    *node = next;
    Ok(())
}

/// The next series that neither this database nor a newer one in this folder has used. It is noted
/// in the folder before the database takes it: a crash between wastes a letter, no more.
fn take_series(conn: &Connection, folder: &Folder, node: &mut Node) -> Result<(), StoreError> {
    let mut kept = folder.read_node()?;
    node.rekeys = node.rekeys.max(kept.rekeys);
    loop {
        node.rekeys += 1;
        node.series = format!("{}{}", node.series_base, suffix(node.rekeys));
        let used: bool = conn.query_row(
            "select exists (select 1 from sync_origin where series = ?1)",
            [&node.series],
            |row| row.get(0),
        )?;
        if !used {
            break;
        }
    }
    kept.rekeys = node.rekeys;
    folder.write_node(&kept)
}

/// a, b, … z, aa, ab, … for 1, 2, … 26, 27, 28, …
fn suffix(mut count: u32) -> String {
    let mut letters = Vec::new();
    while count > 0 {
        count -= 1;
        letters.push(char::from(b'a' + (count % 26) as u8));
        count /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::suffix;

    #[test]
    fn series_suffixes_count_in_letters() {
        let cases = [(0, ""), (1, "a"), (2, "b"), (26, "z"), (27, "aa"), (52, "az"), (53, "ba")];
        for (count, expected) in cases {
            assert_eq!(suffix(count), expected);
        }
    }
}
