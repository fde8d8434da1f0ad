//! The self-check: is what should leave leaving, does what is due fire, does every order have something that moves it
//! on, is the log sealed and what it was. It reads and reports, and repairs nothing: each finding says what to do.

use crate::admin::{AdminCommand, flow_faults};
use crate::app::App;
use crate::audit::{SignedHead, export_head, verify_head};
use crate::case::world::House;
use crate::gate::GateError;
use crate::query::order::by_id;
use ordain_domain::actor::Actor;
use ordain_flow::doc::NodeKind;
use ordain_store::{SelfCheckRow, Since, Spotted, Store, Vitals};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Instant;
use uuid::Uuid;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Messages have to leave, and due timers to fire, within so long.
const OUTBOX_MS: i64 = 15 * MINUTE_MS;
const TIMER_MS: i64 = 5 * MINUTE_MS;
/// Tasks that are overdue for so long are stalled.
const TASK_MS: i64 = 24 * HOUR_MS;
/// So far back messages count that were given up.
const GIVEN_UP_MS: i64 = 24 * HOUR_MS;
/// A running server seals every few seconds.
const UNSEALED_MS: i64 = 10 * MINUTE_MS;
/// Nothing is called stuck in the first minutes.
const ORDER_MS: i64 = 10 * MINUTE_MS;
/// Beyond so many waiting commands senders will soon be told to come back.
const QUEUE: usize = 800;

/// The setting that says how often.
pub const SELF_CHECK: &str = "self_check";

/// What is looked at, in this order.
pub const CHECKS: [&str; 10] = [
    "outbox_late",
    "outbox_given_up",
    "timers_late",
    "runs_stuck",
    "tasks_stalled",
    "exceptions_late",
    "flows_unready",
    "stock_stale",
    "log_head",
    "queue_long",
];

/// What one check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    pub check: String,
    /// How much of it there is; nothing is well.
    pub count: i64,
    /// One of them: the number of an order, a product, a flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
}

/// What a run leaves behind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    pub checks: Vec<CheckResult>,
    /// Where the log had come to: the next run looks whether it still says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<SignedHead>,
}

/// When and how often it runs by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SelfCheckRules {
    /// 0: never.
    pub every_minutes: i64,
}

impl Default for SelfCheckRules {
    fn default() -> Self {
        Self { every_minutes: 60 }
    }
}

/// Looks at a company and records what was found.
///
/// # Errors
/// If the database cannot be read or the Gate has stopped.
pub async fn run(app: &App, org: i64, asked_by: Actor) -> Result<SelfCheckRow, GateError> {
    let (reader, started) = (app.clone(), Instant::now());
    let looked = tokio::task::spawn_blocking(move || {
        let before = reader.store.self_checks(org, 1)?.pop();
        let before = before.and_then(|row| serde_json::from_str::<Results>(&row.results).ok());
        Ok::<_, GateError>((look(&reader, org, before.as_ref())?, before))
    });
    let (results, before) = looked.await.map_err(|error| GateError::Bug(error.to_string()))??;
    let failed = results.checks.iter().filter(|result| result.count > 0).count();
    let by = app.by(asked_by.clone());
    let row = SelfCheckRow {
        org,
        id: by.id.into_bytes(),
        at_ms: by.at_ms,
        asked_by: asked_by.name().to_owned(),
        took_ms: i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX),
        failed: i64::try_from(failed).unwrap_or(i64::MAX),
        results: serde_json::to_string(&results).map_err(|error| GateError::Bug(error.to_string()))?,
    };
    // Who was told of something is not told of the same at every run.
    let alarm = failing(&results).any(|check| before.iter().flat_map(failing).all(|known| known != check));
    app.admin(org, asked_by, AdminCommand::KeepSelfCheck { row: Box::new(row.clone()), alarm }).await?;
    Ok(row)
}

/// How often a company looks at itself.
///
/// # Errors
/// If the database cannot be read.
pub fn rules(store: &Store, org: i64) -> Result<SelfCheckRules, GateError> {
    let Some(row) = store.setting(org, SELF_CHECK)? else { return Ok(SelfCheckRules::default()) };
    serde_json::from_str(&row.value).map_err(|error| GateError::Bug(format!("setting {SELF_CHECK}: {error}")))
}

/// Runs it where its time has come.
///
/// # Errors
/// See [`run`].
pub async fn run_due(app: &App) -> Result<usize, GateError> {
    let mut ran = 0;
    for org in app.store.orgs()?.into_iter().map(|row| row.org).filter(|org| *org > 0) {
        let every_ms = rules(&app.store, org)?.every_minutes * MINUTE_MS;
        let last = app.store.self_checks(org, 1)?.first().map(|row| row.at_ms);
        if every_ms > 0 && last.is_none_or(|at_ms| at_ms + every_ms <= app.clock.now_ms()) {
            run(app, org, Actor::system("self_check")).await?;
            ran += 1;
        }
    }
    Ok(ran)
}

