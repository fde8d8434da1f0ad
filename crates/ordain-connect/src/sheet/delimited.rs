//! Reads delimited text with the `csv` crate: finds the delimiter, counts rows as a spreadsheet program does, and
//! recovers after a quotation mark that is never closed instead of losing the rest of the file in one cell.

use csv::{ReaderBuilder, StringRecord};

use super::decode::decode;
use super::table::Table;
use super::{Sheet, SheetRefusal};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
const SNIFFED_BYTES: usize = 64 * 1024;
const SNIFFED_RECORDS: usize = 100;

pub(super) fn read(bytes: &[u8], lower_name: &str, file_name: &str) -> Result<Sheet, SheetRefusal> {
    let decoded = decode(bytes);
    let text = decoded.text.as_str();
    if !looks_like_table(text) {
        return Err(SheetRefusal::NotATable);
    }
    let delimiter = sniff(text, lower_name);
    let mut table = Table::default();
    each_row(text, delimiter, |number, row| {
        let record = match row {
            Ok(record) => record,
            Err(code) => {
                table.problem(number, code);
                return Ok(());
            }
        };
        if record.iter().any(|cell| cell.contains('\0')) {
            table.problem(number, "nul_character");
        } else if decoded.damaged && record.iter().any(|cell| cell.contains('\u{fffd}')) {
            table.problem(number, "undecodable");
        } else {
            for (column, cell) in (0_u32..).zip(record.iter()) {
                if !cell.trim().is_empty() {
                    table.put(number, column, cell.to_owned())?;
                }
            }
        }
        Ok(())
    })?;
    table.into_sheet(file_name.to_owned(), Some(decoded.encoding)).ok_or(SheetRefusal::Empty)
}

/// Markup, documents and binary data can be split at commas too, but nobody means them as a table.
fn looks_like_table(text: &str) -> bool {
    let start = text.trim_start();
    if ["<", "{", "%PDF", "\u{7f}ELF", "MZ\u{90}"].iter().any(|mark| start.starts_with(mark)) {
        return false;
    }
    let sample = text.chars().take(SNIFFED_BYTES);
    let (mut all, mut control, mut lost) = (0_usize, 0_usize, 0_usize);
    for character in sample {
        all += 1;
        control += usize::from(character.is_control() && !"\t\r\n".contains(character));
        lost += usize::from(character == '\u{fffd}');
    }
    control * 50 <= all && lost * 5 <= all
}

/// The delimiter that splits most records into the same number of fields; among equals the one giving most.
fn sniff(text: &str, lower_name: &str) -> u8 {
    let mut end = text.len().min(SNIFFED_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = text.get(..end).unwrap_or_default();
    let hinted = if lower_name.ends_with(".tsv") || lower_name.ends_with(".tab") {
        b'\t'
    } else if lower_name.ends_with(".psv") {
        b'|'
    } else {
        b','
    };
    let score = |delimiter: u8| {
        let (records, fields) = agreement(sample, delimiter);
        (records, fields, delimiter == hinted)
    };
    DELIMITERS.into_iter().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

/// How many of the first records have the most frequent number of fields, and that number; one field is none.
fn agreement(sample: &str, delimiter: u8) -> (usize, usize) {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    let mut reader = builder(delimiter, true).from_reader(sample.as_bytes());
    for record in reader.byte_records().take(SNIFFED_RECORDS).flatten() {
        if record.len() > 1 {
            *counts.entry(record.len()).or_default() += 1;
        }
    }
    counts.into_iter().map(|(fields, records)| (records, fields)).max().unwrap_or((0, 0))
}

fn builder(delimiter: u8, quoting: bool) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true).quoting(quoting);
    builder
}

