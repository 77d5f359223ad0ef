//! The plug is pulled at random moments of a thousand sales.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use lumbung_tests::Shop;
use serde_json::json;

/// Sales that must be sold in all, however often the till dies.
const SALES: usize = 1_000;

/// Sales a till makes at most before it is killed.
const LIFE_MAX: u64 = 60;

/// A small generator with a seed, so that a failure can be run again.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Starts a till, lets it sell, and kills it in the middle of whatever it does then.
fn one_life(folder: &Path, random: &mut Random, printed: &mut BTreeSet<String>) {
    let mut till = Command::new(env!("CARGO_BIN_EXE_till_child"))
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the till starts");
    let mut lines = BufReader::new(till.stdout.take().expect("its output")).lines();
    let ready = lines.next().expect("an answer").expect("readable");
    assert_eq!(ready, "ready");
    let sales = random.below(LIFE_MAX);
    // A few busy turns more, so that the kill falls anywhere inside the next sale.
    let turns = random.below(200_000);
    for _ in 0..sales {
        printed.insert(lines.next().expect("a receipt").expect("readable"));
    }
    for turn in 0..turns {
        std::hint::black_box(turn);
    }
    till.kill().expect("it was alive");
    till.wait().expect("it ended");
    // What it printed before it died counts as printed.
    for line in lines.map_while(Result::ok).filter(|line| line.starts_with("JKT-")) {
        printed.insert(line);
    }
}

#[test]
fn every_printed_receipt_survives_any_crash_and_no_half_sale_does() {
    let seed = 0x5eed_1e55_u64;
    let mut random = Random(seed);
    let mut shop = Shop::open();
    shop.product("TEA", "8991234567891", "12500", "100000");
    shop.product("NAIL", "8990000000013", "1237", "100000");
    shop.close();
    let mut printed = BTreeSet::new();
    let mut lives = 0;
    while printed.len() < SALES {
        one_life(shop.folder(), &mut random, &mut printed);
        lives += 1;
    }
    shop.restart();
    shop.sign_in("sari", "1359");
    for number in &printed {
        let receipt = shop.ok("pos.find_receipt", json!({ "number": number }));
        assert_eq!(receipt["lines"].as_array().map(Vec::len), Some(2), "{number}, seed {seed}");
        assert_eq!(receipt["tenders"].as_array().map(Vec::len), Some(1), "{number}");
    }
    shop.trial_balance();
    shop.verify();
    println!("{} receipts printed in {lives} lives, all found, seed {seed}", printed.len());
}
