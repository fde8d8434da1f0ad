//! What an operation names has to lie in the data scope of whoever asks: orders, and tasks and exceptions by their order.

use super::Shared;
use super::problem::Problem;
use crate::routes::table::PREFIX;
use crate::wire::roles::{grantors, scopes_text};
use axum::http::StatusCode;
use ordain_app::case::world::House;
use ordain_app::data_scope::reach;
use ordain_app::rights::{Caller, Permission};
use ordain_store::{Id, OrderReach, Store, StoreError};
use uuid::Uuid;

/// The kinds of things that paths name by `{id}` and that belong to one order.
const OF_ORDERS: [(&str, Owner); 3] = [
    ("/orders/{id}", order as Owner),
    ("/tasks/{id}", |store, org, name| {
        let id = Uuid::parse_str(name).ok();
        let row = id.map(|id| store.task(org, id.into_bytes())).transpose()?.flatten();
        Ok(row.map(|row| row.order_id))
    }),
    ("/exceptions/{id}", |store, org, name| {
        let id = Uuid::parse_str(name).ok();
        let row = id.map(|id| store.exception(org, id.into_bytes())).transpose()?.flatten();
        Ok(row.map(|row| row.order_id))
    }),
];

/// The order to which something of a company belongs, by the name it has in a path.
type Owner = fn(&Store, i64, &str) -> Result<Option<Id>, StoreError>;

fn order(store: &Store, org: i64, name: &str) -> Result<Option<Id>, StoreError> {
    match Uuid::parse_str(name) {
        Ok(id) => Ok(Some(id.into_bytes())),
        Err(_) => Ok(store.order_by_number(org, name)?.map(|row| row.id)),
    }
}

/// Refuses what a path names outside of the caller's data scope; what is not there, the operation itself says.
pub fn admit(
    server: &Shared,
    (caller, right, house): (&Caller, Permission, &House),
    (path, id): (&str, Option<&str>),
) -> Result<(), Problem> {
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    let named = OF_ORDERS.iter().find(|(prefix, _)| {
        path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let (Some((_, owner)), Some(id)) = (named, id) else { return Ok(()) };
    let Some(reach) = reach(caller, right, house, server.app.clock.now_ms()) else { return Ok(()) };
    match owner(&server.app.store, caller.org, id)? {
        Some(order) => within(&server.app.store, (caller, right, house), &[order], &reach),
        None => Ok(()),
    }
}

/// Refuses where one of the orders is there and not reached.
///
/// # Errors
/// `out_of_scope`, with the scopes and who could give another; what the store says.
pub fn within(
    store: &Store,
    (caller, right, house): (&Caller, Permission, &House),
    orders: &[Id],
    reach: &OrderReach,
) -> Result<(), Problem> {
    let org = caller.org;
    let reached = store.orders_within(org, orders, reach)?;
    for order in orders.iter().filter(|order| !reached.contains(*order)) {
        if store.order_by_id(org, *order)?.is_some() {
            let problem = Problem::new(StatusCode::FORBIDDEN, "out_of_scope");
            return Err(problem
                .with("scope", scopes_text(caller, right).unwrap_or_default())
                .with("people", grantors(&house.people)));
        }
    }
    Ok(())
}
