//! Products: name, unit, tax rate and list price.

use super::change::Change;
use super::items::{ProductItem, SubstituteItem, UnitItem};
use super::reading::{Reading, shortened};
use super::upsert::Upsert;
use crate::gate::{Batch, GateError, ProductBody, Substitute};
use crate::problem::Fault;
use ordain_domain::decimal::{PRICE_E4_MAX, QTY_MILLI_MAX, price_text, qty_text, scaled_text};
use ordain_domain::master::UNIT_MILLI;
use ordain_store::{Keys, ProductRow};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Places of a rate, and the whole: more than 100 % is a slip.
const RATE: (u32, i64) = (4, 10_000);
/// A margin is a part of the price; the whole of it would leave nothing for the cost.
const MARGIN: (u32, i64) = (4, 9_999);

pub(super) fn keys(items: &[ProductItem], org: i64, keys: &mut Keys) {
    keys.products.extend(items.iter().map(|item| (org, item.code.trim().to_owned())));
    // What lies in a warehouse was counted in the unit that was.
    let renamed = items.iter().filter(|item| item.unit.is_some() || item.units.is_some());
    keys.stock.extend(renamed.map(|item| (org, item.code.trim().to_owned())));
    let others = items.iter().flat_map(|item| item.substitutes.iter().flatten());
    keys.products.extend(others.map(|of| (org, of.product.trim().to_owned())));
}

pub(super) fn put(items: &[ProductItem], batch: &Batch<'_>, org: i64) -> Result<Upsert, GateError> {
    batch.house(org)?;
    let mut upsert = Upsert::new("put_products");
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    let listed: BTreeSet<&str> = items.iter().map(|item| item.code.trim()).collect();
    let known =
        |code: &str| listed.contains(code) || batch.slice.products.contains_key(&(org, code.to_owned()));
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let code = reading.code(&item.code, at("code"));
        reading.once(&mut seen, code.clone(), at("code"));
        let stored = batch.slice.products.get(&(org, code.clone()));
        let renamed = stored.zip(item.unit.as_deref()).filter(|(row, unit)| unit.trim() != row.unit);
        if let Some((row, _)) = renamed.filter(|_| lies_somewhere(batch, org, &code)) {
            reading.fault(Fault::new("unit_in_use", at("unit")).with("unit", &row.unit));
        }
        let rate = stored.and_then(|row| row.tax_rate_e4);
        let price = stored.and_then(|row| row.list_price_e4);
        let row = ProductRow {
            org,
            code,
            name: reading.required(item.name.as_deref(), stored.map(|row| row.name.as_str()), at("name")),
            unit: reading.required(item.unit.as_deref(), stored.map(|row| row.unit.as_str()), at("unit")),
            tax_rate_e4: reading.number(item.tax_rate.as_deref(), rate, RATE, at("tax_rate")),
            list_price_e4: reading.number(
                item.list_price.as_deref(),
                price,
                (4, PRICE_E4_MAX),
                at("list_price"),
            ),
            body: body((item, stored), &known, at, &mut reading),
            version: stored.map_or(1, |row| row.version + 1),
            updated_at_ms: batch.now_ms,
        };
        for unit in recounted(stored, &row).filter(|_| lies_somewhere(batch, org, &row.code)) {
            reading.fault(Fault::new("conversion_in_use", at("units")).with("unit", unit));
        }
        let before = stored.map(shown);
        let change = Change::between("product", &row.code, before.as_ref(), &shown(&row));
        if upsert.note(change, stored.is_none()) {
            upsert.touched.products.push(row.code.clone());
            upsert.rows.products.push(row);
        }
    }
    reading.refuse()?;
    Ok(upsert)
}

/// Units that would mean another quantity than before, or none.
fn recounted(stored: Option<&ProductRow>, row: &ProductRow) -> impl Iterator<Item = String> {
    let known = stored.map(|stored| ProductBody::of(stored).units).unwrap_or_default();
    let units = ProductBody::of(row).units;
    known.into_iter().filter(move |(unit, milli)| units.get(unit) != Some(milli)).map(|(unit, _)| unit)
}

/// Whether anything of a product is counted or held, so that its quantities mean something.
fn lies_somewhere(batch: &Batch<'_>, org: i64, product: &str) -> bool {
    let from = (org, product.to_owned(), String::new());
    let rows = batch.slice.stock.range(from..).take_while(|((of, code, _), _)| *of == org && code == product);
    rows.into_iter().any(|(_, row)| row.on_hand_milli != 0 || row.reserved_milli != 0)
}

