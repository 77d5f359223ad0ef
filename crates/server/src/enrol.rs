//! Letting terminals in: one-time codes, enrolment, tokens by signed challenge.
//!
//! **Invariant:** nobody becomes an origin without a code that somebody with authority made, and a
//! code lets in one origin; whoever holds a token has proved the origin's key within its time.

use ed25519_dalek::{Signature, VerifyingKey};
use lumbung_sync::access::{
    EnrolAnswer, EnrolRequest, Founding, Token, TokenAnswer, TokenRequest, challenge_bytes,
};
use lumbung_sync::authority::OriginState;
use lumbung_sync::protocol::Introduction;
use lumbung_sync::{Key, Origin};

use crate::centre::{Centre, Shared};
use crate::http::failure::{Answer, Refused};
use crate::jwt::{self, Audience, Holder};
use crate::log::{Code, CodeUse, CommitLog, Known, LogError, OriginKind};
use crate::words::{CODE_LETTERS, code, code_hash, random, typed_code};
use axum::http::StatusCode;

/// How long a terminal's token is good.
pub const TOKEN_SECONDS: u32 = 15 * 60;
/// How long a challenge may be answered.
const CHALLENGE_MS: i64 = 60_000;
/// Codes of companies that have no centre yet are kept under this.
pub const NO_COMPANY: Key = [0; 16];
/// The most branches of one company.
pub const SCOPES_MAX: u32 = 1_000;
/// Introductions that one request may bring.
const INTRODUCTIONS_MAX: usize = 64;

/// What a code will let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admits {
    /// A company that lived on one terminal until now.
    Founder,
    /// A terminal of a company that is here.
    Terminal {
        /// The company.
        company: Key,
        /// The terminal.
        terminal: Key,
        /// Its series.
        series: String,
        /// What it may read and write.
        scopes: Vec<u32>,
    },
}

/// Makes a one-time code and gives it as it is to be typed.
pub async fn make_code<L: CommitLog>(
    centre: &Centre<L>,
    admits: Admits,
    minutes: u32,
) -> Answer<String> {
    put_code(&centre.log, centre.now_ms(), admits, minutes).await
}

/// Makes a one-time code in a log and gives it as it is to be typed.
pub async fn put_code<L: CommitLog>(
    log: &L,
    made_ms: i64,
    admits: Admits,
    minutes: u32,
) -> Answer<String> {
    let made = code(&random::<CODE_LETTERS>().map_err(|e| Refused::internal("a code", &e))?);
    let plain = typed_code(&made).unwrap_or_default();
    let (company, terminal, series, scopes) = match admits {
        Admits::Founder => (NO_COMPANY, None, None, Vec::new()),
        Admits::Terminal { company, terminal, series, scopes } => {
            (company, Some(terminal), Some(series), scopes)
        }
    };
    let kept = Code {
        hash: code_hash(&plain),
        terminal,
        series,
        scopes,
        made_ms,
        ends_ms: made_ms + i64::from(minutes) * 60_000,
    };
    log.put_code(&company, &kept).await?;
    Ok(made)
}

/// Lets a terminal in.
pub async fn enrol<L: CommitLog>(
    centre: &Shared<L>,
    request: &EnrolRequest,
) -> Answer<EnrolAnswer> {
    let wrong = || {
        let sentence = "This code is not known here. Look at it again, or ask for a new one.";
        Refused::new(StatusCode::FORBIDDEN, "wrong_code", sentence)
    };
    let typed = typed_code(&request.code).ok_or_else(wrong)?;
    let signed = request.signed_bytes().map_err(|_| Refused::malformed("Nothing was signed."))?;
    if !signed_by(&request.pubkey, &signed, &request.proof) {
        return Err(Refused::forbidden("The terminal did not prove its key."));
    }
    let hash = code_hash(&typed);
    let mut places = vec![NO_COMPANY];
    if request.founding.is_none() {
        places = centre.log.companies().await?;
    }
    for company in places {
        match centre.log.use_code(&company, &hash, &request.origin, centre.now_ms()).await? {
            CodeUse::Unknown => {}
            CodeUse::Ended => {
                let sentence = "This code has ended. Ask for a new one.";
                return Err(Refused::new(StatusCode::FORBIDDEN, "code_ended", sentence));
            }
            CodeUse::Used => {
                let sentence = "This code was used already. Ask for a new one.";
                return Err(Refused::new(StatusCode::FORBIDDEN, "code_used", sentence));
            }
            CodeUse::Granted(code) => return let_in(centre, &company, request, code).await,
        }
    }
    Err(wrong())
}

