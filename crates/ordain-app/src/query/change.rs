//! What a change would come to, and who has read of one. The answer is the decision itself, made and thrown away.

use super::{QueryError, world};
use crate::case::decide::{By, ChangeAsked, OrderCommand, decide, examine};
use crate::case::world::House;
use crate::case::{Case, Event, Refusal, Task, TaskState};
use crate::gate::{of_both, shortage};
use jiff::civil::Date;
use ordain_domain::check::{Checked, Outcome, margin_e4};
use ordain_domain::master::Customer;
use ordain_domain::order::change::Taken;
use ordain_domain::order::content::{Difference, differences};
use ordain_domain::order::{Content, Event as OrderEvent, Order};
use ordain_domain::promise::Promise;
use ordain_store::Store;
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// The consequences of a change.
#[derive(Debug)]
pub struct Impact {
    pub differences: Vec<Difference>,
    /// The order as it would be.
    pub as_asked: Case,
    pub checked: Checked,
    pub backing: Promise,
    pub customer: Option<Customer>,
    /// What the order itself takes of the customer's credit now.
    pub own_credit_minor: i64,
    /// Nothing where something is wrong with it that only whoever asks can mend.
    pub taken: Option<Taken>,
    pub at_once: bool,
    /// Steps that would ask somebody now.
    pub asked: Vec<String>,
    pub told: BTreeSet<Uuid>,
    pub today: Date,
    /// What is left of the price above the cost, before and after, in 1/10,000; nothing where a cost is not known.
    pub margins_e4: [Option<i64>; 2],
}

/// What a change would come to. What would keep it from being asked for at all is the inner error.
///
/// # Errors
/// What the store says.
pub fn impact(
    store: &Store,
    org: i64,
    house: &Arc<House>,
    case: &Case,
    asked: ChangeAsked,
    by: &By,
) -> Result<Result<Impact, Refusal>, QueryError> {
    let bought = store.purchases_of_order(org, case.order.id.into_bytes())?;
    let made = store.work_orders_of_order(org, case.order.id.into_bytes())?;
    let stands = case.order.as_it_stands();
    // What would go is looked up as well: the margin that stands is told beside the one to come.
    let both = of_both(&asked.content, &stands.content);
    let mut world = world::load(store, org, house, &both, (Some(case.order.id), by.at_ms))?;
    world.procured = shortage::procured(bought.iter(), made.iter(), case);
    let content = asked.content.clone();
    let Outcome { checked, backing } = examine(&content, Some(case), &world, by);
    let today = house.calendar.date_at(by.at_ms);
    let margin = |content: &Content, checked: &Checked| {
        let home = (house.rules.currency, today);
        margin_e4(content, checked, &world.master.products, &house.rates, home)
    };
    let margins_e4 = [margin(&stands.content, &stands.checked), margin(&content, &checked)];
    let order = Order { content, checked: checked.clone(), ..case.order.clone() };
    let mut impact = Impact {
        differences: differences(&stands.content, &asked.content),
        as_asked: Case { order, ..case.clone() },
        checked,
        backing,
        customer: world.master.customer.clone(),
        own_credit_minor: case.order.credit_taken().map_or(0, |held| held.minor),
        taken: None,
        at_once: false,
        asked: Vec::new(),
        told: BTreeSet::new(),
        today,
        margins_e4,
    };
    match decide(Some(case), &world, &OrderCommand::RequestChange(Box::new(asked)), by) {
        Err(Refusal::ChangeIncomplete(_)) => {}
        Err(refusal) => return Ok(Err(refusal)),
        Ok(decided) => {
            let change = decided.case.order.changes.last();
            impact.taken = change.and_then(|change| change.taken.clone());
            impact.at_once = decided.case.open_tasks().next().is_none();
            impact.asked = decided.case.open_tasks().map(|(_, task)| task.node.clone()).collect();
            impact.told = decided.events.iter().filter_map(told).collect();
        }
    }
    Ok(Ok(impact))
}

fn told(event: &Event) -> Option<Uuid> {
    match event {
        Event::Order(OrderEvent::NoticeQueued { to, change: Some(_), .. }) => Uuid::parse_str(to).ok(),
        _ => None,
    }
}

/// What has changed of an order since its step last decided, or `user` last looked at what was asked of it before: the
/// revision at that time, and the differences. Nothing where nobody did, or has seen all there is.
///
/// # Errors
/// What the store says.
pub fn since_last_look(
    store: &Store,
    org: i64,
    case: &Case,
    node: &str,
    user: Option<Uuid>,
) -> Result<Option<(u32, Vec<Difference>)>, QueryError> {
    let has_seen = |task: &Task| user.is_some_and(|user| task.seen.contains_key(&user));
    let looked = case.tasks.values().filter(|task| task.node == node).filter_map(|task| match task.state {
        TaskState::Done { at_ms, .. } => Some(at_ms),
        // A change took the task away, and is not what was looked at.
        TaskState::Closed { at_ms, .. } if has_seen(task) => Some(at_ms - 1),
        _ => None,
    });
    let Some(at_ms) = looked.max() else { return Ok(None) };
    let then = super::order::as_of(store, org, case.order.id, at_ms)?.order;
    let found = differences(&then.content, &case.order.content);
    Ok((!found.is_empty()).then_some((then.revision, found)))
}

/// The notices of an order's changes that were read.
///
/// # Errors
/// What the store says.
pub fn read_notices(store: &Store, org: i64, case: &Case) -> Result<BTreeSet<Uuid>, QueryError> {
    let of_changes = case.notices.iter().filter(|notice| notice.change.is_some());
    let keys = of_changes
        .filter_map(|notice| Some((Uuid::parse_str(&notice.to).ok()?.into_bytes(), notice.id.into_bytes())));
    let read = store.read_of(org, &keys.collect::<Vec<_>>())?;
    Ok(read.into_iter().map(Uuid::from_bytes).collect())
}