fn body(
    (item, stored): (&ProductItem, Option<&ProductRow>),
    known: &dyn Fn(&str) -> bool,
    at: impl Fn(&str) -> String,
    reading: &mut Reading,
) -> String {
    let mut body = stored.map(ProductBody::of).unwrap_or_default();
    let line = reading.text(item.line.as_deref(), body.line.as_deref(), at("line"));
    body.line = Some(line).filter(|line| !line.is_empty());
    if let Some(asked) = &item.units {
        body.units = units(asked, item.unit.as_deref().or(stored.map(|row| row.unit.as_str())), &at, reading);
    }
    if let Some(asked) = &item.substitutes {
        body.substitutes = substitutes(asked, (item.code.trim(), known), &at, reading);
    }
    body.indivisible = item.indivisible.unwrap_or(body.indivisible);
    let price = (4, PRICE_E4_MAX);
    body.floor_e4 = reading.number(item.floor_price.as_deref(), body.floor_e4, price, at("floor_price"));
    body.cost_e4 = reading.number(item.cost_price.as_deref(), body.cost_e4, price, at("cost_price"));
    body.min_margin_e4 =
        reading.number(item.min_margin.as_deref(), body.min_margin_e4, MARGIN, at("min_margin"));
    // A struct of texts always becomes JSON.
    serde_json::to_string(&body).unwrap_or_default()
}

/// The other units of a product: each once, and none of them nothing.
fn units(
    asked: &[UnitItem],
    own: Option<&str>,
    at: &impl Fn(&str) -> String,
    reading: &mut Reading,
) -> BTreeMap<String, i64> {
    let mut units = BTreeMap::new();
    for (index, item) in asked.iter().enumerate() {
        let at = |field: &str| format!("{}[{index}].{field}", at("units"));
        let unit = reading.required(Some(&item.unit), None, at("unit"));
        let contains = reading.number(item.contains.as_deref(), None, (3, QTY_MILLI_MAX), at("contains"));
        if contains.is_none_or(|contains| contains <= 0) {
            let found = item.contains.as_deref().unwrap_or_default();
            reading.fault(Fault::new("not_positive", at("contains")).with("found", found));
        }
        if own == Some(unit.as_str()) || units.insert(unit.clone(), contains.unwrap_or(0)).is_some() {
            reading.fault(Fault::new("unit_twice", at("unit")).with("found", unit));
        }
    }
    units
}

/// What may replace a product: known, another one, each once.
fn substitutes(
    asked: &[SubstituteItem],
    (own, known): (&str, &dyn Fn(&str) -> bool),
    at: &impl Fn(&str) -> String,
    reading: &mut Reading,
) -> Vec<Substitute> {
    let (mut found, mut seen) = (Vec::with_capacity(asked.len()), BTreeSet::new());
    for (index, item) in asked.iter().enumerate() {
        let at = |field: &str| format!("{}[{index}].{field}", at("substitutes"));
        let product = reading.required(Some(&item.product), None, at("product"));
        reading.once(&mut seen, product.clone(), at("product"));
        if product == own {
            reading.fault(Fault::new("own_substitute", at("product")).with("found", shortened(&product)));
        } else if !product.is_empty() && !known(&product) {
            reading.fault(Fault::new("unknown_product", at("product")).with("found", shortened(&product)));
        }
        let ratio = reading.number(item.ratio.as_deref(), Some(UNIT_MILLI), (3, QTY_MILLI_MAX), at("ratio"));
        let ratio_milli = ratio.unwrap_or(0);
        if ratio_milli == 0 {
            let ratio = item.ratio.as_deref().unwrap_or_default();
            reading.fault(Fault::new("not_positive", at("ratio")).with("found", shortened(ratio)));
        }
        found.push(Substitute { product, ratio_milli });
    }
    found
}

/// The row as the log shows it.
fn shown(row: &ProductRow) -> Value {
    let body = ProductBody::of(row);
    json!({
        "line": body.line,
        "units": body.units.iter().map(|(unit, milli)| (unit.clone(), qty_text(*milli))).collect::<BTreeMap<_, _>>(),
        "indivisible": body.indivisible,
        "substitutes": body.substitutes.iter().map(|of| (&of.product, qty_text(of.ratio_milli))).collect::<Vec<_>>(),
        "floor_price": body.floor_e4.map(price_text),
        "cost_price": body.cost_e4.map(price_text),
        "min_margin": body.min_margin_e4.map(|margin| scaled_text(margin, 4, 2)),
        "name": row.name,
        "unit": row.unit,
        "tax_rate": row.tax_rate_e4.map(|rate| scaled_text(rate, 4, 2)),
        "list_price": row.list_price_e4.map(price_text),
    })
}
