//! What tasks count for on the boards: rows that follow the log like the facts of orders.

use crate::fact::FactTraits;
use crate::query::Query;
use crate::reader::page;
use crate::row::{Row, all, any_number, row, run_each};
use crate::sql::{Connection, Found};
use crate::{Id, Store, StoreError};

row! {
    /// `person` is a login: who decided it, or else with whom it lies. `ended_at_ms` without a decision: it was not
    /// needed any more. `looked_ms` is how long it lay open before whoever decided it.
    TaskFactRow in "task_fact"
    key { order_id: Id, task_id: Id, }
    rest {
        version: i64,
        number: String,
        flow: Option<String>,
        node: String,
        department: Option<String>,
        person: Option<String>,
        opened_at_ms: i64,
        due_at_ms: Option<i64>,
        ended_at_ms: Option<i64>,
        decision: Option<String>,
        reason: Option<String>,
        urges: i64,
        looked_ms: Option<i64>,
    }
}

/// How long somebody has to have had a task before them for it to count as read.
const INSTANT_MS: i64 = 5_000;

/// Which tasks a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskFactSet {
    /// Due in the period; what was not needed any more counts only if it was late by then.
    Due,
    /// Of these, decided late or open and late.
    Breached,
    /// Open and late now.
    Overdue,
    /// Open, and due in the period and not yet late.
    Upcoming,
    /// Opened in the period; those of them that somebody was urged about.
    Opened,
    Urged,
    /// Decided in the period; those of them that were sent back, approved, and approved within seconds.
    Decided,
    Returned,
    Approved,
    Instant,
    /// Of those decided: by people, and by the clock or a machine.
    ByPeople,
    BySystem,
}

impl TaskFactSet {
    pub const ALL: [TaskFactSet; 12] = [
        TaskFactSet::Due,
        TaskFactSet::Breached,
        TaskFactSet::Overdue,
        TaskFactSet::Upcoming,
        TaskFactSet::Opened,
        TaskFactSet::Urged,
        TaskFactSet::Decided,
        TaskFactSet::Returned,
        TaskFactSet::Approved,
        TaskFactSet::Instant,
        TaskFactSet::ByPeople,
        TaskFactSet::BySystem,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Breached => "breached",
            Self::Overdue => "overdue",
            Self::Upcoming => "upcoming",
            Self::Opened => "opened",
            Self::Urged => "urged",
            Self::Decided => "decided",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Instant => "instant",
            Self::ByPeople => "by_people",
            Self::BySystem => "by_system",
        }
    }

    /// The moment by which a row stands in the list of the set.
    pub fn place(self, row: &TaskFactRow) -> (i64, Id) {
        let at_ms = match self.column() {
            "due_at_ms" => row.due_at_ms,
            "ended_at_ms" => row.ended_at_ms,
            _ => Some(row.opened_at_ms),
        };
        (at_ms.unwrap_or_default(), row.task_id)
    }

    fn column(self) -> &'static str {
        match self {
            Self::Due | Self::Breached | Self::Overdue | Self::Upcoming => "due_at_ms",
            Self::Opened | Self::Urged => "opened_at_ms",
            Self::Decided
            | Self::Returned
            | Self::Approved
            | Self::Instant
            | Self::ByPeople
            | Self::BySystem => "ended_at_ms",
        }
    }

    /// What must be so besides the moment lying in the period. A mark stands for now.
    fn terms(self) -> String {
        match self {
            Self::Due => {
                "(ended_at_ms IS NULL OR decision IS NOT NULL OR ended_at_ms > due_at_ms)".to_owned()
            }
            Self::Breached => {
                "(ended_at_ms > due_at_ms OR (ended_at_ms IS NULL AND due_at_ms < ?))".to_owned()
            }
            Self::Overdue => "ended_at_ms IS NULL AND due_at_ms < ?".to_owned(),
            Self::Upcoming => "ended_at_ms IS NULL AND due_at_ms >= ?".to_owned(),
            Self::Opened => "opened_at_ms IS NOT NULL".to_owned(),
            Self::Urged => "urges > 0".to_owned(),
            Self::Decided => "decision IS NOT NULL".to_owned(),
            Self::Returned => "decision = 'return'".to_owned(),
            Self::Approved => "decision = 'approve' AND looked_ms IS NOT NULL".to_owned(),
            Self::Instant => format!("decision = 'approve' AND looked_ms < {INSTANT_MS}"),
            Self::ByPeople => "decision IS NOT NULL AND person IS NOT NULL".to_owned(),
            Self::BySystem => "decision IS NOT NULL AND person IS NULL".to_owned(),
        }
    }
}

/// Tasks of one department (empty: of none) that were due between two instants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Age {
    pub department: String,
    pub from_ms: i64,
    pub to_ms: i64,
}

