//! Commits as bytes: what is written comes back, what is not a commit is refused, and what a
//! released version wrote is read for ever.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;

use chrono::NaiveDate;
use ed25519_dalek::SigningKey;
use lumbung_sync::{
    Body, BodyWriter, Broken, Header, Op, Packer, RowChange, Sealed, Value, ValueRef, header_hash,
    unpack,
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Row {
    table: u16,
    op: Op,
    key: [u8; 16],
    scope: u32,
    group: u8,
    columns: Vec<(u16, Value)>,
    before: Vec<(u16, Value)>,
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Int),
        any::<String>().prop_map(Value::Text),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Value::Blob),
    ]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let op = prop_oneof![
        Just(Op::Insert),
        Just(Op::Create),
        Just(Op::Patch),
        Just(Op::Save),
        Just(Op::Drop)
    ];
    let columns = || prop::collection::vec((any::<u16>(), values()), 0..6);
    let row =
        (any::<u16>(), op, any::<[u8; 16]>(), any::<u32>(), any::<u8>(), columns(), columns())
            .prop_map(|(table, op, key, scope, group, columns, before)| Row {
                table,
                op,
                key,
                scope,
                group,
                columns,
                before,
            });
    prop::collection::vec(row, 0..8)
}

fn body(rows: &[Row]) -> Body<'_> {
    fn borrow(columns: &[(u16, Value)]) -> Vec<(u16, ValueRef<'_>)> {
        columns.iter().map(|(tag, value)| (*tag, value.as_ref())).collect()
    }
    let rows = rows.iter().map(|row| RowChange {
        table: row.table,
        op: row.op,
        key: row.key,
        scope: row.scope,
        group: row.group,
        columns: borrow(&row.columns),
        before: borrow(&row.before),
    });
    Body { version: 1, rows: rows.collect() }
}

fn written(body: &Body<'_>) -> Vec<u8> {
    let mut writer = BodyWriter::default();
    for row in &body.rows {
        writer.row(row.table, row.op, &row.key, row.scope, row.group, row.columns.len());
        row.columns.iter().for_each(|(tag, value)| writer.value(*tag, *value));
        writer.before(row.before.len());
        row.before.iter().for_each(|(tag, value)| writer.value(*tag, *value));
    }
    let mut bytes = Vec::new();
    writer.finish(&mut bytes);
    bytes
}

fn header() -> Header {
    Header {
        version: 1,
        company: [1; 16],
        origin: [2; 16],
        ctr: 300,
        prev: [3; 32],
        hlc: 1_800_000_000_000 << 16 | 7,
        kind: "pos.complete".to_owned(),
        schema: 9,
        scopes: vec![0, 5, 70_000],
        user: Some([4; 16]),
        business_date: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
        offset_min: 420,
        at_ms: 1_800_000_000_123,
        reason: Some("Kelebihan bayar".to_owned()),
        reissue_of: Some(([5; 16], 299)),
        body_hash: [6; 32],
    }
}

fn golden_rows() -> Vec<Row> {
    let text = |text: &str| Value::Text(text.to_owned());
    vec![
        Row {
            table: 30,
            op: Op::Insert,
            key: [7; 16],
            scope: 5,
            group: 0,
            columns: vec![
                (1, Value::Blob(vec![7; 16])),
                (2, text("T1-0001 café 日本")),
                (3, Value::Int(-9_007_199_254_740_991)),
                (4, Value::Int(i64::MAX)),
                (300, Value::Null),
            ],
            before: vec![],
        },
        Row {
            table: 10,
            op: Op::Patch,
            key: [8; 16],
            scope: 0,
            group: 2,
            columns: vec![(4, Value::Int(30_000))],
            before: vec![(4, Value::Int(25_000))],
        },
        Row {
            table: 10,
            op: Op::Create,
            key: [9; 16],
            scope: 0,
            group: 0,
            columns: vec![(1, Value::Blob(vec![9; 16])), (2, text(&"Teh ".repeat(60)))],
            before: vec![],
        },
        Row {
            table: 40,
            op: Op::Save,
            key: [10; 16],
            scope: 5,
            group: 0,
            columns: vec![(1, Value::Blob(vec![10; 16])), (2, text("Budi"))],
            before: vec![],
        },
        Row {
            table: 40,
            op: Op::Drop,
            key: [10; 16],
            scope: 5,
            group: 0,
            columns: vec![],
            before: vec![(1, Value::Blob(vec![10; 16])), (2, text("Budi"))],
        },
    ]
}

/// A golden file. `LUMBUNG_BLESS=1` writes those that do not exist yet; none is ever replaced.
fn golden(name: &str, made: &[u8]) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("LUMBUNG_BLESS").is_some() && !path.exists() {
        std::fs::write(&path, made).unwrap();
    }
    std::fs::read(&path).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_header_of_version_1_is_read_and_written_as_it_was() {
    let bytes = golden("header-1.bin", &header().encode().unwrap());
    assert_eq!(Header::decode(&bytes).unwrap(), header());
    assert_eq!(header().encode().unwrap(), bytes);
    assert_eq!(
        hex(&header_hash(&bytes)),
        golden_hash("header-1"),
        "the hash of a commit never changes"
    );
}

#[test]
fn the_body_of_version_1_is_read_and_written_as_it_was() {
    let rows = golden_rows();
    let bytes = golden("body-1.bin", &written(&body(&rows)));
    assert_eq!(Body::decode(&bytes).unwrap(), body(&rows));
    assert_eq!(written(&body(&rows)), bytes);
    assert_eq!(hex(blake3::hash(&bytes).as_bytes()), golden_hash("body-1"));
}

