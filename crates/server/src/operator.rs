//! What the administrator of this machine does: codes, terminals, quarantine, proofs, backups.
//!
//! **Invariant:** what can be undone nowhere else (letting commits out of quarantine) is done one
//! commit at a time, by name.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::StatusCode;
use lumbung_app::Caller;
use lumbung_sync::authority::OriginState;
use lumbung_sync::{Header, Key};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::backup;
use crate::centre::Shared;
use crate::enrol::{self, Admits};
use crate::http::failure::{Answer, Refused};
use crate::log::{CommitLog, Known, OriginKind};
use crate::proof;
use crate::sessions;
use crate::words::{hex, id, unhex, unid};

/// How long a code is good when nobody says otherwise.
const MINUTES: u32 = 10;
/// The longest that a code may be good: a week.
const MINUTES_MAX: u32 = 7 * 24 * 60;

/// A code for a new terminal, for a machine in the place of another, or for a company that comes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CodeWish {
    /// Which company, where there are several.
    pub company: Option<String>,
    /// The code of the branch of a new terminal.
    pub branch: Option<String>,
    /// Its name.
    pub terminal: Option<String>,
    /// Its series.
    pub series: Option<String>,
    /// The series of the terminal whose machine is replaced.
    pub replace: Option<String>,
    /// For how many minutes the code is good.
    pub minutes: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    company: Option<String>,
    /// The series of a terminal, or the id of one of its origins.
    terminal: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    company: Option<String>,
    commit: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    #[serde(default)]
    company: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct To {
    to: PathBuf,
}

/// Does what was asked for.
pub async fn run<L: CommitLog>(centre: &Shared<L>, verb: &str, args: Value) -> Answer<Value> {
    match verb {
        "enrol-code" => code(centre, read(args)?).await,
        "terminals" => terminals(centre, read(args)?).await,
        "revoke" => revoke(centre, read(args)?).await,
        "quarantine" => quarantine(centre, read(args)?).await,
        "release" => release(centre, read(args)?).await,
        "verify" => proof::all(centre).await,
        "points" => backup::points(centre).await,
        "mark" => backup::mark(centre, &args).await,
        "backup" => {
            let To { to } = read(args)?;
            backup::make(centre, &to).await
        }
        _ => Err(Refused::not_found()),
    }
}

fn read<T: DeserializeOwned>(args: Value) -> Answer<T> {
    serde_json::from_value(args).map_err(|error| Refused::malformed(error.to_string()))
}

fn wrong(message: impl Into<String>) -> Refused {
    Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message)
}

async fn code<L: CommitLog>(centre: &Shared<L>, wish: CodeWish) -> Answer<Value> {
    let minutes = wish.minutes.unwrap_or(MINUTES).clamp(1, MINUTES_MAX);
    let founder = wish.branch.is_none() && wish.replace.is_none();
    if founder {
        let code = enrol::make_code(centre, Admits::Founder, minutes).await?;
        return Ok(json!({ "code": code, "minutes": minutes, "for": "a company that comes" }));
    }
    let company = sessions::company(centre, wish.company.as_deref()).await?;
    let (terminal, series, scopes) = match wish.replace {
        Some(series) => {
            let known = find(centre, &company, &series).await?;
            (known.terminal, known.series, known.known.scopes)
        }
        None => new_terminal(centre, &company, wish).await?,
    };
    let shown = json!({ "terminal": id(&terminal), "series": series });
    let admits = Admits::Terminal { company, terminal, series, scopes };
    let code = enrol::make_code(centre, admits, minutes).await?;
    Ok(json!({ "code": code, "minutes": minutes, "for": shown }))
}

async fn new_terminal<L: CommitLog>(
    centre: &Shared<L>,
    company: &Key,
    wish: CodeWish,
) -> Answer<(Key, String, Vec<u32>)> {
    let opened = centre.companies.app(company).await?;
    opened.fresh().await?;
    let places = opened.call(Caller::Operator, "branch.list", json!({})).await?;
    let code = wish.branch.unwrap_or_default();
    let branches = places["branches"].as_array().into_iter().flatten();
    let mut found = branches.filter(|branch| branch["code"] == code.as_str());
    let branch = found.next().ok_or_else(|| wrong(format!("There is no branch {code}.")))?;
    let args = json!({
        "branch_id": branch["branch_id"],
        "name": wish.terminal.unwrap_or_else(|| format!("{code} till")),
        "series": wish.series,
    });
    let added = opened.call(Caller::Operator, "terminal.add", args).await?;
    let terminal = added["terminal_id"].as_str().and_then(unid);
    let scope = added["scope_no"].as_u64().and_then(|scope| u32::try_from(scope).ok());
    let series = added["series"].as_str().map(str::to_owned);
    match (terminal, scope, series) {
        (Some(terminal), Some(scope), Some(series)) => Ok((terminal, series, vec![0, scope])),
        _ => Err(wrong("The terminal was not made.")),
    }
}

