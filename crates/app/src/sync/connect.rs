//! Connecting to a centre: a new machine joins a company, or a company that lived on one machine
//! gets a centre.
//!
//! **Invariant:** a machine that was let in can always go on where it was cut off: the code is
//! spent only once, and what was fetched is not fetched again.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use lumbung_sync::access::{EnrolAnswer, EnrolRequest, Founding};
use lumbung_sync::{NewStore, Store};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::line::SnapshotWanted;
use super::{CentreAddress, store};
use crate::app::io_error;
use crate::door::{Nothing, Task};
use crate::error::{Error, Failure, Result, refuse, refuse_field};
use crate::jobs::Progress;
use crate::{App, Event, company, start};

/// What is known of a machine that was let in and has no data yet. It holds no secret.
const JOINING_FILE: &str = "joining.json";

/// The copy of the centre's books while it comes.
const SNAPSHOT_FILE: &str = "snapshot.part";

/// Which copy it is: the line keeps it beside.
const SNAPSHOT_NAME: &str = "snapshot.of";

/// The longest code.
const CODE_LENGTH_MAX: usize = 64;

/// Where the centre is, and what lets this machine in.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JoinCentre {
    /// The centre's address, as the person typed it.
    pub address: String,
    /// The one-time code.
    pub code: String,
    /// A person's word that the way there needs no encryption.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub plain_allowed: bool,
}

/// How far a machine that joins has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JoinStep {
    /// The centre is asked.
    Asking,
    /// A copy of the books is coming.
    Fetching,
    /// The copy is proved and put in place.
    Opening,
    /// It was cut off and can go on.
    Interrupted,
    /// The machine belongs to the company.
    Done,
}

/// A machine that joins a company.
#[derive(Debug, Clone, Serialize, TS)]
pub struct JoinStatus {
    /// How far it has come.
    pub step: JoinStep,
    /// The centre.
    pub address: String,
    /// Bytes fetched.
    pub done: u64,
    /// Bytes in all, where known.
    pub total: Option<u64>,
    /// Why it stopped.
    pub failure: Option<Failure>,
}

/// The machine that joins, while it does.
#[derive(Default)]
pub(crate) struct JoinSlot {
    status: Mutex<Option<JoinStatus>>,
    cancel: Arc<AtomicBool>,
}

/// What is kept between two attempts.
#[derive(Serialize, Deserialize)]
struct Kept {
    address: CentreAddress,
    answer: EnrolAnswer,
}

impl App {
    fn joining_file(&self) -> PathBuf {
        self.dir().join(JOINING_FILE)
    }

    fn note_join(&self, change: impl FnOnce(&mut Option<JoinStatus>)) {
        change(&mut self.join_slot().status.lock().unwrap_or_else(PoisonError::into_inner));
        self.tell(&Event::changed(&["joining"]));
    }

    fn join_status(&self) -> Option<JoinStatus> {
        self.join_slot().status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Whether a machine that was let in waits for its data here.
pub fn is_under_way(app: &App) -> bool {
    app.joining_file().is_file()
}

fn kept(app: &App) -> Result<Option<Kept>> {
    let path = app.joining_file();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io_error(format!("{} is not readable", path.display()))(error)),
    };
    serde_json::from_str(&text).map(Some).map_err(|error| Error::Broken(error.to_string()))
}

fn keep(app: &App, kept: &Kept) -> Result<()> {
    let text = serde_json::to_string(kept).map_err(|error| Error::Broken(error.to_string()))?;
    let (path, half) = (app.joining_file(), app.dir().join("joining.json.new"));
    let written = fs::write(&half, text)
        .and_then(|()| fs::File::open(&half)?.sync_all())
        .and_then(|()| fs::rename(&half, &path));
    written.map_err(io_error(format!("{} could not be written", path.display())))
}

