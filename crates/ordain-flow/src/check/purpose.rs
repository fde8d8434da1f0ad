//! What a flow is for, and what it may hold then: only a confirmation leads to a confirmed order, and what follows a
//! confirmation changes nothing that was confirmed.

use super::Problem;
use crate::doc::{Assignment, DeadlineDo, FlowDoc, Node, NodeKind, Outcome, PersonSettings, Purpose, walk};

pub fn purpose(doc: &FlowDoc) -> Vec<Problem> {
    let misplaced = |node: &Node| {
        let what = unfit(node, doc.purpose)?;
        Some(Problem::blocker("F-099").at(&node.id).with("what", what))
    };
    walk(doc).into_iter().filter_map(|place| misplaced(place.node)).collect()
}

/// What of a step does not fit the purpose of its flow.
fn unfit(node: &Node, purpose: Purpose) -> Option<&'static str> {
    match (&node.kind, purpose) {
        (NodeKind::End { outcome: Outcome::Completed, .. }, Purpose::Confirmation) => Some("end"),
        (_, Purpose::Confirmation) => None,
        (NodeKind::End { outcome: Outcome::Completed, .. }, _) => None,
        (NodeKind::End { outcome: Outcome::Rejected, .. }, Purpose::Subflow) => None,
        (NodeKind::End { .. }, _) => Some("end"),
        // They speak for the order as a whole.
        (NodeKind::AutoCheck { .. } | NodeKind::CustomerConfirmation(_), _) => Some("type"),
        // What is confirmed cannot be refused any more.
        (NodeKind::Review(_), Purpose::Fulfilment) => Some("type"),
        (NodeKind::UpdateData { stock: Some(_), .. }, _) => Some("stock"),
        (_, Purpose::Fulfilment) if node.assignments().into_iter().any(is_confirmed) => Some("assign"),
        _ => node.person().and_then(|person| unfit_person(person, purpose)),
    }
}

/// Custom fields are the flow's own; all others are what the customer was promised.
fn is_confirmed(set: &Assignment) -> bool {
    !crate::access::path_of(&set.field).starts_with("extra.")
}

fn unfit_person(person: &PersonSettings, purpose: Purpose) -> Option<&'static str> {
    let rules = person.deadline.as_ref().map(|deadline| deadline.rules.as_slice()).unwrap_or_default();
    if rules.iter().any(|rule| rule.action == DeadlineDo::AutoReturn) {
        return Some("deadline");
    }
    let edits = person.fields.iter().filter(|(_, access)| **access == crate::doc::FieldAccess::Edit);
    let confirmed = |(field, _): (&String, _)| !crate::access::full(field).starts_with("extra");
    (purpose == Purpose::Fulfilment && edits.into_iter().any(confirmed)).then_some("fields")
}
