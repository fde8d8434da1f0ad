//! Files that others made. They lie beside the repository and not in it, so these tests pass without them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ordain_connect::mapping::{Kind, Mapping, orders, records};
use ordain_connect::sheet::{self, Sheet, SheetRefusal, decode};

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if folder.exists() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Result<Sheet, SheetRefusal> {
    sheet::read(&bytes(path), &path.file_name().unwrap().to_string_lossy())
}

fn read_well(path: &Path) -> Sheet {
    let sheet = read(path).unwrap_or_else(|refusal| panic!("{}: {refusal}", path.display()));
    assert!(sheet.problems.is_empty(), "{}: {:?}", path.display(), sheet.problems);
    sheet
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

#[test]
fn every_file_is_read_or_refused_in_time() {
    let Some(corpus) = corpus() else { return };
    let mut outcomes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut seen = 0;
    for path in ["orders", "csv", "spreadsheets"].iter().flat_map(|folder| files_below(&corpus.join(folder)))
    {
        let started = Instant::now();
        let outcome = read(&path).map_or_else(|refusal| refusal.code(), |_| "read");
        assert!(started.elapsed() < Duration::from_secs(20), "{} takes too long", path.display());
        outcomes.entry(outcome).or_default().push(path.file_name().unwrap().to_string_lossy().into_owned());
        seen += 1;
    }
    for (outcome, files) in outcomes.iter().filter(|(outcome, _)| **outcome != "read") {
        println!("{outcome}: {files:?}");
    }
    assert!(seen >= 266, "{seen} files");
    assert!(outcomes.get("read").map_or(0, Vec::len) * 100 >= seen * 85, "{outcomes:?}");
}

#[test]
fn order_files_have_the_rows_their_owners_counted() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("orders");
    for (file, rows) in [
        ("northwind/orders.csv", 830),
        ("northwind/order_details.csv", 2_155),
        ("northwind/customers.csv", 93),
        ("northwind/products.csv", 77),
        ("superstore_cn/orders.csv.gz", 10_000),
        ("superstore_cn/superstore_cn.xls", 10_000),
        ("superstore_cn/returns.csv", 296),
        ("tmall_2020-02_orders.csv.gz", 28_010),
        ("uci_online_retail_2010-12.csv.gz", 42_481),
    ] {
        assert_eq!(read_well(&folder.join(file)).rows.len(), rows, "{file}");
    }
}

#[test]
fn order_files_group_into_orders_without_a_saved_mapping() {
    let Some(corpus) = corpus() else { return };
    for (file, expected, lines) in [
        ("northwind/orders.csv", 830, 830),
        ("superstore_cn/superstore_cn.xls", 2_773, 10_000),
        ("tmall_2020-02_orders.csv.gz", 28_010, 28_010),
        ("uci_online_retail_2010-12.csv.gz", 2_025, 42_481),
    ] {
        let sheet = read_well(&corpus.join("orders").join(file));
        let mapping = Mapping::guess(&sheet.header, Kind::Orders);
        let found = orders(&sheet, &mapping);
        assert_eq!(found.orders.len(), expected, "{file} {:?}", mapping.fields);
        assert_eq!(found.orders.iter().map(|order| order.lines.len()).sum::<usize>(), lines, "{file}");
    }
}

#[test]
fn the_two_forms_of_the_superstore_agree_cell_by_cell() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("orders/superstore_cn");
    let workbook = read_well(&folder.join("superstore_cn.xls"));
    let text = read_well(&folder.join("orders.csv.gz"));
    assert_eq!(workbook.name, "订单");
    let plain = |name: &String| name.replace([' ', '/'], "");
    assert_eq!(
        workbook.header.iter().map(plain).collect::<Vec<_>>(),
        text.header.iter().map(plain).collect::<Vec<_>>()
    );
    let mut different = Vec::new();
    for (left, right) in workbook.rows.iter().zip(&text.rows) {
        for (one, other) in left.cells.iter().zip(&right.cells) {
            let close = match (one.parse::<f64>(), other.parse::<f64>()) {
                (Ok(one), Ok(other)) => (one - other).abs() < 1e-6,
                _ => one == other,
            };
            if !close {
                different.push((left.number, one.clone(), other.clone()));
            }
        }
    }
    assert!(
        different.is_empty(),
        "{} differ: {:?}",
        different.len(),
        different.iter().take(5).collect::<Vec<_>>()
    );
}