fn failing(results: &Results) -> impl Iterator<Item = &str> {
    results.checks.iter().filter(|result| result.count > 0).map(|result| result.check.as_str())
}

fn look(app: &App, org: i64, before: Option<&Results>) -> Result<Results, GateError> {
    let house = app.gate.houses().get(org).ok_or_else(|| GateError::Bug("no house".to_owned()))?;
    let (store, now_ms) = (&app.store, app.clock.now_ms());
    let vitals = store.vitals(org, since(&house, now_ms))?;
    let head = export_head(store, org)?;
    let broken = broken_head(store, org, before.and_then(|results| results.head.as_ref()), now_ms)?;
    let stuck = stuck(store, org, &house, &vitals)?;
    let unready = unready(&house, now_ms);
    let waiting = app.gate.queue_length();
    let long = if waiting > QUEUE { i64::try_from(waiting).unwrap_or(i64::MAX) } else { 0 };
    let mut found: BTreeMap<&str, Spotted> = BTreeMap::from([
        ("outbox_late", vitals.outbox_late),
        ("outbox_given_up", vitals.given_up),
        ("timers_late", vitals.timers_late),
        ("runs_stuck", stuck),
        ("tasks_stalled", vitals.tasks_stalled),
        ("exceptions_late", vitals.exceptions_late),
        ("flows_unready", unready),
        ("stock_stale", vitals.stock_stale),
        ("log_head", Spotted { count: i64::from(broken.is_some()), example: broken }),
        ("queue_long", Spotted { count: long, example: None }),
    ]);
    let result = |check: &str| {
        let Spotted { count, example } = found.remove(check).unwrap_or_default();
        CheckResult { check: check.to_owned(), count, example }
    };
    Ok(Results { checks: CHECKS.into_iter().map(result).collect(), head })
}

fn since(house: &House, now_ms: i64) -> Since {
    Since {
        outbox_ms: now_ms - OUTBOX_MS,
        given_up_ms: now_ms - GIVEN_UP_MS,
        timer_ms: now_ms - TIMER_MS,
        task_ms: now_ms - TASK_MS,
        exception_ms: now_ms,
        stock_ms: house.rules.stock_stale_hours.map(|hours| now_ms - hours * HOUR_MS),
        order_ms: now_ms - ORDER_MS,
    }
}

/// What is wrong with the end of the log: another history than at the last run, or one that nobody seals.
fn broken_head(
    store: &Store,
    org: i64,
    before: Option<&SignedHead>,
    now_ms: i64,
) -> Result<Option<String>, GateError> {
    if let Some(head) = before
        && let Some(problem) = verify_head(store, org, head)?
    {
        return Ok(Some(problem.detail.to_owned()));
    }
    let sealed = store.last_seal(org)?.map_or(0, |seal| seal.to_seq);
    let open = store.entry_behind(org, sealed)?;
    Ok(open.filter(|(_, at_ms)| at_ms + UNSEALED_MS < now_ms).map(|_| "nothing_is_sealed".to_owned()))
}

/// Orders in review that nobody holds and nothing will wake.
fn stuck(store: &Store, org: i64, house: &House, vitals: &Vitals) -> Result<Spotted, GateError> {
    let mut stuck = Spotted::default();
    for id in &vitals.unmoved {
        let case = by_id(store, org, Uuid::from_bytes(*id));
        let case = case.map_err(|error| GateError::Unavailable(error.to_string()))?;
        let open = case.runs().flat_map(|(pin, run)| run.open_visits().map(move |visit| (pin, visit)));
        let mut kinds = open.filter_map(|(pin, visit)| Some(&house.flow(pin)?.node(&visit.node)?.kind));
        // What waits for the customer, another system or an event may have nobody in the company.
        let outside = kinds.any(|kind| {
            matches!(
                kind,
                NodeKind::CustomerConfirmation(_) | NodeKind::WaitEvent(_) | NodeKind::ConnectorCall(_)
            )
        });
        let handled = case.held_ms.is_some() || case.exceptions.iter().any(|exception| exception.is_open());
        if !outside && !handled {
            stuck.count += 1;
            stuck.example.get_or_insert_with(|| case.order.number.clone());
        }
    }
    Ok(stuck)
}

/// Flows in force with steps that nothing could carry out now: a connector is gone or its time is over.
fn unready(house: &House, now_ms: i64) -> Spotted {
    let mut unready = Spotted::default();
    for flow in house.flows_in_force() {
        if flow_faults(flow.doc(), house, now_ms) > 0 {
            unready.count += 1;
            unready.example.get_or_insert_with(|| flow.doc().key.clone());
        }
    }
    unready
}
