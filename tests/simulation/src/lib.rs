//! The protocol in a storm: terminals, a centre and a network in one process, driven by a seed.
//!
//! The engine and the centre's decisions are the real ones; books and log are kept in memory, so
//! that a test run has time for a thousand seeds and a night for a million. Read [`world`] first.
//!
//! **Invariant:** a run depends on its seed alone, so every failure comes again.

#![deny(missing_docs)]

mod blind;
pub mod centre;
pub mod check;
pub mod commit;
mod faults;
pub mod flaws;
mod net;
pub mod replica;
pub mod rng;
pub mod till;
pub mod world;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

pub use faults::Faults;
pub use flaws::{Flaws, MUTANTS};

use crate::commit::{FactId, Row};
use crate::world::{MASTERS, World};

/// How many steps the company may take to settle once the faults have stopped.
const REST_MAX: u64 = 4_000;
const LOOK_EVERY: u64 = 64;
/// Steps in which an edit reaches everybody but the one who is cut off.
const UNAWARE: u64 = 60;

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// What was broken.
    pub broken: Option<String>,
    /// What happened, counted.
    pub counts: BTreeMap<&'static str, u64>,
}

/// Runs a seed.
pub fn run(seed: u64, faults: Faults, flaws: Flaws) -> Outcome {
    watch(seed, faults, flaws, None)
}

/// Runs a seed and prints who holds a fact whenever that changes.
pub fn watch(seed: u64, faults: Faults, flaws: Flaws, fact: Option<FactId>) -> Outcome {
    let mut world = World::new(seed, faults, flaws);
    world.watched = fact;
    let broken = play(&mut world).err();
    *world.counts.entry("log").or_default() += world.centre.log.len() as u64;
    *world.counts.entry("facts rightly lost").or_default() += world.may_lose.len() as u64;
    Outcome { broken, counts: world.counts }
}

/// Runs seeds on all cores and hands each outcome in, in no order. Ends early where `look` says so.
pub fn storm(
    seeds: std::ops::Range<u64>,
    faults: Faults,
    flaws: Flaws,
    look: impl FnMut(u64, Outcome) -> bool + Send,
) {
    let (next, look) = (AtomicU64::new(seeds.start), Mutex::new(look));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let outcome = run(seed, faults, flaws);
                    let mut look = look.lock().expect("nobody panics while looking");
                    if !look(seed, outcome) {
                        next.store(seeds.end, Ordering::Relaxed);
                    }
                }
            });
        }
    });
}

/// The first seed found at which a missing defence shows, and how.
pub fn caught(seeds: std::ops::Range<u64>, flaws: Flaws) -> Option<(u64, String)> {
    let mut found = None;
    storm(seeds, Faults::ALL, flaws, |seed, outcome| {
        if let Some(broken) = outcome.broken {
            found = Some((seed, broken));
        }
        found.is_none()
    });
    found
}

fn play(world: &mut World) -> Result<(), String> {
    let steps = 1_500 + world.rng.below(1_500);
    for step in 0..steps {
        world.pass();
        if world.rng.below(3) == 0 {
            let at = world.rng.place(world.seats.len());
            world.work(at);
        }
        world.befall();
        if step % LOOK_EVERY == 0 {
            check::always(world)?;
        }
    }
    world.heal();
    settle(world)?;
    check::at_rest(world)?;
    honest_edits_win(world)
}

fn settle(world: &mut World) -> Result<(), String> {
    for step in 0..REST_MAX {
        world.pass();
        if world.is_settled() {
            *world.counts.entry("steps to settle").or_default() += step;
            return Ok(());
        }
    }
    let restless: Vec<_> =
        (0..world.seats.len()).filter_map(|at| Some((at, world.why_restless(at)?))).collect();
    Err(format!("I7 not settled after {REST_MAX} steps: {restless:?}"))
}

/// A terminal with a right clock edits every group, and does not know that somebody whose clock is
/// years ahead has edited them before: the later edit is what everybody sees.
fn honest_edits_win(world: &mut World) -> Result<(), String> {
    let Some(honest) = world.seats.iter().position(|seat| seat.skew_ms.abs() < 100) else {
        return Ok(());
    };
    let ahead = world.seats.iter().position(|seat| seat.skew_ms > 1_000_000_000);
    world.cut(honest, true);
    if let Some(ahead) = ahead {
        edit_everything(world, ahead);
        (0..UNAWARE).for_each(|_| world.pass());
    }
    world.now_ms += 1_000_000;
    let values = edit_everything(world, honest);
    world.cut(honest, false);
    settle(world)?;
    check::at_rest(world)?;
    for (other, seat) in world.seats.iter().enumerate() {
        for (group, value) in &values {
            if seat.till.visible(*group) != Some(*value) {
                return Err(format!("I7 terminal {other}: an honest edit of {group:?} lost"));
            }
        }
    }
    Ok(())
}

fn edit_everything(world: &mut World, at: usize) -> BTreeMap<(u8, u8), u64> {
    let mut values = BTreeMap::new();
    for group in (0..MASTERS).flat_map(|row| [(row, 0), (row, 1)]) {
        let value = world.rng.number();
        values.insert(group, value);
        let now_ms = world.now_ms + world.seats[at].skew_ms;
        world.commit(at, now_ms, "edit", vec![Row::Set { group, value }]);
    }
    values
}
