//! What the store promises an action, a reader and a second process.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use lumbung_domain::num::{Qty, UnitPrice};
use lumbung_sync::{Body, Header, Op, Store, StoreError, Synced, ValueRef, get, unpack};
use support::{HeldSale, Product, Sale, SaleLine, config, count, create, ctx, reopen, sale, trade};

type Done<T> = Result<T, StoreError>;

/// The rows of the last commit, as words.
fn last_commit(store: &Store) -> (Header, Vec<String>) {
    store
        .read::<_, StoreError>(|db| {
            let (header, body): (Vec<u8>, Vec<u8>) = db.query_row(
                "select header, body from sync_journal order by journal_id desc limit 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            let plain = unpack(&body)?;
            let body = Body::decode(&plain)?;
            let rows = body.rows.iter().map(|row| {
                let show = |columns: &[(u16, ValueRef<'_>)]| {
                    let shown: Vec<_> = columns
                        .iter()
                        .filter(|(_, value)| !matches!(value, ValueRef::Blob(_)))
                        .map(|(tag, value)| format!("{tag}={value:?}"))
                        .collect();
                    shown.join(" ")
                };
                let (new, old) = (show(&row.columns), show(&row.before));
                format!("{:?} {} {} [{new}] was [{old}]", row.op, row.table, row.scope)
            });
            Ok((Header::decode(&header)?, rows.collect()))
        })
        .unwrap()
}

#[test]
fn a_sale_is_in_the_tables_and_in_one_commit() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 0);
    let done: lumbung_sync::Committed<_> = store
        .transact::<_, StoreError>(&ctx(), "pos.complete", |tx| sale(tx, product_id, 2))
        .unwrap();
    assert_eq!(done.tables, ["sale", "sale_line"]);
    assert_eq!(done.commit.unwrap(), store.head());
    assert_eq!(store.head().ctr, 2);
    assert_eq!(count(&store, "select count(*) from sale_line where scope = 5"), 2);
    assert_eq!(count(&store, "select sum(qty) from sold"), 2_000_000);
    let (header, rows) = last_commit(&store);
    assert_eq!(header.kind, "pos.complete");
    assert_eq!(header.scopes, [5]);
    assert_eq!(header.user, Some([3; 16]));
    assert_eq!(header.business_date, ctx().business_date);
    assert_eq!(rows.len(), 3);
    assert!(rows[0].starts_with("Insert 30 5 [2=Text(\"T1-0001\") 3=Int(2000)"), "{rows:?}");
    let found = store.read::<_, StoreError>(|db| {
        let sql = format!("select {} from sale", Sale::COLUMNS);
        Ok(db.query_row(&sql, [], Sale::from_row)?)
    });
    assert_eq!(found.unwrap().sale_id, done.value);
}

#[test]
fn a_changed_price_keeps_what_it_was_and_only_its_group() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 0);
    let raise = |price: i64| {
        store.transact::<_, StoreError>(&ctx(), "product.price", |tx| {
            tx.patch(product_id, Product::PRICING, |p| p.price = UnitPrice::new(price).unwrap())
        })
    };
    let done = raise(30_000).unwrap();
    assert_eq!(done.tables, ["product"]);
    assert_eq!(last_commit(&store).1, ["Patch 10 0 [4=Int(30000)] was [4=Int(25000)]"]);
    assert_eq!(raise(30_000).unwrap().commit, None, "the same price again changes nothing");
    let noted = store.read::<_, StoreError>(|db| {
        Ok(db.query_row(
            "select kind, tbl, grp, before, after from audit_change where ctr = 2",
            [],
            |row| {
                let column = |name: &str| get::<String, _>(row, name);
                Ok([
                    column("kind")?,
                    column("tbl")?,
                    column("grp")?,
                    column("before")?,
                    column("after")?,
                ]
                .join(" "))
            },
        )?)
    });
    let expected = r#"product.price product pricing {"price":25000} {"price":30000}"#;
    assert_eq!(noted.unwrap(), expected);
}

