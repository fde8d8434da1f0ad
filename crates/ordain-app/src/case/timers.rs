//! Which timers a case wants, derived from its state.
//!
//! There is no event for setting a timer: the Gate compares what is wanted before and after a command and writes the
//! difference in the same commit, so a timer can neither be forgotten nor outlive its cause.

use super::receivables::{chased_at, receivables};
use super::world::House;
use super::{Case, Task, deadline, standstill, waits};
use ordain_domain::order::{Change, ChangeState, Question, QuestionState, Status};
use ordain_flow::doc::Party;
use std::collections::BTreeMap;

/// Working minutes after which the sender of an incomplete order is reminded, and how often.
const GAP_REMINDER_MINUTES: u32 = 60;
const GAP_REMINDERS_MAX: u32 = 3;
/// Working minutes in which somebody has to take up a change that was asked for.
const CHANGE_MINUTES: u32 = 240;

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimerKind {
    /// Remind whoever can fill the gap of an incomplete order.
    Gap,
    /// Remind the holder before a task is due.
    TaskSoon,
    /// A task is overdue.
    TaskDue,
    /// The customer should have been told by now.
    NoticeLate,
    /// A question is unanswered.
    QuestionDue,
    /// A rule of a task's deadline fires.
    DeadlineRule,
    /// An exception that nobody has settled.
    ExceptionDue,
    /// A wait of the run is over.
    WaitDue,
    /// Money has not come in time.
    PaymentDue,
    /// Nobody has taken up a change that was asked for.
    ChangeDue,
    /// Nobody has decided while goods were reserved.
    ReservationDue,
    /// A task has stood still for as long as its holder said.
    TaskHeld,
    /// Goods that were promised should be here by now.
    SupplyDue,
    /// Whoever was handed a task has not opened it.
    TaskUnreceived,
    /// Nobody has brought the order forward.
    Stall,
    /// The leave of somebody who holds a task begins, or a delegation that takes along what is open.
    HolderAway,
}

impl TimerKind {
    pub const ALL: [TimerKind; 16] = [
        TimerKind::Gap,
        TimerKind::TaskSoon,
        TimerKind::TaskDue,
        TimerKind::NoticeLate,
        TimerKind::QuestionDue,
        TimerKind::DeadlineRule,
        TimerKind::ExceptionDue,
        TimerKind::WaitDue,
        TimerKind::PaymentDue,
        TimerKind::ChangeDue,
        TimerKind::ReservationDue,
        TimerKind::TaskHeld,
        TimerKind::SupplyDue,
        TimerKind::TaskUnreceived,
        TimerKind::Stall,
        TimerKind::HolderAway,
    ];

