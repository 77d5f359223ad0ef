//! Who this store is to others: its origin and that origin's public key.
//!
//! **Invariant:** the secret key never leaves this crate.

use crate::commit::Origin;
use crate::store::Store;

impl Store {
    /// The current origin and its public key.
    pub fn identity(&self) -> (Origin, [u8; 32]) {
        let writer = self.writer();
        (writer.node.origin, writer.signing.verifying_key().to_bytes())
    }
}
