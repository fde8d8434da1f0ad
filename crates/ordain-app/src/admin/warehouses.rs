//! Warehouses: where goods lie, and in which order their places are tried.

use super::change::Change;
use super::items::WarehouseItem;
use super::reading::Reading;
use super::upsert::Upsert;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_store::{Keys, WarehouseRow};
use serde_json::json;
use std::collections::BTreeSet;

/// More places than any company tries one after the other.
const RANK_MAX: i64 = 10_000;

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.directories.insert(org);
}

pub(super) fn put(items: &[WarehouseItem], batch: &Batch<'_>, org: i64) -> Result<Upsert, GateError> {
    batch.house(org)?;
    let mut upsert = Upsert::new("put_warehouses");
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    let mut last = last_rank(batch, org);
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let code = reading.code(&item.code, at("code"));
        reading.once(&mut seen, code.clone(), at("code"));
        let stored = batch.slice.warehouses.get(&(org, code.clone()));
        let name = stored.map_or(code.as_str(), |row| row.name.as_str());
        let name = reading.required(item.name.as_deref(), Some(name), at("name"));
        let rank = item.rank.or(stored.map(|row| row.rank)).unwrap_or_else(|| {
            last += 1;
            last
        });
        if !(1..=RANK_MAX).contains(&rank) {
            let fault = Fault::new("out_of_range", at("rank")).with("found", rank.to_string());
            reading.fault(fault.with("max", RANK_MAX.to_string()));
        }
        let row = WarehouseRow { org, code, name, rank };
        let shown = |row: &WarehouseRow| json!({ "name": row.name, "rank": row.rank });
        let change = Change::between("warehouse", &row.code, stored.map(shown).as_ref(), &shown(&row));
        if upsert.note(change, stored.is_none()) {
            upsert.rows.warehouses.push(row);
            upsert.furnishes = true;
        }
    }
    reading.refuse()?;
    Ok(upsert)
}

/// Of the place that is tried last.
pub(super) fn last_rank(batch: &Batch<'_>, org: i64) -> i64 {
    let known = batch.slice.warehouses.range((org, String::new())..).take_while(|((of, _), _)| *of == org);
    known.map(|(_, row)| row.rank).max().unwrap_or(0)
}
