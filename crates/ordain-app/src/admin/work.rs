//! Work centres and work orders: what is planned is released, and what is finished takes its parts out of stock and
//! comes in.

use super::change::Change;
use super::items::{FinishItem, WorkCentreItem, WorkItem};
use super::known;
use super::reading::{Reading, shortened};
use super::stock_move::Desk;
use super::upsert::{Movement, Upsert};
use super::work_ready::{Ready, is_raised};
use crate::case::decide::By;
use crate::case::world::House;
use crate::gate::free::components;
use crate::gate::supplies::MovedSupply;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use jiff::Span;
use jiff::civil::Date;
use ordain_domain::bom::Component;
use ordain_domain::ctp::{Centre, work_minutes};
use ordain_domain::decimal::{QTY_MILLI_MAX, qty_text};
use ordain_domain::promise::Source;
use ordain_store::{BomRow, Keys, LoadAt, WorkCentreRow, WorkOrderRow, WorkPartRow};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What an order may be put to; it is finished by finishing it.
const STATES: [&str; 4] = ["requested", "planned", "released", "cancelled"];
/// As many places as a factory can have that work at once.
const DAILY_MINUTES_MAX: i64 = 1_440 * 1_000;

pub(super) fn centre_keys(org: i64, keys: &mut Keys) {
    keys.work_centres.insert(org);
}

pub(super) fn keys(items: &[WorkItem], org: i64, keys: &mut Keys) {
    keys.directories.insert(org);
    keys.boms.insert(org);
    keys.work_centres.insert(org);
    keys.work_orders.extend(items.iter().map(|item| (org, item.number.trim().to_owned())));
}

pub(super) fn finish_keys(items: &[FinishItem], org: i64, keys: &mut Keys) {
    keys.directories.insert(org);
    keys.boms.insert(org);
    keys.work_centres.insert(org);
    for item in items {
        keys.work_orders.insert((org, item.number.trim().to_owned()));
        keys.stock.insert((org, item.product.trim().to_owned()));
    }
}

pub(super) fn put_centres(
    items: &[WorkCentreItem],
    batch: &Batch<'_>,
    org: i64,
) -> Result<Upsert, GateError> {
    batch.house(org)?;
    let mut upsert = Upsert::new("put_work_centres");
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let code = reading.code(&item.code, at("code"));
        reading.once(&mut seen, code.clone(), at("code"));
        let stored = batch.slice.work_centres.get(&(org, code.clone()));
        let name = reading.required(item.name.as_deref(), stored.map(|row| row.name.as_str()), at("name"));
        let daily_minutes = item.daily_minutes.or(stored.map(|row| row.daily_minutes)).unwrap_or(0);
        if !(1..=DAILY_MINUTES_MAX).contains(&daily_minutes) {
            let fault = Fault::new("out_of_range", at("daily_minutes"));
            let fault = fault.with("found", daily_minutes.to_string());
            reading.fault(fault.with("max", DAILY_MINUTES_MAX.to_string()));
        }
        let row = WorkCentreRow { org, code, name, daily_minutes, updated_at_ms: batch.now_ms };
        let shown = |row: &WorkCentreRow| json!({ "name": row.name, "daily_minutes": row.daily_minutes });
        let change = Change::between("work_centre", &row.code, stored.map(shown).as_ref(), &shown(&row));
        if upsert.note(change, stored.is_none()) {
            upsert.rows.work_centres.push(row);
        }
    }
    reading.refuse()?;
    Ok(upsert)
}

