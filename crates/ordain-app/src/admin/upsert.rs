//! The common shape of bulk commands: rows to write, what differs, and the counts that are answered.
//! Planning and writing are apart, so that a rehearsal is the same computation without the second part.

use super::AdminDone;
use super::change::Change;
use super::recheck::Touched;
use crate::case::decide::By;
use crate::gate::low_stock::{Low, deliverable_milli, fallen, is_low};
use crate::gate::moves::Booked;
use crate::gate::supplies::MovedSupply;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_store::{
    BomRow, CustomerRow, Id, PriceRow, ProductRow, PurchaseLineRow, SignedOut, StockMovementRow, StockRow,
    UserRow, WarehouseRow, WorkCentreRow, WorkOrderRow, WorkPartRow,
};

/// A planned bulk command.
#[derive(Default)]
pub(super) struct Upsert {
    pub command: &'static str,
    pub furnishes: bool,
    pub rows: Rows,
    pub events: Vec<Change>,
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub findings: Vec<Fault>,
    pub touched: Touched,
    /// Supplies that orders may have been promised.
    pub moved: Vec<MovedSupply>,
}

#[derive(Default)]
pub(super) struct Rows {
    pub customers: Vec<CustomerRow>,
    pub products: Vec<ProductRow>,
    pub prices: Vec<PriceRow>,
    /// As they are afterwards.
    pub stock: Vec<StockRow>,
    pub movements: Vec<Movement>,
    pub purchases: Vec<PurchaseLineRow>,
    pub boms: Vec<BomRow>,
    pub work_centres: Vec<WorkCentreRow>,
    pub work_orders: Vec<WorkOrderRow>,
    pub work_parts: Vec<WorkPartRow>,
    pub warehouses: Vec<WarehouseRow>,
    pub users: Vec<UserRow>,
    /// People whose sessions end.
    pub signed_out: Vec<Id>,
}

/// A movement of goods that is about to be booked.
#[derive(Clone, Debug)]
pub(super) struct Movement {
    pub product: String,
    pub warehouse: String,
    pub qty_milli: i64,
    pub kind: &'static str,
    pub reason: Option<String>,
    pub reference: Option<String>,
}

impl Movement {
    fn row(self, booked: &Booked, n: i64) -> StockMovementRow {
        StockMovementRow {
            org: booked.org,
            seq: booked.seq,
            n,
            at_ms: booked.at_ms,
            product: self.product,
            warehouse: self.warehouse,
            qty_milli: self.qty_milli,
            kind: self.kind.to_owned(),
            reason: self.reason,
            reference: self.reference,
            order_id: None,
            actor: booked.actor.clone(),
        }
    }
}

impl Upsert {
    pub fn new(command: &'static str) -> Self {
        Self { command, ..Self::default() }
    }

    /// The same as another act, with the reason that it asks for.
    pub fn because(mut self, command: &'static str, reason: &str) -> Self {
        self.command = command;
        self.events.iter_mut().for_each(|change| change.reason = Some(reason.to_owned()));
        self
    }

    /// Counts one object and says whether it has to be written.
    pub fn note(&mut self, change: Option<Change>, is_new: bool) -> bool {
        let Some(change) = change else {
            self.unchanged += 1;
            return false;
        };
        if is_new {
            self.created += 1;
        } else {
            self.updated += 1;
        }
        self.events.push(change);
        true
    }

    pub fn rehearsed(self) -> AdminDone {
        AdminDone::Upserted {
            created: self.created,
            updated: self.updated,
            unchanged: self.unchanged,
            findings: self.findings,
            touched: Touched::default(),
        }
    }

