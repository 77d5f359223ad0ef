//! What the centre's answer about a chain means.
//!
//! **Invariant:** a chain counts as held by the centre only up to a commit whose hash the centre
//! has named. Believing less than is true costs a repetition and is always safe.

use crate::commit::{Header, Origin};
use crate::engine::{Chain, Engine, Output, Replica, Turn};
use crate::guard::Doubt;
use crate::protocol::{At, PushChain, PushReply, SyncRequest, Verdict};

impl Engine {
    pub(super) fn replied<R: Replica>(
        &mut self,
        replica: &mut R,
        request: &SyncRequest,
        reply: &PushReply,
        turn: &mut Turn,
        rng: &mut impl FnMut() -> [u8; 16],
    ) -> Result<(), R::Error> {
        let origin = reply.origin;
        let Some(chain) = replica.chains()?.into_iter().find(|chain| chain.origin == origin) else {
            return Ok(());
        };
        let asked = request.push.iter().find(|push| push.origin == origin);
        if !turn.is_late {
            self.note_standing(&chain, asked, reply, turn);
        }
        match reply.verdict {
            Verdict::Ok | Verdict::Fork { .. } => self.held(replica, &chain, reply, turn)?,
            Verdict::Mismatch | Verdict::Gap if !turn.is_late => {
                self.missing(replica, &chain, reply, turn, rng)?;
            }
            Verdict::Mismatch | Verdict::Gap => {}
            Verdict::Unknown | Verdict::Revoked | Verdict::TooNew | Verdict::Refused => {}
        }
        if let Verdict::Fork { at } = reply.verdict
            && !turn.is_late
        {
            self.forked(replica, &chain, at, turn, rng)?;
        }
        let me = replica.me()?;
        let is_current = !turn.is_late && me.origin == origin;
        if is_current && reply.head.ctr > me.head.ctr {
            let doubt = Doubt::Older { found: me.head.ctr, expected: reply.head.ctr };
            self.rekey(replica, doubt, turn, rng)?;
        } else if let Some(series) = reply.series.as_ref().filter(|_| is_current) {
            replica.use_series(series)?;
        }
        let backed = reply.backed;
        if backed.ctr > chain.backed.ctr && holds(replica, &origin, backed)? {
            replica.note_backed(&origin, backed)?;
        }
        Ok(())
    }

    /// What is remembered of an answer whatever this replica holds.
    fn note_standing(
        &mut self,
        chain: &Chain,
        asked: Option<&PushChain>,
        reply: &PushReply,
        turn: &mut Turn,
    ) {
        let introduced = asked.is_some_and(|push| !push.introductions.is_empty());
        let standing = self.standings.entry(reply.origin).or_default();
        standing.verdict = Some(reply.verdict);
        standing.is_stranger = reply.verdict == Verdict::Unknown && introduced;
        standing.apart = match reply.verdict {
            Verdict::Revoked => asked.and_then(end_of).or(standing.apart),
            _ => None,
        };
        match reply.verdict {
            Verdict::Unknown => {
                standing.introduce = true;
                (turn.again, turn.setback) = (turn.again | !introduced, true);
                turn.stuck |= introduced;
            }
            Verdict::Revoked => {
                turn.stuck = true;
                turn.again |= standing.apart.is_some_and(|apart| apart.ctr < chain.last.ctr);
            }
            Verdict::TooNew | Verdict::Refused => turn.stuck = true,
            Verdict::Ok | Verdict::Fork { .. } | Verdict::Mismatch | Verdict::Gap => {
                standing.introduce = false;
            }
        }
    }

