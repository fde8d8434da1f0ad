//! The custom fields that a flow declares: names that rules can use and nothing else has, and values of their type
//! where the flow itself fills them.

use super::Problem;
use crate::access::{full, path_of};
use crate::doc::{CustomField, CustomType, FlowDoc, NodeKind, WaitSettings, walk};
use crate::rule::{FactSchema, Operand, Value};
use std::collections::BTreeSet;

/// Most custom fields of one flow, most options of a choice, and most bytes of a name.
const FIELDS_MAX: usize = 100;
const OPTIONS_MAX: usize = 200;
const NAME_MAX: usize = 64;
/// What an order is and has by itself, beside its fields.
const DERIVED: [&str; 5] = ["id", "number", "status", "revision", "version"];
/// What an event can be known by beside facts.
const BESIDE: [&str; 2] = ["number", "customer_po"];
/// Names that the text form of rules keeps for itself.
const RESERVED: [&str; 12] = [
    "lines",
    "true",
    "false",
    "null",
    "in",
    "size",
    "sum",
    "date",
    "set",
    "result",
    "deviation",
    "workingDaysUntil",
];

pub fn fields(doc: &FlowDoc, base: &FactSchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut refuse = |field: &str, why: &str| {
        problems.push(Problem::blocker("F-100").with("field", field).with("why", why));
    };
    if doc.fields.len() > FIELDS_MAX {
        refuse(&doc.fields.len().to_string(), "too_many");
    }
    let mut seen = BTreeSet::new();
    for custom in &doc.fields {
        let name = custom.field.as_str();
        if !is_name(name) || RESERVED.contains(&name) {
            refuse(name, "name");
        } else if base.find(name, custom.line).is_some() || path_of(name) == name || full(name) == name {
            refuse(name, "taken");
        } else if !seen.insert((custom.line, name)) {
            refuse(name, "twice");
        }
        match &custom.kind {
            CustomType::Choice(options) if options.is_empty() || options.len() > OPTIONS_MAX => {
                refuse(name, "options");
            }
            _ => {}
        }
    }
    problems.extend(misfits(doc));
    problems.extend(closed(doc, base));
    problems
}

fn is_name(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain && name.len() <= NAME_MAX && name.chars().next().is_some_and(|first| !first.is_ascii_digit())
}

/// Fields that no step may set, because they are the order's own or follow from it, and values out of fields that are not
/// there.
fn closed(doc: &FlowDoc, base: &FactSchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    let schema = doc.schema(base);
    for place in walk(doc) {
        if let NodeKind::WaitEvent(WaitSettings { matches: Some(field), .. }) = &place.node.kind {
            let known = BESIDE.contains(&field.as_str())
                || [false, true].map(|line| schema.find(field, line).is_some()).contains(&true);
            if !known {
                problems.push(Problem::blocker("F-104").at(&place.node.id).with("field", field));
            }
        }
        for set in place.node.assignments() {
            let custom = set.field.starts_with("extra.") || path_of(&set.field) == set.field;
            let own = full(&set.field) == set.field || base.find(&set.field, false).is_some();
            let reserved = DERIVED.contains(&set.field.split('.').next().unwrap_or_default());
            let refused = !custom && (own || reserved) || set.field.trim().is_empty();
            let from = match &set.value {
                Operand::Field(name) if schema.find(name, false).is_none() => Some(name),
                // Rows alone work values out.
                Operand::Set(_) | Operand::Formula(_) | Operand::Deviation(_) => Some(&set.field),
                _ => None,
            };
            let wrong = refused.then_some(&set.field).into_iter().chain(from);
            problems
                .extend(wrong.map(|field| Problem::blocker("F-103").at(&place.node.id).with("field", field)));
        }
    }
    problems
}

/// Constants that a step writes into a field of another type.
fn misfits(doc: &FlowDoc) -> Vec<Problem> {
    let declared = |field: &str| -> Option<&CustomField> {
        let name = field.strip_prefix("extra.").unwrap_or(field);
        doc.fields.iter().find(|custom| custom.field == name && !custom.line)
    };
    let mut problems = Vec::new();
    for place in walk(doc) {
        for set in place.node.assignments() {
            let Some(value) = set.value.value() else { continue };
            let fits = match set.field.as_str() {
                "requested_date" => matches!(value, Value::Date(_) | Value::Null),
                "special_requests" | "payment_terms" | "order_type" => {
                    matches!(value, Value::Text(_) | Value::Null)
                }
                other => declared(other).is_none_or(|custom| custom.takes_constant(&value)),
            };
            if !fits {
                let problem = Problem::blocker("F-101").at(&place.node.id).with("field", &set.field);
                problems.push(problem.with("value", value));
            }
        }
    }
    problems
}
