//! Makes the calls of other systems that steps of flows have asked for, whether they wait for the answer or not, and those
//! that carry messages by SMS and instant messaging: behind the commit, at least once, each under the key of its visit or its own id. Several go out at once, so that a system that hangs does not hold up the others.

use crate::app::App;
use crate::case::connector::{Operation, Secrets};
use crate::case::decide::OrderCommand;
use crate::case::world::House;
use crate::faults;
use crate::gate::{CONNECTOR_SECRETS, GateError, HOOK, OutboxMessage};
use crate::mail::{WriteError, write};
use crate::outbox::{CALL, Deliveries, Ending, HOUR_MS, SECOND_MS, claim, finish};
use crate::practice::is_practice;
use crate::query::order;
use ordain_connect::sink::{Call, CallFailure, Method, Sink};
use ordain_flow::doc::{CALL_SECONDS_MAX, Node};
use ordain_store::{OutboxRow, StoreError};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::task::JoinSet;
use uuid::Uuid;

/// For so long a call is ours; longer than the longest call.
const LEASE_MS: i64 = 120_000;
const AT_ONCE: usize = 16;
/// How long a call may take and how often it is tried again, if the flow says nothing; and at most.
const SECONDS: u32 = 10;
const RETRIES: u32 = 3;
/// The first pause after a failed attempt; each further one is four times as long, an hour at most.
const PAUSE_MS: i64 = 5 * SECOND_MS;
const GROWTH: i64 = 4;

