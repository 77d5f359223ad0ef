//! Running: opening the log, serving until told to stop, and the verbs of a shell.
//!
//! **Invariant:** nothing is served before the log is open and the key is read; what was begun is
//! finished before the process ends.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::TokioTimer;
use serde_json::Value;

use crate::args::{Args, Serve, Verb};
use crate::backup::{self, KEY_FILE, LOG_FILE};
use crate::centre::{Centre, Parts, Rates, Shared};
use crate::companies::Companies;
use crate::enrol::{Admits, make_code};
use crate::key::{CentreKey, KeyError};
use crate::log::postgres::PgLog;
use crate::log::sqlite::SqliteLog;
use crate::log::{CommitLog, LogError};
use crate::{auditor, http, operator, shell};

/// How long a client may take to send its headers.
const HEADERS_MAX: Duration = Duration::from_secs(10);
/// How long requests that are under way are waited for.
const DRAIN_MAX: Duration = Duration::from_secs(20);
/// How often is looked whether another process, or the centre itself, has appended.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// For how many minutes the code of a centre without a company is good.
const FOUNDER_MINUTES: u32 = 60;

/// Why the program ends early.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A file or an address.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The centre's key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The log.
    #[error("{0}")]
    Log(#[from] LogError),
    /// What was asked for is refused.
    #[error("{0}")]
    Refused(String),
    /// What was proved is not sound.
    #[error("the books are not sound: see above")]
    Unsound,
}

fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> RunError {
    let what = what.into();
    move |source| RunError::Io { what, source }
}

