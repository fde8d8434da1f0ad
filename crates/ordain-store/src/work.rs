//! What is to be made, out of what, where, and how busy a work centre is.

use crate::sql::Connection;

use crate::purchase::ANSWER;
use crate::reader::page;
use crate::row::{Row, all, any_number, first, insert, row, run_each};
use crate::{Id, Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};

row! {
    WorkCentreRow in "work_centre"
    key { code: String, }
    rest {
        name: String,
        /// Of a working day.
        daily_minutes: i64,
        updated_at_ms: i64,
    }
}

row! {
    /// `state` is `requested`, `planned`, `released`, `finished` or `cancelled`; `due_date` an ISO date.
    WorkOrderRow in "work_order"
    key { number: String, }
    rest {
        state: String,
        product: String,
        /// Where its parts are taken from and where it goes to.
        warehouse: Option<String>,
        work_centre: Option<String>,
        /// That the rest of it takes the work centre.
        left_minutes: i64,
        qty_milli: i64,
        finished_milli: i64,
        /// What was made and is no good; it comes no more.
        scrapped_milli: i64,
        /// Of what is still to be made, what orders were promised.
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

row! {
    /// `qty_milli` is what all of the work order takes.
    WorkPartRow in "work_part"
    key { number: String, product: String, }
    rest { qty_milli: i64, }
}

/// What an order asks to be made from now on. What is planned already stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkRequests {
    pub org: i64,
    pub order_id: Id,
    /// The order has ended: what is made for it is anybody's.
    pub over: bool,
    pub rows: Vec<WorkOrderRow>,
}

impl WorkPartRow {
    /// What the rest of its work order still takes. Parts go out as the product is finished.
    pub fn left_milli(&self, of: &WorkOrderRow) -> i64 {
        let open = of.qty_milli - of.finished_milli - of.scrapped_milli;
        let left = i128::from(self.qty_milli) * i128::from(open.max(0)) / i128::from(of.qty_milli.max(1));
        i64::try_from(left).unwrap_or(i64::MAX)
    }
}

/// Writes of an order that exists not what was promised of it: that changes by moves alone. What is over takes no parts.
pub(crate) fn put(connection: &Connection<'_>, rows: &[WorkOrderRow]) -> Result<(), StoreError> {
    let sql = format!(
        "{} ON CONFLICT (org_id, number) DO UPDATE SET state = excluded.state, product = excluded.product,
            warehouse = excluded.warehouse, work_centre = excluded.work_centre,
            left_minutes = excluded.left_minutes, qty_milli = excluded.qty_milli,
            finished_milli = excluded.finished_milli, scrapped_milli = excluded.scrapped_milli, due_date = excluded.due_date,
            order_id = excluded.order_id, order_line = excluded.order_line, owner = excluded.owner,
            answer_by_ms = excluded.answer_by_ms, updated_at_ms = excluded.updated_at_ms",
        WorkOrderRow::INSERT
    );
    run_each(connection, &sql, rows, any_number)?;
    let over = rows.iter().filter(|row| matches!(row.state.as_str(), "finished" | "cancelled"));
    let sql = "DELETE FROM work_part WHERE org_id = ? AND number = ?";
    run_each(connection, sql, over.map(|row| (row.org, row.number.as_str())), any_number)
}

/// The parts of work orders, which have no others.
pub(crate) fn put_parts(connection: &Connection<'_>, rows: &[WorkPartRow]) -> Result<(), StoreError> {
    let sql = "DELETE FROM work_part WHERE org_id = ? AND number = ?";
    let orders: BTreeSet<(i64, &str)> = rows.iter().map(|row| (row.org, row.number.as_str())).collect();
    run_each(connection, sql, orders, any_number)?;
    insert(connection, rows)
}

/// A request that goes on keeps its owner and its deadline.
pub(crate) fn replace_requests(
    connection: &Connection<'_>,
    orders: &[WorkRequests],
) -> Result<(), StoreError> {
    let each = || orders.iter().map(|of| (of.org, of.order_id));
    let sql =
        "UPDATE work_order SET updated_at_ms = -1 WHERE org_id = ? AND order_id = ? AND state = 'requested'";
    run_each(connection, sql, each(), any_number)?;
    let sql = format!(
        "{} ON CONFLICT (org_id, number) DO UPDATE SET product = excluded.product, warehouse = excluded.warehouse,
            work_centre = excluded.work_centre, qty_milli = excluded.qty_milli, due_date = excluded.due_date,
            updated_at_ms = excluded.updated_at_ms WHERE work_order.state = 'requested'",
        WorkOrderRow::INSERT
    );
    run_each(connection, &sql, orders.iter().flat_map(|of| &of.rows), any_number)?;
    let sql = "DELETE FROM work_order WHERE org_id = ? AND order_id = ? AND state = 'requested' AND updated_at_ms = -1";
    run_each(connection, sql, each(), any_number)?;
    let sql = "UPDATE work_order SET order_id = NULL, order_line = NULL WHERE org_id = ? AND order_id = ?";
    let over = orders.iter().filter(|of| of.over).map(|of| (of.org, of.order_id));
    run_each(connection, sql, over, any_number)
}

/// The parts of one product that released work takes.
pub(crate) const PARTS_OF_RELEASED: &str =
    "WHERE org_id = $1 AND product = $2 AND EXISTS (SELECT 1 FROM work_order
    WHERE work_order.org_id = $1 AND work_order.number = work_part.number AND work_order.state = 'released')
    ORDER BY number";

