//! Backups of a centre that keeps its log in one file, and the drill of putting one back.
//!
//! A log in PostgreSQL is backed up by PostgreSQL's own means; `points` before and `mark` after
//! tell the terminals what is safe, so that they may forget it.
//!
//! **Invariant:** terminals are told that something is backed up only after the copy was read
//! back.

use std::fs;
use std::io::{Error as IoError, ErrorKind, Result as IoResult};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::StatusCode;
use lumbung_sync::Key;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::centre::Shared;
use crate::companies::blocking;
use crate::http::failure::{Answer, Refused};
use crate::log::{CommitLog, LogPoint};
use crate::words::{hex, id, unhex, unid};

/// The log of a small centre, in its data folder.
pub const LOG_FILE: &str = "centre.db";
/// The key of a centre, in its data folder.
pub const KEY_FILE: &str = "centre.key";
const BLOBS: &str = "blobs";
const LIST: &str = "backup.json";

/// How far a backup goes in the log of one company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    company: String,
    seq: u64,
    hash: String,
}

impl Point {
    fn of(company: &Key, at: LogPoint) -> Self {
        Self { company: id(company), seq: at.seq, hash: hex(&at.hash) }
    }

    fn read(&self) -> Option<(Key, LogPoint)> {
        Some((unid(&self.company)?, LogPoint { seq: self.seq, hash: unhex(&self.hash)? }))
    }
}

fn broken(error: &(dyn std::error::Error + 'static)) -> Refused {
    Refused::internal("a backup", error)
}

/// Where every log ends now.
pub async fn points<L: CommitLog>(centre: &Shared<L>) -> Answer<Value> {
    let mut points = Vec::new();
    for company in centre.log.companies().await? {
        let head = centre.log.head(&company).await?;
        if head.last_seq > 0 {
            points.push(Point::of(&company, head.point()));
        }
    }
    Ok(json!({ "points": points }))
}

/// Notes that a backup holds the logs up to these points.
pub async fn mark<L: CommitLog>(centre: &Shared<L>, args: &Value) -> Answer<Value> {
    let points: Vec<Point> = serde_json::from_value(args["points"].clone())
        .map_err(|_| Refused::malformed("Give what `points` gave."))?;
    mark_all(centre, &points).await?;
    Ok(json!({ "marked": points.len() }))
}

async fn mark_all<L: CommitLog>(centre: &Shared<L>, points: &[Point]) -> Answer<()> {
    for point in points {
        let (company, at) = point.read().ok_or_else(|| Refused::malformed("No point."))?;
        centre.log.set_backed(&company, &at).await?;
    }
    Ok(())
}

/// Copies log, key and blobs into a new folder within `to`, reads the copy back, and lets the
/// terminals know.
pub async fn make<L: CommitLog>(centre: &Shared<L>, to: &Path) -> Answer<Value> {
    let from = centre.dir.clone();
    if !from.join(LOG_FILE).is_file() {
        let sentence = "The log is in PostgreSQL: back it up with pg_dump or a base backup, with \
             `points` before and `mark` after.";
        return Err(Refused::new(StatusCode::CONFLICT, "postgres", sentence));
    }
    let folder = to.join(format!("lumbung-centre-{}", centre.now_ms()));
    let place: Arc<Path> = Arc::from(folder.as_path());
    let copied = blocking(move || copy(&from, &place)).await?;
    let points = copied.map_err(|error| broken(&error))?;
    mark_all(centre, &points).await?;
    tracing::info!(companies = points.len(), "a backup was made");
    Ok(json!({ "backup": folder, "points": points }))
}

fn copy(from: &Path, to: &Path) -> IoResult<Vec<Point>> {
    fs::create_dir_all(to)?;
    let copy = to.join(LOG_FILE);
    vacuum_into(&from.join(LOG_FILE), &copy).map_err(IoError::other)?;
    fs::copy(from.join(KEY_FILE), to.join(KEY_FILE))?;
    copy_folder(&from.join(BLOBS), &to.join(BLOBS))?;
    let points = read_back(&copy).map_err(IoError::other)?;
    let list = json!({ "lumbung": env!("CARGO_PKG_VERSION"), "points": points });
    fs::write(to.join(LIST), list.to_string())?;
    fs::File::open(&copy)?.sync_all()?;
    Ok(points)
}

fn vacuum_into(from: &Path, to: &Path) -> rusqlite::Result<()> {
    let log = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    log.busy_timeout(std::time::Duration::from_secs(10))?;
    log.execute("vacuum into ?1", [to.to_string_lossy()])?;
    Ok(())
}

/// Looks a copy of a log over and tells how far it goes.
fn read_back(copy: &Path) -> rusqlite::Result<Vec<Point>> {
    let log = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let said: String = log.query_row("pragma integrity_check", [], |row| row.get(0))?;
    if said != "ok" {
        return Err(rusqlite::Error::InvalidParameterName(format!("the copy is damaged: {said}")));
    }
    let sql = "select company, last_seq, log_hash from company_head where last_seq > 0";
    let mut statement = log.prepare(sql)?;
    let points = statement.query_map([], |row| {
        let at = LogPoint { seq: row.get::<_, i64>(1)?.cast_unsigned(), hash: row.get(2)? };
        Ok(Point::of(&row.get(0)?, at))
    })?;
    points.collect()
}

fn copy_folder(from: &Path, to: &Path) -> IoResult<()> {
    if !from.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        let target = to.join(entry.file_name());
        if kind.is_dir() {
            copy_folder(&path, &target)?;
        } else if kind.is_file() && path.extension().is_none_or(|end| end != "part") {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

/// Puts a backup into an empty data folder. Replicas and snapshots are made again by themselves;
/// terminals find out from the log's hashes what it lacks, and bring it back.
pub fn restore(backup: &Path, dir: &Path) -> IoResult<Vec<PathBuf>> {
    let copy = backup.join(LOG_FILE);
    read_back(&copy).map_err(IoError::other)?;
    if dir.join(LOG_FILE).exists() || dir.join(KEY_FILE).exists() {
        let sentence = "this data folder holds a centre already: move it away first";
        return Err(IoError::new(ErrorKind::AlreadyExists, sentence));
    }
    fs::create_dir_all(dir)?;
    let mut put = Vec::new();
    for name in [LOG_FILE, KEY_FILE] {
        let place = dir.join(name);
        fs::copy(backup.join(name), &place)?;
        put.push(place);
    }
    copy_folder(&backup.join(BLOBS), &dir.join(BLOBS))?;
    Ok(put)
}
