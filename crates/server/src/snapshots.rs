//! Copies of the books from which a new terminal begins.
//!
//! **Invariant:** a file stands under the hash of its bytes and never changes; it holds only rows
//! of the scopes it was made for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::StatusCode;
use lumbung_sync::access::{SnapshotAnswer, SnapshotRequest};
use lumbung_sync::{Hash, Key};
use tokio::fs;

use crate::blobs::hash_of;
use crate::centre::Shared;
use crate::companies::blocking;
use crate::http::failure::{Answer, Refused};
use crate::log::{CommitLog, LogPoint, Scopes, Snapshot};
use crate::metrics::Counter;
use crate::words::{hex, id, random};

/// A copy is given again until the log is so many entries beyond it.
const TAIL_MAX: u64 = 50_000;
/// Copies kept of each set of scopes; an older one may still be on its way to somebody.
const KEEP: u32 = 2;

/// Where a copy is.
pub fn path(dir: &Path, company: &Key, file: &Hash) -> PathBuf {
    dir.join("snapshots").join(id(company)).join(hex(file))
}

/// A copy of these scopes: one that is there, or a new one.
pub async fn of<L: CommitLog>(
    centre: &Shared<L>,
    company: &Key,
    request: SnapshotRequest,
) -> Answer<SnapshotAnswer> {
    let schema = centre.companies.schema();
    if request.schema < schema {
        let sentence = "The terminal's program is older than the centre: update it first.";
        return Err(Refused::new(StatusCode::CONFLICT, "needs_upgrade", sentence));
    }
    let scopes = Scopes::new(request.scopes.into_iter().chain([0]));
    let head = centre.log.head(company).await?;
    if let Some(found) = centre.log.snapshot(company, &scopes, schema).await?
        && head.last_seq.saturating_sub(found.at.seq) < TAIL_MAX
        && fs::try_exists(path(&centre.dir, company, &found.file)).await.unwrap_or(false)
    {
        return Ok(answer(&found));
    }
    let made = make(centre, company, scopes, schema).await?;
    centre.metrics.add(Counter::Snapshots, "", 1);
    forget_old(centre, company).await?;
    Ok(answer(&made))
}

fn answer(snapshot: &Snapshot) -> SnapshotAnswer {
    let Snapshot { file, bytes, at, .. } = snapshot;
    SnapshotAnswer { hash: *file, bytes: *bytes, seq: at.seq, witness: at.hash }
}

async fn make<L: CommitLog>(
    centre: &Shared<L>,
    company: &Key,
    scopes: Scopes,
    schema: u32,
) -> Answer<Snapshot> {
    let opened = centre.companies.app(company).await?;
    opened.fresh().await?;
    let broken = |error: std::io::Error| Refused::internal("a copy of the books", &error);
    let fresh: [u8; 8] = random().map_err(|error| Refused::internal("a name", &error))?;
    let folder = centre.dir.join("snapshots").join(id(company));
    fs::create_dir_all(&folder).await.map_err(broken)?;
    let place = folder.join(format!("fresh-{}", hex(&fresh)));
    let (replica, wanted, to) = (Arc::clone(&opened.replica), scopes.clone(), place.clone());
    let made = blocking(move || {
        let store = replica.app().store()?;
        let branches: Vec<u32> = wanted.as_slice().iter().copied().filter(|s| *s > 0).collect();
        store.set_scopes(&[store.scopes()?, branches.clone()].concat())?;
        Ok::<_, lumbung_app::Error>(store.snapshot_for(&branches, &to)?)
    });
    let manifest = made.await?.map_err(|error| Refused::internal("a copy of the books", &error))?;
    let file = hash_of(&place).await.map_err(broken)?;
    let bytes = fs::metadata(&place).await.map_err(broken)?.len();
    fs::rename(&place, path(&centre.dir, company, &file)).await.map_err(broken)?;
    // Scopes that are new stand at the beginning until the log names them: the company's scope
    // has read everything.
    let company_scope = manifest.cursors.iter().find(|cursor| cursor.scope == 0);
    let at = company_scope
        .map_or(LogPoint::START, |cursor| LogPoint { seq: cursor.seq, hash: cursor.witness });
    let made_ms = centre.now_ms();
    let snapshot = Snapshot { scopes, schema, at, file, bytes, made_ms };
    centre.log.put_snapshot(company, &snapshot).await?;
    Ok(snapshot)
}

async fn forget_old<L: CommitLog>(centre: &Shared<L>, company: &Key) -> Answer<()> {
    for file in centre.log.prune_snapshots(company, KEEP).await? {
        let path = path(&centre.dir, company, &file);
        if let Err(error) = fs::remove_file(&path).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(cause = %error, "an old copy of the books could not be removed");
        }
    }
    Ok(())
}
