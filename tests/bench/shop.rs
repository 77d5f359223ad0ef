//! A shop to measure, and what its till does all day.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lumbung_app::{App, AppConfig, Caller};
use lumbung_tests::test_keys;
use serde_json::{Value, json};

use crate::measure::Sample;
use crate::past::{self, Random};

/// Lines of the sale that is measured.
pub const LINES: usize = 5;

/// A shop that is open, with somebody at the till.
pub struct Shop {
    /// The program over its folder.
    pub app: App,
    /// How many products it has.
    pub products: usize,
    folder: PathBuf,
    encrypted: bool,
    random: Random,
}

fn config(folder: &Path, encrypt: bool) -> AppConfig {
    AppConfig {
        keys: test_keys(),
        offset_min: Some(420),
        checked: false,
        encrypt,
        clock: Arc::new(now_ms),
        ..AppConfig::new(folder)
    }
}

/// The program over a folder, as it is shipped.
pub fn open(folder: &Path, encrypt: bool) -> App {
    App::open(config(folder, encrypt))
}

fn now_ms() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(now.expect("after 1970").as_millis()).expect("before the year 292 million")
}

fn call(app: &App, name: &str, args: Value) -> Value {
    let till = Caller::Seat("till".to_owned());
    app.call(&till, name, args).unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
}

impl Shop {
    /// A new shop with products and without a past.
    pub fn new(folder: &Path, encrypted: bool, products: usize) -> Self {
        let app = open(folder, encrypted);
        call(
            &app,
            "start.create",
            json!({
                "company": { "name": "Bench", "country": "ID", "currency": "IDR",
                             "language": "en" },
                "branch": { "code": "JKT", "name": "Jakarta" },
                "terminal": { "series": "T1", "name": "Till 1" },
                "owner": { "username": "ratna", "name": "Ratna", "pin": "4071" },
            }),
        );
        call(&app, "users.sign_in", json!({ "username": "ratna", "pin": "4071" }));
        call(&app, "pos.open_session", json!({ "drawer": "1", "counted": [] }));
        past::products(&app, products);
        Self { app, products, folder: folder.to_owned(), encrypted, random: Random::new(11) }
    }

    /// Types names at the till, a search for every letter.
    pub fn search(&mut self, words: usize, sample: &mut Sample) {
        for _ in 0..words {
            let word = past::name_of(self.random.below(self.products));
            for end in 1..=word.chars().count().min(14) {
                let text: String = word.chars().take(end).collect();
                let args = json!({ "text": text, "limit": 20 });
                sample.take(|| call(&self.app, "catalogue.search", args));
            }
        }
    }

    /// Scans tickets of products anywhere in the catalogue and finishes them.
    pub fn sell(&mut self, rounds: usize, scan: &mut Sample, complete: &mut Sample) {
        for _ in 0..rounds {
            let mut added = json!({ "ticket": null });
            for _ in 0..LINES {
                let code = past::barcode_of(self.random.below(self.products));
                let args = json!({ "ticket": added["ticket"], "code": code });
                added = scan.take(|| call(&self.app, "pos.add", args));
            }
            let args = json!({
                "ticket": added["ticket"], "expected_total": added["quote"]["total"],
                "payments": [{ "kind": "card", "amount": added["quote"]["total"],
                               "reference": "1" }],
            });
            complete.take(|| call(&self.app, "pos.complete", args));
        }
    }

    /// Ends the program and starts it again: until it can say who may sign in. The person signs in
    /// again after that, which is not part of it.
    pub fn restart(self, sample: &mut Sample) -> Self {
        let Self { app, products, folder, encrypted, random } = self;
        drop(app);
        let app = sample.take(|| {
            let app = open(&folder, encrypted);
            call(&app, "start.status", json!({}));
            app
        });
        call(&app, "users.sign_in", json!({ "username": "ratna", "pin": "4071" }));
        Self { app, products, folder, encrypted, random }
    }

    /// The size of its file, in megabytes.
    pub fn megabytes(&self) -> u64 {
        self.app.store().expect("open").info().bytes / 1_000_000
    }
}
