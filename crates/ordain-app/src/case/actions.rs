//! What somebody may do with an order or a task right now, with the reason where they may not.
//!
//! The pages hold no copy of these rules: they draw what this module says.

use super::decide::may_decide;
use super::people::User;
use super::refusal::Refusal;
use super::world::House;
use super::{Case, Task};
use ordain_domain::actor::Actor;
use ordain_domain::order::{Change, ChangeState, Order, Status};
use ordain_flow::doc::{Node, TaskAction};
use serde::Serialize;

/// One act and whether it is open to the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Action {
    pub name: &'static str,
    pub allowed: bool,
    /// Why not, as a code with words in `locales/`.
    pub reason_code: Option<&'static str>,
}

impl Action {
    fn when(name: &'static str, obstacle: Option<&'static str>) -> Self {
        Self { name, allowed: obstacle.is_none(), reason_code: obstacle }
    }
}

/// Acts on an order as a whole, for somebody with or without the right to write orders.
pub fn of_order(case: &Case, may_write: bool, may_change: bool) -> Vec<Action> {
    let order = &case.order;
    let status = order.status;
    let right = (!may_write).then_some("no_right");
    let first = |obstacles: [Option<&'static str>; 3]| obstacles.into_iter().flatten().next();
    let editable = (!status.is_editable()).then_some("wrong_status");
    let live =
        (!matches!(status, Status::Draft | Status::Incomplete | Status::InReview)).then_some("wrong_status");
    let held = order.on_hold.then_some("on_hold");
    let dead =
        matches!(status, Status::Rejected | Status::Cancelled | Status::Expired).then_some("wrong_status");
    vec![
        Action::when("edit", first([right, editable, None])),
        Action::when("submit", first([right, editable, held])),
        Action::when(
            "cancel",
            first([right, (!status.may_become(Status::Cancelled)).then_some("wrong_status"), None]),
        ),
        Action::when("hold", first([right, live, held])),
        Action::when("resume", first([right, (!order.on_hold).then_some("not_on_hold"), None])),
        Action::when("request_change", request_change(order, may_change)),
        Action::when("ask", live),
        Action::when("comment", None),
        Action::when("report_issue", dead),
    ]
}

fn request_change(order: &Order, may_change: bool) -> Option<&'static str> {
    let under_way = order.is_in_review() || matches!(order.status, Status::Confirmed | Status::InFulfilment);
    if !may_change {
        Some("no_right")
    } else if !under_way {
        Some("wrong_status")
    } else if order.on_hold {
        Some("on_hold")
    } else if !order.shipped.is_empty() {
        Some("goods_shipped")
    } else {
        order.is_changing().then_some("change_under_review")
    }
}

/// Acts on a change that is not over. One that is under review is decided in the tasks of its reviewers.
pub fn of_change(case: &Case, change: &Change, actor: &Actor, may_write: bool) -> Vec<Action> {
    let right = (!may_write).then_some("no_right");
    let own = (!may_write && change.by != *actor).then_some("no_right");
    let other = case.order.is_changing().then_some("change_under_review");
    let outdated = (change.base != case.order.revision).then_some("change_outdated");
    match change.state {
        ChangeState::Requested => vec![
            Action::when("take", right.or(other).or(outdated)),
            Action::when("reject", right),
            Action::when("withdraw", own),
        ],
        ChangeState::UnderReview => vec![Action::when("withdraw", own)],
        _ => Vec::new(),
    }
}

/// Acts on a task. What the step does not offer is left out.
pub fn of_task(case: &Case, task: &Task, user: Option<&User>, house: &House, at_ms: i64) -> Vec<Action> {
    let closed = (!task.is_open()).then_some("task_closed");
    let own = match user.map(|user| may_decide(user, task, case, house, at_ms)) {
        Some(Ok(())) => None,
        Some(Err(refusal)) => Some(obstacle(&refusal)),
        None => Some("not_your_task"),
    };
    let own = closed.or(own);
    let held = case.order.on_hold.then_some("on_hold");
    let mine = user.filter(|user| task.claimed_by == Some(user.id)).map(|_| "already_claimed");
    let all = [
        (TaskAction::Approve, Action::when("approve", own.or(held))),
        (TaskAction::Return, Action::when("return", own.or(held))),
        (TaskAction::Reject, Action::when("reject", own.or(held))),
        (TaskAction::Claim, Action::when("claim", own.or(mine))),
        (TaskAction::Transfer, Action::when("transfer", own)),
        (TaskAction::AddSigner, Action::when("add_signer", own)),
        (TaskAction::Urge, Action::when("urge", closed)),
    ];
    let flow = case.flow.as_ref().and_then(|pin| house.flow(pin));
    let settings = flow.and_then(|flow| flow.node(&task.node)).and_then(Node::person);
    let offered = |action: &TaskAction| settings.is_none_or(|settings| !settings.without.contains(action));
    all.into_iter().filter(|(action, _)| offered(action)).map(|(_, shown)| shown).collect()
}

fn obstacle(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::ClaimedByOther => "claimed_by_other",
        Refusal::FourEyes => "four_eyes",
        Refusal::AlreadyHeard => "already_heard",
        _ => "not_your_task",
    }
}
