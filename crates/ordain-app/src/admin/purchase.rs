//! Purchases: what was asked for is ordered, moved or cancelled, and what comes is booked into stock.

use super::change::Change;
use super::items::{PurchaseItem, ReceiptItem};
use super::known;
use super::reading::{Reading, shortened};
use super::stock_move::Desk;
use super::upsert::{Movement, Upsert};
use crate::case::decide::By;
use crate::case::world::House;
use crate::gate::supplies::MovedSupply;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_domain::decimal::{QTY_MILLI_MAX, qty_text};
use ordain_domain::promise::Source;
use ordain_store::{Keys, PurchaseLineRow};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What a line may be put to; it is received by receiving it.
const STATES: [&str; 3] = ["requested", "ordered", "cancelled"];

pub(super) fn keys(items: &[PurchaseItem], org: i64, keys: &mut Keys) {
    keys.directories.insert(org);
    for item in items {
        keys.purchases.insert((org, item.number.trim().to_owned()));
        keys.holders.insert((org, item.number.trim().to_owned()));
        keys.products.extend(item.product.as_ref().map(|code| (org, code.trim().to_owned())));
    }
}

pub(super) fn receipt_keys(items: &[ReceiptItem], org: i64, keys: &mut Keys) {
    keys.directories.insert(org);
    for item in items {
        keys.purchases.insert((org, item.number.trim().to_owned()));
        keys.holders.insert((org, item.number.trim().to_owned()));
        let product = item.product.trim().to_owned();
        keys.stock.insert((org, product));
    }
}

pub(super) fn put(items: &[PurchaseItem], batch: &Batch<'_>, org: i64) -> Result<Upsert, GateError> {
    let house = batch.house(org)?;
    let mut upsert = Upsert::new("put_purchases");
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let number = reading.code(&item.number, at("number"));
        let line = item.line.unwrap_or(1);
        if line < 1 {
            reading.fault(Fault::new("not_positive", at("line")).with("found", line.to_string()));
        }
        reading.once(&mut seen, (number.clone(), line), at("number"));
        let stored = batch.slice.purchases.get(&(org, number.clone(), line));
        let Some(row) = read(item, (org, number, line), stored, (batch, &house), (index, &mut reading))
        else {
            continue;
        };
        let key = format!("{}/{}", row.number, row.line);
        let change = Change::between("purchase", &key, stored.map(shown).as_ref(), &shown(&row));
        if upsert.note(change, stored.is_none()) {
            let source = Source::Purchase { number: row.number.clone(), line: row.line };
            upsert.moved.push(MovedSupply { source, arrived: None });
            // Orders that are short may be promised what comes.
            upsert.touched.products.push(row.product.clone());
            upsert.rows.purchases.push(row);
        }
    }
    reading.refuse()?;
    Ok(upsert)
}