/// Whether a company makes anything now.
pub(crate) fn is_making(connection: &Connection<'_>, org: i64) -> Result<bool, StoreError> {
    let sql = "SELECT org_id FROM work_order WHERE org_id = ? AND state IN ('planned', 'released') LIMIT 1";
    let found: Vec<i64> = connection.query(sql, (org,), |found| found.get(0))?;
    Ok(!found.is_empty())
}

/// Minutes that planned and released work still takes, by work centre and the day on which it is to be done.
pub(crate) fn loads(connection: &Connection<'_>, org: i64) -> Result<Vec<(LoadAt, i64)>, StoreError> {
    let sql = "SELECT work_centre, due_date, CAST(sum(left_minutes) AS BIGINT) FROM work_order
        WHERE org_id = ? AND work_centre IS NOT NULL AND state IN ('planned', 'released')
        GROUP BY work_centre, due_date";
    connection.query(sql, (org,), |found| Ok(((found.get(0)?, found.get(1)?), found.get(2)?)))
}

/// A work centre and the day on which work is to be done there.
pub type LoadAt = (String, Option<String>);

impl Store {
    /// By number, after the number `after`: those that contain `q`; `state` one of the five or empty.
    pub fn list_work_orders(
        &self,
        org: i64,
        (q, state): (&str, &str),
        after: &str,
        limit: usize,
    ) -> Result<Vec<WorkOrderRow>, StoreError> {
        let sql = "WHERE org_id = ? AND number > ? AND (? = '' OR state = ?)
            AND instr(lower(number || ' ' || product), ?) > 0 ORDER BY number LIMIT ?";
        self.read(|c| all(c, sql, (org, after, state, state, q.to_lowercase(), page(limit))))
    }

    pub fn work_order(&self, org: i64, number: &str) -> Result<Option<WorkOrderRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND number = ?", (org, number)))
    }

    /// Requests that nobody has planned, the most urgent first, after (`answer_by_ms`, number).
    pub fn requested_work(
        &self,
        org: i64,
        after: (i64, &str),
        limit: usize,
    ) -> Result<Vec<WorkOrderRow>, StoreError> {
        let sql = format!(
            "WHERE org_id = ? AND state = 'requested' AND ({ANSWER}, number) > (?, ?)
            ORDER BY {ANSWER}, number LIMIT ?"
        );
        self.read(|c| all(c, &sql, (org, after.0, after.1, page(limit))))
    }

    pub fn work_orders_of_order(&self, org: i64, order: Id) -> Result<Vec<WorkOrderRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? AND order_id = ? ORDER BY number", (org, order)))
    }

    pub fn list_work_centres(
        &self,
        org: i64,
        after: &str,
        limit: usize,
    ) -> Result<Vec<WorkCentreRow>, StoreError> {
        self.read(|c| {
            all(c, "WHERE org_id = ? AND code > ? ORDER BY code LIMIT ?", (org, after, page(limit)))
        })
    }

    pub fn work_centre(&self, org: i64, code: &str) -> Result<Option<WorkCentreRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND code = ?", (org, code)))
    }

    /// Minutes that planned and released work still takes, by work centre.
    pub fn work_loads(&self, org: i64) -> Result<BTreeMap<String, i64>, StoreError> {
        let mut sums = BTreeMap::new();
        for ((centre, _), minutes) in self.read(|c| loads(c, org))? {
            *sums.entry(centre).or_default() += minutes;
        }
        Ok(sums)
    }
}
