//! The data of the demo company, as the program carries it; see `examples/demo-data/README.md`.

use crate::commands::Failed;
use flate2::read::GzDecoder;
use serde::Deserialize;
use std::io::{BufRead, BufReader};

pub const CUSTOMERS: &[u8] = include_bytes!("../../../../../examples/demo-data/customers.csv");
pub const PRODUCTS: &[u8] = include_bytes!("../../../../../examples/demo-data/products.csv");
pub const PRICES: &[u8] = include_bytes!("../../../../../examples/demo-data/prices.csv");
pub const STOCK: &[u8] = include_bytes!("../../../../../examples/demo-data/stock.csv");
const COMPANY: &str = include_str!("../../../../../examples/demo-data/company.json");
const STAFF: &str = include_str!("../../../../../examples/demo-data/staff.csv");
const ORDERS: &[u8] = include_bytes!("../../../../../examples/demo-data/orders.jsonl.gz");

/// An order of the source.
#[derive(Clone, Debug, Deserialize)]
pub struct SourceOrder {
    pub po: String,
    /// The customer, where the source has one.
    pub c: Option<String>,
    /// Minutes before the last order, 0 or less.
    pub t: i64,
    pub ch: String,
    /// Requested date, in days after the order.
    pub d: i64,
    /// Product, quantity, unit price.
    pub l: Vec<(String, String, String)>,
    pub fault: Option<String>,
    pub terms: Option<String>,
    pub note: Option<String>,
    pub source: Option<String>,
}

impl SourceOrder {
    /// Whether somebody of the company types it in.
    pub fn is_typed(&self) -> bool {
        matches!(self.ch.as_str(), "phone" | "mail" | "excel")
    }

    /// The source has two parts, of which the one orders much more at a time.
    pub fn is_large(&self) -> bool {
        self.c.as_ref().is_some_and(|customer| customer.starts_with("N-"))
    }
}

#[derive(Clone, Debug)]
pub struct Staff {
    pub login: String,
    pub name: String,
    pub department: String,
    pub role: String,
    pub email: String,
}

/// The company's name in Chinese.
pub fn company() -> Result<String, Failed> {
    let value: serde_json::Value = serde_json::from_str(COMPANY)?;
    let name = value.pointer("/name/zh").and_then(|name| name.as_str());
    Ok(name.unwrap_or("Ordain Demo").to_owned())
}

/// Lines of the source that are no goods or were taken back, by reason: they are left out.
pub fn left_out() -> Result<serde_json::Value, Failed> {
    let value: serde_json::Value = serde_json::from_str(COMPANY)?;
    let lines = value.pointer("/left_out/lines").and_then(|lines| lines.as_object());
    let mut sums = std::collections::BTreeMap::<&str, i64>::new();
    for (reason, n) in lines.into_iter().flatten() {
        let reason = reason.split_once(':').map_or(reason.as_str(), |(reason, _)| reason);
        *sums.entry(reason).or_default() += n.as_i64().unwrap_or_default();
    }
    Ok(serde_json::to_value(sums)?)
}

/// The codes of the first rows of a file.
pub fn first_codes(file: &[u8], most: usize) -> Vec<String> {
    let lines = file.lines().map_while(Result::ok).skip(1);
    lines.filter_map(|line| line.split(',').next().map(str::to_owned)).take(most).collect()
}

/// Whom the company buys from.
pub fn suppliers() -> Result<Vec<String>, Failed> {
    let value: serde_json::Value = serde_json::from_str(COMPANY)?;
    let names = value.get("suppliers").and_then(|names| names.as_array()).into_iter().flatten();
    Ok(names.filter_map(|name| name.as_str().map(str::to_owned)).collect())
}

pub fn staff() -> Vec<Staff> {
    let row = |line: &str| {
        let mut cells = line.split(',').map(str::to_owned);
        Some(Staff {
            login: cells.next()?,
            name: cells.next()?,
            department: cells.next()?,
            role: cells.next()?,
            email: cells.next()?,
        })
    };
    STAFF.lines().skip(1).filter_map(row).collect()
}

/// All orders, oldest first.
pub fn orders() -> Result<Vec<SourceOrder>, Failed> {
    let mut orders = Vec::new();
    for line in BufReader::new(GzDecoder::new(ORDERS)).lines() {
        orders.push(serde_json::from_str(&line?)?);
    }
    Ok(orders)
}
