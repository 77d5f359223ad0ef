//! Pictures of products go beside the log, by what they hold: they are large, and a till sells
//! without them.
//!
//! **Invariant:** a picture is kept only when it is what its name says; one that cannot be had is
//! asked for less and less often.

use lumbung_app::App;
use lumbung_app::catalogue::{self, Image};
use lumbung_app::sync::store;

use crate::error::{Line, LineError};
use crate::http::{Http, Speaker, whole};

/// Pictures each way after one exchange: the next exchange carries the rest.
const AT_ONCE: u32 = 4;

/// Sends and fetches a few pictures. Gives whether there was anything to do.
pub(crate) async fn carry(app: &App, http: &Http, speaker: &Speaker<'_>) -> Line<bool> {
    let now_ms = app.now_ms();
    let books = app.store()?;
    let (send, fetch) = books.read(|db| -> lumbung_app::Result<_> {
        Ok((
            store::pictures_to_send(db, now_ms, AT_ONCE)?,
            store::pictures_to_fetch(db, now_ms, AT_ONCE)?,
        ))
    })?;
    let any = !send.is_empty() || !fetch.is_empty();
    for hash in send {
        let Some(image) = books.read(|db| catalogue::store::image(db, &hash))? else { continue };
        let sent = http.put(speaker, &format!("blob/{hash}"), image.bytes).await;
        settle(app, &hash, sent, |db| store::note_sent(db, &hash))?;
    }
    let mut came = false;
    for hash in fetch {
        let fetched = one(http, speaker, &hash).await;
        came |= fetched.is_ok();
        let image = fetched.as_ref().ok().cloned();
        settle(app, &hash, fetched.map(|_| ()), |db| match &image {
            Some(image) => {
                catalogue::store::save_image(db, &hash, image)?;
                // It came from the centre, so the centre has it.
                store::note_sent(db, &hash)
            }
            None => Ok(()),
        })?;
    }
    if came {
        app.note_applied();
    }
    Ok(any)
}

/// Notes what became of a picture. A line that is gone ends the round; anything else is about this
/// picture only.
fn settle(
    app: &App,
    hash: &str,
    outcome: Line<()>,
    done: impl Fn(&lumbung_sync::rusqlite::Connection) -> lumbung_app::Result<()>,
) -> Line<()> {
    match outcome {
        Ok(()) => Ok(app.store()?.local(|db| done(db))?),
        Err(error @ (LineError::Unreachable { .. } | LineError::Untrusted { .. })) => Err(error),
        Err(error) => {
            tracing::info!(cause = ?error, hash, "a picture was not carried");
            let now_ms = app.now_ms();
            Ok(app.store()?.local(|db| store::note_vain(db, hash, now_ms))?)
        }
    }
}

async fn one(http: &Http, speaker: &Speaker<'_>, hash: &str) -> Line<Image> {
    let response = http.open(speaker, &format!("blob/{hash}"), 0).await?;
    let bytes = whole(response, catalogue::IMAGE_BYTES_MAX).await?;
    if blake3::hash(&bytes).to_hex().as_str() != hash {
        return Err(LineError::strange("a picture is not what its name says"));
    }
    let mime = catalogue::picture_kind(&bytes)
        .ok_or_else(|| LineError::strange("a picture of an unknown kind"))?;
    Ok(Image { mime: mime.to_owned(), bytes })
}
