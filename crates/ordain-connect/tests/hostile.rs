//! Files made to hurt: each is refused with its code or read right, soon, and nothing panics into the caller.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use ordain_connect::sheet::{self, MAX_FILE_BYTES, Sheet, SheetRefusal};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn read(bytes: &[u8], name: &str) -> Result<Sheet, SheetRefusal> {
    let started = Instant::now();
    let outcome = sheet::read(bytes, name);
    assert!(started.elapsed() < Duration::from_secs(20), "{name} takes {:?}", started.elapsed());
    outcome
}

fn code(bytes: &[u8], name: &str) -> &'static str {
    read(bytes, name).map_or_else(|refusal| refusal.code(), |_| "read")
}

fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of one worksheet with the given rows, as Excel would lay it out.
fn xlsx(sheet_data: &str, shared: &str) -> Vec<u8> {
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    zip(&[
        ("[Content_Types].xml", b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
        ("_rels/.rels", format!("<Relationships xmlns=\"{package}\"><Relationship Id=\"r\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>").as_bytes()),
        ("xl/workbook.xml", format!("<workbook xmlns=\"{main}\" xmlns:r=\"{relation}\"><sheets><sheet name=\"单\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>").as_bytes()),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns=\"{package}\"><Relationship Id=\"rId1\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>").as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet_data}</sheetData></worksheet>").as_bytes()),
    ])
}

const NO_STRINGS: &str = "<sst uniqueCount=\"0\"></sst>";

fn ods(table: &str) -> Vec<u8> {
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest xmlns:manifest=\"urn:m\"/>"),
        ("content.xml", format!("<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet><table:table table:name=\"a\">{table}</table:table></office:spreadsheet></office:body></office:document-content>").as_bytes()),
    ])
}

#[test]
fn an_honest_workbook_made_here_is_read() {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>货号</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>数量</t></is></c></row>\
                <row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>SKU-1</t></is></c><c r=\"B3\"><v>0.30000000000000004</v></c></row>";
    let sheet = read(&xlsx(rows, NO_STRINGS), "a.xlsx").unwrap();
    assert_eq!((sheet.name.as_str(), sheet.header), ("单", vec!["货号".to_owned(), "数量".to_owned()]));
    assert_eq!((sheet.rows[0].number, sheet.rows[0].cells[1].as_str()), (3, "0.3"));
    let table = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>货号</text:p></table:table-cell></table:table-row>\
                 <table:table-row><table:table-cell office:value-type=\"float\" office:value=\"2\"><text:p>2</text:p></table:table-cell></table:table-row>\
                 <table:table-row table:number-rows-repeated=\"1048574\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    assert_eq!(read(&ods(table), "a.ods").unwrap().rows[0].cells, ["2"]);
}

#[test]
fn a_zip_bomb_is_refused_by_what_it_really_unpacks_to() {
    let zeros = vec![0_u8; 70 * 1024 * 1024];
    let bomb = zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/bomb.xml", &zeros),
    ]);
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(code(&bomb, "a.xlsx"), "unpacked_too_large");
    // The same, with sizes in the container that say otherwise.
    let size = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let mut lying = bomb;
    let places: Vec<usize> =
        lying.windows(4).enumerate().filter(|(_, w)| *w == size).map(|(at, _)| at).collect();
    for at in places {
        lying[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    assert!(["unpacked_too_large", "unreadable_workbook"].contains(&code(&lying, "a.xlsx")));
}

#[test]
fn a_gzip_bomb_is_refused() {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(&vec![b','; 70 * 1024 * 1024]).unwrap();
    let bomb = packer.finish().unwrap();
    assert_eq!(code(&bomb, "a.csv.gz"), "unpacked_too_large");
    assert_eq!(code(&bomb[..100], "a.csv.gz"), "not_a_table");
}

#[test]
fn ten_thousand_parts_are_refused() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..10_050 {
        writer.start_file(format!("xl/{number}"), SimpleFileOptions::default()).unwrap();
    }
    assert_eq!(code(&writer.finish().unwrap().into_inner(), "a.xlsx"), "too_many_entries");
}

#[test]
fn a_file_over_the_limit_is_refused_unread() {
    let mut field = b"a,b\n1,\"".to_vec();
    field.resize(usize::try_from(MAX_FILE_BYTES).unwrap() + 6 * 1024 * 1024, b'x');
    assert_eq!(code(&field, "a.csv"), "file_too_large");
}

