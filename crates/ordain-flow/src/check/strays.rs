//! Fields that settings of steps speak of, and that an order of the flow does not have: nobody has declared them, no step
//! fills them, and they are no facts. A field that a time hangs on is a date.

use super::Problem;
use super::steps::filled;
use crate::access::{covers, full};
use crate::doc::{CustomType, DeadlineFrom, DelayFor, FieldAccess, FlowDoc, Node, NodeKind, walk};
use crate::rule::FactSchema;
use std::collections::BTreeSet;

/// The one date that an order has by itself.
const OWN_DATE: &str = "requested_date";

pub fn strays(doc: &FlowDoc, base: &FactSchema) -> Vec<Problem> {
    let known = Known { doc, base, filled: filled(doc) };
    let mut problems = Vec::new();
    for place in walk(doc) {
        let id = place.node.id.as_str();
        let stray = |setting: &str, field: &str| {
            Problem::warning("F-124").at(id).with("setting", setting).with("field", field)
        };
        let shown = shown(place.node).into_iter().filter(|(_, field)| !known.has(field));
        problems.extend(shown.map(|(setting, field)| stray(setting, field)));
        if let Some((setting, field)) = date(place.node) {
            if known.is_no_date(field) {
                problems.push(Problem::blocker("F-125").at(id).with("setting", setting).with("field", field));
            } else if field != OWN_DATE && !known.has(field) {
                problems.push(stray(setting, field));
            }
        }
    }
    problems
}

/// The fields that a step shows or keeps back, with the setting that says so. What it lets people write is filled by that.
fn shown(node: &Node) -> Vec<(&'static str, &str)> {
    let Some(person) = node.person() else { return Vec::new() };
    let kept = person.fields.iter().filter(|(_, access)| **access != FieldAccess::Edit);
    let kept = kept.map(|(field, _)| ("fields", field.as_str()));
    let guarded = person.returns.guards.values().flatten().map(|field| ("guards", field.as_str()));
    let first = person.looks_at.iter().map(|field| ("looks_at", field.as_str()));
    first.chain(kept).chain(guarded).collect()
}

/// The field on which a time of the step hangs.
fn date(node: &Node) -> Option<(&'static str, &str)> {
    if let Some(DeadlineFrom::Field { field, .. }) =
        node.person().and_then(|person| person.deadline.as_ref()).map(|deadline| &deadline.from)
    {
        return Some(("deadline", field));
    }
    match &node.kind {
        NodeKind::Delay(delay) => match &delay.wait {
            DelayFor::Field { field, .. } => Some(("for", field)),
            _ => None,
        },
        _ => None,
    }
}

struct Known<'a> {
    doc: &'a FlowDoc,
    base: &'a FactSchema,
    filled: BTreeSet<String>,
}

impl Known<'_> {
    fn has(&self, field: &str) -> bool {
        let path = full(field);
        let name = path.strip_prefix("extra.").unwrap_or(&path);
        // What an order holds by itself has other names below it.
        !path.starts_with("extra.")
            || self.doc.fields.iter().any(|custom| custom.field == name)
            || [false, true].iter().any(|line| self.base.find(name, *line).is_some())
            || self.filled.iter().any(|by| covers(by, &path))
    }

    /// A field that is there and of another type.
    fn is_no_date(&self, field: &str) -> bool {
        // In a run about a line it may be a field of that.
        let mut declared = self.doc.fields.iter().filter(|custom| custom.field == field).peekable();
        match declared.peek() {
            Some(_) => declared.all(|custom| custom.kind != CustomType::Date),
            None => field != OWN_DATE && full(field) == field,
        }
    }
}
