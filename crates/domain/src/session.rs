//! A cash session: from the counted float to the blind count, and what the drawer should hold.
//!
//! **Invariant:** what the drawer should hold is not shown before the count is committed, and a
//! committed count is never changed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::BusinessDate;
use crate::fact::{Facts, facts};
use crate::num::{Currency, Money, NumError};

/// The most pieces of one denomination in one count.
pub const MAX_PIECES: u32 = 100_000;
/// The fewest characters of a reason.
pub const MIN_REASON: usize = 3;
/// How many days the business date may differ from the clock without a manager.
pub const DATE_TOLERANCE_DAYS: i64 = 1;

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// Open: the till sells.
    Open,
    /// The drawer is being counted: nothing is sold, and what should be in it is hidden.
    Counting,
    /// The count is committed; the difference is known and waits for its reason.
    Counted,
    /// Closed and numbered.
    Closed,
}

/// What happens to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SessionEvent {
    /// The cashier begins to count.
    BeginCount,
    /// The cashier goes on selling before committing a count.
    ResumeSelling,
    /// The cashier commits the count.
    CommitCount,
    /// The session is closed.
    Close,
}

impl SessionState {
    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Counting => "counting",
            Self::Counted => "counted",
            Self::Closed => "closed",
        }
    }

    /// The state named by a word of [`SessionState::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Counting, Self::Counted, Self::Closed]
            .into_iter()
            .find(|state| state.as_str() == word)
    }

    /// Whether what should be in the drawer may be shown.
    pub const fn shows_expected(self) -> bool {
        matches!(self, Self::Counted | Self::Closed)
    }
}

/// Why a session does not do what is asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// The till is not open for selling.
    #[error("open a cash session first")]
    NotOpen,
    /// The drawer is being counted.
    #[error("the drawer is being counted; finish or cancel the count first")]
    Counting,
    /// The count has not begun.
    #[error("count the drawer first")]
    NotCounting,
    /// The count is committed.
    #[error("the count is committed and cannot be changed; close the session")]
    AlreadyCounted,
    /// The session is closed.
    #[error("this cash session is closed; open a new one")]
    Closed,
    /// A piece of money which does not exist.
    #[error("there is no note or coin of {denomination}")]
    UnknownDenomination {
        /// The value of the piece.
        denomination: Money,
        /// The currency.
        currency: Currency,
    },
    /// The same denomination was counted twice.
    #[error("{denomination} is in the count twice")]
    DuplicateDenomination {
        /// The value of the piece.
        denomination: Money,
    },
    /// Too many pieces.
    #[error("{pieces} pieces of {denomination} are more than a drawer holds")]
    TooManyPieces {
        /// The value of the piece.
        denomination: Money,
        /// How many were entered.
        pieces: u32,
    },
    /// A reason is missing.
    #[error("give a reason")]
    NeedsReason,
    /// A supervisor has to see the difference.
    #[error("the drawer is {difference} off, more than {threshold}; a supervisor must confirm")]
    NeedsSupervisor {
        /// Counted less expected.
        difference: Money,
        /// The most a cashier closes alone.
        threshold: Money,
    },
    /// The amount of a cash movement is not above zero.
    #[error("enter an amount above zero")]
    BadAmount,
    /// There is not so much cash. The amount there is stays hidden: the count is blind.
    #[error("there is not that much cash in the drawer")]
    NotEnoughCash,
    /// The business date lies before the last one.
    #[error("the last session here was on {last}; a session cannot be opened for {date}")]
    DateBeforeLast {
        /// The date asked for.
        date: BusinessDate,
        /// The date of the last session.
        last: BusinessDate,
    },
    /// The business date is far from the clock.
    #[error("{date} is far from today, {today}; a manager must confirm, or set the clock right")]
    DateFarFromClock {
        /// The date asked for.
        date: BusinessDate,
        /// What the clock says.
        today: BusinessDate,
    },
    /// A number does not fit.
    #[error(transparent)]
    Number(#[from] NumError),
}

