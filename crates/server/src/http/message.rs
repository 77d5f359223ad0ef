//! Messages of terminals as bodies of requests and answers.
//!
//! **Invariant:** a body is never larger in memory than its limit, however it was compressed.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use lumbung_sync::protocol::{decode, encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::failure::Refused;
use crate::centre::Shared;
use crate::log::CommitLog;
use crate::metrics::Counter;

/// The most bytes of a message as it comes: a commit of the largest size among others.
pub const WIRE_MAX: usize = 6 * 1024 * 1024;
/// The most bytes of a message when it is unpacked.
pub const PLAIN_MAX: usize = 16 * 1024 * 1024;

const KIND: HeaderValue = HeaderValue::from_static("application/x-lumbung");

/// A message.
#[derive(Debug)]
pub struct Message<T>(pub T);

impl<L: CommitLog, T: DeserializeOwned> FromRequest<Shared<L>> for Message<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, centre: &Shared<L>) -> Result<Self, Refused> {
        let bytes = Bytes::from_request(request, centre).await.map_err(|rejection| {
            centre.metrics.add(Counter::Refused, "body", 1);
            let too_large = rejection.into_response().status().as_u16() == 413;
            match too_large {
                true => Refused::too_large(WIRE_MAX),
                false => Refused::malformed("The message broke off. Send it again."),
            }
        })?;
        decode(&bytes, PLAIN_MAX).map(Self).map_err(|error| {
            centre.metrics.add(Counter::Refused, "message", 1);
            tracing::warn!(cause = %error, bytes = bytes.len(), "a message cannot be read");
            Refused::malformed("The message cannot be read.")
        })
    }
}

impl<T: Serialize> IntoResponse for Message<T> {
    fn into_response(self) -> Response {
        match encode(&self.0) {
            Ok(bytes) => ([(header::CONTENT_TYPE, KIND)], bytes).into_response(),
            Err(error) => Refused::internal("encoding an answer", &error).into_response(),
        }
    }
}
