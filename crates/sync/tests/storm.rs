//! The engine over real stores in a storm: answers that are lost, late or told twice, programs that
//! are ended, folders and a centre that are put back, branches that are joined and left.
//!
//! The simulation runs the same engine over stores in memory a million times; here it meets the
//! files.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/log.rs"]
mod log;
mod support;

use std::fs;
use std::path::Path;

use log::{LOG_ID, Log};
use lumbung_domain::ids::{Id, ProductId};
use lumbung_domain::num::UnitPrice;
use lumbung_sync::engine::{Engine, Input, Output, Settings};
use lumbung_sync::protocol::{Introduction, SyncRequest, SyncResponse};
use lumbung_sync::{NewStore, Store, StoreError, StoreReplica, WriteCtx, verify};
use support::{HeldSale, Product, config, count, ctx, dump, product, reopen, sale};
use tempfile::TempDir;

const TILLS: usize = 3;
const STEPS: usize = 140;
const COMPANY: [u8; 16] = [1; 16];

struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.next().to_le_bytes());
        bytes[8..].copy_from_slice(&self.next().to_le_bytes());
        bytes
    }
}

struct Till {
    dir: TempDir,
    store: Option<Store>,
    engine: Engine,
    both: bool,
    copy: Option<(TempDir, bool)>,
    /// An answer that did not come when it should have.
    late: Option<(Box<SyncRequest>, Box<SyncResponse>)>,
}

fn engine() -> Engine {
    Engine::new(Settings { pull_bytes: 4_000, push_bytes: 3_000, ..Settings::new("storm") })
}

fn enrolled(dir: &Path, number: u8, scopes: &[u32]) -> Store {
    let new = NewStore::begin(&config(dir)).unwrap();
    let introduction = Introduction {
        company: COMPANY,
        terminal: [number; 16],
        origin: new.origin(),
        pubkey: new.pubkey(),
        series: format!("T{number}"),
        scopes: scopes.to_vec(),
        by: None,
        sig: Vec::new(),
    };
    new.enrolled(&introduction, LOG_ID, None).unwrap()
}

struct World {
    rng: Rng,
    log: Log,
    tills: Vec<Till>,
    now_ms: i64,
}

impl World {
    fn new(seed: u64) -> World {
        let tills = (0..TILLS).map(|n| {
            let dir = tempfile::tempdir().unwrap();
            let store = Some(enrolled(dir.path(), u8::try_from(n).unwrap() + 1, &[5]));
            Till { dir, store, engine: engine(), both: false, copy: None, late: None }
        });
        let tills = tills.collect();
        let mut log = Log::new();
        log.page = 4;
        World { rng: Rng(seed * 0x9e37_79b9 + 1), log, tills, now_ms: 1_900_000_000_000 }
    }

    fn store(&self, n: usize) -> &Store {
        self.tills[n].store.as_ref().unwrap()
    }

