//! A PostgreSQL of its own for a test: made in a folder that is thrown away, reached only through
//! a socket in it, started as the user `postgres` when the test runs as root.
//!
//! **Invariant:** when the value is dropped, its processes have ended and its folder is gone.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Where the programs of PostgreSQL are when they are not on the path, newest version last.
const PLACES: &[&str] = &["/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt"];

const MISSING: &str = "PostgreSQL is not installed, and this test starts one of its own. Run \
    `cargo xtask setup`, which installs it (on Debian: `apt-get install postgresql`).";

/// Fast, because nothing in here outlives the test; connections enough for two servers.
const SETTINGS: &[&str] = &[
    "listen_addresses=''",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=120",
    "shared_buffers=64MB",
    "log_min_messages=fatal",
];

/// A running cluster.
pub struct Cluster {
    bin: PathBuf,
    // The folder goes last.
    folder: TempDir,
}

impl Cluster {
    /// Makes and starts one, with these settings besides.
    pub fn start_with(settings: &[&str]) -> Cluster {
        let bin = bin().unwrap_or_else(|| panic!("{MISSING}"));
        let folder = tempfile::Builder::new().prefix("lumbung-pg").tempdir().expect("a folder");
        let cluster = Cluster { bin, folder };
        if is_root() {
            cluster.done(Command::new("chown").arg("postgres").arg(cluster.folder.path()));
        }
        let data = cluster.data();
        let make = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "-D"];
        cluster.done(cluster.program("initdb").args(make).arg(&data));
        let socket = cluster.folder.path().display().to_string();
        let mut options = format!("-k {socket}");
        for setting in SETTINGS.iter().chain(settings) {
            options.push_str(" -c ");
            options.push_str(setting);
        }
        let log = cluster.folder.path().join("server.log");
        let start = ["-w", "-o", &options, "-D"].map(OsStr::new);
        cluster
            .done(cluster.program("pg_ctl").args(start).arg(&data).arg("-l").arg(log).arg("start"));
        cluster
    }

    /// Makes and starts one.
    pub fn start() -> Cluster {
        Cluster::start_with(&[])
    }

    /// The address of one of its databases.
    pub fn address(&self, database: &str) -> String {
        format!("host={} user=postgres dbname={database}", self.folder.path().display())
    }

    /// Ends the process with this number at once, as the power would.
    pub fn kill(&self, pid: i32) {
        self.done(Command::new("kill").arg("-9").arg(pid.to_string()));
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of its programs: PostgreSQL refuses to run as root.
    fn program(&self, name: &str) -> Command {
        let program = self.bin.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path()).env("LC_ALL", "C");
        command
    }

    fn done(&self, command: &mut Command) -> Output {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(
            output.status.success(),
            "{command:?}: {}\n{}{}\n{}",
            output.status,
            said(&output.stdout),
            said(&output.stderr),
            std::fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
        );
        output
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.args(["-m", "immediate", "-w", "-D"]).arg(self.data()).arg("stop");
        // It may never have started; the folder goes either way.
        let _ = stop.output();
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

fn bin() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| is_bin(folder));
    on_path.or_else(|| {
        let mut found: Vec<(u32, PathBuf)> = Vec::new();
        for place in PLACES.iter().map(Path::new) {
            for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                let version = name.trim_start_matches("postgresql@").parse().unwrap_or(0);
                found.push((version, entry.path().join("bin")));
            }
        }
        found.sort();
        found.into_iter().rev().map(|(_, bin)| bin).find(|bin| is_bin(bin))
    })
}

fn is_bin(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file())
}
