//! Making a request: every chain with something to push or to prove, and the wish to read on.
//!
//! **Invariant:** what a request says of a chain begins with a base that this replica can prove to
//! itself, and its commits continue that base without a gap.

use crate::engine::{Chain, Engine, Replica};
use crate::protocol::{At, PROTO, Pull, PushChain, SyncRequest};

impl Engine {
    pub(super) fn ask<R: Replica>(
        &mut self,
        replica: &R,
        now_ms: i64,
    ) -> Result<SyncRequest, R::Error> {
        let me = replica.me()?;
        let chains = replica.chains()?;
        self.standings.retain(|origin, _| chains.iter().any(|chain| chain.origin == *origin));
        let (mut push, mut have) = (Vec::new(), Vec::new());
        let mut room = self.settings.push_bytes;
        for chain in &chains {
            let asked = self.ask_about(replica, chain, &mut room)?;
            let sent = asked.as_ref().map_or(0, |push| push.base.ctr + push.commits.len() as u64);
            let (from, to) = (chain.backed.ctr + 1, sent.max(chain.acked));
            if from <= to && !self.whole {
                have.push((chain.origin, from, to));
            }
            push.extend(asked);
        }
        self.count_waiting(replica)?;
        let pull = match self.fetching {
            Some(_) => None,
            None => {
                let limit = self.settings.pull_bytes;
                Some(Pull { cursors: replica.cursors()?, have, limit })
            }
        };
        Ok(SyncRequest {
            proto: PROTO,
            schema: me.schema,
            app: self.settings.app.clone(),
            company: me.company,
            origin: me.origin,
            now_ms,
            push,
            pull,
        })
    }

    /// What to say of a chain. The current one is always told of: the answer shows whether somebody
    /// else goes on as this terminal.
    fn ask_about<R: Replica>(
        &self,
        replica: &R,
        chain: &Chain,
        room: &mut usize,
    ) -> Result<Option<PushChain>, R::Error> {
        let standing = self.standings.get(&chain.origin).cloned().unwrap_or_default();
        let base = base(replica, chain, standing.apart)?;
        let is_behind = base.ctr < chain.last.ctr;
        if chain.closed && !is_behind && (standing.proven || chain.last.ctr == 0) {
            return Ok(None);
        }
        let commits = if is_behind && *room > 0 {
            replica.commits_after(&chain.origin, base.ctr, *room)?
        } else {
            Vec::new()
        };
        let size = |commit: &crate::protocol::Carried| commit.header.len() + commit.body.len();
        *room = room.saturating_sub(commits.iter().map(size).sum());
        let introductions =
            if standing.introduce { replica.introductions(&chain.origin)? } else { Vec::new() };
        Ok(Some(PushChain { origin: chain.origin, base, commits, introductions }))
    }
}

/// From where a chain is to be pushed: what the centre is believed to hold, or where this replica
/// has forgotten the hash of that, what the centre's backup is known to hold.
fn base<R: Replica>(replica: &R, chain: &Chain, apart: Option<At>) -> Result<At, R::Error> {
    if let Some(apart) = apart
        && replica.hash_at(&chain.origin, apart.ctr)? == Some(apart.hash)
    {
        return Ok(apart);
    }
    let ctr = chain.acked.min(chain.last.ctr);
    Ok(match replica.hash_at(&chain.origin, ctr)? {
        Some(hash) => At { ctr, hash },
        None => chain.backed,
    })
}
