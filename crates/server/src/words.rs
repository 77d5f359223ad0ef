//! Bytes as words: hexadecimal digits, base64, and the codes that people type.
//!
//! **Invariant:** reading gives exactly what was written or nothing; no two writings of one value
//! are accepted where it names a file.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lumbung_sync::Key;

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let pairs = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    pairs.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// The bytes of exactly this many lower-case hexadecimal digits.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// A company, terminal or person as people write ids.
pub fn id(key: &Key) -> String {
    uuid::Uuid::from_bytes(*key).to_string()
}

/// The id that is written here, in its one canonical form.
pub fn unid(text: &str) -> Option<Key> {
    let key = uuid::Uuid::try_parse(text).ok()?.into_bytes();
    (id(&key) == text).then_some(key)
}

/// Base64 for addresses and cookies.
pub fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of [`b64`].
pub fn unb64(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Letters that are not taken for one another when read aloud or written down.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many letters a code has: 60 bits, which nobody guesses within its time.
pub const CODE_LETTERS: usize = 12;

/// A code of [`CODE_LETTERS`] letters in groups of four.
pub fn code(random: &[u8; CODE_LETTERS]) -> String {
    let mut code = String::with_capacity(CODE_LETTERS + 2);
    for (place, byte) in random.iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(LETTERS[usize::from(byte & 31)]));
    }
    code
}

/// A code as it was typed, in its one form: `None` when it cannot be one.
pub fn typed_code(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(CODE_LETTERS);
    for letter in typed.chars().take(64).filter(|letter| !matches!(letter, ' ' | '-')) {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !letter.is_ascii() || !LETTERS.contains(&(letter as u8)) {
            return None;
        }
        code.push(letter);
    }
    (code.len() == CODE_LETTERS).then_some(code)
}

/// What is kept of a code: enough to know it again.
pub fn code_hash(code: &str) -> [u8; 32] {
    blake3::derive_key("lumbung 2026 enrolment code", code.as_bytes())
}

/// Random bytes.
pub fn random<const N: usize>() -> Result<[u8; N], crate::key::KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| crate::key::KeyError::NoRandom)?;
    Ok(bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_written_down() {
        let code = code(&[0, 1, 2, 3, 4, 5, 30, 31, 18, 19, 20, 255]);
        assert_eq!(code, "0123-45YZ-JKMZ");
        for typed in
            ["0123-45YZ-JKMZ", "o1z3", " O123 45yz jkmz ", "OL2345YZJKMZ", "0123-45YZ-JKMU"]
        {
            let read = typed_code(typed);
            let expected = (typed.len() > 4 && !typed.ends_with('U')).then_some("012345YZJKMZ");
            assert_eq!(read.as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn a_name_of_a_file_has_one_writing() {
        assert_eq!(unhex::<2>("0aff").unwrap(), [10, 255]);
        for other in ["0AFF", "0af", "0affe", "../a", "0a f", "é0a"] {
            assert_eq!(unhex::<2>(other), None, "{other}");
        }
        let key = [7; 16];
        assert_eq!(unid(&id(&key)), Some(key));
        assert_eq!(unid(&hex(&key)), None);
        assert_eq!(unid(&id(&key).to_uppercase()), Some(key));
    }
}
