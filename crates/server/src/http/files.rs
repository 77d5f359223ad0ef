//! Files that are named by their hash: snapshots of the books, pictures and documents.
//!
//! **Invariant:** a name is 64 hexadecimal digits and nothing else, so no name leads out of its
//! folder; what is given under a name has that hash.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use lumbung_sync::Hash;
use lumbung_sync::access::{SnapshotAnswer, SnapshotRequest};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::authority::Device;
use super::failure::{Answer, Refused};
use super::message::Message;
use super::sync::reader;
use crate::blobs::{self, Kept, Part};
use crate::centre::Shared;
use crate::log::{Blob, CommitLog};
use crate::snapshots;
use crate::words::unhex;

/// How far a blob has come, where it is not whole.
const OFFSET_HEADER: &str = "x-upload-offset";
/// A browser may keep what never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

fn named(name: &str) -> Answer<Hash> {
    unhex(name).ok_or_else(|| {
        tracing::warn!("a file was asked for under a name that is not a hash");
        Refused::not_found()
    })
}

/// `POST /s/{company}/snapshot`
pub async fn snapshot<L: CommitLog>(
    State(centre): State<Shared<L>>,
    device: Device,
    Message(request): Message<SnapshotRequest>,
) -> Answer<Message<SnapshotAnswer>> {
    let known = reader(&centre, device).await?;
    if request.scopes.iter().any(|scope| !known.known.scopes.contains(scope)) {
        return Err(Refused::forbidden("A terminal gets a copy of its own branches."));
    }
    snapshots::of(&centre, &device.company, request).await.map(Message)
}

/// `GET /s/{company}/snapshot/{hash}`
pub async fn snapshot_file<L: CommitLog>(
    State(centre): State<Shared<L>>,
    Path((_, name)): Path<(String, String)>,
    device: Device,
    request: Request,
) -> Answer<Response> {
    let known = reader(&centre, device).await?;
    let file = named(&name)?;
    let snapshot = centre.log.snapshot_file(&device.company, &file).await?;
    let snapshot = snapshot.ok_or_else(Refused::not_found)?;
    let may = |scope| known.known.scopes.contains(scope);
    if !snapshot.scopes.as_slice().iter().all(may) {
        return Err(Refused::not_found());
    }
    let path = snapshots::path(&centre.dir, &device.company, &file);
    Ok(serve(&path, &name, "application/zstd", request).await)
}

/// `GET /s/{company}/blob/{hash}`, which also answers `HEAD`.
pub async fn blob<L: CommitLog>(
    State(centre): State<Shared<L>>,
    Path((_, name)): Path<(String, String)>,
    device: Device,
    request: Request,
) -> Answer<Response> {
    reader(&centre, device).await?;
    let hash = named(&name)?;
    let Some(blob) = centre.log.blob(&device.company, &hash).await? else {
        let come = blobs::come_so_far(&centre.dir, &device.company, &hash).await;
        let refused = Refused::not_found();
        let offset = axum::http::HeaderName::from_static(OFFSET_HEADER);
        return Err(refused.header(offset, &come.to_string()));
    };
    let path = blobs::path(&centre.dir, &device.company, &hash);
    Ok(serve(&path, &name, blobs::kind(&blob.mime), request).await)
}

/// `PUT /s/{company}/blob/{hash}`: whole, or the next part by `Content-Range`.
pub async fn put_blob<L: CommitLog>(
    State(centre): State<Shared<L>>,
    Path((_, name)): Path<(String, String)>,
    device: Device,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    reader(&centre, device).await?;
    let hash = named(&name)?;
    if centre.log.blob(&device.company, &hash).await?.is_some() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let part = match text(header::CONTENT_RANGE) {
        Some(range) => Part::parse(range),
        None => text(header::CONTENT_LENGTH).and_then(|length| Part::whole(length.parse().ok()?)),
    };
    let part = part.ok_or_else(|| Refused::malformed("Say how long the file is."))?;
    let kind = blobs::kind(text(header::CONTENT_TYPE).unwrap_or_default());
    let pieces = body.into_data_stream().map(|piece| piece.map_err(std::io::Error::other));
    let kept = blobs::take(&centre.dir, &device.company, &hash, part, pieces).await?;
    match kept {
        Kept::Part { offset } => {
            let offset = [(OFFSET_HEADER, offset.to_string())];
            Ok((StatusCode::ACCEPTED, offset).into_response())
        }
        Kept::Whole { bytes } => {
            let blob = Blob { hash, bytes, mime: kind.to_owned() };
            centre.log.put_blob(&device.company, &blob).await?;
            Ok(StatusCode::CREATED.into_response())
        }
    }
}

/// Gives a file, or the range that is asked for.
async fn serve(path: &std::path::Path, name: &str, kind: &str, request: Request) -> Response {
    let method = request.method().clone();
    let mime = kind.parse().unwrap_or(mime::APPLICATION_OCTET_STREAM);
    let mut served = match ServeFile::new_with_mime(path, &mime).oneshot(request).await {
        Ok(served) => served.map(Body::new),
        Err(never) => match never {},
    };
    if served.status().is_success() && method != Method::PUT {
        let headers = served.headers_mut();
        headers.insert(header::CACHE_CONTROL, FOR_EVER);
        let attachment = HeaderValue::from_static("attachment");
        headers.insert(header::CONTENT_DISPOSITION, attachment);
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{name}\"")) {
            headers.insert(header::ETAG, tag);
        }
    }
    served
}
