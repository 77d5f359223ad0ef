//! Keys as the driver knows them.
//!
//! **Invariant:** every key that goes down comes up again, in the opposite order.

use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};

/// Held while another key is pressed.
pub const CONTROL: char = '\u{E009}';
/// Longer than any pause between two keys of a scanner.
const PAUSE: KeyAction = KeyAction::Pause { duration: Duration::from_millis(45) };

/// Names a person uses, and the character the driver has for them.
const NAMED: &[(&str, char)] = &[
    ("Backspace", '\u{E003}'),
    ("Tab", '\u{E004}'),
    ("Enter", '\u{E007}'),
    ("Shift", '\u{E008}'),
    ("Control", CONTROL),
    ("Alt", '\u{E00A}'),
    ("Escape", '\u{E00C}'),
    ("Space", ' '),
    ("Left", '\u{E012}'),
    ("Up", '\u{E013}'),
    ("Right", '\u{E014}'),
    ("Down", '\u{E015}'),
    ("Delete", '\u{E017}'),
    ("Plus", '+'),
];
/// `F1`; the others follow it.
const FIRST_FUNCTION_KEY: u32 = 0xE031;

/// The key of this name; a single character is its own name.
///
/// # Panics
/// When there is no such key.
pub fn key(name: &str) -> char {
    if let Some((_, key)) = NAMED.iter().find(|(known, _)| *known == name) {
        return *key;
    }
    let mut characters = name.chars();
    if let (Some(only), None) = (characters.next(), characters.next()) {
        return only;
    }
    let number = name.strip_prefix('F').and_then(|number| number.parse::<u32>().ok());
    number
        .filter(|number| (1..=12).contains(number))
        .and_then(|number| char::from_u32(FIRST_FUNCTION_KEY + number - 1))
        .unwrap_or_else(|| panic!("there is no key \"{name}\""))
}

/// Keys held together: each goes down, then each comes up.
pub fn together(keys: &[char]) -> KeyActions {
    let hand = person();
    let down = keys.iter().fold(hand, |hand, key| hand.then(KeyAction::Down { value: *key }));
    keys.iter().rev().fold(down, |hand, key| hand.then(KeyAction::Up { value: *key }))
}

/// A text at the pace of a person.
pub fn typed(text: &str) -> KeyActions {
    text.chars().fold(person(), |hand, key| tap(hand, key).then(PAUSE))
}

/// One key again and again, without a pause.
pub fn hammer(key: char, times: usize) -> KeyActions {
    (0..times).fold(person(), |hand, _| tap(hand, key))
}

/// A hand that needs a moment to find its next key; without it, two quick fields would look like
/// one scan.
fn person() -> KeyActions {
    KeyActions::new("hand".to_owned()).then(PAUSE)
}

fn tap(keys: KeyActions, key: char) -> KeyActions {
    keys.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key })
}
