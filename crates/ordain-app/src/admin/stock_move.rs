//! Goods that come, go, turn out to be more or fewer, or change place. A request is booked whole or not at all; a line of
//! it sees what the lines before it moved. What somebody else was promised cannot be taken out, nor what is frozen; a
//! count may find that it is gone.

use super::change::Change;
use super::items::MovementItem;
use super::known;
use super::reading::{Reading, shortened};
use super::upsert::{Movement, Upsert};
use crate::case::decide::By;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_domain::decimal::{QTY_MILLI_MAX, qty_text};
use ordain_store::StockRow;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    In,
    Out,
    Adjust,
    Transfer,
}

pub(super) fn book(
    items: &[MovementItem],
    batch: &Batch<'_>,
    org: i64,
    by: &By,
) -> Result<Upsert, GateError> {
    batch.house(org)?;
    let mut desk = Desk::open(batch, org, by);
    let mut upsert = Upsert::new("move_stock");
    for (index, item) in items.iter().enumerate() {
        upsert.rows.movements.extend(desk.read(index, item));
    }
    desk.reading.refuse()?;
    for movement in &upsert.rows.movements {
        let after = json!({ "moved": qty_text(movement.qty_milli), "kind": movement.kind,
            "reason": movement.reason, "reference": movement.reference });
        let key = format!("{}/{}", movement.product, movement.warehouse);
        upsert.events.extend(Change::between("movement", &key, None, &after));
        upsert.touched.products.push(movement.product.clone());
    }
    upsert.created = items.len();
    upsert.rows.stock = desk.places.into_values().collect();
    Ok(upsert)
}

/// The balances as the lines before have left them, and the faults found so far.
pub(super) struct Desk<'a> {
    batch: &'a Batch<'a>,
    org: i64,
    by: &'a By,
    pub reading: Reading,
    pub places: BTreeMap<(String, String), StockRow>,
}

impl<'a> Desk<'a> {
    pub fn open(batch: &'a Batch<'a>, org: i64, by: &'a By) -> Self {
        Self { batch, org, by, reading: Reading::default(), places: BTreeMap::new() }
    }

