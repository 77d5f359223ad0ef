//! Trains the dictionary of messages on what real tills of several shops say:
//! `cargo run --release -p lumbung-tests --bin dictionary`.
//!
//! **Invariant:** a dictionary that was released is never written over: it is part of what its
//! version byte means.

use std::fs;

use lumbung_tests::Shop;
use lumbung_tests::wire::{answer, dictionary, journal, push, sales};
use serde_json::json;

const SHOPS: usize = 6;
const SALES: usize = 40;
const BYTES: usize = 16 * 1024;

fn main() {
    let mut samples: Vec<Vec<u8>> = Vec::new();
    for shop in 0..SHOPS {
        samples.extend(messages(&day(shop)));
    }
    println!("{} messages, {} bytes", samples.len(), samples.iter().map(Vec::len).sum::<usize>());
    let trained = zstd::dict::from_samples(&samples, BYTES).expect("enough samples");
    let path = dictionary();
    let is_free = fs::metadata(&path).map_or(true, |found| found.len() == 0);
    assert!(is_free, "{} is there already", path.display());
    fs::write(&path, &trained).expect("the dictionary is written");
    println!("{} bytes in {}", trained.len(), path.display());
}

/// A day at one till: sales of one to eight lines by cash, card and both, a return now and then.
fn day(shop: usize) -> Shop {
    let goods: Vec<(String, String)> =
        (0..12).map(|n| (format!("P{shop}{n:02}"), format!("89912{shop:02}00{n:04}"))).collect();
    let till = Shop::open();
    for (n, (code, barcode)) in goods.iter().enumerate() {
        let price = format!("{}", 1_500 * (n + 1) + shop * 100);
        till.product(code, barcode, &price, "5000");
    }
    for sale in 0..SALES {
        let lines = 1 + (sale * 5 + shop) % 8;
        let codes: Vec<&str> =
            (0..lines).map(|n| goods[(sale * 3 + n * 5) % goods.len()].0.as_str()).collect();
        let added = till.scan(&codes);
        let total = added["quote"]["total"].as_i64().expect("a total");
        let payments = match sale % 3 {
            0 => json!([{ "kind": "card", "amount": total, "reference": format!("A{sale}") }]),
            1 => json!([{ "kind": "cash", "amount": total + 50_000 }]),
            _ => json!([{ "kind": "cash", "amount": (total / 1_000 + 1) * 1_000 }]),
        };
        till.pay(&added, payments).expect("sold");
        till.wait_ms(47_123 + 1_111 * sale as i64);
    }
    till
}

/// Each sale pushed, answered and read by another terminal; and other commits one by one.
fn messages(shop: &Shop) -> Vec<Vec<u8>> {
    let journal = journal(shop);
    let plain = |message: Result<Vec<u8>, postcard::Error>| message.expect("a message has bytes");
    let mut samples = Vec::new();
    for commits in sales(&journal).chain(journal.chunks(1)) {
        samples.push(plain(postcard::to_stdvec(&push(commits))));
        samples.push(plain(postcard::to_stdvec(&answer(commits, true))));
        samples.push(plain(postcard::to_stdvec(&answer(commits, false))));
    }
    samples
}
