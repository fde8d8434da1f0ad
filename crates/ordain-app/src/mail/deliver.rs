//! Delivers what the outbox holds: at least once, each message under its own id, with growing pauses after failures
//! and an end that becomes somebody's work.

use super::{WriteError, write};
use crate::admin::patiently;
use crate::app::App;
use crate::faults;
use crate::gate::{Command, Done, GateError};
use ordain_connect::channel::{Channel, DeliveryFailure, Message};
use ordain_domain::actor::Actor;
use ordain_store::{Hash, OutboxFinish, OutboxRow, StoreError};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Messages are taken and sent one after the other, so that a death makes at most one copy: what was sent and not yet
/// recorded. For so long a message is ours.
const LEASE_MS: i64 = 60_000;
/// An attempt ends before its lease does.
const PATIENCE: Duration = Duration::from_secs(45);
const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Pauses after each failed attempt; after the last the message is given up.
const PAUSES_MS: [i64; 7] =
    [5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS];

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    pub sent: usize,
    /// To be tried again.
    pub postponed: usize,
    pub given_up: usize,
}

/// How an attempt ended.
enum Ending {
    Sent,
    Again { why: String, not_before: Option<Duration> },
    GivenUp { why: String },
}

/// Sends everything that is due now.
///
/// # Errors
/// If the Gate cannot be reached; what was claimed is tried again when its lease ends.
pub async fn deliver_outbox(app: &App, channel: &Arc<dyn Channel>) -> Result<Deliveries, GateError> {
    let mut deliveries = Deliveries::default();
    loop {
        let claim = Command::ClaimOutbox { lease_ms: LEASE_MS, limit: 1 };
        let envelope = app.envelope(0, Actor::system("deliver_outbox"), claim, None);
        let Done::Claimed(rows) = app.gate.send(envelope).await? else { return Ok(deliveries) };
        let Some(row) = rows.first() else { return Ok(deliveries) };
        let ending = attempt(app, channel.as_ref(), row).await;
        deliveries.count(finish(app, row, ending).await?);
    }
}

impl Deliveries {
    fn count(&mut self, state: &str) {
        match state {
            "sent" => self.sent += 1,
            "failed" => self.given_up += 1,
            _ => self.postponed += 1,
        }
    }
}

async fn attempt(app: &App, channel: &dyn Channel, row: &OutboxRow) -> Ending {
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
        Ok(Ok(_)) => Ending::Sent,
        Ok(Err(failure)) => failed(failure),
        Err(_) => Ending::Again { why: "timeout".to_owned(), not_before: None },
    }
}

fn message(app: &App, row: &OutboxRow) -> Result<Message, WriteError> {
    let house = app.gate.houses().get(row.org);
    let house = house.ok_or_else(|| StoreError::Unavailable("no house".to_owned()))?;
    write(&app.store, &house, row)
}

fn failed(failure: DeliveryFailure) -> Ending {
    let why = format!("{}: {}", failure.code, failure.detail);
    if failure.transient {
        Ending::Again { why, not_before: failure.retry_after }
    } else {
        Ending::GivenUp { why }
    }
}

/// Records the ending, with its order in the same commit; gives the state of the message. Whoever was too slow and
/// lost the lease changes nothing.
async fn finish(app: &App, row: &OutboxRow, ending: Ending) -> Result<&'static str, GateError> {
    let now_ms = app.clock.now_ms();
    let (state, next_at_ms, error) = match ending {
        Ending::Sent => ("sent", row.next_at_ms, None),
        Ending::GivenUp { why } => ("failed", row.next_at_ms, Some(why)),
        Ending::Again { why, not_before } => match pause_ms(row, not_before) {
            Some(pause_ms) => ("queued", now_ms.saturating_add(pause_ms), Some(why)),
            None => ("failed", row.next_at_ms, Some(why)),
        },
    };
    let finish = OutboxFinish {
        org: row.org,
        id: row.id,
        lease_token: row.lease_token,
        state: state.to_owned(),
        next_at_ms,
        sent_at_ms: (state == "sent").then_some(now_ms),
        last_error: error.clone(),
    };
    let failed = error.filter(|_| state == "failed");
    let order = row.order_id.map(Uuid::from_bytes);
    let command = Command::FinishOutbox { finish, order, failed };
    let envelope = app.envelope(row.org, Actor::system("deliver_outbox"), command, None);
    let gone = |_| GateError::Unavailable("the committer has stopped".to_owned());
    match patiently(app, &envelope).await?.await.map_err(gone)? {
        Ok(_) => Ok(state),
        Err(GateError::Bug(why)) if why.contains("outbox_lease") => Ok("queued"),
        Err(error) => Err(error),
    }
}

/// How long to wait after this attempt; nothing if it was the last one.
fn pause_ms(row: &OutboxRow, not_before: Option<Duration>) -> Option<i64> {
    let failed = usize::try_from(row.attempts).unwrap_or(usize::MAX).max(1);
    let pause = PAUSES_MS.get(failed - 1)?;
    let asked = not_before.map_or(0, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    Some((pause * jitter_permille(row) / 1_000).max(asked.min(24 * HOUR_MS)))
}

/// 800 to 1,200, the same for the same attempt: messages that failed together do not come back together.
fn jitter_permille(row: &OutboxRow) -> i64 {
    let mut digest = Sha256::new();
    digest.update(row.id);
    digest.update(row.attempts.to_be_bytes());
    let hash: Hash = digest.finalize().into();
    800 + i64::from(u16::from_be_bytes([hash[0], hash[1]]) % 401)
}