    fn read(&mut self, index: usize, item: &MovementItem) -> Vec<Movement> {
        let at = |field: &str| format!("items[{index}].{field}");
        let kind = self.kind(&item.kind, at("kind"));
        let product = self.reading.code(&item.product, at("product"));
        if !product.is_empty() && !self.batch.slice.products.contains_key(&(self.org, product.clone())) {
            self.reading
                .fault(Fault::new("unknown_product", at("product")).with("found", shortened(&product)));
        }
        let from = self.warehouse(&item.warehouse, at("warehouse"));
        let quantity = self.quantity(item.quantity.as_deref(), kind, at("quantity"));
        let reason = self.reading.text(item.reason.as_deref(), None, at("reason"));
        let reference = self.reading.text(item.reference.as_deref(), None, at("reference"));
        if reason.is_empty() && matches!(kind, Some(Kind::Adjust)) {
            self.reading.fault(Fault::new("missing_field", at("reason")));
        }
        let to = (kind == Some(Kind::Transfer))
            .then(|| self.warehouse(item.to_warehouse.as_deref().unwrap_or_default(), at("to_warehouse")));
        if to.as_ref().is_some_and(|to| *to == from && !to.is_empty()) {
            self.reading.fault(Fault::new("same_warehouse", at("to_warehouse")));
        }
        let (Some(kind), Some(quantity)) = (kind, quantity) else { return Vec::new() };
        known::check_whole(self.batch, (self.org, &product), quantity, at("quantity"), &mut self.reading);
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let moved = |warehouse: &str, qty_milli: i64, kind: &'static str| Movement {
            product: product.clone(),
            warehouse: warehouse.to_owned(),
            qty_milli,
            kind,
            reason: text(&reason),
            reference: text(&reference),
        };
        let movements = match kind {
            Kind::In => vec![moved(&from, quantity, "in")],
            Kind::Out => vec![moved(&from, -quantity, "out")],
            Kind::Adjust => vec![moved(&from, quantity, "adjust")],
            Kind::Transfer => {
                vec![
                    moved(&from, -quantity, "transfer"),
                    moved(&to.unwrap_or_default(), quantity, "transfer"),
                ]
            }
        };
        movements.iter().for_each(|movement| self.apply(movement, &at("quantity")));
        movements
    }

    fn kind(&mut self, text: &str, path: String) -> Option<Kind> {
        let kind = match text.trim() {
            "in" => Kind::In,
            "out" => Kind::Out,
            "adjust" => Kind::Adjust,
            "transfer" => Kind::Transfer,
            other => {
                let fault = Fault::new("invalid_value", path).with("found", shortened(other));
                self.reading.fault(fault.with("allowed", "in, out, adjust, transfer"));
                return None;
            }
        };
        Some(kind)
    }

    pub fn warehouse(&mut self, code: &str, path: String) -> String {
        let code = self.reading.code(code, path.clone());
        if !code.is_empty() && !self.batch.slice.warehouses.contains_key(&(self.org, code.clone())) {
            self.reading.fault(Fault::new("unknown_warehouse", path).with("found", shortened(&code)));
        }
        code
    }

    /// A quantity other than zero; only an adjustment may be below.
    fn quantity(&mut self, text: Option<&str>, kind: Option<Kind>, path: String) -> Option<i64> {
        let text = text.map(str::trim).unwrap_or_default();
        if text.is_empty() {
            self.reading.fault(Fault::new("missing_field", path));
            return None;
        }
        let taken = text.strip_prefix('-').filter(|_| kind == Some(Kind::Adjust));
        let sign = if taken.is_some() { -1 } else { 1 };
        let quantity =
            self.reading.number(Some(taken.unwrap_or(text)), None, (3, QTY_MILLI_MAX), path.clone())?;
        if quantity == 0 {
            self.reading.fault(Fault::new("not_positive", path).with("found", shortened(text)));
            return None;
        }
        Some(sign * quantity)
    }

    pub fn apply(&mut self, movement: &Movement, path: &str) {
        let key = (movement.product.clone(), movement.warehouse.clone());
        let stored = || self.batch.slice.stock.get(&(self.org, key.0.clone(), key.1.clone())).cloned();
        let mut row = self.places.get(&key).cloned().or_else(stored).unwrap_or_else(|| StockRow {
            org: self.org,
            product: key.0.clone(),
            warehouse: key.1.clone(),
            on_hand_milli: 0,
            reserved_milli: 0,
            frozen_milli: 0,
            safety_milli: 0,
            reorder_milli: 0,
            as_of_ms: self.by.at_ms,
            updated_at_ms: self.by.at_ms,
        });
        let kept = if movement.kind == "adjust" { 0 } else { row.reserved_milli + row.frozen_milli };
        let available = (row.on_hand_milli - kept).max(0);
        if movement.qty_milli < 0 && available < -movement.qty_milli {
            let fault = Fault::new("not_enough_stock", path).with("product", shortened(&key.0));
            let fault = fault.with("warehouse", shortened(&key.1)).with("available", qty_text(available));
            self.reading.fault(fault.with("asked", qty_text(-movement.qty_milli)));
            return;
        }
        row.on_hand_milli += movement.qty_milli;
        if row.on_hand_milli > QTY_MILLI_MAX {
            self.reading.fault(Fault::new("out_of_range", path).with("max", qty_text(QTY_MILLI_MAX)));
        }
        // Only who counts knows how much there is; who moves knows what changed.
        if movement.kind == "adjust" {
            row.as_of_ms = row.as_of_ms.max(self.by.at_ms);
        }
        row.updated_at_ms = self.by.at_ms;
        self.places.insert(key, row);
    }
}
