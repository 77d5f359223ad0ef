//! When to exchange next: one exchange at a time, at once while there is more, and ever more seldom
//! while nobody answers.
//!
//! **Invariant:** a wait has a part that is random, so that terminals that lost the centre together
//! do not come back together; and no answer makes an engine ask for ever without a rest.

use super::{Settings, Turn};

/// So many setbacks in a row may be answered at once; a further one rests first.
const SETBACKS: u32 = 4;
const DOUBLINGS_MAX: u32 = 16;

/// The pace of one engine.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// When the exchange was sent that is under way.
    sent_ms: Option<i64>,
    due_ms: i64,
    failures: u32,
    setbacks: u32,
    /// News came while an exchange was under way.
    news: bool,
}

impl Pace {
    /// Something is there to push. While the centre does not answer it waits for its time.
    pub(super) fn hurry(&mut self, now_ms: i64) {
        if self.failures == 0 {
            self.due_ms = self.due_ms.min(now_ms);
            self.news = true;
        }
    }

    /// The centre was heard of.
    pub(super) fn reset(&mut self, now_ms: i64) {
        self.failures = 0;
        self.hurry(now_ms);
    }

    /// Whether it is time. A time further away than any wait shows that the clock was set back.
    pub(super) fn is_due(&self, now_ms: i64, settings: &Settings) -> bool {
        let longest = settings.retry_max_ms.max(settings.poll_ms).saturating_mul(2);
        let wait = self.due_ms.saturating_sub(now_ms);
        self.sent_ms.is_none() && (wait <= 0 || wait > longest)
    }

    /// Whether an exchange has been under way for longer than anybody waits. A clock that was set
    /// back counts too.
    pub(super) fn overdue(&self, now_ms: i64, patience_ms: i64) -> bool {
        self.sent_ms.is_some_and(|sent| now_ms.abs_diff(sent) > patience_ms.unsigned_abs())
    }

    /// Whether the exchange under way was sent then.
    pub(super) fn is_under_way(&self, sent_ms: i64) -> bool {
        self.sent_ms == Some(sent_ms)
    }

    pub(super) fn sent(&mut self, now_ms: i64) {
        self.sent_ms = Some(now_ms);
        self.news = false;
    }

    pub(super) fn next(&self, now_ms: i64, patience_ms: i64) -> i64 {
        match self.sent_ms {
            Some(sent) => sent.saturating_add(patience_ms).saturating_add(1),
            None => self.due_ms.max(now_ms),
        }
    }

    pub(super) fn answered(
        &mut self,
        turn: &Turn,
        settings: &Settings,
        now_ms: i64,
        rng: &mut impl FnMut() -> [u8; 16],
    ) {
        self.sent_ms = None;
        self.failures = 0;
        self.setbacks = if turn.setback { self.setbacks.saturating_add(1) } else { 0 };
        let wait = if self.setbacks > SETBACKS {
            rest(self.setbacks - SETBACKS, settings, rng)
        } else if turn.again || self.news {
            0
        } else if turn.stuck {
            jitter(settings.retry_max_ms, rng)
        } else {
            jitter(settings.poll_ms, rng)
        };
        self.due_ms = now_ms.saturating_add(wait);
    }

    pub(super) fn failed(
        &mut self,
        settings: &Settings,
        now_ms: i64,
        rng: &mut impl FnMut() -> [u8; 16],
    ) {
        self.sent_ms = None;
        self.failures = self.failures.saturating_add(1);
        self.due_ms = now_ms.saturating_add(rest(self.failures, settings, rng));
    }
}

/// The wait after so many failures.
fn rest(failures: u32, settings: &Settings, rng: &mut impl FnMut() -> [u8; 16]) -> i64 {
    let doubled = 1_i64 << failures.saturating_sub(1).min(DOUBLINGS_MAX);
    let wait = settings.retry_min_ms.saturating_mul(doubled).min(settings.retry_max_ms);
    jitter(wait, rng)
}

/// Between half of a wait and one and a half of it.
fn jitter(wait: i64, rng: &mut impl FnMut() -> [u8; 16]) -> i64 {
    let [a, b, c, d, ..] = rng();
    let random = i64::from(u32::from_le_bytes([a, b, c, d]));
    wait / 2 + random % wait.max(1)
}
