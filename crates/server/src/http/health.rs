//! Whether the centre lives, whether it can work, and what it counts.
//!
//! **Invariant:** what is answered without authority says yes or no, and nothing about companies.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::authority::Operator;
use super::failure::Answer;
use crate::centre::Shared;
use crate::log::CommitLog;
use crate::metrics::Gauge;

/// An open replica may be so many entries behind the log before the centre says that it cannot
/// keep up.
const LAG_MAX: u64 = 50_000;

/// `GET /livez`: the process answers.
pub async fn live() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: the log answers, and the replicas keep up with it.
pub async fn ready<L: CommitLog>(State(centre): State<Shared<L>>) -> Response {
    let lag = match centre.companies.lag().await {
        Ok(lag) => lag,
        Err(error) => {
            tracing::error!(cause = %error, "not ready: the log does not answer");
            return (StatusCode::SERVICE_UNAVAILABLE, "database: no\n").into_response();
        }
    };
    let (status, word) = match lag <= LAG_MAX {
        true => (StatusCode::OK, "yes"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "no"),
    };
    (status, format!("database: yes\nlag: {lag}\nready: {word}\n")).into_response()
}

/// `GET /metrics`, on the operator's own door.
pub async fn metrics<L: CommitLog>(
    State(centre): State<Shared<L>>,
    _: Operator,
) -> Answer<Response> {
    let lag = centre.companies.lag().await?;
    let (open, listeners) = (centre.companies.open_count(), centre.companies.listener_count());
    let gauges = [
        Gauge {
            name: "lumbung_replicas_open",
            help: "Companies whose replica is open",
            value: open,
        },
        Gauge {
            name: "lumbung_listeners",
            help: "Streams of hints that are open",
            value: listeners,
        },
        Gauge {
            name: "lumbung_lag_entries",
            help: "How far the slowest replica is behind",
            value: lag,
        },
    ];
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((kind, centre.metrics.page(&gauges)).into_response())
}
