//! Bytes to a printer: over the network, into a device or serial port, through the system's
//! spooler, or into a folder.
//!
//! **Invariant:** a call ends within its time, and after an error no thread goes on printing
//! behind its back.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use lumbung_domain::said::Said;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where a printer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Destination {
    /// A printer with its own address, usually at port 9100.
    Network {
        /// Its address or name.
        host: String,
        /// Its port.
        port: u16,
    },
    /// A device file such as `/dev/usb/lp0`.
    Device {
        /// Its path.
        path: PathBuf,
    },
    /// A serial port such as `/dev/ttyUSB0` or `COM3`.
    Serial {
        /// Its path.
        path: PathBuf,
        /// Its speed.
        baud: u32,
    },
    /// A print queue of the operating system.
    Spooler {
        /// The queue's name.
        queue: String,
    },
    /// A folder which gets one file for each document.
    Folder {
        /// Its path.
        path: PathBuf,
    },
}

/// Why a document was not printed. Each can be told to a cashier.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// Nobody answers.
    #[error("The printer at {place} did not answer: is it switched on?")]
    NoAnswer {
        /// Where it should be.
        place: String,
    },
    /// It answers, but refuses.
    #[error("The printer at {place} refused the connection: is the port right?")]
    Refused {
        /// Where it should be.
        place: String,
    },
    /// Its name leads nowhere.
    #[error("There is no printer called {place} in the network: check its name or address.")]
    UnknownHost {
        /// Its name.
        place: String,
    },
    /// The device is not there.
    #[error("There is no printer at {place}: is it plugged in and switched on?")]
    Missing {
        /// Where it should be.
        place: String,
    },
    /// This user may not use it.
    #[error("This user may not print on {place}: ask an administrator for the right to use it.")]
    Forbidden {
        /// Where it is.
        place: String,
    },
    /// It stopped in the middle. Part of the document may be on paper.
    #[error(
        "The printer at {place} stopped after {sent} of {of} bytes: check paper and cover, \
         then print again."
    )]
    Stopped {
        /// Where it is.
        place: String,
        /// What it took.
        sent: usize,
        /// What it should have taken.
        of: usize,
    },
    /// The spooler refuses.
    #[error("The print queue {queue} does not take the document: {reason}")]
    Queue {
        /// Its name.
        queue: String,
        /// What the system says.
        reason: String,
    },
    /// The disk of the folder is full.
    #[error("There is no space left in {place}.")]
    Full {
        /// Which folder.
        place: String,
    },
    /// Something else.
    #[error("The printer at {place} cannot be used: {reason}")]
    Other {
        /// Where it is.
        place: String,
        /// What the system says.
        reason: String,
    },
}

impl PrintError {
    /// The stable name of this failure for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoAnswer { .. } => "printer_no_answer",
            Self::Refused { .. } => "printer_refused",
            Self::UnknownHost { .. } => "printer_unknown",
            Self::Missing { .. } => "printer_missing",
            Self::Forbidden { .. } => "printer_forbidden",
            Self::Stopped { .. } => "printer_stopped",
            Self::Queue { .. } => "printer_queue",
            Self::Full { .. } => "printer_folder_full",
            Self::Other { .. } => "printer_failed",
        }
    }

    /// The failure with its name and its facts.
    pub fn said(&self) -> Said {
        let said = Said::new(self.code(), self.to_string());
        match self {
            Self::NoAnswer { place }
            | Self::Refused { place }
            | Self::UnknownHost { place }
            | Self::Missing { place }
            | Self::Forbidden { place }
            | Self::Full { place } => said.fact("place", place),
            Self::Stopped { place, sent, of } => {
                said.fact("place", place).fact("sent", sent).fact("of", of)
            }
            Self::Queue { queue, reason } => said.fact("queue", queue).fact("reason", reason),
            Self::Other { place, reason } => said.fact("place", place).fact("reason", reason),
        }
    }
}

/// Between two looks at a device that is busy.
const POLL: Duration = Duration::from_millis(5);

/// Sends a document. It is on paper, or at least with the printer, when this answers `Ok`.
pub fn send(destination: &Destination, bytes: &[u8], timeout: Duration) -> Result<(), PrintError> {
    let deadline = Deadline(Instant::now() + timeout);
    match destination {
        Destination::Network { host, port } => to_network(host, *port, bytes, deadline),
        Destination::Device { path } => to_device(path, bytes, deadline),
        Destination::Serial { path, baud } => {
            set_speed(path, *baud, deadline)?;
            to_device(path, bytes, deadline)
        }
        Destination::Spooler { queue } => to_spooler(queue, bytes, deadline),
        Destination::Folder { path } => to_folder(path, bytes),
    }
}

#[derive(Clone, Copy)]
struct Deadline(Instant);

impl Deadline {
    /// What is left; an error when nothing is.
    fn left(self) -> io::Result<Duration> {
        match self.0.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => Ok(left),
            _ => Err(ErrorKind::TimedOut.into()),
        }
    }
}

