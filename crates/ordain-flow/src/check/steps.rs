//! Every step has an owner, a stand-in where it matters, instructions, a deadline, and names in both
//! languages.

use super::{People, Problem, Severity};
use crate::doc::{FlowDoc, Node, NodeKind, PersonSettings, Text, walk};

pub fn steps(doc: &FlowDoc, people: Option<&People>) -> Vec<Problem> {
    let mut problems = Vec::new();
    // Nobody is left alone while the process admin resolves to someone.
    let fallback = people.is_some_and(|people| people.anyone(&doc.process_admin));
    for place in walk(doc) {
        match &place.node.kind {
            NodeKind::Review(settings) => review(place.node, settings, fallback, &mut problems),
            NodeKind::Parallel { lanes, .. } => {
                let empty = lanes.iter().filter(|lane| lane.steps.is_empty());
                let warn = |id: &str| Problem::warning("F-024").at(&place.node.id).with("lane", id);
                problems.extend(empty.map(|lane| warn(&lane.id)));
            }
            _ => {}
        }
    }
    let untranslated = texts(doc).into_iter().filter(|text| text.en.trim().is_empty()).count();
    if untranslated > 0 {
        problems.push(Problem::warning("F-052").with("n", untranslated));
    }
    problems
}

fn review(node: &Node, settings: &PersonSettings, fallback: bool, problems: &mut Vec<Problem>) {
    let id = node.id.as_str();
    if settings.has_no_assignee() {
        problems.push(Problem::blocker("F-001").at(id));
    }
    if settings.guarded && settings.backup.as_ref().is_none_or(|backup| backup.is_blank()) {
        let severity = if fallback { Severity::Warning } else { Severity::Blocker };
        problems.push(Problem::new("F-003", severity).at(id));
    }
    if settings.sop.is_blank() {
        problems.push(Problem::blocker("F-007").at(id));
    }
    if !settings.has_deadline() {
        problems.push(Problem::warning("F-040").at(id));
    }
}

/// All words of the document that people read. A missing SOP is a problem of its own.
fn texts(doc: &FlowDoc) -> Vec<&Text> {
    let mut found = vec![&doc.name];
    for place in walk(doc) {
        found.push(&place.node.name);
        found.extend(place.node.lanes().iter().map(|lane| &lane.name));
        if let NodeKind::Review(settings) = &place.node.kind
            && !settings.sop.is_blank()
        {
            found.push(&settings.sop);
        }
    }
    found
}
