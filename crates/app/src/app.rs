//! The application: a data folder, its store, who is signed in, who listens.
//!
//! **Invariant:** the application always starts. A store that is missing, in use or damaged is a
//! state that the start screen shows, not a crash.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use lumbung_sync::{KeySource, OpenReport, Store, StoreConfig, StoreError};
use serde::Serialize;
use ts_rs::TS;

use crate::door::{Actor, Caller, Command};
use crate::error::{Error, Refusal, Result, refuse};
use crate::jobs::Jobs;
use crate::standing::Standing;
use crate::sync::connect::JoinSlot;
use crate::sync::line::LineSlot;
use crate::sync::office::CentreSlot;
use crate::users::Seat;
use crate::{commands, derived, schema};

/// Milliseconds since 1970, UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Where and how the application runs.
#[derive(Clone)]
pub struct AppConfig {
    /// The data folder.
    pub dir: PathBuf,
    /// Where the keys of the store are kept.
    pub keys: KeySource,
    /// The clock; fixed in tests.
    pub clock: Clock,
    /// Offset of local time from UTC in minutes; `None` asks the device.
    pub offset_min: Option<i16>,
    /// Compare every change with what was emitted: on in tests.
    pub checked: bool,
    /// Whether the file is encrypted: off only to measure what encryption costs.
    pub encrypt: bool,
}

impl AppConfig {
    /// The configuration of a shipped program over a data folder.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            keys: KeySource::Os,
            clock: Arc::new(|| chrono::Utc::now().timestamp_millis()),
            offset_min: None,
            checked: cfg!(debug_assertions),
            encrypt: true,
        }
    }
}

/// Something the screens should know.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// These features changed: what was read from them is stale.
    Changed {
        /// Names of features.
        tags: Vec<String>,
    },
    /// Long work moved on.
    Progress {
        /// The work.
        job: crate::jobs::JobStatus,
    },
}

impl Event {
    /// A change of these features.
    pub fn changed(tags: &[&str]) -> Self {
        Self::Changed { tags: tags.iter().map(|tag| (*tag).to_owned()).collect() }
    }
}

enum State {
    /// No company in this folder yet.
    Empty,
    /// Open for business.
    Open { store: Arc<Store>, report: Arc<OpenReport> },
    /// There is a store, and it cannot be opened.
    Closed(Arc<StoreError>),
}

type Listener = Box<dyn Fn(&Event) + Send + Sync>;

struct Inner {
    config: AppConfig,
    commands: BTreeMap<&'static str, Command>,
    state: RwLock<State>,
    standing: RwLock<Option<Arc<Standing>>>,
    seats: Mutex<HashMap<String, Seat>>,
    listeners: RwLock<Vec<Listener>>,
    jobs: Jobs,
    line: LineSlot,
    centre: CentreSlot,
    joining: JoinSlot,
}

/// The application. Cloning shares it.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

impl App {
    /// Opens the data folder. Never fails: what is wrong is shown by `start.status`.
    pub fn open(config: AppConfig) -> Self {
        let commands =
            commands::table().into_iter().map(|command| (command.name, command)).collect();
        let app = Self {
            inner: Arc::new(Inner {
                config,
                commands,
                state: RwLock::new(State::Empty),
                standing: RwLock::new(None),
                seats: Mutex::default(),
                listeners: RwLock::default(),
                jobs: Jobs::default(),
                line: LineSlot::default(),
                centre: CentreSlot::default(),
                joining: JoinSlot::default(),
            }),
        };
        app.reopen();
        app
    }

    /// The command of this name.
    pub(crate) fn command(&self, name: &str) -> Option<&Command> {
        self.inner.commands.get(name)
    }

    /// The data folder.
    pub fn dir(&self) -> &Path {
        &self.inner.config.dir
    }

    /// Now, UTC milliseconds.
    pub fn now_ms(&self) -> i64 {
        (self.inner.config.clock)()
    }

    /// The device's offset from UTC, minutes.
    pub fn offset_min(&self) -> i16 {
        self.inner.config.offset_min.unwrap_or_else(|| {
            let seconds = chrono::Local::now().offset().local_minus_utc();
            i16::try_from(seconds / 60).unwrap_or(0)
        })
    }

    /// How the store of this folder is opened or made.
    pub fn store_config(&self) -> StoreConfig {
        let config = &self.inner.config;
        StoreConfig {
            dir: config.dir.clone(),
            keys: config.keys.clone(),
            catalogue: schema::catalogue(),
            migrations: schema::migrations,
            clock: Arc::clone(&config.clock),
            after_apply: derived::after_apply,
            watched: &[],
            rebuild: derived::rebuild,
            checked: config.checked,
            encrypt: config.encrypt,
        }
    }

