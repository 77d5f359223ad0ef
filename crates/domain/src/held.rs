//! Held tickets: put aside with a note, recalled at any till of the branch, expired by policy.
//!
//! **Invariant:** a held ticket ends once, by being recalled, discarded with a reason or expired;
//! it survives the close of a session and never disappears in silence.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::BusinessDate;
use crate::fact::{Facts, facts};
use crate::ids::BranchId;
use crate::session::check_reason;

/// The longest note on a held ticket.
pub const MAX_NOTE: usize = 200;

/// Where a held ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HeldState {
    /// It waits.
    Held,
    /// It was taken up again.
    Recalled,
    /// Somebody threw it away.
    Discarded,
    /// It waited too long.
    Expired,
}

/// What happens to a held ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HeldEvent {
    /// A cashier takes it up.
    Recall,
    /// Somebody throws it away.
    Discard,
    /// The policy ends it.
    Expire,
}

/// Why a held ticket does not do what is asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeldError {
    /// It was recalled.
    #[error("this ticket was recalled at another till")]
    AlreadyRecalled,
    /// It is gone.
    #[error("this ticket was discarded")]
    Discarded,
    /// It waited too long.
    #[error("this ticket waited too long and has expired")]
    Expired,
    /// It belongs to another branch.
    #[error("this ticket was put aside in another branch")]
    OtherBranch,
    /// A reason is missing.
    #[error("give a reason")]
    NeedsReason,
    /// The note is too long.
    #[error("a note has at most {limit} characters")]
    NoteTooLong {
        /// The limit.
        limit: usize,
    },
}

impl HeldError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyRecalled => "held_already_recalled",
            Self::Discarded => "held_discarded",
            Self::Expired => "held_expired",
            Self::OtherBranch => "held_other_branch",
            Self::NeedsReason => "needs_reason",
            Self::NoteTooLong { .. } => "held_note_too_long",
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::AlreadyRecalled
            | Self::Discarded
            | Self::Expired
            | Self::OtherBranch
            | Self::NeedsReason => Vec::new(),
            Self::NoteTooLong { limit } => facts![limit],
        }
    }
}

impl HeldState {
    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Recalled => "recalled",
            Self::Discarded => "discarded",
            Self::Expired => "expired",
        }
    }

    /// The state named by a word of [`HeldState::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Held, Self::Recalled, Self::Discarded, Self::Expired]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// The next state of a held ticket, or why the event is refused.
pub fn next(state: HeldState, event: HeldEvent) -> Result<HeldState, HeldError> {
    match (state, event) {
        (HeldState::Held, HeldEvent::Recall) => Ok(HeldState::Recalled),
        (HeldState::Held, HeldEvent::Discard) => Ok(HeldState::Discarded),
        (HeldState::Held, HeldEvent::Expire) => Ok(HeldState::Expired),
        (HeldState::Recalled, HeldEvent::Recall | HeldEvent::Discard | HeldEvent::Expire) => {
            Err(HeldError::AlreadyRecalled)
        }
        (HeldState::Discarded, HeldEvent::Recall | HeldEvent::Discard | HeldEvent::Expire) => {
            Err(HeldError::Discarded)
        }
        (HeldState::Expired, HeldEvent::Recall | HeldEvent::Discard | HeldEvent::Expire) => {
            Err(HeldError::Expired)
        }
    }
}

/// Checks that a ticket is recalled in its branch.
pub fn check_branch(held_in: BranchId, here: BranchId) -> Result<(), HeldError> {
    if held_in == here { Ok(()) } else { Err(HeldError::OtherBranch) }
}

/// Checks the note of a ticket that is put aside. An empty note is allowed.
pub fn check_note(note: &str) -> Result<(), HeldError> {
    if note.chars().count() > MAX_NOTE {
        return Err(HeldError::NoteTooLong { limit: MAX_NOTE });
    }
    Ok(())
}

/// Checks that a ticket is thrown away with a reason.
pub fn check_discard(reason: &str) -> Result<(), HeldError> {
    check_reason(reason).map_err(|_| HeldError::NeedsReason)
}

/// Whether a ticket put aside on this business date has waited too long. No limit is no days.
pub fn has_expired(held_on: BusinessDate, today: BusinessDate, days: Option<u32>) -> bool {
    days.is_some_and(|days| (today - held_on).num_days() > i64::from(days))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use uuid::Uuid;

    use super::HeldEvent::*;
    use super::HeldState::*;
    use super::*;

    #[test]
    fn a_held_ticket_ends_once() {
        for (state, event, expected) in [
            (Held, Recall, "recalled"),
            (Held, Discard, "discarded"),
            (Held, Expire, "expired"),
            (Recalled, Recall, "held_already_recalled"),
            (Recalled, Expire, "held_already_recalled"),
            (Discarded, Recall, "held_discarded"),
            (Expired, Recall, "held_expired"),
        ] {
            let found = match next(state, event) {
                Ok(state) => state.as_str(),
                Err(error) => error.code(),
            };
            assert_eq!(found, expected, "{state:?} {event:?}");
        }
        for state in [Held, Recalled, Discarded, super::HeldState::Expired] {
            assert_eq!(HeldState::parse(state.as_str()), Some(state));
        }
    }

    #[test]
    fn a_ticket_waits_as_long_as_the_policy_says() {
        let day = |text: &str| text.parse::<BusinessDate>().unwrap();
        let expired = |today, days| has_expired(day("2026-11-20"), day(today), days);
        assert!(!expired("2026-11-21", Some(1)));
        assert!(expired("2026-11-22", Some(1)));
        assert!(!expired("2036-11-22", None));
    }

    #[test]
    fn a_ticket_is_recalled_in_its_branch_and_discarded_with_a_reason() {
        let branch = |number| BranchId::new(Uuid::from_u128(number));
        assert_eq!(check_branch(branch(1), branch(1)), Ok(()));
        assert_eq!(check_branch(branch(1), branch(2)), Err(HeldError::OtherBranch));
        assert_eq!(check_discard("left the shop"), Ok(()));
        assert_eq!(check_discard(""), Err(HeldError::NeedsReason));
        assert!(check_note(&"x".repeat(MAX_NOTE + 1)).is_err());
    }
}
