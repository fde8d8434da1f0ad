//! Queues of tasks: what is mine, what anybody of my department may take, what I have done, and how
//! much lies with each department.

use std::collections::BTreeMap;

use crate::sql::{Connection, Found, Value};

use crate::narrow::at_steps;
use crate::query::Query;
use crate::reader::page;
use crate::row::all;
use crate::{Id, OrderReach, OrderTraits, StepKey, Store, StoreError, TaskRow};

#[derive(Clone, Debug, PartialEq)]
pub enum TaskFilter {
    /// Open and assigned to or claimed by this person.
    Mine { user: Id },
    /// Open, nobody's yet, and meant for one of these departments or roles.
    Pool { departments: Vec<String>, roles: Vec<String> },
    /// Open, whoever has it.
    Open,
    /// Decided by this person.
    Done { user: Id },
}

/// What of a queue is asked for; by default all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskNarrow {
    /// At one of these; empty: at any.
    pub steps: Vec<StepKey>,
    pub department: Option<String>,
    /// Due before this time: with "now", the overdue ones.
    pub due_before_ms: Option<i64>,
    pub order: OrderTraits,
    /// Of orders that are reached; none: of all.
    pub reach: Option<OrderReach>,
}

impl TaskNarrow {
    fn narrow(&self, query: &mut Query) {
        if let Some((at_steps, steps)) = at_steps(&self.steps) {
            query.sql.push_str(&format!(" AND {at_steps}"));
            query.values.extend(steps);
        }
        query.and_some("department = ?", self.department.clone());
        query.and_some("due_at_ms < ?", self.due_before_ms);
        if !self.order.is_any() {
            let sql = " AND EXISTS (SELECT 1 FROM orders
                WHERE orders.org_id = task.org_id AND orders.id = task.order_id";
            query.sql.push_str(sql);
            self.order.narrow(query);
            query.sql.push(')');
        }
        query.and_of_reached("task", self.reach.as_ref());
    }
}

/// Open tasks of one department (empty: of none).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentLoad {
    pub department: String,
    pub open: i64,
    pub overdue: i64,
}

/// Tasks of a department whose opening, decision or deadline lies in one quarter of an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskCount {
    pub department: String,
    pub from_ms: i64,
    pub n: i64,
}

/// Which moment of tasks is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskMoment {
    Opened,
    /// Decided, of those that were opened in the same time.
    Done,
    /// Of the open ones.
    Due,
}

/// Zones are whole quarters of an hour apart, so that quarters can be put together to days of any zone.
const QUARTER_MS: i64 = 15 * 60 * 1_000;

/// What has no due time comes last.
const DUE: &str = "coalesce(due_at_ms, 9223372036854775807)";

impl Store {
    /// Open tasks by due time, done ones latest first. `after` is the [`TaskRow::place`] of the last seen.
    pub fn list_tasks(
        &self,
        org: i64,
        filter: &TaskFilter,
        narrow: &TaskNarrow,
        after: Option<(i64, Id)>,
        limit: usize,
    ) -> Result<Vec<TaskRow>, StoreError> {
        let (condition, mut values) = condition(filter);
        values.insert(0, org.into());
        let mut query = Query::new(format!("WHERE org_id = ? AND {condition}"), values);
        narrow.narrow(&mut query);
        let (place, order, compare) = match filter {
            TaskFilter::Done { .. } => ("decided_at_ms", "DESC", "<"),
            _ => (DUE, "ASC", ">"),
        };
        if let Some((at_ms, id)) = after {
            query.and(&format!("({place}, id) {compare} (?, ?)"), at_ms);
            query.values.push(id.to_vec().into());
        }
        query.sql.push_str(&format!(" ORDER BY {place} {order}, id {order} LIMIT ?"));
        query.values.push(page(limit).into());
        self.read(|c| all(c, &query.sql, query.values))
    }

    /// The steps at which tasks are open.
    pub fn open_steps(&self, org: i64) -> Result<Vec<StepKey>, StoreError> {
        let sql = "SELECT DISTINCT flow, node FROM task WHERE org_id = ? AND state = 'open'";
        self.read(|c| c.query(sql, (org,), |row| Ok(StepKey { flow: row.get(0)?, node: row.get(1)? })))
    }

