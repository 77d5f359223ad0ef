//! One connection that writes, on a thread of its own, and connections that read beside it.
//!
//! Writes that wait for each other's disk are done in one transaction, each under a savepoint, and
//! are answered after it: a disk that takes four milliseconds does not limit a shop to 250 a
//! second.
//!
//! **Invariant:** a write that was answered is on the disk; one that failed has changed nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use crate::log::{LogError, Told};

/// Readers kept open between reads.
const READERS_KEPT: usize = 4;
/// Writes done in one transaction.
const TOGETHER_MAX: usize = 64;
const BUSY: Duration = Duration::from_secs(10);

type Job = Box<dyn FnOnce(&Connection) -> Done + Send>;
type Answer = Box<dyn FnOnce(Result<(), String>) + Send>;

/// A write that was tried, and who waits for its end.
struct Done {
    failed: bool,
    answer: Answer,
}

/// The connections of one file.
pub(super) struct Desk {
    path: PathBuf,
    jobs: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    readers: Arc<Mutex<Vec<Connection>>>,
}

/// A connection to the file.
pub(super) fn connect(path: &Path, reader: bool) -> Told<Connection> {
    let access = if reader {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(64);
    if !reader {
        conn.execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = off;",
        )?;
    }
    Ok(conn)
}

impl Desk {
    /// Takes a migrated file; `conn` becomes the one that writes.
    pub fn new(path: &Path, conn: Connection) -> Told<Desk> {
        let (jobs, todo) = channel();
        let thread = std::thread::Builder::new()
            .name("log-writer".to_owned())
            .spawn(move || work(&conn, &todo))
            .map_err(LogError::unavailable)?;
        Ok(Desk {
            path: path.to_path_buf(),
            jobs: Mutex::new(Some(jobs)),
            thread: Mutex::new(Some(thread)),
            readers: Arc::default(),
        })
    }

    /// Writes. The job is done even when nobody waits for it any more; `hold` is let go of once it
    /// is on the disk.
    pub async fn write<T, H>(
        &self,
        hold: H,
        job: impl FnOnce(&Connection) -> Told<T> + Send + 'static,
    ) -> Told<T>
    where
        T: Send + 'static,
        H: Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let answer = job(conn);
            let failed = answer.is_err();
            let answer: Answer = Box::new(move |end: Result<(), String>| {
                drop(hold);
                let answer = match end {
                    Ok(()) => answer,
                    Err(why) => answer.and(Err(LogError::unavailable(why))),
                };
                // Whoever asked may have gone.
                let _ = tell.send(answer);
            });
            Done { failed, answer }
        });
        let sent = {
            let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
            jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok())
        };
        if !sent {
            return Err(LogError::unavailable("the log is being closed"));
        }
        told.await.unwrap_or_else(|_| Err(LogError::unavailable("a write to the log broke off")))
    }

    /// Reads; everything `query` sees is of one moment.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Told<T> + Send + 'static,
    ) -> Told<T> {
        let readers = Arc::clone(&self.readers);
        let path = self.path.clone();
        let read = move || {
            let kept = readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let conn = match kept {
                Some(conn) => conn,
                None => connect(&path, true)?,
            };
            conn.prepare_cached("begin")?.execute([])?;
            let answer = query(&conn);
            conn.prepare_cached("rollback")?.execute([])?;
            let mut readers = readers.lock().unwrap_or_else(PoisonError::into_inner);
            if readers.len() < READERS_KEPT {
                readers.push(conn);
            }
            answer
        };
        let read = tokio::task::spawn_blocking(read).await;
        read.unwrap_or_else(|error| Err(LogError::unavailable(error)))
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // The readers go first: the last connection moves the write-ahead log into the file, and
        // only the one that writes can. The thread ends when nobody can send any more.
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.jobs.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread that writes the log had panicked");
        }
    }
}

fn work(conn: &Connection, todo: &Receiver<Job>) {
    while let Ok(first) = todo.recv() {
        let mut done = Vec::new();
        let end = together(conn, first, todo, &mut done);
        if end.is_err() && !conn.is_autocommit() {
            // What cannot be rolled back cannot be committed either; the next begin says so.
            let _ = conn.execute_batch("rollback");
        }
        let end = end.map_err(|error| error.to_string());
        for answer in done {
            answer(end.clone());
        }
    }
}

/// Does the first job and whatever else waits, and commits.
fn together(
    conn: &Connection,
    first: Job,
    todo: &Receiver<Job>,
    done: &mut Vec<Answer>,
) -> rusqlite::Result<()> {
    conn.prepare_cached("begin immediate")?.execute([])?;
    let mut next = Some(first);
    while let Some(job) = next {
        one(conn, job, done)?;
        next = if done.len() < TOGETHER_MAX { todo.try_recv().ok() } else { None };
    }
    conn.prepare_cached("commit")?.execute([])?;
    Ok(())
}

fn one(conn: &Connection, job: Job, done: &mut Vec<Answer>) -> rusqlite::Result<()> {
    conn.prepare_cached("savepoint one")?.execute([])?;
    let tried = catch_unwind(AssertUnwindSafe(|| job(conn)));
    if !tried.as_ref().is_ok_and(|tried| !tried.failed) {
        conn.prepare_cached("rollback to one")?.execute([])?;
    }
    conn.prepare_cached("release one")?.execute([])?;
    if let Ok(tried) = tried {
        done.push(tried.answer);
    }
    Ok(())
}
