//! What can be promised of a product over time, and how an order stands against it: read here, worked out in
//! `ordain_domain::{atp,ctp}`.

use super::QueryError;
use crate::case::Case;
use crate::case::world::House;
use crate::gate::free::{Asking, free};
use jiff::civil::Date;
use ordain_domain::atp::{Backing, Supply, Timeline};
use ordain_domain::bom::Component;
use ordain_domain::ctp::{Centre, Material, Means, Recipe, earlier};
use ordain_domain::order::{Line, Order};
use ordain_domain::promise::Incoming;
use ordain_store::{Id, Keys, Store};
use std::collections::{BTreeMap, BTreeSet};

/// The balance of a product from today on, as the Gate promises by it: free stock and what is ordered, without what
/// released work needs of it. What was bought for the shortage of another order is that order's; a request that nobody
/// has ordered is no supply.
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
    let product = product.to_owned();
    let key = BTreeSet::from([(org, product.clone())]);
    let slice = store.slice(&Keys { stock: key.clone(), supplies: key, ..Keys::default() })?;
    let asking = Asking::by(own, today, true);
    let free = free(&slice, (org, &house.warehouses), &BTreeSet::from([&product]), &asking);
    Ok(free.timeline(&product, warehouse, today))
}

/// How a line of an order stands against what there is and what comes.
#[derive(Clone, Debug)]
pub struct LineSupply {
    pub line: u32,
    pub product: Option<String>,
    pub qty_milli: Option<i64>,
    /// What the line holds or has had shipped.
    pub held_milli: i64,
    /// What it was promised of goods that are still to come.
    pub coming_milli: i64,
    /// What is free in stock beside that.
    pub free_milli: i64,
    pub asked_date: Option<Date>,
    /// When the whole line can be there. Today for a line that holds all of its goods.
    pub earliest: Option<Date>,
    /// What would stand behind it on that day, beside what it holds.
    pub backing: Vec<Backing>,
    /// Of a product that is made by a work centre: what is planned there.
    pub plan: Option<Plan>,
    /// Of a product that is made: whether what it is made of suffices for what is missing.
    pub material: Option<Material>,
}

/// How busy the work centre is that makes a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub work_centre: String,
    pub load_minutes: i64,
    pub daily_minutes: i64,
    pub full_until: Option<Date>,
}

/// The work centres that make products, each looked up once.
#[derive(Default)]
struct Plans {
    loads: Option<BTreeMap<String, i64>>,
    known: BTreeMap<String, Option<Plan>>,
}

impl Plans {
    fn of(
        &mut self,
        store: &Store,
        (org, house): (i64, &House),
        product: &str,
        today: Date,
    ) -> Result<Option<Plan>, QueryError> {
        if let Some(known) = self.known.get(product) {
            return Ok(known.clone());
        }
        let made_at = store.bom(org, product)?.and_then(|bom| bom.work_centre);
        let row = made_at.map(|code| store.work_centre(org, &code)).transpose()?.flatten();
        let plan = match row {
            None => None,
            Some(row) => {
                if self.loads.is_none() {
                    self.loads = Some(store.work_loads(org)?);
                }
                let load_minutes =
                    self.loads.iter().find_map(|loads| loads.get(&row.code).copied()).unwrap_or(0);
                let centre = Centre { daily_minutes: row.daily_minutes, load_minutes };
                let full_until = centre.full_until(&house.calendar, today);
                Some(Plan {
                    work_centre: row.code,
                    load_minutes,
                    daily_minutes: row.daily_minutes,
                    full_until,
                })
            }
        };
        self.known.insert(product.to_owned(), plan.clone());
        Ok(plan)
    }
}

/// What is known of a product and, level by level, of what it is made of.
///
/// # Errors
/// What the store says.
fn learn(
    means: &mut Means,
    store: &Store,
    (org, house): (i64, &House),
    product: &str,
    today: Date,
) -> Result<(), QueryError> {
    let mut open = vec![product.to_owned()];
    while let Some(product) = open.pop() {
        if means.recipes.contains_key(&product) {
            continue;
        }
        let row = store.bom(org, &product)?;
        let components: Vec<Component> =
            row.as_ref().and_then(|row| serde_json::from_str(&row.components).ok()).unwrap_or_default();
        for part in &components {
            if !means.timelines.contains_key(&part.product) {
                let of = timeline(store, org, house, (&part.product, None), (today, None))?;
                means.timelines.insert(part.product.clone(), of);
            }
            open.push(part.product.clone());
        }
        let days = row.as_ref().map_or(0, |row| row.make_days);
        let work = row.and_then(|row| Some((row.work_centre?, row.minutes_milli)));
        if let Some((code, _)) = work.as_ref().filter(|(code, _)| !means.centres.contains_key(code))
            && let Some(centre) = store.work_centre(org, code)?
        {
            let load_minutes = store.work_loads(org)?.get(code).copied().unwrap_or(0);
            let centre = Centre { daily_minutes: centre.daily_minutes, load_minutes };
            means.centres.insert(code.clone(), centre);
        }
        means.recipes.insert(product, Recipe { components, days, work });
    }
    Ok(())
}