#[test]
fn a_stored_body_of_each_codec_is_read_as_it_was() {
    let rows = golden_rows();
    let plain = written(&body(&rows));
    let packed = Packer::new().unwrap().pack(&plain).unwrap();
    assert_eq!(packed[0], 1, "a long body is compressed");
    assert_eq!(unpack(&golden("stored-zstd-1.bin", &packed)).unwrap(), plain);
    let short = written(&body(&rows[1..2]));
    let stored = Packer::new().unwrap().pack(&short).unwrap();
    assert_eq!(stored[0], 0, "a short one is not");
    assert_eq!(unpack(&golden("stored-plain-1.bin", &stored)).unwrap(), short);
}

#[test]
fn a_signature_of_version_1_is_still_good() {
    let rows = golden_rows();
    let plain = written(&body(&rows));
    let key = SigningKey::from_bytes(&[11; 32]);
    let told = Header { body_hash: *blake3::hash(&plain).as_bytes(), ..header() };
    let packed = Packer::new().unwrap().pack(&plain).unwrap();
    let made = Sealed::new(&told, packed, &key).unwrap();
    let sig = golden("signature-1.bin", &made.sig);
    let sealed = Sealed { sig: sig.try_into().unwrap(), ..made };
    assert_eq!(sealed.open(&key.verifying_key()).unwrap(), (told, plain));
}

fn golden_hash(name: &str) -> String {
    let text = String::from_utf8(golden("hashes.txt", &hashes())).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap().to_owned()
}

fn hashes() -> Vec<u8> {
    let header = hex(&header_hash(&header().encode().unwrap()));
    let rows = golden_rows();
    let body = hex(blake3::hash(&written(&body(&rows))).as_bytes());
    format!("header-1 {header}\nbody-1 {body}\n").into_bytes()
}

#[test]
fn a_newer_layout_is_refused_by_its_version_byte() {
    let mut bytes = header().encode().unwrap();
    bytes[0] = 2;
    let refused = Header::decode(&bytes).unwrap_err().to_string();
    assert_eq!(
        refused,
        "These bytes cannot be read as a commit header: version 2 is not known here"
    );
    assert!(Body::decode(&[2, 0]).is_err());
    assert!(Body::decode(&[1, 0, 0]).unwrap_err().to_string().contains("1 bytes too many"));
}

#[test]
fn every_changed_bit_of_a_commit_is_noticed() {
    let rows = golden_rows();
    let plain = written(&body(&rows));
    let key = SigningKey::from_bytes(&[11; 32]);
    let told = Header { body_hash: *blake3::hash(&plain).as_bytes(), ..header() };
    let sealed = Sealed::new(&told, [&[0][..], &plain[..]].concat(), &key).unwrap();
    let verify = key.verifying_key();
    assert!(sealed.open(&verify).is_ok());
    let flip = |bytes: &[u8], bit: usize| {
        let mut changed = bytes.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        changed
    };
    for bit in 0..sealed.header.len() * 8 {
        let changed = Sealed { header: flip(&sealed.header, bit), ..sealed.clone() };
        assert_eq!(changed.open(&verify), Err(Broken::Header), "bit {bit} of the header");
    }
    for bit in 0..sealed.body.len() * 8 {
        let changed = Sealed { body: flip(&sealed.body, bit), ..sealed.clone() };
        assert!(changed.open(&verify).is_err(), "bit {bit} of the body");
    }
    for bit in 0..64 * 8 {
        let sig = flip(&sealed.sig, bit).try_into().unwrap();
        let changed = Sealed { sig, ..sealed.clone() };
        assert_eq!(changed.open(&verify), Err(Broken::Signature), "bit {bit} of the signature");
    }
    let other = SigningKey::from_bytes(&[12; 32]).verifying_key();
    assert_eq!(sealed.open(&other), Err(Broken::Signature));
}

proptest! {
    #[test]
    fn a_body_comes_back_and_both_ways_of_writing_it_agree(rows in rows()) {
        let body = body(&rows);
        let bytes = written(&body);
        prop_assert_eq!(&bytes, &body.encode().unwrap());
        prop_assert_eq!(Body::decode(&bytes).unwrap(), body);
        let mut packer = Packer::new().unwrap();
        prop_assert_eq!(unpack(&packer.pack(&bytes).unwrap()).unwrap(), bytes);
    }

    #[test]
    fn a_header_comes_back(
        ctr in any::<u64>(),
        hlc in any::<u64>(),
        kind in any::<String>(),
        scopes in prop::collection::vec(any::<u32>(), 0..5),
        user in any::<Option<[u8; 16]>>(),
        offset_min in any::<i16>(),
        at_ms in any::<i64>(),
        reason in any::<Option<String>>(),
        reissue_of in any::<Option<([u8; 16], u64)>>(),
    ) {
        let header = Header {
            ctr, hlc, kind, scopes, user, offset_min, at_ms, reason, reissue_of, ..header()
        };
        prop_assert_eq!(Header::decode(&header.encode().unwrap()).unwrap(), header);
    }

    #[test]
    fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for first in [None, Some(0), Some(1)] {
            if let (Some(first), Some(byte)) = (first, bytes.first_mut()) {
                *byte = first;
            }
            let _ = Header::decode(&bytes);
            let _ = Body::decode(&bytes);
            let _ = unpack(&bytes);
        }
    }

    #[test]
    fn a_body_with_changed_bytes_is_read_or_refused(
        rows in rows(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = written(&body(&rows));
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = Body::decode(&bytes);
        bytes.truncate(at);
        let _ = Body::decode(&bytes);
    }
}
