//! The auditor: looks the books of every company over once its log has grown, and tells what needs
//! a person.
//!
//! **Invariant:** it comes after the fact and in nobody's way; what it finds twice it notes once.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Weak};
use std::time::Duration;

use lumbung_app::exceptions::{Audit, Report, Rule};
use lumbung_sync::Key;
use lumbung_sync::authority::OriginState;
use uuid::Uuid;

use crate::centre::Centre;
use crate::companies::blocking;
use crate::http::failure::{Answer, Refused};
use crate::log::{CommitLog, Known, LogError, OriginKind};

/// How often it is looked whether a log has grown.
pub const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often everything is read, and not only what changes often.
const THOROUGH_MS: i64 = 60 * 60 * 1_000;
/// A clock that is off by more than this is told of.
const CLOCK_OFF_MS: u64 = 2 * 60 * 1_000;
const MINUTE_MS: u64 = 60_000;

/// How far the books of every company were looked over.
#[derive(Default)]
pub struct Auditor(HashMap<Key, Looked>);

struct Looked {
    seq: u64,
    thorough_ms: i64,
}

/// Looks the books over for as long as the centre lives.
pub async fn watch<L: CommitLog>(centre: Weak<Centre<L>>) {
    let mut auditor = Auditor::default();
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(centre) = centre.upgrade() else { return };
        auditor.round(&centre).await;
    }
}

impl Auditor {
    /// Looks over the books of every company whose log has grown since the last round. What fails
    /// is tried again in the next one.
    pub async fn round<L: CommitLog>(&mut self, centre: &Centre<L>) {
        let companies = match centre.log.companies().await {
            Ok(companies) => companies,
            Err(error) => {
                tracing::warn!(cause = %error, "the log does not answer the auditor");
                return;
            }
        };
        for key in companies {
            if let Err(refused) = company(centre, &key, &mut self.0).await {
                let cause = refused.into_failure().message;
                tracing::warn!(cause, "the books were not audited");
            }
        }
    }
}

async fn company<L: CommitLog>(
    centre: &Centre<L>,
    key: &Key,
    looked: &mut HashMap<Key, Looked>,
) -> Answer<()> {
    let head = centre.log.head(key).await?;
    let (seq, thorough_ms) = looked.get(key).map_or((0, 0), |last| (last.seq, last.thorough_ms));
    if head.last_seq == seq {
        return Ok(());
    }
    let now_ms = centre.now_ms();
    let thorough = now_ms - thorough_ms >= THOROUGH_MS;
    let given =
        Audit { thorough, reports: reports(centre, key).await?, complete: vec![Rule::ClockOff] };
    let company = centre.companies.app(key).await?;
    company.fresh().await?;
    let replica = Arc::clone(&company.replica);
    // A company that was only just founded has no books yet.
    let run = move || match replica.app().standing() {
        Ok(_) => replica.app().audit_books(given).map(Some),
        Err(_) => Ok(None),
    };
    if blocking(run).await?.map_err(|error| Refused::from(error.failure()))?.is_some() {
        let seq = centre.log.head(key).await?.last_seq;
        let thorough_ms = if thorough { now_ms } else { thorough_ms };
        looked.insert(*key, Looked { seq, thorough_ms });
    }
    Ok(())
}

/// What the log knows and the books do not show.
async fn reports<L: CommitLog>(centre: &Centre<L>, key: &Key) -> Result<Vec<Report>, LogError> {
    let mut apart = HashMap::<[u8; 16], usize>::new();
    for kept in centre.log.quarantine(key).await? {
        *apart.entry(kept.origin).or_default() += 1;
    }
    let mut reports = Vec::new();
    let origins = centre.log.origins(key).await?;
    for known in origins.iter().filter(|known| known.kind != OriginKind::Server) {
        let origin = known.known.origin;
        reports.extend(clock_off(known));
        if known.introduction.by.is_some() {
            reports.push(report(Rule::Rekeyed, known, origin, "series", known.series.clone()));
        }
        if let Some(count) = apart.get(&origin) {
            reports.push(report(Rule::RevokedPush, known, origin, "count", count.to_string()));
        }
    }
    Ok(reports)
}

fn clock_off(known: &Known) -> Option<Report> {
    let seen = known.seen.as_ref()?;
    let off = seen.clock_off_ms.unsigned_abs();
    let is_off = known.known.state == OriginState::Active && off > CLOCK_OFF_MS;
    let minutes = (off / MINUTE_MS).to_string();
    is_off.then(|| report(Rule::ClockOff, known, known.terminal, "minutes", minutes))
}

/// A report about `subject`: an origin, so that each re-key is a case of its own, or a terminal.
fn report(rule: Rule, known: &Known, subject: Key, fact: &str, value: String) -> Report {
    Report {
        rule,
        subject: Uuid::from_bytes(subject),
        cause: Uuid::from_bytes(known.known.origin),
        name: known.series.clone(),
        facts: BTreeMap::from([(fact.to_owned(), value)]),
    }
}
