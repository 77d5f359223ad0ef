//! The verbs of the administrator: asked of the server that runs, or done here when none does.
//!
//! **Invariant:** only who can read the centre's key is answered, and only on this machine.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::args::Verb;
use crate::jwt::{self, Audience, Holder};
use crate::key::CentreKey;

/// Where the running server says on which door it hears its administrator.
const DOOR_FILE: &str = "operator.address";
/// How long a proof of everything may take.
const PATIENCE: Duration = Duration::from_secs(60 * 60);
const TOKEN_SECONDS: u32 = 60;

/// A verb by its name and arguments; nothing for those that are not asked of a server.
pub fn asked(verb: &Verb) -> Result<Option<(&'static str, Value)>, std::io::Error> {
    Ok(Some(match verb {
        Verb::Serve | Verb::Restore { .. } => return Ok(None),
        Verb::EnrolCode { company, branch, terminal, series, replace, ttl } => (
            "enrol-code",
            json!({
                "company": company, "branch": branch, "terminal": terminal, "series": series,
                "replace": replace, "minutes": ttl,
            }),
        ),
        Verb::Terminals { company } => ("terminals", json!({ "company": company })),
        Verb::Revoke { company, terminal } => {
            ("revoke", json!({ "company": company, "terminal": terminal }))
        }
        Verb::Quarantine { company } => ("quarantine", json!({ "company": company })),
        Verb::Release { company, commit } => {
            ("release", json!({ "company": company, "commit": commit }))
        }
        Verb::Verify => ("verify", json!({})),
        Verb::Points => ("points", json!({})),
        Verb::Backup { to } => ("backup", json!({ "to": std::path::absolute(to)? })),
        Verb::Mark { points } => {
            let words = fs::read_to_string(points)?;
            ("mark", serde_json::from_str(&words).map_err(std::io::Error::other)?)
        }
    }))
}

fn door_file(dir: &Path) -> PathBuf {
    dir.join(DOOR_FILE)
}

/// Says on which door the server hears its administrator.
pub fn open_door(dir: &Path, address: SocketAddr) -> std::io::Result<()> {
    fs::write(door_file(dir), address.to_string())
}

/// The server goes down.
pub fn close_door(dir: &Path) {
    if let Err(error) = fs::remove_file(door_file(dir)) {
        tracing::debug!(%error, "the administrator's door was closed already");
    }
}

/// Asks the server that runs over this folder; nothing when none does.
pub fn ask(
    dir: &Path,
    key: &CentreKey,
    now_ms: i64,
    verb: &str,
    args: &Value,
) -> Option<std::io::Result<Value>> {
    let address: SocketAddr = fs::read_to_string(door_file(dir)).ok()?.trim().parse().ok()?;
    let line = TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
    Some(over(line, key, now_ms, verb, args))
}

fn over(
    mut line: TcpStream,
    key: &CentreKey,
    now_ms: i64,
    verb: &str,
    args: &Value,
) -> std::io::Result<Value> {
    let holder = Holder {
        audience: Audience::Operator,
        company: [0; 16],
        subject: *uuid::Uuid::new_v4().as_bytes(),
        session: [0; 16],
    };
    let token = jwt::make(key, &holder, now_ms, TOKEN_SECONDS);
    let body = args.to_string();
    let length = body.len();
    line.set_read_timeout(Some(PATIENCE))?;
    write!(
        line,
        "POST /operator/{verb} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    line.read_to_string(&mut answer)?;
    let broken = || std::io::Error::other("the server's answer broke off");
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(broken)?;
    let value: Value = serde_json::from_str(body).map_err(|_| broken())?;
    if head.split(' ').nth(1) == Some("200") {
        return Ok(value);
    }
    let message = value["message"].as_str().unwrap_or("the server refused").to_owned();
    Err(std::io::Error::other(message))
}
