//! What the centre's answer to the wish to read on means.
//!
//! **Invariant:** a page is applied only whole, and only to the cursors it was asked for.

use crate::engine::{Engine, Link, Output, Replica, Turn};
use crate::guard::Doubt;
use crate::protocol::{Page, PullReply};

impl Engine {
    pub(super) fn pulled<R: Replica>(
        &mut self,
        replica: &mut R,
        reply: &PullReply,
        turn: &mut Turn,
        rng: &mut impl FnMut() -> [u8; 16],
    ) -> Result<(), R::Error> {
        match reply {
            PullReply::Page(page) => self.page(replica, page, turn, rng),
            PullReply::Diverged => self.fetch(replica, Link::Diverged),
            PullReply::NeedSnapshot => self.fetch(replica, Link::CatchingUp),
            PullReply::NeedUpgrade { .. } => {
                turn.stuck = true;
                Ok(())
            }
            PullReply::Nothing => Ok(()),
        }
    }

    fn page<R: Replica>(
        &mut self,
        replica: &mut R,
        page: &Page,
        turn: &mut Turn,
        rng: &mut impl FnMut() -> [u8; 16],
    ) -> Result<(), R::Error> {
        let applied = replica.apply(page)?;
        if applied.lacking {
            // A twin made the commit, or the journal has let go of it since the question.
            (turn.again, turn.setback) = (true, self.whole);
            self.whole = true;
        }
        if !applied.taken {
            return Ok(());
        }
        self.whole = false;
        turn.again |= page.more;
        if applied.ahead {
            self.rekey(replica, Doubt::OtherHistory, turn, rng)?;
        }
        Ok(())
    }

    fn fetch<R: Replica>(&mut self, replica: &R, why: Link) -> Result<(), R::Error> {
        // An answer that was told twice does not fetch twice.
        if self.fetching.replace(why).is_none() {
            let scopes = replica.cursors()?.iter().map(|cursor| cursor.scope).collect();
            self.out.push(Output::FetchSnapshot { scopes });
        }
        Ok(())
    }
}
