//! Long work: it reports how far it is, can be cancelled, and keeps its result until asked for.
//!
//! **Invariant:** a job that is cancelled or fails has changed nothing that it does not report.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lumbung_domain::ids::JobId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::door::{Nothing, Task};
use crate::error::{Error, Failure, Result, not_found};
use crate::{App, Event};

/// Finished jobs that are remembered.
const KEPT: usize = 50;

/// How often a screen is told of progress.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Working.
    Running,
    /// Finished; the result is there.
    Done,
    /// Stopped by a failure.
    Failed,
    /// Stopped by a person.
    Cancelled,
}

/// A job as a screen shows it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct JobStatus {
    /// The job.
    pub job_id: JobId,
    /// What kind of work: the command that started it.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// Steps done.
    pub done: u64,
    /// Steps in all, where known.
    pub total: Option<u64>,
    /// What it is doing.
    pub note: String,
    /// Its result, when done.
    #[ts(type = "unknown")]
    pub result: Option<Value>,
    /// Why it failed.
    pub failure: Option<Failure>,
}

struct Job {
    status: JobStatus,
    cancel: Arc<AtomicBool>,
}

/// All jobs of this process.
#[derive(Default)]
pub struct Jobs {
    all: Mutex<BTreeMap<JobId, Job>>,
}

/// Hears how far work is: steps done, steps in all, what it is doing.
type Listen<'a> = Box<dyn FnMut(u64, Option<u64>, &str) + 'a>;

/// A job's way to say how far it is.
pub struct Progress<'a> {
    app: Option<(&'a App, JobId)>,
    cancel: Arc<AtomicBool>,
    told: Instant,
    listen: Option<Listen<'a>>,
}

impl<'a> Progress<'a> {
    /// Progress that nobody watches.
    pub fn silent() -> Self {
        Self { app: None, cancel: Arc::default(), told: Instant::now(), listen: None }
    }

    /// Progress that a function hears, for the command line.
    pub fn heard_by(listen: impl FnMut(u64, Option<u64>, &str) + 'a) -> Self {
        Self { listen: Some(Box::new(listen)), ..Self::silent() }
    }

    /// The same, and a flag that stops the work.
    pub fn cancelled_by(
        cancel: Arc<AtomicBool>,
        listen: impl FnMut(u64, Option<u64>, &str) + 'a,
    ) -> Self {
        Self { cancel, ..Self::heard_by(listen) }
    }

    /// Says how far the work is; fails with [`Error::Cancelled`] once a person stopped it.
    pub fn at(&mut self, done: u64, total: Option<u64>, note: &str) -> Result<()> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(Error::Cancelled);
        }
        if self.told.elapsed() < TELL_EVERY && Some(done) != total {
            return Ok(());
        }
        self.told = Instant::now();
        if let Some(listen) = &mut self.listen {
            listen(done, total, note);
        }
        if let Some((app, job_id)) = self.app {
            app.update_job(job_id, |status| {
                status.done = done;
                status.total = total;
                note.clone_into(&mut status.note);
            });
        }
        Ok(())
    }

    /// Whether a person stopped the work.
    pub fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

impl App {
    /// Starts work on a thread of its own and answers with its id.
    pub(crate) fn start_job<R: Serialize>(
        &self,
        kind: &str,
        work: impl FnOnce(&App, &mut Progress<'_>) -> Result<R> + Send + 'static,
    ) -> JobId {
        let job_id = JobId::new(uuid::Uuid::now_v7());
        let cancel = Arc::new(AtomicBool::new(false));
        let status = JobStatus {
            job_id,
            kind: kind.to_owned(),
            state: JobState::Running,
            done: 0,
            total: None,
            note: String::new(),
            result: None,
            failure: None,
        };
        {
            let mut all = self.jobs().all.lock().unwrap_or_else(PoisonError::into_inner);
            while all.len() >= KEPT {
                let finished = all.iter().find(|(_, job)| job.status.state != JobState::Running);
                let Some(oldest) = finished.map(|(id, _)| *id) else { break };
                all.remove(&oldest);
            }
            all.insert(job_id, Job { status, cancel: Arc::clone(&cancel) });
        }
        let app = self.clone();
        std::thread::spawn(move || {
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                let mut progress = Progress {
                    app: Some((&app, job_id)),
                    cancel,
                    told: Instant::now(),
                    listen: None,
                };
                work(&app, &mut progress).and_then(|result| {
                    serde_json::to_value(result).map_err(|e| Error::Broken(e.to_string()))
                })
            }));
            let result = result.unwrap_or_else(|_| Err(Error::Broken("a job panicked".to_owned())));
            let currency = app.standing().ok().map(|standing| standing.currency);
            app.update_job(job_id, |status| match result {
                Ok(value) => {
                    status.state = JobState::Done;
                    status.result = Some(value);
                }
                Err(error) => {
                    let cancelled = matches!(error, Error::Cancelled);
                    status.state = if cancelled { JobState::Cancelled } else { JobState::Failed };
                    status.failure = Some(error.failure_in(currency));
                }
            });
        });
        job_id
    }

    fn update_job(&self, job_id: JobId, change: impl FnOnce(&mut JobStatus)) {
        let status = {
            let mut all = self.jobs().all.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(job) = all.get_mut(&job_id) else { return };
            change(&mut job.status);
            job.status.clone()
        };
        self.tell(&Event::Progress { job: status });
    }
}

/// Names a job.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JobRef {
    /// The job.
    pub job_id: JobId,
}

/// `job.status`: where a job stands.
pub fn status(task: Task, job: JobRef) -> Result<JobStatus> {
    let all = task.app.jobs().all.lock().unwrap_or_else(PoisonError::into_inner);
    all.get(&job.job_id).map(|job| job.status.clone()).ok_or_else(|| not_found("The job"))
}

/// `job.cancel`: asks a job to stop; it stops at its next step.
pub fn cancel(task: Task, job: JobRef) -> Result<Nothing> {
    let all = task.app.jobs().all.lock().unwrap_or_else(PoisonError::into_inner);
    let job = all.get(&job.job_id).ok_or_else(|| not_found("The job"))?;
    job.cancel.store(true, Ordering::Relaxed);
    Ok(Nothing {})
}
