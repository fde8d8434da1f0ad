//! Bills of material: what a product is made of. A product that would be made of itself, at whatever level, is refused.

use super::change::Change;
use super::items::BomItem;
use super::reading::{Reading, shortened};
use super::upsert::Upsert;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_domain::bom::{Bom, Component, circle};
use ordain_domain::decimal::{QTY_MILLI_MAX, qty_text};
use ordain_store::{BomRow, Keys};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Longest time that making something may take.
const DAYS_MAX: i64 = 730;

pub(super) fn keys(items: &[BomItem], org: i64, keys: &mut Keys) {
    keys.boms.insert(org);
    keys.work_centres.insert(org);
    for item in items {
        keys.products.insert((org, item.product.trim().to_owned()));
        keys.products.extend(item.components.iter().map(|part| (org, part.product.trim().to_owned())));
    }
}

pub(super) fn put(items: &[BomItem], batch: &Batch<'_>, org: i64) -> Result<Upsert, GateError> {
    batch.house(org)?;
    let mut upsert = Upsert::new("put_boms");
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    let mut bom: Bom = batch.slice.boms.values().filter(|row| row.org == org).map(parts_of).collect();
    for (index, item) in items.iter().enumerate() {
        let product = reading.code(&item.product, format!("items[{index}].product"));
        reading.once(&mut seen, product.clone(), format!("items[{index}].product"));
        known(&product, format!("items[{index}].product"), batch, org, &mut reading);
        let components = read(item, index, batch, org, &mut reading);
        bom.insert(product.clone(), components.clone());
        let days = item.days.unwrap_or(0);
        if !(0..=DAYS_MAX).contains(&days) {
            let fault = Fault::new("out_of_range", format!("items[{index}].days"));
            reading.fault(fault.with("found", days.to_string()).with("max", DAYS_MAX.to_string()));
        }
        let stored = batch.slice.boms.get(&(org, product.clone()));
        let centre = item.work_centre.as_deref().map(str::trim).unwrap_or_default().to_owned();
        if !centre.is_empty() && !batch.slice.work_centres.contains_key(&(org, centre.clone())) {
            let fault = Fault::new("unknown_work_centre", format!("items[{index}].work_centre"));
            reading.fault(fault.with("found", shortened(&centre)));
        }
        let at = format!("items[{index}].minutes");
        let minutes = reading.number(item.minutes.as_deref(), Some(0), (3, QTY_MILLI_MAX), at);
        let row = BomRow {
            org,
            product: product.clone(),
            make_days: days,
            // A list of texts and numbers always becomes JSON.
            components: serde_json::to_string(&components).unwrap_or_default(),
            work_centre: Some(centre).filter(|code| !code.is_empty()),
            minutes_milli: minutes.unwrap_or(0),
            updated_at_ms: batch.now_ms,
        };
        let change = Change::between("bom", &product, stored.map(shown).as_ref(), &shown(&row));
        if upsert.note(change, stored.is_none()) {
            upsert.rows.boms.push(row);
        }
    }
    // Only with all of them in place can it be said what leads where.
    for (index, item) in items.iter().enumerate() {
        if let Some(way) = circle(&bom, item.product.trim()) {
            let fault = Fault::new("circular_bom", format!("items[{index}].components"));
            reading.fault(fault.with("circle", shortened(&way.join(" → "))));
        }
    }
    reading.refuse()?;
    Ok(upsert)
}

fn known(code: &str, path: String, batch: &Batch<'_>, org: i64, reading: &mut Reading) {
    if !code.is_empty() && !batch.slice.products.contains_key(&(org, code.to_owned())) {
        reading.fault(Fault::new("unknown_product", path).with("found", shortened(code)));
    }
}

fn read(item: &BomItem, index: usize, batch: &Batch<'_>, org: i64, reading: &mut Reading) -> Vec<Component> {
    let mut components = Vec::with_capacity(item.components.len());
    let mut seen = BTreeSet::new();
    for (n, part) in item.components.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].components[{n}].{field}");
        let product = reading.code(&part.product, at("product"));
        reading.once(&mut seen, product.clone(), at("product"));
        known(&product, at("product"), batch, org, reading);
        let qty = reading.number(part.quantity.as_deref(), None, (3, QTY_MILLI_MAX), at("quantity"));
        let qty_milli = qty.unwrap_or(0);
        if qty_milli == 0 {
            let found = part.quantity.as_deref().unwrap_or_default();
            reading.fault(Fault::new("not_positive", at("quantity")).with("found", shortened(found)));
        }
        components.push(Component { product, qty_milli });
    }
    components
}

fn parts_of(row: &BomRow) -> (String, Vec<Component>) {
    (row.product.clone(), serde_json::from_str(&row.components).unwrap_or_default())
}

/// The row as the log shows it.
fn shown(row: &BomRow) -> Value {
    json!({
        "days": row.make_days, "components": parts_of(row).1, "work_centre": row.work_centre,
        "minutes": qty_text(row.minutes_milli),
    })
}