    /// (all, overdue) of a queue, for its badge.
    pub fn count_tasks(&self, org: i64, filter: &TaskFilter, now_ms: i64) -> Result<(i64, i64), StoreError> {
        let (condition, mut values) = condition(filter);
        let sql = format!(
            "SELECT count(*), count(CASE WHEN due_at_ms < ? THEN 1 END) FROM task
            WHERE org_id = ? AND {condition}"
        );
        values.splice(0..0, [now_ms.into(), org.into()]);
        let counted = self.read(|c| c.query_one(&sql, values, |row| Ok((row.get(0)?, row.get(1)?))))?;
        Ok(counted.unwrap_or_default())
    }

    pub fn department_loads(&self, org: i64, now_ms: i64) -> Result<Vec<DepartmentLoad>, StoreError> {
        let sql = "SELECT coalesce(department, ''), count(*), count(CASE WHEN due_at_ms < ? THEN 1 END)
            FROM task WHERE org_id = ? AND state = 'open' GROUP BY 1 ORDER BY 1";
        let load = |row: &Found<'_>| {
            Ok(DepartmentLoad { department: row.get(0)?, open: row.get(1)?, overdue: row.get(2)? })
        };
        self.read(|c| c.query(sql, (now_ms, org), load))
    }

    /// Counts by department and quarter of an hour: what was opened or done since an instant, or what is due at all.
    pub fn task_counts(
        &self,
        org: i64,
        moment: TaskMoment,
        since_ms: i64,
    ) -> Result<Vec<TaskCount>, StoreError> {
        let (column, condition) = match moment {
            TaskMoment::Opened => ("opened_at_ms", "opened_at_ms >= ?"),
            TaskMoment::Done => ("decided_at_ms", "opened_at_ms >= ? AND state = 'done'"),
            TaskMoment::Due => ("due_at_ms", "due_at_ms >= ? AND state = 'open'"),
        };
        let sql = format!(
            "SELECT department, {column} / {QUARTER_MS}, count(*) FROM task
            WHERE org_id = ? AND {condition} AND department IS NOT NULL GROUP BY 1, 2"
        );
        let count = |row: &Found<'_>| {
            Ok(TaskCount {
                department: row.get(0)?,
                from_ms: row.get::<i64>(1)?.saturating_mul(QUARTER_MS),
                n: row.get(2)?,
            })
        };
        self.read(|c| c.query(&sql, (org, since_ms), count))
    }
}

/// Open tasks that lie with single people, by login.
pub(crate) fn loads_of_people(
    connection: &Connection<'_>,
    org: i64,
) -> Result<BTreeMap<String, i64>, StoreError> {
    let sql = "SELECT users.login, count(*) FROM task
        JOIN users ON users.org_id = task.org_id AND users.id = task.assignee
        WHERE task.org_id = ? AND task.state = 'open' AND task.assignee IS NOT NULL GROUP BY users.login";
    let loads = connection.query(sql, (org,), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(loads.into_iter().collect())
}

impl TaskRow {
    /// The place of a row in the queue it was listed in.
    pub fn place(&self) -> (i64, Id) {
        (self.decided_at_ms.or(self.due_at_ms).unwrap_or(i64::MAX), self.id)
    }
}

fn condition(filter: &TaskFilter) -> (String, Vec<Value>) {
    let id = |id: &Id| Value::from(id.to_vec());
    match filter {
        TaskFilter::Mine { user } => {
            ("state = 'open' AND (assignee = ? OR claimed_by = ?)".into(), vec![id(user), id(user)])
        }
        TaskFilter::Pool { departments, roles } => {
            // An empty list is no syntax of PostgreSQL.
            let any = |n: usize| if n == 0 { "NULL".to_owned() } else { vec!["?"; n].join(", ") };
            let condition = format!(
                "state = 'open' AND assignee IS NULL AND claimed_by IS NULL
                AND ((role IS NULL AND department IN ({})) OR role IN ({}))",
                any(departments.len()),
                any(roles.len())
            );
            (condition, departments.iter().chain(roles).map(|text| Value::from(text.clone())).collect())
        }
        TaskFilter::Open => ("state = 'open'".into(), Vec::new()),
        TaskFilter::Done { user } => ("state = 'done' AND decided_by = ?".into(), vec![id(user)]),
    }
}
