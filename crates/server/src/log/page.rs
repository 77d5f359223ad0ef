//! Reading the log: whether the cursors are of this log, which entries make a page, and where the
//! reader stands after it.
//!
//! **Invariant:** a reader's cursor passes an entry only when the entry was in the page or has no
//! row in any scope it asked for.

use std::collections::{BTreeSet, HashMap};

use lumbung_sync::protocol::{Cursor, Entry, Page, Pull, PullReply};
use lumbung_sync::{Hash, Origin};

use super::types::{LogHead, LogPoint, Reader};

/// The most entries of one page: a terminal applies a page in one transaction.
pub(crate) const ENTRIES_MAX: usize = 500;

/// What a stub costs in a message.
const STUB_BYTES: usize = 72;

/// What is refused before anything is read.
pub(crate) fn refused(reader: &Reader, head: &LogHead, pull: &Pull) -> Option<PullReply> {
    if reader.schema < head.min_schema {
        return Some(PullReply::NeedUpgrade { min_schema: head.min_schema });
    }
    let scopes: BTreeSet<u32> = pull.cursors.iter().map(|cursor| cursor.scope).collect();
    let is_theirs = scopes.iter().all(|scope| reader.scopes.contains(scope));
    if scopes.is_empty() || scopes.len() != pull.cursors.len() || !is_theirs {
        return Some(PullReply::Nothing);
    }
    None
}

/// The places whose hash in the log must be known to prove the cursors.
pub(crate) fn places(pull: &Pull) -> BTreeSet<u64> {
    pull.cursors.iter().map(|cursor| cursor.seq).filter(|seq| *seq > 0).collect()
}

/// What the cursors are answered when they cannot be read on from.
pub(crate) fn doubted(
    head: &LogHead,
    pull: &Pull,
    hashes: &HashMap<u64, Hash>,
) -> Option<PullReply> {
    let is_held = |cursor: &Cursor| match cursor.seq {
        0 => cursor.witness == LogPoint::START.hash,
        seq => seq <= head.last_seq && hashes.get(&seq) == Some(&cursor.witness),
    };
    if !pull.cursors.iter().all(is_held) {
        return Some(PullReply::Diverged);
    }
    let is_kept = |cursor: &Cursor| cursor.seq.saturating_add(1) >= head.kept_from;
    (!pull.cursors.iter().all(is_kept)).then_some(PullReply::NeedSnapshot)
}

/// An entry as it stands in the log, without its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub seq: u64,
    pub stamp: u64,
    pub origin: Origin,
    pub ctr: u64,
    pub hash: Hash,
    pub log_hash: Hash,
    pub bytes: usize,
}

/// A page before the commits are read into it.
#[derive(Debug)]
pub(crate) struct Cut {
    page: Page,
    /// The entries whose bytes are to be read.
    pub wanted: Vec<u64>,
}

/// Cuts a page out of what was found: `found` is ascending, and holds one entry more than fits
/// where there is more.
pub(crate) fn cut(reader: &Reader, head: &LogHead, pull: &Pull, found: &[Found]) -> Cut {
    let limit = usize::try_from(pull.limit).map_or(reader.bytes_max, |l| l.min(reader.bytes_max));
    let has = |one: &Found| {
        pull.have
            .iter()
            .any(|(origin, from, to)| *origin == one.origin && (*from..=*to).contains(&one.ctr))
    };
    let (mut spent, mut entries, mut wanted) = (0_usize, Vec::new(), Vec::new());
    for one in found.iter().take(ENTRIES_MAX) {
        let is_stub = has(one);
        spent = spent.saturating_add(if is_stub { STUB_BYTES } else { one.bytes + STUB_BYTES });
        if spent > limit && !entries.is_empty() {
            break;
        }
        if !is_stub {
            wanted.push(one.seq);
        }
        let Found { seq, stamp, origin, ctr, hash, .. } = *one;
        entries.push(Entry { seq, stamp, origin, ctr, commit: None, hash });
    }
    let more = entries.len() < found.len();
    let end = match entries.len().checked_sub(1).filter(|_| more).and_then(|last| found.get(last)) {
        Some(last) => LogPoint { seq: last.seq, hash: last.log_hash },
        None => head.point(),
    };
    let after = |cursor: &Cursor| match cursor.seq >= end.seq {
        true => *cursor,
        false => Cursor { scope: cursor.scope, seq: end.seq, witness: end.hash },
    };
    let next = pull.cursors.iter().map(after).collect();
    Cut { page: Page { echo: pull.cursors.clone(), entries, next, more }, wanted }
}

impl Cut {
    /// The page with the commits that were read.
    pub fn filled(
        mut self,
        mut commits: HashMap<u64, lumbung_sync::protocol::Carried>,
    ) -> PullReply {
        for entry in &mut self.page.entries {
            entry.commit = commits.remove(&entry.seq);
        }
        PullReply::Page(self.page)
    }
}

#[cfg(test)]
mod tests {
    use lumbung_sync::NO_HASH;