#[test]
fn a_draft_is_saved_again_and_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let held = |label: &str| HeldSale {
        held_sale_id: [8; 16],
        label: label.to_owned(),
        content: Some(vec![1, 2]),
    };
    let save = |label: &str| {
        store.transact::<_, StoreError>(&ctx(), "pos.hold", |tx| tx.save_draft(&held(label)))
    };
    assert!(save("Budi").unwrap().commit.is_some());
    assert!(save("Budi").unwrap().commit.is_none());
    assert!(save("Siti").unwrap().commit.is_some());
    assert_eq!(last_commit(&store).1, ["Save 40 5 [2=Text(\"Siti\")] was [2=Text(\"Budi\")]"]);
    let load = |tx: &mut lumbung_sync::Tx<'_>| -> Done<Option<HeldSale>> { tx.load([8; 16]) };
    assert_eq!(store.transact(&ctx(), "look", load).unwrap().value, Some(held("Siti")));
    store
        .transact::<_, StoreError>(&ctx(), "pos.recall", |tx| tx.drop_draft::<HeldSale, _>([8; 16]))
        .unwrap();
    assert_eq!(store.transact(&ctx(), "look", load).unwrap().value, None);
    let (_, rows) = last_commit(&store);
    assert_eq!(rows, ["Drop 40 5 [] was [2=Text(\"Siti\")]"]);
}

#[test]
fn an_action_that_fails_or_panics_leaves_nothing_not_even_a_number() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 1);
    let before = (support::dump(&store), store.head());
    let failed = store.transact(&ctx(), "pos.complete", |tx| {
        sale(tx, product_id, 2)?;
        Err::<(), _>(StoreError::Cancelled)
    });
    assert!(matches!(failed, Err(StoreError::Cancelled)));
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _ = store.transact::<(), StoreError>(&ctx(), "pos.complete", |tx| {
            sale(tx, product_id, 2)?;
            panic!("the printer is on fire")
        });
    }));
    assert!(panicked.is_err());
    assert_eq!((support::dump(&store), store.head()), before);
    store.transact::<_, StoreError>(&ctx(), "pos.complete", |tx| sale(tx, product_id, 1)).unwrap();
    assert_eq!(count(&store, "select count(*) from sale where number = 'T1-0002'"), 1);
    assert_eq!(store.head().ctr, 3);
}

#[test]
fn a_second_row_with_the_key_of_a_first_is_refused_and_not_emitted() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 0);
    store
        .transact::<_, StoreError>(&ctx(), "pos.complete", |tx| {
            let sale_id = sale(tx, product_id, 1)?;
            let again = tx.load::<Sale, _>(sale_id)?.unwrap();
            assert!(matches!(tx.insert(&again), Err(StoreError::Duplicate { table: "sale", .. })));
            Ok(())
        })
        .unwrap();
    assert_eq!(last_commit(&store).1.len(), 2);
}

#[test]
fn a_row_whose_balance_cannot_be_kept_ends_the_action_even_if_nobody_listens() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 0);
    let before = (support::dump(&store), store.head());
    let failed = store.transact::<_, StoreError>(&ctx(), "pos.complete", |tx| {
        let sale_id = sale(tx, product_id, 1)?;
        let line = SaleLine { sale_line_id: tx.new_id(), sale_id, product_id, qty: Qty::MAX };
        let refused = tx.insert(&line);
        assert!(matches!(refused, Err(StoreError::Sqlite(_))), "{refused:?}");
        Ok(())
    });
    assert!(matches!(failed, Err(StoreError::GivenUp)), "{failed:?}");
    assert_eq!((support::dump(&store), store.head()), before);
}

#[test]
fn what_an_action_writes_to_local_tables_stays_without_a_commit() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let done = store
        .transact::<_, StoreError>(&ctx(), "setting", |tx| {
            tx.db().execute("insert into setting values ('printer', 'usb')", [])?;
            Ok(())
        })
        .unwrap();
    assert_eq!(done.commit, None);
    store
        .local::<_, StoreError>(|db| {
            db.execute("insert into setting values ('drawer', 'kick')", [])?;
            Ok(())
        })
        .unwrap();
    assert_eq!(count(&store, "select count(*) from setting"), 2);
    assert_eq!(store.head().ctr, 0);
}

