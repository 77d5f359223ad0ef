//! Measures the store and the till: on a small shop and on one with a long past.
//!
//! **Invariant:** what is compared is measured in the same run, turn by turn, and every figure says
//! how it was taken. Prints Markdown for `docs/benchmarks.md`, each figure as soon as it is known;
//! progress goes to stderr.

mod baseline;
mod figures;
mod measure;
mod past;
mod plan;
mod shop;

use std::path::Path;
use std::time::Instant;

use baseline::Bare;
use figures::{Figures, say};
use measure::{Disk, Sample, cpu_now, ms, rate, ratio};
use plan::Plan;
use shop::{LINES, Shop};

/// Products of the shop without a past.
const FEW_PRODUCTS: usize = 1_000;

/// Turns in which things that are compared take each other off: what else the machine does falls
/// on all of them alike.
const TURNS: usize = 10;

/// Times the store is opened.
const STARTS: usize = 5;

fn main() {
    let plan = Plan::of(std::env::args().skip(1)).unwrap_or_else(|wrong| {
        eprintln!("{wrong}\n{}", plan::USAGE);
        std::process::exit(2)
    });
    let folder = tempfile::tempdir().expect("a folder");
    let mut figures = Figures::new(plan.kept.as_deref());
    figures.text(&format!(
        "Times are of one call through `App::call`, JSON in and out. *cpu* is the processor time \
         of the calling thread, in the program and in the system for it, the disk's fsync \
         included as far as it costs processor time; *wall* is the clock on the wall. A sale has \
         {LINES} lines of products anywhere in the catalogue; each time is over {} sales, taken \
         in {TURNS} turns with what it is compared with. A small shop has {FEW_PRODUCTS} products \
         and no past.",
        plan.rounds
    ));
    let mut small = Shop::new(&folder.path().join("small"), true, FEW_PRODUCTS);
    against_sqlite(&mut figures, &plan, &mut small, folder.path());
    growth(&mut figures, &plan, &mut small, &folder.path().join("large"));
    figures.table("Memory", "What");
    figures.row("Resident memory of the measuring process at its peak", &mega(measure::peak_mb()));
}

fn mega(count: u64) -> String {
    format!("{count} MB")
}

/// A small shop beside bare SQLite and beside itself without encryption.
fn against_sqlite(figures: &mut Figures, plan: &Plan, small: &mut Shop, folder: &Path) {
    say("a small shop, against bare SQLite");
    let mut plain = Shop::new(&folder.join("plain"), false, FEW_PRODUCTS);
    let mut bare = Bare::new(&small.app, &folder.join("bare.db"));
    let (mut disk, mut syncs) = (Disk::new(&folder.join("disk")), Sample::default());
    let (mut search, mut scan, mut other) = <(Sample, Sample, Sample)>::default();
    let (mut complete, mut unencrypted, mut peer) = <(Sample, Sample, Sample)>::default();
    // Statements are prepared and pages read once before anything counts.
    small.search(2, &mut Sample::default());
    small.sell(50, &mut Sample::default(), &mut Sample::default());
    plain.sell(50, &mut Sample::default(), &mut Sample::default());
    bare.insert(&baseline::newest_sales(&small.app, 50), &mut Sample::default());
    let each = plan.rounds.div_ceil(TURNS);
    for _ in 0..TURNS {
        small.search(each.div_ceil(10), &mut search);
        small.sell(each, &mut scan, &mut complete);
        bare.insert(&baseline::newest_sales(&small.app, each), &mut peer);
        plain.sell(each, &mut other, &mut unencrypted);
        disk.sync(each, &mut syncs);
    }
    figures.table("A small shop", "What");
    figures.row("Search as you type, wall", &search.wall());
    figures.row("Search as you type, cpu", &search.cpu());
    figures.row("Scan to line, wall", &scan.wall());
    figures.row("Scan to line, cpu", &scan.cpu());
    figures.row("`pos.complete`, wall", &complete.wall());
    figures.row("`pos.complete`, cpu", &complete.cpu());
    figures.row("One fsync of the pages a sale writes, cpu", &syncs.cpu());
    let beyond = complete.cpu_median().saturating_sub(syncs.cpu_median());
    figures.row("`pos.complete` beyond the fsync, cpu, medians", &ms(beyond));
    figures.row("Bare SQLite, the same rows, same encryption, cpu", &peer.cpu());
    figures.row("Bare SQLite, the same rows, wall", &peer.wall());
    let over = ratio(complete.cpu_median(), peer.cpu_median());
    figures.row("`pos.complete` over bare SQLite, cpu, medians", &over);
    let over = ratio(complete.cpu_mean(), peer.cpu_mean());
    figures.row("`pos.complete` over bare SQLite, cpu, means", &over);
    let over = ratio(complete.wall_median(), peer.wall_median());
    figures.row("`pos.complete` over bare SQLite, wall, medians", &over);
    figures.row("`pos.complete` without encryption, cpu", &unencrypted.cpu());
    let over = ratio(complete.cpu_median(), unencrypted.cpu_median());
    figures.row("Encrypted over plain, `pos.complete`, cpu, medians", &over);
}

