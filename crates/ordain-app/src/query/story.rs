//! The log of an order read as its story: what each entry did, what it changed, and which way rules sent it.

use super::QueryError;
use crate::case::event::{Event, apply};
use crate::case::{Case, FlowPin};
use ordain_domain::actor::Actor;
use ordain_domain::order::content::{Difference, differences};
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_flow::rule::RowExplained;
use ordain_flow::run::{Event as FlowEvent, LaneTried};
use ordain_store::{LogRow, Store};
use uuid::Uuid;

/// Entries read at a time.
const PAGE: usize = 1_000;

/// One entry with what it changed.
#[derive(Clone, Debug)]
pub struct Item {
    pub row: LogRow,
    pub actor: Actor,
    pub events: Vec<Event>,
    pub changes: Vec<Difference>,
    pub status: Option<(Option<Status>, Status)>,
    /// The version of the flow in whose words it is told: the one that the order was in before, unless it entered another
    /// flow with it.
    pub flow: Option<FlowPin>,
}

/// A lane that a rule chose.
#[derive(Clone, Debug)]
pub struct LaneChoice {
    pub at_ms: i64,
    pub node: String,
    pub lane: String,
    pub because: Vec<RowExplained>,
    pub refused: Vec<LaneTried>,
}

/// All entries of an order, oldest first.
///
/// # Errors
/// What the store says.
pub fn log(store: &Store, org: i64, order: Uuid) -> Result<Vec<LogRow>, QueryError> {
    let mut rows: Vec<LogRow> = Vec::new();
    loop {
        let before = rows.last().map(|row| row.subject_seq);
        let page = store.log_of_order(org, order.into_bytes(), before, PAGE)?;
        let last = page.len() < PAGE;
        rows.extend(page);
        if last {
            rows.reverse();
            return Ok(rows);
        }
    }
}

/// The events of an entry about an order.
///
/// # Errors
/// `Bug` if the entry cannot be read.
pub fn events(row: &LogRow) -> Result<Vec<Event>, QueryError> {
    serde_json::from_str(&row.events)
        .map_err(|error| QueryError::Bug(format!("log entry {}: {error}", row.seq)))
}

pub fn actor(row: &LogRow) -> Actor {
    serde_json::from_str(&row.actor).unwrap_or_else(|_| Actor::system("unknown"))
}

/// Carries a case over one entry.
///
/// # Errors
/// `Bug` if the entry cannot be read.
pub fn fold(case: &mut Option<Case>, row: &LogRow) -> Result<Vec<Event>, QueryError> {
    let events = events(row)?;
    for event in &events {
        apply(case, event, row.at_ms);
    }
    if let Some(case) = case {
        case.version = row.subject_seq;
    }
    Ok(events)
}

/// The story of an order, oldest first.
///
/// # Errors
/// What the store says, or `Bug` if an entry cannot be read.
pub fn items(store: &Store, org: i64, order: Uuid) -> Result<Vec<Item>, QueryError> {
    let mut case: Option<Case> = None;
    let mut items = Vec::new();
    for row in log(store, org, order)? {
        let before = case.as_ref().map(|case| (case.order.content.clone(), case.order.status));
        let was_in = case.as_ref().and_then(|case| case.flow.clone());
        let events = fold(&mut case, &row)?;
        let now = case.as_ref();
        let edits = |event: &OrderEvent| {
            matches!(
                event,
                OrderEvent::Edited { .. }
                    | OrderEvent::FieldsWritten { .. }
                    | OrderEvent::ChangeTaken { .. }
                    | OrderEvent::ChangeClosed { .. }
            )
        };
        let edited = events.iter().any(|event| matches!(event, Event::Order(event) if edits(event)));
        let changes = match (&before, now) {
            (Some((content, _)), Some(case)) if edited => differences(content, &case.order.content),
            _ => Vec::new(),
        };
        let was = before.map(|(_, status)| status);
        let status = now.map(|case| case.order.status).filter(|now| Some(*now) != was).map(|now| (was, now));
        // An order that enters another flow is told of in the words of that one.
        let entered = events.iter().find_map(|event| match event {
            Event::Pinned { pin, .. } if was_in.as_ref().is_none_or(|was| was.key != pin.key) => {
                Some(pin.clone())
            }
            _ => None,
        });
        let flow = entered.or(was_in);
        items.push(Item { actor: actor(&row), row, events, changes, status, flow });
    }
    Ok(items)
}

/// The lanes that rules chose, oldest first.
pub fn lane_choices(items: &[Item]) -> Vec<LaneChoice> {
    let mut found = Vec::new();
    for item in items {
        for event in &item.events {
            if let Event::Flow(FlowEvent::LaneTaken { node, lane, because, refused }) = event {
                found.push(LaneChoice {
                    at_ms: item.row.at_ms,
                    node: node.to_string(),
                    lane: lane.to_string(),
                    because: because.clone(),
                    refused: refused.clone(),
                });
            }
        }
    }
    found
}
