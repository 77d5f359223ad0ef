//! What every log of a company keeps to: the same tests for SQLite and for PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use lumbung_server::log::{
    Blob, Code, CodeUse, CommitLog, CompanyLock, Limits, Lockout, LogError, LogPoint, Opening,
    OriginKind, Reader, Rotation, Scopes, Seen, Session, Snapshot, Writer,
};
use lumbung_sync::authority::OriginState;
use lumbung_sync::protocol::{At, Cursor, Entry, Pull, PullReply, Verdict};
use lumbung_sync::{Hlc, NO_HASH};
use proptest::prelude::*;
use support::*;

/// Each of these functions as a test of each log.
macro_rules! on_each_log {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                super::run(super::$name::<super::InFile>());
            })*
        }
        mod postgres {
            $(#[test]
            fn $name() {
                super::run(super::$name::<super::InPostgres>());
            })*
        }
    };
}

on_each_log! {
    a_pushed_chain_is_in_the_log_once_and_in_order,
    a_push_that_is_not_right_is_answered_with_what_is_wrong,
    nothing_forged_or_misplaced_gets_into_the_log,
    a_clock_that_is_ahead_wins_nothing,
    an_origin_is_vouched_for_and_prints_its_own_series,
    what_a_revoked_terminal_pushes_is_kept_apart_and_let_in_one_by_one,
    a_reader_gets_its_scopes_and_passes_the_others,
    own_commits_come_back_as_stubs,
    a_cursor_of_a_log_that_was_put_back_is_told_so,
    a_reader_skips_nothing_while_sixteen_tills_push_and_the_centre_dawdles,
    the_centre_writes_alone_or_not_at_all,
    a_backup_proves_the_end_of_each_chain,
    any_order_of_batches_gives_a_whole_log,
    a_thousand_replies_lost_and_repeated_add_nothing,
    what_is_kept_beside_the_log_is_kept,
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test)
}

async fn a_pushed_chain_is_in_the_log_once_and_in_order<P: Place>() {
    let place = P::new().await;
    let log = place.open().await;
    let [mut a, mut b] = opened(&log, id(1)).await;
    a.sell(3);
    b.sell(2);
    let told = pushed(&log, &a, vec![a.from(0), b.from(0)]).await;
    assert_eq!(told.appended_to, Some(5));
    for (till, reply) in [&a, &b].into_iter().zip(&told.replies) {
        assert_eq!(reply.verdict, Verdict::Ok);
        assert_eq!((reply.upto, reply.head), (till.end(), till.end()));
        assert_eq!(reply.backed, At { ctr: 0, hash: NO_HASH });
    }
    // The same again, and with a part of it that is new.
    assert_eq!(pushed(&log, &a, vec![a.from(0), b.from(1)]).await.appended_to, None);
    a.sell(2);
    let told = pushed(&log, &a, vec![a.from(1)]).await;
    assert_eq!((told.appended_to, told.replies[0].upto), (Some(7), a.end()));
    // A bare question whether the base is still there.
    let reply = push(&log, &a, a.from(5)).await;
    assert_eq!((reply.verdict, reply.upto), (Verdict::Ok, a.end()));
    // The same chain twice in one request is taken once.
    b.sell(1);
    let told = pushed(&log, &b, vec![b.from(2), b.from(2)]).await;
    assert_eq!(told.appended_to, Some(8));
    assert_eq!(told.replies[1].verdict, Verdict::Refused);
    assert_eq!(proved(&log, &id(1)).await.len(), 8);
    assert_eq!(log.companies().await.unwrap(), [id(1)]);
    assert!(matches!(log.head(&id(2)).await, Err(LogError::NoCompany)));
}

async fn a_push_that_is_not_right_is_answered_with_what_is_wrong<P: Place>() {
    let place = P::new().await;
    let log = place.open().await;
    let [mut a, mut stranger] = opened::<_, 2>(&log, id(1)).await;
    a.sell(2);
    let mut twin = a.clone();
    a.sell(3);
    twin.clock_ms = 5;
    twin.sell(3);
    push(&log, &a, a.part(0, 4)).await;
    stranger.origin = id(77);
    stranger.sell(1);
    let mut shuffled = a.part(4, 5);
    shuffled.base = a.at[3];
    for (chain, verdict, upto) in [
        (twin.from(0), Verdict::Fork { at: 3 }, twin.at[2]),
        (twin.from(2), Verdict::Fork { at: 3 }, twin.at[2]),
        (twin.from(3), Verdict::Mismatch, twin.at[3]),
        (a.from(5), Verdict::Gap, a.at[5]),
        (shuffled, Verdict::Refused, a.at[3]),
        (stranger.from(0), Verdict::Unknown, At { ctr: 0, hash: NO_HASH }),
    ] {
        let reply = push(&log, &a, chain.clone()).await;
        assert_eq!((reply.verdict, reply.upto), (verdict, upto), "{:?}", chain.base);
        if verdict != Verdict::Unknown {
            assert_eq!(reply.head, a.at[4]);
        }
    }
    // What a newer program made waits, and what it made before is taken.
    let newer = Said { schema: SCHEMA + 1, ..a.said() };
    a.say(&newer);
    let reply = push(&log, &a, a.from(4)).await;
    assert_eq!((reply.verdict, reply.upto, reply.head), (Verdict::TooNew, a.at[5], a.at[5]));
    log.open_company(&id(1), &Opening { cur_schema: SCHEMA + 1, ..opening() }).await.unwrap();
    let reply = push(&log, &a, a.from(5)).await;
    assert_eq!((reply.verdict, reply.head), (Verdict::Ok, a.end()));
    assert_eq!(proved(&log, &id(1)).await.len(), 6);
}

