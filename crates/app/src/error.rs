//! Errors with two faces: the cause chain for the log, and a `Failure` for the person.
//!
//! **Invariant:** SQL, paths of other machines and arguments never reach a `Failure`; what does
//! reach it says what happened and what to do next.

use std::collections::BTreeMap;

use lumbung_domain::currency::Currency;
use lumbung_domain::fact::{Fact, Facts};
use lumbung_domain::num::Money;
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

/// A refusal that a person can act on. Beside the failure stand the amounts of money in its
/// sentence, as the rule wrote them: in minor units, because a rule knows no currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub Box<Failure>, Vec<Money>);

impl Refusal {
    /// A refusal with a stable code and a sentence.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        let failure = Failure {
            code: code.to_owned(),
            message: message.into(),
            fields: BTreeMap::new(),
            facts: BTreeMap::new(),
        };
        Self(Box::new(failure), Vec::new())
    }

    /// The refusal of a rule: its amounts are known for what they are.
    fn of_rule(code: &str, message: String, facts: Facts) -> Self {
        let mut refusal = Self::new(code, message);
        for (name, fact) in facts {
            if let Fact::Money(amount) = fact {
                refusal.1.push(amount);
            }
            refusal = refusal.fact(name, fact);
        }
        refusal
    }

    /// The failure with its amounts in major units of a currency: "IDR 12500", not "12500".
    fn in_currency(&self, currency: Currency) -> Failure {
        let mut failure = (*self.0).clone();
        for &amount in &self.1 {
            failure.message = with_amount(&failure.message, amount, currency);
        }
        failure
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
        Failure { code, message, fields: BTreeMap::new(), facts }.into()
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self(Box::new(failure), Vec::new())
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

/// A sentence with one amount written in a currency, wherever it stands as a word of its own.
fn with_amount(sentence: &str, amount: Money, currency: Currency) -> String {
    let raw = amount.to_string();
    let written = format!("{} {}", currency.code(), amount.to_major(currency));
    let word = |word: &str| {
        let bare = word.trim_end_matches(['.', ',', ';', ':', '?', '!']);
        if bare == raw { word.replacen(&raw, &written, 1) } else { word.to_owned() }
    };
    sentence.split(' ').map(word).collect::<Vec<_>>().join(" ")
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
                let message = sentence(&error.to_string());
                Refusal::of_rule(error.code(), message, error.facts()).into()
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
    /// The face for the person, with the amounts of rules in the currency of the books.
    pub fn failure_in(&self, currency: Option<Currency>) -> Failure {
        match (self, currency) {
            (Self::Refused(refusal), Some(currency)) => refusal.in_currency(currency),
            _ => self.failure(),
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_rules_are_told_in_the_currency_of_the_books() {
        let check = |error: Error, currency, expected: &str| {
            assert_eq!(error.failure_in(Some(currency)).message, expected);
        };
        let short = lumbung_domain::tender::TenderError::Short { missing: Money::of(12_500) };
        check(short.clone().into(), Currency::IDR, "IDR 12500 is still to be paid.");
        check(short.into(), Currency::GBP, "GBP 125.00 is still to be paid.");
        let over = lumbung_domain::credit::CreditError::MoreThanOwed {
            owed: Money::of(700),
            asked: Money::of(1_005),
        };
        check(over.into(), Currency::GBP, "Only GBP 7.00 is owed, not GBP 10.05.");
        // A quantity is no amount, whatever its figure.
        let gone = lumbung_domain::stock::StockError::BadQty;
        check(gone.into(), Currency::IDR, "Enter a quantity above zero.");
    }
}
