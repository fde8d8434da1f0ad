//! Goods that are still to come, as a batch looks at them: what of them can be promised, and what becomes of those who
//! were promised them when they come, come later, or do not come. All of it happens in the commit that moved the supply,
//! so no promise stands for a moment that nothing stands behind.

use super::Houses;
use super::batch::Batch;
use super::command::{Command, Envelope, GateError};
use super::free::{components, needs, open_milli, open_work_milli};
use super::low_stock::deliverable_milli;
use crate::admin::{AdminCommand, MovementItem, StockItem, StockLevelItem};
use crate::case::Case;
use crate::case::decide::{By, OrderCommand, PromiseStep};
use crate::case::rank::served;
use crate::case::world::House;
use crate::clock::beside;
use jiff::civil::Date;
use ordain_domain::decimal::{DecimalText, QTY_MILLI_MAX};
use ordain_domain::master::UNIT_MILLI;
use ordain_domain::order::Content;
use ordain_domain::promise::{Source, losses, qty_at, qty_of};
use ordain_store::{Keys, Slice, StockRow};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A supply that was moved, with what of it has come into which warehouse.
#[derive(Clone, Debug)]
pub(crate) struct MovedSupply {
    pub source: Source,
    pub arrived: Option<(String, i64)>,
}

/// Products of which what is to come must be known: stock may not suffice for all that the batch asks, or an order waits
/// for goods already. Where stock suffices nothing is looked up.
pub(super) fn wanted<'a>(
    slice: &Slice,
    houses: &Houses,
    envelopes: &'a [Envelope],
    known: impl Iterator<Item = (i64, &'a Case)>,
    counted: &Keys,
) -> Keys {
    let mut asked = AskedOf::new();
    let mut keys = Keys::default();
    // Whoever loses goods to a count may be served by what comes, or asks for what is made.
    let lost = counted.shelves.iter().map(|(org, product, _)| (*org, product.clone()));
    keys.supplies.extend(lost.clone());
    keys.made.extend(lost);
    let split: BTreeSet<(i64, Uuid)> = envelopes.iter().filter_map(split_by).collect();
    let contents =
        envelopes.iter().flat_map(|envelope| asked_in(envelope).map(|content| (envelope.org, content)));
    for (org, content) in contents {
        ask(&mut asked, slice, org, content);
    }
    for (org, case) in known {
        let order = &case.order;
        let waits = order.coming_taken().iter().map(|part| part.product.clone()).collect::<Vec<_>>();
        let broken = order.broken.iter().map(|broken| broken.product.clone());
        keys.supplies.extend(waits.into_iter().chain(broken).map(|product| (org, product)));
        keys.made.extend(order.broken.iter().map(|broken| (org, broken.product.clone())));
        if !order.status.is_firm() || order.is_changing() || split.contains(&(org, order.id)) {
            ask(&mut asked, slice, org, &order.content);
        }
        order.changes.iter().filter_map(|change| change.proposed.as_deref()).for_each(|content| {
            ask(&mut asked, slice, org, content);
        });
    }
    // What work needs may come until then.
    let needed: BTreeSet<(i64, &str)> =
        needs(slice).map(|need| (need.part.org, need.part.product.as_str())).collect();
    for ((org, product), (qty_milli, places)) in asked {
        let from = (org, product.to_owned(), String::new());
        let rows = slice.stock.range(from..).take_while(|((o, p, _), _)| *o == org && p == product);
        let (mut free, mut short) = (0, needed.contains(&(org, product)));
        for ((_, _, warehouse), row) in rows {
            let here = super::stock_free_milli(row).max(0);
            short |= places.contains(warehouse.as_str()) && here < qty_milli;
            free += here;
        }
        if short || free < qty_milli {
            keys.supplies.insert((org, product.to_owned()));
            keys.made.insert((org, product.to_owned()));
        }
    }
    keys.made.retain(|(org, _)| houses.get(*org).is_some_and(|house| house.rules.shortage_plans_work));
    keys.supplies.retain(|(org, _)| houses.get(*org).is_some_and(|house| house.rules.promise_from_supply));
    keys
}