    /// Hands something to the engine of a till and does what it says, over a good or a bad line.
    fn hand(&mut self, n: usize, input: Input<std::path::PathBuf>, good: bool) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            let Till { store, engine, .. } = &mut self.tills[n];
            let mut replica = StoreReplica::keeping(store.as_ref().unwrap(), 0);
            let rng = &mut self.rng;
            let outputs =
                engine.handle(&mut replica, input, self.now_ms, &mut || rng.bytes()).unwrap();
            for output in outputs {
                match output {
                    Output::Send(request) => self.send(n, request, good, &mut inputs),
                    Output::FetchSnapshot { scopes } => {
                        if good || self.rng.is(70) {
                            inputs.push(Input::Snapshot(self.snapshot(n, &scopes)));
                        } else {
                            inputs.push(Input::Failed);
                        }
                    }
                    Output::Rekeyed { .. } | Output::State(_) | Output::TickAt(_) => {}
                }
            }
        }
    }

    fn send(
        &mut self,
        n: usize,
        request: Box<SyncRequest>,
        good: bool,
        inputs: &mut Vec<Input<std::path::PathBuf>>,
    ) {
        let response = Box::new(self.log.exchange(&request));
        let luck = if good { 100 } else { self.rng.below(100) };
        let answer = |request: &SyncRequest, response: &SyncResponse| Input::Response {
            request: Box::new(request.clone()),
            response: Box::new(response.clone()),
        };
        match luck {
            0..10 => inputs.push(Input::Failed),
            10..20 => {
                self.tills[n].late = Some((request, response));
                inputs.push(Input::Failed);
            }
            20..30 => {
                inputs.push(answer(&request, &response));
                inputs.push(answer(&request, &response));
            }
            30..45 => {
                // The program ends after the centre has heard and before the answer came.
                inputs.clear();
                self.restart(n);
            }
            _ => inputs.push(Input::Response { request, response }),
        }
        if !good
            && self.rng.is(10)
            && let Some((request, response)) = self.tills[n].late.take()
        {
            inputs.push(Input::Response { request, response });
        }
    }

    fn snapshot(&mut self, n: usize, scopes: &[u32]) -> std::path::PathBuf {
        let dir = tempfile::tempdir().unwrap();
        let centre = enrolled(dir.path(), 99, &[5, 6]);
        while log::pull(&centre, &self.log).unwrap() {}
        let file = self.tills[n].dir.path().join("fetched");
        centre.snapshot_for(scopes, &file).unwrap();
        file
    }

    fn restart(&mut self, n: usize) {
        let till = &mut self.tills[n];
        till.store = None;
        till.engine = engine();
        till.store = Some(reopen(till.dir.path()));
    }

    fn act(&mut self, n: usize) {
        let what = self.rng.below(10);
        let (lines, price) = (self.rng.below(3) as i64 + 1, self.rng.below(90) as i64 + 1);
        let key = [u8::try_from(self.rng.below(3) + 10 * n).unwrap(); 16];
        let rng = &mut self.rng;
        let store = self.tills[n].store.as_ref().unwrap();
        let id = {
            let sql = "select product_id from product order by product_id";
            let ids: Vec<[u8; 16]> = store
                .read::<_, StoreError>(|db| {
                    let mut statement = db.prepare(sql)?;
                    let ids = statement.query_map([], |row| row.get(0))?;
                    Ok(ids.collect::<lumbung_sync::rusqlite::Result<_>>()?)
                })
                .unwrap();
            (!ids.is_empty()).then(|| ProductId::from_bytes(ids[rng.below(ids.len())]))
        };
        let scope = if self.tills[n].both && rng.is(40) { 6 } else { 5 };
        let ctx = WriteCtx { scope, ..ctx() };
        let done = store.transact::<(), StoreError>(&ctx, "act", |tx| match (what, id) {
            (0, _) | (_, None) => product(tx, "P", price).map(|_| ()),
            (1..4, Some(id)) => sale(tx, id, lines).map(|_| ()),
            (4, Some(id)) => {
                sale(tx, id, 1)?;
                tx.scope(6);
                sale(tx, id, 1).map(|_| ())
            }
            (5, Some(id)) => tx.patch(id, Product::NAMING, |p| p.name = format!("name {price}")),
            (6 | 7, Some(id)) => {
                tx.patch(id, Product::PRICING, |p| p.price = UnitPrice::new(price).unwrap())
            }
            (8, _) => {
                let label = format!("held {price}");
                tx.save_draft(&HeldSale { held_sale_id: key, label, content: None })
            }
            _ => match tx.drop_draft::<HeldSale, _>(key) {
                Err(StoreError::NoRow { .. }) => Ok(()),
                other => other,
            },
        });
        done.unwrap();
    }

    fn step(&mut self) {
        self.now_ms += 1_000 + self.rng.below(40_000) as i64;
        let n = self.rng.below(TILLS);
        match self.rng.below(100) {
            0..45 => self.act(n),
            45..84 => {
                let before = self.sales(n);
                self.hand(n, Input::Tick, false);
                let after = self.sales(n);
                assert!(before.iter().all(|sale| after.contains(sale)), "a sale is gone");
            }
            84..88 => self.restart(n),
            88..91 => self.copy(n),
            91..93 => self.put_back(n),
            93..96 => self.log.back_up(),
            96..97 => self.log.restore(),
            _ => {
                let both = !self.tills[n].both;
                self.tills[n].both = both;
                self.store(n).set_scopes(if both { &[5, 6] } else { &[5] }).unwrap();
            }
        }
        assert_adds_up(self.store(n));
    }

    fn copy(&mut self, n: usize) {
        self.tills[n].store = None;
        let aside = tempfile::tempdir().unwrap();
        for file in ["lumbung.db", "node.json", "guard"] {
            fs::copy(self.tills[n].dir.path().join(file), aside.path().join(file)).unwrap();
        }
        let both = self.tills[n].both;
        self.tills[n].copy = Some((aside, both));
        self.restart(n);
    }

    /// Puts the whole folder back, guard and all, or only the database.
    fn put_back(&mut self, n: usize) {
        let Some((aside, both)) = self.tills[n].copy.take() else { return };
        self.tills[n].store = None;
        let whole = ["lumbung.db", "node.json", "guard"];
        let files = if self.rng.is(50) { &whole[..] } else { &whole[..1] };
        for file in files {
            fs::copy(aside.path().join(file), self.tills[n].dir.path().join(file)).unwrap();
        }
        self.tills[n].both = both;
        self.restart(n);
    }

    fn sales(&self, n: usize) -> Vec<String> {
        let sql = "select hex(sale_id) from sale order by sale_id";
        self.store(n)
            .read::<_, StoreError>(|db| {
                let mut statement = db.prepare(sql)?;
                let sales = statement.query_map([], |row| row.get(0))?;
                Ok(sales.collect::<lumbung_sync::rusqlite::Result<_>>()?)
            })
            .unwrap()
    }

    /// The line is good and nobody acts any more: everybody must come to rest.
    fn calm(&mut self) {
        for n in 0..TILLS {
            self.restart(n);
            self.tills[n].both = true;
            self.store(n).set_scopes(&[5, 6]).unwrap();
        }
        for _ in 0..60 {
            for n in 0..TILLS {
                self.now_ms += 60_000;
                self.hand(n, Input::Tick, true);
            }
            let len = self.log.len() as u64;
            let rested = (0..TILLS).all(|n| {
                let end = "select min(cursor) from sync_scope";
                self.store(n).pending().unwrap().commits == 0
                    && count(self.store(n), end).cast_unsigned() == len
            });
            if rested {
                return;
            }
        }
        panic!("it does not come to rest");
    }
}

