//! Working on the interface: it reloads as you type, with the window beside it.
//!
//! **Invariant:** the server of the interface is gone when the window is closed.

use std::net::TcpStream;
use std::process::Child;
use std::time::{Duration, Instant};

use crate::command::Step;
use crate::packages;
use crate::place;
use crate::report::{self, Outcome, Stop};
use crate::setup;

/// Where `tauri.conf.json` looks for the interface in development.
const ADDRESS: (&str, u16) = ("localhost", 1420);
/// How long the server of the interface may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that ends with this one.
struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        // It may have ended by itself (Ctrl+C reaches both); then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the server of the interface and a window that shows it.
///
/// # Errors
/// When either does not start.
pub fn dev() -> Outcome {
    setup::system(&[packages::BUILD])?;
    setup::interface()?;
    // Vite itself rather than npm: ending npm would leave Vite running.
    let vite = place::ui().join("node_modules/vite/bin/vite.js");
    let server = Step::new("vite", "node", &[]).arg(vite).within(&place::ui()).in_background()?;
    let mut server = Beside(server);
    wait_for(&mut server)?;
    let dir = place::demo_dir()?;
    report::say(format_args!("the demo company is in {}", dir.display()));
    // Without the default feature the window asks the server instead of the embedded page.
    let args = ["run", "--package", "lumbung-desktop", "--no-default-features", "--", "--demo"];
    Step::cargo("the window", &args).arg("--data").arg(dir).in_foreground()
}

fn wait_for(server: &mut Beside) -> Outcome {
    let started = Instant::now();
    while TcpStream::connect(ADDRESS).is_err() {
        if let Ok(Some(status)) = server.0.try_wait() {
            return Err(Stop::new(format!(
                "The server of the interface ended ({status}). Is another one at work on port {}?",
                ADDRESS.1
            )));
        }
        if started.elapsed() > PATIENCE {
            return Err(Stop::new("The server of the interface does not answer."));
        }
        std::thread::park_timeout(Duration::from_millis(100));
    }
    Ok(())
}
