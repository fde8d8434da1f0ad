//! The rows that a batch writes: for every command the difference between the case before and after, merged per key.

use super::command::GateError;
use super::moves::{exposure_moves, is_over, stock_moves, supply_moves};
use super::part_shortage::{Parts, is_made};
use super::project::{self, OutboxMessage};
use super::records::record_rows;
use super::shortage::{self, Shortage};
use crate::case::decide::By;
use crate::case::event::Event;
use crate::case::timers;
use crate::case::world::House;
use crate::case::{Case, Task, TaskState, deadline};
use ordain_domain::order::Event as OrderEvent;
use ordain_domain::promise::{Incoming, Source};
use ordain_flow::doc::Channel;
use ordain_store::{
    ChangeRequestRow, Changes, ExceptionRow, ExposureMove, Harden, Hash, Id, IncomingRow, Incomings,
    OrderRecordRow, OrderRow, PurchaseRequests, Receivables, ReservationRow, Reservations, ShortLines, Slice,
    StockMove, SupplyMove, TaskRow, TimerClear, TimerRow, Unmatched, UpdatedOrder, WorkRequests,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Rows of one batch, merged per key as commands are decided.
#[derive(Default)]
pub(super) struct Rows {
    pub changes: Changes,
    /// Version the row has in the database; `None` for an order that is not there yet.
    orders: BTreeMap<(i64, Id), (Option<i64>, OrderRow)>,
    stock: BTreeMap<(i64, String, String), i64>,
    supplies: BTreeMap<(i64, Source), i64>,
    exposure: BTreeMap<(i64, String), i64>,
    reservations: BTreeMap<(i64, Id), Reservations>,
    incoming: BTreeMap<(i64, Id), Incomings>,
    hardened: BTreeSet<(i64, Id)>,
    receivables: BTreeMap<(i64, Id), Receivables>,
    records: BTreeMap<(i64, Id, String, i64), OrderRecordRow>,
    tasks: BTreeMap<(i64, Id), TaskRow>,
    exceptions: BTreeMap<(i64, Id), ExceptionRow>,
    change_requests: BTreeMap<(i64, Id), ChangeRequestRow>,
    timers: BTreeMap<(i64, Id, &'static str, String), Option<TimerRow>>,
    short_lines: BTreeMap<(i64, Id), ShortLines>,
    unmatched: BTreeMap<(i64, Id), Unmatched>,
    purchase_requests: BTreeMap<(i64, Id), PurchaseRequests>,
    work_requests: BTreeMap<(i64, Id), WorkRequests>,
}

impl Rows {
    /// Adds what one command changed of a case; says whether there is something to deliver.
    #[allow(clippy::too_many_arguments)] // one call, from the one place that has all of it
    pub fn of_case(
        &mut self,
        org: i64,
        before: Option<&Case>,
        after: &Case,
        events: &[Event],
        (house, slice): (&House, &Slice),
        head: Hash,
        by: &By,
    ) -> Result<bool, GateError> {
        let id = after.order.id.into_bytes();
        let row = project::order_row(org, after, house, head)?;
        let version = before.map(|case| case.version);
        self.orders.entry((org, id)).and_modify(|(_, old)| *old = row.clone()).or_insert((version, row));
        self.resources(org, before, after);
        self.incoming(org, before, after);
        self.receivables(org, before, after, house);
        self.records(org, before, after, house);
        self.waiting(org, before, after);
        self.requests(org, before, after, (house, slice), by);
        self.tasks(org, before, after, house)?;
        self.exceptions(org, before, after);
        self.change_requests(org, before, after);
        self.timers(org, before, after, house);
        self.notices(org, after, events, by)
    }

    fn resources(&mut self, org: i64, before: Option<&Case>, after: &Case) {
        let id = after.order.id.into_bytes();
        for ((product, warehouse), delta) in stock_moves(before, after) {
            *self.stock.entry((org, product, warehouse)).or_default() += delta;
        }
        for (customer, delta) in exposure_moves(before, after) {
            *self.exposure.entry((org, customer)).or_default() += delta;
        }
        let held_before = before.map(|case| case.order.stock_taken()).unwrap_or_default();
        let held = after.order.stock_taken();
        let confirmed = after.order.status.is_firm();
        let kind = if confirmed { "hard" } else { "soft" };
        if held_before != held {
            let row = |held: &ordain_domain::stock::Allocation| ReservationRow {
                org,
                order_id: id,
                line: i64::from(held.line),
                product: held.product.clone(),
                warehouse: held.warehouse.clone(),
                qty_milli: held.qty_milli,
                kind: kind.to_owned(),
            };
            let rows = held.iter().map(row).collect();
            let first = self.reservations.get(&(org, id)).map_or(held_before.is_empty(), |old| old.first);
            self.reservations.insert((org, id), Reservations { org, order_id: id, first, rows });
        } else if confirmed && before.is_some_and(|case| !case.order.status.is_firm()) {
            match self.reservations.get_mut(&(org, id)) {
                Some(pending) => pending.rows.iter_mut().for_each(|row| row.kind = kind.to_owned()),
                None => drop(self.hardened.insert((org, id))),
            }
        }
    }

    /// What the order was promised of goods that are to come.
    fn incoming(&mut self, org: i64, before: Option<&Case>, after: &Case) {
        let had = before.map(|case| case.order.coming_taken()).unwrap_or_default();
        let has = after.order.coming_taken();
        if had == has {
            return;
        }
        for (source, delta) in supply_moves(before, after) {
            *self.supplies.entry((org, source)).or_default() += delta;
        }
        let order_id = after.order.id.into_bytes();
        let row = |part: &Incoming| IncomingRow {
            org,
            kind: part.source.kind().to_owned(),
            number: part.source.number().to_owned(),
            n: part.source.line(),
            order_id,
            line: i64::from(part.line),
            product: part.product.clone(),
            qty_milli: part.qty_milli,
            due_date: part.date.to_string(),
        };
        let rows = has.iter().map(row).collect();
        let first = self.incoming.get(&(org, order_id)).map_or(had.is_empty(), |old| old.first);
        self.incoming.insert((org, order_id), Incomings { org, order_id, first, rows });
    }

    fn receivables(&mut self, org: i64, before: Option<&Case>, after: &Case, house: &House) {
        let rows = project::receivable_rows(org, after, house);
        let had = before.map(|case| project::receivable_rows(org, case, house)).unwrap_or_default();
        let stage = project::stage_row(org, after);
        let stood = before.and_then(|case| project::stage_row(org, case));
        if rows != had || stage != stood {
            let order_id = after.order.id.into_bytes();
            let bare = had.is_empty() && stood.is_none();
            let first = self.receivables.get(&(org, order_id)).map_or(bare, |old| old.first);
            self.receivables.insert((org, order_id), Receivables { org, order_id, first, rows, stage });
        }
    }

    fn records(&mut self, org: i64, before: Option<&Case>, after: &Case, house: &House) {
        let had = before.map(|case| record_rows(org, case, house)).unwrap_or_default();
        for row in record_rows(org, after, house) {
            if !had.iter().any(|old| old.says_the_same(&row)) {
                self.records.insert((org, row.order_id, row.kind.clone(), row.n), row);
            }
        }
    }

    /// What the order waits for, so that a stock feed or new master data finds it.
    fn waiting(&mut self, org: i64, before: Option<&Case>, after: &Case) {
        let order_id = after.order.id.into_bytes();
        let (short_before, short) =
            (before.map(project::short_products).unwrap_or_default(), project::short_products(after));
        if short_before != short {
            self.short_lines.insert((org, order_id), ShortLines { org, order_id, products: short });
        }
        let (codes_before, codes) =
            (before.map(project::unmatched_codes).unwrap_or_default(), project::unmatched_codes(after));
        if codes_before != codes {
            self.unmatched.insert((org, order_id), Unmatched { org, order_id, codes });
        }
    }

    /// What purchasing and production are asked for: the goods the order is short of, by company rule. When an order
    /// ends, what was ordered and planned for it is anybody's.
    fn requests(
        &mut self,
        org: i64,
        before: Option<&Case>,
        after: &Case,
        (house, slice): (&House, &Slice),
        by: &By,
    ) {
        let had = before.map(shortage::of).unwrap_or_default();
        let has = shortage::of(after);
        let over = is_over(after) && before.is_some_and(|case| !is_over(case));
        if had == has && !over {
            return;
        }
        let order_id = after.order.id.into_bytes();
        let made = |short: &Shortage| is_made(&slice.boms, house, &(org, short.product.clone()));
        let mut parts = Parts::of(slice, (org, house), after, by.at_ms);
        let mut new: Vec<Shortage> = Vec::new();
        let (mut make, mut buy) = (Vec::new(), Vec::new());
        for short in has {
            let of_parts = if made(&short) { parts.short_of(&short) } else { Vec::new() };
            let is_new = !had.contains(&short);
            for short in std::iter::once(short).chain(of_parts) {
                new.extend(is_new.then(|| short.clone()));
                if made(&short) {
                    make.push(short)
                } else {
                    buy.push(short)
                };
            }
        }
        if !house.rules.shortage_asks_purchasing {
            new.retain(|short| !buy.contains(short));
            buy.clear();
        }
        let answer_by_ms = shortage::answer_by(house, by);
        let rows = shortage::requests(org, after, &buy, answer_by_ms);
        self.purchase_requests.insert((org, order_id), PurchaseRequests { org, order_id, over, rows });
        let rows = shortage::work_requests(org, (after, answer_by_ms), &make, &slice.boms);
        self.work_requests.insert((org, order_id), WorkRequests { org, order_id, over, rows });
        self.changes.notices.extend(shortage::notices(&new, after, house, org, by));
    }

    fn tasks(
        &mut self,
        org: i64,
        before: Option<&Case>,
        after: &Case,
        house: &House,
    ) -> Result<(), GateError> {
        for (number, task) in &after.tasks {
            let old = before.and_then(|case| Some((case, case.tasks.get(number)?)));
            // What keeps its clock from running may lie outside of it.
            let due = |(case, old): (&Case, &Task)| deadline::due_by(old, case, house);
            if old.is_none_or(|(case, old)| old != task || due((case, old)) != due((after, task))) {
                let row = project::task_row(org, after, house, task)?;
                self.tasks.insert((org, row.id), row);
            }
        }
        // What a move to another version asked of people is gone when the move is undone.
        let gone = |number: &u32| !after.tasks.contains_key(number);
        for (_, task) in before.into_iter().flat_map(|case| &case.tasks).filter(|(number, _)| gone(number)) {
            let state = TaskState::Closed { at_ms: after.order.updated_ms, by: None, reason: None };
            let closed = Task { state, ..task.clone() };
            let row = project::task_row(org, after, house, &closed)?;
            self.tasks.insert((org, row.id), row);
        }
        Ok(())
    }

    fn exceptions(&mut self, org: i64, before: Option<&Case>, after: &Case) {
        let known = before.map_or(&[][..], |case| &case.exceptions);
        for (index, exception) in after.exceptions.iter().enumerate() {
            if known.get(index) != Some(exception) {
                let row = project::exception_row(org, after, exception);
                self.exceptions.insert((org, row.id), row);
            }
        }
    }

    fn change_requests(&mut self, org: i64, before: Option<&Case>, after: &Case) {
        let known = before.map_or(&[][..], |case| &case.order.changes);
        for (index, change) in after.order.changes.iter().enumerate() {
            if known.get(index) != Some(change) {
                let row = project::change_request_row(org, after, change);
                self.change_requests.insert((org, row.id), row);
            }
        }
    }

    fn timers(&mut self, org: i64, before: Option<&Case>, after: &Case, house: &House) {
        let order_id = after.order.id.into_bytes();
        let had = before.map(|case| timers::wanted(case, house)).unwrap_or_default();
        let wants = timers::wanted(after, house);
        for ((kind, key), _) in had.iter().filter(|(timer, _)| !wants.contains_key(*timer)) {
            self.timers.insert((org, order_id, kind.name(), key.clone()), None);
        }
        for ((kind, key), due) in wants.iter().filter(|(timer, due)| had.get(*timer) != Some(*due)) {
            self.arm(org, order_id, (*kind, key), *due);
        }
    }

    /// Writes every timer of an order once more, and no other: what the house says of them may have changed since they
    /// were set.
    pub(super) fn arm_again(&mut self, org: i64, case: &Case, house: &House) {
        let order_id = case.order.id.into_bytes();
        self.changes.timers_cleared.push(TimerClear::Order { org, order_id });
        for ((kind, key), due) in timers::wanted(case, house) {
            self.arm(org, order_id, (kind, &key), due);
        }
    }

    fn arm(&mut self, org: i64, order_id: Id, (kind, key): (timers::TimerKind, &str), due_at_ms: i64) {
        let row = TimerRow {
            org,
            id: project::timer_id(order_id, kind, key),
            order_id: Some(order_id),
            kind: kind.name().to_owned(),
            key: key.to_owned(),
            due_at_ms,
            body: String::new(),
        };
        self.timers.insert((org, order_id, kind.name(), key.to_owned()), Some(row));
    }

    fn notices(&mut self, org: i64, after: &Case, events: &[Event], by: &By) -> Result<bool, GateError> {
        let mut outbox = false;
        let failed = |id: &Uuid| {
            events
                .iter()
                .any(|event| matches!(event, Event::Order(OrderEvent::NoticeFailed { id: f, .. }) if f == id))
        };
        for event in events {
            if let Event::CallMade { visit, .. } = event {
                outbox = true;
                self.changes.outbox.push(project::call_row(org, after, *visit, by));
            }
            if let Event::HookCalled { id, .. } = event {
                outbox = true;
                self.changes.outbox.push(project::hook_row(org, after, *id, by));
            }
            let Event::Order(OrderEvent::NoticeQueued { id, template, channel, to, .. }) = event else {
                continue;
            };
            if channel == "in_app" {
                self.changes.notices.extend(project::notice_row(org, after, *id, template, to, by));
            } else if !failed(id) {
                outbox = true;
                let by_way = Channel::parse(channel).filter(|channel| *channel != Channel::Mail);
                let (template, to) = (template.clone(), to.clone());
                let message = OutboxMessage { template, to, version: after.version, by: by_way };
                let channel = message.outbox_channel();
                let message =
                    serde_json::to_string(&message).map_err(|error| GateError::Bug(error.to_string()))?;
                let row = project::outbox_row(org, after, id.into_bytes(), (channel, message), by);
                self.changes.outbox.push(row);
            }
        }
        Ok(outbox)
    }

    pub fn into_changes(mut self) -> Changes {
        for (_, (version, row)) in self.orders {
            match version {
                None => self.changes.new_orders.push(row),
                Some(expected_version) => {
                    self.changes.updated_orders.push(UpdatedOrder { expected_version, row })
                }
            }
        }
        let moved = self.stock.into_iter().filter(|(_, delta)| *delta != 0);
        self.changes.stock_moves.extend(moved.map(|((org, product, warehouse), delta_milli)| StockMove {
            org,
            product,
            warehouse,
            delta_milli,
        }));
        let moved = self.supplies.into_iter().filter(|(_, delta)| *delta != 0);
        self.changes.supply_moves.extend(moved.map(|((org, source), delta_milli)| SupplyMove {
            org,
            kind: source.kind().to_owned(),
            number: source.number().to_owned(),
            n: source.line(),
            delta_milli,
        }));
        self.changes.incoming.extend(self.incoming.into_values());
        let moved = self.exposure.into_iter().filter(|(_, delta)| *delta != 0);
        self.changes.exposure_moves.extend(moved.map(|((org, customer), delta_minor)| ExposureMove {
            org,
            customer,
            delta_minor,
        }));
        self.changes.reservations.extend(self.reservations.into_values());
        self.changes
            .hardened
            .extend(self.hardened.into_iter().map(|(org, order_id)| Harden { org, order_id }));
        self.changes.receivables.extend(self.receivables.into_values());
        self.changes.records.extend(self.records.into_values());
        self.changes.tasks.extend(self.tasks.into_values());
        self.changes.exceptions.extend(self.exceptions.into_values());
        self.changes.change_requests.extend(self.change_requests.into_values());
        for ((org, order, kind, key), timer) in self.timers {
            let (order_id, kind) = (Some(order), kind.to_owned());
            match timer {
                Some(row) => self.changes.timers.push(row),
                None => self.changes.timers_cleared.push(TimerClear::Key { org, order_id, kind, key }),
            }
        }
        self.changes.short_lines.extend(self.short_lines.into_values());
        self.changes.unmatched.extend(self.unmatched.into_values());
        self.changes.purchase_requests.extend(self.purchase_requests.into_values());
        self.changes.work_requests.extend(self.work_requests.into_values());
        self.changes
    }
}
