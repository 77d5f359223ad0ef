//! Taking away the defences that live in the engine: what it would compare is made equal before it
//! looks.
//!
//! **Invariant:** with no flaw switched on, a message passes unchanged.

use std::rc::Rc;

use lumbung_sync::NO_HASH;
use lumbung_sync::protocol::{At, PullReply, PushReply, SyncRequest, SyncResponse};

use crate::flaws::Flaws;
use crate::till::Till;

/// A request as a flawed terminal would have sent it.
pub fn request(flaws: &Flaws, request: Rc<SyncRequest>) -> Rc<SyncRequest> {
    if !flaws.no_base {
        return request;
    }
    let mut blind = (*request).clone();
    for chain in blind.push.iter_mut().filter(|chain| chain.commits.is_empty()) {
        chain.base = At { ctr: 0, hash: NO_HASH };
    }
    Rc::new(blind)
}

/// Makes an answer one that a flawed terminal takes.
pub fn answer(flaws: &Flaws, till: &Till, response: &mut SyncResponse) {
    response.push.iter_mut().for_each(|reply| about(flaws, till, reply));
    if let PullReply::Page(page) = &mut response.pull
        && flaws.no_echo
    {
        page.echo = till.cursors.values().copied().collect();
    }
}

fn about(flaws: &Flaws, till: &Till, reply: &mut PushReply) {
    let mine = |at: &mut At| at.hash = till.hash_at(&reply.origin, at.ctr).unwrap_or(at.hash);
    if flaws.ack_by_number {
        mine(&mut reply.upto);
        mine(&mut reply.head);
    }
    if flaws.backed_by_number {
        mine(&mut reply.backed);
    }
}
