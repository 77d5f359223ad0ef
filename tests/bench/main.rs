//! Measures the store and the till: on an empty shop and on one with a long past.
//!
//! **Invariant:** what is compared is measured in the same run, and every figure says how it was
//! taken. Prints Markdown for `docs/benchmarks.md`; progress goes to stderr.

mod baseline;
mod measure;
mod past;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use lumbung_app::{App, AppConfig, Caller};
use lumbung_tests::test_keys;
use measure::{Sample, table};
use serde_json::{Value, json};

/// How large the shop with a long past is.
#[derive(Clone, Copy)]
pub struct Size {
    /// Products.
    pub products: usize,
    /// Sales of five lines.
    pub sales: usize,
}

const FULL: Size = Size { products: 100_000, sales: 1_000_000 };
const QUICK: Size = Size { products: 1_000, sales: 10_000 };
const EMPTY: Size = Size { products: 1_000, sales: 0 };

/// Repetitions of each measurement.
const ROUNDS: usize = 1_000;

/// Lines of the sale that is measured.
const LINES: usize = 5;

fn open(folder: &Path, encrypt: bool) -> App {
    App::open(AppConfig {
        keys: test_keys(),
        offset_min: Some(420),
        checked: false,
        encrypt,
        clock: Arc::new(now_ms),
        ..AppConfig::new(folder)
    })
}

fn now_ms() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(now.expect("after 1970").as_millis()).expect("before the year 292 million")
}

fn till() -> Caller {
    Caller::Seat("till".to_owned())
}

pub(crate) fn call(app: &App, name: &str, args: Value) -> Value {
    app.call(&till(), name, args).unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
}

fn create(folder: &Path, encrypt: bool) -> App {
    let app = open(folder, encrypt);
    call(
        &app,
        "start.create",
        json!({
            "company": { "name": "Bench", "country": "ID", "currency": "IDR", "language": "en" },
            "branch": { "code": "JKT", "name": "Jakarta" },
            "terminal": { "series": "T1", "name": "Till 1" },
            "owner": { "username": "ratna", "name": "Ratna", "pin": "4071" },
        }),
    );
    call(&app, "users.sign_in", json!({ "username": "ratna", "pin": "4071" }));
    call(&app, "pos.open_session", json!({ "drawer": "1", "counted": [] }));
    app
}

/// What the till does all day, measured.
struct Day {
    search: Sample,
    scan: Sample,
    complete: Sample,
}

fn day(app: &App, size: Size) -> Day {
    let mut random = past::Random::new(11);
    let mut search = Sample::new();
    for _ in 0..ROUNDS / 10 {
        let word = past::name_of(random.below(size.products));
        for end in 1..=word.chars().count().min(14) {
            let text: String = word.chars().take(end).collect();
            search.take(|| call(app, "catalogue.search", json!({ "text": text, "limit": 20 })));
        }
    }
    let mut scan = Sample::new();
    let mut complete = Sample::new();
    for _ in 0..ROUNDS {
        let mut added = json!({ "ticket": null });
        for _ in 0..LINES {
            let code = past::barcode_of(random.below(size.products));
            let args = json!({ "ticket": added["ticket"], "code": code });
            added = scan.take(|| call(app, "pos.add", args));
        }
        let args = json!({
            "ticket": added["ticket"], "expected_total": added["quote"]["total"],
            "payments": [{ "kind": "card", "amount": added["quote"]["total"], "reference": "1" }],
        });
        complete.take(|| call(app, "pos.complete", args));
    }
    Day { search, scan, complete }
}

fn startup(folder: &Path) -> Sample {
    let mut sample = Sample::new();
    for _ in 0..5 {
        sample.take(|| {
            let app = open(folder, true);
            call(&app, "start.status", json!({}))
        });
    }
    sample
}

fn say(text: &str) {
    eprintln!("bench: {text}");
}

fn with_past(folder: &Path, size: Size) -> App {
    let app = create(folder, true);
    let started = Instant::now();
    past::products(&app, size.products);
    say(&format!("{} products in {:?}", size.products, started.elapsed()));
    let started = Instant::now();
    past::sales(&app, size);
    say(&format!("{} sales in {:?}", size.sales, started.elapsed()));
    app
}

