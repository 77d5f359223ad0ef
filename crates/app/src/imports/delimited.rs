//! Tables of text: found out how they are packed, encoded and separated, and read row by row.
//!
//! **Invariant:** at most one row and one buffer are in memory, however long a line claims to be.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use csv::StringRecord;
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use flate2::read::MultiGzDecoder;
use lumbung_domain::said::Said;
use lumbung_domain::say;

use super::source::{LINE_MAX, UNPACKED_MAX};
use super::trouble::FileError;

const CHUNK: usize = 64 * 1024;
/// How much of the beginning is looked at to find the separator.
const SNIFF: usize = 64 * 1024;
/// Rows looked at to find the separator.
const SNIFF_ROWS: usize = 50;
/// Lines that one row may span; more means that a quotation mark was left open.
const ROW_LINES_MAX: u64 = 200;
const DELIMITERS: [(u8, &str); 4] =
    [(b',', "comma"), (b';', "semicolon"), (b'\t', "tab"), (b'|', "vertical bar")];

/// How a table of text is written.
pub struct Delimited {
    packed: bool,
    encoding: &'static Encoding,
    /// Bytes of the byte order mark.
    mark: usize,
    delimiter: u8,
    /// A first line "sep=;" that only says how the rest is separated.
    says_separator: bool,
}

impl Delimited {
    /// Reads the whole file once to find out how it is written, and that it is text at all.
    pub fn probe(name: &str, bytes: &[u8]) -> Result<Self, FileError> {
        let packed = bytes.starts_with(&[0x1f, 0x8b]);
        let mut probe = Probe::default();
        let mut reader = unpack(bytes, packed);
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = fill(&mut reader, &mut chunk).map_err(|error| FileError::BrokenGzip {
                name: name.to_owned(),
                why: error.to_string(),
            })?;
            if read == 0 {
                break;
            }
            probe.see(name, &chunk[..read])?;
        }
        let (encoding, mark) = probe.encoding(name)?;
        let mut text = Self { packed, encoding, mark, delimiter: b',', says_separator: false };
        let head = text.decoded_head(&probe.head);
        if head.trim().is_empty() {
            return Err(FileError::Empty { name: name.to_owned() });
        }
        (text.delimiter, text.says_separator) = separator(&head);
        Ok(text)
    }

    /// How it is written, for the person.
    pub fn described(&self) -> String {
        let separator = DELIMITERS
            .iter()
            .find(|(byte, _)| *byte == self.delimiter)
            .map_or_else(|| char::from(self.delimiter).to_string(), |(_, name)| (*name).to_owned());
        format!("{}, {separator}", self.encoding.name())
    }

    /// What the person should know.
    pub fn warnings(&self) -> Vec<Said> {
        if self.encoding == WINDOWS_1252 {
            vec![say!(
                "file_not_utf8",
                "The file is not UTF-8 and is read as Windows-1252: look whether letters such as \
                 é and £ are right."
            )]
        } else {
            Vec::new()
        }
    }

    /// Its rows, heading and all.
    pub fn records<'a>(&self, name: &'a str, bytes: &'a [u8]) -> Records<'a> {
        let left = Rc::new(Cell::new(budget()));
        let decoding = Decoding {
            inner: unpack(bytes, self.packed),
            decoder: (self.encoding != UTF_8)
                .then(|| self.encoding.new_decoder_without_bom_handling()),
            skip: self.mark,
            raw: vec![0; CHUNK],
            ready: Vec::new(),
            at: 0,
            ended: false,
        };
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .buffer_capacity(CHUNK)
            .from_reader(Box::new(Lines {
                inner: decoding,
                left: Rc::clone(&left),
                after_return: false,
                ends_line: true,
            }) as Box<dyn Read + 'a>);
        Records {
            reader,
            left,
            name,
            encoding: self.encoding.name(),
            skip_first: self.says_separator,
            last_line: 1,
        }
    }

    fn decoded_head(&self, head: &[u8]) -> String {
        let body = head.get(self.mark..).unwrap_or(&[]);
        self.encoding.decode_without_bom_handling(body).0.into_owned()
    }
}

/// What one row may take out of the buffer beyond the row itself.
fn budget() -> usize {
    LINE_MAX + CHUNK
}

fn unpack(bytes: &[u8], packed: bool) -> Box<dyn Read + '_> {
    if packed { Box::new(MultiGzDecoder::new(bytes)) } else { Box::new(bytes) }
}

/// Reads until the buffer is full or the end is reached.
fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// What is learned in one pass over all bytes.
#[derive(Default)]
struct Probe {
    head: Vec<u8>,
    total: u64,
    lines: u64,
    line_bytes: usize,
    nul: Option<u64>,
    /// Line of the first byte that cannot be UTF-8.
    not_utf8: Option<u64>,
    /// Bytes of a character cut by the end of a chunk.
    carry: Vec<u8>,
}

