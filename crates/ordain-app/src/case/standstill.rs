//! Work that nobody moves: a hand-over that was not received, and an order that stands still although nobody is late.

use super::world::House;
use super::{Case, ExceptionKind, Task, TaskState, deadline};
use ordain_domain::order::Status;

/// Until when whoever was handed a task has to have opened it; nothing where they have, or where it stands still.
pub fn receive_by(task: &Task, house: &House) -> Option<i64> {
    let waits = task.is_open() && task.received_ms.is_none() && task.held.is_none();
    let minutes =
        u32::try_from(house.rules.targets.unreceived_minutes).ok().filter(|minutes| waits && *minutes > 0)?;
    Some(deadline::calendar(house, &task.holder).add_working_minutes(task.sent_ms(), minutes))
}

/// When the order was last brought forward: received, handed in, sent back, taken on, decided or written by a step.
/// Reminders and looks count for nothing.
pub fn progress_ms(case: &Case) -> i64 {
    let order = &case.order;
    let own = [Some(order.created_ms), order.submitted_ms, order.handed_in_ms, case.incomplete_since_ms];
    let work = case.tasks.values().flat_map(|task| {
        let ended = match task.state {
            TaskState::Done { at_ms, .. } => Some(at_ms),
            TaskState::Open | TaskState::Closed { .. } => None,
        };
        [Some(task.opened_ms), task.taken_ms, ended]
    });
    let written = case.written_ms.values().copied();
    own.into_iter().chain(work).flatten().chain(written).max().unwrap_or(order.created_ms)
}

/// When an order that people are waited for counts as one that may be lost, unless somebody brings it forward.
///
/// Never before the last of its tasks is due: what has a time is chased by that.
pub fn stalls_at(case: &Case, house: &House) -> Option<i64> {
    let order = &case.order;
    let waits = match order.status {
        Status::Incomplete => true,
        Status::InReview => case.open_tasks().next().is_some(),
        _ => false,
    };
    let stands = order.on_hold || order.is_changing() || case.is_taken_over();
    let held = case.open_tasks().any(|(_, task)| task.held.is_some());
    let awaited = waits && !stands && !held;
    let minutes =
        u32::try_from(house.rules.targets.stall_minutes).ok().filter(|minutes| awaited && *minutes > 0)?;
    let at_ms = house.calendar.add_working_minutes(progress_ms(case), minutes);
    let due = case.open_tasks().filter_map(|(_, task)| task.due_ms).max();
    Some(due.map_or(at_ms, |due| due.max(at_ms)))
}

/// Whether an order that may have been lost was brought forward after all.
pub fn is_recovered(case: &Case) -> bool {
    let order = &case.order;
    let mut suspected = case.exceptions.iter().filter(|known| known.kind == ExceptionKind::SuspectedLost);
    let ended = matches!(order.status, Status::Rejected | Status::Cancelled | Status::Expired);
    suspected.next_back().is_some_and(|last| !last.is_open()) && !ended
}
