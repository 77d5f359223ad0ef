//! What can be wrong with a file, one of its columns or one of its cells.
//!
//! **Invariant:** every variant is a sentence that the person who made the file can act on, and
//! names the line where there is one.

use lumbung_domain::said::Said;

use crate::error::{Error, Refusal, Say};

/// Why a file cannot be imported at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The file cannot be opened or read.
    #[error("The file {name} cannot be read: {why}.")]
    Unreadable {
        /// The file.
        name: String,
        /// What the system said.
        why: String,
    },
    /// More bytes than are read at once.
    #[error(
        "The file {name} has {found} MB; at most {limit} MB can be imported at once. Split it, \
         for example by year."
    )]
    TooBig {
        /// The file.
        name: String,
        /// Megabytes it has.
        found: u64,
        /// Megabytes allowed.
        limit: u64,
    },
    /// A small compressed file that unpacks to a giant one.
    #[error("The file {name} unpacks to more than {limit} MB. Split it, for example by year.")]
    TooBigInside {
        /// The file.
        name: String,
        /// Megabytes allowed.
        limit: u64,
    },
    /// Neither a table of text nor a workbook.
    #[error("The file {name} is {what}, not a table. Save it as .xlsx or .csv and try again.")]
    NotATable {
        /// The file.
        name: String,
        /// What it is.
        what: &'static str,
    },
    /// A gzip file that breaks off or was damaged.
    #[error(
        "The compressed file {name} is damaged or breaks off: {why}. Fetch it again from where it \
         was made."
    )]
    BrokenGzip {
        /// The file.
        name: String,
        /// What the unpacker said.
        why: String,
    },
    /// A workbook that cannot be understood.
    #[error(
        "The workbook {name} is damaged or protected by a password: {why}. Open it in the \
         spreadsheet program and save it again."
    )]
    BrokenWorkbook {
        /// The file.
        name: String,
        /// What the reader said.
        why: String,
    },
    /// There is no sheet of that name.
    #[error("The workbook has no sheet \"{name}\"; it has: {has}.")]
    NoSheet {
        /// The sheet asked for.
        name: String,
        /// The sheets there are.
        has: String,
    },
    /// One line is longer than any table has.
    #[error(
        "Line {line} is longer than {limit} characters, so this is not a table with one row per \
         line."
    )]
    LongLine {
        /// The line.
        line: u64,
        /// Characters allowed.
        limit: usize,
    },
    /// A quotation mark is opened and swallows what follows.
    #[error(
        "A quotation mark is opened near line {line} and never closed, so the rows below it \
         cannot be told apart. Close or remove it."
    )]
    OpenQuote {
        /// Where the row begins.
        line: u64,
    },
    /// Bytes that are no text in the file's own encoding.
    #[error("Line {line} is not text in {encoding}. Save the file as UTF-8 and try again.")]
    BrokenText {
        /// The line.
        line: u64,
        /// The encoding.
        encoding: &'static str,
    },
    /// More rows than are imported at once.
    #[error("There are more than {limit} rows; import them in several files.")]
    TooManyRows {
        /// Rows allowed.
        limit: u64,
    },
    /// More columns than any table has.
    #[error("Line {line} has more than {limit} columns, so this is not the table you meant.")]
    TooManyColumns {
        /// The line.
        line: u64,
        /// Columns allowed.
        limit: usize,
    },
    /// Nothing in it.
    #[error("The file {name} is empty.")]
    Empty {
        /// The file.
        name: String,
    },
    /// A header and nothing under it.
    #[error("The file {name} has a heading and no rows under it.")]
    NoRows {
        /// The file.
        name: String,
    },
    /// A column that the import cannot do without was not found.
    #[error(
        "No column is chosen for {field}. The file has these columns: {has}. Choose which one it \
         is."
    )]
    MissingColumn {
        /// Our name of it.
        field: String,
        /// The columns of the file.
        has: String,
    },
    /// The mapping names a column that the file does not have.
    #[error("The file has no column \"{column}\". It has: {has}.")]
    NoSuchColumn {
        /// The column of the mapping.
        column: String,
        /// The columns of the file.
        has: String,
    },
    /// The mapping names something that cannot be imported.
    #[error("\"{field}\" is not something that can be imported here. Known are: {known}.")]
    UnknownField {
        /// What was named.
        field: String,
        /// What is known.
        known: String,
    },
    /// A column writes 1,5 in one row and 1.5 in another.
    #[error(
        "The column {column} writes decimals in two ways: {point} (line {point_line}) and {comma} \
         (line {comma_line}). Use one way in the whole column."
    )]
    MixedDecimals {
        /// The column.
        column: String,
        /// An example with a point.
        point: String,
        /// Its line.
        point_line: u64,
        /// An example with a comma.
        comma: String,
        /// Its line.
        comma_line: u64,
    },
    /// 12.500 may be twelve and a half, or twelve thousand five hundred.
    #[error(
        "In the column {column}, {example} (line {line}) can be read in two ways. Choose whether \
         decimals are written with a point or a comma."
    )]
    UnclearDecimals {
        /// The column.
        column: String,
        /// An example.
        example: String,
        /// Its line.
        line: u64,
    },
    /// 03/04/2026 may be in March or in April.
    #[error(
        "In the column {column}, {example} (line {line}) can be read in two ways. Choose whether \
         the day or the month comes first."
    )]
    UnclearDates {
        /// The column.
        column: String,
        /// An example.
        example: String,
        /// Its line.
        line: u64,
    },
    /// The same column has days above 12 in both places.
    #[error(
        "The column {column} writes dates in two ways: {one} (line {one_line}) and {other} (line \
         {other_line}). Use one way in the whole column."
    )]
    MixedDates {
        /// The column.
        column: String,
        /// A date with the day first.
        one: String,
        /// Its line.
        one_line: u64,
        /// A date with the month first.
        other: String,
        /// Its line.
        other_line: u64,
    },
}

