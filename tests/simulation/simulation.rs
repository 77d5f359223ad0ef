//! A thousand seeds with every fault, and every defence taken away in turn.

use lumbung_simulation::{Faults, Flaws, MUTANTS, caught, storm};

const SEEDS: std::ops::Range<u64> = 1..1_001;

#[test]
fn whatever_happens_the_books_come_out_the_same_everywhere() {
    let mut broken = Vec::new();
    storm(SEEDS, Faults::ALL, Flaws::default(), |seed, outcome| {
        if let Some(why) = outcome.broken {
            broken.push(format!("cargo xtask simulate --from {seed} --seeds 1\n    {why}"));
        }
        broken.len() < 3
    });
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_defence_is_missed_when_it_is_taken_away() {
    let missed: Vec<&str> = MUTANTS
        .iter()
        .filter(|(_, remove)| {
            let mut flaws = Flaws::default();
            remove(&mut flaws);
            caught(SEEDS, flaws).is_none()
        })
        .map(|(name, _)| *name)
        .collect();
    assert!(missed.is_empty(), "nobody notices that these are gone: {missed:?}");
}
