//! What only the log in a file does: it is one process's, it is copied while it goes on, and it is
//! whole after its process ended in the middle of a push.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use lumbung_server::log::sqlite::SqliteLog;
use lumbung_server::log::{CommitLog, LogError};
use lumbung_sync::protocol::Verdict;
use support::*;

#[tokio::test]
async fn a_second_process_is_told_that_the_file_is_in_use() {
    let place = InFile::new().await;
    let log = place.open().await;
    let told = SqliteLog::open(&place.path());
    assert!(matches!(told, Err(LogError::InUse { .. })), "{told:?}");
    drop(log);
    place.open().await;
}

#[tokio::test]
async fn a_log_of_a_newer_program_is_left_as_it_is() {
    let place = InFile::new().await;
    drop(place.open().await);
    let db = rusqlite::Connection::open(place.path()).unwrap();
    db.execute_batch(
        "insert into refinery_schema_history values (99, 'later', '2099-01-01T00:00:00Z', '1')",
    )
    .unwrap();
    drop(db);
    assert!(matches!(SqliteLog::open(&place.path()), Err(LogError::TooNew)));
}

#[tokio::test]
async fn a_copy_made_while_tills_push_is_whole_and_says_where_it_ends() {
    let place = InFile::new().await;
    let log = place.open().await;
    let [mut a, mut b] = opened(&log, id(1)).await;
    a.sell(40);
    b.sell(10);
    push(&log, &a, a.part(0, 5)).await;
    let pushing = {
        let (log, a) = (log.clone(), a.clone());
        tokio::spawn(async move {
            for base in 5..40 {
                push(&log, &a, a.part(base, base as usize + 1)).await;
            }
        })
    };
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("backup.db");
    let beside = rusqlite::Connection::open(place.path()).unwrap();
    beside.execute("vacuum into ?1", [to.display().to_string()]).unwrap();
    drop(beside);
    pushing.await.unwrap();
    let (company, copy) = (id(1), SqliteLog::open(&to).unwrap());
    let end = copy.head(&company).await.unwrap().point();
    assert!(end.seq >= 5);
    // The log holds the point, so the tills may be told.
    assert_eq!(log.set_backed(&company, &end).await.unwrap().backed_seq, end.seq);
    assert_eq!(push(&log, &a, a.from(40)).await.backed, a.at[end.seq as usize]);
    assert_eq!(proved(&copy, &company).await.len() as u64, end.seq);
    assert_eq!(push(&copy, &b, b.from(0)).await.verdict, Verdict::Ok);
}

#[tokio::test]
async fn a_file_cut_off_from_its_process_is_whole() {
    let place = InFile::new().await;
    let log = place.open().await;
    let [mut a] = opened(&log, id(1)).await;
    a.sell(3);
    push(&log, &a, a.part(0, 2)).await;
    // As the disk has it when the power fails: the file and its write-ahead log, nothing closed.
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("log.db");
    for end in ["", "-wal"] {
        let name = |path: &std::path::Path| format!("{}{end}", path.display());
        std::fs::copy(name(&place.path()), name(&to)).unwrap();
    }
    let found = SqliteLog::open(&to).unwrap();
    assert_eq!(proved(&found, &id(1)).await.len(), 2);
    assert_eq!(push(&found, &a, a.from(1)).await.upto, a.end());
}
