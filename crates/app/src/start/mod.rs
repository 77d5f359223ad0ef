//! The first page: what state the data folder is in, and how a company begins.
//!
//! **Invariant:** a company begins with one commit that holds everything it needs to sell; a
//! folder where that commit was never made counts as empty.

mod background;
mod country;
mod older;
mod seed;

use std::fs;

use chrono::NaiveDate;
use lumbung_domain::currency::Currency;
use lumbung_domain::ids::Id;
use lumbung_domain::pin;
use lumbung_domain::said::Said;
use lumbung_domain::say;
use lumbung_sync::{NewNode, Opened, Store, StoreError, WriteCtx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::App;
use crate::commands::commands;
use crate::company::{check_code, check_length, check_text};
use crate::door::{Command, Nothing, Task};
use crate::error::{Error, Result, Say, refuse, refuse_at, refuse_field};
use crate::{backup, company, demo, finance};

pub use background::Background;
pub use older::OlderState;
pub(crate) use older::{KEY as OLDER_STATE, note_opening};
pub(crate) use seed::first_tax_class;

/// The commands of this feature.
pub(crate) fn commands() -> Vec<Command> {
    commands! {
        task "start.status" => status,     needs "public", from    [start, company, backup];
        task "start.create" => create,     needs "public", touches [start, company, users];
        task "start.demo"   => start_demo, needs "public", touches [start, company, users];
        task "start.bring"  => backup::bring_here, needs "public",
            touches [start, company, users];
        task "start.take_note" => older::take_note, needs "backup:run", touches [start];
    }
}

/// In what state the data folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StartState {
    /// No company yet: create one or open the demo.
    Empty,
    /// Open for business.
    Ready,
    /// Another window or command has it open.
    InUse,
    /// The key is missing or belongs to other data.
    KeyMissing,
    /// The file is damaged: restore a backup and salvage.
    Damaged,
    /// A newer program wrote it.
    Newer,
    /// It does not open for another reason.
    Failed,
}

/// A person of the demo company, whose PIN is no secret.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DemoUser {
    /// What they type.
    pub username: String,
    /// Their PIN.
    pub pin: String,
}

/// What the first page shows.
#[derive(Debug, Clone, Serialize, TS)]
pub struct StartStatus {
    /// In what state the data folder is.
    pub state: StartState,
    /// What that means, in a sentence.
    pub message: Said,
    /// What the owner should know although it opened: where the key lies, a new series.
    pub warnings: Vec<Said>,
    /// An older state that nobody has taken note of yet.
    pub older: Option<OlderState>,
    /// The company.
    pub company: Option<String>,
    /// This branch.
    pub branch: Option<String>,
    /// This terminal.
    pub terminal: Option<String>,
    /// Language of papers, which the sign-in page speaks too.
    pub language: Option<String>,
    /// Whether it is the demo company, and who may sign in how.
    pub demo_users: Vec<DemoUser>,
    /// The data folder.
    pub data_folder: String,
    /// Version of this program.
    pub version: String,
}

/// The company to begin.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CompanyStart {
    /// The name on the sign.
    pub name: String,
    /// The name in the register.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub legal_name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// ISO 4217; left out for the country's own.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub currency: Option<String>,
    /// Language of papers, en or id; left out for the country's own.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub language: Option<String>,
    /// IANA name; left out for the country's own.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub time_zone: Option<String>,
    /// Tax number.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub tax_number: String,
    /// Address.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub address: String,
    /// Telephone.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub phone: String,
    /// E-mail.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub email: String,
}

/// The first branch.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BranchStart {
    /// First part of document numbers.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// This terminal.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TerminalStart {
    /// Second part of document numbers.
    pub series: String,
    /// Its name.
    pub name: String,
}

/// The first person, who may do everything.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OwnerStart {
    /// What they type to sign in.
    pub username: String,
    /// Their name.
    pub name: String,
    /// Their PIN.
    pub pin: String,
}

/// Which accounts a company begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChartTemplate {
    /// A shop.
    #[default]
    Retail,
}

/// Everything a company needs to begin.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewCompany {
    /// The company.
    pub company: CompanyStart,
    /// Its first branch.
    pub branch: BranchStart,
    /// This terminal.
    pub terminal: TerminalStart,
    /// Its owner.
    pub owner: OwnerStart,
    /// Its accounts.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub chart: ChartTemplate,
}

