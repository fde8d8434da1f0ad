//! Who could give goods of a shelf for a promise that is broken because goods come too late.

use super::{QueryError, order};
use crate::case::Case;
use crate::case::rank::served;
use crate::case::world::House;
use ordain_domain::order::exchange::Exchange;
use ordain_store::Store;

/// Orders that are looked through for one line, the latest ones first.
const LOOKED_AT: usize = 500;

/// The orders that have goods to spare until those come that a line waits for, each with what would be exchanged. Whoever
/// is served last gives first.
///
/// # Errors
/// What the store says.
pub fn offers(
    store: &Store,
    org: i64,
    house: &House,
    case: &Case,
    line: u32,
) -> Result<Vec<(Case, Exchange)>, QueryError> {
    let late = case.order.broken.iter().find(|of| of.line == line && of.now.is_some());
    let Some(late) = late else { return Ok(Vec::new()) };
    let mut ids = store.orders_with_product(org, &late.product)?;
    ids.sort_unstable();
    let latest = &ids[ids.len().saturating_sub(LOOKED_AT)..];
    let mut found = Vec::new();
    for row in store.orders_by_ids(org, latest)? {
        let other = order::read(&row.body)?;
        if let Some(exchange) = case.order.exchange(line, &other.order) {
            found.push((other, exchange));
        }
    }
    found.sort_by_key(|(other, _)| std::cmp::Reverse(served(other, house)));
    Ok(found)
}