async fn nothing_forged_or_misplaced_gets_into_the_log<P: Place>() {
    let place = P::new().await;
    let log = place.open().await;
    let [a, b] = opened(&log, id(1)).await;
    let srv = Till { series: "S".to_owned(), ..Till::new(id(1), 50) };
    log.introduce(&id(1), &srv.introduction(), OriginKind::Server).await.unwrap();
    let one = |change: fn(&mut Said)| {
        let mut till = a.clone();
        let mut said = till.said();
        change(&mut said);
        till.say(&said);
        till.from(0)
    };
    let bent = |change: fn(&mut lumbung_sync::protocol::Carried)| {
        let mut chain = one(|_| ());
        change(&mut chain.commits[0]);
        chain
    };
    let mut of_srv = srv.clone();
    of_srv.sell(1);
    let mut signed_by_other = Till { key: b.key.clone(), ..a.clone() };
    signed_by_other.sell(1);
    let cases = [
        ("of another company", one(|said| said.company = id(2))),
        ("of another origin", one(|said| said.origin = id(2_001))),
        ("for a scope that is not its own", one(|said| said.scopes = vec![1, 2])),
        ("with a row of another scope", one(|said| said.row_scopes = vec![2])),
        ("without a scope", one(|said| said.scopes.clear())),
        ("with a kind that is no word", one(|said| said.kind = "pos\0complete")),
        ("with scopes out of order", one(|said| said.scopes = vec![1, 0])),
        ("signed by another", signed_by_other.from(0)),
        ("with a changed signature", bent(|c| c.sig[7] ^= 1)),
        ("with a short signature", bent(|c| c.sig.truncate(63))),
        ("with a changed header", bent(|c| c.header[40] ^= 1)),
        ("with a changed body", bent(|c| *c.body.last_mut().unwrap() ^= 1)),
        ("with a body that is none", bent(|c| c.body = vec![1, 2, 3])),
        ("with an enormous header", bent(|c| c.header = vec![1; 10_000])),
        ("in the name of the centre", of_srv.from(0)),
    ];
    for (what, chain) in cases {
        let told = pushed(&log, &a, vec![chain]).await;
        assert_eq!(told.replies[0].verdict, Verdict::Refused, "{what}");
        assert_eq!(told.appended_to, None, "{what}");
    }
    let mut a = a;
    a.sell(3);
    // Another terminal's chain, and more than is taken at once.
    let other = Writer { terminal: Some(b.terminal), ..writer() };
    let few = Writer { limits: Limits { commits: 2, ..Limits::default() }, ..writer() };
    let no_chains = Writer { limits: Limits { chains: 0, ..Limits::default() }, ..writer() };
    for writer in [other, few, no_chains] {
        let told = log.push(&id(1), &writer, vec![a.from(0)]).await.unwrap();
        assert_eq!(told.replies[0].verdict, Verdict::Refused);
    }
    // Nothing of a chain with one bad commit is taken.
    let mut chain = a.from(0);
    chain.commits[2].sig[0] ^= 1;
    assert_eq!(push(&log, &a, chain).await.verdict, Verdict::Refused);
    assert_eq!(log.head(&id(1)).await.unwrap().last_seq, 0);
    assert_eq!(push(&log, &a, a.from(0)).await.verdict, Verdict::Ok);
}

async fn a_clock_that_is_ahead_wins_nothing<P: Place>() {
    let place = P::new().await;
    let log = place.open().await;
    let [mut fast, mut slow] = opened(&log, id(1)).await;
    fast.clock_ms = 365 * 24 * 3_600_000;
    slow.clock_ms = -24 * 3_600_000;
    fast.sell(1);
    slow.sell(1);
    pushed(&log, &fast, vec![fast.from(0), slow.from(0)]).await;
    let entries = proved(&log, &id(1)).await;
    assert_eq!(entries[0].stamp, Hlc::default().tick(NOW).bits());
    assert!(entries[1].stamp < entries[0].stamp);
    // The centre's own clock went back: what was given stays the bound.
    fast.sell(1);
    log.push(&id(1), &writer_at(NOW - 5_000), vec![fast.from(1)]).await.unwrap();
    let entries = proved(&log, &id(1)).await;
    assert_eq!(entries[2].stamp, entries[0].stamp);
    assert_eq!(log.head(&id(1)).await.unwrap().last_stamp, entries[0].stamp);
}

