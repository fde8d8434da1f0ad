//! What four eyes, and steps that must not be skipped, say of work by hand: a step that somebody may not approve they may
//! not pass over either, and nobody passes over a guarded one with the flow around it.

use super::Case;
use super::refusal::Refusal;
use super::side_run::{MAIN, run_of};
use super::who::excluded;
use super::world::House;
use ordain_flow::doc::{Lane, Node, NodeKind, Purpose};
use ordain_flow::run::{Run, StepRefusal, Visit};
use uuid::Uuid;

/// Why somebody may not let the run go on without what a stay waits for.
pub fn skip_obstacle(case: &Case, house: &House, person: Option<Uuid>, visit: u32) -> Option<Refusal> {
    if !may_skip(case, house, person, visit) {
        return Some(Refusal::FourEyes);
    }
    guarded(inside(case, house, node_of(case, house, visit)?))
}

/// Why somebody may not move the order to a step.
pub fn jump_obstacle(case: &Case, house: &House, person: Option<Uuid>, to: &str) -> Option<Refusal> {
    if !may_jump(case, house, person, to) {
        return Some(Refusal::FourEyes);
    }
    let passed = passed_over(case, house, to);
    guarded(passed.into_iter().flat_map(|node| inside(case, house, node)).collect())
}

fn may_skip(case: &Case, house: &House, person: Option<Uuid>, visit: u32) -> bool {
    let Some(node) = node_of(case, house, visit) else { return true };
    let kept_out = |(number, inner): (u32, &Node)| is_kept_out(case, number, inner, person);
    !is_kept_out(case, run_of(visit), node, person) && !inside(case, house, node).into_iter().any(kept_out)
}

/// Whether somebody may move the order to a step: none of those that it has not passed yet on its way there, or that are
/// left open, is kept from them.
pub fn may_jump(case: &Case, house: &House, person: Option<Uuid>, to: &str) -> bool {
    let kept_out = |(number, node): (u32, &Node)| is_kept_out(case, number, node, person);
    !passed_over(case, house, to)
        .into_iter()
        .any(|node| kept_out((MAIN, node)) || inside(case, house, node).into_iter().any(kept_out))
}

/// Whether somebody may set aside what a check found: a step that answers for it and is kept from them decides.
pub fn may_override(case: &Case, house: &House, person: Option<Uuid>, check: &str) -> bool {
    let Some(flow) = case.run_at(MAIN).and_then(|(pin, _)| house.flow(pin)) else { return true };
    let mut owners = flow.nodes().filter(|node| node.person().is_some() && node.answers_for(check));
    !owners.any(|node| is_kept_out(case, MAIN, node, person))
}

/// A step among these that must not be skipped.
fn guarded(steps: Vec<(u32, &Node)>) -> Option<Refusal> {
    let mut nodes = steps.into_iter().map(|(_, node)| node);
    let found = nodes.find(|node| node.person().is_some_and(|settings| settings.guarded))?;
    Some(Refusal::Flow(StepRefusal::Guarded { node: found.id.as_str().into() }))
}

fn node_of<'a>(case: &Case, house: &'a House, visit: u32) -> Option<&'a Node> {
    let (_, run) = case.run_with(visit)?;
    case.node_at(house, visit, &run.visit(visit)?.node)
}

/// The steps before another one that the order is in, or that it has to come to and has not passed.
fn passed_over<'a>(case: &Case, house: &'a House, to: &str) -> Vec<&'a Node> {
    let Some((pin, run)) = case.run_at(MAIN) else { return Vec::new() };
    let Some(flow) = house.flow(pin) else { return Vec::new() };
    let left = |node: &&Node| {
        is_open(run, &node.id) || (is_of_all(&flow.doc().steps, node) && !is_passed(run, node))
    };
    flow.nodes().take_while(|node| node.id != to).filter(left).collect()
}

/// The steps still to come of the flow that a step runs inside, and of those inside of that, each with the number of the
/// run that it belongs to, or of the main one where that has not begun.
fn inside<'a>(case: &Case, house: &'a House, node: &Node) -> Vec<(u32, &'a Node)> {
    let NodeKind::Subflow(subflow) = &node.kind else { return Vec::new() };
    if subflow.detached {
        return Vec::new();
    }
    let begun = case.side_runs.iter().zip(1u32..);
    let begun = begun.filter(|(side, _)| !side.is_over() && case.began_at(side, &node.id));
    let mut found: Vec<(u32, &'a Node)> = Vec::new();
    let mut none = true;
    for (side, number) in begun {
        none = false;
        let nodes = house.flow(&side.pin).into_iter().flat_map(|flow| flow.nodes());
        found.extend(nodes.filter(|inner| !is_passed(&side.run, inner)).map(|inner| (number, inner)));
    }
    // Flows cannot run inside of themselves, so this comes to an end.
    if none && let Some(pin) = house.in_force(&subflow.flow, Purpose::Subflow) {
        found.extend(house.flow(&pin).into_iter().flat_map(|flow| flow.nodes()).map(|inner| (MAIN, inner)));
    }
    let deeper: Vec<_> = found.iter().flat_map(|(_, inner)| inside(case, house, inner)).collect();
    found.extend(deeper);
    found
}

fn is_open(run: &Run, node: &str) -> bool {
    run.open_visits().any(|visit| *visit.node == *node)
}

/// Whether every order comes to a step: it stands in no lane, or in one of those that all begin.
fn is_of_all(steps: &[Node], node: &Node) -> bool {
    steps.iter().any(|step| {
        let begins = |lane: &Lane| is_of_all(&lane.steps, node);
        let all_begin = matches!(step.kind, NodeKind::Parallel { .. });
        step.id == node.id || (all_begin && step.lanes().iter().any(begins))
    })
}

fn is_passed(run: &Run, node: &Node) -> bool {
    let closed = |visit: &Visit| *visit.node == *node.id && visit.closed.is_some();
    run.has_approved(&node.id) || run.this_round().any(closed)
}

fn is_kept_out(case: &Case, run: u32, node: &Node, person: Option<Uuid>) -> bool {
    let settings = node.person();
    settings.zip(person).is_some_and(|(settings, person)| excluded(settings, run, case).contains(&person))
}
