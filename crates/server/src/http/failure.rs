//! What a request is told when it does not succeed.
//!
//! **Invariant:** an answer says what happened and what to do next, and nothing of files,
//! statements or other companies; the cause goes to the log file, once.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lumbung_app::Failure;

use crate::log::LogError;

/// An answer that is not a success.
#[derive(Debug)]
pub struct Refused {
    status: StatusCode,
    failure: Box<Failure>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What handlers give.
pub type Answer<T> = Result<T, Refused>;

impl Refused {
    /// A refusal with a status, a stable code and a sentence.
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        let failure = Failure {
            code: code.to_owned(),
            message: message.into(),
            fields: Default::default(),
            facts: Default::default(),
        };
        Self { status, failure: Box::new(failure), headers: Vec::new() }
    }

    /// Nobody may pass without a token; one sentence whatever is wrong with the one given.
    pub fn no_authority() -> Self {
        let sentence = "This needs a valid token: sign in, or let the terminal connect again.";
        Self::new(StatusCode::UNAUTHORIZED, "signed_out", sentence)
            .header(header::WWW_AUTHENTICATE, "Bearer")
    }

    /// The token is good, but not for this.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", message)
    }

    /// What was sent cannot be understood.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", message)
    }

    /// There is no such thing here, or not for this holder: the two are not told apart.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing here under that name.")
    }

    /// Too often.
    pub fn too_often(seconds: u32) -> Self {
        let sentence = format!("That was too often: try again in {seconds} seconds.");
        let mut refused = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_often", sentence)
            .header(header::RETRY_AFTER, &seconds.to_string());
        refused.failure.facts.insert("seconds".to_owned(), seconds.to_string());
        refused
    }

    /// More bytes than are taken.
    pub fn too_large(limit: usize) -> Self {
        let sentence = format!("That is too large: at most {limit} bytes are taken.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence)
    }

    /// Something here is not as it should be; the cause goes to the log file.
    pub fn internal(what: &'static str, cause: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(what, cause = %Chain(cause), "a request failed");
        let sentence = "The centre could not do this and changed nothing. Try again later.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", sentence)
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// What it says, for a caller that is not on the network.
    pub fn into_failure(self) -> Failure {
        *self.failure
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

/// An error with everything beneath it, on one line.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.failure)).into_response();
        response.headers_mut().extend(self.headers);
        response
    }
}

impl From<LogError> for Refused {
    fn from(error: LogError) -> Self {
        let (status, code) = match &error {
            LogError::NoCompany => return Self::not_found(),
            LogError::UnknownOrigin => (StatusCode::FORBIDDEN, "unknown_origin"),
            LogError::BadIntroduction { .. } => (StatusCode::FORBIDDEN, "bad_introduction"),
            LogError::SeriesTaken { .. } => (StatusCode::CONFLICT, "series_taken"),
            LogError::NotInLog { .. } => (StatusCode::CONFLICT, "not_in_log"),
            LogError::NotNext { .. } => (StatusCode::CONFLICT, "not_next"),
            LogError::NotQuarantined => (StatusCode::NOT_FOUND, "not_quarantined"),
            LogError::BadCommit { .. } => (StatusCode::BAD_REQUEST, "bad_commit"),
            LogError::Unavailable(_) => {
                tracing::error!(cause = %Chain(&error), "the log does not answer");
                let sentence = error.to_string();
                return Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", sentence)
                    .header(header::RETRY_AFTER, "5");
            }
            LogError::InUse { .. } | LogError::TooNew | LogError::Damaged { .. } => {
                return Self::internal("the log", &error);
            }
        };
        Self::new(status, code, error.to_string())
    }
}

/// A command's refusal, with the status a browser expects.
impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        let status = match failure.code.as_str() {
            "signed_out" => StatusCode::UNAUTHORIZED,
            "forbidden" | "wrong_pin" => StatusCode::FORBIDDEN,
            "not_found" | "unknown_command" => StatusCode::NOT_FOUND,
            "locked_out" => StatusCode::TOO_MANY_REQUESTS,
            "internal" | "io" => StatusCode::INTERNAL_SERVER_ERROR,
            "store" | "no_company" | "store_closed" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self { status, failure: Box::new(failure), headers: Vec::new() }
    }
}
