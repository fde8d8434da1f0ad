//! What can be promised of a product over time, and how an order stands against it.

use super::QueryError;
use crate::case::Case;
use crate::case::world::House;
use crate::gate::stock_free_milli;
use jiff::civil::Date;
use ordain_domain::atp::{Backing, Flow, Supply, Timeline};
use ordain_domain::bom::Component;
use ordain_domain::order::Line;
use ordain_store::{Id, PurchaseLineRow, Store};
use std::collections::BTreeMap;

/// The balance of a product from today on: free stock and what is ordered. What was bought for the shortage of another
/// order is that order's; a request that nobody has ordered is no supply.
///
/// # Errors
/// What the store says.
pub fn timeline(
    store: &Store,
    org: i64,
    house: &House,
    (product, warehouse): (&str, Option<&str>),
    (today, own): (Date, Option<Id>),
) -> Result<Timeline, QueryError> {
    let rows = store.stock_of_product(org, product)?;
    let free = |code: &String| {
        let row = rows.iter().find(|row| row.warehouse == *code)?;
        Some((code.clone(), stock_free_milli(row).max(0)))
    };
    let here = |code: &&String| warehouse.is_none_or(|only| only == code.as_str());
    let stock = house.warehouses.iter().filter(here).filter_map(free).collect();
    let purchases = store.open_purchases(org, product)?;
    let flows = purchases.iter().filter(|row| fits(row, warehouse, own)).filter_map(flow).collect();
    Ok(Timeline::new(today, stock, flows))
}

fn fits(row: &PurchaseLineRow, warehouse: Option<&str>, own: Option<Id>) -> bool {
    let there = warehouse.is_none() || row.warehouse.is_none() || row.warehouse.as_deref() == warehouse;
    row.state == "ordered" && there && row.order_id.is_none_or(|of| own == Some(of))
}

/// A purchase that nobody has given a date is not counted on.
fn flow(row: &PurchaseLineRow) -> Option<Flow> {
    let date = row.due_date.as_deref()?.parse().ok()?;
    let supply = Supply::Purchase { number: row.number.clone(), line: row.line };
    Some(Flow { date, qty_milli: row.qty_milli - row.received_milli, supply: Some(supply) })
}

/// How a line of an order stands against what there is and what comes.
#[derive(Clone, Debug)]
pub struct LineSupply {
    pub line: u32,
    pub product: Option<String>,
    pub qty_milli: Option<i64>,
    /// What the line holds or has had shipped.
    pub held_milli: i64,
    /// What is free in stock beside that.
    pub free_milli: i64,
    pub asked_date: Option<Date>,
    /// When the whole line can be there. Today for a line that holds all of its goods.
    pub earliest: Option<Date>,
    /// What would stand behind it on that day, beside what it holds.
    pub backing: Vec<Backing>,
    /// Of a product that is made: whether what it is made of suffices for what is missing.
    pub material: Option<Material>,
}

/// What making a quantity needs. Each line is judged by itself: two lines may count on the same parts.
#[derive(Clone, Debug)]
pub struct Material {
    pub parts: Vec<Part>,
    pub make_days: i64,
    /// When it can be made; none if some part is neither there nor coming.
    pub made: Option<Date>,
}

/// A component, at the first level.
#[derive(Clone, Debug)]
pub struct Part {
    pub product: String,
    pub need_milli: i64,
    pub free_milli: i64,
    pub date: Option<Date>,
}

/// Deeper than any bill of material goes.
const LEVELS_MAX: usize = 20;

/// What making a quantity of a product needs, its parts made from theirs where they are not there.
///
/// # Errors
/// What the store says.
fn material(
    store: &Store,
    org: i64,
    house: &House,
    (product, qty_milli): (&str, i64),
    (today, level): (Date, usize),
) -> Result<Option<Material>, QueryError> {
    let Some(row) = store.bom(org, product)?.filter(|_| level < LEVELS_MAX) else { return Ok(None) };
    let components: Vec<Component> = serde_json::from_str(&row.components).unwrap_or_default();
    if components.is_empty() {
        return Ok(None);
    }
    let mut parts = Vec::with_capacity(components.len());
    for component in components {
        let need_milli = component.need_milli(qty_milli);
        let of = timeline(store, org, house, (&component.product, None), (today, None))?;
        let free_milli = of.available_milli(today);
        let mut date = of.earliest(need_milli);
        if date.is_none_or(|date| date > today) {
            let lacks = (component.product.as_str(), need_milli - free_milli);
            let made = material(store, org, house, lacks, (today, level + 1))?.and_then(|made| made.made);
            date = earlier(date, made);
        }
        parts.push(Part { product: component.product, need_milli, free_milli, date });
    }
    let ready = parts.iter().map(|part| part.date).collect::<Option<Vec<Date>>>();
    let made = ready.and_then(|dates| dates.into_iter().max());
    let made = made.map(|date| date.saturating_add(jiff::Span::new().days(row.make_days)));
    Ok(Some(Material { parts, make_days: row.make_days, made }))
}

fn earlier(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    one.into_iter().chain(other).min()
}

/// # Errors
/// What the store says.
pub fn of_order(
    store: &Store,
    org: i64,
    house: &House,
    case: &Case,
    today: Date,
) -> Result<Vec<LineSupply>, QueryError> {
    let mut timelines: BTreeMap<(String, Option<String>), Timeline> = BTreeMap::new();
    let own = Some(case.order.id.into_bytes());
    let mut lines = Vec::with_capacity(case.order.content.lines.len());
    for asked in &case.order.content.lines {
        let mut supply = bare(case, asked);
        if let (Some(product), Some(qty_milli)) = (asked.product.clone(), supply.qty_milli) {
            let key = (product, asked.warehouse.clone());
            if !timelines.contains_key(&key) {
                let of = timeline(store, org, house, (&key.0, key.1.as_deref()), (today, own))?;
                timelines.insert(key.clone(), of);
            }
            if let Some(timeline) = timelines.get(&key) {
                let lacks = (qty_milli - supply.held_milli).max(0);
                supply.free_milli = timeline.available_milli(today);
                supply.earliest = if lacks == 0 { Some(today) } else { timeline.earliest(lacks) };
                supply.backing = supply.earliest.map(|day| timeline.backing(lacks, day)).unwrap_or_default();
                let to_make = lacks - supply.free_milli;
                if to_make > 0 {
                    supply.material = material(store, org, house, (&key.0, to_make), (today, 0))?;
                    let made = supply.material.as_ref().and_then(|made| made.made);
                    supply.earliest = earlier(supply.earliest, made);
                }
            }
        }
        lines.push(supply);
    }
    Ok(lines)
}

fn bare(case: &Case, asked: &Line) -> LineSupply {
    let order = &case.order;
    let own = order.held.iter().chain(&order.shipped).filter(|part| part.line == asked.id);
    let checked = order.checked.lines.iter().find(|checked| checked.line == asked.id);
    LineSupply {
        line: asked.id,
        product: asked.product.clone(),
        qty_milli: checked.and_then(|checked| checked.qty_milli),
        held_milli: own.map(|part| part.qty_milli).sum(),
        free_milli: 0,
        asked_date: asked.requested_date.or(order.content.requested_date),
        earliest: None,
        backing: Vec::new(),
        material: None,
    }
}
