//! From proved commits to rows of the log: numbers, stamps, hashes, replies.
//!
//! **Invariant:** nothing in here reads or writes; the logs do, in between.

use lumbung_sync::authority::{self, KnownOrigin};
use lumbung_sync::protocol::{At, PushReply, Verdict};
use lumbung_sync::{Hash, NO_HASH, Origin};

use super::check::Proven;
use super::types::{Appended, Known, LogHead};

/// Before the first commit of an origin.
pub(crate) const START: At = At { ctr: 0, hash: NO_HASH };

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
    commits: impl IntoIterator<Item = Proven>,
    now_ms: i64,
) -> Vec<Row> {
    let rows = commits.into_iter().map(|proven| {
        let stamp = authority::merge_stamp(proven.hlc, now_ms, head.last_stamp);
        let log_hash = authority::log_hash(&head.log_hash, &proven.link.hash, stamp);
        head.last_seq += 1;
        head.last_stamp = head.last_stamp.max(stamp);
        head.log_hash = log_hash;
        let at = Appended { origin, ctr: proven.link.ctr, seq: head.last_seq, stamp, log_hash };
        Row { at, hash: proven.link.hash, proven }
    });
    rows.collect()
}

/// The reply to a chain of an origin nobody has introduced.
pub(crate) fn unknown(origin: Origin) -> PushReply {
    let verdict = Verdict::Unknown;
    PushReply { origin, verdict, upto: START, head: START, backed: START, series: None }
}

/// The reply to a chain of a known origin.
pub(crate) fn reply(known: &Known, verdict: Verdict, upto: At, head: At) -> PushReply {
    let KnownOrigin { origin, backed, .. } = known.known;
    PushReply { origin, verdict, upto, head, backed, series: known.changed_series() }
}
