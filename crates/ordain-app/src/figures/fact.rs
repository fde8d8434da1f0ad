//! One order as a row of facts.

use crate::case::loss::lost_reason;
use crate::case::standstill::is_recovered;
use crate::case::world::House;
use crate::case::{Case, ExceptionKind, Task, TaskState};
use crate::gate::{department_of, party_key};
use ordain_domain::order::{ChangeState, Order};
use ordain_flow::run::{Decision, Run, VisitKind};
use ordain_store::{HandOverFactRow, OrderFactRow};

/// What an order counts for.
pub fn fact(org: i64, case: &Case, house: &House) -> OrderFactRow {
    let order = &case.order;
    let calendar = &house.calendar;
    let day = |at_ms: i64| calendar.date_at(at_ms).to_string();
    let lost = lost_reason(case);
    let minutes = |until: i64| calendar.working_ms_between(order.received_ms(), until) / 60_000;
    OrderFactRow {
        org,
        order_id: order.id.into_bytes(),
        version: case.version,
        number: order.number.clone(),
        customer: order.content.customer.clone(),
        customer_name: order.checked.customer.as_ref().map(|customer| customer.name.clone()),
        channel: order.channel.clone(),
        flow: case.flow.as_ref().map(|pin| pin.key.clone()),
        status: order.status.name().to_owned(),
        received_at_ms: order.received_ms(),
        received_on: day(order.received_ms()),
        confirmed_at_ms: order.confirmed_ms,
        confirmed_on: order.confirmed_ms.map(day),
        cycle_minutes: order.confirmed_ms.map(minutes),
        lost_on: lost.map(|_| day(order.updated_ms)),
        lost_node: lost.and_then(|_| last_node(case)),
        lost_reason: lost.map(str::to_owned),
        minor: own_currency(order, house),
        tasks: count(tasks(case).filter(|(decision, _)| decision.is_some())),
        returns: count(tasks(case).filter(|(decision, _)| *decision == Some(Decision::Return))),
        exceptions: count(case.exceptions.iter()),
        changes: count(order.changes.iter().filter(|change| is_in_force(&change.state))),
        complaints: count(order.fulfilment.complaints.iter()),
        suspicion: suspicion(case).map(str::to_owned),
        reached: reached(case),
        lost_by: lost.and(case.loss.as_ref()).map(|loss| loss.by.name().to_owned()),
        level: order.checked.customer.as_ref().and_then(|customer| customer.level.clone()),
        owner: order.checked.customer.as_ref().and_then(|customer| customer.owner.clone()),
    }
}

/// How far the order has come: received, checked, reviewed, confirmed.
fn reached(case: &Case) -> i64 {
    let asked = |run: &Run| run.visits.iter().any(|visit| visit.kind == VisitKind::Customer);
    match &case.run {
        _ if case.order.confirmed_ms.is_some() => 3,
        Some(run) if asked(run) => 2,
        Some(_) => 1,
        None => 0,
    }
}

fn suspicion(case: &Case) -> Option<&'static str> {
    if case.open_exceptions().any(|known| known.kind == ExceptionKind::SuspectedLost) {
        return Some("open");
    }
    is_recovered(case).then_some("recovered")
}

/// How the work on an order went from hand to hand; nothing where nobody was asked.
pub fn hand_overs(org: i64, case: &Case, house: &House) -> Vec<HandOverFactRow> {
    let mut rows = Vec::new();
    for task in case.tasks.values() {
        for (n, passage) in (0..).zip(task.passages()) {
            let held = Task { holder: passage.to.clone(), ..task.clone() };
            rows.push(HandOverFactRow {
                org,
                order_id: case.order.id.into_bytes(),
                task_id: task.id.into_bytes(),
                n,
                version: case.version,
                number: case.order.number.clone(),
                node: task.node.clone(),
                department: department_of(case, house, &held),
                holder: party_key(passage.to),
                why: passage.why.map(|why| why.name().to_owned()),
                sent_at_ms: passage.sent_ms,
                received_at_ms: passage.received_ms,
                taken_at_ms: passage.taken_ms,
                ended_at_ms: passage.ended_ms,
            });
        }
    }
    rows
}

fn count<T>(found: impl Iterator<Item = T>) -> i64 {
    i64::try_from(found.count()).unwrap_or(i64::MAX)
}

fn tasks(case: &Case) -> impl Iterator<Item = (Option<Decision>, &Task)> {
    case.tasks.values().map(|task| match &task.state {
        TaskState::Done { decision, .. } => (Some(*decision), task),
        TaskState::Open | TaskState::Closed { .. } => (None, task),
    })
}

fn is_in_force(state: &ChangeState) -> bool {
    matches!(state, ChangeState::Applied { .. })
}

/// What the order comes to in the company's own currency on the day it came; nothing where no rate is known.
fn own_currency(order: &Order, house: &House) -> Option<i64> {
    let (totals, home) = (order.checked.totals.as_ref()?, house.rules.currency);
    let day = house.calendar.date_at(order.received_ms());
    house.rates.convert(totals.gross, (totals.currency, home), home, day).ok()
}

/// The step at which the order stopped: where somebody was asked last.
fn last_node(case: &Case) -> Option<String> {
    let visits = case.run.iter().flat_map(|run| &run.visits);
    let open = visits.filter(|visit| visit.kind.is_task());
    open.max_by_key(|visit| (visit.since_ms, visit.visit)).map(|visit| visit.node.to_string())
}
