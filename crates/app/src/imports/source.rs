//! A file that somebody wants to import: its bytes, what kind of table they are, and its rows.
//!
//! The bytes are read once and kept, so that looking, trying and importing all see the same file
//! even when a spreadsheet program saves over it in between.
//!
//! **Invariant:** whatever the bytes are, reading them ends in rows or in a [`FileError`], within
//! the limits below; memory never grows with a hostile length inside the file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use csv::StringRecord;
use lumbung_domain::said::Said;

use super::delimited::{self, Delimited};
use super::trouble::FileError;
use super::workbook;

/// The most bytes of a file as it lies on the disk.
pub const FILE_MAX: u64 = 256 * 1024 * 1024;
/// The most bytes of a file once unpacked.
pub const UNPACKED_MAX: u64 = 1024 * 1024 * 1024;
/// The most characters of one line, and of one row over several lines.
pub const LINE_MAX: usize = 1024 * 1024;
/// The most rows of one import.
pub const ROWS_MAX: u64 = 2_000_000;
/// The most columns of a table.
pub const COLUMNS_MAX: usize = 500;
/// Rows above a heading: titles that reports print.
const TITLE_ROWS: usize = 10;
/// Rows shown before anything is imported.
pub const SAMPLE_ROWS: usize = 20;

const MEGABYTE: u64 = 1024 * 1024;

/// One row and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Line of a text file, row of a sheet; from 1.
    pub line: u64,
    /// Its cells.
    pub cells: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// The cell of a column, trimmed; empty where the row is shorter.
    pub fn cell(&self, column: usize) -> &'a str {
        self.cells.get(column).unwrap_or("").trim()
    }

    fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.trim().is_empty()).count()
    }
}

enum Format {
    Delimited(Delimited),
    Sheet(Vec<(u64, StringRecord)>),
}

/// A table in a file.
pub struct Source {
    /// The file's name, without its folder.
    pub name: String,
    /// BLAKE3 of its bytes, hexadecimal.
    pub hash: String,
    /// Its size on the disk.
    pub size: u64,
    /// How it is written, for the person: "UTF-8, comma".
    pub described: String,
    /// The sheets of a workbook; empty for text.
    pub sheets: Vec<String>,
    /// What the person should know before importing it.
    pub warnings: Vec<Said>,
    /// Names of the columns, every one different.
    pub header: Vec<String>,
    header_line: u64,
    bytes: Vec<u8>,
    format: Format,
}

impl Source {
    /// Reads a file of this computer; of a workbook the named sheet, else the first.
    pub fn open(path: &Path, sheet: Option<&str>) -> Result<Self, FileError> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let unreadable = |why: std::io::Error| FileError::Unreadable {
            name: name.clone(),
            why: why.to_string(),
        };
        // Asked before opening: to open a pipe nobody writes to would wait for ever.
        let found = std::fs::metadata(path).map_err(unreadable)?;
        if !found.is_file() {
            let what = if found.is_dir() { "it is a folder" } else { "it is not a file" };
            return Err(FileError::Unreadable { name, why: what.to_owned() });
        }
        let too_big = |bytes: u64| FileError::TooBig {
            name: name.clone(),
            found: bytes.div_ceil(MEGABYTE),
            limit: FILE_MAX / MEGABYTE,
        };
        if found.len() > FILE_MAX {
            return Err(too_big(found.len()));
        }
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(unreadable)?;
        // It may grow while it is read.
        file.take(FILE_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > FILE_MAX {
            return Err(too_big(bytes.len() as u64));
        }
        Self::from_bytes(&name, bytes, sheet)
    }

    /// Takes the bytes of a file.
    pub fn from_bytes(name: &str, bytes: Vec<u8>, sheet: Option<&str>) -> Result<Self, FileError> {
        if bytes.is_empty() {
            return Err(FileError::Empty { name: name.to_owned() });
        }
        let mut source = Self {
            name: name.to_owned(),
            hash: blake3::hash(&bytes).to_hex().to_string(),
            size: bytes.len() as u64,
            described: String::new(),
            sheets: Vec::new(),
            warnings: Vec::new(),
            header: Vec::new(),
            header_line: 0,
            format: Format::Sheet(Vec::new()),
            bytes,
        };
        if source.bytes.starts_with(b"PK") {
            let book = workbook::read(name, &source.bytes, sheet)?;
            source.described = format!("workbook, sheet {}", book.sheet);
            source.sheets = book.sheets;
            source.warnings = book.warnings;
            source.format = Format::Sheet(book.rows);
        } else {
            let text = Delimited::probe(name, &source.bytes)?;
            source.described = text.described();
            source.warnings = text.warnings();
            source.format = Format::Delimited(text);
        }
        source.find_header()?;
        Ok(source)
    }

