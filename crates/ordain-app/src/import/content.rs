//! From the rows of a sheet to the content of an order. What cannot be read as a number or date stays in `extra`
//! under its column's name and leaves its field open, so that the order waits for its sender instead of going out
//! wrong.

use crate::problem::Fault;
use jiff::civil::Date;
use ordain_connect::mapping::{Mapping, SheetLine, SheetOrder};
use ordain_domain::decimal::DecimalText;
use ordain_domain::master::{InvoiceProfile, ShipTo};
use ordain_domain::order::{Content, Line};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

type Fields = BTreeMap<String, String>;

/// An order as it was read, before it is checked.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// Row of each line; the order stands under the first.
    pub rows: Vec<u32>,
    pub content: Content,
    /// What could not be read, by row.
    pub faults: Vec<(u32, Fault)>,
    /// Lines, by index, whose price could not be read: it must not be filled in.
    pub unreadable_prices: BTreeSet<usize>,
}

impl Draft {
    pub fn first_row(&self) -> u32 {
        self.rows.first().copied().unwrap_or_default()
    }
}

/// Reads the fields of one order.
struct Reader<'a> {
    mapping: &'a Mapping,
    faults: Vec<(u32, Fault)>,
    /// Column, row and value of what no field takes.
    rest: Vec<(String, u32, String)>,
}

pub(super) fn draft(order: &SheetOrder, mapping: &Mapping) -> Draft {
    let first = order.rows.first().copied().unwrap_or_default();
    let mut reader = Reader { mapping, faults: Vec::new(), rest: Vec::new() };
    let mut unreadable_prices = BTreeSet::new();
    let mut lines = Vec::with_capacity(order.lines.len());
    let mut date_lost = false;
    for (index, line) in order.lines.iter().enumerate() {
        let (line, lost) = reader.line(line, index);
        date_lost |= lost.date;
        if lost.price {
            unreadable_prices.insert(index);
        }
        lines.push(line);
    }
    for (column, value) in &order.extra {
        reader.rest.push((reader.column(column), first, value.clone()));
    }
    for conflict in &order.conflicts {
        let (field, row) = (&conflict.field, conflict.row);
        let fault = Fault::new("conflicting_rows", field.clone());
        reader.faults.push((row, fault.with("kept", &conflict.kept).with("found", &conflict.found)));
        reader.rest.push((reader.column(field), row, conflict.found.clone()));
    }
    let mut content = reader.head(&order.fields, first);
    if let Some(date) = content.requested_date.filter(|_| date_lost) {
        // The order's date would stand in for a line's date that nobody could read.
        reader.rest.push((reader.column("requested_date"), first, date.to_string()));
        content.requested_date = None;
    }
    content.lines = lines;
    content.extra = extra(reader.rest);
    Draft { rows: order.rows.clone(), content, faults: reader.faults, unreadable_prices }
}

/// What of a line could not be read.
struct Lost {
    date: bool,
    price: bool,
}

impl Reader<'_> {
    fn column(&self, field: &str) -> String {
        self.mapping.fields.get(field).cloned().unwrap_or_else(|| field.to_owned())
    }

    fn head(&mut self, fields: &Fields, row: u32) -> Content {
        let text = |field: &str| fields.get(field).cloned();
        let requested_date = self.date(fields, "requested_date", row, "requested_date".to_owned());
        let standard = Content { lines: Vec::new(), ..Content::default() };
        Content {
            customer: text("customer"),
            customer_po: text("customer_po"),
            order_type: text("order_type").unwrap_or_else(|| "standard".to_owned()),
            currency: text("currency").map(|currency| currency.to_uppercase()),
            requested_date,
            payment_terms: text("payment_terms"),
            ship_to: ShipTo {
                name: text("ship_to_name"),
                phone: text("ship_to_phone"),
                address: text("ship_to_address"),
            },
            invoice: InvoiceProfile {
                title: text("invoice_title"),
                tax_no: text("invoice_tax_no"),
                kind: text("invoice_kind"),
                bank_name: text("invoice_bank_name"),
                bank_account: text("invoice_bank_account"),
            },
            special_requests: text("special_requests"),
            ..standard
        }
    }

    fn line(&mut self, line: &SheetLine, index: usize) -> (Line, Lost) {
        let (fields, row) = (&line.fields, line.row);
        let text = |field: &str| fields.get(field).cloned();
        let at = |field: &str| format!("lines[{index}].{field}");
        for (column, value) in &line.extra {
            self.rest.push((column.clone(), row, value.clone()));
        }
        if let Some(name) = fields.get("product_name") {
            self.rest.push((self.column("product_name"), row, name.clone()));
        }
        let quantity = self.number(fields, "quantity", row, at("quantity"));
        let unit_price = self.number(fields, "unit_price", row, at("unit_price"));
        let requested_date = self.date(fields, "line_requested_date", row, at("requested_date"));
        let lost = Lost {
            date: requested_date.is_none() && fields.contains_key("line_requested_date"),
            price: unit_price.is_none() && fields.contains_key("unit_price"),
        };
        let line = Line {
            id: u32::try_from(index + 1).unwrap_or(u32::MAX),
            product: text("product"),
            quantity,
            unit: text("unit"),
            unit_price,
            requested_date,
            warehouse: text("warehouse"),
            ..Line::default()
        };
        (line, lost)
    }

    fn number(&mut self, fields: &Fields, field: &str, row: u32, path: String) -> Option<DecimalText> {
        let found = fields.get(field)?;
        let number = DecimalText::try_from(found.clone()).ok();
        if number.is_none() {
            self.unreadable("not_a_decimal", field, found, row, path);
        }
        number
    }

    fn date(&mut self, fields: &Fields, field: &str, row: u32, path: String) -> Option<Date> {
        let found = fields.get(field)?;
        let date = found.parse().ok();
        if date.is_none() {
            self.unreadable("not_a_date", field, found, row, path);
        }
        date
    }

    fn unreadable(&mut self, code: &str, field: &str, found: &str, row: u32, path: String) {
        self.faults.push((row, Fault::new(code, path).with("found", found)));
        self.rest.push((self.column(field), row, found.to_owned()));
    }
}

/// What no field takes, by column: one value if all rows say the same, else the value of each row.
fn extra(rest: Vec<(String, u32, String)>) -> BTreeMap<String, Value> {
    let mut columns: BTreeMap<String, BTreeMap<u32, String>> = BTreeMap::new();
    for (column, row, value) in rest {
        columns.entry(column).or_default().insert(row, value);
    }
    let value = |values: BTreeMap<u32, String>| {
        let distinct: BTreeSet<&String> = values.values().collect();
        match distinct.first() {
            Some(only) if distinct.len() == 1 => json!(only),
            _ => json!(values),
        }
    };
    columns.into_iter().map(|(column, values)| (column, value(values))).collect()
}
