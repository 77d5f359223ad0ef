//! What the centre does with the application beside calling its commands: it begins replicas,
//! hears that rows came from elsewhere, and seats people it has recognised itself.
//!
//! **Invariant:** nothing here goes round the door: who is seated here may do what their roles
//! allow and no more, and whatever changes the books is a commit like any other.

use lumbung_domain::ids::{BranchId, Id, TerminalId, UserId};
use lumbung_sync::{NewNode, Opened, Store, WriteCtx};
use serde_json::Value;

use crate::company::rows::TerminalRow;
use crate::error::{Error, Result, refuse};
use crate::users::{self, Seat};
use crate::{App, Event, company, finance};

/// Every feature: what came from elsewhere may be anything.
const EVERYTHING: &[&str] = &[
    "audit",
    "catalogue",
    "company",
    "customers",
    "exceptions",
    "finance",
    "imports",
    "inventory",
    "pos",
    "users",
];

impl App {
    /// Makes an empty replica of a company in an empty data folder. Its rows come from the log.
    pub fn begin_replica(&self, node: &NewNode) -> Result<()> {
        let store = Store::create(&self.store_config(), node)?;
        let report = store.report().clone();
        self.adopt(Opened { store, report });
        Ok(())
    }

    /// Hears that rows came from other nodes: what was kept of them is read again.
    pub fn rows_came(&self) {
        self.forget_standing();
        self.tell(&Event::changed(EVERYTHING));
    }

    /// Makes sure that the centre itself is one of the company's terminals, in its first branch,
    /// so that what it writes has a place. Answers whether the company is there at all.
    pub fn settle_centre(&self, series: &str) -> Result<bool> {
        let store = self.store()?;
        let terminal_id = TerminalId::from_bytes(store.info().terminal);
        let seen = store.read(|db| {
            let branch = first_branch(db)?;
            Ok::<_, Error>((branch, company::store::terminal(db, terminal_id)?.is_some()))
        })?;
        let branch_id = match seen {
            (None, _) => return Ok(false),
            (Some(_), true) => return Ok(true),
            (Some(branch_id), false) => branch_id,
        };
        let (now_ms, offset_min) = (self.now_ms(), self.offset_min());
        let ctx = WriteCtx {
            user: None,
            business_date: finance::local_date(now_ms, offset_min),
            offset_min,
            scope: 0,
            at_ms: now_ms,
            reason: None,
        };
        store.transact(&ctx, "centre.settle", |tx| {
            // Another process of the centre may have done it meanwhile.
            if company::store::terminal(tx.db(), terminal_id)?.is_none() {
                tx.create(&TerminalRow {
                    terminal_id,
                    branch_id,
                    series: series.to_owned(),
                    name: "Centre".to_owned(),
                    archived: false,
                })?;
            }
            Ok::<_, Error>(())
        })?;
        self.forget_standing();
        Ok(true)
    }

    /// Seats a person whom the caller has recognised. Answers as `users.me` does.
    pub fn sit(&self, seat: &str, person: [u8; 16]) -> Result<Value> {
        let user_id = UserId::from_bytes(person);
        if self.standing()?.actor(user_id).is_none() {
            return Err(refuse("signed_out", "This user may no longer sign in: ask the owner."));
        }
        self.seats(|seats| seats.insert(seat.to_owned(), Seat { user_id, locked: false }));
        let me = users::about(self, user_id)?;
        serde_json::to_value(me).map_err(|error| Error::Broken(error.to_string()))
    }

    /// Whether this person sits there.
    pub fn sits(&self, seat: &str, person: [u8; 16]) -> bool {
        let user_id = UserId::from_bytes(person);
        self.seats(|seats| seats.get(seat).is_some_and(|found| found.user_id == user_id))
    }

    /// Empties a seat.
    pub fn leave(&self, seat: &str) {
        self.seats(|seats| seats.remove(seat));
    }
}

fn first_branch(db: &rusqlite::Connection) -> Result<Option<BranchId>> {
    let mut branches = company::store::branches(db)?;
    branches.retain(|branch| !branch.archived);
    branches.sort_by_key(|branch| branch.scope_no);
    Ok(branches.first().map(|branch| branch.branch_id))
}
