//! Until when a task is to be done: computed from its step, its order and the calendar of whoever got it, and computed
//! anew when the date it hangs on or the calendar moves.

use super::facts::custom_text;
use super::world::{House, traits};
use super::{Case, Task};
use jiff::civil::Date;
use ordain_domain::calendar::{Calendar, add_calendar_minutes};
use ordain_flow::doc::{Clock, DeadlineDo, DeadlineFrom, DeadlineRule, Node, Party, PersonSettings};
use ordain_flow::sla::SlaRow;

/// Whose working time counts.
pub fn calendar<'a>(house: &'a House, party: &Party) -> &'a Calendar {
    match party {
        Party::Department(code) => house.calendars.of_department(code),
        Party::User(login) => house.calendars.of_person(login),
        Party::Role(_) => house.calendars.company(),
    }
}

/// The row of the company's table that a step without a time of its own goes by, or one whose date nobody has given.
pub fn by_table<'a>(node: &Node, (case, run): (&Case, u32), house: &'a House) -> Option<&'a SlaRow> {
    let dated = |person: &PersonSettings| match person.deadline.as_ref().map(|deadline| &deadline.from) {
        Some(DeadlineFrom::Field { field, .. }) => date_of(case, run, field).is_some(),
        _ => person.has_deadline(),
    };
    let own = node.person().is_none_or(dated);
    if own { None } else { house.sla.row(node, &traits(&case.order)) }
}

/// When a task of a run that was opened at an instant is due and when it is reminded of, after a pause of so many
/// minutes.
pub fn due(
    (settings, table): (&PersonSettings, Option<&SlaRow>),
    (case, run): (&Case, u32),
    calendar: &Calendar,
    opened_ms: i64,
    paused_minutes: u32,
) -> (Option<i64>, Option<i64>) {
    let after =
        |minutes: u32, clock| later(calendar, clock, opened_ms, minutes.saturating_add(paused_minutes));
    let due = match settings.deadline.as_ref().map(|deadline| &deadline.from) {
        Some(DeadlineFrom::Sla) => table.map(|row| after(row.minutes, Clock::Working)),
        Some(DeadlineFrom::After { minutes, clock }) => Some(after(*minutes, *clock)),
        Some(DeadlineFrom::Field { field, offset_minutes }) => {
            let date = date_of(case, run, field);
            let dated = date.map(|date| {
                moved(calendar, Clock::Working, calendar.first_working_moment(date), *offset_minutes)
            });
            dated.or_else(|| Some(after(table?.minutes, Clock::Working)))
        }
        None => {
            let minutes = table.map(|row| row.minutes).or(settings.deadline_minutes);
            minutes.map(|minutes| after(minutes, Clock::Working))
        }
    };
    let remind = settings.remind_before_minutes.or_else(|| table?.remind_before_minutes);
    let remind = due.zip(remind).map(|(due, before)| {
        moved(calendar, Clock::Working, due, -i32::try_from(before).unwrap_or(i32::MAX)).max(opened_ms)
    });
    (due, remind)
}

/// A date of the order: its own, or one in a custom field as a run has it.
pub(super) fn date_of(case: &Case, run: u32, field: &str) -> Option<Date> {
    match field {
        "requested_date" => case.order.content.requested_date,
        custom => custom_text(case, run, custom)?.parse().ok(),
    }
}

pub(super) fn later(calendar: &Calendar, clock: Clock, from_ms: i64, minutes: u32) -> i64 {
    match clock {
        Clock::Working => calendar.add_working_minutes(from_ms, minutes),
        Clock::Calendar => add_calendar_minutes(from_ms, i64::from(minutes)),
    }
}

pub(super) fn moved(calendar: &Calendar, clock: Clock, from_ms: i64, minutes: i32) -> i64 {
    match (clock, minutes) {
        (Clock::Calendar, minutes) => add_calendar_minutes(from_ms, i64::from(minutes)),
        (Clock::Working, 0) => from_ms,
        (Clock::Working, minutes) if minutes > 0 => {
            calendar.add_working_minutes(from_ms, minutes.unsigned_abs())
        }
        (Clock::Working, minutes) => calendar.subtract_working_minutes(from_ms, minutes.unsigned_abs()),
    }
}

/// The rules of a task's deadline.
pub fn rules<'a>(task: &Task, case: &Case, house: &'a House) -> &'a [DeadlineRule] {
    let settings = settings(task, case, house).and_then(|settings| settings.deadline.as_ref());
    settings.map_or(&[], |deadline| deadline.rules.as_slice())
}

/// When a task is due as far as anybody knows: while its clock stands still, nobody does.
pub fn due_by(task: &Task, case: &Case, house: &House) -> Option<i64> {
    task.due_ms.filter(|_| !task.is_open() || stands(task, case, house).is_none())
}

/// Since when the clock of a task stands still, for whatever reason.
pub fn stands(task: &Task, case: &Case, house: &House) -> Option<i64> {
    let held = task.held.as_ref().map(|held| held.since_ms);
    held.into_iter().chain(stopped(task, case, house)).min()
}

/// Since when its order keeps the clock of a task from running: it is on hold, or its customer is waited for.
pub fn stopped(task: &Task, case: &Case, house: &House) -> Option<i64> {
    let since = case.held_ms.into_iter().chain(case.asked_ms()).min();
    since.filter(|_| pauses(task, case, house))
}

/// Whether it does so while its order is on hold or its customer is waited for.
pub fn pauses(task: &Task, case: &Case, house: &House) -> bool {
    let deadline = settings(task, case, house).and_then(|settings| settings.deadline.as_ref());
    deadline.is_none_or(|deadline| !deadline.keeps_running)
}

pub fn settings<'a>(task: &Task, case: &Case, house: &'a House) -> Option<&'a PersonSettings> {
    case.node_at(house, task.visit, &task.node).and_then(Node::person)
}

/// When a rule fires for the next time, after it has fired so often; nothing once it is through.
pub fn rule_at(rule: &DeadlineRule, task: &Task, case: &Case, house: &House, fired: u32) -> Option<i64> {
    let due_ms = task.due_ms.filter(|_| fired < rule.times())?;
    let deadline = settings(task, case, house).and_then(|settings| settings.deadline.as_ref());
    let clock = match deadline.map(|deadline| &deadline.from) {
        Some(DeadlineFrom::After { clock, .. }) => *clock,
        _ => Clock::Working,
    };
    let calendar = calendar(house, &task.timed_by);
    // Nobody is told of a time at which the task was not there.
    let first = moved(calendar, clock, due_ms, rule.at_minutes).max(task.opened_ms);
    let at_ms = later(calendar, clock, first, rule.repeat_minutes.unwrap_or(0).saturating_mul(fired));
    // Somebody who is only told is not woken for it.
    Some(match rule.action {
        DeadlineDo::Remind | DeadlineDo::NotifyManager => calendar.next_to_tell(at_ms),
        _ => at_ms,
    })
}
