//! What events do to the work of people on a case: its tasks, its exceptions, and its ballots. Each function takes the
//! events of its kind, and every other one leaves the case as it is.

use super::event::Event;
use super::{Ballot, Case, Exception, HandOver, HandOverWhy, Receipt, Task, TaskState};
use uuid::Uuid;

pub(super) fn of_task(case: &mut Case, event: &Event, at_ms: i64) {
    if matches!(event, Event::TaskClaimed { .. } | Event::TaskDecided { .. }) {
        case.reserved_ms = case.reserved_ms.map(|_| at_ms);
    }
    match event {
        Event::TaskAssigned { task, .. } => {
            case.tasks.insert(case.next_task(), (**task).clone());
        }
        Event::TaskClaimed { task, by } => edit_task(case, *task, |task| {
            task.claimed_by = Some(*by);
            take_on(task, at_ms);
        }),
        Event::TaskDecided { task, decision, by, reason, on_behalf } => edit_task(case, *task, |task| {
            let (by, reason, on_behalf) = (by.clone(), reason.clone(), on_behalf.clone());
            task.held = None;
            // The clock takes nothing on.
            if by.person().is_some() {
                take_on(task, at_ms);
            }
            task.state = TaskState::Done { by, decision: *decision, at_ms, reason, on_behalf };
        }),
        Event::TaskClosed { task, removed, by, reason } => edit_task(case, *task, |task| {
            task.state = TaskState::Closed { at_ms, by: by.clone(), reason: *reason };
            task.held = None;
            if let Some(added) = &mut task.added {
                added.removed = *removed;
            }
        }),
        Event::TaskReopened { task } => edit_task(case, *task, |task| task.state = TaskState::Open),
        Event::TaskHandedOver { task, hand_over } => edit_task(case, *task, |task| {
            task.holder = hand_over.to.clone();
            if hand_over.timed_anew {
                task.timed_by = hand_over.to.clone();
            }
            task.claimed_by = None;
            let entrusts = hand_over.why == HandOverWhy::Entrusted;
            task.entrusted_by = hand_over.by.person().filter(|_| entrusts);
            let (received_ms, taken_ms) = (task.received_ms.take(), task.taken_ms.take());
            task.hand_overs.push(HandOver { received_ms, taken_ms, ..hand_over.clone() });
        }),
        Event::TaskHeld { task, held } => edit_task(case, *task, |task| task.held = Some(held.clone())),
        Event::TaskResumed { task, minutes } => edit_task(case, *task, |task| {
            task.held = None;
            task.held_minutes = task.held_minutes.saturating_add(*minutes);
        }),
        Event::TaskUrged { task, .. } => edit_task(case, *task, |task| task.urged_ms.push(at_ms)),
        Event::TaskRescheduled { task, due_ms, remind_ms, paused_minutes } => {
            edit_task(case, *task, |task| {
                (task.due_ms, task.remind_ms, task.paused_minutes) = (*due_ms, *remind_ms, *paused_minutes);
            })
        }
        Event::TaskSeen { task, by, fields } => edit_task(case, *task, |task| {
            task.received_ms.get_or_insert(at_ms);
            task.seen.entry(*by).or_default().extend(fields.iter().cloned());
        }),
        Event::PointTicked { task, point } => edit_task(case, *task, |task| {
            task.ticked.insert(*point);
        }),
        _ => {}
    }
}

/// Whoever works on a task has it.
fn take_on(task: &mut Task, at_ms: i64) {
    task.received_ms.get_or_insert(at_ms);
    task.taken_ms.get_or_insert(at_ms);
}

pub(super) fn of_exception(case: &mut Case, event: &Event) {
    match event {
        Event::ExceptionRaised { exception } => case.exceptions.push((**exception).clone()),
        Event::ExceptionTaken { id, by } => edit_exception(case, *id, |found| found.taken_by = Some(*by)),
        Event::ExceptionEscalated { id, to, due_ms } => edit_exception(case, *id, |found| {
            (found.owner, found.due_ms, found.taken_by) = (to.clone(), *due_ms, None);
        }),
        Event::ExceptionClosed { id, closed } => {
            edit_exception(case, *id, |found| found.closed = Some(closed.clone()));
        }
        _ => {}
    }
}

/// Who is asked to say that they have read a copy, and who has said so.
pub(super) fn of_receipts(case: &mut Case, event: &Event, at_ms: i64) {
    match event {
        Event::ReceiptsAsked { node, users } => {
            let asked =
                |user: &Uuid| Receipt { node: node.clone(), user: *user, asked_ms: at_ms, given_ms: None };
            case.receipts.extend(users.iter().map(asked));
        }
        Event::ReceiptGiven { user } => {
            for receipt in case.receipts.iter_mut().filter(|receipt| receipt.user == *user) {
                receipt.given_ms.get_or_insert(at_ms);
            }
        }
        _ => {}
    }
}

fn edit_task(case: &mut Case, number: u32, change: impl FnOnce(&mut Task)) {
    if let Some(task) = case.tasks.get_mut(&number) {
        change(task);
    }
}

fn edit_exception(case: &mut Case, id: Uuid, change: impl FnOnce(&mut Exception)) {
    if let Some(exception) = case.exceptions.iter_mut().find(|exception| exception.id == id) {
        change(exception);
    }
}

/// What happens to the way in which several people decide a visit.
pub(super) fn of_ballot(case: &mut Case, event: &Event) {
    match event {
        Event::BallotOpened { visit, ballot } => {
            case.ballots.insert(*visit, ballot.clone());
        }
        Event::SeatQueued { visit, seat } => {
            edit_ballot(case, *visit, |ballot| ballot.queue.push(seat.clone()));
        }
        Event::SeatCalled { visit, at } => edit_ballot(case, *visit, |ballot| {
            if *at < ballot.queue.len() {
                ballot.queue.remove(*at);
            }
        }),
        Event::SeatsCounted { visit, seats } => {
            edit_ballot(case, *visit, |ballot| ballot.seats = *seats);
        }
        _ => {}
    }
}

fn edit_ballot(case: &mut Case, visit: u32, change: impl FnOnce(&mut Ballot)) {
    if let Some(ballot) = case.ballots.get_mut(&visit) {
        change(ballot);
    }
}
