//! Trains the dictionary of messages on the journals of data folders whose key is a file:
//! `cargo run --release -p lumbung-sync --example dictionary -- DIR...`
//!
//! A dictionary that was released is part of what its version byte means: it is never written over.

#[path = "../tests/support/wire.rs"]
mod wire;

use std::fs;
use std::path::{Path, PathBuf};

use lumbung_sync::rusqlite::Connection;
use wire::{Journaled, answer, journal, push, sales};

const BYTES: usize = 16 * 1024;
/// Of one folder: a large one is not to drown the others.
const SALES_MAX: usize = 400;
const OTHERS_MAX: usize = 60;

fn main() {
    let mut samples: Vec<Vec<u8>> = Vec::new();
    for dir in std::env::args().skip(1) {
        let journal = journal(&open(Path::new(&dir)));
        let sold = sales(&journal).count();
        println!("{dir}: {} commits, {sold} sales", journal.len());
        samples.extend(messages(&journal));
    }
    println!("{} messages, {} bytes", samples.len(), samples.iter().map(Vec::len).sum::<usize>());
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/messages-1.dict");
    let is_free = fs::metadata(&path).map_or(true, |found| found.len() == 0);
    let trained = zstd::dict::from_samples(&samples, BYTES).expect("enough samples");
    assert!(is_free, "{} is there already", path.display());
    fs::write(&path, &trained).expect("the dictionary is written");
    println!("{} bytes in {}", trained.len(), path.display());
}

fn open(dir: &Path) -> Connection {
    let words = fs::read_to_string(dir.join("lumbung.key")).expect("a key file");
    let key = words.split_whitespace().nth(1).expect("a database key");
    let db = Connection::open(dir.join("lumbung.db")).expect("a database");
    db.execute_batch(&format!("pragma key = \"x'{key}'\"; pragma query_only = on"))
        .expect("the key fits");
    db
}

/// Each sale pushed, answered and read by another terminal; and other commits one by one.
fn messages(journal: &[Journaled]) -> Vec<Vec<u8>> {
    let mut samples = Vec::new();
    let others = journal.chunks(1).filter(|commit| commit[0].header.kind != "pos.complete");
    let short = others.filter(|commit| commit[0].carried.body.len() < 4_000).take(OTHERS_MAX);
    for commits in sales(journal).take(SALES_MAX).chain(short) {
        let said = [
            postcard::to_stdvec(&push(commits)),
            postcard::to_stdvec(&answer(commits, true)),
            postcard::to_stdvec(&answer(commits, false)),
        ];
        samples.extend(said.map(|bytes| bytes.expect("a message has bytes")));
    }
    samples
}
