//! Pictures of the real window, for people: `cargo xtask screens`, and `cargo xtask run` where
//! there is no display.
//!
//! **Invariant:** a picture shows the real program on the demo company, never a drawing of it.

#![cfg_attr(not(target_os = "linux"), expect(unused, reason = "the driver exists on Linux only"))]

#[cfg(target_os = "linux")]
#[expect(dead_code, reason = "the tests use the rest")]
mod goods;
#[cfg(target_os = "linux")]
#[expect(dead_code, reason = "the tests use the rest")]
mod harness;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

#[cfg(target_os = "linux")]
use harness::{Look, Shop, Window, people};

/// The screens of tills and offices: the smallest that must do, and the usual one.
const SIZES: [(u32, u32); 2] = [(1366, 768), (1920, 1080)];

/// How often the start is measured.
const STARTS: usize = 9;

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("Pictures are taken through WebKitGTK's driver, which only Linux has.");
    ExitCode::FAILURE
}

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let out = PathBuf::from(env::var_os("LUMBUNG_SCREENSHOTS").unwrap_or("screenshots".into()));
    match words.as_slice() {
        ["till"] => till(&out, false),
        ["till", "--keep"] => till(&out, true),
        ["all"] => {
            for (width, height) in SIZES {
                for dark in [false, true] {
                    every_screen(&out, Look { width, height, dark });
                }
            }
        }
        ["measure"] => measure(),
        _ => {
            eprintln!("screens till [--keep] | screens all | screens measure");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// The till, ready to sell, in the folder of `LUMBUNG_DATA`.
#[cfg(target_os = "linux")]
fn till(out: &Path, keep: bool) {
    let shop = match env::var_os("LUMBUNG_DATA") {
        Some(folder) => Shop::in_folder(folder.into()),
        None => Shop::demo(),
    };
    let window = Window::open(&shop, Look::TILL);
    window.opens_the_till(people::CASHIER);
    window.picture(&out.join("till.png"));
    if keep {
        let display = window.display();
        println!("The window stays open on display {display} until Ctrl+C. To look in:");
        println!("  apt-get install x11vnc && x11vnc -display {display} -localhost");
        loop {
            // Woken for no reason, it waits again; Ctrl+C ends the program and all it started.
            std::thread::park();
        }
    }
}

/// Every screen of the navigation as the owner sees it, and the way there.
#[cfg(target_os = "linux")]
fn every_screen(out: &Path, look: Look) {
    let Look { width, height, dark } = look;
    let colours = if dark { "dark" } else { "light" };
    let shop = Shop::demo();
    let window = Window::open(&shop, look);
    let picture = |name: &str| {
        window.settles();
        let file = out.join(format!("{name}-{colours}-{width}x{height}.png"));
        window.picture(&file);
        println!("{}", file.display());
    };
    window.waits_for("pin-input");
    picture("sign-in");
    window.opens_the_till(people::OWNER);
    picture("till");
    for article in [goods::OIL, goods::SUGAR, goods::NOODLES, goods::NOODLES] {
        window.sells(article.barcode);
    }
    picture("till-ticket");
    window.press("F12");
    window.waits_for("pay-dialog");
    picture("till-pay");
    window.click("tender-cash");
    window.fill("tender-amount", "100000");
    window.click("tender-add");
    window.click("pay-complete");
    window.waits_for("sale-done");
    picture("till-done");
    window.click("sale-done-next");
    for screen in window.screens() {
        window.click(&format!("nav-{screen}"));
        picture(&screen);
    }
}

/// How long the window takes from its start until a person can sign in, and what it holds in
/// memory then: lines of a table, for `cargo xtask bench`.
#[cfg(target_os = "linux")]
fn measure() {
    let shop = Shop::demo();
    // The first start makes the company, and fills the caches of the disk.
    let window = Window::open(&shop, Look::TILL);
    window.waits_for("pin-input");
    window.close();
    let mut times: Vec<_> = (0..STARTS)
        .map(|_| {
            let started = Instant::now();
            let window = Window::open(&shop, Look::TILL);
            window.waits_for("pin-input");
            let took = started.elapsed();
            window.close();
            took
        })
        .collect();
    times.sort();
    println!(
        "| Start of the driver and the window to the sign-in page, median of {STARTS} \
         | {} ms |",
        times[STARTS / 2].as_millis()
    );
    let window = Window::open(&shop, Look::TILL);
    window.opens_the_till(people::CASHIER);
    window.settles();
    let memory = window.memory();
    let all: u64 = memory.iter().map(|(_, kib)| kib).sum();
    let each: Vec<String> =
        memory.iter().map(|(name, kib)| format!("{name} {}", kib / 1024)).collect();
    println!("| Memory at the till (PSS), MiB | {} ({}) |", all / 1024, each.join(", "));
}
