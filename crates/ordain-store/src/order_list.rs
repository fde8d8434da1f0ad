//! The list of orders: filtered by columns, the newest first, page by page behind the last row seen, so
//! that new orders never shift a page. A search looks at the latest orders that match it.

use crate::narrow::at_steps;
use crate::query::Query;
use crate::reader::Engine;
use crate::reader::page;
use crate::row::Row;
use crate::{
    Id, OrderReach, OrderRow, OrderTraits, StepKey, Store, StoreError, order_search, postgres, sqlite,
};

const LIST_MAX: usize = 200;
/// A search looks at no more than this many of the latest matching orders.
const SEARCHED: i64 = 2_000;

/// A count goes no further, per status.
const COUNT_MAX: i64 = 100_000;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderFilter {
    /// Words, parts of codes, or the beginning of an order number.
    pub q: Option<String>,
    /// The search text finds orders by their number alone.
    pub by_number_only: bool,
    /// Any of these; empty: all.
    pub statuses: Vec<String>,
    /// Any of these; empty: with or without flags.
    pub flags: Vec<String>,
    pub stage: Option<String>,
    pub waiting_department: Option<String>,
    pub channel: Option<String>,
    pub traits: OrderTraits,
    /// A task is open at one of these; empty: wherever it stands.
    pub steps: Vec<StepKey>,
    pub receiver: Option<String>,
    /// This person was put in copy of and has not read it.
    pub copied_to: Option<Id>,
    /// Due before this time: with "now", the overdue ones.
    pub due_before_ms: Option<i64>,
    pub created_from_ms: Option<i64>,
    pub created_to_ms: Option<i64>,
    /// Those among them that are reached; none: all.
    pub reach: Option<OrderReach>,
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
        let rows = page(limit.min(LIST_MAX));
        let mut found = Vec::new();
        for query in self.queries(org, filter, after, rows)? {
            found.extend(self.read(|c| c.query(&query.sql, query.values, OrderRow::read))?);
        }
        found.sort_by_key(|row| std::cmp::Reverse((row.created_at_ms, row.id)));
        found.truncate(limit.min(LIST_MAX));
        Ok(found)
    }

    /// How many orders a list would hold in all, counted up to a hundred thousand per status.
    pub fn count_orders(&self, org: i64, filter: &OrderFilter) -> Result<i64, StoreError> {
        let mut all = 0;
        for query in self.queries(org, filter, None, COUNT_MAX)? {
            let sql = format!("SELECT count(*) FROM ({}) listed", query.sql);
            all += self.read(|c| c.count(&sql, query.values))?;
        }
        Ok(all)
    }

    /// By status: each in the order of the index, instead of sorting all that match.
    fn queries(
        &self,
        org: i64,
        filter: &OrderFilter,
        after: Option<OrderCursor>,
        rows: i64,
    ) -> Result<Vec<Query>, StoreError> {
        let statuses = self.statuses_to_visit(org, filter)?;
        let driver = Driver::of(filter, &statuses);
        let branches: Vec<&[String]> = match driver {
            Driver::Status => statuses.chunks(1).collect(),
            _ => vec![&statuses],
        };
        let engine = self.engine();
        let queries =
            branches.into_iter().map(|statuses| query(engine, org, filter, &driver, statuses, after, rows));
        Ok(queries.collect::<Option<Vec<Query>>>().unwrap_or_default())
    }

    /// The statuses asked for. A stage occurs in few of them, and the counts know in which.
    fn statuses_to_visit(&self, org: i64, filter: &OrderFilter) -> Result<Vec<String>, StoreError> {
        let Some(stage) = &filter.stage else { return Ok(filter.statuses.clone()) };
        let counts = self.order_counts(org)?.into_iter().filter(|count| count.stage == *stage);
        let mut statuses: Vec<String> = counts.map(|count| count.status).collect();
        statuses.retain(|status| filter.statuses.is_empty() || filter.statuses.contains(status));
        Ok(statuses)
    }
}

/// Which index a list walks along: named, because without statistics SQLite takes the wrong one.
enum Driver {
    Search,
    Customer,
    Due,
    Waiting,
    Receiver,
    Copied,
    Flag,
    Status,
    Channel,
    Creation,
}

impl Driver {
    /// The narrowest first.
    fn of(filter: &OrderFilter, statuses: &[String]) -> Self {
        match filter {
            OrderFilter { q: Some(_), .. } => Self::Search,
            OrderFilter { traits: OrderTraits { customer: Some(_), .. }, .. } => Self::Customer,
            OrderFilter { due_before_ms: Some(_), .. } => Self::Due,
            OrderFilter { waiting_department: Some(_), .. } => Self::Waiting,
            OrderFilter { receiver: Some(_), .. } => Self::Receiver,
            OrderFilter { copied_to: Some(_), .. } => Self::Copied,
            OrderFilter { flags, .. } if !flags.is_empty() => Self::Flag,
            OrderFilter { stage: Some(_), .. } => Self::Status,
            _ if !statuses.is_empty() => Self::Status,
            OrderFilter { channel: Some(_), .. } => Self::Channel,
            _ => Self::Creation,
        }
    }

