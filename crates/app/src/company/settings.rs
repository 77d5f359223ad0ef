//! Settings that all terminals share, by section, with a default for each.
//!
//! **Invariant:** a section that was never saved, or was saved by an older version, reads as its
//! defaults; a section saved by a newer version keeps what this one does not know.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use lumbung_domain::ids::{BranchId, Id};
use lumbung_domain::num::Money;
pub use lumbung_domain::stock::NegativeStock;
use lumbung_paper::Picture;
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::store;
use crate::error::{Error, Result};

/// Whether tax is rounded on each line or once on the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaxRoundingChoice {
    /// On each line.
    #[default]
    Line,
    /// On the document, shared out over its lines.
    Document,
}

/// Which way cash amounts are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CashRoundingChoice {
    /// To the nearest step, halves up.
    #[default]
    Nearest,
    /// Always up.
    Up,
    /// Always down.
    Down,
}

/// How the till behaves. Where a law decides, the strict choice is the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TillPolicy {
    /// Smallest cash amount in minor units: IDR 100, GBP 1.
    pub cash_step: Money,
    /// Which way cash is rounded.
    pub cash_rounding: CashRoundingChoice,
    /// Where tax is rounded.
    pub tax_rounding: TaxRoundingChoice,
    /// Selling more than is there.
    pub negative_stock: NegativeStock,
    /// Days after which a receipt can no longer be returned without approval.
    pub return_days: u32,
    /// A return without a receipt pays the lowest price of so many days.
    pub lowest_price_days: u32,
    /// A return paid in cash above this goes to store credit; `null` has no limit.
    pub cash_refund_limit: Option<Money>,
    /// Line voids in one session before a manager must allow each.
    pub free_line_voids: u32,
    /// Days after which a held ticket expires.
    pub held_days: u32,
    /// Minutes without a touch until the till locks; 0 never locks.
    pub idle_lock_minutes: u32,
}

impl Default for TillPolicy {
    fn default() -> Self {
        Self {
            cash_step: Money::of(1),
            cash_rounding: CashRoundingChoice::Nearest,
            tax_rounding: TaxRoundingChoice::Line,
            negative_stock: NegativeStock::Warn,
            return_days: 30,
            lowest_price_days: 30,
            cash_refund_limit: None,
            free_line_voids: 5,
            held_days: 7,
            idle_lock_minutes: 10,
        }
    }
}

/// When the receipt is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrintReceipt {
    /// The cashier chooses each time.
    #[default]
    Ask,
    /// At once.
    Always,
    /// Only on request.
    Never,
}

/// A logo in black and white, as a receipt printer draws it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Logo {
    /// Dots across, at most 384.
    pub width: u16,
    /// Dots down, at most 200.
    pub height: u16,
    /// The dots in base 64: eight in a byte, the first in the highest bit, each row in bytes of its
    /// own; a bit that is set is black.
    pub bits: String,
}

impl Logo {
    /// The picture; absent when size and dots do not agree.
    pub fn picture(&self) -> Option<Picture> {
        let bits = BASE64.decode(self.bits.trim()).ok()?;
        Picture::new(self.width, self.height, bits)
    }
}

/// Which parts of a receipt are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ReceiptParts {
    /// The shop's telephone.
    pub phone: bool,
    /// The shop's tax number.
    pub tax_id: bool,
    /// The code under the name of an item.
    pub item_code: bool,
    /// How many items there are.
    pub item_count: bool,
    /// The mark of its tax beside each amount.
    pub tax_marks: bool,
    /// The number as a bar code, to be scanned when something comes back.
    pub barcode: bool,
}

impl Default for ReceiptParts {
    fn default() -> Self {
        Self {
            phone: true,
            tax_id: true,
            item_code: false,
            item_count: true,
            tax_marks: true,
            barcode: true,
        }
    }
}

/// What stands on papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ReceiptTexts {
    /// The shop's logo, above its name.
    pub logo: Option<Logo>,
    /// Lines under the shop's name.
    pub header: Vec<String>,
    /// Lines at the foot.
    pub footer: Vec<String>,
    /// Paper width in millimetres: 58 or 80.
    pub width_mm: u32,
    /// When the receipt is printed.
    pub print: PrintReceipt,
    /// Whether a QR code of the number is printed.
    pub qr: bool,
    /// Which other parts are printed.
    pub show: ReceiptParts,
}

impl Default for ReceiptTexts {
    fn default() -> Self {
        Self {
            logo: None,
            header: Vec::new(),
            footer: Vec::new(),
            width_mm: 80,
            print: PrintReceipt::Ask,
            qr: true,
            show: ReceiptParts::default(),
        }
    }
}

/// When copies of the data are made and kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BackupPolicy {
    /// Hours between automatic backups; 0 makes none.
    pub every_hours: u32,
    /// Whether closing a session makes one.
    pub at_session_close: bool,
    /// A second folder, on another disk.
    pub second_folder: Option<String>,
}

impl Default for BackupPolicy {
    fn default() -> Self {
        Self { every_hours: 1, at_session_close: true, second_folder: None }
    }
}

/// Every section.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Settings {
    /// How the till behaves.
    pub till: TillPolicy,
    /// What stands on papers.
    pub receipt: ReceiptTexts,
    /// When copies are made.
    pub backup: BackupPolicy,
}

/// The value of a section that follows the company's again: nothing is ever deleted.
pub const FOLLOWS: &str = "null";

/// The row of a setting: the same on every node, whoever saves it first.
pub fn setting_id(key: &str, branch: Option<BranchId>) -> [u8; 16] {
    let branch = branch.map_or([0; 16], Id::bytes);
    let mut hash = blake3::Hasher::new();
    hash.update(b"lumbung setting");
    hash.update(&branch);
    hash.update(key.as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&hash.finalize().as_bytes()[..16]);
    id
}

impl Settings {
    /// The sections by name.
    pub const SECTIONS: &'static [&'static str] = &["till", "receipt", "backup"];

    /// The sections that a branch has of its own.
    pub fn own_sections(db: &Connection, branch: BranchId) -> Result<Vec<&'static str>> {
        let mut own = Vec::new();
        for section in Self::SECTIONS {
            let row = store::setting(db, setting_id(section, Some(branch)))?;
            if row.is_some_and(|row| row.value != FOLLOWS) {
                own.push(*section);
            }
        }
        Ok(own)
    }

    /// Reads the settings that hold in a branch.
    pub fn load(db: &Connection, branch: BranchId) -> Result<Self> {
        Ok(Self {
            till: section(db, "till", branch)?,
            receipt: section(db, "receipt", branch)?,
            backup: section(db, "backup", branch)?,
        })
    }
}

fn section<T: DeserializeOwned + Default>(
    db: &Connection,
    key: &str,
    branch: BranchId,
) -> Result<T> {
    for id in [setting_id(key, Some(branch)), setting_id(key, None)] {
        if let Some(row) = store::setting(db, id)?.filter(|row| row.value != FOLLOWS) {
            return serde_json::from_str(&row.value)
                .map_err(|error| Error::Broken(format!("setting {key}: {error}")));
        }
    }
    Ok(T::default())
}
