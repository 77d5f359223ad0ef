//! Workbooks (.xlsx), read as the same rows of text as any other table.
//!
//! A workbook keeps numbers as binary fractions: 2.55 may be stored as 2.5499999999999998. They
//! are written with the fifteen digits that the spreadsheet program itself shows, and no
//! calculation is made with them.
//!
//! **Invariant:** the sheet is read cell by cell within the limits of every table; a cell at the
//! far corner of the sheet costs no memory.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx, open_workbook_from_rs};
use chrono::{NaiveDate, TimeDelta, Timelike};
use csv::StringRecord;
use lumbung_domain::said::Said;
use lumbung_domain::say;

use super::source::{COLUMNS_MAX, ROWS_MAX, UNPACKED_MAX};
use super::trouble::FileError;

/// The most bytes of text kept of one sheet.
const TEXT_MAX: usize = 512 * 1024 * 1024;
/// The most bytes of one cell; the spreadsheet programs' own limit is half of it.
const CELL_MAX: usize = 64 * 1024;

/// One sheet of a workbook.
pub struct Book {
    /// The sheet.
    pub sheet: String,
    /// All sheets.
    pub sheets: Vec<String>,
    /// Row number and cells.
    pub rows: Vec<(u64, StringRecord)>,
    /// What the person should know.
    pub warnings: Vec<Said>,
}

/// Reads the named sheet, else the first.
pub fn read(name: &str, bytes: &[u8], sheet: Option<&str>) -> Result<Book, FileError> {
    match unpacked_size(bytes) {
        Some(size) if size > UNPACKED_MAX => {
            return Err(FileError::TooBigInside {
                name: name.to_owned(),
                limit: UNPACKED_MAX / (1024 * 1024),
            });
        }
        Some(_) => {}
        None => return Err(broken(name, "the end of the file is missing")),
    }
    // A damaged workbook must not take the program with it, whatever its parser does.
    catch_unwind(AssertUnwindSafe(|| sheet_rows(name, bytes, sheet)))
        .unwrap_or_else(|_| Err(broken(name, "its parts contradict each other")))
}

fn broken(name: &str, why: impl ToString) -> FileError {
    FileError::BrokenWorkbook { name: name.to_owned(), why: why.to_string() }
}

fn sheet_rows(name: &str, bytes: &[u8], sheet: Option<&str>) -> Result<Book, FileError> {
    let mut book: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(bytes)).map_err(|error| broken(name, error))?;
    let sheets = book.sheet_names();
    let wanted = match sheet {
        Some(wanted) => sheets.iter().find(|sheet| *sheet == wanted).ok_or_else(|| {
            FileError::NoSheet { name: wanted.to_owned(), has: sheets.join(", ") }
        })?,
        None => sheets.first().ok_or_else(|| broken(name, "it has no sheet"))?,
    };
    let mut cells = book.worksheet_cells_reader(wanted).map_err(|error| broken(name, error))?;
    let mut gather = Gather::default();
    while let Some(cell) =
        cells.next_cell_with_formula_metadata().map_err(|error| broken(name, error))?
    {
        let text = match (&cell.value, cell.formula.is_some()) {
            (DataRef::Empty, true) => "=".to_owned(),
            (value, formula) => {
                gather.formulas += u64::from(formula);
                text_of(value).map_err(|why| broken(name, why))?
            }
        };
        gather.put(name, cell.pos, &text)?;
    }
    gather.end_row();
    let mut warnings = Vec::new();
    if gather.formulas > 0 {
        warnings.push(say!(
            "file_formulas",
            "{count} cells are formulas; the values they showed when the workbook was last saved \
             are used.",
            count = gather.formulas
        ));
    }
    Ok(Book { sheet: wanted.clone(), sheets, rows: gather.rows, warnings })
}

/// Puts cells, which come row by row, into rows.
#[derive(Default)]
struct Gather {
    rows: Vec<(u64, StringRecord)>,
    row: Option<u32>,
    cells: Vec<String>,
    bytes: usize,
    formulas: u64,
}

