//! Groups the rows of an order table into orders: rows with one order key are the lines of one order. What two
//! rows of an order say differently about the order itself is kept as a conflict, the first row's word standing.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Columns, Kind, Mapping, unmapped};
use crate::sheet::{RowProblem, Sheet};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderSheet {
    /// In the order of their first rows.
    pub orders: Vec<SheetOrder>,
    /// Rows that could not be read and are in no order.
    pub problems: Vec<RowProblem>,
    /// Columns without a meaning; their values are in the lines' `extra`.
    pub unmapped: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetOrder {
    /// The order key, else the customer's PO, else `row:` and the row.
    pub key: String,
    pub rows: Vec<u32>,
    pub fields: BTreeMap<String, String>,
    /// Read, but nothing an order takes: the date the customer wrote on it.
    pub extra: BTreeMap<String, String>,
    pub lines: Vec<SheetLine>,
    pub conflicts: Vec<Conflict>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetLine {
    pub row: u32,
    pub fields: BTreeMap<String, String>,
    pub extra: BTreeMap<String, String>,
}

/// A row contradicts an earlier row of its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    pub row: u32,
    pub field: String,
    pub kept: String,
    pub found: String,
}

const LINE_FIELDS: [&str; 7] =
    ["product", "product_name", "quantity", "unit", "unit_price", "line_requested_date", "warehouse"];
const EXTRA_FIELDS: [&str; 1] = ["order_date"];

pub fn orders(sheet: &Sheet, mapping: &Mapping) -> OrderSheet {
    let columns = Columns::new(sheet, mapping, Kind::Orders);
    let mut orders: Vec<SheetOrder> = Vec::new();
    let mut places: BTreeMap<Group, usize> = BTreeMap::new();
    for row in &sheet.rows {
        let (mut fields, extra) = columns.split(&row.cells);
        let group = Group::of(row.number, &fields);
        let place = *places.entry(group).or_insert_with_key(|group| {
            orders.push(SheetOrder::new(group.key()));
            orders.len() - 1
        });
        fields.remove("order_key");
        if let Some(order) = orders.get_mut(place) {
            order.take(row.number, fields, extra);
        }
    }
    OrderSheet { orders, problems: sheet.problems.clone(), unmapped: unmapped(sheet, mapping) }
}

/// What holds rows together. Two customers may use one PO number, two keys of one sender may not be equal.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Key(String),
    Po { customer: Option<String>, po: String },
    Row(u32),
}

impl Group {
    fn of(row: u32, fields: &BTreeMap<String, String>) -> Self {
        match (fields.get("order_key"), fields.get("customer_po")) {
            (Some(key), _) => Self::Key(key.clone()),
            (None, Some(po)) => Self::Po { customer: fields.get("customer").cloned(), po: po.clone() },
            (None, None) => Self::Row(row),
        }
    }

    fn key(&self) -> String {
        match self {
            Self::Key(key) => key.clone(),
            Self::Po { po, .. } => po.clone(),
            Self::Row(row) => format!("row:{row}"),
        }
    }
}

impl SheetOrder {
    fn new(key: String) -> Self {
        Self {
            key,
            rows: Vec::new(),
            fields: BTreeMap::new(),
            extra: BTreeMap::new(),
            lines: Vec::new(),
            conflicts: Vec::new(),
        }
    }

    fn take(&mut self, row: u32, fields: BTreeMap<String, String>, extra: BTreeMap<String, String>) {
        self.rows.push(row);
        let mut line = SheetLine { row, fields: BTreeMap::new(), extra };
        for (field, value) in fields {
            if LINE_FIELDS.contains(&field.as_str()) {
                line.fields.insert(field, value);
                continue;
            }
            let own = if EXTRA_FIELDS.contains(&field.as_str()) { &mut self.extra } else { &mut self.fields };
            match own.get(&field) {
                None => {
                    own.insert(field, value);
                }
                Some(kept) if *kept != value => {
                    let kept = kept.clone();
                    self.conflicts.push(Conflict { row, field, kept, found: value });
                }
                Some(_) => {}
            }
        }
        self.lines.push(line);
    }
}