#[test]
fn the_oracle_stops_every_change_that_was_not_emitted() {
    let cases = [
        "insert into sale (sale_id, number, total, sold_on, scope) \
         values (x'00112233445566778899aabbccddeeff', 'X', 1, '2026-11-20', 5)",
        "update sale set total = total + 1",
        "delete from sale_line",
        "update product set price = price + 1",
    ];
    for sql in cases {
        let dir = tempfile::tempdir().unwrap();
        let store = create(dir.path());
        trade(&store, 1);
        let before = support::dump(&store);
        let behind = |run: &dyn Fn()| {
            let panic = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
            let words = panic.downcast_ref::<String>().unwrap();
            assert!(words.contains("changed but not emitted"), "{words}");
            assert_eq!(support::dump(&store), before, "{sql}");
        };
        behind(&|| {
            let _ = store
                .transact::<_, StoreError>(&ctx(), "behind", |tx| Ok(tx.db().execute(sql, [])?));
        });
        behind(&|| {
            let _ = store.local::<_, StoreError>(|db| Ok(db.execute(sql, [])?));
        });
    }
}

#[test]
fn a_patch_may_not_reach_outside_its_group() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 0);
    let panic = catch_unwind(AssertUnwindSafe(|| {
        let _ = store.transact::<_, StoreError>(&ctx(), "product.price", |tx| {
            tx.patch(product_id, Product::PRICING, |p| p.archived = true)
        });
    }));
    let words = panic.unwrap_err().downcast_ref::<String>().unwrap().clone();
    assert_eq!(words, "a patch of pricing changed archived, which is not of that group");
}

#[test]
fn a_reader_sees_one_moment_and_cannot_write() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 1);
    store
        .read::<_, StoreError>(|db| {
            let sales =
                || db.query_row("select count(*) from sale", [], |row| row.get::<_, i64>(0));
            assert_eq!(sales()?, 1);
            store
                .transact::<_, StoreError>(&ctx(), "pos.complete", |tx| sale(tx, product_id, 1))?;
            assert_eq!(sales()?, 1, "the sale of a moment later is not in this read");
            assert!(db.execute("delete from sale", []).is_err());
            Ok(())
        })
        .unwrap();
    assert_eq!(count(&store, "select count(*) from sale"), 2);
}

#[test]
fn the_store_opens_again_as_it_was_left() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    trade(&store, 3);
    let (head, dump) = (store.head(), support::dump(&store));
    drop(store);
    let opened = Store::open(&config(dir.path())).unwrap();
    assert_eq!(opened.report.rekeyed, None);
    assert_eq!(opened.store.head(), head);
    assert_eq!(support::dump(&opened.store), dump);
    assert_eq!(opened.store.pending().unwrap().commits, 4);
    assert_eq!(opened.store.pending().unwrap().oldest_at_ms, Some(1_800_000_000_000));
    opened.store.check_file().unwrap();
    opened.store.check_catalogue().unwrap();
    opened.store.checkpoint().unwrap();
    let info = opened.store.info();
    assert_eq!((info.series.as_str(), info.schema, info.head), ("T1", 2, head));
}

#[test]
fn two_processes_cannot_have_one_folder() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let second = Store::open(&config(dir.path()));
    assert!(matches!(second, Err(StoreError::InUse { .. })), "{second:?}");
    drop(store);
    reopen(dir.path());
    let again = Store::create(&config(dir.path()), &support::node());
    assert!(matches!(again, Err(StoreError::Exists { .. })), "{again:?}");
}

#[test]
fn the_hybrid_clock_goes_on_when_the_wall_clock_goes_back() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};
    let dir = tempfile::tempdir().unwrap();
    let wall = Arc::new(AtomicI64::new(1_800_000_000_000));
    let told = wall.clone();
    let mut cfg = config(dir.path());
    cfg.clock = Arc::new(move || told.load(Ordering::Relaxed));
    let store = Store::create(&cfg, &support::node()).unwrap();
    trade(&store, 1);
    wall.store(1_500_000_000_000, Ordering::Relaxed);
    drop(store);
    let store = Store::open(&cfg).unwrap().store;
    trade(&store, 1);
    let clocks = store
        .read::<Vec<i64>, StoreError>(|db| {
            let mut statement = db.prepare("select hlc from sync_journal order by journal_id")?;
            let clocks = statement.query_map([], |row| row.get(0))?;
            Ok(clocks.collect::<rusqlite::Result<_>>()?)
        })
        .unwrap();
    assert!(clocks.is_sorted() && clocks.windows(2).all(|two| two[0] != two[1]), "{clocks:?}");
}

