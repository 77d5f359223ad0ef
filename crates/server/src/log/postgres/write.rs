//! What is done in one transaction: introductions, pushes, releases, the backup's mark.
//!
//! **Invariant:** whoever holds the company waits for no origin, but the centre for its own.

use std::collections::HashMap;

use deadpool_postgres::{GenericClient, Object};
use lumbung_sync::protocol::{Introduction, PushReply};
use lumbung_sync::{Hash, Key, Origin};

use super::rows;
use super::sql::{self, id, int};
use crate::log::check::Proven;
use crate::log::plan::{self, Intake};
use crate::log::types::{
    Appended, Known, LogHead, LogPoint, Opening, OriginKind, Pushed, Scopes, Writer,
};
use crate::log::vouch::{free_series, vouched};
use crate::log::{LogError, Told};

pub(super) async fn open_company(db: &Object, company: &Key, opening: &Opening) -> Told<LogHead> {
    sql::write(
        db,
        "insert into company_head as head (company, log_id, centre, last_seq, log_hash, last_stamp,
             backed_seq, kept_from, min_schema, cur_schema)
         values ($1, $2, $3, 0, $4, 0, 0, 1, $5, $6)
         on conflict (company) do update set centre = excluded.centre,
             min_schema = excluded.min_schema,
             cur_schema = greatest(head.cur_schema, excluded.cur_schema)",
        &[
            &id(company),
            &uuid::Uuid::new_v4(),
            &opening.centre.as_slice(),
            &LogPoint::START.hash.as_slice(),
            &sql::small(opening.min_schema)?,
            &sql::small(opening.cur_schema)?,
        ],
    )
    .await?;
    rows::head(db, company).await
}

/// Takes up an origin. `any_series` gives it the next free one when its own is another's.
pub(super) async fn introduce(
    db: &mut Object,
    company: &Key,
    introduction: &Introduction,
    kind: OriginKind,
    any_series: bool,
) -> Told<Known> {
    let work = db.transaction().await?;
    let by = match introduction.by {
        None => None,
        Some(by) => rows::lock_origins(&work, company, &[by]).await?.remove(&by),
    };
    let head = rows::lock_head(&work, company).await?;
    if let Some(known) = rows::origin(&work, company, &introduction.origin).await? {
        return Ok(known);
    }
    let mut known = vouched(company, &head.centre, introduction, kind, by.as_ref())?;
    let next = free_series(&known.series, &rows::series_used(&work, company).await?);
    if next != known.series {
        if !any_series {
            return Err(LogError::SeriesTaken { next });
        }
        known.series = next;
    }
    rows::insert_origin(&work, company, &known).await?;
    if let Some(by) = by {
        let sql = "update origin_head set state = 1
            where company = $1 and origin = $2 and state = 0";
        sql::write(&work, sql, &[&id(company), &id(&by.known.origin)]).await?;
    }
    work.commit().await?;
    Ok(known)
}

/// Judges what was proved of several pushes, and appends what is new; one answer each. No origin
/// is in two of them.
pub(super) async fn push(
    db: &mut Object,
    company: &Key,
    pushes: Vec<(Writer, Vec<Intake>)>,
) -> Told<Vec<Pushed>> {
    let work = db.transaction().await?;
    let names: Vec<Origin> = pushes.iter().flat_map(|(_, intake)| plan::named(intake)).collect();
    let known = rows::lock_origins(&work, company, &names).await?;
    let mut answers = Vec::with_capacity(pushes.len());
    let mut taken: Vec<(usize, i64, Origin, Vec<Proven>)> = Vec::new();
    for (place, (writer, intake)) in pushes.into_iter().enumerate() {
        let mut replies: Vec<PushReply> = Vec::with_capacity(intake.len());
        for one in intake {
            let (reply, origin, take) = settle(&work, company, &writer, &known, one).await?;
            if !take.is_empty() {
                taken.push((place, writer.now_ms, origin, take));
            }
            replies.push(reply);
        }
        answers.push(Pushed { replies, appended_to: None });
    }
    if !taken.is_empty() {
        let mut head = rows::lock_head(&work, company).await?;
        let (mut new, mut received_ms) = (Vec::new(), i64::MIN);
        for (place, now_ms, origin, commits) in taken {
            new.extend(plan::number(&mut head, origin, commits, now_ms));
            received_ms = received_ms.max(now_ms);
            if let Some(answer) = answers.get_mut(place) {
                answer.appended_to = Some(head.last_seq);
            }
        }
        rows::append(&work, company, &head, &new, received_ms).await?;
    }
    work.commit().await?;
    Ok(answers)
}

/// The answer to one chain, whose it is, and what is to be appended.
async fn settle<C: GenericClient>(
    db: &C,
    company: &Key,
    writer: &Writer,
    known: &HashMap<Origin, Known>,
    one: Intake,
) -> Told<(PushReply, Origin, Vec<Proven>)> {
    let chain = match one {
        Intake::Answered(reply) => return Ok((reply.clone(), reply.origin, Vec::new())),
        Intake::Open(chain) => chain,
    };
    let origin = chain.origin;
    let Some(known) = known.get(&origin) else {
        return Ok((plan::unknown(origin), origin, Vec::new()));
    };
    let held = rows::held(db, company, &origin, chain.held_range(known.known.head)).await?;
    let settled = plan::settle(chain, known, &held);
    keep_apart(db, company, writer, &origin, settled.keep_apart).await?;
    Ok((settled.reply, origin, settled.take))
}

