//! From pushed chains to rows of the log: what is proved before the lock, judged under it, then
//! numbered, stamped and hashed.
//!
//! **Invariant:** nothing in here reads or writes; the logs do, in between.

use std::collections::{HashMap, HashSet};

use lumbung_sync::authority::{self, KnownOrigin, OriginState};
use lumbung_sync::protocol::{At, Carried, Introduction, PushChain, PushReply, Verdict};
use lumbung_sync::{Hash, Header, Key, NO_HASH, Origin};

use super::LogError;
use super::check::{Checked, Limits, Proven, Terms, check, must_pass};
use super::types::{Appended, Known, LogHead, LogPoint, OriginKind, Pushed, Scopes, Writer};

/// Before the first commit of an origin.
pub(crate) const START: At = At { ctr: 0, hash: NO_HASH };

/// A chain after everything that could be proved without a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Intake {
    /// There is nothing to do for it.
    Answered(PushReply),
    /// It is to be judged.
    Open(OpenChain),
}

/// Proved commits of an origin that was known a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenChain {
    pub origin: Origin,
    pub base: At,
    pub commits: Vec<Proven>,
    pub too_new: bool,
}

impl OpenChain {
    /// The counters of the commits that judging will ask the log for; none where the chain simply
    /// goes on.
    pub fn held_range(&self, head: At) -> Option<(u64, u64)> {
        let is_plain = self.base == head || self.base.ctr > head.ctr;
        let end = self.base.ctr.saturating_add(self.commits.len() as u64);
        (!is_plain).then(|| (self.base.ctr, end.min(head.ctr)))
    }
}

/// The origins of chains that are to be judged.
pub(crate) fn named(intake: &[Intake]) -> impl Iterator<Item = Origin> + '_ {
    intake.iter().filter_map(|one| match one {
        Intake::Open(chain) => Some(chain.origin),
        Intake::Answered(_) => None,
    })
}

/// Proves the chains of a request. Takes processor time: not to be called where others wait.
pub(crate) fn intake(
    company: &Key,
    cur_schema: u32,
    writer: &Writer,
    chains: Vec<PushChain>,
    known: &HashMap<Origin, Known>,
) -> Vec<Intake> {
    let mut met = HashSet::new();
    let prove = |(place, chain): (usize, PushChain)| {
        let Some(known) = known.get(&chain.origin) else {
            return Intake::Answered(unknown(chain.origin));
        };
        let is_twice = !met.insert(chain.origin);
        let is_other = writer.terminal.is_some_and(|terminal| terminal != known.terminal);
        let is_ours = known.kind == OriginKind::Server;
        if is_twice || is_other || is_ours || place >= writer.limits.chains {
            return Intake::Answered(refused(known, chain.base, "it is not this terminal's"));
        }
        let terms = terms(company, cur_schema, known);
        let (origin, base) = (chain.origin, chain.base);
        match check(&terms, &writer.limits, chain) {
            Checked::Refused(why) => Intake::Answered(refused(known, base, why)),
            Checked::Good { commits, too_new } => {
                Intake::Open(OpenChain { origin, base, commits, too_new })
            }
        }
    };
    chains.into_iter().enumerate().map(prove).collect()
}

/// What commits of an origin must hold to.
fn terms(company: &Key, cur_schema: u32, known: &Known) -> Terms {
    let mut scopes = known.known.scopes.clone();
    scopes.extend_from_slice(&known.past_scopes);
    Terms {
        company: *company,
        origin: known.known.origin,
        pubkey: known.known.pubkey,
        scopes,
        schema: cur_schema,
    }
}

/// What is to be written for a chain, and answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settled {
    pub reply: PushReply,
    /// To be appended.
    pub take: Vec<Proven>,
    /// To be kept apart.
    pub keep_apart: Vec<Proven>,
}