async fn an_origin_is_vouched_for_and_prints_its_own_series<P: Place>() {
    let place = P::new().await;
    let log = place.open().await;
    let [mut a, b] = opened(&log, id(1)).await;
    let company = id(1);
    let introduce = |till: Till, introduction| {
        let log = log.clone();
        async move { log.introduce(&till.company, &introduction, OriginKind::Terminal).await }
    };
    // By nobody, by a stranger, by another terminal, for more than the voucher has.
    let new = Till { scopes: vec![0, 1], ..a.rekeyed(1) };
    let more = Till { scopes: vec![0, 1, 2], ..a.rekeyed(2) };
    for (what, introduction) in [
        ("signed by itself", new.introduced_by(None, &new.key)),
        ("signed by another than it names", new.introduced_by(Some(a.origin), &b.key)),
        ("by another terminal", new.introduction_by(&b)),
        ("for more scopes", more.introduction_by(&a)),
        ("by itself", a.introduction_by(&a)),
    ] {
        let told = introduce(new.clone(), introduction).await;
        let is_same = matches!(&told, Ok(known) if known.known.origin == a.origin);
        let is_bad = matches!(told, Err(LogError::BadIntroduction { .. }));
        assert!(is_bad || (what == "by itself" && is_same), "{what}: {told:?}");
    }
    let unknown = Till::new(company, 60);
    let told = introduce(new.clone(), new.introduction_by(&unknown)).await;
    assert!(matches!(told, Err(LogError::UnknownOrigin)), "{told:?}");
    // A push introduces it; its base still goes on under the old key.
    a.sell(2);
    push(&log, &a, a.part(0, 1)).await;
    let mut next = new;
    next.sell(1);
    let mut chain = next.from(0);
    chain.introductions = vec![a.introduction(), next.introduction_by(&a)];
    let told = pushed(&log, &a, vec![a.from(1), chain]).await;
    assert!(told.replies.iter().all(|reply| reply.verdict == Verdict::Ok), "{told:?}");
    assert!(told.replies.iter().all(|reply| reply.series.is_none()));
    let old = log.origin(&company, &a.origin).await.unwrap().unwrap();
    assert_eq!(old.known.state, OriginState::Closed);
    // The twin that did not take another name is heard as what it is.
    let seen = Seen { schema: 6, app: "test 1".to_owned(), clock_off_ms: -4, at_ms: NOW };
    log.seen(&company, &a.origin, &seen).await.unwrap();
    let old = log.origin(&company, &a.origin).await.unwrap().unwrap();
    assert_eq!((old.known.state, old.seen), (OriginState::Active, Some(seen)));
    // A second twin comes with the same series and is given the next, again and again.
    let mut twin = Till { series: next.series.clone(), ..a.rekeyed(3) };
    twin.sell(1);
    let told = introduce(twin.clone(), twin.introduction_by(&a)).await;
    let Err(LogError::SeriesTaken { next: free }) = told else { panic!("{told:?}") };
    assert_eq!(free, "T0b");
    let mut chain = twin.from(0);
    chain.introductions = vec![twin.introduction_by(&a)];
    for _ in 0..2 {
        let reply = push(&log, &a, chain.clone()).await;
        assert_eq!((reply.verdict, reply.series.as_deref()), (Verdict::Ok, Some("T0b")));
    }
    // A scope that was left is not read any more, but what was written in it is taken.
    log.set_scopes(&company, &b.origin, &Scopes::new([0])).await.unwrap();
    let mut b = b;
    b.sell(1);
    assert_eq!(push(&log, &b, b.from(0)).await.verdict, Verdict::Ok);
    let left = log.origin(&company, &b.origin).await.unwrap().unwrap();
    assert_eq!((left.known.scopes, left.past_scopes), (vec![0], vec![1]));
    assert_eq!(log.origins(&company).await.unwrap().len(), 4);
    proved(&log, &company).await;
}

