//! The shape of a document: what the engine takes for granted. A document with any of these problems is
//! neither published nor compiled.

use super::Problem;
use super::settings::out_of_range;
use crate::doc::{FlowDoc, Join, Lane, NodeKind, Place, walk};
use std::collections::BTreeSet;

pub const MAX_NODES: usize = 200;
/// Blocks inside blocks, the main sequence counted.
pub const MAX_DEPTH: usize = 8;
pub const MIN_LANES: usize = 2;
pub const MAX_LANES: usize = 8;
/// Bytes of an id.
pub const MAX_ID: usize = 64;

/// A document that is so large that nothing else is said of it.
pub fn too_large(doc: &FlowDoc) -> Option<Problem> {
    let n = walk(doc).len();
    (n > MAX_NODES).then(|| Problem::blocker("F-084").with("n", n).with("max", MAX_NODES))
}

pub fn structure(doc: &FlowDoc) -> Vec<Problem> {
    let places = walk(doc);
    let mut problems = Vec::new();
    problems.extend(too_large(doc));
    let mut seen = BTreeSet::new();
    for place in &places {
        let id = place.node.id.as_str();
        if !is_id(id) {
            problems.push(Problem::blocker("F-080").at(id));
        } else if !seen.insert(id) {
            problems.push(Problem::blocker("F-081").at(id));
        }
        if place.depth > MAX_DEPTH {
            problems.push(Problem::blocker("F-085").at(id).with("max", MAX_DEPTH));
        }
        placement(doc, place, &mut problems);
        lanes(place, &mut problems);
    }
    ends(doc, &mut problems);
    problems
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_ID && !id.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// The main sequence begins with the start and leads to an end.
fn ends(doc: &FlowDoc, problems: &mut Vec<Problem>) {
    if !matches!(doc.steps.first().map(|node| &node.kind), Some(NodeKind::Start(_))) {
        problems.push(Problem::blocker("F-082").with("what", "missing"));
    }
    match doc.steps.last() {
        Some(last) if !matches!(last.kind, NodeKind::End { .. }) => {
            problems.push(Problem::blocker("F-021").at(&last.id));
        }
        _ => {}
    }
}

fn placement(doc: &FlowDoc, place: &Place<'_>, problems: &mut Vec<Problem>) {
    let id = place.node.id.as_str();
    match &place.node.kind {
        NodeKind::Start(_) if place.within.is_some() || place.position > 0 => {
            problems.push(Problem::blocker("F-082").at(id).with("what", "misplaced"));
        }
        NodeKind::End { .. } => {
            let siblings = place.within.map_or(doc.steps.len(), |(_, lane)| lane.steps.len());
            let what = if place.in_parallel {
                "in_parallel"
            } else if place.position + 1 < siblings {
                "not_last"
            } else {
                return;
            };
            problems.push(Problem::blocker("F-083").at(id).with("what", what));
        }
        NodeKind::WaitEvent(wait) if wait.on_timeout.is_none() => {
            problems.push(Problem::blocker("F-023").at(id));
        }
        NodeKind::Parallel { lanes, join: Join::AtLeast(n), .. }
        | NodeKind::Inclusive { lanes, join: Join::AtLeast(n), .. }
            if *n == 0 || usize::try_from(*n).is_ok_and(|n| n > lanes.len()) =>
        {
            problems.push(out_of_range(place.node, "at_least", n));
        }
        // Its wait for the sender is a wait of the whole run.
        NodeKind::AutoCheck { .. } if place.within.is_some() => {
            problems.push(Problem::blocker("F-088").at(id));
        }
        _ => {}
    }
}

fn lanes(place: &Place<'_>, problems: &mut Vec<Problem>) {
    let (lanes, id) = (place.node.lanes(), place.node.id.as_str());
    let chooses = matches!(place.node.kind, NodeKind::Exclusive { .. } | NodeKind::Inclusive { .. });
    let branches = chooses || matches!(place.node.kind, NodeKind::Parallel { .. });
    if branches && !(MIN_LANES..=MAX_LANES).contains(&lanes.len()) {
        let problem = Problem::blocker("F-086").at(id).with("n", lanes.len());
        problems.push(problem.with("min", MIN_LANES).with("max", MAX_LANES));
    }
    let mut seen = BTreeSet::new();
    for lane in lanes {
        let code = if !is_id(&lane.id) {
            Some("F-080")
        } else if !seen.insert(lane.id.as_str()) {
            Some("F-081")
        } else if has_idle_condition(lane, chooses) {
            Some("F-090")
        } else {
            None
        };
        problems.extend(code.map(|code| Problem::blocker(code).at(id).with("lane", &lane.id)));
    }
    let otherwise = lanes.iter().filter(|lane| lane.otherwise).count();
    if chooses && otherwise != 1 {
        problems.push(Problem::blocker("F-087").at(id).with("n", otherwise));
    }
}

/// A condition that nothing would ever ask.
fn has_idle_condition(lane: &Lane, chooses: bool) -> bool {
    if chooses { lane.otherwise && lane.when.is_some() } else { lane.otherwise || lane.when.is_some() }
}
