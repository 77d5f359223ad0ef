//! Whatever a journal or a log holds is read or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lumbung_sync::{Body, Header, unpack};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(header) = Header::decode(bytes) {
        let again = header.encode().expect("what was read can be written");
        assert_eq!(Header::decode(&again).expect("and read"), header);
    }
    if let Ok(plain) = unpack(bytes) {
        let _ = Body::decode(&plain);
    }
    let _ = Body::decode(bytes);
});