impl Probe {
    fn see(&mut self, name: &str, chunk: &[u8]) -> Result<(), FileError> {
        if self.total == 0 {
            not_another_kind(name, chunk)?;
            self.head = chunk[..chunk.len().min(SNIFF)].to_vec();
        }
        self.total += chunk.len() as u64;
        if self.total > UNPACKED_MAX {
            return Err(FileError::TooBigInside {
                name: name.to_owned(),
                limit: UNPACKED_MAX / (1024 * 1024),
            });
        }
        let before = self.lines;
        for line in chunk.split_inclusive(|&byte| byte == b'\n' || byte == b'\r') {
            self.line_bytes += line.len();
            if self.line_bytes > LINE_MAX {
                return Err(FileError::LongLine { line: self.lines + 1, limit: LINE_MAX });
            }
            if let Some(b'\n' | b'\r') = line.last() {
                self.line_bytes = 0;
                // Counted once for \r\n; old Macs end lines with \r alone, where this stays low.
                self.lines += u64::from(line.ends_with(b"\n"));
            }
        }
        if self.nul.is_none() && chunk.contains(&0) {
            self.nul = Some(before + 1);
        }
        if self.not_utf8.is_none() {
            self.see_utf8(chunk, before);
        }
        Ok(())
    }

    fn see_utf8(&mut self, chunk: &[u8], lines_before: u64) {
        self.carry.extend_from_slice(chunk);
        let line_at = |bytes: &[u8], end: usize| {
            lines_before + 1 + bytes[..end].iter().filter(|&&byte| byte == b'\n').count() as u64
        };
        match std::str::from_utf8(&self.carry) {
            Ok(_) => self.carry.clear(),
            Err(error) if error.error_len().is_none() => {
                self.carry.drain(..error.valid_up_to());
            }
            Err(error) => {
                self.not_utf8 = Some(line_at(&self.carry, error.valid_up_to()));
                self.carry.clear();
            }
        }
    }

    /// The encoding and the bytes of its mark.
    fn encoding(&self, name: &str) -> Result<(&'static Encoding, usize), FileError> {
        if let Some((encoding, mark)) = Encoding::for_bom(&self.head) {
            return match self.not_utf8 {
                Some(line) if encoding == UTF_8 => {
                    Err(FileError::BrokenText { line, encoding: "UTF-8" })
                }
                _ => Ok((encoding, mark)),
            };
        }
        if let Some(encoding) = utf16_without_mark(&self.head) {
            return Ok((encoding, 0));
        }
        if self.nul.is_some() {
            return Err(FileError::NotATable { name: name.to_owned(), what: "not text" });
        }
        // A file that breaks off inside a character is not UTF-8 either.
        let utf8 = self.not_utf8.is_none() && self.carry.is_empty();
        Ok((if utf8 { UTF_8 } else { WINDOWS_1252 }, 0))
    }
}

/// UTF-16 of western text has a zero in every second byte.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(1024) & !1];
    let pairs = head.len() / 2;
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let mostly = |zeros: usize| pairs >= 4 && zeros * 10 >= pairs * 8;
    match (mostly(even), mostly(odd)) {
        (false, true) if even * 10 <= pairs => Some(UTF_16LE),
        (true, false) if odd * 10 <= pairs => Some(UTF_16BE),
        _ => None,
    }
}

fn not_another_kind(name: &str, head: &[u8]) -> Result<(), FileError> {
    const KINDS: [(&[u8], &str); 7] = [
        (b"\xd0\xcf\x11\xe0", "a workbook of the old .xls kind, or one with a password"),
        (b"%PDF", "a PDF"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"SQLite format 3\0", "a database"),
        (b"Rar!", "a compressed folder"),
        (b"7z\xbc\xaf", "a compressed folder"),
    ];
    match KINDS.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some((_, what)) => Err(FileError::NotATable { name: name.to_owned(), what }),
        None => Ok(()),
    }
}

/// The separator that makes the first rows most alike, and whether the first line names it.
fn separator(head: &str) -> (u8, bool) {
    let first = head.lines().next().unwrap_or("").trim();
    if let Some(named) = first.to_ascii_lowercase().strip_prefix("sep=")
        && let [byte] = named.as_bytes()
    {
        return (*byte, true);
    }
    if first.eq_ignore_ascii_case("sep=") {
        return (b'\t', true);
    }
    let mut best = (0, 0, b',');
    for (delimiter, _) in DELIMITERS {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(head.as_bytes());
        let widths: Vec<usize> =
            reader.records().take(SNIFF_ROWS).flatten().map(|record| record.len()).collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        if widest < 2 {
            continue;
        }
        // The width most rows have, how many have it, and then the wider table.
        let common = (2..=widest)
            .map(|width| (widths.iter().filter(|&&found| found == width).count(), width))
            .max()
            .unwrap_or((0, 0));
        if (common.0, common.1) > (best.0, best.1) {
            best = (common.0, common.1, delimiter);
        }
    }
    (best.2, false)
}

