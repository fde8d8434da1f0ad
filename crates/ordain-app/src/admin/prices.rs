//! Agreed prices: of one customer, of all of a level, or of everybody, from a quantity on and for a time.

use super::change::Change;
use super::items::PriceItem;
use super::reading::{Reading, shortened};
use super::upsert::Upsert;
use crate::gate::{Batch, GateError, QUOTATION};
use crate::problem::Fault;
use jiff::civil::Date;
use ordain_domain::decimal::{Currency, PRICE_E4_MAX, QTY_MILLI_MAX, price_text, qty_text};
use ordain_store::{CustomerRow, Keys, PriceRow};
use serde_json::json;
use std::collections::BTreeSet;

const AGREED: &str = "agreed";

fn names(item: &PriceItem) -> (String, String) {
    (item.product.trim().to_owned(), item.customer.as_deref().unwrap_or_default().trim().to_owned())
}

pub(super) fn keys(items: &[PriceItem], org: i64, keys: &mut Keys) {
    for (product, customer) in items.iter().map(names) {
        keys.products.insert((org, product.clone()));
        if !customer.is_empty() {
            keys.customers.insert((org, customer.clone()));
        }
        keys.prices.insert((org, product, customer));
    }
}

pub(super) fn put(items: &[PriceItem], batch: &Batch<'_>, org: i64) -> Result<Upsert, GateError> {
    batch.house(org)?;
    let mut upsert = Upsert::new("put_prices");
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let row = PriceRow { org, ..read(item, batch, org, at, &mut reading) };
        reading.once(&mut seen, row.place(), at("product"));
        let stored = batch.slice.prices.get(&(org, row.product.clone(), row.customer.clone()));
        let stored = stored.into_iter().flatten().find(|old| old.place() == row.place());
        let shown = |row: &PriceRow| json!({ "price": price_text(row.price_e4), "valid_to": row.valid_to });
        let change = Change::between("price", &key(&row), stored.map(shown).as_ref(), &shown(&row));
        if upsert.note(change, stored.is_none()) {
            upsert.touched.products.push(row.product.clone());
            upsert.rows.prices.push(row);
        }
    }
    reading.refuse()?;
    Ok(upsert)
}

/// The name of a price in the log; what is not said of it is left out.
fn key(row: &PriceRow) -> String {
    let mut parts = vec![row.product.clone(), row.customer.clone(), qty_text(row.min_qty_milli)];
    let kind = if row.kind == QUOTATION { QUOTATION } else { "" };
    let more = [row.level.as_str(), &row.currency, kind, &row.valid_from];
    parts.extend(more.into_iter().filter(|part| !part.is_empty()).map(str::to_owned));
    parts.join("/")
}

fn read(
    item: &PriceItem,
    batch: &Batch<'_>,
    org: i64,
    at: impl Fn(&str) -> String,
    reading: &mut Reading,
) -> PriceRow {
    let (_, customer) = names(item);
    let product = reading.code(&item.product, at("product"));
    if !product.is_empty() && !batch.slice.products.contains_key(&(org, product.clone())) {
        reading.fault(Fault::new("unknown_product", at("product")).with("found", shortened(&product)));
    }
    let known = batch.slice.customers.get(&(org, customer.clone()));
    if !customer.is_empty() && known.is_none() {
        reading.fault(Fault::new("unknown_customer", at("customer")).with("found", shortened(&customer)));
    }
    let level = reading.text(item.level.as_deref(), None, at("level"));
    if !level.is_empty() && !customer.is_empty() {
        reading.fault(Fault::new("customer_or_level", at("level")));
    }
    let currency = currency(item.currency.as_deref(), known, at("currency"), reading);
    let kind = kind(item.kind.as_deref(), &customer, at("kind"), reading);
    let quantity = (3, QTY_MILLI_MAX);
    let min_qty_milli =
        reading.number(item.min_quantity.as_deref(), None, quantity, at("min_quantity")).unwrap_or(0);
    if item.price.as_deref().is_none_or(|price| price.trim().is_empty()) {
        reading.fault(Fault::new("missing_field", at("price")));
    }
    let price_e4 = reading.number(item.price.as_deref(), None, (4, PRICE_E4_MAX), at("price")).unwrap_or(0);
    let valid_from = reading.day(item.valid_from.as_deref(), None, at("valid_from"));
    let valid_to = reading.day(item.valid_to.as_deref(), None, at("valid_to"));
    if valid_from.zip(valid_to).is_some_and(|(from, to)| to < from) {
        reading.fault(Fault::new("ends_before_start", at("valid_to")));
    }
    let said = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    PriceRow {
        org: 0,
        product,
        customer,
        level,
        currency,
        kind,
        min_qty_milli,
        valid_from: said(valid_from),
        valid_to: said(valid_to),
        price_e4,
    }
}

/// A customer pays in one currency, so a price in another one could never be asked for.
fn currency(
    text: Option<&str>,
    customer: Option<&CustomerRow>,
    path: String,
    reading: &mut Reading,
) -> String {
    let text = text.map(str::trim).unwrap_or_default();
    if text.is_empty() {
        return String::new();
    }
    if Currency::parse(text).is_none() {
        reading.fault(Fault::new("unknown_currency", path).with("found", shortened(text)));
    } else if let Some(customer) = customer.filter(|customer| customer.currency != text) {
        let fault = Fault::new("wrong_currency", path).with("found", text);
        reading.fault(fault.with("agreed", customer.currency.clone()));
    }
    text.to_owned()
}

fn kind(text: Option<&str>, customer: &str, path: String, reading: &mut Reading) -> String {
    let kind = text.map(str::trim).filter(|kind| !kind.is_empty()).unwrap_or(AGREED);
    match kind {
        AGREED => {}
        QUOTATION if customer.is_empty() => reading.fault(Fault::new("quotation_without_customer", path)),
        QUOTATION => {}
        other => reading.fault(Fault::new("unknown_price_kind", path).with("found", shortened(other))),
    }
    kind.to_owned()
}