fn to_network(host: &str, port: u16, bytes: &[u8], deadline: Deadline) -> Result<(), PrintError> {
    let place = format!("{host}:{port}");
    let told = |error: io::Error| tell(&place, &error);
    let addresses = resolve(host, port, deadline)?;
    let mut stream = connect(&addresses, deadline).map_err(told)?;
    // Small documents must not wait for each other's acknowledgement.
    stream.set_nodelay(true).map_err(told)?;
    let mut sent = 0;
    while sent < bytes.len() {
        let stopped = || PrintError::Stopped { place: place.clone(), sent, of: bytes.len() };
        let left = deadline.left().map_err(|_| stopped())?;
        stream.set_write_timeout(Some(left)).map_err(told)?;
        match stream.write(bytes.get(sent..).unwrap_or_default()) {
            Ok(0) => return Err(stopped()),
            Ok(written) => sent += written,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Err(stopped()),
        }
    }
    // Says that no more will come; the printer prints what it has.
    stream.shutdown(std::net::Shutdown::Write).map_err(told)?;
    hear_out(&mut stream, deadline);
    Ok(())
}

/// Takes what the printer has to say until it hangs up, for a moment at most: a connection closed
/// with words unheard would be torn down, and with it the end of the document.
fn hear_out(stream: &mut TcpStream, deadline: Deadline) {
    const MOMENT: Duration = Duration::from_millis(250);
    let mut words = [0; 256];
    while let Ok(left) = deadline.left() {
        let patient = stream.set_read_timeout(Some(left.min(MOMENT))).is_ok();
        if !patient || !matches!(stream.read(&mut words), Ok(1..)) {
            return;
        }
    }
}

/// The addresses of a name. Asking may take longer than the cashier waits, so it happens on a
/// thread which is left behind then; it only asks and never prints.
fn resolve(host: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, PrintError> {
    let unknown = || PrintError::UnknownHost { place: host.to_owned() };
    let (answer, asked) = mpsc::channel();
    let name = host.to_owned();
    std::thread::spawn(move || {
        let found = (name.as_str(), port).to_socket_addrs();
        // Nobody may be waiting any more.
        let _ = answer.send(found.map(Iterator::collect::<Vec<_>>));
    });
    let left = deadline.left().map_err(|_| unknown())?;
    match asked.recv_timeout(left) {
        Ok(Ok(addresses)) if !addresses.is_empty() => Ok(addresses),
        _ => Err(unknown()),
    }
}

fn connect(addresses: &[SocketAddr], deadline: Deadline) -> io::Result<TcpStream> {
    let mut last = io::Error::from(ErrorKind::TimedOut);
    for address in addresses {
        match TcpStream::connect_timeout(address, deadline.left()?) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn to_device(path: &Path, bytes: &[u8], deadline: Deadline) -> Result<(), PrintError> {
    let place = path.display().to_string();
    let mut device = open_device(path).map_err(|error| tell(&place, &error))?;
    let mut sent = 0;
    while sent < bytes.len() {
        match device.write(bytes.get(sent..).unwrap_or_default()) {
            Ok(written) if written > 0 => sent += written,
            Ok(_) => {}
            Err(error) => match error.kind() {
                ErrorKind::Interrupted | ErrorKind::WouldBlock => {}
                _ if sent == 0 => return Err(tell(&place, &error)),
                _ => return Err(PrintError::Stopped { place, sent, of: bytes.len() }),
            },
        }
        if sent < bytes.len() {
            match deadline.left() {
                Ok(left) => pause(left),
                Err(_) if sent == 0 => return Err(PrintError::NoAnswer { place }),
                Err(_) => return Err(PrintError::Stopped { place, sent, of: bytes.len() }),
            }
        }
    }
    Ok(())
}

/// Gives a busy device a moment.
#[expect(
    clippy::disallowed_methods,
    reason = "the standard library cannot wait until a device takes more"
)]
fn pause(left: Duration) {
    std::thread::sleep(POLL.min(left));
}

/// Opens a device so that a write to a printer without paper comes back instead of hanging.
#[cfg(unix)]
fn open_device(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    /// `O_NONBLOCK`.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const DO_NOT_HANG: i32 = 0x800;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const DO_NOT_HANG: i32 = 0x4;
    OpenOptions::new().write(true).custom_flags(DO_NOT_HANG).open(path)
}

#[cfg(not(unix))]
fn open_device(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).open(path)
}

