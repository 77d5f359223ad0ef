//! Queries of the line: the centre's address, exchanges, what waits, what is kept for later, what
//! was reconciled, pictures to send and to fetch.

use chrono::NaiveDate;
use lumbung_domain::ids::{Id, SessionId, TerminalId};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::CentreAddress;
use crate::error::Result;

/// Exchanges that are remembered.
const EXCHANGES_KEPT: i64 = 200;

/// Reconciliations of all receipts that are remembered; those of sessions are for ever.
const RECONCILED_KEPT: i64 = 500;

/// Where the centre is, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Centre {
    /// Where.
    pub address: CentreAddress,
    /// The key with which it signs.
    pub key: [u8; 32],
    /// Since when this machine is connected.
    pub connected_at: i64,
}

/// The centre of this machine, if it has one.
pub fn centre(db: &Connection) -> Result<Option<Centre>> {
    let found = db
        .prepare_cached("select address, plain, centre_key, connected_at from centre")?
        .query_row([], |row| {
            Ok(Centre {
                address: CentreAddress::kept(row.get("address")?, row.get("plain")?),
                key: row.get("centre_key")?,
                connected_at: row.get("connected_at")?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Keeps where the centre is.
pub fn save_centre(db: &Connection, centre: &Centre) -> Result<()> {
    db.prepare_cached(
        "insert into centre (centre_id, address, plain, centre_key, connected_at)
         values (1, :address, :plain, :key, :at)
         on conflict do update set address = excluded.address, plain = excluded.plain,
             centre_key = excluded.centre_key, connected_at = excluded.connected_at",
    )?
    .execute(named_params! {
        ":address": centre.address.url(),
        ":plain": centre.address.is_plain(),
        ":key": centre.key,
        ":at": centre.connected_at,
    })?;
    Ok(())
}

/// One exchange with the centre.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exchange {
    /// When it began, UTC milliseconds.
    pub began_at: i64,
    /// How long it took, milliseconds.
    pub took_ms: i64,
    /// done, offline, refused, failed.
    pub outcome: &'static str,
    /// Own commits the centre took.
    pub pushed: u64,
    /// Commits of others.
    pub applied: u64,
    /// Of these, not understood yet.
    pub deferred: u64,
    /// Bytes sent.
    pub bytes_out: u64,
    /// Bytes received.
    pub bytes_in: u64,
    /// Why it did not succeed.
    pub problem: String,
}

impl Exchange {
    /// Whether anything but a greeting was carried.
    pub fn is_empty(&self) -> bool {
        self.pushed + self.applied + self.deferred == 0
    }
}

/// Remembers an exchange; one that carried nothing takes the place of the same before it.
pub fn add_exchange(db: &Connection, exchange: &Exchange) -> Result<()> {
    if exchange.is_empty() {
        db.prepare_cached(
            "delete from sync_exchange where outcome = :outcome and pushed + applied + deferred = 0
             and exchange_id = (select max(exchange_id) from sync_exchange)",
        )?
        .execute(named_params! { ":outcome": exchange.outcome })?;
    }
    db.prepare_cached(
        "insert into sync_exchange (began_at, took_ms, outcome, pushed, applied, deferred,
                                    bytes_out, bytes_in, problem)
         values (:began_at, :took_ms, :outcome, :pushed, :applied, :deferred,
                 :bytes_out, :bytes_in, :problem)",
    )?
    .execute(named_params! {
        ":began_at": exchange.began_at,
        ":took_ms": exchange.took_ms,
        ":outcome": exchange.outcome,
        ":pushed": exchange.pushed.cast_signed(),
        ":applied": exchange.applied.cast_signed(),
        ":deferred": exchange.deferred.cast_signed(),
        ":bytes_out": exchange.bytes_out.cast_signed(),
        ":bytes_in": exchange.bytes_in.cast_signed(),
        ":problem": exchange.problem,
    })?;
    db.prepare_cached(
        "delete from sync_exchange
         where exchange_id <= (select max(exchange_id) from sync_exchange) - :kept",
    )?
    .execute(named_params! { ":kept": EXCHANGES_KEPT })?;
    Ok(())
}

/// An exchange as it was remembered.
pub struct Remembered {
    /// Which one.
    pub exchange_id: i64,
    /// How it ended: done, offline, refused, failed.
    pub outcome: String,
    /// The rest.
    pub exchange: Exchange,
}

/// The last exchanges, newest first.
pub fn exchanges(db: &Connection, limit: u32) -> Result<Vec<Remembered>> {
    let count = |row: &Row<'_>, name: &str| row.get::<_, i64>(name).map(i64::cast_unsigned);
    let mut statement = db.prepare_cached(
        "select exchange_id, began_at, took_ms, outcome, pushed, applied, deferred, bytes_out,
                bytes_in, problem
         from sync_exchange order by exchange_id desc limit :limit",
    )?;
    let found = statement.query_map(named_params! { ":limit": limit }, |row| {
        Ok(Remembered {
            exchange_id: row.get("exchange_id")?,
            outcome: row.get("outcome")?,
            exchange: Exchange {
                began_at: row.get("began_at")?,
                took_ms: row.get("took_ms")?,
                outcome: "",
                pushed: count(row, "pushed")?,
                applied: count(row, "applied")?,
                deferred: count(row, "deferred")?,
                bytes_out: count(row, "bytes_out")?,
                bytes_in: count(row, "bytes_in")?,
                problem: row.get("problem")?,
            },
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// When the centre answered last, UTC milliseconds.
pub fn last_answer(db: &Connection) -> Result<Option<i64>> {
    let sql = "select max(began_at + took_ms) as at from sync_exchange where outcome = 'done'";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get("at"))?)
}

/// A commit in its stored form.
pub struct StoredCommit {
    /// The header.
    pub header: Vec<u8>,
    /// The packed body.
    pub body: Vec<u8>,
    /// Why it is kept for later; empty for one that waits to be sent.
    pub reason: String,
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredCommit> {
    Ok(StoredCommit {
        header: row.get("header")?,
        body: row.get("body")?,
        reason: row.get("reason")?,
    })
}

/// Own commits the centre has not confirmed, oldest first.
pub fn waiting(db: &Connection, limit: u32) -> Result<Vec<StoredCommit>> {
    let mut statement = db.prepare_cached(include_str!("waiting.sql"))?;
    let found = statement.query_map(named_params! { ":limit": limit }, stored)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Commits of others that this version does not understand, oldest first.
pub fn deferred(db: &Connection, limit: u32) -> Result<Vec<StoredCommit>> {
    let mut statement = db.prepare_cached(
        "select header, body, reason from sync_deferred order by deferred_id limit :limit",
    )?;
    let found = statement.query_map(named_params! { ":limit": limit }, stored)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// How many commits are kept for later.
pub fn deferred_count(db: &Connection) -> Result<u64> {
    let count: i64 = db
        .prepare_cached("select count(*) as count from sync_deferred")?
        .query_row([], |row| row.get("count"))?;
    Ok(count.unsigned_abs())
}

/// What the centre said of receipts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciled {
    /// When it was asked, UTC milliseconds.
    pub asked_at: i64,
    /// Of this session; otherwise of all receipts.
    pub session_id: Option<SessionId>,
    /// Up to which entry of the log.
    pub seq: u64,
    /// What this till counts, JSON.
    pub ours: String,
    /// What the centre counts, JSON.
    pub theirs: String,
    /// Whether both are the same.
    pub same: bool,
    /// The centre's signature.
    pub signature: Vec<u8>,
}

/// Remembers what the centre said.
pub fn add_reconciled(db: &Connection, said: &Reconciled) -> Result<()> {
    db.prepare_cached(
        "insert into reconciliation (asked_at, session_id, seq, ours, theirs, same, signature)
         values (:asked_at, :session_id, :seq, :ours, :theirs, :same, :signature)",
    )?
    .execute(named_params! {
        ":asked_at": said.asked_at,
        ":session_id": said.session_id.map(Id::bytes),
        ":seq": said.seq.cast_signed(),
        ":ours": said.ours,
        ":theirs": said.theirs,
        ":same": said.same,
        ":signature": said.signature,
    })?;
    db.prepare_cached(
        "delete from reconciliation
         where session_id is null
           and reconciliation_id <= (select max(reconciliation_id) from reconciliation) - :kept",
    )?
    .execute(named_params! { ":kept": RECONCILED_KEPT })?;
    Ok(())
}

/// The last thing the centre said of a session, or of all receipts.
pub fn reconciled(db: &Connection, session: Option<SessionId>) -> Result<Option<Reconciled>> {
    let found = db
        .prepare_cached(
            "select asked_at, session_id, seq, ours, theirs, same, signature from reconciliation
             where session_id is :session order by reconciliation_id desc limit 1",
        )?
        .query_row(named_params! { ":session": session.map(Id::bytes) }, |row| {
            Ok(Reconciled {
                asked_at: row.get("asked_at")?,
                session_id: row.get::<_, Option<[u8; 16]>>("session_id")?.map(Id::from_bytes),
                seq: row.get::<_, i64>("seq")?.cast_unsigned(),
                ours: row.get("ours")?,
                theirs: row.get("theirs")?,
                same: row.get("same")?,
                signature: row.get("signature")?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Sessions of a till that were counted to be closed and which the centre was not asked about since
/// their last receipt got its place in the log; newest first.
pub fn sessions_to_reconcile(
    db: &Connection,
    terminal: [u8; 16],
    limit: u32,
) -> Result<Vec<SessionId>> {
    let mut statement = db.prepare_cached(include_str!("sessions_to_reconcile.sql"))?;
    let found = statement
        .query_map(named_params! { ":terminal": terminal, ":limit": limit }, |row| {
            row.get("session_id").map(Id::from_bytes)
        })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The terminal with these bytes.
pub fn terminal_id(bytes: [u8; 16]) -> TerminalId {
    TerminalId::from_bytes(bytes)
}

/// Receipts of a session, with and without a place in the log.
pub fn session_receipts(db: &Connection, session: SessionId) -> Result<(u64, u64)> {
    let (all, placed): (i64, i64) = db
        .prepare_cached(
            "select count(*) as receipts, count(nullif(_seq, 0)) as placed from sale
             where session_id = :session",
        )?
        .query_row(named_params! { ":session": session.bytes() }, |row| {
            Ok((row.get("receipts")?, row.get("placed")?))
        })?;
    Ok((all.unsigned_abs(), placed.unsigned_abs()))
}

/// Receipts of a till since a business day that an answer up to `seq` does not speak of: those that
/// have a place in the log, and all.
pub fn receipts_after(
    db: &Connection,
    terminal: [u8; 16],
    since: NaiveDate,
    seq: u64,
) -> Result<(u64, u64)> {
    let (placed, all): (i64, i64) = db
        .prepare_cached(
            "select count(nullif(_seq, 0)) as placed, count(*) as receipts from sale
             where business_date >= :since and terminal_id = :terminal
               and (_seq = 0 or _seq > :seq)",
        )?
        .query_row(
            named_params! {
                ":since": since.to_string(), ":terminal": terminal, ":seq": seq.cast_signed(),
            },
            |row| Ok((row.get("placed")?, row.get("receipts")?)),
        )?;
    Ok((placed.unsigned_abs(), all.unsigned_abs()))
}

/// Up to which entry this machine has read the log.
pub fn read_up_to(db: &Connection) -> Result<u64> {
    let seq: i64 = db
        .prepare_cached("select coalesce(min(cursor), 0) as seq from sync_scope")?
        .query_row([], |row| row.get("seq"))?;
    Ok(seq.unsigned_abs())
}

/// Pictures of products that the centre may not have yet.
pub fn pictures_to_send(db: &Connection, now_ms: i64, limit: u32) -> Result<Vec<String>> {
    hashes(
        db,
        "select i.hash from image i left join blob_state b on b.hash = i.hash
         where coalesce(b.sent, 0) = 0 and coalesce(b.next_at, 0) <= :now limit :limit",
        now_ms,
        limit,
    )
}

/// Pictures that products name and this machine does not have.
pub fn pictures_to_fetch(db: &Connection, now_ms: i64, limit: u32) -> Result<Vec<String>> {
    hashes(
        db,
        "select distinct p.image_hash as hash from product p
         left join image i on i.hash = p.image_hash
         left join blob_state b on b.hash = p.image_hash
         where p.image_hash is not null and i.hash is null and coalesce(b.next_at, 0) <= :now
         limit :limit",
        now_ms,
        limit,
    )
}

fn hashes(db: &Connection, sql: &str, now_ms: i64, limit: u32) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(sql)?;
    let found = statement
        .query_map(named_params! { ":now": now_ms, ":limit": limit }, |row| row.get("hash"))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The centre has a picture.
pub fn note_sent(db: &Connection, hash: &str) -> Result<()> {
    db.prepare_cached(
        "insert into blob_state (hash, sent, tries, next_at) values (:hash, 1, 0, 0)
         on conflict do update set sent = 1, next_at = 0",
    )?
    .execute(named_params! { ":hash": hash })?;
    Ok(())
}

/// A picture could not be sent or fetched: it is tried again later, each time later.
pub fn note_vain(db: &Connection, hash: &str, now_ms: i64) -> Result<()> {
    const MINUTE_MS: i64 = 60_000;
    const DAY_MINUTES: i64 = 1_440;
    db.prepare_cached(
        "insert into blob_state (hash, sent, tries, next_at) values (:hash, 0, 1, :now + :minute)
         on conflict do update set tries = tries + 1,
             next_at = :now + :minute * min(:day, 1 << min(tries, 11))",
    )?
    .execute(named_params! {
        ":hash": hash, ":now": now_ms, ":minute": MINUTE_MS, ":day": DAY_MINUTES,
    })?;
    Ok(())
}