pub(super) fn put(items: &[WorkItem], batch: &Batch<'_>, org: i64, by: &By) -> Result<Upsert, GateError> {
    let house = batch.house(org)?;
    let mut plan = Plan { batch, org, house: &house, loads: batch.slice.work_loads.clone() };
    let mut means = Ready::of(batch, (org, &house), items, by);
    let mut upsert = Upsert::new("put_work_orders");
    let (mut reading, mut seen) = (Reading::default(), BTreeSet::new());
    let today = house.calendar.date_at(by.at_ms);
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let number = reading.code(&item.number, at("number"));
        reading.once(&mut seen, number.clone(), at("number"));
        let stored = batch.slice.work_orders.get(&(org, number.clone()));
        let Some(mut row) = plan.read(item, number, stored, (index, &mut reading)) else { continue };
        let parts = plan.parts(&row);
        let ready = means.parts_by(&row, &parts);
        stored.inspect(|stored| plan.load(stored, -1));
        if row.due_date.is_none() {
            let done = plan.done(&row, (today, ready.unwrap_or(today)), None);
            row.due_date = done.map(|date| date.to_string());
        }
        if is_raised(&row, stored) {
            let short = means.short_of(&row, &parts, at("quantity"));
            // Parts that do not come in time are named as such, and not as a work centre that is full.
            let from = ready.filter(|_| short.is_empty()).unwrap_or(today);
            let full = plan.full(&row, (today, from), at("due_date"));
            short.into_iter().chain(full).for_each(|fault| reading.fault(fault));
        }
        plan.load(&row, 1);
        means.take(&row, &parts);
        let change = Change::between("work_order", &row.number, stored.map(shown).as_ref(), &shown(&row));
        if upsert.note(change, stored.is_none()) {
            let source = Source::Work { number: row.number.clone() };
            upsert.moved.push(MovedSupply { source, arrived: None });
            // Orders that are short may be promised what is made.
            upsert.touched.products.push(row.product.clone());
            // And those that are short of a part, where less of it is needed now.
            upsert.touched.products.extend(parts.iter().map(|part| part.product.clone()));
            let takes_parts = row.state != "cancelled" && row.state != "finished";
            upsert.rows.work_parts.extend(parts.into_iter().filter(|_| takes_parts));
            upsert.rows.work_orders.push(row);
        }
    }
    reading.refuse()?;
    Ok(upsert)
}

/// What is planned where, each item behind those before it.
struct Plan<'a> {
    batch: &'a Batch<'a>,
    org: i64,
    house: &'a House,
    loads: BTreeMap<(i64, LoadAt), i64>,
}