/// Judges a chain of an origin as it stands under the lock. `held` tells the commits that the log
/// holds of [`OpenChain::held_range`].
pub(crate) fn settle(chain: OpenChain, known: &Known, held: &HashMap<u64, Hash>) -> Settled {
    let head = known.known.head;
    let holds = |ctr: u64| if ctr == head.ctr { Some(head.hash) } else { held.get(&ctr).copied() };
    if known.known.state == OriginState::Revoked {
        let keep_apart = chain.commits.into_iter();
        let keep_apart = keep_apart.filter(|one| holds(one.link.ctr) != Some(one.link.hash));
        return Settled {
            reply: reply(known, Verdict::Revoked, chain.base, head),
            take: Vec::new(),
            keep_apart: keep_apart.collect(),
        };
    }
    let links: Vec<_> = chain.commits.iter().map(|one| one.link).collect();
    let judged = authority::judge(head, chain.base, &links, |ctr| {
        Ok::<_, std::convert::Infallible>(holds(ctr))
    });
    let Ok(judged) = judged;
    let verdict = match judged.verdict {
        Verdict::Ok if chain.too_new => Verdict::TooNew,
        verdict => verdict,
    };
    let mut take = chain.commits;
    take.truncate(judged.take.end);
    take.drain(..judged.take.start);
    let end = take.last().map_or(head, |one| At { ctr: one.link.ctr, hash: one.link.hash });
    Settled { reply: reply(known, verdict, judged.upto, end), take, keep_apart: Vec::new() }
}

/// Which of these still fit into quarantine, where an origin has `kept` bytes already.
pub(crate) fn within(limits: &Limits, mut kept: u64, commits: Vec<Proven>) -> Vec<Proven> {
    let fits = |one: &Proven| {
        kept = kept.saturating_add(one.bytes as u64);
        kept <= limits.quarantine
    };
    commits.into_iter().take_while(fits).collect()
}

/// A row of the log to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub at: Appended,
    pub hash: Hash,
    pub proven: Proven,
}

/// Numbers and stamps commits at the end of the log, which moves on.
pub(crate) fn number(
    head: &mut LogHead,
    origin: Origin,
    commits: Vec<Proven>,
    now_ms: i64,
) -> Vec<Row> {
    let row = |proven: Proven| {
        let stamp = authority::merge_stamp(proven.hlc, now_ms, head.last_stamp);
        let log_hash = authority::log_hash(&head.log_hash, &proven.link.hash, stamp);
        head.last_seq += 1;
        head.last_stamp = head.last_stamp.max(stamp);
        head.log_hash = log_hash;
        let at = Appended { origin, ctr: proven.link.ctr, seq: head.last_seq, stamp, log_hash };
        Row { at, hash: proven.link.hash, proven }
    };
    commits.into_iter().map(row).collect()
}

/// The reply to a chain of an origin nobody has introduced.
pub(crate) fn unknown(origin: Origin) -> PushReply {
    let verdict = Verdict::Unknown;
    PushReply { origin, verdict, upto: START, head: START, backed: START, series: None }
}

/// The reply to a chain of a known origin.
fn reply(known: &Known, verdict: Verdict, upto: At, head: At) -> PushReply {
    let KnownOrigin { origin, backed, .. } = known.known;
    PushReply { origin, verdict, upto, head, backed, series: known.changed_series() }
}

/// The reply to a chain that is not taken; why goes to the operator only.
pub(crate) fn refused(known: &Known, base: At, why: &'static str) -> PushReply {
    tracing::warn!(origin = %uuid::Uuid::from_bytes(known.known.origin), why, "a push is refused");
    reply(known, Verdict::Refused, base, known.known.head)
}

/// The standing of an origin as the tables keep it.
pub(crate) fn state_number(state: OriginState) -> i16 {
    match state {
        OriginState::Active => 0,
        OriginState::Closed => 1,
        OriginState::Revoked => 2,
    }
}

