//! The log file of the window, for the person who mends it.
//!
//! **Invariant:** a log that cannot be written never stops the till, and fourteen days are kept.

use std::fs;
use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// How many days of logs stay on the machine.
const DAYS_KEPT: usize = 14;
/// What is written when `LUMBUNG_LOG` does not ask for something else.
const DEFAULT_FILTER: &str = "info,zbus=warn,tao=warn,wry=warn";

/// Keeps the writer alive; what is still waiting is written when this is dropped.
pub struct Logs {
    _file: Option<WorkerGuard>,
}

/// Writes logs into `logs/` of the company's folder, and to the terminal in a debug build.
pub fn start(dir: &Path) -> Logs {
    let filter = EnvFilter::try_from_env("LUMBUNG_LOG")
        .unwrap_or_else(|_not_set| EnvFilter::new(DEFAULT_FILTER));
    let folder = dir.join("logs");
    let appender = fs::create_dir_all(&folder).map_err(|error| error.to_string()).and_then(|()| {
        RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix("lumbung")
            .filename_suffix("log")
            .max_log_files(DAYS_KEPT)
            .build(&folder)
            .map_err(|error| error.to_string())
    });
    let (file, guard, problem) = match appender {
        Ok(appender) => {
            let (writer, guard) = tracing_appender::non_blocking(appender);
            (Some(fmt::layer().with_ansi(false).with_writer(writer)), Some(guard), None)
        }
        Err(error) => (None, None, Some(error)),
    };
    let terminal = cfg!(debug_assertions).then(|| fmt::layer().with_writer(std::io::stderr));
    let started = tracing_subscriber::registry().with(filter).with(file).with(terminal).try_init();
    if let Err(error) = started {
        eprintln!("The log was already set up by another part of the program: {error}");
    }
    if let Some(error) = problem {
        tracing::warn!(error, "there is no log file; the till works without one");
    }
    Logs { _file: guard }
}
