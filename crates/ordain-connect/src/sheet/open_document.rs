//! Measures an OpenDocument table before it is read: one cell may claim to stand for thousands of others, and
//! the reader writes every copy out. Only what is repeated is counted here; the values are calamine's business.

use std::io::{BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::SheetRefusal;
use super::limits::*;

pub(super) fn check<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<(), SheetRefusal> {
    if is_encrypted(archive) {
        return Err(SheetRefusal::Encrypted);
    }
    let content = archive.by_name("content.xml").map_err(|_| SheetRefusal::UnreadableWorkbook)?;
    let mut reader = Reader::from_reader(BufReader::new(content));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let mut size = Size::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| SheetRefusal::UnreadableWorkbook)? {
            Event::Start(start) => size.open(&start),
            Event::End(end) => size.close(end.name().as_ref())?,
            Event::Text(text) => size.text(text.len()),
            Event::CData(text) => size.text(text.len()),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn is_encrypted<R: Read + Seek>(archive: &mut ZipArchive<R>) -> bool {
    let mut manifest = String::new();
    match archive.by_name("META-INF/manifest.xml") {
        Ok(mut part) => part.read_to_string(&mut manifest).is_ok() && manifest.contains("encryption-data"),
        Err(_) => false,
    }
}

/// Running totals of one document; `row_…` belong to the row being read, `cell_…` to the cell.
#[derive(Default)]
struct Size {
    rows: usize,
    full_rows: usize,
    columns: usize,
    cells: usize,
    text: usize,
    row_repeats: usize,
    row_columns: usize,
    row_full: usize,
    row_text: usize,
    cell_repeats: usize,
    cell_text: usize,
    cell_has_value: bool,
}

impl Size {
    fn open(&mut self, start: &BytesStart<'_>) {
        match start.name().as_ref() {
            "table:table" => {
                (self.rows, self.full_rows, self.columns) = (0, 0, 0);
            }
            "table:table-row" => {
                self.row_repeats = repeats(start, "table:number-rows-repeated");
                (self.row_columns, self.row_full, self.row_text) = (0, 0, 0);
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.cell_repeats = repeats(start, "table:number-columns-repeated");
                self.cell_text = start.len();
                self.cell_has_value = start.attributes().flatten().any(|attribute| {
                    !matches!(attribute.key.as_ref(), "table:style-name" | "table:number-columns-repeated")
                });
            }
            _ => {}
        }
    }

    fn text(&mut self, bytes: usize) {
        self.cell_text = self.cell_text.saturating_add(bytes);
        self.cell_has_value = true;
    }

    fn close(&mut self, name: &str) -> Result<(), SheetRefusal> {
        match name {
            "table:table-cell" | "table:covered-table-cell" => {
                self.row_columns = self.row_columns.saturating_add(self.cell_repeats);
                if self.cell_has_value {
                    self.row_full = self.row_columns;
                    let text = self.cell_text.saturating_mul(self.cell_repeats);
                    self.row_text = self.row_text.saturating_add(text);
                }
                self.cell_has_value = false;
                Ok(())
            }
            "table:table-row" => self.close_row(),
            _ => Ok(()),
        }
    }

    /// Empty rows and columns at the end cost nothing; those before something full are written out.
    fn close_row(&mut self) -> Result<(), SheetRefusal> {
        self.rows = self.rows.saturating_add(self.row_repeats);
        if self.row_full == 0 {
            return Ok(());
        }
        self.cells = self.cells.saturating_add(self.row_full);
        self.text = self.text.saturating_add(self.row_text.saturating_mul(self.row_repeats));
        self.full_rows = self.rows;
        self.columns = self.columns.max(self.row_full);
        if self.columns > MAX_COLUMNS {
            return Err(SheetRefusal::TooManyColumns { limit: MAX_COLUMNS });
        }
        if self.full_rows > MAX_ROWS + 1 {
            return Err(SheetRefusal::TooManyRows { limit: MAX_ROWS });
        }
        if self.full_rows.saturating_mul(self.columns) > MAX_CELLS || self.cells > MAX_CELLS {
            return Err(SheetRefusal::TooManyCells { limit: MAX_CELLS });
        }
        if self.text as u64 > MAX_UNPACKED_BYTES * 4 {
            return Err(SheetRefusal::UnpackedTooLarge { limit_bytes: MAX_UNPACKED_BYTES });
        }
        Ok(())
    }
}

fn repeats(start: &BytesStart<'_>, name: &str) -> usize {
    let attribute = start.try_get_attribute(name).ok().flatten();
    attribute.and_then(|repeats| repeats.value.trim().parse().ok()).unwrap_or(1)
}
