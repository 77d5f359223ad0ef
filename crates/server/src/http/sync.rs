//! One exchange of a terminal: what it pushes is taken, what it wants to read is given.
//!
//! **Invariant:** a terminal reads the scopes it was given and no other, whatever it asks for, and
//! speaks for its own company and terminal alone.

use axum::extract::State;
use lumbung_sync::access::{
    CheckpointsAnswer, CheckpointsRequest, EnrolAnswer, EnrolRequest, ReconcileAnswer,
    ReconcileRequest, TokenAnswer, TokenRequest,
};
use lumbung_sync::authority::OriginState;
use lumbung_sync::protocol::{PROTO, PullReply, PushReply, SyncRequest, SyncResponse, Verdict};

use super::authority::{Company, Device, Peer};
use super::failure::{Answer, Refused};
use super::message::Message;
use crate::centre::Shared;
use crate::enrol;
use crate::log::{CommitLog, Known, Limits, LogPoint, Reader, Seen, Writer};
use crate::metrics::Counter;

/// The most bytes of commits in one page.
const PAGE_MAX: usize = 4 * 1024 * 1024;
/// The longest name of a program that is kept.
const APP_MAX: usize = 80;
/// The most points that a terminal may ask about at once.
const POINTS_MAX: usize = 256;

/// `POST /s/{company}/sync`
pub async fn sync<L: CommitLog>(
    State(centre): State<Shared<L>>,
    device: Device,
    Message(request): Message<SyncRequest>,
) -> Answer<Message<SyncResponse>> {
    if request.proto > PROTO {
        return Err(Refused::malformed("This centre is older than the terminal: update it first."));
    }
    if request.company != device.company || request.origin != device.origin {
        tracing::warn!("a terminal spoke for another company or origin");
        return Err(Refused::no_authority());
    }
    let known = known(&centre, device).await?;
    let now_ms = centre.now_ms();
    note_seen(&centre, device, &known, &request, now_ms).await?;
    let mut push = Vec::new();
    if !request.push.is_empty() {
        let limits = Limits::default();
        let writer = Writer { terminal: Some(known.terminal), now_ms, limits };
        let bases: Vec<u64> = request.push.iter().map(|chain| chain.base.ctr).collect();
        let pushed = centre.log.push(&device.company, &writer, request.push).await?;
        count(&centre, &bases, &pushed.replies);
        if let Some(seq) = pushed.appended_to {
            centre.companies.appended(device.company, seq);
        }
        push = pushed.replies;
    }
    let mut pull = PullReply::Nothing;
    if let Some(asked) = request.pull.filter(|_| known.known.state != OriginState::Revoked) {
        let scopes = known.known.scopes.clone();
        let reader = Reader { scopes, schema: request.schema, bytes_max: PAGE_MAX };
        pull = centre.log.pull(&device.company, &reader, &asked).await?;
        if let PullReply::Page(page) = &pull {
            centre.metrics.add(Counter::Pulled, "", page.entries.len() as u64);
        }
    }
    let head = centre.log.head(&device.company).await?;
    Ok(Message(SyncResponse {
        proto: PROTO,
        now_ms,
        min_schema: head.min_schema,
        cur_schema: head.cur_schema,
        push,
        pull,
    }))
}

/// The origin of a token, which was introduced before it could get one.
async fn known<L: CommitLog>(centre: &Shared<L>, device: Device) -> Answer<Known> {
    let known = centre.log.origin(&device.company, &device.origin).await?;
    // A centre that was put back may not know it any more: its next token needs introductions.
    known.ok_or_else(Refused::no_authority)
}

/// The origin of a token, where it may read.
pub async fn reader<L: CommitLog>(centre: &Shared<L>, device: Device) -> Answer<Known> {
    let known = known(centre, device).await?;
    if known.known.state == OriginState::Revoked {
        return Err(Refused::forbidden("This terminal was shut out. Ask head office."));
    }
    Ok(known)
}