async fn keep_apart<C: GenericClient>(
    db: &C,
    company: &Key,
    writer: &Writer,
    origin: &Origin,
    commits: Vec<Proven>,
) -> Told<()> {
    if commits.is_empty() {
        return Ok(());
    }
    let hashes: Vec<&[u8]> = commits.iter().map(|one| one.link.hash.as_slice()).collect();
    let sql = "select hash from quarantine where company = $1 and hash = any($2)";
    let kept = sql::all(db, sql, &[&id(company), &hashes]).await?;
    let kept: Vec<Hash> = kept.iter().map(|row| sql::hash(row, "hash")).collect::<Told<_>>()?;
    let sql = "select coalesce(sum(length(header) + length(body)), 0)::bigint as bytes
        from quarantine where company = $1 and origin = $2";
    let bytes = sql::one(db, sql, &[&id(company), &id(origin)]).await?;
    let bytes = bytes.map_or(Ok(0), |row| sql::long(&row, "bytes"))?;
    let fresh = commits.into_iter().filter(|one| !kept.contains(&one.link.hash)).collect();
    for one in plan::within(&writer.limits, bytes, fresh) {
        sql::write(
            db,
            "insert into quarantine (company, hash, origin, ctr, header, body, sig, received_ms)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                &id(company),
                &one.link.hash.as_slice(),
                &id(origin),
                &int(one.link.ctr)?,
                &one.commit.header,
                &one.commit.body,
                &one.commit.sig,
                &writer.now_ms,
            ],
        )
        .await?;
    }
    Ok(())
}

/// Lets a commit out of quarantine.
pub(super) async fn release(
    db: &mut Object,
    company: &Key,
    hash: &Hash,
    now_ms: i64,
) -> Told<Appended> {
    let work = db.transaction().await?;
    let found = sql::one(
        &work,
        "select origin, header, body, sig from quarantine where company = $1 and hash = $2",
        &[&id(company), &hash.as_slice()],
    )
    .await?
    .ok_or(LogError::NotQuarantined)?;
    let origin = sql::key(&found, "origin")?;
    let known = rows::lock_origins(&work, company, &[origin]).await?.remove(&origin);
    let known = known.ok_or(LogError::UnknownOrigin)?;
    let mut head = rows::lock_head(&work, company).await?;
    let commit = sql::carried(&found)?;
    let commits = plan::proved_next(company, head.cur_schema, &known, vec![commit])?;
    let new = plan::number(&mut head, origin, commits, now_ms);
    rows::append(&work, company, &head, &new, now_ms).await?;
    let sql = "delete from quarantine where company = $1 and hash = $2";
    sql::write(&work, sql, &[&id(company), &hash.as_slice()]).await?;
    work.commit().await?;
    new.first().map(|row| row.at).ok_or(LogError::NotQuarantined)
}

/// Notes that a backup holds the log up to `point`. Each chain is written alone, so that no push
/// that holds several of them can wait for this while this waits for it.
pub(super) async fn set_backed(db: &Object, company: &Key, point: &LogPoint) -> Told<LogHead> {
    let head = rows::head(db, company).await?;
    let hashes = rows::points(db, company, [point.seq]).await?;
    if point.seq > head.last_seq || hashes.get(&point.seq) != Some(&point.hash) {
        return Err(LogError::NotInLog { seq: point.seq });
    }
    let ends = sql::all(
        db,
        "select distinct on (origin) origin, ctr, hash from commit_log
         where company = $1 and seq > $2 and seq <= $3 order by origin, ctr desc",
        &[&id(company), &int(head.backed_seq)?, &int(point.seq)?],
    )
    .await?;
    for end in ends {
        let (origin, at) = (sql::key(&end, "origin")?, sql::at(&end, "ctr", "hash")?);
        sql::write(
            db,
            "update origin_head set backed_ctr = $3, backed_hash = $4
             where company = $1 and origin = $2 and backed_ctr < $3",
            &[&id(company), &id(&origin), &int(at.ctr)?, &at.hash.as_slice()],
        )
        .await?;
    }
    let sql = "update company_head set backed_seq = $2 where company = $1 and backed_seq < $2";
    sql::write(db, sql, &[&id(company), &int(point.seq)?]).await?;
    rows::head(db, company).await
}

/// Changes the scopes of an origin; what it had is remembered.
pub(super) async fn set_scopes(
    db: &mut Object,
    company: &Key,
    origin: &Origin,
    scopes: &Scopes,
) -> Told<()> {
    let work = db.transaction().await?;
    let known = rows::lock_origins(&work, company, &[*origin]).await?.remove(origin);
    let known = known.ok_or(LogError::UnknownOrigin)?;
    let past = plan::past_scopes(&known, scopes);
    sql::write(
        &work,
        "update origin_head set scopes = $3, past_scopes = $4 where company = $1 and origin = $2",
        &[
            &id(company),
            &id(origin),
            &sql::smalls(scopes.as_slice())?,
            &sql::smalls(past.as_slice())?,
        ],
    )
    .await?;
    Ok(work.commit().await?)
}

/// The greatest of these points that the log holds.
pub(super) async fn best_checkpoint(
    db: &Object,
    company: &Key,
    points: &[LogPoint],
) -> Told<Option<LogPoint>> {
    let points = plan::newest_first(points);
    let held: HashMap<u64, Hash> =
        rows::points(db, company, points.iter().map(|point| point.seq)).await?;
    Ok(points.into_iter().find(|point| held.get(&point.seq) == Some(&point.hash)))
}
