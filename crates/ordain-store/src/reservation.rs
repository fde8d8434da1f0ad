//! Stock held by an order, line by line.

use std::collections::BTreeMap;

use crate::sql::Connection;

use crate::row::{all, any_number, insert, row, run_each};
use crate::{Id, Store, StoreError};

row! {
    /// `kind` is `soft` or `hard`.
    ReservationRow in "reservation"
    key { order_id: Id, line: i64, product: String, warehouse: String, }
    rest { qty_milli: i64, kind: String, }
}

/// Thousandths by (product, warehouse).
pub type SoftlyHeld = BTreeMap<(String, String), i64>;

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

pub(crate) fn replace(connection: &Connection<'_>, orders: &[Reservations]) -> Result<(), StoreError> {
    let sql = "DELETE FROM reservation WHERE org_id = ? AND order_id = ?";
    let replaced = orders.iter().filter(|of| !of.first).map(|of| (of.org, of.order_id));
    run_each(connection, sql, replaced, any_number)?;
    insert(connection, orders.iter().flat_map(|of| &of.rows))
}

pub(crate) fn harden(connection: &Connection<'_>, orders: &[Harden]) -> Result<(), StoreError> {
    let sql = "UPDATE reservation SET kind = 'hard' WHERE org_id = ? AND order_id = ? AND kind = 'soft'";
    run_each(connection, sql, orders.iter().map(|of| (of.org, of.order_id)), any_number)
}

impl Store {
    /// What of a product orders hold that are not confirmed yet, by warehouse.
    pub fn held_softly(&self, org: i64, products: &[&str]) -> Result<SoftlyHeld, StoreError> {
        let sql = "SELECT product, warehouse, CAST(sum(qty_milli) AS BIGINT) FROM reservation
            WHERE org_id = ? AND product = ? AND kind = 'soft' GROUP BY product, warehouse";
        self.read(|c| {
            let mut held = SoftlyHeld::new();
            c.each(sql, products.iter().map(|product| (org, *product)), |row| {
                held.insert((row.get(0)?, row.get(1)?), row.get(2)?);
                Ok(())
            })?;
            Ok(held)
        })
    }

    pub fn reservations_of_order(&self, org: i64, order: Id) -> Result<Vec<ReservationRow>, StoreError> {
        let sql = "WHERE org_id = ? AND order_id = ? ORDER BY line, product, warehouse";
        self.read(|c| all(c, sql, (org, order)))
    }
}
