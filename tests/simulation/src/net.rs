//! A network that loses, doubles, delays and reorders, and now and then cuts somebody off.
//!
//! **Invariant:** what arrives was sent; nothing else can be said of it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::rc::Rc;

use lumbung_sync::protocol::{SyncRequest, SyncResponse};

use crate::replica::Snapshot;
use crate::rng::Rng;

/// What travels between a terminal and the centre.
#[derive(Debug, Clone)]
pub enum Parcel {
    /// A request.
    Ask(Rc<SyncRequest>),
    /// The answer, as the terminal's host hands it in: together with the request.
    Answer(Rc<SyncRequest>, Rc<SyncResponse>),
    /// A wish for a snapshot of these scopes.
    WantSnapshot(Vec<u32>),
    /// The snapshot.
    Snapshot(Rc<Snapshot>),
}

impl Parcel {
    /// For whom follows a fact.
    pub fn name(&self) -> &'static str {
        match self {
            Parcel::Ask(_) => "request of",
            Parcel::Answer(..) => "answer to",
            Parcel::WantSnapshot(_) => "snapshot wanted by",
            Parcel::Snapshot(_) => "snapshot for",
        }
    }
}

/// The network.
#[derive(Debug)]
pub struct Net {
    queue: BinaryHeap<Reverse<(i64, u64)>>,
    parcels: BTreeMap<u64, (usize, Parcel)>,
    next: u64,
    /// Which terminals are cut off.
    pub is_cut: Vec<bool>,
    loss: u64,
    doubling: u64,
    delay_ms: u64,
}

impl Net {
    /// A network with faults of its own.
    pub fn new(rng: &mut Rng) -> Net {
        Net {
            queue: BinaryHeap::new(),
            parcels: BTreeMap::new(),
            next: 0,
            is_cut: vec![false; 64],
            loss: rng.below(200),
            doubling: rng.below(200),
            delay_ms: 200 + rng.below(6_000),
        }
    }

    /// From now on everything arrives, once and soon.
    pub fn heal(&mut self) {
        (self.loss, self.doubling, self.delay_ms) = (0, 0, 200);
        self.is_cut.fill(false);
    }

    /// Sends a parcel to or from a terminal.
    pub fn send(&mut self, rng: &mut Rng, now_ms: i64, till: usize, parcel: Parcel) {
        if self.is_cut[till] || rng.permille(self.loss) {
            return;
        }
        for _ in 0..1 + u64::from(rng.permille(self.doubling)) {
            self.next += 1;
            let at = now_ms + 1 + rng.below(self.delay_ms).cast_signed();
            self.queue.push(Reverse((at, self.next)));
            self.parcels.insert(self.next, (till, parcel.clone()));
        }
    }

    /// The next parcel that has arrived.
    pub fn arrived(&mut self, now_ms: i64) -> Option<(usize, Parcel)> {
        loop {
            let Reverse((at, id)) = *self.queue.peek()?;
            if at > now_ms {
                return None;
            }
            self.queue.pop();
            let (till, parcel) = self.parcels.remove(&id)?;
            if !self.is_cut[till] {
                return Some((till, parcel));
            }
        }
    }
}