    pub fn name(self) -> &'static str {
        match self {
            TimerKind::Gap => "gap",
            TimerKind::TaskSoon => "task_soon",
            TimerKind::TaskDue => "task_due",
            TimerKind::NoticeLate => "notice_late",
            TimerKind::QuestionDue => "question_due",
            TimerKind::DeadlineRule => "deadline_rule",
            TimerKind::ExceptionDue => "exception_due",
            TimerKind::WaitDue => "wait_due",
            TimerKind::PaymentDue => "payment_due",
            TimerKind::ChangeDue => "change_due",
            TimerKind::ReservationDue => "reservation_due",
            TimerKind::TaskHeld => "task_held",
            TimerKind::SupplyDue => "supply_due",
            TimerKind::TaskUnreceived => "task_unreceived",
            TimerKind::Stall => "stall",
            TimerKind::HolderAway => "holder_away",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Wanted timers with their due instants. The key tells timers of one kind apart.
pub type Timers = BTreeMap<(TimerKind, String), i64>;

/// The name under which the case counts reminders of a timer.
pub fn reminder_key(kind: TimerKind, key: &str) -> String {
    format!("{}:{key}", kind.name())
}

/// How often a timer has fired.
pub fn fired(case: &Case, kind: TimerKind, key: &str) -> u32 {
    case.reminded.get(&reminder_key(kind, key)).copied().unwrap_or(0)
}

fn of_task(task: &Task, case: &Case, house: &House, timers: &mut Timers) {
    let key = task.id.to_string();
    if let Some(held) = &task.held {
        timers.insert((TimerKind::TaskHeld, key), held.until_ms);
        return;
    }
    let dues = [(TimerKind::TaskSoon, task.remind_ms), (TimerKind::TaskDue, task.due_ms)];
    let calendar = deadline::calendar(house, &task.timed_by);
    for (kind, due) in dues {
        if let Some(due) = due.filter(|_| fired(case, kind, &key) == 0) {
            timers.insert((kind, key.clone()), calendar.next_to_tell(due));
        }
    }
    let absences = &house.absences;
    if !absences.is_empty() {
        let members = house.people.members(&task.holder);
        let leave = members.iter().flat_map(|user| absences.leave_of(&user.login));
        // Others of a department are there still.
        let leave = leave.filter(|leave| !house.is_there(&task.holder, leave.from_ms));
        let leave = leave.map(|leave| (leave.id, leave.from_ms));
        let given = match &task.holder {
            Party::User(login) => Some(login),
            Party::Department(_) | Party::Role(_) => None,
        };
        let given = given.into_iter().flat_map(|login| absences.given_open_of(login));
        let given = given.map(|given| (given.id, given.from_ms));
        // What began before the task came was seen to then.
        for (id, from_ms) in leave.chain(given).filter(|(_, from_ms)| *from_ms > task.sent_ms()) {
            let key = format!("{key}:{id}");
            if fired(case, TimerKind::HolderAway, &key) == 0 {
                timers.insert((TimerKind::HolderAway, key), from_ms);
            }
        }
    }
    let passage = format!("{key}:{}", task.hand_overs.len());
    let receive_by = standstill::receive_by(task, house);
    if let Some(at_ms) = receive_by.filter(|_| fired(case, TimerKind::TaskUnreceived, &passage) == 0) {
        timers.insert((TimerKind::TaskUnreceived, passage), at_ms);
    }
    for (index, rule) in deadline::rules(task, case, house).iter().enumerate() {
        let key = format!("{key}:{index}");
        let often = fired(case, TimerKind::DeadlineRule, &key);
        if let Some(at_ms) = deadline::rule_at(rule, task, case, house, often) {
            timers.insert((TimerKind::DeadlineRule, key), at_ms);
        }
    }
}

/// Until when somebody has to take up a change; nothing once that is done.
pub fn change_due(change: &Change, house: &House) -> Option<i64> {
    let waits = change.state == ChangeState::Requested;
    waits.then(|| house.calendar.add_working_minutes(change.at_ms, CHANGE_MINUTES))
}

/// Until when goods stay reserved for an order in review; for ever where neither its flow nor the company says so.
pub fn reservation_due(case: &Case, house: &House) -> Option<i64> {
    let order = &case.order;
    let reserved = !(order.held.is_empty() && order.coming.is_empty());
    let since = case.reserved_ms.filter(|_| reserved && order.status == Status::InReview)?;
    let of_flow = || house.flow(case.flow.as_ref()?)?.hold_minutes();
    let of_company = || house.rules.reservation_minutes?.try_into().ok();
    let minutes: u32 = of_flow().or_else(of_company)?;
    (minutes > 0).then(|| house.calendar.add_working_minutes(since, minutes))
}

pub fn wanted(case: &Case, house: &House) -> Timers {
    let mut timers = Timers::new();
    let fired = |kind, key: &str| fired(case, kind, key);
    if let (Status::Incomplete, Some(since)) = (case.order.status, case.incomplete_since_ms) {
        let key = since.to_string();
        let count = fired(TimerKind::Gap, &key);
        if count < GAP_REMINDERS_MAX {
            // From the last reminder on, so that an outage does not end in a burst of them.
            let from = case.gap_reminded_ms.unwrap_or(since);
            let due = house.calendar.add_working_minutes(from, GAP_REMINDER_MINUTES);
            timers.insert((TimerKind::Gap, key), due);
        }
    }
    for (_, task) in case.open_tasks() {
        if deadline::stopped(task, case, house).is_none() {
            of_task(task, case, house, &mut timers);
        }
    }
    let stall = standstill::progress_ms(case).to_string();
    if let Some(at_ms) = standstill::stalls_at(case, house).filter(|_| fired(TimerKind::Stall, &stall) == 0) {
        timers.insert((TimerKind::Stall, stall), at_ms);
    }
    for (wait, at_ms) in waits::waits(case, house) {
        let key = wait.key();
        // Nothing moves on while the order is on hold; what came due meanwhile comes with its release.
        if !case.order.on_hold && fired(TimerKind::WaitDue, &key) == 0 {
            timers.insert((TimerKind::WaitDue, key), at_ms);
        }
    }
    for owed in receivables(case, house) {
        let key = owed.due_on.to_string();
        if fired(TimerKind::PaymentDue, &key) == 0 {
            timers.insert((TimerKind::PaymentDue, key), chased_at(owed.due_on, house));
        }
    }
    if let Some(due) = reservation_due(case, house) {
        timers.insert((TimerKind::ReservationDue, "stock".to_owned()), due);
    }
    for part in case.order.coming.iter().filter(|_| case.order.status.is_firm()) {
        let day = part.date.tomorrow().unwrap_or(part.date);
        let due = house.calendar.first_working_moment(day);
        timers.insert((TimerKind::SupplyDue, part.source.to_string()), due);
    }
    for exception in case.open_exceptions() {
        timers.insert((TimerKind::ExceptionDue, exception.id.to_string()), exception.due_ms);
    }
    for change in &case.order.changes {
        let key = change.id.to_string();
        let due = change_due(change, house).filter(|_| fired(TimerKind::ChangeDue, &key) == 0);
        if let Some(due) = due {
            timers.insert((TimerKind::ChangeDue, key), due);
        }
    }
    for notice in &case.notices {
        if let Some(late) = notice.late_ms.filter(|_| notice.sent_ms.is_none() && !notice.late) {
            timers.insert((TimerKind::NoticeLate, notice.id.to_string()), late);
        }
    }
    // Nobody needs the answer for an order that is over.
    let over = matches!(case.order.status, Status::Cancelled | Status::Rejected | Status::Expired);
    let open = |question: &&Question| question.state == QuestionState::Open && !over;
    for question in case.order.questions.iter().filter(open) {
        let key = question.id.to_string();
        if fired(TimerKind::QuestionDue, &key) == 0 {
            timers.insert((TimerKind::QuestionDue, key), question.due_ms);
        }
    }
    timers
}
