//! Stock as a warehouse system reports it: replaces what is on hand and leaves what is reserved. The ledger gets the
//! difference.
//!
//! A row is refused as stale only if it was counted before the one that is stored. The first feed of a company makes its
//! warehouses; from then on an unknown one is a slip and refused. An unknown product is left out and named in the answer.

use super::change::Change;
use super::items::StockItem;
use super::known;
use super::reading::{Reading, shortened};
use super::upsert::{Movement, Upsert};
use super::warehouses;
use crate::case::decide::By;
use crate::case::world::House;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ordain_domain::decimal::{QTY_MILLI_MAX, qty_text};
use ordain_store::{Keys, StockRow, WarehouseRow};
use serde_json::json;
use std::collections::BTreeSet;

/// How far a warehouse's clock may be ahead: a count from later than that would make every true one after it stale.
const AHEAD_MS: i64 = 24 * 60 * 60 * 1_000;

/// What is looked up of products whose stock moves.
pub(super) fn keys<'a>(products: impl Iterator<Item = &'a String>, org: i64, keys: &mut Keys) {
    keys.directories.insert(org);
    for product in products.map(|product| product.trim().to_owned()) {
        keys.products.insert((org, product.clone()));
        keys.stock.insert((org, product));
    }
}

pub(super) fn feed(
    as_of: Option<&str>,
    items: &[StockItem],
    batch: &Batch<'_>,
    org: i64,
    by: &By,
) -> Result<Upsert, GateError> {
    let house = batch.house(org)?;
    let mut upsert = Upsert::new("feed_stock");
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    let founded = warehouses::last_rank(batch, org) > 0;
    let clock = Clock { house: &house, now_ms: by.at_ms };
    let feed_ms = clock.instant(as_of, by.at_ms, "as_of".to_owned(), &mut reading);
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let product = reading.code(&item.product, at("product"));
        let warehouse = reading.code(&item.warehouse, at("warehouse"));
        if item.on_hand.as_deref().is_none_or(|count| count.trim().is_empty()) {
            reading.fault(Fault::new("missing_field", at("on_hand")));
        }
        let on_hand = reading.number(item.on_hand.as_deref(), None, (3, QTY_MILLI_MAX), at("on_hand"));
        let as_of_ms = clock.instant(item.as_of.as_deref(), feed_ms, at("as_of"), &mut reading);
        reading.once(&mut seen, (product.clone(), warehouse.clone()), at("product"));
        if !batch.slice.products.contains_key(&(org, product.clone())) {
            let finding = Fault::new("unknown_product", at("product"));
            upsert.findings.push(finding.with("found", shortened(&product)));
            continue;
        }
        known::check_whole(batch, (org, &product), on_hand.unwrap_or(0), at("on_hand"), &mut reading);
        if founded && !batch.slice.warehouses.contains_key(&(org, warehouse.clone())) {
            reading
                .fault(Fault::new("unknown_warehouse", at("warehouse")).with("found", shortened(&warehouse)));
        }
        let stored = batch.slice.stock.get(&(org, product.clone(), warehouse.clone()));
        if let Some(stored) = stored.filter(|stored| stored.as_of_ms > as_of_ms) {
            let (sent, kept) = (house.calendar.text(as_of_ms), house.calendar.text(stored.as_of_ms));
            reading.fault(Fault::new("stale_feed", at("as_of")).with("as_of", sent).with("stored", kept));
        }
        let row = StockRow {
            org,
            product,
            warehouse,
            on_hand_milli: on_hand.unwrap_or(0),
            reserved_milli: stored.map_or(0, |row| row.reserved_milli),
            frozen_milli: stored.map_or(0, |row| row.frozen_milli),
            safety_milli: stored.map_or(0, |row| row.safety_milli),
            reorder_milli: stored.map_or(0, |row| row.reorder_milli),
            as_of_ms,
            updated_at_ms: batch.now_ms,
        };
        take(&mut upsert, row, stored, &house);
    }
    reading.refuse()?;
    found_warehouses(&mut upsert, batch, org);
    Ok(upsert)
}

/// A later count of the same quantity changes nothing but the row's age, which is what makes an older feed stale.
fn take(upsert: &mut Upsert, row: StockRow, stored: Option<&StockRow>, house: &House) {
    let moved = stored.is_none_or(|stored| stored.on_hand_milli != row.on_hand_milli);
    let shown = |row: &StockRow| json!({ "on_hand": qty_text(row.on_hand_milli), "as_of": house.calendar.text(row.as_of_ms) });
    let key = format!("{}/{}", row.product, row.warehouse);
    let change = Change::between("stock", &key, stored.map(shown).as_ref(), &shown(&row));
    let noted = upsert.note(change.filter(|_| moved), stored.is_none());
    // Orders may wait for goods, or for a newer figure of them.
    if noted || house.rules.stock_stale_hours.is_some() {
        upsert.touched.products.push(row.product.clone());
    }
    let delta = row.on_hand_milli - stored.map_or(0, |stored| stored.on_hand_milli);
    if delta != 0 {
        upsert.rows.movements.push(Movement {
            product: row.product.clone(),
            warehouse: row.warehouse.clone(),
            qty_milli: delta,
            kind: "count",
            reason: None,
            reference: None,
        });
    }
    upsert.rows.stock.push(row);
}

/// The warehouses of the first feed, tried by their codes until somebody ranks them.
fn found_warehouses(upsert: &mut Upsert, batch: &Batch<'_>, org: i64) {
    let known = |code: &str| batch.slice.warehouses.contains_key(&(org, code.to_owned()));
    let named: BTreeSet<String> =
        upsert.rows.stock.iter().map(|row| row.warehouse.clone()).filter(|code| !known(code)).collect();
    for (code, rank) in named.into_iter().zip(warehouses::last_rank(batch, org) + 1..) {
        let after = json!({ "name": code, "rank": rank });
        upsert.events.extend(Change::between("warehouse", &code, None, &after));
        upsert.rows.warehouses.push(WarehouseRow { org, name: code.clone(), code, rank });
        upsert.furnishes = true;
    }
}

/// The company's time, to read the times of counts by.
struct Clock<'a> {
    house: &'a House,
    now_ms: i64,
}

impl Clock<'_> {
    /// An instant with offset, a local time or a date on the company's clock, and not of tomorrow.
    fn instant(&self, text: Option<&str>, default_ms: i64, path: String, reading: &mut Reading) -> i64 {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return default_ms };
        let local = || {
            let zone = TimeZone::get(&self.house.rules.timezone).ok()?;
            let at = text.parse::<DateTime>().ok()?.to_zoned(zone).ok()?;
            Some(at.timestamp())
        };
        let Some(at) = text.parse::<Timestamp>().ok().or_else(local) else {
            reading.fault(Fault::new("not_an_instant", path).with("found", shortened(text)));
            return default_ms;
        };
        let at_ms = at.as_millisecond();
        if at_ms > self.now_ms.saturating_add(AHEAD_MS) {
            let fault = Fault::new("as_of_in_future", path).with("found", shortened(text));
            reading.fault(fault.with("now", self.house.calendar.text(self.now_ms)));
            return default_ms;
        }
        at_ms
    }
}
