//! A sentence for a person, with the name and the facts that say it in another language.
//!
//! **Invariant:** what stands in a gap of the sentence is a fact of it, so that a translation never
//! knows less than the English words.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Said {
    /// Its stable name, by which the interface translates it.
    pub code: String,
    /// In English, for the log and the command line.
    pub message: String,
    /// Its facts by name.
    pub facts: BTreeMap<String, String>,
}

impl Said {
    /// A sentence; [`say!`](crate::say) adds its facts by itself.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), facts: BTreeMap::new() }
    }

    /// The same sentence with one more fact.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl ToString) -> Self {
        self.facts.insert(name.to_owned(), value.to_string());
        self
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}

/// A sentence from its name, its English words and what fills their gaps:
/// `say!("unit_twice", "The unit {unit} is there twice.", unit = unit)`.
#[macro_export]
macro_rules! say {
    ($code:literal, $words:literal $(, $name:ident = $fact:expr)* $(,)?) => {
        $crate::said::Said::new($code, format!($words $(, $name = $fact)*))
            $(.fact(stringify!($name), &$fact))*
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_sentence_knows_what_stands_in_its_gaps() {
        let unit = "box";
        let said = say!("unit_twice", "The unit {unit} is there {n} times.", unit = unit, n = 2);
        assert_eq!((said.code.as_str(), said.to_string()), ("unit_twice", said.message.clone()));
        assert_eq!(said.message, "The unit box is there 2 times.");
        let facts: Vec<_> =
            said.facts.iter().map(|(name, fact)| format!("{name}={fact}")).collect();
        assert_eq!(facts, ["n=2", "unit=box"]);
    }
}