#[test]
fn every_commit_follows_the_one_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    trade(&store, 5);
    let mut prev = lumbung_sync::NO_HASH;
    let headers = store
        .read::<Vec<(Vec<u8>, [u8; 32])>, StoreError>(|db| {
            let mut statement = db.prepare("select header, hash from sync_journal order by ctr")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .unwrap();
    for (n, (header, hash)) in headers.iter().enumerate() {
        let told = Header::decode(header).unwrap();
        assert_eq!((told.ctr, told.prev), (n as u64 + 1, prev));
        assert_eq!(lumbung_sync::header_hash(header), *hash);
        prev = *hash;
    }
    assert_eq!(store.head().hash, prev);
    assert_eq!(Op::Insert as u8, 0);
}

#[test]
fn a_full_disk_saves_nothing_and_the_store_goes_on_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 2);
    let before = (support::dump(&store), store.head());
    let pages = count(&store, "select page_count from pragma_page_count");
    let limit = |tx: &lumbung_sync::Tx<'_>, pages: i64| {
        tx.db().query_row(&format!("pragma max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    };
    let full = store.transact::<_, StoreError>(&ctx(), "pos.complete", |tx| {
        limit(tx, pages + 2);
        sale(tx, product_id, 5_000)
    });
    assert!(matches!(full, Err(StoreError::DiskFull)), "{full:?}");
    let stubborn = store.transact::<_, StoreError>(&ctx(), "pos.complete", |tx| {
        // An action that does not listen.
        for _ in 0..3 {
            let _ = sale(tx, product_id, 5_000);
        }
        Ok(())
    });
    assert!(stubborn.is_err(), "{stubborn:?}");
    assert_eq!((support::dump(&store), store.head()), before);
    let done = store.transact::<_, StoreError>(&ctx(), "pos.complete", |tx| {
        limit(tx, 1_000_000);
        sale(tx, product_id, 1)
    });
    assert_eq!(done.unwrap().commit.unwrap().ctr, before.1.ctr + 1);
}

#[test]
fn an_action_too_large_for_a_commit_is_refused_whole() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let large = store.transact::<_, StoreError>(&ctx(), "pos.hold", |tx| {
        tx.save_draft(&HeldSale {
            held_sale_id: tx.new_id(),
            label: "much".to_owned(),
            content: Some(vec![7; lumbung_sync::BODY_MAX]),
        })
    });
    assert!(matches!(large, Err(StoreError::TooLarge { .. })));
    assert_eq!(count(&store, "select count(*) from held_sale"), 0);
}

#[test]
fn an_action_of_many_commits_is_durable_as_a_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path());
    let product_id = trade(&store, 1);
    let import = |sales: u64, fails: bool| {
        store.transact::<_, StoreError>(&ctx(), "import.sales", |tx| {
            for _ in 0..sales {
                sale(tx, product_id, 2)?;
                tx.patch(product_id, Product::PRICING, |p| {
                    p.price = p.price.plus(UnitPrice::new(1).unwrap()).unwrap();
                })?;
                tx.cut()?;
                tx.cut()?;
            }
            if fails { Err(StoreError::Cancelled) } else { Ok(()) }
        })
    };
    let before = (support::dump(&store), store.head());
    assert!(import(150, true).is_err());
    assert_eq!((support::dump(&store), store.head()), before);
    let done = import(150, false).unwrap();
    assert_eq!(done.commit, Some(store.head()));
    assert_eq!(done.tables, ["sale", "sale_line", "product"]);
    assert_eq!(store.head().ctr, before.1.ctr + 150, "cutting nothing makes no commit");
    trade(&store, 1);
    let check = |store: &Store| {
        let report = lumbung_sync::verify::chain(store, &mut |_, _| {}, &|| false).unwrap();
        assert!(report.is_clean(), "{:#?}", report.findings);
        assert_eq!(report.commits, store.head().ctr);
    };
    check(&store);
    let head = store.head();
    drop(store);
    let opened = Store::open(&config(dir.path())).unwrap();
    assert_eq!((opened.report.rekeyed, opened.store.head()), (None, head));
    check(&opened.store);
}