/// A part is placed anew beside what stays.
fn split_by(envelope: &Envelope) -> Option<(i64, Uuid)> {
    match &envelope.command {
        Command::Order { id: Some(id), command: OrderCommand::Split { .. }, .. } => Some((envelope.org, *id)),
        _ => None,
    }
}

fn asked_in(envelope: &Envelope) -> impl Iterator<Item = &Content> {
    let (one, many): (Option<&Content>, &[Content]) = match &envelope.command {
        Command::Order { command: OrderCommand::Place(place), .. } => (Some(&place.content), &[]),
        Command::Order { command: OrderCommand::Edit { content, .. }, .. } => (Some(content), &[]),
        Command::Order { command: OrderCommand::RequestChange(asked), .. } => (Some(&asked.content), &[]),
        Command::Admin(command) => match &**command {
            AdminCommand::PreviewOrders { orders, .. } => (None, orders),
            _ => (None, &[]),
        },
        _ => (None, &[]),
    };
    one.into_iter().chain(many)
}

/// A quantity as stock counts it; an unknown unit is its own.
fn in_own_unit(slice: &Slice, (org, product): (i64, &str), unit: Option<&str>, qty_milli: i64) -> i64 {
    let row = slice.products.get(&(org, product.to_owned()));
    let Some((row, unit)) = row.zip(unit).filter(|(row, unit)| row.unit != *unit) else { return qty_milli };
    let per = super::master_rows::product(row).base_per(unit).unwrap_or(UNIT_MILLI);
    let base = i128::from(qty_milli) * i128::from(per) / i128::from(UNIT_MILLI);
    i64::try_from(base).unwrap_or(i64::MAX)
}

/// What is asked of each product, by company and code: how much, and out of which warehouses.
type AskedOf<'a> = BTreeMap<(i64, &'a str), (i64, BTreeSet<&'a str>)>;

fn ask<'a>(asked: &mut AskedOf<'a>, slice: &Slice, org: i64, content: &'a Content) {
    for line in &content.lines {
        let Some(product) = line.product.as_deref() else { continue };
        let qty = line.quantity.as_ref().and_then(|text| text.scaled(3, QTY_MILLI_MAX).ok());
        let qty = qty.map(|qty| in_own_unit(slice, (org, product), line.unit.as_deref(), qty));
        let (sum, places) = asked.entry((org, product)).or_default();
        *sum = sum.saturating_add(qty.unwrap_or(0).max(0));
        places.extend(line.warehouse.as_deref());
    }
}

/// The parts of work that these commands release, of which all must be known that there is and comes.
pub(super) fn parts_of_released(slice: &Slice, envelopes: &[Envelope]) -> Keys {
    let mut keys = Keys::default();
    for (org, command) in envelopes.iter().filter_map(admin_in) {
        let command = if let AdminCommand::Rehearse(inner) = command { inner } else { command };
        let AdminCommand::PutWorkOrders(items) = command else { continue };
        for item in items {
            let stored = slice.work_orders.get(&(org, item.number.trim().to_owned()));
            let product = item.product.as_deref().map(str::trim).or(stored.map(|row| row.product.as_str()));
            let bom = product.and_then(|product| slice.boms.get(&(org, product.to_owned())));
            let parts = bom.map(components).unwrap_or_default();
            keys.stock.extend(parts.into_iter().map(|part| (org, part.product)));
        }
    }
    keys.supplies.clone_from(&keys.stock);
    keys
}

