//! The demo company as it lies in `examples/demo-data`, built into the program.

use flate2::read::GzDecoder;
use jiff::civil::Date;
use ordain_connect::sheet;
use ordain_domain::decimal::DecimalText;
use ordain_domain::order::{Content, Line};
use ordain_store::{CustomerRow, ProductRow};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Read;

pub const CUSTOMERS: &[u8] = include_bytes!("../../../../examples/demo-data/customers.csv");
pub const PRODUCTS: &[u8] = include_bytes!("../../../../examples/demo-data/products.csv");
pub const PRICES: &[u8] = include_bytes!("../../../../examples/demo-data/prices.csv");
pub const STOCK: &[u8] = include_bytes!("../../../../examples/demo-data/stock.csv");
const STAFF: &[u8] = include_bytes!("../../../../examples/demo-data/staff.csv");
const COMPANY: &str = include_str!("../../../../examples/demo-data/company.json");
const ORDERS: &[u8] = include_bytes!("../../../../examples/demo-data/orders.jsonl.gz");

/// The data that was built in cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("demo data: {0}")]
pub struct Unreadable(String);

fn unreadable(error: impl std::fmt::Display) -> Unreadable {
    Unreadable(error.to_string())
}

/// One real order, its time in minutes before the last one of the set.
#[derive(Clone, Debug, Deserialize)]
pub struct SourceOrder {
    #[serde(rename = "po")]
    pub customer_po: String,
    #[serde(rename = "c")]
    pub customer: Option<String>,
    #[serde(rename = "t")]
    pub minutes: i64,
    #[serde(rename = "ch")]
    pub channel: String,
    #[serde(rename = "d")]
    pub days_until_asked: i64,
    /// Product, quantity and unit price, as text.
    #[serde(rename = "l")]
    lines: Vec<(String, String, String)>,
    fault: Option<String>,
    terms: Option<String>,
    note: Option<String>,
    source: Option<String>,
}

impl SourceOrder {
    /// The invoice that the order was in the source.
    pub fn invoice(&self) -> &str {
        self.source.as_deref().unwrap_or(&self.customer_po)
    }

    /// The order as its sender would have written it: a channel that knows the customer fills in what was agreed,
    /// unless the order is one of those that leave something out.
    pub fn content(
        &self,
        asked_for: Date,
        customer: Option<&CustomerRow>,
        products: &BTreeMap<String, ProductRow>,
    ) -> Content {
        let body: ordain_app::gate::CustomerBody =
            customer.and_then(|row| serde_json::from_str(&row.body).ok()).unwrap_or_default();
        let lacks = |fault: &str| self.fault.as_deref() == Some(fault);
        let agreed = customer.map(|row| row.payment_terms.clone());
        Content {
            customer: self.customer.clone(),
            customer_po: Some(self.customer_po.clone()),
            order_type: "standard".to_owned(),
            currency: Some(customer.map_or("CNY", |row| row.currency.as_str()).to_owned()),
            requested_date: Some(asked_for),
            payment_terms: self.terms.clone().or(agreed),
            ship_to: body.ship_to.into_iter().next().filter(|_| !lacks("no_ship_to")).unwrap_or_default(),
            invoice: if lacks("no_invoice") { Default::default() } else { body.invoice },
            special_requests: self.note.clone(),
            lines: self.lines(products),
            extra: BTreeMap::new(),
        }
    }

    fn lines(&self, products: &BTreeMap<String, ProductRow>) -> Vec<Line> {
        let numbered = (1..).zip(&self.lines);
        let line = |(id, (product, quantity, price)): (u32, &(String, String, String))| Line {
            id,
            product: Some(product.clone()),
            quantity: DecimalText::try_from(quantity.clone()).ok(),
            unit: products.get(product).map(|row| row.unit.clone()),
            unit_price: DecimalText::try_from(price.clone()).ok(),
            requested_date: None,
            warehouse: None,
        };
        numbered.map(line).collect()
    }
}

/// All orders, oldest first.
pub fn orders() -> Result<Vec<SourceOrder>, Unreadable> {
    let mut text = String::new();
    GzDecoder::new(ORDERS).read_to_string(&mut text).map_err(unreadable)?;
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).map_err(unreadable))
        .collect()
}

/// Name of the company, in Chinese as the source language.
pub fn company_name() -> Result<String, Unreadable> {
    #[derive(Deserialize)]
    struct Company {
        name: Name,
    }
    #[derive(Deserialize)]
    struct Name {
        zh: String,
    }
    let company: Company = serde_json::from_str(COMPANY).map_err(unreadable)?;
    Ok(company.name.zh)
}

/// Login, name, department, roles and address of everybody.
pub fn staff() -> Result<Vec<[String; 5]>, Unreadable> {
    let table = sheet::read(STAFF, "staff.csv").map_err(|refusal| Unreadable(format!("{refusal:?}")))?;
    let columns = ["login", "name", "department", "roles", "email"];
    let places = columns.map(|column| table.header.iter().position(|header| header == column));
    let cell = |row: &sheet::SheetRow, place: Option<usize>| {
        place.and_then(|place| row.cells.get(place)).cloned().unwrap_or_default()
    };
    Ok(table.rows.iter().map(|row| places.map(|place| cell(row, place))).collect())
}
