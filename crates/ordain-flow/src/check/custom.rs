//! The custom fields that a flow declares: names that rules can use and nothing else has, and values of their type
//! where the flow itself fills them.

use super::Problem;
use crate::access::{full, path_of};
use crate::doc::{CustomField, CustomType, FlowDoc, walk};
use crate::rule::FactSchema;
use std::collections::BTreeSet;

/// Most custom fields of one flow, most options of a choice, and most bytes of a name.
const FIELDS_MAX: usize = 100;
const OPTIONS_MAX: usize = 200;
const NAME_MAX: usize = 64;
/// Names that the text form of rules keeps for itself.
const RESERVED: [&str; 8] = ["lines", "true", "false", "null", "in", "size", "sum", "date"];

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
    problems
}

fn is_name(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain && name.len() <= NAME_MAX && name.chars().next().is_some_and(|first| !first.is_ascii_digit())
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
            let (Some(custom), Some(value)) = (declared(&set.field), set.value.value()) else { continue };
            if !custom.takes_constant(&value) {
                let problem = Problem::blocker("F-101").at(&place.node.id).with("field", &set.field);
                problems.push(problem.with("value", value));
            }
        }
    }
    problems
}
