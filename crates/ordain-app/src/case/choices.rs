//! What acts can be done with: the steps that an order may go back or be moved to, the people who can be chosen, the
//! notice that can be sent by hand.
//!
//! Where the engine decides, it is asked: each choice is tried on the run, whose events are thrown away. So what is
//! offered here is never refused there for the same reason.

use super::actions::Action;
use super::facts::{self, Around};
use super::passing_over::{jump_obstacle, may_override, skip_obstacle};
use super::people::User;
use super::side_run::{MAIN, run_of};
use super::world::House;
use super::{Case, FlowPin, Task};
use crate::rights::Permission;
use ordain_domain::actor::Actor;
use ordain_domain::order::{Order, Status};
use ordain_flow::doc::{Node, NodeKind, Outcome, Party, PersonSettings, Purpose, Source};
use ordain_flow::rule::Facts;
use ordain_flow::run::{Flow, Input, Run, WayBack, step};
use std::sync::Arc;
use uuid::Uuid;

/// An earlier step, with the ways in which an order that is returned there can come back.
#[derive(Clone, Debug)]
pub struct ReturnChoice<'a> {
    pub node: &'a Node,
    pub ways: Vec<WayBack>,
}

/// Where a task can send its order back to, beside the sender: earlier steps of its own run.
pub fn returns<'a>(case: &Case, task: &Task, house: &'a House, at_ms: i64) -> Vec<ReturnChoice<'a>> {
    let found = case.run_with(task.visit).filter(|_| task.is_open());
    let Some((flow, run)) = found.and_then(|(pin, run)| Some((house.flow(pin)?, run))) else {
        return Vec::new();
    };
    let passed = flow.nodes().filter(|node| node.id != task.node && run.has_approved(&node.id));
    let passed: Vec<&Node> = passed.filter(|node| node.person().is_some()).collect();
    if passed.is_empty() {
        return Vec::new();
    }
    let facts = facts::in_run(case, run_of(task.visit), flow, Around { house, at_ms });
    let choice = |node: &'a Node| {
        let to: Arc<str> = Arc::from(node.id.as_str());
        let offered = |way: &WayBack| {
            let input = Input::ReturnTo { visit: task.visit, to: to.clone(), way: *way };
            step(flow, run, &input, &facts, at_ms).is_ok()
        };
        let ways: Vec<WayBack> = [WayBack::StepByStep, WayBack::Direct].into_iter().filter(offered).collect();
        (!ways.is_empty()).then_some(ReturnChoice { node, ways })
    };
    passed.into_iter().filter_map(choice).collect()
}

/// A step to come whose people somebody chooses.
#[derive(Clone, Debug)]
pub struct PeopleChoice<'a> {
    pub node: &'a Node,
    pub among: Vec<&'a User>,
    pub chosen: &'a [String],
}

/// The steps to come that leave it to people who does them.
pub fn people<'a>(case: &'a Case, house: &'a House) -> Vec<PeopleChoice<'a>> {
    let mut found: Vec<PeopleChoice<'a>> = Vec::new();
    for (flow, run) in ahead(case, house) {
        let reached = |node: &Node| {
            case.tasks.values().any(|task| task.node == node.id && Some(run_of(task.visit)) == run)
        };
        for node in flow.nodes().filter(|node| !reached(node)) {
            let Some(among) = node.person().and_then(among) else { continue };
            if found.iter().all(|known| known.node.id != node.id) {
                let chosen = case.chosen.get(&node.id).map(Vec::as_slice).unwrap_or_default();
                found.push(PeopleChoice { node, among: house.people.members(among), chosen });
            }
        }
    }
    found
}

