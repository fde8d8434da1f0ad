//! The conditions of a document: text lowered to trees, trees against the facts, and what is allowed but
//! probably not meant.

use super::contradiction::never_holds;
use super::{People, Problem, Severity};
use crate::coverage::coverage;
use crate::doc::{FlowDoc, Node, NodeKind, PersonSettings, Source, walk};
use crate::rule::{Condition, FactSchema, Operand, TEXT_LEFT, compile};
use crate::text::{TextRefusal, read, to_cel};

/// Where in its step a condition stands, as problems say it.
#[derive(Clone, Debug, PartialEq)]
enum Spot {
    Lane(String),
    Setting(&'static str),
}

impl Spot {
    fn mark(&self, problem: Problem, node: &str) -> Problem {
        let problem = problem.at(node);
        match self {
            Self::Lane(lane) => problem.with("lane", lane),
            Self::Setting(setting) => problem.with("setting", setting),
        }
    }
}

/// Replaces every condition written as text by its tree. What cannot be lowered stays as it is and is
/// reported. Called when a draft is saved, so that stored documents hold trees only.
pub fn lower_texts(doc: &mut FlowDoc, base: &FactSchema) -> Vec<Problem> {
    let schema = doc.schema(base).into_owned();
    lower(doc, &schema)
}

/// As [`lower_texts`], with everything in the schema that the flow may name.
pub(crate) fn lower(doc: &mut FlowDoc, schema: &FactSchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    lower_steps(&mut doc.steps, schema, &mut problems);
    problems
}

fn lower_steps(steps: &mut [Node], schema: &FactSchema, problems: &mut Vec<Problem>) {
    for node in steps {
        let id = node.id.clone();
        let mut lower = |spot: Spot, condition: &mut Condition| {
            let mut found = Vec::new();
            lower_condition(condition, schema, false, &mut found);
            problems.extend(found.into_iter().flat_map(|refusal| refused(refusal, &spot, &id)));
        };
        for lane in node.lanes_mut() {
            if let Some(condition) = &mut lane.when {
                lower(Spot::Lane(lane.id.clone()), condition);
            }
        }
        match &mut node.kind {
            NodeKind::GoTo { when: Some(condition), .. } => lower(Spot::Setting("when"), condition),
            NodeKind::Review(person) => lower_skip(person, &mut lower),
            NodeKind::Task(task) => lower_skip(&mut task.person, &mut lower),
            _ => {}
        }
        for (setting, source) in node.sources_mut() {
            if let Source::Formula(cases) = source {
                for condition in cases.iter_mut().filter_map(|case| case.when.as_mut()) {
                    lower(Spot::Setting(setting), condition);
                }
            }
        }
        for lane in node.lanes_mut() {
            lower_steps(&mut lane.steps, schema, problems);
        }
    }
}

/// Texts may stand beside rows, but not among what is asked of a line: there their names mean nothing.
fn lower_condition(
    condition: &mut Condition,
    schema: &FactSchema,
    in_line: bool,
    found: &mut Vec<TextRefusal>,
) {
    match condition {
        Condition::Cel(text) if in_line => {
            found.push(TextRefusal::DoesNotFit { what: "text", name: text.clone(), at: 0 });
        }
        Condition::Cel(text) => match read(text, schema) {
            Ok(lowered) => *condition = lowered,
            Err(refused) => found.extend(refused),
        },
        Condition::All(children) | Condition::Any(children) => {
            children.iter_mut().for_each(|child| lower_condition(child, schema, in_line, found));
        }
        Condition::Lines(lines) => {
            if let Some(inner) = lines.matching_mut() {
                lower_condition(inner, schema, true, found);
            }
        }
        Condition::Row(_) => {}
    }
}

fn lower_skip(person: &mut PersonSettings, lower: &mut impl FnMut(Spot, &mut Condition)) {
    if let Some(condition) = &mut person.skip_when {
        lower(Spot::Setting("skip_when"), condition);
    }
}

fn refused(refusal: TextRefusal, spot: &Spot, node: &str) -> Vec<Problem> {
    match refusal {
        TextRefusal::Rule { problems } => {
            problems.into_iter().map(|problem| spot.mark(Problem::of_rule(problem), node)).collect()
        }
        other => {
            let problem = spot.mark(Problem::blocker("F-018"), node).with("what", &other);
            // What the words are made of.
            let parts = serde_json::to_value(&other).unwrap_or_default();
            let parts = parts.as_object().into_iter().flatten();
            let told = parts.filter(|(name, _)| *name != "message" && *name != "what");
            vec![told.fold(problem, |problem, (name, value)| match value.as_str() {
                Some(text) => problem.with(name, text),
                None => problem.with(name, value),
            })]
        }
    }
}

/// Every condition of the document that is asked, with its step and its spot there.
fn all_conditions(doc: &FlowDoc) -> Vec<(&Node, Spot, &Condition)> {
    let mut found = Vec::new();
    for place in walk(doc) {
        let node = place.node;
        if chooses_lanes(node) {
            let lanes = node.lanes().iter().filter(|lane| !lane.otherwise);
            found.extend(
                lanes.filter_map(|lane| {
                    lane.when.as_ref().map(|when| (node, Spot::Lane(lane.id.clone()), when))
                }),
            );
        }
        let setting = if matches!(node.kind, NodeKind::GoTo { .. }) { "when" } else { "skip_when" };
        found.extend(node.own_condition().map(|when| (node, Spot::Setting(setting), when)));
        for (setting, source) in node.sources() {
            if let Source::Formula(cases) = source {
                let cases = cases.iter().filter_map(|case| case.when.as_ref());
                found.extend(cases.map(|when| (node, Spot::Setting(setting), when)));
            }
        }
    }
    found
}

/// Every condition of the document that is asked.
pub(crate) fn conditions(doc: &FlowDoc) -> impl Iterator<Item = &Condition> {
    all_conditions(doc).into_iter().map(|(_, _, condition)| condition)
}

fn chooses_lanes(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Exclusive { .. } | NodeKind::Inclusive { .. })
}