/// The origin that speaks for a terminal: by series, or by its id.
async fn find<L: CommitLog>(centre: &Shared<L>, company: &Key, named: &str) -> Answer<Known> {
    let origins = centre.log.origins(company).await?;
    let terminals = origins.into_iter().filter(|known| known.kind == OriginKind::Terminal);
    let mut found: Vec<Known> = terminals
        .filter(|known| known.series == named || id(&known.known.origin) == named)
        .collect();
    found.sort_by_key(|known| known.known.state == OriginState::Active);
    found.pop().ok_or_else(|| wrong(format!("There is no terminal {named}.")))
}

fn state(known: &Known) -> &'static str {
    match known.known.state {
        OriginState::Active => "active",
        OriginState::Closed => "closed",
        OriginState::Revoked => "revoked",
    }
}

async fn terminals<L: CommitLog>(centre: &Shared<L>, which: Which) -> Answer<Value> {
    let company = sessions::company(centre, which.company.as_deref()).await?;
    let origins = centre.log.origins(&company).await?;
    let rows = origins.iter().map(|known| {
        let seen = known.seen.as_ref();
        json!({
            "series": known.series,
            "terminal": id(&known.terminal),
            "origin": id(&known.known.origin),
            "kind": if known.kind == OriginKind::Server { "centre" } else { "terminal" },
            "state": state(known),
            "commits": known.known.head.ctr,
            "backed": known.known.backed.ctr,
            "app": seen.map(|seen| &seen.app),
            "schema": seen.map(|seen| seen.schema),
            "clock_off_ms": seen.map(|seen| seen.clock_off_ms),
            "seen_ms": seen.map(|seen| seen.at_ms),
        })
    });
    Ok(json!({ "company": id(&company), "terminals": rows.collect::<Vec<_>>() }))
}

async fn revoke<L: CommitLog>(centre: &Shared<L>, named: Named) -> Answer<Value> {
    let company = sessions::company(centre, named.company.as_deref()).await?;
    let known = find(centre, &company, &named.terminal).await?;
    let (origin, now_ms) = (known.known.origin, centre.now_ms());
    centre.log.set_state(&company, &origin, OriginState::Revoked, now_ms).await?;
    tracing::warn!(series = known.series, "a terminal was shut out");
    Ok(json!({ "origin": id(&origin), "series": known.series, "state": "revoked" }))
}

async fn quarantine<L: CommitLog>(centre: &Shared<L>, which: Which) -> Answer<Value> {
    let company = sessions::company(centre, which.company.as_deref()).await?;
    let kept = centre.log.quarantine(&company).await?;
    let rows = kept.iter().map(|kept| {
        let header = Header::decode(&kept.commit.header).ok();
        json!({
            "commit": hex(&kept.hash),
            "origin": id(&kept.origin),
            "number": kept.ctr,
            "kind": header.as_ref().map(|header| &header.kind),
            "made_ms": header.as_ref().map(|header| header.at_ms),
            "received_ms": kept.received_ms,
        })
    });
    Ok(json!({ "company": id(&company), "commits": rows.collect::<Vec<_>>() }))
}

async fn release<L: CommitLog>(centre: &Shared<L>, wish: Release) -> Answer<Value> {
    let company = sessions::company(centre, wish.company.as_deref()).await?;
    let commit = unhex(&wish.commit).ok_or_else(|| wrong("A commit is 64 hexadecimal digits."))?;
    let appended = centre.log.release(&company, &commit, centre.now_ms()).await?;
    centre.companies.appended(company, appended.seq);
    tracing::warn!(commit = wish.commit, "a commit was let out of quarantine");
    Ok(json!({ "commit": wish.commit, "seq": appended.seq }))
}

/// Reads what a shell gave as a path to a folder that must be there.
pub fn existing(path: &Path) -> Answer<Arc<Path>> {
    match path.is_dir() {
        true => Ok(Arc::from(path)),
        false => Err(wrong(format!("There is no folder {}.", path.display()))),
    }
}
