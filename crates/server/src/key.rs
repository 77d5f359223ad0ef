//! The centre's own key: it vouches for origins, signs reconciliations, and makes tokens.
//!
//! Several server processes over one PostgreSQL share one key: give each the same file.
//!
//! **Invariant:** the key is made once, is readable by its owner only, and is never printed; a key
//! for one purpose never serves another.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use lumbung_sync::StoreError;
use lumbung_sync::access::{ReconcileAnswer, ReconcileRequest};
use lumbung_sync::protocol::Introduction;

use crate::words::{hex, unhex};

const FIRST_WORD: &str = "lumbung-centre1";

/// The secrets of a centre.
#[derive(Clone)]
pub struct CentreKey {
    signing: SigningKey,
    tokens: SigningKey,
    challenges: [u8; 32],
}

impl std::fmt::Debug for CentreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CentreKey(secret)")
    }
}

/// Why the key is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the centre's key in {path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("{path} is not a key of a centre; restore the right file, do not make a new one")]
    NotAKey {
        /// The file.
        path: String,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandom,
}

impl CentreKey {
    /// The key of this seed.
    pub fn of_seed(seed: &[u8; 32]) -> Self {
        let tokens = blake3::derive_key("lumbung 2026 centre token signing key", seed);
        let challenges = blake3::derive_key("lumbung 2026 centre challenge key", seed);
        Self {
            signing: SigningKey::from_bytes(seed),
            tokens: SigningKey::from_bytes(&tokens),
            challenges,
        }
    }

    /// Reads the key in this file, or makes one where there is none.
    pub fn at(path: &Path) -> Result<Self, KeyError> {
        let io = |source| KeyError::Io { path: path.display().to_string(), source };
        let words = match fs::read_to_string(path) {
            Ok(words) => words,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let mut seed = [0; 32];
                getrandom::fill(&mut seed).map_err(|_| KeyError::NoRandom)?;
                return match write_secret(path, &format!("{FIRST_WORD} {}\n", hex(&seed))) {
                    Ok(()) => Ok(Self::of_seed(&seed)),
                    // Another process was quicker: its key is the centre's.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => Self::at(path),
                    Err(error) => Err(io(error)),
                };
            }
            Err(error) => return Err(io(error)),
        };
        let not_a_key = || KeyError::NotAKey { path: path.display().to_string() };
        let mut parts = words.split_whitespace();
        if parts.next() != Some(FIRST_WORD) {
            return Err(not_a_key());
        }
        let seed = parts.next().and_then(unhex::<32>).ok_or_else(not_a_key)?;
        Ok(Self::of_seed(&seed))
    }

    /// The public key, by which terminals know their centre.
    pub fn public(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// Vouches for an origin.
    pub fn introduce(&self, introduction: &mut Introduction) -> Result<(), StoreError> {
        introduction.by = None;
        introduction.sig = self.signing.sign(&introduction.signed_bytes()?).to_bytes().to_vec();
        Ok(())
    }

    /// Signs what the centre says of a till's receipts.
    pub fn reconcile(
        &self,
        asked: &ReconcileRequest,
        answer: &mut ReconcileAnswer,
    ) -> Result<(), StoreError> {
        answer.sig = self.signing.sign(&answer.signed_bytes(asked)?).to_bytes().to_vec();
        Ok(())
    }

    /// The database key and signing seed of a company's replica: they need be kept nowhere.
    pub(crate) fn replica_secrets(&self, company: &[u8; 16]) -> ([u8; 32], [u8; 32]) {
        let of = |purpose: &str| {
            let mut hasher = blake3::Hasher::new_derive_key(purpose);
            hasher.update(&self.signing.to_bytes());
            hasher.update(company);
            *hasher.finalize().as_bytes()
        };
        (of("lumbung 2026 replica database key"), of("lumbung 2026 replica signing seed"))
    }

    pub(crate) fn tokens(&self) -> &SigningKey {
        &self.tokens
    }

    pub(crate) fn tokens_public(&self) -> VerifyingKey {
        self.tokens.verifying_key()
    }

    /// Recognises what this centre has made for this purpose; comparing takes the same time
    /// whatever differs.
    pub(crate) fn mark(&self, bytes: &[u8]) -> blake3::Hash {
        blake3::keyed_hash(&self.challenges, bytes)
    }
}

/// Writes a file that its owner alone may read, whole or not at all.
fn write_secret(path: &Path, words: &str) -> std::io::Result<()> {
    let fresh = path.with_extension("fresh");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&fresh)?;
    file.write_all(words.as_bytes())?;
    file.sync_all()?;
    // Two processes that start at once must end with one key.
    match fs::hard_link(&fresh, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => fs::rename(&fresh, path)?,
        Err(error) => return Err(error),
        Ok(()) => fs::remove_file(&fresh)?,
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
        && let Ok(folder) = fs::File::open(folder)
    {
        // Not every system lets a folder be synced; the file itself is.
        let _ = folder.sync_all();
    }
    Ok(())
}
