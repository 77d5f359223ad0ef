//! The machine a test runs on: a virtual display, a driver, a home of its own.
//!
//! **Invariant:** a process started here ends with the test, even when the test is killed; and
//! nothing of the real user (files, key store, running window) is touched.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

/// Where the window is, set by `cargo xtask window-test`.
const PROGRAM: &str = "LUMBUNG_DESKTOP_BIN";
/// What every test of this kind needs and cannot make itself.
const ADVICE: &str = "run the tests in the real window by `cargo xtask window-test`";
/// How long a program of the system may take to start.
const START: Duration = Duration::from_secs(30);

/// The size of the window and its colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Light letters on a dark ground.
    pub dark: bool,
}

impl Look {
    /// The smallest screen a till has, by day.
    pub const TILL: Self = Self { width: 1366, height: 768, dark: false };
}

/// The folders of one shop and of the person who uses it.
pub struct Shop {
    home: TempDir,
    data: PathBuf,
    demo: bool,
}

impl Shop {
    /// A new demo company in a folder that is removed afterwards.
    ///
    /// # Panics
    /// When there is no room for temporary files.
    pub fn demo() -> Self {
        let home = TempDir::new().expect("room for temporary files");
        let data = home.path().join("shop");
        Self { home, data, demo: true }
    }

    /// A folder without a company, which is removed afterwards.
    ///
    /// # Panics
    /// When there is no room for temporary files.
    pub fn empty() -> Self {
        Self { demo: false, ..Self::demo() }
    }

    /// The company in a folder that stays.
    ///
    /// # Panics
    /// When there is no room for temporary files.
    pub fn in_folder(data: PathBuf) -> Self {
        let home = TempDir::new().expect("room for temporary files");
        Self { home, data, demo: true }
    }

    /// The folder of the company.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The home of the person.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Every PDF in the folders of the shop and of the person.
    pub fn papers(&self) -> Vec<PathBuf> {
        let mut papers = Vec::new();
        let mut folders = vec![self.home.path().to_path_buf(), self.data.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "pdf") {
                    papers.push(path);
                }
            }
        }
        papers
    }

    /// Makes the window open as large as the display: its place and size are remembered from
    /// "last time".
    pub(super) fn remember_size(&self, look: Look) {
        let config = self.home.path().join("config/app.lumbung.desktop");
        let Look { width, height, .. } = look;
        let state = format!(
            "{{\"main\":{{\"width\":{width},\"height\":{height},\"x\":0,\"y\":0,\
             \"prev_x\":0,\"prev_y\":0,\"maximized\":false,\"visible\":true,\
             \"decorated\":true,\"fullscreen\":false}}}}"
        );
        let written = fs::create_dir_all(&config)
            .and_then(|()| fs::write(config.join(".window-state.json"), state));
        written.expect("the home of the test can be written");
    }
}

/// A program and all it starts; ended together.
pub struct Group(Child);

impl Group {
    /// Name and memory of each of its processes, in KiB; what several share is divided among them.
    pub fn memory(&self) -> Vec<(String, u64)> {
        let group = self.0.id().to_string();
        let mut found = Vec::new();
        for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let read = |name| fs::read_to_string(process.path().join(name)).unwrap_or_default();
            // "pid (name) state parent group …", and a name may hold spaces and brackets.
            let stat = read("stat");
            let Some((head, tail)) = stat.rsplit_once(") ") else { continue };
            if tail.split(' ').nth(2) != Some(group.as_str()) {
                continue;
            }
            let rollup = read("smaps_rollup");
            let share = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
            let kib = share.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
            let name = head.split_once('(').map_or("", |(_, name)| name);
            found.extend(kib.map(|kib| (name.to_owned(), kib)));
        }
        found
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Ending only the driver would leave the window it started running.
        if let Some(group) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.0.wait();
    }
}

/// The window that is tested.
///
/// # Panics
/// When it was not built: with what to do.
pub fn program() -> PathBuf {
    let Some(program) = std::env::var_os(PROGRAM).map(PathBuf::from) else {
        panic!("{PROGRAM} is not set: {ADVICE}");
    };
    assert!(program.is_file(), "{} is not there: {ADVICE}", program.display());
    program
}

