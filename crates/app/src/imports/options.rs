//! What a person chooses for an import.
//!
//! **Invariant:** left out, every choice is the careful one.

use lumbung_domain::ids::TaxClassId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::fields::ImportKind;
use super::mapping::Mapping;
use super::sales::rules::SalesRules;

/// What is done with a row about something that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// It gets the values of the file.
    #[default]
    Change,
    /// The row is left out.
    LeaveOut,
    /// The row is an error.
    Refuse,
}

/// What a person chooses for an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ImportOptions {
    /// What is done with rows about something that is there already.
    pub existing: Existing,
    /// Whether rows that are wrong are left out; else nothing is imported while one is wrong.
    pub leave_out_wrong_rows: bool,
    /// The tax class of products for which the file names none.
    #[ts(optional = nullable)]
    pub tax_class_id: Option<TaxClassId>,
    /// The unit of products for which the file names none.
    #[ts(optional = nullable)]
    pub unit: Option<String>,
    /// How sales are to be understood.
    #[ts(optional = nullable)]
    pub sales: Option<SalesRules>,
}

/// A file to be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImportFile {
    /// What it holds.
    pub kind: ImportKind,
    /// Where it lies on this computer.
    pub path: String,
    /// The sheet of a workbook; the first where left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub sheet: Option<String>,
    /// Which column is which field; as recognised where left out.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub mapping: Option<Mapping>,
    /// What is chosen.
    #[serde(default)]
    pub options: ImportOptions,
}
