//! The pages of a damaged file, each read by itself.
//!
//! SQLite finds a page only through others, and SQLCipher refuses everything after the first page
//! it cannot prove. So salvage takes the pages one by one, from the file and from the write-ahead
//! log beside it, and decrypts them itself: AES-256 in CBC mode, then HMAC-SHA-512 of the
//! ciphertext and the number of the page, as SQLCipher 4 lays them out.
//!
//! **Invariant:** the files are only read, and what one page holds never depends on another.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use aes::Aes256;
use aes::cipher::{Array, BlockCipherDecrypt, KeyInit};
use hmac::{Hmac, Mac};
use sha2::Sha512;

/// The size of a page; a store is never given another.
pub(super) const PAGE: usize = 4_096;
/// What an encrypted page keeps at its end: where the chain of blocks starts, and the proof.
const PROOF: usize = 64;
const BLOCK: usize = 16;
const RESERVED: usize = BLOCK + PROOF;
/// The first bytes of an encrypted file, from which the key of the proofs is made.
const SALT: usize = 16;
const SALT_MASK: u8 = 0x3a;

const LOG_HEADER: u64 = 32;
const FRAME_HEADER: usize = 24;
const LOG_MAGIC: [u8; 3] = [0x37, 0x7f, 0x06];

/// One page, decrypted.
pub(super) struct Page {
    /// What SQLite may use of it.
    pub bytes: Vec<u8>,
    /// It is as it was written. What a broken page seems to say has to be proved otherwise.
    pub whole: bool,
}

/// The newest version of every page.
pub(super) struct Pages {
    file: Option<File>,
    log: Option<File>,
    /// Where in the log a page is, if it is there.
    logged: BTreeMap<u32, u64>,
    /// How many pages the file has.
    held: u32,
    keys: Option<Keys>,
}

struct Keys {
    cipher: Aes256,
    proof: Hmac<Sha512>,
}

impl Pages {
    /// The pages of a database; a file that is missing has none.
    pub fn new(path: &Path, key: Option<&[u8; 32]>) -> Pages {
        let file = File::open(path).ok();
        let mut log_path = path.as_os_str().to_owned();
        log_path.push("-wal");
        let log = File::open(log_path).ok();
        let logged = log.as_ref().map(frames).unwrap_or_default();
        let length = file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |it| it.len());
        let held = u32::try_from(length / PAGE as u64).unwrap_or(u32::MAX);
        let mut salt = [0; SALT];
        if let Some(file) = &file {
            // Without it no page can prove itself, but every page can be read.
            let _ = read_at(file, 0, &mut salt);
        }
        let keys = key.and_then(|key| Keys::new(key, salt));
        Pages { file, log, logged, held, keys }
    }

    /// The numbers of the pages that can hold rows; the first one holds the schema.
    pub fn numbers(&self) -> Vec<u32> {
        let beyond =
            self.logged.range(self.held.saturating_add(1).max(2)..).map(|(number, _)| *number);
        (2..=self.held).chain(beyond).collect()
    }

    /// How much of a page SQLite may use.
    pub fn usable(&self) -> usize {
        if self.keys.is_some() { PAGE - RESERVED } else { PAGE }
    }

    /// The most bytes a row can have in this file.
    pub fn longest(&self) -> usize {
        let held = usize::try_from(self.held).unwrap_or(usize::MAX);
        held.saturating_add(self.logged.len()).saturating_mul(PAGE)
    }

    /// A page; nothing when the disk does not give it.
    pub fn read(&self, number: u32) -> Option<Page> {
        let mut bytes = vec![0; PAGE];
        let read = match self.logged.get(&number) {
            Some(&at) => read_at(self.log.as_ref()?, at, &mut bytes),
            None => {
                let at = u64::from(number.checked_sub(1)?) * PAGE as u64;
                read_at(self.file.as_ref()?, at, &mut bytes)
            }
        };
        read.ok()?;
        match &self.keys {
            Some(keys) => keys.open(number, &bytes),
            None => Some(Page { bytes, whole: true }),
        }
    }
}

impl Keys {
    fn new(key: &[u8; 32], salt: [u8; SALT]) -> Option<Keys> {
        let mut block = salt.map(|byte| byte ^ SALT_MASK).to_vec();
        block.extend(1_u32.to_be_bytes());
        // PBKDF2 of two rounds, of whose only block the first half is the key.
        let keyed = <Hmac<Sha512> as KeyInit>::new_from_slice(key).ok()?;
        let first = keyed.clone().chain_update(&block).finalize().into_bytes();
        let second = keyed.chain_update(first).finalize().into_bytes();
        let derived: Vec<u8> = first.iter().zip(second).map(|(a, b)| a ^ b).take(32).collect();
        Some(Keys {
            cipher: Aes256::new_from_slice(key).ok()?,
            proof: <Hmac<Sha512> as KeyInit>::new_from_slice(&derived).ok()?,
        })
    }

    fn open(&self, number: u32, stored: &[u8]) -> Option<Page> {
        let (signed, proof) = stored.split_at_checked(PAGE - PROOF)?;
        let (text, start) = signed.split_at_checked(PAGE - RESERVED)?;
        let sum = self.proof.clone().chain_update(signed).chain_update(number.to_le_bytes());
        let whole = sum.verify_slice(proof).is_ok();
        let mut bytes = Vec::with_capacity(text.len());
        let mut before = start;
        for block in text.chunks_exact(BLOCK) {
            let mut plain = Array::try_from(block).ok()?;
            self.cipher.decrypt_block(&mut plain);
            bytes.extend(plain.iter().zip(before).map(|(a, b)| a ^ b));
            before = block;
        }
        Some(Page { bytes, whole })
    }
}

/// Where the newest committed version of each page lies in a write-ahead log. The log is read past
/// a broken frame, where SQLite would stop: every commit proves itself.
fn frames(log: &File) -> BTreeMap<u32, u64> {
    let mut header = [0; LOG_HEADER as usize];
    let mut frame = [0; FRAME_HEADER];
    if read_at(log, 0, &mut header).is_err() || read_at(log, LOG_HEADER, &mut frame).is_err() {
        return BTreeMap::new();
    }
    // Frames of an earlier round carry other salts. The first frame is always of this round.
    let known = header.starts_with(&LOG_MAGIC);
    let salts: [u8; 8] = std::array::from_fn(|i| if known { header[16 + i] } else { frame[8 + i] });
    let (mut committed, mut open) = (BTreeMap::new(), Vec::new());
    let length = log.metadata().map_or(0, |log| log.len());
    let mut next = LOG_HEADER;
    // A frame that was cut short was never answered for.
    while next + (FRAME_HEADER + PAGE) as u64 <= length {
        let at = next;
        let page_at = at + FRAME_HEADER as u64;
        next = page_at + PAGE as u64;
        if read_at(log, at, &mut frame).is_err() || frame[8..16] != salts {
            continue;
        }
        open.push((number(&frame, 0), page_at));
        // Only the last frame of a transaction tells the size of the database after it.
        if number(&frame, 4) != 0 {
            committed.extend(open.drain(..));
        }
    }
    committed
}

/// The number of four bytes at `at`, 0 when they are not there.
pub(super) fn number(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..).and_then(|bytes| bytes.first_chunk::<4>());
    bytes.map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

fn read_at(mut file: &File, at: u64, bytes: &mut [u8]) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(bytes)
}
