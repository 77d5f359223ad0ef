//! The store behind the window.
//!
//! **Invariant:** a call waits until the store has been opened and is then answered by it; it is
//! never dropped.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use lumbung_app::start::Background;
use lumbung_app::{App, AppConfig, Caller, Event, Failure};
use serde_json::{Value, json};
use tauri::{AppHandle, Emitter, Runtime};

/// The place where people sign in at this window.
const SEAT: &str = "window";
/// Makes the demo company in an empty folder.
const OPEN_DEMO: &str = "start.demo";

/// What the page listens to: everything the application says without being asked.
const NOTICE: &str = "notice";

/// The application with what goes on beside the till.
struct Opened {
    app: App,
    /// Printing and copies of the data; `None` once the program is closing.
    background: Mutex<Option<Background>>,
}

/// The way from the page to the application layer.
pub struct Door {
    /// `None` when opening it broke down half way, which is ours to mend.
    opened: Arc<OnceLock<Option<Opened>>>,
    seat: Caller,
}

impl Door {
    /// Opens the store beside the thread of the window, so that the page is drawn meanwhile.
    pub fn open<R: Runtime>(window: AppHandle<R>, dir: PathBuf, demo: bool) -> Self {
        let opened = Arc::new(OnceLock::new());
        let opening = Arc::clone(&opened);
        tauri::async_runtime::spawn_blocking(move || {
            let open = AssertUnwindSafe(|| open_store(window, dir, demo));
            opening.get_or_init(|| catch_unwind(open).ok());
        });
        Self { opened, seat: Caller::Seat(SEAT.to_owned()) }
    }

    /// Goes through the door.
    pub fn call(&self, name: &str, args: Value) -> Result<Value, Failure> {
        match self.opened.wait() {
            Some(opened) => opened.app.call(&self.seat, name, args),
            None => Err(broken(
                "Lumbung could not look into its data folder. Nothing was changed; the log file \
                 there says more. Send it to whoever looks after this program.",
            )),
        }
    }

    /// The window is gone: ends what goes on beside the till, and makes the last copy of the data.
    pub fn finish(&self) {
        let Some(Some(opened)) = self.opened.get() else { return };
        let background = opened.background.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(background) = background {
            background.finish();
        }
    }
}

/// Opens the store and passes its events on to the page.
fn open_store<R: Runtime>(window: AppHandle<R>, dir: PathBuf, demo: bool) -> Opened {
    let started = Instant::now();
    let app = App::open(AppConfig::new(dir));
    app.set_line(lumbung_link::HttpLine::new());
    app.subscribe(move |event| pass_on(&window, event));
    if demo && let Err(failure) = app.call(&Caller::Operator, OPEN_DEMO, json!({})) {
        // A folder which has a company already, or one that cannot be opened: the page shows it.
        tracing::info!(code = failure.code, "no demo company was made");
    }
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(ms, "the application is ready");
    let background = Mutex::new(Some(app.start_background()));
    Opened { app, background }
}

/// Tells the page. A notice that does not arrive is a stale screen, not a lost sale: it is logged.
fn pass_on<R: Runtime>(window: &AppHandle<R>, event: &Event) {
    if let Err(error) = window.emit(NOTICE, event) {
        tracing::warn!(%error, "the page was not told");
    }
}

/// The answer to a call whose thread ended: the program is closing.
pub fn stopped(cause: &str) -> Failure {
    tracing::error!(cause, "a call stopped half way");
    broken(
        "This was not finished because Lumbung is closing. Start it again and look whether it was \
         done before you repeat it.",
    )
}

fn broken(message: &str) -> Failure {
    Failure {
        code: "internal".to_owned(),
        message: message.to_owned(),
        fields: BTreeMap::new(),
        facts: BTreeMap::new(),
    }
}