async fn what_a_revoked_terminal_pushes_is_kept_apart_and_let_in_one_by_one<P: Place>() {
    let place = P::new().await;
    let log = place.open().await;
    let [mut a] = opened(&log, id(1)).await;
    let company = id(1);
    a.sell(2);
    push(&log, &a, a.from(0)).await;
    log.set_state(&company, &a.origin, OriginState::Revoked, NOW).await.unwrap();
    a.sell(3);
    for _ in 0..2 {
        let reply = push(&log, &a, a.from(1)).await;
        assert_eq!((reply.verdict, reply.head), (Verdict::Revoked, a.at[2]));
    }
    // Speaking does not make it active, and a new name does not help.
    let seen = Seen { schema: 6, app: String::new(), clock_off_ms: 0, at_ms: NOW };
    log.seen(&company, &a.origin, &seen).await.unwrap();
    let mut next = a.rekeyed(1);
    next.sell(1);
    let mut chain = next.from(0);
    chain.introductions = vec![next.introduction_by(&a)];
    assert_eq!(push(&log, &a, chain).await.verdict, Verdict::Revoked);
    assert_eq!(log.head(&company).await.unwrap().last_seq, 2);
    let kept = log.quarantine(&company).await.unwrap();
    let listed: Vec<_> = kept.iter().map(|one| (one.origin, one.ctr)).collect();
    assert_eq!(listed, [(a.origin, 3), (a.origin, 4), (a.origin, 5), (next.origin, 1)]);
    // One after the other, in order.
    let told = log.release(&company, &a.at[4].hash, NOW).await;
    assert!(matches!(told, Err(LogError::NotNext { head: 2 })), "{told:?}");
    for place in 3..5 {
        let told = log.release(&company, &a.at[place].hash, NOW).await.unwrap();
        assert_eq!((told.ctr, told.seq), (place as u64, place as u64));
    }
    let told = log.release(&company, &a.at[3].hash, NOW).await;
    assert!(matches!(told, Err(LogError::NotQuarantined)), "{told:?}");
    assert_eq!(log.quarantine(&company).await.unwrap().len(), 2);
    // Found again: the rest comes by itself, and is not listed any more.
    log.set_state(&company, &a.origin, OriginState::Active, NOW).await.unwrap();
    assert_eq!(push(&log, &a, a.from(2)).await.upto, a.end());
    assert_eq!(log.quarantine(&company).await.unwrap().len(), 1);
    // What is beyond the limit stays at the terminal.
    log.set_state(&company, &a.origin, OriginState::Revoked, NOW).await.unwrap();
    let large = Said { bytes: 3_000, ..a.said() };
    for _ in 0..4 {
        a.say(&large);
    }
    let limits = Limits { quarantine: 7_000, ..Limits::default() };
    let told = log.push(&company, &Writer { limits, ..writer() }, vec![a.from(5)]).await.unwrap();
    assert_eq!(told.replies[0].verdict, Verdict::Revoked);
    assert_eq!(log.quarantine(&company).await.unwrap().len(), 3);
    proved(&log, &company).await;
}

async fn a_reader_gets_its_scopes_and_passes_the_others<P: Place>() {
    let place = P::new().await;
    let log = place.open().await;
    let company = id(1);
    log.open_company(&company, &opening()).await.unwrap();
    let mut till = Till { scopes: vec![0, 1, 2], ..Till::new(company, 0) };
    introduced(&log, &till).await;
    for scopes in [&[0][..], &[1], &[2], &[1, 2], &[2], &[2], &[0, 1]] {
        till.sell_in(scopes);
    }
    push(&log, &till, till.from(0)).await;
    let seqs = |entries: &[Entry]| entries.iter().map(|entry| entry.seq).collect::<Vec<_>>();
    for limit in [1, 500, 1 << 20] {
        for (scopes, expected) in [
            (&[0, 1][..], &[1, 2, 4, 7][..]),
            (&[2], &[3, 4, 5, 6]),
            (&[0, 1, 2], &[1, 2, 3, 4, 5, 6, 7]),
        ] {
            let mut cursors = fresh(scopes);
            let read = read_on(&log, &company, &mut cursors, limit).await;
            assert_eq!(seqs(&read), expected, "{scopes:?} {limit}");
            assert!(cursors.iter().all(|cursor| cursor.seq == 7), "{cursors:?}");
            assert!(read_on(&log, &company, &mut cursors, limit).await.is_empty());
        }
    }
    // A branch joins one that has read the rest.
    let mut cursors = fresh(&[0, 1]);
    read_on(&log, &company, &mut cursors, 1 << 20).await;
    cursors.push(Cursor { scope: 2, seq: 0, witness: NO_HASH });
    assert_eq!(seqs(&read_on(&log, &company, &mut cursors, 1).await), [3, 4, 5, 6]);
    assert!(cursors.iter().all(|cursor| cursor.seq == 7));
    // Not its scopes, none at all, too old a program, a truncated past.
    let wish = |scopes: &[u32]| Pull { cursors: fresh(scopes), have: vec![], limit: 1 };
    let may = reader(&[0, 1]);
    let old = Reader { schema: 0, ..may.clone() };
    for (reader, scopes, expected) in [
        (&may, &[0, 2][..], PullReply::Nothing),
        (&may, &[], PullReply::Nothing),
        (&old, &[0, 1], PullReply::NeedUpgrade { min_schema: 1 }),
    ] {
        assert_eq!(log.pull(&company, reader, &wish(scopes)).await.unwrap(), expected);
    }
    // What was appended while the pages were read is read by the next one.
    let mut cursors = page(pull(&log, &company, &fresh(&[1]), 1).await).next;
    till.sell_in(&[1]);
    push(&log, &till, till.from(7)).await;
    assert_eq!(seqs(&read_on(&log, &company, &mut cursors, 1).await), [4, 7, 8]);
    proved(&log, &company).await;
}

