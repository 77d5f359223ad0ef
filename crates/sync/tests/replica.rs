//! Stores that share a company's log agree, whatever came in between.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/log.rs"]
mod log;
mod support;

use std::path::Path;
use std::sync::LazyLock;

use log::{Log, enrol, pull, push, sync};
use lumbung_domain::ids::{Id, ProductId};
use lumbung_domain::num::UnitPrice;
use lumbung_sync::protocol::Introduction;
use lumbung_sync::{
    Catalogue, NewNode, NewStore, Store, StoreConfig, StoreError, Synced, synced, verify,
};
use proptest::prelude::*;
use support::{HeldSale, Product, config, count, ctx, dump, product, reopen, sale};

/// A till of branch `scope` that knows the centre.
fn till(dir: &Path, number: u8, scope: u32) -> Store {
    let new = NewNode { company: [1; 16], terminal: [number; 16], series: format!("T{number}") };
    let store = Store::create(&config(dir), &new).unwrap();
    enrol(&store, &[scope]);
    store
}

fn set_price(store: &Store, id: ProductId, price: i64) {
    store
        .transact::<_, StoreError>(&ctx(), "price", |tx| {
            tx.patch(id, Product::PRICING, |p| p.price = UnitPrice::new(price).unwrap())
        })
        .unwrap();
}

fn price(store: &Store, id: ProductId) -> i64 {
    store
        .read::<_, StoreError>(|db| {
            let sql = "select price from product where product_id = ?1";
            Ok(db.query_row(sql, [id.bytes()], |row| row.get(0))?)
        })
        .unwrap()
}

fn add_product(store: &Store) -> ProductId {
    store.transact::<_, StoreError>(&ctx(), "product", |tx| product(tx, "TEA", 10)).unwrap().value
}

fn sell(store: &Store, id: ProductId, lines: i64) {
    store.transact(&ctx(), "pos.complete", |tx| sale(tx, id, lines)).unwrap();
}

/// What triggers keep is what the facts add up to.
fn assert_adds_up(store: &Store) {
    let wrong = "select count(*) from
        (select product_id, sum(qty) as qty from sale_line group by product_id) l
        full join sold s using (product_id) where l.qty is not s.qty";
    assert_eq!(count(store, wrong), 0, "the balances are not the sum of the lines");
}

fn assert_clean(store: &Store) {
    let report = verify::chain(store, &mut |_, _| {}, &|| false).unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    store.check_file().unwrap();
    assert_adds_up(store);
}

fn assert_agree(one: &Store, two: &Store, scopes: &[u32]) {
    for store in [one, two] {
        assert_eq!(count(store, "select count(*) from sync_register"), 0);
        assert_clean(store);
    }
    let (a, b) = (one.fingerprint(scopes).unwrap(), two.fingerprint(scopes).unwrap());
    assert!(a == b, "they differ:\n{}\n{}", dump(one), dump(two));
}

#[test]
fn what_one_till_did_is_at_the_other_after_both_have_met_the_centre() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) = (till(here.path(), 1, 5), till(there.path(), 2, 5));
    let mut log = Log::new();
    let id = add_product(&one);
    sell(&one, id, 3);
    assert_eq!(one.pending().unwrap().commits, 2);
    sync(&one, &mut log);
    assert_eq!(one.pending().unwrap().commits, 0);
    sync(&two, &mut log);
    sell(&two, id, 1);
    sync(&two, &mut log);
    sync(&one, &mut log);
    assert_eq!(count(&one, "select qty from sold"), 4_000_000);
    assert_eq!(count(&two, "select count(*) from audit_change where grp = 'created'"), 1);
    assert_agree(&one, &two, &[5]);
}

/// Where two tills change one price, and what each step does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    EditOne,
    EditTwo,
    PushOne,
    PushTwo,
    PullOne,
    PullTwo,
}