impl SessionError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOpen => "session_not_open",
            Self::Counting => "session_counting",
            Self::NotCounting => "session_not_counting",
            Self::AlreadyCounted => "session_already_counted",
            Self::Closed => "session_closed",
            Self::UnknownDenomination { .. } => "unknown_denomination",
            Self::DuplicateDenomination { .. } => "duplicate_denomination",
            Self::TooManyPieces { .. } => "too_many_pieces",
            Self::NeedsReason => "needs_reason",
            Self::NeedsSupervisor { .. } => "needs_supervisor",
            Self::BadAmount => "bad_cash_amount",
            Self::NotEnoughCash => "not_enough_cash",
            Self::DateBeforeLast { .. } => "date_before_last",
            Self::DateFarFromClock { .. } => "date_far_from_clock",
            Self::Number(number) => number.code(),
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::NotOpen
            | Self::Counting
            | Self::NotCounting
            | Self::AlreadyCounted
            | Self::Closed
            | Self::NeedsReason
            | Self::BadAmount
            | Self::NotEnoughCash => Vec::new(),
            Self::UnknownDenomination { denomination, currency } => facts![denomination, currency],
            Self::DuplicateDenomination { denomination } => facts![denomination],
            Self::TooManyPieces { denomination, pieces } => facts![denomination, pieces],
            Self::NeedsSupervisor { difference, threshold } => facts![difference, threshold],
            Self::DateBeforeLast { date, last } => facts![date, last],
            Self::DateFarFromClock { date, today } => facts![date, today],
            Self::Number(number) => number.facts(),
        }
    }
}

/// The next state of a session, or why the event is refused.
pub fn next(state: SessionState, event: SessionEvent) -> Result<SessionState, SessionError> {
    use SessionEvent as E;
    use SessionState as S;
    match (state, event) {
        (S::Open, E::BeginCount) => Ok(S::Counting),
        (S::Open, E::ResumeSelling) => Ok(S::Open),
        (S::Open, E::CommitCount) => Err(SessionError::NotCounting),
        (S::Open, E::Close) => Err(SessionError::NotCounting),
        (S::Counting, E::BeginCount) => Ok(S::Counting),
        (S::Counting, E::ResumeSelling) => Ok(S::Open),
        (S::Counting, E::CommitCount) => Ok(S::Counted),
        (S::Counting, E::Close) => Err(SessionError::Counting),
        (S::Counted, E::BeginCount | E::ResumeSelling | E::CommitCount) => {
            Err(SessionError::AlreadyCounted)
        }
        (S::Counted, E::Close) => Ok(S::Closed),
        (S::Closed, E::BeginCount | E::ResumeSelling | E::CommitCount | E::Close) => {
            Err(SessionError::Closed)
        }
    }
}

/// Refuses to sell, return or move cash unless the session is open.
pub fn check_open(state: Option<SessionState>) -> Result<(), SessionError> {
    match state {
        Some(SessionState::Open) => Ok(()),
        Some(SessionState::Counting) => Err(SessionError::Counting),
        Some(SessionState::Counted) => Err(SessionError::AlreadyCounted),
        Some(SessionState::Closed) => Err(SessionError::Closed),
        None => Err(SessionError::NotOpen),
    }
}

/// Checks the business date of a new session against the last one here and the clock.
pub fn check_business_date(
    date: BusinessDate,
    today: BusinessDate,
    last: Option<BusinessDate>,
    approved: bool,
) -> Result<(), SessionError> {
    if let Some(last) = last.filter(|last| date < *last) {
        return Err(SessionError::DateBeforeLast { date, last });
    }
    let far = (date - today).num_days().abs() > DATE_TOLERANCE_DAYS;
    if far && !approved {
        return Err(SessionError::DateFarFromClock { date, today });
    }
    Ok(())
}

/// Money moved into or out of the drawer outside a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CashMovementKind {
    /// Put in, such as change fetched from the bank.
    CashIn,
    /// Paid out, such as petty cash.
    CashOut,
    /// Taken to the safe.
    Drop,
}

impl CashMovementKind {
    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CashIn => "cash_in",
            Self::CashOut => "cash_out",
            Self::Drop => "drop",
        }
    }

    /// The kind named by a word of [`CashMovementKind::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::CashIn, Self::CashOut, Self::Drop].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The sums that decide what a drawer should hold. All are above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Drawer {
    /// The counted float.
    pub opening: Money,
    /// Cash taken for sales, less change.
    pub sales: Money,
    /// Cash taken for what customers owed, less change.
    pub debts: Money,
    /// Cash given back for returns and voids.
    pub refunds: Money,
    /// Cash put in.
    pub cash_in: Money,
    /// Cash paid out.
    pub cash_out: Money,
    /// Cash taken to the safe.
    pub drops: Money,
}

impl Drawer {
    /// What the drawer should hold.
    pub fn expected(&self) -> Result<Money, NumError> {
        let into = Money::sum([self.opening, self.sales, self.debts, self.cash_in])?;
        into.minus(Money::sum([self.refunds, self.cash_out, self.drops])?)
    }
}

