//! What the sender asked for, in the sender's own words.
//!
//! Numbers stay text here: a 30-digit quantity is wrong but readable, is kept as it came, and becomes a finding.

use crate::clause::OrderClause;
use crate::decimal::DecimalText;
use crate::master::{InvoiceProfile, ShipTo};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most lines one order may have.
pub const LINES_MAX: usize = 5_000;

/// The asked order. Blank text is stored as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_po: Option<String>,
    #[serde(default = "standard", skip_serializing_if = "is_standard")]
    pub order_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_date: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_terms: Option<String>,
    /// One of [`crate::terms::PAYMENT_METHODS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    #[serde(default, skip_serializing_if = "DeliveryTerms::is_empty")]
    pub delivery_terms: DeliveryTerms,
    /// Clauses of the contract, standard or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clauses: Vec<OrderClause>,
    #[serde(default)]
    pub ship_to: ShipTo,
    #[serde(default)]
    pub invoice: InvoiceProfile,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special_requests: Option<String>,
    pub lines: Vec<Line>,
    /// Custom fields: kept and shown, and read by the rules of flows that declare them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, serde_json::Value>,
}

impl Content {
    /// The highest id of its lines, 0 without any: a new line has none of them.
    pub fn last_line(&self) -> u32 {
        self.lines.iter().map(|line| line.id).max().unwrap_or(0)
    }
}

/// Where costs and risk go over to the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeliveryTerms {
    /// One of [`crate::terms::INCOTERMS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl DeliveryTerms {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn standard() -> String {
    "standard".to_owned()
}

fn is_standard(order_type: &str) -> bool {
    order_type == "standard"
}

/// One asked line. `id` is stable over revisions; `unit_price` contains tax unless the line says that it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub id: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<DecimalText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<DecimalText>,
    /// What is taken off the price, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<DecimalText>,
    /// The rate of value added tax, as a fraction, where it is not the product's own: an export, or a reduced rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_rate: Option<DecimalText>,
    /// Tax is added to the price.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tax_excluded: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_date: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warehouse: Option<String>,
    /// Custom fields of the line.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, serde_json::Value>,
}

/// A field that differs between two contents, values as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub path: String,
    /// The line that it is in, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    pub before: serde_json::Value,
    pub after: serde_json::Value,
}

/// Every field that differs, lines matched by their id, in reading order.
pub fn differences(before: &Content, after: &Content) -> Vec<Difference> {
    let as_json = |content: &Content| serde_json::to_value(content).unwrap_or_default();
    let mut found = Vec::new();
    let (mut left, mut right) = (as_json(before), as_json(after));
    let lines =
        |value: &mut serde_json::Value| match value.as_object_mut().and_then(|map| map.remove("lines")) {
            Some(serde_json::Value::Array(lines)) => lines,
            _ => Vec::new(),
        };
    let (left_lines, right_lines) = (lines(&mut left), lines(&mut right));
    compare("", None, &left, &right, &mut found);
    let id = |line: &serde_json::Value| {
        line.get("id").and_then(serde_json::Value::as_u64).and_then(|id| u32::try_from(id).ok())
    };
    let same_line = |a: &serde_json::Value, b: &serde_json::Value| a.get("id") == b.get("id");
    for (index, line) in right_lines.iter().enumerate() {
        let before = left_lines.iter().find(|old| same_line(old, line)).unwrap_or(&serde_json::Value::Null);
        compare(&format!("lines[{index}]"), id(line), before, line, &mut found);
    }
    for (index, line) in left_lines.iter().enumerate() {
        if !right_lines.iter().any(|new| same_line(new, line)) {
            compare(&format!("lines[{index}]"), id(line), line, &serde_json::Value::Null, &mut found);
        }
    }
    found
}

/// A content in which of these lines is what was wanted, and outside of lines if `head` says so; all else is as before.
pub fn partly(before: &Content, wanted: &Content, lines: &BTreeSet<u32>, head: bool) -> Content {
    let find = |content: &Content, id: u32| content.lines.iter().find(|line| line.id == id).cloned();
    let new = wanted.lines.iter().filter(|line| find(before, line.id).is_none());
    let taken = before
        .lines
        .iter()
        .chain(new)
        .filter_map(|line| find(if lines.contains(&line.id) { wanted } else { before }, line.id));
    Content { lines: taken.collect(), ..if head { wanted } else { before }.clone() }
}

fn compare(
    path: &str,
    line: Option<u32>,
    before: &serde_json::Value,
    after: &serde_json::Value,
    found: &mut Vec<Difference>,
) {
    use serde_json::Value;
    match (before, after) {
        _ if before == after => {}
        (Value::Object(left), Value::Object(right)) => {
            let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for key in keys {
                let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                compare(
                    &below,
                    line,
                    left.get(key).unwrap_or(&Value::Null),
                    right.get(key).unwrap_or(&Value::Null),
                    found,
                );
            }
        }
        _ => found.push(Difference {
            path: path.to_owned(),
            line,
            before: before.clone(),
            after: after.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: u32, quantity: &str) -> Line {
        Line { id, quantity: DecimalText::try_from(quantity.to_owned()).ok(), ..Line::default() }
    }

    #[test]
    fn only_changed_fields_are_named_and_lines_are_matched_by_id() {
        let before = Content { lines: vec![line(1, "1"), line(2, "2")], ..Content::default() };
        let mut after = Content { lines: vec![line(2, "3"), line(3, "4")], ..Content::default() };
        after.ship_to.phone = Some("139".into());
        let paths: Vec<String> = differences(&before, &after).into_iter().map(|d| d.path).collect();
        assert_eq!(paths, ["ship_to.phone", "lines[0].quantity", "lines[1]", "lines[0]"]);
        assert!(differences(&before, &before).is_empty());
    }
}