#[test]
fn of_two_edits_the_later_wins_everywhere_in_whatever_order_they_meet() {
    use Step::{EditOne, EditTwo, PullOne, PullTwo, PushOne, PushTwo};
    let all = [EditOne, EditTwo, PushOne, PushTwo, PullOne, PullTwo];
    let place = |order: &[Step], step| order.iter().position(|s| *s == step).unwrap();
    // A push or pull before the till's own edit has nothing to say about the order.
    let orders = permutations(&all).into_iter().filter(|order| {
        place(order, PushOne) > place(order, EditOne)
            && place(order, PushTwo) > place(order, EditTwo)
    });
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) = (till(here.path(), 1, 5), till(there.path(), 2, 5));
    let mut log = Log::new();
    log.page = 100;
    for (n, order) in orders.enumerate() {
        let id = add_product(&one);
        sync(&one, &mut log);
        sync(&two, &mut log);
        let mut edited = 0;
        for step in &order {
            match step {
                EditOne => {
                    edited = 100;
                    set_price(&one, id, 100);
                }
                EditTwo => {
                    edited = 200;
                    set_price(&two, id, 200);
                }
                PushOne => push(&one, &mut log, 0),
                PushTwo => push(&two, &mut log, 0),
                PullOne => assert!(pull(&one, &log).is_some()),
                PullTwo => assert!(pull(&two, &log).is_some()),
            }
        }
        for store in [&one, &two, &one] {
            sync(store, &mut log);
        }
        assert_eq!((price(&one, id), price(&two, id)), (edited, edited), "{order:?}");
        if n % 20 == 0 {
            assert_agree(&one, &two, &[5]);
        }
    }
    assert_agree(&one, &two, &[5]);
}

fn permutations(steps: &[Step]) -> Vec<Vec<Step>> {
    if steps.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (i, step) in steps.iter().enumerate() {
        let mut rest = steps.to_vec();
        rest.remove(i);
        for mut order in permutations(&rest) {
            order.insert(0, *step);
            all.push(order);
        }
    }
    all
}

#[test]
fn an_edit_of_another_till_shows_at_once_unless_mine_is_later() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) = (till(here.path(), 1, 5), till(there.path(), 2, 5));
    let mut log = Log::new();
    let id = add_product(&one);
    sync(&one, &mut log);
    sync(&two, &mut log);
    set_price(&one, id, 100);
    set_price(&two, id, 200);
    sync(&two, &mut log);
    pull(&one, &log).unwrap();
    assert_eq!(price(&one, id), 200, "the other's was later");
    set_price(&one, id, 300);
    set_price(&two, id, 250);
    sync(&two, &mut log);
    set_price(&one, id, 400);
    pull(&one, &log).unwrap();
    assert_eq!(price(&one, id), 400, "mine is later and waits");
    assert_eq!(count(&one, "select count(*) from sync_register"), 1);
    sync(&one, &mut log);
    sync(&two, &mut log);
    assert_eq!(price(&two, id), 400);
    assert_agree(&one, &two, &[5]);
}

#[test]
fn a_transfer_shows_each_branch_its_side_and_counts_once() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) = (till(here.path(), 1, 5), till(there.path(), 2, 6));
    let mut log = Log::new();
    let id = add_product(&one);
    one.transact::<_, StoreError>(&ctx(), "transfer", |tx| {
        sale(tx, id, 1)?;
        tx.scope(6);
        sale(tx, id, 2)
    })
    .unwrap();
    sell(&one, id, 4);
    sync(&one, &mut log);
    sync(&two, &mut log);
    assert_eq!(count(&two, "select qty from sold"), 2_000_000);
    assert_eq!(count(&one, "select qty from sold"), 7_000_000);
    assert_adds_up(&two);
    two.set_scopes(&[5, 6]).unwrap();
    sync(&two, &mut log);
    assert_eq!(count(&two, "select qty from sold"), 7_000_000);
    one.set_scopes(&[5, 6]).unwrap();
    sync(&one, &mut log);
    assert_agree(&one, &two, &[5, 6]);
    sell(&two, id, 1);
    two.set_scopes(&[6]).unwrap();
    assert_eq!(count(&two, "select qty from sold"), 2_000_000);
    sync(&two, &mut log);
    assert_clean(&two);
    two.set_scopes(&[5, 6]).unwrap();
    sync(&two, &mut log);
    sync(&one, &mut log);
    assert_agree(&one, &two, &[5, 6]);
}