/// Checks a cash movement: above zero, with a reason, and no more out than there is.
pub fn check_cash_movement(
    kind: CashMovementKind,
    amount: Money,
    reason: &str,
    drawer: &Drawer,
) -> Result<(), SessionError> {
    if !amount.is_positive() {
        return Err(SessionError::BadAmount);
    }
    check_reason(reason)?;
    let goes_out = match kind {
        CashMovementKind::CashIn => false,
        CashMovementKind::CashOut | CashMovementKind::Drop => true,
    };
    if goes_out && amount > drawer.expected()? {
        return Err(SessionError::NotEnoughCash);
    }
    Ok(())
}

/// Refuses an empty reason.
pub fn check_reason(reason: &str) -> Result<(), SessionError> {
    if reason.trim().chars().count() < MIN_REASON {
        return Err(SessionError::NeedsReason);
    }
    Ok(())
}

/// How many pieces of one denomination lie in the drawer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CountLine {
    /// The value of one piece.
    pub denomination: Money,
    /// How many.
    pub pieces: u32,
}

/// What a count comes to. Where the pieces of a currency are known, others are refused.
pub fn count_total(lines: &[CountLine], currency: Currency) -> Result<Money, SessionError> {
    let known = denominations(currency);
    let mut seen: Vec<Money> = Vec::with_capacity(lines.len());
    let mut sum = Money::ZERO;
    for line in lines {
        let (denomination, pieces) = (line.denomination, line.pieces);
        let exists = known.is_empty() || known.contains(&denomination.get());
        if !exists || !denomination.is_positive() {
            return Err(SessionError::UnknownDenomination { denomination, currency });
        }
        if seen.contains(&denomination) {
            return Err(SessionError::DuplicateDenomination { denomination });
        }
        seen.push(denomination);
        if pieces > MAX_PIECES {
            return Err(SessionError::TooManyPieces { denomination, pieces });
        }
        sum = sum.plus(Money::fit(i128::from(denomination.get()) * i128::from(pieces))?)?;
    }
    Ok(sum)
}

/// Counted less expected: above zero is over, below zero is short.
pub fn over_short(expected: Money, counted: Money) -> Result<Money, NumError> {
    counted.minus(expected)
}

/// Checks that a difference may be closed: it has a reason, and a supervisor has seen it when it
/// is above the threshold.
pub fn check_over_short(
    difference: Money,
    reason: &str,
    threshold: Money,
    supervisor: bool,
) -> Result<(), SessionError> {
    if difference.is_zero() {
        return Ok(());
    }
    check_reason(reason)?;
    if difference.abs() > threshold && !supervisor {
        return Err(SessionError::NeedsSupervisor { difference, threshold });
    }
    Ok(())
}

