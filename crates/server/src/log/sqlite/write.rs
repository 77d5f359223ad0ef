//! What the writing connection does: introductions, pushes, releases, the backup's mark.
//!
//! **Invariant:** each function is the whole of one transaction.

use std::collections::HashMap;

use lumbung_sync::authority::OriginState;
use lumbung_sync::protocol::{At, Carried, Introduction};
use lumbung_sync::{Hash, Key, Origin};
use rusqlite::{Connection, OptionalExtension, params};

use super::rows::{self, int};
use crate::log::check::Proven;
use crate::log::plan::{self, Intake, OpenChain};
use crate::log::types::{
    Appended, Known, LogHead, LogPoint, Opening, OriginKind, Pushed, Scopes, Seen, Writer,
};
use crate::log::vouch::{free_series, vouched};
use crate::log::{LogError, Told};

pub(super) fn open_company(db: &Connection, company: &Key, opening: &Opening) -> Told<LogHead> {
    let log_id = *uuid::Uuid::new_v4().as_bytes();
    db.prepare_cached(
        "insert into company_head (company, log_id, centre, last_seq, log_hash, last_stamp,
             backed_seq, kept_from, min_schema, cur_schema)
         values (?1, ?2, ?3, 0, ?4, 0, 0, 1, ?5, ?6)
         on conflict (company) do update set centre = excluded.centre,
             min_schema = excluded.min_schema,
             cur_schema = max(cur_schema, excluded.cur_schema)",
    )?
    .execute(params![
        company,
        log_id,
        opening.centre,
        LogPoint::START.hash,
        opening.min_schema,
        opening.cur_schema,
    ])?;
    rows::head(db, company)
}

/// Takes up an origin. `any_series` gives it the next free one when its own is another's.
pub(super) fn introduce(
    db: &Connection,
    company: &Key,
    introduction: &Introduction,
    kind: OriginKind,
    any_series: bool,
) -> Told<Known> {
    let head = rows::head(db, company)?;
    if let Some(known) = rows::origin(db, company, &introduction.origin)? {
        return Ok(known);
    }
    let by = match &introduction.by {
        None => None,
        Some(by) => rows::origin(db, company, by)?,
    };
    let mut known = vouched(company, &head.centre, introduction, kind, by.as_ref())?;
    let next = free_series(&known.series, &rows::series_used(db, company)?);
    if next != known.series {
        if !any_series {
            return Err(LogError::SeriesTaken { next });
        }
        known.series = next;
    }
    rows::insert_origin(db, company, &known)?;
    if let Some(by) = by {
        db.prepare_cached(
            "update origin_head set state = 1 where company = ?1 and origin = ?2 and state = 0",
        )?
        .execute(params![company, by.known.origin])?;
    }
    rows::origin(db, company, &introduction.origin)?
        .ok_or_else(|| LogError::damaged("an origin vanished while it was introduced"))
}

/// Judges what was proved, and appends what is new.
pub(super) fn push(
    db: &Connection,
    company: &Key,
    writer: &Writer,
    intake: Vec<Intake>,
) -> Told<Pushed> {
    let mut head = rows::head(db, company)?;
    let before = head.last_seq;
    let (mut replies, mut new) = (Vec::with_capacity(intake.len()), Vec::new());
    for one in intake {
        let chain = match one {
            Intake::Answered(reply) => {
                replies.push(reply);
                continue;
            }
            Intake::Open(chain) => chain,
        };
        let origin = chain.origin;
        let Some(known) = rows::origin(db, company, &origin)? else {
            replies.push(plan::unknown(origin));
            continue;
        };
        let settled = settle(db, company, chain, &known)?;
        keep_apart(db, company, writer, &origin, settled.keep_apart)?;
        new.extend(plan::number(&mut head, origin, settled.take, writer.now_ms));
        replies.push(settled.reply);
    }
    if head.last_seq > before {
        rows::append(db, company, &head, &new, writer.now_ms)?;
    }
    let appended_to = (head.last_seq > before).then_some(head.last_seq);
    Ok(Pushed { replies, appended_to })
}

fn settle(db: &Connection, company: &Key, chain: OpenChain, known: &Known) -> Told<plan::Settled> {
    let range = chain.held_range(known.known.head);
    let held = rows::held(db, company, &chain.origin, range)?;
    Ok(plan::settle(chain, known, &held))
}

fn keep_apart(
    db: &Connection,
    company: &Key,
    writer: &Writer,
    origin: &Origin,
    commits: Vec<Proven>,
) -> Told<()> {
    if commits.is_empty() {
        return Ok(());
    }
    let mut is_kept = db.prepare_cached(
        "select exists (select 1 from quarantine where company = ?1 and hash = ?2)",
    )?;
    let mut fresh = Vec::new();
    for one in commits {
        if !is_kept.query_row(params![company, one.link.hash], |row| row.get::<_, bool>(0))? {
            fresh.push(one);
        }
    }
    let kept: i64 = db
        .prepare_cached(
            "select coalesce(sum(length(header) + length(body)), 0) from quarantine
             where company = ?1 and origin = ?2",
        )?
        .query_row(params![company, origin], |row| row.get(0))?;
    let mut statement = db.prepare_cached(
        "insert into quarantine (company, hash, origin, ctr, header, body, sig, received_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for one in plan::within(&writer.limits, kept.unsigned_abs(), fresh) {
        let Carried { header, body, sig } = &one.commit;
        let (hash, ctr) = (one.link.hash, int(one.link.ctr)?);
        statement.execute(params![company, hash, origin, ctr, header, body, sig, writer.now_ms])?;
    }
    Ok(())
}