#[test]
fn a_store_that_lived_alone_pushes_its_whole_life() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one = support::create(here.path());
    let id = support::trade(&one, 4);
    set_price(&one, id, 5);
    drop(one);
    // It once lost its guard, so an earlier origin has commits too.
    std::fs::remove_file(here.path().join("guard")).unwrap();
    let one = reopen(here.path());
    sell(&one, id, 1);
    set_price(&one, id, 6);
    assert_eq!(one.pending().unwrap().commits, 8);
    enrol(&one, &[5]);
    {
        use lumbung_sync::engine::Replica;
        let replica = lumbung_sync::StoreReplica::new(&one);
        let chains = replica.chains().unwrap();
        assert_eq!(chains.iter().map(|c| c.last.ctr).collect::<Vec<_>>(), [6, 2]);
        let vouchers = replica.introductions(&chains[0].origin).unwrap();
        assert_eq!(vouchers.len(), 2);
        assert!(log::vouched(&vouchers));
    }
    let mut log = Log::new();
    sync(&one, &mut log);
    let two = till(there.path(), 2, 5);
    sync(&two, &mut log);
    assert_agree(&one, &two, &[5]);
}

#[test]
fn a_restored_till_gets_its_own_sales_back_and_repeats_what_diverged() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let copy = tempfile::tempdir().unwrap();
    let (one, two) = (till(here.path(), 1, 5), till(there.path(), 2, 5));
    let mut log = Log::new();
    let id = add_product(&one);
    sell(&one, id, 1);
    sync(&one, &mut log);
    drop(one);
    let whole = ["lumbung.db", "node.json", "guard"];
    for file in whole {
        std::fs::copy(here.path().join(file), copy.path().join(file)).unwrap();
    }
    let one = reopen(here.path());
    sell(&one, id, 2);
    set_price(&one, id, 77);
    sync(&one, &mut log);
    drop(one);
    // The whole folder is put back, guard and all: nothing local tells.
    for file in whole {
        std::fs::copy(copy.path().join(file), here.path().join(file)).unwrap();
    }
    let one = reopen(here.path());
    let before = one.info().origin;
    sell(&one, id, 4);
    set_price(&one, id, 88);
    push(&one, &mut log, 0);
    assert_ne!(one.info().origin, before, "the centre told");
    sync(&one, &mut log);
    sync(&two, &mut log);
    assert_eq!(count(&two, "select qty from sold"), 7_000_000);
    assert_eq!(price(&two, id), 88);
    assert_eq!(count(&one, "select count(*) from sync_reissue"), 2);
    assert_agree(&one, &two, &[5]);
    use lumbung_sync::engine::Replica;
    let replica = lumbung_sync::StoreReplica::new(&one);
    let me = replica.me().unwrap();
    let vouchers = replica.introductions(&me.origin).unwrap();
    assert_eq!(vouchers.len(), 2);
    assert!(log::vouched(&vouchers));
    drop(one);
    let one = reopen(here.path());
    assert!(one.report().rekeyed.is_none());
    sell(&one, id, 1);
    sync(&one, &mut log);
    sync(&two, &mut log);
    assert_agree(&one, &two, &[5]);
}

