//! Reads a file somebody sent into one table of text: CSV in any usual encoding, or a workbook.
//! A file that cannot be a table, or that would cost too much to unpack, is refused with a code; a row that
//! cannot be read is reported beside the rows that can.

mod cell;
mod decode;
mod delimited;
mod legacy;
mod legacy_text;
mod limits;
mod open_document;
mod package;
mod table;
mod workbook;

use std::io::Read;

use serde::Serialize;

use crate::mapping::Kind;
pub use decode::{Decoded, decode};
pub use limits::*;

/// One table as the sender sees it, every cell as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// The worksheet's name, or the file's name for text.
    pub name: String,
    /// The character encoding a text file was read in; `None` for workbooks, which state their own.
    pub encoding: Option<&'static str>,
    /// The first row that is not empty, trimmed.
    pub header: Vec<String>,
    pub rows: Vec<SheetRow>,
    pub problems: Vec<RowProblem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetRow {
    /// Counted from 1 with the header and empty rows, as a spreadsheet program shows it.
    pub number: u32,
    /// Empty cells at the end are left off.
    pub cells: Vec<String>,
}

/// A row that is not among the rows read, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowProblem {
    pub row: u32,
    pub code: &'static str,
}

/// Why no table could be read at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum SheetRefusal {
    #[error("empty")]
    Empty,
    #[error("file_too_large: limit {limit_bytes} bytes")]
    FileTooLarge { limit_bytes: u64 },
    #[error("unpacked_too_large: limit {limit_bytes} bytes")]
    UnpackedTooLarge { limit_bytes: u64 },
    #[error("too_many_entries: limit {limit}")]
    TooManyEntries { limit: usize },
    #[error("too_many_rows: limit {limit}")]
    TooManyRows { limit: usize },
    #[error("too_many_columns: limit {limit}")]
    TooManyColumns { limit: usize },
    #[error("too_many_cells: limit {limit}")]
    TooManyCells { limit: usize },
    #[error("not_a_table")]
    NotATable,
    #[error("not_a_workbook")]
    NotAWorkbook,
    #[error("unreadable_workbook")]
    UnreadableWorkbook,
    #[error("encrypted")]
    Encrypted,
}

impl SheetRefusal {
    /// The stable code that a catalogue turns into words.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::UnpackedTooLarge { .. } => "unpacked_too_large",
            Self::TooManyEntries { .. } => "too_many_entries",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::NotATable => "not_a_table",
            Self::NotAWorkbook => "not_a_workbook",
            Self::UnreadableWorkbook => "unreadable_workbook",
            Self::Encrypted => "encrypted",
        }
    }
}

/// Reads a file of orders. Of several worksheets it takes the one whose header says most about orders.
pub fn read(bytes: &[u8], file_name: &str) -> Result<Sheet, SheetRefusal> {
    read_for(bytes, file_name, Kind::Orders)
}

/// Reads a file of the given kind; the kind only decides which worksheet of a workbook is taken.
pub fn read_for(bytes: &[u8], file_name: &str, kind: Kind) -> Result<Sheet, SheetRefusal> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(SheetRefusal::FileTooLarge { limit_bytes: MAX_FILE_BYTES });
    }
    let lower = file_name.to_lowercase();
    if !bytes.starts_with(GZIP) {
        return read_plain(bytes, &lower, file_name, kind);
    }
    let unpacked = gunzip(bytes)?;
    // A file packed twice has no honest reason and would double the allowance.
    if unpacked.starts_with(GZIP) {
        return Err(SheetRefusal::NotATable);
    }
    read_plain(&unpacked, lower.trim_end_matches(".gz"), file_name, kind)
}

const GZIP: &[u8] = b"\x1f\x8b";
const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const WORKBOOK_ENDINGS: [&str; 6] = [".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".xltx"];

/// The content decides what a file is; its name only tells when the two contradict each other.
fn read_plain(bytes: &[u8], lower: &str, file_name: &str, kind: Kind) -> Result<Sheet, SheetRefusal> {
    if bytes.is_empty() {
        return Err(SheetRefusal::Empty);
    }
    if ZIP.iter().any(|mark| bytes.starts_with(mark)) || bytes.starts_with(COMPOUND) {
        return workbook::read(bytes, kind);
    }
    if WORKBOOK_ENDINGS.iter().any(|ending| lower.ends_with(ending)) {
        return Err(SheetRefusal::NotAWorkbook);
    }
    delimited::read(bytes, lower, file_name)
}

fn gunzip(bytes: &[u8]) -> Result<Vec<u8>, SheetRefusal> {
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes)
        .take(MAX_UNPACKED_BYTES + 1)
        .read_to_end(&mut unpacked)
        .map_err(|_| SheetRefusal::NotATable)?;
    if unpacked.len() as u64 > MAX_UNPACKED_BYTES {
        return Err(SheetRefusal::UnpackedTooLarge { limit_bytes: MAX_UNPACKED_BYTES });
    }
    Ok(unpacked)
}
