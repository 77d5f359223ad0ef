//! Several commits in one transaction: all of them or none.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use lumbung_sync::{NO_HASH, RESERVE, Store, StoreError, verify};
use support::{count, create, ctx, reopen, sale, trade};

/// Makes so many sales in one transaction, each a commit of its own; then fails if asked to.
fn many(store: &Store, sales: u64, fail: bool) -> Result<u64, StoreError> {
    let product_id = trade(store, 0);
    let done = store.transact(&ctx(), "import", |tx| {
        for _ in 0..sales {
            sale(tx, product_id, 2)?;
            tx.cut()?;
        }
        if fail {
            return Err(StoreError::TooLarge { found: 1, limit: 0 });
        }
        Ok(sales)
    })?;
    assert_eq!(done.commit, Some(store.head()));
    Ok(done.value)
}

fn sound(store: &Store) {
    let report = verify::chain(store, &mut |_, _| {}, &|| false).unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
}

#[test]
fn every_cut_is_a_commit_of_the_chain_and_the_last_is_the_head() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    many(&store, 3, false).unwrap();
    assert_eq!(store.head().ctr, 4);
    assert_ne!(store.head().hash, NO_HASH);
    assert_eq!(count(&store, "select count(*) from sync_journal"), 4);
    assert_eq!(count(&store, "select count(distinct hlc) from sync_journal"), 4);
    assert_eq!(count(&store, "select count(*) from sale"), 3);
    sound(&store);
}

#[test]
fn a_failure_after_a_cut_takes_the_cut_commits_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    many(&store, 3, true).unwrap_err();
    assert_eq!(store.head().ctr, 1);
    assert_eq!(count(&store, "select count(*) from sale"), 0);
    let product_id = trade(&store, 0);
    store.transact::<_, StoreError>(&ctx(), "pos.complete", |tx| sale(tx, product_id, 1)).unwrap();
    assert_eq!(store.head().ctr, 3);
    sound(&store);
}

#[test]
fn more_commits_than_are_reserved_at_once_do_not_look_like_another_history() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    many(&store, 3 * RESERVE, false).unwrap();
    many(&store, 3 * RESERVE, true).unwrap_err();
    let (head, series) = (store.head(), store.info().series);
    drop(store);
    let store = reopen(dir.path());
    assert_eq!((store.head(), store.info().series), (head, series));
    sound(&store);
}
