//! Requests to the centre: messages in, messages out, with limits on everything.
//!
//! **Invariant:** what comes from the network takes no more memory than its limit, and a token
//! never goes anywhere but to the centre it came from.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use lumbung_app::Failure;
use lumbung_app::sync::CentreAddress;
use lumbung_sync::access::{
    EnrolAnswer, EnrolRequest, Token, TokenAnswer, TokenRequest, challenge_bytes,
};
use lumbung_sync::protocol::{self, Introduction};
use lumbung_sync::{Key, Origin};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RANGE};
use reqwest::{Client, Method, Response, StatusCode, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::{Line, LineError};

/// How long it may take until somebody answers.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a message and its answer may take.
const EXCHANGE: Duration = Duration::from_secs(90);
/// How long a stream may be silent.
pub(crate) const SILENCE: Duration = Duration::from_secs(45);
/// The most bytes of an answer as they come.
const ANSWER_MAX: usize = 16 * 1024 * 1024;
/// The most bytes of an answer once it is unpacked.
const PLAIN_MAX: usize = 64 * 1024 * 1024;
/// The most bytes of a refusal.
const REFUSAL_MAX: usize = 64 * 1024;
/// A token is renewed when it lives less than this.
const TOKEN_SPARE: Duration = Duration::from_secs(60);
/// The media type of messages.
const MESSAGE: &str = "application/octet-stream";

/// Who speaks to the centre.
pub(crate) struct Speaker<'a> {
    /// The company.
    pub company: Key,
    /// The origin.
    pub origin: Origin,
    /// Who vouches for it.
    pub introductions: Vec<Introduction>,
    /// Signs for it.
    pub sign: lumbung_app::sync::Sign<'a>,
}

/// How much went over the line.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traffic {
    /// Bytes sent.
    pub out: u64,
    /// Bytes received.
    pub back: u64,
}

struct Held {
    bearer: String,
    until: Instant,
    origin: Origin,
}

/// The way to one centre.
pub(crate) struct Http {
    client: Client,
    base: String,
    token: RefCell<Option<Held>>,
}

impl Http {
    /// The way to the centre at this address.
    pub fn new(address: &CentreAddress) -> Line<Self> {
        // Whoever comes first decides; ring is the only one in the program.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .redirect(redirect::Policy::none())
            .https_only(!address.is_plain())
            .user_agent(concat!("lumbung/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, base: address.url().to_owned(), token: RefCell::new(None) })
    }

    /// Asks to be let in.
    pub async fn enrol(&self, asked: &EnrolRequest) -> Line<EnrolAnswer> {
        let answer: EnrolAnswer = self.message("enrol", asked, None).await?.0;
        self.keep(&answer.token, answer.introduction.origin);
        Ok(answer)
    }

    /// Keeps a token for the origin it was given to.
    pub fn keep(&self, token: &Token, origin: Origin) {
        let until = Instant::now() + Duration::from_secs(u64::from(token.seconds));
        *self.token.borrow_mut() = Some(Held { bearer: token.bearer.clone(), until, origin });
    }

    /// Forgets the token: the speaker is somebody else now.
    pub fn forget(&self) {
        *self.token.borrow_mut() = None;
    }

    /// Sends a message with the speaker's token and gives the answer.
    pub async fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        speaker: &Speaker<'_>,
        path: &str,
        question: &Q,
    ) -> Line<(A, Traffic)> {
        let path = at(speaker, path);
        let bearer = self.bearer(speaker).await?;
        match self.message(&path, question, Some(&bearer)).await {
            // The centre may have been started again, or its clock put right.
            Err(error) if error.is_unauthorised() => {
                *self.token.borrow_mut() = None;
                let bearer = self.bearer(speaker).await?;
                self.message(&path, question, Some(&bearer)).await
            }
            answered => answered,
        }
    }

    /// Opens a stream or a file, from a byte on.
    pub async fn open(&self, speaker: &Speaker<'_>, path: &str, from: u64) -> Line<Response> {
        let bearer = self.bearer(speaker).await?;
        let mut request = self
            .client
            .request(Method::GET, self.url(&at(speaker, path)))
            .header(AUTHORIZATION, format!("Bearer {bearer}"))
            .header(ACCEPT, "*/*");
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
        }
        let response = request.send().await?;
        if response.status().is_success() {
            return Ok(response);
        }
        if response.status() == StatusCode::UNAUTHORIZED {
            *self.token.borrow_mut() = None;
        }
        Err(refusal(response).await)
    }

