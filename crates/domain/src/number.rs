//! Document numbers: the names by which people know documents, such as `JKT01-T1-26-S000123`.
//!
//! **Invariant:** every terminal counts every kind of document by itself from 1 each year, so a
//! number is never given twice and a missing one is visible. A void keeps its number.

use crate::fact::{Facts, facts};

use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ts_rs::TS;

/// The longest code of a branch.
pub const MAX_BRANCH_CODE: usize = 8;
/// The longest series of a terminal.
pub const MAX_SERIES: usize = 8;
/// The fewest digits of the running number.
const RUNNING_WIDTH: usize = 6;

/// A kind of numbered document. An X report has no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DocKind {
    /// A sale.
    Sale,
    /// A return.
    Return,
    /// The void of a sale.
    Void,
    /// A closed cash session: the Z report.
    Session,
    /// Cash in, cash out or a drop.
    CashMovement,
    /// A store credit.
    StoreCredit,
    /// An invoice.
    Invoice,
    /// A correction of stock.
    StockAdjustment,
    /// A sale or return of the past, brought in by an import. It keeps the number it had then; this
    /// one is a series of its own, so that the till's own numbers stay without gaps.
    History,
}

impl DocKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Sale,
        Self::Return,
        Self::Void,
        Self::Session,
        Self::CashMovement,
        Self::StoreCredit,
        Self::Invoice,
        Self::StockAdjustment,
        Self::History,
    ];

    /// The letter in the number.
    pub const fn letter(self) -> char {
        match self {
            Self::Sale => 'S',
            Self::Return => 'R',
            Self::Void => 'V',
            Self::Session => 'Z',
            Self::CashMovement => 'C',
            Self::StoreCredit => 'K',
            Self::Invoice => 'I',
            Self::StockAdjustment => 'A',
            Self::History => 'H',
        }
    }

    /// The kind of a letter.
    pub fn of_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter)
    }
}

/// Why a document number cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The text is not a document number.
    #[error("\"{text}\" is not a document number; one looks like JKT01-T1-26-S000123")]
    NotANumber {
        /// The text as it was given.
        text: String,
    },
    /// The code of a branch or terminal cannot be used.
    #[error("\"{code}\" cannot be used; a code has 1 to {limit} letters and digits")]
    BadCode {
        /// The code as it was given.
        code: String,
        /// The most characters.
        limit: usize,
    },
    /// The year has no two-digit form.
    #[error("{year} is not a year between 2000 and 2099")]
    BadYear {
        /// The year.
        year: i32,
    },
    /// The series is used up, or the number is zero.
    #[error("the number {running} cannot be given")]
    BadRunning {
        /// The running number.
        running: u32,
    },
}

impl NumberError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotANumber { .. } => "not_a_document_number",
            Self::BadCode { .. } => "bad_series_code",
            Self::BadYear { .. } => "bad_series_year",
            Self::BadRunning { .. } => "bad_running_number",
        }
    }

    /// The facts of the sentence, by name.
    pub fn facts(&self) -> Facts {
        match self {
            Self::NotANumber { text } => facts![text],
            Self::BadCode { code, limit } => facts![code, limit],
            Self::BadYear { year } => facts![year],
            Self::BadRunning { running } => facts![running],
        }
    }
}

/// A series: one terminal, one year, one kind of document. Its running numbers have no gaps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    branch: String,
    terminal: String,
    year: u8,
    kind: DocKind,
}

impl Series {
    /// The series of a kind of document of a terminal in a year.
    pub fn new(
        branch: &str,
        terminal: &str,
        year: i32,
        kind: DocKind,
    ) -> Result<Self, NumberError> {
        check_code(branch, MAX_BRANCH_CODE)?;
        check_code(terminal, MAX_SERIES)?;
        let short = u8::try_from(year - 2000).ok().filter(|short| *short < 100);
        let year = short.ok_or(NumberError::BadYear { year })?;
        Ok(Self { branch: branch.to_owned(), terminal: terminal.to_owned(), year, kind })
    }

