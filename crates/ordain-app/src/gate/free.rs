//! What can be promised of products, out of what is loaded: the Gate promises by it, and every question about goods is
//! answered by it.

use super::master_rows;
use jiff::civil::Date;
use ordain_domain::bom::Component;
use ordain_domain::promise::{Source, Supply};
use ordain_domain::stock::Free;
use ordain_store::{BomRow, Id, PurchaseLineRow, Slice, WorkOrderRow, WorkPartRow};
use std::collections::{BTreeMap, BTreeSet};

/// What of a purchase is still to come; nothing of one that nobody has ordered.
pub(crate) fn open_milli(row: &PurchaseLineRow) -> i64 {
    if row.state == "ordered" { row.qty_milli - row.received_milli } else { 0 }
}

/// A purchase as something to promise by. One without a day is not counted on, and what was bought for the shortage of
/// another order is that order's.
fn supply(row: &PurchaseLineRow, own: Option<Id>) -> Option<Supply> {
    let date: Date = row.due_date.as_deref()?.parse().ok()?;
    let mine = row.order_id.is_none_or(|of| own == Some(of));
    (row.state == "ordered" && mine).then(|| Supply {
        source: Source::Purchase { number: row.number.clone(), line: row.line },
        warehouse: row.warehouse.clone(),
        free_milli: open_milli(row) - row.promised_milli,
        date,
    })
}

/// What of a work order is still to come; nothing of one that is not released.
pub(crate) fn open_work_milli(row: &WorkOrderRow) -> i64 {
    if row.state == "released" { row.qty_milli - row.finished_milli - row.scrapped_milli } else { 0 }
}

/// Released work as something to promise by; as of purchases, what is made for an order is that order's.
fn supply_of_work(row: &WorkOrderRow, own: Option<Id>) -> Option<Supply> {
    let date: Date = row.due_date.as_deref()?.parse().ok()?;
    let mine = row.order_id.is_none_or(|of| own == Some(of));
    (row.state == "released" && mine).then(|| Supply {
        source: Source::Work { number: row.number.clone() },
        warehouse: row.warehouse.clone(),
        free_milli: open_work_milli(row) - row.promised_milli,
        date,
    })
}

/// A part that work still needs.
#[derive(Clone, Copy)]
pub(super) struct Need<'a> {
    pub part: &'a WorkPartRow,
    pub of: &'a WorkOrderRow,
    pub qty_milli: i64,
}

/// What released work still needs of its parts.
pub(super) fn needs(slice: &Slice) -> impl Iterator<Item = Need<'_>> {
    slice.work_parts.values().filter_map(|part| {
        let of = slice.work_orders.get(&(part.org, part.number.clone()))?;
        let qty_milli = needed_milli(part, of);
        (qty_milli > 0).then_some(Need { part, of, qty_milli })
    })
}

/// What released work still takes of a part.
pub(crate) fn needed_milli(part: &WorkPartRow, of: &WorkOrderRow) -> i64 {
    if of.state == "released" { part.left_milli(of) } else { 0 }
}

/// The day by which work needs its parts: what is late needs them now.
pub(crate) fn needed_by(of: &WorkOrderRow, today: Date) -> Date {
    let date = of.due_date.as_deref().and_then(|date| date.parse().ok());
    date.map_or(today, |date: Date| date.max(today))
}

/// Keeps back what released work still needs of these products, so that no part of it is promised to an order. What was
/// bought or is made for the order of the work serves the work first.
fn keep_back(
    slice: &Slice,
    org: i64,
    products: &BTreeSet<&String>,
    Asking { own, today, but, .. }: &Asking<'_>,
    free: &mut Free,
) {
    let of_these = |need: &Need<'_>| {
        let counts = need.part.org == org && !but.contains(&need.of.number);
        counts && products.contains(&need.part.product)
    };
    let mut needed: Vec<Need<'_>> = needs(slice).filter(of_these).collect();
    if needed.is_empty() {
        return;
    }
    needed.sort_by_key(|need| needed_by(need.of, *today));
    let mut apart = apart(slice, org, *own);
    for need in needed {
        let of_order = need.of.order_id.map(|order| (order, need.part.product.as_str()));
        let served = of_order.and_then(|key| apart.get_mut(&key));
        let served = served.map_or(0, |left| {
            let served = need.qty_milli.min(*left);
            *left -= served;
            served
        });
        let place = need.of.warehouse.as_deref();
        free.keep_back(&need.part.product, place, needed_by(need.of, *today), need.qty_milli - served);
    }
}

