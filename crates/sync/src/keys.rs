//! The secrets of a data folder: the database key and the seed of its signing keys.
//!
//! Both live in one bundle in the key store of the operating system, under the service `lumbung`
//! and the folder's id. Where no key store answers, the bundle is a file beside the data, readable
//! by its owner only (on Windows: by whoever may read the user's data folder), and every open says
//! so. Each origin signs with a key of its own, derived from the seed.
//!
//! **Invariant:** a secret is never printed, and a key that is missing is never replaced by a new
//! one over existing data.

use std::fs;
use std::path::Path;

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

use crate::commit::Origin;
use crate::error::{StoreError, hex, unhex};
use crate::folder::{Folder, Node, random, write_whole};

/// The environment variable that overrides [`KeySource::Os`]: `os` or `file`.
pub const KEY_STORE_VAR: &str = "LUMBUNG_KEY_STORE";

const SERVICE: &str = "lumbung";

/// Where a new store puts its key, and an existing one looks when `node.json` leaves it open.
#[derive(Clone)]
pub enum KeySource {
    /// The key store of the operating system; a file with a warning where none answers.
    Os,
    /// The file `lumbung.key` in the data folder, with a warning.
    File,
    /// Given by the caller: the database key and the signing seed. For tests and restores.
    Memory([u8; 32], [u8; 32]),
}

impl std::fmt::Debug for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            KeySource::Os => "Os",
            KeySource::File => "File",
            KeySource::Memory(..) => "Memory(secret)",
        })
    }
}

/// Where the key of an open store is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPlace {
    /// In the key store of the operating system.
    KeyStore,
    /// In the file `lumbung.key`.
    KeyFile,
    /// With the caller.
    Memory,
}

/// Something the owner should know about an opened store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    /// The key lies beside the data.
    #[error(
        "The key of the data is kept in the file {path}, because {why}. Whoever copies the \
        folder can read the data."
    )]
    KeyInFile {
        /// The file.
        path: String,
        /// Why not in the key store.
        why: String,
    },
}

/// The secrets.
#[derive(Clone)]
pub(crate) struct Bundle {
    pub db: [u8; 32],
    pub seed: [u8; 32],
}

impl std::fmt::Debug for Bundle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bundle(secret)")
    }
}

impl Bundle {
    fn fresh() -> Bundle {
        let mut bundle = Bundle { db: [0; 32], seed: [0; 32] };
        random(&mut bundle.db);
        random(&mut bundle.seed);
        bundle
    }

    /// The key an origin of this store signs with.
    pub fn signing_key(&self, origin: &Origin) -> SigningKey {
        let mut hasher = blake3::Hasher::new_derive_key("lumbung 2026 origin signing key");
        hasher.update(&self.seed);
        hasher.update(origin);
        SigningKey::from_bytes(hasher.finalize().as_bytes())
    }

    /// Recognises the bundle without revealing it.
    pub fn id(&self) -> String {
        let mut hasher = blake3::Hasher::new_derive_key("lumbung 2026 key id");
        hasher.update(&self.db);
        hasher.update(&self.seed);
        hex(&hasher.finalize().as_bytes()[..8])
    }

    /// The words kept in a key store or key file.
    pub fn to_words(&self) -> String {
        format!("lumbung1 {} {}", hex(&self.db), hex(&self.seed))
    }

    /// The bundle of these words.
    pub fn from_words(words: &str) -> Option<Bundle> {
        let mut parts = words.split_whitespace();
        if parts.next()? != "lumbung1" {
            return None;
        }
        let bundle = Bundle { db: unhex(parts.next()?)?, seed: unhex(parts.next()?)? };
        parts.next().is_none().then_some(bundle)
    }
}

/// A bundle and where it is kept.
pub(crate) struct Found {
    pub bundle: Bundle,
    pub place: KeyPlace,
    pub warnings: Vec<Warning>,
}

/// The key of a new folder.
pub(crate) fn make(source: &KeySource) -> Bundle {
    match source {
        KeySource::Memory(db, seed) => Bundle { db: *db, seed: *seed },
        KeySource::Os | KeySource::File => Bundle::fresh(),
    }
}

/// Puts a key away for a folder that has none yet. The node file, which says where, is left to the
/// caller to write once the data is there.
pub(crate) fn put_away(
    folder: &Folder,
    source: &KeySource,
    bundle: Bundle,
    encrypted: bool,
) -> Result<(Found, Node), StoreError> {
    let mut node = Node::new(KeyPlace::Memory, bundle.id(), encrypted);
    let mut warnings = Vec::new();
    let asked = std::env::var(KEY_STORE_VAR).ok();
    let why = match chosen(source, asked.as_deref())? {
        KeySource::Memory(..) => None,
        KeySource::File => Some("it was asked for".to_owned()),
        KeySource::Os => match put_in_store(&node.folder_id, &bundle) {
            Ok(()) => {
                node.key_place = KeyPlace::KeyStore;
                None
            }
            Err(detail) => {
                tracing::warn!(detail, "no key store answered");
                Some("no key store answered on this computer".to_owned())
            }
        },
    };
    if let Some(why) = why {
        node.key_place = KeyPlace::KeyFile;
        write_whole(&folder.key_file(), bundle.to_words().as_bytes(), true)?;
        warnings.push(in_file(folder, why));
    }
    Ok((Found { bundle, place: node.key_place, warnings }, node))
}

