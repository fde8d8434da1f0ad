//! Queues of work: what lies with a person, what anybody of a department may take, what came back to its sender.

use super::QueryError;
use crate::case::people::User;
use ordain_store::{Id, OrderCursor, OrderFilter, OrderRow, Store, TaskFilter, TaskNarrow, TaskRow};

/// Rows looked at in one go while orders are sifted.
const SIFT: usize = 200;
/// Most orders sifted for one page.
const SIFT_MAX: usize = 2_000;

/// Which queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    Mine,
    Pool,
    Returned,
    Done,
    Started,
}

impl Queue {
    pub const ALL: [Queue; 5] = [Queue::Mine, Queue::Pool, Queue::Returned, Queue::Done, Queue::Started];

    pub fn name(self) -> &'static str {
        match self {
            Queue::Mine => "mine",
            Queue::Pool => "pool",
            Queue::Returned => "returned",
            Queue::Done => "done",
            Queue::Started => "started",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.name() == name)
    }
}

/// The filter for what a user's department and roles may take.
pub fn pool_of(user: &User) -> TaskFilter {
    TaskFilter::Pool { departments: user.department.iter().cloned().collect(), roles: user.roles.clone() }
}

/// Whether a task lies with somebody, was decided by them, or may be taken by them.
pub fn concerns(user: &User, row: &TaskRow) -> bool {
    let id = Some(user.id.into_bytes());
    let offered = row.assignee.is_none()
        && (row.department.is_some() && row.department == user.department
            || row.role.as_ref().is_some_and(|role| user.roles.contains(role)));
    offered || [row.assignee, row.claimed_by, row.decided_by].contains(&id)
}

/// Tasks of a queue that are asked for, by due time, behind `after`.
///
/// # Errors
/// What the store says.
pub fn tasks(
    store: &Store,
    org: i64,
    user: &User,
    queue: Queue,
    narrow: &TaskNarrow,
    after: Option<(i64, Id)>,
    limit: usize,
) -> Result<Vec<TaskRow>, QueryError> {
    let id = user.id.into_bytes();
    let filters = match queue {
        Queue::Mine => vec![TaskFilter::Mine { user: id }, pool_of(user)],
        Queue::Pool => vec![pool_of(user)],
        Queue::Done => vec![TaskFilter::Done { user: id }],
        Queue::Returned | Queue::Started => Vec::new(),
    };
    let mut rows = Vec::new();
    for filter in &filters {
        rows.extend(store.list_tasks(org, filter, narrow, after, limit)?);
    }
    if queue != Queue::Done {
        rows.sort_by_key(TaskRow::place);
    }
    rows.truncate(limit);
    Ok(rows)
}

/// (all, overdue) of a queue of tasks.
///
/// # Errors
/// What the store says.
pub fn count(
    store: &Store,
    org: i64,
    user: &User,
    queue: Queue,
    now_ms: i64,
) -> Result<(i64, i64), QueryError> {
    let id = user.id.into_bytes();
    let add = |a: (i64, i64), b: (i64, i64)| (a.0 + b.0, a.1 + b.1);
    Ok(match queue {
        Queue::Mine => {
            let own = store.count_tasks(org, &TaskFilter::Mine { user: id }, now_ms)?;
            add(own, store.count_tasks(org, &pool_of(user), now_ms)?)
        }
        Queue::Pool => store.count_tasks(org, &pool_of(user), now_ms)?,
        Queue::Done => store.count_tasks(org, &TaskFilter::Done { user: id }, now_ms)?,
        Queue::Started => {
            let filter = OrderFilter { receiver: Some(user.id.to_string()), ..OrderFilter::default() };
            (store.count_orders(org, &filter)?, 0)
        }
        Queue::Returned => {
            let rows = orders(store, org, user, queue, &TaskNarrow::default(), None, SIFT)?;
            (i64::try_from(rows.len()).unwrap_or(i64::MAX), 0)
        }
    })
}

/// The same of a queue that holds orders.
fn of_orders(narrow: &TaskNarrow) -> OrderFilter {
    OrderFilter {
        steps: narrow.steps.clone(),
        waiting_department: narrow.department.clone(),
        due_before_ms: narrow.due_before_ms,
        traits: narrow.order.clone(),
        reach: narrow.reach.clone(),
        ..OrderFilter::default()
    }
}

/// Orders that came back to this person for completion, or that the person received.
///
/// # Errors
/// What the store says.
pub fn orders(
    store: &Store,
    org: i64,
    user: &User,
    queue: Queue,
    narrow: &TaskNarrow,
    after: Option<OrderCursor>,
    limit: usize,
) -> Result<Vec<OrderRow>, QueryError> {
    let me = user.id.to_string();
    if queue == Queue::Started {
        let filter = OrderFilter { receiver: Some(me), ..of_orders(narrow) };
        return Ok(store.list_orders(org, &filter, after, limit)?);
    }
    let filter = OrderFilter { waiting_department: Some("sender".to_owned()), ..of_orders(narrow) };
    let (mut found, mut after, mut seen) = (Vec::new(), after, 0);
    loop {
        let page = store.list_orders(org, &filter, after, SIFT)?;
        let last = page.len() < SIFT;
        seen += page.len();
        after = page.last().map(OrderRow::cursor);
        let mine = page.into_iter().filter(|row| match &row.receiver {
            Some(receiver) => *receiver == me,
            None => user.completes_what_nobody_took(),
        });
        found.extend(mine);
        if found.len() >= limit || last || seen >= SIFT_MAX {
            found.truncate(limit);
            return Ok(found);
        }
    }
}
