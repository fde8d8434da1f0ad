//! One product is late, and many orders wait for it: which they are, and what each would ask for with a later day. Each
//! is changed by itself, like any other order, with an answer of its own.

use super::{QueryError, order};
use crate::case::Case;
use crate::data_scope;
use jiff::civil::Date;
use ordain_domain::order::{Content, Order, Status};
use ordain_store::{OrderReach, Store};
use uuid::Uuid;

/// Orders that are changed at once; what is beyond them is for the next time.
pub const ORDERS_MAX: usize = 500;

/// The orders that wait for goods of a product on an earlier day than they can be there, the oldest first, with what
/// each would ask for instead; and whether there are more. An order whose goods lie on the shelf waits for nothing: it is
/// among them only where it is named (`named`, ids; all orders where it is empty). `reach`: of those that are reached.
///
/// # Errors
/// What the store says.
pub fn late(
    store: &Store,
    org: i64,
    product: &str,
    day: Date,
    named: &[String],
    reach: Option<&OrderReach>,
) -> Result<(Vec<(Case, Content)>, bool), QueryError> {
    let mut found = Vec::new();
    let mut ids = store.orders_with_product(org, product)?;
    data_scope::retain((store, org), reach, &mut ids, |id| Uuid::from_bytes(*id))?;
    for id in ids {
        let id = Uuid::from_bytes(id);
        let is_named = named.contains(&id.to_string());
        if !named.is_empty() && !is_named {
            continue;
        }
        let case = order::by_id(store, org, id)?;
        let Some(content) = later(&case, product, day, is_named) else { continue };
        if found.len() == ORDERS_MAX {
            return Ok((found, true));
        }
        found.push((case, content));
    }
    Ok((found, false))
}

/// The order with the later day on every line of the product that still has goods to leave and asks for them earlier;
/// lines with all of their goods on the shelf only where `also_on_shelf`.
fn later(case: &Case, product: &str, day: Date, also_on_shelf: bool) -> Option<Content> {
    let order = &case.order;
    let stands = order.as_it_stands();
    let left = stands.unshipped_milli();
    let mut content = stands.content.clone();
    let head = content.requested_date;
    let mut changed = false;
    for line in content.lines.iter_mut().filter(|line| line.product.as_deref() == Some(product)) {
        let held = |line: u32| {
            stands.held.iter().filter(|part| part.line == line).map(|part| part.qty_milli).sum::<i64>()
        };
        let on_shelf = if also_on_shelf { 0 } else { held(line.id) };
        let waits = left.get(&line.id).is_none_or(|left| *left > on_shelf);
        if waits && line.requested_date.or(head).is_some_and(|asked| asked < day) {
            line.requested_date = Some(day);
            changed = true;
        }
    }
    (is_under_way(order) && changed).then_some(content)
}

/// Whether the order may still be given another day.
pub fn is_under_way(order: &Order) -> bool {
    order.is_in_review() || matches!(order.status, Status::Confirmed | Status::InFulfilment)
}