fn main() {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let size = if quick { QUICK } else { FULL };
    let folder = tempfile::tempdir().expect("a folder");
    let (small, large, plain) =
        (folder.path().join("small"), folder.path().join("large"), folder.path().join("plain"));

    say("a shop without a past");
    let app = with_past(&small, EMPTY);
    let first = day(&app, EMPTY);
    let bare = baseline::bare(&app, &folder.path().join("bare.db"), ROUNDS);
    drop(app);

    say("the same without encryption");
    let app = create(&plain, false);
    past::products(&app, EMPTY.products);
    let unencrypted = day(&app, EMPTY);
    drop(app);

    say("a shop with a long past");
    let app = with_past(&large, size);
    let long = day(&app, size);
    drop(app);
    let starts = startup(&large);

    println!("{}", table(&heading(size), &rows(&first, &long, &unencrypted, &bare, &starts)));
    println!("{}", imports(&folder.path().join("import")));
    println!("Resident memory of this process at its peak: {} MB.", measure::peak_mb());
}

fn heading(size: Size) -> String {
    format!(
        "Times are of one call through `App::call`, JSON in and out, {ROUNDS} repetitions; *cpu* \
         is the processor time of the calling thread, *wall* includes the disk's fsync. \"Empty\" \
         is a shop of {} products without sales, \"long past\" one of {} products and {} sales of \
         {LINES} lines.",
        EMPTY.products, size.products, size.sales
    )
}

fn rows(
    first: &Day,
    long: &Day,
    plain: &Day,
    bare: &Sample,
    starts: &Sample,
) -> Vec<(String, String)> {
    let pair =
        |of: fn(&Day) -> &Sample| format!("{} · long past {}", of(first).wall(), of(long).wall());
    vec![
        ("Search as you type, wall, empty".to_owned(), pair(|day| &day.search)),
        ("Scan to line, wall, empty".to_owned(), pair(|day| &day.scan)),
        ("`pos.complete`, wall, empty".to_owned(), pair(|day| &day.complete)),
        ("`pos.complete`, cpu, empty".to_owned(), first.complete.cpu()),
        ("`pos.complete`, cpu, long past".to_owned(), long.complete.cpu()),
        (
            "`pos.complete`, cpu, long past over empty".to_owned(),
            measure::ratio(long.complete.cpu_median(), first.complete.cpu_median()),
        ),
        ("Bare SQLite, the same rows, same encryption, cpu".to_owned(), bare.cpu()),
        ("Bare SQLite, the same rows, wall".to_owned(), bare.wall()),
        (
            "`pos.complete` over bare SQLite, wall".to_owned(),
            measure::ratio(first.complete.wall_median(), bare.wall_median()),
        ),
        (
            "`pos.complete` over bare SQLite, cpu".to_owned(),
            measure::ratio(first.complete.cpu_median(), bare.cpu_median()),
        ),
        (
            "Encrypted over plain, `pos.complete`, cpu".to_owned(),
            measure::ratio(first.complete.cpu_median(), plain.complete.cpu_median()),
        ),
        ("Opening the store with a long past, wall".to_owned(), starts.wall()),
    ]
}

/// Imports the Online Retail data where it is.
fn imports(folder: &Path) -> String {
    let Some(file) = lumbung_tests::data_set("online_retail") else {
        return "Import of sales: not measured, the Online Retail data is not here.".to_owned();
    };
    let app = open(folder, true);
    let started = Instant::now();
    let mapping = lumbung_app::imports::sales::SalesMapping::online_retail();
    let mut progress = lumbung_app::jobs::Progress::silent();
    let summary = lumbung_app::imports::sales::import_file(&app, &file, &mapping, &mut progress)
        .unwrap_or_else(|error| panic!("import: {error}"));
    let elapsed = started.elapsed();
    let rate = u128::from(summary.lines) * 1_000 / elapsed.as_millis().max(1);
    format!("Import of sales: {} lines in {elapsed:.1?}, {rate} lines/s.", summary.lines)
}
