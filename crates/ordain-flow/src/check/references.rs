//! What a step says about other steps: where it goes back to, and whose people it names. The engine takes the ways back
//! for granted, so a document with any of these problems does not run.

use super::Problem;
use super::place::Places;
use crate::doc::{Exclude, FlowDoc, Node, NodeKind, OnReject, PersonSettings, ReturnTargets, Source, walk};
use crate::run::{DEFAULT_ROUNDS, MAX_ADVANCES};

/// Most rounds a step may send the run back.
pub const MAX_ROUNDS: u32 = 20;

pub fn references(doc: &FlowDoc) -> Vec<Problem> {
    let places = Places::of(doc);
    let (mut problems, mut loops) = (Vec::new(), 0);
    let all = walk(doc);
    for place in &all {
        let node = place.node;
        if let NodeKind::GoTo { target, max_rounds, .. } = &node.kind {
            let rounds = max_rounds.unwrap_or(DEFAULT_ROUNDS);
            go_to(&places, node, target, rounds, &mut problems);
            loops += steps_of_loop(&places, node, target, rounds);
        }
        for (setting, source) in node.sources() {
            if let Source::SameAs(id) = source
                && !asks(&places, id)
            {
                problems.push(unknown(node, setting, id));
            }
        }
        if let Some(person) = node.person() {
            persons(&places, node, person, &mut problems);
        }
        if matches!(&node.kind, NodeKind::Subflow(subflow) if subflow.flow == doc.key) {
            let chain = format!("{0} → {0}", doc.key);
            problems.push(Problem::blocker("F-093").at(&node.id).with("chain", chain));
        }
    }
    // Once through, once more because something opened before the end, and every loop that nobody stops.
    let most = 2 * all.len() + loops;
    if most > MAX_ADVANCES {
        problems.push(Problem::blocker("F-097").with("n", most).with("max", MAX_ADVANCES));
    }
    problems
}

fn go_to(places: &Places<'_>, node: &Node, target: &str, rounds: u32, problems: &mut Vec<Problem>) {
    if !(1..=MAX_ROUNDS).contains(&rounds) {
        let problem = Problem::blocker("F-022").at(&node.id).with("target", target);
        problems.push(problem.with("rounds", rounds).with("max", MAX_ROUNDS));
    }
    match places.node(target) {
        None => problems.push(unknown(node, "target", target)),
        Some(_) if !places.is_earlier_around(target, &node.id) => {
            problems.push(Problem::blocker("F-025").at(&node.id).with("target", target));
        }
        Some(_) => {}
    }
}

/// Steps that one call may enter because of a loop in which nobody is sure to be waited for.
fn steps_of_loop(places: &Places<'_>, node: &Node, target: &str, rounds: u32) -> usize {
    let (level, read) = places.between(target, &node.id);
    if level.into_iter().any(always_waits) {
        return 0;
    }
    read.saturating_mul(usize::try_from(rounds.min(MAX_ROUNDS)).unwrap_or_default())
}

fn always_waits(node: &Node) -> bool {
    match &node.kind {
        NodeKind::CustomerConfirmation(_)
        | NodeKind::Delay(_)
        | NodeKind::WaitEvent(_)
        | NodeKind::ConnectorCall(_) => true,
        NodeKind::Subflow(subflow) => !subflow.detached,
        _ => node.person().is_some_and(|person| !person.auto_when_clear && person.skip_when.is_none()),
    }
}

fn asks(places: &Places<'_>, id: &str) -> bool {
    places.node(id).is_some_and(|node| node.person().is_some())
}

fn unknown(node: &Node, setting: &str, id: &str) -> Problem {
    Problem::blocker("F-091").at(&node.id).with("setting", setting).with("id", id)
}

fn persons(places: &Places<'_>, node: &Node, person: &PersonSettings, problems: &mut Vec<Problem>) {
    let mut must_ask = |setting: &str, id: &str| {
        if !asks(places, id) {
            problems.push(unknown(node, setting, id));
        }
    };
    for exclude in &person.exclude {
        if let Exclude::DecidersOf(id) = exclude {
            must_ask("exclude", id);
        }
    }
    person.returns.guards.keys().for_each(|id| must_ask("guards", id));
    if let ReturnTargets::Steps(steps) = &person.returns.targets {
        steps.iter().for_each(|id| must_ask("returns", id));
    }
    if let OnReject::ReturnTo(id) = &person.on_reject {
        must_ask("on_reject", id);
        if asks(places, id) && !places.is_earlier(id, &node.id) {
            problems.push(Problem::blocker("F-025").at(&node.id).with("target", id));
        }
    }
}