#[test]
fn master_data_is_recognised() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("orders/northwind");
    let customers = read_well(&folder.join("customers.csv"));
    let mapping = Mapping::guess(&customers.header, Kind::Customers);
    let rows = records(&customers, &mapping, Kind::Customers);
    assert_eq!(rows.len(), 93);
    assert_eq!(rows[0].fields["code"], "ALFKI");
    assert_eq!(rows[0].fields["name"], "Alfreds Futterkiste");
    let products = read_well(&folder.join("products.csv"));
    for (kind, field, value) in [(Kind::Products, "list_price", "18"), (Kind::Stock, "on_hand", "39")] {
        let mapping = Mapping::guess(&products.header, kind);
        assert_eq!(records(&products, &mapping, kind)[0].fields[field], value);
    }
}

#[test]
fn chinese_encodings_give_equal_rows_and_are_named() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("csv/encodings");
    let gbk = read_well(&folder.join("superstore_cn_200rows.gbk.csv"));
    let utf8 = read_well(&folder.join("superstore_cn_200rows.utf8bom.csv"));
    assert_eq!((gbk.encoding, utf8.encoding), (Some("gb18030"), Some("UTF-8")));
    assert_eq!((&gbk.header, &gbk.rows), (&utf8.header, &utf8.rows));
    assert_eq!(gbk.rows.len(), 200);
    for path in files_below(&folder.join("chardet")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let expected = if name.starts_with("Big5") { "Big5" } else { "gb18030" };
        assert_eq!(decode(&bytes(&path)).encoding, expected, "{name}");
    }
}

#[test]
fn csv_spectrum_reads_as_it_says() {
    let Some(corpus) = corpus() else { return };
    let mut cases = 0;
    for path in files_below(&corpus.join("csv/csv-spectrum")) {
        if path.extension().is_none_or(|ending| ending != "csv") {
            continue;
        }
        let expected: Vec<BTreeMap<String, String>> =
            serde_json::from_slice(&bytes(&path.with_extension("json"))).unwrap();
        let sheet = read_well(&path);
        let full = expected.iter().filter(|row| row.values().any(|cell| !cell.is_empty()));
        for (row, expected) in sheet.rows.iter().zip(full.clone()) {
            for (at, name) in sheet.header.iter().enumerate() {
                let cell = row.cells.get(at).map_or("", String::as_str);
                assert_eq!(cell, expected[name], "{} {name}", path.display());
            }
        }
        assert_eq!(sheet.rows.len(), full.count(), "{}", path.display());
        cases += 1;
    }
    assert_eq!(cases, 6);
}

/// Excel writes what a cell shows, we read what it holds, so numbers and dates differ by their format. Words do
/// not: every cell that Excel wrote as words must be among ours. `LONumbers` shows dates as weekdays throughout
/// and is left out.
#[test]
fn workbooks_hold_the_words_that_excel_wrote() {
    let Some(corpus) = corpus() else { return };
    let (mut same, mut all, mut missing) = (0_usize, 0_usize, Vec::new());
    for path in files_below(&corpus.join("spreadsheets/sheetjs")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".csv") || name.starts_with("password") || name.starts_with("LONumbers") {
            continue;
        }
        let Ok(sheet) = read(&path) else { continue };
        let ours: Vec<String> =
            std::iter::once(&sheet.header)
                .chain(sheet.rows.iter().map(|row| &row.cells))
                .flatten()
                // Excel writes TRUE where we write true.
                .map(|cell| {
                    if cell == "true" || cell == "false" {
                        cell.to_uppercase()
                    } else {
                        cell.trim().to_owned()
                    }
                })
                .collect();
        let among = |cells: &[String]| cells.iter().filter(|cell| ours.contains(cell)).count();
        // Which of the worksheets was taken is not the point here: it is the one that agrees best.
        let best = (0..20)
            .map(|number| path.with_file_name(format!("{name}.{number}.csv")))
            .filter(|csv| csv.exists())
            .map(|csv| excel_cells(&csv))
            .max_by_key(|cells| among(cells) * 1_000 / cells.len().max(1));
        for cell in best.unwrap_or_default() {
            all += 1;
            if ours.contains(&cell) {
                same += 1;
            } else if cell.chars().all(char::is_alphabetic) {
                missing.push((name.clone(), cell));
            }
        }
    }
    println!("{same} of {all} cells equal");
    assert!(missing.is_empty(), "{missing:?}");
    assert!(all > 500 && same * 10 >= all * 9, "{same} of {all}");
}

fn excel_cells(path: &Path) -> Vec<String> {
    let text = decode(&bytes(path)).text;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader
        .records()
        .flatten()
        .flat_map(|record| record.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>())
        .filter(|cell| !cell.is_empty())
        .collect()
}
