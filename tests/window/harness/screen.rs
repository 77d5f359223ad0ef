//! The display of a test: the keys of its scanner, the closing of its windows.
//!
//! A scanner is a keyboard that types faster than anybody. Its keys come from the display and not
//! from the driver, which waits for the page after each key: a busy page would make the fastest
//! scanner look like a person.
//!
//! **Invariant:** all keys of a code are handed to the display in one piece, so that no load of the
//! machine can come between two of them.

use std::error::Error;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, KEY_PRESS_EVENT, KEY_RELEASE_EVENT,
};
use x11rb::protocol::xtest::ConnectionExt as _;

/// What the display calls the Enter key; letters and digits are their own names.
const RETURN: u32 = 0xFF0D;

/// Sends the keys of a code and Enter behind them.
///
/// # Errors
/// When the display does not answer or has no key for a character.
pub fn scan(display: &str, code: &str) -> Result<(), Box<dyn Error>> {
    let (connection, _) = x11rb::connect(Some(display))?;
    let setup = connection.setup();
    let (first, last) = (setup.min_keycode, setup.max_keycode);
    let mapping = connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
    let per_key = usize::from(mapping.keysyms_per_keycode.max(1));
    // Only what a key means by itself: a scanner of barcodes needs no Shift.
    let plain: Vec<u32> = mapping.keysyms.chunks(per_key).map(|key| key[0]).collect();
    for wanted in code.chars().map(u32::from).chain([RETURN]) {
        let at = plain.iter().position(|meaning| *meaning == wanted);
        let key = at.and_then(|at| u8::try_from(at).ok()).and_then(|at| first.checked_add(at));
        let key = key.ok_or_else(|| format!("the display has no key for {wanted:#x}"))?;
        for event in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            connection.xtest_fake_input(event, key, 0, x11rb::NONE, 0, 0, 0)?;
        }
    }
    connection.flush()?;
    // An answer to a question behind the keys: the display has them all.
    connection.get_input_focus()?.reply()?;
    Ok(())
}

/// Asks every window of the display to close, as the cross in its corner does.
///
/// # Errors
/// When the display does not answer.
pub fn close_windows(display: &str) -> Result<(), Box<dyn Error>> {
    let (connection, screen) = x11rb::connect(Some(display))?;
    let root = connection.setup().roots[screen].root;
    let protocols = connection.intern_atom(false, b"WM_PROTOCOLS")?.reply()?.atom;
    let close = connection.intern_atom(false, b"WM_DELETE_WINDOW")?.reply()?.atom;
    for window in connection.query_tree(root)?.reply()?.children {
        let known = connection.get_property(false, window, protocols, AtomEnum::ATOM, 0, 8)?;
        if known.reply()?.value32().is_some_and(|mut known| known.any(|atom| atom == close)) {
            let message = ClientMessageEvent::new(32, window, protocols, [close, 0, 0, 0, 0]);
            connection.send_event(false, window, EventMask::NO_EVENT, message)?;
        }
    }
    connection.flush()?;
    connection.get_input_focus()?.reply()?;
    Ok(())
}