async fn let_in<L: CommitLog>(
    centre: &Shared<L>,
    company: &Key,
    request: &EnrolRequest,
    code: Code,
) -> Answer<EnrolAnswer> {
    let Code { terminal, series, scopes, .. } = code;
    let mut introduction = Introduction {
        company: *company,
        terminal: terminal.unwrap_or_default(),
        origin: request.origin,
        pubkey: request.pubkey,
        series: series.unwrap_or_default(),
        scopes,
        by: None,
        sig: Vec::new(),
    };
    if let Some(founding) = &request.founding {
        found(centre, founding, request.origin).await?;
        introduction.company = founding.company;
        introduction.terminal = founding.terminal;
        introduction.series.clone_from(&founding.series);
        introduction.scopes.clone_from(&founding.scopes);
    }
    let (known, introduction) = introduce(centre, introduction, OriginKind::Terminal).await?;
    close_others(centre, &introduction).await?;
    let head = centre.log.head(&introduction.company).await?;
    tracing::info!(
        company = crate::words::id(&introduction.company),
        terminal = crate::words::id(&introduction.terminal),
        series = known.series,
        machine = request.machine.chars().take(80).collect::<String>(),
        "a terminal was let in"
    );
    Ok(EnrolAnswer {
        token: token(centre, &introduction.company, &introduction.origin),
        introduction,
        log_id: head.log_id,
        centre: centre.key.public(),
    })
}

/// Opens the log of a company that comes with its books.
async fn found<L: CommitLog>(
    centre: &Shared<L>,
    founding: &Founding,
    origin: Origin,
) -> Answer<()> {
    let scopes = &founding.scopes;
    let good = scopes.contains(&0)
        && scopes.len() <= SCOPES_MAX as usize
        && scopes.windows(2).all(|pair| pair[0] < pair[1])
        && scopes.iter().all(|scope| *scope < SCOPES_MAX)
        && founding.company != NO_COMPANY
        && (1..=16).contains(&founding.series.len())
        && founding.series.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !good {
        return Err(Refused::malformed("The company does not say rightly what it is."));
    }
    let origins = match centre.log.origins(&founding.company).await {
        Err(LogError::NoCompany) => Vec::new(),
        told => told?,
    };
    if origins.is_empty() {
        centre.log.open_company(&founding.company, &centre.opening()).await?;
        return Ok(());
    }
    // The answer to the same question may have been lost.
    if origins.iter().any(|known| known.known.origin == origin) {
        return Ok(());
    }
    let sentence = "This centre keeps the books of that company already: ask for a code that lets \
         a terminal in.";
    Err(Refused::new(StatusCode::CONFLICT, "company_exists", sentence))
}

/// Vouches for an origin and takes it up; where its series is another's, under the next free one.
pub async fn introduce<L: CommitLog>(
    centre: &Centre<L>,
    mut introduction: Introduction,
    kind: OriginKind,
) -> Answer<(Known, Introduction)> {
    let unsigned = |error| Refused::internal("signing an introduction", &error);
    centre.key.introduce(&mut introduction).map_err(unsigned)?;
    let company = introduction.company;
    match centre.log.introduce(&company, &introduction, kind).await {
        Err(LogError::SeriesTaken { next }) => {
            introduction.series = next;
            centre.key.introduce(&mut introduction).map_err(unsigned)?;
            let known = centre.log.introduce(&company, &introduction, kind).await?;
            Ok((known, introduction))
        }
        // One that was known stays as it was, so it is told what it was.
        Ok(known) => {
            let introduction = known.introduction.clone();
            Ok((known, introduction))
        }
        Err(error) => Err(error.into()),
    }
}

