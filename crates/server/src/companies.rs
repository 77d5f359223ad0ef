//! The companies of a centre: their replicas, opened when wanted, and who listens to them.
//!
//! **Invariant:** nothing kept here is truth: any of it may be dropped and is made again.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use lumbung_app::{Caller, Failure};
use lumbung_sync::access::{ReconcileAnswer, ReconcileRequest};
use lumbung_sync::authority::OriginState;
use lumbung_sync::{Hash, Key, Origin};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::{OnceCell, watch};

use crate::centre::{Centre, Clock};
use crate::http::authority::Person;
use crate::http::failure::{Answer, Refused};
use crate::key::CentreKey;
use crate::log::{CommitLog, Known, LogError, Seen, Session};
use crate::metrics::{Counter, Metrics};
use crate::replica::{Makings, Replica, ReplicaError};
use crate::sessions;

/// Replicas kept open; the one used longest ago is closed for another.
const OPEN_MAX: usize = 200;
/// Streams of hints at once.
const LISTENERS_MAX: u64 = 20_000;
/// What a terminal says of itself is written down this often at the most, if it is the same.
const NOTE_MS: i64 = 60_000;
/// The command that counts a till's receipts.
const RECONCILE: &str = "sync.reconcile";

type Slot<L> = Arc<OnceCell<Arc<Company<L>>>>;

/// Every company of a centre.
pub struct Companies<L: CommitLog> {
    makings: Makings<L>,
    metrics: Arc<Metrics>,
    open: Mutex<HashMap<Key, Slot<L>>>,
    hints: Mutex<HashMap<Key, watch::Sender<u64>>>,
    listeners: Arc<AtomicU64>,
    used: Mutex<HashMap<Hash, i64>>,
    noted: Mutex<HashMap<Origin, Seen>>,
    schema: u32,
}

/// Somebody who listens to a company.
pub struct Listener {
    /// The last entry of the log.
    pub seqs: watch::Receiver<u64>,
    count: Arc<AtomicU64>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A company whose replica is open.
pub struct Company<L: CommitLog> {
    /// Which.
    pub key: Key,
    /// Its replica.
    pub replica: Arc<Replica<L>>,
    used_ms: AtomicI64,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs what blocks on a thread for it.
pub async fn blocking<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(run).await.map_err(|error| Refused::internal("a task", &error))
}

impl<L: CommitLog> Companies<L> {
    /// No company is open yet. Within a runtime.
    pub fn new(
        log: L,
        key: CentreKey,
        dir: PathBuf,
        clock: Clock,
        metrics: Arc<Metrics>,
        checked: bool,
    ) -> Self {
        let runtime = Handle::current();
        Self {
            makings: Makings { log, key, dir, clock, checked, runtime },
            metrics,
            open: Mutex::default(),
            hints: Mutex::default(),
            listeners: Arc::default(),
            used: Mutex::default(),
            noted: Mutex::default(),
            schema: lumbung_app::schema::newest(),
        }
    }

    /// The schema of this program.
    pub fn schema(&self) -> u32 {
        self.schema
    }

    fn now_ms(&self) -> i64 {
        (self.makings.clock)()
    }

    /// A company with its replica, which is opened or made.
    pub async fn app(&self, key: &Key) -> Answer<Arc<Company<L>>> {
        for _ in 0..2 {
            let slot = self.slot(key);
            let company = slot.get_or_try_init(|| self.open(*key)).await?;
            let company = Arc::clone(company);
            let kept = Arc::clone(&company);
            if !blocking(move || kept.replica.is_broken()).await? {
                company.used_ms.store(self.now_ms(), Ordering::Relaxed);
                return Ok(company);
            }
            // It lost what the log holds: it is made again by whoever asks next.
            self.close(key, &slot);
        }
        let sentence = "The company's books are being made ready. Try again in a moment.";
        Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", sentence))
    }

