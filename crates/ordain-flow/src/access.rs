//! Which fields of an order a step lets its people write and see.
//!
//! Fields are named by their path. A name without the number of a line covers the field in every line, and every name
//! covers what lies below it; of several names of a step that cover a path the longest one counts.

use crate::doc::{FieldAccess, Node, NodeKind, PersonSettings};
use std::collections::BTreeSet;

/// Fields of the order itself that a flow may set; every other name is that of a custom field.
const SETTABLE: [&str; 4] = ["special_requests", "requested_date", "payment_terms", "order_type"];
const EXTRA: &str = "extra.";

/// The path of a field that a flow fills: one of the order's own, else a custom one.
pub fn path_of(field: &str) -> String {
    if SETTABLE.contains(&field) || field.starts_with(EXTRA) {
        field.to_owned()
    } else {
        format!("{EXTRA}{field}")
    }
}

/// Whether a field as a flow names it is that of a path, or lies around it.
pub fn names(field: &str, path: &str) -> bool {
    is_below(&bare(&full(field)), &bare(path))
}

/// What an order holds by itself, as its paths begin.
const OWN: [&str; 12] = [
    "customer",
    "customer_po",
    "order_type",
    "currency",
    "requested_date",
    "payment_terms",
    "ship_to",
    "invoice",
    "special_requests",
    "lines",
    "totals",
    "extra",
];

/// What is booked beside the steps: one can ask for it, and nobody can write it. `fulfilment.billed`: invoices were issued
/// for the whole order, or none is wanted.
const BOOKED: [&str; 1] = ["fulfilment.billed"];

pub fn is_booked(path: &str) -> bool {
    BOOKED.contains(&path)
}

/// The path of a field that a flow names: one that the order does not hold by itself is a custom one.
pub fn full(field: &str) -> String {
    let head = field.split(['.', '[']).next().unwrap_or_default();
    if OWN.contains(&head) || is_booked(field) { field.to_owned() } else { format!("{EXTRA}{field}") }
}

/// A path without the numbers of lines.
pub fn bare(path: &str) -> String {
    let mut depth = 0;
    let kept = |c: &char| {
        depth += i32::from(*c == '[');
        let kept = depth == 0;
        depth -= i32::from(*c == ']');
        kept
    };
    path.chars().filter(kept).collect()
}

/// Whether a named field covers a path: itself, or all that lies below it.
pub fn covers(field: &str, path: &str) -> bool {
    let (field, path) = (bare(field), bare(path));
    // Sums follow from the lines.
    let field = if field.starts_with("totals") { "lines".to_owned() } else { field };
    is_below(&field, &path)
}

fn is_below(field: &str, path: &str) -> bool {
    path == field || path.strip_prefix(field).is_some_and(|rest| rest.starts_with('.'))
}

impl PersonSettings {
    /// What the step says of a field, by itself or with what lies around it.
    pub fn access(&self, path: &str) -> Option<FieldAccess> {
        let path = bare(path);
        let named = self.fields.iter().map(|(field, access)| (bare(&full(field)), *access));
        let named = named.filter(|(field, _)| is_below(field, &path));
        named.max_by_key(|(field, _)| field.len()).map(|(_, access)| access)
    }

    /// What the step guards once it has approved: what it may edit and what it is shown first, unless whoever writes or
    /// returns says otherwise of it.
    pub fn guards(&self) -> Vec<String> {
        let edits = self.fields.iter().filter(|(_, access)| **access == FieldAccess::Edit);
        edits.map(|(path, _)| path.clone()).chain(self.looks_at.iter().cloned()).collect()
    }

    /// What another step guards against what this one writes, or once this one has returned the order.
    pub fn guards_of(&self, other: &str, settings: &PersonSettings) -> Vec<String> {
        self.returns.guards.get(other).cloned().unwrap_or_else(|| settings.guards())
    }
}

impl Node {
    /// The paths that must have a value before the step can be left.
    pub fn required(&self) -> Vec<String> {
        let named = self.person().map(|settings| settings.requires.as_slice()).unwrap_or_default();
        let outputs = match &self.kind {
            NodeKind::Task(task) => task.outputs.as_slice(),
            _ => &[],
        };
        let outputs = outputs.iter().map(|field| path_of(field));
        named.iter().map(|field| full(field)).chain(outputs).collect()
    }

    /// Whether the people of the step may write a field. What a task must leave filled can be filled there, unless its
    /// settings say otherwise.
    pub fn may_write(&self, path: &str) -> bool {
        let Some(settings) = self.person() else { return false };
        let is_output = |task: &crate::doc::TaskSettings| {
            task.outputs.iter().any(|field| is_below(&path_of(field), &bare(path)))
        };
        match settings.access(path) {
            Some(access) => access == FieldAccess::Edit,
            None => matches!(&self.kind, NodeKind::Task(task) if is_output(task)),
        }
    }

    /// The fields that the people of the step may write, as its settings name them.
    pub fn writable(&self) -> Vec<String> {
        let settings = self.person().into_iter().flat_map(|settings| settings.fields.keys().cloned());
        let outputs = match &self.kind {
            NodeKind::Task(task) => task.outputs.as_slice(),
            _ => &[],
        };
        let named: BTreeSet<String> = settings.chain(outputs.iter().map(|field| path_of(field))).collect();
        named.into_iter().filter(|path| self.may_write(path)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_covers_itself_and_what_lies_below_whatever_the_line() {
        assert!(covers("lines.quantity", "lines[3].quantity"));
        assert!(covers("lines", "lines[3].quantity") && covers("totals.gross", "lines[0].unit_price"));
        assert!(covers("ship_to", "ship_to.address"));
        assert!(!covers("ship_to.name", "ship_to.address") && !covers("line", "lines[0].quantity"));
    }

    #[test]
    fn the_nearest_name_counts_and_outputs_can_be_written() {
        let kind = json!({ "type": "task", "outputs": ["weight", "batch"],
            "fields": { "ship_to": "edit", "ship_to.phone": "hide", "batch": "read" } });
        let node: Node = serde_json::from_value(json!({
            "id": "t", "name": { "zh": "t" }, "stage": "review", "kind": kind
        }))
        .unwrap();
        let may = |path| node.may_write(path);
        assert!(may("ship_to.address") && !may("ship_to.phone") && !may("invoice.title"));
        assert!(may("extra.weight") && !may("extra.batch") && !may("weight"));
    }
}
