//! The log as the tools of process mining read it: each order with what happened to it, as events with a life cycle.
//!
//! Orders are read a page at a time and each is told from its own log entries, so any company takes the memory of one
//! page. What happens while it is read is left for the next time.

use crate::case::event::Event;
use crate::case::world::House;
use crate::case::{Case, Task};
use crate::gate::department_of;
use crate::query::{QueryError, story};
use ordain_connect::event_log::{LogEvent, LogObject, ObjectKind, Trace, Transition};
use ordain_domain::decimal::money_text;
use ordain_domain::order::Event as OrderEvent;
use ordain_flow::run::{Decision, Event as FlowEvent};
use ordain_store::{LogRow, OrderRow, Store};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const MICROS: i64 = 1_000;

/// Orders, and customers or products, that are read together.
const PAGE: usize = 100;

/// Why a log cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum EventLogError {
    #[error(transparent)]
    Query(#[from] QueryError),
    #[error(transparent)]
    Store(#[from] ordain_store::StoreError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// What is told: orders received between two instants, from (inclusive) and to (exclusive), as they were at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from_ms: i64,
    pub to_ms: i64,
    /// The last log entry of then.
    upto: i64,
}

impl Span {
    /// As it is now, so that what is told twice is told the same.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn now(store: &Store, org: i64, (from_ms, to_ms): (i64, i64)) -> Result<Self, EventLogError> {
        Ok(Self { from_ms, to_ms, upto: store.log_end(org)? })
    }
}

/// Tells of every order of a span, oldest first.
///
/// # Errors
/// If the log cannot be read, or what `tell` says.
pub fn tell_orders(
    store: &Store,
    house: &House,
    org: i64,
    span: Span,
    mut tell: impl FnMut(&Trace) -> Result<(), EventLogError>,
) -> Result<(), EventLogError> {
    let mut after = None;
    loop {
        let page = store.orders_since(org, span.from_ms, after, PAGE)?;
        let last = page.len() < PAGE;
        for row in page {
            if row.created_at_ms >= span.to_ms {
                return Ok(());
            }
            if let Some(trace) = trace(store, house, &row, span.upto)? {
                tell(&trace)?;
            }
            after = Some((row.created_at_ms, row.id));
        }
        if last {
            return Ok(());
        }
    }
}

/// Tells of every customer and product.
///
/// # Errors
/// If they cannot be read, or what `tell` says.
pub fn tell_masters(
    store: &Store,
    org: i64,
    mut tell: impl FnMut(&LogObject) -> Result<(), EventLogError>,
) -> Result<(), EventLogError> {
    let master = |kind: ObjectKind, code: &str, name: &str, since_ms: i64| LogObject {
        id: kind.id(code),
        kind,
        since_us: since_ms * MICROS,
        facts: vec![("code", code.to_owned()), ("name", name.to_owned())],
        refers: Vec::new(),
    };
    let mut after = String::new();
    loop {
        let page = store.list_customers(org, "", &after, PAGE)?;
        let Some(row) = page.last() else { break };
        after.clone_from(&row.code);
        for row in &page {
            tell(&master(ObjectKind::Customer, &row.code, &row.name, row.updated_at_ms))?;
        }
    }
    after.clear();
    loop {
        let page = store.list_products(org, "", &after, PAGE)?;
        let Some(row) = page.last() else { return Ok(()) };
        after.clone_from(&row.code);
        for row in &page {
            tell(&master(ObjectKind::Product, &row.code, &row.name, row.updated_at_ms))?;
        }
    }
}

/// Nothing of an order that came after the entry `upto`.
fn trace(store: &Store, house: &House, row: &OrderRow, upto: i64) -> Result<Option<Trace>, EventLogError> {
    let mut case: Option<Case> = None;
    let (mut events, mut tasks) = (Vec::new(), BTreeMap::new());
    for entry in story::log(store, row.org, Uuid::from_bytes(row.id))? {
        if entry.seq > upto {
            break;
        }
        let happened = story::fold(&mut case, &entry)?;
        let Some(case) = &case else { continue };
        for (at, event) in happened.iter().enumerate() {
            let told = log_event(case, house, &entry, at, event).map(|told| in_order(&events, told));
            events.extend(told);
        }
        // A migration that was undone takes its tasks back; what happened to them stays told.
        tasks.extend(case.tasks.values().map(|task| (task.id, task_object(case, house, task))));
    }
    let told =
        |case: Case| Trace { order: order_object(&case), tasks: tasks.into_values().collect(), events };
    Ok(case.map(told))
}

/// After what was told before it, also where both happened in one instant.
fn in_order(before: &[LogEvent], event: LogEvent) -> LogEvent {
    let earliest = before.last().map_or(i64::MIN, |last| last.at_us + 1);
    LogEvent { at_us: event.at_us.max(earliest), ..event }
}

