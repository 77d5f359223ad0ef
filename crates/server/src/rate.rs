//! How often somebody may ask: a bucket for each address and each holder of a token.
//!
//! **Invariant:** memory stays bounded however many addresses ask; a bucket is forgotten only when
//! it is full again, so forgetting gives nobody more.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// More buckets than this are swept before another is made.
const BUCKETS_MAX: usize = 50_000;

/// How often, and how many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many a minute in the long run.
    pub per_minute: u32,
    /// How many at once.
    pub burst: u32,
}

impl Rate {
    fn interval_us(self) -> i64 {
        60_000_000 / i64::from(self.per_minute.max(1))
    }

    fn tolerance_us(self) -> i64 {
        self.interval_us() * i64::from(self.burst.max(1) - 1)
    }
}

/// Buckets of one rate.
#[derive(Debug)]
pub struct Limiter<K> {
    rate: Rate,
    /// When each bucket will be full again, microseconds.
    full_at: Mutex<HashMap<K, i64>>,
}

impl<K: Hash + Eq> Limiter<K> {
    /// Buckets of this rate.
    pub fn new(rate: Rate) -> Self {
        Self { rate, full_at: Mutex::default() }
    }

    /// Takes one from the bucket of `key`, or tells in how many seconds there will be one.
    pub fn take(&self, key: K, now_ms: i64) -> Result<(), u32> {
        let now = now_ms.saturating_mul(1000);
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX && !buckets.contains_key(&key) {
            buckets.retain(|_, full_at| *full_at > now);
            if buckets.len() >= BUCKETS_MAX {
                return Err(60);
            }
        }
        let full_at = buckets.entry(key).or_insert(now);
        let from = (*full_at).max(now);
        let wait = from - now - self.rate.tolerance_us();
        if wait > 0 {
            return Err(u32::try_from(wait / 1_000_000 + 1).unwrap_or(u32::MAX));
        }
        *full_at = from + self.rate.interval_us();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let limiter = Limiter::new(Rate { per_minute: 60, burst: 3 });
        for (at_ms, key, expected) in [
            (0, "a", Ok(())),
            (0, "a", Ok(())),
            (0, "a", Ok(())),
            (0, "a", Err(2)),
            (0, "b", Ok(())),
            (999, "a", Err(1)),
            (1_000, "a", Ok(())),
            (1_000, "a", Err(2)),
            (60_000, "a", Ok(())),
        ] {
            assert_eq!(limiter.take(key, at_ms), expected, "{key} at {at_ms}");
        }
    }

    #[test]
    fn a_flood_of_addresses_takes_no_more_memory() {
        let limiter = Limiter::new(Rate { per_minute: 1, burst: 1 });
        for address in 0..BUCKETS_MAX {
            assert_eq!(limiter.take(address, 0), Ok(()));
        }
        assert_eq!(limiter.take(BUCKETS_MAX, 0), Err(60));
        assert_eq!(limiter.take(BUCKETS_MAX, 60_001), Ok(()));
    }
}
