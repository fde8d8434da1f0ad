//! What of the stock at a place is kept back: frozen and safety stock; and the level below which people are told.

use super::change::Change;
use super::items::StockLevelItem;
use super::reading::{Reading, shortened};
use super::upsert::Upsert;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_domain::decimal::{QTY_MILLI_MAX, qty_text};
use ordain_store::{Keys, StockRow};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) fn keys(items: &[StockLevelItem], org: i64, keys: &mut Keys) {
    keys.stock.extend(items.iter().map(|item| (org, item.product.trim().to_owned())));
}

pub(super) fn put(items: &[StockLevelItem], batch: &Batch<'_>, org: i64) -> Result<Upsert, GateError> {
    batch.house(org)?;
    let mut upsert = Upsert::new("put_stock_levels");
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let product = reading.code(&item.product, at("product"));
        let warehouse = reading.code(&item.warehouse, at("warehouse"));
        reading.once(&mut seen, (product.clone(), warehouse.clone()), at("product"));
        let Some(stored) = batch.slice.stock.get(&(org, product.clone(), warehouse.clone())) else {
            let fault = Fault::new("unknown_stock", at("product")).with("product", shortened(&product));
            reading.fault(fault.with("warehouse", shortened(&warehouse)));
            continue;
        };
        let mut level = |text: &Option<String>, stored: i64, field: &str| {
            let bounds = (3, QTY_MILLI_MAX);
            reading.number(text.as_deref(), Some(stored), bounds, at(field)).unwrap_or(0)
        };
        let row = StockRow {
            frozen_milli: level(&item.frozen, stored.frozen_milli, "frozen"),
            safety_milli: level(&item.safety, stored.safety_milli, "safety"),
            reorder_milli: level(&item.reorder, stored.reorder_milli, "reorder"),
            updated_at_ms: batch.now_ms,
            ..stored.clone()
        };
        if row.frozen_milli > stored.on_hand_milli && row.frozen_milli != stored.frozen_milli {
            let fault = Fault::new("out_of_range", at("frozen")).with("found", qty_text(row.frozen_milli));
            reading.fault(fault.with("max", qty_text(stored.on_hand_milli)));
        }
        let key = format!("{product}/{warehouse}");
        let change = Change::between("stock", &key, Some(&shown(stored)), &shown(&row));
        if upsert.note(change, false) {
            upsert.touched.products.push(product);
            upsert.rows.stock.push(row);
        }
    }
    reading.refuse()?;
    Ok(upsert)
}

/// The row as the log shows it.
fn shown(row: &StockRow) -> Value {
    json!({
        "frozen": qty_text(row.frozen_milli), "safety": qty_text(row.safety_milli),
        "reorder": qty_text(row.reorder_milli),
    })
}