/// Marks an error of reading as a row without end.
#[derive(Debug, thiserror::Error)]
#[error("the row is too long")]
struct RowTooLong;

/// Gives out lines that all end with \n, also the last one, so that they can be counted; and no
/// more bytes than one row may have, until it is told that a row ended.
struct Lines<R> {
    inner: R,
    left: Rc<Cell<usize>>,
    after_return: bool,
    ends_line: bool,
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = self.left.get();
            if left == 0 {
                return Err(io::Error::other(RowTooLong));
            }
            let wanted = buffer.len().min(left);
            let read = self.inner.read(&mut buffer[..wanted])?;
            if read == 0 {
                if self.ends_line || wanted == 0 {
                    return Ok(0);
                }
                self.ends_line = true;
                buffer[0] = b'\n';
                return Ok(1);
            }
            let kept = self.one_kind_of_end(&mut buffer[..read]);
            if kept > 0 {
                self.left.set(left - kept);
                self.ends_line = buffer[kept - 1] == b'\n';
                return Ok(kept);
            }
        }
    }
}

impl<R> Lines<R> {
    /// Makes \n of \r\n and of \r alone; answers how many bytes are left.
    fn one_kind_of_end(&mut self, bytes: &mut [u8]) -> usize {
        if !self.after_return && !bytes.contains(&b'\r') {
            return bytes.len();
        }
        let mut kept = 0;
        for at in 0..bytes.len() {
            let byte = bytes[at];
            if byte == b'\n' && std::mem::take(&mut self.after_return) {
                continue;
            }
            self.after_return = byte == b'\r';
            bytes[kept] = if byte == b'\r' { b'\n' } else { byte };
            kept += 1;
        }
        kept
    }
}

/// Turns the file's encoding into UTF-8 on the way.
struct Decoding<R> {
    inner: R,
    decoder: Option<Decoder>,
    skip: usize,
    raw: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.skip > 0 {
            let mut mark = [0; 4];
            let read = self.inner.read(&mut mark[..self.skip.min(4)])?;
            if read == 0 {
                return Ok(0);
            }
            self.skip -= read;
        }
        let Some(decoder) = &mut self.decoder else { return self.inner.read(buffer) };
        while self.at == self.ready.len() && !self.ended {
            let read = self.inner.read(&mut self.raw)?;
            self.ended = read == 0;
            self.ready.clear();
            self.at = 0;
            let room = decoder
                .max_utf8_buffer_length(read)
                .ok_or_else(|| io::Error::other("the text is too long"))?;
            self.ready.resize(room, 0);
            let (_, _, written, _) =
                decoder.decode_to_utf8(&self.raw[..read], &mut self.ready, self.ended);
            self.ready.truncate(written);
        }
        let given = buffer.len().min(self.ready.len() - self.at);
        buffer[..given].copy_from_slice(&self.ready[self.at..self.at + given]);
        self.at += given;
        Ok(given)
    }
}

/// Reads rows of text.
pub struct Records<'a> {
    reader: csv::Reader<Box<dyn Read + 'a>>,
    left: Rc<Cell<usize>>,
    name: &'a str,
    encoding: &'static str,
    skip_first: bool,
    last_line: u64,
}

impl Records<'_> {
    /// Reads the next row; its line, or `None` at the end.
    pub fn read(&mut self, record: &mut StringRecord) -> Result<Option<u64>, FileError> {
        loop {
            self.left.set(budget());
            let found = self.reader.read_record(record).map_err(|error| self.explain(&error))?;
            if !found {
                return Ok(None);
            }
            // Counted back from where the row ends: the csv reader lets a row begin with the blank
            // lines above it.
            let inside = record.as_slice().bytes().filter(|&byte| byte == b'\n').count() as u64;
            let end = self.reader.position().line();
            let line = end.saturating_sub(1 + inside);
            self.last_line = end;
            if inside > ROW_LINES_MAX {
                return Err(FileError::OpenQuote { line });
            }
            if std::mem::take(&mut self.skip_first) {
                continue;
            }
            return Ok(Some(line));
        }
    }

    fn explain(&self, error: &csv::Error) -> FileError {
        let line = self.last_line;
        match error.kind() {
            csv::ErrorKind::Io(error)
                if error.get_ref().is_some_and(|inner| inner.is::<RowTooLong>()) =>
            {
                FileError::OpenQuote { line }
            }
            csv::ErrorKind::Utf8 { .. } => FileError::BrokenText { line, encoding: self.encoding },
            csv::ErrorKind::Io(error) => {
                FileError::BrokenGzip { name: self.name.to_owned(), why: error.to_string() }
            }
            other => {
                FileError::Unreadable { name: self.name.to_owned(), why: format!("{other:?}") }
            }
        }
    }
}
