//! What somebody may do with an order or a task right now, with the reason where they may not.
//!
//! The pages hold no copy of these rules: they draw what this module says.

use super::people::{Directory, User};
use super::{Case, Task};
use ordain_domain::order::Status;
use ordain_flow::run::Flow;
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
pub fn of_order(case: &Case, may_write: bool) -> Vec<Action> {
    let order = &case.order;
    let status = order.status;
    let right = (!may_write).then_some("no_right");
    let first = |obstacles: [Option<&'static str>; 3]| obstacles.into_iter().flatten().next();
    let editable = (!status.is_editable()).then_some("wrong_status");
    let live =
        (!matches!(status, Status::Draft | Status::Incomplete | Status::InReview)).then_some("wrong_status");
    let held = order.on_hold.then_some("on_hold");
    vec![
        Action::when("edit", first([right, editable, None])),
        Action::when("submit", first([right, editable, held])),
        Action::when(
            "cancel",
            first([right, (!status.may_become(Status::Cancelled)).then_some("wrong_status"), None]),
        ),
        Action::when("hold", first([right, live, held])),
        Action::when("resume", first([right, (!order.on_hold).then_some("not_on_hold"), None])),
        Action::when("ask", live),
        Action::when("comment", None),
    ]
}

/// Acts on a task.
pub fn of_task(
    case: &Case,
    task: &Task,
    user: Option<&User>,
    flow: Option<&Flow>,
    people: &Directory,
) -> Vec<Action> {
    let closed = (!task.is_open()).then_some("task_closed");
    let eligible = user.is_some_and(|user| super::decide::is_eligible(user, task, flow));
    let not_yours = (!eligible).then_some("not_your_task");
    let other = user.is_some_and(|user| super::decide::claimed_by_other(task, user, flow, people));
    let claimed = other.then_some("claimed_by_other");
    let held = case.order.on_hold.then_some("on_hold");
    let obstacle = closed.or(not_yours).or(claimed);
    let mine = user.filter(|user| task.claimed_by == Some(user.id)).map(|_| "already_claimed");
    vec![
        Action::when("approve", obstacle.or(held)),
        Action::when("return", obstacle.or(held)),
        Action::when("reject", obstacle.or(held)),
        Action::when("claim", obstacle.or(mine)),
    ]
}