impl Plan<'_> {
    fn bom(&self, product: &str) -> Option<&BomRow> {
        self.batch.slice.boms.get(&(self.org, product.to_owned())).filter(|bom| bom.is_made())
    }

    fn read(
        &self,
        item: &WorkItem,
        number: String,
        stored: Option<&WorkOrderRow>,
        (index, reading): (usize, &mut Reading),
    ) -> Option<WorkOrderRow> {
        let at = |field: &str| format!("items[{index}].{field}");
        if let Some(over) = stored.filter(|row| matches!(row.state.as_str(), "finished" | "cancelled")) {
            reading.fault(Fault::new("work_over", at("number")).with("state", &over.state));
            return None;
        }
        let product = stored.map(|row| row.product.as_str());
        let product = reading.required(item.product.as_deref(), product, at("product"));
        let begun = |row: &WorkOrderRow| row.finished_milli > 0 || row.promised_milli > 0;
        if let Some(row) = stored.filter(|row| row.product != product && begun(row)) {
            let fault = Fault::new("other_product", at("product")).with("found", shortened(&product));
            reading.fault(fault.with("ordered", &row.product));
        } else if self.bom(&product).is_none() && !product.is_empty() {
            reading.fault(Fault::new("not_made", at("product")).with("found", shortened(&product)));
        }
        let state = reading.text(item.state.as_deref(), stored.map(|row| row.state.as_str()), at("state"));
        let state = if state.is_empty() { "planned".to_owned() } else { state };
        if !STATES.contains(&state.as_str()) {
            let fault = Fault::new("invalid_value", at("state")).with("found", shortened(&state));
            reading.fault(fault.with("allowed", STATES.join(", ")));
        }
        let warehouse = self.warehouse(item, stored, &state, reading, at("warehouse"));
        let work_centre = self.centre(item, stored, &product, reading, at("work_centre"));
        let (finished_milli, scrapped_milli) =
            stored.map_or((0, 0), |row| (row.finished_milli, row.scrapped_milli));
        let done_milli = finished_milli + scrapped_milli;
        let qty = stored.map(|row| row.qty_milli);
        let qty = reading.number(item.quantity.as_deref(), qty, (3, QTY_MILLI_MAX), at("quantity"));
        let qty_milli = qty.unwrap_or(0);
        if qty_milli == 0 {
            let found = item.quantity.as_deref().unwrap_or_default();
            reading.fault(Fault::new("not_positive", at("quantity")).with("found", shortened(found)));
        } else if qty_milli < done_milli {
            let fault = Fault::new("less_than_finished", at("quantity")).with("found", qty_text(qty_milli));
            reading.fault(fault.with("finished", qty_text(done_milli)));
        }
        known::check_whole(self.batch, (self.org, &product), qty_milli, at("quantity"), reading);
        // The day on which a request is needed is not the day on which it can be done.
        let planned = stored.filter(|row| row.state == state || row.state != "requested");
        let due = planned.and_then(|row| row.due_date.as_deref()?.parse().ok());
        let due_date = reading.day(item.due_date.as_deref(), due, at("due_date"));
        let owner = stored.and_then(|row| row.owner);
        let owner = known::owner((item.owner.as_deref(), owner), self.house, reading, at("owner"));
        let all_done = done_milli > 0 && done_milli == qty_milli;
        Some(WorkOrderRow {
            org: self.org,
            number,
            // What is made is made: the rest is no longer waited for.
            state: if all_done { "finished".to_owned() } else { state },
            left_minutes: self.minutes(&product, qty_milli - done_milli),
            product,
            warehouse,
            work_centre,
            qty_milli,
            finished_milli,
            scrapped_milli,
            promised_milli: stored.map_or(0, |row| row.promised_milli),
            due_date: due_date.map(|date| date.to_string()),
            order_id: stored.and_then(|row| row.order_id),
            order_line: stored.and_then(|row| row.order_line),
            owner,
            answer_by_ms: stored.and_then(|row| row.answer_by_ms),
            updated_at_ms: self.batch.now_ms,
        })
    }

    fn warehouse(
        &self,
        item: &WorkItem,
        stored: Option<&WorkOrderRow>,
        state: &str,
        reading: &mut Reading,
        path: String,
    ) -> Option<String> {
        let known = stored.and_then(|row| row.warehouse.as_deref());
        let code = reading.text(item.warehouse.as_deref(), known, path.clone());
        if code.is_empty() && state == "released" {
            reading.fault(Fault::new("missing_field", path));
        } else if !code.is_empty() && !self.batch.slice.warehouses.contains_key(&(self.org, code.clone())) {
            reading.fault(Fault::new("unknown_warehouse", path).with("found", shortened(&code)));
        }
        Some(code).filter(|code| !code.is_empty())
    }

    /// Where it is made: as it says, else as the bill of material says.
    fn centre(
        &self,
        item: &WorkItem,
        stored: Option<&WorkOrderRow>,
        product: &str,
        reading: &mut Reading,
        path: String,
    ) -> Option<String> {
        let usual = self.bom(product).and_then(|bom| bom.work_centre.as_deref());
        let known = stored.filter(|row| row.state != "requested");
        let known = known.map_or(usual, |row| row.work_centre.as_deref());
        let code = reading.text(item.work_centre.as_deref(), known, path.clone());
        if !code.is_empty() && !self.batch.slice.work_centres.contains_key(&(self.org, code.clone())) {
            reading.fault(Fault::new("unknown_work_centre", path).with("found", shortened(&code)));
        }
        Some(code).filter(|code| !code.is_empty())
    }

    fn minutes(&self, product: &str, qty_milli: i64) -> i64 {
        work_minutes(qty_milli.max(0), self.bom(product).map_or(0, |bom| bom.minutes_milli))
    }

    /// The day on which the work centre would have it done, its parts being there on a day: behind all that is planned
    /// there, or behind what is to be done by a day as well.
    fn done(&self, row: &WorkOrderRow, when: (Date, Date), by: Option<Date>) -> Option<Date> {
        let code = row.work_centre.as_ref()?;
        let centre = self.batch.slice.work_centres.get(&(self.org, code.clone()))?;
        let before = |due: &Option<String>| {
            let due = due.as_deref().and_then(|date| date.parse::<Date>().ok());
            by.is_none_or(|by| due.is_none_or(|due| due <= by))
        };
        let here =
            self.loads.iter().filter(|((org, (at, due)), _)| *org == self.org && at == code && before(due));
        let load_minutes = here.map(|(_, minutes)| minutes).sum();
        let centre = Centre { daily_minutes: centre.daily_minutes, load_minutes };
        let days = self.bom(&row.product).map_or(0, |bom| bom.make_days);
        let done = centre.done(&self.house.calendar, when, row.left_minutes)?;
        done.checked_add(Span::new().days(days)).ok()
    }

    /// That the work centre has not the time until the day, behind what is to be done there by then.
    fn full(&self, row: &WorkOrderRow, when: (Date, Date), path: String) -> Option<Fault> {
        let due: Date = row.due_date.as_deref()?.parse().ok()?;
        let done = self.done(row, when, Some(due)).filter(|done| *done > due)?;
        let fault = Fault::new("work_centre_full", path).with("date", due.to_string());
        let centre = row.work_centre.as_deref().unwrap_or_default();
        Some(fault.with("work_centre", centre).with("done", done.to_string()))
    }

    fn load(&mut self, row: &WorkOrderRow, sign: i64) {
        if let Some((centre, minutes)) = load_of(row) {
            let at = (self.org, (centre, row.due_date.clone()));
            *self.loads.entry(at).or_default() += sign * minutes;
        }
    }

    /// What all of it is made of.
    fn parts(&self, row: &WorkOrderRow) -> Vec<WorkPartRow> {
        let bom = self.bom(&row.product);
        let components = bom.map(components).unwrap_or_default();
        let part = |of: Component| WorkPartRow {
            org: row.org,
            number: row.number.clone(),
            qty_milli: of.need_milli(row.qty_milli),
            product: of.product,
        };
        components.into_iter().map(part).collect()
    }
}

