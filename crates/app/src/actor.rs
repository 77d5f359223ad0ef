//! Who acts: a person who has signed in, or the machine's administrator.
//!
//! **Invariant:** what somebody may do is asked here and nowhere else.

use lumbung_domain::ids::{BranchId, UserId};
use lumbung_domain::permission::{Branches, Grant, Grants, Limits};

use crate::error::{Result, refuse};

/// Who acts, and what they may do.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person; `None` for the machine's administrator on the command line.
    pub user_id: Option<UserId>,
    /// Their name as people know it.
    pub name: String,
    /// What they may do, where, up to which amounts.
    pub grants: Grants,
}

impl Actor {
    /// The machine's administrator.
    pub fn operator() -> Self {
        let patterns = vec!["*".parse().expect("the pattern that allows everything")];
        let limits = Limits::EVERYTHING;
        let grants = Grants(vec![Grant { patterns, branches: Branches::All, limits }]);
        Self { user_id: None, name: "operator".to_owned(), grants }
    }

    /// Whether they may do something in a branch.
    pub fn may(&self, need: &str, branch: BranchId) -> bool {
        self.grants.allows(need, Some(branch))
    }

    /// The person, where an act must be somebody's.
    pub fn person(&self) -> Result<UserId> {
        self.user_id.ok_or_else(|| {
            refuse("person_needed", "Somebody must sign in for this: give a user and a PIN.")
        })
    }
}
