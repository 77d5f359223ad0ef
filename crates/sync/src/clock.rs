//! The hybrid clock: wall-clock milliseconds, and a counter for what happens within one or while
//! the wall clock is behind.
//!
//! **Invariant:** a tick is always greater than every tick and every observed stamp before it, also
//! after the wall clock was set back; the store saves the last one in the transaction that used it.

const COUNTER_BITS: u32 = 16;
/// 47 bits, so that a point is a positive integer for SQLite until the year 6429.
const MS_MAX: u64 = (1 << 47) - 1;

/// A point of the hybrid clock: 47 bits of milliseconds above 16 bits of counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hlc(u64);

impl Hlc {
    /// The point with these bits.
    pub const fn from_bits(bits: u64) -> Hlc {
        Hlc(bits)
    }

    /// The bits, as commits carry them.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The milliseconds since 1970.
    pub const fn ms(self) -> i64 {
        (self.0 >> COUNTER_BITS).cast_signed()
    }

    /// The next point when the wall clock says `now_ms`.
    #[must_use]
    pub fn tick(self, now_ms: i64) -> Hlc {
        let now = u64::try_from(now_ms).unwrap_or(0).min(MS_MAX) << COUNTER_BITS;
        Hlc(now.max(self.0.saturating_add(1)))
    }

    /// This clock after it has seen another's point.
    #[must_use]
    pub fn observe(self, seen: Hlc) -> Hlc {
        self.max(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::Hlc;
    use proptest::prelude::*;

    #[test]
    fn a_clock_set_back_still_moves_forward() {
        let noon = Hlc::default().tick(1_800_000_000_000);
        assert_eq!(noon.ms(), 1_800_000_000_000);
        let earlier = noon.tick(1_000);
        assert!(earlier > noon);
        assert_eq!(earlier.ms(), noon.ms());
        assert_eq!(earlier.tick(1_800_000_000_001).ms(), 1_800_000_000_001);
    }

    proptest! {
        #[test]
        fn every_tick_is_later_than_all_before(
            walls in prop::collection::vec(any::<i64>(), 1..50),
        ) {
            let mut last = Hlc::default();
            for wall in walls {
                let next = last.tick(wall);
                prop_assert!(next > last || last.bits() == u64::MAX);
                last = next;
            }
        }
    }
}