/// What making so much of a product would need, and when it can be made; nothing for what is not made.
///
/// # Errors
/// What the store says.
pub fn makeable(
    store: &Store,
    (org, house): (i64, &House),
    (product, qty_milli): (&str, i64),
    today: Date,
) -> Result<Option<Material>, QueryError> {
    let mut means = Means::default();
    learn(&mut means, store, (org, house), product, today)?;
    Ok(means.material(product, qty_milli, (&house.calendar, today)))
}

fn made(material: Option<&Material>) -> Option<Date> {
    material.and_then(|material| material.made)
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
    let (known, mut means, mut plans) = (Known::of(&case.order), Means::default(), Plans::default());
    let mut lines = Vec::with_capacity(case.order.content.lines.len());
    for asked in &case.order.content.lines {
        let mut supply = known.bare(case, asked);
        if let (Some(product), Some(qty_milli)) = (asked.product.clone(), supply.qty_milli) {
            let key = (product, asked.warehouse.clone());
            supply.plan = plans.of(store, (org, house), &key.0, today)?;
            if !timelines.contains_key(&key) {
                let of = timeline(store, org, house, (&key.0, key.1.as_deref()), (today, own))?;
                timelines.insert(key.clone(), of);
            }
            if let Some(timeline) = timelines.get(&key) {
                let lacks = (qty_milli - supply.held_milli - supply.coming_milli).max(0);
                supply.free_milli = timeline.available_milli(today);
                let earliest = if lacks == 0 { Some(today) } else { timeline.earliest(lacks) };
                let missing = earliest.map(|day| timeline.backing(lacks, day)).unwrap_or_default();
                supply.backing.extend(missing);
                let last = supply.backing.iter().map(|part| part.date).max();
                supply.earliest = earliest.map(|day| last.map_or(day, |last| last.max(day)));
                let to_make = lacks - supply.free_milli;
                if to_make > 0 {
                    learn(&mut means, store, (org, house), &key.0, today)?;
                    supply.material = means.material(&key.0, to_make, (&house.calendar, today));
                    supply.earliest = earlier(supply.earliest, made(supply.material.as_ref()));
                }
            }
        }
        lines.push(supply);
    }
    Ok(lines)
}

fn on_its_way(part: &Incoming) -> Backing {
    Backing { qty_milli: part.qty_milli, date: part.date, supply: Supply::from(&part.source) }
}

/// What an order's lines have, by line: asked once for all of them.
#[derive(Default)]
struct Known {
    held: BTreeMap<u32, i64>,
    coming: BTreeMap<u32, Vec<Backing>>,
    qty: BTreeMap<u32, Option<i64>>,
}

impl Known {
    fn of(order: &Order) -> Self {
        let mut known = Self::default();
        for part in order.held.iter().chain(&order.shipped) {
            *known.held.entry(part.line).or_default() += part.qty_milli;
        }
        for part in &order.coming {
            known.coming.entry(part.line).or_default().push(on_its_way(part));
        }
        known.qty.extend(order.checked.lines.iter().map(|checked| (checked.line, checked.qty_milli)));
        known
    }

    fn bare(&self, case: &Case, asked: &Line) -> LineSupply {
        let coming = self.coming.get(&asked.id).cloned().unwrap_or_default();
        LineSupply {
            line: asked.id,
            product: asked.product.clone(),
            qty_milli: self.qty.get(&asked.id).copied().flatten(),
            held_milli: self.held.get(&asked.id).copied().unwrap_or(0),
            coming_milli: coming.iter().map(|part| part.qty_milli).sum(),
            free_milli: 0,
            asked_date: asked.requested_date.or(case.order.content.requested_date),
            earliest: None,
            backing: coming,
            plan: None,
            material: None,
        }
    }
}