impl Gather {
    fn put(&mut self, name: &str, (row, column): (u32, u32), text: &str) -> Result<(), FileError> {
        let line = u64::from(row) + 1;
        if self.row != Some(row) {
            if self.row.is_some_and(|before| before > row) {
                return Err(broken(name, "its rows are out of order"));
            }
            self.end_row();
            self.row = Some(row);
        }
        if text.is_empty() {
            return Ok(());
        }
        let column = column as usize;
        if column >= COLUMNS_MAX {
            return Err(FileError::TooManyColumns { line, limit: COLUMNS_MAX });
        }
        self.bytes += text.len();
        if self.rows.len() as u64 > ROWS_MAX {
            return Err(FileError::TooManyRows { limit: ROWS_MAX });
        }
        if text.len() > CELL_MAX || self.bytes > TEXT_MAX {
            return Err(FileError::LongLine { line, limit: CELL_MAX });
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        text.clone_into(&mut self.cells[column]);
        Ok(())
    }

    fn end_row(&mut self) {
        let Some(row) = self.row.take() else { return };
        if !self.cells.is_empty() {
            self.rows
                .push((u64::from(row) + 1, StringRecord::from(std::mem::take(&mut self.cells))));
        }
    }
}

fn text_of(value: &DataRef<'_>) -> Result<String, String> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Int(whole) => whole.to_string(),
        DataRef::Float(number) => decimal(*number),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(at) => date(at).ok_or_else(|| format!("{} is no date", at.as_f64()))?,
        DataRef::Error(error) => Data::Error(error.clone()).to_string(),
    })
}

/// A stored number as the spreadsheet shows it: fifteen digits, no exponent.
fn decimal(number: f64) -> String {
    let scientific = format!("{number:.14e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let Ok(exponent) = exponent.parse::<i32>() else { return scientific };
    if !(-20..=20).contains(&exponent) {
        // Left as it is: it will be refused as a number too large or too fine.
        return number.to_string();
    }
    let negative = mantissa.starts_with('-');
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let point = exponent + 1;
    let mut out = String::with_capacity(24);
    if negative && !digits.is_empty() {
        out.push('-');
    }
    if point <= 0 {
        out.push('0');
        if !digits.is_empty() {
            out.push('.');
            out.extend((0..-point).map(|_| '0'));
            out.push_str(digits);
        }
        return out;
    }
    let point = point.unsigned_abs() as usize;
    if digits.len() <= point {
        out.push_str(digits);
        out.extend((digits.len()..point).map(|_| '0'));
    } else {
        out.push_str(&digits[..point]);
        out.push('.');
        out.push_str(&digits[point..]);
    }
    out
}

/// A stored date as text, to the second; a time that is a rounding away from the next second is it.
fn date(at: &ExcelDateTime) -> Option<String> {
    const HALF_SECOND: TimeDelta = TimeDelta::milliseconds(500);
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))?;
    let exact = date.and_hms_milli_opt(
        u32::from(hour),
        u32::from(minute),
        u32::from(second),
        u32::from(milli),
    )?;
    let at = exact.checked_add_signed(HALF_SECOND)?.with_nanosecond(0)?;
    Some(at.format("%Y-%m-%d %H:%M:%S").to_string())
}