#[test]
fn a_giant_cell_costs_its_row_only() {
    let mut text = "货号,数量\nA,1\n".to_owned();
    text.push_str(&format!("\"{}\",2\n", "x".repeat(50 * 1024 * 1024)));
    text.push_str("B,3\n");
    let sheet = read(text.as_bytes(), "a.csv").unwrap();
    assert_eq!(sheet.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 4]);
    assert_eq!((sheet.problems[0].row, sheet.problems[0].code), (3, "cell_too_long"));
}

#[test]
fn sparse_corners_and_wide_claims_cost_no_memory() {
    let corner =
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c></row>";
    assert_eq!(read(&xlsx(corner, NO_STRINGS), "a.xlsx").unwrap().rows[0].number, 1_048_576);
    let wide = "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"/></row><row r=\"2\"><c r=\"A2\"><v>2</v></c></row>";
    assert_eq!(code(&xlsx(wide, NO_STRINGS), "a.xlsx"), "read");
    let full = "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"><v>1</v></c></row>";
    assert_eq!(code(&xlsx(full, NO_STRINGS), "a.xlsx"), "too_many_columns");
    let rows: String =
        (1..=5_000).map(|r| format!("<row r=\"{r}\"><c r=\"ALL{r}\"><v>1</v></c></row>")).collect();
    assert_eq!(code(&xlsx(&rows, NO_STRINGS), "a.xlsx"), "too_many_cells");
}

#[test]
fn one_long_string_used_everywhere_is_refused() {
    let shared = format!("<sst uniqueCount=\"1\"><si><t>{}</t></si></sst>", "字".repeat(10_000));
    let rows: String =
        (1..=4_000).map(|r| format!("<row r=\"{r}\"><c r=\"A{r}\" t=\"s\"><v>0</v></c></row>")).collect();
    assert_eq!(code(&xlsx(&rows, &shared), "a.xlsx"), "unpacked_too_large");
}

#[test]
fn a_claim_of_a_billion_strings_is_not_believed() {
    let shared = "<sst uniqueCount=\"1000000000000\"><si><t>x</t></si></sst>";
    assert_eq!(code(&xlsx("", shared), "a.xlsx"), "unreadable_workbook");
}

#[test]
fn repeated_cells_of_an_open_document_are_counted_first() {
    let cell = |columns: u32, text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"{columns}\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |rows: u32, cells: &str| {
        format!("<table:table-row table:number-rows-repeated=\"{rows}\">{cells}</table:table-row>")
    };
    assert_eq!(code(&ods(&row(1, &cell(16_384, "x"))), "a.ods"), "too_many_columns");
    assert_eq!(code(&ods(&row(1_000_000, &cell(1, "x"))), "a.ods"), "too_many_rows");
    assert_eq!(code(&ods(&row(100_000, &cell(900, "x"))), "a.ods"), "too_many_cells");
    let gap = row(1, &cell(1, "a")) + &row(900_000, "<table:table-cell/>") + &row(1, &cell(1, "b"));
    assert_eq!(code(&ods(&gap), "a.ods"), "too_many_rows");
    assert_eq!(code(&ods(&row(1_000, &cell(900, &"x".repeat(30_000)))), "a.ods"), "unpacked_too_large");
}

/// An old binary workbook with one sheet, from records of kind and data.
fn xls(globals: &[(u16, Vec<u8>)], sheet: &[(u16, Vec<u8>)], path: &str) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        [&kind.to_le_bytes()[..], &u16::try_from(data.len()).unwrap().to_le_bytes()[..], data].concat()
    };
    let begin = |of: u16| {
        record(0x0809, &[&0x0600_u16.to_le_bytes()[..], &of.to_le_bytes()[..], &[0; 12][..]].concat())
    };
    let rest: Vec<u8> = globals.iter().flat_map(|(kind, data)| record(*kind, data)).collect();
    let start = u32::try_from(20 + 4 + 9 + rest.len() + 4).unwrap();
    let bound = record(0x0085, &[&start.to_le_bytes()[..], &[0, 0, 1, 0, b'S'][..]].concat());
    let mut stream = [begin(5), bound, rest, record(0x000a, &[]), begin(0x10)].concat();
    stream.extend(sheet.iter().flat_map(|(kind, data)| record(*kind, data)));
    stream.extend(record(0x000a, &[]));
    // Streams under 4 KiB are kept elsewhere in the container; padding keeps to the common way.
    stream.resize(stream.len().max(5_000), 0);
    let mut container =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    if let Some((storage, _)) = path.rsplit_once('/').filter(|(storage, _)| !storage.is_empty()) {
        container.create_storage(storage).unwrap();
    }
    container.create_stream(path).unwrap().write_all(&stream).unwrap();
    container.flush().unwrap();
    container.into_inner().into_inner()
}