    fn index(&self) -> &'static str {
        match self {
            // The few ids of their own list.
            Self::Search | Self::Copied => "",
            Self::Customer => "order_by_customer",
            Self::Due => "order_by_due",
            Self::Waiting => "order_by_waiting",
            Self::Receiver => "order_by_receiver",
            Self::Flag => "order_by_flag",
            Self::Status => "order_by_status",
            Self::Channel => "order_by_channel",
            Self::Creation => "order_by_creation",
        }
    }
}

fn query(
    engine: &Engine,
    org: i64,
    filter: &OrderFilter,
    driver: &Driver,
    statuses: &[String],
    after: Option<OrderCursor>,
    rows: i64,
) -> Option<Query> {
    let mut query = start(engine, org, filter, driver)?;
    query.and_any("status", statuses);
    query.and_some("stage = ?", filter.stage.clone());
    query.and_some("waiting_department = ?", filter.waiting_department.clone());
    query.and_some("channel = ?", filter.channel.clone());
    query.and_some("receiver = ?", filter.receiver.clone());
    if let Some(user) = filter.copied_to {
        query.and(
            "id IN (SELECT order_id FROM notice WHERE notice.org_id = ? AND user_id = ?
                AND kind = 'copied' AND read = 0)",
            org,
        );
        query.values.push(user.to_vec().into());
    }
    filter.traits.narrow(&mut query);
    if let Some((at_steps, steps)) = at_steps(&filter.steps) {
        query.sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM task WHERE task.org_id = orders.org_id
                AND task.order_id = orders.id AND task.state = 'open' AND {at_steps})"
        ));
        query.values.extend(steps);
    }
    if !filter.flags.is_empty() {
        let any = vec!["instr(',' || flags || ',', ',' || ? || ',') > 0"; filter.flags.len()].join(" OR ");
        query.sql.push_str(&format!(" AND flags <> '' AND ({any})"));
        query.values.extend(filter.flags.iter().map(|flag| flag.clone().into()));
    }
    query.and_some("due_at_ms < ?", filter.due_before_ms);
    query.and_some("created_at_ms >= ?", filter.created_from_ms);
    query.and_some("created_at_ms < ?", filter.created_to_ms);
    query.and_reached(filter.reach.as_ref());
    if let Some(after) = after {
        query.and("(created_at_ms, id) < (?, ?)", after.created_at_ms);
        query.values.push(after.id.to_vec().into());
    }
    query.sql.push_str(" ORDER BY created_at_ms DESC, id DESC LIMIT ?");
    query.values.push(rows.into());
    Some(query)
}

/// None if the search text says nothing.
fn start(engine: &Engine, org: i64, filter: &OrderFilter, driver: &Driver) -> Option<Query> {
    let columns = OrderRow::COLUMNS.replace("search, body", "'', ''");
    let Some(q) = filter.q.as_deref() else {
        let by = Some(driver.index()).filter(|index| !index.is_empty());
        let by = by.map(|index| format!(" INDEXED BY {index}")).unwrap_or_default();
        let sql = format!("SELECT {columns} FROM orders{by} WHERE org_id = ?");
        return Some(Query::new(sql, vec![org.into()]));
    };
    let terms = order_search::terms(q);
    if terms.is_empty() {
        return None;
    }
    let number = q.trim().to_uppercase();
    let mut values =
        vec![org.into(), number.clone().into(), format!("{number}\u{10FFFF}").into(), SEARCHED.into()];
    let hits = match engine {
        Engine::Sqlite(_) => {
            values.push(sqlite::order::words_query(&terms).into());
            "SELECT rowid FROM order_search WHERE order_search MATCH ? ORDER BY rowid DESC LIMIT ?"
        }
        Engine::Postgres(_) => {
            values.extend([org.into(), postgres::order::words_query(&terms).into()]);
            "SELECT row_id FROM orders WHERE org_id = ? AND words @@ CAST(? AS tsquery)
                ORDER BY row_id DESC LIMIT ?"
        }
    };
    values.extend([if filter.by_number_only { 0 } else { SEARCHED }.into(), org.into()]);
    // CROSS JOIN keeps SQLite from walking all orders and asking for each whether it is a hit.
    let sql = format!(
        "SELECT {columns} FROM (
            SELECT row_id AS hit FROM (SELECT row_id FROM orders
                WHERE org_id = ? AND number >= ? AND number < ? ORDER BY number DESC LIMIT ?) AS by_number
            UNION SELECT * FROM ({hits}) AS by_words
        ) AS hits CROSS JOIN orders WHERE row_id = hit AND org_id = ?"
    );
    Some(Query::new(sql, values))
}
