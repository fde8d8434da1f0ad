//! The world around a content, read without the Gate: for questions that write nothing.

use super::QueryError;
use crate::case::world::{House, World};
use crate::gate::free::{self, Asking};
use crate::gate::{keys, master_rows};
use ordain_domain::master::{AgreedPrice, Master};
use ordain_domain::order::Content;
use ordain_store::{Keys, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// Prices looked at per product and customer; more quantity breaks than that nobody keeps.
const PRICES: usize = 100;

/// Loads what a check of this content looks at. `own` is the order that is being changed, if there is one.
///
/// # Errors
/// What the store says.
pub fn load(
    store: &Store,
    org: i64,
    house: &Arc<House>,
    content: &Content,
    (own, at_ms): (Option<Uuid>, i64),
) -> Result<World, QueryError> {
    let today = house.calendar.date_at(at_ms);
    let mut master = Master::default();
    let customer = content.customer.clone().unwrap_or_default();
    if !customer.is_empty() {
        master.customer =
            store.customer(org, &customer)?.map(|row| master_rows::customer(&row, &house.rules));
        let mut rows = BTreeMap::new();
        for code in house.credit_groups.of(&customer).iter().flat_map(|(_, group)| &group.members) {
            rows.insert(code.clone(), store.customer(org, code)?);
        }
        master.group = master_rows::group(&customer, house, |code| rows.get(code).cloned().flatten());
    }
    let products: BTreeSet<&String> = content.lines.iter().filter_map(|line| line.product.as_ref()).collect();
    for code in &products {
        let Some(row) = store.product(org, code)? else { continue };
        master.products.insert((*code).clone(), master_rows::product(&row));
        let prices = prices(store, org, code, &customer)?;
        if !prices.is_empty() {
            master.prices.insert((*code).clone(), prices);
        }
    }
    let asked = || products.iter().map(|code| (org, (*code).clone())).collect();
    let slice = store.slice(&Keys { stock: asked(), supplies: asked(), ..Keys::default() })?;
    let asking = Asking::by(own.map(Uuid::into_bytes), today, house.rules.promise_from_supply);
    let free = free::free(&slice, (org, &house.warehouses), &products, &asking);
    let twin = twin(store, org, content, own)?;
    let asked = house.asks_for_first_orders && !customer.is_empty();
    let bought =
        if asked { Some(store.has_bought(org, &customer, own.map(Uuid::into_bytes))?) } else { None };
    let first_order = bought.map(|bought| !bought);
    Ok(World { first_order, ..World::around(house.clone(), master, free, twin) })
}

fn prices(store: &Store, org: i64, product: &str, customer: &str) -> Result<Vec<AgreedPrice>, QueryError> {
    let of = |customer: &str| -> Result<Vec<AgreedPrice>, QueryError> {
        let before = (
            product.to_owned(),
            customer.to_owned(),
            String::new(),
            String::new(),
            String::new(),
            -1,
            String::new(),
        );
        let rows = store.list_prices(org, "", Some(&before), PRICES)?;
        let own = rows.iter().take_while(|row| row.product == product && row.customer == customer);
        Ok(own.map(master_rows::agreed_price).collect())
    };
    let mut found = if customer.is_empty() { Vec::new() } else { of(customer)? };
    found.extend(of("")?);
    Ok(found)
}

fn twin(store: &Store, org: i64, content: &Content, own: Option<Uuid>) -> Result<Option<String>, QueryError> {
    let own = own.map(Uuid::into_bytes);
    let Some(key) = keys::twin_key(org, content) else { return Ok(None) };
    Ok(keys::older(&store.twins(&key)?, own))
}
