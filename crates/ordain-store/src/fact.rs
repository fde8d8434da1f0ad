//! What orders count for in the figures: a row for each, which follows the log.

use crate::query::Query;
use crate::reader::page;
use crate::row::{Row, all, any_number, first, row, run_each};
use crate::sql::{Connection, Found};
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
        suspicion: Option<String>,
        lost_by: Option<String>,
        /// 0 received, 1 checked, 2 reviewed, 3 confirmed.
        reached: i64,
        level: Option<String>,
        owner: Option<String>,
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
    /// Of those received: thought lost now; thought lost once and brought forward since.
    Suspected,
    Recovered,
}

impl FactSet {
    pub const ALL: [FactSet; 11] = [
        FactSet::Received,
        FactSet::Confirmed,
        FactSet::Lost,
        FactSet::WithException,
        FactSet::Returned,
        FactSet::Changed,
        FactSet::Complained,
        FactSet::FirstPass,
        FactSet::StraightThrough,
        FactSet::Suspected,
        FactSet::Recovered,
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
            FactSet::Suspected => "suspected",
            FactSet::Recovered => "recovered",
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
            FactSet::Suspected => ("received_on", " AND suspicion = 'open'"),
            FactSet::Recovered => ("received_on", " AND suspicion = 'recovered'"),
        }
    }
}

/// Which of the orders of a set: all, unless something is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactCut {
    /// Lost for this reason.
    pub reason: Option<String>,
    /// Confirmed in so many working minutes, from (inclusive) and to (exclusive).
    pub cycle: Option<(i64, i64)>,
    /// That came at least so far.
    pub reached: Option<i64>,
    /// That waited for this part on their way to confirmation.
    pub part: Option<String>,
    pub of: FactTraits,
}

/// What sort of orders a board is about: all, unless something is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactTraits {
    pub channel: Option<String>,
    pub flow: Option<String>,
    /// The level of the customer.
    pub level: Option<String>,
    /// Login of whoever answers for the customer.
    pub owner: Option<String>,
}

impl FactTraits {
    /// Goes on with a statement about rows of `order_fact`.
    pub(crate) fn narrow(&self, query: &mut Query) {
        query.and_some("order_fact.channel = ?", self.channel.clone());
        query.and_some("order_fact.flow = ?", self.flow.clone());
        query.and_some("order_fact.level = ?", self.level.clone());
        query.and_some("order_fact.owner = ?", self.owner.clone());
    }

    /// Goes on with a statement about rows that are kept beside those of orders.
    pub(crate) fn narrow_beside(&self, table: &str, query: &mut Query) {
        if *self == Self::default() {
            return;
        }
        query.sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM order_fact WHERE order_fact.org_id = {table}.org_id
                AND order_fact.order_id = {table}.order_id"
        ));
        self.narrow(query);
        query.sql.push(')');
    }
}

impl FactCut {
    /// What a statement asks for beside the set.
    fn narrow(&self, query: &mut Query) {
        query.and_some("lost_reason = ?", self.reason.clone());
        if let Some((from, to)) = self.cycle {
            query.and("cycle_minutes >= ?", from);
            query.and("cycle_minutes < ?", to);
        }
        query.and_some("reached >= ?", self.reached);
        let waited_for = "EXISTS (SELECT 1 FROM cycle_part_fact p WHERE p.org_id = order_fact.org_id
            AND p.order_id = order_fact.order_id AND p.part = ?)";
        query.and_some(waited_for, self.part.clone());
        self.of.narrow(query);
    }
}

/// The days of a period: from (inclusive) and to (exclusive), as ISO dates.
pub type Days<'a> = (&'a str, &'a str);

/// What came on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivedDay {
    pub day: String,
    pub received: i64,
    pub with_exception: i64,
    pub lost: i64,
    pub lost_minor: i64,
    pub suspected: i64,
    pub recovered: i64,
}

/// What was confirmed on one day in the same time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfirmedDay {
    pub day: String,
    pub cycle_minutes: Option<i64>,
    pub confirmed: i64,
    pub first_pass: i64,
    pub straight_through: i64,
    pub returned: i64,
    pub changed: i64,
    pub complained: i64,
    pub complaints: i64,
}

