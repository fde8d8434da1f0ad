//! One order as it is, or as it was at some instant.

use super::{QueryError, story};
use crate::case::Case;
use crate::data_scope;
use ordain_domain::order::Status;
use ordain_store::{OrderReach, OrderRow, Store};
use std::ops::ControlFlow;
use uuid::Uuid;

/// The order with this id.
///
/// # Errors
/// `NotFound`, or what the store says.
pub fn by_id(store: &Store, org: i64, id: Uuid) -> Result<Case, QueryError> {
    let row = store.order_by_id(org, id.into_bytes())?.ok_or(QueryError::NotFound)?;
    read(&row.body)
}

/// The order named by id or by number.
///
/// # Errors
/// `NotFound`, or what the store says.
pub fn named(store: &Store, org: i64, name: &str) -> Result<Case, QueryError> {
    if let Ok(id) = Uuid::parse_str(name) {
        return by_id(store, org, id);
    }
    let row = store.order_by_number(org, name)?.ok_or(QueryError::NotFound)?;
    read(&row.body)
}

/// The order as it was at an instant: the fold of what the log held then.
///
/// # Errors
/// `NotFound` if it did not exist yet.
pub fn as_of(store: &Store, org: i64, id: Uuid, at_ms: i64) -> Result<Case, QueryError> {
    let rows = story::log(store, org, id)?;
    let mut case = None;
    for row in rows.iter().filter(|row| row.at_ms <= at_ms) {
        story::fold(&mut case, row)?;
    }
    case.ok_or(QueryError::NotFound)
}

/// Statuses of orders that somebody has still to do something about.
const UNDER_WAY: [Status; 5] =
    [Status::Incomplete, Status::InReview, Status::AwaitingCustomer, Status::Confirmed, Status::InFulfilment];
/// Orders read at a time.
const STEP: usize = 200;

/// Shows every order that is under way and reached, those of a status together and the oldest first, until `show` breaks off.
///
/// # Errors
/// What the store says, or whoever is shown them.
pub fn under_way<E: From<QueryError>>(
    store: &Store,
    org: i64,
    reach: Option<&OrderReach>,
    mut show: impl FnMut(&Case) -> Result<ControlFlow<()>, E>,
) -> Result<(), E> {
    for status in UNDER_WAY {
        let mut after = (i64::MIN, [0; 16]);
        loop {
            let rows = store.orders_in(org, status.name(), after, STEP).map_err(QueryError::from)?;
            let Some(last) = rows.last() else { break };
            after = (last.created_at_ms, last.id);
            let is_last_step = rows.len() < STEP;
            let mut reached = rows;
            let id = |row: &OrderRow| Uuid::from_bytes(row.id);
            data_scope::retain((store, org), reach, &mut reached, id).map_err(QueryError::from)?;
            for row in &reached {
                if show(&read(&row.body)?)?.is_break() {
                    return Ok(());
                }
            }
            if is_last_step {
                break;
            }
        }
    }
    Ok(())
}

pub(super) fn read(body: &str) -> Result<Case, QueryError> {
    serde_json::from_str(body).map_err(|error| QueryError::Bug(format!("order body: {error}")))
}
