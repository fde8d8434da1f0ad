//! What orders hold of goods that are still to come.

use crate::sql::{Connection, each_one};

use crate::row::{all, any_number, insert, row, run_each};
use crate::{Id, Store, StoreError};

row! {
    /// `kind` is `purchase` or `work`; `n` the line of the purchase; `due_date` an ISO date.
    IncomingRow in "incoming"
    key { kind: String, number: String, n: i64, order_id: Id, line: i64, }
    rest { product: String, qty_milli: i64, due_date: String, }
}

/// All that an order holds of goods to come from now on.
#[derive(Clone, Debug, PartialEq)]
pub struct Incomings {
    pub org: i64,
    pub order_id: Id,
    /// The order had none: spares the look for rows to delete.
    pub first: bool,
    pub rows: Vec<IncomingRow>,
}

/// Promises (above zero) or frees (below zero) of a supply.
#[derive(Clone, Debug, PartialEq)]
pub struct SupplyMove {
    pub org: i64,
    pub kind: String,
    pub number: String,
    pub n: i64,
    pub delta_milli: i64,
}

pub(crate) fn replace(connection: &Connection<'_>, orders: &[Incomings]) -> Result<(), StoreError> {
    let sql = "DELETE FROM incoming WHERE org_id = ? AND order_id = ?";
    let replaced = orders.iter().filter(|of| !of.first).map(|of| (of.org, of.order_id));
    run_each(connection, sql, replaced, any_number)?;
    insert(connection, orders.iter().flat_map(|of| &of.rows))
}

/// What is freed may belong to a supply that is gone; what is promised must be there.
pub(crate) fn move_promised(connection: &Connection<'_>, moves: &[SupplyMove]) -> Result<(), StoreError> {
    let bought = |m: &&SupplyMove| m.kind == "purchase";
    let free = "UPDATE purchase_line SET promised_milli = promised_milli + ?
        WHERE org_id = ? AND number = ? AND line = ?";
    let freed = moves.iter().filter(|m| m.delta_milli <= 0);
    each_one(connection, free, freed.clone().filter(bought).map(of_purchase), "supply")?;
    let free = "UPDATE work_order SET promised_milli = promised_milli + ? WHERE org_id = ? AND number = ?";
    each_one(connection, free, freed.filter(|m| !bought(m)).map(of_work), "supply")?;
    let promise = "UPDATE purchase_line SET promised_milli = promised_milli + $1
        WHERE org_id = $2 AND number = $3 AND line = $4 AND state = 'ordered'
        AND qty_milli - received_milli - promised_milli >= $1";
    let promised = moves.iter().filter(|m| m.delta_milli > 0);
    each_one(connection, promise, promised.clone().filter(bought).map(of_purchase), "supply")?;
    let promise = "UPDATE work_order SET promised_milli = promised_milli + $1
        WHERE org_id = $2 AND number = $3 AND state = 'released'
        AND qty_milli - finished_milli - scrapped_milli - promised_milli >= $1";
    each_one(connection, promise, promised.filter(|m| !bought(m)).map(of_work), "supply")
}

fn of_purchase(m: &SupplyMove) -> (i64, i64, &str, i64) {
    (m.delta_milli, m.org, &m.number, m.n)
}

fn of_work(m: &SupplyMove) -> (i64, i64, &str) {
    (m.delta_milli, m.org, &m.number)
}

impl Store {
    pub fn incoming_of_order(&self, org: i64, order: Id) -> Result<Vec<IncomingRow>, StoreError> {
        let sql = "WHERE org_id = ? AND order_id = ? ORDER BY kind, number, n, line";
        self.read(|c| all(c, sql, (org, order)))
    }
}
