//! Flows against the orders of the past and those under way: how a draft would have treated them, and what a new version
//! means for them. Orders are read in steps, so that their number costs time and not memory.

use super::QueryError;
use crate::case::world::House;
use crate::case::{Case, FlowPin, facts};
use crate::figures::speeds;
use ordain_flow::migrate::{Move, Plan, plan};
use ordain_flow::replay::{Comparing, Comparison, route};
use ordain_flow::run::Flow;
use ordain_store::{FactTraits, Id, OrderRow, Store};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Orders read at a time.
const STEP: usize = 1_000;
/// Statuses in which a run is under way.
const RUNNING: [&str; 3] = ["incomplete", "in_review", "awaiting_customer"];

fn read(row: &OrderRow) -> Result<Case, QueryError> {
    serde_json::from_str(&row.body).map_err(|error| QueryError::Bug(error.to_string()))
}

/// What would become of the orders received since, if the draft were in force: of those that its flow takes now, and of
/// those that it would take.
///
/// # Errors
/// See [`QueryError`].
pub fn replay(
    store: &Store,
    house: &House,
    org: i64,
    draft: &Flow,
    since_ms: i64,
) -> Result<Comparison, QueryError> {
    let mut comparing = Comparing::default();
    let mut after: Option<(i64, Id)> = None;
    loop {
        let rows = store.orders_since(org, since_ms, after, STEP)?;
        for row in &rows {
            let case = read(row)?;
            let now = house.flow_for(&case.order).and_then(|pin| house.flow(&pin)).map(AsRef::as_ref);
            let then = house.flow_with(&case.order, draft);
            // What another flow takes, before and after, is none of this draft's business.
            let is_own = |flow: &Flow| flow.doc().key == draft.doc().key;
            let Some(then) = then.filter(|then| is_own(then) || now.is_some_and(is_own)) else { continue };
            let way = |flow: &Flow| route(flow, &facts::as_received(&case, flow, house));
            comparing.add(&case.order.number, now.map(way), way(then));
        }
        match rows.last() {
            Some(last) if rows.len() == STEP => after = Some((last.created_at_ms, last.id)),
            _ => return Ok(comparing.finish(&usual_minutes(store, house, org, since_ms)?)),
        }
    }
}

/// What half of the tasks of a step took at most that were decided since, in working minutes; of the department that
/// decided most of them, where several did.
///
/// # Errors
/// See [`QueryError`].
pub fn usual_minutes(
    store: &Store,
    house: &House,
    org: i64,
    since_ms: i64,
) -> Result<BTreeMap<String, i64>, QueryError> {
    let mut speeds = speeds(&store.decided_tasks(org, &FactTraits::default(), (since_ms, i64::MAX))?, house);
    speeds.sort_by_key(|speed| speed.decided);
    Ok(speeds.into_iter().filter_map(|speed| Some((speed.node, speed.p50?))).collect())
}

/// Every order under way, with the flow and version it is in.
fn each_running(store: &Store, org: i64, mut visit: impl FnMut(FlowPin, Case)) -> Result<(), QueryError> {
    for status in RUNNING {
        let mut after = (i64::MIN, [0; 16]);
        loop {
            let rows = store.orders_in(org, status, after, STEP)?;
            for row in &rows {
                let case = read(row)?;
                if let Some(pin) = case.flow.clone() {
                    visit(pin, case);
                }
            }
            match rows.last() {
                Some(last) if rows.len() == STEP => after = (last.created_at_ms, last.id),
                _ => break,
            }
        }
    }
    Ok(())
}

/// Every order under way in a flow, with its version.
///
/// # Errors
/// See [`QueryError`].
pub fn running(store: &Store, org: i64, key: &str) -> Result<Vec<(FlowPin, Case)>, QueryError> {
    let mut found = Vec::new();
    each_running(store, org, |pin, case| {
        if pin.key == key {
            found.push((pin, case));
        }
    })?;
    Ok(found)
}

/// How many orders are under way in one version, and in which of its steps.
#[derive(Clone, Debug, Default)]
pub struct UnderWay {
    pub orders: usize,
    pub steps: BTreeMap<String, usize>,
}

/// How many orders are under way in each version of each flow.
///
/// # Errors
/// See [`QueryError`].
pub fn under_way(store: &Store, org: i64) -> Result<BTreeMap<FlowPin, UnderWay>, QueryError> {
    let mut found: BTreeMap<FlowPin, UnderWay> = BTreeMap::new();
    each_running(store, org, |pin, case| {
        let counted = found.entry(pin).or_default();
        counted.orders += 1;
        for visit in case.run.iter().flat_map(|run| run.open_visits()) {
            *counted.steps.entry(visit.node.to_string()).or_default() += 1;
        }
    })?;
    Ok(found)
}

/// An order as a plan names it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Named {
    pub id: Uuid,
    pub number: String,
}

/// The plan for the running orders of one old version.
#[derive(Clone, Debug, serde::Serialize)]
pub struct VersionPlan {
    pub from: i64,
    pub to: i64,
    #[serde(flatten)]
    pub plan: Plan<Named>,
}

/// What moving the running orders of a flow to a version would mean, by the version they are in.
///
/// # Errors
/// `NotFound` without that version; see [`QueryError`].
pub fn migration_plan(
    store: &Store,
    house: &House,
    org: i64,
    to: &FlowPin,
) -> Result<Vec<VersionPlan>, QueryError> {
    let target = house.flow(to).ok_or(QueryError::NotFound)?;
    let mut running = running(store, org, &to.key)?;
    running.retain(|(pin, _)| pin != to);
    running.sort_by(|(one, _), (two, _)| one.cmp(two));
    let mut plans = Vec::new();
    for of_version in running.chunk_by(|(one, _), (two, _)| one == two) {
        let Some((from, _)) = of_version.first() else { continue };
        let Some(old) = house.flow(from) else { continue };
        let runs = of_version.iter().filter_map(|(_, case)| {
            let named = Named { id: case.order.id, number: case.order.number.clone() };
            Some((named, case.run.as_ref()?))
        });
        let plan = plan(&Move::new(old, target), runs);
        plans.push(VersionPlan { from: from.version, to: to.version, plan });
    }
    Ok(plans)
}
