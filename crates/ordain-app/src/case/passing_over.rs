//! What four eyes say of work by hand: a step that somebody may not approve they may not pass over either.

use super::Case;
use super::side_run::{MAIN, run_of};
use super::who::excluded;
use super::world::House;
use ordain_flow::doc::{Lane, Node, NodeKind, Purpose};
use ordain_flow::run::{Run, Visit};
use std::sync::Arc;
use uuid::Uuid;

/// Whether somebody may let the run go on without what a stay waits for.
pub fn may_skip(case: &Case, house: &House, person: Option<Uuid>, visit: u32) -> bool {
    let stay = case.run_with(visit).and_then(|(_, run)| run.visit(visit));
    let node = stay.and_then(|stay| case.node_at(house, visit, &stay.node));
    let by_itself = node.is_some_and(|node| is_kept_out(case, run_of(visit), node, person));
    !by_itself && !is_kept_out_inside(case, house, person, visit)
}

/// A step inside of a stay that must not be skipped and that nobody has approved yet.
pub fn guarded_inside(case: &Case, house: &House, visit: u32) -> Option<Arc<str>> {
    let inside = case.side_runs.iter().filter(|side| side.parent == Some(visit) && !side.is_over());
    inside.into_iter().find_map(|side| {
        let flow = house.flow(&side.pin)?;
        let guarded = |node: &&Node| node.person().is_some_and(|settings| settings.guarded);
        let ahead = flow.nodes().find(|node| guarded(node) && !is_passed(&side.run, node));
        let deeper = || side.run.open_visits().find_map(|open| guarded_inside(case, house, open.visit));
        ahead.map(|node| Arc::from(node.id.as_str())).or_else(deeper)
    })
}

/// Whether somebody may set aside what a check found: a step that answers for it and is kept from them decides.
pub fn may_override(case: &Case, house: &House, person: Option<Uuid>, check: &str) -> bool {
    let Some(flow) = case.run_at(MAIN).and_then(|(pin, _)| house.flow(pin)) else { return true };
    let owners = flow.nodes().filter(|node| node.person().is_some() && node.answers_for(check));
    !owners.into_iter().any(|node| is_kept_out(case, MAIN, node, person))
}

/// Whether a flow that runs inside for a stay has a step still to come that somebody may not pass over.
fn is_kept_out_inside(case: &Case, house: &House, person: Option<Uuid>, visit: u32) -> bool {
    let inside =
        case.side_runs.iter().zip(1..).filter(|(side, _)| side.parent == Some(visit) && !side.is_over());
    inside.into_iter().any(|(side, number)| {
        let Some(flow) = house.flow(&side.pin) else { return false };
        let ahead = flow.nodes().filter(|node| is_open(&side.run, &node.id) || !is_passed(&side.run, node));
        ahead.into_iter().any(|node| is_kept_out(case, number, node, person))
            || side.run.open_visits().any(|open| is_kept_out_inside(case, house, person, open.visit))
    })
}

/// Whether somebody may move the order to a step: none of those that it has not passed yet on its way there, or that are
/// left open, is kept from them.
pub fn may_jump(case: &Case, house: &House, person: Option<Uuid>, to: &str) -> bool {
    let kept_out = |node: &&Node| {
        is_kept_out(case, MAIN, node, person)
            || inside(case, house, node).any(|(number, inner)| is_kept_out(case, number, inner, person))
    };
    !passed_over(case, house, to).iter().any(kept_out)
}

