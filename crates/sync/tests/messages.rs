//! Messages as bytes: what is said arrives, what a released version said is understood for ever,
//! and bytes that nobody said are refused without harm.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Debug;
use std::path::PathBuf;

use lumbung_sync::protocol::{
    At, Carried, Cursor, Entry, Introduction, PROTO, Page, Pull, PullReply, PushChain, PushReply,
    SyncRequest, SyncResponse, Verdict, decode, encode,
};
use lumbung_sync::{Body, Header, Op, RowChange, ValueRef};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

const LIMIT: usize = 1024 * 1024;

fn at(ctr: u64) -> At {
    At { ctr, hash: [ctr as u8; 32] }
}

fn cursor(scope: u32, seq: u64) -> Cursor {
    Cursor { scope, seq, witness: [seq as u8; 32] }
}

fn commit() -> Carried {
    let rows = vec![RowChange {
        table: 30,
        op: Op::Insert,
        key: [7; 16],
        scope: 5,
        group: 0,
        columns: vec![(1, ValueRef::Blob(&[7; 16])), (2, ValueRef::Text("JKT-T1-26-S000001"))],
        before: vec![],
    }];
    let plain = Body { version: 1, rows }.encode().unwrap();
    let header = Header {
        version: 1,
        company: [1; 16],
        origin: [2; 16],
        ctr: 8,
        prev: [3; 32],
        hlc: 1_800_000_000_000 << 16,
        kind: "pos.complete".to_owned(),
        schema: 9,
        scopes: vec![5],
        user: Some([4; 16]),
        business_date: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
        offset_min: 420,
        at_ms: 1_800_000_000_000,
        reason: None,
        reissue_of: None,
        body_hash: *blake3::hash(&plain).as_bytes(),
    };
    let body = [&[0], plain.as_slice()].concat();
    Carried { header: header.encode().unwrap(), body, sig: vec![9; 64] }
}

fn introduction() -> Introduction {
    Introduction {
        company: [1; 16],
        terminal: [5; 16],
        origin: [2; 16],
        pubkey: [6; 32],
        series: "T1a".to_owned(),
        scopes: vec![0, 5],
        by: Some([8; 16]),
        sig: vec![10; 64],
    }
}

fn request() -> SyncRequest {
    let chain = PushChain {
        origin: [2; 16],
        base: at(7),
        commits: vec![commit()],
        introductions: vec![introduction()],
    };
    let have = vec![([2; 16], 3, 8)];
    SyncRequest {
        proto: PROTO,
        schema: 9,
        app: "lumbung 0.1.0".to_owned(),
        company: [1; 16],
        origin: [2; 16],
        now_ms: 1_800_000_000_123,
        push: vec![chain],
        pull: Some(Pull { cursors: vec![cursor(0, 70), cursor(5, 80)], have, limit: 1 << 20 }),
    }
}

fn reply(verdict: Verdict, series: Option<&str>) -> PushReply {
    PushReply {
        origin: [2; 16],
        verdict,
        upto: at(8),
        head: at(9),
        backed: at(6),
        series: series.map(str::to_owned),
    }
}

fn response(pull: PullReply) -> SyncResponse {
    let verdicts = [
        Verdict::Ok,
        Verdict::Mismatch,
        Verdict::Fork { at: 4 },
        Verdict::Gap,
        Verdict::Revoked,
        Verdict::TooNew,
        Verdict::Unknown,
        Verdict::Refused,
    ];
    let mut push: Vec<PushReply> = verdicts.map(|verdict| reply(verdict, None)).to_vec();
    push.push(reply(Verdict::Ok, Some("T1b")));
    SyncResponse {
        proto: PROTO,
        now_ms: 1_800_000_000_456,
        min_schema: 3,
        cur_schema: 9,
        push,
        pull,
    }
}

fn page() -> PullReply {
    let whole = commit();
    let stub = Entry {
        seq: 81,
        stamp: 5 << 16,
        origin: [2; 16],
        ctr: 8,
        commit: None,
        hash: whole.hash(),
    };
    let entry = Entry { seq: 82, ctr: 9, commit: Some(whole), ..stub.clone() };
    PullReply::Page(Page {
        echo: vec![cursor(0, 70), cursor(5, 80)],
        entries: vec![stub, entry],
        next: vec![cursor(0, 82), cursor(5, 82)],
        more: true,
    })
}

/// A golden file. `LUMBUNG_BLESS=1` writes those that do not exist yet; none is ever replaced.
fn golden(name: &str, made: &[u8]) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("LUMBUNG_BLESS").is_some() && !path.exists() {
        std::fs::write(&path, made).unwrap();
    }
    std::fs::read(&path).unwrap()
}

/// The bytes of version 1 are still understood, packed and plain.
fn stands<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, message: &T) {
    let plain = postcard::to_stdvec(message).unwrap();
    assert_eq!(golden(&format!("{name}-1.postcard"), &plain), plain, "{name}");
    let packed = golden(&format!("{name}-1.bin"), &encode(message).unwrap());
    assert_eq!(&decode::<T>(&packed, LIMIT).unwrap(), message, "{name}");
}