#[test]
fn what_the_centre_has_backed_up_leaves_the_journal() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) = (till(here.path(), 1, 5), till(there.path(), 2, 5));
    let mut log = Log::new();
    let id = add_product(&one);
    for _ in 0..10 {
        sell(&one, id, 1);
    }
    set_price(&one, id, 3);
    sync(&one, &mut log);
    push(&one, &mut log, 0);
    assert_eq!(count(&one, "select count(*) from sync_journal"), 12, "not in the backup");
    log.back_up();
    push(&one, &mut log, 0);
    assert_eq!(count(&one, "select count(*) from sync_journal"), 1);
    assert_clean(&one);
    drop(one);
    let one = reopen(here.path());
    assert_clean(&one);
    set_price(&one, id, 4);
    sell(&one, id, 1);
    push(&one, &mut log, 0);
    sync(&one, &mut log);
    sync(&two, &mut log);
    assert_agree(&one, &two, &[5]);
    // A scope that is joined again brings back what the journal has let go.
    one.set_scopes(&[]).unwrap();
    assert_eq!(count(&one, "select count(*) from sale"), 0);
    one.set_scopes(&[5]).unwrap();
    sync(&one, &mut log);
    assert_agree(&one, &two, &[5]);
}

synced! {
    /// A table that only a newer version knows.
    pub fact Voucher in "voucher" tag 50 scope company {
        1 voucher_id: [u8; 16],
        2 amount: i64,
    }
}

static NEWER: LazyLock<Catalogue> = LazyLock::new(|| {
    let known: Vec<_> = support::CATALOGUE.decls().chain([Voucher::table()]).collect();
    Catalogue::new(&known).unwrap()
});

fn newer(dir: &Path) -> StoreConfig {
    fn migrations() -> refinery::Runner {
        let mut known = support::runner().get_migrations().clone();
        let sql = "create table voucher (voucher_id blob primary key, amount integer not null,
            scope integer not null, _seq integer not null default 0) strict;";
        known.push(refinery::Migration::unapplied("V03__voucher", sql).unwrap());
        refinery::Runner::new(&known)
    }
    StoreConfig { catalogue: &NEWER, migrations, ..config(dir) }
}

#[test]
fn a_till_that_was_upgraded_late_holds_the_same_bytes() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one = Store::create(&newer(here.path()), &support::node()).unwrap();
    enrol(&one, &[5]);
    let two = till(there.path(), 3, 5);
    let mut log = Log::new();
    let id = add_product(&one);
    sync(&one, &mut log);
    sync(&two, &mut log);
    let spend = |amount: i64, name: &str| {
        one.transact::<_, StoreError>(&ctx(), "voucher", |tx| {
            tx.insert(&Voucher { voucher_id: tx.new_id(), amount })?;
            sale(tx, id, 1)?;
            tx.patch(id, Product::NAMING, |p| p.name = name.to_owned())?;
            product(tx, name, amount)
        })
        .unwrap()
        .value
    };
    let made = spend(7, "first");
    // Changes a row whose making the older version cannot apply.
    set_price(&one, made, 12);
    sync(&one, &mut log);
    sync(&two, &mut log);
    two.transact::<_, StoreError>(&ctx(), "rename", |tx| {
        tx.patch(id, Product::NAMING, |p| p.name = "second".to_owned())
    })
    .unwrap();
    sync(&two, &mut log);
    spend(9, "third");
    sync(&one, &mut log);
    sync(&two, &mut log);
    assert_eq!(count(&two, "select count(*) from sync_deferred"), 3);
    assert_clean(&two);
    drop(two);
    let two = Store::open(&newer(there.path())).unwrap().store;
    assert_eq!(count(&two, "select count(*) from sync_deferred"), 0);
    assert_agree(&one, &two, &[5]);
}

#[test]
fn a_till_sells_on_while_a_long_page_comes_in() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) = (till(here.path(), 1, 5), till(there.path(), 2, 5));
    let mut log = Log::new();
    let id = add_product(&one);
    sync(&one, &mut log);
    sync(&two, &mut log);
    for n in 0..40 {
        sell(&one, id, 8);
        set_price(&one, id, 100 + n);
    }
    log.page = 1_000;
    sync(&one, &mut log);
    std::thread::scope(|scope| {
        let busy = scope.spawn(|| {
            // A page that is ended early leaves a cursor the centre can prove.
            while pull(&two, &log).is_some_and(|more| more)
                || count(&two, "select min(cursor) from sync_scope").cast_unsigned()
                    < log.len() as u64
            {}
        });
        let mut sold = 0;
        while !busy.is_finished() && sold < 50 {
            sell(&two, id, 1);
            set_price(&two, id, 500 + sold);
            sold += 1;
        }
        busy.join().unwrap();
    });
    for store in [&two, &one] {
        sync(store, &mut log);
    }
    assert_agree(&one, &two, &[5]);
}