/// A step of a flow inside that a move to a step would pass over, and that must not be skipped.
pub fn guarded_on_the_way(case: &Case, house: &House, to: &str) -> Option<Arc<str>> {
    let passed = passed_over(case, house, to);
    let mut steps = passed.iter().flat_map(|node| inside(case, house, node)).map(|(_, inner)| inner);
    let guarded = steps.find(|inner| inner.person().is_some_and(|settings| settings.guarded));
    guarded.map(|inner| Arc::from(inner.id.as_str()))
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

/// The steps still to come of the flow that a step runs inside, with the number of the run where it has begun.
fn inside<'a>(case: &Case, house: &'a House, node: &Node) -> impl Iterator<Item = (u32, &'a Node)> {
    let mut found = Vec::new();
    if let NodeKind::Subflow(subflow) = &node.kind
        && !subflow.detached
    {
        let begun = case.side_runs.iter().zip(1..).filter(|(side, _)| case.began_at(side, &node.id));
        let mut none = true;
        for (side, number) in begun.filter(|(side, _)| !side.is_over()) {
            none = false;
            let ahead = house.flow(&side.pin).into_iter().flat_map(|flow| flow.nodes());
            found.extend(ahead.filter(|inner| !is_passed(&side.run, inner)).map(|inner| (number, inner)));
        }
        if none && let Some(pin) = house.in_force(&subflow.flow, Purpose::Subflow) {
            let all = house.flow(&pin).into_iter().flat_map(|flow| flow.nodes());
            found.extend(all.map(|inner| (MAIN, inner)));
        }
    }
    found.into_iter()
}

/// A step inside of a stay that must not be skipped and that nobody has approved yet.
pub fn guarded_inside(case: &Case, house: &House, visit: u32) -> Option<Arc<str>> {
    let inside = case.side_runs.iter().filter(|side| side.parent == Some(visit) && !side.is_over());
    inside.into_iter().find_map(|side| {
        let flow = house.flow(&side.pin)?;
        let guarded = |node: &&Node| node.person().is_some_and(|settings| settings.guarded);
        let ahead = flow.nodes().find(|node| guarded(node) && !is_passed(&side.run, node));
        let deeper = || side.run.open_visits().find_map(|open| guarded_inside(case, house, open.visit));
        ahead.map(|node| Arc::from(node.id.as_str())).or_else(deeper)
    })
}

/// Whether somebody may set aside what a check found: a step that answers for it and is kept from them decides.
pub fn may_override(case: &Case, house: &House, person: Option<Uuid>, check: &str) -> bool {
    let Some(flow) = case.run_at(MAIN).and_then(|(pin, _)| house.flow(pin)) else { return true };
    let owners = flow.nodes().filter(|node| node.person().is_some() && node.answers_for(check));
    !owners.into_iter().any(|node| is_kept_out(case, MAIN, node, person))
}

/// Whether a flow that runs inside for a stay has a step still to come that somebody may not pass over.
fn is_kept_out_inside(case: &Case, house: &House, person: Option<Uuid>, visit: u32) -> bool {
    let inside =
        case.side_runs.iter().zip(1..).filter(|(side, _)| side.parent == Some(visit) && !side.is_over());
    inside.into_iter().any(|(side, number)| {
        let Some(flow) = house.flow(&side.pin) else { return false };
        let ahead = flow.nodes().filter(|node| is_open(&side.run, &node.id) || !is_passed(&side.run, node));
        ahead.into_iter().any(|node| is_kept_out(case, number, node, person))
            || side.run.open_visits().any(|open| is_kept_out_inside(case, house, person, open.visit))
    })
}

/// Whether somebody may move the order to a step: none of those that it has not passed yet on its way there, or that are
/// left open, is kept from them.
pub fn may_jump(case: &Case, house: &House, person: Option<Uuid>, to: &str) -> bool {
    let Some((pin, run)) = case.run_at(MAIN) else { return true };
    let Some(flow) = house.flow(pin) else { return true };
    let passed_over = |node: &&Node| {
        is_open(run, &node.id) || (is_of_all(&flow.doc().steps, node) && !is_passed(run, node))
    };
    let before = || flow.nodes().take_while(|node| node.id != to);
    let left = |visit: &Visit| before().any(|node| node.id == *visit.node);
    !before().filter(passed_over).any(|node| is_kept_out(case, MAIN, node, person))
        && !run
            .open_visits()
            .filter(|visit| left(visit))
            .any(|open| is_kept_out_inside(case, house, person, open.visit))
}

fn is_open(run: &Run, node: &str) -> bool {
    run.open_visits().any(|visit| *visit.node == *node)
}

/// Whether every order comes to a step: it stands in no lane, or in one of those that all begin.
fn is_of_all(steps: &[Node], node: &Node) -> bool {
    steps.iter().any(|step| {
        let begins = |lane: &Lane| is_of_all(&lane.steps, node);
        step.id == node.id
            || (matches!(step.kind, NodeKind::Parallel { .. }) && step.lanes().iter().any(begins))
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
