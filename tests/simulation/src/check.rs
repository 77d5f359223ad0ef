//! What must be true: some of it always, the rest once the faults have stopped.
//!
//! **Invariant:** a check looks at what the nodes hold and at what people were promised, never at
//! how it came about.

use std::collections::{BTreeMap, BTreeSet};

use lumbung_sync::{NO_HASH, Origin, authority};

use crate::commit::{FactId, Number};
use crate::till::Till;
use crate::world::World;

/// At every moment: balances are the sum of the facts, and a till shows what was sold at it.
pub fn always(world: &World) -> Result<(), String> {
    world.seats.iter().enumerate().try_for_each(|(at, seat)| till(at, &seat.till))
}

fn till(at: usize, till: &Till) -> Result<(), String> {
    if till.tables.stock != till.tables.counted() {
        return Err(format!("I5 terminal {at}: stock is not the sum of its facts"));
    }
    for kept in till.journal.values() {
        for row in kept.commit.content.rows.iter().filter(|row| till.has(row.scope())) {
            if let crate::commit::Row::Fact { id, .. } = row
                && !till.tables.facts.contains_key(id)
            {
                return Err(format!("I4 terminal {at}: does not show its own fact {id}"));
            }
        }
    }
    Ok(())
}

/// Once everything is quiet.
pub fn at_rest(world: &World) -> Result<(), String> {
    let ids = chains(world)?;
    numbers(world)?;
    let kept = |id: &&FactId| !ids.contains(*id) && !world.may_lose.contains(*id);
    if let Some(id) = world.truth.keys().find(kept) {
        return Err(format!("I4 fact {id} is lost"));
    }
    for (at, seat) in world.seats.iter().enumerate() {
        let till = &seat.till;
        let tables = world.centre.tables(&till.scopes());
        if tables.facts != till.tables.facts {
            let ours: BTreeSet<_> = till.tables.facts.iter().collect();
            let theirs: BTreeSet<_> = tables.facts.iter().collect();
            let missing: Vec<_> = theirs.difference(&ours).take(3).collect();
            let extra: Vec<_> = ours.difference(&theirs).take(3).collect();
            return Err(format!("I2 terminal {at}: lacks {missing:?}, has {extra:?}"));
        }
        if tables.confirmed != till.tables.confirmed {
            return Err(format!(
                "I3 terminal {at}: {:?} is {:?} in the log",
                till.tables.confirmed, tables.confirmed
            ));
        }
        let is_moved = |(_, qty): &(&(u32, u8), &i64)| **qty != 0;
        if till.tables.stock.iter().filter(is_moved).ne(tables.stock.iter().filter(is_moved)) {
            return Err(format!("I5 terminal {at}: stock differs"));
        }
    }
    always(world)
}

/// The log is one chain of its own and holds each origin's chain without a gap. Gives its facts,
/// with those that are kept apart.
fn chains(world: &World) -> Result<BTreeSet<FactId>, String> {
    let mut ends: BTreeMap<Origin, (u64, [u8; 32])> = BTreeMap::new();
    let (mut before, mut last_stamp, mut ids) = (NO_HASH, 0, BTreeSet::new());
    for logged in &world.centre.log {
        let header = &logged.commit.header;
        let end = ends.entry(header.origin).or_insert((0, NO_HASH));
        if (header.ctr, header.prev) != (end.0 + 1, end.1) {
            return Err(format!("I1 the chain of {:?} breaks at {}", header.origin, header.ctr));
        }
        *end = (header.ctr, logged.commit.hash);
        before = authority::log_hash(&before, &logged.commit.hash, logged.stamp);
        if before != logged.log_hash {
            return Err("I1 the log's own chain breaks".to_owned());
        }
        last_stamp = last_stamp.max(logged.stamp);
        ids.extend(logged.commit.facts());
    }
    ids.extend(world.centre.apart.values().flat_map(|commit| commit.facts()));
    Ok(ids)
}

/// What was printed is what the log says, and a number that was printed twice is known to be.
fn numbers(world: &World) -> Result<(), String> {
    let mut used: BTreeMap<&Number, Vec<Origin>> = BTreeMap::new();
    for logged in &world.centre.log {
        let commit = &logged.commit;
        let Some(number) = &commit.content.number else { continue };
        if commit.header.reissue_of.is_none() {
            used.entry(number).or_default().push(commit.header.origin);
        }
        for fact in commit.facts() {
            if world.truth.get(&fact) != Some(&Some(number.clone())) {
                return Err(format!("I6 fact {fact} was printed under another number"));
            }
        }
    }
    for (number, origins) in used.iter().filter(|(_, origins)| origins.len() > 1) {
        let unaware = origins
            .iter()
            .filter(|origin| world.centre.known.get(*origin).is_none_or(|known| !known.reassigned));
        let distinct: BTreeSet<_> = origins.iter().collect();
        // A centre that was put back may have forgotten whom it gave a series; then the rule that
        // looks for double numbers in the log is left to find them.
        let has_forgotten = world.counts.contains_key("centre rolled back");
        if distinct.len() < origins.len() || (unaware.count() > 1 && !has_forgotten) {
            return Err(format!("I6 number {number:?} was given twice, and nobody knows"));
        }
        // A twin may be given the series that a warned terminal has taken by itself.
        let has_twins = has_forgotten || world.counts.contains_key("clones");
        let is_again =
            |(old, new): &&(Origin, Origin)| distinct.contains(old) && distinct.contains(new);
        if !has_twins && world.warned.iter().any(|pair| is_again(&pair)) {
            return Err(format!("I6 number {number:?} was given again by a warned terminal"));
        }
    }
    Ok(())
}
