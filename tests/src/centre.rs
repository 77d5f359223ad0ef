//! A real centre for tests: a log in a folder of its own, served on this machine, that can be
//! switched off and on again.
//!
//! **Invariant:** tills speak with it over HTTP and in no other way.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use lumbung_server::auditor::Auditor;
use lumbung_server::centre::{Centre, Clock, Parts, Rates, Shared};
use lumbung_server::key::CentreKey;
use lumbung_server::log::CommitLog;
use lumbung_server::log::sqlite::SqliteLog;
use lumbung_server::{http, operator};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A centre in a folder of its own.
pub struct TestCentre {
    folder: TempDir,
    clock: Clock,
    address: SocketAddr,
    running: Option<Running>,
}

struct Running {
    // The centre first: what it holds ends before the threads it runs on.
    centre: Shared<SqliteLog>,
    handle: Handle<SocketAddr>,
    runtime: Runtime,
}

impl TestCentre {
    /// A centre that is on.
    pub fn new(clock: Clock) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the centre");
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|door| door.local_addr());
        let address = free.expect("a free port");
        let mut centre = Self { folder, clock, address, running: None };
        centre.switch_on();
        centre
    }

    /// A centre that goes by the clock of this machine, as windows do.
    pub fn of_today() -> Self {
        Self::new(Arc::new(|| chrono::Utc::now().timestamp_millis()))
    }

    /// Where it is.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Serves.
    pub fn switch_on(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let (dir, clock) = (self.folder.path().to_path_buf(), Arc::clone(&self.clock));
        let handle = Handle::new();
        let (serving, address) = (handle.clone(), self.address);
        let centre = runtime.block_on(async {
            let centre = Centre::open(Parts {
                log: SqliteLog::open(&dir.join("log.db")).expect("a log"),
                key: CentreKey::at(&dir.join("centre.key")).expect("a key"),
                dir,
                clock,
                rates: Rates::default(),
                ui: None,
                secure: false,
                behind_proxy: false,
                checked: true,
            });
            let doors = http::doors(&centre).into_make_service_with_connect_info::<SocketAddr>();
            let served = axum_server::bind(address).handle(serving);
            tokio::spawn(async move { served.serve(doors).await });
            handle.listening().await.expect("it listens");
            centre
        });
        self.running = Some(Running { centre, handle, runtime });
    }

    /// Goes away, as when the power fails there.
    pub fn switch_off(&mut self) {
        let Some(Running { centre, handle, runtime }) = self.running.take() else { return };
        centre.companies.hush();
        handle.shutdown();
        drop(centre);
        runtime.shutdown_timeout(Duration::from_secs(10));
    }

    /// What its administrator asks at a shell.
    #[track_caller]
    pub fn operator(&self, verb: &str, args: Value) -> Value {
        let running = self.running.as_ref().expect("the centre is on");
        let answer = running.runtime.block_on(operator::run(&running.centre, verb, args));
        answer.unwrap_or_else(|no| panic!("{verb}: {:?}", no.into_failure()))
    }

    /// A code for a company that comes with its books.
    pub fn founding_code(&self) -> String {
        self.code(json!({}))
    }

    /// A code for a new till of a branch.
    pub fn code_for(&self, branch: &str, name: &str) -> String {
        self.code(json!({ "branch": branch, "terminal": name }))
    }

    fn code(&self, wish: Value) -> String {
        let made = self.operator("enrol-code", wish);
        made["code"].as_str().expect("a code").to_owned()
    }

    /// Looks its books over, as it does by itself every few seconds.
    pub fn audit(&self) {
        let running = self.running.as_ref().expect("the centre is on");
        running.runtime.block_on(Auditor::default().round(&running.centre));
    }

    /// The last entry of the log of its only company.
    pub fn last_seq(&self) -> u64 {
        let running = self.running.as_ref().expect("the centre is on");
        running.runtime.block_on(async {
            let companies = running.centre.log.companies().await.expect("companies");
            let company = companies.first().expect("a company");
            running.centre.log.head(company).await.expect("a head").last_seq
        })
    }
}

impl Drop for TestCentre {
    fn drop(&mut self) {
        self.switch_off();
    }
}