/// Which of the tasks of a set: all, unless something is said. An empty text asks for those that have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFactCut {
    pub flow: Option<String>,
    pub node: Option<String>,
    pub department: Option<String>,
    pub person: Option<String>,
    /// The reason that was given, or no reason.
    pub reason: Option<String>,
    /// Any of these.
    pub ages: Option<Vec<Age>>,
    pub of: FactTraits,
}

impl TaskFactCut {
    fn narrow(&self, query: &mut Query) {
        query.and_some("coalesce(task_fact.flow, '') = ?", self.flow.clone());
        query.and_some("node = ?", self.node.clone());
        query.and_some("coalesce(department, '') = ?", self.department.clone());
        query.and_some("coalesce(person, '') = ?", self.person.clone());
        query.and_some("coalesce(reason, '') = ?", self.reason.clone());
        if let Some(ages) = &self.ages {
            query.sql.push_str(" AND (1 = 0");
            for age in ages {
                query.sql.push_str(" OR (coalesce(department, '') = ? AND due_at_ms > ? AND due_at_ms <= ?)");
                query.values.extend([age.department.clone().into(), age.from_ms.into(), age.to_ms.into()]);
            }
            query.sql.push(')');
        }
        self.of.narrow_beside("task_fact", query);
    }
}

/// Tasks of a set that have the same step, department and person, and the reason for which they were sent back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskGroup {
    pub flow: Option<String>,
    pub node: String,
    pub department: Option<String>,
    pub person: Option<String>,
    pub reason: Option<String>,
    pub tasks: i64,
    pub urges: i64,
}

/// A row of an older state never takes the place of one of a newer; what is no longer so goes.
pub(crate) fn put(connection: &Connection<'_>, rows: &[TaskFactRow]) -> Result<(), StoreError> {
    let sql = format!("{} WHERE excluded.version >= task_fact.version", TaskFactRow::UPSERT);
    run_each(connection, &sql, rows, any_number)?;
    let mut orders: Vec<(i64, Id, i64)> =
        rows.iter().map(|row| (row.org, row.order_id, row.version)).collect();
    orders.dedup();
    let old = "DELETE FROM task_fact WHERE org_id = ? AND order_id = ? AND version < ?";
    run_each(connection, old, &orders, any_number)
}

/// Tasks whose moment lies between two instants, from (inclusive) and to (exclusive).
fn asked(
    sql: &str,
    org: i64,
    (set, cut): (TaskFactSet, &TaskFactCut),
    (from_ms, to_ms): (i64, i64),
    now_ms: i64,
) -> Query {
    let (column, terms) = (set.column(), set.terms());
    let sql = format!("{sql} WHERE org_id = ? AND {column} >= ? AND {column} < ? AND {terms}");
    let mut query = Query::new(sql, vec![org.into(), from_ms.into(), to_ms.into()]);
    query.values.extend(terms.contains('?').then(|| now_ms.into()));
    cut.narrow(&mut query);
    query
}

impl Store {
    /// How many tasks of a set there are, by what they have in common.
    pub fn task_groups(
        &self,
        org: i64,
        of: (TaskFactSet, &TaskFactCut),
        instants: (i64, i64),
        now_ms: i64,
    ) -> Result<Vec<TaskGroup>, StoreError> {
        let sql = "SELECT flow, node, department, person, CASE WHEN decision = 'return' THEN reason END,
            count(*), CAST(sum(urges) AS BIGINT) FROM task_fact";
        let mut query = asked(sql, org, of, instants, now_ms);
        query.sql.push_str(" GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5");
        let group = |row: &Found<'_>| {
            Ok(TaskGroup {
                flow: row.get(0)?,
                node: row.get(1)?,
                department: row.get(2)?,
                person: row.get(3)?,
                reason: row.get(4)?,
                tasks: row.get(5)?,
                urges: row.get(6)?,
            })
        };
        self.read(|c| c.query(&query.sql, query.values, group))
    }

    /// A page of a part of a set, after the [`TaskFactSet::place`] of the last seen.
    pub fn task_fact_page(
        &self,
        org: i64,
        (set, cut): (TaskFactSet, &TaskFactCut),
        instants: (i64, i64),
        now_ms: i64,
        after: Option<(i64, Id)>,
        limit: usize,
    ) -> Result<Vec<TaskFactRow>, StoreError> {
        let column = set.column();
        let mut query = asked("", org, (set, cut), instants, now_ms);
        if let Some((at_ms, id)) = after {
            query.and(&format!("({column}, task_id) > (?, ?)"), at_ms);
            query.values.push(id.to_vec().into());
        }
        query.sql.push_str(&format!(" ORDER BY {column}, task_id LIMIT ?"));
        query.values.push(page(limit).into());
        self.read(|c| all(c, query.sql.trim_start(), query.values))
    }
}
