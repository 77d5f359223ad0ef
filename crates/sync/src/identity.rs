//! Who this store is to others: its origin's public key, and its signature.
//!
//! **Invariant:** only words that say what they are for are signed here; commits are signed by the
//! writer alone.

use ed25519_dalek::Signer;

use crate::commit::Origin;
use crate::store::Store;

impl Store {
    /// The current origin and its public key.
    pub fn identity(&self) -> (Origin, [u8; 32]) {
        let writer = self.writer();
        (writer.node.origin, writer.signing.verifying_key().to_bytes())
    }

    /// The current origin's signature of an enrolment or a challenge. A hash of a commit is 32
    /// bytes, so nothing that short is signed.
    pub fn sign(&self, words: &[u8]) -> Option<[u8; 64]> {
        let writer = self.writer();
        (words.len() > 32).then(|| writer.signing.sign(words).to_bytes())
    }
}
