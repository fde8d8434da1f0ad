//! Stock held by an order, line by line.

use std::collections::BTreeMap;

use rusqlite::Connection;

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
    /// What of a product orders hold that are not confirmed yet, by warehouse.
    pub fn held_softly(&self, org: i64, products: &[&str]) -> Result<SoftlyHeld, StoreError> {
        let sql = "SELECT warehouse, sum(qty_milli) FROM reservation
            WHERE org_id = ? AND product = ? AND kind = 'soft' GROUP BY warehouse";
        self.read(|c| {
            let mut statement = c.prepare_cached(sql)?;
            let mut held = SoftlyHeld::new();
            for product in products {
                let mut rows = statement.query((org, product))?;
                while let Some(row) = rows.next()? {
                    held.insert(((*product).to_owned(), row.get(0)?), row.get(1)?);
                }
            }
            Ok(held)
        })
    }

    pub fn reservations_of_order(&self, org: i64, order: Id) -> Result<Vec<ReservationRow>, StoreError> {
        let sql = "WHERE org_id = ? AND order_id = ? ORDER BY line, product, warehouse";
        self.read(|c| all(c, sql, (org, order)))
    }
}