impl NewCompany {
    /// A company for data that is brought in by an administrator.
    pub fn for_import(name: &str, country: &str, currency: &str, pin: &str) -> Self {
        Self {
            company: CompanyStart {
                name: name.to_owned(),
                legal_name: String::new(),
                country: country.to_owned(),
                currency: Some(currency.to_owned()),
                language: None,
                time_zone: None,
                tax_number: String::new(),
                address: String::new(),
                phone: String::new(),
                email: String::new(),
            },
            branch: BranchStart { code: "MAIN".to_owned(), name: name.to_owned() },
            terminal: TerminalStart { series: "T1".to_owned(), name: "T1".to_owned() },
            owner: OwnerStart {
                username: "owner".to_owned(),
                name: "Owner".to_owned(),
                pin: pin.to_owned(),
            },
            chart: ChartTemplate::Retail,
        }
    }
}

/// A [`NewCompany`] that was checked.
struct Beginning {
    given: NewCompany,
    currency: Currency,
    language: String,
    time_zone: String,
}

impl Beginning {
    fn check(given: NewCompany) -> Result<Self> {
        let NewCompany { company, branch, terminal, owner, .. } = &given;
        check_text("name", &company.name)?;
        for (field, text) in [
            ("legal_name", &company.legal_name),
            ("tax_number", &company.tax_number),
            ("address", &company.address),
            ("phone", &company.phone),
            ("email", &company.email),
        ] {
            check_length(field, text)?;
        }
        let code = &company.country;
        if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(refuse_field!(
                "country",
                "country_code",
                "A country has two capital letters, such as ID."
            ));
        }
        let proposal = country::country(code);
        let currency = company.currency.as_deref().unwrap_or(proposal.currency);
        let currency: Currency = currency.parse().map_err(|_| {
            refuse_field!(
                "currency",
                "currency_code",
                "\"{currency}\" is not a currency, such as IDR.",
                currency = currency
            )
        })?;
        let language = company.language.as_deref().unwrap_or(proposal.language).to_owned();
        if !["en", "id"].contains(&language.as_str()) {
            return Err(refuse_field!(
                "language",
                "paper_language",
                "Papers are printed in en or id."
            ));
        }
        let time_zone = company.time_zone.as_deref().unwrap_or(proposal.time_zone).to_owned();
        check_text("time_zone", &time_zone)?;
        check_code("branch_code", &branch.code)?;
        check_text("branch_name", &branch.name)?;
        check_code("series", &terminal.series)?;
        check_text("terminal_name", &terminal.name)?;
        check_text("username", &owner.username)?;
        if owner.username.chars().any(char::is_whitespace) {
            return Err(refuse_field!("username", "username_spaces", "A user name has no spaces."));
        }
        check_text("owner_name", &owner.name)?;
        pin::check_new_pin(&owner.pin).map_err(|error| refuse_at("pin", error.said()))?;
        Ok(Self { currency, language, time_zone, given })
    }
}

/// `start.status`: in what state the data folder is. Always answers.
pub fn status(task: Task, _: Nothing) -> Result<StartStatus> {
    // The other window may have let go meanwhile.
    if matches!(task.app.trouble().as_deref(), Some(StoreError::InUse { .. })) {
        task.app.reopen();
    }
    Ok(status_of(&task.app))
}