/// Places of which these commands may leave less than orders hold.
pub(super) fn counted_short(slice: &Slice, envelopes: &[Envelope]) -> Keys {
    let mut left: BTreeMap<(i64, String, String), StockRow> = BTreeMap::new();
    let mut keys = Keys::default();
    for (org, command) in envelopes.iter().filter_map(admin_in) {
        let counted: Vec<Counted<'_>> = match command {
            AdminCommand::FeedStock { items, .. } => items.iter().map(fed).collect(),
            AdminCommand::MoveStock(items) => items.iter().map(taken).collect(),
            AdminCommand::PutStockLevels(items) => items.iter().map(frozen).collect(),
            _ => continue,
        };
        for of in counted {
            let place = (org, of.product.trim().to_owned(), of.warehouse.trim().to_owned());
            let Some(row) = left.get(&place).or_else(|| slice.stock.get(&place)) else { continue };
            let on_hand_milli = of.on_hand_milli.unwrap_or(row.on_hand_milli).saturating_add(of.moved_milli);
            let frozen_milli = of.frozen_milli.unwrap_or(row.frozen_milli);
            let row = StockRow { on_hand_milli, frozen_milli, ..row.clone() };
            if deliverable_milli(&row) < row.reserved_milli {
                keys.shelves.insert(place.clone());
            }
            left.insert(place, row);
        }
    }
    keys
}

/// What a command says of a place: what is there or is frozen from now on, and what has gone.
struct Counted<'a> {
    product: &'a str,
    warehouse: &'a str,
    on_hand_milli: Option<i64>,
    moved_milli: i64,
    frozen_milli: Option<i64>,
}

fn fed(item: &StockItem) -> Counted<'_> {
    let on_hand_milli = Some(quantity(item.on_hand.as_deref()));
    let StockItem { product, warehouse, .. } = item;
    Counted { product, warehouse, on_hand_milli, moved_milli: 0, frozen_milli: None }
}

/// Whatever goes, goes out of one place; what comes is not waited for.
fn taken(item: &MovementItem) -> Counted<'_> {
    let moved_milli = match item.kind.trim() {
        "in" => 0,
        "adjust" => quantity(item.quantity.as_deref()).min(0),
        _ => -quantity(item.quantity.as_deref()),
    };
    let MovementItem { product, warehouse, .. } = item;
    Counted { product, warehouse, on_hand_milli: None, moved_milli, frozen_milli: None }
}

fn frozen(item: &StockLevelItem) -> Counted<'_> {
    let frozen_milli = item.frozen.as_deref().map(|text| quantity(Some(text)));
    let StockLevelItem { product, warehouse, .. } = item;
    Counted { product, warehouse, on_hand_milli: None, moved_milli: 0, frozen_milli }
}

fn admin_in(envelope: &Envelope) -> Option<(i64, &AdminCommand)> {
    match &envelope.command {
        Command::Admin(command) => Some((envelope.org, command)),
        _ => None,
    }
}

/// What cannot be read is refused by whoever reads it.
fn quantity(text: Option<&str>) -> i64 {
    let number = text.and_then(|text| DecimalText::try_from(text.trim().to_owned()).ok());
    number.and_then(|text| text.scaled(3, QTY_MILLI_MAX).ok()).unwrap_or(0)
}

