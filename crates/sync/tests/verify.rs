//! Whatever is changed behind the back of the store is found, and named.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use lumbung_sync::{ChainReport, Store, StoreError, verify};
use rusqlite::Connection;
use support::{HeldSale, Product, create, ctx, raw, reopen, trade};

fn report(store: &Store) -> ChainReport {
    verify::chain(store, &mut |_, _| {}, &|| false).unwrap()
}

/// A shop with two prices of a product, three sales, a held sale, and a dropped one.
fn shop(dir: &std::path::Path) -> Store {
    let store = create(dir);
    let product_id = trade(&store, 3);
    store
        .transact::<_, StoreError>(&ctx(), "product.price", |tx| {
            tx.patch(product_id, Product::PRICING, |p| {
                p.price = lumbung_domain::num::UnitPrice::new(30_000).unwrap();
            })
        })
        .unwrap();
    for key in [[8; 16], [9; 16]] {
        store
            .transact::<_, StoreError>(&ctx(), "pos.hold", |tx| {
                tx.save_draft(&HeldSale {
                    held_sale_id: key,
                    label: "Budi".to_owned(),
                    content: None,
                })
            })
            .unwrap();
    }
    store
        .transact::<_, StoreError>(&ctx(), "pos.recall", |tx| tx.drop_draft::<HeldSale, _>([9; 16]))
        .unwrap();
    store
}

#[test]
fn an_honest_store_is_clean() {
    let dir = tempfile::tempdir().unwrap();
    let store = shop(dir.path());
    let mut told = Vec::new();
    let report = verify::chain(&store, &mut |done, of| told.push((done, of)), &|| false).unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    assert_eq!((report.commits, report.rows), (8, 14));
    assert_eq!(report.chains.len(), 1);
    assert_eq!(report.chains[0].head, store.head());
    assert_eq!(told.last(), Some(&(8, 8)));
    let stopped = verify::chain(&store, &mut |_, _| {}, &|| true);
    assert!(matches!(stopped, Err(StoreError::Cancelled)));
}

fn check(tamper: &str, expected: &str) {
    let dir = tempfile::tempdir().unwrap();
    drop(shop(dir.path()));
    let db: Connection = raw(dir.path());
    db.execute_batch(tamper).unwrap();
    drop(db);
    let store = reopen(dir.path());
    let found = report(&store);
    let words: Vec<String> = found.findings.iter().map(ToString::to_string).collect();
    assert!(words.iter().any(|line| line.contains(expected)), "{tamper}\n{words:#?}");
}

#[test]
fn changes_to_the_journal_are_found() {
    let cases = [
        ("update sync_journal set body = x'000100' where ctr = 3", "content was changed"),
        ("update sync_journal set body = x'07' where ctr = 3", "cannot be read"),
        (
            "update sync_journal set header = cast(header || x'00' as blob) where ctr = 3",
            "its header was changed (commit 3",
        ),
        ("update sync_journal set hash = zeroblob(32) where ctr = 3", "its header was changed"),
        ("update sync_journal set sig = zeroblob(64) where ctr = 3", "signature is not the one"),
        ("update sync_journal set kind = 'pos.void' where ctr = 3", "lists it as something else"),
        ("update sync_journal set at_ms = 1 where ctr = 3", "lists it as something else"),
        ("delete from sync_journal where ctr = 3", "commits 3 to 3 are missing (commit 4"),
        ("delete from sync_journal where ctr < 3", "commits 1 to 2 are missing"),
        (
            "update sync_journal set ctr = 99 where ctr = 3;
             update sync_journal set ctr = 3 where ctr = 4;
             update sync_journal set ctr = 4 where ctr = 99;",
            "it is in another's place",
        ),
        (
            "insert into sync_journal (origin, ctr, hlc, at_ms, kind, header, body, hash, sig)
             select zeroblob(16), 1, hlc, at_ms, kind, header, body, hash, sig
             from sync_journal where ctr = 2",
            "of a chain that is not listed",
        ),
        ("update sync_origin set pubkey = zeroblob(32)", "was replaced"),
        ("delete from sync_origin", "the current chain is not listed"),
    ];
    for (tamper, expected) in cases {
        check(tamper, expected);
    }
}

#[test]
fn changes_to_the_rows_are_found() {
    let cases = [
        ("update sale set total = 1 where number = 'T1-0002'", "total was changed (commit 3"),
        ("update sale set note = 'x' where number = 'T1-0002'", "note was changed"),
        ("update sale set scope = 6 where number = 'T1-0002'", "moved to another branch"),
        ("delete from sale where number = 'T1-0002'", "the row was deleted (commit 3"),
        (
            "insert into sale select zeroblob(16), 'T1-0009', total, sold_on, note, scope, _seq
             from sale limit 1",
            "sale 00000000000000000000000000000000: no commit wrote this row",
        ),
        (
            "delete from sale_line where rowid = 1;
             insert into sale_line select zeroblob(16), sale_id, product_id, qty, scope, _seq
             from sale_line limit 1",
            "no commit wrote this row",
        ),
        ("update product set price = 1", "its pricing is not what was written last (commit 5"),
        ("update product set name = 'x'", "its naming is not what was written last (commit 1"),
        ("update product set _clk = zeroblob(33)", "the clock of its naming was changed"),
        ("update product set _clk = x'01'", "its clocks cannot be read"),
        ("delete from product", "the row was deleted"),
        (
            "insert into product select zeroblob(16), code, name, price, archived, scope, _seq, _clk
             from product",
            "no commit wrote its naming",
        ),
        ("update held_sale set label = 'Siti'", "the draft is not what was saved last (commit 6"),
        ("delete from held_sale", "the draft was deleted"),
        (
            "insert into held_sale select x'09090909090909090909090909090909', label, content,
             scope, _seq from held_sale",
            "no commit left this draft open",
        ),
    ];
    for (tamper, expected) in cases {
        check(tamper, expected);
    }
}

#[test]
fn a_chain_that_lost_its_end_is_not_even_opened() {
    let cases = [
        ("delete from sync_journal where ctr = 8", "the journal ends at entry 7"),
        ("update sync_self set ctr = 9", "the journal ends at entry 8"),
        ("update sync_self set head = zeroblob(32)", "is not the one the data was left with"),
        ("delete from sync_self", "does not say which terminal"),
    ];
    for (tamper, expected) in cases {
        let dir = tempfile::tempdir().unwrap();
        drop(shop(dir.path()));
        raw(dir.path()).execute_batch(tamper).unwrap();
        let refused = Store::open(&support::config(dir.path())).unwrap_err().to_string();
        assert!(refused.contains(expected), "{tamper}: {refused}");
    }
}