async fn own_commits_come_back_as_stubs<P: Place>() {
    let place = P::new().await;
    let log = place.open().await;
    let [mut a, mut b] = opened(&log, id(1)).await;
    a.sell(4);
    b.sell(1);
    pushed(&log, &a, vec![a.from(0), b.from(0)]).await;
    let have = vec![(a.origin, 2, 3)];
    let wish = Pull { cursors: fresh(&[0, 1]), have, limit: 1 << 20 };
    let told = page(log.pull(&id(1), &reader(&[0, 1]), &wish).await.unwrap());
    let full: Vec<_> = told.entries.iter().map(|entry| entry.commit.is_some()).collect();
    assert_eq!(full, [true, false, false, true, true]);
    assert_eq!(told.entries[1].hash, a.at[2].hash);
    // Read back as they were pushed.
    for (entry, sent) in told.entries.iter().zip(a.commits.iter().chain(&b.commits)) {
        if let Some(commit) = &entry.commit {
            assert_eq!((&commit.header, &commit.sig), (&sent.header, &sent.sig));
            let plain = |commit: &lumbung_sync::protocol::Carried| {
                lumbung_sync::unpack(&commit.body).unwrap()
            };
            assert_eq!(plain(commit), plain(sent));
        }
    }
}

async fn a_cursor_of_a_log_that_was_put_back_is_told_so<P: Place>() {
    let place = P::new().await;
    let company = id(1);
    let log = place.open().await;
    let [mut a, mut b] = opened(&log, company).await;
    a.sell(3);
    push(&log, &a, a.from(0)).await;
    let first = log.head(&company).await.unwrap();
    let mut early = fresh(&[0, 1]);
    read_on(&log, &company, &mut early, 1 << 20).await;
    drop(log);
    let older = place.copy().await;
    let log = place.open().await;
    a.sell(2);
    push(&log, &a, a.from(3)).await;
    let mut late = early.clone();
    read_on(&log, &company, &mut late, 1 << 20).await;
    let points = [first.point(), log.head(&company).await.unwrap().point()];
    drop(log);

    // The centre goes on from the copy: whoever saw more is told, and so is a base beyond it.
    assert_eq!(older.head(&company).await.unwrap().log_id, first.log_id);
    assert_eq!(pull(&older, &company, &late, 1).await, PullReply::Diverged);
    assert!(matches!(pull(&older, &company, &early, 1).await, PullReply::Page(_)));
    assert_eq!(push(&older, &a, a.from(5)).await.verdict, Verdict::Gap);
    assert_eq!(older.best_checkpoint(&company, &points).await.unwrap(), Some(first.point()));
    let lost = older.set_backed(&company, &points[1]).await;
    assert!(matches!(lost, Err(LogError::NotInLog { seq: 5 })), "{lost:?}");
    // Also once it has as many entries again as it once had.
    b.sell(4);
    push(&older, &b, b.from(0)).await;
    assert_eq!(pull(&older, &company, &late, 1).await, PullReply::Diverged);
    assert_eq!(push(&older, &a, a.from(3)).await.verdict, Verdict::Ok);
    assert_eq!(proved(&older, &company).await.len(), 9);
}

async fn a_reader_skips_nothing_while_sixteen_tills_push_and_the_centre_dawdles<P: Place>() {
    const EACH: u64 = 12;
    let place = P::new().await;
    let company = id(1);
    let log = place.open().await;
    let tills: [Till; 16] = opened(&log, company).await;
    let mut srv = Till { series: "S".to_owned(), ..Till::new(company, 50) };
    log.introduce(&company, &srv.introduction(), OriginKind::Server).await.unwrap();
    let mut work = tokio::task::JoinSet::new();
    for mut till in tills {
        let log = log.clone();
        work.spawn(async move {
            for base in 0..EACH {
                till.sell(1);
                let reply = push(&log, &till, till.from(base)).await;
                assert_eq!((reply.verdict, reply.upto.ctr), (Verdict::Ok, base + 1));
            }
        });
    }
    // In the middle the centre takes a number and does not finish while the others wait.
    let dawdler = log.clone();
    work.spawn(async move {
        for round in 0..4 {
            let mut lock = dawdler.lock(&company).await.unwrap();
            srv.sell(1);
            let commits = vec![srv.commits[round].clone()];
            let told = lock.append(&srv.origin, commits, NOW).await.unwrap();
            let seen = dawdler.head(&company).await.unwrap().last_seq;
            assert_eq!(told[0].seq, seen + 1, "nobody else may have taken the number");
            for _ in 0..20 {
                tokio::task::yield_now().await;
                assert_eq!(dawdler.head(&company).await.unwrap().last_seq, seen);
            }
            lock.commit().await.unwrap();
        }
    });
    let total = 16 * EACH + 4;
    let mut cursors = fresh(&[0, 1]);
    let mut read = Vec::new();
    while (read.len() as u64) < total {
        read.extend(read_on(&log, &company, &mut cursors, 2_000).await);
        while let Some(done) = work.try_join_next() {
            done.unwrap();
        }
    }
    while let Some(done) = work.join_next().await {
        done.unwrap();
    }
    let seqs: Vec<u64> = read.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, (1..=total).collect::<Vec<_>>());
    assert_eq!(proved(&log, &company).await.len() as u64, total);
}

