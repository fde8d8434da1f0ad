//! What orders count for in the figures: a row for each, which follows the log.

use crate::reader::page;
use crate::row::{Row, all, any_number, first, row, run_each};
use crate::sql::Connection;
use crate::{Id, Store, StoreError};

row! {
    /// Days are ISO dates on the company's calendar; `minor` is in the company's currency.
    OrderFactRow in "order_fact"
    key { order_id: Id, }
    rest {
        version: i64,
        number: String,
        customer: Option<String>,
        customer_name: Option<String>,
        channel: String,
        flow: Option<String>,
        status: String,
        received_at_ms: i64,
        received_on: String,
        confirmed_at_ms: Option<i64>,
        confirmed_on: Option<String>,
        cycle_minutes: Option<i64>,
        lost_on: Option<String>,
        lost_reason: Option<String>,
        lost_node: Option<String>,
        minor: Option<i64>,
        tasks: i64,
        returns: i64,
        exceptions: i64,
        changes: i64,
        complaints: i64,
    }
}

/// Which orders a figure counts. Days are from (inclusive) and to (exclusive).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactSet {
    Received,
    Confirmed,
    /// Received in the period and ended before they were confirmed.
    Lost,
    /// Of those received: the ones with an exception.
    WithException,
    /// Of those confirmed: sent back, with a change, with a complaint, without any of these and no exception, without
    /// anybody being asked.
    Returned,
    Changed,
    Complained,
    FirstPass,
    StraightThrough,
}

impl FactSet {
    pub const ALL: [FactSet; 9] = [
        FactSet::Received,
        FactSet::Confirmed,
        FactSet::Lost,
        FactSet::WithException,
        FactSet::Returned,
        FactSet::Changed,
        FactSet::Complained,
        FactSet::FirstPass,
        FactSet::StraightThrough,
    ];

    pub fn name(self) -> &'static str {
        match self {
            FactSet::Received => "received",
            FactSet::Confirmed => "confirmed",
            FactSet::Lost => "lost",
            FactSet::WithException => "with_exception",
            FactSet::Returned => "returned",
            FactSet::Changed => "changed",
            FactSet::Complained => "complained",
            FactSet::FirstPass => "first_pass",
            FactSet::StraightThrough => "straight_through",
        }
    }

    /// The day by which a row stands in the list of the set.
    pub fn day(self, row: &OrderFactRow) -> String {
        match self.terms().0 {
            "received_on" => row.received_on.clone(),
            _ => row.confirmed_on.clone().unwrap_or_default(),
        }
    }

    /// The day that decides whether an order belongs to a period, and what else must be so.
    fn terms(self) -> (&'static str, &'static str) {
        match self {
            FactSet::Received => ("received_on", ""),
            FactSet::Lost => ("received_on", " AND lost_on IS NOT NULL"),
            FactSet::WithException => ("received_on", " AND exceptions > 0"),
            FactSet::Confirmed => ("confirmed_on", ""),
            FactSet::Returned => ("confirmed_on", " AND returns > 0"),
            FactSet::Changed => ("confirmed_on", " AND changes > 0"),
            FactSet::Complained => ("confirmed_on", " AND complaints > 0"),
            FactSet::FirstPass => ("confirmed_on", " AND returns = 0 AND exceptions = 0"),
            FactSet::StraightThrough => ("confirmed_on", " AND tasks = 0"),
        }
    }
}

/// The days of a period: from (inclusive) and to (exclusive), as ISO dates.
pub type Days<'a> = (&'a str, &'a str);

/// A task that somebody decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedTask {
    pub department: String,
    pub node: String,
    pub opened_at_ms: i64,
    pub decided_at_ms: i64,
    pub due_at_ms: Option<i64>,
}

/// A row of an older state never takes the place of one of a newer.
pub(crate) fn put(connection: &Connection<'_>, rows: &[OrderFactRow]) -> Result<(), StoreError> {
    let sql = format!("{} WHERE excluded.version >= order_fact.version", OrderFactRow::UPSERT);
    run_each(connection, &sql, rows, any_number)
}

impl Store {
    /// Every row of a set in a period.
    pub fn facts(
        &self,
        org: i64,
        set: FactSet,
        (from, to): Days<'_>,
    ) -> Result<Vec<OrderFactRow>, StoreError> {
        let (day, more) = set.terms();
        let sql = format!("WHERE org_id = ? AND {day} >= ? AND {day} < ?{more} ORDER BY {day}, order_id");
        self.read(|c| all(c, &sql, (org, from, to)))
    }

    /// A page of a set, after (day, order).
    pub fn fact_page(
        &self,
        org: i64,
        set: FactSet,
        (from, to): Days<'_>,
        after: Option<(String, Id)>,
        limit: usize,
    ) -> Result<Vec<OrderFactRow>, StoreError> {
        let (day, more) = set.terms();
        let (after_day, after_id) = after.unwrap_or_default();
        let sql = format!(
            "WHERE org_id = ? AND {day} >= ? AND {day} < ?{more} AND ({day}, order_id) > (?, ?)
             ORDER BY {day}, order_id LIMIT ?"
        );
        self.read(|c| all(c, &sql, (org, from, to, after_day, after_id, page(limit))))
    }

    pub fn fact(&self, org: i64, order: Id) -> Result<Option<OrderFactRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? AND order_id = ?", (org, order)))
    }

    /// Orders of which the log says something new after an entry, each once, and the entry up to which it was looked at.
    pub fn orders_in_log(&self, org: i64, after: i64, limit: usize) -> Result<(Vec<Id>, i64), StoreError> {
        let sql = "SELECT order_id, seq FROM log WHERE org_id = ? AND seq > ? ORDER BY seq LIMIT ?";
        let rows: Vec<(Option<Id>, i64)> =
            self.read(|c| c.query(sql, (org, after, page(limit)), |row| Ok((row.get(0)?, row.get(1)?))))?;
        let upto = rows.last().map_or(after, |(_, seq)| *seq);
        let mut orders: Vec<Id> = rows.into_iter().filter_map(|(order, _)| order).collect();
        orders.sort_unstable();
        orders.dedup();
        Ok((orders, upto))
    }

    /// Tasks that were decided between two instants, from (inclusive) and to (exclusive).
    pub fn decided_tasks(&self, org: i64, from_ms: i64, to_ms: i64) -> Result<Vec<DecidedTask>, StoreError> {
        let sql = "SELECT department, node, opened_at_ms, decided_at_ms, due_at_ms FROM task
                   WHERE org_id = ? AND decided_at_ms >= ? AND decided_at_ms < ? AND state = 'done'
                   AND department IS NOT NULL";
        self.read(|c| {
            c.query(sql, (org, from_ms, to_ms), |row| {
                Ok(DecidedTask {
                    department: row.get(0)?,
                    node: row.get(1)?,
                    opened_at_ms: row.get(2)?,
                    decided_at_ms: row.get(3)?,
                    due_at_ms: row.get(4)?,
                })
            })
        })
    }

    /// The last log entry that the figures know.
    pub fn facts_upto(&self, org: i64) -> Result<i64, StoreError> {
        let found: Option<crate::CounterRow> =
            self.read(|c| first(c, "WHERE org_id = ? AND name = ?", (org, FACTS)))?;
        Ok(found.map_or(0, |row| row.n))
    }
}

/// The counter under which the figures note how far they have read the log.
pub const FACTS: &str = "facts";
