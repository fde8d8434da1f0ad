//! What a command took of stock, supplies and credit or gave back: the difference between the case before and after. Goods that
//! leave for an order come out of its reservation and out of what is on hand at once.

use super::keys;
use super::low_stock::{self, Low};
use crate::case::{Case, Event};
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_domain::promise::{Incoming, Source};
use ordain_store::{Slice, StockMovementRow};
use std::collections::{BTreeMap, BTreeSet};

/// Carries what a command took and freed into the slice, so that the next command of the batch sees it. Gives the
/// stock that became low by it.
pub(super) fn follow(slice: &mut Slice, org: i64, before: Option<&Case>, after: &Case) -> Vec<Low> {
    let mut low = Vec::new();
    let mut out = goods_out(before, after);
    for ((product, warehouse), delta) in stock_moves(before, after) {
        let shipped = out.remove(&(product.clone(), warehouse.clone())).unwrap_or(0);
        if let Some(row) = slice.stock.get_mut(&(org, product, warehouse)) {
            let was_low = low_stock::is_low(row);
            row.reserved_milli += delta;
            row.on_hand_milli -= shipped;
            low.extend(low_stock::fallen(was_low, row));
        }
    }
    for (source, delta) in supply_moves(before, after) {
        let number = source.number().to_owned();
        let promised = match &source {
            Source::Purchase { line, .. } => {
                slice.purchases.get_mut(&(org, number, *line)).map(|row| &mut row.promised_milli)
            }
            Source::Work { .. } => {
                slice.work_orders.get_mut(&(org, number)).map(|row| &mut row.promised_milli)
            }
            // Nothing comes by it.
            Source::Stock { .. } => None,
        };
        if let Some(promised) = promised {
            *promised += delta;
        }
    }
    for (customer, delta) in exposure_moves(before, after) {
        if let Some(row) = slice.customers.get_mut(&(org, customer)) {
            row.exposure_minor += delta;
        }
    }
    let content = &after.order.content;
    let id = after.order.id.into_bytes();
    let buyer = content.customer.clone().map(|customer| (org, customer));
    if let Some(orders) = buyer.and_then(|buyer| slice.buyers.get_mut(&buyer)) {
        if after.order.status.is_firm() {
            orders.insert(id)
        } else {
            orders.remove(&id)
        };
    }
    let old = before.and_then(|case| keys::twin_key(org, &case.order.content));
    if let Some(twins) = old.and_then(|key| slice.twins.get_mut(&key)) {
        twins.remove(&id);
    }
    if let Some(key) = keys::twin_key(org, content).filter(|_| !is_over(after)) {
        slice.twins.entry(key).or_default().insert(id, after.order.number.clone());
    }
    low
}

/// Whether an order has ended without its goods leaving.
pub(super) fn is_over(case: &Case) -> bool {
    matches!(case.order.status, Status::Cancelled | Status::Rejected | Status::Expired)
}

/// The log entry that books movements, and who made it.
pub(crate) struct Booked {
    pub org: i64,
    pub seq: i64,
    /// As JSON.
    pub actor: String,
    pub at_ms: i64,
}

/// The movements of goods that left for an order.
pub(super) fn goods_shipped(case: &Case, events: &[Event], booked: &Booked) -> Vec<StockMovementRow> {
    let mut rows = Vec::new();
    for event in events {
        let Event::Order(OrderEvent::GoodsShipped { reference, parts }) = event else { continue };
        for part in parts {
            rows.push(StockMovementRow {
                org: booked.org,
                seq: booked.seq,
                n: i64::try_from(rows.len()).unwrap_or(i64::MAX),
                at_ms: booked.at_ms,
                product: part.product.clone(),
                warehouse: part.warehouse.clone(),
                qty_milli: -part.qty_milli,
                kind: "shipment".to_owned(),
                reason: None,
                reference: Some(reference.clone()),
                order_id: Some(case.order.id.into_bytes()),
                actor: booked.actor.clone(),
            });
        }
    }
    rows
}

pub(super) type StockMoves = BTreeMap<(String, String), i64>;

pub(super) fn stock_moves(before: Option<&Case>, after: &Case) -> StockMoves {
    let mut moves = StockMoves::new();
    let mut add = |case: &Case, sign: i64| {
        for held in case.order.stock_taken().iter() {
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

/// Products of which an order gave goods back that nobody has taken out, or by its end what is bought or made for it.
pub(super) fn freed(before: Option<&Case>, after: &Case) -> Vec<String> {
    if before.is_some_and(|case| !is_over(case)) && is_over(after) {
        let products = after.order.content.lines.iter().filter_map(|line| line.product.clone());
        return Vec::from_iter(products.collect::<BTreeSet<String>>());
    }
    let Some(before) = before.filter(|case| !case.order.held.is_empty() || !case.order.coming.is_empty())
    else {
        return Vec::new();
    };
    let out = goods_out(Some(before), after);
    let mut freed = BTreeSet::new();
    for (place, delta) in stock_moves(Some(before), after) {
        if delta + out.get(&place).copied().unwrap_or(0) < 0 {
            freed.insert(place.0);
        }
    }
    let given_back = supply_moves(Some(before), after);
    let of = before.order.coming_taken();
    let given_back = |part: &&Incoming| given_back.get(&part.source).is_some_and(|delta| *delta < 0);
    freed.extend(of.iter().filter(given_back).map(|part| part.product.clone()));
    Vec::from_iter(freed)
}

/// What was promised of goods that are to come (above zero), or given back.
pub(super) fn supply_moves(before: Option<&Case>, after: &Case) -> BTreeMap<Source, i64> {
    let mut moves = BTreeMap::new();
    for (case, sign) in before.map(|case| (case, -1)).into_iter().chain([(after, 1)]) {
        for part in case.order.coming_taken().iter() {
            *moves.entry(part.source.clone()).or_default() += sign * part.qty_milli;
        }
    }
    moves.retain(|_, delta| *delta != 0);
    moves
}

/// What left the warehouses, by (product, warehouse). Each was held before, so it stands among the stock moves too.
fn goods_out(before: Option<&Case>, after: &Case) -> StockMoves {
    let mut moves = StockMoves::new();
    let shipped = before.map_or(&[][..], |case| &case.order.shipped);
    for (parts, sign) in [(shipped, -1), (&after.order.shipped[..], 1)] {
        for part in parts {
            *moves.entry((part.product.clone(), part.warehouse.clone())).or_default() +=
                sign * part.qty_milli;
        }
    }
    moves.retain(|_, delta| *delta != 0);
    moves
}

pub(super) fn exposure_moves(before: Option<&Case>, after: &Case) -> BTreeMap<String, i64> {
    let mut moves = BTreeMap::new();
    let before = before.and_then(|case| case.order.credit_taken());
    for (held, sign) in [(before, -1), (after.order.credit_taken(), 1)] {
        if let Some(held) = held {
            *moves.entry(held.customer.clone()).or_default() += sign * held.minor;
        }
    }
    moves.retain(|_, delta| *delta != 0);
    moves
}
