//! Agreed prices: of one customer, or of everybody from a quantity on.

use super::change::Change;
use super::items::PriceItem;
use super::reading::{Reading, shortened};
use super::upsert::Upsert;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_domain::decimal::{PRICE_E4_MAX, QTY_MILLI_MAX, price_text, qty_text};
use ordain_store::{Keys, PriceRow};
use serde_json::json;
use std::collections::BTreeSet;

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
        let (_, customer) = names(item);
        let product = reading.code(&item.product, at("product"));
        if !product.is_empty() && !batch.slice.products.contains_key(&(org, product.clone())) {
            reading.fault(Fault::new("unknown_product", at("product")).with("found", shortened(&product)));
        }
        if !customer.is_empty() && !batch.slice.customers.contains_key(&(org, customer.clone())) {
            reading.fault(Fault::new("unknown_customer", at("customer")).with("found", shortened(&customer)));
        }
        let quantity = (3, QTY_MILLI_MAX);
        let min_qty_milli =
            reading.number(item.min_quantity.as_deref(), None, quantity, at("min_quantity")).unwrap_or(0);
        if item.price.as_deref().is_none_or(|price| price.trim().is_empty()) {
            reading.fault(Fault::new("missing_field", at("price")));
        }
        let price_e4 =
            reading.number(item.price.as_deref(), None, (4, PRICE_E4_MAX), at("price")).unwrap_or(0);
        reading.once(&mut seen, (product.clone(), customer.clone(), min_qty_milli), at("product"));
        let row = PriceRow { org, product, customer, min_qty_milli, price_e4 };
        let stored = batch.slice.prices.get(&(org, row.product.clone(), row.customer.clone()));
        let stored = stored.into_iter().flatten().find(|old| old.min_qty_milli == min_qty_milli);
        let shown = |row: &PriceRow| json!({ "price": price_text(row.price_e4) });
        let key = format!("{}/{}/{}", row.product, row.customer, qty_text(min_qty_milli));
        let change = Change::between("price", &key, stored.map(shown).as_ref(), &shown(&row));
        if upsert.note(change, stored.is_none()) {
            upsert.touched.products.push(row.product.clone());
            upsert.rows.prices.push(row);
        }
    }
    reading.refuse()?;
    Ok(upsert)
}