/// The time that a work order takes of a work centre.
fn load_of(row: &WorkOrderRow) -> Option<(String, i64)> {
    let counts = matches!(row.state.as_str(), "planned" | "released");
    row.work_centre.clone().filter(|_| counts).map(|centre| (centre, row.left_minutes))
}

/// Books what was made: its parts go out, it comes in. A request is booked whole or not at all.
pub(super) fn finish(
    items: &[FinishItem],
    batch: &Batch<'_>,
    org: i64,
    by: &By,
) -> Result<Upsert, GateError> {
    let house = batch.house(org)?;
    let plan = Plan { batch, org, house: &house, loads: BTreeMap::new() };
    let mut desk = Desk::open(batch, org, by);
    let mut upsert = Upsert::new("finish_work");
    let mut rows: BTreeMap<String, WorkOrderRow> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        let at = |field: &str| format!("items[{index}].{field}");
        let number = desk.reading.code(&item.number, at("number"));
        let stored = || batch.slice.work_orders.get(&(org, number.clone())).cloned();
        let Some(mut row) = rows.get(&number).cloned().or_else(stored) else {
            desk.reading.fault(Fault::new("unknown_work", at("number")).with("found", shortened(&number)));
            continue;
        };
        let Some(made) = made(item, &row, &mut desk.reading, at) else { continue };
        for (field, milli) in [("quantity", made.good_milli), ("scrapped", made.scrap_milli)] {
            known::check_whole(batch, (org, &row.product), milli, at(field), &mut desk.reading);
        }
        for movement in movements(batch, &row, made, item.reference.as_ref()) {
            desk.apply(&movement, &at("quantity"));
            upsert.touched.products.push(movement.product.clone());
            upsert.rows.movements.push(movement);
        }
        let source = Source::Work { number: row.number.clone() };
        let arrived = row.warehouse.clone().map(|warehouse| (warehouse, made.good_milli));
        upsert.moved.push(MovedSupply { source, arrived });
        row.finished_milli += made.good_milli;
        row.scrapped_milli += made.scrap_milli;
        row.left_minutes = plan.minutes(&row.product, open_milli(&row));
        row.updated_at_ms = by.at_ms;
        if open_milli(&row) == 0 {
            row.state = "finished".to_owned();
        }
        rows.insert(number, row);
    }
    desk.reading.refuse()?;
    for row in rows.values() {
        let stored = batch.slice.work_orders.get(&(org, row.number.clone()));
        let change = Change::between("work_order", &row.number, stored.map(shown).as_ref(), &shown(row));
        upsert.note(change, false);
    }
    upsert.rows.work_orders = rows.into_values().collect();
    upsert.rows.stock = desk.places.into_values().collect();
    Ok(upsert)
}

