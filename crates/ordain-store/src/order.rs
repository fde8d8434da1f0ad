//! Orders: one row each, with what lists need in columns and everything else in `body`. A new order is
//! inserted, a known one updated under its expected version; both keep the search index and the counts
//! in step.

use rusqlite::{Connection, OptionalExtension};

use crate::order_count::Counts;
use crate::row::{Row, first, row};
use crate::{Hash, Id, Store, StoreError, TwinKey, order_search};

row! {
    /// `flags` is a list with commas, `search` lower-case text to be found by, `body` the state as JSON,
    /// `head` the hash of the order's last log entry, `version` the number of its log entries.
    OrderRow in "orders"
    key { id: Id, }
    rest {
        number: String,
        revision: i64,
        version: i64,
        status: String,
        flags: String,
        stage: String,
        channel: String,
        customer: Option<String>,
        customer_name: Option<String>,
        customer_po: Option<String>,
        currency: Option<String>,
        total_minor: Option<i64>,
        requested_date: Option<String>,
        receiver: Option<String>,
        waiting_department: Option<String>,
        waiting_node: Option<String>,
        waiting_who: Option<String>,
        waiting_since_ms: Option<i64>,
        due_at_ms: Option<i64>,
        created_at_ms: i64,
        submitted_at_ms: Option<i64>,
        confirmed_at_ms: Option<i64>,
        updated_at_ms: i64,
        head: Hash,
        search: String,
        body: String,
    }
}

/// Refused as `Stale` if the stored version is not `expected_version`.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdatedOrder {
    pub expected_version: i64,
    pub row: OrderRow,
}

pub(crate) fn write(
    connection: &Connection,
    new: &[OrderRow],
    updated: &[UpdatedOrder],
) -> Result<(), StoreError> {
    let mut counts = Counts::default();
    insert(connection, new, &mut counts)?;
    for update in updated {
        replace(connection, update, &mut counts)?;
    }
    counts.apply(connection)
}

fn insert<'a>(
    connection: &Connection,
    orders: &'a [OrderRow],
    counts: &mut Counts<'a>,
) -> Result<(), StoreError> {
    if orders.is_empty() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(OrderRow::INSERT)?;
    for order in orders {
        order.bind(&mut statement)?;
        statement.raw_execute()?;
        order_search::add(connection, connection.last_insert_rowid(), &order.search)?;
        counts.add(order.org, order.status.as_str(), order.stage.as_str(), 1);
    }
    Ok(())
}

/// What the row held before, as far as search index and counts depend on it.
struct Before {
    row_id: i64,
    version: i64,
    status: String,
    stage: String,
    search: String,
}

fn replace<'a>(
    connection: &Connection,
    update: &'a UpdatedOrder,
    counts: &mut Counts<'a>,
) -> Result<(), StoreError> {
    let order = &update.row;
    let before = before(connection, order)?.ok_or(StoreError::Stale)?;
    if before.version != update.expected_version {
        return Err(StoreError::Stale);
    }
    let sql = "UPDATE orders SET revision = ?, version = ?, status = ?, flags = ?, stage = ?, channel = ?,
            customer = ?, customer_name = ?, customer_po = ?, currency = ?, total_minor = ?,
            requested_date = ?, receiver = ?, waiting_department = ?, waiting_node = ?, waiting_who = ?,
            waiting_since_ms = ?, due_at_ms = ?, submitted_at_ms = ?, confirmed_at_ms = ?,
            updated_at_ms = ?, head = ?, search = ?, body = ?
        WHERE row_id = ?";
    connection.prepare_cached(sql)?.execute(rusqlite::params![
        order.revision,
        order.version,
        order.status,
        order.flags,
        order.stage,
        order.channel,
        order.customer,
        order.customer_name,
        order.customer_po,
        order.currency,
        order.total_minor,
        order.requested_date,
        order.receiver,
        order.waiting_department,
        order.waiting_node,
        order.waiting_who,
        order.waiting_since_ms,
        order.due_at_ms,
        order.submitted_at_ms,
        order.confirmed_at_ms,
        order.updated_at_ms,
        order.head,
        order.search,
        order.body,
        before.row_id,
    ])?;
    if before.search != order.search {
        order_search::replace(connection, before.row_id, &order.search)?;
    }
    counts.add(order.org, before.status, before.stage, -1);
    counts.add(order.org, order.status.as_str(), order.stage.as_str(), 1);
    Ok(())
}

fn before(connection: &Connection, order: &OrderRow) -> Result<Option<Before>, StoreError> {
    let sql = "SELECT row_id, version, status, stage, search FROM orders WHERE org_id = ? AND id = ?";
    let found = connection.prepare_cached(sql)?.query_row((order.org, order.id), |row| {
        Ok(Before {
            row_id: row.get(0)?,
            version: row.get(1)?,
            status: row.get(2)?,
            stage: row.get(3)?,
            search: row.get(4)?,
        })
    });
    Ok(found.optional()?)
}

/// The oldest order of the same customer under the same purchase order number that is still meant.
pub(crate) fn twin(connection: &Connection, key: &TwinKey) -> Result<Option<(Id, String)>, StoreError> {
    let sql = "SELECT id, number FROM orders INDEXED BY order_by_customer
        WHERE org_id = ? AND customer = ? AND customer_po = ? AND id IS NOT ?
            AND status NOT IN ('cancelled', 'rejected', 'expired')
        ORDER BY created_at_ms, id LIMIT 1";
    let parameters = (key.org, &key.customer, &key.customer_po, key.except);
    let found = connection.prepare_cached(sql)?.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

impl Store {
    /// The oldest live order of the same customer under the same purchase order number: its id and number.
    pub fn twin(&self, key: &TwinKey) -> Result<Option<(Id, String)>, StoreError> {
        self.read(|c| twin(c, key))
    }

    pub fn order_by_id(&self, org: i64, id: Id) -> Result<Option<OrderRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND id = ?", (org, id)))
    }

    pub fn order_by_number(&self, org: i64, number: &str) -> Result<Option<OrderRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND number = ?", (org, number)))
    }

    /// Orders received since, oldest first, after a (creation, id) already seen: for reading many in steps.
    pub fn orders_since(
        &self,
        org: i64,
        since_ms: i64,
        after: Option<(i64, Id)>,
        limit: usize,
    ) -> Result<Vec<OrderRow>, StoreError> {
        let (at_ms, id) = after.unwrap_or((since_ms, [0; 16]));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = "WHERE org_id = ? AND (created_at_ms, id) > (?, ?) ORDER BY created_at_ms, id LIMIT ?";
        self.read(|c| crate::row::all(c, sql, (org, at_ms, id, limit)))
    }

    /// Orders of a status, oldest first, after a (creation, id) already seen.
    pub fn orders_in(
        &self,
        org: i64,
        status: &str,
        after: (i64, Id),
        limit: usize,
    ) -> Result<Vec<OrderRow>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let sql = "WHERE org_id = ? AND status = ? AND (created_at_ms, id) > (?, ?) \
            ORDER BY created_at_ms, id LIMIT ?";
        self.read(|c| crate::row::all(c, sql, (org, status, after.0, after.1, limit)))
    }
}
