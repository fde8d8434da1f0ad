//! Whom an order waited for until it was confirmed: back from the confirmation, and where several were asked at once the
//! one who was ready last. Together the parts are the cycle time of the order, to the minute.

use crate::case::world::House;
use crate::case::{Case, TaskState};
use crate::gate::department_of;
use ordain_flow::run::VisitKind;
use ordain_store::CyclePartRow;
use std::collections::BTreeMap;

/// Parts that are no department's: the sender until the order was handed in, the customer, what the flow waits for
/// besides people, and the rest.
pub const SENDER: &str = "@sender";
pub const CUSTOMER: &str = "@customer";
pub const WAITING: &str = "@waiting";
pub const SYSTEM: &str = "@system";

/// Nothing of an order that is not confirmed.
pub fn cycle_parts(org: i64, case: &Case, house: &House) -> Vec<CyclePartRow> {
    let order = &case.order;
    let Some(confirmed_ms) = order.confirmed_ms else { return Vec::new() };
    // Counted from the receipt, so that what is rounded off in one part is not lost but falls to the next.
    let minutes = |at_ms: i64| house.calendar.working_ms_between(order.received_ms(), at_ms) / 60_000;
    let mut parts: BTreeMap<String, i64> = BTreeMap::new();
    for (part, from_ms, to_ms) in path(case, house, (order.received_ms(), confirmed_ms)) {
        *parts.entry(part).or_default() += minutes(to_ms) - minutes(from_ms);
    }
    let confirmed_on = house.calendar.date_at(confirmed_ms).to_string();
    let row = |(part, minutes)| CyclePartRow {
        org,
        order_id: order.id.into_bytes(),
        part,
        version: case.version,
        confirmed_on: confirmed_on.clone(),
        minutes,
    };
    parts.into_iter().filter(|(_, minutes)| *minutes > 0).map(row).collect()
}

type Part = (String, i64, i64);

/// The parts of the time, the last first, without a gap.
fn path(case: &Case, house: &House, (start_ms, end_ms): (i64, i64)) -> Vec<Part> {
    let mut work: Vec<(i64, i64, Option<String>)> = case
        .tasks
        .values()
        .filter_map(|task| {
            let ended = match task.state {
                TaskState::Open => return None,
                TaskState::Done { at_ms, .. } | TaskState::Closed { at_ms, .. } => at_ms,
            };
            let part = (ended, task.opened_ms.max(start_ms), department_of(case, house, task));
            (part.1 < ended && ended <= end_ms).then_some(part)
        })
        .collect();
    work.sort();
    let (mut parts, mut at_ms) = (Vec::new(), end_ms);
    while let Some((ended, opened, department)) = work.pop() {
        // Whoever was ready only after that was not waited for.
        if ended > at_ms {
            continue;
        }
        between(case, (ended, at_ms), &mut parts);
        parts.push((department.unwrap_or_else(|| WAITING.to_owned()), opened, ended));
        at_ms = opened;
    }
    between(case, (start_ms, at_ms), &mut parts);
    parts
}

/// Time in which nobody of the company was asked.
fn between(case: &Case, (from_ms, to_ms): (i64, i64), parts: &mut Vec<Part>) {
    let visits = case.run.iter().flat_map(|run| &run.visits);
    let stays = visits.filter(|visit| !visit.kind.is_task() && (from_ms..to_ms).contains(&visit.since_ms));
    let stay = stays.min_by_key(|visit| visit.since_ms);
    let stay_ms = stay.map_or(to_ms, |visit| visit.since_ms);
    let kind = stay.map_or(WAITING, |visit| match visit.kind {
        VisitKind::Customer => CUSTOMER,
        _ => WAITING,
    });
    let sent_ms = case.order.submitted_ms.unwrap_or(from_ms).clamp(from_ms, stay_ms);
    for (part, from_ms, to_ms) in
        [(kind, stay_ms, to_ms), (SYSTEM, sent_ms, stay_ms), (SENDER, from_ms, sent_ms)]
    {
        if from_ms < to_ms {
            parts.push((part.to_owned(), from_ms, to_ms));
        }
    }
}
