//! `_clk`: when each group of a master was written last, and by whom.
//!
//! Packed as entries of group, stamp, origin and counter. Entry 0 speaks for every group that has
//! no entry of its own, so a row that was never changed has one.
//!
//! **Invariant:** merging is commutative, associative and idempotent, and two stores that saw the
//! same writes hold the same bytes.

use std::collections::BTreeMap;

use crate::commit::Origin;
use crate::error::StoreError;

const ENTRY: usize = 1 + 8 + 16 + 8;

/// The place of a write in the order in which the last writer wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// The hybrid clock, or what the centre made of it.
    pub stamp: u64,
    /// The origin, to break a tie.
    pub origin: Origin,
    /// The commit of that origin.
    pub ctr: u64,
}

/// The stamps of a row's groups.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clocks(BTreeMap<u8, Stamp>);

impl Clocks {
    /// A row just made.
    pub fn created(stamp: Stamp) -> Clocks {
        Clocks(BTreeMap::from([(0, stamp)]))
    }

    /// The stamp that counts for a group.
    pub fn of(&self, group: u8) -> Option<Stamp> {
        self.0.get(&group).copied().max(self.0.get(&0).copied())
    }

    /// Notes a write of a group; answers whether it wins. Equal stamps are one commit that writes a
    /// group twice, so the second write wins.
    pub fn write(&mut self, group: u8, stamp: Stamp) -> bool {
        if self.of(group) > Some(stamp) {
            return false;
        }
        self.0.insert(group, stamp);
        self.tidy();
        true
    }

    /// Both together.
    #[must_use]
    pub fn merge(&self, other: &Clocks) -> Clocks {
        let mut both = self.clone();
        for (&group, &stamp) in &other.0 {
            let entry = both.0.entry(group).or_insert(stamp);
            *entry = stamp.max(*entry);
        }
        both.tidy();
        both
    }

    /// Drops what entry 0 says already.
    fn tidy(&mut self) {
        let base = self.0.get(&0).copied();
        self.0.retain(|&group, stamp| group == 0 || Some(*stamp) > base);
    }

    /// The bytes of the column.
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * ENTRY);
        for (&group, stamp) in &self.0 {
            bytes.push(group);
            bytes.extend_from_slice(&stamp.stamp.to_be_bytes());
            bytes.extend_from_slice(&stamp.origin);
            bytes.extend_from_slice(&stamp.ctr.to_be_bytes());
        }
        bytes
    }

    /// The clocks of these bytes.
    pub fn unpack(bytes: &[u8]) -> Result<Clocks, StoreError> {
        let bad = || StoreError::codec("a row's clocks", "wrong length");
        let mut clocks = BTreeMap::new();
        for entry in bytes.chunks(ENTRY) {
            let (&group, rest) = entry.split_first().ok_or_else(bad)?;
            let (stamp, rest) = rest.split_first_chunk::<8>().ok_or_else(bad)?;
            let (origin, rest) = rest.split_first_chunk::<16>().ok_or_else(bad)?;
            let (ctr, _) = rest.split_first_chunk::<8>().ok_or_else(bad)?;
            let stamp = Stamp {
                stamp: u64::from_be_bytes(*stamp),
                origin: *origin,
                ctr: u64::from_be_bytes(*ctr),
            };
            clocks.insert(group, stamp);
        }
        Ok(Clocks(clocks))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stamp(stamp: u64, origin: u8, ctr: u64) -> Stamp {
        Stamp { stamp, origin: [origin; 16], ctr }
    }

    fn stamps() -> impl Strategy<Value = Stamp> {
        (0..4_u64, 0..3_u8, 0..4_u64).prop_map(|(s, o, c)| stamp(s, o, c))
    }

    fn clocks() -> impl Strategy<Value = Clocks> {
        prop::collection::btree_map(0..4_u8, stamps(), 0..4).prop_map(|map| {
            let mut clocks = Clocks(map);
            clocks.tidy();
            clocks
        })
    }

    #[test]
    fn the_later_writer_of_a_group_wins_and_the_other_groups_are_untouched() {
        let mut row = Clocks::created(stamp(1, 1, 1));
        assert!(row.write(2, stamp(5, 1, 2)));
        assert!(!row.write(2, stamp(4, 9, 9)));
        assert!(!row.write(3, stamp(1, 0, 9)));
        assert_eq!(row.of(2), Some(stamp(5, 1, 2)));
        assert_eq!(row.of(3), Some(stamp(1, 1, 1)));
    }

    proptest! {
        #[test]
        fn merging_is_commutative(a in clocks(), b in clocks()) {
            prop_assert_eq!(a.merge(&b), b.merge(&a));
        }

        #[test]
        fn merging_is_associative(a in clocks(), b in clocks(), c in clocks()) {
            prop_assert_eq!(a.merge(&b).merge(&c), a.merge(&b.merge(&c)));
        }

        #[test]
        fn merging_is_idempotent(a in clocks(), b in clocks()) {
            prop_assert_eq!(a.merge(&a), a.clone());
            prop_assert_eq!(a.merge(&b).merge(&b), a.merge(&b));
        }

        #[test]
        fn writes_in_any_order_end_in_the_same_clocks(
            writes in prop::collection::vec((1..4_u8, stamps()), 0..8),
            seed in any::<u64>(),
        ) {
            let base = Clocks::created(stamp(1, 0, 0));
            let (mut one, mut two) = (base.clone(), base);
            for (group, stamp) in &writes {
                one.write(*group, *stamp);
            }
            let mut shuffled = writes.clone();
            shuffled.sort_by_key(|(g, s)| blake3::hash(
                &[&seed.to_le_bytes()[..], &[*g], &s.stamp.to_le_bytes(), &s.origin].concat(),
            ).as_bytes().to_owned());
            for (group, stamp) in &shuffled {
                two.write(*group, *stamp);
            }
            prop_assert_eq!(one, two);
        }

        #[test]
        fn packed_clocks_come_back(a in clocks()) {
            prop_assert_eq!(Clocks::unpack(&a.pack()).unwrap(), a);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Clocks::unpack(&bytes);
        }
    }
}
