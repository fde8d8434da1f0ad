//! What a command took of stock and credit or gave back: the difference between the case before and after.

use super::keys;
use crate::case::Case;
use ordain_domain::order::Status;
use ordain_store::{Slice, TwinKey};
use std::collections::BTreeMap;

/// Carries what a command took and freed into the slice, so that the next command of the batch sees it.
pub(super) fn follow(slice: &mut Slice, org: i64, before: Option<&Case>, after: &Case) {
    for ((product, warehouse), delta) in stock_moves(before, after) {
        if let Some(row) = slice.stock.get_mut(&(org, product, warehouse)) {
            row.reserved_milli += delta;
        }
    }
    for (customer, delta) in exposure_moves(before, after) {
        if let Some(row) = slice.customers.get_mut(&(org, customer)) {
            row.exposure_minor += delta;
        }
    }
    let content = &after.order.content;
    let live = !matches!(after.order.status, Status::Cancelled | Status::Rejected | Status::Expired);
    if let Some(key) = keys::twin_key(org, content, None) {
        // Other commands of the batch look under the same key, an edit of this order under one that leaves it out.
        let found = (after.order.id.into_bytes(), after.order.number.clone());
        if live {
            slice.twins.entry(TwinKey { except: None, ..key }).or_insert(found);
        } else if slice.twins.get(&key) == Some(&found) {
            slice.twins.remove(&key);
        }
    }
}

pub(super) type StockMoves = BTreeMap<(String, String), i64>;

pub(super) fn stock_moves(before: Option<&Case>, after: &Case) -> StockMoves {
    let mut moves = StockMoves::new();
    let mut add = |case: &Case, sign: i64| {
        for held in &case.order.held {
            *moves.entry((held.product.clone(), held.warehouse.clone())).or_default() +=
                sign * held.qty_milli;
        }
    };
    if let Some(before) = before {
        add(before, -1);
    }
    add(after, 1);
    moves.retain(|_, delta| *delta != 0);
    moves
}

pub(super) fn exposure_moves(before: Option<&Case>, after: &Case) -> BTreeMap<String, i64> {
    let mut moves = BTreeMap::new();
    let before = before.and_then(|case| case.order.credit_held.as_ref());
    for (held, sign) in [(before, -1), (after.order.credit_held.as_ref(), 1)] {
        if let Some(held) = held {
            *moves.entry(held.customer.clone()).or_default() += sign * held.minor;
        }
    }
    moves.retain(|_, delta| *delta != 0);
    moves
}