fn number(row: u16, column: u16, value: f64) -> (u16, Vec<u8>) {
    let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    (0x0203, [place, value.to_le_bytes().to_vec()].concat())
}

#[test]
fn an_old_workbook_is_measured_before_it_is_laid_out() {
    let honest = xls(&[], &[number(0, 0, 1.5), number(1, 0, 2.0)], "/Workbook");
    let sheet = read(&honest, "a.xls").unwrap();
    assert_eq!((sheet.header, &sheet.rows[0].cells), (vec!["1.5".to_owned()], &vec!["2".to_owned()]));
    let corners = [number(0, 0, 1.0), number(65_535, 65_535, 1.0)];
    assert_eq!(code(&xls(&[], &corners, "/Workbook"), "a.xls"), "too_many_cells");
    assert_eq!(code(&xls(&[], &corners, "/hidden/Workbook"), "a.xls"), "too_many_cells");
    let claim =
        [0_u32.to_le_bytes().to_vec(), u32::MAX.to_le_bytes().to_vec(), vec![0, 0, 255, 255, 0, 0]].concat();
    assert_eq!(code(&xls(&[], &[(0x0200, claim)], "/Workbook"), "a.xls"), "too_many_cells");
    for at in (0..honest.len()).step_by(3) {
        let mut damaged = honest.clone();
        damaged[at] ^= 0xff;
        let _ = read(&damaged, "a.xls");
    }
}

#[test]
fn one_long_string_shown_by_every_cell_of_an_old_workbook_is_refused() {
    let string = [&8_000_u16.to_le_bytes()[..], &[0][..], &[b'x'; 8_000][..]].concat();
    let strings = (0x00fc, [&1_u32.to_le_bytes()[..], &1_u32.to_le_bytes()[..], &string].concat());
    let cell = |row: u16| (0x00fd, [row.to_le_bytes(), [0, 0], [0, 0], [0, 0], [0, 0]].concat());
    let few: Vec<_> = (0..100).map(cell).collect();
    assert_eq!(
        read(&xls(std::slice::from_ref(&strings), &few, "/Workbook"), "a.xls").unwrap().rows.len(),
        99
    );
    let many: Vec<_> = (0..60_000).map(cell).collect();
    assert_eq!(code(&xls(&[strings], &many, "/Workbook"), "a.xls"), "unpacked_too_large");
}

#[test]
fn a_workbook_in_name_only_is_refused() {
    assert_eq!(code("货号,数量\nA,1\n".as_bytes(), "a.xlsx"), "not_a_workbook");
    assert_eq!(code(b"<html><table></table></html>", "a.xls"), "not_a_workbook");
    assert_eq!(code(&zip(&[("word/document.xml", b"<x/>")]), "a.xlsx"), "not_a_workbook");
    assert_eq!(code(b"PK\x03\x04 and nothing more", "a.xlsx"), "unreadable_workbook");
    assert_eq!(code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing more", "a.xls"), "unreadable_workbook");
    let honest = xlsx("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>", NO_STRINGS);
    for cut in (0..honest.len()).step_by(97) {
        assert_ne!(code(&honest[..cut], "a.xlsx"), "read");
    }
}

#[test]
fn damaged_workbooks_never_reach_the_caller_as_a_panic() {
    let honest = xlsx(
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>2</v></c></row>",
        NO_STRINGS,
    );
    for at in (0..honest.len()).step_by(11) {
        let mut damaged = honest.clone();
        damaged[at] ^= 0xff;
        let _ = read(&damaged, "a.xlsx");
    }
}

#[test]
fn junk_is_no_table() {
    let mut state = 1_u32;
    let junk: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(100_000)
    .collect();
    for bytes in
        [junk.as_slice(), &[0; 5_000], b"%PDF-1.7\n1 0 obj", b"{\"a\":1}", b"<?xml version=\"1.0\"?>"]
    {
        assert_eq!(code(bytes, "a.csv"), "not_a_table");
    }
    assert_eq!(code(b"", "a.csv"), "empty");
    assert_eq!(code(b"\n\n , ,\n", "a.csv"), "empty");
}

#[test]
fn a_nul_costs_its_row_only() {
    let text = format!("货号,数量\nA,1\nB\0,2\nC,3\n{}", "D,4\n".repeat(50));
    let sheet = read(text.as_bytes(), "a.csv").unwrap();
    assert_eq!(sheet.rows.len(), 52);
    assert_eq!(
        (sheet.problems.len(), sheet.problems[0].row, sheet.problems[0].code),
        (1, 3, "nul_character")
    );
}

#[test]
fn lines_of_another_encoding_are_reported_and_the_rest_is_read() {
    let mut bytes = "货号,名称\nA,螺栓\nB,螺母\n".as_bytes().to_vec();
    bytes.extend_from_slice(b"C,\xc2\xdd\xb6\xa4\n");
    bytes.extend_from_slice("D,垫圈\n".as_bytes());
    let sheet = read(&bytes, "a.csv").unwrap();
    assert_eq!(sheet.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3, 5]);
    assert_eq!((sheet.problems[0].row, sheet.problems[0].code), (4, "undecodable"));
}

