//! Settings of this machine: its printers, its scanner, how its window looks.
//!
//! **Invariant:** they never leave it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{check_text, store};
use crate::door::{Nothing, Read, Write};
use crate::error::{Error, Result, refuse_field};

/// A setting of this machine.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LocalSetting {
    /// Its name: scanner, theme, printers.
    pub key: String,
    /// Its value; `null` where none is kept.
    #[ts(type = "unknown")]
    pub value: Value,
}

/// Names a setting of this machine.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LocalSettingKey {
    /// Its name.
    pub key: String,
}

/// `machine.setting`: a setting of this machine.
pub fn local_setting(read: &Read<'_>, given: LocalSettingKey) -> Result<LocalSetting> {
    let value = match store::local_setting(read.db, &given.key)? {
        Some(text) => {
            serde_json::from_str(&text).map_err(|error| Error::Broken(error.to_string()))?
        }
        None => Value::Null,
    };
    Ok(LocalSetting { key: given.key, value })
}

/// `machine.save_setting`: keeps a setting of this machine; it never leaves it.
pub fn save_local_setting(write: &mut Write<'_, '_>, given: LocalSetting) -> Result<Nothing> {
    check_text("key", &given.key)?;
    // These have commands of their own, with permissions of their own.
    if ["printers", "demo", crate::start::OLDER_STATE].contains(&given.key.as_str()) {
        return Err(refuse_field!("key", "setting_elsewhere", "This is set on a page of its own."));
    }
    store::save_local_setting(write.db(), &given.key, &given.value.to_string())?;
    Ok(Nothing {})
}
