//! The centre as one value: its log, its key, the companies it has open, what it counts.
//!
//! **Invariant:** everything here but the log and the key is a cache: another process over the same
//! log answers the same.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use lumbung_sync::Key;

use crate::companies::Companies;
use crate::key::CentreKey;
use crate::log::{CommitLog, Opening};
use crate::metrics::Metrics;
use crate::rate::{Limiter, Rate};

/// Tells the time: UTC milliseconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// How often somebody may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Attempts to enrol, sign in or refresh from one address.
    pub attempts: Rate,
    /// Requests from one address, with or without a token.
    pub address: Rate,
    /// Requests of one holder of a token.
    pub holder: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            attempts: Rate { per_minute: 20, burst: 10 },
            // A whole shop may stand behind one address.
            address: Rate { per_minute: 6_000, burst: 1_000 },
            holder: Rate { per_minute: 1_200, burst: 300 },
        }
    }
}

/// What a centre is made of.
pub struct Parts<L> {
    /// The log.
    pub log: L,
    /// The key.
    pub key: CentreKey,
    /// The folder of replicas, snapshots and blobs.
    pub dir: PathBuf,
    /// Tells the time.
    pub clock: Clock,
    /// How often somebody may ask.
    pub rates: Rates,
    /// The built screens; without them the centre serves no browser.
    pub ui: Option<PathBuf>,
    /// Whether browsers reach the centre through TLS only.
    pub secure: bool,
    /// Whether a proxy before the centre says whom it asks for.
    pub behind_proxy: bool,
    /// Compare every change with what was emitted: on in tests.
    pub checked: bool,
}

/// A centre that is open.
pub struct Centre<L: CommitLog> {
    /// The log.
    pub log: L,
    /// The key.
    pub key: CentreKey,
    /// The folder of replicas, snapshots and blobs.
    pub dir: PathBuf,
    /// Companies and their replicas.
    pub companies: Companies<L>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// The built screens.
    pub ui: Option<PathBuf>,
    /// Whether browsers reach the centre through TLS only.
    pub secure: bool,
    /// Whether a proxy before the centre says whom it asks for.
    pub behind_proxy: bool,
    clock: Clock,
    attempts: Limiter<IpAddr>,
    addresses: Limiter<IpAddr>,
    holders: Limiter<Key>,
}

/// A centre as handlers share it.
pub type Shared<L> = Arc<Centre<L>>;

impl<L: CommitLog> Centre<L> {
    /// Opens a centre over its parts, within a runtime.
    pub fn open(parts: Parts<L>) -> Shared<L> {
        let Parts { log, key, dir, clock, rates, ui, secure, behind_proxy, checked } = parts;
        let metrics = Arc::new(Metrics::default());
        let companies = Companies::new(
            log.clone(),
            key.clone(),
            dir.clone(),
            Arc::clone(&clock),
            Arc::clone(&metrics),
            checked,
        );
        Arc::new(Self {
            log,
            key,
            dir,
            companies,
            metrics,
            ui,
            secure,
            behind_proxy,
            clock,
            attempts: Limiter::new(rates.attempts),
            addresses: Limiter::new(rates.address),
            holders: Limiter::new(rates.holder),
        })
    }

    /// Now, UTC milliseconds.
    pub fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// How the log of a company is opened by this program.
    pub fn opening(&self) -> Opening {
        Opening { centre: self.key.public(), min_schema: 1, cur_schema: self.companies.schema() }
    }

    /// Takes one attempt of an address, or tells in how many seconds there will be one.
    pub fn attempt(&self, address: IpAddr) -> Result<(), u32> {
        self.attempts.take(block_of(address), self.now_ms())
    }

    /// Takes one request of an address.
    pub fn ask(&self, address: IpAddr) -> Result<(), u32> {
        self.addresses.take(block_of(address), self.now_ms())
    }

    /// Takes one request of the holder of a token.
    pub fn ask_as(&self, holder: Key) -> Result<(), u32> {
        self.holders.take(holder, self.now_ms())
    }
}

/// One customer of a network provider has a whole /64 of version 6.
fn block_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
    }
}
