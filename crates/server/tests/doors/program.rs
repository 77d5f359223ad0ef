//! The program itself, over a real socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_lumbung-server");

struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
    dir: tempfile::TempDir,
    address: String,
}

impl Running {
    fn start() -> Running {
        let dir = tempfile::tempdir().unwrap();
        let mut child = Command::new(PROGRAM)
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Serving on http://").unwrap().to_owned();
        Running { child, lines, dir, address }
    }

    fn connect(&self) -> TcpStream {
        let line = TcpStream::connect(&self.address).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        line
    }

    fn get(&self, path: &str) -> String {
        let mut line = self.connect();
        write!(line, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already where the test asked for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn without_a_word_it_serves_one_folder_and_gives_a_code_for_the_first_till() {
    let mut running = Running::start();
    assert!(running.get("/livez").starts_with("HTTP/1.1 200"));
    assert!(running.get("/readyz").contains("ready: yes"));
    assert!(running.get("/metrics").starts_with("HTTP/1.1 404"), "not on the network");
    let mut line = String::new();
    running.lines.read_line(&mut line).unwrap();
    assert!(line.contains("the code"), "{line}");
}

#[test]
fn the_shell_asks_the_server_that_runs_and_it_ends_in_order() {
    let mut running = Running::start();
    let made =
        Command::new(PROGRAM).args(["enrol-code", "--data"]).arg(running.dir.path()).output();
    let made = made.unwrap();
    let said = String::from_utf8(made.stdout).unwrap();
    assert!(made.status.success() && said.contains("\"code\""), "{said}");
    let id = running.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(running.child.wait().unwrap().success(), "it ends in order");
    let proved = Command::new(PROGRAM).args(["verify", "--data"]).arg(running.dir.path()).output();
    assert!(proved.unwrap().status.success(), "without a server the shell does it itself");
}

#[test]
fn a_client_that_dawdles_over_its_headers_is_hung_up_on_while_others_are_served() {
    let running = Running::start();
    let began = Instant::now();
    let mut dawdlers: Vec<TcpStream> = (0..50).map(|_| running.connect()).collect();
    // Every fifth says nothing at all.
    for line in dawdlers.iter_mut().enumerate().filter(|(n, _)| n % 5 > 0).map(|(_, line)| line) {
        line.write_all(b"POST /enrol HTTP/1.1\r\nhost: x\r\nx-").unwrap();
    }
    assert!(running.get("/livez").starts_with("HTTP/1.1 200"));
    for line in &mut dawdlers {
        let mut rest = Vec::new();
        line.read_to_end(&mut rest).unwrap();
        assert!(!rest.starts_with(b"HTTP/1.1 200"));
    }
    assert!(began.elapsed() < Duration::from_secs(45), "{:?}", began.elapsed());
}

#[test]
fn it_refuses_to_serve_other_machines_without_tls() {
    let dir = tempfile::tempdir().unwrap();
    let told = Command::new(PROGRAM)
        .args(["--listen", "0.0.0.0:0", "--data"])
        .arg(dir.path())
        .output()
        .unwrap();
    assert!(!told.status.success());
    let said = String::from_utf8(told.stderr).unwrap();
    assert!(said.contains("--tls-cert") && said.contains("--allow-plain-http"), "{said}");
}

#[test]
fn a_backup_is_put_back_and_proved() {
    let running = Running::start();
    let to = tempfile::tempdir().unwrap();
    let made = Command::new(PROGRAM)
        .args(["backup", "--data"])
        .arg(running.dir.path())
        .arg(to.path())
        .output()
        .unwrap();
    let said: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    let fresh = tempfile::tempdir().unwrap();
    let data = fresh.path().join("centre");
    let restored = Command::new(PROGRAM)
        .args(["restore", "--data"])
        .arg(&data)
        .arg(said["backup"].as_str().unwrap())
        .output()
        .unwrap();
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    assert!(
        Command::new(PROGRAM)
            .args(["verify", "--data"])
            .arg(&data)
            .output()
            .unwrap()
            .status
            .success()
    );
    let again = Command::new(PROGRAM)
        .args(["restore", "--data"])
        .arg(&data)
        .arg(said["backup"].as_str().unwrap())
        .output()
        .unwrap();
    assert!(!again.status.success(), "a folder that holds a centre is left alone");
}