/// Does what the command line says.
pub fn run(args: &Args) -> Result<(), RunError> {
    if let Some(Verb::Restore { from }) = &args.verb {
        let put = backup::restore(from, &args.data).map_err(io("the backup was not put back"))?;
        for file in put {
            println!("{} is in place.", file.display());
        }
        return Ok(());
    }
    std::fs::create_dir_all(&args.data)
        .map_err(io(format!("{} cannot be made", args.data.display())))?;
    let key = CentreKey::at(&args.data.join(KEY_FILE))?;
    let asked = args.verb.as_ref().map(shell::asked).transpose();
    let asked = asked.map_err(io("the arguments cannot be read"))?.flatten();
    if let Some((verb, words)) = &asked {
        let now_ms = now_ms();
        if let Some(answer) = shell::ask(&args.data, &key, now_ms, verb, words) {
            return show(verb, &answer.map_err(io("the running server"))?);
        }
    } else {
        refuse_plain_http(&args.serve)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(io("threads cannot be started"))?;
    runtime.block_on(async {
        match &args.postgres {
            Some(address) => {
                let log = PgLog::open(address, args.postgres_connections).await?;
                with(args, key, log, asked).await
            }
            None => {
                let log = SqliteLog::open(&args.data.join(LOG_FILE))?;
                with(args, key, log, asked).await
            }
        }
    })
}

fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

async fn with<L: CommitLog>(
    args: &Args,
    key: CentreKey,
    log: L,
    asked: Option<(&'static str, Value)>,
) -> Result<(), RunError> {
    let parts = Parts {
        log,
        key,
        dir: args.data.clone(),
        clock: Arc::new(now_ms),
        rates: Rates::default(),
        ui: ui_folder(args.serve.ui.as_deref()),
        secure: args.serve.tls_cert.is_some() || args.serve.behind_proxy,
        behind_proxy: args.serve.behind_proxy,
        checked: false,
    };
    let centre = Centre::open(parts);
    // A newer program takes over the logs that an older one kept.
    for company in centre.log.companies().await? {
        centre.log.open_company(&company, &centre.opening()).await?;
    }
    match asked {
        None => serve(&centre, &args.serve).await,
        Some((verb, words)) => {
            let answer = operator::run(&centre, verb, words).await;
            let answer = answer.map_err(|no| RunError::Refused(no.into_failure().message))?;
            show(verb, &answer)
        }
    }
}

fn show(verb: &str, answer: &Value) -> Result<(), RunError> {
    println!("{answer:#}");
    match verb == "verify" && answer["sound"] != true {
        true => Err(RunError::Unsound),
        false => Ok(()),
    }
}

/// The folder of the built screens: the one named, or `ui` beside the program.
fn ui_folder(named: Option<&Path>) -> Option<PathBuf> {
    let beside = || Some(std::env::current_exe().ok()?.parent()?.join("ui"));
    let folder = named.map(Path::to_path_buf).or_else(beside)?;
    folder.join("index.html").is_file().then_some(folder)
}

/// Other machines are served over TLS, or not at all unless somebody insists.
pub fn refuse_plain_http(serve: &Serve) -> Result<(), RunError> {
    let plain = serve.tls_cert.is_none() && !serve.behind_proxy;
    if plain && !serve.listen.ip().is_loopback() && !serve.allow_plain_http {
        return Err(RunError::Refused(format!(
            "Without TLS everybody on the way to {} could read and change what is sent. Give a \
             certificate (--tls-cert, --tls-key), listen on this machine only and put a proxy \
             before it, or insist with --allow-plain-http.",
            serve.listen
        )));
    }
    Ok(())
}

async fn serve<L: CommitLog>(centre: &Shared<L>, how: &Serve) -> Result<(), RunError> {
    let handle = Handle::new();
    let own = std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(io("a door for the shell"))?;
    own.set_nonblocking(true).map_err(io("a door for the shell"))?;
    let door = own.local_addr().map_err(io("a door for the shell"))?;
    shell::open_door(&centre.dir, door).map_err(io("a door for the shell"))?;
    // Each door has its own handle: a handle knows one address.
    let own_handle = Handle::new();
    let handles = [handle.clone(), own_handle.clone()];
    tokio::spawn(stop_when_told(handles, Arc::clone(centre)));
    tokio::spawn(greet(handle.clone(), Arc::clone(centre), how.clone()));
    tokio::spawn(Companies::watch_others(Arc::downgrade(centre), LOOK_EVERY));
    tokio::spawn(auditor::watch(Arc::downgrade(centre)));
    let operator = {
        let doors = http::operator_doors(centre);
        let server = axum_server::from_tcp(own).map_err(io("a door for the shell"))?;
        let mut server = server.handle(own_handle.clone()).http1_only();
        patience(server.http_builder());
        server.serve(doors.into_make_service_with_connect_info::<SocketAddr>())
    };
    let public = async {
        let served = public(centre, how, handle).await;
        // An address that is taken ends the other door too.
        own_handle.graceful_shutdown(Some(DRAIN_MAX));
        served
    };
    let (public, operator) = tokio::join!(public, operator);
    shell::close_door(&centre.dir);
    public?;
    operator.map_err(io("the door for the shell"))
}

async fn public<L: CommitLog>(
    centre: &Shared<L>,
    how: &Serve,
    handle: Handle<SocketAddr>,
) -> Result<(), RunError> {
    let doors = http::doors(centre).into_make_service_with_connect_info::<SocketAddr>();
    let served = match (&how.tls_cert, &how.tls_key) {
        (Some(cert), Some(key)) => {
            // The second time it is there already, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let tls = RustlsConfig::from_pem_file(cert, key).await;
            let tls = tls.map_err(io("the certificate cannot be read"))?;
            let mut server = axum_server::bind_rustls(how.listen, tls).handle(handle);
            patience(server.http_builder());
            server.serve(doors).await
        }
        _ => {
            // Without version 2 a connection that says nothing is under the same limit.
            let mut server = axum_server::bind(how.listen).handle(handle).http1_only();
            patience(server.http_builder());
            server.serve(doors).await
        }
    };
    served.map_err(io(format!("{} cannot be served", how.listen)))
}

/// A client that dawdles over its headers holds a connection for so long and no longer.
fn patience<E>(builder: &mut hyper_util::server::conn::auto::Builder<E>) {
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS_MAX);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(Duration::from_secs(30));
}

async fn greet<L: CommitLog>(handle: Handle<SocketAddr>, centre: Shared<L>, how: Serve) {
    let Some(address) = handle.listening().await else { return };
    let scheme = if how.tls_cert.is_some() { "https" } else { "http" };
    tracing::info!(%address, scheme, "serving");
    println!("Serving on {scheme}://{address}");
    match centre.log.companies().await {
        Ok(companies) if companies.is_empty() => {
            match make_code(&centre, Admits::Founder, FOUNDER_MINUTES).await {
                Ok(code) => println!(
                    "There is no company here yet. On its till choose Settings, Centre, and give \
                     the address {scheme}://{address} and the code {code} (good once, for \
                     {FOUNDER_MINUTES} minutes)."
                ),
                Err(refused) => tracing::error!(?refused, "no code could be made"),
            }
        }
        Ok(companies) => tracing::info!(companies = companies.len(), "companies are here"),
        Err(error) => tracing::error!(%error, "the log does not answer"),
    }
}

async fn stop_when_told<L: CommitLog>(handles: [Handle<SocketAddr>; 2], centre: Shared<L>) {
    told_to_stop().await;
    tracing::info!("going down: finishing what was begun");
    centre.companies.hush();
    for handle in handles {
        handle.graceful_shutdown(Some(DRAIN_MAX));
    }
}

#[cfg(unix)]
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
