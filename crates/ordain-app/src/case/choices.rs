//! What acts can be done with: the steps that an order may go back or be moved to, the people who can be chosen, the
//! notice that can be sent by hand.
//!
//! Where the engine decides, it is asked: each choice is tried on the run, whose events are thrown away. So what is
//! offered here is never refused there for the same reason.

use super::actions::Action;
use super::facts::{self, Around};
use super::people::User;
use super::world::House;
use super::{Case, Task};
use crate::rights::Permission;
use ordain_domain::actor::Actor;
use ordain_domain::order::{Order, Status};
use ordain_flow::doc::{Node, Outcome, Party, PersonSettings, Source};
use ordain_flow::rule::Facts;
use ordain_flow::run::{Flow, Input, WayBack, step};
use std::sync::Arc;
use uuid::Uuid;

/// An earlier step, with the ways in which an order that is returned there can come back.
#[derive(Clone, Debug)]
pub struct ReturnChoice<'a> {
    pub node: &'a Node,
    pub ways: Vec<WayBack>,
}

/// Where a task can send its order back to, beside the sender.
pub fn returns<'a>(case: &Case, task: &Task, flow: &'a Flow, around: Around<'_>) -> Vec<ReturnChoice<'a>> {
    let Some(run) = case.run.as_ref().filter(|_| task.is_open()) else { return Vec::new() };
    let passed = flow.nodes().filter(|node| node.id != task.node && run.has_approved(&node.id));
    let passed: Vec<&Node> = passed.filter(|node| node.person().is_some()).collect();
    if passed.is_empty() {
        return Vec::new();
    }
    let facts = facts::of(case, flow, around);
    let choice = |node: &'a Node| {
        let to: Arc<str> = Arc::from(node.id.as_str());
        let offered = |way: &WayBack| {
            let input = Input::ReturnTo { visit: task.visit, to: to.clone(), way: *way };
            step(flow, run, &input, &facts, around.at_ms).is_ok()
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
    let live = [Status::Draft, Status::Incomplete, Status::InReview, Status::AwaitingCustomer];
    if !live.contains(&case.order.status) {
        return Vec::new();
    }
    // An order that has no flow yet will enter the one that takes it as it is now.
    let pin = case.flow.clone().or_else(|| house.flow_for(&case.order));
    let Some(flow) = pin.and_then(|pin| house.flow(&pin)) else { return Vec::new() };
    let ahead = flow.nodes().filter(|node| case.tasks.values().all(|task| task.node != node.id));
    let choice = |node: &'a Node| {
        let among = among(node.person()?)?;
        let chosen = case.chosen.get(&node.id).map(Vec::as_slice).unwrap_or_default();
        Some(PeopleChoice { node, among: house.people.members(among), chosen })
    };
    ahead.filter_map(choice).collect()
}

/// Among whom somebody chooses who is asked, where a step leaves that to people.
pub(super) fn among(settings: &PersonSettings) -> Option<&Party> {
    settings.assignee.iter().find_map(|source| match source {
        Source::ChosenByInitiator(party) | Source::ChosenByPrevious(party) => Some(party),
        _ => None,
    })
}

/// Whether it is somebody's to choose the people of a step: whoever enters orders may, and where the flow leaves it to the
/// person before, so may everybody who holds a task of the order. Programs choose for their people.
pub(super) fn may_choose(case: &Case, house: &House, user: Option<&User>, settings: &PersonSettings) -> bool {
    let Some(user) = user else { return true };
    let previous = settings.assignee.iter().any(|source| matches!(source, Source::ChosenByPrevious(_)));
    let holds = || case.open_tasks().any(|(_, task)| user.belongs_to(&task.holder));
    house.people.rights(user).has(Permission::WriteOrders) || (previous && holds())
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

/// What the process admin can do with an order by hand.
#[derive(Clone, Debug, Default)]
pub struct ByHand<'a> {
    pub acts: Vec<Action>,
    pub jump_to: Vec<&'a Node>,
    pub skip: Vec<&'a Node>,
    pub rerun: Vec<&'a Node>,
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
    let flow = case.flow.as_ref().and_then(|pin| house.flow(pin)).map(AsRef::as_ref);
    let facts = flow.map(|flow| facts::of(case, flow, Around { house, at_ms })).unwrap_or_default();
    let tried = Tried { case, flow, facts, at_ms };
    let taken = case.is_taken_over();
    let mut found = ByHand {
        jump_to: if reviewed { tried.targets() } else { Vec::new() },
        skip: tried.waiting(|visit| Input::Skip { visit }),
        rerun: tried.waiting(|visit| Input::RunAgain { visit }),
        outcomes: tried.outcomes(reviewed),
        ..ByHand::default()
    };
    if live {
        let open = order.open_findings().filter(|finding| finding.code.acceptable());
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
        Action::when("skip", closed.or(held).or(none(found.skip.is_empty()))),
        Action::when("rerun", closed.or(held).or(none(found.rerun.is_empty()))),
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
struct Tried<'c, 'f> {
    case: &'c Case,
    flow: Option<&'f Flow>,
    facts: Facts,
    at_ms: i64,
}

impl<'f> Tried<'_, 'f> {
    fn goes(&self, input: &Input) -> bool {
        let (Some(flow), Some(run)) = (self.flow, &self.case.run) else { return false };
        step(flow, run, input, &self.facts, self.at_ms).is_ok()
    }

    fn targets(&self) -> Vec<&'f Node> {
        let nodes = self.flow.into_iter().flat_map(Flow::nodes);
        nodes.filter(|node| self.goes(&Input::JumpTo { to: Arc::from(node.id.as_str()) })).collect()
    }

    fn waiting(&self, input: impl Fn(u32) -> Input) -> Vec<&'f Node> {
        let open = self.case.run.iter().flat_map(ordain_flow::run::Run::open_visits);
        let goes = open.filter(|visit| self.goes(&input(visit.visit)));
        goes.filter_map(|visit| self.flow?.node(&visit.node)).collect()
    }

    fn outcomes(&self, reviewed: bool) -> Vec<Outcome> {
        let both = [Outcome::Rejected, Outcome::Cancelled].into_iter();
        let fits = both.filter(|outcome| reviewed || *outcome == Outcome::Cancelled);
        fits.filter(|outcome| self.goes(&Input::EndRun { outcome: *outcome })).collect()
    }
}
