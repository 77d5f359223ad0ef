//! What goes on beside the till: papers go to their printers, copies of the data are made, the
//! line to the centre is kept.
//!
//! **Invariant:** it only does what the data says is due, so it can be stopped at any moment; it
//! ends when its handle is dropped.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::Result;
use crate::{App, Event, backup, printing};

/// How often it is looked whether a copy of the data is due.
const BACKUP_LOOK: Duration = Duration::from_secs(60);

/// How long the printing thread rests when nothing waits.
const PRINT_REST: Duration = Duration::from_secs(30);

/// Wakes a thread, or ends it.
#[derive(Default)]
struct Bell {
    state: Mutex<BellState>,
    rung: Condvar,
}

#[derive(Default)]
struct BellState {
    wake: bool,
    stop: bool,
}

impl Bell {
    fn ring(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).wake = true;
        self.rung.notify_all();
    }

    fn stop(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).stop = true;
        self.rung.notify_all();
    }

    /// Waits until it is rung or the time is over; answers whether to go on.
    fn wait(&self, time: Duration) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut state, _) = self
            .rung
            .wait_timeout_while(state, time, |state| !state.wake && !state.stop)
            .unwrap_or_else(PoisonError::into_inner);
        state.wake = false;
        !state.stop
    }
}

/// The threads beside the till. Dropping it ends them.
pub struct Background {
    app: App,
    bells: Vec<Arc<Bell>>,
    threads: Vec<JoinHandle<()>>,
}

impl App {
    /// Starts what goes on beside the till: printing, copies of the data, the line to the centre.
    pub fn start_background(&self) -> Background {
        let mut background =
            Background { app: self.clone(), bells: Vec::new(), threads: Vec::new() };
        let printing = background.thread("printing", print);
        background.thread("backup", copy);
        self.start_line();
        let bell = Arc::downgrade(&printing);
        self.subscribe(move |event| {
            let Event::Changed { tags } = event else { return };
            let about_paper = tags.iter().any(|tag| tag == "printing" || tag == "start");
            if about_paper && let Some(bell) = bell.upgrade() {
                bell.ring();
            }
        });
        background
    }
}

impl Background {
    fn thread(&mut self, name: &'static str, round: fn(&App) -> Duration) -> Arc<Bell> {
        let bell = Arc::new(Bell::default());
        let (app, heard) = (self.app.clone(), Arc::clone(&bell));
        let work = move || {
            loop {
                // A round that panics has rolled back; the next one tries again.
                let rest = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| round(&app)));
                if !heard.wait(rest.unwrap_or(BACKUP_LOOK)) {
                    return;
                }
            }
        };
        match std::thread::Builder::new().name(name.to_owned()).spawn(work) {
            Ok(thread) => self.threads.push(thread),
            Err(error) => tracing::error!(cause = ?error, name, "a thread could not be started"),
        }
        self.bells.push(Arc::clone(&bell));
        bell
    }

    /// Ends the threads and makes the last copy of the data.
    pub fn finish(self) {
        let app = self.app.clone();
        drop(self);
        note("the last copy was not made", backup::at_exit(&app));
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.app.end_line();
        for bell in &self.bells {
            bell.stop();
        }
        for thread in self.threads.drain(..) {
            // A thread that panicked outside its round has nothing left to say.
            let _ = thread.join();
        }
    }
}

/// Prints what is due; answers how long to rest.
fn print(app: &App) -> Duration {
    if app.store().is_err() {
        return PRINT_REST;
    }
    let next = note("the print queue stopped", printing::run_queue(app)).flatten();
    let wait = next.map(|at| u64::try_from(at - app.now_ms()).unwrap_or(0));
    wait.map_or(PRINT_REST, |wait| PRINT_REST.min(Duration::from_millis(wait.max(50))))
}

/// Makes a copy of the data if one is due; answers how long to rest.
fn copy(app: &App) -> Duration {
    if app.standing().is_ok() {
        note("no copy of the data was made", backup::when_due(app));
    }
    BACKUP_LOOK
}

fn note<T>(what: &'static str, result: Result<T>) -> Option<T> {
    result.inspect_err(|error| tracing::error!(cause = ?error, what, "beside the till")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bell_wakes_once_and_a_stopped_one_ends_the_work() {
        let bell = Bell::default();
        bell.ring();
        assert!(bell.wait(Duration::from_secs(60)), "woken, not stopped");
        bell.stop();
        assert!(!bell.wait(Duration::from_secs(60)));
    }
}
