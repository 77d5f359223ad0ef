//! The line to the centre: runs the sync engine over an open store, by HTTP, beside the till.
//!
//! It has one thread with a small runtime of its own, so that nothing below the adapters is async.
//! Read in this order: [`HttpLine`] is what the application is given, `drive` runs the engine,
//! `http` carries messages, `hints` hears that there is news, `snapshot` fetches a copy of the
//! books, `pictures` and `receipts` are what goes beside the log.
//!
//! **Invariant:** the line can be cut, stopped or killed at any moment: what was acknowledged is
//! in the store, the rest is sent again.

#![deny(missing_docs)]

mod drive;
mod error;
mod hints;
mod http;
mod pictures;
mod receipts;
mod snapshot;

use std::future::Future;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;

use lumbung_app::sync::store::{self, Centre};
use lumbung_app::sync::{CentreAddress, Line, Sign, SnapshotWanted};
use lumbung_app::{App, Error, Event, Progress, Result};
use lumbung_sync::access::{EnrolAnswer, EnrolRequest, SnapshotRequest};
use lumbung_sync::{Origin, Store};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use crate::drive::{Calls, Driver};
use crate::http::{Http, Speaker};

/// Features whose changes are not written to the log, or are told of by the line itself.
const OWN_TAGS: [&str; 2] = ["sync", "joining"];

/// The line of a program that speaks HTTP.
#[derive(Default)]
pub struct HttpLine {
    calls: Arc<Calls>,
    worker: Mutex<Option<Worker>>,
    listens: OnceLock<()>,
}

struct Worker {
    stop: watch::Sender<bool>,
    thread: JoinHandle<()>,
}

impl HttpLine {
    /// A line that has nobody to speak to yet.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    fn worker(&self) -> std::sync::MutexGuard<'_, Option<Worker>> {
        self.worker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whatever is written here goes soon.
    fn listen(&self, app: &App) {
        self.listens.get_or_init(|| {
            let calls = Arc::downgrade(&self.calls);
            app.subscribe(move |event| {
                let Event::Changed { tags } = event else { return };
                let own = tags.iter().any(|tag| OWN_TAGS.contains(&tag.as_str()));
                let Some(calls) = calls.upgrade() else { return };
                if !own && !calls.telling.load(Ordering::Acquire) {
                    calls.changed.notify_one();
                }
            });
        });
    }
}

impl Drop for HttpLine {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Line for HttpLine {
    fn start(&self, app: &App) {
        self.stop();
        let Ok(books) = app.store() else { return };
        let centre = match books.read(store::centre) {
            Ok(Some(centre)) => centre,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(cause = ?error, "where the centre is cannot be read");
                return;
            }
        };
        self.listen(app);
        let (stop, mut stopped) = watch::channel(false);
        let (app, calls) = (app.clone(), Arc::clone(&self.calls));
        let work = move || {
            let run = std::panic::AssertUnwindSafe(|| {
                live(&app, &books, centre, &calls, &mut stopped);
            });
            if std::panic::catch_unwind(run).is_err() {
                tracing::error!("the line broke; it starts again with the program");
            }
        };
        match std::thread::Builder::new().name("line".to_owned()).spawn(work) {
            Ok(thread) => *self.worker() = Some(Worker { stop, thread }),
            Err(error) => tracing::error!(cause = ?error, "the line could not be started"),
        }
    }

    fn stop(&self) {
        let Some(Worker { stop, thread }) = self.worker().take() else { return };
        // It may have ended by itself.
        let _ = stop.send(true);
        if thread.thread().id() != std::thread::current().id() {
            let _ = thread.join();
        }
    }

    fn wake(&self) {
        self.calls.now.notify_one();
    }

    fn exchange(&self, app: &App, progress: &mut Progress<'_>) -> Result<()> {
        let books = app.store()?;
        let centre = books.read(store::centre)?.ok_or_else(no_centre)?;
        runtime()?.block_on(async {
            Ok(Driver::new(app, &books, &self.calls, centre)?.until_quiet(progress).await?)
        })
    }

    fn enrol(&self, at: &CentreAddress, asked: &EnrolRequest) -> Result<EnrolAnswer> {
        runtime()?.block_on(async { Ok(Http::new(at)?.enrol(asked).await?) })
    }

    fn snapshot(
        &self,
        wanted: &SnapshotWanted,
        origin: &Origin,
        sign: Sign<'_>,
        into: &Path,
        progress: &mut Progress<'_>,
    ) -> Result<()> {
        let introduced = &wanted.answer.introduction;
        let speaker = Speaker {
            company: introduced.company,
            origin: *origin,
            introductions: vec![introduced.clone()],
            sign,
        };
        let asked = SnapshotRequest { scopes: introduced.scopes.clone(), schema: wanted.schema };
        runtime()?.block_on(async {
            let http = Http::new(&wanted.address)?;
            http.keep(&wanted.answer.token, *origin);
            snapshot::fetch(&http, &speaker, &asked, into, progress).await?;
            Ok(())
        })
    }
}

fn no_centre() -> Error {
    lumbung_app::Refusal::new("no_centre", "This company has no centre yet.").into()
}

fn runtime() -> Result<Runtime> {
    Builder::new_current_thread().enable_all().build().map_err(|source| Error::Io {
        what: format!("the line could not be started: {source}"),
        source,
    })
}

/// Keeps the line until it is told to stop.
fn live(
    app: &App,
    books: &Arc<Store>,
    centre: Centre,
    calls: &Calls,
    stopped: &mut watch::Receiver<bool>,
) {
    let work = async {
        match Driver::new(app, books, calls, centre) {
            Ok(mut driver) => driver.live(stopped).await,
            Err(error) => tracing::error!(cause = ?error, "the centre's address cannot be used"),
        }
    };
    match runtime() {
        Ok(runtime) => until_done(&runtime, work),
        Err(error) => tracing::error!(cause = ?error, "the line"),
    }
}

fn until_done(runtime: &Runtime, work: impl Future<Output = ()>) {
    runtime.block_on(work);
}