/// Lets a commit out of quarantine.
pub(super) fn release(db: &Connection, company: &Key, hash: &Hash, now_ms: i64) -> Told<Appended> {
    let mut head = rows::head(db, company)?;
    let found = db
        .prepare_cached(
            "select origin, header, body, sig from quarantine where company = ?1 and hash = ?2",
        )?
        .query_row(params![company, hash], |row| {
            let commit = Carried { header: row.get(1)?, body: row.get(2)?, sig: row.get(3)? };
            Ok((row.get::<_, Origin>(0)?, commit))
        })
        .optional()?;
    let (origin, commit) = found.ok_or(LogError::NotQuarantined)?;
    let known = rows::origin(db, company, &origin)?.ok_or(LogError::UnknownOrigin)?;
    let commits = plan::proved_next(company, head.cur_schema, &known, vec![commit])?;
    let new = plan::number(&mut head, origin, commits, now_ms);
    rows::append(db, company, &head, &new, now_ms)?;
    db.prepare_cached("delete from quarantine where company = ?1 and hash = ?2")?
        .execute(params![company, hash])?;
    new.first().map(|row| row.at).ok_or(LogError::NotQuarantined)
}

/// Notes that a backup holds the log up to `point`.
pub(super) fn set_backed(db: &Connection, company: &Key, point: &LogPoint) -> Told<LogHead> {
    let head = rows::head(db, company)?;
    if rows::point(db, company, point.seq)? != Some(*point) {
        return Err(LogError::NotInLog { seq: point.seq });
    }
    if point.seq <= head.backed_seq {
        return Ok(head);
    }
    let mut ends: HashMap<Origin, At> = HashMap::new();
    let mut statement = db.prepare_cached(
        "select origin, ctr, hash from commit_log
         where company = ?1 and seq > ?2 and seq <= ?3 order by seq",
    )?;
    let mut found = statement.query(params![company, int(head.backed_seq)?, int(point.seq)?])?;
    while let Some(row) = found.next()? {
        let ctr: i64 = row.get("ctr")?;
        ends.insert(row.get("origin")?, At { ctr: ctr.unsigned_abs(), hash: row.get("hash")? });
    }
    let mut chain = db.prepare_cached(
        "update origin_head set backed_ctr = ?3, backed_hash = ?4
         where company = ?1 and origin = ?2 and backed_ctr < ?3",
    )?;
    for (origin, end) in ends {
        chain.execute(params![company, origin, int(end.ctr)?, end.hash])?;
    }
    db.prepare_cached("update company_head set backed_seq = ?2 where company = ?1")?
        .execute(params![company, int(point.seq)?])?;
    rows::head(db, company)
}

/// Changes the standing of an origin.
pub(super) fn set_state(
    db: &Connection,
    company: &Key,
    origin: &Origin,
    state: OriginState,
    now_ms: i64,
) -> Told<()> {
    let revoked_ms = (state == OriginState::Revoked).then_some(now_ms);
    let changed = db
        .prepare_cached(
            "update origin_head set state = ?3, revoked_ms = ?4
             where company = ?1 and origin = ?2",
        )?
        .execute(params![company, origin, plan::state_number(state), revoked_ms])?;
    if changed == 0 { Err(LogError::UnknownOrigin) } else { Ok(()) }
}

/// Changes the scopes of an origin; what it had is remembered.
pub(super) fn set_scopes(
    db: &Connection,
    company: &Key,
    origin: &Origin,
    scopes: &Scopes,
) -> Told<()> {
    let known = rows::origin(db, company, origin)?.ok_or(LogError::UnknownOrigin)?;
    let past = plan::past_scopes(&known, scopes);
    db.prepare_cached(
        "update origin_head set scopes = ?3, past_scopes = ?4 where company = ?1 and origin = ?2",
    )?
    .execute(params![company, origin, scopes.key(), past.key()])?;
    Ok(())
}

/// Notes that a terminal spoke as this origin.
pub(super) fn seen(db: &Connection, company: &Key, origin: &Origin, seen: &Seen) -> Told<()> {
    let changed = db
        .prepare_cached(
            "update origin_head set schema = ?3, app = ?4, clock_off_ms = ?5, seen_ms = ?6,
                 state = case state when 1 then 0 else state end
             where company = ?1 and origin = ?2",
        )?
        .execute(params![company, origin, seen.schema, seen.app, seen.clock_off_ms, seen.at_ms,])?;
    if changed == 0 { Err(LogError::UnknownOrigin) } else { Ok(()) }
}