/// Orders that were lost for the same reason at the same step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LostPart {
    pub reason: Option<String>,
    pub flow: Option<String>,
    pub node: Option<String>,
    pub orders: i64,
    pub minor: i64,
}

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

/// A statement that sums up rows of the days of a period, of the orders that are asked for.
fn of_days(sql: &str, (org, of, (from, to)): (i64, &FactTraits, Days<'_>), groups: &str) -> Query {
    let mut query = Query::new(sql, vec![org.into(), from.to_owned().into(), to.to_owned().into()]);
    of.narrow(&mut query);
    query.sql.push_str(" GROUP BY ");
    query.sql.push_str(groups);
    query
}

impl Store {
    /// What came on each day of a period.
    pub fn received_days(
        &self,
        org: i64,
        of: &FactTraits,
        days: Days<'_>,
    ) -> Result<Vec<ReceivedDay>, StoreError> {
        let sql = "SELECT received_on, count(*), count(*) FILTER (WHERE exceptions > 0), count(lost_on),
                CAST(coalesce(sum(minor) FILTER (WHERE lost_on IS NOT NULL), 0) AS BIGINT),
                count(*) FILTER (WHERE suspicion = 'open'), count(*) FILTER (WHERE suspicion = 'recovered')
            FROM order_fact WHERE org_id = ? AND received_on >= ? AND received_on < ?";
        let day = |row: &Found<'_>| {
            Ok(ReceivedDay {
                day: row.get(0)?,
                received: row.get(1)?,
                with_exception: row.get(2)?,
                lost: row.get(3)?,
                lost_minor: row.get(4)?,
                suspected: row.get(5)?,
                recovered: row.get(6)?,
            })
        };
        let query = of_days(sql, (org, of, days), "received_on ORDER BY received_on");
        self.read(|c| c.query(&query.sql, query.values, day))
    }

    /// What was confirmed on each day of a period, by how long it took.
    pub fn confirmed_days(
        &self,
        org: i64,
        of: &FactTraits,
        days: Days<'_>,
    ) -> Result<Vec<ConfirmedDay>, StoreError> {
        let sql = "SELECT confirmed_on, cycle_minutes, count(*),
                count(*) FILTER (WHERE returns = 0 AND exceptions = 0), count(*) FILTER (WHERE tasks = 0),
                count(*) FILTER (WHERE returns > 0), count(*) FILTER (WHERE changes > 0),
                count(*) FILTER (WHERE complaints > 0), CAST(sum(complaints) AS BIGINT)
            FROM order_fact WHERE org_id = ? AND confirmed_on >= ? AND confirmed_on < ?
                AND confirmed_on IS NOT NULL";
        let day = |row: &Found<'_>| {
            Ok(ConfirmedDay {
                day: row.get(0)?,
                cycle_minutes: row.get(1)?,
                confirmed: row.get(2)?,
                first_pass: row.get(3)?,
                straight_through: row.get(4)?,
                returned: row.get(5)?,
                changed: row.get(6)?,
                complained: row.get(7)?,
                complaints: row.get(8)?,
            })
        };
        let groups = "confirmed_on, cycle_minutes ORDER BY confirmed_on, cycle_minutes";
        let query = of_days(sql, (org, of, days), groups);
        self.read(|c| c.query(&query.sql, query.values, day))
    }

    /// Which sorts of orders came in in a period.
    pub fn sorts_received(&self, org: i64, (from, to): Days<'_>) -> Result<Vec<FactTraits>, StoreError> {
        let sql = "SELECT DISTINCT channel, flow, level, owner FROM order_fact
            WHERE org_id = ? AND received_on >= ? AND received_on < ? ORDER BY 1, 2, 3, 4";
        let sort = |row: &Found<'_>| {
            let (channel, flow) = (row.get(0)?, row.get(1)?);
            Ok(FactTraits { channel, flow, level: row.get(2)?, owner: row.get(3)? })
        };
        self.read(|c| c.query(sql, (org, from, to), sort))
    }

    /// How many of the orders received in a period have come how far.
    pub fn reached(&self, org: i64, of: &FactTraits, days: Days<'_>) -> Result<Vec<(i64, i64)>, StoreError> {
        let sql = "SELECT reached, count(*) FROM order_fact
            WHERE org_id = ? AND received_on >= ? AND received_on < ?";
        let query = of_days(sql, (org, of, days), "reached");
        self.read(|c| c.query(&query.sql, query.values, |row| Ok((row.get(0)?, row.get(1)?))))
    }

    /// The lost orders of those received in a period, by why and where they stopped.
    pub fn lost_parts(&self, org: i64, of: &FactTraits, days: Days<'_>) -> Result<Vec<LostPart>, StoreError> {
        let sql = "SELECT lost_reason, flow, lost_node, count(*), CAST(coalesce(sum(minor), 0) AS BIGINT)
            FROM order_fact WHERE org_id = ? AND received_on >= ? AND received_on < ? AND lost_on IS NOT NULL";
        let part = |row: &Found<'_>| {
            Ok(LostPart {
                reason: row.get(0)?,
                flow: row.get(1)?,
                node: row.get(2)?,
                orders: row.get(3)?,
                minor: row.get(4)?,
            })
        };
        let groups = "lost_reason, flow, lost_node ORDER BY lost_reason, flow, lost_node";
        let query = of_days(sql, (org, of, days), groups);
        self.read(|c| c.query(&query.sql, query.values, part))
    }

    /// A page of a part of a set, after (day, order).
    pub fn fact_page(
        &self,
        org: i64,
        (set, cut): (FactSet, &FactCut),
        (from, to): Days<'_>,
        after: Option<(String, Id)>,
        limit: usize,
    ) -> Result<Vec<OrderFactRow>, StoreError> {
        let (day, more) = set.terms();
        let (after_day, after_id) = after.unwrap_or_default();
        let mut query = Query::new(
            format!("WHERE org_id = ? AND {day} >= ?{more}"),
            vec![org.into(), from.to_owned().into()],
        );
        query.and(&format!("{day} < ?"), to.to_owned());
        query.and(&format!("({day}, order_id) > (?, ?)"), after_day);
        query.values.push(after_id.to_vec().into());
        cut.narrow(&mut query);
        query.sql.push_str(&format!(" ORDER BY {day}, order_id LIMIT ?"));
        query.values.push(page(limit).into());
        self.read(|c| all(c, &query.sql, query.values))
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
    pub fn decided_tasks(
        &self,
        org: i64,
        of: &FactTraits,
        (from_ms, to_ms): (i64, i64),
    ) -> Result<Vec<DecidedTask>, StoreError> {
        let sql = "SELECT department, node, opened_at_ms, decided_at_ms, due_at_ms FROM task
                   WHERE org_id = ? AND decided_at_ms >= ? AND decided_at_ms < ? AND state = 'done'
                   AND department IS NOT NULL";
        let mut query = Query::new(sql, vec![org.into(), from_ms.into(), to_ms.into()]);
        of.narrow_beside("task", &mut query);
        let decided = |row: &Found<'_>| {
            Ok(DecidedTask {
                department: row.get(0)?,
                node: row.get(1)?,
                opened_at_ms: row.get(2)?,
                decided_at_ms: row.get(3)?,
                due_at_ms: row.get(4)?,
            })
        };
        self.read(|c| c.query(&query.sql, query.values, decided))
    }

    /// The last log entry that the figures know.
    pub fn facts_upto(&self, org: i64) -> Result<i64, StoreError> {
        let found: Option<crate::CounterRow> =
            self.read(|c| first(c, "WHERE org_id = ? AND name = ?", (org, FACTS)))?;
        Ok(found.map_or(0, |row| row.n))
    }
}

/// The counter under which it is noted how far the log was read for facts and records. Older programs noted it as
/// `facts` and `facts_records`, and may go on beside this one for a while: of what they have read, the rows that they did
/// not know are still to be made.
pub const FACTS: &str = "facts_boards";