/// In what state the data folder is.
pub fn status_of(app: &App) -> StartStatus {
    let mut status = StartStatus {
        state: StartState::Empty,
        message: say!("start_empty", "There is no company in this data folder yet."),
        warnings: Vec::new(),
        older: None,
        company: None,
        branch: None,
        terminal: None,
        language: None,
        demo_users: Vec::new(),
        data_folder: app.dir().display().to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    if let Some(trouble) = app.trouble() {
        status.state = state_of(&trouble);
        status.message = trouble.said();
        return status;
    }
    if let Some(report) = app.open_report() {
        status.warnings = report.warnings.iter().map(Say::said).collect();
        if let Some(rekeyed) = &report.rekeyed {
            status.warnings.push(say!(
                "series_changed",
                "This data was restored or copied: document numbers go on as series {new} \
                 instead of {old}.",
                new = rekeyed.new_series,
                old = rekeyed.old_series
            ));
        }
    }
    match app.standing() {
        Ok(standing) => {
            status.state = StartState::Ready;
            status.older = app.store().and_then(|store| store.read(older::pending)).ok().flatten();
            status.message = say!("start_ready", "Ready.");
            status.company = Some(standing.company.name.clone());
            status.branch = Some(standing.branch.name.clone());
            status.terminal = Some(standing.terminal.name.clone());
            status.language = Some(standing.company.language.clone());
            status.demo_users = demo::users_shown(app);
        }
        Err(error) => {
            let failure = error.failure();
            if failure.code != "no_company" {
                status.state = StartState::Failed;
                status.message = failure.into_said();
            }
        }
    }
    status
}

/// Whether an error says that the data file cannot be trusted.
pub fn is_damage(error: &Error) -> bool {
    matches!(error, Error::Store(trouble) if state_of(trouble) == StartState::Damaged)
}

fn state_of(trouble: &StoreError) -> StartState {
    match trouble {
        StoreError::Absent { .. } => StartState::Empty,
        StoreError::InUse { .. } => StartState::InUse,
        StoreError::KeyMissing { .. } | StoreError::KeyWrong { .. } => StartState::KeyMissing,
        StoreError::Damaged { .. } => StartState::Damaged,
        StoreError::Newer { .. } => StartState::Newer,
        _ => StartState::Failed,
    }
}

/// `start.create`: begins a company in an empty data folder.
pub fn create(task: Task, given: NewCompany) -> Result<StartStatus> {
    create_company(&task.app, given)?;
    Ok(status_of(&task.app))
}

/// Begins a company in an empty data folder: the store and its first commit, or nothing.
pub fn create_company(app: &App, given: NewCompany) -> Result<()> {
    let beginning = Beginning::check(given)?;
    must_be_empty(app)?;
    let node = NewNode {
        company: Uuid::now_v7().into_bytes(),
        terminal: Uuid::now_v7().into_bytes(),
        series: beginning.given.terminal.series.clone(),
    };
    let store = Store::create(&app.store_config(), &node)?;
    if let Err(error) = first_commit(app, &store, &beginning) {
        drop(store);
        forget_unborn(app)?;
        return Err(error);
    }
    let report = store.report().clone();
    app.adopt(Opened { store, report });
    Ok(())
}

fn first_commit(app: &App, store: &Store, beginning: &Beginning) -> Result<()> {
    let (now_ms, offset_min) = (app.now_ms(), app.offset_min());
    let business_date: NaiveDate = finance::local_date(now_ms, offset_min);
    let ctx = WriteCtx {
        user: None,
        business_date,
        offset_min,
        scope: seed::FIRST_SCOPE,
        at_ms: now_ms,
        reason: None,
    };
    let info = store.info();
    store.transact(&ctx, "start.create", |tx| {
        seed::write(tx, beginning, Id::from_bytes(info.company), Id::from_bytes(info.terminal))
    })?;
    Ok(())
}

/// Removes the files of a store that never had a commit.
pub(crate) fn forget_unborn(app: &App) -> Result<()> {
    const FILES: [&str; 7] = [
        "lumbung.db",
        "lumbung.db-wal",
        "lumbung.db-shm",
        "guard",
        "node.json",
        "lumbung.key",
        "lumbung.lock",
    ];
    for file in FILES {
        let path = app.dir().join(file);
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                let what = format!("{} could not be removed: {error}", path.display());
                return Err(Error::Io { what, source: error });
            }
        }
    }
    Ok(())
}

/// Refuses a folder that holds a company, or data that does not open.
pub(crate) fn must_be_empty(app: &App) -> Result<()> {
    if let Some(trouble) = app.trouble() {
        return Err(refuse("store_closed", trouble.to_string()));
    }
    match app.store() {
        Ok(store) if store.head().ctr > 0 => Err(refuse(
            "company_exists",
            "This data folder holds a company already: choose another folder for a new one.",
        )),
        Ok(store) => {
            // A beginning that was cut off before its first commit holds nothing to keep.
            drop(store);
            app.close();
            forget_unborn(app)
        }
        Err(_) => Ok(()),
    }
}

/// `start.demo`: begins the demo company in an empty data folder.
pub fn start_demo(task: Task, _: Nothing) -> Result<StartStatus> {
    demo::create(&task.app)?;
    Ok(status_of(&task.app))
}

/// The row id of a setting, as a UUID.
fn setting_uuid(key: &str) -> Uuid {
    Uuid::from_bytes(company::setting_id(key, None))
}