/// A terminal is one machine at a time: the journal of the one before may still come.
async fn close_others<L: CommitLog>(centre: &Centre<L>, now: &Introduction) -> Answer<()> {
    for other in centre.log.origins(&now.company).await? {
        let same = other.terminal == now.terminal && other.known.origin != now.origin;
        if same && other.known.state == OriginState::Active {
            let (origin, state) = (other.known.origin, OriginState::Closed);
            centre.log.set_state(&now.company, &origin, state, centre.now_ms()).await?;
        }
    }
    Ok(())
}

/// Gives a challenge, or a token for a challenge that was signed.
pub async fn give_token<L: CommitLog>(
    centre: &Centre<L>,
    company: &Key,
    request: &TokenRequest,
) -> Answer<TokenAnswer> {
    let now_ms = centre.now_ms();
    let Some((challenge, sig)) = &request.answer else {
        // Given to anybody: it proves nothing, and who is known is not told.
        return challenge_for(centre, company, &request.origin, now_ms).map(TokenAnswer::Challenge);
    };
    if !is_ours(centre, company, &request.origin, challenge, now_ms) {
        return Err(Refused::no_authority());
    }
    if request.introductions.len() > INTRODUCTIONS_MAX {
        return Err(Refused::malformed("Too many introductions."));
    }
    let mut known = centre.log.origin(company, &request.origin).await?;
    if known.is_none() {
        for introduction in &request.introductions {
            let kind = OriginKind::Terminal;
            match centre.log.introduce(company, introduction, kind).await {
                Ok(_) | Err(LogError::SeriesTaken { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        known = centre.log.origin(company, &request.origin).await?;
    }
    let known = known.ok_or_else(Refused::no_authority)?;
    let signed = challenge_bytes(company, &request.origin, challenge);
    if known.kind != OriginKind::Terminal || !signed_by(&known.known.pubkey, &signed, sig) {
        return Err(Refused::no_authority());
    }
    if !centre.companies.first_use(challenge, now_ms + CHALLENGE_MS, now_ms) {
        return Err(Refused::no_authority());
    }
    Ok(TokenAnswer::Token(token(centre, company, &request.origin)))
}

fn token<L: CommitLog>(centre: &Centre<L>, company: &Key, origin: &Origin) -> Token {
    let holder = Holder {
        audience: Audience::Device,
        company: *company,
        subject: *origin,
        session: *origin,
    };
    let bearer = jwt::make(&centre.key, &holder, centre.now_ms(), TOKEN_SECONDS);
    Token { bearer, seconds: TOKEN_SECONDS }
}

/// A challenge says when it ends and is marked by us, so nothing is kept until it is answered.
fn challenge_for<L: CommitLog>(
    centre: &Centre<L>,
    company: &Key,
    origin: &Origin,
    now_ms: i64,
) -> Answer<Vec<u8>> {
    let random: [u8; 16] = random().map_err(|e| Refused::internal("a challenge", &e))?;
    let mut challenge = (now_ms + CHALLENGE_MS).to_be_bytes().to_vec();
    challenge.extend_from_slice(&random);
    let mark = centre.key.mark(&marked(company, origin, &challenge));
    challenge.extend_from_slice(mark.as_bytes());
    Ok(challenge)
}

fn is_ours<L: CommitLog>(
    centre: &Centre<L>,
    company: &Key,
    origin: &Origin,
    challenge: &[u8],
    now_ms: i64,
) -> bool {
    let Some((said, mark)) = challenge.split_last_chunk::<32>() else { return false };
    let Some((ends, random)) = said.split_first_chunk::<8>() else { return false };
    let ends = i64::from_be_bytes(*ends);
    random.len() == 16
        && centre.key.mark(&marked(company, origin, said)) == *mark
        && now_ms < ends
        && ends <= now_ms + CHALLENGE_MS
}

fn marked(company: &Key, origin: &Origin, challenge: &[u8]) -> Vec<u8> {
    [company.as_slice(), origin.as_slice(), challenge].concat()
}

fn signed_by(pubkey: &[u8; 32], bytes: &[u8], sig: &[u8]) -> bool {
    let (Ok(key), Ok(sig)) = (VerifyingKey::from_bytes(pubkey), Signature::from_slice(sig)) else {
        return false;
    };
    key.verify_strict(bytes, &sig).is_ok()
}