/// The flows of which steps are still to come: of the runs under way, by number, and of those that they will begin.
fn ahead<'a>(case: &Case, house: &'a House) -> Vec<(&'a Flow, Option<u32>)> {
    let live = [Status::Draft, Status::Incomplete, Status::InReview, Status::AwaitingCustomer];
    // An order that has no flow yet will enter the one that takes it as it is now.
    let main = || case.flow.clone().or_else(|| house.flow_for(&case.order));
    let main = if live.contains(&case.order.status) { main() } else { None };
    let under_way = case.side_runs.iter().zip(1..).filter(|(side, _)| !side.is_over());
    let side = under_way.map(|(side, number)| (side.pin.clone(), Some(number)));
    let mut open: Vec<(FlowPin, Option<u32>)> = main.map(|pin| (pin, Some(MAIN))).into_iter().collect();
    open.extend(side);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((pin, run)) = open.get(at).cloned() {
        at += 1;
        let Some(flow) = house.flow(&pin) else { continue };
        found.push((flow.as_ref(), run));
        for node in flow.nodes() {
            let NodeKind::Subflow(subflow) = &node.kind else { continue };
            let runs = case.side_runs.iter().filter(|side| side.pin.key == subflow.flow);
            let begun = runs.into_iter().any(|side| !side.is_over() || case.began_at(side, &node.id));
            let inner = house.in_force(&subflow.flow, Purpose::Subflow).filter(|_| !begun);
            let inner = inner.filter(|inner| open.iter().all(|(known, _)| known != inner));
            open.extend(inner.map(|inner| (inner, None)));
        }
    }
    found
}

/// A step to come of the order's flow, or of one that runs inside of it.
pub(super) fn step_ahead<'a>(case: &Case, house: &'a House, id: &str) -> Option<&'a Node> {
    ahead(case, house).into_iter().find_map(|(flow, _)| flow.node(id))
}

/// Among whom somebody chooses who is asked, where a step leaves that to people.
pub(super) fn among(settings: &PersonSettings) -> Option<&Party> {
    settings.assignee.iter().find_map(|source| match source {
        Source::ChosenByInitiator(party) | Source::ChosenByPrevious(party) => Some(party),
        _ => None,
    })
}

/// Whether it is somebody's to choose the people of a step: whoever enters orders may, and where the flow leaves it to the
/// person before, everybody who holds a task of the order; what they have chosen is theirs alone to change while the order
/// is reviewed. Programs choose for their people.
pub(super) fn may_choose(case: &Case, house: &House, user: Option<&User>, step: &Node) -> bool {
    let (Some(user), Some(settings)) = (user, step.person()) else { return user.is_none() };
    let previous = settings.assignee.iter().any(|source| matches!(source, Source::ChosenByPrevious(_)));
    let holds = || case.open_tasks().any(|(_, task)| user.belongs_to(&task.holder));
    let with_sender = matches!(case.order.status, Status::Draft | Status::Incomplete);
    let theirs = !previous || with_sender || !case.chosen.contains_key(&step.id);
    (theirs && house.people.rights(user).has(Permission::WriteOrders)) || (previous && holds())
}

/// The notice to the customer that fits an order and can be sent by hand.
pub fn notice(order: &Order) -> Option<&'static str> {
    match order.status {
        // What is under review is not confirmed.
        _ if order.is_changing() => None,
        _ if order.delivery_moved => Some("delivery_changed"),
        Status::Confirmed | Status::InFulfilment | Status::Completed => Some("order_confirmed"),
        Status::AwaitingCustomer => Some("customer_confirmation"),
        _ => None,
    }
}

/// A step in which a run waits.
#[derive(Clone, Debug)]
pub struct WaitingStep<'a> {
    pub node: &'a Node,
    pub visit: u32,
}

/// What the process admin can do with an order by hand.
#[derive(Clone, Debug, Default)]
pub struct ByHand<'a> {
    pub acts: Vec<Action>,
    pub jump_to: Vec<&'a Node>,
    pub skip: Vec<WaitingStep<'a>>,
    pub rerun: Vec<WaitingStep<'a>>,
    pub outcomes: Vec<Outcome>,
    /// Ids of the findings that can be set aside.
    pub findings: Vec<String>,
    /// What waits for a second person.
    pub agree: Vec<Uuid>,
}

