//! Connecting to a centre and exchanging with it, from a shell.
//!
//! **Invariant:** what is asked here is what the window asks; nothing waits in the background.

use std::io::BufRead;

use lumbung_app::start::{self, StartState};
use lumbung_app::sync::connect::{self, JoinCentre};
use lumbung_app::{App, Caller, Failure};
use serde_json::{Value, json};

use crate::args::Args;
use crate::run::{face, own, say};
use crate::show::{self, Outcome};

/// Connects this machine: it joins a company, or its company gets a centre.
pub fn enrol(
    app: &App,
    args: &Args,
    address: &str,
    code: Option<&str>,
    plain_allowed: bool,
) -> Result<Outcome, Failure> {
    let code = match code {
        Some(code) => code.to_owned(),
        // One that goes on has no more use for a code.
        None if connect::is_under_way(app) => String::new(),
        None => {
            let mut line = String::new();
            let read = std::io::stdin().lock().read_line(&mut line);
            read.map_err(|error| own("io", &error.to_string()))?;
            line.trim().to_owned()
        }
    };
    let given = JoinCentre { address: address.to_owned(), code, plain_allowed };
    let founds = start::status_of(app).state == StartState::Ready;
    let done = if founds {
        connect::found_now(app, &given)
    } else {
        connect::join_now(app, &given, &mut show::progress())
    };
    done.map_err(|error| face(&error))?;
    exchange(app, args)
}

/// Exchanges until nothing is left, and says how it stands.
pub fn exchange(app: &App, args: &Args) -> Result<Outcome, Failure> {
    app.exchange(&mut show::progress()).map_err(|error| face(&error))?;
    let state = app.call(&Caller::Operator, "sync.state", json!({}))?;
    say(args, &state, |state| {
        let pending = state.get("pending").and_then(Value::as_u64).unwrap_or(0);
        vec![format!("Exchanged with the centre. {pending} entries wait.")]
    })
}