    /// Notes up to which the centre holds the same chain.
    fn held<R: Replica>(
        &mut self,
        replica: &mut R,
        chain: &Chain,
        reply: &PushReply,
        turn: &mut Turn,
    ) -> Result<(), R::Error> {
        let mut seen = None;
        for at in [reply.upto, reply.head] {
            if at.ctr <= chain.last.ctr && holds(replica, &chain.origin, at)? {
                seen = seen.max(Some(at.ctr));
            }
        }
        let Some(seen) = seen else { return Ok(()) };
        // A head below what was acknowledged: the centre has lost the end of the chain.
        if seen > chain.acked || (reply.head.ctr < chain.acked && !turn.is_late) {
            replica.note_acked(&chain.origin, seen)?;
            turn.again |= seen < chain.last.ctr;
        }
        let standing = self.standings.entry(chain.origin).or_default();
        standing.proven = reply.verdict == Verdict::Ok && seen == chain.last.ctr;
        Ok(())
    }

    /// The centre holds another commit at `at`: what is here from there on is written again under
    /// an origin of its own.
    fn forked<R: Replica>(
        &mut self,
        replica: &mut R,
        chain: &Chain,
        at: u64,
        turn: &mut Turn,
        rng: &mut impl FnMut() -> [u8; 16],
    ) -> Result<(), R::Error> {
        // An answer from before a restore, or told twice: that is not here (any more).
        if at == 0 || at > chain.last.ctr {
            return Ok(());
        }
        if !chain.closed {
            self.rekey(replica, Doubt::OtherHistory, turn, rng)?;
        }
        replica.reissue(&chain.origin, at)?;
        (turn.again, turn.setback) = (true, true);
        Ok(())
    }

    /// The centre does not hold what was taken as its base: go back to where both agree.
    fn missing<R: Replica>(
        &mut self,
        replica: &mut R,
        chain: &Chain,
        reply: &PushReply,
        turn: &mut Turn,
        rng: &mut impl FnMut() -> [u8; 16],
    ) -> Result<(), R::Error> {
        let (origin, head, denied) = (&chain.origin, reply.head, reply.upto);
        if denied.ctr != chain.acked && denied != chain.backed {
            // A base from while the origin was revoked: the next one is what was acknowledged.
            turn.again = true;
            return Ok(());
        }
        let is_behind = head.ctr < chain.acked && holds(replica, origin, head)?;
        let to = match (is_behind, chain.backed.ctr < chain.acked) {
            (true, _) => head.ctr,
            (false, true) => chain.backed.ctr,
            // It does not even hold what its backup had: from the start; it will say where.
            (false, false) => 0,
        };
        if to >= chain.acked {
            return Ok(());
        }
        let next = replica.commits_after(origin, to, 1)?;
        let next = next.first().and_then(|commit| Header::decode(&commit.header).ok());
        if next.is_none_or(|header| header.ctr != to + 1) {
            // What followed has left the journal, so this chain cannot be continued there.
            return self.forked(replica, chain, to + 1, turn, rng);
        }
        replica.note_acked(origin, to)?;
        (turn.again, turn.setback) = (true, true);
        Ok(())
    }

    /// Goes on as a new origin, which the centre has yet to hear of.
    pub(super) fn rekey<R: Replica>(
        &mut self,
        replica: &mut R,
        doubt: Doubt,
        turn: &mut Turn,
        rng: &mut impl FnMut() -> [u8; 16],
    ) -> Result<(), R::Error> {
        let old = replica.me()?.origin;
        let new = uuid::Builder::from_random_bytes(rng()).into_uuid().into_bytes();
        replica.rekey(doubt, new)?;
        self.standings.entry(new).or_default().introduce = true;
        self.out.push(Output::Rekeyed { old, new });
        turn.again = true;
        Ok(())
    }
}

/// Whether this replica holds the same commit there.
fn holds<R: Replica>(replica: &R, origin: &Origin, at: At) -> Result<bool, R::Error> {
    Ok(replica.hash_at(origin, at.ctr)? == Some(at.hash))
}

/// Where a pushed chain ends.
fn end_of(push: &PushChain) -> Option<At> {
    let last = push.commits.last()?;
    Some(At { ctr: push.base.ctr + push.commits.len() as u64, hash: last.hash() })
}