    /// The text by which the series is kept: `JKT01-T1-26-S`.
    pub fn key(&self) -> String {
        format!("{}-{}-{:02}-{}", self.branch, self.terminal, self.year, self.kind.letter())
    }

    /// The number of a document of this series.
    pub fn number(&self, running: u32) -> Result<DocumentNumber, NumberError> {
        if running == 0 || running == u32::MAX {
            return Err(NumberError::BadRunning { running });
        }
        Ok(DocumentNumber { series: self.clone(), running })
    }

    /// The code of the branch.
    pub fn branch(&self) -> &str {
        &self.branch
    }

    /// The series of the terminal.
    pub fn terminal(&self) -> &str {
        &self.terminal
    }

    /// The full year.
    pub fn year(&self) -> i32 {
        2000 + i32::from(self.year)
    }

    /// The kind of document.
    pub fn kind(&self) -> DocKind {
        self.kind
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.key())
    }
}

/// The text by which a series is kept: `JKT01-T1-26-S`.
pub fn series_key(
    branch: &str,
    terminal: &str,
    year: i32,
    kind: DocKind,
) -> Result<String, NumberError> {
    Ok(Series::new(branch, terminal, year, kind)?.key())
}

/// The number of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(type = "string")]
pub struct DocumentNumber {
    series: Series,
    running: u32,
}

impl DocumentNumber {
    /// The series it belongs to.
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// Its place in the series.
    pub fn running(&self) -> u32 {
        self.running
    }

    /// The kind of document.
    pub fn kind(&self) -> DocKind {
        self.series.kind
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{:0width$}", self.series.key(), self.running, width = RUNNING_WIDTH))
    }
}

impl FromStr for DocumentNumber {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let wrong = || NumberError::NotANumber { text: text.to_owned() };
        let mut parts = text.split('-');
        let mut part = || parts.next().ok_or_else(wrong);
        let (branch, terminal, year, last) = (part()?, part()?, part()?, part()?);
        if parts.next().is_some() || year.len() != 2 {
            return Err(wrong());
        }
        let year: u8 = digits(year).and_then(|year| year.parse().ok()).ok_or_else(wrong)?;
        let kind = last.chars().next().and_then(DocKind::of_letter).ok_or_else(wrong)?;
        let running = &last[kind.letter().len_utf8()..];
        let running: u32 = digits(running).and_then(|n| n.parse().ok()).ok_or_else(wrong)?;
        let series = Series::new(branch, terminal, 2000 + i32::from(year), kind);
        let number = series.and_then(|series| series.number(running)).map_err(|_| wrong())?;
        // One document has one spelling: `S0000123` is not `S000123`.
        if number.to_string() == text { Ok(number) } else { Err(wrong()) }
    }
}

impl Serialize for DocumentNumber {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DocumentNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

fn check_code(code: &str, limit: usize) -> Result<(), NumberError> {
    let sound =
        (1..=limit).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
    if sound { Ok(()) } else { Err(NumberError::BadCode { code: code.to_owned(), limit }) }
}

/// What is wrong with the running numbers of a series.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Continuity {
    /// The numbers which are missing, from 1 to the last one given.
    pub gaps: Vec<RangeInclusive<u32>>,
    /// The numbers which were given more than once, in order.
    pub duplicates: Vec<u32>,
}

impl Continuity {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.gaps.is_empty() && self.duplicates.is_empty()
    }
}

/// Looks for gaps and duplicates in the running numbers of one series, in any order.
pub fn continuity(running: &[u32]) -> Continuity {
    let mut sorted = running.to_vec();
    sorted.sort_unstable();
    let mut duplicates = BTreeSet::new();
    let mut gaps = Vec::new();
    let mut last = 0;
    for number in sorted {
        if number == last {
            duplicates.insert(number);
        } else if number - last > 1 {
            gaps.push(last + 1..=number - 1);
        }
        last = number;
    }
    Continuity { gaps, duplicates: duplicates.into_iter().collect() }
}

