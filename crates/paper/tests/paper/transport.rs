//! Bytes to printers, real sockets and files included.

use std::io::Read;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use lumbung_paper::{Destination, PrintError, send};

const PATIENCE: Duration = Duration::from_secs(10);

fn network(port: u16) -> Destination {
    Destination::Network { host: "127.0.0.1".to_owned(), port }
}

#[test]
fn a_printer_in_the_network_gets_every_byte() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let printer = std::thread::spawn(move || {
        let mut received = Vec::new();
        listener.accept().unwrap().0.read_to_end(&mut received).unwrap();
        received
    });
    let document: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    send(&network(port), &document, PATIENCE).unwrap();
    assert_eq!(printer.join().unwrap(), document);
}

#[test]
fn a_printer_that_refuses_is_named_in_plain_words() {
    // Bound and released: nobody listens there now.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = send(&network(port), b"x", PATIENCE).unwrap_err();
    assert_eq!(error.code(), "printer_refused");
    let words = format!("The printer at 127.0.0.1:{port} refused the connection");
    assert!(error.to_string().starts_with(&words), "{error}");
}

#[test]
fn a_printer_that_stops_taking_paper_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let document = vec![b'x'; 64 << 20];
    let started = Instant::now();
    let error = send(&network(port), &document, Duration::from_millis(300)).unwrap_err();
    assert!(started.elapsed() < PATIENCE);
    let PrintError::Stopped { sent, of, .. } = &error else { panic!("{error}") };
    assert!(sent < of && *of == document.len());
    assert!(error.to_string().contains("check paper and cover"), "{error}");
    drop(listener);
}

#[test]
fn no_time_is_no_answer() {
    let error = send(&network(9), b"x", Duration::ZERO).unwrap_err();
    assert!(matches!(error, PrintError::UnknownHost { .. } | PrintError::NoAnswer { .. }));
}

#[test]
fn a_name_nobody_has_is_said_to_be_unknown() {
    let host = "no-such-printer.invalid".to_owned();
    let error = send(&Destination::Network { host, port: 9100 }, b"x", PATIENCE).unwrap_err();
    assert_eq!(error.code(), "printer_unknown");
    assert!(error.to_string().contains("no-such-printer.invalid"), "{error}");
}

#[test]
fn a_device_file_gets_every_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lp0");
    std::fs::write(&path, b"").unwrap();
    send(&Destination::Device { path: path.clone() }, b"\x1b@Struk\n", PATIENCE).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"\x1b@Struk\n");
}

#[test]
fn a_device_that_is_not_there_is_not_made_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lp0");
    for destination in [
        Destination::Device { path: path.clone() },
        Destination::Serial { path: path.clone(), baud: 9_600 },
    ] {
        let error = send(&destination, b"x", PATIENCE).unwrap_err();
        assert_eq!(error.code(), "printer_missing", "{error}");
        assert!(error.to_string().contains("is it plugged in"), "{error}");
    }
    assert!(!path.exists());
}

#[cfg(unix)]
#[test]
fn a_serial_port_which_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ttyS0");
    std::fs::write(&path, b"").unwrap();
    let error = send(&Destination::Serial { path, baud: 9_600 }, b"x", PATIENCE).unwrap_err();
    assert_eq!(error.code(), "printer_failed", "{error}");
}

#[test]
fn a_folder_gets_one_numbered_file_for_each_document() {
    let folder = tempfile::tempdir().unwrap();
    let destination = Destination::Folder { path: folder.path().to_owned() };
    send(&destination, b"%PDF-1.3 one", PATIENCE).unwrap();
    send(&destination, b"\x1b@two", PATIENCE).unwrap();
    std::fs::write(folder.path().join("000041.escpos"), b"old").unwrap();
    send(&destination, b"%PDF-1.3 three", PATIENCE).unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["000001.pdf", "000002.escpos", "000041.escpos", "000042.pdf"]);
    assert_eq!(std::fs::read(folder.path().join("000041.escpos")).unwrap(), b"old");
}

#[test]
fn tills_which_share_a_folder_never_overwrite_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let destination = Destination::Folder { path: folder.path().to_owned() };
    std::thread::scope(|scope| {
        for till in 0..4_u8 {
            let destination = &destination;
            scope.spawn(move || {
                for number in 0..25_u8 {
                    send(destination, &[b'r', till, number], PATIENCE).unwrap();
                }
            });
        }
    });
    let mut found: Vec<Vec<u8>> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 100);
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gone");
    let error = send(&Destination::Folder { path }, b"x", PATIENCE).unwrap_err();
    assert_eq!(error.code(), "printer_missing");
}

#[test]
fn the_name_of_a_queue_is_never_an_option() {
    for queue in ["", "-h evil", "a\nb"] {
        let destination = Destination::Spooler { queue: queue.to_owned() };
        let error = send(&destination, b"x", PATIENCE).unwrap_err();
        assert_eq!(error.code(), "printer_queue", "{error}");
    }
}

#[test]
fn a_destination_is_kept_as_readable_settings() {
    let cases = [
        (network(9100), r#"{"kind":"network","host":"127.0.0.1","port":9100}"#),
        (
            Destination::Serial { path: "/dev/ttyUSB0".into(), baud: 19_200 },
            r#"{"kind":"serial","path":"/dev/ttyUSB0","baud":19200}"#,
        ),
        (
            Destination::Spooler { queue: "kasir".to_owned() },
            r#"{"kind":"spooler","queue":"kasir"}"#,
        ),
    ];
    for (destination, json) in cases {
        assert_eq!(serde_json::to_string(&destination).unwrap(), json);
        assert_eq!(serde_json::from_str::<Destination>(json).unwrap(), destination);
    }
}
