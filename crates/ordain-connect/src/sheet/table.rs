//! Collects cells of a workbook or text file into a [`Sheet`] while keeping to the limits.
//! Rows may come in any order and with gaps; nothing is allocated for cells that are not there.

use std::collections::{BTreeMap, BTreeSet};

use super::limits::*;
use super::{RowProblem, Sheet, SheetRefusal, SheetRow};

#[derive(Default)]
pub(super) struct Table {
    rows: BTreeMap<u32, Vec<String>>,
    problems: BTreeMap<u32, &'static str>,
    cells: usize,
    text_bytes: u64,
}

impl Table {
    /// Puts one cell in its place, both counted from 0. Empty cells need not be put.
    pub(super) fn put(&mut self, row: u32, column: u32, text: String) -> Result<(), SheetRefusal> {
        if text.is_empty() {
            return Ok(());
        }
        let column = column as usize;
        if column >= MAX_COLUMNS {
            return Err(SheetRefusal::TooManyColumns { limit: MAX_COLUMNS });
        }
        if text.len() > MAX_CELL_BYTES {
            self.problem(row, "cell_too_long");
            return Ok(());
        }
        self.text_bytes = self.text_bytes.saturating_add(text.len() as u64);
        if self.text_bytes > MAX_UNPACKED_BYTES {
            return Err(SheetRefusal::UnpackedTooLarge { limit_bytes: MAX_UNPACKED_BYTES });
        }
        let cells = self.rows.entry(row).or_default();
        let missing = (column + 1).saturating_sub(cells.len());
        self.cells = self.cells.saturating_add(missing);
        if self.cells > MAX_CELLS {
            return Err(SheetRefusal::TooManyCells { limit: MAX_CELLS });
        }
        cells.resize(cells.len() + missing, String::new());
        if let Some(place) = cells.get_mut(column) {
            *place = text;
        }
        // One more than the rows of data, for the header.
        if self.rows.len() > MAX_ROWS + 1 {
            return Err(SheetRefusal::TooManyRows { limit: MAX_ROWS });
        }
        Ok(())
    }

    /// Marks a row, counted from 0, as not readable; what else it holds is left out of the rows.
    pub(super) fn problem(&mut self, row: u32, code: &'static str) {
        self.problems.entry(row).or_insert(code);
    }

    pub(super) fn into_sheet(self, name: String, encoding: Option<&'static str>) -> Option<Sheet> {
        let bad: BTreeSet<u32> = self.problems.keys().copied().collect();
        let mut rows = self.rows.into_iter().filter(|(row, _)| !bad.contains(row));
        let (_, header) = rows.next()?;
        Some(Sheet {
            name,
            encoding,
            header: header.into_iter().map(|cell| cell.trim().to_owned()).collect(),
            rows: rows.map(|(row, cells)| SheetRow { number: row.saturating_add(1), cells }).collect(),
            problems: self
                .problems
                .into_iter()
                .map(|(row, code)| RowProblem { row: row.saturating_add(1), code })
                .collect(),
        })
    }
}