    /// The rows under the heading, from the first; rows without any filled cell are left out.
    pub fn rows(&self) -> Rows<'_> {
        let mut rows = self.all_rows();
        rows.after = self.header_line;
        rows
    }

    /// Whether numbers come from a workbook, where a point is always the decimal sign.
    pub fn typed_numbers(&self) -> bool {
        matches!(self.format, Format::Sheet(_))
    }

    /// The first rows, for the person to look at.
    pub fn samples(&self) -> Result<Vec<Vec<String>>, FileError> {
        let mut rows = self.rows();
        let mut samples = Vec::new();
        while samples.len() < SAMPLE_ROWS
            && let Some(row) = rows.next_row()?
        {
            samples.push((0..self.header.len()).map(|at| row.cell(at).to_owned()).collect());
        }
        Ok(samples)
    }

    fn all_rows(&self) -> Rows<'_> {
        let from = match &self.format {
            Format::Delimited(text) => From::Text(text.records(&self.name, &self.bytes)),
            Format::Sheet(rows) => From::Sheet(rows.iter()),
        };
        Rows { from, record: StringRecord::new(), after: 0, count: 0 }
    }

    /// The heading is the first row that is about as wide as the widest of the first rows.
    fn find_header(&mut self) -> Result<(), FileError> {
        let mut first: Vec<(u64, usize, Vec<String>)> = Vec::new();
        {
            let mut rows = self.all_rows();
            while first.len() < TITLE_ROWS
                && let Some(row) = rows.next_row()?
            {
                let cells = row.cells.iter().map(|cell| cell.trim().to_owned()).collect();
                first.push((row.line, row.filled(), cells));
            }
        }
        let widest = first.iter().map(|(_, filled, _)| *filled).max().unwrap_or(0);
        let Some(at) = first.iter().position(|(_, filled, _)| filled * 5 >= widest * 3) else {
            return Err(FileError::Empty { name: self.name.clone() });
        };
        if at + 1 == first.len() {
            return Err(FileError::NoRows { name: self.name.clone() });
        }
        let (line, _, mut names) = first.swap_remove(at);
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        self.header_line = line;
        self.header = distinct(names);
        Ok(())
    }
}

/// Gives every column a name of its own: empty and repeated names get a number.
fn distinct(names: Vec<String>) -> Vec<String> {
    let mut taken: Vec<String> = Vec::with_capacity(names.len());
    for (at, name) in names.into_iter().enumerate() {
        let base = if name.is_empty() { format!("column {}", at + 1) } else { name };
        let mut name = base.clone();
        let mut again = 1;
        while taken.contains(&name) {
            again += 1;
            name = format!("{base} ({again})");
        }
        taken.push(name);
    }
    taken
}

enum From<'a> {
    Text(delimited::Records<'a>),
    Sheet(std::slice::Iter<'a, (u64, StringRecord)>),
}

/// Reads one row after the other.
pub struct Rows<'a> {
    from: From<'a>,
    record: StringRecord,
    after: u64,
    count: u64,
}

