//! Who is served first where goods do not suffice for all.

use super::Case;
use super::world::House;
use uuid::Uuid;

/// Where an order stands among those that were promised something: confirmed orders come before those that are looked at,
/// customers by their level as the company ranks it, then who was first.
pub fn served(case: &Case, house: &House) -> (bool, usize, i64, Uuid) {
    let order = &case.order;
    let level = order.checked.customer.as_ref().and_then(|customer| customer.level.as_ref());
    let levels = &house.rules.priority_levels;
    let rank = level.and_then(|level| levels.iter().position(|of| of == level)).unwrap_or(levels.len());
    (!order.status.is_firm(), rank, order.confirmed_ms.unwrap_or(i64::MAX), order.id)
}
