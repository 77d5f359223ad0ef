//! A till that is killed at any moment has every sale it said was done, and no other half of one.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use lumbung_domain::ids::{Id, ProductId};
use lumbung_sync::{Store, StoreError, verify};
use support::{config, count, create, ctx, reopen, sale};

const CHILD: &str = "LUMBUNG_CRASH_TEST_DIR";
const KILLS: u64 = 12;

/// Sells until it is killed, saying each number once its sale is durable.
fn sell_for_ever(dir: &Path) -> ! {
    let store = reopen(dir);
    let product_id = ProductId::from_bytes([1; 16]);
    let mut out = std::io::stdout();
    for lines in (1..=5).cycle() {
        let done = store.transact::<_, StoreError>(&ctx(), "pos.complete", |tx| {
            let id = sale(tx, product_id, lines)?;
            let sql = "select number from sale where sale_id = ?1";
            Ok(tx.db().query_row(sql, [id.bytes()], |row| row.get::<_, String>(0))?)
        });
        writeln!(out, "\nsold {}", done.unwrap().value).unwrap();
        out.flush().unwrap();
    }
    unreachable!("the cycle does not end")
}

#[test]
fn a_killed_till_has_every_sale_it_said_was_done() {
    if let Some(dir) = std::env::var_os(CHILD) {
        sell_for_ever(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    drop(create(dir.path()));
    let mut said = BTreeSet::new();
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["a_killed_till_has_every_sale_it_said_was_done", "--exact", "--nocapture"])
            .env(CHILD, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // Another moment each time, some within the first writes after opening.
        let until = (kill * 7) % 30 + 1;
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let sold = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("sold ").map(str::to_owned));
        let mut n = 0;
        for number in sold {
            said.insert(number);
            n += 1;
            if n == until {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        check(dir.path(), &said, kill);
    }
    assert!(said.len() as u64 >= KILLS, "{}", said.len());
}

fn check(dir: &Path, said: &BTreeSet<String>, kill: u64) {
    let opened = Store::open(&config(dir)).unwrap();
    assert_eq!(opened.report.rekeyed, None, "kill {kill}");
    let store = opened.store;
    let held = store
        .read::<BTreeSet<String>, StoreError>(|db| {
            let mut statement = db.prepare("select number from sale")?;
            let numbers = statement.query_map([], |row| row.get(0))?;
            Ok(numbers.collect::<rusqlite::Result<_>>()?)
        })
        .unwrap();
    assert!(held.is_superset(said), "kill {kill}: said but not held");
    // At most one sale a life was durable and not yet said.
    assert!(held.len() - said.len() <= kill as usize + 1, "kill {kill}");
    assert_eq!(count(&store, "select last from number_series"), held.len() as i64);
    let halves = "select count(*) from sale where total <> 1000 *
        (select count(*) from sale_line where sale_line.sale_id = sale.sale_id)";
    assert_eq!(count(&store, halves), 0);
    let sold = "select (select sum(qty) from sold) - (select sum(qty) from sale_line)";
    assert_eq!(count(&store, sold), 0);
    store.check_file().unwrap();
    let report = verify::chain(&store, &mut |_, _| {}, &|| false).unwrap();
    assert!(report.is_clean(), "kill {kill}: {:#?}", report.findings);
    assert_eq!(report.commits, held.len() as u64);
}