/// What keeps a condition from becoming a rule.
pub(crate) fn compiled(doc: &FlowDoc, schema: &FactSchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for place in walk(doc).into_iter().filter(|place| chooses_lanes(place.node)) {
        let bare = place.node.lanes().iter().filter(|lane| !lane.otherwise && lane.when.is_none());
        problems.extend(bare.map(|lane| Problem::blocker("F-010").at(&place.node.id).with("lane", &lane.id)));
    }
    for (node, spot, condition) in all_conditions(doc) {
        // Lowering it has already said why it is still text.
        if !matches!(condition, Condition::Cel(_)) {
            let mut found = compile(condition, schema).err().unwrap_or_default();
            found.retain(|problem| problem.params.get("what").is_none_or(|what| what != TEXT_LEFT));
            problems.extend(found.into_iter().map(|p| spot.mark(Problem::of_rule(p), &node.id)));
        }
    }
    problems
}

/// Conditions that can never hold, and rows silent about empty fields.
pub fn doubts(doc: &FlowDoc, schema: &FactSchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (node, spot, condition) in all_conditions(doc) {
        if never_holds(condition) {
            let problem = spot.mark(Problem::blocker("F-014"), &node.id);
            problems.push(problem.with("expr", to_cel(condition)));
        }
        for (row, in_line) in condition.rows() {
            let silent = row.when_empty.is_none() && !row.operator.is_emptiness();
            let may_be_empty = schema.find(&row.field, in_line).is_some_and(|(_, field)| field.may_be_empty);
            if silent && may_be_empty {
                let problem = spot.mark(Problem::warning("F-016"), &node.id);
                problems.push(problem.with("field", &row.field));
            }
        }
    }
    problems
}

/// Saved lists that the company does not have.
pub fn sets(doc: &FlowDoc, people: &People) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (node, spot, condition) in all_conditions(doc) {
        for (row, _) in condition.rows() {
            if let Some(Operand::Set(set)) = &row.value
                && !people.sets.contains(set)
            {
                problems.push(spot.mark(Problem::blocker("F-127"), &node.id).with("set", set));
            }
        }
    }
    problems
}

/// Values that two lanes of a block want, and values that none of them does.
pub fn shares(doc: &FlowDoc, schema: &FactSchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for place in walk(doc) {
        if !matches!(place.node.kind, NodeKind::Exclusive { .. }) {
            continue;
        }
        let id = place.node.id.as_str();
        let found = coverage(place.node, schema);
        problems.extend(found.overlaps.into_iter().map(|overlap| {
            let problem = Problem::warning("F-012").at(id).with("lane", &overlap.lane);
            let problem = problem.with("other", overlap.other).with("field", overlap.field);
            problem.with("range", overlap.range).with("example", overlap.example).with("wins", overlap.lane)
        }));
        problems.extend(found.gaps.into_iter().map(|gap| {
            let problem = Problem::new("F-013", Severity::Hint).at(id).with("field", gap.field);
            problem.with("range", gap.range).with("example", gap.example)
        }));
    }
    problems
}
