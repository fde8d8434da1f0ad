//! Steps that run beside the customer's answer, and rules of them that fire when the customer's time is over.

use super::Problem;
use crate::doc::{Clock, DeadlineFrom, FlowDoc, Lane, Node, NodeKind, PersonSettings, walk};

/// Both begin together, so what is compared is how long after that: a rule behind the end of the customer's time asks
/// for something that the answer has settled, or that silence has.
pub fn too_late(doc: &FlowDoc) -> Vec<Problem> {
    let mut problems = Vec::new();
    for block in walk(doc).iter().map(|place| place.node).filter(|node| node.runs_lanes_at_once()) {
        for (at, lane) in block.lanes().iter().enumerate() {
            let others = block.lanes().iter().enumerate().filter(|(other, _)| *other != at);
            let asked = others.filter_map(|(_, other)| customer_minutes(other)).min();
            let Some(minutes) = asked else { continue };
            problems.extend(
                lane.steps
                    .iter()
                    .filter(|step| fires_after(step, minutes))
                    .map(|step| Problem::warning("F-042").at(&step.id).with("minutes", minutes)),
            );
        }
    }
    problems
}

/// How long the customer has, where the lane begins with the question.
fn customer_minutes(lane: &Lane) -> Option<u32> {
    match &lane.steps.first()?.kind {
        NodeKind::CustomerConfirmation(settings) => settings.deadline_minutes,
        _ => None,
    }
}

fn fires_after(step: &Node, minutes: u32) -> bool {
    let last = |person: &PersonSettings| {
        let deadline = person.deadline.as_ref()?;
        let DeadlineFrom::After { minutes, clock: Clock::Working } = deadline.from else { return None };
        let last = deadline.rules.iter().map(|rule| i64::from(rule.at_minutes)).max()?;
        Some(i64::from(minutes).saturating_add(last))
    };
    step.person().and_then(last).is_some_and(|last| last > i64::from(minutes))
}
