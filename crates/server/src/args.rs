//! What the program is told on its command line or by its environment.
//!
//! **Invariant:** without a word it serves one shop from one folder, to this machine only.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as Words, Parser, Subcommand};

/// The centre of Lumbung: keeps the log of companies, and serves terminals and browsers.
#[derive(Debug, Parser)]
#[command(name = "lumbung-server", version)]
pub struct Args {
    /// The data folder: key, log, replicas, snapshots, pictures.
    #[arg(long, global = true, env = "LUMBUNG_CENTRE", default_value = "lumbung-centre")]
    pub data: PathBuf,
    /// Keep the log in PostgreSQL: `postgresql://user:password@host/database`.
    #[arg(long, global = true, env = "LUMBUNG_POSTGRES", hide_env_values = true)]
    pub postgres: Option<String>,
    /// Connections to PostgreSQL.
    #[arg(long, global = true, env = "LUMBUNG_POSTGRES_CONNECTIONS", default_value_t = 16)]
    pub postgres_connections: usize,
    /// Write the log of the program as JSON, one object a line.
    #[arg(long, global = true, env = "LUMBUNG_LOG_JSON")]
    pub log_json: bool,
    /// What to do; `serve` when nothing is said.
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// How to serve.
    #[command(flatten)]
    pub serve: Serve,
}

/// How to serve.
#[derive(Debug, Clone, Words)]
pub struct Serve {
    /// Where to listen.
    #[arg(long, global = true, env = "LUMBUNG_LISTEN", default_value = "127.0.0.1:4180")]
    pub listen: SocketAddr,
    /// The certificate chain, PEM.
    #[arg(long, global = true, env = "LUMBUNG_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's key, PEM.
    #[arg(long, global = true, env = "LUMBUNG_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Serve without TLS to other machines: only in a network that nobody else can reach.
    #[arg(long, global = true, env = "LUMBUNG_ALLOW_PLAIN_HTTP")]
    pub allow_plain_http: bool,
    /// A proxy before this server ends TLS and says in `X-Forwarded-For` whom it asks for.
    #[arg(long, global = true, env = "LUMBUNG_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// The built screens for browsers; the folder `ui` beside the program when it is there.
    #[arg(long, global = true, env = "LUMBUNG_UI")]
    pub ui: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Verb {
    /// Serve until told to stop.
    Serve,
    /// Make a one-time code: for a new terminal of a branch, for a new machine in place of
    /// another, or, with neither, for a company that lived on one terminal until now.
    EnrolCode {
        /// The company's id, where the centre has several.
        #[arg(long)]
        company: Option<String>,
        /// The code of the new terminal's branch.
        #[arg(long, conflicts_with = "replace")]
        branch: Option<String>,
        /// The new terminal's name.
        #[arg(long, requires = "branch")]
        terminal: Option<String>,
        /// The new terminal's series of document numbers; the next free one when left out.
        #[arg(long, requires = "branch")]
        series: Option<String>,
        /// The series of the terminal whose machine is replaced.
        #[arg(long)]
        replace: Option<String>,
        /// For how many minutes the code is good.
        #[arg(long, default_value_t = 10)]
        ttl: u32,
    },
    /// List the terminals.
    Terminals {
        /// The company's id, where the centre has several.
        #[arg(long)]
        company: Option<String>,
    },
    /// Shut a terminal out: what it pushes is kept apart.
    Revoke {
        /// The company's id, where the centre has several.
        #[arg(long)]
        company: Option<String>,
        /// The terminal's series, or the id of its origin.
        terminal: String,
    },
    /// List what terminals that were shut out have pushed.
    Quarantine {
        /// The company's id, where the centre has several.
        #[arg(long)]
        company: Option<String>,
    },
    /// Let one commit out of quarantine.
    Release {
        /// The company's id, where the centre has several.
        #[arg(long)]
        company: Option<String>,
        /// The commit, as `quarantine` lists it.
        commit: String,
    },
    /// Prove every log and every replica, from the first entry to the last.
    Verify,
    /// Copy log, key and pictures into a new folder within this one, while serving goes on.
    Backup {
        /// The folder.
        to: PathBuf,
    },
    /// Tell where every log ends, before PostgreSQL is backed up.
    Points,
    /// Note that a backup holds the logs up to what `points` told.
    Mark {
        /// A file with what `points` told.
        points: PathBuf,
    },
    /// Put a backup into an empty data folder.
    Restore {
        /// The folder that `backup` made.
        from: PathBuf,
    },
}