/// The standing that the tables keep as this.
pub(crate) fn state_of(number: i64) -> Result<OriginState, LogError> {
    match number {
        0 => Ok(OriginState::Active),
        1 => Ok(OriginState::Closed),
        2 => Ok(OriginState::Revoked),
        other => Err(LogError::damaged(format!("an origin has the state {other}"))),
    }
}

/// Who writes as an origin, as the tables keep it.
pub(crate) fn kind_number(kind: OriginKind) -> i16 {
    match kind {
        OriginKind::Terminal => 0,
        OriginKind::Server => 1,
    }
}

/// Who writes as an origin that the tables keep as this.
pub(crate) fn kind_of(number: i64) -> Result<OriginKind, LogError> {
    match number {
        0 => Ok(OriginKind::Terminal),
        1 => Ok(OriginKind::Server),
        other => Err(LogError::damaged(format!("an origin is of the kind {other}"))),
    }
}

/// Proves commits that must continue the chain of `known`.
pub(crate) fn proved_next(
    company: &Key,
    cur_schema: u32,
    known: &Known,
    commits: Vec<Carried>,
) -> Result<Vec<Proven>, LogError> {
    let KnownOrigin { origin, head, .. } = known.known;
    if let Some(first) = commits.first() {
        let header = Header::decode(&first.header)
            .map_err(|_| LogError::BadCommit { detail: "its header cannot be read" })?;
        if Some(header.ctr) != head.ctr.checked_add(1) || header.prev != head.hash {
            return Err(LogError::NotNext { head: head.ctr });
        }
    }
    let chain = PushChain { origin, base: head, commits, introductions: Vec::new() };
    must_pass(&terms(company, cur_schema, known), chain)
}

/// [`intake`] where it keeps nobody waiting.
pub(crate) async fn intake_aside(
    company: Key,
    cur_schema: u32,
    writer: Writer,
    chains: Vec<PushChain>,
    known: HashMap<Origin, Known>,
) -> Result<Vec<Intake>, LogError> {
    if chains.iter().all(|chain| chain.commits.is_empty()) {
        return Ok(intake(&company, cur_schema, &writer, chains, &known));
    }
    let prove = move || intake(&company, cur_schema, &writer, chains, &known);
    tokio::task::spawn_blocking(prove).await.map_err(LogError::unavailable)
}

/// The replies where there is nothing to judge.
pub(crate) fn answered(intake: Vec<Intake>) -> Pushed {
    let reply = |one| match one {
        Intake::Answered(reply) => Some(reply),
        Intake::Open(_) => None,
    };
    Pushed { replies: intake.into_iter().filter_map(reply).collect(), appended_to: None }
}

/// Introductions of one chain that are looked at.
const INTRODUCTIONS_MAX: usize = 64;

/// The introductions of a chain that are looked at, oldest first.
pub(crate) fn useful(introductions: &[Introduction]) -> Vec<Introduction> {
    introductions.iter().take(INTRODUCTIONS_MAX).cloned().collect()
}

/// An introduction in a push that is not valid leaves the origin unknown; the operator is told.
pub(crate) fn tolerate(introduced: Result<Known, LogError>) -> Result<Option<Known>, LogError> {
    match introduced {
        Ok(known) => Ok(Some(known)),
        Err(error @ (LogError::BadIntroduction { .. } | LogError::UnknownOrigin)) => {
            tracing::warn!(%error, "an introduction is refused");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Points, the newest first.
pub(crate) fn newest_first(points: &[LogPoint]) -> Vec<LogPoint> {
    let mut points: Vec<_> = points.iter().copied().take(CHECKPOINTS_MAX).collect();
    points.sort_unstable_by(|a, b| b.cmp(a));
    points
}

/// Points that are looked up for one question.
const CHECKPOINTS_MAX: usize = 1_024;

/// What an origin may have written and does not read once it has these scopes.
pub(crate) fn past_scopes(known: &Known, now: &Scopes) -> Scopes {
    let ever = known.known.scopes.iter().chain(&known.past_scopes).copied();
    Scopes::new(ever.filter(|scope| !now.as_slice().contains(scope)))
}