fn order_object(case: &Case) -> LogObject {
    let order = &case.order;
    let mut facts = vec![
        ("number", order.number.clone()),
        ("channel", order.channel.clone()),
        ("status", order.status.name().to_owned()),
    ];
    facts.extend(case.flow.as_ref().map(|pin| ("flow", pin.key.clone())));
    if let Some(totals) = &order.checked.totals {
        facts.push(("amount", money_text(totals.gross, totals.currency)));
        facts.push(("currency", totals.currency.code().to_owned()));
    }
    let customer =
        order.checked.customer.as_ref().map(|known| (ObjectKind::Customer.id(&known.code), "customer"));
    let known =
        |line: u32| order.checked.lines.iter().any(|checked| checked.line == line && checked.name.is_some());
    let products = order.content.lines.iter().filter(|line| known(line.id));
    let products: BTreeSet<&String> = products.filter_map(|line| line.product.as_ref()).collect();
    let products = products.into_iter().map(|code| (ObjectKind::Product.id(code), "product"));
    LogObject {
        id: ObjectKind::Order.id(&order.id.to_string()),
        kind: ObjectKind::Order,
        since_us: order.created_ms * MICROS,
        facts,
        refers: customer.into_iter().chain(products).collect(),
    }
}

fn task_object(case: &Case, house: &House, task: &Task) -> LogObject {
    let mut facts = vec![("step", task.node.clone())];
    facts.extend(department_of(case, house, task).map(|department| ("department", department)));
    LogObject {
        id: task_id(task),
        kind: ObjectKind::Task,
        since_us: task.opened_ms * MICROS,
        facts,
        refers: vec![(ObjectKind::Order.id(&case.order.id.to_string()), "order")],
    }
}

fn task_id(task: &Task) -> String {
    ObjectKind::Task.id(&task.id.to_string())
}

/// What an entry says, as far as it tells how the order went on.
fn log_event(case: &Case, house: &House, entry: &LogRow, at: usize, event: &Event) -> Option<LogEvent> {
    let plain = |activity: &str, transition| LogEvent {
        id: format!("event:{}.{at}", entry.seq),
        at_us: entry.at_ms * MICROS,
        activity: activity.to_owned(),
        transition,
        resource: story::actor(entry).name().to_owned(),
        department: None,
        decision: None,
        task: None,
    };
    let of_task = |number: u32, transition| {
        let task = case.tasks.get(&number)?;
        Some(LogEvent {
            department: department_of(case, house, task),
            task: Some(task_id(task)),
            ..plain(&task.node, transition)
        })
    };
    match event {
        Event::Order(event) => Some(plain(order_activity(event)?, Transition::Complete)),
        Event::Flow(FlowEvent::PassedByRule { node, .. })
        | Event::SideFlow { event: FlowEvent::PassedByRule { node, .. }, .. } => {
            Some(plain(node, Transition::Autoskip))
        }
        Event::TaskAssigned { task, .. } => {
            let (number, _) = case.tasks.iter().find(|(_, known)| known.id == task.id)?;
            of_task(*number, Transition::Schedule)
        }
        Event::TaskClaimed { task, .. } => of_task(*task, Transition::Start),
        Event::TaskHandedOver { task, .. } => of_task(*task, Transition::Reassign),
        Event::TaskHeld { task, .. } => of_task(*task, Transition::Suspend),
        Event::TaskResumed { task, .. } => of_task(*task, Transition::Resume),
        Event::TaskClosed { task, .. } => of_task(*task, Transition::Withdraw),
        Event::TaskReopened { task } => of_task(*task, Transition::Schedule),
        Event::TaskDecided { task, decision, .. } => {
            let decision = Some(decision_name(*decision).to_owned());
            Some(LogEvent { decision, ..of_task(*task, Transition::Complete)? })
        }
        _ => None,
    }
}

fn decision_name(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "approve",
        Decision::Reject => "reject",
        Decision::Return => "return",
    }
}

/// Steps in the life of an order; what is only bookkeeping has no name.
fn order_activity(event: &OrderEvent) -> Option<&'static str> {
    Some(match event {
        OrderEvent::Received(_) => "order_received",
        OrderEvent::Edited { .. } => "order_edited",
        OrderEvent::Submitted => "order_submitted",
        OrderEvent::Incomplete => "order_incomplete",
        OrderEvent::Returned => "order_returned",
        OrderEvent::CustomerAsked => "customer_asked",
        OrderEvent::CustomerLetGo => "customer_let_go",
        OrderEvent::CustomerAnswered { .. } => "customer_answered",
        OrderEvent::Confirmed(_) => "order_confirmed",
        OrderEvent::Rejected => "order_rejected",
        OrderEvent::Cancelled { .. } => "order_cancelled",
        OrderEvent::Expired => "order_expired",
        OrderEvent::Reopened { .. } => "order_reopened",
        OrderEvent::Held => "order_held",
        OrderEvent::Resumed => "order_resumed",
        OrderEvent::ChangeRequested { .. } => "change_requested",
        OrderEvent::ChangeClosed { .. } => "change_closed",
        OrderEvent::Shipped { .. } => "goods_shipped",
        _ => return None,
    })
}
