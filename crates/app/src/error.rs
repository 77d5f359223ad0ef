//! Errors with two faces: the cause chain for the log, and a `Failure` for the person.
//!
//! **Invariant:** SQL, paths of other machines and arguments never reach a `Failure`; what does
//! reach it says what happened and what to do next.

use std::collections::BTreeMap;

use lumbung_domain::said::Said;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

mod store;

/// What the interface is told when a command does not succeed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Failure {
    /// A stable name, only for what the interface acts on or translates.
    pub code: String,
    /// A sentence for the person, in English; the interface translates by `code` and `facts`.
    pub message: String,
    /// What is wrong with which field of the form.
    pub fields: BTreeMap<String, Said>,
    /// The facts of the sentence, by name, for translation.
    pub facts: BTreeMap<String, String>,
}

impl Failure {
    /// The sentence, without the fields.
    pub fn into_said(self) -> Said {
        Said { code: self.code, message: self.message, facts: self.facts }
    }
}

/// A refusal that a person can act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub Box<Failure>);

impl Refusal {
    /// A refusal with a stable code and a sentence.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self(Box::new(Failure {
            code: code.to_owned(),
            message: message.into(),
            fields: BTreeMap::new(),
            facts: BTreeMap::new(),
        }))
    }

    /// The same refusal, pointing at a field of the form.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        let Failure { code, message, facts, .. } = self.0.as_ref();
        let said = Said { code: code.clone(), message: message.clone(), facts: facts.clone() };
        self.0.fields.insert(field.to_owned(), said);
        self
    }

    /// The same refusal with one more fact, also where it points at a field.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl ToString) -> Self {
        let (value, Failure { code, facts, fields, .. }) = (value.to_string(), self.0.as_mut());
        for said in fields.values_mut().filter(|said| said.code == *code) {
            said.facts.insert(name.to_owned(), value.clone());
        }
        facts.insert(name.to_owned(), value);
        self
    }
}

impl From<Said> for Refusal {
    fn from(said: Said) -> Self {
        let Said { code, message, facts } = said;
        Self(Box::new(Failure { code, message, fields: BTreeMap::new(), facts }))
    }
}

/// Anything that stops a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A person can do something about it.
    #[error("{}", .0.0.message)]
    Refused(Refusal),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] lumbung_sync::StoreError),
    /// A statement failed: ours to mend.
    #[error("the database could not do what was asked")]
    Sql(#[from] rusqlite::Error),
    /// A file or device failed.
    #[error("{what}")]
    Io {
        /// What was being done, for the person.
        what: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// What was read back is not what was written.
    #[error("something stored here cannot be understood: {0}")]
    Broken(String),
    /// The person stopped the work.
    #[error("The work was cancelled. Nothing was changed.")]
    Cancelled,
}

/// The result of every use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A refusal as an error: `return Err(refuse("code", "sentence"))`.
pub fn refuse(code: &str, message: impl Into<String>) -> Error {
    Refusal::new(code, message).into()
}

/// A refusal that points at a field of the form, with its name, its words and its facts:
/// `refuse_field!("name", "name_taken", "{name} is taken.", name = name)`.
macro_rules! refuse_field {
    ($field:expr, $($said:tt)+) => {
        $crate::error::refuse_at($field, lumbung_domain::say!($($said)+))
    };
}
pub(crate) use refuse_field;

/// A refusal that points at a field of the form.
pub fn refuse_at(field: &str, said: Said) -> Error {
    let mut refusal = Refusal::new("invalid", said.message.clone());
    refusal.0.fields.insert(field.to_owned(), said);
    refusal.into()
}

/// The thing asked for is not there: `not_found("The held ticket")`. The fact `thing` is its name
/// for translation, here `held_ticket`.
pub fn not_found(what: &str) -> Error {
    not_found_called(what, "")
}

/// The same of something that was named: `not_found_called("The unit", "box")`.
pub fn not_found_called(what: &str, name: &str) -> Error {
    let thing = what.trim_start_matches("The ").replace(' ', "_");
    let what = format!("{what} {name}").trim_end().to_owned();
    let message = format!("{what} was not found.");
    Refusal::new("not_found", message).fact("what", what).fact("thing", thing).into()
}

/// A rule's words as a sentence: a capital letter and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let stop = if words.ends_with(['.', '?', '!']) { "" } else { "." };
    first.chain(letters).chain(stop.chars()).collect()
}

/// A refusal that can be said in any language.
pub trait Say {
    /// The sentence.
    fn said(&self) -> Said;
}

/// Domain errors are words for a person already; their code names the rule.
macro_rules! from_domain {
    ($($error:ty),+ $(,)?) => {$(
        impl Say for $error {
            fn said(&self) -> Said {
                let said = Said::new(self.code(), sentence(&self.to_string()));
                self.facts().into_iter().fold(said, |said, (name, fact)| said.fact(name, fact))
            }
        }
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Refusal::from(error.said()).into()
            }
        }
    )+};
}
from_domain!(
    lumbung_domain::num::NumError,
    lumbung_domain::ids::IdError,
    lumbung_domain::ticket::TicketError,
    lumbung_domain::tender::TenderError,
    lumbung_domain::returns::ReturnError,
    lumbung_domain::session::SessionError,
    lumbung_domain::number::NumberError,
    lumbung_domain::journal::JournalError,
    lumbung_domain::stock::StockError,
    lumbung_domain::credit::CreditError,
    lumbung_domain::void::VoidError,
    lumbung_domain::held::HeldError,
    lumbung_domain::serial::SerialError,
    lumbung_domain::pin::PinError,
    lumbung_domain::permission::PermissionError,
    lumbung_domain::barcode::BarcodeError,
);

impl Error {
    /// The face for the person.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Refused(refusal) => (*refusal.0).clone(),
            Self::Store(error) => *Refusal::from(error.said()).0,
            Self::Cancelled => *Refusal::new("cancelled", self.to_string()).0,
            Self::Io { what, .. } => *Refusal::new("io", what.clone()).0,
            Self::Sql(_) | Self::Broken(_) => {
                *Refusal::new(
                    "internal",
                    "Lumbung could not finish this and changed nothing. Try again; if it happens \
                     twice, run the check under Backup and send the support file.",
                )
                .0
            }
        }
    }
}