#[test]
fn sixteen_bit_text_is_read_with_and_without_its_mark() {
    let text = "货号\t名称\r\nSKU-1\t螺栓 \u{1f529}\r\nSKU-2\t\u{202b}שלום\u{202c}\r\n";
    for big in [false, true] {
        for mark in [false, true] {
            let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            let bytes: Vec<u8> =
                units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
            let sheet = read(&bytes, "a.txt").unwrap();
            assert_eq!(sheet.encoding, Some(if big { "UTF-16BE" } else { "UTF-16LE" }));
            assert_eq!(sheet.header, ["货号", "名称"]);
            assert_eq!(sheet.rows[0].cells[1], "螺栓 \u{1f529}");
            assert_eq!(sheet.rows[1].cells[1], "\u{202b}שלום\u{202c}");
        }
    }
}

#[test]
fn a_short_chinese_file_is_not_taken_for_a_western_one() {
    let (bytes, _, _) = encoding_rs::GBK.encode("货号,数量\nA,1\n");
    assert_eq!(read(&bytes, "a.csv").unwrap().header, ["货号", "数量"]);
    let (bytes, _, _) = encoding_rs::GB18030.encode("货号,名称\nA,㐀\u{20000}𠮷野家\n");
    assert_eq!(read(&bytes, "a.csv").unwrap().rows[0].cells[1], "㐀\u{20000}𠮷野家");
    let (bytes, _, _) = encoding_rs::WINDOWS_1252
        .encode("Artikel;Menge;Bemerkung\nM8;3;für Müller, größer\nM9;4;café à la crème\n");
    assert_eq!(read(&bytes, "a.csv").unwrap().rows[0].cells[2], "für Müller, größer");
}

#[test]
fn delimiters_are_found() {
    for (delimiter, name) in
        [(',', "a.csv"), (';', "a.csv"), ('\t', "a.tsv"), ('|', "a.psv"), ('\t', "a.txt")]
    {
        let text = format!("货号{delimiter}数量{delimiter}备注\nA{delimiter}1{delimiter}急, 先发; 谢谢\n");
        let text = if delimiter == ',' || delimiter == ';' {
            text.replace("急, 先发; 谢谢", "急")
        } else {
            text
        };
        assert_eq!(read(text.as_bytes(), name).unwrap().header, ["货号", "数量", "备注"], "{delimiter:?}");
    }
    assert_eq!(read(b"code\nA\nB\n", "a.csv").unwrap().rows.len(), 2);
}

#[test]
fn text_made_of_broken_quotes_is_read_in_time() {
    let text = format!("a,b\n{}", "\"x,\"y\n".repeat(100_000));
    assert!(read(text.as_bytes(), "a.csv").is_ok());
    let wide = "1,".repeat(1_200) + "\n";
    assert_eq!(code(format!("a,b\n{wide}").as_bytes(), "a.csv"), "too_many_columns");
    assert_eq!(code("1,2\n".repeat(200_010).as_bytes(), "a.csv"), "too_many_rows");
}