/// The centre's own replica of all scopes, made from the log.
fn centre(dir: &Path, log: &mut Log) -> Store {
    let new = NewNode { company: [1; 16], terminal: [99; 16], series: "S".to_owned() };
    let store = Store::create(&config(dir), &new).unwrap();
    enrol(&store, &[5, 6]);
    sync(&store, log);
    store
}

fn newcomer(dir: &Path, number: u8, scopes: &[u32], snapshot: Option<&Path>) -> Store {
    let new = NewStore::begin(&config(dir)).unwrap();
    let introduction = Introduction {
        company: [1; 16],
        terminal: [number; 16],
        origin: new.origin(),
        pubkey: new.pubkey(),
        series: format!("T{number}"),
        scopes: scopes.to_vec(),
        by: None,
        sig: Vec::new(),
    };
    new.enrolled(&introduction, log::LOG_ID, snapshot).unwrap()
}

#[test]
fn a_new_till_starts_from_a_snapshot_and_sells_at_once() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (middle, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one = till(here.path(), 1, 5);
    let mut log = Log::new();
    let id = add_product(&one);
    for _ in 0..5 {
        sell(&one, id, 2);
    }
    set_price(&one, id, 55);
    one.transact::<_, StoreError>(&ctx(), "other branch", |tx| {
        tx.scope(6);
        sale(tx, id, 1)
    })
    .unwrap();
    sync(&one, &mut log);
    let srv = centre(middle.path(), &mut log);
    // What waits at the centre itself is not in a snapshot: only what the log says.
    set_price(&srv, id, 66);
    sell(&srv, id, 9);
    let file = files.path().join("snapshot.zst");
    let manifest = srv.snapshot_for(&[5], &file).unwrap();
    assert_eq!(manifest.rows, 1 + 5 + 10);
    assert_eq!(manifest.hash, one.fingerprint(&[5]).unwrap());
    assert_eq!(manifest.bytes, std::fs::metadata(&file).unwrap().len());
    let two = newcomer(there.path(), 2, &[5], Some(&file));
    assert_eq!(two.fingerprint(&[5]).unwrap(), manifest.hash);
    assert_eq!(price(&two, id), 55);
    assert_eq!(count(&two, "select count(*) from audit_change"), 2);
    sell(&two, id, 1);
    set_price(&two, id, 77);
    for store in [&srv, &two, &one, &two] {
        sync(store, &mut log);
    }
    assert_agree(&one, &two, &[5]);
    assert_eq!(price(&one, id), 77);
    let left = std::fs::read_dir(there.path()).unwrap().filter(|entry| {
        entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("snapshot")
    });
    assert_eq!(left.count(), 0, "nothing lies there without encryption");
}