async fn the_centre_writes_alone_or_not_at_all<P: Place>() {
    let place = P::new().await;
    let company = id(1);
    let log = place.open().await;
    let [mut a] = opened(&log, company).await;
    let mut srv = Till { series: "S".to_owned(), ..Till::new(company, 50) };
    let other = Till::new(company, 51);
    log.introduce(&company, &srv.introduction(), OriginKind::Server).await.unwrap();
    a.sell(2);
    push(&log, &a, a.part(0, 1)).await;
    srv.sell(3);
    // Dropped, rolled back, or refused: as if it had never been.
    let mut lock = log.lock(&company).await.unwrap();
    lock.append(&srv.origin, srv.commits.clone(), NOW).await.unwrap();
    drop(lock);
    let mut lock = log.lock(&company).await.unwrap();
    assert_eq!(lock.head().last_seq, 1);
    lock.append(&srv.origin, srv.commits[..1].to_vec(), NOW).await.unwrap();
    let told = lock.append(&srv.origin, srv.commits[2..].to_vec(), NOW).await;
    assert!(matches!(told, Err(LogError::NotNext { head: 1 })), "{told:?}");
    lock.rollback().await.unwrap();
    let mut lock = log.lock(&company).await.unwrap();
    let told = lock.append(&a.origin, a.commits[1..].to_vec(), NOW).await;
    assert!(matches!(told, Err(LogError::BadCommit { .. })), "{told:?}");
    let told = lock.append(&other.origin, srv.commits.clone(), NOW).await;
    assert!(matches!(told, Err(LogError::UnknownOrigin)), "{told:?}");
    let mut bad = srv.commits.clone();
    bad[1].sig[3] ^= 1;
    let told = lock.append(&srv.origin, bad, NOW).await;
    assert!(matches!(told, Err(LogError::BadCommit { .. })), "{told:?}");
    // Two pieces, read back before they are for others to see.
    lock.append(&srv.origin, srv.commits[..1].to_vec(), NOW).await.unwrap();
    let told = lock.append(&srv.origin, srv.commits[1..].to_vec(), NOW).await.unwrap();
    assert_eq!(told.iter().map(|one| one.seq).collect::<Vec<_>>(), [3, 4]);
    let mut read = lock.entries(0, 1).await.unwrap();
    while read.last().unwrap().seq < lock.head().last_seq {
        let after = read.last().unwrap().seq;
        read.extend(lock.entries(after, 1 << 20).await.unwrap());
    }
    assert_eq!(read.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(log.head(&company).await.unwrap().last_seq, 1);
    let head = lock.commit().await.unwrap();
    assert_eq!(head.last_seq, 4);
    // The tills go on, and another company never waited.
    assert_eq!(push(&log, &a, a.from(1)).await.verdict, Verdict::Ok);
    let [mut b] = opened(&log, id(2)).await;
    let lock = log.lock(&company).await.unwrap();
    b.sell(1);
    assert_eq!(push(&log, &b, b.from(0)).await.verdict, Verdict::Ok);
    lock.commit().await.unwrap();
    assert_eq!(proved(&log, &company).await.len(), 5);
    assert_eq!(proved(&log, &id(2)).await.len(), 1);
}

async fn a_backup_proves_the_end_of_each_chain<P: Place>() {
    let place = P::new().await;
    let company = id(1);
    let log = place.open().await;
    let [mut a, mut b] = opened(&log, company).await;
    a.sell(2);
    b.sell(1);
    pushed(&log, &a, vec![a.from(0), b.from(0)]).await;
    let point = log.head(&company).await.unwrap().point();
    a.sell(1);
    push(&log, &a, a.from(2)).await;
    log.set_backed(
        &company,
        &LogPoint { seq: 1, ..log.point(&company, 1).await.unwrap().unwrap() },
    )
    .await
    .unwrap();
    let reply = push(&log, &a, a.from(3)).await;
    assert_eq!(reply.backed, a.at[1]);
    assert_eq!(log.set_backed(&company, &point).await.unwrap().backed_seq, 3);
    let told = pushed(&log, &a, vec![a.from(3), b.from(1)]).await;
    assert_eq!((told.replies[0].backed, told.replies[1].backed), (a.at[2], b.at[1]));
    // Never back, and never by a number alone.
    let earlier = log.point(&company, 2).await.unwrap().unwrap();
    assert_eq!(log.set_backed(&company, &earlier).await.unwrap().backed_seq, 3);
    for wrong in [LogPoint { seq: 4, hash: [1; 32] }, LogPoint { seq: 99, hash: point.hash }] {
        let told = log.set_backed(&company, &wrong).await;
        assert!(matches!(told, Err(LogError::NotInLog { .. })), "{told:?}");
    }
}

/// Batches of three chains: till, from, to.
fn batches() -> impl Strategy<Value = Vec<(usize, u64, u64)>> {
    prop::collection::vec((0..3_usize, 0..=8_u64, 0..=8_u64), 1..40)
}

async fn any_order_of_batches_gives_a_whole_log<P: Place>() {
    let place = P::new().await;
    let log = place.open().await;
    let handle = tokio::runtime::Handle::current();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let number = std::cell::Cell::new(100_u128);
    let ran = tokio::task::block_in_place(|| {
        runner.run(&batches(), |batches| {
            number.set(number.get() + 1);
            handle.block_on(in_this_order(&log, id(number.get()), &batches));
            Ok(())
        })
    });
    ran.unwrap();
}

async fn in_this_order<L: CommitLog>(log: &L, company: [u8; 16], batches: &[(usize, u64, u64)]) {
    let mut tills: [Till; 3] = opened(log, company).await;
    for till in &mut tills {
        till.sell(8);
    }
    let mut ends = [0_u64; 3];
    for (who, from, to) in batches {
        let (from, to) = (*from.min(to), *from.max(to));
        let till = &tills[*who];
        let reply = push(log, till, till.part(from, to as usize)).await;
        let end = &mut ends[*who];
        if from > *end {
            assert_eq!(reply.verdict, Verdict::Gap);
        } else {
            *end = (*end).max(to);
            assert_eq!((reply.verdict, reply.upto), (Verdict::Ok, till.at[to as usize]));
        }
        assert_eq!(reply.head, till.at[*end as usize]);
    }
    let entries = proved(log, &company).await;
    assert_eq!(entries.len() as u64, ends.iter().sum::<u64>());
}

async fn a_thousand_replies_lost_and_repeated_add_nothing<P: Place>() {
    let place = P::new().await;
    let company = id(1);
    let log = place.open().await;
    let mut tills: [Till; 4] = opened(&log, company).await;
    for till in &mut tills {
        till.sell(50);
    }
    let mut work = tokio::task::JoinSet::new();
    for lane in 0..4_u64 {
        let (log, tills) = (log.clone(), tills.clone());
        work.spawn(async move {
            // Every lane sends every till's chain in pieces of its own, again and again.
            for round in 0..63_u64 {
                let till = &tills[((round + lane) % 4) as usize];
                let base = (round * (lane + 3)) % 50;
                let end = (base + 1 + round % 9).min(50);
                let chains = vec![till.part(base, end as usize), till.part(0, 5)];
                log.push(&till.company, &writer(), chains).await.unwrap();
            }
        });
    }
    while let Some(done) = work.join_next().await {
        done.unwrap();
    }
    for till in &tills {
        let reply = push(&log, till, till.from(0)).await;
        assert_eq!((reply.verdict, reply.head), (Verdict::Ok, till.end()));
    }
    let entries = proved(&log, &company).await;
    let ids: BTreeSet<_> = entries.iter().map(|entry| entry.hash).collect();
    assert_eq!((entries.len(), ids.len()), (200, 200));
}

async fn what_is_kept_beside_the_log_is_kept<P: Place>() {
    let place = P::new().await;
    let company = id(1);
    let log = place.open().await;
    log.open_company(&company, &opening()).await.unwrap();
    snapshots_and_blobs(&log, &company).await;
    codes(&log, &company).await;
    sessions(&log, &company).await;
    // Lock-outs outlive a restart.
    let mut last = Lockout::default();
    for _ in 0..6 {
        last = log.note_failure(&company, "sari", NOW).await.unwrap();
    }
    assert_eq!((last.failures, last.until_ms), (6, Some(NOW + 60_000)));
    assert!(last.is_locked(NOW) && !last.is_locked(NOW + 60_000));
    let at = LogPoint { seq: 5, hash: [5; 32] };
    log.set_projector(&company, "bi", &at).await.unwrap();
    log.set_projector(&company, "bi", &LogPoint { seq: 4, hash: [4; 32] }).await.unwrap();
    drop(log);
    let log = place.open().await;
    assert_eq!(log.lockout(&company, "sari").await.unwrap(), last);
    assert_eq!(log.lockout(&company, "budi").await.unwrap(), Lockout::default());
    // Whatever a stranger types as a name is counted as one.
    for name in ["\0", "'; drop table commit_log; --", "\u{202e}budi"] {
        assert_eq!(log.note_failure(&company, name, NOW).await.unwrap().failures, 1);
        assert_eq!(log.lockout(&company, name).await.unwrap().failures, 1);
    }
    log.clear_failures(&company, "sari").await.unwrap();
    assert_eq!(log.lockout(&company, "sari").await.unwrap(), Lockout::default());
    assert_eq!(log.projector(&company, "bi").await.unwrap(), at);
    assert_eq!(log.projector(&company, "audit").await.unwrap(), LogPoint::START);
}

async fn snapshots_and_blobs<L: CommitLog>(log: &L, company: &[u8; 16]) {
    let snapshot = |seq: u8, scopes: &[u32]| Snapshot {
        scopes: Scopes::new(scopes.iter().copied()),
        schema: SCHEMA,
        at: LogPoint { seq: u64::from(seq), hash: [seq; 32] },
        file: [100 + seq; 32],
        bytes: 12_345,
        made_ms: NOW,
    };
    let of =
        [snapshot(1, &[1, 0]), snapshot(2, &[0, 1]), snapshot(3, &[0, 2]), snapshot(4, &[0, 1])];
    for one in &of {
        log.put_snapshot(company, one).await.unwrap();
    }
    let newest = log.snapshot(company, &Scopes::new([0, 1]), SCHEMA).await.unwrap();
    assert_eq!(newest.as_ref(), Some(&of[3]));
    assert_eq!(log.snapshot(company, &Scopes::new([0, 1]), SCHEMA + 1).await.unwrap(), None);
    assert_eq!(log.snapshot_file(company, &[103; 32]).await.unwrap().as_ref(), Some(&of[2]));
    let gone: HashSet<_> = log.prune_snapshots(company, 1).await.unwrap().into_iter().collect();
    assert_eq!(gone, HashSet::from([[101; 32], [102; 32]]));
    assert_eq!(log.snapshot_file(company, &[101; 32]).await.unwrap(), None);
    let blob = Blob { hash: [9; 32], bytes: 7, mime: "image/png".to_owned() };
    log.put_blob(company, &blob).await.unwrap();
    log.put_blob(company, &blob).await.unwrap();
    assert_eq!(log.blob(company, &[9; 32]).await.unwrap(), Some(blob));
    assert_eq!(log.blob(&id(3), &[9; 32]).await.unwrap(), None);
}

async fn codes<L: CommitLog>(log: &L, company: &[u8; 16]) {
    let code = |hash: u8, terminal| Code {
        hash: [hash; 32],
        terminal,
        series: Some("T9".to_owned()),
        scopes: vec![0, 3],
        made_ms: NOW,
        ends_ms: NOW + 600_000,
    };
    let codes = [code(1, Some(id(5))), code(2, None)];
    for one in &codes {
        log.put_code(company, one).await.unwrap();
    }
    let ask = |hash: u8, by, now| {
        let log = log.clone();
        async move { log.use_code(&id(1), &[hash; 32], &id(by), now).await.unwrap() }
    };
    assert_eq!(ask(3, 1, NOW).await, CodeUse::Unknown);
    assert_eq!(ask(1, 1, NOW).await, CodeUse::Granted(codes[0].clone()));
    assert_eq!(ask(1, 1, NOW).await, CodeUse::Granted(codes[0].clone()));
    assert_eq!(ask(1, 2, NOW).await, CodeUse::Used);
    assert_eq!(ask(2, 1, NOW + 600_000).await, CodeUse::Ended);
    assert_eq!(log.use_code(&id(2), &[2; 32], &id(1), NOW).await.unwrap(), CodeUse::Unknown);
    // Two at once: one gets it.
    let (one, two) = tokio::join!(ask(2, 7, NOW), ask(2, 8, NOW));
    let told = [one, two];
    assert!(told.contains(&CodeUse::Used) && told.contains(&CodeUse::Granted(codes[1].clone())));
}

async fn sessions<L: CommitLog>(log: &L, company: &[u8; 16]) {
    let session = |number: u128, person| Session {
        session: id(number),
        person: id(person),
        secret: [1; 32],
        started_ms: NOW,
        ends_ms: NOW + 1_000,
    };
    let mut open = BTreeMap::new();
    for (number, person) in [(1, 1), (2, 1), (3, 2)] {
        log.start_session(company, &session(number, person)).await.unwrap();
        open.insert(number, session(number, person));
    }
    let rotate = |number, old: u8, new: u8, now| {
        let log = log.clone();
        async move {
            log.rotate_session(&id(1), &id(number), &[old; 32], &[new; 32], now).await.unwrap()
        }
    };
    let next = Session { secret: [2; 32], ..session(1, 1) };
    assert_eq!(rotate(1, 1, 2, NOW).await, Rotation::Rotated(next.clone()));
    assert_eq!(log.session(company, &id(1), NOW).await.unwrap(), Some(next));
    assert_eq!(rotate(9, 1, 2, NOW).await, Rotation::Gone);
    assert_eq!(rotate(1, 2, 3, NOW + 1_000).await, Rotation::Gone);
    // The old secret again: somebody has a copy, so nobody goes on with it.
    assert_eq!(rotate(1, 1, 4, NOW).await, Rotation::Reused);
    assert_eq!(rotate(1, 2, 3, NOW).await, Rotation::Gone);
    log.end_session(company, &id(3), NOW).await.unwrap();
    assert_eq!(log.session(company, &id(3), NOW).await.unwrap(), None);
    assert_eq!(log.session(company, &id(2), NOW).await.unwrap().as_ref(), open.get(&2));
    log.end_sessions_of(company, &id(1), NOW).await.unwrap();
    assert_eq!(log.session(company, &id(2), NOW).await.unwrap(), None);
}
