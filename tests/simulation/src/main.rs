//! Runs seeds, or every mutant, and ends with one line of figures.
//!
//! **Invariant:** a failing seed is printed with the words that run it again.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use lumbung_simulation::{Faults, Flaws, MUTANTS, Outcome, caught, storm, watch};

const USAGE: &str = "simulate [--from SEED] [--seeds N] [--faults all|none|crash,skew,...] \
    [--without DEFENCE] [--watch FACT] [--mutants]";
const SHOWN_MAX: u64 = 5;

struct Words {
    from: u64,
    seeds: u64,
    faults: Faults,
    faults_named: String,
    without: Option<String>,
    mutants: bool,
    watched: Option<u64>,
}

fn parse() -> Option<Words> {
    let mut words = Words {
        from: 1,
        seeds: 1_000,
        faults: Faults::ALL,
        faults_named: "all".to_owned(),
        without: None,
        mutants: false,
        watched: None,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--from" => words.from = args.next()?.parse().ok()?,
            "--seeds" => words.seeds = args.next()?.parse().ok()?,
            "--faults" => {
                words.faults_named = args.next()?;
                words.faults = Faults::parse(&words.faults_named)?;
            }
            "--without" => words.without = Some(args.next()?),
            "--watch" => words.watched = Some(args.next()?.parse().ok()?),
            "--mutants" => words.mutants = true,
            _ => return None,
        }
    }
    Some(words)
}

fn main() -> ExitCode {
    let Some(words) = parse() else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    if words.mutants {
        return mutants(&words);
    }
    let mut flaws = Flaws::default();
    if let Some(name) = &words.without {
        let Some((_, remove)) = MUTANTS.iter().find(|(known, _)| known == name) else {
            eprintln!("{USAGE}");
            return ExitCode::FAILURE;
        };
        remove(&mut flaws);
    }
    seeds(&words, flaws)
}

fn seeds(words: &Words, flaws: Flaws) -> ExitCode {
    let started = Instant::now();
    let (mut failed, mut kinds, mut totals) = (0, BTreeMap::new(), BTreeMap::new());
    let mut look = |seed: u64, outcome: Outcome| {
        for (what, times) in outcome.counts {
            *totals.entry(what).or_insert(0_u64) += times;
        }
        let Some(broken) = outcome.broken else { return true };
        failed += 1;
        *kinds.entry(broken.split(' ').next().unwrap_or_default().to_owned()).or_insert(0_u64) += 1;
        if failed <= SHOWN_MAX {
            println!("seed {seed}: {broken}");
            println!(
                "    again: cargo xtask simulate --from {seed} --seeds 1 --faults {}",
                words.faults_named
            );
        }
        true
    };
    if words.watched.is_some() {
        look(words.from, watch(words.from, words.faults, flaws, words.watched));
    } else {
        let end = words.from.saturating_add(words.seeds);
        storm(words.from..end, words.faults, flaws, &mut look);
    }
    println!(
        "seeds {} faults {} failed {failed} {kinds:?} in {} s, {totals:?}",
        words.seeds,
        words.faults_named,
        started.elapsed().as_secs()
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn mutants(words: &Words) -> ExitCode {
    let started = Instant::now();
    let mut missed = 0;
    for (name, remove) in MUTANTS {
        let mut flaws = Flaws::default();
        remove(&mut flaws);
        match caught(words.from..words.from.saturating_add(words.seeds), flaws) {
            Some((seed, why)) => println!("{name}: seed {seed}: {why}"),
            None => {
                missed += 1;
                println!("{name}: NOT CAUGHT in {} seeds", words.seeds);
            }
        }
    }
    println!(
        "mutants {} caught {} in {} s",
        MUTANTS.len(),
        MUTANTS.len() - missed,
        started.elapsed().as_secs()
    );
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
