//! New row ids: UUIDs of version 7 that grow within a millisecond (RFC 9562, section 6.2).
//!
//! The random bits are drawn once a millisecond and process; the ids after the first are small
//! steps from it. Ids of one commit so share nearly all their bytes, and a sale is little on the
//! wire. They say what a row is called, never who may see it: a neighbour may be guessed.
//!
//! **Invariant:** of two ids made for the same or a later time, the later one is greater.

use std::cell::{Cell, RefCell};

use crate::folder::random;
use crate::row::Key;

const RANDOM_BITS: u32 = 74;
const RANDOM_MASK: u128 = (1 << RANDOM_BITS) - 1;
const MS_MASK: u64 = (1 << 48) - 1;

/// Random bytes asked for at once: asking the system for each id costs more than the id.
const POOL: usize = 512;

/// Of a random byte, what a step is drawn from: 1 to 8.
const STEP_MASK: u8 = 7;

/// Makes ids.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    last: Cell<(u64, u128)>,
    pool: RefCell<Vec<u8>>,
}

impl Ids {
    /// The next id for a row made at `at_ms`.
    pub fn next(&self, at_ms: i64) -> Key {
        let ms = u64::try_from(at_ms).unwrap_or(0) & MS_MASK;
        let mut fresh = [0; 16];
        let (last_ms, last_number) = self.last.get();
        let number = if ms == last_ms && last_number != 0 {
            self.random(&mut fresh[..1]);
            // The room for steps, 2^73, does not end within a millisecond.
            (last_number + u128::from(fresh[0] & STEP_MASK) + 1) & RANDOM_MASK
        } else {
            self.random(&mut fresh[..10]);
            // The top bit is left free so that the steps have room.
            u128::from_le_bytes(fresh) & (RANDOM_MASK >> 1)
        };
        self.last.set((ms, number));
        let high = number >> 62;
        let low = number & ((1 << 62) - 1);
        let bits = u128::from(ms) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low;
        bits.to_be_bytes()
    }

    /// Random bytes, each handed out once.
    fn random(&self, bytes: &mut [u8]) {
        let mut pool = self.pool.borrow_mut();
        if pool.len() < bytes.len() {
            pool.resize(POOL, 0);
            random(&mut pool);
        }
        let from = pool.len() - bytes.len();
        bytes.copy_from_slice(&pool[from..]);
        pool.truncate(from);
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn ids_of_one_millisecond_grow_and_are_version_seven() {
        let ids = Ids::default();
        let mut last = [0; 16];
        for n in 0..10_000 {
            let id = ids.next(1_800_000_000_000 + n / 5_000);
            assert!(id > last, "{n}");
            let uuid = uuid::Uuid::from_bytes(id);
            assert_eq!(uuid.get_version_num(), 7);
            assert_eq!(uuid.get_variant(), uuid::Variant::RFC4122);
            last = id;
        }
    }

    #[test]
    fn ids_of_one_millisecond_share_all_but_their_last_bytes_and_makers_share_nothing() {
        let (ids, others) = (Ids::default(), Ids::default());
        let first = ids.next(1_800_000_000_000);
        let last = (0..30).map(|_| ids.next(1_800_000_000_000)).last();
        let far = u128::from_be_bytes(last.expect("an id")) - u128::from_be_bytes(first);
        assert!((30..=240).contains(&far), "{far}");
        let other = u128::from_be_bytes(others.next(1_800_000_000_000));
        assert!(other.abs_diff(u128::from_be_bytes(first)) > 1 << 20);
        let later = u128::from_be_bytes(ids.next(1_800_000_000_001));
        assert!((later ^ u128::from_be_bytes(first)) << 80 >> 80 > 1 << 20);
    }
}