/// The notes and coins in use, in minor units, the largest first. Empty when not known.
pub fn denominations(currency: Currency) -> &'static [i64] {
    match currency {
        Currency::IDR => &[100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50],
        Currency::INR => &[50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50],
        Currency::KES => {
            &[100_000, 50_000, 20_000, 10_000, 5_000, 4_000, 2_000, 1_000, 500, 100, 50]
        }
        Currency::UGX => &[50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50],
        Currency::GBP => &[5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
        Currency::EUR => {
            &[50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1]
        }
        Currency::USD => &[10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 25, 10, 5, 1],
        _ => &[],
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::SessionEvent::*;
    use super::SessionState::*;
    use super::*;

    #[test]
    fn a_session_is_counted_blind_and_closed_once() {
        for (state, event, expected) in [
            (Open, BeginCount, "counting"),
            (Open, ResumeSelling, "open"),
            (Open, CommitCount, "session_not_counting"),
            (Open, Close, "session_not_counting"),
            (Counting, BeginCount, "counting"),
            (Counting, ResumeSelling, "open"),
            (Counting, CommitCount, "counted"),
            (Counting, Close, "session_counting"),
            (Counted, BeginCount, "session_already_counted"),
            (Counted, ResumeSelling, "session_already_counted"),
            (Counted, CommitCount, "session_already_counted"),
            (Counted, Close, "closed"),
            (Closed, BeginCount, "session_closed"),
            (Closed, ResumeSelling, "session_closed"),
            (Closed, CommitCount, "session_closed"),
            (Closed, Close, "session_closed"),
        ] {
            let found = match next(state, event) {
                Ok(state) => state.as_str(),
                Err(error) => error.code(),
            };
            assert_eq!(found, expected, "{state:?} {event:?}");
        }
    }

    #[test]
    fn what_should_be_in_the_drawer_is_hidden_until_the_count_is_committed() {
        let shown = [Open, Counting, Counted, super::SessionState::Closed];
        assert_eq!(shown.map(SessionState::shows_expected), [false, false, true, true]);
    }

    #[test]
    fn nothing_is_sold_without_an_open_session() {
        let code = |state| check_open(state).map_err(|error| error.code());
        assert_eq!(code(Some(Open)), Ok(()));
        assert_eq!(code(None), Err("session_not_open"));
        assert_eq!(code(Some(Counting)), Err("session_counting"));
        assert_eq!(code(Some(Counted)), Err("session_already_counted"));
        assert_eq!(code(Some(super::SessionState::Closed)), Err("session_closed"));
    }

    #[test]
    fn a_drawer_holds_what_came_in_less_what_went_out() {
        let drawer = Drawer {
            opening: Money::of(200_000),
            sales: Money::of(1_400_000),
            debts: Money::of(100_000),
            refunds: Money::of(50_000),
            cash_in: Money::of(100_000),
            cash_out: Money::of(25_000),
            drops: Money::of(1_000_000),
        };
        assert_eq!(drawer.expected(), Ok(Money::of(725_000)));
        let move_cash = |kind, amount, reason| {
            check_cash_movement(kind, Money::of(amount), reason, &drawer)
                .map_err(|error| error.to_string())
        };
        use CashMovementKind::{CashIn, CashOut, Drop};
        assert_eq!(move_cash(Drop, 725_000, "to the safe"), Ok(()));
        assert_eq!(
            move_cash(Drop, 725_001, "to the safe"),
            Err("there is not that much cash in the drawer".to_owned())
        );
        assert_eq!(move_cash(CashOut, 5_000, "  "), Err("give a reason".to_owned()));
        assert_eq!(move_cash(CashIn, 0, "change"), Err("enter an amount above zero".to_owned()));
        assert_eq!(move_cash(CashIn, 9_000_000, "change"), Ok(()));
    }

    #[test]
    fn a_count_is_the_sum_of_real_pieces() {
        let count = |lines: &[(i64, u32)]| {
            let lines: Vec<CountLine> = lines
                .iter()
                .map(|&(of, pieces)| CountLine { denomination: Money::of(of), pieces })
                .collect();
            match count_total(&lines, Currency::IDR) {
                Ok(total) => total.to_string(),
                Err(error) => error.to_string(),
            }
        };
        assert_eq!(count(&[(100_000, 3), (500, 7), (100, 0)]), "303500");
        assert_eq!(count(&[]), "0");
        assert_eq!(count(&[(75_000, 1)]), "there is no note or coin of 75000");
        assert_eq!(count(&[(-100, 1)]), "there is no note or coin of -100");
        assert_eq!(count(&[(500, 1), (500, 2)]), "500 is in the count twice");
        assert_eq!(count(&[(500, 100_001)]), "100001 pieces of 500 are more than a drawer holds");
    }

    #[test]
    fn a_difference_has_a_reason_and_a_large_one_a_supervisor() {
        let threshold = Money::of(10_000);
        let close = |difference, reason, supervisor| {
            check_over_short(Money::of(difference), reason, threshold, supervisor)
                .map_err(|error| error.code())
        };
        assert_eq!(close(0, "", false), Ok(()));
        assert_eq!(close(-500, "", false), Err("needs_reason"));
        assert_eq!(close(-10_000, "wrong change", false), Ok(()));
        assert_eq!(close(10_001, "wrong change", false), Err("needs_supervisor"));
        assert_eq!(close(-10_001, "wrong change", true), Ok(()));
        assert_eq!(over_short(Money::of(500), Money::of(400)), Ok(Money::of(-100)));
    }

    #[test]
    fn the_business_date_is_chosen_but_not_out_of_order_or_far_from_the_clock() {
        let day = |text: &str| text.parse::<BusinessDate>().unwrap();
        let open = |date, last: Option<&str>, approved| {
            check_business_date(day(date), day("2026-11-20"), last.map(day), approved)
                .map_err(|error| error.code())
        };
        assert_eq!(open("2026-11-20", None, false), Ok(()));
        assert_eq!(open("2026-11-19", Some("2026-11-19"), false), Ok(()));
        assert_eq!(open("2026-11-21", Some("2026-11-19"), false), Ok(()));
        assert_eq!(open("2026-11-19", Some("2026-11-20"), true), Err("date_before_last"));
        assert_eq!(open("2026-11-25", None, false), Err("date_far_from_clock"));
        assert_eq!(open("2026-11-25", None, true), Ok(()));
    }

    #[test]
    fn the_pieces_of_a_currency_are_listed_from_the_largest() {
        use Currency as C;
        for currency in [C::IDR, C::INR, C::KES, C::UGX, C::GBP, C::EUR, C::USD] {
            let pieces = denominations(currency);
            assert!(!pieces.is_empty(), "{currency}");
            assert!(pieces.windows(2).all(|two| two[0] > two[1]), "{currency}");
        }
    }
}