impl Batch<'_> {
    /// Lets those who were promised goods know that a count found fewer of them, or that they are frozen: whoever is
    /// served last loses first.
    pub(crate) fn keep_shelf(&mut self, org: i64, place: (&str, &str), by: &By) -> Result<(), GateError> {
        let key = (org, place.0.to_owned(), place.1.to_owned());
        let Some(row) = self.slice.stock.get(&key) else { return Ok(()) };
        let missing_milli = row.reserved_milli - deliverable_milli(row);
        if missing_milli <= 0 {
            return Ok(());
        }
        let house = self.house(org)?;
        let holders = self.holders(org, &house, |case| qty_at(&case.order.stock_taken(), place));
        let shares: Vec<i64> = holders.iter().map(|(_, qty_milli)| *qty_milli).collect();
        // Where the batch itself reserved what is missing now, the holders from before are not known and lose nothing.
        let left_milli = shares.iter().sum::<i64>() - missing_milli;
        for ((id, _), lost_milli) in holders.iter().zip(losses(&shares, left_milli)) {
            if lost_milli > 0 {
                let (product, warehouse) = (place.0.to_owned(), place.1.to_owned());
                self.tell_promise(org, *id, PromiseStep::Gone { product, warehouse, lost_milli }, by)?;
            }
        }
        Ok(())
    }

    /// Lets those who were promised something of a supply know that it moved.
    pub(crate) fn keep_promises(
        &mut self,
        org: i64,
        moved: &[MovedSupply],
        by: &By,
    ) -> Result<(), GateError> {
        for MovedSupply { source, arrived } in moved {
            let house = self.house(org)?;
            let of = |case: &Case| qty_of(&case.order.coming_taken(), source);
            let holders = self.holders(org, &house, of);
            let shares: Vec<i64> = holders.iter().map(|(_, qty_milli)| *qty_milli).collect();
            let still = self.still_to_come(org, source).filter(|_| !holders.is_empty());
            let Some((open_milli, date)) = still else { continue };
            if let Some((warehouse, qty_milli)) = arrived {
                let left = losses(&shares, *qty_milli);
                for ((id, share), left) in holders.iter().zip(left).filter(|((_, share), left)| share != left)
                {
                    let (source, warehouse, qty_milli) = (source.clone(), warehouse.clone(), share - left);
                    self.tell_promise(org, *id, PromiseStep::Arrived { source, warehouse, qty_milli }, by)?;
                }
            }
            // What has come is held on the shelf now; the rest must fit what is still to come.
            let holders = self.holders(org, &house, of);
            let shares: Vec<i64> = holders.iter().map(|(_, qty_milli)| *qty_milli).collect();
            for ((id, _), lost_milli) in holders.iter().zip(losses(&shares, open_milli)) {
                if arrived.is_none() || lost_milli > 0 {
                    let source = source.clone();
                    self.tell_promise(org, *id, PromiseStep::Moved { source, lost_milli, date }, by)?;
                }
            }
        }
        Ok(())
    }

    /// What of a supply is still to come, and when.
    fn still_to_come(&self, org: i64, source: &Source) -> Option<(i64, Option<Date>)> {
        let number = source.number().to_owned();
        let (open_milli, due_date) = match source {
            Source::Purchase { line, .. } => {
                let row = self.slice.purchases.get(&(org, number, *line))?;
                (open_milli(row), &row.due_date)
            }
            Source::Work { .. } => {
                let row = self.slice.work_orders.get(&(org, number))?;
                (open_work_milli(row), &row.due_date)
            }
            Source::Stock { .. } => return None,
        };
        Some((open_milli, due_date.as_deref().and_then(|date| date.parse().ok())))
    }

    /// Who was promised something of goods, and how much: who is served first stands first.
    fn holders(&self, org: i64, house: &House, of: impl Fn(&Case) -> i64) -> Vec<(Uuid, i64)> {
        let mut found: Vec<_> = self
            .cases(org)
            .filter_map(|case| {
                let qty_milli = of(case);
                (qty_milli > 0).then(|| (served(case, house), qty_milli))
            })
            .collect();
        found.sort();
        found.into_iter().map(|((.., id), qty_milli)| (id, qty_milli)).collect()
    }

    fn tell_promise(&mut self, org: i64, order: Uuid, step: PromiseStep, by: &By) -> Result<(), GateError> {
        let by = By { id: beside(by.id, order, &step_key(&step)), ..by.clone() };
        match self.decide_order(org, Some(order), None, &OrderCommand::Promise(step), &by) {
            Ok(_) | Err(GateError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Tells the steps of one order in one command apart.
fn step_key(step: &PromiseStep) -> String {
    match step {
        PromiseStep::Arrived { source, warehouse, .. } => format!("arrived {source} {warehouse}"),
        PromiseStep::Moved { source, .. } => format!("moved {source}"),
        PromiseStep::Gone { product, warehouse, .. } => format!("gone {product} {warehouse}"),
    }
}