async fn note_seen<L: CommitLog>(
    centre: &Shared<L>,
    device: Device,
    known: &Known,
    request: &SyncRequest,
    now_ms: i64,
) -> Answer<()> {
    let seen = Seen {
        schema: request.schema,
        app: request.app.chars().filter(|c| !c.is_control()).take(APP_MAX).collect(),
        clock_off_ms: request.now_ms.saturating_sub(now_ms),
        at_ms: now_ms,
    };
    if centre.companies.worth_noting(known, &seen) {
        centre.log.seen(&device.company, &device.origin, &seen).await?;
    }
    Ok(())
}

fn count<L: CommitLog>(centre: &Shared<L>, bases: &[u64], replies: &[PushReply]) {
    for (base, reply) in bases.iter().zip(replies) {
        let verdict = match reply.verdict {
            Verdict::Ok => "ok",
            Verdict::Mismatch => "mismatch",
            Verdict::Fork { .. } => "fork",
            Verdict::Gap => "gap",
            Verdict::Revoked => "revoked",
            Verdict::TooNew => "too_new",
            Verdict::Unknown => "unknown",
            Verdict::Refused => "refused",
        };
        centre.metrics.add(Counter::Verdicts, verdict, 1);
        let taken = reply.upto.ctr.saturating_sub(*base);
        centre.metrics.add(Counter::Pushed, "", taken);
        if matches!(reply.verdict, Verdict::Refused | Verdict::Revoked | Verdict::Fork { .. }) {
            let origin = uuid::Uuid::from_bytes(reply.origin);
            tracing::warn!(%origin, verdict, "a pushed chain was not taken");
        }
    }
}

/// `POST /s/{company}/checkpoints`
pub async fn checkpoints<L: CommitLog>(
    State(centre): State<Shared<L>>,
    device: Device,
    Message(request): Message<CheckpointsRequest>,
) -> Answer<Message<CheckpointsAnswer>> {
    reader(&centre, device).await?;
    let points = request.points.iter().take(POINTS_MAX);
    let points: Vec<LogPoint> =
        points.map(|(seq, hash)| LogPoint { seq: *seq, hash: *hash }).collect();
    let best = centre.log.best_checkpoint(&device.company, &points).await?;
    Ok(Message(CheckpointsAnswer { best: best.map(|point| (point.seq, point.hash)) }))
}

/// `POST /s/{company}/reconcile`
pub async fn reconcile<L: CommitLog>(
    State(centre): State<Shared<L>>,
    device: Device,
    Message(request): Message<ReconcileRequest>,
) -> Answer<Message<ReconcileAnswer>> {
    let known = reader(&centre, device).await?;
    if request.terminal != known.terminal {
        return Err(Refused::forbidden("A terminal asks about its own receipts."));
    }
    let company = centre.companies.app(&device.company).await?;
    company.reconcile(&centre, &request).await.map(Message)
}

/// `POST /enrol`
pub async fn enrol<L: CommitLog>(
    State(centre): State<Shared<L>>,
    Peer(from): Peer,
    Message(request): Message<EnrolRequest>,
) -> Answer<Message<EnrolAnswer>> {
    attempt(&centre, from)?;
    let answer = enrol::enrol(&centre, &request).await;
    if let Err(refused) = &answer {
        centre.metrics.add(Counter::Refused, "enrol", 1);
        tracing::warn!(%from, status = refused.status().as_u16(), "an enrolment was refused");
    }
    answer.map(Message)
}

/// `POST /s/{company}/token`
pub async fn token<L: CommitLog>(
    State(centre): State<Shared<L>>,
    Peer(from): Peer,
    Company(company): Company,
    Message(request): Message<TokenRequest>,
) -> Answer<Message<TokenAnswer>> {
    let answer = enrol::give_token(&centre, &company, &request).await;
    if answer.is_err() {
        attempt(&centre, from)?;
        centre.metrics.add(Counter::Refused, "token", 1);
        tracing::warn!(%from, "a token was refused");
    }
    answer.map(Message)
}

/// Counts an attempt to get in.
pub fn attempt<L: CommitLog>(centre: &Shared<L>, from: std::net::IpAddr) -> Answer<()> {
    centre.attempt(from).map_err(|seconds| {
        centre.metrics.add(Counter::Refused, "attempts", 1);
        tracing::warn!(%from, "too many attempts to get in");
        Refused::too_often(seconds)
    })
}
