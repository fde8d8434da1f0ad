//! Settings about other steps that are never offered or never apply: ways back that lead nowhere, decisions that nobody
//! has taken by then, who is spared or stands in although nobody can be, and fields that can never be written.

use super::Problem;
use super::place::Places;
use crate::access::covers;
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
            problems.extend(shut_out(doc, &places, node, person));
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

/// Fields that a step may write until another one has approved, and not after: the order would have to go back.
fn shut_out(doc: &FlowDoc, places: &Places<'_>, node: &Node, person: &PersonSettings) -> Vec<Problem> {
    let mut problems = Vec::new();
    let writable = node.writable();
    for other in walk(doc).iter().map(|place| place.node) {
        let Some(settings) = other.person() else { continue };
        if !places.is_earlier(&other.id, &node.id) {
            continue;
        }
        let guards = person.guards_of(&other.id, settings);
        let guarded = writable.iter().filter(|path| guards.iter().any(|guard| covers(guard, path)));
        problems.extend(guarded.map(|path| {
            Problem::warning("F-142").at(&node.id).with("target", &other.id).with("field", path)
        }));
    }
    problems
}

fn idle(node: &Node, person: &PersonSettings) -> Option<Problem> {
    if person.guarded && person.repeats != Repeats::Ask {
        return Some(Problem::warning("F-140").at(&node.id));
    }
    let unbacked = person.when_empty == WhenEmpty::Backup && person.backup.is_none();
    unbacked.then(|| Problem::warning("F-141").at(&node.id))
}
