//! Reads workbooks with calamine, in a thread of its own with a time limit: a file made to crash or stall the
//! reader then costs one refusal. Newer formats are read cell by cell, so a sheet is never laid out in full.

use std::io::Cursor;
use std::sync::mpsc;
use std::time::Instant;

use calamine::{
    Data, Ods, OdsError, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};

use super::cell;
use super::limits::*;
use super::package::{self, Format};
use super::table::Table;
use super::{COMPOUND, Sheet, SheetRefusal, legacy};
use crate::mapping::{Kind, Mapping};

type Bytes = Cursor<Vec<u8>>;

pub(super) fn read(bytes: &[u8], kind: Kind) -> Result<Sheet, SheetRefusal> {
    let bytes = bytes.to_vec();
    let (answer, answered) = mpsc::channel();
    let reader = std::thread::Builder::new().name("read-workbook".to_owned()).spawn(move || {
        // Nobody listens any more once the time is up.
        let _ = answer.send(read_now(bytes, kind));
    });
    if reader.is_err() {
        return Err(SheetRefusal::UnreadableWorkbook);
    }
    // A reader that panics drops its end, which ends the wait as well.
    answered.recv_timeout(MAX_READ_TIME).unwrap_or(Err(SheetRefusal::UnreadableWorkbook))
}

fn read_now(bytes: Vec<u8>, kind: Kind) -> Result<Sheet, SheetRefusal> {
    let deadline = Instant::now() + MAX_READ_TIME;
    let mut workbook = open(bytes)?;
    let mut best: Option<(usize, String)> = None;
    for name in workbook.sheets() {
        if Instant::now() > deadline {
            return Err(SheetRefusal::UnreadableWorkbook);
        }
        let mut header = Table::default();
        workbook.read(&name, Extent::FirstRow, deadline, &mut header)?;
        let Some(sheet) = header.into_sheet(name.clone(), None) else { continue };
        let known = Mapping::guess(&sheet.header, kind).fields.len();
        if best.as_ref().is_none_or(|(most, _)| known > *most) {
            best = Some((known, name));
        }
    }
    let (_, name) = best.ok_or(SheetRefusal::Empty)?;
    let mut table = Table::default();
    workbook.read(&name, Extent::All, deadline, &mut table)?;
    table.into_sheet(name, None).ok_or(SheetRefusal::Empty)
}

fn open(bytes: Vec<u8>) -> Result<Workbook, SheetRefusal> {
    if bytes.starts_with(COMPOUND) {
        legacy::inspect(&bytes)?;
        return Xls::new(Cursor::new(bytes)).map(Workbook::Xls).map_err(|error| match error {
            XlsError::Password => SheetRefusal::Encrypted,
            _ => SheetRefusal::UnreadableWorkbook,
        });
    }
    let format = package::inspect(&bytes)?;
    let bytes = Cursor::new(bytes);
    match format {
        Format::Xlsx => Xlsx::new(bytes).map(Workbook::Xlsx).map_err(|error| match error {
            XlsxError::Password => SheetRefusal::Encrypted,
            _ => SheetRefusal::UnreadableWorkbook,
        }),
        Format::Xlsb => Xlsb::new(bytes).map(Workbook::Xlsb).map_err(|error| match error {
            XlsbError::Password => SheetRefusal::Encrypted,
            _ => SheetRefusal::UnreadableWorkbook,
        }),
        Format::OpenDocument => Ods::new(bytes).map(Workbook::Ods).map_err(|error| match error {
            OdsError::Password => SheetRefusal::Encrypted,
            _ => SheetRefusal::UnreadableWorkbook,
        }),
    }
}

enum Workbook {
    Xls(Xls<Bytes>),
    Xlsx(Xlsx<Bytes>),
    Xlsb(Xlsb<Bytes>),
    Ods(Ods<Bytes>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Up to the end of the first row that has anything in it.
    FirstRow,
    All,
}

impl Workbook {
    /// Names of the worksheets, visible ones first: what is hidden was hardly meant to be sent.
    fn sheets(&self) -> Vec<String> {
        let all = match self {
            Self::Xls(book) => book.sheets_metadata(),
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xlsb(book) => book.sheets_metadata(),
            Self::Ods(book) => book.sheets_metadata(),
        };
        let pick = |visible: bool| {
            all.iter()
                .filter(move |sheet| sheet.typ == SheetType::WorkSheet)
                .filter(move |sheet| (sheet.visible == SheetVisible::Visible) == visible)
                .map(|sheet| sheet.name.clone())
        };
        pick(true).chain(pick(false)).collect()
    }

    fn read(
        &mut self,
        name: &str,
        extent: Extent,
        deadline: Instant,
        into: &mut Table,
    ) -> Result<(), SheetRefusal> {
        let mut filler = Filler { extent, deadline, into, first_row: None, seen: 0 };
        match self {
            Self::Xls(book) => filler.rectangle(book.worksheet_range(name).map_err(unreadable)?),
            Self::Ods(book) => filler.rectangle(book.worksheet_range(name).map_err(unreadable)?),
            Self::Xlsx(book) => {
                let mut cells = match book.worksheet_cells_reader(name) {
                    Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
                    other => other.map_err(unreadable)?,
                };
                while let Some(cell) = cells.next_cell().map_err(unreadable)? {
                    if !filler.put(cell.get_position(), cell.get_value().clone().into())? {
                        break;
                    }
                }
                Ok(())
            }
            Self::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(name).map_err(unreadable)?;
                while let Some(cell) = cells.next_cell().map_err(unreadable)? {
                    if !filler.put(cell.get_position(), cell.get_value().clone().into())? {
                        break;
                    }
                }
                Ok(())
            }
        }
    }
}

fn unreadable<E>(_: E) -> SheetRefusal {
    SheetRefusal::UnreadableWorkbook
}

struct Filler<'a> {
    extent: Extent,
    deadline: Instant,
    into: &'a mut Table,
    first_row: Option<u32>,
    seen: u32,
}

impl Filler<'_> {
    fn rectangle(&mut self, range: calamine::Range<Data>) -> Result<(), SheetRefusal> {
        let (first_row, first_column) = range.start().unwrap_or((0, 0));
        for (row, cells) in (first_row..).zip(range.rows()) {
            for (column, value) in (first_column..).zip(cells) {
                if !self.put((row, column), value.clone())? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// False when enough was read.
    fn put(&mut self, (row, column): (u32, u32), value: Data) -> Result<bool, SheetRefusal> {
        self.seen = self.seen.wrapping_add(1);
        if self.seen.is_multiple_of(4096) && Instant::now() > self.deadline {
            return Err(SheetRefusal::UnreadableWorkbook);
        }
        let text = cell::text(value);
        if text.is_empty() {
            return Ok(true);
        }
        let first = *self.first_row.get_or_insert(row);
        if self.extent == Extent::FirstRow && row != first {
            return Ok(false);
        }
        self.into.put(row, column, text)?;
        Ok(true)
    }
}
