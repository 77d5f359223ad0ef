//! Trains the dictionary of messages on what real tills say: shops are made, stocked and sell, and
//! each sale is pushed, answered and read by another terminal.
//! `cargo run -p lumbung-tests --example dictionary`
//!
//! A dictionary that was released is part of what its version byte means: it is never written over.

use std::fs;
use std::path::PathBuf;

use lumbung_tests::Shop;
use lumbung_tests::wire::{Journaled, answer, journal, push, sales};
use serde_json::json;

const BYTES: usize = 32 * 1024;
const SHOPS: u64 = 40;
const GOODS: usize = 24;
const SALES: usize = 14;
/// Of one shop: its other commits are not to drown the sales.
const OTHERS_MAX: usize = 25;
const DAY_MS: u64 = 86_400_000;
const GOODS_OF_THE_DEMO: &str = include_str!("../assets/demo/products.csv");

/// The same numbers at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % limit
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }

    fn wait(&mut self, shop: &Shop, ms_max: u64) {
        shop.wait_ms(i64::try_from(1 + self.below(ms_max)).expect("a short time"));
    }
}

fn main() {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/sync/assets/messages-1.dict");
    let is_there = fs::metadata(&path).is_ok_and(|found| found.len() > 0);
    assert!(!is_there, "there is a dictionary: a better one is a new version beside it");
    let mut samples: Vec<Vec<u8>> = Vec::new();
    for seed in 0..SHOPS {
        samples.extend(messages(&sold(seed), seed % 4 == 0));
    }
    println!("{} messages, {} bytes", samples.len(), samples.iter().map(Vec::len).sum::<usize>());
    let trained = zstd::dict::from_samples(&samples, BYTES).expect("enough samples");
    fs::write(&path, &trained).expect("the dictionary is written");
    println!("{} bytes in {}", trained.len(), path.display());
}

/// The journal of a shop that has sold a little.
fn sold(seed: u64) -> Vec<Journaled> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let shop = Shop::empty();
    dice.wait(&shop, 700 * DAY_MS);
    let (branch, name) = *dice.of(&[("BDG", "Bandung"), ("SBY", "Surabaya"), ("DPS", "Bali")]);
    let series = *dice.of(&["T1", "T2", "K1", "A"]);
    shop.ok(
        "start.create",
        json!({
            "company": { "name": "Toko", "country": "ID", "currency": "IDR", "language": "id" },
            "branch": { "code": branch, "name": name },
            "terminal": { "series": series, "name": "Kasir" },
            "owner": { "username": "ratna", "name": "Ratna", "pin": "4071" },
        }),
    );
    shop.sign_in("ratna", "4071");
    let codes = stocked(&shop, &mut dice);
    shop.open_session();
    for _ in 0..SALES {
        let lines = 1 + dice.below(8);
        let basket: Vec<&str> = (0..lines).map(|_| dice.of(&codes).as_str()).collect();
        dice.wait(&shop, 900_000);
        let added = shop.scan(&basket);
        let total = added["quote"]["total"].as_i64().expect("a total");
        let note = *dice.of(&[1_000, 5_000, 50_000, 100_000]);
        let cash = (total + note - 1) / note * note;
        shop.pay(&added, json!([{ "kind": "cash", "amount": cash }])).expect("it is sold");
    }
    let store = shop.app().store().expect("a store");
    let read = store.read::<_, lumbung_sync::StoreError>(|db| Ok(journal(db)));
    read.expect("a journal")
}

/// Goods of the demo, with its names; their codes.
fn stocked(shop: &Shop, dice: &mut Dice) -> Vec<String> {
    let goods: Vec<Vec<&str>> = GOODS_OF_THE_DEMO
        .lines()
        .filter(|line| !line.contains('"'))
        .map(|line| line.split(',').collect())
        .filter(|product: &Vec<&str>| product[1].len() == 13)
        .collect();
    let first = dice.below((goods.len() - GOODS) as u64) as usize;
    let mut codes = Vec::new();
    for product in &goods[first..first + GOODS] {
        let price = format!("{}", 500 + 25 * dice.below(3_000));
        shop.product_with(product[0], product[1], &price, "500", json!({ "name": product[2] }));
        if dice.below(2) == 0 {
            dice.wait(shop, 90_000);
        }
        codes.push(product[0].to_owned());
    }
    codes
}

/// Each sale pushed, answered and read by another terminal; and other commits one by one.
fn messages(journal: &[Journaled], with_others: bool) -> Vec<Vec<u8>> {
    let mut samples = Vec::new();
    let others = journal.chunks(1).filter(|commit| commit[0].header.kind != "pos.complete");
    let short = others.filter(|commit| commit[0].carried.body.len() < 4_000);
    for commits in sales(journal).chain(short.take(if with_others { OTHERS_MAX } else { 0 })) {
        let said = [
            postcard::to_stdvec(&push(commits)),
            postcard::to_stdvec(&answer(commits, true)),
            postcard::to_stdvec(&answer(commits, false)),
        ];
        samples.extend(said.map(|bytes| bytes.expect("a message has bytes")));
    }
    samples
}