impl FileError {
    /// The stable name of this refusal for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "import_unreadable",
            Self::TooBig { .. } | Self::TooBigInside { .. } => "import_too_big",
            Self::NotATable { .. } => "import_not_a_table",
            Self::BrokenGzip { .. } | Self::BrokenWorkbook { .. } => "import_damaged",
            Self::NoSheet { .. } => "import_no_sheet",
            Self::LongLine { .. } => "import_long_line",
            Self::OpenQuote { .. } => "import_open_quote",
            Self::BrokenText { .. } => "import_broken_text",
            Self::TooManyRows { .. } => "import_too_many_rows",
            Self::TooManyColumns { .. } => "import_too_many_columns",
            Self::Empty { .. } | Self::NoRows { .. } => "import_empty",
            Self::MissingColumn { .. } => "import_missing_column",
            Self::NoSuchColumn { .. } => "import_no_such_column",
            Self::UnknownField { .. } => "import_unknown_field",
            Self::MixedDecimals { .. } => "import_mixed_decimals",
            Self::UnclearDecimals { .. } => "import_unclear_decimals",
            Self::UnclearDates { .. } => "import_unclear_dates",
            Self::MixedDates { .. } => "import_mixed_dates",
        }
    }

    /// The field of the form that mends it, where there is one.
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::MissingColumn { .. } | Self::NoSuchColumn { .. } | Self::UnknownField { .. } => {
                Some("mapping")
            }
            Self::UnclearDecimals { .. } => Some("decimal"),
            Self::UnclearDates { .. } => Some("dates"),
            Self::NoSheet { .. } => Some("sheet"),
            _ => None,
        }
    }
}

impl From<FileError> for Error {
    fn from(error: FileError) -> Self {
        let refusal = Refusal::from(error.said());
        match error.field() {
            Some(field) => refusal.at(field).into(),
            None => refusal.into(),
        }
    }
}

impl Say for FileError {
    fn said(&self) -> Said {
        let said = Said::new(self.code(), self.to_string());
        match self {
            Self::Unreadable { name, why }
            | Self::BrokenGzip { name, why }
            | Self::BrokenWorkbook { name, why } => said.fact("name", name).fact("why", why),
            Self::TooBig { name, limit, .. } | Self::TooBigInside { name, limit } => {
                said.fact("name", name).fact("limit", limit)
            }
            Self::NotATable { name, what } => said.fact("name", name).fact("what", what),
            Self::NoSheet { name, has } => said.fact("name", name).fact("has", has),
            Self::LongLine { line, limit } | Self::TooManyColumns { line, limit } => {
                said.fact("line", line).fact("limit", limit)
            }
            Self::OpenQuote { line } => said.fact("line", line),
            Self::BrokenText { line, encoding } => {
                said.fact("line", line).fact("encoding", encoding)
            }
            Self::TooManyRows { limit } => said.fact("limit", limit),
            Self::Empty { name } | Self::NoRows { name } => said.fact("name", name),
            Self::MissingColumn { field, has } => said.fact("field", field).fact("has", has),
            Self::NoSuchColumn { column, has } => said.fact("column", column).fact("has", has),
            Self::UnknownField { field, known } => said.fact("field", field).fact("known", known),
            Self::MixedDecimals { column, point, point_line, comma, comma_line } => said
                .fact("column", column)
                .fact("one", point)
                .fact("one_line", point_line)
                .fact("other", comma)
                .fact("other_line", comma_line),
            Self::MixedDates { column, one, one_line, other, other_line } => said
                .fact("column", column)
                .fact("one", one)
                .fact("one_line", one_line)
                .fact("other", other)
                .fact("other_line", other_line),
            Self::UnclearDecimals { column, example, line }
            | Self::UnclearDates { column, example, line } => {
                said.fact("column", column).fact("example", example).fact("line", line)
            }
        }
    }
}

