//! Stock held by an order, line by line.

use rusqlite::Connection;

use crate::row::{all, any_number, insert, row, run_each};
use crate::{Id, Store, StoreError};

row! {
    /// `kind` is `soft` or `hard`.
    ReservationRow in "reservation"
    key { order_id: Id, line: i64, product: String, warehouse: String, }
    rest { qty_milli: i64, kind: String, }
}

/// All reservations of an order from now on.
#[derive(Clone, Debug, PartialEq)]
pub struct Reservations {
    pub org: i64,
    pub order_id: Id,
    /// The order had none: spares the look for rows to delete.
    pub first: bool,
    pub rows: Vec<ReservationRow>,
}

/// Turns every soft reservation of an order into a hard one.
#[derive(Clone, Debug, PartialEq)]
pub struct Harden {
    pub org: i64,
    pub order_id: Id,
}

pub(crate) fn replace(connection: &Connection, orders: &[Reservations]) -> Result<(), StoreError> {
    let sql = "DELETE FROM reservation WHERE org_id = ? AND order_id = ?";
    let replaced = orders.iter().filter(|of| !of.first).map(|of| (of.org, of.order_id));
    run_each(connection, sql, replaced, any_number)?;
    orders.iter().try_for_each(|of| insert(connection, &of.rows))
}

pub(crate) fn harden(connection: &Connection, orders: &[Harden]) -> Result<(), StoreError> {
    let sql = "UPDATE reservation SET kind = 'hard' WHERE org_id = ? AND order_id = ? AND kind = 'soft'";
    run_each(connection, sql, orders.iter().map(|of| (of.org, of.order_id)), any_number)
}

impl Store {
    pub fn reservations_of_order(&self, org: i64, order: Id) -> Result<Vec<ReservationRow>, StoreError> {
        let sql = "WHERE org_id = ? AND order_id = ? ORDER BY line, product, warehouse";
        self.read(|c| all(c, sql, (org, order)))
    }
}
