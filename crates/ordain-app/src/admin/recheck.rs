//! After goods came in or master data was entered: the orders that waited for it are looked at again.

use crate::app::App;
use crate::case::decide::OrderCommand;
use crate::gate::{Command, Done, Envelope, GateError};
use ordain_domain::actor::Actor;
use ordain_store::{Id, StoreError, UnmatchedKind};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::oneshot;
use uuid::Uuid;

/// Rechecks that are under way at the same time: one commit's worth.
const WINDOW: usize = 128;
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
    for orders in waiting.chunks(WINDOW) {
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
    Ok(waiting.len())
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
