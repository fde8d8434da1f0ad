//! Settings about other steps that are never offered or never apply: ways back that lead nowhere, decisions that nobody
//! has taken by then, and who is spared or stands in although nobody can be.

use super::Problem;
use super::place::Places;
use crate::doc::{FlowDoc, Node, PersonSettings, Purpose, Repeats, ReturnTargets, Source, WhenEmpty, walk};

pub fn ways(doc: &FlowDoc) -> Vec<Problem> {
    let places = Places::of(doc);
    let mut problems = Vec::new();
    for place in walk(doc) {
        let node = place.node;
        for (setting, source) in node.sources() {
            if let Source::SameAs(id) = source
                && places.is_beside(id, &node.id)
            {
                let problem = Problem::warning("F-139").at(&node.id).with("setting", setting);
                problems.push(problem.with("target", id));
            }
        }
        if let Some(person) = node.person() {
            problems.extend(back(doc, &places, node, person));
            problems.extend(idle(node, person));
        }
    }
    problems
}

/// Targets of a return to which nobody is ever sent.
fn back(doc: &FlowDoc, places: &Places<'_>, node: &Node, person: &PersonSettings) -> Vec<Problem> {
    match &person.returns.targets {
        // The sender is asked by the flow that leads to the confirmation.
        ReturnTargets::Initiator if doc.purpose != Purpose::Confirmation => {
            vec![Problem::warning("F-137").at(&node.id)]
        }
        ReturnTargets::Initiator | ReturnTargets::AnyPassed => Vec::new(),
        ReturnTargets::Steps(steps) => {
            let known = steps.iter().filter(|id| places.node(id).is_some());
            let ahead = known.filter(|id| !places.is_earlier(id, &node.id));
            ahead.map(|id| Problem::warning("F-138").at(&node.id).with("target", id)).collect()
        }
    }
}

fn idle(node: &Node, person: &PersonSettings) -> Option<Problem> {
    if person.guarded && person.repeats != Repeats::Ask {
        return Some(Problem::warning("F-140").at(&node.id));
    }
    let unbacked = person.when_empty == WhenEmpty::Backup && person.backup.is_none();
    unbacked.then(|| Problem::warning("F-141").at(&node.id))
}