/// The numbers missing from a series, from 1 to the last one given.
pub fn gaps(running: &[u32]) -> Vec<RangeInclusive<u32>> {
    continuity(running).gaps
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_names_branch_terminal_year_and_kind() {
        let series = Series::new("JKT01", "T1", 2026, DocKind::Sale).unwrap();
        assert_eq!(series.key(), "JKT01-T1-26-S");
        let number = series.number(123).unwrap();
        assert_eq!(number.to_string(), "JKT01-T1-26-S000123");
        assert_eq!(series.number(12_345_678).unwrap().to_string(), "JKT01-T1-26-S12345678");
        let read: DocumentNumber = "JKT01-T1-26-S000123".parse().unwrap();
        assert_eq!(read, number);
        assert_eq!((read.kind(), read.running(), read.series().year()), (DocKind::Sale, 123, 2026));
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"JKT01-T1-26-S000123\"");
    }

    #[test]
    fn text_which_is_not_a_number_is_refused() {
        for text in [
            "",
            "123",
            "JKT01-T1-26-S",
            "JKT01-T1-26-S123",
            "JKT01-T1-26-S0000123",
            "JKT01-T1-26-S000000",
            "JKT01-T1-26-Q000001",
            "JKT01-T1-2026-S000001",
            "JKT01-T1-26-S+00001",
            "JKT01-T1-26-S000001-X",
            "JKT 01-T1-26-S000001",
            "-T1-26-S000001",
            "JKT01-T1-26-S99999999999",
            "JKT01-T1-26-\u{e9}000001",
        ] {
            let error = text.parse::<DocumentNumber>().unwrap_err();
            assert_eq!(error.code(), "not_a_document_number", "{text:?}");
        }
        assert!(Series::new("JKT-1", "T1", 2026, DocKind::Sale).is_err());
        assert!(Series::new("JKT01", "", 2026, DocKind::Sale).is_err());
        assert!(Series::new("JKT01", "T1", 1999, DocKind::Sale).is_err());
        assert!(Series::new("JKT01", "T1", 2100, DocKind::Sale).is_err());
    }

    #[test]
    fn a_series_shows_what_is_missing_and_what_is_there_twice() {
        assert!(continuity(&[]).is_sound());
        assert!(continuity(&[3, 1, 2]).is_sound());
        assert_eq!(gaps(&[2, 3, 7, 9]), [1..=1, 4..=6, 8..=8]);
        let twice = continuity(&[1, 2, 2, 2, 3, 3]);
        assert_eq!((twice.gaps.len(), twice.duplicates), (0, vec![2, 3]));
    }

    #[test]
    fn every_kind_has_a_letter_of_its_own() {
        let letters: BTreeSet<char> = DocKind::ALL.iter().map(|kind| kind.letter()).collect();
        assert_eq!(letters.len(), DocKind::ALL.len());
        assert!(DocKind::ALL.iter().all(|kind| DocKind::of_letter(kind.letter()) == Some(*kind)));
    }

    proptest! {
        #[test]
        fn what_is_missing_is_what_is_not_there(
            given in prop::collection::btree_set(1_u32..80, 0..60),
        ) {
            let missing: Vec<u32> = gaps(&given.iter().copied().collect::<Vec<_>>())
                .into_iter()
                .flatten()
                .collect();
            let last = given.last().copied().unwrap_or(0);
            let expected: Vec<u32> = (1..=last).filter(|n| !given.contains(n)).collect();
            prop_assert_eq!(missing, expected);
        }

        #[test]
        fn any_text_is_a_number_or_not_but_never_a_panic(text in "\\PC{0,40}") {
            let _ = text.parse::<DocumentNumber>();
        }

        #[test]
        fn a_number_is_read_back(running in 1_u32..u32::MAX, year in 2000_i32..2100) {
            let series = Series::new("A", "T3a", year, DocKind::Return).unwrap();
            let number = series.number(running).unwrap();
            prop_assert_eq!(number.to_string().parse::<DocumentNumber>(), Ok(number));
        }
    }
}
