//! What goes for every request: how many at once, how often, how long, and what is counted.
//!
//! **Invariant:** whatever is asked, an answer comes within [`TIME_MAX`], and every answer forbids
//! a browser to guess, frame or keep it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use tracing::Instrument;

use super::ROUTES;
use super::authority::address;
use super::failure::Refused;
use crate::centre::Shared;
use crate::log::CommitLog;
use crate::metrics::Counter;

/// The longest that a request may take until its answer begins, its body included.
pub const TIME_MAX: Duration = Duration::from_secs(120);

/// Scripts, styles and pictures come from here and nowhere else.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' \
    'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
    worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// What the guard remembers.
#[derive(Clone)]
pub struct Guard<L: CommitLog> {
    /// The centre.
    pub centre: Shared<L>,
    /// Requests that are worked on.
    pub places: Arc<Semaphore>,
}

/// Lets a request through, or refuses it.
pub async fn guard<L: CommitLog>(
    State(guard): State<Guard<L>>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let route = route_of(matched.as_ref());
    let (parts, body) = request.into_parts();
    let from = address(&parts, guard.centre.behind_proxy);
    let span = tracing::info_span!("request", method = %parts.method, route, %from);
    let request = Request::from_parts(parts, body);
    let mut response = answer(&guard, from, request, next).instrument(span.clone()).await;
    harden(&mut response, guard.centre.secure);
    let (status, took) = (response.status(), began.elapsed());
    guard.centre.metrics.request(route, status.as_u16(), took);
    span.in_scope(|| tracing::debug!(status = status.as_u16(), ?took, "answered"));
    response
}

async fn answer<L: CommitLog>(
    guard: &Guard<L>,
    from: std::net::IpAddr,
    request: Request,
    next: Next,
) -> Response {
    let metrics = &guard.centre.metrics;
    if let Err(seconds) = guard.centre.ask(from) {
        metrics.add(Counter::Refused, "rate", 1);
        return Refused::too_often(seconds).into_response();
    }
    let Ok(place) = guard.places.try_acquire() else {
        metrics.add(Counter::Refused, "busy", 1);
        let sentence = "The centre is busy: try again in a moment.";
        return Refused::new(StatusCode::SERVICE_UNAVAILABLE, "centre_busy", sentence)
            .header(header::RETRY_AFTER, "1")
            .into_response();
    };
    let answered = tokio::time::timeout(TIME_MAX, next.run(request)).await;
    drop(place);
    answered.unwrap_or_else(|_| {
        metrics.add(Counter::Refused, "time", 1);
        let sentence = "That took too long and was given up. Try again.";
        Refused::new(StatusCode::REQUEST_TIMEOUT, "timeout", sentence).into_response()
    })
}

fn route_of(matched: Option<&MatchedPath>) -> &'static str {
    let Some(matched) = matched else { return "pages" };
    let known = ROUTES.iter().find(|route| route.path == matched.as_str());
    known.map_or("other", |route| route.path)
}

fn harden(response: &mut Response, secure: bool) {
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=()");
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}