/// What is wrong with one cell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CellError {
    /// It must have something in it.
    #[error("is empty")]
    Missing,
    /// Not a number in any way we know.
    #[error("\"{0}\" is not a number")]
    NotANumber(String),
    /// The spreadsheet wrote 8.99E+12 and with it lost the last digits.
    #[error(
        "\"{0}\" is in scientific notation, so the spreadsheet has dropped digits: format the \
         column as text and enter it again"
    )]
    Scientific(String),
    /// Commas or points between digits at places where they cannot be.
    #[error("\"{0}\" has its commas and points at places where no number has them")]
    Grouping(String),
    /// More decimals than are kept.
    #[error("\"{0}\" has more than {1} decimals")]
    Decimals(String, u32),
    /// Larger than anything sold here.
    #[error("\"{0}\" is larger than any real value")]
    TooLarge(String),
    /// Below zero where nothing can be.
    #[error("\"{0}\" is below zero")]
    Negative(String),
    /// Zero where nothing can be zero.
    #[error("is zero")]
    Zero,
    /// A formula where a value belongs.
    #[error("\"{0}\" is a formula: put its value there")]
    Formula(String),
    /// #N/A, #REF! and their family.
    #[error("is the spreadsheet error {0}")]
    SpreadsheetError(String),
    /// Not a date in any way we know.
    #[error("\"{0}\" is not a date")]
    NotADate(String),
    /// A date that no shop traded on.
    #[error("\"{0}\" lies outside the years 1970 to 2100")]
    FarDate(String),
    /// Longer than the column it goes to.
    #[error("is longer than {0} characters")]
    TooLong(usize),
    /// Characters that no printer and no screen can show.
    #[error("has characters that cannot be printed")]
    Unprintable,
    /// A value out of a small set.
    #[error("\"{0}\" is not one of: {1}")]
    NotOneOf(String, String),
    /// The check digit says it was typed wrong.
    #[error("\"{0}\" has a wrong check digit")]
    CheckDigit(String),
}

impl CellError {
    /// The stable name of what is wrong.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "cell_missing",
            Self::NotANumber(_) => "cell_not_a_number",
            Self::Scientific(_) => "cell_scientific",
            Self::Grouping(_) => "cell_grouping",
            Self::Decimals(..) => "cell_decimals",
            Self::TooLarge(_) => "cell_too_large",
            Self::Negative(_) => "cell_negative",
            Self::Zero => "cell_zero",
            Self::Formula(_) => "cell_formula",
            Self::SpreadsheetError(_) => "cell_spreadsheet_error",
            Self::NotADate(_) => "cell_not_a_date",
            Self::FarDate(_) => "cell_far_date",
            Self::TooLong(_) => "cell_too_long",
            Self::Unprintable => "cell_unprintable",
            Self::NotOneOf(..) => "cell_not_one_of",
            Self::CheckDigit(_) => "cell_check_digit",
        }
    }
}

impl Say for CellError {
    fn said(&self) -> Said {
        let said = Said::new(self.code(), self.to_string());
        match self {
            Self::Missing | Self::Zero | Self::Unprintable => said,
            Self::NotANumber(cell)
            | Self::Scientific(cell)
            | Self::Grouping(cell)
            | Self::TooLarge(cell)
            | Self::Negative(cell)
            | Self::Formula(cell)
            | Self::SpreadsheetError(cell)
            | Self::NotADate(cell)
            | Self::FarDate(cell)
            | Self::CheckDigit(cell) => said.fact("cell", cell),
            Self::Decimals(cell, limit) => said.fact("cell", cell).fact("limit", limit),
            Self::TooLong(limit) => said.fact("limit", limit),
            Self::NotOneOf(cell, known) => said.fact("cell", cell).fact("known", known),
        }
    }
}