    fn slot(&self, key: &Key) -> Slot<L> {
        let mut open = locked(&self.open);
        if open.len() >= OPEN_MAX && !open.contains_key(key) {
            let idle = open.iter().filter_map(|(key, slot)| {
                let company = slot.get()?;
                let alone = Arc::strong_count(company) == 1 && Arc::strong_count(slot) == 1;
                alone.then(|| (company.used_ms.load(Ordering::Relaxed), *key))
            });
            if let Some((_, oldest)) = idle.min() {
                open.remove(&oldest);
            }
        }
        Arc::clone(open.entry(*key).or_default())
    }

    fn close(&self, key: &Key, slot: &Slot<L>) {
        let mut open = locked(&self.open);
        if open.get(key).is_some_and(|other| Arc::ptr_eq(other, slot)) {
            open.remove(key);
        }
    }

    async fn open(&self, key: Key) -> Answer<Arc<Company<L>>> {
        let makings = self.makings.clone();
        let opened = blocking(move || makings.open(&key)).await?;
        let (replica, made) = opened.map_err(|error| refused(&error))?;
        if made {
            self.metrics.add(Counter::Rebuilt, "", 1);
        }
        Ok(Arc::new(Company { key, replica, used_ms: AtomicI64::new(self.now_ms()) }))
    }

    /// How many replicas are open.
    pub fn open_count(&self) -> u64 {
        locked(&self.open).len() as u64
    }

    /// How many listen.
    pub fn listener_count(&self) -> u64 {
        self.listeners.load(Ordering::Relaxed)
    }

    fn opened(&self) -> Vec<Arc<Company<L>>> {
        locked(&self.open).values().filter_map(|slot| slot.get().cloned()).collect()
    }

    /// How far the slowest open replica is behind the log; asks the log in any case.
    pub async fn lag(&self) -> Result<u64, LogError> {
        let mut lag = 0;
        let mut asked = false;
        for company in self.opened() {
            let head = self.makings.log.head(&company.key).await?;
            lag = lag.max(head.last_seq.saturating_sub(company.replica.applied()));
            asked = true;
        }
        if !asked {
            self.makings.log.companies().await?;
        }
        Ok(lag)
    }

    /// Hears that a company's log has grown: tells those who listen, and brings an open replica
    /// up behind them.
    pub fn appended(&self, key: Key, seq: u64) {
        if let Some(hint) = locked(&self.hints).get(&key) {
            hint.send_if_modified(|last| {
                let newer = seq > *last;
                *last = seq.max(*last);
                newer
            });
        }
        let slot = locked(&self.open).get(&key).cloned();
        if let Some(company) = slot.and_then(|slot| slot.get().cloned()) {
            tokio::spawn(async move {
                if let Err(refused) = company.fresh().await {
                    tracing::warn!(status = %refused.status(), "a replica stays behind");
                }
            });
        }
    }