/// Makes every call that is due now.
///
/// # Errors
/// If the Gate cannot be reached; what was claimed is tried again when its lease ends.
pub async fn make_calls(app: &App, sink: &Arc<dyn Sink>) -> Result<Deliveries, GateError> {
    let mut deliveries = Deliveries::default();
    loop {
        let rows = claim(app, CALL, LEASE_MS, AT_ONCE).await?;
        if rows.is_empty() {
            return Ok(deliveries);
        }
        let mut under_way = JoinSet::new();
        for row in rows {
            let (app, sink) = (app.clone(), sink.clone());
            under_way.spawn(async move { make(&app, sink.as_ref(), &row).await });
        }
        let mut failed = None;
        while let Some(made) = under_way.join_next().await {
            match made {
                Ok(Ok(state)) => deliveries.count(state),
                Ok(Err(error)) => failed = Some(error),
                Err(error) => failed = Some(GateError::Bug(error.to_string())),
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
    }
}

async fn make(app: &App, sink: &dyn Sink, row: &OutboxRow) -> Result<&'static str, GateError> {
    let what = What::of(row);
    let began = SystemTime::now();
    let (retries, result) = attempt(app, sink, row, &what).await;
    let (ending, answer) = match result {
        Ok(answer) => (Ending::Done, answer),
        Err(CallFailure { transient: true, code, detail, retry_after }) => {
            (Ending::Again { why: format!("{code}: {detail}"), not_before: retry_after }, Value::Null)
        }
        Err(CallFailure { code, detail, .. }) => {
            (Ending::GivenUp { why: format!("{code}: {detail}") }, Value::Null)
        }
    };
    let pause_ms = move |failed: usize| {
        let before = u32::try_from(failed.saturating_sub(1)).ok().filter(|before| *before < retries)?;
        Some(PAUSE_MS.saturating_mul(GROWTH.saturating_pow(before)).min(HOUR_MS))
    };
    let id = Uuid::from_bytes(row.id);
    let told = move |failed: Option<String>| match what {
        What::Visit(visit) => OrderCommand::CallEnded { visit, answer: failed.map_or(Ok(answer), Err) },
        What::Hook | What::Message => OrderCommand::NoticeDelivered { id, failed },
    };
    finish(app, row, (began, ending), &pause_ms, told).await
}

/// What is called for.
#[derive(Clone, Copy)]
enum What {
    /// A step that waits for the answer.
    Visit(u32),
    /// A step that does not.
    Hook,
    Message,
}

impl What {
    fn of(row: &OutboxRow) -> Self {
        match row.message.parse() {
            Ok(visit) => Self::Visit(visit),
            Err(_) if row.message.starts_with(HOOK) => Self::Hook,
            Err(_) => Self::Message,
        }
    }
}

/// A call as it goes out, and what to make of its answer.
struct Ready {
    call: Call,
    operation: Operation,
    retries: u32,
}

/// How often it may be tried again, and how the attempt went.
async fn attempt(
    app: &App,
    sink: &dyn Sink,
    row: &OutboxRow,
    what: &What,
) -> (u32, Result<Value, CallFailure>) {
    if is_practice(row.org) {
        let none = CallFailure::lasting("practice", "");
        return (0, if matches!(what, What::Visit(_)) { Err(none) } else { Ok(Value::Null) });
    }
    let ready = match what {
        What::Visit(visit) => of_visit(app, row, *visit),
        What::Hook => of_hook(app, row),
        What::Message => of_message(app, row),
    };
    let Ready { call, operation, retries } = match ready {
        Ok(ready) => ready,
        Err(failure) => return (RETRIES, Err(failure)),
    };
    faults::reach(faults::BEFORE_SEND);
    let answer = match tokio::time::timeout(call.patience, sink.call(&call)).await {
        Ok(answer) => answer,
        Err(_) => Err(CallFailure::passing("timeout", format!("{} s", call.patience.as_secs()))),
    };
    faults::reach(faults::AFTER_SEND);
    let accepted = answer.and_then(|answer| match operation.succeeded(&answer) {
        true => Ok(answer),
        false => Err(CallFailure::lasting("not_accepted", shown(&answer))),
    });
    (retries, accepted)
}

/// The call of an order as it goes out now: what is sent was fixed with the visit, where to and with which secrets is
/// looked up each time.
fn of_visit(app: &App, row: &OutboxRow, visit: u32) -> Result<Ready, CallFailure> {
    let id = Uuid::from_bytes(row.order_id.unwrap_or_default());
    let case = order::by_id(&app.store, row.org, id).map_err(unread)?;
    let house = app.gate.houses().get(row.org).ok_or_else(|| unread("house"))?;
    // The order has gone elsewhere: what nobody waits for is not sent.
    let asked = case.open_call(visit).ok_or_else(|| CallFailure::lasting("not_wanted", ""))?;
    let settings = case.node_at(&house, visit, &asked.node).and_then(Node::call);
    let settings = settings.ok_or_else(|| CallFailure::lasting("no_step", asked.node.as_str()))?;
    let (connector, operation) = (settings.connector.as_str(), settings.operation.as_str());
    let seconds = settings.timeout_seconds.unwrap_or(SECONDS).clamp(1, CALL_SECONDS_MAX);
    let sent = (case.call_key(visit), asked.body.clone());
    let ready = ready(app, &house, row.org, (connector, operation), sent)?;
    let call = Call { patience: Duration::from_secs(u64::from(seconds)), ..ready.call };
    Ok(Ready { call, retries: settings.retries.unwrap_or(RETRIES), ..ready })
}

/// The call that tells another system of a step. It was decided to be told, whatever has become of the order since.
fn of_hook(app: &App, row: &OutboxRow) -> Result<Ready, CallFailure> {
    let order = Uuid::from_bytes(row.order_id.unwrap_or_default());
    let case = order::by_id(&app.store, row.org, order).map_err(unread)?;
    let house = app.gate.houses().get(row.org).ok_or_else(|| unread("house"))?;
    let id = Uuid::from_bytes(row.id);
    let hook = case.hooks.get(&id).ok_or_else(|| CallFailure::lasting("not_wanted", ""))?;
    let sent = (id.to_string(), hook.body.clone());
    ready(app, &house, row.org, (&hook.connector, &hook.operation), sent)
}

/// The call that carries a message, written from the order as it was when the message was decided.
fn of_message(app: &App, row: &OutboxRow) -> Result<Ready, CallFailure> {
    let house = app.gate.houses().get(row.org).ok_or_else(|| unread("house"))?;
    let outbox: OutboxMessage = serde_json::from_str(&row.message)
        .map_err(|error| CallFailure::lasting("unwritable", error.to_string()))?;
    let carrier = outbox.by.and_then(|channel| house.channels.0.get(&channel));
    let carrier = carrier.ok_or_else(|| CallFailure::lasting("channel_not_set_up", ""))?;
    let message = write(&app.store, &house, &app.codes, row).map_err(|error| match error {
        WriteError::Store(error) => unread(error),
        other => CallFailure::lasting("unwritable", other.to_string()),
    })?;
    let body = json!({
        "to": message.to.address, "name": message.to.name, "subject": message.subject, "text": message.text,
        "template": outbox.template,
    });
    ready(app, &house, row.org, (&carrier.connector, &carrier.operation), (message.id, body))
}

fn unread(error: impl std::fmt::Display) -> CallFailure {
    CallFailure::passing("not_read", error.to_string())
}

/// A call of an operation, with the key under which it goes out and what is sent.
fn ready(
    app: &App,
    house: &House,
    org: i64,
    (key, operation): (&str, &str),
    (id, body): (String, Value),
) -> Result<Ready, CallFailure> {
    let found = house.connectors.operation((key, operation), app.clock.now_ms());
    let (connector, operation) = found.map_err(|unfit| CallFailure::lasting("connector", unfit.name()))?;
    let secrets = secrets(app, org, key).map_err(unread)?;
    let header = |(name, value): (&String, &Option<String>)| {
        Some((name.clone(), value.clone().or_else(|| secrets.get(name).cloned())?))
    };
    let call = Call {
        key: id,
        method: Method::parse(&operation.method).unwrap_or_default(),
        url: format!("{}{}", connector.base_url.trim_end_matches('/'), operation.path),
        headers: connector.headers.iter().filter_map(header).collect(),
        body,
        patience: Duration::from_secs(u64::from(SECONDS)),
    };
    Ok(Ready { call, operation: operation.clone(), retries: RETRIES })
}

/// As much of an answer as an exception shows.
fn shown(answer: &Value) -> String {
    answer.to_string().chars().take(300).collect()
}

fn secrets(app: &App, org: i64, connector: &str) -> Result<BTreeMap<String, String>, StoreError> {
    let Some(row) = app.store.setting(org, CONNECTOR_SECRETS)? else { return Ok(BTreeMap::new()) };
    let mut all: Secrets = serde_json::from_str(&row.value)
        .map_err(|_| StoreError::Bug(format!("setting {CONNECTOR_SECRETS} cannot be read")))?;
    Ok(all.0.remove(connector).unwrap_or_default())
}
