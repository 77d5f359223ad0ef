//! Copies that nobody has to think of: every hour, after a session is closed, and at the end.
//!
//! **Invariant:** whether one is due follows from the data and the copies there are, so a crash or
//! a restart changes nothing.

use lumbung_sync::backup as copies;

use super::make;
use crate::App;
use crate::error::Result;
use crate::jobs::Progress;

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// What decides.
struct Now {
    now_ms: i64,
    every_hours: u32,
    at_session_close: bool,
    /// When the newest copy was made, if there is one.
    newest: Option<i64>,
    /// Whether anything happened since.
    news: bool,
    /// When the last session was closed.
    closed_at: Option<i64>,
}

fn is_due(now: &Now) -> bool {
    if !now.news || now.every_hours == 0 {
        return false;
    }
    let Some(newest) = now.newest else { return true };
    let age = now.now_ms - newest;
    // A copy from the future was made by a clock that was ahead: it must not stop the others.
    let old = age >= i64::from(now.every_hours) * HOUR_MS || age < 0;
    old || (now.at_session_close && now.closed_at.is_some_and(|closed| closed > newest))
}

fn look(app: &App) -> Result<Now> {
    let (store, standing) = (app.store()?, app.standing()?);
    let newest = copies::list_of(app.dir())?.into_iter().next();
    let head = store.head();
    let closed_at: Option<i64> = store.read(|db| -> Result<_> {
        let sql = "select max(closed_at) from session_close";
        Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    })?;
    let policy = &standing.settings.backup;
    let holds = newest.as_ref().and_then(|backup| backup.manifest.head());
    Ok(Now {
        now_ms: app.now_ms(),
        every_hours: policy.every_hours,
        at_session_close: policy.at_session_close,
        news: holds != Some(head),
        newest: newest.map(|backup| backup.manifest.made_at_ms),
        closed_at,
    })
}

/// Makes a copy if one is due; answers whether it did.
pub fn when_due(app: &App) -> Result<bool> {
    if !is_due(&look(app)?) {
        return Ok(false);
    }
    make(app, None, &mut Progress::silent())?;
    app.tell(&crate::Event::changed(&["backup"]));
    Ok(true)
}

/// Makes a copy of what the copies there are do not hold yet, before the program ends.
pub fn at_exit(app: &App) -> Result<bool> {
    let now = look(app)?;
    if !now.news || now.every_hours == 0 {
        return Ok(false);
    }
    make(app, None, &mut Progress::silent())?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(change: impl FnOnce(&mut Now)) -> bool {
        let mut now = Now {
            now_ms: 10 * HOUR_MS,
            every_hours: 1,
            at_session_close: true,
            newest: Some(9 * HOUR_MS + 1),
            news: true,
            closed_at: None,
        };
        change(&mut now);
        is_due(&now)
    }

    #[test]
    fn a_copy_is_due_after_an_hour_or_a_close_and_only_when_something_happened() {
        assert!(!due(|_| {}));
        assert!(due(|now| now.newest = Some(9 * HOUR_MS)));
        assert!(due(|now| now.newest = None));
        assert!(due(|now| now.newest = Some(11 * HOUR_MS)));
        assert!(due(|now| now.closed_at = Some(9 * HOUR_MS + 2)));
        assert!(!due(|now| now.closed_at = Some(9 * HOUR_MS)));
        assert!(!due(|now| {
            now.newest = None;
            now.news = false;
        }));
        assert!(!due(|now| {
            now.newest = None;
            now.every_hours = 0;
        }));
    }
}
