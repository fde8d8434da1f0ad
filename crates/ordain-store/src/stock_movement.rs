//! The ledger of goods: each change of what is on hand, with its cause. What is on hand changes only by booking a
//! movement, so a balance is the sum of its movements.

use crate::sql::Connection;

use crate::reader::page;
use crate::row::{all, insert, row, run_each};
use crate::{Id, StockRow, Store, StoreError};

row! {
    /// `qty_milli` is what the movement added to what is on hand; below zero it took away. `actor` is JSON.
    StockMovementRow in "stock_movement"
    key {
        /// The log entry that booked it.
        seq: i64,
        n: i64,
    }
    rest {
        at_ms: i64,
        product: String,
        warehouse: String,
        qty_milli: i64,
        kind: String,
        reason: Option<String>,
        reference: Option<String>,
        order_id: Option<Id>,
        actor: String,
    }
}

impl StockMovementRow {
    /// What a database begins with, as if it had been counted before its first entry.
    pub fn opening(row: &StockRow, n: i64) -> Self {
        Self {
            org: row.org,
            seq: 0,
            n,
            at_ms: row.as_of_ms,
            product: row.product.clone(),
            warehouse: row.warehouse.clone(),
            qty_milli: row.on_hand_milli,
            kind: "count".to_owned(),
            reason: None,
            reference: None,
            order_id: None,
            actor: r#"{"kind":"system","name":"feed"}"#.to_owned(),
        }
    }
}

/// Of a product and warehouse: what the movements come to and what is stored as on hand.
pub type OffLedger = (String, String, i64, i64);

/// Writes the movements and what they make of the balances, which exist. Nothing goes below zero.
pub(crate) fn book(connection: &Connection<'_>, movements: &[StockMovementRow]) -> Result<(), StoreError> {
    insert(connection, movements)?;
    let sql = "UPDATE stock SET on_hand_milli = on_hand_milli + $1, updated_at_ms = $2
        WHERE org_id = $3 AND product = $4 AND warehouse = $5 AND on_hand_milli + $1 >= 0";
    let of = movements.iter().map(|m| (m.qty_milli, m.at_ms, m.org, &m.product, &m.warehouse));
    run_each(connection, sql, of, |changed| {
        if changed == 1 { Ok(()) } else { Err(StoreError::Conflict("stock_movement")) }
    })
}

impl Store {
    /// Newest first, before the place `before`; of all products where `product` is empty.
    pub fn stock_movements(
        &self,
        org: i64,
        product: &str,
        before: (i64, i64),
        limit: usize,
    ) -> Result<Vec<StockMovementRow>, StoreError> {
        self.read(|c| match product {
            "" => {
                let sql = "WHERE org_id = ? AND (seq, n) < (?, ?) ORDER BY seq DESC, n DESC LIMIT ?";
                all(c, sql, (org, before.0, before.1, page(limit)))
            }
            product => {
                let sql = "WHERE org_id = ? AND product = ? AND (seq, n) < (?, ?)
                    ORDER BY seq DESC, n DESC LIMIT ?";
                all(c, sql, (org, product, before.0, before.1, page(limit)))
            }
        })
    }

    /// The first balance that is not the sum of its movements.
    pub fn stock_off_ledger(&self, org: i64) -> Result<Option<OffLedger>, StoreError> {
        let sql = "SELECT product, warehouse, CAST(sum(moved) AS BIGINT), CAST(sum(stored) AS BIGINT) FROM (
                SELECT product, warehouse, qty_milli AS moved, 0 AS stored FROM stock_movement WHERE org_id = $1
                UNION ALL
                SELECT product, warehouse, 0, on_hand_milli FROM stock WHERE org_id = $1) both_accounts
            GROUP BY product, warehouse HAVING sum(moved) <> sum(stored) ORDER BY product, warehouse LIMIT 1";
        self.read_at_length(|c| {
            c.query_one(sql, (org,), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        })
    }
}
