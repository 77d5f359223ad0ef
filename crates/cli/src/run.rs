//! One function a verb.
//!
//! **Invariant:** a verb opens the data folder once and leaves it closed.

use std::io::{BufRead, Read};

use lumbung_app::start::{self, StartState};
use lumbung_app::{App, AppConfig, Caller, Error, Failure, backup, demo, verify};
use serde_json::{Value, json};

use crate::args::{Args, Verb};
use crate::show::{self, Outcome};
use crate::{centre, data_folder, dev, import};

/// The seat of a person who acts from the command line.
const SEAT: &str = "cli";

/// Does what was asked for.
pub fn run(args: &Args) -> Result<Outcome, Failure> {
    if let Verb::Dev { what, check } = &args.verb {
        return dev::run(*what, *check).map_err(|error| face(&error));
    }
    let app = open(args)?;
    match &args.verb {
        Verb::Call { name, arguments, user } => call(&app, name, arguments, user.as_deref()),
        Verb::Import {
            kind,
            file,
            mapping,
            dry_run,
            leave_out_wrong_rows,
            currency,
            country,
            company,
        } => {
            let wanted = import::Wanted {
                kind: *kind,
                file,
                mapping,
                dry_run: *dry_run,
                leave_out_wrong_rows: *leave_out_wrong_rows,
                currency: currency.as_deref(),
                country: country.as_deref(),
                company: company.as_deref(),
            };
            import::run(&app, &wanted, args.json)
        }
        Verb::Restore { file, elsewhere: true } => {
            backup::bring(&app, file, &passphrase()?).map_err(|error| face(&error))?;
            let status = start::status_of(&app);
            say(args, &status, |status| {
                let company = status.company.as_deref().unwrap_or_default();
                vec![format!("{company} is in {}.", status.data_folder)]
            })
        }
        Verb::Restore { file, .. } => {
            let restored = backup::restore_file(&app, file).map_err(|error| face(&error))?;
            say(args, &restored, |restored| {
                vec![
                    format!("{} is in place.", file.display()),
                    format!("The data of before is kept in {}.", restored.kept),
                ]
            })
        }
        Verb::Salvage { apply } => salvage(&app, args, apply.as_deref()),
        Verb::Demo => {
            demo::create(&app).map_err(|error| face(&error))?;
            let status = start::status_of(&app);
            say(args, &status, |status| {
                let mut lines = vec![format!("The demo company is in {}.", status.data_folder)];
                let people = status.demo_users.iter();
                lines.extend(people.map(|user| format!("  {}  PIN {}", user.username, user.pin)));
                lines
            })
        }
        Verb::Enrol { address, code, allow_plain_http } => {
            centre::enrol(&app, args, address, code.as_deref(), *allow_plain_http)
        }
        verb => over_a_company(&app, args, verb),
    }
}

/// Verbs that need a company in the folder.
fn over_a_company(app: &App, args: &Args, verb: &Verb) -> Result<Outcome, Failure> {
    let status = start::status_of(app);
    if status.state != StartState::Ready {
        let code = if status.state == StartState::Damaged { "damaged" } else { "store_closed" };
        return Err(own(code, &status.message.message));
    }
    for warning in &status.warnings {
        eprintln!("Note: {warning}");
    }
    let face = |error: Error| face(&error);
    match verb {
        Verb::Verify => {
            let report = verify::run(app, &mut show::progress()).map_err(face)?;
            if args.json {
                show::json(&report).map_err(face)?;
            } else {
                show::report(&report);
            }
            Ok(if report.ok { Outcome::Done } else { Outcome::Findings })
        }
        Verb::Sync => centre::exchange(app, args),
        Verb::Backup { list: true, .. } => {
            let backups = backup::all(app).map_err(face)?;
            say(args, &backups, |backups| {
                let line = |backup: &backup::BackupView| {
                    format!("{}  {} bytes  {} commits", backup.file, backup.bytes, backup.commits)
                };
                backups.iter().map(line).collect()
            })
        }
        Verb::Backup { to, .. } => {
            let made = backup::make(app, to.as_deref(), &mut show::progress()).map_err(face)?;
            say(args, &made, |made| vec![format!("{} written and checked.", made.file)])
        }
        Verb::RecoveryKey => {
            let given = json!({ "passphrase": passphrase()? });
            let made = app.call(&Caller::Operator, "backup.make_recovery_key", given)?;
            say(args, &made, |made| {
                let file = made["file"].as_str().unwrap_or_default();
                vec![
                    format!("{file} written. Keep the passphrase where the machine is not."),
                    "Copies in the second folder have it from the next backup on.".to_owned(),
                ]
            })
        }
        Verb::Export { file } => {
            let given = json!({ "file": file, "passphrase": passphrase()? });
            let written = app.call(&Caller::Operator, "backup.export", given)?;
            say(args, &written, |written| {
                vec![format!("{} written, {} bytes.", file.display(), written["bytes"])]
            })
        }
        Verb::Support { file } => {
            let bundle = backup::support(app, &mut show::progress()).map_err(face)?;
            let text = serde_json::to_string_pretty(&bundle)
                .map_err(|error| face(Error::Broken(error.to_string())))?;
            std::fs::write(file, text).map_err(|error| {
                own("io", &format!("{} could not be written: {error}", file.display()))
            })?;
            say(args, &json!({ "file": file }), |_| vec![format!("{} written.", file.display())])
        }
        _ => unreachable!("every other verb was done before a company was needed"),
    }
}

