//! The screens for a browser: the built files of `ui/`, and the first page for every other address.
//!
//! **Invariant:** only files of that one folder are given, and they hold no data of a company.

use std::path::Path;

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{Router, any};
use tower_http::services::{ServeDir, ServeFile};

use super::failure::Refused;

/// Files whose names change with what is in them lie here.
const ASSETS: &str = "/assets/";

/// The pages in this folder, or a sentence where there are none.
pub fn pages<S: Clone + Send + Sync + 'static>(folder: Option<&Path>) -> Router<S> {
    let Some(folder) = folder else {
        return Router::new().fallback(any(|| async { Refused::not_found() }));
    };
    let first = ServeFile::new(folder.join("index.html"));
    let files = ServeDir::new(folder).append_index_html_on_directories(true).fallback(first);
    Router::new().fallback_service(files).layer(middleware::from_fn(keep))
}

async fn keep(request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let sentence = "There is nothing here to change.";
        return Refused::new(StatusCode::METHOD_NOT_ALLOWED, "method", sentence).into_response();
    }
    let path = request.uri().path();
    let is_asset = path.starts_with(ASSETS);
    let mut response = next.run(request).await;
    let for_ever = is_asset && response.status() == StatusCode::OK;
    let keep = if for_ever { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}
