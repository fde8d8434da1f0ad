//! Stock per product and warehouse. What is reserved changes only by guarded moves, so that not even a
//! wrong decision above can promise a piece twice; what is on hand only by movements of the ledger.

use crate::sql::{Connection, each_one};

use crate::Store;
use crate::StoreError;
use crate::reader::page;
use crate::row::{all, any_number, row, run_each};

row! {
    StockRow in "stock"
    key { product: String, warehouse: String, }
    rest {
        on_hand_milli: i64,
        reserved_milli: i64,
        frozen_milli: i64,
        safety_milli: i64,
        /// Below this people are told.
        reorder_milli: i64,
        as_of_ms: i64,
        updated_at_ms: i64,
    }
}

/// Reserves (above zero) or frees (below zero).
#[derive(Clone, Debug, PartialEq)]
pub struct StockMove {
    pub org: i64,
    pub product: String,
    pub warehouse: String,
    pub delta_milli: i64,
}

/// Writes of a row that exists neither what is reserved nor what is on hand.
pub(crate) fn put(connection: &Connection<'_>, rows: &[StockRow]) -> Result<(), StoreError> {
    let sql = "INSERT INTO stock (org_id, product, warehouse, on_hand_milli, reserved_milli, frozen_milli,
            safety_milli, reorder_milli, as_of_ms, updated_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (org_id, product, warehouse) DO UPDATE SET frozen_milli = excluded.frozen_milli,
            safety_milli = excluded.safety_milli, reorder_milli = excluded.reorder_milli,
            as_of_ms = excluded.as_of_ms, updated_at_ms = excluded.updated_at_ms";
    let rows = rows.iter().map(|s| {
        (
            s.org,
            &s.product,
            &s.warehouse,
            s.on_hand_milli,
            s.reserved_milli,
            s.frozen_milli,
            s.safety_milli,
            s.reorder_milli,
            s.as_of_ms,
            s.updated_at_ms,
        )
    });
    run_each(connection, sql, rows, any_number)
}

pub(crate) fn move_reserved(connection: &Connection<'_>, moves: &[StockMove]) -> Result<(), StoreError> {
    // Freeing first: within one commit, what one order gives back another may take.
    let free = "UPDATE stock SET reserved_milli = reserved_milli + ?
        WHERE org_id = ? AND product = ? AND warehouse = ?";
    let freed = moves.iter().filter(|m| m.delta_milli <= 0);
    each_one(connection, free, freed.map(parameters), "stock")?;
    let reserve = "UPDATE stock SET reserved_milli = reserved_milli + $1
        WHERE org_id = $2 AND product = $3 AND warehouse = $4
        AND on_hand_milli - frozen_milli - safety_milli - reserved_milli >= $1";
    let reserved = moves.iter().filter(|m| m.delta_milli > 0);
    each_one(connection, reserve, reserved.map(parameters), "stock")
}

fn parameters(m: &StockMove) -> (i64, i64, &str, &str) {
    (m.delta_milli, m.org, &m.product, &m.warehouse)
}

impl Store {
    pub fn stock_of_product(&self, org: i64, product: &str) -> Result<Vec<StockRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? AND product = ? ORDER BY warehouse", (org, product)))
    }

    /// By (product, warehouse), after `after`; `q` is a part of the product's code.
    pub fn list_stock(
        &self,
        org: i64,
        q: &str,
        after: (&str, &str),
        limit: usize,
    ) -> Result<Vec<StockRow>, StoreError> {
        let sql = "WHERE org_id = ? AND (product, warehouse) > (?, ?) AND instr(lower(product), ?) > 0
            ORDER BY product, warehouse LIMIT ?";
        self.read(|c| all(c, sql, (org, after.0, after.1, q.to_lowercase(), page(limit))))
    }
}
