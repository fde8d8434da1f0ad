//! Settings that name what is not there, or what nobody can reach: steps that come later, votes of more people than
//! there are, scopes that no order fits, and steps that nobody can decide.

use super::{People, Problem};
use crate::doc::{FlowDoc, Node, NodeKind, Source, TaskAction, Vote, walk};
use std::collections::{BTreeMap, BTreeSet};

/// Without all of these nobody ever gets past a review, or a task, which cannot be refused.
const DECIDING: [TaskAction; 3] = [TaskAction::Approve, TaskAction::Return, TaskAction::Reject];

pub fn names(doc: &FlowDoc) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let (Some(from), Some(to)) = (doc.scope.amount_from, doc.scope.amount_to)
        && from > to
    {
        problems.push(Problem::blocker("F-119").with("from", from).with("to", to));
    }
    if doc.process_admin.is_empty() {
        problems.push(Problem::warning("F-120"));
    }
    let places = walk(doc);
    // Of ids that nobody knows another check tells.
    let mut ahead: BTreeSet<&str> = places.iter().map(|place| place.node.id.as_str()).collect();
    for place in &places {
        let node = place.node;
        later(node, &ahead, &mut problems);
        if let Some(person) = node.person() {
            let ways = if matches!(node.kind, NodeKind::Task(_)) { 2 } else { DECIDING.len() };
            if DECIDING.iter().take(ways).all(|action| person.without.contains(action)) {
                problems.push(Problem::blocker("F-121").at(&node.id));
            }
        }
        if let NodeKind::AutoCheck { checks, .. } = &node.kind {
            let mut known = BTreeMap::new();
            for rule in checks {
                *known.entry(rule.check.as_str()).or_insert(0) += 1;
            }
            let twice = known.into_iter().filter(|(_, n)| *n > 1);
            problems.extend(twice.map(|(check, _)| {
                Problem::blocker("F-122").at(&node.id).with("setting", "checks").with("check", check)
            }));
        }
        ahead.remove(node.id.as_str());
    }
    problems
}

/// Whoever decided a step is known only once it was decided.
fn later(node: &Node, ahead: &BTreeSet<&str>, problems: &mut Vec<Problem>) {
    for (setting, source) in node.sources() {
        // Of its own work a step tells those who did it.
        if let Source::SameAs(id) = source
            && ahead.contains(id.as_str())
            && (setting == "assignee" || *id != node.id)
        {
            let problem = Problem::blocker("F-117").at(&node.id);
            problems.push(problem.with("setting", setting).with("id", id));
        }
    }
}

/// Votes for which more people have to agree than there are.
pub fn votes(doc: &FlowDoc, people: &People) -> Vec<Problem> {
    let mut problems = Vec::new();
    for place in walk(doc) {
        let Some(person) = place.node.person() else { continue };
        let Vote::Count(n) = person.vote else { continue };
        // Who is known only with an order may be many.
        let parties: Option<Vec<_>> = person.assignee.iter().map(Source::candidates).collect();
        let Some(parties) = parties else { continue };
        let found: BTreeSet<&str> =
            parties.iter().flatten().flat_map(|party| people.resolve(party)).collect();
        if !found.is_empty() && usize::try_from(n).is_ok_and(|n| n > found.len()) {
            let problem = Problem::blocker("F-118").at(&place.node.id);
            problems.push(problem.with("n", n).with("found", found.len()));
        }
    }
    problems
}
