//! What is to be bought, line by line: requests, orders to suppliers, and how much of them has come.

use crate::sql::Connection;

use crate::reader::page;
use crate::row::{Row, all, first, row, run_each};
use crate::{Id, Store, StoreError};

/// What has no deadline comes last.
pub(crate) const ANSWER: &str = "coalesce(answer_by_ms, 9223372036854775807)";

row! {
    /// `state` is `requested`, `ordered`, `received` or `cancelled`; `due_date` is an ISO date.
    PurchaseLineRow in "purchase_line"
    key { number: String, line: i64, }
    rest {
        state: String,
        supplier: Option<String>,
        product: String,
        warehouse: Option<String>,
        qty_milli: i64,
        received_milli: i64,
        /// Of what is to come, what orders were promised.
        promised_milli: i64,
        due_date: Option<String>,
        /// The order whose shortage asked for it, and the line of that order.
        order_id: Option<Id>,
        order_line: Option<i64>,
        /// Who sees to it; without one its department.
        owner: Option<Id>,
        /// Until when a request is to be answered.
        answer_by_ms: Option<i64>,
        updated_at_ms: i64,
    }
}

/// Writes of a line that exists not what was promised of it: that changes by moves alone.
pub(crate) fn put(connection: &Connection<'_>, rows: &[PurchaseLineRow]) -> Result<(), StoreError> {
    let sql = format!(
        "{} ON CONFLICT (org_id, number, line) DO UPDATE SET state = excluded.state, supplier = excluded.supplier,
            product = excluded.product, warehouse = excluded.warehouse, qty_milli = excluded.qty_milli,
            received_milli = excluded.received_milli, due_date = excluded.due_date, order_id = excluded.order_id,
            order_line = excluded.order_line, owner = excluded.owner, answer_by_ms = excluded.answer_by_ms,
            updated_at_ms = excluded.updated_at_ms",
        PurchaseLineRow::INSERT
    );
    run_each(connection, &sql, rows, crate::row::any_number)
}

/// What an order asks to be bought from now on. What is ordered already stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct PurchaseRequests {
    pub org: i64,
    pub order_id: Id,
    /// The order has ended: what was bought for it is anybody's.
    pub over: bool,
    pub rows: Vec<PurchaseLineRow>,
}

/// A request that goes on keeps its owner and its deadline.
pub(crate) fn replace_requests(
    connection: &Connection<'_>,
    orders: &[PurchaseRequests],
) -> Result<(), StoreError> {
    let each = || orders.iter().map(|of| (of.org, of.order_id));
    let sql = "UPDATE purchase_line SET updated_at_ms = -1 WHERE org_id = ? AND order_id = ? AND state = 'requested'";
    run_each(connection, sql, each(), crate::row::any_number)?;
    let sql = format!(
        "{} ON CONFLICT (org_id, number, line) DO UPDATE SET product = excluded.product,
            warehouse = excluded.warehouse, qty_milli = excluded.qty_milli, due_date = excluded.due_date,
            updated_at_ms = excluded.updated_at_ms WHERE purchase_line.state = 'requested'",
        PurchaseLineRow::INSERT
    );
    run_each(connection, &sql, orders.iter().flat_map(|of| &of.rows), crate::row::any_number)?;
    let sql = "DELETE FROM purchase_line WHERE org_id = ? AND order_id = ? AND state = 'requested' AND updated_at_ms = -1";
    run_each(connection, sql, each(), crate::row::any_number)?;
    let sql = "UPDATE purchase_line SET order_id = NULL, order_line = NULL WHERE org_id = ? AND order_id = ?";
    let over = orders.iter().filter(|of| of.over).map(|of| (of.org, of.order_id));
    run_each(connection, sql, over, crate::row::any_number)
}

impl Store {
    pub fn purchase_line(
        &self,
        org: i64,
        number: &str,
        line: i64,
    ) -> Result<Option<PurchaseLineRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND number = ? AND line = ?", (org, number, line)))
    }

    /// Requests that nobody has answered, the most urgent first, after (`answer_by_ms`, number, line).
    pub fn requested_purchases(
        &self,
        org: i64,
        after: (i64, &str, i64),
        limit: usize,
    ) -> Result<Vec<PurchaseLineRow>, StoreError> {
        let sql = format!(
            "WHERE org_id = ? AND state = 'requested' AND ({ANSWER}, number, line) > (?, ?, ?)
            ORDER BY {ANSWER}, number, line LIMIT ?"
        );
        self.read(|c| all(c, &sql, (org, after.0, after.1, after.2, page(limit))))
    }

    /// Requests of goods and of work that nobody has answered, and how many of them are overdue.
    pub fn count_requests(&self, org: i64, now_ms: i64) -> Result<(i64, i64), StoreError> {
        let sql = "SELECT count(*), count(CASE WHEN answer_by_ms < ? THEN 1 END) FROM (
            SELECT answer_by_ms FROM purchase_line WHERE org_id = ? AND state = 'requested'
            UNION ALL SELECT answer_by_ms FROM work_order WHERE org_id = ? AND state = 'requested') AS requests";
        let counted =
            self.read(|c| c.query_one(sql, (now_ms, org, org), |row| Ok((row.get(0)?, row.get(1)?))))?;
        Ok(counted.unwrap_or_default())
    }

    pub fn purchases_of_order(&self, org: i64, order: Id) -> Result<Vec<PurchaseLineRow>, StoreError> {
        let sql = "WHERE org_id = ? AND order_id = ? ORDER BY number, line";
        self.read(|c| all(c, sql, (org, order)))
    }

    /// After (number, line); `q` is a part of number, product or supplier, `state` one of the four or empty.
    pub fn list_purchases(
        &self,
        org: i64,
        (q, state): (&str, &str),
        after: (&str, i64),
        limit: usize,
    ) -> Result<Vec<PurchaseLineRow>, StoreError> {
        let sql = "WHERE org_id = ? AND (number, line) > (?, ?) AND (? = '' OR state = ?)
            AND instr(lower(number || ' ' || product || ' ' || coalesce(supplier, '')), ?) > 0
            ORDER BY number, line LIMIT ?";
        let parameters = (org, after.0, after.1, state, state, q.to_lowercase(), page(limit));
        self.read(|c| all(c, sql, parameters))
    }
}
