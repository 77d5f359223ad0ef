//! Whatever comes over the wire is understood or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lumbung_sync::protocol::{SyncRequest, SyncResponse, decode, encode};

const LIMIT: usize = 1024 * 1024;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = decode::<SyncRequest>(bytes, LIMIT) {
        encode(&request).expect("what was understood can be said");
    }
    let _ = decode::<SyncResponse>(bytes, LIMIT);
    // What is under the compression, which the fuzzer would seldom get through by itself.
    if let Some(packed) = packed(bytes) {
        let _ = decode::<SyncRequest>(&packed, LIMIT);
        let _ = decode::<SyncResponse>(&packed, LIMIT);
    }
});

/// The bytes as a compressed message: a tuple of bytes is written without a length.
fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    struct Raw<'a>(&'a [u8]);
    impl serde::Serialize for Raw<'_> {
        fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeTuple;
            let mut tuple = to.serialize_tuple(self.0.len())?;
            self.0.iter().try_for_each(|byte| tuple.serialize_element(byte))?;
            tuple.end()
        }
    }
    encode(&Raw(bytes)).ok()
}
