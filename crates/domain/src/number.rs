//! Document numbers: the names by which people know documents, such as `JKT01-T1-26-S000123`.
//!
//! **Invariant:** every terminal counts every kind of document by itself from 1 each year, so a
//! number is never given twice and a missing one is visible. A void keeps its number.

use crate::fact::{Facts, facts};

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
    /// A payment of what a customer owes.
    AccountPayment,
}

impl DocKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Sale,
        Self::Return,
        Self::Void,
        Self::Session,
        Self::CashMovement,
        Self::StoreCredit,
        Self::Invoice,
        Self::StockAdjustment,
        Self::History,
        Self::AccountPayment,
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
            Self::AccountPayment => 'P',
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

/// Duplicates of a series that are remembered by number.
const TWICE_MAX: usize = 100;

/// The running numbers of one series that were found, in any order: one bit for each, so millions
/// of documents fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Running {
    bits: Vec<u64>,
    last: u32,
    twice: Vec<u32>,
}

impl Running {
    /// Notes a number that was found.
    pub fn note(&mut self, running: u32) {
        let (word, bit) = (running as usize / 64, running % 64);
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        if let Some(bits) = self.bits.get_mut(word) {
            if *bits & (1 << bit) != 0 && self.twice.len() < TWICE_MAX {
                self.twice.push(running);
            }
            *bits |= 1 << bit;
        }
        self.last = self.last.max(running);
    }

    /// The last one found; 0 when there is none.
    pub fn last(&self) -> u32 {
        self.last
    }

    /// Numbers that were given more than once, as they were found.
    pub fn twice(&self) -> &[u32] {
        &self.twice
    }

    /// Numbers from 1 to `last` that were not found.
    pub fn gaps(&self, last: u32) -> Vec<RangeInclusive<u32>> {
        let mut gaps = Vec::new();
        let mut from = None;
        for running in 1..=last {
            match (self.has(running), from) {
                (false, None) => from = Some(running),
                (true, Some(first)) => {
                    gaps.push(first..=running - 1);
                    from = None;
                }
                (false, Some(_)) | (true, None) => {}
            }
        }
        gaps.extend(from.map(|first| first..=last));
        gaps
    }

    fn has(&self, running: u32) -> bool {
        let word = self.bits.get(running as usize / 64).copied().unwrap_or(0);
        word & (1 << (running % 64)) != 0
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::collections::BTreeSet;

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

    fn seen(given: &[u32]) -> Running {
        let mut seen = Running::default();
        given.iter().for_each(|running| seen.note(*running));
        seen
    }

    #[test]
    fn a_series_shows_what_is_missing_and_what_is_there_twice() {
        for (given, last, gaps, twice) in [
            (&[][..], 0, &[][..], &[][..]),
            (&[3, 1, 2], 3, &[], &[]),
            (&[2, 3, 7, 9], 9, &[1..=1, 4..=6, 8..=8], &[]),
            (&[1, 2, 5, 64, 5, 65], 66, &[3..=4, 6..=63, 66..=66], &[5]),
            (&[1, 2, 2, 2, 3, 3], 3, &[], &[2, 2, 3]),
            (&[], 2, &[1..=2], &[]),
        ] {
            let seen = seen(given);
            assert_eq!((seen.gaps(last), seen.twice()), (gaps.to_vec(), twice), "{given:?}");
        }
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
            let seen = seen(&given.iter().copied().collect::<Vec<_>>());
            let last = given.last().copied().unwrap_or(0);
            prop_assert_eq!(seen.last(), last);
            let missing: Vec<u32> = seen.gaps(last).into_iter().flatten().collect();
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
