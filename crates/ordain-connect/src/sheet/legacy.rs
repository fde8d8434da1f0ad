//! Looks into an old binary workbook (.xls) before calamine does, because calamine lays its cells out as a full
//! rectangle and two cells in opposite corners would cost gigabytes. The container is read by the `cfb` crate,
//! which also refuses chains of sectors that run in a circle.

use std::io::{Cursor, Read};

use super::limits::*;
use super::{SheetRefusal, legacy_text};

const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const FILE_PASS: u16 = 0x002f;
const MUL_RK: u16 = 0x00bd;
/// Records that begin with the row and the column of one cell.
const ONE_CELL: [u16; 6] = [0x0203, 0x0204, 0x00d6, 0x0205, 0x027e, 0x0006];
/// The same, with the number of a string that any other cell may show too.
const SHARED_STRING: u16 = 0x00fd;
/// Excel itself may claim the whole grid when whole columns are formatted; memory for a claim is only reserved.
const MAX_CLAIMED_CELLS: u64 = 65_536 * 256;
/// Sheets may share their records, so what is walked can exceed the file.
const MAX_RECORDS: usize = 8_000_000;

pub(super) fn inspect(bytes: &[u8]) -> Result<(), SheetRefusal> {
    let mut container =
        cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| SheetRefusal::UnreadableWorkbook)?;
    if container.is_stream("/EncryptedPackage") {
        return Err(SheetRefusal::Encrypted);
    }
    // The reader takes the first stream of such a name wherever it lies, so all of them are looked at.
    let names: Vec<_> = container
        .walk()
        .filter(|entry| entry.is_stream())
        .filter(|entry| ["workbook", "book"].contains(&entry.name().to_lowercase().as_str()))
        .map(|entry| entry.path().to_owned())
        .collect();
    if names.is_empty() {
        return Err(SheetRefusal::NotAWorkbook);
    }
    let mut cost = Cost::default();
    for name in names {
        let mut stream = Vec::new();
        container
            .open_stream(name)
            .and_then(|part| part.take(MAX_FILE_BYTES).read_to_end(&mut stream))
            .map_err(|_| SheetRefusal::UnreadableWorkbook)?;
        inspect_stream(&stream, &mut cost)?;
    }
    Ok(())
}

/// What the sheets looked at so far will cost to read.
#[derive(Default)]
struct Cost {
    records: usize,
    cells: u64,
    text_bytes: u64,
}

fn inspect_stream(stream: &[u8], cost: &mut Cost) -> Result<(), SheetRefusal> {
    let strings = legacy_text::lengths(Records(stream));
    for start in sheet_starts(stream)? {
        let records = stream.get(start..).unwrap_or_default();
        let cells = rectangle(records, &strings, cost)?;
        cost.cells = cost.cells.saturating_add(cells);
        if cost.cells > MAX_CELLS as u64 {
            return Err(SheetRefusal::TooManyCells { limit: MAX_CELLS });
        }
    }
    Ok(())
}

fn sheet_starts(stream: &[u8]) -> Result<Vec<usize>, SheetRefusal> {
    let mut starts = Vec::new();
    for (kind, data) in Records(stream) {
        match kind {
            FILE_PASS if word(data, 0) != Some(0) => return Err(SheetRefusal::Encrypted),
            BOUND_SHEET => starts.extend(double_word(data, 0).and_then(|start| usize::try_from(start).ok())),
            END => break,
            _ => {}
        }
    }
    Ok(starts)
}

/// The number of cells in the smallest rectangle around all cells of a sheet.
fn rectangle(records: &[u8], strings: &[u32], cost: &mut Cost) -> Result<u64, SheetRefusal> {
    let (mut rows, mut columns) = (0_u64, 0_u64);
    // The sheet itself is opened by the first BEGIN; charts inside it are passed over.
    let mut depth = 0_usize;
    for (kind, data) in Records(records) {
        cost.records += 1;
        if cost.records > MAX_RECORDS {
            return Err(SheetRefusal::TooManyCells { limit: MAX_CELLS });
        }
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            _ => {}
        }
        if depth > 1 {
            continue;
        }
        let last_column = match kind {
            DIMENSIONS if claimed(data) > MAX_CLAIMED_CELLS => {
                return Err(SheetRefusal::TooManyCells { limit: MAX_CELLS });
            }
            MUL_RK => data.len().checked_sub(2).and_then(|at| word(data, at)),
            SHARED_STRING => {
                let index = double_word(data, 6).and_then(|index| usize::try_from(index).ok());
                let length = index.and_then(|index| strings.get(index)).copied();
                let length = u64::from(length.unwrap_or(legacy_text::LONGEST));
                cost.text_bytes = cost.text_bytes.saturating_add(length);
                if cost.text_bytes > MAX_UNPACKED_BYTES {
                    return Err(SheetRefusal::UnpackedTooLarge { limit_bytes: MAX_UNPACKED_BYTES });
                }
                word(data, 2)
            }
            kind if ONE_CELL.contains(&kind) => word(data, 2),
            _ => None,
        };
        if let (Some(row), Some(column)) = (word(data, 0), last_column) {
            rows = rows.max(u64::from(row) + 1);
            columns = columns.max(u64::from(column) + 1);
        }
    }
    Ok(rows.saturating_mul(columns))
}

fn claimed(dimensions: &[u8]) -> u64 {
    let sides = match dimensions.len() {
        10 => (word(dimensions, 2).map(u32::from), word(dimensions, 6)),
        _ => (double_word(dimensions, 4), word(dimensions, 10)),
    };
    u64::from(sides.0.unwrap_or(0)) * u64::from(sides.1.unwrap_or(0))
}

pub(super) fn word(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..)?.first_chunk::<2>().map(|bytes| u16::from_le_bytes(*bytes))
}

fn double_word(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..)?.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes))
}

/// Kind, length, data, one after the other: all there is to the outer form of the format.
pub(super) struct Records<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = word(self.0, 0)?;
        let end = usize::from(word(self.0, 2)?) + 4;
        let data = self.0.get(4..end)?;
        self.0 = self.0.get(end..)?;
        Some((kind, data))
    }
}
