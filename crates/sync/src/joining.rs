//! A folder that has its keys but no data yet: a machine that is being let in by a centre.
//!
//! The keys come first, for the centre vouches for the public one; the data comes later, perhaps
//! after the program was closed and started again.
//!
//! **Invariant:** the secret key never leaves this crate, and a folder with data is never touched.

use std::fs::File;

use ed25519_dalek::Signer;

use crate::commit::Origin;
use crate::config::StoreConfig;
use crate::error::StoreError;
use crate::folder::{Folder, Node};
use crate::keys::{self, Found};

/// A machine that is being let in.
pub struct Joining {
    pub(crate) folder: Folder,
    pub(crate) found: Found,
    pub(crate) node: Node,
    pub(crate) origin: Origin,
    // The folder is this process's until the store is open.
    pub(crate) lock: File,
}

impl std::fmt::Debug for Joining {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Joining").field("dir", &self.folder.dir()).finish_non_exhaustive()
    }
}

impl Joining {
    /// Takes an empty folder and makes its keys, or finds those an earlier attempt made. `origin`
    /// is what the centre has vouched for already; without it a new one is chosen.
    pub fn begin(cfg: &StoreConfig, origin: Option<Origin>) -> Result<Self, StoreError> {
        let folder = Folder::new(&cfg.dir);
        folder.make()?;
        let lock = folder.lock()?;
        if folder.exists() {
            return Err(StoreError::Exists { dir: cfg.dir.clone() });
        }
        let (found, node) = if folder.node().is_file() {
            keys::find(&folder, &cfg.keys)?
        } else {
            let made = keys::put_away(&folder, &cfg.keys, keys::make(&cfg.keys), cfg.encrypt)?;
            folder.write_node(&made.1)?;
            made
        };
        let origin = origin.unwrap_or_else(|| *uuid::Uuid::new_v4().as_bytes());
        Ok(Self { folder, found, node, origin, lock })
    }

    /// The origin it will write under.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The origin's public key.
    pub fn pubkey(&self) -> [u8; 32] {
        self.found.bundle.signing_key(&self.origin).verifying_key().to_bytes()
    }

    /// Signs what the origin says to the centre.
    pub fn sign(&self, statement: &[u8]) -> Vec<u8> {
        self.found.bundle.signing_key(&self.origin).sign(statement).to_bytes().to_vec()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::sync::{Arc, LazyLock};

    use super::*;
    use crate::catalogue::Catalogue;
    use crate::keys::KeySource;

    fn config(dir: &std::path::Path) -> StoreConfig {
        static NONE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&[]).unwrap());
        StoreConfig {
            dir: dir.to_path_buf(),
            keys: KeySource::File,
            catalogue: &NONE,
            migrations: || refinery::Runner::new(&[]),
            clock: Arc::new(|| 0),
            checked: true,
            encrypt: true,
        }
    }

    #[test]
    fn a_machine_that_was_cut_off_while_joining_goes_on_with_the_same_key() {
        let dir = tempfile::tempdir().unwrap();
        let first = Joining::begin(&config(dir.path()), None).unwrap();
        let (origin, pubkey) = (first.origin(), first.pubkey());
        assert!(matches!(
            Joining::begin(&config(dir.path()), Some(origin)),
            Err(StoreError::InUse { .. })
        ));
        drop(first);
        let again = Joining::begin(&config(dir.path()), Some(origin)).unwrap();
        assert_eq!((again.origin(), again.pubkey()), (origin, pubkey));
    }
}