    /// Puts a file at its place.
    pub async fn put(&self, speaker: &Speaker<'_>, path: &str, bytes: Vec<u8>) -> Line<()> {
        let bearer = self.bearer(speaker).await?;
        let response = self
            .client
            .request(Method::PUT, self.url(&at(speaker, path)))
            .timeout(EXCHANGE)
            .header(AUTHORIZATION, format!("Bearer {bearer}"))
            .header(CONTENT_TYPE, MESSAGE)
            .body(bytes)
            .send()
            .await?;
        if response.status().is_success() { Ok(()) } else { Err(refusal(response).await) }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// A token that lives long enough, got by signing a challenge where there is none.
    async fn bearer(&self, speaker: &Speaker<'_>) -> Line<String> {
        if let Some(held) = &*self.token.borrow()
            && held.origin == speaker.origin
            && held.until.saturating_duration_since(Instant::now()) > TOKEN_SPARE
        {
            return Ok(held.bearer.clone());
        }
        let path = at(speaker, "token");
        let mut asked = TokenRequest {
            origin: speaker.origin,
            introductions: speaker.introductions.clone(),
            answer: None,
        };
        let challenge = match self.message(&path, &asked, None).await?.0 {
            TokenAnswer::Challenge(challenge) => challenge,
            TokenAnswer::Token(_) => return Err(LineError::strange("a token without a proof")),
        };
        let statement = challenge_bytes(&speaker.company, &speaker.origin, &challenge);
        asked.answer = Some((challenge, (speaker.sign)(&statement)?));
        match self.message(&path, &asked, None).await?.0 {
            TokenAnswer::Token(token) => {
                self.keep(&token, speaker.origin);
                Ok(token.bearer)
            }
            TokenAnswer::Challenge(_) => Err(LineError::strange("a second challenge")),
        }
    }

    async fn message<Q: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        question: &Q,
        bearer: Option<&str>,
    ) -> Line<(A, Traffic)> {
        let body = protocol::encode(question)?;
        let out = body.len() as u64;
        let mut request = self
            .client
            .request(Method::POST, self.url(path))
            .timeout(EXCHANGE)
            .header(CONTENT_TYPE, MESSAGE)
            .body(body);
        if let Some(bearer) = bearer {
            request = request.header(AUTHORIZATION, format!("Bearer {bearer}"));
        }
        let response = request.send().await?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let bytes = whole(response, ANSWER_MAX).await?;
        let back = bytes.len() as u64;
        let answer = protocol::decode(&bytes, PLAIN_MAX).map_err(LineError::strange)?;
        Ok((answer, Traffic { out, back }))
    }
}

fn at(speaker: &Speaker<'_>, path: &str) -> String {
    format!("s/{}/{path}", Uuid::from_bytes(speaker.company))
}

/// The whole answer, up to a limit.
pub(crate) async fn whole(mut response: Response, limit: usize) -> Line<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await? {
        if bytes.len() + piece.len() > limit {
            return Err(LineError::strange(format!("an answer of more than {limit} bytes")));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// What the centre says when it says no.
async fn refusal(response: Response) -> LineError {
    let status = response.status().as_u16();
    let bytes = match whole(response, REFUSAL_MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return error,
    };
    match serde_json::from_slice::<Failure>(&bytes) {
        Ok(failure) => LineError::Refused { status, failure: Box::new(failure) },
        // A proxy in between speaks for a centre that is away.
        Err(_) if (500..600).contains(&status) => {
            LineError::Unreachable { detail: format!("status {status}") }
        }
        Err(_) => LineError::strange(format!("status {status} without a reason")),
    }
}
