//! The door of the machine's administrator: what `lumbung-server` is told on a command line.
//!
//! **Invariant:** it does nothing that [`crate::operator`] would not do without it.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::Value;

use super::authority::Operator;
use super::failure::Answer;
use crate::centre::Shared;
use crate::log::CommitLog;
use crate::operator;

/// `POST /operator/{verb}`
pub async fn run<L: CommitLog>(
    State(centre): State<Shared<L>>,
    Path(verb): Path<String>,
    _: Operator,
    Json(args): Json<Value>,
) -> Answer<Json<Value>> {
    tracing::info!(verb, "the operator acts");
    operator::run(&centre, &verb, args).await.map(Json)
}
