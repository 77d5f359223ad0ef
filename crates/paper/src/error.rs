//! What can go wrong on the way to paper, in words for the person at the till.
//!
//! **Invariant:** nothing a document says is lost in silence: what could not be drawn as it was
//! asked for stands in [`Printed::warnings`].

use std::fmt;

use lumbung_domain::said::Said;

/// A finished document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The PDF file, or the bytes for the printer.
    pub bytes: Vec<u8>,
    /// What could not be drawn as it was asked for.
    pub warnings: Vec<PaperWarning>,
}

impl From<Printed> for Vec<u8> {
    fn from(printed: Printed) -> Self {
        printed.bytes
    }
}

/// Something on the paper differs from what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaperWarning {
    /// No font has these characters; a question mark stands in their place.
    MissingCharacters(String),
    /// This text cannot be drawn as a bar code or QR code; it stands there as plain text.
    NotACode(String),
    /// The amounts on the paper do not add up to the total on it.
    DoesNotAddUp {
        /// The sum of the lines as printed.
        printed: String,
        /// The total as given.
        total: String,
    },
    /// This text is too long for its label, even in small print, and was shortened.
    Shortened(String),
}

impl PaperWarning {
    /// The warning with its name and its facts.
    pub fn said(&self) -> Said {
        let said = |code: &str| Said::new(code, self.to_string());
        match self {
            Self::MissingCharacters(characters) => {
                said("paper_missing_characters").fact("characters", characters)
            }
            Self::NotACode(text) => said("paper_not_a_code").fact("text", text),
            Self::DoesNotAddUp { printed, total } => {
                said("paper_does_not_add_up").fact("printed", printed).fact("total", total)
            }
            Self::Shortened(text) => said("paper_shortened").fact("text", text),
        }
    }
}

impl fmt::Display for PaperWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingCharacters(characters) => {
                write!(f, "no font has these characters: {characters}")
            }
            Self::NotACode(text) => write!(f, "\"{text}\" cannot be printed as a code"),
            Self::DoesNotAddUp { printed, total } => {
                write!(f, "the lines on the paper add up to {printed}, not to {total}")
            }
            Self::Shortened(text) => write!(f, "\"{text}\" is too long for its label"),
        }
    }
}

/// A document which cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// The print settings are not what the program understands.
    #[error("the print settings cannot be used: {reason}")]
    Settings {
        /// What is wrong with them.
        reason: String,
    },
    /// No label stock has this name.
    #[error("there is no label stock called \"{name}\"; known are {known}")]
    UnknownStock {
        /// The name as given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// There is nothing on the document.
    #[error("there is nothing to print")]
    Nothing,
    /// The document is longer than any printer's patience.
    #[error("the document has {lines} lines; at most {most} can be printed at once")]
    TooLong {
        /// How many it has.
        lines: usize,
        /// How many it may have.
        most: usize,
    },
    /// The amounts of the document exceed what a number may hold.
    #[error("the amounts on the document are too large to add up")]
    Amount(#[from] lumbung_domain::num::NumError),
    /// The file could not be put together.
    #[error("the document could not be written: {0}")]
    Write(#[source] std::io::Error),
    /// An embedded font cannot be read.
    #[error("the font {name} in this program is damaged; install the program again")]
    Font {
        /// Its name.
        name: &'static str,
    },
}

impl PaperError {
    /// The stable name of this failure for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Settings { .. } => "print_settings",
            Self::UnknownStock { .. } => "unknown_label_stock",
            Self::Nothing => "nothing_to_print",
            Self::TooLong { .. } => "document_too_long",
            Self::Amount(_) => "amount_too_large",
            Self::Write(_) => "paper_failed",
            Self::Font { .. } => "font_damaged",
        }
    }

    /// The failure with its name and its facts.
    pub fn said(&self) -> Said {
        let said = Said::new(self.code(), self.to_string());
        match self {
            Self::Settings { reason } => said.fact("reason", reason),
            Self::UnknownStock { name, known } => said.fact("name", name).fact("known", known),
            Self::TooLong { lines, most } => said.fact("lines", lines).fact("most", most),
            Self::Write(source) => said.fact("reason", source),
            Self::Font { name } => said.fact("name", name),
            Self::Nothing | Self::Amount(_) => said,
        }
    }
}
