//! The window and nothing else: it opens the store, passes calls through the one door and tells
//! the page what changed.
//!
//! **Invariant:** the window always opens. A store that is damaged, in use or without its key is
//! something the page explains; it never keeps the page from appearing.

mod door;
mod logs;
mod place;

use std::sync::Arc;

use serde_json::Value;
use tauri::{Builder, Context, Manager, RunEvent, Runtime, State, WebviewWindow};

use crate::door::Door;
pub use crate::place::Place;

/// Opens the window on the store of this machine and stays until it is closed; answers with the
/// code for the system.
///
/// # Errors
/// When the system has no window to give: no display, no web view.
pub fn run() -> tauri::Result<i32> {
    let place = Place::from_environment(std::env::args_os().skip(1));
    let mut builder = Builder::default();
    if !place.is_explicit() {
        // First of all plug-ins: a second start hands over before anything else has happened.
        // A folder that was named is guarded by the lock of its store instead, so that two
        // companies can be open side by side.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _args, _dir| {
            if let Some(window) = app.get_webview_window("main") {
                bring_to_front(&window);
            }
        }));
    }
    let app = configure(builder, place).build(context())?;
    Ok(app.run_return(|app, event| {
        if let RunEvent::Exit = event
            && let Some(door) = app.try_state::<Arc<Door>>()
        {
            door.finish();
        }
    }))
}

/// The parts that do not depend on the machine: the command, the plug-ins and the start.
pub fn configure<R: Runtime>(builder: Builder<R>, place: Place) -> Builder<R> {
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .invoke_handler(tauri::generate_handler![call])
        .setup(move |app| {
            let dir = place.data_dir(app.handle())?;
            app.manage(logs::start(&dir));
            app.manage(Arc::new(Door::open(app.handle().clone(), dir, place.is_demo())));
            Ok(())
        })
}

/// What `tauri.conf.json` says, with the page embedded.
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// The only command of the window: a name and arguments go in, a value or a failure comes out.
#[tauri::command]
async fn call(
    door: State<'_, Arc<Door>>,
    name: String,
    args: Value,
) -> Result<Value, lumbung_app::Failure> {
    let door = Arc::clone(&door);
    // Off the thread of the window: a report must not freeze the till.
    tauri::async_runtime::spawn_blocking(move || door.call(&name, args))
        .await
        .unwrap_or_else(|stopped| Err(door::stopped(&stopped.to_string())))
}

/// Shows the window that is already open to the person who started the program again.
fn bring_to_front<R: Runtime>(window: &WebviewWindow<R>) {
    let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the open window could not be brought to the front");
    }
}