/// What the parts of a zip file claim to unpack to, from its directory at the end.
fn unpacked_size(bytes: &[u8]) -> Option<u64> {
    const END: &[u8] = b"PK\x05\x06";
    const ENTRY: &[u8] = b"PK\x01\x02";
    /// The end record, and the longest comment behind it.
    const TAIL: usize = 22 + 65_535;
    let short =
        |at: usize| Some(u64::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let long =
        |at: usize| Some(u64::from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)));
    let tail = bytes.len().saturating_sub(TAIL);
    let end = tail + bytes[tail..].windows(END.len()).rposition(|window| window == END)?;
    let mut at = usize::try_from(long(end + 16)?).ok()?;
    let mut total = 0_u64;
    for _ in 0..short(end + 10)? {
        if bytes.get(at..at + 4)? != ENTRY {
            return None;
        }
        total = total.checked_add(long(at + 24)?)?;
        let tail = short(at + 28)? + short(at + 30)? + short(at + 32)?;
        at = at.checked_add(46)?.checked_add(usize::try_from(tail).ok()?)?;
    }
    Some(total)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use rust_xlsxwriter::{Format, Formula, Workbook};

    use super::*;
    use crate::imports::source::Source;

    fn read_back(book: &mut Workbook) -> Result<Source, FileError> {
        Source::from_bytes("list.xlsx", book.save_to_buffer().unwrap(), None)
    }

    fn rows(source: &Source) -> Vec<String> {
        let mut rows = source.rows();
        let mut out = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            out.push(row.cells.iter().collect::<Vec<_>>().join("|"));
        }
        out
    }

    #[test]
    fn numbers_dates_and_text_come_out_as_the_spreadsheet_shows_them() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (at, name) in ["code", "price", "date", "ok"].iter().enumerate() {
            sheet.write(0, u16::try_from(at).unwrap(), *name).unwrap();
        }
        let day = Format::new().set_num_format("dd/mm/yyyy hh:mm");
        let at = rust_xlsxwriter::ExcelDateTime::parse_from_str("2010-12-01T08:26:00").unwrap();
        sheet.write(1, 0, 8_991_002_101_630_i64).unwrap();
        sheet.write(1, 1, 2.55).unwrap();
        sheet.write_with_format(1, 2, &at, &day).unwrap();
        sheet.write(1, 3, true).unwrap();
        sheet.write(2, 0, "0012").unwrap();
        sheet.write(2, 1, 0.1 + 0.2).unwrap();
        let source = read_back(&mut book).unwrap();
        assert_eq!(rows(&source), ["8991002101630|2.55|2010-12-01 08:26:00|TRUE", "0012|0.3"]);
    }

    #[test]
    fn formulas_are_used_by_their_value_and_said_so() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "code").unwrap();
        sheet.write(0, 1, "price").unwrap();
        sheet.write(1, 0, "A").unwrap();
        sheet.write_formula(1, 1, Formula::new("=1+1").set_result("2")).unwrap();
        let source = read_back(&mut book).unwrap();
        assert_eq!(rows(&source), ["A|2"]);
        assert_eq!(source.warnings.len(), 1);
        assert!(source.warnings[0].message.starts_with("1 cells are formulas"));
    }

    #[test]
    fn a_cell_in_the_far_corner_is_refused_without_filling_the_memory() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "code").unwrap();
        sheet.write(1_048_575, 16_383, "far").unwrap();
        let error = read_back(&mut book).err().unwrap();
        assert_eq!(error.code(), "import_too_many_columns");
    }

    #[test]
    fn a_sheet_that_is_not_there_is_named_with_those_that_are() {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("March").unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let error = Source::from_bytes("a.xlsx", bytes, Some("April")).err().unwrap();
        assert_eq!(error.to_string(), "The workbook has no sheet \"April\"; it has: March.");
    }

    #[test]
    fn a_damaged_workbook_is_refused_wherever_it_is_damaged() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for row in 0..20 {
            sheet.write(row, 0, "code").unwrap();
            sheet.write(row, 1, row).unwrap();
        }
        let whole = book.save_to_buffer().unwrap();
        for at in (0..whole.len()).step_by(97) {
            let cut = Source::from_bytes("a.xlsx", whole[..at].to_vec(), None);
            assert!(cut.is_err(), "cut at {at}");
            let mut flipped = whole.clone();
            flipped[at] ^= 0x55;
            // Either refused or, where a byte did not matter, read; never a panic.
            let _ = Source::from_bytes("a.xlsx", flipped, None);
        }
    }

    #[test]
    fn stored_numbers_are_written_with_fifteen_digits() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (1045.0, "1045"),
            (0.001, "0.001"),
            (f64::from_bits(2.55_f64.to_bits() - 1), "2.55"),
            (0.1 + 0.2, "0.3"),
            (1e12, "1000000000000"),
            (38970.0, "38970"),
            (123_456.789, "123456.789"),
        ];
        for (number, expect) in cases {
            assert_eq!(decimal(number), expect);
        }
    }
}