fn read(
    item: &PurchaseItem,
    (org, number, line): (i64, String, i64),
    stored: Option<&PurchaseLineRow>,
    (batch, house): (&Batch<'_>, &House),
    (index, reading): (usize, &mut Reading),
) -> Option<PurchaseLineRow> {
    let at = |field: &str| format!("items[{index}].{field}");
    if let Some(over) = stored.filter(|row| matches!(row.state.as_str(), "received" | "cancelled")) {
        reading.fault(Fault::new("purchase_over", at("number")).with("state", &over.state));
        return None;
    }
    let product =
        reading.required(item.product.as_deref(), stored.map(|row| row.product.as_str()), at("product"));
    let known = |row: &PurchaseLineRow| row.product == product;
    if !product.is_empty()
        && !stored.is_some_and(known)
        && !batch.slice.products.contains_key(&(org, product.clone()))
    {
        reading.fault(Fault::new("unknown_product", at("product")).with("found", shortened(&product)));
    }
    let begun = |row: &PurchaseLineRow| row.received_milli > 0 || row.promised_milli > 0;
    if let Some(row) = stored.filter(|row| row.product != product && begun(row)) {
        let fault = Fault::new("other_product", at("product")).with("found", shortened(&product));
        reading.fault(fault.with("ordered", &row.product));
    }
    let warehouse = stored.and_then(|row| row.warehouse.as_deref());
    let warehouse = reading.text(item.warehouse.as_deref(), warehouse, at("warehouse"));
    if !warehouse.is_empty() && !batch.slice.warehouses.contains_key(&(org, warehouse.clone())) {
        reading.fault(Fault::new("unknown_warehouse", at("warehouse")).with("found", shortened(&warehouse)));
    }
    let supplier = stored.and_then(|row| row.supplier.as_deref());
    let supplier = reading.text(item.supplier.as_deref(), supplier, at("supplier"));
    let received_milli = stored.map_or(0, |row| row.received_milli);
    let bounds = (3, QTY_MILLI_MAX);
    let qty = stored.map(|row| row.qty_milli);
    let qty_milli = reading.number(item.quantity.as_deref(), qty, bounds, at("quantity")).unwrap_or(0);
    if qty_milli == 0 {
        let found = item.quantity.as_deref().unwrap_or_default();
        reading.fault(Fault::new("not_positive", at("quantity")).with("found", shortened(found)));
    } else if qty_milli < received_milli {
        let fault = Fault::new("less_than_received", at("quantity")).with("found", qty_text(qty_milli));
        reading.fault(fault.with("received", qty_text(received_milli)));
    }
    known::check_whole(batch, (org, &product), qty_milli, at("quantity"), reading);
    let due = stored.and_then(|row| row.due_date.as_deref()?.parse().ok());
    let due_date = reading.day(item.due_date.as_deref(), due, at("due_date"));
    let state = state(item, stored, reading, at("state"));
    let owner =
        known::owner((item.owner.as_deref(), stored.and_then(|row| row.owner)), house, reading, at("owner"));
    let text = |text: String| Some(text).filter(|text| !text.is_empty());
    Some(PurchaseLineRow {
        org,
        number,
        line,
        // What has come cannot be taken back: the rest is no longer waited for.
        state: if state == "ordered" && received_milli == qty_milli { "received".to_owned() } else { state },
        supplier: text(supplier),
        product,
        warehouse: text(warehouse),
        qty_milli,
        received_milli,
        promised_milli: stored.map_or(0, |row| row.promised_milli),
        due_date: due_date.map(|date| date.to_string()),
        order_id: stored.and_then(|row| row.order_id),
        order_line: stored.and_then(|row| row.order_line),
        owner,
        answer_by_ms: stored.and_then(|row| row.answer_by_ms),
        updated_at_ms: batch.now_ms,
    })
}

/// What a line is put to; a new one is ordered.
fn state(
    item: &PurchaseItem,
    stored: Option<&PurchaseLineRow>,
    reading: &mut Reading,
    path: String,
) -> String {
    let asked = item.state.as_deref().map(str::trim).filter(|state| !state.is_empty());
    let state = asked.unwrap_or_else(|| stored.map_or("ordered", |row| row.state.as_str())).to_owned();
    if !STATES.contains(&state.as_str()) {
        let fault = Fault::new("invalid_value", path).with("found", shortened(&state));
        reading.fault(fault.with("allowed", STATES.join(", ")));
    }
    state
}

/// Books goods that came on a purchase into stock; one request is received whole or not at all.
pub(super) fn receive(
    items: &[ReceiptItem],
    batch: &Batch<'_>,
    org: i64,
    by: &By,
) -> Result<Upsert, GateError> {
    batch.house(org)?;
    let mut desk = Desk::open(batch, org, by);
    let mut upsert = Upsert::new("receive_purchase");
    let mut lines: BTreeMap<(String, i64), PurchaseLineRow> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let number = desk.reading.code(&item.number, at("number"));
        let key = (number, item.line.unwrap_or(1));
        let stored = || batch.slice.purchases.get(&(org, key.0.clone(), key.1)).cloned();
        let Some(mut row) = lines.get(&key).cloned().or_else(stored) else {
            desk.reading.fault(Fault::new("unknown_purchase", at("number")).with("found", shortened(&key.0)));
            continue;
        };
        let quantity =
            desk.reading.number(item.quantity.as_deref(), None, (3, QTY_MILLI_MAX), at("quantity"));
        let quantity = quantity.unwrap_or(0);
        known::check_whole(batch, (org, &row.product), quantity, at("quantity"), &mut desk.reading);
        let open = row.qty_milli - row.received_milli;
        if item.product.trim() != row.product {
            let fault = Fault::new("other_product", at("product")).with("found", shortened(&item.product));
            desk.reading.fault(fault.with("ordered", &row.product));
        }
        if row.state != "ordered" {
            desk.reading.fault(Fault::new("purchase_not_ordered", at("number")).with("state", &row.state));
        } else if quantity == 0 {
            let found = item.quantity.as_deref().unwrap_or_default();
            desk.reading.fault(Fault::new("not_positive", at("quantity")).with("found", shortened(found)));
        } else if quantity > open {
            let fault = Fault::new("more_than_ordered", at("quantity")).with("found", qty_text(quantity));
            desk.reading.fault(fault.with("open", qty_text(open)));
        }
        let warehouse = item.warehouse.clone().or_else(|| row.warehouse.clone()).unwrap_or_default();
        let warehouse = desk.warehouse(&warehouse, at("warehouse"));
        let movement = Movement {
            product: row.product.clone(),
            warehouse,
            qty_milli: quantity,
            kind: "receipt",
            reason: item.reference.clone(),
            reference: Some(format!("{}/{}", row.number, row.line)),
        };
        desk.apply(&movement, &at("quantity"));
        let source = Source::Purchase { number: row.number.clone(), line: row.line };
        let arrived = Some((movement.warehouse.clone(), quantity));
        upsert.moved.push(MovedSupply { source, arrived });
        row.received_milli += quantity;
        row.updated_at_ms = by.at_ms;
        if row.received_milli >= row.qty_milli {
            row.state = "received".to_owned();
        }
        upsert.touched.products.push(row.product.clone());
        upsert.rows.movements.push(movement);
        lines.insert(key, row);
    }
    desk.reading.refuse()?;
    for row in lines.values() {
        let stored = batch.slice.purchases.get(&(org, row.number.clone(), row.line));
        let key = format!("{}/{}", row.number, row.line);
        let change = Change::between("purchase", &key, stored.map(shown).as_ref(), &shown(row));
        upsert.note(change, false);
    }
    upsert.rows.purchases = lines.into_values().collect();
    upsert.rows.stock = desk.places.into_values().collect();
    Ok(upsert)
}

/// The row as the log shows it.
fn shown(row: &PurchaseLineRow) -> Value {
    json!({
        "state": row.state, "supplier": row.supplier, "product": row.product, "warehouse": row.warehouse,
        "quantity": qty_text(row.qty_milli), "received": qty_text(row.received_milli), "due_date": row.due_date,
        "owner": row.owner.map(uuid::Uuid::from_bytes),
    })
}
