//! The doors of the centre: every address, who may pass, and what goes for all of them.
//!
//! **Invariant:** [`ROUTES`] is complete: an address that is not in it does not answer, and one
//! that needs authority does not answer without.

pub mod authority;
mod events;
pub mod failure;
mod files;
mod guard;
mod health;
pub mod message;
mod operator;
mod pages;
mod people;
mod sync;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use tokio::sync::Semaphore;

use crate::blobs::BLOB_MAX;
use crate::centre::Shared;
use crate::log::CommitLog;
use guard::Guard;

pub use guard::TIME_MAX;

/// Requests that are worked on at once; further ones are told to come back.
const AT_ONCE_MAX: usize = 512;
/// The most bytes of a person's request: a command with a picture in it.
const PERSON_MAX: usize = 8 * 1024 * 1024;
/// The most bytes of a request that is not signed by anybody yet.
const STRANGER_MAX: usize = 64 * 1024;

/// Who may pass a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Anybody: it tells nothing, or it is where authority is got.
    Anybody,
    /// A terminal with a token of the company in the address.
    Device,
    /// A person with a token.
    Person,
    /// Whoever holds the refresh secret of a session.
    Secret,
    /// The administrator of this machine, on a door that only this machine reaches.
    Operator,
}

/// An address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// How it is asked.
    pub method: &'static str,
    /// Its path, with the names of its parts in braces.
    pub path: &'static str,
    /// Who may pass.
    pub pass: Pass,
}

const fn route(method: &'static str, path: &'static str, pass: Pass) -> Route {
    Route { method, path, pass }
}

/// Every address of the centre, apart from the files of the screens.
pub const ROUTES: &[Route] = &[
    route("GET", "/livez", Pass::Anybody),
    route("GET", "/readyz", Pass::Anybody),
    route("POST", "/enrol", Pass::Anybody),
    route("POST", "/s/{company}/token", Pass::Anybody),
    route("POST", "/auth/sign-in", Pass::Anybody),
    route("POST", "/auth/refresh", Pass::Secret),
    route("POST", "/auth/sign-out", Pass::Secret),
    route("POST", "/s/{company}/sync", Pass::Device),
    route("GET", "/s/{company}/events", Pass::Device),
    route("POST", "/s/{company}/snapshot", Pass::Device),
    route("GET", "/s/{company}/snapshot/{hash}", Pass::Device),
    route("POST", "/s/{company}/checkpoints", Pass::Device),
    route("POST", "/s/{company}/reconcile", Pass::Device),
    route("GET", "/s/{company}/blob/{hash}", Pass::Device),
    route("PUT", "/s/{company}/blob/{hash}", Pass::Device),
    route("POST", "/rpc/{name}", Pass::Person),
    route("GET", "/events", Pass::Person),
    route("GET", "/metrics", Pass::Operator),
    route("POST", "/operator/{verb}", Pass::Operator),
];

/// The doors that the network reaches.
pub fn doors<L: CommitLog>(centre: &Shared<L>) -> Router {
    let strangers = Router::new()
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready::<L>))
        .route("/enrol", post(sync::enrol::<L>))
        .route("/s/{company}/token", post(sync::token::<L>))
        .route("/auth/sign-in", post(people::sign_in::<L>))
        .route("/auth/refresh", post(people::refresh::<L>))
        .route("/auth/sign-out", post(people::sign_out::<L>))
        .layer(DefaultBodyLimit::max(STRANGER_MAX));
    let devices = Router::new()
        .route("/s/{company}/sync", post(sync::sync::<L>))
        .route("/s/{company}/events", get(events::for_device::<L>))
        .route("/s/{company}/snapshot", post(files::snapshot::<L>))
        .route("/s/{company}/snapshot/{hash}", get(files::snapshot_file::<L>))
        .route("/s/{company}/checkpoints", post(sync::checkpoints::<L>))
        .route("/s/{company}/reconcile", post(sync::reconcile::<L>))
        .layer(DefaultBodyLimit::max(message::WIRE_MAX));
    let blobs = Router::new()
        .route("/s/{company}/blob/{hash}", get(files::blob::<L>).put(files::put_blob::<L>))
        .layer(DefaultBodyLimit::max(BLOB_MAX as usize));
    let people = Router::new()
        .route("/rpc/{name}", post(people::rpc::<L>))
        .route("/events", get(events::for_person::<L>))
        .layer(DefaultBodyLimit::max(PERSON_MAX));
    let pages = pages::pages(centre.ui.as_deref());
    let all = strangers.merge(devices).merge(blobs).merge(people).merge(pages);
    guarded(all, centre)
}

/// The doors that only this machine reaches.
pub fn operator_doors<L: CommitLog>(centre: &Shared<L>) -> Router {
    let all = Router::new()
        .route("/livez", get(health::live))
        .route("/metrics", get(health::metrics::<L>))
        .route("/operator/{verb}", post(operator::run::<L>))
        .layer(DefaultBodyLimit::max(STRANGER_MAX));
    guarded(all, centre)
}

fn guarded<L: CommitLog>(doors: Router<Shared<L>>, centre: &Shared<L>) -> Router {
    let places = Arc::new(Semaphore::new(AT_ONCE_MAX));
    let guard = Guard { centre: Arc::clone(centre), places };
    doors
        .layer(middleware::from_fn_with_state(guard, guard::guard::<L>))
        .with_state(Arc::clone(centre))
}
