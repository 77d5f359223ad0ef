//! What only the log in PostgreSQL does: two server processes on one database, a process of the
//! database that is killed in the middle of a push, and a database that is set carelessly.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::time::Duration;

use lumbung_server::log::postgres::PgLog;
use lumbung_server::log::{CommitLog, CompanyLock, LogError, OriginKind};
use lumbung_sync::protocol::Verdict;
use support::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_database_keep_one_order() {
    const EACH: u64 = 20;
    let place = InPostgres::new().await;
    // Both migrate an empty database at once.
    let (one, two) = tokio::join!(place.open(), place.open());
    let tills: [Till; 8] = opened(&one, id(1)).await;
    let mut work = tokio::task::JoinSet::new();
    for (number, mut till) in tills.into_iter().enumerate() {
        let servers = [one.clone(), two.clone()];
        work.spawn(async move {
            for base in 0..EACH {
                till.sell(1);
                // An answer was lost: the till asks again, at the other server.
                for lost in 0..2 {
                    let server = &servers[(number + base as usize + lost) % 2];
                    let reply = push(server, &till, till.from(base)).await;
                    assert_eq!((reply.verdict, reply.upto), (Verdict::Ok, till.end()));
                }
            }
        });
    }
    let mut srv = Till { series: "S".to_owned(), ..Till::new(id(1), 50) };
    one.introduce(&id(1), &srv.introduction(), OriginKind::Server).await.unwrap();
    srv.sell(10);
    for (place, commit) in srv.commits.iter().enumerate() {
        let server = [&one, &two][place % 2];
        let mut lock = server.lock(&id(1)).await.unwrap();
        lock.append(&srv.origin, vec![commit.clone()], NOW).await.unwrap();
        lock.commit().await.unwrap();
    }
    let mut cursors = fresh(&[0, 1]);
    let mut read = Vec::new();
    while (read.len() as u64) < 8 * EACH + 10 {
        read.extend(read_on(&two, &id(1), &mut cursors, 3_000).await);
    }
    while let Some(done) = work.join_next().await {
        done.unwrap();
    }
    assert!(read.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq));
    assert_eq!(proved(&one, &id(1)).await, read);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_killed_in_the_middle_of_a_push_loses_and_doubles_nothing() {
    let place = InPostgres::new().await;
    let log = place.open().await;
    let [mut a, mut b] = opened(&log, id(1)).await;
    a.sell(3);
    b.sell(3);
    push(&log, &a, a.part(0, 2)).await;
    let mut srv = Till { series: "S".to_owned(), ..Till::new(id(1), 50) };
    log.introduce(&id(1), &srv.introduction(), OriginKind::Server).await.unwrap();
    srv.sell(1);
    // The centre holds the company with a commit not yet made last; a push waits behind it.
    let mut lock = log.lock(&id(1)).await.unwrap();
    lock.append(&srv.origin, srv.commits.clone(), NOW).await.unwrap();
    let waiting = {
        let (log, b) = (log.clone(), b.clone());
        tokio::spawn(async move { log.push(&id(1), &writer(), vec![b.from(0)]).await })
    };
    let eyes = place.client("postgres").await;
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    let pid: i32 = loop {
        tick.tick().await;
        let sql = "select pid from pg_stat_activity
            where application_name = 'lumbung-server' and wait_event_type = 'Lock'";
        if let Some(row) = eyes.query_opt(sql, &[]).await.unwrap() {
            break row.get(0);
        }
    };
    place.cluster.kill(pid);
    let told = waiting.await.unwrap();
    assert!(matches!(told, Err(LogError::Unavailable(_))), "{told:?}");
    // The other processes are ended too, or were quick enough. A commit that was answered is there;
    // of one that was not, nobody knows until it is looked up.
    let was_quick = lock.commit().await.is_ok();
    // It comes back by itself; whoever asks again is answered.
    let reply = loop {
        tick.tick().await;
        if let Ok(told) = log.push(&id(1), &writer(), vec![b.from(0)]).await {
            break told.replies[0].clone();
        }
    };
    assert_eq!((reply.verdict, reply.upto), (Verdict::Ok, b.end()));
    assert_eq!(push(&log, &a, a.from(0)).await.upto, a.end());
    let held = proved(&log, &id(1)).await.len();
    assert!(held == 7 || (held == 6 && !was_quick), "{held} commits, answered: {was_quick}");
    if held == 6 {
        let mut lock = log.lock(&id(1)).await.unwrap();
        lock.append(&srv.origin, srv.commits.clone(), NOW).await.unwrap();
        lock.commit().await.unwrap();
    }
    assert_eq!(proved(&log, &id(1)).await.len(), 7);
}

#[tokio::test]
async fn a_push_given_up_half_way_leaves_no_lock_behind() {
    let place = InPostgres::new().await;
    let log = place.open().await;
    let [mut a] = opened(&log, id(1)).await;
    a.sell(1);
    let lock = log.lock(&id(1)).await.unwrap();
    for patience in [1, 20, 60] {
        let patience = Duration::from_millis(patience);
        let (company, writer) = (id(1), writer());
        let push = log.push(&company, &writer, vec![a.from(0)]);
        let given_up = tokio::time::timeout(patience, push).await;
        assert!(given_up.is_err(), "the company is held");
    }
    lock.rollback().await.unwrap();
    assert_eq!(push(&log, &a, a.from(0)).await.verdict, Verdict::Ok);
    assert_eq!(proved(&log, &id(1)).await.len(), 1);
}

#[tokio::test]
async fn a_careless_setting_of_the_database_does_not_make_an_answer_a_lie() {
    let careless = ["synchronous_commit=off", "default_transaction_isolation=serializable"];
    let place = InPostgres { cluster: support::cluster::Cluster::start_with(&careless) };
    let log = place.open().await;
    let tills: [Till; 4] = opened(&log, id(1)).await;
    let mut work = tokio::task::JoinSet::new();
    for mut till in tills {
        let log = log.clone();
        work.spawn(async move {
            till.sell(10);
            for base in 0..10 {
                let reply = push(&log, &till, till.part(base, base as usize + 1)).await;
                assert_eq!(reply.verdict, Verdict::Ok);
            }
        });
    }
    while let Some(done) = work.join_next().await {
        done.unwrap();
    }
    assert_eq!(proved(&log, &id(1)).await.len(), 40);
}

#[tokio::test]
async fn a_database_that_is_not_there_is_said_so_soon() {
    let told = PgLog::open("host=/nonexistent user=nobody dbname=none", 2).await;
    assert!(matches!(told, Err(LogError::Unavailable(_))), "{told:?}");
}