impl Rows<'_> {
    /// The next row with something in it.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, FileError> {
        let line = loop {
            let line = match &mut self.from {
                From::Text(records) => records.read(&mut self.record)?,
                From::Sheet(rows) => rows.next().map(|(line, record)| {
                    self.record.clone_from(record);
                    *line
                }),
            };
            let Some(line) = line else { return Ok(None) };
            if line <= self.after || self.record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            break line;
        };
        if self.record.len() > COLUMNS_MAX {
            return Err(FileError::TooManyColumns { line, limit: COLUMNS_MAX });
        }
        self.count += 1;
        if self.count > ROWS_MAX {
            return Err(FileError::TooManyRows { limit: ROWS_MAX });
        }
        Ok(Some(Row { line, cells: &self.record }))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> String {
        let source = match Source::from_bytes("list.csv", bytes.to_vec(), None) {
            Ok(source) => source,
            Err(error) => return error.code().to_owned(),
        };
        let mut out = vec![source.header.join("|")];
        let mut rows = source.rows();
        loop {
            match rows.next_row() {
                Ok(None) => break,
                Err(error) => {
                    out.push(error.code().to_owned());
                    break;
                }
                Ok(Some(row)) => {
                    let cells: Vec<&str> = row.cells.iter().collect();
                    out.push(format!("{}:{}", row.line, cells.join("|")));
                }
            }
        }
        out.join(" / ")
    }

    fn check(bytes: &[u8], expect: &str) {
        assert_eq!(read(bytes), expect, "{:?}", String::from_utf8_lossy(bytes));
    }

    fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        let units = mark.encode_utf16().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn tables_are_read_whatever_the_separator_and_encoding() {
        check(b"code,name\nA,Tea\n", "code|name / 2:A|Tea");
        check(b"code;name;price\r\nA;Tea;1,5\r\n", "code|name|price / 2:A|Tea|1,5");
        check(b"code\tname\nA\tTea, green\n", "code|name / 2:A|Tea, green");
        check(b"code|name\nA|Tea\n", "code|name / 2:A|Tea");
        check(b"sep=;\ncode;name\nA;Tea\n", "code|name / 3:A|Tea");
        check("\u{feff}code,name\nA,Thé\n".as_bytes(), "code|name / 2:A|Thé");
        check(b"code,name\nA,Th\xe9\n", "code|name / 2:A|Thé");
        check(&utf16("code\tname\nA\tThé\n", false, true), "code|name / 2:A|Thé");
        check(&utf16("code\tname\nA\tThé\n", true, true), "code|name / 2:A|Thé");
        check(&utf16("code,name\nA,Tea\n", false, false), "code|name / 2:A|Tea");
        check(
            b"code,name\nA,\"Tea \"\"green\"\", loose\"\n",
            "code|name / 2:A|Tea \"green\", loose",
        );
        check(b"code,name\nA,\"two\nlines\"\nB,Tea\n", "code|name / 2:A|two\nlines / 4:B|Tea");
        check(b"name\nTea\n", "name / 2:Tea");
        check(b"code,name\rA,Tea\rB,Milk\r", "code|name / 2:A|Tea / 3:B|Milk");
    }

    #[test]
    fn titles_blank_rows_and_repeated_names_do_not_confuse() {
        check(
            b"Stock list of March\r\n\r\ncode,name,price\r\nA,Tea,5\r\n\r\n,,\r\nB,Milk,6",
            "code|name|price / 4:A|Tea|5 / 7:B|Milk|6",
        );
        check(b"code,,name,name\n1,2,3,4\n", "code|column 2|name|name (2) / 2:1|2|3|4");
    }

    #[test]
    fn what_is_no_table_is_named() {
        check(b"", "import_empty");
        check(b"\n\n", "import_empty");
        check(b"code,name\n", "import_empty");
        check(b"%PDF-1.7 ...", "import_not_a_table");
        check(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old excel", "import_not_a_table");
        check(b"\x89PNG\r\n\x1a\n", "import_not_a_table");
        check(b"code,name\nA,\0\0\0\x01\n", "import_not_a_table");
        check(b"PK\x03\x04 broken", "import_damaged");
        check(b"\x1f\x8bbroken", "import_damaged");
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_found() {
        let mut bytes = b"code,name\nA,\"Tea\n".to_vec();
        for _ in 0..300 {
            bytes.extend_from_slice(b"B,Milk\n");
        }
        check(&bytes, "import_open_quote");
    }

    #[test]
    fn too_many_columns_are_refused() {
        let wide = vec!["x"; COLUMNS_MAX + 1].join(",");
        check(format!("{wide}\n{wide}\n").as_bytes(), "import_too_many_columns");
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        use std::io::Write;
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn compressed_tables_are_unpacked_on_the_way() {
        check(&packed(b"code,name\nA,Tea\n"), "code|name / 2:A|Tea");
        let mut broken = packed(b"code,name\nA,Tea\n");
        broken.truncate(broken.len() - 6);
        check(&broken, "import_damaged");
    }

    #[test]
    fn a_line_of_a_gigabyte_is_refused_without_holding_it() {
        // 64 gzip members of 16 MB each, one behind the other, are one file of 1 GB.
        let member = packed(&vec![b'x'; 16 * 1024 * 1024]);
        let bomb = member.repeat(64);
        check(&bomb, "import_long_line");
    }

    #[test]
    fn cutting_and_flipping_bytes_never_panics() {
        let whole = b"code;name;price\r\nA;\"Th\xc3\xa9 \"\"x\"\"\";1,5\r\nB;Milk;2\r\n".to_vec();
        for at in 0..whole.len() {
            read(&whole[..at]);
            for flip in [0x00, 0x22, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] = flip;
                read(&bytes);
            }
        }
    }
}