fn assert_adds_up(store: &Store) {
    let wrong = "select count(*) from
        (select product_id, sum(qty) as qty from sale_line group by product_id) l
        full join sold s using (product_id) where l.qty is not s.qty";
    assert_eq!(count(store, wrong), 0, "the balances are not the sum of the lines");
}

fn storm(seed: u64) {
    let mut world = World::new(seed);
    for _ in 0..STEPS {
        world.step();
    }
    let known: Vec<Vec<String>> = (0..TILLS).map(|n| world.sales(n)).collect();
    world.calm();
    let all = world.sales(0);
    assert!(known.iter().flatten().all(|sale| all.contains(sale)), "a sale is gone");
    let first = world.store(0).fingerprint(&[5, 6]).unwrap();
    for n in 0..TILLS {
        let store = world.store(n);
        assert_eq!(count(store, "select count(*) from sync_register"), 0);
        let same = store.fingerprint(&[5, 6]).unwrap() == first;
        assert!(same, "{}\n{}", dump(world.store(0)), dump(store));
        let report = verify::chain(store, &mut |_, _| {}, &|| false).unwrap();
        assert!(report.is_clean(), "{:#?}", report.findings);
    }
}

/// `LUMBUNG_STORM=7..60` runs those seeds instead.
fn more_seeds() -> Option<std::ops::Range<u64>> {
    let range = std::env::var("LUMBUNG_STORM").ok()?;
    let (from, to) = range.split_once("..")?;
    Some(from.parse().ok()?..to.parse().ok()?)
}

macro_rules! storms {
    ($($name:ident $seeds:expr;)+) => {$(
        #[test]
        fn $name() {
            for seed in more_seeds().unwrap_or($seeds) {
                let run = std::panic::catch_unwind(|| storm(seed));
                if let Err(error) = run {
                    eprintln!("the storm of seed {seed} was too much");
                    std::panic::resume_unwind(error);
                }
            }
        }
    )+};
}

storms! {
    after_a_storm_all_tills_hold_the_same_bytes 1..4;
    after_another_storm_all_tills_hold_the_same_bytes 4..7;
}