/// Sets the speed of a serial port with the system's own tool.
fn set_speed(path: &Path, baud: u32, deadline: Deadline) -> Result<(), PrintError> {
    let place = path.display().to_string();
    if !path.exists() && cfg!(unix) {
        return Err(PrintError::Missing { place });
    }
    let speed = baud.to_string();
    let mut tool = if cfg!(windows) {
        let mut tool = Command::new("mode");
        tool.arg(&place).arg(format!("BAUD={speed}")).args(["PARITY=N", "DATA=8", "STOP=1"]);
        tool
    } else {
        let flag = if cfg!(target_os = "macos") { "-f" } else { "-F" };
        let mut tool = Command::new("stty");
        tool.arg(flag).arg(path).args([&speed, "raw", "-echo", "cs8", "-cstopb", "-parenb"]);
        tool
    };
    run(&mut tool, &[], deadline).map_err(|reason| PrintError::Other { place, reason })
}

fn to_spooler(queue: &str, bytes: &[u8], deadline: Deadline) -> Result<(), PrintError> {
    let refused = |reason: String| PrintError::Queue { queue: queue.to_owned(), reason };
    if cfg!(windows) {
        let reason = "share the printer and use its device path instead";
        return Err(refused(reason.to_owned()));
    }
    if queue.is_empty() || queue.starts_with('-') || queue.chars().any(char::is_control) {
        return Err(refused("this is not the name of a queue".to_owned()));
    }
    let mut tool = Command::new("lp");
    tool.args(["-s", "-d", queue]);
    if !bytes.starts_with(b"%PDF") {
        tool.args(["-o", "raw"]);
    }
    run(&mut tool, bytes, deadline).map_err(refused)
}

/// Runs a tool with its input; what it complains about is the error. A tool that does not end in
/// time is stopped.
fn run(tool: &mut Command, input: &[u8], deadline: Deadline) -> Result<(), String> {
    let said = |error: io::Error| error.to_string();
    let name = tool.get_program().to_string_lossy().into_owned();
    let mut child = tool
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the program {name} cannot be started ({error})"))?;
    let stdin = child.stdin.take();
    let stderr = child.stderr.take();
    let input = input.to_vec();
    // Both threads end with the tool, whose end closes their pipes.
    let writer = std::thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(&input)));
    let (complaint, heard) = mpsc::channel();
    std::thread::spawn(move || {
        let mut words = String::new();
        let read = stderr.map(|mut pipe| pipe.read_to_string(&mut words));
        // Nobody may be listening any more.
        let _ = complaint.send(read.map(|_| words).unwrap_or_default());
    });
    let words = deadline.left().ok().and_then(|left| heard.recv_timeout(left).ok());
    let Some(words) = words else {
        child.kill().map_err(said)?;
        child.wait().map_err(said)?;
        return Err(format!("{name} did not answer in time"));
    };
    let status = child.wait().map_err(said)?;
    match (status.success(), writer.join().ok().flatten()) {
        (true, Some(Err(error))) => Err(said(error)),
        (true, _) => Ok(()),
        (false, _) => Err(words.trim().to_owned()),
    }
}

/// Writes a file beside the others and gives it its name when it is complete.
fn to_folder(path: &Path, bytes: &[u8]) -> Result<(), PrintError> {
    let place = path.display().to_string();
    write_file(path, bytes).map_err(|error| tell(&place, &error))
}

fn write_file(folder: &Path, bytes: &[u8]) -> io::Result<()> {
    let kind = if bytes.starts_with(b"%PDF") { "pdf" } else { "escpos" };
    let mut number = next_number(folder)?;
    let (claim, file) = loop {
        let claim = folder.join(format!("{number:06}.part"));
        match OpenOptions::new().write(true).create_new(true).open(&claim) {
            // Another till may have finished this number since the folder was read.
            Ok(_) if is_taken(folder, number) => std::fs::remove_file(&claim)?,
            Ok(file) => break (claim, file),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        number += 1;
    };
    let written = complete(file, bytes)
        .and_then(|()| std::fs::rename(&claim, folder.join(format!("{number:06}.{kind}"))));
    if written.is_err() {
        // What is left of a failed document is of use to nobody.
        let _ = std::fs::remove_file(&claim);
    }
    written
}

fn is_taken(folder: &Path, number: u64) -> bool {
    ["pdf", "escpos"].iter().any(|kind| folder.join(format!("{number:06}.{kind}")).exists())
}

fn complete(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// One more than the highest number in the folder.
fn next_number(folder: &Path) -> io::Result<u64> {
    let mut highest = 0;
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number = Path::new(&name).file_stem().and_then(|stem| stem.to_str()?.parse().ok());
        highest = highest.max(number.unwrap_or(0));
    }
    Ok(highest + 1)
}

fn tell(place: &str, error: &io::Error) -> PrintError {
    let place = place.to_owned();
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            PrintError::NoAnswer { place }
        }
        ErrorKind::ConnectionRefused => PrintError::Refused { place },
        ErrorKind::NotFound | ErrorKind::NotADirectory => PrintError::Missing { place },
        ErrorKind::PermissionDenied => PrintError::Forbidden { place },
        ErrorKind::StorageFull => PrintError::Full { place },
        _ => PrintError::Other { place, reason: error.to_string() },
    }
}