/// Calls back for every row, counted from 0 with the empty ones. Behind a broken row a new reader begins at the
/// next line, so that one missing quotation mark costs one row.
fn each_row(
    text: &str,
    delimiter: u8,
    mut found: impl FnMut(u32, Result<&StringRecord, &'static str>) -> Result<(), SheetRefusal>,
) -> Result<(), SheetRefusal> {
    let (mut rest, mut row, mut rescanned) = (text, 0_u32, 0_usize);
    'reader: loop {
        // Text made of nothing but broken quotes could be scanned again for every line; past four times its
        // length quotation marks are read as plain characters.
        let quoting = rescanned <= text.len().saturating_mul(4);
        let mut reader = builder(delimiter, quoting).from_reader(rest.as_bytes());
        let mut record = StringRecord::new();
        let mut start = 0_usize;
        // Text in memory that is valid UTF-8 gives no errors; an error is the end.
        while let Ok(true) = reader.read_record(&mut record) {
            let end = usize::try_from(reader.position().byte()).unwrap_or(rest.len());
            let after_return = start > 0 && rest.get(..start).is_some_and(|before| before.ends_with('\r'));
            let raw = rest.get(start..end).unwrap_or_default();
            let (blank, lines) = skip_blank_lines(raw, after_return);
            row = row.saturating_add(blank);
            if quoting && is_broken(lines, delimiter) {
                found(row, Err("broken_quotes"))?;
                rescanned = rescanned.saturating_add(raw.len());
                let next = start + (raw.len() - lines.len()) + first_line(lines);
                rest = rest.get(next..).unwrap_or_default();
                row = row.saturating_add(1);
                continue 'reader;
            }
            found(row, Ok(&record))?;
            row = row.saturating_add(1);
            start = end;
        }
        return Ok(());
    }
}

/// The reader passes over empty lines silently, but they count as rows. The line feed of a CR LF that ended the
/// row before is no line.
fn skip_blank_lines(raw: &str, after_return: bool) -> (u32, &str) {
    let mut lines = if after_return { raw.strip_prefix('\n').unwrap_or(raw) } else { raw };
    let mut blank = 0;
    while let Some(next) =
        lines.strip_prefix("\r\n").or_else(|| lines.strip_prefix('\n')).or_else(|| lines.strip_prefix('\r'))
    {
        lines = next;
        blank += 1;
    }
    (blank, lines)
}

/// Bytes of the first line with its line end.
fn first_line(lines: &str) -> usize {
    match lines.find(['\r', '\n']) {
        Some(at) if lines.get(at..).is_some_and(|end| end.starts_with("\r\n")) => at + 2,
        Some(at) => at + 1,
        None => lines.len(),
    }
}

/// A quotation mark is never closed, or what follows the closing one shows, over several lines, that it was
/// meant for another row.
fn is_broken(lines: &str, delimiter: u8) -> bool {
    enum At {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    if !lines.contains('"') {
        return false;
    }
    let lines = lines.trim_end_matches(['\r', '\n']);
    let mut at = At::Start;
    let mut stray = false;
    for byte in lines.bytes() {
        at = match (at, byte) {
            (At::Start | At::Closed, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::Closed,
            (At::Quoted, _) => At::Quoted,
            (_, byte) if byte == delimiter => At::Start,
            (At::Closed, _) => {
                stray = true;
                At::Plain
            }
            (At::Start | At::Plain, _) => At::Plain,
        };
    }
    matches!(at, At::Quoted) || (stray && lines.contains(['\r', '\n']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Result<Vec<String>, &'static str>)> {
        let mut all = Vec::new();
        each_row(text, b',', |number, row| {
            all.push((number, row.map(|record| record.iter().map(str::to_owned).collect())));
            Ok(())
        })
        .unwrap();
        all
    }

    #[test]
    fn empty_lines_count_as_rows_with_any_line_end() {
        for end in ["\n", "\r\n", "\r"] {
            let numbers: Vec<u32> =
                rows(&["a,b", "", "1,2", "", "", "3,4", ""].join(end)).into_iter().map(|row| row.0).collect();
            assert_eq!(numbers, [0, 2, 5], "{end:?}");
        }
    }

    #[test]
    fn one_open_quote_costs_one_row() {
        let all = rows("a,b\n1,\"2\n3,4\n5,\"6 \"\"x\"\" and\nmore\"\n7,8\n");
        let numbers: Vec<_> = all.iter().map(|(number, row)| (*number, row.is_ok())).collect();
        assert_eq!(numbers, [(0, true), (1, false), (2, true), (3, true), (4, true)]);
        assert_eq!(all.get(3).unwrap().1, Ok(vec!["5".to_owned(), "6 \"x\" and\nmore".to_owned()]));
    }

    #[test]
    fn a_quote_inside_plain_text_is_text() {
        assert_eq!(rows("5\" pipe,1\n").first().unwrap().1, Ok(vec!["5\" pipe".to_owned(), "1".to_owned()]));
    }
}
