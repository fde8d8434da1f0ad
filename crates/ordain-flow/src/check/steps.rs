//! Every step has an owner, a stand-in where it matters, instructions, a deadline, and names in both
//! languages.

use super::settings::settings;
use super::{People, Problem, Severity};
use crate::access::{covers, full, path_of};
use crate::doc::{
    FieldAccess, FlowDoc, Join, LaneReject, Node, NodeKind, Party, PersonSettings, Source, Text, walk,
};
use std::collections::BTreeSet;

pub fn steps(doc: &FlowDoc, people: Option<&People>) -> Vec<Problem> {
    let mut problems = Vec::new();
    // Nobody is left alone while the process admin resolves to someone.
    let fallback = people.is_some_and(|people| people.anyone(&doc.process_admin));
    for place in walk(doc) {
        if let Some(settings) = place.node.person() {
            review(place.node, settings, fallback, &mut problems);
            if !settings.has_deadline() && !people.is_some_and(|people| people.sla.covers(place.node)) {
                problems.push(Problem::warning("F-040").at(&place.node.id));
            }
        }
        // The company's table is of people: whoever asks a customer says how long they have.
        if let NodeKind::CustomerConfirmation(customer) = &place.node.kind
            && customer.deadline_minutes.is_none_or(|minutes| minutes == 0)
        {
            problems.push(Problem::warning("F-040").at(&place.node.id));
        }
        problems.extend(settings(place.node, doc.purpose));
        if let NodeKind::Parallel { join: Join::All, on_reject: LaneReject::Record, .. }
        | NodeKind::Inclusive { join: Join::All, on_reject: LaneReject::Record, .. } = &place.node.kind
        {
            problems.push(Problem::warning("F-133").at(&place.node.id));
        }
        if matches!(place.node.kind, NodeKind::Parallel { .. }) {
            let empty = place.node.lanes().iter().filter(|lane| lane.steps.is_empty());
            let warn = |id: &str| Problem::warning("F-024").at(&place.node.id).with("lane", id);
            problems.extend(empty.map(|lane| warn(&lane.id)));
        }
    }
    problems.extend(unfillable(doc));
    problems.extend(exposed(doc));
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
}

/// Steps that show a sensitive field to people who are not among those that may see it.
fn exposed(doc: &FlowDoc) -> Vec<Problem> {
    let mut problems = Vec::new();
    for place in walk(doc) {
        let Some(person) = place.node.person() else { continue };
        let named: Vec<Party> = person.assignee.iter().filter_map(Source::candidates).flatten().collect();
        for (field, rule) in &doc.sensitive {
            let shown = person.access(&full(field)).is_some_and(|access| access <= FieldAccess::Read);
            let foreign = named.iter().filter(|party| shown && !rule.visible_to.contains(party));
            problems.extend(foreign.map(|party| {
                Problem::warning("F-031").at(&place.node.id).with("field", field).with("who", party.key())
            }));
        }
    }
    problems
}

/// Fields that name people although no step of the flow fills them.
fn unfillable(doc: &FlowDoc) -> Vec<Problem> {
    let filled = filled(doc);
    let mut problems = Vec::new();
    for place in walk(doc) {
        let named = place.node.sources().into_iter().filter_map(|(_, source)| match source {
            Source::Field(field) => Some(field),
            _ => None,
        });
        let empty = named
            .filter(|field| !field.trim().is_empty() && !filled.iter().any(|by| covers(by, &path_of(field))));
        problems.extend(empty.map(|field| Problem::warning("F-032").at(&place.node.id).with("field", field)));
    }
    problems
}

/// The paths that some step of the flow fills.
pub(super) fn filled(doc: &FlowDoc) -> BTreeSet<String> {
    let mut filled: BTreeSet<String> = BTreeSet::new();
    for place in walk(doc) {
        if let Some(person) = place.node.person() {
            let edits = person.fields.iter().filter(|(_, access)| **access == FieldAccess::Edit);
            filled.extend(edits.map(|(field, _)| full(field)));
        }
        let mut fills = |field: &String| filled.extend([path_of(field)]);
        place.node.assignments().into_iter().for_each(|set| fills(&set.field));
        match &place.node.kind {
            NodeKind::Task(task) => task.outputs.iter().for_each(&mut fills),
            NodeKind::ConnectorCall(call) => call.response.keys().for_each(&mut fills),
            NodeKind::Subflow(subflow) => subflow.output.values().for_each(&mut fills),
            _ => {}
        }
    }
    filled
}

/// All words of the document that people read. A missing SOP is a problem of its own.
fn texts(doc: &FlowDoc) -> Vec<&Text> {
    let mut found = vec![&doc.name];
    found.extend(doc.fields.iter().map(|custom| &custom.name));
    for place in walk(doc) {
        found.push(&place.node.name);
        let told = [&place.node.description, &place.node.customer_name];
        found.extend(told.into_iter().filter(|text| !text.is_blank()));
        found.extend(place.node.lanes().iter().map(|lane| &lane.name));
        if let Some(settings) = place.node.person() {
            found.extend(Some(&settings.sop).filter(|sop| !sop.is_blank()));
            found.extend(settings.labels.values().chain(settings.confirm.values()).chain(&settings.phrases));
        }
        match &place.node.kind {
            NodeKind::Task(task) => found.extend(&task.checklist),
            NodeKind::Subflow(subflow) => {
                found.extend(Some(&subflow.about).filter(|about| !about.is_blank()))
            }
            _ => {}
        }
    }
    found
}