    /// Opens the store again: after it was made, restored or mended.
    pub(crate) fn reopen(&self) {
        self.close();
        let state = if Store::exists(&self.inner.config.dir) {
            match Store::open(&self.store_config()) {
                Ok(opened) => {
                    let rekeyed = opened.report.rekeyed.as_ref();
                    crate::start::note_opening(self, &opened.store, rekeyed);
                    State::Open { store: Arc::new(opened.store), report: Arc::new(opened.report) }
                }
                Err(error) => {
                    tracing::error!(cause = ?error, "the store does not open");
                    State::Closed(Arc::new(error))
                }
            }
        } else {
            State::Empty
        };
        *write(&self.inner.state) = state;
        self.follow_store();
    }

    /// Takes a store that was just made.
    pub(crate) fn adopt(&self, opened: lumbung_sync::Opened) {
        let (store, report) = (Arc::new(opened.store), Arc::new(opened.report));
        *write(&self.inner.state) = State::Open { store, report };
        self.forget_standing();
        self.follow_store();
    }

    /// Lets go of the store, so that its files can be replaced.
    pub(crate) fn close(&self) {
        self.let_go();
        self.forget_standing();
        self.seats(|seats| seats.clear());
        *write(&self.inner.state) = State::Empty;
    }

    /// The open store.
    pub fn store(&self) -> Result<Arc<Store>> {
        match &*read(&self.inner.state) {
            State::Open { store, .. } => Ok(Arc::clone(store)),
            State::Empty => Err(refuse(
                "no_company",
                "There is no company in this data folder yet: create one or open the demo.",
            )),
            State::Closed(error) => Err(Refusal::new("store_closed", error.to_string()).into()),
        }
    }

    /// What was found when the store was opened.
    pub(crate) fn open_report(&self) -> Option<Arc<OpenReport>> {
        match &*read(&self.inner.state) {
            State::Open { report, .. } => Some(Arc::clone(report)),
            _ => None,
        }
    }

    /// Why the store cannot be opened, where it cannot.
    pub(crate) fn trouble(&self) -> Option<Arc<StoreError>> {
        match &*read(&self.inner.state) {
            State::Closed(error) => Some(Arc::clone(error)),
            _ => None,
        }
    }

    /// Company, branch, terminal, settings and people; kept until one of them changes.
    pub fn standing(&self) -> Result<Arc<Standing>> {
        if let Some(standing) = &*read(&self.inner.standing) {
            return Ok(Arc::clone(standing));
        }
        let store = self.store()?;
        let terminal = store.info().terminal;
        let loaded: Arc<Standing> = Arc::new(store.read(|db| Standing::load(db, terminal))?);
        *write(&self.inner.standing) = Some(Arc::clone(&loaded));
        Ok(loaded)
    }

    /// Forgets what [`Self::standing`] kept.
    pub(crate) fn forget_standing(&self) {
        *write(&self.inner.standing) = None;
    }

    /// Who sits where.
    pub(crate) fn seats<T>(&self, run: impl FnOnce(&mut HashMap<String, Seat>) -> T) -> T {
        run(&mut self.inner.seats.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Who this caller is, if they have signed in and the seat is not locked.
    pub(crate) fn actor(&self, caller: &Caller) -> Result<Arc<Actor>> {
        let Caller::Seat(seat) = caller else { return Ok(Arc::new(Actor::operator())) };
        let found = self.seats(|seats| seats.get(seat).cloned());
        let Some(found) = found else {
            return Err(refuse("signed_out", "Sign in first."));
        };
        if found.locked {
            return Err(refuse("locked", "The till is locked: enter your PIN."));
        }
        let standing = self.standing()?;
        standing
            .actor(found.user_id)
            .ok_or_else(|| refuse("signed_out", "This user may no longer sign in: ask the owner."))
    }

    /// Hears of every event from now on.
    pub fn subscribe(&self, listener: impl Fn(&Event) + Send + Sync + 'static) {
        write(&self.inner.listeners).push(Box::new(listener));
    }

    /// Tells everybody who listens.
    pub(crate) fn tell(&self, event: &Event) {
        for listener in read(&self.inner.listeners).iter() {
            listener(event);
        }
    }

    /// Long work under way.
    pub(crate) fn jobs(&self) -> &Jobs {
        &self.inner.jobs
    }

    pub(crate) fn line_slot(&self) -> &LineSlot {
        &self.inner.line
    }

    pub(crate) fn centre_slot(&self) -> &CentreSlot {
        &self.inner.centre
    }

    pub(crate) fn join_slot(&self) -> &JoinSlot {
        &self.inner.joining
    }
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// An error of a file or device, in words.
pub(crate) fn io_error(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Error {
    let what = what.into();
    move |source| Error::Io { what: format!("{what}: {source}"), source }
}
