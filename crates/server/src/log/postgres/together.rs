//! Pushes to one company that wait for each other anyway are appended in one transaction.
//!
//! While one is on its way to the disk the others gather; the next one takes them all along. Nobody
//! waits longer for it, and a company takes many times more pushes than its disk can sync.
//!
//! **Invariant:** a push is answered after the transaction that has it; an origin is in a
//! transaction once.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use deadpool_postgres::Pool;
use lumbung_sync::Key;
use tokio::sync::oneshot::{Sender, channel};

use super::write;
use crate::log::plan::{self, Intake};
use crate::log::types::{Pushed, Writer};
use crate::log::{LogError, Told};

/// Pushes in one transaction.
const TOGETHER_MAX: usize = 64;
/// Commits in one transaction, unless a single push has more.
const COMMITS_MAX: usize = 5_000;

/// A push that waits.
struct Waiting {
    writer: Writer,
    intake: Vec<Intake>,
    tell: Sender<Told<Pushed>>,
}

impl Waiting {
    fn commits(&self) -> usize {
        let of = |one: &Intake| match one {
            Intake::Open(chain) => chain.commits.len(),
            Intake::Answered(_) => 0,
        };
        self.intake.iter().map(of).sum()
    }
}

/// The pushes to one company.
#[derive(Default)]
struct Lane {
    turn: Arc<tokio::sync::Mutex<()>>,
    waiting: Mutex<Vec<Waiting>>,
}

impl Lane {
    /// Those that go together next.
    fn next(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut origins, mut commits, mut next) = (HashSet::new(), 0, Vec::new());
        let mut left = Vec::new();
        for one in waiting.drain(..) {
            let is_new = plan::named(&one.intake).all(|origin| !origins.contains(&origin));
            let fits = next.is_empty()
                || next.len() < TOGETHER_MAX && commits + one.commits() <= COMMITS_MAX;
            // What one of them left for later keeps its place before what came after it.
            origins.extend(plan::named(&one.intake));
            if is_new && fits {
                commits += one.commits();
                next.push(one);
            } else {
                left.push(one);
            }
        }
        *waiting = left;
        next
    }
}

/// The pushes to every company.
#[derive(Clone, Default)]
pub(super) struct Together {
    lanes: Arc<Mutex<HashMap<Key, Arc<Lane>>>>,
}

impl Together {
    fn lane(&self, company: &Key) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lanes.entry(*company).or_default())
    }

    /// Pushes, alone or with others. What was begun is finished even when nobody waits for it.
    pub async fn push(
        &self,
        pool: &Pool,
        company: Key,
        writer: Writer,
        intake: Vec<Intake>,
    ) -> Told<Pushed> {
        let lane = self.lane(&company);
        let (tell, mut told) = channel();
        {
            let mut waiting = lane.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.push(Waiting { writer, intake, tell });
        }
        loop {
            let turn = tokio::select! {
                biased;
                told = &mut told => return told.unwrap_or_else(|_| Err(broken_off())),
                turn = Arc::clone(&lane.turn).lock_owned() => turn,
            };
            let (pool, next) = (pool.clone(), lane.next());
            let work = tokio::spawn(async move {
                append(&pool, &company, next).await;
                drop(turn);
            });
            if work.await.is_err() {
                return Err(broken_off());
            }
        }
    }
}

fn broken_off() -> LogError {
    LogError::unavailable("a push broke off")
}

/// Appends, and tells everybody.
async fn append(pool: &Pool, company: &Key, waiting: Vec<Waiting>) {
    let (mut pushes, mut tells) = (Vec::new(), Vec::new());
    for one in waiting {
        pushes.push((one.writer, one.intake));
        tells.push(one.tell);
    }
    let answers = match pool.get().await {
        _ if pushes.is_empty() => return,
        Ok(mut client) => write::push(&mut client, company, pushes).await,
        Err(error) => Err(error.into()),
    };
    // Whoever waited may have gone.
    match answers {
        Ok(answers) => {
            for (tell, answer) in tells.into_iter().zip(answers) {
                let _ = tell.send(Ok(answer));
            }
        }
        Err(error) => {
            let said = error.to_string();
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "pushes could not be appended"
            );
            for tell in tells {
                let _ = tell.send(Err(LogError::unavailable(said.clone())));
            }
        }
    }
}