fn salvage(app: &App, args: &Args, apply: Option<&std::path::Path>) -> Result<Outcome, Failure> {
    if let Some(file) = apply {
        let applied = backup::apply_salvage(app, file).map_err(|error| face(&error))?;
        return say(args, &applied, |applied| {
            vec![format!(
                "{} commits added, {} repeated, {} were there already.",
                applied.added, applied.repeated, applied.known
            )]
        });
    }
    let saved = backup::salvage(app, &mut show::progress()).map_err(|error| face(&error))?;
    say(args, &saved, |saved| {
        vec![
            format!("{} commits saved into {}.", saved.found, saved.file),
            format!("{} could not be read.", saved.lost),
        ]
    })
}

/// The passphrase; never an argument, which every user of the machine could read.
fn passphrase() -> Result<String, Failure> {
    if let Ok(given) = std::env::var("LUMBUNG_PASSPHRASE") {
        return Ok(given);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|e| own("io", &e.to_string()))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn call(app: &App, name: &str, arguments: &str, user: Option<&str>) -> Result<Outcome, Failure> {
    let mut stdin = std::io::stdin().lock();
    let caller = match user {
        None => Caller::Operator,
        Some(user) => {
            let caller = Caller::Seat(SEAT.to_owned());
            let pin = match std::env::var("LUMBUNG_PIN") {
                Ok(pin) => pin,
                Err(_) => {
                    let mut pin = String::new();
                    stdin.read_line(&mut pin).map_err(|error| own("io", &error.to_string()))?;
                    pin.trim().to_owned()
                }
            };
            app.call(&caller, "users.sign_in", json!({ "username": user, "pin": pin }))?;
            caller
        }
    };
    let mut text = arguments.to_owned();
    if arguments == "-" {
        text.clear();
        stdin.read_to_string(&mut text).map_err(|error| own("io", &error.to_string()))?;
    }
    let arguments: Value = serde_json::from_str(&text)
        .map_err(|error| own("invalid", &format!("The arguments are not JSON: {error}.")))?;
    let answer = app.call(&caller, name, arguments);
    if matches!(caller, Caller::Seat(_)) && name != "users.sign_out" {
        app.call(&caller, "users.sign_out", json!({}))?;
    }
    show::json(&answer?).map_err(|error| face(&error))?;
    Ok(Outcome::Done)
}

fn open(args: &Args) -> Result<App, Failure> {
    let dir = data_folder::choose(args.data.as_ref()).ok_or_else(|| {
        own("no_folder", "There is no home folder: name the data folder with --data DIR.")
    })?;
    let app = App::open(AppConfig::new(dir));
    app.set_line(lumbung_link::HttpLine::new());
    Ok(app)
}

/// Prints an answer as JSON or as lines.
pub fn say<T: serde::Serialize>(
    args: &Args,
    answer: &T,
    lines: impl FnOnce(&T) -> Vec<String>,
) -> Result<Outcome, Failure> {
    if args.json {
        show::json(answer).map_err(|error| face(&error))?;
    } else {
        for line in lines(answer) {
            show::line(&line);
        }
    }
    Ok(Outcome::Done)
}

/// The face of an error for the person at the shell, with its cause for `--verbose`.
pub fn face(error: &Error) -> Failure {
    tracing::error!(cause = ?error, "failed");
    let mut failure = error.failure();
    if start::is_damage(error) {
        "damaged".clone_into(&mut failure.code);
    }
    failure
}

/// A refusal of the command line itself.
pub fn own(code: &str, message: &str) -> Failure {
    *lumbung_app::Refusal::new(code, message).0
}