    /// Writes rows and log entry, and lets the rest of the batch see the rows.
    pub fn write(mut self, batch: &mut Batch<'_>, org: i64, by: &By) -> Result<AdminDone, GateError> {
        if !self.events.is_empty() {
            batch.record_admin(org, self.command, by, &self.events, self.furnishes)?;
        }
        let actor = serde_json::to_string(&by.actor).map_err(|error| GateError::Bug(error.to_string()))?;
        let booked = Booked { org, seq: batch.last_seq(org), actor, at_ms: by.at_ms };
        let low = self.rows.fallen(batch, org);
        if !low.is_empty() {
            let house = batch.house(org)?;
            batch.warn_of(&low, &house, org, by);
        }
        let counted = self.rows.stock.iter().filter(|row| row.reserved_milli > deliverable_milli(row));
        let short: Vec<(String, String)> =
            counted.map(|row| (row.product.clone(), row.warehouse.clone())).collect();
        std::mem::take(&mut self.rows).write(batch, &booked);
        batch.keep_promises(org, &self.moved, by)?;
        for (product, warehouse) in &short {
            batch.keep_shelf(org, (product, warehouse), by)?;
        }
        let touched = std::mem::take(&mut self.touched);
        let AdminDone::Upserted { created, updated, unchanged, findings, .. } = self.rehearsed() else {
            return Ok(AdminDone::Nothing);
        };
        Ok(AdminDone::Upserted { created, updated, unchanged, findings, touched })
    }
}

impl Rows {
    /// The stock that is low by these rows and was not before.
    fn fallen(&self, batch: &Batch<'_>, org: i64) -> Vec<Low> {
        let was_low = |row: &StockRow| {
            let key = (org, row.product.clone(), row.warehouse.clone());
            batch.slice.stock.get(&key).is_some_and(is_low)
        };
        self.stock.iter().filter_map(|row| fallen(was_low(row), row)).collect()
    }

    fn write(self, batch: &mut Batch<'_>, booked: &Booked) {
        self.show(batch, booked.org);
        let changes = batch.changes();
        changes.customers.extend(self.customers);
        changes.products.extend(self.products);
        changes.prices.extend(self.prices);
        // A new row begins with nothing: what is on hand is what the movements add to it.
        changes.stock.extend(self.stock.into_iter().map(|row| StockRow { on_hand_milli: 0, ..row }));
        let movements = (0..).zip(self.movements).map(|(n, movement)| movement.row(booked, n));
        changes.stock_movements.extend(movements);
        changes.purchases.extend(self.purchases);
        changes.boms.extend(self.boms);
        changes.work_centres.extend(self.work_centres);
        changes.work_orders.extend(self.work_orders);
        changes.work_parts.extend(self.work_parts);
        changes.warehouses.extend(self.warehouses);
        changes.users.extend(self.users);
        let signed_out =
            self.signed_out.into_iter().map(|user| SignedOut { org: booked.org, user, but: None });
        changes.sessions_of_users_removed.extend(signed_out);
    }

    /// Puts the rows where the next command of the batch looks.
    fn show(&self, batch: &mut Batch<'_>, org: i64) {
        let slice = &mut batch.slice;
        slice.customers.extend(self.customers.iter().map(|row| ((org, row.code.clone()), row.clone())));
        slice.products.extend(self.products.iter().map(|row| ((org, row.code.clone()), row.clone())));
        for row in &self.prices {
            let rows = slice.prices.entry((org, row.product.clone(), row.customer.clone())).or_default();
            rows.retain(|old| old.place() != row.place());
            rows.push(row.clone());
            rows.sort_by_key(|row| row.min_qty_milli);
        }
        for row in &self.stock {
            slice.stock.insert((org, row.product.clone(), row.warehouse.clone()), row.clone());
        }
        for row in &self.work_orders {
            slice.work_orders.insert((org, row.number.clone()), row.clone());
        }
        for row in &self.work_parts {
            slice.work_parts.insert((org, row.number.clone(), row.product.clone()), row.clone());
        }
        for row in &self.work_centres {
            slice.work_centres.insert((org, row.code.clone()), row.clone());
        }
        slice.boms.extend(self.boms.iter().map(|row| ((org, row.product.clone()), row.clone())));
        for row in &self.purchases {
            slice.purchases.insert((org, row.number.clone(), row.line), row.clone());
        }
        slice.warehouses.extend(self.warehouses.iter().map(|row| ((org, row.code.clone()), row.clone())));
        slice.users.extend(self.users.iter().map(|row| ((org, row.id), row.clone())));
    }
}