/// What of a work order is still to be made.
fn open_milli(row: &WorkOrderRow) -> i64 {
    (row.qty_milli - row.finished_milli - row.scrapped_milli).max(0)
}

#[derive(Clone, Copy)]
struct Made {
    good_milli: i64,
    scrap_milli: i64,
}

/// How much was made, if it can have been made of this order.
fn made(
    item: &FinishItem,
    row: &WorkOrderRow,
    reading: &mut Reading,
    at: impl Fn(&str) -> String,
) -> Option<Made> {
    let bounds = (3, QTY_MILLI_MAX);
    let good = reading.number(item.quantity.as_deref(), Some(0), bounds, at("quantity")).unwrap_or(0);
    let scrap = reading.number(item.scrapped.as_deref(), Some(0), bounds, at("scrapped")).unwrap_or(0);
    let all = good.saturating_add(scrap);
    let fault = if item.product.trim() != row.product {
        let fault = Fault::new("other_product", at("product")).with("found", shortened(&item.product));
        fault.with("ordered", &row.product)
    } else if row.state != "released" {
        Fault::new("work_not_released", at("number")).with("state", &row.state)
    } else if all == 0 {
        let found = item.quantity.as_deref().unwrap_or_default();
        Fault::new("not_positive", at("quantity")).with("found", shortened(found))
    } else if all > open_milli(row) {
        let fault = Fault::new("more_than_ordered", at("quantity")).with("found", qty_text(all));
        fault.with("open", qty_text(open_milli(row)))
    } else {
        return Some(Made { good_milli: good, scrap_milli: scrap });
    };
    reading.fault(fault);
    None
}

/// The parts that go out, and what comes in. Of each part so much that all of them have gone out with the last piece.
fn movements(batch: &Batch<'_>, row: &WorkOrderRow, made: Made, reference: Option<&String>) -> Vec<Movement> {
    let from = (row.org, row.number.clone(), String::new());
    let parts = batch.slice.work_parts.range(from..);
    let parts = parts.take_while(|((org, number, _), _)| (*org, number) == (row.org, &row.number));
    let until = |part: &WorkPartRow, done: i64| {
        let (need, done, of) =
            (i128::from(part.qty_milli), i128::from(done), i128::from(row.qty_milli.max(1)));
        i64::try_from((need * done + of - 1) / of).unwrap_or(i64::MAX)
    };
    let before = row.finished_milli + row.scrapped_milli;
    let after = before + made.good_milli + made.scrap_milli;
    let moved = |product: &str, qty_milli: i64, kind: &'static str| Movement {
        product: product.to_owned(),
        warehouse: row.warehouse.clone().unwrap_or_default(),
        qty_milli,
        kind,
        reason: reference.cloned(),
        reference: Some(row.number.clone()),
    };
    let used = |part: &WorkPartRow| until(part, after) - until(part, before);
    let mut movements: Vec<Movement> = parts
        .map(|(_, part)| (&part.product, used(part)))
        .filter(|(_, used)| *used > 0)
        .map(|(product, used)| moved(product, -used, "consumption"))
        .collect();
    movements.extend((made.good_milli > 0).then(|| moved(&row.product, made.good_milli, "production")));
    movements
}

/// The row as the log shows it.
fn shown(row: &WorkOrderRow) -> Value {
    json!({
        "state": row.state, "product": row.product, "warehouse": row.warehouse, "work_centre": row.work_centre,
        "quantity": qty_text(row.qty_milli), "finished": qty_text(row.finished_milli),
        "scrapped": qty_text(row.scrapped_milli), "due_date": row.due_date,
        "owner": row.owner.map(uuid::Uuid::from_bytes),
    })
}