#[test]
fn a_snapshot_that_was_changed_or_is_of_other_books_is_refused() {
    let (here, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one = till(here.path(), 1, 5);
    let mut log = Log::new();
    let id = add_product(&one);
    sell(&one, id, 2);
    sync(&one, &mut log);
    let file = files.path().join("snapshot.zst");
    one.snapshot_for(&[5], &file).unwrap();
    assert!(one.snapshot_for(&[6], &file).is_err(), "it does not hold that branch");
    one.snapshot_for(&[5], &file).unwrap();
    let plain = zstd::stream::decode_all(std::fs::File::open(&file).unwrap()).unwrap();
    let broken = files.path().join("broken.db");
    let tamper = |sql: &str| {
        std::fs::write(&broken, &plain).unwrap();
        let db = lumbung_sync::rusqlite::Connection::open(&broken).unwrap();
        db.execute_batch(sql).unwrap();
        drop(db);
        let packed = zstd::stream::encode_all(std::fs::File::open(&broken).unwrap(), 1).unwrap();
        std::fs::write(files.path().join("broken.zst"), packed).unwrap();
    };
    for sql in [
        "update sale set total = 1",
        "delete from sale_line",
        "update snapshot_about set company = zeroblob(16)",
        "update snapshot_about set log_id = zeroblob(16)",
        "update snapshot_about set schema = 99",
        "update snapshot_cursor set scope = 7 where scope = 5",
    ] {
        tamper(sql);
        let dir = tempfile::tempdir().unwrap();
        let new = NewStore::begin(&config(dir.path())).unwrap();
        let introduction = Introduction {
            origin: new.origin(),
            pubkey: new.pubkey(),
            ..log::introduction(&one, &[5])
        };
        let broken = files.path().join("broken.zst");
        assert!(new.enrolled(&introduction, log::LOG_ID, Some(&broken)).is_err(), "{sql}");
        assert!(!Store::exists(dir.path()));
    }
}

#[test]
fn what_the_centre_lost_comes_back_from_those_who_read_it() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (third, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (middle, again) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, two) = (till(here.path(), 1, 5), till(there.path(), 2, 5));
    let mut log = Log::new();
    let id = add_product(&one);
    sell(&one, id, 1);
    sync(&one, &mut log);
    sync(&two, &mut log);
    let backup = log.len();
    // A third till works, everybody reads it, and then it burns.
    {
        let gone = newcomer(third.path(), 3, &[5], None);
        sync(&gone, &mut log);
        sell(&gone, id, 4);
        set_price(&gone, id, 44);
        let own = add_product(&gone);
        set_price(&gone, own, 45);
        sync(&gone, &mut log);
    }
    sell(&one, id, 2);
    sync(&one, &mut log);
    set_price(&two, id, 22);
    sync(&two, &mut log);
    sell(&two, id, 8);
    log.cut(backup);
    let srv = centre(middle.path(), &mut log);
    // The centre goes on before anybody notices.
    srv.transact::<_, StoreError>(&ctx(), "rename", |tx| {
        tx.patch(id, Product::NAMING, |p| p.name = "Renamed".to_owned())
    })
    .unwrap();
    sell(&srv, id, 16);
    sync(&srv, &mut log);
    let file = files.path().join("snapshot.zst");
    for store in [&one, &two] {
        push(store, &mut log, 0);
        if pull(store, &log).is_none() {
            let fresh = tempfile::tempdir().unwrap();
            let srv = centre(fresh.path(), &mut log);
            srv.snapshot_for(&[5], &file).unwrap();
            use lumbung_sync::engine::Replica;
            let mut replica = lumbung_sync::StoreReplica::new(store);
            replica.rebase(file.clone()).unwrap();
            // A crash before the cursors moved does it all again.
            replica.rebase(file.clone()).unwrap();
            assert_adds_up(store);
        }
        sync(store, &mut log);
    }
    sync(&one, &mut log);
    sync(&two, &mut log);
    assert_agree(&one, &two, &[5]);
    assert_eq!(count(&one, "select qty from sold"), (1 + 4 + 2 + 8 + 16) * 1_000_000);
    assert_eq!(price(&one, id), 22, "an edit in a journal");
    let other = "select price from product where name <> 'Renamed'";
    assert_eq!(count(&one, other), 45, "an edit in no journal");
    assert_eq!(count(&one, "select count(*) from product"), 2);
    // Whoever starts from nothing ends there too.
    let last = centre(again.path(), &mut log);
    sync(&srv, &mut log);
    assert_agree(&last, &srv, &[5, 6]);
    assert_agree(&last, &one, &[5]);
}