/// One shop that grows, measured at every size beside a small one.
fn growth(figures: &mut Figures, plan: &Plan, small: &mut Shop, folder: &Path) {
    say(&format!("a shop of {} products", plan.products));
    let (started, cpu) = (Instant::now(), cpu_now());
    let mut large = Shop::new(folder, true, plan.products);
    figures.table(&format!("A shop of {} products that grows", plan.products), "What");
    let took = cpu_now().saturating_sub(cpu);
    let made = format!("{}/s, {:.1?} wall", rate(plan.products, took), started.elapsed());
    figures.row("Products made, one commit of 500, by cpu", &made);
    let mut past = past::Past::new(&large.app);
    at_size(figures, plan, small, &mut large, 0);
    for &sales in &plan.sales {
        past.grow(&large.app, sales, |from, to, wall, cpu| {
            let lines = (to - from) * LINES;
            let rates =
                format!("{} lines/s by cpu, {} lines/s wall", rate(lines, cpu), rate(lines, wall));
            figures.row(&format!("Sales made, the {from}th to the {to}th"), &rates);
        });
        large = at_start(figures, large, sales);
        at_size(figures, plan, small, &mut large, sales);
    }
    imports(figures, &large);
}

fn at_start(figures: &mut Figures, mut large: Shop, sales: usize) -> Shop {
    let mut starts = Sample::default();
    for _ in 0..STARTS {
        large = large.restart(&mut starts);
    }
    figures.row(&format!("{sales} sales: file"), &mega(large.megabytes()));
    figures.row(&format!("{sales} sales: opening the store, wall"), &starts.wall());
    large
}

fn at_size(figures: &mut Figures, plan: &Plan, small: &mut Shop, large: &mut Shop, sales: usize) {
    say(&format!("the till at {sales} sales"));
    let (mut search, mut scan, mut complete) = <(Sample, Sample, Sample)>::default();
    let (mut few_search, mut few_scan, mut few) = <(Sample, Sample, Sample)>::default();
    let each = plan.rounds.div_ceil(TURNS);
    let scratch = tempfile::tempdir().expect("a folder");
    let (mut disk, mut syncs) = (Disk::new(&scratch.path().join("disk")), Sample::default());
    large.search(2, &mut Sample::default());
    large.sell(50, &mut Sample::default(), &mut Sample::default());
    for _ in 0..TURNS {
        large.search(each.div_ceil(10), &mut search);
        large.sell(each, &mut scan, &mut complete);
        small.search(1, &mut few_search);
        small.sell(each, &mut few_scan, &mut few);
        disk.sync(each, &mut syncs);
    }
    let mut row = |what: &str, value: &str| figures.row(&format!("{sales} sales: {what}"), value);
    row("search as you type, wall", &search.wall());
    row("search as you type, cpu", &search.cpu());
    row("scan to line, wall", &scan.wall());
    row("scan to line, cpu", &scan.cpu());
    row("`pos.complete`, wall", &complete.wall());
    row("`pos.complete`, cpu", &complete.cpu());
    row("one fsync of the pages a sale writes, cpu", &syncs.cpu());
    let beyond = complete.cpu_median().saturating_sub(syncs.cpu_median());
    row("`pos.complete` beyond the fsync, cpu, medians", &ms(beyond));
    row("`pos.complete` of the small shop in the same turns, cpu", &few.cpu());
    row("`pos.complete` of the small shop in the same turns, wall", &few.wall());
    let over = ratio(complete.cpu_median(), few.cpu_median());
    row("`pos.complete` over that of the small shop, cpu, medians", &over);
}

/// Imports the Online Retail data, into the shop as it is.
fn imports(figures: &mut Figures, large: &Shop) {
    let Some(file) = lumbung_tests::data_set("online_retail") else {
        figures.row("Import of sales", "not measured, the Online Retail data is not here");
        return;
    };
    say("importing sales");
    let folder = tempfile::tempdir().expect("a folder");
    let fresh = shop::open(folder.path(), true);
    let mapping = lumbung_app::imports::sales::SalesMapping::online_retail();
    let mut here = mapping.clone();
    here.shop = None;
    let shops = [("an empty folder", &fresh, &mapping), ("the shop as it is", &large.app, &here)];
    for (into, app, mapping) in shops {
        let (started, cpu) = (Instant::now(), cpu_now());
        let mut progress = lumbung_app::jobs::Progress::silent();
        let summary = lumbung_app::imports::sales::import_file(app, &file, mapping, &mut progress)
            .unwrap_or_else(|error| panic!("import: {error}"));
        let took = cpu_now().saturating_sub(cpu);
        let lines = usize::try_from(summary.lines).expect("a number of lines");
        let rates = format!(
            "{lines} lines, {} lines/s by cpu, {} lines/s wall; cpu {}",
            rate(lines, took),
            rate(lines, started.elapsed()),
            ms(took)
        );
        figures.row(&format!("Import of sales into {into}"), &rates);
    }
}
