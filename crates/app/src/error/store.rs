//! What the store refuses, by name and facts, so that a person is told in their own language.
//!
//! **Invariant:** a refusal of the store that a shopkeeper can act on has a code of its own.

use lumbung_domain::said::Said;
use lumbung_sync::{StoreError, Warning};

use super::Say;

impl Say for StoreError {
    fn said(&self) -> Said {
        let said = |code: &str| Said::new(code, self.to_string());
        match self {
            Self::Absent { dir } => said("store_absent").fact("folder", dir.display()),
            Self::Exists { dir } => said("store_exists").fact("folder", dir.display()),
            Self::InUse { dir } => said("store_in_use").fact("folder", dir.display()),
            Self::KeyMissing { place } => said("store_key_missing").fact("place", place),
            Self::KeyWrong { place } => said("store_key_wrong").fact("place", place),
            Self::KeyStore { detail } => said("store_key_store").fact("detail", detail),
            Self::Passphrase => said("store_passphrase"),
            Self::PassphraseShort { least } => said("store_passphrase_short").fact("least", least),
            Self::FileExists { path } => said("store_file_exists").fact("file", path.display()),
            Self::Damaged { detail } => said("store_damaged").fact("detail", detail),
            Self::Newer { found, known } => {
                said("store_newer").fact("found", found).fact("known", known)
            }
            Self::Migration { detail } => said("store_migration").fact("detail", detail),
            Self::DiskFull => said("store_disk_full"),
            Self::GivenUp => said("store_given_up"),
            Self::Io { path, source, .. } => {
                said("store_io").fact("file", path.display()).fact("detail", source)
            }
            Self::TooLarge { found, limit } => {
                said("store_too_large").fact("found", found).fact("limit", limit)
            }
            Self::Backup { file, detail } => {
                said("store_backup").fact("file", file.display()).fact("detail", detail)
            }
            // The rest is ours to mend; the sentence says so in every language.
            _ => said("store").fact("detail", self),
        }
    }
}

impl Say for Warning {
    fn said(&self) -> Said {
        let said = |code: &str| Said::new(code, self.to_string());
        match self {
            Self::KeyInFile { path, why } => {
                said("key_in_file").fact("path", path).fact("why", why)
            }
        }
    }
}