/// Finds the key of an existing folder.
pub(crate) fn find(folder: &Folder, source: &KeySource) -> Result<(Found, Node), StoreError> {
    let node = folder.read_node()?;
    let mut warnings = Vec::new();
    let (words, place) = match (source, node.key_place) {
        (KeySource::Memory(db, seed), _) => {
            let bundle = Bundle { db: *db, seed: *seed };
            (bundle.to_words(), "memory".to_owned())
        }
        (_, KeyPlace::KeyFile) => {
            let path = folder.key_file();
            let why = "no key store answered when it was made, or a file was asked for";
            warnings.push(in_file(folder, why.to_owned()));
            (read_key_file(&path)?, path.display().to_string())
        }
        (_, KeyPlace::KeyStore | KeyPlace::Memory) => {
            let place = format!("the key store (lumbung, {})", node.folder_id);
            (read_from_store(&node.folder_id, &place)?, place)
        }
    };
    let bundle =
        Bundle::from_words(&words).ok_or_else(|| StoreError::KeyWrong { place: place.clone() })?;
    if bundle.id() != node.key_id {
        return Err(StoreError::KeyWrong { place });
    }
    let kept = match source {
        KeySource::Memory(..) => KeyPlace::Memory,
        KeySource::Os | KeySource::File => node.key_place,
    };
    Ok((Found { bundle, place: kept, warnings }, node))
}

fn in_file(folder: &Folder, why: String) -> Warning {
    Warning::KeyInFile { path: folder.key_file().display().to_string(), why }
}

/// The source after the environment had its say.
fn chosen(source: &KeySource, asked: Option<&str>) -> Result<KeySource, StoreError> {
    if !matches!(source, KeySource::Os) {
        return Ok(source.clone());
    }
    match asked {
        None | Some("" | "os") => Ok(KeySource::Os),
        Some("file") => Ok(KeySource::File),
        Some(other) => Err(StoreError::KeyStore {
            detail: format!("{KEY_STORE_VAR} is \"{other}\"; it may be \"os\" or \"file\""),
        }),
    }
}

fn put_in_store(folder_id: &str, bundle: &Bundle) -> Result<(), String> {
    let words = bundle.to_words();
    let entry = keyring::Entry::new(SERVICE, folder_id).map_err(no_store)?;
    entry.set_password(&words).map_err(no_store)?;
    // A store that forgets at once is worse than none.
    match entry.get_password() {
        Ok(kept) if kept == words => Ok(()),
        Ok(_) => Err("the key store gave back something else".to_owned()),
        Err(error) => Err(no_store(error)),
    }
}

fn no_store(error: keyring::Error) -> String {
    match (&error, keyring::Entry::store_status()) {
        (keyring::Error::NoDefaultStore, Err(cause)) => cause.to_string(),
        _ => error.to_string(),
    }
}

fn read_from_store(folder_id: &str, place: &str) -> Result<String, StoreError> {
    let entry = keyring::Entry::new(SERVICE, folder_id)
        .map_err(|error| StoreError::KeyStore { detail: no_store(error) })?;
    match entry.get_password() {
        Ok(words) => Ok(words),
        Err(keyring::Error::NoEntry) => Err(StoreError::KeyMissing { place: place.to_owned() }),
        Err(error) => Err(StoreError::KeyStore { detail: no_store(error) }),
    }
}

fn read_key_file(path: &Path) -> Result<String, StoreError> {
    match fs::read_to_string(path) {
        Ok(words) => Ok(words),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(StoreError::KeyMissing { place: path.display().to_string() })
        }
        Err(error) => Err(StoreError::io("read", path)(error)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_only_where_the_program_left_it_open() {
        let cases = [
            (KeySource::Os, None, "Os"),
            (KeySource::Os, Some("os"), "Os"),
            (KeySource::Os, Some("file"), "File"),
            (KeySource::File, Some("os"), "File"),
            (KeySource::Memory([1; 32], [2; 32]), Some("file"), "Memory(secret)"),
        ];
        for (source, asked, expected) in cases {
            assert_eq!(format!("{:?}", chosen(&source, asked).unwrap()), expected);
        }
        assert!(chosen(&KeySource::Os, Some("usb")).unwrap_err().to_string().contains("\"usb\""));
    }

    #[test]
    fn a_bundle_comes_back_from_its_words_and_from_nothing_else() {
        let bundle = Bundle { db: [1; 32], seed: [2; 32] };
        let words = bundle.to_words();
        let back = Bundle::from_words(&words).unwrap();
        assert_eq!((back.db, back.seed), (bundle.db, bundle.seed));
        for wrong in ["", "lumbung1", &words[..words.len() - 1], &format!("{words} more")] {
            assert!(Bundle::from_words(wrong).is_none(), "{wrong}");
        }
        assert!(!format!("{bundle:?}").contains("01"));
    }

    #[test]
    fn every_origin_signs_with_a_key_of_its_own() {
        let bundle = Bundle { db: [1; 32], seed: [2; 32] };
        let key = |origin: u8| bundle.signing_key(&[origin; 16]).verifying_key();
        assert_eq!(key(1), key(1));
        assert_ne!(key(1), key(2));
    }
}
