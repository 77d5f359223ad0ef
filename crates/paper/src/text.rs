//! Text on its way to paper: cleaned of what could command a printer, and broken into lines.
//!
//! **Invariant:** no control character leaves [`clean`], and [`wrap`] loses no word.

#![expect(clippy::float_arithmetic, reason = "widths on paper are measured, not counted")]

/// Text without control characters and without marks that turn the writing direction around.
/// Line breaks and tabs become spaces.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                cleaned.push(' ');
            }
            // Marks without a shape, which only steer a text engine.
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fe00}'..='\u{fe0f}' => {}
            other if other.is_control() => {}
            other => cleaned.push(other),
        }
    }
    cleaned.trim().to_owned()
}

/// Text whose line breaks mean something, as one cleaned text for each line.
pub(crate) fn clean_lines(text: &str) -> Vec<String> {
    text.lines().map(clean).filter(|line| !line.is_empty()).collect()
}

/// Breaks text into lines no wider than `width`, at spaces where it can, inside a word only
/// where a word alone is too wide.
pub(crate) fn wrap(text: &str, width: f32, measure: &dyn Fn(&str) -> f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text, width, measure) {
        let word = word.as_str();
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if measure(&joined) <= width {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line = break_word(word, width, measure, &mut lines);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The same in as few lines, but all about equally long, as a few centred lines should be.
pub(crate) fn wrap_evenly(text: &str, width: f32, measure: &dyn Fn(&str) -> f32) -> Vec<String> {
    const MOST_LINES: usize = 6;
    const STEP: f32 = 0.97;
    const NARROWEST: f32 = 0.4;
    let mut best = wrap(text, width, measure);
    let count = best.len();
    let mut narrower = width;
    while (2..=MOST_LINES).contains(&count) && narrower > width * NARROWEST {
        narrower *= STEP;
        let lines = wrap(text, narrower, measure);
        // A word broken for the sake of evenness would be no gain.
        if lines.len() > count || lines.iter().flat_map(|l| l.split(' ')).count() > words_of(text) {
            break;
        }
        best = lines;
    }
    best
}

fn words_of(text: &str) -> usize {
    text.split(' ').filter(|word| !word.is_empty()).count()
}

/// The words of a text; a number and the unit behind it are one, where they fit in a line.
fn words(text: &str, width: f32, measure: &dyn Fn(&str) -> f32) -> Vec<String> {
    const LONGEST_UNIT: usize = 3;
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let unit = word.chars().count() <= LONGEST_UNIT && word.chars().all(char::is_alphabetic);
        match words.last_mut() {
            Some(number) if unit && is_number(number) => {
                let together = format!("{number} {word}");
                if measure(&together) <= width {
                    *number = together;
                } else {
                    words.push(word.to_owned());
                }
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_digit() || ".,".contains(c))
}

/// Whether every word of a text fits in a line.
pub(crate) fn fits(text: &str, width: f32, measure: &dyn Fn(&str) -> f32) -> bool {
    text.split(' ').all(|word| measure(word) <= width)
}

/// Puts the full lines of a word that may be too wide into `lines` and answers its rest.
fn break_word(
    word: &str,
    width: f32,
    measure: &dyn Fn(&str) -> f32,
    lines: &mut Vec<String>,
) -> String {
    let mut rest = word;
    loop {
        let mut cut = 0;
        let mut seam = 0;
        let mut ends = rest.char_indices().map(|(at, letter)| (at + letter.len_utf8(), letter));
        // Only as much is measured as fits, so that a very long word takes no longer than it is.
        let overflow = ends.find(|(end, letter)| {
            if measure(rest.get(..*end).unwrap_or_default()) > width {
                return true;
            }
            cut = *end;
            if "-/.,:;_".contains(*letter) {
                seam = *end;
            }
            false
        });
        let Some((first, _)) = overflow else { return rest.to_owned() };
        // A seam close to the edge reads better; one letter must go even if it is too wide.
        let at = match cut {
            0 => first,
            _ if seam * 2 > cut => seam,
            _ => cut,
        };
        let (head, tail) = rest.split_at(at);
        if tail.is_empty() {
            return rest.to_owned();
        }
        lines.push(head.to_owned());
        rest = tail;
    }
}

/// The widths of the columns of a table: what every column but the first needs for its widest
/// text, and the rest for the first. `None` when too little is left for it.
pub(crate) fn column_widths(
    rows: &[&[String]],
    width: f32,
    gap: f32,
    measure: &dyn Fn(&str) -> f32,
) -> Option<Vec<f32>> {
    const LEAST_FIRST: f32 = 0.28;
    let count = rows.iter().map(|row| row.len()).max()?;
    let mut widths = vec![0.0_f32; count];
    for row in rows {
        for (index, cell) in row.iter().enumerate().skip(1) {
            if let Some(widest) = widths.get_mut(index) {
                *widest = widest.max(measure(cell));
            }
        }
    }
    let others: f32 = widths.iter().skip(1).map(|column| column + gap).sum();
    let first = width - others;
    if count > 1 && first < width * LEAST_FIRST {
        return None;
    }
    *widths.first_mut()? = first;
    Some(widths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn characters(text: &str) -> f32 {
        f32::from(u16::try_from(text.chars().count()).unwrap_or(u16::MAX))
    }

    #[test]
    fn lines_break_at_words_and_lose_none() {
        let cases: &[(&str, f32, &[&str])] = &[
            ("beras pandan wangi", 10.0, &["beras", "pandan", "wangi"]),
            ("beras pandan wangi", 12.0, &["beras pandan", "wangi"]),
            ("", 10.0, &[]),
            ("   ", 10.0, &[]),
            ("INV-2026-000123/A", 9.0, &["INV-2026-", "000123/A"]),
            ("abcdefghij", 4.0, &["abcd", "efgh", "ij"]),
            ("x abcdefghij y", 4.0, &["x", "abcd", "efgh", "ij y"]),
            ("ab", 0.0, &["a", "b"]),
            ("beras cap jago 5 kg", 16.0, &["beras cap jago", "5 kg"]),
            ("beras 5 karung", 8.0, &["beras 5", "karung"]),
            ("Rp\u{a0}12.500 saja", 9.0, &["Rp\u{a0}12.500", "saja"]),
        ];
        for (text, width, lines) in cases {
            assert_eq!(&wrap(text, *width, &characters), lines, "{text}");
        }
    }

    #[test]
    fn a_word_as_long_as_a_book_is_broken_and_complete() {
        let word = "x".repeat(300_000);
        let lines = wrap(&word, 48.0, &characters);
        assert_eq!(lines.len(), 300_000 / 48);
        assert_eq!(lines.concat(), word);
    }

    #[test]
    fn centred_lines_are_about_equally_long() {
        let text = "dapat ditukar dalam tujuh hari dengan struk ini";
        assert_eq!(wrap(text, 40.0, &characters).last().map(String::len), Some(9));
        let even = wrap_evenly(text, 40.0, &characters);
        assert_eq!(even, ["dapat ditukar dalam tujuh", "hari dengan struk ini"]);
        assert_eq!(wrap_evenly("kata", 40.0, &characters), ["kata"]);
        assert_eq!(wrap_evenly("", 40.0, &characters), Vec::<String>::new());
    }

    #[test]
    fn control_characters_and_direction_marks_do_not_pass() {
        let cases = [
            ("a\u{1b}@b", "a@b"),
            ("a\u{0}\u{1}\u{7f}\u{9b}b", "ab"),
            ("one\r\ntwo\tthree", "one  two three"),
            ("\u{202e}evil\u{202c}", "evil"),
            ("  plain  ", "plain"),
            ("\u{1d}V\u{0}", "V"),
        ];
        for (dirty, cleaned) in cases {
            assert_eq!(clean(dirty), cleaned);
        }
        assert_eq!(clean_lines("one\n\n two \r\n"), ["one", "two"]);
    }

    #[test]
    fn a_table_which_leaves_no_room_for_its_first_column_is_refused() {
        let row = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
        let (short, long) = (row(&["Tunai", "3", "12.500"]), row(&["Kartu", "12", "1.500"]));
        let rows: Vec<&[String]> = vec![&short, &long];
        assert_eq!(column_widths(&rows, 32.0, 2.0, &characters), Some(vec![20.0, 2.0, 6.0]));
        assert_eq!(column_widths(&rows, 12.0, 2.0, &characters), None);
        assert_eq!(column_widths(&[], 12.0, 2.0, &characters), None);
    }
}
