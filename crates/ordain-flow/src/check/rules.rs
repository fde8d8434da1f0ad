//! The conditions of a document: text lowered to trees, trees against the facts, and what is allowed but
//! probably not meant.

use super::Problem;
use super::contradiction::never_holds;
use crate::doc::{FlowDoc, Lane, Node, NodeKind, walk};
use crate::rule::{Condition, FactSchema, compile};
use crate::text::{TextRefusal, from_cel, to_cel};

/// Replaces every condition written as text by its tree. What cannot be lowered stays as it is and is
/// reported. Called when a draft is saved, so that stored documents hold trees only.
pub fn lower_texts(doc: &mut FlowDoc, schema: &FactSchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    lower_steps(&mut doc.steps, schema, &mut problems);
    problems
}

fn lower_steps(steps: &mut [Node], schema: &FactSchema, problems: &mut Vec<Problem>) {
    for node in steps {
        let id = node.id.clone();
        for lane in node.lanes_mut() {
            if let Some(Condition::Cel(text)) = &lane.when {
                match from_cel(text, schema) {
                    Ok(condition) => lane.when = Some(condition),
                    Err(refusal) => problems.extend(refused(refusal, &id, &lane.id)),
                }
            }
            lower_steps(&mut lane.steps, schema, problems);
        }
    }
}

fn refused(refusal: TextRefusal, node: &str, lane: &str) -> Vec<Problem> {
    match refusal {
        TextRefusal::Rule { problems } => {
            problems.into_iter().map(|problem| Problem::of_rule(problem, node, lane)).collect()
        }
        other => {
            vec![Problem::blocker("F-018").at(node).with("lane", lane).with("what", other)]
        }
    }
}

fn conditional_lanes(doc: &FlowDoc) -> Vec<(&Node, &Lane)> {
    let mut found = Vec::new();
    for place in walk(doc) {
        if let NodeKind::Exclusive { lanes } | NodeKind::Inclusive { lanes, .. } = &place.node.kind {
            found.extend(lanes.iter().filter(|lane| !lane.otherwise).map(|lane| (place.node, lane)));
        }
    }
    found
}

/// What keeps a condition from becoming a rule.
pub fn conditions(doc: &FlowDoc, schema: &FactSchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (node, lane) in conditional_lanes(doc) {
        match &lane.when {
            None => problems.push(Problem::blocker("F-010").at(&node.id).with("lane", &lane.id)),
            // Lowering it has already said why it is still text.
            Some(Condition::Cel(_)) => {}
            Some(condition) => {
                let found = compile(condition, schema).err().unwrap_or_default();
                problems.extend(found.into_iter().map(|p| Problem::of_rule(p, &node.id, &lane.id)));
            }
        }
    }
    problems
}

/// Conditions that can never hold, and rows silent about empty fields.
pub fn doubts(doc: &FlowDoc, schema: &FactSchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (node, lane) in conditional_lanes(doc) {
        let Some(condition) = &lane.when else { continue };
        if never_holds(condition) {
            let problem = Problem::blocker("F-014").at(&node.id).with("lane", &lane.id);
            problems.push(problem.with("expr", to_cel(condition)));
        }
        for (row, in_line) in condition.rows() {
            let silent = row.when_empty.is_none() && !row.operator.is_emptiness();
            let may_be_empty = schema.find(&row.field, in_line).is_some_and(|(_, field)| field.may_be_empty);
            if silent && may_be_empty {
                let problem = Problem::warning("F-016").at(&node.id).with("lane", &lane.id);
                problems.push(problem.with("field", &row.field));
            }
        }
    }
    problems
}