/// What is to come for other orders alone, by order and product.
fn apart(slice: &Slice, org: i64, own: Option<Id>) -> BTreeMap<(Id, &str), i64> {
    let mut apart = BTreeMap::new();
    let bought = slice.purchases.range((org, String::new(), 0)..).take_while(|((of, _, _), _)| *of == org);
    let bought = bought.filter(|(_, row)| row.due_date.is_some());
    let bought = bought.map(|(_, row)| (row.order_id, &row.product, open_milli(row) - row.promised_milli));
    let made = slice.work_orders.range((org, String::new())..).take_while(|((of, _), _)| *of == org);
    let made = made.filter(|(_, row)| row.due_date.is_some());
    let made = made.map(|(_, row)| (row.order_id, &row.product, open_work_milli(row) - row.promised_milli));
    for (order, product, qty_milli) in bought.chain(made) {
        if let Some(order) = order.filter(|order| own != Some(*order)) {
            *apart.entry((order, product.as_str())).or_default() += qty_milli.max(0);
        }
    }
    apart
}

/// What lies on the shelves of a product.
fn on_shelves(slice: &Slice, org: i64, product: &str, free: &mut Free) {
    let from = (org, product.to_owned(), String::new());
    let rows = slice.stock.range(from..).take_while(|((o, p, _), _)| *o == org && p == product);
    for ((_, _, warehouse), row) in rows {
        let mut balance = master_rows::balance(row);
        if crate::faults::broken("ignore_reserved") {
            balance.reserved_milli = 0;
        }
        free.count(product, warehouse, &balance, row.as_of_ms);
    }
}

/// Enters what is to come of these products.
fn expect(
    slice: &Slice,
    org: i64,
    products: &BTreeSet<&String>,
    (own, today): (Option<Id>, Date),
    free: &mut Free,
) {
    let bought = slice.purchases.range((org, String::new(), 0)..).take_while(|((of, _, _), _)| *of == org);
    let bought = bought.map(|(_, row)| (&row.product, supply(row, own)));
    let made = slice.work_orders.range((org, String::new())..).take_while(|((of, _), _)| *of == org);
    let made = made.map(|(_, row)| (&row.product, supply_of_work(row, own)));
    let wanted = bought.chain(made).filter(|(product, _)| products.contains(product));
    // What is overdue is promised to nobody until it has a new day.
    let in_time = wanted.filter_map(|(product, of)| Some((product, of.filter(|of| of.date >= today)?)));
    let mut coming: Vec<(&String, Supply)> = in_time.collect();
    coming.sort_by_key(|(_, of)| of.date);
    coming.into_iter().for_each(|(product, of)| free.expect(product, of));
}

/// For whom and on what day it is asked what is free.
pub(crate) struct Asking<'a> {
    /// The order it is asked for, if there is one.
    pub own: Option<Id>,
    pub today: Date,
    /// Whether what comes is counted.
    pub from_supply: bool,
    /// Work whose parts are not kept back.
    pub but: &'a BTreeSet<String>,
}

impl Asking<'_> {
    pub fn by(own: Option<Id>, today: Date, from_supply: bool) -> Self {
        static NONE: BTreeSet<String> = BTreeSet::new();
        Self { own, today, from_supply, but: &NONE }
    }
}

/// What can be promised of products: what lies there and what comes, without what released work needs of it.
pub(crate) fn free(
    slice: &Slice,
    (org, warehouses): (i64, &[String]),
    products: &BTreeSet<&String>,
    asking: &Asking<'_>,
) -> Free {
    let mut free = Free::new(warehouses.to_vec());
    products.iter().for_each(|product| on_shelves(slice, org, product, &mut free));
    if asking.from_supply {
        expect(slice, org, products, (asking.own, asking.today), &mut free);
    }
    keep_back(slice, org, products, asking, &mut free);
    free
}

/// What a product is made of.
pub(crate) fn components(bom: &BomRow) -> Vec<Component> {
    serde_json::from_str(&bom.components).unwrap_or_default()
}
