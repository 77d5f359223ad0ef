//! Trains the dictionary of messages on the journals of data folders whose key is a file:
//! `cargo run --release -p lumbung-sync --example dictionary -- DIR...`
//!
//! A dictionary that was released is part of what its version byte means: it is never written over.
//! Where one is there already, this measures what it comes to.

#[path = "../tests/support/wire.rs"]
mod wire;

use std::fs;
use std::path::{Path, PathBuf};

use lumbung_sync::protocol::encode;
use lumbung_sync::rusqlite::Connection;
use lumbung_sync::{Body, unpack};
use wire::{Journaled, answer, journal, push, sales};

const BYTES: usize = 16 * 1024;
/// Of one folder: a large one is not to drown the others.
const SALES_MAX: usize = 120;
const OTHERS_MAX: usize = 60;

fn main() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/messages-1.dict");
    let is_there = fs::metadata(&path).is_ok_and(|found| found.len() > 0);
    let mut samples: Vec<Vec<u8>> = Vec::new();
    for dir in std::env::args().skip(1) {
        let journal = journal(&open(Path::new(&dir)));
        if is_there {
            measure(&journal);
            continue;
        }
        let sold = sales(&journal).count();
        println!("{dir}: {} commits, {sold} sales", journal.len());
        samples.extend(messages(&journal));
    }
    println!("{} messages, {} bytes", samples.len(), samples.iter().map(Vec::len).sum::<usize>());
    if is_there {
        return;
    }
    let trained = zstd::dict::from_samples(&samples, BYTES).expect("enough samples");
    fs::write(&path, &trained).expect("the dictionary is written");
    println!("{} bytes in {}", trained.len(), path.display());
}

/// The last sale on the wire: pushed, answered, and read by another terminal.
fn measure(journal: &[Journaled]) {
    let Some(sale) = sales(journal).last() else { return };
    let sizes = [
        encode(&push(sale)).expect("a request"),
        encode(&answer(sale, true)).expect("an answer"),
        encode(&answer(sale, false)).expect("a page"),
    ]
    .map(|bytes| bytes.len());
    let plain = unpack(&sale[0].carried.body).expect("a body");
    let rows = Body::decode(&plain).expect("rows").rows.len();
    println!("a sale of {rows} rows in {} bytes plain: {sizes:?} on the wire", plain.len());
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