#[test]
fn every_message_of_version_1_is_understood() {
    stands("request", &request());
    stands("response-page", &response(page()));
    stands("response-nothing", &response(PullReply::Nothing));
    stands("response-diverged", &response(PullReply::Diverged));
    stands("response-upgrade", &response(PullReply::NeedUpgrade { min_schema: 4 }));
    stands("response-snapshot", &response(PullReply::NeedSnapshot));
    stands("introduction", &introduction());
    stands("carried", &commit());
}

#[test]
fn a_compressed_body_arrives_plain_and_the_header_as_it_was_signed() {
    let long = "Teh ".repeat(100);
    let plain = long.as_bytes();
    let packed = lumbung_sync::Packer::new().unwrap().pack(plain).unwrap();
    assert_eq!(packed[0], 1);
    let hash = *blake3::hash(plain).as_bytes();
    let header = [&[1, 2, 3], hash.as_slice()].concat();
    let sent = Carried { header, body: packed, sig: vec![1; 64] };
    let came: Carried = decode(&encode(&sent).unwrap(), LIMIT).unwrap();
    assert_eq!(came.header, sent.header);
    assert_eq!(came.body, [&[0], plain].concat());
}

#[test]
fn a_body_that_was_blanked_or_does_not_fit_its_header_goes_as_it_is() {
    for body in [vec![], vec![0], vec![0, 1, 2], vec![1, 9, 9], vec![7, 7]] {
        let sent = Carried { header: vec![5; 40], body, sig: vec![] };
        let came: Carried = decode(&encode(&sent).unwrap(), LIMIT).unwrap();
        assert_eq!(came, sent);
    }
}

#[test]
fn what_unpacks_to_more_than_it_may_is_refused_before_it_is_unpacked() {
    let message = Carried { header: vec![0; 64 * 1024 * 1024], body: vec![], sig: vec![] };
    let bytes = encode(&message).unwrap();
    assert!(bytes.len() < 16 * 1024, "a small message that grows: {}", bytes.len());
    let refused = decode::<Carried>(&bytes, LIMIT).unwrap_err().to_string();
    assert!(refused.ends_with("it unpacks to more than it may"), "{refused}");
}

#[test]
fn another_version_and_what_follows_a_message_are_refused() {
    let bytes = encode(&introduction()).unwrap();
    let refused = |bytes: &[u8]| decode::<Introduction>(bytes, LIMIT).unwrap_err().to_string();
    let newer = [&[9], &bytes[1..]].concat();
    assert!(refused(&newer).ends_with("version 9 is not known here"));
    assert!(refused(&[]).ends_with("no bytes"));
    assert!(refused(&[bytes.as_slice(), &[0]].concat()).ends_with("something follows it"));
    let longer = encode(&(introduction(), 7_u8)).unwrap();
    assert!(refused(&longer).ends_with("1 bytes too many"));
    for end in 0..bytes.len() {
        decode::<Introduction>(&bytes[..end], LIMIT).unwrap_err();
    }
}

fn carried() -> impl Strategy<Value = Carried> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..80);
    (bytes(), bytes(), bytes()).prop_map(|(header, body, sig)| Carried { header, body, sig })
}

proptest! {
    #[test]
    fn any_bytes_are_understood_or_refused(
        mut bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        for first in [None, Some(1)] {
            if let (Some(first), Some(byte)) = (first, bytes.first_mut()) {
                *byte = first;
            }
            let _ = decode::<SyncRequest>(&bytes, LIMIT);
            let _ = decode::<SyncResponse>(&bytes, LIMIT);
        }
        // The same as plain postcard, past the compression.
        let _ = postcard::from_bytes::<SyncRequest>(&bytes);
        let _ = postcard::from_bytes::<SyncResponse>(&bytes);
    }

    #[test]
    fn a_message_with_changed_bytes_is_understood_or_refused(
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        is_packed in any::<bool>(),
    ) {
        let (request, response) = (request(), response(page()));
        let mut bytes = match is_packed {
            true => encode(&request).unwrap(),
            false => postcard::to_stdvec(&response).unwrap(),
        };
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = decode::<SyncRequest>(&bytes, LIMIT);
        let _ = postcard::from_bytes::<SyncResponse>(&bytes);
    }

    #[test]
    fn a_commit_comes_through_unless_its_body_was_packed(sent in carried()) {
        let came: Carried = decode(&encode(&sent).unwrap(), LIMIT).unwrap();
        prop_assert_eq!(&came.header, &sent.header);
        prop_assert_eq!(&came.sig, &sent.sig);
        let plain = |body: &[u8]| lumbung_sync::unpack(body).ok();
        prop_assert_eq!(plain(&came.body), plain(&sent.body));
    }

    #[test]
    fn a_limit_is_kept_whatever_is_sent(size in 0_usize..60_000, limit in 0_usize..60_000) {
        let sent = Carried { header: vec![7; size], body: vec![], sig: vec![] };
        let plain = postcard::to_stdvec(&sent).unwrap().len();
        let came = decode::<Carried>(&encode(&sent).unwrap(), limit);
        prop_assert_eq!(came.is_ok(), plain <= limit);
    }
}
