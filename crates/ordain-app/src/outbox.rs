//! What leaves the company, whichever way: taken under a lease, tried again after growing pauses, and recorded together
//! with what its order learns of the end, in one commit.

use crate::admin::patiently;
use crate::app::App;
use crate::case::decide::OrderCommand;
use crate::gate::trace::sending;
use crate::gate::{Command, Done, GateError};
use ordain_connect::channel::Channel;
use ordain_connect::sink::Sink;
use ordain_domain::actor::Actor;
use ordain_store::{Hash, OutboxFinish, OutboxRow};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// The channels of the outbox.
pub const MAIL: &str = "mail";
pub const CALL: &str = "call";

pub(crate) const SECOND_MS: i64 = 1_000;
pub(crate) const MINUTE_MS: i64 = 60 * SECOND_MS;
pub(crate) const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What carries things out. Where there is none they stay queued, and the timers that watch over them raise the alarm.
#[derive(Clone, Default)]
pub struct Carriers {
    pub mail: Option<Arc<dyn Channel>>,
    pub calls: Option<Arc<dyn Sink>>,
}

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    pub sent: usize,
    /// To be tried again.
    pub postponed: usize,
    pub given_up: usize,
}

impl Deliveries {
    pub(crate) fn count(&mut self, state: &str) {
        match state {
            "sent" => self.sent += 1,
            "failed" => self.given_up += 1,
            _ => self.postponed += 1,
        }
    }
}

/// How an attempt ended.
pub(crate) enum Ending {
    Done,
    Again { why: String, not_before: Option<Duration> },
    GivenUp { why: String },
}

/// Takes what is due on a channel.
pub(crate) async fn claim(
    app: &App,
    channel: &'static str,
    lease_ms: i64,
    limit: usize,
) -> Result<Vec<OutboxRow>, GateError> {
    let claim = Command::ClaimOutbox { channel, lease_ms, limit };
    match app.gate.send(app.envelope(0, Actor::system("deliver_outbox"), claim, None)).await? {
        Done::Claimed(rows) => Ok(rows),
        _ => Ok(Vec::new()),
    }
}

/// Records the ending of what began then, with what its order is told in the same commit: the reason, where it was given up. Gives the
/// state of the message. Whoever was too slow and lost the lease changes nothing.
pub(crate) async fn finish(
    app: &App,
    row: &OutboxRow,
    (began, ending): (SystemTime, Ending),
    pause_ms: &(dyn Fn(usize) -> Option<i64> + Sync),
    told: impl FnOnce(Option<String>) -> OrderCommand,
) -> Result<&'static str, GateError> {
    let now_ms = app.clock.now_ms();
    let (state, next_at_ms, error) = match ending {
        Ending::Done => ("sent", row.next_at_ms, None),
        Ending::GivenUp { why } => ("failed", row.next_at_ms, Some(why)),
        Ending::Again { why, not_before } => match pause(row, not_before, pause_ms) {
            Some(pause_ms) => ("queued", now_ms.saturating_add(pause_ms), Some(why)),
            None => ("failed", row.next_at_ms, Some(why)),
        },
    };
    if let Some(tracer) = app.gate.work().tracer.get()
        && let Some(step) = sending(row, began, error.clone())
    {
        tracer.tell(step);
    }
    let finish = OutboxFinish {
        org: row.org,
        id: row.id,
        lease_token: row.lease_token,
        state: state.to_owned(),
        next_at_ms,
        sent_at_ms: (state == "sent").then_some(now_ms),
        last_error: error.clone(),
    };
    let order = row.order_id.map(Uuid::from_bytes).filter(|_| state != "queued");
    let command = Command::FinishOutbox { finish, told: order.map(|order| (order, told(error))) };
    let envelope = app.envelope(row.org, Actor::system("deliver_outbox"), command, None);
    let gone = |_| GateError::Unavailable("the committer has stopped".to_owned());
    match patiently(app, &envelope).await?.await.map_err(gone)? {
        Ok(_) => Ok(state),
        Err(GateError::Bug(why)) if why.contains("outbox_lease") => Ok("queued"),
        Err(error) => Err(error),
    }
}

/// How long to wait after this attempt; nothing if it was the last one.
fn pause(
    row: &OutboxRow,
    not_before: Option<Duration>,
    pause_ms: &(dyn Fn(usize) -> Option<i64> + Sync),
) -> Option<i64> {
    let failed = usize::try_from(row.attempts).unwrap_or(usize::MAX).max(1);
    let asked = not_before.map_or(0, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    Some((pause_ms(failed)? * jitter_permille(row) / 1_000).max(asked.min(24 * HOUR_MS)))
}

/// 800 to 1,200, the same for the same attempt: messages that failed together do not come back together.
fn jitter_permille(row: &OutboxRow) -> i64 {
    let mut digest = Sha256::new();
    digest.update(row.id);
    digest.update(row.attempts.to_be_bytes());
    let hash: Hash = digest.finalize().into();
    800 + i64::from(u16::from_be_bytes([hash[0], hash[1]]) % 401)
}
