//! What each task of an order counts for on the boards, and how many hours late tasks have been late.

use crate::case::world::House;
use crate::case::{Case, HandOverWhy, Task, TaskState, deadline};
use crate::gate::department_of;
use ordain_flow::doc::Party;
use ordain_store::{Age, TaskFactRow};

/// Longer reasons are one text with their beginning.
const REASON_MAX: usize = 120;

/// A row for each task of an order.
pub fn task_facts(org: i64, case: &Case, house: &House) -> Vec<TaskFactRow> {
    case.tasks.values().map(|task| task_fact(org, case, house, task)).collect()
}

fn task_fact(org: i64, case: &Case, house: &House, task: &Task) -> TaskFactRow {
    let (decision, ended_at_ms, reason) = match &task.state {
        TaskState::Open => (None, None, None),
        TaskState::Closed { at_ms, .. } => (None, Some(*at_ms), None),
        TaskState::Done { decision, at_ms, reason, .. } => {
            // What a machine gives as its reason is a code.
            let reason = reason.as_deref().filter(|_| task.decider().is_some());
            let word = serde_json::to_value(decision).ok();
            let word = word.as_ref().and_then(|word| word.as_str()).map(str::to_owned);
            let reason: Option<String> = reason.map(|text| text.trim().chars().take(REASON_MAX).collect());
            (word, Some(*at_ms), reason)
        }
    };
    let login = |id| house.people.users.get(&id).map(|user| user.login.clone());
    let holder = || match &task.holder {
        Party::User(login) => Some(login.clone()),
        Party::Department(_) | Party::Role(_) => task.claimed_by.and_then(login),
    };
    let person = match (late_holder(task), task.decider(), ended_at_ms, task.decision()) {
        (Some(holder), ..) => Some(holder.clone()),
        (_, Some(decider), ..) => login(decider),
        // The clock, or a machine.
        (_, None, Some(_), Some(_)) => None,
        _ => holder(),
    };
    // Whoever decides in a list has not had it before them; and of a task that went through several hands nobody knows
    // since when the last one has.
    let alone = task.hand_overs.is_empty() && task.seen.len() == 1;
    let decider = task.decider().filter(|decider| alone && task.seen.contains_key(decider));
    let looked = decider.and(task.received_ms).zip(ended_at_ms);
    TaskFactRow {
        org,
        order_id: case.order.id.into_bytes(),
        task_id: task.id.into_bytes(),
        version: case.version,
        number: case.order.number.clone(),
        flow: case.run_with(task.visit).map(|(pin, _)| pin.key.clone()),
        node: task.node.clone(),
        department: department_of(case, house, task),
        person,
        opened_at_ms: task.opened_ms,
        due_at_ms: task.due_ms.filter(|_| !stands(case, house, task)),
        ended_at_ms,
        decision,
        reason: reason.filter(|text| !text.is_empty()),
        urges: i64::try_from(task.urged_ms.len()).unwrap_or(i64::MAX),
        looked_ms: looked.map(|(received, ended)| ended - received),
    }
}

/// Who had a task until it was taken from them because it was late.
fn late_holder(task: &Task) -> Option<&String> {
    let late = |why| matches!(why, HandOverWhy::Overdue | HandOverWhy::Escalated);
    let taken = task.hand_overs.iter().find(|hand_over| late(hand_over.why))?;
    match &taken.from {
        Party::User(login) => Some(login),
        Party::Department(_) | Party::Role(_) => None,
    }
}

/// Whether its clock stands still: until it goes on, nobody knows when it is due.
fn stands(case: &Case, house: &House, task: &Task) -> bool {
    task.is_open() && deadline::stands(task, case, house).is_some()
}

/// From how many working minutes on a task is how late: up to four hours, up to a day of eight, up to three days, and
/// longer.
pub const AGES: [(&str, u32, Option<u32>); 4] =
    [("0-4h", 0, Some(240)), ("4-8h", 240, Some(480)), ("1-3d", 480, Some(1_440)), ("3d-", 1_440, None)];

/// Between which instants a task was due that is so late now, in the working time of each department.
pub fn ages<'a>(
    name: &str,
    departments: impl Iterator<Item = &'a str>,
    house: &House,
    now_ms: i64,
) -> Option<Vec<Age>> {
    let (_, from, to) = AGES.into_iter().find(|(known, ..)| *known == name)?;
    let age = |department: &str| {
        let calendar = house.calendars.of_department(department);
        let ago = |minutes: u32| match minutes {
            0 => now_ms,
            minutes => calendar.subtract_working_minutes(now_ms, minutes),
        };
        Age { department: department.to_owned(), from_ms: to.map_or(i64::MIN, ago), to_ms: ago(from) }
    };
    Some(departments.map(age).collect())
}
