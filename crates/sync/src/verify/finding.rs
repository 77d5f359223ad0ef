//! What a check of the chains and their rows may find.
//!
//! **Invariant:** a finding says in words what is wrong, and where.

use std::fmt;

use lumbung_domain::said::Said;
use lumbung_domain::say;

use crate::commit::{Broken, Origin};
use crate::error::hex;
use crate::row::Key;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What, in plain words, by name.
    pub what: Said,
    /// In which table.
    pub table: Option<&'static str>,
    /// In which row.
    pub key: Option<Key>,
    /// In which commit.
    pub commit: Option<(Origin, u64)>,
}

impl Finding {
    /// The row, as table and key.
    fn row(&self) -> Option<String> {
        let table = self.table?;
        Some(self.key.map_or(table.to_owned(), |key| format!("{table} {}", hex(&key))))
    }

    /// The commit, as counter and origin.
    fn commit_name(&self) -> Option<String> {
        self.commit.map(|(origin, ctr)| format!("{ctr} of {}", hex(&origin[..4])))
    }

    /// The finding with its name and its facts; the fact `place` says where it is.
    pub fn said(&self) -> Said {
        let commit = self.commit.map(|(origin, ctr)| format!("#{ctr} {}", hex(&origin[..4])));
        let place: Vec<String> = [self.row(), commit].into_iter().flatten().collect();
        let said = Said { message: self.to_string(), ..self.what.clone() };
        said.fact("place", place.join(" · "))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row(), self.commit_name()) {
            (Some(row), Some(commit)) => write!(f, "{row}: {} (commit {commit})", self.what),
            (Some(row), None) => write!(f, "{row}: {}", self.what),
            (None, Some(commit)) => write!(f, "{} (commit {commit})", self.what),
            (None, None) => self.what.fmt(f),
        }
    }
}

/// What is wrong with a commit itself.
pub(super) fn said_of(broken: &Broken) -> Said {
    match broken {
        Broken::Header => say!("commit_header", "its header was changed"),
        Broken::Signature => {
            say!("commit_signature", "its signature is not the one of the terminal that made it")
        }
        Broken::Body => say!("commit_body", "its content was changed"),
        Broken::Unreadable { detail } => {
            say!("commit_unreadable", "it cannot be read: {detail}", detail = detail)
        }
    }
}

pub(super) fn finding(what: Said, commit: Option<(Origin, u64)>) -> Finding {
    Finding { what, table: None, key: None, commit }
}