/// One step of a random day.
#[derive(Debug, Clone)]
enum Act {
    Product,
    Price(usize, i64),
    Rename(usize, String),
    Sell(usize, i64),
    Transfer(usize),
    Hold(u8, String),
    Recall(u8),
    Push,
    Pull,
    Restart,
}

fn acts() -> impl Strategy<Value = Vec<(bool, Act)>> {
    let which = 0..3_usize;
    let act = prop_oneof![
        Just(Act::Product),
        (which.clone(), 1..9_i64).prop_map(|(p, price)| Act::Price(p, price)),
        (which.clone(), "[a-c]{1,2}").prop_map(|(p, name)| Act::Rename(p, name)),
        (which.clone(), 1..4_i64).prop_map(|(p, lines)| Act::Sell(p, lines)),
        which.prop_map(Act::Transfer),
        (0..3_u8, "[a-c]{1,2}").prop_map(|(key, label)| Act::Hold(key, label)),
        (0..3_u8).prop_map(Act::Recall),
        Just(Act::Push),
        Just(Act::Pull),
        Just(Act::Pull),
        Just(Act::Restart),
    ];
    prop::collection::vec((any::<bool>(), act), 1..40)
}

fn act(store: &Store, which: bool, act: &Act) {
    let pick = |n: usize| {
        let sql = "select product_id from product order by product_id limit 1 offset ?1";
        let n = i64::try_from(n).unwrap();
        let key = store.read::<Option<[u8; 16]>, StoreError>(|db| {
            Ok(db.query_row(sql, [n], |row| row.get(0)).ok())
        });
        key.unwrap().map(ProductId::from_bytes)
    };
    let key = |key: u8| [key + 10 * u8::from(which); 16];
    let done = store.transact::<(), StoreError>(&ctx(), "act", |tx| match act {
        Act::Product => product(tx, "P", 9).map(|_| ()),
        Act::Hold(n, label) => {
            let (held_sale_id, label) = (key(*n), label.clone());
            tx.save_draft(&HeldSale { held_sale_id, label, content: None })
        }
        Act::Recall(n) => tx.drop_draft::<HeldSale, _>(key(*n)),
        Act::Price(n, price) => pick(*n).map_or(Ok(()), |id| {
            tx.patch(id, Product::PRICING, |p| p.price = UnitPrice::new(*price).unwrap())
        }),
        Act::Rename(n, name) => {
            pick(*n).map_or(Ok(()), |id| tx.patch(id, Product::NAMING, |p| p.name = name.clone()))
        }
        Act::Sell(n, lines) => pick(*n).map_or(Ok(()), |id| sale(tx, id, *lines).map(|_| ())),
        Act::Transfer(n) => pick(*n).map_or(Ok(()), |id| {
            sale(tx, id, 1)?;
            tx.scope(6);
            sale(tx, id, 1).map(|_| ())
        }),
        Act::Push | Act::Pull | Act::Restart => Ok(()),
    });
    match done {
        Ok(_) | Err(StoreError::NoRow { .. }) => {}
        Err(other) => panic!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn tills_that_did_anything_in_any_order_hold_the_same_bytes(acts in acts()) {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut one = till(here.path(), 1, 5);
        let mut two = till(there.path(), 2, 5);
        let mut log = Log::new();
        for (which, step) in &acts {
            let (store, dir) =
                if *which { (&mut one, here.path()) } else { (&mut two, there.path()) };
            match step {
                Act::Push => push(store, &mut log, 0),
                Act::Pull => assert!(pull(store, &log).is_some()),
                Act::Restart => {
                    // The folder must be free before it is opened again.
                    let aside = tempfile::tempdir().unwrap();
                    drop(std::mem::replace(store, support::create(aside.path())));
                    *store = reopen(dir);
                }
                other => act(store, *which, other),
            }
            assert_adds_up(store);
        }
        for store in [&one, &two, &one] {
            sync(store, &mut log);
        }
        assert_agree(&one, &two, &[5]);
    }
}