fn forget(app: &App) -> Result<()> {
    for name in [JOINING_FILE, SNAPSHOT_FILE, SNAPSHOT_NAME] {
        let path = app.dir().join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(io_error(format!("{} could not be removed", path.display()))(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What a person typed, or the whole address that the centre shows when it is started.
fn understood(given: &JoinCentre) -> Result<(CentreAddress, String)> {
    let (address, code) = match given.address.split_once("/#/enrol?code=") {
        Some((address, code)) if given.code.trim().is_empty() => (address, code),
        Some((address, _)) => (address, given.code.as_str()),
        None => (given.address.as_str(), given.code.as_str()),
    };
    Ok((CentreAddress::parse(address, given.plain_allowed)?, check_code(code)?))
}

/// The code without what people put between its parts.
fn check_code(code: &str) -> Result<String> {
    let bare: String =
        code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_uppercase();
    let fits = (1..=CODE_LENGTH_MAX).contains(&bare.len())
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits {
        return Ok(bare);
    }
    Err(refuse_field("code", "A code has letters and digits, as the centre shows it."))
}

fn empty_folder(app: &App) -> Result<()> {
    if let Some(trouble) = app.trouble() {
        return Err(refuse("store_closed", trouble.to_string()));
    }
    if app.store().is_ok() {
        return Err(refuse(
            "company_exists",
            "This data folder holds a company already: choose another folder for a new one.",
        ));
    }
    Ok(())
}

/// `sync.join`: this machine becomes a till of a company with a centre. Goes on beside the answer:
/// ask `sync.joining`.
pub fn join(task: Task, given: JoinCentre) -> Result<Nothing> {
    let (address, code) = understood(&given)?;
    empty_folder(&task.app)?;
    if kept(&task.app)?.is_some() {
        return Err(refuse(
            "joining_already",
            "This machine was let in already: go on, or give it up first.",
        ));
    }
    beside(&task.app, address.to_string(), move |app, progress| {
        let_in(app, address, code, progress)
    })
}

/// The same on this thread, for the command line. Goes on where it was cut off.
pub fn join_now(app: &App, given: &JoinCentre, progress: &mut Progress<'_>) -> Result<()> {
    empty_folder(app)?;
    if let Some(kept) = kept(app)? {
        let joining = NewStore::expect(&app.store_config(), Some(kept.answer.introduction.origin))?;
        return fetch(app, joining, &kept, progress);
    }
    let (address, code) = understood(given)?;
    let_in(app, address, code, progress)
}

fn let_in(
    app: &App,
    address: CentreAddress,
    code: String,
    progress: &mut Progress<'_>,
) -> Result<()> {
    let joining = NewStore::expect(&app.store_config(), None)?;
    let mut asked = EnrolRequest {
        code,
        origin: joining.origin(),
        pubkey: joining.pubkey(),
        machine: machine_name(),
        app: program(),
        schema: crate::schema::newest(),
        founding: None,
        proof: Vec::new(),
    };
    asked.proof = proof(joining.sign(&asked.signed_bytes()?))?;
    let answer = app.line()?.enrol(&address, &asked)?;
    check_answer(&asked, &answer)?;
    let kept = Kept { address, answer };
    keep(app, &kept)?;
    fetch(app, joining, &kept, progress)
}

/// `sync.go_on`: goes on where a machine that joins was cut off.
pub fn go_on(task: Task, _: Nothing) -> Result<Nothing> {
    empty_folder(&task.app)?;
    let kept = kept(&task.app)?
        .ok_or_else(|| refuse("not_joining", "This machine was not let in by a centre yet."))?;
    beside(&task.app, kept.address.to_string(), move |app, progress| {
        let origin = kept.answer.introduction.origin;
        let joining = NewStore::expect(&app.store_config(), Some(origin))?;
        fetch(app, joining, &kept, progress)
    })
}

/// `sync.give_up`: forgets that this machine was let in; it needs another code then.
pub fn give_up(task: Task, _: Nothing) -> Result<Nothing> {
    task.app.join_slot().cancel.store(true, Ordering::Relaxed);
    let under_way = task.app.join_status().is_some_and(|status| status.failure.is_none())
        && task.app.store().is_err();
    if under_way {
        // The work sees it at its next step, and says so.
        return Ok(Nothing {});
    }
    give_up_now(&task.app)?;
    task.app.note_join(|status| *status = None);
    Ok(Nothing {})
}

fn give_up_now(app: &App) -> Result<()> {
    if app.store().is_ok() {
        return Ok(());
    }
    forget(app)?;
    start::forget_unborn(app)
}

/// `sync.joining`: how far a machine that joins has come; null where none does.
pub fn joining(task: Task, _: Nothing) -> Result<Option<JoinStatus>> {
    if let Some(status) = task.app.join_status() {
        return Ok(Some(status));
    }
    if task.app.store().is_ok() {
        return Ok(None);
    }
    Ok(kept(&task.app)?.map(|kept| at_step(JoinStep::Interrupted, kept.address.to_string())))
}

fn at_step(step: JoinStep, address: String) -> JoinStatus {
    JoinStatus { step, address, done: 0, total: None, failure: None }
}

/// Does the work on a thread of its own and keeps how far it is.
fn beside(
    app: &App,
    address: String,
    work: impl FnOnce(&App, &mut Progress<'_>) -> Result<()> + Send + 'static,
) -> Result<Nothing> {
    let running =
        |status: &JoinStatus| status.failure.is_none() && status.step != JoinStep::Interrupted;
    if app.join_status().as_ref().is_some_and(running) {
        return Err(refuse("joining_already", "This machine is joining already."));
    }
    let cancel = Arc::clone(&app.join_slot().cancel);
    cancel.store(false, Ordering::Relaxed);
    app.note_join(|status| *status = Some(at_step(JoinStep::Asking, address)));
    let app = app.clone();
    let run = move || {
        let heard = app.clone();
        let mut progress = Progress::cancelled_by(cancel, move |done, total, _| {
            heard.note_join(|status| {
                if let Some(status) = status {
                    (status.done, status.total) = (done, total);
                }
            });
        });
        let result =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&app, &mut progress)));
        let result = result.unwrap_or_else(|_| Err(Error::Broken("joining".to_owned())));
        if let Err(error) = &result {
            tracing::warn!(cause = ?error, "this machine did not join");
        }
        // A person who stops it gives it up: the next one begins anew.
        let given_up = matches!(result, Err(Error::Cancelled)) && give_up_now(&app).is_ok();
        app.note_join(|status| match (status.as_mut(), result) {
            (Some(joining), Ok(())) => joining.step = JoinStep::Done,
            (_, Err(_)) if given_up => *status = None,
            (Some(joining), Err(error)) => joining.failure = Some(error.failure()),
            (None, _) => {}
        });
        app.tell(&Event::changed(&["start", "company", "users", "sync"]));
    };
    let spawned = std::thread::Builder::new().name("joining".to_owned()).spawn(run);
    spawned.map_err(io_error("a thread could not be started"))?;
    Ok(Nothing {})
}

/// Fetches the books and opens them: from here on this machine sells.
fn fetch(app: &App, joining: NewStore, kept: &Kept, progress: &mut Progress<'_>) -> Result<()> {
    let step = |step| {
        app.note_join(|status| {
            if let Some(status) = status {
                status.step = step;
            }
        });
    };
    step(JoinStep::Fetching);
    let wanted = SnapshotWanted {
        address: kept.address.clone(),
        answer: kept.answer.clone(),
        schema: crate::schema::newest(),
    };
    let file = app.dir().join(SNAPSHOT_FILE);
    let sign = |words: &[u8]| proof(joining.sign(words));
    app.line()?.snapshot(&wanted, &joining.origin(), &sign, &file, progress)?;
    step(JoinStep::Opening);
    let opened = joining.enrolled(&kept.answer.introduction, kept.answer.log_id, Some(&file))?;
    let centre = store::Centre {
        address: kept.address.clone(),
        key: kept.answer.centre,
        connected_at: app.now_ms(),
    };
    opened.local(|db| store::save_centre(db, &centre))?;
    let report = opened.report().clone();
    app.adopt(lumbung_sync::Opened { store: opened, report });
    forget(app)
}

/// What the centre says must be about this machine.
fn check_answer(asked: &EnrolRequest, answer: &EnrolAnswer) -> Result<()> {
    let introduced = &answer.introduction;
    if introduced.origin == asked.origin && introduced.pubkey == asked.pubkey {
        return Ok(());
    }
    Err(refuse("centre_strange", "The centre answered for another machine: try again."))
}

/// `sync.found`: a company that lived on this machine gets a centre; everything it has is sent.
pub fn found(task: Task, given: JoinCentre) -> Result<Nothing> {
    found_now(&task.app, &given)?;
    Ok(Nothing {})
}

/// The same, for the command line.
pub fn found_now(app: &App, given: &JoinCentre) -> Result<()> {
    let (address, code) = understood(given)?;
    let opened = app.store()?;
    if opened.read(store::centre)?.is_some() {
        return Err(refuse("connected_already", "This machine has a centre already."));
    }
    let asked = founding(app, &opened, code)?;
    let answer = app.line()?.enrol(&address, &asked)?;
    check_answer(&asked, &answer)?;
    connect_store(&opened, &answer)?;
    let centre = store::Centre { address, key: answer.centre, connected_at: app.now_ms() };
    opened.local(|db| store::save_centre(db, &centre))?;
    drop(opened);
    app.follow_store();
    Ok(())
}

/// The company of this machine asks for a centre.
fn founding(app: &App, opened: &Store, code: String) -> Result<EnrolRequest> {
    let info = opened.info();
    let (origin, pubkey) = opened.identity();
    let standing = app.standing()?;
    let scopes = opened.read(|db| -> Result<Vec<u32>> {
        let branches = company::store::branches(db)?;
        let mut scopes = vec![0];
        scopes.extend(branches.iter().map(|branch| branch.scope_no));
        scopes.sort_unstable();
        scopes.dedup();
        Ok(scopes)
    })?;
    let mut asked = EnrolRequest {
        code,
        origin,
        pubkey,
        machine: machine_name(),
        app: program(),
        schema: info.schema,
        founding: Some(Founding {
            company: info.company,
            name: standing.company.name.clone(),
            terminal: info.terminal,
            series: info.series,
            scopes,
        }),
        proof: Vec::new(),
    };
    asked.proof = proof(opened.sign(&asked.signed_bytes()?))?;
    Ok(asked)
}

/// Where the centre is now.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MoveCentre {
    /// The centre's new address.
    pub address: String,
    /// A person's word that the way there needs no encryption.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub plain_allowed: bool,
}

/// `sync.move`: the centre has another address now; it is the same centre, with the same key.
pub fn move_to(task: Task, given: MoveCentre) -> Result<Nothing> {
    let address = CentreAddress::parse(&given.address, given.plain_allowed)?;
    let opened = task.app.store()?;
    let centre = opened
        .read(store::centre)?
        .ok_or_else(|| refuse("no_centre", "This company has no centre yet."))?;
    opened.local(|db| store::save_centre(db, &store::Centre { address, ..centre }))?;
    drop(opened);
    task.app.let_go();
    task.app.follow_store();
    Ok(Nothing {})
}

fn proof(signature: Option<[u8; 64]>) -> Result<Vec<u8>> {
    let signature = signature.ok_or_else(|| Error::Broken("nothing to be signed".to_owned()))?;
    Ok(signature.to_vec())
}

fn program() -> String {
    format!("Lumbung {}", env!("CARGO_PKG_VERSION"))
}

/// The name people gave this machine.
fn machine_name() -> String {
    let named = ["COMPUTERNAME", "HOSTNAME"].iter().find_map(|name| std::env::var(name).ok());
    let named = named.or_else(|| fs::read_to_string("/etc/hostname").ok()).unwrap_or_default();
    named.trim().chars().filter(|c| !c.is_control()).take(64).collect()
}

/// The store goes on as a machine of the centre, under the series the centre gave.
fn connect_store(opened: &Store, answer: &EnrolAnswer) -> Result<()> {
    let introduction = &answer.introduction;
    Ok(opened.enrol(introduction, answer.log_id, &introduction.scopes)?)
}

#[cfg(test)]
mod tests {
    use super::{JoinCentre, check_code, understood};

    #[test]
    fn the_address_that_a_new_centre_shows_can_be_pasted_whole() {
        let given = |address: &str, code: &str| {
            let (address, code) = (address.to_owned(), code.to_owned());
            understood(&JoinCentre { address, code, plain_allowed: false })
                .map(|(address, code)| format!("{address} {code}"))
                .map_err(|error| error.failure().code)
        };
        let shown = "http://127.0.0.1:4180/#/enrol?code=ABCD-EFGH";
        assert_eq!(given(shown, ""), Ok("http://127.0.0.1:4180 ABCDEFGH".to_owned()));
        assert_eq!(given(shown, "wxyz"), Ok("http://127.0.0.1:4180 WXYZ".to_owned()));
        assert_eq!(given("centre.example", ""), Err("invalid".to_owned()));
    }

    #[test]
    fn a_code_is_understood_however_it_is_grouped() {
        for (typed, bare) in [
            ("abcd-efgh", Some("ABCDEFGH")),
            (" ABCD EFGH ", Some("ABCDEFGH")),
            ("", None),
            ("-- --", None),
            ("abcd;drop", None),
        ] {
            assert_eq!(check_code(typed).ok().as_deref(), bare, "{typed}");
        }
    }
}
