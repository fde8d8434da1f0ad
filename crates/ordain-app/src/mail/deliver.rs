//! Delivers what the outbox holds: at least once, each message under its own id, with growing pauses after failures
//! and an end that becomes somebody's work.

use super::{WriteError, write};
use crate::app::App;
use crate::case::decide::OrderCommand;
use crate::faults;
use crate::gate::GateError;
use crate::outbox::{Deliveries, Ending, HOUR_MS, MAIL, MINUTE_MS, SECOND_MS, claim, finish};
use crate::practice::is_practice;
use ordain_connect::channel::{Channel, DeliveryFailure, Message};
use ordain_store::{OutboxRow, StoreError};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// Messages are taken and sent one after the other, so that a death makes at most one copy: what was sent and not yet
/// recorded. For so long a message is ours.
const LEASE_MS: i64 = 60_000;
/// An attempt ends before its lease does.
const PATIENCE: Duration = Duration::from_secs(45);
/// Pauses after each failed attempt; after the last the message is given up.
const PAUSES_MS: [i64; 7] =
    [5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS];

/// Sends everything that is due now.
///
/// # Errors
/// If the Gate cannot be reached; what was claimed is tried again when its lease ends.
pub async fn deliver_outbox(app: &App, channel: &Arc<dyn Channel>) -> Result<Deliveries, GateError> {
    let mut deliveries = Deliveries::default();
    loop {
        let rows = claim(app, MAIL, LEASE_MS, 1).await?;
        let Some(row) = rows.first() else { return Ok(deliveries) };
        let began = SystemTime::now();
        let ending = attempt(app, channel.as_ref(), row).await;
        let id = Uuid::from_bytes(row.id);
        let told = move |failed| OrderCommand::NoticeDelivered { id, failed };
        deliveries.count(finish(app, row, (began, ending), &pause_ms, told).await?);
    }
}

async fn attempt(app: &App, channel: &dyn Channel, row: &OutboxRow) -> Ending {
    if is_practice(row.org) {
        return Ending::Done;
    }
    let message = match message(app, row) {
        Ok(message) => message,
        Err(WriteError::Store(error)) => {
            return Ending::Again { why: error.to_string(), not_before: None };
        }
        Err(error) => return Ending::GivenUp { why: format!("unwritable: {error}") },
    };
    faults::reach(faults::BEFORE_SEND);
    let delivered = tokio::time::timeout(PATIENCE, channel.deliver(&message)).await;
    faults::reach(faults::AFTER_SEND);
    match delivered {
        Ok(Ok(_)) => Ending::Done,
        Ok(Err(failure)) => failed(failure),
        Err(_) => Ending::Again { why: "timeout".to_owned(), not_before: None },
    }
}

fn message(app: &App, row: &OutboxRow) -> Result<Message, WriteError> {
    let house = app.gate.houses().get(row.org);
    let house = house.ok_or_else(|| StoreError::Unavailable("no house".to_owned()))?;
    write(&app.store, &house, &app.codes, row)
}

fn failed(failure: DeliveryFailure) -> Ending {
    let why = format!("{}: {}", failure.code, failure.detail);
    if failure.transient {
        Ending::Again { why, not_before: failure.retry_after }
    } else {
        Ending::GivenUp { why }
    }
}

/// How long to wait after so many failed attempts; nothing after the last.
fn pause_ms(failed: usize) -> Option<i64> {
    PAUSES_MS.get(failed.checked_sub(1)?).copied()
}
