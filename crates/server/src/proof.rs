//! Proving the books: every entry of every log, from the first to the last, and the replica.
//!
//! **Invariant:** it reads and never mends.

use std::collections::HashMap;
use std::sync::Arc;

use ed25519_dalek::{Signature, VerifyingKey};
use lumbung_app::{jobs::Progress, verify};
use lumbung_sync::authority::log_hash;
use lumbung_sync::protocol::{At, Entry};
use lumbung_sync::{Hash, Header, Key, NO_HASH, Origin, unpack};
use serde_json::{Value, json};

use crate::centre::Shared;
use crate::companies::blocking;
use crate::http::failure::{Answer, Refused};
use crate::log::CommitLog;
use crate::words::id;

/// Bytes of commits that are looked at a time.
const PIECE: usize = 8 * 1024 * 1024;
/// Findings that are told; the rest are counted.
const TOLD_MAX: usize = 50;

/// What was looked at and found.
#[derive(Debug, Default)]
struct Walk {
    seq: u64,
    witness: Hash,
    chains: HashMap<Origin, At>,
    findings: Vec<String>,
    wrong: u64,
}

impl Walk {
    fn found(&mut self, seq: u64, what: &str) {
        self.wrong += 1;
        if self.findings.len() < TOLD_MAX {
            self.findings.push(format!("Entry {seq}: {what}."));
        }
    }

    fn look(&mut self, entry: &Entry, key: Option<&VerifyingKey>) {
        let seq = entry.seq;
        if seq != self.seq + 1 {
            self.found(seq, &format!("{} should follow {}", seq, self.seq));
        }
        self.seq = seq;
        self.witness = log_hash(&self.witness, &entry.hash, entry.stamp);
        let chain = self.chains.get(&entry.origin).copied();
        let chain = chain.unwrap_or(At { ctr: 0, hash: NO_HASH });
        let Some(carried) = &entry.commit else { return self.found(seq, "its commit is missing") };
        if carried.hash() != entry.hash {
            self.found(seq, "its commit has another hash");
        }
        match Header::decode(&carried.header) {
            Err(_) => self.found(seq, "its header cannot be read"),
            Ok(header) => {
                if (header.ctr, header.prev) != (chain.ctr + 1, chain.hash) {
                    self.found(seq, "it does not follow the commit before it");
                }
                let plain = unpack(&carried.body);
                let right = |plain: Vec<u8>| *blake3::hash(&plain).as_bytes() == header.body_hash;
                if !plain.is_ok_and(right) {
                    self.found(seq, "its content is not what was signed");
                }
            }
        }
        let signed = Signature::from_slice(&carried.sig).ok().zip(key);
        if signed.is_none_or(|(sig, key)| key.verify_strict(&entry.hash, &sig).is_err()) {
            self.found(seq, "its signature is not its terminal's");
        }
        self.chains.insert(entry.origin, At { ctr: entry.ctr, hash: entry.hash });
    }
}

/// Proves every company of the centre.
pub async fn all<L: CommitLog>(centre: &Shared<L>) -> Answer<Value> {
    let mut companies = Vec::new();
    let mut sound = true;
    for company in centre.log.companies().await? {
        let report = one(centre, &company).await?;
        sound &= report["sound"] == true;
        companies.push(report);
    }
    Ok(json!({ "sound": sound, "companies": companies }))
}

async fn one<L: CommitLog>(centre: &Shared<L>, company: &Key) -> Answer<Value> {
    let head = centre.log.head(company).await?;
    let origins = centre.log.origins(company).await?;
    let keys: HashMap<Origin, VerifyingKey> = origins
        .iter()
        .filter_map(|known| {
            let key = VerifyingKey::from_bytes(&known.known.pubkey).ok()?;
            Some((known.known.origin, key))
        })
        .collect();
    let keys = Arc::new(keys);
    let mut walk = Walk::default();
    while walk.seq < head.last_seq {
        let entries = centre.log.entries(company, walk.seq, PIECE).await?;
        if entries.is_empty() {
            break;
        }
        let keys = Arc::clone(&keys);
        walk = blocking(move || {
            for entry in entries.iter().filter(|entry| entry.seq <= head.last_seq) {
                walk.look(entry, keys.get(&entry.origin));
            }
            walk
        })
        .await?;
    }
    if walk.seq != head.last_seq || walk.witness != head.log_hash {
        walk.found(walk.seq, "the log does not end where its head says");
    }
    for known in &origins {
        let end = walk.chains.get(&known.known.origin).copied();
        if end.is_some_and(|end| end.ctr > known.known.head.ctr) {
            walk.found(walk.seq, "a chain is longer than its head says");
        }
    }
    let books = books(centre, company).await?;
    let sound = walk.wrong == 0 && books["sound"] == true;
    Ok(json!({
        "company": id(company),
        "sound": sound,
        "entries": walk.seq,
        "chains": walk.chains.len(),
        "wrong": walk.wrong,
        "findings": walk.findings,
        "books": books,
    }))
}

/// Looks the replica over: balances, series, documents, as `lumbung verify` does at a till.
async fn books<L: CommitLog>(centre: &Shared<L>, company: &Key) -> Answer<Value> {
    let opened = centre.companies.app(company).await?;
    opened.fresh().await?;
    let replica = Arc::clone(&opened.replica);
    let report = blocking(move || {
        match replica.app().standing() {
            // Nothing has come of this company yet.
            Err(_) => Ok(None),
            Ok(_) => verify::run(replica.app(), &mut Progress::silent()).map(Some),
        }
    });
    let report = report.await?.map_err(|error| Refused::internal("the proof", &error))?;
    match report {
        None => Ok(json!({ "sound": true })),
        Some(report) => {
            let sound = report.ok;
            let report = serde_json::to_value(report).unwrap_or_default();
            Ok(json!({ "sound": sound, "report": report }))
        }
    }
}