pub fn by_hand<'a>(case: &Case, house: &'a House, caller: Option<Uuid>, at_ms: i64) -> ByHand<'a> {
    let order = &case.order;
    let reviewed = order.is_in_review();
    let live = reviewed || order.status.is_editable();
    let held = order.on_hold.then_some("on_hold");
    let around = Around { house, at_ms };
    let tried = Tried::of(case, MAIN, around);
    let mut all: Vec<Tried<'_, 'a>> = if live { vec![tried.clone()] } else { Vec::new() };
    let under_way = case.side_runs.iter().zip(1..).filter(|(side, _)| !side.is_over());
    all.extend(under_way.map(|(_, number)| Tried::of(case, number, around)));
    let waiting = |input: &dyn Fn(u32) -> Input| all.iter().flat_map(|tried| tried.waiting(input)).collect();
    let taken = case.is_taken_over();
    let mut skip: Vec<WaitingStep<'a>> = waiting(&|visit| Input::Skip { visit });
    skip.retain(|step| skip_obstacle(case, house, caller, step.visit).is_none());
    let mut jump_to = if reviewed { tried.targets() } else { Vec::new() };
    jump_to.retain(|node| jump_obstacle(case, house, caller, &node.id).is_none());
    let mut found = ByHand {
        jump_to,
        skip,
        rerun: waiting(&|visit| Input::RunAgain { visit }),
        outcomes: tried.outcomes(reviewed),
        ..ByHand::default()
    };
    if live {
        let open = order.open_findings().filter(|finding| {
            finding.code.acceptable() && may_override(case, house, caller, finding.code.check().name())
        });
        found.findings = open.map(|finding| finding.id()).collect();
    }
    let asked = case.open_exceptions().filter(|exception| exception.asked.is_some());
    let (own, others): (Vec<_>, Vec<_>) = asked.partition(|exception| {
        exception.reported_by.as_ref().and_then(Actor::person).is_some_and(|by| Some(by) == caller)
    });
    found.agree = others.iter().map(|exception| exception.id).collect();
    let by_oneself = (!own.is_empty()).then_some("own_act");
    let over = matches!(order.status, Status::Rejected | Status::Cancelled | Status::Expired);
    let closed = (!live).then_some("wrong_status");
    let none = |empty: bool| empty.then_some("nothing_to_choose");
    found.acts = vec![
        Action::when("jump", closed.or(held).or(none(found.jump_to.is_empty()))),
        // Work inside of others may outlive the review.
        Action::when(
            "skip",
            closed.filter(|_| found.skip.is_empty()).or(held).or(none(found.skip.is_empty())),
        ),
        Action::when(
            "rerun",
            closed.filter(|_| found.rerun.is_empty()).or(held).or(none(found.rerun.is_empty())),
        ),
        Action::when("override", closed.or(held).or(none(found.findings.is_empty()))),
        Action::when("take_over", closed.or(taken.then_some("taken_over"))),
        Action::when("put_back", (!taken).then_some("not_taken_over")),
        Action::when("end", closed.or(none(found.outcomes.is_empty()))),
        Action::when("agree", none(found.agree.is_empty()).map(|none| by_oneself.unwrap_or(none))),
        Action::when("revive", (!(over && tried.goes(&Input::Revive))).then_some("wrong_status")),
    ];
    found
}

/// Trying inputs on a run.
#[derive(Clone)]
struct Tried<'c, 'f> {
    run: Option<&'c Run>,
    flow: Option<&'f Flow>,
    facts: Facts,
    at_ms: i64,
}

impl<'c, 'f> Tried<'c, 'f> {
    fn of(case: &'c Case, number: u32, around: Around<'f>) -> Self {
        let found = case.run_at(number);
        let flow = found.and_then(|(pin, _)| around.house.flow(pin)).map(AsRef::as_ref);
        let facts = flow.map(|flow| facts::in_run(case, number, flow, around)).unwrap_or_default();
        Self { run: found.map(|(_, run)| run), flow, facts, at_ms: around.at_ms }
    }

    fn goes(&self, input: &Input) -> bool {
        let (Some(flow), Some(run)) = (self.flow, self.run) else { return false };
        step(flow, run, input, &self.facts, self.at_ms).is_ok()
    }

    fn targets(&self) -> Vec<&'f Node> {
        let nodes = self.flow.into_iter().flat_map(Flow::nodes);
        nodes.filter(|node| self.goes(&Input::JumpTo { to: Arc::from(node.id.as_str()) })).collect()
    }

    fn waiting(&self, input: &dyn Fn(u32) -> Input) -> Vec<WaitingStep<'f>> {
        let open = self.run.into_iter().flat_map(Run::open_visits);
        let goes = open.filter(|open| self.goes(&input(open.visit)));
        goes.filter_map(|open| Some(WaitingStep { node: self.flow?.node(&open.node)?, visit: open.visit }))
            .collect()
    }

    fn outcomes(&self, reviewed: bool) -> Vec<Outcome> {
        let both = [Outcome::Rejected, Outcome::Cancelled].into_iter();
        let fits = both.filter(|outcome| reviewed || *outcome == Outcome::Cancelled);
        fits.filter(|outcome| self.goes(&Input::EndRun { outcome: *outcome })).collect()
    }
}
