//! After goods came in or master data was entered: the orders that waited for it are looked at again.

use crate::app::App;
use crate::case::decide::OrderCommand;
use crate::gate::{Command, Done, Envelope, GateError};
use ordain_domain::actor::Actor;
use ordain_store::{Id, StoreError, TaskFilter, TaskNarrow, TaskRow, UnmatchedKind};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::oneshot;
use uuid::Uuid;

/// Rechecks that are under way at the same time: one commit's worth.
const WINDOW: usize = 128;
/// Tasks read in one go.
const PAGE: usize = 200;
/// Before a full queue is tried again.
const PATIENCE: Duration = Duration::from_millis(50);

/// Codes under which something new is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    pub products: Vec<String>,
    pub customers: Vec<String>,
}

/// Looks again at every order that waits for one of the codes, the oldest first; gives how many there were. Orders
/// that are gone or decided meanwhile refuse, and that is fine.
///
/// # Errors
/// If the database cannot be read or the Gate has stopped.
pub async fn recheck_waiting(
    app: &App,
    org: i64,
    products: &[String],
    customers: &[String],
) -> Result<usize, GateError> {
    let waiting = Vec::from_iter(waiting(app, org, products, customers)?);
    recheck(app, org, &waiting).await?;
    Ok(waiting.len())
}

/// Looks again at every order that waits for goods, master data or credit, the oldest first: what came in right before
/// the last process died may not have been followed by a look. Gives how many orders there were.
///
/// # Errors
/// If the database cannot be read or the Gate has stopped.
pub async fn recheck_left_behind(app: &App, org: i64) -> Result<usize, GateError> {
    let waiting = app.store.orders_waiting(org)?;
    recheck(app, org, &waiting).await?;
    Ok(waiting.len())
}

/// Looks again at every order with an open task: after people, calendars or the organisation have changed, a task may
/// have lost its holder or its deadline may have moved. Gives how many orders there were.
///
/// # Errors
/// If the database cannot be read or the Gate has stopped.
pub async fn recheck_open_tasks(app: &App, org: i64) -> Result<usize, GateError> {
    let mut orders = BTreeSet::new();
    let mut after = None;
    loop {
        let rows = app.store.list_tasks(org, &TaskFilter::Open, &TaskNarrow::default(), after, PAGE)?;
        after = rows.last().map(TaskRow::place);
        orders.extend(rows.iter().map(|row| row.order_id));
        if rows.len() < PAGE {
            break;
        }
    }
    let orders = Vec::from_iter(orders);
    recheck(app, org, &orders).await?;
    Ok(orders.len())
}

/// Looks again at every order that nobody has a task of and that waits for a time: when the company's hours or rules have
/// changed, that time may have. Gives how many orders there were.
///
/// # Errors
/// If the database cannot be read or the Gate has stopped.
pub async fn recheck_timers(app: &App, org: i64) -> Result<usize, GateError> {
    let orders = app.store.orders_with_timers_alone(org)?;
    recheck(app, org, &orders).await?;
    Ok(orders.len())
}

/// Looks again at every order of a customer, and of those it owes together with, that is over its credit, the oldest
/// first: money has come in.
///
/// # Errors
/// If the database cannot be read or the Gate has stopped.
pub async fn recheck_credit(app: &App, org: i64, customer: &str) -> Result<usize, GateError> {
    let house = app.gate.houses().get(org);
    let together = house.map(|house| house.credit_groups.together(customer)).unwrap_or_default();
    let codes: Vec<String> = together.into_iter().chain([customer.to_owned()]).collect();
    let waiting = app.store.orders_waiting_for_code(org, UnmatchedKind::Credit, &codes)?;
    recheck(app, org, &waiting).await?;
    Ok(waiting.len())
}

async fn recheck(app: &App, org: i64, orders: &[Id]) -> Result<(), GateError> {
    for orders in orders.chunks(WINDOW) {
        let mut answers = Vec::with_capacity(orders.len());
        for id in orders {
            let id = Some(Uuid::from_bytes(*id));
            let command = Command::Order { id, expected: None, command: OrderCommand::Recheck };
            let envelope = app.envelope(org, Actor::system("recheck"), command, None);
            answers.push(patiently(app, &envelope).await?);
        }
        for answer in answers {
            match answer.await {
                Ok(Ok(_) | Err(GateError::Refused(_))) => {}
                // One that meets a defect must not hold back those behind it.
                Ok(Err(GateError::Bug(why))) => tracing::error!(why, "order not rechecked"),
                Ok(Err(error)) => return Err(error),
                Err(_) => return Err(GateError::Unavailable("the committer has stopped".to_owned())),
            }
        }
    }
    Ok(())
}

fn waiting(
    app: &App,
    org: i64,
    products: &[String],
    customers: &[String],
) -> Result<BTreeSet<Id>, StoreError> {
    let mut waiting = BTreeSet::new();
    waiting.extend(app.store.orders_waiting_for_stock(org, products)?);
    waiting.extend(app.store.orders_waiting_for_code(org, UnmatchedKind::Product, products)?);
    waiting.extend(app.store.orders_waiting_for_code(org, UnmatchedKind::Customer, customers)?);
    waiting.extend(app.store.orders_waiting_for_code(org, UnmatchedKind::Credit, customers)?);
    Ok(waiting)
}

/// Puts a command into the queue, waiting for a place in it: for bulk work, which nobody sits and waits for.
pub(crate) async fn patiently(
    app: &App,
    envelope: &Envelope,
) -> Result<oneshot::Receiver<Result<Done, GateError>>, GateError> {
    loop {
        match app.gate.submit(envelope.clone()) {
            Err(GateError::Busy) => tokio::time::sleep(PATIENCE).await,
            submitted => return submitted,
        }
    }
}
