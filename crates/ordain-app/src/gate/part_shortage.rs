//! What an order asks to be made is made of parts, and those may be missing too, level by level: purchasing and production
//! are asked for them as for the goods themselves.

use super::free::{Asking, components, free};
use super::shortage::Shortage;
use crate::case::Case;
use crate::case::world::House;
use jiff::civil::Date;
use ordain_domain::stock::Free;
use ordain_store::{BomRow, Id, Keys, Slice};
use std::collections::{BTreeMap, BTreeSet};

/// Most parts that are asked for because of one line.
const PARTS_MAX: usize = 500;

/// What these products are made of, which has to be known as well.
pub(super) fn wanted(slice: &Slice, products: &BTreeSet<(i64, String)>) -> Keys {
    let boms = products.iter().filter_map(|key| slice.boms.get(key));
    let parts = boms.flat_map(|bom| components(bom).into_iter().map(|part| (bom.org, part.product)));
    let made: BTreeSet<(i64, String)> = parts.collect();
    Keys { stock: made.clone(), supplies: made.clone(), made, ..Keys::default() }
}

/// What is free of parts, less what the lines before have asked for.
pub(super) struct Parts<'a> {
    slice: &'a Slice,
    org: i64,
    house: &'a House,
    own: Id,
    today: Date,
    free: BTreeMap<String, Free>,
}

impl<'a> Parts<'a> {
    pub fn of(slice: &'a Slice, (org, house): (i64, &'a House), case: &Case, at_ms: i64) -> Self {
        let (own, today) = (case.order.id.into_bytes(), house.calendar.date_at(at_ms));
        Self { slice, org, house, own, today, free: BTreeMap::new() }
    }

    /// The parts that are missing for what is to be made.
    pub fn short_of(&mut self, made: &Shortage) -> Vec<Shortage> {
        let (mut open, mut found) = (vec![made.clone()], Vec::new());
        while let Some(made) = open.pop() {
            let bom = self.slice.boms.get(&(self.org, made.product.clone()));
            let parts = bom.filter(|bom| bom.is_made()).map(components).unwrap_or_default();
            let by = made.need_date.as_deref().and_then(|date| date.parse().ok());
            let by = by.map_or(self.today, |by: Date| by.max(self.today));
            for (n, part) in (1..).zip(parts) {
                let need_milli = part.need_milli(made.short_milli);
                let short_milli = need_milli - self.take(&part.product, need_milli, by);
                if short_milli > 0 && found.len() < PARTS_MAX {
                    let short = made.of_part(n, &part.product, short_milli);
                    open.push(short.clone());
                    found.push(short);
                }
            }
        }
        found
    }

    /// Takes what is free of a part by a day, or comes until then; gives how much that is.
    fn take(&mut self, product: &String, qty_milli: i64, by: Date) -> i64 {
        let (slice, place) = (self.slice, (self.org, self.house.warehouses.as_slice()));
        let asking = Asking::by(Some(self.own), self.today, true);
        let known = self.free.entry(product.clone());
        let free = known.or_insert_with(|| free(slice, place, &BTreeSet::from([product]), &asking));
        let available = free.timeline(product, None, self.today).available_milli(by);
        let taken = qty_milli.min(available);
        free.keep_back(product, None, by, taken);
        taken
    }
}

/// Whether production is asked for a product that is short.
pub(super) fn is_made(boms: &BTreeMap<(i64, String), BomRow>, house: &House, key: &(i64, String)) -> bool {
    house.rules.shortage_plans_work && boms.get(key).is_some_and(BomRow::is_made)
}
