//! Runs of the self-check, and what it looks at: counts with an example each, by indexes where there are some.

use crate::reader::page;
use crate::row::{all, any_number, first, row, run_each};
use crate::sql::{Connection, Found};
use crate::{Id, SealRow, Store, StoreError};

row! {
    /// `results` is JSON; `failed` counts the checks that found something.
    SelfCheckRow in "self_check"
    key { id: Id, }
    rest { at_ms: i64, asked_by: String, took_ms: i64, failed: i64, results: String, }
}

/// Since when something counts as too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// Messages written before.
    pub outbox_ms: i64,
    /// Messages given up after.
    pub given_up_ms: i64,
    /// Timers due before.
    pub timer_ms: i64,
    /// Tasks due before.
    pub task_ms: i64,
    /// Exceptions due before.
    pub exception_ms: i64,
    /// Stock counted before; `None`: however old.
    pub stock_ms: Option<i64>,
    /// Orders that nothing has happened to since.
    pub order_ms: i64,
}

/// How many, and one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spotted {
    pub count: i64,
    pub example: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vitals {
    pub outbox_late: Spotted,
    pub given_up: Spotted,
    pub timers_late: Spotted,
    pub tasks_stalled: Spotted,
    pub exceptions_late: Spotted,
    pub stock_stale: Spotted,
    /// In review, and neither a task nor a timer nor a message would move them on.
    pub unmoved: Vec<Id>,
}

/// As many orders are looked at closely.
const UNMOVED_MAX: i64 = 200;

pub(crate) fn purge(connection: &Connection<'_>, before_ms: i64) -> Result<(), StoreError> {
    run_each(connection, "DELETE FROM self_check WHERE at_ms < ?", [(before_ms,)], any_number)
}

fn found(row: &Found<'_>) -> Result<Spotted, StoreError> {
    Ok(Spotted { count: row.get(0)?, example: row.get(1)? })
}

impl Store {
    /// Newest first.
    pub fn self_checks(&self, org: i64, limit: usize) -> Result<Vec<SelfCheckRow>, StoreError> {
        self.read(|c| all(c, "WHERE org_id = ? ORDER BY id DESC LIMIT ?", (org, page(limit))))
    }

    /// The last seal of a company.
    pub fn last_seal(&self, org: i64) -> Result<Option<SealRow>, StoreError> {
        self.read(|c| first(c, "WHERE org_id = ? ORDER BY n DESC LIMIT 1", (org,)))
    }

    /// The oldest entry behind a number: its number and time.
    pub fn entry_behind(&self, org: i64, seq: i64) -> Result<Option<(i64, i64)>, StoreError> {
        let row = self.log_range(org, seq, 1)?.into_iter().next();
        Ok(row.map(|row| (row.seq, row.at_ms)))
    }

    pub fn vitals(&self, org: i64, since: Since) -> Result<Vitals, StoreError> {
        let number = "(SELECT number FROM orders o WHERE o.org_id = x.org_id AND o.id = x.order_id)";
        let late = |table: &str, when: &str| {
            format!("SELECT count(*), min({number}) FROM {table} x WHERE x.org_id = ? AND {when}")
        };
        let outbox = late("outbox", "state = 'queued' AND created_at_ms < ?");
        let given_up = late("outbox", "state = 'failed' AND created_at_ms > ?");
        let timers = late("timer", "due_at_ms < ?");
        let tasks = late("task", "state = 'open' AND due_at_ms < ?");
        let exceptions = late("exception", "state = 'open' AND due_at_ms < ?");
        let stock =
            "SELECT count(DISTINCT product), min(product) FROM stock WHERE org_id = ? AND as_of_ms < ?";
        let unmoved = "SELECT o.id FROM orders o WHERE o.org_id = ? AND o.status = 'in_review' AND o.updated_at_ms < ?
            AND NOT EXISTS (SELECT 1 FROM task t WHERE t.org_id = o.org_id AND t.order_id = o.id AND t.state = 'open')
            AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.org_id = o.org_id AND coalesce(t.order_id, x'') = o.id)
            AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.org_id = o.org_id AND b.order_id = o.id AND b.state = 'queued')
            LIMIT ?";
        self.read(|c| {
            let one =
                |sql: &str, at_ms: i64| c.query_one(sql, (org, at_ms), found).map(Option::unwrap_or_default);
            Ok(Vitals {
                outbox_late: one(&outbox, since.outbox_ms)?,
                given_up: one(&given_up, since.given_up_ms)?,
                timers_late: one(&timers, since.timer_ms)?,
                tasks_stalled: one(&tasks, since.task_ms)?,
                exceptions_late: one(&exceptions, since.exception_ms)?,
                stock_stale: since.stock_ms.map_or(Ok(Spotted::default()), |at_ms| one(stock, at_ms))?,
                unmoved: c.query(unmoved, (org, since.order_ms, UNMOVED_MAX), |row| row.get(0))?,
            })
        })
    }
}
