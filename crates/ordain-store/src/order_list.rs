//! The list of orders: filtered by columns, the newest first, page by page behind the last row seen, so
//! that new orders never shift a page. A search looks at the latest orders that match it.

use rusqlite::types::Value;

use crate::reader::page;
use crate::row::Row;
use crate::{Id, OrderRow, Store, StoreError, order_search};

/// A search looks at no more than this many of the latest matching orders.
const SEARCHED: i64 = 2_000;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderFilter {
    /// Words, parts of codes, or the beginning of an order number.
    pub q: Option<String>,
    /// Any of these; empty: all.
    pub statuses: Vec<String>,
    /// Any of these; empty: with or without flags.
    pub flags: Vec<String>,
    pub stage: Option<String>,
    pub waiting_department: Option<String>,
    pub channel: Option<String>,
    pub customer: Option<String>,
    pub receiver: Option<String>,
    /// Due before this time: with "now", the overdue ones.
    pub due_before_ms: Option<i64>,
    pub created_from_ms: Option<i64>,
    pub created_to_ms: Option<i64>,
}

/// The place of a row in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderCursor {
    pub created_at_ms: i64,
    pub id: Id,
}

impl OrderRow {
    pub fn cursor(&self) -> OrderCursor {
        OrderCursor { created_at_ms: self.created_at_ms, id: self.id }
    }
}

impl Store {
    /// At most 200 rows. `search` and `body` are left empty: a list shows neither, and a body may be
    /// megabytes.
    pub fn list_orders(
        &self,
        org: i64,
        filter: &OrderFilter,
        after: Option<OrderCursor>,
        limit: usize,
    ) -> Result<Vec<OrderRow>, StoreError> {
        // One branch per status, each in the order of its index, instead of sorting all that match.
        let statuses: Vec<Option<&str>> = match filter.statuses.as_slice() {
            [] => vec![None],
            some => some.iter().map(|status| Some(status.as_str())).collect(),
        };
        let mut found = Vec::new();
        for status in statuses {
            let Some(query) = query(org, filter, status, after, limit) else { return Ok(Vec::new()) };
            found.extend(self.read(|c| {
                let mut statement = c.prepare_cached(&query.sql)?;
                let rows = statement.query_map(rusqlite::params_from_iter(&query.values), OrderRow::read)?;
                Ok(rows.collect::<Result<Vec<_>, _>>()?)
            })?);
        }
        found.sort_by_key(|row| std::cmp::Reverse((row.created_at_ms, row.id)));
        found.truncate(usize::try_from(page(limit)).unwrap_or_default());
        Ok(found)
    }
}

struct Query {
    sql: String,
    values: Vec<Value>,
}

impl Query {
    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.push(value.into());
    }

    fn and_text(&mut self, condition: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.and(condition, value.clone());
        }
    }
}

fn query(
    org: i64,
    filter: &OrderFilter,
    status: Option<&str>,
    after: Option<OrderCursor>,
    limit: usize,
) -> Option<Query> {
    let mut query = start(org, filter.q.as_deref())?;
    if let Some(status) = status {
        query.and("status = ?", status.to_owned());
    }
    query.and_text("stage = ?", filter.stage.as_ref());
    query.and_text("waiting_department = ?", filter.waiting_department.as_ref());
    query.and_text("channel = ?", filter.channel.as_ref());
    query.and_text("customer = ?", filter.customer.as_ref());
    query.and_text("receiver = ?", filter.receiver.as_ref());
    if !filter.flags.is_empty() {
        let any = vec!["instr(',' || flags || ',', ',' || ? || ',') > 0"; filter.flags.len()].join(" OR ");
        query.sql.push_str(&format!(" AND flags <> '' AND ({any})"));
        query.values.extend(filter.flags.iter().map(|flag| Value::from(flag.clone())));
    }
    if let Some(due) = filter.due_before_ms {
        query.and("due_at_ms < ?", due);
    }
    if let Some(from) = filter.created_from_ms {
        query.and("created_at_ms >= ?", from);
    }
    if let Some(to) = filter.created_to_ms {
        query.and("created_at_ms < ?", to);
    }
    if let Some(after) = after {
        query.and("(created_at_ms, id) < (?, ?)", after.created_at_ms);
        query.values.push(after.id.to_vec().into());
    }
    query.sql.push_str(" ORDER BY created_at_ms DESC, id DESC LIMIT ?");
    query.values.push(page(limit).into());
    Some(query)
}

/// None if the search text says nothing.
fn start(org: i64, q: Option<&str>) -> Option<Query> {
    let columns = OrderRow::COLUMNS.replace("search, body", "'', ''");
    let Some(q) = q else {
        let sql = format!("SELECT {columns} FROM orders WHERE org_id = ?");
        return Some(Query { sql, values: vec![org.into()] });
    };
    let expression = order_search::expression(q)?;
    let number = q.trim().to_uppercase();
    // CROSS JOIN keeps SQLite from walking all orders and asking for each whether it is a hit.
    let sql = format!(
        "SELECT {columns} FROM (
            SELECT row_id AS hit FROM (SELECT row_id FROM orders
                WHERE org_id = ? AND number >= ? AND number < ? ORDER BY number DESC LIMIT ?)
            UNION SELECT rowid FROM (SELECT rowid FROM order_search WHERE order_search MATCH ?
                ORDER BY rowid DESC LIMIT ?)
        ) CROSS JOIN orders ON row_id = hit WHERE org_id = ?"
    );
    let values = vec![
        org.into(),
        number.clone().into(),
        format!("{number}\u{10FFFF}").into(),
        SEARCHED.into(),
        expression.into(),
        SEARCHED.into(),
        org.into(),
    ];
    Some(Query { sql, values })
}