    /// Listens to a company whose log ends at `seq`; `None` when too many do.
    pub fn listen(&self, key: Key, seq: u64) -> Option<Listener> {
        let count = Arc::clone(&self.listeners);
        if count.fetch_add(1, Ordering::Relaxed) >= LISTENERS_MAX {
            count.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        let mut hints = locked(&self.hints);
        let hint = hints.entry(key).or_insert_with(|| watch::Sender::new(seq));
        Some(Listener { seqs: hint.subscribe(), count })
    }

    /// Ends every stream of hints: the centre goes down.
    pub fn hush(&self) {
        locked(&self.hints).clear();
    }

    /// Looks every so often whether another process of the centre has appended. Ends with the
    /// centre.
    pub async fn watch_others(centre: std::sync::Weak<Centre<L>>, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        loop {
            ticks.tick().await;
            let Some(centre) = centre.upgrade() else { return };
            let listened: Vec<Key> = {
                let mut hints = locked(&centre.companies.hints);
                hints.retain(|_, hint| hint.receiver_count() > 0);
                hints.keys().copied().collect()
            };
            for key in listened {
                match centre.log.head(&key).await {
                    Ok(head) => centre.companies.appended(key, head.last_seq),
                    Err(error) => tracing::warn!(cause = %error, "the log does not answer"),
                }
            }
        }
    }

    /// Whether a challenge is answered for the first time; remembers it until it ends.
    pub fn first_use(&self, challenge: &[u8], ends_ms: i64, now_ms: i64) -> bool {
        let mut used = locked(&self.used);
        used.retain(|_, ends| *ends > now_ms);
        used.insert(*blake3::hash(challenge).as_bytes(), ends_ms).is_none()
    }

    /// Whether what a terminal says of itself is worth a write.
    pub fn worth_noting(&self, known: &Known, seen: &Seen) -> bool {
        let mut noted = locked(&self.noted);
        let last = noted.get(&known.known.origin);
        let same = last.is_some_and(|last| {
            last.schema == seen.schema
                && last.app == seen.app
                && seen.at_ms - last.at_ms < NOTE_MS
                && (last.clock_off_ms - seen.clock_off_ms).abs() < NOTE_MS
        });
        let worth = !same || known.known.state == OriginState::Closed;
        if worth {
            noted.insert(known.known.origin, seen.clone());
        }
        worth
    }
}

fn refused(error: &ReplicaError) -> Refused {
    match error {
        ReplicaError::Log(LogError::NoCompany) => Refused::not_found(),
        error => Refused::internal("a replica", error),
    }
}

impl<L: CommitLog> Company<L> {
    /// Runs a command of the product.
    pub async fn call(&self, caller: Caller, name: &str, args: Value) -> Result<Value, Failure> {
        let (replica, name) = (Arc::clone(&self.replica), name.to_owned());
        let run = move || replica.app().call(&caller, &name, args);
        match blocking(run).await {
            Ok(answer) => answer,
            Err(refused) => Err(refused.into_failure()),
        }
    }

    /// Brings the replica up to the log where it is behind.
    pub async fn fresh(&self) -> Answer<()> {
        let replica = Arc::clone(&self.replica);
        let caught_up = blocking(move || {
            if replica.head()?.last_seq > replica.applied() {
                replica.catch_up()?;
                replica.settle()?;
            }
            Ok(())
        });
        caught_up.await?.map_err(|error| refused(&error))
    }

    /// Makes sure that a person sits where their session says, if the session has not ended.
    pub async fn seated(&self, centre: &Centre<L>, person: Person) -> Answer<()> {
        let Caller::Seat(seat) = sessions::seat(&person.session) else { return Ok(()) };
        if self.replica.app().sits(&seat, person.person) {
            return Ok(());
        }
        let kept = centre.log.session(&self.key, &person.session, centre.now_ms()).await?;
        let kept = kept.filter(|kept| kept.person == person.person);
        self.sit(&kept.ok_or_else(Refused::no_authority)?).await.map(|_| ())
    }

    /// Seats the person of a session. Answers as `users.me` does.
    pub async fn sit(&self, session: &Session) -> Answer<Value> {
        let Caller::Seat(seat) = sessions::seat(&session.session) else {
            return Err(Refused::no_authority());
        };
        self.fresh().await?;
        let (replica, person) = (Arc::clone(&self.replica), session.person);
        let me = blocking(move || replica.app().sit(&seat, person)).await?;
        me.map_err(|error| error.failure().into())
    }

    /// Empties the seat of a session.
    pub async fn leave(&self, session: &Key) {
        if let Caller::Seat(seat) = sessions::seat(session) {
            self.replica.app().leave(&seat);
        }
    }

    /// What the centre makes of a till's receipts, signed.
    pub async fn reconcile(
        &self,
        centre: &Centre<L>,
        asked: &ReconcileRequest,
    ) -> Answer<ReconcileAnswer> {
        self.fresh().await?;
        let question: Value = serde_json::from_str(&asked.question)
            .map_err(|_| Refused::malformed("The question is not JSON."))?;
        let args =
            json!({ "terminal_id": crate::words::id(&asked.terminal), "question": question });
        let seq = self.replica.applied();
        let answer = self.call(Caller::Operator, RECONCILE, args).await?;
        let mut answer = ReconcileAnswer { seq, answer: answer.to_string(), sig: Vec::new() };
        let signed = centre.key.reconcile(asked, &mut answer);
        signed.map_err(|error| Refused::internal("signing", &error))?;
        Ok(answer)
    }
}
