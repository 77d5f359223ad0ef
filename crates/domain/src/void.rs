//! Voids: taking a line off before it is paid, and a whole sale back in the session that made it.
//!
//! **Invariant:** a posted sale is never changed. A void is a document of its own that mirrors the
//! sale, and once something has come back only a return can take the rest back.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fact::{Facts, facts};
use crate::ids::SessionId;
use crate::num::{NumError, Qty};
use crate::session::check_reason;

/// Why nothing is made void.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VoidError {
    /// The sale was made in another session.
    #[error("this sale was made in another cash session; take the goods back as a return")]
    OtherSession,
    /// The sale is void already.
    #[error("this sale is void already")]
    AlreadyVoid,
    /// Something of it has come back.
    #[error("something of this sale has come back; take the rest back as a return")]
    PartlyReturned,
    /// The document is a return.
    #[error("only a sale can be made void, not a return")]
    NotASale,
    /// A reason is missing.
    #[error("give a reason")]
    NeedsReason,
    /// A manager has to approve.
    #[error("{done} lines were taken off in this session; a manager must approve more")]
    NeedsManager {
        /// How many have been taken off.
        done: u32,
    },
}

impl VoidError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherSession => "void_other_session",
            Self::AlreadyVoid => "already_void",
            Self::PartlyReturned => "void_partly_returned",
            Self::NotASale => "void_not_a_sale",
            Self::NeedsReason => "needs_reason",
            Self::NeedsManager { .. } => "void_needs_manager",
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::OtherSession
            | Self::AlreadyVoid
            | Self::PartlyReturned
            | Self::NotASale
            | Self::NeedsReason => Vec::new(),
            Self::NeedsManager { done } => facts![done],
        }
    }
}

/// What is known about a sale that is to be made void.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoidFacts<'a> {
    /// The session that made the sale.
    pub sold_in: SessionId,
    /// The open session.
    pub session: SessionId,
    /// Whether it is a sale and not a return.
    pub is_sale: bool,
    /// Whether it is void already.
    pub is_void: bool,
    /// Whether something of it has come back.
    pub has_returns: bool,
    /// Why it is made void.
    pub reason: &'a str,
}

/// Checks the void of a whole sale.
pub fn check_void(facts: &VoidFacts<'_>) -> Result<(), VoidError> {
    let rules = [
        (facts.is_sale, VoidError::NotASale),
        (!facts.is_void, VoidError::AlreadyVoid),
        (!facts.has_returns, VoidError::PartlyReturned),
        (facts.sold_in == facts.session, VoidError::OtherSession),
        (check_reason(facts.reason).is_ok(), VoidError::NeedsReason),
    ];
    let broken = rules.into_iter().find(|(holds, _)| !holds);
    broken.map_or(Ok(()), |(_, error)| Err(error))
}

/// When taking a line off needs a manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LineVoidPolicy {
    /// How many lines a cashier takes off in one session without asking.
    pub free: u32,
}

impl Default for LineVoidPolicy {
    fn default() -> Self {
        Self { free: 10 }
    }
}

/// What a line lost when its quantity changed, in base units; none when it stayed or grew.
pub fn taken_off(before: Qty, after: Qty) -> Result<Option<Qty>, NumError> {
    let gone = before.minus(after)?;
    Ok(gone.is_positive().then_some(gone))
}

/// Checks taking one more line off before payment.
pub fn check_line_void(done: u32, policy: LineVoidPolicy, approved: bool) -> Result<(), VoidError> {
    if done >= policy.free && !approved {
        return Err(VoidError::NeedsManager { done });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_sale_is_made_void_in_its_own_session_only() {
        let session = |number| SessionId::new(Uuid::from_u128(number));
        let good = VoidFacts {
            sold_in: session(1),
            session: session(1),
            is_sale: true,
            is_void: false,
            has_returns: false,
            reason: "wrong customer",
        };
        let code = |facts| check_void(&facts).map_err(|error| error.code());
        assert_eq!(code(good), Ok(()));
        for (facts, expected) in [
            (VoidFacts { session: session(2), ..good }, "void_other_session"),
            (VoidFacts { is_void: true, ..good }, "already_void"),
            (VoidFacts { has_returns: true, ..good }, "void_partly_returned"),
            (VoidFacts { is_sale: false, ..good }, "void_not_a_sale"),
            (VoidFacts { reason: " ", ..good }, "needs_reason"),
        ] {
            assert_eq!(code(facts), Err(expected));
        }
    }

    #[test]
    fn less_of_a_line_is_a_void_of_the_difference() {
        let gone = |before, after| taken_off(Qty::of(before), Qty::of(after));
        assert_eq!(gone(3_000_000, 1_000_000), Ok(Some(Qty::of(2_000_000))));
        assert_eq!(gone(24_000_000, 500_000), Ok(Some(Qty::of(23_500_000))));
        assert_eq!(gone(1_000_000, 1_000_000), Ok(None));
        assert_eq!(gone(1_000_000, 24_000_000), Ok(None));
    }

    #[test]
    fn a_cashier_who_takes_many_lines_off_is_asked_about_it() {
        let policy = LineVoidPolicy { free: 2 };
        assert_eq!(check_line_void(1, policy, false), Ok(()));
        assert_eq!(check_line_void(2, policy, false), Err(VoidError::NeedsManager { done: 2 }));
        assert_eq!(check_line_void(2, policy, true), Ok(()));
    }
}