    use super::*;

    fn head(last_seq: u64) -> LogHead {
        LogHead {
            log_id: [1; 16],
            centre: [2; 32],
            last_seq,
            log_hash: [99; 32],
            last_stamp: 0,
            backed_seq: 0,
            kept_from: 1,
            min_schema: 1,
            cur_schema: 1,
        }
    }

    fn found(seqs: &[u64]) -> Vec<Found> {
        let one = |seq: &u64| Found {
            seq: *seq,
            stamp: *seq,
            origin: [7; 16],
            ctr: *seq,
            hash: [*seq as u8; 32],
            log_hash: [*seq as u8; 32],
            bytes: 100,
        };
        seqs.iter().map(one).collect()
    }

    fn pull(cursors: &[(u32, u64)], limit: u32) -> Pull {
        let cursor = |(scope, seq): &(u32, u64)| Cursor {
            scope: *scope,
            seq: *seq,
            witness: if *seq == 0 { NO_HASH } else { [*seq as u8; 32] },
        };
        Pull { cursors: cursors.iter().map(cursor).collect(), have: vec![([7; 16], 2, 3)], limit }
    }

    fn reader() -> Reader {
        Reader { scopes: vec![0, 1, 2], schema: 1, bytes_max: 1_000_000 }
    }

    /// Seqs in the page, those with bytes, where each scope stands after it, and whether there is
    /// more.
    fn told(cursors: &[(u32, u64)], limit: u32, seqs: &[u64], last: u64) -> String {
        let cut = cut(&reader(), &head(last), &pull(cursors, limit), &found(seqs));
        let entries: Vec<_> = cut.page.entries.iter().map(|entry| entry.seq).collect();
        let next: Vec<_> = cut.page.next.iter().map(|next| (next.scope, next.seq)).collect();
        format!("{entries:?} {:?} {next:?} {}", cut.wanted, cut.page.more)
    }

    #[test]
    fn cursors_pass_what_was_filtered_out_and_never_what_was_cut_off() {
        for (cursors, limit, seqs, last, expected) in [
            (&[(0, 0)][..], 9_999, &[1, 4][..], 9, "[1, 4] [1, 4] [(0, 9)] false"),
            (&[(0, 0), (1, 6)], 9_999, &[], 9, "[] [] [(0, 9), (1, 9)] false"),
            (&[(0, 0)], 9_999, &[1, 2, 3, 4], 4, "[1, 2, 3, 4] [1, 4] [(0, 4)] false"),
            (&[(0, 0), (1, 8)], 200, &[1, 5, 9], 9, "[1] [1] [(0, 1), (1, 8)] true"),
            (&[(0, 0), (1, 3)], 400, &[1, 5, 9], 9, "[1, 5] [1, 5] [(0, 5), (1, 5)] true"),
            (&[(0, 0)], 1, &[1, 5], 9, "[1] [1] [(0, 1)] true"),
            (&[(0, 4)], 9_999, &[], 4, "[] [] [(0, 4)] false"),
        ] {
            assert_eq!(told(cursors, limit, seqs, last), expected, "{cursors:?} {limit}");
        }
    }

    #[test]
    fn a_cursor_of_another_log_is_told_so() {
        let hashes: HashMap<u64, Hash> = [(4, [4; 32])].into();
        for (cursors, answer) in [
            (&[(0, 4)][..], None),
            (&[(0, 0)], None),
            (&[(0, 4), (1, 5)], Some(PullReply::Diverged)),
            (&[(0, 77)], Some(PullReply::Diverged)),
        ] {
            assert_eq!(doubted(&head(9), &pull(cursors, 1), &hashes), answer, "{cursors:?}");
        }
        let mut wrong = pull(&[(0, 4)], 1);
        wrong.cursors[0].witness = [5; 32];
        assert_eq!(doubted(&head(9), &wrong, &hashes), Some(PullReply::Diverged));
        wrong.cursors[0] = Cursor { scope: 0, seq: 0, witness: [5; 32] };
        assert_eq!(doubted(&head(9), &wrong, &hashes), Some(PullReply::Diverged));
        let sealed = LogHead { kept_from: 6, ..head(9) };
        let asked = pull(&[(0, 4)], 1);
        assert_eq!(doubted(&sealed, &asked, &hashes), Some(PullReply::NeedSnapshot));
    }

    #[test]
    fn a_reader_gets_only_its_own_scopes() {
        let none = Some(PullReply::Nothing);
        let old = Some(PullReply::NeedUpgrade { min_schema: 1 });
        for (cursors, schema, answer) in [
            (&[(0, 0), (2, 0)][..], 1, None),
            (&[(0, 0), (3, 0)], 1, none.clone()),
            (&[(0, 0), (0, 0)], 1, none.clone()),
            (&[], 1, none),
            (&[(0, 0)], 0, old),
        ] {
            let reader = Reader { schema, ..reader() };
            assert_eq!(refused(&reader, &head(9), &pull(cursors, 1)), answer, "{cursors:?}");
        }
    }
}