/// The folder for what failed tests leave to look at: `target/window/`.
pub fn output(program: &Path) -> PathBuf {
    let built = program.parent().unwrap_or(Path::new("."));
    let out = built.with_file_name("window");
    fs::create_dir_all(&out).expect("the target folder can be written");
    out
}

/// The name of the running test, as a name of a file.
pub fn test_name() -> String {
    let thread = std::thread::current();
    thread.name().unwrap_or("window").replace("::", "-")
}

/// A display nobody else uses.
pub fn display(look: Look) -> (Group, String) {
    let screen = format!("{}x{}x24", look.width, look.height);
    let mut command = mortal("Xvfb");
    command.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp"]);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut display = start(command, "Xvfb");
    let mut number = String::new();
    if let Some(out) = display.0.stdout.take() {
        // Xvfb writes the number when it is ready; nothing at all when it ends instead.
        let _ = BufReader::new(out).read_line(&mut number);
    }
    let number = number.trim();
    assert!(!number.is_empty(), "the virtual display did not start: {ADVICE}");
    (display, format!(":{number}"))
}

/// WebKit's driver, in the surroundings the window will have.
pub fn driver(port: u16, display: &str, shop: &Shop, look: Look) -> Group {
    let home = shop.home.path();
    let runtime = home.join("runtime");
    make_private(&runtime);
    let log = fs::File::options().create(true).append(true).open(home.join("window.log"));
    let log = log.expect("the home can be written");
    let copy = log.try_clone().expect("a second hold on the log");
    let mut command = mortal("WebKitWebDriver");
    command
        .arg(format!("--port={port}"))
        .env("DISPLAY", display)
        .env_remove("WAYLAND_DISPLAY")
        .env("GDK_BACKEND", "x11")
        // Without it the window does not listen to the driver, and the driver waits for ever.
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_RUNTIME_DIR", runtime)
        // No bus, so no key store of the person who runs the tests.
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env("NO_AT_BRIDGE", "1")
        .env("LANG", "en_US.UTF-8")
        .env_remove("LC_ALL")
        .env("TZ", "Asia/Jakarta")
        .env("LUMBUNG_DATA", &shop.data)
        .env("LUMBUNG_DEMO", if shop.demo { "1" } else { "0" })
        .stdout(log)
        .stderr(copy);
    if look.dark {
        command.env("GTK_THEME", "Adwaita:dark");
    } else {
        command.env("GTK_THEME", "Adwaita");
    }
    let driver = start(command, "WebKitWebDriver");
    let started = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(started.elapsed() < START, "WebKitWebDriver does not answer: {ADVICE}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
    driver
}

/// The words on a paper, as `pdftotext` reads them.
///
/// # Panics
/// When it is not there or cannot be read.
pub fn words_of(paper: &Path) -> String {
    let read = Command::new("pdftotext").args(["-layout", "-nopgbrk"]).arg(paper).arg("-").output();
    let read = read.unwrap_or_else(|error| panic!("pdftotext cannot be run ({error}): {ADVICE}"));
    assert!(read.status.success(), "{} cannot be read: {read:?}", paper.display());
    String::from_utf8_lossy(&read.stdout).into_owned()
}

/// A port nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("the port that was just bound").port()
}

/// A program that the kernel ends when this process is gone, however that came about.
fn mortal(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--", program]);
    command.process_group(0).stdin(Stdio::null());
    command
}

fn start(mut command: Command, program: &str) -> Group {
    match command.spawn() {
        Ok(child) => Group(child),
        Err(error) => panic!("{program} cannot be started ({error}): {ADVICE}"),
    }
}

/// A folder only its person can read, as the desktop's own run-time folder is.
fn make_private(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let made = fs::create_dir_all(dir)
        .and_then(|()| fs::set_permissions(dir, fs::Permissions::from_mode(0o700)));
    made.expect("the home of the test can be written");
}
