//! The one sentence that says where an order is: who has it, for how long, and how much time is left.

use super::finding::message;
use super::person::{actor, party_name};
use crate::words::{Text, named, text, word};
use ordain_app::case::world::House;
use ordain_app::case::{Case, Task};
use ordain_app::query::waiting::{Waiting, WaitingFor, waiting};
use ordain_domain::order::Status;
use ordain_flow::doc::Node;

const MS_PER_MINUTE: i64 = 60_000;

/// A length of working time.
pub fn duration(ms: i64) -> Text {
    let minutes = ms.max(0) / MS_PER_MINUTE;
    let (h, m) = (Text::plain((minutes / 60).to_string()), Text::plain((minutes % 60).to_string()));
    match (minutes / 60, minutes % 60) {
        (0, 0) => word("duration.under_minute"),
        (0, _) => text("duration.minutes", &[("m", m)]),
        (_, 0) => text("duration.hours", &[("h", h)]),
        _ => text("duration.hours_minutes", &[("h", h), ("m", m)]),
    }
}

/// What is left until a deadline, or by how much it has passed, in working time.
fn left(due_ms: Option<i64>, house: &House, now_ms: i64) -> Text {
    match due_ms {
        None => word("sentence.no_deadline"),
        Some(due) if due < now_ms => {
            let over = house.calendar.working_ms_between(due, now_ms);
            text("sentence.late", &[("time", duration(over))])
        }
        Some(due) => {
            let time = duration(house.calendar.working_ms_between(now_ms, due));
            text("sentence.left", &[("time", time)])
        }
    }
}

/// The sentence of an order.
pub fn of_order(case: &Case, house: &House, now_ms: i64) -> Text {
    let order = &case.order;
    if order.on_hold {
        return word("sentence.on_hold");
    }
    let waits = waiting(case, house);
    match order.status {
        Status::Incomplete => incomplete(&waits, house, now_ms),
        Status::InReview => in_review(&waits, house, now_ms),
        Status::Confirmed | Status::InFulfilment if order.is_changing() => in_review(&waits, house, now_ms),
        Status::Confirmed => {
            let from = order.submitted_ms.unwrap_or(order.created_ms);
            let took = house.calendar.working_ms_between(from, order.confirmed_ms.unwrap_or(from));
            let told = !waits.iter().any(|wait| matches!(wait.what, WaitingFor::Notice { .. }));
            let key = if told { "sentence.confirmed" } else { "sentence.confirmed_untold" };
            text(key, &[("time", duration(took))])
        }
        Status::AwaitingCustomer => {
            let since = house.calendar.working_ms_between(order.updated_ms, now_ms);
            text("sentence.awaiting_customer", &[("since", duration(since))])
        }
        other => named("sentence", other.name()),
    }
}

fn incomplete(waits: &[Waiting<'_>], house: &House, now_ms: i64) -> Text {
    let Some(wait) = waits.first() else { return named("status", "incomplete") };
    let since = ("since", duration(house.calendar.working_ms_between(wait.since_ms, now_ms)));
    if let WaitingFor::Sender { returned: Some(returned) } = &wait.what {
        let who = Text::plain(actor(&house.people, &returned.by).name);
        return text("sentence.returned", &[("who", who), ("reason", Text::plain(&returned.reason)), since]);
    }
    let first = wait.findings.first().map(|finding| message(finding)).unwrap_or_default();
    let missing = match wait.findings.len() {
        0 | 1 => first,
        n => text("sentence.more", &[("first", first), ("n", Text::plain(n.to_string()))]),
    };
    text("sentence.incomplete", &[("missing", missing), since])
}

fn holder_name(task: &Task, house: &House) -> Text {
    match task.claimed_by.and_then(|id| house.people.users.get(&id)) {
        Some(user) => Text::plain(&user.name),
        None => party_name(&house.people, &task.holder),
    }
}

fn in_review(waits: &[Waiting<'_>], house: &House, now_ms: i64) -> Text {
    let tasks: Vec<(&Task, Option<&Node>)> = waits
        .iter()
        .filter_map(|wait| match &wait.what {
            WaitingFor::Task { task, node } => Some((*task, *node)),
            _ => None,
        })
        .collect();
    let node_name = |task: &Task, node: Option<&Node>| match node {
        Some(node) => Text::from(&node.name),
        None => Text::plain(&task.node),
    };
    let Some((first, node)) = tasks.first().copied() else { return word("sentence.in_review") };
    let left = ("left", left(first.due_ms, house, now_ms));
    if tasks.len() == 1 {
        let since = duration(house.calendar.working_ms_between(first.opened_ms, now_ms));
        let args =
            [("node", node_name(first, node)), ("who", holder_name(first, house)), ("since", since), left];
        return text("sentence.in_one", &args);
    }
    let step = |(task, node): &(&Task, Option<&Node>)| {
        text("sentence.step", &[("node", node_name(task, *node)), ("who", holder_name(task, house))])
    };
    let steps: Vec<Text> = tasks.iter().map(step).collect();
    text("sentence.in_many", &[("steps", crate::words::list(&steps)), left])
}
