//! Taking a new origin: what a store does when it may be an older copy or a clone of itself.
//!
//! **Invariant:** under one origin there is one chain. The old origin is closed where it stands,
//! its journal stays, and document numbers go on under another series.

use ed25519_dalek::Signer;
use rusqlite::{Connection, OptionalExtension, params};

use crate::commit::{NO_HASH, Origin};
use crate::config::Rekeyed;
use crate::error::StoreError;
use crate::folder::Folder;
use crate::guard::Doubt;
use crate::keys::Bundle;
use crate::protocol::Introduction;
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

/// Closes the current origin and starts `origin`, for which the old one vouches at the centre.
pub(crate) fn rekey(
    conn: &mut Connection,
    folder: &Folder,
    node: &mut Node,
    bundle: &Bundle,
    doubt: Doubt,
    origin: Origin,
) -> Result<Rekeyed, StoreError> {
    let mut next = node.clone();
    take_series(conn, folder, &mut next)?;
    next.origin = origin;
    next.ctr = 0;
    next.head = NO_HASH;
    let transaction = conn.transaction()?;
    transaction.execute(
        "update sync_origin set closed = 1, last_ctr = ?2, last_hash = ?3 where origin = ?1",
        params![node.origin, node.ctr.cast_signed(), node.head],
    )?;
    next.save(&transaction)?;
    add_origin(&transaction, &next, bundle)?;
    if node.log_id.is_some() {
        introduce(&transaction, &next, bundle, &node.origin, &next.origin)?;
    }
    transaction.commit()?;
    let rekeyed =
        Rekeyed { doubt, old_series: node.series.clone(), new_series: next.series.clone() };
    *node = next;
    Ok(rekeyed)
}

/// Lets one origin of this store vouch for another at the centre.
pub(crate) fn introduce(
    db: &Connection,
    node: &Node,
    bundle: &Bundle,
    by: &Origin,
    origin: &Origin,
) -> Result<(), StoreError> {
    let (series, pubkey) = db.query_row(
        "select series, pubkey from sync_origin where origin = ?1",
        [origin],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut scopes = db.prepare("select scope from sync_scope order by scope")?;
    let scopes = scopes.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut introduction = Introduction {
        company: node.company,
        terminal: node.terminal,
        origin: *origin,
        pubkey,
        series,
        scopes,
        by: Some(*by),
        sig: Vec::new(),
    };
    let bytes = introduction.signed_bytes()?;
    introduction.sig = bundle.signing_key(by).sign(&bytes).to_vec();
    put_introduction(db, &introduction)
}

/// Lets the current origin vouch for every earlier one nobody vouches for: those of the time before
/// there was a centre, and chains that were brought in.
pub(crate) fn introduce_closed(
    db: &Connection,
    node: &Node,
    bundle: &Bundle,
) -> Result<(), StoreError> {
    let mut statement =
        db.prepare("select origin from sync_origin where introduction is null and origin <> ?1")?;
    let closed = statement
        .query_map([node.origin], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<Origin>>>()?;
    closed.iter().try_for_each(|origin| introduce(db, node, bundle, &node.origin, origin))
}

/// Keeps who vouches for an origin.
pub(crate) fn put_introduction(
    db: &Connection,
    introduction: &Introduction,
) -> Result<(), StoreError> {
    let bytes = postcard::to_stdvec(introduction)
        .map_err(|error| StoreError::codec("an introduction", error))?;
    db.execute(
        "update sync_origin set introduction = ?2 where origin = ?1",
        params![introduction.origin, bytes],
    )?;
    Ok(())
}

/// Who vouches for an origin, if anybody does.
pub(crate) fn introduction(
    db: &Connection,
    origin: &Origin,
) -> Result<Option<Introduction>, StoreError> {
    let bytes: Option<Option<Vec<u8>>> = db
        .query_row("select introduction from sync_origin where origin = ?1", [origin], |row| {
            row.get(0)
        })
        .optional()?;
    let Some(bytes) = bytes.flatten() else { return Ok(None) };
    postcard::from_bytes(&bytes)
        .map(Some)
        .map_err(|error| StoreError::codec("an introduction", error))
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
